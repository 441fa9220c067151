#include "tests/property/random_sqlite.h"

#include <stdio.h>
#include <string.h>

static const struct {
	const char *name, *strict, *literal, *expression, *backfill, *check;
} types[] = {
	{ "integer", "INTEGER", "7", "1 + 2", "3", "%s >= 0" },
	{ "text", "TEXT", "'it''s'", "lower('A')", "'x' || 1", "length(%s) < 1000" },
	{ "varchar(40)", "TEXT", "'a'", "upper('b')", "'y'", "%s <> 'never'" },
	{ "real", "REAL", "1.5", "2.0 * 3", "4.5", "%s > -1.5" },
	{ "numeric(10,2)", "ANY", "2", "3 - 1", "5", "%s BETWEEN 0 AND 1000000" },
	{ "boolean", "INTEGER", "1", "1 = 1", "0", "%s IN (0, 1)" },
	{ "datetime", "TEXT", "'2020-01-01'", "CURRENT_TIMESTAMP", "'1999-12-31'",
		"%s IS NOT ''" },
	{ "blob", "BLOB", "x'0a'", "x'00' || x'01'", "x'ff'", "length(%s) >= 0" },
};
#define N_TYPES ((uint32_t)(sizeof types / sizeof types[0]))

/* ---- schemas -------------------------------------------------------------------- */

static void
new_name(struct rng *rng, struct gen_schema *schema, const char *prefix, char *out, size_t size)
{
	static const char *const odd[] = { "order %u", "Group%u", "sel\\\"ect%u", "ünï%u" };

	if (rng_chance(rng, 10))
		snprintf(out, size, odd[rng_below(rng, 4)], schema->names++);
	else
		snprintf(out, size, "%s%u", prefix, schema->names++);
}

static void
gen_column(struct rng *rng, struct gen_schema *schema, struct gen_column *column, bool late)
{
	memset(column, 0, sizeof *column);
	new_name(rng, schema, "c", column->name, sizeof column->name);
	column->type = (int)rng_below(rng, N_TYPES);
	column->not_null = rng_chance(rng, 30);
	column->indexed = rng_chance(rng, 25);
	column->check = rng_chance(rng, 20) ? 1 + (int)rng_below(rng, 2) : 0;
	column->deflt = rng_chance(rng, 30) ? 1 + (int)rng_below(rng, 2) : 0;
	column->nocase = rng_chance(rng, 10);
	column->backfill = late && (column->not_null ? !column->deflt || rng_chance(rng, 50)
						     : rng_chance(rng, 20));
	if (rng_chance(rng, 10)) {
		column->generated = 1 + (int)rng_below(rng, 2);
		column->not_null = column->backfill = false;
		column->deflt = 0;
		column->check = 0;
		column->type = 1;
	}
	column->unique =
		!late && !column->generated && column->type == 1 && rng_chance(rng, 15);
}

static void
gen_table(struct rng *rng, struct gen_schema *schema, struct gen_table *table, int parents)
{
	memset(table, 0, sizeof *table);
	new_name(rng, schema, "t", table->name, sizeof table->name);
	table->n = 2 + (int)rng_below(rng, 5);
	table->key = (int)rng_below(rng, 5);
	for (int i = 0; i < table->n; i++)
		gen_column(rng, schema, &table->columns[i], false);
	table->columns[0] = (struct gen_column){ .type = table->key == 2 ? 1 : 0 };
	snprintf(table->columns[0].name, sizeof table->columns[0].name, "id");
	table->columns[1].generated = 0;
	table->strict = rng_chance(rng, 15);
	table->descending = rng_chance(rng, 20);
	table->partial = rng_chance(rng, 20);
	table->expression = rng_chance(rng, 20);
	table->trigger = rng_chance(rng, 30);
	table->far_trigger = rng_chance(rng, 20);
	table->parent = -1;
	for (int i = 0; i < parents; i++)
		if (schema->tables[i].key < 2 && rng_chance(rng, 40))
			table->parent = i;
	table->on_delete = (int)rng_below(rng, 4);
	table->deferred = rng_chance(rng, 20);
}

void
gen_schema(struct rng *rng, struct gen_schema *schema)
{
	memset(schema, 0, sizeof *schema);
	schema->n = 1 + (int)rng_below(rng, MAX_TABLES - 2);
	for (int i = 0; i < schema->n; i++)
		gen_table(rng, schema, &schema->tables[i], i);
	schema->views = (int)rng_below(rng, 1u << schema->n);
	schema->view_on_view = rng_chance(rng, 40);
}

/* ---- changes -------------------------------------------------------------------- */

static void
drop_column(struct gen_table *table, int i)
{
	memmove(&table->columns[i], &table->columns[i + 1],
		(size_t)(table->n - i - 1) * sizeof table->columns[0]);
	table->n--;
}

static void
change_column(struct rng *rng, struct gen_schema *schema, struct gen_column *column)
{
	switch (rng_below(rng, 7)) {
	case 0:
		if (!column->generated && !column->old_name[0]) {
			memcpy(column->old_name, column->name, sizeof column->name);
			new_name(rng, schema, "r", column->name, sizeof column->name);
		}
		break;
	case 1: /* text takes every value that rows have, and gives it back */
		if (!column->generated && column->type == 2)
			column->type = 1;
		break;
	case 2:
		column->deflt = column->generated ? 0 : (int)rng_below(rng, 3);
		break;
	case 3:
		column->not_null = !column->generated && !column->not_null;
		column->backfill = column->not_null;
		break;
	case 4:
		column->check = column->generated ? 0 : (int)rng_below(rng, 3);
		break;
	case 5:
		column->indexed = !column->indexed;
		break;
	default:
		column->nocase = !column->nocase && !column->unique;
	}
}

static void
change_table(struct rng *rng, struct gen_schema *schema, struct gen_table *table)
{
	int i = table->n > 2 ? 2 + (int)rng_below(rng, (uint32_t)table->n - 2) : 1;

	switch (rng_below(rng, 9)) {
	case 0:
		if (table->n < MAX_COLUMNS)
			gen_column(rng, schema, &table->columns[table->n++], true);
		break;
	case 1:
		if (table->n > 2)
			drop_column(table, i);
		break;
	case 2:
	case 3:
	case 4:
		change_column(rng, schema, &table->columns[i]);
		break;
	case 5:
		table->partial = !table->partial;
		break;
	case 6:
		table->trigger = !table->trigger;
		break;
	case 7:
		table->on_delete = (int)rng_below(rng, 4);
		table->deferred = rng_chance(rng, 50);
		break;
	default:
		if (!table->old_name[0]) {
			memcpy(table->old_name, table->name, sizeof table->name);
			new_name(rng, schema, "n", table->name, sizeof table->name);
		}
	}
}

static void
drop_table(struct gen_schema *schema, int gone)
{
	memmove(&schema->tables[gone], &schema->tables[gone + 1],
		(size_t)(schema->n - gone - 1) * sizeof schema->tables[0]);
	schema->n--;
	schema->views =
		(schema->views & ((1 << gone) - 1)) | ((schema->views >> (gone + 1)) << gone);
	for (int i = 0; i < schema->n; i++) {
		if (schema->tables[i].parent == gone)
			schema->tables[i].parent = -1;
		else if (schema->tables[i].parent > gone)
			schema->tables[i].parent--;
	}
}

void
gen_mutate(struct rng *rng, struct gen_schema *schema)
{
	uint32_t changes = 1 + rng_below(rng, 5);

	for (uint32_t i = 0; i < changes; i++) {
		uint32_t what = rng_below(rng, 10);

		if (what == 0 && schema->n < MAX_TABLES) {
			gen_table(rng, schema, &schema->tables[schema->n], schema->n);
			schema->n++;
		} else if (what == 1 && schema->n > 1) {
			drop_table(schema, (int)rng_below(rng, (uint32_t)schema->n));
		} else if (what == 2) {
			schema->views = (int)rng_below(rng, 1u << schema->n);
		} else {
			change_table(rng, schema,
				&schema->tables[rng_below(rng, (uint32_t)schema->n)]);
		}
	}
}

/* ---- JSON ----------------------------------------------------------------------- */

/* @name is JSON-escaped already; in SQL its quote is doubled. */
static const char *
sql_name(struct sd_buf *out, const char *name)
{
	struct sd_buf text = SD_BUF(out->arena);

	sd_buf_add(&text, "\\\"");
	for (; *name; name++) {
		if (name[0] == '\\' && name[1] == '"') {
			sd_buf_add(&text, "\\\"\\\"");
			name++;
		} else {
			sd_buf_addc(&text, *name);
		}
	}
	sd_buf_add(&text, "\\\"");
	return sd_buf_text(&text);
}

static const char *
type_name(const struct gen_table *table, const struct gen_column *column)
{
	return table->strict ? types[column->type].strict : types[column->type].name;
}

static void
write_check(const struct gen_column *column, struct sd_buf *out)
{
	const char *name = sql_name(out, column->name), *form = types[column->type].check;
	const char *hole = strstr(form, "%s");

	sd_buf_addf(out, "%.*s%s%s", (int)(hole - form), form, name, hole + 2);
}

static void
write_column(const struct gen_table *table, int i, struct sd_buf *out)
{
	const struct gen_column *c = &table->columns[i];

	sd_buf_addf(out, "%s\n    \"%s\": { \"type\": \"%s\"", i ? "," : "", c->name,
		type_name(table, c));
	if (c->not_null)
		sd_buf_add(out, ", \"nullable\": false");
	if (c->deflt)
		sd_buf_addf(out, ", \"default\": \"%s\"",
			c->deflt == 1 ? types[c->type].literal : types[c->type].expression);
	if (c->unique)
		sd_buf_add(out, ", \"unique\": true");
	if (c->indexed)
		sd_buf_add(out, ", \"index\": true");
	if (c->nocase)
		sd_buf_add(out, ", \"collation\": \"NOCASE\"");
	if (c->backfill)
		sd_buf_addf(out, ", \"backfill\": \"%s\"", types[c->type].backfill);
	if (c->old_name[0])
		sd_buf_addf(out, ", \"renamed_from\": \"%s\"", c->old_name);
	if (c->check == 2) {
		sd_buf_add(out, ", \"check\": \"");
		write_check(c, out);
		sd_buf_add(out, "\"");
	}
	if (c->generated)
		sd_buf_addf(out, ", \"generated\": { \"as\": \"%s || 'x'\", \"stored\": %s }",
			sql_name(out, table->columns[1].name),
			c->generated == 2 ? "true" : "false");
	if (i == 0 && table->key == 1)
		sd_buf_add(out, ", \"sqlite\": { \"autoincrement\": true }");
	sd_buf_add(out, " }");
}

static void
write_constraints(
	const struct gen_schema *schema, const struct gen_table *table, struct sd_buf *out)
{
	static const char *const actions[] = { "cascade", "set null", "no action", "restrict" };
	const char *sep = "";

	if (table->key == 4)
		sd_buf_addf(out, ",\n   \"primary_key\": [\"%s\", \"%s\"]",
			table->columns[0].name, table->columns[1].name);
	else if (table->key != 3)
		sd_buf_addf(out, ",\n   \"primary_key\": [\"%s\"]", table->columns[0].name);
	sd_buf_add(out, ",\n   \"checks\": {");
	for (int i = 0; i < table->n; i++) {
		if (table->columns[i].check != 1)
			continue;
		sd_buf_addf(out, "%s \"ck %s\": \"", sep, table->columns[i].name);
		write_check(&table->columns[i], out);
		sd_buf_add(out, "\"");
		sep = ",";
	}
	sd_buf_add(out, " }");
	if (table->parent >= 0)
		sd_buf_addf(out,
			",\n   \"foreign_keys\": [ { \"columns\": [\"parent\"], \"table\": "
			"\"%s\", "
			"\"ref_columns\": [\"id\"], \"on_delete\": \"%s\"%s } ]",
			schema->tables[table->parent].name, actions[table->on_delete],
			table->deferred ? ", \"deferrable\": \"deferred\"" : "");
	sd_buf_add(out, ",\n   \"indexes\": {");
	sep = "";
	if (table->descending) {
		sd_buf_addf(out,
			" \"ix d %s\": { \"columns\": [ { \"name\": \"%s\", \"order\": "
			"\"desc\" }, "
			"\"id\" ] }",
			table->name, table->columns[1].name);
		sep = ",";
	}
	if (table->partial) {
		sd_buf_addf(out,
			"%s \"ix p %s\": { \"columns\": [\"%s\"], \"where\": \"%s IS NOT "
			"NULL\" }",
			sep, table->name, table->columns[1].name,
			sql_name(out, table->columns[1].name));
		sep = ",";
	}
	if (table->expression)
		sd_buf_addf(out,
			"%s \"ix e %s\": { \"columns\": [ { \"expression\": \"lower(%s)\" } ] "
			"}",
			sep, table->name, sql_name(out, table->columns[1].name));
	sd_buf_add(out, " }");
}

static void
write_triggers(
	const struct gen_schema *schema, const struct gen_table *table, struct sd_buf *out)
{
	const struct gen_table *other = &schema->tables[0];
	const char *sep = "";

	sd_buf_add(out, ",\n   \"triggers\": {");
	if (table->trigger) {
		sd_buf_addf(out,
			" \"tr %s\": { \"timing\": \"after\", \"events\": [\"update\"], "
			"\"when\": "
			"\"NEW.%s IS NOT OLD.%s\", \"body\": \"SELECT 1; SELECT NEW.%s;\" }",
			table->name, sql_name(out, table->columns[1].name),
			sql_name(out, table->columns[1].name),
			sql_name(out, table->columns[1].name));
		sep = ",";
	}
	if (table->far_trigger)
		sd_buf_addf(out,
			"%s \"far %s\": { \"timing\": \"before\", \"events\": [\"delete\"], "
			"\"body\": "
			"\"SELECT count(%s) FROM %s;\" }",
			sep, table->name, sql_name(out, other->columns[1].name),
			sql_name(out, other->name));
	sd_buf_add(out, " }");
}

static void
write_table(const struct gen_schema *schema, int i, struct sd_buf *out)
{
	const struct gen_table *table = &schema->tables[i];

	sd_buf_addf(out, "%s\n  \"%s\": {\n   \"columns\": {", i ? "," : "", table->name);
	for (int j = 0; j < table->n; j++)
		write_column(table, j, out);
	sd_buf_addf(out, ",\n    \"parent\": { \"type\": \"integer\" } }");
	write_constraints(schema, table, out);
	write_triggers(schema, table, out);
	if (table->old_name[0])
		sd_buf_addf(out, ",\n   \"renamed_from\": \"%s\"", table->old_name);
	sd_buf_addf(out, ",\n   \"sqlite\": { \"strict\": %s, \"without_rowid\": %s } }",
		table->strict ? "true" : "false", table->key == 4 ? "true" : "false");
}

void
gen_write(const struct gen_schema *schema, struct sd_buf *out)
{
	const char *sep = "";

	sd_buf_add(out, "{ \"tables\": {");
	for (int i = 0; i < schema->n; i++)
		write_table(schema, i, out);
	sd_buf_add(out, " },\n \"views\": {");
	for (int i = 0; i < schema->n; i++) {
		const struct gen_table *table = &schema->tables[i];

		if (!(schema->views & 1 << i))
			continue;
		sd_buf_addf(out, "%s\n  \"v %s\": \"SELECT %s AS one FROM %s\"", sep,
			table->name, sql_name(out, table->columns[1].name),
			sql_name(out, table->name));
		sep = ",";
		if (schema->view_on_view)
			sd_buf_addf(out, ",\n  \"w %s\": \"SELECT one FROM \\\"v %s\"",
				table->name, sql_name(out, table->name) + 2);
	}
	sd_buf_add(out, " } }\n");
}

/* ---- rows ----------------------------------------------------------------------- */

static void
value(struct rng *rng, const struct gen_table *table, const struct gen_column *column, int row,
	struct sd_buf *out)
{
	if (!column->not_null && column != &table->columns[0] &&
		!(table->key == 4 && column == &table->columns[1]) && rng_chance(rng, 20)) {
		sd_buf_add(out, "NULL");
		return;
	}
	switch (column->type) {
	case 0:
		sd_buf_addf(out, "%u", rng_below(rng, 1000));
		break;
	case 1:
	case 2:
		sd_buf_addf(out, "'text %d %u'", row, rng_below(rng, 1000));
		break;
	case 3:
		sd_buf_addf(out, "%u.25", rng_below(rng, 1000));
		break;
	case 4:
		sd_buf_addf(out, "%u.5", rng_below(rng, 1000));
		break;
	case 5:
		sd_buf_addf(out, "%u", rng_below(rng, 2));
		break;
	case 6:
		sd_buf_addf(out, "'2024-01-%02u'", 1 + rng_below(rng, 28));
		break;
	default:
		sd_buf_addf(out, "x'%02x%02x'", rng_below(rng, 256), rng_below(rng, 256));
	}
}

static const char *
plain_name(struct sd_buf *out, const char *name)
{
	struct sd_buf text = SD_BUF(out->arena);

	sd_buf_addc(&text, '"');
	for (; *name; name++) {
		if (*name == '\\')
			continue;
		if (*name == '"')
			sd_buf_addc(&text, '"');
		sd_buf_addc(&text, *name);
	}
	sd_buf_addc(&text, '"');
	return sd_buf_text(&text);
}

void
gen_rows(struct rng *rng, const struct gen_schema *schema, struct sd_buf *out)
{
	for (int t = 0; t < schema->n; t++) {
		const struct gen_table *table = &schema->tables[t];
		int rows = 1 + (int)rng_below(rng, 12);

		for (int row = 1; row <= rows; row++) {
			sd_buf_addf(out, "INSERT INTO %s (", plain_name(out, table->name));
			for (int i = 0; i < table->n; i++)
				if (!table->columns[i].generated)
					sd_buf_addf(out, "%s, ",
						plain_name(out, table->columns[i].name));
			sd_buf_add(out, "parent) VALUES (");
			for (int i = 0; i < table->n; i++) {
				if (table->columns[i].generated)
					continue;
				if (i == 0)
					sd_buf_addf(
						out, table->key == 2 ? "'k%d'" : "%d", row * 3);
				else
					value(rng, table, &table->columns[i], row, out);
				sd_buf_add(out, ", ");
			}
			sd_buf_add(out, table->parent >= 0 && rng_chance(rng, 70) ? "3);\n"
										  : "NULL);\n");
		}
		if (rows > 2 &&
			table->key < 4) /* rowids with a gap, a counter above the maximum */
			sd_buf_addf(out, "DELETE FROM %s WHERE id IN ('k%d', %d);\n",
				plain_name(out, table->name), rows * 3, rows * 3);
	}
}
