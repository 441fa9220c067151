/** The parser of the DDL that SQLite stores in sqlite_schema: all that version 3.53 accepts.
 *
 *  PRAGMA table_xinfo and its kin leave out constraint names, CHECKs, generated expressions,
 *  collations, deferrability, ON CONFLICT, AUTOINCREMENT and index expressions; the text has
 *  all of it.  Grammar: https://www.sqlite.org/lang_createtable.html, lang_createindex.html,
 *  lang_createview.html, lang_createtrigger.html.
 *
 *  None of these functions reports: text that was not understood gives an object whose
 *  o.opaque says why, never a guess. */
#ifndef SD_INTROSPECT_SQLITE_DDL_H
#define SD_INTROSPECT_SQLITE_DDL_H

#include "core/schema/model.h"
#include "core/schema/stored.h"

/** Parse the CREATE TABLE @sql of table @name; the table with columns, constraints and its
 *  spans, not added to @schema. */
struct sd_table *sd_sqlite_parse_table(
	struct sd_schema *schema, const char *name, const char *sql);

/** Parse the CREATE INDEX @sql and add the index to @table. */
struct sd_index *sd_sqlite_parse_index(
	struct sd_schema *schema, struct sd_table *table, const char *name, const char *sql);

/** Parse the CREATE VIEW @sql; not added to @schema. */
struct sd_view *sd_sqlite_parse_view(
	struct sd_schema *schema, const char *name, const char *sql);

/** Parse the CREATE TRIGGER @sql and add the trigger to @relation (a table or view). */
struct sd_trigger *sd_sqlite_parse_trigger(struct sd_schema *schema, struct sd_object *relation,
	const char *name, const char *sql);

#endif
