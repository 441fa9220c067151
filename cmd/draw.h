/** The lines of a history drawn beside its revisions, as `git log --graph` draws commits:
 *
 *      * m (mergepoint)
 *      |\
 *      | * b2
 *      * | b1
 *      |/
 *      * a
 */
#ifndef SD_CMD_DRAW_H
#define SD_CMD_DRAW_H

#include "core/history/history.h"

struct sd_drawing {
	struct sd_arena *arena;
	/** What each lane leads down to, from left to right. */
	struct sd_scripts lanes;
	/** A mark for each index of the history: what will be drawn. */
	const bool *shown;
};

/** Draw @script, newest ones first, with the lines of @text behind it, to @out. */
void sd_draw(struct sd_drawing *drawing, struct sd_script *script, const char *text,
	struct sd_buf *out);

#endif
