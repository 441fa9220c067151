/* What the tests of the PostgreSQL driver share.  SD_TEST_PG is a connection string of a server
 * on which the user may do everything. */
#ifndef SD_TESTS_POSTGRES_HELPER_H
#define SD_TESTS_POSTGRES_HELPER_H

#include "core/base/text.h"
#include "core/config/url.h"
#include "core/db/db.h"
#include "core/db/postgres.h"

#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>

#include <cmocka.h>
#include <signal.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/wait.h>
#include <time.h>
#include <unistd.h>

/* What every test has: a folder of its own for sockets, and a place for reports. */
struct fixture {
	struct sd_arena *arena;
	struct sd_diags diags;
	char dir[64];
	pid_t server; /* the pretended one */
	struct sd_target target;
};

static const struct sd_pos nowhere;
static const struct sd_wait at_once;

static inline int
setup(void **state)
{
	struct sd_arena *arena = sd_arena_new();
	struct fixture *f = sd_new(arena, struct fixture);
	const char *server = getenv("SD_TEST_PG");

	f->arena = arena;
	f->diags.arena = arena;
	strncpy(f->dir, "/tmp/schemadiff-test-XXXXXX", sizeof f->dir - 1);
	if (!mkdtemp(f->dir))
		return -1;
	if (server && sd_url_parse(server, NULL, nowhere, arena, &f->diags, &f->target))
		return -1;
	f->target.masked = "postgresql://db";
	*state = f;
	return 0;
}

static inline int
teardown(void **state)
{
	struct fixture *f = *state;

	if (f->server) {
		(void)kill(f->server, SIGKILL);
		(void)waitpid(f->server, NULL, 0);
	}
	(void)!system(sd_fmt(f->arena, "rm -rf '%s'", f->dir));
	sd_arena_free(f->arena);
	return 0;
}

static inline void
aim(struct fixture *f, const char *conninfo)
{
	assert_int_equal(
		sd_url_parse(conninfo, NULL, nowhere, f->arena, &f->diags, &f->target), SD_OK);
	f->target.masked = "postgresql://db";
}

static inline const char *
said(struct fixture *f)
{
	struct sd_buf out = SD_BUF(f->arena);

	sd_diags_format(&f->diags, 0, false, &out);
	f->diags.list.n = 0;
	f->diags.n_errors = 0;
	return sd_text_replace(f->arena, sd_buf_text(&out), f->dir, "DIR");
}

static inline void
expect_said(struct fixture *f, const char *expected)
{
	assert_string_equal(said(f), expected);
}

static inline long
now_ms(void)
{
	struct timespec now;

	(void)clock_gettime(CLOCK_MONOTONIC, &now);
	return (long)now.tv_sec * 1000 + now.tv_nsec / 1000000;
}

static inline void
sleep_ms(long ms)
{
	struct timespec step = { .tv_sec = ms / 1000, .tv_nsec = ms % 1000 * 1000000L };

	(void)nanosleep(&step, NULL);
}

static inline struct sd_db *
open_db(struct fixture *f, enum sd_db_mode mode)
{
	struct sd_db *db = sd_db_open(&f->target, mode, &f->diags);

	if (!db)
		print_error("%s", said(f));
	assert_non_null(db);
	return db;
}

static inline void
run(struct fixture *f, struct sd_db *db, const char *sql)
{
	if (sd_db_exec(db, nowhere, sql))
		print_error("%s: %s", sql, said(f));
	assert_int_equal(f->diags.n_errors, 0);
	assert_int_equal(sd_db_failure(db), SD_DB_FINE);
}

static inline void
expect_answer(struct fixture *f, struct sd_db *db, const char *sql, const char *expected)
{
	const char *value;

	assert_int_equal(sd_db_value(db, nowhere, sql, NULL, 0, f->arena, &value), SD_OK);
	if (expected)
		assert_string_equal(value ? value : "(null)", expected);
	else
		assert_null(value);
}

static inline int
skipped(void)
{
	print_message("1..0 # skipped: SD_TEST_PG names no server\n");
	return 0;
}

#endif
