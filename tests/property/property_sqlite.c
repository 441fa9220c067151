/* SQLite under the property test: a file, looked at by the library itself. */
#include "core/base/text.h"
#include "tests/property/property.h"
#include "tests/property/random_sqlite.h"

#include <sqlite3.h>
#include <stdlib.h>
#include <string.h>

static bool
begin(struct world *w)
{
	w->session.settings.target_sqlite = getenv("SD_TARGET") ? getenv("SD_TARGET") : "3.37";
	w->session.target.dialect = &sd_dialect_sqlite;
	w->session.target.file = world_path(w, "app.db");
	w->session.target.masked = w->session.target.identity = w->session.target.file;
	return true;
}

static void
end(struct world *w)
{
	(void)w; /* the database is a file of the world's folder */
}

static bool
execute(struct world *w, const char *sql)
{
	sqlite3 *db;
	char *message = NULL;
	bool good = sqlite3_open(world_path(w, "app.db"), &db) == SQLITE_OK &&
		    sqlite3_exec(db, sql, NULL, NULL, &message) == SQLITE_OK;

	if (!good)
		broken(w, "rows: %s\n%s", message ? message : "?", sql);
	sqlite3_free(message);
	sqlite3_close(db);
	return good;
}

static const char *
rows_of(struct world *w, const char *sql)
{
	struct sd_buf out = SD_BUF(w->arena);
	sqlite3_stmt *stmt = NULL;
	sqlite3 *db;

	if (sqlite3_open(world_path(w, "app.db"), &db) == SQLITE_OK &&
		sqlite3_prepare_v2(db, sql, -1, &stmt, NULL) == SQLITE_OK) {
		while (sqlite3_step(stmt) == SQLITE_ROW) {
			for (int i = 0; i < sqlite3_column_count(stmt); i++) {
				const unsigned char *text = sqlite3_column_text(stmt, i);

				sd_buf_addf(&out, "%s|", text ? (const char *)text : "NULL");
			}
			sd_buf_addc(&out, '\n');
		}
	} else {
		broken(w, "%s: %s", sql, sqlite3_errmsg(db));
	}
	sqlite3_finalize(stmt);
	sqlite3_close(db);
	return sd_buf_text(&out);
}

static const char *
catalog(struct world *w, bool loose)
{
	(void)loose;
	return sd_fmt(w->arena, "integrity: %s%s", rows_of(w, "PRAGMA integrity_check"),
		rows_of(w, "SELECT type, name FROM sqlite_schema WHERE name NOT LIKE "
			   "'schemadiff%' AND name NOT LIKE 'sqlite%' ORDER BY 1, 2"));
}

/* ---- rows that must survive ------------------------------------------------------------ */

/* @json, a name as it stands in the file, as SQL has it. */
static const char *
plain(struct world *w, const char *json)
{
	const char *name = sd_text_replace(w->arena, json, "\\", "");

	return sd_fmt(w->arena, "\"%s\"", sd_text_replace(w->arena, name, "\"", "\"\""));
}

static const char *
column_query(struct world *w, const char *table, const char *column)
{
	const char *name = plain(w, column);

	return sd_fmt(w->arena, "SELECT CAST(%s AS TEXT), id FROM %s ORDER BY id, %s", name,
		plain(w, table), name);
}

static const struct gen_column *
old_column(const struct gen_table *table, const struct gen_column *column)
{
	const char *name = column->old_name[0] ? column->old_name : column->name;

	for (int i = 0; i < table->n; i++)
		if (strcmp(table->columns[i].name, name) == 0)
			return &table->columns[i];
	return NULL;
}

/* Columns that @into shares with @from.  One that is filled is no longer what it was. */
static void
survivors(struct world *w, const struct gen_schema *from, const struct gen_schema *into)
{
	for (int t = 0; t < into->n; t++) {
		const struct gen_table *table = &into->tables[t];
		const char *was = table->old_name[0] ? table->old_name : table->name;
		const struct gen_table *old = NULL;

		for (int i = 0; i < from->n; i++)
			if (strcmp(from->tables[i].name, was) == 0)
				old = &from->tables[i];
		for (int c = 0; old && c < table->n; c++) {
			const struct gen_column *column = &table->columns[c];
			const struct gen_column *before = old_column(old, column);

			if (!before || column->generated ||
				column->not_null != before->not_null)
				continue;
			*sd_push(w->arena, &w->pair.before) =
				column_query(w, was, before->name);
			*sd_push(w->arena, &w->pair.after) =
				column_query(w, table->name, column->name);
		}
	}
	*sd_push(w->arena, &w->pair.before) = *sd_push(w->arena, &w->pair.after) =
		"SELECT count(*) FROM pragma_foreign_key_check";
}

static void
make(struct world *w, struct rng *rng)
{
	struct gen_schema from, into;
	struct sd_buf from_text = SD_BUF(w->arena), into_text = SD_BUF(w->arena);
	struct sd_buf rows = SD_BUF(w->arena);

	gen_schema(rng, &from);
	gen_rows(rng, &from, &rows);
	into = from;
	gen_mutate(rng, &into);
	gen_write(&from, &from_text);
	gen_write(&into, &into_text);
	w->pair.from = sd_buf_text(&from_text);
	w->pair.into = sd_buf_text(&into_text);
	w->pair.rows = sd_buf_text(&rows);
	survivors(w, &from, &into);
}

const struct subject subject_sqlite = {
	.dialect = &sd_dialect_sqlite,
	.begin = begin,
	.end = end,
	.make = make,
	.execute = execute,
	.rows_of = rows_of,
	.catalog = catalog,
};
