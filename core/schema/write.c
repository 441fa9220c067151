/* A model as a schema file.  What the loader expands is folded up again here, where the
 * short form says exactly the same: loading what was written gives the model back. */
#include "core/schema/write.h"

#include "core/base/emit.h"
#include "core/base/text.h"

#include <string.h>

struct write {
	const struct sd_schema *schema;
	const struct sd_naming *naming;
	struct sd_arena *arena; /* for texts that are made on the way */
	struct sd_emit out;
};

/* The parts of a table that the line of one column says, by kind. */
struct folded {
	const struct sd_object *at[SD_N_PARTS];
};

/* ---- fields ------------------------------------------------------------------------- */

static bool
is_default(const struct sd_field *field, const struct sd_object *object)
{
	return sd_field_unset(field, object) ||
	       (field->flags & SD_FIELD_DEFAULT_NULL &&
		       strcmp(sd_field_get(object, field, char *), field->words[0]) == 0);
}

static void
write_names(struct write *w, const char *key, const struct sd_names *names)
{
	sd_emit_open(&w->out, key, '[', SD_EMIT_LINE);
	for (size_t i = 0; i < names->n; i++)
		sd_emit_text(&w->out, NULL, names->at[i]);
	sd_emit_close(&w->out);
}

/* A name alone reads better than a list of one. */
static void
write_name_or_names(struct write *w, const char *key, const struct sd_names *names)
{
	if (names->n == 1)
		sd_emit_text(&w->out, key, names->at[0]);
	else
		write_names(w, key, names);
}

static bool
is_plain(const struct sd_part *part)
{
	return part->name && !part->collation && !part->opclass && !part->desc &&
	       !part->nulls && !part->op;
}

static void
write_part(struct write *w, const struct sd_part *part)
{
	const struct {
		const char *key, *value;
	} members[] = {
		{ "name", part->name },
		{ "expression", part->expression },
		{ "order", part->desc ? "desc" : NULL },
		{ "nulls", part->nulls },
		{ "collation", part->collation },
		{ "opclass", part->opclass },
		{ "with", part->op },
	};

	if (is_plain(part)) {
		sd_emit_text(&w->out, NULL, part->name);
		return;
	}
	sd_emit_open(&w->out, NULL, '{', SD_EMIT_LINE);
	for (size_t i = 0; i < SD_COUNT(members); i++)
		if (members[i].value)
			sd_emit_text(&w->out, members[i].key, members[i].value);
	sd_emit_close(&w->out);
}

static void
write_parts(struct write *w, const char *key, const struct sd_parts *parts)
{
	sd_emit_open(&w->out, key, '[', SD_EMIT_LINE);
	for (size_t i = 0; i < parts->n; i++)
		write_part(w, &parts->at[i]);
	sd_emit_close(&w->out);
}

/* A table of another namespace is named with it. */
static const char *
text_of(const struct write *w, const struct sd_field *field, const struct sd_object *object)
{
	const struct sd_foreign_key *fk = (const struct sd_foreign_key *)object;
	const char *text = sd_field_get(object, field, char *);

	if (object->kind != SD_FOREIGN_KEY ||
		field->offset != offsetof(struct sd_foreign_key, table) || !fk->table_ns ||
		sd_text_equal(fk->table_ns, object->parent->ns))
		return text;
	return sd_fmt(w->arena, "%s.%s", fk->table_ns, text);
}

static void
write_options(struct write *w, const char *key, const struct sd_names *options)
{
	sd_emit_open(&w->out, key, '{', SD_EMIT_LINE);
	for (size_t i = 0; i < options->n; i++) {
		const char *text = options->at[i], *value = strchr(text, '=');

		sd_emit_text(&w->out, sd_strndup(w->arena, text, (size_t)(value - text)),
			value + 1);
	}
	sd_emit_close(&w->out);
}

static void
write_value(struct write *w, const char *key, const struct sd_field *field,
	const struct sd_object *object)
{
	switch (field->type) {
	case SD_F_BOOL:
	case SD_F_NOT:
		sd_emit_bool(&w->out, key,
			sd_field_get(object, field, bool) != (field->type == SD_F_NOT));
		break;
	case SD_F_WORDS:
		write_name_or_names(w, key, &sd_field_get(object, field, struct sd_names));
		break;
	case SD_F_NAMES:
	case SD_F_VALUES:
		write_names(w, key, &sd_field_get(object, field, struct sd_names));
		break;
	case SD_F_PARTS:
		write_parts(w, key, &sd_field_get(object, field, struct sd_parts));
		break;
	case SD_F_OPTIONS:
		write_options(w, key, &sd_field_get(object, field, struct sd_names));
		break;
	case SD_F_NUMBER:
		sd_emit_raw(&w->out, key, sd_field_get(object, field, char *));
		break;
	default:
		sd_emit_text(&w->out, key, text_of(w, field, object));
	}
}

/* Whether @column's nullability has to be said: columns of a key are NOT NULL unless the
 * file says otherwise, and SQLite's alias of the rowid is never NULL. */
static bool
says_nullable(const struct write *w, const struct sd_column *column)
{
	if (column->rowid_alias)
		return false;
	return column->not_null !=
	       (column->numbers || sd_column_in_pk(w->schema->dialect, column));
}

static bool
is_written(const struct write *w, const struct sd_field *field, const struct sd_object *object)
{
	const struct sd_column *column = (const struct sd_column *)object;

	if (object->kind == SD_COLUMN && field->offset == offsetof(struct sd_column, not_null))
		return says_nullable(w, column);
	if (object->kind == SD_COLUMN &&
		field->offset == offsetof(struct sd_column, identity) && column->rowid_alias)
		return false;
	if (field->flags & SD_FIELD_STATE)
		return false;
	return field->flags & SD_FIELD_REQUIRED || !is_default(field, object);
}

/* @field alone says all that its group would. */
static bool
is_whole_group(const struct write *w, const struct sd_object *object, const struct sd_field *field)
{
	const struct sd_kind_desc *desc = &sd_kinds[object->kind];

	if (!(field->flags & SD_FIELD_GROUP_SHORT))
		return false;
	for (size_t i = 0; i < desc->n_fields; i++)
		if (&desc->fields[i] != field &&
			sd_text_equal(desc->fields[i].group, field->group) &&
			is_written(w, &desc->fields[i], object))
			return false;
	return true;
}

/* The fields that stand in no group, and groups that are said by one value. */
static void
write_fields(struct write *w, const struct sd_object *object)
{
	const struct sd_kind_desc *desc = &sd_kinds[object->kind];

	for (size_t i = 0; i < desc->n_fields; i++) {
		const struct sd_field *field = &desc->fields[i];

		if (!is_written(w, field, object))
			continue;
		if (!field->group)
			write_value(w, field->key, field, object);
		else if (is_whole_group(w, object, field))
			write_value(w, field->group, field, object);
	}
}

/* The sub-objects of fields: "generated", "sqlite", … */
static void
write_groups(struct write *w, const struct sd_object *object)
{
	const struct sd_kind_desc *desc = &sd_kinds[object->kind];
	const char *open = NULL;

	for (size_t i = 0; i < desc->n_fields; i++) {
		const struct sd_field *field = &desc->fields[i];

		if (!field->group || !is_written(w, field, object) ||
			is_whole_group(w, object, field))
			continue;
		if (!sd_text_equal(open, field->group)) {
			if (open)
				sd_emit_close(&w->out);
			open = field->group;
			sd_emit_open(&w->out, open, '{', SD_EMIT_LINE);
		}
		write_value(w, field->key, field, object);
	}
	if (open)
		sd_emit_close(&w->out);
}

static void
write_renamed_from(struct write *w, const struct sd_object *object)
{
	if (object->renamed_from.n)
		write_name_or_names(w, "renamed_from", &object->renamed_from);
}

/* ---- entries ------------------------------------------------------------------------ */

/* The field whose value alone says all of @object, or NULL. */
static const struct sd_field *
short_field(const struct write *w, const struct sd_object *object)
{
	const struct sd_kind_desc *desc = &sd_kinds[object->kind];
	const struct sd_field *found = NULL;

	if (object->renamed_from.n)
		return NULL;
	for (size_t i = 0; i < desc->n_fields; i++) {
		if (desc->fields[i].flags & SD_FIELD_SHORT)
			found = &desc->fields[i];
		else if (is_written(w, &desc->fields[i], object))
			return NULL;
	}
	return found;
}

/* An entry of a section; @name is the name it carries inside, where it has no key. */
static void
write_entry(struct write *w, const char *key, const char *name, const struct sd_object *object)
{
	const struct sd_field *field = name ? NULL : short_field(w, object);

	if (field) {
		write_value(w, key, field, object);
		return;
	}
	sd_emit_open(
		&w->out, key, '{', object->kind == SD_TRIGGER ? SD_EMIT_SPREAD : SD_EMIT_LINE);
	if (name)
		sd_emit_text(&w->out, "name", name);
	write_fields(w, object);
	write_groups(w, object);
	write_renamed_from(w, object);
	sd_emit_close(&w->out);
}

/* What can't be said in full is not said at all: half of it would be a change. */
static bool
is_left_out(const struct sd_object *object)
{
	return object->flags & SD_OBJ_UNMANAGED || object->opaque;
}

/* No name has to be said for @object: it has none, or to the letter the one that it would be
 * given.  @column: whose line says it, or NULL; it is the key of a check there. */
static bool
needs_no_name(
	const struct write *w, const struct sd_object *object, const struct sd_column *column)
{
	const char *key = object->kind == SD_CHECK && column ? column->o.name : NULL;

	return !object->name ||
	       strcmp(object->name, sd_naming_apply(w->naming, w->schema->dialect, w->arena,
					    object, key)) == 0;
}

/* ---- shorthands --------------------------------------------------------------------- */

static bool
is_key_of(const struct write *w, const struct sd_parts *parts, const struct sd_column *column)
{
	return parts->n == 1 && is_plain(&parts->at[0]) &&
	       sd_name_equal(w->schema->dialect, parts->at[0].name, column->o.name);
}

static bool
refers_from(
	const struct write *w, const struct sd_foreign_key *fk, const struct sd_column *column)
{
	return !fk->o.renamed_from.n && fk->columns.n == 1 && fk->ref_columns.n <= 1 &&
	       sd_name_equal(w->schema->dialect, fk->columns.at[0], column->o.name);
}

/* @object can be said on the line of @column: it is about that column alone, no more than
 * the shorthand says, and needs no name. */
static bool
folds(const struct write *w, const struct sd_object *object, const struct sd_column *column)
{
	const struct sd_check *check;
	bool fits;

	switch (object->kind) {
	case SD_PRIMARY_KEY:
	case SD_UNIQUE:
		fits = is_key_of(w, &((const struct sd_key *)object)->columns, column);
		break;
	case SD_INDEX:
		fits = is_key_of(w, &((const struct sd_index *)object)->columns, column);
		break;
	case SD_CHECK:
		check = (const struct sd_check *)object;
		fits = check->column ? check->column == column : object->name != NULL;
		break;
	case SD_FOREIGN_KEY:
		return refers_from(w, (const struct sd_foreign_key *)object, column) &&
		       needs_no_name(w, object, column);
	default:
		return false;
	}
	return fits && short_field(w, object) && needs_no_name(w, object, column);
}

static struct folded
fold(const struct write *w, const struct sd_column *column)
{
	struct sd_object *table = column->o.parent;
	struct folded folded = { 0 };

	for (enum sd_kind kind = SD_PRIMARY_KEY; kind < SD_TRIGGER; kind++) {
		const struct sd_list *list = sd_parts_of(table, kind);

		for (size_t i = 0; i < list->n && !folded.at[kind]; i++)
			if (!is_left_out(list->at[i]) && folds(w, list->at[i], column))
				folded.at[kind] = list->at[i];
	}
	return folded;
}

static bool
is_folded(const struct folded *folded, size_t n, const struct sd_object *object)
{
	for (size_t i = 0; i < n; i++)
		if (folded[i].at[object->kind] == object)
			return true;
	return false;
}

static void
write_references(struct write *w, const struct sd_foreign_key *fk)
{
	const struct sd_kind_desc *desc = &sd_kinds[SD_FOREIGN_KEY];

	sd_emit_open(&w->out, "references", '{', SD_EMIT_LINE);
	sd_emit_text(&w->out, "table",
		text_of(w, sd_field_find(SD_FOREIGN_KEY, "table"), &fk->o));
	if (fk->ref_columns.n)
		sd_emit_text(&w->out, "column", fk->ref_columns.at[0]);
	for (size_t i = 0; i < desc->n_fields; i++)
		if (!(desc->fields[i].flags & SD_FIELD_REQUIRED) &&
			desc->fields[i].offset !=
				offsetof(struct sd_foreign_key, ref_columns) &&
			is_written(w, &desc->fields[i], &fk->o))
			write_value(w, desc->fields[i].key, &desc->fields[i], &fk->o);
	sd_emit_close(&w->out);
}

static void
write_shorthands(struct write *w, const struct folded *folded)
{
	static const struct {
		enum sd_kind kind;
		const char *key;
	} flags[] = { { SD_PRIMARY_KEY, "primary_key" }, { SD_UNIQUE, "unique" },
		{ SD_INDEX, "index" } };

	for (size_t i = 0; i < SD_COUNT(flags); i++)
		if (folded->at[flags[i].kind])
			sd_emit_bool(&w->out, flags[i].key, true);
	if (folded->at[SD_CHECK])
		sd_emit_text(&w->out, "check",
			((const struct sd_check *)folded->at[SD_CHECK])->expression);
	if (folded->at[SD_FOREIGN_KEY])
		write_references(w, (const struct sd_foreign_key *)folded->at[SD_FOREIGN_KEY]);
}

/* ---- relations ---------------------------------------------------------------------- */

/* @folded has a place for each column. */
static void
write_columns(struct write *w, struct sd_object *table, struct folded *folded)
{
	const struct sd_list *columns = sd_parts_of(table, SD_COLUMN);

	sd_emit_open(&w->out, "columns", '{', SD_EMIT_SPREAD);
	for (size_t i = 0; i < columns->n; i++) {
		const struct sd_object *column = columns->at[i];

		folded[i] = fold(w, (const struct sd_column *)column);
		sd_emit_open(&w->out, column->name, '{', SD_EMIT_LINE);
		write_fields(w, column);
		write_groups(w, column);
		write_shorthands(w, &folded[i]);
		write_renamed_from(w, column);
		sd_emit_close(&w->out);
	}
	sd_emit_close(&w->out);
}

/* A section is an object by name, or an array where one entry has no name. */
static void
write_section(struct write *w, struct sd_object *relation, enum sd_kind kind,
	const struct folded *folded, size_t n_folded)
{
	const struct sd_kind_desc *desc = &sd_kinds[kind];
	const struct sd_list *all = sd_parts_of(relation, kind);
	struct sd_list list = { 0 };
	bool array = false;

	for (size_t i = 0; i < all->n; i++) {
		if (is_left_out(all->at[i]) || is_folded(folded, n_folded, all->at[i]))
			continue;
		*sd_push(w->arena, &list) = all->at[i];
		array |= !all->at[i]->name;
	}
	if (!list.n)
		return;
	if (desc->flags & SD_KIND_SINGLE) {
		write_entry(w, desc->section,
			needs_no_name(w, list.at[0], NULL) ? NULL : list.at[0]->name,
			list.at[0]);
		return;
	}
	sd_emit_open(&w->out, desc->section, array ? '[' : '{', SD_EMIT_SPREAD);
	for (size_t i = 0; i < list.n; i++) {
		const struct sd_object *o = list.at[i];

		if (array)
			write_entry(w, NULL, o->name, o);
		else
			write_entry(w, o->name, NULL, o);
	}
	sd_emit_close(&w->out);
}

static bool
has_parts(struct sd_object *relation)
{
	for (enum sd_kind kind = SD_PRIMARY_KEY; kind < SD_N_PARTS; kind++)
		for (size_t i = 0; i < sd_parts_of(relation, kind)->n; i++)
			if (!is_left_out(sd_parts_of(relation, kind)->at[i]))
				return true;
	return false;
}

/* A view's columns are the names of its query's results: a field, not parts. */
static void
write_relation(struct write *w, struct sd_object *relation)
{
	const struct sd_list *columns = sd_parts_of(relation, SD_COLUMN);
	size_t n = relation->kind == SD_TABLE ? columns->n : 0;
	struct folded *folded = sd_new_array(w->arena, n + 1, struct folded);

	if (relation->kind != SD_TABLE && !has_parts(relation) && short_field(w, relation)) {
		write_value(w, relation->name, short_field(w, relation), relation);
		return;
	}
	sd_emit_open(&w->out, relation->name, '{', SD_EMIT_SPREAD);
	write_renamed_from(w, relation);
	write_fields(w, relation);
	if (relation->kind == SD_TABLE)
		write_columns(w, relation, folded);
	for (enum sd_kind kind = SD_PRIMARY_KEY; kind < SD_N_PARTS; kind++)
		write_section(w, relation, kind, folded, n);
	write_groups(w, relation);
	sd_emit_close(&w->out);
}

/* A table that can't be said in full is named as not managed, or every check would report it. */
static bool
is_stranger(const struct sd_object *object)
{
	return object->kind == SD_TABLE && object->opaque &&
	       !(object->flags & SD_OBJ_UNMANAGED);
}

static void
write_stranger(struct write *w, const char *name, const char *why)
{
	sd_emit_open(&w->out, name, '{', SD_EMIT_LINE);
	sd_emit_bool(&w->out, "managed", false);
	if (why)
		sd_emit_text(&w->out, "x-why", why);
	sd_emit_close(&w->out);
}

/* Tables that @table refers to and no file describes (missing, or another tool's): named as not
 * managed, so that the file loads.  The first table that refers to one says so. */
static void
write_strangers(struct write *w, struct sd_names *known, struct sd_object *table, bool wanted)
{
	const struct sd_list *keys = sd_parts_of(table, SD_FOREIGN_KEY);

	for (size_t i = 0; i < keys->n; i++) {
		const struct sd_foreign_key *fk = (const struct sd_foreign_key *)keys->at[i];
		const char *name = sd_name_key(w->schema->dialect, w->arena, fk->table);
		const struct sd_object *other =
			sd_schema_find(w->schema, SD_TABLE, fk->table_ns, fk->table);

		if (!other && fk->table_ns && !sd_text_equal(fk->table_ns, table->ns))
			continue;
		if ((other && (!is_left_out(other) || is_stranger(other))) ||
			sd_names_find(known, name) >= 0)
			continue;
		*sd_push(w->arena, known) = name;
		if (!wanted)
			continue;
		write_stranger(w, fk->table, NULL);
	}
}

static void
write_objects(struct write *w, enum sd_kind kind, const struct sd_object *only)
{
	struct sd_names strangers = { 0 };
	const struct sd_list *list = &w->schema->objects[kind];
	bool open = false;

	for (size_t i = 0; i < list->n; i++) {
		struct sd_object *o = list->at[i];
		bool wanted = only ? o == only : o->ns == NULL;

		if (kind == SD_TABLE && !is_left_out(o) && !wanted)
			write_strangers(w, &strangers, o, false);
		if (!wanted || (is_left_out(o) && !is_stranger(o)))
			continue;
		if (!open)
			sd_emit_open(&w->out, sd_kinds[kind].section, '{', SD_EMIT_SPREAD);
		open = true;
		if (is_stranger(o))
			write_stranger(w, o->name, o->opaque);
		else if (kind == SD_TABLE || kind == SD_VIEW)
			write_relation(w, o);
		else
			write_entry(w, o->name, NULL, o);
		if (kind == SD_TABLE && !is_stranger(o))
			write_strangers(w, &strangers, o, true);
	}
	if (open)
		sd_emit_close(&w->out);
}

void
sd_schema_write(const struct sd_schema *schema, const struct sd_naming *naming,
	const struct sd_object *only, const char *ref, struct sd_buf *out)
{
	struct write w = { schema, naming ? naming : &sd_naming_default, sd_arena_new(),
		SD_EMIT(out) };

	sd_emit_open(&w.out, NULL, '{', SD_EMIT_SPREAD);
	if (ref)
		sd_emit_text(&w.out, "$schema", ref);
	if (only && only->ns)
		sd_emit_text(&w.out, "schema", only->ns);
	for (enum sd_kind kind = SD_N_PARTS; kind < SD_KIND__MAX; kind++)
		write_objects(&w, kind, only);
	sd_emit_end(&w.out);
	sd_arena_free(w.arena);
}
