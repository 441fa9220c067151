/* The tokenizer.  One function per family of tokens, tried by first byte; the dialect's flags
 * open or close a family. */
#include "core/sql/lex.h"

#include "core/base/text.h"

#include <string.h>

void
sd_lex_init(struct sd_lex *lex, unsigned flags, const char *text, size_t len)
{
	lex->text = text;
	lex->len = (uint32_t)len;
	lex->off = 0;
	lex->line = 1;
	lex->flags = flags;
}

/* The byte @ahead of the current one; 0 behind the end. */
static char
peek(const struct sd_lex *lex, uint32_t ahead)
{
	return lex->off + ahead < lex->len ? lex->text[lex->off + ahead] : '\0';
}

/* What a byte can be.  A table, since each byte of a history is asked several times. */
enum { SPACE = 1, DIGIT = 2, HEX = 4, LETTER = 8, DOLLAR = 16 };

// clang-format off
#define R4(c, v) [c] = v, [(c) + 1] = v, [(c) + 2] = v, [(c) + 3] = v
#define R16(c, v) R4(c, v), R4((c) + 4, v), R4((c) + 8, v), R4((c) + 12, v)
static const unsigned char classes[256] = {
	R4('\t', SPACE), ['\r'] = SPACE, [' '] = SPACE,
	R4('0', DIGIT | HEX), R4('4', DIGIT | HEX), ['8'] = DIGIT | HEX, ['9'] = DIGIT | HEX,
	R4('A', LETTER | HEX), ['E'] = LETTER | HEX, ['F'] = LETTER | HEX,
	R4('G', LETTER), R16('K', LETTER),
	R4('a', LETTER | HEX), ['e'] = LETTER | HEX, ['f'] = LETTER | HEX,
	R4('g', LETTER), R16('k', LETTER),
	['_'] = LETTER, ['$'] = DOLLAR,
	R16(0x80, LETTER), R16(0x90, LETTER), R16(0xa0, LETTER), R16(0xb0, LETTER),
	R16(0xc0, LETTER), R16(0xd0, LETTER), R16(0xe0, LETTER), R16(0xf0, LETTER),
};
// clang-format on

static bool
is_a(char c, unsigned class)
{
	return (classes[(unsigned char)c] & class) != 0;
}

static bool
is_space(char c)
{
	return is_a(c, SPACE);
}

static bool
is_digit(char c)
{
	return is_a(c, DIGIT);
}

static bool
is_hex(char c)
{
	return is_a(c, HEX);
}

static bool
starts_word(char c)
{
	return is_a(c, LETTER);
}

static bool
in_word(char c)
{
	return is_a(c, LETTER | DIGIT | DOLLAR);
}

/* ---- lengths of tokens; each returns the token's length from the current byte --- */

static uint32_t
space_length(const struct sd_lex *lex)
{
	uint32_t n = 1;

	while (lex->off + n < lex->len && is_space(peek(lex, n)))
		n++;
	return n;
}

static uint32_t
line_comment_length(const struct sd_lex *lex)
{
	const char *end = memchr(lex->text + lex->off, '\n', lex->len - lex->off);

	return end ? (uint32_t)(end - (lex->text + lex->off)) : lex->len - lex->off;
}

/* A block comment; *@closed tells whether it ends. */
static uint32_t
block_comment_length(const struct sd_lex *lex, bool *closed)
{
	uint32_t n = 2;
	unsigned depth = 1;

	for (; lex->off + n < lex->len; n++) {
		if (peek(lex, n) == '*' && peek(lex, n + 1) == '/') {
			n++;
			if (--depth == 0) {
				*closed = true;
				return n + 1;
			}
		} else if ((lex->flags & SD_LEX_NESTED_COMMENT) && peek(lex, n) == '/' &&
			   peek(lex, n + 1) == '*') {
			n++;
			depth++;
		}
	}
	*closed = (lex->flags & SD_LEX_OPEN_COMMENT) != 0;
	return lex->len - lex->off;
}

/* Text between two @quote bytes that is doubled inside; from @n, behind the opening one. */
static uint32_t
quoted_length(const struct sd_lex *lex, uint32_t n, char quote, bool escapes, bool *closed)
{
	for (; lex->off + n < lex->len; n++) {
		if (escapes && peek(lex, n) == '\\') {
			n++;
		} else if (peek(lex, n) == quote) {
			if (peek(lex, n + 1) != quote || quote == ']') {
				*closed = true;
				return n + 1;
			}
			n++;
		}
	}
	*closed = false;
	return lex->len - lex->off;
}

/* $tag$ at the current byte: its length, or 0. */
static uint32_t
dollar_tag_length(const struct sd_lex *lex)
{
	uint32_t n = 1;

	if (is_digit(peek(lex, 1)))
		return 0;
	while (in_word(peek(lex, n)) && peek(lex, n) != '$')
		n++;
	return peek(lex, n) == '$' ? n + 1 : 0;
}

static uint32_t
dollar_length(const struct sd_lex *lex, uint32_t tag, bool *closed)
{
	const char *open = lex->text + lex->off;

	for (uint32_t n = tag; lex->off + n + tag <= lex->len; n++) {
		if (memcmp(open + n, open, tag) == 0) {
			*closed = true;
			return n + tag;
		}
	}
	*closed = false;
	return lex->len - lex->off;
}

static uint32_t
digits_length(const struct sd_lex *lex, uint32_t n)
{
	while (is_digit(peek(lex, n)) || (peek(lex, n) == '_' && is_digit(peek(lex, n + 1))))
		n++;
	return n;
}

static uint32_t
number_length(const struct sd_lex *lex)
{
	uint32_t n = 0, exponent;

	if (peek(lex, 0) == '0' && (peek(lex, 1) == 'x' || peek(lex, 1) == 'X') &&
		is_hex(peek(lex, 2))) {
		for (n = 2; is_hex(peek(lex, n)); n++)
			;
		return n;
	}
	n = digits_length(lex, 0);
	if (peek(lex, n) == '.')
		n = digits_length(lex, n + 1);
	if (peek(lex, n) == 'e' || peek(lex, n) == 'E') {
		exponent = n + 1 + (peek(lex, n + 1) == '+' || peek(lex, n + 1) == '-');
		if (is_digit(peek(lex, exponent)))
			n = digits_length(lex, exponent);
	}
	return n;
}

static uint32_t
word_length(const struct sd_lex *lex)
{
	const char *start = lex->text + lex->off, *end = lex->text + lex->len, *at = start + 1;

	while (at < end && in_word(*at))
		at++;
	return (uint32_t)(at - start);
}

/* One of the first @n bytes lets an operator's name end in a sign. */
static bool
has_special(const struct sd_lex *lex, uint32_t n)
{
	for (uint32_t i = 0; i < n; i++)
		if (strchr("~!@#%^&|`?", peek(lex, i)))
			return true;
	return false;
}

static uint32_t
operator_length(const struct sd_lex *lex)
{
	static const char *const longer[] = { "->>", "->", "||", "<<", ">>", "<=", ">=", "<>",
		"==", "!=", "::", ":=" };
	static const char custom[] = "+-*/<>=~!@#%^&|`?";
	uint32_t n = 0;

	if (strchr("(),.;[]{}", peek(lex, 0)))
		return 1;
	if (lex->flags & SD_LEX_CUSTOM_OP) {
		while (peek(lex, n) && strchr(custom, peek(lex, n)) &&
			!(n && peek(lex, n) == '-' && peek(lex, n + 1) == '-') &&
			!(n && peek(lex, n) == '/' && peek(lex, n + 1) == '*'))
			n++;
		/* a sign behind plain characters is the next token: `1 =-1`, but `a @-b` */
		while (n > 1 && (peek(lex, n - 1) == '-' || peek(lex, n - 1) == '+') &&
			!has_special(lex, n))
			n--;
		if (n)
			return n;
	}
	for (size_t i = 0; i < SD_COUNT(longer); i++) {
		size_t len = strlen(longer[i]);

		if (lex->len - lex->off >= len &&
			memcmp(lex->text + lex->off, longer[i], len) == 0)
			return (uint32_t)len;
	}
	return 1;
}

static uint32_t
param_length(const struct sd_lex *lex)
{
	char c = peek(lex, 0);
	uint32_t n = 1;

	if (c == '?' && !(lex->flags & SD_LEX_CUSTOM_OP)) {
		while (is_digit(peek(lex, n)))
			n++;
		return n;
	}
	if (c == '$' && (in_word(peek(lex, 1)))) {
		while (in_word(peek(lex, n)))
			n++;
		return n;
	}
	if ((lex->flags & SD_LEX_AT_PARAM) && (c == '@' || c == ':' || c == '#') &&
		in_word(peek(lex, 1))) {
		while (in_word(peek(lex, n)))
			n++;
		return n;
	}
	return 0;
}

/* ---- the choice ----------------------------------------------------------------- */

/* U&'…', where & is no operator. */
static bool
is_unicode_string(const struct sd_lex *lex)
{
	return lex->flags & SD_LEX_ESCAPE_STRING && (peek(lex, 0) | 0x20) == 'u' &&
	       peek(lex, 1) == '&' && peek(lex, 2) == '\'';
}

/* Strings with a letter in front: x'00', E'…', B'…', N'…', U&'…'. Returns false when @lex is not
 * at one. */
static bool
prefixed_string(const struct sd_lex *lex, struct sd_tok *tok)
{
	char c = peek(lex, 0);
	bool closed;

	if (is_unicode_string(lex)) {
		tok->len = quoted_length(lex, 3, '\'', false, &closed);
		tok->kind = closed ? SD_TOK_STRING : SD_TOK_BAD;
		return true;
	}
	if (peek(lex, 1) != '\'')
		return false;
	if (c == 'x' || c == 'X') {
		tok->len = quoted_length(lex, 2, '\'', false, &closed);
		tok->kind = closed ? SD_TOK_BLOB : SD_TOK_BAD;
		return true;
	}
	if (!(lex->flags & SD_LEX_ESCAPE_STRING) || !strchr("eEbBnN", c))
		return false;
	tok->len = quoted_length(lex, 2, '\'', c == 'e' || c == 'E', &closed);
	tok->kind = closed ? SD_TOK_STRING : SD_TOK_BAD;
	return true;
}

static bool
quoted_token(const struct sd_lex *lex, struct sd_tok *tok)
{
	char c = peek(lex, 0);
	uint32_t tag;
	bool closed;

	if (c == '\'') {
		tok->len = quoted_length(lex, 1, '\'', false, &closed);
		tok->kind = SD_TOK_STRING;
	} else if (c == '"' || (c == '`' && (lex->flags & SD_LEX_BACKTICK))) {
		tok->len = quoted_length(lex, 1, c, false, &closed);
		tok->kind = SD_TOK_NAME;
	} else if (c == '[' && (lex->flags & SD_LEX_BRACKET)) {
		tok->len = quoted_length(lex, 1, ']', false, &closed);
		tok->kind = SD_TOK_NAME;
	} else if (c == '$' && (lex->flags & SD_LEX_DOLLAR) &&
		   (tag = dollar_tag_length(lex)) != 0) {
		tok->len = dollar_length(lex, tag, &closed);
		tok->kind = SD_TOK_STRING;
	} else {
		return false;
	}
	if (!closed)
		tok->kind = SD_TOK_BAD;
	return true;
}

/* What nearly all of an SQL text consists of, told by a byte or two. */
static bool
common_token(const struct sd_lex *lex, struct sd_tok *tok)
{
	char c = peek(lex, 0);

	if (is_space(c)) {
		tok->kind = SD_TOK_SPACE;
		tok->len = space_length(lex);
	} else if (starts_word(c) && peek(lex, 1) != '\'' && peek(lex, 1) != '&') {
		tok->kind = SD_TOK_WORD;
		tok->len = word_length(lex);
	} else if (c == '(' || c == ')' || c == ',') {
		tok->kind = SD_TOK_OP;
		tok->len = 1;
	} else {
		return false;
	}
	return true;
}

static void
classify(const struct sd_lex *lex, struct sd_tok *tok)
{
	char c = peek(lex, 0);
	bool closed;

	if (common_token(lex, tok)) {
		return;
	} else if (c == '-' && peek(lex, 1) == '-') {
		tok->kind = SD_TOK_COMMENT;
		tok->len = line_comment_length(lex);
	} else if (c == '/' && peek(lex, 1) == '*') {
		tok->len = block_comment_length(lex, &closed);
		tok->kind = closed ? SD_TOK_COMMENT : SD_TOK_BAD;
	} else if (prefixed_string(lex, tok) || quoted_token(lex, tok)) {
		return;
	} else if (starts_word(c)) {
		tok->kind = SD_TOK_WORD;
		tok->len = word_length(lex);
	} else if (is_digit(c) || (c == '.' && is_digit(peek(lex, 1)))) {
		tok->kind = SD_TOK_NUMBER;
		tok->len = number_length(lex);
	} else if ((tok->len = param_length(lex)) != 0) {
		tok->kind = SD_TOK_PARAM;
	} else if (strchr("+-*/<>=~!@#%^&|`?:;,.()[]{}", c) && c) {
		tok->kind = SD_TOK_OP;
		tok->len = operator_length(lex);
	} else {
		tok->kind = SD_TOK_BAD;
		tok->len = 1;
	}
}

struct sd_tok
sd_lex_next(struct sd_lex *lex)
{
	struct sd_tok tok = { SD_TOK_END, lex->off, 0, lex->line };

	if (lex->off >= lex->len)
		return tok;
	classify(lex, &tok);
	for (uint32_t i = 0; i < tok.len && tok.kind != SD_TOK_WORD && tok.kind != SD_TOK_OP;
		i++)
		lex->line += lex->text[lex->off + i] == '\n';
	lex->off += tok.len;
	return tok;
}

struct sd_tok
sd_lex_next_solid(struct sd_lex *lex)
{
	struct sd_tok tok;

	while (lex->off < lex->len && lex->text[lex->off] == ' ')
		lex->off++; /* a token less where most of them are */
	do
		tok = sd_lex_next(lex);
	while (tok.kind == SD_TOK_SPACE || tok.kind == SD_TOK_COMMENT);
	return tok;
}

/* ---- questions about a token ---------------------------------------------------- */

bool
sd_tok_is_word(const char *text, struct sd_tok tok, const char *word)
{
	/* the first letter tells most words apart, before their lengths are known */
	if (tok.kind != SD_TOK_WORD || ((text[tok.off] ^ word[0]) & ~32) ||
		strlen(word) != tok.len)
		return false;
	for (uint32_t i = 0; i < tok.len; i++) {
		char a = text[tok.off + i], b = word[i];

		if (a >= 'A' && a <= 'Z')
			a = (char)(a + 32);
		if (b >= 'A' && b <= 'Z')
			b = (char)(b + 32);
		if (a != b)
			return false;
	}
	return true;
}

bool
sd_tok_is_op(const char *text, struct sd_tok tok, const char *op)
{
	return tok.kind == SD_TOK_OP && strlen(op) == tok.len &&
	       memcmp(text + tok.off, op, tok.len) == 0;
}

bool
sd_tok_is_name(struct sd_tok tok)
{
	return tok.kind == SD_TOK_WORD || tok.kind == SD_TOK_NAME;
}

char *
sd_tok_text(struct sd_arena *arena, const char *text, struct sd_tok tok)
{
	return sd_strndup(arena, text + tok.off, tok.len);
}

/* E'' and $$ strings keep their quotes: their value is the engine's to find. */
char *
sd_tok_value(struct sd_arena *arena, const char *text, struct sd_tok tok)
{
	char *value = sd_tok_text(arena, text, tok), *to = value, close = value[0];

	if ((tok.kind != SD_TOK_NAME && tok.kind != SD_TOK_STRING) || tok.len < 2 ||
		!strchr("'\"`[", close))
		return value;
	if (close == '[')
		close = ']';
	for (const char *from = value + 1; from < value + tok.len - 1; from++) {
		*to++ = *from;
		if (*from == close && from[1] == close && close != ']')
			from++;
	}
	*to = '\0';
	return value;
}
