/* The order of steps: sorted by priority and name first, then moved no further than their
 * dependencies demand (a topological sort that always takes the first step that is free). */
#include "diff/internal.h"

#include "core/base/text.h"
#include "core/sql/canon.h"

#include <stdlib.h>
#include <string.h>

/* When each kind of step has its turn. 0: such a step does not exist. */
static const unsigned char priority[SD_OP_REBUILD + 1][SD_KIND__MAX] = {
	[SD_OP_RENAME] = { [SD_COLUMN] = 1, [SD_TABLE] = 2, [SD_ENUM] = 3, [SD_SEQUENCE] = 3 },
	[SD_OP_DROP] = {
		[SD_TRIGGER] = 10,
		[SD_VIEW] = 11,
		[SD_INDEX] = 12,
		[SD_FOREIGN_KEY] = 13,
		[SD_CHECK] = 14,
		[SD_EXCLUSION] = 15,
		[SD_UNIQUE] = 16,
		[SD_PRIMARY_KEY] = 17,
		[SD_COLUMN] = 40,
		[SD_TABLE] = 50,
		[SD_SEQUENCE] = 51,
		[SD_ENUM] = 52,
	},
	[SD_OP_ADD] = {
		[SD_ENUM] = 20,
		[SD_SEQUENCE] = 21,
		[SD_TABLE] = 24,
		[SD_COLUMN] = 30,
		[SD_PRIMARY_KEY] = 60,
		[SD_UNIQUE] = 61,
		[SD_EXCLUSION] = 61,
		[SD_CHECK] = 62,
		[SD_INDEX] = 63,
		[SD_FOREIGN_KEY] = 65,
		[SD_VIEW] = 70,
		[SD_TRIGGER] = 71,
	},
	[SD_OP_ALTER] = {
		[SD_ENUM] = 22,
		[SD_SEQUENCE] = 23,
		[SD_TABLE] = 31,
		[SD_COLUMN] = 32,
		[SD_PRIMARY_KEY] = 33,
		[SD_UNIQUE] = 34,
		[SD_CHECK] = 35,
		[SD_EXCLUSION] = 35,
		[SD_FOREIGN_KEY] = 36,
		[SD_INDEX] = 37,
	},
	[SD_OP_REBUILD] = { [SD_TABLE] = 41 },
};

struct node {
	struct sd_change *change;
	const char *relation, *name; /* sort keys */
	size_t seq;                  /* ties: as found */
	SD_VEC(size_t) after;        /* indexes of nodes that must come later */
	size_t before;               /* number of nodes that must come earlier */
	bool done;
};

struct order {
	struct sd_arena *arena;
	const struct sd_dialect *dialect;
	struct node *nodes;
	size_t n;
	struct sd_map adds, drops; /* name key → node index + 1, of tables and views */
};

/* A column that makes way and comes back: before the others change, and behind them. */
#define COLUMN_MAKES_WAY 18
#define COLUMN_COMES_BACK 39
/* What waits for its successors: before a foreign key could choose the old index, and behind
 * the new ones of foreign keys. */
#define WAITED 64
#define FOREIGN_KEY_WAITED 66

static int
priority_of(const struct sd_change *change)
{
	const struct sd_object *object = change->into ? change->into : change->from;

	if (change->waits)
		return change->kind == SD_FOREIGN_KEY ? FOREIGN_KEY_WAITED : WAITED;
	if (change->kind == SD_COLUMN && object->twin && change->op == SD_OP_DROP)
		return COLUMN_MAKES_WAY;
	if (change->kind == SD_COLUMN && object->twin && change->op == SD_OP_ADD)
		return COLUMN_COMES_BACK;
	return priority[change->op][change->kind];
}

static int
compare_nodes(const void *a, const void *b)
{
	const struct node *x = a, *y = b;
	int d = priority_of(x->change) - priority_of(y->change);

	if (!d)
		d = strcmp(x->relation, y->relation);
	if (!d)
		d = strcmp(x->name, y->name);
	return d ? d : (x->seq > y->seq) - (x->seq < y->seq);
}

/* Columns are added in the order in which the files have them, not by name. */
static void
fill_node(struct node *node, struct sd_change *change, size_t seq)
{
	const struct sd_object *object = change->into ? change->into : change->from;
	const struct sd_object *relation = object->parent ? object->parent : object;

	node->change = change;
	node->seq = seq;
	node->relation = relation->name;
	node->name = change->kind == SD_COLUMN || !object->name ? "" : object->name;
}

static void
edge(struct order *o, size_t first, size_t second)
{
	if (first == second)
		return;
	*sd_push(o->arena, &o->nodes[first].after) = second;
	o->nodes[second].before++;
}

static size_t
node_of(const struct order *o, const struct sd_map *map, const char *name)
{
	return (size_t)(uintptr_t)sd_map_get(map, sd_name_key(o->dialect, o->arena, name));
}

static void
index_nodes(struct order *o)
{
	for (size_t i = 0; i < o->n; i++) {
		const struct sd_change *change = o->nodes[i].change;
		const struct sd_object *object = change->into ? change->into : change->from;
		struct sd_map *map = change->op == SD_OP_ADD ? &o->adds : &o->drops;

		if ((change->op == SD_OP_ADD || change->op == SD_OP_DROP) &&
			(change->kind == SD_TABLE || change->kind == SD_VIEW))
			*sd_map_at(map, sd_name_key(o->dialect, o->arena, object->name),
				o->arena) = (void *)(uintptr_t)(i + 1);
	}
}

/* Tables follow those that their foreign keys refer to; drops go the other way. */
static void
foreign_key_edges(struct order *o, size_t i)
{
	const struct sd_change *change = o->nodes[i].change;
	bool adds = change->op == SD_OP_ADD;
	struct sd_object *table = adds ? change->into : change->from;
	const struct sd_list *keys = sd_parts_of(table, SD_FOREIGN_KEY);

	for (size_t k = 0; k < keys->n; k++) {
		const struct sd_foreign_key *fk = (const struct sd_foreign_key *)keys->at[k];
		size_t other = fk->o.flags & SD_OBJ_LATE
				       ? 0
				       : node_of(o, adds ? &o->adds : &o->drops, fk->table);

		if (other && adds)
			edge(o, other - 1, i);
		else if (other)
			edge(o, i, other - 1);
	}
}

/* @column is of a key or index that @fk refers to: one that is INCLUDEd, too. */
static bool
in_key(struct sd_plan *plan, const struct sd_foreign_key *fk, const struct sd_object *column)
{
	static const enum sd_kind kinds[] = { SD_PRIMARY_KEY, SD_UNIQUE, SD_INDEX };

	for (size_t k = 0; k < SD_COUNT(kinds); k++) {
		const struct sd_list *keys = sd_parts_of(column->parent, kinds[k]);

		for (size_t i = 0; i < keys->n; i++)
			if (sd_key_serves(plan, fk, keys->at[i]) &&
				sd_uses_column(plan, keys->at[i], column->name))
				return true;
	}
	return false;
}

/* @type is what one of the columns of @target has that @fk refers to. */
static bool
refers_by(struct order *o, const struct sd_foreign_key *fk, struct sd_object *target,
	const struct sd_object *type)
{
	const struct sd_list *columns = sd_parts_of(target, SD_COLUMN);
	bool array;

	for (size_t i = 0; i < columns->n; i++)
		if (sd_names_find(&fk->ref_columns, columns->at[i]->name) >= 0 &&
			sd_column_has_enum(o->arena, o->dialect,
				(const struct sd_column *)columns->at[i], type, &array))
			return true;
	return false;
}

/* A table that goes takes its foreign keys along, which are in the way of what they refer to. */
static void
dropped_key_edges(struct order *o, struct sd_plan *plan, size_t i)
{
	const struct sd_list *keys =
		sd_parts_of(o->nodes[i].change->from, SD_FOREIGN_KEY);

	for (size_t k = 0; k < keys->n; k++) {
		const struct sd_foreign_key *fk = (const struct sd_foreign_key *)keys->at[k];
		struct sd_object *target = sd_schema_find(
			plan->diff->renamed, SD_TABLE, fk->table_ns, fk->table);

		for (size_t j = 0; target && target->twin && j < o->n; j++) {
			const struct sd_change *other = o->nodes[j].change;
			const struct sd_object *object = other->from;

			/* an enum that is made anew gives columns another type */
			if (other->kind == SD_ENUM && other->op == SD_OP_ALTER &&
				!sd_enum_grows((const struct sd_enum *)other->from,
					(const struct sd_enum *)other->into) &&
				refers_by(o, fk, target, object)) {
				edge(o, i, j);
				continue;
			}
			if (!object || object->parent != target ||
				(other->op != SD_OP_DROP && other->op != SD_OP_ALTER))
				continue;
			if (other->kind == SD_COLUMN
					? sd_names_find(&fk->ref_columns, object->name) >= 0 ||
						  in_key(plan, fk, object)
					: sd_key_serves(plan, fk, object))
				edge(o, i, j);
		}
	}
}

/* A view or trigger follows what its text speaks of; drops go the other way. */
static void
text_edges(struct order *o, size_t i)
{
	const struct sd_change *change = o->nodes[i].change;
	bool adds = change->op == SD_OP_ADD;
	const struct sd_object *object = adds ? change->into : change->from;
	const struct sd_kind_desc *desc = &sd_kinds[object->kind];

	for (size_t f = 0; f < desc->n_fields; f++) {
		const char *sql;
		struct sd_lex lex;
		struct sd_tok tok;

		if (desc->fields[f].type != SD_F_SQL)
			continue;
		sql = sd_field_get(object, &desc->fields[f], char *);
		if (!sql)
			continue;
		sd_lex_init(&lex, o->dialect->lex, sql, strlen(sql));
		while ((tok = sd_lex_next_solid(&lex)).kind != SD_TOK_END) {
			size_t other = !sd_tok_is_name(tok)
					       ? 0
					       : node_of(o, adds ? &o->adds : &o->drops,
							 sd_tok_value(o->arena, sql, tok));

			if (other && adds)
				edge(o, other - 1, i);
			else if (other)
				edge(o, i, other - 1);
		}
	}
}

/* A generated column follows those that it reads; drops go the other way. */
static void
generated_edges(struct order *o, size_t i)
{
	const struct sd_change *change = o->nodes[i].change;
	bool adds = change->op == SD_OP_ADD;
	const struct sd_column *column =
		(const struct sd_column *)(adds ? change->into : change->from);

	for (size_t j = 0; column->generated && j < o->n; j++) {
		const struct sd_change *other = o->nodes[j].change;
		const struct sd_object *object = adds ? other->into : other->from;

		if (other->kind != SD_COLUMN || !object || j == i ||
			(other->op != change->op && other->op != SD_OP_ALTER) ||
			object->parent != column->o.parent ||
			!sd_sql_mentions(o->dialect, o->arena, column->generated, object->name))
			continue;
		if (adds)
			edge(o, j, i);
		else
			edge(o, i, j);
	}
}

/* A column accepts NULL once the primary key is without it. */
static void
key_edges(struct order *o, size_t i)
{
	const struct sd_object *key = o->nodes[i].change->from;

	for (size_t j = 0; j < o->n; j++) {
		const struct sd_change *other = o->nodes[j].change;

		if (other->kind == SD_COLUMN && other->op == SD_OP_ALTER &&
			other->from->parent == key->parent &&
			sd_column_in_pk(o->dialect, (const struct sd_column *)other->from) &&
			!((const struct sd_column *)other->into)->not_null)
			edge(o, i, j);
	}
}

/* Parameters for long values are kept once there can be some. */
static void
toast_edges(struct order *o, size_t i)
{
	const struct sd_object *table = o->nodes[i].change->from;

	for (size_t j = 0; ((const struct sd_table *)table)->toastless && j < o->n; j++) {
		const struct sd_change *other = o->nodes[j].change;

		if (other->kind == SD_COLUMN && other->op == SD_OP_ALTER &&
			other->from->parent == table)
			edge(o, j, i);
	}
}

/* Columns, types and sequences that what waits may use go behind it. */
static void
waiting_edges(struct order *o, struct sd_plan *plan, size_t i)
{
	const struct sd_object *object = o->nodes[i].change->from;

	for (size_t j = 0; j < o->n; j++) {
		const struct sd_change *other = o->nodes[j].change;

		if (other->op != SD_OP_DROP)
			continue;
		if (other->kind == SD_ENUM || other->kind == SD_SEQUENCE ||
			(other->kind == SD_COLUMN && other->from->parent == object->parent &&
				sd_uses_column(plan, object, other->from->name)))
			edge(o, i, j);
	}
}

static void
find_edges(struct order *o, struct sd_plan *plan)
{
	for (size_t i = 0; i < o->n; i++) {
		const struct sd_change *change = o->nodes[i].change;

		if (change->kind == SD_PRIMARY_KEY && change->op == SD_OP_ALTER)
			key_edges(o, i);
		if (change->kind == SD_TABLE && change->op == SD_OP_ALTER)
			toast_edges(o, i);
		if (change->op != SD_OP_ADD && change->op != SD_OP_DROP)
			continue;
		if (change->kind == SD_TABLE)
			foreign_key_edges(o, i);
		if (change->kind == SD_TABLE && change->op == SD_OP_DROP &&
			o->dialect->traits & SD_TRAIT_KEYS_BIND)
			dropped_key_edges(o, plan, i);
		if (change->kind == SD_COLUMN)
			generated_edges(o, i);
		if (change->kind == SD_VIEW || change->kind == SD_TRIGGER)
			text_edges(o, i);
		if (change->waits)
			waiting_edges(o, plan, i);
	}
}

/* ---- a heap of the nodes that are free, the first in sort order on top ----------------- */

struct heap {
	size_t *at, n;
};

static void
heap_push(struct heap *heap, size_t node)
{
	size_t i = heap->n++;

	while (i && heap->at[(i - 1) / 2] > node) {
		heap->at[i] = heap->at[(i - 1) / 2];
		i = (i - 1) / 2;
	}
	heap->at[i] = node;
}

static size_t
heap_pop(struct heap *heap)
{
	size_t top = heap->at[0], last = heap->at[--heap->n], i = 0, child;

	while ((child = 2 * i + 1) < heap->n) {
		if (child + 1 < heap->n && heap->at[child + 1] < heap->at[child])
			child++;
		if (heap->at[child] >= last)
			break;
		heap->at[i] = heap->at[child];
		i = child;
	}
	heap->at[i] = last;
	return top;
}

static void
take(struct order *o, struct heap *heap, size_t i, struct sd_changes *steps)
{
	struct node *node = &o->nodes[i];

	node->done = true;
	*sd_push(o->arena, steps) = node->change;
	for (size_t j = 0; j < node->after.n; j++) {
		struct node *later = &o->nodes[node->after.at[j]];

		if (--later->before == 0 && !later->done)
			heap_push(heap, node->after.at[j]);
	}
}

/* A cycle of foreign keys among tables is no obstacle where keys are checked by rows and not
 * by definitions; a cycle of views is one. */
static enum sd_status
untie(struct order *o, struct heap *heap, struct sd_changes *steps, struct sd_diags *diags)
{
	struct sd_buf knot = SD_BUF(o->arena);

	for (size_t i = 0; i < o->n; i++) {
		if (o->nodes[i].done)
			continue;
		if (o->nodes[i].change->kind == SD_TABLE) {
			take(o, heap, i, steps);
			return SD_OK;
		}
		sd_buf_sep(&knot, ", ");
		sd_buf_add(&knot, sd_object_title(o->arena,
					  o->nodes[i].change->into ? o->nodes[i].change->into
								   : o->nodes[i].change->from));
	}
	return sd_fail(diags, SD_CLASS_REFUSED, (struct sd_pos){ 0 },
		"these depend on each other in a circle and cannot be put in order: %s",
		sd_buf_text(&knot));
}

enum sd_status
sd_order(struct sd_plan *plan, struct sd_diags *diags)
{
	struct order o = { .arena = plan->diff->arena,
		.dialect = plan->diff->into->dialect,
		.n = plan->steps.n };
	struct sd_changes steps = { 0 };
	struct heap heap = { sd_new_array(o.arena, o.n + 1, size_t), 0 };

	o.nodes = sd_new_array(o.arena, o.n + 1, struct node);
	for (size_t i = 0; i < o.n; i++)
		fill_node(&o.nodes[i], plan->steps.at[i], i);
	qsort(o.nodes, o.n, sizeof *o.nodes, compare_nodes);
	index_nodes(&o);
	find_edges(&o, plan);
	for (size_t i = 0; i < o.n; i++)
		if (!o.nodes[i].before)
			heap_push(&heap, i);
	while (steps.n < o.n) {
		if (heap.n)
			take(&o, &heap, heap_pop(&heap), &steps);
		else if (untie(&o, &heap, &steps, diags))
			return SD_ERR;
	}
	plan->steps = steps;
	return SD_OK;
}
