/* Statements of a script.  A semicolon ends one unless it stands in the body of a trigger or of
 * a BEGIN ATOMIC function.
 *
 * In a trigger's body begin, case and end may be names of columns, so nothing is counted: it
 * ends at the first END that is a statement of its own, which is what the engine's shell goes
 * by.  Functions with BEGIN ATOMIC end where CASE and END are even. */
#include "core/sql/canon.h"

#include <string.h>

void
sd_split_init(struct sd_split *split, const struct sd_dialect *dialect, struct sd_arena *arena,
	const char *sql, uint32_t first_line)
{
	/* engines that close an open comment at the end would lose statements unseen here */
	sd_lex_init(
		&split->lex, dialect->lex & ~(unsigned)SD_LEX_OPEN_COMMENT, sql, strlen(sql));
	split->lex.line = first_line;
	split->dialect = dialect;
	split->arena = arena;
	split->unterminated = false;
}

enum body { BODY_NONE, BODY_TRIGGER, BODY_ATOMIC };

/* What is known of the statement being read. */
struct reading {
	unsigned n;             /* solid tokens so far */
	bool create, temporary; /* it begins with CREATE; with CREATE TEMP */
	enum body body;
	unsigned depth;        /* of BEGIN ATOMIC and CASE */
	struct sd_tok last[2]; /* the two tokens before, the nearer one second */
};

/* CREATE [TEMP] TRIGGER, on an engine where it has a body. */
static bool
opens_trigger(const struct sd_split *split, const struct reading *r, struct sd_tok tok)
{
	return (split->dialect->traits & SD_TRAIT_TRIGGER_BODY) && r->create &&
	       r->n == 1U + r->temporary && sd_tok_is_word(split->lex.text, tok, "trigger");
}

static void
count(struct reading *r, const char *text, struct sd_tok tok)
{
	struct sd_tok before = r->last[1];

	/* behind a dot or AS even these are names */
	if (sd_tok_is_op(text, before, ".") || sd_tok_is_word(text, before, "as"))
		return;
	if (sd_tok_is_word(text, tok, "case"))
		r->depth++;
	else if (sd_tok_is_word(text, tok, "end") && r->depth)
		r->depth--;
}

static void
follow(struct reading *r, const struct sd_split *split, struct sd_tok tok)
{
	const char *text = split->lex.text;

	if (r->n == 0)
		r->create = sd_tok_is_word(text, tok, "create");
	if (r->n == 1 && r->create)
		r->temporary = sd_tok_is_word(text, tok, "temp") ||
			       sd_tok_is_word(text, tok, "temporary");
	if (opens_trigger(split, r, tok)) {
		r->body = BODY_TRIGGER;
	} else if (r->body == BODY_ATOMIC) {
		count(r, text, tok);
	} else if (r->create && sd_tok_is_word(text, r->last[1], "begin") &&
		   sd_tok_is_word(text, tok, "atomic")) {
		r->body = BODY_ATOMIC;
		r->depth = 1;
	}
	r->last[0] = r->last[1];
	r->last[1] = tok;
	r->n++;
}

/* A semicolon, or the end of the text, would end the statement here. */
static bool
may_end(const struct reading *r, const char *text)
{
	if (r->body == BODY_TRIGGER)
		return sd_tok_is_op(text, r->last[0], ";") &&
		       sd_tok_is_word(text, r->last[1], "end");
	return !r->depth;
}

/* @tok is cut off by the end of the text, not a byte that no rule knows. */
static bool
is_open(const char *text, struct sd_tok tok)
{
	return tok.kind == SD_TOK_BAD && (tok.len > 1 || strchr("'\"`[", text[tok.off]));
}

bool
sd_split_next(struct sd_split *split, struct sd_stmt *stmt)
{
	const char *text = split->lex.text;
	struct reading r = { 0 };
	struct sd_tok tok;
	uint32_t last = 0;

	for (;;) {
		tok = sd_lex_next_solid(&split->lex);
		split->unterminated |= is_open(text, tok);
		if (tok.kind == SD_TOK_END ||
			(may_end(&r, text) && sd_tok_is_op(text, tok, ";"))) {
			if (r.n)
				break;
			if (tok.kind == SD_TOK_END)
				return false;
			continue;
		}
		if (!r.n) {
			stmt->off = tok.off;
			stmt->line = tok.line;
		}
		follow(&r, split, tok);
		last = tok.off + tok.len;
	}
	if (tok.kind == SD_TOK_END && !may_end(&r, text))
		split->unterminated = true;
	stmt->end = tok.kind == SD_TOK_END ? last : tok.off + tok.len;
	stmt->text = sd_strndup(split->arena, text + stmt->off, last - stmt->off);
	return true;
}
