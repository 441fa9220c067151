/* What only the engine knows of a database: which views and triggers are broken already, and
 * which tables use a function or collation that the application registers. */
#include "cmd/work/work.h"
#include "core/sql/canon.h"

#include <string.h>

struct probing {
	struct sd_session *session;
	struct sd_db *db;
	const struct sd_renderer *renderer;
};

static void
probe_one(const struct probing *p, struct sd_object *object)
{
	const char *sql = p->renderer->probe ? p->renderer->probe(object, p->session->arena)
					     : NULL;

	if (sql && !sd_db_compiles(p->db, sql))
		object->flags |= SD_OBJ_BROKEN;
}

static void
probe_relation(const struct probing *p, struct sd_object *relation)
{
	const struct sd_list *triggers = sd_parts_of(relation, SD_TRIGGER);

	if (relation->kind == SD_VIEW)
		probe_one(p, relation);
	for (size_t i = 0; i < triggers->n; i++)
		probe_one(p, triggers->at[i]);
}

/* ---- functions and collations ------------------------------------------------------------ */

static void
probe_functions(const struct probing *p, struct sd_table *table, const char *sql)
{
	const struct sd_dialect *dialect = sd_db_dialect(p->db);
	struct sd_lex lex;
	struct sd_tok tok;

	sd_lex_init(&lex, dialect->lex, sql, strlen(sql));
	while ((tok = sd_lex_next_solid(&lex)).kind != SD_TOK_END) {
		struct sd_lex ahead = lex;
		const char *name;

		if (!sd_tok_is_name(tok) || !sd_tok_is_op(sql, sd_lex_next_solid(&ahead), "("))
			continue;
		name = sd_tok_value(p->session->arena, sql, tok);
		if (!sd_is_keyword(dialect, name) && !sd_db_knows_function(p->db, name))
			table->alien = sd_fmt(p->session->arena, "the function %s()", name);
	}
}

static void
probe_collation(const struct probing *p, struct sd_table *table, const char *name)
{
	if (name && !sd_db_knows_collation(p->db, name))
		table->alien = sd_fmt(p->session->arena, "the collation %s", name);
}

static void
probe_parts(const struct probing *p, struct sd_table *table, const struct sd_parts *parts)
{
	for (size_t i = 0; i < parts->n; i++) {
		probe_collation(p, table, parts->at[i].collation);
		if (parts->at[i].expression)
			probe_functions(p, table, parts->at[i].expression);
	}
}

static void
probe_part(const struct probing *p, struct sd_table *table, struct sd_object *part)
{
	const struct sd_kind_desc *desc = &sd_kinds[part->kind];

	for (size_t i = 0; i < desc->n_fields; i++) {
		const struct sd_field *field = &desc->fields[i];

		if (field->type == SD_F_SQL && sd_field_get(part, field, char *))
			probe_functions(p, table, sd_field_get(part, field, char *));
		if (field->type == SD_F_PARTS)
			probe_parts(p, table, sd_field_at(part, field, const struct sd_parts));
	}
	if (part->kind == SD_COLUMN)
		probe_collation(p, table, ((const struct sd_column *)part)->collation);
}

static void
probe_table(const struct probing *p, struct sd_table *table)
{
	for (size_t kind = SD_COLUMN; kind <= SD_INDEX; kind++)
		for (size_t i = 0; i < table->rel.parts[kind].n; i++)
			probe_part(p, table, table->rel.parts[kind].at[i]);
}

/* The table of the database that @change is about, or NULL. */
static struct sd_table *
changed_table(const struct sd_change *change)
{
	struct sd_object *object = change->from ? change->from : change->into;

	object = object->parent ? object->parent : object;
	if (!change->from && object->twin)
		object = object->twin;
	if (object->origin)
		object = object->origin;
	return object->kind == SD_TABLE && object->stored ? (struct sd_table *)object : NULL;
}

void
sd_work_probe(struct sd_session *session, struct sd_db *db, const struct sd_diff *diff)
{
	const struct probing p = { session, db, sd_engine_find(sd_db_dialect(db))->renderer };

	if (!diff->changes.n)
		return;
	for (size_t kind = SD_TABLE; kind <= SD_VIEW; kind++)
		for (size_t i = 0; i < diff->from->objects[kind].n; i++)
			probe_relation(&p, diff->from->objects[kind].at[i]);
	for (size_t i = 0; i < diff->changes.n; i++) {
		struct sd_table *table = changed_table(diff->changes.at[i]);

		if (table && !table->alien)
			probe_table(&p, table);
	}
}
