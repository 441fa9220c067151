#include "tests/unit/postgres_helper.h"

/* ---- statements --------------------------------------------------------------------- */

static void
queries_and_parameters(void **state)
{
	struct fixture *f = *state;
	struct sd_db *db = open_db(f, SD_DB_WRITE);
	const char *params[] = { "it's ü", NULL };
	struct sd_rows *rows;

	assert_true(sd_db_version(db) >= 120000);
	assert_ptr_equal(sd_db_dialect(db), &sd_dialect_postgresql);
	assert_true(sd_db_exists(&f->target));
	assert_true(sd_text_starts(sd_driver_postgres.library(), "libpq 1"));
	expect_answer(f, db, "SELECT current_setting('application_name')", "schemadiff");
	expect_answer(f, db, "SELECT current_setting('TimeZone')", "UTC");
	run(f, db, "CREATE TEMP TABLE t (a text, b text)");
	assert_int_equal(sd_db_exec_params(db, nowhere,
				 "INSERT INTO t VALUES ($1, $2), ('', 'x')", params, 2),
		SD_OK);
	assert_int_equal(sd_db_changes(db), 2);
	rows = sd_db_query(db, nowhere, "SELECT a, b AS \"Be\" FROM t ORDER BY b", NULL, 0);
	assert_non_null(rows);
	assert_int_equal(sd_rows_count(rows), 2);
	assert_string_equal(sd_rows_label(rows, 1), "Be");
	assert_int_equal(sd_rows_next(rows), SD_OK);
	assert_string_equal(sd_rows_text(rows, 0), "");
	/* a cursor stays whole while other statements run */
	run(f, db, "DELETE FROM t");
	assert_int_equal(sd_rows_next(rows), SD_OK);
	assert_string_equal(sd_rows_text(rows, 0), "it's ü");
	assert_null(sd_rows_text(rows, 1));
	assert_int_equal(sd_rows_next(rows), SD_NOTFOUND);
	assert_int_equal(sd_rows_next(rows), SD_NOTFOUND);
	sd_rows_close(rows);
	/* an error of class 08, and yet the connection stands */
	assert_null(sd_db_query(db, nowhere, "SELECT $1, $2", params, 1));
	assert_int_equal(sd_db_failure(db), SD_DB_FAILED);
	assert_non_null(strstr(said(f), "bind message supplies 1 parameters"));
	expect_answer(f, db, "SELECT NULL", NULL);
	expect_answer(f, db, "SELECT 1 WHERE false", NULL);
	run(f, db, "");
	run(f, db, "-- nothing\n");
	sd_db_close(db);
}

static void
errors_have_their_place(void **state)
{
	static const struct {
		struct sd_pos pos;
		const char *sql, *expected;
	} rows[] = {
		{ { "up.sql", 7, 1 }, "SELEC 1",
			"up.sql:7:1: error: syntax error at or near \"SELEC\"\n" },
		{ { "up.sql", 7, 1 }, "SELECT 'äöü€𝄞',\n  'ß', nope",
			"up.sql:8:9: error: column \"nope\" does not exist\n" },
		{ { "up.sql", 7, 5 }, "SELECT 1,\n\n\tnope\n",
			"up.sql:9:2: error: column \"nope\" does not exist\n" },
		{ { "up.sql", 7, 5 }, "SELECT 1; SELECT 2",
			"up.sql:7:5: error: cannot insert multiple commands into a prepared "
			"statement\n" },
		{ { 0 }, "SELECT nope",
			"error: database postgresql://db: column \"nope\" does not exist\n" },
		{ { "up.sql", 1, 1 }, "SELECT pg_catalog.upper(1)",
			"up.sql:1:1: error: function pg_catalog.upper(integer) does not exist\n"
			"hint: No function matches the given name and argument types. You "
			"might need to add explicit type casts.\n" },
		{ { "up.sql", 2, 1 }, "INSERT INTO kids VALUES (5)",
			"up.sql:2:1: error: insert or update on table \"kids\" violates "
			"foreign key constraint \"kids_p_fkey\"\n"
			"note: Key (p)=(5) is not present in table \"parents\".\n" },
		{ { "up.sql", 2, 1 }, "DO $$ BEGIN\nPERFORM 1/0;\nEND $$",
			"up.sql:2:1: error: division by zero\n"
			"note: context: SQL statement \"SELECT 1/0\"\n"
			"note: context: PL/pgSQL function inline_code_block line 2 at "
			"PERFORM\n" },
		{ { "up.sql", 2, 1 }, "INSERT INTO positives VALUES (-1)",
			"up.sql:2:1: error: value for domain positive violates check "
			"constraint \"positive_check\"\n" },
	};
	struct fixture *f = *state;
	struct sd_db *db = open_db(f, SD_DB_WRITE);

	run(f, db, "CREATE TEMP TABLE parents (id int PRIMARY KEY)");
	run(f, db, "CREATE TEMP TABLE kids (p int REFERENCES parents)");
	run(f, db, "CREATE DOMAIN pg_temp.positive AS int CHECK (VALUE > 0)");
	run(f, db, "CREATE TEMP TABLE positives (n pg_temp.positive)");
	for (size_t i = 0; i < SD_COUNT(rows); i++) {
		assert_int_equal(sd_db_exec(db, rows[i].pos, rows[i].sql), SD_ERR);
		assert_int_equal(sd_db_failure(db), SD_DB_FAILED);
		expect_said(f, rows[i].expected);
		assert_null(sd_db_query(db, rows[i].pos, rows[i].sql, NULL, 0));
		expect_said(f, rows[i].expected);
	}
	sd_db_close(db);
}

static void
warnings_of_scripts_are_passed_on(void **state)
{
	struct fixture *f = *state;
	struct sd_db *db = open_db(f, SD_DB_WRITE);
	const struct sd_pos pos = { "up.sql", 4, 2 };
	const char *sql =
		"DO $$ BEGIN RAISE WARNING 'mind: %', 'it'; RAISE NOTICE 'no'; END $$";

	assert_int_equal(sd_db_exec(db, pos, sql), SD_OK);
	expect_said(f, "up.sql:4:2: warning: mind: it\n");
	run(f, db, sql);
	expect_said(f, "");
	sd_db_close(db);
}

static void
copy_is_no_statement_here(void **state)
{
	static const char *const sql[] = { "COPY t FROM STDIN", "COPY t TO STDOUT" };
	struct fixture *f = *state;
	struct sd_db *db = open_db(f, SD_DB_WRITE);

	run(f, db, "CREATE TEMP TABLE t AS SELECT generate_series(1, 1000) AS n");
	(void)alarm(20);
	for (size_t i = 0; i < SD_COUNT(sql); i++) {
		assert_int_equal(sd_db_exec(db, nowhere, sql[i]), SD_ERR);
		assert_int_equal(sd_db_failure(db), SD_DB_FAILED);
		expect_said(f, "error: database postgresql://db: COPY from STDIN and to STDOUT "
			       "is not possible in a script\n");
		expect_answer(f, db, "SELECT count(*) FROM t", "1000");
	}
	(void)alarm(0);
	sd_db_close(db);
}

static void
batches(void **state)
{
	struct fixture *f = *state;
	struct sd_db *db = open_db(f, SD_DB_READ);
	const char *sql[20];
	struct sd_rows *rows;

	for (size_t broken = 0; broken <= SD_COUNT(sql); broken += 10) {
		for (size_t i = 0; i < SD_COUNT(sql); i++)
			sql[i] = sd_fmt(f->arena, "SELECT %zu, repeat('x', 100000)", i);
		for (size_t i = 3; i < SD_COUNT(sql); i += 7)
			sql[i] = "SET work_mem = '5MB'";
		if (broken < SD_COUNT(sql))
			sql[broken] = "SELECT 1/0";
		assert_int_equal(sd_pg_batch(db, sql, SD_COUNT(sql)), SD_OK);
		for (size_t i = 0; i < broken; i++) {
			rows = i < SD_COUNT(sql) ? sd_pg_batch_next(db) : NULL;
			if (!rows)
				break;
			if (i % 7 == 3) {
				assert_int_equal(sd_rows_next(rows), SD_NOTFOUND);
			} else {
				assert_int_equal(sd_rows_next(rows), SD_OK);
				assert_string_equal(
					sd_rows_text(rows, 0), sd_fmt(f->arena, "%zu", i));
			}
			sd_rows_close(rows);
		}
		assert_null(sd_pg_batch_next(db));
		if (broken < SD_COUNT(sql)) {
			assert_int_equal(sd_db_failure(db), SD_DB_FAILED);
			expect_said(f, "error: database postgresql://db: division by zero\n");
		}
		assert_null(sd_pg_batch_next(db));
		expect_said(f, "");
		assert_int_equal(sd_db_failure(db), SD_DB_FINE);
		expect_answer(f, db, "SELECT 2", "2");
	}
	/* given up halfway, explicitly and by going on with something else */
	assert_int_equal(sd_pg_batch(db, sql, SD_COUNT(sql)), SD_OK);
	sd_rows_close(sd_pg_batch_next(db));
	sd_pg_batch_end(db);
	expect_answer(f, db, "SELECT 3", "3");
	assert_int_equal(sd_pg_batch(db, sql, SD_COUNT(sql)), SD_OK);
	expect_answer(f, db, "SELECT 4", "4");
	assert_int_equal(sd_pg_batch(db, sql, 0), SD_OK);
	assert_null(sd_pg_batch_next(db));
	sd_db_close(db);
}

/* Both directions full at once: neither may wait for the other. */
static void
large_batches_do_not_jam(void **state)
{
	struct fixture *f = *state;
	struct sd_db *db = open_db(f, SD_DB_READ);
	char *big = sd_alloc(f->arena, 1000001);
	const char *sql[16], *one;

	memset(big, 'y', 1000000);
	one = sd_fmt(f->arena, "SELECT '%s', repeat('x', 1000000)", big);
	for (size_t i = 0; i < SD_COUNT(sql); i++)
		sql[i] = one;
	assert_int_equal(sd_pg_batch(db, sql, SD_COUNT(sql)), SD_OK);
	for (size_t i = 0; i < SD_COUNT(sql); i++) {
		struct sd_rows *rows = sd_pg_batch_next(db);

		assert_non_null(rows);
		assert_int_equal(sd_rows_next(rows), SD_OK);
		assert_int_equal(strlen(sd_rows_text(rows, 1)), 1000000);
		sd_rows_close(rows);
	}
	assert_null(sd_pg_batch_next(db));
	sd_db_close(db);
}

/* ---- transactions and settings ------------------------------------------------------ */

static void
transactions(void **state)
{
	struct fixture *f = *state;
	struct sd_db *db = open_db(f, SD_DB_WRITE);

	assert_int_equal(sd_db_begin(db, &at_once, true), SD_OK);
	assert_int_equal(sd_db_begin(db, &at_once, true), SD_ERR);
	expect_said(f, "error: database postgresql://db: a transaction is open already\n");
	run(f, db, "CREATE TEMP TABLE kept ()");
	assert_int_equal(sd_db_commit(db, &at_once), SD_OK);
	run(f, db, "SELECT FROM kept");

	assert_int_equal(sd_db_begin(db, &at_once, false), SD_OK);
	run(f, db, "DROP TABLE kept");
	assert_int_equal(sd_db_exec(db, nowhere, "SELECT 1/0"), SD_ERR);
	(void)said(f);
	assert_int_equal(sd_db_commit(db, &at_once), SD_ERR);
	assert_int_equal(sd_db_failure(db), SD_DB_FAILED);
	expect_said(f, "error: database postgresql://db: nothing was committed: a statement of "
		       "the transaction had failed\n");
	run(f, db, "SELECT FROM kept");

	assert_int_equal(sd_db_begin(db, &at_once, false), SD_OK);
	run(f, db, "DROP TABLE kept");
	sd_db_rollback(db);
	sd_db_rollback(db);
	run(f, db, "SELECT FROM kept");

	/* a constraint that speaks at COMMIT */
	run(f, db, "CREATE TEMP TABLE a (id int PRIMARY KEY)");
	run(f, db, "CREATE TEMP TABLE b (a int REFERENCES a INITIALLY DEFERRED)");
	assert_int_equal(sd_db_begin(db, &at_once, false), SD_OK);
	run(f, db, "INSERT INTO b VALUES (1)");
	assert_int_equal(sd_db_commit(db, &at_once), SD_ERR);
	assert_int_equal(sd_db_failure(db), SD_DB_FAILED);
	assert_non_null(strstr(said(f), "violates foreign key constraint \"b_a_fkey\""));
	sd_db_rollback(db);
	sd_db_close(db);
}

static void
reset_brings_settings_back(void **state)
{
	struct fixture *f = *state;
	struct sd_db *db = open_db(f, SD_DB_WRITE);
	const struct sd_limits limits = { 3000, 70000 };

	assert_int_equal(sd_db_lock(db, "reset", &at_once), SD_OK);
	expect_answer(f, db, "SHOW lock_timeout", "0");
	sd_db_limit(db, &limits);
	run(f, db, "SET search_path = pg_catalog");
	run(f, db, "SET DateStyle = 'German'");
	run(f, db, "SET check_function_bodies = off");
	run(f, db, "SET ROLE pg_monitor");
	assert_int_equal(sd_db_reset(db), SD_OK);
	expect_answer(f, db, "SHOW search_path", "\"$user\", public");
	expect_answer(f, db, "SHOW DateStyle", "ISO, MDY");
	expect_answer(f, db, "SHOW check_function_bodies", "on");
	expect_answer(f, db, "SHOW lock_timeout", "3s");
	expect_answer(f, db, "SHOW statement_timeout", "70s");
	expect_answer(f, db, "SELECT (current_user = session_user)::text", "true");
	expect_answer(f, db,
		"SELECT count(*) FROM pg_locks WHERE locktype = 'advisory' AND pid = "
		"pg_backend_pid()",
		"1");
	sd_db_close(db);
}

static void
read_mode_writes_nothing(void **state)
{
	struct fixture *f = *state;
	struct sd_db *db = open_db(f, SD_DB_READ);

	for (int i = 0; i < 2; i++) {
		assert_int_equal(sd_db_exec(db, nowhere, "CREATE TABLE unwanted ()"), SD_ERR);
		expect_said(f,
			"error: database postgresql://db: cannot execute CREATE TABLE in "
			"a read-only transaction\n");
		assert_int_equal(sd_db_reset(db), SD_OK);
	}
	sd_db_close(db);
}

/* ---- others ------------------------------------------------------------------------- */

struct told {
	unsigned calls, last, refuse_from;
};

static bool
is_told(void *ctx, unsigned seconds)
{
	struct told *told = ctx;

	told->calls++;
	told->last = seconds;
	return !told->refuse_from || told->calls < told->refuse_from;
}

static void
lock_names_its_holder(void **state)
{
	struct fixture *f = *state;
	struct sd_db *a = open_db(f, SD_DB_WRITE), *b = open_db(f, SD_DB_WRITE);
	struct told told = { 0 };
	struct sd_wait wait = { 2, is_told, &told };
	const char *pid, *text;
	long since = now_ms();

	assert_int_equal(sd_db_lock(a, "app", &at_once), SD_OK);
	assert_int_equal(sd_db_lock(b, "other", &at_once), SD_OK);
	sd_db_unlock(b);
	assert_int_equal(sd_db_lock(b, "app", &wait), SD_ERR);
	assert_int_equal(sd_db_failure(b), SD_DB_LOCKED);
	assert_in_range(now_ms() - since, 1900, 3000);
	assert_int_equal(told.calls, 2);
	assert_int_equal(told.last, 1);
	sd_db_value(a, nowhere, "SELECT pg_backend_pid()", NULL, 0, f->arena, &pid);
	text = said(f);
	assert_non_null(
		strstr(text, sd_fmt(f->arena,
				     "error: database postgresql://db: another run has the "
				     "lock: process %s, user ",
				     pid)));
	assert_non_null(strstr(text, ", application schemadiff, connected from this host's "
				     "socket since 2"));
	assert_non_null(strstr(text, "\nhint: try again when it has finished, or wait longer "
				     "with --wait SECONDS; SELECT pg_terminate_backend("));
	/* the caller loses patience */
	told = (struct told){ .refuse_from = 1 };
	wait.seconds = 20;
	assert_int_equal(sd_db_lock(b, "app", &wait), SD_ERR);
	(void)said(f);
	sd_db_unlock(a);
	assert_int_equal(sd_db_lock(b, "app", &at_once), SD_OK);
	/* the end of the connection gives it free */
	sd_db_close(b);
	wait.waiting = NULL;
	assert_int_equal(sd_db_lock(a, "app", &wait), SD_OK);
	sd_db_close(a);
}

static void
locks_of_others_are_told_apart(void **state)
{
	struct fixture *f = *state;
	struct sd_db *a = open_db(f, SD_DB_WRITE), *b = open_db(f, SD_DB_WRITE);
	const struct sd_limits limits = { 200, 400 };
	const struct sd_pos pos = { "up.sql", 1, 1 };

	run(f, a, "DROP TABLE IF EXISTS sd_contended");
	run(f, a, "CREATE TABLE sd_contended ()");
	assert_int_equal(sd_db_begin(a, &at_once, false), SD_OK);
	run(f, a, "LOCK TABLE sd_contended");
	sd_db_limit(b, &limits);
	assert_int_equal(sd_db_reset(b), SD_OK);
	assert_int_equal(sd_db_exec(b, pos, "ALTER TABLE sd_contended ADD a int"), SD_ERR);
	assert_int_equal(sd_db_failure(b), SD_DB_LOCKED);
	expect_said(f, "up.sql:1:1: error: waited longer than lock_timeout (200 ms) for a "
		       "lock\n");
	assert_int_equal(sd_db_begin(b, &at_once, false), SD_OK);
	assert_int_equal(sd_db_exec(b, pos, "LOCK TABLE sd_contended NOWAIT"), SD_ERR);
	assert_int_equal(sd_db_failure(b), SD_DB_LOCKED);
	sd_db_rollback(b);
	expect_said(f, "up.sql:1:1: error: could not obtain lock on relation "
		       "\"sd_contended\"\n");
	assert_int_equal(sd_db_exec(b, pos, "SELECT pg_sleep(5)"), SD_ERR);
	assert_int_equal(sd_db_failure(b), SD_DB_FAILED);
	expect_said(f, "up.sql:1:1: error: ran longer than statement_timeout (400 ms)\n");
	sd_db_rollback(a);
	run(f, a, "DROP TABLE sd_contended");
	sd_db_close(a);
	sd_db_close(b);
}

static void
lost_connections(void **state)
{
	struct fixture *f = *state;
	struct sd_db *a = open_db(f, SD_DB_WRITE), *b;
	const struct sd_pos pos = { "up.sql", 1, 1 };
	const char *pid;

	assert_int_equal(
		sd_db_exec(a, pos, "SELECT pg_terminate_backend(pg_backend_pid())"), SD_ERR);
	assert_int_equal(sd_db_failure(a), SD_DB_LOST);
	expect_said(f, "up.sql:1:1: error: the connection to the server was lost: terminating "
		       "connection due to administrator command\n");
	assert_int_equal(sd_db_exec(a, pos, "SELECT 1"), SD_ERR);
	assert_int_equal(sd_db_failure(a), SD_DB_LOST);
	(void)said(f);
	assert_null(sd_pg_batch_next(a));
	sd_db_rollback(a);
	sd_db_unlock(a);
	assert_int_equal(sd_db_reset(a), SD_ERR);
	(void)said(f);
	sd_db_close(a);

	/* while it was idle, inside a transaction */
	a = open_db(f, SD_DB_WRITE);
	b = open_db(f, SD_DB_WRITE);
	assert_int_equal(sd_db_begin(a, &at_once, false), SD_OK);
	sd_db_value(a, nowhere, "SELECT pg_backend_pid()", NULL, 0, f->arena, &pid);
	run(f, b, sd_fmt(f->arena, "SELECT pg_terminate_backend(%s)", pid));
	sleep_ms(200);
	assert_int_equal(sd_db_commit(a, &at_once), SD_ERR);
	assert_int_equal(sd_db_failure(a), SD_DB_LOST);
	(void)said(f);
	sd_db_close(a);
	sd_db_close(b);
}

/* A pooler that drops the connection's options is known by what they did not do. */
static void
another_namespace_is_refused(void **state)
{
	struct fixture *f = *state;

	if (!getenv("SD_TEST_PG"))
		skip();
	f->target.namespace = "information_schema";
	assert_null(sd_db_open(&f->target, SD_DB_WRITE, &f->diags));
	expect_said(f,
		"error: database postgresql://db: the connection has not taken "
		"information_schema for its default namespace\n"
		"hint: a pooler in between may drop search_path: name the server itself in the "
		"URL; nothing was done to information_schema\n");
}

int
main(void)
{
	static const struct CMUnitTest tests[] = {
		cmocka_unit_test_setup_teardown(queries_and_parameters, setup, teardown),
		cmocka_unit_test_setup_teardown(errors_have_their_place, setup, teardown),
		cmocka_unit_test_setup_teardown(
			warnings_of_scripts_are_passed_on, setup, teardown),
		cmocka_unit_test_setup_teardown(copy_is_no_statement_here, setup, teardown),
		cmocka_unit_test_setup_teardown(another_namespace_is_refused, setup, teardown),
		cmocka_unit_test_setup_teardown(batches, setup, teardown),
		cmocka_unit_test_setup_teardown(large_batches_do_not_jam, setup, teardown),
		cmocka_unit_test_setup_teardown(transactions, setup, teardown),
		cmocka_unit_test_setup_teardown(reset_brings_settings_back, setup, teardown),
		cmocka_unit_test_setup_teardown(read_mode_writes_nothing, setup, teardown),
		cmocka_unit_test_setup_teardown(lock_names_its_holder, setup, teardown),
		cmocka_unit_test_setup_teardown(
			locks_of_others_are_told_apart, setup, teardown),
		cmocka_unit_test_setup_teardown(lost_connections, setup, teardown),
	};

	if (!getenv("SD_TEST_PG"))
		return skipped();
	return cmocka_run_group_tests_name("postgres", tests, NULL, NULL);
}
