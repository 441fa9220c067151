-- schemadiff:foreign-keys off

DROP TRIGGER t_ad;

DROP TRIGGER t_ai;

-- rebuild of t:
--   alter column t.x: default: 'new' → (none)
CREATE TABLE schemadiff_new_t (id INTEGER PRIMARY KEY, x TEXT);
INSERT OR ABORT INTO schemadiff_new_t (id, x)
SELECT id, x FROM t;
-- schemadiff:expect-none rows of t were lost in the copy
SELECT 1 WHERE (SELECT count(*) FROM schemadiff_new_t) <> (SELECT count(*) FROM t);
-- statistics of ANALYZE go with the table
-- schemadiff:only-if
SELECT 1 FROM sqlite_master WHERE name = 'sqlite_stat1';
UPDATE sqlite_stat1 SET tbl = 'schemadiff_new_t' WHERE tbl = 't' COLLATE NOCASE;
DROP TABLE t;
PRAGMA legacy_alter_table = ON;
ALTER TABLE schemadiff_new_t RENAME TO t;
PRAGMA legacy_alter_table = OFF;
-- schemadiff:only-if
SELECT 1 FROM sqlite_master WHERE name = 'sqlite_stat1';
UPDATE sqlite_stat1 SET tbl = 't' WHERE tbl = 'schemadiff_new_t' COLLATE NOCASE;

CREATE TRIGGER t_ad AFTER DELETE ON t BEGIN INSERT INTO docs (docs, rowid, x) VALUES ('delete', OLD.id, OLD.x); END;

CREATE TRIGGER t_ai AFTER INSERT ON t BEGIN INSERT INTO docs (rowid, x) VALUES (NEW.id, NEW.x); END;

-- what speaks of the changed tables still compiles
DELETE FROM t WHERE 0;
INSERT INTO t (id) SELECT id FROM t WHERE 0;
