#include "core/schema/write.h"

#include "core/base/text.h"
#include "core/schema/load.h"

#include <setjmp.h>
#include <stdarg.h>
#include <stdint.h>
#include <string.h>

#include <cmocka.h>

struct env {
	struct sd_arena *arena;
	struct sd_diags diags;
};

static int
setup(void **state)
{
	struct sd_arena *arena = sd_arena_new();
	struct env *env = sd_new(arena, struct env);

	env->arena = arena;
	env->diags.arena = arena;
	*state = env;
	return 0;
}

static int
teardown(void **state)
{
	struct env *env = *state;

	sd_arena_free(env->arena);
	return 0;
}

static struct sd_schema *
load_as(struct env *env, const struct sd_dialect *dialect, const char *text)
{
	bool sqlite = dialect == &sd_dialect_sqlite;
	struct sd_load_options options = { .dialect = dialect,
		.version = sqlite ? 3053000 : 160000 };
	struct sd_load_file file = { "sample.json", text, strlen(text) };
	struct sd_loader *loader = sd_loader_new(&options, env->arena, &env->diags);
	struct sd_buf out = SD_BUF(env->arena);
	struct sd_schema *schema;

	(void)sd_loader_add(loader, &file);
	schema = sd_loader_finish(loader);
	sd_diags_format(&env->diags, 0, false, &out);
	if (!schema)
		fail_msg("%s\n%s", text, sd_buf_text(&out));
	return schema;
}

static struct sd_schema *
load(struct env *env, const char *text)
{
	return load_as(env, &sd_dialect_sqlite, text);
}

static const char *
written(struct env *env, const struct sd_schema *schema, const struct sd_object *only)
{
	struct sd_buf out = SD_BUF(env->arena);

	sd_schema_write(schema, NULL, only, NULL, &out);
	return sd_buf_text(&out);
}

#define TABLE(lines) "{\n  \"tables\": {\n    \"t\": {\n" lines "    }\n  }\n}\n"
#define COLUMNS(lines) "      \"columns\": {\n" lines "      }"
#define A "        \"a\": { \"type\": \"text\" }"
#define AB A ",\n        \"b\": { \"type\": \"text\" }\n"

// clang-format off
static const struct {
	int line;
	const char *text;
} forms[] = {
	{ __LINE__, "{}\n" },
	{ __LINE__, TABLE(COLUMNS(A "\n") "\n") },
	{ __LINE__, TABLE(COLUMNS(
			    "        \"a\": { \"type\": \"VARCHAR(9)\", \"nullable\": "
			    "false, "
			    "\"default\": \"'x'\", \"collation\": \"nocase\", "
			    "\"sqlite\": { \"on_conflict\": \"ignore\" } }\n") "\n") },
	{ __LINE__, TABLE(COLUMNS("        \"a\": { \"type\": \"\" }\n") "\n") },
	{ __LINE__, TABLE(COLUMNS("        \"a\": { \"type\": \"INTEGER\", "
				  "\"primary_key\": true }\n") "\n") },
	{ __LINE__,
		TABLE(COLUMNS(
			"        \"a\": { \"type\": \"INTEGER\", \"sqlite\": { "
			"\"autoincrement\": true }, \"primary_key\": true }\n") "\n") },
	{ __LINE__, TABLE(COLUMNS("        \"a\": { \"type\": \"text\", "
				  "\"primary_key\": true }\n") "\n") },
	{ __LINE__, TABLE(COLUMNS(
			    "        \"a\": { \"type\": \"text\", \"nullable\": true, "
			    "\"primary_key\": true }\n") "\n") },
	{ __LINE__, TABLE(COLUMNS(AB) ",\n      \"primary_key\": [\"a\", \"b\"],\n"
				      "      \"sqlite\": { \"strict\": true, "
				      "\"without_rowid\": true }\n") },
	{ __LINE__,
		TABLE(COLUMNS(A
			"\n") ",\n      \"primary_key\": { \"name\": \"k\", "
			      "\"columns\": [\"a\"], \"on_conflict\": \"fail\" }\n") },
	{ __LINE__,
		TABLE(COLUMNS(A "\n") ",\n      \"primary_key\": "
				      "[{ \"name\": \"a\", \"order\": \"desc\" }]\n") },
	{ __LINE__, TABLE(COLUMNS("        \"a\": { \"type\": \"text\", \"unique\": "
				  "true, \"index\": "
				  "true, \"check\": \"a <> ''\" }\n") "\n") },
	{ __LINE__,
		TABLE(COLUMNS(AB) ",\n      \"unique\": {\n        \"u\": [\"a\"],\n"
				  "        \"v\": { \"columns\": [\"a\", \"b\"], "
				  "\"on_conflict\": "
				  "\"replace\" }\n      }\n") },
	{ __LINE__, TABLE(COLUMNS(A
			    "\n") ",\n      \"checks\": {\n        \"c\": \"a > 'b'\","
				  "\n        \"d\": \"a < 'z'\"\n      }\n") },
	{ __LINE__,
		TABLE(COLUMNS(AB) ",\n      \"indexes\": {\n"
				  "        \"i\": [{ \"name\": \"a\", \"order\": "
				  "\"desc\", \"collation\": "
				  "\"nocase\" }, { \"expression\": \"lower(b)\" }],\n"
				  "        \"j\": { \"columns\": [\"a\"], \"unique\": "
				  "true, \"where\": "
				  "\"b IS NOT NULL\" }\n      }\n") },
	{ __LINE__, TABLE(COLUMNS("        \"a\": { \"type\": \"int\", \"generated\": "
				  "{ \"as\": \"b + 1\", "
				  "\"stored\": true } },\n        \"b\": { \"type\": "
				  "\"int\" }\n") "\n") },
	{ __LINE__, TABLE(COLUMNS("        \"a\": { \"type\": \"INTEGER\", "
				  "\"primary_key\": true },\n"
				  "        \"b\": { \"type\": \"int\", \"references\": "
				  "{ \"table\": \"t\", "
				  "\"column\": \"a\", \"on_delete\": \"cascade\", "
				  "\"deferrable\": "
				  "\"deferred\" } }\n") "\n") },
	{ __LINE__,
		TABLE(COLUMNS(
			"        \"a\": { \"type\": \"INTEGER\", \"primary_key\": true "
			"},\n"
			"        \"b\": { \"type\": \"int\" }\n") ",\n      "
								  "\"foreign_keys\": "
								  "{\n        \"f\": { "
								  "\"columns\": "
								  "[\"b\"], "
								  "\"table\": \"t\", "
								  "\"ref_columns\": "
								  "[\"a\"], "
								  "\"on_update\": "
								  "\"set null\" }"
								  "\n      }\n") },
	{ __LINE__, TABLE(COLUMNS(A "\n") ",\n      \"triggers\": {\n        \"g\": {\n"
					  "          \"timing\": \"after\",\n          "
					  "\"events\": \"update\",\n"
					  "          \"of\": [\"a\"],\n          "
					  "\"when\": \"NEW.a > ''\",\n"
					  "          \"body\": \"DELETE FROM t;\"\n    "
					  "    }\n      }\n") },
	{ __LINE__, "{\n  \"views\": {\n    \"v\": \"SELECT 1 AS a\",\n    \"w\": {\n"
		    "      \"columns\": [\"a\"],\n      \"definition\": \"SELECT 1\"\n "
		    "   }\n"
		    "  }\n}\n" },
};
// clang-format on

/* Each row is written in a form that comes back as it is. */
static void
test_forms(void **state)
{
	struct env *env = *state;

	for (size_t i = 0; i < SD_COUNT(forms); i++) {
		print_message("row %d\n", forms[i].line);
		assert_string_equal(
			written(env, load(env, forms[i].text), NULL), forms[i].text);
	}
}

/* Long forms are folded; what was written says the same as what was read. */
static void
test_folding(void **state)
{
	static const struct {
		int line;
		const char *from, *has;
	} rows[] = {
		{ __LINE__, "\"primary_key\": [\"a\"]", "\"primary_key\": true }" },
		{ __LINE__, "\"primary_key\": {\"columns\": [\"a\"], \"name\": \"pk_t\"}",
			"\"primary_key\": true }" },
		{ __LINE__, "\"unique\": {\"uq_t_a\": [\"a\"]}", "\"unique\": true }" },
		{ __LINE__, "\"unique\": [[\"a\"]]", "\"unique\": true }" },
		{ __LINE__, "\"unique\": {\"uq_t_a_b\": [\"a\", \"b\"]}",
			"\"uq_t_a_b\": [\"a\", \"b\"]" },
		{ __LINE__, "\"indexes\": {\"ix_t_a\": [\"a\"]}", "\"index\": true }" },
		{ __LINE__,
			"\"indexes\": {\"ix_t_a\": {\"columns\": [\"a\"], \"unique\": true}}",
			"\"ix_t_a\": { \"columns\": [\"a\"], \"unique\": true }" },
		{ __LINE__, "\"checks\": {\"ck_t_a\": \"a > b\"}", "\"check\": \"a > b\"" },
		{ __LINE__,
			"\"foreign_keys\": {\"fk_t_a_t\": {\"columns\": [\"a\"], \"table\": "
			"\"t\","
			"\"ref_columns\": [\"b\"]}}, \"unique\": {\"u\": [\"b\"]}",
			"\"references\": { \"table\": \"t\", \"column\": \"b\" } }" },
		{ __LINE__, "\"comment\": \"c\"", "\"comment\": \"c\"" },
		{ __LINE__, "\"renamed_from\": \"s\"", "\"renamed_from\": \"s\"" },
		{ __LINE__, "\"managed\": false", "{}" },
	};
	struct env *env = *state;

	for (size_t i = 0; i < SD_COUNT(rows); i++) {
		const char *text = sd_fmt(env->arena,
			"{\"tables\":{\"t\":{\"columns\":{\"a\":{\"type\":\"text\"},"
			"\"b\":{\"type\":\"text\"}}, %s}}}",
			rows[i].from);
		const struct sd_schema *schema = load(env, text);
		const char *out = written(env, schema, NULL);

		print_message("row %d: %s\n", rows[i].line, out);
		assert_non_null(strstr(out, rows[i].has));
		assert_string_equal(sd_schema_fingerprint(load(env, out), env->arena),
			sd_schema_fingerprint(schema, env->arena));
		assert_string_equal(written(env, load(env, out), NULL), out);
	}
}

/* On an engine that keeps more of it. */
static void
test_postgresql(void **state)
{
	static const char text[] =
		"{\n  \"enums\": {\n    \"e\": [\"x\", \"y\"]\n  },\n  \"tables\": {\n    "
		"\"t\": {\n"
		"      \"comment\": \"two\",\n      \"columns\": {\n"
		"        \"a\": { \"type\": \"bigint\", \"identity\": \"always\", \"comment\": "
		"\"one\", "
		"\"primary_key\": true },\n"
		"        \"e\": { \"type\": \"e\", \"nullable\": false }\n      },\n"
		"      \"unique\": {\n        \"u\": { \"columns\": [\"e\"], \"include\": "
		"[\"a\"], "
		"\"nulls_distinct\": false, \"deferrable\": \"immediate\" }\n      },\n"
		"      \"checks\": {\n        \"c\": { \"expression\": \"a > 0\", "
		"\"validated\": false }"
		"\n      },\n"
		"      \"postgresql\": { \"unlogged\": true, \"fillfactor\": 70 }\n    }\n  "
		"}\n}\n";
	struct env *env = *state;

	assert_string_equal(
		written(env, load_as(env, &sd_dialect_postgresql, text), NULL), text);
}

/* An unnamed constraint, as only a database has it. */
static struct sd_object *
add(struct sd_schema *schema, enum sd_kind kind, const char *name, struct sd_object *parent)
{
	struct sd_object *object = sd_object_new(schema->arena, kind, name, parent);

	sd_schema_add(schema, object);
	return object;
}

static struct sd_schema *
database(struct env *env)
{
	struct sd_schema *schema = sd_schema_new(
		env->arena, &sd_dialect_sqlite, sd_dialect_sqlite.default_version);
	struct sd_object *t = add(schema, SD_TABLE, "t", NULL);
	struct sd_object *a = add(schema, SD_COLUMN, "a", t);
	struct sd_object *b = add(schema, SD_COLUMN, "b", t);
	struct sd_object *o;

	((struct sd_column *)a)->type = "INTEGER";
	((struct sd_column *)b)->type = "TEXT";
	o = add(schema, SD_PRIMARY_KEY, NULL, t);
	sd_push(env->arena, &((struct sd_key *)o)->columns)->name = "b";
	o = add(schema, SD_UNIQUE, "u", t);
	sd_push(env->arena, &((struct sd_key *)o)->columns)->name = "a";
	o = add(schema, SD_UNIQUE, NULL, t);
	sd_push(env->arena, &((struct sd_key *)o)->columns)->name = "a";
	sd_push(env->arena, &((struct sd_key *)o)->columns)->name = "b";
	o = add(schema, SD_CHECK, NULL, t);
	((struct sd_check *)o)->expression = "a > 0";
	((struct sd_check *)o)->column = (struct sd_column *)a;
	o = add(schema, SD_CHECK, NULL, t);
	((struct sd_check *)o)->expression = "b <> ''";
	o = add(schema, SD_FOREIGN_KEY, NULL, t);
	*sd_push(env->arena, &((struct sd_foreign_key *)o)->columns) = "a";
	((struct sd_foreign_key *)o)->table = "t";
	sd_schema_normalise(schema, NULL);
	sd_schema_finish(schema);
	return schema;
}

static void
test_database(void **state)
{
	static const char want[] =
		"{\n  \"tables\": {\n    \"t\": {\n      \"columns\": {\n"
		"        \"a\": { \"type\": \"INTEGER\", \"check\": \"a > 0\", \"references\": "
		"{ \"table\": \"t\", \"column\": \"b\" } },\n"
		"        \"b\": { \"type\": \"TEXT\", \"nullable\": true, \"primary_key\": "
		"true }\n"
		"      },\n"
		"      \"unique\": [\n        { \"name\": \"u\", \"columns\": [\"a\"] },\n"
		"        [\"a\", \"b\"]\n      ],\n"
		"      \"checks\": [\n        \"b <> ''\"\n      ]\n    }\n  }\n}\n";
	struct env *env = *state;
	const struct sd_schema *schema = database(env);

	assert_string_equal(written(env, schema, NULL), want);
	assert_string_equal(written(env, load(env, want), NULL),
		written(env, load(env, written(env, load(env, want), NULL)), NULL));
}

static void
test_left_out(void **state)
{
	struct env *env = *state;
	struct sd_schema *schema = database(env);
	struct sd_object *other = add(schema, SD_TABLE, "s", NULL);
	struct sd_object *column = add(schema, SD_COLUMN, "a", other);
	struct sd_buf out = SD_BUF(env->arena);

	((struct sd_column *)column)->type = "x";
	sd_schema_finish(schema);
	sd_schema_write(schema, NULL, other, "up/schema.json", &out);
	assert_string_equal(sd_buf_text(&out),
		"{\n  \"$schema\": \"up/schema.json\",\n  \"tables\": {\n    \"s\": {\n"
		"      \"columns\": {\n        \"a\": { \"type\": \"x\" }\n      }\n    }\n  "
		"}\n}\n");
	assert_null(strstr(written(env, schema, other), "\"t\""));
	other->opaque = "not understood";
	assert_non_null(strstr(written(env, schema, NULL),
		"\"s\": { \"managed\": false, \"x-why\": \"not understood\" }"));
	other->opaque = NULL;
	other->flags |= SD_OBJ_UNMANAGED;
	assert_null(strstr(written(env, schema, NULL), "\"s\""));
}

#define SAME true
#define OTHER false
#define T(inside)                                                                              \
	"{\"tables\":{\"t\":{\"columns\":{\"a\":{\"type\":\"int\"},\"b\":{\"type\":\"int\"}"   \
	"}" inside "}}}"
#define C(inside) "{\"tables\":{\"t\":{\"columns\":{\"a\":{" inside "}}}}}"

static const struct pair {
	int line;
	bool same;
	const char *a, *b;
} pairs[] = {
	{ __LINE__, SAME, T(""),
		"{\"tables\":{\"t\":{\"columns\":{\"b\":{\"type\":\"int\"},\"a\":{\"type\":"
		"\"int\"}}}}}" },
	{ __LINE__, SAME, C("\"type\":\"int\""), C("\"type\":\"INTEGER\",\"nullable\":true") },
	{ __LINE__, SAME, C("\"type\":\"int\""),
		C("\"type\":\"int\",\"comment\":\"c\",\"x-y\":1") },
	{ __LINE__, SAME, C("\"type\":\"int\""),
		C("\"type\":\"int\",\"renamed_from\":\"z\",\"using\":\"1\"") },
	{ __LINE__, SAME, C("\"type\":\"int\",\"default\":\"1\""),
		C("\"type\":\"int\",\"default\":\" (1) -- one\\n\"") },
	{ __LINE__, OTHER, C("\"type\":\"int\",\"default\":\"1\""),
		C("\"type\":\"int\",\"default\":\"2\"") },
	{ __LINE__, OTHER, C("\"type\":\"int\""), C("\"type\":\"text\"") },
	{ __LINE__, OTHER, C("\"type\":\"varchar(5)\""), C("\"type\":\"varchar(6)\"") },
	{ __LINE__, OTHER, C("\"type\":\"int\""), C("\"type\":\"int\",\"nullable\":false") },
	{ __LINE__, OTHER, C("\"type\":\"int\""),
		"{\"tables\":{\"t\":{\"columns\":{\"c\":{\"type\":\"int\"}}}}}" },
	{ __LINE__, OTHER, C("\"type\":\"int\""),
		"{\"tables\":{\"u\":{\"columns\":{\"a\":{\"type\":\"int\"}}}}}" },
	{ __LINE__, SAME, C("\"type\":\"bigint\",\"identity\":\"always\",\"primary_key\":true"),
		C("\"type\":\"INTEGER\",\"primary_key\":true") },
	{ __LINE__, OTHER, C("\"type\":\"bigint\",\"primary_key\":true"),
		C("\"type\":\"INTEGER\",\"primary_key\":true") },
	{ __LINE__, OTHER, C("\"type\":\"int\",\"primary_key\":true"),
		C("\"type\":\"INTEGER\",\"primary_key\":true") },
	{ __LINE__, SAME, T(",\"unique\":{\"uq_t_a\":[\"a\"]}"), T(",\"unique\":[[\"a\"]]") },
	{ __LINE__, OTHER, T(",\"unique\":{\"u\":[\"a\"]}"), T(",\"unique\":[[\"a\"]]") },
	{ __LINE__, OTHER, T(",\"unique\":{\"u\":[\"a\"]}"), T(",\"unique\":{\"v\":[\"a\"]}") },
	{ __LINE__, OTHER, T(",\"unique\":[[\"a\",\"b\"]]"), T(",\"unique\":[[\"b\",\"a\"]]") },
	{ __LINE__, OTHER, T(",\"unique\":[[\"a\"]]"),
		T(",\"indexes\":{\"uq_t_a\":{\"columns\":[\"a\"],\"unique\":true}}") },
	{ __LINE__, SAME, T(",\"checks\":[\"a > b\"]"), T(",\"checks\":[\"(a>b)\"]") },
	{ __LINE__, SAME, T(",\"checks\":[\"a > b\",\"b > 1\"]"),
		T(",\"checks\":[\"b > 1\",\"a > b\"]") },
	{ __LINE__, OTHER, T(",\"checks\":[\"a > b\"]"), T(",\"checks\":[\"a < b\"]") },
	{ __LINE__, SAME, T(",\"checks\":{\"CK_T_A\":\"a > b\"}"),
		T(",\"checks\":{\"ck_t_a_b\":\"a /* not */ > b\"}") },
	{ __LINE__, OTHER, T(",\"indexes\":[[\"a\"]]"),
		T(",\"indexes\":[[{\"name\":\"a\",\"order\":\"desc\"}]]") },
	{ __LINE__, OTHER, T(",\"indexes\":{\"i\":[\"a\"]}"),
		T(",\"indexes\":{\"i\":[{\"expression\":\"a\"}]}") },
	{ __LINE__, SAME, T(""), T(",\"postgresql\":{\"fillfactor\":10},\"comment\":\"c\"") },
	{ __LINE__, OTHER, T(""), T(",\"sqlite\":{\"strict\":true}") },
	{ __LINE__, SAME, T(",\"primary_key\":\"a\""),
		T(",\"primary_key\":{\"columns\":[\"a\"],\"name\":\"pk_t\"}") },
	{ __LINE__, SAME,
		T(",\"primary_key\":\"b\",\"foreign_keys\":[{\"columns\":\"a\",\"table\":\"t\","
		  "\"on_delete\":\"no action\"}]"),
		T(",\"primary_key\":\"b\",\"foreign_keys\":[{\"columns\":[\"a\"],\"table\":"
		  "\"t\",\"ref_columns\":\"b\"}]") },
	{ __LINE__, OTHER,
		T(",\"primary_key\":\"b\",\"foreign_keys\":[{\"columns\":\"a\",\"table\":\"t\","
		  "\"on_delete\":\"cascade\"}]"),
		T(",\"primary_key\":\"b\",\"foreign_keys\":[{\"columns\":\"a\",\"table\":\"t\"}"
		  "]") },
	{ __LINE__, OTHER, "{}", "{\"views\":{}}" },
	{ __LINE__, SAME, "{}", "{\"tables\":{}}" },
	{ __LINE__, SAME, "{\"views\":{\"v\":\"select 1 as a\"}}",
		"{\"views\":{\"v\":\"SELECT 1 AS a;\"}}" },
	{ __LINE__, OTHER, "{\"views\":{\"v\":\"select 1 as a\"}}",
		"{\"views\":{\"v\":\"select 1 as b\"}}" },
	{ __LINE__, SAME, "{}",
		"{\"tables\":{\"t\":{\"columns\":{\"a\":{\"type\":\"int\"}},\"managed\":false}}"
		"}" },
	{ __LINE__, SAME, "{}", "{\"enums\":{\"e\":[\"x\"]}}" },
	{ __LINE__, OTHER,
		"{\"enums\":{\"e\":[\"x\"]},\"tables\":{\"t\":{\"columns\":{\"a\":{\"type\":"
		"\"e\"}}}}}",
		"{\"enums\":{\"e\":[\"y\"]},\"tables\":{\"t\":{\"columns\":{\"a\":{\"type\":"
		"\"e\"}}}}}" },
};

static void
test_fingerprint(void **state)
{
	struct env *env = *state;

	for (size_t i = 0; i < SD_COUNT(pairs); i++) {
		const char *a = sd_schema_fingerprint(load(env, pairs[i].a), env->arena);
		const char *b = sd_schema_fingerprint(load(env, pairs[i].b), env->arena);

		print_message("row %d\n", pairs[i].line);
		assert_int_equal(strcmp(a, b) == 0, pairs[i].same);
		assert_int_equal(strlen(a), 3 + 64);
	}
}

/* A fingerprint stands in scripts that are years old: it may not change by itself. */
static void
test_fingerprint_fixed(void **state)
{
	struct env *env = *state;
	const struct sd_schema *schema =
		load(env, T(",\"primary_key\":[\"a\",\"b\"],\"unique\":{\"u\":[\"b\"]},"
			    "\"checks\":[\"a > 1\"]"));

	assert_string_equal(sd_schema_fingerprint(schema, env->arena),
		"v1:75f5a617eaaa1601a63ed2d62b28a72d4c4e509835fe34b302ef365c52968019");
}

#define TEST(name) cmocka_unit_test_setup_teardown(name, setup, teardown)

int
main(void)
{
	const struct CMUnitTest tests[] = {
		TEST(test_forms),
		TEST(test_folding),
		TEST(test_postgresql),
		TEST(test_database),
		TEST(test_left_out),
		TEST(test_fingerprint),
		TEST(test_fingerprint_fixed),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
