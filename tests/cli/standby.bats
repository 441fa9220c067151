#!/usr/bin/env bats
load helpers

# What only reads works where nothing can be written: on a standby, made with pg_basebackup of
# the server that SD_TEST_PG names, and for a role that may only look.

as_owner() {
	if [ "$(id -u)" -eq 0 ]; then (cd / && runuser -u postgres -- "$@"); else "$@"; fi
}

# A pg_basebackup that is no older than the server, or nothing
basebackup() {
	local program

	for program in "${PGBIN:-}/pg_basebackup" "$(command -v pg_basebackup)"; do
		[ -x "$program" ] || continue
		if [ "$("$program" -V | grep -oE '[0-9]+' | head -n 1)" -ge \
			"$(psql -XAtc 'SHOW server_version_num' "$SD_TEST_PG" | head -c 2)" ]; then
			echo "$program"
			return
		fi
	done
}

setup_file() {
	if [ -z "${SD_TEST_PG:-}" ] || [ -z "${PGDIR:-}" ] || ! command -v psql >/dev/null; then
		return
	fi
	psql -Xq "$SD_TEST_PG" -c 'SET client_min_messages = error' \
		-c 'DROP DATABASE IF EXISTS schemadiff_cli_standby' \
		-c 'CREATE DATABASE schemadiff_cli_standby'
	local program
	program="$(basebackup)"
	if [ -z "$program" ]; then return; fi
	export STANDBY="$PGDIR/standby"
	# what -R writes has options of its own version in it, which an older server does not know
	as_owner "$program" -R -X stream -c fast -D "$STANDBY" -d "$SD_TEST_PG"
	as_owner "$PGBIN/pg_ctl" -D "$STANDBY" -l "$STANDBY/log" -s -w \
		-o "-k $PGDIR -p 5433 -c listen_addresses='' -c fsync=off -c max_connections=60 \
			-c max_prepared_transactions=5 -c primary_conninfo='$SD_TEST_PG'" start 3>&-
}

teardown_file() {
	if [ -n "${STANDBY:-}" ]; then
		as_owner "$PGBIN/pg_ctl" -D "$STANDBY" -m immediate -s stop
		rm -rf "$STANDBY"
	fi
}

setup_more() {
	if [ -z "${SD_TEST_PG:-}" ]; then skip "SD_TEST_PG names no server"; fi
	primary="$SD_TEST_PG dbname=schemadiff_cli_standby"
	standby="${primary/port=5432/port=5433}"
	psql -Xq "$primary" -c 'SET client_min_messages = error' -c 'DROP SCHEMA public CASCADE' \
		-c 'DROP SCHEMA IF EXISTS schemadiff CASCADE' -c 'CREATE SCHEMA public' \
		-c "CREATE FUNCTION half(int) RETURNS int LANGUAGE sql IMMUTABLE AS 'SELECT \$1 / 2'"
	export DATABASE_URL="$primary"
	mkdir schemas
	echo '{}' >schemadiff.json
	cat >schemas/t.json <<-'END'
		{
		  "tables": {
		    "t": {
		      "columns": {
		        "id": { "type": "bigint", "identity": "always", "primary_key": true },
		        "kind": { "type": "varchar(20)", "nullable": false, "default": "'plain'" },
		        "n": { "type": "integer", "check": "n BETWEEN 1 AND 5" }
		      },
		      "checks": { "ck_t_kind": "kind IN ('plain', 'odd')" },
		      "indexes": { "ix_t_n": { "columns": [{ "expression": "half(n)" }], "where": "n > 1" } }
		    }
		  }
		}
	END
	ok autogenerate -m first
	ok upgrade
}

on_standby() {
	if [ -z "${STANDBY:-}" ]; then skip "no pg_basebackup for this server"; fi
	local target
	target="$(psql -XAtc 'SELECT pg_current_wal_lsn()' "$primary")"
	for _ in {1..100}; do
		if [ "$(psql -XAtc "SELECT pg_last_wal_replay_lsn() >= '$target'" "$standby")" = t ]; then
			break
		fi
		sleep 0.1
	done
	export DATABASE_URL="$standby"
}

# The commands that read, where the database is at head.
all_read() {
	local before

	ok check
	has "$out" "ok    5  the database equals the schema files"
	hasnt "$err" "warning"
	ok diff
	equal "$out" ""
	ok status
	ok current
	has "$out" "(head)"
	ok history
	has "$out" "first"
	ok inspect
	has "$out" '"expression": "half(n)"'
	ok autogenerate -m nothing
	has "$err" "no differences"
}

# The index's expression in another spelling: one that calls a user's function is not planned,
# so only a view could tell.
respell() {
	sed -i 's/half(n)/half((n)::integer)/' schemas/t.json
}

@test "a standby: what reads works" {
	on_standby
	all_read
}

@test "a standby: what can't be told there is said" {
	respell
	ok diff
	on_standby
	sd check
	want 1
	has "$out" "FAIL  5  the database equals the schema files: 1 difference"
	has "$err" 'warning: whether "half(n)" and "half((n)::integer)" of t are the same can'"'"'t be told here, so they count as different: the server is a standby, which makes no temporary view'
	has "$err" "hint: compare with the primary server"
	sd diff --json
	want 1
	has "$out" "count as different"
	sd check --scratch auto
	want 4
	has "$err" ": the server is a standby: it takes no changes"
	has "$err" 'hint: a scratch database is made for each use: give a "scratch_url" of a server that takes it'
}

@test "a standby: what writes says so" {
	on_standby
	ok upgrade
	has "$err" "nothing to do"
	ok revision -m second
	for command in "upgrade" "downgrade base" "stamp base"; do
		sd $command
		want 4
		has "$err" "error: database host="
		has "$err" ": the server is a standby: it takes no changes"
		has "$err" "hint: name the primary server in the URL; of several hosts target_session_attrs=read-write finds it"
	done
	# nothing is written before it is known that it can't be recorded
	rm migrations/*
	psql -Xq "$primary" -c 'DROP TABLE schemadiff_revisions, schemadiff_meta, schemadiff_log'
	on_standby
	sd autogenerate --baseline -m all
	want 4
	has "$err" ": the server is a standby: it takes no changes"
	equal "$(ls migrations)" ""
	ok autogenerate --baseline -m all --dry-run
	export DATABASE_URL="$primary"
	ok autogenerate --baseline -m all
}

# looker: a role that may read the catalog, and the books
looker() {
	psql -Xq "$primary" -c 'SET client_min_messages = error' \
		-c 'REVOKE ALL ON DATABASE schemadiff_cli_standby FROM PUBLIC' \
		-c 'REVOKE ALL ON SCHEMA public FROM PUBLIC' \
		-c 'CREATE ROLE sd_looker LOGIN' \
		-c 'GRANT CONNECT ON DATABASE schemadiff_cli_standby TO sd_looker' \
		-c 'GRANT USAGE ON SCHEMA public TO sd_looker' \
		-c 'GRANT SELECT ON schemadiff_meta, schemadiff_revisions TO sd_looker'
	export DATABASE_URL="${primary/user=postgres/user=sd_looker}"
}

no_looker() {
	psql -Xq "$primary" -c 'DROP OWNED BY sd_looker' -c 'DROP ROLE sd_looker' \
		-c 'GRANT ALL ON DATABASE schemadiff_cli_standby TO PUBLIC'
}

@test "a role that may only look: what reads works" {
	looker
	all_read
	no_looker
}

@test "a role that may only look: what it can't be told is said" {
	respell
	looker
	sd check
	no_looker
	want 1
	has "$err" "count as different: the role may not make a temporary view"
	has "$err" "hint: an administrator can allow it: GRANT TEMPORARY ON DATABASE"
}

@test "a role that may only look: what writes says so" {
	looker
	ok revision -m second
	sd upgrade
	no_looker
	want 4
	has "$err" "permission denied"
}
