/* PostgreSQL → model.  One message holds every query (postgres_queries.c), so that the distance
 * to the server is paid once; the answers are taken one by one, in an order in which each finds
 * what it refers to.  Their number does not depend on the number of tables. */
#include "introspect/postgres.h"

#include "core/base/text.h"
#include "core/db/postgres.h"

#include <string.h>

/* Globs as a regular expression: * is .*, ? is ., all else stands for itself. */
static const char *
globs_pattern(struct sd_arena *arena, const struct sd_names *globs)
{
	struct sd_buf out = SD_BUF(arena);

	sd_buf_add(&out, "^(");
	for (size_t i = 0; i < globs->n; i++) {
		sd_buf_add(&out, i ? "|" : "");
		for (const char *at = globs->at[i]; *at; at++) {
			if (*at == '*')
				sd_buf_addc(&out, '.');
			else if (*at != '?' && strchr("\\^$.|+()[]{}", *at))
				sd_buf_addc(&out, '\\');
			sd_buf_addc(&out, *at == '?' ? '.' : *at);
		}
	}
	sd_buf_add(&out, ")$");
	return sd_buf_text(&out);
}

/* The condition on a namespace whose objects are managed. */
static const char *
ours(struct sd_pgi *r)
{
	const struct sd_names *globs = r->options->namespaces;

	if (!globs || !globs->n)
		return "IN (SELECT oid FROM pg_namespace WHERE nspname = current_schema())";
	return sd_fmt(r->scratch,
		"IN (SELECT oid FROM pg_namespace WHERE nspname = current_schema() "
		"OR nspname ~ %s)",
		sd_quote_text(
			r->schema->dialect, r->scratch, globs_pattern(r->scratch, globs)));
}

static enum sd_status
send_queries(struct sd_pgi *r)
{
	const char **texts = sd_new_array(r->scratch, sd_pgi_n_queries, const char *);
	const char *condition = ours(r);

	for (size_t i = 0; i < sd_pgi_n_queries; i++)
		texts[i] = sd_pgi_expand(
			r->scratch, &sd_pgi_queries[i], r->schema->version, condition);
	return sd_pg_batch(r->db, texts, sd_pgi_n_queries);
}

/* The answer to @query; each is let go before the next is fetched. */
static enum sd_status
take_answer(struct sd_pgi *r, const struct sd_pgi_query *query)
{
	struct sd_rows *rows = sd_pg_batch_next(r->db);
	enum sd_status st;

	if (!rows)
		return SD_ERR;
	while ((st = sd_rows_next(rows)) == SD_OK)
		if (query->row)
			query->row(r, rows);
	sd_rows_close(rows);
	if (st != SD_NOTFOUND)
		return SD_ERR;
	if (query->done)
		query->done(r);
	return SD_OK;
}

static enum sd_status
read_catalogs(struct sd_pgi *r)
{
	enum sd_status st = send_queries(r);

	for (size_t i = 0; st == SD_OK && i < sd_pgi_n_queries; i++)
		st = take_answer(r, &sd_pgi_queries[i]);
	if (st != SD_OK && sd_db_failure(r->db) == SD_DB_LOCKED)
		sd_hint(sd_db_diags(r->db),
			"another session is changing a table: try again when it has finished");
	sd_pg_batch_end(r->db);
	if (st != SD_OK) {
		sd_db_rollback(r->db);
		return SD_ERR;
	}
	if (!r->has_default_ns) {
		sd_fail(sd_db_diags(r->db), SD_CLASS_DATABASE, (struct sd_pos){ 0 },
			"the connection has no default namespace: none of its search_path "
			"exists");
		sd_hint(sd_db_diags(r->db),
			"create the namespace, or set search_path to one that is there");
		return SD_ERR;
	}
	sd_pgi_finish_dependents(r);
	return SD_OK;
}

struct sd_schema *
sd_introspect_postgres(
	struct sd_db *db, const struct sd_introspect_options *options, struct sd_arena *arena)
{
	static const struct sd_introspect_options none;
	struct sd_arena *scratch = sd_arena_new();
	struct sd_pgi r = {
		.db = db,
		.options = options ? options : &none,
		.schema = sd_schema_new(arena, sd_db_dialect(db), sd_db_version(db)),
		.arena = arena,
		.scratch = scratch,
	};
	enum sd_status st = read_catalogs(&r);

	sd_arena_free(scratch);
	if (st != SD_OK)
		return NULL;
	sd_schema_normalise(
		r.schema, r.options->naming ? r.options->naming : &sd_naming_default);
	sd_schema_finish(r.schema);
	return r.schema;
}
