#include "core/sql/dialect.h"

#include "core/base/buf.h"
#include "core/base/text.h"
#include "core/base/vec.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

const struct sd_dialect *const sd_dialects[] = {
	&sd_dialect_sqlite,
	&sd_dialect_postgresql,
	NULL,
};

const struct sd_dialect *
sd_dialect_find(const char *name)
{
	if (strcmp(name, "postgres") == 0)
		name = "postgresql";
	for (size_t i = 0; sd_dialects[i]; i++)
		if (strcmp(sd_dialects[i]->name, name) == 0)
			return sd_dialects[i];
	return NULL;
}

/* ---- versions ------------------------------------------------------------------- */

bool
sd_dialect_can(const struct sd_dialect *dialect, int version, enum sd_cap cap)
{
	return dialect->since[cap] >= 0 && version >= dialect->since[cap];
}

/* SQLite counts 3.35.4 as 3035004, PostgreSQL 14.2 as 140002: three numbers, or two. */
static bool
counts_by_three(const struct sd_dialect *dialect)
{
	return dialect->oldest_version >= 1000000;
}

int
sd_dialect_version(const struct sd_dialect *dialect, const char *text)
{
	int part[3] = { 0 }, n = 0;

	for (;;) {
		char *end;
		long value;

		if (*text < '0' || *text > '9')
			return -1;
		value = strtol(text, &end, 10);
		if (value > 999 || n == 3)
			return -1;
		part[n++] = (int)value;
		if (!*end)
			break;
		if (*end != '.')
			return -1;
		text = end + 1;
	}
	if (counts_by_three(dialect))
		return part[0] * 1000000 + part[1] * 1000 + part[2];
	return part[0] * 10000 + part[1];
}

const char *
sd_dialect_version_text(const struct sd_dialect *dialect, struct sd_arena *arena, int version)
{
	if (!counts_by_three(dialect))
		return sd_fmt(arena, "%d", version / 10000);
	if (version % 1000)
		return sd_fmt(arena, "%d.%d.%d", version / 1000000, version / 1000 % 1000,
			version % 1000);
	return sd_fmt(arena, "%d.%d", version / 1000000, version / 1000 % 1000);
}

/* ---- names ---------------------------------------------------------------------- */

#define LONGEST_KEYWORD 24

/* @words is sorted, and ends with NULL. */
static bool
is_among(const char *const *words, const char *word)
{
	char small[LONGEST_KEYWORD + 1];
	size_t len = strlen(word);

	if (!words || len > LONGEST_KEYWORD)
		return false;
	for (size_t i = 0; i <= len; i++)
		small[i] = word[i] >= 'A' && word[i] <= 'Z' ? (char)(word[i] + 32) : word[i];
	for (size_t i = 0; words[i]; i++) {
		int order;

		if (words[i][0] < small[0])
			continue;
		order = strcmp(words[i], small);

		if (order >= 0)
			return order == 0;
	}
	return false;
}

bool
sd_is_keyword(const struct sd_dialect *dialect, const char *word)
{
	return is_among(dialect->keywords, word);
}

bool
sd_is_soft_keyword(const struct sd_dialect *dialect, const char *word)
{
	return is_among(dialect->soft_keywords, word);
}

bool
sd_is_quoted_type(const struct sd_dialect *dialect, const char *word)
{
	return is_among(dialect->quoted_types, word);
}

static bool
is_bare(const struct sd_dialect *dialect, const char *name)
{
	if (!*name || (*name >= '0' && *name <= '9'))
		return false;
	for (const char *p = name; *p; p++)
		if (!((*p >= 'a' && *p <= 'z') || (*p >= '0' && *p <= '9') || *p == '_' ||
			    (*p >= 'A' && *p <= 'Z' && !dialect->quote_capitals)))
			return false;
	return !sd_is_keyword(dialect, name);
}

static const char *
quote(struct sd_arena *arena, const char *text, char mark)
{
	size_t len = strlen(text), marks = 0;
	char *out, *to;

	for (const char *p = text; (p = strchr(p, mark)) != NULL; p++)
		marks++;
	to = out = sd_alloc_text(arena, len + marks + 3);
	*to++ = mark;
	for (; marks; marks--) {
		size_t n = (size_t)(strchr(text, mark) + 1 - text);

		memcpy(to, text, n);
		to[n] = mark;
		to += n + 1;
		text += n;
		len -= n;
	}
	memcpy(to, text, len);
	to[len] = mark;
	to[len + 1] = '\0';
	return out;
}

const char *
sd_quote_name(const struct sd_dialect *dialect, struct sd_arena *arena, const char *name)
{
	return is_bare(dialect, name) ? name : quote(arena, name, '"');
}

const char *
sd_quote_text(const struct sd_dialect *dialect, struct sd_arena *arena, const char *text)
{
	(void)dialect;
	return quote(arena, text, '\'');
}

const char *
sd_quote_names(
	const struct sd_dialect *dialect, struct sd_arena *arena, const struct sd_names *names)
{
	struct sd_buf out = SD_BUF(arena);

	for (size_t i = 0; i < names->n; i++) {
		sd_buf_sep(&out, ", ");
		sd_buf_add(&out, sd_quote_name(dialect, arena, names->at[i]));
	}
	return sd_buf_text(&out);
}

bool
sd_name_equal(const struct sd_dialect *dialect, const char *a, const char *b)
{
	/* nearly all that is compared differs in its first letter */
	if (a && b && ((*a ^ *b) & ~0x20))
		return false;
	return dialect->names_fold ? sd_text_iequal(a, b) : sd_text_equal(a, b);
}

const char *
sd_name_key(const struct sd_dialect *dialect, struct sd_arena *arena, const char *name)
{
	if (!dialect->names_fold)
		return name;
	for (const char *p = name; *p; p++)
		if (*p >= 'A' && *p <= 'Z')
			return sd_text_lower(arena, name);
	return name;
}

/* ---- types ---------------------------------------------------------------------- */

static bool
is_space(char c)
{
	return c == ' ' || (c >= '\t' && c <= '\r');
}

/* The end of the quoted name that begins at @p. */
static const char *
quoted_end(const char *p)
{
	for (p++; *p && (*p != '"' || p[1] == '"'); p++)
		p += *p == '"';
	return *p ? p + 1 : p;
}

/* Small letters, one space between words, none inside or before parentheses and brackets; names
 * in double quotes as they are. */
static char *
tidy(struct sd_arena *arena, const char *type)
{
	char *text = sd_alloc(arena, 2 * strlen(type) + 2),
	     *to = text; /* a space may be added */
	bool space = false;

	while (*type) {
		bool tight = strchr("(),[]", *type) != NULL;
		const char *end = *type == '"' ? quoted_end(type) : type + 1;

		if (is_space(*type)) {
			space = true;
			type++;
			continue;
		}
		/* a word behind a closing bracket keeps its space: "timestamp(3) with …" */
		if (space && to > text && !tight && !strchr("(,[", to[-1]))
			*to++ = ' ';
		if (!space && to > text && !tight && to[-1] == ')')
			*to++ = ' ';
		space = false;
		if (*type >= 'A' && *type <= 'Z')
			*to++ = (char)(*type++ + 32);
		while (type < end)
			*to++ = *type++;
	}
	return text;
}

/* Where @text says that it is an array: "[3]", " array", " array[3]"; or NULL. */
static const char *
array_of(const char *text)
{
	const char *bracket = strchr(text, '['), *word = strstr(text, " array");

	return word && (word[6] == '\0' || word + 6 == bracket) ? word : bracket;
}

/* The words of @text without the first "(…)", which goes to @args ("" when there is none), and
 * without what makes it an array, which goes to @rest. */
static void
take_apart(struct sd_arena *arena, const char *text, const char **words, const char **args,
	const char **rest)
{
	const char *bracket = array_of(text), *open, *close;
	size_t len = bracket ? (size_t)(bracket - text) : strlen(text);

	*rest = bracket ? bracket : "";
	text = sd_strndup(arena, text, len);
	open = strchr(text, '(');
	close = open ? strchr(open, ')') : NULL;
	*args = close ? sd_strndup(arena, open, (size_t)(close - open) + 1) : "";
	*words = close ? sd_fmt(arena, "%.*s%s", (int)(open - text), text, close + 1) : text;
}

/* The arguments stand behind the first word of a type ("timestamp(3) with time zone"), but
 * behind the last one of "bit varying" and its like. */
static const char *
put_together(struct sd_arena *arena, const char *words, const char *args, const char *rest)
{
	const char *with = strstr(words, " with");

	if (!with || !*args)
		return sd_fmt(arena, "%s%s%s", words, args, rest);
	return sd_fmt(arena, "%.*s%s%s%s", (int)(with - words), words, args, with, rest);
}

static const char *
apply_aliases(const struct sd_dialect *dialect, struct sd_arena *arena, const char *text)
{
	const char *words, *args, *rest;

	for (const struct sd_type_alias *alias = dialect->aliases; alias->alias; alias++) {
		if (strcmp(text, alias->alias) == 0)
			return alias->canonical;
		if (strcmp(text, alias->canonical) == 0)
			return text;
	}
	if (!strchr(text, '(') && !array_of(text))
		return text;
	take_apart(arena, text, &words, &args, &rest);
	for (const struct sd_type_alias *alias = dialect->aliases; alias->alias; alias++)
		if (strcmp(words, alias->alias) == 0)
			words = alias->canonical;
	return put_together(arena, words, args, rest);
}

const char *
sd_type_canonical(const struct sd_dialect *dialect, struct sd_arena *arena, const char *type)
{
	const char *text = apply_aliases(dialect, arena, tidy(arena, type));

	return dialect->refine_type ? dialect->refine_type(arena, text) : text;
}

const char *
sd_type_unmodified(const struct sd_dialect *dialect, struct sd_arena *arena, const char *type)
{
	const char *words, *args, *rest;

	take_apart(arena, sd_type_canonical(dialect, arena, type), &words, &args, &rest);
	return sd_fmt(arena, "%s%s", words, rest);
}
