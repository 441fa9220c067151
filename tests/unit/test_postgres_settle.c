/* Statements in doubt, progress, and waiting for the server. */
#include "tests/unit/postgres_ask_helper.h"

static const char *const objects[] = {
	"DROP SCHEMA IF EXISTS sd_test_ask CASCADE",
	"CREATE SCHEMA sd_test_ask",
	"CREATE TABLE other (z integer)",
	NULL,
};

static int
setup(void **state)
{
	return setup_objects(state, objects);
}

/* The statement fails, and that is what the test wants. */
static void
run_badly(struct fixture *f, const char *sql)
{
	assert_int_equal(sd_db_exec(f->db, nowhere, sql), SD_ERR);
	f->diags.list.n = 0;
	f->diags.n_errors = 0;
}

/* ---- statements in doubt ---------------------------------------------------------------- */

struct doubt_row {
	const char *before[4]; /* statements; one with a leading ! fails */
	const char *sql;
	enum sd_doubt doubt;
	const char *query, *answer; /* afterwards */
};

#define EXISTS(name) "SELECT coalesce(to_regclass('" name "')::text, '-')"

static const struct doubt_row doubts[] = {
	{ { "CREATE INDEX CONCURRENTLY idx ON w (x)" },
		"CREATE INDEX CONCURRENTLY idx ON w (x)", SD_DOUBT_DONE, EXISTS("idx"), "idx" },
	{ { "CREATE INDEX idx ON w (x)" },
		"create index /* now */ concurrently if not exists IDX on only "
		"Sd_Test_Ask.\"w\" using btree (x) WHERE x > 0;",
		SD_DOUBT_DONE, EXISTS("idx"), "idx" },
	{ { NULL }, "CREATE INDEX CONCURRENTLY idx ON w (x)", SD_DOUBT_UNDONE, EXISTS("idx"),
		"-" },
	{ { "!CREATE UNIQUE INDEX CONCURRENTLY idx ON w (x)" },
		"CREATE UNIQUE INDEX CONCURRENTLY idx ON w (x)", SD_DOUBT_UNDONE, EXISTS("idx"),
		"-" },
	{ { "!CREATE UNIQUE INDEX CONCURRENTLY \"Odd \"\"x\" ON w (x)" },
		"CREATE UNIQUE INDEX CONCURRENTLY IF NOT EXISTS \"Odd \"\"x\" ON sd_test_ask.w "
		"(x)",
		SD_DOUBT_UNDONE, EXISTS("\"Odd \"\"x\""), "-" },
	/* the quoted name is another one */
	{ { "CREATE INDEX idx ON w (x)" }, "CREATE INDEX CONCURRENTLY \"IDX\" ON w (x)",
		SD_DOUBT_UNDONE, EXISTS("idx"), "idx" },
	/* the name is there, but of something else */
	{ { "CREATE INDEX idx ON w2 (x)" }, "CREATE INDEX CONCURRENTLY idx ON w (x)",
		SD_DOUBT_OPEN, EXISTS("idx"), "idx" },
	{ { "CREATE TABLE idx ()" }, "CREATE INDEX CONCURRENTLY idx ON w (x)", SD_DOUBT_OPEN,
		EXISTS("idx"), "idx" },
	/* the table of another namespace has its index there */
	{ { "CREATE INDEX idx ON w (x)" },
		"CREATE INDEX CONCURRENTLY idx ON sd_test_ask2.w (x)", SD_DOUBT_UNDONE,
		EXISTS("idx"), "idx" },
	{ { "CREATE INDEX idx ON sd_test_ask2.w (x)" },
		"CREATE INDEX CONCURRENTLY idx ON sd_test_ask2.w (x)", SD_DOUBT_DONE,
		EXISTS("sd_test_ask2.idx"), "sd_test_ask2.idx" },
	{ { NULL }, "CREATE INDEX CONCURRENTLY ON w (x)", SD_DOUBT_OPEN, NULL, NULL },
	{ { NULL }, "CREATE INDEX idx ON w (x)", SD_DOUBT_OPEN, NULL, NULL },
	{ { NULL }, "CREATE INDEX CONCURRENTLY idx", SD_DOUBT_OPEN, NULL, NULL },
	{ { "CREATE INDEX idx ON w (x)" }, "DROP INDEX CONCURRENTLY idx", SD_DOUBT_UNDONE,
		EXISTS("idx"), "idx" },
	{ { NULL }, "DROP INDEX CONCURRENTLY IF EXISTS sd_test_ask.idx", SD_DOUBT_DONE, NULL,
		NULL },
	{ { NULL }, "DROP INDEX CONCURRENTLY idx, idx2 RESTRICT", SD_DOUBT_DONE, NULL, NULL },
	{ { "CREATE INDEX idx ON w (x)" }, "DROP INDEX CONCURRENTLY idx, idx2", SD_DOUBT_OPEN,
		NULL, NULL },
	{ { NULL }, "DROP INDEX idx", SD_DOUBT_OPEN, NULL, NULL },
	{ { NULL }, "DROP TABLE idx", SD_DOUBT_OPEN, NULL, NULL },
	/* what a failed rebuild leaves behind, and what only looks like it */
	{ { "CREATE INDEX idx ON w (x)",
		  "!CREATE UNIQUE INDEX CONCURRENTLY idx_ccnew ON w (x)" },
		"REINDEX INDEX CONCURRENTLY idx", SD_DOUBT_UNDONE,
		"SELECT "
		"to_regclass('idx') || ' ' || (to_regclass('idx_ccnew') IS NULL)",
		"idx true" },
	{ { "CREATE INDEX idx ON w (x)",
		  "!CREATE UNIQUE INDEX CONCURRENTLY idx_ccnew1 ON w (x)" },
		"REINDEX (CONCURRENTLY) TABLE w", SD_DOUBT_UNDONE, EXISTS("idx_ccnew1"), "-" },
	{ { "CREATE INDEX idx ON w (x)", "CREATE INDEX idx_ccnew ON w (x)" },
		"REINDEX INDEX CONCURRENTLY idx", SD_DOUBT_UNDONE, EXISTS("idx_ccnew"),
		"idx_ccnew" },
	{ { "CREATE INDEX idx ON w (x)",
		  "!CREATE UNIQUE INDEX CONCURRENTLY mine_ccnew ON w (x)" },
		"REINDEX INDEX CONCURRENTLY idx", SD_DOUBT_UNDONE, EXISTS("mine_ccnew"),
		"mine_ccnew" },
	{ { NULL }, "REINDEX INDEX idx", SD_DOUBT_OPEN, NULL, NULL },
	{ { NULL }, "ALTER TYPE mood ADD VALUE 'sad'", SD_DOUBT_DONE, NULL, NULL },
	{ { NULL }, "ALTER TYPE sd_test_ask.Mood ADD VALUE IF NOT EXISTS 'it''s' BEFORE 'sad'",
		SD_DOUBT_DONE, NULL, NULL },
	{ { NULL }, "ALTER TYPE mood ADD VALUE 'glad' AFTER 'sad'", SD_DOUBT_UNDONE, NULL,
		NULL },
	{ { NULL }, "ALTER TYPE mood ADD VALUE 'Sad'", SD_DOUBT_UNDONE, NULL, NULL },
	{ { NULL }, "ALTER TYPE nowhere ADD VALUE 'sad'", SD_DOUBT_OPEN, NULL, NULL },
	{ { NULL }, "ALTER TYPE mood ADD VALUE E'sad'", SD_DOUBT_OPEN, NULL, NULL },
	{ { NULL }, "ALTER TYPE mood RENAME VALUE 'a' TO 'b'", SD_DOUBT_OPEN, NULL, NULL },
	{ { NULL }, "ALTER TABLE w VALIDATE CONSTRAINT young", SD_DOUBT_UNDONE, NULL, NULL },
	{ { "ALTER TABLE w VALIDATE CONSTRAINT young" },
		"ALTER TABLE IF EXISTS ONLY w VALIDATE CONSTRAINT Young", SD_DOUBT_DONE, NULL,
		NULL },
	{ { NULL }, "ALTER TABLE w VALIDATE CONSTRAINT none", SD_DOUBT_OPEN, NULL, NULL },
	{ { NULL }, "ALTER TABLE w VALIDATE CONSTRAINT young, ADD COLUMN z int", SD_DOUBT_OPEN,
		NULL, NULL },
	{ { NULL }, "ALTER TABLE w DETACH PARTITION w2 CONCURRENTLY", SD_DOUBT_OPEN, NULL,
		NULL },
	{ { NULL }, "VACUUM (ANALYZE) w", SD_DOUBT_UNDONE, NULL, NULL },
	{ { NULL }, "analyze", SD_DOUBT_UNDONE, NULL, NULL },
	{ { NULL }, "CHECKPOINT;", SD_DOUBT_UNDONE, NULL, NULL },
	{ { NULL }, "INSERT INTO w VALUES (1)", SD_DOUBT_OPEN, NULL, NULL },
	{ { NULL }, "", SD_DOUBT_OPEN, NULL, NULL },
};

static const char *const doubt_objects[] = {
	"DROP SCHEMA IF EXISTS sd_test_ask CASCADE",
	"DROP SCHEMA IF EXISTS sd_test_ask2 CASCADE",
	"CREATE SCHEMA sd_test_ask",
	"CREATE SCHEMA sd_test_ask2",
	"CREATE TABLE w (x integer)",
	"INSERT INTO w VALUES (1), (1)",
	"ALTER TABLE w ADD CONSTRAINT young CHECK (x < 9) NOT VALID",
	"CREATE TABLE w2 (x integer)",
	"CREATE TABLE sd_test_ask2.w (x integer)",
	"CREATE TYPE mood AS ENUM ('sad', 'it''s')",
};

static void
test_settle(void **state)
{
	struct fixture *f = *state;

	for (size_t i = 0; i < SD_COUNT(doubts); i++) {
		const struct doubt_row *row = &doubts[i];
		enum sd_doubt doubt;

		for (size_t j = 0; j < SD_COUNT(doubt_objects); j++)
			run(f, doubt_objects[j]);
		for (size_t j = 0; j < SD_COUNT(row->before) && row->before[j]; j++) {
			if (row->before[j][0] == '!')
				run_badly(f, row->before[j] + 1);
			else
				run(f, row->before[j]);
		}
		doubt = sd_db_settle(f->db, nowhere, row->sql);
		if (doubt != row->doubt)
			print_error("%s: %d, not %d\n", row->sql, (int)doubt, (int)row->doubt);
		assert_int_equal(doubt, row->doubt);
		if (row->query)
			assert_string_equal(value(f, row->query), row->answer);
		assert_int_equal(f->diags.list.n, 0);
	}
	run(f, "DROP SCHEMA sd_test_ask2 CASCADE");
}

/* ---- other sessions at the same time ---------------------------------------------------- */

/* A child process that opens a transaction, holds it for @seconds and ends. */
static pid_t
hold(struct fixture *f, const char *sql, unsigned ms)
{
	int ready[2];
	pid_t child;
	char byte;

	assert_int_equal(pipe(ready), 0);
	child = fork();
	assert_true(child >= 0);
	if (child == 0) {
		struct sd_db *db = open_db(f, SD_DB_WRITE);

		(void)sd_db_exec(db, nowhere, "BEGIN ISOLATION LEVEL REPEATABLE READ");
		(void)sd_db_exec(db, nowhere, sql);
		(void)!write(ready[1], "x", 1);
		(void)nanosleep(&(struct timespec){ .tv_sec = ms / 1000,
					.tv_nsec = ms % 1000 * 1000000L },
			NULL);
		(void)sd_db_exec(db, nowhere, "ROLLBACK");
		_exit(0);
	}
	assert_int_equal(read(ready[0], &byte, 1), 1);
	(void)close(ready[0]);
	(void)close(ready[1]);
	return child;
}

struct heard {
	unsigned n;
	char phase[64];
	unsigned long long total;
};

static void
hear(void *ctx, const struct sd_db_progress *progress)
{
	struct heard *heard = ctx;

	heard->n++;
	(void)snprintf(heard->phase, sizeof heard->phase, "%s", progress->phase);
	heard->total = progress->total;
}

static void
test_watch(void **state)
{
	struct fixture *f = *state;
	struct heard heard = { 0 };
	pid_t child = hold(f, "INSERT INTO other VALUES (1)", 2500);

	sd_db_watch(f->db, hear, &heard);
	run(f, "CREATE INDEX CONCURRENTLY slow ON other (z)");
	(void)waitpid(child, NULL, 0);
	assert_in_range(heard.n, 1, 3);
	assert_true(sd_text_starts(heard.phase, "waiting for "));
	assert_int_equal(heard.total, 1);

	/* short statements, and nobody who listens, cost nothing */
	heard.n = 0;
	run(f, "SELECT 1");
	sd_db_watch(f->db, NULL, NULL);
	run(f, "SELECT pg_sleep(1.3)");
	assert_int_equal(heard.n, 0);
	/* a long statement that is no index build tells nothing */
	sd_db_watch(f->db, hear, &heard);
	run(f, "SELECT pg_sleep(1.3)");
	assert_int_equal(heard.n, 0);
	run_badly(f, "SELECT pg_sleep(1.1), 1/0 FROM pg_sleep(1.1)");
	sd_db_watch(f->db, NULL, NULL);
}

/* The second connection does not come about: the statement does not mind. */
static void
test_watch_alone(void **state)
{
	struct fixture *f = *state;
	struct heard heard = { 0 };
	struct sd_names values = f->target.values, wrong = { 0 };

	for (uint32_t i = 0; i < values.n; i++)
		*sd_push(f->arena, &wrong) =
			sd_text_equal(f->target.keys.at[i], "host") ? "/nowhere" : values.at[i];
	f->target.values = wrong;
	sd_db_watch(f->db, hear, &heard);
	run(f, "SELECT pg_sleep(2.2)");
	f->target.values = values;
	assert_int_equal(f->diags.list.n, 0);
	assert_int_equal(heard.n, 0);
}

/* The builder's client has gone, the server still builds: that is waited for. */
static void
test_settle_building(void **state)
{
	struct fixture *f = *state;
	pid_t holder = hold(f, "INSERT INTO other VALUES (1)", 1500), builder = fork();

	assert_true(builder >= 0);
	if (builder == 0) {
		struct sd_db *db = open_db(f, SD_DB_WRITE);

		(void)sd_db_exec(db, nowhere, "CREATE INDEX CONCURRENTLY late ON other (z)");
		_exit(0);
	}
	while (!value(f, "SELECT to_regclass('late')"))
		(void)nanosleep(&(struct timespec){ .tv_nsec = 10000000 }, NULL);
	assert_int_equal(
		sd_db_settle(f->db, nowhere, "CREATE INDEX CONCURRENTLY late ON other (z)"),
		SD_DOUBT_DONE);
	(void)waitpid(holder, NULL, 0);
	(void)waitpid(builder, NULL, 0);
}

/* A copy has no further results until it ends; and a lost connection is an end, too. */
static void
test_wait(void **state)
{
	struct fixture *f = *state;
	struct sd_db *db;

	run_badly(f, "COPY other TO STDOUT");
	run_badly(f, "COPY other FROM STDIN");
	run(f, "SELECT 1");
	db = open_db(f, SD_DB_WRITE);
	assert_int_equal(
		sd_db_exec(db, nowhere, "SELECT pg_terminate_backend(pg_backend_pid())"),
		SD_ERR);
	assert_int_equal(sd_db_failure(db), SD_DB_LOST);
	sd_db_close(db);
}

/* Ctrl-C ends a long statement at once. */
static void
test_interrupt(void **state)
{
	struct fixture *f = *state;
	pid_t child = fork();
	int status;

	assert_true(child >= 0);
	if (child == 0) {
		struct sd_db *db = open_db(f, SD_DB_WRITE);
		double start = seconds();
		bool good;

		(void)signal(SIGINT, SIG_DFL); /* what runs in the background ignores it */
		sd_interrupt_catch();
		good = sd_db_exec(db, nowhere, "SELECT pg_sleep(20)") == SD_ERR &&
		       sd_db_failure(db) == SD_DB_INTERRUPTED && seconds() - start < 4;
		sd_db_close(db);
		_exit(good ? 0 : 1);
	}
	while (!value(f, "SELECT 't' FROM pg_stat_activity WHERE query = "
			 "'SELECT pg_sleep(20)' AND state = 'active'"))
		(void)nanosleep(&(struct timespec){ .tv_nsec = 10000000 }, NULL);
	assert_int_equal(kill(child, SIGINT), 0);
	assert_int_equal(waitpid(child, &status, 0), child);
	assert_int_equal(status, 0);
}

int
main(void)
{
	const struct CMUnitTest tests[] = {
		TEST(test_settle),
		TEST(test_watch),
		TEST(test_watch_alone),
		TEST(test_settle_building),
		TEST(test_wait),
		TEST(test_interrupt),
	};

	if (!getenv("SD_TEST_PG")) {
		(void)printf("postgres_settle: skipped, SD_TEST_PG names no server\n");
		return 0;
	}
	return cmocka_run_group_tests_name("postgres_settle", tests, NULL, NULL);
}
