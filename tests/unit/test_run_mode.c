/* A run in one transaction, and one that commits each statement. */
#include "tests/unit/run_sql_helper.h"

static const char rows[] = "SELECT group_concat(x) FROM (SELECT x FROM a ORDER BY x)";
static const char states[] = "SELECT revision, state FROM schemadiff_revisions ORDER BY 1";
static const char ok_lines[] =
	"SELECT action, revision FROM schemadiff_log WHERE result = 'ok' ORDER BY rowid";

/* r1 makes a table; r2 and r3 fill it, three rows each. */
static void
put_rows(struct fixture *f)
{
	put(f, "r1", NULL, "CREATE TABLE a (x integer PRIMARY KEY);", "DROP TABLE a;");
	put(f, "r2", "r1",
		"INSERT INTO a VALUES (1);\nINSERT INTO a VALUES (2);\nINSERT INTO a VALUES "
		"(3);",
		"DELETE FROM a WHERE x = 3;\nDELETE FROM a WHERE x = 2;\nDELETE FROM a WHERE x "
		"= 1;");
	put(f, "r3", "r2",
		"INSERT INTO a VALUES (4);\nINSERT INTO a VALUES (5);\nINSERT INTO a VALUES "
		"(6);",
		"DELETE FROM a WHERE x > 3;");
}

static void
on_done(void *ctx, const struct sd_script *s, enum sd_direction direction, long ms)
{
	struct fixture *f = ctx;

	(void)direction;
	(void)ms;
	sd_buf_addf(&f->events, "%s ", s->revision);
}

/* ---- all ------------------------------------------------------------------------------ */

static void
all_there_and_back(void **state)
{
	struct fixture *f = *state;

	put_rows(f);
	load(f);
	f->run.mode = SD_RUN_ALL;
	f->run.events = (struct sd_run_events){ .ctx = f, .done = on_done };
	expect_clean(f, upgrade(f, NULL));
	assert_string_equal(joined(f, &f->result.done), "r1 r2 r3");
	assert_string_equal(sd_buf_text(&f->events), "r1 r2 r3 ");
	assert_string_equal(ask(f, rows), "1,2,3,4,5,6");
	expect_clean(f, upgrade(f, NULL));
	assert_int_equal(f->result.done.n, 0);
	expect_clean(f, downgrade(f, "r1"));
	assert_string_equal(joined(f, &f->result.done), "r3 r2");
	assert_string_equal(ask(f, rows), "NULL");
	assert_string_equal(ask(f, ok_lines),
		"upgrade|r1\nupgrade|r2\nupgrade|r3\ndowngrade|r3\ndowngrade|r2");
}

/* A failure in any revision leaves nothing of any. */
static void
all_or_nothing(void **state)
{
	static const char *const at[] = { "r1", "r2", "r3" };
	struct fixture *f = *state;

	f->run.events = (struct sd_run_events){ .ctx = f, .done = on_done };
	for (size_t i = 0; i < SD_COUNT(at); i++) {
		put_rows(f);
		put(f, at[i], i ? at[i - 1] : NULL,
			"CREATE TABLE other (x);\nINSERT INTO nowhere VALUES (1);", NULL);
		load(f);
		f->run.mode = SD_RUN_ALL;
		assert_int_equal(upgrade(f, NULL), SD_ERR);
		assert_int_equal(f->result.done.n, 0);
		assert_string_equal(f->result.failed, at[i]);
		assert_string_equal(said(f),
			sd_fmt(f->arena,
				"%s.sql:7: error: no such table: nowhere\n"
				"%s.sql:7: note: in: INSERT INTO nowhere VALUES (1)\n"
				"note: nothing of this run was kept; the database is at base "
				"(nothing is applied)\n",
				at[i], at[i]));
		assert_string_equal(ask(f, tables), "");
		assert_int_equal(f->events.n, 0);
	}
	/* the books are there, and know of the failure, when an earlier run has made them */
	put_rows(f);
	load(f);
	expect_clean(f, upgrade(f, "r1"));
	put(f, "r3", "r2", "INSERT INTO nowhere VALUES (1);", NULL);
	load(f);
	assert_int_equal(upgrade(f, NULL), SD_ERR);
	assert_non_null(strstr(said(f), "nothing of this run was kept; the database is at r1"));
	assert_string_equal(ask(f, states), "r1|applied");
	assert_string_equal(ask(f, "SELECT revision, result FROM schemadiff_log"),
		"r1|ok\nr3|failed: no such table: nowhere");
}

struct refused {
	int line;
	const struct sd_dialect *dialect;
	const char *up, *why; /* NULL: it may */
};

static const struct refused refusals[] = {
	{ __LINE__, &sd_dialect_sqlite, "SELECT 1;", NULL },
	{ __LINE__, &sd_dialect_sqlite, "-- schemadiff:transaction\nSELECT 1;\nSELECT 2;",
		NULL },
	{ __LINE__, &sd_dialect_sqlite, "SELECT 1;\n-- schemadiff:transaction\nSELECT 2;",
		"r.sql:6: error: revision r can't share a transaction with the rest of the "
		"run: `transaction` commits what stands before it\n" },
	{ __LINE__, &sd_dialect_sqlite, "-- schemadiff:no-transaction\nVACUUM;",
		"r.sql:5: error: revision r can't share a transaction with the rest of the "
		"run: behind `no-transaction` a statement runs in none\n" },
	{ __LINE__, &sd_dialect_sqlite,
		"-- schemadiff:batch a (x)\nDELETE FROM a WHERE :batch;",
		"r.sql:5: error: revision r can't share a transaction with the rest of the "
		"run: a batch commits each of its rounds\n" },
	{ __LINE__, &sd_dialect_sqlite, "-- schemadiff:foreign-keys off\nSELECT 1;",
		"r.sql:3: error: revision r can't share a transaction with the rest of the "
		"run: `foreign-keys off` must be set before a transaction begins\n" },
	{ __LINE__, &sd_dialect_postgresql,
		"SELECT 1;\nALTER TYPE s.mood ADD VALUE IF NOT EXISTS 'glad';",
		"r.sql:5: error: revision r can't share a transaction with the rest of the "
		"run: a value added to an enum can't be used until it is committed\n" },
	{ __LINE__, &sd_dialect_postgresql,
		"ALTER TYPE mood RENAME VALUE 'a' TO 'b';\nALTER TYPE c ADD ATTRIBUTE value "
		"int;",
		NULL },
	{ __LINE__, &sd_dialect_postgresql,
		"-- schemadiff:no-transaction\nCREATE INDEX CONCURRENTLY i ON a (x);",
		"r.sql:5: error: revision r can't share a transaction with the rest of the "
		"run: behind `no-transaction` a statement runs in none\n" },
};

static void
refused_in_all(void **state)
{
	struct fixture *f = *state;

	for (size_t i = 0; i < SD_COUNT(refusals); i++) {
		const struct refused *row = &refusals[i];
		const char *text =
			sd_fmt(f->arena, "-- m\n-- revision: r\n-- schemadiff:up\n%s", row->up);
		const struct sd_script *s = sd_script_parse(
			"r.sql", text, strlen(text), row->dialect, f->arena, &f->diags);
		const char *got;

		assert_non_null(s);
		for (enum sd_run_mode mode = SD_RUN_EACH; mode <= SD_RUN_NONE; mode++)
			assert_int_equal(
				sd_run_check_mode(s, SD_UP, mode, row->dialect, &f->diags),
				mode == SD_RUN_ALL && row->why ? SD_ERR : SD_OK);
		assert_int_equal(sd_diags_exit(&f->diags), row->why ? SD_CLASS_REFUSED : 0);
		got = said(f);
		if (strncmp(got, row->why ? row->why : "",
			    row->why ? strlen(row->why) : strlen(got) + 1) != 0)
			fail_msg("line %d: %s", row->line, got);
	}
}

/* One part that can't share: nothing of the run begins. */
static void
refused_before_anything(void **state)
{
	struct fixture *f = *state;

	put_rows(f);
	put(f, "r3", "r2", "SELECT 1;\n-- schemadiff:no-transaction\nVACUUM;", NULL);
	load(f);
	f->run.mode = SD_RUN_ALL;
	assert_int_equal(upgrade(f, NULL), SD_ERR);
	assert_int_equal(sd_diags_exit(&f->diags), SD_CLASS_REFUSED);
	assert_string_equal(said(f),
		"r3.sql:8: error: revision r3 can't share a transaction with the rest of the "
		"run: behind `no-transaction` a statement runs in none\n"
		"hint: `--transaction each` gives each revision a transaction of its own, in "
		"spite of \"transaction\": \"all\"\n");
	assert_string_equal(ask(f, "SELECT count(*) FROM sqlite_schema"), "0");
	expect_clean(f, upgrade(f, "r2"));
}

/* ---- none ----------------------------------------------------------------------------- */

/* Statement @n of r2 fails: those before it stay, and the next run goes on, in whatever mode.
 */
static void
none_goes_on(void **state)
{
	static const char *const kept[] = { "NULL", "1", "1,2" };
	struct fixture *f = *state;

	for (size_t n = 0; n < 3; n++)
		for (enum sd_run_mode next = SD_RUN_EACH; next <= SD_RUN_NONE; next++) {
			const char *note = sd_fmt(f->arena,
				"note: %zu of 3 statements of revision r2 are done; "
				"`schemadiff upgrade` goes on from there\n",
				n);

			put_rows(f);
			load(f);
			f->run.mode = SD_RUN_NONE;
			expect_clean(f, upgrade(f, "r1"));
			assert_int_equal(
				sd_db_exec(f->db, nowhere,
					sd_fmt(f->arena,
						"CREATE TRIGGER stop BEFORE INSERT ON a WHEN "
						"new.x = %zu BEGIN SELECT RAISE(ABORT, "
						"'no'); END",
						n + 1)),
				SD_OK);
			assert_int_equal(upgrade(f, NULL), SD_ERR);
			assert_non_null(strstr(said(f),
				n ? note : "nothing of revision r2 was kept; the database is"));
			assert_string_equal(ask(f, rows), kept[n]);
			assert_string_equal(
				ask(f, states), n ? "r1|applied\nr2|running" : "r1|applied");
			assert_int_equal(
				sd_db_exec(f->db, nowhere, "DROP TRIGGER stop"), SD_OK);
			f->run.mode = next;
			if (n && next == SD_RUN_ALL) {
				assert_int_equal(upgrade(f, NULL), SD_ERR);
				assert_string_equal(said(f),
					"error: revision r2 is half applied, and a run in one "
					"transaction can't finish it\n"
					"hint: `schemadiff upgrade r2 --transaction each` goes on "
					"with it\n");
				f->run.mode = SD_RUN_EACH;
			}
			expect_clean(f, upgrade(f, NULL));
			assert_string_equal(ask(f, rows), "1,2,3,4,5,6");
			assert_string_equal(
				ask(f, states), "r1|applied\nr2|applied\nr3|applied");
			f->run.mode = SD_RUN_NONE;
			expect_clean(f, downgrade(f, NULL));
		}
}

/* What a script says of its transactions holds in this mode, too; and a guard stays with what
 * it guards. */
static void
directives_win(void **state)
{
	struct fixture *f = *state;

	put_rows(f);
	put(f, "r2", "r1",
		"INSERT INTO a VALUES (1);\n-- schemadiff:transaction\n"
		"INSERT INTO a VALUES (2);\nINSERT INTO a VALUES (2);",
		NULL);
	load(f);
	f->run.mode = SD_RUN_NONE;
	assert_int_equal(upgrade(f, NULL), SD_ERR);
	(void)said(f);
	assert_string_equal(ask(f, rows), "1");

	put(f, "r2", "r1",
		"INSERT INTO a VALUES (1);\n-- schemadiff:transaction\n"
		"INSERT INTO a VALUES (2);",
		NULL);
	put(f, "r3", "r2",
		"-- schemadiff:foreign-keys off\nINSERT INTO a VALUES (3);\n"
		"INSERT INTO a VALUES (3);",
		NULL);
	load(f);
	assert_int_equal(upgrade(f, NULL), SD_ERR);
	assert_non_null(strstr(said(f), "nothing of revision r3 was kept; the database is at "
					"r2"));
	assert_string_equal(ask(f, rows), "1,2");

	put(f, "r3", "r2",
		"SELECT 1;\n-- schemadiff:expect-none not yet\nSELECT 1 WHERE 0;\n"
		"INSERT INTO a VALUES (2);",
		NULL);
	load(f);
	assert_int_equal(upgrade(f, NULL), SD_ERR);
	assert_non_null(strstr(said(f), "note: 1 of 3 statements of revision r3 are done"));
}

/* ---- as plain SQL --------------------------------------------------------------------- */

static void
printed(void **state)
{
	static const struct {
		enum sd_run_mode mode;
		const char *kept, *states; /* when the last statement of r3 fails */
	} modes[] = { { SD_RUN_EACH, "1,2,3", "r1|applied\nr2|applied" },
		{ SD_RUN_ALL, NULL, NULL },
		{ SD_RUN_NONE, "1,2,3,4", "r1|applied\nr2|applied" } };
	struct fixture *f = *state;
	const char *out;

	for (size_t i = 0; i < SD_COUNT(modes); i++) {
		put_rows(f);
		put(f, "r3", "r2", "INSERT INTO a VALUES (4);\nINSERT INTO a VALUES (4);",
			NULL);
		load(f);
		f->run.mode = modes[i].mode;
		assert_int_equal(print_sql(f, NULL, NULL, SD_UP), SD_OK);
		assert_int_not_equal(pipe_sql(f, &out), 0);
		assert_string_equal(ask(f, tables), modes[i].kept ? "a" : "");
		if (modes[i].kept) {
			assert_string_equal(ask(f, rows), modes[i].kept);
			assert_string_equal(ask(f, states), modes[i].states);
		}
		f->run.mode = SD_RUN_EACH;
		if (modes[i].kept)
			expect_clean(f, downgrade(f, NULL));
		put_rows(f);
		load(f);
		f->run.mode = modes[i].mode;
		assert_int_equal(print_sql(f, NULL, NULL, SD_UP), SD_OK);
		assert_int_equal(pipe_sql(f, &out), 0);
		assert_string_equal(ask(f, rows), "1,2,3,4,5,6");
		assert_string_equal(ask(f, states), "r1|applied\nr2|applied\nr3|applied");
		assert_int_equal(print_sql(f, "r3", NULL, SD_DOWN), SD_OK);
		assert_int_equal(pipe_sql(f, &out), 0);
		assert_string_equal(ask(f, tables), "");
		(void)said(f);
	}
}

int
main(void)
{
	const struct CMUnitTest tests[] = {
		T(all_there_and_back),
		T(all_or_nothing),
		T(refused_in_all),
		T(refused_before_anything),
		T(none_goes_on),
		T(directives_win),
		T(printed),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
