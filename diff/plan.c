/* The plan: the changes of a diff as steps in running order.
 *
 * A changed view, trigger or index is dropped early and created late; a table whose changes
 * the engine cannot make in place becomes one rebuild that holds them all; what is unchanged
 * but hangs on something that makes way is recreated. */
#include "diff/internal.h"

#include "core/base/text.h"

#include <string.h>

void
sd_plan_refuse(struct sd_plan *plan, const struct sd_object *object, const char *text)
{
	struct sd_refusal *refusal = sd_push(plan->diff->arena, &plan->refusals);

	refusal->text = text;
	if (object && object->pos.file)
		refusal->pos = object->pos;
}

struct sd_change *
sd_step_add(struct sd_plan *plan, enum sd_op op, enum sd_kind kind, struct sd_object *from,
	struct sd_object *into)
{
	struct sd_change *change = sd_new(plan->diff->arena, struct sd_change);

	change->op = op;
	change->kind = kind;
	change->from = from;
	change->into = into;
	*sd_push(plan->diff->arena, &plan->steps) = change;
	return change;
}

/* ---- tables that exist: in place, or rebuilt ------------------------------------------ */

/* The table that stays and that @change is about, as @from has it; NULL when there is none. */
static struct sd_object *
table_of(const struct sd_change *change)
{
	struct sd_object *object = change->from ? change->from : change->into;

	if (change->op == SD_OP_RENAME || change->kind == SD_TRIGGER)
		return NULL;
	if (change->kind == SD_TABLE)
		return change->op == SD_OP_ALTER ? change->from : NULL;
	if (!object->parent || object->parent->kind != SD_TABLE)
		return NULL;
	return change->from ? change->from->parent : change->into->parent->twin;
}

/* Changes are found table by table, so a table's members lie side by side. */
static size_t
gather_members(const struct sd_diff *diff, size_t first, const struct sd_object *table,
	struct sd_changes *members)
{
	size_t i;

	for (i = first; i < diff->changes.n; i++) {
		struct sd_change *change = diff->changes.at[i];

		if (table_of(change) == table)
			*sd_push(diff->arena, members) = change;
		else if (change->kind != SD_TRIGGER)
			break;
	}
	return i;
}

static void
recreate_triggers(struct sd_plan *plan, struct sd_object *relation)
{
	const struct sd_list *triggers = sd_parts_of(relation, SD_TRIGGER);

	for (size_t i = 0; i < triggers->n; i++)
		if (triggers->at[i]->twin && !(triggers->at[i]->twin->flags & SD_OBJ_CHANGED))
			sd_step_add(plan, SD_OP_RECREATE, SD_TRIGGER, triggers->at[i],
				triggers->at[i]->twin);
}

static void
split_index(struct sd_plan *plan, const struct sd_change *change)
{
	if (change->from)
		sd_step_add(plan, SD_OP_DROP, SD_INDEX, change->from, NULL);
	if (change->into)
		sd_step_add(plan, SD_OP_ADD, SD_INDEX, NULL, change->into);
}

/* The copy would need what only the user's application registers. */
static void
refuse_alien(struct sd_plan *plan, const struct sd_table *table)
{
	struct sd_arena *arena = plan->diff->arena;

	if (table->alien && !plan->down)
		sd_plan_refuse(plan, table->rel.o.twin,
			sd_fmt(arena,
				"table %s must be rebuilt and uses %s, which the application registers "
				"and this program has not got: let the application make this change",
				sd_object_path(arena, &table->rel.o), table->alien));
}

static void
plan_table(struct sd_plan *plan, const struct sd_strategy *strategy, struct sd_object *table,
	struct sd_changes *members)
{
	if (strategy->rebuilds && strategy->rebuilds(plan->diff, plan->target, table, members)) {
		struct sd_change *rebuild =
			sd_step_add(plan, SD_OP_REBUILD, SD_TABLE, table, table->twin);

		rebuild->members = members;
		refuse_alien(plan, (const struct sd_table *)table);
		for (size_t i = 0; i < members->n; i++)
			rebuild->hazards |= members->at[i]->hazards;
		recreate_triggers(plan, table);
		return;
	}
	for (size_t i = 0; i < members->n; i++) {
		if (members->at[i]->kind == SD_INDEX && !strategy->replaces)
			split_index(plan, members->at[i]);
		else
			*sd_push(plan->diff->arena, &plan->steps) = members->at[i];
	}
}

static void
plan_tables(struct sd_plan *plan, const struct sd_strategy *strategy)
{
	const struct sd_diff *diff = plan->diff;

	for (size_t i = 0; i < diff->changes.n;) {
		struct sd_object *table = table_of(diff->changes.at[i]);
		struct sd_changes *members = sd_new(diff->arena, struct sd_changes);

		if (!table) {
			i++;
			continue;
		}
		i = gather_members(diff, i, table, members);
		plan_table(plan, strategy, table, members);
	}
}

/* ---- everything else ------------------------------------------------------------------ */

/* CREATE TABLE makes every constraint valid. */
static bool
is_not_valid(const struct sd_object *object)
{
	if (object->kind == SD_CHECK)
		return ((const struct sd_check *)object)->not_valid;
	return object->kind == SD_FOREIGN_KEY &&
	       ((const struct sd_foreign_key *)object)->not_valid;
}

/* Nothing but names, comments and how the index is stored tell @a and @b apart. */
static bool
same_constraint(
	const struct sd_plan *plan, const struct sd_object *a, const struct sd_object *b)
{
	const struct sd_kind_desc *desc = &sd_kinds[a->kind];

	for (size_t i = 0; i < desc->n_fields; i++)
		if (strcmp(desc->fields[i].key, "comment") != 0 &&
			!(desc->fields[i].flags & SD_FIELD_TUNING) &&
			!sd_field_equal(plan->diff->into->dialect, plan->diff->arena,
				&desc->fields[i], a, b))
			return false;
	return true;
}

/* PostgreSQL makes one of two equal keys, or exclusions, in a CREATE TABLE. */
static bool
would_merge(const struct sd_plan *plan, const struct sd_list *list, size_t i)
{
	struct sd_object *object = list->at[i];
	const struct sd_key *pk = sd_table_pk((const struct sd_table *)object->parent);

	if ((object->kind != SD_UNIQUE && object->kind != SD_EXCLUSION) ||
		!(plan->diff->into->dialect->traits & SD_TRAIT_KEYS_BIND))
		return false;
	if (object->kind == SD_UNIQUE && pk && same_constraint(plan, object, &pk->o))
		return true;
	for (size_t k = 0; k < i; k++)
		if (same_constraint(plan, object, list->at[k]))
			return true;
	return false;
}

/* Indexes and triggers of a new relation are steps of their own; so are those of a view that
 * is replaced (its triggers go with it). */
static void
add_parts(struct sd_plan *plan, struct sd_object *relation)
{
	for (size_t kind = SD_UNIQUE; kind <= SD_FOREIGN_KEY; kind++) {
		const struct sd_list *parts = sd_parts_of(relation, (enum sd_kind)kind);

		for (size_t i = 0; relation->kind == SD_TABLE && i < parts->n; i++) {
			if (!is_not_valid(parts->at[i]) && !would_merge(plan, parts, i))
				continue;
			parts->at[i]->flags |= SD_OBJ_LATE;
			sd_step_add(plan, SD_OP_ADD, (enum sd_kind)kind, NULL, parts->at[i]);
		}
	}
	for (size_t kind = SD_INDEX; kind <= SD_TRIGGER; kind++) {
		const struct sd_list *parts = sd_parts_of(relation, (enum sd_kind)kind);

		for (size_t i = 0; i < parts->n; i++)
			sd_step_add(plan, SD_OP_ADD, (enum sd_kind)kind, NULL, parts->at[i]);
	}
}

static bool
goes_with_parent(const struct sd_change *change)
{
	const struct sd_object *parent = change->from->parent;

	return change->kind == SD_TRIGGER && parent && !parent->twin;
}

static void
plan_others(struct sd_plan *plan)
{
	const struct sd_changes *changes = &plan->diff->changes;

	for (size_t i = 0; i < changes->n; i++) {
		struct sd_change *change = changes->at[i];

		if (table_of(change) || (change->from && goes_with_parent(change)))
			continue;
		if (change->op == SD_OP_ALTER &&
			(change->kind == SD_VIEW || change->kind == SD_TRIGGER)) {
			sd_step_add(plan, SD_OP_DROP, change->kind, change->from, NULL);
			sd_step_add(plan, SD_OP_ADD, change->kind, NULL, change->into);
			if (change->kind == SD_VIEW)
				recreate_triggers(plan, change->from);
			continue;
		}
		*sd_push(plan->diff->arena, &plan->steps) = change;
		if (change->op == SD_OP_ADD &&
			(change->kind == SD_TABLE || change->kind == SD_VIEW))
			add_parts(plan, change->into);
	}
}

/* ---- what must make way ---------------------------------------------------------------- */

struct closure {
	struct sd_plan *plan;
	const struct sd_object *gone; /* a view that is dropped, for good or for a while */
};

static bool
has_step(const struct sd_plan *plan, const struct sd_object *from)
{
	for (size_t i = 0; i < plan->steps.n; i++)
		if (plan->steps.at[i]->from == from && plan->steps.at[i]->kind == from->kind)
			return true;
	return false;
}

static void
recreate_dependent(void *ctx, struct sd_object *object)
{
	const struct closure *c = ctx;

	if ((object->kind != SD_VIEW && object->kind != SD_TRIGGER) || object == c->gone ||
		!object->twin || has_step(c->plan, object) ||
		!sd_object_mentions(c->plan->diff->from->dialect, c->plan->diff->arena, object,
			c->gone->name))
		return;
	sd_step_add(c->plan, SD_OP_RECREATE, object->kind, object, object->twin);
}

/* Views and triggers on a view that is dropped make way too, and theirs: the list grows while
 * it is walked. */
static void
close_over_dependents(struct sd_plan *plan)
{
	for (size_t i = 0; i < plan->steps.n; i++) {
		const struct sd_change *change = plan->steps.at[i];
		struct closure c = { plan, change->from };

		if (change->kind == SD_VIEW && change->from &&
			(change->op == SD_OP_DROP || change->op == SD_OP_RECREATE))
			sd_schema_walk(plan->diff->renamed, recreate_dependent, &c);
	}
}

/* A recreated object is a drop and an add; one whose text only the engine knows is refused. */
static void
split_recreated(struct sd_plan *plan, unsigned allow)
{
	struct sd_changes steps = plan->steps;
	struct sd_arena *arena = plan->diff->arena;

	plan->steps = (struct sd_changes){ 0 };
	for (size_t i = 0; i < steps.n; i++) {
		struct sd_change *change = steps.at[i];

		if (change->op != SD_OP_RECREATE) {
			*sd_push(arena, &plan->steps) = change;
			continue;
		}
		if ((change->into->flags & SD_OBJ_RENAMED) &&
			(change->into->flags & SD_OBJ_UNMANAGED) &&
			!(allow & SD_HAZARD_LOSES_DEPENDENTS))
			sd_plan_refuse(plan, NULL,
				sd_fmt(arena,
					"%s is not in the schema files, mentions a name that is "
					"renamed, and must be created anew: do the rename in a "
					"revision of its own",
					sd_object_title(arena, change->into)));
		sd_step_add(plan, SD_OP_DROP, change->kind, change->from, NULL);
		sd_step_add(plan, SD_OP_ADD, change->kind, NULL, change->into);
	}
}

static void
refuse_broken(void *ctx, struct sd_object *object)
{
	struct sd_plan *plan = ctx;

	if (object->flags & SD_OBJ_BROKEN)
		sd_plan_refuse(plan, NULL,
			sd_fmt(plan->diff->arena,
				"%s is broken already, and nothing can be renamed while it is: "
				"mend or drop it in a revision before this one",
				sd_object_title(plan->diff->arena, object)));
}

/* A rename makes the engine rewrite every view and trigger, which it refuses when one of them
 * does not compile. */
static void
check_renames(struct sd_plan *plan)
{
	if (plan->diff->renames.n && !plan->down)
		sd_schema_walk(plan->diff->from, refuse_broken, plan);
}

/* Values that no cast converts: the user must say how; on the way back nobody does. */
static void
refuse_conversions(struct sd_plan *plan, const struct sd_strategy *strategy)
{
	const struct sd_changes *changes = &plan->diff->changes;

	for (size_t i = 0; strategy->refuses && i < changes->n; i++) {
		const char *why = strategy->refuses(plan, changes->at[i]);

		if (why && plan->down && !plan->irreversible)
			plan->irreversible = why;
		else if (why && !plan->down)
			sd_plan_refuse(plan, changes->at[i]->into, why);
	}
}

/* ---- what the files leave open ------------------------------------------------------------ */

/* The field called @key, if the kind has it, differs. */
static bool
has_other(const struct sd_plan *plan, const struct sd_object *object, const char *key)
{
	const struct sd_field *field = sd_field_find(object->kind, key);

	return field && !sd_field_equal(plan->diff->into->dialect, plan->diff->arena, field,
				object->twin, object);
}

/* Tuning that a file does not speak of stays as it is, also where what has it is made anew; but
 * another type, or method, has ways of its own. */
static void
keep_tuning(void *ctx, struct sd_object *into)
{
	const struct sd_plan *plan = ctx;
	const struct sd_kind_desc *desc = &sd_kinds[into->kind];
	struct sd_arena *arena = plan->diff->arena;

	if (!into->parent || !into->twin || !into->pos.file || has_other(plan, into, "type") ||
		has_other(plan, into, "method"))
		return;
	for (size_t i = 0; i < desc->n_fields; i++) {
		const struct sd_field *field = &desc->fields[i];

		if (!(field->flags & SD_FIELD_TUNING) || !sd_field_unset(field, into) ||
			sd_field_unset(field, into->twin))
			continue;
		if (field->flags & SD_FIELD_RARE)
			sd_column_rare(arena, (struct sd_column *)into);
		if (field->type == SD_F_OPTIONS)
			*sd_field_at(into, field, struct sd_names) =
				sd_field_get(into->twin, field, struct sd_names);
		else
			*sd_field_at(into, field, const char *) =
				sd_field_get(into->twin, field, char *);
	}
}

struct sd_plan *
sd_plan_make(const struct sd_diff *diff, const struct sd_strategy *strategy, int target,
	bool down, unsigned allow, struct sd_arena *arena, struct sd_diags *diags)
{
	struct sd_plan *plan = sd_new(arena, struct sd_plan);

	plan->diff = diff;
	plan->target = target;
	plan->down = down;
	sd_hazards_find(plan, allow);
	refuse_conversions(plan, strategy);
	check_renames(plan);
	if (!down)
		sd_schema_walk(diff->into, keep_tuning, plan);
	sd_make_way_begin(plan);
	plan_tables(plan, strategy);
	plan_others(plan);
	close_over_dependents(plan);
	sd_make_way(plan, strategy);
	split_recreated(plan, allow);
	if (strategy->replaces)
		sd_successors_find(plan);
	for (size_t i = 0; i < plan->steps.n; i++)
		sd_change_warnings(plan, plan->steps.at[i], arena, &plan->warnings);
	return sd_order(plan, diags) ? NULL : plan;
}
