#include "core/base/file.h"
#include "core/base/text.h"
#include "core/schema/load.h"

#include <setjmp.h>
#include <stdarg.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include <cmocka.h>

static struct sd_arena *arena;
static struct sd_diags diags;

static int
setup(void **state)
{
	(void)state;
	arena = sd_arena_new();
	return 0;
}

static int
teardown(void **state)
{
	(void)state;
	sd_arena_free(arena);
	return 0;
}

/* Load @a and @b (unless NULL) as a.json and b.json.  Single quotes stand for double ones
 * where @text has a leading "~", which keeps the rows below readable. */
static struct sd_schema *
load2(const struct sd_dialect *dialect, const char *a, const char *b)
{
	struct sd_load_options options = { .dialect = dialect };
	const char *texts[] = { a, b }, *names[] = { "a.json", "b.json" };
	struct sd_loader *loader;

	diags = (struct sd_diags){ .arena = arena };
	loader = sd_loader_new(&options, arena, &diags);
	for (size_t i = 0; i < SD_COUNT(texts) && texts[i]; i++) {
		const char *text = texts[i][0] == '~'
					   ? sd_text_replace(arena, texts[i] + 1, "`", "\"")
					   : texts[i];
		struct sd_load_file file = { names[i], text, strlen(text) };

		(void)sd_loader_add(loader, &file);
	}
	return sd_loader_finish(loader);
}

static struct sd_schema *
load(const char *text)
{
	return load2(&sd_dialect_sqlite, text, NULL);
}

static const char *
reports(void)
{
	static struct sd_buf buf;

	buf = SD_BUF(arena);
	sd_diags_format(&diags, 0, false, &buf);
	return sd_buf_text(&buf);
}

/* ---- a schema in words -------------------------------------------------------------- */

static void
dump_object(struct sd_buf *out, const struct sd_object *object)
{
	const struct sd_kind_desc *desc = &sd_kinds[object->kind];
	const struct sd_object *blank = sd_object_new(arena, object->kind, NULL, NULL);
	static const char letters[] = "NCUI";

	sd_buf_addf(out, "%s %s", desc->word, object->name);
	if (object->flags)
		sd_buf_addc(out, ' ');
	for (unsigned bit = 0; bit < 4; bit++)
		if (object->flags & (1u << bit))
			sd_buf_addc(out, letters[bit]);
	for (size_t i = 0; i < object->renamed_from.n; i++)
		sd_buf_addf(out, " was %s", object->renamed_from.at[i]);
	for (size_t i = 0; i < desc->n_fields; i++) {
		const struct sd_field *field = &desc->fields[i];
		const char *text = sd_field_text(arena, field, object);

		if (strcmp(text, sd_field_text(arena, field, blank)) != 0)
			sd_buf_addf(out, " %s=%s", field->key, text);
	}
	if (object->kind == SD_COLUMN && ((const struct sd_column *)object)->rowid_alias)
		sd_buf_add(out, " rowid");
	sd_buf_addc(out, '\n');
}

static void
dump_list(struct sd_buf *out, const struct sd_list *list)
{
	for (size_t i = 0; i < list->n; i++)
		dump_object(out, list->at[i]);
}

static const char *
dump(const struct sd_schema *schema)
{
	struct sd_buf out = SD_BUF(arena);

	for (int kind = SD_N_PARTS; kind < SD_KIND__MAX; kind++) {
		for (size_t i = 0; i < schema->objects[kind].n; i++) {
			struct sd_object *object = schema->objects[kind].at[i];

			dump_object(&out, object);
			for (int part = 0; object->kind != SD_ENUM && part < SD_N_PARTS; part++)
				dump_list(&out, sd_parts_of(object, (enum sd_kind)part));
		}
	}
	return sd_buf_text(&out);
}

static const struct {
	int line;
	const char *text, *dump;
} good[] = {
	{ __LINE__, "{}", "" },
	{ __LINE__, "~{ `$schema`: `x`, `x-note`: [1], `tables`: {} }", "" },
	{ __LINE__, "~{ `tables`: { `t`: { `columns`: { `a`: { `type`: `text` } } } } }",
		"table t\ncolumn a type=text\n" },
	/* Shorthands of a column. */
	{ __LINE__,
		"~{ `tables`: { `p`: { `columns`: { `id`: { `type`: `integer`, `primary_key`: "
		"true },"
		" `t`: { `type`: `int`, `nullable`: false, `unique`: true, `index`: `my_ix`,"
		" `check`: `(t > 0)`, `references`: { `table`: `p`, `on_delete`: `cascade` } } "
		"} } } }",
		"table p\n"
		"column id type=integer rowid\n"
		"column t type=int nullable=not null\n"
		"primary key pk_p NC columns=id\n"
		"unique constraint uq_p_t NC columns=t\n"
		"check ck_p_t NC expression=t > 0\n"
		"foreign key fk_p_t_p NC columns=t table=p ref_columns=id on_delete=cascade\n"
		"index my_ix columns=t\n" },
	/* Sections as objects and as arrays. */
	{ __LINE__,
		"~{ `tables`: { `t`: { `columns`: { `a`: { `type`: `int` }, `b`: { `type`: "
		"`int` } },"
		" `primary_key`: [`a`, `b`],"
		" `unique`: [[`a`, `b`], { `name`: `u2`, `columns`: `b`, `on_conflict`: "
		"`ignore` }],"
		" `checks`: { `ck_t_a`: `a > 0`, `other`: { `expression`: `b > 0` } },"
		" `indexes`: { `ix_t_a`: `a`, `i2`: { `columns`: [{ `name`: `b`, `order`: "
		"`desc`,"
		" `collation`: `nocase` }, { `expression`: `(lower(a))` }], `unique`: true,"
		" `where`: `(a) > (1)` } } } } }",
		"table t\n"
		"column a type=int nullable=not null\n"
		"column b type=int nullable=not null\n"
		"primary key pk_t NC columns=a, b\n"
		"unique constraint u2 columns=b on_conflict=ignore\n"
		"unique constraint uq_t_a_b NC columns=a, b\n"
		"check ck_t_a C expression=a > 0\n"
		"check other expression=b > 0\n"
		"index i2 columns=b collate nocase desc, lower(a) unique=yes where=(a) > (1)\n"
		"index ix_t_a C columns=a\n" },
	{ __LINE__,
		"~{ `tables`: { `t`: { `columns`: { `a`: { `type`: `int` } },"
		" `checks`: [`a > 0`], `indexes`: [[{ `expression`: `a + 1` }], `a`],"
		" `unique`: [`a`] } } }",
		"table t\n"
		"column a type=int\n"
		"unique constraint uq_t_a NC columns=a\n"
		"check ck_t_a_0 NC expression=a > 0\n"
		"index ix_t_a NC columns=a\n"
		"index ix_t_a_1 NC columns=a + 1\n" },
	/* Constraints that the convention gives one name are numbered. */
	{ __LINE__,
		"~{ `tables`: { `t`: { `columns`: { `a`: { `type`: `int`, `unique`: true } },"
		" `unique`: [`a`], `checks`: [`a > 0`, `a < 0`, `a = 0`,"
		" { `name`: `ck_t_a_0_2`, `expression`: `a` }],"
		" `foreign_keys`: [{ `columns`: [`a`], `table`: `t`, `ref_columns`: [`a`] },"
		" { `columns`: [`a`], `table`: `t`, `ref_columns`: [`a`] }] } } }",
		"table t\n"
		"column a type=int\n"
		"unique constraint uq_t_a NC columns=a\n"
		"unique constraint uq_t_a_2 N columns=a\n"
		"check ck_t_a_0 NC expression=a > 0\n"
		"check ck_t_a_0_2 expression=a\n"
		"check ck_t_a_0_3 N expression=a < 0\n"
		"check ck_t_a_0_4 N expression=a = 0\n"
		"foreign key fk_t_a_t NC columns=a table=t ref_columns=a\n"
		"foreign key fk_t_a_t_2 N columns=a table=t ref_columns=a\n" },
	/* Defaults, per-dialect values, generated columns, groups. */
	{ __LINE__,
		"~{ `tables`: { `t`: { `sqlite`: { `strict`: false }, `postgresql`: { "
		"`unlogged`: true,"
		" `fillfactor`: 70 }, `columns`: { `a`: { `type`: { `postgresql`: `jsonb`,"
		" `sqlite`: `text` }, `default`: 0 }, `b`: { `type`: `int`, `default`: true },"
		" `c`: { `type`: `int`, `default`: null }, `d`: { `type`: `int`,"
		" `default`: { `postgresql`: `now()` } }, `e`: { `type`: `int`,"
		" `generated`: { `as`: `((a) + (b))`, `stored`: true } },"
		" `f`: { `type`: `text`, `collation`: `BINARY`, `default`: `NULL`, `backfill`: "
		"1,"
		" `sqlite`: { `on_conflict`: `replace` } } } } } }",
		"table t unlogged=yes fillfactor=70\n"
		"column a type=text default=0\n"
		"column b type=int default=true\n"
		"column c type=int\n"
		"column d type=int\n"
		"column e type=int as=(a) + (b) stored=yes\n"
		"column f type=text backfill=1 on_conflict=replace\n" },
	/* Enums are text with a check on SQLite. */
	{ __LINE__,
		"~{ `enums`: { `Role`: [`a`, `it's`], `unused`: { `values`: [{ `value`: `x` }] "
		"} },"
		" `tables`: { `t`: { `columns`: {"
		" `r`: { `type`: `role` }, `order`: { `type`: `Role`, `check`: `1` } } } } }",
		"table t\n"
		"column r type=text\n"
		"column order type=text\n"
		"check ck_t_order NC expression=1\n"
		"check ck_t_order_2 NI expression=\"order\" IN ('a', 'it''s')\n"
		"check ck_t_r NCI expression=r IN ('a', 'it''s')\n" },
	/* Identity and rowid. */
	{ __LINE__,
		"~{ `tables`: { `t`: { `columns`: { `id`: { `type`: `bigint`, `identity`: "
		"`always`,"
		" `sqlite`: { `autoincrement`: true } } }, `primary_key`: `id` } } }",
		"table t\ncolumn id type=INTEGER autoincrement=yes rowid\nprimary key pk_t NC "
		"columns=id\n" },
	{ __LINE__,
		"~{ `tables`: { `t`: { `columns`: { `id`: { `type`: `integer` } },"
		" `primary_key`: [{ `name`: `id`, `order`: `desc` }] } } }",
		"table t\ncolumn id type=integer nullable=not null\nprimary key pk_t NC "
		"columns=id "
		"desc\n" },
	{ __LINE__,
		"~{ `tables`: { `t`: { `sqlite`: { `without_rowid`: true }, `columns`: {"
		" `id`: { `type`: `integer`, `primary_key`: true } } } } }",
		"table t without_rowid=yes\ncolumn id type=integer nullable=not null\n"
		"primary key pk_t NC columns=id\n" },
	{ __LINE__,
		"~{ `tables`: { `t`: { `columns`: { `id`: { `type`: `text`, `nullable`: true },"
		" `b`: { `type`: `` } }, `primary_key`: { `columns`: [`id`, `b`], `name`: `k` "
		"} } } }",
		"table t\ncolumn id type=text\ncolumn b nullable=not null\nprimary key k "
		"columns=id, b\n" },
	/* Collations that the column has anyway say nothing. */
	{ __LINE__,
		"~{ `tables`: { `t`: { `columns`: { `a`: { `type`: `text`, `collation`: "
		"`NOCASE` },"
		" `b`: { `type`: `text` } }, `indexes`: { `i`: [{ `name`: `a`, `collation`: "
		"`nocase` },"
		" { `name`: `a`, `collation`: `binary` }, { `name`: `b`, `collation`: `binary`,"
		" `nulls`: `last` }] } } } }",
		"table t\ncolumn a type=text collation=NOCASE\ncolumn b type=text\n"
		"index i columns=a, a collate binary, b\n" },
	/* Views and triggers. */
	{ __LINE__,
		"~{ `tables`: { `t`: { `columns`: { `a`: { `type`: `int` } }, `triggers`: { "
		"`g`: {"
		" `timing`: `after`, `events`: `update`, `of`: `a`, `when`: `(new.a > 1)`,"
		" `body`: ` DELETE FROM t; SELECT 1 ; -- end ` } } } },"
		" `views`: { `v`: `SELECT a FROM t;`, `w`: { `definition`: { `sqlite`: `SELECT "
		"1` },"
		" `columns`: [`x`], `renamed_from`: [`o`, `p`], `triggers`: { `h`: { `timing`:"
		" `instead of`, `events`: [`insert`], `body`: `SELECT 1` } } },"
		" `u`: { `sqlite`: `SELECT 2`, `postgresql`: `SELECT 3` } } }",
		"table t\ncolumn a type=int\n"
		"trigger g timing=after events=update of=a when=new.a > 1 body=DELETE FROM t; "
		"SELECT 1;\n"
		"view u definition=SELECT 2\n"
		"view v definition=SELECT a FROM t\n"
		"view w was o was p columns=x definition=SELECT 1\n"
		"trigger h timing=instead of events=insert body=SELECT 1;\n" },
	/* Not managed: columns may be left out, and nothing is checked. */
	{ __LINE__,
		"~{ `tables`: { `e`: { `managed`: false }, `t`: { `columns`: { `a`: { `type`: "
		"`int`,"
		" `references`: `e` } } } } }",
		"table e U\ntable t\ncolumn a type=int\nforeign key fk_t_a_e NC columns=a "
		"table=e\n" },
	/* renamed_from of something that is there is inert. */
	{ __LINE__,
		"~{ `tables`: { `t`: { `renamed_from`: `s`, `columns`: { `a`: { `type`: `int`,"
		" `renamed_from`: `b` }, `b`: { `type`: `int`, `renamed_from`: [`c`, `d`] } } "
		"} } }",
		"table t was s\ncolumn a was b type=int\ncolumn b was c was d type=int\n" },
	/* Fields of other engines are kept. */
	{ __LINE__,
		"~{ `tables`: { `t`: { `columns`: { `a`: { `type`: `int` }, `b`: { `type`: "
		"`int` } },"
		" `unique`: { `u`: { `columns`: [`a`], `include`: [`b`], `nulls_distinct`: "
		"false,"
		" `deferrable`: `deferred`, `comment`: `c`, `x-y`: 1 } },"
		" `foreign_keys`: [{ `columns`: [`a`], `table`: `t`, `ref_columns`: [`a`],"
		" `deferrable`: false, `on_update`: `set null`, `on_delete`: `no action`,"
		" `validated`: false }] } } }",
		"table t\ncolumn a type=int\ncolumn b type=int\n"
		"unique constraint u columns=a include=b nulls_distinct=no deferrable=deferred "
		"comment=c\n"
		"foreign key fk_t_a_t NC columns=a table=t ref_columns=a on_update=set null "
		"validated=no\n" },
};

static void
test_good(void **state)
{
	(void)state;
	for (size_t i = 0; i < SD_COUNT(good); i++) {
		const struct sd_schema *schema = load(good[i].text);

		if (!schema)
			fail_msg("line %d: %s", good[i].line, reports());
		if (strcmp(dump(schema), good[i].dump) != 0)
			fail_msg("line %d:\n%s---\n%s", good[i].line, good[i].dump,
				dump(schema));
	}
}

#define T(columns) "~{ `tables`: {\n `t`: { `columns`: { " columns " } } } }"
#define T2(columns, more) "~{ `tables`: {\n `t`: { `columns`: { " columns " },\n " more " } } }"
#define A "`a`: { `type`: `int` }"

static const struct {
	int line;
	const char *a, *b, *report;
} bad[] = {
	{ __LINE__, "[]", NULL,
		"a.json:1:1: error: expected an object with \"tables\", found a list\n" },
	{ __LINE__, "~{ `tabels`: {} }", NULL,
		"a.json:1:3: error: unknown key \"tabels\"\nhint: did you mean \"tables\"?\n" },
	{ __LINE__, "~{ `sequences`: {} }", NULL,
		"a.json:1:3: error: \"sequences\" is not supported by this version\n" },
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
	{ __LINE__, T2(A, "`exclusions`: {}"), NULL,
		"a.json:3:2: error: \"exclusions\" is not supported by this version\n" },
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
		"a.json:2:56: error: options of an identity are not supported by this version\n"
		"hint: expected \"always\" or \"by default\"\n" },
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
	{ __LINE__, "~{ `enums`: { `e`: [{ `value`: `a`, `renamed_from`: `b` }] } }", NULL,
		"a.json:1:36: error: renaming a value of an enum is not supported by this "
		"version\n" },
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

/* A warning alone doesn't fail a load. */
static void
test_warning(void **state)
{
#define B                                                                                      \
	"`a`: { `type`: `int`, `references`: { `table`: `t`, `column`: `b` } }, "              \
	"`b`: { `type`: `int` }"
	(void)state;
	assert_non_null(load(T(B)));
	assert_string_equal(reports(), "a.json:2:44: warning: foreign key fk_t_a_t of t refers "
				       "to t (b), which is neither "
				       "a primary key nor unique\n");
	assert_non_null(
		load(T2(B, "`indexes`: { `i`: { `columns`: [`b`], `unique`: true } }")));
	assert_string_equal(reports(), "");
	assert_non_null(load(T2(B, "`indexes`: { `i`: { `columns`: [`b`], `unique`: true, "
				   "`where`: `a` } }")));
	assert_int_equal(diags.list.n, 1);
#undef B
}

/* The default word is held as nothing at all. */
static void
test_default_word(void **state)
{
	const struct sd_schema *schema =
		load(T("`a`: { `type`: `int`, `unique`: true, `references`: { `table`: `t`, "
		       "`column`: `a`, `on_delete`: `no action` } }"));
	const struct sd_object *key;

	(void)state;
	assert_non_null(schema);
	key = sd_parts_of(schema->objects[SD_TABLE].at[0], SD_FOREIGN_KEY)->at[0];
	assert_null(((const struct sd_foreign_key *)key)->on_delete);
}

/* What is said once serves both engines. */
static void
test_postgresql(void **state)
{
	const struct sd_schema *schema = load2(&sd_dialect_postgresql,
		"~{ `schema`: `s`, `enums`: { `e`: [`a`] }, `tables`: { `t`: { `columns`: {"
		" `id`: { `type`: `bigint`, `identity`: `by default`, `primary_key`: true },"
		" `T`: { `type`: `e[]` } }, `indexes`: [[{ `name`: `T`, `order`: `desc`,"
		" `nulls`: `first` }]] } } }",
		NULL);

	(void)state;
	if (!schema)
		fail_msg("%s", reports());
	assert_string_equal(dump(schema),
		"enum e values=a\n"
		"table t\n"
		"column id type=bigint nullable=not null identity=by default\n"
		"column T type=e[]\n"
		"primary key pk_t NC columns=id\n"
		"index ix_t_T NC columns=T desc\n");
	assert_non_null(sd_schema_table(schema, "s", "t"));
	assert_null(sd_schema_table(schema, NULL, "t"));
	assert_null(sd_schema_table(schema, "s", "T"));
}

/* The namespace is the file's, not the next one's; names are cut by the engine at 63. */
static void
test_postgresql_names(void **state)
{
	const char *long_name =
		"a123456789012345678901234567890123456789012345678901234567890123";
	const struct sd_schema *schema = load2(&sd_dialect_postgresql,
		"~{ `schema`: `s`, `tables`: { `t`: { `columns`: { " A
		" }, `indexes`: { `i`: `a` } "
		"} } }",
		"~{ `tables`: { `t`: { `columns`: { " A " }, `indexes`: { `i`: `a` } } } }");

	(void)state;
	if (!schema)
		fail_msg("%s", reports());
	assert_non_null(sd_schema_table(schema, "s", "t"));
	assert_non_null(sd_schema_table(schema, NULL, "t"));
	schema = load2(&sd_dialect_postgresql,
		"~{ `schema`: `s`, `tables`: { `t`: { `columns`: { " A
		" }, `indexes`: [`a`] } } }",
		"~{ `tables`: { `t`: { `columns`: { " A " }, `indexes`: [`a`] } } }");
	assert_non_null(schema);
	assert_null(load2(&sd_dialect_postgresql,
		sd_fmt(arena, "~{ `tables`: { `%s`: { `columns`: { " A " } } } }", long_name),
		NULL));
	assert_string_equal(reports(),
		"a.json:1:15: error: this name has 64 bytes; postgresql cuts names at 63\n");
}

/* A folder, a file in it, and one that is missing. */
static void
test_paths(void **state)
{
	struct sd_load_options options = { .dialect = &sd_dialect_sqlite };
	const char *dir = mkdtemp(sd_fmt(arena, "%s/test_load.XXXXXX", P_tmpdir));
	const char *file = sd_fmt(arena, "%s/sub/a.json", dir);
	const char *text = "{ \"views\": { \"v\": \"SELECT 1\" } }";
	struct sd_names paths = { 0 };
	const struct sd_schema *schema;

	(void)state;
	diags = (struct sd_diags){ .arena = arena };
	assert_int_equal(sd_dir_make(sd_path_dir(arena, file), &diags), SD_OK);
	assert_int_equal(sd_file_write(file, text, strlen(text), false, &diags), SD_OK);
	*sd_push(arena, &paths) = dir;
	*sd_push(arena, &paths) = file;
	schema = sd_load_paths(&options, &paths, arena, &diags);
	if (!schema)
		fail_msg("%s", reports());
	assert_string_equal(dump(schema), "view v definition=SELECT 1\n");
	*sd_push(arena, &paths) = sd_fmt(arena, "%s/missing.json", dir);
	assert_null(sd_load_paths(&options, &paths, arena, &diags));
	assert_int_equal(diags.n_errors, 1);
	assert_int_equal(unlink(file), 0);
	assert_int_equal(rmdir(sd_path_dir(arena, file)), 0);
	assert_int_equal(rmdir(dir), 0);
}

static void
test_manages(void **state)
{
	struct sd_names star = { 0 }, views = { 0 };
	const struct sd_names *lists[] = { NULL, &views, &star };
	static const bool expect[][2] = { { false, false }, { true, false }, { true, true } };

	(void)state;
	*sd_push(arena, &star) = "*";
	*sd_push(arena, &views) = "views";
	for (size_t i = 0; i < SD_COUNT(lists); i++) {
		struct sd_load_options options = { .dialect = &sd_dialect_sqlite,
			.manage = lists[i] };
		const struct sd_schema *schema;

		diags = (struct sd_diags){ .arena = arena };
		schema = sd_loader_finish(sd_loader_new(&options, arena, &diags));
		assert_int_equal(schema->manages[SD_VIEW], expect[i][0]);
		assert_int_equal(schema->manages[SD_TRIGGER], expect[i][1]);
		assert_true(schema->manages[SD_TABLE]);
	}
	assert_true(load("~{ `views`: {} }")->manages[SD_VIEW]);
	assert_false(load("~{ `views`: {} }")->manages[SD_TRIGGER]);
	assert_true(load(T2(A, "`triggers`: {}"))->manages[SD_TRIGGER]);
}

/* The text of a file is not needed once it was added. */
static void
test_text_is_copied(void **state)
{
	struct sd_load_options options = { .dialect = &sd_dialect_sqlite };
	const char *text = sd_text_replace(arena,
		"{ `tables`: { `t`: { `columns`: { `a`: { `type`: `int`, `default`: `1`,"
		" `comment`: `c`, `renamed_from`: `b`, `index`: `i`, `check`: `a` } } } } }",
		"`", "\"");
	struct sd_arena *own = sd_arena_new();
	size_t len = strlen(text);
	char *copy = sd_strndup(own, text, len);
	struct sd_load_file file = { sd_strdup(own, "x.json"), copy, len };
	struct sd_loader *loader;
	const struct sd_schema *schema;

	(void)state;
	diags = (struct sd_diags){ .arena = arena };
	loader = sd_loader_new(&options, arena, &diags);
	assert_int_equal(sd_loader_add(loader, &file), SD_OK);
	memset(copy, 'z', len);
	sd_arena_free(own);
	schema = sd_loader_finish(loader);
	assert_non_null(schema);
	assert_string_equal(dump(schema),
		"table t\ncolumn a was b type=int default=1 comment=c\ncheck ck_t_a NC "
		"expression=a\nindex i columns=a\n");
	assert_string_equal(schema->objects[SD_TABLE].at[0]->pos.file, "x.json");
}

/* Thousands of tables in one load: the time must not grow with their square. */
static void
test_many(void **state)
{
	struct sd_buf text = SD_BUF(arena);
	const struct sd_schema *schema;

	(void)state;
	for (int i = 0; i < 3000; i++)
		sd_buf_addf(&text,
			"%s\"t%d\": { \"columns\": { \"id\": { \"type\": \"integer\", "
			"\"primary_key\": true }, \"up\": { \"type\": \"integer\", \"index\": "
			"true, "
			"\"references\": \"t%d\" } } }",
			i ? ",\n" : "{ \"tables\": {", i, i / 2);
	sd_buf_add(&text, "} }");
	schema = load(sd_buf_text(&text));
	assert_non_null(schema);
	assert_int_equal(schema->objects[SD_TABLE].n, 3000);
	assert_int_equal(
		sd_parts_of(&sd_schema_table(schema, NULL, "T2999")->rel.o, SD_INDEX)->n, 1);
}

int
main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test_setup_teardown(test_good, setup, teardown),
		cmocka_unit_test_setup_teardown(test_bad, setup, teardown),
		cmocka_unit_test_setup_teardown(test_warning, setup, teardown),
		cmocka_unit_test_setup_teardown(test_default_word, setup, teardown),
		cmocka_unit_test_setup_teardown(test_postgresql, setup, teardown),
		cmocka_unit_test_setup_teardown(test_postgresql_names, setup, teardown),
		cmocka_unit_test_setup_teardown(test_paths, setup, teardown),
		cmocka_unit_test_setup_teardown(test_manages, setup, teardown),
		cmocka_unit_test_setup_teardown(test_text_is_copied, setup, teardown),
		cmocka_unit_test_setup_teardown(test_many, setup, teardown),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
