/* What stands in the tables of other tools.  The catalog is asked once for all tables that bear
 * one of their names; which tool a table belongs to is told by its columns. */
#include "core/history/peer.h"

#include "core/base/map.h"
#include "core/base/text.h"

#include <string.h>

static const struct sd_pos nowhere;

/* Tables and their columns, those of a table one after the other: namespace (NULL where there
 * is but one), table, column, whether it may be read.  {names}: literals in small letters. */
struct catalog {
	const struct sd_dialect *dialect;
	const char *columns;
};

static const struct catalog catalogs[] = {
	{ &sd_dialect_sqlite,
		"SELECT NULL, m.name, c.name, 1 FROM main.sqlite_schema AS m, "
		"pragma_table_info(m.name, 'main') AS c WHERE m.type = 'table' AND "
		"lower(m.name) IN ({names}) ORDER BY m.name, c.cid" },
	{ &sd_dialect_postgresql,
		"SELECT n.nspname, c.relname, a.attname, "
		"CASE WHEN pg_catalog.has_table_privilege(c.oid, 'SELECT') "
		"AND NOT pg_catalog.row_security_active(c.oid) THEN 1 END "
		"FROM pg_catalog.pg_class c "
		"JOIN pg_catalog.pg_namespace n ON n.oid = c.relnamespace "
		"JOIN pg_catalog.pg_attribute a ON a.attrelid = c.oid "
		"WHERE c.relkind IN ('r', 'p') AND a.attnum > 0 AND NOT a.attisdropped "
		"AND n.nspname !~ '^pg_' AND n.nspname <> 'information_schema' "
		"AND pg_catalog.has_schema_privilege(n.oid, 'USAGE') "
		"AND pg_catalog.lower(c.relname) IN ({names}) "
		"ORDER BY n.nspname, c.relname, a.attnum" },
};

/* A table that may be a tool's. */
struct found {
	const char *namespace, *table;
	bool readable;
	struct sd_names columns; /* in small letters */
};

struct finding {
	struct sd_db *db;
	const struct sd_peer_options *options;
	struct sd_arena *arena;
	const char *namespace, *table; /* of the options, in small letters; or NULL */
	SD_VEC(struct found) tables;
	struct sd_peers *peers;
};

/* ---- the catalog ---------------------------------------------------------------------- */

static void
add_literal(const struct finding *f, const char *name, struct sd_buf *list)
{
	sd_buf_sep(list, ", ");
	sd_buf_add(list, sd_quote_text(sd_db_dialect(f->db), f->arena, name));
}

/* The name of the table beside @table. */
static const char *
beside(const struct finding *f, const struct sd_peer *peer, const char *table)
{
	return sd_text_replace(f->arena, peer->beside, "*", table);
}

/* The name that @peer's table is looked for by. */
static const char *
wanted_name(const struct finding *f, const struct sd_peer *peer)
{
	return f->table ? f->table : peer->table;
}

/* The tool is asked for. */
static bool
is_wanted(const struct finding *f, const struct sd_peer *peer)
{
	return !f->options->only || f->options->only == peer;
}

static const char *
catalog_query(const struct finding *f)
{
	struct sd_buf names = SD_BUF(f->arena);

	for (size_t i = 0; i < sd_n_peers; i++) {
		if (!is_wanted(f, &sd_peers[i]))
			continue;
		add_literal(f, wanted_name(f, &sd_peers[i]), &names);
		if (sd_peers[i].beside)
			add_literal(f, beside(f, &sd_peers[i], wanted_name(f, &sd_peers[i])),
				&names);
	}
	for (size_t i = 0; i < SD_COUNT(catalogs); i++)
		if (catalogs[i].dialect == sd_db_dialect(f->db))
			return sd_text_replace(
				f->arena, catalogs[i].columns, "{names}", sd_buf_text(&names));
	sd_bug("no catalog of %s", sd_db_dialect(f->db)->name);
}

static enum sd_status
read_catalog(struct finding *f)
{
	struct sd_rows *rows = sd_db_query(f->db, nowhere, catalog_query(f), NULL, 0);
	struct found *last = NULL;
	enum sd_status status;

	if (!rows)
		return SD_ERR;
	while ((status = sd_rows_next(rows)) == SD_OK) {
		const char *namespace = sd_rows_text(rows, 0);

		if (!last || !sd_text_equal(last->table, sd_rows_text(rows, 1)) ||
			!sd_text_equal(last->namespace, namespace)) {
			last = sd_push(f->arena, &f->tables);
			last->namespace = sd_strdup(f->arena, namespace);
			last->table = sd_strdup(f->arena, sd_rows_text(rows, 1));
			last->readable = sd_rows_text(rows, 3) != NULL;
		}
		*sd_push(f->arena, &last->columns) =
			sd_text_lower(f->arena, sd_rows_text(rows, 2));
	}
	sd_rows_close(rows);
	return status == SD_NOTFOUND ? SD_OK : SD_ERR;
}

static const struct found *
find_table(const struct finding *f, const char *namespace, const char *name)
{
	for (size_t i = 0; i < f->tables.n; i++)
		if (sd_text_equal(f->tables.at[i].namespace, namespace) &&
			sd_text_iequal(f->tables.at[i].table, name))
			return &f->tables.at[i];
	return NULL;
}

/* ---- recognising ---------------------------------------------------------------------- */

/* @table is made as @peer makes its own. */
static bool
fits(const struct finding *f, const struct sd_peer *peer, const struct found *table)
{
	const char *word = peer->columns;
	size_t n = 0;

	while (*word) {
		size_t len = strcspn(word, " ");

		if (sd_names_find(&table->columns, sd_strndup(f->arena, word, len)) < 0)
			return false;
		n++;
		word += len;
		word += strspn(word, " ");
	}
	if (peer->exact && n != table->columns.n)
		return false;
	/* who names the tool knows what the table beside would have told */
	return !peer->needs_beside || f->options->only ||
	       find_table(f, table->namespace, beside(f, peer, table->table)) != NULL;
}

/* The tool that keeps @table; NULL: none that is known, and then *@named tells of one that uses
 * the name. */
static const struct sd_peer *
recognise(const struct finding *f, const struct found *table, const struct sd_peer **named)
{
	*named = NULL;
	if (f->namespace && !sd_text_iequal(f->namespace, table->namespace))
		return NULL;
	for (size_t i = 0; i < sd_n_peers; i++) {
		if (!is_wanted(f, &sd_peers[i]) ||
			!sd_text_iequal(wanted_name(f, &sd_peers[i]), table->table))
			continue;
		*named = &sd_peers[i];
		if (fits(f, *named, table))
			return *named;
	}
	return NULL;
}

/* ---- reading -------------------------------------------------------------------------- */

static const char *
qualified(const struct finding *f, const struct found *table)
{
	const struct sd_dialect *dialect = sd_db_dialect(f->db);
	const char *name = sd_quote_name(dialect, f->arena, table->table);

	return table->namespace
		       ? sd_fmt(f->arena, "%s.%s",
				 sd_quote_name(dialect, f->arena, table->namespace), name)
		       : sd_fmt(f->arena, "main.%s", name);
}

/* The first column of @query, each value once and as a header can hold it: on one line, in UTF-8,
 * and never empty. */
static enum sd_status
read_names(struct finding *f, const char *query, const struct found *table,
	const struct found *other, struct sd_names *names)
{
	struct sd_map seen = { 0 };
	struct sd_rows *rows;
	enum sd_status status;

	if (!query || (strstr(query, "{b}") && (!other || !other->readable)))
		return SD_OK;
	query = sd_text_replace(f->arena, query, "{t}", qualified(f, table));
	if (other)
		query = sd_text_replace(f->arena, query, "{b}", qualified(f, other));
	rows = sd_db_query(f->db, nowhere, query, NULL, 0);
	if (!rows)
		return SD_ERR;
	while ((status = sd_rows_next(rows)) == SD_OK) {
		const char *text = sd_rows_text(rows, 0);
		const char *value = sd_text_squeeze(
			f->arena, sd_text_utf8(f->arena, text ? text : ""));
		void **slot;

		value = *value ? value : "?";
		slot = sd_map_at(&seen, value, f->arena);
		if (!*slot)
			*sd_push(f->arena, names) = value;
		*slot = f;
	}
	sd_rows_close(rows);
	return status == SD_NOTFOUND ? SD_OK : SD_ERR;
}

static enum sd_status
read_all(struct finding *f, const struct found *table, const struct found *other,
	struct sd_peer_books *books)
{
	const struct sd_peer *peer = books->peer;

	return read_names(f, peer->applied, table, other, &books->applied) ||
			       read_names(f, peer->failed, table, other, &books->failed) ||
			       read_names(f, peer->busy, table, other, &books->busy)
		       ? SD_ERR
		       : SD_OK;
}

/* Columns of the right names that the queries can do nothing with are no tool's, either. */
static enum sd_status
read_books(struct finding *f, const struct sd_peer *peer, const struct found *table)
{
	struct sd_diags *heard = f->db->diags, unheard = { .arena = f->arena };
	const struct found *other =
		peer->beside ? find_table(f, table->namespace, beside(f, peer, table->table))
			     : NULL;
	struct sd_peer_books books = { .peer = peer,
		.namespace = table->namespace,
		.table = table->table,
		.beside = other ? other->table : NULL,
		.unreadable = !table->readable };
	enum sd_status status = SD_OK;

	f->db->diags = &unheard;
	if (table->readable)
		status = read_all(f, table, other, &books);
	f->db->diags = heard;
	if (status == SD_OK) {
		*sd_push(f->arena, &f->peers->books) = books;
		return SD_OK;
	}
	*sd_push(f->arena, &f->peers->strangers) = books;
	if (sd_db_failure(f->db) == SD_DB_FAILED)
		return SD_OK;
	for (size_t i = 0; i < unheard.list.n; i++)
		sd_fail(heard, SD_CLASS_DATABASE, nowhere, "%s", unheard.list.at[i].text);
	return SD_ERR;
}

/* "app.versions" */
static void
split_name(struct finding *f)
{
	const char *name = f->options->table, *dot = name ? strchr(name, '.') : NULL;

	if (!name)
		return;
	f->table = sd_text_lower(f->arena, dot ? dot + 1 : name);
	if (dot)
		f->namespace = sd_text_lower(
			f->arena, sd_strndup(f->arena, name, (size_t)(dot - name)));
}

enum sd_status
sd_peers_read(struct sd_db *db, const struct sd_peer_options *options, struct sd_arena *arena,
	struct sd_peers *peers)
{
	struct finding f = { .db = db, .options = options, .arena = arena, .peers = peers };

	*peers = (struct sd_peers){ 0 };
	split_name(&f);
	if (read_catalog(&f))
		return SD_ERR;
	for (size_t i = 0; i < f.tables.n; i++) {
		const struct found *table = &f.tables.at[i];
		const struct sd_peer *named, *peer = recognise(&f, table, &named);

		if (peer && read_books(&f, peer, table))
			return SD_ERR;
		if (!peer && named)
			*sd_push(arena, &peers->strangers) =
				(struct sd_peer_books){ .peer = named,
					.namespace = table->namespace,
					.table = table->table };
	}
	return SD_OK;
}

/* ---- words ---------------------------------------------------------------------------- */

bool
sd_peer_is_empty(const struct sd_peer_books *books)
{
	return !books->unreadable && !books->applied.n && !books->failed.n && !books->busy.n;
}

const char *
sd_peer_table(const struct sd_peer_books *books, struct sd_arena *arena)
{
	return books->namespace ? sd_fmt(arena, "%s.%s", books->namespace, books->table)
				: books->table;
}

const char *
sd_peer_newest(
	const struct sd_peer *peer, const struct sd_names *versions, struct sd_arena *arena)
{
	struct sd_buf all = SD_BUF(arena);

	if (!versions->n)
		return "nothing";
	for (uint32_t i = peer->position_only ? 0 : versions->n - 1; i < versions->n; i++) {
		sd_buf_sep(&all, ", ");
		sd_buf_add(&all, versions->at[i]);
	}
	return sd_buf_text(&all);
}

const char *
sd_peer_place(const struct sd_peer_books *books, struct sd_arena *arena)
{
	const char *newest = sd_peer_newest(books->peer, &books->applied, arena);

	if (books->unreadable)
		return "this role may not read it";
	if (!books->applied.n)
		return "nothing is applied";
	if (books->peer->position_only)
		return sd_fmt(arena, "at %s", newest);
	return books->applied.n == 1
		       ? sd_fmt(arena, "1 %s applied: %s", books->peer->noun, newest)
		       : sd_fmt(arena, "%u %ss applied, the last is %s", books->applied.n,
				 books->peer->noun, newest);
}
