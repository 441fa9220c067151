/** One SQL tokenizer for all dialects: what differs between engines is a set of flags of the
 *  dialect (core/sql/dialect.h), never another lexer.
 *
 *  Facts: https://www.sqlite.org/lang_keywords.html and tokenize.c's rules for SQLite,
 *  https://www.postgresql.org/docs/current/sql-syntax-lexical.html for PostgreSQL. */
#ifndef SD_SQL_LEX_H
#define SD_SQL_LEX_H

#include "core/base/diag.h"

enum sd_tok_kind {
	SD_TOK_END,     /* behind the last one, for ever */
	SD_TOK_SPACE,   /* white space */
	SD_TOK_COMMENT, /* -- to the end of the line, or a block comment */
	SD_TOK_WORD,    /* unquoted name or keyword */
	SD_TOK_NAME,    /* quoted name: "x", `x`, [x] */
	SD_TOK_STRING,  /* 'x', E'x', $tag$x$tag$ … with prefix and quotes */
	SD_TOK_BLOB,    /* x'00' */
	SD_TOK_NUMBER,
	SD_TOK_PARAM, /* ?1 :a @a $1 */
	SD_TOK_OP,    /* one operator or punctuation mark */
	SD_TOK_BAD,   /* unterminated string, name or comment, or a byte no rule knows */
};

/** Lexical differences of dialects. */
enum sd_lex_flag {
	SD_LEX_BACKTICK = 1 << 0,       /* `name` */
	SD_LEX_BRACKET = 1 << 1,        /* [name] */
	SD_LEX_DOLLAR = 1 << 2,         /* $tag$text$tag$ */
	SD_LEX_NESTED_COMMENT = 1 << 3, /* block comments nest */
	SD_LEX_ESCAPE_STRING = 1 << 4,  /* E'\'' */
	SD_LEX_OPEN_COMMENT = 1 << 5,   /* a block comment may end with the text (SQLite) */
	SD_LEX_AT_PARAM = 1 << 6,       /* @a and :a are parameters */
	SD_LEX_CUSTOM_OP = 1 << 7, /* operators are runs of + - * / < > = ~ ! @ # % ^ & | ` ? */
};

struct sd_tok {
	enum sd_tok_kind kind;
	uint32_t off, len; /* in the text, bytes */
	uint32_t line;     /* of its first byte, from 1 */
};

struct sd_lex {
	const char *text;
	uint32_t len, off, line;
	unsigned flags; /* enum sd_lex_flag */
};

/** Begin at the start of @text. */
void sd_lex_init(struct sd_lex *lex, unsigned flags, const char *text, size_t len);

/** The next token, of every kind. */
struct sd_tok sd_lex_next(struct sd_lex *lex);

/** The next token that is neither white space nor a comment. */
struct sd_tok sd_lex_next_solid(struct sd_lex *lex);

/** @tok is the unquoted word @word, case ignored. */
bool sd_tok_is_word(const char *text, struct sd_tok tok, const char *word);

/** @tok is the operator @op. */
bool sd_tok_is_op(const char *text, struct sd_tok tok, const char *op);

/** @tok is a word or a quoted name. */
bool sd_tok_is_name(struct sd_tok tok);

/** The text of @tok as written. */
char *sd_tok_text(struct sd_arena *arena, const char *text, struct sd_tok tok);

/** The value of @tok: a quoted name or a string without its quotes and with doubled quotes
 *  undone; anything else as written. */
char *sd_tok_value(struct sd_arena *arena, const char *text, struct sd_tok tok);

#endif
