/* Sets of revisions, and what an upgrade or a downgrade runs.
 *
 * Scripts lie in an order in which everything stands behind what it needs.  So one walk from
 * the end finds all that lies below a set, and one from the beginning all that lies above it:
 * each edge is looked at once. */
#include "core/history/history_impl.h"

#include <stdlib.h>
#include <string.h>

static const struct sd_pos nowhere;

/* ---- marks ---------------------------------------------------------------------------- */

sd_marks
sd_marks_new(const struct sd_history *history, struct sd_arena *arena)
{
	return sd_new_array(arena, history->scripts.n + 1, bool);
}

void
sd_marks_names(const struct sd_history *history, const struct sd_names *names, sd_marks marks)
{
	for (size_t i = 0; i < names->n; i++) {
		const struct sd_script *script = sd_history_find(history, names->at[i]);

		if (script)
			marks[script->links.index] = true;
	}
}

void
sd_marks_scripts(const struct sd_scripts *scripts, sd_marks marks)
{
	for (size_t i = 0; i < scripts->n; i++)
		marks[scripts->at[i]->links.index] = true;
}

void
sd_marks_down(const struct sd_history *history, sd_marks marks, enum sd_edges edges)
{
	for (size_t i = history->scripts.n; i-- > 0;) {
		const struct sd_links *links = &history->scripts.at[i]->links;

		if (!marks[i])
			continue;
		sd_marks_scripts(&links->parents, marks);
		if (edges == SD_EDGES_ALL)
			sd_marks_scripts(&links->needs, marks);
	}
}

void
sd_marks_up(const struct sd_history *history, sd_marks marks, enum sd_edges edges)
{
	for (size_t i = 0; i < history->scripts.n; i++) {
		const struct sd_links *links = &history->scripts.at[i]->links;

		if (!marks[i])
			continue;
		sd_marks_scripts(&links->children, marks);
		if (edges == SD_EDGES_ALL)
			sd_marks_scripts(&links->needed_by, marks);
	}
}

/* The ancestors of @marks join its descendants. */
static void
mark_both_ways(const struct sd_history *history, sd_marks marks, enum sd_edges edges,
	struct sd_arena *arena)
{
	sd_marks below = sd_marks_new(history, arena);

	memcpy(below, marks, history->scripts.n * sizeof *marks);
	sd_marks_down(history, below, edges);
	sd_marks_up(history, marks, edges);
	for (size_t i = 0; i < history->scripts.n; i++)
		marks[i] |= below[i];
}

sd_marks
sd_marks_line(const struct sd_history *history, const struct sd_script *script,
	struct sd_arena *arena)
{
	sd_marks line = sd_marks_new(history, arena);

	line[script->links.index] = true;
	mark_both_ways(history, line, SD_EDGES_LINE, arena);
	return line;
}

void
sd_marks_list(const struct sd_history *history, const sd_marks marks, struct sd_arena *arena,
	struct sd_scripts *list)
{
	for (size_t i = 0; i < history->scripts.n; i++)
		if (marks[i])
			*sd_push(arena, list) = history->scripts.at[i];
}

static int
by_revision(const void *a, const void *b)
{
	return strcmp((*(struct sd_script *const *)a)->revision,
		(*(struct sd_script *const *)b)->revision);
}

void
sd_scripts_sort(struct sd_scripts *scripts)
{
	if (scripts->n)
		qsort(scripts->at, scripts->n, sizeof *scripts->at, by_revision);
}

void
sd_marks_tips(const struct sd_history *history, const sd_marks marks, enum sd_edges edges,
	struct sd_arena *arena, struct sd_scripts *tips)
{
	sd_marks below = sd_marks_new(history, arena);

	for (size_t i = 0; i < history->scripts.n; i++) {
		const struct sd_links *links = &history->scripts.at[i]->links;

		if (!marks[i])
			continue;
		sd_marks_scripts(&links->parents, below);
		if (edges == SD_EDGES_ALL)
			sd_marks_scripts(&links->needs, below);
	}
	sd_marks_down(history, below, edges);
	for (size_t i = 0; i < history->scripts.n; i++)
		if (marks[i] && !below[i])
			*sd_push(arena, tips) = history->scripts.at[i];
	sd_scripts_sort(tips);
}

/* ---- questions ------------------------------------------------------------------------ */

/* The names of @applied that are tips, in the order in which they stand there. */
static void
name_tips(const struct sd_history *history, const struct sd_names *applied, enum sd_edges edges,
	struct sd_arena *arena, struct sd_names *names)
{
	sd_marks marks = sd_marks_new(history, arena), top = sd_marks_new(history, arena);
	struct sd_scripts tips = { 0 };

	sd_marks_names(history, applied, marks);
	sd_marks_tips(history, marks, edges, arena, &tips);
	sd_marks_scripts(&tips, top);
	for (size_t i = 0; i < applied->n; i++) {
		const struct sd_script *script = sd_history_find(history, applied->at[i]);

		if (!script || top[script->links.index])
			*sd_push(arena, names) = applied->at[i];
	}
}

void
sd_history_current(const struct sd_history *history, const struct sd_names *applied,
	struct sd_arena *arena, struct sd_names *current)
{
	name_tips(history, applied, SD_EDGES_LINE, arena, current);
}

void
sd_history_tips(const struct sd_history *history, const struct sd_names *applied,
	struct sd_arena *arena, struct sd_names *tips)
{
	name_tips(history, applied, SD_EDGES_ALL, arena, tips);
}

/* The scripts of @wanted that are not applied, in order. */
static void
list_without(const struct sd_history *history, const sd_marks wanted,
	const struct sd_names *applied, struct sd_arena *arena, struct sd_scripts *scripts)
{
	sd_marks done = sd_marks_new(history, arena);

	sd_marks_names(history, applied, done);
	for (size_t i = 0; i < history->scripts.n; i++)
		if (wanted[i] && !done[i])
			*sd_push(arena, scripts) = history->scripts.at[i];
}

void
sd_history_gaps(const struct sd_history *history, const struct sd_names *applied,
	struct sd_arena *arena, struct sd_scripts *gaps)
{
	sd_marks needed = sd_marks_new(history, arena);

	sd_marks_names(history, applied, needed);
	sd_marks_down(history, needed, SD_EDGES_ALL);
	list_without(history, needed, applied, arena, gaps);
}

void
sd_history_line(const struct sd_history *history, const struct sd_script *script,
	struct sd_arena *arena, struct sd_scripts *line)
{
	sd_marks_list(history, sd_marks_line(history, script, arena), arena, line);
}

void
sd_history_range(const struct sd_history *history, const struct sd_scripts *from,
	const struct sd_scripts *into, struct sd_arena *arena, struct sd_scripts *range)
{
	sd_marks below = sd_marks_new(history, arena), above = sd_marks_new(history, arena);

	sd_marks_scripts(into, below);
	sd_marks_down(history, below, SD_EDGES_ALL);
	sd_marks_scripts(from, above);
	sd_marks_up(history, above, SD_EDGES_ALL);
	for (size_t i = 0; i < history->scripts.n; i++)
		if (below[i] && (above[i] || !from->n))
			*sd_push(arena, range) = history->scripts.at[i];
}

/* ---- up ------------------------------------------------------------------------------- */

void
sd_history_upgrade(const struct sd_history *history, const struct sd_script *target,
	const struct sd_names *applied, struct sd_arena *arena, struct sd_scripts *scripts)
{
	sd_marks wanted = sd_marks_new(history, arena);

	if (target)
		wanted[sd_history_find(history, target->revision)->links.index] = true;
	else
		sd_marks_scripts(&history->scripts, wanted);
	sd_marks_down(history, wanted, SD_EDGES_ALL);
	list_without(history, wanted, applied, arena, scripts);
}

enum sd_status
sd_history_up(const struct sd_history *history, const struct sd_goal *goal,
	const struct sd_names *applied, struct sd_arena *arena, struct sd_diags *diags,
	struct sd_scripts *scripts)
{
	sd_marks wanted = sd_marks_new(history, arena);

	if (goal->steps < 0) {
		sd_error(diags, nowhere, "\"%ld\" goes back from the current revision",
			goal->steps);
		sd_hint(diags, "`schemadiff downgrade %ld` does that", goal->steps);
		return SD_ERR;
	}
	sd_marks_scripts(&goal->scripts, wanted);
	sd_marks_down(history, wanted, SD_EDGES_ALL);
	list_without(history, wanted, applied, arena, scripts);
	return SD_OK;
}

/* ---- down ----------------------------------------------------------------------------- */

/* What is applied must have files, or nobody knows how to undo it. */
static enum sd_status
check_files(const struct sd_history *history, const struct sd_names *applied,
	struct sd_diags *diags)
{
	enum sd_status status = SD_OK;

	for (size_t i = 0; i < applied->n; i++) {
		if (sd_history_find(history, applied->at[i]))
			continue;
		status = sd_fail(diags, SD_CLASS_HISTORY, nowhere,
			"revision \"%s\" is applied, and there is no script that says how to "
			"undo it",
			applied->at[i]);
		sd_hint(diags, "get the branch that has its file");
	}
	return status;
}

static enum sd_status
check_goal(const struct sd_goal *goal, const sd_marks done, struct sd_diags *diags)
{
	if (goal->steps > 0) {
		sd_error(diags, nowhere, "\"+%ld\" goes forward from the current revision",
			goal->steps);
		sd_hint(diags, "`schemadiff upgrade +%ld` does that", goal->steps);
		return SD_ERR;
	}
	for (size_t i = 0; i < goal->scripts.n; i++) {
		const struct sd_script *target = goal->scripts.at[i];

		if (done[target->links.index])
			continue;
		sd_error(diags, nowhere, "cannot downgrade to %s: it is not applied",
			target->revision);
		sd_hint(diags, "`schemadiff upgrade %s` goes there", target->revision);
		return SD_ERR;
	}
	return SD_OK;
}

/* The first revisions to go: those that follow the goal, or the first of all, in its branch. */
static void
mark_first_to_go(const struct sd_history *history, const struct sd_goal *goal,
	struct sd_arena *arena, sd_marks go)
{
	sd_marks line = goal->branch ? sd_marks_line(history, goal->branch, arena) : NULL;
	sd_marks kept = sd_marks_new(history, arena);

	sd_marks_scripts(&goal->scripts, kept);
	sd_marks_down(history, kept, SD_EDGES_ALL);
	for (size_t i = 0; i < history->scripts.n && !goal->scripts.n; i++)
		go[i] = !line || !history->scripts.at[i]->links.parents.n;
	for (size_t i = 0; i < goal->scripts.n; i++)
		sd_marks_scripts(&goal->scripts.at[i]->links.children, go);
	for (size_t i = 0; i < history->scripts.n; i++)
		go[i] = go[i] && !kept[i] && (!line || line[i]);
}

enum sd_status
sd_history_down(const struct sd_history *history, const struct sd_goal *goal,
	const struct sd_names *applied, struct sd_arena *arena, struct sd_diags *diags,
	struct sd_scripts *scripts)
{
	sd_marks done = sd_marks_new(history, arena), go = sd_marks_new(history, arena);

	sd_marks_names(history, applied, done);
	if (check_files(history, applied, diags) || check_goal(goal, done, diags))
		return SD_ERR;
	mark_first_to_go(history, goal, arena, go);
	sd_marks_up(history, go, SD_EDGES_ALL);
	for (size_t i = history->scripts.n; i-- > 0;)
		if (go[i] && done[i])
			*sd_push(arena, scripts) = history->scripts.at[i];
	return SD_OK;
}

enum sd_status
sd_history_downgrade(const struct sd_history *history, const struct sd_script *target,
	const struct sd_names *applied, struct sd_arena *arena, struct sd_diags *diags,
	struct sd_scripts *scripts)
{
	struct sd_goal goal = { 0 };

	if (target)
		*sd_push(arena, &goal.scripts) = sd_history_find(history, target->revision);
	return sd_history_down(history, &goal, applied, arena, diags, scripts);
}

/* ---- stamp ---------------------------------------------------------------------------- */

void
sd_history_stamp(const struct sd_history *history, const struct sd_goal *goal,
	const struct sd_names *applied, struct sd_arena *arena, struct sd_scripts *scripts)
{
	sd_marks done = sd_marks_new(history, arena), line = sd_marks_new(history, arena);
	sd_marks after = sd_marks_new(history, arena), goals = sd_marks_new(history, arena);
	sd_marks gone = sd_marks_new(history, arena);
	bool others = !goal->alone && (goal->scripts.n || goal->branch);

	sd_marks_names(history, applied, done);
	sd_marks_scripts(&goal->scripts, goals);
	sd_marks_scripts(&goal->scripts, line);
	sd_marks_scripts(&goal->branches, line);
	if (goal->branch)
		line[goal->branch->links.index] = true;
	memcpy(gone, line, history->scripts.n * sizeof *line);
	sd_marks_up(history, gone, SD_EDGES_ALL);
	mark_both_ways(history, line, SD_EDGES_LINE, arena);
	/* what gives way takes what it revises along, and leaves what it depends on */
	for (size_t i = 0; i < history->scripts.n; i++) {
		line[i] = line[i] || gone[i];
		gone[i] = done[i] && line[i];
	}
	sd_marks_down(history, gone, SD_EDGES_LINE);
	for (size_t i = 0; others && i < history->scripts.n; i++)
		after[i] = done[i] && !line[i] && !gone[i];
	sd_marks_down(history, after, SD_EDGES_ALL);
	sd_marks_down(history, goals, SD_EDGES_ALL);
	for (size_t i = 0; i < history->scripts.n; i++)
		after[i] = goals[i] || (after[i] && done[i]); /* a gap stays one */
	sd_marks_list(history, after, arena, scripts);
}
