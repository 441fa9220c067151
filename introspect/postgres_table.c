/* Relations, their columns, defaults. */
#include "introspect/postgres.h"

#include "core/base/text.h"

#include <stdlib.h>
#include <string.h>

struct sd_pgi_relation *
sd_pgi_relation(const struct sd_pgi *r, uint32_t oid)
{
	return sd_oid_get(&r->relations, oid);
}

struct sd_table *
sd_pgi_table(const struct sd_pgi_relation *relation)
{
	if (!relation || !relation->object || relation->object->kind != SD_TABLE)
		return NULL;
	return (struct sd_table *)relation->object;
}

struct sd_pgi_attr *
sd_pgi_attr(const struct sd_pgi_relation *relation, long number)
{
	if (!relation || number < 1 || (unsigned long)number > relation->n_attrs ||
		!relation->attrs[number - 1].name)
		return NULL;
	return &relation->attrs[number - 1];
}

/* ---- relations ---------------------------------------------------------------------- */

enum {
	REL_OID,
	REL_NAME,
	REL_NAMESPACE,
	REL_KIND,
	REL_PERSISTENCE,
	REL_N_ATTRS,
	REL_TYPE,
	REL_OF_TYPE,
	REL_METHOD,
	REL_TABLESPACE,
	REL_TOAST,
	REL_IDENTITY,
	REL_IS_PARTITION,
	REL_ROW_SECURITY,
	REL_FORCED_SECURITY,
	REL_OPTIONS,
	REL_GRANTS,
};

static int
order_texts(const void *left, const void *right)
{
	return strcmp(*(const char *const *)left, *(const char *const *)right);
}

/* What is kept in memory of every table that has none: "heap". */
static const char *
method_of(const struct sd_pgi *r, struct sd_rows *rows)
{
	const char *name = sd_oid_get(&r->methods, sd_pgi_oid(rows, REL_METHOD));

	return sd_text_equal(name, "heap") ? NULL : name;
}

static const char *
opaque_reason(struct sd_rows *rows)
{
	if (sd_pgi_cell(rows, REL_KIND)[0] == 'p')
		return "it is partitioned";
	return sd_pgi_oid(rows, REL_OF_TYPE) ? "it is made of a type" : NULL;
}

/* Partitions belong to their parent; foreign tables and what is not a table to nobody. */
static bool
is_our_table(const struct sd_pgi_relation *relation, struct sd_rows *rows)
{
	return (relation->kind == 'r' || relation->kind == 'p') && relation->ns->is_managed &&
	       !relation->left_out && !sd_pgi_true(rows, REL_IS_PARTITION);
}

/* fillfactor has a field of its own. */
static void
split_options(
	struct sd_table *table, const struct sd_pgi_relation *relation, struct sd_arena *arena)
{
	for (size_t i = 0; i < relation->with.n; i++) {
		const char *option = relation->with.at[i];

		if (sd_text_starts(option, "fillfactor="))
			table->fillfactor = option + strlen("fillfactor=");
		else
			*sd_push(arena, &table->with) = option;
	}
}

static void
add_table(struct sd_pgi *r, struct sd_pgi_relation *relation, struct sd_rows *rows)
{
	struct sd_table *table =
		(struct sd_table *)sd_object_new(r->arena, SD_TABLE, relation->name, NULL);
	char identity = sd_pgi_cell(rows, REL_IDENTITY)[0];

	table->rel.o.ns = relation->ns->ns;
	table->rel.o.opaque = opaque_reason(rows);
	table->unlogged = sd_pgi_cell(rows, REL_PERSISTENCE)[0] == 'u';
	table->tablespace = relation->tablespace;
	table->access_method = relation->method;
	table->replica_identity = identity == 'f' ? "full" : identity == 'n' ? "nothing" : NULL;
	split_options(table, relation, r->arena);
	relation->object = &table->rel.o;
	sd_schema_add(r->schema, relation->object);
	sd_pgi_note_grants(r, &relation->grants, relation->object, NULL);
	if (sd_pgi_true(rows, REL_ROW_SECURITY) || sd_pgi_true(rows, REL_FORCED_SECURITY))
		sd_pgi_note(r, &(struct sd_pgi_note){ .title = "row security",
				       .on = relation->object,
				       .goes_along = true });
}

static struct sd_pgi_relation *
new_relation(struct sd_pgi *r, struct sd_rows *rows)
{
	struct sd_pgi_relation *relation = sd_new(r->scratch, struct sd_pgi_relation);

	relation->oid = sd_pgi_oid(rows, REL_OID);
	relation->kind = sd_pgi_cell(rows, REL_KIND)[0];
	relation->ns = sd_pgi_namespace(r, sd_pgi_oid(rows, REL_NAMESPACE));
	relation->name = sd_pgi_text(r, sd_pgi_cell(rows, REL_NAME));
	relation->tablespace = sd_oid_get(&r->tablespaces, sd_pgi_oid(rows, REL_TABLESPACE));
	relation->method = method_of(r, rows);
	relation->n_attrs = (uint32_t)sd_pgi_number(rows, REL_N_ATTRS);
	relation->left_out = sd_oid_get(&r->member_relations, relation->oid) ||
			     sd_pgi_is_left_out(r, relation->name);
	sd_pgi_texts(r, rows, REL_OPTIONS, &relation->with);
	sd_pgi_texts(r, rows, REL_GRANTS, &relation->grants);
	if (relation->with.n > 1)
		qsort(relation->with.at, relation->with.n, sizeof *relation->with.at,
			order_texts);
	sd_oid_put(&r->relations, relation->oid, relation, r->scratch);
	*sd_push(r->scratch, &r->relation_list) = relation;
	return relation;
}

void
sd_pgi_take_relation(struct sd_pgi *r, struct sd_rows *rows)
{
	struct sd_pgi_relation *relation = new_relation(r, rows);

	relation->toast = sd_pgi_oid(rows, REL_TOAST);
	if (relation->kind == 'r' || relation->kind == 'p')
		relation->attrs =
			sd_new_array(r->scratch, relation->n_attrs, struct sd_pgi_attr);
	else
		relation->n_attrs = 0;
	if (!is_our_table(relation, rows))
		return;
	add_table(r, relation, rows);
	sd_pgi_table(relation)->toastless = !relation->toast;
}

/* Parameters of the table for long values stand in that table's row. */
void
sd_pgi_add_toast_options(struct sd_pgi *r)
{
	for (size_t i = 0; i < r->relation_list.n; i++) {
		struct sd_table *table = sd_pgi_table(r->relation_list.at[i]);
		const struct sd_pgi_relation *toast =
			table ? sd_pgi_relation(r, r->relation_list.at[i]->toast) : NULL;

		for (size_t k = 0; toast && k < toast->with.n; k++)
			*sd_push(r->arena, &table->with) = sd_pgi_text(
				r, sd_fmt(r->scratch, "toast.%s", toast->with.at[k]));
	}
}

/* child, parent */
void
sd_pgi_take_parent(struct sd_pgi *r, struct sd_rows *rows)
{
	struct sd_table *child = sd_pgi_table(sd_pgi_relation(r, sd_pgi_oid(rows, 0)));
	struct sd_table *parent = sd_pgi_table(sd_pgi_relation(r, sd_pgi_oid(rows, 1)));

	if (child)
		child->rel.o.opaque = "it inherits from another table";
	if (parent && !parent->rel.o.opaque)
		parent->rel.o.opaque = "other tables inherit from it";
}

/* ---- columns ------------------------------------------------------------------------ */

enum {
	COL_RELATION,
	COL_NUMBER,
	COL_NAME,
	COL_TYPE,
	COL_MODIFIER,
	COL_NOT_NULL,
	COL_IDENTITY,
	COL_GENERATED,
	COL_COLLATION,
	COL_STORAGE,
	COL_COMPRESSION,
	COL_STATISTICS,
	COL_FORMATTED,
	COL_PARAMETERS,
	COL_GRANTS,
	COL_EXPRESSION,
};

static const char *
storage_word(char code)
{
	return code == 'p'   ? "plain"
	       : code == 'e' ? "external"
	       : code == 'm' ? "main"
			     : "extended";
}

static void
set_tuning(struct sd_pgi *r, struct sd_column *column, const struct sd_pgi_type *type,
	struct sd_rows *rows)
{
	char storage = sd_pgi_cell(rows, COL_STORAGE)[0];
	char compression = sd_pgi_cell(rows, COL_COMPRESSION)[0];
	const char *statistics = sd_pgi_cell(rows, COL_STATISTICS);

	if (type && storage != type->storage)
		sd_column_rare(r->arena, column)->storage = storage_word(storage);
	if (compression)
		sd_column_rare(r->arena, column)->compression =
			compression == 'l' ? "lz4" : "pglz";
	if (*statistics && *statistics != '-')
		sd_column_rare(r->arena, column)->statistics = sd_pgi_text(r, statistics);
}

/* A row type of one of our tables as a column's type: that table's types are fixed then. */
static void
note_row_type(struct sd_pgi *r, const struct sd_pgi_type *type,
	const struct sd_pgi_relation *relation, const char *column)
{
	const struct sd_pgi_type *element = type && type->element ? type->element : type;
	struct sd_table *of = element ? sd_pgi_table(sd_pgi_relation(r, element->of)) : NULL;

	if (of)
		sd_pgi_note(r, &(struct sd_pgi_note){
				       .title = sd_pgi_title_of(r, "column", column, relation),
				       .on = &of->rel.o,
				       .blocks_type = true });
}

static struct sd_column *
new_column(struct sd_pgi *r, struct sd_table *table, const struct sd_pgi_attr *attr,
	struct sd_rows *rows)
{
	struct sd_column *column = (struct sd_column *)sd_object_new(
		r->arena, SD_COLUMN, attr->name, &table->rel.o);
	struct sd_pgi_type *type = sd_pgi_type(r, attr->type);
	char identity = sd_pgi_cell(rows, COL_IDENTITY)[0];
	struct sd_names grants = { 0 };

	if (type) {
		column->type = sd_pgi_spell(r, type, sd_pgi_number(rows, COL_MODIFIER),
			sd_rows_text(rows, COL_FORMATTED));
	} else {
		column->type = "?";
		column->o.opaque = table->rel.o.opaque = "a column's type has no name";
	}
	column->not_null = sd_pgi_true(rows, COL_NOT_NULL);
	column->identity = identity == 'a' ? "always" : identity == 'd' ? "by default" : NULL;
	column->stored_generated = sd_pgi_cell(rows, COL_GENERATED)[0] == 's';
	if (attr->collation && type && attr->collation != type->collation)
		column->collation = sd_oid_get(&r->collations, attr->collation);
	set_tuning(r, column, type, rows);
	if (sd_pgi_cell(rows, COL_GENERATED)[0])
		column->generated = sd_pgi_expression(r, sd_rows_text(rows, COL_EXPRESSION));
	else
		column->deflt = sd_pgi_expression(r, sd_rows_text(rows, COL_EXPRESSION));
	sd_pgi_texts(r, rows, COL_GRANTS, &grants);
	sd_pgi_note_grants(r, &grants, &table->rel.o, column->o.name);
	return column;
}

void
sd_pgi_take_column(struct sd_pgi *r, struct sd_rows *rows)
{
	struct sd_pgi_relation *relation = sd_pgi_relation(r, sd_pgi_oid(rows, COL_RELATION));
	long number = sd_pgi_number(rows, COL_NUMBER);
	struct sd_table *table = sd_pgi_table(relation);
	struct sd_pgi_attr *attr;

	if (!relation)
		return;
	if (relation->kind == 'i' || relation->kind == 'I') {
		sd_pgi_take_parameters(r, relation, number, rows, COL_PARAMETERS);
		return;
	}
	if (number < 1 || (unsigned long)number > relation->n_attrs)
		return;
	attr = &relation->attrs[number - 1];
	attr->name = sd_pgi_text(r, sd_pgi_cell(rows, COL_NAME));
	attr->type = sd_pgi_oid(rows, COL_TYPE);
	attr->collation = sd_pgi_oid(rows, COL_COLLATION);
	note_row_type(r, sd_pgi_type(r, attr->type), relation, attr->name);
	if (table)
		attr->column = new_column(r, table, attr, rows);
}

/* The rows come in any order; a table's columns stand in theirs. */
void
sd_pgi_add_columns(struct sd_pgi *r)
{
	for (size_t i = 0; i < r->relation_list.n; i++) {
		const struct sd_pgi_relation *relation = r->relation_list.at[i];
		struct sd_table *table = sd_pgi_table(relation);
		struct sd_list *list = table ? &table->rel.parts[SD_COLUMN] : NULL;

		if (!table)
			continue;
		sd_reserve(r->arena, list, relation->n_attrs);
		for (size_t k = 0; k < relation->n_attrs; k++)
			if (relation->attrs[k].column)
				*sd_push(r->arena, list) = &relation->attrs[k].column->o;
	}
}
