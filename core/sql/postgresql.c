/* PostgreSQL's row.  Keywords: those that appendix C of its manual calls reserved, "can be
 * function or type" included. */
#include "core/sql/dialect.h"
#include "core/sql/lex.h"

#include <stdlib.h>
#include <string.h>

static const char *const keywords[] = { "all", "analyse", "analyze", "and", "any", "array",
	"as", "asc", "asymmetric", "authorization", "binary", "both", "case", "cast", "check",
	"collate", "collation", "column", "concurrently", "constraint", "create", "cross",
	"current_catalog", "current_date", "current_role", "current_schema", "current_time",
	"current_timestamp", "current_user", "default", "deferrable", "desc", "distinct", "do",
	"else", "end", "except", "false", "fetch", "for", "foreign", "freeze", "from", "full",
	"grant", "group", "having", "ilike", "in", "initially", "inner", "intersect", "into",
	"is", "isnull", "join", "lateral", "leading", "left", "like", "limit", "localtime",
	"localtimestamp", "natural", "not", "notnull", "null", "offset", "on", "only", "or",
	"order", "outer", "overlaps", "placing", "primary", "references", "returning", "right",
	"select", "session_user", "similar", "some", "symmetric", "system_user", "table",
	"tablesample", "then", "to", "trailing", "true", "union", "unique", "user", "using",
	"variadic", "verbose", "when", "where", "window", "with", NULL };

/* https://www.postgresql.org/docs/current/datatype-character.html, "Special Character Types"; bit
 * alone is bit(1), "bit" has any length. */
static const char *const quoted_types[] = { "bit", "char", NULL };

static const struct sd_type_alias aliases[] = {
	{ "int", "integer" },
	{ "int4", "integer" },
	{ "int8", "bigint" },
	{ "int2", "smallint" },
	{ "decimal", "numeric" },
	{ "dec", "numeric" },
	{ "bool", "boolean" },
	{ "character varying", "varchar" },
	{ "character", "char" },
	{ "nchar", "char" },
	{ "national character", "char" },
	{ "national char", "char" },
	{ "char varying", "varchar" },
	{ "national char varying", "varchar" },
	{ "national character varying", "varchar" },
	{ "nchar varying", "varchar" },
	{ "serial4", "serial" },
	{ "serial8", "bigserial" },
	{ "serial2", "smallserial" },
	{ "float8", "double precision" },
	{ "float", "double precision" },
	{ "float4", "real" },
	{ "timestamptz", "timestamp with time zone" },
	{ "timestamp", "timestamp without time zone" },
	{ "timetz", "time with time zone" },
	{ "time", "time without time zone" },
	{ "varbit", "bit varying" },
	{ 0 },
};

/* Spellings that mean the same and that no list of words can hold: char is char(1), bit is
 * bit(1), numeric(10) is numeric(10,0), float(n) one of two types, and bounds of arrays, like
 * their number of dimensions, are not kept
 * (https://www.postgresql.org/docs/current/datatype.html, arrays.html). */
static const char *
refine_type(struct sd_arena *arena, const char *type)
{
	const char *bracket = strchr(type, '['), *array;
	const char *base = type;
	size_t len = bracket ? (size_t)(bracket - type) : strlen(type);

	if (len > 6 && strncmp(type + len - 6, " array", 6) == 0)
		bracket = type + len - 6;
	array = bracket ? "[]" : "";
	if (bracket)
		base = sd_strndup(arena, type, (size_t)(bracket - type));
	len = strlen(base);
	if (strcmp(base, "char") == 0 || strcmp(base, "bit") == 0)
		return sd_fmt(arena, "%s(1)%s", base, array);
	if (strncmp(base, "numeric(", 8) == 0 && !strchr(base, ','))
		return sd_fmt(arena, "%.*s,0)%s", (int)len - 1, base, array);
	if (strncmp(base, "double precision(", 17) == 0)
		return sd_fmt(arena, "%s%s",
			strtol(base + 17, NULL, 10) <= 24 ? "real" : "double precision", array);
	return bracket ? sd_fmt(arena, "%s[]", base) : type;
}

/* pg_type.typstorage of the types that it comes with */
static const char *
storage(struct sd_arena *arena, const char *type)
{
	static const struct {
		const char *type, *storage;
	} rows[] = {
		{ "numeric", "main" },
		{ "inet", "main" },
		{ "cidr", "main" },
		{ "smallint", "plain" },
		{ "integer", "plain" },
		{ "bigint", "plain" },
		{ "real", "plain" },
		{ "double precision", "plain" },
		{ "boolean", "plain" },
		{ "date", "plain" },
		{ "uuid", "plain" },
		{ "money", "plain" },
		{ "oid", "plain" },
		{ "name", "plain" },
		{ "timestamp without time zone", "plain" },
		{ "timestamp with time zone", "plain" },
		{ "time without time zone", "plain" },
		{ "time with time zone", "plain" },
		{ "interval", "plain" },
		{ "text", "extended" },
		{ "varchar", "extended" },
		{ "char", "extended" },
		{ "bytea", "extended" },
		{ "json", "extended" },
		{ "jsonb", "extended" },
		{ "xml", "extended" },
		{ "bit", "extended" },
		{ "bit varying", "extended" },
		{ "tsvector", "extended" },
	};
	const char *name = sd_type_canonical(&sd_dialect_postgresql, arena, type);
	const char *open = strchr(name, '('), *close = open ? strchr(open, ')') : NULL;

	if (strchr(name, '['))
		return "extended";
	if (close)
		name = sd_fmt(arena, "%.*s%s", (int)(open - name), name, close + 1);
	for (size_t i = 0; i < SD_COUNT(rows); i++)
		if (strcmp(rows[i].type, name) == 0)
			return rows[i].storage;
	return NULL;
}

const struct sd_dialect sd_dialect_postgresql = {
	.name = "postgresql",
	.bit = SD_ON_POSTGRESQL,
	.lex = SD_LEX_DOLLAR | SD_LEX_NESTED_COMMENT | SD_LEX_ESCAPE_STRING | SD_LEX_CUSTOM_OP,
	.traits = SD_TRAIT_KEYS_BIND,
	.max_name = 63,
	.default_version = 120000,
	.oldest_version = 120000,
	.since = {
		[SD_CAP_STRICT] = -1,
		[SD_CAP_NULLS_NOT_DISTINCT] = 150000,
		[SD_CAP_UNLOGGED_SEQUENCE] = 150000,
		[SD_CAP_NOT_NULL_NOT_VALID] = 180000,
		[SD_CAP_NOT_ENFORCED] = 180000,
		[SD_CAP_VIRTUAL] = 180000,
		[SD_CAP_SET_EXPRESSION] = 170000,
		[SD_CAP_DROP_EXPRESSION] = 130000,
		[SD_CAP_COMPRESSION] = 140000,
	},
	.keywords = keywords,
	.quoted_types = quoted_types,
	.aliases = aliases,
	.refine_type = refine_type,
	.storage = storage,
	.quote_capitals = true,
};
