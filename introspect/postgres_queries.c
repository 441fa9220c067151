/* The queries on the catalogs.  They take rows raw and leave the putting together to us: joins
 * and pg_get_*def() cost several times as much.  pg_get_expr() with 0 for a relation does not
 * open the table, which is most of what a default would cost, and does not wait for its lock;
 * only expressions with columns need the table.
 *
 * {15:TEXT|OTHER} is TEXT from that version on, OTHER before; {name:A|B} is a snippet below
 * with A and B for $1 and $2; {ours} is a condition on a namespace: one whose objects are
 * managed.  Oids below 16384 are the engine's own. */
#include "introspect/postgres.h"

#include <stdlib.h>
#include <string.h>

static const struct snippet {
	const char *name, *text;
} snippets[] = {
	/* Who has rights on what, beside the owner: acl, owner. */
	{ "grants", "CASE WHEN $1 IS NOT NULL THEN ARRAY(SELECT DISTINCT CASE g.grantee "
		    "WHEN 0 THEN 'public' ELSE pg_get_userbyid(g.grantee)::text END "
		    "FROM aclexplode($1) g WHERE g.grantee <> $2) END" },
	/* Types whose modifiers we read.  Others (interval, those of extensions) are read by
	 * the type alone. */
	{ "plain modifiers",
		"1043, 1042, 1700, 1114, 1184, 1083, 1266, 1560, 1562, 1015, 1014, 1231, "
		"1115, 1185, 1183, 1270, 1561, 1563" },
	/* What an object depends on: its catalog, its oid. */
	{ "depend", "JOIN pg_depend d ON d.classid = '$1'::regclass AND d.objid = $2 " },
	{ "on ours", "d.refclassid IN ('pg_class'::regclass, 'pg_type'::regclass) "
		     "AND d.refobjid >= 16384" },
	{ "target",
		"d.refclassid = 'pg_type'::regclass, d.refobjid, d.refobjsubid, d.deptype" },
	/* What is shown by its own name, not by its column. */
	{ "has name", "c.relkind IN ('c', 'v', 'm')" },
};

/* What is not modelled: word, namespace, name, the relation it is a part of, and on what it
 * depends. */
static const char dependents[] =
	/* views and rules */
	"SELECT CASE WHEN r.rulename <> '_RETURN' THEN 'rule' WHEN c.relkind = 'm' "
	"THEN 'materialized view' ELSE 'view' END, "
	"CASE r.rulename WHEN '_RETURN' THEN c.relnamespace ELSE 0 END, "
	"CASE r.rulename WHEN '_RETURN' THEN c.relname ELSE r.rulename END::text, "
	"CASE r.rulename WHEN '_RETURN' THEN 0 ELSE c.oid END, {target} "
	"FROM pg_rewrite r JOIN pg_class c ON c.oid = r.ev_class "
	"{depend:pg_rewrite|r.oid} WHERE r.oid >= 16384 AND {on ours} "
	/* views that group by a key, and so need it: noted for its columns, as 'k' */
	"UNION ALL SELECT CASE c.relkind WHEN 'm' THEN 'materialized view' ELSE 'view' END, "
	"c.relnamespace, c.relname::text, 0, false, k.conrelid, u.n, 'k' "
	"FROM pg_rewrite r JOIN pg_class c ON c.oid = r.ev_class "
	"JOIN pg_depend d ON d.classid = 'pg_rewrite'::regclass AND d.objid = r.oid "
	"JOIN pg_constraint k ON d.refclassid = 'pg_constraint'::regclass "
	"AND k.oid = d.refobjid, unnest(k.conkey) u (n) WHERE r.oid >= 16384 "
	/* functions with a parsed body, or with such types */
	"UNION ALL SELECT CASE p.prokind WHEN 'p' THEN 'procedure' "
	"WHEN 'a' THEN 'aggregate' ELSE 'function' END, p.pronamespace, "
	"p.proname || '(' || pg_get_function_identity_arguments(p.oid) || ')', 0, {target} "
	"FROM pg_proc p {depend:pg_proc|p.oid} WHERE p.oid >= 16384 AND {on ours} "
	"UNION ALL SELECT 'policy', 0, p.polname::text, p.polrelid, {target} "
	"FROM pg_policy p {depend:pg_policy|p.oid} WHERE {on ours} "
	"UNION ALL SELECT 'trigger', 0, t.tgname::text, t.tgrelid, {target} "
	"FROM pg_trigger t {depend:pg_trigger|t.oid} WHERE NOT t.tgisinternal AND {on ours} "
	"UNION ALL SELECT 'statistics', s.stxnamespace, s.stxname::text, 0, {target} "
	"FROM pg_statistic_ext s {depend:pg_statistic_ext|s.oid} WHERE {on ours} "
	"UNION ALL SELECT 'publication', 0, p.pubname::text, 0, {target} "
	"FROM pg_publication_rel l JOIN pg_publication p ON p.oid = l.prpubid "
	"{depend:pg_publication_rel|l.oid} WHERE {on ours} "
	/* domains and ranges */
	"UNION ALL SELECT CASE t.typtype WHEN 'd' THEN 'domain' ELSE 'type' END, "
	"t.typnamespace, t.typname::text, 0, {target} FROM pg_type t "
	"{depend:pg_type|t.oid} WHERE t.oid >= 16384 AND t.typtype IN ('d', 'r') "
	"AND d.deptype = 'n' AND {on ours} "
	"UNION ALL SELECT 'cast', 0, format_type(k.castsource, NULL) || ' as ' || "
	"format_type(k.casttarget, NULL), 0, {target} FROM pg_cast k "
	"{depend:pg_cast|k.oid} WHERE k.oid >= 16384 AND {on ours}";

/* The same of relations that are not ours, when there are any: columns of an enum type (of
 * tables, views, row types), and defaults that use a sequence.  OFFSET 0 has each of them
 * looked up by itself, where nothing tells the planner that they are few. */
static const char elsewhere[] =
	"WITH c AS MATERIALIZED (SELECT oid, relkind, relnamespace, relname FROM pg_class "
	"WHERE oid >= 16384 AND relnamespace <> 99 AND (relkind IN ('c', 'v', 'm') "
	"OR relkind = 'f' OR relkind IN ('r', 'p') AND NOT relnamespace {ours})) "
	"SELECT CASE c.relkind WHEN 'c' THEN 'type' WHEN 'v' THEN 'view' "
	"WHEN 'm' THEN 'materialized view' ELSE 'column' END, "
	"CASE WHEN {has name} THEN c.relnamespace ELSE 0 END, "
	"CASE WHEN {has name} THEN c.relname ELSE a.attname END::text, "
	"CASE WHEN {has name} THEN 0 ELSE c.oid END, {target} "
	"FROM c, LATERAL (SELECT * FROM pg_depend WHERE classid = 'pg_class'::regclass "
	"AND objid = c.oid AND objsubid > 0 AND deptype = 'n' "
	"AND refclassid = 'pg_type'::regclass OFFSET 0) d "
	"JOIN pg_attribute a ON a.attrelid = d.objid AND a.attnum = d.objsubid "
	"UNION ALL SELECT 'default', 0, a.attname::text, c.oid, {target} "
	"FROM c, LATERAL (SELECT oid, adrelid, adnum FROM pg_attrdef "
	"WHERE adrelid = c.oid OFFSET 0) f "
	"JOIN pg_attribute a ON a.attrelid = f.adrelid AND a.attnum = f.adnum "
	"{depend:pg_attrdef|f.oid} AND d.refclassid = 'pg_class'::regclass "
	"AND d.refobjid <> f.adrelid";

const struct sd_pgi_query sd_pgi_queries[] = {
	/* One snapshot for all queries. */
	{ "begin", "BEGIN ISOLATION LEVEL REPEATABLE READ READ ONLY", NULL, NULL },
	/* pg_get_expr() waits for an ALTER TABLE of another session; and compiling queries that
	 * run but once costs more than they do. */
	{ "settings",
		"SELECT set_config('lock_timeout', '10s', true), "
		"set_config('jit', 'off', true)",
		NULL, NULL },
	{ "namespaces",
		"SELECT oid, nspname, nspname = current_schema(), "
		"nspname = ANY (current_schemas(true)) FROM pg_namespace",
		sd_pgi_take_namespace, NULL },
	{ "names",
		"SELECT 'm', oid, amname, 0 FROM pg_am "
		"UNION ALL SELECT 't', oid, spcname, 0 FROM pg_tablespace "
		"UNION ALL SELECT 'c', oid, collname, collnamespace FROM pg_collation "
		"WHERE oid < 12000 OR oid IN (SELECT refobjid FROM pg_depend "
		"WHERE refclassid = 'pg_collation'::regclass)",
		sd_pgi_take_name, NULL },
	{ "opclasses",
		"SELECT oid, opcname, opcnamespace, opcmethod, opcintype, opcdefault "
		"FROM pg_opclass",
		sd_pgi_take_opclass, NULL },
	{ "members",
		"SELECT classid = 'pg_class'::regclass, objid FROM pg_depend "
		"WHERE refclassid = 'pg_extension'::regclass AND deptype = 'e' "
		"AND classid IN ('pg_class'::regclass, 'pg_type'::regclass)",
		sd_pgi_take_member, NULL },
	/* pg_type_is_visible() is dear; in the first namespace of the path a type is hidden by
	 * the engine's own alone. */
	{ "types",
		"SELECT t.oid, t.typname, t.typnamespace, t.typtype, t.typarray, "
		"t.typcollation, t.typstorage, t.typrelid, t.oid < 16384 OR CASE "
		"WHEN t.typtype = 'c' THEN false WHEN t.typnamespace = (SELECT oid "
		"FROM pg_namespace WHERE nspname = current_schema()) THEN NOT EXISTS "
		"(SELECT FROM pg_type o WHERE o.typname = t.typname "
		"AND o.typnamespace = 11) ELSE pg_type_is_visible(t.oid) END, CASE t.typtype "
		"WHEN 'e' THEN {grants:t.typacl|t.typowner AND g.grantee <> 0} END "
		"FROM pg_type t WHERE t.typarray <> 0 AND (t.oid >= 16384 OR t.typtype <> 'c')",
		sd_pgi_take_type, NULL },
	{ "relations",
		"SELECT oid, relname, relnamespace, relkind, relpersistence, relnatts, "
		"reltype, reloftype, relam, reltablespace, reltoastrelid, relreplident, "
		"relispartition, relrowsecurity, relforcerowsecurity, reloptions, "
		"{grants:relacl|relowner} FROM pg_class WHERE oid >= 16384 "
		"AND relpersistence <> 't' AND (relnamespace <> 99 OR reloptions IS NOT NULL)",
		sd_pgi_take_relation, sd_pgi_add_toast_options },
	{ "parents", "SELECT inhrelid, inhparent FROM pg_inherits", sd_pgi_take_parent, NULL },
	/* Of other namespaces only what foreign keys point to; of indexes only parameters of
	 * operator classes. */
	{ "columns",
		"SELECT a.attrelid, a.attnum, a.attname, a.atttypid, a.atttypmod, "
		"a.attnotnull, a.attidentity, a.attgenerated, a.attcollation, a.attstorage, "
		"{14:a.attcompression|''}, a.attstattarget, CASE WHEN a.atttypmod >= 0 "
		"AND a.atttypid NOT IN ({plain modifiers}) "
		"THEN format_type(a.atttypid, a.atttypmod) END, "
		"CASE WHEN c.relkind IN ('i', 'I') THEN a.attoptions END, "
		"{grants:a.attacl|c.relowner}, CASE WHEN a.atthasdef THEN pg_get_expr(d.adbin, "
		"CASE WHEN a.attgenerated = '' THEN 0 ELSE d.adrelid END) END "
		"FROM pg_class c JOIN pg_attribute a ON a.attrelid = c.oid "
		"LEFT JOIN pg_attrdef d ON d.adrelid = a.attrelid AND d.adnum = a.attnum "
		"WHERE c.oid >= 16384 AND c.relpersistence <> 't' AND a.attnum > 0 "
		"AND NOT a.attisdropped AND (c.relkind IN ('r', 'p') "
		"OR c.relkind IN ('i', 'I') AND a.attoptions IS NOT NULL) "
		"AND (c.relnamespace {ours} OR c.oid IN "
		"(SELECT confrelid FROM pg_constraint WHERE contype = 'f'))",
		sd_pgi_take_column, sd_pgi_add_columns },
	{ "sequences",
		"SELECT s.seqrelid, s.seqtypid, s.seqstart, s.seqincrement, s.seqmin, "
		"s.seqmax, s.seqcache, s.seqcycle, d.refobjid, d.refobjsubid, d.deptype "
		"FROM pg_sequence s LEFT {depend:pg_class|s.seqrelid} AND d.objsubid = 0 "
		"AND d.refclassid = 'pg_class'::regclass AND d.refobjsubid > 0 "
		"AND d.deptype IN ('a', 'i')",
		sd_pgi_take_sequence, sd_pgi_add_sequences },
	{ "enums", "SELECT enumtypid, enumlabel FROM pg_enum ORDER BY enumtypid, enumsortorder",
		sd_pgi_take_enum, NULL },
	/* Constraints of partitions and of their indexes follow from the parent's. */
	{ "constraints",
		"SELECT oid, conname, contype, conrelid, conindid, confrelid, "
		"condeferrable, condeferred, convalidated, confupdtype, confdeltype, "
		"confmatchtype, connoinherit, conkey, confkey, "
		"{15:confdelsetcols|NULL}, {18:conenforced|true}, {18:conperiod|false}, "
		"CASE contype WHEN 'x' THEN ARRAY(SELECT "
		"CASE WHEN pg_operator_is_visible(o.oid) THEN o.oprname::text ELSE "
		"'OPERATOR(' || quote_ident(s.nspname) || '.' || o.oprname || ')' END "
		"FROM unnest(conexclop) WITH ORDINALITY u (op, n) "
		"JOIN pg_operator o ON o.oid = u.op "
		"JOIN pg_namespace s ON s.oid = o.oprnamespace ORDER BY u.n) END, "
		"CASE WHEN contype = 'c' AND connamespace {ours} "
		"THEN pg_get_expr(conbin, conrelid) END "
		"FROM pg_constraint WHERE conrelid >= 16384 AND conparentid = 0 AND "
		"contype IN ('p', 'u', 'x', 'f', 'c')",
		sd_pgi_take_constraint, NULL },
	/* From 18 on: there are as many as there are such columns. */
	{ "not nulls",
		"SELECT conrelid, conkey[1], conname, convalidated FROM pg_constraint "
		"WHERE contype = 'n' AND conrelid >= 16384 AND conparentid = 0",
		sd_pgi_take_not_null, NULL },
	{ "indexes",
		"SELECT i.indexrelid, i.indrelid, i.indnkeyatts, i.indisunique, "
		"{15:i.indnullsnotdistinct|false}, i.indisvalid, i.indisreplident, i.indisclustered, "
		"i.indkey, "
		"i.indcollation, i.indclass, i.indoption, CASE WHEN i.indexprs IS NOT NULL "
		"AND c.relnamespace {ours} THEN ARRAY(SELECT "
		"pg_get_indexdef(i.indexrelid, k.n, false) "
		"FROM generate_series(1, i.indnkeyatts) k (n) WHERE i.indkey[k.n - 1] = 0 "
		"ORDER BY k.n) END, CASE WHEN i.indpred IS NOT NULL AND c.relnamespace {ours} "
		"THEN pg_get_expr(i.indpred, i.indrelid) END, "
		"CASE WHEN i.indexprs IS NOT NULL AND c.relnamespace {ours} "
		"THEN pg_get_indexdef(i.indexrelid) END "
		"FROM pg_class c JOIN pg_index i ON i.indexrelid = c.oid "
		"WHERE c.oid >= 16384 AND c.relnamespace <> 99 AND c.relpersistence <> 't'",
		sd_pgi_take_index, NULL },
	{ "comments",
		"SELECT objoid, CASE classoid WHEN 'pg_class'::regclass THEN 'c' "
		"WHEN 'pg_type'::regclass THEN 't' ELSE 'n' END, objsubid, description "
		"FROM pg_description WHERE objoid >= 16384 AND classoid IN "
		"('pg_class'::regclass, 'pg_type'::regclass, 'pg_constraint'::regclass)",
		sd_pgi_take_comment, NULL },
	{ "dependents", dependents, sd_pgi_take_dependent, NULL },
	{ "elsewhere", elsewhere, sd_pgi_take_dependent, NULL },
	{ "commit", "COMMIT", NULL, NULL },
};

const size_t sd_pgi_n_queries = SD_COUNT(sd_pgi_queries);

/* Append @text, $1 and $2 replaced by what stands between @colon, @bar and
 * @end of the fragment. */
static void
put_snippet(struct sd_buf *out, const char *text, const char *colon, const char *bar,
	const char *end)
{
	for (; *text; text++) {
		if (text[0] == '$' && text[1] == '1')
			sd_buf_addn(out, colon + 1, (size_t)(bar - colon - 1));
		else if (text[0] == '$' && text[1] == '2')
			sd_buf_addn(out, bar + 1, (size_t)(end - bar - 1));
		else
			sd_buf_addc(out, *text);
		text += text[0] == '$';
	}
}

/* Append what the fragment at @at (behind its brace) stands for; what is behind it. */
static const char *
put_fragment(struct sd_buf *out, const char *at, int version, const char *ours)
{
	const char *end = strchr(at, '}');
	const char *colon = memchr(at, ':', (size_t)(end - at));
	const char *bar = colon ? memchr(colon, '|', (size_t)(end - colon)) : NULL;
	size_t len = (size_t)((colon ? colon : end) - at);

	if (*at >= '0' && *at <= '9') {
		bool has = version >= strtol(at, NULL, 10) * 10000;

		put_snippet(out, has ? "$1" : "$2", colon, bar, end);
	} else if (strncmp(at, "ours", len) == 0) {
		sd_buf_add(out, ours);
	} else {
		for (size_t i = 0; i < SD_COUNT(snippets); i++)
			if (strncmp(snippets[i].name, at, len) == 0 && !snippets[i].name[len])
				put_snippet(out, snippets[i].text, colon, bar, end);
	}
	return end + 1;
}

const char *
sd_pgi_expand(
	struct sd_arena *arena, const struct sd_pgi_query *query, int version, const char *ours)
{
	struct sd_buf out = SD_BUF(arena);
	const char *at = query->sql, *brace;

	while ((brace = strchr(at, '{'))) {
		sd_buf_addn(&out, at, (size_t)(brace - at));
		at = put_fragment(&out, brace + 1, version, ours);
	}
	sd_buf_add(&out, at);
	return sd_buf_text(&out);
}
