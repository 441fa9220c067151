/* Which pieces of the graph can become one revision, and how that is tied to the rest. */
#include "core/history/squash.h"

#include "core/history/history_impl.h"
#include "core/history/replaced.h"

#include <string.h>

#define MOST_SETS 64 /* lines of `replaces` */

struct piece {
	const struct sd_history *history;
	struct sd_squash *out;
	const struct sd_script *first;
	sd_marks in;
	struct sd_arena *arena;
	struct sd_diags *diags;
	bool failed;
};

static void
add_once(struct piece *p, struct sd_scripts *scripts, struct sd_script *script)
{
	if (!sd_scripts_have(scripts, script))
		*sd_push(p->arena, scripts) = script;
}

/* ---- both ends ------------------------------------------------------------------------ */

/* What comes before @script: only the first may revise what is not in the range. */
static void
look_below(struct piece *p, const struct sd_script *script)
{
	const struct sd_links *links = &script->links;

	for (size_t i = 0; i < links->parents.n; i++) {
		struct sd_script *parent = links->parents.at[i];

		if (p->in[parent->links.index])
			continue;
		add_once(p, &p->out->parents, parent);
		if (script == p->first)
			continue;
		sd_fail(p->diags, SD_CLASS_REFUSED, script->revises_pos,
			"revision %s revises %s, which lies outside of the range: there is "
			"more than one way in",
			script->revision, parent->revision);
		p->failed = true;
	}
	if (!links->parents.n && p->first && script != p->first) {
		sd_fail(p->diags, SD_CLASS_REFUSED, script->revision_pos,
			"revision %s begins a history of its own inside of the range",
			script->revision);
		p->failed = true;
	}
	for (size_t i = 0; i < links->needs.n; i++)
		if (!p->in[links->needs.at[i]->links.index] &&
			sd_names_find(&p->out->depends_on, links->needs.at[i]->revision) < 0)
			*sd_push(p->arena, &p->out->depends_on) = links->needs.at[i]->revision;
}

/* What comes behind @script: only the last may be revised from outside. */
static void
look_above(struct piece *p, const struct sd_script *script)
{
	const struct sd_links *links = &script->links;

	for (size_t i = 0; i < links->children.n; i++) {
		struct sd_script *child = links->children.at[i];

		if (p->in[child->links.index])
			continue;
		add_once(p, &p->out->followers, child);
		if (script == p->out->last)
			continue;
		sd_fail(p->diags, SD_CLASS_REFUSED, child->revises_pos,
			"revision %s revises %s, which lies in the middle of the range",
			child->revision, script->revision);
		sd_hint(p->diags,
			"a range ends where all that follows it follows its last revision");
		p->failed = true;
	}
	for (size_t i = 0; i < links->needed_by.n; i++)
		if (!p->in[links->needed_by.at[i]->links.index])
			add_once(p, &p->out->followers, links->needed_by.at[i]);
}

/* ---- what is replaced ----------------------------------------------------------------- */

/* Each of @sets with the revision itself, and once more with each set that it replaces. */
static enum sd_status
multiply(struct piece *p, const struct sd_script *script)
{
	struct sd_name_sets *sets = &p->out->replaces, all = { 0 };

	for (size_t i = 0; i < sets->n; i++)
		for (size_t k = 0; k <= script->replaces.n; k++) {
			const struct sd_names own = { (const char *[]){ script->revision }, 1,
				1 };
			const struct sd_names *more = k ? &script->replaces.at[k - 1] : &own;
			struct sd_names *set = sd_push(p->arena, &all);

			for (size_t m = 0; m < sets->at[i].n; m++)
				*sd_push(p->arena, set) = sets->at[i].at[m];
			for (size_t m = 0; m < more->n; m++)
				*sd_push(p->arena, set) = more->at[m];
		}
	*sets = all;
	if (all.n <= MOST_SETS)
		return SD_OK;
	sd_fail(p->diags, SD_CLASS_REFUSED, script->replaces_pos,
		"too many revisions of the range replace others themselves: databases could be "
		"in more than %d ways where it ends",
		MOST_SETS);
	sd_hint(p->diags,
		"squash fewer at once; or take a `replaces:` line away that no database "
		"needs any more");
	return SD_ERR;
}

enum sd_status
sd_history_squash(const struct sd_history *history, const struct sd_scripts *range,
	const struct sd_script *first, struct sd_script *last, struct sd_arena *arena,
	struct sd_diags *diags, struct sd_squash *squash)
{
	struct piece p = { .history = history,
		.out = squash,
		.first = first,
		.arena = arena,
		.diags = diags };

	*squash = (struct sd_squash){ .range = *range, .last = last };
	p.in = sd_marks_new(history, arena);
	sd_marks_scripts(range, p.in);
	(void)sd_push(arena, &squash->replaces);
	for (size_t i = 0; i < range->n; i++) {
		const struct sd_script *script = range->at[i];

		look_below(&p, script);
		look_above(&p, script);
		for (size_t k = 0; k < script->labels.n; k++)
			*sd_push(arena, &squash->labels) = script->labels.at[k];
		if (!p.failed && multiply(&p, script))
			return SD_ERR;
	}
	return p.failed ? SD_ERR : SD_OK;
}

void
sd_squash_names(const struct sd_history *history, const struct sd_squash *squash,
	const struct sd_names *names, const char *id, struct sd_arena *arena,
	struct sd_names *after)
{
	for (size_t i = 0; i < names->n; i++) {
		const struct sd_script *script = sd_history_known(history, names->at[i]);
		const char *name =
			script && sd_scripts_have(&squash->range, script) ? id : names->at[i];

		if (sd_names_find(after, name) < 0)
			*sd_push(arena, after) = name;
	}
}
