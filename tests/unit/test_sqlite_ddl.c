/* Stored DDL, statement by statement: what the model makes of it, written by hand.  Each
 * CREATE TABLE is also given to SQLite, whose pragmas must agree. */
#include "tests/differential/compare.h"

#include <setjmp.h>
#include <stdarg.h>
#include <stdio.h>

#include <cmocka.h>

/* ---- a model in one line ------------------------------------------------------------ */

static void
add_word(struct sd_buf *out, const char *label, const char *value)
{
	if (value)
		sd_buf_addf(out, " %s=%s", label, value);
}

static void
add_flag(struct sd_buf *out, const char *label, bool value)
{
	if (value)
		sd_buf_addf(out, " %s", label);
}

static void
add_names(struct sd_buf *out, const struct sd_names *names)
{
	for (size_t i = 0; i < names->n; i++)
		sd_buf_addf(out, "%s%s", i ? "," : "(", names->at[i]);
	if (names->n)
		sd_buf_addc(out, ')');
}

static void
add_parts(struct sd_buf *out, const struct sd_parts *parts)
{
	for (size_t i = 0; i < parts->n; i++) {
		const struct sd_part *part = &parts->at[i];

		sd_buf_addf(out, "%s", i ? "," : "(");
		if (part->name)
			sd_buf_add(out, part->name);
		else
			sd_buf_addf(out, "{%s}", part->expression);
		add_word(out, "collate", part->collation);
		add_flag(out, "desc", part->desc);
	}
	sd_buf_addc(out, ')');
}

static void
add_column(struct sd_buf *out, const struct sd_column *c)
{
	sd_buf_addf(out, "%s:%s", c->o.name, c->type);
	add_flag(out, "notnull", c->not_null);
	add_word(out, "conflict", c->on_conflict);
	add_word(out, "default", c->deflt);
	add_word(out, "collate", c->collation);
	add_word(out, c->stored_generated ? "stored" : "virtual", c->generated);
	add_flag(out, "auto", c->autoincrement);
}

static void
add_key(struct sd_buf *out, const struct sd_key *key)
{
	sd_buf_add(out, key->o.kind == SD_UNIQUE ? "unique" : "pk");
	add_parts(out, &key->columns);
	add_word(out, "conflict", key->on_conflict);
}

static void
add_foreign_key(struct sd_buf *out, const struct sd_foreign_key *fk)
{
	sd_buf_add(out, "fk");
	add_names(out, &fk->columns);
	sd_buf_addf(out, "->%s", fk->table);
	add_names(out, &fk->ref_columns);
	add_word(out, "delete", fk->on_delete);
	add_word(out, "update", fk->on_update);
	add_word(out, "match", fk->match);
	add_word(out, "deferrable", fk->deferrable);
}

static void
add_object(struct sd_buf *out, const struct sd_object *o)
{
	sd_buf_sep(out, " | ");
	if (o->kind != SD_COLUMN && o->name)
		sd_buf_addf(out, "[%s] ", o->name);
	assert_int_equal(!o->name, !!(o->flags & SD_OBJ_NAMELESS));
	if (o->kind == SD_COLUMN) {
		add_column(out, (const struct sd_column *)o);
	} else if (o->kind == SD_CHECK) {
		const struct sd_check *check = (const struct sd_check *)o;

		sd_buf_addf(out, "check %s", check->expression);
		if (check->column)
			add_word(out, "of", check->column->o.name);
	} else if (o->kind == SD_FOREIGN_KEY) {
		add_foreign_key(out, (const struct sd_foreign_key *)o);
	} else {
		add_key(out, (const struct sd_key *)o);
	}
}

static const char *
table_text(struct sd_arena *arena, const struct sd_table *table)
{
	struct sd_buf out = SD_BUF(arena);

	if (table->rel.o.opaque)
		return sd_fmt(arena, "opaque: %s", table->rel.o.opaque);
	for (size_t k = 0; k < SD_N_PARTS; k++)
		for (size_t i = 0; i < table->rel.parts[k].n; i++)
			add_object(&out, table->rel.parts[k].at[i]);
	add_flag(&out, "STRICT", table->strict);
	add_flag(&out, "WITHOUT-ROWID", table->without_rowid);
	return sd_buf_text(&out);
}

/* ---- tables ------------------------------------------------------------------------- */

static const struct {
	const char *sql, *expect;
} tables[] = {
	{ "CREATE TABLE t(a)", "a:" },
	{ "CREATE TABLE t(a,\"b c\" TEXT)", "a: | b c:TEXT" },
	{ "CREATE TABLE \"main\".\"t\"(a)", "a:" },
	{ "CREATE TABLE t(id INTEGER PRIMARY KEY)", "id:INTEGER | pk(id)" },
	{ "CREATE TABLE t(id INTEGER PRIMARY KEY AUTOINCREMENT NOT NULL)",
		"id:INTEGER notnull auto | pk(id)" },
	{ "CREATE TABLE t(id INTEGER, PRIMARY KEY(id AUTOINCREMENT))",
		"id:INTEGER auto | pk(id)" },
	{ "CREATE TABLE t(id INTEGER PRIMARY KEY DESC)", "id:INTEGER | pk(id desc)" },
	{ "CREATE TABLE t(id INTEGER, PRIMARY KEY(id DESC))", "id:INTEGER | pk(id)" },
	{ "CREATE TABLE t(id INTEGER, PRIMARY KEY(id DESC)) WITHOUT ROWID",
		"id:INTEGER | pk(id desc) WITHOUT-ROWID" },
	{ "CREATE TABLE t(id INT, PRIMARY KEY(id COLLATE NOCASE DESC) ON CONFLICT IGNORE)",
		"id:INT | pk(id collate=NOCASE desc) conflict=ignore" },
	{ "CREATE TABLE t(a TEXT PRIMARY KEY, b INT) STRICT, WITHOUT ROWID",
		"a:TEXT | b:INT | pk(a) STRICT WITHOUT-ROWID" },
	{ "CREATE TABLE t(a, b, CONSTRAINT k UNIQUE(b, a COLLATE rtrim) ON CONFLICT FAIL)",
		"a: | b: | [k] unique(b,a collate=rtrim) conflict=fail" },
	{ "CREATE TABLE t(a, b, UNIQUE((a)), UNIQUE('b'))", "a: | b: | unique(a) | unique(b)" },
	{ "CREATE TABLE t(a, desc, UNIQUE(desc), UNIQUE(desc desc, a asc))",
		"a: | desc: | unique(desc) | unique(desc desc,a)" },

	/* defaults */
	{ "CREATE TABLE t(a DEFAULT 1, b DEFAULT -1, c DEFAULT + 1, d DEFAULT 'it''s')",
		"a: default=1 | b: default=-1 | c: default=+ 1 | d: default='it''s'" },
	{ "CREATE TABLE t(a DEFAULT (1), b DEFAULT ((1)+(2)), c DEFAULT ( ( 'x' ) ))",
		"a: default=1 | b: default=(1)+(2) | c: default='x'" },
	{ "CREATE TABLE t(a DEFAULT abc, b DEFAULT \"d q\", c DEFAULT [it's], d DEFAULT key)",
		"a: default='abc' | b: default='d q' | c: default='it''s' | d: default='key'" },
	{ "CREATE TABLE t(a DEFAULT true, b DEFAULT FALSE, c DEFAULT \"true\")",
		"a: default=true | b: default=FALSE | c: default='true'" },
	{ "CREATE TABLE t(a DEFAULT NULL, b DEFAULT (null), c DEFAULT current_timestamp)",
		"a: | b: | c: default=current_timestamp" },
	{ "CREATE TABLE t(a DEFAULT x'0a', b DEFAULT 1e3, c DEFAULT (lower('A,)')) NOT NULL)",
		"a: default=x'0a' | b: default=1e3 | c: notnull default=lower('A,)')" },
	{ "CREATE TABLE t(a DEFAULT 1 DEFAULT 2)", "a: default=2" },
	{ "CREATE TABLE t(a DEFAULT(1)NOT NULL)", "a: notnull default=1" },

	/* types */
	{ "CREATE TABLE t(a UNSIGNED  BIG\n INT, b DECIMAL ( 10 , -2 ), c VARCHAR(  5))",
		"a:UNSIGNED BIG INT | b:DECIMAL(10, -2) | c:VARCHAR(5)" },
	{ "CREATE TABLE t(a foo match no action, b end of row DEFAULT 1)",
		"a:foo match no action | b:end of row default=1" },
	{ "CREATE TABLE t(a \"my type\", b [nvarchar](50), c 'int', d \"not null\")",
		"a:my type | b:nvarchar(50) | c:int | d:\"not null\"" },
	{ "CREATE TABLE t(a \"cross\", b \"x-y\", c \"double precision\")",
		"a:\"cross\" | b:\"x-y\" | c:double precision" },
	{ "CREATE TABLE t(a long/* x */type -- y\n not null)", "a:long type notnull" },

	/* names */
	{ "CREATE TABLE t('x', \"y\"\"z\", `b``c`, [d e], key, desc TEXT, \"select\")",
		"x: | y\"z: | b`c: | d e: | key: | desc:TEXT | select:" },
	{ "CREATE TABLE t(generated, always INT, generated_at AS (1))",
		"generated: | always:INT | generated_at: virtual=1" },
	{ "CREATE TABLE t(cross, left INT, indexed text)", "cross: | left:INT | indexed:text" },
	{ "CREATE TABLE t(na\xc3\xafve \xc3\x9cml\xc3\xa4ut)",
		"na\xc3\xafve:\xc3\x9cml\xc3\xa4ut" },

	/* clauses: any order, any number */
	{ "CREATE TABLE t(a NOT NULL ON CONFLICT IGNORE NOT NULL NULL)", "a: notnull" },
	{ "CREATE TABLE t(a NULL ON CONFLICT FAIL NOT NULL ON CONFLICT FAIL)",
		"a: notnull conflict=fail" },
	{ "CREATE TABLE t(a NOT NULL ON CONFLICT ABORT)", "a: notnull" },
	{ "CREATE TABLE t(a COLLATE nocase COLLATE 'rtrim')", "a: collate=rtrim" },
	{ "CREATE TABLE t(a CONSTRAINT x)", "a:" },
	{ "CREATE TABLE t(a CONSTRAINT x CONSTRAINT y CHECK(a>0) CONSTRAINT z)",
		"a: | [y] check a>0 of=a" },
	{ "CREATE TABLE t(a INT CHECK ((a > 0) AND (a < 9)) CONSTRAINT \"c k\" CHECK((a)))",
		"a:INT | check (a > 0) AND (a < 9) of=a | [c k] check a of=a" },
	{ "CREATE TABLE t(a UNIQUE UNIQUE ON CONFLICT ROLLBACK)",
		"a: | unique(a) | unique(a) conflict=rollback" },
	{ "CREATE TABLE t(a, b AS (a+1), c INT GENERATED ALWAYS AS ((a)) STORED NOT NULL)",
		"a: | b: virtual=a+1 | c:INT notnull stored=a" },
	{ "CREATE TABLE t(a, b varchar(9) generated always as (a||')') virtual unique)",
		"a: | b:varchar(9) virtual=a||')' | unique(b)" },

	/* foreign keys */
	{ "CREATE TABLE t(a REFERENCES p)", "a: | fk(a)->p" },
	{ "CREATE TABLE t(a INT CONSTRAINT f REFERENCES \"p q\"(\"x y\") ON UPDATE CASCADE"
	  " MATCH FULL ON DELETE SET NULL ON DELETE RESTRICT DEFERRABLE INITIALLY DEFERRED)",
		"a:INT | [f] fk(a)->p q(x y) delete=restrict update=cascade match=full"
		" deferrable=deferred" },
	{ "CREATE TABLE t(a REFERENCES p(x) ON DELETE NO ACTION ON INSERT CASCADE MATCH simple"
	  " NOT DEFERRABLE INITIALLY DEFERRED UNIQUE)",
		"a: | unique(a) | fk(a)->p(x)" },
	{ "CREATE TABLE t(a, b, FOREIGN KEY(b, A) REFERENCES p(x,y) ON DELETE SET DEFAULT"
	  " DEFERRABLE)",
		"a: | b: | fk(b,a)->p(x,y) delete=set default deferrable=immediate" },
	{ "CREATE TABLE t(a REFERENCES p DEFERRABLE NOT DEFERRABLE)", "a: | fk(a)->p" },
	{ "CREATE TABLE t(a REFERENCES p NOT NULL DEFERRABLE)",
		"opaque: expected REFERENCES before DEFERRABLE, near «DEFERRABLE» at offset "
		"39" },
	{ "CREATE TABLE t(a REFERENCES p, b NOT DEFERRABLE)",
		"opaque: expected REFERENCES before NOT DEFERRABLE, near «DEFERRABLE» at offset"
		" 37" },

	/* table constraints, commas left out, comments everywhere */
	{ "CREATE TABLE t(a, b, PRIMARY KEY(a) UNIQUE(b) CONSTRAINT c CHECK(b>0) ON CONFLICT"
	  " FAIL, CONSTRAINT stray, CONSTRAINT d CHECK(a))",
		"a: | b: | pk(a) | unique(b) | [c] check b>0 | [d] check a" },
	{ "CREATE/* ( */TABLE--x\nt/**/(--,\na/*)*/INT/*,*/,--)\nCHECK(a/*)*/>'(')--x\n)/* "
	  "open",
		"a:INT | check a/*)*/>'('" },
	{ "CREATE TABLE t(a) -- the end", "a:" },
	{ "CREATE TABLE t(a);", "a:" },
	{ "create table if not exists t(a)", "a:" },

	/* what is not SQLite's grammar, or not ours */
	{ "CREATE TABLE t AS SELECT 1", NULL },
	{ "CREATE TABLE t()", NULL },
	{ "CREATE TABLE t(a,)", NULL },
	{ "CREATE TABLE t(a INT b INT DEFAULT)", NULL },
	{ "CREATE TABLE t(a) WITH ROWID", NULL },
	{ "CREATE TABLE t(a CHECK())", NULL },
	{ "CREATE TABLE t(a CHECK(a)", NULL },
	{ "CREATE TABLE t(a CHECK(a;b))", NULL },
	{ "CREATE TABLE t(a, UNIQUE(b))", NULL },
	{ "CREATE TABLE t(a, UNIQUE(a+1))", NULL },
	{ "CREATE TABLE t(a PRIMARY KEY, PRIMARY KEY(a))", NULL },
	{ "CREATE TABLE t(a 'str", NULL },
	{ "CREATE TABLE t(a) x", NULL },
	{ "CREATE VIEW t AS SELECT 1", NULL },
	{ "CREATE TABLE t(a \"b\" int)", NULL },
	{ "CREATE TABLE t(a LONGER TYPE NAME ALWAYS)", NULL },
	{ "", NULL },
};

static void
check_engine(struct sd_arena *arena, struct sd_table *table, const char *sql)
{
	const char *why;
	sqlite3 *db;

	assert_int_equal(sqlite3_open(":memory:", &db), SQLITE_OK);
	if (sqlite3_exec(db, sql, NULL, NULL, NULL) != SQLITE_OK)
		fail_msg("%s: %s", sql, sqlite3_errmsg(db));
	why = compare_table(arena, db, table);
	sqlite3_close(db);
	if (why)
		fail_msg("%s: %s", sql, why);
}

static void
test_tables(void **state)
{
	(void)state;
	for (size_t i = 0; i < SD_COUNT(tables); i++) {
		struct sd_arena *arena = sd_arena_new();
		struct sd_schema *schema = sd_schema_new(arena, &sd_dialect_sqlite, 3040000);
		struct sd_table *table = sd_sqlite_parse_table(schema, "t", tables[i].sql);
		const char *text = table_text(arena, table);

		if (tables[i].expect && strcmp(text, tables[i].expect) != 0)
			fail_msg("%s\nwant %s\ngot  %s", tables[i].sql, tables[i].expect, text);
		if (!tables[i].expect && !sd_text_starts(text, "opaque: "))
			fail_msg("%s\nunderstood as %s", tables[i].sql, text);
		if (table->rel.o.opaque) {
			assert_null(table->ddl);
			assert_int_equal(table->rel.parts[SD_COLUMN].n, 0);
			assert_non_null(table->rel.o.stored);
		} else if (tables[i].expect) {
			check_engine(arena, table, tables[i].sql);
		}
		sd_arena_free(arena);
	}
}

/* ---- defaults ------------------------------------------------------------------------ */

static const char *
first_value(struct sd_arena *arena, sqlite3 *db, const char *sql)
{
	struct compare c = { .arena = arena, .db = db };
	struct rows rows = cmp_query(&c, sql, NULL);

	if (c.why)
		fail_msg("%s", c.why);
	assert_int_equal(rows.n, 1);
	return cmp_at(&rows, 0, 0);
}

/* The model's expression gives the value that SQLite fills in. */
static void
test_defaults(void **state)
{
	static const char *const clauses[] = { "1", "-1", "+1", "- 2.5", "'a''b'", "abc", "ABC",
		"\"d\"\"q\"", "[b r]", "`t``k`", "true", "False", "\"true\"", "key", "(1+2)",
		"('x')", "x'0aff'", "NULL", "(NULL)", "1e3", "-'3'", "abort", "''", "\"\"",
		"((1) + (2))", "current", "0x10" };

	(void)state;
	for (size_t i = 0; i < SD_COUNT(clauses); i++) {
		struct sd_arena *arena = sd_arena_new();
		struct sd_schema *schema = sd_schema_new(arena, &sd_dialect_sqlite, 3040000);
		const char *sql = sd_fmt(arena, "CREATE TABLE t(a DEFAULT %s)", clauses[i]);
		struct sd_table *table = sd_sqlite_parse_table(schema, "t", sql);
		const char *deflt;
		sqlite3 *db;

		assert_null(table->rel.o.opaque);
		deflt = ((struct sd_column *)table->rel.parts[SD_COLUMN].at[0])->deflt;
		assert_int_equal(sqlite3_open(":memory:", &db), SQLITE_OK);
		sqlite3_exec(db, sql, NULL, NULL, NULL);
		sqlite3_exec(db, "INSERT INTO t DEFAULT VALUES", NULL, NULL, NULL);
		assert_string_equal(first_value(arena, db, "SELECT quote(a) FROM t"),
			first_value(arena, db,
				sd_fmt(arena, "SELECT quote(%s)", deflt ? deflt : "NULL")));
		sqlite3_close(db);
		sd_arena_free(arena);
	}
}

/* ---- spans -------------------------------------------------------------------------- */

static const char *
cut(struct sd_arena *arena, const char *text, struct sd_span span)
{
	return sd_strndup(arena, text + span.off, span.len);
}

static const char spans_sql[] =
	"CREATE TABLE \"a b\" ( id INTEGER CONSTRAINT pk PRIMARY KEY ASC AUTOINCREMENT "
	"/* c */, x varchar ( 5 ) NOT NULL ON CONFLICT FAIL NULL CONSTRAINT s DEFAULT "
	"(1) COLLATE nocase CHECK (x) CONSTRAINT stray, y REFERENCES p(z) ON DELETE "
	"CASCADE DEFERRABLE UNIQUE, z AS (x) STORED, CONSTRAINT f FOREIGN KEY (x) "
	"REFERENCES q, CONSTRAINT s2) STRICT -- end";
static const struct {
	enum sd_clause_kind kind;
	const char *text, *label;
	bool object;
} spans[] = {
	{ SD_CLAUSE_TYPE, "INTEGER", "", false },
	{ SD_CLAUSE_PRIMARY_KEY, "CONSTRAINT pk PRIMARY KEY ASC AUTOINCREMENT", "CONSTRAINT pk",
		true },
	{ SD_CLAUSE_TYPE, "varchar ( 5 )", "", false },
	{ SD_CLAUSE_NOT_NULL, "NOT NULL ON CONFLICT FAIL", "", false },
	{ SD_CLAUSE_NULL, "NULL", "", false },
	{ SD_CLAUSE_DEFAULT, "CONSTRAINT s DEFAULT (1)", "CONSTRAINT s", false },
	{ SD_CLAUSE_COLLATE, "COLLATE nocase", "", false },
	{ SD_CLAUSE_CHECK, "CHECK (x)", "", true },
	{ SD_CLAUSE_STRAY, "CONSTRAINT stray", "CONSTRAINT stray", false },
	{ SD_CLAUSE_REFERENCES, "REFERENCES p(z) ON DELETE CASCADE DEFERRABLE", "", true },
	{ SD_CLAUSE_UNIQUE, "UNIQUE", "", true },
	{ SD_CLAUSE_GENERATED, "AS (x) STORED", "", false },
	{ SD_CLAUSE_FOREIGN_KEY, "CONSTRAINT f FOREIGN KEY (x) REFERENCES q", "CONSTRAINT f",
		true },
	{ SD_CLAUSE_STRAY, "CONSTRAINT s2", "CONSTRAINT s2", false },
};

static void
test_spans(void **state)
{
	struct sd_arena *arena = sd_arena_new();
	struct sd_schema *schema = sd_schema_new(arena, &sd_dialect_sqlite, 3040000);
	const struct sd_table *table = sd_sqlite_parse_table(schema, "a b", spans_sql);
	const struct sd_stored *ddl = table->ddl;
	size_t n = 0;

	(void)state;
	assert_null(table->rel.o.opaque);
	assert_string_equal(cut(arena, ddl->text, ddl->name), "\"a b\"");
	assert_string_equal(cut(arena, ddl->text, ddl->options), " STRICT -- end");
	assert_int_equal(ddl->text[ddl->body.off - 1], '(');
	assert_int_equal(ddl->text[ddl->body.off + ddl->body.len], ')');
	assert_int_equal(ddl->n_items, 6);
	assert_string_equal(cut(arena, ddl->text, ddl->items[0].name), "id");
	assert_ptr_equal(ddl->items[1].object, table->rel.parts[SD_COLUMN].at[1]);
	assert_string_equal(cut(arena, ddl->text, ddl->items[3].span), "z AS (x) STORED");
	assert_int_equal(ddl->items[4].name.len, 0);
	assert_null(ddl->items[5].object);
	for (size_t i = 0; i < ddl->n_items; i++)
		for (size_t k = 0; k < ddl->items[i].n_clauses; k++, n++) {
			const struct sd_clause *c = &ddl->items[i].clauses[k];

			assert_true(n < SD_COUNT(spans));
			assert_int_equal(c->kind, spans[n].kind);
			assert_string_equal(cut(arena, ddl->text, c->span), spans[n].text);
			assert_string_equal(cut(arena, ddl->text, c->label), spans[n].label);
			assert_int_equal(c->object != NULL, spans[n].object);
		}
	assert_int_equal(n, SD_COUNT(spans));
	sd_arena_free(arena);
}

/* ---- indexes, views, triggers ------------------------------------------------------- */

static const struct {
	const char *sql, *expect;
} indexes[] = {
	{ "CREATE INDEX i ON t(a)", "(a)" },
	{ "CREATE UNIQUE INDEX \"i\" on [t] ( \"A\" desc , 'b' collate nocase asc )",
		"unique (a desc,b collate=nocase)" },
	{ "CREATE INDEX i ON t((a), (a COLLATE rtrim), ((b)) DESC)",
		"(a,a collate=rtrim,b desc)" },
	{ "CREATE INDEX i ON t(lower(a), a+1 DESC, (a+b))", "({lower(a)},{a+1} desc,{a+b})" },
	{ "CREATE INDEX i ON t(lower(a) COLLATE nocase, a||b COLLATE nocase)",
		"({lower(a)} collate=nocase,{a||b COLLATE nocase})" },
	{ "CREATE INDEX i ON t(a COLLATE nocase COLLATE binary)", "(a collate=binary)" },
	{ "CREATE INDEX i ON t(CASE WHEN a THEN 1 ELSE b END COLLATE nocase DESC)",
		"({CASE WHEN a THEN 1 ELSE b END} collate=nocase desc)" },
	{ "CREATE INDEX i ON t(\"nope\", -a, desc, a + desc, desc desc)",
		"({\"nope\"},{-a},desc,{a + desc},desc desc)" },
	{ "CREATE INDEX i ON t(a) WHERE (a > 0) -- x\n", "(a) where a > 0" },
	{ "CREATE INDEX if not exists main.i ON t(a) WHERE a IN (1, 2) AND b IS NOT NULL;",
		"(a) where a IN (1, 2) AND b IS NOT NULL" },
	{ "CREATE INDEX i ON t()", "opaque" },
	{ "CREATE INDEX i ON t(a,)", "opaque" },
	{ "CREATE INDEX i ON t(a) WHERE", "opaque" },
	{ "CREATE INDEX i ON t(a) WHERE ()", "opaque" },
	{ "CREATE INDEX i ON t(a b)", "({a b})" },
	{ "CREATE INDEX i ON t(a", "opaque" },
	{ "CREATE TEMP INDEX i ON t(a)", "opaque" },
};

static void
test_indexes(void **state)
{
	(void)state;
	for (size_t i = 0; i < SD_COUNT(indexes); i++) {
		struct sd_arena *arena = sd_arena_new();
		struct sd_schema *schema = sd_schema_new(arena, &sd_dialect_sqlite, 3040000);
		struct sd_table *t =
			sd_sqlite_parse_table(schema, "t", "CREATE TABLE t(a,b,desc)");
		struct sd_index *index = sd_sqlite_parse_index(schema, t, "i", indexes[i].sql);
		struct sd_buf out = SD_BUF(arena);

		assert_ptr_equal(t->rel.parts[SD_INDEX].at[0], index);
		assert_string_equal(index->o.stored, indexes[i].sql);
		if (index->o.opaque) {
			assert_int_equal(index->columns.n, 0);
			sd_buf_add(&out, "opaque");
		} else {
			sd_buf_add(&out, index->unique ? "unique " : "");
			add_parts(&out, &index->columns);
			if (index->where)
				sd_buf_addf(&out, " where %s", index->where);
		}
		assert_string_equal(sd_buf_text(&out), indexes[i].expect);
		sd_arena_free(arena);
	}
}

static const struct {
	const char *sql, *columns, *definition;
} views[] = {
	{ "CREATE VIEW v AS SELECT 1", "", "SELECT 1" },
	{ "CREATE VIEW main.v(a,\"b c\") as /* x */ select 1, ';' -- y\n;", "(a,b c)",
		"select 1, ';'" },
	{ "CREATE VIEW \"v\" AS WITH x AS (SELECT 1) SELECT * FROM x", "",
		"WITH x AS (SELECT 1) SELECT * FROM x" },
	{ "CREATE VIEW v SELECT 1", "", NULL },
	{ "CREATE VIEW v AS", "", NULL },
	{ "CREATE VIEW v(a AS SELECT 1", "", NULL },
};

static void
test_views(void **state)
{
	(void)state;
	for (size_t i = 0; i < SD_COUNT(views); i++) {
		struct sd_arena *arena = sd_arena_new();
		struct sd_schema *schema = sd_schema_new(arena, &sd_dialect_sqlite, 3040000);
		struct sd_view *view = sd_sqlite_parse_view(schema, "v", views[i].sql);
		struct sd_buf out = SD_BUF(arena);

		add_names(&out, &view->columns);
		assert_string_equal(sd_buf_text(&out), views[i].columns);
		assert_int_equal(view->rel.o.opaque != NULL, !views[i].definition);
		if (views[i].definition)
			assert_string_equal(view->definition, views[i].definition);
		sd_arena_free(arena);
	}
}

static const struct {
	const char *sql, *expect;
} triggers[] = {
	{ "CREATE TRIGGER r AFTER INSERT ON t BEGIN SELECT 1; END",
		"after insert {SELECT 1;}" },
	{ "CREATE TRIGGER r DELETE ON t FOR EACH ROW BEGIN DELETE FROM t; SELECT 2; END;",
		"before delete {DELETE FROM t; SELECT 2;}" },
	{ "CREATE TRIGGER before before update of a, \"b c\" on \"t\" when (new.a > 0) begin "
	  "select case when 1 then 2 end; end",
		"before update(a,b c) when new.a > 0 {select case when 1 then 2 end;}" },
	{ "CREATE TRIGGER r INSTEAD OF UPDATE ON t WHEN begin = 1 AND CASE WHEN 1 THEN 2 END "
	  "BEGIN WITH x AS (SELECT 1) SELECT * FROM x; END -- x",
		"instead of update when begin = 1 AND CASE WHEN 1 THEN 2 END {WITH x AS "
		"(SELECT 1)"
		" SELECT * FROM x;}" },
	{ "CREATE TRIGGER r UPDATE ON t BEGIN END", "opaque" },
	{ "CREATE TRIGGER r UPDATE ON t BEGIN SELECT 1;", "opaque" },
	{ "CREATE TRIGGER r UPDATE OF ON t BEGIN SELECT 1; END", "opaque" },
	{ "CREATE TRIGGER r UPDATE ON t WHEN BEGIN SELECT 1; END", "opaque" },
	{ "CREATE TRIGGER r UPDATE ON t WHEN (1 BEGIN SELECT 1; END", "opaque" },
	{ "CREATE TRIGGER r UPDATE t BEGIN SELECT 1; END", "opaque" },
};

static void
test_triggers(void **state)
{
	(void)state;
	for (size_t i = 0; i < SD_COUNT(triggers); i++) {
		struct sd_arena *arena = sd_arena_new();
		struct sd_schema *schema = sd_schema_new(arena, &sd_dialect_sqlite, 3040000);
		struct sd_view *view =
			sd_sqlite_parse_view(schema, "t", "CREATE VIEW t AS SELECT 1 a");
		struct sd_trigger *trigger =
			sd_sqlite_parse_trigger(schema, &view->rel.o, "r", triggers[i].sql);
		struct sd_buf out = SD_BUF(arena);

		assert_ptr_equal(trigger->o.parent, view);
		if (trigger->o.opaque) {
			sd_buf_add(&out, "opaque");
		} else {
			assert_int_equal(trigger->events.n, 1);
			sd_buf_addf(&out, "%s %s", trigger->timing, trigger->events.at[0]);
			add_names(&out, &trigger->of);
			if (trigger->when)
				sd_buf_addf(&out, " when %s", trigger->when);
			sd_buf_addf(&out, " {%s}", trigger->body);
		}
		assert_string_equal(sd_buf_text(&out), triggers[i].expect);
		sd_arena_free(arena);
	}
}

int
main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(test_tables),
		cmocka_unit_test(test_defaults),
		cmocka_unit_test(test_spans),
		cmocka_unit_test(test_indexes),
		cmocka_unit_test(test_views),
		cmocka_unit_test(test_triggers),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
