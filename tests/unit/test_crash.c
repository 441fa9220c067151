/* An upgrade that rebuilds a table is killed before each of its writes in turn.  What is left
 * must be whole, and the next upgrade must finish.  Only a build with SD_CRASH_TEST can do
 * that; in others there is nothing to test.
 *
 * This process opens no database itself: what counts writes is installed by the first one
 * opened, and each child counts from zero. */
#include "core/base/file.h"
#include "core/history/run.h"

#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>

#include <cmocka.h>
#include <signal.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/wait.h>
#include <unistd.h>

#ifdef SD_CRASH_TEST

#define MOST_WRITES 5000

static const char setup_sql[] =
	"CREATE TABLE p (id integer PRIMARY KEY AUTOINCREMENT, name text);"
	"CREATE TABLE c (p integer NOT NULL REFERENCES p ON DELETE CASCADE, note text);"
	"CREATE INDEX ix_p ON p (name);"
	"CREATE TABLE seen (what text);"
	"CREATE TRIGGER tr AFTER INSERT ON c BEGIN INSERT INTO seen SELECT name FROM p; END;"
	"CREATE VIEW v AS SELECT p.name, c.note FROM p JOIN c ON c.p = p.id;"
	"WITH RECURSIVE n(i) AS (SELECT 1 UNION ALL SELECT i + 1 FROM n WHERE i < 200)"
	" INSERT INTO p (name) SELECT printf('name %d %s', i, hex(zeroblob(100))) FROM n;"
	"INSERT INTO c SELECT id, 'note of ' || id FROM p;"
	"DELETE FROM seen; DELETE FROM p WHERE id = 200;";

static const char first_script[] = "-- add a table\n-- revision: r1\n\n-- schemadiff:up\n"
				   "CREATE TABLE extra (x text);\n";

/* A table with children, a trigger that mentions it, a view and an index, rebuilt by hand. */
static const char rebuild_script[] =
	"-- name is not null\n"
	"-- revision: r2\n"
	"-- revises: r1\n"
	"\n"
	"-- schemadiff:up\n"
	"-- schemadiff:foreign-keys off\n"
	"PRAGMA legacy_alter_table = ON;\n"
	"PRAGMA cache_size = 10;\n"
	"-- schemadiff:expect-none p.name is NULL in some rows\n"
	"SELECT id FROM p WHERE name IS NULL;\n"
	"CREATE TABLE p_new (id integer PRIMARY KEY AUTOINCREMENT, name text NOT NULL);\n"
	"INSERT INTO p_new (id, name) SELECT id, name FROM p;\n"
	"UPDATE sqlite_sequence SET seq = (SELECT seq FROM sqlite_sequence WHERE name = 'p')\n"
	"  WHERE name = 'p_new';\n"
	"DROP TABLE p;\n"
	"ALTER TABLE p_new RENAME TO p;\n"
	"CREATE INDEX ix_p ON p (name);\n"
	"-- schemadiff:expect-none the rebuild of p has broken a foreign key\n"
	"SELECT * FROM pragma_foreign_key_check;\n"
	"SELECT 1 FROM v LIMIT 0;\n";

struct fixture {
	struct sd_arena *arena;
	struct sd_diags diags;
	char dir[64];
	const char *folder, *before, *file;
};

static int
shell(struct fixture *f, const char *command)
{
	(void)f;
	return system(command);
}

/* What the sqlite3 shell answers to @sql on the file. */
static const char *
ask(struct fixture *f, const char *sql)
{
	const char *out = sd_fmt(f->arena, "%s/out", f->dir);
	char *text;

	assert_int_equal(shell(f, sd_fmt(f->arena, "sqlite3 -batch '%s' \"%s\" > '%s' 2>&1",
					  f->file, sql, out)),
		0);
	assert_int_equal(sd_file_read(out, f->arena, &f->diags, &text, NULL), SD_OK);
	return text;
}

static void
write_script(struct fixture *f, const char *name, const char *text)
{
	assert_int_equal(sd_file_write(sd_path_join(f->arena, f->folder, name), text,
				 strlen(text), false, &f->diags),
		SD_OK);
}

static int
setup(void **state)
{
	struct sd_arena *arena = sd_arena_new();
	struct fixture *f = sd_new(arena, struct fixture);

	f->arena = f->diags.arena = arena;
	strncpy(f->dir, "/tmp/schemadiff-test-XXXXXX", sizeof f->dir - 1);
	if (!mkdtemp(f->dir))
		return -1;
	f->folder = sd_fmt(arena, "%s/m", f->dir);
	f->before = sd_fmt(arena, "%s/before.db", f->dir);
	f->file = sd_fmt(arena, "%s/app.db", f->dir);
	if (sd_dir_make(f->folder, &f->diags))
		return -1;
	write_script(f, "1.sql", first_script);
	write_script(f, "2.sql", rebuild_script);
	*state = f;
	return 0;
}

static int
teardown(void **state)
{
	struct fixture *f = *state;

	(void)shell(f, sd_fmt(f->arena, "rm -rf '%s'", f->dir));
	sd_arena_free(f->arena);
	return 0;
}

/* In a child: upgrade the file; exit 0 when that worked. */
SD_NORETURN static void
upgrade_and_exit(struct fixture *f)
{
	struct sd_target target = { .dialect = &sd_dialect_sqlite, .file = f->file };
	struct sd_bookkeeping books = { 0 };
	struct sd_names dirs = { 0 };
	struct sd_run_result result;
	struct sd_run run = { .books = &books, .wait = 5, .arena = f->arena };

	*sd_push(f->arena, &dirs) = f->folder;
	run.db = sd_db_open(&target, SD_DB_WRITE, &f->diags);
	run.history = sd_history_load(NULL, &dirs, false, &sd_dialect_sqlite, f->arena, &f->diags);
	if (!run.db || !run.history || sd_run_upgrade(&run, NULL, &result))
		_exit(1);
	sd_db_close(run.db);
	_exit(0);
}

/* Upgrade in a process that dies before its write number @at (0: never).  True when it
 * lived. */
static bool
upgrade(struct fixture *f, long at)
{
	pid_t pid = fork();
	int status;

	assert_true(pid >= 0);
	if (pid == 0) {
		(void)setenv("SCHEMADIFF_CRASH_AT", sd_fmt(f->arena, "%ld", at), 1);
		upgrade_and_exit(f);
	}
	assert_int_equal(waitpid(pid, &status, 0), pid);
	if (WIFSIGNALED(status)) {
		assert_int_equal(WTERMSIG(status), SIGKILL);
		return false;
	}
	assert_int_equal(WEXITSTATUS(status), 0);
	return true;
}

static const char sound[] = "PRAGMA integrity_check; PRAGMA foreign_key_check;"
			    "SELECT count(*), sum(length(name)) FROM p;"
			    "SELECT count(*), sum(length(note)) FROM c; SELECT count(*) FROM v;"
			    "SELECT count(*) FROM seen; SELECT seq FROM sqlite_sequence;";

static void
kill_at_every_write(struct fixture *f, const char *journal)
{
	const char *copy =
		sd_fmt(f->arena, "rm -f '%s' '%s-journal' '%s-wal' '%s-shm'; cp '%s' '%s'",
			f->file, f->file, f->file, f->file, f->before, f->file);
	const char *expected;
	long at;

	assert_int_equal(
		shell(f, sd_fmt(f->arena,
				 "rm -f '%s'; sqlite3 '%s' \"PRAGMA foreign_keys = ON; PRAGMA "
				 "journal_mode = %s; %s\" > /dev/null",
				 f->before, f->before, journal, setup_sql)),
		0);
	assert_int_equal(shell(f, copy), 0);
	expected = ask(f, sound);
	assert_non_null(strstr(expected, "ok\n199|"));
	for (at = 1; at < MOST_WRITES; at++) {
		bool lived;

		assert_int_equal(shell(f, copy), 0);
		lived = upgrade(f, at);
		assert_string_equal(ask(f, sound), expected);
		assert_true(upgrade(f, 0));
		assert_string_equal(ask(f, sound), expected);
		assert_string_equal(
			ask(f, "SELECT revision FROM schemadiff_revisions ORDER BY 1"),
			"r1\nr2\n");
		assert_non_null(strstr(ask(f, ".schema p"), "NOT NULL"));
		if (lived)
			break;
	}
	print_message("%s: killed before each of %ld writes\n", journal, at - 1);
	assert_in_range(at, 20, MOST_WRITES - 1);
}

static void
rollback_journal(void **state)
{
	kill_at_every_write(*state, "delete");
}

static void
write_ahead_log(void **state)
{
	kill_at_every_write(*state, "wal");
}

#define T(test) cmocka_unit_test_setup_teardown(test, setup, teardown)

int
main(void)
{
	const struct CMUnitTest tests[] = { T(rollback_journal), T(write_ahead_log) };

	return cmocka_run_group_tests(tests, NULL, NULL);
}

#else

static void
needs_another_build(void **state)
{
	(void)state;
	skip();
}

int
main(void)
{
	const struct CMUnitTest tests[] = { cmocka_unit_test(needs_another_build) };

	return cmocka_run_group_tests(tests, NULL, NULL);
}

#endif
