#include "core/base/file.h"
#include "core/history/history.h"

#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>

#include <cmocka.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

struct fixture {
	struct sd_arena *arena;
	struct sd_diags diags;
	char dir[64];
	struct sd_names dirs;
};

static int
setup(void **state)
{
	struct sd_arena *arena = sd_arena_new();
	struct fixture *f = sd_new(arena, struct fixture);

	f->arena = f->diags.arena = arena;
	strncpy(f->dir, "/tmp/schemadiff-test-XXXXXX", sizeof f->dir - 1);
	if (!mkdtemp(f->dir))
		return -1;
	*sd_push(arena, &f->dirs) = f->dir;
	*state = f;
	return 0;
}

static int
teardown(void **state)
{
	struct fixture *f = *state;

	(void)!system(sd_fmt(f->arena, "rm -rf '%s'", f->dir));
	sd_arena_free(f->arena);
	return 0;
}

/* Reports so far, the folder's name left out. */
static const char *
said(struct fixture *f)
{
	struct sd_buf out = SD_BUF(f->arena);
	const char *prefix = sd_fmt(f->arena, "%s/", f->dir);

	for (size_t i = 0; i < f->diags.list.n; i++) {
		struct sd_diag *d = &f->diags.list.at[i];

		if (d->pos.file && strncmp(d->pos.file, prefix, strlen(prefix)) == 0)
			d->pos.file += strlen(prefix);
	}
	sd_diags_format(&f->diags, 0, false, &out);
	f->diags.list.n = 0;
	f->diags.n_errors = 0;
	return sd_buf_text(&out);
}

/* A script of revision @id in file @name. */
static void
put(struct fixture *f, const char *name, const char *id, const char *revises)
{
	const char *text = sd_fmt(f->arena,
		"-- message of %s\n-- revision: %s\n%s%s\n-- schemadiff:up\nSELECT 1;\n"
		"-- schemadiff:down\nSELECT 2;\n",
		id, id, revises ? "-- revises: " : "--", revises ? revises : "");

	assert_int_equal(sd_file_write(sd_path_join(f->arena, f->dir, name), text, strlen(text),
				 false, &f->diags),
		SD_OK);
}

static struct sd_history *
load(struct fixture *f)
{
	struct sd_history *history =
		sd_history_load(NULL, &f->dirs, false, &sd_dialect_sqlite, f->arena, &f->diags);

	if (!history)
		print_error("%s", said(f));
	assert_non_null(history);
	return history;
}

static const char *
ids(struct fixture *f, const struct sd_scripts *scripts)
{
	struct sd_buf text = SD_BUF(f->arena);

	for (size_t i = 0; i < scripts->n; i++)
		sd_buf_addf(&text, "%s%s", i ? " " : "", scripts->at[i]->revision);
	return sd_buf_text(&text);
}

/* The words of @text. */
static struct sd_names
words(struct fixture *f, const char *text)
{
	struct sd_names names = { 0 };

	while (*text) {
		size_t n = strcspn(text, " ");

		*sd_push(f->arena, &names) = sd_strndup(f->arena, text, n);
		text += n + (text[n] == ' ');
	}
	return names;
}

/* a1 ← b1 ← { c1, c2 } ← d1, and an unrelated root z1. */
static struct sd_history *
diamond(struct fixture *f)
{
	put(f, "1.sql", "d1", "c1, c2");
	put(f, "2.sql", "c2", "b1");
	put(f, "3.sql", "c1", "b1");
	put(f, "4.sql", "b1", "a1");
	put(f, "5.sql", "a1", NULL);
	put(f, "6.sql", "z1", NULL);
	return load(f);
}

static void
empty_and_missing_folders(void **state)
{
	struct fixture *f = *state;
	struct sd_history *history;
	struct sd_script *script;

	*sd_push(f->arena, &f->dirs) = sd_path_join(f->arena, f->dir, "missing");
	history = load(f);
	assert_int_equal(history->scripts.n + history->heads.n, 0);
	assert_int_equal(sd_history_head(history, &f->diags, &script), SD_OK);
	assert_null(script);
}

static void
parents_first(void **state)
{
	struct fixture *f = *state;
	struct sd_history *history = diamond(f);
	struct sd_script *script;

	assert_string_equal(ids(f, &history->scripts), "a1 b1 c1 c2 d1 z1");
	assert_int_equal(history->heads.n, 2);
	assert_string_equal(history->heads.at[0], "d1");
	assert_string_equal(history->heads.at[1], "z1");
	assert_string_equal(sd_history_find(history, "c2")->message, "message of c2");
	assert_null(sd_history_find(history, "c"));
	assert_int_equal(sd_history_head(history, &f->diags, &script), SD_ERR);
	assert_int_equal(sd_diags_exit(&f->diags), SD_CLASS_HISTORY);
	assert_string_equal(said(f),
		"error: the history has 2 heads: d1, z1\n"
		"hint: name the one that you mean, or \"heads\" for all; `schemadiff merge heads -m "
		"MESSAGE` joins them\n");
}

static void
one_folder_given_twice(void **state)
{
	struct fixture *f = *state;

	put(f, "1.sql", "a1", NULL);
	*sd_push(f->arena, &f->dirs) = f->dir;
	assert_string_equal(ids(f, &load(f)->scripts), "a1");
}

static void
all_defects_together(void **state)
{
	struct fixture *f = *state;

	put(f, "1.sql", "a1", NULL);
	put(f, "2.sql", "a1", NULL);
	put(f, "3.sql", "b1", "a2");
	put(f, "4.sql", "c1", "c1");
	put(f, "5.sql", "e1", "e3");
	put(f, "6.sql", "e2", "e1");
	put(f, "7.sql", "e3", "e2");
	put(f, "8.sql", "f1", "e1");
	put(f, "9.sql", "head", NULL);
	assert_null(sd_history_load(NULL, &f->dirs, false, &sd_dialect_sqlite, f->arena, &f->diags));
	assert_int_equal(sd_diags_exit(&f->diags), SD_CLASS_HISTORY);
	assert_string_equal(said(f),
		"2.sql:2:14: error: revision \"a1\" is here twice\n"
		"1.sql:2:14: note: the other one is here\n"
		"9.sql:2: error: \"head\" cannot be a revision: letters, digits, _ and . are "
		"expected, at most 64, and not the words head, heads, base, current\n"
		"3.sql:3:13: error: revises \"a2\", and no script has that revision\n"
		"hint: did you mean \"a1\"?\n"
		"4.sql:3:13: error: revision \"c1\" revises itself\n"
		"5.sql:3:13: error: a cycle: e1 revises e3 revises e2 revises e1\n");
}

static void
missing_parent_has_a_neighbour(void **state)
{
	struct fixture *f = *state;

	put(f, "1.sql", "abcdef12", NULL);
	put(f, "2.sql", "bbbbbbbb", "abcdef13");
	assert_null(sd_history_load(NULL, &f->dirs, false, &sd_dialect_sqlite, f->arena, &f->diags));
	assert_string_equal(said(f),
		"2.sql:3:13: error: revises \"abcdef13\", and no script has that revision\n"
		"hint: did you mean \"abcdef12\"?\n");
}

static const struct {
	int line;
	const char *applied, *id, *revision; /* NULL = base, "!…" = report */
} identifiers_rows[] = {
	{ __LINE__, "", "base", NULL },
	{ __LINE__, "", "head", "dd45" },
	{ __LINE__, "", "heads", "dd45" },
	{ __LINE__, "", "dd45", "dd45" },
	{ __LINE__, "", "d", "dd45" },
	{ __LINE__, "", "aa1", "!error: \"aa1\" is ambiguous: aa12, aa13\n" },
	{ __LINE__, "", "aa12", "aa12" },
	{ __LINE__, "", "xx",
		"!error: unknown revision \"xx\"\nhint: `schemadiff history` lists "
		"them\n" },
	{ __LINE__, "", "dd4x",
		"!error: unknown revision \"dd4x\"\nhint: did you mean \"dd45\"?\n" },
	{ __LINE__, "", "",
		"!error: unknown revision \"\"\nhint: `schemadiff history` "
		"lists them\n" },
	{ __LINE__, "", "current", NULL },
	{ __LINE__, "aa12 aa13", "current", "aa13" },
	{ __LINE__, "aa12 aa13", "current+1", "cc34" },
	{ __LINE__, "aa12 aa13", "+2", "dd45" },
	{ __LINE__, "aa12 aa13", "+3", "!error: \"+3\" goes 1 further than dd45\n" },
	{ __LINE__, "aa12 aa13", "-1", "aa12" },
	{ __LINE__, "aa12 aa13", "-2", NULL },
	{ __LINE__, "aa12 aa13", "-3", "!error: \"-3\" goes 1 further than base\n" },
	{ __LINE__, "", "-1", "!error: \"-1\" goes 1 further than base\n" },
	{ __LINE__, "", "+1", "aa12" },
	{ __LINE__, "", "base+2", "aa13" },
	{ __LINE__, "", "head-1", "cc34" },
	{ __LINE__, "", "cc+1", "dd45" },
	{ __LINE__, "", "cc-0", "cc34" },
	{ __LINE__, "", "head-99999999999999999999",
		"!error: \"head-99999999999999999999\" is too far\n" },
	{ __LINE__, "gone", "current",
		"!error: the database is at revision \"gone\", and no script has that "
		"revision\nhint: get the branch that has its file\n" },
};

static void
identifiers(void **state)
{
	struct fixture *f = *state;
	struct sd_history *history;

	put(f, "1.sql", "aa12", NULL);
	put(f, "2.sql", "aa13", "aa12");
	put(f, "3.sql", "cc34", "aa13");
	put(f, "4.sql", "dd45", "cc34");
	history = load(f);
	for (size_t i = 0; i < SD_COUNT(identifiers_rows); i++) {
		struct sd_names applied = words(f, identifiers_rows[i].applied);
		struct sd_script *script = NULL;
		enum sd_status status = sd_history_resolve(
			history, identifiers_rows[i].id, &applied, &f->diags, &script);
		const char *text = said(f), *got = status   ? sd_fmt(f->arena, "!%s", text)
						   : script ? script->revision
							    : "(base)";
		const char *expected =
			identifiers_rows[i].revision ? identifiers_rows[i].revision : "(base)";

		if (strcmp(got, expected) != 0)
			print_error("line %d: %s\n", identifiers_rows[i].line, got);
		assert_string_equal(got, expected);
	}
}

static void
identifiers_where_the_way_parts(void **state)
{
	static const struct {
		const char *applied, *id, *expected;
	} rows[] = {
		{ "a1 b1", "+1",
			"error: \"+1\" is ambiguous: the way parts at b1 into c1, c2\n"
			"hint: name the revision that you mean\n" },
		{ "a1 b1 c1 c2 d1", "-1",
			"error: \"-1\" is ambiguous: it stands for 2 revisions: c1, c2\n"
			"hint: say whose line you mean, such as \"c1@-1\"\n" },
		{ "a1 b1 c1 c2 d1", "-2",
			"error: \"-2\" is ambiguous: the way parts at d1 into c1, c2\n"
			"hint: name the revision that you mean; one step back from d1 leads to all "
			"of them\n" },
		{ "a1 z1", "current",
			"error: \"current\" is ambiguous: the database is at 2 revisions at "
			"once: "
			"a1, z1\nhint: name the one that you mean, such as a1\n" },
		{ "", "head-1",
			"error: the history has 2 heads: d1, z1\n"
			"hint: name the one that you mean, or \"heads\" for all; `schemadiff merge heads -m "
		"MESSAGE` joins them\n" },
	};
	struct fixture *f = *state;
	struct sd_history *history = diamond(f);

	for (size_t i = 0; i < SD_COUNT(rows); i++) {
		struct sd_names applied = words(f, rows[i].applied);
		struct sd_script *script;

		assert_int_equal(
			sd_history_resolve(history, rows[i].id, &applied, &f->diags, &script),
			SD_ERR);
		assert_string_equal(said(f), rows[i].expected);
	}
}

static void
sets(void **state)
{
	static const struct {
		int line;
		const char *applied, *target, *up, *down, *current;
	} rows[] = {
		{ __LINE__, "", NULL, "a1 b1 c1 c2 d1 z1", "", "" },
		{ __LINE__, "", "c2", "a1 b1 c2", "!", "" },
		{ __LINE__, "a1 b1 c1", NULL, "c2 d1 z1", "c1 b1 a1", "c1" },
		{ __LINE__, "a1 b1 c1", "b1", "", "c1", "c1" },
		{ __LINE__, "c1 b1 a1 c2", "c1", "", "", "c1 c2" },
		{ __LINE__, "c1 b1 a1 c2", "b1", "", "c2 c1", "c1 c2" },
		{ __LINE__, "d1", "d1", "a1 b1 c1 c2", "", "d1" },
		{ __LINE__, "a1 z1", "a1", "", "", "a1 z1" },
		{ __LINE__, "a1 gone", "a1", "", "!", "a1 gone" },
	};
	struct fixture *f = *state;
	struct sd_history *history = diamond(f);

	for (size_t i = 0; i < SD_COUNT(rows); i++) {
		struct sd_names applied = words(f, rows[i].applied), current = { 0 };
		struct sd_names expected = words(f, rows[i].current);
		struct sd_script *target =
			rows[i].target ? sd_history_find(history, rows[i].target) : NULL;
		struct sd_scripts up = { 0 }, down = { 0 };
		enum sd_status status;

		sd_history_upgrade(history, target, &applied, f->arena, &up);
		assert_string_equal(ids(f, &up), rows[i].up);
		status = sd_history_downgrade(
			history, target, &applied, f->arena, &f->diags, &down);
		assert_string_equal(status ? "!" : ids(f, &down), rows[i].down);
		sd_history_current(history, &applied, f->arena, &current);
		assert_true(sd_names_equal(&current, &expected));
	}
	assert_string_equal(said(f),
		"error: cannot downgrade to c2: it is not applied\n"
		"hint: `schemadiff upgrade c2` goes there\n"
		"error: revision \"gone\" is applied, and there is no script that says how to "
		"undo it\n"
		"hint: get the branch that has its file\n");
}

#define T(test) cmocka_unit_test_setup_teardown(test, setup, teardown)

int
main(void)
{
	const struct CMUnitTest tests[] = {
		T(empty_and_missing_folders),
		T(parents_first),
		T(one_folder_given_twice),
		T(all_defects_together),
		T(missing_parent_has_a_neighbour),
		T(identifiers),
		T(identifiers_where_the_way_parts),
		T(sets),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
