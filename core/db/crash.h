/** Death at a chosen write, for the tests: builds with SD_CRASH_TEST only. */
#ifndef SD_DB_CRASH_H
#define SD_DB_CRASH_H

/** In a test build: from now on every write, truncation, sync and deletion of a file that
 *  SQLite does is counted; SCHEMADIFF_CRASH_AT=n kills the process before the n-th, and
 *  SCHEMADIFF_CRASH_COUNT=FILE has their number written to FILE when the process ends.
 *  In any other build: nothing. */
void sd_crash_install(void);

/** The same for a server, whose files are not ours: @sql is about to be sent, or was, and its end
 *  is not seen yet.  Not counted when it only reads. */
void sd_crash_point(const char *sql);

#endif
