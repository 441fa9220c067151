/* Single changes that must change a fingerprint: each field of each kind is given other values by
 * its type, until one loads; entries are removed, added and renamed.  What was reached is counted,
 * so that a field which no change reaches is seen. */
#include "tests/fingerprint/subject.h"

#include "core/base/text.h"

#include <limits.h>
#include <stdio.h>
#include <string.h>

/* Fields that no change can reach, or changes that mean nothing, and why. */
static const struct {
	unsigned dialects;
	enum sd_kind kind;
	const char *key, *why;
} exempt[] = {
	{ SD_ON_SQLITE, SD_ENUM, "values",
		"no object there: it is the check of each of its columns" },
	{ SD_ON_SQLITE, SD_TRIGGER, "for_each", "always row: the other word is refused" },
};

struct changing {
	struct subject *s;
	struct files start;      /* never touched */
	const char *fingerprint; /* of @start */
	struct coverage *coverage;
	/** The change that is next: it counts up to @wanted. */
	unsigned seen, wanted;
	bool good, done;
	const char *what;  /* was changed */
	unsigned *counter; /* of it */
};

static struct changing *running; /* the walk's visitor has no other way to it */

/* ---- other values ---------------------------------------------------------------------- */

static const char *
pick(struct subject *s, const char *const *texts, size_t n, const char *but)
{
	size_t i = rng_below(&s->rng, (uint32_t)n);

	return but && strcmp(texts[i], but) == 0 ? texts[(i + 1) % n] : texts[i];
}

static const char *
some_column(struct subject *s, const struct sd_json *relation)
{
	const struct sd_json *columns = relation ? sd_json_get(relation, "columns") : NULL, *m;

	if (!columns || columns->type != SD_JSON_OBJECT || !columns->n)
		return fresh_name(s);
	m = columns->first;
	for (uint32_t i = rng_below(&s->rng, (uint32_t)columns->n); i; i--)
		m = m->next;
	return m->key;
}

static const char *
some_table(struct subject *s)
{
	const struct sd_json *tables = sd_json_get(s->files.at[0], "tables"), *m;

	if (!tables || !tables->n)
		return "t";
	m = tables->first;
	for (uint32_t i = rng_below(&s->rng, (uint32_t)tables->n); i; i--)
		m = m->next;
	return m->key;
}

static struct sd_json *
other_word(struct subject *s, const struct sd_field *field, const struct sd_json *value)
{
	size_t n = 0, from = field->flags & SD_FIELD_DEFAULT_NULL && !value;

	while (field->words[n])
		n++;
	return tree_text(s->arena,
		pick(s, field->words + from, n - from, value ? value->text : NULL));
}

static const char *
other_sql(struct subject *s, const struct sd_field *field, const struct sd_json *value)
{
	const char *old = value && value->type == SD_JSON_STRING ? value->text : NULL;

	if (field->flags & SD_FIELD_SCRIPT)
		return sd_fmt(s->arena, "%s\nSELECT 77;", old ? old : "");
	if (field->flags & SD_FIELD_QUERY)
		return sd_fmt(s->arena, "%s\nLIMIT 77", old ? old : "SELECT 1 AS one");
	if (!old)
		return "1 < 77";
	return rng_chance(&s->rng, 50) ? "77" : sd_fmt(s->arena, "%s\n+ 77", old);
}

/* Another part where the key has one of that name would be a list with one column twice. */
static struct sd_json *
other_names(struct subject *s, const struct place *place, const struct sd_field *field,
	const struct sd_json *value)
{
	struct sd_json *list = value ? tree_copy(s->arena, value)
				     : tree_new(s->arena, SD_JSON_ARRAY);
	const struct sd_json *table = place->kind == SD_FOREIGN_KEY
					      ? sd_json_get(place->entry, "table")
					      : NULL;
	const struct sd_json *relation = strcmp(field->key, "ref_columns") == 0
						 ? table_of(s, table->text)
						 : place->relation;

	if (list->n && rng_chance(&s->rng, 60))
		tree_drop(list, list->first);
	if (!list->n || rng_chance(&s->rng, 30))
		tree_add(list, tree_text(s->arena, some_column(s, relation)));
	return list;
}

static struct sd_json *
other_options(struct subject *s, const struct sd_json *value)
{
	struct sd_json *object = value ? tree_copy(s->arena, value)
				       : tree_new(s->arena, SD_JSON_OBJECT);

	if (object->n && rng_chance(&s->rng, 50))
		tree_drop(object, object->first);
	else
		tree_set(object, object->n && rng_chance(&s->rng, 50) ? object->first->key
								      : "zz_option",
			tree_number(s->arena, "77"));
	return object;
}

static struct sd_json *
other_words(struct subject *s, const struct sd_field *field, const struct sd_json *value)
{
	const struct sd_json *only = value->n == 1 ? value->first : NULL;
	struct sd_json *list = tree_copy(s->arena, value);
	const char *word;

	if (only)
		return tree_list_of(s->arena, other_word(s, field, only)->text);
	word = other_word(s, field, NULL)->text;
	for (struct sd_json *m = list->first; m; m = m->next)
		if (strcmp(m->text, word) == 0) {
			tree_drop(list, m);
			return list;
		}
	tree_add(list, tree_text(s->arena, word));
	return list;
}

static struct sd_json *
other_value(struct subject *s, const struct place *place, const struct sd_field *field,
	const struct sd_json *value)
{
	static const char *const types[] = { "text", "blob", "varchar(77)", "numeric(9,7)" };
	struct sd_json *list;

	switch (field->type) {
	case SD_F_TEXT:
		return tree_text(s->arena, value ? sd_fmt(s->arena, "%s ", value->text) : " ");
	case SD_F_SQL:
		return tree_text(s->arena, other_sql(s, field, value));
	case SD_F_TYPE:
		return tree_text(s->arena, pick(s, types, SD_COUNT(types),
						   value ? value->text : "bigint"));
	case SD_F_NAME:
		return tree_text(s->arena, strcmp(field->key, "table") == 0 ? some_table(s)
								      : fresh_name(s));
	case SD_F_WORD:
		return other_word(s, field, value);
	case SD_F_BOOL:
	case SD_F_NOT:
		return tree_bool(s->arena,
			value ? !value->boolean : field->type == SD_F_BOOL);
	case SD_F_NAMES:
		return other_names(s, place, field, value);
	case SD_F_WORDS:
		return other_words(s, field, value);
	case SD_F_VALUES:
		list = tree_copy(s->arena, value);
		if (list->n > 1 && rng_chance(&s->rng, 50))
			tree_drop(list, list->first);
		else
			tree_add(list, tree_text(s->arena, fresh_name(s)));
		return list;
	case SD_F_NUMBER:
		return tree_number(s->arena,
			value && strcmp(value->text, "77") == 0 ? "78" : "77");
	case SD_F_OPTIONS:
		return other_options(s, value);
	case SD_F_PARTS:
		break;
	}
	return NULL;
}

/* ---- columns of keys ------------------------------------------------------------------- */

static const char *const part_keys[] = { "name", "expression", "order", "nulls", "collation",
	"opclass", "with", "(number)" };

/* Change what @part_keys says of a column of a list; false where there is no such. */
static bool
change_part(struct subject *s, const struct place *place, const struct sd_field *field,
	struct sd_json *parts, size_t which)
{
	static const char *const orders[] = { "asc", "desc" }, *const places[] = { "first", "last" };
	const char *key = part_keys[which];
	struct sd_json *part = parts->first, *old;

	for (uint32_t i = rng_below(&s->rng, (uint32_t)parts->n); i; i--)
		part = part->next;
	if (which == SD_COUNT(part_keys) - 1) {
		struct sd_json *more = tree_copy(s->arena, part);

		if (parts->n > 1 && rng_chance(&s->rng, 50)) {
			tree_drop(parts, part);
			return true;
		}
		if (sd_json_get(more, "name"))
			tree_set(more, "name",
				tree_text(s->arena, some_column(s, place->relation)));
		tree_add(parts, more);
		return true;
	}
	old = sd_json_get(part, key);
	switch (which) {
	case 0:
		(void)tree_take(part, "expression");
		tree_set(part, key, tree_text(s->arena, some_column(s, place->relation)));
		return !old || !sd_name_equal(s->dialect, old->text,
				       sd_json_get(part, key)->text);
	case 1:
		(void)tree_take(part, "name");
		tree_set(part, key, tree_text(s->arena, other_sql(s, field, old)));
		return true;
	case 2:
		tree_set(part, key,
			tree_text(s->arena, pick(s, orders, 2, old ? old->text : "asc")));
		return true;
	case 3: /* the order's own place of NULLs says nothing */
		if (s->dialect->traits & SD_TRAIT_PLAIN_PARTS)
			return false;
		if (old) {
			tree_set(part, key, tree_text(s->arena, pick(s, places, 2, old->text)));
			return true;
		}
		old = sd_json_get(part, "order");
		tree_set(part, key,
			tree_text(s->arena,
				old && strcmp(old->text, "desc") == 0 ? "last" : "first"));
		return true;
	case 5:
		if (s->dialect->traits & SD_TRAIT_PLAIN_PARTS)
			return false;
		break;
	case 6:
		if (!(field->flags & SD_FIELD_OPERATORS))
			return false;
		break;
	}
	tree_set(part, key, tree_text(s->arena, which == 6 ? "-|-" : fresh_name(s)));
	return true;
}

/* ---- one change ------------------------------------------------------------------------ */

/* Options of a sequence that are what the engine takes anyway. */
static bool
is_usual(const struct place *place, const struct sd_field *field, const struct sd_json *value)
{
	static const char *const bounds[] = { "min", "max" };
	const struct sd_json *holder = holder_of(place, field);

	if (place->kind != SD_SEQUENCE && !sd_text_equal(field->group, "identity"))
		return false;
	if (strcmp(value->text, "1") == 0 || strcmp(value->text, "-1") == 0)
		return true;
	for (size_t i = 0; i < SD_COUNT(bounds); i++) {
		const struct sd_json *bound = sd_json_get(holder, bounds[i]);

		if (strcmp(field->key, "start") == 0 && bound &&
			strcmp(bound->text, value->text) == 0)
			return true;
	}
	return false;
}

/* The columns of a foreign key that it refers to anyway. */
static bool
is_key_said(struct subject *s, const struct place *place, const struct sd_field *field,
	const struct sd_json *value)
{
	const struct sd_json *table, *name;

	if (strcmp(field->key, "ref_columns") != 0)
		return false;
	table = table_of(s, sd_json_get(place->entry, "table")->text);
	if (!table || !key_of(table) || key_of(table)->n != value->n)
		return false;
	name = sd_json_get(key_of(table)->first, "name");
	return name && sd_name_equal(s->dialect, name->text, value->first->text);
}

/* What says nothing of @place, whatever it says. */
static bool
is_mute(struct subject *s, const struct place *place, const struct sd_field *field)
{
	const struct sd_json *column = place->entry, *type;
	bool rowid = s->dialect->traits & SD_TRAIT_ROWID, serial;

	type = sd_json_get(column, "type");
	if (place->kind == SD_SEQUENCE && type && strcmp(field->key, "type") == 0)
		return strcmp(type->text, "bigint") == 0 || strcmp(type->text, "int8") == 0;
	if (place->kind != SD_COLUMN)
		return false;
	serial = sd_json_get(column, "identity") ||
		 strstr(sd_text_lower(s->arena, type->text), "serial");
	if (strcmp(field->key, "nullable") == 0)
		return serial || is_key(s, place->relation, column->key, false);
	/* on SQLite an identity is INTEGER PRIMARY KEY, which has no type and no conflict */
	if (rowid && serial)
		return strcmp(field->key, "type") == 0 || strcmp(field->key, "generated") == 0 ||
		       strcmp(field->key, "on_conflict") == 0;
	if (rowid && strcmp(field->key, "generated") == 0)
		return sd_text_iequal(type->text, "integer");
	return rowid && strcmp(field->key, "on_conflict") == 0 &&
	       is_key(s, place->relation, column->key, true);
}

/* The same, or types that differ in case alone. */
static bool
is_alike(const struct sd_json *a, const struct sd_json *b)
{
	struct sd_arena *arena = sd_arena_new();
	struct sd_buf x = SD_BUF(arena), y = SD_BUF(arena);
	bool alike;

	tree_write(a, NULL, &x);
	tree_write(b, NULL, &y);
	alike = sd_text_iequal(sd_buf_text(&x), sd_buf_text(&y));
	sd_arena_free(arena);
	return alike;
}

/* Is it the turn of this change?  All changes of a file have numbers. */
static bool
is_turn(struct changing *c, const struct place *place, const char *key, const char *what,
	unsigned *counter)
{
	if (c->seen++ != c->wanted)
		return false;
	c->what = sd_fmt(c->s->arena, "%s %s%s%s: %s %s", sd_kinds[place->kind].word,
		place->relation_name ? place->relation_name : "", place->relation_name ? "." : "",
		place->name ? place->name : "(no name)", key, what);
	c->counter = counter;
	return true;
}

static void
visit_field(struct changing *c, const struct place *place, const struct sd_field *field,
	unsigned *counter)
{
	struct subject *s = c->s;
	struct sd_json *value = value_of(place, field), *other, *holder;
	bool mute = is_mute(s, place, field);

	if (field->type == SD_F_PARTS) {
		for (size_t i = 0; i < SD_COUNT(part_keys); i++) {
			if (!is_turn(c, place, part_keys[i], "of a column", &c->coverage->parts[i]))
				continue;
			c->done = change_part(s, place, field, value, i);
			*counter += c->done;
		}
		return;
	}
	if (is_turn(c, place, field->key, "set", counter)) {
		holder = holder_at(s, place, field);
		other = holder ? other_value(s, place, field, value) : NULL;
		c->done = other && !(value && is_alike(value, other)) && !mute &&
			  !is_key_said(s, place, field, other);
		if (c->done)
			tree_set(holder, field->key, other);
	}
	/* false, nothing and the first word may be one */
	if (value && field->type != SD_F_BOOL && field->type != SD_F_NOT &&
		field->type != SD_F_WORD && !(field->flags & SD_FIELD_REQUIRED) &&
		is_turn(c, place, field->key, "left out", counter)) {
		c->done = !mute && !is_usual(place, field, value) &&
			  !is_key_said(s, place, field, value);
		(void)tree_take(holder_of(place, field), field->key);
		if (!holder_of(place, field)->n)
			(void)tree_take(place->entry, field->group);
	}
}

static bool
exists(const struct subject *s, enum sd_kind kind)
{
	return kind != SD_ENUM || !(s->dialect->traits & SD_TRAIT_ROWID);
}

static void
visit_entry(struct changing *c, const struct place *place)
{
	struct coverage *coverage = c->coverage;
	struct subject *s = c->s;
	struct sd_json *copy;

	if (!exists(s, place->kind))
		return;
	if (is_turn(c, place, "it", "removed", &coverage->removed[place->kind])) {
		tree_drop(place->section, place->entry);
		c->done = true;
		return;
	}
	if (!(sd_kinds[place->kind].flags & SD_KIND_SINGLE) &&
		is_turn(c, place, "it", "added", &coverage->added[place->kind])) {
		copy = tree_copy(s->arena, place->entry);
		if (place->section->type == SD_JSON_ARRAY) {
			tree_set(copy, "name", tree_text(s->arena, fresh_name(s)));
			tree_add(place->section, copy);
		} else {
			tree_set(place->section, fresh_name(s), copy);
		}
		c->done = true;
	}
	if (is_turn(c, place, "it", "renamed", &coverage->renamed[place->kind])) {
		if (is_list_kind(place->kind))
			tree_set(place->entry, "name", tree_text(s->arena, fresh_name(s)));
		else
			place->entry->key = fresh_name(s);
		c->done = true;
	}
}

static bool
is_unmanaged(const struct sd_json *entry)
{
	const struct sd_json *managed = sd_json_get(entry, "managed");

	return managed && !managed->boolean;
}

static void
visit(struct subject *s, const struct place *place)
{
	struct changing *c = running;
	const struct sd_kind_desc *desc = &sd_kinds[place->kind];

	if (is_unmanaged(place->entry) || (place->relation && is_unmanaged(place->relation)))
		return;
	for (size_t i = 0; i < desc->n_fields && c->seen <= c->wanted; i++) {
		const struct sd_field *field = &desc->fields[i];

		if (field->dialects & s->dialect->bit && exists(s, place->kind) &&
			!(field->flags & (SD_FIELD_INPUT | SD_FIELD_STATE)))
			visit_field(c, place, field, &c->coverage->fields[place->kind][i]);
	}
	if (c->seen <= c->wanted)
		visit_entry(c, place);
}

static void
start_again(struct changing *c)
{
	c->s->files.n = c->start.n;
	for (size_t i = 0; i < c->start.n; i++)
		c->s->files.at[i] = tree_copy(c->s->arena, c->start.at[i]);
	c->seen = 0;
	c->done = false;
	c->counter = NULL;
}

#define TRIES 12

/* Make change @wanted: other values until one loads. */
static void
make_change(struct changing *c)
{
	struct subject *s = c->s;

	for (unsigned i = 0; i < TRIES; i++) {
		const char *fingerprint;

		start_again(c);
		subject_walk(s, visit);
		fingerprint = c->done ? subject_fingerprint(s).fingerprint : NULL;
		if (!fingerprint)
			continue;
		++*c->counter;
		c->coverage->total++;
		if (strcmp(fingerprint, c->fingerprint) == 0) {
			printf("%s: the fingerprint did not change\n%s", c->what,
				subject_text(s));
			c->good = false;
		}
		return;
	}
}

bool
change_fields(
	struct subject *s, const char *fingerprint, uint32_t most, struct coverage *coverage)
{
	struct changing c = { .s = s,
		.start = s->files,
		.fingerprint = fingerprint,
		.coverage = coverage,
		.wanted = UINT_MAX,
		.good = true };
	struct sd_arena *arena = s->arena;
	unsigned all;

	running = &c;
	start_again(&c);
	subject_walk(s, visit);
	all = c.seen;
	for (unsigned i = 0; i < all && i < most; i++) {
		c.wanted = all > most ? rng_below(&s->rng, all) : i;
		s->arena = sd_arena_new();
		make_change(&c);
		sd_arena_free(s->arena);
		s->arena = arena;
	}
	s->files = c.start;
	running = NULL;
	return c.good;
}

/* ---- coverage -------------------------------------------------------------------------- */

static const char *
exemption(const struct sd_dialect *dialect, enum sd_kind kind, const struct sd_field *field)
{
	for (size_t i = 0; i < SD_COUNT(exempt); i++)
		if (exempt[i].dialects & dialect->bit && exempt[i].kind == kind &&
			strcmp(exempt[i].key, field->key) == 0)
			return exempt[i].why;
	return NULL;
}

static unsigned
lack(bool there, const struct sd_dialect *dialect, enum sd_kind kind, const char *what)
{
	if (!there)
		printf("%s: %s of a %s was never changed\n", dialect->name, what,
			sd_kinds[kind].word);
	return !there;
}

unsigned
coverage_lacks(const struct sd_dialect *dialect, const struct coverage *coverage)
{
	unsigned lacks = 0, fields = 0;

	for (enum sd_kind kind = 0; kind < SD_KIND__MAX; kind++) {
		const struct sd_kind_desc *desc = &sd_kinds[kind];

		for (size_t i = 0; i < desc->n_fields; i++) {
			const struct sd_field *field = &desc->fields[i];

			if (!(field->dialects & desc->dialects & dialect->bit) ||
				field->flags & (SD_FIELD_INPUT | SD_FIELD_STATE))
				continue;
			if (exemption(dialect, kind, field)) {
				printf("%s: %s of a %s is exempt: %s\n", dialect->name, field->key,
					desc->word, exemption(dialect, kind, field));
				lacks += coverage->fields[kind][i] != 0;
				continue;
			}
			fields++;
			lacks += lack(coverage->fields[kind][i], dialect, kind, field->key);
		}
		if (!(desc->dialects & dialect->bit) ||
			(kind == SD_ENUM && dialect->traits & SD_TRAIT_ROWID))
			continue;
		lacks += lack(coverage->removed[kind], dialect, kind, "the whole");
		lacks += lack(coverage->renamed[kind], dialect, kind, "the name");
		lacks += lack(desc->flags & SD_KIND_SINGLE || coverage->added[kind], dialect, kind,
			"the number");
	}
	for (size_t i = 0; i < SD_COUNT(part_keys); i++)
		if (!(dialect->traits & SD_TRAIT_PLAIN_PARTS && (i == 3 || i == 5 || i == 6)))
			lacks += lack(coverage->parts[i], dialect, SD_INDEX, part_keys[i]);
	printf("%s: %u changes of %u fields, %u of them never\n", dialect->name, coverage->total,
		fields, lacks);
	return lacks;
}
