/* The loader reads every kind of object with one loop over its members: a key is a special
 * one (a row of specials), a field of the kind, a group of fields, or unknown. */
#include "core/schema/load.h"

#include "core/base/file.h"
#include "core/base/text.h"
#include "core/schema/loader.h"

#include <string.h>

/* ---- what is special about a key ---------------------------------------------------- */

typedef void special_fn(
	struct sd_loader *l, struct sd_object *object, const struct sd_json *json);

struct special {
	const char *key;
	unsigned kinds;  /* bits 1 << enum sd_kind */
	unsigned places; /* enum sd_entry_place */
	bool hidden;     /* left out of "known here" */
	special_fn *read;
};

#define K(kind) (1u << (kind))
#define ANYWHERE (SD_IN_SECTION | SD_IN_ARRAY | SD_IN_SINGLE | SD_IN_SHORTHAND)

static void
read_renamed_from(struct sd_loader *l, struct sd_object *object, const struct sd_json *json)
{
	sd_read_names(l, &object->renamed_from, json);
}

static void
read_name(struct sd_loader *l, struct sd_object *object, const struct sd_json *json)
{
	const char *name = sd_read_name(l, json);

	if (!name || !sd_load_good_name(l, name, json->pos))
		return;
	object->name = name;
	object->flags &= ~(unsigned)SD_OBJ_NAMELESS;
}

static void
read_managed(struct sd_loader *l, struct sd_object *object, const struct sd_json *json)
{
	if (json->type != SD_JSON_BOOL)
		sd_json_expected(l->diags, json, "true or false");
	else if (!json->boolean)
		object->flags |= SD_OBJ_UNMANAGED;
}

static void
read_ref_column(struct sd_loader *l, struct sd_object *object, const struct sd_json *json)
{
	sd_read_names(l, &((struct sd_foreign_key *)object)->ref_columns, json);
}

static void
refuse_columns(struct sd_loader *l, struct sd_object *object, const struct sd_json *json)
{
	sd_error(l->diags, json->key_pos, "\"columns\" is not allowed here: it is column %s",
		((struct sd_foreign_key *)object)->columns.at[0]);
	sd_hint(l->diags, "a foreign key of several columns stands in \"foreign_keys\"");
}

static void
refuse_name(struct sd_loader *l, struct sd_object *object, const struct sd_json *json)
{
	sd_error(l->diags, json->key_pos, "\"name\" is not allowed here: the name is %s",
		object->name);
	sd_hint(l->diags, "change the key of this entry instead");
}

static void load_section(struct sd_loader *l, struct sd_object *parent, enum sd_kind kind,
	const struct sd_json *json);

static void
read_section(struct sd_loader *l, struct sd_object *object, const struct sd_json *json)
{
	for (int kind = 0; kind < SD_N_PARTS; kind++)
		if (strcmp(sd_kinds[kind].section, json->key) == 0)
			load_section(l, object, (enum sd_kind)kind, json);
}

static const struct special specials[] = {
	{ "columns", K(SD_TABLE), ANYWHERE, false, read_section },
	{ "primary_key", K(SD_TABLE), ANYWHERE, false, read_section },
	{ "unique", K(SD_TABLE), ANYWHERE, false, read_section },
	{ "checks", K(SD_TABLE), ANYWHERE, false, read_section },
	{ "foreign_keys", K(SD_TABLE), ANYWHERE, false, read_section },
	{ "indexes", K(SD_TABLE), ANYWHERE, false, read_section },
	{ "triggers", K(SD_TABLE) | K(SD_VIEW), ANYWHERE, false, read_section },
	{ "managed", K(SD_TABLE), ANYWHERE, false, read_managed },
	{ "exclusions", K(SD_TABLE), ANYWHERE, false, read_section },
	{ "renamed_from", K(SD_TABLE) | K(SD_COLUMN) | K(SD_VIEW) | K(SD_ENUM) | K(SD_SEQUENCE), ANYWHERE,
		false,
		read_renamed_from },
	{ "name",
		K(SD_PRIMARY_KEY) | K(SD_UNIQUE) | K(SD_CHECK) | K(SD_FOREIGN_KEY) |
			K(SD_INDEX),
		SD_IN_ARRAY | SD_IN_SINGLE | SD_IN_SHORTHAND, false, read_name },
	{ "name", K(SD_UNIQUE) | K(SD_CHECK) | K(SD_FOREIGN_KEY) | K(SD_INDEX), SD_IN_SECTION,
		true, refuse_name },
	{ "columns", K(SD_FOREIGN_KEY), SD_IN_SHORTHAND, true, refuse_columns },
	{ "column", K(SD_FOREIGN_KEY), SD_IN_SHORTHAND, false, read_ref_column },
	{ "primary_key", K(SD_COLUMN), ANYWHERE, false, sd_expand_primary_key },
	{ "unique", K(SD_COLUMN), ANYWHERE, false, sd_expand_unique },
	{ "index", K(SD_COLUMN), ANYWHERE, false, sd_expand_index },
	{ "check", K(SD_COLUMN), ANYWHERE, false, sd_expand_check },
	{ "references", K(SD_COLUMN), ANYWHERE, false, sd_expand_references },
};

static bool
applies(const struct special *special, enum sd_kind kind, unsigned place)
{
	return special->kinds & K(kind) && special->places & place;
}

static const struct special *
find_special(enum sd_kind kind, unsigned place, const char *key)
{
	for (size_t i = 0; i < SD_COUNT(specials); i++)
		if (applies(&specials[i], kind, place) && strcmp(specials[i].key, key) == 0)
			return &specials[i];
	return NULL;
}

/* ---- entries ------------------------------------------------------------------------ */

static void
add_known(struct sd_loader *l, struct sd_names *known, const char *word)
{
	if (sd_names_find(known, word) < 0)
		*sd_push(l->scratch, known) = word;
}

/* Report @json's key, which is none of those of @kind (of its @group, if not NULL). */
static void
report_unknown(struct sd_loader *l, enum sd_kind kind, const char *group, unsigned place,
	const struct sd_json *json)
{
	const struct sd_kind_desc *desc = &sd_kinds[kind];
	struct sd_names known = { 0 };

	for (size_t i = 0; i < desc->n_fields; i++) {
		const struct sd_field *field = &desc->fields[i];

		if (field->flags & SD_FIELD_STATE)
			continue;
		if (group && sd_text_equal(field->group, group))
			add_known(l, &known, field->key);
		else if (!group)
			add_known(l, &known, field->group ? field->group : field->key);
	}
	for (size_t i = 0; !group && i < SD_COUNT(specials); i++)
		if (applies(&specials[i], kind, place) && !specials[i].hidden)
			add_known(l, &known, specials[i].key);
	*sd_push(l->scratch, &known) = NULL;
	sd_json_unknown_key(l->diags, json, known.at);
}

static const struct sd_field *
find_field(enum sd_kind kind, const char *group, const char *key)
{
	const struct sd_kind_desc *desc = &sd_kinds[kind];

	for (size_t i = 0; i < desc->n_fields; i++)
		if (desc->fields[i].key[0] == key[0] && strcmp(desc->fields[i].key, key) == 0 &&
			!(desc->fields[i].flags & SD_FIELD_STATE) &&
			sd_text_equal(desc->fields[i].group, group))
			return &desc->fields[i];
	return NULL;
}

static bool
is_group(enum sd_kind kind, const char *key)
{
	const struct sd_kind_desc *desc = &sd_kinds[kind];

	for (size_t i = 0; i < desc->n_fields; i++)
		if (sd_text_equal(desc->fields[i].group, key))
			return true;
	return false;
}

/* The field whose value alone may stand for the whole group, or NULL. */
static const struct sd_field *
group_short(enum sd_kind kind, const char *group)
{
	const struct sd_kind_desc *desc = &sd_kinds[kind];

	for (size_t i = 0; i < desc->n_fields; i++)
		if (desc->fields[i].flags & SD_FIELD_GROUP_SHORT &&
			sd_text_equal(desc->fields[i].group, group))
			return &desc->fields[i];
	return NULL;
}

static void
load_group(struct sd_loader *l, struct sd_object *object, const struct sd_json *json)
{
	const struct sd_field *whole = group_short(object->kind, json->key);

	if (whole && json->type != SD_JSON_OBJECT) {
		sd_read_field(l, object, whole, json);
		return;
	}
	if (json->type != SD_JSON_OBJECT) {
		sd_json_expected(l->diags, json, "an object");
		return;
	}
	if (whole && !sd_json_get(json, whole->key))
		sd_error(l->diags, json->pos, "expected \"%s\" among the members", whole->key);
	for (const struct sd_json *m = json->first; m; m = m->next) {
		const struct sd_field *field = find_field(object->kind, json->key, m->key);

		if (field)
			sd_read_field(l, object, field, m);
		else if (!sd_text_starts(m->key, "x-"))
			report_unknown(l, object->kind, json->key, SD_IN_SECTION, m);
	}
}

static void
load_member(struct sd_loader *l, struct sd_object *object, const struct sd_json *json,
	unsigned place)
{
	const struct special *special = find_special(object->kind, place, json->key);
	const struct sd_field *field;

	if (special) {
		special->read(l, object, json);
		return;
	}
	field = find_field(object->kind, NULL, json->key);
	if (field)
		sd_read_field(l, object, field, json);
	else if (is_group(object->kind, json->key))
		load_group(l, object, json);
	else if (!sd_text_starts(json->key, "x-"))
		report_unknown(l, object->kind, NULL, place, json);
}

/* A required field that was given, but wrong, has been reported already. */
static void
check_required(struct sd_loader *l, const struct sd_object *object, const struct sd_json *json,
	unsigned place)
{
	const struct sd_kind_desc *desc = &sd_kinds[object->kind];

	for (size_t i = 0; i < desc->n_fields; i++) {
		const struct sd_field *field = &desc->fields[i];

		if (!(field->flags & SD_FIELD_REQUIRED) || sd_json_get(json, field->key))
			continue;
		if (place == SD_IN_SHORTHAND && strcmp(field->key, "columns") == 0)
			continue;
		if (object->name)
			sd_error(l->diags, sd_loader_pos(l, object->pos), "%s has no \"%s\"",
				sd_object_title(l->scratch, object), field->key);
		else
			sd_error(l->diags, json->pos, "this %s has no \"%s\"", desc->word,
				field->key);
	}
}

static const struct sd_field *
short_field(enum sd_kind kind)
{
	const struct sd_kind_desc *desc = &sd_kinds[kind];

	for (size_t i = 0; i < desc->n_fields; i++)
		if (desc->fields[i].flags & SD_FIELD_SHORT)
			return &desc->fields[i];
	return NULL;
}

void
sd_load_entry(struct sd_loader *l, struct sd_object *object, const struct sd_json *json,
	unsigned place)
{
	const struct sd_field *field = short_field(object->kind);

	if (field && (json->type != SD_JSON_OBJECT || sd_read_is_per_dialect(field, json))) {
		sd_read_field(l, object, field, json);
		return;
	}
	if (json->type != SD_JSON_OBJECT) {
		sd_json_expected(l->diags, json, "an object");
		return;
	}
	for (const struct sd_json *m = json->first; m; m = m->next)
		load_member(l, object, m, place);
	check_required(l, object, json, place);
	if (object->kind == SD_COLUMN) {
		const struct sd_json *nullable = sd_json_get(json, "nullable");

		((struct sd_column *)object)->null_said = nullable && nullable->boolean;
	}
}

/* ---- sections ----------------------------------------------------------------------- */

struct sd_pos
sd_loader_pos(const struct sd_loader *l, struct sd_pos pos)
{
	return (struct sd_pos){ l->file, pos.line, pos.col };
}

struct sd_object *
sd_load_unnamed(struct sd_loader *l, enum sd_kind kind, struct sd_object *parent,
	struct sd_pos pos, const char *key)
{
	struct sd_object *object = sd_object_new(l->arena, kind, NULL, parent);

	object->flags |= SD_OBJ_NAMELESS;
	object->ns = parent->ns;
	object->pos = sd_loader_pos(l, pos);
	sd_schema_add(l->schema, object);
	*sd_push(l->passing, &l->unnamed) = (struct sd_unnamed){ object, key };
	return object;
}

bool
sd_load_good_name(struct sd_loader *l, const char *name, struct sd_pos pos)
{
	if (!*name) {
		sd_error(l->diags, pos, "a name can't be empty");
		return false;
	}
	if (l->dialect->max_name && strlen(name) > l->dialect->max_name) {
		sd_error(l->diags, pos, "this name has %zu bytes; %s cuts names at %zu",
			strlen(name), l->dialect->name, l->dialect->max_name);
		return false;
	}
	return true;
}

static void
load_named(struct sd_loader *l, struct sd_object *parent, enum sd_kind kind,
	const struct sd_json *json)
{
	struct sd_object *object;

	if (!sd_load_good_name(l, json->key, json->key_pos))
		return;
	/* the names of columns repeat, others do not */
	object = sd_object_new(l->arena, kind,
		kind == SD_COLUMN ? sd_loader_text(l, json->key)
				  : sd_strdup(l->arena, json->key),
		parent);
	object->ns = l->ns;
	object->pos = sd_loader_pos(l, json->key_pos);
	if (parent || sd_load_define(l, object))
		sd_schema_add(l->schema, object);
	sd_load_entry(l, object, json, SD_IN_SECTION);
}

static void
load_array(struct sd_loader *l, struct sd_object *parent, enum sd_kind kind,
	const struct sd_json *json)
{
	sd_reserve(l->arena, sd_parts_of(parent, kind), json->n);
	for (const struct sd_json *item = json->first; item; item = item->next)
		sd_load_entry(l, sd_load_unnamed(l, kind, parent, item->pos, NULL), item,
			SD_IN_ARRAY);
}

/* The only one of its kind: the section is the entry. */
static void
load_single(struct sd_loader *l, struct sd_object *parent, enum sd_kind kind,
	const struct sd_json *json)
{
	const struct sd_list *list = sd_parts_of(parent, kind);

	if (list->n) {
		sd_error(l->diags, json->key_pos, "%s is given twice",
			sd_object_title(l->scratch, list->at[0]));
		sd_note(l->diags, list->at[0]->pos, "the first one is here");
		return;
	}
	sd_load_entry(
		l, sd_load_unnamed(l, kind, parent, json->key_pos, NULL), json, SD_IN_SINGLE);
}

/* A kind of which this engine has none, or none that this program knows how to change: left out
 * in silence it would be missing from the database. */
static void
foreign_section(struct sd_loader *l, enum sd_kind kind, const struct sd_json *json)
{
	if ((json->type == SD_JSON_OBJECT || json->type == SD_JSON_ARRAY) && !json->first)
		return;
	sd_error(l->diags, json->key_pos, "%s are not managed on %s", sd_kinds[kind].plural,
		l->dialect->name);
	sd_hint(l->diags, "keep them in a file that is read for the other engine alone: "
			  "\"schemas_for\" of the configuration, or \"schemas\" of an "
			  "environment");
}

static void
load_section(struct sd_loader *l, struct sd_object *parent, enum sd_kind kind,
	const struct sd_json *json)
{
	unsigned flags = sd_kinds[kind].flags;

	if (!(sd_kinds[kind].dialects & l->dialect->bit)) {
		foreign_section(l, kind, json);
		return;
	}
	l->schema->manages[kind] = true;
	if (flags & SD_KIND_SINGLE) {
		load_single(l, parent, kind, json);
	} else if (flags & SD_KIND_ARRAY && json->type == SD_JSON_ARRAY) {
		load_array(l, parent, kind, json);
	} else if (json->type == SD_JSON_OBJECT) {
		if (parent)
			sd_reserve(l->arena, sd_parts_of(parent, kind), json->n);
		for (const struct sd_json *m = json->first; m; m = m->next)
			load_named(l, parent, kind, m);
	} else {
		sd_json_expected(l->diags, json,
			flags & SD_KIND_ARRAY ? "an object with the names as keys, or a list"
					      : "an object with the names as keys");
	}
}

/* ---- files -------------------------------------------------------------------------- */

static void
load_namespace(struct sd_loader *l, const struct sd_json *json)
{
	const char *name = sd_read_name(l, json);

	if (!name)
		return;
	if (l->dialect->traits & SD_TRAIT_ONE_NAMESPACE) {
		sd_error(l->diags, json->key_pos, "%s has no namespaces: leave \"schema\" out",
			l->dialect->name);
		return;
	}
	l->ns = name;
}

static void
load_file_member(struct sd_loader *l, const struct sd_json *json)
{
	static const char *const known[] = { "$schema", "schema", "tables", "enums",
		"sequences", "views", NULL };

	for (int kind = SD_N_PARTS; kind < SD_KIND__MAX; kind++) {
		if (strcmp(sd_kinds[kind].section, json->key) == 0) {
			load_section(l, NULL, (enum sd_kind)kind, json);
			return;
		}
	}
	if (strcmp(json->key, "schema") == 0 || sd_text_starts(json->key, "x-"))
		return;
	if (strcmp(json->key, "$schema") != 0)
		sd_json_unknown_key(l->diags, json, known);
	else if (json->type != SD_JSON_STRING)
		sd_json_expected(l->diags, json, "a string");
}

static void
load_text(struct sd_loader *l, const struct sd_load_file *file)
{
	const struct sd_json *json =
		sd_json_parse(l->file, file->text, file->len, l->scratch, l->diags);
	const struct sd_json *ns;

	if (!json)
		return;
	if (json->type != SD_JSON_OBJECT) {
		sd_json_expected(l->diags, json, "an object with \"tables\"");
		return;
	}
	ns = sd_json_get(json, "schema");
	if (ns)
		load_namespace(l, ns);
	for (const struct sd_json *m = json->first; m; m = m->next)
		load_file_member(l, m);
}

static void
manage_listed(struct sd_schema *schema, const struct sd_names *names)
{
	for (int kind = 0; names && kind < SD_KIND__MAX; kind++)
		if (sd_names_find(names, "*") >= 0 ||
			sd_names_find(names, sd_kinds[kind].section) >= 0)
			schema->manages[kind] = true;
}

struct sd_loader *
sd_loader_new(
	const struct sd_load_options *options, struct sd_arena *arena, struct sd_diags *diags)
{
	struct sd_loader *l = sd_new(arena, struct sd_loader);

	l->options = *options;
	l->dialect = options->dialect;
	l->arena = arena;
	l->passing = sd_arena_new();
	l->diags = diags;
	l->errors_before = diags->n_errors;
	l->schema = sd_schema_new(arena, options->dialect, options->version);
	if (!l->schema->version)
		l->schema->version = options->dialect->default_version;
	manage_listed(l->schema, options->manage);
	return l;
}

enum sd_status
sd_loader_add(struct sd_loader *l, const struct sd_load_file *file)
{
	size_t errors = l->diags->n_errors;

	l->scratch = sd_arena_new();
	l->file = sd_strdup(l->arena, file->name);
	l->ns = NULL;
	load_text(l, file);
	sd_arena_free(l->scratch);
	l->scratch = NULL;
	return l->diags->n_errors == errors ? SD_OK : SD_ERR;
}

struct sd_schema *
sd_loader_finish(struct sd_loader *l)
{
	l->scratch = sd_arena_new();
	sd_expand_enums(l);
	sd_schema_index(l->schema);
	sd_loader_resolve(l->schema);
	sd_verify_written(l);
	sd_normalise_references(l->schema);
	sd_expand_names(l);
	sd_expand_not_null(l);
	sd_schema_normalise(l->schema, l->options.naming);
	sd_schema_finish(l->schema);
	sd_verify_finished(l);
	sd_arena_free(l->scratch);
	sd_arena_free(l->passing);
	l->scratch = l->passing = NULL;
	return l->diags->n_errors == l->errors_before ? l->schema : NULL;
}

/* One file, read, added and released. */
static void
add_path(struct sd_loader *l, const char *path)
{
	struct sd_arena *arena = sd_arena_new();
	const struct sd_tree *tree = l->options.tree;
	struct sd_load_file file = { .name = sd_tree_name(tree, l->arena, path) };
	char *text;

	if (sd_tree_read(tree, path, arena, l->diags, &text, &file.len) == SD_OK) {
		file.text = text;
		(void)sd_loader_add(l, &file);
	}
	sd_arena_free(arena);
}

struct sd_schema *
sd_load_paths(const struct sd_load_options *options, const struct sd_names *paths,
	struct sd_arena *arena, struct sd_diags *diags)
{
	struct sd_loader *l = sd_loader_new(options, arena, diags);
	struct sd_names files = { 0 };
	struct sd_map seen = { 0 };

	for (size_t i = 0; i < paths->n; i++) {
		if (sd_tree_entry(options->tree, paths->at[i]) != SD_ENTRY_DIR)
			*sd_push(arena, &files) = paths->at[i];
		else
			(void)sd_tree_list(options->tree, paths->at[i], ".json", true, arena,
				diags, &files);
	}
	for (size_t i = 0; i < files.n; i++) {
		void **slot = sd_map_at(&seen, files.at[i], l->passing);

		/* A file may be named and lie in a named folder too. */
		if (!*slot)
			add_path(l, files.at[i]);
		*slot = l;
	}
	return sd_loader_finish(l);
}
