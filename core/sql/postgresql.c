/* PostgreSQL's row.  Keywords: those that appendix C of its manual calls reserved, "can be
 * function or type" included. */
#include "core/sql/dialect.h"
#include "core/sql/lex.h"

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

static const struct sd_type_alias aliases[] = {
	{ "int", "integer" },
	{ "int4", "integer" },
	{ "int8", "bigint" },
	{ "int2", "smallint" },
	{ "decimal", "numeric" },
	{ "bool", "boolean" },
	{ "character varying", "varchar" },
	{ "character", "char" },
	{ "bpchar", "char" },
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

const struct sd_dialect sd_dialect_postgresql = {
	.name = "postgresql",
	.bit = SD_ON_POSTGRESQL,
	.lex = SD_LEX_DOLLAR | SD_LEX_NESTED_COMMENT | SD_LEX_ESCAPE_STRING | SD_LEX_CUSTOM_OP,
	.max_name = 63,
	.default_version = 120000,
	.oldest_version = 120000,
	.since = { [SD_CAP_STRICT] = -1 },
	.keywords = keywords,
	.aliases = aliases,
	.quote_capitals = true,
};
