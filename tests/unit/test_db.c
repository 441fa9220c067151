#include "core/base/file.h"
#include "core/db/db.h"

#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>

#include <cmocka.h>
#include <signal.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <sys/wait.h>
#include <unistd.h>

/* What every test has: a folder of its own and a place for reports. */
struct fixture {
	struct sd_arena *arena;
	struct sd_diags diags;
	char dir[64];
	struct sd_target target;
};

static const struct sd_pos nowhere;
static const struct sd_wait at_once;

static int
setup(void **state)
{
	struct sd_arena *arena = sd_arena_new();
	struct fixture *f = sd_new(arena, struct fixture);

	f->arena = arena;
	f->diags.arena = arena;
	strncpy(f->dir, "/tmp/schemadiff-test-XXXXXX", sizeof f->dir - 1);
	if (!mkdtemp(f->dir))
		return -1;
	f->target.dialect = &sd_dialect_sqlite;
	f->target.file = sd_fmt(arena, "%s/app.db", f->dir);
	f->target.masked = "sqlite:app.db";
	*state = f;
	return 0;
}

static int
teardown(void **state)
{
	struct fixture *f = *state;

	(void)!system(sd_fmt(f->arena, "chmod -R u+w '%s'; rm -rf '%s'", f->dir, f->dir));
	sd_arena_free(f->arena);
	return 0;
}

static const char *
said(struct fixture *f)
{
	struct sd_buf out = SD_BUF(f->arena);

	sd_diags_format(&f->diags, 0, false, &out);
	f->diags.list.n = 0;
	f->diags.n_errors = 0;
	return sd_buf_text(&out);
}

static struct sd_db *
open_db(struct fixture *f, enum sd_db_mode mode)
{
	struct sd_db *db = sd_db_open(&f->target, mode, &f->diags);

	if (!db)
		print_error("%s", said(f));
	assert_non_null(db);
	return db;
}

static void
run(struct sd_db *db, const char *sql)
{
	assert_int_equal(sd_db_exec(db, nowhere, sql), SD_OK);
}

static void
expect_answer(struct fixture *f, struct sd_db *db, const char *sql, const char *expected)
{
	const char *value;

	assert_int_equal(sd_db_value(db, nowhere, sql, NULL, 0, f->arena, &value), SD_OK);
	if (expected)
		assert_string_equal(value ? value : "(null)", expected);
	else
		assert_null(value);
}

static void
open_refuses_what_is_no_database(void **state)
{
	struct fixture *f = *state;
	const char *text =
		"this is a text file that is long enough to be looked at as a header, "
		"which an SQLite file has a hundred bytes of";

	assert_false(sd_db_exists(&f->target));
	assert_null(sd_db_open(&f->target, SD_DB_READ, &f->diags));
	assert_string_equal(said(f),
		"error: database sqlite:app.db does not exist\n"
		"hint: check the URL; `schemadiff upgrade` creates the file\n");
	assert_false(sd_file_exists(f->target.file));

	assert_int_equal(
		sd_file_write(f->target.file, text, strlen(text), false, &f->diags), 0);
	assert_true(sd_db_exists(&f->target));
	assert_null(sd_db_open(&f->target, SD_DB_READ, &f->diags));
	assert_string_equal(said(f), "error: database sqlite:app.db is not an SQLite database "
				     "(or it is encrypted)\n");
	assert_null(sd_db_open(&f->target, SD_DB_WRITE, &f->diags));
	assert_int_equal(f->diags.list.at[0].class, SD_CLASS_DATABASE);
	(void)said(f);

	f->target.file = f->dir;
	assert_null(sd_db_open(&f->target, SD_DB_WRITE, &f->diags));
	assert_string_equal(said(f), "error: database sqlite:app.db is a folder, not a file\n");

	f->target.file = sd_fmt(f->arena, "%s/none/app.db", f->dir);
	assert_null(sd_db_open(&f->target, SD_DB_WRITE, &f->diags));
	assert_non_null(strstr(said(f), "cannot be created: there is no folder"));
}

static void
reading_creates_and_changes_nothing(void **state)
{
	struct fixture *f = *state;
	struct sd_db *db;

	assert_int_equal(sd_file_write(f->target.file, "", 0, false, &f->diags), SD_OK);
	db = open_db(f, SD_DB_READ);
	expect_answer(f, db, "SELECT count(*) FROM sqlite_schema", "0");
	assert_int_equal(sd_db_exec(db, nowhere, "CREATE TABLE t (a)"), SD_ERR);
	assert_non_null(strstr(said(f), "readonly"));
	sd_db_close(db);
}

static void
memory_database(void **state)
{
	struct fixture *f = *state;
	struct sd_db *db;

	f->target.file = ":memory:";
	assert_true(sd_db_exists(&f->target));
	db = open_db(f, SD_DB_WRITE);
	run(db, "CREATE TABLE t (a)");
	expect_answer(f, db, "SELECT count(*) FROM t", "0");
	sd_db_close(db);
}

static void
statements_and_their_errors(void **state)
{
	struct fixture *f = *state;
	struct sd_db *db = open_db(f, SD_DB_WRITE);
	const char *params[] = { "7", NULL };
	const struct sd_pos pos = { .file = "m/1.sql", .line = 10 };
	struct sd_rows *rows;

	run(db, "CREATE TABLE t (a integer, b text)");
	run(db, "  -- nothing\n ; ");
	assert_int_equal(sd_db_exec_params(db, nowhere,
				 "INSERT INTO t VALUES ($1, $2) ; -- end", params, 2),
		SD_OK);
	run(db, "WITH RECURSIVE n(i) AS (SELECT 1 UNION ALL SELECT i + 1 FROM n WHERE i < 9) "
		"INSERT INTO t SELECT i, 'x' FROM n RETURNING a");
	expect_answer(f, db, "SELECT count(*) FROM t", "10");
	expect_answer(f, db, "SELECT b FROM t WHERE a = 7 AND b IS NULL", NULL);
	expect_answer(f, db, "SELECT a FROM t WHERE a > 100", NULL);

	assert_int_equal(sd_db_exec(db, pos, "SELECT 1; SELECT 2"), SD_ERR);
	assert_string_equal(said(f),
		"m/1.sql:10: error: one statement was expected, and text follows it\n");
	assert_int_equal(sd_db_exec(db, pos, "SELECT 1; nonsense"), SD_ERR);
	(void)said(f);
	assert_int_equal(sd_db_exec(db, pos, "SELECT a,\n  b,\n  nope\nFROM t"), SD_ERR);
	assert_string_equal(said(f), "m/1.sql:12:3: error: no such column: nope\n");
	assert_int_equal(sd_db_exec(db, pos, "SELECT nope FROM t"), SD_ERR);
	assert_string_equal(said(f), "m/1.sql:10: error: no such column: nope\n");
	assert_int_equal(sd_db_exec(db, nowhere, "SELECT nope FROM t"), SD_ERR);
	assert_string_equal(said(f), "error: database sqlite:app.db: no such column: nope\n");
	assert_null(sd_db_query(db, pos, "-- empty", NULL, 0));
	(void)said(f);

	rows = sd_db_query(
		db, nowhere, "SELECT a AS one, b AS two FROM t WHERE b IS NULL", NULL, 0);
	assert_int_equal(sd_rows_next(rows), SD_OK);
	assert_int_equal(sd_rows_count(rows), 2);
	assert_string_equal(sd_rows_label(rows, 1), "two");
	assert_string_equal(sd_rows_text(rows, 0), "7");
	assert_null(sd_rows_text(rows, 1));
	assert_int_equal(sd_rows_next(rows), SD_NOTFOUND);
	sd_rows_close(rows);
	sd_db_close(db);
}

static void
a_failing_step_is_reported(void **state)
{
	struct fixture *f = *state;
	struct sd_db *db = open_db(f, SD_DB_WRITE);
	struct sd_rows *rows = sd_db_query(
		db, nowhere, "SELECT 1 UNION ALL SELECT abs(-9223372036854775808)", NULL, 0);

	assert_non_null(rows);
	assert_int_equal(sd_rows_next(rows), SD_OK);
	assert_int_equal(sd_rows_next(rows), SD_ERR);
	assert_string_equal(said(f), "error: database sqlite:app.db: integer overflow\n");
	sd_rows_close(rows);
	sd_db_close(db);
}

static void
foreign_keys_off_for_one_transaction(void **state)
{
	struct fixture *f = *state;
	struct sd_db *db = open_db(f, SD_DB_WRITE);

	expect_answer(f, db, "PRAGMA foreign_keys", "1");
	run(db, "CREATE TABLE p (id integer PRIMARY KEY)");
	run(db, "CREATE TABLE c (p integer REFERENCES p ON DELETE CASCADE)");
	run(db, "INSERT INTO p VALUES (1)");
	run(db, "INSERT INTO c VALUES (1)");

	assert_int_equal(sd_db_begin(db, &at_once, true), SD_OK);
	expect_answer(f, db, "PRAGMA foreign_keys", "0");
	run(db, "PRAGMA legacy_alter_table = ON");
	run(db, "DROP TABLE p");
	assert_int_equal(sd_db_begin(db, &at_once, false), SD_ERR);
	assert_non_null(strstr(said(f), "a transaction is open already"));
	sd_db_rollback(db);
	sd_db_rollback(db);
	expect_answer(f, db, "PRAGMA foreign_keys", "1");
	expect_answer(f, db, "PRAGMA legacy_alter_table", "0");
	expect_answer(f, db, "SELECT count(*) FROM p", "1");

	assert_int_equal(sd_db_begin(db, &at_once, true), SD_OK);
	run(db, "PRAGMA legacy_alter_table = ON");
	run(db, "DELETE FROM p");
	assert_int_equal(sd_db_commit(db, &at_once), SD_OK);
	expect_answer(f, db, "PRAGMA foreign_keys", "1");
	expect_answer(f, db, "PRAGMA legacy_alter_table", "0");
	expect_answer(f, db, "SELECT count(*) FROM c", "1");

	run(db, "PRAGMA foreign_keys = OFF");
	run(db, "PRAGMA recursive_triggers = ON");
	assert_int_equal(sd_db_reset(db), SD_OK);
	expect_answer(f, db, "PRAGMA foreign_keys", "1");
	expect_answer(f, db, "PRAGMA recursive_triggers", "0");
	sd_db_close(db);
}

/* A reset in the middle of a transaction must not make COMMIT forget a violation. */
static void
deferred_keys_are_still_checked(void **state)
{
	struct fixture *f = *state;
	struct sd_db *db = open_db(f, SD_DB_WRITE);

	run(db, "CREATE TABLE p (id integer PRIMARY KEY)");
	run(db, "CREATE TABLE c (p integer REFERENCES p)");
	assert_int_equal(sd_db_begin(db, &at_once, false), SD_OK);
	run(db, "PRAGMA defer_foreign_keys = ON");
	run(db, "INSERT INTO c VALUES (1)");
	assert_int_equal(sd_db_reset(db), SD_OK);
	assert_int_equal(sd_db_commit(db, &at_once), SD_ERR);
	assert_non_null(strstr(said(f), "FOREIGN KEY constraint failed"));
	sd_db_rollback(db);
	expect_answer(f, db, "SELECT count(*) FROM c", "0");
	sd_db_close(db);
}

static bool
count_call(void *ctx, unsigned seconds)
{
	unsigned *last = ctx;

	assert_int_equal(seconds, *last);
	++*last;
	return true;
}

static bool
give_up(void *ctx, unsigned seconds)
{
	(void)ctx;
	(void)seconds;
	return false;
}

static void
waiting_for_the_lock(void **state)
{
	struct fixture *f = *state;
	struct sd_db *holder = open_db(f, SD_DB_WRITE), *db = open_db(f, SD_DB_WRITE);
	unsigned calls = 0;
	const struct sd_wait one_second = {
		.seconds = 1, .waiting = count_call, .ctx = &calls
	};
	const struct sd_wait no_patience = { .seconds = 60, .waiting = give_up };

	assert_int_equal(sd_db_begin(holder, &at_once, false), SD_OK);
	assert_int_equal(sd_db_begin(db, &one_second, true), SD_ERR);
	assert_string_equal(said(f),
		"error: database sqlite:app.db: the database is locked by another process\n"
		"hint: try again when it has finished, or wait longer with --wait SECONDS\n");
	assert_int_equal(calls, 1);
	expect_answer(f, db, "PRAGMA foreign_keys", "1");
	assert_int_equal(sd_db_begin(db, &no_patience, false), SD_ERR);
	(void)said(f);
	sd_db_rollback(holder);
	assert_int_equal(sd_db_begin(db, &at_once, false), SD_OK);
	sd_db_rollback(db);
	sd_db_close(db);
	sd_db_close(holder);
}

static void
a_reader_holds_up_commit(void **state)
{
	struct fixture *f = *state;
	struct sd_db *db = open_db(f, SD_DB_WRITE), *reader;
	struct sd_rows *rows;

	run(db, "CREATE TABLE t (a)");
	run(db, "INSERT INTO t VALUES (1), (2), (3)");
	reader = open_db(f, SD_DB_READ);
	rows = sd_db_query(reader, nowhere, "SELECT a FROM t", NULL, 0);
	assert_int_equal(sd_rows_next(rows), SD_OK);
	assert_int_equal(sd_db_begin(db, &at_once, false), SD_OK);
	run(db, "DELETE FROM t");
	assert_int_equal(sd_db_commit(db, &at_once), SD_ERR);
	assert_non_null(strstr(said(f), "locked by another process"));
	sd_rows_close(rows);
	assert_int_equal(sd_db_commit(db, &at_once), SD_OK);
	expect_answer(f, reader, "SELECT count(*) FROM t", "0");
	sd_db_close(reader);
	sd_db_close(db);
}

/* A file that someone works on is opened without waiting; the query waits. */
static void
a_locked_file_can_be_opened(void **state)
{
	struct fixture *f = *state;
	struct sd_db *holder = open_db(f, SD_DB_WRITE), *db;
	const char *value;

	run(holder, "CREATE TABLE t (a)");
	run(holder, "BEGIN EXCLUSIVE");
	db = open_db(f, SD_DB_READ);
	sd_db_patience(db, &at_once);
	assert_int_equal(
		sd_db_value(db, nowhere, "SELECT count(*) FROM t", NULL, 0, f->arena, &value),
		SD_ERR);
	assert_non_null(strstr(said(f), "locked by another process"));
	run(holder, "COMMIT");
	expect_answer(f, db, "SELECT count(*) FROM t", "0");
	sd_db_close(db);
	sd_db_close(holder);
}

/* Die in the middle of a transaction that has reached the file. */
static void
die_writing(struct fixture *f)
{
	pid_t pid = fork();
	int status;

	assert_true(pid >= 0);
	if (pid == 0) {
		struct sd_db *db = sd_db_open(&f->target, SD_DB_WRITE, &f->diags);

		(void)sd_db_exec(db, nowhere, "PRAGMA cache_size = 5");
		(void)sd_db_begin(db, &at_once, false);
		(void)sd_db_exec(db, nowhere, "UPDATE t SET a = zeroblob(2000)");
		(void)raise(SIGKILL);
	}
	assert_int_equal(waitpid(pid, &status, 0), pid);
	assert_true(WIFSIGNALED(status));
}

static void
reading_after_a_kill(void **state)
{
	struct fixture *f = *state;
	struct sd_db *db = open_db(f, SD_DB_WRITE);

	run(db, "CREATE TABLE t (a)");
	run(db, "WITH RECURSIVE n(i) AS (SELECT 1 UNION ALL SELECT i + 1 FROM n WHERE i < 500) "
		"INSERT INTO t SELECT zeroblob(1000) FROM n");
	sd_db_close(db);
	die_writing(f);
	assert_true(sd_file_exists(sd_fmt(f->arena, "%s-journal", f->target.file)));
	db = open_db(f, SD_DB_READ);
	expect_answer(f, db, "SELECT sum(length(a)) FROM t", "500000");
	assert_int_equal(sd_db_exec(db, nowhere, "DELETE FROM t"), SD_ERR);
	sd_db_close(db);
}

/* In WAL mode even a reader needs files beside the database: none may stay. */
static void
reading_leaves_no_files(void **state)
{
	struct fixture *f = *state;
	struct sd_db *db = open_db(f, SD_DB_WRITE);
	char *before, *after;
	size_t n, m;

	run(db, "PRAGMA journal_mode = WAL");
	run(db, "CREATE TABLE t (a)");
	sd_db_close(db);
	assert_int_equal(sd_file_read(f->target.file, f->arena, &f->diags, &before, &n), SD_OK);
	db = open_db(f, SD_DB_READ);
	expect_answer(f, db, "SELECT count(*) FROM t", "0");
	assert_int_equal(sd_db_exec(db, nowhere, "INSERT INTO t VALUES (1)"), SD_ERR);
	sd_db_close(db);
	assert_false(sd_file_exists(sd_fmt(f->arena, "%s-wal", f->target.file)));
	assert_false(sd_file_exists(sd_fmt(f->arena, "%s-shm", f->target.file)));
	assert_int_equal(sd_file_read(f->target.file, f->arena, &f->diags, &after, &m), SD_OK);
	assert_int_equal(n, m);
	assert_memory_equal(before, after, n);
}

static void
same_expressions(void **state)
{
	static const struct {
		int line;
		const char *table, *a, *b;
		bool same;
	} rows[] = {
		{ __LINE__, "t", "x>0", "( X > 0 )", 1 },
		{ __LINE__, "t", "\"x\" == 1", "x = 1", 1 },
		{ __LINE__, "t", "x <> 1", "x != 1", 1 },
		{ __LINE__, "t", "coalesce(x, 0)", "ifnull(x, 0)", 1 },
		{ __LINE__, "t", "x > 0", "x > 1", 0 },
		{ __LINE__, "t", "x > 0", "y > 0", 0 },
		{ __LINE__, "t", "x > 0", "x >= 0", 0 },
		{ __LINE__, "t", "s = 'a'", "s = 'b'", 0 },
		{ __LINE__, "t", "s = 'a'", "s = 'A'", 0 },
		{ __LINE__, "t", "s", "s COLLATE NOCASE", 0 },
		{ __LINE__, "t", "s COLLATE NOCASE", "s collate nocase", 1 },
		{ __LINE__, "t", "s COLLATE NOCASE", "s COLLATE RTRIM", 0 },
		{ __LINE__, "t", "x IS NOT NULL", "y IS NOT NULL", 0 },
		{ __LINE__, "t", "x IS NOT NULL", "1", 0 },
		{ __LINE__, "t", "x IS NOT NULL OR s > 0", "x IS NOT NULL OR s > 1", 0 },
		{ __LINE__, "t", "x IS NOT NULL AND y IS NULL", "y IS NOT NULL AND x IS NULL",
			0 },
		{ __LINE__, "t", "x NOTNULL", "x IS NOT NULL", 1 },
		{ __LINE__, "t", "nope > 0", "nope > 0", 0 },
		{ __LINE__, "t", "1) FROM t; --", "1", 0 },
		{ __LINE__, "t", "x, y", "x, y", 0 },
		{ __LINE__, "t", "", "", 0 },
		{ __LINE__, "v", "q > 1", "(q) > 1", 1 },
		{ __LINE__, "v", "q > 1", "q > 2", 0 },
		{ __LINE__, "none", "1", "1", 0 },
		{ __LINE__, NULL, "1+1", "1 + 1", 1 },
		{ __LINE__, NULL, "'a'", "'b'", 0 },
		{ __LINE__, NULL, "CURRENT_TIMESTAMP", "current_timestamp", 1 },
		{ __LINE__, NULL, "datetime('now')", "CURRENT_TIMESTAMP", 0 },
		{ __LINE__, NULL, "1", "1.0", 0 },
	};
	struct fixture *f = *state;
	struct sd_db *db = open_db(f, SD_DB_WRITE);

	run(db, "CREATE TABLE t (x integer NOT NULL, y integer NOT NULL, s text)");
	run(db, "CREATE VIEW v AS SELECT x + 1 AS q FROM t");
	for (size_t i = 0; i < SD_COUNT(rows); i++) {
		const struct sd_expressions pair = {
			.relation = rows[i].table, .a = rows[i].a, .b = rows[i].b
		};
		enum sd_sameness same = SD_DIFFERENT;

		sd_db_same_expressions(db, &pair, 1, &same);

		if (same != rows[i].same)
			print_error("line %d: %s | %s: %d\n", rows[i].line, rows[i].a,
				rows[i].b, same);
		assert_int_equal(same, rows[i].same);
	}
	assert_int_equal(f->diags.list.n, 0);
	sd_db_close(db);
}

static void
names_the_engine_knows(void **state)
{
	struct fixture *f = *state;
	struct sd_db *db = open_db(f, SD_DB_WRITE);

	assert_true(sd_db_knows_function(db, "UPPER"));
	assert_false(sd_db_knows_function(db, "my_upper"));
	assert_true(sd_db_knows_collation(db, "nocase"));
	assert_false(sd_db_knows_collation(db, "klingon"));
	assert_ptr_equal(sd_db_dialect(db), &sd_dialect_sqlite);
	assert_true(sd_db_version(db) >= 3035000);
	assert_ptr_equal(sd_db_diags(db), &f->diags);
	assert_true(*sd_db_whoami(db, f->arena) != '\0');
	sd_db_close(db);
}

#define T(test) cmocka_unit_test_setup_teardown(test, setup, teardown)

int
main(void)
{
	const struct CMUnitTest tests[] = {
		T(open_refuses_what_is_no_database),
		T(reading_creates_and_changes_nothing),
		T(memory_database),
		T(statements_and_their_errors),
		T(a_failing_step_is_reported),
		T(foreign_keys_off_for_one_transaction),
		T(deferred_keys_are_still_checked),
		T(waiting_for_the_lock),
		T(a_reader_holds_up_commit),
		T(a_locked_file_can_be_opened),
		T(reading_after_a_kill),
		T(reading_leaves_no_files),
		T(same_expressions),
		T(names_the_engine_knows),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
