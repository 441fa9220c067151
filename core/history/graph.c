/* The graph: scripts tied to what they revise and depend on, its defects, and the order.
 *
 * The order is found with a stack of scripts that wait for nothing any more: a script that is
 * placed puts those on top that it was the last to hold up, so that a line is followed until it
 * meets another one that is not that far. */
#include "core/history/history_impl.h"

#include "core/base/text.h"
#include "core/history/replaced.h"
#include "core/history/stored.h"

#include <string.h>

/* A script on its way into the order. */
struct node {
	size_t n_wait; /* parents and dependencies that are not placed yet */
	size_t seen;   /* by which search for a cycle; 0 = none */
	bool placed;
};

struct linker {
	struct sd_history *history;
	const struct sd_scripts *read; /* by revision; links.index counts in it for now */
	struct sd_diags *diags;
	struct node *nodes;
	bool failed;
};

/* The two kinds of edges in words. */
struct edge {
	const char *verb, *expected;
};

static const struct edge revises = { "revises", "revision" };
static const struct edge depends = { "depends on", "revision or label" };

static struct sd_pos
edge_pos(const struct sd_script *script, const struct edge *edge)
{
	return edge == &revises ? script->revises_pos : script->depends_pos;
}

static void
defect(struct linker *l)
{
	l->failed = true;
}

/* ---- labels --------------------------------------------------------------------------- */

static void
add_label(struct linker *l, struct sd_script *script, const char *label)
{
	void **slot = sd_map_at(&l->history->by_label, label, l->history->arena);
	const struct sd_script *named = sd_history_find(l->history, label), *other = *slot;

	if (named) {
		sd_fail(l->diags, SD_CLASS_HISTORY, script->labels_pos,
			"the label \"%s\" is the id of a revision", label);
		sd_note(l->diags, named->revision_pos, "the revision is here");
		defect(l);
	} else if (other) {
		sd_fail(l->diags, SD_CLASS_HISTORY, script->labels_pos,
			"the label \"%s\" is here twice", label);
		sd_note(l->diags, other->labels_pos, "the other one is here");
		defect(l);
	} else {
		*slot = script;
	}
}

/* ---- what is replaced ----------------------------------------------------------------- */

/* @script stands for @revision, which is not here any more, and for which no other stands. */
static void
add_replaced(struct linker *l, struct sd_script *script, const char *revision)
{
	void **slot = sd_map_at(&l->history->by_replaced, revision, l->history->arena);
	const struct sd_script *here = sd_history_find(l->history, revision), *other = *slot;

	if (here && !sd_is_stored(here)) {
		sd_fail(l->diags, SD_CLASS_HISTORY, script->replaces_pos,
			"replaces revision \"%s\", whose script is still here", revision);
		sd_note(l->diags, here->revision_pos, "the script is here");
		sd_hint(l->diags, "remove it: what it did is part of revision %s",
			script->revision);
		defect(l);
	} else if (other && other != script) {
		sd_fail(l->diags, SD_CLASS_HISTORY, script->replaces_pos,
			"replaces revision \"%s\", as another script does", revision);
		sd_note(l->diags, other->replaces_pos, "the other one is here");
		sd_hint(l->diags, "keep one of the two, and let what followed the other follow it");
		defect(l);
	} else {
		*slot = script;
	}
}

static void
add_all_replaced(struct linker *l, struct sd_script *script)
{
	struct sd_names all = { 0 };

	sd_script_replaced(script, l->history->arena, &all);
	for (size_t i = 0; i < all.n; i++)
		add_replaced(l, script, all.at[i]);
}

/* ---- edges ---------------------------------------------------------------------------- */

static void
missing(struct linker *l, const struct sd_script *script, const struct edge *edge,
	const char *name)
{
	const char **known = sd_new_array(l->diags->arena, l->read->n + 1, const char *), *near;
	size_t n = 0;

	for (size_t i = 0; i < l->read->n; i++)
		if (l->read->at[i] != script)
			known[n++] = l->read->at[i]->revision;
	near = sd_text_nearest(name, known);
	sd_fail(l->diags, SD_CLASS_HISTORY, edge_pos(script, edge),
		"%s \"%s\", and no script has that %s", edge->verb, name, edge->expected);
	if (near)
		sd_hint(l->diags, "did you mean \"%s\"?", near);
	else
		sd_hint(l->diags,
			"the file may be on another branch, or not be in these folders");
	defect(l);
}

/* @script comes behind @other, the one called @name.  Two names may be of one: what it replaces. */
static void
tie(struct linker *l, struct sd_script *script, const struct edge *edge, const char *name,
	struct sd_script *other)
{
	struct sd_arena *arena = l->history->arena;
	bool line = edge == &revises;

	if (!other) {
		missing(l, script, edge, name);
	} else if (other == script) {
		sd_fail(l->diags, SD_CLASS_HISTORY, edge_pos(script, edge),
			"revision \"%s\" %s itself", script->revision, edge->verb);
		defect(l);
	} else if (!sd_scripts_have(line ? &script->links.parents : &script->links.needs, other)) {
		*sd_push(arena, line ? &script->links.parents : &script->links.needs) = other;
		*sd_push(arena, line ? &other->links.children : &other->links.needed_by) =
			script;
		l->nodes[script->links.index].n_wait++;
	}
}

static void
tie_all(struct linker *l, struct sd_script *script)
{
	for (size_t i = 0; i < script->revises.n; i++)
		tie(l, script, &revises, script->revises.at[i],
			sd_history_known(l->history, script->revises.at[i]));
	for (size_t i = 0; i < script->depends_on.n; i++) {
		const char *name = script->depends_on.at[i];
		struct sd_script *need = sd_history_known(l->history, name);

		tie(l, script, &depends, name,
			need ? need : sd_map_get(&l->history->by_label, name));
	}
}

/* ---- order ---------------------------------------------------------------------------- */

/* @scripts wait for one less; those that wait for nothing go onto @stack, the first on top. */
static void
release(struct linker *l, const struct sd_scripts *scripts, struct sd_scripts *stack)
{
	for (size_t i = scripts->n; i-- > 0;)
		if (--l->nodes[scripts->at[i]->links.index].n_wait == 0)
			*sd_push(l->history->arena, stack) = scripts->at[i];
}

static void
place_all(struct linker *l)
{
	struct sd_arena *arena = l->history->arena;
	struct sd_scripts stack = { 0 };

	for (size_t i = l->read->n; i-- > 0;)
		if (!l->nodes[i].n_wait)
			*sd_push(arena, &stack) = l->read->at[i];
	while (stack.n) {
		struct sd_script *script = stack.at[--stack.n];

		l->nodes[script->links.index].placed = true;
		*sd_push(arena, &l->history->scripts) = script;
		release(l, &script->links.needed_by, &stack);
		release(l, &script->links.children, &stack);
	}
	if (l->history->scripts.n < l->read->n)
		return; /* a cycle */
	for (size_t i = 0; i < l->history->scripts.n; i++)
		l->history->scripts.at[i]->links.index = i;
}

/* ---- cycles --------------------------------------------------------------------------- */

/* The first script that @script waits for and that could not be placed either. */
static struct sd_script *
stuck_below(const struct linker *l, const struct sd_script *script, const struct edge **edge)
{
	const struct sd_scripts *below = &script->links.parents;

	*edge = &revises;
	for (size_t i = 0; i < below->n; i++)
		if (!l->nodes[below->at[i]->links.index].placed)
			return below->at[i];
	below = &script->links.needs;
	*edge = &depends;
	for (size_t i = 0; i < below->n; i++)
		if (!l->nodes[below->at[i]->links.index].placed)
			return below->at[i];
	return NULL;
}

/* What could not be placed waits for something that could not: going down from @script ends in
 * a cycle.  A script of it, or NULL when the search @turn meets an earlier one. */
static struct sd_script *
find_cycle(const struct linker *l, struct sd_script *script, size_t turn)
{
	const struct edge *edge;

	while (script && !l->nodes[script->links.index].seen) {
		l->nodes[script->links.index].seen = turn;
		script = stuck_below(l, script, &edge);
	}
	return script && l->nodes[script->links.index].seen == turn ? script : NULL;
}

static void
report_cycle(struct linker *l, struct sd_script *any)
{
	struct sd_buf text = SD_BUF(l->diags->arena);
	struct sd_script *first = any, *at;
	const struct edge *edge;

	for (at = stuck_below(l, any, &edge); at != any; at = stuck_below(l, at, &edge))
		if (strcmp(at->revision, first->revision) < 0)
			first = at;
	sd_buf_add(&text, first->revision);
	at = first;
	do {
		at = stuck_below(l, at, &edge);
		sd_buf_addf(&text, " %s %s", edge->verb, at->revision);
	} while (at != first);
	(void)stuck_below(l, first, &edge);
	sd_fail(l->diags, SD_CLASS_HISTORY, edge_pos(first, edge), "a cycle: %s",
		sd_buf_text(&text));
}

static void
find_cycles(struct linker *l)
{
	for (size_t i = 0; i < l->read->n; i++) {
		struct sd_script *cycle;

		if (l->nodes[i].placed)
			continue;
		defect(l);
		cycle = find_cycle(l, l->read->at[i], i + 1);
		if (cycle)
			report_cycle(l, cycle);
	}
}

/* ---- what follows from the order -------------------------------------------------------- */

static void
inherit(struct sd_arena *arena, struct sd_script *script, const struct sd_names *labels)
{
	if (!script->links.labels.n) {
		script->links.labels = *labels; /* shared: whoever adds to it makes a copy */
		script->links.labels.cap = labels->n;
		return;
	}
	for (size_t i = 0; i < labels->n; i++)
		if (sd_names_find(&script->links.labels, labels->at[i]) < 0)
			*sd_push(arena, &script->links.labels) = labels->at[i];
}

/* A label belongs to what descends from its revision, and to what comes before down to where
 * the line parts or meets another. */
static void
spread_labels(struct sd_history *history)
{
	for (size_t i = 0; i < history->scripts.n; i++) {
		struct sd_script *script = history->scripts.at[i];

		inherit(history->arena, script, &script->labels);
		for (size_t k = 0; k < script->links.parents.n; k++)
			inherit(history->arena, script,
				&script->links.parents.at[k]->links.labels);
	}
	for (size_t i = 0; i < history->scripts.n; i++) {
		struct sd_script *script = history->scripts.at[i], *at = script;

		while (script->labels.n && at->links.parents.n == 1 &&
			at->links.children.n + at->links.needed_by.n <= 1) {
			at = at->links.parents.at[0];
			if (at->links.parents.n > 1 ||
				at->links.children.n + at->links.needed_by.n > 1)
				break;
			inherit(history->arena, at, &script->labels);
		}
	}
}

enum sd_status
sd_history_link(
	struct sd_history *history, const struct sd_scripts *read, struct sd_diags *diags)
{
	struct linker l = { .history = history, .read = read, .diags = diags };

	l.nodes = sd_new_array(history->arena, read->n, struct node);
	for (size_t i = 0; i < read->n; i++) {
		struct sd_script *script = read->at[i];

		script->links.index = i;
		for (size_t k = 0; k < script->labels.n; k++)
			add_label(&l, script, script->labels.at[k]);
		add_all_replaced(&l, script);
	}
	for (size_t i = 0; i < read->n; i++)
		tie_all(&l, read->at[i]);

	place_all(&l);
	find_cycles(&l);
	for (size_t i = 0; i < read->n; i++)
		if (!read->at[i]->links.children.n)
			*sd_push(history->arena, &history->heads) = read->at[i]->revision;
	if (l.failed)
		return SD_ERR;
	if (history->by_label.n)
		spread_labels(history);
	return SD_OK;
}
