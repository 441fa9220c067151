#include "tests/fingerprint/subject.h"

#include "core/base/text.h"
#include "core/schema/load.h"
#include "core/schema/write.h"

#include <string.h>

bool
has_section(enum sd_kind relation, enum sd_kind kind)
{
	return relation == SD_TABLE || (relation == SD_VIEW && kind == SD_TRIGGER);
}

bool
is_list_kind(enum sd_kind kind)
{
	return sd_kinds[kind].flags & (SD_KIND_ARRAY | SD_KIND_SINGLE);
}

const char *
fresh_name(struct subject *s)
{
	return sd_fmt(s->arena, "zz_%u", s->fresh++);
}

struct sd_json *
holder_of(const struct place *place, const struct sd_field *field)
{
	return field->group ? sd_json_get(place->entry, field->group) : place->entry;
}

struct sd_json *
holder_at(struct subject *s, const struct place *place, const struct sd_field *field)
{
	struct sd_json *holder = holder_of(place, field);

	if (holder)
		return holder;
	/* options of an identity need one */
	if (strcmp(field->group, "identity") == 0 && strcmp(field->key, "generated") != 0)
		return NULL;
	holder = tree_new(s->arena, SD_JSON_OBJECT);
	tree_set(place->entry, field->group, holder);
	return holder;
}

struct sd_json *
value_of(const struct place *place, const struct sd_field *field)
{
	const struct sd_json *holder = holder_of(place, field);

	return holder ? sd_json_get(holder, field->key) : NULL;
}

struct sd_json *
column_of(const struct subject *s, const struct sd_json *relation, const char *name)
{
	const struct sd_json *columns = sd_json_get(relation, "columns");

	for (struct sd_json *m = columns ? columns->first : NULL; m; m = m->next)
		if (m->key && sd_name_equal(s->dialect, m->key, name))
			return m;
	return NULL;
}

struct sd_json *
key_of(const struct sd_json *relation)
{
	const struct sd_json *key = sd_json_get(relation, "primary_key");

	return key ? sd_json_get(key, "columns") : NULL;
}

bool
is_key(const struct subject *s, const struct sd_json *relation, const char *name, bool sole)
{
	const struct sd_json *columns = key_of(relation);

	if (!columns || (sole && columns->n != 1))
		return false;
	for (const struct sd_json *m = columns->first; m; m = m->next) {
		const struct sd_json *column = sd_json_get(m, "name");

		if (column && sd_name_equal(s->dialect, column->text, name))
			return true;
	}
	return false;
}

struct sd_json *
table_of(const struct subject *s, const char *name)
{
	for (size_t i = 0; i < s->files.n; i++) {
		const struct sd_json *tables = sd_json_get(s->files.at[i], "tables");

		for (struct sd_json *m = tables ? tables->first : NULL; m; m = m->next)
			if (sd_name_equal(s->dialect, m->key, name))
				return m;
	}
	return NULL;
}

/* ---- walks ----------------------------------------------------------------------------- */

static const char *
name_in(const struct sd_json *entry)
{
	const struct sd_json *name = sd_json_get(entry, "name");

	return entry->key && !name ? entry->key : name ? name->text : NULL;
}

static void
walk_parts(struct subject *s, const struct place *relation, visit_fn *visit)
{
	for (enum sd_kind kind = 0; kind < SD_N_PARTS; kind++) {
		struct sd_json *section = sd_json_get(relation->entry, sd_kinds[kind].section);
		struct place place = { .kind = kind,
			.file = relation->file,
			.relation = relation->entry,
			.relation_name = relation->name,
			.section = section };

		if (!section || !has_section(relation->kind, kind))
			continue;
		if (sd_kinds[kind].flags & SD_KIND_SINGLE) {
			const struct sd_json *name = sd_json_get(section, "name");

			place.name = name ? name->text : NULL;
			place.section = relation->entry;
			place.entry = section;
			visit(s, &place);
			continue;
		}
		for (struct sd_json *m = section->first, *next; m; m = next) {
			next = m->next;
			place.entry = m;
			place.name = name_in(m);
			visit(s, &place);
		}
	}
}

static void
walk_file(struct subject *s, struct sd_json *file, visit_fn *visit)
{
	for (enum sd_kind kind = SD_N_PARTS; kind < SD_KIND__MAX; kind++) {
		struct sd_json *section = sd_json_get(file, sd_kinds[kind].section);

		for (struct sd_json *m = section ? section->first : NULL, *next; m; m = next) {
			struct place place = { .kind = kind,
				.name = m->key,
				.file = file,
				.entry = m,
				.section = section };

			next = m->next;
			if (kind == SD_TABLE || kind == SD_VIEW)
				walk_parts(s, &place, visit);
			visit(s, &place);
		}
	}
}

void
subject_walk(struct subject *s, visit_fn *visit)
{
	for (size_t i = 0; i < s->files.n; i++)
		walk_file(s, s->files.at[i], visit);
}

/* ---- the long form --------------------------------------------------------------------- */

static bool
is_per_dialect(const struct sd_json *json)
{
	return json->type == SD_JSON_OBJECT && json->first && sd_dialect_find(json->first->key);
}

/* The text that @json gives for an SQL text or type, or NULL for none. */
static struct sd_json *
plain_sql(struct subject *s, struct sd_json *json)
{
	if (json->type == SD_JSON_OBJECT)
		json = sd_json_get(json, s->dialect->name);
	if (!json || json->type == SD_JSON_NULL)
		return NULL;
	if (json->type == SD_JSON_BOOL)
		return tree_text(s->arena, json->boolean ? "true" : "false");
	return tree_text(s->arena, json->text);
}

static struct sd_json *
listed(struct subject *s, const struct sd_json *json)
{
	return json->type == SD_JSON_STRING ? tree_list_of(s->arena, json->text)
					    : tree_copy(s->arena, json);
}

static struct sd_json *
long_parts(struct subject *s, const struct sd_json *json)
{
	struct sd_json *list = listed(s, json), *result = tree_new(s->arena, SD_JSON_ARRAY);

	for (struct sd_json *m = list->first, *next; m; m = next) {
		struct sd_json *part = m, *expression;

		next = m->next;
		if (m->type == SD_JSON_STRING) {
			part = tree_new(s->arena, SD_JSON_OBJECT);
			tree_set(part, "name", tree_text(s->arena, m->text));
		}
		expression = sd_json_get(part, "expression");
		if (expression)
			tree_set(part, "expression", plain_sql(s, expression));
		tree_add(result, part);
	}
	return result;
}

static struct sd_json *
long_values(struct subject *s, const struct sd_json *json)
{
	struct sd_json *list = tree_new(s->arena, SD_JSON_ARRAY);

	for (const struct sd_json *m = json->first; m; m = m->next)
		tree_add(list, tree_text(s->arena, m->type == SD_JSON_STRING
							   ? m->text
							   : sd_json_get(m, "value")->text));
	return list;
}

static void
long_field(struct subject *s, const struct place *place, const struct sd_field *field)
{
	struct sd_json *holder = holder_of(place, field), *value;

	if (holder && holder->type != SD_JSON_OBJECT) { /* the short form of a group */
		struct sd_json *group = tree_new(s->arena, SD_JSON_OBJECT);

		if (holder->type == SD_JSON_STRING)
			tree_set(group, field->key, tree_text(s->arena, holder->text));
		(void)tree_take(place->entry, field->group);
		if (group->n)
			tree_set(place->entry, field->group, group);
		return;
	}
	value = holder ? tree_take(holder, field->key) : NULL;
	if (!value || field->flags & SD_FIELD_INPUT)
		return;
	if (field->type == SD_F_SQL || field->type == SD_F_TYPE)
		value = plain_sql(s, value);
	else if (field->type == SD_F_PARTS)
		value = long_parts(s, value);
	else if (field->type == SD_F_NAMES || field->type == SD_F_WORDS)
		value = listed(s, value);
	else if (field->type == SD_F_VALUES)
		value = long_values(s, value);
	if (value)
		tree_set(holder, field->key, value);
}

static struct sd_json *
long_entry(struct subject *s, enum sd_kind kind, const struct sd_json *json)
{
	const struct sd_kind_desc *desc = &sd_kinds[kind];
	struct sd_json *entry = tree_copy(s->arena, json);
	struct place place = { .kind = kind };

	for (size_t i = 0; i < desc->n_fields; i++) {
		if (!(desc->fields[i].flags & SD_FIELD_SHORT) ||
			(json->type == SD_JSON_OBJECT && !is_per_dialect(json)))
			continue;
		entry = tree_new(s->arena, SD_JSON_OBJECT);
		tree_set(entry, desc->fields[i].key, tree_copy(s->arena, json));
	}
	place.entry = entry;
	for (size_t i = 0; i < desc->n_fields; i++)
		long_field(s, &place, &desc->fields[i]);
	(void)tree_take(entry, "renamed_from");
	entry->key = json->key;
	return entry;
}

static struct sd_json *
section_at(struct subject *s, struct sd_json *table, enum sd_kind kind)
{
	struct sd_json *section = sd_json_get(table, sd_kinds[kind].section);

	if (!section) {
		section = tree_new(s->arena, SD_JSON_ARRAY);
		tree_set(table, sd_kinds[kind].section, section);
	}
	return section;
}

/* `"unique": true`, `"index": "name"`, `"primary_key": true` of column @name. */
static struct sd_json *
long_flag(struct subject *s, const struct sd_json *json, const char *name)
{
	struct sd_json *entry = tree_new(s->arena, SD_JSON_OBJECT);

	if (json->type == SD_JSON_BOOL && !json->boolean)
		return NULL;
	tree_set(entry, "columns", long_parts(s, tree_text(s->arena, name)));
	if (json->type == SD_JSON_STRING)
		tree_set(entry, "name", tree_text(s->arena, json->text));
	return entry;
}

static struct sd_json *
long_reference(struct subject *s, const struct sd_json *json, const char *name)
{
	struct sd_json *entry, *column;

	if (json->type == SD_JSON_STRING) {
		entry = tree_new(s->arena, SD_JSON_OBJECT);
		tree_set(entry, "table", tree_text(s->arena, json->text));
	} else {
		entry = tree_copy(s->arena, json);
		column = tree_take(entry, "column");
		if (column)
			tree_set(entry, "ref_columns", listed(s, column));
		entry = long_entry(s, SD_FOREIGN_KEY, entry);
	}
	tree_set(entry, "columns", tree_list_of(s->arena, name));
	return entry;
}

static void
long_shorthands(struct subject *s, struct sd_json *table, struct sd_json *column)
{
	static const struct {
		const char *key;
		enum sd_kind kind;
	} rows[] = { { "primary_key", SD_PRIMARY_KEY }, { "unique", SD_UNIQUE },
		{ "index", SD_INDEX }, { "check", SD_CHECK },
		{ "references", SD_FOREIGN_KEY } };

	for (size_t i = 0; i < SD_COUNT(rows); i++) {
		const struct sd_json *said = tree_take(column, rows[i].key);
		struct sd_json *entry;

		if (!said)
			continue;
		entry = rows[i].kind == SD_CHECK ? long_entry(s, SD_CHECK, said)
			: rows[i].kind == SD_FOREIGN_KEY
				? long_reference(s, said, column->key)
				: long_flag(s, said, column->key);
		if (entry && rows[i].kind == SD_PRIMARY_KEY)
			tree_set(table, "primary_key", entry);
		else if (entry)
			tree_add(section_at(s, table, rows[i].kind), entry);
	}
}

static void
long_section(struct subject *s, struct sd_json *relation, enum sd_kind kind)
{
	struct sd_json *section = tree_take(relation, sd_kinds[kind].section);
	bool listing = sd_kinds[kind].flags & SD_KIND_ARRAY;
	struct sd_json *result =
		tree_new(s->arena, listing ? SD_JSON_ARRAY : SD_JSON_OBJECT);

	if (!section)
		return;
	if (sd_kinds[kind].flags & SD_KIND_SINGLE)
		result = long_entry(s, kind, section);
	else
		for (const struct sd_json *m = section->first; m; m = m->next) {
			struct sd_json *entry = long_entry(s, kind, m);

			if (listing && m->key)
				tree_set(entry, "name", tree_text(s->arena, m->key));
			if (listing)
				tree_add(result, entry);
			else
				tree_set(result, m->key, entry);
		}
	tree_set(relation, sd_kinds[kind].section, result);
}

static void
long_relation(struct subject *s, enum sd_kind kind, struct sd_json *relation)
{
	const struct sd_json *columns;

	for (enum sd_kind part = 0; part < SD_N_PARTS; part++)
		if (has_section(kind, part))
			long_section(s, relation, part);
	columns = kind == SD_TABLE ? sd_json_get(relation, "columns") : NULL;
	for (struct sd_json *m = columns ? columns->first : NULL; m; m = m->next)
		long_shorthands(s, relation, m);
}

void
subject_lengthen(struct subject *s)
{
	for (size_t i = 0; i < s->files.n; i++) {
		struct sd_json *file = s->files.at[i];

		(void)tree_take(file, "$schema");
		for (enum sd_kind kind = SD_N_PARTS; kind < SD_KIND__MAX; kind++) {
			struct sd_json *section = sd_json_get(file, sd_kinds[kind].section);
			struct sd_json *result = tree_new(s->arena, SD_JSON_OBJECT);

			if (!section)
				continue;
			for (const struct sd_json *m = section->first; m; m = m->next) {
				struct sd_json *entry = long_entry(s, kind, m);

				if (kind == SD_TABLE || kind == SD_VIEW)
					long_relation(s, kind, entry);
				tree_set(result, m->key, entry);
			}
			tree_set(file, sd_kinds[kind].section, result);
		}
	}
}

/* ---- loading --------------------------------------------------------------------------- */

#define PIECES 3u

/* The entries of @file, each in one of some files; all say its namespace and its sections. */
static void
split(struct subject *s, const struct sd_json *file, struct sd_json **pieces)
{
	for (unsigned i = 0; i < PIECES; i++)
		pieces[i] = tree_new(s->arena, SD_JSON_OBJECT);
	for (const struct sd_json *m = file->first; m; m = m->next) {
		bool whole = m->type != SD_JSON_OBJECT;
		unsigned some = rng_below(&s->rng, PIECES);

		for (unsigned i = 0; whole && i < PIECES; i++)
			tree_set(pieces[i], m->key, tree_copy(s->arena, m));
		if (!whole)
			tree_set(pieces[some], m->key, tree_new(s->arena, SD_JSON_OBJECT));
		for (const struct sd_json *e = whole ? NULL : m->first; e; e = e->next) {
			struct sd_json *piece = pieces[rng_below(&s->rng, PIECES)];

			if (!sd_json_get(piece, m->key))
				tree_set(piece, m->key, tree_new(s->arena, SD_JSON_OBJECT));
			tree_set(sd_json_get(piece, m->key), e->key, tree_copy(s->arena, e));
		}
	}
}

static void
add_text(struct subject *s, struct sd_loader *l, const struct sd_json *file, unsigned number)
{
	struct sd_buf text = SD_BUF(s->arena);
	struct sd_load_file load = { .name = sd_fmt(s->arena, "%u.json", number) };

	tree_write(file, s->spaced ? &s->rng : NULL, &text);
	load.text = sd_buf_text(&text);
	load.len = text.n;
	(void)sd_loader_add(l, &load);
}

struct found
subject_fingerprint(struct subject *s)
{
	struct sd_arena *kept = s->arena;
	struct sd_diags diags = { .arena = sd_arena_new() };
	const struct sd_load_options options = { .dialect = s->dialect,
		.version = s->dialect == &sd_dialect_sqlite ? 3053000 : 180000 };
	struct sd_loader *l = sd_loader_new(&options, diags.arena, &diags);
	const struct sd_schema *schema;
	struct sd_buf report = SD_BUF(kept);
	struct found found = { 0 };

	s->arena = diags.arena;
	for (size_t i = 0; i < s->files.n; i++) {
		struct sd_json *pieces[PIECES] = { s->files.at[i] };

		if (s->split)
			split(s, s->files.at[i], pieces);
		for (unsigned k = 0; k < (s->split ? PIECES : 1); k++)
			add_text(s, l, pieces[k], (unsigned)i * PIECES + k);
	}
	s->arena = kept;
	schema = sd_loader_finish(l);
	if (schema) {
		found.fingerprint = sd_schema_fingerprint(schema, kept);
		found.text = sd_schema_fingerprint_text(schema, kept);
	} else {
		sd_diags_format(&diags, 0, false, &report);
		found.text = sd_buf_text(&report);
	}
	sd_arena_free(diags.arena);
	return found;
}

const char *
subject_text(struct subject *s)
{
	struct sd_buf text = SD_BUF(s->arena);

	for (size_t i = 0; i < s->files.n; i++) {
		tree_write(s->files.at[i], NULL, &text);
		sd_buf_addc(&text, '\n');
	}
	return sd_buf_text(&text);
}
