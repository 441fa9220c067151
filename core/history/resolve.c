/* What a person calls a revision: `3f9`, `head`, `base`, `current`, `head-2`, `+1`. */
#include "core/history/history.h"

#include "core/base/text.h"

#include <stdlib.h>
#include <string.h>

#define MAX_CANDIDATES 8
#define MAX_STEPS 1000000L

struct resolver {
	const struct sd_history *history;
	const struct sd_names *applied;
	struct sd_diags *diags;
	const char *id; /* as given */
};

static const struct sd_pos nowhere;

static const char *
join(struct sd_arena *arena, const struct sd_names *names)
{
	struct sd_buf text = SD_BUF(arena);

	for (size_t i = 0; i < names->n && i < MAX_CANDIDATES; i++) {
		sd_buf_sep(&text, ", ");
		sd_buf_add(&text, names->at[i]);
	}
	if (names->n > MAX_CANDIDATES)
		sd_buf_addf(&text, " and %u more", names->n - MAX_CANDIDATES);
	return sd_buf_text(&text);
}

enum sd_status
sd_history_head(
	const struct sd_history *history, struct sd_diags *diags, struct sd_script **head)
{
	*head = NULL;
	if (history->heads.n > 1) {
		sd_fail(diags, SD_CLASS_HISTORY, nowhere, "the history has %u heads: %s",
			history->heads.n, join(diags->arena, &history->heads));
		sd_hint(diags, "name the one that you mean, or let one revise the other");
		return SD_ERR;
	}
	if (history->heads.n)
		*head = sd_history_find(history, history->heads.at[0]);
	return SD_OK;
}

static enum sd_status
resolve_current(const struct resolver *r, struct sd_script **script)
{
	struct sd_names current = { 0 };

	*script = NULL;
	sd_history_current(r->history, r->applied, r->diags->arena, &current);
	if (!current.n)
		return SD_OK;
	if (current.n > 1) {
		sd_fail(r->diags, SD_CLASS_HISTORY, nowhere,
			"\"%s\" is ambiguous: the database is at %u revisions at once: %s",
			r->id, current.n, join(r->diags->arena, &current));
		sd_hint(r->diags, "name the one that you mean");
		return SD_ERR;
	}
	*script = sd_history_find(r->history, current.at[0]);
	if (*script)
		return SD_OK;
	sd_fail(r->diags, SD_CLASS_HISTORY, nowhere,
		"the database is at revision \"%s\", and no script has that revision",
		current.at[0]);
	sd_hint(r->diags, "get the branch that has its file");
	return SD_ERR;
}

static enum sd_status
unknown(const struct resolver *r, const char *name)
{
	const struct sd_scripts *all = &r->history->scripts;
	const char **known = sd_new_array(r->diags->arena, all->n + 1, const char *), *near;

	for (size_t i = 0; i < all->n; i++)
		known[i] = all->at[i]->revision;
	near = sd_text_nearest(name, known);
	sd_error(r->diags, nowhere, "unknown revision \"%s\"", name);
	if (near)
		sd_hint(r->diags, "did you mean \"%s\"?", near);
	else
		sd_hint(r->diags, "`schemadiff history` lists them");
	return SD_ERR;
}

static enum sd_status
resolve_id(const struct resolver *r, const char *name, struct sd_script **script)
{
	struct sd_names found = { 0 };

	*script = sd_history_find(r->history, name);
	if (*script)
		return SD_OK;
	for (size_t i = 0; *name && i < r->history->scripts.n; i++)
		if (sd_text_starts(r->history->scripts.at[i]->revision, name))
			*sd_push(r->diags->arena, &found) = r->history->scripts.at[i]->revision;
	if (!found.n)
		return unknown(r, name);
	if (found.n > 1)
		return sd_error(r->diags, nowhere, "\"%s\" is ambiguous: %s", name,
			join(r->diags->arena, &found));
	*script = sd_history_find(r->history, found.at[0]);
	return SD_OK;
}

/* The word or id @name, which has no +N or -N behind. */
static enum sd_status
resolve_name(const struct resolver *r, const char *name, struct sd_script **script)
{
	*script = NULL;
	if (strcmp(name, "base") == 0)
		return SD_OK;
	if (strcmp(name, "current") == 0)
		return resolve_current(r, script);
	if (strcmp(name, "head") == 0 || strcmp(name, "heads") == 0)
		return sd_history_head(r->history, r->diags, script);
	return resolve_id(r, name, script);
}

/* Revisions one step above (parents) or below (children) @script; NULL is base. */
static void
neighbours(const struct resolver *r, const struct sd_script *script, bool children,
	struct sd_names *found)
{
	struct sd_arena *arena = r->diags->arena;

	if (!children) {
		for (size_t i = 0; i < script->revises.n; i++)
			*sd_push(arena, found) = script->revises.at[i];
		return;
	}
	for (size_t i = 0; i < r->history->scripts.n; i++) {
		const struct sd_script *other = r->history->scripts.at[i];

		if (script ? sd_names_find(&other->revises, script->revision) >= 0
			   : other->revises.n == 0)
			*sd_push(arena, found) = other->revision;
	}
}

/* Go @steps from *@script: towards the heads when positive, towards base when negative. */
static enum sd_status
walk(const struct resolver *r, long steps, struct sd_script **script)
{
	for (long left = steps; left != 0; left += steps < 0 ? 1 : -1) {
		struct sd_names next = { 0 };

		if (steps < 0 && !*script)
			return sd_error(r->diags, nowhere, "\"%s\" goes %ld further than base",
				r->id, -left);
		neighbours(r, *script, steps > 0, &next);
		if (steps > 0 && !next.n)
			return sd_error(r->diags, nowhere, "\"%s\" goes %ld further than %s",
				r->id, left, *script ? (*script)->revision : "base");
		if (next.n > 1) {
			sd_fail(r->diags, SD_CLASS_HISTORY, nowhere,
				"\"%s\" is ambiguous: the way parts at %s into %s", r->id,
				*script ? (*script)->revision : "base",
				join(r->diags->arena, &next));
			sd_hint(r->diags, "name the revision that you mean");
			return SD_ERR;
		}
		*script = next.n ? sd_history_find(r->history, next.at[0]) : NULL;
	}
	return SD_OK;
}

/* Where the +N or -N at the end of @id begins; its length when there is none. */
static size_t
suffix_at(const char *id)
{
	size_t n = strlen(id), digits = n;

	while (digits && id[digits - 1] >= '0' && id[digits - 1] <= '9')
		digits--;
	if (digits == n || !digits || (id[digits - 1] != '+' && id[digits - 1] != '-'))
		return n;
	return digits - 1;
}

enum sd_status
sd_history_resolve(const struct sd_history *history, const char *id,
	const struct sd_names *applied, struct sd_diags *diags, struct sd_script **script)
{
	static const struct sd_names none;
	struct resolver r = { .history = history,
		.applied = applied ? applied : &none,
		.diags = diags,
		.id = id };
	size_t at = suffix_at(id);
	const char *name = sd_strndup(diags->arena, id, at);
	long steps = id[at] ? strtol(id + at, NULL, 10) : 0;

	if (steps > MAX_STEPS || steps < -MAX_STEPS)
		return sd_error(diags, nowhere, "\"%s\" is too far", id);
	if (resolve_name(&r, *name || !id[at] ? name : "current", script))
		return SD_ERR;
	return walk(&r, steps, script);
}
