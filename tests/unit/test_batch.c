/* Batches: every row once, whatever its key and wherever the run stopped. */
#include "tests/unit/run_helper.h"

#include "core/db/interrupt.h"

#include <signal.h>

static struct sd_batch_progress told;
static int told_rounds;

static void
on_round(void *ctx, const struct sd_script *s, const struct sd_step *step,
	const struct sd_batch_progress *progress)
{
	(void)ctx;
	(void)s;
	(void)step;
	told_rounds++;
	told = *progress;
}

static void
put_batch(struct fixture *f, const char *before, const char *up)
{
	put(f, "r1", NULL, before, NULL);
	put(f, "r2", "r1", up, NULL);
	load(f);
	told_rounds = 0;
	told = (struct sd_batch_progress){ 0 };
	f->run.events = (struct sd_run_events){ .batch = on_round };
}

#define COUNT_TO(n)                                                                            \
	"WITH RECURSIVE c(i) AS (SELECT 1 UNION ALL SELECT i + 1 FROM c WHERE i < " #n ") "

struct walk {
	int line;
	const char *table; /* creates and fills t with n = 0 */
	const char *up;
	int rounds;
	unsigned long long rows;
};

static const struct walk walks[] = {
	{ __LINE__,
		"CREATE TABLE t (id integer PRIMARY KEY, n);\n" COUNT_TO(
			25) "INSERT INTO t SELECT i * 3 - 20, 0 FROM c;",
		"-- schemadiff:batch t (id) 10\nUPDATE t SET n = n + 1 WHERE :batch;", 3, 25 },
	/* the last round is empty when the rows are a multiple of the size, and says so */
	{ __LINE__,
		"CREATE TABLE t (id integer PRIMARY KEY, n);\n" COUNT_TO(
			20) "INSERT INTO t SELECT i, 0 FROM c;",
		"-- schemadiff:batch t (id) 10\nUPDATE t SET n = n + 1 WHERE :batch;", 3, 20 },
	{ __LINE__, "CREATE TABLE t (id integer PRIMARY KEY, n);",
		"-- schemadiff:batch t (id)\nUPDATE t SET n = n + 1 WHERE :batch;", 1, 0 },
	{ __LINE__,
		"CREATE TABLE t (id integer PRIMARY KEY, n);\n" COUNT_TO(
			25) "INSERT INTO t SELECT i, 0 FROM c;",
		"-- schemadiff:batch t (id)\nUPDATE t SET n = n + 1 WHERE n = 0 AND :batch;", 1,
		25 },
	{ __LINE__,
		"CREATE TABLE t (id text PRIMARY KEY NOT NULL, n) WITHOUT ROWID;\n" COUNT_TO(
			25) "INSERT INTO t SELECT 'it''s \"' || i || '\\', 0 FROM c;\n"
			    "INSERT INTO t VALUES ('', 0), ('2', 0), ('11', 0);",
		"-- schemadiff:batch t (id) 4\nUPDATE t SET n = n + 1 WHERE :batch;", 8, 28 },
	{ __LINE__,
		"CREATE TABLE t (id real NOT NULL PRIMARY KEY, n);\n" COUNT_TO(
			25) "INSERT INTO t SELECT i / 3.0 - 4, 0 FROM c;\n"
			    "INSERT INTO t VALUES (1e300, 0), (1e-300, 0);",
		"-- schemadiff:batch t (id) 5\nUPDATE t SET n = n + 1 WHERE :batch;", 6, 27 },
	/* values of every type in one column without any */
	{ __LINE__,
		"CREATE TABLE t (id NOT NULL PRIMARY KEY, n);\n"
		"INSERT INTO t VALUES (1, 0), (1.5, 0), ('1', 0), (x'00ff', 0), (2, 0), ('', "
		"0), "
		"('b', 0), (x'', 0);",
		"-- schemadiff:batch t (id) 1\nUPDATE t SET n = n + 1 WHERE :batch;", 9, 8 },
	{ __LINE__,
		"CREATE TABLE t (a integer NOT NULL, b text NOT NULL, n, PRIMARY KEY (a, "
		"b));\n" COUNT_TO(30) "INSERT INTO t SELECT i / 7, 'k' || (i % 7), 0 FROM c;",
		"-- schemadiff:batch t (a, b) 4\nUPDATE t SET n = n + 1 WHERE :batch;", 8, 30 },
	/* a key that is not unique: a round takes all rows of its last value */
	{ __LINE__,
		"CREATE TABLE t (id integer NOT NULL, n);\n" COUNT_TO(
			30) "INSERT INTO t SELECT i / 10, 0 FROM c;",
		"-- schemadiff:batch t (id) 4\nUPDATE t SET n = n + 1 WHERE :batch;", 4, 30 },
	{ __LINE__,
		"CREATE TABLE \"t (1)\" (\"the, id\" integer PRIMARY KEY, n);\n" COUNT_TO(
			9) "INSERT INTO \"t (1)\" SELECT i, 0 FROM c;\n"
			   "CREATE VIEW t AS SELECT n FROM \"t (1)\";",
		"-- schemadiff:batch main . \"t (1)\" ( \"the, id\" ) 2\n"
		"UPDATE \"t (1)\" SET n = n + 1 WHERE (:batch) AND ':batch' <> \"the, id\"\n"
		"  /* :batch */;",
		5, 9 },
	{ __LINE__,
		"CREATE TABLE t (id integer PRIMARY KEY, n);\n"
		"CREATE TABLE o (id integer PRIMARY KEY, m);\n" COUNT_TO(
			9) "INSERT INTO t SELECT i, 0 FROM c;\nINSERT INTO o SELECT id, 1 FROM "
			   "t;",
		"-- schemadiff:batch t (t.id) 2\n"
		"UPDATE t SET n = n + o.m FROM o WHERE o.id = t.id AND :batch;",
		5, 9 },
	{ __LINE__,
		"CREATE TABLE t (id integer PRIMARY KEY, n);\n"
		"CREATE TABLE o (id integer PRIMARY KEY);\n" COUNT_TO(
			9) "INSERT INTO o SELECT i FROM c;",
		"-- schemadiff:batch o (id) 2\nINSERT INTO t SELECT id, 1 FROM o WHERE "
		":batch;",
		5, 9 },
	/* statements that limit themselves */
	{ __LINE__,
		"CREATE TABLE t (id integer PRIMARY KEY, n);\n" COUNT_TO(
			25) "INSERT INTO t SELECT i, 0 FROM c;",
		"-- schemadiff:batch\nUPDATE t SET n = n + 1 WHERE id IN (SELECT id FROM t "
		"WHERE n = 0 LIMIT 10);",
		4, 25 },
	{ __LINE__,
		"CREATE TABLE t (id integer PRIMARY KEY, n);\n" COUNT_TO(
			250) "INSERT INTO t SELECT i, 0 FROM c;",
		"-- schemadiff:batch\nUPDATE t SET n = n + 1 WHERE id = (SELECT min(id) FROM t "
		"WHERE n = 0);",
		251, 250 },
	{ __LINE__, "CREATE TABLE t (id integer PRIMARY KEY, n);",
		"-- schemadiff:batch\nINSERT INTO t SELECT count(*), 1 FROM t HAVING count(*) "
		"< "
		"300;",
		301, 300 },
	{ __LINE__,
		"CREATE TABLE t (id integer PRIMARY KEY, n);\n" COUNT_TO(
			250) "INSERT INTO t SELECT i, 0 FROM c;",
		"-- schemadiff:batch\nWITH next AS (SELECT min(id) AS id FROM t WHERE n = 0)\n"
		"UPDATE OR ABORT t SET n = n + 1 WHERE id = (SELECT id FROM next);",
		251, 250 },
};

static void
every_row_once(void **state)
{
	struct fixture *f = *state;

	for (size_t i = 0; i < SD_COUNT(walks); i++) {
		const struct walk *w = &walks[i];

		put_batch(f, w->table, w->up);
		if (upgrade(f, NULL))
			print_error("line %d: %s", w->line, said(f));
		assert_string_equal(joined(f, &f->result.done), "r1 r2");
		if (told_rounds != w->rounds || told.rows != w->rows)
			print_error("line %d\n", w->line);
		assert_int_equal(told_rounds, w->rounds);
		assert_int_equal(told.rows, w->rows);
		assert_true(told.over);
		assert_string_equal(ask(f, "SELECT count(*) FROM t WHERE n IS NOT 1"), "0");
		assert_string_equal(ask(f, "SELECT state, progress FROM schemadiff_revisions "
					   "WHERE revision = 'r2'"),
			"applied|NULL");
		sd_db_close(f->db);
		f->db = NULL;
		(void)unlink(f->target.file);
	}
}

struct estimate {
	int line;
	const char *table, *up;
	unsigned long long total, done;
};

/* What is done and what there is when the first round is over. */
static const struct estimate estimates[] = {
	/* rowids from 10 to 250: there may be less rows */
	{ __LINE__,
		"CREATE TABLE t (id integer PRIMARY KEY, n);\n" COUNT_TO(
			25) "INSERT INTO t SELECT i * 10, 0 FROM c;",
		"-- schemadiff:batch t (id) 10\nUPDATE t SET n = n + 1 WHERE :batch;", 241,
		10 },
	/* gone through, changed or not */
	{ __LINE__,
		"CREATE TABLE t (id integer PRIMARY KEY, n);\n" COUNT_TO(
			25) "INSERT INTO t SELECT i, i % 2 FROM c;",
		"-- schemadiff:batch t (id) 10\nUPDATE t SET n = 1 WHERE n = 0 AND :batch;", 25,
		10 },
	{ __LINE__,
		"CREATE TABLE t (id integer PRIMARY KEY, n);\n" COUNT_TO(
			25) "INSERT INTO t SELECT i, 0 FROM c;",
		"-- schemadiff:batch\nUPDATE t SET n = 1 WHERE id IN (SELECT id FROM t WHERE "
		"n = 0 LIMIT 10);",
		25, 10 },
	{ __LINE__,
		"CREATE TABLE t (id integer PRIMARY KEY, n) WITHOUT ROWID;\n" COUNT_TO(
			25) "INSERT INTO t SELECT i, 0 FROM c;",
		"-- schemadiff:batch t (id) 10\nUPDATE t SET n = 1 WHERE :batch;", 0, 10 },
};

static void
on_first_round(void *ctx, const struct sd_script *s, const struct sd_step *step,
	const struct sd_batch_progress *progress)
{
	if (!told_rounds)
		on_round(ctx, s, step, progress);
}

static void
totals(void **state)
{
	struct fixture *f = *state;

	for (size_t i = 0; i < SD_COUNT(estimates); i++) {
		const struct estimate *e = &estimates[i];

		put_batch(f, e->table, e->up);
		f->run.events.batch = on_first_round;
		expect_clean(f, upgrade(f, NULL));
		if (told.total != e->total || told.done != e->done)
			print_error("line %d\n", e->line);
		assert_int_equal(told.total, e->total);
		assert_int_equal(told.done, e->done);
		assert_true(told.at_most && !told.over);
		sd_db_close(f->db);
		f->db = NULL;
		(void)unlink(f->target.file);
	}
}

/* ---- stopped ---------------------------------------------------------------------------- */

static const char hundred[] =
	"CREATE TABLE t (id integer PRIMARY KEY, n integer NOT NULL CHECK (n < 2));\n"
	"CREATE TABLE log (what);\n" COUNT_TO(100) "INSERT INTO t SELECT i, 0 FROM c;";

#define STATE                                                                                  \
	"SELECT state, substr(progress, 1, 8), substr(progress, 27) FROM "                     \
	"schemadiff_revisions WHERE revision = 'r2'"

/* A batch between two statements. */
static const char keyed[] = "INSERT INTO log VALUES ('before');\n"
			    "-- schemadiff:batch t (id) 10\n"
			    "UPDATE t SET n = n + 1 WHERE :batch;\n"
			    "INSERT INTO log VALUES ('behind');";
static const char limited[] =
	"INSERT INTO log VALUES ('before');\n"
	"-- schemadiff:batch\n"
	"UPDATE t SET n = n + 1 WHERE id IN (SELECT id FROM t WHERE n = 0 LIMIT 10);\n"
	"INSERT INTO log VALUES ('behind');";

static void
fails_in_a_round(void **state)
{
	static const struct {
		const char *up, *progress;
	} forms[] = { { keyed, "running|1 1 done|40" }, { limited, "running|1 1 done|40" } };
	struct fixture *f = *state;

	for (size_t i = 0; i < SD_COUNT(forms); i++) {
		put_batch(f, hundred, forms[i].up);
		expect_clean(f, upgrade(f, "r1"));
		assert_int_equal(sd_db_exec(f->db, nowhere,
					 "CREATE TRIGGER stop BEFORE UPDATE ON t WHEN OLD.id = "
					 "44 BEGIN SELECT RAISE(ABORT, 'stop here'); END"),
			SD_OK);
		assert_int_equal(upgrade(f, NULL), SD_ERR);
		assert_non_null(strstr(said(f),
			"note: 1 of 3 statements of revision r2 are done, and a part of the "
			"next; `schemadiff upgrade` goes on from there\n"));
		assert_string_equal(ask(f, "SELECT sum(n) FROM t"), "40");
		assert_string_equal(ask(f, STATE), forms[i].progress);
		assert_int_equal(sd_db_exec(f->db, nowhere, "DROP TRIGGER stop"), SD_OK);
		assert_int_equal(downgrade(f, NULL), SD_ERR);
		assert_non_null(strstr(said(f), "revision r2 is half applied"));
		expect_clean(f, upgrade(f, NULL));
		assert_string_equal(ask(f, "SELECT min(n), max(n) FROM t"), "1|1");
		assert_string_equal(ask(f, "SELECT what FROM log"), "before\nbehind");
		sd_db_close(f->db);
		f->db = NULL;
		(void)unlink(f->target.file);
	}
}

static int rounds_to_live;

static void
die_at_round(void *ctx, const struct sd_script *s, const struct sd_step *step,
	const struct sd_batch_progress *progress)
{
	on_round(ctx, s, step, progress);
	if (--rounds_to_live == 0)
		(void)raise(SIGKILL);
}

/* Killed behind each round. */
static void
killed_behind_a_round(void **state)
{
	struct fixture *f = *state;

	for (int i = 1; i <= 11; i++) {
		int status;
		pid_t pid;

		put_batch(f, hundred, i % 2 ? keyed : limited);
		sd_db_close(f->db);
		f->db = NULL;
		(void)unlink(f->target.file);
		pid = fork();
		if (pid == 0) {
			load(f);
			rounds_to_live = i;
			f->run.events.batch = die_at_round;
			(void)upgrade(f, NULL);
			_exit(0);
		}
		assert_int_equal(waitpid(pid, &status, 0), pid);
		assert_true(WIFSIGNALED(status));
		load(f);
		expect_clean(f, upgrade(f, NULL));
		assert_int_equal(told.rows, i < 10 ? 100 - i * 10 : 0);
		assert_string_equal(ask(f, "SELECT min(n), max(n) FROM t"), "1|1");
		assert_string_equal(ask(f, "SELECT what FROM log"), "before\nbehind");
	}
}

/* A batch is the whole part, and its first round fails. */
static void
fails_at_once(void **state)
{
	struct fixture *f = *state;

	put_batch(
		f, hundred, "-- schemadiff:batch t (id) 10\nUPDATE t SET n = 2 WHERE :batch;");
	assert_int_equal(upgrade(f, NULL), SD_ERR);
	assert_string_equal(said(f),
		"r2.sql:7: error: CHECK constraint failed: n < 2\n"
		"r2.sql:7: note: in: UPDATE t SET n = 2 WHERE (id <= 10)\n"
		"note: nothing of revision r2 was kept; the database is at r1\n");
	assert_string_equal(ask(f, "SELECT count(*) FROM schemadiff_revisions"), "1");
}

struct refused {
	int line;
	const char *table, *up, *said;
};

static const struct refused refusals[] = {
	/* the same rows again and again */
	{ __LINE__, "CREATE TABLE t (n);\nINSERT INTO t VALUES (0), (0);",
		"-- schemadiff:batch\nUPDATE t SET n = n + 1;",
		"r2.sql:7: error: this batch has taken more rounds than its table has rows: it "
		"changes the same rows again and again\n"
		"hint: its WHERE must leave out the rows that are done\n"
		"note: 0 of 1 statements of revision r2 are done, and a part of the next; "
		"`schemadiff upgrade` goes on from there\n" },
	{ __LINE__, "CREATE TABLE t (id text PRIMARY KEY, n);\nINSERT INTO t VALUES (NULL, 0);",
		"-- schemadiff:batch t (id)\nUPDATE t SET n = n + 1 WHERE :batch;",
		"r2.sql:7: error: id is NULL in some rows of t, and a batch would pass them "
		"over\n"
		"hint: take a key without NULL, or change these rows in a statement of their "
		"own before\n"
		"note: nothing of revision r2 was kept; the database is at r1\n" },
	{ __LINE__, "CREATE TABLE t (id integer PRIMARY KEY, n);",
		"-- schemadiff:batch t (nope)\nUPDATE t SET n = n + 1 WHERE :batch;",
		"r2.sql:7: error: no such column: nope\n"
		"note: nothing of revision r2 was kept; the database is at r1\n" },
};

static void
what_a_batch_may_not(void **state)
{
	struct fixture *f = *state;

	for (size_t i = 0; i < SD_COUNT(refusals); i++) {
		const struct refused *r = &refusals[i];
		const char *text;

		put_batch(f, r->table, r->up);
		assert_int_equal(upgrade(f, NULL), SD_ERR);
		assert_int_equal(sd_diags_exit(&f->diags), SD_CLASS_DATABASE);
		text = said(f);
		if (strcmp(text, r->said) != 0)
			print_error("line %d\n", r->line);
		assert_string_equal(text, r->said);
		assert_in_range(told_rounds, 0, 103);
		sd_db_close(f->db);
		f->db = NULL;
		(void)unlink(f->target.file);
	}
}

/* ---- Ctrl-C ------------------------------------------------------------------------------ */

static void
ignore(void *connection)
{
	(void)connection;
}

static void
interrupt(void *ctx, const struct sd_script *s, const struct sd_step *step,
	const struct sd_batch_progress *progress)
{
	on_round(ctx, s, step, progress);
	if (told_rounds == 3)
		(void)raise(SIGINT);
}

/* In a process of its own, since nothing takes the signal back. */
static void
interrupted_between_rounds(void **state)
{
	struct fixture *f = *state;
	int status;
	pid_t pid;

	put_batch(f, hundred, keyed);
	sd_db_close(f->db);
	f->db = NULL;
	pid = fork();
	if (pid == 0) {
		load(f);
		(void)signal(SIGINT, SIG_DFL); /* what runs in the background ignores it */
		sd_interrupt_catch();
		sd_interrupt_cancels(ignore, f);
		f->run.events.batch = interrupt;
		status = upgrade(f, NULL) == SD_ERR &&
			 strcmp(said(f),
				 "error: interrupted\n"
				 "note: 1 of 3 statements of revision r2 are done, and a part "
				 "of the next; `schemadiff upgrade` goes on from there\n") == 0;
		_exit(status ? 0 : 1);
	}
	assert_int_equal(waitpid(pid, &status, 0), pid);
	assert_true(WIFEXITED(status));
	assert_int_equal(WEXITSTATUS(status), 0);
	assert_string_equal(ask(f, "SELECT sum(n) FROM t"), "30");
	load(f);
	expect_clean(f, upgrade(f, NULL));
	assert_string_equal(ask(f, "SELECT min(n), max(n) FROM t"), "1|1");
}

int
main(void)
{
	const struct CMUnitTest tests[] = {
		T(every_row_once),
		T(totals),
		T(fails_in_a_round),
		T(killed_behind_a_round),
		T(fails_at_once),
		T(what_a_batch_may_not),
		T(interrupted_between_rounds),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
