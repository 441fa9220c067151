/* What PostgreSQL does when a type changes, as far as its manual says or a measurement showed:
 * https://www.postgresql.org/docs/current/sql-altertable.html#SQL-ALTERTABLE-NOTES */
#include "render/postgres.h"

#include "core/base/text.h"

#include <stdlib.h>
#include <string.h>

static const struct sd_dialect *const postgres = &sd_dialect_postgresql;

/* Between the types of a family there are casts on assignment. */
enum family {
	OTHER, /* a family of its own */
	NUMBER,
	STRING,
	TIME,
	BITS,
	JSON,
	NETWORK,
	CLOCK,
	INTERVAL,
};

/* @rank: of two exact numbers the one of higher rank holds the other's values; numbers of rank
 * 4 and more may have digits behind the point. */
static const struct {
	const char *name;
	enum family family;
	int rank;
	const char *zero;
} types[] = {
	{ "smallint", NUMBER, 1, "0" },
	{ "integer", NUMBER, 2, "0" },
	{ "bigint", NUMBER, 3, "0" },
	{ "real", NUMBER, 4, "0" },
	{ "double precision", NUMBER, 5, "0" },
	{ "numeric", NUMBER, 6, "0" },
	{ "text", STRING, 0, "''" },
	{ "varchar", STRING, 0, "''" },
	{ "char", STRING, 0, "''" },
	{ "date", TIME, 1, "'1970-01-01'" },
	{ "timestamp without time zone", TIME, 2, "'1970-01-01 00:00:00'" },
	{ "timestamp with time zone", TIME, 3, "'1970-01-01 00:00:00+00'" },
	{ "time without time zone", CLOCK, 1, "'00:00:00'" },
	{ "time with time zone", CLOCK, 2, "'00:00:00+00'" },
	{ "interval", INTERVAL, 0, "'0'" },
	{ "boolean", OTHER, 0, "false" },
	{ "uuid", OTHER, 0, "'00000000-0000-0000-0000-000000000000'" },
	{ "bytea", OTHER, 0, "''" },
	{ "json", JSON, 0, "'null'" },
	{ "jsonb", JSON, 0, "'null'" },
	{ "bit varying", BITS, 0, "''" },
	{ "bit", BITS, 0, NULL },
	{ "inet", NETWORK, 0, "'0.0.0.0'" },
	{ "cidr", NETWORK, 0, "'0.0.0.0/32'" },
	{ "money", OTHER, 0, "0" },
	{ "xml", OTHER, 0, "''" },
	{ "oid", OTHER, 0, "0" },
};

/* A type taken apart. */
struct type {
	const char *name; /* "numeric", of "numeric(10,2)[]" */
	long args[2];     /* -1 = not given */
	bool array;
	size_t row; /* in types, or SD_COUNT(types) */
};

static struct type
parse(struct sd_arena *arena, const char *text)
{
	const char *canonical = sd_type_canonical(postgres, arena, text), *open;
	struct type type = { .args = { -1, -1 } };
	const char *close;
	char *end;

	type.array = strchr(canonical, '[') != NULL;
	if (type.array)
		canonical = sd_strndup(arena, canonical,
			(size_t)(strchr(canonical, '[') - canonical));
	open = strchr(canonical, '(');
	close = open ? strchr(open, ')') : NULL;
	type.name = canonical;
	if (close) {
		type.name = sd_fmt(arena, "%.*s%s", (int)(open - canonical), canonical, close + 1);
		type.args[0] = strtol(open + 1, &end, 10);
		if (*end == ',')
			type.args[1] = strtol(end + 1, NULL, 10);
	}
	for (type.row = 0; type.row < SD_COUNT(types); type.row++)
		if (strcmp(types[type.row].name, type.name) == 0 ||
			(types[type.row].family == INTERVAL &&
				sd_text_starts(type.name, "interval ")))
			break;
	return type;
}

static enum family
family_of(const struct type *type)
{
	return type->row < SD_COUNT(types) ? types[type->row].family : OTHER;
}

static int
rank_of(const struct type *type)
{
	return type->row < SD_COUNT(types) ? types[type->row].rank : 0;
}

static bool
is(const struct type *type, const char *name)
{
	return strcmp(type->name, name) == 0;
}

/* @into has no limit, or one that is at least @from's. */
static bool
no_tighter(const struct type *from, const struct type *into)
{
	return into->args[0] < 0 || (from->args[0] >= 0 && into->args[0] >= from->args[0]);
}

static bool
is_number_widened(const struct type *from, const struct type *into)
{
	return into->args[0] < 0 ||
	       (from->args[0] >= 0 && into->args[0] >= from->args[0] &&
		       into->args[1] == from->args[1]);
}

/* An interval's fields cut off what is below the least of them, and nothing above: with seconds
 * in it nothing goes but digits of those. */
static bool
keeps_interval(const struct type *from, const struct type *into)
{
	size_t n = strlen(into->name), second = strlen("second");

	return no_tighter(from, into) &&
	       (is(into, "interval") ||
		       (n > second && strcmp(into->name + n - second, "second") == 0));
}

/* The changes that leave the rows as they are. */
static bool
keeps_rows(const struct type *from, const struct type *into)
{
	static const char *const limited[] = { "varchar", "bit varying",
		"timestamp without time zone", "timestamp with time zone" };

	if (from->array == into->array && is(from, into->name) &&
		from->args[0] == into->args[0] && from->args[1] == into->args[1])
		return true;
	if (from->array != into->array || from->array)
		return from->array == into->array && is(from, into->name) &&
		       from->args[0] == into->args[0] && from->args[1] == into->args[1];
	if (is(from, "numeric") && is(into, "numeric"))
		return is_number_widened(from, into);
	for (size_t i = 0; i < SD_COUNT(limited); i++)
		if (is(from, limited[i]) && is(into, limited[i]))
			return no_tighter(from, into);
	if (family_of(from) == INTERVAL && family_of(into) == INTERVAL)
		return keeps_interval(from, into);
	return (is(from, "varchar") && is(into, "text")) ||
	       (is(from, "text") && is(into, "varchar") && into->args[0] < 0) ||
	       (is(from, "cidr") && is(into, "inet")) ||
	       (is(from, "integer") && is(into, "oid"));
}

/* In a session whose time zone is UTC, which is pinned, only indexes are built anew. */
static bool
changes_zone_only(const struct type *from, const struct type *into)
{
	return !from->array && !into->array && rank_of(from) + rank_of(into) == 5 &&
	       family_of(from) == TIME && family_of(into) == TIME &&
	       from->args[0] == into->args[0];
}

/* Digits may go that no error speaks of. */
static bool
loses_digits(const struct type *from, const struct type *into)
{
	enum family family = family_of(from);

	if (from->array || into->array || family != family_of(into))
		return false;
	if (family == STRING) /* what is cut silently: spaces at the end */
		return into->args[0] >= 0 && (!is(from, into->name) || !no_tighter(from, into));
	if (family == INTERVAL) /* fields that it loses, or digits of its seconds */
		return !keeps_interval(from, into) &&
		       (!is(from, into->name) || !no_tighter(from, into));
	if (family == CLOCK)
		return rank_of(into) < rank_of(from) || !no_tighter(from, into);
	if (family == TIME)
		return rank_of(into) < rank_of(from)
			       ? rank_of(into) == 1
			       : into->args[0] >= 0 &&
					 (from->args[0] < 0 || into->args[0] < from->args[0]);
	if (family != NUMBER || rank_of(from) < 4)
		return family == NUMBER &&
		       ((rank_of(from) >= 2 && is(into, "real")) ||
			       (rank_of(from) == 3 && is(into, "double precision")));
	if (rank_of(into) < rank_of(from) || (!is(from, "numeric") && is(into, "numeric")))
		return true;
	return is(into, "numeric") && into->args[0] >= 0 &&
	       (from->args[0] < 0 || into->args[1] < from->args[1]);
}

/* Casts between built-in types of different families (pg_cast); those from and to strings, and
 * with types that are not built in, are another matter. */
static bool
is_castable(const struct type *from, const struct type *into)
{
	static const char *const pairs[][2] = { { "integer", "boolean" }, { "boolean", "integer" },
		{ "integer", "money" }, { "bigint", "money" }, { "numeric", "money" },
		{ "money", "numeric" }, { "integer", "bit" }, { "bigint", "bit" },
		{ "bit", "integer" }, { "bit", "bigint" }, { "smallint", "oid" },
		{ "integer", "oid" }, { "bigint", "oid" }, { "oid", "integer" },
		{ "oid", "bigint" }, { "timestamp without time zone", "time without time zone" },
		{ "timestamp with time zone", "time without time zone" },
		{ "timestamp with time zone", "time with time zone" },
		{ "time without time zone", "interval" }, { "interval", "time without time zone" },
		{ "jsonb", "boolean" }, { "jsonb", "numeric" }, { "jsonb", "smallint" },
		{ "jsonb", "integer" }, { "jsonb", "bigint" }, { "jsonb", "real" },
		{ "jsonb", "double precision" } };

	if (from->row == SD_COUNT(types) || into->row == SD_COUNT(types) || into->array ||
		from->array || is(from, into->name) || family_of(from) == STRING ||
		family_of(into) == STRING ||
		(family_of(from) == family_of(into) && family_of(from) != OTHER))
		return true;
	for (size_t i = 0; i < SD_COUNT(pairs); i++)
		if (is(from, pairs[i][0]) && is(into, pairs[i][1]))
			return true;
	return false;
}

struct sd_pg_conversion
sd_pg_conversion(struct sd_arena *arena, const char *from_text, const char *into_text)
{
	struct type from = parse(arena, from_text), into = parse(arena, into_text);
	enum family family = family_of(&from);
	bool kin = from.array == into.array &&
		   (is(&from, into.name) || (family != OTHER && family == family_of(&into)));
	struct sd_pg_conversion conversion = {
		.rewrites = !keeps_rows(&from, &into),
		.rounds = loses_digits(&from, &into),
		.other_family = !kin,
	};

	if (changes_zone_only(&from, &into)) {
		conversion.rewrites = false;
		conversion.scans = true;
	}
	conversion.other_name = from.array != into.array || !is(&from, into.name);
	conversion.impossible = (from.array && !into.array && family_of(&into) != STRING) ||
				!is_castable(&from, &into);
	conversion.wraps = !from.array && into.array &&
			   (family_of(&from) != STRING || family_of(&into) == STRING);
	conversion.via_text = into.row == SD_COUNT(types) && from.row == SD_COUNT(types) &&
			      !is(&from, into.name);
	conversion.needs_using = !kin && (family_of(&into) != STRING || into.array);
	return conversion;
}

const char *
sd_pg_serial(struct sd_arena *arena, const char *type)
{
	static const struct {
		const char *serial, *integer;
	} rows[] = { { "serial", "integer" }, { "bigserial", "bigint" },
		{ "smallserial", "smallint" } };
	const char *canonical = type ? sd_type_canonical(postgres, arena, type) : "";

	for (size_t i = 0; i < SD_COUNT(rows); i++)
		if (strcmp(rows[i].serial, canonical) == 0)
			return rows[i].integer;
	return NULL;
}

bool
sd_pg_is_known(const struct sd_plan *plan, const char *text)
{
	struct type type = parse(plan->diff->arena, text);
	const struct sd_list *enums = &plan->diff->into->objects[SD_ENUM];

	for (size_t i = 0; i < enums->n; i++)
		if (strcmp(enums->at[i]->name, type.name) == 0)
			return true;
	return type.row < SD_COUNT(types) || strstr(type.name, "range") ||
	       sd_dialect_postgresql.storage(plan->diff->arena, text);
}

const char *
sd_pg_zero(const struct sd_plan *plan, const char *type_text)
{
	struct sd_arena *arena = plan->diff->arena;
	struct type type = parse(arena, type_text);
	const struct sd_list *enums = &plan->diff->into->objects[SD_ENUM];

	if (type.array)
		return "'{}'";
	if (type.row < SD_COUNT(types))
		return types[type.row].zero;
	for (size_t i = 0; i < enums->n; i++)
		if (strcmp(enums->at[i]->name, type.name) == 0)
			return sd_quote_text(postgres, arena,
				((const struct sd_enum *)enums->at[i])->values.at[0]);
	return NULL;
}

/* Functions of PostgreSQL that are stable or immutable, and that defaults use; others are
 * taken for volatile, which costs a batch where none was needed. */
static bool
is_known_function(const char *sql, struct sd_tok tok)
{
	static const char *const names[] = { "now", "statement_timestamp",
		"transaction_timestamp", "timezone", "date_trunc", "date_part", "extract",
		"to_timestamp", "to_date", "to_char", "to_number", "make_date", "make_interval",
		"make_timestamp", "age", "lower", "upper", "initcap", "length", "trim", "btrim",
		"ltrim", "rtrim", "left", "right", "substr", "substring", "replace", "repeat",
		"concat", "concat_ws", "format", "md5", "encode", "decode", "abs", "round",
		"floor", "ceil", "trunc", "coalesce", "nullif", "greatest", "least", "cast",
		"array", "row", "any", "all", "in", "and", "or", "not", "case", "when", "then",
		"else", "jsonb_build_object", "jsonb_build_array", "json_build_object",
		"json_build_array", "to_json", "to_jsonb", "current_setting",
		"current_timestamp", "localtimestamp", "current_time", "localtime", "varchar",
		"character", "char", "numeric", "decimal", "timestamp", "timestamptz", "time",
		"timetz", "interval", "bit", "varbit", "varying", "date", "int4range",
		"int8range", "tsrange", "tstzrange", "daterange", "numrange", "overlay", NULL };

	for (size_t i = 0; names[i]; i++)
		if (sd_tok_is_word(sql, tok, names[i]))
			return true;
	return false;
}

bool
sd_pg_is_constant(
	struct sd_arena *arena, const struct sd_object *table, const char *expression)
{
	const struct sd_list *columns = &((const struct sd_relation *)table)->parts[SD_COLUMN];

	for (size_t i = 0; i < columns->n; i++)
		if (sd_sql_mentions(postgres, arena, expression, columns->at[i]->name))
			return false;
	return sd_pg_is_stable(expression);
}

bool
sd_pg_is_stable(const char *expression)
{
	struct sd_lex lex;
	struct sd_tok tok;

	sd_lex_init(&lex, postgres->lex, expression, strlen(expression));
	while ((tok = sd_lex_next_solid(&lex)).kind != SD_TOK_END) {
		struct sd_lex ahead = lex;

		if (sd_tok_is_name(tok) &&
			sd_tok_is_op(expression, sd_lex_next_solid(&ahead), "(") &&
			!is_known_function(expression, tok))
			return false;
	}
	return true;
}
