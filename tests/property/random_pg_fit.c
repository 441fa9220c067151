/* What makes a random schema one that PostgreSQL accepts: after each change, what stood on
 * something that is gone or different goes, too. */
#include "tests/property/random_pg.h"

#include <string.h>

#define FIND(array, count, wanted)                                                             \
	for (unsigned i_ = 0; i_ < (count); i_++)                                              \
		if ((array)[i_].id == (wanted))                                                \
			return &(array)[i_];                                                   \
	return NULL

struct pg_table *
pg_table(struct pg_schema *schema, unsigned id)
{
	FIND(schema->tables, schema->n_tables, id);
}

struct pg_column *
pg_column(struct pg_table *table, unsigned id)
{
	FIND(table->columns, table->n_columns, id);
}

struct pg_part *
pg_part(struct pg_table *table, unsigned id)
{
	FIND(table->parts, table->n_parts, id);
}

struct pg_enum *
pg_enum(struct pg_schema *schema, unsigned id)
{
	FIND(schema->enums, schema->n_enums, id);
}

struct pg_sequence *
pg_sequence(struct pg_schema *schema, unsigned id)
{
	FIND(schema->sequences, schema->n_sequences, id);
}

#define REMOVE(array, count, i)                                                                \
	memmove(&(array)[i], &(array)[(i) + 1], (--(count) - (i)) * sizeof(array)[0])

void
pg_drop_part(struct pg_table *table, unsigned i)
{
	REMOVE(table->parts, table->n_parts, i);
}

/* Columns that have their type from @gone keep it. */
static void
release(struct pg_schema *schema, unsigned table, struct pg_column *gone)
{
	for (unsigned t = 0; t < schema->n_tables; t++)
		for (unsigned c = 0; c < schema->tables[t].n_columns; c++) {
			struct pg_column *column = &schema->tables[t].columns[c];

			if (column->to_table != table || column->to != gone->id)
				continue;
			column->type = (unsigned)(pg_type_of(schema, column) - pg_types);
			column->of = gone->of;
			column->to = column->to_table = 0;
		}
}

void
pg_drop_column(struct pg_schema *schema, struct pg_table *table, unsigned i)
{
	release(schema, table->id, &table->columns[i]);
	REMOVE(table->columns, table->n_columns, i);
}

void
pg_drop_table(struct pg_schema *schema, unsigned i)
{
	struct pg_table *table = &schema->tables[i];

	for (unsigned c = 0; c < table->n_columns; c++)
		release(schema, table->id, &table->columns[c]);
	REMOVE(schema->tables, schema->n_tables, i);
}

/* ---- columns --------------------------------------------------------------------------- */

static bool
in_key(struct pg_table *table, unsigned column)
{
	for (unsigned i = 0; i < table->n_parts; i++)
		for (unsigned c = 0; c < table->parts[i].n; c++)
			if (table->parts[i].kind == SD_PRIMARY_KEY &&
				table->parts[i].columns[c] == column)
				return true;
	return false;
}

/* @column is one of those that say their own value. */
static void
fit_numbering(const struct pg_type *type, struct pg_column *column)
{
	bool serial = type->flags & PG_SERIAL && !column->to;

	if (column->to || !(type->flags & PG_WHOLE) || serial || column->source)
		column->identity = 0;
	if (serial)
		column->source = 0;
	if (serial || column->identity) {
		column->not_null = true;
		column->deflt = 0;
		column->backfill = false;
		column->using = false;
	}
	if (column->deflt == 3 && !(type->flags & PG_WHOLE))
		column->deflt = 1;
}

static void
fit_generated(struct pg_schema *schema, struct pg_table *table, struct pg_column *column)
{
	struct pg_column *source = pg_column(table, column->source);

	if (!column->source)
		return;
	column->deflt = 0;
	column->backfill = column->using = false;
	column->not_null = false;
	column->virtual = column->virtual && schema->version >= 180000;
	column->to = column->to_table = 0;
	if (!source || source->source || !pg_type_of(schema, source)->derived) {
		column->id = 0; /* goes */
		return;
	}
	for (column->type = PG_SMALLINT;
		strcmp(pg_types[column->type].name, pg_type_of(schema, source)->derived_type);)
		column->type++;
}

static void
fit_column(struct pg_schema *schema, struct pg_table *table, struct pg_column *column)
{
	struct pg_column *typed = pg_typed(schema, column);
	const struct pg_type *type;

	if (typed->type <= PG_ENUM_ARRAY && !pg_enum(schema, typed->of)) {
		typed->type = PG_TEXT_TYPE;
		typed->using = false;
	}
	type = pg_type_of(schema, column);
	fit_generated(schema, table, column);
	fit_numbering(type, column);
	if (column->deflt == 3 && !pg_sequence(schema, column->sequence))
		column->deflt = 0;
	if (!(type->flags & PG_COLLATES) || column->to)
		column->collation = 0;
	if (column->source && !(pg_types[pg_typed(schema, column)->type].flags & PG_COLLATES))
		column->collation = 0;
	if (!(type->flags & PG_LONG) || column->source)
		column->storage = column->compression = 0;
	if (schema->version < 140000)
		column->compression = 0;
	if (!(type->flags & PG_EQ) || column->source)
		column->unique = column->index = false;
	if (!(type->flags & PG_DISTINCT) || column->to)
		column->unique = false;
	if (in_key(table, column->id))
		column->not_null = true;
}

/* ---- parts ----------------------------------------------------------------------------- */

static bool
has(struct pg_schema *schema, struct pg_table *table, const struct pg_part *part, unsigned flag)
{
	for (unsigned i = 0; i < part->n; i++)
		if (!(pg_type_of(schema, pg_column(table, part->columns[i]))->flags & flag))
			return false;
	return true;
}

/* One of its columns tells rows apart. */
static bool
tells(struct pg_schema *schema, struct pg_table *table, const struct pg_part *part)
{
	for (unsigned i = 0; i < part->n; i++) {
		struct pg_column *column = pg_column(table, part->columns[i]);

		if (!column->to && pg_type_of(schema, column)->flags & PG_DISTINCT)
			return true;
	}
	return false;
}

static bool
refers(struct pg_schema *schema, struct pg_table *table, const struct pg_part *part)
{
	struct pg_table *to = pg_table(schema, part->to_table);
	struct pg_part *key = to ? pg_part(to, part->to) : NULL;

	if (!key || key->deferrable || key->n != part->n ||
		(key->kind != SD_PRIMARY_KEY && key->kind != SD_UNIQUE))
		return false;
	for (unsigned i = 0; i < part->n; i++) {
		struct pg_column *column = pg_column(table, part->columns[i]);

		if (column->to != key->columns[i] ||
			pg_type_of(schema, column)->flags & PG_REFERS_NOT)
			return false;
	}
	return true;
}

/* Methods: 0 btree, 1 hash, 2 gin, 3 gist, 4 brin, 5 spgist. */
static bool
indexes(struct pg_schema *schema, struct pg_table *table, struct pg_part *part)
{
	static const unsigned needs[] = { PG_EQ, PG_HASH, PG_GIN, PG_GIST, PG_BRIN, PG_SPGIST };
	const struct pg_type *type = pg_type_of(schema, pg_column(table, part->columns[0]));

	if (part->expression && !type->key)
		part->expression = false;
	if (part->expression)
		part->method = 0;
	if (part->method)
		part->unique = false;
	if (part->unique && (part->expression || !tells(schema, table, part)))
		part->unique = false;
	if (part->method == 1 || part->method == 5 || part->method == 3)
		part->n = 1;
	if (part->method || !part->unique)
		part->nulls_not_distinct = false;
	if (part->method == 1 || part->method == 2 || part->method >= 4)
		part->include = 0;
	return has(schema, table, part, needs[part->method]);
}

static bool
excludes(struct pg_schema *schema, struct pg_table *table, struct pg_part *part)
{
	unsigned flags = pg_type_of(schema, pg_column(table, part->columns[0]))->flags;

	part->n = 1;
	if (part->method == 3)
		return flags & PG_RANGE && tells(schema, table, part);
	if (part->expression && !(flags & PG_WHOLE))
		part->expression = false;
	return flags & PG_HASH && tells(schema, table, part);
}

static bool
fits(struct pg_schema *schema, struct pg_table *table, struct pg_part *part)
{
	for (unsigned i = 0; i < part->n; i++) {
		struct pg_column *column = pg_column(table, part->columns[i]);

		if (!column || (column->virtual && part->kind != SD_CHECK))
			return false;
	}
	if (part->include &&
		(!pg_column(table, part->include) || pg_column(table, part->include)->virtual))
		part->include = 0;
	if (schema->version < 150000)
		part->nulls_not_distinct = part->set_columns = false;
	if (schema->version < 180000)
		part->not_enforced = false;
	if (part->not_enforced)
		part->not_valid = false;
	switch (part->kind) {
	case SD_PRIMARY_KEY:
	case SD_UNIQUE:
		return has(schema, table, part, PG_EQ) && tells(schema, table, part);
	case SD_EXCLUSION:
		return excludes(schema, table, part);
	case SD_FOREIGN_KEY:
		return refers(schema, table, part);
	case SD_INDEX:
		return indexes(schema, table, part);
	default:
		return true;
	}
}

/* ---- tables ---------------------------------------------------------------------------- */

static bool
referred_to(struct pg_schema *schema, const struct pg_table *table)
{
	for (unsigned t = 0; t < schema->n_tables; t++)
		for (unsigned i = 0; i < schema->tables[t].n_parts; i++)
			if (schema->tables[t].parts[i].kind == SD_FOREIGN_KEY &&
				schema->tables[t].parts[i].to_table == table->id)
				return true;
	return false;
}

/* An index that can be a replica identity: unique, of NOT NULL columns, not partial. */
static bool
identifies(struct pg_table *table, unsigned id)
{
	struct pg_part *part = pg_part(table, id);

	if (!part || part->kind != SD_INDEX || !part->unique || part->where || !part->name[0])
		return false;
	for (unsigned i = 0; i < part->n; i++)
		if (!pg_column(table, part->columns[i])->not_null)
			return false;
	return true;
}

/* What CLUSTER can go by: an index with an order, of all rows. */
static bool
orders(struct pg_table *table, unsigned id)
{
	struct pg_part *part = pg_part(table, id);

	if (!part || !part->name[0])
		return false;
	if (part->kind == SD_INDEX || part->kind == SD_EXCLUSION)
		return (part->method == 0 || part->method == 3) && !part->where;
	return part->kind == SD_UNIQUE || part->kind == SD_PRIMARY_KEY;
}

static void
fit_table(struct pg_schema *schema, struct pg_table *table)
{
	unsigned nameless[SD_N_PARTS] = { 0 };

	for (unsigned i = table->n_columns; i-- > 0;) {
		fit_column(schema, table, &table->columns[i]);
		if (!table->columns[i].id)
			pg_drop_column(schema, table, i);
	}
	for (unsigned i = table->n_parts; i-- > 0;) {
		struct pg_part *part = &table->parts[i];
		bool second = !part->name[0] && nameless[part->kind]++ &&
			      part->kind != SD_FOREIGN_KEY;

		if (second || !fits(schema, table, part))
			pg_drop_part(table, i);
	}
	if (table->unlogged && referred_to(schema, table))
		table->unlogged = false;
	if (table->replica > 4 && !identifies(table, table->replica - 4))
		table->replica = 1;
	if (table->cluster > 1 && !orders(table, table->cluster - 1))
		table->cluster = 1;
}

void
pg_fit(struct pg_schema *schema)
{
	for (int round = 0; round < 4; round++) {
		for (unsigned t = 0; t < schema->n_tables; t++)
			fit_table(schema, &schema->tables[t]);
		for (unsigned i = 0; i < schema->n_sequences; i++) {
			struct pg_sequence *sequence = &schema->sequences[i];
			struct pg_table *table = pg_table(schema, sequence->owner_table);

			if (!table || !pg_column(table, sequence->owner))
				sequence->owner = sequence->owner_table = 0;
		}
	}
}
