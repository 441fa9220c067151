#include "tests/unit/postgres_ask_helper.h"

static const char *const objects[] = {
	"DROP SCHEMA IF EXISTS sd_test_ask CASCADE",
	"CREATE SCHEMA sd_test_ask",
	"CREATE TABLE t (i integer NOT NULL, j integer NOT NULL, b bigint, n numeric(10,2), "
	"f boolean, v varchar(10), t text, c char(3), d timestamptz, ts timestamp, day date, "
	"a integer[], js jsonb, iv interval, r double precision)",
	"CREATE TABLE other (z integer)",
	"CREATE TABLE date (date date, \"Odd \"\"name\" text)",
	"CREATE TABLE \"Odd \"\"table\" (\"time\" time)",
	"CREATE TABLE part (k integer, v text) PARTITION BY LIST (k)",
	"CREATE TABLE seen (x integer)",
	"CREATE SEQUENCE s1",
	"CREATE SEQUENCE s2",
	"CREATE FUNCTION boom(x integer) RETURNS integer IMMUTABLE LANGUAGE plpgsql AS "
	"$$BEGIN PERFORM nextval('sd_test_ask.s2'); RETURN x; END$$",
	"CREATE FUNCTION calm(x integer) RETURNS integer STABLE LANGUAGE plpgsql AS "
	"$$BEGIN PERFORM nextval('sd_test_ask.s2'); RETURN x; END$$",
	"CREATE FUNCTION through(x integer) RETURNS integer STABLE LANGUAGE sql AS "
	"$$SELECT boom(1) + x$$",
	"CREATE FUNCTION wild(x integer) RETURNS integer VOLATILE LANGUAGE plpgsql AS "
	"$$BEGIN PERFORM nextval('sd_test_ask.s2'); RETURN x; END$$",
	"CREATE FUNCTION is_good(x integer) RETURNS boolean IMMUTABLE LANGUAGE plpgsql AS "
	"$$BEGIN PERFORM nextval('sd_test_ask.s2'); RETURN x > 0; END$$",
	"CREATE FUNCTION boom_text(x text, y text) RETURNS boolean IMMUTABLE LANGUAGE plpgsql "
	"AS $$BEGIN PERFORM nextval('sd_test_ask.s2'); RETURN x = y; END$$",
	"CREATE OPERATOR === (LEFTARG = text, RIGHTARG = text, FUNCTION = boom_text)",
	/* its constant part is evaluated by whoever plans a query on the table */
	"CREATE TABLE trap (x integer)",
	"CREATE INDEX trap_index ON trap ((boom(1) + x))",
	"CREATE VIEW trap_view AS SELECT boom(1) AS x",
	"ALTER SEQUENCE s2 RESTART",
	NULL,
};

static int
setup(void **state)
{
	return setup_objects(state, objects);
}

/* ---- expressions ------------------------------------------------------------------------ */

struct row {
	const char *from; /* the relation; behind a "=" a source */
	const char *type, *a, *b;
};

/* As typed, and as the server spells it. */
static const struct row equal[] = {
	{ "t", NULL, "t IN ('a', 'b')", "t = ANY (ARRAY['a'::text, 'b'::text])" },
	{ "t", NULL, "v IN ('a', 'b')",
		"(v)::text = ANY ((ARRAY['a'::character varying, "
		"'b'::character varying])::text[])" },
	{ "t", NULL, "v NOT IN ('a', 'b')",
		"(v)::text <> ALL ((ARRAY['a'::character varying, "
		"'b'::character varying])::text[])" },
	{ "t", NULL, "i BETWEEN 1 AND 5", "(i >= 1) AND (i <= 5)" },
	{ "t", NULL, "i NOT BETWEEN 1 AND 5", "(i < 1) OR (i > 5)" },
	{ "t", NULL, "i != 3", "(i <> 3)" },
	{ "t", NULL, "i IN (1)", "(i = 1)" },
	{ "t", NULL, "n >= 0", "(n >= (0)::numeric)" },
	{ "t", NULL, "v = 'x'", "((v)::text = 'x'::text)" },
	{ "t", NULL, "c = 'x'", "(c = 'x'::bpchar)" },
	{ "t", NULL, "t LIKE 'a%'", "(t ~~ 'a%'::text)" },
	{ "t", NULL, "t NOT ILIKE 'a%'", "(t !~~* 'a%'::text)" },
	{ "t", NULL, "t !~* '^a'", "(t !~* '^a'::text)" },
	{ "t", NULL, "CAST(i AS text) = '1'", "((i)::text = '1'::text)" },
	{ "t", NULL, "t IS NOT NULL AND length(t) > 0",
		"((t IS NOT NULL) AND (length(t) > 0))" },
	{ "t", NULL, "(i > 1 AND j > 1) AND b > 1", "(((i > 1) AND (j > 1)) AND (b > 1))" },
	{ "t", NULL, "CASE WHEN i > 0 THEN 'a' END",
		"CASE\n    WHEN (i > 0) THEN 'a'::text\n    ELSE NULL::text\nEND" },
	{ "t", NULL, "coalesce(t, '')", "COALESCE(t, ''::text)" },
	{ "t", NULL, "coalesce(v, 'x')", "COALESCE(v, 'x'::character varying)" },
	{ "t", NULL, "nullif(t, '')", "NULLIF(t, ''::text)" },
	{ "t", NULL, "greatest(i, 0)", "GREATEST(i, 0)" },
	{ "t", NULL, "d > now() - interval '1 day'", "(d > (now() - '1 day'::interval))" },
	{ "t", NULL, "d > now() - interval '24 hours'",
		"(d > (now() - '24:00:00'::interval))" },
	{ "t", NULL, "extract(year from d) > 2000",
		"(EXTRACT(year FROM d) > (2000)::numeric)" },
	{ "t", NULL, "day > '1/2/2020'", "(day > '2020-01-02'::date)" },
	{ "t", NULL, "ts at time zone 'UTC' < d", "((ts AT TIME ZONE 'UTC'::text) < d)" },
	{ "t", NULL, "i = ANY ('{1,2}')", "(i = ANY ('{1,2}'::integer[]))" },
	{ "t", NULL, "js ->> 'k' = 'x'", "((js ->> 'k'::text) = 'x'::text)" },
	{ "t", NULL, "js @> '{\"a\": 1}'", "(js @> '{\"a\": 1}'::jsonb)" },
	{ "t", NULL, "lower(v)", "lower((v)::text)" },
	{ "t", NULL, "v || 'x'", "((v)::text || 'x'::text)" },
	{ "t", NULL, "t COLLATE \"C\" > 'a'", "((t COLLATE \"C\") > 'a'::text)" },
	{ "t", NULL, "not f", "(NOT f)" },
	{ "t", NULL, "f is true", "(f IS TRUE)" },
	{ "t", NULL, "(i, j) = (1, 2)", "((i = 1) AND (j = 2))" },
	{ "t", NULL, "i > 0 -- positive", "(i > 0)" },
	{ "t", "numeric(10,2)", "i * 1.5", "((i)::numeric * 1.5)" },
	{ "t", "text", "lower(t) || 'x'", "(lower(t) || 'x'::text)" },
	{ "t", NULL, "tableoid > 0", "(tableoid > (0)::oid)" },
	{ "date", NULL, "date > '2020-01-01'", "(date > '2020-01-01'::date)" },
	{ "date", NULL, "\"Odd \"\"name\" like 'x'", "(\"Odd \"\"name\" ~~ 'x'::text)" },
	{ "Odd \"table", NULL, "\"time\" > '10:00'",
		"(\"time\" > '10:00:00'::time without time zone)" },
	{ "part", NULL, "v in ('x')", "(v = 'x'::text)" },
	/* defaults */
	{ NULL, "varchar(50)", "'x'", "'x'::character varying" },
	{ NULL, "char(3)", "'a'", "'a'::bpchar" },
	{ NULL, "text", "'x'", "'x'::text" },
	{ NULL, "integer", "-1", "'-1'::integer" },
	{ NULL, "integer", "1 + 1", "2" },
	{ NULL, "bigint", "9999999999", "'9999999999'::bigint" },
	{ NULL, "boolean", "'t'", "true" },
	{ NULL, "timestamptz", "now()", "NOW( )" },
	{ NULL, "timestamp", "current_timestamp", "CURRENT_TIMESTAMP" },
	{ NULL, "date", "'1/2/2020'", "'2020-01-02'::date" },
	{ NULL, "interval", "'24 hours'", "'24:00:00'::interval" },
	{ NULL, "jsonb", "'{\"a\":1}'", "'{\"a\": 1}'::jsonb" },
	{ NULL, "integer[]", "'{}'", "'{}'::integer[]" },
	{ NULL, "integer[]", "array[1,2]", "ARRAY[1, 2]" },
	{ NULL, "bigint", "nextval('s1')", "nextval('s1'::regclass)" },
	{ NULL, "numeric(10,2)", "0", "0" },
	{ NULL, "uuid", "md5('x')::uuid", "(md5('x'::text))::uuid" },
	/* sources */
	{ "=ONLY t old, ONLY t AS new", NULL, "new.i IS DISTINCT FROM old.i",
		"(new.i IS DISTINCT FROM old.i)" },
	{ "=ONLY sd_test_ask.t old, ONLY t new", NULL, "old.t in ('a','b')",
		"(old.t = ANY (ARRAY['a'::text, 'b'::text]))" },
	{ "=(SELECT v AS value FROM t OFFSET 0) s", NULL, "value in ('a','b')",
		"((VALUE)::text = ANY (ARRAY['a'::text, 'b'::text]))" },
	/* by views */
	{ "t", NULL, "boom(1) > i", "(boom(1) > i)" },
	{ "t", NULL, "boom( 1 ) = 1 and v in ('a','b')",
		"(boom(1) = 1) and ((v)::text = ANY ((ARRAY['a'::character varying, "
		"'b'::character varying])::text[]))" },
	{ "t", NULL, "sd_test_ask.boom(1)", "boom(1)" },
	{ "t", NULL, "\"boom\"(1)", "boom(1)" },
	{ "t", NULL, "'a' === 'b'", "('a'::text === 'b'::text)" },
	{ "t", NULL, "i in (select z from other)", "(i IN ( SELECT other.z\n   FROM other))" },
	{ NULL, "integer", "boom(1)", "boom( 1 )" },
	{ "trap", NULL, "x in (1,2)", "(x = ANY (ARRAY[1, 2]))" },
	{ "trap_view", NULL, "x in (1,2)", "(x = ANY (ARRAY[1, 2]))" },
};

static const struct row different[] = {
	{ "t", NULL, "i > 1", "i > 2" },
	{ "t", NULL, "i > 1", "i >= 1" },
	{ "t", NULL, "i > 1", "j > 1" },
	{ "t", NULL, "i > 1 AND j > 1", "j > 1 AND i > 1" },
	{ "t", NULL, "i > 1 AND j > 1", "i > 1 OR j > 1" },
	{ "t", NULL, "t > 'a'", "t COLLATE \"C\" > 'a'" },
	{ "t", NULL, "t", "t COLLATE \"C\"" },
	{ "t", NULL, "lower(t)", "lower(t COLLATE \"C\")" },
	{ "t", NULL, "v > 'a'", "v COLLATE \"C\" > 'a'" },
	{ "t", NULL, "t COLLATE \"C\" > 'a'", "t COLLATE \"POSIX\" > 'a'" },
	{ "t", NULL, "t", "t::varchar(3)" },
	{ "t", NULL, "v", "v::varchar(3)" },
	{ "t", NULL, "c::char(3)", "c::char(5)" },
	{ "t", NULL, "n > 0", "n > 0.0" },
	{ "t", NULL, "i IN (1, 2)", "i IN (2, 1)" },
	{ "t", NULL, "t IN ('a', 'b')", "t IN ('b', 'a')" },
	{ "t", NULL, "t IN ('a', 'b')", "t NOT IN ('a', 'b')" },
	{ "t", NULL, "t LIKE 'a%'", "t ILIKE 'a%'" },
	{ "t", NULL, "t LIKE 'a%'", "t LIKE 'a_'" },
	{ "t", NULL, "d > now()", "d > CURRENT_TIMESTAMP" },
	{ "t", NULL, "i IS NULL", "i IS NOT NULL" },
	{ "t", NULL, "i IS NOT NULL", "j IS NOT NULL" },
	{ "t", NULL, "f IS TRUE", "f IS NOT FALSE" },
	{ "t", NULL, "i BETWEEN 1 AND 5", "i BETWEEN 1 AND 6" },
	{ "t", NULL, "i BETWEEN 1 AND 5", "i BETWEEN SYMMETRIC 1 AND 5" },
	{ "t", NULL, "coalesce(i, 0)", "coalesce(i, 1)" },
	{ "t", NULL, "CASE WHEN f THEN 1 END", "CASE WHEN f THEN 1 ELSE 0 END" },
	{ "t", NULL, "iv > '1 day'", "iv > '24 hours'" },
	{ "t", NULL, "i / 2", "i / 2.0" },
	{ "t", NULL, "i", "i::bigint" },
	{ "t", NULL, "r > 0.1", "r > 0.10000000000000001::real" },
	{ "t", NULL, "js -> 'a'", "js ->> 'a'" },
	{ "t", NULL, "a[1]", "a[2]" },
	{ "t", NULL, "extract(year from d)", "extract(month from d)" },
	{ "t", NULL, "unknown > 1", "unknown > 1" },
	{ "t", NULL, "z > 1", "z > 1" },
	{ "t", NULL, "other.z > 1", "other.z > 1" },
	{ "t", NULL, "nonsense(i)", "nonsense(i)" },
	{ "missing", NULL, "i > 1", "i > 1" },
	{ "t", NULL, "1), (1); DROP TABLE other; SELECT (1", "1" },
	{ "t", NULL, "1); DROP TABLE other; --", "1" },
	{ "t", NULL, "1) FROM t; --", "1" },
	{ "t", NULL, "i, i", "i" },
	{ NULL, "integer", "1) + (1", "2" },
	{ "t", NULL, "generate_series(1, 2)", "generate_series( 1, 2)" },
	{ "t", NULL, "count(*)", "count( *)" },
	{ "t", NULL, "sum(i) filter (where i > 1)", "sum(i) filter (where i > 1 )" },
	{ "t", NULL, "1", "" },
	{ "t", NULL, "'", "'" },
	{ "t", NULL, "i = (SELECT min(z) FROM other)", "i = (SELECT max(z) FROM other)" },
	{ "t", NULL, "exists (SELECT FROM other WHERE z = 1)",
		"exists (SELECT FROM other WHERE z = 2)" },
	{ "t", NULL, "row_number() over (order by i)", "row_number() over (order by j)" },
	{ "t", NULL, "generate_series(1, 2)", "generate_series(1, 3)" },
	{ "t", NULL, "boom(1) > i", "boom(2) > i" },
	{ "t", NULL, "through(1) > i", "through(2) > i" },
	{ "t", NULL, "'a' === 'b'", "'a' === 'c'" },
	{ "t", "no_such_type", "1", "1" },
	{ "t", "integer, 1", "1", "1" },
	{ "t", "text)::(text", "'a'", "'a'" },
	{ NULL, NULL, "i", "i" },
	{ NULL, "bigint", "nextval('s1')", "nextval('s2')" },
	{ NULL, "text", "'a'", "'b'" },
	{ NULL, "text", "'a'", "'A'" },
	{ NULL, "text", "'a'", "'a '" },
	{ NULL, "numeric", "0", "0.0" },
	{ NULL, "timestamptz", "now()", "CURRENT_TIMESTAMP" },
	{ NULL, "timestamptz", "now()", "clock_timestamp()" },
	{ NULL, "timestamptz", "'now'", "now()" },
	{ NULL, "jsonb", "'{}'", "'[]'" },
	{ NULL, "integer[]", "'{1,2}'", "'{2,1}'" },
	{ NULL, "double precision", "0.1", "0.1::real" },
	{ "=ONLY t old, ONLY t new", NULL, "new.i > 0", "old.i > 0" },
};

static void
ask_rows(struct fixture *f, struct sd_db *db, const struct row *rows, size_t n, bool wanted)
{
	struct sd_expressions *pairs = sd_new_array(f->arena, n, struct sd_expressions);
	enum sd_sameness *same = sd_new_array(f->arena, n, enum sd_sameness);
	bool good = true;

	for (size_t i = 0; i < n; i++) {
		bool source = rows[i].from && rows[i].from[0] == '=';

		pairs[i] = (struct sd_expressions){ .relation = source ? NULL : rows[i].from,
			.source = source ? rows[i].from + 1 : NULL,
			.type = rows[i].type,
			.a = rows[i].a,
			.b = rows[i].b };
		same[i] = wanted ? SD_UNTOLD : SD_SAME;
	}
	sd_db_same_expressions(db, pairs, n, same);
	for (size_t i = 0; i < n; i++) {
		if (same[i] == (wanted ? SD_SAME : SD_DIFFERENT))
			continue;
		print_error("wrong: %s | %s\n", rows[i].a, rows[i].b);
		good = false;
	}
	assert_true(good);
	assert_int_equal(f->diags.list.n, 0);
	assert_int_equal(sd_db_failure(db), SD_DB_FINE);
}

/* Nothing was run: the functions and the pairs would have advanced these. */
static void
assert_untouched(struct fixture *f)
{
	assert_string_equal(
		value(f, "SELECT last_value || ' ' || is_called FROM s1"), "1 false");
	assert_string_equal(
		value(f, "SELECT last_value || ' ' || is_called FROM s2"), "1 false");
	assert_string_equal(value(f, "SELECT count(*) FROM pg_views "
				     "WHERE viewname LIKE 'schemadiff%'"),
		"0");
	assert_string_equal(value(f, "SELECT count(*) FROM other"), "0");
}

static void
test_equal(void **state)
{
	struct fixture *f = *state;

	ask_rows(f, f->db, equal, SD_COUNT(equal), true);
	assert_untouched(f);
}

static void
test_different(void **state)
{
	struct fixture *f = *state;

	ask_rows(f, f->db, different, SD_COUNT(different), false);
	assert_untouched(f);
}

/* One by one, so that no pair owes its answer to another. */
static void
test_one_by_one(void **state)
{
	struct fixture *f = *state;

	for (size_t i = 0; i < SD_COUNT(equal); i++)
		ask_rows(f, f->db, &equal[i], 1, true);
	for (size_t i = 0; i < SD_COUNT(different); i++)
		ask_rows(f, f->db, &different[i], 1, false);
	assert_untouched(f);
}

/* Constant calls that planning would make: equal or not, nothing runs. */
static const struct row running[] = {
	{ "t", NULL, "boom(1)", "boom(1) + 0" },
	{ "t", NULL, "through(1)", "through(1) + 0" },
	{ "t", NULL, "calm(1)", "calm(2)" },
	{ "t", NULL, "wild(1)", "wild(2)" },
	{ "t", NULL, "U&\"\\0062oom\"(1)", "2" },
	{ "t", NULL, "BOOM(1)", "boom(2)" },
	{ "t", NULL, "'a' OPERATOR(sd_test_ask.===) 'b'", "'a' === 'c'" },
	{ "trap", NULL, "x > 1", "x > 2" },
	{ "trap_view", NULL, "x > 1", "x > 2" },
	{ "=ONLY trap old, ONLY trap new", NULL, "old.x > 1", "new.x > 1" },
};

static void
test_nothing_runs(void **state)
{
	struct fixture *f = *state;

	ask_rows(f, f->db, running, SD_COUNT(running), false);
	assert_untouched(f);
}

/* Words call operators, too. */
static void
test_words(void **state)
{
	static const struct row rows[] = { { "t", NULL, "'a'::mine IN ('b'::mine)", "false" },
		{ "t", NULL, "'a'::mine BETWEEN 'b' AND 'c'", "false" },
		{ "t", NULL, "CASE 'a'::mine WHEN 'b'::mine THEN 1 END", "NULL::integer" },
		{ "t", NULL, "NULLIF('a'::mine, 'b'::mine)", "'a'::mine" },
		{ "t", NULL, "'a'::mine IS DISTINCT FROM 'b'::mine", "true" },
		{ "t", NULL, "'a'::mine = ANY ('{b}'::mine[])", "false" } };
	struct fixture *f = *state;

	run(f, "CREATE TYPE mine AS ENUM ('a', 'b', 'c')");
	run(f, "CREATE FUNCTION mine_f(x mine, y mine) RETURNS boolean IMMUTABLE LANGUAGE "
	       "plpgsql AS $$BEGIN PERFORM nextval('sd_test_ask.s2'); RETURN false; END$$");
	run(f, "CREATE OPERATOR sd_test_ask.= (LEFTARG = mine, RIGHTARG = mine, "
	       "FUNCTION = mine_f)");
	run(f, "CREATE OPERATOR sd_test_ask.>= (LEFTARG = mine, RIGHTARG = mine, "
	       "FUNCTION = mine_f)");
	ask_rows(f, f->db, rows, SD_COUNT(rows), false);
	assert_untouched(f);
}

/* A cast's function is called by no name at all. */
static void
test_casts(void **state)
{
	static const struct row rows[] = { { "t", NULL, "'a'::pair", "'b'::pair" },
		{ "t", NULL, "1::pair", "2::pair" } };
	struct fixture *f = *state;

	run(f, "CREATE TYPE pair AS (x integer)");
	run(f, "CREATE FUNCTION to_pair(x integer) RETURNS pair IMMUTABLE LANGUAGE plpgsql AS "
	       "$$BEGIN PERFORM nextval('sd_test_ask.s2'); RETURN ROW(x); END$$");
	run(f, "CREATE CAST (integer AS pair) WITH FUNCTION to_pair(integer)");
	ask_rows(f, f->db, rows, SD_COUNT(rows), false);
	ask_rows(f, f->db, equal, 20, true); /* every one by views */
	assert_untouched(f);
	run(f, "DROP TYPE pair CASCADE");
}

/* Reading a literal of an array calls the checks of its elements' domain. */
static void
test_domain_checks(void **state)
{
	static const struct row not_sent[] = { { "t", NULL, "'{1}'::good[]", "'{1}'::good[]" },
		{ "t", NULL, "E'\\x7b1}'::good[]", "'{2}'::good[]" },
		{ NULL, "good[]", "' {1,2}'", "'{1,2}'" } };
	static const struct row sent[] = { { NULL, "good[]", "'{}'", "'{}'::good[]" },
		{ NULL, "good", "'1'", "'1'::integer" }, { NULL, "good", "1", "'1'::integer" },
		{ NULL, "jsonb", "'{}'", "'{ }'::jsonb || '{}'" } };
	struct fixture *f = *state;

	run(f, "CREATE DOMAIN good AS integer CHECK (is_good(VALUE))");
	ask_rows(f, f->db, not_sent, SD_COUNT(not_sent), false);
	ask_rows(f, f->db, sent, 3, true);
	assert_untouched(f);
	run(f, "DROP DOMAIN good");
}

/* A connection that only reads may still be asked: views are made in a transaction that
 * writes, and goes. */
static void
test_read_only(void **state)
{
	struct fixture *f = *state;
	struct sd_db *db = open_db(f, SD_DB_READ);

	ask_rows(f, db, equal, SD_COUNT(equal), true);
	ask_rows(f, db, different, SD_COUNT(different), false);
	sd_db_close(db);
	assert_untouched(f);
}

/* In a transaction nothing is asked: a question that fails would end it. */
static void
test_in_transaction(void **state)
{
	struct fixture *f = *state;

	run(f, "BEGIN");
	ask_rows(f, f->db, equal, SD_COUNT(equal), false);
	run(f, "SELECT 1");
	run(f, "ROLLBACK");
}

static void
test_many(void **state)
{
	struct fixture *f = *state;
	size_t n = 500;
	struct row *rows = sd_new_array(f->arena, n, struct row);
	double start = seconds();

	for (size_t i = 0; i < n; i++)
		rows[i] = equal[i % 30];
	ask_rows(f, f->db, rows, n, true);
	print_message("%zu pairs: %.0f ms\n", n, (seconds() - start) * 1e3);
	assert_true(seconds() - start < 5);
}

int
main(void)
{
	const struct CMUnitTest tests[] = {
		TEST(test_equal),
		TEST(test_different),
		TEST(test_one_by_one),
		TEST(test_nothing_runs),
		TEST(test_words),
		TEST(test_casts),
		TEST(test_domain_checks),
		TEST(test_read_only),
		TEST(test_in_transaction),
		TEST(test_many),
	};

	if (!getenv("SD_TEST_PG")) {
		(void)printf("postgres_ask: skipped, SD_TEST_PG names no server\n");
		return 0;
	}
	return cmocka_run_group_tests_name("postgres_ask", tests, NULL, NULL);
}
