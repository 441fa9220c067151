/** What only the PostgreSQL introspector asks of the PostgreSQL driver. */
#ifndef SD_DB_POSTGRES_H
#define SD_DB_POSTGRES_H

#include "core/db/db.h"

/** Send all @n statements of @sql in one message (pipeline mode, one Sync at the end: they
 *  are one implicit transaction unless they begin one).  Then take every result, in order,
 *  with sd_pg_batch_next(). */
enum sd_status sd_pg_batch(struct sd_db *db, const char *const *sql, size_t n);

/** Rows of the next statement of the batch (its PGresult is held whole; sd_rows_next() and
 *  sd_rows_text() read it, sd_rows_close() frees it), empty for one that returns none.  NULL
 *  after a report, or behind the last.  The batch is over (pipeline mode left) once NULL was
 *  returned; a caller that gives up calls sd_pg_batch_end() instead. */
struct sd_rows *sd_pg_batch_next(struct sd_db *db);
void sd_pg_batch_end(struct sd_db *db);

#endif
