/* core/sql: the tokenizer, canonical forms, splitting, and what the dialects know. */
#include "core/base/text.h"
#include "core/sql/canon.h"

#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdio.h>
#include <string.h>

#include <cmocka.h>
#include <sqlite3.h>

static const struct sd_dialect *const lite = &sd_dialect_sqlite;
static const struct sd_dialect *const pg = &sd_dialect_postgresql;

/* Kinds as letters: w word, n name, s string, b blob, # number, p param, o operator, c comment,
 * _ space, ! bad. */

static void
test_tokens(void **state)
{
	static const struct {
		int line;
		const struct sd_dialect *const *dialect;
		const char *text, *kinds;
	} rows[] = {
		{ __LINE__, &lite, "a \"b\" `c` [d]", "w_n_n_n" },
		{ __LINE__, &pg, "a[1]", "wo#o" },
		{ __LINE__, &lite, "'it''s' x'0A' 1.5e-3 .5 0xFF", "s_b_#_#_#" },
		{ __LINE__, &lite, "a->>'b' || ? || :c || @d || $e", "wos_o_p_o_p_o_p_o_p" },
		{ __LINE__, &lite, "-- x\na/* y */b", "c_wcw" },
		{ __LINE__, &lite, "/* open", "c" },
		{ __LINE__, &pg, "/* open", "!" },
		{ __LINE__, &pg, "/* a /* b */ c */d", "cw" },
		{ __LINE__, &lite, "/* a /* b */ c", "c_w" },
		{ __LINE__, &pg, "$$a;b$$ $x$ $$ $x$ E'\\'' $1", "s_s_s_p" },
		{ __LINE__, &pg, "1<@>-2", "#o#" },
		{ __LINE__, &pg, "1<-2 @-3 --x", "#oo#_o#_c" },
		{ __LINE__, &lite, "'open", "!" },
		{ __LINE__, &lite, "\"open", "!" },
		{ __LINE__, &lite, "1a", "#w" },
		{ __LINE__, &lite, "\xc3\xbc", "w" },
		{ __LINE__, &lite, "", "" },
		{ __LINE__, &lite, "a<=b<>c==d!=e", "wowowowow" },
	};

	(void)state;
	for (size_t i = 0; i < SD_COUNT(rows); i++) {
		char kinds[64] = "";
		uint32_t end = 0;
		struct sd_lex lex;
		struct sd_tok tok;

		sd_lex_init(&lex, (*rows[i].dialect)->lex, rows[i].text, strlen(rows[i].text));
		while ((tok = sd_lex_next(&lex)).kind != SD_TOK_END) {
			static const char of_kind[] = { [SD_TOK_SPACE] = '_',
				[SD_TOK_COMMENT] = 'c',
				[SD_TOK_WORD] = 'w',
				[SD_TOK_NAME] = 'n',
				[SD_TOK_STRING] = 's',
				[SD_TOK_BLOB] = 'b',
				[SD_TOK_NUMBER] = '#',
				[SD_TOK_PARAM] = 'p',
				[SD_TOK_OP] = 'o',
				[SD_TOK_BAD] = '!' };

			assert_int_equal(tok.off, end);
			end = tok.off + tok.len;
			kinds[strlen(kinds)] = of_kind[tok.kind];
		}
		assert_int_equal(end, strlen(rows[i].text));
		if (strcmp(kinds, rows[i].kinds) != 0)
			fail_msg("line %d: %s, not %s", rows[i].line, kinds, rows[i].kinds);
	}
}

static void
test_values(void **state)
{
	static const struct {
		const char *text, *value;
	} rows[] = {
		{ "\"a\"\"b\"", "a\"b" },
		{ "[a]", "a" },
		{ "`a``b`", "a`b" },
		{ "'it''s'", "it's" },
		{ "plain", "plain" },
		{ "\"\"", "" },
	};
	struct sd_arena *arena = sd_arena_new();

	(void)state;
	for (size_t i = 0; i < SD_COUNT(rows); i++) {
		struct sd_lex lex;

		sd_lex_init(&lex, lite->lex, rows[i].text, strlen(rows[i].text));
		assert_string_equal(
			sd_tok_value(arena, rows[i].text, sd_lex_next(&lex)), rows[i].value);
	}
	sd_arena_free(arena);
}

static void
test_canonical(void **state)
{
	static const struct {
		int line;
		const struct sd_dialect *const *dialect;
		const char *text, *form;
	} rows[] = {
		{ __LINE__, &lite, " A  >\t0 -- why\n", "a > 0" },
		{ __LINE__, &lite, "((\"A\")>(0))", "( a ) > ( 0 )" },
		{ __LINE__, &lite, "(a) = (b)", "( a ) = ( b )" },
		{ __LINE__, &lite, "((x))", "x" },
		{ __LINE__, &lite, "()", "( )" },
		{ __LINE__, &lite, "f()", "f ( )" },
		{ __LINE__, &lite, "\"current_timestamp\"", "\"current_timestamp\"" },
		{ __LINE__, &lite, "CURRENT_TIMESTAMP", "current_timestamp" },
		{ __LINE__, &lite, "[Order]", "\"order\"" },
		{ __LINE__, &lite, "`a b`", "\"a b\"" },
		{ __LINE__, &lite, "[a\"b]", "\"a\"\"b\"" },
		{ __LINE__, &lite, "'A'", "'A'" },
		{ __LINE__, &lite, "a==1 and b!=X'0F'", "a = 1 and b <> x'0f'" },
		{ __LINE__, &lite, "a.b", "a . b" },
		{ __LINE__, &lite, "\"1a\"", "\"1a\"" },
		{ __LINE__, &pg, "\"A\" = a", "\"A\" = a" },
		{ __LINE__, &pg, "\"a\" = A", "a = a" },
		{ __LINE__, &lite, "(a)+(b)", "( a ) + ( b )" },
		{ __LINE__, &lite, "", "" },
		{ __LINE__, &lite, "(((a)))", "a" },
		{ __LINE__, &lite, "(a", "( a" },
		{ __LINE__, &lite, "a)", "a )" },
		{ __LINE__, &lite, "((a)", "( ( a )" },
		{ __LINE__, &lite, "((a)))", "( ( a ) ) )" },
		{ __LINE__, &lite, "(())", "( )" },
		{ __LINE__, &lite, "(((a)+(b)))", "( a ) + ( b )" },
		{ __LINE__, &lite, "( -- x\n((a) /* ) */ ) ) -- y", "a" },
		{ __LINE__, &pg, "a == b", "a == b" },
		{ __LINE__, &pg, "A::\"char\" = b::\"text\"", "a :: \"char\" = b :: text" },
		{ __LINE__, &pg, "U&'x' || U & 'x'", "U&'x' || u & 'x'" },
	};
	struct sd_arena *arena = sd_arena_new();

	(void)state;
	for (size_t i = 0; i < SD_COUNT(rows); i++) {
		const char *form = sd_sql_canonical(*rows[i].dialect, arena, rows[i].text);

		if (strcmp(form, rows[i].form) != 0)
			fail_msg("line %d: %s, not %s", rows[i].line, form, rows[i].form);
	}
	sd_arena_free(arena);
}

/* A literal that the engine shows with a cast is the one that was written without. */
static void
test_literal(void **state)
{
	static const struct {
		int line;
		const char *text, *type, *literal;
	} rows[] = {
		{ __LINE__, "'a'", "mood", "'a'" },
		{ __LINE__, "('a'::mood)", "mood", "'a'" },
		{ __LINE__, "'a'::other", "mood", NULL },
		{ __LINE__, "'a'::character varying", "varchar(80)", "'a'" },
		{ __LINE__, "'a'::varchar(80)", "varchar(80)", NULL },
		{ __LINE__, "'{}'::text[]", "text[]", "'{}'" },
		{ __LINE__, "'{}'::text[]", "text", NULL },
		{ __LINE__, "'1'::interval", "interval year", NULL },
		{ __LINE__, "'now'::text::timestamptz", "timestamptz", NULL },
		{ __LINE__, "'now'::timestamp(0) with time zone", "timestamptz(0)", NULL },
		{ __LINE__, "'now'::timestamp with time zone", "timestamptz(0)", "'now'" },
		{ __LINE__, "'a'::mood || 'b'", "mood", NULL },
		{ __LINE__, "'a' || 'b'", "text", NULL },
		{ __LINE__, "CURRENT_DATE", "date", NULL },
		{ __LINE__, "1", "integer", NULL },
		{ __LINE__, "", "text", NULL },
	};
	struct sd_arena *arena = sd_arena_new();

	(void)state;
	for (size_t i = 0; i < SD_COUNT(rows); i++) {
		const char *literal = sd_sql_literal(pg, arena, rows[i].text, rows[i].type);

		if (!sd_text_equal(literal, rows[i].literal))
			fail_msg("line %d: %s", rows[i].line, literal ? literal : "none");
	}
	sd_arena_free(arena);
}

static void
test_balanced(void **state)
{
	static const struct {
		const char *text;
		bool balanced;
	} rows[] = {
		{ "a + (b)", true },
		{ "", false },
		{ "-- nothing", false },
		{ "a); DROP TABLE t; --", false },
		{ "a)", false },
		{ "(a", false },
		{ "')' || '('", true },
		{ "a /* ( */", true },
		{ "a /* open", false },
		{ "'open", false },
		{ "a; b", false },
		{ "[a)]", true },
	};

	(void)state;
	for (size_t i = 0; i < SD_COUNT(rows); i++)
		if (sd_sql_is_balanced(lite, rows[i].text) != rows[i].balanced)
			fail_msg("%s", rows[i].text);
}

static void
test_rename(void **state)
{
	static const struct {
		const char *text, *from, *to, *result;
	} rows[] = {
		{ "a > 0 AND \"A\" < 9", "a", "b", "b > 0 AND b < 9" },
		{ "lower(name)", "name", "full name", "lower(\"full name\")" },
		{ "name(name)", "name", "x", "name(x)" },
		{ "'a' || a -- a\n", "a", "b", "'a' || b -- a\n" },
		{ "NEW.a IS NOT OLD.[a]", "a", "order", "NEW.\"order\" IS NOT OLD.\"order\"" },
		{ "ab", "a", "b", "ab" },
		{ "CASE WHEN \"end\" THEN end ELSE - end END", "end", "z",
			"CASE WHEN z THEN z ELSE - z END" },
		{ "CASE \"case\" WHEN 1 THEN t.case END", "case", "z",
			"CASE z WHEN 1 THEN t.z END" },
		{ "v, \"desc\" DESC, desc desc", "desc", "z", "v, z DESC, z desc" },
		{ "SELECT \"order\" FROM t ORDER BY t.order", "order", "z",
			"SELECT z FROM t ORDER BY t.z" },
		{ "new.end > old . end AND key > 0", "end", "z",
			"new.z > old . z AND key > 0" },
		{ "PRIMARY KEY (\"key\"), key = key AND NOT key", "key", "z",
			"PRIMARY KEY (z), z = z AND NOT z" },
		{ "CAST(date AS date)", "date", "d", "CAST(d AS date)" },
		{ "CONSTRAINT email CHECK (email > '')", "email", "mail",
			"CONSTRAINT email CHECK (mail > '')" },
		{ "nocase = 1 COLLATE nocase", "nocase", "z", "z = 1 COLLATE nocase" },
		{ "INSERT INTO log(log) SELECT log(log) FROM log", "log", "l",
			"INSERT INTO l(l) SELECT log(l) FROM l" },
	};
	struct sd_arena *arena = sd_arena_new();

	(void)state;
	for (size_t i = 0; i < SD_COUNT(rows); i++)
		assert_string_equal(
			sd_sql_rename(lite, arena, rows[i].text, rows[i].from, rows[i].to),
			rows[i].result);
	assert_true(sd_sql_mentions(lite, arena, "x + \"A\"\"b\"", "a\"B"));
	assert_false(sd_sql_mentions(lite, arena, "'a' /* a */", "a"));
	assert_false(sd_sql_mentions(pg, arena, "\"A\"", "a"));
	assert_string_equal(sd_sql_rename(pg, arena, "A > \"A\"", "A", "b"), "A > b");
	assert_string_equal(sd_sql_rename(pg, arena, "A > \"A\"", "a", "b"), "b > \"A\"");
	sd_arena_free(arena);
}

static void
test_split(void **state)
{
	static const char text[] =
		"-- first\nCREATE TABLE a(b TEXT DEFAULT ';');\n\n;;"
		"CREATE TEMP TRIGGER t AFTER INSERT ON a BEGIN\n"
		"  UPDATE a SET b = CASE WHEN 1 THEN ';' ELSE 2 END; SELECT 1;\n"
		"END ; \nSELECT 1 -- last ;\n";
	static const struct {
		uint32_t line;
		const char *starts;
	} rows[] = {
		{ 2, "CREATE TABLE a(b TEXT DEFAULT ';')" },
		{ 4, "CREATE TEMP TRIGGER" },
		{ 7, "SELECT 1" },
	};
	struct sd_arena *arena = sd_arena_new();
	struct sd_split split;
	struct sd_stmt stmt;
	size_t n = 0;

	(void)state;
	sd_split_init(&split, lite, arena, text, 1);
	for (; sd_split_next(&split, &stmt); n++) {
		assert_true(n < SD_COUNT(rows));
		assert_int_equal(stmt.line, rows[n].line);
		assert_true(sd_text_starts(stmt.text, rows[n].starts));
	}
	assert_int_equal(n, SD_COUNT(rows));
	assert_false(split.unterminated);
	sd_split_init(&split, lite, arena, "CREATE TRIGGER t BEGIN SELECT 1;", 1);
	assert_true(sd_split_next(&split, &stmt));
	assert_true(split.unterminated);
	sd_split_init(&split, pg, arena,
		"CREATE FUNCTION f() RETURNS int BEGIN ATOMIC SELECT 1; END; SELECT $$;$$", 1);
	assert_true(sd_split_next(&split, &stmt));
	assert_true(sd_text_starts(stmt.text, "CREATE FUNCTION"));
	assert_true(sd_split_next(&split, &stmt));
	assert_string_equal(stmt.text, "SELECT $$;$$");
	sd_arena_free(arena);
}

/* How many statements a script has, and whether its end is missing. */
static void
test_split_bodies(void **state)
{
	static const struct {
		int line;
		const struct sd_dialect *const *dialect;
		size_t n;
		bool open;
		const char *text;
	} rows[] = {
		{ __LINE__, &lite, 2, false,
			"CREATE TRIGGER t AFTER INSERT ON x BEGIN INSERT INTO l "
			"VALUES(new.end);"
			" SELECT 1; END; SELECT 2;" },
		{ __LINE__, &lite, 2, false,
			"CREATE TRIGGER t UPDATE OF begin, case ON x WHEN new.end > begin BEGIN"
			" SELECT end AS end; END; SELECT 2" },
		{ __LINE__, &lite, 2, false,
			"CREATE TEMPORARY TRIGGER t INSERT ON x BEGIN SELECT CASE a WHEN 1 "
			"THEN CASE"
			" WHEN 2 THEN 3 END END; SELECT 1; /* ; */ end -- x\n; SELECT 2" },
		{ __LINE__, &lite, 1, false,
			"CREATE TRIGGER t INSERT ON x BEGIN SELECT 1; END" },
		{ __LINE__, &lite, 1, true, "CREATE TRIGGER t INSERT ON x BEGIN SELECT 1" },
		{ __LINE__, &lite, 2, false, "CREATE INDEX trigger ON x(begin); SELECT 2;" },
		{ __LINE__, &lite, 2, false,
			"CREATE TABLE t(trigger, begin, case); SELECT 2;" },
		{ __LINE__, &lite, 2, true, "SELECT 1; /* open SELECT 2;" },
		{ __LINE__, &lite, 1, false, "SELECT 1 /* shut */" },
		{ __LINE__, &lite, 2, true, "SELECT 1; SELECT '2; SELECT 3;" },
		{ __LINE__, &lite, 1, true, "SELECT '" },
		{ __LINE__, &lite, 2, false, "SELECT \001; SELECT 2" },
		{ __LINE__, &pg, 2, false,
			"CREATE TRIGGER t UPDATE OF begin ON x EXECUTE FUNCTION f(); SELECT "
			"2" },
		{ __LINE__, &pg, 2, false,
			"CREATE FUNCTION f() RETURNS int BEGIN ATOMIC SELECT x.end AS case, "
			"CASE"
			" WHEN begin THEN 1 END FROM x; SELECT 1; END; SELECT 2" },
		{ __LINE__, &pg, 1, true, "CREATE FUNCTION f() BEGIN ATOMIC SELECT 1;" },
		{ __LINE__, &pg, 2, true, "SELECT 1; SELECT $a$ ; $b$ ;" },
		{ __LINE__, &pg, 3, false, "BEGIN; SELECT 1; END" },
	};
	struct sd_arena *arena = sd_arena_new();

	(void)state;
	for (size_t i = 0; i < SD_COUNT(rows); i++) {
		struct sd_split split;
		struct sd_stmt stmt;
		size_t n = 0;

		sd_split_init(&split, *rows[i].dialect, arena, rows[i].text, 1);
		while (sd_split_next(&split, &stmt))
			n++;
		if (n != rows[i].n || split.unterminated != rows[i].open)
			fail_msg("line %d: %zu statements, open %d", rows[i].line, n,
				split.unterminated);
	}
	sd_arena_free(arena);
}

static void
test_types(void **state)
{
	static const struct {
		const struct sd_dialect *const *dialect;
		const char *type, *canonical;
	} rows[] = {
		{ &lite, "INT", "integer" },
		{ &lite, "VARCHAR ( 50 )", "varchar(50)" },
		{ &lite, "Character Varying(10)", "varchar(10)" },
		{ &lite, "DECIMAL(10, 2)", "numeric(10,2)" },
		{ &lite, "", "" },
		{ &lite, "my  weird type", "my weird type" },
		{ &pg, "int4[]", "integer[]" },
		{ &pg, "timestamptz(3)", "timestamp(3) with time zone" },
		{ &pg, "timestamp (3) with  time zone", "timestamp(3) with time zone" },
		{ &pg, "varbit(5)", "bit varying(5)" },
		{ &pg, "numeric", "numeric" },
		{ &pg, "varchar", "varchar" },
	};
	struct sd_arena *arena = sd_arena_new();

	(void)state;
	for (size_t i = 0; i < SD_COUNT(rows); i++)
		assert_string_equal(sd_type_canonical(*rows[i].dialect, arena, rows[i].type),
			rows[i].canonical);
	sd_arena_free(arena);
}

/* https://www.sqlite.org/datatype3.html#determination_of_column_affinity */
static char
affinity(const char *type)
{
	static const struct {
		const char *part;
		char affinity;
	} rules[] = { { "int", 'i' }, { "char", 't' }, { "clob", 't' }, { "text", 't' },
		{ "blob", 'b' }, { "real", 'r' }, { "floa", 'r' }, { "doub", 'r' } };

	for (size_t i = 0; i < SD_COUNT(rules); i++)
		if (strstr(type, rules[i].part))
			return rules[i].affinity;
	return *type ? 'n' : 'b';
}

static void
test_aliases_keep_affinity(void **state)
{
	(void)state;
	for (const struct sd_type_alias *a = lite->aliases; a->alias; a++)
		if (affinity(a->alias) != affinity(a->canonical))
			fail_msg("%s is not %s", a->alias, a->canonical);
}

static void
test_names(void **state)
{
	struct sd_arena *arena = sd_arena_new();

	(void)state;
	for (size_t d = 0; sd_dialects[d]; d++)
		for (size_t i = 1; sd_dialects[d]->keywords[i]; i++)
			assert_true(strcmp(sd_dialects[d]->keywords[i - 1],
					    sd_dialects[d]->keywords[i]) < 0);
	assert_string_equal(sd_quote_name(lite, arena, "users"), "users");
	assert_string_equal(sd_quote_name(lite, arena, "Users"), "Users");
	assert_string_equal(sd_quote_name(pg, arena, "Users"), "\"Users\"");
	assert_string_equal(sd_quote_name(lite, arena, "order"), "\"order\"");
	assert_string_equal(sd_quote_name(lite, arena, "a\"b"), "\"a\"\"b\"");
	assert_string_equal(sd_quote_name(lite, arena, ""), "\"\"");
	assert_string_equal(sd_quote_text(lite, arena, "it's"), "'it''s'");
	assert_true(sd_name_equal(lite, "A", "a"));
	assert_false(sd_name_equal(pg, "A", "a"));
	assert_true(sd_is_keyword(lite, "Select"));
	assert_false(sd_is_keyword(lite, "email"));
	sd_arena_free(arena);
}

/* Every soft keyword names a column for the engine; what its version does not know is none. */
static void
test_soft_keywords(void **state)
{
	struct sd_arena *arena = sd_arena_new();

	(void)state;
	for (const char *const *word = lite->soft_keywords; *word; word++) {
		sqlite3 *db;

		assert_true(sd_is_keyword(lite, *word));
		assert_true(word == lite->soft_keywords || strcmp(word[-1], *word) < 0);
		assert_int_equal(sqlite3_open(":memory:", &db), SQLITE_OK);
		if (sqlite3_exec(db,
			    sd_fmt(arena, "CREATE TABLE t(%s); SELECT %s + 1 FROM t", *word,
				    *word),
			    NULL, NULL, NULL) != SQLITE_OK)
			fail_msg("%s: %s", *word, sqlite3_errmsg(db));
		sqlite3_close(db);
	}
	assert_true(sd_is_soft_keyword(lite, "End"));
	assert_false(sd_is_soft_keyword(lite, "case"));
	assert_false(sd_is_soft_keyword(pg, "end"));
	sd_arena_free(arena);
}

static void
test_versions(void **state)
{
	static const struct {
		const struct sd_dialect *const *dialect;
		const char *text;
		int version;
	} rows[] = {
		{ &lite, "3.35", 3035000 },
		{ &lite, "3.40.1", 3040001 },
		{ &lite, "3", 3000000 },
		{ &lite, "3.x", -1 },
		{ &lite, "", -1 },
		{ &lite, "3.", -1 },
		{ &lite, "1.2.3.4", -1 },
		{ &pg, "14", 140000 },
		{ &pg, "14.2", 140002 },
		{ &pg, "v14", -1 },
	};
	struct sd_arena *arena = sd_arena_new();

	(void)state;
	for (size_t i = 0; i < SD_COUNT(rows); i++)
		assert_int_equal(
			sd_dialect_version(*rows[i].dialect, rows[i].text), rows[i].version);
	assert_string_equal(sd_dialect_version_text(lite, arena, 3035000), "3.35");
	assert_string_equal(sd_dialect_version_text(lite, arena, 3040001), "3.40.1");
	assert_string_equal(sd_dialect_version_text(pg, arena, 140002), "14");
	assert_true(sd_dialect_can(lite, 3035000, SD_CAP_DROP_COLUMN));
	assert_false(sd_dialect_can(lite, 3034000, SD_CAP_DROP_COLUMN));
	assert_false(sd_dialect_can(lite, 9999999, SD_CAP_ALTER_TYPE));
	assert_ptr_equal(sd_dialect_find("postgres"), pg);
	assert_null(sd_dialect_find("mysql"));
	sd_arena_free(arena);
}

int
main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(test_tokens),
		cmocka_unit_test(test_values),
		cmocka_unit_test(test_canonical),
		cmocka_unit_test(test_literal),
		cmocka_unit_test(test_balanced),
		cmocka_unit_test(test_rename),
		cmocka_unit_test(test_split),
		cmocka_unit_test(test_split_bodies),
		cmocka_unit_test(test_types),
		cmocka_unit_test(test_aliases_keep_affinity),
		cmocka_unit_test(test_names),
		cmocka_unit_test(test_soft_keywords),
		cmocka_unit_test(test_versions),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
