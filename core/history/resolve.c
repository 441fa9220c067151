/* What a person calls revisions: `3f9`, `head`, `billing@head`, `head-2`, `+1`.
 *
 * A word has up to three parts, `BRANCH@NAME-N`.  The branch narrows all that follows to one
 * line: the revision that BRANCH names, its ancestors and its descendants. */
#include "core/history/history_impl.h"

#include "core/base/text.h"
#include "core/history/replaced.h"

#include <stdlib.h>
#include <string.h>

#define MAX_CANDIDATES 8
#define MAX_STEPS 1000000L

struct resolver {
	const struct sd_history *history;
	const struct sd_names *applied;
	struct sd_arena *arena;
	struct sd_diags *diags;
	const char *id;          /* as given */
	const char *branch_name; /* what stands before the @, or NULL */
	const struct sd_script *branch;
	sd_marks line; /* of the branch; NULL = all is meant */
};

static const struct sd_pos nowhere;

/* ---- reports -------------------------------------------------------------------------- */

static const char *
join_scripts(struct sd_arena *arena, const struct sd_scripts *scripts)
{
	struct sd_names names = { 0 };

	for (size_t i = 0; i < scripts->n; i++)
		*sd_push(arena, &names) = scripts->at[i]->revision;
	return sd_text_list(arena, &names, MAX_CANDIDATES);
}

static enum sd_status
several_heads(struct sd_diags *diags, const struct sd_names *heads)
{
	sd_fail(diags, SD_CLASS_HISTORY, nowhere, "the history has %u heads: %s", heads->n,
		sd_text_list(diags->arena, heads, MAX_CANDIDATES));
	sd_hint(diags,
		"name the one that you mean, or \"heads\" for all; `schemadiff merge heads -m "
		"MESSAGE` joins them");
	return SD_ERR;
}

static enum sd_status
not_in_line(const struct resolver *r, const char *revision)
{
	sd_error(r->diags, nowhere, "revision %s is not in the line of \"%s\"", revision,
		r->branch_name);
	sd_hint(r->diags, "`schemadiff history --graph` shows the lines");
	return SD_ERR;
}

enum sd_status
sd_history_head(
	const struct sd_history *history, struct sd_diags *diags, struct sd_script **head)
{
	*head = NULL;
	if (history->heads.n > 1)
		return several_heads(diags, &history->heads);
	if (history->heads.n)
		*head = sd_history_find(history, history->heads.at[0]);
	return SD_OK;
}

/* ---- ids and labels ------------------------------------------------------------------- */

/* A label that is not known as a @what: "revision", "branch". */
static enum sd_status
unknown(const struct resolver *r, const char *name, const char *what)
{
	const struct sd_scripts *all = &r->history->scripts;
	struct sd_names known = { 0 };
	const char *near;

	for (size_t i = 0; i < all->n; i++) {
		if (!r->line || r->line[i])
			*sd_push(r->arena, &known) = all->at[i]->revision;
		for (size_t k = 0; k < all->at[i]->labels.n; k++)
			*sd_push(r->arena, &known) = all->at[i]->labels.at[k];
	}
	*sd_push(r->arena, &known) = NULL;
	near = sd_text_nearest(name, known.at);
	if (r->line)
		sd_error(r->diags, nowhere, "unknown revision \"%s\" in the line of \"%s\"",
			name, r->branch_name);
	else
		sd_error(r->diags, nowhere, "unknown %s \"%s\"", what, name);
	if (near)
		sd_hint(r->diags, "did you mean \"%s\"?", near);
	else
		sd_hint(r->diags, "`schemadiff history` lists them");
	return SD_ERR;
}

/* The scripts of the line whose ids begin with @name. */
static void
find_prefix(const struct resolver *r, const char *name, struct sd_scripts *found)
{
	for (size_t i = 0; *name && i < r->history->scripts.n; i++)
		if (sd_text_starts(r->history->scripts.at[i]->revision, name) &&
			(!r->line || r->line[i]))
			*sd_push(r->arena, found) = r->history->scripts.at[i];
	sd_scripts_sort(found);
}

/* The same of the ids that scripts replace; *@full: one of these. */
static void
find_replaced(const struct resolver *r, const char *name, const char **full,
	struct sd_scripts *found)
{
	for (size_t i = 0; r->history->by_replaced.n && i < r->history->scripts.n; i++) {
		struct sd_script *script = r->history->scripts.at[i];
		struct sd_names all = { 0 };
		bool any = false;

		sd_script_replaced(script, r->arena, &all);
		for (size_t k = 0; k < all.n; k++)
			if (sd_text_starts(all.at[k], name) && !sd_history_find(r->history, all.at[k])) {
				*full = all.at[k];
				any = true;
			}
		if (any && (!r->line || r->line[script->links.index]))
			*sd_push(r->arena, found) = script;
	}
	sd_scripts_sort(found);
}

/* Somebody remembers @name, which is a part of @script now. */
static void
note_replaced(const struct resolver *r, const char *name, const struct sd_script *script)
{
	sd_note(r->diags, script->replaces_pos, "revision %s is a part of %s now, which is taken for it",
		name, script->revision);
}

/* The one script with the id, the label or the beginning of an id @name. */
static enum sd_status
find_one(
	const struct resolver *r, const char *name, const char *what, struct sd_script **script)
{
	struct sd_scripts found = { 0 };
	const char *full = NULL;

	*script = sd_history_find(r->history, name);
	if (!*script)
		*script = sd_map_get(&r->history->by_label, name);
	if (!*script && (*script = sd_map_get(&r->history->by_replaced, name)) != NULL)
		note_replaced(r, name, *script);
	if (*script && r->line && !r->line[(*script)->links.index])
		return not_in_line(r, name);
	if (*script)
		return SD_OK;
	find_prefix(r, name, &found);
	if (!found.n && *name)
		find_replaced(r, name, &full, &found);
	if (!found.n)
		return unknown(r, name, what);
	if (found.n > 1)
		return sd_error(r->diags, nowhere, "\"%s\" is ambiguous: %s", name,
			join_scripts(r->arena, &found));
	*script = found.at[0];
	if (full)
		note_replaced(r, full, *script);
	return SD_OK;
}

/* ---- words ---------------------------------------------------------------------------- */

static enum sd_status
word_base(const struct resolver *r, struct sd_scripts *found)
{
	(void)r;
	(void)found;
	return SD_OK;
}

/* Heads of the line. */
static void
list_heads(const struct resolver *r, struct sd_scripts *found)
{
	for (size_t i = 0; i < r->history->heads.n; i++) {
		struct sd_script *head = sd_history_find(r->history, r->history->heads.at[i]);

		if (!r->line || r->line[head->links.index])
			*sd_push(r->arena, found) = head;
	}
}

static enum sd_status
word_head(const struct resolver *r, struct sd_scripts *found)
{
	list_heads(r, found);
	if (found->n < 2)
		return SD_OK;
	if (!r->line)
		return several_heads(r->diags, &r->history->heads);
	sd_fail(r->diags, SD_CLASS_HISTORY, nowhere, "the line of \"%s\" has %zu heads: %s",
		r->branch_name, found->n, join_scripts(r->arena, found));
	sd_hint(r->diags, "name the one that you mean, or \"%s@heads\" for all",
		r->branch_name);
	return SD_ERR;
}

/* A head on which others depend comes with them: it need not be named. */
static enum sd_status
word_heads(const struct resolver *r, struct sd_scripts *found)
{
	struct sd_scripts all = { 0 };

	list_heads(r, &all);
	for (size_t i = 0; i < all.n; i++)
		if (r->line || !all.at[i]->links.needed_by.n)
			*sd_push(r->arena, found) = all.at[i];
	return SD_OK;
}

/* The applied revisions without an applied one above them; in a branch, those of its line. */
static enum sd_status
word_current(const struct resolver *r, struct sd_scripts *found)
{
	sd_marks marks = sd_marks_new(r->history, r->arena);

	for (size_t i = 0; !r->line && i < r->applied->n; i++)
		if (!sd_history_find(r->history, r->applied->at[i])) {
			sd_fail(r->diags, SD_CLASS_HISTORY, nowhere,
				"the database is at revision \"%s\", and no script has that "
				"revision",
				r->applied->at[i]);
			sd_hint(r->diags, "get the branch that has its file");
			return SD_ERR;
		}
	sd_marks_names(r->history, r->applied, marks);
	for (size_t i = 0; r->line && i < r->history->scripts.n; i++)
		marks[i] &= r->line[i];
	sd_marks_tips(
		r->history, marks, r->line ? SD_EDGES_LINE : SD_EDGES_ALL, r->arena, found);
	return SD_OK;
}

static const struct word {
	const char *name;
	enum sd_status (*list)(const struct resolver *r, struct sd_scripts *found);
} words[] = {
	{ "base", word_base },
	{ "current", word_current },
	{ "head", word_head },
	{ "heads", word_heads },
};

static enum sd_status
resolve_name(const struct resolver *r, const char *name, struct sd_scripts *found)
{
	struct sd_script *script;

	for (size_t i = 0; i < SD_COUNT(words); i++)
		if (strcmp(name, words[i].name) == 0)
			return words[i].list(r, found);
	if (find_one(r, name, "revision", &script))
		return SD_ERR;
	*sd_push(r->arena, found) = script;
	return SD_OK;
}

/* ---- steps ---------------------------------------------------------------------------- */

/* Revisions of the line one step above or below @script; NULL is base. */
static void
neighbours(const struct resolver *r, const struct sd_script *script, bool above,
	struct sd_scripts *found)
{
	const struct sd_scripts *all = &r->history->scripts;

	if (script)
		all = above ? &script->links.children : &script->links.parents;
	for (size_t i = 0; i < all->n; i++)
		if ((script || !all->at[i]->links.parents.n) &&
			(!r->line || r->line[all->at[i]->links.index]))
			*sd_push(r->arena, found) = all->at[i];
}

static enum sd_status
parts(const struct resolver *r, const char *at, const struct sd_scripts *next, long left)
{
	sd_fail(r->diags, SD_CLASS_HISTORY, nowhere,
		"\"%s\" is ambiguous: the way parts at %s into %s", r->id, at,
		join_scripts(r->arena, next));
	if (left < 0)
		sd_hint(r->diags,
			"name the revision that you mean; one step back from %s leads to all "
			"of "
			"them",
			at);
	else
		sd_hint(r->diags, "name the revision that you mean");
	return SD_ERR;
}

/* Go @steps from @script: towards the heads when positive, towards base when negative.  One
 * step back from a merge leads to all that it joins; none of them comes before another, so
 * nothing further can be counted from there. */
static enum sd_status
walk(const struct resolver *r, long steps, struct sd_script *script, struct sd_scripts *reached)
{
	*reached = (struct sd_scripts){ 0 };
	if (script)
		*sd_push(r->arena, reached) = script;
	for (long left = steps; left != 0; left += steps < 0 ? 1 : -1) {
		const char *at = script ? script->revision : "base";

		if (steps < 0 && !script)
			return sd_error(r->diags, nowhere, "\"%s\" goes %ld further than base",
				r->id, -left);
		*reached = (struct sd_scripts){ 0 };
		neighbours(r, script, steps > 0, reached);
		if (steps > 0 && !reached->n)
			return sd_error(r->diags, nowhere, "\"%s\" goes %ld further than %s",
				r->id, left, at);
		if (reached->n > 1 && left != -1)
			return parts(r, at, reached, left);
		script = reached->n ? reached->at[0] : NULL;
	}
	return SD_OK;
}

/* Steps need one revision to count from. */
static enum sd_status
several_starts(const struct resolver *r, const char *name, const struct sd_scripts *found)
{
	const char *first = found->at[0]->revision;

	if (strcmp(name, "current") == 0)
		sd_fail(r->diags, SD_CLASS_HISTORY, nowhere,
			"\"%s\" is ambiguous: the database is at %zu revisions at once: %s",
			r->id, found->n, join_scripts(r->arena, found));
	else
		sd_fail(r->diags, SD_CLASS_HISTORY, nowhere,
			"\"%s\" is ambiguous: %s stands for %zu revisions: %s", r->id,
			strcmp(name, r->id) == 0 ? "it" : sd_fmt(r->arena, "\"%s\"", name),
			found->n, join_scripts(r->arena, found));
	if (r->id[0] == '-' || r->id[0] == '+')
		sd_hint(r->diags, "say whose line you mean, such as \"%s@%s\"", first, r->id);
	else
		sd_hint(r->diags, "name the one that you mean, such as %s", first);
	return SD_ERR;
}

static enum sd_status
take_steps(
	struct resolver *r, const char *name, long steps, bool downwards, struct sd_goal *goal)
{
	struct sd_script *script = goal->scripts.n ? goal->scripts.at[0] : NULL;

	if (goal->scripts.n > 1)
		return several_starts(r, name, &goal->scripts);
	if (downwards && !goal->branch)
		goal->branch = script; /* what is undone on the way lies in the line of this one
					*/
	return walk(r, steps, script, &goal->scripts);
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

/* ---- the whole word ------------------------------------------------------------------- */

/* Take the BRANCH@ off *@rest. */
static enum sd_status
resolve_branch(struct resolver *r, const char **rest)
{
	const char *at = strchr(*rest, '@');
	struct sd_script *branch;

	if (!at)
		return SD_OK;
	if (at == *rest || !at[1]) {
		sd_error(r->diags, nowhere,
			"\"%s\": expected a label or a revision before the @, and a revision "
			"behind it",
			r->id);
		sd_hint(r->diags, "such as \"billing@head\"");
		return SD_ERR;
	}
	r->branch_name = sd_strndup(r->arena, *rest, (size_t)(at - *rest));
	*rest = at + 1;
	if (find_one(r, r->branch_name, "branch", &branch))
		return SD_ERR;
	r->branch = branch;
	r->line = sd_marks_line(r->history, branch, r->arena);
	return SD_OK;
}

enum sd_status
sd_history_goal(const struct sd_history *history, const char *id,
	const struct sd_names *applied, struct sd_diags *diags, struct sd_goal *goal)
{
	static const struct sd_names none;
	struct resolver r = { .history = history,
		.applied = applied ? applied : &none,
		.arena = diags->arena,
		.diags = diags,
		.id = id };
	const char *name;
	size_t at;
	long steps;

	*goal = (struct sd_goal){ 0 };
	if (resolve_branch(&r, &id))
		return SD_ERR;
	goal->branch = r.branch;
	at = suffix_at(id);
	name = sd_strndup(r.arena, id, at);
	steps = id[at] ? strtol(id + at, NULL, 10) : 0;
	if (steps > MAX_STEPS || steps < -MAX_STEPS)
		return sd_error(diags, nowhere, "\"%s\" is too far", r.id);
	if (!*name && id[at]) {
		name = "current";
		goal->steps = steps;
	}
	if (resolve_name(&r, name, &goal->scripts))
		return SD_ERR;
	return id[at] ? take_steps(&r, name, steps, id[at] == '-', goal) : SD_OK;
}

enum sd_status
sd_history_resolve(const struct sd_history *history, const char *id,
	const struct sd_names *applied, struct sd_diags *diags, struct sd_script **script)
{
	struct resolver r = { .arena = diags->arena, .diags = diags, .id = id };
	struct sd_goal goal;

	*script = NULL;
	if (sd_history_goal(history, id, applied, diags, &goal))
		return SD_ERR;
	if (goal.scripts.n > 1)
		return strcmp(id, "heads") == 0 ? several_heads(diags, &history->heads)
						: several_starts(&r, id, &goal.scripts);
	*script = goal.scripts.n ? goal.scripts.at[0] : NULL;
	return SD_OK;
}
