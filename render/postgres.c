/* PostgreSQL's renderer: a plan's steps, one after the other, and the transactions that they
 * run in. */
#include "render/postgres.h"

#include "core/base/text.h"

#include <stdarg.h>
#include <stdio.h>
#include <string.h>

/* ---- texts --------------------------------------------------------------------------- */

/* A comment at the end of an expression would swallow the semicolon. */
static bool
ends_in_line_comment(const char *text)
{
	struct sd_tok tok, last = { 0 };
	struct sd_lex lex;

	sd_lex_init(&lex, sd_dialect_postgresql.lex, text, strlen(text));
	while ((tok = sd_lex_next(&lex)).kind != SD_TOK_END)
		last = tok;
	return last.kind == SD_TOK_COMMENT && text[last.off] == '-';
}

static void
write_statement(struct sd_pg_part *part, const char *text)
{
	sd_buf_addf(part->out, "%s%s;\n", text, ends_in_line_comment(text) ? "\n" : "");
}

void
sd_pg_stmt(struct sd_pg_part *part, const char *format, ...)
{
	va_list args;

	va_start(args, format);
	write_statement(part, sd_vfmt(part->arena, format, args));
	va_end(args);
}

void
sd_pg_alter(
	struct sd_pg_part *part, const struct sd_object *table, const char *format, ...)
{
	va_list args;

	va_start(args, format);
	sd_pg_begin(part, SD_PG_JOIN, table, SD_PG_ACCESS_EXCLUSIVE, SD_PG_INSTANT);
	sd_buf_addf(part->out, "ALTER TABLE %s ", sd_pg_path(part->arena, table));
	write_statement(part, sd_vfmt(part->arena, format, args));
	va_end(args);
}

void
sd_pg_later(struct sd_pg_part *part, const struct sd_object *table, enum sd_pg_lock lock,
	const char *format, ...)
{
	va_list args;

	va_start(args, format);
	*sd_push(part->arena, &part->late) = (struct sd_pg_late){
		.table = table,
		.text = sd_vfmt(part->arena, format, args),
		.lock = lock,
	};
	va_end(args);
}

void
sd_pg_comment(struct sd_pg_part *part, const char *format, ...)
{
	va_list args;
	char *text;

	va_start(args, format);
	text = sd_vfmt(part->arena, format, args);
	va_end(args);
	for (char *p = text; *p; p++)
		if (*p == '\n' || *p == '\r')
			*p = ' ';
	sd_buf_addf(part->out, "-- %s\n", text);
}

void
sd_pg_guard(struct sd_pg_part *part, const char *message, const char *query)
{
	sd_pg_comment(part, "schemadiff:expect-none %s", message);
	sd_pg_stmt(part, "%s", query);
}

/* ---- transactions and locks -------------------------------------------------------------- */

bool
sd_pg_exists(const struct sd_object *table)
{
	return table && table->twin;
}

static const char *const lock_words[] = {
	[SD_PG_NO_LOCK] = NULL,
	[SD_PG_SHARE_UPDATE_EXCLUSIVE] = "SHARE UPDATE EXCLUSIVE",
	[SD_PG_SHARE_ROW_EXCLUSIVE] = "SHARE ROW EXCLUSIVE",
	[SD_PG_SHARE] = "SHARE",
	[SD_PG_ACCESS_EXCLUSIVE] = "ACCESS EXCLUSIVE",
};

static const char *const effect_words[] = {
	[SD_PG_INSTANT] = ", for an instant",
	[SD_PG_SCANS] = " and scans it",
	[SD_PG_REWRITES] = " and rewrites it",
};

static bool
same_table(const struct sd_object *a, const struct sd_object *b)
{
	return a == b || a->twin == b;
}

/* What blocks readers or writers: two of these on two tables in one transaction are how
 * applications and migrations lock each other out. */
static bool
is_strong(enum sd_pg_lock lock)
{
	return lock > SD_PG_SHARE_UPDATE_EXCLUSIVE;
}

static void
enter(struct sd_pg_part *part, enum sd_pg_scope scope, const struct sd_object *locks)
{
	bool begins = part->outside || part->full || scope == SD_PG_FRESH ||
		      scope == SD_PG_ALONE ||
		      (locks && part->locked && !same_table(part->locked, locks));

	if (scope == SD_PG_OUTSIDE || scope == SD_PG_BATCH)
		part->begun = true;
	if (scope == SD_PG_OUTSIDE) {
		if (!part->outside)
			sd_buf_add(part->out, "-- schemadiff:no-transaction\n");
		part->outside = true;
		part->said = NULL;
		return;
	}
	if (scope == SD_PG_BATCH) {
		part->full = true; /* the runner commits what is open before it */
		return;
	}
	if (begins && part->begun) {
		sd_buf_add(part->out, "-- schemadiff:transaction\n");
		part->locked = NULL;
		part->said = NULL;
	}
	part->begun = true;
	part->outside = false;
	part->full = scope == SD_PG_ALONE;
	if (locks)
		part->locked = locks;
}

void
sd_pg_begin_both(struct sd_pg_part *part, enum sd_pg_scope scope,
	const struct sd_object *table, const struct sd_object *other, enum sd_pg_lock lock,
	enum sd_pg_effect effect)
{
	const struct sd_object *locks = NULL;
	const char *text;
	bool both = sd_pg_exists(table) && sd_pg_exists(other) && !same_table(table, other);

	if (is_strong(lock))
		locks = sd_pg_exists(table) ? table : sd_pg_exists(other) ? other : NULL;
	if (!part->online && scope != SD_PG_OUTSIDE) {
		scope = SD_PG_JOIN; /* one transaction takes everything */
		locks = NULL;
	} else if (both && is_strong(lock) && scope == SD_PG_JOIN) {
		scope = SD_PG_ALONE;
	}
	enter(part, scope, locks);
	if (!lock_words[lock] || (!sd_pg_exists(table) && !sd_pg_exists(other)))
		return;
	if (effect == SD_PG_INSTANT && !is_strong(lock) && part->locked && !part->outside &&
		same_table(part->locked, table))
		return; /* more than that is held already */
	text = sd_fmt(part->arena, "locks %s%s%s: %s%s",
		part->called
			? part->called
			: sd_object_path(part->arena, sd_pg_exists(table) ? table : other),
		both ? " and " : "", both ? sd_object_path(part->arena, other) : "",
		lock_words[lock], effect_words[effect]);
	if (effect != SD_PG_INSTANT || !sd_text_equal(text, part->said))
		sd_pg_comment(part, "%s", text);
	part->said = text;
}

void
sd_pg_begin(struct sd_pg_part *part, enum sd_pg_scope scope, const struct sd_object *table,
	enum sd_pg_lock lock, enum sd_pg_effect effect)
{
	sd_pg_begin_both(part, scope, table, NULL, lock, effect);
}

void
sd_pg_also_locks(struct sd_pg_part *part, const struct sd_object *other, enum sd_pg_lock lock,
	enum sd_pg_effect effect)
{
	if (!sd_pg_exists(other))
		return;
	sd_pg_comment(part, "locks %s: %s%s", sd_object_path(part->arena, other),
		lock_words[lock], effect_words[effect]);
	part->full = part->online;
}

bool
sd_pg_can(const struct sd_pg_part *part, enum sd_cap cap)
{
	return sd_dialect_can(&sd_dialect_postgresql, part->plan->target, cap);
}

/* ---- fields ---------------------------------------------------------------------------- */

bool
sd_pg_alters(const struct sd_change *change, const char *group, const char *key)
{
	const struct sd_kind_desc *desc = &sd_kinds[change->kind];

	for (size_t i = 0; i < desc->n_fields; i++)
		if (change->fields & UINT64_C(1) << i &&
			strcmp(desc->fields[i].key, key) == 0 &&
			sd_text_equal(desc->fields[i].group, group))
			return true;
	return false;
}

bool
sd_pg_alters_only(const struct sd_change *change, const char *const *keys)
{
	const struct sd_kind_desc *desc = &sd_kinds[change->kind];

	if (change->fields & SD_FIELD_BIT_NAME)
		return false;
	for (size_t i = 0; i < desc->n_fields; i++) {
		const char *const *key = keys;

		if (!(change->fields & UINT64_C(1) << i))
			continue;
		while (*key && strcmp(*key, desc->fields[i].key) != 0)
			key++;
		if (!*key)
			return false;
	}
	return true;
}

/* ---- filling --------------------------------------------------------------------------- */

#define BATCH_ROWS 10000

/* Columns that tell rows apart on the way: those of the primary key as it is while the part
 * runs, if they are there on both sides. */
static const struct sd_key *
walking_key(const struct sd_object *table)
{
	const struct sd_key *key = table->twin && table->twin->kind == SD_TABLE
					   ? sd_table_pk((const struct sd_table *)table->twin)
					   : NULL;

	for (size_t i = 0; key && i < key->columns.n; i++)
		if (!sd_column_find(&sd_dialect_postgresql, table, key->columns.at[i].name))
			return NULL;
	return key;
}

static const char *
key_columns(struct sd_arena *arena, const struct sd_key *key)
{
	struct sd_buf out = SD_BUF(arena);

	for (size_t i = 0; i < key->columns.n; i++) {
		sd_buf_sep(&out, ", ");
		sd_buf_add(&out, sd_pg_name(arena, key->columns.at[i].name));
	}
	return sd_buf_text(&out);
}

/* They fire for each row that is filled, whatever they do to it. */
static void
warn_of_triggers(struct sd_pg_part *part, const struct sd_object *table)
{
	const struct sd_schema *schema =
		part->plan->down ? part->plan->diff->into : part->plan->diff->from;
	const struct sd_object *known = part->plan->down ? table : table->twin;

	while (known && known->origin)
		known = known->origin;
	for (size_t i = 0; i < schema->dependents.n; i++) {
		const struct sd_dependent *d = &schema->dependents.at[i];

		if (d->on == known && !d->column && sd_text_starts(d->title, "trigger "))
			sd_pg_comment(part, "warning: %s fires for each row that it is for",
				d->title);
	}
}

void
sd_pg_fill(struct sd_pg_part *part, const struct sd_object *table,
	const struct sd_column *column, const char *value)
{
	const char *path = sd_pg_path(part->arena, table);
	const char *name = sd_pg_name(part->arena, column->o.name);
	const struct sd_key *key = walking_key(table);

	if (!part->online) {
		sd_pg_begin(part, SD_PG_JOIN, table, SD_PG_ACCESS_EXCLUSIVE, SD_PG_SCANS);
		warn_of_triggers(part, table);
		sd_pg_stmt(part, "UPDATE %s SET %s = %s WHERE %s IS NULL", path, name, value,
			name);
		return;
	}
	sd_pg_begin(part, SD_PG_BATCH, table, SD_PG_NO_LOCK, SD_PG_SCANS);
	warn_of_triggers(part, table);
	if (key) {
		sd_pg_comment(part, "schemadiff:batch %s (%s) %d", path,
			key_columns(part->arena, key), BATCH_ROWS);
		sd_pg_stmt(part, "UPDATE %s SET %s = %s WHERE %s IS NULL AND :batch", path, name,
			value, name);
	} else {
		sd_pg_comment(part, "schemadiff:batch");
		sd_pg_stmt(part,
			"UPDATE %s SET %s = %s WHERE ctid = ANY (ARRAY(SELECT ctid FROM %s "
			"WHERE %s IS NULL%s LIMIT %d))",
			path, name, value, path, name,
			/* a row for which the value is NULL would come again and again */
			sd_pg_is_stable(value) ? sd_fmt(part->arena, " AND (%s) IS NOT NULL", value)
					       : "",
			BATCH_ROWS);
	}
}

/* ---- steps ----------------------------------------------------------------------------- */

static void
rename_step(struct sd_pg_part *part, const struct sd_change *change)
{
	const struct sd_object *from = change->from, *into = change->into;

	bool table = change->kind == SD_TABLE || change->kind == SD_COLUMN;

	/* the table is the one of all later steps, under the name that it still has */
	part->called = sd_object_path(
		part->arena, change->kind == SD_COLUMN ? from->parent : from);
	sd_pg_begin(part, SD_PG_JOIN, change->kind == SD_COLUMN ? into->parent : into,
		table ? SD_PG_ACCESS_EXCLUSIVE : SD_PG_NO_LOCK, SD_PG_INSTANT);
	part->called = NULL;
	if (change->kind == SD_COLUMN)
		sd_pg_stmt(part, "ALTER TABLE %s RENAME COLUMN %s TO %s",
			sd_pg_path(part->arena, from->parent),
			sd_pg_name(part->arena, from->name), sd_pg_name(part->arena, into->name));
	else if (change->kind == SD_TABLE)
		sd_pg_stmt(part, "ALTER TABLE %s RENAME TO %s", sd_pg_path(part->arena, from),
			sd_pg_name(part->arena, into->name));
	else
		sd_pg_stmt(part, "ALTER %s %s RENAME TO %s",
			change->kind == SD_ENUM ? "TYPE" : "SEQUENCE",
			sd_pg_path(part->arena, from), sd_pg_name(part->arena, into->name));
}

/* Tables that exist, and that the foreign keys of @table refer to: they are locked, too. */
static void
begin_with_referred(struct sd_pg_part *part, struct sd_object *table, enum sd_pg_lock lock)
{
	const struct sd_list *keys = sd_parts_of(table, SD_FOREIGN_KEY);
	const struct sd_object *seen = NULL;
	enum sd_pg_scope scope = SD_PG_JOIN;

	for (size_t i = 0; i < keys->n; i++) {
		const struct sd_foreign_key *fk = (const struct sd_foreign_key *)keys->at[i];
		const struct sd_object *other = sd_schema_find(
			part->plan->diff->into, SD_TABLE, fk->table_ns, fk->table);

		if (fk->o.flags & SD_OBJ_LATE || !sd_pg_exists(other) || other == seen)
			continue;
		if (seen)
			part->locked = NULL; /* all of them belong to one statement */
		sd_pg_begin(part, scope, other, lock, SD_PG_INSTANT);
		seen = other;
	}
	if (!seen)
		sd_pg_begin(part, SD_PG_JOIN, NULL, SD_PG_NO_LOCK, SD_PG_INSTANT);
}

static void
add_table(struct sd_pg_part *part, const struct sd_change *change)
{
	begin_with_referred(part, change->into, SD_PG_SHARE_ROW_EXCLUSIVE);
	sd_pg_stmt(part, "%s", sd_pg_table(part->arena, (const struct sd_table *)change->into));
	sd_pg_trimmings(part, change->into);
}

static void
drop_table(struct sd_pg_part *part, const struct sd_change *change)
{
	begin_with_referred(part, change->from, SD_PG_ACCESS_EXCLUSIVE);
	sd_pg_stmt(part, "DROP TABLE %s", sd_pg_path(part->arena, change->from));
}

static void
drop_column(struct sd_pg_part *part, const struct sd_change *change)
{
	sd_pg_alter(part, change->from->parent, "DROP COLUMN %s",
		sd_pg_name(part->arena, change->from->name));
}

static void
drop_enum(struct sd_pg_part *part, const struct sd_change *change)
{
	sd_pg_begin(part, SD_PG_JOIN, NULL, SD_PG_NO_LOCK, SD_PG_INSTANT);
	sd_pg_stmt(part, "DROP TYPE %s", sd_pg_path(part->arena, change->from));
}

/* One that belongs to a column goes with it. */
static void
drop_sequence(struct sd_pg_part *part, const struct sd_change *change)
{
	const struct sd_sequence *sequence = (const struct sd_sequence *)change->from;

	sd_pg_begin(part, SD_PG_JOIN, NULL, SD_PG_NO_LOCK, SD_PG_INSTANT);
	sd_pg_stmt(part, "DROP SEQUENCE %s%s", sequence->owned_by ? "IF EXISTS " : "",
		sd_pg_path(part->arena, change->from));
}

typedef void step_fn(struct sd_pg_part *part, const struct sd_change *change);

static step_fn *const steps[SD_OP_REBUILD][SD_KIND__MAX] = {
	[SD_OP_RENAME] = {
		[SD_COLUMN] = rename_step,
		[SD_TABLE] = rename_step,
		[SD_ENUM] = rename_step,
		[SD_SEQUENCE] = rename_step,
	},
	[SD_OP_ADD] = {
		[SD_COLUMN] = sd_pg_add_column,
		[SD_PRIMARY_KEY] = sd_pg_add_constraint,
		[SD_UNIQUE] = sd_pg_add_constraint,
		[SD_CHECK] = sd_pg_add_constraint,
		[SD_EXCLUSION] = sd_pg_add_constraint,
		[SD_FOREIGN_KEY] = sd_pg_add_constraint,
		[SD_INDEX] = sd_pg_add_index,
		[SD_ENUM] = sd_pg_add_enum,
		[SD_SEQUENCE] = sd_pg_add_sequence,
		[SD_TABLE] = add_table,
	},
	[SD_OP_ALTER] = {
		[SD_COLUMN] = sd_pg_alter_column,
		[SD_PRIMARY_KEY] = sd_pg_alter_constraint,
		[SD_UNIQUE] = sd_pg_alter_constraint,
		[SD_CHECK] = sd_pg_alter_constraint,
		[SD_EXCLUSION] = sd_pg_alter_constraint,
		[SD_FOREIGN_KEY] = sd_pg_alter_constraint,
		[SD_INDEX] = sd_pg_alter_index,
		[SD_ENUM] = sd_pg_alter_enum,
		[SD_SEQUENCE] = sd_pg_alter_sequence,
		[SD_TABLE] = sd_pg_alter_table,
	},
	[SD_OP_DROP] = {
		[SD_COLUMN] = drop_column,
		[SD_PRIMARY_KEY] = sd_pg_drop_constraint,
		[SD_UNIQUE] = sd_pg_drop_constraint,
		[SD_CHECK] = sd_pg_drop_constraint,
		[SD_EXCLUSION] = sd_pg_drop_constraint,
		[SD_FOREIGN_KEY] = sd_pg_drop_constraint,
		[SD_INDEX] = sd_pg_drop_index,
		[SD_ENUM] = drop_enum,
		[SD_SEQUENCE] = drop_sequence,
		[SD_TABLE] = drop_table,
	},
};

static void
write_step(struct sd_pg_part *part, const struct sd_change *change)
{
	struct sd_names warnings = { 0 };
	struct sd_buf text = SD_BUF(part->arena), *out = part->out;
	size_t before = out->n;

	if (!steps[change->op][change->kind])
		sd_bug("no step %d of a %s", (int)change->op, sd_kinds[change->kind].word);
	sd_change_warnings(part->plan, change, part->arena, &warnings);
	for (size_t i = 0; i < warnings.n; i++)
		sd_buf_addf(&text, "-- warning: %s\n",
			sd_text_squeeze(part->arena, warnings.at[i]));
	sd_buf_add(out, sd_buf_text(&text));
	steps[change->op][change->kind](part, change);
	if (out->n > before)
		sd_buf_addc(out, '\n');
}

static void
write_late(struct sd_pg_part *part)
{
	for (size_t i = 0; i < part->late.n; i++) {
		const struct sd_pg_late *late = &part->late.at[i];

		sd_pg_begin(part, SD_PG_JOIN, late->table, late->lock, late->effect);
		write_statement(part, late->text);
	}
	if (part->late.n)
		sd_buf_addc(part->out, '\n');
}

/* Why values of a new NOT NULL column can't be invented, or NULL. */
static const char *
not_invented(const struct sd_plan *plan)
{
	for (size_t i = 0; plan->down && i < plan->steps.n; i++) {
		const struct sd_change *change = plan->steps.at[i];

		if (sd_change_lacks_values(change) && change->op == SD_OP_ADD &&
			!sd_pg_zero(plan, ((const struct sd_column *)change->into)->type))
			return sd_fmt(plan->diff->arena,
				"%s was NOT NULL, and no value of type %s can be invented",
				sd_object_path(plan->diff->arena, change->into),
				((const struct sd_column *)change->into)->type);
	}
	return NULL;
}

static bool
has_namespace(const struct sd_schema *schema, const char *ns)
{
	for (enum sd_kind kind = SD_N_PARTS; kind < SD_KIND__MAX; kind++)
		for (size_t i = 0; i < schema->objects[kind].n; i++)
			if (sd_text_equal(schema->objects[kind].at[i]->ns, ns))
				return true;
	return false;
}

/* Namespaces are nobody's own: they are made where one is missing, and stay. */
static void
create_namespaces(struct sd_pg_part *part)
{
	struct sd_names made = { 0 };

	for (size_t i = 0; i < part->plan->steps.n; i++) {
		const struct sd_change *change = part->plan->steps.at[i];
		const char *ns = change->op == SD_OP_ADD ? change->into->ns : NULL;

		if (!ns || change->into->parent || sd_names_find(&made, ns) >= 0 ||
			has_namespace(part->plan->diff->from, ns))
			continue;
		*sd_push(part->arena, &made) = ns;
		sd_pg_begin(part, SD_PG_JOIN, NULL, SD_PG_NO_LOCK, SD_PG_INSTANT);
		sd_pg_stmt(part, "CREATE SCHEMA IF NOT EXISTS %s", sd_pg_name(part->arena, ns));
	}
	if (made.n)
		sd_buf_addc(part->out, '\n');
}

static void
write_part(const struct sd_plan *plan, struct sd_arena *arena, struct sd_buf *out)
{
	struct sd_pg_part part = {
		.plan = plan, .arena = arena, .out = out, .online = plan->online
	};
	const char *irreversible =
		plan->irreversible ? plan->irreversible : not_invented(plan);

	if (irreversible)
		sd_pg_comment(&part, "schemadiff:irreversible %s", irreversible);
	create_namespaces(&part);
	for (size_t i = 0; i < plan->steps.n; i++)
		write_step(&part, plan->steps.at[i]);
	write_late(&part);
}

/* A column that is dropped and made anew takes all along; values that become others leave nothing
 * that was built on them; and of another name for the type the engine makes casts in the checks
 * and expressions, which would not be what the files say, nor what was there before. */
static enum sd_dislodged
dislodges(struct sd_arena *arena, const struct sd_change *change)
{
	const struct sd_column *from = (const struct sd_column *)change->from;
	const struct sd_column *into = (const struct sd_column *)change->into;
	struct sd_pg_conversion conversion;

	if (sd_pg_alters(change, "generated", "as") || sd_pg_alters(change, "generated", "stored"))
		return SD_DISLODGES_ALL;
	if (!sd_pg_alters(change, NULL, "type"))
		return SD_DISLODGES_NOTHING;
	conversion = sd_pg_conversion(arena, from->type, into->type);
	if (into->convert || conversion.other_family)
		return SD_DISLODGES_BUILT;
	return conversion.other_name ? SD_DISLODGES_COMPUTED : SD_DISLODGES_NOTHING;
}

/* What some versions have not got. */
static const struct {
	enum sd_kind kind;
	const char *key;
	enum sd_cap cap;
	const char *version;
} since[] = {
	{ SD_COLUMN, "compression", SD_CAP_COMPRESSION, "14" },
	{ SD_COLUMN, "not_null_name", SD_CAP_NOT_NULL_NOT_VALID, "18" },
	{ SD_PRIMARY_KEY, "nulls_distinct", SD_CAP_NULLS_NOT_DISTINCT, "15" },
	{ SD_UNIQUE, "nulls_distinct", SD_CAP_NULLS_NOT_DISTINCT, "15" },
	{ SD_INDEX, "nulls_distinct", SD_CAP_NULLS_NOT_DISTINCT, "15" },
	{ SD_FOREIGN_KEY, "set_columns", SD_CAP_NULLS_NOT_DISTINCT, "15" },
	{ SD_CHECK, "enforced", SD_CAP_NOT_ENFORCED, "18" },
	{ SD_FOREIGN_KEY, "enforced", SD_CAP_NOT_ENFORCED, "18" },
};

static const char *
too_new(const struct sd_plan *plan, const struct sd_object *object)
{
	const struct sd_column *column = (const struct sd_column *)object;
	struct sd_arena *arena = plan->diff->arena;

	if (object->kind == SD_COLUMN && column->generated && !column->stored_generated &&
		!sd_dialect_can(&sd_dialect_postgresql, plan->target, SD_CAP_VIRTUAL))
		return sd_fmt(arena,
			"%s is generated and not stored, which needs PostgreSQL 18: say "
			"\"stored\": true",
			sd_object_path(arena, object));
	for (size_t i = 0; i < SD_COUNT(since); i++)
		if (since[i].kind == object->kind &&
			!sd_field_unset(sd_field_find(object->kind, since[i].key), object) &&
			!sd_dialect_can(&sd_dialect_postgresql, plan->target, since[i].cap))
			return sd_fmt(arena,
				"\"%s\" of %s needs PostgreSQL %s, and scripts are written for "
				"%s",
				since[i].key, sd_object_title(arena, object), since[i].version,
				sd_dialect_version_text(
					&sd_dialect_postgresql, arena, plan->target));
	return NULL;
}

/* The first thing of a new object that the target has not got. */
static const char *
version_refuses(const struct sd_plan *plan, struct sd_object *object)
{
	const char *why = too_new(plan, object);

	for (enum sd_kind kind = 0; !why && object->kind == SD_TABLE && kind < SD_N_PARTS; kind++) {
		const struct sd_list *list = sd_parts_of(object, kind);

		for (size_t i = 0; !why && i < list->n; i++)
			why = too_new(plan, list->at[i]);
	}
	return why;
}

/* The options of the numbers of @object, a sequence or identity column, or NULL. */
static const struct sd_sequence_options *
numbers_of(const struct sd_object *object)
{
	const struct sd_column *column = (const struct sd_column *)object;
	static const struct sd_sequence_options none;

	if (object->kind == SD_SEQUENCE)
		return &((const struct sd_sequence *)object)->options;
	if (object->kind != SD_COLUMN || !column->identity)
		return NULL;
	return column->rare ? &column->rare->identity : &none;
}

static const char *
refuses_numbers(const struct sd_plan *plan, const struct sd_change *change)
{
	const struct sd_sequence_options *from, *into;

	if (change->op != SD_OP_ALTER)
		return NULL;
	from = numbers_of(change->from);
	into = numbers_of(change->into);
	if (!from || !into || !sd_pg_leaps(from, into))
		return NULL;
	return sd_fmt(plan->diff->arena,
		"no number lies within the old and the new bounds of %s, so that it can't go on: "
		"let it be another sequence",
		sd_object_title(plan->diff->arena, change->into));
}

static const char *
refuses(const struct sd_plan *plan, const struct sd_change *change)
{
	struct sd_arena *arena = plan->diff->arena;
	const struct sd_column *from = (const struct sd_column *)change->from;
	const struct sd_column *into = (const struct sd_column *)change->into;

	if (!plan->down && change->into &&
		(change->op == SD_OP_ADD ||
			(change->op == SD_OP_ALTER && change->kind != SD_TABLE))) {
		const char *why = version_refuses(plan, change->into);

		if (why)
			return why;
	}
	if (refuses_numbers(plan, change))
		return refuses_numbers(plan, change);
	if (change->kind != SD_COLUMN || change->op != SD_OP_ALTER || into->convert ||
		!sd_pg_alters(change, NULL, "type") ||
		!sd_pg_conversion(arena, from->type, into->type).impossible)
		return NULL;
	return sd_fmt(arena,
		"%s can't be converted from %s to %s by a cast: \"using\" in the schema file says "
		"how",
		sd_object_path(arena, change->into), from->type, into->type);
}

/* FROM … under the names that the comparison uses, where the database has others. */
static const char *
source(const struct sd_object *relation, struct sd_arena *arena)
{
	const struct sd_object *origin = relation->origin ? relation->origin : relation;
	const struct sd_list *columns = &((const struct sd_relation *)relation)->parts[SD_COLUMN];
	const char *path = sd_pg_path(arena, origin), *name = sd_pg_name(arena, relation->name);
	struct sd_buf list = SD_BUF(arena);
	bool renamed = false;

	for (size_t i = 0; i < columns->n; i++) {
		const struct sd_object *column = columns->at[i];
		const char *old = column->origin ? column->origin->name : column->name;

		renamed |= strcmp(old, column->name) != 0;
		sd_buf_sep(&list, ", ");
		sd_buf_addf(&list, "%s AS %s", sd_pg_name(arena, old),
			sd_pg_name(arena, column->name));
	}
	if (!renamed)
		return sd_fmt(arena, "ONLY %s AS %s", path, name);
	/* the row type alone: planning over the table itself looks at its indexes, too */
	return sd_fmt(arena,
		"(SELECT %s FROM jsonb_populate_recordset(NULL::%s, '[]')) AS %s",
		sd_buf_text(&list), path, name);
}

const struct sd_renderer sd_renderer_postgres = {
	.dialect = &sd_dialect_postgresql,
	.strategy = { .replaces = true, .dislodges = dislodges, .refuses = refuses },
	.source = source,
	.part = write_part,
};
