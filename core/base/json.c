/* A scan, then cJSON, then one walk over both.
 *
 * The scan is the gate: what it lets through is JSON by the letter of RFC 8259 (in UTF-8,
 * without a byte order mark), so that cJSON's leniency never shows.  It leaves one mark per
 * value and per key, in the order of the text, and cJSON's tree is walked in that same order:
 * the n-th thing met there stands at the n-th mark. */
#include "core/base/json.h"

#include "core/base/map.h"
#include "core/base/text.h"

#include <cjson/cJSON.h>
#include <inttypes.h>
#include <string.h>

#define DEEPEST 64
/* Bounds memory: a value of one byte takes 200. */
#define MOST_VALUES ((size_t)2 * 1000 * 1000)
/* In files as people write them: the first guess at the number of marks. */
#define BYTES_PER_MARK 16

struct mark {
	uint32_t off, line, col;
};

struct scan {
	const char *name, *text;
	size_t len, off;
	uint32_t line;
	size_t line_off; /* where the line begins */
	unsigned depth;
	struct sd_arena *arena; /* of the marks */
	struct sd_diags *diags;
	SD_VEC(struct mark) marks;
};

/* ---- the scan ----------------------------------------------------------------------- */

static struct sd_pos
pos_at(const struct scan *s, size_t off)
{
	return (struct sd_pos){ s->name, s->line, (uint32_t)(off - s->line_off + 1) };
}

static int
peek(const struct scan *s)
{
	return s->off < s->len ? (unsigned char)s->text[s->off] : -1;
}

/* What stands at the scan's place, for "expected …, found …". */
static const char *
found(const struct scan *s)
{
	int c = peek(s);

	if (c < 0)
		return "the end of the file";
	if (c == 0)
		return "a NUL byte";
	if (c < ' ' || c == 0x7f)
		return sd_fmt(s->arena, "the control character 0x%02x", (unsigned)c);
	if (c >= 0x80)
		return "a character that is not ASCII";
	return sd_fmt(s->arena, "'%c'", c);
}

static enum sd_status
expected(struct scan *s, const char *what)
{
	return sd_error(s->diags, pos_at(s, s->off), "expected %s, found %s", what, found(s));
}

static void
skip_space(struct scan *s)
{
	const char *at = s->text + s->off, *end = s->text + s->len;

	for (; at < end; at++) {
		if (*at == '\n') {
			s->line++;
			s->line_off = (size_t)(at + 1 - s->text);
		} else if (*at != ' ' && *at != '\t' && *at != '\r') {
			break;
		}
	}
	s->off = (size_t)(at - s->text);
}

static enum sd_status
add_mark(struct scan *s)
{
	struct mark *mark;

	if (s->marks.n == MOST_VALUES)
		return sd_error(s->diags, pos_at(s, s->off),
			"more than %zu values in one file: split it", MOST_VALUES);
	mark = sd_push(s->arena, &s->marks);
	mark->off = (uint32_t)s->off;
	mark->line = s->line;
	mark->col = (uint32_t)(s->off - s->line_off + 1);
	return SD_OK;
}

/* The four hex digits at @off, or -1. */
static long
hex4(const struct scan *s, size_t off)
{
	long value = 0;

	for (size_t i = off; i < off + 4; i++) {
		char c = i < s->len ? s->text[i] : '\0';

		if (c >= '0' && c <= '9')
			value = value * 16 + (c - '0');
		else if (c >= 'a' && c <= 'f')
			value = value * 16 + (c - 'a' + 10);
		else if (c >= 'A' && c <= 'F')
			value = value * 16 + (c - 'A' + 10);
		else
			return -1;
	}
	return value;
}

/* A \u escape, with the second half of a surrogate pair. */
static enum sd_status
scan_unicode_escape(struct scan *s)
{
	long code = hex4(s, s->off + 2);
	struct sd_pos pos = pos_at(s, s->off);

	if (code < 0)
		return sd_error(s->diags, pos, "expected four hex digits behind \\u");
	if (code == 0)
		return sd_error(s->diags, pos, "\\u0000 is not allowed: no database stores it");
	s->off += 6;
	if (code < 0xd800 || code > 0xdfff)
		return SD_OK;
	if (code < 0xdc00 && s->off + 1 < s->len && s->text[s->off] == '\\' &&
		s->text[s->off + 1] == 'u') {
		long low = hex4(s, s->off + 2);

		if (low >= 0xdc00 && low <= 0xdfff) {
			s->off += 6;
			return SD_OK;
		}
	}
	return sd_error(s->diags, pos, "\\u%04lx is half of a surrogate pair: %s", code,
		code < 0xdc00 ? "expected \\udc00 to \\udfff behind it"
			      : "expected \\ud800 to \\udbff before it");
}

static enum sd_status
scan_escape(struct scan *s)
{
	char c = s->off + 1 < s->len ? s->text[s->off + 1] : '\0';

	if (c == 'u')
		return scan_unicode_escape(s);
	if (!c || !strchr("\"\\/bfnrt", c))
		return sd_error(s->diags, pos_at(s, s->off),
			"expected an escape that JSON knows: \\\" \\\\ \\/ \\b \\f \\n \\r \\t "
			"or \\u and four hex digits");
	s->off += 2;
	return SD_OK;
}

static enum sd_status
scan_control(struct scan *s)
{
	int c = peek(s);

	if (c == 0)
		return sd_error(s->diags, pos_at(s, s->off), "a NUL byte stands in a string");
	if (c == '\n' || c == '\r')
		return sd_error(s->diags, pos_at(s, s->off),
			"expected the closing quote before the end of the line; "
			"a line break inside a string is written \\n");
	return sd_error(s->diags, pos_at(s, s->off),
		"%s stands in a string: write it as \\u%04x", found(s), (unsigned)c);
}

/* A byte that stands for itself in a string. */
static bool
is_plain(char c)
{
	return (unsigned char)c >= ' ' && c != '"' && c != '\\';
}

/* Where the bytes from the scan's place on that stand for themselves end. */
static size_t
plain_end(const struct scan *s)
{
	const char *at = s->text + s->off, *end = s->text + s->len;

	while (at < end && is_plain(*at))
		at++;
	return (size_t)(at - s->text);
}

static enum sd_status
scan_string(struct scan *s)
{
	struct sd_pos start = pos_at(s, s->off);

	s->off++;
	for (;;) {
		int c;

		s->off = plain_end(s);
		c = peek(s);
		if (c < 0)
			return sd_error(s->diags, start, "this string has no closing quote");
		if (c < ' ')
			return scan_control(s);
		if (c == '\\') {
			if (scan_escape(s))
				return SD_ERR;
			continue;
		}
		s->off++;
		if (c == '"')
			return SD_OK;
	}
}

static bool
is_digit(int c)
{
	return c >= '0' && c <= '9';
}

static enum sd_status
scan_digits(struct scan *s, const char *where)
{
	if (!is_digit(peek(s)))
		return sd_error(s->diags, pos_at(s, s->off), "expected a digit %s, found %s",
			where, found(s));
	while (is_digit(peek(s)))
		s->off++;
	return SD_OK;
}

static enum sd_status
scan_number_parts(struct scan *s)
{
	if (peek(s) == '-')
		s->off++;
	if (peek(s) == '0') {
		s->off++;
		if (is_digit(peek(s)))
			return sd_error(
				s->diags, pos_at(s, s->off - 1), "a number can't begin with 0");
	} else if (scan_digits(s, "behind the minus sign")) {
		return SD_ERR;
	}
	if (peek(s) == '.') {
		s->off++;
		if (scan_digits(s, "behind the decimal point"))
			return SD_ERR;
	}
	if (peek(s) == 'e' || peek(s) == 'E') {
		s->off++;
		if (peek(s) == '+' || peek(s) == '-')
			s->off++;
		return scan_digits(s, "in the exponent");
	}
	return SD_OK;
}

/* cJSON copies a number into a buffer of fixed size before it converts it. */
#define LONGEST_NUMBER 60

static enum sd_status
scan_number(struct scan *s)
{
	size_t off = s->off;

	if (scan_number_parts(s))
		return SD_ERR;
	if (s->off - off > LONGEST_NUMBER)
		return sd_error(s->diags, pos_at(s, off), "a number of more than %d characters",
			LONGEST_NUMBER);
	return SD_OK;
}

static bool
is_word_char(int c)
{
	return (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z') || c == '_' || is_digit(c);
}

static enum sd_status
scan_word(struct scan *s)
{
	static const char *const words[] = { "true", "false", "null", NULL };
	size_t off = s->off;
	const char *word;

	while (is_word_char(peek(s)))
		s->off++;
	word = sd_strndup(s->arena, s->text + off, s->off - off < 40 ? s->off - off : 40);
	for (size_t i = 0; words[i]; i++)
		if (strcmp(word, words[i]) == 0)
			return SD_OK;
	sd_error(s->diags, pos_at(s, off), "expected a value, found the word %s", word);
	if (sd_text_nearest(word, words))
		sd_hint(s->diags, "did you mean %s?", sd_text_nearest(word, words));
	else
		sd_hint(s->diags, "a text stands in double quotes");
	return SD_ERR;
}

/* Where @what should stand: what other languages allow there has an answer of its own. */
static enum sd_status
not_json(struct scan *s, const char *what)
{
	int c = peek(s);

	if (c == '\'')
		return sd_error(s->diags, pos_at(s, s->off),
			"expected double quotes, found a single one");
	if (c == '/' || c == '#')
		return sd_error(s->diags, pos_at(s, s->off),
			"expected %s, found %s (JSON has no comments; a key that begins "
			"with x- is free for notes)",
			what, found(s));
	return expected(s, what);
}

static enum sd_status
bad_value(struct scan *s)
{
	int c = peek(s);
	struct sd_pos pos = pos_at(s, s->off);

	if (c == '+' || c == '.')
		return sd_error(s->diags, pos, "a number can't begin with %s", found(s));
	return not_json(s, "a value");
}

static enum sd_status scan_value(struct scan *s);

static enum sd_status
scan_member(struct scan *s)
{
	if (peek(s) != '"')
		return not_json(s, "a key in double quotes");
	if (add_mark(s) || scan_string(s))
		return SD_ERR;
	skip_space(s);
	if (peek(s) != ':')
		return expected(s, "':' behind the key");
	s->off++;
	return scan_value(s);
}

/* An array or object, from behind its opening bracket; @item scans one of its items. */
static enum sd_status
scan_items(struct scan *s, int close, enum sd_status (*item)(struct scan *))
{
	const char *next = close == ']' ? "',' or ']'" : "',' or '}'";

	skip_space(s);
	if (peek(s) == close) {
		s->off++;
		return SD_OK;
	}
	for (;;) {
		size_t comma;

		if (item(s))
			return SD_ERR;
		skip_space(s);
		comma = s->off;
		if (peek(s) == close || peek(s) == ',')
			s->off++;
		else
			return expected(s, next);
		if (s->text[comma] == close)
			return SD_OK;
		if (skip_space(s), peek(s) == close)
			return sd_error(s->diags, pos_at(s, s->off),
				"a comma stands before this %s: JSON allows none there",
				found(s));
	}
}

static enum sd_status
scan_nested(struct scan *s, int close, enum sd_status (*item)(struct scan *))
{
	enum sd_status status;

	if (s->depth == DEEPEST)
		return sd_error(
			s->diags, pos_at(s, s->off), "nested deeper than %d levels", DEEPEST);
	s->off++;
	s->depth++;
	status = scan_items(s, close, item);
	s->depth--;
	return status;
}

static enum sd_status
scan_value(struct scan *s)
{
	int c;

	skip_space(s);
	if (add_mark(s))
		return SD_ERR;
	c = peek(s);
	if (c == '{')
		return scan_nested(s, '}', scan_member);
	if (c == '[')
		return scan_nested(s, ']', scan_value);
	if (c == '"')
		return scan_string(s);
	if (c == '-' || is_digit(c))
		return scan_number(s);
	if (is_word_char(c))
		return scan_word(s);
	return bad_value(s);
}

/* Moves to @off, counting lines: for errors found before the scan proper. */
static struct sd_pos
count_to(struct scan *s, size_t off)
{
	for (size_t i = 0; i < off; i++) {
		if (s->text[i] == '\n') {
			s->line++;
			s->line_off = i + 1;
		}
	}
	return pos_at(s, off);
}

/* Most files are ASCII, which eight bytes at a time can tell. */
static size_t
ascii_prefix(const char *text, size_t len)
{
	const uint64_t high = UINT64_C(0x8080808080808080);
	size_t i = 0;
	uint64_t word;

	for (; i + sizeof word <= len; i += sizeof word) {
		memcpy(&word, text + i, sizeof word);
		if (word & high)
			break;
	}
	return i;
}

/* Before anything else: what a conflict would be an error of is not what is wrong. */
static enum sd_status
check_merged(struct scan *s)
{
	struct sd_pos pos = pos_at(s, 0);

	pos.line = sd_text_conflict(s->text, s->len);
	if (!pos.line)
		return SD_OK;
	sd_error(s->diags, pos, "a merge has left a conflict here");
	sd_hint(s->diags, "choose what shall stand, and take the marks <<<<<<< ======= >>>>>>> away");
	return SD_ERR;
}

static enum sd_status
check_bytes(struct scan *s)
{
	size_t plain = ascii_prefix(s->text, s->len);
	size_t valid = plain + sd_text_valid_utf8(s->text + plain, s->len - plain);

	if (s->len >= 3 && memcmp(s->text, "\xef\xbb\xbf", 3) == 0) {
		sd_error(s->diags, pos_at(s, 0), "the file begins with a byte order mark");
		sd_hint(s->diags, "save it as UTF-8 without BOM");
		return SD_ERR;
	}
	if (s->len >= 2 &&
		(memcmp(s->text, "\xff\xfe", 2) == 0 || memcmp(s->text, "\xfe\xff", 2) == 0)) {
		sd_error(s->diags, pos_at(s, 0), "the file is UTF-16, expected UTF-8");
		sd_hint(s->diags, "save it as UTF-8 without BOM");
		return SD_ERR;
	}
	if (valid == s->len)
		return check_merged(s);
	return sd_error(s->diags, count_to(s, valid), "byte 0x%02x is not valid UTF-8",
		(unsigned)(unsigned char)s->text[valid]);
}

static enum sd_status
scan_text(struct scan *s)
{
	if (s->len > UINT32_MAX)
		return sd_error(s->diags, pos_at(s, 0), "the text is too large");
	sd_reserve(s->arena, &s->marks, s->len / BYTES_PER_MARK + 1);
	if (check_bytes(s))
		return SD_ERR;
	skip_space(s);
	if (s->off == s->len)
		return sd_error(s->diags, pos_at(s, s->off),
			"the file is empty: expected a JSON object, {} at least");
	if (scan_value(s))
		return SD_ERR;
	skip_space(s);
	if (s->off < s->len)
		return expected(s, "nothing more behind the value");
	return SD_OK;
}

/* ---- cJSON's tree with positions ---------------------------------------------------- */

struct walk {
	const struct scan *scan;
	size_t next; /* mark */
	struct sd_arena *arena;
	struct sd_diags *diags;
	uint32_t off; /* of the mark that was taken last */
	bool failed;  /* a duplicate key was reported */
	bool astray;  /* cJSON and the scan don't agree */
};

/* The next mark.  Running out of them would mean that cJSON met more than the scan did. */
static struct sd_pos
take_mark(struct walk *w)
{
	const struct mark *mark;

	if (w->next == w->scan->marks.n) {
		w->astray = true;
		return (struct sd_pos){ w->scan->name, 1, 1 };
	}
	mark = &w->scan->marks.at[w->next++];
	w->off = mark->off;
	return (struct sd_pos){ w->scan->name, mark->line, mark->col };
}

static const char *
number_text(const struct walk *w)
{
	const char *text = w->scan->text + w->off;
	size_t len = 0;

	while (w->off + len < w->scan->len && text[len] && strchr("+-.0123456789eE", text[len]))
		len++;
	return sd_strndup(w->arena, text, len);
}

static void
report_duplicate(struct walk *w, const struct sd_json *member, const struct sd_json *before)
{
	w->failed = true;
	sd_error(w->diags, member->key_pos, "key \"%s\" is given twice", member->key);
	sd_note(w->diags, before->key_pos, "the first one is here");
}

#define FEW_MEMBERS 16

/* Small objects are compared pair by pair; large ones through a map. */
static void
check_duplicates(struct walk *w, const struct sd_json *object)
{
	struct sd_map seen = { 0 };

	for (struct sd_json *m = object->first; m; m = m->next) {
		if (object->n > FEW_MEMBERS) {
			void **slot = sd_map_at(&seen, m->key, w->scan->arena);

			if (*slot)
				report_duplicate(w, m, *slot);
			else
				*slot = m;
			continue;
		}
		for (const struct sd_json *o = object->first; o != m; o = o->next) {
			if (strcmp(o->key, m->key) == 0) {
				report_duplicate(w, m, o);
				break;
			}
		}
	}
}

static struct sd_json *convert(struct walk *w, const cJSON *item);

static void
convert_children(struct walk *w, const cJSON *item, struct sd_json *json)
{
	struct sd_json **tail = &json->first;

	for (const cJSON *child = item->child; child; child = child->next) {
		struct sd_pos key_pos = { 0 };
		struct sd_json *value;

		if (json->type == SD_JSON_OBJECT)
			key_pos = take_mark(w);
		value = convert(w, child);
		value->key_pos = key_pos;
		if (json->type == SD_JSON_OBJECT)
			value->key = child->string;
		*tail = value;
		tail = &value->next;
		json->n++;
	}
	if (json->type == SD_JSON_OBJECT)
		check_duplicates(w, json);
}

static struct sd_json *
convert(struct walk *w, const cJSON *item)
{
	struct sd_json *json = sd_new(w->arena, struct sd_json);

	json->pos = take_mark(w);
	if (cJSON_IsObject(item) || cJSON_IsArray(item)) {
		json->type = cJSON_IsObject(item) ? SD_JSON_OBJECT : SD_JSON_ARRAY;
		convert_children(w, item, json);
	} else if (cJSON_IsString(item)) {
		json->type = SD_JSON_STRING;
		json->text = item->valuestring;
	} else if (cJSON_IsNumber(item)) {
		json->type = SD_JSON_NUMBER;
		json->text = number_text(w);
	} else if (cJSON_IsBool(item)) {
		json->type = SD_JSON_BOOL;
		json->boolean = cJSON_IsTrue(item);
	}
	return json;
}

/* cJSON's tree goes into the arena that its strings must live in anyway: nothing is freed node
 * by node.  Its hooks carry no context, hence the one variable of this file; it is set only
 * while a parse runs. */
static _Thread_local struct sd_arena *tree_arena;

static void *
tree_malloc(size_t size)
{
	return sd_alloc(tree_arena, size);
}

static void
tree_free(void *ptr)
{
	(void)ptr;
}

static cJSON *
parse_into(struct sd_arena *arena, const char *text, size_t len)
{
	cJSON_Hooks hooks = { tree_malloc, tree_free };
	cJSON *root;

	tree_arena = arena;
	cJSON_InitHooks(&hooks);
	root = cJSON_ParseWithLength(text, len);
	cJSON_InitHooks(NULL);
	tree_arena = NULL;
	return root;
}

static struct sd_json *
parse_scanned(struct scan *s, struct sd_arena *arena)
{
	struct walk w = { .scan = s, .arena = arena, .diags = s->diags };
	struct sd_json *json = NULL;
	cJSON *root = parse_into(arena, s->text, s->len);

	w.astray = !root;
	if (root)
		json = convert(&w, root);
	if (w.astray || w.next != s->marks.n) {
		sd_error(s->diags, (struct sd_pos){ s->name, 1, 1 },
			"the JSON parser could not read this text");
		return NULL;
	}
	return w.failed ? NULL : json;
}

struct sd_json *
sd_json_parse(const char *name, const char *text, size_t len, struct sd_arena *arena,
	struct sd_diags *diags)
{
	struct sd_arena *scratch = sd_arena_new();
	struct scan s = { .name = sd_strdup(arena, name),
		.text = text,
		.len = len,
		.line = 1,
		.arena = scratch,
		.diags = diags };
	struct sd_json *json = NULL;

	if (scan_text(&s) == SD_OK)
		json = parse_scanned(&s, arena);
	sd_arena_free(scratch);
	return json;
}

/* ---- questions and reports ---------------------------------------------------------- */

struct sd_json *
sd_json_get(const struct sd_json *object, const char *key)
{
	if (object->type != SD_JSON_OBJECT)
		return NULL;
	for (struct sd_json *m = object->first; m; m = m->next)
		if (strcmp(m->key, key) == 0)
			return m;
	return NULL;
}

const char *
sd_json_type_name(const struct sd_json *json)
{
	static const char *const names[] = { "null", "a boolean", "a number", "a string",
		"a list", "an object" };

	return names[json->type];
}

enum sd_status
sd_json_expected(struct sd_diags *diags, const struct sd_json *json, const char *what)
{
	if (json->key)
		return sd_error(diags, json->pos, "\"%s\": expected %s, found %s", json->key,
			what, sd_json_type_name(json));
	return sd_error(
		diags, json->pos, "expected %s, found %s", what, sd_json_type_name(json));
}

enum sd_status
sd_json_unknown_key(
	struct sd_diags *diags, const struct sd_json *member, const char *const *known)
{
	const char *nearest = sd_text_nearest(member->key, known);
	struct sd_arena *scratch;
	struct sd_buf list;

	sd_error(diags, member->key_pos, "unknown key \"%s\"", member->key);
	if (nearest) {
		sd_hint(diags, "did you mean \"%s\"?", nearest);
		return SD_ERR;
	}
	scratch = sd_arena_new();
	list = SD_BUF(scratch);
	for (size_t i = 0; known[i]; i++) {
		sd_buf_sep(&list, ", ");
		sd_buf_add(&list, known[i]);
	}
	if (list.n)
		sd_hint(diags, "known here: %s", sd_buf_text(&list));
	sd_arena_free(scratch);
	return SD_ERR;
}

/* One byte that can't stand in a JSON string. */
static void
add_escape(struct sd_buf *out, char c)
{
	static const char letters[] = "\"\\\b\f\n\r\t", escapes[] = "\"\\bfnrt";
	const char *hit = strchr(letters, c);

	if (hit) {
		sd_buf_addc(out, '\\');
		sd_buf_addc(out, escapes[hit - letters]);
	} else {
		sd_buf_addf(out, "\\u%04x", (unsigned)(unsigned char)c);
	}
}

void
sd_json_quote(struct sd_buf *out, const char *text)
{
	sd_buf_addc(out, '"');
	for (;;) {
		const char *end = text;

		while (is_plain(*end))
			end++;
		sd_buf_addn(out, text, (size_t)(end - text));
		if (!*end)
			break;
		add_escape(out, *end);
		text = end + 1;
	}
	sd_buf_addc(out, '"');
}
