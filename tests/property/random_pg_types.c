/* The types that random columns have, and what can be said of their values. */
#include "core/base/text.h"
#include "tests/property/random_pg.h"

#define KEY (PG_EQ | PG_HASH | PG_DISTINCT)
#define NUMBER                                                                                 \
	{                                                                                      \
		"$ >= 0", "$ BETWEEN 0 AND 30000", "$ NOT IN (-1, -2) OR $ IS NULL"            \
	}
#define WORDS                                                                                  \
	{                                                                                      \
		"length($) < 1000", "$ <> 'never'", "$ NOT LIKE '%!' OR upper($) = 'X'"        \
	}
#define ANY                                                                                    \
	{                                                                                      \
		"$ IS NOT NULL OR 1 < 2", "$ IS DISTINCT FROM NULL OR true",                   \
			"($ IS NULL) IN (true, false)"                                         \
	}

const struct pg_type pg_types[] = {
	{ "enum", PG_ALONE, PG_EQ | PG_HASH, "", "", "", "", ANY, NULL, NULL, NULL },
	{ "enum[]", PG_ALONE, PG_EQ | PG_GIN, "", "", "", "", ANY, NULL, NULL, NULL },
	{ "smallint", PG_NUMBER, KEY | PG_BRIN | PG_WHOLE, "#", "7", "2 + 3", "3", NUMBER,
		"$ + 1", "integer", "$ + 1" },
	{ "integer", PG_NUMBER, KEY | PG_BRIN | PG_WHOLE, "#", "-7", "2 * 3", "3", NUMBER,
		"$ * 2", "int8", "abs($)" },
	{ "int8", PG_NUMBER, KEY | PG_BRIN | PG_WHOLE, "#", "7", "(2 + 3) * 4", "3", NUMBER,
		"$ - 1", "numeric", "- $" },
	{ "serial", PG_NUMBER, KEY | PG_WHOLE | PG_SERIAL, "#", "", "", "", NUMBER, "$ + 1",
		"int8", "$ + 1" },
	{ "bigserial", PG_NUMBER, KEY | PG_WHOLE | PG_SERIAL, "#", "", "", "", NUMBER, "$ + 1",
		"int8", "$ + 1" },
	{ "smallserial", PG_NUMBER, KEY | PG_WHOLE | PG_SERIAL, "#", "", "", "", NUMBER,
		"$ + 1", "int8", "$ + 1" },
	{ "numeric", PG_NUMBER, KEY | PG_BRIN | PG_LONG, "#.25", "1.50", "1.5 * 2", "4.5",
		NUMBER, "round($, 1)", "numeric", "round($)" },
	{ "decimal(10,2)", PG_NUMBER, KEY | PG_BRIN | PG_LONG, "#.25", "2", "3 - 1", "5",
		NUMBER, "$ / 2", "numeric", "trunc($)" },
	{ "numeric(12, 4)", PG_NUMBER, KEY | PG_LONG, "#.0625", "0.5", "abs(-3)", "5", NUMBER,
		"$ + 0.5", "numeric", "sign($)" },
	{ "real", PG_NUMBER, KEY, "#.5", "1.5", "2.0 * 3", "4.5", NUMBER, NULL, NULL, "$ + 1" },
	{ "double precision", PG_NUMBER, KEY | PG_BRIN, "#.5", "'1e3'", "sqrt(2.0)", "4.5",
		NUMBER, "$ * 0.5", "double precision", "$ * 2" },
	{ "text", PG_TEXT, KEY | PG_COLLATES | PG_LONG | PG_BRIN | PG_SPGIST, "'t#'", "'it''s'",
		"lower('A')", "'x' || 1", WORDS, "$ || 'x'", "text", "lower($)" },
	{ "varchar(40)", PG_TEXT, KEY | PG_COLLATES | PG_LONG, "'t#'", "'a b'", "upper('b')",
		"'y'", WORDS, "$ || 'x'", "text", "upper($)" },
	{ "character varying(12)", PG_TEXT, KEY | PG_COLLATES | PG_LONG, "'t#'", "''",
		"concat('a', 'b')", "'y'", WORDS, NULL, NULL, "$ || 'x'" },
	{ "varchar", PG_TEXT, KEY | PG_COLLATES | PG_LONG, "'t#'", "'a'", "current_user", "'y'",
		WORDS, "lower($)", "varchar", "length($)" },
	{ "char(8)", PG_TEXT, KEY | PG_COLLATES | PG_LONG, "'t#'", "'a'", "upper('b')", "'y'",
		WORDS, NULL, NULL, "lower($)" },
	{ "boolean", PG_ALONE, PG_EQ | PG_HASH, "# % 2 = 0", "true", "1 = 2", "false",
		{ "$ IN (true, false)", "$ OR NOT $", "$ IS NOT NULL OR 1 < 2" }, "NOT $",
		"boolean", "NOT $" },
	{ "date", PG_DATE, KEY | PG_BRIN, "date '2024-01-01' + #", "'2020-01-01'",
		"CURRENT_DATE", "date '1999-12-31'",
		{ "$ > '1990-01-01'", "$ BETWEEN '1990-01-01' AND '2090-01-01'",
			"extract(year FROM $) > 1000" },
		"$ + 1", "date", "extract(month FROM $)" },
	{ "timestamp", PG_DATE, KEY | PG_BRIN,
		"timestamp '2024-01-01 10:20:30' + interval '# hours'", "'2020-01-01 00:00:00'",
		"now()", "'1999-12-31 23:59'",
		{ "$ > '1990-01-01'", "date_trunc('day', $) > '1990-01-01'",
			"$ <> 'infinity'" },
		"$ + interval '1 day'", "timestamp", "date_trunc('day', $)" },
	{ "timestamptz", PG_DATE, KEY | PG_BRIN,
		"timestamptz '2024-01-01 10:20:30+00' + interval '# hours'",
		"'2020-01-01 00:00:00+00'", "CURRENT_TIMESTAMP", "'1999-12-31 23:59+00'",
		{ "$ > '1990-01-01 00:00:00+00'", "$ <> 'infinity'",
			"$ >= timestamptz '1990-01-01 00:00+02'" },
		"$ AT TIME ZONE 'UTC'", "timestamp", "($ AT TIME ZONE 'UTC')" },
	{ "timestamp(3) with time zone", PG_DATE, KEY,
		"timestamptz '2024-01-01 10:20:30+00' + interval '# hours'", "'epoch'", "now()",
		"'1999-12-31 23:59+00'", ANY, NULL, NULL, NULL },
	{ "time", PG_TIME, KEY, "time '01:00' + interval '# minutes'", "'10:00'",
		"time '10:00' + interval '5 minutes'", "'11:00'",
		{ "$ >= '00:00'", "$ < '24:00:00'", "$ IS NOT NULL OR 1 < 2" }, NULL, NULL,
		NULL },
	{ "time(0) with time zone", PG_TIME, KEY, "timetz '01:00+00' + interval '# minutes'",
		"'10:00+01'", "CURRENT_TIME", "'11:00+00'", ANY, NULL, NULL, NULL },
	{ "interval", PG_ALONE, KEY, "interval '# days'", "'1 day 02:00'",
		"interval '1 hour' * 2", "'3 hours'",
		{ "$ > '-1 days'", "$ < interval '100 years'", "$ <> '1 year 1 mon'" }, "$ * 2",
		"interval", "$ + '1 day'" },
	{ "uuid", PG_ALONE, KEY, "('00000000-0000-0000-0000-' || lpad('#', 12, '0'))::uuid",
		"'00000000-0000-0000-0000-000000000001'", "md5('a')::uuid",
		"'ffffffff-0000-0000-0000-000000000001'", ANY, NULL, NULL, NULL },
	{ "bytea", PG_ALONE, KEY | PG_LONG, "decode(lpad('#', 4, '0'), 'hex')", "'\\x0a'",
		"decode('00', 'hex')", "'\\xff'",
		{ "octet_length($) < 100", "$ <> '\\xdead'", "length($) >= 0" }, "sha256($)",
		"bytea", "md5($)" },
	{ "json", PG_JSON, PG_LONG, "'{\"a\": #}'", "'{}'", "json_build_array(1)", "'[1]'", ANY,
		"$ ->> 'a'", "text", "($ ->> 'a')" },
	{ "jsonb", PG_JSON, KEY | PG_LONG | PG_GIN, "'{\"a\": #}'", "'{\"b\": [1, 2]}'",
		"jsonb_build_object('k', 1)", "'{}'",
		{ "jsonb_typeof($) <> 'null'", "NOT $ ? 'zzz'", "NOT ($ @> '{\"q\": 1}')" },
		"($ -> 'a')", "jsonb", "($ ->> 'a')" },
	{ "integer[]", PG_ALONE, PG_EQ | PG_HASH | PG_DISTINCT | PG_LONG | PG_GIN,
		"ARRAY[#, 0]", "'{1,2}'", "ARRAY[1, 2]", "'{}'",
		{ "cardinality($) < 100", "NOT (-1 = ANY ($))", "$ <> '{9}'" }, "$ || 1",
		"integer[]", "cardinality($)" },
	{ "text[]", PG_ALONE, PG_EQ | PG_HASH | PG_DISTINCT | PG_LONG | PG_GIN | PG_COLLATES,
		"ARRAY['t#']", "'{}'", "ARRAY['a', 'b']", "ARRAY[]::text[]",
		{ "cardinality($) < 100", "$ <> ARRAY['never']", "NOT ('no' = ANY ($))" }, NULL,
		NULL, "$[1]" },
	{ "varchar(20)[]", PG_ALONE, PG_EQ | PG_LONG | PG_REFERS_NOT, "ARRAY['t#']", "'{}'", "'{a,b}'", "'{}'",
		ANY, NULL, NULL, NULL },
	{ "inet", PG_ALONE, KEY | PG_SPGIST | PG_GIST | PG_BRIN, "inet '10.0.0.0' + #",
		"'10.0.0.1'", "inet '10.0.0.0' + 3", "'127.0.0.1'",
		{ "family($) = 4", "$ << '0.0.0.0/0'", "$ <> '::1'" }, "host($)", "text",
		"host($)" },
	{ "cidr", PG_ALONE, PG_EQ | PG_HASH, "cidr '10.0.0.0/24'", "'10.0.0.0/8'",
		"cidr '192.168.0.0/24'", "'10.0.0.0/8'", ANY, NULL, NULL, NULL },
	{ "bit(8)", PG_BITS, PG_EQ | PG_DISTINCT, "#::bit(8)", "B'00000001'", "~ B'11110000'",
		"B'10101010'", ANY, NULL, NULL, NULL },
	{ "varbit(20)", PG_BITS, PG_EQ | PG_DISTINCT, "#::bit(8)::varbit", "B'01'",
		"B'1' || B'0'", "B'10'", ANY, "~ $", "varbit(20)", NULL },
	{ "int4range", PG_ALONE, KEY | PG_GIST | PG_SPGIST | PG_RANGE,
		"int4range(# * 10, # * 10 + 5)", "'[1,5)'", "int4range(1, 5)", "'empty'",
		{ "NOT isempty($) OR $ IS NOT NULL", "lower($) >= 0 OR isempty($)",
			"upper_inf($) = false" },
		"upper($)", "integer", "lower($)" },
	{ "tstzrange", PG_ALONE, KEY | PG_GIST | PG_RANGE,
		"tstzrange(timestamptz '2024-01-01 00:00+00' + interval '# days', timestamptz "
		"'2024-01-01 06:00+00' + interval '# days')",
		"'empty'", "tstzrange(NULL, now())", "'empty'", ANY, NULL, NULL, "isempty($)" },
	{ "point", PG_ALONE, PG_DISTINCT | PG_GIST | PG_SPGIST, "point(#, 1)", "'(1,2)'",
		"point(1, 2)", "'(0,0)'", ANY, "$[0]", "double precision", NULL },
	{ "tsvector", PG_ALONE, PG_EQ | PG_DISTINCT | PG_LONG | PG_GIN | PG_GIST,
		"'t#'::tsvector", "''", "to_tsvector('simple', 'a b')", "'none'", ANY, NULL,
		NULL, "strip($)" },
	{ "money", PG_ALONE, PG_EQ | PG_DISTINCT, "#::money", "'1.00'", "1::money", "0::money",
		ANY, NULL, NULL, NULL },
	{ "macaddr", PG_ALONE, KEY, "('08:00:2b:00:00:' || lpad(to_hex(#), 2, '0'))::macaddr",
		"'08:00:2b:01:02:03'", "trunc(macaddr '08:00:2b:01:02:03')",
		"'08:00:2b:01:02:04'", ANY, NULL, NULL, NULL },
	{ "oid", PG_ALONE, KEY, "#::oid", "0", "1::oid", "2", ANY, NULL, NULL, NULL },
};
const unsigned pg_n_types = sizeof pg_types / sizeof pg_types[0];

struct pg_column *
pg_typed(struct pg_schema *schema, struct pg_column *column)
{
	struct pg_table *table = column->to ? pg_table(schema, column->to_table) : NULL;
	struct pg_column *to = table ? pg_column(table, column->to) : NULL;

	return to ? to : column;
}

/* The integer that a serial type is. */
static unsigned
integer_of(unsigned type)
{
	static const unsigned integers[] = { PG_SERIAL_TYPE - 2, PG_SERIAL_TYPE - 1,
		PG_SERIAL_TYPE - 3 };

	return integers[type - PG_SERIAL_TYPE];
}

const struct pg_type *
pg_type_of(struct pg_schema *schema, struct pg_column *column)
{
	struct pg_column *typed = pg_typed(schema, column);
	const struct pg_type *type = &pg_types[typed->type];

	return typed != column && type->flags & PG_SERIAL ? &pg_types[integer_of(typed->type)]
							  : type;
}

const char *
pg_type_text(struct pg_schema *schema, struct pg_column *column, struct sd_arena *arena)
{
	struct pg_column *typed = pg_typed(schema, column);
	const struct pg_type *type = &pg_types[typed->type];
	struct pg_enum *of;

	if (type->flags & PG_SERIAL && typed != column)
		return pg_types[integer_of(typed->type)].name;
	if (typed->type > PG_ENUM_ARRAY)
		return type->name;
	of = pg_enum(schema, typed->of);
	return sd_fmt(arena, "%s%s", sd_quote_name(&sd_dialect_postgresql, arena, of->name),
		typed->type == PG_ENUM_ARRAY ? "[]" : "");
}

const char *
pg_text(struct sd_arena *arena, const char *text, const char *name, unsigned row)
{
	const char *quoted = name ? sd_quote_name(&sd_dialect_postgresql, arena, name) : "$";

	text = sd_text_replace(arena, text, "#", sd_fmt(arena, "%u", row));
	return sd_text_replace(arena, text, "$", quoted);
}

/* ---- texts of a column ----------------------------------------------------------------- */

static const char *
enum_literal(struct pg_schema *schema, struct pg_column *typed, unsigned which,
	struct sd_arena *arena)
{
	struct pg_enum *of = pg_enum(schema, typed->of);
	const char *value =
		sd_quote_text(&sd_dialect_postgresql, arena, of->values[which % of->n].name);

	return typed->type == PG_ENUM ? value
				      : sd_fmt(arena, "ARRAY[%s]::%s", value,
						pg_type_text(schema, typed, arena));
}

const char *
pg_default(struct pg_schema *schema, struct pg_column *column, struct sd_arena *arena)
{
	struct pg_column *typed = pg_typed(schema, column);
	const struct pg_type *type = pg_type_of(schema, column);
	struct pg_sequence *sequence = pg_sequence(schema, column->sequence);

	if (!column->deflt)
		return NULL;
	if (column->deflt == 3)
		return sd_fmt(arena, "nextval(%s)",
			sd_quote_text(&sd_dialect_postgresql, arena,
				sd_quote_name(&sd_dialect_postgresql, arena, sequence->name)));
	if (typed->type <= PG_ENUM_ARRAY)
		return enum_literal(schema, typed, column->form, arena);
	if (column->deflt == 1)
		return type->literal;
	return type->expression;
}

const char *
pg_filler(struct pg_schema *schema, struct pg_column *column, struct sd_arena *arena)
{
	struct pg_column *typed = pg_typed(schema, column);

	if (typed->type <= PG_ENUM_ARRAY)
		return enum_literal(schema, typed, 0, arena);
	return pg_type_of(schema, column)->filler;
}

const char *
pg_condition(struct pg_schema *schema, struct pg_column *column, unsigned form,
	struct sd_arena *arena)
{
	struct pg_column *typed = pg_typed(schema, column);
	struct pg_enum *of = typed->type == PG_ENUM ? pg_enum(schema, typed->of) : NULL;
	const struct pg_type *type = pg_type_of(schema, column);
	const char *text = type->conditions[form % 3];

	if (of && form % 3)
		text = sd_fmt(arena,
			form % 3 == 1 ? "$ >= %s" : "$ IN (%s, NULL) OR $ IS NOT NULL",
			sd_quote_text(&sd_dialect_postgresql, arena, of->values[0].name));
	return pg_text(arena, text, column->name, 0);
}
