/* Whole SQLite databases through the introspector: what is read, what is left out, and that
 * real schemas are read as the engine reads them. */
#include "tests/differential/compare.h"

#include "core/base/file.h"
#include "core/db/db.h"
#include "core/sql/canon.h"
#include "introspect/introspect.h"

#include <setjmp.h>
#include <stdarg.h>
#include <stdio.h>
#include <unistd.h>

#include <cmocka.h>

struct fixture {
	struct sd_arena *arena;
	struct sd_diags diags;
	struct sd_target target;
	struct sd_db *db;
};

static int
setup(void **state)
{
	struct sd_arena *arena = sd_arena_new();
	struct fixture *f = sd_new(arena, struct fixture);

	f->arena = arena;
	f->diags.arena = arena;
	f->target.dialect = &sd_dialect_sqlite;
	f->target.file = ":memory:";
	f->target.masked = f->target.identity = "sqlite::memory:";
	f->db = sd_db_open(&f->target, SD_DB_WRITE, &f->diags);
	*state = f;
	return f->db ? 0 : -1;
}

static int
teardown(void **state)
{
	struct fixture *f = *state;

	sd_db_close(f->db);
	sd_arena_free(f->arena);
	return 0;
}

static void
run(struct fixture *f, const char *sql)
{
	if (sd_db_exec(f->db, (struct sd_pos){ 0 }, sql) != SD_OK)
		fail_msg("%s: %s", sql, f->diags.list.at[f->diags.list.n - 1].text);
}

/* Every object of the schema as "table: index, index | …", in the order of the model. */
static const char *
contents(struct fixture *f, const struct sd_introspect_options *options)
{
	struct sd_schema *schema = sd_introspect_sqlite(f->db, options, f->arena);
	struct sd_buf out = SD_BUF(f->arena);

	assert_non_null(schema);
	for (int kind = SD_TABLE; kind <= SD_VIEW; kind++)
		for (size_t i = 0; i < schema->objects[kind].n; i++) {
			struct sd_object *o = schema->objects[kind].at[i];

			sd_buf_sep(&out, " ");
			sd_buf_addf(&out, "%s%s", o->name, o->opaque ? "?" : "");
			for (int part = SD_INDEX; part <= SD_TRIGGER; part++) {
				const struct sd_list *list = sd_parts_of(o, (enum sd_kind)part);

				for (size_t k = 0; k < list->n; k++)
					sd_buf_addf(&out, "+%s", list->at[k]->name);
			}
		}
	return sd_buf_text(&out);
}

static void
test_empty(void **state)
{
	assert_string_equal(contents(*state, NULL), "");
}

static void
test_parts_find_their_table(void **state)
{
	struct fixture *f = *state;

	run(f, "CREATE TABLE Beta(a, b UNIQUE)");
	run(f, "CREATE TABLE alpha(a PRIMARY KEY)");
	run(f, "CREATE INDEX ix2 ON beta(A)");
	run(f, "CREATE INDEX ix1 ON beta(b)");
	run(f, "CREATE VIEW v AS SELECT * FROM alpha");
	run(f, "CREATE TRIGGER r1 AFTER INSERT ON BETA BEGIN SELECT 1; END");
	run(f, "CREATE TRIGGER r2 INSTEAD OF INSERT ON V BEGIN SELECT 1; END");
	/* Renamed tables and their text stand behind what hangs on them. */
	run(f, "ALTER TABLE alpha RENAME TO \"al pha\"");
	run(f, "CREATE TABLE beta2 AS SELECT * FROM beta");
	run(f, "CREATE TEMP TABLE temporary(a)");
	assert_string_equal(contents(f, NULL), "Beta+ix1+ix2+r1 al pha beta2 v+r2");
}

static void
test_left_out(void **state)
{
	const char *names[] = { "Django_Migrations" };
	const struct sd_names wanted = { names, 1, 1 };
	const struct sd_introspect_options ours = { .bookkeeping_prefix = "Schemadiff_" };
	const struct sd_introspect_options theirs = { .wanted = &wanted };
	struct fixture *f = *state;

	run(f, "CREATE TABLE t(id INTEGER PRIMARY KEY AUTOINCREMENT)");
	run(f, "CREATE TABLE schemadiff_log(a)");
	run(f, "CREATE INDEX schemadiff_ix ON schemadiff_log(a)");
	run(f, "CREATE TABLE ALEMBIC_VERSION(a)");
	run(f, "CREATE TRIGGER r AFTER INSERT ON alembic_version BEGIN SELECT 1; END");
	run(f, "CREATE TABLE django_migrations(a)");
	run(f, "ANALYZE");
	assert_string_equal(contents(f, &ours), "t");
	assert_string_equal(
		contents(f, &theirs), "django_migrations schemadiff_log+schemadiff_ix t");
	assert_true(sd_is_foreign_bookkeeping("sequelizemeta"));
	assert_false(sd_is_foreign_bookkeeping("users"));
}

static void
test_virtual_tables(void **state)
{
	struct fixture *f = *state;

	run(f, "CREATE TABLE docs_archive(a)");
	run(f, "CREATE VIRTUAL TABLE docs USING fts5(body, tokenize = \"porter\")");
	run(f, "CREATE VIRTUAL TABLE Old USING fts4(body)");
	run(f, "CREATE VIRTUAL TABLE box USING rtree(id, x0, x1)");
	run(f, "CREATE TABLE box_office(a)");
	assert_string_equal(contents(f, NULL), "box_office docs_archive");
}

/* The module is not there: its tables are known by their names, or doubted. */
static void
test_unknown_modules(void **state)
{
	struct fixture *f = *state;

	run(f, "PRAGMA writable_schema = ON");
	run(f, "INSERT INTO sqlite_master VALUES('table', 'Emb', 'Emb', 0,"
	       " 'CREATE VIRTUAL TABLE Emb USING vec0(a float[3])')");
	run(f, "INSERT INTO sqlite_master VALUES('table', 'odd', 'odd', 0,"
	       " 'CREATE VIRTUAL TABLE odd USING strange(x)')");
	run(f, "CREATE TABLE emb_vector_chunks00(a)");
	run(f, "CREATE TABLE emb_rowids(a)");
	run(f, "CREATE TABLE emb_other(a)");
	run(f, "CREATE TABLE odd_data(a)");
	run(f, "CREATE TABLE oddity(a)");
	assert_string_equal(contents(f, NULL), "emb_other odd_data? oddity");
}

static void
test_opaque_table(void **state)
{
	struct fixture *f = *state;

	run(f, "CREATE TABLE t(a REFERENCES p NOT NULL DEFERRABLE)");
	run(f, "CREATE INDEX ix ON t(a)");
	assert_string_equal(contents(f, NULL), "t?+ix");
}

static void
test_derived(void **state)
{
	struct fixture *f = *state;
	struct sd_schema *schema;
	const struct sd_table *t;
	const struct sd_foreign_key *fk;

	run(f, "CREATE TABLE p(id INTEGER PRIMARY KEY, k TEXT)");
	run(f, "CREATE TABLE t(a TEXT PRIMARY KEY, p_id REFERENCES P)");
	schema = sd_introspect_sqlite(f->db, NULL, f->arena);
	assert_non_null(schema);
	t = sd_schema_table(schema, NULL, "P");
	assert_true(((struct sd_column *)t->rel.parts[SD_COLUMN].at[0])->rowid_alias);
	t = sd_schema_table(schema, NULL, "t");
	assert_true(((struct sd_column *)t->rel.parts[SD_COLUMN].at[0])->null_said);
	fk = (struct sd_foreign_key *)t->rel.parts[SD_FOREIGN_KEY].at[0];
	assert_int_equal(fk->ref_columns.n, 1);
	assert_string_equal(fk->ref_columns.at[0], "id");
}

/* ---- real schemas ------------------------------------------------------------------- */

/* Shapes of schemas that applications have.  SD_CORPUS may name a folder of real ones, in
 * files called *-sqlite.sql. */
static const char own_schema[] =
	"CREATE TABLE \"django_content_type\" (\"id\" integer NOT NULL PRIMARY KEY "
	"AUTOINCREMENT,"
	" \"app_label\" varchar(100) NOT NULL, \"model\" varchar(100) NOT NULL);\n"
	"CREATE UNIQUE INDEX \"django_content_type_app_label_model_76bd3d3b_uniq\" ON"
	" \"django_content_type\" (\"app_label\", \"model\");\n"
	"CREATE TABLE \"auth_permission\" (\"id\" integer NOT NULL PRIMARY KEY AUTOINCREMENT,"
	" \"content_type_id\" integer NOT NULL REFERENCES \"django_content_type\" (\"id\")"
	" DEFERRABLE INITIALLY DEFERRED, \"at\" datetime NULL, \"kind\" smallint unsigned NOT "
	"NULL"
	" CHECK (\"kind\" >= 0));\n"
	"CREATE TABLE [Customer]\n(\n    [CustomerId] INTEGER  NOT NULL,\n    [Name]"
	" NVARCHAR(120),\n    CONSTRAINT [PK_Customer] PRIMARY KEY  ([CustomerId]),\n    "
	"FOREIGN KEY"
	" ([CustomerId]) REFERENCES [Employee] ([EmployeeId]) \n\t\tON DELETE NO ACTION ON "
	"UPDATE NO"
	" ACTION\n);\n"
	"CREATE TABLE `moz_places` (   id INTEGER PRIMARY KEY, url LONGVARCHAR, visit_count "
	"INTEGER"
	" DEFAULT 0, hidden INTEGER DEFAULT 0 NOT NULL, guid TEXT, url_hash INTEGER DEFAULT 0 "
	"NOT"
	" NULL , description TEXT);\n"
	"CREATE TABLE domains (\n  id                    INTEGER PRIMARY KEY,\n  name"
	"   VARCHAR(255) NOT NULL COLLATE NOCASE,\n  options VARCHAR(65535) DEFAULT NULL\n);\n"
	"CREATE TABLE ids (table_name varchar(64) DEFAULT '' NOT NULL, field_name varchar(64)"
	" DEFAULT '' NOT NULL, nextid bigint NOT NULL, PRIMARY KEY (table_name,field_name));\n"
	"CREATE TRIGGER audit AFTER UPDATE OF url, hidden ON moz_places FOR EACH ROW WHEN"
	" OLD.url <> NEW.url BEGIN UPDATE domains SET name = CASE WHEN 1 THEN 'a' ELSE 'b' END;"
	" END;\n"
	"CREATE VIEW names(n) AS SELECT name FROM domains UNION SELECT Name FROM Customer;\n";

/* The statements of @sql that make something, in a file at @path. */
static void
build(struct fixture *f, const char *path, const char *sql)
{
	struct sd_split split;
	struct sd_stmt stmt;
	sqlite3 *db;

	assert_int_equal(sqlite3_open(path, &db), SQLITE_OK);
	sd_split_init(&split, &sd_dialect_sqlite, f->arena, sql, 1);
	while (sd_split_next(&split, &stmt))
		if (sqlite3_strnicmp(stmt.text, "create", 6) == 0)
			sqlite3_exec(db, stmt.text, NULL, NULL, NULL);
	sqlite3_close(db);
}

static void
compare_all(struct fixture *f, const char *path)
{
	struct sd_schema *schema = sd_schema_new(f->arena, &sd_dialect_sqlite, 3040000);
	struct compare c = { .arena = f->arena };
	struct rows rows;

	assert_int_equal(sqlite3_open(path, &c.db), SQLITE_OK);
	rows = cmp_query(&c,
		"SELECT name, sql FROM sqlite_master WHERE type = 'table'"
		" AND name NOT LIKE 'sqlite!_%' ESCAPE '!'",
		NULL);
	assert_true(rows.n > 0);
	for (size_t i = 0; i < rows.n; i++) {
		const char *name = cmp_at(&rows, i, 0), *why;
		struct sd_table *table =
			sd_sqlite_parse_table(schema, name, cmp_at(&rows, i, 1));
		struct rows list = cmp_query(&c,
			"SELECT name, sql FROM sqlite_master WHERE type = 'index'"
			" AND sql NOT NULL AND tbl_name = ?1",
			name);

		for (size_t k = 0; k < list.n; k++)
			sd_sqlite_parse_index(
				schema, table, cmp_at(&list, k, 0), cmp_at(&list, k, 1));
		why = compare_table(f->arena, c.db, table);
		if (why)
			fail_msg("%s: %s", name, why);
	}
	sqlite3_close(c.db);
}

/* Nothing of what the introspector reads from @path is opaque. */
static void
assert_understood(struct fixture *f, const char *path)
{
	struct sd_target target = f->target;
	struct sd_db *db;
	struct sd_schema *schema;

	target.file = target.masked = target.identity = path;
	db = sd_db_open(&target, SD_DB_READ, &f->diags);
	assert_non_null(db);
	schema = sd_introspect_sqlite(db, NULL, f->arena);
	sd_db_close(db);
	assert_non_null(schema);
	for (int kind = SD_TABLE; kind <= SD_VIEW; kind++)
		for (size_t i = 0; i < schema->objects[kind].n; i++) {
			struct sd_object *o = schema->objects[kind].at[i];

			assert_null(o->opaque);
			for (int part = SD_INDEX; part <= SD_TRIGGER; part++) {
				const struct sd_list *list = sd_parts_of(o, (enum sd_kind)part);

				for (size_t k = 0; k < list->n; k++)
					assert_null(list->at[k]->opaque);
			}
		}
}

/* The schema @sql, compared and introspected. */
static void
check_real(struct fixture *f, const char *folder, const char *sql)
{
	const char *path = sd_path_join(f->arena, folder, "real.db");

	build(f, path, sql);
	compare_all(f, path);
	assert_understood(f, path);
	assert_int_equal(unlink(path), 0);
}

static void
test_real_schemas(void **state)
{
	struct fixture *f = *state;
	const char *corpus = getenv("SD_CORPUS");
	char folder[] = "/tmp/schemadiff-XXXXXX", *sql;
	struct sd_names paths = { 0 };

	assert_non_null(mkdtemp(folder));
	check_real(f, folder, own_schema);
	if (corpus)
		assert_int_equal(
			sd_dir_list(corpus, "-sqlite.sql", false, f->arena, &f->diags, &paths),
			SD_OK);
	for (size_t i = 0; i < paths.n; i++) {
		assert_int_equal(
			sd_file_read(paths.at[i], f->arena, &f->diags, &sql, NULL), SD_OK);
		check_real(f, folder, sql);
	}
	assert_int_equal(rmdir(folder), 0);
}

int
main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test_setup_teardown(test_empty, setup, teardown),
		cmocka_unit_test_setup_teardown(test_parts_find_their_table, setup, teardown),
		cmocka_unit_test_setup_teardown(test_left_out, setup, teardown),
		cmocka_unit_test_setup_teardown(test_virtual_tables, setup, teardown),
		cmocka_unit_test_setup_teardown(test_unknown_modules, setup, teardown),
		cmocka_unit_test_setup_teardown(test_opaque_table, setup, teardown),
		cmocka_unit_test_setup_teardown(test_derived, setup, teardown),
		cmocka_unit_test_setup_teardown(test_real_schemas, setup, teardown),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
