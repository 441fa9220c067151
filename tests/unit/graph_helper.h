/* Histories that are written in a line, and rows of what must come out of them.
 *
 *      "a b<a c1[left]<b c2<b~x"       revision [labels] <parents ~dependencies
 *      "s=a,b/x,b"                     =replaced: a set, or another one
 *
 * Scripts lie in a tree of their own in memory.  A row says where in Alembic's behaviour it
 * comes from ("8.7/16": section and number in the inventory of its tests; "+/…": a case of our
 * own), and when `why` is set, why we differ. */
#ifndef SD_TESTS_GRAPH_HELPER_H
#define SD_TESTS_GRAPH_HELPER_H

#include "core/history/history.h"

#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>

#include <cmocka.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

/* ---- a history of a line of text ------------------------------------------------------ */

struct graph {
	struct sd_tree tree; /* first: its functions get a pointer to it */
	struct sd_arena *arena;
	struct sd_diags diags;
	struct sd_names texts;
	struct sd_history *history; /* NULL after reports */
};

static enum sd_entry
graph_entry(const struct sd_tree *tree, const char *path)
{
	(void)tree;
	return strcmp(path, "m") == 0 ? SD_ENTRY_DIR : SD_ENTRY_FILE;
}

static enum sd_status
graph_read(const struct sd_tree *tree, const char *path, struct sd_arena *arena,
	struct sd_diags *diags, char **text, size_t *len)
{
	const struct graph *g = (const struct graph *)(const void *)tree;

	(void)diags;
	*text = sd_strdup(arena, g->texts.at[strtol(path + 2, NULL, 10)]);
	*len = strlen(*text);
	return SD_OK;
}

static enum sd_status
graph_list(const struct sd_tree *tree, const char *dir, const char *suffix, bool recursive,
	struct sd_arena *arena, struct sd_diags *diags, struct sd_names *paths)
{
	const struct graph *g = (const struct graph *)(const void *)tree;

	(void)diags;
	(void)recursive;
	for (uint32_t i = 0; i < g->texts.n; i++)
		*sd_push(arena, paths) = sd_fmt(arena, "%s/%03u%s", dir, i, suffix);
	return SD_OK;
}

/* The words of @text between any of @separators. */
static struct sd_names
graph_words(struct sd_arena *arena, const char *text, const char *separators)
{
	struct sd_names names = { 0 };

	for (text += strspn(text, separators); *text; text += strspn(text, separators)) {
		size_t n = strcspn(text, separators);

		*sd_push(arena, &names) = sd_strndup(arena, text, n);
		text += n;
	}
	return names;
}

/* The line of a header for what follows @mark in @entry, if it does. */
static const char *
graph_key(struct sd_arena *arena, const char *entry, char mark, const char *key)
{
	const char *at = strchr(entry, mark);

	if (!at)
		return "";
	return sd_fmt(arena, "-- %s: %.*s\n", key, (int)strcspn(at + 1, "[]<~="), at + 1);
}

/* A line for each set of what @entry replaces. */
static const char *
graph_sets(struct sd_arena *arena, const char *entry)
{
	const char *at = strchr(entry, '=');
	struct sd_names sets = graph_words(arena, at ? at + 1 : "", "/");
	struct sd_buf text = SD_BUF(arena);

	for (uint32_t i = 0; i < sets.n; i++)
		sd_buf_addf(&text, "-- replaces: %s\n", sets.at[i]);
	return sd_buf_text(&text);
}

static struct graph *
graph_new(struct sd_arena *arena, const char *spec)
{
	struct graph *g = sd_new(arena, struct graph);
	struct sd_names entries = graph_words(arena, spec, " "), dirs = { 0 };

	g->tree = (struct sd_tree){
		.entry = graph_entry, .read = graph_read, .list = graph_list
	};
	g->arena = g->diags.arena = arena;
	for (uint32_t i = 0; i < entries.n; i++) {
		const char *e = entries.at[i];

		*sd_push(arena, &g->texts) = sd_fmt(arena,
			"-- m\n-- revision: %.*s\n%s%s%s%s-- schemadiff:up\nSELECT 1;\n",
			(int)strcspn(e, "[<~="), e, graph_key(arena, e, '<', "revises"),
			graph_key(arena, e, '~', "depends-on"),
			graph_key(arena, e, '[', "label"), graph_sets(arena, e));
	}
	*sd_push(arena, &dirs) = "m";
	g->history =
		sd_history_load(&g->tree, &dirs, false, &sd_dialect_sqlite, arena, &g->diags);
	return g;
}

/* Reports so far. */
static const char *
graph_said(struct graph *g)
{
	struct sd_buf out = SD_BUF(g->arena);

	sd_diags_format(&g->diags, 0, false, &out);
	g->diags.list.n = 0;
	g->diags.n_errors = 0;
	return sd_buf_text(&out);
}

/* ---- sets as text --------------------------------------------------------------------- */

static int
graph_by_text(const void *a, const void *b)
{
	return strcmp(*(const char *const *)a, *(const char *const *)b);
}

/* @names sorted, with spaces between. */
static const char *
graph_sorted(struct sd_arena *arena, const struct sd_names *names)
{
	struct sd_buf text = SD_BUF(arena);
	struct sd_names copy = { 0 };

	for (uint32_t i = 0; i < names->n; i++)
		*sd_push(arena, &copy) = names->at[i];
	if (copy.n)
		qsort(copy.at, copy.n, sizeof *copy.at, graph_by_text);
	for (uint32_t i = 0; i < copy.n; i++)
		sd_buf_addf(&text, "%s%s", i ? " " : "", copy.at[i]);
	return sd_buf_text(&text);
}

static struct sd_names
graph_names(struct sd_arena *arena, const struct sd_scripts *scripts)
{
	struct sd_names names = { 0 };

	for (size_t i = 0; i < scripts->n; i++)
		*sd_push(arena, &names) = scripts->at[i]->revision;
	return names;
}

/* Everything that the heads @tips stand for: the words' ids with all that they need. */
static struct sd_names
graph_applied(struct graph *g, const char *tips)
{
	struct sd_names words = graph_words(g->arena, tips, " "), applied = { 0 };

	for (uint32_t i = 0; i < words.n; i++) {
		struct sd_script *script = sd_history_find(g->history, words.at[i]);
		struct sd_scripts more = { 0 };

		if (!script)
			fail_msg("no revision %s", words.at[i]);
		sd_history_upgrade(g->history, script, &applied, g->arena, &more);
		for (size_t k = 0; k < more.n; k++)
			*sd_push(g->arena, &applied) = more.at[k]->revision;
	}
	return applied;
}

static const char *
graph_tips(struct graph *g, const struct sd_names *applied)
{
	struct sd_names tips = { 0 };

	sd_history_tips(g->history, applied, g->arena, &tips);
	return graph_sorted(g->arena, &tips);
}

/* The goals that the words of @text name, taken together. */
static enum sd_status
graph_goal(
	struct graph *g, const char *text, const struct sd_names *applied, struct sd_goal *goal)
{
	struct sd_names words = graph_words(g->arena, text, " ");

	*goal = (struct sd_goal){ 0 };
	for (uint32_t i = 0; i < words.n; i++) {
		struct sd_goal one;

		if (sd_history_goal(g->history, words.at[i], applied, &g->diags, &one))
			return SD_ERR;
		goal->branch = one.branch;
		goal->steps = one.steps;
		for (size_t k = 0; k < one.scripts.n; k++)
			*sd_push(g->arena, &goal->scripts) = one.scripts.at[k];
	}
	return SD_OK;
}

/* ---- rows ------------------------------------------------------------------------------ */

enum op {
	OP_UP = 1,  /* upgrade to arg: what runs; heads after */
	OP_DOWN,    /* downgrade to arg: what is undone; heads after */
	OP_STAMP,   /* stamp arg: heads after */
	OP_GOAL,    /* what arg stands for */
	OP_ONE,     /* the same, where one revision is needed */
	OP_CURRENT, /* what `current` lists of what is applied: the ends of lines */
	OP_HEADS,   /* heads of the files */
	OP_ROOTS,   /* revisions that revise nothing */
	OP_RANGE,   /* arg A:B: all between, both included */
	OP_LINE,    /* the line of arg */
	OP_EDGES,   /* what arg revises, and ~depends on */
	OP_STEPS,   /* heads after each of arg (-x undoes x), with / between */
	OP_BAD,     /* what is reported of the files */
	OP_TEST,    /* arg is a file of tests that has the words `expect` in it */
	OP_NONE,    /* has no counterpart here */
};

struct graph_row {
	int line;
	const char *from; /* which scenario of which inventory */
	enum op op;
	const char *arg, *heads, *expect; /* "!text": a report with that text */
	const char *after;                /* heads after; NULL = not looked at */
	const char *why;                  /* we differ on purpose; NULL = as in Alembic */
};

struct graph_case {
	const char *spec;
	const struct graph_row *rows;
	size_t n;
};

#define UP(from, arg, heads, expect, after)                                                    \
	{                                                                                      \
		__LINE__, from, OP_UP, arg, heads, expect, after, NULL                         \
	}
#define DOWN(from, arg, heads, expect, after)                                                  \
	{                                                                                      \
		__LINE__, from, OP_DOWN, arg, heads, expect, after, NULL                       \
	}
#define STAMP(from, arg, heads, expect)                                                        \
	{                                                                                      \
		__LINE__, from, OP_STAMP, arg, heads, expect, NULL, NULL                       \
	}
#define GOAL(from, arg, heads, expect)                                                         \
	{                                                                                      \
		__LINE__, from, OP_GOAL, arg, heads, expect, NULL, NULL                        \
	}
#define RANGE(from, arg, heads, expect)                                                        \
	{                                                                                      \
		__LINE__, from, OP_RANGE, arg, heads, expect, NULL, NULL                       \
	}
#define STEPS(from, arg, heads, expect)                                                        \
	{                                                                                      \
		__LINE__, from, OP_STEPS, arg, heads, expect, NULL, NULL                       \
	}
#define CURRENT(from, heads, expect)                                                           \
	{                                                                                      \
		__LINE__, from, OP_CURRENT, "", heads, expect, NULL, NULL                      \
	}
/* The test called @expect in @file shows it. */
#define TEST(from, file, expect)                                                               \
	{                                                                                      \
		__LINE__, from, OP_TEST, file, "", expect, NULL, NULL                          \
	}
#define ROW(from, op, arg, expect)                                                             \
	{                                                                                      \
		__LINE__, from, op, arg, "", expect, NULL, NULL                                \
	}
#define BAD(from, expect)                                                                      \
	{                                                                                      \
		__LINE__, from, OP_BAD, "", "", expect, NULL, NULL                             \
	}
/* Where we differ: any of the operations, with the reason. */
#define DIFFERS(from, op, arg, heads, expect, after, why)                                      \
	{                                                                                      \
		__LINE__, from, op, arg, heads, expect, after, why                             \
	}
#define NONE(from, why)                                                                        \
	{                                                                                      \
		__LINE__, from, OP_NONE, "", "", "", NULL, why                                 \
	}

#define GRAPH(spec, rows)                                                                      \
	{                                                                                      \
		spec, rows, SD_COUNT(rows)                                                     \
	}

/* Each script of @run comes behind all in it that it needs; the other way round going down. */
static void
graph_check_order(const struct sd_scripts *run, bool down)
{
	for (size_t i = 0; i < run->n; i++) {
		const struct sd_links *links = &run->at[i]->links;
		const struct sd_scripts *below[] = { &links->parents, &links->needs };

		for (size_t k = 0; k < 2 * run->n; k++)
			for (size_t m = 0; m < below[k % 2]->n; m++)
				if (run->at[k / 2] == below[k % 2]->at[m])
					assert_true(down ? k / 2 > i : k / 2 < i);
	}
}

/* Apply or undo @run. */
static struct sd_names
graph_run(struct graph *g, const struct sd_names *applied, const struct sd_scripts *run,
	bool down)
{
	struct sd_names names = graph_names(g->arena, run), after = { 0 };

	for (uint32_t i = 0; i < applied->n; i++)
		if (!down || sd_names_find(&names, applied->at[i]) < 0)
			*sd_push(g->arena, &after) = applied->at[i];
	for (uint32_t i = 0; !down && i < names.n; i++)
		*sd_push(g->arena, &after) = names.at[i];
	return after;
}

static const char *
graph_moves(struct graph *g, const struct graph_row *row, const char **after)
{
	struct sd_names applied = graph_applied(g, row->heads), names;
	bool down = row->op == OP_DOWN;
	struct sd_scripts run = { 0 };
	struct sd_goal goal;

	if (graph_goal(g, row->arg, &applied, &goal))
		return NULL;
	if (row->op == OP_STAMP) {
		sd_history_stamp(g->history, &goal, &applied, g->arena, &run);
		names = graph_names(g->arena, &run);
		return graph_tips(g, &names);
	}
	if (down ? sd_history_down(g->history, &goal, &applied, g->arena, &g->diags, &run)
		 : sd_history_up(g->history, &goal, &applied, g->arena, &g->diags, &run))
		return NULL;
	graph_check_order(&run, down);
	names = graph_run(g, &applied, &run, down);
	*after = graph_tips(g, &names);
	names = graph_names(g->arena, &run);
	return graph_sorted(g->arena, &names);
}

static const char *
graph_steps(struct graph *g, const struct graph_row *row)
{
	struct sd_names words = graph_words(g->arena, row->arg, " ");
	struct sd_names applied = graph_applied(g, row->heads);
	struct sd_buf text = SD_BUF(g->arena);

	for (uint32_t i = 0; i < words.n; i++) {
		bool down = words.at[i][0] == '-';
		struct sd_script *script = sd_history_find(g->history, words.at[i] + down);
		struct sd_scripts one = { &script, 1, 1 };

		applied = graph_run(g, &applied, &one, down);
		sd_buf_addf(&text, "%s%s", i ? "/" : "", graph_tips(g, &applied));
	}
	return sd_buf_text(&text);
}

static const char *
graph_range(struct graph *g, const struct graph_row *row)
{
	size_t n = strcspn(row->arg, ":");
	struct sd_names applied = graph_applied(g, row->heads), names;
	struct sd_scripts range = { 0 };
	struct sd_goal from, into;

	if (graph_goal(g, sd_strndup(g->arena, row->arg, n), &applied, &from) ||
		graph_goal(g, row->arg + n + 1, &applied, &into))
		return NULL;
	sd_history_range(g->history, &from.scripts, &into.scripts, g->arena, &range);
	names = graph_names(g->arena, &range);
	return graph_sorted(g->arena, &names);
}

static const char *
graph_named(struct graph *g, const struct graph_row *row)
{
	struct sd_names applied = graph_applied(g, row->heads), names = { 0 };
	struct sd_scripts line = { 0 };
	struct sd_script *script;
	struct sd_goal goal;

	if (row->op == OP_CURRENT) {
		sd_history_current(g->history, &applied, g->arena, &names);
		return graph_sorted(g->arena, &names);
	}
	if (row->op == OP_GOAL) {
		if (graph_goal(g, row->arg, &applied, &goal))
			return NULL;
		names = graph_names(g->arena, &goal.scripts);
		return names.n ? graph_sorted(g->arena, &names) : "base";
	}
	if (sd_history_resolve(g->history, row->arg, &applied, &g->diags, &script))
		return NULL;
	if (row->op == OP_ONE || !script)
		return script ? script->revision : "base";
	sd_history_line(g->history, script, g->arena, &line);
	names = graph_names(g->arena, &line);
	return graph_sorted(g->arena, &names);
}

static const char *
graph_shape(struct graph *g, const struct graph_row *row)
{
	const struct sd_scripts *all = &g->history->scripts;
	struct sd_names names = { 0 };

	if (row->op == OP_HEADS)
		return graph_sorted(g->arena, &g->history->heads);
	for (size_t i = 0; i < all->n; i++) {
		const struct sd_links *links = &all->at[i]->links;

		if (row->op == OP_ROOTS && !links->parents.n)
			*sd_push(g->arena, &names) = all->at[i]->revision;
		if (row->op == OP_ROOTS || strcmp(all->at[i]->revision, row->arg) != 0)
			continue;
		for (size_t k = 0; k < links->parents.n; k++)
			*sd_push(g->arena, &names) = links->parents.at[k]->revision;
		for (size_t k = 0; k < links->needs.n; k++)
			*sd_push(g->arena, &names) =
				sd_fmt(g->arena, "~%s", links->needs.at[k]->revision);
	}
	return graph_sorted(g->arena, &names);
}

/* A test elsewhere shows it: there is one of that name. */
static const char *
graph_elsewhere(struct graph *g, const struct graph_row *row)
{
	size_t len;
	char *text;

	if (sd_file_read(row->arg, g->arena, &g->diags, &text, &len))
		return NULL;
	return strstr(text, row->expect) ? row->expect : "no such test";
}

static const char *
graph_answer(struct graph *g, const struct graph_row *row, const char **after)
{
	switch (row->op) {
	case OP_UP:
	case OP_DOWN:
	case OP_STAMP:
		return graph_moves(g, row, after);
	case OP_CURRENT:
	case OP_GOAL:
	case OP_ONE:
	case OP_LINE:
		return graph_named(g, row);
	case OP_RANGE:
		return graph_range(g, row);
	case OP_STEPS:
		return graph_steps(g, row);
	case OP_BAD:
		return NULL;
	case OP_TEST:
		return graph_elsewhere(g, row);
	default:
		return graph_shape(g, row);
	}
}

static void
graph_row(struct graph *g, const struct graph_row *row)
{
	const char *after = "", *got = graph_answer(g, row, &after), *said = graph_said(g);
	struct sd_names words = graph_words(g->arena, row->expect, " ");
	const char *expect = row->expect;
	bool good;

	if (*expect != '!' && (row->op == OP_UP || row->op == OP_DOWN || row->op == OP_RANGE ||
				      row->op == OP_LINE))
		expect = graph_sorted(g->arena, &words);
	if (*expect == '!')
		good = !got && strstr(said, expect + 1);
	else
		good = got && strcmp(got, expect) == 0 &&
		       (!row->after || strcmp(after, row->after) == 0);
	if (!good)
		print_error("line %d (%s): %s; after: %s\n%s", row->line, row->from,
			got ? got : "a report", after, said);
	assert_true(good);
}

/* ---- all rows -------------------------------------------------------------------------- */

/* Run the rows of @cases, and count Alembic's scenarios (rows with the same `from` are one):
 * those that come out as there, those that differ on purpose, those about what we don't
 * have. */
static void
graph_cases(const struct graph_case *cases, size_t n)
{
	struct sd_arena *arena = sd_arena_new();
	size_t same = 0, elsewhere = 0, differ = 0, none = 0;
	struct sd_names seen = { 0 };

	for (size_t i = 0; i < n; i++) {
		struct graph *g = graph_new(arena, cases[i].spec);

		for (size_t k = 0; k < cases[i].n; k++) {
			const struct graph_row *row = &cases[i].rows[k];

			if ((row->op == OP_BAD) == (g->history != NULL) && row->op != OP_NONE &&
				row->op != OP_TEST)
				fail_msg("line %d: %s", row->line, graph_said(g));
			if (row->op != OP_NONE)
				graph_row(g, row);
			if (row->from[0] == '+' || sd_names_find(&seen, row->from) >= 0)
				continue;
			*sd_push(arena, &seen) = row->from;
			same += !row->why;
			elsewhere += !row->why && row->op == OP_TEST;
			none += row->op == OP_NONE;
			differ += row->why && row->op != OP_NONE;
		}
	}
	print_message("%zu scenarios: %zu as in Alembic (%zu shown by tests elsewhere), "
		      "%zu different on purpose, %zu without a counterpart\n",
		same + differ + none, same, elsewhere, differ, none);
	sd_arena_free(arena);
}

#endif
