#!/usr/bin/env bats
load helpers

# Many processes on one database: one works, the others wait, and nothing happens twice.

# use ENGINE: a project on it; ask SQL: what its shell says
use() {
	engine=$1
	mkdir -p migrations schemas
	case $engine in
	sqlite)
		SCHEMADIFF_URL=sqlite:app.db
		slow="WITH RECURSIVE n(i) AS (SELECT 1 UNION ALL SELECT i + 1 FROM n WHERE i < 700000) INSERT INTO slept SELECT count(*) FROM n;"
		ask() { sqlite3 -cmd '.timeout 5000' app.db "$1"; }
		;;
	postgresql)
		if [ -z "${SD_TEST_PG:-}" ] || ! command -v psql >/dev/null; then
			skip "SD_TEST_PG names no server"
		fi
		psql -Xq "$SD_TEST_PG" -c 'SET client_min_messages = error' \
			-c 'DROP DATABASE IF EXISTS schemadiff_cli_locking WITH (FORCE)' -c 'CREATE DATABASE schemadiff_cli_locking'
		SCHEMADIFF_URL="$SD_TEST_PG dbname=schemadiff_cli_locking"
		slow="INSERT INTO slept SELECT 1 FROM pg_sleep(0.15);"
		ask() { psql -XAtq -c "$1" "$SCHEMADIFF_URL"; }
		;;
	esac
	export SCHEMADIFF_URL
	ask 'CREATE TABLE slept (x integer); CREATE TABLE seen (what text)'
	printf "%s\nINSERT INTO seen VALUES ('before');\n" "$slow" >before.sql
	printf "INSERT INTO seen VALUES ('behind');\n" >behind.sql
	hooks
}

hooks() { printf '{ "hooks": { "pre_upgrade": "before.sql", "post_upgrade": "behind.sql" }, "transaction": "%s" }' "${1:-each}" >schemadiff.json; }

# revisions N: a line of them; each leaves a row in its table, which is not forgiven twice
revisions() {
	local i id before=
	for i in $(seq "$1"); do
		id=$(printf 'r%02d' "$i")
		printf -- '-- %s\n-- revision: %s\n%s-- schemadiff:up\nCREATE TABLE t_%s (x integer);\n-- schemadiff:down\nDROP TABLE t_%s;\n' \
			"$id" "$id" "${before:+-- revises: $before
}" "$id" "$id" >"migrations/$id.sql"
		before=$id
	done
}

# at_once COMMAND N …: so many of each, all at once; what they say is in out.COMMAND.I
at_once() {
	local pids=() i
	while [ $# -gt 0 ]; do
		for i in $(seq "$2"); do
			# shellcheck disable=SC2086
			"$SD" $1 --wait 60 >"out.${1%% *}.$i" 2>&1 &
			pids+=($!)
		done
		shift 2
	done
	for i in "${pids[@]}"; do wait "$i" || { status=$?; err="$(cat out.*)"; out=; want 0; }; done
}

ten_upgrades() {
	local mode
	use "$1"
	revisions 8
	for mode in each all none; do
		hooks $mode
		at_once upgrade 10
		# one of them ran all of them; nine found nothing to do
		equal "$(grep -l '^upgrade ' out.upgrade.* | wc -l)" 1
		equal "$(grep -c '^upgrade ' "$(grep -l '^upgrade ' out.upgrade.*)")" 8
		equal "$(grep -l '^nothing to do: the database is at r08 (head)' out.upgrade.* | wc -l)" 9
		equal "$(ask "SELECT count(*) FROM seen WHERE what = 'before'") $(ask "SELECT count(*) FROM seen WHERE what = 'behind'")" "1 1"
		at_once 'downgrade base' 2
		ask "DELETE FROM seen"
	done
	equal "$(ask "SELECT count(*) FROM schemadiff_log WHERE action = 'upgrade' AND result = 'ok'")" 24
	equal "$(ask "SELECT count(*) FROM schemadiff_log WHERE action = 'downgrade' AND result = 'ok'")" 24
	equal "$(ask "SELECT count(*) FROM schemadiff_log WHERE result <> 'ok'")" 0
	[ ! -e app.db-schemadiff ]
}

@test "ten upgrades at once, in each transaction mode: one runs all, with its hooks; nine find nothing to do (SQLite)" { ten_upgrades sqlite; }
@test "ten upgrades at once, in each transaction mode: one runs all, with its hooks; nine find nothing to do (PostgreSQL)" { ten_upgrades postgresql; }

five_each_way() {
	local up down
	use "$1"
	revisions 8
	at_once upgrade 5 'downgrade base' 5
	# whole runs took turns: the log is eight up, eight down, and so on
	up=r01,r02,r03,r04,r05,r06,r07,r08 down=r08,r07,r06,r05,r04,r03,r02,r01
	ask "SELECT action, revision, result FROM schemadiff_log WHERE action <> 'hook' ORDER BY at, CASE action WHEN 'upgrade' THEN revision END,
		revision DESC" | tr '|' ' ' >log
	hasnt "$(cut -d' ' -f3 log)" failed
	[ $(($(wc -l <log) % 8)) -eq 0 ]
	while mapfile -t -n 8 run && [ ${#run[@]} -gt 0 ]; do
		ids="$(printf '%s\n' "${run[@]}" | cut -d' ' -f2 | paste -sd,)"
		case "${run[0]}" in
		upgrade*) equal "$ids" "$up" ;;
		*) equal "$ids" "$down" ;;
		esac
	done <log
	ok upgrade
	equal "$(ask "SELECT count(*) FROM schemadiff_revisions WHERE state = 'applied'")" 8
	ok check || true
}

@test "five upgrades and five downgrades at once take turns, run by run (SQLite)" { five_each_way sqlite; }
@test "five upgrades and five downgrades at once take turns, run by run (PostgreSQL)" { five_each_way postgresql; }

killed_in_the_middle() {
	local victim i
	use "$1"
	revisions 8
	sed -i "s/CREATE TABLE t_r05.*/&\n$slow\n$slow\n$slow/" migrations/r05.sql
	echo '{}' >schemadiff.json
	"$SD" upgrade >out.victim 2>&1 &
	victim=$!
	for _ in $(seq 200); do
		grep -q 'r04' out.victim && break
		sleep 0.02
	done
	for i in 1 2 3; do "$SD" upgrade >"out.$i" 2>&1 & done
	sleep 0.2
	kill -9 "$victim"
	wait "$victim" || true
	wait
	cat out.* >all
	# the four that it had done are not done again, the rest is done once, all by one
	for i in $(seq 8); do equal "$(grep -c "^upgrade .*-> r0$i:" all)" 1; done
	equal "$(grep -l '^upgrade ' out.[123] | wc -l)" 1
	equal "$(grep -c '^nothing to do' all)" 2
	equal "$(ask "SELECT count(*) FROM schemadiff_revisions WHERE state = 'applied'")" 8
	equal "$(ask "SELECT count(*) FROM slept")" 3
	ok status
	[ ! -e app.db-schemadiff ]
}

@test "killed in the middle while three wait: one goes on where it was (SQLite)" { killed_in_the_middle sqlite; }
@test "killed in the middle while three wait: one goes on where it was (PostgreSQL)" { killed_in_the_middle postgresql; }

@test "SQLite: who has the lock is named; what a killed run left is no lock, and no lock is needed" {
	use sqlite
	revisions 2
	# as a run has it
	exec 9>app.db-schemadiff
	echo "process 4711, ada@host" >&9
	flock 9
	sd upgrade --wait 0
	want 4
	has "$err" "another run has the lock $PWD/app.db-schemadiff: process 4711, ada@host"
	has "$err" "hint: try again when it has finished, or wait longer with --wait SECONDS"
	printf '{ "wait": 0 }' >schemadiff.json
	sd stamp head
	want 4
	has "$err" "another run has the lock"
	(sleep 1.2; flock -u 9) &
	ok upgrade r01 --wait 20
	has "$err" "another process is writing to sqlite:app.db: waiting (0 of 20 s)"
	exec 9>&-
	# what a kill leaves behind
	echo "process 4711, ada@host" >app.db-schemadiff
	ok upgrade
	[ ! -e app.db-schemadiff ]
	# a link is not followed
	echo mine >victim
	ln -s victim app.db-schemadiff
	ok downgrade base
	equal "$(cat victim)" mine
}

# victim: an upgrade whose second revision takes long; it is in there now
victim() {
	rm -f schemadiff.json
	revisions 2
	sed -i "s/CREATE TABLE t_r02.*/${slow/700000/900000000}\n&/" migrations/r02.sql
	# a shell's background jobs have SIGINT ignored
	python3 -c 'import os, signal, sys; signal.signal(signal.SIGINT, signal.SIG_DFL); os.execv(sys.argv[1], sys.argv[1:])' \
		"$SD" upgrade >out.victim 2>&1 &
	victim=$!
	for _ in $(seq 200); do
		grep -q r01 out.victim && break
		sleep 0.02
	done
	sleep 0.2
}

@test "SQLite: a run that is interrupted ends like one that failed, and leaves no lock" {
	use sqlite
	victim
	kill -INT "$victim"
	status=0
	wait "$victim" || status=$?
	out="$(cat out.victim)" err=
	want 130
	has "$out" "error: interrupted"
	has "$out" "note: nothing of revision r02 was kept; the database is at r01"
	equal "$(ask "SELECT revision || ' ' || result FROM schemadiff_log" | paste -sd,)" "r01 ok,r02 failed: interrupted"
	[ ! -e app.db-schemadiff ]
	# while it waits for somebody's transaction
	sqlite3 app.db 'BEGIN IMMEDIATE' '.shell sleep 1.5' &
	sleep 0.3
	timeout -s INT 0.5 "$SD" upgrade >out.victim 2>&1 || true
	wait
	has "$(cat out.victim)" "interrupted"
	hasnt "$(cat out.victim)" "try again when it has finished"
	[ ! -e app.db-schemadiff ]
}

@test "SQLite: the lock of a run by root belongs to whom the database does" {
	[ "$(id -u)" -eq 0 ] || skip "needs root"
	use sqlite
	chown nobody app.db
	chmod 600 app.db
	victim
	kill -9 "$victim"
	wait "$victim" || true
	equal "$(stat -c '%U %a' app.db-schemadiff)" "nobody 600"
}
