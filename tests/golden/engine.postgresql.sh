# shellcheck shell=bash
# PostgreSQL, for run.sh: SD_TEST_PG holds libpq's keywords of a running server on which databases
# may be created (tests/pg/with_server.sh starts one).

# the name that database $1 of this case has on the server
on_server() { echo "golden_${1}_$case_id"; }

server="$(sed -E 's/ *\bdbname=[^ ]*//' <<<"$SD_TEST_PG")"

# sets conninfo: a process for each call would be a good part of the whole time
to_database() { conninfo="$server dbname=$1"; }

shell() {
	local conninfo

	to_database "$1"
	shift
	psql -X -q -v ON_ERROR_STOP=1 "$@" "$conninfo"
}

# SD_TEST_PG's keywords as parameters of a URL
db_url() {
	local conninfo

	to_database "$(on_server "$1")"
	echo "postgresql:///?$(sed -E 's/ +/\&/g; s/:/%3A/g' <<<"$conninfo")"
}
db_create() { shell postgres -c "CREATE DATABASE $(on_server "$1") TEMPLATE template0"; }
db_copy() { shell postgres -c "CREATE DATABASE $(on_server "$2") TEMPLATE $(on_server "$1")"; }
db_drop() { shell postgres -c "DROP DATABASE IF EXISTS $(on_server "$1")" 2>/dev/null; }

db_run() { shell "$(on_server "$1")" -f -; }
db_query() { shell "$(on_server "$1")" --csv -t -P null=NULL -f "$2"; }
db_pipe() { db_run "$@"; }

# Every row of every table of the user's, its columns by name, and where the sequences stand.
# $2, plain: concerns SQLite.
db_rows() {
	shell "$(on_server "$1")" -A -t 2>&1 <<-'SQL'
	SET TimeZone = 'UTC';
	SELECT format('SELECT %L, to_jsonb(t) FROM ONLY %s AS t ORDER BY 2::text COLLATE "C"',
	  c.oid::regclass, c.oid::regclass)
	FROM pg_class AS c JOIN pg_namespace AS n ON n.oid = c.relnamespace
	WHERE c.relkind IN ('r', 'm') AND n.nspname NOT IN ('pg_catalog', 'information_schema')
	  AND n.nspname NOT LIKE 'pg\_%' AND c.relname NOT LIKE 'schemadiff%' ORDER BY 1
	\gexec
	SELECT format('SELECT %L, last_value, is_called FROM %s', c.oid::regclass, c.oid::regclass)
	FROM pg_class AS c JOIN pg_namespace AS n ON n.oid = c.relnamespace
	WHERE c.relkind = 'S' AND n.nspname NOT LIKE 'pg\_%' AND c.relname NOT LIKE 'schemadiff%'
	ORDER BY 1
	\gexec
	SQL
}

# pg_dump as a set of statements, and the columns of a table as a set; nothing where the server
# is newer than the pg_dump there is.  It passes over indexes that were never finished.
db_catalog() {
	local conninfo

	to_database "$(on_server "$1")"
	shell "$(on_server "$1")" -A -t -c \
		"SELECT 'not valid', indexrelid::regclass FROM pg_index WHERE NOT indisvalid ORDER BY 2"
	if version_before "$PG_DUMP" "${PG_SERVER%%.*}"; then return; fi
	pg_dump --schema-only --exclude-table='schemadiff*' "$conninfo" 2>&1 |
		grep -v -e '^--' -e '^\\' | awk 'BEGIN { RS = "" }
		{
			n = split($0, line, "\n")
			if (line[1] ~ /^CREATE (UNLOGGED )?TABLE .*\($/)
				for (i = 2; i < n; i++) {
					sub(/,$/, "", line[i])
					for (j = i; j > 2 && line[j - 1] > line[j]; j--) {
						t = line[j]; line[j] = line[j - 1]; line[j - 1] = t
					}
				}
			for (i = 1; i <= n; i++)
				printf "%s%s", line[i], i < n ? "\001" : "\n"
		}' | sort | tr '\001' '\n'
}

db_state() {
	db_rows "$@"
	db_catalog "$@"
}

# A constraint that isn't proved, or an index that isn't complete, is the case's own.
db_sound() { :; }

# Scripts, messages and answers are those of one version, 15 or the first that knows the thing; on
# others only the law holds.
db_comparable() {
	local version=15 file

	if file="$(given since)" && version_before 15 "$(cat "$file")"; then version="$(cat "$file")"; fi
	[ "${PG_SERVER%%.*}" = "$version" ]
}

# db_lacks EXTENSION: the server can't create it.
db_lacks() {
	[ -z "$(shell postgres -A -t -c "SELECT 1 FROM pg_available_extensions WHERE name = '$1'")" ]
}

db_version() { echo "$PG_SERVER"; }

# asked once for all cases
engine_start() {
	PG_SERVER="$(shell postgres -A -t -c 'SHOW server_version' | sed 's/ .*//')"
	PG_DUMP="$(pg_dump --version | sed -E 's/.* ([0-9]+)\..*/\1/')"
	export PG_SERVER PG_DUMP
}
