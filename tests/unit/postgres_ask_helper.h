/* What the tests on a real PostgreSQL server share that go by one connection.  SD_TEST_PG
 * names the server as libpq's keywords ("host=… user=… dbname=…"); all happens in a schema of
 * its own, which goes with the test. */
#ifndef SD_TESTS_POSTGRES_ASK_HELPER_H
#define SD_TESTS_POSTGRES_ASK_HELPER_H

#include "core/base/text.h"
#include "core/db/db.h"
#include "core/db/interrupt.h"

#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h>
#include <signal.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/wait.h>
#include <time.h>
#include <unistd.h>

/* What every test has. */
struct fixture {
	struct sd_arena *arena;
	struct sd_diags diags;
	struct sd_target target;
	struct sd_db *db;
};

static const struct sd_pos nowhere;

static struct sd_db *
open_db(struct fixture *f, enum sd_db_mode mode)
{
	struct sd_db *db = sd_driver_postgres.open(&f->target, mode, &f->diags);

	assert_non_null(db);
	assert_int_equal(
		sd_db_exec(db, nowhere, "SET search_path = sd_test_ask, public"), SD_OK);
	return db;
}

static void
read_target(struct fixture *f, const char *text)
{
	f->target.dialect = &sd_dialect_postgresql;
	f->target.masked = "the test's server";
	while (*text) {
		size_t key = strcspn(text, "="), end = strcspn(text, " ");

		*sd_push(f->arena, &f->target.keys) = sd_strndup(f->arena, text, key);
		*sd_push(f->arena, &f->target.values) =
			sd_strndup(f->arena, text + key + 1, end - key - 1);
		text += end + strspn(text + end, " ");
	}
}

static void
run(struct fixture *f, const char *sql)
{
	if (sd_db_exec(f->db, nowhere, sql) != SD_OK) {
		struct sd_buf out = SD_BUF(f->arena);

		sd_diags_format(&f->diags, 0, false, &out);
		print_error("%s\n%s", sql, sd_buf_text(&out));
		fail();
	}
}

static const char *
value(struct fixture *f, const char *sql)
{
	const char *text;

	assert_int_equal(sd_db_value(f->db, nowhere, sql, NULL, 0, f->arena, &text), SD_OK);
	return text;
}

static double
seconds(void)
{
	struct timespec now;

	(void)clock_gettime(CLOCK_MONOTONIC, &now);
	return (double)now.tv_sec + (double)now.tv_nsec / 1e9;
}

/* @objects, ended by NULL, are there before each test. */
static int
setup_objects(void **state, const char *const *objects)
{
	struct sd_arena *arena = sd_arena_new();
	struct fixture *f = sd_new(arena, struct fixture);

	f->arena = arena;
	f->diags.arena = arena;
	read_target(f, getenv("SD_TEST_PG"));
	f->db = open_db(f, SD_DB_WRITE);
	for (size_t i = 0; objects[i]; i++)
		run(f, objects[i]);
	*state = f;
	return 0;
}

static int
teardown(void **state)
{
	struct fixture *f = *state;

	run(f, "DROP SCHEMA sd_test_ask CASCADE");
	sd_db_close(f->db);
	sd_arena_free(f->arena);
	return 0;
}

#define TEST(name) cmocka_unit_test_setup_teardown(name, setup, teardown)

#endif
