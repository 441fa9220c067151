/* Replacement before removal: an index or constraint that goes while others of its sort come to
 * the same table may be what they replace.  It goes behind them then, so that queries always
 * have an index and rows a constraint, unless its name is taken over, or something that it
 * hangs on changes in a way that it might not bear. */
#include "diff/internal.h"

#include "core/base/text.h"

#include <stdint.h>
#include <string.h>

/* Steps on one table that stays. */
struct table_steps {
	SD_VEC(const struct sd_change *) steps;
};

struct succession {
	struct sd_plan *plan;
	const struct sd_dialect *dialect;
	struct sd_arena *arena;
	struct sd_map tables; /* path → struct table_steps */
	struct sd_map names;  /* that objects get: name_key() */
	bool swaps_enum;      /* columns get another type of the same name */
};

/* What can stand in for what: the same number. */
static const unsigned char sort[SD_KIND__MAX] = {
	[SD_PRIMARY_KEY] = 1,
	[SD_UNIQUE] = 1,
	[SD_EXCLUSION] = 1,
	[SD_INDEX] = 1,
	[SD_CHECK] = 2,
	[SD_FOREIGN_KEY] = 3,
};

/* ---- names --------------------------------------------------------------------------------- */

static bool
is_relation(enum sd_kind kind)
{
	return sort[kind] == 1 || kind == SD_TABLE || kind == SD_SEQUENCE;
}

/* What a relation's name is unique in is its namespace; a constraint's, its table. */
static const char *
name_key(const struct succession *s, const struct sd_object *object, bool relation)
{
	const struct sd_object *parent = object->parent;
	const char *ns = parent ? parent->ns : object->ns;

	return sd_fmt(s->arena, "%s\n%s\n%s", ns ? ns : "",
		relation || !parent ? "" : parent->name,
		sd_name_key(s->dialect, s->arena, object->name));
}

static void
note_name(struct succession *s, const struct sd_object *object)
{
	static const char mark;

	if (!object->name)
		return;
	if (is_relation(object->kind))
		*sd_map_at(&s->names, name_key(s, object, true), s->arena) =
			(void *)(uintptr_t)&mark;
	if (sd_kinds[object->kind].flags & SD_KIND_CONSTRAINT)
		*sd_map_at(&s->names, name_key(s, object, false), s->arena) =
			(void *)(uintptr_t)&mark;
}

static void
note_names(struct succession *s, const struct sd_change *change)
{
	if (change->op != SD_OP_ADD &&
		!(change->op == SD_OP_ALTER && change->fields & SD_FIELD_BIT_NAME))
		return;
	note_name(s, change->into);
	for (enum sd_kind kind = 0; change->kind == SD_TABLE && kind < SD_N_PARTS; kind++) {
		const struct sd_list *parts = sd_parts_of(change->into, kind);

		for (size_t i = 0; i < parts->n; i++)
			note_name(s, parts->at[i]);
	}
}

static bool
name_is_taken(const struct succession *s, const struct sd_object *object)
{
	return (is_relation(object->kind) &&
		       sd_map_get(&s->names, name_key(s, object, true))) ||
	       (sd_kinds[object->kind].flags & SD_KIND_CONSTRAINT &&
		       sd_map_get(&s->names, name_key(s, object, false)));
}

/* ---- steps by table ------------------------------------------------------------------------ */

static const struct table_steps *
steps_on(const struct succession *s, const struct sd_object *table)
{
	static const struct table_steps none;
	const struct table_steps *found =
		sd_map_get(&s->tables, sd_object_path(s->arena, table));

	return found ? found : &none;
}

static void
note_step(struct succession *s, const struct sd_change *change)
{
	const struct sd_object *object = change->into ? change->into : change->from;
	const struct sd_object *table = object->kind == SD_TABLE ? object : object->parent;
	void **slot;

	if (change->op == SD_OP_RENAME || !table || !table->twin)
		return;
	slot = sd_map_at(&s->tables, sd_object_path(s->arena, table), s->arena);
	if (!*slot)
		*slot = sd_new(s->arena, struct table_steps);
	*sd_push(s->arena, &((struct table_steps *)*slot)->steps) = change;
}

static void
survey(struct succession *s)
{
	for (size_t i = 0; i < s->plan->steps.n; i++) {
		const struct sd_change *change = s->plan->steps.at[i];

		note_names(s, change);
		note_step(s, change);
		if (change->kind == SD_ENUM && change->op == SD_OP_ALTER &&
			!sd_enum_grows((const struct sd_enum *)change->from,
				(const struct sd_enum *)change->into))
			s->swaps_enum = true;
	}
}

static bool
has_successor(const struct table_steps *on, const struct sd_object *object)
{
	for (size_t i = 0; i < on->steps.n; i++)
		if (on->steps.at[i]->op == SD_OP_ADD && !on->steps.at[i]->into->twin &&
			sort[on->steps.at[i]->kind] == sort[object->kind])
			return true;
	return false;
}

/* ---- what it hangs on ---------------------------------------------------------------------- */

static bool
alters(const struct sd_change *change, const char *key)
{
	const struct sd_field *field = sd_field_find(change->kind, key);

	return change->op == SD_OP_ALTER &&
	       change->fields & UINT64_C(1) << (field - sd_kinds[change->kind].fields);
}

/* A column that only goes waits in its turn (diff/order.c). */
static bool
disturbs(const struct sd_change *change)
{
	static const char *const harmless[] = { "default", "comment", "storage", "compression",
		"statistics" };
	uint64_t fields = change->fields;

	if (change->op != SD_OP_ALTER)
		return (change->from ? change->from : change->into)->twin != NULL;
	for (size_t i = 0; i < SD_COUNT(harmless); i++)
		fields &= ~(UINT64_C(1) << (sd_field_find(SD_COLUMN, harmless[i]) -
					    sd_kinds[SD_COLUMN].fields));
	return fields != 0;
}

static bool
columns_change(const struct succession *s, const struct table_steps *on,
	const struct sd_object *object)
{
	for (size_t i = 0; i < on->steps.n; i++) {
		const struct sd_change *change = on->steps.at[i];
		const struct sd_object *column = change->from ? change->from : change->into;

		if (change->kind == SD_COLUMN && disturbs(change) &&
			sd_uses_column(s->plan, object, column->name))
			return true;
	}
	return false;
}

/* A foreign key made anew might choose the old index. */
static bool
is_referred_to(const struct succession *s, const struct sd_object *object)
{
	const struct sd_list *tables = &s->plan->diff->renamed->objects[SD_TABLE];

	if (sort[object->kind] != 1 || object->kind == SD_EXCLUSION)
		return false;
	for (size_t i = 0; i < tables->n; i++) {
		const struct sd_list *keys = sd_parts_of(tables->at[i], SD_FOREIGN_KEY);

		for (size_t k = 0; k < keys->n; k++)
			if (sd_key_serves(s->plan, (const struct sd_foreign_key *)keys->at[k],
				    object))
				return true;
	}
	return false;
}

/* @change is of a table that foreign key @fk refers to, and the key might be in its way. */
static bool
moves_target(
	const struct succession *s, const struct sd_foreign_key *fk, const struct sd_change *change)
{
	if (change->kind == SD_TABLE)
		return alters(change, "unlogged");
	if (!change->from)
		return false;
	if (change->kind == SD_COLUMN)
		return sd_names_find(&fk->ref_columns, change->from->name) >= 0;
	return sort[change->kind] == 1 && change->kind != SD_EXCLUSION &&
	       sd_key_serves(s->plan, fk, change->from);
}

static bool
target_changes(const struct succession *s, const struct table_steps *on,
	const struct sd_object *object)
{
	const struct sd_foreign_key *fk = (const struct sd_foreign_key *)object;
	const struct sd_object *target;

	if (object->kind != SD_FOREIGN_KEY)
		return false;
	for (size_t i = 0; i < on->steps.n; i++)
		if (on->steps.at[i]->kind == SD_TABLE && alters(on->steps.at[i], "unlogged"))
			return true;
	target = sd_schema_find(s->plan->diff->renamed, SD_TABLE, fk->table_ns, fk->table);
	if (!target)
		return false;
	on = steps_on(s, target);
	for (size_t i = 0; i < on->steps.n; i++)
		if (moves_target(s, fk, on->steps.at[i]))
			return true;
	return !target->twin;
}

static bool
waits(const struct succession *s, const struct sd_change *change)
{
	const struct sd_object *object = change->from;
	const struct table_steps *on;

	if (change->op != SD_OP_DROP || !sort[change->kind] || object->twin ||
		!object->parent->twin || s->swaps_enum)
		return false;
	on = steps_on(s, object->parent);
	return has_successor(on, object) && !name_is_taken(s, object) &&
	       !columns_change(s, on, object) && !is_referred_to(s, object) &&
	       !target_changes(s, on, object);
}

void
sd_successors_find(struct sd_plan *plan)
{
	struct succession s = { .plan = plan,
		.dialect = plan->diff->into->dialect,
		.arena = plan->diff->arena };

	survey(&s);
	for (size_t i = 0; i < plan->steps.n; i++)
		plan->steps.at[i]->waits = waits(&s, plan->steps.at[i]);
}
