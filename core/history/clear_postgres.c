/* PostgreSQL: what lies in the managed namespaces.
 *
 * Whatever lies in a namespace depends on it in pg_depend: operator classes, collations, text
 * search configurations and kinds that are yet to come.  Views, functions, types and defaults
 * may depend on each other in circles, so each object is dropped with CASCADE; that this
 * reaches nothing outside is what pg_depend is asked for first. */
#include "core/history/clear.h"

#include "core/base/text.h"

#include <string.h>

static const struct sd_pos nowhere;

/* What the queries below share; two lists of literals stand for %s: names of namespaces, and
 * books that lie in others. contained: objects of the namespaces, and whether the role may drop
 * them (its owner, or that of the namespace, is one of its roles; what the first superuser owns
 * has no row) ours: those that go, with all that is a part of them: indexes, constraints, row
 * types, rules; what has a namespace of its own is a part of nothing, and where a column alone
 * depends (PostgreSQL 12: a generated one on its expression) its table is no part */
static const char common[] =
	"WITH RECURSIVE ns AS (SELECT oid, nspowner FROM pg_catalog.pg_namespace WHERE nspname "
	"IN "
	"(%s)), "
	"contained AS (SELECT d.classid, d.objid, pg_catalog.pg_has_role(n.nspowner, 'USAGE') "
	"OR "
	"pg_catalog.pg_has_role(coalesce((SELECT s.refobjid FROM pg_catalog.pg_shdepend s "
	"WHERE "
	"s.dbid = (SELECT oid FROM pg_catalog.pg_database WHERE datname = current_database()) "
	"AND "
	"s.classid = d.classid AND s.objid = d.objid AND s.objsubid = 0 AND s.deptype = 'o'), "
	"10), "
	"'USAGE') AS mine FROM ns n JOIN pg_catalog.pg_depend d ON d.refclassid = "
	"'pg_catalog.pg_namespace'::regclass AND d.refobjid = n.oid AND d.deptype = 'n' WHERE "
	"d.classid <> 'pg_catalog.pg_extension'::regclass AND NOT EXISTS (SELECT 1 FROM "
	"pg_catalog.pg_depend e WHERE e.classid = d.classid AND e.objid = d.objid AND "
	"e.deptype = "
	"'e') UNION SELECT 'pg_catalog.pg_class'::regclass, c.oid, true FROM "
	"pg_catalog.pg_class c "
	"WHERE c.oid IN (%s)), "
	"ours AS (SELECT classid, objid FROM contained WHERE mine UNION SELECT d.classid, "
	"d.objid "
	"FROM ours o JOIN pg_catalog.pg_depend d ON d.refclassid = o.classid AND d.refobjid = "
	"o.objid AND d.objsubid = 0 AND d.deptype IN ('a', 'i', 'P', 'S') WHERE NOT EXISTS "
	"(SELECT 1 FROM "
	"pg_catalog.pg_depend x WHERE x.classid = d.classid AND x.objid = d.objid AND "
	"x.refclassid "
	"= 'pg_catalog.pg_namespace'::regclass AND x.deptype = 'n')) ";

/* type, identity, is a table: objects that are no part of another one that goes, tables first:
 * most of the rest goes with them; then what belongs to no namespace and only lives on one of
 * them. */
static const char goes[] =
	"SELECT i.type, i.identity, coalesce(c.relkind IN ('r', 'p'), false) FROM contained o "
	"CROSS JOIN LATERAL pg_catalog.pg_identify_object(o.classid, o.objid, 0) i LEFT JOIN "
	"pg_catalog.pg_class c ON o.classid = 'pg_catalog.pg_class'::regclass AND c.oid = "
	"o.objid "
	"WHERE o.mine AND NOT EXISTS (SELECT 1 FROM pg_catalog.pg_depend d JOIN ours p ON "
	"p.classid = d.refclassid AND p.objid = d.refobjid WHERE d.classid = o.classid AND "
	"d.objid = o.objid AND d.objsubid = 0 AND (p.classid, p.objid) <> (o.classid, o.objid) "
	"AND d.deptype IN ('a', 'i', 'P', 'S')) "
	"UNION SELECT i.type, i.identity, false FROM ours o JOIN pg_catalog.pg_depend d ON "
	"d.refclassid = o.classid AND d.refobjid = o.objid CROSS JOIN LATERAL "
	"pg_catalog.pg_identify_object(d.classid, d.objid, 0) i WHERE d.classid IN "
	"('pg_catalog.pg_event_trigger'::regclass, 'pg_catalog.pg_cast'::regclass, "
	"'pg_catalog.pg_transform'::regclass) AND NOT EXISTS (SELECT 1 FROM ours p WHERE "
	"p.classid "
	"= d.classid AND p.objid = d.objid) "
	"ORDER BY 3 DESC, 1, 2";

/* Books that belong to another role don't stay: without them the rest can't go. */
static const char kept[] =
	"SELECT pg_catalog.pg_describe_object(classid, objid, 0) FROM contained c WHERE NOT mine "
	"AND NOT EXISTS (SELECT 1 FROM contained m WHERE m.mine AND m.classid = c.classid AND "
	"m.objid = c.objid) ORDER BY 1";

/* What else needs something that goes; of a view's rule the view is told. */
static const char blocks[] =
	"SELECT DISTINCT coalesce((SELECT "
	"pg_catalog.pg_describe_object('pg_catalog.pg_class'::regclass, r.ev_class, 0) FROM "
	"pg_catalog.pg_rewrite r WHERE d.classid = 'pg_catalog.pg_rewrite'::regclass AND r.oid "
	"= "
	"d.objid), pg_catalog.pg_describe_object(d.classid, d.objid, d.objsubid)) FROM ours o "
	"JOIN "
	"pg_catalog.pg_depend d ON d.refclassid = o.classid AND d.refobjid = o.objid AND "
	"d.deptype "
	"IN ('n', 'a', 'i', 'P', 'S') WHERE NOT EXISTS (SELECT 1 FROM ours p WHERE p.classid = "
	"d.classid AND p.objid = d.objid) AND d.classid NOT IN "
	"('pg_catalog.pg_event_trigger'::regclass, 'pg_catalog.pg_cast'::regclass, "
	"'pg_catalog.pg_transform'::regclass) ORDER BY 1";

/* What is looked at behind the locks is what there is by then, whatever the database's default. */
static const char fresh_snapshots[] = "SET TRANSACTION ISOLATION LEVEL READ COMMITTED";

/* A view that another transaction is about to commit is in no catalog yet, and DROP … CASCADE, once
 * it need not wait for that any more, would take it along.  An owner that does not change is no
 * change and needs the strongest lock, of whatever has columns. */
static const char locks[] =
	"SELECT pg_catalog.format('ALTER TABLE IF EXISTS %I.%I OWNER TO %I', n.nspname, "
	"c.relname, "
	"r.rolname) FROM ours o JOIN pg_catalog.pg_class c ON o.classid = "
	"'pg_catalog.pg_class'::regclass AND c.oid = o.objid JOIN pg_catalog.pg_namespace n ON "
	"n.oid = c.relnamespace JOIN pg_catalog.pg_roles r ON r.oid = c.relowner WHERE "
	"c.relkind "
	"IN ('r', 'p', 'v', 'm', 'f') AND pg_catalog.pg_has_role(c.relowner, 'USAGE') ORDER BY "
	"n.nspname, c.relname";

/* ---- which ------------------------------------------------------------------------------ */

static const char *
literals(struct sd_arena *arena, const struct sd_names *names)
{
	struct sd_buf text = SD_BUF(arena);

	for (size_t i = 0; i < names->n; i++) {
		sd_buf_sep(&text, ", ");
		sd_buf_add(&text, sd_quote_text(&sd_dialect_postgresql, arena, names->at[i]));
	}
	return names->n ? sd_buf_text(&text) : "NULL";
}

/* The managed namespaces that there are. */
static enum sd_status
find_namespaces(struct sd_db *db, const struct sd_names *globs, struct sd_arena *arena,
	struct sd_names *names)
{
	struct sd_rows *rows = sd_db_query(db, nowhere,
		"SELECT nspname FROM pg_catalog.pg_namespace WHERE nspname !~ '^pg_' AND "
		"nspname "
		"<> 'information_schema' ORDER BY 1",
		NULL, 0);
	enum sd_status status;

	if (!rows)
		return SD_ERR;
	while ((status = sd_rows_next(rows)) == SD_OK) {
		const char *name = sd_rows_text(rows, 0);
		bool managed = sd_text_equal(name, sd_db_namespace(db));

		for (size_t i = 0; !managed && i < globs->n; i++)
			managed = sd_text_glob(globs->at[i], name);
		if (managed)
			*sd_push(arena, names) = sd_strdup(arena, name);
	}
	sd_rows_close(rows);
	return status == SD_NOTFOUND ? SD_OK : SD_ERR;
}

/* The tables of the books, wherever they are, as expressions. */
static const char *
books_of(const struct sd_bookkeeping *books, struct sd_arena *arena)
{
	struct sd_buf text = SD_BUF(arena);

	for (enum sd_book book = 0; book < SD_BOOK__MAX; book++) {
		const char *name = sd_state_table(&sd_dialect_postgresql, books, book, arena);

		sd_buf_sep(&text, ", ");
		sd_buf_addf(&text, "pg_catalog.to_regclass(%s)",
			sd_quote_text(&sd_dialect_postgresql, arena, name));
	}
	return sd_buf_text(&text);
}

/* ---- what goes -------------------------------------------------------------------------- */

/* The word behind DROP, where it is not the catalog's own. */
static const char *
word_of(const char *type)
{
	static const struct {
		const char *type, *word;
	} words[] = {
		{ "function", "ROUTINE" },
		{ "procedure", "ROUTINE" },
		{ "aggregate", "ROUTINE" },
		{ "statistics object", "STATISTICS" },
	};

	for (size_t i = 0; i < SD_COUNT(words); i++)
		if (strcmp(type, words[i].type) == 0)
			return words[i].word;
	return type;
}

static void
add(struct sd_arena *arena, struct sd_clearing *clearing, struct sd_rows *rows)
{
	struct sd_clear_item *item = sd_push(arena, &clearing->items);

	item->kind = sd_strdup(arena, sd_rows_text(rows, 0));
	item->name = sd_strdup(arena, sd_rows_text(rows, 1));
	item->rows = -1;
	item->drop =
		sd_fmt(arena, "DROP %s IF EXISTS %s CASCADE", word_of(item->kind), item->name);
	if (strcmp(sd_rows_text(rows, 2), "t") == 0)
		item->count =
			sd_fmt(arena, "SELECT count(*) FROM (SELECT 1 FROM %s LIMIT %d) t",
				item->name, SD_CLEAR_ROWS_MAX + 1);
}

static enum sd_status
read_names(struct sd_db *db, const char *with, const char *query, struct sd_arena *arena,
	struct sd_names *names)
{
	struct sd_rows *rows =
		sd_db_query(db, nowhere, sd_fmt(arena, "%s%s", with, query), NULL, 0);
	enum sd_status status;

	if (!rows)
		return SD_ERR;
	while ((status = sd_rows_next(rows)) == SD_OK)
		*sd_push(arena, names) = sd_strdup(arena, sd_rows_text(rows, 0));
	sd_rows_close(rows);
	return status == SD_NOTFOUND ? SD_OK : SD_ERR;
}

static enum sd_status
look(struct sd_db *db, const struct sd_target *target, const struct sd_bookkeeping *books,
	const struct sd_names *namespaces, struct sd_arena *arena, struct sd_clearing *clearing)
{
	/* what tenants share goes with none of them */
	const struct sd_names none = { 0 };
	struct sd_names names = { 0 };
	const char *with;
	struct sd_rows *rows;
	enum sd_status status;

	if (sd_db_value(db, nowhere, "SELECT pg_catalog.current_database()", NULL, 0, arena,
		    &clearing->database) ||
		find_namespaces(db, target->namespace ? &none : namespaces, arena, &names))
		return SD_ERR;
	if (target->namespace)
		clearing->database =
			sd_fmt(arena, "%s/%s", clearing->database, target->namespace);
	with = sd_fmt(arena, common, literals(arena, &names), books_of(books, arena));
	rows = sd_db_query(db, nowhere, sd_fmt(arena, "%s%s", with, goes), NULL, 0);
	if (!rows)
		return SD_ERR;
	while ((status = sd_rows_next(rows)) == SD_OK)
		add(arena, clearing, rows);
	sd_rows_close(rows);
	*sd_push(arena, &clearing->locks) = fresh_snapshots;
	if (status == SD_ERR || read_names(db, with, kept, arena, &clearing->kept) ||
		read_names(db, with, locks, arena, &clearing->locks))
		return SD_ERR;
	return read_names(db, with, blocks, arena, &clearing->blockers);
}

const struct sd_clearer sd_clearer_postgres = { &sd_dialect_postgresql, look };
