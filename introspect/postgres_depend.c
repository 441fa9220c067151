/* Comments, and what hangs on the model without being described by it. */
#include "introspect/postgres.h"

#include "core/base/text.h"

#include <stdlib.h>
#include <string.h>

/* ---- comments ----------------------------------------------------------------------- */

/* Where the comment of @object, called @key, stands, or NULL. */
static const char **
comment_place(struct sd_object *object, const char *key)
{
	const struct sd_field *field = object ? sd_field_find(object->kind, key) : NULL;

	return field ? sd_field_at(object, field, const char *) : NULL;
}

/* object, catalog, column, text */
void
sd_pgi_take_comment(struct sd_pgi *r, struct sd_rows *rows)
{
	uint32_t oid = sd_pgi_oid(rows, 0);
	char catalog = sd_pgi_cell(rows, 1)[0];
	long column = sd_pgi_number(rows, 2);
	struct sd_object *object = NULL;
	const char **place, *key = "comment";

	if (catalog == 'n') {
		object = sd_oid_get(&r->constraints, oid);
	} else if (catalog == 't') {
		const struct sd_pgi_type *type = sd_pgi_type(r, oid);

		object = type ? type->object : NULL;
	} else if (column) {
		const struct sd_pgi_attr *attr = sd_pgi_attr(sd_pgi_relation(r, oid), column);

		object = attr && attr->column ? &attr->column->o : NULL;
	} else if (sd_oid_get(&r->constraint_indexes, oid)) {
		object = sd_oid_get(&r->constraint_indexes, oid);
		key = "index_comment";
	} else if (sd_pgi_relation(r, oid)) {
		object = sd_pgi_relation(r, oid)->object;
	}
	place = comment_place(object, key);
	if (place)
		*place = sd_pgi_text(r, sd_pgi_cell(rows, 3));
}

/* ---- dependents --------------------------------------------------------------------- */

void
sd_pgi_note(struct sd_pgi *r, const struct sd_pgi_note *note)
{
	char *key = sd_fmt(r->scratch, "%p %s\x01%s", (void *)note->on,
		note->column ? note->column : "", note->title);
	struct sd_dependent **slot =
		(struct sd_dependent **)sd_map_at(&r->dependents, key, r->scratch);

	if (!*slot) {
		*slot = sd_new(r->scratch, struct sd_dependent);
		(*slot)->title = sd_pgi_text(r, note->title);
		(*slot)->on = note->on;
		(*slot)->column = note->column;
		(*slot)->goes_along = note->goes_along;
		*sd_push(r->scratch, &r->dependent_list) = *slot;
	}
	(*slot)->refers |= note->refers;
	(*slot)->blocks_type |= note->blocks_type;
	/* One that goes along by one of two ways goes. */
	(*slot)->goes_along |= note->goes_along;
}

void
sd_pgi_note_grants(struct sd_pgi *r, const struct sd_names *roles, struct sd_object *on,
	const char *column)
{
	for (size_t i = 0; i < roles->n; i++)
		sd_pgi_note(r, &(struct sd_pgi_note){
				       .title = sd_fmt(r->scratch, "grant to %s", roles->at[i]),
				       .on = on,
				       .column = column,
				       .goes_along = true });
}

const char *
sd_pgi_title(
	struct sd_pgi *r, const char *word, const struct sd_pgi_namespace *ns, const char *name)
{
	if (ns && ns->ns)
		return sd_fmt(r->scratch, "%s %s.%s", word, ns->ns, name);
	return sd_fmt(r->scratch, "%s %s", word, name);
}

const char *
sd_pgi_title_of(struct sd_pgi *r, const char *word, const char *name,
	const struct sd_pgi_relation *relation)
{
	return sd_fmt(r->scratch, "%s %s", sd_fmt(r->scratch, "%s %s of", word, name),
		relation->ns->ns ? sd_fmt(r->scratch, "%s.%s", relation->ns->ns, relation->name)
				 : relation->name);
}

enum {
	DEP_WORD,
	DEP_NAMESPACE,
	DEP_NAME,
	DEP_OF,
	DEP_ON_TYPE,
	DEP_ON,
	DEP_ON_COLUMN,
	DEP_DEPENDENCY,
};

/* The object of the model that the row is about: a table or sequence, or for a type the enum
 * or the table whose row type it is. */
static struct sd_object *
target_of(const struct sd_pgi *r, struct sd_rows *rows)
{
	const struct sd_pgi_relation *relation;
	const struct sd_pgi_type *type;

	if (!sd_pgi_true(rows, DEP_ON_TYPE)) {
		relation = sd_pgi_relation(r, sd_pgi_oid(rows, DEP_ON));
	} else {
		type = sd_pgi_type(r, sd_pgi_oid(rows, DEP_ON));
		if (type && type->element)
			type = type->element;
		if (type && type->object)
			return type->object;
		relation = type ? sd_pgi_relation(r, type->of) : NULL;
	}
	if (!relation || !relation->object || relation->object->kind == SD_INDEX)
		return NULL;
	return relation->object;
}

/* A part of a table needs no more than its name where it stands with that table. */
static const char *
title_of(struct sd_pgi *r, struct sd_rows *rows, const struct sd_object *target)
{
	const char *word = sd_pgi_cell(rows, DEP_WORD), *name = sd_pgi_cell(rows, DEP_NAME);
	const struct sd_pgi_relation *of = sd_pgi_relation(r, sd_pgi_oid(rows, DEP_OF));
	uint32_t ns = sd_pgi_oid(rows, DEP_NAMESPACE);

	if (!of || of->object == target)
		return sd_pgi_title(r, word, ns ? sd_pgi_namespace(r, ns) : NULL, name);
	return sd_pgi_title_of(r, word, name, of);
}

/* Where PostgreSQL refuses to change the type of a column that is used
 * (https://www.postgresql.org/docs/current/sql-altertable.html); statistics are rebuilt. */
static bool
blocks_type(const char *word)
{
	static const char *const blocking[] = { "view", "materialized view", "rule", "function",
		"procedure", "aggregate", "policy", "trigger", "publication" };

	for (size_t i = 0; i < SD_COUNT(blocking); i++)
		if (strcmp(blocking[i], word) == 0)
			return true;
	return false;
}

/* What uses a column is noted for the column and for the table: the engine keeps only the
 * row for the column. */
void
sd_pgi_take_dependent(struct sd_pgi *r, struct sd_rows *rows)
{
	char dependency = sd_pgi_cell(rows, DEP_DEPENDENCY)[0];
	uint32_t on = sd_pgi_oid(rows, DEP_ON);
	struct sd_object *target = target_of(r, rows);
	const struct sd_pgi_attr *attr;
	struct sd_pgi_note note = { .on = target };

	if (!target)
		return;
	note.title = title_of(r, rows, target);
	note.goes_along = dependency == 'a' || dependency == 'i';
	attr = sd_pgi_true(rows, DEP_ON_TYPE) ? NULL
					      : sd_pgi_attr(sd_pgi_relation(r, on),
							sd_pgi_number(rows, DEP_ON_COLUMN));
	if (attr) {
		note.column = attr->name;
		note.refers = dependency == 'k';
		note.blocks_type = blocks_type(sd_pgi_cell(rows, DEP_WORD));
		sd_pgi_note(r, &note);
		note.column = NULL;
		note.blocks_type = note.refers = false;
	}
	sd_pgi_note(r, &note);
}

static const char *
path_part(const char *text)
{
	return text ? text : "";
}

static int
order_dependents(const void *left, const void *right)
{
	const struct sd_dependent *a = *(const struct sd_dependent *const *)left;
	const struct sd_dependent *b = *(const struct sd_dependent *const *)right;
	const char *const keys[][2] = {
		{ path_part(a->on->ns), path_part(b->on->ns) },
		{ a->on->name, b->on->name },
		{ path_part(a->column), path_part(b->column) },
		{ a->title, b->title },
	};

	for (size_t i = 0; i < SD_COUNT(keys); i++) {
		int order = strcmp(keys[i][0], keys[i][1]);

		if (order)
			return order;
	}
	return (int)a->on->kind - (int)b->on->kind;
}

void
sd_pgi_finish_dependents(struct sd_pgi *r)
{
	size_t n = r->dependent_list.n;

	if (!n)
		return;
	qsort(r->dependent_list.at, n, sizeof *r->dependent_list.at, order_dependents);
	sd_reserve(r->arena, &r->schema->dependents, n);
	for (size_t i = 0; i < n; i++)
		*sd_push(r->arena, &r->schema->dependents) = *r->dependent_list.at[i];
}
