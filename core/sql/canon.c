#include "core/sql/canon.h"

#include "core/base/buf.h"
#include "core/base/text.h"

#include <string.h>

/* ---- the shape of a text ----------------------------------------------------------------- */

static char
closing(char open)
{
	return open == '(' ? ')' : open == '[' ? ']' : open == '{' ? '}' : '\0';
}

/* One byte of a bracket or semicolon operator, else 0. */
static char
punctuation(const char *text, struct sd_tok tok)
{
	return tok.kind == SD_TOK_OP && tok.len == 1 ? text[tok.off] : '\0';
}

#define DEEPEST 256

bool
sd_sql_is_balanced(const struct sd_dialect *dialect, const char *sql)
{
	char stack[DEEPEST];
	size_t depth = 0, n = 0;
	struct sd_lex lex;
	struct sd_tok tok;

	sd_lex_init(&lex, dialect->lex, sql, strlen(sql));
	while ((tok = sd_lex_next(&lex)).kind != SD_TOK_END) {
		char c = punctuation(sql, tok);

		if (tok.kind == SD_TOK_BAD || c == ';')
			return false;
		if (tok.kind == SD_TOK_COMMENT && sql[tok.off] == '/' &&
			(tok.len < 4 || memcmp(sql + tok.off + tok.len - 2, "*/", 2) != 0))
			return false;
		if (tok.kind == SD_TOK_SPACE || tok.kind == SD_TOK_COMMENT)
			continue;
		n++;
		if (closing(c)) {
			if (depth == DEEPEST)
				return false;
			stack[depth++] = closing(c);
		} else if ((c == ')' || c == ']' || c == '}') &&
			   (!depth || stack[--depth] != c)) {
			return false;
		}
	}
	return n && !depth;
}

/* What one walk over the tokens tells of the parentheses around a text. */
struct shape {
	size_t n, pairs;      /* solid tokens; pairs that enclose all of them */
	uint32_t first, last; /* begin of the first token, end of the last */
};

/* A pair that the text begins with encloses all of it if no token but the closing ones at
 * the end stands outside: so many are open there at least. */
static struct shape
measure(const struct sd_dialect *dialect, const char *sql, size_t len)
{
	struct shape shape = { 0 };
	size_t depth = 0;
	bool leading = true, broken = false;
	struct sd_lex lex;
	struct sd_tok tok;

	sd_lex_init(&lex, dialect->lex, sql, len);
	for (; (tok = sd_lex_next_solid(&lex)).kind != SD_TOK_END; shape.n++) {
		char c = punctuation(sql, tok);

		if (!shape.n)
			shape.first = tok.off;
		leading = leading && c == '(';
		if (leading)
			shape.pairs++;
		else if (c != ')' && depth < shape.pairs)
			shape.pairs = depth;
		broken |= c == ')' && !depth;
		depth += c == '(';
		depth -= c == ')' && depth;
		shape.last = tok.off + tok.len;
	}
	if (depth || broken)
		shape.pairs = 0;
	else if (shape.pairs && shape.n == 2 * shape.pairs)
		shape.pairs--; /* an empty pair stays */
	return shape;
}

/* The part of @sql that says something: without space, comments and enclosing parentheses. */
static const char *
essence(const struct sd_dialect *dialect, const char *sql, size_t *len)
{
	struct shape shape = measure(dialect, sql, strlen(sql));
	uint32_t first = shape.first, last = shape.last;
	struct sd_lex lex;

	sd_lex_init(&lex, dialect->lex, sql, strlen(sql));
	for (size_t i = 0; shape.pairs && i < shape.n - shape.pairs; i++) {
		struct sd_tok tok = sd_lex_next_solid(&lex);

		if (i == shape.pairs)
			first = tok.off;
		last = tok.off + tok.len;
	}
	*len = last - first;
	return sql + first;
}

const char *
sd_sql_unwrap(const struct sd_dialect *dialect, struct sd_arena *arena, const char *sql)
{
	size_t len;

	sql = essence(dialect, sql, &len);
	return sd_strndup(arena, sql, len);
}

/* ---- the canonical form ------------------------------------------------------------------ */

static char
lower(char c)
{
	return c >= 'A' && c <= 'Z' ? (char)(c + ('a' - 'A')) : c;
}

static char *
put_lower(char *out, const char *text, size_t len)
{
	for (size_t i = 0; i < len; i++)
		*out++ = lower(text[i]);
	return out;
}

/* The name between the quotes of @tok: bare where that means the same. */
static char *
put_name(const struct sd_dialect *dialect, char *out, const char *text, size_t len)
{
	char close = *text == '[' ? ']' : *text, *start = out + 1, *to = start;
	bool plain = len > 2 && !(text[1] >= '0' && text[1] <= '9');

	for (size_t i = 1; i + 1 < len; i++) {
		char c = dialect->names_fold ? lower(text[i]) : text[i];

		plain = plain && ((c >= 'a' && c <= 'z') || (c >= '0' && c <= '9') || c == '_');
		*to++ = c;
		if (text[i] == close && close != ']')
			i++;
		if (c == '"')
			*to++ = '"';
	}
	*to = '\0';
	if (plain && !sd_is_keyword(dialect, start) && !sd_is_quoted_type(dialect, start)) {
		memmove(out, start, (size_t)(to - start));
		return to - 1;
	}
	*out = '"';
	*to++ = '"';
	return to;
}

static char *
put_token(const struct sd_dialect *dialect, char *out, const char *sql, struct sd_tok tok)
{
	const char *text = sql + tok.off;

	if (tok.kind == SD_TOK_WORD || tok.kind == SD_TOK_NUMBER || tok.kind == SD_TOK_BLOB)
		return put_lower(out, text, tok.len);
	if (tok.kind == SD_TOK_NAME)
		return put_name(dialect, out, text, tok.len);
	/* where operators are made by users == is another one than = */
	if (!(dialect->lex & SD_LEX_CUSTOM_OP) && sd_tok_is_op(sql, tok, "=="))
		return put_lower(out, "=", 1);
	if (sd_tok_is_op(sql, tok, "!="))
		return put_lower(out, "<>", 2);
	memcpy(out, text, tok.len);
	return out + tok.len;
}

const char *
sd_sql_canonical(const struct sd_dialect *dialect, struct sd_arena *arena, const char *sql)
{
	struct sd_lex lex;
	struct sd_tok tok;
	char *form, *out;
	size_t len;

	sql = essence(dialect, sql, &len);
	/* a token may grow by a space, and a quoted name by its doubled quotes */
	form = out = sd_alloc(arena, 2 * len + 4);
	sd_lex_init(&lex, dialect->lex, sql, len);
	while ((tok = sd_lex_next_solid(&lex)).kind != SD_TOK_END) {
		if (out > form)
			*out++ = ' ';
		out = put_token(dialect, out, sql, tok);
	}
	*out = '\0';
	return form;
}

const char *
sd_sql_literal(const struct sd_dialect *dialect, struct sd_arena *arena, const char *sql,
	const char *type)
{
	struct sd_lex lex;
	struct sd_tok literal, tok;
	const char *cast;
	size_t len;

	sql = essence(dialect, sql, &len);
	sd_lex_init(&lex, dialect->lex, sql, len);
	literal = sd_lex_next_solid(&lex);
	tok = sd_lex_next_solid(&lex);
	if (literal.kind != SD_TOK_STRING)
		return NULL;
	if (tok.kind == SD_TOK_END)
		return sd_tok_text(arena, sql, literal);
	if (!sd_tok_is_op(sql, tok, "::"))
		return NULL;
	cast = sd_strndup(arena, sql + tok.off + tok.len, len - tok.off - tok.len);
	if (strcmp(sd_type_canonical(dialect, arena, cast),
		    sd_type_unmodified(dialect, arena, type)) != 0)
		return NULL;
	return sd_tok_text(arena, sql, literal);
}

/* ---- names in a text ------------------------------------------------------------ */

/* Without ASCII capitals, which an unquoted name loses where quoted ones keep them. */
static bool
is_small(const char *name)
{
	for (; *name; name++)
		if (*name >= 'A' && *name <= 'Z')
			return false;
	return true;
}

/* @tok names @name; no memory is used for the common, unquoted case. */
static bool
names(const struct sd_dialect *dialect, const char *sql, struct sd_tok tok, const char *name)
{
	const char *text = sql + tok.off + 1, *end = sql + tok.off + tok.len - 1;
	char close = sql[tok.off] == '[' ? ']' : sql[tok.off];

	if (tok.kind == SD_TOK_WORD)
		return (dialect->names_fold || is_small(name)) &&
		       sd_tok_is_word(sql, tok, name);
	if (tok.kind != SD_TOK_NAME)
		return false;
	for (; text < end; text++, name++) {
		if (dialect->names_fold ? lower(*text) != lower(*name) : *text != *name)
			return false;
		if (*text == close && close != ']')
			text++;
	}
	return !*name;
}

bool
sd_sql_mentions(const struct sd_dialect *dialect, struct sd_arena *arena, const char *sql,
	const char *name)
{
	struct sd_lex lex;
	struct sd_tok tok;

	(void)arena;
	sd_lex_init(&lex, dialect->lex, sql, strlen(sql));
	while ((tok = sd_lex_next_solid(&lex)).kind != SD_TOK_END)
		if (names(dialect, sql, tok, name))
			return true;
	return false;
}

static bool
is_word_among(const char *sql, struct sd_tok tok, const char *const *words)
{
	for (; *words; words++)
		if (sd_tok_is_word(sql, tok, *words))
			return true;
	return false;
}

/* Behind @before an operand begins; with @before SD_TOK_END that is where the text does. */
static bool
operand_due(const char *sql, struct sd_tok before)
{
	static const char *const words[] = { "and", "or", "not", "when", "then", "else", "case",
		"where", "having", "select", "distinct", "between", "is", "like", "glob", "by",
		"set", "into", "from", "join", "update", "of", "escape", NULL };
	char c = punctuation(sql, before);

	if (before.kind == SD_TOK_WORD)
		return is_word_among(sql, before, words);
	return before.kind == SD_TOK_END ||
	       (before.kind == SD_TOK_OP && (!c || !strchr(")]};", c)));
}

/* The name @tok of @sql, with @before in front and @after behind, refers to something: it is
 * no keyword, function, type, collation, nor the name of what is being made. */
static bool
refers(const struct sd_dialect *dialect, const char *sql, const char *name,
	const struct sd_tok *before, struct sd_tok after)
{
	static const char *const makers[] = { "as", "collate", "constraint", NULL };
	const struct sd_tok *tok = before + 1;

	if (sd_tok_is_op(sql, after, "(") && !sd_tok_is_word(sql, *before, "into"))
		return false;
	if (is_word_among(sql, *before, makers))
		return false;
	if (tok->kind == SD_TOK_NAME || !sd_is_keyword(dialect, name) ||
		sd_tok_is_op(sql, *before, "."))
		return true;
	return sd_is_soft_keyword(dialect, name) && operand_due(sql, *before);
}

const char *
sd_sql_rename(const struct sd_dialect *dialect, struct sd_arena *arena, const char *sql,
	const char *from, const char *to)
{
	struct sd_buf out = SD_BUF(arena);
	struct sd_tok pair[2] = { { 0 } }; /* the token before, and this one */
	struct sd_lex lex;
	uint32_t at = 0;

	sd_lex_init(&lex, dialect->lex, sql, strlen(sql));
	for (; (pair[1] = sd_lex_next_solid(&lex)).kind != SD_TOK_END; pair[0] = pair[1]) {
		struct sd_lex ahead = lex;

		if (!names(dialect, sql, pair[1], from) ||
			!refers(dialect, sql, from, pair, sd_lex_next_solid(&ahead)))
			continue;
		sd_buf_addn(&out, sql + at, pair[1].off - at);
		sd_buf_add(&out, sd_quote_name(dialect, arena, to));
		at = pair[1].off + pair[1].len;
	}
	sd_buf_add(&out, sql + at);
	return sd_strndup(arena, sd_buf_text(&out), out.n);
}
