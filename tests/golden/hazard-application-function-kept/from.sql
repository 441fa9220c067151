CREATE TABLE t (id INTEGER PRIMARY KEY, x TEXT CHECK (length(x) > 0));
CREATE TABLE u (id INTEGER PRIMARY KEY, x TEXT);
PRAGMA writable_schema = ON;
UPDATE sqlite_schema SET sql = replace(sql, 'length', 'plausible');
PRAGMA writable_schema = RESET;
