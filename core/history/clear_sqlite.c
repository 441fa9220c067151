/* SQLite: what is in the file.  Views go first, so that none is ever without its tables;
 * virtual tables before others, since their shadow tables go with them. */
#include "core/history/clear.h"

#include "core/base/file.h"

#include <string.h>

static const struct sd_pos nowhere;

/* kind, name, is one whose rows count */
static const struct {
	int since;
	const char *sql;
} queries[] = {
	{ 3037000,
		"SELECT CASE type WHEN 'virtual' THEN 'virtual table' ELSE type END, name, "
		"type = "
		"'table' FROM pragma_table_list WHERE schema = 'main' AND type <> 'shadow' AND "
		"name NOT LIKE 'sqlite\\_%' ESCAPE '\\' ORDER BY type <> 'view', type <> "
		"'virtual', name" },
	{ 0, "SELECT type, name, type = 'table' AND sql NOT LIKE 'CREATE VIRTUAL%' FROM "
	     "main.sqlite_schema WHERE type IN ('table', 'view') AND name NOT LIKE "
	     "'sqlite\\_%' ESCAPE '\\' ORDER BY type <> 'view', sql NOT LIKE 'CREATE "
	     "VIRTUAL%', name" },
};

/* What the header of a file has beside the schema, and what it is in a new one. */
static const char *const settings[] = { "user_version", "application_id" };

static void
add(struct sd_arena *arena, struct sd_clearing *clearing, const char *kind, const char *name,
	bool has_rows)
{
	struct sd_clear_item *item = sd_push(arena, &clearing->items);
	const char *quoted = sd_quote_name(&sd_dialect_sqlite, arena, sd_strdup(arena, name));

	item->kind = sd_strdup(arena, kind);
	item->name = quoted;
	item->rows = -1;
	item->drop = sd_fmt(arena, "DROP %s IF EXISTS main.%s",
		strcmp(kind, "view") == 0 ? "VIEW" : "TABLE", quoted);
	if (has_rows)
		item->count =
			sd_fmt(arena, "SELECT count(*) FROM (SELECT 1 FROM main.%s LIMIT %d)",
				quoted, SD_CLEAR_ROWS_MAX + 1);
}

static enum sd_status
add_setting(struct sd_db *db, const char *name, struct sd_arena *arena,
	struct sd_clearing *clearing)
{
	struct sd_clear_item *item;
	const char *value;

	if (sd_db_value(
		    db, nowhere, sd_fmt(arena, "PRAGMA main.%s", name), NULL, 0, arena, &value))
		return SD_ERR;
	if (!value || strcmp(value, "0") == 0)
		return SD_OK;
	item = sd_push(arena, &clearing->items);
	*item = (struct sd_clear_item){ .kind = "setting",
		.name = name,
		.drop = sd_fmt(arena, "PRAGMA main.%s = 0", name),
		.rows = -1 };
	return SD_OK;
}

static enum sd_status
look(struct sd_db *db, const struct sd_target *target, const struct sd_bookkeeping *books,
	const struct sd_names *namespaces, struct sd_arena *arena, struct sd_clearing *clearing)
{
	struct sd_rows *rows;
	enum sd_status status;
	size_t i = 0;

	(void)books;
	(void)namespaces;
	clearing->database = sd_path_base(target->file);
	while (queries[i].since > sd_db_version(db))
		i++;
	rows = sd_db_query(db, nowhere, queries[i].sql, NULL, 0);
	if (!rows)
		return SD_ERR;
	while ((status = sd_rows_next(rows)) == SD_OK)
		add(arena, clearing, sd_rows_text(rows, 0), sd_rows_text(rows, 1),
			strcmp(sd_rows_text(rows, 2), "1") == 0);
	sd_rows_close(rows);
	for (size_t k = 0; status == SD_NOTFOUND && k < SD_COUNT(settings); k++)
		if (add_setting(db, settings[k], arena, clearing))
			status = SD_ERR;
	return status == SD_NOTFOUND ? SD_OK : SD_ERR;
}

const struct sd_clearer sd_clearer_sqlite = { &sd_dialect_sqlite, look };
