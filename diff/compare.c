/* The comparison: one merge over all kinds, driven by the table of fields.  Pairs of texts that
 * tokens cannot settle are left as *undecided*; the caller has the engine decide them and
 * compares again with the answers. */
#include "diff/internal.h"

#include "core/base/text.h"
#include "core/sql/canon.h"

#include <string.h>

struct compare {
	struct sd_diff *diff;
	const struct sd_diff_options *options;
	const struct sd_dialect *dialect;
	struct sd_arena *arena;
	const char *table; /* in the database: what undecided expressions speak of */
	const struct sd_object *relation; /* the same with its names as they are compared */
	bool back;         /* the way back: the database is as @into says */
};

struct sd_change *
sd_change_add(struct sd_diff *diff, enum sd_op op, enum sd_kind kind, struct sd_object *from,
	struct sd_object *into, uint64_t fields)
{
	struct sd_change *change = sd_new(diff->arena, struct sd_change);

	change->op = op;
	change->kind = kind;
	change->from = from;
	change->into = into;
	change->fields = fields;
	*sd_push(diff->arena, &diff->changes) = change;
	return change;
}

const char *
sd_answer_key(struct sd_arena *arena, const struct sd_undecided *pair)
{
	bool turn = strcmp(pair->a, pair->b) > 0; /* the way back asks the other way round */

	return sd_fmt(arena, "%s\n%s\n%s\n%s", pair->table ? pair->table : "",
		pair->type ? pair->type : "", turn ? pair->b : pair->a,
		turn ? pair->a : pair->b);
}

/* ---- equality ------------------------------------------------------------------------ */

/* What the engine said of @a and @b; false and noted down when it was not asked yet. */
static bool
engine_says_same(
	struct compare *c, const char *table, const char *type, const char *a, const char *b)
{
	const struct sd_undecided pair = {
		.table = table, .type = type, .a = a, .b = b, .relation = table ? c->relation : NULL
	};

	const char *key = sd_answer_key(c->arena, &pair);

	if (c->options->answers && sd_map_get(c->options->answers, key))
		return true;
	*sd_push(c->arena, &c->diff->undecided) = pair;
	return false;
}

static bool
same_part(struct compare *c, const struct sd_part *a, const struct sd_part *b)
{
	if (a->desc != b->desc || !sd_text_equal(a->nulls, b->nulls) ||
		!sd_text_iequal(a->collation, b->collation) ||
		!sd_opclass_equal(a->opclass, b->opclass) || !sd_text_equal(a->op, b->op))
		return false;
	if (a->name || b->name)
		return a->name && b->name && sd_name_equal(c->dialect, a->name, b->name);
	if (strcmp(sd_sql_canonical(c->dialect, c->arena, a->expression),
		    sd_sql_canonical(c->dialect, c->arena, b->expression)) == 0)
		return true;
	return engine_says_same(c, c->table, NULL, a->expression, b->expression);
}

/* The type that a default or a generated value is converted to; it is the same both ways. */
static const char *
type_of_value(struct compare *c, const struct sd_object *from, const struct sd_object *into)
{
	const char *a, *b;

	if (from->kind != SD_COLUMN)
		return NULL;
	a = sd_type_canonical(c->dialect, c->arena, ((const struct sd_column *)from)->type);
	b = sd_type_canonical(c->dialect, c->arena, ((const struct sd_column *)into)->type);
	return strcmp(a, b) == 0 ? a : NULL;
}

/* A default, or a generated expression: converted to the type of its column. */
static bool
same_value(struct compare *c, const struct sd_field *field, const struct sd_object *from,
	const struct sd_object *into)
{
	const char *a = sd_field_get(from, field, char *);
	const char *b = sd_field_get(into, field, char *);
	const char *type = type_of_value(c, from, into), *literal;
	bool constant = field->offset == offsetof(struct sd_column, deflt) &&
			from->kind == SD_COLUMN;

	if (!a || !b)
		return false;
	literal = constant && type ? sd_sql_literal(c->dialect, c->arena, a, type) : NULL;
	if (literal &&
		sd_text_equal(literal, sd_sql_literal(c->dialect, c->arena, b, type)))
		return true;
	return engine_says_same(c, constant ? NULL : c->table, type, a, b);
}

/* Fields that tokens find different, and yet may mean the same. */
static bool
same_by_engine(struct compare *c, const struct sd_field *field, const struct sd_object *from,
	const struct sd_object *into)
{
	if (from->kind == SD_VIEW || from->kind == SD_TRIGGER)
		return false;
	if (field->type == SD_F_SQL)
		return same_value(c, field, from, into);
	if (field->type == SD_F_PARTS) {
		const struct sd_parts *a = sd_field_at(from, field, const struct sd_parts);
		const struct sd_parts *b = sd_field_at(into, field, const struct sd_parts);
		bool same = a->n == b->n;

		/* all of them, so that every pair that is undecided is asked at once */
		for (size_t i = 0; i < a->n && i < b->n; i++)
			same &= same_part(c, &a->at[i], &b->at[i]);
		return same;
	}
	return false;
}

static bool
is_type_of_rowid_alias(const struct sd_field *field, const struct sd_object *object)
{
	return object->kind == SD_COLUMN && field->type == SD_F_TYPE &&
	       ((const struct sd_column *)object)->rowid_alias;
}

/* @spelled says in full what @serial is short for: the integer whose default takes the next
 * number of that very sequence. */
static bool
spells_serial(
	struct compare *c, const struct sd_column *serial, const struct sd_column *spelled)
{
	const char *name, *deflt = spelled->deflt;
	const char *type = sd_type_canonical(c->dialect, c->arena, serial->type);
	size_t len;

	if (!serial->numbers || serial->identity || spelled->numbers || !deflt)
		return false;
	name = serial->rare && serial->rare->sequence
		       ? serial->rare->sequence
		       : sd_fmt(c->arena, "%s_%s_seq", serial->o.parent->name, serial->o.name);
	name = sd_fmt(c->arena, "nextval('%s'", sd_quote_name(c->dialect, c->arena, name));
	len = strlen(name);
	type = sd_text_replace(c->arena, type, "bigserial", "bigint");
	type = sd_text_replace(c->arena, type, "smallserial", "smallint");
	type = sd_text_replace(c->arena, type, "serial", "integer");
	return strncmp(deflt, name, len) == 0 &&
	       (strcmp(deflt + len, ")") == 0 || strcmp(deflt + len, "::regclass)") == 0) &&
	       strcmp(type, sd_type_canonical(c->dialect, c->arena, spelled->type)) == 0;
}

static bool
both_serial(struct compare *c, const struct sd_field *field, const struct sd_object *from,
	const struct sd_object *into)
{
	const struct sd_column *a = (const struct sd_column *)from;
	const struct sd_column *b = (const struct sd_column *)into;

	return from->kind == SD_COLUMN && a->numbers != b->numbers &&
	       (field->type == SD_F_TYPE ||
		       field->offset == offsetof(struct sd_column, deflt)) &&
	       (spells_serial(c, a, b) || spells_serial(c, b, a));
}

/* @a and @b have the same columns of the same types. */
static bool
same_columns(struct compare *c, struct sd_object *a, struct sd_object *b)
{
	const struct sd_field *type = sd_field_find(SD_COLUMN, "type");
	const struct sd_list *columns = sd_parts_of(a, SD_COLUMN);

	for (size_t i = 0; i < columns->n; i++) {
		const struct sd_column *twin = sd_column_find(c->dialect, b, columns->at[i]->name);

		if (!twin || !sd_field_equal(c->dialect, c->arena, type, columns->at[i], &twin->o))
			return false;
	}
	return columns->n == sd_parts_of(b, SD_COLUMN)->n;
}

static struct sd_names
without_toast(struct compare *c, const struct sd_names *options)
{
	struct sd_names kept = { 0 };

	for (size_t i = 0; i < options->n; i++)
		if (!sd_text_starts(options->at[i], "toast."))
			*sd_push(c->arena, &kept) = options->at[i];
	return kept;
}

/* Parameters for long values go nowhere while a table can have none. */
static bool
same_but_for_toast(struct compare *c, const struct sd_field *field, struct sd_object *from,
	struct sd_object *into)
{
	struct sd_table a, b;

	if (from->kind != SD_TABLE || field->offset != offsetof(struct sd_table, with))
		return false;
	a = *(const struct sd_table *)from;
	b = *(const struct sd_table *)into;
	if (!(a.toastless || b.toastless) || !same_columns(c, from, into))
		return false;
	a.with = without_toast(c, &a.with);
	b.with = without_toast(c, &b.with);
	return sd_field_equal(c->dialect, c->arena, field, &a.rel.o, &b.rel.o);
}

static bool
same_field(struct compare *c, const struct sd_field *field, struct sd_object *from,
	struct sd_object *into)
{
	/* an INTEGER PRIMARY KEY is the rowid, whatever integer type a file calls it; and
	 * nothing else is, whatever it is called */
	if (is_type_of_rowid_alias(field, from) != is_type_of_rowid_alias(field, into))
		return false;
	if (is_type_of_rowid_alias(field, from))
		return true;
	return sd_field_equal(c->dialect, c->arena, field, from, into) ||
	       same_but_for_toast(c, field, from, into) ||
	       both_serial(c, field, from, into) || same_by_engine(c, field, from, into);
}

/* The NOT NULL constraint of @column is called what the server would call it. */
static bool
has_given_name(const struct compare *c, const struct sd_column *column)
{
	return strcmp(sd_not_null_name(c->arena, column),
		       sd_fmt(c->arena, "%s_%s_not_null", column->o.parent->name,
			       column->o.name)) == 0;
}

static bool
has_default(
	const struct compare *c, const struct sd_field *field, const struct sd_object *object)
{
	const struct sd_column *column = (const struct sd_column *)object;
	bool named = field->words && (field->type == SD_F_NAME ||
					     field->type == SD_F_NUMBER || field->type == SD_F_TEXT);

	if (object->kind == SD_COLUMN && strcmp(field->key, "storage") == 0 && column->rare &&
		column->rare->storage && c->dialect->storage)
		return sd_text_equal(column->rare->storage,
			c->dialect->storage(c->arena, column->type));
	if (object->kind == SD_COLUMN && strcmp(field->key, "not_null_name") == 0)
		return has_given_name(c, column);
	return sd_field_unset(field, object) ||
	       (named &&
		       strcmp(sd_field_get(object, field, char *), field->words[0]) == 0);
}

/* Absent from a file, tuning is whatever it is; a state of the database is nobody's wish. */
static bool
counts(const struct compare *c, const struct sd_field *field, const struct sd_object *from,
	const struct sd_object *into)
{
	if (field->flags & SD_FIELD_INPUT || !(field->dialects & c->dialect->bit))
		return false;
	if (field->flags & SD_FIELD_STATE)
		return !c->back;
	if (field->flags & SD_FIELD_TUNING && has_default(c, field, from) &&
		has_default(c, field, into))
		return false;
	if (field->flags & SD_FIELD_TUNING)
		return !(from->pos.file && sd_field_unset(field, from)) &&
		       !(into->pos.file && sd_field_unset(field, into));
	return true;
}

static uint64_t
differing_fields(struct compare *c, struct sd_object *from, struct sd_object *into)
{
	const struct sd_kind_desc *desc = &sd_kinds[from->kind];
	uint64_t fields = 0;

	for (size_t i = 0; i < desc->n_fields; i++) {
		const struct sd_field *field = &desc->fields[i];

		if (counts(c, field, from, into) && !same_field(c, field, from, into))
			fields |= UINT64_C(1) << i;
	}
	return fields;
}

/* ---- parts --------------------------------------------------------------------------- */

static void
pair(struct sd_object *from, struct sd_object *into)
{
	from->twin = into;
	into->twin = from;
}

static bool
unpaired(const struct sd_object *object)
{
	return !object->twin && !sd_left_alone(object);
}

/* The name of a constraint or index changed as far as anybody cares: a file that gives no
 * name, or the convention's, takes what is there — unless what is there bears the
 * convention's name for something that has been renamed. */
static bool
name_differs(const struct compare *c, const struct sd_object *from, struct sd_object *into)
{
	const unsigned free_name = SD_OBJ_NAMELESS | SD_OBJ_CONVENTIONAL;

	if (from->name == into->name ||
		(from->name && into->name && sd_name_equal(c->dialect, from->name, into->name)))
		return false;
	if (!into->pos.file || !(into->flags & free_name))
		return true;
	/* a constraint of SQLite has its name in the table's text, and only a rebuild changes that */
	if ((from->kind == SD_INDEX || c->dialect->traits & SD_TRAIT_KEYS_BIND) &&
		(from->flags & SD_OBJ_CONVENTIONAL) &&
		(from->flags & SD_OBJ_RENAMED))
		return true;
	into->name = from->name; /* the target is what will be there */
	return false;
}

static void
compare_pair(struct compare *c, struct sd_object *from, struct sd_object *into)
{
	uint64_t fields = differing_fields(c, from, into);

	pair(from, into);
	into->flags &= ~(unsigned)SD_OBJ_CHANGED;
	if (from->kind != SD_COLUMN && from->kind != SD_TRIGGER && name_differs(c, from, into))
		fields |= SD_FIELD_BIT_NAME;
	if (!fields)
		return;
	into->flags |= SD_OBJ_CHANGED;
	sd_change_add(c->diff, SD_OP_ALTER, from->kind, from, into, fields);
}

/* Columns mostly stand in the same order on both sides, so the search begins where the twin
 * should be.  Of constraints SQLite lets several have one name: the first counts, both ways. */
static void
pair_by_name(struct compare *c, struct sd_list *from, struct sd_list *into)
{
	for (size_t i = 0; i < into->n; i++) {
		struct sd_object *object = into->at[i];
		size_t first = object->kind == SD_COLUMN ? i : 0;

		for (size_t n = 0; unpaired(object) && object->name && n < from->n; n++) {
			struct sd_object *twin = from->at[(first + n) % from->n];

			if (unpaired(twin) && twin->name &&
				sd_name_equal(c->dialect, twin->name, object->name))
				compare_pair(c, twin, object);
		}
	}
}

/* Unnamed here or there: what means the same is the same. */
static void
pair_by_meaning(struct compare *c, struct sd_list *from, struct sd_list *into)
{
	for (size_t i = 0; i < into->n; i++)
		for (size_t j = 0; unpaired(into->at[i]) && j < from->n; j++)
			if (unpaired(from->at[j]) &&
				!differing_fields(c, from->at[j], into->at[i]))
				compare_pair(c, from->at[j], into->at[i]);
}

/* The values of an enum change while its column, and with that the check, changes its name. */
static void
pair_enums(struct compare *c, struct sd_list *from, struct sd_list *into)
{
	for (size_t i = 0; i < into->n; i++)
		for (size_t j = 0; unpaired(into->at[i]) && j < from->n; j++) {
			const struct sd_check *a = (const struct sd_check *)from->at[j];
			const struct sd_check *b = (const struct sd_check *)into->at[i];
			const char *column = sd_check_column(c->dialect, c->arena, a);
			const char *other = sd_check_column(c->dialect, c->arena, b);

			if (unpaired(from->at[j]) && (a->type || b->type) && column && other &&
				sd_name_equal(c->dialect, column, other))
				compare_pair(c, from->at[j], into->at[i]);
		}
}

static void
clear_twins(struct sd_list *list)
{
	for (size_t i = 0; i < list->n; i++)
		if (!sd_left_alone(list->at[i]))
			list->at[i]->twin = NULL;
}

static void
compare_parts(
	struct compare *c, struct sd_object *from, struct sd_object *into, enum sd_kind kind)
{
	struct sd_list *ours = sd_parts_of(from, kind), *theirs = sd_parts_of(into, kind);

	clear_twins(ours);
	clear_twins(theirs);
	if ((sd_kinds[kind].flags & SD_KIND_SINGLE) && ours->n == 1 && theirs->n == 1)
		compare_pair(c, ours->at[0], theirs->at[0]);
	pair_by_name(c, ours, theirs);
	if (kind != SD_COLUMN && kind != SD_TRIGGER)
		pair_by_meaning(c, ours, theirs);
	if (kind == SD_CHECK)
		pair_enums(c, ours, theirs);
	for (size_t i = 0; i < ours->n; i++)
		if (unpaired(ours->at[i]))
			sd_change_add(c->diff, SD_OP_DROP, kind, ours->at[i], NULL, 0);
	for (size_t i = 0; i < theirs->n; i++)
		if (unpaired(theirs->at[i]))
			sd_change_add(c->diff, SD_OP_ADD, kind, NULL, theirs->at[i], 0);
}

/* ---- relations ----------------------------------------------------------------------- */

/* The name that relation @renamed has in the database, where questions are put. */
static const char *
name_before(const struct compare *c, const struct sd_object *renamed)
{
	for (size_t i = 0; i < c->diff->renames.n; i++) {
		const struct sd_rename *r = &c->diff->renames.at[i];

		if (r->kind == SD_TABLE && sd_text_equal(r->ns, renamed->ns) &&
			sd_name_equal(c->dialect, r->to, renamed->name))
			return r->table;
	}
	return renamed->name;
}

static bool
has_parts(enum sd_kind kind)
{
	return kind == SD_TABLE || kind == SD_VIEW;
}

static void
compare_objects(struct compare *c, enum sd_kind kind)
{
	const struct sd_list *ours = &c->diff->renamed->objects[kind];
	const struct sd_list *theirs = &c->diff->into->objects[kind];

	clear_twins(&c->diff->into->objects[kind]);
	for (size_t i = 0; i < ours->n; i++) {
		struct sd_object *from = ours->at[i], *into;

		if (sd_left_alone(from))
			continue;
		from->twin = NULL;
		into = sd_schema_find(c->diff->into, kind, from->ns, from->name);
		if (!into) {
			sd_change_add(c->diff, SD_OP_DROP, kind, from, NULL, 0);
			continue;
		}
		c->table = c->back ? from->name : name_before(c, from);
		c->relation = c->back ? into : from;
		compare_pair(c, from, into);
		for (size_t part = 0; has_parts(kind) && part < SD_N_PARTS; part++)
			compare_parts(c, from, into, (enum sd_kind)part);
	}
	for (size_t i = 0; i < theirs->n; i++)
		if (unpaired(theirs->at[i]))
			sd_change_add(c->diff, SD_OP_ADD, kind, NULL, theirs->at[i], 0);
}

static struct sd_object *
renamed_object(const struct sd_schema *schema, const struct sd_rename *rename,
	const char *table, const char *column)
{
	struct sd_object *relation = sd_schema_find(
		schema, column ? SD_TABLE : rename->kind, rename->ns, table);

	return column ? sd_part_find(schema->dialect, relation, SD_COLUMN, column) : relation;
}

static void
add_renames(struct sd_diff *diff)
{
	struct sd_renames back = sd_renames_reverse(&diff->renames, diff->arena);

	for (int tables = 0; tables <= 1; tables++) {
		for (size_t i = 0; i < diff->renames.n; i++) {
			const struct sd_rename *r = &diff->renames.at[i], *b = &back.at[i];

			if ((r->column == NULL) != (tables == 1))
				continue;
			sd_change_add(diff, SD_OP_RENAME, r->kind,
				renamed_object(diff->from, r, r->table, r->column),
				renamed_object(diff->into, b, b->table, b->column), 0);
		}
	}
}

/* Everything but who is managed and what was renamed, which is known by now. */
static void
run(struct sd_diff *diff, const struct sd_diff_options *options, bool back)
{
	struct compare c = {
		.diff = diff,
		.options = options,
		.dialect = diff->from->dialect,
		.arena = diff->arena,
		.back = back,
	};

	diff->renamed = diff->renames.n
				? sd_rename_apply(diff->from, &diff->renames, diff->arena)
				: diff->from;
	if (back)
		sd_manage_pair(diff->renamed, diff->into);
	else
		sd_manage_adopt(diff->renamed, diff->into, diff);
	add_renames(diff);
	for (size_t kind = SD_N_PARTS; kind < SD_KIND__MAX; kind++)
		compare_objects(&c, (enum sd_kind)kind);
	sd_ambiguous_find(diff, options);
}

struct sd_diff *
sd_diff(struct sd_schema *from, struct sd_schema *into, const struct sd_diff_options *options,
	struct sd_arena *arena)
{
	struct sd_diff *diff = sd_new(arena, struct sd_diff);

	diff->arena = arena;
	diff->from = from;
	diff->into = into;
	sd_manage_mark(from, into, options, arena);
	sd_rename_collect(diff, options);
	run(diff, options, false);
	return diff;
}

struct sd_diff *
sd_diff_reverse(const struct sd_diff *diff, const struct sd_diff_options *options,
	struct sd_arena *arena)
{
	struct sd_diff *back = sd_new(arena, struct sd_diff);
	struct sd_diff_options silent = *options;

	silent.no_renames = true; /* nothing is ambiguous on the way back */
	back->arena = arena;
	back->from = diff->into;
	back->into = diff->from;
	back->renames = sd_renames_reverse(&diff->renames, arena);
	run(back, &silent, true);
	return back;
}

bool
sd_diff_empty(const struct sd_diff *diff)
{
	return diff->changes.n == 0 && diff->unsupported.n == 0;
}
