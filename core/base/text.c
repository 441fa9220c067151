#include "core/base/text.h"

#include "core/base/buf.h"

#include <stdint.h>
#include <string.h>

static char
lower(char c)
{
	return c >= 'A' && c <= 'Z' ? (char)(c + ('a' - 'A')) : c;
}

static bool
is_space(char c)
{
	return c == ' ' || (c >= '\t' && c <= '\r');
}

bool
sd_text_iequal(const char *a, const char *b)
{
	if (!a || !b)
		return a == b;
	while (*a && (*a == *b || lower(*a) == lower(*b))) {
		a++;
		b++;
	}
	return lower(*a) == lower(*b);
}

bool
sd_text_equal(const char *a, const char *b)
{
	if (!a || !b)
		return a == b;
	return strcmp(a, b) == 0;
}

bool
sd_text_starts(const char *text, const char *prefix)
{
	return strncmp(text, prefix, strlen(prefix)) == 0;
}

char *
sd_text_lower(struct sd_arena *arena, const char *text)
{
	char *copy = sd_strdup(arena, text);

	for (char *p = copy; *p; p++)
		*p = lower(*p);
	return copy;
}

char *
sd_text_trim(struct sd_arena *arena, const char *text)
{
	size_t len;

	while (is_space(*text))
		text++;
	len = strlen(text);
	while (len && is_space(text[len - 1]))
		len--;
	return sd_strndup(arena, text, len);
}

char *
sd_text_squeeze(struct sd_arena *arena, const char *text)
{
	char *copy = sd_text_trim(arena, text), *to = copy;

	for (const char *from = copy; *from; from++) {
		if (!is_space(*from))
			*to++ = *from;
		else if (!is_space(from[1]))
			*to++ = ' ';
	}
	*to = '\0';
	return copy;
}

char *
sd_text_replace(struct sd_arena *arena, const char *text, const char *what, const char *with)
{
	struct sd_buf buf = SD_BUF(arena);
	const char *hit;

	while ((hit = strstr(text, what)) != NULL) {
		sd_buf_addn(&buf, text, (size_t)(hit - text));
		sd_buf_add(&buf, with);
		text = hit + strlen(what);
	}
	sd_buf_add(&buf, text);
	return sd_strdup(arena, sd_buf_text(&buf));
}

bool
sd_text_glob(const char *pattern, const char *text)
{
	const char *star = NULL, *resume = NULL;

	while (*text) {
		if (*pattern == '*') {
			star = pattern++;
			resume = text;
		} else if (*pattern == '?' || *pattern == *text) {
			pattern++;
			text++;
		} else if (star) {
			pattern = star + 1;
			text = ++resume;
		} else {
			return false;
		}
	}
	while (*pattern == '*')
		pattern++;
	return *pattern == '\0';
}

#define LONGEST_WORD 64

/* Levenshtein's distance, two swapped letters counted as one step; @limit when farther. */
static size_t
distance(const char *a, const char *b, size_t limit)
{
	size_t n = strlen(a), m = strlen(b);
	size_t row[3][LONGEST_WORD + 1];

	if (n > LONGEST_WORD || m > LONGEST_WORD)
		return limit;
	for (size_t j = 0; j <= m; j++)
		row[0][j] = j;
	for (size_t i = 1; i <= n; i++) {
		size_t *now = row[i % 3], *up = row[(i + 2) % 3], *up2 = row[(i + 1) % 3];

		now[0] = i;
		for (size_t j = 1; j <= m; j++) {
			size_t best = up[j - 1] + (lower(a[i - 1]) != lower(b[j - 1]));

			if (up[j] + 1 < best)
				best = up[j] + 1;
			if (now[j - 1] + 1 < best)
				best = now[j - 1] + 1;
			if (i > 1 && j > 1 && lower(a[i - 1]) == lower(b[j - 2]) &&
				lower(a[i - 2]) == lower(b[j - 1]) && up2[j - 2] + 1 < best)
				best = up2[j - 2] + 1;
			now[j] = best;
		}
	}
	return row[n % 3][m] < limit ? row[n % 3][m] : limit;
}

const char *
sd_text_nearest(const char *word, const char *const *words)
{
	size_t limit = strlen(word) / 3 + 1;
	const char *nearest = NULL;

	if (limit > 4)
		limit = 4;
	if (limit < 2)
		limit = 2;
	for (; *words; words++) {
		size_t d = distance(word, *words, limit);

		if (d < limit) {
			limit = d;
			nearest = *words;
		}
	}
	return nearest;
}

/* Length of the one valid UTF-8 sequence at @s, 0 when there is none. */
static size_t
utf8_sequence(const unsigned char *s, size_t len)
{
	static const uint32_t least[] = { 0, 0, 0x80, 0x800, 0x10000 };
	size_t n = s[0] < 0x80 ? 1 : s[0] < 0xc0 ? 0 : s[0] < 0xe0 ? 2 : s[0] < 0xf0 ? 3 : 4;
	uint32_t code;

	if (n < 2)
		return n;
	if (n > len || s[0] > 0xf4)
		return 0;
	code = s[0] & (0xffu >> (n + 1));
	for (size_t i = 1; i < n; i++) {
		if ((s[i] & 0xc0) != 0x80)
			return 0;
		code = code << 6 | (s[i] & 0x3fu);
	}
	if (code < least[n] || code > 0x10ffff || (code >= 0xd800 && code <= 0xdfff))
		return 0;
	return n;
}

/* Length of the ASCII at @text, rounded down to eight bytes: most text is nothing else. */
static size_t
ascii_run(const char *text, size_t len)
{
	size_t i = 0;
	uint64_t word;

	for (; len - i >= sizeof word; i += sizeof word) {
		memcpy(&word, text + i, sizeof word);
		if (word & UINT64_C(0x8080808080808080))
			break;
	}
	return i;
}

uint32_t
sd_text_conflict(const char *text, size_t len)
{
	static const char *const marks[] = { "<<<<<<< ", "=======", ">>>>>>> " };
	const char *end = text + len, *at = text;
	uint32_t line = 1, first = 0;
	size_t seen = 0;

	for (; at && at < end; line++) {
		size_t n = strlen(marks[seen]);

		if ((size_t)(end - at) >= n && memcmp(at, marks[seen], n) == 0) {
			first = seen ? first : line;
			if (++seen == SD_COUNT(marks))
				return first;
		}
		at = memchr(at, '\n', (size_t)(end - at));
		at = at ? at + 1 : NULL;
	}
	return 0;
}

size_t
sd_text_valid_utf8(const char *text, size_t len)
{
	size_t i = ascii_run(text, len);

	while (i < len) {
		size_t n = utf8_sequence((const unsigned char *)text + i, len - i);

		if (!n)
			break;
		i += n;
	}
	return i;
}

const char *
sd_text_utf8(struct sd_arena *arena, const char *text)
{
	size_t len = strlen(text), good = sd_text_valid_utf8(text, len);
	struct sd_buf out = SD_BUF(arena);

	if (good == len)
		return text;
	while (good < len) {
		sd_buf_addn(&out, text, good);
		sd_buf_add(&out, "\xef\xbf\xbd");
		text += good + 1;
		len -= good + 1;
		good = sd_text_valid_utf8(text, len);
	}
	sd_buf_addn(&out, text, len);
	return sd_buf_text(&out);
}

const char *
sd_text_list(struct sd_arena *arena, const struct sd_names *names, size_t most)
{
	struct sd_buf text = SD_BUF(arena);
	/* "and 1 more" would be no shorter */
	size_t n = most && names->n > most + 1 ? most : names->n;

	for (size_t i = 0; i < n; i++)
		sd_buf_addf(&text, "%s%s", i ? ", " : "", names->at[i]);
	if (n < names->n)
		sd_buf_addf(&text, " and %zu more", names->n - n);
	return sd_buf_text(&text);
}
