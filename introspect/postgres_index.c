/* Indexes, and the columns of the constraints that have one. */
#include "introspect/postgres.h"

#include "core/base/text.h"

#include <string.h>

enum {
	IDX_RELATION,
	IDX_TABLE,
	IDX_N_KEYS,
	IDX_UNIQUE,
	IDX_NULLS_NOT_DISTINCT,
	IDX_VALID,
	IDX_IDENTITY,
	IDX_CLUSTERED,
	IDX_KEY,
	IDX_COLLATION,
	IDX_OPCLASS,
	IDX_OPTION,
	IDX_EXPRESSIONS,
	IDX_WHERE,
	IDX_DEFINITION,
};

/* Bits of indoption. */
#define OPTION_DESC 1
#define OPTION_NULLS_FIRST 2

/* A row of pg_index, taken apart. */
struct index {
	const struct sd_pgi_relation *relation, *table;
	size_t n_keys;
	struct sd_pgi_vector key, collation, opclass, option;
	const char *definition; /* CREATE INDEX, of one with expressions */
	struct sd_names expressions; /* of the keys that are no column, in order */
	size_t n_expressions;        /* that have been used */
};

void
sd_pgi_take_parameters(struct sd_pgi *r, struct sd_pgi_relation *relation, long number,
	struct sd_rows *rows, size_t i)
{
	struct sd_names options = { 0 };
	struct sd_buf out = SD_BUF(r->scratch);

	if (number < 1 || number > SD_PGI_KEYS)
		return;
	if (!relation->parameters)
		relation->parameters = sd_new_array(r->scratch, SD_PGI_KEYS, const char *);
	sd_pgi_texts(r, rows, i, &options);
	for (size_t k = 0; k < options.n; k++)
		sd_buf_addf(&out, "%s%s", k ? ", " : "", options.at[k]);
	relation->parameters[number - 1] = sd_pgi_text(r, sd_buf_text(&out));
}

/* ---- operator classes --------------------------------------------------------------- */

/* Another class of the same method is the default one of exactly the column's type. */
static bool
has_nearer(const struct sd_pgi *r, const struct sd_pgi_opclass *opclass, uint32_t type)
{
	if (!type || opclass->type == type)
		return false;
	for (size_t i = 0; i < r->opclass_list.n; i++) {
		const struct sd_pgi_opclass *other = r->opclass_list.at[i];

		if (other->is_default && other->method == opclass->method &&
			other->type == type)
			return true;
	}
	return false;
}

/* The class that has to be said for key @i, or NULL.  Parameters need its name. */
static const char *
opclass_of(struct sd_pgi *r, const struct index *index, size_t i)
{
	const struct sd_pgi_opclass *opclass =
		sd_oid_get(&r->opclasses, (uint32_t)index->opclass.at[i]);
	const struct sd_pgi_attr *attr = sd_pgi_attr(index->table, index->key.at[i]);
	const char *parameters =
		index->relation->parameters ? index->relation->parameters[i] : NULL;

	if (!opclass)
		return NULL;
	if (parameters)
		return sd_pgi_text(r, sd_fmt(r->scratch, "%s(%s)", opclass->name, parameters));
	if (opclass->is_default && !has_nearer(r, opclass, attr ? attr->type : 0))
		return NULL;
	return opclass->name;
}

/* ---- keys --------------------------------------------------------------------------- */

#define COLLATION_DEFAULT 100

/* The collation of key @i, when the column has another one; of an expression, whose own
 * collation follows from what it is made of, when the server prints one behind it. */
static const char *
collation_of(const struct sd_pgi *r, const struct index *index, size_t i, const char *expression)
{
	const struct sd_pgi_attr *attr = sd_pgi_attr(index->table, index->key.at[i]);
	uint32_t collation = (uint32_t)index->collation.at[i];

	if (collation == (attr ? attr->collation : COLLATION_DEFAULT))
		return NULL;
	if (expression && !strstr(index->definition,
				  sd_fmt(r->scratch, "%s COLLATE ", expression)))
		return NULL;
	return sd_oid_get(&r->collations, collation);
}

static void
fill_part(struct sd_pgi *r, struct index *index, size_t i, struct sd_part *part)
{
	const struct sd_pgi_attr *attr = sd_pgi_attr(index->table, index->key.at[i]);
	bool nulls_first = index->option.at[i] & OPTION_NULLS_FIRST;
	const char *expression = NULL;

	if (attr)
		part->name = attr->name;
	else if (index->n_expressions < index->expressions.n)
		expression = index->expressions.at[index->n_expressions++];
	if (!attr)
		part->expression = expression ? sd_pgi_expression(r, expression) : "";
	part->opclass = opclass_of(r, index, i);
	part->collation = collation_of(r, index, i, expression);
	part->desc = index->option.at[i] & OPTION_DESC;
	if (nulls_first != part->desc)
		part->nulls = nulls_first ? "first" : "last";
}

/* The parts of an exclusion are there already, with their operators. */
static void
fill_parts(struct sd_pgi *r, struct index *index, struct sd_parts *parts)
{
	sd_reserve(r->arena, parts, index->n_keys);
	for (size_t i = 0; i < index->n_keys; i++)
		fill_part(r, index, i, i < parts->n ? &parts->at[i] : sd_push(r->arena, parts));
}

static void
fill_include(struct sd_pgi *r, const struct index *index, struct sd_names *include)
{
	sd_reserve(r->arena, include, index->key.n - index->n_keys);
	for (size_t i = index->n_keys; i < index->key.n; i++) {
		const struct sd_pgi_attr *attr = sd_pgi_attr(index->table, index->key.at[i]);

		if (attr)
			*sd_push(r->arena, include) = attr->name;
	}
}

/* ---- objects ------------------------------------------------------------------------ */

static const char *
method_of(const struct index *index)
{
	const char *method = index->relation->method;

	return sd_text_equal(method, "btree") ? NULL : method;
}

/* The columns of a key: of a constraint nothing but names can be said. */
static void
fill_constraint(
	struct sd_pgi *r, struct index *index, struct sd_object *object, struct sd_rows *rows)
{
	struct sd_exclusion *exclusion = (struct sd_exclusion *)object;
	struct sd_key *key = (struct sd_key *)object;

	if (object->kind == SD_EXCLUSION) {
		fill_parts(r, index, &exclusion->elements);
		exclusion->method = method_of(index);
		exclusion->where = sd_pgi_expression(r, sd_rows_text(rows, IDX_WHERE));
		exclusion->index.with = index->relation->with;
		exclusion->index.tablespace = index->relation->tablespace;
		return;
	}
	sd_reserve(r->arena, &key->columns, index->n_keys);
	for (size_t i = 0; i < index->n_keys; i++) {
		const struct sd_pgi_attr *attr = sd_pgi_attr(index->table, index->key.at[i]);

		if (attr)
			sd_push(r->arena, &key->columns)->name = attr->name;
	}
	fill_include(r, index, &key->include);
	key->nulls_not_distinct = sd_pgi_true(rows, IDX_NULLS_NOT_DISTINCT);
	key->index.with = index->relation->with;
	key->index.tablespace = index->relation->tablespace;
}

static void
add_index(struct sd_pgi *r, struct index *from, struct sd_table *table, struct sd_rows *rows)
{
	struct sd_index *index = (struct sd_index *)sd_object_new(
		r->arena, SD_INDEX, from->relation->name, &table->rel.o);

	fill_parts(r, from, &index->columns);
	fill_include(r, from, &index->include);
	index->unique = sd_pgi_true(rows, IDX_UNIQUE);
	index->where = sd_pgi_expression(r, sd_rows_text(rows, IDX_WHERE));
	index->method = method_of(from);
	index->nulls_not_distinct = sd_pgi_true(rows, IDX_NULLS_NOT_DISTINCT);
	index->with = from->relation->with;
	index->tablespace = from->relation->tablespace;
	index->invalid = !sd_pgi_true(rows, IDX_VALID);
	sd_pgi_relation(r, from->relation->oid)->object = &index->o;
	sd_schema_add(r->schema, &index->o);
}

void
sd_pgi_take_index(struct sd_pgi *r, struct sd_rows *rows)
{
	struct index index = {
		.relation = sd_pgi_relation(r, sd_pgi_oid(rows, IDX_RELATION)),
		.table = sd_pgi_relation(r, sd_pgi_oid(rows, IDX_TABLE)),
		.n_keys = (size_t)sd_pgi_number(rows, IDX_N_KEYS),
		.key = sd_pgi_numbers(rows, IDX_KEY),
	};
	struct sd_table *table = sd_pgi_table(index.table);
	struct sd_object *constraint;

	if (!table || !index.relation || index.n_keys > index.key.n)
		return;
	index.collation = sd_pgi_numbers(rows, IDX_COLLATION);
	index.opclass = sd_pgi_numbers(rows, IDX_OPCLASS);
	index.option = sd_pgi_numbers(rows, IDX_OPTION);
	sd_pgi_texts(r, rows, IDX_EXPRESSIONS, &index.expressions);
	index.definition = sd_rows_text(rows, IDX_DEFINITION);
	if (sd_pgi_true(rows, IDX_IDENTITY))
		table->replica_identity =
			sd_pgi_text(r, sd_fmt(r->scratch, "index %s", index.relation->name));
	if (sd_pgi_true(rows, IDX_CLUSTERED))
		table->cluster =
			sd_pgi_text(r, sd_fmt(r->scratch, "index %s", index.relation->name));
	constraint = sd_oid_get(&r->constraint_indexes, index.relation->oid);
	if (constraint)
		fill_constraint(r, &index, constraint, rows);
	else
		add_index(r, &index, table, rows);
}
