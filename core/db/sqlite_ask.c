/* Whether two expressions mean the same to SQLite.
 *
 * EXPLAIN compiles a query without running it; two expressions over one table that compile
 * to the same program are the same, however they are spelled.  Three things keep that from
 * equating what differs: the table stands on the right of a LEFT JOIN, so that the compiler
 * can't use today's NOT NULL to fold `a IS NOT NULL` and `b IS NOT NULL` into the same 1; the
 * collations named must be the same in both, since one on a bare column leaves no trace in
 * the program; and so must be the columns named, for the same kind of reason.
 * https://www.sqlite.org/opcode.html */
#include "core/db/sqlite_ask.h"

#include "core/base/text.h"
#include "core/sql/canon.h"

#include <string.h>

/* Names that follow COLLATE in @sql, in small letters. */
static void
collations(struct sd_arena *arena, const char *sql, struct sd_names *names)
{
	struct sd_lex lex;
	bool next = false;

	sd_lex_init(&lex, sd_dialect_sqlite.lex, sql, strlen(sql));
	for (;;) {
		struct sd_tok tok = sd_lex_next_solid(&lex);

		if (tok.kind == SD_TOK_END)
			return;
		if (next)
			*sd_push(arena, names) =
				sd_text_lower(arena, sd_tok_value(arena, sql, tok));
		next = sd_tok_is_word(sql, tok, "collate");
	}
}

static bool
same_collations(struct sd_arena *arena, const char *a, const char *b)
{
	struct sd_names in_a = { 0 }, in_b = { 0 };

	collations(arena, a, &in_a);
	collations(arena, b, &in_b);
	return sd_names_equal(&in_a, &in_b);
}

/* Every column of @table that one of them mentions is mentioned by the other. */
static bool
same_columns(sqlite3 *handle, struct sd_arena *arena, const char *table, const char *a,
	const char *b)
{
	sqlite3_stmt *stmt = NULL;
	bool same = true;

	if (sqlite3_prepare_v2(handle, "SELECT name FROM pragma_table_xinfo(?1)", -1, &stmt,
		    NULL) != SQLITE_OK)
		return false;
	(void)sqlite3_bind_text(stmt, 1, table, -1, SQLITE_STATIC);
	while (same && sqlite3_step(stmt) == SQLITE_ROW) {
		const char *name = (const char *)sqlite3_column_text(stmt, 0);

		same = sd_sql_mentions(&sd_dialect_sqlite, arena, a, name) ==
		       sd_sql_mentions(&sd_dialect_sqlite, arena, b, name);
	}
	sqlite3_finalize(stmt);
	return same;
}

static sqlite3_stmt *
explain(sqlite3 *handle, struct sd_arena *arena, const char *table, const char *expr)
{
	struct sd_buf sql = SD_BUF(arena);
	sqlite3_stmt *stmt = NULL;

	/* A line of its own: the expression may end in a comment. */
	sd_buf_addf(&sql, "EXPLAIN SELECT (%s\n)", expr);
	if (table)
		sd_buf_addf(&sql, " FROM (SELECT 1) LEFT JOIN main.%s NOT INDEXED",
			sd_quote_name(&sd_dialect_sqlite, arena, table));
	if (sqlite3_prepare_v2(handle, sd_buf_text(&sql), -1, &stmt, NULL) != SQLITE_OK) {
		sqlite3_finalize(stmt);
		return NULL;
	}
	return stmt;
}

/* Both cursors stand on equal instructions: all columns but the comment, the last. */
static bool
same_instruction(sqlite3_stmt *a, sqlite3_stmt *b)
{
	int n = sqlite3_column_count(a) - 1;

	for (int i = 0; i < n; i++)
		if (!sd_text_equal((const char *)sqlite3_column_text(a, i),
			    (const char *)sqlite3_column_text(b, i)))
			return false;
	return true;
}

static bool
same_programs(sqlite3_stmt *a, sqlite3_stmt *b)
{
	for (;;) {
		int rc = sqlite3_step(a);

		if (rc != sqlite3_step(b))
			return false;
		if (rc != SQLITE_ROW)
			return rc == SQLITE_DONE;
		if (!same_instruction(a, b))
			return false;
	}
}

static bool
same_expression(sqlite3 *handle, const struct sd_expressions *pair)
{
	const char *table = pair->relation, *a = pair->a, *b = pair->b;
	struct sd_arena *arena = sd_arena_new();
	sqlite3_stmt *program_a = NULL, *program_b = NULL;
	bool same = false;

	if (!sd_sql_is_balanced(&sd_dialect_sqlite, a) ||
		!sd_sql_is_balanced(&sd_dialect_sqlite, b) || !same_collations(arena, a, b) ||
		(table && !same_columns(handle, arena, table, a, b)))
		goto out;
	program_a = explain(handle, arena, table, a);
	program_b = explain(handle, arena, table, b);
	same = program_a && program_b && same_programs(program_a, program_b);
out:
	sqlite3_finalize(program_a);
	sqlite3_finalize(program_b);
	sd_arena_free(arena);
	return same;
}

void
sd_sqlite_same_expressions(
	struct sd_db *db, const struct sd_expressions *pairs, size_t n, enum sd_sameness *same)
{
	for (size_t i = 0; i < n; i++)
		same[i] = same_expression(sd_sqlite_handle(db), &pairs[i]) ? SD_SAME
									   : SD_DIFFERENT;
}

/* @query with @name as its parameter returns a row. */
static bool
finds(struct sd_db *db, const char *query, const char *name)
{
	sqlite3_stmt *stmt = NULL;
	bool found = false;

	if (sqlite3_prepare_v2(sd_sqlite_handle(db), query, -1, &stmt, NULL) == SQLITE_OK) {
		(void)sqlite3_bind_text(stmt, 1, name, -1, SQLITE_STATIC);
		found = sqlite3_step(stmt) == SQLITE_ROW;
	}
	sqlite3_finalize(stmt);
	return found;
}

bool
sd_sqlite_knows_function(struct sd_db *db, const char *name)
{
	return finds(db,
		"SELECT 1 FROM pragma_function_list WHERE name = ?1 COLLATE NOCASE LIMIT 1",
		name);
}

bool
sd_sqlite_knows_collation(struct sd_db *db, const char *name)
{
	struct sd_arena *scratch = sd_arena_new();
	bool known;

	/* pragma_collation_list also has the names that the schema only mentions */
	known = sd_sqlite_compiles(
		db, sd_fmt(scratch, "SELECT 'a' = 'b' COLLATE %s",
			    sd_quote_name(&sd_dialect_sqlite, scratch, name)));
	sd_arena_free(scratch);
	return known;
}

bool
sd_sqlite_compiles(struct sd_db *db, const char *sql)
{
	sqlite3_stmt *stmt = NULL;
	bool good = sqlite3_prepare_v2(sd_sqlite_handle(db), sql, -1, &stmt, NULL) == SQLITE_OK;

	sqlite3_finalize(stmt);
	return good;
}
