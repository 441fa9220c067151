/** What the SQLite driver asks the engine about expressions and names. */
#ifndef SD_DB_SQLITE_ASK_H
#define SD_DB_SQLITE_ASK_H

#include "core/db/db.h"

#include <sqlite3.h>

/** The library's handle of an SQLite connection. */
sqlite3 *sd_sqlite_handle(struct sd_db *db);

/** See sd_db_same_expressions(), sd_db_knows_function(), sd_db_knows_collation(). */
void sd_sqlite_same_expressions(
	struct sd_db *db, const struct sd_expressions *pairs, size_t n, enum sd_sameness *same);
bool sd_sqlite_knows_function(struct sd_db *db, const char *name);
bool sd_sqlite_knows_collation(struct sd_db *db, const char *name);
bool sd_sqlite_compiles(struct sd_db *db, const char *sql);

#endif
