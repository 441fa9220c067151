#include "core/base/buf.h"

#include <stdarg.h>
#include <stdio.h>
#include <string.h>

static void
reserve(struct sd_buf *buf, size_t more)
{
	size_t want = buf->n + more + 1;
	size_t cap = buf->cap ? buf->cap : 64;
	char *larger;

	if (want <= buf->cap)
		return;
	while (cap < want)
		cap *= 2;
	larger = sd_alloc_text(buf->arena, cap);
	if (buf->n)
		memcpy(larger, buf->at, buf->n);
	larger[buf->n] = '\0';
	buf->at = larger;
	buf->cap = cap;
}

char *
sd_buf_room(struct sd_buf *buf, size_t len)
{
	reserve(buf, len);
	return buf->at + buf->n;
}

void
sd_buf_addn(struct sd_buf *buf, const char *text, size_t len)
{
	reserve(buf, len);
	if (len)
		memcpy(buf->at + buf->n, text, len);
	buf->n += len;
	buf->at[buf->n] = '\0';
}

void
sd_buf_add(struct sd_buf *buf, const char *text)
{
	sd_buf_addn(buf, text, strlen(text));
}

void
sd_buf_addc(struct sd_buf *buf, char c)
{
	sd_buf_addn(buf, &c, 1);
}

void
sd_buf_addf(struct sd_buf *buf, const char *format, ...)
{
	/* mostly there is room: formatted once */
	size_t room = buf->cap - buf->n;
	va_list args, again;
	int n;

	va_start(args, format);
	va_copy(again, args);
	n = vsnprintf(room ? buf->at + buf->n : NULL, room, format, args);
	va_end(args);
	if (n > 0) {
		if ((size_t)n >= room) {
			reserve(buf, (size_t)n);
			vsnprintf(buf->at + buf->n, (size_t)n + 1, format, again);
		}
		buf->n += (size_t)n;
	}
	va_end(again);
}

void
sd_buf_sep(struct sd_buf *buf, const char *sep)
{
	if (buf->n)
		sd_buf_add(buf, sep);
}

void
sd_buf_cut(struct sd_buf *buf, size_t n)
{
	if (n >= buf->n)
		return;
	buf->n = n;
	buf->at[n] = '\0';
}

const char *
sd_buf_text(const struct sd_buf *buf)
{
	return buf->at ? buf->at : "";
}
