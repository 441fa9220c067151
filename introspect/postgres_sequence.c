/* Sequences: parts of identity and serial columns, or objects of their own; and the values of
 * enums. */
#include "introspect/postgres.h"

#include "core/base/text.h"

#include <stdlib.h>
#include <string.h>

enum {
	SEQ_RELATION,
	SEQ_TYPE,
	SEQ_START,
	SEQ_INCREMENT,
	SEQ_MIN,
	SEQ_MAX,
	SEQ_CACHE,
	SEQ_CYCLE,
	SEQ_OWNER,
	SEQ_OWNER_COLUMN,
	SEQ_DEPENDENCY,
};

/* The types that a sequence can have. */
static const struct integer {
	uint32_t oid;
	const char *name, *serial;
	const char *min, *max;
} integers[] = {
	{ 21, "smallint", "smallserial", "-32768", "32767" },
	{ 23, "integer", "serial", "-2147483648", "2147483647" },
	{ 20, "bigint", "bigserial", "-9223372036854775808", "9223372036854775807" },
};

static const struct integer *
integer_of(uint32_t oid)
{
	for (size_t i = 0; i < SD_COUNT(integers); i++)
		if (integers[i].oid == oid)
			return &integers[i];
	return NULL;
}

/* Cell @i, or NULL when it is what the engine takes anyway. */
static const char *
unless_default(struct sd_pgi *r, struct sd_rows *rows, size_t i, const char *usual)
{
	const char *text = sd_pgi_cell(rows, i);

	return strcmp(text, usual) == 0 ? NULL : sd_pgi_text(r, text);
}

static void
take_options(struct sd_pgi *r, struct sd_pgi_sequence *sequence, struct sd_rows *rows)
{
	const struct integer *type = integer_of(sequence->type);
	struct sd_sequence_options *options = &sequence->options;
	bool down = sd_pgi_cell(rows, SEQ_INCREMENT)[0] == '-';

	options->increment = unless_default(r, rows, SEQ_INCREMENT, "1");
	options->min = unless_default(r, rows, SEQ_MIN, !down ? "1" : type ? type->min : "");
	options->max = unless_default(r, rows, SEQ_MAX, down ? "-1" : type ? type->max : "");
	options->start =
		unless_default(r, rows, SEQ_START, sd_pgi_cell(rows, down ? SEQ_MAX : SEQ_MIN));
	options->cache = unless_default(r, rows, SEQ_CACHE, "1");
	options->cycle = sd_pgi_true(rows, SEQ_CYCLE);
}

void
sd_pgi_take_sequence(struct sd_pgi *r, struct sd_rows *rows)
{
	struct sd_pgi_relation *relation = sd_pgi_relation(r, sd_pgi_oid(rows, SEQ_RELATION));
	struct sd_pgi_sequence *sequence;

	if (!relation)
		return;
	sequence = sd_new(r->scratch, struct sd_pgi_sequence);
	sequence->relation = relation;
	sequence->owner = sd_pgi_relation(r, sd_pgi_oid(rows, SEQ_OWNER));
	sequence->owner_column = sd_pgi_oid(rows, SEQ_OWNER_COLUMN);
	sequence->is_identity = sd_pgi_cell(rows, SEQ_DEPENDENCY)[0] == 'i';
	sequence->type = sd_pgi_oid(rows, SEQ_TYPE);
	take_options(r, sequence, rows);
	relation->sequence = sequence;
	*sd_push(r->scratch, &r->sequence_list) = sequence;
}

static bool
has_options(const struct sd_sequence_options *options)
{
	return options->start || options->increment || options->min || options->max ||
	       options->cache || options->cycle;
}

/* The text of nextval() on @relation: its name may be quoted, and qualified when it is not
 * visible; within the literal ' is doubled. */
static bool
is_nextval(struct sd_pgi *r, const char *deflt, const struct sd_pgi_relation *relation)
{
	static const char head[] = "nextval('", tail[] = "'::regclass)";
	size_t len = deflt ? strlen(deflt) : 0;
	const char *name, *quoted, *ns;

	if (len < sizeof head + sizeof tail || !sd_text_starts(deflt, head) ||
		strcmp(deflt + len - (sizeof tail - 1), tail) != 0)
		return false;
	name = sd_text_replace(r->scratch,
		sd_strndup(r->scratch, deflt + sizeof head - 1,
			len - (sizeof head - 1) - (sizeof tail - 1)),
		"''", "'");
	/* Which words the engine quotes is its business: both forms are right. */
	quoted = sd_fmt(r->scratch, "\"%s\"",
		sd_text_replace(r->scratch, relation->name, "\"", "\"\""));
	if (strcmp(name, relation->name) == 0 || strcmp(name, quoted) == 0)
		return relation->ns->is_visible;
	ns = sd_fmt(r->scratch, "%s.", relation->ns->name);
	if (!sd_text_starts(name, ns)) {
		ns = sd_fmt(r->scratch, "\"%s\".",
			sd_text_replace(r->scratch, relation->ns->name, "\"", "\"\""));
		if (!sd_text_starts(name, ns))
			return false;
	}
	name += strlen(ns);
	return strcmp(name, relation->name) == 0 || strcmp(name, quoted) == 0;
}

/* Just what `serial` would have made. */
static bool
is_serial(struct sd_pgi *r, const struct sd_pgi_sequence *sequence,
	const struct sd_pgi_attr *attr)
{
	return attr->column && attr->column->not_null && attr->type == sequence->type &&
	       !has_options(&sequence->options) && !sequence->relation->left_out &&
	       is_nextval(r, attr->column->deflt, sequence->relation);
}

static const char *
grant_title(struct sd_pgi *r, const struct sd_pgi_relation *relation, const char *role)
{
	return sd_fmt(r->arena, "%s to %s",
		sd_pgi_title(r, "grant on sequence", relation->ns, relation->name), role);
}

/* A sequence that is part of @attr goes with it, and so do the rights on it. */
static void
note_inner_grants(struct sd_pgi *r, const struct sd_pgi_relation *relation,
	const struct sd_pgi_attr *attr)
{
	for (size_t i = 0; i < relation->grants.n; i++)
		sd_pgi_note(r, &(struct sd_pgi_note){ .title = grant_title(r, relation,
							      relation->grants.at[i]),
				       .on = attr->column->o.parent,
				       .column = attr->name,
				       .goes_along = true });
}

static void
add_sequence(struct sd_pgi *r, const struct sd_pgi_sequence *from)
{
	struct sd_pgi_relation *relation = from->relation;
	const struct sd_pgi_attr *attr = sd_pgi_attr(from->owner, from->owner_column);
	const struct integer *type = integer_of(from->type);
	struct sd_sequence *sequence;

	if (!relation->ns->is_managed || relation->left_out ||
		(from->owner && !sd_pgi_table(from->owner)))
		return;
	sequence = (struct sd_sequence *)sd_object_new(
		r->arena, SD_SEQUENCE, relation->name, NULL);
	sequence->o.ns = relation->ns->ns;
	sequence->type = type && strcmp(type->name, "bigint") != 0 ? type->name : NULL;
	sequence->options = from->options;
	if (attr)
		sequence->owned_by = sd_pgi_text(
			r, sd_fmt(r->scratch, "%s.%s", from->owner->name, attr->name));
	relation->object = &sequence->o;
	sd_schema_add(r->schema, relation->object);
	sd_pgi_note_grants(r, &relation->grants, relation->object, NULL);
}

void
sd_pgi_add_sequences(struct sd_pgi *r)
{
	for (size_t i = 0; i < r->sequence_list.n; i++) {
		struct sd_pgi_sequence *sequence = r->sequence_list.at[i];
		const struct sd_pgi_attr *attr =
			sd_pgi_attr(sequence->owner, sequence->owner_column);
		struct sd_column *column = attr ? attr->column : NULL;

		if (sequence->is_identity) {
			if (column && has_options(&sequence->options))
				sd_column_rare(r->arena, column)->identity = sequence->options;
			if (column)
				sd_column_rare(r->arena, column)->sequence =
					sequence->relation->name;
		} else if (attr && is_serial(r, sequence, attr)) {
			column->type = integer_of(sequence->type)->serial;
			sd_column_rare(r->arena, column)->sequence =
				sequence->relation->name;
			column->deflt = NULL;
		} else {
			add_sequence(r, sequence);
			continue;
		}
		if (column)
			note_inner_grants(r, sequence->relation, attr);
	}
}

/* type, value; in order */
void
sd_pgi_take_enum(struct sd_pgi *r, struct sd_rows *rows)
{
	const struct sd_pgi_type *type = sd_pgi_type(r, sd_pgi_oid(rows, 0));
	struct sd_enum *object = type ? (struct sd_enum *)type->object : NULL;

	if (object)
		*sd_push(r->arena, &object->values) = sd_pgi_text(r, sd_pgi_cell(rows, 1));
}
