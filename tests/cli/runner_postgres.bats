#!/usr/bin/env bats
load helpers

# What the runner does on PostgreSQL that runner.bats shows on SQLite.  SD_TEST_PG names the server.
setup_more() {
	if [ -z "${SD_TEST_PG:-}" ] || ! command -v psql >/dev/null; then
		skip "SD_TEST_PG names no server"
	fi
	psql -Xq "$SD_TEST_PG" -c 'SET client_min_messages = error' \
		-c 'DROP DATABASE IF EXISTS schemadiff_cli_runner' -c 'CREATE DATABASE schemadiff_cli_runner'
	pg="$SD_TEST_PG dbname=schemadiff_cli_runner"
	export SCHEMADIFF_URL="$pg"
	mkdir migrations schemas
	echo '{}' >schemadiff.json
	printf '%s' '{ "tables": { "tenants": { "columns": { "name": { "type": "text" } } } } }' >schemas/all.json
	cat >migrations/1.sql <<-'END'
		-- tenants
		-- revision: aaa1
		-- schemadiff:up
		CREATE TABLE tenants (name text);
		INSERT INTO tenants VALUES (:'tenant'), ($$:'tenant'$$);
		-- schemadiff:down
		DROP TABLE tenants;
	END
	cat >migrations/2.sql <<-'END'
		-- schema of the tenant
		-- revision: bbb2
		-- revises: aaa1
		-- schemadiff:up
		CREATE SCHEMA :"tenant";
		CREATE TABLE :"tenant".a (x int UNIQUE);
		INSERT INTO :"tenant".a VALUES (1);
		-- schemadiff:down
		DROP SCHEMA :"tenant" CASCADE;
	END
}

ask() { psql -XAtc "$1" "$pg"; }

@test "variables, SQL hooks, status and --from-database on PostgreSQL" {
	echo 'SELECT count(*) FROM schemadiff_revisions;' >hook.sql
	echo '{ "hooks": { "pre_upgrade": "hook.sql", "post_upgrade": "hook.sql" } }' >schemadiff.json
	ok upgrade -V "tenant=O'Neil"
	equal "$(ask "SELECT string_agg(name, ' ' ORDER BY name DESC) FROM tenants")" "O'Neil :'tenant'"
	equal "$(ask "SELECT x FROM \"O'Neil\".a")" 1
	equal "$(ask "SELECT string_agg(action || ' ' || result, '; ' ORDER BY at) FROM schemadiff_log")" \
		"hook ok; upgrade ok, with tenant = 'O''Neil'; upgrade ok, with tenant = 'O''Neil'; hook ok"
	ok status
	has "$out" "drift:       none"
	rm migrations/2.sql
	sd downgrade aaa1
	want 3
	ok downgrade aaa1 --from-database -V "tenant=O'Neil"
	equal "$(ask "SELECT to_regnamespace('\"O''Neil\"') IS NULL")" t
	sed -i 's/DROP TABLE tenants;/DROP TABLE IF EXISTS tenants;/' migrations/1.sql
	ok repair --yes
	has "$(ask "SELECT down_sql FROM schemadiff_revisions")" "IF EXISTS"
	ok downgrade base
}

@test "a failure in each transaction mode on PostgreSQL" {
	sed -i 's/INSERT INTO :"tenant".a VALUES (1);/&\nINSERT INTO :"tenant".a VALUES (2), (1);/' migrations/2.sql
	sd upgrade -V tenant=t --transaction all
	want 4
	has "$err" "nothing of this run was kept; the database is at base"
	equal "$(ask "SELECT to_regclass('tenants') IS NULL AND to_regclass('schemadiff_revisions') IS NULL")" t
	sd upgrade -V tenant=t --transaction each
	want 4
	equal "$(ask "SELECT string_agg(revision || state, ' ') FROM schemadiff_revisions")" "aaa1applied"
	sd upgrade -V tenant=t --transaction none
	want 4
	has "$err" "3 of 4 statements of revision bbb2 are done"
	equal "$(ask "SELECT string_agg(x::text, ' ') FROM t.a")" 1
	sd upgrade -V tenant=other
	want 3
	has "$err" "revision bbb2 was edited after 3 of its statements had run, or had other variables"
	sed -i 's/(2), (1)/(2)/' migrations/2.sql
	ok upgrade -V tenant=t
	equal "$(ask "SELECT string_agg(x::text, ' ' ORDER BY x) FROM t.a")" "1 2"
	equal "$(ask "SELECT count(*), count(DISTINCT revision) FROM schemadiff_log WHERE result LIKE 'ok%'")" "2|2"
}

@test "dependencies in the record on PostgreSQL: an older table gets its column, also by printed SQL" {
	rm migrations/*
	printf -- '-- lib\n-- revision: zzz1\n-- label: lib\n-- schemadiff:up\nCREATE TABLE lib (x int);\n-- schemadiff:down\nDROP TABLE lib;\n' >migrations/1.sql
	ok upgrade
	ask "ALTER TABLE schemadiff_revisions DROP COLUMN depends_on"
	ok status
	printf -- '-- app\n-- revision: aaa1\n-- depends-on: lib\n-- schemadiff:up\nCREATE VIEW app AS SELECT x FROM lib;\n-- schemadiff:down\nDROP VIEW app;\n' >migrations/2.sql
	ok upgrade heads
	equal "$(ask "SELECT depends_on FROM schemadiff_revisions WHERE revision = 'aaa1'")" zzz1
	mkdir away
	mv migrations/* away
	ok downgrade base --from-database
	mv away/* migrations
	ok upgrade zzz1
	ask "ALTER TABLE schemadiff_revisions DROP COLUMN depends_on"
	ok ensure-version
	equal "$(ask "SELECT count(*) FROM pg_attribute WHERE attrelid = 'schemadiff_revisions'::regclass AND attname = 'depends_on'")" 1
	ok downgrade base
	ask "ALTER TABLE schemadiff_revisions DROP COLUMN depends_on"
	ok upgrade --dialect postgresql --sql heads
	psql -Xq "$pg" >/dev/null 2>&1 <<<"$out"
	equal "$(ask "SELECT depends_on FROM schemadiff_revisions WHERE revision = 'aaa1'")" zzz1
	# who may write rows, and change no table
	ok downgrade base
	ask "ALTER TABLE schemadiff_revisions DROP COLUMN depends_on"
	ask "DROP ROLE IF EXISTS schemadiff_writer" || true
	ask "CREATE ROLE schemadiff_writer LOGIN; GRANT ALL ON schemadiff_revisions, schemadiff_log, schemadiff_meta TO schemadiff_writer;
		GRANT CREATE, USAGE ON SCHEMA public TO schemadiff_writer"
	sd upgrade zzz1 --url "$pg user=schemadiff_writer"
	want 4
	has "$err" "an older schemadiff made this table; who may change it can have \`schemadiff ensure-version\` add the column"
	ok ensure-version
	ask "REVOKE CREATE ON SCHEMA public FROM schemadiff_writer; CREATE SCHEMA mine AUTHORIZATION schemadiff_writer; ALTER ROLE schemadiff_writer SET search_path = mine"
	sed -i 's/CREATE TABLE lib/CREATE TABLE mine.lib/' migrations/1.sql
	ok upgrade zzz1 --url "$pg user=schemadiff_writer"
	ask "DROP OWNED BY schemadiff_writer; DROP ROLE schemadiff_writer"
}
