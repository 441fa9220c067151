/* What the files say in short, spelled out: shorthands of a column, enums where the engine
 * has none, NOT NULL of keys, and names that the convention gives. */
#include "core/base/text.h"
#include "core/schema/loader.h"

#include <string.h>

/* ---- shorthands of a column --------------------------------------------------------- */

static void
add_part(struct sd_loader *l, struct sd_parts *parts, const char *column)
{
	sd_push(l->arena, parts)->name = column;
}

void
sd_expand_primary_key(struct sd_loader *l, struct sd_object *column, const struct sd_json *json)
{
	const struct sd_list *list = sd_parts_of(column->parent, SD_PRIMARY_KEY);
	struct sd_object *key;

	if (json->type != SD_JSON_BOOL) {
		sd_json_expected(l->diags, json, "true or false");
		return;
	}
	if (!json->boolean)
		return;
	if (list->n) {
		sd_error(l->diags, json->key_pos, "table %s has a primary key already",
			column->parent->name);
		sd_note(l->diags, list->at[0]->pos, "the first one is here");
		sd_hint(l->diags, "a key of several columns is \"primary_key\": [\"a\", \"b\"] "
				  "of the table");
		return;
	}
	key = sd_load_unnamed(l, SD_PRIMARY_KEY, column->parent, json->key_pos, NULL);
	add_part(l, &((struct sd_key *)key)->columns, column->name);
}

/* The part that `"unique": true`, `"index": "name"` … makes, or NULL. */
static struct sd_object *
named_or_true(struct sd_loader *l, enum sd_kind kind, const struct sd_object *column,
	const struct sd_json *json)
{
	struct sd_object *part;
	const char *name = NULL;

	if (json->type == SD_JSON_STRING) {
		name = sd_read_name(l, json);
		if (!name || !sd_load_good_name(l, name, json->pos))
			return NULL;
	} else if (json->type != SD_JSON_BOOL) {
		sd_json_expected(l->diags, json, "true, false or a name");
		return NULL;
	} else if (!json->boolean) {
		return NULL;
	}
	part = sd_load_unnamed(l, kind, column->parent, json->key_pos, NULL);
	if (name) {
		part->name = name;
		part->flags &= ~(unsigned)SD_OBJ_NAMELESS;
	}
	return part;
}

void
sd_expand_unique(struct sd_loader *l, struct sd_object *column, const struct sd_json *json)
{
	struct sd_object *key = named_or_true(l, SD_UNIQUE, column, json);

	if (key)
		add_part(l, &((struct sd_key *)key)->columns, column->name);
}

void
sd_expand_index(struct sd_loader *l, struct sd_object *column, const struct sd_json *json)
{
	struct sd_object *index = named_or_true(l, SD_INDEX, column, json);

	if (index)
		add_part(l, &((struct sd_index *)index)->columns, column->name);
}

void
sd_expand_check(struct sd_loader *l, struct sd_object *column, const struct sd_json *json)
{
	sd_load_entry(l,
		sd_load_unnamed(l, SD_CHECK, column->parent, json->key_pos, column->name), json,
		SD_IN_SHORTHAND);
}

void
sd_expand_references(struct sd_loader *l, struct sd_object *column, const struct sd_json *json)
{
	struct sd_foreign_key *fk = (struct sd_foreign_key *)sd_load_unnamed(
		l, SD_FOREIGN_KEY, column->parent, json->key_pos, NULL);

	*sd_push(l->arena, &fk->columns) = column->name;
	if (json->type == SD_JSON_STRING)
		fk->table = sd_read_name(l, json);
	else if (json->type == SD_JSON_OBJECT)
		sd_load_entry(l, &fk->o, json, SD_IN_SHORTHAND);
	else
		sd_json_expected(l->diags, json, "a table or an object with \"table\"");
}

/* ---- enums -------------------------------------------------------------------------- */

static const char *
enum_condition(struct sd_loader *l, const struct sd_column *column, const struct sd_enum *type)
{
	struct sd_buf text = SD_BUF(l->arena);

	sd_buf_addf(&text, "%s IN (", sd_quote_name(l->dialect, l->scratch, column->o.name));
	for (size_t i = 0; i < type->values.n; i++)
		sd_buf_addf(&text, "%s%s", i ? ", " : "",
			sd_quote_text(l->dialect, l->scratch, type->values.at[i]));
	sd_buf_addc(&text, ')');
	return sd_buf_text(&text);
}

static void
expand_enum_column(struct sd_loader *l, struct sd_column *column, const struct sd_map *enums)
{
	const struct sd_enum *type;
	struct sd_check *check;

	if (!column->type)
		return;
	type = sd_map_get(enums, sd_name_key(l->dialect, l->scratch, column->type));
	if (!type)
		return;
	column->type = "text";
	check = (struct sd_check *)sd_load_unnamed(
		l, SD_CHECK, column->o.parent, column->o.pos, column->o.name);
	check->o.pos = column->o.pos;
	check->o.flags |= SD_OBJ_IMPLIED;
	check->expression = enum_condition(l, column, type);
	check->type = type;
}

void
sd_expand_enums(struct sd_loader *l)
{
	struct sd_list *list = &l->schema->objects[SD_ENUM];
	const struct sd_list *tables = &l->schema->objects[SD_TABLE];
	struct sd_map enums = { 0 };

	if (!list->n || sd_dialect_can(l->dialect, l->schema->version, SD_CAP_ENUM))
		return;
	for (size_t i = 0; i < list->n; i++)
		*sd_map_at(&enums, sd_name_key(l->dialect, l->scratch, list->at[i]->name),
			l->scratch) = list->at[i];
	for (size_t i = 0; i < tables->n; i++) {
		const struct sd_list *columns = sd_parts_of(tables->at[i], SD_COLUMN);

		for (size_t j = 0; j < columns->n; j++)
			expand_enum_column(l, (struct sd_column *)columns->at[j], &enums);
	}
	*list = (struct sd_list){ 0 };
}

/* ---- NOT NULL of keys --------------------------------------------------------------- */

void
sd_expand_not_null(struct sd_loader *l)
{
	const struct sd_list *tables = &l->schema->objects[SD_TABLE];

	for (size_t i = 0; i < tables->n; i++) {
		const struct sd_key *pk = sd_table_pk((const struct sd_table *)tables->at[i]);

		for (size_t j = 0; pk && j < pk->columns.n; j++) {
			const char *name = pk->columns.at[j].name;
			struct sd_column *column =
				name ? sd_column_find(l->dialect, tables->at[i], name) : NULL;

			if (column && !column->null_said)
				column->not_null = true;
		}
	}
}

/* ---- names -------------------------------------------------------------------------- */

/* How often a name is taken already. */
struct taken {
	size_t n;
};

static struct taken *
taken_at(
	struct sd_loader *l, struct sd_map *map, const struct sd_object *part, const char *name)
{
	const char *key = sd_fmt(l->scratch, "%p\x01%d\x01%s", (const void *)part->parent,
		(int)part->kind, sd_name_key(l->dialect, l->scratch, name));
	void **slot = sd_map_at(map, key, l->scratch);

	if (!*slot)
		*slot = sd_new(l->scratch, struct taken);
	return *slot;
}

static bool
is_constraint(const struct sd_object *part)
{
	return sd_kinds[part->kind].flags & SD_KIND_CONSTRAINT;
}

static bool
has_unnamed(const struct sd_list *list)
{
	for (size_t i = 0; i < list->n; i++)
		if (!list->at[i]->name)
			return true;
	return false;
}

/* The names that files give come first: no convention may take one of them.  Where it names
 * nothing there is nothing to collide with. */
static void
take_given(struct sd_loader *l, struct sd_map *map)
{
	const struct sd_list *tables = &l->schema->objects[SD_TABLE];

	for (size_t i = 0; i < tables->n; i++) {
		for (enum sd_kind kind = SD_UNIQUE; kind <= SD_FOREIGN_KEY; kind++) {
			const struct sd_list *list = sd_parts_of(tables->at[i], kind);

			if (!has_unnamed(list))
				continue;
			for (size_t j = 0; j < list->n; j++)
				if (list->at[j]->name)
					taken_at(l, map, list->at[j], list->at[j]->name)->n++;
		}
	}
}

/* Constraints without a name are told apart by their meaning: where the convention gives two
 * of them one name ("a > 0" and "a < 0"), the later ones are numbered. */
static const char *
free_name(
	struct sd_loader *l, struct sd_map *map, const struct sd_object *part, const char *name)
{
	struct taken *first = taken_at(l, map, part, name);
	const char *candidate;

	if (!first->n++)
		return name;
	for (;; first->n++) {
		struct taken *taken;

		candidate = sd_naming_cut(
			l->dialect, l->scratch, sd_fmt(l->scratch, "%s_%zu", name, first->n));
		taken = taken_at(l, map, part, candidate);
		if (!taken->n++)
			return candidate;
	}
}

void
sd_expand_names(struct sd_loader *l)
{
	struct sd_map map = { 0 };

	take_given(l, &map);
	for (size_t i = 0; i < l->unnamed.n; i++) {
		const struct sd_unnamed *unnamed = &l->unnamed.at[i];
		struct sd_object *part = unnamed->object;
		const char *name;

		if (part->name)
			continue;
		name = sd_naming_apply(
			l->options.naming, l->dialect, l->scratch, part, unnamed->key);
		if (is_constraint(part) && part->kind != SD_PRIMARY_KEY)
			name = free_name(l, &map, part, name);
		part->name = sd_strdup(l->arena, name);
	}
}
