/* Parts of several transactions: what stays after a failure, a death or an edit anywhere in
 * them, and that going on does the rest once and nothing twice. */
#include "tests/unit/run_helper.h"

#include "core/history/journal.h"

#include <signal.h>
#include <sys/stat.h>

/* Six statements in four stretches; each leaves its number in table a, behind it the process.
 */
enum { STEPS = 6 };

static const char *const before_step[STEPS] = { "", "-- schemadiff:transaction\n", "",
	"-- schemadiff:no-transaction\n", "", "-- schemadiff:transaction\n" };

/* How many statements are kept when statement @i fails. */
static const size_t kept_before[STEPS] = { 0, 1, 1, 3, 4, 5 };

/* The statement @i does not run outside a transaction. */
static const bool outside[STEPS] = { false, false, false, true, true, false };

/* A part whose statement @bad (from 0; STEPS = none) fails. */
static const char *
part(struct fixture *f, size_t bad, const char *sql)
{
	struct sd_buf text = SD_BUF(f->arena);

	for (size_t i = 0; i < STEPS; i++) {
		sd_buf_add(&text, before_step[i]);
		sd_buf_addf(
			&text, i == bad ? "INSERT INTO nowhere VALUES (%zu);\n" : sql, i + 1);
	}
	return sd_buf_text(&text);
}

static const char add[] = "INSERT INTO a VALUES (%zu);\n";
static const char take[] = "DELETE FROM a WHERE x = %zu;\n";

static void
put_split(struct fixture *f, size_t bad_up, size_t bad_down)
{
	put(f, "r1", NULL, "CREATE TABLE a (x integer);", "DROP TABLE a;");
	put(f, "r2", "r1", part(f, bad_up, add), part(f, bad_down, take));
	put(f, "r3", "r2", "CREATE TABLE b (y);", "DROP TABLE b;");
	load(f);
}

/* "1 2 3" up to @n, from @from. */
static const char *
numbers(struct fixture *f, size_t from, size_t n)
{
	struct sd_buf text = SD_BUF(f->arena);

	for (size_t i = from; i <= n; i++) {
		sd_buf_sep(&text, "\n");
		sd_buf_addf(&text, "%zu", i);
	}
	return sd_buf_text(&text);
}

static const char rows[] = "SELECT x FROM a ORDER BY x";
static const char states[] =
	"SELECT revision, state, substr(progress, 1, 8) FROM schemadiff_revisions "
	"ORDER BY revision";

static void
whole_run(void **state)
{
	struct fixture *f = *state;

	put_split(f, STEPS, STEPS);
	expect_clean(f, upgrade(f, NULL));
	assert_string_equal(joined(f, &f->result.done), "r1 r2 r3");
	assert_string_equal(ask(f, rows), numbers(f, 1, STEPS));
	assert_string_equal(
		ask(f, states), "r1|applied|NULL\nr2|applied|NULL\nr3|applied|NULL");
	expect_clean(f, upgrade(f, NULL));
	assert_int_equal(f->result.done.n, 0);
	expect_clean(f, downgrade(f, "r1"));
	assert_string_equal(joined(f, &f->result.done), "r3 r2");
	assert_string_equal(ask(f, rows), "");
	assert_string_equal(ask(f, states), "r1|applied|NULL");
	assert_string_equal(ask(f, "SELECT action, revision, result FROM schemadiff_log"),
		"upgrade|r1|ok\nupgrade|r2|ok\nupgrade|r3|ok\n"
		"downgrade|r3|ok\ndowngrade|r2|ok");
}

/* The row of r2 after @kept statements of the part. */
static const char *
half(struct fixture *f, bool down, size_t kept)
{
	if (kept)
		return sd_fmt(f->arena, "r1|applied|NULL\nr2|%s|1 %zu done",
			down ? "reverting" : "running", kept);
	return down ? "r1|applied|NULL\nr2|applied|NULL" : "r1|applied|NULL";
}

static const char *
half_note(struct fixture *f, bool down, size_t kept)
{
	if (!kept)
		return sd_fmt(f->arena,
			"note: nothing of %srevision r2 was kept; the database is at %s\n",
			down ? "undoing " : "", down ? "r2" : "r1");
	return sd_fmt(f->arena,
		"note: %zu of 6 statements of revision r2 are done; `schemadiff %s` goes on "
		"from there\n",
		kept, down ? "downgrade" : "upgrade");
}

static void
fails_at(struct fixture *f, size_t i)
{
	size_t kept = kept_before[i];
	struct sd_state now;
	const char *text;

	put_split(f, i, STEPS);
	assert_int_equal(upgrade(f, NULL), SD_ERR);
	assert_string_equal(f->result.failed, "r2");
	assert_int_equal(sd_diags_exit(&f->diags), SD_CLASS_DATABASE);
	text = said(f);
	if (!strstr(text, half_note(f, false, kept)))
		print_error("%s", text);
	assert_non_null(strstr(text, half_note(f, false, kept)));
	assert_string_equal(ask(f, rows), numbers(f, 1, kept));
	assert_string_equal(ask(f, states), half(f, false, kept));
	assert_int_equal(sd_state_read(f->db, &f->books, f->arena, &now), SD_OK);
	assert_string_equal(joined(f, &now.ids), "r1");
	assert_true(sd_text_equal(now.partial.revision, kept ? "r2" : NULL));
	if (kept) {
		assert_int_equal(downgrade(f, NULL), SD_ERR);
		assert_int_equal(sd_diags_exit(&f->diags), SD_CLASS_HISTORY);
		assert_string_equal(said(f),
			"error: revision r2 is half applied, and must be finished first\n"
			"hint: `schemadiff upgrade r2` goes on with it; after mending the "
			"database by hand, `schemadiff stamp` says where it is\n");
	}
	put_split(f, STEPS, STEPS);
	expect_clean(f, upgrade(f, NULL));
	assert_string_equal(joined(f, &f->result.done), "r2 r3");
	assert_string_equal(ask(f, rows), numbers(f, 1, STEPS));
}

static void
fails_at_on_the_way_back(struct fixture *f, size_t i)
{
	size_t kept = kept_before[i];
	struct sd_state now;

	put_split(f, STEPS, i);
	expect_clean(f, upgrade(f, "r2"));
	assert_int_equal(downgrade(f, NULL), SD_ERR);
	assert_non_null(strstr(said(f), half_note(f, true, kept)));
	assert_string_equal(ask(f, rows), numbers(f, kept + 1, STEPS));
	assert_string_equal(ask(f, states), half(f, true, kept));
	assert_int_equal(sd_state_read(f->db, &f->books, f->arena, &now), SD_OK);
	assert_string_equal(joined(f, &now.ids), "r1 r2");
	assert_int_equal(now.partial.down, kept != 0);
	if (kept) {
		assert_int_equal(upgrade(f, NULL), SD_ERR);
		assert_int_equal(sd_diags_exit(&f->diags), SD_CLASS_HISTORY);
		assert_non_null(strstr(said(f), "revision r2 is half undone"));
	}
	put_split(f, STEPS, STEPS);
	expect_clean(f, downgrade(f, NULL));
	assert_string_equal(joined(f, &f->result.done), "r2 r1");
	assert_string_equal(ask(f, states), "");
}

static void
failures(void **state)
{
	struct fixture *f = *state;

	for (size_t i = 0; i < STEPS; i++) {
		fails_at(f, i);
		expect_clean(f, downgrade(f, NULL));
		fails_at_on_the_way_back(f, i);
	}
}

/* ---- death ---------------------------------------------------------------------------- */

struct death {
	size_t step; /* the statement before which the process dies */
	int rounds;  /* or: of a batch */
};

static void
die_at_statement(
	void *ctx, const struct sd_script *s, const struct sd_step *step, size_t i, size_t n)
{
	const struct death *death = ctx;

	(void)step;
	(void)n;
	if (strcmp(s->revision, "r2") == 0 && i == death->step)
		(void)raise(SIGKILL);
}

static void
die_at_round(void *ctx, const struct sd_script *s, const struct sd_step *step,
	const struct sd_batch_progress *progress)
{
	struct death *death = ctx;

	(void)s;
	(void)step;
	(void)progress;
	if (--death->rounds == 0)
		(void)raise(SIGKILL);
}

/* Run in a process of its own, which is killed. */
static void
killed(struct fixture *f, enum sd_direction direction, struct death death)
{
	int status;
	pid_t pid = fork();

	if (pid == 0) {
		f->db = NULL;
		load(f);
		f->run.events = (struct sd_run_events){
			.ctx = &death, .statement = die_at_statement, .batch = die_at_round
		};
		(void)(direction == SD_UP ? upgrade(f, NULL) : downgrade(f, NULL));
		_exit(0);
	}
	assert_true(pid > 0);
	assert_int_equal(waitpid(pid, &status, 0), pid);
	assert_true(WIFSIGNALED(status));
}

/* What is in doubt is said, and either answer of the user's is obeyed. */
static void
answer_doubt(struct fixture *f, enum sd_direction direction, size_t i, bool again)
{
	const char *hint = sd_fmt(f->arena,
		"hint: look at the database: `--resume-at %zu` runs the statement again, "
		"`--resume-at %zu` goes on behind it\n",
		i + 1, i + 2);
	enum sd_status status = direction == SD_UP ? upgrade(f, NULL) : downgrade(f, NULL);
	const char *text;

	assert_int_equal(status, SD_ERR);
	assert_int_equal(sd_diags_exit(&f->diags), SD_CLASS_DATABASE);
	text = said(f);
	assert_non_null(strstr(text, hint));
	assert_non_null(strstr(text, direction == SD_UP ? "INSERT INTO a" : "DELETE FROM a"));
	assert_non_null(strstr(text, "of revision r2 are done, and the next is in doubt"));
	f->run.resume_at = (unsigned)(again ? i + 1 : i + 2);
}

static void
deaths(void **state)
{
	struct fixture *f = *state;

	for (size_t i = 0; i < STEPS * 2; i++) {
		size_t step = i % STEPS;
		bool again = i < STEPS;
		const char *all = numbers(f, 1, STEPS);

		put_split(f, STEPS, STEPS);
		expect_clean(f, upgrade(f, "r1"));
		killed(f, SD_UP, (struct death){ .step = step });
		assert_string_equal(ask(f, rows), numbers(f, 1, kept_before[step]));
		if (outside[step])
			answer_doubt(f, SD_UP, step, again);
		if (outside[step] && !again)
			all = sd_fmt(f->arena, "%s%s%s", numbers(f, 1, step), "\n",
				numbers(f, step + 2, STEPS));
		expect_clean(f, upgrade(f, NULL));
		f->run.resume_at = 0;
		assert_string_equal(joined(f, &f->result.done), "r2 r3");
		assert_string_equal(ask(f, rows), all);

		expect_clean(f, downgrade(f, "r2"));
		killed(f, SD_DOWN, (struct death){ .step = step });
		if (outside[step])
			answer_doubt(f, SD_DOWN, step, again);
		expect_clean(f, downgrade(f, NULL));
		f->run.resume_at = 0;
		assert_string_equal(joined(f, &f->result.done), "r2 r1");
		assert_string_equal(ask(f, states), "");
	}
}

/* Killed before anything was done: the part is whole again. */
static void
resume_at(void **state)
{
	struct fixture *f = *state;

	put_split(f, 5, STEPS);
	f->run.resume_at = 2;
	assert_int_equal(upgrade(f, NULL), SD_ERR);
	assert_string_equal(said(f), "error: --resume-at: no revision is half done\n");
	f->run.resume_at = 0;
	assert_int_equal(upgrade(f, NULL), SD_ERR);
	(void)said(f);
	f->run.resume_at = 8;
	assert_int_equal(upgrade(f, NULL), SD_ERR);
	assert_string_equal(said(f), "error: --resume-at 8: the part has 6 statements\n");
	f->run.resume_at = 7;
	expect_clean(f, upgrade(f, NULL));
	assert_string_equal(joined(f, &f->result.done), "r2 r3");
	assert_string_equal(ask(f, rows), numbers(f, 1, 5));
}

/* ---- edits ------------------------------------------------------------------------------ */

struct edit {
	int line;
	const char *old, *new;
	const char *said; /* NULL: it goes on */
	const char *rows; /* in the end */
};

static const struct edit edits[] = {
	{ __LINE__, "VALUES (2)", "VALUES (22)",
		"r2.sql:5: error: revision r2 was edited after 4 of its statements had run\n"
		"hint: bring the script back as it was, or say with --resume-at N which "
		"statement is the next\n",
		"1\n2\n3\n4\n5\n6" },
	{ __LINE__, "-- schemadiff:no-transaction\nINSERT INTO a VALUES (4);\n", "",
		"r2.sql:5: error: revision r2 was edited after 4 of its statements had run\n"
		"hint: bring the script back as it was, or say with --resume-at N which "
		"statement is the next\n",
		"1\n2\n3\n4\n5\n6" },
	{ __LINE__, "VALUES (2)", "VALUES /* two */ (2)",
		"r2.sql:5: error: revision r2 was edited after 4 of its statements had run\n"
		"hint: bring the script back as it was, or say with --resume-at N which "
		"statement is the next\n",
		"1\n2\n3\n4\n5\n6" },
	{ __LINE__, "VALUES (6)", "VALUES (66)", NULL, "1\n2\n3\n4\n5\n66" },
	{ __LINE__, "-- schemadiff:transaction\nINSERT INTO a VALUES (6);\n", "", NULL,
		"1\n2\n3\n4\n5" },
	{ __LINE__,
		"INSERT INTO a VALUES (5);\n-- schemadiff:transaction\n"
		"INSERT INTO a VALUES (6);\n",
		"", NULL, "1\n2\n3\n4" },
};

static const char *
replaced(struct fixture *f, const char *text, const char *old, const char *new)
{
	const char *at = strstr(text, old);

	assert_non_null(at);
	return sd_fmt(f->arena, "%.*s%s%s", (int)(at - text), text, new, at + strlen(old));
}

static void
edited(void **state)
{
	struct fixture *f = *state;

	for (size_t i = 0; i < SD_COUNT(edits); i++) {
		const struct edit *e = &edits[i];
		const char *text;

		put_split(f, 4, STEPS);
		assert_int_equal(upgrade(f, NULL), SD_ERR);
		(void)said(f);
		put(f, "r2", "r1", replaced(f, part(f, STEPS, add), e->old, e->new),
			"DELETE FROM a;");
		load(f);
		if (e->said) {
			assert_int_equal(upgrade(f, NULL), SD_ERR);
			assert_int_equal(sd_diags_exit(&f->diags), SD_CLASS_HISTORY);
			text = said(f);
			if (strcmp(text, e->said) != 0)
				print_error("line %d\n", e->line);
			assert_string_equal(text, e->said);
			put_split(f, STEPS, STEPS);
		}
		expect_clean(f, upgrade(f, NULL));
		if (strcmp(ask(f, rows), e->rows) != 0)
			print_error("line %d\n", e->line);
		assert_string_equal(ask(f, rows), e->rows);
		expect_clean(f, downgrade(f, NULL));
	}
}

/* The statement that is in doubt must be the one that was begun. */
static void
edited_in_doubt(void **state)
{
	struct fixture *f = *state;

	put_split(f, STEPS, STEPS);
	expect_clean(f, upgrade(f, "r1"));
	killed(f, SD_UP, (struct death){ .step = 3 });
	put(f, "r2", "r1", replaced(f, part(f, STEPS, add), "VALUES (4)", "VALUES (44)"), NULL);
	load(f);
	assert_int_equal(upgrade(f, NULL), SD_ERR);
	assert_int_equal(sd_diags_exit(&f->diags), SD_CLASS_HISTORY);
	assert_non_null(strstr(said(f), "was edited after 4 of its statements had run"));
	f->run.resume_at = 4;
	expect_clean(f, upgrade(f, NULL));
	assert_string_equal(ask(f, rows), "1\n2\n3\n5\n6\n44");
}

/* A part that is one transaction after the edit does not begin again. */
static void
edited_to_one_transaction(void **state)
{
	struct fixture *f = *state;

	put(f, "r1", NULL, "CREATE TABLE a (x integer);", NULL);
	put(f, "r2", "r1", "INSERT INTO a VALUES (1);\n-- schemadiff:transaction\nSELECT nope;",
		NULL);
	load(f);
	assert_int_equal(upgrade(f, NULL), SD_ERR);
	(void)said(f);
	put(f, "r2", "r1", "INSERT INTO a VALUES (1);\nINSERT INTO a VALUES (2);", NULL);
	load(f);
	expect_clean(f, upgrade(f, NULL));
	assert_string_equal(ask(f, rows), "1\n2");
	assert_string_equal(ask(f, states), "r1|applied|NULL\nr2|applied|NULL");
}

/* A script that has come from another branch does not get in the way of what was begun. */
static void
begun_comes_first(void **state)
{
	struct fixture *f = *state;

	put_split(f, 5, STEPS);
	assert_int_equal(upgrade(f, "r2"), SD_ERR);
	(void)said(f);
	put_split(f, STEPS, STEPS);
	put(f, "r1b", "r1", "CREATE TABLE c (x);", NULL);
	load(f);
	expect_clean(f, upgrade(f, NULL));
	assert_string_equal(joined(f, &f->result.done), "r2 r1b r3");
}

static void
stamp_gives_up(void **state)
{
	struct fixture *f = *state;

	put_split(f, 3, STEPS);
	assert_int_equal(upgrade(f, NULL), SD_ERR);
	(void)said(f);
	expect_clean(f, sd_run_stamp(&f->run, script(f, "r1"), &f->result));
	assert_string_equal(ask(f, states), "r1|applied|NULL");
	assert_int_equal(upgrade(f, NULL), SD_ERR);
	(void)said(f);
	expect_clean(f, sd_run_stamp(&f->run, script(f, "r2"), &f->result));
	assert_string_equal(ask(f, states), "r1|applied|NULL\nr2|applied|NULL");
}

/* ---- guards ------------------------------------------------------------------------------ */

static void
guards_between(void **state)
{
	struct fixture *f = *state;
	static const char up[] =
		"INSERT INTO a VALUES (1);\n"
		"-- schemadiff:no-transaction\n"
		"-- schemadiff:only-if\nSELECT 1 WHERE 0;\nINSERT INTO a VALUES (100);\n"
		"-- schemadiff:only-if\nSELECT 1;\nINSERT INTO a VALUES (2);\n"
		"-- schemadiff:expect-none a has a three\nSELECT x FROM a WHERE x = 3;\n"
		"-- schemadiff:transaction\n"
		"-- schemadiff:only-if\nSELECT 1 WHERE 0;\nINSERT INTO a VALUES (100);\n"
		"INSERT INTO a VALUES (4);";

	put(f, "r1", NULL, "CREATE TABLE a (x integer);\nINSERT INTO a VALUES (3);", NULL);
	put(f, "r2", "r1", up, NULL);
	load(f);
	assert_int_equal(upgrade(f, NULL), SD_ERR);
	assert_string_equal(said(f),
		"r2.sql:15: error: a has a three\nr2.sql:15: note: the first such row: x = 3\n"
		"note: 5 of 9 statements of revision r2 are done; `schemadiff upgrade` goes on "
		"from there\n");
	assert_int_equal(sd_db_exec(f->db, nowhere, "DELETE FROM a WHERE x = 3"), SD_OK);
	expect_clean(f, upgrade(f, NULL));
	assert_string_equal(ask(f, rows), "1\n2\n4");
}

/* ---- two at once ------------------------------------------------------------------------- */

/* Upgrade in another process; its exit tells how many revisions it did. */
static void
upgrade_elsewhere(struct fixture *f)
{
	pid_t pid = fork();
	int n = 99;

	assert_true(pid >= 0);
	if (pid)
		return;
	f->db = NULL;
	load(f);
	f->run.wait = 60;
	if (upgrade(f, NULL) == SD_OK)
		n = (int)f->result.done.n;
	else
		print_error("%s", said(f));
	_exit(n);
}

/* @locked: runs wait for each other; else each takes what comes next. */
static void
several_at_once(struct fixture *f, bool locked)
{
	struct sd_buf up = SD_BUF(f->arena);
	int total = 0;

	if (!locked)
		assert_int_equal(
			mkdir(sd_fmt(f->arena, "%s-schemadiff", f->target.file), 0755), 0);
	put(f, "r1", NULL,
		"CREATE TABLE a (x integer PRIMARY KEY, n integer NOT NULL DEFAULT 0);\n"
		"CREATE TABLE log (what);\n"
		"WITH RECURSIVE n(i) AS (SELECT 1 UNION ALL SELECT i + 1 FROM n WHERE i < 500) "
		"INSERT INTO a SELECT i, 0 FROM n;",
		NULL);
	for (int i = 0; i < 20; i++)
		sd_buf_addf(
			&up, "-- schemadiff:transaction\nINSERT INTO log VALUES (%d);\n", i);
	sd_buf_add(&up, "-- schemadiff:batch a (x) 10\nUPDATE a SET n = n + 1 WHERE :batch;\n"
			"-- schemadiff:batch\nDELETE FROM a WHERE x IN (SELECT x FROM a WHERE "
			"x > 250 LIMIT 10);\n");
	put(f, "r2", "r1", sd_buf_text(&up), NULL);
	put(f, "r3", "r2", "CREATE TABLE b (y);", NULL);
	for (int i = 0; i < 3; i++)
		upgrade_elsewhere(f);
	for (int i = 0, status; i < 3; i++) {
		assert_true(wait(&status) > 0);
		assert_true(WIFEXITED(status) && WEXITSTATUS(status) <= 3);
		total += WEXITSTATUS(status);
		assert_true(!locked || WEXITSTATUS(status) % 3 == 0);
	}
	assert_int_equal(total, 3);
	assert_string_equal(ask(f, "SELECT count(*), min(n), max(n) FROM a"), "250|1|1");
	assert_string_equal(ask(f, "SELECT count(*), count(DISTINCT what) FROM log"), "20|20");
	assert_string_equal(
		ask(f, states), "r1|applied|NULL\nr2|applied|NULL\nr3|applied|NULL");
}

static void
three_at_once(void **state)
{
	several_at_once(*state, true);
}

static void
three_without_a_lock(void **state)
{
	several_at_once(*state, false);
}

/* How far another process goes while this one stands between two rounds. */
static int rounds_elsewhere;
static int rounds_here;

static void
overtake(void *ctx, const struct sd_script *s, const struct sd_step *step,
	const struct sd_batch_progress *progress)
{
	struct death death = { .step = STEPS, .rounds = rounds_elsewhere };
	struct fixture *f = ctx;
	int status;
	pid_t pid;

	(void)s;
	(void)step;
	(void)progress;
	if (++rounds_here != 2)
		return;
	pid = fork();
	if (pid == 0) {
		f->db = NULL;
		load(f);
		f->run.events = (struct sd_run_events){ .ctx = &death, .batch = die_at_round };
		_exit(upgrade(f, NULL) == SD_OK ? 0 : 1);
	}
	assert_int_equal(waitpid(pid, &status, 0), pid);
	assert_true(WIFSIGNALED(status) == (rounds_elsewhere != 0));
}

static void
overtaken(void **state)
{
	struct fixture *f = *state;

	/* where a folder stands in the way of the lock's file, transactions have to do */
	assert_int_equal(mkdir(sd_fmt(f->arena, "%s-schemadiff", f->target.file), 0755), 0);
	for (rounds_elsewhere = 0; rounds_elsewhere < 4; rounds_elsewhere++) {
		put(f, "r1", NULL,
			"CREATE TABLE a (x integer PRIMARY KEY, n integer);\n"
			"WITH RECURSIVE n(i) AS (SELECT 1 UNION ALL SELECT i + 1 FROM n WHERE "
			"i < 65) INSERT INTO a SELECT i, 0 FROM n;",
			"DROP TABLE a;");
		put(f, "r2", "r1",
			"-- schemadiff:batch a (x) 10\nUPDATE a SET n = n + 1 WHERE :batch;\n"
			"INSERT INTO a VALUES (100, 1);",
			"DELETE FROM a;");
		load(f);
		rounds_here = 0;
		f->run.events = (struct sd_run_events){ .ctx = f, .batch = overtake };
		expect_clean(f, upgrade(f, NULL));
		assert_string_equal(
			joined(f, &f->result.done), rounds_elsewhere ? "r1 r2" : "r1");
		assert_int_equal(rounds_here, rounds_elsewhere ? 7 - rounds_elsewhere : 2);
		assert_string_equal(ask(f, "SELECT count(*), min(n), max(n) FROM a"), "66|1|1");
		expect_clean(f, downgrade(f, NULL));
	}
}

int
main(void)
{
	const struct CMUnitTest tests[] = {
		T(whole_run),
		T(failures),
		T(deaths),
		T(resume_at),
		T(edited),
		T(edited_in_doubt),
		T(edited_to_one_transaction),
		T(begun_comes_first),
		T(stamp_gives_up),
		T(guards_between),
		T(three_at_once),
		T(three_without_a_lock),
		T(overtaken),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
