.bail on
PRAGMA foreign_keys = OFF;
BEGIN IMMEDIATE;

-- violations that are there already, of every table rebuilt below and its children
CREATE TEMP TABLE schemadiff_fk ("table" COLLATE NOCASE, row, parent COLLATE NOCASE, n, UNIQUE ("table", row, parent));
INSERT INTO temp.schemadiff_fk SELECT "table", rowid, parent, count(*) FROM (
  SELECT * FROM pragma_foreign_key_check('item') UNION ALL
  SELECT * FROM pragma_foreign_key_check('child_cascade') UNION ALL
  SELECT * FROM pragma_foreign_key_check('child_null') UNION ALL
  SELECT * FROM pragma_foreign_key_check('child_plain') UNION ALL
  SELECT * FROM pragma_foreign_key_check('note') UNION ALL
  SELECT * FROM pragma_foreign_key_check('pair')
) GROUP BY 1, 2, 3;

-- item: qty becomes INTEGER, gone is dropped, status is added
CREATE TABLE schemadiff_new_item (
  id INTEGER PRIMARY KEY AUTOINCREMENT,
  org_id INT REFERENCES org,
  parent_id INTEGER REFERENCES item (id) ON DELETE CASCADE,
  name TEXT NOT NULL COLLATE NOCASE,
  qty INTEGER DEFAULT 0, -- was TEXT
  price REAL CHECK (price >= 0),
  status TEXT NOT NULL DEFAULT 'new' CHECK (status IN ('new', 'old')),
  total REAL GENERATED ALWAYS AS (price * qty) STORED,
  label TEXT AS (upper(name)) VIRTUAL,
  UNIQUE (name) ON CONFLICT IGNORE,
  CHECK (length(name) > 0)
);
INSERT OR ABORT INTO schemadiff_new_item (id, org_id, parent_id, name, qty, price)
  SELECT id, org_id, parent_id, name, qty, price FROM item;
CREATE TEMP TABLE schemadiff_guard (x, CONSTRAINT "item: rows were lost" CHECK (x IS NULL));
INSERT INTO temp.schemadiff_guard SELECT 1 FROM (
SELECT 1 WHERE (SELECT count(*) FROM schemadiff_new_item) <> (SELECT count(*) FROM item)
) LIMIT 1;
DROP TABLE temp.schemadiff_guard;
CREATE TEMP TABLE schemadiff_guard (x, CONSTRAINT "item.qty: a value changes when stored as INTEGER" CHECK (x IS NULL));
INSERT INTO temp.schemadiff_guard SELECT 1 FROM (
SELECT n.id FROM schemadiff_new_item n JOIN item o ON n.id = o.id
 WHERE +n.qty IS NOT +o.qty COLLATE BINARY
   AND (CAST(n.qty AS TEXT) IS NOT CAST(o.qty AS TEXT) COLLATE BINARY
        OR typeof(o.qty) = 'real' AND CAST(n.qty AS REAL) IS NOT +o.qty)
) LIMIT 1;
DROP TABLE temp.schemadiff_guard;
DELETE FROM sqlite_sequence WHERE name = 'schemadiff_new_item';
INSERT INTO sqlite_sequence (name, seq) SELECT 'schemadiff_new_item', seq FROM sqlite_sequence WHERE name = 'item';
DROP TABLE item;
PRAGMA legacy_alter_table = ON;
ALTER TABLE schemadiff_new_item RENAME TO item;
PRAGMA legacy_alter_table = OFF;
CREATE INDEX item_expr ON item (lower(name), price DESC);
CREATE INDEX item_partial ON item (qty) WHERE price > 1;
CREATE UNIQUE INDEX "item odd ""index" ON item (name COLLATE BINARY, id DESC);
CREATE TRIGGER item_ai AFTER INSERT ON item BEGIN
  INSERT INTO log (what, item_id) VALUES ('new ' || NEW.name, NEW.id);
END;
CREATE TRIGGER item_ad /* own */ BEFORE DELETE ON item WHEN OLD.id > 0 BEGIN
  INSERT INTO log (what, item_id) VALUES ('del; END', OLD.id);
END;

-- note: body becomes NOT NULL; no INTEGER PRIMARY KEY, so rowid is carried over
CREATE TABLE schemadiff_new_note (tag TEXT PRIMARY KEY ON CONFLICT REPLACE, item_id INT REFERENCES item (id), body TEXT NOT NULL ON CONFLICT IGNORE);
CREATE TEMP TABLE schemadiff_guard (x, CONSTRAINT "note.body: NULLs are in the way of NOT NULL" CHECK (x IS NULL));
INSERT INTO temp.schemadiff_guard SELECT 1 FROM (
SELECT 1 FROM note WHERE body IS NULL
) LIMIT 1;
DROP TABLE temp.schemadiff_guard;
INSERT OR ABORT INTO schemadiff_new_note (rowid, tag, item_id, body)
  SELECT rowid, tag, item_id, body FROM note;
CREATE TEMP TABLE schemadiff_guard (x, CONSTRAINT "note: rows were lost" CHECK (x IS NULL));
INSERT INTO temp.schemadiff_guard SELECT 1 FROM (
SELECT 1 WHERE (SELECT count(*) FROM schemadiff_new_note) <> (SELECT count(*) FROM note)
) LIMIT 1;
DROP TABLE temp.schemadiff_guard;
DROP TABLE note;
PRAGMA legacy_alter_table = ON;
ALTER TABLE schemadiff_new_note RENAME TO note;
PRAGMA legacy_alter_table = OFF;

-- pair: STRICT, WITHOUT ROWID; a check is added
CREATE TABLE schemadiff_new_pair (a TEXT COLLATE NOCASE, b INTEGER, item_id INT REFERENCES item, v ANY, PRIMARY KEY (b DESC, a), CHECK (b > 0)) STRICT, WITHOUT ROWID;
INSERT OR ABORT INTO schemadiff_new_pair (a, b, item_id, v) SELECT a, b, item_id, v FROM pair;
CREATE TEMP TABLE schemadiff_guard (x, CONSTRAINT "pair: rows were lost" CHECK (x IS NULL));
INSERT INTO temp.schemadiff_guard SELECT 1 FROM (
SELECT 1 WHERE (SELECT count(*) FROM schemadiff_new_pair) <> (SELECT count(*) FROM pair)
) LIMIT 1;
DROP TABLE temp.schemadiff_guard;
DROP TABLE pair;
PRAGMA legacy_alter_table = ON;
ALTER TABLE schemadiff_new_pair RENAME TO pair;
PRAGMA legacy_alter_table = OFF;

-- "odd ""t'": a column is called rowid, so the row's id goes by another of its names
CREATE TABLE "schemadiff_new_odd ""t'" ("a b" TEXT NOT NULL, "select" INT, rowid TEXT, [c "d] BLOB, UNIQUE ("a b", "select") ON CONFLICT REPLACE);
INSERT OR ABORT INTO "schemadiff_new_odd ""t'" (_rowid_, "a b", "select", "rowid", "c ""d")
  SELECT _rowid_, "a b", "select", "rowid", "c ""d" FROM "odd ""t'";
CREATE TEMP TABLE schemadiff_guard (x, CONSTRAINT "odd ""t': rows were lost" CHECK (x IS NULL));
INSERT INTO temp.schemadiff_guard SELECT 1 FROM (
SELECT 1 WHERE (SELECT count(*) FROM "schemadiff_new_odd ""t'") <> (SELECT count(*) FROM "odd ""t'")
) LIMIT 1;
DROP TABLE temp.schemadiff_guard;
DROP TABLE "odd ""t'";
PRAGMA legacy_alter_table = ON;
ALTER TABLE "schemadiff_new_odd ""t'" RENAME TO "odd ""t'";
PRAGMA legacy_alter_table = OFF;
CREATE TRIGGER "odd trigger" AFTER INSERT ON "odd ""t'" BEGIN
  INSERT INTO log (what) VALUES ((SELECT count(*) FROM item) || "new"."a b");
END;

-- no foreign key is broken that was not before
CREATE TEMP TABLE schemadiff_guard (x, CONSTRAINT "foreign keys: the rebuild leaves rows without a parent" CHECK (x IS NULL));
INSERT INTO temp.schemadiff_guard SELECT 1 FROM (
SELECT a."table", a.rowid, a.parent, count(*) AS n FROM (
  SELECT * FROM pragma_foreign_key_check('item') UNION ALL
  SELECT * FROM pragma_foreign_key_check('child_cascade') UNION ALL
  SELECT * FROM pragma_foreign_key_check('child_null') UNION ALL
  SELECT * FROM pragma_foreign_key_check('child_plain') UNION ALL
  SELECT * FROM pragma_foreign_key_check('note') UNION ALL
  SELECT * FROM pragma_foreign_key_check('pair')
) a GROUP BY 1, 2, 3
HAVING n > ifnull((SELECT b.n FROM temp.schemadiff_fk b WHERE b."table" = a."table" AND b.row IS a.rowid AND b.parent = a.parent), 0)
) LIMIT 1;
DROP TABLE temp.schemadiff_guard;
DROP TABLE temp.schemadiff_fk;

-- dependents still compile: views, then the triggers (own ones too, since CREATE TRIGGER checks no body)
SELECT 1 FROM item_v LIMIT 0;
SELECT 1 FROM item_vv LIMIT 0;
INSERT INTO item (id) SELECT id FROM item WHERE 0;
DELETE FROM item WHERE 0;
DELETE FROM org WHERE 0;
UPDATE org SET code = code WHERE 0;
INSERT INTO "odd ""t'" ("a b") SELECT "a b" FROM "odd ""t'" WHERE 0;
INSERT INTO item_vv (id) SELECT id FROM item_vv WHERE 0;
COMMIT;
