/** Inside of the DDL parser: what its files share.  Others want introspect/sqlite_ddl.h.
 *
 *  A statement is cut into tokens once; the grammar then walks the array, so that every
 *  place of the text is an index and every clause a span.  A function that returns bool
 *  returns false after sd_ddl_fail(): the statement is given up as a whole. */
#ifndef SD_INTROSPECT_SQLITE_PARSE_H
#define SD_INTROSPECT_SQLITE_PARSE_H

#include "core/base/buf.h"
#include "core/base/map.h"
#include "core/sql/lex.h"
#include "introspect/sqlite_ddl.h"

/** Words and marks that the grammar asks for. */
enum sd_kw {
	SD_KW_NONE,  /* no keyword */
	SD_KW_OTHER, /* a keyword that the grammar does not ask for */
	SD_KW_END,   /* behind the last token */
	SD_KW_LP,
	SD_KW_RP,
	SD_KW_COMMA,
	SD_KW_DOT,
	SD_KW_SEMI,
	SD_KW_PLUS,
	SD_KW_MINUS,
	SD_KW_ABORT,
	SD_KW_ACTION,
	SD_KW_AFTER,
	SD_KW_ALWAYS,
	SD_KW_AND,
	SD_KW_AS,
	SD_KW_ASC,
	SD_KW_AUTOINCREMENT,
	SD_KW_BEFORE,
	SD_KW_BEGIN,
	SD_KW_BETWEEN,
	SD_KW_CASCADE,
	SD_KW_CASE,
	SD_KW_CHECK,
	SD_KW_COLLATE,
	SD_KW_CONFLICT,
	SD_KW_CONSTRAINT,
	SD_KW_CREATE,
	SD_KW_CURRENT, /* CURRENT_DATE, CURRENT_TIME, CURRENT_TIMESTAMP */
	SD_KW_DEFAULT,
	SD_KW_DEFERRABLE,
	SD_KW_DEFERRED,
	SD_KW_DELETE,
	SD_KW_DESC,
	SD_KW_EACH,
	SD_KW_END_WORD,
	SD_KW_ESCAPE,
	SD_KW_EXISTS,
	SD_KW_FAIL,
	SD_KW_FOR,
	SD_KW_FOREIGN,
	SD_KW_GENERATED,
	SD_KW_IF,
	SD_KW_IGNORE,
	SD_KW_IMMEDIATE,
	SD_KW_IN,
	SD_KW_INDEX,
	SD_KW_INITIALLY,
	SD_KW_INSERT,
	SD_KW_INSTEAD,
	SD_KW_IS,
	SD_KW_KEY,
	SD_KW_LIKE, /* LIKE, GLOB, REGEXP */
	SD_KW_MATCH,
	SD_KW_NO,
	SD_KW_NOT,
	SD_KW_NULL,
	SD_KW_NULLS,
	SD_KW_OF,
	SD_KW_ON,
	SD_KW_OR,
	SD_KW_PRIMARY,
	SD_KW_REFERENCES,
	SD_KW_REPLACE,
	SD_KW_RESTRICT,
	SD_KW_ROLLBACK,
	SD_KW_ROW,
	SD_KW_SELECT,
	SD_KW_SET,
	SD_KW_TABLE,
	SD_KW_TEMP,
	SD_KW_TRIGGER,
	SD_KW_UNIQUE,
	SD_KW_UPDATE,
	SD_KW_VALUES,
	SD_KW_VIEW,
	SD_KW_WHEN,
	SD_KW_WHERE,
	SD_KW_WITH,
	SD_KW_WITHOUT,
};

/** What a token may stand for, widest first. */
enum sd_word_class {
	SD_WORD_ID,       /* any identifier: a name, a word of a type, a bare default */
	SD_WORD_NAME,     /* a name, but no word of a type (CROSS, INDEXED …) */
	SD_WORD_RESERVED, /* its keyword and nothing else; also every mark and number */
};

struct sd_ddl_tok {
	struct sd_tok t;
	uint8_t kw;    /* enum sd_kw */
	uint8_t class; /* enum sd_word_class */
};

/** A range of tokens: @from … @to - 1. */
struct sd_range {
	size_t from, to;
};

struct sd_ddl {
	struct sd_schema *schema;
	struct sd_arena *arena;   /* of the model */
	struct sd_arena *scratch; /* of the vectors below, which serve every statement again */
	const char *text;
	size_t len;
	SD_VEC(struct sd_ddl_tok) toks; /* solid ones; the last is SD_KW_END */
	size_t at;
	const char *why; /* set by the first sd_ddl_fail() */

	/* Of the CREATE TABLE at hand. */
	struct sd_table *table;
	struct sd_list objects; /* columns and constraints in the order of the text */
	struct sd_list columns;
	struct sd_key *pk;
	bool pk_inline;
	SD_VEC(struct sd_item) items;
	SD_VEC(struct sd_clause) clauses;
	struct sd_parts parts; /* of the list at hand */
	struct sd_buf buf;     /* of the type at hand */
	struct sd_map types;   /* text of a type → its copy in the model's arena */
};

/* ---- sqlite_parse.c: tokens --------------------------------------------------------- */

/** Prepare to parse into @schema; @scratch outlives the parser. */
void sd_ddl_init(struct sd_ddl *p, struct sd_schema *schema, struct sd_arena *scratch);

/** Begin with the statement @sql, which must live as long as the model. */
bool sd_ddl_begin(struct sd_ddl *p, const char *sql);

/** Give the statement up: @expected was expected where the parser stands. */
bool sd_ddl_fail(struct sd_ddl *p, const char *expected);

/** The token @ahead of the one at hand. */
const struct sd_ddl_tok *sd_ddl_peek(const struct sd_ddl *p, size_t ahead);

bool sd_ddl_is(const struct sd_ddl *p, enum sd_kw kw);
bool sd_ddl_accept(struct sd_ddl *p, enum sd_kw kw);
bool sd_ddl_expect(struct sd_ddl *p, enum sd_kw kw, const char *what);

/** What @word (unquoted, @len bytes) is to the grammar. */
struct sd_ddl_tok sd_ddl_classify(const char *word, size_t len);

/** The token can be the name of something. */
bool sd_ddl_is_name(const struct sd_ddl_tok *tok);

/** The name at hand without its quotes; NULL after a failure. */
const char *sd_ddl_name(struct sd_ddl *p, const char *what);

/** The value of token @i in @arena. */
char *sd_ddl_value(const struct sd_ddl *p, struct sd_arena *arena, size_t i);

/** Token @i names @name. */
bool sd_ddl_names(const struct sd_ddl *p, size_t i, const char *name);

/** A name, with another before it and a dot; its span, which holds both, to @span. */
bool sd_ddl_qualified(struct sd_ddl *p, const char *what, struct sd_span *span);

/** Bytes of the tokens @r. */
struct sd_span sd_ddl_span(const struct sd_ddl *p, struct sd_range r);

/** Text of the tokens @r as written. */
const char *sd_ddl_text(const struct sd_ddl *p, struct sd_range r);

/** @r without the pairs of parentheses that enclose all of it. */
struct sd_range sd_ddl_unwrap(const struct sd_ddl *p, struct sd_range r);

/** Skip a balanced piece up to a token @stop, or a closing parenthesis, that no parenthesis
 *  encloses.  SD_KW_END stops at a semicolon too. */
bool sd_ddl_skip(struct sd_ddl *p, enum sd_kw stop);

/** The end of the statement, with or without a semicolon. */
bool sd_ddl_finish(struct sd_ddl *p);

/** An expression in parentheses; its text without them to @text. */
bool sd_ddl_parens(struct sd_ddl *p, const char **text);

/** CREATE @kw, with the words that SQLite leaves out when it stores a text. */
bool sd_ddl_create(struct sd_ddl *p, enum sd_kw kw, const char *what);

/* ---- sqlite_ddl_part.c: what columns, tables and indexes have in common -------------- */

/** An optional ON CONFLICT word; NULL to @word for ABORT, which is the default. */
bool sd_ddl_on_conflict(struct sd_ddl *p, const char **word);

/** An optional ASC or DESC. */
bool sd_ddl_desc(struct sd_ddl *p);

/** The columns or expressions of an index of @columns, up to the closing parenthesis or
 *  AUTOINCREMENT; only columns when @key. */
bool sd_ddl_parts(
	struct sd_ddl *p, const struct sd_list *columns, bool key, struct sd_parts *parts);

/** REFERENCES with all that belongs to it. */
bool sd_ddl_references(struct sd_ddl *p, struct sd_foreign_key *fk);

/** The column of @columns that token @i names, or NULL. */
struct sd_column *sd_ddl_column(
	const struct sd_ddl *p, const struct sd_list *columns, size_t i);

/** A new constraint of the table called @name (NULL: it has none). */
void *sd_ddl_constraint(struct sd_ddl *p, enum sd_kind kind, const char *name);

/** Take note of @pk, of which a table has one. */
bool sd_ddl_take_pk(struct sd_ddl *p, struct sd_key *pk, bool is_inline);

/* ---- sqlite_ddl_column.c -------------------------------------------------------------- */

/** A column definition; adds an item and its clauses. */
bool sd_ddl_column_def(struct sd_ddl *p);

/* ---- whole statements with a parser in use -------------------------------------------- */

struct sd_table *sd_ddl_table(struct sd_ddl *p, const char *name, const char *sql);
struct sd_index *sd_ddl_index(
	struct sd_ddl *p, struct sd_table *table, const char *name, const char *sql);
struct sd_view *sd_ddl_view(struct sd_ddl *p, const char *name, const char *sql);
struct sd_trigger *sd_ddl_trigger(
	struct sd_ddl *p, struct sd_object *relation, const char *name, const char *sql);

#endif
