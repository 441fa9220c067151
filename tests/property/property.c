/* The law of the house on random schemas with rows: create *from* → upgrade → the second diff
 * is empty → downgrade → equal to *from* again; rows that survive are what they were; the same
 * input gives the same bytes.
 *
 *     property [FIRST_SEED [COUNT]]
 *
 * A seed that fails is printed with its files kept, and runs alone with `property SEED 1`. */
#include "cmd/work/work.h"
#include "core/base/file.h"
#include "tests/property/random.h"

#include <sqlite3.h>
#include <stdarg.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

struct world {
	struct sd_arena *arena;
	struct sd_diags diags;
	struct sd_session session;
	const struct sd_engine *engine;
	char dir[64];
	const char *why; /* the first thing that went wrong */
	bool refused;    /* rows stood in the way of the upgrade, as they may */
};

static bool
broken(struct world *w, const char *format, ...)
{
	char text[16384];
	va_list args;

	va_start(args, format);
	vsnprintf(text, sizeof text, format, args);
	va_end(args);
	if (!w->why) {
		struct sd_buf out = SD_BUF(w->arena);

		sd_diags_format(&w->diags, 0, false, &out);
		w->why = sd_fmt(w->arena, "%s\n%s", text, sd_buf_text(&out));
	}
	return false;
}

static const char *
at(struct world *w, const char *name)
{
	return sd_fmt(w->arena, "%s/%s", w->dir, name);
}

static void
begin(struct world *w)
{
	*w = (struct world){ .arena = sd_arena_new() };
	w->diags.arena = w->arena;
	snprintf(w->dir, sizeof w->dir, "/tmp/schemadiff-property-XXXXXX");
	if (!mkdtemp(w->dir))
		abort();
	w->session.arena = w->arena;
	w->session.diags = &w->diags;
	w->session.config.dir = w->dir;
	*sd_push(w->arena, &w->session.settings.schemas) = "schema.json";
	*sd_push(w->arena, &w->session.settings.migrations) = "migrations";
	w->session.settings.target_sqlite = getenv("SD_TARGET") ? getenv("SD_TARGET") : "3.37";
	w->session.settings.truncate_slug_length = 40;
	w->session.has_target = true;
	w->session.target.dialect = &sd_dialect_sqlite;
	w->session.target.file = at(w, "app.db");
	w->session.target.masked = w->session.target.identity = w->session.target.file;
	w->engine = sd_engine_find(&sd_dialect_sqlite);
}

static void
end(struct world *w, bool keep)
{
	const char *command = sd_fmt(w->arena, "rm -rf '%s'", w->dir);

	if (!keep && system(command))
		fprintf(stderr, "cannot remove %s\n", w->dir);
	sd_arena_free(w->arena);
}

/* ---- the file as plain SQLite sees it
 * -------------------------------------------------------- */

static bool
execute(struct world *w, const char *sql)
{
	sqlite3 *db;
	char *message = NULL;
	bool good = sqlite3_open(at(w, "app.db"), &db) == SQLITE_OK &&
		    sqlite3_exec(db, sql, NULL, NULL, &message) == SQLITE_OK;

	if (!good)
		broken(w, "rows: %s\n%s", message ? message : "?", sql);
	sqlite3_free(message);
	sqlite3_close(db);
	return good;
}

/* All rows of a query as text: storage class and value of each column. */
static const char *
rows_of(struct world *w, const char *sql)
{
	struct sd_buf out = SD_BUF(w->arena);
	sqlite3_stmt *stmt = NULL;
	sqlite3 *db;

	if (sqlite3_open(at(w, "app.db"), &db) == SQLITE_OK &&
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
plain(struct world *w, const char *json)
{
	struct sd_buf out = SD_BUF(w->arena);

	sd_buf_addc(&out, '"');
	for (; *json; json++) {
		if (*json == '\\')
			continue;
		if (*json == '"')
			sd_buf_addc(&out, '"');
		sd_buf_addc(&out, *json);
	}
	sd_buf_addc(&out, '"');
	return sd_buf_text(&out);
}

/* ---- steps
 * ------------------------------------------------------------------------------------- */

static struct sd_schema *
load(struct world *w, const struct gen_schema *schema)
{
	struct sd_buf text = SD_BUF(w->arena);

	gen_write(schema, &text);
	if (sd_file_write(at(w, "schema.json"), text.at, text.n, false, &w->diags))
		return NULL;
	return sd_work_load(&w->session, w->engine);
}

static struct sd_schema *
live(struct world *w, struct sd_db *db, struct sd_schema *desired)
{
	if (!sd_db_exists(&w->session.target))
		return sd_schema_new(w->arena, &sd_dialect_sqlite, 0);
	return sd_work_introspect(&w->session, db, desired);
}

static bool
difference(struct world *w, const struct gen_schema *wanted, struct sd_diff **diff)
{
	struct sd_db *db = sd_db_open(&w->session.target, SD_DB_WRITE, &w->diags);
	struct sd_diff_options options = { 0 };
	struct sd_schema *into = db ? load(w, wanted) : NULL;
	struct sd_schema *from = into ? live(w, db, into) : NULL;

	if (from)
		*diff = sd_work_compare(&w->session, db, from, into, &options);
	if (db)
		sd_db_close(db);
	return from || broken(w, "does not load");
}

static bool
is_clean(struct world *w, const struct gen_schema *wanted, const char *when)
{
	struct sd_buf out = SD_BUF(w->arena);
	struct sd_diff *diff = NULL;

	if (!difference(w, wanted, &diff))
		return false;
	if (sd_diff_empty(diff))
		return true;
	sd_render_text(diff, false, w->arena, &out);
	return broken(w, "%s the diff is not empty:\n%s", when, sd_buf_text(&out));
}

static bool
generate(struct world *w, const struct gen_schema *wanted, struct sd_generated *generated)
{
	struct sd_diff_options options = { .no_renames = false };
	struct sd_db *db = sd_db_open(&w->session.target, SD_DB_WRITE, &w->diags);
	struct sd_schema *into = load(w, wanted), *from = live(w, db, into);
	struct sd_diff *diff = NULL;
	bool good = false;

	if (!into || !from) {
		broken(w, "does not load");
	} else {
		diff = sd_work_compare(&w->session, db, from, into, &options);
		diff->ambiguous.n = 0; /* what vanishes is meant to */
		good = sd_work_generate(
			       &w->session, w->engine, db, diff, &options, ~0u, generated) == SD_OK;
		if (!good)
			broken(w, "is not generated");
	}
	sd_db_close(db);
	return good;
}

static bool
write_revision(struct world *w, const struct gen_schema *wanted, const char *id)
{
	struct sd_generated first, again;
	struct sd_new_revision revision = { .message = id, .rev_id = id };
	struct sd_history *history = sd_work_history(&w->session, w->engine);
	const char *path, *written;

	if (!history || !generate(w, wanted, &first) || !generate(w, wanted, &again))
		return false;
	if (strcmp(first.up, again.up) != 0 || strcmp(first.down, again.down) != 0 ||
		strcmp(first.schema, again.schema) != 0)
		return broken(w, "the second time it was another script:\n%s\n----\n%s",
			first.up, again.up);
	revision.up = first.up;
	revision.down = first.down;
	revision.schema = first.schema;
	return sd_work_write_revision(
		       &w->session, w->engine, history, &revision, &path, &written) == SD_OK ||
	       broken(w, "is not written");
}

static bool
migrate(struct world *w, const char *target, bool up)
{
	struct sd_bookkeeping books = sd_work_books(&w->session);
	struct sd_db *db = sd_db_open(&w->session.target, SD_DB_WRITE, &w->diags);
	struct sd_history *history = sd_work_history(&w->session, w->engine);
	struct sd_run run = { .db = db,
		.books = &books,
		.history = history,
		.wait = 1,
		.force = true,
		.arena = w->arena };
	struct sd_run_result result = { 0 };
	enum sd_status status = SD_ERR;

	if (db && history)
		status = up ? sd_run_upgrade(&run, sd_history_find(history, target), &result)
			    : sd_run_downgrade(&run, sd_history_find(history, target), &result);
	if (db)
		sd_db_close(db);
	return status == SD_OK;
}

/* ---- rows that must survive
 * -------------------------------------------------------------------- */

static const char *
column_text(struct world *w, const struct gen_table *table, const struct gen_column *column,
	bool old_names)
{
	const char *table_name =
		plain(w, old_names && table->old_name[0] ? table->old_name : table->name);
	const char *name =
		plain(w, old_names && column->old_name[0] ? column->old_name : column->name);

	return rows_of(
		w, sd_fmt(w->arena, "SELECT CAST(%s AS TEXT), id FROM %s ORDER BY id, %s", name,
			   table_name, name));
}

/* Columns that @into shares with @from, read under either's names.  A column that is filled is
 * no longer what it was. */
static const char *
survivors(struct world *w, const struct gen_schema *from, const struct gen_schema *into,
	bool before)
{
	struct sd_buf out = SD_BUF(w->arena);

	for (int t = 0; t < into->n; t++) {
		const struct gen_table *table = &into->tables[t];
		const char *was = table->old_name[0] ? table->old_name : table->name;
		const struct gen_table *old = NULL;

		for (int i = 0; i < from->n; i++)
			if (strcmp(from->tables[i].name, was) == 0)
				old = &from->tables[i];
		for (int c = 0; old && c < table->n; c++) {
			const struct gen_column *column = &table->columns[c];
			const char *name =
				column->old_name[0] ? column->old_name : column->name;

			for (int i = 0; i < old->n; i++)
				if (strcmp(old->columns[i].name, name) == 0 &&
					!column->generated &&
					column->not_null == old->columns[i].not_null)
					sd_buf_addf(&out, "%s.%s\n%s", was, name,
						column_text(w, table, column, before));
		}
	}
	return sd_buf_text(&out);
}

static bool
integrity(struct world *w)
{
	const char *answer = rows_of(w, "PRAGMA integrity_check");

	return strcmp(answer, "ok|\n") == 0 || broken(w, "integrity_check: %s", answer);
}

/* ---- one seed
 * ------------------------------------------------------------------------------------ */

static bool
law(struct world *w, uint64_t seed)
{
	struct rng rng = { seed };
	struct gen_schema from, into;
	struct sd_buf rows = SD_BUF(w->arena);
	const char *schema_before, *before, *keys;

	gen_schema(&rng, &from);
	if (!write_revision(w, &from, "a1") || !migrate(w, "a1", true))
		return broken(w, "the first revision does not run");
	gen_rows(&rng, &from, &rows);
	if (!execute(w, sd_buf_text(&rows)) || !is_clean(w, &from, "after creation"))
		return false;
	into = from;
	gen_mutate(&rng, &into);
	before = survivors(w, &from, &into, true);
	keys = rows_of(
		w, "SELECT \"table\", rowid FROM pragma_foreign_key_check ORDER BY 1, 2");
	schema_before = rows_of(w, "SELECT type, name FROM sqlite_schema WHERE name NOT LIKE "
				   "'schemadiff%' AND name NOT LIKE 'sqlite%' ORDER BY 1, 2");
	if (!write_revision(w, &into, "b2"))
		return false;
	if (!migrate(w, "b2", true)) {
		w->refused = true;
		return is_clean(w, &from, "after a refused upgrade") && integrity(w);
	}
	if (!is_clean(w, &into, "after the upgrade") || !integrity(w))
		return false;
	if (strcmp(before, survivors(w, &from, &into, false)) != 0)
		return broken(w, "rows changed:\n%s----\n%s", before,
			survivors(w, &from, &into, false));
	if (strcmp(keys, rows_of(w, "SELECT \"table\", rowid FROM pragma_foreign_key_check "
				    "ORDER BY 1, 2")) != 0 &&
		!*keys)
		return broken(w, "foreign keys dangle");
	if (!migrate(w, "a1", false)) {
		w->refused =
			true; /* rows stand in the way back: the state is the upgraded one */
		return is_clean(w, &into, "after a refused downgrade") && integrity(w);
	}
	if (!is_clean(w, &from, "after the downgrade") || !integrity(w))
		return false;
	if (strcmp(schema_before,
		    rows_of(w, "SELECT type, name FROM sqlite_schema WHERE name NOT LIKE "
			       "'schemadiff%' AND name NOT LIKE 'sqlite%' ORDER BY 1, 2")) != 0)
		return broken(w, "other objects than before");
	return true;
}

int
main(int argc, char **argv)
{
	uint64_t first = argc > 1 ? strtoull(argv[1], NULL, 10) : 1;
	uint64_t count = argc > 2 ? strtoull(argv[2], NULL, 10) : 300;
	unsigned passed = 0, failed = 0, refused = 0;

	for (uint64_t seed = first; seed < first + count; seed++) {
		struct world w;
		bool good;

		begin(&w);
		good = law(&w, seed) && !w.why;
		passed += good;
		failed += !good;
		refused += w.refused;
		if (w.refused && getenv("SD_VERBOSE")) {
			struct sd_buf out = SD_BUF(w.arena);

			sd_diags_format(&w.diags, 0, false, &out);
			printf("seed %llu refused: %s\n", (unsigned long long)seed,
				sd_buf_text(&out));
		}
		if (!good)
			printf("seed %llu failed, files in %s:\n%s\n", (unsigned long long)seed,
				w.dir, w.why ? w.why : "?");
		end(&w, !good || getenv("SD_KEEP"));
	}
	printf("property: %u of them refused because of their rows, as they may\n", refused);
	printf("%u passed, %u failed\n", passed, failed);
	return failed != 0;
}
