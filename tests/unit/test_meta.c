/* The published JSON Schemas and the loaders agree: each sample is held against both.  The
 * validator below knows the keywords that our schemas use and fails on any other, so that
 * nothing of them goes unread. */
#include "core/base/file.h"
#include "core/base/json.h"
#include "core/base/text.h"
#include "core/config/options.h"
#include "core/schema/load.h"
#include "core/schema/write.h"

#include <regex.h>
#include <setjmp.h>
#include <stdarg.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include <cmocka.h>

/* ---- a validator of JSON Schema ----------------------------------------------------- */

struct check {
	const struct sd_json *root;
	struct sd_arena *arena;
};

static bool valid(const struct check *c, const struct sd_json *schema, const struct sd_json *v);

static bool
equal(const struct sd_json *a, const struct sd_json *b)
{
	return a->type == b->type && a->boolean == b->boolean &&
	       sd_text_equal(a->text, b->text);
}

static bool
has_type(const char *type, const struct sd_json *v)
{
	static const char *const names[] = { "null", "boolean", "number", "string", "array",
		"object" };

	if (strcmp(type, "integer") == 0)
		return v->type == SD_JSON_NUMBER && !strpbrk(v->text, ".eE");
	return strcmp(type, names[v->type]) == 0;
}

static bool
matches(const char *pattern, const char *text)
{
	regex_t regex;
	bool match;

	assert_int_equal(regcomp(&regex, pattern, REG_EXTENDED | REG_NOSUB), 0);
	match = regexec(&regex, text, 0, NULL, 0) == 0;
	regfree(&regex);
	return match;
}

static size_t
number(const struct sd_json *json)
{
	return (size_t)strtoul(json->text, NULL, 10);
}

static bool
k_type(const struct check *c, const struct sd_json *k, const struct sd_json *v)
{
	(void)c;
	if (k->type == SD_JSON_STRING)
		return has_type(k->text, v);
	for (const struct sd_json *one = k->first; one; one = one->next)
		if (has_type(one->text, v))
			return true;
	return false;
}

static bool
k_enum(const struct check *c, const struct sd_json *k, const struct sd_json *v)
{
	(void)c;
	for (const struct sd_json *one = k->first; one; one = one->next)
		if (equal(one, v))
			return true;
	return false;
}

static size_t
count_valid(const struct check *c, const struct sd_json *list, const struct sd_json *v)
{
	size_t n = 0;

	for (const struct sd_json *one = list->first; one; one = one->next)
		n += valid(c, one, v);
	return n;
}

static bool
k_any_of(const struct check *c, const struct sd_json *k, const struct sd_json *v)
{
	return count_valid(c, k, v) > 0;
}

static bool
k_one_of(const struct check *c, const struct sd_json *k, const struct sd_json *v)
{
	return count_valid(c, k, v) == 1;
}

static bool
k_ref(const struct check *c, const struct sd_json *k, const struct sd_json *v)
{
	const struct sd_json *defs = sd_json_get(c->root, "$defs"), *schema;

	assert_true(sd_text_starts(k->text, "#/$defs/"));
	schema = sd_json_get(defs, k->text + 8);
	assert_non_null(schema);
	return valid(c, schema, v);
}

static bool
k_required(const struct check *c, const struct sd_json *k, const struct sd_json *v)
{
	(void)c;
	for (const struct sd_json *one = k->first; v->type == SD_JSON_OBJECT && one;
		one = one->next)
		if (!sd_json_get(v, one->text))
			return false;
	return true;
}

static bool
k_items(const struct check *c, const struct sd_json *k, const struct sd_json *v)
{
	for (const struct sd_json *one = v->first; v->type == SD_JSON_ARRAY && one;
		one = one->next)
		if (!valid(c, k, one))
			return false;
	return true;
}

static bool
k_unique_items(const struct check *c, const struct sd_json *k, const struct sd_json *v)
{
	(void)c, (void)k;
	for (const struct sd_json *a = v->first; v->type == SD_JSON_ARRAY && a; a = a->next)
		for (const struct sd_json *b = a->next; b; b = b->next)
			if (a->type == SD_JSON_STRING && equal(a, b))
				return false;
	return true;
}

static bool
k_property_names(const struct check *c, const struct sd_json *k, const struct sd_json *v)
{
	for (const struct sd_json *m = v->first; v->type == SD_JSON_OBJECT && m; m = m->next) {
		struct sd_json name = { .type = SD_JSON_STRING, .text = m->key };

		if (!valid(c, k, &name))
			return false;
	}
	return true;
}

static bool
k_min_items(const struct check *c, const struct sd_json *k, const struct sd_json *v)
{
	(void)c;
	return v->type != SD_JSON_ARRAY || v->n >= number(k);
}

static bool
k_min_properties(const struct check *c, const struct sd_json *k, const struct sd_json *v)
{
	(void)c;
	return v->type != SD_JSON_OBJECT || v->n >= number(k);
}

static bool
k_min_length(const struct check *c, const struct sd_json *k, const struct sd_json *v)
{
	(void)c;
	return v->type != SD_JSON_STRING || strlen(v->text) >= number(k);
}

static bool
k_minimum(const struct check *c, const struct sd_json *k, const struct sd_json *v)
{
	(void)c;
	return v->type != SD_JSON_NUMBER || strtod(v->text, NULL) >= strtod(k->text, NULL);
}

static bool
k_pattern(const struct check *c, const struct sd_json *k, const struct sd_json *v)
{
	(void)c;
	return v->type != SD_JSON_STRING || matches(k->text, v->text);
}

static bool
k_ignored(const struct check *c, const struct sd_json *k, const struct sd_json *v)
{
	(void)c, (void)k, (void)v;
	return true;
}

static const struct {
	const char *key;
	bool (*holds)(const struct check *c, const struct sd_json *k, const struct sd_json *v);
} keywords[] = {
	{ "type", k_type },
	{ "enum", k_enum },
	{ "anyOf", k_any_of },
	{ "oneOf", k_one_of },
	{ "$ref", k_ref },
	{ "required", k_required },
	{ "items", k_items },
	{ "uniqueItems", k_unique_items },
	{ "propertyNames", k_property_names },
	{ "minItems", k_min_items },
	{ "minProperties", k_min_properties },
	{ "minLength", k_min_length },
	{ "minimum", k_minimum },
	{ "pattern", k_pattern },
	{ "properties", k_ignored },
	{ "patternProperties", k_ignored },
	{ "additionalProperties", k_ignored },
	{ "description", k_ignored },
	{ "default", k_ignored },
	{ "title", k_ignored },
	{ "$schema", k_ignored },
	{ "$defs", k_ignored },
};

/* The three keywords about members, which need each other. */
static bool
members_valid(const struct check *c, const struct sd_json *schema, const struct sd_json *v)
{
	const struct sd_json *properties = sd_json_get(schema, "properties");
	const struct sd_json *patterns = sd_json_get(schema, "patternProperties");
	const struct sd_json *rest = sd_json_get(schema, "additionalProperties"), *one;

	for (const struct sd_json *m = v->first; m; m = m->next) {
		bool known = false;

		one = properties ? sd_json_get(properties, m->key) : NULL;
		if (one && !valid(c, one, m))
			return false;
		known |= one != NULL;
		for (one = patterns ? patterns->first : NULL; one; one = one->next) {
			if (!matches(one->key, m->key))
				continue;
			if (!valid(c, one, m))
				return false;
			known = true;
		}
		if (!known && rest && !valid(c, rest, m))
			return false;
	}
	return true;
}

static bool
valid(const struct check *c, const struct sd_json *schema, const struct sd_json *v)
{
	if (schema->type == SD_JSON_BOOL)
		return schema->boolean;
	for (const struct sd_json *k = schema->first; k; k = k->next) {
		size_t i = 0;

		while (i < SD_COUNT(keywords) && strcmp(keywords[i].key, k->key) != 0)
			i++;
		if (i == SD_COUNT(keywords))
			fail_msg("the validator does not know the keyword %s", k->key);
		if (!keywords[i].holds(c, k, v))
			return false;
	}
	return v->type != SD_JSON_OBJECT || members_valid(c, schema, v);
}

/* ---- samples ------------------------------------------------------------------------ */

struct env {
	struct sd_arena *arena;
	struct sd_diags diags;
	const struct sd_json *schema, *config; /* the two JSON Schemas */
};

static const struct sd_json *
parse(struct env *env, const char *name, const char *text)
{
	return sd_json_parse(name, text, strlen(text), env->arena, &env->diags);
}

static int
setup(void **state)
{
	struct sd_arena *arena = sd_arena_new();
	struct env *env = sd_new(arena, struct env);
	struct sd_buf schema = SD_BUF(arena), config = SD_BUF(arena);

	env->arena = arena;
	env->diags.arena = arena;
	sd_schema_write_meta(&schema);
	sd_config_write_meta(&config);
	env->schema = parse(env, "schema.schema.json", sd_buf_text(&schema));
	env->config = parse(env, "config.schema.json", sd_buf_text(&config));
	*state = env;
	return !env->schema || !env->config;
}

static int
teardown(void **state)
{
	struct env *env = *state;

	sd_arena_free(env->arena);
	return 0;
}

static void
print_reports(struct env *env)
{
	struct sd_buf out = SD_BUF(env->arena);

	sd_diags_format(&env->diags, 0, false, &out);
	print_message("%s", sd_buf_text(&out));
}

/* What each side says of a sample.  SEMANTIC: the loader alone can see what is wrong, since
 * it takes more than the shape of the text. */
enum verdict { GOOD, BAD, SEMANTIC };

struct sample {
	int line;
	enum verdict verdict;
	const char *text;
};

/* Whether both sides say of the sample what they should; what they said otherwise is printed.
 */
static bool
holds(struct env *env, const struct sample *sample, const struct sd_json *schema, bool loads)
{
	struct check check = { schema, env->arena };
	struct sd_diags reports = env->diags;
	const struct sd_json *json;
	bool fits, right;

	env->diags = (struct sd_diags){ .arena = env->arena };
	json = parse(env, "sample", sample->text);
	assert_non_null(json);
	fits = valid(&check, schema, json);
	right = fits == (sample->verdict != BAD) && loads == (sample->verdict == GOOD);
	if (right)
		return true;
	print_message("line %d: %s\n\tthe schema %s it, the loader %s it\n", sample->line,
		sample->text, fits ? "accepts" : "refuses", loads ? "accepts" : "refuses");
	env->diags = reports;
	print_reports(env);
	return false;
}

static bool
schema_loads(struct env *env, const char *text)
{
	struct sd_load_options options = { .dialect = &sd_dialect_sqlite, .version = 3053000 };
	struct sd_load_file file = { "sample.json", text, strlen(text) };
	struct sd_loader *loader = sd_loader_new(&options, env->arena, &env->diags);

	(void)sd_loader_add(loader, &file);
	return sd_loader_finish(loader) != NULL;
}

#define T(inside)                                                                              \
	"{\"tables\":{\"t\":{\"columns\":{\"a\":{\"type\":\"int\"},\"b\":{\"type\":\"int\"}"   \
	"}" inside "}}}"
#define C(inside) "{\"tables\":{\"t\":{\"columns\":{\"a\":{\"type\":\"int\"" inside "}}}}}"

// clang-format off
static const struct sample schema_samples[] = {
	{ __LINE__, GOOD, "{}" },
	{ __LINE__, BAD, "[]" },
	{ __LINE__, GOOD, "{\"$schema\":\"x\",\"x-a\":1,\"tables\":{}}" },
	{ __LINE__, BAD, "{\"$schema\":1}" },
	{ __LINE__, BAD, "{\"table\":{}}" },
	{ __LINE__, BAD, "{\"tables\":[]}" },
	{ __LINE__, GOOD, "{\"sequences\":{}}" },
	{ __LINE__, BAD, "{\"schema\":1}" },
	{ __LINE__, BAD, "{\"schema\":\"\"}" },
	{ __LINE__, BAD, "{\"tables\":{\"\":{\"columns\":{\"a\":{\"type\":\"int\"}}}}}" },
	{ __LINE__, BAD, "{\"tables\":{\"t\":1}}" },
	{ __LINE__, SEMANTIC, "{\"tables\":{\"t\":{}}}" },
	{ __LINE__, SEMANTIC, "{\"tables\":{\"t\":{\"columns\":{}}}}" },
	{ __LINE__, BAD, "{\"tables\":{\"t\":{\"columns\":[]}}}" },
	{ __LINE__, BAD, "{\"tables\":{\"t\":{\"columns\":{\"a\":\"int\"}}}}" },
	{ __LINE__, BAD, "{\"tables\":{\"t\":{\"columns\":{\"a\":{}}}}}" },
	{ __LINE__, BAD, T(",\"colums\":{}") },
	{ __LINE__, GOOD, T(",\"x-any\":{\"a\":[]},\"comment\":\"c\",\"managed\":false") },
	{ __LINE__, BAD, T(",\"managed\":\"no\"") },
	{ __LINE__, GOOD, T(",\"renamed_from\":\"u\"") },
	{ __LINE__, GOOD, T(",\"renamed_from\":[\"u\",\"v\"]") },
	{ __LINE__, BAD, T(",\"renamed_from\":[]") },
	{ __LINE__, BAD, T(",\"renamed_from\":[1]") },
	{ __LINE__, GOOD, T(",\"sqlite\":{\"strict\":true,\"x-a\":1}") },
	{ __LINE__, BAD, T(",\"sqlite\":{\"stricter\":true}") },
	{ __LINE__, BAD, T(",\"sqlite\":true") },
	{ __LINE__, BAD, T(",\"sqlite\":{\"strict\":1}") },
	{ __LINE__, GOOD, T(",\"postgresql\":{\"unlogged\":true,\"fillfactor\":70,\"tablespace\":\"x\"}") },
	{ __LINE__, BAD, T(",\"postgresql\":{\"fillfactor\":\"70\"}") },
	{ __LINE__, GOOD, T(",\"primary_key\":[\"a\",\"b\"]") },
	{ __LINE__, GOOD, T(",\"primary_key\":\"a\"") },
	{ __LINE__, GOOD, T(",\"primary_key\":{\"columns\":[\"a\"],\"name\":\"p\",\"on_conflict\":\"replace\"}") },
	{ __LINE__, BAD, T(",\"primary_key\":{\"name\":\"p\"}") },
	{ __LINE__, BAD, T(",\"primary_key\":{\"columns\":[\"a\"],\"nam\":\"p\"}") },
	{ __LINE__, BAD, T(",\"primary_key\":[]") },
	{ __LINE__, BAD, T(",\"primary_key\":true") },
	{ __LINE__, SEMANTIC, T(",\"primary_key\":[\"c\"]") },
	{ __LINE__, GOOD, T(",\"unique\":{\"u\":[\"a\"],\"v\":{\"columns\":\"b\"}}") },
	{ __LINE__, GOOD, T(",\"unique\":[[\"a\"],{\"columns\":[\"b\"],\"name\":\"u\"}]") },
	{ __LINE__, BAD, T(",\"unique\":{\"u\":{\"columns\":[\"a\"],\"name\":\"v\"}}") },
	{ __LINE__, BAD, T(",\"unique\":{\"\":[\"a\"]}") },
	{ __LINE__, BAD, T(",\"unique\":true") },
	{ __LINE__, BAD, T(",\"unique\":[1]") },
	{ __LINE__, GOOD, T(",\"checks\":{\"c\":\"a > 0\",\"d\":{\"expression\":\"a > 0\"},\"e\":{\"sqlite\":\"a > 1\",\"postgresql\":\"a > 2\"}}") },
	{ __LINE__, GOOD, T(",\"checks\":[\"a > 0\",{\"expression\":{\"sqlite\":\"b > 0\",\"postgresql\":\"b > 1\"}}]") },
	{ __LINE__, BAD, T(",\"checks\":{\"c\":{\"expresion\":\"a > 0\"}}") },
	{ __LINE__, BAD, T(",\"checks\":{\"c\":\"\"}") },
	{ __LINE__, BAD, T(",\"checks\":{\"c\":1}") },
	{ __LINE__, BAD, T(",\"checks\":{\"c\":{\"expression\":{\"mysql\":\"a > 0\"}}}") },
	{ __LINE__, BAD, T(",\"checks\":{\"c\":{\"expression\":{}}}") },
	{ __LINE__, SEMANTIC, T(",\"checks\":{\"c\":\"(a > 0\"}") },
	{ __LINE__, GOOD, T(",\"primary_key\":\"a\",\"foreign_keys\":{\"f\":{\"columns\":[\"b\"],\"table\":\"t\",\"ref_columns\":[\"a\"],\"on_delete\":\"set null\",\"on_update\":\"no action\",\"match\":\"simple\",\"deferrable\":false}}") },
	{ __LINE__, GOOD, T(",\"primary_key\":\"a\",\"foreign_keys\":[{\"columns\":\"b\",\"table\":\"t\",\"deferrable\":\"deferred\"}]") },
	{ __LINE__, BAD, T(",\"primary_key\":\"a\",\"foreign_keys\":[{\"table\":\"t\"}]") },
	{ __LINE__, BAD, T(",\"primary_key\":\"a\",\"foreign_keys\":[{\"columns\":\"b\"}]") },
	{ __LINE__, BAD, T(",\"primary_key\":\"a\",\"foreign_keys\":[[\"b\"]]") },
	{ __LINE__, BAD, T(",\"primary_key\":\"a\",\"foreign_keys\":[{\"columns\":\"b\",\"table\":\"t\",\"on_delete\":\"casc\"}]") },
	{ __LINE__, BAD, T(",\"primary_key\":\"a\",\"foreign_keys\":[{\"columns\":\"b\",\"table\":\"t\",\"deferrable\":true}]") },
	{ __LINE__, GOOD, T(",\"indexes\":{\"i\":[\"a\",{\"name\":\"b\",\"order\":\"desc\",\"collation\":\"nocase\"}],\"j\":{\"columns\":[{\"expression\":\"a + b\"}],\"unique\":true,\"where\":\"a > 0\"}}") },
	{ __LINE__, GOOD, T(",\"indexes\":[[\"a\"]]") },
	{ __LINE__, BAD, T(",\"indexes\":{\"i\":[{\"order\":\"desc\"}]}") },
	{ __LINE__, BAD, T(",\"indexes\":{\"i\":[{\"name\":\"a\",\"expression\":\"b\"}]}") },
	{ __LINE__, BAD, T(",\"indexes\":{\"i\":[{\"name\":\"a\",\"order\":\"down\"}]}") },
	{ __LINE__, BAD, T(",\"indexes\":{\"i\":[{\"name\":\"a\",\"sort\":\"desc\"}]}") },
	{ __LINE__, BAD, T(",\"indexes\":{\"i\":{\"unique\":true}}") },
	{ __LINE__, BAD, T(",\"indexes\":{\"i\":true}") },
	{ __LINE__, GOOD, T(",\"exclusions\":{}") },
	{ __LINE__, GOOD, T(",\"triggers\":{\"g\":{\"timing\":\"after\",\"events\":[\"update\"],\"of\":\"a\",\"for_each\":\"row\",\"when\":\"NEW.a > 0\",\"body\":\"DELETE FROM t;\"}}") },
	{ __LINE__, BAD, T(",\"triggers\":{\"g\":{\"timing\":\"after\",\"body\":\"DELETE FROM t;\"}}") },
	{ __LINE__, BAD, T(",\"triggers\":{\"g\":{\"timing\":\"later\",\"events\":\"insert\",\"body\":\"DELETE FROM t;\"}}") },
	{ __LINE__, BAD, T(",\"triggers\":{\"g\":{\"timing\":\"after\",\"events\":[],\"body\":\"DELETE FROM t;\"}}") },
	{ __LINE__, BAD, T(",\"triggers\":{\"g\":{\"timing\":\"after\",\"events\":[\"insert\",\"insert\"],\"body\":\"DELETE FROM t;\"}}") },
	{ __LINE__, BAD, T(",\"triggers\":[]") },
	{ __LINE__, BAD, T(",\"triggers\":{\"g\":\"DELETE FROM t;\"}") },
	{ __LINE__, GOOD, C(",\"nullable\":false,\"default\":\"1\",\"collation\":\"nocase\",\"comment\":\"c\",\"x-y\":0") },
	{ __LINE__, GOOD, C(",\"default\":1,\"backfill\":true") },
	{ __LINE__, GOOD, C(",\"default\":null") },
	{ __LINE__, GOOD, C(",\"default\":{\"sqlite\":1,\"postgresql\":\"2\"}") },
	{ __LINE__, BAD, C(",\"default\":[]") },
	{ __LINE__, BAD, C(",\"default\":{\"sqlite\":[]}") },
	{ __LINE__, BAD, C(",\"nullable\":0") },
	{ __LINE__, BAD, C(",\"notnull\":true") },
	{ __LINE__, BAD, C(",\"using\":1") },
	{ __LINE__, GOOD, C(",\"generated\":{\"as\":\"1 + 1\",\"stored\":true}},\"c\":{\"type\":\"int\"") },
	{ __LINE__, BAD, C(",\"generated\":\"1 + 1\"") },
	{ __LINE__, BAD, C(",\"generated\":{\"sa\":\"1 + 1\"}") },
	{ __LINE__, GOOD, C(",\"identity\":\"always\",\"primary_key\":true") },
	{ __LINE__, GOOD, C(",\"identity\":false") },
	{ __LINE__, BAD, C(",\"identity\":true") },
	{ __LINE__, BAD, C(",\"identity\":{\"start\":5}") },
	{ __LINE__, GOOD, C(",\"primary_key\":false,\"unique\":false,\"index\":false") },
	{ __LINE__, GOOD, C(",\"unique\":true,\"index\":\"i\"") },
	{ __LINE__, BAD, C(",\"unique\":1") },
	{ __LINE__, BAD, C(",\"index\":\"\"") },
	{ __LINE__, BAD, C(",\"primary_key\":\"p\"") },
	{ __LINE__, GOOD, C(",\"check\":\"a > 0\"") },
	{ __LINE__, GOOD, C(",\"check\":{\"expression\":\"a > 0\",\"name\":\"c\"}") },
	{ __LINE__, BAD, C(",\"check\":true") },
	{ __LINE__, GOOD, C(",\"primary_key\":true},\"b\":{\"type\":\"int\",\"references\":\"t\"") },
	{ __LINE__, GOOD, C(",\"primary_key\":true},\"b\":{\"type\":\"int\",\"references\":{\"table\":\"t\",\"column\":\"a\",\"on_delete\":\"cascade\",\"name\":\"f\"}") },
	{ __LINE__, BAD, C(",\"primary_key\":true,\"references\":{\"column\":\"a\"}") },
	{ __LINE__, BAD, C(",\"primary_key\":true,\"references\":{\"table\":\"t\",\"columns\":\"a\"}") },
	{ __LINE__, BAD, C(",\"references\":true") },
	{ __LINE__, SEMANTIC, C(",\"references\":\"u\"") },
	{ __LINE__, GOOD, "{\"tables\":{\"t\":{\"columns\":{\"a\":{\"type\":{\"sqlite\":\"text\",\"postgresql\":\"jsonb\"}}}}}}" },
	{ __LINE__, BAD, "{\"tables\":{\"t\":{\"columns\":{\"a\":{\"type\":{\"oracle\":\"text\"}}}}}}" },
	{ __LINE__, BAD, "{\"tables\":{\"t\":{\"columns\":{\"a\":{\"type\":7}}}}}" },
	{ __LINE__, SEMANTIC, "{\"tables\":{\"t\":{\"columns\":{\"a\":{\"type\":\"int not null\"}}}}}" },
	{ __LINE__, GOOD, "{\"enums\":{\"e\":[\"a\",\"b\"],\"f\":{\"values\":[\"a\",{\"value\":\"b\"}],\"comment\":\"c\",\"renamed_from\":\"g\"}}}" },
	{ __LINE__, BAD, "{\"enums\":{\"e\":[]}}" },
	{ __LINE__, BAD, "{\"enums\":{\"e\":[\"a\",\"a\"]}}" },
	{ __LINE__, BAD, "{\"enums\":{\"e\":[1]}}" },
	{ __LINE__, BAD, "{\"enums\":{\"e\":[{\"valeu\":\"a\"}]}}" },
	{ __LINE__, GOOD, "{\"enums\":{\"e\":[{\"value\":\"b\",\"renamed_from\":\"a\"}]}}" },
	{ __LINE__, BAD, "{\"enums\":{\"e\":\"a\"}}" },
	{ __LINE__, BAD, "{\"enums\":[\"e\"]}" },
	{ __LINE__, GOOD, "{\"views\":{\"v\":\"SELECT 1 AS a\"}}" },
	{ __LINE__, GOOD, "{\"views\":{\"v\":{\"sqlite\":\"SELECT 1 AS a\",\"postgresql\":\"SELECT 2 AS a\"}}}" },
	{ __LINE__, GOOD, "{\"views\":{\"v\":{\"definition\":\"SELECT 1\",\"columns\":[\"a\"],\"renamed_from\":\"w\"}}}" },
	{ __LINE__, BAD, "{\"views\":{\"v\":{\"columns\":[\"a\"]}}}" },
	{ __LINE__, BAD, "{\"views\":{\"v\":{\"definition\":\"SELECT 1\",\"indexes\":{}}}}" },
	{ __LINE__, BAD, "{\"views\":{\"v\":[\"SELECT 1\"]}}" },
	{ __LINE__, BAD, "{\"views\":[]}" },
};

static const struct sample config_samples[] = {
	{ __LINE__, GOOD, "{}" },
	{ __LINE__, BAD, "[]" },
	{ __LINE__, GOOD, "{\"$schema\":\"x\",\"x-a\":{},\"schemas\":\"s\",\"migrations\":[\"m\"]}" },
	{ __LINE__, BAD, "{\"$schema\":1}" },
	{ __LINE__, BAD, "{\"schema\":\"s\"}" },
	{ __LINE__, BAD, "{\"schemas\":1}" },
	{ __LINE__, BAD, "{\"schemas\":\"\"}" },
	{ __LINE__, BAD, "{\"schemas\":[\"\"]}" },
	{ __LINE__, GOOD, "{\"recursive\":true,\"online\":false,\"transaction\":\"all\"}" },
	{ __LINE__, BAD, "{\"recursive\":1}" },
	{ __LINE__, GOOD, "{\"transaction\":\"none\"}" },
	{ __LINE__, BAD, "{\"transaction\":\"both\"}" },
	{ __LINE__, BAD, "{\"transaction\":1}" },
	{ __LINE__, GOOD, "{\"namespaces\":[\"*\"],\"include\":\"a\",\"exclude\":[],\"manage\":[\"views\",\"*\"],\"dialects\":\"sqlite\"}" },
	{ __LINE__, BAD, "{\"manage\":\"tabels\"}" },
	{ __LINE__, BAD, "{\"dialects\":[\"mysql\"]}" },
	{ __LINE__, GOOD, "{\"naming\":{\"ix\":\"i_%(table_name)s\",\"uq\":\"u\",\"fk\":\"f\",\"pk\":\"p\",\"ck\":\"c\",\"x-y\":1}}" },
	{ __LINE__, BAD, "{\"naming\":{\"idx\":\"i\"}}" },
	{ __LINE__, BAD, "{\"naming\":\"i\"}" },
	{ __LINE__, BAD, "{\"naming\":{\"ix\":\"\"}}" },
	{ __LINE__, SEMANTIC, "{\"naming\":{\"ix\":\"%(nothing)s\"}}" },
	{ __LINE__, GOOD, "{\"target\":{\"sqlite\":\"3.37.2\",\"postgresql\":\"14\"}}" },
	{ __LINE__, BAD, "{\"target\":{\"sqlite\":3.37}}" },
	{ __LINE__, BAD, "{\"target\":{\"sqlite\":\"new\"}}" },
	{ __LINE__, BAD, "{\"target\":{\"mysql\":\"8\"}}" },
	{ __LINE__, SEMANTIC, "{\"target\":{\"sqlite\":\"2\"}}" },
	{ __LINE__, GOOD, "{\"wait\":5,\"lock_timeout\":\"3s\",\"statement_timeout\":\"500ms\"}" },
	{ __LINE__, GOOD, "{\"wait\":\"2min\",\"lock_timeout\":\"1h\",\"statement_timeout\":\"10\"}" },
	{ __LINE__, BAD, "{\"wait\":\"2 min\"}" },
	{ __LINE__, BAD, "{\"wait\":-1}" },
	{ __LINE__, BAD, "{\"wait\":1.5}" },
	{ __LINE__, BAD, "{\"lock_timeout\":\"3d\"}" },
	{ __LINE__, BAD, "{\"lock_timeout\":true}" },
	{ __LINE__, GOOD, "{\"bookkeeping\":{\"namespace\":\"n\",\"prefix\":\"p_\"}}" },
	{ __LINE__, BAD, "{\"bookkeeping\":{\"table\":\"n\"}}" },
	{ __LINE__, GOOD, "{\"file_template\":\"%(rev)s.sql\",\"timezone\":\"UTC\",\"truncate_slug_length\":20}" },
	{ __LINE__, BAD, "{\"truncate_slug_length\":0}" },
	{ __LINE__, BAD, "{\"truncate_slug_length\":\"20\"}" },
	{ __LINE__, GOOD, "{\"script_template\":\"t\",\"hooks\":{\"x-a\":1,\"post_upgrade\":[\"a\"],\"post_write\":[[\"a\",\"b\"]]},\"seeds\":\"s\",\"compare\":{}}" },
	{ __LINE__, BAD, "{\"hooks\":[]}" },
	{ __LINE__, BAD, "{\"hooks\":{\"a\":1}}" },
	{ __LINE__, BAD, "{\"hooks\":{\"post_write\":[[]]}}" },
	{ __LINE__, BAD, "{\"hooks\":{\"post_write\":[\"a\"]}}" },
	{ __LINE__, BAD, "{\"script_template\":\"\"}" },
	{ __LINE__, GOOD, "{\"environments\":{\"a\":{\"url\":\"u\",\"scratch_url\":\"v\",\"protected\":true,\"wait\":1,\"target\":{\"sqlite\":\"3.35\"},\"x-a\":1}},\"default_environment\":\"a\"}" },
	{ __LINE__, BAD, "{\"environments\":[]}" },
	{ __LINE__, BAD, "{\"environments\":{\"a\":\"sqlite:x\"}}" },
	{ __LINE__, BAD, "{\"environments\":{\"\":{}}}" },
	{ __LINE__, BAD, "{\"environments\":{\"a\":{\"ulr\":\"u\"}}}" },
	{ __LINE__, BAD, "{\"environments\":{\"a\":{\"environments\":{}}}}" },
	{ __LINE__, BAD, "{\"environments\":{\"a\":{\"url\":\"\"}}}" },
	{ __LINE__, BAD, "{\"environments\":{\"a\":{\"protected\":\"yes\"}}}" },
	{ __LINE__, BAD, "{\"environments\":{\"all\":{}}}" },
	{ __LINE__, GOOD, "{\"environments\":{\"a\":{\"tenants\":\"t\"},\"b\":{\"tenants\":[]},\"c\":{\"tenants\":[\"t\",\"u_*\"]}}}" },
	{ __LINE__, GOOD, "{\"environments\":{\"a\":{\"tenants\":{\"query\":\"SELECT 1\",\"url\":\"u\",\"x-y\":1}}}}" },
	{ __LINE__, BAD, "{\"environments\":{\"a\":{\"tenants\":{}}}}" },
	{ __LINE__, BAD, "{\"environments\":{\"a\":{\"tenants\":{\"query\":\"SELECT 1\",\"ulr\":\"u\"}}}}" },
	{ __LINE__, BAD, "{\"environments\":{\"a\":{\"tenants\":{\"query\":\"\"}}}}" },
	{ __LINE__, BAD, "{\"environments\":{\"a\":{\"tenants\":[\"\"]}}}" },
	{ __LINE__, BAD, "{\"environments\":{\"a\":{\"tenants\":true}}}" },
	{ __LINE__, SEMANTIC, "{\"environments\":{\"a\":{\"url\":\"host=h\",\"tenants\":\"t\",\"bookkeeping\":{\"namespace\":\"n\"}}}}" },
	{ __LINE__, GOOD, "{\"environments\":{\"a\":{\"url\":\"dbname=${tenant}\",\"tenants\":\"t\",\"bookkeeping\":{\"namespace\":\"n\"}}}}" },
	{ __LINE__, SEMANTIC, "{\"environments\":{\"a\":{\"url\":\"sqlite:${tenant}.db\",\"tenants\":{\"query\":\"SELECT 1\"}}}}" },
	{ __LINE__, BAD, "{\"default_environment\":1}" },
	{ __LINE__, SEMANTIC, "{\"default_environment\":\"a\"}" },
	{ __LINE__, BAD, "{\"url\":\"sqlite:x\"}" },
};
// clang-format on

static void
test_schema_samples(void **state)
{
	struct env *env = *state;
	size_t wrong = 0;

	for (size_t i = 0; i < SD_COUNT(schema_samples); i++) {
		env->diags = (struct sd_diags){ .arena = env->arena };
		wrong += !holds(env, &schema_samples[i], env->schema,
			schema_loads(env, schema_samples[i].text));
	}
	assert_int_equal(wrong, 0);
}

static void
test_config_samples(void **state)
{
	struct env *env = *state;
	char path[] = "test-meta-XXXXXX";
	int file = mkstemp(path);
	size_t wrong = 0;

	assert_true(file >= 0);
	close(file);
	for (size_t i = 0; i < SD_COUNT(config_samples); i++) {
		const char *text = config_samples[i].text;
		struct sd_config config;
		bool loads;

		env->diags = (struct sd_diags){ .arena = env->arena };
		assert_int_equal(
			sd_file_write(path, text, strlen(text), false, &env->diags), SD_OK);
		loads = sd_config_load(NULL, path, env->arena, &env->diags, &config) == SD_OK;
		wrong += !holds(env, &config_samples[i], env->config, loads);
	}
	unlink(path);
	assert_int_equal(wrong, 0);
}

/* ---- the files in the tree ---------------------------------------------------------- */

/* Where the sources are: tests run from the top of the tree. */
static void
test_published(void **state)
{
	static const struct {
		const char *path;
		void (*write)(struct sd_buf *out);
	} rows[] = {
		{ "schemas/schema.schema.json", sd_schema_write_meta },
		{ "schemas/config.schema.json", sd_config_write_meta },
	};
	struct env *env = *state;

	for (size_t i = 0; i < SD_COUNT(rows); i++) {
		struct sd_buf want = SD_BUF(env->arena);
		char *text = NULL;

		rows[i].write(&want);
		if (getenv("UPDATE"))
			assert_int_equal(sd_file_write(rows[i].path, sd_buf_text(&want), want.n,
						 false, &env->diags),
				SD_OK);
		assert_int_equal(
			sd_file_read(rows[i].path, env->arena, &env->diags, &text, NULL),
			SD_OK);
		if (strcmp(text, sd_buf_text(&want)) != 0)
			fail_msg(
				"%s is out of date: run this test with UPDATE=1", rows[i].path);
	}
}

/* The example project is right by both, on every engine. */
static void
test_examples(void **state)
{
	static const char *const paths[] = { "schemas/examples/schemas/users.json",
		"schemas/examples/schemas/posts.json", "schemas/examples/sqlite/editing.json",
		"schemas/examples/sqlite/views.json" };
	struct env *env = *state;
	struct check check = { env->schema, env->arena };
	struct sd_names all = { 0 }, common = { 0 };
	struct sd_config config;
	char *text;

	for (size_t i = 0; i < SD_COUNT(paths); i++) {
		assert_int_equal(
			sd_file_read(paths[i], env->arena, &env->diags, &text, NULL), SD_OK);
		assert_true(valid(&check, env->schema, parse(env, paths[i], text)));
	}
	*sd_push(env->arena, &all) = "schemas/examples/schemas";
	*sd_push(env->arena, &common) = "schemas/examples/schemas";
	*sd_push(env->arena, &all) = "schemas/examples/sqlite";
	(void)sd_load_paths(&(struct sd_load_options){ .dialect = &sd_dialect_sqlite }, &all,
		env->arena, &env->diags);
	(void)sd_load_paths(&(struct sd_load_options){ .dialect = &sd_dialect_postgresql },
		&common, env->arena, &env->diags);
	assert_int_equal(sd_config_load(NULL, "schemas/examples/schemadiff.json", env->arena,
				 &env->diags, &config),
		SD_OK);
	print_reports(env);
	assert_int_equal(env->diags.n_errors, 0);
	assert_int_equal(
		sd_file_read(config.path, env->arena, &env->diags, &text, NULL), SD_OK);
	check.root = env->config;
	assert_true(valid(&check, env->config, parse(env, config.path, text)));
}

static void
assert_documented(const char *path, const char *text, const char *key)
{
	if (!strstr(text, key))
		fail_msg("%s says nothing of %s", path, key);
}

/* Every key stands in the reference. */
static void
test_documented(void **state)
{
	static const char config[] = "docs/configuration.md", schema[] = "docs/schema-files.md";
	const struct sd_option *tables[] = { sd_config_options, sd_environment_options };
	struct env *env = *state;
	char *text;

	assert_int_equal(sd_file_read(config, env->arena, &env->diags, &text, NULL), SD_OK);
	for (size_t i = 0; i < SD_COUNT(tables); i++)
		for (const struct sd_option *o = tables[i]; o->key; o++)
			assert_documented(config, text, o->group ? o->group : o->key);
	assert_int_equal(sd_file_read(schema, env->arena, &env->diags, &text, NULL), SD_OK);
	for (size_t kind = 0; kind < SD_KIND__MAX; kind++) {
		assert_documented(schema, text, sd_kinds[kind].section);
		for (size_t i = 0; i < sd_kinds[kind].n_fields; i++)
			assert_documented(schema, text, sd_kinds[kind].fields[i].key);
	}
}

#define TEST(name) cmocka_unit_test_setup_teardown(name, setup, teardown)

int
main(void)
{
	const struct CMUnitTest tests[] = {
		TEST(test_schema_samples),
		TEST(test_config_samples),
		TEST(test_published),
		TEST(test_examples),
		TEST(test_documented),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
