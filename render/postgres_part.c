/* Constraints and indexes of PostgreSQL.
 *
 * On a table that exists and has to stay usable a constraint is added without looking at rows
 * and proved afterwards, an index is built beside the work of others, and what replaces
 * something is there before that goes. */
#include "render/postgres.h"

#include "core/base/text.h"

#include <string.h>

static const char *
path_of(struct sd_pg_part *part, const struct sd_object *object)
{
	return sd_pg_path(part->arena, object->parent);
}

static const char *
name_of(struct sd_pg_part *part, const struct sd_object *object)
{
	return sd_pg_name(part->arena, object->name);
}

static bool
is_online(const struct sd_pg_part *part, const struct sd_object *object)
{
	return part->online && sd_pg_exists(object->parent);
}

/* ---- what a constraint locks -------------------------------------------------------------- */

/* The table that foreign key @object refers to, where it exists; NULL for what is no foreign
 * key. */
static const struct sd_object *
referred(const struct sd_pg_part *part, const struct sd_object *object)
{
	const struct sd_foreign_key *fk = (const struct sd_foreign_key *)object;
	const struct sd_diff *diff = part->plan->diff;
	const struct sd_object *table = NULL;

	if (object->kind != SD_FOREIGN_KEY)
		return NULL;
	table = sd_schema_find(diff->into, SD_TABLE, fk->table_ns, fk->table);
	if (!table)
		table = sd_schema_find(diff->renamed, SD_TABLE, fk->table_ns, fk->table);
	return table;
}

static enum sd_pg_lock
lock_of(const struct sd_object *object)
{
	return object->kind == SD_FOREIGN_KEY ? SD_PG_SHARE_ROW_EXCLUSIVE
					      : SD_PG_ACCESS_EXCLUSIVE;
}

static bool
is_not_valid(const struct sd_object *object)
{
	if (object->kind == SD_CHECK)
		return ((const struct sd_check *)object)->not_valid;
	return object->kind == SD_FOREIGN_KEY &&
	       ((const struct sd_foreign_key *)object)->not_valid;
}

/* It holds for no row unless somebody proves it: there is nothing to validate. */
static bool
is_not_enforced(const struct sd_object *object)
{
	if (object->kind == SD_CHECK)
		return ((const struct sd_check *)object)->not_enforced;
	return object->kind == SD_FOREIGN_KEY &&
	       ((const struct sd_foreign_key *)object)->not_enforced;
}

static bool
can_wait(const struct sd_object *object)
{
	return object->kind == SD_CHECK || object->kind == SD_FOREIGN_KEY;
}

static bool
is_key(const struct sd_object *object)
{
	return object->kind == SD_PRIMARY_KEY || object->kind == SD_UNIQUE;
}

/* What a table says of one of its indexes: the index behind its replica identity, the one that
 * CLUSTER goes by. */
static const struct mark {
	const char *words;
	size_t offset; /* of "index NAME" in struct sd_table */
	enum sd_pg_lock lock;
	bool orders; /* only an index that has all rows, in an order, can bear it */
} marks[] = {
	{ "REPLICA IDENTITY USING INDEX", offsetof(struct sd_table, replica_identity),
		SD_PG_ACCESS_EXCLUSIVE, false },
	{ "CLUSTER ON", offsetof(struct sd_table, cluster), SD_PG_SHARE_UPDATE_EXCLUSIVE, true },
};

static bool
can_order(const struct sd_object *object)
{
	const struct sd_field *where = sd_field_find(object->kind, "where");
	const struct sd_field *method = sd_field_find(object->kind, "method");
	const char *name = method ? sd_field_get(object, method, char *) : NULL;

	return (!where || sd_field_unset(where, object)) &&
	       (!name || strcmp(name, "btree") == 0 || strcmp(name, "gist") == 0);
}

static const char *
marked(const struct mark *mark, const struct sd_object *table)
{
	return *(const char *const *)((const char *)table + mark->offset);
}

/* The table has @index marked, or has had the one that @index is now. */
static bool
bears(struct sd_pg_part *part, const struct mark *mark, const struct sd_object *index)
{
	const char *now = marked(mark, index->parent);
	const char *before = marked(mark, index->parent->twin);
	const char *name = now || !index->twin ? index->name : index->twin->name;

	return sd_text_equal(now ? now : before, sd_fmt(part->arena, "index %s", name)) &&
	       (!mark->orders || can_order(index));
}

/* An index that its table has marked is another one now.  At once, before the old one goes:
 * without a replica identity no row could be changed. */
static void
keep_marks(struct sd_pg_part *part, const struct sd_object *index)
{
	for (size_t i = 0; index->parent->twin && i < SD_COUNT(marks); i++) {
		if (!bears(part, &marks[i], index))
			continue;
		sd_pg_begin(part, part->outside ? SD_PG_OUTSIDE : SD_PG_JOIN, index->parent,
			marks[i].lock, SD_PG_INSTANT);
		sd_pg_stmt(part, "ALTER TABLE %s %s %s", sd_pg_path(part->arena, index->parent),
			marks[i].words, sd_pg_name(part->arena, index->name));
	}
}

/* ---- adding ------------------------------------------------------------------------------- */

static void
add(struct sd_pg_part *part, enum sd_pg_scope scope, const struct sd_object *object,
	const char *name, const char *suffix, enum sd_pg_effect effect)
{
	sd_pg_begin_both(part, scope, object->parent, referred(part, object), lock_of(object),
		effect);
	sd_pg_stmt(part, "ALTER TABLE %s ADD %s%s", path_of(part, object),
		sd_pg_constraint(part->arena, object, name), suffix);
}

static void
validate(struct sd_pg_part *part, const struct sd_object *object, const char *name)
{
	sd_pg_begin(part, SD_PG_ALONE, object->parent, SD_PG_SHARE_UPDATE_EXCLUSIVE,
		SD_PG_SCANS);
	sd_pg_stmt(part, "ALTER TABLE %s VALIDATE CONSTRAINT %s", path_of(part, object),
		sd_pg_name(part->arena, name));
}

static void
build_key(struct sd_pg_part *part, const struct sd_object *object, const char *index)
{
	sd_pg_begin(part, SD_PG_OUTSIDE, object->parent, SD_PG_SHARE_UPDATE_EXCLUSIVE,
		SD_PG_SCANS);
	sd_pg_stmt(part, "%s",
		sd_pg_key_index(part->arena, (const struct sd_key *)object, index));
}

/* The index takes the constraint's name. */
static void
add_built_key(struct sd_pg_part *part, const struct sd_object *object, const char *index)
{
	sd_pg_alter(part, object->parent, "ADD CONSTRAINT %s %s USING INDEX %s%s",
		name_of(part, object), object->kind == SD_PRIMARY_KEY ? "PRIMARY KEY" : "UNIQUE",
		sd_pg_name(part->arena, index),
		sd_pg_deferrable(part->arena, ((const struct sd_key *)object)->deferrable));
}

/* Add @object as @name; proved, and valid, at the end. */
static void
add_in_steps(struct sd_pg_part *part, const struct sd_object *object, const char *name)
{
	add(part, SD_PG_JOIN, object, name,
		is_not_enforced(object) ? "" : " NOT VALID", SD_PG_INSTANT);
	if (!is_not_valid(object) && !is_not_enforced(object))
		validate(part, object, name);
}

void
sd_pg_add_constraint(struct sd_pg_part *part, const struct sd_change *change)
{
	const struct sd_object *object = change->into;

	if (is_online(part, object) && is_key(object)) {
		build_key(part, object, object->name);
		add_built_key(part, object, object->name);
	} else if (is_online(part, object) && can_wait(object)) {
		add_in_steps(part, object, object->name);
	} else {
		add(part, SD_PG_JOIN, object, object->name,
			is_not_valid(object) ? " NOT VALID" : "",
			is_not_valid(object) ? SD_PG_INSTANT : SD_PG_SCANS);
	}
	sd_pg_trimmings(part, change->into);
	if (is_key(object) || object->kind == SD_EXCLUSION)
		keep_marks(part, object);
}

/* ---- dropping ----------------------------------------------------------------------------- */

static void
drop(struct sd_pg_part *part, const struct sd_object *object, const char *name)
{
	sd_pg_begin_both(part,
		object->kind == SD_FOREIGN_KEY && sd_pg_exists(object->parent) ? SD_PG_FRESH
									       : SD_PG_JOIN,
		object->parent, referred(part, object), SD_PG_ACCESS_EXCLUSIVE, SD_PG_INSTANT);
	sd_pg_stmt(part, "ALTER TABLE %s DROP CONSTRAINT %s", path_of(part, object),
		sd_pg_name(part->arena, name));
}

void
sd_pg_drop_constraint(struct sd_pg_part *part, const struct sd_change *change)
{
	drop(part, change->from, change->from->name);
}

/* ---- how an index is stored --------------------------------------------------------------- */

/* The index of @change's object, itself or behind a constraint, keeps its rows in another way:
 * the table's lock is not touched.  Parameters that are gone are reset. */
static void
alter_storage(struct sd_pg_part *part, const struct sd_change *change)
{
	const struct sd_field *with = sd_field_find(change->kind, "with");
	const struct sd_field *space = sd_field_find(change->kind, "tablespace");

	if (sd_pg_alters(change, NULL, "with")) {
		sd_pg_begin(part, SD_PG_JOIN, NULL, SD_PG_NO_LOCK, SD_PG_INSTANT);
		sd_pg_set_options(part, "INDEX", change->into,
			sd_field_at(change->from, with, const struct sd_names),
			sd_field_at(change->into, with, const struct sd_names));
	}
	if (sd_pg_alters(change, NULL, "tablespace")) {
		const char *name = sd_field_get(change->into, space, char *);

		sd_pg_begin(part, SD_PG_JOIN, NULL, SD_PG_NO_LOCK, SD_PG_INSTANT);
		sd_pg_stmt(part, "ALTER INDEX %s SET TABLESPACE %s",
			sd_pg_path(part->arena, change->into),
			name ? sd_pg_name(part->arena, name) : "pg_default");
	}
}

/* ---- changing ----------------------------------------------------------------------------- */

static void
rename_constraint(struct sd_pg_part *part, const struct sd_object *object, const char *from,
	const char *into)
{
	sd_pg_alter(part, object->parent, "RENAME CONSTRAINT %s TO %s",
		sd_pg_name(part->arena, from), sd_pg_name(part->arena, into));
}

/* The new one first, under another name, so that rows are never unguarded. */
static void
replace_in_steps(struct sd_pg_part *part, const struct sd_change *change)
{
	const struct sd_object *from = change->from, *into = change->into;
	const char *spare = sd_pg_spare(part->arena, into->name);

	if (is_key(into)) {
		build_key(part, into, spare);
		drop(part, from, from->name);
		add_built_key(part, into, spare);
		return;
	}
	if (strcmp(from->name, into->name) != 0) {
		add_in_steps(part, into, into->name);
		drop(part, from, from->name);
		return;
	}
	add_in_steps(part, into, spare);
	drop(part, from, from->name);
	rename_constraint(part, into, spare, into->name);
}

static void
replace(struct sd_pg_part *part, const struct sd_change *change)
{
	bool in_steps = is_online(part, change->into) &&
			(is_key(change->into) || can_wait(change->into));

	if (in_steps) {
		replace_in_steps(part, change);
	} else {
		drop(part, change->from, change->from->name);
		add(part, SD_PG_JOIN, change->into, change->into->name,
			is_not_valid(change->into) ? " NOT VALID" : "",
			is_not_valid(change->into) ? SD_PG_INSTANT : SD_PG_SCANS);
	}
	sd_pg_trimmings(part, change->into);
	if (is_key(change->into) || change->kind == SD_EXCLUSION)
		keep_marks(part, change->into);
}

/* A foreign key changes its deferrability without being made anew. */
static void
alter_deferrable(struct sd_pg_part *part, const struct sd_object *object)
{
	const char *deferrable = ((const struct sd_foreign_key *)object)->deferrable;

	sd_pg_begin(part, SD_PG_JOIN, object->parent, SD_PG_ACCESS_EXCLUSIVE, SD_PG_INSTANT);
	sd_pg_stmt(part, "ALTER TABLE %s ALTER CONSTRAINT %s%s", path_of(part, object),
		name_of(part, object),
		deferrable ? sd_pg_deferrable(part->arena, deferrable) : " NOT DEFERRABLE");
}

/* What needs no other constraint: of a foreign key its deferrability, too. */
static bool
stays(const struct sd_change *change)
{
	static const char *const details[] = { "comment", "with", "tablespace", "index_comment",
		NULL };
	static const char *const deferrable[] = { "deferrable", "comment", NULL };
	static const char *const validated[] = { "validated", "comment", NULL };
	struct sd_change rest = *change;

	rest.fields &= ~SD_FIELD_BIT_NAME;
	return sd_pg_alters_only(&rest, details) ||
	       (change->kind == SD_FOREIGN_KEY && sd_pg_alters_only(&rest, deferrable)) ||
	       (sd_pg_alters_only(&rest, validated) && !is_not_valid(change->into));
}

void
sd_pg_alter_constraint(struct sd_pg_part *part, const struct sd_change *change)
{
	if (!stays(change)) {
		replace(part, change);
		return;
	}
	if (change->fields & SD_FIELD_BIT_NAME)
		rename_constraint(part, change->into, change->from->name, change->into->name);
	if (sd_pg_alters(change, NULL, "validated"))
		validate(part, change->into, change->into->name);
	if (sd_pg_alters(change, NULL, "deferrable"))
		alter_deferrable(part, change->into);
	alter_storage(part, change);
	if (sd_pg_alters(change, NULL, "comment"))
		sd_pg_comment_on(part, change->into);
	if (sd_pg_alters(change, NULL, "index_comment"))
		sd_pg_comment_on_index(part, change->into);
}

/* ---- indexes ------------------------------------------------------------------------------ */

static void
create_index(struct sd_pg_part *part, const struct sd_object *object)
{
	bool online = is_online(part, object);

	sd_pg_begin(part, online ? SD_PG_OUTSIDE : SD_PG_JOIN, object->parent,
		online ? SD_PG_SHARE_UPDATE_EXCLUSIVE : SD_PG_SHARE, SD_PG_SCANS);
	sd_pg_stmt(part, "%s",
		sd_pg_index(part->arena, (const struct sd_index *)object, object->name, online));
}

static void
drop_index(struct sd_pg_part *part, const struct sd_object *object, const char *name)
{
	bool online = is_online(part, object);
	const char *ns = object->parent->ns;

	sd_pg_begin(part, online ? SD_PG_OUTSIDE : SD_PG_JOIN, object->parent,
		online ? SD_PG_SHARE_UPDATE_EXCLUSIVE : SD_PG_ACCESS_EXCLUSIVE, SD_PG_INSTANT);
	sd_pg_stmt(part, "DROP INDEX %s%s%s%s", online ? "CONCURRENTLY " : "",
		ns ? sd_pg_name(part->arena, ns) : "", ns ? "." : "",
		sd_pg_name(part->arena, name));
}

void
sd_pg_add_index(struct sd_pg_part *part, const struct sd_change *change)
{
	create_index(part, change->into);
	sd_pg_trimmings(part, change->into);
	keep_marks(part, change->into);
}

void
sd_pg_drop_index(struct sd_pg_part *part, const struct sd_change *change)
{
	drop_index(part, change->from, change->from->name);
}

/* The table's lock is not touched: only the index is locked, for an instant. */
static void
rename_index(struct sd_pg_part *part, const struct sd_object *index, const char *from,
	const char *into)
{
	const char *ns = index->parent->ns;

	sd_pg_begin(part, SD_PG_JOIN, NULL, SD_PG_NO_LOCK, SD_PG_INSTANT);
	sd_pg_stmt(part, "ALTER INDEX %s%s%s RENAME TO %s",
		ns ? sd_pg_name(part->arena, ns) : "", ns ? "." : "",
		sd_pg_name(part->arena, from), sd_pg_name(part->arena, into));
}

/* Queries have the old one until the new one is there; of one that was never finished there is
 * nothing to keep. */
static void
replace_index(struct sd_pg_part *part, const struct sd_change *change)
{
	const struct sd_object *from = change->from, *into = change->into;
	bool keeps = is_online(part, into) && !((const struct sd_index *)from)->invalid;
	const char *spare = sd_pg_spare(part->arena, from->name);
	bool same_name = strcmp(from->name, into->name) == 0;

	if (keeps && same_name)
		rename_index(part, into, from->name, spare);
	if (!keeps)
		drop_index(part, from, from->name);
	create_index(part, into);
	keep_marks(part, into);
	if (keeps)
		drop_index(part, into, same_name ? spare : from->name);
	sd_pg_trimmings(part, change->into);
}

void
sd_pg_alter_index(struct sd_pg_part *part, const struct sd_change *change)
{
	static const char *const in_place[] = { "with", "tablespace", "comment", NULL };
	struct sd_change rest = *change;

	rest.fields &= ~SD_FIELD_BIT_NAME;
	if (!sd_pg_alters_only(&rest, in_place)) {
		replace_index(part, change);
		return;
	}
	if (change->fields & SD_FIELD_BIT_NAME)
		rename_index(part, change->into, change->from->name, change->into->name);
	alter_storage(part, change);
	if (sd_pg_alters(change, NULL, "comment"))
		sd_pg_comment_on(part, change->into);
}
