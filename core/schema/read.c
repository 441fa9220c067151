/* Values of fields: one reader per type of field, so that a new field is a row of sd_kinds and
 * nothing here. */
#include "core/schema/loader.h"

#include "core/base/text.h"
#include "core/sql/canon.h"

#include <stdint.h>
#include <string.h>

const char *
sd_loader_text(struct sd_loader *l, const char *text)
{
	const char *known = sd_map_get(&l->interned, text);

	if (!known) {
		char *copy = sd_strdup(l->arena, text);

		*sd_map_at(&l->interned, copy, l->passing) = copy;
		known = copy;
	}
	return known;
}

/* The text of a string, or NULL after a report. */
static const char *
string_of(struct sd_loader *l, const struct sd_json *json, const char *what)
{
	if (json->type == SD_JSON_STRING)
		return json->text;
	sd_json_expected(l->diags, json, what);
	return NULL;
}

const char *
sd_read_name(struct sd_loader *l, const struct sd_json *json)
{
	const char *name = string_of(l, json, "a name");

	if (name && !*name) {
		sd_error(l->diags, json->pos, "a name can't be empty");
		return NULL;
	}
	return name ? sd_loader_text(l, name) : NULL;
}

void
sd_read_names(struct sd_loader *l, struct sd_names *names, const struct sd_json *json)
{
	if (json->type == SD_JSON_STRING) {
		const char *name = sd_read_name(l, json);

		sd_reserve(l->arena, names, 1);
		if (name)
			*sd_push(l->arena, names) = name;
		return;
	}
	if (json->type != SD_JSON_ARRAY) {
		sd_json_expected(l->diags, json, "a name or a list of names");
		return;
	}
	if (!json->first)
		sd_error(l->diags, json->pos, "expected at least one name in the list");
	sd_reserve(l->arena, names, json->n);
	for (const struct sd_json *item = json->first; item; item = item->next) {
		const char *name = sd_read_name(l, item);

		if (name)
			*sd_push(l->arena, names) = name;
	}
}

/* ---- words -------------------------------------------------------------------------- */

/* "one of "a", "b" or "c"". */
static const char *
choices(struct sd_loader *l, const char *const *words)
{
	struct sd_buf list = SD_BUF(l->scratch);

	for (size_t i = 0; words[i]; i++)
		sd_buf_addf(&list, "%s\"%s\"",
			i == 0         ? ""
			: words[i + 1] ? ", "
				       : " or ",
			words[i]);
	return sd_buf_text(&list);
}

/* The member of @words that @json is, or NULL after a report. */
static const char *
word_of(struct sd_loader *l, const char *const *words, const struct sd_json *json)
{
	const char *nearest;

	if (json->type != SD_JSON_STRING) {
		sd_json_expected(l->diags, json, choices(l, words));
		return NULL;
	}
	for (size_t i = 0; words[i]; i++)
		if (strcmp(words[i], json->text) == 0)
			return words[i];
	sd_error(l->diags, json->pos, "expected %s, found \"%s\"", choices(l, words),
		json->text);
	nearest = sd_text_nearest(json->text, words);
	if (nearest)
		sd_hint(l->diags, "did you mean \"%s\"?", nearest);
	return NULL;
}

static void
read_word(struct sd_loader *l, const struct sd_field *field, const struct sd_json *json,
	const char **value)
{
	const char *word;

	if (json->type == SD_JSON_BOOL && !json->boolean && field->flags & SD_FIELD_NO_FALSE)
		return;
	word = word_of(l, field->words, json);
	if (word && !(field->flags & SD_FIELD_DEFAULT_NULL && word == field->words[0]))
		*value = word;
}

static void
read_words(struct sd_loader *l, const struct sd_field *field, const struct sd_json *json,
	struct sd_names *value)
{
	const struct sd_json *item = json->type == SD_JSON_ARRAY ? json->first : json;

	if (!item)
		sd_error(l->diags, json->pos, "expected at least one of %s",
			choices(l, field->words));
	for (; item; item = json->type == SD_JSON_ARRAY ? item->next : NULL) {
		const char *word = word_of(l, field->words, item);

		if (word && sd_names_find(value, word) >= 0)
			sd_error(l->diags, item->pos, "\"%s\" is listed twice", word);
		else if (word)
			*sd_push(l->arena, value) = word;
	}
}

/* ---- values that may differ per dialect --------------------------------------------- */

static const struct sd_dialect *
dialect_called(const char *key)
{
	for (size_t i = 0; sd_dialects[i]; i++)
		if (strcmp(sd_dialects[i]->name, key) == 0)
			return sd_dialects[i];
	return NULL;
}

bool
sd_read_is_per_dialect(const struct sd_field *field, const struct sd_json *json)
{
	if (field->type != SD_F_SQL && field->type != SD_F_TYPE)
		return false;
	if (json->type != SD_JSON_OBJECT || !json->first)
		return false;
	for (const struct sd_json *m = json->first; m; m = m->next)
		if (!dialect_called(m->key))
			return false;
	return true;
}

static void
report_dialect(struct sd_loader *l, const struct sd_json *member)
{
	const char *names[8] = { NULL };

	for (size_t i = 0; sd_dialects[i] && i + 1 < SD_COUNT(names); i++)
		names[i] = sd_dialects[i]->name;
	sd_json_unknown_key(l->diags, member, names);
}

static bool
is_scalar(const struct sd_field *field, const struct sd_json *json)
{
	if (json->type == SD_JSON_STRING)
		return true;
	return field->flags & SD_FIELD_LITERAL && json->type < SD_JSON_STRING;
}

static const char *
scalar_words(const struct sd_field *field)
{
	if (field->type == SD_F_TYPE)
		return "a type, or an object with one per dialect";
	if (field->flags & SD_FIELD_LITERAL)
		return "an SQL expression in a string, a number, true, false or null, or an "
		       "object "
		       "with one per dialect";
	return "an SQL text in a string, or an object with one per dialect";
}

/* The value of @json for the loader's dialect; NULL when it has none, or after a report.
 * Those of other dialects are checked too: a file is right or wrong everywhere. */
static const struct sd_json *
for_dialect(struct sd_loader *l, const struct sd_field *field, const struct sd_json *json)
{
	const struct sd_json *mine = NULL;
	bool failed = false;

	if (json->type != SD_JSON_OBJECT) {
		if (is_scalar(field, json))
			return json;
		sd_json_expected(l->diags, json, scalar_words(field));
		return NULL;
	}
	for (const struct sd_json *m = json->first; m; m = m->next) {
		const struct sd_dialect *dialect = dialect_called(m->key);

		if (!dialect)
			report_dialect(l, m);
		else if (!is_scalar(field, m))
			sd_json_expected(l->diags, m, "a string");
		else if (dialect == l->dialect)
			mine = m;
		failed |= !dialect || !is_scalar(field, m);
	}
	if (failed)
		return NULL;
	if (!mine && (field->flags & SD_FIELD_REQUIRED || !json->first))
		sd_error(l->diags, json->pos, "expected a value for \"%s\" here",
			l->dialect->name);
	return mine;
}

/* Lexically whole: no string, comment or quoted name left open. */
static bool
is_script(const struct sd_dialect *dialect, const char *sql)
{
	struct sd_lex lex;
	struct sd_tok tok;
	long depth = 0;

	sd_lex_init(&lex, dialect->lex, sql, strlen(sql));
	while ((tok = sd_lex_next_solid(&lex)).kind != SD_TOK_END) {
		if (tok.kind == SD_TOK_BAD)
			return false;
		if (sd_tok_is_op(sql, tok, "("))
			depth++;
		else if (sd_tok_is_op(sql, tok, ")") && --depth < 0)
			return false;
	}
	return depth == 0;
}

/* @sql without the semicolons, white space and comments at its end. */
static const char *
without_end(const struct sd_dialect *dialect, struct sd_arena *arena, const char *sql)
{
	size_t len = strlen(sql), keep = 0;
	struct sd_lex lex;
	struct sd_tok tok;

	sd_lex_init(&lex, dialect->lex, sql, len);
	while ((tok = sd_lex_next_solid(&lex)).kind != SD_TOK_END)
		if (!sd_tok_is_op(sql, tok, ";"))
			keep = (size_t)tok.off + tok.len;
	return sd_text_trim(arena, sd_strndup(arena, sql, keep));
}

static const char *
read_script(struct sd_loader *l, const char *sql, struct sd_pos pos)
{
	const char *text = without_end(l->dialect, l->scratch, sql);
	struct sd_lex lex;

	if (!*text || !is_script(l->dialect, text)) {
		sd_error(l->diags, pos,
			"expected whole SQL statements: "
			"a bracket, quote or comment is not closed, or there is no statement");
		return NULL;
	}
	sd_lex_init(&lex, l->dialect->lex, text, strlen(text));
	if (sd_tok_is_word(text, sd_lex_next_solid(&lex), "begin")) {
		sd_error(l->diags, pos, "the body begins with BEGIN");
		sd_hint(l->diags, "give only what stands between BEGIN and END");
		return NULL;
	}
	return sd_fmt(l->arena, "%s;", text);
}

static const char *
read_expression(struct sd_loader *l, const char *sql, struct sd_pos pos)
{
	if (sd_sql_is_balanced(l->dialect, sql))
		return sd_sql_unwrap(l->dialect, l->arena, sql);
	sd_error(l->diags, pos,
		"expected one whole SQL expression: it is empty, or a bracket, "
		"quote or comment is not closed, or a semicolon stands in it");
	return NULL;
}

/* Defaults repeat: each is looked at once. */
static const char *
read_default(struct sd_loader *l, const char *sql, struct sd_pos pos)
{
	const char *known = sd_map_get(&l->defaults, sql);

	if (known)
		return known;
	known = read_expression(l, sql, pos);
	if (known)
		*sd_map_at(&l->defaults, sd_strdup(l->passing, sql), l->passing) =
			(void *)(uintptr_t)known;
	return known;
}

static const char *
read_query(struct sd_loader *l, const char *sql, struct sd_pos pos)
{
	sql = without_end(l->dialect, l->scratch, sql);
	if (sd_sql_is_balanced(l->dialect, sql))
		return sd_strdup(l->arena, sql);
	sd_error(l->diags, pos,
		"expected one whole SQL query: it is empty, or a bracket, "
		"quote or comment is not closed, or a semicolon stands in it");
	return NULL;
}

static const char *
read_sql_text(
	struct sd_loader *l, const struct sd_field *field, const char *sql, struct sd_pos pos)
{
	if (field->flags & SD_FIELD_SCRIPT)
		return read_script(l, sql, pos);
	if (field->flags & SD_FIELD_LITERAL)
		return read_default(l, sql, pos);
	if (field->flags & SD_FIELD_QUERY)
		return read_query(l, sql, pos);
	return read_expression(l, sql, pos);
}

static void
read_sql(struct sd_loader *l, const struct sd_field *field, const struct sd_json *json,
	const char **value)
{
	json = for_dialect(l, field, json);
	if (!json || json->type == SD_JSON_NULL)
		return;
	if (json->type == SD_JSON_BOOL)
		*value = json->boolean ? "true" : "false";
	else if (json->type == SD_JSON_NUMBER)
		*value = sd_loader_text(l, json->text);
	else
		*value = read_sql_text(l, field, json->text, json->pos);
}

/* Words that end a type: what follows them is another clause of the column. */
static const char *
clause_in(const struct sd_dialect *dialect, const char *type)
{
	static const char *const words[] = { "not", "null", "default", "primary", "unique",
		"check", "references", "collate", "generated", "constraint", "as", NULL };
	struct sd_lex lex;
	struct sd_tok tok;

	sd_lex_init(&lex, dialect->lex, type, strlen(type));
	while ((tok = sd_lex_next_solid(&lex)).kind != SD_TOK_END)
		for (size_t i = 0; words[i]; i++)
			if (sd_tok_is_word(type, tok, words[i]))
				return words[i];
	return NULL;
}

/* "integer[]", "integer[3]". */
static bool
has_array(const char *type)
{
	const char *open = strchr(type, '[');

	return open && open[1 + strspn(open + 1, " 0123456789")] == ']';
}

/* @type checked: a copy that lives as long as the model, or NULL after a report. */
static const char *
check_type(struct sd_loader *l, const char *type, struct sd_pos pos)
{
	const char *clause = clause_in(l->dialect, type);

	if (!*type && l->dialect->traits & SD_TRAIT_FREE_TYPES)
		return "";
	if (!*type) {
		sd_error(l->diags, pos, "expected a type, found an empty string");
	} else if (l->dialect->lex & SD_LEX_BRACKET && has_array(type)) {
		sd_error(l->diags, pos, "%s has no arrays (type %s)", l->dialect->name, type);
		sd_hint(l->diags, "give a type per dialect: { \"%s\": \"text\", … }",
			l->dialect->name);
	} else if (clause) {
		sd_error(l->diags, pos, "expected a type alone, found the word %s in \"%s\"",
			clause, type);
	} else if (!sd_sql_is_balanced(l->dialect, type)) {
		sd_error(l->diags, pos,
			"\"%s\" is not a type: a bracket or quote is not "
			"closed, or a semicolon stands in it",
			type);
	} else {
		return sd_strdup(l->arena, type);
	}
	return NULL;
}

/* Types repeat: each is looked at once. */
static void
read_type(struct sd_loader *l, const struct sd_field *field, const struct sd_json *json,
	const char **value)
{
	const char *type;

	json = for_dialect(l, field, json);
	if (!json)
		return;
	type = sd_map_get(&l->types, json->text);
	if (!type) {
		type = check_type(l, sd_text_trim(l->scratch, json->text), json->pos);
		if (type)
			*sd_map_at(&l->types, sd_strdup(l->passing, json->text), l->passing) =
				(void *)(uintptr_t)type;
	}
	*value = type;
}

/* ---- columns of keys and indexes ---------------------------------------------------- */

static void
read_part_word(struct sd_loader *l, const struct sd_json *json, struct sd_part *part)
{
	static const char *const orders[] = { "asc", "desc", NULL };
	static const char *const places[] = { "first", "last", NULL };

	if (strcmp(json->key, "order") == 0)
		part->desc = word_of(l, orders, json) == orders[1];
	else
		part->nulls = word_of(l, places, json);
}

static void
read_part_member(struct sd_loader *l, const struct sd_field *field, const struct sd_json *json,
	struct sd_part *part)
{
	static const struct sd_field expression = {
		.key = "expression", .type = SD_F_SQL, .flags = SD_FIELD_REQUIRED
	};
	static const char *const known[] = { "name", "expression", "order", "nulls",
		"collation", "opclass", "with", NULL };
	const char *key = json->key;

	if (sd_text_starts(key, "x-"))
		return;
	if (strcmp(key, "name") == 0)
		part->name = sd_read_name(l, json);
	else if (strcmp(key, "expression") == 0)
		read_sql(l, &expression, json, &part->expression);
	else if (strcmp(key, "collation") == 0)
		part->collation = sd_read_name(l, json);
	else if (strcmp(key, "opclass") == 0)
		part->opclass = sd_read_name(l, json);
	else if (strcmp(key, "order") == 0 || strcmp(key, "nulls") == 0)
		read_part_word(l, json, part);
	else if (strcmp(key, "with") == 0 && field->flags & SD_FIELD_OPERATORS)
		part->op = sd_read_name(l, json);
	else
		sd_json_unknown_key(l->diags, json, known);
}

static void
read_part(struct sd_loader *l, const struct sd_field *field, const struct sd_json *json,
	struct sd_part *part)
{
	bool named, computed;

	if (json->type == SD_JSON_STRING && !(field->flags & SD_FIELD_OPERATORS)) {
		part->name = sd_read_name(l, json);
		return;
	}
	if (json->type != SD_JSON_OBJECT) {
		sd_json_expected(l->diags, json,
			field->flags & SD_FIELD_OPERATORS ? "an object with \"with\""
							  : "a column name or an object");
		return;
	}
	for (const struct sd_json *m = json->first; m; m = m->next)
		read_part_member(l, field, m, part);
	if (field->flags & SD_FIELD_OPERATORS && !sd_json_get(json, "with"))
		sd_error(l->diags, json->pos,
			"expected \"with\": the operator that no two rows satisfy, as \"&&\"");
	named = sd_json_get(json, "name") != NULL;
	computed = sd_json_get(json, "expression") != NULL;
	if (named == computed)
		sd_error(l->diags, json->pos, "expected %s \"name\" or \"expression\"",
			named ? "only one of" : "a");
}

static void
read_parts(struct sd_loader *l, const struct sd_field *field, const struct sd_json *json,
	struct sd_parts *parts)
{
	const struct sd_json *item = json->type == SD_JSON_ARRAY ? json->first : json;

	if (json->type != SD_JSON_ARRAY && json->type != SD_JSON_STRING) {
		sd_json_expected(l->diags, json, "a column name or a list of columns");
		return;
	}
	if (!item)
		sd_error(l->diags, json->pos, "expected at least one column");
	sd_reserve(l->arena, parts, json->type == SD_JSON_ARRAY ? json->n : 1);
	for (; item; item = json->type == SD_JSON_ARRAY ? item->next : NULL) {
		struct sd_part part = { 0 };

		read_part(l, field, item, &part);
		if (part.name || part.expression)
			*sd_push(l->arena, parts) = part;
	}
}

/* ---- values of enums ---------------------------------------------------------------- */

/* The value of one item, a string or { "value": … }, and what it was called; NULL after a
 * report. */
static const char *
enum_value(struct sd_loader *l, const struct sd_json *item, const char **from)
{
	static const char *const known[] = { "value", "renamed_from", NULL };
	const struct sd_json *value;

	*from = NULL;
	if (item->type == SD_JSON_STRING)
		return item->text;
	if (item->type != SD_JSON_OBJECT) {
		sd_json_expected(l->diags, item, "a string or an object with \"value\"");
		return NULL;
	}
	for (const struct sd_json *m = item->first; m; m = m->next) {
		if (strcmp(m->key, "renamed_from") == 0)
			*from = string_of(l, m, "a string");
		else if (strcmp(m->key, "value") != 0 && !sd_text_starts(m->key, "x-"))
			sd_json_unknown_key(l->diags, m, known);
	}
	value = sd_json_get(item, "value");
	if (!value) {
		sd_error(l->diags, item->pos, "expected a \"value\"");
		return NULL;
	}
	return string_of(l, value, "a string");
}

static void
read_values(struct sd_loader *l, const struct sd_json *json, struct sd_enum *type)
{
	struct sd_map seen = { 0 };
	const char *from;

	if (json->type != SD_JSON_ARRAY) {
		sd_json_expected(l->diags, json, "a list of values");
		return;
	}
	if (!json->first)
		sd_error(l->diags, json->pos, "expected at least one value");
	for (const struct sd_json *item = json->first; item; item = item->next) {
		const char *value = enum_value(l, item, &from);
		void **slot = value ? sd_map_at(&seen, value, l->scratch) : NULL;

		if (!slot)
			continue;
		if (*slot) {
			sd_error(l->diags, item->pos, "value \"%s\" is listed twice", value);
		} else {
			*sd_push(l->arena, &type->values) = sd_strdup(l->arena, value);
			*sd_push(l->arena, &type->values_from) = sd_strdup(l->arena, from);
		}
		*slot = type;
	}
}

/* ------------------------------------------------------------------------------------- */

static void
read_bool(struct sd_loader *l, const struct sd_field *field, const struct sd_json *json,
	bool *value)
{
	if (json->type != SD_JSON_BOOL)
		sd_json_expected(l->diags, json, "true or false");
	else
		*value = json->boolean != (field->type == SD_F_NOT);
}

static void
read_number(struct sd_loader *l, const struct sd_json *json, const char **value)
{
	if (json->type != SD_JSON_NUMBER)
		sd_json_expected(l->diags, json, "a number");
	else
		*value = sd_loader_text(l, json->text);
}

/* The value of an option as it stands behind its "=". */
static const char *
option_value(const struct sd_json *json)
{
	if (json->type == SD_JSON_BOOL)
		return json->boolean ? "true" : "false";
	return json->type == SD_JSON_STRING || json->type == SD_JSON_NUMBER ? json->text : NULL;
}

static void
read_options(struct sd_loader *l, const struct sd_json *json, struct sd_names *options)
{
	if (json->type != SD_JSON_OBJECT) {
		sd_json_expected(l->diags, json, "an object of names and values");
		return;
	}
	for (const struct sd_json *m = json->first; m; m = m->next) {
		const char *value = option_value(m);

		if (value)
			*sd_push(l->arena, options) = sd_fmt(l->arena, "%s=%s", m->key, value);
		else
			sd_json_expected(l->diags, m, "a string, a number, true or false");
	}
}

void
sd_read_field(struct sd_loader *l, struct sd_object *object, const struct sd_field *field,
	const struct sd_json *json)
{
	if (field->flags & SD_FIELD_RARE)
		sd_column_rare(l->arena, (struct sd_column *)object);
#define VALUE(type) sd_field_at(object, field, type)
	switch (field->type) {
	case SD_F_TEXT:
		*VALUE(const char *) = sd_strdup(l->arena, string_of(l, json, "a string"));
		break;
	case SD_F_SQL:
		read_sql(l, field, json, VALUE(const char *));
		break;
	case SD_F_TYPE:
		read_type(l, field, json, VALUE(const char *));
		break;
	case SD_F_NAME:
		*VALUE(const char *) = sd_read_name(l, json);
		break;
	case SD_F_WORD:
		read_word(l, field, json, VALUE(const char *));
		break;
	case SD_F_BOOL:
	case SD_F_NOT:
		read_bool(l, field, json, VALUE(bool));
		break;
	case SD_F_NAMES:
		sd_read_names(l, VALUE(struct sd_names), json);
		break;
	case SD_F_WORDS:
		read_words(l, field, json, VALUE(struct sd_names));
		break;
	case SD_F_PARTS:
		read_parts(l, field, json, VALUE(struct sd_parts));
		break;
	case SD_F_VALUES:
		read_values(l, json, (struct sd_enum *)object);
		break;
	case SD_F_NUMBER:
		read_number(l, json, VALUE(const char *));
		break;
	case SD_F_OPTIONS:
		read_options(l, json, VALUE(struct sd_names));
		break;
	}
#undef VALUE
}
