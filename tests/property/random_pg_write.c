/* A random schema for PostgreSQL as a schema file. */
#include "core/base/emit.h"
#include "tests/property/random_pg.h"

static void
number(struct sd_emit *e, const char *key, int value)
{
	if (value)
		sd_emit_raw(e, key, sd_fmt(e->out->arena, "%d", value));
}

static void
flag(struct sd_emit *e, const char *key, bool value)
{
	if (value)
		sd_emit_bool(e, key, true);
}

static void
text(struct sd_emit *e, const char *key, const char *value)
{
	if (value && *value)
		sd_emit_text(e, key, value);
}

static void
comment(struct sd_emit *e, unsigned which)
{
	static const char *const comments[] = { "", "Who's \"that\"?", "two\nlines", "ünï $1" };

	text(e, "comment", comments[which]);
}

static void
deferrable(struct sd_emit *e, unsigned which)
{
	static const char *const words[] = { "", "immediate", "deferred" };

	text(e, "deferrable", words[which]);
}

static void
options(struct sd_emit *e, const struct pg_options *o)
{
	number(e, "start", o->start);
	number(e, "increment", o->increment);
	number(e, "min", o->min);
	number(e, "max", o->max);
	number(e, "cache", o->cache);
	flag(e, "cycle", o->cycle);
}

/* ---- columns --------------------------------------------------------------------------- */

static void
write_identity(struct sd_emit *e, const struct pg_column *column)
{
	static const char *const words[] = { "", "always", "by default" };

	if (!column->identity)
		return;
	sd_emit_open(e, "identity", '{', SD_EMIT_LINE);
	sd_emit_text(e, "generated", words[column->identity]);
	options(e, &column->options);
	sd_emit_close(e);
}

static void
write_generated(struct sd_emit *e, struct pg_schema *schema, struct pg_table *table,
	const struct pg_column *column)
{
	struct pg_column *source = column->source ? pg_column(table, column->source) : NULL;

	if (!source)
		return;
	sd_emit_open(e, "generated", '{', SD_EMIT_LINE);
	sd_emit_text(e, "as",
		pg_text(e->out->arena, pg_type_of(schema, source)->derived, source->name, 0));
	sd_emit_bool(e, "stored", !column->virtual);
	sd_emit_close(e);
}

static void
write_tuning(struct sd_emit *e, const struct pg_schema *schema, const struct pg_column *column)
{
	bool named = column->null_name && column->not_null && schema->version >= 180000;
	static const char *const storages[] = { "", "plain", "external", "extended", "main" };

	if (!column->storage && !column->compression && !column->statistics && !named)
		return;
	sd_emit_open(e, "postgresql", '{', SD_EMIT_LINE);
	text(e, "storage", storages[column->storage]);
	text(e, "compression", column->compression ? "pglz" : "");
	number(e, "statistics", column->statistics == 1 ? -1 : (int)column->statistics);
	if (named)
		sd_emit_text(e, "not_null_name",
			sd_fmt(e->out->arena, "n %u %u", column->null_name, column->id));
	sd_emit_close(e);
}

static void
write_column(struct sd_emit *e, struct pg_schema *schema, struct pg_table *table,
	struct pg_column *column)
{
	static const char *const collations[] = { "", "C", "POSIX" };
	struct sd_arena *arena = e->out->arena;

	sd_emit_open(e, column->name, '{', SD_EMIT_LINE);
	sd_emit_text(e, "type", pg_type_text(schema, column, arena));
	if (column->not_null)
		sd_emit_bool(e, "nullable", false);
	text(e, "default", pg_default(schema, column, arena));
	write_generated(e, schema, table, column);
	write_identity(e, column);
	text(e, "collation", collations[column->collation]);
	comment(e, column->comment);
	text(e, "backfill", column->backfill ? pg_filler(schema, column, arena) : "");
	text(e, "renamed_from", column->old);
	write_tuning(e, schema, column);
	flag(e, "unique", column->unique);
	flag(e, "index", column->index);
	text(e, "check",
		column->check ? pg_condition(schema, column, column->form, arena) : "");
	sd_emit_close(e);
}

/* ---- parts ----------------------------------------------------------------------------- */

static const char *
opclass(const struct pg_type *type, const struct pg_part *part)
{
	if (!part->opclass)
		return "";
	if (part->method == 2 && type->family == PG_JSON)
		return "jsonb_path_ops";
	if (part->method == 0 && type - pg_types == PG_TEXT_TYPE && part->kind != SD_EXCLUSION)
		return "text_pattern_ops";
	return "";
}

static void
write_part_column(struct sd_emit *e, struct pg_schema *schema, struct pg_part *part,
	struct pg_column *column)
{
	static const char *const nulls[] = { "", "first", "last" };
	const struct pg_type *type = pg_type_of(schema, column);
	const char *class = opclass(type, part);
	bool plain = part->method || part->kind != SD_INDEX;

	/* inet has an operator class for GiST that is not the default one */
	if (part->method == 3 && type->family == PG_ALONE && type->flags & PG_BRIN)
		class = "inet_ops";
	sd_emit_open(e, NULL, '{', SD_EMIT_LINE);
	if (part->expression && type->key)
		sd_emit_text(
			e, "expression", pg_text(e->out->arena, type->key, column->name, 0));
	else
		sd_emit_text(e, "name", column->name);
	if (part->kind == SD_EXCLUSION)
		sd_emit_text(e, "with", part->method == 3 ? "&&" : "=");
	text(e, "collation",
		part->collate && !part->expression && type->flags & PG_COLLATES &&
				part->method < 2 && part->kind == SD_INDEX
			? "C"
			: "");
	text(e, "opclass", class);
	if (!plain && part->desc)
		sd_emit_text(e, "order", "desc");
	text(e, "nulls", plain ? "" : nulls[part->nulls]);
	sd_emit_close(e);
}

static void
write_names(struct sd_emit *e, const char *key, struct pg_table *table, const unsigned *ids,
	unsigned n)
{
	sd_emit_open(e, key, '[', SD_EMIT_LINE);
	for (unsigned i = 0; i < n; i++)
		sd_emit_text(e, NULL, pg_column(table, ids[i])->name);
	sd_emit_close(e);
}

static void
write_where(struct sd_emit *e, struct pg_schema *schema, struct pg_table *table,
	const struct pg_part *part)
{
	struct pg_column *column = pg_column(table, part->columns[0]);

	if (part->where)
		sd_emit_text(
			e, "where", pg_condition(schema, column, part->form, e->out->arena));
}

/* Of the index behind a constraint. */
static void
write_own_index(struct sd_emit *e, const struct pg_part *part)
{
	static const char *const fills[] = { NULL, "80", "32" };
	static const char *const comments[] = { NULL, "", "of the \"index\"" };

	if (!part->with)
		return;
	sd_emit_open(e, "with", '{', SD_EMIT_LINE);
	sd_emit_raw(e, "fillfactor", fills[part->with]);
	sd_emit_close(e);
	sd_emit_text(e, "index_comment", comments[part->with]);
}

static void
write_key(struct sd_emit *e, struct pg_table *table, const struct pg_part *part)
{
	write_names(e, "columns", table, part->columns, part->n);
	if (part->include)
		write_names(e, "include", table, &part->include, 1);
	if (part->nulls_not_distinct && part->kind == SD_UNIQUE)
		sd_emit_bool(e, "nulls_distinct", false);
	write_own_index(e, part);
	deferrable(e, part->deferrable);
}

static void
write_reference(struct sd_emit *e, struct pg_schema *schema, struct pg_table *table,
	const struct pg_part *part)
{
	static const char *const actions[] = { "", "cascade", "set null", "restrict",
		"set default" };
	struct pg_table *to = pg_table(schema, part->to_table);
	struct pg_part *key = pg_part(to, part->to);

	write_names(e, "columns", table, part->columns, part->n);
	sd_emit_text(e, "table", to->name);
	if (part->said || key->kind != SD_PRIMARY_KEY)
		write_names(e, "ref_columns", to, key->columns, key->n);
	text(e, "on_delete", actions[part->on_delete]);
	text(e, "on_update", actions[part->on_update]);
	text(e, "match", part->match ? "full" : "");
	deferrable(e, part->deferrable);
	if (part->set_columns && part->on_delete % 2 == 0 && part->on_delete)
		write_names(e, "set_columns", table, part->columns, 1);
}

static void
write_state(struct sd_emit *e, const struct pg_part *part)
{
	if (part->not_valid)
		sd_emit_bool(e, "validated", false);
	if (part->not_enforced)
		sd_emit_bool(e, "enforced", false);
}

static void
write_index(struct sd_emit *e, struct pg_schema *schema, struct pg_table *table,
	struct pg_part *part)
{
	static const char *const methods[] = { "", "hash", "gin", "gist", "brin", "spgist" };
	static const char *const with[][2] = { { "fillfactor", "80" }, { "fillfactor", "70" },
		{ "fastupdate", "false" }, { "fillfactor", "60" }, { "pages_per_range", "64" },
		{ "fillfactor", "90" } };

	sd_emit_open(e, "columns", '[', SD_EMIT_LINE);
	for (unsigned i = 0; i < part->n; i++)
		write_part_column(e, schema, part, pg_column(table, part->columns[i]));
	sd_emit_close(e);
	flag(e, "unique", part->unique);
	text(e, "method", methods[part->method]);
	write_where(e, schema, table, part);
	if (part->include)
		write_names(e, "include", table, &part->include, 1);
	if (part->nulls_not_distinct)
		sd_emit_bool(e, "nulls_distinct", false);
	if (part->with) {
		sd_emit_open(e, "with", '{', SD_EMIT_LINE);
		sd_emit_raw(e, with[part->method][0],
			part->with == 1 || part->method == 2 ? with[part->method][1] : "32");
		sd_emit_close(e);
	}
	text(e, "tablespace", part->set_columns ? "pg_default" : "");
}

static void
write_exclusion(struct sd_emit *e, struct pg_schema *schema, struct pg_table *table,
	struct pg_part *part)
{
	sd_emit_open(e, "elements", '[', SD_EMIT_LINE);
	write_part_column(e, schema, part, pg_column(table, part->columns[0]));
	sd_emit_close(e);
	text(e, "method",
		part->method == 3                        ? "gist"
		: part->method == 1 && !part->expression ? "hash"
							 : "");
	write_where(e, schema, table, part);
	write_own_index(e, part);
	deferrable(e, part->deferrable);
}

static void
write_part(struct sd_emit *e, struct pg_schema *schema, struct pg_table *table,
	struct pg_part *part, bool listed)
{
	sd_emit_open(e, listed ? NULL : part->name, '{', SD_EMIT_LINE);
	if (listed)
		text(e, "name", part->name);
	switch (part->kind) {
	case SD_CHECK:
		sd_emit_text(e, "expression",
			pg_condition(schema, pg_column(table, part->columns[0]), part->form,
				e->out->arena));
		flag(e, "no_inherit", part->no_inherit);
		write_state(e, part);
		break;
	case SD_EXCLUSION:
		write_exclusion(e, schema, table, part);
		break;
	case SD_FOREIGN_KEY:
		write_reference(e, schema, table, part);
		write_state(e, part);
		break;
	case SD_INDEX:
		write_index(e, schema, table, part);
		break;
	default:
		write_key(e, table, part);
	}
	comment(e, part->comment);
	sd_emit_close(e);
}

static void
write_parts(
	struct sd_emit *e, struct pg_schema *schema, struct pg_table *table, enum sd_kind kind)
{
	bool listed = false, any = false;

	for (unsigned i = 0; i < table->n_parts; i++) {
		any |= table->parts[i].kind == kind;
		listed |= table->parts[i].kind == kind && !table->parts[i].name[0];
	}
	if (!any)
		return;
	sd_emit_open(e, sd_kinds[kind].section, listed ? '[' : '{', SD_EMIT_SPREAD);
	for (unsigned i = 0; i < table->n_parts; i++)
		if (table->parts[i].kind == kind)
			write_part(e, schema, table, &table->parts[i], listed);
	sd_emit_close(e);
}

/* ---- the rest -------------------------------------------------------------------------- */

static void
write_primary_key(struct sd_emit *e, struct pg_table *table)
{
	for (unsigned i = 0; i < table->n_parts; i++) {
		struct pg_part *part = &table->parts[i];

		if (part->kind != SD_PRIMARY_KEY)
			continue;
		sd_emit_open(e, "primary_key", '{', SD_EMIT_LINE);
		text(e, "name", part->name);
		write_key(e, table, part);
		comment(e, part->comment);
		sd_emit_close(e);
	}
}

static void
write_table_tuning(struct sd_emit *e, struct pg_table *table)
{
	static const char *const replicas[] = { "", "default", "full", "nothing" };

	sd_emit_open(e, "postgresql", '{', SD_EMIT_LINE);
	flag(e, "unlogged", table->unlogged);
	number(e, "fillfactor", (int)table->fillfactor);
	text(e, "tablespace", table->space ? "pg_default" : "");
	text(e, "access_method", table->heap ? "heap" : "");
	if (table->with) {
		sd_emit_open(e, "with", '{', SD_EMIT_LINE);
		sd_emit_bool(e, "autovacuum_enabled", false);
		if (table->with == 2)
			sd_emit_raw(e, "autovacuum_vacuum_threshold", "70");
		sd_emit_close(e);
	}
	if (table->replica > 4)
		sd_emit_text(e, "replica_identity",
			sd_fmt(e->out->arena, "index %s",
				pg_part(table, table->replica - 4)->name));
	else
		text(e, "replica_identity", replicas[table->replica]);
	if (table->cluster > 1)
		sd_emit_text(e, "cluster",
			sd_fmt(e->out->arena, "index %s",
				pg_part(table, table->cluster - 1)->name));
	else
		text(e, "cluster", table->cluster ? "none" : "");
	sd_emit_close(e);
}

static void
write_table(struct sd_emit *e, struct pg_schema *schema, struct pg_table *table)
{
	static const enum sd_kind kinds[] = { SD_UNIQUE, SD_CHECK, SD_EXCLUSION, SD_FOREIGN_KEY,
		SD_INDEX };

	sd_emit_open(e, table->name, '{', SD_EMIT_SPREAD);
	comment(e, table->comment);
	text(e, "renamed_from", table->old);
	sd_emit_open(e, "columns", '{', SD_EMIT_SPREAD);
	for (unsigned i = 0; i < table->n_columns; i++)
		write_column(e, schema, table, &table->columns[i]);
	sd_emit_close(e);
	write_primary_key(e, table);
	for (unsigned i = 0; i < SD_COUNT(kinds); i++)
		write_parts(e, schema, table, kinds[i]);
	write_table_tuning(e, table);
	sd_emit_close(e);
}

static void
write_enum(struct sd_emit *e, const struct pg_enum *of)
{
	sd_emit_open(e, of->name, '{', SD_EMIT_LINE);
	sd_emit_open(e, "values", '[', SD_EMIT_LINE);
	for (unsigned i = 0; i < of->n; i++) {
		if (!of->values[i].old[0]) {
			sd_emit_text(e, NULL, of->values[i].name);
			continue;
		}
		sd_emit_open(e, NULL, '{', SD_EMIT_LINE);
		sd_emit_text(e, "value", of->values[i].name);
		sd_emit_text(e, "renamed_from", of->values[i].old);
		sd_emit_close(e);
	}
	sd_emit_close(e);
	comment(e, of->comment);
	text(e, "renamed_from", of->old);
	sd_emit_close(e);
}

static void
write_sequence(struct sd_emit *e, struct pg_schema *schema, const struct pg_sequence *sequence)
{
	static const char *const types[] = { "", "smallint", "integer", "bigint" };
	struct pg_table *owner =
		sequence->owner ? pg_table(schema, sequence->owner_table) : NULL;

	sd_emit_open(e, sequence->name, '{', SD_EMIT_LINE);
	text(e, "type", types[sequence->type]);
	options(e, &sequence->options);
	if (owner)
		sd_emit_text(e, "owned_by",
			sd_fmt(e->out->arena, "%s.%s", owner->name,
				pg_column(owner, sequence->owner)->name));
	comment(e, sequence->comment);
	text(e, "renamed_from", sequence->old);
	sd_emit_close(e);
}

void
pg_write(struct pg_schema *schema, struct sd_buf *out)
{
	struct sd_emit e = SD_EMIT(out);

	sd_emit_open(&e, NULL, '{', SD_EMIT_SPREAD);
	sd_emit_open(&e, "enums", '{', SD_EMIT_SPREAD);
	for (unsigned i = 0; i < schema->n_enums; i++)
		write_enum(&e, &schema->enums[i]);
	sd_emit_close(&e);
	sd_emit_open(&e, "sequences", '{', SD_EMIT_SPREAD);
	for (unsigned i = 0; i < schema->n_sequences; i++)
		write_sequence(&e, schema, &schema->sequences[i]);
	sd_emit_close(&e);
	sd_emit_open(&e, "tables", '{', SD_EMIT_SPREAD);
	for (unsigned i = 0; i < schema->n_tables; i++)
		write_table(&e, schema, &schema->tables[i]);
	sd_emit_close(&e);
	sd_emit_close(&e);
	sd_emit_end(&e);
}
