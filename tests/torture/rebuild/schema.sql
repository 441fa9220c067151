-- Every hazard a SQLite table rebuild can meet, with rows.
-- Loaded with foreign keys off, since some rows break them on purpose.
PRAGMA foreign_keys = OFF;
BEGIN;
CREATE TABLE org (id INTEGER PRIMARY KEY, code TEXT NOT NULL UNIQUE);
INSERT INTO org VALUES (1, 'acme'), (2, 'bolt');

-- AUTOINCREMENT with a high-water mark, self reference, generated columns,
-- an unnamed check, a collation, unique constraints with conflict clauses
CREATE TABLE item (
  id INTEGER PRIMARY KEY AUTOINCREMENT,
  org_id INT REFERENCES org,
  parent_id INTEGER REFERENCES item (id) ON DELETE CASCADE,
  name TEXT NOT NULL COLLATE NOCASE,
  qty TEXT DEFAULT '0', -- becomes INTEGER
  gone TEXT,            -- is dropped
  price REAL CHECK (price >= 0),
  total REAL GENERATED ALWAYS AS (price * qty) STORED,
  label TEXT AS (upper(name)) VIRTUAL,
  UNIQUE (name) ON CONFLICT IGNORE,
  CHECK (length(name) > 0)
);
CREATE INDEX item_expr ON item (lower(name), price DESC);
CREATE INDEX item_partial ON item (qty) WHERE price > 1;
CREATE UNIQUE INDEX "item odd ""index" ON item (name COLLATE BINARY, id DESC);
INSERT INTO item (id, org_id, parent_id, name, qty, gone, price) VALUES
  (1, 1, NULL, 'one', '7', 'x', 1.5), (2, 2, 1, 'two', NULL, 'y', 2),
  (5, 1, 2, 'five', '-3', NULL, 0.30000000000000004),
  (9, 77, 1, 'bad org', '1', NULL, NULL), -- 77: no such org
  (40, 1, 9, 'forty', '40', 'z', 1e300), (1000, 1, 1, 'high', '0', NULL, 0);
DELETE FROM item WHERE id = 1000; -- sqlite_sequence stays at 1000

CREATE TABLE child_cascade (id INTEGER PRIMARY KEY, item_id INT NOT NULL REFERENCES item (id) ON DELETE CASCADE);
CREATE TABLE child_null (id INTEGER PRIMARY KEY, item_id INT REFERENCES item (id) ON DELETE SET NULL ON UPDATE CASCADE);
CREATE TABLE child_plain (id INTEGER PRIMARY KEY, item_id INT, FOREIGN KEY (item_id) REFERENCES item DEFERRABLE INITIALLY DEFERRED);
INSERT INTO child_cascade VALUES (1, 1), (2, 2), (3, 40);
INSERT INTO child_null VALUES (1, 1), (2, NULL), (3, 555); -- 555: no such item
INSERT INTO child_plain VALUES (1, 5), (2, 40);

-- no INTEGER PRIMARY KEY: rowids have gaps and have to stay
CREATE TABLE note (tag TEXT PRIMARY KEY ON CONFLICT REPLACE, item_id INT REFERENCES item (id), body TEXT);
INSERT INTO note (rowid, tag, item_id, body) VALUES (3, 'c', 1, 'C'), (1, 'a', 2, 'A'), (700, 'z', 333, 'Z'), (12, NULL, 5, 'N');

CREATE TABLE pair (a TEXT COLLATE NOCASE, b INTEGER, item_id INT REFERENCES item, v ANY, PRIMARY KEY (b DESC, a)) STRICT, WITHOUT ROWID;
INSERT INTO pair VALUES ('x', 1, 1, 'abc'), ('Y', 1, 888, 1.5), ('x', 2, 5, x'00ff');

-- quoted names, and a column called rowid
CREATE TABLE "odd ""t'" ("a b" TEXT, "select" INT, rowid TEXT, [c "d] BLOB, UNIQUE ("a b", "select") ON CONFLICT REPLACE);
INSERT INTO "odd ""t'" (_rowid_, "a b", "select", rowid, [c "d]) VALUES (4, 'p', 1, 'r1', x'01'), (2, 'q', NULL, 'r2', NULL), (99, 'q', NULL, NULL, 'txt');

CREATE TABLE log (n INTEGER PRIMARY KEY, what TEXT, item_id INT);
CREATE TRIGGER item_ai AFTER INSERT ON item BEGIN
  INSERT INTO log (what, item_id) VALUES ('new ' || NEW.name, NEW.id);
END;
CREATE TRIGGER item_ad /* own */ BEFORE DELETE ON item WHEN OLD.id > 0 BEGIN
  INSERT INTO log (what, item_id) VALUES ('del; END', OLD.id);
END;
CREATE TRIGGER org_bd BEFORE DELETE ON org BEGIN
  UPDATE item SET org_id = NULL WHERE org_id = OLD.id;
END;
CREATE TRIGGER org_au AFTER UPDATE OF code ON org BEGIN
  INSERT INTO log (what, item_id) SELECT NEW.code, id FROM item WHERE org_id = NEW.id;
END;
CREATE TRIGGER "odd trigger" AFTER INSERT ON "odd ""t'" BEGIN
  INSERT INTO log (what) VALUES ((SELECT count(*) FROM item) || "new"."a b");
END;
CREATE VIEW item_v AS SELECT id, name, qty, total FROM item;
CREATE VIEW item_vv AS SELECT v.*, o.code FROM item_v v JOIN org o ON o.id = v.id;
CREATE TRIGGER item_vv_ii INSTEAD OF INSERT ON item_vv BEGIN
  INSERT INTO item (name, qty) VALUES (NEW.name, NEW.qty);
END;
CREATE VIEW broken_before AS SELECT missing FROM nowhere;
COMMIT;
ANALYZE;
