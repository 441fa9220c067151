CREATE TABLE t (id INTEGER PRIMARY KEY, x TEXT, y TEXT COLLATE nocase);
CREATE TABLE u (id INTEGER PRIMARY KEY, x TEXT);
PRAGMA writable_schema = ON;
UPDATE sqlite_schema SET sql = replace(sql, 'nocase', 'german');
PRAGMA writable_schema = RESET;
