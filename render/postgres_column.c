/* Columns of PostgreSQL: added, changed. */
#include "render/postgres.h"

#include "core/base/text.h"
#include "core/schema/names.h"

#include <string.h>

static const struct sd_dialect *const postgres = &sd_dialect_postgresql;

static const char *
column_name(struct sd_pg_part *part, const struct sd_column *column)
{
	return sd_pg_name(part->arena, column->o.name);
}

/* ---- NOT NULL --------------------------------------------------------------------------- */

/* Without a scan under a lock that blocks: a constraint that is added without looking, proved
 * while others work, and then made NOT NULL at once
 * (https://www.postgresql.org/docs/current/sql-altertable.html, SET NOT NULL). */
static void
prove_not_null(struct sd_pg_part *part, const struct sd_column *column, const char *constraint,
	const char *fill)
{
	const struct sd_object *table = column->o.parent;
	const char *name = column_name(part, column);

	sd_pg_alter(part, table, "ADD CONSTRAINT %s CHECK (%s IS NOT NULL) NOT VALID", constraint,
		name);
	if (fill)
		sd_pg_fill(part, table, column, fill);
	sd_pg_begin(part, SD_PG_ALONE, table, SD_PG_SHARE_UPDATE_EXCLUSIVE, SD_PG_SCANS);
	sd_pg_stmt(part, "ALTER TABLE %s VALIDATE CONSTRAINT %s", sd_pg_path(part->arena, table),
		constraint);
	sd_pg_begin(part, SD_PG_FRESH, table, SD_PG_ACCESS_EXCLUSIVE, SD_PG_INSTANT);
	sd_pg_stmt(part, "ALTER TABLE %s ALTER COLUMN %s SET NOT NULL",
		sd_pg_path(part->arena, table), name);
	sd_pg_alter(part, table, "DROP CONSTRAINT %s", constraint);
}

/* PostgreSQL 18 has the constraint itself without looking. */
static void
validate_not_null(struct sd_pg_part *part, const struct sd_column *column,
	const char *constraint, const char *fill)
{
	const struct sd_object *table = column->o.parent;

	sd_pg_alter(part, table, "ADD CONSTRAINT %s NOT NULL %s NOT VALID", constraint,
		column_name(part, column));
	if (fill)
		sd_pg_fill(part, table, column, fill);
	sd_pg_begin(part, SD_PG_ALONE, table, SD_PG_SHARE_UPDATE_EXCLUSIVE, SD_PG_SCANS);
	sd_pg_stmt(part, "ALTER TABLE %s VALIDATE CONSTRAINT %s", sd_pg_path(part->arena, table),
		constraint);
}

/* What SET NOT NULL would call it, where nobody says otherwise. */
static const char *
not_null_name(struct sd_pg_part *part, const struct sd_column *column)
{
	return sd_pg_name(part->arena, sd_naming_cut(postgres, part->arena,
					       sd_not_null_name(part->arena, column)));
}

/* @fill: what rows without a value got, and what those get that came in meanwhile, now that no
 * more can come. */
static void
set_not_null(struct sd_pg_part *part, const struct sd_column *column, const char *fill)
{
	const struct sd_object *table = column->o.parent;
	const char *constraint = not_null_name(part, column);
	bool named = column->rare && column->rare->not_null_name &&
		     sd_pg_can(part, SD_CAP_NOT_NULL_NOT_VALID);

	if (!part->online) {
		sd_pg_begin(part, SD_PG_JOIN, table, SD_PG_ACCESS_EXCLUSIVE, SD_PG_SCANS);
		if (named)
			sd_pg_stmt(part, "ALTER TABLE %s ADD CONSTRAINT %s NOT NULL %s",
				sd_pg_path(part->arena, table), constraint,
				column_name(part, column));
		else
			sd_pg_stmt(part, "ALTER TABLE %s ALTER COLUMN %s SET NOT NULL",
				sd_pg_path(part->arena, table), column_name(part, column));
	} else if (sd_pg_can(part, SD_CAP_NOT_NULL_NOT_VALID)) {
		validate_not_null(part, column, constraint, fill);
	} else {
		prove_not_null(part, column, constraint, fill);
	}
}

/* ---- added ------------------------------------------------------------------------------ */

/* What the rows that exist get, or NULL. */
static const char *
fill_of(const struct sd_pg_part *part, const struct sd_change *change)
{
	const struct sd_column *column = (const struct sd_column *)change->into;

	if (column->backfill)
		return column->backfill;
	if (column->deflt)
		return column->deflt;
	if (part->plan->down && sd_change_lacks_values(change))
		return sd_pg_zero(part->plan, column->type);
	return NULL;
}

static void
add_plain(struct sd_pg_part *part, const struct sd_column *column, bool not_null,
	const char *deflt, enum sd_pg_effect effect)
{
	/* even without a default the checks of a domain are put to every row */
	if (!sd_pg_is_known(part->plan, column->type))
		effect = SD_PG_REWRITES;
	sd_pg_begin(part, SD_PG_JOIN, column->o.parent, SD_PG_ACCESS_EXCLUSIVE, effect);
	sd_pg_stmt(part, "ALTER TABLE %s ADD COLUMN %s",
		sd_pg_path(part->arena, column->o.parent),
		sd_pg_column(part->arena, column, not_null, deflt));
}

static void
set_default(struct sd_pg_part *part, const struct sd_column *column)
{
	if (column->deflt)
		sd_pg_alter(part, column->o.parent, "ALTER COLUMN %s SET DEFAULT %s",
			column_name(part, column), column->deflt);
	else
		sd_pg_alter(part, column->o.parent, "ALTER COLUMN %s DROP DEFAULT",
			column_name(part, column));
}

/* Rows are rewritten for what each of them must compute. */
static bool
rewrites(const struct sd_column *column)
{
	return column->numbers || (column->generated && column->stored_generated);
}

static void
add_filled(struct sd_pg_part *part, const struct sd_column *column, const char *fill)
{
	struct sd_object *table = column->o.parent;

	/* a constant is kept once, in the catalog, for all rows that exist */
	if (sd_pg_is_constant(part->arena, table, fill)) {
		add_plain(part, column, column->not_null, fill, SD_PG_INSTANT);
		if (!sd_text_equal(fill, column->deflt))
			set_default(part, column);
		return;
	}
	add_plain(part, column, false, NULL, SD_PG_INSTANT);
	if (column->deflt)
		set_default(part, column);
	sd_pg_fill(part, table, column, fill);
	if (column->not_null)
		set_not_null(part, column, fill);
}

void
sd_pg_add_column(struct sd_pg_part *part, const struct sd_change *change)
{
	const struct sd_column *column = (const struct sd_column *)change->into;
	const char *fill = fill_of(part, change);

	if (rewrites(column))
		add_plain(part, column, sd_pg_says_not_null(part->arena, column), NULL,
			SD_PG_REWRITES);
	else if (fill && !column->generated)
		add_filled(part, column, fill);
	else
		add_plain(part, column, column->not_null, NULL,
			column->not_null ? SD_PG_SCANS : SD_PG_INSTANT);
	sd_pg_trimmings(part, change->into);
}

/* ---- types ------------------------------------------------------------------------------ */

static void
guard_digits(struct sd_pg_part *part, const struct sd_column *from, const struct sd_column *into)
{
	const char *path = sd_pg_path(part->arena, into->o.parent);
	const char *name = column_name(part, into);

	sd_pg_begin(part, SD_PG_JOIN, into->o.parent, SD_PG_ACCESS_EXCLUSIVE, SD_PG_SCANS);
	sd_pg_stmt(part, "LOCK TABLE %s IN ACCESS EXCLUSIVE MODE", path);
	sd_pg_guard(part,
		sd_fmt(part->arena,
			"a value of %s would not survive as %s: \"using\" in the schema file "
			"says how to convert it",
			sd_object_path(part->arena, &into->o), into->type),
		sd_fmt(part->arena,
			"SELECT %s FROM %s WHERE %s IS DISTINCT FROM CAST(CAST(%s AS %s) AS %s) "
			"LIMIT 1",
			name, path, name, name, into->type, from->type));
}

static const char *
using_of(struct sd_pg_part *part, const struct sd_column *from, const struct sd_column *into,
	const char *type, const struct sd_pg_conversion *conversion)
{
	const char *name = column_name(part, into);

	(void)from;
	if (into->convert)
		return sd_fmt(part->arena, " USING %s", into->convert);
	if (conversion->wraps)
		return sd_fmt(part->arena,
			" USING CASE WHEN %s IS NOT NULL THEN CAST(ARRAY[%s] AS %s) END", name, name,
			type);
	if (conversion->via_text)
		return sd_fmt(part->arena, " USING CAST(CAST(%s AS text%s) AS %s)", name,
			strchr(type, '[') ? "[]" : "", type);
	if (conversion->needs_using)
		return sd_fmt(part->arena, " USING CAST(%s AS %s)", name, type);
	return "";
}

/* A type that is a type: serial is short for more. */
static const char *
plain_type(struct sd_pg_part *part, const struct sd_column *column)
{
	const char *serial = sd_pg_serial(part->arena, column->type);

	return serial ? serial : column->type;
}

/* The tables at the other ends of foreign keys that have @column: their keys are checked again. */
static void
add_other_ends(struct sd_pg_part *part, const struct sd_column *column, struct sd_list *others)
{
	const struct sd_list *tables = &part->plan->diff->into->objects[SD_TABLE];
	const struct sd_object *table = column->o.parent;

	for (size_t i = 0; i < tables->n; i++) {
		const struct sd_list *keys = sd_parts_of(tables->at[i], SD_FOREIGN_KEY);
		struct sd_object *other = NULL;

		for (size_t k = 0; k < keys->n; k++) {
			const struct sd_foreign_key *fk = (struct sd_foreign_key *)keys->at[k];
			struct sd_object *referred = sd_schema_find(
				part->plan->diff->into, SD_TABLE, fk->table_ns, fk->table);

			if (!fk->o.twin || (tables->at[i] == table) == (referred == table))
				continue;
			if (tables->at[i] == table &&
				sd_names_find(&fk->columns, column->o.name) >= 0 && referred)
				*sd_push(part->arena, others) = referred;
			else if (referred == table &&
				 sd_names_find(&fk->ref_columns, column->o.name) >= 0)
				other = tables->at[i];
		}
		if (other)
			*sd_push(part->arena, others) = other;
	}
}

/* A check of the table mentions @column: it is proved again. */
static bool
is_checked(struct sd_pg_part *part, const struct sd_column *column)
{
	const struct sd_list *checks = sd_parts_of(column->o.parent, SD_CHECK);

	for (size_t i = 0; i < checks->n; i++)
		if (sd_sql_mentions(postgres, part->arena,
			    ((const struct sd_check *)checks->at[i])->expression,
			    column->o.name))
			return true;
	return false;
}

/* An index of the table has @column: another collation or zone builds it anew. */
static bool
is_indexed(const struct sd_column *column)
{
	static const enum sd_kind kinds[] = { SD_PRIMARY_KEY, SD_UNIQUE, SD_EXCLUSION, SD_INDEX };

	for (size_t k = 0; k < SD_COUNT(kinds); k++) {
		const struct sd_list *list = sd_parts_of(column->o.parent, kinds[k]);

		for (size_t i = 0; i < list->n; i++) {
			const struct sd_field *field = sd_field_find(
				kinds[k], kinds[k] == SD_EXCLUSION ? "elements" : "columns");
			const struct sd_parts *parts =
				sd_field_at(list->at[i], field, const struct sd_parts);

			for (size_t p = 0; list->at[i]->twin && p < parts->n; p++)
				if (sd_text_equal(parts->at[p].name, column->o.name))
					return true;
		}
	}
	return false;
}

/* What rewrites the same table twice in a row rewrites it once. */
static void
set_type(struct sd_pg_part *part, const struct sd_object *table, const struct sd_list *others,
	enum sd_pg_effect effect, const char *action)
{
	struct sd_buf *out = part->out;
	bool joins = effect == SD_PG_REWRITES && part->rewritten == table && !others->n &&
		     out->n == part->rewrite_end + 1; /* nothing but a blank line behind it */

	if (joins) {
		sd_buf_cut(out, part->rewrite_end - strlen(";\n"));
		sd_buf_addf(out, ",\n\t%s;\n", action);
	} else {
		sd_pg_begin(part, others->n && part->online ? SD_PG_FRESH : SD_PG_JOIN, table,
			SD_PG_ACCESS_EXCLUSIVE, effect);
		for (size_t i = 0; i < others->n; i++)
			sd_pg_also_locks(part, others->at[i], SD_PG_ACCESS_EXCLUSIVE, SD_PG_SCANS);
		sd_pg_stmt(part, "ALTER TABLE %s %s", sd_pg_path(part->arena, table), action);
	}
	part->rewritten = effect == SD_PG_REWRITES && !others->n ? table : NULL;
	part->rewrite_end = out->n;
}

static void
change_type(struct sd_pg_part *part, const struct sd_change *change)
{
	const struct sd_column *from = (const struct sd_column *)change->from;
	const struct sd_column *into = (const struct sd_column *)change->into;
	const char *old = plain_type(part, from), *type = plain_type(part, into);
	struct sd_pg_conversion conversion = sd_pg_conversion(part->arena, old, type);
	struct sd_list others = { 0 };
	bool rebuilds = (conversion.scans || !sd_text_equal(from->collation, into->collation)) &&
			is_indexed(into);
	/* of another name for the type: the checks have made way */
	bool checks = !conversion.other_name && is_checked(part, into);
	enum sd_pg_effect effect = conversion.rewrites || into->convert ? SD_PG_REWRITES
				   : checks || rebuilds			? SD_PG_SCANS
									: SD_PG_INSTANT;

	add_other_ends(part, into, &others);
	if (conversion.rounds && !into->convert)
		guard_digits(part, from, into);
	if (from->deflt && (conversion.other_family || into->convert))
		sd_pg_alter(part, into->o.parent, "ALTER COLUMN %s DROP DEFAULT",
			column_name(part, into));
	set_type(part, into->o.parent, &others, effect,
		sd_fmt(part->arena, "ALTER COLUMN %s TYPE %s%s%s", column_name(part, into), type,
			into->collation ? sd_fmt(part->arena, " COLLATE %s",
						  sd_pg_name(part->arena, into->collation))
					: "",
			using_of(part, from, into, type, &conversion)));
	if (into->deflt && !sd_pg_alters(change, NULL, "default") &&
		(conversion.other_family || into->convert))
		set_default(part, into);
	if (conversion.other_name && into->rare && into->rare->compression &&
		!sd_pg_alters(change, "postgresql", "compression"))
		sd_pg_alter(part, into->o.parent, "ALTER COLUMN %s SET COMPRESSION %s",
			column_name(part, into), into->rare->compression);
	/* another type comes with its own way to store */
	if (conversion.other_name && into->rare && into->rare->storage &&
		!sd_pg_alters(change, "postgresql", "storage"))
		sd_pg_alter(part, into->o.parent, "ALTER COLUMN %s SET STORAGE %s",
			column_name(part, into), into->rare->storage);
}

/* ---- numbers: serial, identity --------------------------------------------------------- */

enum numbering { NONE, SERIAL, IDENTITY };

static enum numbering
numbering_of(struct sd_pg_part *part, const struct sd_column *column)
{
	if (column->identity)
		return IDENTITY;
	return sd_pg_serial(part->arena, column->type) ? SERIAL : NONE;
}

static const char *
sequence_of(struct sd_pg_part *part, const struct sd_column *column)
{
	const struct sd_object *object = column->o.origin ? column->o.origin : &column->o;

	if (column->rare && column->rare->sequence)
		return column->rare->sequence;
	/* a rename leaves it with the name that it was made with */
	return sd_naming_cut(postgres, part->arena,
		sd_fmt(part->arena, "%s_%s_seq", object->parent->name, object->name));
}

static const char *
sequence_path(struct sd_pg_part *part, const struct sd_column *column, const char *name)
{
	const char *ns = column->o.parent->ns;

	name = sd_pg_name(part->arena, name);
	return ns ? sd_fmt(part->arena, "%s.%s", sd_pg_name(part->arena, ns), name) : name;
}

/* The call that finds the sequence of an identity or serial column by its column. */
static const char *
owned_sequence(struct sd_pg_part *part, const struct sd_column *column)
{
	return sd_fmt(part->arena, "pg_get_serial_sequence(%s, %s)::regclass",
		sd_quote_text(
			postgres, part->arena, sd_pg_path(part->arena, column->o.parent)),
		sd_quote_text(postgres, part->arena, column->o.name));
}

static const struct sd_sequence_options *
options_of(const struct sd_column *column)
{
	static const struct sd_sequence_options none;

	return column->rare ? &column->rare->identity : &none;
}

/* The numbers go on behind those that rows have. */
static void
start_behind_rows(struct sd_pg_part *part, const struct sd_column *column)
{
	const struct sd_sequence_options *o = options_of(column);
	const char *increment = o->increment ? o->increment : "1";
	const char *name = column_name(part, column);
	bool falls = *increment == '-';

	sd_pg_begin(part, SD_PG_JOIN, column->o.parent, SD_PG_ACCESS_EXCLUSIVE, SD_PG_SCANS);
	sd_pg_stmt(part,
		"SELECT setval(%s, %s(%s(%s) + (%s), %s), false) FROM %s HAVING count(%s) > 0",
		owned_sequence(part, column), falls ? "least" : "greatest",
		falls ? "min" : "max", name, increment, sd_pg_start(o),
		sd_pg_path(part->arena, column->o.parent), name);
}

static void
add_identity(struct sd_pg_part *part, const struct sd_column *column)
{
	const char *options = sd_pg_sequence_options(part->arena, options_of(column));

	sd_pg_alter(part, column->o.parent, "ALTER COLUMN %s ADD GENERATED %s AS IDENTITY%s",
		column_name(part, column),
		strcmp(column->identity, "always") == 0 ? "ALWAYS" : "BY DEFAULT",
		*options ? sd_fmt(part->arena, " (%s)", options) : "");
}

static void
add_serial(struct sd_pg_part *part, const struct sd_column *column)
{
	const char *sequence = sequence_path(part, column, sequence_of(part, column));

	bool unlogged = ((const struct sd_table *)column->o.parent)->unlogged &&
			sd_pg_can(part, SD_CAP_UNLOGGED_SEQUENCE);

	sd_pg_stmt(part, "CREATE %sSEQUENCE %s AS %s OWNED BY %s.%s",
		unlogged ? "UNLOGGED " : "", sequence,
		plain_type(part, column), sd_pg_path(part->arena, column->o.parent),
		column_name(part, column));
	sd_pg_alter(part, column->o.parent, "ALTER COLUMN %s SET DEFAULT nextval(%s)",
		column_name(part, column), sd_quote_text(postgres, part->arena, sequence));
}

/* Both have a sequence: the new one takes over where the old one stands, which makes way under
 * another name first. */
static void
hand_over(struct sd_pg_part *part, const struct sd_column *from, const struct sd_column *into)
{
	const char *name = sequence_of(part, from), *spare = sd_pg_spare(part->arena, name);
	const char *path = sequence_path(part, into, spare), *position = "last_value";

	/* who inserts has the table first and the sequence then */
	sd_pg_begin(part, SD_PG_JOIN, into->o.parent, SD_PG_ACCESS_EXCLUSIVE, SD_PG_INSTANT);
	sd_pg_stmt(part, "LOCK TABLE %s IN ACCESS EXCLUSIVE MODE",
		sd_pg_path(part->arena, into->o.parent));
	sd_pg_stmt(part, "ALTER SEQUENCE %s RENAME TO %s", sequence_path(part, into, name),
		sd_pg_name(part->arena, spare));
	if (from->identity) {
		/* an identity's sequence goes with it: its last number is kept aside */
		sd_pg_stmt(part, "CREATE TEMPORARY TABLE sd_last ON COMMIT DROP AS "
				 "SELECT last_value, is_called FROM %s",
			path);
		sd_pg_alter(part, into->o.parent, "ALTER COLUMN %s DROP IDENTITY",
			column_name(part, into));
		add_serial(part, into);
		sd_pg_stmt(part, "SELECT setval(%s, last_value, is_called) FROM sd_last",
			owned_sequence(part, into));
		sd_pg_stmt(part, "DROP TABLE sd_last");
		return;
	}
	sd_pg_alter(part, into->o.parent, "ALTER COLUMN %s DROP DEFAULT", column_name(part, into));
	sd_pg_stmt(part, "ALTER SEQUENCE %s OWNED BY NONE", path);
	add_identity(part, into);
	if (options_of(into)->min)
		position = sd_fmt(part->arena, "greatest(last_value, %s)", options_of(into)->min);
	sd_pg_stmt(part, "SELECT setval(%s, %s, is_called) FROM %s", owned_sequence(part, into),
		position, path);
	sd_pg_stmt(part, "DROP SEQUENCE %s", path);
}

static void
end_numbering(struct sd_pg_part *part, const struct sd_column *from, const struct sd_column *into)
{
	if (from->identity) {
		sd_pg_alter(part, into->o.parent, "ALTER COLUMN %s DROP IDENTITY",
			column_name(part, into));
		return;
	}
	/* the default that follows may go on with the same numbers */
	if (into->deflt && strstr(into->deflt, sequence_of(part, from)))
		return;
	sd_pg_alter(part, into->o.parent, "ALTER COLUMN %s DROP DEFAULT", column_name(part, into));
	sd_pg_stmt(part, "DROP SEQUENCE %s", sequence_path(part, into, sequence_of(part, from)));
}

static void
begin_numbering(struct sd_pg_part *part, const struct sd_column *into)
{
	if (into->identity)
		add_identity(part, into);
	else
		add_serial(part, into);
	start_behind_rows(part, into);
}

static void
change_identity(struct sd_pg_part *part, const struct sd_change *change)
{
	const struct sd_column *into = (const struct sd_column *)change->into;
	const struct sd_sequence_options *o = options_of(into);
	const struct sd_sequence_options *before =
		options_of((const struct sd_column *)change->from);
	bool turns = sd_pg_turns(before, o);
	struct sd_buf out = SD_BUF(part->arena);

	sd_pg_into_bounds(part, owned_sequence(part, into), before, o);
	if (sd_pg_alters(change, "identity", "generated"))
		sd_buf_addf(&out, " SET GENERATED %s",
			strcmp(into->identity, "always") == 0 ? "ALWAYS" : "BY DEFAULT");
	if (sd_pg_alters(change, "identity", "increment"))
		sd_buf_addf(&out, " SET INCREMENT BY %s", o->increment ? o->increment : "1");
	if (turns || sd_pg_alters(change, "identity", "min"))
		sd_buf_addf(&out, o->min ? " SET MINVALUE %s" : " SET NO MINVALUE", o->min);
	if (turns || sd_pg_alters(change, "identity", "max"))
		sd_buf_addf(&out, o->max ? " SET MAXVALUE %s" : " SET NO MAXVALUE", o->max);
	if (turns || sd_pg_alters(change, "identity", "start"))
		sd_buf_addf(&out, " SET START WITH %s", sd_pg_start(o));
	if (sd_pg_alters(change, "identity", "cache"))
		sd_buf_addf(&out, " SET CACHE %s", o->cache ? o->cache : "1");
	if (sd_pg_alters(change, "identity", "cycle"))
		sd_buf_add(&out, o->cycle ? " SET CYCLE" : " SET NO CYCLE");
	if (out.n)
		sd_pg_alter(part, into->o.parent, "ALTER COLUMN %s%s", column_name(part, into),
			sd_buf_text(&out));
}

static void
change_numbering(struct sd_pg_part *part, const struct sd_change *change)
{
	const struct sd_column *from = (const struct sd_column *)change->from;
	const struct sd_column *into = (const struct sd_column *)change->into;
	enum numbering old = numbering_of(part, from), new = numbering_of(part, into);

	if (old != new && old && new)
		hand_over(part, from, into);
	else if (old != new && new)
		begin_numbering(part, into);
	else if (old == IDENTITY && new == IDENTITY)
		change_identity(part, change);
	else if (new == SERIAL && sd_pg_alters(change, NULL, "type"))
		sd_pg_stmt(part, "ALTER SEQUENCE %s AS %s",
			sequence_path(part, into, sequence_of(part, from)),
			plain_type(part, into));
}

/* ---- generated --------------------------------------------------------------------------- */

/* Only what is computed anew is lost: a column that turns into another kind is a new one. */
static void
replace_column(struct sd_pg_part *part, const struct sd_change *change)
{
	sd_pg_alter(part, change->into->parent, "DROP COLUMN %s",
		sd_pg_name(part->arena, change->from->name));
	sd_pg_add_column(part, change);
}

/* true when there is nothing left to do. */
static bool
change_generated(struct sd_pg_part *part, const struct sd_change *change)
{
	const struct sd_column *from = (const struct sd_column *)change->from;
	const struct sd_column *into = (const struct sd_column *)change->into;
	bool expression = sd_pg_alters(change, "generated", "as");
	bool stored = sd_pg_alters(change, "generated", "stored");

	if (!expression && !stored)
		return false;
	if (from->generated && !into->generated && from->stored_generated &&
		sd_pg_can(part, SD_CAP_DROP_EXPRESSION)) {
		sd_pg_alter(part, into->o.parent, "ALTER COLUMN %s DROP EXPRESSION",
			column_name(part, into));
		return false;
	}
	if (from->generated && into->generated && !stored &&
		sd_pg_can(part, SD_CAP_SET_EXPRESSION)) {
		sd_pg_begin(part, SD_PG_JOIN, into->o.parent, SD_PG_ACCESS_EXCLUSIVE,
			into->stored_generated ? SD_PG_REWRITES : SD_PG_INSTANT);
		sd_pg_stmt(part, "ALTER TABLE %s ALTER COLUMN %s SET EXPRESSION AS (%s)",
			sd_pg_path(part->arena, into->o.parent), column_name(part, into),
			into->generated);
		return false;
	}
	replace_column(part, change);
	return true;
}

/* ---- changed ------------------------------------------------------------------------------ */

static void
change_null(struct sd_pg_part *part, const struct sd_change *change)
{
	const struct sd_column *into = (const struct sd_column *)change->into;
	const char *fill = into->backfill ? into->backfill : into->deflt;

	if (!into->not_null) {
		sd_pg_alter(part, into->o.parent, "ALTER COLUMN %s DROP NOT NULL",
			column_name(part, into));
		return;
	}
	if (!fill && part->plan->down)
		fill = sd_pg_zero(part->plan, into->type);
	if (numbering_of(part, into) != NONE)
		fill = NULL;
	if (fill && !part->online) {
		/* who fills first and locks then may meet another that does */
		sd_pg_begin(part, SD_PG_JOIN, into->o.parent, SD_PG_ACCESS_EXCLUSIVE,
			SD_PG_INSTANT);
		sd_pg_stmt(part, "LOCK TABLE %s IN ACCESS EXCLUSIVE MODE",
			sd_pg_path(part->arena, into->o.parent));
	}
	if (fill)
		sd_pg_fill(part, into->o.parent, into, fill);
	set_not_null(part, into, fill);
}

static void
change_tuning(struct sd_pg_part *part, const struct sd_change *change)
{
	const struct sd_column *into = (const struct sd_column *)change->into;
	const struct sd_column_rare *rare = into->rare;
	const char *name = column_name(part, into);

	const char *storage = rare && rare->storage
				      ? rare->storage
				      : postgres->storage(part->arena, into->type);

	if (sd_pg_alters(change, "postgresql", "storage") && storage)
		sd_pg_alter(part, into->o.parent, "ALTER COLUMN %s SET STORAGE %s", name, storage);
	if (sd_pg_alters(change, "postgresql", "compression"))
		sd_pg_alter(part, into->o.parent, "ALTER COLUMN %s SET COMPRESSION %s", name,
			rare && rare->compression ? rare->compression : "DEFAULT");
	if (!sd_pg_alters(change, "postgresql", "statistics"))
		return;
	sd_pg_begin(part, SD_PG_JOIN, into->o.parent, SD_PG_SHARE_UPDATE_EXCLUSIVE,
		SD_PG_INSTANT);
	sd_pg_stmt(part, "ALTER TABLE %s ALTER COLUMN %s SET STATISTICS %s",
		sd_pg_path(part->arena, into->o.parent), name,
		rare && rare->statistics ? rare->statistics : "-1");
}

static bool
has_new_numbers(struct sd_pg_part *part, const struct sd_change *change)
{
	return numbering_of(part, (const struct sd_column *)change->from) == NONE &&
	       numbering_of(part, (const struct sd_column *)change->into) != NONE;
}

/* SERIAL says a type and more: only the integer inside it counts here. */
static bool
type_differs(struct sd_pg_part *part, const struct sd_change *change)
{
	const struct sd_column *from = (const struct sd_column *)change->from;
	const struct sd_column *into = (const struct sd_column *)change->into;

	if (sd_pg_alters(change, NULL, "collation"))
		return true;
	return sd_pg_alters(change, NULL, "type") &&
	       strcmp(sd_type_canonical(postgres, part->arena, plain_type(part, from)),
		       sd_type_canonical(postgres, part->arena, plain_type(part, into))) != 0;
}

/* The options of an identity change before its type becomes a narrower one, whose bounds those
 * that it has might exceed; else behind it. */
static bool
narrows_numbers(struct sd_pg_part *part, const struct sd_change *change)
{
	static const char *const widths[] = { "smallint", "integer", "bigint" };
	const struct sd_object *sides[2] = { change->from, change->into };
	size_t width[2] = { 0 };

	for (size_t side = 0; side < 2; side++) {
		const struct sd_column *column = (const struct sd_column *)sides[side];

		if (!column->identity)
			return false;
		while (width[side] < SD_COUNT(widths) &&
			strcmp(sd_type_canonical(postgres, part->arena, column->type),
				widths[width[side]]) != 0)
			width[side]++;
	}
	return width[0] > width[1];
}

void
sd_pg_alter_column(struct sd_pg_part *part, const struct sd_change *change)
{
	const struct sd_column *from = (const struct sd_column *)change->from;
	const struct sd_column *into = (const struct sd_column *)change->into;
	bool narrows = narrows_numbers(part, change);

	if (change_generated(part, change))
		return;
	if (numbering_of(part, from) != NONE && numbering_of(part, into) == NONE)
		end_numbering(part, from, into);
	if (narrows)
		change_identity(part, change);
	if (type_differs(part, change))
		change_type(part, change);
	if (sd_pg_alters(change, NULL, "default"))
		set_default(part, into);
	if (sd_pg_alters(change, NULL, "nullable") || sd_pg_alters(change, "postgresql", "validated"))
		change_null(part, change);
	else if (sd_pg_alters(change, "postgresql", "not_null_name") && into->not_null)
		sd_pg_alter(part, into->o.parent, "RENAME CONSTRAINT %s TO %s",
			sd_pg_name(part->arena, sd_not_null_name(part->arena, from)),
			not_null_name(part, into));
	if (!narrows && (!has_new_numbers(part, change) || into->not_null))
		change_numbering(part, change);
	change_tuning(part, change);
	if (sd_pg_alters(change, NULL, "comment"))
		sd_pg_comment_on(part, change->into);
}
