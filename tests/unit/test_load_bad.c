/* Each mistake a file can make, with the whole of what is said about it. */
#include "tests/unit/load_helper.h"

static const struct {
	int line;
	const char *a, *b, *report;
} bad[] = {
	{ __LINE__, "[]", NULL,
		"a.json:1:1: error: expected an object with \"tables\", found a list\n" },
	{ __LINE__, "~{ `tabels`: {} }", NULL,
		"a.json:1:3: error: unknown key \"tabels\"\nhint: did you mean \"tables\"?\n" },
	{ __LINE__, "~{ `sequences`: { `s`: {} } }", NULL,
		"a.json:1:3: error: sequences are not managed on sqlite\n"
		"hint: keep them in a file that is read for the other engine alone: "
		"\"schemas_for\" of the configuration, or \"schemas\" of an environment\n" },
	{ __LINE__, "~{ `schema`: `x` }", NULL,
		"a.json:1:3: error: sqlite has no namespaces: leave \"schema\" out\n" },
	{ __LINE__, "~{ `tables`: [] }", NULL,
		"a.json:1:13: error: \"tables\": expected an object with the names as keys, "
		"found a "
		"list\n" },
	{ __LINE__, "~{ `tables`: { `t`: [] } }", NULL,
		"a.json:1:20: error: \"t\": expected an object, found a list\n"
		"a.json:1:15: error: table t has no columns\n" },
	{ __LINE__, "~{ `tables`: { `t`: {} } }", NULL,
		"a.json:1:15: error: table t has no columns\n" },
	{ __LINE__, "~{ `tables`: { ``: {} } }", NULL,
		"a.json:1:15: error: a name can't be empty\n" },
	{ __LINE__, T2(A, "`exclusions`: { `e`: {} }"), NULL,
		"a.json:3:2: error: exclusion constraints are not managed on sqlite\n"
		"hint: keep them in a file that is read for the other engine alone: "
		"\"schemas_for\" of the configuration, or \"schemas\" of an environment\n" },
	{ __LINE__, T2(A, "`idexes`: {}"), NULL,
		"a.json:3:2: error: unknown key \"idexes\"\nhint: did you mean "
		"\"indexes\"?\n" },
	{ __LINE__, T2(A, "`sqlite`: { `strikt`: true }"), NULL,
		"a.json:3:14: error: unknown key \"strikt\"\nhint: did you mean "
		"\"strict\"?\n" },
	{ __LINE__, T("`a`: { `nullable`: false }"), NULL,
		"a.json:2:22: error: column t.a has no \"type\"\n" },
	{ __LINE__, T("`a`: { `type`: 1 }"), NULL,
		"a.json:2:37: error: \"type\": expected a type, or an object with one per "
		"dialect, "
		"found a number\n" },
	{ __LINE__, T("`a`: { `type`: { `postgresql`: `int` } }"), NULL,
		"a.json:2:37: error: expected a value for \"sqlite\" here\n" },
	{ __LINE__, T("`a`: { `type`: { `sqllite`: `int` } }"), NULL,
		"a.json:2:39: error: unknown key \"sqllite\"\nhint: did you mean "
		"\"sqlite\"?\n" },
	{ __LINE__, T("`a`: { `type`: `integer[]` }"), NULL,
		"a.json:2:37: error: sqlite has no arrays (type integer[])\n"
		"hint: give a type per dialect: { \"sqlite\": \"text\", … }\n" },
	{ __LINE__, T("`a`: { `type`: `int not null` }"), NULL,
		"a.json:2:37: error: expected a type alone, found the word not in \"int not "
		"null\"\n" },
	{ __LINE__, T("`a`: { `type`: `int)` }"), NULL,
		"a.json:2:37: error: \"int)\" is not a type: a bracket or quote is not closed, "
		"or a "
		"semicolon stands in it\n" },
	{ __LINE__, T("`a`: { `type`: `int`, `default`: `(1; 2)` }"), NULL,
		"a.json:2:55: error: expected one whole SQL expression: it is empty, or a "
		"bracket, "
		"quote or comment is not closed, or a semicolon stands in it\n" },
	{ __LINE__, T("`a`: { `type`: `int`, `default`: [] }"), NULL,
		"a.json:2:55: error: \"default\": expected an SQL expression in a string, a "
		"number, "
		"true, false or null, or an object with one per dialect, found a list\n" },
	{ __LINE__, T("`a`: { `type`: `int`, `nullable`: `no` }"), NULL,
		"a.json:2:56: error: \"nullable\": expected true or false, found a string\n" },
	{ __LINE__, T("`a`: { `type`: `int`, `identity`: `allways` }"), NULL,
		"a.json:2:56: error: expected \"always\" or \"by default\", found \"allways\"\n"
		"hint: did you mean \"always\"?\n" },
	{ __LINE__, T("`a`: { `type`: `int`, `identity`: { `start`: 5 } }"), NULL,
		"a.json:2:56: error: expected \"generated\" among the members\n" },
	{ __LINE__, T("`a`: { `type`: `int`, `identity`: `always` }"), NULL,
		"a.json:2:22: error: column t.a: sqlite has an identity only in an INTEGER "
		"primary "
		"key of one column, in a table with rowid\n"
		"hint: make a the primary key of t, or leave an identity out\n" },
	{ __LINE__,
		T("`a`: { `type`: `int`, `primary_key`: true, `sqlite`: { `autoincrement`: "
		  "true } }"),
		NULL,
		"a.json:2:22: error: column t.a: sqlite has autoincrement only in an INTEGER "
		"primary "
		"key of one column, in a table with rowid\nhint: give it the type integer\n" },
	{ __LINE__, T("`a`: { `type`: `integer`, `primary_key`: true, `nullable`: true }"),
		NULL,
		"a.json:2:22: error: column t.a is nullable, but a primary key column is the "
		"rowid, "
		"which is never NULL\n" },
	{ __LINE__,
		T("`a`: { `type`: `int`, `default`: 1, `generated`: { `as`: `1` } }, "
		  "`b`: { `type`: `int` }"),
		NULL,
		"a.json:2:22: error: column t.a has both a default and a generated value\n" },
	{ __LINE__,
		T("`a`: { `type`: `integer`, `default`: 1, `identity`: `always`, "
		  "`primary_key`: "
		  "true }"),
		NULL, "a.json:2:22: error: column t.a has both a default and an identity\n" },
	{ __LINE__,
		T("`b`: { `type`: `int` }, `a`: { `type`: `integer`, `generated`: { `as`: `b` "
		  "}, "
		  "`identity`: `always`, `primary_key`: true }"),
		NULL,
		"a.json:2:46: error: column t.a has both a generated value and an identity\n"
		"a.json:2:122: error: primary key of t: column a is generated, which can't be "
		"a "
		"key\n" },
	{ __LINE__,
		T2("`a`: { `type`: `int`, `primary_key`: true, `nullable`: true }",
			"`sqlite`: { `strict`: true }"),
		NULL,
		"a.json:2:22: error: column t.a is nullable, but a primary key column is never "
		"NULL "
		"in a strict table\n" },
	{ __LINE__,
		T2("`a`: { `type`: `int`, `primary_key`: true, `nullable`: true }",
			"`sqlite`: { `without_rowid`: true }"),
		NULL,
		"a.json:2:22: error: column t.a is nullable, but a primary key column is never "
		"NULL "
		"in a table without rowid\n" },
	{ __LINE__, T("`a`: { `type`: `int`, `generated`: { `as`: `1` } }"), NULL,
		"a.json:2:2: error: table t has generated columns alone: expected another "
		"one\n" },
	{ __LINE__, T("`a`: { `type`: `int`, `generated`: { `stored`: true } }"), NULL,
		"a.json:2:22: error: column t.a is \"stored\" but has no \"as\"\n" },
	{ __LINE__, T(A ", `A`: { `type`: `int` }"), NULL,
		"a.json:2:46: error: column t.A and column t.a differ only in upper and lower "
		"case: "
		"one name to sqlite\na.json:2:22: note: the first definition is here\n" },
	/* Primary keys. */
	{ __LINE__,
		T("`a`: { `type`: `int`, `primary_key`: true }, `b`: { `type`: `int`, "
		  "`primary_key`: "
		  "true }"),
		NULL,
		"a.json:2:89: error: table t has a primary key already\n"
		"a.json:2:44: note: the first one is here\n"
		"hint: a key of several columns is \"primary_key\": [\"a\", \"b\"] of the "
		"table\n" },
	{ __LINE__, T2("`a`: { `type`: `int`, `primary_key`: true }", "`primary_key`: [`a`]"),
		NULL,
		"a.json:3:2: error: primary key of t is given twice\n"
		"a.json:2:44: note: the first one is here\n" },
	{ __LINE__, T2(A, "`primary_key`: []"), NULL,
		"a.json:3:17: error: expected at least one column\n" },
	{ __LINE__, T2(A, "`primary_key`: [`b`]"), NULL,
		"a.json:3:2: error: primary key of t: table t has no column b\n"
		"hint: did you mean a?\n" },
	{ __LINE__, T2(A, "`primary_key`: [`a`, `a`]"), NULL,
		"a.json:3:2: error: primary key of t lists column a twice\n" },
	{ __LINE__, T2(A, "`sqlite`: { `without_rowid`: true }"), NULL,
		"a.json:2:2: error: table t is without rowid: it needs a primary key\n" },
	{ __LINE__, T2(A, "`unique`: { `u`: [{ `expression`: `a+1` }] }"), NULL,
		"a.json:3:14: error: unique constraint u of t: expected columns, found the "
		"expression "
		"a+1\nhint: a unique index may have expressions: \"indexes\": { … \"unique\": "
		"true }\n" },
	{ __LINE__, T2(A, "`unique`: { `u`: { `columns`: `a`, `name`: `v` } }"), NULL,
		"a.json:3:37: error: \"name\" is not allowed here: the name is u\n"
		"hint: change the key of this entry instead\n" },
	{ __LINE__, T2(A, "`unique`: { `u`: { `columns`: `a`, `include`: [`b`] } }"), NULL,
		"a.json:3:14: error: unique constraint u of t: table t has no column b\n"
		"hint: did you mean a?\n" },
	/* Indexes and checks. */
	{ __LINE__, T2(A, "`indexes`: { `i`: [{ `name`: `a`, `expression`: `a` }] }"), NULL,
		"a.json:3:21: error: expected only one of \"name\" or \"expression\"\n" },
	{ __LINE__, T2(A, "`indexes`: { `i`: [{ `name`: `a`, `order`: `down` }] }"), NULL,
		"a.json:3:45: error: expected \"asc\" or \"desc\", found \"down\"\n" },
	{ __LINE__, T2(A, "`indexes`: { `i`: {} }"), NULL,
		"a.json:3:15: error: index i has no \"columns\"\n" },
	{ __LINE__, T2(A, "`indexes`: [`a`, [`a`]]"), NULL,
		"a.json:3:19: error: index ix_t_a is defined twice\n"
		"a.json:3:14: note: the first definition is here\n"
		"hint: the naming convention gives both this name: name one of them\n" },
	{ __LINE__, T2(A, "`indexes`: { `t`: `a` }"), NULL,
		"a.json:3:15: error: index t has the name of table t\n"
		"a.json:2:2: note: the first definition is here\n" },
	{ __LINE__, T2(A, "`indexes`: { `sqlite_x`: `a` }"), NULL,
		"a.json:3:15: error: index sqlite_x: names that begin with sqlite_ belong to "
		"sqlite\n" },
	{ __LINE__, T2(A, "`checks`: { `c`: `` }"), NULL,
		"a.json:3:19: error: expected one whole SQL expression: it is empty, or a "
		"bracket, "
		"quote or comment is not closed, or a semicolon stands in it\n" },
	{ __LINE__, T2(A, "`checks`: [{ `expresion`: `a` }]"), NULL,
		"a.json:3:15: error: unknown key \"expresion\"\nhint: did you mean "
		"\"expression\"?\n"
		"a.json:3:13: error: this check has no \"expression\"\n" },
	/* Foreign keys. */
	{ __LINE__, T("`a`: { `type`: `int`, `references`: { `table`: `u` } }"), NULL,
		"a.json:2:44: error: foreign key fk_t_a_u of t refers to table u, which no "
		"file "
		"defines\nhint: did you mean t?\n" },
	{ __LINE__, T("`a`: { `type`: `int`, `references`: { `column`: `u` } }"), NULL,
		"a.json:2:58: error: this foreign key has no \"table\"\n" },
	{ __LINE__,
		T("`a`: { `type`: `int`, `references`: { `table`: `t`, `columns`: [`a`] } }"),
		NULL,
		"a.json:2:74: error: \"columns\" is not allowed here: it is column a\n"
		"hint: a foreign key of several columns stands in \"foreign_keys\"\n"
		"a.json:2:44: error: foreign key fk_t_a_t of t names no column of t, which has "
		"no "
		"primary key\n" },
	{ __LINE__, T("`a`: { `type`: `int`, `references`: `other_table` }"), NULL,
		"a.json:2:44: error: foreign key fk_t_a_other_table of t refers to table "
		"other_table, "
		"which no file defines\nhint: a table that is made elsewhere is written "
		"\"other_table\": { \"managed\": false }\n" },
	{ __LINE__,
		T2(A, "`foreign_keys`: { `f`: { `columns`: [`a`, `z`], `table`: `t`, "
		      "`ref_columns`: `a` } }"),
		NULL,
		"a.json:3:20: error: foreign key f of t: table t has no column z\n"
		"hint: did you mean a?\n"
		"a.json:3:20: error: foreign key f of t has 2 columns but refers to 1: t (a)\n"
		"a.json:3:20: warning: foreign key f of t refers to t (a), which is neither a "
		"primary key nor unique\n" },
	{ __LINE__,
		T2("`a`: { `type`: `int`, `unique`: true }",
			"`foreign_keys`: { `f`: { `columns`: [`a`], `table`: `t`, "
			"`ref_columns`: `a`, "
			"`set_columns`: [`b`] } }"),
		NULL,
		"a.json:3:20: error: foreign key f of t: table t has no column b\n"
		"hint: did you mean a?\n" },
	/* Duplicates over files. */
	{ __LINE__, T(A), T(A),
		"b.json:2:2: error: table t is defined twice\n"
		"a.json:2:2: note: the first definition is here\n" },
	{ __LINE__, T(A), "~{ `views`: { `T`: `SELECT 1` } }",
		"b.json:1:14: error: view T and table t differ only in upper and lower case: "
		"one name "
		"to sqlite\na.json:2:2: note: the first definition is here\n" },
	{ __LINE__, "~{ `enums`: { `e`: [{ `value`: `a`, `renamed_from`: 1 }] } }", NULL,
		"a.json:1:52: error: \"renamed_from\": expected a string, found a number\n" },
	{ __LINE__, "~{ `enums`: { `e`: [] } }", "~{ `enums`: { `e`: [`a`, `a`] } }",
		"a.json:1:19: error: expected at least one value\n"
		"b.json:1:14: error: enum e is defined twice\n"
		"a.json:1:14: note: the first definition is here\n"
		"b.json:1:25: error: value \"a\" is listed twice\n" },
	/* Renames. */
	{ __LINE__,
		T("`a`: { `type`: `int`, `renamed_from`: `b` }, `b`: { `type`: `int`, "
		  "`renamed_from`: "
		  "`a` }"),
		NULL,
		"a.json:2:67: error: column t.b is renamed from a, which is renamed from it in "
		"turn\n"
		"a.json:2:22: note: column t.a is here\n"
		"hint: use two revisions, with a name in between that is free\n" },
	{ __LINE__,
		T("`a`: { `type`: `int`, `renamed_from`: `x` }, `b`: { `type`: `int`, "
		  "`renamed_from`: "
		  "[`x`] }"),
		NULL,
		"a.json:2:67: error: column t.b and column t.a are both renamed from x\n"
		"a.json:2:22: note: the other one is here\n" },
	/* Strict tables. */
	{ __LINE__, T2("`a`: { `type`: `varchar(3)` }", "`sqlite`: { `strict`: true }"), NULL,
		"a.json:2:22: error: column t.a: a strict table has no type \"varchar(3)\", "
		"only int, "
		"integer, real, text, blob and any\n"
		"hint: give a type per dialect: { \"sqlite\": \"text\", … }\n" },
	/* Views and triggers. */
	{ __LINE__, "~{ `views`: { `v`: { `definition`: `SELECT 1; SELECT 2` } } }", NULL,
		"a.json:1:35: error: expected one whole SQL query: it is empty, or a bracket, "
		"quote "
		"or comment is not closed, or a semicolon stands in it\n" },
	{ __LINE__, "~{ `views`: { `v`: { `defintion`: `SELECT 1` } } }", NULL,
		"a.json:1:21: error: unknown key \"defintion\"\nhint: did you mean "
		"\"definition\"?\n"
		"a.json:1:14: error: view v has no \"definition\"\n" },
	{ __LINE__,
		T2(A, "`triggers`: { `g`: { `timing`: `instead of`, `events`: [`insert`, "
		      "`update`], "
		      "`body`: `BEGIN SELECT 1; END` } }"),
		NULL,
		"a.json:3:87: error: the body begins with BEGIN\n"
		"hint: give only what stands between BEGIN and END\n"
		"a.json:3:16: error: trigger g of t: only a view has triggers \"instead of\"\n"
		"a.json:3:16: error: trigger g of t: on sqlite a trigger has one event\n"
		"hint: write a trigger per event\n" },
	{ __LINE__,
		"~{ `views`: { `v`: { `definition`: `SELECT 1`, `triggers`: { `g`: { `timing`: "
		"`after`, `events`: `truncate`, `body`: `SELECT 1` } } } } }",
		NULL,
		"a.json:1:61: error: trigger g of v: a view has only triggers \"instead of\"\n"
		"a.json:1:61: error: trigger g of v: sqlite has no TRUNCATE\n" },
	{ __LINE__,
		T2(A, "`triggers`: { `g`: { `timing`: `after`, `events`: `insert`, `body`: "
		      "`SELECT "
		      "1` } } }, `u`: { `columns`: { " A " }, `triggers`: { `g`: { `timing`: "
		      "`after`, `events`: `insert`, `body`: `SELECT 1` } }"),
		NULL,
		"a.json:3:148: error: trigger g of u has the name of trigger g of t\n"
		"a.json:3:16: note: the first definition is here\n" },
	{ __LINE__,
		T2(A, "`triggers`: { `g`: { `timing`: `after`, `events`: `insert`, `of`: "
		      "[`z`], "
		      "`for_each`: `statement`, `body`: `SELECT (1` } }"),
		NULL,
		"a.json:3:108: error: expected whole SQL statements: a bracket, quote or "
		"comment is "
		"not closed, or there is no statement\n"
		"a.json:3:16: error: trigger g of t: \"of\" needs the event \"update\"\n"
		"a.json:3:16: error: trigger g of t: table t has no column z\nhint: did you "
		"mean a?\n"
		"a.json:3:16: error: trigger g of t: on sqlite a trigger runs for each row, "
		"not for a "
		"statement\n" },
};

static void
test_bad(void **state)
{
	int failed = 0;

	(void)state;
	for (size_t i = 0; i < SD_COUNT(bad); i++) {
		const struct sd_schema *schema = load2(&sd_dialect_sqlite, bad[i].a, bad[i].b);

		if (!schema && strcmp(reports(), bad[i].report) == 0)
			continue;
		print_error("line %d:\n%s---\n%s\n", bad[i].line, bad[i].report, reports());
		failed++;
	}
	assert_int_equal(failed, 0);
}

int
main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test_setup_teardown(test_bad, setup, teardown),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
