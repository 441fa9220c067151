/* Renames are done to the *from* model before anything is compared, so that a rename never
 * looks like a change of the checks, indexes, views and triggers that mention the name.
 *
 * Inside one table (checks, generated columns, indexes, keys) a name can only be that table's
 * column, and replacing tokens is exact.  Views and trigger bodies speak of many tables:
 * there the tokens are replaced for the comparison alone, and the object is flagged
 * SD_OBJ_RENAMED, so that nobody takes its stored text for the engine's. */
#include "diff/internal.h"

#include "core/base/text.h"
#include "core/sql/canon.h"

#include <string.h>

struct renaming {
	struct sd_schema *schema;
	const struct sd_dialect *dialect;
	struct sd_arena *arena;
	const struct sd_rename *rename;
};

static bool
same_name(const struct renaming *r, const char *a, const char *b)
{
	return a && b && sd_name_equal(r->dialect, a, b);
}

/* @r speaks of the relation @ns.@name. */
static bool
concerns(const struct renaming *r, const char *ns, const char *name)
{
	return sd_text_equal(ns, r->rename->ns) && same_name(r, name, r->rename->table);
}

/* The functions below say whether they found the name. */
static bool
rename_in_sql(const struct renaming *r, const char **sql, const char *from)
{
	if (!*sql || !sd_sql_mentions(r->dialect, r->arena, *sql, from))
		return false;
	*sql = sd_sql_rename(r->dialect, r->arena, *sql, from, r->rename->to);
	return true;
}

static bool
rename_in_names(const struct renaming *r, struct sd_names *names)
{
	struct sd_names copy = { 0 };
	bool hit = false;

	for (size_t i = 0; i < names->n; i++) {
		bool same = same_name(r, names->at[i], r->rename->column);

		*sd_push(r->arena, &copy) = same ? r->rename->to : names->at[i];
		hit |= same;
	}
	*names = copy;
	return hit;
}

static bool
rename_in_parts(const struct renaming *r, struct sd_parts *parts)
{
	struct sd_parts copy = { 0 };
	bool hit = false;

	for (size_t i = 0; i < parts->n; i++) {
		struct sd_part *part = sd_push(r->arena, &copy);

		*part = parts->at[i];
		if (same_name(r, part->name, r->rename->column)) {
			part->name = r->rename->to;
			hit = true;
		}
		hit |= rename_in_sql(r, &part->expression, r->rename->column);
	}
	*parts = copy;
	return hit;
}

/* A column's new name in the fields of @object, a part of its table: every field that holds
 * names, parts or an expression, whatever the kind. */
static bool
rename_in_fields(const struct renaming *r, struct sd_object *object)
{
	const struct sd_kind_desc *desc = &sd_kinds[object->kind];
	bool hit = false;

	for (size_t i = 0; i < desc->n_fields; i++) {
		const struct sd_field *field = &desc->fields[i];

		switch (field->type) {
		case SD_F_SQL:
			hit |= rename_in_sql(
				r, sd_field_at(object, field, const char *), r->rename->column);
			break;
		case SD_F_PARTS:
			hit |= rename_in_parts(r, sd_field_at(object, field, struct sd_parts));
			break;
		case SD_F_NAMES:
			hit |= rename_in_names(r, sd_field_at(object, field, struct sd_names));
			break;
		default:
			break;
		}
	}
	return hit;
}

static bool
is_far(const struct sd_object *object)
{
	return object->kind == SD_TRIGGER || object->kind == SD_VIEW;
}

/* What a view or trigger says of the renamed thing; true when it says anything. */
static bool
rename_far(const struct renaming *r, struct sd_object *object)
{
	const char *word = r->rename->column ? r->rename->column : r->rename->table;
	const struct sd_kind_desc *desc = &sd_kinds[object->kind];
	bool own = object->parent && concerns(r, object->parent->ns, object->parent->name);
	bool hit = false;

	for (size_t i = 0; i < desc->n_fields; i++) {
		const struct sd_field *field = &desc->fields[i];
		const char **sql = sd_field_at(object, field, const char *);

		if (field->type == SD_F_NAMES && own && r->rename->column) {
			hit |= rename_in_names(r, sd_field_at(object, field, struct sd_names));
			continue;
		}
		if (field->type == SD_F_SQL)
			hit |= rename_in_sql(r, sql, word);
	}
	return hit || (own && !r->rename->column);
}

static bool
rename_foreign_key(const struct renaming *r, struct sd_foreign_key *fk)
{
	const struct sd_object *home = fk->o.parent;
	bool hit = false;

	if (concerns(r, fk->table_ns, fk->table)) {
		if (r->rename->column) {
			hit = rename_in_names(r, &fk->ref_columns);
		} else {
			fk->table = r->rename->to;
			hit = true;
		}
	}
	if (r->rename->column && concerns(r, home->ns, home->name)) {
		hit |= rename_in_names(r, &fk->columns);
		hit |= rename_in_names(r, &fk->set_columns);
	}
	return hit;
}

/* A part of the table itself; a table's new name stands in the text of its indexes. */
static bool
rename_near(const struct renaming *r, struct sd_object *object)
{
	bool hit = false;

	if (!object->parent || !concerns(r, object->parent->ns, object->parent->name))
		return false;
	if (!r->rename->column)
		return object->kind == SD_INDEX ||
		       (sd_kinds[object->kind].flags & SD_KIND_CONSTRAINT &&
			       r->dialect->traits & SD_TRAIT_KEYS_BIND);
	if (object->kind == SD_COLUMN && same_name(r, object->name, r->rename->column)) {
		object->name = r->rename->to;
		hit = true;
	}
	return rename_in_fields(r, object) || hit;
}

/* Columns whose type is the enum, or an array of it. */
static bool
rename_type(const struct renaming *r, struct sd_column *column)
{
	const struct sd_object type = {
		.kind = SD_ENUM, .ns = r->rename->ns, .name = r->rename->table
	};
	const char *to = sd_quote_name(r->dialect, r->arena, r->rename->to);
	bool array;

	if (!sd_column_has_enum(r->arena, r->dialect, column, &type, &array))
		return false;
	if (type.ns)
		to = sd_fmt(r->arena, "%s.%s", sd_quote_name(r->dialect, r->arena, type.ns), to);
	column->type = array ? sd_fmt(r->arena, "%s[]", to) : to;
	return true;
}

/* What belongs to a column says so in its own words: "table.column". */
static void
rename_owner(const struct renaming *r, struct sd_sequence *sequence)
{
	const struct sd_column *owner = sd_sequence_owner(r->schema, sequence);
	const struct sd_object *table = owner ? owner->o.parent : NULL;

	if (!owner || !concerns(r, sequence->o.ns, table->name))
		return;
	if (!r->rename->column)
		sequence->owned_by = sd_fmt(r->arena, "%s.%s", r->rename->to, owner->o.name);
	else if (same_name(r, owner->o.name, r->rename->column))
		sequence->owned_by = sd_fmt(r->arena, "%s.%s", table->name, r->rename->to);
}

static void
rename_one(void *ctx, struct sd_object *object)
{
	const struct renaming *r = ctx;
	bool hit = false;

	if (r->rename->kind == SD_ENUM || r->rename->kind == SD_SEQUENCE) {
		if (r->rename->kind == SD_ENUM && object->kind == SD_COLUMN)
			rename_type(r, (struct sd_column *)object);
		return;
	}
	if (object->kind == SD_SEQUENCE)
		rename_owner(r, (struct sd_sequence *)object);
	if (is_far(object))
		hit = rename_far(r, object);
	else if (object->kind == SD_FOREIGN_KEY)
		hit = rename_foreign_key(r, (struct sd_foreign_key *)object);
	else
		hit = rename_near(r, object);
	if (hit)
		object->flags |= SD_OBJ_RENAMED;
}

/* @object and its parts into @copy, each knowing what it is a copy of. */
static void
copy_object(struct sd_schema *copy, struct sd_object *object)
{
	struct sd_object *twin = sd_object_clone(copy->arena, object, NULL);

	twin->origin = object;
	for (size_t part = 0; part < SD_N_PARTS; part++) {
		const struct sd_list *from = sd_parts_of(object, (enum sd_kind)part);
		const struct sd_list *to = sd_parts_of(twin, (enum sd_kind)part);

		for (size_t i = 0; i < from->n; i++)
			to->at[i]->origin = from->at[i];
	}
	sd_schema_add(copy, twin);
}

static void
copy_alone(struct sd_schema *copy, struct sd_object *object)
{
	struct sd_object *twin = sd_object_clone(copy->arena, object, NULL);

	twin->origin = object;
	sd_schema_add(copy, twin);
}

static void
copy_objects(const struct sd_schema *schema, struct sd_schema *copy)
{
	memcpy(copy->manages, schema->manages, sizeof copy->manages);
	for (size_t kind = SD_N_PARTS; kind < SD_KIND__MAX; kind++)
		for (size_t i = 0; i < schema->objects[kind].n; i++) {
			struct sd_object *object = schema->objects[kind].at[i];

			if (kind == SD_TABLE || kind == SD_VIEW)
				copy_object(copy, object);
			else
				copy_alone(copy, object);
		}
}

static void
rename_itself(const struct renaming *r, const struct sd_list *list)
{
	for (size_t i = 0; i < list->n; i++)
		if (concerns(r, list->at[i]->ns, list->at[i]->name))
			list->at[i]->name = r->rename->to;
}

struct sd_schema *
sd_rename_apply(const struct sd_schema *schema, const struct sd_renames *renames,
	struct sd_arena *arena)
{
	struct sd_schema *copy = sd_schema_new(arena, schema->dialect, schema->version);

	copy_objects(schema, copy);
	/* columns first: their renames name the table as it was */
	for (int tables = 0; tables <= 1; tables++) {
		for (size_t i = 0; i < renames->n; i++) {
			struct renaming r = { copy, schema->dialect, arena, &renames->at[i] };

			if ((renames->at[i].column == NULL) != (tables == 1))
				continue;
			sd_schema_walk(copy, rename_one, &r);
			if (tables)
				rename_itself(&r, &copy->objects[renames->at[i].kind]);
		}
	}
	sd_schema_finish(copy);
	return copy;
}

struct sd_renames
sd_renames_reverse(const struct sd_renames *renames, struct sd_arena *arena)
{
	struct sd_renames back = { 0 };

	for (size_t i = 0; i < renames->n; i++) {
		const struct sd_rename *rename = &renames->at[i];
		struct sd_rename *turned = sd_push(arena, &back);

		turned->kind = rename->kind;
		turned->ns = rename->ns;
		if (!rename->column) {
			turned->table = rename->to;
			turned->to = rename->table;
			continue;
		}
		turned->table = rename->table;
		turned->column = rename->to;
		turned->to = rename->column;
		for (size_t j = 0; j < renames->n; j++)
			if (renames->at[j].kind == SD_TABLE &&
				sd_text_equal(renames->at[j].ns, rename->ns) &&
				strcmp(renames->at[j].table, rename->table) == 0)
				turned->table = renames->at[j].to;
	}
	return back;
}

bool
sd_rename_parse(struct sd_arena *arena, const char *text, struct sd_rename *rename)
{
	const char *equals = strchr(text, '='), *dot, *left;

	*rename = (struct sd_rename){ .kind = SD_TABLE };
	if (!equals || equals == text || !equals[1])
		return false;
	left = sd_strndup(arena, text, (size_t)(equals - text));
	rename->to = sd_strdup(arena, equals + 1);
	dot = strchr(left, '.');
	if (!dot) {
		rename->table = left;
		return strchr(rename->to, '.') == NULL;
	}
	rename->kind = SD_COLUMN;
	if (strchr(dot + 1, '.')) { /* billing.bills.a: of a table in a namespace */
		rename->ns = sd_strndup(arena, left, (size_t)(dot - left));
		left = dot + 1;
		dot = strchr(left, '.');
	}
	rename->table = sd_strndup(arena, left, (size_t)(dot - left));
	rename->column = sd_strdup(arena, dot + 1);
	dot = strrchr(rename->to, '.'); /* users.a=users.b is allowed */
	if (dot)
		rename->to = dot + 1;
	return *rename->table && *rename->column && *rename->to;
}

/* ---- which renames to obey ----------------------------------------------------------- */

static void
obey(struct sd_diff *diff, const struct sd_object *table, const char *column, const char *to)
{
	struct sd_rename *rename = sd_push(diff->arena, &diff->renames);

	rename->kind = column ? SD_COLUMN : table->kind;
	rename->ns = table->ns;
	rename->table = table->name;
	rename->column = column;
	rename->to = to;
}

/* `billing.bills=invoices` may be of a column, or of a table in a namespace: its old name, if
 * @want says how the one in @ns that is @to was called. */
static const char *
table_in_namespace(const struct sd_dialect *dialect, const struct sd_rename *want,
	const char *ns, const char *to)
{
	return want->column && !want->ns && ns && sd_name_equal(dialect, want->table, ns) &&
			       sd_name_equal(dialect, want->to, to)
		       ? want->column
		       : NULL;
}

/* What the flags say of @table (NULL column: of the table itself); the old name or NULL. */
static const char *
flag_for(const struct sd_diff *diff, const struct sd_diff_options *options,
	const struct sd_object *table, const char *column, const char *to)
{
	const struct sd_dialect *dialect = diff->from->dialect;

	for (size_t i = 0; i < options->renames.n; i++) {
		const struct sd_rename *r = &options->renames.at[i];
		const char *old = column ? NULL
					 : table_in_namespace(dialect, r, table->ns, to);

		if (old)
			return old;
		if ((r->column != NULL) != (column != NULL) ||
			!sd_text_equal(r->ns, table->ns) || !sd_name_equal(dialect, r->to, to))
			continue;
		if (!r->column || sd_name_equal(dialect, r->table, table->name))
			return r->column ? r->column : r->table;
	}
	return NULL;
}

/* The old name of @object among those it names, if it holds: there, and not wanted. */
static const char *
old_name(const struct sd_object *object, struct sd_object *(*there)(const void *, const char *),
	const void *from, const void *into)
{
	for (size_t i = 0; i < object->renamed_from.n; i++) {
		const char *old = object->renamed_from.at[i];

		if (there(from, old) && !there(into, old))
			return old;
	}
	return NULL;
}

struct place {
	const struct sd_schema *schema;
	const struct sd_object *object; /* the relation, or whose namespace is meant */
};

/* Of the kind of the object whose namespace is meant. */
static struct sd_object *
there_by_name(const void *ctx, const char *name)
{
	const struct place *place = ctx;

	return sd_schema_find(place->schema, place->object->kind, place->object->ns, name);
}

static struct sd_object *
column_there(const void *ctx, const char *name)
{
	const struct place *place = ctx;

	return sd_part_find(place->schema->dialect, place->object, SD_COLUMN, name);
}

/* The pair of a table or column of the files that is not in the database: a renamed one's old
 * name, or NULL. */
static const char *
renamed_from(struct sd_diff *diff, const struct sd_diff_options *options,
	const struct sd_object *object, const struct sd_object *old_table,
	struct sd_object *(*there)(const void *, const char *), const struct place *from,
	const struct place *into)
{
	const char *old = NULL;

	if (there(from, object->name)) {
		if (object->renamed_from.n)
			*sd_push(diff->arena, &diff->inert) =
				sd_object_title(diff->arena, object);
		return NULL;
	}
	old = flag_for(diff, options, old_table ? old_table : object,
		old_table ? object->name : NULL, object->name);
	if (old && there(from, old) && !there(into, old))
		return old;
	if (options->no_renames)
		return NULL;
	old = old_name(object, there, from, into);
	if (!old && object->renamed_from.n)
		*sd_push(diff->arena, &diff->inert) = sd_object_title(diff->arena, object);
	return old;
}

static void
collect_columns(struct sd_diff *diff, const struct sd_diff_options *options,
	struct sd_object *old_table, struct sd_object *table)
{
	const struct sd_list *columns = sd_parts_of(table, SD_COLUMN);
	const struct place from = { diff->from, old_table }, into = { diff->into, table };

	for (size_t i = 0; i < columns->n; i++) {
		const char *old = renamed_from(
			diff, options, columns->at[i], old_table, column_there, &from, &into);

		if (old)
			obey(diff, old_table, column_there(&from, old)->name,
				columns->at[i]->name);
	}
}

/* Flags that fit nothing would silently turn a rename into a loss: name them. */
static void
find_wrong_flags(struct sd_diff *diff, const struct sd_diff_options *options)
{
	const struct sd_dialect *dialect = diff->from->dialect;

	for (size_t i = 0; i < options->renames.n; i++) {
		const struct sd_rename *want = &options->renames.at[i];
		bool found = false;

		for (size_t j = 0; j < diff->renames.n; j++) {
			const struct sd_rename *got = &diff->renames.at[j];

			const char *old = got->column ? NULL
						      : table_in_namespace(dialect, want,
								got->ns, got->to);

			found |= old && sd_name_equal(dialect, got->table, old);
			found |= sd_text_equal(got->ns, want->ns) &&
				 sd_name_equal(dialect, got->table, want->table) &&
				 (got->column == NULL) == (want->column == NULL) &&
				 (!got->column ||
					 sd_name_equal(dialect, got->column, want->column)) &&
				 sd_name_equal(dialect, got->to, want->to);
		}
		if (!found)
			*sd_push(diff->arena, &diff->wrong) = sd_fmt(diff->arena,
				"--rename %s%s%s%s%s=%s fits nothing: the old name must be in "
				"the database alone, the new one in the schema files alone",
				want->ns ? want->ns : "", want->ns ? "." : "", want->table, want->column ? "." : "",
				want->column ? want->column : "", want->to);
	}
}

/* Enums and sequences: nothing but their name. */
static void
collect_others(struct sd_diff *diff, const struct sd_diff_options *options, enum sd_kind kind)
{
	const struct sd_list *list = &diff->into->objects[kind];

	for (size_t i = 0; i < list->n; i++) {
		struct sd_object *object = list->at[i];
		const struct place from = { diff->from, object }, into = { diff->into, object };
		const char *name = NULL;

		if (!(object->flags & SD_OBJ_UNMANAGED))
			name = renamed_from(
				diff, options, object, NULL, there_by_name, &from, &into);
		if (name)
			obey(diff, there_by_name(&from, name), NULL, object->name);
	}
}

void
sd_rename_collect(struct sd_diff *diff, const struct sd_diff_options *options)
{
	const struct sd_list *tables = &diff->into->objects[SD_TABLE];

	for (size_t i = 0; i < tables->n; i++) {
		struct sd_object *table = tables->at[i], *old = NULL;
		const struct place from = { diff->from, table }, into = { diff->into, table };
		const char *name;

		if (table->flags & SD_OBJ_UNMANAGED)
			continue;
		name = renamed_from(diff, options, table, NULL, there_by_name, &from, &into);
		if (name) {
			old = there_by_name(&from, name);
			obey(diff, old, NULL, table->name);
		} else {
			old = there_by_name(&from, table->name);
		}
		if (old && !(old->flags & SD_OBJ_UNMANAGED) && !old->opaque)
			collect_columns(diff, options, old, table);
	}
	collect_others(diff, options, SD_ENUM);
	collect_others(diff, options, SD_SEQUENCE);
	find_wrong_flags(diff, options);
}
