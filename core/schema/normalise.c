/* What follows from the rest of a model.  Both models pass through here, so a rule that
 * stands here can't make a difference between them. */
#include "core/base/text.h"
#include "core/schema/loader.h"
#include "core/sql/lex.h"

#include <string.h>

/* ---- foreign keys ------------------------------------------------------------------- */

/* The columns of the primary key of the table that @fk refers to. */
static void
fill_references(struct sd_schema *schema, struct sd_foreign_key *fk)
{
	const struct sd_table *table =
		fk->table ? sd_schema_table(schema, fk->table_ns, fk->table) : NULL;
	const struct sd_key *pk = table ? sd_table_pk(table) : NULL;

	if (fk->ref_columns.n || !pk)
		return;
	for (size_t i = 0; i < pk->columns.n; i++)
		if (pk->columns.at[i].name)
			*sd_push(schema->arena, &fk->ref_columns) = pk->columns.at[i].name;
}

/* An unqualified name means the table of the file's own namespace, else that of the default one;
 * "billing.invoices" says where the table is, if no table is called that. */
static void
resolve(const struct sd_schema *schema, struct sd_foreign_key *fk)
{
	const char *ns = fk->o.parent->ns, *dot;

	if (schema->dialect->traits & SD_TRAIT_ONE_NAMESPACE || !fk->table || fk->table_ns)
		return;
	if (sd_schema_table(schema, ns, fk->table)) {
		fk->table_ns = ns;
		return;
	}
	dot = strchr(fk->table, '.');
	if (sd_schema_table(schema, NULL, fk->table) || !dot || dot == fk->table || !dot[1])
		return;
	fk->table_ns = sd_strndup(schema->arena, fk->table, (size_t)(dot - fk->table));
	fk->table = dot + 1;
}

void
sd_loader_resolve(struct sd_schema *schema)
{
	const struct sd_list *tables = &schema->objects[SD_TABLE];

	for (size_t i = 0; i < tables->n; i++) {
		const struct sd_list *keys = sd_parts_of(tables->at[i], SD_FOREIGN_KEY);

		for (size_t j = 0; j < keys->n; j++)
			resolve(schema, (struct sd_foreign_key *)keys->at[j]);
	}
}

void
sd_normalise_references(struct sd_schema *schema)
{
	const struct sd_list *tables = &schema->objects[SD_TABLE];

	for (size_t i = 0; i < tables->n; i++) {
		const struct sd_list *keys = sd_parts_of(tables->at[i], SD_FOREIGN_KEY);

		for (size_t j = 0; j < keys->n; j++)
			fill_references(schema, (struct sd_foreign_key *)keys->at[j]);
	}
}

/* ---- primary keys ------------------------------------------------------------------- */

struct sd_column *
sd_normalise_sole_pk(const struct sd_schema *schema, const struct sd_table *table)
{
	const struct sd_key *pk = sd_table_pk(table);

	if (!pk || pk->columns.n != 1 || !pk->columns.at[0].name)
		return NULL;
	return sd_column_find(schema->dialect, &table->rel.o, pk->columns.at[0].name);
}

static void
pk_not_null(const struct sd_schema *schema, const struct sd_table *table)
{
	const struct sd_key *pk = sd_table_pk(table);

	for (size_t i = 0; pk && i < pk->columns.n; i++) {
		const char *name = pk->columns.at[i].name;
		struct sd_column *column =
			name ? sd_column_find(schema->dialect, &table->rel.o, name) : NULL;

		if (column)
			column->not_null = true;
	}
}

/* https://www.sqlite.org/lang_createtable.html#rowid: only the type INTEGER, and not
 * with DESC in the column's own definition (which is where a DESC here comes from). */
static void
sqlite_primary_key(const struct sd_schema *schema, const struct sd_table *table)
{
	const struct sd_key *pk = sd_table_pk(table);
	struct sd_column *column = sd_normalise_sole_pk(schema, table);
	bool can_alias = column && !table->without_rowid && !pk->columns.at[0].desc;

	if (can_alias && column->identity) {
		column->type = "INTEGER";
		column->identity = NULL;
	}
	if (can_alias && sd_text_iequal(column->type, "INTEGER")) {
		column->rowid_alias = true;
		column->not_null = false;
		column->null_said = false;
		column->on_conflict = NULL;
	} else if (table->without_rowid || table->strict) {
		pk_not_null(schema, table);
	}
}

/* ---- columns and their use ---------------------------------------------------------- */

/* What numbers its rows itself never is NULL: identity, and serial, which is short for NOT NULL
 * too. */
static bool
numbers(const struct sd_dialect *dialect, struct sd_arena *scratch,
	const struct sd_column *column)
{
	const char *type;

	if (dialect->traits & SD_TRAIT_ROWID)
		return false;
	if (column->identity)
		return true;
	if (!column->type || !strpbrk(column->type, "sS"))
		return false;
	type = sd_type_canonical(dialect, scratch, column->type);
	return strcmp(type, "bigserial") == 0 || strcmp(type, "serial") == 0 ||
	       strcmp(type, "smallserial") == 0;
}

/* Options that are what the engine takes anyway say nothing
 * (https://www.postgresql.org/docs/current/sql-createsequence.html). */
static void
normalise_sequence(
	struct sd_sequence_options *o, const char *type, struct sd_arena *scratch)
{
	static const struct {
		const char *type, *min, *max;
	} rows[] = {
		{ "smallint", "-32768", "32767" },
		{ "smallserial", "-32768", "32767" },
		{ "integer", "-2147483648", "2147483647" },
		{ "serial", "-2147483648", "2147483647" },
		{ "bigint", "-9223372036854775808", "9223372036854775807" },
	};
	bool falls = o->increment && *o->increment == '-';
	const char *min = falls ? rows[SD_COUNT(rows) - 1].min : "1";
	const char *max = falls ? "-1" : rows[SD_COUNT(rows) - 1].max, *start;

	type = type ? sd_type_canonical(&sd_dialect_postgresql, scratch, type) : "bigint";
	for (size_t i = 0; i < SD_COUNT(rows); i++) {
		if (strcmp(rows[i].type, type) != 0)
			continue;
		min = falls ? rows[i].min : "1";
		max = falls ? "-1" : rows[i].max;
	}
	if (sd_text_equal(o->min, min))
		o->min = NULL;
	if (sd_text_equal(o->max, max))
		o->max = NULL;
	start = falls ? (o->max ? o->max : max) : o->min ? o->min : min;
	if (sd_text_equal(o->start, start))
		o->start = NULL;
	if (sd_text_equal(o->increment, "1"))
		o->increment = NULL;
	if (sd_text_equal(o->cache, "1"))
		o->cache = NULL;
}

/* The name in @type as the engine takes it: bare words fold, quotes are none of it. */
static const char *
bare_type(const struct sd_dialect *dialect, struct sd_arena *scratch, const char *type)
{
	const char *name = sd_type_unmodified(dialect, scratch, type);
	size_t len = strcspn(name, "[");
	const char *text = sd_strndup(scratch, name, len);
	struct sd_lex lex;
	struct sd_tok tok;

	sd_lex_init(&lex, dialect->lex, text, len);
	tok = sd_lex_next_solid(&lex);
	return sd_lex_next_solid(&lex).kind == SD_TOK_END ? sd_tok_value(scratch, text, tok) : text;
}

/* A type of a file means the enum of the file's own namespace, if it has one of that name. */
static void
resolve_type(
	const struct sd_schema *schema, struct sd_column *column, struct sd_arena *scratch)
{
	const char *ns = column->o.parent->ns, *name;

	if (!ns || !column->type || !column->o.pos.file)
		return;
	name = sd_strndup(scratch, column->type, strcspn(column->type, "["));
	if (!sd_schema_find(schema, SD_ENUM, ns, name))
		name = bare_type(schema->dialect, scratch, column->type);
	if (sd_schema_find(schema, SD_ENUM, ns, name))
		column->type = sd_fmt(schema->arena, "%s.%s%s",
			sd_quote_name(schema->dialect, schema->arena, ns),
			sd_quote_name(schema->dialect, schema->arena, name),
			strchr(column->type, '[') ? "[]" : "");
}

static void
normalise_column(
	const struct sd_schema *schema, struct sd_column *column, struct sd_arena *scratch)
{
	resolve_type(schema, column, scratch);
	column->numbers = numbers(schema->dialect, scratch, column);
	column->not_null |= column->numbers;
	if (column->identity && column->rare)
		normalise_sequence(&column->rare->identity, column->type, scratch);
	if (sd_text_iequal(column->deflt, "null"))
		column->deflt = NULL;
	if (schema->dialect->default_collation &&
		sd_text_iequal(column->collation, schema->dialect->default_collation))
		column->collation = NULL;
}

/* A collation that the column has anyway, and an order of NULLs that the engine has anyway
 * (or doesn't know), say nothing. */
static void
normalise_part(
	const struct sd_schema *schema, const struct sd_object *table, struct sd_part *part)
{
	const struct sd_column *column;
	const char *collation = schema->dialect->default_collation;

	if (schema->dialect->traits & SD_TRAIT_PLAIN_PARTS) {
		part->nulls = NULL;
		part->opclass = NULL;
	} else if (part->nulls && strcmp(part->nulls, part->desc ? "first" : "last") == 0) {
		part->nulls = NULL;
	}
	if (!part->collation || !part->name)
		return;
	column = sd_column_find(schema->dialect, table, part->name);
	if (column && column->collation)
		collation = column->collation;
	if (column && collation && sd_name_equal(schema->dialect, part->collation, collation))
		part->collation = NULL;
}

static void
normalise_parts(const struct sd_schema *schema, struct sd_object *object)
{
	const struct sd_kind_desc *desc = &sd_kinds[object->kind];

	if (object->kind == SD_INDEX &&
		sd_text_iequal(((struct sd_index *)object)->method, "btree"))
		((struct sd_index *)object)->method = NULL;
	if (object->kind == SD_EXCLUSION &&
		sd_text_iequal(((struct sd_exclusion *)object)->method, "btree"))
		((struct sd_exclusion *)object)->method = NULL;

	for (size_t i = 0; i < desc->n_fields; i++) {
		struct sd_parts *parts;

		if (desc->fields[i].type != SD_F_PARTS)
			continue;
		parts = sd_field_at(object, &desc->fields[i], struct sd_parts);
		for (size_t j = 0; j < parts->n; j++)
			normalise_part(schema, object->parent, &parts->at[j]);
	}
}

/* ---- names -------------------------------------------------------------------------- */

/* The key of a check is not in the database: a name is the convention's when what stands in
 * the key's place is a column of the table. */
static bool
has_column_key(const struct sd_schema *schema, const struct sd_naming *naming,
	struct sd_arena *scratch, const struct sd_object *check)
{
	const char *name = sd_naming_apply(naming, schema->dialect, scratch, check, "\x01");
	const char *gap = strchr(name, '\x01');
	size_t before, behind, len = strlen(check->name);

	if (!gap || strchr(gap + 1, '\x01'))
		return false;
	before = (size_t)(gap - name);
	behind = strlen(gap + 1);
	if (len <= before + behind ||
		!sd_name_equal(schema->dialect, sd_strndup(scratch, check->name, before),
			sd_strndup(scratch, name, before)) ||
		!sd_name_equal(schema->dialect, check->name + len - behind, gap + 1))
		return false;
	return sd_column_find(schema->dialect, check->parent,
		       sd_strndup(scratch, check->name + before, len - before - behind)) !=
	       NULL;
}

static void
flag_conventional(const struct sd_schema *schema, const struct sd_naming *naming,
	struct sd_arena *scratch, struct sd_object *object)
{
	object->flags &= ~(unsigned)SD_OBJ_CONVENTIONAL;
	if (!object->name || !sd_kinds[object->kind].convention)
		return;
	if (sd_name_equal(schema->dialect, object->name,
		    sd_naming_apply(naming, schema->dialect, scratch, object, NULL)) ||
		(object->kind == SD_CHECK && has_column_key(schema, naming, scratch, object)))
		object->flags |= SD_OBJ_CONVENTIONAL;
}

/* ------------------------------------------------------------------------------------- */

/* Parameters of the table for long values say nothing where there is none: no column's values
 * can get long. */
static void
drop_toast(const struct sd_schema *schema, struct sd_table *table, struct sd_arena *scratch)
{
	const struct sd_list *columns = &table->rel.parts[SD_COLUMN];
	uint32_t kept = 0;

	if (!schema->dialect->storage || !table->with.n)
		return;
	for (size_t i = 0; i < columns->n; i++) {
		const char *type = ((const struct sd_column *)columns->at[i])->type;

		if (!sd_text_equal(schema->dialect->storage(scratch, type ? type : ""), "plain"))
			return;
	}
	for (size_t i = 0; i < table->with.n; i++)
		if (!sd_text_starts(table->with.at[i], "toast."))
			table->with.at[kept++] = table->with.at[i];
	table->with.n = kept;
}

static void
normalise_table(const struct sd_schema *schema, const struct sd_naming *naming,
	struct sd_table *table, struct sd_arena *scratch)
{
	const struct sd_list *columns = &table->rel.parts[SD_COLUMN];

	for (size_t i = 0; i < columns->n; i++)
		normalise_column(schema, (struct sd_column *)columns->at[i], scratch);
	drop_toast(schema, table, scratch);
	if (schema->dialect->traits & SD_TRAIT_ROWID)
		sqlite_primary_key(schema, table);
	else
		pk_not_null(schema, table);
	for (int kind = SD_COLUMN + 1; kind < SD_N_PARTS; kind++) {
		const struct sd_list *list = &table->rel.parts[kind];

		for (size_t i = 0; i < list->n; i++) {
			normalise_parts(schema, list->at[i]);
			flag_conventional(schema, naming, scratch, list->at[i]);
		}
	}
}

static void
normalise_sequences(struct sd_schema *schema)
{
	const struct sd_list *list = &schema->objects[SD_SEQUENCE];
	struct sd_arena *scratch = sd_arena_new();

	for (size_t i = 0; i < list->n; i++) {
		struct sd_sequence *sequence = (struct sd_sequence *)list->at[i];

		if (sequence->type && strcmp(sd_type_canonical(schema->dialect, scratch,
						     sequence->type),
					      "bigint") == 0)
			sequence->type = NULL;
		normalise_sequence(&sequence->options, sequence->type, scratch);
	}
	sd_arena_free(scratch);
}

void
sd_schema_normalise(struct sd_schema *schema, const struct sd_naming *naming)
{
	const struct sd_list *tables = &schema->objects[SD_TABLE];
	struct sd_arena *scratch = NULL;

	sd_schema_index(schema);
	sd_normalise_references(schema);
	normalise_sequences(schema);
	for (size_t i = 0; i < tables->n; i++) {
		/* There may be thousands: a few tables' scratch at a time. */
		if (i % 64 == 0) {
			sd_arena_free(scratch);
			scratch = sd_arena_new();
		}
		normalise_table(schema, naming, (struct sd_table *)tables->at[i], scratch);
	}
	sd_arena_free(scratch);
}
