/** Texts of SQL compared by their tokens. */
#ifndef SD_SQL_CANON_H
#define SD_SQL_CANON_H

#include "core/sql/dialect.h"
#include "core/sql/lex.h"

/** The canonical token form of @sql: comments dropped, tokens joined by single spaces, words
 *  in small letters, quoted names bare where the bare name means the same (never a keyword;
 *  where names fold, in small letters), == as =, != as <>, X'0A' as x'0a', redundant
 *  parentheses around the whole text dropped (an `(a) = (b)` keeps its own).  Two texts
 *  with equal forms mean the same; unequal ones may. */
const char *sd_sql_canonical(
	const struct sd_dialect *dialect, struct sd_arena *arena, const char *sql);

/** @sql without white space and comments at its ends and without the pairs of parentheses
 *  that enclose all of it; otherwise as written. */
const char *sd_sql_unwrap(
	const struct sd_dialect *dialect, struct sd_arena *arena, const char *sql);

/** The string literal, as written, that @sql is: alone, or cast (`::`) to @type without its
 *  modifiers, as PostgreSQL shows a literal that was given for a value of @type.  NULL when
 *  @sql is anything else.  Two equal ones are the same value of @type. */
const char *sd_sql_literal(const struct sd_dialect *dialect, struct sd_arena *arena,
	const char *sql, const char *type);

/** @sql is one balanced, non-empty piece: every bracket is closed by its kind, strings and
 *  comments end, and no semicolon stands outside them.  Only such text may be pasted into
 *  a statement. */
bool sd_sql_is_balanced(const struct sd_dialect *dialect, const char *sql);

/** @sql mentions @name as a word or quoted name (strings and comments do not count). */
bool sd_sql_mentions(const struct sd_dialect *dialect, struct sd_arena *arena, const char *sql,
	const char *name);

/** @sql with each name that equals @from and refers to something replaced by @to, quoted if
 *  need be; all else byte for byte.  No such name is a keyword where it serves as one (the END
 *  of a CASE, though a column is called "end"), what stands before an opening parenthesis (a
 *  function; but INSERT INTO name (…) is one) or behind AS, COLLATE or CONSTRAINT. */
const char *sd_sql_rename(const struct sd_dialect *dialect, struct sd_arena *arena,
	const char *sql, const char *from, const char *to);

/** One statement of a script. */
struct sd_stmt {
	const char *text;  /* without its semicolon, white space and comments around it */
	uint32_t line;     /* of its first token, from 1 */
	uint32_t off, end; /* where it lies: from its first token to behind its semicolon */
};

/** Splits a script into statements: quotes, comments, dollar quotes, `BEGIN ATOMIC … END` and,
 *  where triggers have bodies, `CREATE TRIGGER … BEGIN … END` don't split.  Such a trigger
 *  ends with the tokens ; END ; as in the engine's own shell, so that columns may be called
 *  begin, case or end. */
struct sd_split {
	struct sd_lex lex;
	const struct sd_dialect *dialect;
	struct sd_arena *arena;
	bool unterminated; /* set when the text ended inside a string, comment or body */
};

void sd_split_init(struct sd_split *split, const struct sd_dialect *dialect,
	struct sd_arena *arena, const char *sql, uint32_t first_line);

/** The next statement to @stmt; false at the end.  Empty statements are skipped. */
bool sd_split_next(struct sd_split *split, struct sd_stmt *stmt);

#endif
