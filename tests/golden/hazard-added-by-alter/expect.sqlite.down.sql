-- schemadiff:foreign-keys off

-- rebuild of u:
--   alter column u.x: default: 'new' → (none)
CREATE TABLE schemadiff_new_u (id INTEGER PRIMARY KEY, x TEXT, z TEXT NOT NULL DEFAULT 'd' CHECK (z <> ''));
INSERT OR ABORT INTO schemadiff_new_u (id, x, z)
SELECT id, x, z FROM u;
-- schemadiff:expect-none rows of u were lost in the copy
SELECT 1 WHERE (SELECT count(*) FROM schemadiff_new_u) <> (SELECT count(*) FROM u);
-- statistics of ANALYZE go with the table
-- schemadiff:only-if
SELECT 1 FROM sqlite_master WHERE name = 'sqlite_stat1';
UPDATE sqlite_stat1 SET tbl = 'schemadiff_new_u' WHERE tbl = 'u' COLLATE NOCASE;
DROP TABLE u;
PRAGMA legacy_alter_table = ON;
ALTER TABLE schemadiff_new_u RENAME TO u;
PRAGMA legacy_alter_table = OFF;
-- schemadiff:only-if
SELECT 1 FROM sqlite_master WHERE name = 'sqlite_stat1';
UPDATE sqlite_stat1 SET tbl = 'u' WHERE tbl = 'schemadiff_new_u' COLLATE NOCASE;
