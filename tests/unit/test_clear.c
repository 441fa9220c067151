/* What `fresh` drops, and that it is what somebody has agreed to. */
#include "core/history/clear.h"

#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>

#include <cmocka.h>
#include <string.h>

static const struct sd_pos nowhere;
static const struct sd_names no_globs;
static const struct sd_target memory = {
	.dialect = &sd_dialect_sqlite, .file = "dir/my app.db", .masked = "sqlite::memory:"
};

struct fixture {
	struct sd_arena *arena;
	struct sd_diags diags;
	struct sd_history history;
	struct sd_bookkeeping books;
	struct sd_run run;
	struct sd_clearing clearing;
};

static int
setup(void **state)
{
	struct sd_target target = memory;
	struct sd_arena *arena = sd_arena_new();
	struct fixture *f = sd_new(arena, struct fixture);

	target.file = ":memory:";
	f->arena = f->diags.arena = arena;
	f->history.dialect = &sd_dialect_sqlite;
	f->run = (struct sd_run){ .db = sd_db_open(&target, SD_DB_WRITE, &f->diags),
		.books = &f->books,
		.history = &f->history,
		.arena = arena };
	*state = f;
	return f->run.db ? 0 : -1;
}

static int
teardown(void **state)
{
	struct fixture *f = *state;

	sd_db_close(f->run.db);
	sd_arena_free(f->arena);
	return 0;
}

static void
exec(struct fixture *f, const char *sql)
{
	assert_int_equal(sd_db_exec(f->run.db, nowhere, sql), SD_OK);
}

static void
look(struct fixture *f)
{
	assert_int_equal(
		sd_clear_look(f->run.db, &memory, &f->books, &no_globs, f->arena, &f->clearing),
		SD_OK);
	sd_clear_count(f->run.db, &f->clearing, f->arena);
}

static const char *
tables(struct fixture *f)
{
	const char *value;

	assert_int_equal(sd_db_value(f->run.db, nowhere,
				 "SELECT group_concat(name, ' ') FROM (SELECT name FROM "
				 "sqlite_schema WHERE type = 'table' ORDER BY 1)",
				 NULL, 0, f->arena, &value),
		SD_OK);
	return value ? value : "";
}

static void
summaries(void **state)
{
	struct fixture *f = *state;

	look(f);
	assert_string_equal(f->clearing.database, "my app.db");
	assert_string_equal(sd_clear_summary(&f->clearing, f->arena), "nothing");
	exec(f, "CREATE TABLE a (x)");
	look(f);
	assert_string_equal(sd_clear_summary(&f->clearing, f->arena), "1 table with 0 rows");
	exec(f, "CREATE VIEW v AS SELECT * FROM a");
	exec(f, "INSERT INTO a VALUES (1)");
	exec(f, "PRAGMA application_id = 3");
	look(f);
	assert_string_equal(sd_clear_summary(&f->clearing, f->arena),
		"1 table with 1 row, 1 setting, 1 view");
	exec(f, "CREATE TABLE b AS WITH RECURSIVE n(i) AS (SELECT 1 UNION ALL SELECT i + 1 "
		"FROM n "
		"WHERE i < 10002) SELECT * FROM n");
	look(f);
	assert_string_equal(sd_clear_summary(&f->clearing, f->arena),
		"2 tables with more than 10001 rows, 1 setting, 1 view");
}

static enum sd_status
clear(struct fixture *f)
{
	return sd_run_clear(&f->run, &memory, &no_globs, &f->clearing);
}

static void
what_was_agreed_to(void **state)
{
	struct fixture *f = *state;

	exec(f, "CREATE TABLE a (x)");
	look(f);
	exec(f, "CREATE TABLE late (x)");
	assert_int_equal(clear(f), SD_ERR);
	assert_int_equal(sd_diags_exit(&f->diags), SD_CLASS_REFUSED);
	assert_string_equal(f->diags.list.at[0].text,
		"table late has come meanwhile, and nobody has agreed to lose it");
	assert_string_equal(tables(f), "a late");
	/* what has gone meanwhile is no loss */
	exec(f, "DROP TABLE late");
	exec(f, "CREATE TABLE gone (x)");
	look(f);
	exec(f, "DROP TABLE gone");
	assert_int_equal(clear(f), SD_OK);
	assert_string_equal(tables(f), "schemadiff_log schemadiff_meta schemadiff_revisions");
}

static void
foreign_keys(void **state)
{
	struct fixture *f = *state;

	exec(f, "PRAGMA foreign_keys = ON");
	exec(f, "CREATE TABLE p (x PRIMARY KEY)");
	exec(f, "CREATE TABLE c (x REFERENCES p)");
	exec(f, "INSERT INTO p VALUES (1)");
	exec(f, "INSERT INTO c VALUES (1)");
	/* an order in which the child comes last */
	exec(f, "ALTER TABLE c RENAME TO z");
	look(f);
	assert_int_equal(clear(f), SD_OK);
	assert_string_equal(tables(f), "schemadiff_log schemadiff_meta schemadiff_revisions");
}

#define T(test) cmocka_unit_test_setup_teardown(test, setup, teardown)

int
main(void)
{
	const struct CMUnitTest tests[] = { T(summaries), T(what_was_agreed_to),
		T(foreign_keys) };

	return cmocka_run_group_tests(tests, NULL, NULL);
}
