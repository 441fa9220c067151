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
