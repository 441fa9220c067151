CREATE TABLE log (
  id INTEGER PRIMARY KEY,
  what text
);

CREATE VIEW log_users AS
SELECT l.id, u.name FROM log l JOIN users u ON u.name = l.what;

CREATE TRIGGER log_keep BEFORE DELETE ON log
FOR EACH ROW
BEGIN
  SELECT raise(ABORT, 'the log is kept; all of it');
END;

-- views and triggers that speak of what changed compile
SELECT 1 FROM log_users LIMIT 0;
DELETE FROM log WHERE 0;
