/* diff/: what is found between two models, what is left alone, what is refused, and the order
 * of steps.  Models come from schema files, so that a row reads as a user would write it. */
#include "core/base/text.h"
#include "core/schema/load.h"
#include "render/render.h"

#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdio.h>
#include <string.h>

#include <cmocka.h>

struct bench {
	struct sd_arena *arena;
	struct sd_diags diags;
};

static struct bench
set_up(void)
{
	struct bench b = { .arena = sd_arena_new() };

	b.diags.arena = b.arena;
	return b;
}

/* `tables` of a schema file, single quotes for double ones; views behind a |. */
static struct sd_schema *
load(struct bench *b, const char *text)
{
	const struct sd_load_options options = { .dialect = &sd_dialect_sqlite,
		.version = 3040000 };
	const char *bar = strchr(text, '|');
	const char *tables = bar ? sd_strndup(b->arena, text, (size_t)(bar - text)) : text;
	char *json = sd_fmt(b->arena, "{ 'tables': { %s }%s%s%s }", tables,
		bar ? ", 'views': { " : "", bar ? bar + 1 : "", bar ? " }" : "");
	struct sd_loader *loader = sd_loader_new(&options, b->arena, &b->diags);
	struct sd_load_file file = { "test.json", json, strlen(json) };
	struct sd_schema *schema;

	for (char *p = json; *p; p++)
		if (*p == '\'')
			*p = '"';
	sd_loader_add(loader, &file);
	schema = sd_loader_finish(loader);
	if (!schema) {
		struct sd_buf out = SD_BUF(b->arena);

		sd_diags_format(&b->diags, 0, false, &out);
		fail_msg("%s\n%s", json, sd_buf_text(&out));
	}
	return schema;
}

/* The lines of a diff without headings and marks, joined by "; ". */
static const char *
summary(struct bench *b, const struct sd_diff *diff)
{
	struct sd_buf out = SD_BUF(b->arena);

	for (size_t i = 0; i < diff->changes.n; i++) {
		sd_buf_sep(&out, "; ");
		sd_buf_add(&out, sd_change_text(b->arena, diff->changes.at[i]));
	}
	for (size_t i = 0; i < diff->ambiguous.n; i++) {
		sd_buf_sep(&out, "; ");
		sd_buf_addf(&out, "%s or %s?",
			sd_object_path(b->arena, diff->ambiguous.at[i].from),
			sd_object_path(b->arena, diff->ambiguous.at[i].into));
	}
	for (size_t i = 0; i < diff->wrong.n; i++) {
		sd_buf_sep(&out, "; ");
		sd_buf_addf(&out, "wrong: %.12s", diff->wrong.at[i]);
	}
	return sd_buf_text(&out);
}

#define ID "'id': { 'type': 'integer', 'primary_key': true }"
#define T(columns) "'t': { 'columns': { " ID columns " } }"
#define A ", 'a': { 'type': 'text' }"
#define B ", 'b': { 'type': 'text' }"

static void
test_changes(void **state)
{
	static const struct {
		int line;
		const char *from, *into, *expected;
	} rows[] = {
		{ __LINE__, T(A), T(A), "" },
		{ __LINE__, "", T(A), "add table t" },
		{ __LINE__, T(A), "", "drop table t" },
		{ __LINE__, T(""), T(A), "add column t.a" },
		{ __LINE__, T(A), T(""), "drop column t.a" },
		{ __LINE__, T(A), T(B), "drop column t.a; add column t.b; t.a or t.b?" },
		{ __LINE__, T(A), T(", 'b': { 'type': 'integer' }"),
			"drop column t.a; add column t.b" },
		{ __LINE__, T(A), T(", 'b': { 'type': 'text', 'renamed_from': 'a' }"),
			"rename column t.a to b" },
		{ __LINE__, T(A), T(", 'b': { 'type': 'text', 'renamed_from': ['z', 'a'] }"),
			"rename column t.a to b" },
		{ __LINE__, T(A), T(A ", 'b': { 'type': 'text', 'renamed_from': 'a' }"),
			"add column t.b" },
		{ __LINE__, T(A B), T(", 'b': { 'type': 'text', 'renamed_from': 'a' }"),
			"drop column t.a" },
		{ __LINE__, T(A), "'u': { 'columns': { " ID A " }, 'renamed_from': 't' }",
			"rename table t to u" },
		{ __LINE__, T(A), "'u': { 'columns': { " ID A " } }",
			"drop table t; add table u; t or u?" },
		{ __LINE__, T(A), "'u': { 'columns': { 'x': { 'type': 'text' } } }",
			"drop table t; add table u" },
		{ __LINE__, T(", 'a': { 'type': 'int' }"), T(", 'a': { 'type': 'integer' }"),
			"" },
		{ __LINE__, T(", 'a': { 'type': 'varchar(50)' }"),
			T(", 'a': { 'type': 'varchar' }"),
			"alter column t.a: type: varchar(50) → varchar" },
		{ __LINE__, T(", 'a': { 'type': 'text', 'default': '( 1+ 2 )' }"),
			T(", 'a': { 'type': 'text', 'default': '1 + 2' }"), "" },
		{ __LINE__, T(A),
			"'t': { 'columns': { 'id': { 'type': 'bigint', 'identity': "
			"'always', 'primary_key': true }" A " } }",
			"" },
		{ __LINE__, T(A),
			"'t': { 'columns': { 'id': { 'type': 'int', 'primary_key': true }" A
			" } }",
			"alter column t.id: type: integer (the rowid) → int; nullability: null "
			"→ not null" },
		/* nameless entries and names of the convention are matched by meaning */
		{ __LINE__, "'t': { 'columns': { " ID A " }, 'unique': { 'uq_t_a': ['a'] } }",
			"'t': { 'columns': { " ID A " }, 'unique': [['a']] }", "" },
		{ __LINE__, "'t': { 'columns': { " ID A " }, 'unique': { 'mine': ['a'] } }",
			"'t': { 'columns': { " ID A " }, 'unique': [['a']] }", "" },
		{ __LINE__, "'t': { 'columns': { " ID A " }, 'unique': { 'mine': ['a'] } }",
			"'t': { 'columns': { " ID A " }, 'unique': { 'yours': ['a'] } }",
			"alter unique constraint mine of t: name: mine → yours" },
		{ __LINE__,
			"'t': { 'columns': { " ID A B " }, 'indexes': { 'i': ['a', 'b'] } }",
			"'t': { 'columns': { " ID A B " }, 'indexes': { 'i': ['b', 'a'] } }",
			"alter index i: columns: a, b → b, a" },
		/* a rename does not touch what mentions the column */
		{ __LINE__,
			"'t': { 'columns': { " ID A
			" }, 'checks': { 'c': 'a <> 0' }, 'indexes': { "
			"'i': { 'columns': ['a'], 'where': 'a IS NOT NULL' } } }",
			"'t': { 'columns': { " ID
			", 'b': { 'type': 'text', 'renamed_from': 'a' } }, "
			"'checks': { 'c': 'b <> 0' }, 'indexes': { 'i': { 'columns': ['b'], "
			"'where': 'b IS NOT NULL' } } }",
			"rename column t.a to b" },
		{ __LINE__, T(A) "| 'v': 'SELECT a FROM t'", T(A) "| 'v': 'select A from T'",
			"" },
		{ __LINE__, T(A) "| 'v': 'SELECT a FROM t'", T(A), "" },
		{ __LINE__, T(A) "| 'v': 'SELECT a FROM t'", T(A) "|", "drop view v" },
	};

	(void)state;
	for (size_t i = 0; i < SD_COUNT(rows); i++) {
		struct bench b = set_up();
		struct sd_diff_options options = { .no_renames = false };
		struct sd_schema *from = load(&b, rows[i].from), *into = load(&b, rows[i].into);
		const char *text = summary(&b, sd_diff(from, into, &options, b.arena));

		if (strcmp(text, rows[i].expected) != 0)
			fail_msg("line %d:\n%s\n%s", rows[i].line, text, rows[i].expected);
		/* comparing again, with answers or without, must say the same */
		assert_string_equal(
			summary(&b, sd_diff(from, into, &options, b.arena)), rows[i].expected);
		sd_arena_free(b.arena);
	}
}

static void
test_flags(void **state)
{
	static const struct {
		int line;
		const char *rename, *drop, *expected;
	} rows[] = {
		{ __LINE__, "t.a=b", NULL, "rename column t.a to b" },
		{ __LINE__, "t.a=t.b", NULL, "rename column t.a to b" },
		{ __LINE__, NULL, "t.a", "drop column t.a; add column t.b" },
		{ __LINE__, "t.x=b", NULL,
			"drop column t.a; add column t.b; t.a or t.b?; wrong: --rename t.x" },
		{ __LINE__, NULL, "t.x",
			"drop column t.a; add column t.b; t.a or t.b?; wrong: --drop t.x f" },
	};

	(void)state;
	for (size_t i = 0; i < SD_COUNT(rows); i++) {
		struct bench b = set_up();
		struct sd_diff_options options = { .no_renames = false };
		const char *text;

		if (rows[i].rename)
			assert_true(sd_rename_parse(
				b.arena, rows[i].rename, sd_push(b.arena, &options.renames)));
		if (rows[i].drop)
			*sd_push(b.arena, &options.drops) = rows[i].drop;
		text = summary(&b, sd_diff(load(&b, T(A)), load(&b, T(B)), &options, b.arena));
		if (strcmp(text, rows[i].expected) != 0)
			fail_msg("line %d:\n%s\n%s", rows[i].line, text, rows[i].expected);
		sd_arena_free(b.arena);
	}
}

static void
test_patterns(void **state)
{
	static const struct {
		int line;
		const char *include, *exclude, *expected;
	} rows[] = {
		{ __LINE__, NULL, NULL, "drop column t.a; drop index i; drop table tmp_x" },
		{ __LINE__, NULL, "tmp_*", "drop column t.a; drop index i" },
		{ __LINE__, NULL, "t/index/i", "drop column t.a; drop table tmp_x" },
		{ __LINE__, NULL, "t/indexes", "drop column t.a; drop table tmp_x" },
		{ __LINE__, "t", NULL, "drop column t.a; drop index i" },
		{ __LINE__, NULL, "*", "" },
		{ __LINE__, NULL, "*.t", "drop table tmp_x" },
	};

	(void)state;
	for (size_t i = 0; i < SD_COUNT(rows); i++) {
		struct bench b = set_up();
		struct sd_diff_options options = { .no_renames = true };
		struct sd_diff *diff;

		if (rows[i].include)
			*sd_push(b.arena, &options.include) = rows[i].include;
		if (rows[i].exclude)
			*sd_push(b.arena, &options.exclude) = rows[i].exclude;
		diff = sd_diff(
			load(&b, "'t': { 'columns': { " ID A B
				 " }, 'indexes': { 'i': ['b'] } }, 'tmp_x': { 'columns': { " ID
				 " } }"),
			load(&b, "'t': { 'columns': { " ID B " } }"), &options, b.arena);
		if (strcmp(summary(&b, diff), rows[i].expected) != 0)
			fail_msg("line %d: %s", rows[i].line, summary(&b, diff));
		sd_arena_free(b.arena);
	}
}

/* The steps of a plan; @refusals: how many reasons there are not to write it. */
static const char *
steps(struct bench *b, struct sd_diff *diff, bool down, size_t *refusals)
{
	const struct sd_plan *plan = sd_plan_make(
		diff, &sd_renderer_sqlite.strategy, 3035000, down, 0, b->arena, &b->diags);
	struct sd_buf out = SD_BUF(b->arena);

	if (!plan)
		return "knot";
	for (size_t i = 0; i < plan->steps.n; i++) {
		sd_buf_sep(&out, "; ");
		sd_buf_add(&out, sd_change_text(b->arena, plan->steps.at[i]));
	}
	*refusals = plan->refusals.n;
	return sd_buf_text(&out);
}

static void
test_plans(void **state)
{
	static const struct {
		int line;
		const char *from, *into;
		size_t refusals;
		const char *expected;
	} rows[] = {
		{ __LINE__, "",
			"'a': { 'columns': { " ID
			", 'b': { 'type': 'integer', 'references': { 'table': "
			"'b', 'column': 'id' } } } }, 'b': { 'columns': { " ID " } }",
			0, "add table b; add table a" },
		{ __LINE__, "",
			"'a': { 'columns': { " ID
			", 'b': { 'type': 'integer', 'references': { 'table': "
			"'b', 'column': 'id' } } } }, 'b': { 'columns': { " ID
			", 'a': { 'type': 'integer', 'references': { 'table': 'a', 'column': "
			"'id' } } } }",
			0, "add table a; add table b" },
		{ __LINE__, T(A) "|", T(A) "| 'a': 'SELECT * FROM z', 'z': 'SELECT 1'", 0,
			"add view z; add view a" },
		{ __LINE__, T(A) "| 'a': 'SELECT * FROM z', 'z': 'SELECT 1'", T(A) "|", 0,
			"drop view a; drop view z" },
		{ __LINE__, T(A) "| 'a': 'SELECT * FROM z', 'z': 'SELECT 1'",
			T(A) "| 'a': 'SELECT * FROM z', 'z': 'SELECT 2'", 0,
			"drop view a; drop view z; add view z; add view a" },
		{ __LINE__, T(A) "|", T(A) "| 'a': 'SELECT * FROM z', 'z': 'SELECT * FROM a'",
			0, "knot" },
		{ __LINE__, T(A), T(""), 0, "drop column t.a" },
		{ __LINE__, T(A), T(", 'a': { 'type': 'integer' }"), 0, "rebuild table t" },
		{ __LINE__, T(""), T(", 'a': { 'type': 'text', 'nullable': false }"), 1,
			"rebuild table t" },
		{ __LINE__, T(""),
			T(", 'a': { 'type': 'text', 'nullable': false, 'default': 0 }"), 0,
			"add column t.a" },
		{ __LINE__, T(""),
			T(", 'a': { 'type': 'text', 'nullable': false, 'backfill': '0' }"), 0,
			"rebuild table t" },
		{ __LINE__, T(A) "| 'v': 'SELECT a FROM t'", T(""), 1, "rebuild table t" },
		{ __LINE__, T(A) "| 'v': 'SELECT a FROM t'", "", 1, "drop table t" },
		{ __LINE__, T(A) "| 'v': 'SELECT a FROM t'", T("") "|", 0,
			"drop view v; drop column t.a" },
	};

	(void)state;
	for (size_t i = 0; i < SD_COUNT(rows); i++) {
		struct bench b = set_up();
		struct sd_diff_options options = { .no_renames = true };
		size_t refusals = 0;
		const char *text = steps(&b,
			sd_diff(load(&b, rows[i].from), load(&b, rows[i].into), &options,
				b.arena),
			false, &refusals);

		if (strcmp(text, rows[i].expected) != 0 || refusals != rows[i].refusals)
			fail_msg("line %d: %s, %zu refusals", rows[i].line, text, refusals);
		sd_arena_free(b.arena);
	}
}

static void
test_way_back(void **state)
{
	struct bench b = set_up();
	struct sd_diff_options options = { .no_renames = false };
	struct sd_diff *diff = sd_diff(load(&b, T(A)),
		load(&b, "'u': { 'renamed_from': 't', 'columns': { " ID
			 ", 'b': { 'type': 'text', 'renamed_from': 'a' }, 'c': { 'type': "
			 "'text' } } }"),
		&options, b.arena);

	(void)state;
	assert_string_equal(summary(&b, diff),
		"rename column t.a to b; rename table t to u; add column u.c");
	assert_string_equal(summary(&b, sd_diff_reverse(diff, &options, b.arena)),
		"rename column u.b to a; rename table u to t; drop column t.c");
	sd_arena_free(b.arena);
}

static void
test_words(void **state)
{
	struct bench b = set_up();
	struct sd_rename rename;

	(void)state;
	assert_false(sd_rename_parse(b.arena, "a", &rename));
	assert_false(sd_rename_parse(b.arena, "=a", &rename));
	assert_false(sd_rename_parse(b.arena, "a=", &rename));
	assert_false(sd_rename_parse(b.arena, "a=b.c", &rename));
	assert_false(sd_rename_parse(b.arena, ".a=b", &rename));
	assert_true(sd_rename_parse(b.arena, "a=b", &rename));
	assert_null(rename.column);
	assert_true(sd_rename_parse(b.arena, "n.a.b=n.a.c", &rename));
	assert_string_equal(rename.ns, "n");
	assert_string_equal(rename.table, "a");
	assert_string_equal(rename.column, "b");
	assert_string_equal(rename.to, "c");
	assert_false(sd_rename_parse(b.arena, "n..b=c", &rename));
	assert_int_equal(sd_hazard_parse("not-null"), SD_HAZARD_NOT_NULL);
	assert_int_equal(sd_hazard_parse("nonsense"), SD_HAZARD_NONE);
	assert_int_equal(sd_hazard_parse("all"), ~0u);
	assert_string_equal(sd_hazard_word(SD_HAZARD_LOSES_DEPENDENTS), "loses-dependents");
	sd_arena_free(b.arena);
}

int
main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(test_changes),
		cmocka_unit_test(test_flags),
		cmocka_unit_test(test_patterns),
		cmocka_unit_test(test_plans),
		cmocka_unit_test(test_way_back),
		cmocka_unit_test(test_words),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
