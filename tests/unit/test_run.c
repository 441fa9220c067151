#include "tests/unit/run_sql_helper.h"

static void
on_revision(void *ctx, const struct sd_script *s, enum sd_direction direction)
{
	struct fixture *f = ctx;

	sd_buf_addf(&f->events, "%s %s\n", direction == SD_UP ? "up" : "down", s->revision);
}

static void
on_statement(
	void *ctx, const struct sd_script *s, const struct sd_step *step, size_t i, size_t n)
{
	struct fixture *f = ctx;

	(void)s;
	sd_buf_addf(&f->events, "  %zu/%zu line %u\n", i + 1, n, (unsigned)step->line);
}

static void
on_done(void *ctx, const struct sd_script *s, enum sd_direction direction, long ms)
{
	struct fixture *f = ctx;

	(void)direction;
	assert_true(ms >= 0);
	sd_buf_addf(&f->events, "done %s\n", s->revision);
}

static void
put_three(struct fixture *f)
{
	put(f, "r1", NULL, "CREATE TABLE a (x integer PRIMARY KEY);", "DROP TABLE a;");
	put(f, "r2", "r1", "CREATE TABLE b (y);\nINSERT INTO b VALUES (1), (NULL);",
		"DROP TABLE b;");
	put(f, "r3", "r2", "CREATE TABLE c (z);", "DROP TABLE c;");
}

static void
there_and_back(void **state)
{
	struct fixture *f = *state;

	put_three(f);
	load(f);
	f->run.events = (struct sd_run_events){
		.ctx = f, .revision = on_revision, .statement = on_statement, .done = on_done
	};
	expect_clean(f, upgrade(f, "r2"));
	assert_string_equal(joined(f, &f->result.done), "r1 r2");
	assert_null(f->result.failed);
	assert_string_equal(sd_buf_text(&f->events),
		"up r1\n  1/1 line 6\ndone r1\nup r2\n  1/2 line 6\n  2/2 line 7\ndone r2\n");
	assert_string_equal(ask(f, tables), "a\nb");
	assert_string_equal(
		ask(f, "SELECT revision, parents, description, state, progress, "
		       "duration_ms >= 0, applied_at GLOB "
		       "'20[0-9][0-9]-[01][0-9]-[0-3][0-9]T*:*:*.[0-9][0-9][0-9]Z', "
		       "trim(down_sql, char(10)) FROM schemadiff_revisions "
		       "ORDER BY applied_at"),
		"r1||it's r1|applied|NULL|1|1|DROP TABLE a;\n"
		"r2|r1|it's r2|applied|NULL|1|1|DROP TABLE b;");

	expect_clean(f, upgrade(f, NULL));
	assert_string_equal(joined(f, &f->result.done), "r3");
	expect_clean(f, upgrade(f, NULL));
	assert_int_equal(f->result.done.n, 0);

	expect_clean(f, downgrade(f, "r1"));
	assert_string_equal(joined(f, &f->result.done), "r3 r2");
	assert_string_equal(ask(f, tables), "a");
	expect_clean(f, downgrade(f, NULL));
	assert_string_equal(ask(f, tables), "");
	assert_string_equal(ask(f, applied), "");
	assert_string_equal(ask(f, "SELECT action, revision, result FROM schemadiff_log"),
		"upgrade|r1|ok\nupgrade|r2|ok\nupgrade|r3|ok\n"
		"downgrade|r3|ok\ndowngrade|r2|ok\ndowngrade|r1|ok");
}

static void
failure_keeps_the_whole_revisions(void **state)
{
	struct fixture *f = *state;

	put_three(f);
	put(f, "r2", "r1", "CREATE TABLE b (y);\n\nINSERT INTO b\n  VALUES (1,\n nope);",
		"DROP TABLE b;");
	load(f);
	assert_int_equal(upgrade(f, NULL), SD_ERR);
	assert_string_equal(joined(f, &f->result.done), "r1");
	assert_string_equal(f->result.failed, "r2");
	assert_int_equal(sd_diags_exit(&f->diags), SD_CLASS_DATABASE);
	assert_string_equal(said(f),
		"r2.sql:10:2: error: no such column: nope\n"
		"r2.sql:8: note: in: INSERT INTO b VALUES (1, nope)\n"
		"note: nothing of revision r2 was kept; the database is at r1\n");
	assert_string_equal(ask(f, tables), "a");
	assert_string_equal(ask(f, applied), "r1");
	assert_string_equal(ask(f, "SELECT action, revision, result FROM schemadiff_log"),
		"upgrade|r1|ok\nupgrade|r2|failed: no such column: nope");

	put(f, "r2", "r1", "CREATE TABLE b (y);", NULL);
	load(f);
	expect_clean(f, upgrade(f, NULL));
	assert_string_equal(joined(f, &f->result.done), "r2 r3");
}

static void
failure_of_the_first(void **state)
{
	struct fixture *f = *state;

	put(f, "r1", NULL, "CREATE TABLE a (x);\nSELECT nope;", NULL);
	load(f);
	assert_int_equal(upgrade(f, NULL), SD_ERR);
	assert_non_null(strstr(said(f),
		"note: nothing of revision r1 was kept; the database is at base (nothing is "
		"applied)\n"));
	assert_string_equal(ask(f, "SELECT count(*) FROM sqlite_schema"), "0");
}

static void
guards(void **state)
{
	struct fixture *f = *state;

	put_three(f);
	put(f, "r3", "r2",
		"-- schemadiff:expect-none y is NULL in some rows of b\n"
		"SELECT y, 'a long text that goes on and on and on and on', 3 AS c, 4 AS d, 5 "
		"AS e, "
		"6 AS g\nFROM b WHERE y IS NULL;\nDROP TABLE b;",
		NULL);
	load(f);
	assert_int_equal(upgrade(f, NULL), SD_ERR);
	assert_int_equal(sd_diags_exit(&f->diags), SD_CLASS_DATABASE);
	assert_string_equal(said(f),
		"r3.sql:7: error: y is NULL in some rows of b\n"
		"r3.sql:7: note: the first such row: y = NULL, 'a long text that goes on and "
		"on "
		"and on and on' = a long text that goes on and on and on a…, c = 3, d = 4, e = "
		"5, "
		"…\n"
		"note: nothing of revision r3 was kept; the database is at r2\n");
	assert_string_equal(ask(f, tables), "a\nb");
}

static void
conditions(void **state)
{
	struct fixture *f = *state;

	put(f, "r1", NULL,
		"CREATE TABLE a (x);\n"
		"-- schemadiff:only-if\nSELECT 1 WHERE 0;\nINSERT INTO a VALUES ('never');\n"
		"-- schemadiff:only-if\nSELECT 1;\nINSERT INTO a VALUES ('one');\n"
		"-- schemadiff:only-if\nSELECT 1 WHERE 0;\n"
		"-- schemadiff:only-if\nSELECT 1;\nINSERT INTO a VALUES ('never');\n"
		"INSERT INTO a VALUES ('two');\n"
		"-- schemadiff:expect-none there is a never\n"
		"SELECT * FROM a WHERE x = 'never';",
		NULL);
	load(f);
	expect_clean(f, upgrade(f, NULL));
	assert_string_equal(ask(f, "SELECT x FROM a"), "one\ntwo");
}

/* A table with children is rebuilt; they keep their rows, and what the script sets is gone
 * when the next revision begins. */
static void
rebuild_with_children(void **state)
{
	static const char rebuild[] = "-- schemadiff:foreign-keys off\n"
				      "PRAGMA legacy_alter_table = ON;\n"
				      "CREATE TABLE a_new (x integer PRIMARY KEY, n text);\n"
				      "INSERT INTO a_new (x) SELECT x FROM a;\n"
				      "DROP TABLE a;\n"
				      "ALTER TABLE a_new RENAME TO a;\n"
				      "-- schemadiff:expect-none a foreign key is violated\n"
				      "SELECT * FROM pragma_foreign_key_check;";
	struct fixture *f = *state;

	put(f, "r1", NULL,
		"CREATE TABLE a (x integer PRIMARY KEY);\n"
		"CREATE TABLE c (x REFERENCES a ON DELETE CASCADE);\n"
		"INSERT INTO a VALUES (1), (2);\nINSERT INTO c VALUES (1), (2);",
		NULL);
	put(f, "r2", "r1", rebuild, NULL);
	put(f, "r3", "r2", "DELETE FROM a WHERE x = 1;", NULL);
	load(f);
	expect_clean(f, upgrade(f, "r2"));
	assert_string_equal(ask(f, "SELECT x FROM c"), "1\n2");
	expect_clean(f, upgrade(f, NULL));
	assert_string_equal(ask(f, "SELECT x FROM c"), "2");
}

/* A deferred violation shows at COMMIT, and is a failure like any other. */
static void
failure_at_commit(void **state)
{
	struct fixture *f = *state;

	put(f, "r1", NULL,
		"CREATE TABLE p (x integer PRIMARY KEY);\n"
		"CREATE TABLE c (x REFERENCES p DEFERRABLE INITIALLY DEFERRED);\n"
		"INSERT INTO c VALUES (7);",
		NULL);
	load(f);
	assert_int_equal(upgrade(f, NULL), SD_ERR);
	assert_string_equal(said(f),
		"error: database sqlite:app.db: FOREIGN KEY constraint failed\n"
		"note: nothing of revision r1 was kept; the database is at base (nothing is "
		"applied)\n");
	assert_string_equal(f->result.failed, "r1");
	assert_string_equal(ask(f, tables), "");
}

static void
what_may_not_run(void **state)
{
	struct fixture *f = *state;
	char path[128];
	static const char newer[] = "-- m\n-- revision: r2\n-- revises: r1\n-- requires: "
				    "sqlite 99.1\n-- schemadiff:up\n";
	static const char other[] = "-- m\n-- revision: r2\n-- revises: r1\n-- dialect: "
				    "postgresql\n-- schemadiff:up\n";

	put(f, "r1", NULL, "CREATE TABLE a (x);", NULL);
	snprintf(path, sizeof path, "%s/r2.sql", f->dirs.at[0]);
	assert_int_equal(sd_file_write(path, newer, strlen(newer), false, &f->diags), SD_OK);
	load(f);
	assert_int_equal(upgrade(f, NULL), SD_ERR);
	assert_int_equal(sd_diags_exit(&f->diags), SD_CLASS_HISTORY);
	assert_non_null(strstr(said(f), "r2.sql:2:14: error: revision r2 requires sqlite 99.1, "
					"and this is 3."));
	assert_string_equal(ask(f, "SELECT count(*) FROM sqlite_schema"), "0");

	assert_int_equal(sd_file_write(path, other, strlen(other), false, &f->diags), SD_OK);
	load(f);
	assert_int_equal(upgrade(f, NULL), SD_ERR);
	assert_int_equal(sd_diags_exit(&f->diags), SD_CLASS_HISTORY);
	assert_string_equal(said(f), "r2.sql:5: error: revision r2 was not written for sqlite: "
				     "its header names other dialects\n");
}

static void
what_cannot_be_undone(void **state)
{
	struct fixture *f = *state;

	put_three(f);
	put(f, "r2", "r1", "CREATE TABLE b (y);",
		"-- schemadiff:irreversible the rows are gone\nDROP TABLE b;");
	load(f);
	expect_clean(f, upgrade(f, NULL));
	assert_int_equal(downgrade(f, NULL), SD_ERR);
	assert_int_equal(sd_diags_exit(&f->diags), SD_CLASS_REFUSED);
	assert_string_equal(said(f),
		"r2.sql:7: error: revision r2 cannot be undone: the rows are gone\n"
		"hint: --force runs what there is of its down part all the same\n");
	assert_string_equal(ask(f, applied), "r1\nr2\nr3");
	f->run.force = true;
	expect_clean(f, downgrade(f, "r1"));
	assert_string_equal(ask(f, tables), "a");

	put(f, "r2", "r1", "CREATE TABLE b (y);", NULL);
	load(f);
	expect_clean(f, upgrade(f, NULL));
	assert_int_equal(downgrade(f, "r1"), SD_ERR);
	assert_int_equal(sd_diags_exit(&f->diags), SD_CLASS_REFUSED);
	assert_string_equal(
		said(f), "r2.sql:2:14: error: revision r2 has no down part for sqlite\n");
}

static void
stamp(void **state)
{
	struct fixture *f = *state;

	put_three(f);
	load(f);
	expect_clean(f, sd_run_stamp(&f->run, script(f, "r2"), &f->result));
	assert_string_equal(joined(f, &f->result.done), "r1 r2");
	assert_string_equal(ask(f, tables), "");
	expect_clean(f, sd_run_stamp(&f->run, script(f, "r1"), &f->result));
	assert_string_equal(joined(f, &f->result.done), "r2");
	assert_string_equal(ask(f, applied), "r1");
	expect_clean(f, sd_run_stamp(&f->run, NULL, &f->result));
	assert_string_equal(ask(f, applied), "");
	assert_string_equal(ask(f, "SELECT action, revision FROM schemadiff_log"),
		"stamp|r1\nstamp|r2\nstamp|r2\nstamp|r1");
}

static void
gaps_are_filled(void **state)
{
	struct fixture *f = *state;

	put_three(f);
	load(f);
	expect_clean(f, upgrade(f, NULL));
	assert_int_equal(sd_state_remove(f->db, &f->books, "r2", "test", "ok", 0), SD_OK);
	assert_int_equal(sd_db_exec(f->db, nowhere, "DROP TABLE b"), SD_OK);
	expect_clean(f, upgrade(f, NULL));
	assert_string_equal(joined(f, &f->result.done), "r2");
	assert_string_equal(ask(f, applied), "r1\nr2\nr3");
}

static void
state_of_a_database(void **state)
{
	struct fixture *f = *state;
	struct sd_state now;
	struct sd_scripts edited = { 0 };
	struct sd_names current = { 0 };

	put_three(f);
	load(f);
	expect_clean(f, sd_state_read(f->db, &f->books, f->arena, &now));
	assert_false(now.exists);
	expect_clean(f, upgrade(f, NULL));
	put(f, "r2", "r1",
		"CREATE TABLE b (y); -- a comment\nINSERT INTO b VALUES (1), (NULL);",
		"DROP TABLE b;");
	put(f, "r1", NULL, "CREATE TABLE a (x);", "DROP TABLE a;");
	(void)unlink(sd_fmt(f->arena, "%s/r3.sql", f->dirs.at[0]));
	load(f);
	expect_clean(f, sd_state_read(f->db, &f->books, f->arena, &now));
	assert_true(now.exists);
	assert_string_equal(joined(f, &now.ids), "r1 r2 r3");
	sd_state_edited(&now, f->run.history, f->arena, &edited);
	assert_int_equal(edited.n, 1);
	assert_string_equal(edited.at[0]->revision, "r1");
	sd_state_current(&now, f->run.history, f->arena, &current);
	assert_string_equal(joined(f, &current), "r3");
}

static void
foreign_and_newer_tables(void **state)
{
	struct fixture *f = *state;
	struct sd_state now;

	put_three(f);
	load(f);
	f->books.prefix = "sd \"";
	expect_clean(f, upgrade(f, NULL));
	assert_string_equal(ask(f, "SELECT count(*) FROM \"sd \"\"revisions\""), "3");
	assert_int_equal(
		sd_db_exec(f->db, nowhere, "UPDATE \"sd \"\"meta\" SET value = '2'"), SD_OK);
	assert_int_equal(upgrade(f, NULL), SD_ERR);
	assert_int_equal(sd_diags_exit(&f->diags), SD_CLASS_HISTORY);
	assert_string_equal(said(f),
		"error: the bookkeeping tables have format 2, and this schemadiff knows "
		"formats "
		"up to 1\nhint: use the newer schemadiff that wrote them\n");

	f->books.prefix = "my_";
	assert_int_equal(sd_db_exec(f->db, nowhere, "CREATE TABLE My_Log (x)"), SD_OK);
	assert_int_equal(sd_state_read(f->db, &f->books, f->arena, &now), SD_ERR);
	assert_non_null(strstr(said(f), "there is a table main.my_log, but not all of the "
					"bookkeeping tables"));
}

/* A temporary table of the bookkeeping's name must not swallow its rows. */
static void
names_are_qualified(void **state)
{
	struct fixture *f = *state;

	put(f, "r1", NULL, "CREATE TEMP TABLE schemadiff_revisions (x);", NULL);
	load(f);
	expect_clean(f, upgrade(f, NULL));
	assert_string_equal(ask(f, applied), "r1");
}

/* ---- two at once -------------------------------------------------------------------- */

/* Upgrade in another process, which reports by its exit how many revisions it did. */
static pid_t
upgrade_elsewhere(struct fixture *f, unsigned wait)
{
	pid_t pid = fork();
	int n = 99;

	assert_true(pid >= 0);
	if (pid)
		return pid;
	f->db = NULL;
	load(f);
	f->run.wait = wait;
	if (upgrade(f, NULL) == SD_OK)
		n = (int)f->result.done.n;
	_exit(n);
}

static void
two_at_once(void **state)
{
	struct fixture *f = *state;
	int total = 0;

	put(f, "r1", NULL,
		"CREATE TABLE a (x);\n"
		"WITH RECURSIVE n(i) AS (SELECT 1 UNION ALL SELECT i + 1 FROM n WHERE i < "
		"300000) "
		"INSERT INTO a SELECT i FROM n;",
		NULL);
	put(f, "r2", "r1", "CREATE TABLE b (x);", NULL);
	for (int i = 0; i < 3; i++)
		(void)upgrade_elsewhere(f, 60);
	for (int i = 0, status; i < 3; i++) {
		assert_true(wait(&status) > 0);
		assert_true(WIFEXITED(status) && WEXITSTATUS(status) <= 2);
		total += WEXITSTATUS(status);
	}
	assert_int_equal(total, 2);
	assert_string_equal(ask(f, "SELECT count(*) FROM a"), "300000");
	assert_string_equal(ask(f, applied), "r1\nr2");
	assert_string_equal(ask(f, "SELECT count(*) FROM schemadiff_log"), "2");
}

static void
lock_timeout(void **state)
{
	struct fixture *f = *state;
	struct sd_db *holder;
	const struct sd_wait at_once = { 0 };

	put_three(f);
	load(f);
	holder = sd_db_open(&f->target, SD_DB_WRITE, &f->diags);
	assert_int_equal(sd_db_begin(holder, &at_once, false), SD_OK);
	assert_int_equal(upgrade(f, NULL), SD_ERR);
	assert_string_equal(said(f),
		"error: database sqlite:app.db: the database is locked by another process\n"
		"hint: try again when it has finished, or wait longer with --wait SECONDS\n");
	assert_null(f->result.failed);
	sd_db_close(holder);
}

/* ---- as plain SQL ------------------------------------------------------------------- */

static void
piped_into_the_shell(void **state)
{
	struct fixture *f = *state;
	const char *out;

	put_three(f);
	put(f, "r2", "r1",
		"-- schemadiff:foreign-keys off\n"
		"CREATE TABLE b (y);\n"
		"CREATE TRIGGER t AFTER INSERT ON a BEGIN\n  INSERT INTO b VALUES "
		"(new.x);\nEND;\n"
		"INSERT INTO a VALUES (5);\n"
		"-- schemadiff:expect-none \"b\" isn't right\n"
		"SELECT * FROM b WHERE y IS NULL;\n"
		"-- schemadiff:only-if\nSELECT 1;\nDROP TABLE\n  nothing;",
		"DROP TRIGGER t;\nDROP TABLE b;");
	load(f);
	assert_int_equal(print_sql(f, NULL, NULL, SD_UP), SD_OK);
	assert_string_equal(said(f), "r2.sql:15: warning: the sqlite3 shell has no conditions: the "
				     "statement behind `only-if` is printed as a comment, to be "
				     "run by hand\n");
	if (pipe_sql(f, &out))
		print_error("%s", out);
	assert_string_equal(out, "");
	assert_string_equal(ask(f, tables), "a\nb\nc");
	assert_string_equal(ask(f, "SELECT y FROM b"), "5");
	assert_string_equal(ask(f, applied), "r1\nr2\nr3");

	/* What was recorded is what the runner would have recorded. */
	expect_clean(f, upgrade(f, NULL));
	assert_int_equal(f->result.done.n, 0);
	assert_string_equal(ask(f, "SELECT count(*) FROM schemadiff_revisions WHERE applied_at "
				   "GLOB '20*T*:*:*.[0-9][0-9][0-9]Z' AND description LIKE "
				   "'it''s r_'"),
		"3");

	/* A second time it must stop at the guard. */
	assert_int_not_equal(pipe_sql(f, &out), 0);
	assert_non_null(strstr(out, "the database is not at revision base"));

	assert_int_equal(print_sql(f, "r3", "r1", SD_DOWN), SD_OK);
	assert_int_equal(pipe_sql(f, &out), 0);
	assert_string_equal(ask(f, tables), "a");
	assert_string_equal(ask(f, applied), "r1");
	assert_int_not_equal(pipe_sql(f, &out), 0);
	assert_non_null(strstr(out, "the database is not at revision r3"));
	expect_clean(f, upgrade(f, "r1"));
}

static void
a_guard_stops_the_shell(void **state)
{
	struct fixture *f = *state;
	const char *out, *before;

	put_three(f);
	put(f, "r3", "r2",
		"CREATE TABLE c (z);\n-- schemadiff:expect-none \"y\" has NULLs\n"
		"SELECT * FROM b WHERE y IS NULL;\nDROP TABLE b;",
		"-- schemadiff:irreversible no way");
	load(f);
	expect_clean(f, upgrade(f, "r2"));
	before = ask(f, "SELECT sql FROM sqlite_schema");
	assert_int_equal(print_sql(f, "r2", NULL, SD_UP), SD_OK);
	assert_int_not_equal(pipe_sql(f, &out), 0);
	assert_non_null(strstr(out, "\"y\" has NULLs"));
	assert_string_equal(ask(f, "SELECT sql FROM sqlite_schema"), before);
	assert_string_equal(ask(f, applied), "r1\nr2");

	assert_int_equal(print_sql(f, "r3", "r2", SD_DOWN), SD_ERR);
	assert_int_equal(sd_diags_exit(&f->diags), SD_CLASS_REFUSED);
	(void)said(f);
}

/* The scripts of a, b and c become s, which replaces them. */
static void
squash_all(struct fixture *f)
{
	static const char text[] = "-- s\n-- revision: s\n-- replaces: a, b, c\n\n"
				   "-- schemadiff:up\nSELECT 1;\n"
				   "-- schemadiff:down\nDROP TABLE t;\n";
	const char *const ids[] = { "a", "b", "c" };

	for (size_t i = 0; i < SD_COUNT(ids); i++)
		assert_int_equal(sd_file_remove(sd_fmt(f->arena, "%s/%s.sql", f->dirs.at[0],
						       ids[i]),
					 &f->diags),
			SD_OK);
	assert_int_equal(sd_file_write(sd_fmt(f->arena, "%s/s.sql", f->dirs.at[0]), text,
				 sizeof text - 1, false, &f->diags),
		SD_OK);
	load(f);
}

static void
put_squashed(struct fixture *f)
{
	put(f, "a", NULL, "CREATE TABLE t (id int);", "DROP TABLE t;");
	put(f, "b", "a", "SELECT 1;", "SELECT 1;");
	put(f, "c", "b", "SELECT 1;", "SELECT 1;");
	load(f);
}

static void
what_is_replaced_is_recorded_first(void **state)
{
	struct fixture *f = *state;

	put_squashed(f);
	expect_clean(f, upgrade(f, NULL));
	squash_all(f);
	expect_clean(f, upgrade(f, NULL));
	assert_int_equal(f->result.done.n, 0);
	assert_int_equal(f->result.replaced.whole.n, 1);
	assert_string_equal(ask(f, applied), "s");
	assert_string_equal(
		ask(f, "SELECT revision, result FROM schemadiff_log WHERE action = 'squash'"),
		"a|ok, replaced by s\nb|ok, replaced by s\nc|ok, replaced by s\n"
		"s|ok, replaces a, b, c");
	expect_clean(f, upgrade(f, NULL));
	assert_int_equal(f->result.replaced.whole.n, 0);
	expect_clean(f, downgrade(f, NULL));
	assert_string_equal(ask(f, tables), "");
	assert_string_equal(ask(f, "SELECT key FROM schemadiff_meta"), "format");
}

static void
what_is_replaced_in_part_stops_a_run(void **state)
{
	struct fixture *f = *state;

	put_squashed(f);
	expect_clean(f, upgrade(f, "b"));
	squash_all(f);
	for (int mode = SD_RUN_EACH; mode <= SD_RUN_NONE; mode++) {
		f->run.mode = (enum sd_run_mode)mode;
		assert_int_equal(upgrade(f, NULL), SD_ERR);
		assert_int_equal(sd_diags_exit(&f->diags), SD_CLASS_HISTORY);
		assert_non_null(strstr(said(f),
			"s.sql:3:14: error: the database is in the middle of what revision s "
			"replaces: it has a, b, and not c"));
		assert_string_equal(ask(f, applied), "a\nb");
	}
	assert_int_equal(sd_run_stamp(&f->run, script(f, "s"), &f->result), SD_OK);
	assert_string_equal(ask(f, applied), "s");
}

int
main(void)
{
	const struct CMUnitTest tests[] = {
		T(there_and_back),
		T(failure_keeps_the_whole_revisions),
		T(failure_of_the_first),
		T(guards),
		T(conditions),
		T(rebuild_with_children),
		T(failure_at_commit),
		T(what_may_not_run),
		T(what_cannot_be_undone),
		T(stamp),
		T(gaps_are_filled),
		T(state_of_a_database),
		T(foreign_and_newer_tables),
		T(names_are_qualified),
		T(what_is_replaced_is_recorded_first),
		T(what_is_replaced_in_part_stops_a_run),
		T(two_at_once),
		T(lock_timeout),
		T(piped_into_the_shell),
		T(a_guard_stops_the_shell),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
