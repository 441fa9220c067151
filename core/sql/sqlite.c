/* SQLite's row.  Keywords: https://www.sqlite.org/lang_keywords.html; many of them may be used
 * as names unquoted, quoting all of them is always right. */
#include "core/sql/dialect.h"
#include "core/sql/lex.h"

static const char *const keywords[] = { "abort", "action", "add", "after", "all", "alter",
	"always", "analyze", "and", "as", "asc", "attach", "autoincrement", "before", "begin",
	"between", "by", "cascade", "case", "cast", "check", "collate", "column", "commit",
	"conflict", "constraint", "create", "cross", "current", "current_date", "current_time",
	"current_timestamp", "database", "default", "deferrable", "deferred", "delete", "desc",
	"detach", "distinct", "do", "drop", "each", "else", "end", "escape", "except",
	"exclude", "exclusive", "exists", "explain", "fail", "false", "filter", "first",
	"following", "for", "foreign", "from", "full", "generated", "glob", "group", "groups",
	"having", "if", "ignore", "immediate", "in", "index", "indexed", "initially", "inner",
	"insert", "instead", "intersect", "into", "is", "isnull", "join", "key", "last", "left",
	"like", "limit", "match", "materialized", "natural", "no", "not", "nothing", "notnull",
	"null", "nulls", "of", "offset", "on", "or", "order", "others", "outer", "over",
	"partition", "plan", "pragma", "preceding", "primary", "query", "raise", "range",
	"recursive", "references", "regexp", "reindex", "release", "rename", "replace",
	"restrict", "returning", "right", "rollback", "row", "rows", "savepoint", "select",
	"set", "table", "temp", "temporary", "then", "ties", "to", "transaction", "trigger",
	"true", "unbounded", "union", "unique", "update", "using", "vacuum", "values", "view",
	"virtual", "when", "where", "window", "with", "within", "without", NULL };

/* What `CREATE TABLE t(word)` and `SELECT word + 1` take, a test asks the engine; without those
 * that can begin a clause or a value of their own (generated, partition, replace, with, the
 * current_ ones). */
static const char *const soft_keywords[] = { "abort", "action", "after", "always", "analyze",
	"asc", "attach", "before", "begin", "by", "cascade", "column", "conflict", "cross",
	"current", "database", "deferred", "desc", "detach", "do", "each", "end", "exclude",
	"exclusive", "explain", "fail", "false", "filter", "first", "following", "for", "full",
	"glob", "groups", "if", "ignore", "immediate", "indexed", "initially", "inner",
	"instead", "key", "last", "left", "like", "match", "materialized", "natural", "no",
	"nulls", "of", "offset", "others", "outer", "over", "plan", "pragma", "preceding",
	"query", "range", "recursive", "regexp", "reindex", "release", "rename", "restrict",
	"right", "rollback", "row", "rows", "savepoint", "temp", "temporary", "ties", "trigger",
	"true", "unbounded", "vacuum", "view", "virtual", "window", "within", "without", NULL };

/* Only spellings of one affinity
 * (https://www.sqlite.org/datatype3.html#determination_of_column_affinity) are one type: a test
 * holds every pair against that rule. */
static const struct sd_type_alias aliases[] = {
	{ "int", "integer" },
	{ "int4", "integer" },
	{ "int8", "bigint" },
	{ "int2", "smallint" },
	{ "decimal", "numeric" },
	{ "bool", "boolean" },
	{ "character varying", "varchar" },
	{ "character", "char" },
	{ "float8", "double precision" },
	{ "timestamptz", "timestamp with time zone" },
	{ "timestamp without time zone", "timestamp" },
	{ "timetz", "time with time zone" },
	{ "time without time zone", "time" },
	{ 0 },
};

const struct sd_dialect sd_dialect_sqlite = {
	.name = "sqlite",
	.bit = SD_ON_SQLITE,
	.lex = SD_LEX_BACKTICK | SD_LEX_BRACKET | SD_LEX_OPEN_COMMENT | SD_LEX_AT_PARAM,
	.traits = SD_TRAIT_EMBEDDED | SD_TRAIT_ROWID | SD_TRAIT_ONE_NAMESPACE | SD_TRAIT_FREE_TYPES |
		SD_TRAIT_TRIGGER_SPACE | SD_TRAIT_TRIGGER_BODY | SD_TRAIT_PLAIN_PARTS,
	.default_collation = "binary",
	.reserved_prefix = "sqlite_",
	.names_fold = true,
	.default_version = 3035000,
	.oldest_version = 3025000,
	.since = {
		[SD_CAP_RENAME_COLUMN] = 3025000,
		[SD_CAP_DROP_COLUMN] = 3035000,
		[SD_CAP_ALTER_NOT_NULL] = 3053000,
		[SD_CAP_ALTER_CHECK] = 3053000,
		[SD_CAP_ALTER_CONSTRAINT] = -1,
		[SD_CAP_ALTER_TYPE] = -1,
		[SD_CAP_ALTER_DEFAULT] = -1,
		[SD_CAP_ENUM] = -1,
		[SD_CAP_COMMENT] = -1,
		[SD_CAP_STRICT] = 3037000,
	},
	.keywords = keywords,
	.soft_keywords = soft_keywords,
	.aliases = aliases,
};
