/* Other spellings of the same SQL text and the same type. */
#include "core/base/text.h"
#include "core/sql/lex.h"
#include "tests/fingerprint/rewrite.h"

#include <string.h>

static char
flipped(char c)
{
	bool letter = (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z');

	return letter ? (char)(c ^ 0x20) : c;
}

const char *
flip_case(struct subject *s, const char *text)
{
	char *copy = sd_strdup(s->arena, text);

	for (char *p = copy; *p; p++)
		if (rng_chance(&s->rng, 50))
			*p = flipped(*p);
	return copy;
}

/* A name that means the same with and without quotes. */
static bool
is_plain(struct subject *s, const char *name)
{
	if (!*name || (*name >= '0' && *name <= '9') || sd_is_keyword(s->dialect, name))
		return false;
	return name[strspn(name, "abcdefghijklmnopqrstuvwxyz0123456789_")] == '\0';
}

/* Quoted, these are other types. */
static bool
is_quoted_type(const char *word)
{
	return strcmp(word, "char") == 0 || strcmp(word, "bit") == 0;
}

static const char *
respell_token(struct subject *s, const char *sql, struct sd_tok tok)
{
	const char *text = sd_tok_text(s->arena, sql, tok), *value;
	bool custom = s->dialect->lex & SD_LEX_CUSTOM_OP;

	switch (tok.kind) {
	case SD_TOK_WORD:
		if (is_plain(s, text) && !is_quoted_type(text) && rng_chance(&s->rng, 30))
			return sd_fmt(s->arena, "\"%s\"", text);
		return flip_case(s, text);
	case SD_TOK_NAME:
		value = sd_tok_value(s->arena, sql, tok);
		if (s->dialect->names_fold)
			value = sd_text_lower(s->arena, value);
		if (is_plain(s, value) && !is_quoted_type(value) && rng_chance(&s->rng, 50))
			return value;
		return text;
	case SD_TOK_NUMBER:
	case SD_TOK_BLOB:
		return flip_case(s, text);
	case SD_TOK_OP:
		if (strcmp(text, "<>") == 0 || strcmp(text, "!=") == 0)
			return rng_chance(&s->rng, 50) ? "<>" : "!=";
		if (!custom && (strcmp(text, "=") == 0 || strcmp(text, "==") == 0))
			return rng_chance(&s->rng, 50) ? "=" : "==";
		return text;
	default:
		return text;
	}
}

static const char *
gap(struct subject *s, bool needed)
{
	static const char *const gaps[] = { " ", "  ", "\n", "\t", " /* note */ ", " -- note\n",
		" /* it's \"odd\"; ( */ " };

	if (!needed && rng_chance(&s->rng, 50))
		return "";
	return gaps[rng_below(&s->rng, SD_COUNT(gaps))];
}

static bool
is_loose(const char *sql, struct sd_tok tok)
{
	return sd_tok_is_op(sql, tok, "(") || sd_tok_is_op(sql, tok, ")") ||
	       sd_tok_is_op(sql, tok, ",") || tok.kind == SD_TOK_END;
}

const char *
respell(struct subject *s, const char *sql, unsigned flags)
{
	struct sd_buf out = SD_BUF(s->arena);
	struct sd_tok tok, before = { .kind = SD_TOK_END };
	unsigned pairs = flags & (SD_FIELD_QUERY | SD_FIELD_SCRIPT)
				 ? 0
				 : rng_below(&s->rng, 3) % 2 * (1 + rng_below(&s->rng, 2));
	struct sd_lex lex;

	for (unsigned i = 0; i < pairs; i++)
		sd_buf_addf(&out, "(%s", gap(s, false));
	sd_lex_init(&lex, s->dialect->lex, sql, strlen(sql));
	while ((tok = sd_lex_next_solid(&lex)).kind != SD_TOK_END) {
		sd_buf_add(&out, gap(s, !is_loose(sql, before) && !is_loose(sql, tok)));
		sd_buf_add(&out, respell_token(s, sql, tok));
		before = tok;
	}
	sd_buf_add(&out, gap(s, false));
	for (unsigned i = 0; i < pairs; i++)
		sd_buf_addf(&out, ")%s", gap(s, false));
	return sd_buf_text(&out);
}

/* ---- types ----------------------------------------------------------------------------- */

/* @type, or an alias of it: the words before "(" or "[" as the dialect's table has them. */
static const char *
alias_of(struct subject *s, const char *type)
{
	size_t len = strcspn(type, "([");
	const struct sd_type_alias *same[32];
	const char *words = sd_text_lower(s->arena, sd_strndup(s->arena, type, len));
	const char *rest = type + len;
	uint32_t n = 0;

	while (len && words[len - 1] == ' ')
		words = sd_strndup(s->arena, words, --len);
	for (const struct sd_type_alias *a = s->dialect->aliases; a->alias; a++)
		if ((strcmp(a->alias, words) == 0 || strcmp(a->canonical, words) == 0) && n < 32)
			same[n++] = a;
	if (!n)
		return type;
	same[0] = same[rng_below(&s->rng, n)];
	words = strcmp(same[0]->alias, words) == 0 ? same[0]->canonical : same[0]->alias;
	/* "timestamp(3) with time zone" */
	if (*rest == '(' && strstr(words, " with"))
		return type;
	return sd_fmt(s->arena, "%s%s", words, rest);
}

const char *
respell_type(struct subject *s, const char *type, bool aliases)
{
	struct sd_buf out = SD_BUF(s->arena);

	if (strchr(type, '"'))
		return type;
	if (aliases)
		type = alias_of(s, type);
	type = flip_case(s, type);
	for (const char *p = type; *p; p++) {
		bool tight = strchr("(),[]", *p) != NULL;

		if (tight && rng_chance(&s->rng, 30))
			sd_buf_addc(&out, ' ');
		sd_buf_addc(&out, *p);
		if ((tight && *p != '[' && rng_chance(&s->rng, 30)) || *p == ' ')
			sd_buf_add(&out, rng_chance(&s->rng, 50) ? " " : "");
	}
	return sd_fmt(s->arena, "%s%s", rng_chance(&s->rng, 20) ? " " : "", sd_buf_text(&out));
}
