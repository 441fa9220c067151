/* Rows that satisfy a random schema, and what must survive of them: a value is a function of
 * its column and row alone, so that a foreign key's can be told without looking. */
#include "tests/property/random_pg.h"

static const struct sd_dialect *const pg = &sd_dialect_postgresql;

/* A key that takes NULL only once. */
static bool
takes_no_null(struct pg_table *table, const struct pg_column *column)
{
	if (column->not_null)
		return true;
	for (unsigned i = 0; i < table->n_parts; i++) {
		const struct pg_part *part = &table->parts[i];

		for (unsigned c = 0; c < part->n; c++)
			if (part->columns[c] == column->id &&
				(part->kind == SD_PRIMARY_KEY || part->nulls_not_distinct ||
					(part->kind == SD_FOREIGN_KEY && part->match)))
				return true;
	}
	return false;
}

static const char *
own_value(struct pg_schema *schema, struct pg_column *column, unsigned row,
	struct sd_arena *arena)
{
	struct pg_enum *of = pg_enum(schema, column->of);
	const char *value;

	if (column->type > PG_ENUM_ARRAY)
		return pg_text(arena, pg_type_of(schema, column)->value, NULL, row);
	value = sd_quote_text(pg, arena, of->values[(row + column->id) % of->n].name);
	return column->type == PG_ENUM ? value
				       : sd_fmt(arena, "ARRAY[%s]::%s", value,
						 pg_type_text(schema, column, arena));
}

static const char *
value(struct pg_schema *schema, struct pg_table *table, struct pg_column *column, unsigned row,
	struct sd_arena *arena)
{
	struct pg_column *typed = pg_typed(schema, column);
	struct pg_table *to = pg_table(schema, column->to_table);

	if (!takes_no_null(table, column) && (row * 7 + column->id) % 5 == 0)
		return "NULL";
	if (typed == column)
		return own_value(schema, column, row, arena);
	return to->rows ? own_value(schema, typed, 1 + (row * 3) % to->rows, arena) : NULL;
}

static void
insert_row(struct pg_schema *schema, struct pg_table *table, unsigned row, struct sd_buf *out)
{
	struct sd_arena *arena = out->arena;
	struct sd_buf names = SD_BUF(arena), values = SD_BUF(arena);

	for (unsigned c = 0; c < table->n_columns; c++) {
		struct pg_column *column = &table->columns[c];
		const char *text;

		if (column->source)
			continue;
		text = value(schema, table, column, row, arena);
		sd_buf_sep(&names, ", ");
		sd_buf_add(&names, sd_quote_name(pg, arena, column->name));
		sd_buf_sep(&values, ", ");
		sd_buf_add(&values, text);
	}
	sd_buf_addf(out, "INSERT INTO %s (%s) OVERRIDING SYSTEM VALUE VALUES (%s);\n",
		sd_quote_name(pg, arena, table->name), sd_buf_text(&names),
		sd_buf_text(&values));
}

/* A table can't have rows that refer to nothing. */
static void
settle_counts(struct pg_schema *schema)
{
	for (unsigned round = 0; round < PG_TABLES; round++)
		for (unsigned t = 0; t < schema->n_tables; t++)
			for (unsigned c = 0; c < schema->tables[t].n_columns; c++) {
				struct pg_column *column = &schema->tables[t].columns[c];
				struct pg_table *to = pg_table(schema, column->to_table);

				if (to && !to->rows)
					schema->tables[t].rows = 0;
			}
}

void
pg_rows(struct pg_schema *schema, struct sd_buf *out)
{
	settle_counts(schema);
	/* foreign keys are not checked while rows come in */
	sd_buf_add(out, "SET session_replication_role = replica;\n");
	for (unsigned t = 0; t < schema->n_tables; t++)
		for (unsigned row = 1; row <= schema->tables[t].rows; row++)
			insert_row(schema, &schema->tables[t], row, out);
	sd_buf_add(out, "RESET session_replication_role;\n");
}

/* ---- what must survive ----------------------------------------------------------------- */

/* What the values of @old, of an enum, are called in @into. */
static const char *
renamed_values(struct pg_schema *into, struct pg_column *column, const char *name,
	struct sd_arena *arena)
{
	struct pg_enum *of = pg_enum(into, column->of);
	struct sd_buf out = SD_BUF(arena);

	sd_buf_addf(&out, "CASE %s::text", name);
	for (unsigned i = 0; i < of->n; i++)
		sd_buf_addf(&out, " WHEN %s THEN %s",
			sd_quote_text(pg, arena,
				of->values[i].old[0] ? of->values[i].old : of->values[i].name),
			sd_quote_text(pg, arena, of->values[i].name));
	sd_buf_addf(&out, " ELSE %s::text END", name);
	return sd_buf_text(&out);
}

/* The texts by which @column is compared, before and after; false: it needn't survive. */
static bool
survives(struct pg_schema *from, struct pg_column *was, struct pg_schema *into,
	struct pg_column *column, struct sd_arena *arena, const char **before,
	const char **after)
{
	struct pg_column *typed = pg_typed(into, column);
	const char *old = sd_quote_name(pg, arena, was->name);

	if (column->source || was->source ||
		pg_type_of(from, was) != pg_type_of(into, column) ||
		typed->type == PG_ENUM_ARRAY || typed->of != pg_typed(from, was)->of)
		return false;
	*before = typed->type == PG_ENUM ? renamed_values(into, typed, old, arena)
					 : sd_fmt(arena, "%s::text", old);
	if (column->backfill && column->not_null && !was->not_null) {
		const char *filler = pg_filler(into, column, arena);

		if (typed->type != PG_ENUM)
			filler = sd_fmt(arena, "CAST(%s AS %s)::text", filler,
				pg_type_text(from, was, arena));
		*before = sd_fmt(arena, "coalesce(%s, %s)", *before, filler);
	}
	*after = sd_fmt(arena, "%s::text", sd_quote_name(pg, arena, column->name));
	return column->not_null == was->not_null || column->backfill;
}

static void
surviving_table(struct pg_schema *from, struct pg_table *was, struct pg_schema *into,
	struct pg_table *table, struct sd_arena *arena, struct sd_names *before,
	struct sd_names *after)
{
	struct sd_buf then = SD_BUF(arena), now = SD_BUF(arena);

	for (unsigned c = 0; c < table->n_columns; c++) {
		struct pg_column *old = pg_column(was, table->columns[c].id);
		const char *a, *b;

		if (!old || !survives(from, old, into, &table->columns[c], arena, &a, &b))
			continue;
		sd_buf_addf(&then, ", %s", a);
		sd_buf_addf(&now, ", %s", b);
	}
	*sd_push(arena, before) = sd_fmt(arena, "SELECT ROW(1%s)::text FROM %s ORDER BY 1",
		sd_buf_text(&then), sd_quote_name(pg, arena, was->name));
	*sd_push(arena, after) = sd_fmt(arena, "SELECT ROW(1%s)::text FROM %s ORDER BY 1",
		sd_buf_text(&now), sd_quote_name(pg, arena, table->name));
}

void
pg_survivors(struct pg_schema *from, struct pg_schema *into, struct sd_arena *arena,
	struct sd_names *before, struct sd_names *after)
{
	for (unsigned t = 0; t < into->n_tables; t++) {
		struct pg_table *was = pg_table(from, into->tables[t].id);

		if (was)
			surviving_table(
				from, was, into, &into->tables[t], arena, before, after);
	}
}
