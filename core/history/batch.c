/* Rounds of a batch.  One with a key walks it: a query finds the key of the last row of the
 * round as literals, which the condition in the place of :batch compares with, in the type of
 * the column. */
#include "core/history/batch.h"

#include "core/base/buf.h"
#include "core/base/text.h"
#include "core/sql/lex.h"

#include <stdlib.h>
#include <string.h>

/* How a value becomes a literal that compares as the column does; and a query that tells, in
 * its first value, how many rows of a table there are about, without a look at them: a number,
 * or a line of a plan.  Rowids have gaps and tell nothing of a part of the table (@whole). */
static const struct engine {
	const struct sd_dialect *dialect;
	const char *before, *behind;
	const char *estimate; /* of $table; where not @whole, a WHERE may follow */
	bool whole;
} engines[] = {
	{ &sd_dialect_sqlite, "quote(", ")",
		"SELECT (SELECT max(rowid) FROM $table) - (SELECT min(rowid) FROM $table) + 1",
		true },
	{ &sd_dialect_postgresql, "quote_literal(CAST(", " AS text))",
		"EXPLAIN SELECT 1 FROM $table", false },
};

static const struct engine *
engine_of(const struct sd_db *db)
{
	const struct sd_dialect *dialect = sd_db_dialect(db);

	for (size_t i = 0; i < SD_COUNT(engines); i++)
		if (engines[i].dialect == dialect)
			return &engines[i];
	sd_bug("no batches on %s", dialect->name);
}

static const char *
keys(struct sd_arena *arena, const struct sd_batch *batch, const char *before,
	const char *behind)
{
	struct sd_buf out = SD_BUF(arena);

	for (size_t i = 0; i < batch->key.n; i++) {
		sd_buf_sep(&out, ", ");
		sd_buf_addf(&out, "%s%s%s", before, batch->key.at[i], behind);
	}
	return sd_buf_text(&out);
}

/* No comparison finds a row without a key, and SQLite has NULLs in most primary keys. */
static enum sd_status
check_keys(struct sd_db *db, struct sd_pos pos, const struct sd_batch *batch,
	struct sd_arena *arena)
{
	for (size_t i = 0; i < batch->key.n; i++) {
		const char *key = batch->key.at[i], *found;

		if (sd_db_value(db, pos,
			    sd_fmt(arena, "SELECT 1 FROM %s WHERE %s IS NULL LIMIT 1",
				    batch->table, key),
			    NULL, 0, arena, &found))
			return SD_ERR;
		if (!found)
			continue;
		sd_fail(sd_db_diags(db), SD_CLASS_DATABASE, pos,
			"%s is NULL in some rows of %s, and a batch would pass them over", key,
			batch->table);
		sd_hint(sd_db_diags(db), "take a key without NULL, or change these rows in a "
					 "statement of their own before");
		return SD_ERR;
	}
	return SD_OK;
}

/* "id > '41'", "(a, b) > ('1', 'x')" */
static const char *
comparison(struct sd_arena *arena, const struct sd_batch *batch, const char *op,
	const char *literals_)
{
	const char *columns = keys(arena, batch, "", "");

	if (batch->key.n == 1)
		return sd_fmt(arena, "%s %s %s", columns, op, literals_);
	return sd_fmt(arena, "(%s) %s (%s)", columns, op, literals_);
}

/* The key of the last row of the round, NULL when fewer rows are left. */
static enum sd_status
find_end(struct sd_db *db, struct sd_pos pos, const struct sd_batch *batch, const char *cursor,
	struct sd_arena *arena, const char **end)
{
	unsigned size = batch->size ? batch->size : SD_BATCH_ROWS;
	const struct engine *engine = engine_of(db);
	struct sd_rows *rows = sd_db_query(db, pos,
		sd_fmt(arena, "SELECT %s FROM %s%s%s ORDER BY %s LIMIT 1 OFFSET %u",
			keys(arena, batch, engine->before, engine->behind), batch->table,
			cursor ? " WHERE " : "",
			cursor ? comparison(arena, batch, ">", cursor) : "",
			keys(arena, batch, "", ""), size - 1),
		NULL, 0);
	struct sd_buf out = SD_BUF(arena);
	enum sd_status status;

	*end = NULL;
	if (!rows)
		return SD_ERR;
	status = sd_rows_next(rows);
	for (size_t i = 0; status == SD_OK && i < batch->key.n; i++) {
		const char *value = sd_rows_text(rows, i);

		sd_buf_sep(&out, ", ");
		sd_buf_add(&out, value ? value : "NULL");
	}
	if (status == SD_OK)
		*end = sd_buf_text(&out);
	sd_rows_close(rows);
	return status == SD_ERR ? SD_ERR : SD_OK;
}

enum sd_status
sd_batch_round(struct sd_db *db, struct sd_pos pos, const struct sd_step *step,
	const char *cursor, struct sd_arena *arena, struct sd_round *round)
{
	const struct sd_batch *batch = &step->batch;
	struct sd_buf condition = SD_BUF(arena);
	uint32_t at;

	*round = (struct sd_round){ .sql = step->text };
	if (!batch->table || !sd_batch_place(sd_db_dialect(db), step->text, &at))
		return SD_OK;
	if ((!cursor && check_keys(db, pos, batch, arena)) ||
		find_end(db, pos, batch, cursor, arena, &round->cursor))
		return SD_ERR;
	if (cursor)
		sd_buf_add(&condition, comparison(arena, batch, ">", cursor));
	if (round->cursor) {
		sd_buf_sep(&condition, " AND ");
		sd_buf_add(&condition, comparison(arena, batch, "<=", round->cursor));
	}
	round->sql = sd_fmt(arena, "%.*s(%s)%s", (int)at, step->text,
		condition.n ? sd_buf_text(&condition) : "1 = 1",
		step->text + at + strlen(":batch"));
	return SD_OK;
}

/* The table behind UPDATE or DELETE FROM, with its namespace, as written; the statement may
 * begin with WITH. */
static const char *
changed_table(struct sd_arena *arena, const struct sd_dialect *dialect, const char *sql)
{
	struct sd_lex lex;
	struct sd_tok tok, last;
	uint32_t from;
	int depth = 0;

	sd_lex_init(&lex, dialect->lex, sql, strlen(sql));
	do {
		tok = sd_lex_next_solid(&lex);
		depth += sd_tok_is_op(sql, tok, "(");
		depth -= sd_tok_is_op(sql, tok, ")");
		if (tok.kind == SD_TOK_END || (!depth && sd_tok_is_word(sql, tok, "insert")))
			return NULL;
	} while (depth ||
		 (!sd_tok_is_word(sql, tok, "update") && !sd_tok_is_word(sql, tok, "delete")));
	do {
		tok = sd_lex_next_solid(&lex);
		/* UPDATE OR IGNORE t */
		if (sd_tok_is_word(sql, tok, "or") && sd_lex_next_solid(&lex).kind)
			tok = sd_lex_next_solid(&lex);
	} while (sd_tok_is_word(sql, tok, "from") || sd_tok_is_word(sql, tok, "only"));
	from = tok.off;
	for (last = tok; sd_tok_is_op(sql, tok = sd_lex_next_solid(&lex), ".");)
		last = sd_lex_next_solid(&lex);
	return sd_tok_is_name(last) ? sd_strndup(arena, sql + from, last.off + last.len - from)
				    : NULL;
}

/* The first value of a query that may fail, in silence; NULL then. */
static const char *
try_value(struct sd_db *db, const char *sql, struct sd_arena *arena)
{
	struct sd_diags *diags = db->diags;
	struct sd_diags unheard = { .arena = arena };
	const char *text = NULL;

	db->diags = &unheard;
	if (sd_db_value(db, (struct sd_pos){ 0 }, sql, NULL, 0, arena, &text))
		text = NULL;
	db->diags = diags;
	return text;
}

unsigned long long
sd_batch_rows(struct sd_db *db, const struct sd_step *step)
{
	struct sd_arena *arena = sd_arena_new();
	const char *table = changed_table(arena, sd_db_dialect(db), step->text);
	const char *text = NULL;
	unsigned long long n;

	if (table)
		text = try_value(db, sd_fmt(arena, "SELECT count(*) FROM %s", table), arena);
	n = text ? strtoull(text, NULL, 10) : 0;
	sd_arena_free(arena);
	return n;
}

/* "Seq Scan on t  (cost=0.00..35.50 rows=2550 width=4)", "2550" */
static unsigned long long
rows_of(const char *text)
{
	static const char word[] = " rows=";
	const char *rows = strstr(text, word);

	if (rows)
		text = rows + strlen(word);
	return *text >= '0' && *text <= '9' ? strtoull(text, NULL, 10) : 0;
}

void
sd_batch_estimate(struct sd_db *db, const struct sd_step *step, const char *cursor,
	unsigned long long *rows, bool *at_most)
{
	struct sd_arena *arena = sd_arena_new();
	const struct sd_batch *batch = &step->batch;
	const struct engine *engine = engine_of(db);
	const char *where = "", *text, *table = batch->table;

	*rows = 0;
	*at_most = !table || engine->whole;
	if (!table)
		table = changed_table(arena, sd_db_dialect(db), step->text);
	if (batch->table && cursor)
		where = sd_fmt(arena, " WHERE %s", comparison(arena, batch, ">", cursor));
	if (table && !(engine->whole && cursor)) {
		text = sd_text_replace(arena, engine->estimate, "$table", table);
		text = try_value(db, sd_fmt(arena, "%s%s", text, where), arena);
		*rows = text ? rows_of(text) : 0;
	}
	sd_arena_free(arena);
}
