/* The JSON Schema of schema files: the table of kinds, said in another language.  What the
 * loader reads beside the fields (sections, names, shorthands) is the table of extras here;
 * tests/unit/test_meta.c holds both to the same samples. */
#include "core/schema/write.h"

#include "core/base/emit.h"
#include "core/base/text.h"

#include <string.h>

/* Where an entry stands: what it may say there differs a little. */
enum place {
	IN_SECTION = 1 << 0,   /* under its name */
	IN_ARRAY = 1 << 1,     /* without one, or with "name" */
	IN_SINGLE = 1 << 2,    /* the section is the entry */
	IN_SHORTHAND = 1 << 3, /* inside its column */
	ANYWHERE = IN_SECTION | IN_ARRAY | IN_SINGLE | IN_SHORTHAND,
};

struct meta {
	struct sd_emit out;
	struct sd_arena *arena;
};

/* A key that is no field; @type is JSON text. */
struct extra {
	const char *key;
	unsigned kinds;  /* bits 1 << enum sd_kind */
	unsigned places; /* enum place */
	const char *doc, *type;
};

#define K(kind) (1u << (kind))
#define REF(name) "\"$ref\": \"#/$defs/" name "\""

// clang-format off
static const struct extra extras[] = {
	{ "managed", K(SD_TABLE), ANYWHERE,
	  "false: the table is known, and never compared nor changed.",
	  "\"type\": \"boolean\"" },
	{ "renamed_from", K(SD_TABLE) | K(SD_COLUMN) | K(SD_VIEW) | K(SD_ENUM) | K(SD_SEQUENCE),
	  ANYWHERE,
	  "Earlier name, or names: the object is renamed where the database still has it.",
	  REF("names") },
	{ "name",
	  K(SD_PRIMARY_KEY) | K(SD_UNIQUE) | K(SD_CHECK) | K(SD_FOREIGN_KEY) | K(SD_INDEX),
	  IN_ARRAY | IN_SINGLE | IN_SHORTHAND,
	  "Its name (default: what the naming convention gives).", REF("name") },
	{ "column", K(SD_FOREIGN_KEY), IN_SHORTHAND,
	  "Column of that table (default: its primary key).", REF("names") },
	{ "primary_key", K(SD_COLUMN), ANYWHERE, "The column is the primary key.",
	  "\"type\": \"boolean\"" },
	{ "unique", K(SD_COLUMN), ANYWHERE, "The column is unique; or the constraint's name.",
	  REF("true_or_name") },
	{ "index", K(SD_COLUMN), ANYWHERE, "The column is indexed; or the index's name.",
	  REF("true_or_name") },
	{ "check", K(SD_COLUMN), ANYWHERE, "Condition that every row satisfies.",
	  REF("column_check") },
	{ "references", K(SD_COLUMN), ANYWHERE,
	  "The table, or column, that this one refers to.",
	  REF("references") },
};

/* Types that fields share. */
static const struct {
	const char *name, *type;
} shared[] = {
	{ "name", "{ \"type\": \"string\", \"minLength\": 1 }" },
	{ "names", "{ \"anyOf\": [{ " REF("name") " }, "
	  "{ \"type\": \"array\", \"minItems\": 1, \"items\": { " REF("name") " } }] }" },
	{ "true_or_name", "{ \"anyOf\": [{ \"type\": \"boolean\" }, { " REF("name") " }] }" },
	{ "values", "{ \"type\": \"array\", \"minItems\": 1, \"uniqueItems\": true, "
	  "\"items\": { \"anyOf\": [{ \"type\": \"string\" }, { " REF("value") " }] } }" },
	{ "value", "{ \"type\": \"object\", \"required\": [\"value\"], "
	  "\"properties\": { \"value\": { \"type\": \"string\" }, "
	  "\"renamed_from\": { \"type\": \"string\" } }, "
	  "\"patternProperties\": { \"^x-\": true }, \"additionalProperties\": false }" },
	{ "parts", "{ \"anyOf\": [{ " REF("name") " }, "
	  "{ \"type\": \"array\", \"minItems\": 1, \"items\": "
	  "{ \"anyOf\": [{ " REF("name") " }, { " REF("part") " }] } }] }" },
	{ "elements", "{ \"type\": \"array\", \"minItems\": 1, \"items\": "
	  "{ " REF("element") " } }" },
	{ "element", "{ \"type\": \"object\", \"required\": [\"with\"], "
	  "\"oneOf\": [{ \"required\": [\"name\"] }, { \"required\": [\"expression\"] }], "
	  "\"properties\": { "
	  "\"name\": { \"description\": \"A column.\", " REF("name") " }, "
	  "\"expression\": { \"description\": \"An SQL expression.\", " REF("sql") " }, "
	  "\"with\": { \"description\": \"The operator, as &&.\", " REF("name") " }, "
	  "\"order\": { \"enum\": [\"asc\", \"desc\"], \"default\": \"asc\" }, "
	  "\"nulls\": { \"enum\": [\"first\", \"last\"] }, "
	  "\"collation\": { " REF("name") " }, "
	  "\"opclass\": { \"description\": \"Operator class.\", " REF("name") " } }, "
	  "\"patternProperties\": { \"^x-\": true }, \"additionalProperties\": false }" },
	{ "options", "{ \"type\": \"object\", \"additionalProperties\": "
	  "{ \"type\": [\"string\", \"number\", \"boolean\"] } }" },
	{ "part", "{ \"type\": \"object\", "
	  "\"oneOf\": [{ \"required\": [\"name\"] }, { \"required\": [\"expression\"] }], "
	  "\"properties\": { "
	  "\"name\": { \"description\": \"A column.\", " REF("name") " }, "
	  "\"expression\": { \"description\": \"An SQL expression.\", " REF("sql") " }, "
	  "\"order\": { \"enum\": [\"asc\", \"desc\"], \"default\": \"asc\" }, "
	  "\"nulls\": { \"enum\": [\"first\", \"last\"] }, "
	  "\"collation\": { " REF("name") " }, "
	  "\"opclass\": { \"description\": \"Operator class.\", " REF("name") " } }, "
	  "\"patternProperties\": { \"^x-\": true }, \"additionalProperties\": false }" },
};
// clang-format on

/* ---- values ------------------------------------------------------------------------- */

/* The definition @name: @scalar (JSON text), or an object with one per dialect. */
static void
emit_per_dialect(struct meta *m, const char *name, const char *scalar)
{
	struct sd_buf each = SD_BUF(m->arena);

	for (size_t i = 0; sd_dialects[i]; i++)
		sd_buf_addf(&each, "%s\"%s\": %s", i ? ", " : "", sd_dialects[i]->name, scalar);
	sd_emit_raw(&m->out, name,
		sd_fmt(m->arena,
			"{ \"anyOf\": [%s, { \"type\": \"object\", \"minProperties\": 1, "
			"\"properties\": { %s }, \"additionalProperties\": false }] }",
			scalar, sd_buf_text(&each)));
}

static void
emit_words(struct meta *m, const struct sd_field *field)
{
	sd_emit_open(&m->out, "enum", '[', SD_EMIT_LINE);
	for (size_t i = 0; field->words[i]; i++)
		sd_emit_text(&m->out, NULL, field->words[i]);
	if (field->flags & SD_FIELD_NO_FALSE)
		sd_emit_bool(&m->out, NULL, false);
	sd_emit_close(&m->out);
}

/* One word, or a list of them. */
static void
emit_word_list(struct meta *m, const struct sd_field *field)
{
	sd_emit_open(&m->out, "anyOf", '[', SD_EMIT_LINE);
	sd_emit_open(&m->out, NULL, '{', SD_EMIT_LINE);
	emit_words(m, field);
	sd_emit_close(&m->out);
	sd_emit_open(&m->out, NULL, '{', SD_EMIT_LINE);
	sd_emit_text(&m->out, "type", "array");
	sd_emit_raw(&m->out, "minItems", "1");
	sd_emit_bool(&m->out, "uniqueItems", true);
	sd_emit_open(&m->out, "items", '{', SD_EMIT_LINE);
	emit_words(m, field);
	sd_emit_close(&m->out);
	sd_emit_close(&m->out);
	sd_emit_close(&m->out);
}

static const char *
definition_of(const struct sd_field *field)
{
	switch (field->type) {
	case SD_F_SQL:
		return field->flags & SD_FIELD_LITERAL ? "literal" : "sql";
	case SD_F_TYPE:
		return "type";
	case SD_F_NAME:
		return "name";
	case SD_F_NAMES:
		return "names";
	case SD_F_PARTS:
		return field->flags & SD_FIELD_OPERATORS ? "elements" : "parts";
	case SD_F_OPTIONS:
		return "options";
	case SD_F_VALUES:
		return "values";
	default:
		return NULL;
	}
}

static void
emit_default(struct meta *m, const struct sd_field *field)
{
	if (field->type == SD_F_BOOL || field->type == SD_F_NOT)
		sd_emit_bool(&m->out, "default", field->type == SD_F_NOT);
	else if (field->type == SD_F_WORD && field->flags & SD_FIELD_DEFAULT_NULL)
		sd_emit_text(&m->out, "default", field->words[0]);
}

/* The keywords that say what values @field takes. */
static void
emit_type(struct meta *m, const struct sd_field *field)
{
	const char *definition = definition_of(field);

	if (definition)
		sd_emit_text(&m->out, "$ref", sd_fmt(m->arena, "#/$defs/%s", definition));
	else if (field->type == SD_F_WORD)
		emit_words(m, field);
	else if (field->type == SD_F_WORDS)
		emit_word_list(m, field);
	else
		sd_emit_text(&m->out, "type",
			field->type == SD_F_TEXT     ? "string"
			: field->type == SD_F_NUMBER ? "number"
						     : "boolean");
	emit_default(m, field);
}

static void
emit_field(struct meta *m, const struct sd_field *field)
{
	sd_emit_open(&m->out, field->key, '{', SD_EMIT_LINE);
	sd_emit_text(&m->out, "description", field->doc);
	emit_type(m, field);
	sd_emit_close(&m->out);
}

/* ---- entries ------------------------------------------------------------------------ */

/* What every object has: only the keys that are listed, and x-…. */
static void
emit_closed(struct meta *m)
{
	sd_emit_raw(&m->out, "patternProperties", "{ \"^x-\": true }");
	sd_emit_bool(&m->out, "additionalProperties", false);
}

/* A field before @i has its group. */
static bool
group_seen(const struct sd_kind_desc *desc, size_t i)
{
	for (size_t k = 0; k < i; k++)
		if (sd_text_equal(desc->fields[k].group, desc->fields[i].group))
			return true;
	return false;
}

/* The object of the group that @first is the first field of. */
static void
emit_group(struct meta *m, const struct sd_kind_desc *desc, const struct sd_field *first)
{
	sd_emit_text(&m->out, "type", "object");
	if (first->flags & SD_FIELD_GROUP_SHORT)
		sd_emit_raw(&m->out, "required", sd_fmt(m->arena, "[\"%s\"]", first->key));
	sd_emit_open(&m->out, "properties", '{', SD_EMIT_SPREAD);
	for (const struct sd_field *f = first; f < desc->fields + desc->n_fields; f++)
		if (sd_text_equal(f->group, first->group) && !(f->flags & SD_FIELD_STATE))
			emit_field(m, f);
	sd_emit_close(&m->out);
	emit_closed(m);
}

/* Sub-objects of fields: "generated", "sqlite", … */
static void
emit_groups(struct meta *m, enum sd_kind kind)
{
	const struct sd_kind_desc *desc = &sd_kinds[kind];

	for (size_t i = 0; i < desc->n_fields; i++) {
		const char *group = desc->fields[i].group;

		if (!group || group_seen(desc, i))
			continue;
		sd_emit_open(&m->out, group, '{', SD_EMIT_SPREAD);
		if (desc->fields[i].flags & SD_FIELD_GROUP_SHORT) {
			sd_emit_open(&m->out, "anyOf", '[', SD_EMIT_SPREAD);
			sd_emit_open(&m->out, NULL, '{', SD_EMIT_LINE);
			emit_type(m, &desc->fields[i]);
			sd_emit_close(&m->out);
			sd_emit_open(&m->out, NULL, '{', SD_EMIT_SPREAD);
			emit_group(m, desc, &desc->fields[i]);
			sd_emit_close(&m->out);
			sd_emit_close(&m->out);
		} else {
			emit_group(m, desc, &desc->fields[i]);
		}
		sd_emit_close(&m->out);
	}
}

/* Inside a column, the column of its foreign key is clear. */
static bool
is_implied(const struct sd_field *field, enum sd_kind kind, enum place place)
{
	return place == IN_SHORTHAND && kind == SD_FOREIGN_KEY &&
	       strcmp(field->key, "columns") == 0;
}

static void
emit_required(struct meta *m, enum sd_kind kind, enum place place)
{
	const struct sd_kind_desc *desc = &sd_kinds[kind];
	struct sd_names keys = { 0 };

	for (size_t i = 0; i < desc->n_fields; i++)
		if (desc->fields[i].flags & SD_FIELD_REQUIRED &&
			!is_implied(&desc->fields[i], kind, place))
			*sd_push(m->arena, &keys) = desc->fields[i].key;
	if (!keys.n)
		return;
	sd_emit_open(&m->out, "required", '[', SD_EMIT_LINE);
	for (size_t i = 0; i < keys.n; i++)
		sd_emit_text(&m->out, NULL, keys.at[i]);
	sd_emit_close(&m->out);
}

/* Name of the definition of an entry of @kind at @place. */
static const char *
entry_name(struct meta *m, enum sd_kind kind, enum place place)
{
	if (place == IN_SHORTHAND)
		return kind == SD_FOREIGN_KEY ? "references" : "column_check";
	return sd_fmt(m->arena, "%s%s", place == IN_ARRAY ? "nameless_" : "",
		sd_text_replace(m->arena, sd_kinds[kind].word, " ", "_"));
}

static bool
has_section(enum sd_kind relation, enum sd_kind part)
{
	return relation == SD_TABLE || (relation == SD_VIEW && part == SD_TRIGGER);
}

static void emit_section(struct meta *m, enum sd_kind kind);

static void
emit_properties(struct meta *m, enum sd_kind kind, enum place place)
{
	const struct sd_kind_desc *desc = &sd_kinds[kind];

	sd_emit_open(&m->out, "properties", '{', SD_EMIT_SPREAD);
	for (size_t i = 0; i < desc->n_fields; i++)
		if (!desc->fields[i].group && !(desc->fields[i].flags & SD_FIELD_STATE) &&
			!is_implied(&desc->fields[i], kind, place))
			emit_field(m, &desc->fields[i]);
	for (size_t i = 0; i < SD_COUNT(extras); i++)
		if (extras[i].kinds & K(kind) && extras[i].places & place)
			sd_emit_raw(&m->out, extras[i].key,
				sd_fmt(m->arena, "{ \"description\": \"%s\", %s }",
					extras[i].doc, extras[i].type));
	for (enum sd_kind part = 0; part < SD_N_PARTS; part++)
		if (has_section(kind, part))
			emit_section(m, part);
	emit_groups(m, kind);
	sd_emit_close(&m->out);
}

static void
emit_entry_object(struct meta *m, enum sd_kind kind, enum place place)
{
	sd_emit_text(&m->out, "type", "object");
	emit_required(m, kind, place);
	emit_properties(m, kind, place);
	emit_closed(m);
}

static const struct sd_field *
short_field(enum sd_kind kind)
{
	for (size_t i = 0; i < sd_kinds[kind].n_fields; i++)
		if (sd_kinds[kind].fields[i].flags & SD_FIELD_SHORT)
			return &sd_kinds[kind].fields[i];
	return NULL;
}

/* The definition of an entry: its short form, if it has one, or an object. */
static void
emit_entry(struct meta *m, enum sd_kind kind, enum place place)
{
	const struct sd_field *field = short_field(kind);
	bool names_table = kind == SD_FOREIGN_KEY && place == IN_SHORTHAND;

	sd_emit_open(&m->out, entry_name(m, kind, place), '{', SD_EMIT_SPREAD);
	if (!field && !names_table) {
		emit_entry_object(m, kind, place);
		sd_emit_close(&m->out);
		return;
	}
	sd_emit_open(&m->out, "anyOf", '[', SD_EMIT_SPREAD);
	sd_emit_open(&m->out, NULL, '{', SD_EMIT_LINE);
	if (names_table)
		sd_emit_text(&m->out, "$ref", "#/$defs/name");
	else
		emit_type(m, field);
	sd_emit_close(&m->out);
	sd_emit_open(&m->out, NULL, '{', SD_EMIT_SPREAD);
	emit_entry_object(m, kind, place);
	sd_emit_close(&m->out);
	sd_emit_close(&m->out);
	sd_emit_close(&m->out);
}

/* ---- sections ----------------------------------------------------------------------- */

static const char *
named_entries(struct meta *m, enum sd_kind kind)
{
	return sd_fmt(m->arena,
		"\"type\": \"object\", \"propertyNames\": { \"minLength\": 1 }, "
		"\"additionalProperties\": { \"$ref\": \"#/$defs/%s\" }",
		entry_name(m, kind, IN_SECTION));
}

/* The property of a relation or file that holds the entries of @kind. */
static void
emit_section(struct meta *m, enum sd_kind kind)
{
	const struct sd_kind_desc *desc = &sd_kinds[kind];
	const char *type = named_entries(m, kind);

	if (desc->flags & SD_KIND_SINGLE)
		type = sd_fmt(
			m->arena, "\"$ref\": \"#/$defs/%s\"", entry_name(m, kind, IN_SINGLE));
	else if (desc->flags & SD_KIND_ARRAY)
		type = sd_fmt(m->arena,
			"\"anyOf\": [{ %s }, { \"type\": \"array\", "
			"\"items\": { \"$ref\": \"#/$defs/%s\" } }]",
			type, entry_name(m, kind, IN_ARRAY));
	sd_emit_raw(&m->out, desc->section,
		sd_fmt(m->arena, "{ \"description\": \"%s\", %s }", desc->doc, type));
}

static void
emit_definitions(struct meta *m)
{
	sd_emit_open(&m->out, "$defs", '{', SD_EMIT_SPREAD);
	for (enum sd_kind kind = 0; kind < SD_KIND__MAX; kind++) {
		bool single = sd_kinds[kind].flags & SD_KIND_SINGLE;

		emit_entry(m, kind, single ? IN_SINGLE : IN_SECTION);
		if (sd_kinds[kind].flags & SD_KIND_ARRAY)
			emit_entry(m, kind, IN_ARRAY);
	}
	emit_entry(m, SD_CHECK, IN_SHORTHAND);
	emit_entry(m, SD_FOREIGN_KEY, IN_SHORTHAND);
	emit_per_dialect(m, "sql", "{ \"type\": \"string\", \"minLength\": 1 }");
	emit_per_dialect(m, "type", "{ \"type\": \"string\" }");
	emit_per_dialect(m, "literal",
		"{ \"type\": [\"string\", \"number\", \"boolean\", \"null\"], \"minLength\": 1 "
		"}");
	for (size_t i = 0; i < SD_COUNT(shared); i++)
		sd_emit_raw(&m->out, shared[i].name, shared[i].type);
	sd_emit_close(&m->out);
}

void
sd_schema_write_meta(struct sd_buf *out)
{
	struct meta m = { SD_EMIT(out), sd_arena_new() };

	sd_emit_open(&m.out, NULL, '{', SD_EMIT_SPREAD);
	sd_emit_text(&m.out, "$schema", "https://json-schema.org/draft/2020-12/schema");
	sd_emit_text(&m.out, "title", "schemadiff schema file");
	sd_emit_text(&m.out, "description",
		"Tables and what belongs to them, as the database shall have them.");
	sd_emit_text(&m.out, "type", "object");
	sd_emit_open(&m.out, "properties", '{', SD_EMIT_SPREAD);
	sd_emit_raw(&m.out, "$schema", "{ \"type\": \"string\" }");
	sd_emit_raw(&m.out, "schema",
		"{ \"description\": \"Namespace of the file's objects (default: the "
		"connection's).\", " REF("name") " }");
	for (enum sd_kind kind = SD_N_PARTS; kind < SD_KIND__MAX; kind++)
		emit_section(&m, kind);
	sd_emit_close(&m.out);
	emit_closed(&m);
	emit_definitions(&m);
	sd_emit_end(&m.out);
	sd_arena_free(m.arena);
}
