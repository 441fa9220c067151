/* PostgreSQL databases through the introspector: DDL in, the model as a schema file out, and
 * what hangs on it.  SD_TEST_PG names the server (a URL or keywords); without it there is
 * nothing to do.  Everything happens in a database of the test's own. */
#include "core/base/text.h"
#include "core/config/url.h"
#include "core/db/postgres.h"
#include "core/schema/write.h"
#include "core/sql/canon.h"
#include "introspect/postgres.h"

#include <setjmp.h>
#include <stdarg.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <time.h>
#include <unistd.h>

#include <cmocka.h>

struct fixture {
	struct sd_arena *arena;
	struct sd_diags diags;
	struct sd_target server, target;
	const char *database;
	struct sd_db *db;
};

/* @sql is run in a namespace row_ns of its own, beside which there are the namespace "other"
 * and, on the search_path, "on_path".  Expected is the schema file in one line, with ' for ",
 * and behind it what the file does not say. */
struct row {
	int since;
	const char *sql, *expected, *cleanup;
};

#include "tests/unit/introspect_pg_rows.h"

/* ---- the server --------------------------------------------------------------------- */

static const struct sd_pos nowhere;

static const char *
said(struct fixture *f)
{
	struct sd_buf out = SD_BUF(f->arena);

	sd_diags_format(&f->diags, 0, false, &out);
	f->diags.list.n = 0;
	f->diags.n_errors = 0;
	return sd_buf_text(&out);
}

/* A copy of @from with @key set to @value. */
static struct sd_target
with_key(struct fixture *f, const struct sd_target *from, const char *key, const char *value)
{
	struct sd_target target = *from;

	target.keys = target.values = (struct sd_names){ 0 };
	for (size_t i = 0; i < from->keys.n; i++) {
		if (strcmp(from->keys.at[i], key) == 0)
			continue;
		*sd_push(f->arena, &target.keys) = from->keys.at[i];
		*sd_push(f->arena, &target.values) = from->values.at[i];
	}
	*sd_push(f->arena, &target.keys) = key;
	*sd_push(f->arena, &target.values) = value;
	return target;
}

static struct sd_db *
open_db(struct fixture *f, const struct sd_target *target)
{
	struct sd_db *db = sd_db_open(target, SD_DB_WRITE, &f->diags);

	if (!db)
		fail_msg("%s", said(f));
	return db;
}

/* Each statement by itself: some refuse to be in a transaction with others. */
static void
run_on(struct fixture *f, struct sd_db *db, const char *sql, bool may_fail)
{
	struct sd_split split;
	struct sd_stmt stmt;

	sd_split_init(&split, &sd_dialect_postgresql, f->arena, sql, 1);
	while (sd_split_next(&split, &stmt))
		if (sd_db_exec(db, nowhere, stmt.text) != SD_OK && !may_fail &&
			!strstr(stmt.text, "CONCURRENTLY"))
			fail_msg("%s: %s", stmt.text, said(f));
	(void)said(f);
}

static void
run(struct fixture *f, const char *sql)
{
	run_on(f, f->db, sql, false);
}

static int
setup(void **state)
{
	struct sd_arena *arena = sd_arena_new();
	struct fixture *f = sd_new(arena, struct fixture);
	struct sd_db *db;

	f->arena = arena;
	f->diags.arena = arena;
	if (sd_url_parse(getenv("SD_TEST_PG"), NULL, nowhere, arena, &f->diags, &f->server))
		return -1;
	f->database = sd_fmt(arena, "sd_introspect_%ld", (long)getpid());
	db = open_db(f, &f->server);
	run_on(f, db, "CREATE ROLE sd_test_role LOGIN", true);
	run_on(f, db, sd_fmt(arena, "CREATE DATABASE %s", f->database), false);
	sd_db_close(db);
	f->target = with_key(f, &f->server, "dbname", f->database);
	f->db = open_db(f, &f->target);
	run(f, "CREATE SCHEMA other; CREATE SCHEMA on_path; "
	       "SET search_path = row_ns, on_path, public");
	*state = f;
	return 0;
}

static int
teardown(void **state)
{
	struct fixture *f = *state;
	struct sd_db *db;

	sd_db_close(f->db);
	db = open_db(f, &f->server);
	run_on(f, db, sd_fmt(f->arena, "DROP DATABASE %s", f->database), true);
	run_on(f, db, "DROP ROLE sd_test_role", true);
	sd_db_close(db);
	sd_arena_free(f->arena);
	return 0;
}

/* ---- DDL in, text out --------------------------------------------------------------- */

static struct sd_schema *
introspect(struct fixture *f, struct sd_db *db, const struct sd_names *namespaces)
{
	const struct sd_introspect_options options = { .bookkeeping_prefix = "schemadiff_",
		.namespaces = namespaces };
	struct sd_schema *schema = sd_introspect_postgres(db, &options, f->arena);

	if (!schema)
		fail_msg("%s", said(f));
	return schema;
}

/* States, which no file says, and the reasons of what is not understood. */
static void
add_state(struct sd_buf *out, const struct sd_object *object)
{
	const struct sd_column *column = (const struct sd_column *)object;

	if (object->opaque)
		sd_buf_addf(out, " | %s %s: %s", sd_kinds[object->kind].word, object->name,
			object->opaque);
	if (object->kind == SD_INDEX && ((const struct sd_index *)object)->invalid)
		sd_buf_addf(out, " | %s is invalid", object->name);
	if (object->kind == SD_COLUMN && column->rare && column->rare->not_null_unchecked)
		sd_buf_addf(out, " | %s is not validated", object->name);
	if (object->kind == SD_FOREIGN_KEY && ((const struct sd_foreign_key *)object)->table_ns)
		sd_buf_addf(out, " | %s refers to %s", object->name,
			((const struct sd_foreign_key *)object)->table_ns);
}

static void
add_states(struct sd_buf *out, const struct sd_schema *schema)
{
	for (int kind = SD_N_PARTS; kind < SD_KIND__MAX; kind++)
		for (size_t i = 0; i < schema->objects[kind].n; i++) {
			struct sd_object *object = schema->objects[kind].at[i];

			add_state(out, object);
			for (int part = 0; kind == SD_TABLE && part < SD_N_PARTS; part++) {
				const struct sd_list *list =
					sd_parts_of(object, (enum sd_kind)part);

				for (size_t k = 0; k < list->n; k++)
					add_state(out, list->at[k]);
			}
		}
}

static void
add_dependents(struct sd_buf *out, const struct sd_schema *schema)
{
	for (size_t i = 0; i < schema->dependents.n; i++) {
		const struct sd_dependent *it = &schema->dependents.at[i];

		sd_buf_addf(out, " | %s: %s%s%s%s%s", it->on->name,
			it->column ? it->column : "", it->column ? ": " : "", it->title,
			it->blocks_type ? ", blocks" : "",
			it->goes_along ? ", goes along" : "");
	}
}

static const char *
text_of(struct fixture *f, const struct sd_schema *schema)
{
	struct sd_buf json = SD_BUF(f->arena), out = SD_BUF(f->arena);

	sd_schema_write(schema, &sd_naming_default, NULL, NULL, &json);
	sd_buf_add(&out, sd_text_replace(f->arena,
				 sd_text_squeeze(f->arena, sd_buf_text(&json)), "\"", "'"));
	add_states(&out, schema);
	add_dependents(&out, schema);
	return sd_buf_text(&out);
}

/* What a test that failed left behind goes first. */
static void
fresh(struct fixture *f)
{
	run(f, "DROP SCHEMA IF EXISTS row_ns CASCADE; CREATE SCHEMA row_ns; "
	       "DROP SCHEMA other CASCADE; CREATE SCHEMA other; "
	       "DROP SCHEMA on_path CASCADE; CREATE SCHEMA on_path");
}

static void
check_row(struct fixture *f, const struct row *row)
{
	const char *text;

	if (sd_db_version(f->db) < row->since)
		return;
	fresh(f);
	run(f, row->sql);
	text = text_of(f, introspect(f, f->db, NULL));
	if (strcmp(text, row->expected) != 0)
		print_error("%s\n", row->sql);
	assert_string_equal(text, row->expected);
	if (row->cleanup)
		run(f, row->cleanup);
}

#define ROWS_TEST(what)                                                                        \
	static void test_##what(void **state)                                                  \
	{                                                                                      \
		for (size_t i = 0; i < SD_COUNT(what##_rows); i++)                             \
			check_row(*state, &what##_rows[i]);                                    \
	}

ROWS_TEST(types)
ROWS_TEST(columns)
ROWS_TEST(tables)
ROWS_TEST(constraints)
ROWS_TEST(indexes)
ROWS_TEST(dependents)

/* ---- more than one namespace, other roles, other sessions ---------------------------- */

static const char *
object_names(struct fixture *f, const struct sd_schema *schema)
{
	struct sd_buf out = SD_BUF(f->arena);

	for (int kind = SD_N_PARTS; kind < SD_KIND__MAX; kind++)
		for (size_t i = 0; i < schema->objects[kind].n; i++) {
			const struct sd_object *object = schema->objects[kind].at[i];

			sd_buf_sep(&out, " ");
			sd_buf_addf(&out, "%s%s%s", object->ns ? object->ns : "",
				object->ns ? "." : "", object->name);
		}
	return sd_buf_text(&out);
}

static void
test_namespaces(void **state)
{
	static const struct {
		const char *globs[2];
		uint32_t n;
		const char *expected;
	} rows[] = {
		{ { NULL }, 0, "e t" },
		{ { "*" }, 1, "e on_path.e other.e other.s t on_path.t s (x).t" },
		{ { "o?her" }, 1, "e other.e other.s t" },
		{ { "other", "s (*" }, 2, "e other.e other.s t s (x).t" },
		{ { "row_ns" }, 1, "e t" },
		{ { "pg_*" }, 1, "e t" },
	};
	struct fixture *f = *state;

	fresh(f);
	run(f, "CREATE SCHEMA \"s (x)\"; CREATE TABLE t (a int); "
	       "CREATE TYPE e AS ENUM ('x'); CREATE TYPE other.e AS ENUM ('x'); "
	       "CREATE TYPE on_path.e AS ENUM ('x'); CREATE TABLE \"s (x)\".t (a int); "
	       "CREATE TABLE on_path.t (a int CHECK (a > 0), b other.e DEFAULT 'x'); "
	       "CREATE SEQUENCE other.s");
	for (size_t i = 0; i < SD_COUNT(rows); i++) {
		const char *globs[] = { rows[i].globs[0], rows[i].globs[1] };
		struct sd_names names = { globs, rows[i].n, rows[i].n };

		assert_string_equal(
			object_names(f, introspect(f, f->db, &names)), rows[i].expected);
	}
	run(f, "DROP SCHEMA \"s (x)\" CASCADE");
}

/* None of the search_path exists: nothing can be said, and nothing is. */
static void
test_no_namespace(void **state)
{
	struct fixture *f = *state;

	run(f, "SET search_path = nowhere");
	assert_null(sd_introspect_postgres(f->db, NULL, f->arena));
	assert_non_null(strstr(said(f), "error: the connection has no default namespace"));
	run(f, "SET search_path = row_ns, on_path, public");
}

/* A role that may not even use the namespace reads the same. */
static void
test_plain_role(void **state)
{
	struct fixture *f = *state;
	struct sd_target target = with_key(f, &f->target, "user", "sd_test_role");
	const char *expected;
	struct sd_db *db;

	run(f, "CREATE TABLE public.t (a serial PRIMARY KEY, b text DEFAULT 'x' CHECK (b <> "
	       "''), "
	       "c int GENERATED ALWAYS AS (1) STORED); CREATE INDEX ix ON public.t (lower(b)); "
	       "REVOKE ALL ON public.t FROM PUBLIC; SET search_path = public");
	expected = text_of(f, introspect(f, f->db, NULL));
	assert_non_null(strstr(expected, "lower(b)"));
	db = open_db(f, &target);
	run_on(f, db, "SET default_transaction_read_only = on", false);
	assert_string_equal(text_of(f, introspect(f, db, NULL)), expected);
	sd_db_close(db);
	run(f, "DROP TABLE public.t; SET search_path = row_ns, on_path, public");
}

/* Another session's temporary tables are nobody's, but they hang on ours. */
static void
test_other_session(void **state)
{
	struct fixture *f = *state;
	struct sd_db *db = open_db(f, &f->target);
	const char *text;

	fresh(f);
	run(f, "CREATE TABLE t (a int)");
	run_on(f, db,
		"CREATE TEMP TABLE t (a int); CREATE TEMP VIEW v AS SELECT a FROM row_ns.t",
		false);
	text = text_of(f, introspect(f, f->db, NULL));
	assert_non_null(strstr(text, "'t': { 'columns': { 'a': { 'type': 'integer' } } }"));
	assert_non_null(strstr(text, " | t: a: view pg_temp_"));
	sd_db_close(db);
}

/* The transaction is over, whether it went well or not. */
static void
test_transaction_ends(void **state)
{
	struct fixture *f = *state;
	struct sd_db *db = open_db(f, &f->target);

	fresh(f);
	run(f, "CREATE TABLE t (a int CHECK (a > 0)); SET lock_timeout = 0");
	(void)introspect(f, f->db, NULL);
	run(f, "INSERT INTO t VALUES (1); VACUUM t");
	sd_db_close(db);
}

/* ---- time ----------------------------------------------------------------------------- */

static double
now_ms(void)
{
	struct timespec now;

	(void)clock_gettime(CLOCK_MONOTONIC, &now);
	return (double)now.tv_sec * 1e3 + (double)now.tv_nsec / 1e6;
}

static void
make_tables(struct fixture *f, int n)
{
	fresh(f);
	run(f, sd_fmt(f->arena,
		       "DO $$ BEGIN FOR i IN 0..%d LOOP IF i %% 10 = 0 THEN EXECUTE format("
		       "'CREATE TYPE e%%s AS ENUM (''a'', ''b'')', i / 10); END IF; "
		       "EXECUTE format('CREATE TABLE t%%1$s (id bigint GENERATED ALWAYS AS "
		       "IDENTITY, name varchar(80) NOT NULL, body text, kind e%%2$s NOT NULL "
		       "DEFAULT ''a'', price numeric(12, 2) DEFAULT 0, qty int NOT NULL "
		       "DEFAULT "
		       "1, flag bool DEFAULT false, created timestamptz NOT NULL DEFAULT "
		       "now(), "
		       "seen timestamp, data jsonb, uid uuid, parent bigint, CONSTRAINT "
		       "pk_t%%1$s "
		       "PRIMARY KEY (id), CONSTRAINT uq_t%%1$s UNIQUE (name), CONSTRAINT "
		       "ck_t%%1$s CHECK (qty >= 0), CONSTRAINT fk_t%%1$s FOREIGN KEY (parent) "
		       "REFERENCES t%%3$s ON DELETE CASCADE)', i, i / 10, i / 2); "
		       "EXECUTE format('CREATE INDEX ON t%%1$s (kind, created); CREATE INDEX "
		       "ON "
		       "t%%1$s (parent); COMMENT ON TABLE t%%1$s IS ''table %%1$s''', i); "
		       "END LOOP; END $$",
		       n - 1));
}

/* The same queries with nothing done with their answers. */
static double
bare_ms(struct fixture *f)
{
	const char **texts = sd_new_array(f->arena, sd_pgi_n_queries, const char *);
	double start = now_ms();
	struct sd_rows *rows;

	for (size_t i = 0; i < sd_pgi_n_queries; i++)
		texts[i] = sd_pgi_expand(f->arena, &sd_pgi_queries[i], sd_db_version(f->db),
			"IN (SELECT oid FROM pg_namespace WHERE nspname = current_schema())");
	assert_int_equal(sd_pg_batch(f->db, texts, sd_pgi_n_queries), SD_OK);
	for (size_t i = 0; i < sd_pgi_n_queries; i++) {
		rows = sd_pg_batch_next(f->db);
		assert_non_null(rows);
		sd_rows_close(rows);
	}
	sd_pg_batch_end(f->db);
	return now_ms() - start;
}

static void
test_many_tables(void **state)
{
	struct fixture *f = *state;
	const char *count = getenv("SD_TEST_TABLES");
	int n = count ? (int)strtol(count, NULL, 10) : 100;
	double best = 0, bare = 0;
	struct sd_schema *schema = NULL;

	make_tables(f, n);
	for (int i = 0; i < 9; i++) {
		double start = now_ms(), ms;

		schema = introspect(f, f->db, NULL);
		ms = now_ms() - start;
		best = i == 0 || ms < best ? ms : best;
		ms = bare_ms(f);
		bare = i == 0 || ms < bare ? ms : bare;
	}
	print_message("%d tables in %.1f ms, of which %.1f for the queries\n", n, best, bare);
	assert_int_equal(schema->objects[SD_TABLE].n, n);
	assert_int_equal(schema->objects[SD_ENUM].n, (n + 9) / 10);
	for (size_t i = 0; i < schema->objects[SD_TABLE].n; i++) {
		struct sd_object *table = schema->objects[SD_TABLE].at[i];

		assert_int_equal(sd_parts_of(table, SD_COLUMN)->n, 12);
		assert_int_equal(sd_parts_of(table, SD_INDEX)->n, 2);
		assert_int_equal(sd_parts_of(table, SD_FOREIGN_KEY)->n, 1);
	}
	for (int i = 0; i < n; i++)
		run(f, sd_fmt(f->arena, "DROP TABLE t%d CASCADE", i));
}

int
main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(test_types),
		cmocka_unit_test(test_columns),
		cmocka_unit_test(test_tables),
		cmocka_unit_test(test_constraints),
		cmocka_unit_test(test_indexes),
		cmocka_unit_test(test_dependents),
		cmocka_unit_test(test_namespaces),
		cmocka_unit_test(test_no_namespace),
		cmocka_unit_test(test_plain_role),
		cmocka_unit_test(test_other_session),
		cmocka_unit_test(test_transaction_ends),
		cmocka_unit_test(test_many_tables),
	};

	if (!getenv("SD_TEST_PG")) {
		print_message("skipped: SD_TEST_PG names no PostgreSQL server\n");
		return 0;
	}
	return cmocka_run_group_tests(tests, setup, teardown);
}
