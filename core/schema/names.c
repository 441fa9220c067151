#include "core/schema/names.h"

#include "core/base/hash.h"
#include "core/base/text.h"
#include "core/sql/canon.h"

#include <string.h>

const struct sd_naming sd_naming_default = {
	.ix = "ix_%(table_name)s_%(column_0_N_name)s",
	.uq = "uq_%(table_name)s_%(column_0_N_name)s",
	.fk = "fk_%(table_name)s_%(column_0_N_name)s_%(referred_table_name)s",
	.pk = "pk_%(table_name)s",
	.ck = "ck_%(table_name)s_%(constraint_name)s",
};

/* ---- templates ---------------------------------------------------------------------- */

/* A stretch of a template: literal text, or the name of a token. */
struct piece {
	const char *text;
	size_t len;
	bool is_token;
};

enum token_kind {
	TABLE_NAME,
	REFERRED_TABLE_NAME,
	CONSTRAINT_NAME,
	COLUMN,
	REFERRED_COLUMN,
};

struct token {
	enum token_kind kind;
	size_t first;    /* of a column token: the column, or the first of them */
	bool all;        /* from @first on to the last one */
	const char *sep; /* between them */
	bool label;      /* each with its table's name before it */
};

static bool
take(const char **text, const char *prefix)
{
	if (!sd_text_starts(*text, prefix))
		return false;
	*text += strlen(prefix);
	return true;
}

/* "0_name", "0_N_name", "0N_label", …: the part of a column token behind "column_". */
static bool
parse_column_token(const char *text, struct token *token)
{
	if (*text < '0' || *text > '9')
		return false;
	token->first = (size_t)(*text++ - '0');
	token->sep = "";
	if (take(&text, "_N")) {
		token->all = true;
		token->sep = "_";
	} else if (take(&text, "N")) {
		token->all = true;
	}
	token->label = strcmp(text, "_label") == 0;
	return token->label || strcmp(text, "_name") == 0 || strcmp(text, "_key") == 0;
}

#define LONGEST_TOKEN 40

static bool
parse_token(const struct piece *piece, struct token *token)
{
	char text[LONGEST_TOKEN + 1];
	const char *name = text;

	*token = (struct token){ 0 };
	if (piece->len > LONGEST_TOKEN)
		return false;
	memcpy(text, piece->text, piece->len);
	text[piece->len] = '\0';
	if (strcmp(name, "table_name") == 0) {
		token->kind = TABLE_NAME;
	} else if (strcmp(name, "referred_table_name") == 0) {
		token->kind = REFERRED_TABLE_NAME;
	} else if (strcmp(name, "constraint_name") == 0) {
		token->kind = CONSTRAINT_NAME;
	} else {
		token->kind = sd_text_starts(name, "referred_") ? REFERRED_COLUMN : COLUMN;
		(void)take(&name, "referred_");
		return take(&name, "column_") && parse_column_token(name, token);
	}
	return true;
}

/* The next piece of @template.
 * False at the end.  A malformed token comes out as one that no one knows. */
static bool
next_piece(const char **template, struct piece *piece)
{
	const char *t = *template, *end;

	if (!*t)
		return false;
	piece->text = t;
	piece->is_token = false;
	if (t[0] != '%') {
		piece->len = strcspn(t, "%");
		*template = t + piece->len;
	} else if (t[1] == '%') {
		piece->len = 1;
		*template = t + 2;
	} else {
		piece->is_token = true;
		end = t[1] == '(' ? strstr(t, ")s") : NULL;
		piece->text = end ? t + 2 : t;
		piece->len = end ? (size_t)(end - t) - 2 : strlen(t);
		*template = end ? end + 2 : t + piece->len;
	}
	return true;
}

enum sd_status
sd_naming_check(const char *template, struct sd_pos pos, struct sd_diags *diags)
{
	static const char *const known[] = { "table_name", "referred_table_name",
		"constraint_name", "column_0_name", "column_0_label", "column_0_N_name",
		"column_0N_name", "column_0_N_label", "column_0_key", "referred_column_0_name",
		"referred_column_0_N_name", NULL };
	struct sd_arena *scratch = sd_arena_new();
	enum sd_status status = SD_OK;
	struct piece piece;

	while (next_piece(&template, &piece)) {
		struct token token;
		const char *name, *nearest;

		if (!piece.is_token || parse_token(&piece, &token))
			continue;
		name = sd_strndup(scratch, piece.text, piece.len);
		status = sd_error(
			diags, pos, "unknown token \"%s\" in a naming convention", name);
		nearest = sd_text_nearest(name, known);
		if (nearest)
			sd_hint(diags, "did you mean %%(%s)s?", nearest);
		else
			sd_hint(diags,
				"tokens are written %%(table_name)s, %%(column_0_name)s, …; "
				"a percent sign %%%%");
	}
	sd_arena_free(scratch);
	return status;
}

/* ---- names -------------------------------------------------------------------------- */

static bool
is_word_char(char c)
{
	return (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z') || (c >= '0' && c <= '9') ||
	       c == '_' || (unsigned char)c >= 0x80;
}

/* The words of an expression joined by underscores: "lower(email) || 'x'" → lower_email_x. */
static const char *
slug(struct sd_arena *arena, const char *expression)
{
	struct sd_buf out = SD_BUF(arena);
	bool gap = false;

	for (const char *p = expression; *p; p++) {
		if (!is_word_char(*p)) {
			gap = true;
			continue;
		}
		if (gap)
			sd_buf_sep(&out, "_");
		gap = false;
		sd_buf_addc(&out, *p);
	}
	return out.n ? sd_text_lower(arena, sd_buf_text(&out)) : "expr";
}

/* @name cut to @max bytes, not inside a character, and told apart by its hash. */
static const char *
cut(struct sd_arena *arena, const char *name, size_t max)
{
	size_t len = strlen(name);

	if (!max || len <= max || max < 6)
		return name;
	len = max - 5;
	while (len && ((unsigned char)name[len] & 0xc0) == 0x80)
		len--;
	return sd_fmt(
		arena, "%.*s_%.4s", (int)len, name, sd_hash_sha256(arena, name, strlen(name)));
}

/* Expressions are long: names derived from them are kept readable. */
#define LONGEST_SLUG 40

/* Of the canonical form: a name does not depend on comments. */
static const char *
short_slug(const struct sd_dialect *dialect, struct sd_arena *arena, const char *expression)
{
	return cut(arena, slug(arena, sd_sql_canonical(dialect, arena, expression)),
		LONGEST_SLUG);
}

static void
names_of_parts(const struct sd_dialect *dialect, struct sd_arena *arena,
	const struct sd_parts *parts, struct sd_names *names)
{
	for (size_t i = 0; i < parts->n; i++)
		*sd_push(arena, names) = parts->at[i].name
						 ? parts->at[i].name
						 : short_slug(dialect, arena,
							   parts->at[i].expression);
}

static void
columns_of(const struct sd_dialect *dialect, struct sd_arena *arena,
	const struct sd_object *object, struct sd_names *names)
{
	switch (object->kind) {
	case SD_PRIMARY_KEY:
	case SD_UNIQUE:
		names_of_parts(dialect, arena, &((const struct sd_key *)object)->columns, names);
		break;
	case SD_INDEX:
		names_of_parts(dialect, arena, &((const struct sd_index *)object)->columns, names);
		break;
	case SD_FOREIGN_KEY:
		*names = ((const struct sd_foreign_key *)object)->columns;
		break;
	default:
		break;
	}
}

static void
put_columns(struct sd_buf *out, const struct token *token, const struct sd_names *columns,
	const char *table)
{
	size_t end = token->all ? columns->n : token->first + 1;

	for (size_t i = token->first; i < end && i < columns->n; i++) {
		if (i > token->first)
			sd_buf_add(out, token->sep);
		if (token->label)
			sd_buf_addf(out, "%s_", table);
		sd_buf_add(out, columns->at[i]);
	}
}

/* What stands for %(constraint_name)s. */
static const char *
constraint_key(const struct sd_dialect *dialect, struct sd_arena *arena,
	const struct sd_object *object, const char *key)
{
	if (key)
		return key;
	if (object->kind == SD_CHECK && ((const struct sd_check *)object)->column)
		return ((const struct sd_check *)object)->column->o.name;
	if (object->kind == SD_CHECK && ((const struct sd_check *)object)->expression)
		return short_slug(
			dialect, arena, ((const struct sd_check *)object)->expression);
	return object->name ? object->name : "";
}

static void
put_token(const struct sd_dialect *dialect, struct sd_buf *out, const struct token *token,
	const struct sd_object *object, const char *key)
{
	const struct sd_foreign_key *fk =
		object->kind == SD_FOREIGN_KEY ? (const struct sd_foreign_key *)object : NULL;
	const char *referred = fk && fk->table ? fk->table : "";
	struct sd_names columns = { 0 };

	switch (token->kind) {
	case TABLE_NAME:
		sd_buf_add(out, object->parent->name);
		break;
	case REFERRED_TABLE_NAME:
		sd_buf_add(out, referred);
		break;
	case CONSTRAINT_NAME:
		sd_buf_add(out, constraint_key(dialect, out->arena, object, key));
		break;
	case COLUMN:
		columns_of(dialect, out->arena, object, &columns);
		put_columns(out, token, &columns, object->parent->name);
		break;
	case REFERRED_COLUMN:
		if (fk)
			put_columns(out, token, &fk->ref_columns, referred);
		break;
	}
}

static const char *
template_of(const struct sd_naming *naming, enum sd_kind kind)
{
	static const size_t offsets[SD_KIND__MAX] = {
		[SD_PRIMARY_KEY] = offsetof(struct sd_naming, pk),
		[SD_UNIQUE] = offsetof(struct sd_naming, uq),
		[SD_CHECK] = offsetof(struct sd_naming, ck),
		[SD_FOREIGN_KEY] = offsetof(struct sd_naming, fk),
		[SD_INDEX] = offsetof(struct sd_naming, ix),
	};
	const char *template = NULL;

	if (!sd_kinds[kind].convention)
		sd_bug("no naming convention for a %s", sd_kinds[kind].word);
	if (naming)
		memcpy(&template, (const char *)naming + offsets[kind], sizeof template);
	if (!template)
		memcpy(&template, (const char *)&sd_naming_default + offsets[kind],
			sizeof template);
	return template;
}

const char *
sd_naming_apply(const struct sd_naming *naming, const struct sd_dialect *dialect,
	struct sd_arena *arena, const struct sd_object *object, const char *key)
{
	const char *template = template_of(naming, object->kind);
	struct sd_buf out = SD_BUF(arena);
	struct piece piece;
	struct token token;

	while (next_piece(&template, &piece)) {
		if (!piece.is_token)
			sd_buf_addn(&out, piece.text, piece.len);
		else if (parse_token(&piece, &token))
			put_token(dialect, &out, &token, object, key);
	}
	return sd_naming_cut(dialect, arena, sd_buf_text(&out));
}

const char *
sd_naming_cut(const struct sd_dialect *dialect, struct sd_arena *arena, const char *name)
{
	return cut(arena, name, dialect->max_name);
}
