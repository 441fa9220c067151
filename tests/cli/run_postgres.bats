#!/usr/bin/env bats
load helpers

# Running on PostgreSQL, as people see it.  SD_TEST_PG names the server.
setup_more() {
	if [ -z "${SD_TEST_PG:-}" ] || ! command -v psql >/dev/null; then
		skip "SD_TEST_PG names no server"
	fi
	psql -Xq "$SD_TEST_PG" -c 'SET client_min_messages = error' \
		-c 'DROP DATABASE IF EXISTS schemadiff_cli_run' \
		-c 'CREATE DATABASE schemadiff_cli_run'
	pg="$SD_TEST_PG dbname=schemadiff_cli_run"
	export DATABASE_URL="$pg"
	mkdir migrations
	echo '{}' >schemadiff.json
	cat >migrations/1.sql <<-'END'
		-- a table
		-- revision: aaa1

		-- schemadiff:up
		CREATE TABLE t (id int PRIMARY KEY, x text);
		INSERT INTO t SELECT i FROM generate_series(1, 30000) i;
	END
}

ask() {
	psql -XAt "$pg" -c "$@"
}

# second BODY: a second revision
second() {
	printf -- '-- second\n-- revision: bbb2\n-- revises: aaa1\n\n-- schemadiff:up\n%s\n' "$1" \
		>migrations/2.sql
}

# ---- batches --------------------------------------------------------------------------------

slow_walk='-- schemadiff:batch t (id) 10000
UPDATE t SET x = s::text FROM (SELECT pg_sleep(1.1) AS s) AS s WHERE :batch;'

@test "a batch on a terminal: rows of an estimate, rate and time left" {
	ok upgrade aaa1
	psql -Xq "$pg" -c 'ANALYZE t'
	second "$slow_walk"
	run python3 "$BATS_TEST_DIRNAME/terminal.py" '' "$SD" upgrade
	[ "$status" -eq 0 ]
	[[ $output =~ $'\r  2.sql:7: rows: 10000 of about 30000 (33 %, about '[2-9]' s left), '[1-9][0-9]*' a second' ]]
	[[ $output =~ $'\r  2.sql:7: rows: 20000 of about 30000 (67 %, about '[1-9]' s left), '[1-9][0-9]*' a second' ]]
	equal "$(ask 'SELECT count(*) FROM t WHERE x IS NULL')" 0
}

@test "a batch where lines stay: one at the start; none when a round is all" {
	ok upgrade aaa1
	psql -Xq "$pg" -c 'ANALYZE t'
	second "${slow_walk/1.1/0}"
	ok upgrade
	has "$err" "  2.sql:7: rows: 10000 of about 30000 (33 %)"
	hasnt "$err" "rows: 20000"
	ask "DELETE FROM schemadiff_revisions WHERE revision = 'bbb2'"
	sed -i 's/10000$/50000/' migrations/2.sql
	ok upgrade
	hasnt "$err" "rows:"
}

@test "a batch that limits itself: at most the rows of its table" {
	ok upgrade aaa1
	psql -Xq "$pg" -c 'ANALYZE t'
	second "-- schemadiff:batch
UPDATE t SET x = '' WHERE ctid = ANY (ARRAY(SELECT ctid FROM t WHERE x IS NULL LIMIT 9000));"
	ok upgrade
	has "$err" "  2.sql:7: rows: 9000 of at most 30000 (30 %)"
	equal "$(ask 'SELECT count(*) FROM t WHERE x IS NULL')" 0
}

@test "a batch that is gone on with: the estimate is of the rest" {
	ok upgrade aaa1
	psql -Xq "$pg" -c 'ANALYZE t'
	second "-- schemadiff:batch t (id) 5000
UPDATE t SET x = (1 / (id - 10500))::text WHERE :batch;"
	sd upgrade
	want 4
	equal "$(ask 'SELECT count(*) FROM t WHERE x IS NOT NULL')" 10000
	ask 'UPDATE t SET id = -1 WHERE id = 10500' -c 'ANALYZE t'
	ok upgrade
	[[ $err =~ "rows: 5000 of about "(19999|20000|20001)" (25 %)" ]]
	equal "$(ask 'SELECT count(*) FROM t WHERE x IS NULL')" 1
}
