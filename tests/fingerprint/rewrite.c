/* The rewrites that may not change a fingerprint (docs/fingerprint.md), each on files in the long
 * form; all but the last few leave them in it. */
#include "tests/fingerprint/rewrite.h"

#include "core/base/text.h"

#include <string.h>

static bool
counts(const struct subject *s, const struct sd_field *field)
{
	return field->dialects & s->dialect->bit &&
	       !(field->flags & (SD_FIELD_INPUT | SD_FIELD_STATE));
}

typedef void field_fn(
	struct subject *s, const struct place *place, const struct sd_field *field);

static void
each_field(struct subject *s, const struct place *place, field_fn *fn)
{
	const struct sd_kind_desc *desc = &sd_kinds[place->kind];

	for (size_t i = 0; i < desc->n_fields; i++)
		if (!(desc->fields[i].flags & SD_FIELD_STATE))
			fn(s, place, &desc->fields[i]);
}

/* ---- spelling -------------------------------------------------------------------------- */

static void
respell_field(struct subject *s, const struct place *place, const struct sd_field *field)
{
	const struct sd_json *value = value_of(place, field);

	if (value && field->type == SD_F_SQL)
		tree_set(holder_of(place, field), field->key,
			tree_text(s->arena, respell(s, value->text, field->flags)));
	for (struct sd_json *m = value && field->type == SD_F_PARTS ? value->first : NULL; m;
		m = m->next) {
		const struct sd_json *expression = sd_json_get(m, "expression");

		if (expression)
			tree_set(m, "expression",
				tree_text(s->arena, respell(s, expression->text, 0)));
	}
}

static void
respell_entry(struct subject *s, const struct place *place)
{
	each_field(s, place, respell_field);
}

static void
spell_sql(struct subject *s)
{
	subject_walk(s, respell_entry);
}

/* SQLite: only the very word INTEGER makes a key an alias of the rowid; a strict table knows few
 * names. */
static bool
keeps_word(struct subject *s, const struct place *place)
{
	const struct sd_json *options = sd_json_get(place->relation, "sqlite");
	const struct sd_json *strict = options ? sd_json_get(options, "strict") : NULL;

	return s->dialect->traits & SD_TRAIT_ROWID &&
	       ((strict && strict->boolean) ||
		       is_key(s, place->relation, place->entry->key, true));
}

static void
respell_type_of(struct subject *s, const struct place *place, const struct sd_field *field)
{
	const struct sd_json *value = value_of(place, field);

	if (value && field->type == SD_F_TYPE)
		tree_set(holder_of(place, field), field->key,
			tree_text(s->arena,
				respell_type(s, value->text,
					!place->relation || !keeps_word(s, place))));
}

static void
respell_types_of(struct subject *s, const struct place *place)
{
	each_field(s, place, respell_type_of);
}

static void
spell_types(struct subject *s)
{
	subject_walk(s, respell_types_of);
}

/* ---- names ----------------------------------------------------------------------------- */

static bool
add_columns(struct sd_buf *out, const struct sd_json *columns)
{
	for (const struct sd_json *m = columns->first; m; m = m->next) {
		const struct sd_json *name = m->type == SD_JSON_STRING ? m : sd_json_get(m, "name");

		if (!name)
			return false;
		sd_buf_addf(out, "_%s", name->text);
	}
	return true;
}

/* The words of an expression joined by underscores, or NULL where that takes more care. */
static const char *
words_of(struct subject *s, const char *expression)
{
	static const char in_word[] = "abcdefghijklmnopqrstuvwxyz0123456789_";
	const char *text = sd_text_lower(s->arena, expression);
	struct sd_buf out = SD_BUF(s->arena);

	if (strstr(text, "--") || strstr(text, "/*"))
		return NULL;
	for (const char *p = text; *p; p++) {
		if ((unsigned char)*p >= 0x80)
			return NULL;
		if (!strchr(in_word, *p))
			continue;
		sd_buf_sep(&out, "_");
		sd_buf_addn(&out, p, strspn(p, in_word));
		p += strspn(p, in_word) - 1;
	}
	return out.n && out.n <= 40 ? sd_buf_text(&out) : NULL;
}

/* The key of a check: a column, or its own words. */
static const char *
check_key(struct subject *s, const struct place *place)
{
	const char *words = words_of(s, sd_json_get(place->entry, "expression")->text);

	return words && rng_chance(&s->rng, 50)
		       ? words
		       : sd_json_get(place->relation, "columns")->first->key;
}

/* What the default convention calls the entry, or NULL where that is not simple. */
static const char *
conventional_name(struct subject *s, const struct place *place)
{
	static const char *const prefixes[SD_KIND__MAX] = { [SD_PRIMARY_KEY] = "pk",
		[SD_UNIQUE] = "uq",
		[SD_CHECK] = "ck",
		[SD_FOREIGN_KEY] = "fk",
		[SD_INDEX] = "ix" };
	const struct sd_json *columns = sd_json_get(place->entry, "columns");
	struct sd_buf out = SD_BUF(s->arena);

	if (!prefixes[place->kind] || !place->relation)
		return NULL;
	sd_buf_addf(&out, "%s_%s", prefixes[place->kind], place->relation_name);
	if (place->kind == SD_CHECK)
		sd_buf_addf(&out, "_%s", check_key(s, place));
	else if (place->kind != SD_PRIMARY_KEY && !add_columns(&out, columns))
		return NULL;
	/* "namespace.table" is not that table's name */
	if (place->kind == SD_FOREIGN_KEY && strchr(sd_json_get(place->entry, "table")->text, '.'))
		return NULL;
	if (place->kind == SD_FOREIGN_KEY)
		sd_buf_addf(&out, "_%s", sd_json_get(place->entry, "table")->text);
	return s->dialect->max_name && out.n > s->dialect->max_name ? NULL : sd_buf_text(&out);
}

/* Another entry of @place's relation has that name. */
static bool
is_taken(struct subject *s, const struct place *place, const char *name)
{
	for (enum sd_kind kind = SD_PRIMARY_KEY; kind < SD_N_PARTS; kind++) {
		const struct sd_json *section =
			sd_json_get(place->relation, sd_kinds[kind].section);

		for (const struct sd_json *m = section ? section->first : NULL; m; m = m->next) {
			const struct sd_json *said =
				m->type == SD_JSON_OBJECT ? sd_json_get(m, "name") : NULL;

			if (said && sd_name_equal(s->dialect, said->text, name))
				return true;
		}
	}
	return false;
}

/* Indexes share one space of names with tables: two that mean the same may not both be named. */
static void
name_entry(struct subject *s, const struct place *place)
{
	const char *name = conventional_name(s, place);

	if (!name || rng_chance(&s->rng, 30))
		return;
	if (place->name) {
		if (sd_name_equal(s->dialect, place->name, name))
			(void)tree_take(place->entry, "name");
	} else if (!is_taken(s, place, name)) {
		tree_set(place->entry, "name", tree_text(s->arena, name));
	}
}

static void
say_names(struct subject *s)
{
	subject_walk(s, name_entry);
}

static void
fold_list(struct subject *s, struct sd_json *list)
{
	for (struct sd_json *m = list->first; m; m = m->next) {
		if (m->type == SD_JSON_STRING) {
			m->text = flip_case(s, m->text);
			continue;
		}
		for (struct sd_json *k = m->first; k; k = k->next)
			if (strcmp(k->key, "name") == 0 || strcmp(k->key, "collation") == 0)
				k->text = flip_case(s, k->text);
	}
}

static void
fold_field(struct subject *s, const struct place *place, const struct sd_field *field)
{
	struct sd_json *value = value_of(place, field);

	if (value && field->type == SD_F_NAME)
		value->text = flip_case(s, value->text);
	else if (value && (field->type == SD_F_NAMES || field->type == SD_F_PARTS))
		fold_list(s, value);
}

static void
fold_entry(struct subject *s, const struct place *place)
{
	struct sd_json *name = place->relation ? sd_json_get(place->entry, "name") : NULL;

	each_field(s, place, fold_field);
	if (name)
		name->text = flip_case(s, name->text);
	else if (!is_list_kind(place->kind))
		place->entry->key = flip_case(s, place->entry->key);
}

static void
fold_names(struct subject *s)
{
	if (s->dialect->names_fold)
		subject_walk(s, fold_entry);
}

/* ---- defaults -------------------------------------------------------------------------- */

/* Of a field that every object has, the value that it has anyway, or NULL. */
static struct sd_json *
default_of(struct subject *s, const struct place *place, const struct sd_field *field)
{
	switch (field->type) {
	case SD_F_BOOL:
		return tree_bool(s->arena, false);
	case SD_F_NOT: /* "nullable": true of a key is another thing than nothing */
		return place->kind == SD_COLUMN ? NULL : tree_bool(s->arena, true);
	case SD_F_WORD:
		if (field->flags & SD_FIELD_DEFAULT_NULL)
			return tree_text(s->arena, field->words[0]);
		return field->flags & SD_FIELD_NO_FALSE ? tree_bool(s->arena, false) : NULL;
	default:
		return NULL;
	}
}

static void
say_default(struct subject *s, const struct place *place, const struct sd_field *field)
{
	struct sd_json *value;

	if (!counts(s, field) || value_of(place, field) || field->group ||
		rng_chance(&s->rng, 50))
		return;
	value = default_of(s, place, field);
	if (value)
		tree_set(place->entry, field->key, value);
}

static void
say_group_default(struct subject *s, const struct place *place, const struct sd_field *field)
{
	struct sd_json *value;
	bool own = field->group && strcmp(field->group, s->dialect->name) == 0;

	if (!counts(s, field) || value_of(place, field) || rng_chance(&s->rng, 50))
		return;
	if (!field->group || (!own && !holder_of(place, field)))
		return;
	value = default_of(s, place, field);
	if (value)
		tree_set(holder_at(s, place, field), field->key, value);
}

static const struct sd_json *
flag_in(const struct sd_json *object, const char *key)
{
	const struct sd_json *value = object ? sd_json_get(object, key) : NULL;

	return value && value->type == SD_JSON_BOOL ? value : NULL;
}

/* What numbers itself and what is a key is not NULL anyway; anything else is. */
static void
say_nullable(struct subject *s, const struct place *place)
{
	struct sd_json *column = place->entry;
	const char *type = sd_text_lower(s->arena, sd_json_get(column, "type")->text);
	bool numbers = sd_json_get(column, "identity") || strstr(type, "serial");

	if (flag_in(column, "nullable"))
		return;
	if (numbers && s->dialect->traits & SD_TRAIT_ROWID)
		return;
	tree_set(column, "nullable",
		tree_bool(s->arena,
			!numbers && !is_key(s, place->relation, column->key, false)));
}

static void
say_for_column(struct subject *s, const struct place *place)
{
	static const char *const shorthands[] = { "primary_key", "unique", "index" };
	struct sd_json *column = place->entry;
	bool derived = sd_json_get(column, "generated") || sd_json_get(column, "identity");

	if (rng_chance(&s->rng, 50))
		say_nullable(s, place);
	if (!sd_json_get(column, "default") && !derived && rng_chance(&s->rng, 30))
		tree_set(column, "default",
			rng_chance(&s->rng, 50) ? tree_text(s->arena, "NULL")
						: tree_new(s->arena, SD_JSON_NULL));
	if (!sd_json_get(column, "collation") && s->dialect->default_collation &&
		rng_chance(&s->rng, 30))
		tree_set(column, "collation", tree_text(s->arena, "BINARY"));
	for (size_t i = 0; i < SD_COUNT(shorthands); i++)
		if (rng_chance(&s->rng, 20))
			tree_set(column, shorthands[i], tree_bool(s->arena, false));
}

static void
say_number(struct subject *s, struct sd_json *options, const char *key, const char *digits)
{
	if (!sd_json_get(options, key) && rng_chance(&s->rng, 50))
		tree_set(options, key, tree_number(s->arena, digits));
}

/* What CREATE SEQUENCE takes anyway, of a sequence that counts up. */
static void
say_for_sequence(struct subject *s, struct sd_json *options, const char *type)
{
	const struct sd_json *step = sd_json_get(options, "increment");
	const struct sd_json *min = sd_json_get(options, "min");

	if (step && *step->text == '-')
		return;
	say_number(s, options, "cache", "1");
	say_number(s, options, "increment", "1");
	say_number(s, options, "start", min ? min->text : "1");
	if (!min)
		say_number(s, options, "min", "1");
	if (strcmp(type, "bigint") == 0)
		say_number(s, options, "max", "9223372036854775807");
}

static void
say_for_parts(struct subject *s, const struct place *place, struct sd_json *parts)
{
	bool plain = s->dialect->traits & SD_TRAIT_PLAIN_PARTS;

	for (struct sd_json *m = parts->first; m; m = m->next) {
		const struct sd_json *order = sd_json_get(m, "order"), *name, *column;
		bool desc = order && strcmp(order->text, "desc") == 0;

		if (!order && rng_chance(&s->rng, 50))
			tree_set(m, "order", tree_text(s->arena, "asc"));
		if (!sd_json_get(m, "nulls") && rng_chance(&s->rng, 50))
			tree_set(m, "nulls",
				tree_text(s->arena, desc != (plain && rng_chance(&s->rng, 50))
							    ? "first"
							    : "last"));
		if (plain && rng_chance(&s->rng, 30))
			tree_set(m, "opclass", tree_text(s->arena, "any_ops"));
		name = sd_json_get(m, "name");
		column = name ? column_of(s, place->relation, name->text) : NULL;
		column = column ? sd_json_get(column, "collation") : NULL;
		if (column && !sd_json_get(m, "collation") && rng_chance(&s->rng, 50))
			tree_set(m, "collation", tree_text(s->arena, column->text));
	}
}

/* The columns of the key that a foreign key refers to: said or not. */
static void
say_for_reference(struct subject *s, const struct place *place)
{
	struct sd_json *table = table_of(s, sd_json_get(place->entry, "table")->text);
	const struct sd_json *key = table ? key_of(table) : NULL;
	struct sd_json *said = tree_take(place->entry, "ref_columns"), *list;
	const struct sd_json *k = key ? key->first : NULL;

	list = tree_new(s->arena, SD_JSON_ARRAY);
	for (; k; k = k->next)
		tree_add(list, tree_text(s->arena, sd_json_get(k, "name")->text));
	k = list->first;
	for (const struct sd_json *m = said ? said->first : k; m || k;
		m = m->next, k = k->next)
		if (!m || !k || !sd_name_equal(s->dialect, m->text, k->text)) {
			tree_set(place->entry, "ref_columns", said);
			return;
		}
	if (list->n && rng_chance(&s->rng, 50))
		tree_set(place->entry, "ref_columns", list);
}

static void
say_method(struct subject *s, const struct place *place)
{
	if (!sd_json_get(place->entry, "method") && rng_chance(&s->rng, 50))
		tree_set(place->entry, "method", tree_text(s->arena, "btree"));
}

static void
say_defaults_of(struct subject *s, const struct place *place)
{
	struct sd_json *columns = sd_json_get(place->entry,
		place->kind == SD_EXCLUSION ? "elements" : "columns"), *identity;

	each_field(s, place, say_default);
	each_field(s, place, say_group_default);
	switch (place->kind) {
	case SD_COLUMN:
		say_for_column(s, place);
		identity = sd_json_get(place->entry, "identity");
		if (identity && s->dialect == &sd_dialect_postgresql)
			say_for_sequence(s, identity,
				sd_json_get(place->entry, "type")->text);
		break;
	case SD_SEQUENCE:
		say_for_sequence(s, place->entry, sd_json_get(place->entry, "type")
							  ? sd_json_get(place->entry, "type")->text
							  : "bigint");
		if (!sd_json_get(place->entry, "type"))
			tree_set(place->entry, "type", tree_text(s->arena, "int8"));
		break;
	case SD_INDEX:
	case SD_EXCLUSION:
		say_method(s, place);
		say_for_parts(s, place, columns);
		break;
	case SD_PRIMARY_KEY:
	case SD_UNIQUE:
		say_for_parts(s, place, columns);
		break;
	case SD_FOREIGN_KEY:
		say_for_reference(s, place);
		break;
	case SD_TABLE:
		if (!sd_json_get(place->entry, "managed"))
			tree_set(place->entry, "managed", tree_bool(s->arena, true));
		break;
	default:
		break;
	}
}

static void
say_defaults(struct subject *s)
{
	subject_walk(s, say_defaults_of);
}

/* ---- what is not compared -------------------------------------------------------------- */

static void
input_field(struct subject *s, const struct place *place, const struct sd_field *field)
{
	bool filled = !sd_json_get(place->entry, "generated") || strcmp(field->key, "using") == 0;

	if (field->flags & SD_FIELD_INPUT && filled && rng_chance(&s->rng, 50))
		tree_set(place->entry, field->key, tree_text(s->arena, "lower('A') || 1"));
}

static void
input_entry(struct subject *s, const struct place *place)
{
	bool renames = place->kind == SD_COLUMN || place->kind >= SD_N_PARTS;

	each_field(s, place, input_field);
	if (renames && rng_chance(&s->rng, 50)) {
		struct sd_json *was = tree_list_of(s->arena, fresh_name(s));

		if (rng_chance(&s->rng, 50))
			tree_add(was, tree_text(s->arena, fresh_name(s)));
		tree_set(place->entry, "renamed_from", was);
	}
	if (place->kind == SD_ENUM) {
		struct sd_json *values = sd_json_get(place->entry, "values");
		struct sd_json *renamed = tree_new(s->arena, SD_JSON_ARRAY);

		for (const struct sd_json *m = values->first; m; m = m->next) {
			struct sd_json *value = tree_new(s->arena, SD_JSON_OBJECT);

			tree_set(value, "value", tree_text(s->arena, m->text));
			tree_set(value, "renamed_from", tree_text(s->arena, fresh_name(s)));
			tree_add(renamed, rng_chance(&s->rng, 50)
						  ? value
						  : tree_text(s->arena, m->text));
		}
		tree_set(place->entry, "values", renamed);
	}
}

static void
say_inputs(struct subject *s)
{
	subject_walk(s, input_entry);
}

static void
note(struct subject *s, struct sd_json *object)
{
	if (object && object->type == SD_JSON_OBJECT && rng_chance(&s->rng, 50))
		tree_set(object, rng_chance(&s->rng, 50) ? "x-note" : "x-",
			tree_list_of(s->arena, "anything"));
}

static void
note_entry(struct subject *s, const struct place *place)
{
	static const char *const within[] = { "columns", "elements", "values", "sqlite",
		"postgresql", "identity", "generated" };

	/* a short form that gives a value per dialect has no other keys */
	if (place->entry->first && place->entry->first->key &&
		sd_dialect_find(place->entry->first->key) &&
		place->entry->first->type == SD_JSON_STRING)
		return;
	for (size_t i = 0; i < SD_COUNT(within); i++) {
		struct sd_json *json = sd_json_get(place->entry, within[i]);

		if (!json || (place->kind == SD_TABLE && i == 0))
			continue;
		for (struct sd_json *m = json->type == SD_JSON_ARRAY ? json->first : NULL; m;
			m = m->next)
			note(s, m);
		note(s, json);
	}
	note(s, place->entry);
}

static void
add_notes(struct subject *s)
{
	subject_walk(s, note_entry);
	for (size_t i = 0; i < s->files.n; i++) {
		note(s, s->files.at[i]);
		tree_set(s->files.at[i], "$schema", tree_text(s->arena, "any/schema.json"));
	}
}

static const char unmanaged[] =
	"{ \"managed\": false, \"comment\": \"theirs\","
	" \"columns\": { \"id\": { \"type\": \"integer\", \"primary_key\": true },"
	" \"name\": { \"type\": \"text\", \"unique\": true, \"index\": true,"
	" \"check\": \"name <> ''\" } } }";

static void
add_unmanaged(struct subject *s)
{
	struct sd_json *tables = sd_json_get(s->files.at[0], "tables"), *table;
	struct sd_diags diags = { .arena = s->arena };

	table = sd_json_parse("unmanaged", unmanaged, strlen(unmanaged), s->arena, &diags);
	if (!tables) {
		tables = tree_new(s->arena, SD_JSON_OBJECT);
		tree_set(s->files.at[0], "tables", tables);
	}
	tree_set(tables, fresh_name(s), table);
}

/* ---- of other dialects ----------------------------------------------------------------- */

static struct sd_json *
any_value(struct subject *s, const struct place *place, const struct sd_field *field)
{
	const struct sd_json *columns =
		sd_json_get(place->relation ? place->relation : place->entry, "columns");
	struct sd_json *object;

	switch (field->type) {
	case SD_F_BOOL:
	case SD_F_NOT:
		return tree_bool(s->arena, rng_chance(&s->rng, 50));
	case SD_F_WORD:
		return tree_text(s->arena, field->words[1]);
	case SD_F_TEXT:
	case SD_F_NAME:
		return tree_text(s->arena, "any");
	case SD_F_NUMBER:
		return tree_number(s->arena, "77");
	case SD_F_NAMES:
		return columns && columns->type == SD_JSON_OBJECT
			       ? tree_list_of(s->arena, columns->first->key)
			       : NULL;
	case SD_F_OPTIONS:
		object = tree_new(s->arena, SD_JSON_OBJECT);
		tree_set(object, "any", tree_bool(s->arena, true));
		return object;
	default:
		return NULL;
	}
}

static void
foreign_field(struct subject *s, const struct place *place, const struct sd_field *field)
{
	struct sd_json *value, *holder;

	if (field->dialects & s->dialect->bit || rng_chance(&s->rng, 30))
		return;
	holder = holder_at(s, place, field);
	value = holder && !sd_json_get(holder, field->key) ? any_value(s, place, field) : NULL;
	if (value)
		tree_set(holder, field->key, value);
}

static void
foreign_entry(struct subject *s, const struct place *place)
{
	each_field(s, place, foreign_field);
}

static void
say_foreign(struct subject *s)
{
	subject_walk(s, foreign_entry);
}

static struct sd_json *
both(struct subject *s, const struct sd_json *mine, const struct sd_field *field)
{
	struct sd_json *object = tree_new(s->arena, SD_JSON_OBJECT);

	for (size_t i = 0; sd_dialects[i]; i++) {
		const char *other = field->type == SD_F_TYPE        ? "float(3)"
				    : field->flags & SD_FIELD_SCRIPT ? "SELECT 'other';"
								     : "1 + 77";
		const char *text = sd_dialects[i] == s->dialect ? mine ? mine->text : NULL : other;

		if (text)
			tree_set(object, sd_dialects[i]->name, tree_text(s->arena, text));
	}
	return object;
}

static void
dialect_field(struct subject *s, const struct place *place, const struct sd_field *field)
{
	struct sd_json *value = value_of(place, field);

	if (rng_chance(&s->rng, 50))
		return;
	if (value && value->type == SD_JSON_STRING &&
		(field->type == SD_F_SQL || field->type == SD_F_TYPE))
		tree_set(holder_of(place, field), field->key, both(s, value, field));
	if (!value && !field->group && field->type == SD_F_SQL &&
		!(field->flags & (SD_FIELD_REQUIRED | SD_FIELD_INPUT)))
		tree_set(place->entry, field->key, both(s, NULL, field));
	for (struct sd_json *m = value && field->type == SD_F_PARTS ? value->first : NULL; m;
		m = m->next)
		if (sd_json_get(m, "expression"))
			tree_set(m, "expression",
				both(s, sd_json_get(m, "expression"), field));
}

static void
dialect_entry(struct subject *s, const struct place *place)
{
	each_field(s, place, dialect_field);
}

static void
say_dialects(struct subject *s)
{
	subject_walk(s, dialect_entry);
}

/* ---- order and layout ------------------------------------------------------------------ */

static bool
is_loose(const char *key)
{
	static const char *const keys[] = { "unique", "checks", "foreign_keys", "indexes",
		"events" };

	for (size_t i = 0; i < SD_COUNT(keys); i++)
		if (strcmp(keys[i], key) == 0)
			return true;
	return false;
}

static void
reorder(struct subject *s)
{
	for (size_t i = 0; i < s->files.n; i++)
		tree_shuffle(&s->rng, s->files.at[i], is_loose);
}

static void
split_files(struct subject *s)
{
	s->split = true;
}

/* Files of one namespace become one. */
static void
merge_files(struct subject *s)
{
	for (size_t i = s->files.n; i-- > 1;) {
		const struct sd_json *from = s->files.at[i], *ns = sd_json_get(from, "schema");
		struct sd_json *into = s->files.at[0];
		const struct sd_json *into_ns = sd_json_get(into, "schema");

		if (!sd_text_equal(ns ? ns->text : NULL, into_ns ? into_ns->text : NULL))
			continue;
		for (const struct sd_json *m = from->first; m; m = m->next) {
			if (m->type != SD_JSON_OBJECT || !sd_json_get(into, m->key)) {
				tree_set(into, m->key, tree_copy(s->arena, m));
				continue;
			}
			for (const struct sd_json *e = m->first; e; e = e->next)
				tree_set(sd_json_get(into, m->key), e->key,
					tree_copy(s->arena, e));
		}
		s->files.at[i] = s->files.at[--s->files.n];
	}
}

static void
space_out(struct subject *s)
{
	s->spaced = true;
}

const struct rewrite rewrites[] = {
	{ "names of the convention", say_names },
	{ "spelling of expressions", spell_sql },
	{ "spelling of types", spell_types },
	{ "case of names that fold", fold_names },
	{ "defaults said", say_defaults },
	{ "inputs", say_inputs },
	{ "tables that are not managed", add_unmanaged },
	{ "fields of other dialects", say_foreign },
	{ "values per dialect", say_dialects },
	{ "short forms", shorten },
	{ "x-… and $schema", add_notes },
	{ "order", reorder },
	{ "files merged", merge_files },
	{ "files split", split_files },
	{ "white space", space_out },
	{ 0 },
};
