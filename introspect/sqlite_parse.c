/* Tokens of a stored statement, and the questions that the grammar asks of them. */
#include "introspect/sqlite_parse.h"

#include "core/base/text.h"

#include <string.h>

/* More of a token than this tells a reader nothing. */
#define NEAR_MAX ((size_t)40)

void
sd_ddl_init(struct sd_ddl *p, struct sd_schema *schema, struct sd_arena *scratch)
{
	*p = (struct sd_ddl){
		.schema = schema,
		.arena = schema->arena,
		.scratch = scratch,
		.buf = SD_BUF(scratch),
	};
}

static enum sd_kw
mark(const char *text, struct sd_tok t)
{
	if (t.len != 1)
		return SD_KW_NONE;
	switch (text[t.off]) {
	case '(':
		return SD_KW_LP;
	case ')':
		return SD_KW_RP;
	case ',':
		return SD_KW_COMMA;
	case '.':
		return SD_KW_DOT;
	case ';':
		return SD_KW_SEMI;
	case '+':
		return SD_KW_PLUS;
	case '-':
		return SD_KW_MINUS;
	default:
		return SD_KW_NONE;
	}
}

static struct sd_ddl_tok
classify(const char *text, struct sd_tok t)
{
	struct sd_ddl_tok tok = { .class = SD_WORD_RESERVED };

	switch (t.kind) {
	case SD_TOK_WORD:
		tok = sd_ddl_classify(text + t.off, t.len);
		break;
	case SD_TOK_NAME:
	case SD_TOK_STRING:
		tok.class = SD_WORD_ID;
		break;
	case SD_TOK_OP:
		tok.kw = (uint8_t)mark(text, t);
		break;
	case SD_TOK_END:
		tok.kw = SD_KW_END;
		break;
	default:
		break;
	}
	tok.t = t;
	return tok;
}

bool
sd_ddl_begin(struct sd_ddl *p, const char *sql)
{
	struct sd_lex lex;
	struct sd_tok t;

	p->text = sql;
	p->len = strlen(sql);
	p->toks.n = p->at = 0;
	p->why = NULL;
	sd_lex_init(&lex, p->schema->dialect->lex, sql, p->len);
	do {
		t = sd_lex_next_solid(&lex);
		*sd_push(p->scratch, &p->toks) = classify(sql, t);
		if (t.kind == SD_TOK_BAD) {
			p->at = p->toks.n - 1;
			return sd_ddl_fail(p, "text that can be read");
		}
	} while (t.kind != SD_TOK_END);
	return true;
}

bool
sd_ddl_fail(struct sd_ddl *p, const char *expected)
{
	struct sd_tok t = sd_ddl_peek(p, 0)->t;
	size_t len = t.len < NEAR_MAX ? t.len : NEAR_MAX;

	if (p->why)
		return false;
	len = sd_text_valid_utf8(p->text + t.off, len);
	if (t.kind == SD_TOK_END)
		p->why = sd_fmt(p->arena, "expected %s, near its end", expected);
	else
		p->why = sd_fmt(p->arena, "expected %s, near «%.*s» at offset %u", expected,
			(int)len, p->text + t.off, (unsigned)t.off);
	return false;
}

const struct sd_ddl_tok *
sd_ddl_peek(const struct sd_ddl *p, size_t ahead)
{
	size_t i = p->at + ahead;

	return &p->toks.at[i < p->toks.n ? i : p->toks.n - 1];
}

bool
sd_ddl_is(const struct sd_ddl *p, enum sd_kw kw)
{
	return p->toks.at[p->at].kw == kw;
}

bool
sd_ddl_accept(struct sd_ddl *p, enum sd_kw kw)
{
	if (p->toks.at[p->at].kw != kw)
		return false;
	if (kw != SD_KW_END)
		p->at++;
	return true;
}

bool
sd_ddl_expect(struct sd_ddl *p, enum sd_kw kw, const char *what)
{
	return sd_ddl_accept(p, kw) || sd_ddl_fail(p, what);
}

bool
sd_ddl_is_name(const struct sd_ddl_tok *tok)
{
	return tok->class != SD_WORD_RESERVED;
}

char *
sd_ddl_value(const struct sd_ddl *p, struct sd_arena *arena, size_t i)
{
	return sd_tok_value(arena, p->text, p->toks.at[i].t);
}

const char *
sd_ddl_name(struct sd_ddl *p, const char *what)
{
	if (!sd_ddl_is_name(sd_ddl_peek(p, 0))) {
		sd_ddl_fail(p, what);
		return NULL;
	}
	return sd_ddl_value(p, p->arena, p->at++);
}

bool
sd_ddl_names(const struct sd_ddl *p, size_t i, const char *name)
{
	struct sd_tok t = p->toks.at[i].t;

	if (t.kind == SD_TOK_WORD)
		return sd_tok_is_word(p->text, t, name);
	return sd_text_iequal(sd_tok_value(p->scratch, p->text, t), name);
}

bool
sd_ddl_qualified(struct sd_ddl *p, const char *what, struct sd_span *span)
{
	struct sd_range r = { .from = p->at };

	for (int i = 0; i < 2; i++) {
		if (!sd_ddl_is_name(sd_ddl_peek(p, 0)))
			return sd_ddl_fail(p, what);
		p->at++;
		if (i || !sd_ddl_accept(p, SD_KW_DOT))
			break;
	}
	r.to = p->at;
	if (span)
		*span = sd_ddl_span(p, r);
	return true;
}

struct sd_span
sd_ddl_span(const struct sd_ddl *p, struct sd_range r)
{
	struct sd_tok first, last;

	if (r.from >= r.to)
		return (struct sd_span){ p->toks.at[r.from].t.off, 0 };
	first = p->toks.at[r.from].t;
	last = p->toks.at[r.to - 1].t;
	return (struct sd_span){ first.off, last.off + last.len - first.off };
}

const char *
sd_ddl_text(const struct sd_ddl *p, struct sd_range r)
{
	struct sd_span s = sd_ddl_span(p, r);

	return sd_strndup(p->arena, p->text + s.off, s.len);
}

/* `((a) + (b))` has one pair around all of it, `(a) + (b)` none: as many pairs enclose the
 * whole as the depth never falls below between the opening and the closing marks. */
struct sd_range
sd_ddl_unwrap(const struct sd_ddl *p, struct sd_range r)
{
	size_t open = 0, shut = 0, depth, least;

	while (r.from + open < r.to && p->toks.at[r.from + open].kw == SD_KW_LP)
		open++;
	while (shut < open && r.to - shut > r.from + open &&
		p->toks.at[r.to - shut - 1].kw == SD_KW_RP)
		shut++;
	depth = least = open;
	for (size_t i = r.from + open; i < r.to - shut; i++) {
		if (p->toks.at[i].kw == SD_KW_LP)
			depth++;
		else if (p->toks.at[i].kw == SD_KW_RP && depth && --depth < least)
			least = depth;
	}
	if (least > shut)
		least = shut;
	return (struct sd_range){ r.from + least, r.to - least };
}

bool
sd_ddl_skip(struct sd_ddl *p, enum sd_kw stop)
{
	for (size_t depth = 0;; p->at++) {
		enum sd_kw kw = sd_ddl_peek(p, 0)->kw;

		if (kw == SD_KW_END || kw == SD_KW_SEMI)
			return (stop == SD_KW_END && !depth) ||
			       sd_ddl_fail(p, "the rest of it");
		if (!depth && (kw == stop || kw == SD_KW_RP))
			return true;
		if (kw == SD_KW_LP)
			depth++;
		else if (kw == SD_KW_RP)
			depth--;
	}
}

bool
sd_ddl_finish(struct sd_ddl *p)
{
	sd_ddl_accept(p, SD_KW_SEMI);
	return sd_ddl_expect(p, SD_KW_END, "the end");
}

bool
sd_ddl_parens(struct sd_ddl *p, const char **text)
{
	struct sd_range r;

	if (!sd_ddl_expect(p, SD_KW_LP, "an opening parenthesis"))
		return false;
	r.from = p->at;
	if (!sd_ddl_skip(p, SD_KW_RP))
		return false;
	r.to = p->at;
	p->at++;
	r = sd_ddl_unwrap(p, r);
	if (r.from >= r.to)
		return sd_ddl_fail(p, "an expression");
	*text = sd_ddl_text(p, r);
	return true;
}

bool
sd_ddl_create(struct sd_ddl *p, enum sd_kw kw, const char *what)
{
	if (!sd_ddl_expect(p, SD_KW_CREATE, "CREATE"))
		return false;
	if (kw != SD_KW_INDEX)
		sd_ddl_accept(p, SD_KW_TEMP);
	else
		sd_ddl_accept(p, SD_KW_UNIQUE);
	if (!sd_ddl_expect(p, kw, what))
		return false;
	if (sd_ddl_is(p, SD_KW_IF) && sd_ddl_peek(p, 1)->kw == SD_KW_NOT &&
		sd_ddl_peek(p, 2)->kw == SD_KW_EXISTS)
		p->at += 3;
	return true;
}
