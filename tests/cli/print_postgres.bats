#!/usr/bin/env bats
load helpers

# What --sql prints for PostgreSQL, piped into psql.  SD_TEST_PG names the server.
setup_more() {
	mkdir migrations
	echo '{}' >schemadiff.json
	cat >migrations/1.sql <<-'END'
		-- it's a table
		-- revision: aaa1

		-- schemadiff:up
		CREATE TABLE "a b" (id int PRIMARY KEY, x text);
		INSERT INTO "a b" SELECT i FROM generate_series(1, 25) i;

		-- schemadiff:down
		DROP TABLE "a b";
	END
	cat >migrations/2.sql <<-'END'
		-- filled
		-- revision: bbb2
		-- revises: aaa1

		-- schemadiff:up
		-- schemadiff:expect-none an id isn't positive
		SELECT id FROM "a b" WHERE id < 1;
		-- schemadiff:batch "a b" (id) 10
		UPDATE "a b" SET x = $$:batch$$ || txid_current() WHERE :batch;
		-- schemadiff:no-transaction
		-- schemadiff:only-if
		SELECT 1 WHERE to_regclass('ix') IS NULL;
		CREATE INDEX CONCURRENTLY ix ON "a b" (x);

		-- schemadiff:down
		-- schemadiff:no-transaction
		DROP INDEX CONCURRENTLY ix;
	END
}

database() {
	if [ -z "${SD_TEST_PG:-}" ] || ! command -v psql >/dev/null; then
		skip "SD_TEST_PG names no server"
	fi
	psql -Xq "$SD_TEST_PG" -c 'SET client_min_messages = error' \
		-c 'DROP DATABASE IF EXISTS schemadiff_cli_print' \
		-c 'CREATE DATABASE schemadiff_cli_print'
	pg="$SD_TEST_PG dbname=schemadiff_cli_print"
}

# pipe: the printed SQL into psql; $status, $err.
pipe() {
	printf '%s\n' "$out" >.sql
	status=0
	err="$(psql -Xq "$pg" 2>&1 >/dev/null <.sql)" || status=$?
}

ask() {
	psql -XAtc "$1" "$pg"
}

@test "printed for psql without a connection" {
	ok --dialect postgresql upgrade --sql base:head
	has "$out" '\set ON_ERROR_STOP on'
	hasnt "$out" "BEGIN IMMEDIATE"
}

@test "psql goes there and back, and stops where the database is elsewhere" {
	database
	ok --dialect postgresql upgrade --sql base:head
	pipe
	want 0
	[ "$(ask 'SELECT count(DISTINCT x) FROM "a b"')" = 3 ]
	[ "$(ask "SELECT string_agg(revision, ' ' ORDER BY 1) FROM schemadiff_revisions")" = "aaa1 bbb2" ]
	pipe
	want 3
	has "$err" "the database is not at revision base"
	ok --url "$pg" current
	has "$out" "bbb2"

	ok --dialect postgresql downgrade --sql head:base
	pipe
	want 0
	[ "$(ask "SELECT to_regclass('\"a b\"') IS NULL")" = t ]
	pipe
	want 3
	has "$err" "the database is not at revision bbb2"
}

@test "a guard stops psql, and nothing of its transaction stays" {
	database
	ok --url "$pg" upgrade aaa1
	psql -Xqc 'INSERT INTO "a b" VALUES (-1)' "$pg"
	ok --dialect postgresql upgrade --sql aaa1:head
	pipe
	want 3
	has "$err" "an id isn't positive"
	has "$err" '{"id":-1}'
	ok --url "$pg" current
	has "$out" "aaa1"
}

@test "a batch without a key can't be said in plain SQL of SQLite" {
	cat >migrations/2.sql <<-'END'
		-- endless
		-- revision: bbb2
		-- revises: aaa1

		-- schemadiff:up
		-- schemadiff:batch
		DELETE FROM a;
	END
	sd --dialect sqlite upgrade --sql base:head
	want 5
	has "$err" "no loops"
}
