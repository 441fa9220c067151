/* The bookkeeping tables.  They are always named with their namespace, since a script may
 * have left a temporary table of the same name behind. */
#include "core/history/state.h"

#include "core/history/replaced.h"

#include "core/base/text.h"

#include <stdlib.h>
#include <string.h>
#include <time.h>

static const struct sd_pos nowhere;

/* What differs between engines. */
struct home {
	const struct sd_dialect *dialect;
	const char *namespace; /* where the tables lie unless the configuration says */
	/* Which of the tables $1, $2, $3 are there, in namespace $4, and which has the column
	 * depends_on. */
	const char *existing;
	bool grants; /* it has rights: nobody else may read or write the tables */
	bool adds;   /* it has ADD COLUMN IF NOT EXISTS */
};

static const struct home homes[] = {
	{ &sd_dialect_sqlite, "main",
		"SELECT name, EXISTS (SELECT 1 FROM pragma_table_info(s.name, 'main') c WHERE "
		"c.name = 'depends_on') FROM main.sqlite_schema s WHERE type = 'table' AND "
		"name COLLATE NOCASE IN ($1, $2, $3)",
		false, false },
	{ &sd_dialect_postgresql, "public",
		"SELECT relname, EXISTS (SELECT 1 FROM pg_catalog.pg_attribute a WHERE "
		"a.attrelid = c.oid AND a.attname = 'depends_on')::pg_catalog.int4 "
		"FROM pg_catalog.pg_class c WHERE relkind IN ('r', 'p') AND "
		"relnamespace = pg_catalog.to_regnamespace(pg_catalog.quote_ident($4)) AND "
		"relname IN ($1, $2, $3)",
		true, true },
};

static const char *const book_names[SD_BOOK__MAX] = {
	[SD_BOOK_REVISIONS] = "revisions",
	[SD_BOOK_LOG] = "log",
	[SD_BOOK_META] = "meta",
	[SD_BOOK_SEEDS] = "seeds",
};

static const char *const book_columns[SD_BOOK__MAX] = {
	[SD_BOOK_REVISIONS] = ("	revision text NOT NULL PRIMARY KEY,\n"
			       "	parents text NOT NULL,\n"
			       "	description text NOT NULL,\n"
			       "	checksum text NOT NULL,\n"
			       "	applied_at text NOT NULL,\n"
			       "	applied_by text NOT NULL,\n"
			       "	duration_ms integer NOT NULL,\n"
			       "	tool_version text NOT NULL,\n"
			       "	state text NOT NULL,\n"
			       "	progress text,\n"
			       "	down_sql text,\n"
			       "	depends_on text\n"),
	[SD_BOOK_LOG] = ("	at text NOT NULL,\n"
			 "	action text NOT NULL,\n"
			 "	revision text NOT NULL,\n"
			 "	result text NOT NULL,\n"
			 "	who text NOT NULL,\n"
			 "	duration_ms integer NOT NULL,\n"
			 "	tool_version text NOT NULL\n"),
	[SD_BOOK_META] = ("	key text NOT NULL PRIMARY KEY,\n"
			  "	value text NOT NULL\n"),
	[SD_BOOK_SEEDS] = ("	name text NOT NULL PRIMARY KEY,\n"
			   "	checksum text NOT NULL,\n"
			   "	applied_at text NOT NULL,\n"
			   "	applied_by text NOT NULL,\n"
			   "	duration_ms integer NOT NULL,\n"
			   "	tool_version text NOT NULL\n"),
};

static const struct home *
home_of(const struct sd_dialect *dialect)
{
	for (size_t i = 0; i < SD_COUNT(homes); i++)
		if (homes[i].dialect == dialect)
			return &homes[i];
	sd_bug("no bookkeeping on %s", dialect->name);
}

static const char *
bare_name(const struct sd_bookkeeping *books, enum sd_book book, struct sd_arena *arena)
{
	return sd_fmt(
		arena, "%s%s", books->prefix ? books->prefix : "schemadiff_", book_names[book]);
}

const char *
sd_state_table(const struct sd_dialect *dialect, const struct sd_bookkeeping *books,
	enum sd_book book, struct sd_arena *arena)
{
	const char *namespace =
		books->namespace ? books->namespace : home_of(dialect)->namespace;

	return sd_fmt(arena, "%s.%s", sd_quote_name(dialect, arena, namespace),
		sd_quote_name(dialect, arena, bare_name(books, book, arena)));
}

void
sd_state_book_ddl(const struct sd_dialect *dialect, const struct sd_bookkeeping *books,
	enum sd_book book, struct sd_arena *arena, struct sd_names *statements)
{
	const char *table = sd_state_table(dialect, books, book, arena);

	*sd_push(arena, statements) = sd_fmt(
		arena, "CREATE TABLE IF NOT EXISTS %s (\n%s)", table, book_columns[book]);
	if (home_of(dialect)->grants)
		*sd_push(arena, statements) =
			sd_fmt(arena, "REVOKE ALL ON TABLE %s FROM PUBLIC", table);
}

void
sd_state_ddl(const struct sd_dialect *dialect, const struct sd_bookkeeping *books,
	struct sd_arena *arena, struct sd_names *statements)
{
	const char *meta = sd_state_table(dialect, books, SD_BOOK_META, arena);

	for (enum sd_book book = 0; book < SD_BOOK__CORE; book++)
		sd_state_book_ddl(dialect, books, book, arena, statements);
	if (home_of(dialect)->adds)
		*sd_push(arena, statements) =
			sd_fmt(arena, "ALTER TABLE %s ADD COLUMN IF NOT EXISTS depends_on text",
				sd_state_table(dialect, books, SD_BOOK_REVISIONS, arena));
	*sd_push(arena, statements) = sd_fmt(arena,
		"INSERT INTO %s (key, value) SELECT 'format', '%d' "
		"WHERE NOT EXISTS (SELECT 1 FROM %s WHERE key = 'format')",
		meta, SD_STATE_FORMAT, meta);
}

/* ---- reading ------------------------------------------------------------------------ */

_Static_assert(SD_BOOK__CORE == 3, "as many tables as home.existing asks for");

/* Three tables as they are in a database. */
struct tables {
	bool found[3];
	bool depends; /* the first has the column depends_on: that of the revisions, made by an
		       * older program, has not */
};

static bool
has_all(const struct tables *tables)
{
	return tables->found[0] && tables->found[1] && tables->found[2];
}

static enum sd_status
find_tables(struct sd_db *db, const struct sd_bookkeeping *books, const char *const bare[3],
	struct tables *tables)
{
	const struct home *home = home_of(sd_db_dialect(db));
	const char *params[] = { bare[0], bare[1], bare[2],
		books->namespace ? books->namespace : home->namespace };
	struct sd_rows *rows;
	enum sd_status status;

	rows = sd_db_query(
		db, nowhere, home->existing, params, strstr(home->existing, "$4") ? 4 : 3);
	if (!rows)
		return SD_ERR;
	*tables = (struct tables){ 0 };
	while ((status = sd_rows_next(rows)) == SD_OK)
		for (size_t i = 0; i < 3; i++) {
			bool is = sd_name_equal(
				sd_db_dialect(db), sd_rows_text(rows, 0), bare[i]);

			tables->found[i] |= is;
			tables->depends |=
				is && !i && sd_text_equal(sd_rows_text(rows, 1), "1");
		}
	sd_rows_close(rows);
	return status == SD_NOTFOUND ? SD_OK : SD_ERR;
}

static enum sd_status
find_core(struct sd_db *db, const struct sd_bookkeeping *books, struct sd_arena *arena,
	struct tables *tables)
{
	const char *names[SD_BOOK__CORE];

	for (enum sd_book book = 0; book < SD_BOOK__CORE; book++)
		names[book] = bare_name(books, book, arena);
	return find_tables(db, books, names, tables);
}

enum sd_status
sd_state_has_book(struct sd_db *db, const struct sd_bookkeeping *books, enum sd_book book,
	bool *exists)
{
	struct sd_arena *arena = sd_arena_new();
	const char *name = bare_name(books, book, arena);
	const char *const names[] = { name, name, name };
	struct tables tables = { 0 };
	enum sd_status status = find_tables(db, books, names, &tables);

	*exists = tables.found[0];
	sd_arena_free(arena);
	return status;
}

/* ---- creating ------------------------------------------------------------------------ */

static enum sd_status
exec_all(struct sd_db *db, const struct sd_names *statements)
{
	for (size_t i = 0; i < statements->n; i++)
		if (sd_db_exec(db, nowhere, statements->at[i]))
			return SD_ERR;
	return SD_OK;
}

/* The table that an older program made gets the column that it lacks. */
static enum sd_status
add_column(struct sd_db *db, const char *revisions, struct sd_arena *arena)
{
	if (sd_db_exec(db, nowhere,
		    sd_fmt(arena, "ALTER TABLE %s ADD COLUMN depends_on text", revisions)) ==
		SD_OK)
		return SD_OK;
	sd_hint(sd_db_diags(db),
		"an older schemadiff made this table; who may change it can have "
		"`schemadiff ensure-version` add the column");
	return SD_ERR;
}

enum sd_status
sd_state_create(struct sd_db *db, const struct sd_bookkeeping *books)
{
	struct sd_arena *arena = sd_arena_new();
	struct sd_names statements = { 0 };
	struct tables tables = { 0 };
	enum sd_status status = find_core(db, books, arena, &tables);

	if (status == SD_OK && tables.found[SD_BOOK_REVISIONS] && !tables.depends)
		status = add_column(db,
			sd_state_table(sd_db_dialect(db), books, SD_BOOK_REVISIONS, arena),
			arena);
	/* who may not create tables may not say IF NOT EXISTS either (PostgreSQL) */
	if (status == SD_OK && !has_all(&tables)) {
		sd_state_ddl(sd_db_dialect(db), books, arena, &statements);
		status = exec_all(db, &statements);
	}
	sd_arena_free(arena);
	return status;
}

enum sd_status
sd_state_create_book(
	struct sd_db *db, const struct sd_bookkeeping *books, enum sd_book book)
{
	struct sd_arena *arena = sd_arena_new();
	struct sd_names statements = { 0 };
	bool exists;
	enum sd_status status = sd_state_has_book(db, books, book, &exists);

	if (status == SD_OK && !exists) {
		sd_state_book_ddl(sd_db_dialect(db), books, book, arena, &statements);
		status = exec_all(db, &statements);
	}
	sd_arena_free(arena);
	return status;
}

/* ---- their content ---------------------------------------------------------------------- */

static enum sd_status
check_format(struct sd_db *db, const struct sd_bookkeeping *books, struct sd_arena *arena)
{
	const char *meta = sd_state_table(sd_db_dialect(db), books, SD_BOOK_META, arena);
	const char *value;

	if (sd_db_value(db, nowhere,
		    sd_fmt(arena, "SELECT value FROM %s WHERE key = 'format'", meta), NULL, 0,
		    arena, &value))
		return SD_ERR;
	if (value && strtol(value, NULL, 10) <= SD_STATE_FORMAT)
		return SD_OK;
	if (!value)
		return sd_fail(sd_db_diags(db), SD_CLASS_HISTORY, nowhere,
			"the bookkeeping tables have lost their format number (in %s)", meta);
	sd_fail(sd_db_diags(db), SD_CLASS_HISTORY, nowhere,
		"the bookkeeping tables have format %s, and this schemadiff knows formats up "
		"to %d",
		value, SD_STATE_FORMAT);
	sd_hint(sd_db_diags(db), "use the newer schemadiff that wrote them");
	return SD_ERR;
}

/* The @tables are there, all of them and readable by this program, or none (SD_NOTFOUND). */
static enum sd_status
check_tables(struct sd_db *db, const struct sd_bookkeeping *books, struct sd_arena *arena,
	struct tables *tables)
{
	if (find_core(db, books, arena, tables))
		return SD_ERR;
	if (tables->found[SD_BOOK_META] && check_format(db, books, arena))
		return SD_ERR;
	if (has_all(tables))
		return SD_OK;
	for (enum sd_book book = 0; book < SD_BOOK__CORE; book++) {
		if (!tables->found[book])
			continue;
		sd_fail(sd_db_diags(db), SD_CLASS_HISTORY, nowhere,
			"there is a table %s, but not all of the bookkeeping tables",
			sd_state_table(sd_db_dialect(db), books, book, arena));
		sd_hint(sd_db_diags(db),
			"if it is yours, set another prefix with \"bookkeeping\" in "
			"schemadiff.json; if the others were dropped by mistake, restore them");
		return SD_ERR;
	}
	return SD_NOTFOUND;
}

/* The columns of struct sd_applied in the order of the query. */
static const size_t applied_offsets[] = {
	offsetof(struct sd_applied, revision),
	offsetof(struct sd_applied, parents),
	offsetof(struct sd_applied, description),
	offsetof(struct sd_applied, checksum),
	offsetof(struct sd_applied, applied_at),
	offsetof(struct sd_applied, applied_by),
	offsetof(struct sd_applied, duration_ms),
	offsetof(struct sd_applied, tool_version),
	offsetof(struct sd_applied, state),
	offsetof(struct sd_applied, down_sql),
	offsetof(struct sd_applied, depends_on),
};

static const char applied_word[] = "applied", running_word[] = "running",
		  reverting_word[] = "reverting";

enum sd_status
sd_state_partial(struct sd_db *db, const struct sd_bookkeeping *books, struct sd_arena *arena,
	struct sd_partial *partial)
{
	struct sd_rows *rows;
	struct tables tables;
	enum sd_status status = check_tables(db, books, arena, &tables);

	*partial = (struct sd_partial){ 0 };
	if (status)
		return status == SD_NOTFOUND ? SD_OK : SD_ERR;
	rows = sd_db_query(db, nowhere,
		sd_fmt(arena, "SELECT revision, state, progress FROM %s WHERE state <> '%s'",
			sd_state_table(sd_db_dialect(db), books, SD_BOOK_REVISIONS, arena),
			applied_word),
		NULL, 0);
	if (!rows)
		return SD_ERR;
	status = sd_rows_next(rows);
	if (status == SD_OK) {
		partial->revision = sd_strdup(arena, sd_rows_text(rows, 0));
		partial->down = sd_text_equal(sd_rows_text(rows, 1), reverting_word);
		partial->progress = sd_strdup(arena, sd_rows_text(rows, 2));
	}
	sd_rows_close(rows);
	return status == SD_ERR ? SD_ERR : SD_OK;
}

const char *
sd_partial_command(const struct sd_partial *partial, const struct sd_history *history,
	struct sd_arena *arena)
{
	const struct sd_script *script = sd_history_find(history, partial->revision);
	size_t n_parents = script ? script->revises.n : 1;

	if (!partial->down)
		return sd_fmt(arena, "upgrade %s", partial->revision);
	if (n_parents == 1)
		return sd_fmt(arena, "downgrade %s-1", partial->revision);
	return sd_fmt(arena, "downgrade %s@%s", partial->revision,
		n_parents ? script->revises.at[0] : "base");
}

enum sd_status
sd_state_read(struct sd_db *db, const struct sd_bookkeeping *books, struct sd_arena *arena,
	struct sd_state *state)
{
	struct sd_rows *rows;
	struct tables tables;
	enum sd_status status = check_tables(db, books, arena, &tables);

	*state = (struct sd_state){ .exists = status == SD_OK };
	if (status)
		return status == SD_NOTFOUND ? SD_OK : SD_ERR;
	rows = sd_db_query(db, nowhere,
		sd_fmt(arena,
			"SELECT revision, parents, description, checksum, applied_at, "
			"applied_by, duration_ms, tool_version, state, down_sql, %s, progress "
			"FROM %s ORDER BY applied_at, revision",
			tables.depends ? "depends_on" : "NULL",
			sd_state_table(sd_db_dialect(db), books, SD_BOOK_REVISIONS, arena)),
		NULL, 0);
	if (!rows)
		return SD_ERR;
	while ((status = sd_rows_next(rows)) == SD_OK) {
		struct sd_applied *row;

		if (strcmp(sd_rows_text(rows, 8), applied_word) != 0)
			state->partial = (struct sd_partial){
				.revision = sd_strdup(arena, sd_rows_text(rows, 0)),
				.down = sd_text_equal(sd_rows_text(rows, 8), reverting_word),
				.progress = sd_strdup(arena, sd_rows_text(rows, 11)),
			};
		/* one that is being applied does not count yet */
		if (sd_text_equal(sd_rows_text(rows, 8), running_word))
			continue;
		row = sd_push(arena, &state->rows);
		for (size_t i = 0; i < SD_COUNT(applied_offsets); i++)
			*(const char **)(void *)((char *)row + applied_offsets[i]) =
				sd_strdup(arena, sd_rows_text(rows, i));
		*sd_push(arena, &state->ids) = row->revision;
	}
	sd_rows_close(rows);
	return status == SD_NOTFOUND ? SD_OK : SD_ERR;
}

enum sd_status
sd_state_ids(struct sd_db *db, const struct sd_bookkeeping *books, struct sd_arena *arena,
	struct sd_names *ids)
{
	struct sd_rows *rows;
	struct tables tables;
	enum sd_status status = check_tables(db, books, arena, &tables);

	*ids = (struct sd_names){ 0 };
	if (status)
		return status == SD_NOTFOUND ? SD_OK : SD_ERR;
	rows = sd_db_query(db, nowhere,
		sd_fmt(arena,
			"SELECT revision FROM %s WHERE state <> '%s' "
			"ORDER BY applied_at, revision",
			sd_state_table(sd_db_dialect(db), books, SD_BOOK_REVISIONS, arena),
			running_word),
		NULL, 0);
	if (!rows)
		return SD_ERR;
	while ((status = sd_rows_next(rows)) == SD_OK)
		*sd_push(arena, ids) = sd_strdup(arena, sd_rows_text(rows, 0));
	sd_rows_close(rows);
	return status == SD_NOTFOUND ? SD_OK : SD_ERR;
}

const struct sd_applied *
sd_state_row(const struct sd_state *state, const char *revision)
{
	for (size_t i = 0; i < state->rows.n; i++)
		if (strcmp(state->rows.at[i].revision, revision) == 0)
			return &state->rows.at[i];
	return NULL;
}

void
sd_state_edited(const struct sd_state *state, const struct sd_history *history,
	struct sd_arena *arena, struct sd_scripts *edited)
{
	for (size_t i = 0; i < state->rows.n; i++) {
		const struct sd_applied *row = &state->rows.at[i];
		struct sd_script *script = sd_history_find(history, row->revision);

		if (script && !sd_text_equal(script->checksum, row->checksum))
			*sd_push(arena, edited) = script;
	}
}

/* What the revision @id is a part of by now, or itself. */
static const char *
name_now(const struct sd_history *history, const char *id)
{
	const struct sd_script *script = sd_history_known(history, id);

	return script ? script->revision : id;
}

/* Add the parents, as stored, of the rows in @state that have no script. */
static void
stored_parents(const struct sd_state *state, const struct sd_history *history,
	struct sd_arena *arena, struct sd_names *names)
{
	for (size_t i = 0; i < state->rows.n; i++) {
		const char *parents = state->rows.at[i].parents;

		if (sd_history_find(history, state->rows.at[i].revision))
			continue;
		while (parents && *parents) {
			size_t n = strcspn(parents, ", ");

			if (n)
				*sd_push(arena, names) =
					name_now(history, sd_strndup(arena, parents, n));
			parents += n + (parents[n] != '\0');
		}
	}
}

void
sd_state_current(const struct sd_state *state, const struct sd_history *history,
	struct sd_arena *arena, struct sd_names *current)
{
	struct sd_names heads = { 0 }, covered = { 0 };

	sd_history_current(history, &state->ids, arena, &heads);
	stored_parents(state, history, arena, &covered);
	for (size_t i = 0; i < heads.n; i++)
		if (sd_names_find(&covered, heads.at[i]) < 0)
			*sd_push(arena, current) = heads.at[i];
}

/* ---- writing ------------------------------------------------------------------------ */

const char *
sd_state_now(struct sd_arena *arena)
{
	struct timespec ts;
	struct tm tm;
	char text[32];

	(void)clock_gettime(CLOCK_REALTIME, &ts);
	(void)gmtime_r(&ts.tv_sec, &tm);
	(void)strftime(text, sizeof text, "%Y-%m-%dT%H:%M:%S", &tm);
	return sd_fmt(arena, "%s.%03ldZ", text, ts.tv_nsec / 1000000);
}

static const char *
join(struct sd_arena *arena, const struct sd_names *names)
{
	struct sd_buf text = SD_BUF(arena);

	for (size_t i = 0; i < names->n; i++) {
		sd_buf_sep(&text, ",");
		sd_buf_add(&text, names->at[i]);
	}
	return sd_buf_text(&text);
}

const char *
sd_state_needs(const struct sd_script *script, struct sd_arena *arena)
{
	const struct sd_scripts *needs = &script->links.needs;
	struct sd_names names = { 0 };

	for (size_t i = 0; i < needs->n; i++)
		*sd_push(arena, &names) = needs->at[i]->revision;
	return names.n ? join(arena, &names) : NULL;
}

/* The number is pasted: a parameter is text, which a server may not take for a number. */
static enum sd_status
log_line(struct sd_db *db, const struct sd_bookkeeping *books, struct sd_arena *arena,
	const char *action, const char *revision, const char *result, long duration_ms)
{
	const char *params[] = { sd_state_now(arena), action, revision, result, sd_db_whoami(db, arena),
		SD_TOOL_VERSION };

	return sd_db_exec_params(db, nowhere,
		sd_fmt(arena,
			"INSERT INTO %s (at, action, revision, result, who, tool_version, "
			"duration_ms) VALUES ($1, $2, $3, $4, $5, $6, %ld)",
			sd_state_table(sd_db_dialect(db), books, SD_BOOK_LOG, arena),
			duration_ms),
		params, SD_COUNT(params));
}

static enum sd_status
insert_row(struct sd_db *db, const struct sd_bookkeeping *books, struct sd_arena *arena,
	const struct sd_script *script, const char *state, const char *progress,
	long duration_ms)
{
	const char *params[] = { script->revision, join(arena, &script->revises),
		script->message, script->checksum, sd_state_now(arena), sd_db_whoami(db, arena),
		SD_TOOL_VERSION, state, script->down.present ? script->down.body : NULL,
		progress, sd_state_needs(script, arena) };

	return sd_db_exec_params(db, nowhere,
		sd_fmt(arena,
			"INSERT INTO %s (revision, parents, description, checksum, applied_at, "
			"applied_by, tool_version, state, down_sql, progress, depends_on, "
			"duration_ms) "
			"VALUES ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10, $11, %ld)",
			sd_state_table(sd_db_dialect(db), books, SD_BOOK_REVISIONS, arena),
			duration_ms),
		params, SD_COUNT(params));
}

/* SQLite numbers parameters called $1, $2 in the order in which they stand there. */
static enum sd_status
update_row(struct sd_db *db, const struct sd_bookkeeping *books, struct sd_arena *arena,
	const char *revision, const char *state, const char *progress)
{
	const char *params[] = { state, progress, revision };

	return sd_db_exec_params(db, nowhere,
		sd_fmt(arena, "UPDATE %s SET state = $1, progress = $2 WHERE revision = $3",
			sd_state_table(sd_db_dialect(db), books, SD_BOOK_REVISIONS, arena)),
		params, SD_COUNT(params));
}

static enum sd_status
delete_row(struct sd_db *db, const struct sd_bookkeeping *books, struct sd_arena *arena,
	const char *revision)
{
	return sd_db_exec_params(db, nowhere,
		sd_fmt(arena, "DELETE FROM %s WHERE revision = $1",
			sd_state_table(sd_db_dialect(db), books, SD_BOOK_REVISIONS, arena)),
		&revision, 1);
}

enum sd_status
sd_state_begin(struct sd_db *db, const struct sd_bookkeeping *books,
	const struct sd_script *script, bool down, const char *progress)
{
	struct sd_arena *arena = sd_arena_new();
	enum sd_status status =
		down ? update_row(db, books, arena, script->revision, reverting_word, progress)
		     : insert_row(db, books, arena, script, running_word, progress, 0);

	sd_arena_free(arena);
	return status;
}

enum sd_status
sd_state_progress(struct sd_db *db, const struct sd_bookkeeping *books, const char *revision,
	bool down, const char *progress)
{
	struct sd_arena *arena = sd_arena_new();
	enum sd_status status = update_row(
		db, books, arena, revision, down ? reverting_word : running_word, progress);

	sd_arena_free(arena);
	return status;
}

enum sd_status
sd_state_expect(struct sd_db *db, const struct sd_bookkeeping *books, const char *revision,
	const char *progress)
{
	struct sd_arena *arena = sd_arena_new();
	const char *stored;
	enum sd_status status = sd_db_value(db, nowhere,
		sd_fmt(arena, "SELECT progress FROM %s WHERE revision = $1",
			sd_state_table(sd_db_dialect(db), books, SD_BOOK_REVISIONS, arena)),
		&revision, 1, arena, &stored);

	if (status == SD_OK && !sd_text_equal(stored, progress))
		status = SD_NOTFOUND;
	sd_arena_free(arena);
	return status;
}

enum sd_status
sd_state_give_up(
	struct sd_db *db, const struct sd_bookkeeping *books, const char *revision, bool down)
{
	struct sd_arena *arena = sd_arena_new();
	enum sd_status status =
		down ? update_row(db, books, arena, revision, applied_word, NULL)
		     : delete_row(db, books, arena, revision);

	sd_arena_free(arena);
	return status;
}

static const char replaces_key[] = "replaces ";

static enum sd_status
forget_replaces(struct sd_db *db, const struct sd_bookkeeping *books, struct sd_arena *arena,
	const char *revision)
{
	const char *key = sd_fmt(arena, "%s%s", replaces_key, revision);

	return sd_db_exec_params(db, nowhere,
		sd_fmt(arena, "DELETE FROM %s WHERE key = $1",
			sd_state_table(sd_db_dialect(db), books, SD_BOOK_META, arena)),
		&key, 1);
}

/* Who has the scripts that @script replaces, and not @script, must not run them again. */
static enum sd_status
note_replaces(struct sd_db *db, const struct sd_bookkeeping *books, struct sd_arena *arena,
	const struct sd_script *script)
{
	struct sd_names names = { 0 };
	const char *params[2];

	if (!script->replaces.n)
		return SD_OK;
	sd_script_replaced(script, arena, &names);
	params[0] = sd_fmt(arena, "%s%s", replaces_key, script->revision);
	params[1] = join(arena, &names);
	if (forget_replaces(db, books, arena, script->revision))
		return SD_ERR;
	return sd_db_exec_params(db, nowhere,
		sd_fmt(arena, "INSERT INTO %s (key, value) VALUES ($1, $2)",
			sd_state_table(sd_db_dialect(db), books, SD_BOOK_META, arena)),
		params, SD_COUNT(params));
}

enum sd_status
sd_state_replaces(struct sd_db *db, const struct sd_bookkeeping *books, struct sd_arena *arena,
	const char *revision, struct sd_names *names)
{
	const char *key = sd_fmt(arena, "%s%s", replaces_key, revision), *value;

	if (sd_db_value(db, nowhere,
		    sd_fmt(arena, "SELECT value FROM %s WHERE key = $1",
			    sd_state_table(sd_db_dialect(db), books, SD_BOOK_META, arena)),
		    &key, 1, arena, &value))
		return SD_ERR;
	while (value && *value) {
		size_t n = strcspn(value, ",");

		*sd_push(arena, names) = sd_strndup(arena, value, n);
		value += n + (value[n] != '\0');
	}
	return SD_OK;
}

/* A row that was begun gives its place to the final one. */
enum sd_status
sd_state_add(struct sd_db *db, const struct sd_bookkeeping *books,
	const struct sd_script *script, const char *action, const char *result,
	long duration_ms)
{
	struct sd_arena *arena = sd_arena_new();
	enum sd_status status = delete_row(db, books, arena, script->revision);

	if (status == SD_OK)
		status = insert_row(db, books, arena, script, applied_word, NULL, duration_ms);
	if (status == SD_OK)
		status = note_replaces(db, books, arena, script);
	if (status == SD_OK)
		status =
			log_line(db, books, arena, action, script->revision, result, duration_ms);
	sd_arena_free(arena);
	return status;
}

enum sd_status
sd_state_remove(struct sd_db *db, const struct sd_bookkeeping *books, const char *revision,
	const char *action, const char *result, long duration_ms)
{
	struct sd_arena *arena = sd_arena_new();
	enum sd_status status;

	status = delete_row(db, books, arena, revision);
	if (status == SD_OK)
		status = forget_replaces(db, books, arena, revision);
	if (status == SD_OK)
		status = log_line(db, books, arena, action, revision, result, duration_ms);
	sd_arena_free(arena);
	return status;
}

enum sd_status
sd_state_log(struct sd_db *db, const struct sd_bookkeeping *books, const char *action,
	const char *revision, const char *result, long duration_ms)
{
	struct sd_arena *arena = sd_arena_new();
	enum sd_status status =
		log_line(db, books, arena, action, revision, result, duration_ms);

	sd_arena_free(arena);
	return status;
}

enum sd_status
sd_state_repair(struct sd_db *db, const struct sd_bookkeeping *books,
	const struct sd_script *script, const char *checksum)
{
	struct sd_arena *arena = sd_arena_new();
	const char *table =
		sd_state_table(sd_db_dialect(db), books, SD_BOOK_REVISIONS, arena);
	const char *params[] = { script->checksum,
		script->down.present ? script->down.body : NULL, script->revision };
	const char *stored;
	enum sd_status status = sd_db_value(db, nowhere,
		sd_fmt(arena, "SELECT checksum FROM %s WHERE revision = $1", table),
		&script->revision, 1, arena, &stored);

	if (status == SD_OK && !sd_text_equal(stored, checksum))
		status = SD_NOTFOUND;
	if (status == SD_OK)
		status = sd_db_exec_params(db, nowhere,
			sd_fmt(arena,
				"UPDATE %s SET checksum = $1, down_sql = $2 WHERE revision = "
				"$3",
				table),
			params, SD_COUNT(params));
	if (status == SD_OK)
		status = log_line(db, books, arena, "repair", script->revision,
			sd_fmt(arena, "ok, checksum %s -> %s", checksum, script->checksum), 0);
	sd_arena_free(arena);
	return status;
}
