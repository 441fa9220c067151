/* Model → DDL of SQLite: what has no stored text is written from the model. */
#include "core/base/text.h"
#include "core/schema/stored.h"
#include "render/sqlite.h"

#include <string.h>

static const struct sd_dialect *const sqlite = &sd_dialect_sqlite;

const char *
sd_sqlite_name(struct sd_arena *arena, const char *name)
{
	return sd_quote_name(sqlite, arena, name);
}

const char *
sd_sqlite_names(struct sd_arena *arena, const struct sd_names *names)
{
	return sd_quote_names(sqlite, arena, names);
}

/* ---- columns ------------------------------------------------------------------------- */

/* @expression consists of one literal token, with a sign perhaps; @current says whether
 * CURRENT_TIMESTAMP and its kin count. */
static bool
is_one_token(const char *expression, bool current)
{
	static const char *const constants[] = { "null", "true", "false" };
	static const char *const nows[] = { "current_time", "current_date",
		"current_timestamp" };
	struct sd_lex lex;
	struct sd_tok tok;

	sd_lex_init(&lex, sqlite->lex, expression, strlen(expression));
	tok = sd_lex_next_solid(&lex);
	if (sd_tok_is_op(expression, tok, "-") || sd_tok_is_op(expression, tok, "+")) {
		tok = sd_lex_next_solid(&lex);
		if (tok.kind != SD_TOK_NUMBER)
			return false;
	}
	if (sd_lex_next_solid(&lex).kind != SD_TOK_END)
		return false;
	if (tok.kind == SD_TOK_NUMBER || tok.kind == SD_TOK_STRING || tok.kind == SD_TOK_BLOB)
		return true;
	for (size_t i = 0; i < SD_COUNT(constants); i++)
		if (sd_tok_is_word(expression, tok, constants[i]) ||
			(current && sd_tok_is_word(expression, tok, nows[i])))
			return true;
	return false;
}

bool
sd_sqlite_is_literal(const char *expression)
{
	return is_one_token(expression, false);
}

const char *
sd_sqlite_default(struct sd_arena *arena, const char *expression)
{
	return is_one_token(expression, true) ? expression : sd_fmt(arena, "(%s)", expression);
}

static const char *
upper(struct sd_arena *arena, const char *words)
{
	char *text = sd_strdup(arena, words);

	for (char *p = text; *p; p++)
		if (*p >= 'a' && *p <= 'z')
			*p = (char)(*p - ('a' - 'A'));
	return text;
}

static void
on_conflict(struct sd_buf *out, const char *action)
{
	if (action)
		sd_buf_addf(out, " ON CONFLICT %s", upper(out->arena, action));
}

void
sd_sqlite_not_null(struct sd_buf *out, const struct sd_column *column)
{
	sd_buf_add(out, " NOT NULL");
	on_conflict(out, column->on_conflict);
}

void
sd_sqlite_generated(struct sd_buf *out, const struct sd_column *column)
{
	sd_buf_addf(out, " GENERATED ALWAYS AS (%s) %s", column->generated,
		column->stored_generated ? "STORED" : "VIRTUAL");
}

static const char *
label(struct sd_arena *arena, const struct sd_object *object)
{
	if (!object->name ||
		(object->kind == SD_PRIMARY_KEY && (object->flags & SD_OBJ_NAMELESS)))
		return "";
	return sd_fmt(arena, "CONSTRAINT %s ", sd_sqlite_name(arena, object->name));
}

const struct sd_key *
sd_sqlite_inline_key(const struct sd_table *table)
{
	const struct sd_key *pk = sd_table_pk(table);
	const struct sd_column *column;

	if (!pk || pk->columns.n != 1 || !pk->columns.at[0].name)
		return NULL;
	column = sd_column_find(sqlite, &table->rel.o, pk->columns.at[0].name);
	return column && column->rowid_alias ? pk : NULL;
}

void
sd_sqlite_inline_pk(
	struct sd_buf *out, const struct sd_key *key, const struct sd_column *column)
{
	sd_buf_addf(out, " %sPRIMARY KEY", label(out->arena, &key->o));
	on_conflict(out, key->on_conflict);
	if (column->autoincrement)
		sd_buf_add(out, " AUTOINCREMENT");
}

const char *
sd_sqlite_column(
	struct sd_arena *arena, const struct sd_column *column, const struct sd_key *inline_key)
{
	struct sd_buf out = SD_BUF(arena);

	sd_buf_add(&out, sd_sqlite_name(arena, column->o.name));
	if (column->rowid_alias)
		sd_buf_add(&out, " INTEGER");
	else if (column->type && *column->type)
		sd_buf_addf(&out, " %s", column->type);
	if (inline_key)
		sd_sqlite_inline_pk(&out, inline_key, column);
	if (column->not_null)
		sd_sqlite_not_null(&out, column);
	if (column->deflt)
		sd_buf_addf(&out, " DEFAULT %s", sd_sqlite_default(arena, column->deflt));
	if (column->collation)
		sd_buf_addf(&out, " COLLATE %s", sd_sqlite_name(arena, column->collation));
	if (column->generated)
		sd_sqlite_generated(&out, column);
	return sd_buf_text(&out);
}

/* ---- constraints ---------------------------------------------------------------------- */

static const char *
parts(struct sd_arena *arena, const struct sd_parts *list)
{
	struct sd_buf out = SD_BUF(arena);

	for (size_t i = 0; i < list->n; i++) {
		const struct sd_part *part = &list->at[i];

		sd_buf_sep(&out, ", ");
		sd_buf_add(&out,
			part->name ? sd_sqlite_name(arena, part->name) : part->expression);
		if (part->collation)
			sd_buf_addf(
				&out, " COLLATE %s", sd_sqlite_name(arena, part->collation));
		if (part->desc)
			sd_buf_add(&out, " DESC");
	}
	return sd_buf_text(&out);
}

const char *
sd_sqlite_references(struct sd_arena *arena, const struct sd_foreign_key *fk)
{
	struct sd_buf out = SD_BUF(arena);

	sd_buf_addf(&out, "REFERENCES %s", sd_sqlite_name(arena, fk->table));
	if (fk->ref_columns.n)
		sd_buf_addf(&out, " (%s)", sd_sqlite_names(arena, &fk->ref_columns));
	if (fk->on_delete)
		sd_buf_addf(&out, " ON DELETE %s", upper(arena, fk->on_delete));
	if (fk->on_update)
		sd_buf_addf(&out, " ON UPDATE %s", upper(arena, fk->on_update));
	if (fk->match)
		sd_buf_addf(&out, " MATCH %s", upper(arena, fk->match));
	if (fk->deferrable)
		sd_buf_addf(&out, " DEFERRABLE INITIALLY %s", upper(arena, fk->deferrable));
	return sd_buf_text(&out);
}

static void
key(struct sd_buf *out, const char *word, const struct sd_key *k)
{
	sd_buf_addf(out, "%s (%s)", word, parts(out->arena, &k->columns));
	on_conflict(out, k->on_conflict);
}

const char *
sd_sqlite_constraint(struct sd_arena *arena, const struct sd_object *object)
{
	struct sd_buf out = SD_BUF(arena);

	sd_buf_add(&out, label(arena, object));
	switch (object->kind) {
	case SD_PRIMARY_KEY:
		key(&out, "PRIMARY KEY", (const struct sd_key *)object);
		break;
	case SD_UNIQUE:
		key(&out, "UNIQUE", (const struct sd_key *)object);
		break;
	case SD_CHECK:
		sd_buf_addf(&out, "CHECK (%s)", ((const struct sd_check *)object)->expression);
		break;
	case SD_FOREIGN_KEY:
		sd_buf_addf(&out, "FOREIGN KEY (%s) %s",
			sd_sqlite_names(
				arena, &((const struct sd_foreign_key *)object)->columns),
			sd_sqlite_references(arena, (const struct sd_foreign_key *)object));
		break;
	default:
		sd_bug("%s is no constraint", sd_kinds[object->kind].word);
	}
	return sd_buf_text(&out);
}

/* ---- tables --------------------------------------------------------------------------- */

const char *
sd_sqlite_options(struct sd_arena *arena, const struct sd_table *table)
{
	struct sd_buf out = SD_BUF(arena);

	if (table->strict)
		sd_buf_add(&out, " STRICT");
	if (table->without_rowid)
		sd_buf_addf(&out, "%s WITHOUT ROWID", table->strict ? "," : "");
	return sd_buf_text(&out);
}

static const char *
table_from_model(struct sd_arena *arena, const struct sd_table *table, const char *name)
{
	const struct sd_key *inline_key = sd_sqlite_inline_key(table);
	struct sd_buf out = SD_BUF(arena);
	const char *sep = "\n  ";

	sd_buf_addf(&out, "CREATE TABLE %s (", sd_sqlite_name(arena, name));
	for (size_t i = 0; i < table->rel.parts[SD_COLUMN].n; i++, sep = ",\n  ") {
		const struct sd_column *column =
			(const struct sd_column *)table->rel.parts[SD_COLUMN].at[i];

		sd_buf_addf(&out, "%s%s", sep,
			sd_sqlite_column(
				arena, column, column->rowid_alias ? inline_key : NULL));
	}
	for (size_t kind = SD_PRIMARY_KEY; kind <= SD_FOREIGN_KEY; kind++)
		for (size_t i = 0; i < table->rel.parts[kind].n; i++)
			if (kind != SD_PRIMARY_KEY || !inline_key)
				sd_buf_addf(&out, "%s%s", sep,
					sd_sqlite_constraint(
						arena, table->rel.parts[kind].at[i]));
	sd_buf_addf(&out, "\n)%s", sd_sqlite_options(arena, table));
	return sd_buf_text(&out);
}

/* The stored text of @table with its name replaced. */
static const char *
stored_as(struct sd_arena *arena, const struct sd_table *table, const char *name)
{
	const struct sd_stored *ddl = table->ddl;

	return sd_fmt(arena, "CREATE TABLE %s%s", sd_sqlite_name(arena, name),
		ddl->text + ddl->name.off + ddl->name.len);
}

const char *
sd_sqlite_table(struct sd_arena *arena, const struct sd_table *table, const char *name,
	const struct sd_renames *renames)
{
	const struct sd_table *twin = (const struct sd_table *)table->rel.o.twin;
	const struct sd_object *origin =
		twin && twin->rel.o.origin ? twin->rel.o.origin : table->rel.o.twin;

	if (table->rel.o.stored && table->ddl && !(table->rel.o.flags & SD_OBJ_RENAMED)) {
		if (strcmp(name, table->rel.o.name) == 0)
			return table->rel.o.stored;
		return stored_as(arena, table, name);
	}
	if (origin && ((const struct sd_table *)origin)->ddl)
		return sd_sqlite_edit(arena, twin, table, name, renames);
	return table_from_model(arena, table, name);
}

/* ---- indexes, views, triggers --------------------------------------------------------- */

static const char *
index_from_model(struct sd_arena *arena, const struct sd_index *index)
{
	return sd_fmt(arena, "CREATE %sINDEX %s ON %s (%s)%s%s", index->unique ? "UNIQUE " : "",
		sd_sqlite_name(arena, index->o.name),
		sd_sqlite_name(arena, index->o.parent->name), parts(arena, &index->columns),
		index->where ? " WHERE " : "", index->where ? index->where : "");
}

static const char *
view_from_model(struct sd_arena *arena, const struct sd_view *view)
{
	const char *columns =
		view->columns.n ? sd_fmt(arena, " (%s)", sd_sqlite_names(arena, &view->columns))
				: "";

	return sd_fmt(arena, "CREATE VIEW %s%s AS\n%s", sd_sqlite_name(arena, view->rel.o.name),
		columns, view->definition);
}

/* A body's last statement needs its semicolon before END. */
static const char *
closed(struct sd_arena *arena, const char *body)
{
	const char *text = sd_text_trim(arena, body);
	size_t len = strlen(text);

	return len && text[len - 1] == ';' ? text : sd_fmt(arena, "%s;", text);
}

static const char *
trigger_from_model(struct sd_arena *arena, const struct sd_trigger *trigger)
{
	const char *event = trigger->events.n ? trigger->events.at[0] : "insert";
	struct sd_buf out = SD_BUF(arena);

	sd_buf_addf(&out, "CREATE TRIGGER %s", sd_sqlite_name(arena, trigger->o.name));
	if (trigger->timing)
		sd_buf_addf(&out, " %s", upper(arena, trigger->timing));
	sd_buf_addf(&out, " %s", upper(arena, event));
	if (trigger->of.n)
		sd_buf_addf(&out, " OF %s", sd_sqlite_names(arena, &trigger->of));
	sd_buf_addf(
		&out, " ON %s\nFOR EACH ROW", sd_sqlite_name(arena, trigger->o.parent->name));
	if (trigger->when)
		sd_buf_addf(&out, " WHEN (%s)", trigger->when);
	sd_buf_addf(&out, "\nBEGIN\n  %s\nEND", closed(arena, trigger->body));
	return sd_buf_text(&out);
}

const char *
sd_sqlite_create(struct sd_arena *arena, const struct sd_object *object)
{
	const struct sd_object *twin = object->twin;

	if (object->stored && !(object->flags & SD_OBJ_RENAMED))
		return object->stored;
	if (twin && twin->stored && !(object->flags & SD_OBJ_CHANGED) &&
		!(twin->flags & SD_OBJ_RENAMED))
		return twin->stored;
	switch (object->kind) {
	case SD_INDEX:
		return index_from_model(arena, (const struct sd_index *)object);
	case SD_VIEW:
		return view_from_model(arena, (const struct sd_view *)object);
	case SD_TRIGGER:
		return trigger_from_model(arena, (const struct sd_trigger *)object);
	default:
		sd_bug("no statement creates a %s", sd_kinds[object->kind].word);
	}
}
