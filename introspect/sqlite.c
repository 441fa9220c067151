/* SQLite → model.  One query reads sqlite_schema whole; everything else is in the texts that
 * it returns (introspect/sqlite_ddl.h).  Nearly all of the time goes to SQLite's own parsing
 * of the schema, so there is no query for each table, and none beside this one unless there
 * are virtual tables. */
#include "introspect/introspect.h"

#include "core/base/text.h"
#include "core/schema/load.h"
#include "introspect/sqlite_parse.h"
#include "introspect/sqlite_shadow.h"

/* A row of sqlite_schema. */
struct row {
	enum sd_kind kind; /* SD_COLUMN: of none that is known */
	const char *name, *table, *sql;
};

struct reader {
	struct sd_db *db;
	const struct sd_introspect_options *options;
	struct sd_schema *schema;
	struct sd_arena *arena, *scratch;
	struct sd_ddl parser;
	SD_VEC(struct row) rows;
	struct sd_shadows shadows;
	struct sd_map relations; /* sd_name_key() → table or view */
};

/* Indexes that SQLite makes for a constraint have no text.  The old name of the table is
 * understood by every version. */
static const char schema_query[] =
	"SELECT type, name, tbl_name, sql FROM sqlite_master WHERE sql IS NOT NULL";

static enum sd_kind
kind_called(const char *type)
{
	static const struct {
		const char *type;
		enum sd_kind kind;
	} known[] = { { "index", SD_INDEX }, { "table", SD_TABLE }, { "trigger", SD_TRIGGER },
		{ "view", SD_VIEW } };

	for (size_t i = 0; i < SD_COUNT(known); i++)
		if (sd_text_equal(known[i].type, type))
			return known[i].kind;
	return SD_COLUMN;
}

static enum sd_status
read_rows(struct reader *r)
{
	struct sd_rows *rows = sd_db_query(r->db, (struct sd_pos){ 0 }, schema_query, NULL, 0);
	enum sd_status st;

	if (!rows)
		return SD_ERR;
	while ((st = sd_rows_next(rows)) == SD_OK) {
		struct row *row = sd_push(r->scratch, &r->rows);
		const char *name = sd_rows_text(rows, 1), *table = sd_rows_text(rows, 2);

		row->kind = kind_called(sd_rows_text(rows, 0));
		row->name = sd_strdup(r->arena, name ? name : "");
		row->table = sd_text_equal(name, table) || !table
				     ? row->name
				     : sd_strdup(r->scratch, table);
		row->sql = sd_strdup(r->arena, sd_rows_text(rows, 3));
	}
	sd_rows_close(rows);
	return st == SD_NOTFOUND ? SD_OK : SD_ERR;
}

/* ---- what is left out --------------------------------------------------------------- */

/* @name begins with @prefix; names fold. */
static bool
starts_fold(const char *name, const char *prefix)
{
	for (; *prefix; name++, prefix++) {
		char a = *name, b = *prefix;

		a = (char)(a >= 'A' && a <= 'Z' ? a + ('a' - 'A') : a);
		b = (char)(b >= 'A' && b <= 'Z' ? b + ('a' - 'A') : b);
		if (a != b)
			return false;
	}
	return true;
}

static bool
is_wanted(const struct reader *r, const char *name)
{
	const struct sd_names *wanted = r->options->wanted;

	for (size_t i = 0; wanted && i < wanted->n; i++)
		if (sd_name_equal(r->schema->dialect, wanted->at[i], name))
			return true;
	return false;
}

static bool
is_left_out(const struct reader *r, const char *name)
{
	const char *prefix = r->options->bookkeeping_prefix;

	if (starts_fold(name, "sqlite_"))
		return true;
	if (prefix && *prefix && starts_fold(name, prefix))
		return true;
	return sd_is_foreign_bookkeeping(name) && !is_wanted(r, name);
}

/* ---- from rows to objects ----------------------------------------------------------- */

static struct sd_object **
relation_at(struct reader *r, const char *name)
{
	const char *key = sd_name_key(r->schema->dialect, r->scratch, name);

	return (struct sd_object **)sd_map_at(&r->relations, key, r->scratch);
}

static void
add_relation(struct reader *r, struct sd_object *object)
{
	sd_schema_add(r->schema, object);
	*relation_at(r, object->name) = object;
}

static void
add_table(struct reader *r, const struct row *row)
{
	const char *doubt = NULL;
	struct sd_table *table;

	if (is_left_out(r, row->name) || sd_shadows_hold(&r->shadows, row->name, &doubt))
		return;
	table = sd_ddl_table(&r->parser, row->name, row->sql);
	if (!table->rel.o.opaque)
		table->rel.o.opaque = doubt;
	add_relation(r, &table->rel.o);
}

static void
add_view(struct reader *r, const struct row *row)
{
	if (!is_left_out(r, row->name))
		add_relation(r, &sd_ddl_view(&r->parser, row->name, row->sql)->rel.o);
}

/* What hangs on a table that is left out is left out too. */
static void
add_index(struct reader *r, const struct row *row)
{
	struct sd_object *table = *relation_at(r, row->table);

	if (table && table->kind == SD_TABLE)
		sd_ddl_index(&r->parser, (struct sd_table *)table, row->name, row->sql);
}

static void
add_trigger(struct reader *r, const struct row *row)
{
	struct sd_object *relation = *relation_at(r, row->table);

	if (relation)
		sd_ddl_trigger(&r->parser, relation, row->name, row->sql);
}

/* The rows are in no order: a table that was renamed or vacuumed may stand behind what hangs
 * on it.  So the kinds are added one after the other. */
static void
add_all(struct reader *r)
{
	static const struct {
		enum sd_kind kind;
		void (*add)(struct reader *r, const struct row *row);
	} kinds[] = {
		{ SD_TABLE, add_table },
		{ SD_VIEW, add_view },
		{ SD_INDEX, add_index },
		{ SD_TRIGGER, add_trigger },
	};

	for (size_t k = 0; k < SD_COUNT(kinds); k++)
		for (size_t i = 0; i < r->rows.n; i++)
			if (r->rows.at[i].kind == kinds[k].kind)
				kinds[k].add(r, &r->rows.at[i]);
}

static enum sd_status
read_schema(struct reader *r)
{
	enum sd_status st = read_rows(r);

	for (size_t i = 0; st == SD_OK && i < r->rows.n; i++)
		if (r->rows.at[i].kind == SD_TABLE)
			sd_shadows_note(&r->shadows, r->rows.at[i].name, r->rows.at[i].sql);
	if (st == SD_OK)
		st = sd_shadows_ask(&r->shadows, r->db);
	if (st == SD_OK)
		add_all(r);
	return st;
}

struct sd_schema *
sd_introspect_sqlite(
	struct sd_db *db, const struct sd_introspect_options *options, struct sd_arena *arena)
{
	static const struct sd_introspect_options none;
	struct sd_arena *scratch = sd_arena_new();
	struct reader r = {
		.db = db,
		.options = options ? options : &none,
		.schema = sd_schema_new(arena, sd_db_dialect(db), sd_db_version(db)),
		.arena = arena,
		.scratch = scratch,
		.shadows = { .arena = arena, .scratch = scratch },
	};
	enum sd_status st;

	sd_ddl_init(&r.parser, r.schema, scratch);
	st = read_schema(&r);
	sd_arena_free(scratch);
	if (st != SD_OK)
		return NULL;
	sd_schema_normalise(
		r.schema, r.options->naming ? r.options->naming : &sd_naming_default);
	sd_schema_finish(r.schema);
	return r.schema;
}
