/* What a part must leave as it was: no foreign key dangles that did not before, and every view
 * and trigger that speaks of what was changed still compiles.  Both are asked of the engine,
 * inside the transaction, by the script itself. */
#include "core/base/text.h"
#include "render/sqlite.h"

#include <string.h>

/* ---- foreign keys --------------------------------------------------------------- */

static void
add_once(struct sd_sqlite_part *part, struct sd_names *names, const char *name)
{
	for (size_t i = 0; i < names->n; i++)
		if (sd_name_equal(part->dialect, names->at[i], name))
			return;
	*sd_push(part->arena, names) = name;
}

static bool
same_columns(
	struct sd_sqlite_part *part, const struct sd_parts *parts, const struct sd_names *names)
{
	if (parts->n != names->n)
		return false;
	for (size_t i = 0; i < names->n; i++) {
		bool found = false;

		for (size_t j = 0; j < parts->n; j++)
			found |= parts->at[j].name &&
				 sd_name_equal(part->dialect, parts->at[j].name, names->at[i]);
		if (!found)
			return false;
	}
	return true;
}

/* @fk refers to something unique; where it does not, the engine cannot check ("foreign key
 * mismatch") and the child is left out. */
static bool
refers_to_key(struct sd_sqlite_part *part, const struct sd_schema *schema,
	const struct sd_foreign_key *fk)
{
	static const enum sd_kind kinds[] = { SD_PRIMARY_KEY, SD_UNIQUE, SD_INDEX };
	struct sd_table *table = sd_schema_table(schema, fk->table_ns, fk->table);

	if (!table)
		return true; /* a missing parent is checked: every child row dangles */
	for (size_t k = 0; k < SD_COUNT(kinds); k++) {
		const struct sd_list *list = &table->rel.parts[kinds[k]];

		for (size_t i = 0; i < list->n; i++) {
			const struct sd_key *key = (const struct sd_key *)list->at[i];
			const struct sd_index *index = (const struct sd_index *)list->at[i];

			if (kinds[k] == SD_INDEX && (!index->unique || index->where))
				continue;
			if (same_columns(part,
				    kinds[k] == SD_INDEX ? &index->columns : &key->columns,
				    &fk->ref_columns))
				return true;
		}
	}
	return fk->ref_columns.n == 0;
}

static bool
can_be_checked(
	struct sd_sqlite_part *part, const struct sd_schema *schema, struct sd_object *table)
{
	const struct sd_list *keys = sd_parts_of(table, SD_FOREIGN_KEY);

	for (size_t i = 0; i < keys->n; i++)
		if (!refers_to_key(part, schema, (const struct sd_foreign_key *)keys->at[i]))
			return false;
	return keys->n != 0;
}

/* Tables of @schema whose rows may come to dangle when @name is rebuilt or dropped: it and
 * those that refer to it. */
static void
add_watched(struct sd_sqlite_part *part, const struct sd_schema *schema, const char *name,
	struct sd_names *names)
{
	const struct sd_list *tables = &schema->objects[SD_TABLE];

	for (size_t i = 0; i < tables->n; i++) {
		struct sd_object *table = tables->at[i];
		const struct sd_list *keys = sd_parts_of(table, SD_FOREIGN_KEY);
		bool watched = sd_name_equal(part->dialect, table->name, name);

		for (size_t k = 0; k < keys->n && !watched; k++)
			watched = sd_name_equal(part->dialect,
				((const struct sd_foreign_key *)keys->at[k])->table, name);
		if (watched && can_be_checked(part, schema, table))
			add_once(part, names, table->name);
	}
}

/* `(VALUES ('a'), ('b')) AS t JOIN pragma_foreign_key_check(t.column1) AS f` */
static const char *
violations(struct sd_sqlite_part *part, const struct sd_names *names)
{
	struct sd_buf out = SD_BUF(part->arena);

	sd_buf_add(&out, "(VALUES ");
	for (size_t i = 0; i < names->n; i++)
		sd_buf_addf(&out, "%s(%s)", i ? ", " : "",
			sd_quote_text(part->dialect, part->arena, names->at[i]));
	sd_buf_add(&out, ") AS t\n  JOIN pragma_foreign_key_check(t.column1) AS f");
	return sd_buf_text(&out);
}

static void
watched(struct sd_sqlite_part *part, const struct sd_schema *schema, struct sd_names *names)
{
	for (size_t i = 0; i < part->plan->steps.n; i++) {
		const struct sd_change *change = part->plan->steps.at[i];

		if (change->op == SD_OP_REBUILD ||
			(change->op == SD_OP_DROP && change->kind == SD_TABLE))
			add_watched(part, schema, change->from->name, names);
	}
}

void
sd_sqlite_watch_keys(struct sd_sqlite_part *part)
{
	struct sd_names before = { 0 }, after = { 0 };

	watched(part, part->plan->diff->into, &after);
	if (!after.n)
		return;
	watched(part, part->plan->diff->renamed, &before);
	sd_buf_add(part->out, "-- foreign keys that dangle already are not this revision's\n");
	sd_sqlite_stmt(part,
		"CREATE TEMP TABLE schemadiff_fk\n"
		"  (child TEXT COLLATE NOCASE, row, parent TEXT COLLATE NOCASE, n)");
	if (before.n)
		sd_sqlite_stmt(part,
			"INSERT INTO temp.schemadiff_fk\n"
			"SELECT f.\"table\", f.rowid, f.parent, count(*) FROM %s\n"
			"GROUP BY 1, 2, 3",
			violations(part, &before));
	sd_buf_addc(part->out, '\n');
}

void
sd_sqlite_check_keys(struct sd_sqlite_part *part)
{
	struct sd_names names = { 0 };

	watched(part, part->plan->diff->into, &names);
	if (!names.n)
		return;
	sd_sqlite_guard(part, "foreign keys would dangle (table, row, parent)",
		sd_fmt(part->arena,
			"SELECT f.\"table\", f.rowid, f.parent, count(*) AS n FROM %s\n"
			"GROUP BY 1, 2, 3\n"
			"HAVING n > ifnull((SELECT b.n FROM temp.schemadiff_fk AS b\n"
			"  WHERE b.child = f.\"table\" AND b.row IS f.rowid\n"
			"    AND b.parent = f.parent), 0)",
			violations(part, &names)));
	sd_sqlite_stmt(part, "DROP TABLE temp.schemadiff_fk");
	sd_buf_addc(part->out, '\n');
}

/* ---- statistics -------------------------------------------------------------------------- */

static void
only_if_analyzed(struct sd_sqlite_part *part)
{
	sd_buf_add(part->out, "-- schemadiff:only-if\n");
	sd_sqlite_stmt(part, "SELECT 1 FROM sqlite_master WHERE name = 'sqlite_stat1'");
}

/* The names of the rebuilt tables as a list of texts; "" without any. */
static const char *
rebuilt(struct sd_sqlite_part *part)
{
	struct sd_buf out = SD_BUF(part->arena);

	for (size_t i = 0; i < part->plan->steps.n; i++) {
		if (part->plan->steps.at[i]->op != SD_OP_REBUILD)
			continue;
		sd_buf_sep(&out, ", ");
		sd_buf_add(&out, sd_quote_text(part->dialect, part->arena,
					 part->plan->steps.at[i]->from->name));
	}
	return sd_buf_text(&out);
}

void
sd_sqlite_save_statistics(struct sd_sqlite_part *part)
{
	const char *tables = rebuilt(part);

	if (!*tables)
		return;
	sd_buf_add(
		part->out, "-- statistics of ANALYZE, if there are any, outlive the copies\n");
	sd_sqlite_stmt(part, "CREATE TEMP TABLE schemadiff_stat (tbl, idx, stat)");
	only_if_analyzed(part);
	sd_sqlite_stmt(part,
		"INSERT INTO temp.schemadiff_stat\n"
		"SELECT tbl, idx, stat FROM sqlite_stat1 WHERE tbl COLLATE NOCASE IN (%s)",
		tables);
	sd_buf_addc(part->out, '\n');
}

void
sd_sqlite_restore_statistics(struct sd_sqlite_part *part)
{
	if (!*rebuilt(part))
		return;
	only_if_analyzed(part);
	sd_sqlite_stmt(part, "INSERT INTO sqlite_stat1 (tbl, idx, stat)\n"
			     "SELECT tbl, idx, stat FROM temp.schemadiff_stat\n"
			     "WHERE idx IS NULL OR idx IN (SELECT name FROM sqlite_master)");
	sd_sqlite_stmt(part, "DROP TABLE temp.schemadiff_stat");
	sd_buf_addc(part->out, '\n');
}

/* ---- views and triggers --------------------------------------------------------- */

static bool
mentions_any(struct sd_sqlite_part *part, const struct sd_object *object,
	const struct sd_names *names)
{
	for (size_t i = 0; i < names->n; i++)
		if (sd_object_mentions(part->dialect, part->arena, object, names->at[i]))
			return true;
	return false;
}

/* Tables whose shape this part changes. */
static void
changed_tables(struct sd_sqlite_part *part, struct sd_names *names)
{
	for (size_t i = 0; i < part->plan->steps.n; i++) {
		const struct sd_change *change = part->plan->steps.at[i];
		const struct sd_object *object = change->into ? change->into : change->from;

		if (change->op == SD_OP_REBUILD ||
			(change->op == SD_OP_DROP &&
				(change->kind == SD_TABLE || change->kind == SD_VIEW)) ||
			(change->op == SD_OP_ADD && change->kind == SD_VIEW))
			add_once(part, names, object->name);
		else if (change->op == SD_OP_DROP && change->kind == SD_COLUMN)
			add_once(part, names, object->parent->name);
	}
}

/* A column that a statement can set: of the trigger's list, else the first plain one. */
static const char *
settable(const struct sd_object *relation, const struct sd_trigger *trigger)
{
	const struct sd_list *columns = sd_parts_of((struct sd_object *)relation, SD_COLUMN);

	if (trigger->of.n)
		return trigger->of.at[0];
	if (relation->kind == SD_VIEW && ((const struct sd_view *)relation)->columns.n)
		return ((const struct sd_view *)relation)->columns.at[0];
	for (size_t i = 0; i < columns->n; i++)
		if (!((const struct sd_column *)columns->at[i])->generated)
			return columns->at[i]->name;
	return NULL;
}

const char *
sd_sqlite_probe(const struct sd_object *object, struct sd_arena *arena)
{
	const struct sd_trigger *trigger = (const struct sd_trigger *)object;
	const struct sd_object *relation = object->parent ? object->parent : object;
	const char *table = sd_sqlite_name(arena, relation->name), *column, *event;

	if (object->kind == SD_VIEW)
		return sd_fmt(arena, "SELECT 1 FROM %s LIMIT 0", table);
	event = trigger->events.n ? trigger->events.at[0] : "";
	if (strcmp(event, "delete") == 0)
		return sd_fmt(arena, "DELETE FROM %s WHERE 0", table);
	column = settable(relation, trigger);
	if (!column && relation->kind == SD_VIEW && strcmp(event, "insert") == 0)
		return sd_fmt(arena, "INSERT INTO %s SELECT * FROM %s WHERE 0", table, table);
	if (!column)
		return NULL;
	column = sd_sqlite_name(arena, column);
	if (strcmp(event, "update") == 0)
		return sd_fmt(arena, "UPDATE %s SET %s = %s WHERE 0", table, column, column);
	return sd_fmt(arena, "INSERT INTO %s (%s) SELECT %s FROM %s WHERE 0", table, column,
		column, table);
}

/* What was broken before is not this revision's to mend. */
static void
probe(struct sd_sqlite_part *part, const struct sd_object *object)
{
	bool was_broken = object->twin && (object->twin->flags & SD_OBJ_BROKEN);
	const char *sql;

	if ((object->flags & SD_OBJ_BROKEN) ||
		(was_broken && !(object->flags & SD_OBJ_CHANGED)))
		return;
	sql = sd_sqlite_probe(object, part->arena);
	if (sql)
		sd_sqlite_stmt(part, "%s", sql);
}

static void
check_views(struct sd_sqlite_part *part, struct sd_names *names)
{
	const struct sd_list *views = &part->plan->diff->into->objects[SD_VIEW];
	bool *done = sd_new_array(part->arena, views->n + 1, bool), grew = true;

	while (grew) { /* views on views: each one found may bring others */
		grew = false;
		for (size_t i = 0; i < views->n; i++) {
			const struct sd_object *view = views->at[i];

			if (done[i] || !(mentions_any(part, view, names) ||
					       sd_names_find(names, view->name) >= 0))
				continue;
			done[i] = grew = true;
			add_once(part, names, view->name);
		}
	}
	for (size_t i = 0; i < views->n; i++)
		if (done[i])
			probe(part, views->at[i]);
}

/* CREATE TRIGGER looks at no name in the body. */
static bool
is_new(const struct sd_object *trigger)
{
	return !(trigger->flags & SD_OBJ_UNMANAGED) &&
	       (!trigger->twin || (trigger->flags & SD_OBJ_CHANGED));
}

static void
check_triggers(struct sd_sqlite_part *part, const struct sd_names *names)
{
	const struct sd_schema *into = part->plan->diff->into;

	for (size_t kind = SD_TABLE; kind <= SD_VIEW; kind++) {
		for (size_t i = 0; i < into->objects[kind].n; i++) {
			struct sd_object *relation = into->objects[kind].at[i];
			const struct sd_list *triggers = sd_parts_of(relation, SD_TRIGGER);

			for (size_t t = 0; t < triggers->n; t++)
				if (is_new(triggers->at[t]) ||
					mentions_any(part, triggers->at[t], names))
					probe(part, triggers->at[t]);
		}
	}
}

void
sd_sqlite_check_dependents(struct sd_sqlite_part *part)
{
	struct sd_names names = { 0 };
	size_t before = part->out->n, body;

	changed_tables(part, &names);
	sd_buf_add(part->out, "-- views and triggers that speak of what changed compile\n");
	body = part->out->n;
	check_views(part, &names);
	check_triggers(part, &names);
	if (part->out->n == body)
		sd_buf_cut(part->out, before);
}
