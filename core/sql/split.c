/* Statements of a script.  A semicolon ends one unless it stands in the body of a trigger or of
 * a BEGIN ATOMIC function; there BEGIN and CASE open a level and END closes it. */
#include "core/sql/canon.h"

#include <string.h>

void
sd_split_init(struct sd_split *split, const struct sd_dialect *dialect, struct sd_arena *arena,
	const char *sql, uint32_t first_line)
{
	sd_lex_init(&split->lex, dialect->lex, sql, strlen(sql));
	split->lex.line = first_line;
	split->arena = arena;
	split->unterminated = false;
}

/* What is known of the statement being read. */
struct reading {
	unsigned n;       /* solid tokens so far */
	bool create;      /* the first one is CREATE */
	bool has_body;    /* CREATE [TEMP] TRIGGER, or BEGIN ATOMIC was seen */
	bool after_begin; /* the token before is BEGIN */
	unsigned depth;   /* of BEGIN and CASE in a body */
};

static void
follow(struct reading *r, const char *text, struct sd_tok tok)
{
	bool begin = sd_tok_is_word(text, tok, "begin");

	if (r->n == 0)
		r->create = sd_tok_is_word(text, tok, "create");
	if (r->create && r->n <= 5 && sd_tok_is_word(text, tok, "trigger"))
		r->has_body = true;
	if (r->after_begin && sd_tok_is_word(text, tok, "atomic") && !r->has_body) {
		r->has_body = true;
		r->depth = 1;
	} else if (r->has_body && (begin || (r->depth && sd_tok_is_word(text, tok, "case")))) {
		r->depth++;
	} else if (r->has_body && r->depth && sd_tok_is_word(text, tok, "end")) {
		r->depth--;
	}
	r->after_begin = begin;
	r->n++;
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
		if (tok.kind == SD_TOK_BAD)
			split->unterminated = true;
		if (tok.kind == SD_TOK_END || (!r.depth && sd_tok_is_op(text, tok, ";"))) {
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
		follow(&r, text, tok);
		last = tok.off + tok.len;
	}
	if (tok.kind == SD_TOK_END && r.depth)
		split->unterminated = true;
	stmt->end = tok.kind == SD_TOK_END ? last : tok.off + tok.len;
	stmt->text = sd_strndup(split->arena, text + stmt->off, last - stmt->off);
	return true;
}
