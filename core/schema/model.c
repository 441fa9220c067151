#include "core/schema/model.h"

#include "core/base/text.h"

#include <stdlib.h>
#include <string.h>

/* ---- making ------------------------------------------------------------------------- */

struct sd_schema *
sd_schema_new(struct sd_arena *arena, const struct sd_dialect *dialect, int version)
{
	struct sd_schema *schema = sd_new(arena, struct sd_schema);

	schema->arena = arena;
	schema->dialect = dialect;
	schema->version = version;
	for (int kind = 0; kind < SD_KIND__MAX; kind++)
		schema->manages[kind] = !(sd_kinds[kind].flags & SD_KIND_OPTIONAL);
	return schema;
}

struct sd_object *
sd_object_new(
	struct sd_arena *arena, enum sd_kind kind, const char *name, struct sd_object *parent)
{
	struct sd_object *object = sd_alloc(arena, sd_kinds[kind].size);

	object->kind = kind;
	object->name = name;
	object->parent = parent;
	return object;
}

static bool
is_relation(const struct sd_object *object)
{
	return object->kind == SD_TABLE || object->kind == SD_VIEW;
}

static void
names_copy(struct sd_arena *arena, struct sd_names *names)
{
	const char **at = names->n ? sd_new_array(arena, names->n, const char *) : NULL;

	for (size_t i = 0; i < names->n; i++)
		at[i] = names->at[i];
	names->at = at;
	names->cap = names->n;
}

/* Lists get arrays of their own, so that changing the clone leaves the original alone. */
static void
copy_lists(struct sd_arena *arena, struct sd_object *object)
{
	const struct sd_kind_desc *desc = &sd_kinds[object->kind];

	names_copy(arena, &object->renamed_from);
	for (size_t i = 0; i < desc->n_fields; i++) {
		const struct sd_field *field = &desc->fields[i];

		if (field->type == SD_F_NAMES || field->type == SD_F_WORDS ||
			field->type == SD_F_VALUES || field->type == SD_F_OPTIONS) {
			names_copy(arena, sd_field_at(object, field, struct sd_names));
		} else if (field->type == SD_F_PARTS) {
			struct sd_parts *parts = sd_field_at(object, field, struct sd_parts);
			struct sd_part *at = sd_new_array(arena, parts->n, struct sd_part);

			if (parts->n)
				memcpy(at, parts->at, parts->n * sizeof *at);
			parts->at = at;
			parts->cap = parts->n;
		}
	}
}

/* The member of @into at the place that @column has in @from. */
static struct sd_column *
same_column(
	const struct sd_list *from, const struct sd_list *into, const struct sd_column *column)
{
	for (size_t i = 0; i < from->n; i++)
		if (from->at[i] == &column->o)
			return (struct sd_column *)into->at[i];
	return NULL;
}

static void
clone_parts(struct sd_arena *arena, const struct sd_relation *from, struct sd_relation *into)
{
	for (int kind = 0; kind < SD_N_PARTS; kind++) {
		struct sd_list *list = &into->parts[kind];

		*list = (struct sd_list){ 0 };
		for (size_t i = 0; i < from->parts[kind].n; i++)
			*sd_push(arena, list) =
				sd_object_clone(arena, from->parts[kind].at[i], &into->o);
	}
	for (size_t i = 0; i < into->parts[SD_CHECK].n; i++) {
		struct sd_check *check = (struct sd_check *)into->parts[SD_CHECK].at[i];

		if (check->column)
			check->column = same_column(&from->parts[SD_COLUMN],
				&into->parts[SD_COLUMN], check->column);
	}
}

struct sd_object *
sd_object_clone(
	struct sd_arena *arena, const struct sd_object *object, struct sd_object *parent)
{
	size_t size = sd_kinds[object->kind].size;
	struct sd_object *copy = sd_alloc(arena, size);

	memcpy(copy, object, size);
	copy->parent = parent;
	copy_lists(arena, copy);
	if (is_relation(object))
		clone_parts(
			arena, (const struct sd_relation *)object, (struct sd_relation *)copy);
	return copy;
}

void
sd_schema_add(struct sd_schema *schema, struct sd_object *object)
{
	struct sd_list *list = object->parent ? sd_parts_of(object->parent, object->kind)
					      : &schema->objects[object->kind];

	*sd_push(schema->arena, list) = object;
}

/* ---- order and look-up -------------------------------------------------------------- */

struct ranked {
	struct sd_object *object;
	size_t rank; /* place before sorting: the last tie-breaker, as qsort() is not stable */
};

/* NULL after every text: unnamed parts come last. */
static int
order_texts(const char *a, const char *b)
{
	if (!a || !b)
		return !a - !b;
	return strcmp(a, b);
}

static int
order_objects(const void *left, const void *right)
{
	const struct ranked *a = left, *b = right;
	int order = order_texts(
		a->object->ns ? a->object->ns : "", b->object->ns ? b->object->ns : "");

	if (order == 0)
		order = order_texts(a->object->name, b->object->name);
	if (order == 0)
		order = a->rank < b->rank ? -1 : 1;
	return order;
}

static bool
is_sorted(const struct sd_list *list)
{
	for (size_t i = 1; i < list->n; i++) {
		struct ranked a = { list->at[i - 1], 0 }, b = { list->at[i], 1 };

		if (order_objects(&a, &b) > 0)
			return false;
	}
	return true;
}

static void
sort_list(struct sd_list *list, struct sd_arena *scratch)
{
	struct ranked *ranked;

	if (is_sorted(list))
		return;
	ranked = sd_new_array(scratch, list->n, struct ranked);
	for (size_t i = 0; i < list->n; i++)
		ranked[i] = (struct ranked){ list->at[i], i };
	qsort(ranked, list->n, sizeof *ranked, order_objects);
	for (size_t i = 0; i < list->n; i++)
		list->at[i] = ranked[i].object;
}

static void
sort_parts(struct sd_relation *relation, struct sd_arena *scratch)
{
	for (int kind = SD_COLUMN + 1; kind < SD_N_PARTS; kind++)
		sort_list(&relation->parts[kind], scratch);
}

/* Append @text to @to, folded as the dialect's names are; the end. */
static char *
put_folded(char *to, const char *text, bool fold)
{
	for (; *text; text++)
		*to++ = fold && *text >= 'A' && *text <= 'Z' ? (char)(*text + ('a' - 'A'))
							     : *text;
	return to;
}

#define KEY_EXTRA 3 /* bytes of a key beside namespace and name */

/* Key of an object in by_name: kind, namespace and name, into the @to of at least the
 * lengths of both and KEY_EXTRA bytes.  \x01 can't stand in a name that anyone would write. */
static void
put_key(char *to, const struct sd_dialect *dialect, enum sd_kind kind, const char *ns,
	const char *name)
{
	*to++ = (char)('a' + (int)kind);
	to = put_folded(to, ns ? ns : "", dialect->names_fold);
	*to++ = '\x01';
	to = put_folded(to, name, dialect->names_fold);
	*to = '\0';
}

static size_t
key_size(const char *ns, const char *name)
{
	return (ns ? strlen(ns) : 0) + strlen(name) + KEY_EXTRA;
}

/* by_name holds every object under the name that it has, and nothing else. */
static bool
is_indexed(const struct sd_schema *schema)
{
	size_t n = 0;

	for (enum sd_kind kind = SD_N_PARTS; kind < SD_KIND__MAX; kind++) {
		const struct sd_list *list = &schema->objects[kind];

		n += list->n;
		for (size_t i = 0; schema->by_name.n && i < list->n; i++)
			if (sd_schema_find(schema, kind, list->at[i]->ns, list->at[i]->name) !=
				list->at[i])
				return false;
	}
	return n == schema->by_name.n;
}

void
sd_schema_index(struct sd_schema *schema)
{
	if (is_indexed(schema))
		return;
	schema->by_name = (struct sd_map){ 0 };
	for (int kind = SD_N_PARTS; kind < SD_KIND__MAX; kind++) {
		struct sd_list *list = &schema->objects[kind];

		for (size_t i = 0; i < list->n; i++) {
			struct sd_object *object = list->at[i];
			char *key = sd_alloc(schema->arena, key_size(object->ns, object->name));

			put_key(key, schema->dialect, object->kind, object->ns, object->name);
			*sd_map_at(&schema->by_name, key, schema->arena) = object;
		}
	}
}

void
sd_schema_finish(struct sd_schema *schema)
{
	struct sd_arena *scratch = sd_arena_new();

	for (int kind = SD_N_PARTS; kind < SD_KIND__MAX; kind++) {
		struct sd_list *list = &schema->objects[kind];

		sort_list(list, scratch);
		for (size_t i = 0; i < list->n; i++)
			if (is_relation(list->at[i]))
				sort_parts((struct sd_relation *)list->at[i], scratch);
	}
	sd_arena_free(scratch);
	sd_schema_index(schema);
}

void
sd_schema_manage_present(struct sd_schema *schema)
{
	for (enum sd_kind kind = SD_N_PARTS; kind < SD_KIND__MAX; kind++) {
		const struct sd_list *list = &schema->objects[kind];

		schema->manages[kind] |= list->n != 0;
		for (size_t i = 0; i < list->n; i++)
			for (enum sd_kind part = 0; part < SD_N_PARTS; part++)
				schema->manages[part] |= is_relation(list->at[i]) &&
							 sd_parts_of(list->at[i], part)->n != 0;
	}
}

struct sd_object *
sd_schema_find(
	const struct sd_schema *schema, enum sd_kind kind, const char *ns, const char *name)
{
	size_t size = key_size(ns, name);
	char small[256];
	char *key = size <= sizeof small ? small : sd_alloc(schema->arena, size);

	put_key(key, schema->dialect, kind, ns, name);
	return sd_map_get(&schema->by_name, key);
}

struct sd_table *
sd_schema_table(const struct sd_schema *schema, const char *ns, const char *name)
{
	return (struct sd_table *)sd_schema_find(schema, SD_TABLE, ns, name);
}

struct sd_list *
sd_parts_of(struct sd_object *relation, enum sd_kind kind)
{
	if (!is_relation(relation) || kind >= SD_N_PARTS)
		sd_bug("a %s has no %s", sd_kinds[relation->kind].word, sd_kinds[kind].plural);
	return &((struct sd_relation *)relation)->parts[kind];
}

struct sd_object *
sd_part_find(const struct sd_dialect *dialect, const struct sd_object *relation,
	enum sd_kind kind, const char *name)
{
	const struct sd_list *list = &((const struct sd_relation *)relation)->parts[kind];

	for (size_t i = 0; i < list->n; i++)
		if (list->at[i]->name && sd_name_equal(dialect, list->at[i]->name, name))
			return list->at[i];
	return NULL;
}

struct sd_column *
sd_column_find(
	const struct sd_dialect *dialect, const struct sd_object *relation, const char *name)
{
	return (struct sd_column *)sd_part_find(dialect, relation, SD_COLUMN, name);
}

struct sd_key *
sd_table_pk(const struct sd_table *table)
{
	const struct sd_list *list = &table->rel.parts[SD_PRIMARY_KEY];

	return list->n ? (struct sd_key *)list->at[0] : NULL;
}

bool
sd_column_in_pk(const struct sd_dialect *dialect, const struct sd_column *column)
{
	const struct sd_key *pk;

	if (!column->o.parent || column->o.parent->kind != SD_TABLE)
		return false;
	pk = sd_table_pk((const struct sd_table *)column->o.parent);
	for (size_t i = 0; pk && i < pk->columns.n; i++)
		if (pk->columns.at[i].name &&
			sd_name_equal(dialect, pk->columns.at[i].name, column->o.name))
			return true;
	return false;
}

struct sd_column *
sd_sequence_owner(const struct sd_schema *schema, const struct sd_sequence *sequence)
{
	const char *owner = sequence->owned_by;

	for (const char *dot = owner ? strchr(owner, '.') : NULL; dot; dot = strchr(dot + 1, '.')) {
		const struct sd_table *table = sd_schema_table(schema, sequence->o.ns,
			sd_strndup(schema->arena, owner, (size_t)(dot - owner)));
		struct sd_column *column =
			table ? sd_column_find(schema->dialect, &table->rel.o, dot + 1) : NULL;

		if (column)
			return column;
	}
	return NULL;
}

const char *
sd_not_null_name(struct sd_arena *arena, const struct sd_column *column)
{
	const struct sd_object *o = column->o.origin ? column->o.origin : &column->o;

	if (column->rare && column->rare->not_null_name)
		return column->rare->not_null_name;
	return sd_fmt(arena, "%s_%s_not_null", o->parent->name, o->name);
}

/* ---- in words ----------------------------------------------------------------------- */

const char *
sd_object_path(struct sd_arena *arena, const struct sd_object *object)
{
	const char *name = object->name;

	if (object->parent) {
		const char *parent = sd_object_path(arena, object->parent);

		if (!name)
			return sd_fmt(
				arena, "%s (unnamed %s)", parent, sd_kinds[object->kind].word);
		return sd_fmt(arena, "%s.%s", parent, name);
	}
	return object->ns ? sd_fmt(arena, "%s.%s", object->ns, name) : name;
}

const char *
sd_object_title(struct sd_arena *arena, const struct sd_object *object)
{
	const char *word = sd_kinds[object->kind].word;

	if (!object->parent || object->kind == SD_COLUMN)
		return sd_fmt(arena, "%s %s", word, sd_object_path(arena, object));
	if (object->kind == SD_INDEX && object->name)
		return sd_fmt(arena, "%s %s", word, object->name);
	if (object->kind == SD_PRIMARY_KEY)
		return sd_fmt(arena, "%s of %s", word, sd_object_path(arena, object->parent));
	if (!object->name)
		return sd_fmt(
			arena, "unnamed %s of %s", word, sd_object_path(arena, object->parent));
	return sd_fmt(arena, "%s %s of %s", word, object->name,
		sd_object_path(arena, object->parent));
}
