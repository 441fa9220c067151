/* Directives that say in which transaction a statement runs, and how often. */
#include "core/base/text.h"
#include "core/history/script.h"

#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>

#include <cmocka.h>
#include <string.h>

#define UP "-- m\n-- revision: a\n-- schemadiff:up\n"
#define NO_TX "-- schemadiff:no-transaction\n"
#define TX "-- schemadiff:transaction\n"
#define BATCH "-- schemadiff:batch"

static const struct sd_dialect *const lite = &sd_dialect_sqlite;
static const struct sd_dialect *const pg = &sd_dialect_postgresql;

/* What the steps are: their kind and scope, and a batch's table, key and size. */
static const char *
describe(struct sd_arena *arena, const struct sd_part_script *part)
{
	static const char *const kinds[] = { "run", "expect-none", "only-if", "batch" };
	static const char *const scopes[] = { "", " new", " none" };
	struct sd_buf out = SD_BUF(arena);

	for (size_t i = 0; i < part->steps.n; i++) {
		const struct sd_step *step = &part->steps.at[i];

		sd_buf_sep(&out, "; ");
		sd_buf_addf(&out, "%s%s", kinds[step->kind], scopes[step->scope]);
		if (!step->batch.table)
			continue;
		sd_buf_addf(&out, " %s [", step->batch.table);
		for (size_t k = 0; k < step->batch.key.n; k++)
			sd_buf_addf(&out, "%s%s", k ? "|" : "", step->batch.key.at[k]);
		sd_buf_addf(&out, "] %u", step->batch.size);
	}
	sd_buf_add(&out, sd_part_is_split(part) ? " (split)" : "");
	return sd_buf_text(&out);
}

struct row {
	int line;
	const struct sd_dialect *dialect;
	const char *up;
	const char *steps;
};

static const struct row rows[] = {
	{ __LINE__, NULL, "SELECT 1; SELECT 2;", "run; run" },
	{ __LINE__, NULL, TX "SELECT 1; SELECT 2;", "run new; run" },
	{ __LINE__, NULL, "SELECT 1;\n" TX "SELECT 2; SELECT 3;", "run; run new; run (split)" },
	{ __LINE__, NULL, NO_TX "SELECT 1; SELECT 2;\n" TX "SELECT 3; SELECT 4;",
		"run none; run none; run new; run (split)" },
	{ __LINE__, NULL, TX NO_TX TX "SELECT 1;", "run new" },
	{ __LINE__, NULL, NO_TX "-- schemadiff:only-if\nSELECT 1;\nVACUUM;",
		"only-if none; run none (split)" },
	{ __LINE__, lite, NO_TX "ATTACH 'x' AS x;\nDETACH x;", "run none; run none (split)" },
	{ __LINE__, pg,
		NO_TX "CREATE UNIQUE INDEX CONCURRENTLY i ON t (a);\n"
		      "DROP INDEX CONCURRENTLY i;\nREINDEX TABLE CONCURRENTLY t;\n"
		      "ALTER TABLE t DETACH PARTITION p CONCURRENTLY;\n"
		      "ALTER SYSTEM SET a = 1;\nCREATE DATABASE d;",
		"run none; run none; run none; run none; run none; run none (split)" },
	{ __LINE__, pg,
		"REFRESH MATERIALIZED VIEW CONCURRENTLY v;\n"
		"CREATE INDEX \"concurrently\" ON t (a);\n"
		"SELECT 'CREATE INDEX CONCURRENTLY';\nALTER TYPE e ADD VALUE 'x';",
		"run; run; run; run" },

	{ __LINE__, NULL, BATCH "\nDELETE FROM t WHERE a IN (SELECT a FROM t LIMIT 5);",
		"batch (split)" },
	{ __LINE__, NULL, BATCH " t (id)\nUPDATE t SET a = 1 WHERE :batch;",
		"batch t [id] 0 (split)" },
	{ __LINE__, NULL, BATCH " t (id) 500\nUPDATE t SET a = 1 WHERE b AND (:batch);",
		"batch t [id] 500 (split)" },
	{ __LINE__, NULL,
		BATCH "  s . \"t (1), x\" ( a ,\"b)\" )   7  \nDELETE FROM t WHERE :batch;",
		"batch s . \"t (1), x\" [a|\"b)\"] 7 (split)" },
	{ __LINE__, NULL, BATCH " t(t.id)7\nINSERT INTO u SELECT 1 FROM t WHERE:batch;",
		"batch t [t.id] 7 (split)" },
	{ __LINE__, lite, BATCH " [t (] (`a b`)\nREPLACE INTO t SELECT 1 WHERE :batch;",
		"batch [t (] [`a b`] 0 (split)" },
	{ __LINE__, NULL,
		BATCH " t (id)\nWITH x AS (SELECT 1) UPDATE t SET a = ':batch' WHERE :batch\n"
		      "-- :batch\n;",
		"batch t [id] 0 (split)" },
	{ __LINE__, pg, BATCH " t (id)\nUPDATE t SET a = b::batch WHERE :batch;",
		"batch t [id] 0 (split)" },
	{ __LINE__, pg,
		BATCH " t (id)\nUPDATE t SET a = $x$:batch$x$, b = c[1:2] WHERE (:batch);",
		"batch t [id] 0 (split)" },
	{ __LINE__, NULL, NO_TX BATCH " t (id)\nDELETE FROM t WHERE :batch;\nSELECT 1;",
		"batch none t [id] 0; run none (split)" },
	{ __LINE__, NULL,
		"SELECT 1;\n" TX BATCH " t (id)\nDELETE FROM t WHERE :batch;\nSELECT 1;",
		"run; batch new t [id] 0; run (split)" },
};

#define OUTSIDE                                                                                \
	"this statement cannot run inside a transaction, and a part of a script is one\n"      \
	"hint: write `-- schemadiff:no-transaction` before it, and `-- "                       \
	"schemadiff:transaction` behind it\n"
#define IS_ONE "a part with `foreign-keys off` is one transaction, whole or not at all\n"
#define TAKEN                                                                                  \
	"a script cannot open or end transactions\n"                                           \
	"hint: each revision runs in a transaction of its own, which takes its bookkeeping "   \
	"along\n"
#define MALFORMED                                                                               \
	"`batch` is malformed\nhint: write `batch`, or `batch TABLE (KEY, …)` with the rows " \
	"of a round behind it: `batch users (id) 10000`\n"

/* Defects: what is said, from its line number (4 = the part's first) on. */
static const struct row defects[] = {
	{ __LINE__, lite, "VACUUM;", "4: error: " OUTSIDE },
	{ __LINE__, lite, NO_TX "SELECT 1;\n" TX "VACUUM;", "7: error: " OUTSIDE },
	{ __LINE__, pg, "CREATE UNIQUE INDEX CONCURRENTLY i ON t (a);", "4: error: " OUTSIDE },
	{ __LINE__, pg, "DROP INDEX CONCURRENTLY i;", "4: error: " OUTSIDE },
	{ __LINE__, pg, "REINDEX (VERBOSE) TABLE CONCURRENTLY t;", "4: error: " OUTSIDE },
	{ __LINE__, pg, "REINDEX DATABASE d;", "4: error: " OUTSIDE },
	{ __LINE__, pg, "ALTER TABLE t DETACH PARTITION p CONCURRENTLY;",
		"4: error: " OUTSIDE },
	{ __LINE__, pg, "ALTER SYSTEM SET a = 1;", "4: error: " OUTSIDE },
	{ __LINE__, pg, "CREATE DATABASE d;", "4: error: " OUTSIDE },
	{ __LINE__, pg, "DROP TABLESPACE d;", "4: error: " OUTSIDE },
	{ __LINE__, NULL, NO_TX "BEGIN;", "5: error: " TAKEN },
	{ __LINE__, NULL, NO_TX "SAVEPOINT s;", "5: error: " TAKEN },
	{ __LINE__, pg, NO_TX "PREPARE TRANSACTION 's';", "5: error: " TAKEN },
	{ __LINE__, lite, "-- schemadiff:foreign-keys off\n" TX "SELECT 1;",
		"5: error: " IS_ONE },
	{ __LINE__, lite, NO_TX "-- schemadiff:foreign-keys off\nSELECT 1;",
		"5: error: " IS_ONE },
	{ __LINE__, lite, "-- schemadiff:foreign-keys off\n" BATCH "\nDELETE FROM t;",
		"5: error: " IS_ONE },
	{ __LINE__, lite, BATCH "\n-- schemadiff:foreign-keys off\nDELETE FROM t;",
		"5: error: " IS_ONE },
	{ __LINE__, NULL, TX "-- schemadiff:expect-none no\n" NO_TX "SELECT 1;",
		"6: error: the statement that the directive on line 5 is for must come "
		"first\n" },
	{ __LINE__, NULL, "-- schemadiff:only-if\nSELECT 1;\n" TX "SELECT 2;",
		"6: error: the statement that `only-if` guards must run in the same "
		"transaction\n" },
	{ __LINE__, NULL, "-- schemadiff:only-if\nSELECT 1;\n" BATCH "\nDELETE FROM t;",
		"6: error: `only-if` cannot guard a batch, which runs in transactions of its "
		"own; its WHERE can say the same\n" },
	{ __LINE__, NULL, BATCH "\n-- schemadiff:only-if\nSELECT 1;\nSELECT 1;",
		"5: error: two directives stand before one statement; the other is on line "
		"4\n" },
	{ __LINE__, NULL, BATCH " t\nDELETE FROM t;", "4: error: " MALFORMED },
	{ __LINE__, NULL, BATCH " (id)\nDELETE FROM t;", "4: error: " MALFORMED },
	{ __LINE__, NULL, BATCH " t ()\nDELETE FROM t;", "4: error: " MALFORMED },
	{ __LINE__, NULL, BATCH " t (a,)\nDELETE FROM t;", "4: error: " MALFORMED },
	{ __LINE__, NULL, BATCH " t (a + 1)\nDELETE FROM t;", "4: error: " MALFORMED },
	{ __LINE__, NULL, BATCH " t (a) 0\nDELETE FROM t;", "4: error: " MALFORMED },
	{ __LINE__, NULL, BATCH " t (a) -5\nDELETE FROM t;", "4: error: " MALFORMED },
	{ __LINE__, NULL, BATCH " t (a) 5 rows\nDELETE FROM t;", "4: error: " MALFORMED },
	{ __LINE__, NULL, BATCH " t (a) 99999999999\nDELETE FROM t;", "4: error: " MALFORMED },
	{ __LINE__, NULL, BATCH " \"t (a)\nDELETE FROM t;", "4: error: " MALFORMED },
	{ __LINE__, NULL, BATCH "\nSELECT 1;", "5: error: a batch must change rows\n" },
	{ __LINE__, NULL, BATCH "\nALTER TABLE t ADD a integer;",
		"5: error: only UPDATE, DELETE and INSERT can be batches\n" },
	{ __LINE__, NULL, BATCH " t (a)\nDELETE FROM t WHERE :batch AND :batch;",
		"5: error: the statement of this batch has :batch more than once\n" },
	{ __LINE__, NULL, BATCH " t (a)\nDELETE FROM t WHERE a = ':batch' /* :batch */;",
		"5: error: the statement of this batch has no :batch, which stands for the "
		"condition that selects the rows of a round\n" },
	{ __LINE__, lite, BATCH " t (a)\nDELETE FROM t WHERE :batches;",
		"5: error: the statement of this batch has no :batch, which stands for the "
		"condition that selects the rows of a round\n" },
	{ __LINE__, pg, BATCH " t (a)\nDELETE FROM t WHERE a::batch;",
		"5: error: the statement of this batch has no :batch, which stands for the "
		"condition that selects the rows of a round\n" },
	{ __LINE__, NULL, BATCH "\n-- schemadiff:down\n",
		"4: error: no statement follows this directive\n" },
};

static const char *
parsed(struct sd_arena *arena, const struct row *row, const struct sd_dialect *dialect)
{
	const char *text = sd_fmt(arena, UP "%s\n", row->up);
	struct sd_diags diags = { .arena = arena };
	struct sd_buf out = SD_BUF(arena);
	const struct sd_script *script =
		sd_script_parse("m", text, strlen(text), dialect, arena, &diags);

	if (script)
		return describe(arena, &script->up);
	assert_int_equal(sd_diags_exit(&diags), SD_CLASS_HISTORY);
	sd_diags_format(&diags, 0, false, &out);
	assert_true(sd_text_starts(sd_buf_text(&out), "m:"));
	return sd_buf_text(&out) + 2;
}

static void
check(const struct row *row, const struct sd_dialect *dialect)
{
	struct sd_arena *arena = sd_arena_new();
	const char *text = parsed(arena, row, dialect);

	if (strcmp(text, row->steps) != 0)
		print_error("line %d, %s\n", row->line, dialect->name);
	assert_string_equal(text, row->steps);
	sd_arena_free(arena);
}

static void
check_all(const struct row *list, size_t n)
{
	for (size_t i = 0; i < n; i++) {
		if (list[i].dialect != pg)
			check(&list[i], lite);
		if (list[i].dialect != lite)
			check(&list[i], pg);
	}
}

static void
steps(void **state)
{
	(void)state;
	check_all(rows, SD_COUNT(rows));
}

static void
what_is_wrong(void **state)
{
	(void)state;
	check_all(defects, SD_COUNT(defects));
}

int
main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(steps),
		cmocka_unit_test(what_is_wrong),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
