/* Sequences: whom they belong to, and that their numbers fit. */
#include "core/base/text.h"
#include "core/schema/loader.h"

#include <errno.h>
#include <stdlib.h>
#include <string.h>

/* https://www.postgresql.org/docs/current/sql-createsequence.html */
static const struct width {
	const char *type;
	long long min, max;
} widths[] = {
	{ "smallint", -32768, 32767 },
	{ "integer", -2147483648LL, 2147483647 },
	{ "bigint", INT64_MIN, INT64_MAX },
};

static const struct width *
width_of(struct sd_loader *l, const char *type)
{
	const char *name = sd_type_canonical(l->dialect, l->scratch, type ? type : "bigint");

	for (size_t i = 0; i < SD_COUNT(widths); i++)
		if (strcmp(widths[i].type, name) == 0)
			return &widths[i];
	return NULL;
}

/* The number of option @key, @usual when it is not said; reported when it does not fit. */
static long long
number(struct sd_loader *l, const struct sd_object *object, const struct width *width,
	const char *key, const char *text, long long usual)
{
	char *end;
	long long value;

	if (!text)
		return usual;
	errno = 0;
	value = strtoll(text, &end, 10);
	if (!errno && !*end && value >= width->min && value <= width->max)
		return value;
	sd_error(l->diags, object->pos, "%s: \"%s\" is %s, and numbers of type %s go from %lld to %lld",
		sd_object_title(l->scratch, object), key, text, width->type, width->min,
		width->max);
	return usual;
}

static void
check_options(struct sd_loader *l, const struct sd_object *object, const char *type,
	const struct sd_sequence_options *o)
{
	const struct width *width = width_of(l, type);
	bool falls = o->increment && *o->increment == '-';
	long long min, max, start;

	if (!width)
		return;
	min = number(l, object, width, "min", o->min, falls ? width->min : 1);
	max = number(l, object, width, "max", o->max, falls ? -1 : width->max);
	start = number(l, object, width, "start", o->start, falls ? max : min);
	if (min >= max)
		sd_error(l->diags, object->pos,
			"%s: the smallest number, %lld, must be below the largest, %lld",
			sd_object_title(l->scratch, object), min, max);
	else if (start < min || start > max)
		sd_error(l->diags, object->pos,
			"%s: \"start\" is %lld, and its numbers go from %lld to %lld",
			sd_object_title(l->scratch, object), start, min, max);
}

/* The table that "table.column" speaks of, or NULL. */
static struct sd_table *
table_of(struct sd_loader *l, const struct sd_sequence *sequence)
{
	const char *owner = sequence->owned_by;

	for (const char *dot = strchr(owner, '.'); dot; dot = strchr(dot + 1, '.')) {
		struct sd_table *table = sd_schema_table(l->schema, sequence->o.ns,
			sd_strndup(l->scratch, owner, (size_t)(dot - owner)));

		if (table)
			return table;
	}
	return NULL;
}

static void
check_owner(struct sd_loader *l, const struct sd_sequence *sequence)
{
	const struct sd_table *table;

	if (!sequence->owned_by || sd_sequence_owner(l->schema, sequence))
		return;
	table = table_of(l, sequence);
	if (table && table->rel.o.flags & SD_OBJ_UNMANAGED)
		return;
	sd_error(l->diags, sequence->o.pos, "%s is owned by %s, and the schema files have no such %s",
		sd_object_title(l->scratch, &sequence->o), sequence->owned_by,
		table ? "column" : "table");
	sd_hint(l->diags, "\"owned_by\" is \"table.column\", in the namespace of the sequence");
}

void
sd_verify_sequences(struct sd_loader *l)
{
	const struct sd_list *sequences = &l->schema->objects[SD_SEQUENCE];

	for (size_t i = 0; i < sequences->n; i++) {
		const struct sd_sequence *sequence = (const struct sd_sequence *)sequences->at[i];

		if (sequence->o.flags & SD_OBJ_UNMANAGED)
			continue;
		check_options(l, &sequence->o, sequence->type, &sequence->options);
		check_owner(l, sequence);
	}
}

void
sd_verify_identities(struct sd_loader *l, const struct sd_object *table)
{
	const struct sd_list *columns = &((const struct sd_relation *)table)->parts[SD_COLUMN];

	if (!(sd_field_find(SD_COLUMN, "min")->dialects & l->dialect->bit))
		return;
	for (size_t i = 0; i < columns->n; i++) {
		const struct sd_column *column = (const struct sd_column *)columns->at[i];

		if (column->identity && column->rare)
			check_options(l, &column->o, column->type, &column->rare->identity);
	}
}
