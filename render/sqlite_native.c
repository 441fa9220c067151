/* What ALTER TABLE can do, and the decision between it and a rebuild.
 * https://www.sqlite.org/lang_altertable.html and reference table of versions in
 * core/sql/: ADD COLUMN always, DROP COLUMN since 3.35, NOT NULL and CHECK since 3.53. */
#include "core/base/text.h"
#include "core/schema/stored.h"
#include "render/sqlite.h"

#include <string.h>

struct decision {
	const struct sd_diff *diff;
	const struct sd_dialect *dialect;
	struct sd_arena *arena;
	int target;
	const struct sd_object *from; /* the table before */
	const struct sd_changes *members;
};

/* ---- constraints that live in a column's definition ------------------------------------ */

bool
sd_sqlite_speaks_of_one(struct sd_arena *arena, const struct sd_object *table,
	const struct sd_object *column, const char *expression)
{
	const struct sd_list *columns = sd_parts_of((struct sd_object *)table, SD_COLUMN);

	for (size_t i = 0; i < columns->n; i++)
		if (columns->at[i] != column && sd_sql_mentions(&sd_dialect_sqlite, arena,
							expression, columns->at[i]->name))
			return false;
	return sd_sql_mentions(&sd_dialect_sqlite, arena, expression, column->name);
}

bool
sd_sqlite_goes_inline(struct sd_arena *arena, const struct sd_column *column,
	const struct sd_object *constraint)
{
	const struct sd_foreign_key *fk = (const struct sd_foreign_key *)constraint;

	if (column->o.twin || constraint->twin || (constraint->flags & SD_OBJ_UNMANAGED))
		return false;
	if (constraint->kind == SD_FOREIGN_KEY)
		return fk->columns.n == 1 &&
		       sd_name_equal(&sd_dialect_sqlite, fk->columns.at[0], column->o.name);
	return constraint->kind == SD_CHECK &&
	       sd_sqlite_speaks_of_one(arena, column->o.parent, &column->o,
		       ((const struct sd_check *)constraint)->expression);
}

void
sd_sqlite_inline_constraints(
	const struct sd_column *column, struct sd_buf *out, struct sd_list *written)
{
	static const enum sd_kind kinds[] = { SD_CHECK, SD_FOREIGN_KEY };

	for (size_t k = 0; k < SD_COUNT(kinds); k++) {
		const struct sd_list *list = sd_parts_of(column->o.parent, kinds[k]);

		for (size_t i = 0; i < list->n; i++) {
			struct sd_object *object = list->at[i];
			const char *label = "";

			if (!sd_sqlite_goes_inline(out->arena, column, object))
				continue;
			if (object->kind == SD_CHECK)
				sd_buf_addf(
					out, " %s", sd_sqlite_constraint(out->arena, object));
			else if (object->name)
				label = sd_fmt(out->arena, "CONSTRAINT %s ",
					sd_sqlite_name(out->arena, object->name));
			if (object->kind == SD_FOREIGN_KEY)
				sd_buf_addf(out, " %s%s", label,
					sd_sqlite_references(out->arena,
						(const struct sd_foreign_key *)object));
			if (written)
				*sd_push(out->arena, written) = object;
		}
	}
}

/* @constraint of the table before stands inside the definition of @column there. */
static bool
stands_inline(const struct decision *d, const struct sd_object *column,
	const struct sd_object *constraint)
{
	const struct sd_object *origin = d->from->origin ? d->from->origin : d->from;
	const struct sd_stored *ddl = ((const struct sd_table *)origin)->ddl;
	const struct sd_object *was = constraint->origin ? constraint->origin : constraint;

	if (!ddl)
		return sd_sqlite_goes_inline(
			d->arena, (const struct sd_column *)column, constraint);
	for (size_t i = 0; i < ddl->n_items; i++) {
		const struct sd_item *item = &ddl->items[i];

		if (item->object != (column->origin ? column->origin : column))
			continue;
		for (size_t j = 0; j < item->n_clauses; j++)
			if (item->clauses[j].object == was)
				return true;
	}
	return false;
}

/* ---- can it be done in place? ----------------------------------------------------------- */

/* A column that the same plan adds and with which @constraint goes inline. */
static bool
goes_with_new_column(const struct decision *d, const struct sd_object *constraint)
{
	const struct sd_list *columns = sd_parts_of(constraint->parent, SD_COLUMN);

	for (size_t i = 0; i < columns->n; i++)
		if (sd_sqlite_goes_inline(
			    d->arena, (const struct sd_column *)columns->at[i], constraint))
			return true;
	return false;
}

static bool
goes_with_dropped_column(const struct decision *d, const struct sd_object *constraint)
{
	for (size_t i = 0; i < d->members->n; i++) {
		const struct sd_change *change = d->members->at[i];

		if (change->kind == SD_COLUMN && change->op == SD_OP_DROP &&
			stands_inline(d, change->from, constraint))
			return true;
	}
	return false;
}

/* UPDATE would fire the user's triggers; a copy does not. */
static bool
has_triggers(const struct sd_object *table)
{
	return sd_parts_of((struct sd_object *)table, SD_TRIGGER)->n != 0;
}

static bool
can_add_column(const struct decision *d, const struct sd_change *change)
{
	const struct sd_column *column = (const struct sd_column *)change->into;
	const struct sd_list *keys = sd_parts_of(column->o.parent, SD_FOREIGN_KEY);
	bool constant = column->deflt && sd_sqlite_is_literal(column->deflt) &&
			!sd_text_iequal(column->deflt, "null");

	if (column->rowid_alias || column->stored_generated || (column->deflt && !constant) ||
		(column->not_null && !constant && !column->generated))
		return false;
	if (column->backfill && (column->not_null || has_triggers(d->from)))
		return false;
	for (size_t i = 0; constant && i < keys->n; i++)
		if (sd_sqlite_goes_inline(d->arena, column, keys->at[i]))
			return false;
	return true;
}

/* Anything of the table that stays and mentions the column stands in the way; so does a key. */
static bool
is_used_in_table(const struct decision *d, const struct sd_object *column)
{
	for (size_t kind = 0; kind <= SD_FOREIGN_KEY; kind++) {
		const struct sd_list *list =
			sd_parts_of((struct sd_object *)d->from, (enum sd_kind)kind);

		for (size_t i = 0; i < list->n; i++) {
			const struct sd_object *object = list->at[i];
			const struct sd_column *other = (const struct sd_column *)object;
			bool names;

			if (kind == SD_COLUMN) {
				names = object != column && other->generated &&
					sd_sql_mentions(d->dialect, d->arena, other->generated,
						column->name);
			} else if (kind == SD_CHECK) {
				names = sd_sql_mentions(d->dialect, d->arena,
						((const struct sd_check *)object)->expression,
						column->name) &&
					!stands_inline(d, column, object);
			} else if (kind == SD_FOREIGN_KEY) {
				names = sd_names_find(&((const struct sd_foreign_key *)object)
							       ->columns,
						column->name) >= 0 &&
					!stands_inline(d, column, object);
			} else {
				const struct sd_parts *parts =
					&((const struct sd_key *)object)->columns;

				names = false;
				for (size_t j = 0; j < parts->n; j++)
					names |= parts->at[j].name &&
						 sd_name_equal(d->dialect, parts->at[j].name,
							 column->name);
			}
			if (names)
				return true;
		}
	}
	return false;
}

/* A view or trigger that the plan drops, for good or for a while, before it drops a column. */
static bool
makes_way(const struct sd_object *object)
{
	return !object->twin || (object->twin->flags & SD_OBJ_CHANGED);
}

/* A view or trigger that ALTER TABLE will not let pass: it speaks of both the table and the
 * column, or is broken, which the engine finds out whatever it speaks of. */
static bool
stands_in_way(const struct decision *d, const struct sd_object *object, const char *column)
{
	return (object->flags & SD_OBJ_BROKEN) ||
	       (sd_object_mentions(d->dialect, d->arena, object, d->from->name) &&
		       sd_object_mentions(d->dialect, d->arena, object, column));
}

static bool
is_used_elsewhere(const struct decision *d, const char *column)
{
	const struct sd_schema *schema = d->diff->renamed;

	for (size_t kind = SD_TABLE; kind <= SD_VIEW; kind++) {
		for (size_t i = 0; i < schema->objects[kind].n; i++) {
			struct sd_object *relation = schema->objects[kind].at[i];
			const struct sd_list *triggers = sd_parts_of(relation, SD_TRIGGER);

			if (kind == SD_VIEW && !makes_way(relation) &&
				stands_in_way(d, relation, column))
				return true;
			for (size_t t = 0; t < triggers->n; t++)
				if (!(relation->twin && makes_way(triggers->at[t])) &&
					stands_in_way(d, triggers->at[t], column))
					return true;
		}
	}
	return false;
}

static bool
can_drop_column(const struct decision *d, const struct sd_change *change)
{
	const struct sd_list *columns = sd_parts_of((struct sd_object *)d->from, SD_COLUMN);

	return sd_dialect_can(d->dialect, d->target, SD_CAP_DROP_COLUMN) && columns->n > 1 &&
	       !is_used_in_table(d, change->from) && !is_used_elsewhere(d, change->from->name);
}

/* Only NOT NULL differs, and this version can set and drop it. */
static bool
can_alter_column(const struct decision *d, const struct sd_change *change)
{
	const struct sd_field *nullable = sd_field_find(SD_COLUMN, "nullable");
	const struct sd_column *into = (const struct sd_column *)change->into;
	uint64_t bit = UINT64_C(1) << (nullable - sd_kinds[SD_COLUMN].fields);

	return sd_dialect_can(d->dialect, d->target, SD_CAP_ALTER_NOT_NULL) &&
	       change->fields == bit && !into->on_conflict &&
	       !(into->not_null && has_triggers(d->from));
}

static bool
can_change_check(const struct decision *d, const struct sd_change *change)
{
	bool alters = sd_dialect_can(d->dialect, d->target, SD_CAP_ALTER_CHECK);

	if (change->op == SD_OP_ADD)
		return goes_with_new_column(d, change->into) || alters;
	return change->op == SD_OP_DROP &&
	       (goes_with_dropped_column(d, change->from) || (alters && change->from->name));
}

static bool
can_change_key(const struct decision *d, const struct sd_change *change)
{
	if (change->op == SD_OP_ADD)
		return goes_with_new_column(d, change->into);
	return change->op == SD_OP_DROP && goes_with_dropped_column(d, change->from);
}

static bool
in_place(const struct decision *d, const struct sd_change *change)
{
	switch (change->kind) {
	case SD_COLUMN:
		return change->op == SD_OP_ADD    ? can_add_column(d, change)
		       : change->op == SD_OP_DROP ? can_drop_column(d, change)
						  : can_alter_column(d, change);
	case SD_CHECK:
		return can_change_check(d, change);
	case SD_FOREIGN_KEY:
		return can_change_key(d, change);
	case SD_INDEX:
	case SD_TRIGGER:
		return true;
	default:
		return false;
	}
}

bool
sd_sqlite_rebuilds(const struct sd_diff *diff, int target, const struct sd_object *from,
	const struct sd_changes *members)
{
	const struct decision d = { diff, diff->from->dialect, diff->arena, target, from,
		members };

	for (size_t i = 0; i < members->n; i++)
		if (!in_place(&d, members->at[i]) || sd_change_lacks_values(members->at[i]))
			return true;
	return false;
}

/* ---- the statements --------------------------------------------------------------------- */

const char *
sd_sqlite_fill(
	const struct sd_plan *plan, struct sd_arena *arena, const struct sd_column *column)
{
	if (column->backfill)
		return column->backfill;
	if (column->deflt)
		return column->deflt;
	(void)arena;
	return plan->down && column->not_null ? sd_sqlite_zero(column) : NULL;
}

static void
add_column(struct sd_sqlite_part *part, const struct sd_change *change)
{
	const struct sd_column *column = (const struct sd_column *)change->into;
	const char *table = sd_sqlite_name(part->arena, column->o.parent->name);
	struct sd_buf inlined = SD_BUF(part->arena);

	sd_sqlite_inline_constraints(column, &inlined, NULL);
	sd_sqlite_stmt(part, "ALTER TABLE %s ADD COLUMN %s%s", table,
		sd_sqlite_column(part->arena, column, NULL), sd_buf_text(&inlined));
	if (column->backfill)
		sd_sqlite_stmt(part, "UPDATE %s SET %s = (%s)", table,
			sd_sqlite_name(part->arena, column->o.name), column->backfill);
}

static void
alter_not_null(struct sd_sqlite_part *part, const struct sd_change *change)
{
	const struct sd_column *column = (const struct sd_column *)change->into;
	const char *table = sd_sqlite_name(part->arena, column->o.parent->name);
	const char *name = sd_sqlite_name(part->arena, column->o.name);
	const char *fill = sd_sqlite_fill(part->plan, part->arena, column);

	if (column->not_null && fill)
		sd_sqlite_stmt(part, "UPDATE %s SET %s = (%s) WHERE %s IS NULL", table, name,
			fill, name);
	sd_sqlite_stmt(part, "ALTER TABLE %s ALTER COLUMN %s %s NOT NULL", table, name,
		column->not_null ? "SET" : "DROP");
}

/* Checks that came or went with their column are done already. */
static bool
went_with_column(struct sd_sqlite_part *part, const struct sd_change *change)
{
	const struct sd_object *object = change->into ? change->into : change->from;
	const struct sd_object *table = object->parent;
	const struct decision d = { part->plan->diff, part->dialect, part->arena,
		part->plan->target, change->from ? table : table->twin,
		&part->plan->diff->changes };

	return change->into ? goes_with_new_column(&d, object)
			    : goes_with_dropped_column(&d, object);
}

void
sd_sqlite_native(struct sd_sqlite_part *part, const struct sd_change *change)
{
	const struct sd_object *object = change->into ? change->into : change->from;
	const char *table = sd_sqlite_name(part->arena, object->parent->name);

	if (change->kind == SD_COLUMN && change->op == SD_OP_ADD)
		add_column(part, change);
	else if (change->kind == SD_COLUMN && change->op == SD_OP_DROP)
		sd_sqlite_stmt(part, "ALTER TABLE %s DROP COLUMN %s", table,
			sd_sqlite_name(part->arena, object->name));
	else if (change->kind == SD_COLUMN)
		alter_not_null(part, change);
	else if (went_with_column(part, change))
		return;
	else if (change->op == SD_OP_ADD)
		sd_sqlite_stmt(part, "ALTER TABLE %s ADD %s", table,
			sd_sqlite_constraint(part->arena, object));
	else
		sd_sqlite_stmt(part, "ALTER TABLE %s DROP CONSTRAINT %s", table,
			sd_sqlite_name(part->arena, object->name));
}
