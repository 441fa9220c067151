/* PostgreSQL under the property test: SD_TEST_PG names the server, two schemas of its database
 * are made anew for each pair, and the catalog is read by queries of the test's own. */
#include "core/config/url.h"
#include "tests/property/property.h"
#include "tests/property/random_pg.h"

#include <libpq-fe.h>
#include <stdlib.h>
#include <string.h>

static const char fresh[] =
	"SET client_min_messages = warning;"
	"DROP SCHEMA IF EXISTS property CASCADE; CREATE SCHEMA property;"
	"DROP SCHEMA IF EXISTS property_2 CASCADE; CREATE SCHEMA property_2;"
	"SET search_path = property";

static PGconn *conn; /* the test's own, for all pairs */

static bool
execute(struct world *w, const char *sql)
{
	PGresult *result = PQexec(conn, sql);
	bool good = PQresultStatus(result) == PGRES_COMMAND_OK ||
		    PQresultStatus(result) == PGRES_TUPLES_OK;

	if (!good)
		broken(w, "%s%s", PQerrorMessage(conn), sql);
	PQclear(result);
	return good;
}

static const char *
rows_of(struct world *w, const char *sql)
{
	struct sd_buf out = SD_BUF(w->arena);
	PGresult *result = PQexec(conn, sql);

	if (PQresultStatus(result) != PGRES_TUPLES_OK)
		broken(w, "%s%s", PQerrorMessage(conn), sql);
	for (int row = 0; row < PQntuples(result); row++) {
		for (int i = 0; i < PQnfields(result); i++)
			sd_buf_addf(&out, "%s%s", i ? " | " : "",
				PQgetisnull(result, row, i) ? "NULL"
							    : PQgetvalue(result, row, i));
		sd_buf_addc(&out, '\n');
	}
	PQclear(result);
	return sd_buf_text(&out);
}

static bool
elsewhere(struct world *w, bool there)
{
	const char *schema = there ? "property_2" : "property";
	const char *url =
		sd_fmt(w->arena, "%s options='-csearch_path=%s'", getenv("SD_TEST_PG"), schema);

	return execute(w, sd_fmt(w->arena, "SET search_path = %s", schema)) &&
	       sd_url_parse(url, NULL, (struct sd_pos){ 0 }, w->arena, &w->diags,
		       &w->session.target) == SD_OK;
}

static bool
begin(struct world *w)
{
	if (!getenv("SD_TEST_PG"))
		return broken(w, "SD_TEST_PG names no server");
	if (!conn)
		conn = PQconnectdb(getenv("SD_TEST_PG"));
	if (PQstatus(conn) != CONNECTION_OK)
		return broken(w, "%s", PQerrorMessage(conn));
	return execute(w, fresh) && elsewhere(w, false);
}

static void
end(struct world *w)
{
	(void)w; /* the connection serves the next one */
}

/* ---- the catalog ----------------------------------------------------------------------- */

#define OURS "n.nspname = current_schema AND c.relname NOT LIKE 'schemadiff%'"
#define RELATIONS " pg_class c JOIN pg_namespace n ON n.oid = c.relnamespace "
/* A name that the convention gave may come from an earlier name of the table; and whether a
 * sequence is logged depends on when it got its owner. */
#define LOOSE "current_setting('property.loose', true) = 'on' AND "
#define NAME(of)                                                                               \
	"CASE WHEN " LOOSE of " ~ '^(pk|uq|fk|ck|ix)_' THEN left(" of ", 3) ELSE " of " END"
#define SERIAL(of)                                                                             \
	"CASE WHEN " LOOSE "true THEN regexp_replace(" of ", '[^(]*_seq\"?', '_seq') ELSE " of \
	" END"
#define SORTED(of) "(SELECT string_agg(o, ',' ORDER BY o) FROM unnest(" of ") o)"
#define COMMENT_OF(oid, catalog) "obj_description(" oid ", '" catalog "')"

/* What a schema is, by its own words; positions of columns do not count. */
/* clang-format off */
static const char *const catalogs[] = {
	"SELECT 'table', c.relname, c.relkind, c.relpersistence, " SORTED("c.reloptions") ","
	" (SELECT " SORTED("t.reloptions") " FROM pg_class t WHERE t.oid = c.reltoastrelid),"
	" c.reltablespace, c.relreplident, " COMMENT_OF("c.oid", "pg_class") " FROM" RELATIONS
	"WHERE " OURS " AND c.relkind IN ('r', 'p', 'f', 'v', 'm') ORDER BY 2",

	"SELECT 'column', c.relname, a.attname, format_type(a.atttypid, a.atttypmod),"
	" a.attnotnull, a.attidentity, a.attgenerated,"
	" (SELECT l.collname FROM pg_collation l WHERE l.oid = a.attcollation), a.attstorage,"
	" nullif(a.attstattarget, -1), " SERIAL("pg_get_expr(d.adbin, d.adrelid)") ","
	" col_description(c.oid, a.attnum) FROM" RELATIONS
	"JOIN pg_attribute a ON a.attrelid = c.oid AND a.attnum > 0 AND NOT a.attisdropped"
	" LEFT JOIN pg_attrdef d ON d.adrelid = c.oid AND d.adnum = a.attnum"
	" WHERE " OURS " AND c.relkind = 'r' ORDER BY 2, 3",

	"SELECT 'constraint', c.relname, " NAME("k.conname") ", pg_get_constraintdef(k.oid),"
	" k.convalidated, k.connoinherit, " COMMENT_OF("k.oid", "pg_constraint") " FROM" RELATIONS
	"JOIN pg_constraint k ON k.conrelid = c.oid WHERE " OURS
	" AND k.contype <> 't' AND k.contype <> 'n' ORDER BY 2, 3, 4",

	"SELECT 'index', c.relname, " NAME("x.relname") ","
	" regexp_replace(pg_get_indexdef(i.indexrelid), '^.* USING ', ''), i.indisunique,"
	" i.indisvalid, i.indisready, i.indisreplident, i.indisclustered, i.indisprimary,"
	" " SORTED("x.reloptions") ", " COMMENT_OF("x.oid", "pg_class") " FROM" RELATIONS
	"JOIN pg_index i ON i.indrelid = c.oid JOIN pg_class x ON x.oid = i.indexrelid"
	" WHERE " OURS " ORDER BY 2, 3, 4",

	"SELECT 'sequence', " SERIAL("c.relname") ","
	" CASE WHEN " LOOSE "true THEN '' ELSE c.relpersistence::text END,"
	" s.data_type, s.start_value, s.min_value, s.max_value, s.increment_by, s.cycle,"
	" s.cache_size, (SELECT d.deptype::text || d.refobjid::regclass::text || '.' || a.attname"
	" FROM pg_depend d JOIN pg_attribute a ON a.attrelid = d.refobjid"
	" AND a.attnum = d.refobjsubid WHERE d.objid = c.oid"
	" AND d.classid = 'pg_class'::regclass AND d.deptype IN ('a', 'i')),"
	" " COMMENT_OF("c.oid", "pg_class") " FROM" RELATIONS
	"JOIN pg_sequences s ON s.schemaname = n.nspname AND s.sequencename = c.relname"
	" WHERE " OURS " AND c.relkind = 'S' ORDER BY 2, 11",

	("SELECT 'type', t.typname, t.typtype, (SELECT string_agg(e.enumlabel, ', ' ORDER BY"
	" e.enumsortorder) FROM pg_enum e WHERE e.enumtypid = t.oid),"
	" " COMMENT_OF("t.oid", "pg_type") " FROM pg_type t"
	" JOIN pg_namespace n ON n.oid = t.typnamespace WHERE n.nspname = current_schema"
	" AND t.typtype <> 'c' AND t.typelem = 0 ORDER BY 2"),

	("SELECT 'other', p.proname FROM pg_proc p JOIN pg_namespace n ON n.oid = p.pronamespace"
	" WHERE n.nspname = current_schema ORDER BY 2"),
};
/* clang-format on */

static const char *
catalog(struct world *w, bool loose)
{
	struct sd_buf out = SD_BUF(w->arena);

	execute(w, sd_fmt(w->arena, "SET property.loose = '%s'", loose ? "on" : "off"));
	for (size_t i = 0; i < SD_COUNT(catalogs); i++)
		sd_buf_add(&out, rows_of(w, catalogs[i]));
	return sd_buf_text(&out);
}

static bool
empty(struct world *w)
{
	const char *statements =
		rows_of(w, "SELECT format('DELETE FROM %s;', c.oid::regclass) FROM" RELATIONS
			   "WHERE " OURS " AND c.relkind = 'r'");

	return execute(w, sd_fmt(w->arena,
				  "SET session_replication_role = replica; %s"
				  "RESET session_replication_role",
				  statements));
}

static void
make(struct world *w, struct rng *rng)
{
	struct pg_schema *from = sd_new(w->arena, struct pg_schema);
	struct pg_schema *into = sd_new(w->arena, struct pg_schema);
	struct sd_buf from_text = SD_BUF(w->arena), into_text = SD_BUF(w->arena);
	struct sd_buf rows = SD_BUF(w->arena);

	pg_schema(rng, PQserverVersion(conn), from);
	pg_rows(from, &rows);
	*into = *from;
	pg_mutate(rng, into);
	pg_write(from, &from_text);
	pg_write(into, &into_text);
	pg_survivors(from, into, w->arena, &w->pair.before, &w->pair.after);
	w->pair.from = sd_buf_text(&from_text);
	w->pair.into = sd_buf_text(&into_text);
	w->pair.rows = sd_buf_text(&rows);
}

const struct subject subject_postgresql = {
	.dialect = &sd_dialect_postgresql,
	.begin = begin,
	.end = end,
	.make = make,
	.execute = execute,
	.rows_of = rows_of,
	.catalog = catalog,
	.empty = empty,
	.elsewhere = elsewhere,
};
