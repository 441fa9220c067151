/* Random schemas for PostgreSQL, and random changes of them. */
#include "tests/property/random_pg.h"

#include <stdio.h>
#include <string.h>

void
pg_name(struct rng *rng, struct pg_schema *schema, const char *prefix, char *name)
{
	static const char *const odd[] = { "order %u", "Group%u", "sel\"ect%u", "ünï%u",
		"a_very_long_name_that_the_engine_would_cut_if_it_were_any_longer%u", "it's%u",
		"a.b%u" };
	char text[2 * PG_NAME];

	if (rng_chance(rng, 12))
		snprintf(text, sizeof text, odd[rng_below(rng, 7)], ++schema->ids);
	else
		snprintf(text, sizeof text, "%s%u", prefix, ++schema->ids);
	if (strlen(text) > 60) /* the number must stay */
		memmove(text + 50, text + 62, strlen(text + 62) + 1);
	memcpy(name, text, strlen(text) + 1);
}

void
pg_random_options(struct rng *rng, struct pg_options *options)
{
	memset(options, 0, sizeof *options);
	if (rng_chance(rng, 40))
		return;
	if (rng_chance(rng, 50))
		options->increment = 1 + (int)rng_below(rng, 3);
	if (rng_chance(rng, 20))
		options->increment = -1 - (int)rng_below(rng, 2);
	if (rng_chance(rng, 40))
		options->cache = 1 + (int)rng_below(rng, 20);
	if (rng_chance(rng, 40))
		options->max = 1000 + (int)rng_below(rng, 3) * 1000;
	if (rng_chance(rng, 30))
		options->min = options->increment < 0 ? -100 : 1 + (int)rng_below(rng, 3);
	if (rng_chance(rng, 50))
		options->start = 3 + (int)rng_below(rng, 20);
	if (options->increment < 0) {
		options->max = options->max ? options->max : 500;
		options->start = options->max - 10;
	}
	options->cycle = rng_chance(rng, 30);
}

/* ---- columns --------------------------------------------------------------------------- */

static void
random_type(struct rng *rng, struct pg_schema *schema, struct pg_column *column)
{
	column->type = PG_SMALLINT + rng_below(rng, pg_n_types - PG_SMALLINT);
	if (rng_chance(rng, 30)) /* what most columns are */
		column->type = rng_chance(rng, 50) ? PG_SMALLINT + 1 : PG_TEXT_TYPE;
	if (schema->n_enums && rng_chance(rng, 20)) {
		column->type = rng_chance(rng, 70) ? PG_ENUM : PG_ENUM_ARRAY;
		column->of = schema->enums[rng_below(rng, schema->n_enums)].id;
	}
}

static void
random_default(struct rng *rng, struct pg_schema *schema, struct pg_column *column)
{
	column->deflt = rng_below(rng, 3);
	if (schema->n_sequences && rng_chance(rng, 15)) {
		column->deflt = 3;
		column->sequence = schema->sequences[rng_below(rng, schema->n_sequences)].id;
	}
}

void
pg_random_column(struct rng *rng, struct pg_schema *schema, struct pg_column *column)
{
	memset(column, 0, sizeof *column);
	column->id = schema->ids + 1;
	pg_name(rng, schema, "c", column->name);
	random_type(rng, schema, column);
	column->form = rng_below(rng, 6);
	column->not_null = rng_chance(rng, 30);
	if (rng_chance(rng, 35))
		random_default(rng, schema, column);
	column->check = rng_chance(rng, 20);
	column->unique = rng_chance(rng, 8);
	column->index = rng_chance(rng, 12);
	column->backfill = column->not_null || rng_chance(rng, 15);
	if (rng_chance(rng, 6)) {
		column->identity = 1 + rng_below(rng, 2);
		column->type = PG_SMALLINT + rng_below(rng, 3);
		pg_random_options(rng, &column->options);
	}
	if (rng_chance(rng, 12))
		column->collation = 1 + rng_below(rng, 2);
	if (rng_chance(rng, 8))
		column->storage = 1 + rng_below(rng, 4);
	if (rng_chance(rng, 6))
		column->compression = 1;
	if (rng_chance(rng, 8))
		column->statistics = 10 * rng_below(rng, 4) + 1;
	if (rng_chance(rng, 15))
		column->null_name = 1 + rng_below(rng, 3);
	if (rng_chance(rng, 10))
		column->comment = 1 + rng_below(rng, 3);
}

/* A column computed from one of @table. */
static void
add_generated(struct rng *rng, struct pg_schema *schema, struct pg_table *table)
{
	struct pg_column *source = &table->columns[rng_below(rng, table->n_columns)];
	struct pg_column column;
	const struct pg_type *type = pg_type_of(schema, source);

	if (table->n_columns == PG_COLUMNS || source->source || !type->derived)
		return;
	memset(&column, 0, sizeof column);
	column.id = schema->ids + 1;
	pg_name(rng, schema, "g", column.name);
	column.source = source->id;
	column.virtual = rng_chance(rng, 50);
	column.comment = rng_chance(rng, 20);
	table->columns[table->n_columns++] = column;
}

/* ---- parts ----------------------------------------------------------------------------- */

/* Columns of @table that refer to @key of @to: new ones. */
static bool
add_referring(struct rng *rng, struct pg_schema *schema, struct pg_table *table,
	struct pg_table *to, const struct pg_part *key, struct pg_part *part)
{
	if (table->n_columns + key->n > PG_COLUMNS)
		return false;
	for (unsigned i = 0; i < key->n; i++) {
		const struct pg_column *target = pg_column(to, key->columns[i]);

		if (target->to || target->source)
			return false;
	}
	for (unsigned i = 0; i < key->n; i++) {
		struct pg_column *column = &table->columns[table->n_columns++];

		pg_random_column(rng, schema, column);
		column->type = PG_SMALLINT + 1;
		column->to_table = to->id;
		column->to = key->columns[i];
		column->unique = column->check = column->backfill = false;
		column->identity = 0;
		column->not_null = rng_chance(rng, 15);
		column->deflt = 0;
		part->columns[i] = column->id;
	}
	part->n = key->n;
	return true;
}

static bool
random_reference(
	struct rng *rng, struct pg_schema *schema, struct pg_table *table, struct pg_part *part)
{
	struct pg_table *to = &schema->tables[rng_below(rng, schema->n_tables)];
	struct pg_part *key = to->n_parts ? &to->parts[rng_below(rng, to->n_parts)] : NULL;

	if (!key || (key->kind != SD_PRIMARY_KEY && key->kind != SD_UNIQUE) ||
		key->deferrable || !add_referring(rng, schema, table, to, key, part))
		return false;
	part->to_table = to->id;
	part->to = key->id;
	part->said = key->kind == SD_UNIQUE || rng_chance(rng, 50);
	return true;
}

static void
random_attributes(struct rng *rng, struct pg_part *part)
{
	part->form = rng_below(rng, 6);
	part->nulls_not_distinct = rng_chance(rng, 12);
	part->unique = rng_chance(rng, 25);
	part->not_valid = rng_chance(rng, 12);
	part->not_enforced = rng_chance(rng, 10);
	part->no_inherit = rng_chance(rng, 12);
	part->expression = rng_chance(rng, 25);
	part->opclass = rng_chance(rng, 25);
	part->desc = rng_chance(rng, 20);
	part->collate = rng_chance(rng, 15);
	part->where = rng_chance(rng, 25);
	part->set_columns = rng_chance(rng, 25);
	part->deferrable = rng_chance(rng, 20) ? 1 + rng_below(rng, 2) : 0;
	part->nulls = rng_chance(rng, 20) ? 1 + rng_below(rng, 2) : 0;
	part->method = rng_chance(rng, 40) ? rng_below(rng, 6) : 0;
	part->with = rng_chance(rng, 12) ? 1 + rng_below(rng, 2) : 0;
	part->comment = rng_chance(rng, 10) ? 1 + rng_below(rng, 3) : 0;
	part->on_delete = rng_below(rng, 5);
	part->on_update = rng_chance(rng, 40) ? rng_below(rng, 5) : 0;
	part->match = rng_chance(rng, 15);
}

void
pg_random_part(struct rng *rng, struct pg_schema *schema, struct pg_table *table)
{
	static const enum sd_kind kinds[] = { SD_UNIQUE, SD_UNIQUE, SD_CHECK, SD_CHECK,
		SD_EXCLUSION, SD_FOREIGN_KEY, SD_FOREIGN_KEY, SD_INDEX, SD_INDEX, SD_INDEX };
	struct pg_part part = { .kind = kinds[rng_below(rng, 10)], .id = schema->ids + 1 };

	if (table->n_parts == PG_PARTS)
		return;
	pg_name(rng, schema, "k", part.name);
	random_attributes(rng, &part);
	part.n = 1u + rng_chance(rng, 40) + rng_chance(rng, 10);
	if (part.kind == SD_CHECK)
		part.n = 1;
	for (unsigned i = 0; i < part.n; i++) {
		part.columns[i] = table->columns[rng_below(rng, table->n_columns)].id;
		for (unsigned k = 0; k < i; k++)
			if (part.columns[k] == part.columns[i])
				part.n = i;
	}
	if (rng_chance(rng, 15) && part.kind != SD_CHECK && part.kind != SD_FOREIGN_KEY)
		part.include = table->columns[rng_below(rng, table->n_columns)].id;
	if (part.kind == SD_FOREIGN_KEY && !random_reference(rng, schema, table, &part))
		return;
	if (part.kind != SD_EXCLUSION && rng_chance(rng, 25) &&
		(part.n > 1 || part.kind == SD_CHECK || part.kind == SD_FOREIGN_KEY))
		part.name[0] = '\0';
	table->parts[table->n_parts++] = part;
}

/* ---- tables, enums, sequences ---------------------------------------------------------- */

static void
add_primary_key(struct rng *rng, struct pg_schema *schema, struct pg_table *table)
{
	struct pg_part part = { .kind = SD_PRIMARY_KEY, .id = ++schema->ids, .n = 1 };

	part.columns[0] = table->columns[0].id;
	if (table->n_columns > 1 && rng_chance(rng, 20))
		part.columns[part.n++] = table->columns[1].id;
	if (rng_chance(rng, 30))
		pg_name(rng, schema, "pk", part.name);
	if (rng_chance(rng, 10))
		part.deferrable = 1 + rng_below(rng, 2);
	if (rng_chance(rng, 10))
		part.include = table->columns[rng_below(rng, table->n_columns)].id;
	part.comment = rng_chance(rng, 10);
	table->parts[table->n_parts++] = part;
}

static void
random_tuning(struct rng *rng, struct pg_table *table)
{
	table->unlogged = rng_chance(rng, 10);
	table->comment = rng_chance(rng, 15) ? 1 + rng_below(rng, 3) : 0;
	table->fillfactor = rng_chance(rng, 12) ? 50 + 10 * rng_below(rng, 5) : 0;
	table->with = rng_chance(rng, 12) ? 1 + rng_below(rng, 2) : 0;
	table->heap = rng_chance(rng, 5);
	table->space = rng_chance(rng, 5);
	table->replica = rng_chance(rng, 12) ? 1 + rng_below(rng, 3) : 0;
	table->cluster = 0;
	if (rng_chance(rng, 40) && table->n_parts)
		table->cluster = 1 + table->parts[rng_below(rng, table->n_parts)].id;
}

static void
add_table(struct rng *rng, struct pg_schema *schema)
{
	struct pg_table *table = &schema->tables[schema->n_tables];
	struct pg_column *id;

	if (schema->n_tables == PG_TABLES)
		return;
	memset(table, 0, sizeof *table);
	schema->n_tables++;
	table->id = schema->ids + 1;
	pg_name(rng, schema, "t", table->name);
	table->rows = rng_below(rng, 12);
	random_tuning(rng, table);
	table->n_columns = 2 + rng_below(rng, 5);
	for (unsigned i = 0; i < table->n_columns; i++)
		pg_random_column(rng, schema, &table->columns[i]);
	id = &table->columns[0];
	snprintf(id->name, sizeof id->name, "id");
	if (rng_chance(rng, 75)) {
		id->type = PG_SMALLINT + rng_below(rng, 6);
		id->identity = id->type < PG_SERIAL_TYPE && rng_chance(rng, 60)
				       ? 1 + rng_below(rng, 2)
				       : 0;
		pg_random_options(rng, &id->options);
	}
	if (rng_chance(rng, 85))
		add_primary_key(rng, schema, table);
	if (rng_chance(rng, 25))
		add_generated(rng, schema, table);
	pg_fit(schema);
	for (uint32_t n = rng_below(rng, 6); n > 0; n--)
		pg_random_part(rng, schema, table);
	if (rng_chance(rng, 20) && table->n_parts)
		table->cluster = 1 + table->parts[rng_below(rng, table->n_parts)].id;
	pg_fit(schema);
}

static void
add_enum(struct rng *rng, struct pg_schema *schema)
{
	struct pg_enum *of = &schema->enums[schema->n_enums];

	if (schema->n_enums == PG_ENUMS)
		return;
	memset(of, 0, sizeof *of);
	schema->n_enums++;
	of->id = schema->ids + 1;
	pg_name(rng, schema, "e", of->name);
	of->comment = rng_chance(rng, 15);
	of->n = 1 + rng_below(rng, 5);
	for (unsigned i = 0; i < of->n; i++)
		pg_name(rng, schema, "v", of->values[i].name);
}

static void
add_sequence(struct rng *rng, struct pg_schema *schema)
{
	struct pg_sequence *sequence = &schema->sequences[schema->n_sequences];

	if (schema->n_sequences == PG_SEQUENCES)
		return;
	memset(sequence, 0, sizeof *sequence);
	schema->n_sequences++;
	sequence->id = schema->ids + 1;
	pg_name(rng, schema, "s", sequence->name);
	sequence->type = rng_below(rng, 4);
	sequence->comment = rng_chance(rng, 15);
	pg_random_options(rng, &sequence->options);
}

static void
own(struct rng *rng, struct pg_schema *schema, struct pg_sequence *sequence)
{
	struct pg_table *table;

	sequence->owner = sequence->owner_table = 0;
	if (!schema->n_tables || rng_chance(rng, 40))
		return;
	table = &schema->tables[rng_below(rng, schema->n_tables)];
	sequence->owner_table = table->id;
	sequence->owner = table->columns[rng_below(rng, table->n_columns)].id;
}

void
pg_schema(struct rng *rng, int version, struct pg_schema *schema)
{
	memset(schema, 0, sizeof *schema);
	schema->version = version;
	for (uint32_t n = rng_below(rng, 3); n > 0; n--)
		add_enum(rng, schema);
	for (uint32_t n = rng_below(rng, 6) / 3; n > 0; n--)
		add_sequence(rng, schema);
	for (uint32_t n = 1 + rng_below(rng, PG_TABLES - 1); n > 0; n--)
		add_table(rng, schema);
	for (unsigned i = 0; i < schema->n_sequences; i++)
		own(rng, schema, &schema->sequences[i]);
	pg_fit(schema);
}

/* ---- changes --------------------------------------------------------------------------- */

static void
rename_to(struct rng *rng, struct pg_schema *schema, char *name, char *old)
{
	if (!old[0]) {
		memcpy(old, name, PG_NAME);
		pg_name(rng, schema, "r", name);
	}
}

/* Another type that its values convert to. */
static void
change_type(struct rng *rng, struct pg_schema *schema, struct pg_column *column)
{
	const struct pg_type *type = pg_type_of(schema, column);
	unsigned was = column->type;

	if (column->to || column->source || type->flags & PG_SERIAL)
		return;
	random_type(rng, schema, column);
	if (pg_types[column->type].flags & PG_SERIAL ||
		(pg_types[column->type].family != type->family && type->family != PG_TEXT &&
			pg_types[column->type].family != PG_TEXT) ||
		(was <= PG_ENUM_ARRAY) != (column->type <= PG_ENUM_ARRAY) ||
		type->family == PG_ALONE)
		column->type = was;
	if (was == PG_ENUM && rng_chance(rng, 50))
		column->type = PG_TEXT_TYPE;
	column->identity = pg_types[column->type].flags & PG_WHOLE ? column->identity : 0;
}

/* identity ↔ serial ↔ neither */
static void
change_numbering(struct rng *rng, struct pg_column *column)
{
	if (column->to || column->source)
		return;
	if (pg_types[column->type].flags & PG_SERIAL) {
		column->type =
			column->type == PG_SERIAL_TYPE + 2 ? PG_SMALLINT : column->type - 2;
		column->identity = rng_below(rng, 3);
		pg_random_options(rng, &column->options);
	} else if (pg_types[column->type].flags & PG_WHOLE) {
		column->identity = column->identity ? rng_below(rng, 2) * 2 : rng_below(rng, 3);
		pg_random_options(rng, &column->options);
		if (rng_chance(rng, 30))
			column->type = column->type == PG_SMALLINT ? PG_SERIAL_TYPE + 2
								   : column->type + 2;
		column->backfill = false;
	}
}

static void
change_column(struct rng *rng, struct pg_schema *schema, struct pg_column *column)
{
	switch (rng_below(rng, 16)) {
	case 0:
	case 1:
		rename_to(rng, schema, column->name, column->old);
		break;
	case 2:
	case 3:
		change_type(rng, schema, column);
		break;
	case 4:
	case 5:
		random_default(rng, schema, column);
		break;
	case 6:
	case 7:
		column->not_null = !column->not_null;
		column->backfill = column->not_null && !column->source;
		break;
	case 8:
		change_numbering(rng, column);
		break;
	case 9:
		column->check = !column->check;
		break;
	case 10:
		column->index = !column->index;
		break;
	case 11:
		column->unique = !column->unique;
		break;
	case 12:
		column->collation = rng_below(rng, 3);
		break;
	case 13: /* tuning is not compared when it is absent: it comes, and changes */
		column->storage = 1 + rng_below(rng, 4);
		column->statistics = 10 * rng_below(rng, 4) + 1;
		column->null_name = 1 + rng_below(rng, 3);
		break;
	case 14:
		column->virtual = !column->virtual;
		column->compression = 1;
		break;
	default:
		column->comment = rng_below(rng, 4);
	}
}

static void
change_part(struct rng *rng, struct pg_schema *schema, struct pg_part *part)
{
	struct pg_part was = *part;

	random_attributes(rng, part);
	part->with = part->with ? part->with : was.with;
	if (rng_chance(rng, 50)) { /* one of them alone */
		struct pg_part now = *part;

		*part = was;
		switch (rng_below(rng, 5)) {
		case 0:
			part->deferrable = now.deferrable;
			part->where = now.where;
			break;
		case 1:
			part->comment = now.comment;
			part->method = now.method;
			break;
		case 2:
			part->not_valid = !part->not_valid;
			break;
		case 3:
			part->include = 0;
			part->on_delete = now.on_delete;
			break;
		default:
			if (part->name[0])
				pg_name(rng, schema, "n", part->name);
		}
	}
	if (part->kind == SD_PRIMARY_KEY)
		part->nulls_not_distinct = part->not_valid = false;
}

static void
change_table(struct rng *rng, struct pg_schema *schema, struct pg_table *table)
{
	struct pg_table was = *table;
	uint32_t c = rng_below(rng, table->n_columns);

	switch (rng_below(rng, 12)) {
	case 0:
	case 1:
		if (table->n_columns < PG_COLUMNS)
			pg_random_column(rng, schema, &table->columns[table->n_columns++]);
		break;
	case 2:
		if (c)
			pg_drop_column(schema, table, c);
		break;
	case 3:
	case 4:
	case 5:
		change_column(rng, schema, &table->columns[c]);
		break;
	case 6:
		pg_random_part(rng, schema, table);
		break;
	case 7:
		if (table->n_parts)
			pg_drop_part(table, rng_below(rng, table->n_parts));
		break;
	case 8:
		if (table->n_parts)
			change_part(rng, schema, &table->parts[rng_below(rng, table->n_parts)]);
		break;
	case 9:
		rename_to(rng, schema, table->name, table->old);
		break;
	case 10:
		add_generated(rng, schema, table);
		break;
	default:
		random_tuning(rng, table);
		table->fillfactor = table->fillfactor ? table->fillfactor : was.fillfactor;
		table->with = table->with ? table->with : was.with;
		table->replica = table->replica ? table->replica : was.replica;
		table->cluster = table->cluster ? table->cluster : was.cluster;
	}
}

static void
change_enum(struct rng *rng, struct pg_schema *schema, struct pg_enum *of)
{
	uint32_t i = rng_below(rng, of->n), k = rng_below(rng, of->n);
	struct pg_value value = of->values[i];

	switch (rng_below(rng, 6)) {
	case 0:
		rename_to(rng, schema, of->name, of->old);
		break;
	case 1:
	case 2:
		if (of->n == PG_VALUES)
			break;
		memmove(&of->values[i + 1], &of->values[i], (of->n++ - i) * sizeof value);
		memset(&of->values[i], 0, sizeof value);
		pg_name(rng, schema, "w", of->values[i].name);
		break;
	case 3:
		if (of->n > 1)
			memmove(&of->values[i], &of->values[i + 1],
				(--of->n - i) * sizeof value);
		break;
	case 4:
		of->values[i] = of->values[k];
		of->values[k] = value;
		break;
	default:
		rename_to(rng, schema, of->values[i].name, of->values[i].old);
	}
	if (rng_chance(rng, 20))
		of->comment = rng_below(rng, 3);
}

static void
change_sequence(struct rng *rng, struct pg_schema *schema, struct pg_sequence *sequence)
{
	switch (rng_below(rng, 4)) {
	case 0:
		rename_to(rng, schema, sequence->name, sequence->old);
		break;
	case 1:
		own(rng, schema, sequence);
		break;
	case 2:
		sequence->comment = rng_below(rng, 4);
		break;
	default:
		pg_random_options(rng, &sequence->options);
		sequence->type = rng_below(rng, 4);
	}
}

static void
change_other(struct rng *rng, struct pg_schema *schema)
{
	switch (rng_below(rng, 6)) {
	case 0:
		add_enum(rng, schema);
		break;
	case 1:
		add_sequence(rng, schema);
		break;
	case 2:
	case 3:
		if (schema->n_enums)
			change_enum(
				rng, schema, &schema->enums[rng_below(rng, schema->n_enums)]);
		break;
	case 4:
		if (schema->n_sequences)
			change_sequence(rng, schema,
				&schema->sequences[rng_below(rng, schema->n_sequences)]);
		break;
	default:
		if (schema->n_sequences && rng_chance(rng, 50))
			schema->n_sequences--;
		else if (schema->n_enums)
			schema->n_enums--;
	}
}

void
pg_mutate(struct rng *rng, struct pg_schema *schema)
{
	for (uint32_t n = 1 + rng_below(rng, 6); n > 0; n--) {
		uint32_t what = rng_below(rng, 20);

		if (what == 0)
			add_table(rng, schema);
		else if (what == 1 && schema->n_tables > 1)
			pg_drop_table(schema, rng_below(rng, schema->n_tables));
		else if (what < 5)
			change_other(rng, schema);
		else
			change_table(
				rng, schema, &schema->tables[rng_below(rng, schema->n_tables)]);
		pg_fit(schema);
	}
}
