/** How far a part has come that is more than one transaction: what stands in the column
 *  `progress` of its revision (docs/bookkeeping.md). */
#ifndef SD_HISTORY_JOURNAL_H
#define SD_HISTORY_JOURNAL_H

#include "core/history/script.h"

struct sd_journal {
	size_t done;  /* steps that are finished */
	bool started; /* the next one was begun outside a transaction: nobody saw its end */
	/** The key of the last row that a batch has done, as SQL literals, or how many rows one
	 *  without a key has; NULL = at its beginning. */
	const char *cursor;
};

/** @journal of @part as text: with a hash of the finished steps, so that a script edited there
 *  is noticed. */
const char *sd_journal_text(struct sd_arena *arena, const struct sd_journal *journal,
	const struct sd_part_script *part);

/** The reverse.  SD_NOTFOUND: the finished steps of @part are other ones now; SD_ERR: @text is
 *  none that this program wrote.  Nothing is reported. */
enum sd_status sd_journal_read(struct sd_arena *arena, const char *text,
	const struct sd_part_script *part, struct sd_journal *journal);

/** A stretch of steps that run together. */
enum sd_stretch_kind { SD_STRETCH_TRANSACTION, SD_STRETCH_OUTSIDE, SD_STRETCH_BATCH };

struct sd_stretch {
	enum sd_stretch_kind kind;
	size_t first, end; /* steps @first … @end - 1 */
};

/** The stretch that begins with step @first. */
struct sd_stretch sd_stretch_at(const struct sd_part_script *part, size_t first);

#endif
