/** JSON written, laid out for people: an object or array is either spread, a member a line,
 *  or kept on one line.  What is inside a one-line value is on that line too.
 *
 *      struct sd_emit e = SD_EMIT(out);
 *      sd_emit_open(&e, NULL, '{', SD_EMIT_SPREAD);
 *      sd_emit_text(&e, "name", "x");
 *      sd_emit_close(&e);
 *      sd_emit_end(&e); */
#ifndef SD_BASE_EMIT_H
#define SD_BASE_EMIT_H

#include "core/base/buf.h"

#include <stdbool.h>

/** Deepest nesting that can be written. */
#define SD_EMIT_DEPTH 32

enum sd_emit_layout { SD_EMIT_SPREAD, SD_EMIT_LINE };

struct sd_emit {
	struct sd_buf *out;
	size_t depth;
	struct {
		char close;   /* } or ] */
		bool line;    /* on one line */
		bool started; /* has a member */
	} open[SD_EMIT_DEPTH];
};

#define SD_EMIT(buf) ((struct sd_emit){ .out = (buf) })

/** Open an object ('{') or array ('['), as member @key of an object (NULL elsewhere). */
void sd_emit_open(
	struct sd_emit *emit, const char *key, char bracket, enum sd_emit_layout layout);

/** Close what was opened last. */
void sd_emit_close(struct sd_emit *emit);

/** Write a string; NULL is written as null. */
void sd_emit_text(struct sd_emit *emit, const char *key, const char *text);

/** Write @raw as it is: a number, true, false, or whole JSON text. */
void sd_emit_raw(struct sd_emit *emit, const char *key, const char *raw);

void sd_emit_bool(struct sd_emit *emit, const char *key, bool value);

/** End the document with a newline. */
void sd_emit_end(struct sd_emit *emit);

#endif
