CREATE TABLE t (id INTEGER PRIMARY KEY, x TEXT);
CREATE TABLE log (what TEXT);
CREATE TRIGGER t_insert AFTER INSERT ON t BEGIN INSERT INTO log VALUES ('insert ' || NEW.id); END;
CREATE TRIGGER t_delete /* keeps "a" copy; */ BEFORE DELETE ON t WHEN OLD.id > 0
BEGIN -- the last word
  INSERT INTO log VALUES ('delete; END');
  UPDATE log SET what = what;
END;
