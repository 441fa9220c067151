/** The model of one table against what the engine itself says about it. */
#ifndef SD_TESTS_DIFFERENTIAL_COMPARE_H
#define SD_TESTS_DIFFERENTIAL_COMPARE_H

#include "core/base/buf.h"
#include "core/base/text.h"
#include "core/sql/lex.h"
#include "introspect/sqlite_ddl.h"

#include <sqlite3.h>
#include <stdlib.h>
#include <string.h>

/** What is compared; the first difference is described in @why. */
struct compare {
	struct sd_arena *arena;
	sqlite3 *db;
	struct sd_table *table;
	const char *why;
};

#define cmp_fail(c, ...)                                                                       \
	((c)->why = (c)->why ? (c)->why : sd_fmt((c)->arena, __VA_ARGS__), (void)0)

static const char *
cmp_str(const char *text)
{
	return text ? text : "(null)";
}

static void
cmp_text(struct compare *c, const char *what, const char *name, const char *engine,
	const char *model)
{
	if (!sd_text_equal(engine, model))
		cmp_fail(c, "%s of %s: engine %s, model %s", what, cmp_str(name),
			cmp_str(engine), cmp_str(model));
}

static void
cmp_fold(struct compare *c, const char *what, const char *name, const char *engine,
	const char *model)
{
	if (!sd_text_iequal(engine, model))
		cmp_text(c, what, name, engine, model);
}

static void
cmp_number(struct compare *c, const char *what, const char *name, long engine, long model)
{
	if (engine != model)
		cmp_fail(c, "%s of %s: engine %ld, model %ld", what, cmp_str(name), engine,
			model);
}

/** Rows of a query as text; column @i of row @r is rows[r * width + i]. */
struct rows {
	SD_VEC(const char *) at;
	size_t n, width;
};

static struct rows
cmp_query(struct compare *c, const char *sql, const char *arg)
{
	struct rows rows = { 0 };
	sqlite3_stmt *stmt = NULL;

	if (sqlite3_prepare_v2(c->db, sql, -1, &stmt, NULL) != SQLITE_OK) {
		cmp_fail(c, "%s: %s", sql, sqlite3_errmsg(c->db));
		return rows;
	}
	if (sqlite3_bind_parameter_count(stmt))
		sqlite3_bind_text(stmt, 1, arg, -1, SQLITE_STATIC);
	rows.width = (size_t)sqlite3_column_count(stmt);
	while (sqlite3_step(stmt) == SQLITE_ROW) {
		for (size_t i = 0; i < rows.width; i++)
			*sd_push(c->arena, &rows.at) = sd_strdup(
				c->arena, (const char *)sqlite3_column_text(stmt, (int)i));
		rows.n++;
	}
	sqlite3_finalize(stmt);
	return rows;
}

static const char *
cmp_at(const struct rows *rows, size_t r, size_t i)
{
	return rows->at.at[r * rows->width + i];
}

static long
cmp_int(const struct rows *rows, size_t r, size_t i)
{
	const char *text = cmp_at(rows, r, i);

	return text ? strtol(text, NULL, 10) : 0;
}

/** Tokens of @sql joined by single spaces, without parentheses around all of it. */
static const char *
cmp_tokens(struct sd_arena *arena, const char *sql)
{
	SD_VEC(const char *) toks = { 0 };
	struct sd_buf buf = SD_BUF(arena);
	struct sd_lex lex;
	struct sd_tok t;
	size_t from = 0, to;

	if (!sql)
		return NULL;
	sd_lex_init(&lex, sd_dialect_sqlite.lex, sql, strlen(sql));
	while ((t = sd_lex_next_solid(&lex)).kind != SD_TOK_END)
		*sd_push(arena, &toks) = sd_tok_text(arena, sql, t);
	for (to = toks.n; from + 1 < to; from++, to--) {
		int depth = 0;
		size_t i = from;

		for (; i < to; i++) {
			depth += strcmp(toks.at[i], "(") == 0;
			depth -= strcmp(toks.at[i], ")") == 0;
			if (!depth)
				break;
		}
		if (i + 1 != to || strcmp(toks.at[from], "(") != 0)
			break;
	}
	for (size_t i = from; i < to; i++) {
		sd_buf_sep(&buf, " ");
		sd_buf_add(&buf, toks.at[i]);
	}
	return sd_buf_text(&buf);
}

/* ---- columns ------------------------------------------------------------------------ */

/* The type of @column begins with a quote in the text. */
static bool
cmp_has_quoted_type(const struct compare *c, const struct sd_column *column)
{
	const struct sd_stored *ddl = c->table->ddl;

	for (size_t i = 0; i < ddl->n_items; i++)
		if (ddl->items[i].object == &column->o && ddl->items[i].n_clauses &&
			ddl->items[i].clauses[0].kind == SD_CLAUSE_TYPE)
			return strchr("'\"`[", ddl->text[ddl->items[i].clauses[0].span.off]);
	return false;
}

/* SQLite keeps a type as it stands in the text, comments included, and a quoted one without
 * its quotes and what follows (`[x](5)` becomes `x](5`); the model keeps what follows, and the
 * quotes where they are needed.  A comment between GENERATED and ALWAYS makes the former
 * part of the type there. */
static const char *
cmp_type(struct compare *c, const struct sd_column *column, const char *type)
{
	const char *text;
	struct sd_lex lex;
	struct sd_tok t;
	size_t len;

	if (cmp_has_quoted_type(c, column)) {
		sd_lex_init(&lex, sd_dialect_sqlite.lex, type, strlen(type));
		t = sd_lex_next(&lex);
		if (t.kind == SD_TOK_NAME || t.kind == SD_TOK_STRING)
			type = sd_tok_value(c->arena, type, t);
		return sd_text_trim(c->arena, sd_strndup(c->arena, type, strcspn(type, "(]")));
	}
	text = cmp_tokens(c->arena, type);
	len = strlen(text);
	for (; column->generated && len >= 9 && sd_text_iequal(text + len - 9, "generated");
		len = strlen(text))
		text = sd_text_trim(c->arena, sd_strndup(c->arena, text, len - 9));
	text = sd_text_replace(c->arena, text, " ( ", "(");
	text = sd_text_replace(c->arena, text, " )", ")");
	text = sd_text_replace(c->arena, text, " , ", ", ");
	text = sd_text_replace(c->arena, text, "- ", "-");
	return sd_text_replace(c->arena, text, "+ ", "+");
}

static void
cmp_default(struct compare *c, const struct sd_column *column, const char *engine)
{
	struct sd_arena *arena = c->arena;
	const char *text = cmp_tokens(arena, engine);
	struct sd_lex lex;
	struct sd_tok t;

	if (sd_text_iequal(text, "null"))
		text = NULL;
	if (text && column->deflt && !sd_text_equal(text, column->deflt)) {
		sd_lex_init(&lex, sd_dialect_sqlite.lex, text, strlen(text));
		t = sd_lex_next(&lex);
		if (sd_tok_is_name(t) && t.len == strlen(text))
			text = sd_quote_text(
				&sd_dialect_sqlite, arena, sd_tok_value(arena, text, t));
	}
	cmp_text(c, "default", column->o.name, text, cmp_tokens(arena, column->deflt));
}

static long
cmp_pk_place(const struct compare *c, const struct sd_column *column)
{
	const struct sd_list *pks = &c->table->rel.parts[SD_PRIMARY_KEY];
	const struct sd_key *pk = pks->n ? (struct sd_key *)pks->at[0] : NULL;

	for (size_t i = 0; pk && i < pk->columns.n; i++)
		if (sd_text_iequal(pk->columns.at[i].name, column->o.name))
			return (long)i + 1;
	return 0;
}

static bool
cmp_is_rowid(const struct compare *c, const struct sd_column *column)
{
	const struct sd_list *pks = &c->table->rel.parts[SD_PRIMARY_KEY];
	const struct sd_key *pk = pks->n ? (struct sd_key *)pks->at[0] : NULL;

	return cmp_pk_place(c, column) && pk->columns.n == 1 && !c->table->without_rowid &&
	       !pk->columns.at[0].desc && sd_text_iequal(column->type, "integer");
}

static void
cmp_metadata(struct compare *c, const struct sd_column *column)
{
	const char *type, *collation;
	int not_null, pk, autoinc;

	if (sqlite3_table_column_metadata(c->db, "main", c->table->rel.o.name, column->o.name,
		    &type, &collation, &not_null, &pk, &autoinc) != SQLITE_OK) {
		cmp_fail(c, "metadata of %s: %s", column->o.name, sqlite3_errmsg(c->db));
		return;
	}
	cmp_fold(c, "collation", column->o.name, collation,
		column->collation ? column->collation : "BINARY");
	cmp_number(c, "autoincrement", column->o.name, autoinc, column->autoincrement);
}

static void
cmp_columns(struct compare *c)
{
	const struct sd_list *columns = &c->table->rel.parts[SD_COLUMN];
	struct rows rows = cmp_query(c,
		"SELECT name, type, \"notnull\", dflt_value, pk, hidden"
		" FROM pragma_table_xinfo(?1)",
		c->table->rel.o.name);

	cmp_number(
		c, "number of columns", c->table->rel.o.name, (long)rows.n, (long)columns->n);
	for (size_t i = 0; i < rows.n && !c->why; i++) {
		const struct sd_column *col = (struct sd_column *)columns->at[i];
		long pk = cmp_pk_place(c, col);
		bool not_null = col->not_null ||
				(pk && (c->table->without_rowid ||
					       (c->table->strict && !cmp_is_rowid(c, col))));

		cmp_text(c, "name", "column", cmp_at(&rows, i, 0), col->o.name);
		cmp_fold(c, "type", col->o.name, cmp_type(c, col, cmp_at(&rows, i, 1)),
			cmp_type(c, col, col->type));
		cmp_number(c, "not null", col->o.name, cmp_int(&rows, i, 2), not_null);
		cmp_number(c, "pk", col->o.name, cmp_int(&rows, i, 4), pk);
		cmp_number(c, "hidden", col->o.name, cmp_int(&rows, i, 5),
			!col->generated         ? 0
			: col->stored_generated ? 3
						: 2);
		if (!col->generated)
			cmp_default(c, col, cmp_at(&rows, i, 3));
		cmp_metadata(c, col);
	}
}

/* ---- keys and indexes --------------------------------------------------------------- */

static const char *
cmp_part_collation(const struct compare *c, const struct sd_part *part)
{
	const struct sd_list *columns = &c->table->rel.parts[SD_COLUMN];

	if (part->collation)
		return part->collation;
	for (size_t i = 0; part->name && i < columns->n; i++)
		if (sd_text_equal(columns->at[i]->name, part->name) &&
			((struct sd_column *)columns->at[i])->collation)
			return ((struct sd_column *)columns->at[i])->collation;
	return "BINARY";
}

/* A COLLATE that stands at the end of an expression speaks of all of it or of its last
 * operand alone; the parser leaves it in the text where it can't tell. */
static bool
cmp_collation_in_text(const struct compare *c, const struct sd_part *part, const char *engine)
{
	const char *want = sd_fmt(c->arena, " collate %s", engine);
	const char *text = part->expression ? sd_text_lower(c->arena,
						      cmp_tokens(c->arena, part->expression))
					    : "";

	text = sd_text_replace(c->arena, sd_text_replace(c->arena, text, "\"", ""), "'", "");
	text = sd_text_replace(c->arena, sd_text_replace(c->arena, text, "`", ""), "[", "");
	text = sd_text_replace(c->arena, text, "]", "");
	want = sd_text_lower(c->arena, want);
	return strlen(text) >= strlen(want) &&
	       strcmp(text + strlen(text) - strlen(want), want) == 0;
}

/* 0 = other columns, 1 = the same but for their order, 2 = the same. */
static int
cmp_parts(const struct compare *c, const struct sd_parts *parts, const struct rows *index)
{
	int same = 2;

	if (parts->n != index->n)
		return 0;
	for (size_t i = 0; i < parts->n; i++) {
		const struct sd_part *part = &parts->at[i];

		if (!sd_text_equal(part->name, cmp_at(index, i, 0)) ||
			(!sd_text_iequal(cmp_part_collation(c, part), cmp_at(index, i, 2)) &&
				!cmp_collation_in_text(c, part, cmp_at(index, i, 2))))
			return 0;
		if (part->desc != (cmp_int(index, i, 1) != 0))
			same = 1;
	}
	return same;
}

static struct rows
cmp_index_columns(struct compare *c, const char *index)
{
	return cmp_query(c,
		"SELECT name, \"desc\", coll FROM pragma_index_xinfo(?1) WHERE key = 1", index);
}

/* A column that a key names twice is in a WITHOUT ROWID table's key only once. */
static bool
cmp_repeats(const struct sd_parts *parts)
{
	for (size_t i = 0; i < parts->n; i++)
		for (size_t k = 0; k < i; k++)
			if (sd_text_equal(parts->at[i].name, parts->at[k].name))
				return true;
	return false;
}

/* SQLite makes one index for keys that are equal but for the order, with the first's. */
static void
cmp_keys(struct compare *c, enum sd_kind kind, const struct rows *list, bool *found)
{
	const struct sd_list *keys = &c->table->rel.parts[kind];

	for (size_t k = 0; k < keys->n; k++) {
		const struct sd_key *key = (struct sd_key *)keys->at[k];
		const struct sd_object *first = NULL;
		int same = 0;

		for (size_t i = 0; i < c->table->rel.parts[SD_COLUMN].n; i++)
			if (sd_text_equal(key->columns.at[0].name,
				    c->table->rel.parts[SD_COLUMN].at[i]->name))
				first = c->table->rel.parts[SD_COLUMN].at[i];
		if (kind == SD_PRIMARY_KEY && cmp_is_rowid(c, (const struct sd_column *)first))
			continue;
		for (size_t i = 0; i < list->n; i++) {
			struct rows index = cmp_index_columns(c, cmp_at(list, i, 0));
			int one = cmp_at(list, i, 2)[0] == 'c'
					  ? 0
					  : cmp_parts(c, &key->columns, &index);

			found[i] |= one == 2;
			same |= one;
		}
		if (!same && !(c->table->without_rowid && cmp_repeats(&key->columns)))
			cmp_fail(c, "the engine has no index for key %zu", k);
	}
}

static void
cmp_one_index(struct compare *c, const struct rows *list, size_t i)
{
	const struct sd_list *indexes = &c->table->rel.parts[SD_INDEX];
	struct rows columns = cmp_index_columns(c, cmp_at(list, i, 0));

	for (size_t k = 0; k < indexes->n; k++) {
		const struct sd_index *index = (struct sd_index *)indexes->at[k];

		if (!sd_text_equal(index->o.name, cmp_at(list, i, 0)))
			continue;
		if (index->o.opaque && strstr(index->o.opaque, "expected no string"))
			return;
		if (index->o.opaque)
			cmp_fail(c, "index %s: %s", index->o.name, index->o.opaque);
		cmp_number(c, "unique", index->o.name, cmp_int(list, i, 1), index->unique);
		cmp_number(
			c, "partial", index->o.name, cmp_int(list, i, 3), index->where != NULL);
		if (cmp_parts(c, &index->columns, &columns) != 2)
			cmp_fail(c, "parts of index %s: %s", index->o.name, index->o.stored);
		return;
	}
	cmp_fail(c, "the model lacks index %s", cmp_at(list, i, 0));
}

static void
cmp_indexes(struct compare *c)
{
	struct rows list = cmp_query(c,
		"SELECT name, \"unique\", origin, partial FROM pragma_index_list(?1)",
		c->table->rel.o.name);
	bool *found = sd_new_array(c->arena, list.n + 1, bool);

	cmp_keys(c, SD_PRIMARY_KEY, &list, found);
	cmp_keys(c, SD_UNIQUE, &list, found);
	for (size_t i = 0; i < list.n && !c->why; i++) {
		if (cmp_at(&list, i, 2)[0] == 'c')
			cmp_one_index(c, &list, i);
		else if (!found[i] &&
			 !(cmp_at(&list, i, 2)[0] == 'p' && c->table->without_rowid))
			cmp_fail(c, "the model lacks the key of %s", cmp_at(&list, i, 0));
	}
}

/* ---- foreign keys, options ---------------------------------------------------------- */

static void
cmp_foreign_key(struct compare *c, const struct rows *rows, size_t r)
{
	const struct sd_list *keys = &c->table->rel.parts[SD_FOREIGN_KEY];
	size_t id = (size_t)cmp_int(rows, r, 0), seq = (size_t)cmp_int(rows, r, 1);
	const struct sd_foreign_key *fk;

	if (id >= keys->n) {
		cmp_fail(c, "the model has %u foreign keys", keys->n);
		return;
	}
	fk = (struct sd_foreign_key *)keys->at[keys->n - 1 - id];
	cmp_text(c, "table", "foreign key", cmp_at(rows, r, 2), fk->table);
	if (seq >= fk->columns.n) {
		cmp_fail(c, "a foreign key has %u columns", fk->columns.n);
		return;
	}
	cmp_text(c, "from", fk->table, cmp_at(rows, r, 3), fk->columns.at[seq]);
	cmp_text(c, "to", fk->table, cmp_at(rows, r, 4),
		fk->ref_columns.n ? fk->ref_columns.at[seq] : NULL);
	cmp_fold(c, "on update", fk->table, cmp_at(rows, r, 5),
		fk->on_update ? fk->on_update : "no action");
	cmp_fold(c, "on delete", fk->table, cmp_at(rows, r, 6),
		fk->on_delete ? fk->on_delete : "no action");
}

static void
cmp_foreign_keys(struct compare *c)
{
	const struct sd_list *keys = &c->table->rel.parts[SD_FOREIGN_KEY];
	struct rows rows = cmp_query(c,
		"SELECT id, seq, \"table\", \"from\", \"to\", on_update, on_delete"
		" FROM pragma_foreign_key_list(?1)",
		c->table->rel.o.name);
	size_t n = 0;

	for (size_t i = 0; i < keys->n; i++)
		n += ((struct sd_foreign_key *)keys->at[i])->columns.n;
	cmp_number(c, "columns", "foreign keys", (long)rows.n, (long)n);
	for (size_t r = 0; r < rows.n && !c->why; r++)
		cmp_foreign_key(c, &rows, r);
}

static void
cmp_options(struct compare *c)
{
	struct rows rows = cmp_query(c,
		"SELECT wr, strict FROM pragma_table_list WHERE schema = 'main' AND name = ?1",
		c->table->rel.o.name);

	if (rows.n != 1) {
		cmp_fail(c, "table_list has %zu rows", rows.n);
		return;
	}
	cmp_number(c, "without rowid", "table", cmp_int(&rows, 0, 0), c->table->without_rowid);
	cmp_number(c, "strict", "table", cmp_int(&rows, 0, 1), c->table->strict);
}

/* ---- spans -------------------------------------------------------------------------- */

/* Between @from and @to stands nothing but white space, comments and at most one comma. */
static void
cmp_nothing(struct compare *c, const char *text, size_t from, size_t to, size_t commas)
{
	struct sd_lex lex;
	struct sd_tok t;
	size_t n = 0;

	if (from > to) {
		cmp_fail(c, "spans overlap at %zu", to);
		return;
	}
	sd_lex_init(&lex, sd_dialect_sqlite.lex, text + from, to - from);
	while ((t = sd_lex_next_solid(&lex)).kind != SD_TOK_END)
		if (!sd_tok_is_op(text + from, t, ",") || ++n > commas)
			cmp_fail(c, "a token between spans at %zu", from + t.off);
}

/* A span begins and ends with a whole token of the text. */
static void
cmp_whole(struct compare *c, const char *text, struct sd_span span)
{
	struct sd_lex lex;
	struct sd_tok t, last = { 0 };

	sd_lex_init(&lex, sd_dialect_sqlite.lex, text + span.off, span.len);
	t = sd_lex_next(&lex);
	if (t.kind == SD_TOK_SPACE || t.kind == SD_TOK_COMMENT)
		cmp_fail(c, "a span begins with a gap at %u", (unsigned)span.off);
	for (; t.kind != SD_TOK_END; t = sd_lex_next(&lex)) {
		if (t.kind == SD_TOK_BAD)
			cmp_fail(c, "a span cuts a token at %u", (unsigned)span.off);
		last = t;
	}
	if (last.kind == SD_TOK_SPACE || last.kind == SD_TOK_COMMENT)
		cmp_fail(c, "a span ends with a gap at %u", (unsigned)span.off);
}

static void
cmp_item(struct compare *c, const char *text, const struct sd_item *item)
{
	size_t at = item->name.len ? item->name.off + item->name.len : item->span.off;

	cmp_whole(c, text, item->span);
	for (size_t i = 0; i < item->n_clauses; i++) {
		const struct sd_clause *clause = &item->clauses[i];

		cmp_nothing(c, text, at, clause->span.off, 0);
		cmp_whole(c, text, clause->span);
		if (clause->label.len) {
			cmp_whole(c, text, clause->label);
			cmp_number(c, "label", "clause", clause->label.off, clause->span.off);
		}
		at = clause->span.off + clause->span.len;
	}
	cmp_nothing(c, text, at, item->span.off + item->span.len, 0);
}

static void
cmp_spans(struct compare *c)
{
	const struct sd_stored *ddl = c->table->ddl;
	size_t at = ddl->body.off;

	cmp_text(c, "text", "table", c->table->rel.o.stored, ddl->text);
	cmp_whole(c, ddl->text, ddl->name);
	for (size_t i = 0; i < ddl->n_items && !c->why; i++) {
		const struct sd_item *item = &ddl->items[i];

		cmp_nothing(c, ddl->text, at, item->span.off, 1);
		cmp_item(c, ddl->text, item);
		at = item->span.off + item->span.len;
	}
	cmp_nothing(c, ddl->text, at, ddl->body.off + ddl->body.len, 0);
	cmp_number(c, "end", "text", (long)strlen(ddl->text),
		(long)(ddl->options.off + ddl->options.len));
}

/** NULL when the model of @table says what the engine says, else a difference. */
static const char *
compare_table(struct sd_arena *arena, sqlite3 *db, struct sd_table *table)
{
	struct compare c = { .arena = arena, .db = db, .table = table };

	if (table->rel.o.opaque)
		return sd_fmt(arena, "not understood: %s", table->rel.o.opaque);
	cmp_options(&c);
	cmp_columns(&c);
	if (!c.why)
		cmp_indexes(&c);
	if (!c.why)
		cmp_foreign_keys(&c);
	if (!c.why)
		cmp_spans(&c);
	return c.why;
}

#endif
