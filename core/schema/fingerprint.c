/* The fingerprint says, without a database, whether schema files still mean what they meant
 * when the newest script was written.  It is a hash over a text that docs/fingerprint.md
 * specifies; whatever that text leaves out can be edited freely. */
#include "core/schema/write.h"

#include "core/base/hash.h"
#include "core/base/json.h"
#include "core/base/text.h"
#include "core/sql/canon.h"

#include <stdlib.h>
#include <string.h>

/* A field as it begins (" key="), or what has no field (" rowid"). */
struct label {
	const char *text;
	const struct sd_field *field;
};

struct labels {
	struct label *at;
	uint32_t n, cap;
};

struct print {
	const struct sd_dialect *dialect;
	int version;
	struct sd_arena *arena;
	/** Fields that count, sorted by their labels: as all labels of a kind differ before their
	 *  "=" the values have no part in it. */
	struct labels labels[SD_KIND__MAX];
	struct sd_map types, expressions; /* as written → canonical, quoted: they repeat */
};

static const char *
name_text(const struct print *p, const char *name)
{
	return sd_name_key(p->dialect, p->arena, name);
}

static void
add_name(const struct print *p, struct sd_buf *out, const char *name)
{
	sd_json_quote(out, name_text(p, name));
}

static int
by_bytes(const void *a, const void *b)
{
	return strcmp(*(const char *const *)a, *(const char *const *)b);
}

static void
sort(struct sd_names *lines)
{
	if (lines->n > 1)
		qsort(lines->at, lines->n, sizeof *lines->at, by_bytes);
}

/* Append the canonical form of @text, which @form finds, through what @known has of it. */
static void
add_canonical(struct print *p, struct sd_buf *out, struct sd_map *known, const char *text,
	const char *(*form)(const struct sd_dialect *, struct sd_arena *, const char *))
{
	void **slot = sd_map_at(known, text, p->arena);

	if (!*slot) {
		struct sd_buf quoted = SD_BUF(p->arena);

		sd_json_quote(&quoted, form(p->dialect, p->arena, text));
		*slot = quoted.at;
	}
	sd_buf_add(out, *slot);
}

static void
add_parts(struct print *p, struct sd_buf *out, const struct sd_parts *parts)
{
	for (size_t i = 0; i < parts->n; i++) {
		const struct sd_part *part = &parts->at[i];

		sd_buf_add(out, i ? "," : "");
		if (part->name) {
			add_name(p, out, part->name);
		} else {
			sd_buf_add(out, "sql ");
			add_canonical(p, out, &p->expressions, part->expression, sd_sql_canonical);
		}
		if (part->collation) {
			sd_buf_add(out, " collate ");
			add_name(p, out, part->collation);
		}
		if (part->opclass) {
			sd_buf_add(out, " opclass ");
			sd_json_quote(out, part->opclass);
		}
		if (part->desc)
			sd_buf_add(out, " desc");
		if (part->nulls)
			sd_buf_addf(out, " nulls %s", part->nulls);
		if (part->op) {
			sd_buf_add(out, " with ");
			sd_json_quote(out, part->op);
		}
	}
}

/* Names of objects fold as the dialect's do; values of an enum don't; the order of a
 * trigger's events has no meaning. */
static void
add_names(const struct print *p, struct sd_buf *out, const struct sd_field *field,
	const struct sd_names *names)
{
	struct sd_names copy = { 0 };

	for (size_t i = 0; i < names->n; i++)
		*sd_push(p->arena, &copy) =
			field->type == SD_F_NAMES ? name_text(p, names->at[i]) : names->at[i];
	if (field->type == SD_F_WORDS || field->type == SD_F_OPTIONS)
		sort(&copy);
	for (size_t i = 0; i < copy.n; i++) {
		sd_buf_add(out, i ? "," : "");
		sd_json_quote(out, copy.at[i]);
	}
}

/* The canonical text of a value that is set to @out; nothing when it is the default. */
static void
add_value(struct print *p, struct sd_buf *out, const struct sd_field *field,
	const struct sd_object *object)
{
	const char *text;

	switch (field->type) {
	case SD_F_BOOL:
	case SD_F_NOT:
		sd_buf_add(out, field->type == SD_F_BOOL ? "true" : "false");
		return;
	case SD_F_NAMES:
	case SD_F_WORDS:
	case SD_F_VALUES:
	case SD_F_OPTIONS:
		add_names(p, out, field, &sd_field_get(object, field, struct sd_names));
		return;
	case SD_F_PARTS:
		add_parts(p, out, &sd_field_get(object, field, struct sd_parts));
		return;
	default:
		break;
	}
	text = sd_field_get(object, field, char *);
	if (!text ||
		(field->flags & SD_FIELD_DEFAULT_NULL && strcmp(text, field->words[0]) == 0))
		return;
	if (field->type == SD_F_SQL)
		add_canonical(p, out, &p->expressions, text, sd_sql_canonical);
	else if (field->type == SD_F_TYPE)
		add_canonical(p, out, &p->types, text, sd_type_canonical);
	else
		sd_json_quote(out, field->type == SD_F_NAME ? name_text(p, text) : text);
}

static int
by_text(const void *a, const void *b)
{
	return strcmp(((const struct label *)a)->text, ((const struct label *)b)->text);
}

/* An alias of SQLite's rowid is said outright: `int` and `integer` are spellings of one type,
 * and yet only a primary key of the latter is one. */
static void
make_labels(struct print *p, enum sd_kind kind)
{
	const struct sd_kind_desc *desc = &sd_kinds[kind];
	struct labels *labels = &p->labels[kind];

	if (kind == SD_COLUMN)
		sd_push(p->arena, labels)->text = " rowid";
	for (size_t i = 0; i < desc->n_fields; i++) {
		const struct sd_field *field = &desc->fields[i];
		struct label *label;

		if (field->flags & (SD_FIELD_INPUT | SD_FIELD_STATE) ||
			!(field->dialects & p->dialect->bit))
			continue;
		label = sd_push(p->arena, labels);
		label->field = field;
		label->text = sd_fmt(p->arena, " %s%s%s=", field->group ? field->group : "",
			field->group ? "." : "", field->key);
	}
	if (labels->n)
		qsort(labels->at, labels->n, sizeof *labels->at, by_text);
}

/* Append " key=value"; nothing when the field has its default. */
static void
add_field(struct print *p, struct sd_buf *out, const struct label *label,
	const struct sd_object *object)
{
	size_t before = out->n, empty;

	if (sd_field_unset(label->field, object))
		return;
	sd_buf_add(out, label->text);
	empty = out->n;
	add_value(p, out, label->field, object);
	if (out->n == empty)
		sd_buf_cut(out, before);
}

static void
add_fields(struct print *p, struct sd_buf *out, const struct sd_object *object)
{
	const struct labels *labels = &p->labels[object->kind];

	for (size_t i = 0; i < labels->n; i++) {
		if (labels->at[i].field)
			add_field(p, out, &labels->at[i], object);
		else if (((const struct sd_column *)object)->rowid_alias)
			sd_buf_add(out, labels->at[i].text);
	}
}

static bool
is_left_out(const struct sd_object *object)
{
	return object->flags & SD_OBJ_UNMANAGED;
}

/* Append "kind "name" field=value …", the name only where it is one's own. */
static void
add_line(struct print *p, struct sd_buf *out, const struct sd_object *object)
{
	sd_buf_add(out, sd_kinds[object->kind].word);
	if (object->ns) {
		sd_buf_add(out, " in ");
		add_name(p, out, object->ns);
	}
	if (object->name && !(object->flags & (SD_OBJ_NAMELESS | SD_OBJ_CONVENTIONAL))) {
		sd_buf_addc(out, ' ');
		add_name(p, out, object->name);
	}
	add_fields(p, out, object);
	if (object->kind == SD_FOREIGN_KEY && ((const struct sd_foreign_key *)object)->table_ns) {
		sd_buf_add(out, " table.in=");
		add_name(p, out, ((const struct sd_foreign_key *)object)->table_ns);
	}
	sd_buf_addc(out, '\n');
}

/* Append the lines of the parts of @relation, sorted.  They are made in one scratch text, a NUL
 * behind each, since pointers into it hold only when it has stopped growing. */
static void
add_part_lines(struct print *p, struct sd_buf *out, struct sd_object *relation,
	struct sd_buf *scratch, struct sd_names *lines)
{
	size_t n = 0;
	const char *at;

	sd_buf_cut(scratch, 0);
	for (enum sd_kind kind = 0; kind < SD_N_PARTS; kind++) {
		const struct sd_list *list = sd_parts_of(relation, kind);

		for (size_t i = 0; i < list->n; i++) {
			if (is_left_out(list->at[i]))
				continue;
			sd_buf_addc(scratch, '\t');
			add_line(p, scratch, list->at[i]);
			sd_buf_addn(scratch, "", 1);
			n++;
		}
	}
	lines->n = 0;
	at = sd_buf_text(scratch);
	for (; n; n--, at += strlen(at) + 1)
		*sd_push(p->arena, lines) = at;
	sort(lines);
	for (size_t i = 0; i < lines->n; i++)
		sd_buf_add(out, lines->at[i]);
}

/* The engine has objects of @kind at all; elsewhere they are expanded into others. */
static bool
exists(const struct print *p, enum sd_kind kind)
{
	return kind != SD_ENUM || sd_dialect_can(p->dialect, p->version, SD_CAP_ENUM);
}

static void
add_objects(struct print *p, const struct sd_schema *schema, struct sd_names *texts)
{
	struct sd_buf text = SD_BUF(p->arena), scratch = SD_BUF(p->arena);
	struct sd_names lines = { 0 };

	for (enum sd_kind kind = SD_N_PARTS; kind < SD_KIND__MAX; kind++) {
		const struct sd_list *list = &schema->objects[kind];

		for (size_t i = 0; exists(p, kind) && i < list->n; i++) {
			if (is_left_out(list->at[i]))
				continue;
			sd_buf_cut(&text, 0);
			add_line(p, &text, list->at[i]);
			if (kind == SD_TABLE || kind == SD_VIEW)
				add_part_lines(p, &text, list->at[i], &scratch, &lines);
			*sd_push(p->arena, texts) = sd_strndup(p->arena, text.at, text.n);
		}
	}
}

static void
add_managed(const struct print *p, const struct sd_schema *schema, struct sd_names *texts)
{
	for (enum sd_kind kind = 0; kind < SD_KIND__MAX; kind++)
		if (sd_kinds[kind].flags & SD_KIND_OPTIONAL && schema->manages[kind] &&
			exists(p, kind))
			*sd_push(p->arena, texts) =
				sd_fmt(p->arena, "manages %s\n", sd_kinds[kind].section);
}

/* The texts that the fingerprint is a hash over, in @p's arena. */
static struct sd_names
all_texts(struct print *p, const struct sd_schema *schema)
{
	struct sd_names texts = { 0 };

	for (enum sd_kind kind = 0; kind < SD_KIND__MAX; kind++)
		make_labels(p, kind);
	*sd_push(p->arena, &texts) = "";
	add_objects(p, schema, &texts);
	add_managed(p, schema, &texts);
	sort(&texts);
	texts.at[0] = sd_fmt(p->arena, "%s\n", p->dialect->name); /* "" sorts first */
	return texts;
}

static struct print
print_new(const struct sd_schema *schema)
{
	return (struct print){ .dialect = schema->dialect,
		.version = schema->version,
		.arena = sd_arena_new() };
}

const char *
sd_schema_fingerprint_text(const struct sd_schema *schema, struct sd_arena *arena)
{
	struct print p = print_new(schema);
	const struct sd_names texts = all_texts(&p, schema);
	struct sd_buf out = SD_BUF(arena);

	for (size_t i = 0; i < texts.n; i++)
		sd_buf_add(&out, texts.at[i]);
	sd_arena_free(p.arena);
	return sd_buf_text(&out);
}

const char *
sd_schema_fingerprint(const struct sd_schema *schema, struct sd_arena *arena)
{
	struct print p = print_new(schema);
	const struct sd_names texts = all_texts(&p, schema);
	const char *result =
		sd_fmt(arena, "v1:%s", sd_hash_sha256_all(p.arena, &texts));

	sd_arena_free(p.arena);
	return result;
}
