/* Short forms for long ones, where there are any. */
#include "tests/fingerprint/rewrite.h"

#include <string.h>

/* The only member of an object that has no other than @key, or NULL. */
static struct sd_json *
sole(const struct sd_json *object, const char *key)
{
	return object->type == SD_JSON_OBJECT && object->n == 1 ? sd_json_get(object, key)
								 : NULL;
}

static struct sd_json *
short_list(struct subject *s, struct sd_json *list)
{
	if (list->n == 1 && list->first->type == SD_JSON_STRING && rng_chance(&s->rng, 50))
		return tree_text(s->arena, list->first->text);
	return list;
}

static struct sd_json *
short_parts(struct subject *s, const struct sd_json *parts, const struct sd_field *field)
{
	struct sd_json *list = tree_new(s->arena, SD_JSON_ARRAY);

	for (const struct sd_json *m = parts->first; m; m = m->next) {
		const struct sd_json *name = sole(m, "name");

		tree_add(list, name && rng_chance(&s->rng, 70)
				       ? tree_text(s->arena, name->text)
				       : tree_copy(s->arena, m));
	}
	return field->flags & SD_FIELD_OPERATORS ? list : short_list(s, list);
}

/* A text that is a JSON number, true or false as that. */
static struct sd_json *
short_literal(struct subject *s, struct sd_json *value)
{
	const char *p = value->text;
	size_t whole, fraction = 1;

	if (strcmp(p, "true") == 0 || strcmp(p, "false") == 0)
		return tree_bool(s->arena, *p == 't');
	p += *p == '-';
	whole = strspn(p, "0123456789");
	if (!whole || (*p == '0' && whole > 1))
		return value;
	p += whole;
	if (*p == '.') {
		fraction = strspn(p + 1, "0123456789");
		p += 1 + fraction;
	}
	return *p || !fraction ? value : tree_number(s->arena, value->text);
}

static void
short_field(struct subject *s, const struct place *place, const struct sd_field *field)
{
	struct sd_json *holder = holder_of(place, field), *value = value_of(place, field);

	if (!value || rng_chance(&s->rng, 30))
		return;
	if (field->type == SD_F_PARTS)
		tree_set(holder, field->key, short_parts(s, value, field));
	else if (field->type == SD_F_NAMES || field->type == SD_F_WORDS)
		tree_set(holder, field->key, short_list(s, value));
	else if (field->flags & SD_FIELD_LITERAL && value->type == SD_JSON_STRING)
		tree_set(holder, field->key, short_literal(s, value));
	if (field->flags & SD_FIELD_GROUP_SHORT && sole(holder, field->key))
		tree_set(place->entry, field->group,
			tree_copy(s->arena, sd_json_get(holder, field->key)));
}

static void
short_fields(struct subject *s, const struct place *place)
{
	const struct sd_kind_desc *desc = &sd_kinds[place->kind];

	for (size_t i = 0; i < desc->n_fields; i++)
		if (!(desc->fields[i].flags & SD_FIELD_STATE))
			short_field(s, place, &desc->fields[i]);
}

/* The entry without its frame, where the value of one field says it all. */
static struct sd_json *
short_entry(struct subject *s, enum sd_kind kind, struct sd_json *entry)
{
	const struct sd_kind_desc *desc = &sd_kinds[kind];

	for (size_t i = 0; i < desc->n_fields; i++)
		if (desc->fields[i].flags & SD_FIELD_SHORT && sole(entry, desc->fields[i].key) &&
			rng_chance(&s->rng, 70))
			return tree_copy(s->arena, sd_json_get(entry, desc->fields[i].key));
	return entry;
}

/* ---- into the column ------------------------------------------------------------------- */

/* The name in a list of one column without anything else, or NULL. */
static const char *
sole_column(const struct sd_json *columns)
{
	const struct sd_json *name;

	if (columns->type == SD_JSON_STRING)
		return columns->text;
	if (columns->n != 1)
		return NULL;
	if (columns->first->type == SD_JSON_STRING)
		return columns->first->text;
	name = sole(columns->first, "name");
	return name ? name->text : NULL;
}

/* "primary_key": true, "unique": "name". */
static struct sd_json *
flag_entry(struct subject *s, const struct sd_json *entry)
{
	const struct sd_json *name = sd_json_get(entry, "name");

	if (entry->n == 1)
		return tree_bool(s->arena, true);
	return entry->n == 2 && name ? tree_text(s->arena, name->text) : NULL;
}

static struct sd_json *
reference_entry(struct subject *s, const struct sd_json *entry)
{
	struct sd_json *copy = tree_copy(s->arena, entry), *to;

	(void)tree_take(copy, "columns");
	to = tree_take(copy, "ref_columns");
	if (to)
		tree_set(copy, "column", to);
	if (sole(copy, "table") && rng_chance(&s->rng, 70))
		return tree_text(s->arena, sd_json_get(copy, "table")->text);
	return copy;
}

/* Move @entry into its column; false when it has to stay. */
static bool
into_column(struct subject *s, const struct place *place, enum sd_kind kind,
	struct sd_json *entry)
{
	static const char *const keys[SD_N_PARTS] = { [SD_PRIMARY_KEY] = "primary_key",
		[SD_UNIQUE] = "unique",
		[SD_INDEX] = "index",
		[SD_CHECK] = "check",
		[SD_FOREIGN_KEY] = "references" };
	struct sd_json *columns = sd_json_get(place->entry, "columns"), *column, *value;
	const char *name;

	name = kind == SD_CHECK ? columns->first->key
				: sole_column(sd_json_get(entry, "columns"));
	column = name && keys[kind] ? column_of(s, place->entry, name) : NULL;
	if (!column || rng_chance(&s->rng, 40))
		return false;
	value = sd_json_get(column, keys[kind]);
	if (value && value->type == SD_JSON_BOOL && !value->boolean)
		(void)tree_take(column, keys[kind]);
	else if (value)
		return false;
	value = kind == SD_CHECK         ? short_entry(s, kind, tree_copy(s->arena, entry))
		: kind == SD_FOREIGN_KEY ? reference_entry(s, entry)
					 : flag_entry(s, entry);
	if (!value || (kind == SD_PRIMARY_KEY && value->type != SD_JSON_BOOL))
		return false;
	tree_set(column, keys[kind], value);
	return true;
}

static void
short_primary_key(struct subject *s, const struct place *place)
{
	struct sd_json *key = sd_json_get(place->entry, "primary_key");

	if (!key)
		return;
	if (into_column(s, place, SD_PRIMARY_KEY, key))
		(void)tree_take(place->entry, "primary_key");
	else
		tree_set(place->entry, "primary_key", short_entry(s, SD_PRIMARY_KEY, key));
}

/* ---- sections -------------------------------------------------------------------------- */

static bool
all_named(const struct sd_json *list)
{
	for (const struct sd_json *m = list->first; m; m = m->next)
		if (!sd_json_get(m, "name"))
			return false;
	return true;
}

/* A list of entries becomes an object with their names as keys where all have one. */
static void
short_section(struct subject *s, const struct place *place, enum sd_kind kind)
{
	struct sd_json *section = sd_json_get(place->entry, sd_kinds[kind].section), *result;
	bool listing = sd_kinds[kind].flags & SD_KIND_ARRAY;

	if (!section)
		return;
	for (struct sd_json *m = section->first, *next; listing && m; m = next) {
		next = m->next;
		if (into_column(s, place, kind, m))
			tree_drop(section, m);
	}
	listing = listing && (!all_named(section) || rng_chance(&s->rng, 50));
	result = tree_new(s->arena, listing ? SD_JSON_ARRAY : SD_JSON_OBJECT);
	for (struct sd_json *m = section->first, *next; m; m = next) {
		const char *key = m->key;

		next = m->next;
		if (!listing && sd_kinds[kind].flags & SD_KIND_ARRAY)
			key = tree_take(m, "name")->text;
		m = short_entry(s, kind, m);
		if (listing)
			tree_add(result, m);
		else
			tree_set(result, key, m);
	}
	tree_set(place->entry, sd_kinds[kind].section, result);
}

static void
short_relation(struct subject *s, const struct place *place)
{
	if (place->kind != SD_TABLE && place->kind != SD_VIEW)
		return;
	for (enum sd_kind kind = SD_PRIMARY_KEY; kind < SD_N_PARTS; kind++) {
		if (sd_kinds[kind].flags & SD_KIND_SINGLE)
			continue;
		if (has_section(place->kind, kind))
			short_section(s, place, kind);
	}
	if (place->kind == SD_TABLE)
		short_primary_key(s, place);
}

static void
short_alone(struct subject *s, const struct place *place)
{
	if (!place->relation && place->kind != SD_TABLE)
		tree_set(place->section, place->entry->key,
			short_entry(s, place->kind, place->entry));
}

void
shorten(struct subject *s)
{
	subject_walk(s, short_fields);
	subject_walk(s, short_relation);
	subject_walk(s, short_alone);
}
