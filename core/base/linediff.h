/** What separates two texts, line by line. */
#ifndef SD_BASE_LINEDIFF_H
#define SD_BASE_LINEDIFF_H

#include "core/base/buf.h"

/** Write the lines that only @from has behind "-", those that only @into has behind "+", and
 *  around them up to three of both behind a space; "@@ LINE" (of @into) before each place.
 *  Nothing when they are the same. */
void sd_linediff(
	struct sd_arena *arena, const char *from, const char *into, struct sd_buf *out);

#endif
