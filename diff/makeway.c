/* What hangs on the things that change and can't follow them by itself makes way: it is dropped
 * before and created behind them (SD_OP_RECREATE).  The list of steps grows while it is
 * walked, since what makes way may have others make way in turn. */
#include "diff/internal.h"

#include "core/base/text.h"
#include "core/sql/canon.h"
#include "core/sql/lex.h"

#include <stdint.h>
#include <stdlib.h>
#include <string.h>

struct way {
	struct sd_plan *plan;
	const struct sd_strategy *strategy;
	const struct sd_dialect *dialect;
	struct sd_arena *arena;
};

/* ---- steps --------------------------------------------------------------------------------- */

static struct sd_change **
step_of(const struct way *w, const struct sd_object *from)
{
	for (size_t i = 0; i < w->plan->steps.n; i++)
		if (w->plan->steps.at[i]->from == from &&
			w->plan->steps.at[i]->kind == from->kind)
			return &w->plan->steps.at[i];
	return NULL;
}

/* Have @object, which stays, make way.  One that is changed anyway is not changed in place
 * then: its drop comes early and its create late. */
static void
make_way(const struct way *w, struct sd_object *object)
{
	struct sd_change **step = step_of(w, object);

	if (!object->twin || (object->flags & SD_OBJ_UNMANAGED))
		return;
	if (!step) {
		sd_step_add(w->plan, SD_OP_RECREATE, object->kind, object, object->twin);
	} else if ((*step)->op == SD_OP_ALTER && object->kind != SD_COLUMN) {
		struct sd_change *remade = sd_new(w->arena, struct sd_change);

		/* the diff's own change stays what it is: it is shown, too */
		*remade = **step;
		remade->op = SD_OP_RECREATE;
		*step = remade;
	}
}

/* ---- what mentions a column ---------------------------------------------------------------- */

static bool
sql_mentions(const struct way *w, const char *sql, const char *column)
{
	return sql && sd_sql_mentions(w->dialect, w->arena, sql, column);
}

static bool
part_uses(const struct way *w, const struct sd_part *part, const char *column,
	enum sd_dislodged what)
{
	bool compares = part->opclass || part->op || part->collation;

	if (sql_mentions(w, part->expression, column))
		return true;
	return part->name && sd_name_equal(w->dialect, part->name, column) &&
	       (what == SD_DISLODGES_ALL || (what == SD_DISLODGES_BUILT && compares));
}

/* @object has @column in a way that is dislodged. */
static bool
uses(const struct way *w, const struct sd_object *object, const char *column,
	enum sd_dislodged what)
{
	const struct sd_kind_desc *desc = &sd_kinds[object->kind];

	for (size_t i = 0; i < desc->n_fields; i++) {
		const struct sd_field *field = &desc->fields[i];
		const struct sd_parts *parts;

		if (field->flags & SD_FIELD_INPUT)
			continue;
		if (field->type == SD_F_SQL &&
			sql_mentions(w, sd_field_get(object, field, char *), column))
			return true;
		if (what == SD_DISLODGES_ALL && field->type == SD_F_NAMES &&
			sd_names_find(&sd_field_get(object, field, struct sd_names), column) >= 0)
			return true;
		if (field->type != SD_F_PARTS)
			continue;
		parts = sd_field_at(object, field, const struct sd_parts);
		for (size_t k = 0; k < parts->n; k++)
			if (part_uses(w, &parts->at[k], column, what))
				return true;
	}
	return false;
}

/* Foreign keys compare the column with one of another table. */
static void
dislodge_foreign_keys(const struct way *w, const struct sd_object *table, const char *column)
{
	const struct sd_list *tables = &w->plan->diff->renamed->objects[SD_TABLE];

	for (size_t i = 0; i < tables->n; i++) {
		const struct sd_list *keys = sd_parts_of(tables->at[i], SD_FOREIGN_KEY);

		for (size_t k = 0; k < keys->n; k++) {
			const struct sd_foreign_key *fk = (struct sd_foreign_key *)keys->at[k];
			bool from_it = tables->at[i] == table &&
				       sd_names_find(&fk->columns, column) >= 0;
			bool to_it = sd_text_equal(fk->table_ns, table->ns) &&
				     sd_name_equal(w->dialect, fk->table, table->name) &&
				     sd_names_find(&fk->ref_columns, column) >= 0;

			if (from_it || to_it)
				make_way(w, keys->at[k]);
		}
	}
}

/* The columns of @object, a key or unique index, are, in any order, those that @fk refers to. */
static bool
hangs_on(const struct way *w, const struct sd_foreign_key *fk, const struct sd_object *object)
{
	const struct sd_parts *parts = sd_field_at(
		object, sd_field_find(object->kind, "columns"), const struct sd_parts);

	if (!sd_text_equal(fk->table_ns, object->parent->ns) ||
		!sd_name_equal(w->dialect, fk->table, object->parent->name) ||
		fk->ref_columns.n != parts->n)
		return false;
	for (size_t i = 0; i < parts->n; i++)
		if (!parts->at[i].name || sd_names_find(&fk->ref_columns, parts->at[i].name) < 0)
			return false;
	return true;
}

/* Foreign keys that may hang on @object. */
static void
dislodge_referring(const struct way *w, const struct sd_object *object)
{
	const struct sd_list *tables = &w->plan->diff->renamed->objects[SD_TABLE];

	for (size_t i = 0; i < tables->n; i++) {
		const struct sd_list *keys = sd_parts_of(tables->at[i], SD_FOREIGN_KEY);

		for (size_t k = 0; k < keys->n; k++)
			if (hangs_on(w, (const struct sd_foreign_key *)keys->at[k], object))
				make_way(w, keys->at[k]);
	}
}

/* An index that only carries the changed column is made anew by the engine, and the foreign keys
 * that hang on it don't let it go. */
static void
dislodge_carried(const struct way *w, const struct sd_object *column)
{
	static const enum sd_kind kinds[] = { SD_PRIMARY_KEY, SD_UNIQUE, SD_INDEX };

	for (size_t k = 0; k < SD_COUNT(kinds); k++) {
		const struct sd_list *list = sd_parts_of(column->parent, kinds[k]);
		const struct sd_field *include = sd_field_find(kinds[k], "include");

		for (size_t i = 0; i < list->n; i++)
			if (sd_names_find(&sd_field_get(list->at[i], include, struct sd_names),
				    column->name) >= 0)
				dislodge_referring(w, list->at[i]);
	}
}

/* @column, which stays, changes in a way that not all that is made of it survives. */
static void
dislodge(const struct way *w, struct sd_object *column, enum sd_dislodged what)
{
	struct sd_object *table = column->parent;

	for (enum sd_kind kind = SD_COLUMN; kind <= SD_INDEX; kind++) {
		const struct sd_list *list = sd_parts_of(table, kind);

		for (size_t i = 0; i < list->n; i++) {
			struct sd_object *object = list->at[i];

			if (object == column || kind == SD_FOREIGN_KEY)
				continue;
			if (kind == SD_COLUMN &&
				(!((const struct sd_column *)object)->generated ||
					!sql_mentions(w,
						((const struct sd_column *)object)->generated,
						column->name)))
				continue;
			if (kind == SD_COLUMN || uses(w, object, column->name, what))
				make_way(w, object);
		}
	}
	if (what >= SD_DISLODGES_BUILT)
		dislodge_foreign_keys(w, table, column->name);
}

/* No engine changes the type of a column that a generated one reads. */
static void
dislodge_generated(const struct way *w, const struct sd_object *column)
{
	const struct sd_list *columns = sd_parts_of(column->parent, SD_COLUMN);

	for (size_t i = 0; i < columns->n; i++)
		if (columns->at[i] != column &&
			sql_mentions(w, ((const struct sd_column *)columns->at[i])->generated,
				column->name))
			make_way(w, columns->at[i]);
}

static void
dislodge_altered(const struct way *w, const struct sd_change *change)
{
	const struct sd_field *fields = sd_kinds[SD_COLUMN].fields;
	uint64_t retypes = UINT64_C(1) << (sd_field_find(SD_COLUMN, "type") - fields) |
			   UINT64_C(1) << (sd_field_find(SD_COLUMN, "collation") - fields);
	enum sd_dislodged what = w->strategy->dislodges
					 ? w->strategy->dislodges(w->arena, change)
					 : SD_DISLODGES_NOTHING;

	if (change->fields & retypes)
		dislodge_carried(w, change->from);
	if (what != SD_DISLODGES_NOTHING)
		dislodge(w, change->from, what);
	else if (change->fields & retypes)
		dislodge_generated(w, change->from);
}

/* ---- enums --------------------------------------------------------------------------------- */

const char *
sd_enum_earlier(const struct sd_enum *from, const struct sd_enum *into, size_t i)
{
	const char *value = into->values.at[i];

	if (sd_names_find(&from->values, value) >= 0)
		return value;
	if (i < into->values_from.n && into->values_from.at[i] &&
		sd_names_find(&from->values, into->values_from.at[i]) >= 0 &&
		sd_names_find(&into->values, into->values_from.at[i]) < 0)
		return into->values_from.at[i];
	for (size_t k = 0; k < from->values_from.n; k++)
		if (from->values_from.at[k] && strcmp(from->values_from.at[k], value) == 0 &&
			sd_names_find(&into->values, from->values.at[k]) < 0)
			return from->values.at[k];
	return NULL;
}

bool
sd_enum_grows(const struct sd_enum *from, const struct sd_enum *into)
{
	size_t next = 0;

	for (size_t i = 0; i < into->values.n; i++) {
		const char *old = sd_enum_earlier(from, into, i);

		if (!old)
			continue;
		if (next >= from->values.n || strcmp(from->values.at[next], old) != 0)
			return false;
		next++;
	}
	return next == from->values.n;
}

const char *
sd_check_column(
	const struct sd_dialect *dialect, struct sd_arena *arena, const struct sd_check *check)
{
	struct sd_tok column, in;
	struct sd_lex lex;

	sd_lex_init(&lex, dialect->lex, check->expression, strlen(check->expression));
	column = sd_lex_next_solid(&lex);
	in = sd_lex_next_solid(&lex);
	if (!sd_tok_is_name(column) || !sd_tok_is_word(check->expression, in, "in"))
		return NULL;
	return sd_tok_value(arena, check->expression, column);
}

/* The values that @check compares with, as if an enum like @type had them. */
static const struct sd_enum *
values_of(const struct sd_diff *diff, const struct sd_check *check, const struct sd_enum *type,
	struct sd_arena *arena)
{
	struct sd_enum *values;
	struct sd_lex lex;

	if (check->type)
		return check->type;
	values = sd_new(arena, struct sd_enum);
	values->o = type->o;
	sd_lex_init(&lex, diff->into->dialect->lex, check->expression, strlen(check->expression));
	for (struct sd_tok tok = sd_lex_next(&lex); tok.kind != SD_TOK_END; tok = sd_lex_next(&lex))
		if (tok.kind == SD_TOK_STRING)
			*sd_push(arena, &values->values) =
				sd_tok_value(arena, check->expression, tok);
	return values;
}

bool
sd_check_values(const struct sd_diff *diff, const struct sd_change *change, struct sd_arena *arena,
	struct sd_check_values *values)
{
	const struct sd_check *from = (const struct sd_check *)change->from;
	const struct sd_check *into = (const struct sd_check *)change->into;

	if (change->kind != SD_CHECK || change->op != SD_OP_ALTER || !(from->type || into->type))
		return false;
	values->column = sd_check_column(diff->into->dialect, arena, from);
	if (!values->column)
		return false;
	values->from = values_of(diff, from, into->type, arena);
	values->into = values_of(diff, into, from->type, arena);
	return true;
}

bool
sd_column_has_enum(struct sd_arena *scratch, const struct sd_dialect *dialect,
	const struct sd_column *column, const struct sd_object *type, bool *array)
{
	const char *has = sd_type_canonical(dialect, scratch, column->type);
	const char *name = sd_quote_name(dialect, scratch, type->name);

	if (type->ns)
		name = sd_fmt(
			scratch, "%s.%s", sd_quote_name(dialect, scratch, type->ns), name);
	name = sd_type_canonical(dialect, scratch, name);
	*array = strcmp(has, sd_fmt(scratch, "%s[]", name)) == 0;
	return *array || strcmp(has, name) == 0;
}

static void
dislodge_enum(const struct way *w, const struct sd_change *change)
{
	const struct sd_list *tables = &w->plan->diff->renamed->objects[SD_TABLE];
	bool array;

	if (sd_enum_grows((const struct sd_enum *)change->from,
		    (const struct sd_enum *)change->into))
		return;
	for (size_t i = 0; i < tables->n; i++) {
		const struct sd_list *columns = sd_parts_of(tables->at[i], SD_COLUMN);

		for (size_t k = 0; tables->at[i]->twin && k < columns->n; k++)
			if (sd_column_has_enum(w->arena, w->dialect,
				    (const struct sd_column *)columns->at[k], change->from, &array))
				dislodge(w, columns->at[k], SD_DISLODGES_BUILT);
	}
}

/* ---- keys that foreign keys hang on -------------------------------------------------------- */

/* Its fields are more than a name, a comment and how it is stored. */
static bool
is_replaced(const struct sd_change *change)
{
	const struct sd_kind_desc *desc = &sd_kinds[change->kind];
	uint64_t fields = change->fields & ~SD_FIELD_BIT_NAME;

	for (size_t i = 0; i < desc->n_fields; i++)
		if (desc->fields[i].flags & SD_FIELD_TUNING ||
			strcmp(desc->fields[i].key, "comment") == 0)
			fields &= ~(UINT64_C(1) << i);
	return change->op == SD_OP_DROP || change->op == SD_OP_RECREATE ||
	       (change->op == SD_OP_ALTER && fields);
}

static void
dislodge_key(const struct way *w, const struct sd_change *change)
{
	if (is_replaced(change))
		dislodge_referring(w, change->from);
}

/* ---- cycles of foreign keys ---------------------------------------------------------------- */

/* A walk over the tables that are created, or dropped, along their foreign keys. */
struct walk {
	const struct way *w;
	enum sd_op op;
	struct sd_map tables; /* path of a table → it */
	struct sd_map state;  /* the same → open or done */
};

static const char open_mark, done_mark;

static struct sd_object *
subject(const struct walk *walk, const struct sd_change *change)
{
	return walk->op == SD_OP_ADD ? change->into : change->from;
}

static struct sd_object *
walked_table(const struct walk *walk, const struct sd_foreign_key *fk)
{
	const struct sd_object named = {
		.kind = SD_TABLE, .ns = fk->table_ns, .name = fk->table
	};

	return sd_map_get(&walk->tables, sd_object_path(walk->w->arena, &named));
}

static bool
covers(const struct way *w, const struct sd_list *list, const struct sd_foreign_key *fk, bool there)
{
	for (size_t i = 0; i < list->n; i++)
		if ((!there || list->at[i]->twin) && hangs_on(w, fk, list->at[i]))
			return true;
	return false;
}

/* No key that is made together with its table, or was there before, covers what @fk refers to:
 * the unique index that does comes later. */
static bool
waits_for_index(const struct way *w, const struct sd_foreign_key *fk)
{
	struct sd_object *table =
		sd_schema_find(w->plan->diff->into, SD_TABLE, fk->table_ns, fk->table);
	bool there = table && table->twin;

	if (!table || !fk->ref_columns.n)
		return false;
	if (there && ((const struct sd_table *)table)->unlogged !=
			     ((const struct sd_table *)table->twin)->unlogged)
		return true; /* it changes later, and both must be alike then */
	for (enum sd_kind kind = SD_PRIMARY_KEY; kind <= SD_UNIQUE; kind++)
		if (covers(w, sd_parts_of(table, kind), fk, there))
			return false;
	return !there || !covers(w, sd_parts_of(table, SD_INDEX), fk, true);
}

static void
put_off(const struct way *w, enum sd_op op, struct sd_object *fk)
{
	fk->flags |= SD_OBJ_LATE;
	sd_step_add(w->plan, op, SD_FOREIGN_KEY, op == SD_OP_DROP ? fk : NULL,
		op == SD_OP_ADD ? fk : NULL);
}

static void
visit(struct walk *walk, struct sd_object *table)
{
	const struct way *w = walk->w;
	const struct sd_list *keys = sd_parts_of(table, SD_FOREIGN_KEY);
	const char *key = sd_object_path(w->arena, table);

	*sd_map_at(&walk->state, key, w->arena) = (void *)(uintptr_t)&open_mark;
	for (size_t i = 0; i < keys->n; i++) {
		struct sd_object *fk = keys->at[i];
		struct sd_object *other =
			walked_table(walk, (const struct sd_foreign_key *)fk);
		const void *state = other ? sd_map_get(&walk->state,
						    sd_object_path(w->arena, other))
					  : &done_mark;

		if (!(fk->flags & SD_OBJ_LATE) && walk->op == SD_OP_ADD &&
			waits_for_index(w, (const struct sd_foreign_key *)fk))
			put_off(w, SD_OP_ADD, fk);
		if (other == table || (fk->flags & SD_OBJ_LATE))
			continue;
		if (!state) {
			visit(walk, other);
		} else if (state == &open_mark) {
			/* it closes a circle: it comes behind all tables, or goes before */
			put_off(w, walk->op, fk);
		}
	}
	*sd_map_at(&walk->state, key, w->arena) = (void *)(uintptr_t)&done_mark;
}

static int
by_path(const void *a, const void *b)
{
	const struct sd_object *x = *(struct sd_object *const *)a;
	const struct sd_object *y = *(struct sd_object *const *)b;
	int order = strcmp(x->ns ? x->ns : "", y->ns ? y->ns : "");

	return order ? order : strcmp(x->name, y->name);
}

static void
break_cycles(const struct way *w, enum sd_op op)
{
	struct walk walk = { .w = w, .op = op };
	struct sd_list tables = { 0 };

	for (size_t i = 0; i < w->plan->steps.n; i++) {
		const struct sd_change *change = w->plan->steps.at[i];
		struct sd_object *table = subject(&walk, change);

		if (change->op != op || change->kind != SD_TABLE)
			continue;
		*sd_push(w->arena, &tables) = table;
		*sd_map_at(&walk.tables, sd_object_path(w->arena, table), w->arena) = table;
	}
	if (tables.n > 1)
		qsort(tables.at, tables.n, sizeof *tables.at, by_path);
	for (size_t i = 0; i < tables.n; i++)
		if (!sd_map_get(&walk.state, sd_object_path(w->arena, tables.at[i])))
			visit(&walk, tables.at[i]);
}

/* -------------------------------------------------------------------------------------------- */

static void
forget_late(void *ctx, struct sd_object *object)
{
	(void)ctx;
	object->flags &= ~(unsigned)SD_OBJ_LATE;
}

bool
sd_uses_column(struct sd_plan *plan, const struct sd_object *object, const char *column)
{
	const struct way w = { plan, NULL, plan->diff->into->dialect, plan->diff->arena };

	return uses(&w, object, column, SD_DISLODGES_ALL);
}

bool
sd_key_serves(struct sd_plan *plan, const struct sd_foreign_key *fk, const struct sd_object *key)
{
	const struct way w = { plan, NULL, plan->diff->into->dialect, plan->diff->arena };

	return (key->kind == SD_PRIMARY_KEY || key->kind == SD_UNIQUE || key->kind == SD_INDEX) &&
	       hangs_on(&w, fk, key);
}

void
sd_make_way_begin(struct sd_plan *plan)
{
	/* the plan of the other way has flagged the same objects */
	sd_schema_walk(plan->diff->renamed, forget_late, NULL);
	sd_schema_walk(plan->diff->into, forget_late, NULL);
}

void
sd_make_way(struct sd_plan *plan, const struct sd_strategy *strategy)
{
	const struct way w = { plan, strategy, plan->diff->into->dialect, plan->diff->arena };

	if (!(w.dialect->traits & SD_TRAIT_KEYS_BIND))
		return;
	for (size_t i = 0; i < plan->steps.n; i++) {
		const struct sd_change *change = plan->steps.at[i];

		if (change->kind == SD_ENUM && change->op == SD_OP_ALTER)
			dislodge_enum(&w, change);
		else if (change->kind == SD_COLUMN && change->op == SD_OP_RECREATE)
			dislodge(&w, change->from, SD_DISLODGES_ALL);
		else if (change->kind == SD_COLUMN && change->op == SD_OP_ALTER)
			dislodge_altered(&w, change);
		else if ((change->kind == SD_PRIMARY_KEY || change->kind == SD_UNIQUE) &&
			 change->from)
			dislodge_key(&w, change);
		else if (change->kind == SD_INDEX && change->from &&
			 ((const struct sd_index *)change->from)->unique)
			dislodge_key(&w, change);
	}
	break_cycles(&w, SD_OP_ADD);
	break_cycles(&w, SD_OP_DROP);
}
