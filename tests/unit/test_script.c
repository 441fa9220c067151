#include "core/base/text.h"
#include "core/history/script.h"

#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>

#include <cmocka.h>
#include <string.h>

#define HEAD "-- add email\n--\n-- revision: abc\n"

struct fixture {
	struct sd_arena *arena;
	struct sd_diags diags;
};

static int
setup(void **state)
{
	struct sd_arena *arena = sd_arena_new();
	struct fixture *f = sd_new(arena, struct fixture);

	f->arena = f->diags.arena = arena;
	*state = f;
	return 0;
}

static int
teardown(void **state)
{
	sd_arena_free(((struct fixture *)*state)->arena);
	return 0;
}

static const char *
said(struct fixture *f)
{
	struct sd_buf out = SD_BUF(f->arena);

	sd_diags_format(&f->diags, 0, false, &out);
	f->diags.list.n = 0;
	f->diags.n_errors = 0;
	return sd_buf_text(&out);
}

static struct sd_script *
parse_on(struct fixture *f, const char *text, const struct sd_dialect *dialect)
{
	struct sd_script *script =
		sd_script_parse("m.sql", text, strlen(text), dialect, f->arena, &f->diags);

	if (!script)
		print_error("%s", said(f));
	assert_non_null(script);
	assert_int_equal(f->diags.list.n, 0);
	return script;
}

static struct sd_script *
parse(struct fixture *f, const char *text)
{
	return parse_on(f, text, &sd_dialect_sqlite);
}

static const char a_whole_script_text[] = "-- add email: at last\n"
					  "--\n"
					  "-- Copyright: nobody, see https://example.org/\n"
					  "-- revision: 3f9a1c27be40\n"
					  "-- revises: 1975ea83b712, 0bad\n"
					  "-- created: 2026-11-21T10:12:13Z\n"
					  "-- dialect: sqlite, postgresql\n"
					  "-- requires: sqlite 3.35, postgresql 14\n"
					  "-- schema: v1:9d1f\n"
					  "-- x-ticket: 17\n"
					  "\n"
					  "-- schemadiff:up\n"
					  "-- schemadiff:foreign-keys off\n"
					  "-- schemadiff:allow drops-column, loses-rows\n"
					  "-- warning: this is prose\n"
					  "CREATE TABLE t (\n"
					  "  a, -- schema\n"
					  "  b\n"
					  ");\n"
					  "CREATE TRIGGER r AFTER INSERT ON t BEGIN\n"
					  "  SELECT CASE WHEN 1 THEN 2 END;\n"
					  "  DELETE FROM t;\n"
					  "END;\n"
					  ";;\n"
					  "-- schemadiff:expect-none b is NULL in some rows\n"
					  "SELECT * FROM t WHERE b IS NULL;\n"
					  "-- schemadiff:only-if\n"
					  "WITH x AS (SELECT 1) SELECT * FROM x;\n"
					  "DROP TABLE t;\n"
					  "\n"
					  "-- schemadiff:down\n"
					  "-- schemadiff:irreversible the rows are gone\n"
					  "SELECT '-- schemadiff:up';\n";

static void
a_whole_script(void **state)
{
	struct fixture *f = *state;
	const struct sd_script *s = parse(f, a_whole_script_text);

	assert_string_equal(s->message, "add email: at last");
	assert_string_equal(s->revision, "3f9a1c27be40");
	assert_int_equal(s->revises.n, 2);
	assert_string_equal(s->revises.at[1], "0bad");
	assert_string_equal(s->created, "2026-11-21T10:12:13Z");
	assert_int_equal(s->dialects.n, 2);
	assert_string_equal(s->schema, "v1:9d1f");
	assert_int_equal(s->schema_pos.line, 9);
	assert_int_equal(s->revision_pos.line, 4);
	assert_int_equal(s->revision_pos.col, 14);
	assert_int_equal(sd_script_requires(s, &sd_dialect_sqlite), 3035000);
	assert_int_equal(sd_script_requires(s, &sd_dialect_postgresql), 140000);

	assert_true(s->up.present && s->up.foreign_keys_off);
	assert_int_equal(s->up.line, 12);
	assert_int_equal(s->up.allow.n, 2);
	assert_string_equal(s->up.allow.at[1], "loses-rows");
	assert_int_equal(s->up.steps.n, 5);
	assert_string_equal(s->up.steps.at[0].text, "CREATE TABLE t (\n  a, -- schema\n  b\n)");
	assert_int_equal(s->up.steps.at[0].line, 16);
	assert_int_equal(s->up.steps.at[1].line, 20);
	assert_int_equal(s->up.steps.at[2].kind, SD_STEP_EXPECT_NONE);
	assert_string_equal(s->up.steps.at[2].message, "b is NULL in some rows");
	assert_int_equal(s->up.steps.at[2].line, 26);
	assert_int_equal(s->up.steps.at[3].kind, SD_STEP_ONLY_IF);
	assert_true(s->up.steps.at[3].check_only);
	assert_int_equal(s->up.steps.at[4].kind, SD_STEP_RUN);
	assert_false(s->up.steps.at[4].check_only);
	assert_string_equal(s->down.irreversible, "the rows are gone");
	assert_int_equal(s->down.steps.n, 1);
	assert_non_null(strstr(s->down.body, "irreversible"));
	assert_non_null(strstr(s->up.body, "DROP TABLE t;\n"));
	assert_null(strstr(s->up.body, "the rows are gone"));
}

/* A statement at the end of the file needs no semicolon, lines may end as on Windows, a byte
 * order mark is passed over, parts may be empty. */
static void
odd_but_allowed(void **state)
{
	struct fixture *f = *state;
	const struct sd_script *s;

	s = parse(f, "\xef\xbb\xbf-- m\r\n-- revision: a\r\n\r\n-- schemadiff:up\r\nSELECT 1");
	assert_string_equal(s->message, "m");
	assert_string_equal(s->revision, "a");
	assert_int_equal(s->up.steps.n, 1);
	assert_int_equal(s->up.steps.at[0].line, 5);
	assert_false(s->down.present);

	s = parse(f, HEAD "-- schemadiff:up\n\n-- schemadiff:down\n");
	assert_true(s->up.present && s->down.present);
	assert_int_equal(s->up.steps.n + s->down.steps.n, 0);

	s = parse(f, HEAD "--schemadiff:up\nSELECT 1; -- schemadiff:down\nSELECT 2;");
	assert_int_equal(s->up.steps.n, 1);
	assert_string_equal(s->down.steps.at[0].text, "SELECT 2");
	assert_int_equal(s->down.steps.at[0].line, 6);
}

static void
parts_per_dialect(void **state)
{
	static const char text[] = HEAD "-- schemadiff:up postgresql\nDO $$ begin; end; $$;\n"
					"-- schemadiff:up\nSELECT 'any';\n"
					"-- schemadiff:up sqlite\nSELECT 'lite';\n"
					"-- schemadiff:down postgresql\nSELECT 'back';\n";
	struct fixture *f = *state;
	const struct sd_script *lite = parse(f, text);
	const struct sd_script *pg = parse_on(f, text, &sd_dialect_postgresql);

	assert_string_equal(lite->up.steps.at[0].text, "SELECT 'lite'");
	assert_string_equal(lite->up.dialect, "sqlite");
	assert_false(lite->down.present);
	assert_string_equal(pg->up.steps.at[0].text, "DO $$ begin; end; $$");
	assert_true(pg->down.present);
	assert_true(sd_script_is_for(lite, &lite->up, &sd_dialect_sqlite));

	lite = parse(f, "-- m\n-- revision: a\n-- dialect: postgresql\n-- schemadiff:up\n"
			"DO $$ begin; end; $$;\n");
	assert_false(sd_script_is_for(lite, &lite->up, &sd_dialect_sqlite));
	assert_true(sd_script_is_for(lite, &lite->up, &sd_dialect_postgresql));
	assert_int_equal(lite->up.steps.n, 1);
}

static void
checksums(void **state)
{
	static const struct {
		int line;
		const char *a, *b;
		bool same;
	} rows[] = {
		{ __LINE__, "CREATE TABLE t(a);", "CREATE  TABLE\r\n t ( a ) -- c\n;", true },
		{ __LINE__, "-- note\nSELECT 1;", "SELECT /* x */ 1;", true },
		{ __LINE__, "SELECT 1;", "SELECT 2;", false },
		{ __LINE__, "SELECT 'a';", "SELECT 'A';", false },
		{ __LINE__, "SELECT 'a  b';", "SELECT 'a b';", false },
		{ __LINE__, "DROP TABLE t;", "DROP TABLE T;", false },
		{ __LINE__, "SELECT a>=1;", "SELECT a> =1;", false },
		{ __LINE__, "SELECT 1;", "-- schemadiff:expect-none x\nSELECT 1;", false },
		{ __LINE__, "-- schemadiff:expect-none y\nSELECT 1;",
			"-- schemadiff:expect-none x\nSELECT 1;", false },
		{ __LINE__, "--   schemadiff:expect-none   x\nSELECT 1;",
			"-- schemadiff:expect-none x\nSELECT 1;", true },
		{ __LINE__, "SELECT 1;\n-- schemadiff:down\nSELECT 2;",
			"SELECT 1;SELECT 2;\n-- schemadiff:down\n", false },
	};
	struct fixture *f = *state;

	for (size_t i = 0; i < SD_COUNT(rows); i++) {
		const char *a =
			parse(f, sd_fmt(f->arena, HEAD "-- schemadiff:up\n%s\n", rows[i].a))
				->checksum;
		const char *b = parse(f, sd_fmt(f->arena,
						 "-- other\n-- revision: b\n-- revises: "
						 "c\n\n-- schemadiff:up\n%s\n",
						 rows[i].b))
					->checksum;

		if (sd_text_equal(a, b) != rows[i].same)
			print_error("line %d: %s %s\n", rows[i].line, a, b);
		assert_int_equal(sd_text_equal(a, b), rows[i].same);
		assert_int_equal(strlen(a), 40);
	}
}

#define UP HEAD "-- schemadiff:up\n" /* the part's text begins on line 5 */

static const struct {
	int line;
	const char *text, *expected;
} defects_rows[] = {
	{ __LINE__, "",
		"m.sql:1: error: the header has no `-- revision: ID` line\n"
		"hint: the first line is the message, the header follows it\n"
		"m.sql:1: error: there is no `-- schemadiff:up` part\n" },
	{ __LINE__, "SELECT 1;\n-- revision: a\n-- schemadiff:up\n",
		"m.sql:1: error: the first line must be the message: `-- what this "
		"revision does`\n" },
	{ __LINE__, HEAD "SELECT 1;\nSELECT 2;\n-- schemadiff:up\n",
		"m.sql:4: error: a statement stands before the first part; "
		"`-- schemadiff:up` must come before it\n" },
	{ __LINE__, HEAD "-- revison: a\n-- schemadiff:up\n",
		"m.sql:4: error: unknown header key \"revison\": it needs a newer "
		"schemadiff\n"
		"hint: did you mean \"revision\"? (keys of your own begin with x-)\n" },
	{ __LINE__, HEAD "-- verdict: a\n-- schemadiff:up\n",
		"m.sql:4: error: unknown header key \"verdict\": it needs a newer "
		"schemadiff\nhint: keys of your own begin with x-\n" },
	{ __LINE__, HEAD "-- depends-on: b, b\n-- label: head, x-y\n-- schemadiff:up\n",
		"m.sql:4: error: depends on \"b\" twice\n"
		"m.sql:5: error: \"head\" cannot be a label: letters, digits, _ and . are "
		"expected, at most 64, and not the words head, heads, base, current\n"
		"m.sql:5: error: \"x-y\" cannot be a label: letters, digits, _ and . are "
		"expected, at most 64, and not the words head, heads, base, current\n" },
	{ __LINE__, HEAD "-- replaces: a1, a2, a1, b@c\n-- schemadiff:up\n",
		"m.sql:4: error: replaces \"a1\" twice\n"
		"m.sql:4: error: \"b@c\" cannot be a revision: letters, digits, _ and . are "
		"expected, at most 64, and not the words head, heads, base, current\n" },
	{ __LINE__, HEAD "-- revision: b\n-- schemadiff:up\n",
		"m.sql:4: error: \"revision\" is given twice; first on line 3\n" },
	{ __LINE__, "-- m\n-- revision: head\n-- schemadiff:up\n",
		"m.sql:2: error: \"head\" cannot be a revision: letters, digits, _ and "
		". "
		"are expected, at most 64, and not the words head, heads, base, "
		"current\n" },
	{ __LINE__, HEAD "-- revises: x, y, x\n-- schemadiff:up\n",
		"m.sql:4: error: revises \"x\" twice\n" },
	{ __LINE__, HEAD "-- dialect: sqlit\n-- schemadiff:up\n",
		"m.sql:4: error: unknown dialect \"sqlit\"\n"
		"hint: did you mean \"sqlite\"?\n" },
	{ __LINE__, HEAD "-- requires: sqlite\n-- schemadiff:up\n",
		"m.sql:4: error: \"sqlite\" is not a dialect and a version, such as "
		"\"sqlite 3.35\"\n" },
	{ __LINE__, HEAD "-- schemadiff:upp\nSELECT 1;\n",
		"m.sql:4: error: a directive stands before the first part; "
		"`-- schemadiff:up` must come before it\n"
		"m.sql:1: error: there is no `-- schemadiff:up` part\n" },
	{ __LINE__, UP "-- schemadiff:expect-nun x\nSELECT 1;\n",
		"m.sql:5: error: unknown directive \"expect-nun\"\n"
		"hint: did you mean \"expect-none\"?\n" },
	{ __LINE__, UP "-- schemadiff:batch\nSELECT 1;\n",
		"m.sql:6: error: a batch must change rows\n" },
	{ __LINE__, UP "-- schemadiff:batch t id\nDELETE FROM t;\n",
		"m.sql:5: error: `batch` is malformed\n"
		"hint: write `batch`, or `batch TABLE (KEY, …)` with the rows of a round behind "
		"it: `batch users (id) 10000`\n" },
	{ __LINE__, UP "-- schemadiff:batch t (id) 5\nDELETE FROM t WHERE x = ':batch';\n",
		"m.sql:6: error: the statement of this batch has no :batch, which stands for "
		"the condition that selects the rows of a round\n" },
	{ __LINE__, UP "-- schemadiff:batch\nDELETE FROM t WHERE :batch;\n",
		"m.sql:6: error: the directive on line 5 must say `batch TABLE (KEY, …)` for "
		":batch to mean something\n" },
	{ __LINE__, UP "-- schemadiff:transaction now\nDELETE FROM t;\n",
		"m.sql:5: error: this directive takes nothing behind it\n" },
	{ __LINE__, UP "-- schemadiff:foreign-keys off\n-- schemadiff:no-transaction\nVACUUM;\n",
		"m.sql:6: error: a part with `foreign-keys off` is one transaction, whole or "
		"not at all\n" },
	{ __LINE__, UP "VACUUM;\n",
		"m.sql:5: error: this statement cannot run inside a transaction, and a part of "
		"a script is one\n"
		"hint: write `-- schemadiff:no-transaction` before it, and "
		"`-- schemadiff:transaction` behind it\n" },
	{ __LINE__, UP "-- schemadiff:expect-none\nSELECT 1;\n",
		"m.sql:5: error: `expect-none` needs a message: what it means when a "
		"row "
		"is there\n" },
	{ __LINE__, UP "-- schemadiff:expect-none x\nDELETE FROM t;\n",
		"m.sql:6: error: the directive on line 5 needs a SELECT behind it\n" },
	{ __LINE__, UP "-- schemadiff:expect-none x\nWITH q AS (SELECT 1)\nDELETE FROM t;\n",
		"m.sql:6: error: the directive on line 5 needs a SELECT behind it\n" },
	{ __LINE__,
		UP "-- schemadiff:expect-none x\n-- schemadiff:only-if\nSELECT 1;\n"
		   "SELECT 2;\n",
		"m.sql:6: error: two directives stand before one statement; the other "
		"is "
		"on line 5\n" },
	{ __LINE__, UP "SELECT 1;\n-- schemadiff:expect-none x\n-- schemadiff:down\n",
		"m.sql:6: error: no statement follows this directive\n" },
	{ __LINE__, UP "-- schemadiff:only-if\nSELECT 1;\n",
		"m.sql:6: error: no statement follows the query of `only-if`\n" },
	{ __LINE__, UP "SELECT 1;\n-- schemadiff:foreign-keys off\n",
		"m.sql:6: error: `foreign-keys off` must stand before the first "
		"statement "
		"of its part\n" },
	{ __LINE__, UP "-- schemadiff:foreign-keys on\n",
		"m.sql:5: error: `foreign-keys` can only be `off`\n" },
	{ __LINE__, UP "-- schemadiff:irreversible x\n",
		"m.sql:5: error: `irreversible` belongs into the down part\n" },
	{ __LINE__, UP "-- schemadiff:down\n-- schemadiff:irreversible\n",
		"m.sql:6: error: `irreversible` needs the reason\n" },
	{ __LINE__, HEAD "-- schema: mysql v1:a\n-- schemadiff:up\n",
		"m.sql:4: error: \"mysql v1:a\" is not a dialect and a fingerprint, such as "
		"\"sqlite v1:9d1f…\"\n" },
	{ __LINE__, HEAD "-- schema: sqlite v1:a, sqlite v1:b\n-- schemadiff:up\n",
		"m.sql:4: error: a fingerprint for sqlite is given twice\n" },
	{ __LINE__, HEAD "-- schema: v1:a, v1:b\n-- schemadiff:up\n",
		"m.sql:4: error: a fingerprint is given twice\n" },
	{ __LINE__, UP "-- schemadiff:up\n",
		"m.sql:5: error: this part is here twice; first on line 4\n" },
	{ __LINE__, UP "-- schemadiff:down mariadb\n",
		"m.sql:5: error: unknown dialect \"mariadb\"\n" },
	{ __LINE__, UP "ALTER TABLE t ADD a\n-- schemadiff:down\nDROP TABLE t;\n",
		"m.sql:6: error: a directive stands inside the statement that begins "
		"on "
		"line 5\nhint: end that statement with a semicolon\n" },
	{ __LINE__, UP "begin;\n",
		"m.sql:5: error: a script cannot open or end transactions\n"
		"hint: each revision runs in a transaction of its own, which takes its "
		"bookkeeping along\n" },
	{ __LINE__, UP "SELECT 1;\n/* x */ ROLLBACK TO s;\n",
		"m.sql:6: error: a script cannot open or end transactions\n"
		"hint: each revision runs in a transaction of its own, which takes its "
		"bookkeeping along\n" },
	{ __LINE__, UP "PRAGMA main.\"foreign_keys\" = off;\n",
		"m.sql:5: error: PRAGMA foreign_keys does nothing inside a "
		"transaction\n"
		"hint: write `-- schemadiff:foreign-keys off` at the head of the "
		"part\n" },
	{ __LINE__, UP "SELECT 1;\n\\d t\nSELECT 2;\n",
		"m.sql:6: error: commands of a shell cannot stand in a script\n" },
	{ __LINE__, UP ".mode csv\n",
		"m.sql:5: error: commands of a shell cannot stand in a script\n" },
	{ __LINE__, UP "COPY t (a, b)\nFROM stdin;\n",
		"m.sql:6: error: COPY … FROM stdin cannot stand in a script\n"
		"hint: write the rows as INSERT statements\n" },
	{ __LINE__, UP "SELECT 1;\nSELECT\n'a;\n-- schemadiff:down\n",
		"m.sql:7: error: a string, name or comment begins here that does not "
		"end\n" },
	{ __LINE__, UP "SELECT \"a;\n",
		"m.sql:5: error: a string, name or comment begins here that does not "
		"end\n" },
	{ __LINE__, UP "CREATE TRIGGER t AFTER INSERT ON a BEGIN\nSELECT 1;\n",
		"m.sql:5: error: the body of this statement does not end: END; is "
		"missing\n" },
	{ __LINE__,
		UP "CREATE TRIGGER t AFTER INSERT ON a BEGIN\nSELECT 1;\n"
		   "-- schemadiff:down\nSELECT 2;\n",
		"m.sql:7: error: a directive stands inside the statement that begins "
		"on "
		"line 5\nhint: end that statement with a semicolon\n" },
	{ __LINE__, UP "SELECT '\xff';\n", "m.sql:5: error: is not valid UTF-8\n" },
};

static void
defects(void **state)
{
	struct fixture *f = *state;

	for (size_t i = 0; i < SD_COUNT(defects_rows); i++) {
		const struct sd_script *s = sd_script_parse("m.sql", defects_rows[i].text,
			strlen(defects_rows[i].text), &sd_dialect_sqlite, f->arena, &f->diags);
		int code = sd_diags_exit(&f->diags);
		const char *text = said(f);

		if (s || strcmp(text, defects_rows[i].expected) != 0)
			print_error("line %d:\n%s", defects_rows[i].line, text);
		assert_null(s);
		assert_string_equal(text, defects_rows[i].expected);
		assert_int_equal(code, SD_CLASS_HISTORY);
	}
}

static void
nul_bytes(void **state)
{
	static const char nul[] = UP "SELECT 1;\0SELECT 2;\n";
	struct fixture *f = *state;

	assert_null(sd_script_parse(
		"m.sql", nul, sizeof nul - 1, &sd_dialect_sqlite, f->arena, &f->diags));
	assert_string_equal(said(f), "m.sql:5: error: a NUL byte stands here\n");
}

static void
written_and_read_again(void **state)
{
	struct fixture *f = *state;
	struct sd_script_text text = {
		.message = "add\nemail",
		.revision = "3f9a",
		.created = "2026-11-21T10:12:13Z",
		.dialect = "sqlite",
		.requires = "sqlite 3.35",
		.schema = "v1:00",
		.up = "ALTER TABLE t ADD a;\n\n",
		.down = "-- schemadiff:irreversible no\n",
	};
	struct sd_buf out = SD_BUF(f->arena);
	const struct sd_script *s;

	*sd_push(f->arena, &text.revises) = "aa";
	*sd_push(f->arena, &text.revises) = "bb";
	sd_script_write(&text, &out);
	assert_string_equal(sd_buf_text(&out),
		"-- add email\n--\n-- revision: 3f9a\n-- revises: aa, bb\n"
		"-- created: 2026-11-21T10:12:13Z\n-- dialect: sqlite\n"
		"-- requires: sqlite 3.35\n-- schema: v1:00\n\n"
		"-- schemadiff:up\nALTER TABLE t ADD a;\n\n"
		"-- schemadiff:down\n-- schemadiff:irreversible no\n");
	s = parse(f, sd_buf_text(&out));
	assert_string_equal(s->message, "add email");
	assert_int_equal(s->revises.n, 2);
	assert_string_equal(s->down.irreversible, "no");

	out = SD_BUF(f->arena);
	sd_script_write(&(struct sd_script_text){ .revision = "a" }, &out);
	assert_string_equal(sd_buf_text(&out),
		"-- \n--\n-- revision: a\n\n-- schemadiff:up\n\n-- schemadiff:down\n");
	(void)parse(f, sd_buf_text(&out));
}

/* A script for two engines says of each what it needs, leads to and does. */
static void
written_for_two(void **state)
{
	static const struct sd_part_text parts[] = {
		{ "up sqlite", "ALTER TABLE t ADD a text;\n" },
		{ "up postgresql", "ALTER TABLE t ADD a jsonb;\n" },
		{ "down sqlite", "-- none\n" },
		{ "down postgresql", "" },
	};
	struct fixture *f = *state;
	struct sd_script_text text = { .message = "a",
		.revision = "r",
		.dialect = "sqlite, postgresql",
		.requires = "sqlite 3.35, postgresql 14",
		.schema = "sqlite v1:aa, postgresql v1:bb" };
	struct sd_buf out = SD_BUF(f->arena);
	const struct sd_script *s;

	for (size_t i = 0; i < SD_COUNT(parts); i++)
		*sd_push(f->arena, &text.parts) = parts[i];
	sd_script_write(&text, &out);
	assert_string_equal(sd_buf_text(&out),
		"-- a\n--\n-- revision: r\n-- dialect: sqlite, postgresql\n"
		"-- requires: sqlite 3.35, postgresql 14\n"
		"-- schema: sqlite v1:aa, postgresql v1:bb\n\n"
		"-- schemadiff:up sqlite\nALTER TABLE t ADD a text;\n\n"
		"-- schemadiff:up postgresql\nALTER TABLE t ADD a jsonb;\n\n"
		"-- schemadiff:down sqlite\n-- none\n\n-- schemadiff:down postgresql\n");
	s = parse(f, sd_buf_text(&out));
	assert_string_equal(s->schema, "v1:aa");
	assert_string_equal(s->up.steps.at[0].text, "ALTER TABLE t ADD a text");
	assert_true(s->down.present && s->down.steps.n == 0);
	s = parse_on(f, sd_buf_text(&out), &sd_dialect_postgresql);
	assert_string_equal(s->schema, "v1:bb");
	assert_string_equal(s->up.steps.at[0].text, "ALTER TABLE t ADD a jsonb");
	assert_int_equal(sd_script_requires(s, &sd_dialect_postgresql), 140000);
}

/* Whose fingerprint a `schema` line has. */
static void
fingerprints(void **state)
{
	static const struct {
		int line;
		const char *header;
		const char *sqlite, *postgresql; /* NULL = none */
	} rows[] = {
		{ __LINE__, "-- schema: v1:a\n", "v1:a", "v1:a" },
		{ __LINE__, "-- dialect: sqlite\n-- schema: v1:a\n", "v1:a", NULL },
		{ __LINE__, "-- schema: v1:a\n-- dialect: sqlite\n", "v1:a", NULL },
		{ __LINE__, "-- dialect: sqlite, postgresql\n-- schema: v1:a\n", "v1:a", "v1:a" },
		{ __LINE__, "-- schema: sqlite v1:a, postgresql v1:b\n", "v1:a", "v1:b" },
		{ __LINE__, "-- schema:  postgresql\tv1:b ,sqlite  v1:a,\n", "v1:a", "v1:b" },
		{ __LINE__, "-- schema: postgresql v1:b\n", NULL, "v1:b" },
		{ __LINE__, "-- schema: v1:a, postgresql v1:b\n", "v1:a", "v1:b" },
		{ __LINE__, "-- schema: postgresql v1:b, v1:a\n", "v1:a", "v1:b" },
		{ __LINE__, "-- schema: v2:later\n", "v2:later", "v2:later" },
		{ __LINE__, "-- schema:\n", NULL, NULL },
	};
	struct fixture *f = *state;

	for (size_t i = 0; i < SD_COUNT(rows); i++) {
		const char *text = sd_fmt(f->arena, HEAD "%s-- schemadiff:up\n", rows[i].header);
		const char *found[] = { parse(f, text)->schema,
			parse_on(f, text, &sd_dialect_postgresql)->schema };

		if (!sd_text_equal(found[0], rows[i].sqlite) ||
			!sd_text_equal(found[1], rows[i].postgresql))
			fail_msg("line %d: %s, %s", rows[i].line, found[0], found[1]);
	}
}

static void
fingerprints_set(void **state)
{
	struct fixture *f = *state;
	struct sd_script_schemas schemas = { 0 };

	sd_script_schemas_set(&schemas, "sqlite", "v1:a", true, f->arena);
	assert_string_equal(sd_script_schemas_text(&schemas, f->arena), "v1:a");
	sd_script_schemas_set(&schemas, "postgresql", "v1:b", false, f->arena);
	assert_string_equal(
		sd_script_schemas_text(&schemas, f->arena), "v1:a, postgresql v1:b");
	sd_script_schemas_set(&schemas, "postgresql", "v1:c", false, f->arena);
	assert_string_equal(
		sd_script_schemas_text(&schemas, f->arena), "v1:a, postgresql v1:c");
	sd_script_schemas_set(&schemas, "sqlite", "v1:d", true, f->arena);
	assert_string_equal(sd_script_schemas_text(&schemas, f->arena), "v1:d");
}

#define T(test) cmocka_unit_test_setup_teardown(test, setup, teardown)

int
main(void)
{
	const struct CMUnitTest tests[] = {
		T(a_whole_script),
		T(odd_but_allowed),
		T(parts_per_dialect),
		T(checksums),
		T(defects),
		T(nul_bytes),
		T(written_and_read_again),
		T(written_for_two),
		T(fingerprints),
		T(fingerprints_set),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
