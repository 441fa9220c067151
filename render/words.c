/* Changes and values in words. */
#include "render/report.h"

#include "core/base/text.h"

#include <string.h>

const char *
sd_op_word(enum sd_op op)
{
	static const char *const words[] = {
		[SD_OP_RENAME] = "rename",
		[SD_OP_DROP] = "drop",
		[SD_OP_ADD] = "add",
		[SD_OP_ALTER] = "alter",
		[SD_OP_REBUILD] = "rebuild",
		[SD_OP_RECREATE] = "recreate",
	};

	return words[op];
}

const struct sd_object *
sd_change_subject(const struct sd_change *change)
{
	return change->into ? change->into : change->from;
}

const char *
sd_value_text(
	struct sd_arena *arena, const struct sd_field *field, const struct sd_object *object)
{
	const char *text = sd_field_text(arena, field, object);
	bool rowid = object->kind == SD_COLUMN && field->type == SD_F_TYPE &&
		     ((const struct sd_column *)object)->rowid_alias;

	return rowid ? sd_fmt(arena, "%s (the rowid)", text) : text;
}

/* "type: integer → bigint; default: (none) → 0", or "" when no field is named. */
static const char *
fields_text(struct sd_arena *arena, const struct sd_change *change)
{
	const struct sd_kind_desc *desc = &sd_kinds[change->kind];
	struct sd_buf out = SD_BUF(arena);

	if (change->fields & SD_FIELD_BIT_NAME)
		sd_buf_addf(&out, "name: %s → %s",
			change->from->name ? change->from->name : "(none)",
			change->into->name ? change->into->name : "(none)");
	for (size_t i = 0; i < desc->n_fields; i++) {
		if (!(change->fields & UINT64_C(1) << i))
			continue;
		sd_buf_sep(&out, "; ");
		sd_buf_addf(&out, "%s: %s → %s", desc->fields[i].label,
			sd_value_text(arena, &desc->fields[i], change->from),
			sd_value_text(arena, &desc->fields[i], change->into));
	}
	return sd_text_squeeze(arena, sd_buf_text(&out));
}

const char *
sd_change_text(struct sd_arena *arena, const struct sd_change *change)
{
	bool as_it_was = change->op == SD_OP_RENAME ||
			 (change->op == SD_OP_ALTER && (change->fields & SD_FIELD_BIT_NAME));
	const char *title =
		sd_object_title(arena, as_it_was ? change->from : sd_change_subject(change));

	if (change->op == SD_OP_RENAME)
		return sd_fmt(arena, "rename %s to %s", title, change->into->name);
	if (change->op == SD_OP_ALTER)
		return sd_fmt(arena, "alter %s: %s", title, fields_text(arena, change));
	return sd_fmt(arena, "%s %s", sd_op_word(change->op), title);
}

/* ---- what can be shown on a line ---------------------------------------------------- */

/* Code points that move what stands beside them, or that nobody sees.  U+200C and U+200D are
 * letters' business in some scripts, and stay. */
static const struct {
	uint32_t first, last;
} hidden[] = {
	{ 0x00, 0x1f },
	{ 0x7f, 0x9f },
	{ 0xad, 0xad },
	{ 0x61c, 0x61c },
	{ 0x200b, 0x200b },
	{ 0x200e, 0x200f },
	{ 0x2028, 0x202e },
	{ 0x2060, 0x206f },
	{ 0xfeff, 0xfeff },
};

static bool
is_hidden(uint32_t point)
{
	for (size_t i = 0; i < SD_COUNT(hidden); i++)
		if (point >= hidden[i].first && point <= hidden[i].last)
			return true;
	return false;
}

/* Length of the character that valid UTF-8 begins with; it goes to *@point. */
static size_t
take_character(const char *text, uint32_t *point)
{
	const unsigned char *at = (const unsigned char *)text;
	size_t len = at[0] < 0x80 ? 1 : at[0] < 0xe0 ? 2 : at[0] < 0xf0 ? 3 : 4;

	*point = len == 1 ? at[0] : at[0] & (0x7fu >> len);
	for (size_t i = 1; i < len; i++)
		*point = *point << 6 | (at[i] & 0x3fu);
	return len;
}

static void
add_plain(struct sd_buf *out, const char *text, size_t len)
{
	uint32_t point;

	for (size_t i = 0, n; i < len; i += n) {
		n = take_character(text + i, &point);
		if (point == '\n' || point == '\t')
			sd_buf_add(out, point == '\n' ? "\\n" : "\\t");
		else if (is_hidden(point))
			sd_buf_addf(out, "\\u%04x", (unsigned)point);
		else
			sd_buf_addn(out, text + i, n);
	}
}

const char *
sd_plain(struct sd_arena *arena, const char *text)
{
	struct sd_buf out = SD_BUF(arena);
	size_t len = strlen(text);

	while (len) {
		size_t n = sd_text_valid_utf8(text, len);

		add_plain(&out, text, n);
		if (n < len) {
			sd_buf_add(&out, "\xef\xbf\xbd");
			n++;
		}
		text += n;
		len -= n;
	}
	return sd_buf_text(&out);
}

const char *
sd_sql_line(struct sd_arena *arena, const char *sql)
{
	struct sd_buf out = SD_BUF(arena);
	char quote = 0;

	for (; *sql; sql++) {
		bool space = strchr(" \t\r\n\f", *sql) != NULL;

		if (quote)
			quote = *sql == quote ? 0 : quote;
		else if (*sql == '\'' || *sql == '"')
			quote = *sql;
		if (!space || quote)
			sd_buf_addc(&out, *sql);
		else if (out.n && out.at[out.n - 1] != ' ')
			sd_buf_addc(&out, ' ');
	}
	return sd_plain(arena, sd_text_trim(arena, sd_buf_text(&out)));
}

/* ---- both sides of a field ---------------------------------------------------------- */

#define WHOLE 100 /* bytes that are shown whole */
#define BESIDE 24 /* of what stands beside the difference, in a longer one */
#define LONGEST 240

static bool
inside_character(char c)
{
	return ((unsigned char)c & 0xc0) == 0x80;
}

static size_t
common_prefix(const char *a, const char *b)
{
	size_t n = 0;

	while (a[n] && a[n] == b[n])
		n++;
	while (n && inside_character(a[n]))
		n--;
	return n;
}

static size_t
common_suffix(const char *a, size_t a_len, const char *b, size_t b_len, size_t prefix)
{
	size_t n = 0;

	while (n < a_len - prefix && n < b_len - prefix && a[a_len - n - 1] == b[b_len - n - 1])
		n++;
	while (n && inside_character(a[a_len - n]))
		n--;
	return n;
}

/* @text from @start to @end, cut to @longest bytes; an ellipsis stands for what is left out at
 * its beginning (@tail) or its end. */
static const char *
cut(struct sd_arena *arena, const char *text, size_t start, size_t end, size_t longest,
	bool tail)
{
	if (end - start <= longest)
		return sd_strndup(arena, text + start, end - start);
	if (tail) {
		start = end - longest;
		while (inside_character(text[start]))
			start++;
		return sd_fmt(arena, "…%.*s", (int)(end - start), text + start);
	}
	end = start + longest;
	while (inside_character(text[end]))
		end--;
	return sd_fmt(arena, "%.*s…", (int)(end - start), text + start);
}

static struct sd_excerpt
excerpt(struct sd_arena *arena, const char *text, size_t len, size_t prefix, size_t suffix)
{
	return (struct sd_excerpt){
		.before = cut(arena, text, 0, prefix, BESIDE, true),
		.middle = cut(arena, text, prefix, len - suffix, LONGEST, false),
		.after = cut(arena, text, len - suffix, len, BESIDE, false),
	};
}

struct sd_field_change
sd_field_change(struct sd_arena *arena, const struct sd_field *field,
	const struct sd_object *from, const struct sd_object *into)
{
	const char *old = sd_value_text(arena, field, from);
	const char *new = sd_value_text(arena, field, into);
	const char *a = sd_sql_line(arena, old), *b = sd_sql_line(arena, new);
	size_t a_len, b_len, prefix = 0, suffix = 0;

	/* white space is seen where it is what differs */
	if (field->type != SD_F_SQL || strcmp(a, b) == 0) {
		a = sd_plain(arena, old);
		b = sd_plain(arena, new);
	}
	a_len = strlen(a);
	b_len = strlen(b);
	if (a_len > WHOLE || b_len > WHOLE) {
		prefix = common_prefix(a, b);
		suffix = common_suffix(a, a_len, b, b_len, prefix);
	}
	return (struct sd_field_change){
		.label = field->label,
		.from = excerpt(arena, a, a_len, prefix, suffix),
		.into = excerpt(arena, b, b_len, prefix, suffix),
	};
}

/* ---- what is added ------------------------------------------------------------------ */

static void
names_words(struct sd_buf *out, const struct sd_names *names)
{
	for (size_t i = 0; i < names->n; i++)
		sd_buf_addf(out, "%s%s", i ? ", " : "", names->at[i]);
}

/* "user_id → users (id)": what its required fields say. */
static void
foreign_key_words(const struct sd_object *object, struct sd_buf *out)
{
	const struct sd_foreign_key *fk = (const struct sd_foreign_key *)object;

	names_words(out, &fk->columns);
	sd_buf_addf(out, " → %s%s%s", fk->table_ns ? fk->table_ns : "", fk->table_ns ? "." : "",
		fk->table);
	if (fk->ref_columns.n) {
		sd_buf_add(out, " (");
		names_words(out, &fk->ref_columns);
		sd_buf_addc(out, ')');
	}
}

static bool
is_said(const struct sd_dialect *dialect, const struct sd_field *field,
	const struct sd_object *object)
{
	if ((field->flags & SD_FIELD_INPUT) || !(field->dialects & dialect->bit) ||
		sd_field_unset(field, object))
		return false;
	if (field->type == SD_F_TYPE && !*sd_field_get(object, field, char *))
		return false;
	/* the foreign key's own words hold these */
	return object->kind != SD_FOREIGN_KEY ||
	       !((field->flags & SD_FIELD_REQUIRED) || field->type == SD_F_NAMES) ||
	       field->offset == offsetof(struct sd_foreign_key, set_columns);
}

/* "not null", "unique", "default 0"; of what must be said the value alone. */
static void
field_words(struct sd_arena *arena, const struct sd_field *field,
	const struct sd_object *object, struct sd_buf *out)
{
	const char *value = sd_value_text(arena, field, object);

	value = field->type == SD_F_SQL ? sd_sql_line(arena, value) : sd_plain(arena, value);
	value = cut(arena, value, 0, strlen(value), WHOLE, false);
	sd_buf_sep(out, ", ");
	if ((field->type == SD_F_BOOL || field->type == SD_F_NOT) && field->words)
		sd_buf_add(out, value);
	else if (field->type == SD_F_BOOL)
		sd_buf_add(out, field->label);
	else if (field->flags & SD_FIELD_REQUIRED)
		sd_buf_add(out, value);
	else
		sd_buf_addf(out, "%s %s", field->label, value);
}

const char *
sd_object_words(struct sd_arena *arena, const struct sd_dialect *dialect,
	const struct sd_object *object)
{
	const struct sd_kind_desc *desc = &sd_kinds[object->kind];
	struct sd_buf out = SD_BUF(arena);

	if (object->kind == SD_FOREIGN_KEY)
		foreign_key_words(object, &out);
	for (size_t i = 0; i < desc->n_fields; i++)
		if (is_said(dialect, &desc->fields[i], object))
			field_words(arena, &desc->fields[i], object, &out);
	return sd_plain(arena, sd_buf_text(&out));
}
