/* What a change may cost, what it needs, and when the answer is no.  Nothing here looks at
 * rows: what depends on them is a guard in the script. */
#include "diff/internal.h"

#include "core/base/text.h"
#include "core/sql/canon.h"

#include <string.h>

static const struct {
	enum sd_hazard hazard;
	const char *word;
} words[] = {
	{ SD_HAZARD_NOT_NULL, "not-null" },
	{ SD_HAZARD_LOSES_DEPENDENTS, "loses-dependents" },
};

const char *
sd_hazard_word(enum sd_hazard hazard)
{
	for (size_t i = 0; i < SD_COUNT(words); i++)
		if (words[i].hazard == hazard)
			return words[i].word;
	return NULL;
}

unsigned
sd_hazard_parse(const char *word)
{
	if (strcmp(word, "all") == 0)
		return ~0u;
	for (size_t i = 0; i < SD_COUNT(words); i++)
		if (strcmp(words[i].word, word) == 0)
			return words[i].hazard;
	return SD_HAZARD_NONE;
}

bool
sd_object_mentions(const struct sd_dialect *dialect, struct sd_arena *scratch,
	const struct sd_object *object, const char *name)
{
	const struct sd_kind_desc *desc = &sd_kinds[object->kind];

	if (object->parent && sd_name_equal(dialect, object->parent->name, name))
		return true;
	for (size_t i = 0; i < desc->n_fields; i++) {
		const char *sql;

		if (desc->fields[i].type == SD_F_NAMES) {
			const struct sd_names *names =
				sd_field_at(object, &desc->fields[i], const struct sd_names);

			for (size_t j = 0; j < names->n; j++)
				if (sd_name_equal(dialect, names->at[j], name))
					return true;
		}
		if (desc->fields[i].type != SD_F_SQL)
			continue;
		sql = sd_field_get(object, &desc->fields[i], char *);
		if (sql && sd_sql_mentions(dialect, scratch, sql, name))
			return true;
	}
	return object->opaque && object->stored &&
	       sd_sql_mentions(dialect, scratch, object->stored, name);
}

/* ---- values for rows that exist ------------------------------------------------------ */

bool
sd_change_lacks_values(const struct sd_change *change)
{
	const struct sd_column *into = (const struct sd_column *)change->into;
	const struct sd_column *from = (const struct sd_column *)change->from;

	if (change->kind != SD_COLUMN || !into || !into->not_null || into->rowid_alias ||
		into->generated || into->backfill || into->deflt || into->identity ||
		into->numbers)
		return false;
	if (change->op == SD_OP_ALTER)
		return !from->not_null && !from->rowid_alias && !into->convert;
	return change->op == SD_OP_ADD && into->o.parent->twin != NULL;
}

/* A constraint of @column's table in which invented values can't stand. */
static const struct sd_object *
constraint_against_invention(const struct sd_diff *diff, const struct sd_column *column)
{
	struct sd_object *table = column->o.parent;

	for (size_t kind = SD_PRIMARY_KEY; kind <= SD_FOREIGN_KEY; kind++) {
		const struct sd_list *list = sd_parts_of(table, (enum sd_kind)kind);

		for (size_t i = 0; i < list->n; i++) {
			const struct sd_object *object = list->at[i];
			const struct sd_names *names =
				&((const struct sd_foreign_key *)object)->columns;
			const struct sd_parts *parts =
				&((const struct sd_key *)object)->columns;

			if (kind == SD_CHECK || kind == SD_EXCLUSION)
				continue;
			for (size_t j = 0; kind == SD_FOREIGN_KEY && j < names->n; j++)
				if (sd_name_equal(
					    diff->into->dialect, names->at[j], column->o.name))
					return object;
			for (size_t j = 0; kind != SD_FOREIGN_KEY && j < parts->n; j++)
				if (parts->at[j].name &&
					sd_name_equal(diff->into->dialect, parts->at[j].name,
						column->o.name))
					return object;
		}
	}
	return NULL;
}

static void
refuse(struct sd_plan *plan, unsigned allow, enum sd_hazard hazard, const struct sd_object *object,
	const char *text)
{
	plan->hazards |= hazard;
	if (!(allow & hazard) && !plan->down)
		sd_plan_refuse(plan, object, text);
}

static void
find_missing_values(struct sd_plan *plan, struct sd_change *change, unsigned allow)
{
	struct sd_arena *arena = plan->diff->arena;
	const char *path = sd_object_path(arena, change->into);

	if (!plan->down) {
		change->hazards |= SD_HAZARD_NOT_NULL;
		refuse(plan, allow, SD_HAZARD_NOT_NULL, change->into,
			sd_fmt(arena,
				"column %s is NOT NULL and nothing fills the rows that exist: "
				"give it \"backfill\" or \"default\", or agree with --allow "
				"not-null",
				path));
		return;
	}
	change->hazards |= SD_HAZARD_INVENTS;
	if (change->op == SD_OP_ADD) {
		const struct sd_object *key = constraint_against_invention(
			plan->diff, (const struct sd_column *)change->into);

		if (!key || plan->irreversible)
			return;
		plan->irreversible = sd_fmt(arena,
			"%s was NOT NULL and stands in %s: its values are gone and none can be "
			"invented",
			path, sd_object_title(arena, key));
		change->hazards |= SD_HAZARD_IRREVERSIBLE;
	}
}

/* ---- what hangs on the things that go ------------------------------------------------ */

/* Another relation that @object speaks of has a column of this name too: tokens can't tell
 * whose it is, the engine will when the script runs. */
static bool
could_be_anothers(const struct sd_plan *plan, const struct sd_object *object,
	const struct sd_object *table, const char *column)
{
	const struct sd_schema *schema = plan->diff->into;

	for (size_t kind = SD_TABLE; kind <= SD_VIEW; kind++) {
		for (size_t i = 0; i < schema->objects[kind].n; i++) {
			const struct sd_object *other = schema->objects[kind].at[i];

			if (other == table->twin ||
				!sd_object_mentions(schema->dialect, plan->diff->arena, object,
					other->name))
				continue;
			if (kind == SD_VIEW ||
				sd_part_find(schema->dialect, other, SD_COLUMN, column))
				return true;
		}
	}
	return false;
}

/* @object, a view or trigger that stays, uses what @change drops. */
static bool
would_break(const struct sd_plan *plan, const struct sd_change *change,
	const struct sd_object *object)
{
	const struct sd_dialect *dialect = plan->diff->into->dialect;
	const struct sd_object *table =
		change->kind == SD_COLUMN ? change->from->parent : change->from;

	if (!sd_object_mentions(dialect, plan->diff->arena, object, table->name))
		return false;
	if (change->kind != SD_COLUMN)
		return true;
	return sd_object_mentions(dialect, plan->diff->arena, object, change->from->name) &&
	       !could_be_anothers(plan, object, table, change->from->name);
}

struct dependents {
	struct sd_plan *plan;
	const struct sd_change *change;
	unsigned allow;
};

static void
check_dependent(void *ctx, struct sd_object *object)
{
	const struct dependents *d = ctx;
	struct sd_arena *arena = d->plan->diff->arena;

	if ((object->kind != SD_VIEW && object->kind != SD_TRIGGER) ||
		(object->parent && object->parent->twin == d->change->from) ||
		!would_break(d->plan, d->change, object))
		return;
	refuse(d->plan, d->allow, SD_HAZARD_LOSES_DEPENDENTS, object->twin,
		sd_fmt(arena,
			"%s stays and uses %s, which would be dropped: change or drop it too, "
			"or "
			"agree with --allow loses-dependents",
			sd_object_title(arena, object),
			sd_object_title(arena, d->change->from)));
}

static void
find_dependents(struct sd_plan *plan, const struct sd_change *change, unsigned allow)
{
	struct dependents d = { plan, change, allow };

	if (!plan->down)
		sd_schema_walk(plan->diff->into, check_dependent, &d);
}

/* ---- what the model does not describe ------------------------------------------------ */

static const struct sd_object *
original(const struct sd_object *object)
{
	while (object->origin)
		object = object->origin;
	return object;
}

static bool
has_column(const struct sd_plan *plan, const struct sd_key *key, const char *column)
{
	for (size_t i = 0; column && i < key->columns.n; i++)
		if (key->columns.at[i].name && sd_name_equal(plan->diff->from->dialect,
						       key->columns.at[i].name, column))
			return true;
	return false;
}

/* @dependent hangs on the very thing that @change drops or alters. */
static bool
hangs_on(const struct sd_plan *plan, const struct sd_dependent *dependent,
	const struct sd_change *change)
{
	const struct sd_object *object = original(change->from);

	if (change->kind == SD_PRIMARY_KEY || change->kind == SD_UNIQUE)
		return dependent->on == object->parent && dependent->refers &&
		       has_column(plan, (const struct sd_key *)object, dependent->column);
	if (change->kind != SD_COLUMN)
		return dependent->on == object && !dependent->column;
	return dependent->on == object->parent && dependent->column &&
	       sd_name_equal(plan->diff->from->dialect, dependent->column, object->name);
}

enum fate { STAYS, DROPPED, REPLACED, BLOCKED };

/* What becomes of the thing that others hang on. */
static enum fate
fate_of(const struct sd_change *change)
{
	const struct sd_field *generated = sd_field_find(SD_COLUMN, "as");
	const struct sd_field *type = sd_field_find(SD_COLUMN, "type");
	uint64_t bit = UINT64_C(1);

	if (change->op == SD_OP_DROP)
		return DROPPED;
	if (change->op != SD_OP_ALTER)
		return STAYS;
	if (change->kind == SD_ENUM &&
		!sd_enum_grows((const struct sd_enum *)change->from,
			(const struct sd_enum *)change->into))
		return REPLACED;
	if (change->kind == SD_PRIMARY_KEY || change->kind == SD_UNIQUE)
		return change->fields & ~(SD_FIELD_BIT_NAME |
						bit << (sd_field_find(change->kind, "comment") -
							sd_kinds[change->kind].fields))
			       ? REPLACED
			       : STAYS;
	if (change->kind != SD_COLUMN)
		return STAYS;
	if (change->fields & bit << (generated - sd_kinds[SD_COLUMN].fields))
		return REPLACED;
	return change->fields & bit << (type - sd_kinds[SD_COLUMN].fields) ? BLOCKED : STAYS;
}

/* Sequences that nobody manages and that belong to the table or column go with it. */
static void
find_owned(struct sd_plan *plan, const struct sd_change *change, unsigned allow)
{
	const struct sd_list *list = &plan->diff->renamed->objects[SD_SEQUENCE];
	struct sd_arena *arena = plan->diff->arena;
	const struct sd_object *table =
		change->kind == SD_COLUMN ? change->from->parent : change->from;

	for (size_t i = 0; i < list->n; i++) {
		const struct sd_sequence *sequence = (const struct sd_sequence *)list->at[i];
		const struct sd_column *owner = sd_sequence_owner(plan->diff->renamed, sequence);

		if (!owner || !(sequence->o.flags & SD_OBJ_UNMANAGED) ||
			owner->o.parent != table ||
			(change->kind == SD_COLUMN && &owner->o != change->from))
			continue;
		refuse(plan, allow, SD_HAZARD_LOSES_DEPENDENTS, change->into,
			sd_fmt(arena,
				"%s belongs to %s, which would be dropped, and would be lost "
				"with it: let the schema files say what becomes of it, or agree "
				"with --allow loses-dependents",
				sd_object_title(arena, &sequence->o),
				sd_object_title(arena, change->from)));
	}
}

static void
find_opaque(struct sd_plan *plan, struct sd_change *change, unsigned allow)
{
	static const char *const fates[] = { [DROPPED] = "would be dropped",
		[REPLACED] = "would be made anew", [BLOCKED] = "would change its type" };
	struct sd_arena *arena = plan->diff->arena;
	enum fate fate = change->from ? fate_of(change) : STAYS;

	for (size_t i = 0; fate != STAYS && i < plan->diff->from->dependents.n; i++) {
		const struct sd_dependent *d = &plan->diff->from->dependents.at[i];

		if (!hangs_on(plan, d, change) || (fate == BLOCKED && !d->blocks_type))
			continue;
		if (d->goes_along)
			*sd_push(arena, &change->losses) = d->title;
		refuse(plan, allow, SD_HAZARD_LOSES_DEPENDENTS, change->into,
			sd_fmt(arena,
				"%s hangs on %s, which %s%s: drop it first and create it "
				"again behind this revision, or agree with --allow "
				"loses-dependents",
				d->title, sd_object_title(arena, change->from), fates[fate],
				d->goes_along ? ", and would be lost with it" : ""));
	}
}

/* @dependent uses enum @type: itself, or a column of it. */
static bool
uses_enum(const struct sd_plan *plan, const struct sd_dependent *dependent,
	const struct sd_object *type)
{
	const struct sd_column *column;
	bool array;

	if (dependent->on == type)
		return true;
	if (dependent->on->kind != SD_TABLE || !dependent->column || !dependent->blocks_type)
		return false;
	column = sd_column_find(plan->diff->into->dialect, dependent->on, dependent->column);
	return column && sd_column_has_enum(plan->diff->arena, plan->diff->into->dialect,
				 column, type, &array);
}

/* The way back takes values from an enum, which makes a new type: what was there before the way
 * there, and uses the old one, stands in the way. */
static void
find_way_back(struct sd_plan *plan, const struct sd_change *change)
{
	const struct sd_schema *into = plan->diff->into;

	if (change->kind != SD_ENUM || change->op != SD_OP_ALTER || plan->irreversible ||
		sd_enum_grows((const struct sd_enum *)change->from,
			(const struct sd_enum *)change->into))
		return;
	for (size_t i = 0; i < into->dependents.n; i++) {
		const struct sd_dependent *d = &into->dependents.at[i];

		if (!uses_enum(plan, d, original(change->into)))
			continue;
		plan->irreversible = sd_fmt(plan->diff->arena,
			"%s uses %s, from which no value can be taken while it does", d->title,
			sd_object_title(plan->diff->arena, change->into));
		return;
	}
}

/* ---- all of it ----------------------------------------------------------------------- */

static int
field_bit(const struct sd_change *change, enum sd_kind kind, const char *key)
{
	const struct sd_field *field = sd_field_find(kind, key);

	return field && change->kind == kind &&
	       (change->fields & UINT64_C(1) << (field - sd_kinds[kind].fields)) != 0;
}

void
sd_hazards_find(struct sd_plan *plan, unsigned allow)
{
	const struct sd_changes *changes = &plan->diff->changes;

	for (size_t i = 0; i < changes->n; i++) {
		struct sd_change *change = changes->at[i];

		if (change->op == SD_OP_DROP && change->kind == SD_TABLE)
			change->hazards |= SD_HAZARD_DROPS_TABLE;
		if (change->op == SD_OP_DROP && change->kind == SD_COLUMN &&
			!((const struct sd_column *)change->from)->generated)
			change->hazards |= SD_HAZARD_DROPS_COLUMN;
		if (change->op == SD_OP_ALTER && change->kind == SD_COLUMN &&
			!((const struct sd_column *)change->from)->generated &&
			((const struct sd_column *)change->into)->generated)
			change->hazards |= SD_HAZARD_DROPS_COLUMN;
		if (change->op == SD_OP_DROP &&
			(change->kind == SD_TABLE || change->kind == SD_COLUMN ||
				change->kind == SD_VIEW))
			find_dependents(plan, change, allow);
		if (change->op == SD_OP_ALTER && field_bit(change, SD_COLUMN, "type"))
			change->hazards |= SD_HAZARD_CONVERTS;
		if (plan->down)
			find_way_back(plan, change);
		else
			find_opaque(plan, change, allow);
		if (!plan->down && change->op == SD_OP_DROP &&
			(change->kind == SD_TABLE || change->kind == SD_COLUMN))
			find_owned(plan, change, allow);
		if (sd_change_lacks_values(change))
			find_missing_values(plan, change, allow);
		plan->hazards |= change->hazards;
	}
}

/* A foreign key comes back to a table that comes back empty. */
static void
warn_orphans(const struct sd_plan *plan, const struct sd_foreign_key *fk, struct sd_names *warnings)
{
	struct sd_arena *arena = plan->diff->arena;
	const struct sd_table *table =
		sd_schema_table(plan->diff->into, fk->table_ns, fk->table);

	if (fk->o.parent->twin && table && !table->rel.o.twin)
		*sd_push(arena, warnings) = sd_fmt(arena,
			"stops if a row of %s refers to one of %s, whose rows are gone",
			sd_object_path(arena, fk->o.parent), sd_object_path(arena, &table->rel.o));
}

static void
warn_values(struct sd_arena *arena, const struct sd_enum *from, const struct sd_enum *into,
	const char *where, struct sd_names *warnings)
{
	for (size_t i = 0; i < from->values.n; i++) {
		bool stays = false;

		for (size_t k = 0; k < into->values.n && !stays; k++)
			stays = sd_text_equal(
				sd_enum_earlier(from, into, k), from->values.at[i]);
		if (!stays)
			*sd_push(arena, warnings) = sd_fmt(arena,
				"stops if a row has the value %s%s, which enum %s loses",
				from->values.at[i], where, sd_object_path(arena, &into->o));
	}
}

void
sd_change_warnings(const struct sd_plan *plan, const struct sd_change *change,
	struct sd_arena *arena, struct sd_names *warnings)
{
	const struct sd_object *object = change->into ? change->into : change->from;
	const char *path = sd_object_path(arena, object);
	const struct sd_column *from = (const struct sd_column *)change->from;
	const struct sd_column *into = (const struct sd_column *)change->into;
	struct sd_check_values values;

	for (size_t i = 0; change->members && i < change->members->n; i++)
		sd_change_warnings(plan, change->members->at[i], arena, warnings);
	if (change->members)
		return;
	if (change->hazards & SD_HAZARD_DROPS_TABLE)
		*sd_push(arena, warnings) = sd_fmt(arena, "drops table %s and its rows", path);
	if (change->hazards & SD_HAZARD_DROPS_COLUMN)
		*sd_push(arena, warnings) = sd_fmt(arena, "drops the data in %s", path);
	if (plan->down && change->op == SD_OP_ADD && change->kind == SD_TABLE)
		*sd_push(arena, warnings) = sd_fmt(arena,
			"the rows of %s were dropped on the way up and do not come back", path);
	if (plan->down && change->op == SD_OP_ADD && change->kind == SD_COLUMN &&
		object->parent->twin && !into->generated)
		*sd_push(arena, warnings) = sd_fmt(arena,
			"the data of %s was dropped on the way up and does not come back",
			path);
	if (change->hazards & SD_HAZARD_INVENTS)
		*sd_push(arena, warnings) =
			sd_fmt(arena, "values are invented for %s where there are none", path);
	for (size_t i = 0; i < change->losses.n; i++)
		*sd_push(arena, warnings) =
			sd_fmt(arena, "drops %s along with it", change->losses.at[i]);
	if (change->op == SD_OP_DROP && change->kind == SD_SEQUENCE)
		*sd_push(arena, warnings) =
			sd_fmt(arena, "drops sequence %s and the number it has come to", path);
	if (change->op == SD_OP_ALTER && change->kind == SD_COLUMN && from->numbers &&
		!into->numbers)
		*sd_push(arena, warnings) = sd_fmt(arena,
			"drops the sequence of %s and the number it has come to", path);
	if (plan->down && change->op == SD_OP_ADD && change->kind == SD_FOREIGN_KEY)
		warn_orphans(plan, (const struct sd_foreign_key *)object, warnings);
	if (change->op == SD_OP_ALTER && change->kind == SD_ENUM)
		warn_values(arena, (const struct sd_enum *)change->from,
			(const struct sd_enum *)change->into, "", warnings);
	if (sd_check_values(plan->diff, change, arena, &values))
		warn_values(arena, values.from, values.into,
			sd_fmt(arena, " in %s.%s", sd_object_path(arena, object->parent), values.column),
			warnings);
	if (change->hazards & SD_HAZARD_NOT_NULL)
		*sd_push(arena, warnings) =
			sd_fmt(arena, "stops if a row has no value for %s", path);
	if (change->op == SD_OP_ALTER && change->kind == SD_COLUMN && from->autoincrement &&
		!into->autoincrement)
		*sd_push(arena, warnings) =
			sd_fmt(arena, "drops the AUTOINCREMENT counter of %s", path);
}
