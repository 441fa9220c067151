/* The graph of revisions: what is read, and in which order.  Finding one by what a person
 * calls it is in resolve.c. */
#include "core/history/history.h"

#include "core/base/text.h"

#include <stdlib.h>
#include <string.h>

/* A script on its way into the order. */
struct node {
	struct sd_script *script;
	size_t n_wait;     /* parents that are not placed yet */
	bool placed, told; /* told: named in a report of a cycle */
	SD_VEC(struct node *) children;
};

struct loader {
	struct sd_history *history;
	struct sd_diags *diags;
	const struct sd_tree *tree;
	struct sd_scripts read; /* by revision */
	struct sd_map paths;    /* files read, however many folders lead to them */
	struct sd_map nodes;    /* by revision */
	SD_VEC(struct node *) order;
	bool failed;
};

/* ---- reading ------------------------------------------------------------------------ */

static struct sd_script *
parse_script(struct loader *l, const char *path)
{
	struct sd_arena *arena = l->history->arena;
	size_t len;
	char *text;

	if (sd_tree_read(l->tree, path, arena, l->diags, &text, &len))
		return NULL;
	return sd_script_parse(sd_tree_name(l->tree, arena, path), text, len,
		l->history->dialect, arena, l->diags);
}

/* @script, which is also at @path. */
static struct sd_script *
same_script(struct loader *l, const struct sd_script *script, const char *path)
{
	struct sd_script *copy = sd_new(l->history->arena, struct sd_script);

	*copy = *script;
	copy->path = sd_tree_name(l->tree, l->history->arena, path);
	copy->revision_pos.file = copy->path;
	copy->revises_pos.file = script->revises_pos.file ? copy->path : NULL;
	copy->schema_pos.file = script->schema_pos.file ? copy->path : NULL;
	return copy;
}

/* The script at @path.  Most scripts are the same in all revisions of a repository, and are
 * parsed once. */
static struct sd_script *
load_script(struct loader *l, const char *path)
{
	struct sd_arena *arena = l->history->arena;
	const char *id = l->tree && l->tree->id ? l->tree->id(l->tree, path, arena) : NULL;
	void **kept;

	if (!id)
		return parse_script(l, path);
	kept = sd_map_at(
		l->tree->kept, sd_fmt(arena, "%s %s", l->history->dialect->name, id), arena);
	if (*kept)
		return same_script(l, *kept, path);
	return *kept = parse_script(l, path);
}

static void
read_script(struct loader *l, const char *path)
{
	struct sd_arena *arena = l->history->arena;
	void **seen = sd_map_at(&l->paths, path, arena);
	struct sd_script *script, *other;

	if (*seen)
		return;
	*seen = l;
	script = load_script(l, path);
	if (!script) {
		l->failed = true;
		return;
	}
	other = sd_history_find(l->history, script->revision);
	if (other) {
		sd_fail(l->diags, SD_CLASS_HISTORY, script->revision_pos,
			"revision \"%s\" is here twice", script->revision);
		sd_note(l->diags, other->revision_pos, "the other one is here");
		l->failed = true;
		return;
	}
	*sd_map_at(&l->history->by_id, script->revision, arena) = script;
	*sd_push(arena, &l->read) = script;
}

static int
by_revision(const void *a, const void *b)
{
	return strcmp((*(struct sd_script *const *)a)->revision,
		(*(struct sd_script *const *)b)->revision);
}

static void
read_all(struct loader *l, const struct sd_names *dirs, bool recursive)
{
	struct sd_arena *arena = l->history->arena;

	for (size_t i = 0; i < dirs->n; i++) {
		struct sd_names paths = { 0 };

		if (sd_tree_entry(l->tree, dirs->at[i]) == SD_ENTRY_NONE)
			continue;
		if (sd_tree_list(l->tree, dirs->at[i], ".sql", recursive, arena, l->diags,
			    &paths))
			l->failed = true;
		for (size_t k = 0; k < paths.n; k++)
			read_script(l, paths.at[k]);
	}
	if (l->read.n)
		qsort(l->read.at, l->read.n, sizeof *l->read.at, by_revision);
}

/* ---- the graph ---------------------------------------------------------------------- */

static void
missing_parent(struct loader *l, const struct sd_script *script, const char *parent)
{
	const char **known = sd_new_array(l->history->arena, l->read.n + 1, const char *),
		   *near;
	size_t n = 0;

	for (size_t i = 0; i < l->read.n; i++)
		if (l->read.at[i] != script)
			known[n++] = l->read.at[i]->revision;
	near = sd_text_nearest(parent, known);
	sd_fail(l->diags, SD_CLASS_HISTORY, script->revises_pos,
		"revises \"%s\", and no script has that revision", parent);
	if (near)
		sd_hint(l->diags, "did you mean \"%s\"?", near);
	else
		sd_hint(l->diags,
			"the file may be on another branch, or not be in these folders");
	l->failed = true;
}

/* Tie @node to its parents. */
static void
link_node(struct loader *l, struct node *node)
{
	const struct sd_names *parents = &node->script->revises;

	for (size_t i = 0; i < parents->n; i++) {
		struct node *parent = sd_map_get(&l->nodes, parents->at[i]);

		if (parent == node) {
			sd_fail(l->diags, SD_CLASS_HISTORY, node->script->revises_pos,
				"revision \"%s\" revises itself", node->script->revision);
			node->told = l->failed = true;
		} else if (parent) {
			*sd_push(l->history->arena, &parent->children) = node;
			node->n_wait++;
		} else {
			missing_parent(l, node->script, parents->at[i]);
		}
	}
}

/* Insert @node into the sorted @ready, from index @first on. */
static void
make_ready(struct loader *l, struct node *node, size_t first)
{
	size_t i;

	(void)sd_push(l->history->arena, &l->order);
	for (i = l->order.n - 1; i > first; i--) {
		struct node *before = l->order.at[i - 1];

		if (strcmp(before->script->revision, node->script->revision) < 0)
			break;
		l->order.at[i] = before;
	}
	l->order.at[i] = node;
}

/* Parents first, ties by revision: l->order holds what is placed, and from index i on, sorted,
 * what has all its parents placed. */
static void
place_all(struct loader *l, struct node *nodes)
{
	for (size_t i = 0; i < l->read.n; i++)
		if (!nodes[i].n_wait)
			make_ready(l, &nodes[i], 0);
	for (size_t i = 0; i < l->order.n; i++) {
		struct node *node = l->order.at[i];

		node->placed = true;
		*sd_push(l->history->arena, &l->history->scripts) = node->script;
		for (size_t k = 0; k < node->children.n; k++)
			if (--node->children.at[k]->n_wait == 0)
				make_ready(l, node->children.at[k], i + 1);
	}
}

/* The first parent of @node that could not be placed, or NULL. */
static struct node *
stuck_parent(const struct loader *l, const struct node *node)
{
	for (size_t i = 0; i < node->script->revises.n; i++) {
		struct node *parent = sd_map_get(&l->nodes, node->script->revises.at[i]);

		if (parent && parent != node && !parent->placed)
			return parent;
	}
	return NULL;
}

/* Every node that could not be placed has a parent that could not: going up from @node ends
 * in a cycle.  The first by name of the cycle's nodes, or NULL. */
static struct node *
find_cycle(const struct loader *l, struct node *node)
{
	struct node *at = node, *first;

	for (size_t i = 0; at && i < l->read.n; i++)
		at = stuck_parent(l, at);
	first = at;
	for (struct node *n = at ? stuck_parent(l, at) : NULL; n && n != at;
		n = stuck_parent(l, n))
		if (strcmp(n->script->revision, first->script->revision) < 0)
			first = n;
	return first;
}

/* Report the cycle above @node unless it was. */
static void
report_cycle(struct loader *l, struct node *node)
{
	struct sd_buf text = SD_BUF(l->history->arena);
	struct node *at = find_cycle(l, node);

	if (!at || at->told)
		return;
	for (struct node *n = at;; n = stuck_parent(l, n)) {
		sd_buf_sep(&text, " revises ");
		sd_buf_add(&text, n->script->revision);
		if (n->told)
			break;
		n->told = true;
	}
	sd_fail(l->diags, SD_CLASS_HISTORY, at->script->revises_pos, "a cycle: %s",
		sd_buf_text(&text));
}

static void
order_all(struct loader *l)
{
	struct sd_arena *arena = l->history->arena;
	struct node *nodes = sd_new_array(arena, l->read.n, struct node);

	for (size_t i = 0; i < l->read.n; i++) {
		nodes[i].script = l->read.at[i];
		*sd_map_at(&l->nodes, l->read.at[i]->revision, arena) = &nodes[i];
	}
	for (size_t i = 0; i < l->read.n; i++)
		link_node(l, &nodes[i]);
	place_all(l, nodes);
	for (size_t i = 0; i < l->read.n; i++) {
		if (nodes[i].placed)
			continue;
		l->failed = true;
		report_cycle(l, &nodes[i]);
	}
	for (size_t i = 0; i < l->read.n; i++)
		if (!nodes[i].children.n)
			*sd_push(arena, &l->history->heads) = l->read.at[i]->revision;
}

struct sd_history *
sd_history_load(const struct sd_tree *tree, const struct sd_names *dirs, bool recursive,
	const struct sd_dialect *dialect, struct sd_arena *arena, struct sd_diags *diags)
{
	struct sd_history *history = sd_new(arena, struct sd_history);
	struct loader l = { .history = history, .diags = diags, .tree = tree };

	history->arena = arena;
	history->dialect = dialect;
	read_all(&l, dirs, recursive);
	order_all(&l);
	return l.failed ? NULL : history;
}

struct sd_script *
sd_history_find(const struct sd_history *history, const char *revision)
{
	return sd_map_get(&history->by_id, revision);
}

/* ---- sets of revisions -------------------------------------------------------------- */

/* Mark the ancestors of what is marked: from the last script of the topological order to the
 * first, so that each is looked at once. */
static void
spread(const struct sd_history *history, struct sd_map *marks, struct sd_arena *arena)
{
	for (size_t i = history->scripts.n; i-- > 0;) {
		const struct sd_script *script = history->scripts.at[i];

		if (!sd_map_get(marks, script->revision))
			continue;
		for (size_t k = 0; k < script->revises.n; k++)
			*sd_map_at(marks, script->revises.at[k], arena) = marks;
	}
}

static void
mark(struct sd_map *marks, const struct sd_names *names, struct sd_arena *arena)
{
	for (size_t i = 0; i < names->n; i++)
		*sd_map_at(marks, names->at[i], arena) = marks;
}

void
sd_history_current(const struct sd_history *history, const struct sd_names *applied,
	struct sd_arena *arena, struct sd_names *current)
{
	struct sd_map above = { 0 };

	for (size_t i = 0; i < applied->n; i++) {
		const struct sd_script *script = sd_history_find(history, applied->at[i]);

		if (script)
			mark(&above, &script->revises, arena);
	}
	spread(history, &above, arena);
	for (size_t i = 0; i < applied->n; i++)
		if (!sd_map_get(&above, applied->at[i]))
			*sd_push(arena, current) = applied->at[i];
}

void
sd_history_upgrade(const struct sd_history *history, const struct sd_script *target,
	const struct sd_names *applied, struct sd_arena *arena, struct sd_scripts *scripts)
{
	struct sd_map wanted = { 0 }, done = { 0 };

	mark(&done, applied, arena);
	if (target)
		*sd_map_at(&wanted, target->revision, arena) = &wanted;
	else
		mark(&wanted, &history->heads, arena);
	spread(history, &wanted, arena);
	for (size_t i = 0; i < history->scripts.n; i++) {
		struct sd_script *script = history->scripts.at[i];

		if (sd_map_get(&wanted, script->revision) &&
			!sd_map_get(&done, script->revision))
			*sd_push(arena, scripts) = script;
	}
}

/* What is applied must have files, or nobody knows how to undo it. */
static enum sd_status
check_files(const struct sd_history *history, const struct sd_names *applied,
	struct sd_diags *diags)
{
	enum sd_status status = SD_OK;

	for (size_t i = 0; i < applied->n; i++) {
		if (sd_history_find(history, applied->at[i]))
			continue;
		status = sd_fail(diags, SD_CLASS_HISTORY, (struct sd_pos){ 0 },
			"revision \"%s\" is applied, and there is no script that says how to "
			"undo it",
			applied->at[i]);
		sd_hint(diags, "get the branch that has its file");
	}
	return status;
}

enum sd_status
sd_history_downgrade(const struct sd_history *history, const struct sd_script *target,
	const struct sd_names *applied, struct sd_arena *arena, struct sd_diags *diags,
	struct sd_scripts *scripts)
{
	struct sd_map kept = { 0 }, done = { 0 };

	if (check_files(history, applied, diags))
		return SD_ERR;
	mark(&done, applied, arena);
	if (target && !sd_map_get(&done, target->revision)) {
		sd_error(diags, (struct sd_pos){ 0 },
			"cannot downgrade to %s: it is not applied", target->revision);
		sd_hint(diags, "`schemadiff upgrade %s` goes there", target->revision);
		return SD_ERR;
	}
	if (target)
		*sd_map_at(&kept, target->revision, arena) = &kept;
	spread(history, &kept, arena);
	for (size_t i = history->scripts.n; i-- > 0;) {
		struct sd_script *script = history->scripts.at[i];

		if (sd_map_get(&done, script->revision) && !sd_map_get(&kept, script->revision))
			*sd_push(arena, scripts) = script;
	}
	return SD_OK;
}
