-- A database's schema, a line for everything that pg_dump would write, from the catalogs of any
-- version 12 to 18.  Order of columns, object ids and names of NOT NULL constraints do not count.
-- What only some versions have is reached through to_jsonb(row).  Newlines within are written \n.
WITH
namespaces AS (
  SELECT oid FROM pg_namespace WHERE nspname !~ '^pg_' AND nspname <> 'information_schema'),
extension_owned AS (
  SELECT classid, objid FROM pg_depend WHERE deptype = 'e'),
relations AS (
  SELECT c.*, c.oid::regclass::text AS name, to_jsonb(c) AS j FROM pg_class c
  WHERE c.relnamespace IN (SELECT oid FROM namespaces) AND c.relname NOT LIKE 'schemadiff\_%'
    AND NOT EXISTS (SELECT FROM extension_owned e WHERE e.classid = 'pg_class'::regclass AND e.objid = c.oid)),
lines(kind, name, line) AS (
  SELECT CASE relkind WHEN 'r' THEN 'table' WHEN 'p' THEN 'partitioned' WHEN 'f' THEN 'foreign' WHEN 'v' THEN 'view'
                      WHEN 'm' THEN 'matview' WHEN 'c' THEN 'composite' ELSE relkind::text END, name,
         concat_ws(' ', 'persistence', relpersistence, 'options', array_to_string(reloptions, ','),
           'tablespace', (SELECT spcname FROM pg_tablespace t WHERE t.oid = reltablespace),
           'method', (SELECT amname FROM pg_am a WHERE a.oid = relam), 'replica', relreplident,
           'security', relrowsecurity, relforcerowsecurity, 'acl', relacl, 'of', NULLIF(reloftype, 0)::regtype,
           'parents', (SELECT string_agg(inhparent::regclass::text, ',' ORDER BY inhseqno) FROM pg_inherits WHERE inhrelid = relations.oid),
           'bound', pg_get_expr(relpartbound, oid), 'by', CASE relkind WHEN 'p' THEN pg_get_partkeydef(oid) END,
           'query', CASE WHEN relkind IN ('v', 'm') THEN pg_get_viewdef(oid) END)
  FROM relations WHERE relkind IN ('r', 'p', 'f', 'v', 'm', 'c')
  UNION ALL
  SELECT CASE WHEN r.relkind IN ('v', 'm') THEN 'view column' ELSE 'column' END, r.name, concat_ws(' ', quote_ident(a.attname), format_type(a.atttypid, a.atttypmod),
           CASE WHEN a.attnotnull THEN 'not null' END,
           CASE WHEN EXISTS (SELECT FROM pg_constraint n WHERE n.conrelid = r.oid AND n.contype = 'n' AND n.conkey = ARRAY[a.attnum]
                               AND NOT n.convalidated) THEN 'not valid' END,
           CASE WHEN EXISTS (SELECT FROM pg_constraint n WHERE n.conrelid = r.oid AND n.contype = 'n' AND n.conkey = ARRAY[a.attnum]
                               AND n.connoinherit) THEN 'no inherit' END,
           'generated ' || NULLIF(a.attgenerated::text, ''), 'identity ' || NULLIF(a.attidentity::text, ''),
           'default ' || pg_get_expr(d.adbin, d.adrelid),
           'collation ' || (SELECT collname FROM pg_collation o WHERE o.oid = NULLIF(a.attcollation, t.typcollation)),
           'storage ' || (SELECT NULLIF(a.attstorage::text, t.typstorage::text)),
           'compression ' || NULLIF(to_jsonb(a) ->> 'attcompression', ''),
           'statistics ' || NULLIF(a.attstattarget, -1), 'options ' || a.attoptions::text, 'acl ' || a.attacl::text,
           CASE WHEN NOT a.attislocal THEN 'inherited' END, 'fdw ' || a.attfdwoptions::text)
  FROM relations r JOIN pg_attribute a ON a.attrelid = r.oid AND a.attnum > 0 AND NOT a.attisdropped
       JOIN pg_type t ON t.oid = a.atttypid LEFT JOIN pg_attrdef d ON d.adrelid = r.oid AND d.adnum = a.attnum
  WHERE r.relkind IN ('r', 'p', 'f', 'v', 'm', 'c')
  UNION ALL
  SELECT 'constraint', r.name, concat_ws(' ', quote_ident(k.conname), pg_get_constraintdef(k.oid),
           'options ' || (SELECT i.reloptions::text FROM pg_class i WHERE i.oid = k.conindid AND k.contype IN ('p', 'u', 'x')),
           CASE WHEN NOT k.convalidated THEN 'NOT VALID' END, CASE WHEN NOT k.conislocal THEN 'inherited' END)
  FROM relations r JOIN pg_constraint k ON k.conrelid = r.oid WHERE k.contype <> 'n'
  UNION ALL
  SELECT 'index', r.name, concat_ws(' ', quote_ident(i.relname), CASE WHEN k.oid IS NULL THEN pg_get_indexdef(i.oid) END,
           CASE WHEN NOT x.indisvalid THEN 'invalid' END, CASE WHEN NOT x.indisready THEN 'not ready' END,
           CASE WHEN x.indisclustered THEN 'clustered' END, CASE WHEN x.indisreplident THEN 'replica identity' END,
           'statistics ' || (SELECT string_agg(attnum || '=' || attstattarget, ',' ORDER BY attnum) FROM pg_attribute
                             WHERE attrelid = i.oid AND attstattarget >= 0),
           'parent ' || (SELECT inhparent::regclass::text FROM pg_inherits WHERE inhrelid = i.oid))
  FROM relations r JOIN pg_index x ON x.indrelid = r.oid JOIN pg_class i ON i.oid = x.indexrelid
       LEFT JOIN pg_constraint k ON k.conindid = i.oid AND k.contype IN ('p', 'u', 'x')
  UNION ALL
  SELECT 'sequence', r.name, concat_ws(' ', format_type(s.seqtypid, NULL), 'start', s.seqstart, 'by', s.seqincrement, 'min', s.seqmin,
           'max', s.seqmax, 'cache', s.seqcache, 'cycle', s.seqcycle, 'persistence ' || NULLIF(r.relpersistence::text, 'p'),
           (SELECT concat('owned by ', d.refobjid::regclass, '.', quote_ident(a.attname), ' ', d.deptype)
            FROM pg_depend d JOIN pg_attribute a ON a.attrelid = d.refobjid AND a.attnum = d.refobjsubid
            WHERE d.classid = 'pg_class'::regclass AND d.objid = r.oid AND d.refclassid = 'pg_class'::regclass
              AND d.deptype IN ('a', 'i')))
  FROM relations r JOIN pg_sequence s ON s.seqrelid = r.oid
  WHERE NOT EXISTS (SELECT FROM pg_depend d WHERE d.classid = 'pg_class'::regclass AND d.objid = r.oid
                      AND d.deptype IN ('a', 'i') AND d.refobjid::regclass::text LIKE '%schemadiff\_%')
  UNION ALL
  SELECT 'enum', t.oid::regtype::text, (SELECT string_agg(quote_literal(enumlabel), ', ' ORDER BY enumsortorder) FROM pg_enum
           WHERE enumtypid = t.oid)
  FROM pg_type t WHERE t.typtype = 'e' AND t.typnamespace IN (SELECT oid FROM namespaces)
  UNION ALL
  SELECT 'domain', t.oid::regtype::text, concat_ws(' ', format_type(t.typbasetype, t.typtypmod), CASE WHEN t.typnotnull THEN 'not null' END,
           'default ' || t.typdefault, 'collation ' || (SELECT collname FROM pg_collation o WHERE o.oid = t.typcollation AND o.collname <> 'default'),
           (SELECT string_agg(conname || ' ' || pg_get_constraintdef(oid), ' ' ORDER BY conname) FROM pg_constraint WHERE contypid = t.oid))
  FROM pg_type t WHERE t.typtype = 'd' AND t.typnamespace IN (SELECT oid FROM namespaces)
  UNION ALL
  SELECT 'function', p.oid::regprocedure::text, CASE WHEN p.prokind IN ('f', 'p') THEN pg_get_functiondef(p.oid) ELSE p.prokind::text END
  FROM pg_proc p WHERE p.pronamespace IN (SELECT oid FROM namespaces)
    AND NOT EXISTS (SELECT FROM extension_owned e WHERE e.classid = 'pg_proc'::regclass AND e.objid = p.oid)
  UNION ALL
  SELECT 'trigger', r.name, concat(pg_get_triggerdef(t.oid), ' ', t.tgenabled) FROM relations r JOIN pg_trigger t ON t.tgrelid = r.oid
  WHERE NOT t.tgisinternal
  UNION ALL
  SELECT 'policy', r.name, concat_ws(' ', quote_ident(p.polname), p.polcmd, p.polpermissive, p.polroles::regrole[],
           pg_get_expr(p.polqual, r.oid), 'check', pg_get_expr(p.polwithcheck, r.oid))
  FROM relations r JOIN pg_policy p ON p.polrelid = r.oid
  UNION ALL
  SELECT 'rule', r.name, pg_get_ruledef(w.oid) FROM relations r JOIN pg_rewrite w ON w.ev_class = r.oid WHERE w.rulename <> '_RETURN'
  UNION ALL
  SELECT 'statistics', r.name, pg_get_statisticsobjdef(s.oid) FROM relations r JOIN pg_statistic_ext s ON s.stxrelid = r.oid
  UNION ALL
  SELECT 'comment', o.type || ' ' || o.identity, c.description
  FROM pg_description c CROSS JOIN LATERAL pg_identify_object(c.classoid, c.objoid, c.objsubid) o
  WHERE c.objoid >= 16384 AND o.type <> 'extension' AND o.identity NOT LIKE '%schemadiff\_%'
  UNION ALL
  SELECT 'publication', pubname, to_jsonb(p)::text FROM pg_publication p)
SELECT replace(replace(concat(kind, ' ', name, ': ', line), E'\\', E'\\\\'), E'\n', E'\\n') FROM lines ORDER BY 1
