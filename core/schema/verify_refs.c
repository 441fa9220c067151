/* Foreign keys: what they refer to must be there, and be a key. */
#include "core/base/text.h"
#include "core/schema/loader.h"

#include <string.h>

static bool
names_contain(const struct sd_dialect *dialect, const struct sd_names *names, const char *name)
{
	for (size_t i = 0; i < names->n; i++)
		if (sd_name_equal(dialect, names->at[i], name))
			return true;
	return false;
}

/* @parts are plain columns, the ones of @names in any order. */
static bool
same_columns(const struct sd_dialect *dialect, const struct sd_parts *parts,
	const struct sd_names *names)
{
	if (parts->n != names->n)
		return false;
	for (size_t i = 0; i < parts->n; i++)
		if (!parts->at[i].name || !names_contain(dialect, names, parts->at[i].name))
			return false;
	return true;
}

/* The database can tell by a key that at most one row has these values. */
static bool
is_unique(const struct sd_dialect *dialect, const struct sd_table *table,
	const struct sd_names *columns)
{
	static const enum sd_kind kinds[] = { SD_PRIMARY_KEY, SD_UNIQUE };
	const struct sd_list *indexes = &table->rel.parts[SD_INDEX];

	for (size_t k = 0; k < SD_COUNT(kinds); k++) {
		const struct sd_list *list = &table->rel.parts[kinds[k]];

		for (size_t i = 0; i < list->n; i++)
			if (same_columns(dialect,
				    &((const struct sd_key *)list->at[i])->columns, columns))
				return true;
	}
	for (size_t i = 0; i < indexes->n; i++) {
		const struct sd_index *index = (const struct sd_index *)indexes->at[i];

		if (index->unique && !index->where &&
			same_columns(dialect, &index->columns, columns))
			return true;
	}
	return false;
}

static const char *
joined(struct sd_arena *arena, const struct sd_names *names)
{
	struct sd_buf out = SD_BUF(arena);

	for (size_t i = 0; i < names->n; i++)
		sd_buf_addf(&out, "%s%s", i ? ", " : "", names->at[i]);
	return sd_buf_text(&out);
}

static void
check_own_columns(
	struct sd_loader *l, const struct sd_foreign_key *fk, const struct sd_names *names)
{
	const struct sd_object *table = fk->o.parent;

	for (size_t i = 0; i < names->n; i++) {
		if (!sd_column_find(l->dialect, table, names->at[i]))
			sd_verify_no_column(l, &fk->o, table, names->at[i]);
		for (size_t j = 0; j < i; j++)
			if (sd_name_equal(l->dialect, names->at[i], names->at[j]))
				sd_error(l->diags, fk->o.pos, "%s lists column %s twice",
					sd_object_title(l->scratch, &fk->o), names->at[i]);
	}
}

static void
check_referenced(
	struct sd_loader *l, const struct sd_foreign_key *fk, const struct sd_table *table)
{
	const struct sd_names *columns = &fk->ref_columns;
	bool missing = false;

	for (size_t i = 0; i < columns->n; i++) {
		if (sd_column_find(l->dialect, &table->rel.o, columns->at[i]))
			continue;
		sd_verify_no_column(l, &fk->o, &table->rel.o, columns->at[i]);
		missing = true;
	}
	if (missing || is_unique(l->dialect, table, columns))
		return;
	sd_warn(l->diags, fk->o.pos,
		"%s refers to %s (%s), which is neither a primary key nor "
		"unique",
		sd_object_title(l->scratch, &fk->o), table->rel.o.name,
		joined(l->scratch, columns));
}

static void
check_target(struct sd_loader *l, const struct sd_foreign_key *fk, const struct sd_table *table)
{
	const char *title = sd_object_title(l->scratch, &fk->o);
	bool elsewhere = !table && fk->table_ns && !sd_text_equal(fk->table_ns, fk->o.parent->ns);

	if (elsewhere && fk->ref_columns.n)
		return; /* in a namespace that is not managed */
	if (elsewhere) {
		sd_error(l->diags, fk->o.pos,
			"%s refers to %s.%s, which no file defines: name its columns", title,
			fk->table_ns, fk->table);
		return;
	}
	if (!table) {
		sd_error(l->diags, fk->o.pos, "%s refers to table %s, which no file defines",
			title, fk->table);
		if (!sd_verify_nearest(l, &l->schema->objects[SD_TABLE], fk->table))
			sd_hint(l->diags,
				"a table that is made elsewhere is written "
				"\"%s\": { \"managed\": false }",
				fk->table);
		return;
	}
	if (!fk->ref_columns.n) {
		if (!(table->rel.o.flags & SD_OBJ_UNMANAGED))
			sd_error(l->diags, fk->o.pos,
				"%s names no column of %s, which has no primary key", title,
				table->rel.o.name);
		return;
	}
	if (fk->ref_columns.n != fk->columns.n)
		sd_error(l->diags, fk->o.pos, "%s has %u columns but refers to %u: %s (%s)",
			title, fk->columns.n, fk->ref_columns.n, table->rel.o.name,
			joined(l->scratch, &fk->ref_columns));
	if (!(table->rel.o.flags & SD_OBJ_UNMANAGED))
		check_referenced(l, fk, table);
}

void
sd_verify_foreign_keys(struct sd_loader *l, const struct sd_object *table)
{
	const struct sd_list *list =
		&((const struct sd_relation *)table)->parts[SD_FOREIGN_KEY];

	for (size_t i = 0; i < list->n; i++) {
		const struct sd_foreign_key *fk = (const struct sd_foreign_key *)list->at[i];

		check_own_columns(l, fk, &fk->columns);
		check_own_columns(l, fk, &fk->set_columns);
		if (fk->table)
			check_target(
				l, fk, sd_schema_table(l->schema, fk->table_ns, fk->table));
	}
}
