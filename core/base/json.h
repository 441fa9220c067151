/** JSON read strictly, with a position for every value.
 *
 *  cJSON parses; a scan of our own runs first, since cJSON accepts what JSON forbids (raw
 *  control characters, numbers like [01], bad UTF-8, text cut short by \u0000) and keeps no
 *  positions.  The scan checks UTF-8, numbers, escapes and depth (64 at most), finds keys
 *  given twice, and leaves the positions in document order. */
#ifndef SD_BASE_JSON_H
#define SD_BASE_JSON_H

#include "core/base/diag.h"

enum sd_json_type {
	SD_JSON_NULL,
	SD_JSON_BOOL,
	SD_JSON_NUMBER,
	SD_JSON_STRING,
	SD_JSON_ARRAY,
	SD_JSON_OBJECT,
};

struct sd_json {
	enum sd_json_type type;
	bool boolean;
	const char *text; /* of a string its value, of a number its digits */
	const char *key;  /* in its object, else NULL */
	struct sd_pos pos, key_pos;
	struct sd_json *first, *next; /* members or elements in the order of the text */
	size_t n;
};

/** Parse @text, called @name in reports, into @arena; NULL after a report. */
struct sd_json *sd_json_parse(const char *name, const char *text, size_t len,
	struct sd_arena *arena, struct sd_diags *diags);

/** Member @key of an object, or NULL. */
struct sd_json *sd_json_get(const struct sd_json *object, const char *key);

/** "a string", "an object", … for messages. */
const char *sd_json_type_name(const struct sd_json *json);

/** Report that @json is not @expected ("a string or a list of strings"). */
enum sd_status sd_json_expected(
	struct sd_diags *diags, const struct sd_json *json, const char *expected);

/** Report the unknown key of @member, with the nearest of the NULL-terminated @known. */
enum sd_status sd_json_unknown_key(
	struct sd_diags *diags, const struct sd_json *member, const char *const *known);

/** Append @text as a JSON string with its quotes. */
void sd_json_quote(struct sd_buf *out, const char *text);

#endif
