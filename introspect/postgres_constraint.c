/* Constraints.  Keys and exclusions get their columns from their index (postgres_index.c). */
#include "introspect/postgres.h"

#include "core/base/text.h"

#include <string.h>

enum {
	CON_OID,
	CON_NAME,
	CON_TYPE,
	CON_RELATION,
	CON_INDEX,
	CON_REFERENCES,
	CON_DEFERRABLE,
	CON_DEFERRED,
	CON_VALIDATED,
	CON_ON_UPDATE,
	CON_ON_DELETE,
	CON_MATCH,
	CON_NO_INHERIT,
	CON_KEY,
	CON_REFERENCED_KEY,
	CON_SET_KEY,
	CON_ENFORCED,
	CON_PERIOD,
	CON_OPERATORS,
	CON_EXPRESSION,
};

static const char *
deferrable_word(struct sd_rows *rows)
{
	if (!sd_pgi_true(rows, CON_DEFERRABLE))
		return NULL;
	return sd_pgi_true(rows, CON_DEFERRED) ? "deferred" : "immediate";
}

static const char *
action_word(char code)
{
	switch (code) {
	case 'r':
		return "restrict";
	case 'c':
		return "cascade";
	case 'n':
		return "set null";
	case 'd':
		return "set default";
	default:
		return NULL;
	}
}

/* The names of the columns that cell @i numbers. */
static void
column_names(struct sd_pgi *r, const struct sd_pgi_relation *relation, struct sd_rows *rows,
	size_t i, struct sd_names *names)
{
	struct sd_pgi_vector numbers = sd_pgi_numbers(rows, i);

	sd_reserve(r->arena, names, numbers.n);
	for (size_t k = 0; k < numbers.n; k++) {
		const struct sd_pgi_attr *attr = sd_pgi_attr(relation, numbers.at[k]);

		if (attr)
			*sd_push(r->arena, names) = attr->name;
	}
}

/* A new part of the table, known by its oid and, when it has an index, by that. */
static struct sd_object *
new_constraint(
	struct sd_pgi *r, enum sd_kind kind, struct sd_table *table, struct sd_rows *rows)
{
	struct sd_object *object = sd_object_new(
		r->arena, kind, sd_pgi_text(r, sd_pgi_cell(rows, CON_NAME)), &table->rel.o);

	sd_schema_add(r->schema, object);
	sd_oid_put(&r->constraints, sd_pgi_oid(rows, CON_OID), object, r->scratch);
	if (kind == SD_PRIMARY_KEY || kind == SD_UNIQUE || kind == SD_EXCLUSION)
		sd_oid_put(&r->constraint_indexes, sd_pgi_oid(rows, CON_INDEX), object,
			r->scratch);
	return object;
}

static void
take_key(struct sd_pgi *r, struct sd_table *table, struct sd_rows *rows)
{
	bool primary = sd_pgi_cell(rows, CON_TYPE)[0] == 'p';
	struct sd_key *key = (struct sd_key *)new_constraint(
		r, primary ? SD_PRIMARY_KEY : SD_UNIQUE, table, rows);

	key->deferrable = deferrable_word(rows);
	if (sd_pgi_true(rows, CON_PERIOD))
		key->o.opaque = "it is WITHOUT OVERLAPS";
}

static void
take_exclusion(struct sd_pgi *r, struct sd_table *table, struct sd_rows *rows)
{
	struct sd_exclusion *exclusion =
		(struct sd_exclusion *)new_constraint(r, SD_EXCLUSION, table, rows);
	struct sd_names operators = { 0 };

	exclusion->deferrable = deferrable_word(rows);
	sd_pgi_texts(r, rows, CON_OPERATORS, &operators);
	sd_reserve(r->arena, &exclusion->elements, operators.n);
	for (size_t i = 0; i < operators.n; i++)
		sd_push(r->arena, &exclusion->elements)->op = operators.at[i];
}

static void
take_check(struct sd_pgi *r, struct sd_table *table, struct sd_rows *rows)
{
	struct sd_check *check = (struct sd_check *)new_constraint(r, SD_CHECK, table, rows);
	const char *text = sd_pgi_expression(r, sd_rows_text(rows, CON_EXPRESSION));

	check->expression = text ? text : "";
	check->no_inherit = sd_pgi_true(rows, CON_NO_INHERIT);
	check->not_enforced = !sd_pgi_true(rows, CON_ENFORCED);
	check->not_valid = !check->not_enforced && !sd_pgi_true(rows, CON_VALIDATED);
}

static void
take_foreign_key(struct sd_pgi *r, struct sd_table *table,
	const struct sd_pgi_relation *relation, struct sd_rows *rows)
{
	struct sd_foreign_key *fk =
		(struct sd_foreign_key *)new_constraint(r, SD_FOREIGN_KEY, table, rows);
	const struct sd_pgi_relation *to = sd_pgi_relation(r, sd_pgi_oid(rows, CON_REFERENCES));
	char match = sd_pgi_cell(rows, CON_MATCH)[0];

	column_names(r, relation, rows, CON_KEY, &fk->columns);
	fk->table_ns = to ? to->ns->ns : NULL;
	fk->table = to ? to->name : "?";
	column_names(r, to, rows, CON_REFERENCED_KEY, &fk->ref_columns);
	column_names(r, relation, rows, CON_SET_KEY, &fk->set_columns);
	fk->on_update = action_word(sd_pgi_cell(rows, CON_ON_UPDATE)[0]);
	fk->on_delete = action_word(sd_pgi_cell(rows, CON_ON_DELETE)[0]);
	fk->match = match == 'f' ? "full" : match == 'p' ? "partial" : NULL;
	fk->deferrable = deferrable_word(rows);
	fk->not_enforced = !sd_pgi_true(rows, CON_ENFORCED);
	fk->not_valid = !fk->not_enforced && !sd_pgi_true(rows, CON_VALIDATED);
	if (sd_pgi_true(rows, CON_PERIOD))
		fk->o.opaque = "it has a PERIOD";
	else if (!to)
		fk->o.opaque = "the table that it refers to is not known";
}

/* A key of a table that the model does not have, to one that it has. */
static void
note_foreign_key(struct sd_pgi *r, const struct sd_pgi_relation *relation, struct sd_rows *rows)
{
	const struct sd_pgi_relation *to = sd_pgi_relation(r, sd_pgi_oid(rows, CON_REFERENCES));
	const struct sd_table *table = sd_pgi_table(to);
	struct sd_names columns = { 0 };
	struct sd_pgi_note note = { 0 };

	if (!table || !relation)
		return;
	note.title = sd_pgi_title_of(r, "foreign key", sd_pgi_cell(rows, CON_NAME), relation);
	note.on = to->object;
	sd_pgi_note(r, &note);
	column_names(r, to, rows, CON_REFERENCED_KEY, &columns);
	note.refers = true;
	for (size_t i = 0; i < columns.n; i++) {
		note.column = columns.at[i];
		sd_pgi_note(r, &note);
	}
}

/* "TABLE_COLUMN_not_null". */
static bool
is_given_name(const struct sd_column *column, const char *name)
{
	size_t table = strlen(column->o.parent->name), own = strlen(column->o.name);

	return strncmp(name, column->o.parent->name, table) == 0 && name[table] == '_' &&
	       strncmp(name + table + 1, column->o.name, own) == 0 &&
	       strcmp(name + table + 1 + own, "_not_null") == 0;
}

/* table, column, name, whether it is valid: what is as the server makes it is said already */
void
sd_pgi_take_not_null(struct sd_pgi *r, struct sd_rows *rows)
{
	const struct sd_pgi_attr *attr = sd_pgi_attr(
		sd_pgi_relation(r, sd_pgi_oid(rows, 0)), sd_pgi_number(rows, 1));
	struct sd_column *column = attr ? attr->column : NULL;

	if (!column)
		return;
	if (!is_given_name(column, sd_pgi_cell(rows, 2)))
		sd_column_rare(r->arena, column)->not_null_name =
			sd_pgi_text(r, sd_pgi_cell(rows, 2));
	if (sd_pgi_true(rows, 3))
		return;
	column->not_null = true;
	sd_column_rare(r->arena, column)->not_null_unchecked = true;
}

void
sd_pgi_take_constraint(struct sd_pgi *r, struct sd_rows *rows)
{
	const struct sd_pgi_relation *relation =
		sd_pgi_relation(r, sd_pgi_oid(rows, CON_RELATION));
	struct sd_table *table = sd_pgi_table(relation);
	char type = sd_pgi_cell(rows, CON_TYPE)[0];

	if (!table) {
		if (type == 'f')
			note_foreign_key(r, relation, rows);
		return;
	}
	switch (type) {
	case 'p':
	case 'u':
		take_key(r, table, rows);
		break;
	case 'x':
		take_exclusion(r, table, rows);
		break;
	case 'c':
		take_check(r, table, rows);
		break;
	default:
		take_foreign_key(r, table, relation, rows);
	}
}
