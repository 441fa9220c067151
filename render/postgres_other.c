/* Enums, sequences and tables of PostgreSQL: what is changed about them as a whole. */
#include "render/postgres.h"

#include "core/base/text.h"

#include <stdlib.h>
#include <string.h>

static const struct sd_dialect *const postgres = &sd_dialect_postgresql;

static void
begin(struct sd_pg_part *part)
{
	sd_pg_begin(part, SD_PG_JOIN, NULL, SD_PG_NO_LOCK, SD_PG_INSTANT);
}

/* ---- storage parameters ------------------------------------------------------------------ */

static bool
has_option(const struct sd_names *options, const char *text)
{
	size_t n = strcspn(text, "=");

	for (size_t i = 0; i < options->n; i++)
		if (strncmp(options->at[i], text, n) == 0 && options->at[i][n] == '=')
			return true;
	return false;
}

void
sd_pg_set_options(struct sd_pg_part *part, const char *word, const struct sd_object *object,
	const struct sd_names *from, const struct sd_names *into)
{
	const char *path = sd_pg_path(part->arena, object);
	const char *set = sd_pg_with(part->arena, into, NULL);
	struct sd_buf reset = SD_BUF(part->arena);

	for (size_t i = 0; i < from->n; i++) {
		if (has_option(into, from->at[i]))
			continue;
		sd_buf_sep(&reset, ", ");
		sd_buf_addn(&reset, from->at[i], strcspn(from->at[i], "="));
	}
	if (reset.n)
		sd_pg_stmt(part, "ALTER %s %s RESET (%s)", word, path, sd_buf_text(&reset));
	if (*set)
		sd_pg_stmt(part, "ALTER %s %s SET %s", word, path, set + strlen(" WITH "));
}

/* ---- tables ------------------------------------------------------------------------------- */

static void
change_storage(struct sd_pg_part *part, const struct sd_change *change)
{
	const struct sd_table *from = (const struct sd_table *)change->from;
	const struct sd_table *into = (const struct sd_table *)change->into;
	const char *path = sd_pg_path(part->arena, change->into);

	sd_pg_begin(part, SD_PG_JOIN, change->into, SD_PG_SHARE_UPDATE_EXCLUSIVE, SD_PG_INSTANT);
	if (sd_pg_alters(change, "postgresql", "fillfactor")) {
		if (into->fillfactor)
			sd_pg_stmt(part, "ALTER TABLE %s SET (fillfactor = %s)", path,
				into->fillfactor);
		else
			sd_pg_stmt(part, "ALTER TABLE %s RESET (fillfactor)", path);
	}
	if (sd_pg_alters(change, "postgresql", "with"))
		sd_pg_set_options(part, "TABLE", change->into, &from->with, &into->with);
}

static void
rewrite(struct sd_pg_part *part, const struct sd_object *table, const char *words)
{
	sd_pg_begin(part, SD_PG_JOIN, table, SD_PG_ACCESS_EXCLUSIVE, SD_PG_REWRITES);
	sd_pg_stmt(part, "ALTER TABLE %s %s", sd_pg_path(part->arena, table), words);
}

void
sd_pg_alter_table(struct sd_pg_part *part, const struct sd_change *change)
{
	const struct sd_table *into = (const struct sd_table *)change->into;
	struct sd_arena *arena = part->arena;

	/* what is logged can't refer to what is not: keys that go are gone at the end */
	if (sd_pg_alters(change, "postgresql", "unlogged") && into->unlogged)
		*sd_push(arena, &part->late) = (struct sd_pg_late){ change->into,
			sd_fmt(arena, "ALTER TABLE %s SET UNLOGGED",
				sd_pg_path(arena, change->into)),
			SD_PG_ACCESS_EXCLUSIVE, SD_PG_REWRITES };
	else if (sd_pg_alters(change, "postgresql", "unlogged"))
		rewrite(part, change->into, "SET LOGGED");
	if (sd_pg_alters(change, "postgresql", "access_method"))
		rewrite(part, change->into,
			sd_fmt(arena, "SET ACCESS METHOD %s",
				into->access_method ? sd_pg_name(arena, into->access_method)
						    : "heap"));
	if (sd_pg_alters(change, "postgresql", "tablespace"))
		rewrite(part, change->into,
			sd_fmt(arena, "SET TABLESPACE %s",
				into->tablespace ? sd_pg_name(arena, into->tablespace)
						 : "pg_default"));
	if (sd_pg_alters(change, "postgresql", "fillfactor") ||
		sd_pg_alters(change, "postgresql", "with"))
		change_storage(part, change);
	if (sd_pg_alters(change, "postgresql", "replica_identity"))
		sd_pg_replica_identity(part, into);
	if (sd_pg_alters(change, "postgresql", "cluster"))
		sd_pg_cluster(part, into);
	if (sd_pg_alters(change, NULL, "comment"))
		sd_pg_comment_on(part, change->into);
}

/* ---- sequences ---------------------------------------------------------------------------- */

bool
sd_pg_turns(const struct sd_sequence_options *from, const struct sd_sequence_options *into)
{
	return (from->increment && *from->increment == '-') !=
	       (into->increment && *into->increment == '-');
}

/* The first number of a sequence. */
const char *
sd_pg_start(const struct sd_sequence_options *options)
{
	bool falls = options->increment && *options->increment == '-';
	const char *bound = falls ? options->max : options->min;

	if (options->start)
		return options->start;
	return bound ? bound : falls ? "-1" : "1";
}

struct range {
	long long min, max;
};

/* Where a sequence can stand; bounds of the type are as good as none. */
static struct range
range_of(const struct sd_sequence_options *o)
{
	bool falls = o->increment && *o->increment == '-';

	return (struct range){
		o->min ? strtoll(o->min, NULL, 10) : falls ? INT64_MIN : 1,
		o->max ? strtoll(o->max, NULL, 10) : falls ? -1 : INT64_MAX,
	};
}

bool
sd_pg_leaps(const struct sd_sequence_options *from, const struct sd_sequence_options *into)
{
	struct range a = range_of(from), b = range_of(into);

	return a.max < b.min || b.max < a.min;
}

/* A sequence must stand within its bounds when they change.  Only a bound that the numbers move
 * away from can be passed without giving a number twice. */
void
sd_pg_into_bounds(struct sd_pg_part *part, const char *sequence,
	const struct sd_sequence_options *from, const struct sd_sequence_options *into)
{
	bool falls = into->increment && *into->increment == '-';
	const char *bound = falls ? into->max : into->min;
	const char *before = falls ? from->max : from->min;
	const char *start = sd_pg_start(from);

	if (!bound && sd_pg_turns(from, into)) {
		bound = falls ? "-1" : "1";
		before = NULL;
	}
	if (!bound || sd_text_equal(bound, before))
		return;
	sd_pg_stmt(part,
		"SELECT setval(%s, %s, false) WHERE coalesce(pg_sequence_last_value(%s), %s) %s %s",
		sequence, bound, sequence, start, falls ? ">" : "<", bound);
}

/* The column may be created later than the sequence. */
static void
own(struct sd_pg_part *part, const struct sd_sequence *sequence)
{
	const struct sd_column *owner = sd_sequence_owner(part->plan->diff->into, sequence);

	if (owner)
		sd_pg_later(part, NULL, SD_PG_NO_LOCK, "ALTER SEQUENCE %s OWNED BY %s.%s",
			sd_pg_path(part->arena, &sequence->o),
			sd_pg_path(part->arena, owner->o.parent),
			sd_pg_name(part->arena, owner->o.name));
}

void
sd_pg_add_sequence(struct sd_pg_part *part, const struct sd_change *change)
{
	const struct sd_sequence *sequence = (const struct sd_sequence *)change->into;
	const char *options = sd_pg_sequence_options(part->arena, &sequence->options);

	begin(part);
	sd_pg_stmt(part, "CREATE SEQUENCE %s%s%s%s%s", sd_pg_path(part->arena, change->into),
		sequence->type ? " AS " : "", sequence->type ? sequence->type : "",
		*options ? " " : "", options);
	sd_pg_trimmings(part, change->into);
	if (sequence->owned_by)
		own(part, sequence);
}

void
sd_pg_alter_sequence(struct sd_pg_part *part, const struct sd_change *change)
{
	const struct sd_sequence *into = (const struct sd_sequence *)change->into;
	const struct sd_sequence_options *o = &into->options;
	bool turned = sd_pg_turns(&((const struct sd_sequence *)change->from)->options, o);
	bool turns = turned || sd_pg_alters(change, NULL, "type");
	const char *low = o->min, *high = o->max;
	struct sd_buf out = SD_BUF(part->arena);

	/* a bound that was the old type's becomes the new one's, whatever NO … says */
	if (turned && sd_pg_alters(change, NULL, "type") && o->increment && *o->increment == '-')
		high = high ? high : "-1";
	else if (turned && sd_pg_alters(change, NULL, "type"))
		low = low ? low : "1";
	if (sd_pg_alters(change, NULL, "type"))
		sd_buf_addf(&out, " AS %s", into->type ? into->type : "bigint");
	if (sd_pg_alters(change, NULL, "increment"))
		sd_buf_addf(&out, " INCREMENT BY %s", o->increment ? o->increment : "1");
	if (turns || sd_pg_alters(change, NULL, "min"))
		sd_buf_addf(&out, low ? " MINVALUE %s" : " NO MINVALUE", low);
	if (turns || sd_pg_alters(change, NULL, "max"))
		sd_buf_addf(&out, high ? " MAXVALUE %s" : " NO MAXVALUE", high);
	if (turns || sd_pg_alters(change, NULL, "start"))
		sd_buf_addf(&out, " START WITH %s", sd_pg_start(o));
	if (sd_pg_alters(change, NULL, "cache"))
		sd_buf_addf(&out, " CACHE %s", o->cache ? o->cache : "1");
	if (sd_pg_alters(change, NULL, "cycle"))
		sd_buf_add(&out, o->cycle ? " CYCLE" : " NO CYCLE");
	begin(part);
	sd_pg_into_bounds(part,
		sd_fmt(part->arena, "%s::regclass",
			sd_quote_text(postgres, part->arena,
				sd_pg_path(part->arena, change->into))),
		&((const struct sd_sequence *)change->from)->options, o);
	if (out.n)
		sd_pg_stmt(part, "ALTER SEQUENCE %s%s", sd_pg_path(part->arena, change->into),
			sd_buf_text(&out));
	/* the column that it belonged to may go, and would take it along */
	if (sd_pg_alters(change, NULL, "owned_by") &&
		((const struct sd_sequence *)change->from)->owned_by)
		sd_pg_stmt(part, "ALTER SEQUENCE %s OWNED BY NONE",
			sd_pg_path(part->arena, change->into));
	if (sd_pg_alters(change, NULL, "owned_by") && into->owned_by)
		own(part, into);
	if (sd_pg_alters(change, NULL, "comment"))
		sd_pg_comment_on(part, change->into);
}

/* ---- enums -------------------------------------------------------------------------------- */

static void
create_enum(struct sd_pg_part *part, const struct sd_enum *type)
{
	struct sd_buf values = SD_BUF(part->arena);

	for (size_t i = 0; i < type->values.n; i++) {
		sd_buf_sep(&values, ", ");
		sd_buf_add(&values, sd_quote_text(postgres, part->arena, type->values.at[i]));
	}
	sd_pg_stmt(part, "CREATE TYPE %s AS ENUM (%s)", sd_pg_path(part->arena, &type->o),
		sd_buf_text(&values));
}

void
sd_pg_add_enum(struct sd_pg_part *part, const struct sd_change *change)
{
	begin(part);
	create_enum(part, (const struct sd_enum *)change->into);
	sd_pg_trimmings(part, change->into);
}

static const char *
place_of(struct sd_pg_part *part, const struct sd_enum *from, const struct sd_enum *into,
	size_t i)
{
	if (i)
		return sd_fmt(part->arena, " AFTER %s",
			sd_quote_text(postgres, part->arena, into->values.at[i - 1]));
	for (size_t k = 1; k < into->values.n; k++)
		if (sd_enum_earlier(from, into, k))
			return sd_fmt(part->arena, " BEFORE %s",
				sd_quote_text(postgres, part->arena, into->values.at[k]));
	return "";
}

static void
rename_values(struct sd_pg_part *part, const struct sd_enum *from, const struct sd_enum *into)
{
	for (size_t i = 0; i < into->values.n; i++) {
		const char *old = sd_enum_earlier(from, into, i);

		if (old && strcmp(old, into->values.at[i]) != 0)
			sd_pg_stmt(part, "ALTER TYPE %s RENAME VALUE %s TO %s",
				sd_pg_path(part->arena, &into->o),
				sd_quote_text(postgres, part->arena, old),
				sd_quote_text(postgres, part->arena, into->values.at[i]));
	}
}

/* A value can be used only behind the transaction that added it
 * (https://www.postgresql.org/docs/current/sql-altertype.html). */
static void
add_values(struct sd_pg_part *part, const struct sd_enum *from, const struct sd_enum *into)
{
	for (size_t i = 0; i < into->values.n; i++) {
		if (sd_enum_earlier(from, into, i))
			continue;
		sd_pg_stmt(part, "ALTER TYPE %s ADD VALUE %s%s",
			sd_pg_path(part->arena, &into->o),
			sd_quote_text(postgres, part->arena, into->values.at[i]),
			place_of(part, from, into, i));
		part->full = true;
	}
}

/* ---- an enum that loses values or changes their order ---------------------------------- */

struct swap {
	struct sd_pg_part *part;
	const struct sd_enum *from, *into;
	const char *path, *spare; /* the type, and what it is called while the new one is made */
};

/* No row may hold what goes. */
static void
guard_column(const struct swap *s, const struct sd_column *column, bool array)
{
	struct sd_arena *arena = s->part->arena;
	const char *path = sd_pg_path(arena, column->o.parent);
	const char *name = sd_pg_name(arena, column->o.name);
	struct sd_buf gone = SD_BUF(arena);

	for (size_t i = 0; i < s->from->values.n; i++) {
		if (sd_names_find(&s->into->values, s->from->values.at[i]) >= 0)
			continue;
		sd_buf_sep(&gone, ", ");
		sd_buf_add(&gone, sd_quote_text(postgres, arena, s->from->values.at[i]));
	}
	if (!gone.n)
		return;
	sd_pg_guard(s->part,
		sd_fmt(arena, "a row of %s has a value that %s loses in column %s",
			sd_object_path(arena, column->o.parent),
			sd_object_title(arena, &s->into->o), column->o.name),
		array ? sd_fmt(arena, "SELECT %s FROM %s WHERE %s::text[] && ARRAY[%s] LIMIT 1",
				name, path, name, sd_buf_text(&gone))
		      : sd_fmt(arena, "SELECT %s FROM %s WHERE %s::text IN (%s) LIMIT 1", name,
				path, name, sd_buf_text(&gone)));
}

/* A column of the type, as it was and as it will be. */
struct swapped {
	const struct sd_column *from, *into;
	bool array;
};

struct swapped_columns {
	struct swapped *at;
	uint32_t n, cap;
};

static void
find_swapped(const struct swap *s, struct sd_object *table, struct swapped_columns *found)
{
	const struct sd_list *columns = sd_parts_of(table, SD_COLUMN);

	for (size_t i = 0; table->twin && i < columns->n; i++) {
		struct swapped column = { .from = (const struct sd_column *)columns->at[i] };

		column.into = (const struct sd_column *)column.from->o.twin;
		if (column.into && sd_column_has_enum(s->part->arena, postgres, column.from,
					   &s->into->o, &column.array))
			*sd_push(s->part->arena, found) = column;
	}
}

/* One ALTER TABLE with an action for each column; nothing when there is none. */
static void
alter_columns(const struct swap *s, const struct sd_object *table, const struct sd_names *actions)
{
	struct sd_buf out = SD_BUF(s->part->arena);

	for (size_t i = 0; i < actions->n; i++) {
		sd_buf_sep(&out, ",\n\t");
		sd_buf_addf(&out, "ALTER COLUMN %s", actions->at[i]);
	}
	if (out.n)
		sd_pg_stmt(s->part, "ALTER TABLE %s %s", sd_pg_path(s->part->arena, table),
			sd_buf_text(&out));
}

/* The table is locked first, so that no value comes in behind the guards; defaults of the old
 * type make way. */
static void
swap_columns(const struct swap *s, const struct sd_object *table,
	const struct swapped_columns *columns)
{
	struct sd_arena *arena = s->part->arena;
	struct sd_names defaults = { 0 }, types = { 0 }, again = { 0 };

	sd_pg_comment(s->part, "locks %s: ACCESS EXCLUSIVE and rewrites it",
		sd_object_path(arena, table));
	sd_pg_stmt(s->part, "LOCK TABLE %s IN ACCESS EXCLUSIVE MODE", sd_pg_path(arena, table));
	for (size_t i = 0; i < columns->n; i++) {
		const struct swapped *c = &columns->at[i];
		const char *name = sd_pg_name(arena, c->into->o.name);
		const char *brackets = c->array ? "[]" : "";

		guard_column(s, c->into, c->array);
		if (c->from->deflt)
			*sd_push(arena, &defaults) = sd_fmt(arena, "%s DROP DEFAULT", name);
		*sd_push(arena, &types) = sd_fmt(arena, "%s TYPE %s%s USING %s::text%s::%s%s",
			name, s->path, brackets, name, brackets, s->path, brackets);
		if (c->into->deflt)
			*sd_push(arena, &again) =
				sd_fmt(arena, "%s SET DEFAULT %s", name, c->into->deflt);
	}
	alter_columns(s, table, &defaults);
	alter_columns(s, table, &types);
	alter_columns(s, table, &again);
}

/* Every column of the type changes together with it: one transaction, whatever it locks. */
static void
swap_type(struct sd_pg_part *part, const struct sd_change *change)
{
	const struct sd_list *tables = &part->plan->diff->renamed->objects[SD_TABLE];
	struct swap s = {
		.part = part,
		.from = (const struct sd_enum *)change->from,
		.into = (const struct sd_enum *)change->into,
		.path = sd_pg_path(part->arena, change->into),
		.spare = sd_pg_spare(part->arena, change->into->name),
	};

	sd_pg_begin(part, part->online ? SD_PG_FRESH : SD_PG_JOIN, NULL, SD_PG_NO_LOCK,
		SD_PG_INSTANT);
	rename_values(part, s.from, s.into);
	sd_pg_stmt(part, "ALTER TYPE %s RENAME TO %s", s.path, sd_pg_name(part->arena, s.spare));
	create_enum(part, s.into);
	for (size_t i = 0; i < tables->n; i++) {
		struct swapped_columns columns = { 0 };

		find_swapped(&s, tables->at[i], &columns);
		if (columns.n)
			swap_columns(&s, columns.at[0].into->o.parent, &columns);
	}
	part->full = part->online;
	sd_pg_later(part, NULL, SD_PG_NO_LOCK, "DROP TYPE %s%s%s",
		change->into->ns ? sd_pg_name(part->arena, change->into->ns) : "",
		change->into->ns ? "." : "", sd_pg_name(part->arena, s.spare));
	if (s.into->comment)
		sd_pg_comment_on(part, change->into);
}

void
sd_pg_alter_enum(struct sd_pg_part *part, const struct sd_change *change)
{
	const struct sd_enum *from = (const struct sd_enum *)change->from;
	const struct sd_enum *into = (const struct sd_enum *)change->into;
	bool values = sd_pg_alters(change, NULL, "values");

	if (values && !sd_enum_grows(from, into)) {
		swap_type(part, change);
		return;
	}
	begin(part);
	if (values) {
		rename_values(part, from, into);
		add_values(part, from, into);
	}
	if (sd_pg_alters(change, NULL, "comment"))
		sd_pg_comment_on(part, change->into);
}
