/* What a database would refuse, or would take and not mean: found here, with its place. */
#include "core/base/text.h"
#include "core/schema/loader.h"

#include <string.h>

static bool
has(const struct sd_loader *l, enum sd_trait trait)
{
	return l->dialect->traits & trait;
}

/* ---- reports ------------------------------------------------------------------------ */

bool
sd_verify_nearest(struct sd_loader *l, const struct sd_list *list, const char *name)
{
	struct sd_names names = { 0 };
	const char *nearest;

	/* Errors beyond the limit are only counted: no need to search for each. */
	if (l->diags->n_errors > SD_DIAGS_MAX)
		return false;
	for (size_t i = 0; i < list->n; i++)
		*sd_push(l->scratch, &names) = list->at[i]->name;
	*sd_push(l->scratch, &names) = NULL;
	nearest = sd_text_nearest(name, names.at);
	if (nearest)
		sd_hint(l->diags, "did you mean %s?", nearest);
	return nearest != NULL;
}

void
sd_verify_no_column(struct sd_loader *l, const struct sd_object *object,
	const struct sd_object *table, const char *name)
{
	sd_error(l->diags, object->pos, "%s: table %s has no column %s",
		sd_object_title(l->scratch, object), table->name, name);
	(void)sd_verify_nearest(
		l, &((const struct sd_relation *)table)->parts[SD_COLUMN], name);
}

/* ---- columns, as written ------------------------------------------------------------ */

/* Pairs of fields that exclude each other. */
static void
check_conflicts(struct sd_loader *l, const struct sd_column *column)
{
	const struct {
		bool both;
		const char *first, *second;
	} rows[] = {
		{ column->deflt && column->generated, "a default", "a generated value" },
		{ column->deflt && column->identity, "a default", "an identity" },
		{ column->generated && column->identity, "a generated value", "an identity" },
		{ column->generated && column->backfill, "a generated value", "a backfill" },
	};

	for (size_t i = 0; i < SD_COUNT(rows); i++)
		if (rows[i].both)
			sd_error(l->diags, column->o.pos, "%s has both %s and %s",
				sd_object_title(l->scratch, &column->o), rows[i].first,
				rows[i].second);
	if (column->stored_generated && !column->generated)
		sd_error(l->diags, column->o.pos, "%s is \"stored\" but has no \"as\"",
			sd_object_title(l->scratch, &column->o));
}

static bool
is_sole_integer_pk(const struct sd_table *table, const struct sd_column *column,
	const struct sd_column *sole)
{
	const struct sd_key *pk = sd_table_pk(table);

	return column == sole && !table->without_rowid && !pk->columns.at[0].desc &&
	       (column->identity || sd_text_iequal(column->type, "INTEGER"));
}

static void
check_numbering(struct sd_loader *l, const struct sd_table *table,
	const struct sd_column *column, const struct sd_column *sole)
{
	const char *what = column->identity ? "an identity" : "autoincrement";

	if (!column->identity && !column->autoincrement)
		return;
	if (is_sole_integer_pk(table, column, sole))
		return;
	sd_error(l->diags, column->o.pos,
		"%s: %s has %s only in an INTEGER primary key of one "
		"column, in a table with rowid",
		sd_object_title(l->scratch, &column->o), l->dialect->name, what);
	if (table->without_rowid)
		sd_hint(l->diags, "leave \"without_rowid\" out of table %s", table->rel.o.name);
	else if (sole == column)
		sd_hint(l->diags, "give it the type integer");
	else
		sd_hint(l->diags, "make %s the primary key of %s, or leave %s out",
			column->o.name, table->rel.o.name, what);
}

static void
check_null_key(struct sd_loader *l, const struct sd_table *table,
	const struct sd_column *column, const struct sd_column *sole)
{
	const char *why = NULL;

	if (!column->null_said || !sd_column_in_pk(l->dialect, column))
		return;
	if (!has(l, SD_TRAIT_ROWID))
		why = "is never NULL";
	else if (table->without_rowid)
		why = "is never NULL in a table without rowid";
	else if (table->strict)
		why = "is never NULL in a strict table";
	else if (is_sole_integer_pk(table, column, sole))
		why = "is the rowid, which is never NULL";
	if (why)
		sd_error(l->diags, column->o.pos, "%s is nullable, but a primary key column %s",
			sd_object_title(l->scratch, &column->o), why);
}

static void
check_columns(struct sd_loader *l, const struct sd_table *table)
{
	const struct sd_list *columns = &table->rel.parts[SD_COLUMN];
	const struct sd_column *sole = sd_normalise_sole_pk(l->schema, table);
	size_t stored = 0;

	for (size_t i = 0; i < columns->n; i++) {
		const struct sd_column *column = (const struct sd_column *)columns->at[i];

		stored += !column->generated;
		check_conflicts(l, column);
		check_null_key(l, table, column, sole);
		if (has(l, SD_TRAIT_ROWID))
			check_numbering(l, table, column, sole);
	}
	if (!columns->n)
		sd_error(l->diags, table->rel.o.pos, "table %s has no columns",
			table->rel.o.name);
	else if (!stored && has(l, SD_TRAIT_ROWID))
		sd_error(l->diags, table->rel.o.pos,
			"table %s has generated columns alone: expected another one",
			table->rel.o.name);
}

void
sd_verify_written(struct sd_loader *l)
{
	const struct sd_list *tables = &l->schema->objects[SD_TABLE];

	for (size_t i = 0; i < tables->n; i++) {
		const struct sd_table *table = (const struct sd_table *)tables->at[i];

		if (table->rel.o.flags & SD_OBJ_UNMANAGED)
			continue;
		check_columns(l, table);
		if (has(l, SD_TRAIT_ROWID) && table->without_rowid && !sd_table_pk(table))
			sd_error(l->diags, table->rel.o.pos,
				"table %s is without rowid: it needs a primary key",
				table->rel.o.name);
	}
	sd_verify_renames(l);
	sd_verify_names(l);
}

/* ---- keys and indexes --------------------------------------------------------------- */

/* A column of a key that stands for itself, not for an expression. */
static void
check_key_part(struct sd_loader *l, const struct sd_object *key, const struct sd_part *part)
{
	const struct sd_column *column;

	if (part->expression) {
		sd_error(l->diags, key->pos, "%s: expected columns, found the expression %s",
			sd_object_title(l->scratch, key), part->expression);
		if (key->kind == SD_UNIQUE)
			sd_hint(l->diags, "a unique index may have expressions: "
					  "\"indexes\": { … \"unique\": true }");
		return;
	}
	column = sd_column_find(l->dialect, key->parent, part->name);
	if (column && column->generated && key->kind == SD_PRIMARY_KEY)
		sd_error(l->diags, key->pos, "%s: column %s is generated, which can't be a key",
			sd_object_title(l->scratch, key), part->name);
}

static void
check_parts(struct sd_loader *l, const struct sd_object *object, const struct sd_parts *parts)
{
	bool key = object->kind != SD_INDEX;

	for (size_t i = 0; i < parts->n; i++) {
		const struct sd_part *part = &parts->at[i];

		if (key)
			check_key_part(l, object, part);
		if (part->name && !sd_column_find(l->dialect, object->parent, part->name))
			sd_verify_no_column(l, object, object->parent, part->name);
		for (size_t j = 0; key && part->name && j < i; j++)
			if (parts->at[j].name &&
				sd_name_equal(l->dialect, part->name, parts->at[j].name))
				sd_error(l->diags, object->pos, "%s lists column %s twice",
					sd_object_title(l->scratch, object), part->name);
	}
}

static void
check_include(struct sd_loader *l, const struct sd_object *object, const struct sd_names *names)
{
	for (size_t i = 0; i < names->n; i++)
		if (!sd_column_find(l->dialect, object->parent, names->at[i]))
			sd_verify_no_column(l, object, object->parent, names->at[i]);
}

static void
check_keys(struct sd_loader *l, const struct sd_table *table)
{
	static const enum sd_kind kinds[] = { SD_PRIMARY_KEY, SD_UNIQUE };
	const struct sd_list *indexes = &table->rel.parts[SD_INDEX];

	for (size_t k = 0; k < SD_COUNT(kinds); k++) {
		const struct sd_list *list = &table->rel.parts[kinds[k]];

		for (size_t i = 0; i < list->n; i++) {
			const struct sd_key *key = (const struct sd_key *)list->at[i];

			check_parts(l, &key->o, &key->columns);
			check_include(l, &key->o, &key->include);
		}
	}
	for (size_t i = 0; i < indexes->n; i++) {
		const struct sd_index *index = (const struct sd_index *)indexes->at[i];

		check_parts(l, &index->o, &index->columns);
		check_include(l, &index->o, &index->include);
	}
}

/* ---- types of strict tables --------------------------------------------------------- */

/* https://www.sqlite.org/stricttables.html */
static void
check_strict(struct sd_loader *l, const struct sd_table *table)
{
	static const char *const types[] = { "int", "integer", "real", "text", "blob", "any",
		NULL };
	const struct sd_list *columns = &table->rel.parts[SD_COLUMN];

	for (size_t i = 0; table->strict && i < columns->n; i++) {
		const struct sd_column *column = (const struct sd_column *)columns->at[i];
		bool known = !column->type;

		for (size_t j = 0; !known && types[j]; j++)
			known = sd_text_iequal(column->type, types[j]);
		if (known)
			continue;
		sd_error(l->diags, column->o.pos,
			"%s: a strict table has no type \"%s\", only int, integer, real, text, "
			"blob and any",
			sd_object_title(l->scratch, &column->o), column->type);
		sd_hint(l->diags, "give a type per dialect: { \"%s\": \"text\", … }",
			l->dialect->name);
	}
}

/* ---- triggers ----------------------------------------------------------------------- */

static void
check_sqlite_trigger(struct sd_loader *l, const struct sd_trigger *trigger)
{
	const char *title = sd_object_title(l->scratch, &trigger->o);

	if (trigger->events.n > 1) {
		sd_error(l->diags, trigger->o.pos, "%s: on %s a trigger has one event", title,
			l->dialect->name);
		sd_hint(l->diags, "write a trigger per event");
	}
	if (sd_names_find(&trigger->events, "truncate") >= 0)
		sd_error(l->diags, trigger->o.pos, "%s: %s has no TRUNCATE", title,
			l->dialect->name);
	if (sd_text_equal(trigger->for_each, "statement"))
		sd_error(l->diags, trigger->o.pos,
			"%s: on %s a trigger runs for each row, not for a statement", title,
			l->dialect->name);
}

static void
check_trigger(struct sd_loader *l, const struct sd_trigger *trigger)
{
	const char *title = sd_object_title(l->scratch, &trigger->o);
	bool view = trigger->o.parent->kind == SD_VIEW;
	bool instead = sd_text_equal(trigger->timing, "instead of");

	if (instead && !view)
		sd_error(l->diags, trigger->o.pos,
			"%s: only a view has triggers \"instead of\"", title);
	if (!instead && view && trigger->timing && has(l, SD_TRAIT_TRIGGER_BODY))
		sd_error(l->diags, trigger->o.pos,
			"%s: a view has only triggers \"instead of\"", title);
	if (trigger->of.n && sd_names_find(&trigger->events, "update") < 0)
		sd_error(l->diags, trigger->o.pos, "%s: \"of\" needs the event \"update\"",
			title);
	for (size_t i = 0; !view && i < trigger->of.n; i++)
		if (!sd_column_find(l->dialect, trigger->o.parent, trigger->of.at[i]))
			sd_verify_no_column(
				l, &trigger->o, trigger->o.parent, trigger->of.at[i]);
	if (has(l, SD_TRAIT_TRIGGER_BODY))
		check_sqlite_trigger(l, trigger);
}

static void
check_triggers(struct sd_loader *l, const struct sd_object *relation)
{
	const struct sd_list *list = &((const struct sd_relation *)relation)->parts[SD_TRIGGER];

	for (size_t i = 0; i < list->n; i++)
		check_trigger(l, (const struct sd_trigger *)list->at[i]);
}

/* ------------------------------------------------------------------------------------- */

static void
check_relation(struct sd_loader *l, const struct sd_object *relation)
{
	sd_verify_part_names(l, relation);
	if (relation->flags & SD_OBJ_UNMANAGED)
		return;
	check_triggers(l, relation);
	if (relation->kind != SD_TABLE)
		return;
	check_keys(l, (const struct sd_table *)relation);
	if (has(l, SD_TRAIT_ROWID))
		check_strict(l, (const struct sd_table *)relation);
	sd_verify_foreign_keys(l, relation);
	sd_verify_identities(l, relation);
}

void
sd_verify_finished(struct sd_loader *l)
{
	static const enum sd_kind kinds[] = { SD_TABLE, SD_VIEW };

	for (size_t k = 0; k < SD_COUNT(kinds); k++) {
		const struct sd_list *list = &l->schema->objects[kinds[k]];

		for (size_t i = 0; i < list->n; i++) {
			/* There may be thousands: a few relations' scratch at a time. */
			if (i % 64 == 0) {
				sd_arena_free(l->scratch);
				l->scratch = sd_arena_new();
			}
			check_relation(l, list->at[i]);
		}
	}
	sd_verify_sequences(l);
}
