/* Model → definitions of PostgreSQL: texts that stand in CREATE and ALTER. */
#include "render/postgres.h"

#include "core/base/text.h"
#include "core/schema/names.h"

#include <string.h>

static const struct sd_dialect *const postgres = &sd_dialect_postgresql;

/* ---- names --------------------------------------------------------------------------- */

const char *
sd_pg_name(struct sd_arena *arena, const char *name)
{
	return sd_quote_name(postgres, arena, name);
}

const char *
sd_pg_names(struct sd_arena *arena, const struct sd_names *names)
{
	return sd_quote_names(postgres, arena, names);
}

static const char *
qualified(struct sd_arena *arena, const char *ns, const char *name)
{
	if (!ns)
		return sd_pg_name(arena, name);
	return sd_fmt(arena, "%s.%s", sd_pg_name(arena, ns), sd_pg_name(arena, name));
}

const char *
sd_pg_path(struct sd_arena *arena, const struct sd_object *object)
{
	return qualified(arena, object->parent ? object->parent->ns : object->ns, object->name);
}

const char *
sd_pg_spare(struct sd_arena *arena, const char *name)
{
	return sd_naming_cut(postgres, arena, sd_fmt(arena, "%s_replaced", name));
}

static const char *
upper(struct sd_arena *arena, const char *words)
{
	char *text = sd_strdup(arena, words);

	for (char *p = text; *p; p++)
		if (*p >= 'a' && *p <= 'z')
			*p = (char)(*p - ('a' - 'A'));
	return text;
}

/* A collation may be given with its namespace: "pg_catalog.C". */
static const char *
collation(struct sd_arena *arena, const char *name)
{
	const char *dot = strchr(name, '.');

	if (!dot || dot == name || !dot[1])
		return sd_pg_name(arena, name);
	return qualified(arena, sd_strndup(arena, name, (size_t)(dot - name)), dot + 1);
}

/* ---- options ------------------------------------------------------------------------- */

/* A word or a number. */
static bool
is_plain_value(const char *text)
{
	return *text && text[strspn(text, "abcdefghijklmnopqrstuvwxyz0123456789_.")] == '\0';
}

const char *
sd_pg_with(struct sd_arena *arena, const struct sd_names *options, const char *fillfactor)
{
	struct sd_buf out = SD_BUF(arena);

	if (fillfactor)
		sd_buf_addf(&out, "fillfactor = %s", fillfactor);
	for (size_t i = 0; i < options->n; i++) {
		const char *value = strchr(options->at[i], '=');

		sd_buf_sep(&out, ", ");
		sd_buf_addf(&out, "%.*s = %s", (int)(value - options->at[i]), options->at[i],
			is_plain_value(value + 1) ? value + 1
						  : sd_quote_text(postgres, arena, value + 1));
	}
	return out.n ? sd_fmt(arena, " WITH (%s)", sd_buf_text(&out)) : "";
}

const char *
sd_pg_sequence_options(struct sd_arena *arena, const struct sd_sequence_options *options)
{
	const struct {
		const char *words, *value;
	} rows[] = {
		{ "INCREMENT BY", options->increment },
		{ "MINVALUE", options->min },
		{ "MAXVALUE", options->max },
		{ "START WITH", options->start },
		{ "CACHE", options->cache },
	};
	struct sd_buf out = SD_BUF(arena);

	for (size_t i = 0; i < SD_COUNT(rows); i++) {
		if (!rows[i].value)
			continue;
		sd_buf_sep(&out, " ");
		sd_buf_addf(&out, "%s %s", rows[i].words, rows[i].value);
	}
	if (options->cycle) {
		sd_buf_sep(&out, " ");
		sd_buf_add(&out, "CYCLE");
	}
	return sd_buf_text(&out);
}

/* ---- columns ------------------------------------------------------------------------- */

static void
identity(struct sd_buf *out, const struct sd_column *column)
{
	const char *options = column->rare ? sd_pg_sequence_options(out->arena,
						     &column->rare->identity)
					   : "";

	sd_buf_addf(out, " GENERATED %s AS IDENTITY", upper(out->arena, column->identity));
	if (*options)
		sd_buf_addf(out, " (%s)", options);
}

bool
sd_pg_says_not_null(struct sd_arena *arena, const struct sd_column *column)
{
	return column->not_null && ((column->rare && column->rare->not_null_name) ||
					   !(column->identity || sd_pg_serial(arena, column->type)));
}

const char *
sd_pg_column(struct sd_arena *arena, const struct sd_column *column, bool not_null,
	const char *deflt)
{
	struct sd_buf out = SD_BUF(arena);

	sd_buf_addf(&out, "%s %s", sd_pg_name(arena, column->o.name), column->type);
	if (column->rare && column->rare->compression)
		sd_buf_addf(&out, " COMPRESSION %s",
			sd_pg_name(arena, column->rare->compression));
	if (column->collation)
		sd_buf_addf(&out, " COLLATE %s", collation(arena, column->collation));
	if (column->generated)
		sd_buf_addf(&out, " GENERATED ALWAYS AS (%s) %s", column->generated,
			column->stored_generated ? "STORED" : "VIRTUAL");
	if (deflt)
		sd_buf_addf(&out, " DEFAULT %s", deflt);
	if (column->identity)
		identity(&out, column);
	if (not_null && column->rare && column->rare->not_null_name)
		sd_buf_addf(&out, " CONSTRAINT %s",
			sd_pg_name(arena, column->rare->not_null_name));
	if (not_null)
		sd_buf_add(&out, " NOT NULL");
	return sd_buf_text(&out);
}

/* ---- parts of keys and indexes ---------------------------------------------------------- */

/* "gist_trgm_ops(siglen='32')" stays as it is; a plain name may need quotes. */
static const char *
opclass(struct sd_arena *arena, const char *text)
{
	return strpbrk(text, "(.\"") ? text : sd_pg_name(arena, text);
}

static void
part_text(struct sd_buf *out, const struct sd_part *part)
{
	if (part->name)
		sd_buf_add(out, sd_pg_name(out->arena, part->name));
	else
		sd_buf_addf(out, "(%s)", part->expression);
	if (part->collation)
		sd_buf_addf(out, " COLLATE %s", collation(out->arena, part->collation));
	if (part->opclass)
		sd_buf_addf(out, " %s", opclass(out->arena, part->opclass));
	if (part->desc)
		sd_buf_add(out, " DESC");
	if (part->nulls)
		sd_buf_addf(out, " NULLS %s", upper(out->arena, part->nulls));
	if (part->op)
		sd_buf_addf(out, " WITH %s", part->op);
}

static const char *
parts_text(struct sd_arena *arena, const struct sd_parts *parts)
{
	struct sd_buf out = SD_BUF(arena);

	for (size_t i = 0; i < parts->n; i++) {
		sd_buf_sep(&out, ", ");
		part_text(&out, &parts->at[i]);
	}
	return sd_buf_text(&out);
}

static void
include(struct sd_buf *out, const struct sd_names *names)
{
	if (names->n)
		sd_buf_addf(out, " INCLUDE (%s)", sd_pg_names(out->arena, names));
}

/* ---- constraints ----------------------------------------------------------------------- */

const char *
sd_pg_deferrable(struct sd_arena *arena, const char *deferrable)
{
	return deferrable ? sd_fmt(arena, " DEFERRABLE INITIALLY %s", upper(arena, deferrable))
			  : "";
}

static void
own_index(struct sd_buf *out, const struct sd_own_index *index)
{
	sd_buf_add(out, sd_pg_with(out->arena, &index->with, NULL));
	if (index->tablespace)
		sd_buf_addf(out, " USING INDEX TABLESPACE %s",
			sd_pg_name(out->arena, index->tablespace));
}

static void
key_text(struct sd_buf *out, const struct sd_object *object)
{
	const struct sd_key *key = (const struct sd_key *)object;

	sd_buf_add(out, object->kind == SD_PRIMARY_KEY ? "PRIMARY KEY" : "UNIQUE");
	if (key->nulls_not_distinct)
		sd_buf_add(out, " NULLS NOT DISTINCT");
	sd_buf_addf(out, " (%s)", parts_text(out->arena, &key->columns));
	include(out, &key->include);
	own_index(out, &key->index);
	sd_buf_add(out, sd_pg_deferrable(out->arena, key->deferrable));
}

static void
check_text(struct sd_buf *out, const struct sd_object *object)
{
	const struct sd_check *check = (const struct sd_check *)object;

	sd_buf_addf(out, "CHECK (%s)", check->expression);
	if (check->no_inherit)
		sd_buf_add(out, " NO INHERIT");
	if (check->not_enforced)
		sd_buf_add(out, " NOT ENFORCED");
}

static void
exclusion_text(struct sd_buf *out, const struct sd_object *object)
{
	const struct sd_exclusion *exclusion = (const struct sd_exclusion *)object;

	sd_buf_add(out, "EXCLUDE");
	if (exclusion->method)
		sd_buf_addf(out, " USING %s", sd_pg_name(out->arena, exclusion->method));
	sd_buf_addf(out, " (%s)", parts_text(out->arena, &exclusion->elements));
	own_index(out, &exclusion->index);
	if (exclusion->where)
		sd_buf_addf(out, " WHERE (%s)", exclusion->where);
	sd_buf_add(out, sd_pg_deferrable(out->arena, exclusion->deferrable));
}

static void
foreign_key_text(struct sd_buf *out, const struct sd_object *object)
{
	const struct sd_foreign_key *fk = (const struct sd_foreign_key *)object;

	sd_buf_addf(out, "FOREIGN KEY (%s) REFERENCES %s",
		sd_pg_names(out->arena, &fk->columns),
		qualified(out->arena, fk->table_ns, fk->table));
	if (fk->ref_columns.n)
		sd_buf_addf(out, " (%s)", sd_pg_names(out->arena, &fk->ref_columns));
	if (fk->match)
		sd_buf_addf(out, " MATCH %s", upper(out->arena, fk->match));
	if (fk->on_delete)
		sd_buf_addf(out, " ON DELETE %s", upper(out->arena, fk->on_delete));
	if (fk->on_delete && fk->set_columns.n)
		sd_buf_addf(out, " (%s)", sd_pg_names(out->arena, &fk->set_columns));
	if (fk->on_update)
		sd_buf_addf(out, " ON UPDATE %s", upper(out->arena, fk->on_update));
	sd_buf_add(out, sd_pg_deferrable(out->arena, fk->deferrable));
	if (fk->not_enforced)
		sd_buf_add(out, " NOT ENFORCED");
}

const char *
sd_pg_constraint(struct sd_arena *arena, const struct sd_object *object, const char *name)
{
	static void (*const texts[SD_N_PARTS])(struct sd_buf *, const struct sd_object *) = {
		[SD_PRIMARY_KEY] = key_text,
		[SD_UNIQUE] = key_text,
		[SD_CHECK] = check_text,
		[SD_EXCLUSION] = exclusion_text,
		[SD_FOREIGN_KEY] = foreign_key_text,
	};
	struct sd_buf out = SD_BUF(arena);

	if (name)
		sd_buf_addf(&out, "CONSTRAINT %s ", sd_pg_name(arena, name));
	texts[object->kind](&out, object);
	return sd_buf_text(&out);
}

/* ---- indexes --------------------------------------------------------------------------- */

const char *
sd_pg_index(struct sd_arena *arena, const struct sd_index *index, const char *name,
	bool concurrently)
{
	struct sd_buf out = SD_BUF(arena);

	sd_buf_addf(&out, "CREATE %sINDEX %s%s ON %s", index->unique ? "UNIQUE " : "",
		concurrently ? "CONCURRENTLY " : "", sd_pg_name(arena, name),
		sd_pg_path(arena, index->o.parent));
	if (index->method)
		sd_buf_addf(&out, " USING %s", sd_pg_name(arena, index->method));
	sd_buf_addf(&out, " (%s)", parts_text(arena, &index->columns));
	include(&out, &index->include);
	if (index->nulls_not_distinct)
		sd_buf_add(&out, " NULLS NOT DISTINCT");
	sd_buf_add(&out, sd_pg_with(arena, &index->with, NULL));
	if (index->tablespace)
		sd_buf_addf(&out, " TABLESPACE %s", sd_pg_name(arena, index->tablespace));
	if (index->where)
		sd_buf_addf(&out, " WHERE %s", index->where);
	return sd_buf_text(&out);
}

const char *
sd_pg_key_index(struct sd_arena *arena, const struct sd_key *key, const char *name)
{
	const struct sd_index index = {
		.o = { .kind = SD_INDEX, .parent = key->o.parent },
		.columns = key->columns,
		.unique = true,
		.include = key->include,
		.nulls_not_distinct = key->nulls_not_distinct,
		.with = key->index.with,
		.tablespace = key->index.tablespace,
	};

	return sd_pg_index(arena, &index, name, true);
}

/* ---- tables ---------------------------------------------------------------------------- */

const char *
sd_pg_table(struct sd_arena *arena, const struct sd_table *table)
{
	struct sd_relation *rel = (struct sd_relation *)(uintptr_t)&table->rel;
	const struct sd_list *columns = &rel->parts[SD_COLUMN];
	struct sd_buf out = SD_BUF(arena), items = SD_BUF(arena);

	for (size_t i = 0; i < columns->n; i++) {
		const struct sd_column *column = (const struct sd_column *)columns->at[i];
		bool not_null = sd_pg_says_not_null(arena, column) &&
				((column->rare && column->rare->not_null_name) ||
					!sd_column_in_pk(postgres, column));

		sd_buf_sep(&items, ",\n");
		sd_buf_addf(&items, "\t%s",
			sd_pg_column(arena, column, not_null, column->deflt));
	}
	for (int kind = SD_PRIMARY_KEY; kind <= SD_FOREIGN_KEY; kind++) {
		const struct sd_list *list = &rel->parts[kind];

		for (size_t i = 0; i < list->n; i++) {
			if (list->at[i]->flags & SD_OBJ_LATE)
				continue;
			sd_buf_sep(&items, ",\n");
			sd_buf_addf(&items, "\t%s",
				sd_pg_constraint(arena, list->at[i], list->at[i]->name));
		}
	}
	sd_buf_addf(&out, "CREATE %sTABLE %s (%s%s%s)", table->unlogged ? "UNLOGGED " : "",
		sd_pg_path(arena, &rel->o), items.n ? "\n" : "", sd_buf_text(&items),
		items.n ? "\n" : "");
	if (table->access_method)
		sd_buf_addf(&out, " USING %s", sd_pg_name(arena, table->access_method));
	sd_buf_add(&out, sd_pg_with(arena, &table->with, table->fillfactor));
	if (table->tablespace)
		sd_buf_addf(&out, " TABLESPACE %s", sd_pg_name(arena, table->tablespace));
	return sd_buf_text(&out);
}

/* ---- what stands behind a definition ---------------------------------------------------- */

/* COMMENT ON takes this word before the object's path; parts of a table are named in their own
 * way. */
static const char *
comment_target(struct sd_arena *arena, const struct sd_object *object)
{
	switch (object->kind) {
	case SD_COLUMN:
		return sd_fmt(arena, "COLUMN %s.%s", sd_pg_path(arena, object->parent),
			sd_pg_name(arena, object->name));
	case SD_INDEX:
		return sd_fmt(arena, "INDEX %s", sd_pg_path(arena, object));
	case SD_ENUM:
		return sd_fmt(arena, "TYPE %s", sd_pg_path(arena, object));
	case SD_SEQUENCE:
		return sd_fmt(arena, "SEQUENCE %s", sd_pg_path(arena, object));
	case SD_TABLE:
		return sd_fmt(arena, "TABLE %s", sd_pg_path(arena, object));
	default:
		return sd_fmt(arena, "CONSTRAINT %s ON %s", sd_pg_name(arena, object->name),
			sd_pg_path(arena, object->parent));
	}
}

static const char *
comment_of(const struct sd_object *object)
{
	const struct sd_field *field = sd_field_find(object->kind, "comment");

	return field ? sd_field_get(object, field, char *) : NULL;
}

void
sd_pg_comment_on(struct sd_pg_part *part, const struct sd_object *object)
{
	const char *comment = comment_of(object);
	const struct sd_object *table = object->kind == SD_COLUMN ? object->parent
					: object->kind == SD_TABLE ? object
								   : NULL;

	if (sd_pg_exists(table) && !part->outside)
		sd_pg_begin(part, SD_PG_JOIN, table, SD_PG_SHARE_UPDATE_EXCLUSIVE,
			SD_PG_INSTANT);
	sd_pg_stmt(part, "COMMENT ON %s IS %s", comment_target(part->arena, object),
		comment ? sd_quote_text(postgres, part->arena, comment) : "NULL");
}

static const char *
index_comment_of(const struct sd_object *object)
{
	const struct sd_field *field = sd_field_find(object->kind, "index_comment");

	return field ? sd_field_get(object, field, char *) : NULL;
}

void
sd_pg_comment_on_index(struct sd_pg_part *part, const struct sd_object *object)
{
	const char *comment = index_comment_of(object);

	sd_pg_stmt(part, "COMMENT ON INDEX %s IS %s", sd_pg_path(part->arena, object),
		comment && *comment ? sd_quote_text(postgres, part->arena, comment) : "NULL");
}

static void
column_trimmings(struct sd_pg_part *part, const struct sd_column *column)
{
	const struct sd_column_rare *rare = column->rare;
	const char *table = sd_pg_path(part->arena, column->o.parent);
	const char *name = sd_pg_name(part->arena, column->o.name);

	if (rare && rare->storage)
		sd_pg_stmt(part, "ALTER TABLE %s ALTER COLUMN %s SET STORAGE %s", table, name,
			upper(part->arena, rare->storage));
	if (rare && rare->statistics)
		sd_pg_stmt(part, "ALTER TABLE %s ALTER COLUMN %s SET STATISTICS %s", table,
			name, rare->statistics);
}

void
sd_pg_replica_identity(struct sd_pg_part *part, const struct sd_table *table)
{
	const char *text = table->replica_identity ? table->replica_identity : "default";
	const char *index = sd_text_starts(text, "index ") ? text + 6 : NULL;

	sd_pg_later(part, &table->rel.o, SD_PG_ACCESS_EXCLUSIVE,
		"ALTER TABLE %s REPLICA IDENTITY %s", sd_pg_path(part->arena, &table->rel.o),
		index ? sd_fmt(part->arena, "USING INDEX %s", sd_pg_name(part->arena, index))
		      : upper(part->arena, text));
}

void
sd_pg_cluster(struct sd_pg_part *part, const struct sd_table *table)
{
	const char *text = table->cluster ? table->cluster : "none";
	const char *index = sd_text_starts(text, "index ") ? text + 6 : NULL;

	sd_pg_later(part, &table->rel.o, SD_PG_SHARE_UPDATE_EXCLUSIVE, "ALTER TABLE %s %s%s",
		sd_pg_path(part->arena, &table->rel.o), index ? "CLUSTER ON " : "SET WITHOUT CLUSTER",
		index ? sd_pg_name(part->arena, index) : "");
}

void
sd_pg_trimmings(struct sd_pg_part *part, struct sd_object *object)
{
	if (comment_of(object))
		sd_pg_comment_on(part, object);
	if (index_comment_of(object) && *index_comment_of(object))
		sd_pg_comment_on_index(part, object);
	if (object->kind == SD_COLUMN)
		column_trimmings(part, (const struct sd_column *)object);
	if (object->kind != SD_TABLE)
		return;
	if (((const struct sd_table *)object)->replica_identity)
		sd_pg_replica_identity(part, (const struct sd_table *)object);
	if (((const struct sd_table *)object)->cluster)
		sd_pg_cluster(part, (const struct sd_table *)object);
	for (enum sd_kind kind = SD_COLUMN; kind <= SD_FOREIGN_KEY; kind++) {
		const struct sd_list *list = sd_parts_of(object, kind);

		for (size_t i = 0; i < list->n; i++)
			if (!(list->at[i]->flags & SD_OBJ_LATE))
				sd_pg_trimmings(part, list->at[i]);
	}
}
