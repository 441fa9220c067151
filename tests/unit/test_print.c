/* `--sql` for PostgreSQL: the text, and what psql makes of it on a server. */
#include "core/base/file.h"
#include "core/db/pg.h"
#include "core/history/run.h"
#include "tests/unit/postgres_helper.h"

#include <sys/stat.h>

static const struct sd_bookkeeping books;

/* Write the script of revision @id into the folder of the fixture. */
static void
put(struct fixture *f, const char *id, const char *parent, const char *up, const char *down)
{
	const char *text = sd_fmt(f->arena,
		"-- it's %s\n--\n-- revision: %s\n%s%s%s\n-- schemadiff:up\n%s\n%s%s", id, id,
		parent ? "-- revises: " : "", parent ? parent : "", parent ? "\n" : "", up,
		down ? "-- schemadiff:down\n" : "", down ? down : "");

	(void)mkdir(sd_fmt(f->arena, "%s/m", f->dir), 0700);
	assert_int_equal(sd_file_write(sd_fmt(f->arena, "%s/m/%s.sql", f->dir, id), text,
				 strlen(text), false, &f->diags),
		SD_OK);
}

static enum sd_run_mode mode; /* of what is printed; each unless a test says */

/* All of the history as SQL, up from base or down to it; NULL after a report. */
static const char *
printed_on(struct fixture *f, const struct sd_dialect *dialect, enum sd_direction direction)
{
	struct sd_names dirs = { 0 }, none = { 0 };
	struct sd_scripts scripts = { 0 }, undone = { 0 };
	struct sd_buf out = SD_BUF(f->arena);
	struct sd_history *history;
	struct sd_run run = { .books = &books, .mode = mode, .arena = f->arena };

	*sd_push(f->arena, &dirs) = sd_fmt(f->arena, "%s/m", f->dir);
	history = sd_history_load(NULL, &dirs, false, dialect, f->arena, &f->diags);
	if (!history)
		print_error("%s", said(f));
	assert_non_null(history);
	sd_history_upgrade(history, NULL, &none, f->arena, &scripts);
	for (size_t i = scripts.n; i > 0; i--)
		*sd_push(f->arena, &undone) = scripts.at[i - 1];
	run.history = history;
	if (sd_run_print(&run, direction == SD_UP ? &scripts : &undone, direction,
		    direction == SD_UP ? &none : &history->heads, &f->diags, &out))
		return NULL;
	return sd_buf_text(&out);
}

static const char *
printed(struct fixture *f, enum sd_direction direction)
{
	return printed_on(f, &sd_dialect_postgresql, direction);
}

/* ---- the text ------------------------------------------------------------------------- */

struct text_row {
	const char *up, *expected;
};

static const struct text_row text_rows[] = {
	/* what psql would take for a variable */
	{ "SELECT a[1:b], a[:b], a[1:'2'], ':b', \":b\", a::int, $$:b$$ FROM t;",
		"\nSELECT a[1\\:b], a[\\:b], a[1\\:'2'], ':b', \":b\", a::int, $$:b$$ FROM "
		"t;\n" },
	{ "-- schemadiff:expect-none it's $guard$ so\nSELECT $query$ $query$;",
		"\nDO $guard2$\n"
		"DECLARE\n"
		"\tfirst record;\n"
		"BEGIN\n"
		"\tFOR first IN EXECUTE $query2$\nSELECT $query$ $query$\n$query2$ LOOP\n"
		"\t\tRAISE EXCEPTION USING MESSAGE = 'it''s $guard$ so',\n"
		"\t\t\tDETAIL = 'The first such row: ' || to_json(first)::text;\n"
		"\tEND LOOP;\n"
		"END\n"
		"$guard2$;\n" },
	{ "-- schemadiff:only-if\nSELECT 1;\n-- schemadiff:only-if\nSELECT a[1:b];\nDROP TABLE "
	  "t;",
		"\nSELECT EXISTS (\nSELECT 1\n) AS schemadiff_run \\gset\n\\if "
		":schemadiff_run\n"
		"SELECT EXISTS (\nSELECT a[1\\:b]\n) AS schemadiff_run \\gset\n"
		"\\if :schemadiff_run\n"
		"DROP TABLE t;\n\\endif\n\\endif\n" },
	{ "-- schemadiff:batch\nDELETE FROM t WHERE a = $sql$x$sql$;",
		"\t\tEXECUTE $sql2$DELETE FROM t WHERE a = $sql$x$sql$$sql2$;\n"
		"\t\tGET DIAGNOSTICS changed = ROW_COUNT;\n"
		"\t\tCOMMIT;\n" },
	{ "-- schemadiff:batch \"a b\".t (\"K\", l) 7\nDELETE FROM t WHERE :batch OR "
	  "$$:batch$$ = a;",
		"\t\tEXECUTE $query$SELECT quote_literal(CAST(\"K\" AS text)) || ', ' || "
		"quote_literal(CAST(l AS text)) FROM \"a b\".t$query$\n"
		"\t\t\t|| coalesce(' WHERE (\"K\", l) > (' || done || ')', '')\n"
		"\t\t\t|| $query$ ORDER BY \"K\", l LIMIT 1 OFFSET 6$query$ INTO upto;\n"
		"\t\tEXECUTE $sql$DELETE FROM t WHERE ($sql$\n"
		"\t\t\t|| coalesce('(\"K\", l) > (' || done || ')', 'true')\n"
		"\t\t\t|| coalesce(' AND (\"K\", l) <= (' || upto || ')', '')\n"
		"\t\t\t|| $sql$) OR $$:batch$$ = a$sql$;\n"
		"\t\tCOMMIT;\n" },
	{ "-- schemadiff:batch t (id)\nDELETE FROM t WHERE :batch;",
		"OFFSET 9999$query$ INTO upto;\n"
		"\t\tEXECUTE $sql$DELETE FROM t WHERE ($sql$\n"
		"\t\t\t|| coalesce('id > ' || done || '', 'true')\n"
		"\t\t\t|| coalesce(' AND id <= ' || upto || '', '')\n" },
};

static void
texts(void **state)
{
	struct fixture *f = *state;

	for (size_t i = 0; i < SD_COUNT(text_rows); i++) {
		const char *sql;

		put(f, "r1", NULL, text_rows[i].up, NULL);
		sql = printed(f, SD_UP);
		if (!sql || !strstr(sql, text_rows[i].expected))
			print_error("row %zu: %s\n%s", i, said(f), sql ? sql : "");
		assert_non_null(strstr(sql, text_rows[i].expected));
	}
}

/* Lines of @sql that open and end transactions, and statements with an x. */
static const char *
outline(struct fixture *f, const char *sql)
{
	struct sd_buf out = SD_BUF(f->arena);

	while (*sql) {
		size_t n = strcspn(sql, "\n");
		const char *line = sd_strndup(f->arena, sql, n);

		if (strcmp(line, "BEGIN;") == 0 || strcmp(line, "COMMIT;") == 0 ||
			sd_text_starts(line, "BEGIN IMM") || strstr(line, "TABLE x") ||
			strstr(line, "DO $batch") || strstr(line, "DELETE FROM x"))
			sd_buf_addf(&out, "%.12s|", line);
		sql += n;
		sql += *sql == '\n';
	}
	return sd_buf_text(&out);
}

static const struct {
	const char *up, *expected;
} outlines[] = {
	{ "", "BEGIN;|COMMIT;|" },
	{ "DROP TABLE x1;", "BEGIN;|DROP TABLE x|COMMIT;|" },
	{ "DROP TABLE x1;\n-- schemadiff:transaction\nDROP TABLE x2;\nDROP TABLE x3;",
		"BEGIN;|DROP TABLE x|COMMIT;|BEGIN;|DROP TABLE x|DROP TABLE x|COMMIT;|" },
	{ "-- schemadiff:no-transaction\nDROP TABLE x1;\nDROP TABLE x2;",
		"BEGIN;|COMMIT;|DROP TABLE x|DROP TABLE x|BEGIN;|COMMIT;|" },
	{ "-- schemadiff:batch\nDELETE FROM y;\nDROP TABLE x1;",
		"BEGIN;|COMMIT;|DO $batch$|BEGIN;|DROP TABLE x|COMMIT;|" },
	{ "DROP TABLE x1;\n-- schemadiff:no-transaction\nDROP TABLE x2;\n"
	  "-- schemadiff:transaction\nDROP TABLE x3;",
		"BEGIN;|DROP TABLE x|COMMIT;|DROP TABLE x|BEGIN;|DROP TABLE x|COMMIT;|" },
};

static void
transactions(void **state)
{
	struct fixture *f = *state;

	for (size_t i = 0; i < SD_COUNT(outlines); i++) {
		const char *sql;

		put(f, "r1", NULL, outlines[i].up, NULL);
		sql = printed(f, SD_UP);
		assert_non_null(sql);
		assert_string_equal(outline(f, sql), outlines[i].expected);
		/* Its loss of a journal is said where there would have been one. */
		assert_true(!strstr(sql, "-- note: more than one") == (i < 2));
	}
}

static void
on_sqlite(void **state)
{
	struct fixture *f = *state;
	const char *sql;

	put(f, "r1", NULL,
		"DROP TABLE x1;\n-- schemadiff:batch x (id)\nDELETE FROM x WHERE a AND :batch;",
		NULL);
	sql = printed_on(f, &sd_dialect_sqlite, SD_UP);
	assert_non_null(
		strstr(sql, "BEGIN IMMEDIATE;\nDELETE FROM x WHERE a AND (1 = 1);\nCOMMIT;\n"));
	assert_string_equal(outline(f, sql),
		"BEGIN IMMEDI|DROP TABLE x|COMMIT;|BEGIN IMMEDI|DELETE FROM |COMMIT;|"
		"BEGIN IMMEDI|COMMIT;|");
	put(f, "r1", NULL, "-- schemadiff:batch\nDELETE FROM x;", NULL);
	assert_null(printed_on(f, &sd_dialect_sqlite, SD_UP));
	expect_said(f,
		"DIR/m/r1.sql:7: error: plain SQL of sqlite has no loops, and this batch "
		"needs one\n"
		"hint: give it a table and key to walk: `batch TABLE (KEY, …)`\n");
}

/* The settings are the driver's own. */
static void
settings(void **state)
{
	struct fixture *f = *state;

	put(f, "r1", NULL, "SELECT 1;", NULL);
	assert_non_null(strstr(printed(f, SD_UP), SD_PG_PINNED ";\n"));
}

/* ---- in psql -------------------------------------------------------------------------- */

#define DATABASE "schemadiff_print"

/* Run psql in database @name on @input, a file of the folder; its exit, and what it said to
 * *@out. */
static int
psql(struct fixture *f, const char *name, const char *input, const char **out)
{
	const char *path = sd_fmt(f->arena, "%s/out", f->dir);
	int status = system(sd_fmt(f->arena, "psql -XqAt '%s dbname=%s' <'%s/%s' >'%s' 2>&1",
		getenv("SD_TEST_PG"), name, f->dir, input, path));
	char *text;

	assert_int_equal(sd_file_read(path, f->arena, &f->diags, &text, NULL), SD_OK);
	*out = text;
	return WEXITSTATUS(status);
}

static int
psql_text(struct fixture *f, const char *name, const char *sql, const char **out)
{
	assert_non_null(sql);
	assert_int_equal(sd_file_write(sd_fmt(f->arena, "%s/in", f->dir), sql, strlen(sql),
				 false, &f->diags),
		SD_OK);
	return psql(f, name, "in", out);
}

static const char *
ask(struct fixture *f, const char *sql)
{
	const char *out;

	assert_int_equal(psql_text(f, DATABASE, sql, &out), 0);
	return sd_text_trim(f->arena, out);
}

static int
setup_database(void **state)
{
	const char *out;

	if (setup(state))
		return -1;
	return psql_text(*state, "postgres",
		"SET client_min_messages = error; DROP DATABASE IF EXISTS " DATABASE
		";\nCREATE DATABASE " DATABASE ";",
		&out);
}

static void
pipe_whole(struct fixture *f, enum sd_direction direction)
{
	const char *out;
	int code = psql_text(f, DATABASE, printed(f, direction), &out);

	if (code)
		print_error("%s", out);
	assert_int_equal(code, 0);
}

static void
pipe_stopped(struct fixture *f, enum sd_direction direction, const char *why)
{
	const char *out;

	assert_int_equal(psql_text(f, DATABASE, printed(f, direction), &out), 3);
	if (!strstr(out, why))
		print_error("%s", out);
	assert_non_null(strstr(out, why));
}

static const char applied[] =
	"SELECT coalesce(string_agg(revision, ' ' ORDER BY revision), '') "
	"FROM schemadiff_revisions";

static void
put_every_kind(struct fixture *f)
{
	put(f, "r1", NULL,
		"CREATE TABLE \"My T\" (\"Key A\" int, b text COLLATE \"C\", found int, v "
		"text, "
		"PRIMARY KEY (\"Key A\", b));\n"
		"INSERT INTO \"My T\" SELECT i, E'b''\\\\' || i, i FROM generate_series(1, 25) "
		"i;\n"
		"CREATE FUNCTION f() RETURNS int LANGUAGE plpgsql AS $guard$ BEGIN RETURN 1; "
		"END "
		"$guard$;\n"
		"-- schemadiff:expect-none isn't $guard$ right\n"
		"SELECT found FROM \"My T\" WHERE found < 0 AND $query$x$query$ = 'x' -- "
		"odd\n;\n"
		"SET search_path = pg_catalog;\nSET ROLE pg_monitor;",
		"DROP TABLE \"My T\";\nDROP FUNCTION f();");
	put(f, "r2", "r1",
		"ALTER TABLE \"My T\" ADD w text;\n"
		"-- schemadiff:batch \"My T\" (\"Key A\", b) 10\n"
		"UPDATE \"My T\" SET v = $$v:batch$$ || txid_current() WHERE v IS NULL AND "
		":batch;\n"
		"-- schemadiff:batch\n"
		"UPDATE \"My T\" SET w = $sql$w$sql$ || txid_current() WHERE ctid = ANY "
		"(ARRAY(SELECT ctid FROM \"My T\" WHERE w IS NULL LIMIT 7));\n"
		"-- schemadiff:no-transaction\n"
		"CREATE INDEX CONCURRENTLY \"ix W\" ON \"My T\" (w);\n"
		"-- schemadiff:only-if\nSELECT 1 WHERE to_regclass('ix_v') IS NULL;\n"
		"-- schemadiff:only-if\nSELECT 1 FROM \"My T\" WHERE found = 3;\n"
		"CREATE INDEX CONCURRENTLY ix_v ON \"My T\" (v);\n"
		"-- schemadiff:only-if\nSELECT 1 WHERE false;\nDROP TABLE nothing;\n"
		"-- schemadiff:transaction\nALTER TABLE \"My T\" ALTER w SET NOT NULL;",
		"-- schemadiff:no-transaction\nDROP INDEX CONCURRENTLY ix_v;\n"
		"DROP INDEX CONCURRENTLY \"ix W\";\n"
		"-- schemadiff:batch \"My T\" (\"Key A\", b) 5\n"
		"UPDATE \"My T\" SET v = NULL WHERE :batch;\n"
		"-- schemadiff:transaction\nALTER TABLE \"My T\" DROP w;");
}

static void
there_and_back(void **state)
{
	struct fixture *f = *state;

	put_every_kind(f);
	pipe_whole(f, SD_UP);
	assert_string_equal(ask(f, applied), "r1 r2");
	/* Rounds of 10, 10 and 5 rows, and of 7, 7, 7 and 4. */
	assert_string_equal(
		ask(f, "SELECT count(v), count(DISTINCT v), count(w), count(DISTINCT w) "
		       "FROM \"My T\" WHERE v LIKE 'v:batch_%'"),
		"25|3|25|4");
	assert_string_equal(
		ask(f, "SELECT count(*) FROM pg_index WHERE indisvalid AND indexrelid "
		       "IN ('ix_v'::regclass, '\"ix W\"'::regclass)"),
		"2");
	assert_string_equal(
		ask(f, "SELECT count(*) FROM schemadiff_revisions WHERE applied_at ~ "
		       "'^20..-..-..T..:..:..[.]...Z$' AND description LIKE 'it''s r_' "
		       "AND applied_by = current_user AND state = 'applied'"),
		"2");
	assert_string_equal(ask(f, "SELECT count(*) FROM pg_class, aclexplode(relacl) a WHERE "
				   "relname LIKE 'schemadiff_%' AND a.grantee = 0"),
		"0");
	pipe_stopped(f, SD_UP, "the database is not at revision base");
	pipe_whole(f, SD_DOWN);
	assert_string_equal(ask(f, applied), "");
	assert_string_equal(ask(f, "SELECT to_regclass('\"My T\"') IS NULL"), "t");
	pipe_stopped(f, SD_DOWN, "the database is not at revision r2");
	pipe_whole(f, SD_UP); /* the tables are there this time */
	assert_string_equal(ask(f, applied), "r1 r2");
}

/* The program finds nothing to do behind psql, and psql behind the program is stopped. */
static void
the_program_goes_on(void **state)
{
	struct fixture *f = *state;
	struct sd_names dirs = { 0 };
	struct sd_run run = { .books = &books, .arena = f->arena };
	struct sd_run_result result;

	aim(f, sd_fmt(f->arena, "%s dbname=%s", getenv("SD_TEST_PG"), DATABASE));
	put_every_kind(f);
	pipe_whole(f, SD_UP);
	*sd_push(f->arena, &dirs) = sd_fmt(f->arena, "%s/m", f->dir);
	run.history = sd_history_load(
		NULL, &dirs, false, &sd_dialect_postgresql, f->arena, &f->diags);
	run.db = open_db(f, SD_DB_WRITE);
	assert_int_equal(sd_run_upgrade(&run, NULL, &result), SD_OK);
	assert_int_equal(result.done.n, 0);
	if (sd_run_downgrade(&run, NULL, &result))
		fail_msg("%s", said(f));
	expect_said(f, "");
	pipe_stopped(f, SD_DOWN, "the database is not at revision r2");

	/* Only one at a time. */
	assert_int_equal(sd_db_lock(run.db,
				 sd_state_table(&sd_dialect_postgresql, &books,
					 SD_BOOK_REVISIONS, f->arena),
				 &(struct sd_wait){ .seconds = 10 }),
		SD_OK);
	pipe_stopped(f, SD_UP, "another run of schemadiff has the lock");
	sd_db_unlock(run.db);
	pipe_whole(f, SD_UP);
	sd_db_close(run.db);
}

static void
what_stops_it(void **state)
{
	struct fixture *f = *state;

	put(f, "r1", NULL, "CREATE TABLE t (a int);\nINSERT INTO t VALUES (NULL);", NULL);
	put(f, "r2", "r1",
		"CREATE TABLE u ();\n-- schemadiff:expect-none \"a\" isn't there\n"
		"SELECT a, 1 AS found FROM t WHERE a IS NULL;\nDROP TABLE t;",
		NULL);
	pipe_stopped(f, SD_UP,
		"ERROR:  \"a\" isn't there\n"
		"DETAIL:  The first such row: {\"a\":null,\"found\":1}\n");
	assert_string_equal(ask(f, applied), "r1");
	assert_string_equal(
		ask(f, "SELECT to_regclass('u') IS NULL, to_regclass('t') IS NULL"), "t|f");

	/* What a walk would not come by. */
	assert_string_equal(ask(f, "DROP TABLE t, schemadiff_revisions, schemadiff_meta"), "");
	put(f, "r2", "r1", "-- schemadiff:batch t (a)\nDELETE FROM t WHERE :batch;", NULL);
	pipe_stopped(f, SD_UP, "a is NULL in some rows of t");
	assert_string_equal(ask(f, "SELECT count(*) FROM t"), "1");

	/* Nothing is there, and it should be; and a revision that is half done. */
	put(f, "r2", "r1", "SELECT 1;", "SELECT 1;");
	put(f, "r1", NULL, "SELECT 1;", "SELECT 1;");
	assert_string_equal(
		ask(f, "UPDATE schemadiff_revisions SET state = 'running';"
		       "INSERT INTO schemadiff_revisions SELECT 'r2', parents, "
		       "description, checksum, applied_at, applied_by, duration_ms, "
		       "tool_version, 'applied' FROM schemadiff_revisions"),
		"");
	pipe_stopped(f, SD_DOWN, "the database is not at revision r2");
	assert_string_equal(ask(f, "DROP TABLE schemadiff_revisions"), "");
	pipe_stopped(f, SD_DOWN, "the database is not at revision r2");
}

/* What psql keeps in each mode when the last statement fails, and that all of it goes there and
 * back. */
static void
modes(void **state)
{
	static const char *const kept[] = {
		[SD_RUN_EACH] = "1", [SD_RUN_ALL] = NULL, [SD_RUN_NONE] = "1,2"
	};
	struct fixture *f = *state;

	for (mode = SD_RUN_EACH; mode <= SD_RUN_NONE; mode++) {
		put(f, "r1", NULL, "CREATE TABLE t (a int UNIQUE);\nINSERT INTO t VALUES (1);",
			"DELETE FROM t;\nDROP TABLE t;");
		put(f, "r2", "r1",
			"-- schemadiff:expect-none never\nSELECT 1 WHERE false;\n"
			"INSERT INTO t VALUES (2);\nINSERT INTO t VALUES (1);",
			"DELETE FROM t WHERE a > 1;");
		pipe_stopped(f, SD_UP, "duplicate key value");
		assert_string_equal(
			ask(f, "SELECT to_regclass('t') IS NULL"), kept[mode] ? "f" : "t");
		if (kept[mode]) {
			assert_string_equal(
				ask(f, "SELECT string_agg(a::text, ',' ORDER BY a) FROM t"),
				kept[mode]);
			assert_string_equal(ask(f, applied), "r1");
			assert_string_equal(
				ask(f, "DROP TABLE t, schemadiff_revisions, schemadiff_log, "
				       "schemadiff_meta"),
				"");
		}
		put(f, "r2", "r1", "INSERT INTO t VALUES (2);\nINSERT INTO t VALUES (3);",
			"DELETE FROM t WHERE a > 1;");
		pipe_whole(f, SD_UP);
		assert_string_equal(ask(f, applied), "r1 r2");
		assert_string_equal(
			ask(f, "SELECT string_agg(a::text, ',' ORDER BY a) FROM t"), "1,2,3");
		pipe_stopped(f, SD_UP, "the database is not at revision base");
		pipe_whole(f, SD_DOWN);
		assert_string_equal(ask(f, applied), "");
		assert_string_equal(ask(f, "SELECT to_regclass('t') IS NULL"), "t");
	}
	mode = SD_RUN_EACH;
}

static void
version(void **state)
{
	struct fixture *f = *state;

	put(f, "r1", "\n-- requires: postgresql 99", "SELECT 1;", NULL);
	assert_int_equal(
		system(sd_fmt(f->arena, "sed -i /revises/d '%s/m/r1.sql'", f->dir)), 0);
	pipe_stopped(f, SD_UP, "revision r1 requires postgresql 99, and this is 1");
}

#define T(test) cmocka_unit_test_setup_teardown(test, setup, teardown)
#define S(test) cmocka_unit_test_setup_teardown(test, setup_database, teardown)

int
main(void)
{
	const struct CMUnitTest tests[] = { T(texts), T(transactions), T(on_sqlite),
		T(settings) };
	const struct CMUnitTest served[] = { S(there_and_back), S(the_program_goes_on),
		S(what_stops_it), S(modes), S(version) };
	int failed = cmocka_run_group_tests_name("print", tests, NULL, NULL);

	if (!getenv("SD_TEST_PG")) {
		print_message("skipped in psql: SD_TEST_PG names no server\n");
		return failed;
	}
	return failed + cmocka_run_group_tests_name("print in psql", served, NULL, NULL);
}
