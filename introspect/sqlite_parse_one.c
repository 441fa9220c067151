/* The parser for one statement at a time (introspect/sqlite_ddl.h). */
#include "introspect/sqlite_parse.h"

/* A parser with a scratch arena of its own, to be freed by the caller. */
static struct sd_ddl
parser_new(struct sd_schema *schema)
{
	struct sd_ddl p;

	sd_ddl_init(&p, schema, sd_arena_new());
	return p;
}

struct sd_table *
sd_sqlite_parse_table(struct sd_schema *schema, const char *name, const char *sql)
{
	struct sd_ddl p = parser_new(schema);
	struct sd_table *table =
		sd_ddl_table(&p, sd_strdup(p.arena, name), sd_strdup(p.arena, sql));

	sd_arena_free(p.scratch);
	return table;
}

struct sd_index *
sd_sqlite_parse_index(
	struct sd_schema *schema, struct sd_table *table, const char *name, const char *sql)
{
	struct sd_ddl p = parser_new(schema);
	struct sd_index *index =
		sd_ddl_index(&p, table, sd_strdup(p.arena, name), sd_strdup(p.arena, sql));

	sd_arena_free(p.scratch);
	return index;
}

struct sd_view *
sd_sqlite_parse_view(struct sd_schema *schema, const char *name, const char *sql)
{
	struct sd_ddl p = parser_new(schema);
	struct sd_view *view =
		sd_ddl_view(&p, sd_strdup(p.arena, name), sd_strdup(p.arena, sql));

	sd_arena_free(p.scratch);
	return view;
}

struct sd_trigger *
sd_sqlite_parse_trigger(
	struct sd_schema *schema, struct sd_object *relation, const char *name, const char *sql)
{
	struct sd_ddl p = parser_new(schema);
	struct sd_trigger *trigger =
		sd_ddl_trigger(&p, relation, sd_strdup(p.arena, name), sd_strdup(p.arena, sql));

	sd_arena_free(p.scratch);
	return trigger;
}
