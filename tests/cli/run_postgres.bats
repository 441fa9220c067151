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

# ---- locks ----------------------------------------------------------------------------------

# hold SQL: a session of application "keeper" that runs it in a transaction, and then does nothing
# until let_go, however long what it stands in the way of takes
hold() {
	rm -f .keeper
	mkfifo .keeper
	PGAPPNAME=keeper psql -Xq "$pg" <.keeper >/dev/null 2>&1 3>&- &
	keeper=$!
	exec 9>.keeper
	printf 'BEGIN; LOCK TABLE t IN ACCESS SHARE MODE;\n%s;\n' "$1" >&9
	until_asked "SELECT count(*) FROM pg_stat_activity
		WHERE application_name = 'keeper' AND query NOT LIKE 'LOCK%' AND query NOT LIKE 'BEGIN%' AND xact_start IS NOT NULL
			AND (state = 'idle in transaction' OR query LIKE '%pg_sleep%')" 1
	keeper_pid=$(ask "SELECT pid FROM pg_stat_activity WHERE application_name = 'keeper'")
}

# until_asked QUERY ANSWER: at most 20 seconds
until_asked() {
	for _ in {1..200}; do
		if [ "$(ask "$1")" = "$2" ]; then return; fi
		sleep 0.1
	done
	echo "never: $1" >&2
	return 1
}

# let_go: the keeper ends
let_go() {
	ask "SELECT pg_terminate_backend($keeper_pid)" >/dev/null
	exec 9>&-
	kill "$keeper" 2>/dev/null || true
	wait "$keeper" || true
}

settings() {
	echo "{ $1 }" >schemadiff.json
}

@test "an idle session in the way is named: while it is waited for, at each retry, in the error" {
	ok upgrade aaa1
	hold "SELECT 'was here'"
	second 'ALTER TABLE t ADD COLUMN y int;'
	sd upgrade --wait 4
	let_go
	want 4
	local who="process $keeper_pid, user postgres, application keeper, idle in transaction, its transaction open for "
	has "$err" "  waiting for $who"
	has "$err" "bbb2: another session holds a lock that this needs: $who"
	has "$err" " s: SELECT 'was here';; try 2 follows"
	has "$err" "2.sql:6: error: waited longer than lock_timeout (5 s) for a lock"
	has "$err" "note: in the way: $who"
	has "$err" "hint: it does nothing and keeps its locks: commit there, or end it with SELECT pg_terminate_backend($keeper_pid)"
	ok upgrade
}

@test "a short lock_timeout: the holder is named all the same" {
	ok upgrade aaa1
	hold 'SELECT pg_sleep(60)'
	second 'ALTER TABLE t ADD COLUMN y int;'
	settings '"lock_timeout": "100ms"'
	sd upgrade --wait 1
	let_go
	want 4
	has "$err" "note: in the way: process $keeper_pid, user postgres, application keeper, active, its"
	has "$err" "hint: run again when it has finished, wait longer with --wait SECONDS, or end it with SELECT pg_cancel_backend($keeper_pid)"
}

@test "an index build that waits for a transaction" {
	ok upgrade aaa1
	hold "UPDATE t SET x = 'a' WHERE id = 1"
	second '-- schemadiff:no-transaction
CREATE INDEX CONCURRENTLY ix ON t (x);'
	settings '"lock_timeout": "2s"'
	sd upgrade --wait 1
	let_go
	want 4
	has "$err" "  waiting for writers before build (process $keeper_pid, user postgres, application keeper, idle in"
	has "$err" "note: in the way: process $keeper_pid, user postgres, application keeper, idle in tr"
	ok upgrade
}

@test "who waits in front of us is not to blame" {
	ok upgrade aaa1
	hold "SELECT 1"
	psql -Xq "$pg" -c 'BEGIN' -c 'LOCK TABLE t' 3>&- 2>/dev/null &
	until_asked 'SELECT count(*) FROM pg_locks JOIN pg_stat_activity USING (pid) WHERE NOT granted AND datname = current_database()' 1
	second "UPDATE t SET x = 'b' WHERE id = 1;"
	settings '"lock_timeout": "1s"'
	sd upgrade --wait 0
	let_go
	wait
	want 4
	has "$err" "note: in the way: process $keeper_pid, "
	has "$err" "(and 1 more)"
}

@test "a prepared transaction in the way" {
	ok upgrade aaa1
	ask 'BEGIN' -c 'LOCK TABLE t' -c "PREPARE TRANSACTION 'left over'"
	second 'ALTER TABLE t ADD COLUMN y int;'
	settings '"lock_timeout": "600ms"'
	sd upgrade --wait 1
	ask "ROLLBACK PREPARED 'left over'"
	want 4
	has "$err" "note: in the way: a prepared transaction: left over"
	has "$err" "hint: COMMIT PREPARED or ROLLBACK PREPARED ends a transaction of pg_prepared_xacts"
}

@test "a role that may see nothing of it" {
	ask 'SET client_min_messages = error' -c 'DROP ROLE IF EXISTS sd_small' -c 'CREATE ROLE sd_small LOGIN' \
		-c 'GRANT CREATE ON DATABASE schemadiff_cli_run TO sd_small' \
		-c 'GRANT CREATE ON SCHEMA public TO sd_small'
	export DATABASE_URL="${pg/user=postgres/user=sd_small}"
	ok upgrade aaa1
	hold 'SELECT 1'
	second 'ALTER TABLE t ADD COLUMN y int;'
	settings '"lock_timeout": "600ms"'
	sd upgrade --wait 1
	let_go
	want 4
	has "$err" "note: in the way: process $keeper_pid, user postgres, application keeper
hint: a role with pg_read_all_stats sees what it does; SELECT pg_terminate_backend($keeper_pid) ends it"
}

# vacuum: wait for an autovacuum of t that takes its time
vacuum() {
	ask "ALTER TABLE t SET (autovacuum_vacuum_cost_delay = 100, autovacuum_vacuum_cost_limit = 1, $1)"
	ask "ALTER SYSTEM SET autovacuum_naptime = '1s'"
	ask 'SELECT pg_reload_conf()' >/dev/null
	until_asked "SELECT count(*) FROM pg_stat_activity WHERE backend_type = 'autovacuum worker'
		AND query LIKE 'autovacuum: VACUUM%public.t$2'" 1
}

no_vacuum() {
	ask 'ALTER SYSTEM RESET autovacuum_naptime'
	ask 'SELECT pg_reload_conf()' >/dev/null
}

@test "an autovacuum in the way gives way when it has been waited for long enough" {
	ok upgrade aaa1
	ask "UPDATE t SET x = 'dead'"
	vacuum 'autovacuum_vacuum_threshold = 1, autovacuum_vacuum_scale_factor = 0'
	second 'ALTER TABLE t ADD COLUMN y int;'
	settings '"lock_timeout": "1s"'
	sd upgrade --wait 0
	want 4
	has "$err" "autovacuum worker, active, its transaction open for"
	has "$err" "hint: an autovacuum gives way to a statement that has waited for deadlock_timeout (1s), and one in a transaction waits for half of lock_timeout: set lock_timeout to more than twice that"
	settings '"lock_timeout": "5s"'
	ok upgrade --wait 0
	no_vacuum
}

@test "an autovacuum that prevents wraparound does not" {
	ok upgrade aaa1
	ask 'CREATE TABLE burnt (n int)' -c 'DO $$ BEGIN FOR i IN 1..101000 LOOP
		BEGIN INSERT INTO burnt VALUES (1); EXCEPTION WHEN division_by_zero THEN END;
		END LOOP; END $$'
	vacuum 'autovacuum_freeze_max_age = 100000' ' (to prevent wraparound)'
	second 'ALTER TABLE t ADD COLUMN y int;'
	settings '"lock_timeout": "3s"'
	sd upgrade --wait 0
	no_vacuum
	ask "SELECT pg_terminate_backend(pid) FROM pg_stat_activity WHERE backend_type = 'autovacuum worker'" >/dev/null
	want 4
	has "$err" "public.t (to prevent wraparound)"
	has "$err" "hint: an autovacuum that prevents wraparound does not give way: run again when it has finished, or wait longer with --wait SECONDS"
}
