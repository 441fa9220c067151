/** Small questions about strings, ASCII rules only (names of SQL engines fold ASCII, and the
 *  locale must never change a script). */
#ifndef SD_BASE_TEXT_H
#define SD_BASE_TEXT_H

#include "core/base/vec.h"

#include <stdbool.h>
#include <stdint.h>

/** Equal, ASCII case ignored.  NULL equals only NULL. */
bool sd_text_iequal(const char *a, const char *b);

/** Equal; NULL equals only NULL. */
bool sd_text_equal(const char *a, const char *b);

/** @text begins with @prefix. */
bool sd_text_starts(const char *text, const char *prefix);

/** @text with ASCII capitals made small. */
char *sd_text_lower(struct sd_arena *arena, const char *text);

/** @text without white space at its ends. */
char *sd_text_trim(struct sd_arena *arena, const char *text);

/** @text with each run of white space made one space, none at the ends. */
char *sd_text_squeeze(struct sd_arena *arena, const char *text);

/** @text with every @what replaced by @with. */
char *sd_text_replace(
	struct sd_arena *arena, const char *text, const char *what, const char *with);

/** @names with commas between, for people: at most @most of them, then how many more; 0 = all. */
const char *sd_text_list(struct sd_arena *arena, const struct sd_names *names, size_t most);

/** As many as a message has room for. */
#define SD_TEXT_MOST 12

/** @text matches @pattern, in which * stands for any run and ? for any one byte. */
bool sd_text_glob(const char *pattern, const char *text);

/** The word of the NULL-terminated @words that is nearest to @word, for "did you mean";
 *  NULL when none is near (more than a third of its letters, or 3, apart). */
const char *sd_text_nearest(const char *word, const char *const *words);

/** Line of the first conflict that a merge has left in @text (git's three marks, each at the
 *  beginning of a line), or 0. */
uint32_t sd_text_conflict(const char *text, size_t len);

/** Byte length of the longest prefix of @text that is valid UTF-8 (no surrogates, no
 *  overlong forms); @len when all of it is. */
size_t sd_text_valid_utf8(const char *text, size_t len);

/** @text with U+FFFD for each byte that is no valid UTF-8: for documents that must be, where
 *  the text is read by people and leads back to nothing. */
const char *sd_text_utf8(struct sd_arena *arena, const char *text);

#endif
