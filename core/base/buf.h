/** A growing string.  Its text is always NUL-terminated, and never NULL through
 *  sd_buf_text().  A buffer belongs to the arena it was initialised with. */
#ifndef SD_BASE_BUF_H
#define SD_BASE_BUF_H

#include "core/base/arena.h"

struct sd_buf {
	struct sd_arena *arena;
	char *at;
	size_t n, cap;
};

#define SD_BUF(a) ((struct sd_buf){ .arena = (a) })

/** Append @text. */
void sd_buf_add(struct sd_buf *buf, const char *text);

/** Append @len bytes. */
void sd_buf_addn(struct sd_buf *buf, const char *text, size_t len);

/** Append one character. */
void sd_buf_addc(struct sd_buf *buf, char c);

/** Room for @len more bytes behind the text, for a call that writes them itself: it adds what
 *  it wrote to n and puts a NUL behind. */
char *sd_buf_room(struct sd_buf *buf, size_t len);

/** Append as printf() would. */
void sd_buf_addf(struct sd_buf *buf, const char *format, ...) SD_PRINTF(2, 3);

/** Append @sep unless the buffer is empty. */
void sd_buf_sep(struct sd_buf *buf, const char *sep);

/** Cut the text down to @n bytes; longer than it is changes nothing. */
void sd_buf_cut(struct sd_buf *buf, size_t n);

/** The text; "" when nothing was added.  Valid until the next append. */
const char *sd_buf_text(const struct sd_buf *buf);

#endif
