/** Virtual tables of an SQLite database, and the ordinary tables in which they keep their
 *  content (shadow tables): a schema file says nothing about either. */
#ifndef SD_INTROSPECT_SQLITE_SHADOW_H
#define SD_INTROSPECT_SQLITE_SHADOW_H

#include "core/db/db.h"

struct sd_virtual {
	const char *name, *module;
};

/** Zero-initialise but for the arenas: doubts live in @arena, all else in @scratch. */
struct sd_shadows {
	struct sd_arena *arena, *scratch;
	SD_VEC(struct sd_virtual) tables;
	struct sd_names hidden; /* virtual and shadow tables that the engine names */
};

/** Take note of table @name if its statement @sql makes it a virtual one. */
void sd_shadows_note(struct sd_shadows *shadows, const char *name, const char *sql);

/** Once all are noted: have the engine say what it knows, if there are any. */
enum sd_status sd_shadows_ask(struct sd_shadows *shadows, struct sd_db *db);

/** Table @name is a virtual table or the shadow of one.  Where that can't be told, false,
 *  and the reason why the table must be left as it is to @doubt. */
bool sd_shadows_hold(struct sd_shadows *shadows, const char *name, const char **doubt);

#endif
