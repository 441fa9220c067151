/** Death at a chosen write, for the tests: builds with SD_CRASH_TEST only. */
#ifndef SD_DB_CRASH_H
#define SD_DB_CRASH_H

/** In a test build: from now on every write, truncation, sync and deletion of a file that
 *  SQLite does is counted; SCHEMADIFF_CRASH_AT=n kills the process before the n-th, and
 *  SCHEMADIFF_CRASH_COUNT=FILE has their number written to FILE when the process ends.
 *  In any other build: nothing. */
void sd_crash_install(void);

/** The same for an engine whose files are not ours: something is about to be sent that changes
 *  the database, or to be committed, or was. */
void sd_crash_point(void);

#endif
