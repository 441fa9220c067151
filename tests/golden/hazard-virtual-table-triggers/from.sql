CREATE TABLE t (id INTEGER PRIMARY KEY, x TEXT);
CREATE VIRTUAL TABLE docs USING fts5 (x, content = 't', content_rowid = 'id');
CREATE TRIGGER t_ai AFTER INSERT ON t BEGIN INSERT INTO docs (rowid, x) VALUES (NEW.id, NEW.x); END;
CREATE TRIGGER t_ad AFTER DELETE ON t BEGIN INSERT INTO docs (docs, rowid, x) VALUES ('delete', OLD.id, OLD.x); END;
