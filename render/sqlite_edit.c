/* The stored CREATE TABLE edited into the wanted one.  Only the clauses of what changed are
 * touched; everything else — spelling, comments, constraint names, what no field of the model
 * describes — is carried over byte for byte. */
#include "core/base/text.h"
#include "core/schema/stored.h"
#include "render/sqlite.h"

#include <string.h>

struct edit {
	struct sd_arena *arena;
	const struct sd_dialect *dialect;
	const struct sd_stored *ddl;
	const struct sd_table *from, *into;
	const struct sd_renames *renames;
	struct sd_buf out;
	SD_VEC(const struct sd_object *) kept; /* constraints of @into that stand already */
	const char *between;                   /* what stands between two new items */
	const char *comment;                   /* to stand behind the next comma, or the end */
	bool any;                              /* an item was written */
};

static const char *
cut(const struct edit *e, struct sd_span span)
{
	return sd_strndup(e->arena, e->ddl->text + span.off, span.len);
}

/* What the object @stored of the stored text has become in @into, or NULL. */
static struct sd_object *
become(const struct edit *e, const struct sd_object *stored)
{
	const struct sd_list *list;

	if (!stored || !e->from->rel.o.origin)
		return stored ? stored->twin : NULL;
	list = &e->from->rel.parts[stored->kind];
	for (size_t i = 0; i < list->n; i++)
		if (list->at[i]->origin == stored)
			return list->at[i]->twin;
	return NULL;
}

static void
keep(struct edit *e, const struct sd_object *object)
{
	*sd_push(e->arena, &e->kept) = object;
}

static bool
is_kept(const struct edit *e, const struct sd_object *object)
{
	for (size_t i = 0; i < e->kept.n; i++)
		if (e->kept.at[i] == object)
			return true;
	return false;
}

/* An expression's piece of text with this table's renamed columns. */
static const char *
renamed(const struct edit *e, const char *piece)
{
	const char *table = e->from->rel.o.origin ? e->from->rel.o.origin->name : NULL;

	for (size_t i = 0; table && i < e->renames->n; i++) {
		const struct sd_rename *r = &e->renames->at[i];

		if (r->column && sd_name_equal(e->dialect, r->table, table))
			piece = sd_sql_rename(e->dialect, e->arena, piece, r->column, r->to);
	}
	return piece;
}

/* ---- columns -------------------------------------------------------------------------- */

/* What a change of a column's field does to the clauses of its kind. */
struct clause_rule {
	enum sd_clause_kind kind;
	const char *field, *also; /* keys of sd_kinds[SD_COLUMN] */
};

static const struct clause_rule rules[] = {
	{ SD_CLAUSE_TYPE, "type", NULL },
	{ SD_CLAUSE_NOT_NULL, "nullable", "on_conflict" },
	{ SD_CLAUSE_NULL, "nullable", NULL },
	{ SD_CLAUSE_DEFAULT, "default", NULL },
	{ SD_CLAUSE_COLLATE, "collation", NULL },
	{ SD_CLAUSE_GENERATED, "as", "stored" },
	{ SD_CLAUSE_PRIMARY_KEY, "autoincrement", NULL },
};

static bool
field_differs(const struct edit *e, const char *key, const struct sd_column *a,
	const struct sd_column *b)
{
	const struct sd_field *field = key ? sd_field_find(SD_COLUMN, key) : NULL;

	return field && !sd_field_equal(e->dialect, e->arena, field, &a->o, &b->o);
}

/* Clauses of @kind must be written anew. */
static bool
clause_changes(const struct edit *e, enum sd_clause_kind kind, const struct sd_column *from,
	const struct sd_column *into)
{
	if (!(into->o.flags & SD_OBJ_CHANGED))
		return false;
	if (kind == SD_CLAUSE_TYPE && from->rowid_alias != into->rowid_alias)
		return true;
	for (size_t i = 0; i < SD_COUNT(rules); i++)
		if (rules[i].kind == kind)
			return field_differs(e, rules[i].field, from, into) ||
			       field_differs(e, rules[i].also, from, into);
	return false;
}

/* The text of a changed clause, "" when it goes. */
static const char *
new_clause(const struct edit *e, enum sd_clause_kind kind, const struct sd_column *into)
{
	struct sd_buf out = SD_BUF(e->arena);

	switch (kind) {
	case SD_CLAUSE_TYPE:
		sd_buf_add(&out, into->rowid_alias ? "INTEGER" : into->type ? into->type : "");
		break;
	case SD_CLAUSE_NOT_NULL:
		if (into->not_null)
			sd_sqlite_not_null(&out, into);
		break;
	case SD_CLAUSE_DEFAULT:
		if (into->deflt)
			sd_buf_addf(
				&out, "DEFAULT %s", sd_sqlite_default(e->arena, into->deflt));
		break;
	case SD_CLAUSE_COLLATE:
		if (into->collation)
			sd_buf_addf(
				&out, "COLLATE %s", sd_sqlite_name(e->arena, into->collation));
		break;
	case SD_CLAUSE_GENERATED:
		if (into->generated)
			sd_sqlite_generated(&out, into);
		break;
	default:
		break;
	}
	return sd_text_trim(e->arena, sd_buf_text(&out));
}

static bool
is_constraint(const struct sd_clause *clause)
{
	return clause->object != NULL;
}

/* A constraint inside a column's definition: as it is while it holds, else left out here and
 * written behind the columns if it is still wanted. */
static const char *
constraint_clause(struct edit *e, const struct sd_clause *clause, bool changes)
{
	const struct sd_object *object = become(e, clause->object);

	if (!object || (object->flags & SD_OBJ_CHANGED) || changes)
		return "";
	keep(e, object);
	if (!(clause->object->twin && object->twin && object->twin->flags & SD_OBJ_RENAMED))
		return cut(e, clause->span);
	if (object->kind == SD_FOREIGN_KEY)
		return sd_fmt(e->arena, "%s%s", clause->label.len ? cut(e, clause->label) : "",
			sd_fmt(e->arena, "%s%s", clause->label.len ? " " : "",
				sd_sqlite_references(
					e->arena, (const struct sd_foreign_key *)object)));
	return renamed(e, cut(e, clause->span));
}

static const char *
old_clause(const struct edit *e, const struct sd_clause *clause)
{
	const char *text = cut(e, clause->span);

	return clause->kind == SD_CLAUSE_GENERATED ? renamed(e, text) : text;
}

static bool
has_clause(const struct sd_item *item, enum sd_clause_kind kind)
{
	for (size_t i = 0; i < item->n_clauses; i++)
		if (item->clauses[i].kind == kind)
			return true;
	return false;
}

static void
add_clause(struct sd_buf *out, const char *text)
{
	if (*text)
		sd_buf_addf(out, " %s", text);
}

/* Clauses that the stored definition does not have at all. */
static void
append_new_clauses(struct edit *e, const struct sd_item *item, const struct sd_column *from,
	const struct sd_column *into, struct sd_buf *out)
{
	const struct sd_key *pk = sd_sqlite_inline_key(e->into);

	for (size_t i = 0; i < SD_COUNT(rules); i++)
		if (rules[i].kind != SD_CLAUSE_TYPE && !has_clause(item, rules[i].kind) &&
			clause_changes(e, rules[i].kind, from, into))
			add_clause(out, new_clause(e, rules[i].kind, into));
	if (into->rowid_alias && pk && !is_kept(e, &pk->o) &&
		(into->autoincrement != from->autoincrement || !pk->o.twin ||
			(pk->o.flags & SD_OBJ_CHANGED))) {
		sd_sqlite_inline_pk(out, pk, into);
		keep(e, &pk->o);
	}
}

static const char *
edit_column(struct edit *e, const struct sd_item *item, const struct sd_column *into)
{
	const struct sd_column *from = (const struct sd_column *)into->o.twin;
	uint32_t at = item->name.off + item->name.len;
	struct sd_buf out = SD_BUF(e->arena);
	bool same_name =
		strcmp(((const struct sd_column *)item->object)->o.name, into->o.name) == 0;

	sd_buf_add(
		&out, same_name ? cut(e, item->name) : sd_sqlite_name(e->arena, into->o.name));
	if (!has_clause(item, SD_CLAUSE_TYPE) && clause_changes(e, SD_CLAUSE_TYPE, from, into))
		add_clause(&out, new_clause(e, SD_CLAUSE_TYPE, into));
	for (size_t i = 0; i < item->n_clauses; i++) {
		const struct sd_clause *clause = &item->clauses[i];
		bool changes = clause_changes(e, clause->kind, from, into);
		const char *text, *gap;

		if (is_constraint(clause))
			text = constraint_clause(e, clause, changes);
		else if (changes && i + 1 < item->n_clauses &&
			 item->clauses[i + 1].kind == clause->kind)
			text = ""; /* given twice: the last one counts, and is replaced */
		else
			text = changes ? new_clause(e, clause->kind, into)
				       : old_clause(e, clause);
		gap = cut(e, (struct sd_span){ at, clause->span.off - at });
		if (*text || strstr(gap, "--") || strstr(gap, "/*"))
			sd_buf_add(&out, *gap ? gap : " ");
		sd_buf_add(&out, text);
		at = clause->span.off + clause->span.len;
	}
	append_new_clauses(e, item, from, into, &out);
	return sd_buf_text(&out);
}

/* ---- items ---------------------------------------------------------------------------- */

/* The text between two items without the comma. */
static const char *
without_comma(const struct edit *e, const char *gap)
{
	struct sd_lex lex;
	struct sd_tok tok;

	sd_lex_init(&lex, e->dialect->lex, gap, strlen(gap));
	tok = sd_lex_next_solid(&lex);
	if (!sd_tok_is_op(gap, tok, ","))
		return gap;
	return sd_fmt(e->arena, "%.*s%s", (int)tok.off, gap, gap + tok.off + tok.len);
}

/* How much of @gap is comments at the end of the line on which the item before it stands: they
 * belong to that one, whatever becomes of the next. */
static size_t
comments_of_line(const struct edit *e, const char *gap)
{
	struct sd_lex lex;
	struct sd_tok tok;
	size_t end = 0;

	sd_lex_init(&lex, e->dialect->lex, gap, strlen(gap));
	while ((tok = sd_lex_next(&lex)).kind == SD_TOK_SPACE || tok.kind == SD_TOK_COMMENT) {
		if (tok.kind == SD_TOK_COMMENT)
			end = tok.off + tok.len;
		else if (memchr(gap + tok.off, '\n', tok.len))
			return end;
	}
	return strchr(gap, '\n') ? end : 0;
}

static void
write_text(struct edit *e, const char *gap)
{
	sd_buf_add(&e->out, e->comment);
	if (strstr(e->comment, "--") && !strchr(gap, '\n'))
		sd_buf_addc(&e->out, '\n');
	sd_buf_add(&e->out, gap);
	e->comment = "";
}

static void
write_item(struct edit *e, const char *gap, const char *text)
{
	if (e->any)
		sd_buf_addc(&e->out, ',');
	write_text(e, gap);
	sd_buf_add(&e->out, text);
	e->any = true;
}

static const char *
edit_constraint(struct edit *e, const struct sd_item *item)
{
	const struct sd_object *object = become(e, item->object);

	if (!object || is_kept(e, object))
		return "";
	keep(e, object);
	if (object->flags & SD_OBJ_CHANGED)
		return sd_sqlite_constraint(e->arena, object);
	if (!(object->twin->flags & SD_OBJ_RENAMED))
		return cut(e, item->span);
	if (object->kind == SD_FOREIGN_KEY)
		return sd_sqlite_constraint(e->arena, object);
	return renamed(e, cut(e, item->span));
}

static bool
is_column(const struct sd_item *item)
{
	return item->name.len != 0;
}

static const char *
inline_constraints(struct edit *e, const struct sd_column *column)
{
	struct sd_list written = { 0 };
	struct sd_buf out = SD_BUF(e->arena);

	sd_sqlite_inline_constraints(column, &out, &written);
	for (size_t i = 0; i < written.n; i++)
		keep(e, written.at[i]);
	return sd_buf_text(&out);
}

static void
write_new_columns(struct edit *e)
{
	const struct sd_list *columns = &e->into->rel.parts[SD_COLUMN];
	const struct sd_key *pk = sd_sqlite_inline_key(e->into);

	for (size_t i = 0; i < columns->n; i++) {
		const struct sd_column *column = (const struct sd_column *)columns->at[i];
		const struct sd_key *key = column->rowid_alias ? pk : NULL;

		if (column->o.twin)
			continue;
		if (key)
			keep(e, &key->o);
		write_item(e, e->between,
			sd_fmt(e->arena, "%s%s", sd_sqlite_column(e->arena, column, key),
				inline_constraints(e, column)));
	}
}

static void
write_new_constraints(struct edit *e)
{
	for (size_t kind = SD_PRIMARY_KEY; kind <= SD_FOREIGN_KEY; kind++) {
		const struct sd_list *list = &e->into->rel.parts[kind];

		for (size_t i = 0; i < list->n; i++)
			if (!is_kept(e, list->at[i]))
				write_item(e, e->between,
					sd_sqlite_constraint(e->arena, list->at[i]));
	}
}

/* The text from @at to @end, which stands before an item or behind the last one: @kept, the
 * item before it was, and so are the comments on its line. */
static const char *
take_gap(struct edit *e, uint32_t at, uint32_t end, bool kept)
{
	const char *gap = without_comma(e, cut(e, (struct sd_span){ at, end - at }));
	size_t n = comments_of_line(e, gap);

	if (kept && n)
		e->comment = sd_strndup(e->arena, gap, n);
	return gap + n;
}

static void
write_items(struct edit *e)
{
	const struct sd_stored *ddl = e->ddl;
	uint32_t at = ddl->body.off, end = ddl->body.off + ddl->body.len;
	bool columns_done = false, kept = true;
	const char *gap;

	for (size_t i = 0; i < ddl->n_items; i++) {
		const struct sd_item *item = &ddl->items[i];
		const struct sd_object *object = become(e, item->object);
		const char *text;

		gap = take_gap(e, at, item->span.off, kept);
		if (!is_column(item) && !columns_done) {
			write_new_columns(e);
			columns_done = true;
		}
		if (is_column(item))
			text = object ? edit_column(e, item, (const struct sd_column *)object)
				      : "";
		else
			text = edit_constraint(e, item);
		kept = *text != '\0';
		if (kept)
			write_item(e, gap, text);
		at = item->span.off + item->span.len;
	}
	gap = take_gap(e, at, end, kept);
	if (!columns_done)
		write_new_columns(e);
	write_new_constraints(e);
	write_text(e, gap);
}

const char *
sd_sqlite_unqualified(struct sd_arena *arena, const char *sql, const char *table)
{
	const struct sd_dialect *dialect = &sd_dialect_sqlite;
	struct sd_buf out = SD_BUF(arena);
	struct sd_lex lex;
	struct sd_tok tok;
	uint32_t at = 0;

	sd_lex_init(&lex, dialect->lex, sql, strlen(sql));
	while ((tok = sd_lex_next(&lex)).kind != SD_TOK_END) {
		if (!sd_tok_is_name(tok) || sql[tok.off + tok.len] != '.' ||
			!sd_name_equal(dialect, sd_tok_value(arena, sql, tok), table))
			continue;
		sd_buf_addn(&out, sql + at, tok.off - at);
		at = sd_lex_next(&lex).off + 1;
	}
	sd_buf_add(&out, sql + at);
	return sd_buf_text(&out);
}

/* What stands before the first item, for the new ones: a line and its indentation, or a space.
 */
static const char *
indentation(const struct edit *e)
{
	const struct sd_stored *ddl = e->ddl;
	const char *gap, *line;

	if (!ddl->n_items || !memchr(ddl->text + ddl->body.off, '\n', ddl->body.len))
		return " ";
	gap = cut(e, (struct sd_span){ ddl->body.off, ddl->items[0].span.off - ddl->body.off });
	line = strrchr(gap, '\n');
	return line && strspn(line, "\n\t ") == strlen(line) ? line : "\n  ";
}

const char *
sd_sqlite_edit(struct sd_arena *arena, const struct sd_table *from, const struct sd_table *into,
	const char *name, const struct sd_renames *renames)
{
	const struct sd_object *origin = from->rel.o.origin ? from->rel.o.origin : &from->rel.o;
	struct edit e = {
		.arena = arena,
		.dialect = &sd_dialect_sqlite,
		.ddl = ((const struct sd_table *)origin)->ddl,
		.from = from,
		.into = into,
		.renames = renames,
		.out = SD_BUF(arena),
		.comment = "",
	};
	const struct sd_stored *ddl = e.ddl;
	uint32_t behind = ddl->name.off + ddl->name.len, end = ddl->body.off + ddl->body.len;

	e.between = indentation(&e);
	sd_buf_addf(&e.out, "CREATE TABLE %s%s", sd_sqlite_name(arena, name),
		cut(&e, (struct sd_span){ behind, ddl->body.off - behind }));
	write_items(&e);
	if (from->strict == into->strict && from->without_rowid == into->without_rowid)
		sd_buf_addf(&e.out, "%s", ddl->text + end);
	else
		sd_buf_addf(&e.out, ")%s", sd_sqlite_options(arena, into));
	return sd_buf_text(&e.out);
}
