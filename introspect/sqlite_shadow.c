/* SQLite knows the shadow tables of a virtual table if its module is loaded and tells
 * (PRAGMA table_list, 3.37).  Modules are often loaded by the application alone, so the
 * common ones are listed here by the names that they give. */
#include "introspect/sqlite_shadow.h"

#include "core/base/text.h"
#include "core/sql/lex.h"

#include <string.h>

#define TABLE_LIST_SINCE 3037000
#define MAX_SUFFIXES 10

/* https://www.sqlite.org/vtablist.html and the modules' sources; the first row that fits a
 * module counts, and no suffix at all means that it keeps nothing in the database. */
static const struct module {
	const char *pattern; /* of the module's name */
	const char
		*suffixes[MAX_SUFFIXES]; /* of its tables, behind the virtual one's "name_" */
} modules[] = {
	{ "fts?aux", { NULL } },
	{ "fts?tokenize", { NULL } },
	{ "fts?vocab", { NULL } },
	{ "fts5", { "data", "idx", "content", "docsize", "config" } },
	{ "fts?", { "content", "segments", "segdir", "docsize", "stat", "term" } },
	{ "rtree*", { "node", "rowid", "parent" } },
	{ "geopoly", { "node", "rowid", "parent" } },
	{ "spellfix1", { "vocab" } },
	{ "vec0", { "info", "chunks", "rowids", "auxiliary", "vector_chunks*",
			  "metadatachunks*", "metadatatext*" } },
	{ "vss0", { "index", "data" } },
	{ "bytecode", { NULL } },
	{ "csv", { NULL } },
	{ "dbstat", { NULL } },
	{ "fsdir", { NULL } },
	{ "generate_series", { NULL } },
	{ "json_*", { NULL } },
	{ "sqlite_*", { NULL } },
	{ "swarmvtab", { NULL } },
	{ "tables_used", { NULL } },
	{ "transitive_closure", { NULL } },
	{ "unionvtab", { NULL } },
	{ "zipfile", { NULL } },
};

static const struct module *
find_module(const char *name)
{
	for (size_t i = 0; i < SD_COUNT(modules); i++)
		if (sd_text_glob(modules[i].pattern, name))
			return &modules[i];
	return NULL;
}

void
sd_shadows_note(struct sd_shadows *shadows, const char *name, const char *sql)
{
	struct sd_lex lex;
	struct sd_tok t;
	struct sd_virtual *table;

	sd_lex_init(&lex, sd_dialect_sqlite.lex, sql, strlen(sql));
	sd_lex_next_solid(&lex);
	if (!sd_tok_is_word(sql, sd_lex_next_solid(&lex), "virtual"))
		return;
	table = sd_push(shadows->scratch, &shadows->tables);
	table->name = sd_text_lower(shadows->scratch, name);
	table->module = "";
	do
		t = sd_lex_next_solid(&lex);
	while (t.kind != SD_TOK_END && !sd_tok_is_word(sql, t, "using"));
	t = sd_lex_next_solid(&lex);
	if (sd_tok_is_name(t))
		table->module =
			sd_text_lower(shadows->scratch, sd_tok_value(shadows->scratch, sql, t));
}

enum sd_status
sd_shadows_ask(struct sd_shadows *shadows, struct sd_db *db)
{
	struct sd_rows *rows;
	enum sd_status st;

	if (!shadows->tables.n || sd_db_version(db) < TABLE_LIST_SINCE)
		return SD_OK;
	rows = sd_db_query(db, (struct sd_pos){ 0 },
		"SELECT name FROM pragma_table_list"
		" WHERE schema = 'main' AND type IN ('virtual', 'shadow')",
		NULL, 0);
	if (!rows)
		return SD_ERR;
	while ((st = sd_rows_next(rows)) == SD_OK)
		*sd_push(shadows->scratch, &shadows->hidden) =
			sd_strdup(shadows->scratch, sd_rows_text(rows, 0));
	sd_rows_close(rows);
	return st == SD_NOTFOUND ? SD_OK : SD_ERR;
}

/* @name (in small letters) is the virtual @table or, by its name, a shadow of it. */
static bool
is_of(struct sd_shadows *shadows, const struct sd_virtual *table, const char *name,
	const char **doubt)
{
	const struct module *module = find_module(table->module);
	size_t len = strlen(table->name);

	if (!sd_text_starts(name, table->name))
		return false;
	if (!name[len])
		return true;
	if (name[len] != '_')
		return false;
	if (!module) {
		*doubt = sd_fmt(shadows->arena,
			"it may belong to the virtual table %s, whose module %s is unknown",
			table->name, table->module);
		return false;
	}
	for (size_t i = 0; i < MAX_SUFFIXES && module->suffixes[i]; i++)
		if (sd_text_glob(module->suffixes[i], name + len + 1))
			return true;
	return false;
}

bool
sd_shadows_hold(struct sd_shadows *shadows, const char *name, const char **doubt)
{
	const char *lower;

	if (!shadows->tables.n)
		return false;
	if (sd_names_find(&shadows->hidden, name) >= 0)
		return true;
	lower = sd_text_lower(shadows->scratch, name);
	for (size_t i = 0; i < shadows->tables.n; i++)
		if (is_of(shadows, &shadows->tables.at[i], lower, doubt))
			return true;
	return false;
}
