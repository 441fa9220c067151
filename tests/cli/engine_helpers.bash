# What the tests share that run on each engine: `load engine_helpers` after `load helpers`.

# on ENGINE: what follows works on a new database of ENGINE, without a default of the configuration; a test for
# PostgreSQL is passed over where SD_TEST_PG names no server.
on() {
	engine=$1
	if [ "$engine" = sqlite ]; then
		rm -f app.db*
		export SCHEMADIFF_URL=sqlite:app.db
		return
	fi
	if [ -z "${SD_TEST_PG:-}" ] || ! command -v psql >/dev/null; then
		skip "SD_TEST_PG names no server"
	fi
	dbname="schemadiff_cli_$(basename "$BATS_TEST_FILENAME" .bats)"
	psql -Xq "$SD_TEST_PG" -c 'SET client_min_messages = error' -c "DROP DATABASE IF EXISTS $dbname" -c "CREATE DATABASE $dbname"
	pg="$SD_TEST_PG dbname=$dbname"
	export SCHEMADIFF_URL="$pg"
}

# ask SQL: what it returns; columns apart by |.
ask() {
	if [ "$engine" = sqlite ]; then
		sqlite3 -cmd 'PRAGMA foreign_keys = ON' app.db "$1"
	else
		psql -XAqt -v ON_ERROR_STOP=1 -c "$1" "$pg"
	fi
}

# pipe: what the program has printed into the shell of the engine; $status and $err tell.
pipe() {
	printf '%s\n' "$out" >.sql
	status=0
	if [ "$engine" = sqlite ]; then
		err="$(sqlite3 app.db 2>&1 <.sql)" || status=$?
	else
		err="$(psql -Xq "$pg" 2>&1 >/dev/null <.sql)" || status=$?
	fi
}
