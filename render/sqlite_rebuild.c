/* The rebuild of a table: a copy with the wanted definition, filled, checked, put in its place.
 *
 * The order is that of https://www.sqlite.org/lang_altertable.html#otheralter, and what it
 * leaves to the reader: foreign keys are off before the transaction (the part's directive), so
 * DROP TABLE deletes no row of a child; legacy_alter_table is on for the one rename, so other
 * tables' references, views and triggers stay as they are; rowids, the AUTOINCREMENT counter
 * and ANALYZE's statistics are carried over; guards stop the script before anything is lost. */
#include "core/base/text.h"
#include "render/sqlite.h"

#include <string.h>

struct rebuild {
	struct sd_sqlite_part *part;
	struct sd_arena *arena;
	const struct sd_change *change;
	const struct sd_table *from, *into;
	const char *old, *copy; /* quoted names */
	const char *copy_name;  /* bare */
	const char *rowid_from,
		*rowid_into; /* names of the rowid, NULL = none or no name left */
	struct sd_buf columns, values;
};

const char *
sd_sqlite_copy_name(struct sd_arena *arena, const char *table)
{
	return sd_fmt(arena, "schemadiff_new_%s", table);
}

const char *
sd_sqlite_zero(const struct sd_column *column)
{
	static const struct {
		const char *part, *value;
	} kinds[] = {
		{ "int", "0" },
		{ "char", "''" },
		{ "clob", "''" },
		{ "text", "''" },
		{ "blob", "x''" },
		{ "timestamp", "'1970-01-01 00:00:00'" },
		{ "datetime", "'1970-01-01 00:00:00'" },
		{ "date", "'1970-01-01'" },
	};
	struct sd_arena *scratch = sd_arena_new();
	const char *type = sd_text_lower(scratch, column->type ? column->type : "");
	const char *value = *type ? "0" : "''";

	for (size_t i = 0; i < SD_COUNT(kinds); i++) {
		if (strstr(type, kinds[i].part)) {
			value = kinds[i].value;
			break;
		}
	}
	sd_arena_free(scratch);
	return value;
}

/* The name by which @table's rowid can be read: the first that is no column. */
static const char *
rowid_name(const struct sd_table *table)
{
	static const char *const names[] = { "rowid", "_rowid_", "oid" };

	for (size_t i = 0; !table->without_rowid && i < SD_COUNT(names); i++)
		if (!sd_column_find(&sd_dialect_sqlite, &table->rel.o, names[i]))
			return names[i];
	return NULL;
}

static const struct sd_column *
rowid_column(const struct sd_table *table)
{
	const struct sd_list *columns = &table->rel.parts[SD_COLUMN];

	for (size_t i = 0; i < columns->n; i++)
		if (((const struct sd_column *)columns->at[i])->rowid_alias)
			return (const struct sd_column *)columns->at[i];
	return NULL;
}

/* ---- the copy ------------------------------------------------------------------- */

static void
copy_value(struct rebuild *r, const char *column, const char *value)
{
	sd_buf_sep(&r->columns, ", ");
	sd_buf_add(&r->columns, column);
	sd_buf_sep(&r->values, ", ");
	sd_buf_add(&r->values, value);
}

static bool
type_changes(
	const struct rebuild *r, const struct sd_column *from, const struct sd_column *into)
{
	const struct sd_field *type = sd_field_find(SD_COLUMN, "type");

	return from->rowid_alias != into->rowid_alias ||
	       !sd_field_equal(r->part->dialect, r->arena, type, &from->o, &into->o);
}

/* What goes into @column for the rows that exist; NULL = nothing: its default does. */
static const char *
value_of(const struct rebuild *r, const struct sd_column *column)
{
	const struct sd_column *from = (const struct sd_column *)column->o.twin;
	const char *fill = sd_sqlite_fill(r->part->plan, r->arena, column), *name;

	if (!from) {
		if (column->backfill)
			return sd_fmt(r->arena, "(%s)", column->backfill);
		if (column->rowid_alias)
			return r->rowid_from;
		return column->deflt ? NULL : fill;
	}
	name = sd_sqlite_name(r->arena, from->o.name);
	if (column->convert && type_changes(r, from, column))
		return sd_fmt(r->arena, "(%s)", column->convert);
	name = sd_sqlite_renamed_values(r->part, r->change, &from->o, name);
	if (column->not_null && !from->not_null && !from->rowid_alias && fill)
		return sd_fmt(r->arena, "coalesce(%s, (%s))", name, fill);
	return name;
}

static void
list_columns(struct rebuild *r)
{
	const struct sd_list *columns = &r->into->rel.parts[SD_COLUMN];
	bool aliased = rowid_column(r->into) != NULL;

	if (!aliased && r->rowid_into && r->rowid_from)
		copy_value(r, r->rowid_into, r->rowid_from);
	for (size_t i = 0; i < columns->n; i++) {
		const struct sd_column *column = (const struct sd_column *)columns->at[i];
		const char *value = column->generated ? NULL : value_of(r, column);

		if (value)
			copy_value(r, sd_sqlite_name(r->arena, column->o.name), value);
	}
	if (!r->columns.n) /* every column is new and has a default: keep the number of rows */
		copy_value(r, r->rowid_into ? r->rowid_into : "rowid",
			r->rowid_from ? r->rowid_from : "NULL");
}

/* ---- guards --------------------------------------------------------------------- */

/* Why rows could come to hold NULL in @column, which allows none; NULL = they can't. */
static const char *
null_reason(const struct rebuild *r, const struct sd_column *column)
{
	const struct sd_column *from = (const struct sd_column *)column->o.twin;
	const char *fill = sd_sqlite_fill(r->part->plan, r->arena, column);

	if (column->generated || !(column->not_null || column->rowid_alias))
		return NULL;
	if (!from)
		return column->rowid_alias ? NULL
		       : column->backfill  ? "the backfill of %s.%s gives NULL"
		       : fill              ? NULL
					   : "rows of %s have no value for %s";
	if (column->convert && type_changes(r, from, column))
		return "what converts %s.%s gives NULL";
	if (from->rowid_alias || from->not_null ||
		(fill && sd_sqlite_is_literal(fill) && !sd_text_iequal(fill, "null")))
		return NULL;
	return "%s.%s holds NULL";
}

static void
guard_nulls(struct rebuild *r)
{
	const struct sd_list *columns = &r->into->rel.parts[SD_COLUMN];

	for (size_t i = 0; i < columns->n; i++) {
		const struct sd_column *column = (const struct sd_column *)columns->at[i];
		const char *reason = null_reason(r, column);
		const char *value = reason ? value_of(r, column) : NULL;
		struct sd_buf message = SD_BUF(r->arena);

		if (!reason)
			continue;
		sd_buf_addf(&message, reason, r->into->rel.o.name, column->o.name);
		sd_sqlite_guard(r->part, sd_buf_text(&message),
			value ? sd_fmt(r->arena, "SELECT * FROM %s WHERE %s IS NULL", r->old,
					value)
			      : sd_fmt(r->arena, "SELECT * FROM %s", r->old));
	}
}

/* The columns of a new key, if all of them are there already and only copied. */
static bool
copied_columns(const struct rebuild *r, const struct sd_key *key, struct sd_names *names)
{
	for (size_t i = 0; i < key->columns.n; i++) {
		const struct sd_column *column = sd_column_find(
			r->part->dialect, &r->into->rel.o, key->columns.at[i].name);

		if (!column || !column->o.twin || (column->o.flags & SD_OBJ_CHANGED))
			return false;
		*sd_push(r->arena, names) = column->o.twin->name;
	}
	return true;
}

static void
guard_key(struct rebuild *r, const struct sd_key *key)
{
	struct sd_names names = { 0 };
	struct sd_buf present = SD_BUF(r->arena);
	const char *columns;

	if (!copied_columns(r, key, &names))
		return;
	columns = sd_sqlite_names(r->arena, &names);
	for (size_t i = 0; i < names.n; i++) {
		sd_buf_sep(&present, " AND ");
		sd_buf_addf(&present, "%s IS NOT NULL", sd_sqlite_name(r->arena, names.at[i]));
	}
	sd_sqlite_guard(r->part,
		sd_fmt(r->arena, "%s (%s) holds duplicates", r->into->rel.o.name, columns),
		sd_fmt(r->arena, "SELECT %s FROM %s WHERE %s\nGROUP BY %s HAVING count(*) > 1",
			columns, r->old, sd_buf_text(&present), columns));
}

static bool
changes_columns(const struct sd_change *change)
{
	const struct sd_field *columns = sd_field_find(change->kind, "columns");

	return change->op == SD_OP_ALTER &&
	       (change->fields & UINT64_C(1) << (columns - sd_kinds[change->kind].fields)) != 0;
}

/* The engine would say so too, but of the copy, and without a row. */
static void
guard_duplicates(struct rebuild *r)
{
	for (size_t i = 0; i < r->change->members->n; i++) {
		const struct sd_change *change = r->change->members->at[i];

		if ((change->kind == SD_UNIQUE || change->kind == SD_PRIMARY_KEY) &&
			(change->op == SD_OP_ADD || changes_columns(change)))
			guard_key(r, (const struct sd_key *)change->into);
	}
}

static const char *
affinity(struct sd_arena *arena, const struct sd_column *column)
{
	const char *type = sd_text_lower(arena, column->type ? column->type : "");

	if (column->rowid_alias || strstr(type, "int"))
		return "integer";
	if (strstr(type, "char") || strstr(type, "clob") || strstr(type, "text"))
		return "text";
	if (strstr(type, "blob") || !*type)
		return "blob";
	if (strstr(type, "real") || strstr(type, "floa") || strstr(type, "doub"))
		return "real";
	return "numeric";
}

/* `n.id = o.id`: how a row of the copy and its origin find each other, or NULL. */
static const char *
row_match(const struct rebuild *r)
{
	const struct sd_key *pk = sd_table_pk(r->into);
	struct sd_buf out = SD_BUF(r->arena);

	if (r->rowid_into && r->rowid_from &&
		!(rowid_column(r->into) && !rowid_column(r->from)))
		return sd_fmt(r->arena, "n.%s = o.%s", r->rowid_into, r->rowid_from);
	for (size_t i = 0; pk && i < pk->columns.n; i++) {
		const struct sd_column *column = sd_column_find(
			r->part->dialect, &r->into->rel.o, pk->columns.at[i].name);

		if (!column || !column->o.twin)
			return NULL;
		sd_buf_sep(&out, " AND ");
		sd_buf_addf(&out, "n.%s = o.%s", sd_sqlite_name(r->arena, column->o.name),
			sd_sqlite_name(r->arena, column->o.twin->name));
	}
	return out.n ? sd_buf_text(&out) : NULL;
}

/* Values that the new type's affinity would change are compared as text: '7' may become 7,
 * '007' may not.  5 and 5.0 are the same number. */
static void
guard_losses(struct rebuild *r)
{
	const struct sd_list *columns = &r->into->rel.parts[SD_COLUMN];
	const char *match = row_match(r);

	for (size_t i = 0; i < columns->n; i++) {
		const struct sd_column *column = (const struct sd_column *)columns->at[i];
		const struct sd_column *from = (const struct sd_column *)column->o.twin;
		const char *n, *o, *real = "";

		if (!from || column->generated || from->generated || column->convert ||
			strcmp(affinity(r->arena, from), affinity(r->arena, column)) == 0)
			continue;
		if (!match)
			continue;
		n = sd_fmt(r->arena, "n.%s", sd_sqlite_name(r->arena, column->o.name));
		o = sd_fmt(r->arena, "o.%s", sd_sqlite_name(r->arena, from->o.name));
		if (strcmp(affinity(r->arena, column), "real") == 0)
			real = sd_fmt(r->arena,
				"\n  AND NOT (typeof(%s) = 'real' AND CAST(CAST(%s AS INTEGER) "
				"AS "
				"TEXT) IS CAST(%s AS TEXT))",
				n, n, o);
		sd_sqlite_guard(r->part,
			sd_fmt(r->arena, "%s.%s holds values that %s would change",
				r->from->rel.o.name, from->o.name,
				*column->type ? column->type : "no type"),
			sd_fmt(r->arena,
				"SELECT %s FROM %s AS n JOIN %s AS o ON %s\n"
				"WHERE %s IS NOT NULL AND +%s IS NOT +%s COLLATE BINARY\n"
				"  AND (CAST(%s AS TEXT) IS NOT CAST(%s AS TEXT) COLLATE "
				"BINARY\n"
				"    OR typeof(%s) = 'real' AND CAST(%s AS REAL) IS NOT +%s)%s",
				o, r->copy, r->old, match, o, n, o, n, o, o, n, o, real));
	}
}

static void
guard_count(struct rebuild *r)
{
	sd_sqlite_guard(r->part,
		sd_fmt(r->arena, "rows of %s were lost in the copy", r->from->rel.o.name),
		sd_fmt(r->arena,
			"SELECT 1 WHERE (SELECT count(*) FROM %s) <> (SELECT count(*) FROM %s)",
			r->copy, r->old));
}

/* ---- what goes with a table ----------------------------------------------------- */

static const char *
text(const struct rebuild *r, const char *value)
{
	return sd_quote_text(r->part->dialect, r->arena, value);
}

static void
carry_sequence(struct rebuild *r)
{
	const struct sd_column *from = rowid_column(r->from), *into = rowid_column(r->into);

	if (!from || !into || !from->autoincrement || !into->autoincrement)
		return;
	sd_sqlite_stmt(
		r->part, "DELETE FROM sqlite_sequence WHERE name = %s", text(r, r->copy_name));
	sd_sqlite_stmt(r->part,
		"INSERT INTO sqlite_sequence (name, seq)\n"
		"SELECT %s, seq FROM sqlite_sequence WHERE name = %s COLLATE NOCASE",
		text(r, r->copy_name), text(r, r->from->rel.o.name));
}

static void
create_indexes(struct rebuild *r)
{
	const struct sd_list *indexes = &r->into->rel.parts[SD_INDEX];

	for (size_t i = 0; i < indexes->n; i++)
		sd_sqlite_stmt(r->part, "%s", sd_sqlite_create(r->arena, indexes->at[i]));
}

static void
describe(const struct rebuild *r)
{
	sd_sqlite_comment(r->part, "rebuild of %s:", r->into->rel.o.name);
	for (size_t i = 0; i < r->change->members->n; i++)
		sd_sqlite_comment(
			r->part, "  %s", sd_change_text(r->arena, r->change->members->at[i]));
}

void
sd_sqlite_rebuild(struct sd_sqlite_part *part, const struct sd_change *change)
{
	struct rebuild r = {
		.part = part,
		.arena = part->arena,
		.change = change,
		.from = (const struct sd_table *)change->from,
		.into = (const struct sd_table *)change->into,
		.columns = SD_BUF(part->arena),
		.values = SD_BUF(part->arena),
	};
	const char *final = sd_sqlite_name(part->arena, change->into->name);

	r.copy_name = sd_sqlite_copy_name(part->arena, change->into->name);
	r.copy = sd_sqlite_name(part->arena, r.copy_name);
	r.old = sd_sqlite_name(part->arena, change->from->name);
	r.rowid_from = rowid_name(r.from);
	r.rowid_into = rowid_name(r.into);
	describe(&r);
	guard_nulls(&r);
	guard_duplicates(&r);
	sd_sqlite_guard_values(part, change);
	sd_sqlite_stmt(part, "%s",
		sd_sqlite_unqualified(part->arena,
			sd_sqlite_table(
				part->arena, r.into, r.copy_name, &part->plan->diff->renames),
			change->into->name));
	list_columns(&r);
	sd_sqlite_stmt(part, "INSERT OR ABORT INTO %s (%s)\nSELECT %s FROM %s", r.copy,
		sd_buf_text(&r.columns), sd_buf_text(&r.values), r.old);
	guard_count(&r);
	guard_losses(&r);
	carry_sequence(&r);
	sd_sqlite_stmt(part, "DROP TABLE %s", r.old);
	sd_sqlite_stmt(part, "PRAGMA legacy_alter_table = ON");
	sd_sqlite_stmt(part, "ALTER TABLE %s RENAME TO %s", r.copy, final);
	sd_sqlite_stmt(part, "PRAGMA legacy_alter_table = OFF");
	create_indexes(&r);
}
