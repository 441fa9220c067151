CREATE TABLE t (id INTEGER PRIMARY KEY, x TEXT);
CREATE VIRTUAL TABLE docs USING fts5 (body, content = 't', content_rowid = 'id');
CREATE VIRTUAL TABLE own USING fts5 (body);
CREATE TABLE docs_list (a TEXT);
