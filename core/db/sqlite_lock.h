/** One run at a time in an SQLite file.  Transactions keep statements apart; this keeps whole
 *  runs apart, with what runs before and behind their revisions. */
#ifndef SD_DB_SQLITE_LOCK_H
#define SD_DB_SQLITE_LOCK_H

#include "core/db/db.h"

struct sd_sqlite_lock {
	const char *path; /* of the file that is locked; NULL = none is */
	int fd;
};

/** Take @lock for the database @file ("" = in memory), waiting as @wait says; @path lives in
 *  @arena.  Where no file can be made beside the database, or be locked, there is no lock, and
 *  transactions have to do. */
enum sd_status sd_sqlite_lock_take(struct sd_sqlite_lock *lock, struct sd_db *db,
	const char *file, const struct sd_wait *wait, struct sd_arena *arena);

/** Give it back, and remove the file. */
void sd_sqlite_lock_drop(struct sd_sqlite_lock *lock);

#endif
