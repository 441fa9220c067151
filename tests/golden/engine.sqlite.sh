# shellcheck shell=bash
# SQLite, for run.sh: a database is a file in the case's folder.

db_url() { echo "sqlite:$1.db"; }
db_create() { : >"$1.db"; }
db_copy() { cp "$1.db" "$2.db"; }
db_drop() { :; }

shell() { sqlite3 -batch -init /dev/null -bail "$@"; }

db_run() { shell "$1.db"; }
db_query() { shell -readonly "$1.db" '.mode quote' ".read '$2'"; }

# The up part in a session that enforces foreign keys.
db_pipe() { { echo 'PRAGMA foreign_keys = ON;'; cat; } | shell "$1.db"; }

# Every row of every table of the user's, with its rowid and in its storage class; plain: without
# the statistics of ANALYZE, which a script in the shell can't save.
db_rows() {
	shell -readonly "$1.db" "
	SELECT CASE
	  WHEN name = 'sqlite_sequence'
	    THEN 'SELECT name, seq FROM sqlite_sequence WHERE name NOT LIKE ''schemadiff%'' ORDER BY 1;'
	  WHEN name LIKE 'sqlite_stat%' AND '${2:-}' = 'plain' THEN ''
	  WHEN name LIKE 'sqlite_stat%'
	    THEN 'SELECT * FROM ' || name || ' WHERE tbl NOT LIKE ''schemadiff%'' ORDER BY 1, 2;'
	  ELSE 'SELECT ' || quote(name) || ';SELECT ' || CASE wr WHEN 1 THEN '' ELSE '_rowid_, ' END
	    || '* FROM \"' || replace(name, '\"', '\"\"') || '\";'
	  END
	FROM pragma_table_list
	WHERE schema = 'main' AND type <> 'view' AND name NOT LIKE 'schemadiff%'
	  AND name NOT LIKE 'sqlite_schema' ORDER BY name" >rows.sql
	# without -bail: one table that can't be read must not hide the others
	sqlite3 -batch -init /dev/null -readonly "$1.db" '.mode quote' '.read rows.sql' 2>&1
}

# Rows, and the text of every object.
db_state() {
	db_rows "$@"
	shell -readonly "$1.db" '.mode list' "SELECT type, name, tbl_name, sql FROM sqlite_schema
	WHERE tbl_name NOT LIKE 'schemadiff%' AND name NOT LIKE 'sqlite_%' ORDER BY 1, 2"
}

# The way back may give other words: inspect compares.
db_catalog() { :; }

# What must not get worse.
db_sound() {
	shell -readonly "$1.db" 'PRAGMA integrity_check'
	shell -readonly "$1.db" 'PRAGMA foreign_key_check' 2>&1 | sort
}

db_comparable() { return 0; }

db_lacks() { return 1; } # extensions

db_version() { shell :memory: 'SELECT sqlite_version()'; }

engine_start() { :; }
