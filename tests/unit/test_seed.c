/* Seeds: when one is due, what is an edit of it, and that its record is of the same
 * transaction. */
#include "core/base/file.h"
#include "core/history/seed.h"

#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>

#include <cmocka.h>
#include <stdlib.h>
#include <string.h>

static const struct sd_pos nowhere;

struct fixture {
	struct sd_arena *arena;
	struct sd_diags diags;
	char dir[64];
	struct sd_bookkeeping books;
	struct sd_db *db; /* in memory */
	struct sd_run run;
	struct sd_run_result result;
};

static int
setup(void **state)
{
	static const struct sd_target memory = {
		.dialect = &sd_dialect_sqlite, .file = ":memory:", .masked = "sqlite::memory:"
	};
	struct sd_arena *arena = sd_arena_new();
	struct fixture *f = sd_new(arena, struct fixture);

	f->arena = f->diags.arena = arena;
	strncpy(f->dir, "/tmp/schemadiff-test-XXXXXX", sizeof f->dir - 1);
	f->db = sd_db_open(&memory, SD_DB_WRITE, &f->diags);
	*state = f;
	return f->db && mkdtemp(f->dir) ? 0 : -1;
}

static int
teardown(void **state)
{
	struct fixture *f = *state;
	const char *command = sd_fmt(f->arena, "rm -rf '%s'", f->dir);

	sd_db_close(f->db);
	if (system(command))
		return -1;
	sd_arena_free(f->arena);
	return 0;
}

static struct sd_script *
seed(struct fixture *f, const char *text)
{
	return sd_script_parse_seed("seeds/a.sql", "seeds/a.sql", text, strlen(text),
		&sd_dialect_sqlite, f->arena, &f->diags);
}

/* ---- the checksum -------------------------------------------------------------------------
 */

#define TEXT "INSERT INTO t VALUES (1);\n"

static const struct {
	int line;
	const char *text;
	enum sd_seed_when when;
	bool same; /* as TEXT */
} checksum_rows[] = {
	{ __LINE__, TEXT, SD_SEED_CHANGED, true },
	{ __LINE__, "-- schemadiff:seed changed\n" TEXT, SD_SEED_CHANGED, true },
	{ __LINE__, "-- schemadiff:seed once\n" TEXT, SD_SEED_ONCE, true },
	{ __LINE__, "--schemadiff:seed always\r\n" TEXT, SD_SEED_ALWAYS, true },
	{ __LINE__, "-- schemadiff:depends-on a, b\n-- schemadiff:seed once\n" TEXT,
		SD_SEED_ONCE, true },
	{ __LINE__, "-- a remark\nINSERT  INTO t\n  VALUES (1)  ;", SD_SEED_CHANGED, true },
	{ __LINE__, "INSERT INTO t VALUES (2);\n", SD_SEED_CHANGED, false },
	{ __LINE__, TEXT "SELECT 1;\n", SD_SEED_CHANGED, false },
	{ __LINE__, "-- schemadiff:expect-none x\nSELECT 1 WHERE 0;\n" TEXT, SD_SEED_CHANGED,
		false },
};

static void
checksums(void **state)
{
	struct fixture *f = *state;
	const char *expected = seed(f, TEXT)->checksum;

	assert_non_null(expected);
	for (size_t i = 0; i < SD_COUNT(checksum_rows); i++) {
		const struct sd_script *script = seed(f, checksum_rows[i].text);

		if (!script || script->when != checksum_rows[i].when ||
			(strcmp(script->checksum, expected) == 0) != checksum_rows[i].same)
			fail_msg("row of line %d", checksum_rows[i].line);
	}
}

/* ---- due ----------------------------------------------------------------------------------
 */

#define DUE(row, when, again, state, due)                                                      \
	{                                                                                      \
		__LINE__, row, when, again, state, due                                         \
	}

static const struct {
	int line;
	const char *row; /* the checksum in the table; "" = that of the file, NULL = no row */
	enum sd_seed_when when;
	bool again;
	enum sd_seed_state state;
	bool due;
} due_rows[] = {
	DUE(NULL, SD_SEED_CHANGED, false, SD_SEED_NEW, true),
	DUE(NULL, SD_SEED_ONCE, false, SD_SEED_NEW, true),
	DUE(NULL, SD_SEED_ALWAYS, false, SD_SEED_NEW, true),
	DUE("", SD_SEED_CHANGED, false, SD_SEED_DONE, false),
	DUE("", SD_SEED_ONCE, false, SD_SEED_DONE, false),
	DUE("", SD_SEED_ALWAYS, false, SD_SEED_DONE, true),
	DUE("x", SD_SEED_CHANGED, false, SD_SEED_EDITED, true),
	DUE("x", SD_SEED_ONCE, false, SD_SEED_EDITED, false),
	DUE("x", SD_SEED_ALWAYS, false, SD_SEED_EDITED, true),
	DUE("", SD_SEED_CHANGED, true, SD_SEED_DONE, true),
	DUE("x", SD_SEED_ONCE, true, SD_SEED_EDITED, true),
};

/* A database with the tables, and a history of one revision that is not applied. */
static void
open_books(struct fixture *f)
{
	const char *text =
		"-- m\n-- revision: a1\n-- label: main\n-- schemadiff:up\nSELECT 1;\n";

	struct sd_names dirs = { 0 };

	assert_int_equal(sd_file_write(sd_fmt(f->arena, "%s/1.sql", f->dir), text, strlen(text),
				 false, &f->diags),
		SD_OK);
	*sd_push(f->arena, &dirs) = f->dir;
	f->run.history =
		sd_history_load(NULL, &dirs, false, &sd_dialect_sqlite, f->arena, &f->diags);
	assert_int_equal(sd_state_create(f->db, &f->books), SD_OK);
	assert_int_equal(sd_state_create_book(f->db, &f->books, SD_BOOK_SEEDS), SD_OK);
	assert_int_equal(sd_db_exec(f->db, nowhere, "CREATE TABLE t (x)"), SD_OK);
	f->run.db = f->db;
	f->run.books = &f->books;
	f->run.arena = f->arena;
}

static void
due(void **state)
{
	struct fixture *f = *state;
	struct sd_seed one = { .script = seed(f, TEXT) };
	struct sd_seeds seeds = { .at = &one, .n = 1 };
	const struct sd_history history = { 0 };

	open_books(f);
	for (size_t i = 0; i < SD_COUNT(due_rows); i++) {
		const char *row = due_rows[i].row;
		const char *params[] = { row && *row ? row : one.script->checksum };

		one.script->when = due_rows[i].when;
		assert_int_equal(
			sd_db_exec(f->db, nowhere, "DELETE FROM schemadiff_seeds"), SD_OK);
		if (row)
			assert_int_equal(sd_db_exec_params(f->db, nowhere,
						 "INSERT INTO schemadiff_seeds VALUES "
						 "('seeds/a.sql', $1, 'T', 'w', 0, 'v')",
						 params, 1),
				SD_OK);
		assert_int_equal(
			sd_seeds_look(&seeds, &history, f->db, &f->books, due_rows[i].again,
				f->arena),
			SD_OK);
		if (one.state != due_rows[i].state || one.due != due_rows[i].due ||
			!one.applied_at != !row)
			fail_msg("row of line %d", due_rows[i].line);
	}
}

/* ---- waiting, and running ------------------------------------------------------------------
 */

static void
run_one(struct fixture *f, const char *text, bool force, enum sd_status expected)
{
	struct sd_seed one = { .script = seed(f, text) };
	struct sd_seeds seeds = { .at = &one, .n = 1 };

	assert_int_equal(sd_seeds_link(&seeds, f->run.history, &f->diags), SD_OK);
	assert_int_equal(sd_run_seeds(&f->run, &seeds, false, force, &f->result), expected);
}

static const char *
count(struct fixture *f, const char *table)
{
	const char *value;

	assert_int_equal(
		sd_db_value(f->db, nowhere, sd_fmt(f->arena, "SELECT count(*) FROM %s", table),
			NULL, 0, f->arena, &value),
		SD_OK);
	return value;
}

static void
running(void **state)
{
	struct fixture *f = *state;
	struct sd_names none = { 0 };

	open_books(f);
	run_one(f, TEXT, false, SD_ERR);
	assert_int_equal(sd_diags_exit(&f->diags), SD_CLASS_REFUSED);
	run_one(f, "-- schemadiff:depends-on main\n" TEXT, true, SD_OK);
	assert_int_equal(f->result.done.n, 0);
	/* the record and the rows are one transaction: both, or neither */
	assert_int_equal(
		sd_db_exec(f->db, nowhere,
			"CREATE TRIGGER r BEFORE INSERT ON schemadiff_seeds BEGIN SELECT "
			"RAISE(ABORT, 'no'); END"),
		SD_OK);
	run_one(f, TEXT, true, SD_ERR);
	assert_string_equal(f->result.failed, "seeds/a.sql");
	assert_string_equal(count(f, "t"), "0");
	assert_int_equal(sd_db_exec(f->db, nowhere, "DROP TRIGGER r"), SD_OK);
	run_one(f, TEXT, true, SD_OK);
	assert_int_equal(f->result.done.n, 1);
	run_one(f, TEXT, true, SD_OK);
	assert_int_equal(f->result.done.n, 0);
	assert_string_equal(count(f, "t"), "1");
	assert_string_equal(count(f, "schemadiff_seeds"), "1");
	*sd_push(f->arena, &none) = "a1";
	assert_int_equal(
		sd_seeds_refuse(f->run.history, &none, &(struct sd_partial){ 0 }, &f->diags),
		SD_OK);
	assert_int_equal(
		sd_seeds_refuse(f->run.history, &none,
			&(struct sd_partial){ .revision = "a1", .down = true }, &f->diags),
		SD_ERR);
}

#define T(test) cmocka_unit_test_setup_teardown(test, setup, teardown)

int
main(void)
{
	const struct CMUnitTest tests[] = { T(checksums), T(due), T(running) };

	return cmocka_run_group_tests(tests, NULL, NULL);
}
