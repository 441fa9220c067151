/* Types as people write them: "varchar(50)", not "character varying(50)".  Modifiers of the
 * types that everybody uses are read here, as the engine's own ..typmodout() functions do. */
#include "introspect/postgres.h"

#include "core/base/text.h"

#include <string.h>

/* Oids of the engine's types never change. */
enum {
	TYPE_BPCHAR = 1042,
	TYPE_VARCHAR = 1043,
	TYPE_TIME = 1083,
	TYPE_TIMESTAMP = 1114,
	TYPE_TIMESTAMPTZ = 1184,
	TYPE_TIMETZ = 1266,
	TYPE_BIT = 1560,
	TYPE_VARBIT = 1562,
	TYPE_NUMERIC = 1700,
};

#define FIRST_USER_OID 16384
#define VARHDRSZ 4

struct sd_pgi_spelling {
	long modifier;
	const char *text;
	struct sd_pgi_spelling *next;
};

/* Where the catalog's name is not what people call it. */
static const struct {
	const char *catalog, *usual;
} usual_names[] = {
	{ "bool", "boolean" },
	{ "float4", "real" },
	{ "float8", "double precision" },
	{ "int2", "smallint" },
	{ "int4", "integer" },
	{ "int8", "bigint" },
};

static const char *
builtin_name(struct sd_pgi *r, const char *name)
{
	for (size_t i = 0; i < SD_COUNT(usual_names); i++)
		if (strcmp(usual_names[i].catalog, name) == 0)
			return usual_names[i].usual;
	/* The one-byte type of the catalogs, which is not char(1). */
	if (strcmp(name, "char") == 0)
		return "\"char\"";
	return sd_pgi_text(r, name);
}

/* A user's type whose bare name would be read as one of the engine's is quoted. */
static const char *
user_name(struct sd_pgi *r, const struct sd_pgi_namespace *ns, const char *name, bool visible)
{
	const struct sd_dialect *dialect = r->schema->dialect;
	const char *text = sd_pgi_qualified(r, ns, name, visible);

	if (!visible || *text == '"' ||
		strcmp(sd_type_canonical(dialect, r->scratch, text), text) == 0)
		return text;
	return sd_pgi_text(r, sd_fmt(r->scratch, "\"%s\"", name));
}

/* An enum that is ours becomes an object. */
static void
add_enum(struct sd_pgi *r, struct sd_pgi_type *type, const struct sd_pgi_namespace *ns,
	struct sd_rows *rows)
{
	const char *name = sd_pgi_text(r, sd_pgi_cell(rows, 1));
	struct sd_names grants = { 0 };

	if (!ns->is_managed || sd_oid_get(&r->member_types, type->oid) ||
		sd_pgi_is_left_out(r, name))
		return;
	type->object = sd_object_new(r->arena, SD_ENUM, name, NULL);
	type->object->ns = ns->ns;
	sd_schema_add(r->schema, type->object);
	sd_pgi_texts(r, rows, 9, &grants);
	sd_pgi_note_grants(r, &grants, type->object, NULL);
}

/* oid, name, namespace, kind, array, collation, storage, relation, visible, grants */
void
sd_pgi_take_type(struct sd_pgi *r, struct sd_rows *rows)
{
	struct sd_pgi_type *type = sd_new(r->scratch, struct sd_pgi_type);
	struct sd_pgi_type *array = sd_new(r->scratch, struct sd_pgi_type);
	const struct sd_pgi_namespace *ns = sd_pgi_namespace(r, sd_pgi_oid(rows, 2));
	bool visible;

	type->oid = sd_pgi_oid(rows, 0);
	type->kind = sd_pgi_cell(rows, 3)[0];
	/* Row types are many, and hidden by another type of that name hardly ever. */
	visible = type->kind == 'c' ? ns->is_visible : sd_pgi_true(rows, 8);
	type->collation = sd_pgi_oid(rows, 5);
	type->storage = sd_pgi_cell(rows, 6)[0];
	type->of = sd_pgi_oid(rows, 7);
	type->name = type->oid < FIRST_USER_OID
			     ? builtin_name(r, sd_pgi_cell(rows, 1))
			     : user_name(r, ns, sd_pgi_cell(rows, 1), visible);
	if (type->kind == 'e')
		add_enum(r, type, ns, rows);
	array->oid = sd_pgi_oid(rows, 4);
	array->element = type;
	array->collation = type->collation;
	array->storage = 'x';
	sd_oid_put(&r->types, type->oid, type, r->scratch);
	sd_oid_put(&r->types, array->oid, array, r->scratch);
}

struct sd_pgi_type *
sd_pgi_type(const struct sd_pgi *r, uint32_t oid)
{
	return sd_oid_get(&r->types, oid);
}

/* numeric: precision in the upper half, scale in the lower 11 bits, which PostgreSQL 15
 * made signed; before, it was at most 1000. */
static const char *
spell_numeric(struct sd_arena *arena, long modifier)
{
	long scale = (((modifier - VARHDRSZ) & 0x7ff) ^ 1024) - 1024;

	return sd_fmt(arena, "numeric(%ld,%ld)", ((modifier - VARHDRSZ) >> 16) & 0xffff, scale);
}

/* @element with @modifier, or NULL when only the engine can say. */
static const char *
spell_modifier(struct sd_arena *arena, const struct sd_pgi_type *element, long modifier)
{
	switch (element->oid) {
	case TYPE_BPCHAR:
		return sd_fmt(arena, "char(%ld)", modifier - VARHDRSZ);
	case TYPE_VARCHAR:
		return sd_fmt(arena, "varchar(%ld)", modifier - VARHDRSZ);
	case TYPE_NUMERIC:
		return spell_numeric(arena, modifier);
	case TYPE_TIME:
	case TYPE_TIMESTAMP:
	case TYPE_TIMESTAMPTZ:
	case TYPE_TIMETZ:
	case TYPE_BIT:
	case TYPE_VARBIT:
		return sd_fmt(arena, "%s(%ld)", element->name, modifier);
	default:
		return NULL;
	}
}

static const char *
spell_new(
	struct sd_pgi *r, const struct sd_pgi_type *type, long modifier, const char *formatted)
{
	const struct sd_pgi_type *element = type->element ? type->element : type;
	const char *text =
		modifier < 0 ? element->name : spell_modifier(r->scratch, element, modifier);

	if (!text)
		return sd_pgi_text(r, formatted ? formatted : element->name);
	if (type->element)
		text = sd_fmt(r->scratch, "%s[]", text);
	return sd_pgi_text(r, text);
}

const char *
sd_pgi_spell(struct sd_pgi *r, struct sd_pgi_type *type, long modifier, const char *formatted)
{
	struct sd_pgi_spelling *spelling;

	for (spelling = type->spellings; spelling; spelling = spelling->next)
		if (spelling->modifier == modifier)
			return spelling->text;
	spelling = sd_new(r->scratch, struct sd_pgi_spelling);
	spelling->modifier = modifier;
	spelling->text = spell_new(r, type, modifier, formatted);
	spelling->next = type->spellings;
	type->spellings = spelling;
	return spelling->text;
}
