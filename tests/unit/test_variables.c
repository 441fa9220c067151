/* Variables of scripts: where one stands, and what is put there. */
#include "tests/unit/run_sql_helper.h"

/* ---- one statement ---------------------------------------------------------------------- */

struct row {
	int line;
	unsigned on;
	const char *sql, *expected; /* NULL: as it is */
};

/* one = it's "1", name = order, plain = acme, empty = */
static const struct row rows[] = {
	{ __LINE__, SD_ON_ALL, "SELECT :'one'", "SELECT 'it''s \"1\"'" },
	{ __LINE__, SD_ON_ALL, "SELECT :'one':'plain' , :'empty'",
		"SELECT 'it''s \"1\"''acme' , ''" },
	{ __LINE__, SD_ON_ALL, "DROP TABLE :\"name\"", "DROP TABLE \"order\"" },
	{ __LINE__, SD_ON_ALL, "DROP TABLE :\"plain\".a", "DROP TABLE acme.a" },
	{ __LINE__, SD_ON_ALL, "SELECT x:\"plain\"y", "SELECT x\"acme\"y" },
	{ __LINE__, SD_ON_ALL, "SELECT :\"one\"", "SELECT \"it's \"\"1\"\"\"" },
	{ __LINE__, SD_ON_ALL, "SELECT ':''one'':\"one\"', \":'one'\", x", NULL },
	{ __LINE__, SD_ON_ALL, "SELECT 1 -- :'one'\n/* :'one' */, 2", NULL },
	{ __LINE__, SD_ON_ALL, "SELECT : 'one', :/**/'one', ::'one', :::'one'", NULL },
	{ __LINE__, SD_ON_ALL, "UPDATE a SET x = :'plain' WHERE :batch",
		"UPDATE a SET x = 'acme' WHERE :batch" },
	{ __LINE__, SD_ON_ALL, "SELECT a[1:'2'], :'1x', :'', :'a b'", NULL },
	{ __LINE__, SD_ON_POSTGRESQL, "SELECT $$:'one'$$, $x$:\"one\"$x$, E':\\':'", NULL },
	{ __LINE__, SD_ON_POSTGRESQL, "SELECT :'plain'::text, 'a'::text",
		"SELECT 'acme'::text, 'a'::text" },
	{ __LINE__, SD_ON_SQLITE, "SELECT `:'one'`, [:'one']", NULL },
};

static const struct sd_variable values[] = { { .name = "one", .value = "it's \"1\"" },
	{ .name = "name", .value = "order" }, { .name = "plain", .value = "acme" },
	{ .name = "empty", .value = "" } };

static void
statements(void **state)
{
	struct fixture *f = *state;
	struct sd_variables variables = { 0 };

	for (size_t i = 0; i < SD_COUNT(values); i++)
		*sd_push(f->arena, &variables) = values[i];
	for (size_t i = 0; i < SD_COUNT(rows); i++)
		for (size_t d = 0; sd_dialects[d]; d++) {
			const struct row *row = &rows[i];
			struct sd_script s = { .path = "s.sql" };
			const char *used = NULL;
			const char *expected = row->expected ? row->expected : row->sql;

			if (!(row->on & sd_dialects[d]->bit))
				continue;
			*sd_push(f->arena, &s.up.steps) =
				(struct sd_step){ .text = row->sql, .line = 1 };
			/* what was put in once is not looked at again */
			for (int twice = 0; twice < 2; twice++) {
				if (sd_variables_expand(&variables, &s, &s.up, sd_dialects[d],
					    f->arena, &f->diags, &used))
					fail_msg("line %d: %s", row->line, said(f));
				if (strcmp(s.up.steps.at[0].text, expected) != 0)
					fail_msg("line %d, %s: %s", row->line,
						sd_dialects[d]->name, s.up.steps.at[0].text);
			}
			assert_int_equal(used != NULL, row->expected != NULL);
		}
}

/* ---- the command line ------------------------------------------------------------------- */

static void
read_texts(void **state)
{
	struct fixture *f = *state;
	struct sd_names texts = { 0 };
	struct sd_variables variables = { 0 };
	static const char *const good[] = { "a=", "b_1=x=y", "_C=' '" };
	static const char *const bad[] = { "a", "=x", "1=x", "a-b=x", "a=1" };

	for (size_t i = 0; i < SD_COUNT(good); i++)
		*sd_push(f->arena, &texts) = good[i];
	assert_int_equal(sd_variables_read(&texts, f->arena, &f->diags, &variables), SD_OK);
	assert_int_equal(variables.n, 3);
	assert_string_equal(variables.at[0].value, "");
	assert_string_equal(variables.at[1].name, "b_1");
	assert_string_equal(variables.at[1].value, "x=y");
	texts.n = 0;
	for (size_t i = 0; i < SD_COUNT(bad); i++)
		*sd_push(f->arena, &texts) = bad[i];
	assert_int_equal(sd_variables_read(&texts, f->arena, &f->diags, &variables), SD_ERR);
	assert_int_equal(f->diags.n_errors, 5);
	assert_string_equal(said(f),
		"error: -V a: expected NAME=VALUE, the name of letters, digits and _\n"
		"error: -V =x: expected NAME=VALUE, the name of letters, digits and _\n"
		"error: -V 1=x: expected NAME=VALUE, the name of letters, digits and _\n"
		"error: -V a-b=x: expected NAME=VALUE, the name of letters, digits and _\n"
		"error: -V a=1: a is given twice\n");
}

/* ---- a run ------------------------------------------------------------------------------ */

static void
give(struct fixture *f, const char *name, const char *value)
{
	*sd_push(f->arena, &f->run.variables) = (struct sd_variable){ .name = name, .value = value };
}

static void
put_two(struct fixture *f)
{
	put(f, "r1", NULL, "CREATE TABLE a (x);", "DROP TABLE a;");
	put(f, "r2", "r1",
		"INSERT INTO a\n  VALUES (:'who');\nCREATE TABLE :\"tab\" (:\"tab\" int);",
		"DROP TABLE :\"tab\";\nDELETE FROM a WHERE x = :'who';");
}

static void
undefined_and_unused(void **state)
{
	struct fixture *f = *state;
	const struct sd_scripts none = { 0 };

	put_two(f);
	load(f);
	give(f, "tabb", "t");
	assert_int_equal(
		sd_variables_check(&f->run.variables, f->run.history, &none, &f->diags), SD_ERR);
	assert_string_equal(said(f),
		"error: -V tabb: no script uses this variable\n"
		"hint: a script uses it as :'tabb' (a literal) or :\"tabb\" (a name)\n");
	f->run.variables.n = 0;
	give(f, "tab", "");
	assert_int_equal(
		sd_variables_check(&f->run.variables, f->run.history, &none, &f->diags), SD_OK);
	/* before anything has run */
	assert_int_equal(upgrade(f, NULL), SD_ERR);
	assert_string_equal(said(f),
		"r2.sql:7: error: the variable who has no value\n"
		"hint: give it one with -V who=VALUE\n"
		"r2.sql:8: error: the variable tab is empty, and a name can't be\n"
		"r2.sql:8: error: the variable tab is empty, and a name can't be\n");
	assert_string_equal(ask(f, tables), "");
	/* what does not run needs none */
	expect_clean(f, upgrade(f, "r1"));
}

static void
recorded(void **state)
{
	struct fixture *f = *state;
	const char *out;

	put_two(f);
	for (int shell = 0; shell < 2; shell++) {
		load(f);
		f->run.variables.n = 0;
		give(f, "who", "it's me");
		give(f, "tab", "group");
		if (shell) {
			assert_int_equal(print_sql(f, NULL, NULL, SD_UP), SD_OK);
			assert_int_equal(pipe_sql(f, &out), 0);
		} else {
			expect_clean(f, upgrade(f, NULL));
			assert_string_equal(joined(f, &f->result.done), "r1 r2");
		}
		assert_string_equal(ask(f, tables), "a\ngroup");
		assert_string_equal(ask(f, "SELECT x FROM a"), "it's me");
		assert_string_equal(
			ask(f, "SELECT result FROM schemadiff_log ORDER BY rowid DESC LIMIT 2"),
			"ok, with who = 'it''s me', tab = 'group'\nok");
		expect_clean(f, downgrade(f, NULL));
		assert_string_equal(
			ask(f, "SELECT result FROM schemadiff_log WHERE action = 'downgrade' "
			       "AND revision = 'r2' ORDER BY rowid DESC LIMIT 1"),
			"ok, with tab = 'group', who = 'it''s me'");
	}
}

/* A part that is half done goes on with the values that its finished statements had. */
static void
half_done(void **state)
{
	struct fixture *f = *state;

	put(f, "r1", NULL,
		"CREATE TABLE a (x UNIQUE);\nINSERT INTO a VALUES (:'one');\n"
		"INSERT INTO a VALUES (:'two');",
		NULL);
	load(f);
	f->run.mode = SD_RUN_NONE;
	give(f, "one", "1");
	give(f, "two", "1");
	assert_int_equal(upgrade(f, NULL), SD_ERR);
	assert_non_null(strstr(said(f), "2 of 3 statements of revision r1 are done"));

	load(f);
	f->run.variables.n = 0;
	give(f, "one", "7");
	give(f, "two", "2");
	assert_int_equal(upgrade(f, NULL), SD_ERR);
	assert_string_equal(said(f),
		"r1.sql:5: error: revision r1 was edited after 2 of its statements had run, or "
		"had other variables\n"
		"hint: bring the script and its variables back as they were, or say with "
		"--resume-at N which statement is the next\n");

	load(f);
	f->run.variables.n = 0;
	give(f, "one", "1");
	give(f, "two", "2");
	expect_clean(f, upgrade(f, NULL));
	assert_string_equal(ask(f, "SELECT group_concat(x) FROM a"), "1,2");
}

int
main(void)
{
	const struct CMUnitTest tests[] = {
		T(statements),
		T(read_texts),
		T(undefined_and_unused),
		T(recorded),
		T(half_done),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
