/** Batches: a statement that is run round by round (docs/scripts.md). */
#ifndef SD_HISTORY_BATCH_H
#define SD_HISTORY_BATCH_H

#include "core/db/db.h"
#include "core/history/script.h"

/** Rows of a round when the script does not say. */
#define SD_BATCH_ROWS 10000

/** One round of a batch. */
struct sd_round {
	const char *sql;    /* the statement for its rows */
	const char *cursor; /* key of its last row as SQL literals; NULL: the last round */
};

/** The round behind the row of key @cursor (NULL: the first), in @arena; inside the
 *  transaction that it will run in.  SD_ERR after a report. */
enum sd_status sd_batch_round(struct sd_db *db, struct sd_pos pos, const struct sd_step *step,
	const char *cursor, struct sd_arena *arena, struct sd_round *round);

/** About how many rows the batch @step goes through behind the row of key @cursor (NULL: from
 *  the first), in *@rows; 0 when that can't be told.  Without a key, and where the engine
 *  knows no better (*@at_most), it is the size of the table, of which the statement may leave
 *  some out.  Looks at no row: PostgreSQL's planner and SQLite's rowids tell. */
void sd_batch_estimate(struct sd_db *db, const struct sd_step *step, const char *cursor,
	unsigned long long *rows, bool *at_most);

/** How many rows the table has that the statement of a batch without a key changes; 0 when
 *  that can't be told. */
unsigned long long sd_batch_rows(struct sd_db *db, const struct sd_step *step);

#endif
