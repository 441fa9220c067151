#!/usr/bin/env bash
# What the application notices of a migration on PostgreSQL.  Needs a running server (SD_TEST_PG:
# libpq's keywords; tests/pg/with_server.sh starts one and is asked for it when there is none) and its
# psql and pgbench.
#
#   run.sh                the claims of all scripts, then each change under load, up and down
#   run.sh NAME…          these changes alone (a golden case: its claims)
#   SHORT=1 run.sh        a selection, in about a minute
#   ONLY=claims run.sh …  without the load; ONLY=load: without the claims
#   KEEP=1 run.sh NAME    leave the folder with the scripts and what the programs said
#
# Claims: every statement of a generated script locks what the comment above it says, no table
# more and no table less, and scans and rewrites what it says (claims.py).
# Load: while clients read and write the tables and reports hold a snapshot for two seconds at a
# time, `upgrade` and `downgrade` come to their end, and no wait for a lock (sampler.py)
# exceeds lock_timeout by more than a quarter of a second.
set -u
export LC_ALL=C SOURCE_DATE_EPOCH=1795000000
unset DATABASE_URL PGDATABASE PGHOST PGPORT PGUSER

here="$(cd "$(dirname "${BASH_SOURCE[0]}")" && pwd)"
: "${SHORT:=}" "${ONLY:=}" "${KEEP:=}" "${ROWS:=200000}" "${LIMIT:=750}"

[ -n "${SD_TEST_PG:-}" ] || exec "$here/../pg/with_server.sh" "${BASH_SOURCE[0]}" "$@"
[ -z "${PGBIN:-}" ] || PATH="$PGBIN:$PATH"

find_program() {
	local program="${SCHEMADIFF:-}"

	# the one that was built last
	[ -n "$program" ] || program="$(ls -t "$here"/../../build/*/schemadiff 2>/dev/null | head -n 1)"
	[ -x "$program" ] || { echo "build the program first: make" >&2; exit 2; }
	realpath "$program"
}

SCHEMADIFF="$(find_program)"
folder="$(mktemp -d "${TMPDIR:-/tmp}/schemadiff-load-XXXXXX")"
load_pids=()
passed=0 failed=0 reusable= overstated=
server="$(psql -XAtc 'SHOW server_version_num' "$SD_TEST_PG" | head -c 2)"

finish() {
	stop_load
	if [ -n "$KEEP" ]; then echo "kept: $folder"; else rm -rf "$folder"; fi
}
trap finish EXIT
trap 'exit 130' INT TERM

pass() { passed=$((passed + 1)); echo "ok   $*"; }

# fail WHAT FILE…: with what the files say
fail() {
	local what="$1" file

	shift
	failed=$((failed + 1))
	echo "FAIL $what"
	for file in "$@"; do
		[ ! -s "$file" ] || head -n 20 "$file" | sed 's/^/     /'
	done
}

# ---- databases -------------------------------------------------------------------------------

conninfo() { echo "$(sed -E 's/ *\bdbname=[^ ]*//' <<<"$SD_TEST_PG") dbname=$1"; }

shell() {
	local database="$1"

	shift
	psql -X -q -v ON_ERROR_STOP=1 "$@" "$(conninfo "$database")"
}

db_drop() { shell postgres -c "DROP DATABASE IF EXISTS $1" 2>/dev/null; }

# db_new NAME [TEMPLATE]
db_new() {
	db_drop "$1"
	shell postgres -c "CREATE DATABASE $1 TEMPLATE ${2:-template0}"
}

# ---- projects --------------------------------------------------------------------------------

# program DATABASE ARGS…, in the project's folder
program() {
	local database="$1"

	shift
	"$SCHEMADIFF" --url "$(conninfo "$database")" "$@" </dev/null
}

# project NAME: a folder whose first revision is base.json
project() {
	rm -rf "${folder:?}/$1"
	mkdir -p "$folder/$1/schemas" "$folder/$1/migrations"
	cd "$folder/$1" || exit
	echo '{ "lock_timeout": "500ms" }' >schemadiff.json
	cp "$here/base.json" schemas/schema.json
}

# base NAME ROWS: a database as the application has it
base() {
	project "$1" &&
		db_new "$1" &&
		program "$1" autogenerate -m first --rev-id first >out 2>&1 &&
		program "$1" upgrade >>out 2>&1 &&
		shell "$1" -v rows="$2" -f "$here/rows.sql" >>out 2>&1 &&
		return
	cat out
	exit 1
}

# change NAME DATABASE TEMPLATE: a project of its own with the script of that change.  The
# database of the change before serves again where nothing went wrong with it.
change() {
	project "$1"
	cp "$folder/$3"/migrations/* migrations/
	{ [ "$reusable" = "$2 $failed" ] || db_new "$2" "$3" >out 2>&1; } &&
		reusable="$2 $failed" &&
		python3 "$here/change.py" "$1" >schemas/schema.json &&
		program "$2" autogenerate -m "$1" --rev-id change --allow all >out 2>&1 &&
		script="$(ls migrations/*_change_*)"
}

# ---- claims ----------------------------------------------------------------------------------

# claim NAME PART…: in the database load_claims
claim() {
	local name="$1" part

	shift
	rm -f claims.up claims.down
	OVERSTATED=$overstated python3 "$here/claims.py" "$script" "$(conninfo load_claims)" "$@" >out 2>&1
	for part; do
		if [ -e "claims.$part" ] && [ ! -s "claims.$part" ]; then
			pass "claims $name $part"
		else
			fail "claims $name $part" "claims.$part" out
		fi
	done
}

claims() {
	change "$1" load_claims load_small || { fail "claims $1: no script" out; return; }
	claim "$1" up down
}

# marked WORD…: the case has one of these files, for all engines or for this one
marked() {
	local word

	for word; do
		if [ -e "$case/$word" ] || [ -e "$case/$word.postgresql" ] ||
			[ -e "$case/${word%.*}.postgresql.${word##*.}" ]; then return; fi
	done
	return 1
}

# The golden cases that are PostgreSQL's: changes of every attribute there is.
golden() {
	local case="$1" name="${1##*/}" flags=()

	if [ ! -e "$case/expect.postgresql.up.sql" ] || marked fails same expect.err; then return; fi
	if [ -e "$case/since" ] && [ "$(cat "$case/since")" -gt "$server" ]; then return; fi
	overstated=
	if marked overstated; then overstated=1; fi
	project "$name"
	reusable=
	db_new load_claims >out 2>&1
	if [ -e "$case/from.sql" ]; then
		shell load_claims -f "$case/from.sql" >out 2>&1
		if [ -e "$case/from.json" ]; then
			cp "$case/from.json" schemas/schema.json
		else
			program load_claims inspect --force -o schemas/schema.json >out 2>&1
		fi
		program load_claims autogenerate --baseline -m start --rev-id start >out 2>&1
	elif [ -e "$case/from.json" ]; then
		cp "$case/from.json" schemas/schema.json
		program load_claims autogenerate -m start --rev-id start >out 2>&1
		program load_claims upgrade >out 2>&1
	fi
	if [ -e "$case/rows.sql" ]; then shell load_claims -f "$case/rows.sql" >out 2>&1; fi
	cp "$case/into.json" schemas/schema.json
	if [ -e "$case/config.json" ]; then cp "$case/config.json" schemadiff.json; fi
	if [ -e "$case/flags" ]; then read -r -a flags <"$case/flags"; fi
	program load_claims autogenerate -m golden --rev-id change "${flags[@]}" >out 2>&1 &&
		script="$(ls migrations/*_change_*)" || { fail "claims $name: no script" out; return; }
	if marked irreversible down-fails expect.down.err; then
		claim "$name" up
	else
		claim "$name" up down
	fi
}

# ---- load ------------------------------------------------------------------------------------

# report DATABASE TABLE SECONDS: now and then one that takes its time
report() {
	while :; do
		cat <<-SQL
		BEGIN ISOLATION LEVEL REPEATABLE READ;
		SELECT count(*) FROM (SELECT FROM $2 LIMIT 1000) AS rows_seen;
		SELECT pg_sleep(2);
		COMMIT;
		SQL
		sleep "$3"
	done | PGAPPNAME=report psql -X -q -o /dev/null "$(conninfo "$1")" >"report.$2.out" 2>&1
}

start_load() {
	(cd "$PWD" && PGAPPNAME=load exec pgbench -n -c 4 -j 1 -R 400 -T 600 -D rows="$ROWS" \
		-f "$here/application.sql" "$(conninfo "$1")" >pgbench.out 2>&1) &
	load_pids+=($!)
	# what needs two tables meets one that is held longer than the other
	report "$1" lines 4 2>/dev/null &
	load_pids+=($!)
	report "$1" orders 5.3 2>/dev/null &
	load_pids+=($!)
}

# Until the clients are at work and a report has just begun.
under_way() {
	local tries=0

	until [ "$(shell "$1" -A -t -c "SELECT count(DISTINCT application_name) FROM pg_stat_activity
		WHERE application_name = 'load' OR application_name = 'report' AND query ~ 'pg_sleep'
		AND state = 'active' AND query_start > now() - interval '1 s'")" = 2 ]; do
		[ $((tries += 1)) -lt 300 ] || { echo 'the load does not begin' >&2; return 1; }
		sleep 0.05
	done
}

stop_load() {
	local pid

	for pid in "${load_pids[@]}"; do
		pkill -P "$pid" 2>/dev/null
		kill "$pid" 2>/dev/null
	done
	[ "${#load_pids[@]}" -eq 0 ] || wait "${load_pids[@]}" 2>/dev/null
	load_pids=()
}

# What a client of the application was refused.
refused() { grep -h -E 'ERROR|FATAL|abort|failed' pgbench.out report.*.out; }

# A part that says of itself that it keeps the application out for longer.
locks_out() {
	awk -v part="$1" '
		/^-- schemadiff:(up|down)$/ { inside = $0 ~ part "$" }
		inside && /^-- locks .*: (ACCESS EXCLUSIVE|SHARE|SHARE ROW EXCLUSIVE) and / { found = 1 }
		END { exit !found }' "$script"
}

# under_load NAME PART ARGS…: the reports hold each of the tables for half of the time, and a change that
# needs both within half a second may have to try often
under_load() {
	local name="$1" part="$2" status sampled began took sampler

	shift 2
	start_load load_app
	mkfifo "stop.$part"
	python3 "$here/sampler.py" "$(conninfo load_app)" "$LIMIT" <"stop.$part" >"waits.$part" 2>&1 &
	sampler=$!
	exec 9>"stop.$part"
	until [ -s "waits.$part" ]; do sleep 0.05; done
	under_way load_app 2>>"waits.$part"
	began=$(date +%s%N)
	timeout 150 "$SCHEMADIFF" --url "$(conninfo load_app)" "$@" >"$part.out" 2>&1 </dev/null
	status=$?
	took=$((($(date +%s%N) - began) / 1000000))
	echo >&9
	exec 9>&-
	wait "$sampler"
	sampled=$?
	stop_load
	if [ "$status" -ne 0 ]; then
		fail "load $name $part: it ended with $status after $took ms" "$part.out" "waits.$part"
	elif refused >"refused.$part"; then
		fail "load $name $part: the application was refused" "refused.$part" "waits.$part"
	elif [ "$sampled" -ne 0 ]; then
		fail "load $name $part: somebody waited too long" "waits.$part"
	else
		pass "load $name $part: $took ms, $(tail -n 1 "waits.$part")"
	fi
}

load() {
	local name="$1"

	reusable=
	change "$name" load_app load_base || { fail "load $name: no script" out; return; }
	if locks_out up; then
		fail "load $name: the way up is not online" "$script"
		return
	fi
	under_load "$name" up upgrade --wait 120
	if ! program load_app current --check-heads >out 2>&1; then
		echo "--   load $name down: the way up was not completed"
	elif locks_out down; then
		echo "--   load $name down: rewrites or scans under a lock, and says so"
	else
		under_load "$name" down downgrade -1 --wait 120
	fi
}

# ---- all of it -------------------------------------------------------------------------------

some='column-not-null index-change unique-add foreign-key-add'

is_golden() { [ -d "$here/../golden/$1" ] && ! grep -q "^  \"$1\":" "$here/changes.json"; }

# all_claims CHOSEN NAME…: with the golden cases unless some were chosen
all_claims() {
	local chosen="$1" name

	shift
	base load_small 2000
	for name; do
		if is_golden "$name"; then golden "$here/../golden/$name"; else claims "$name"; fi
	done
	if [ -n "$SHORT" ] || [ "$chosen" -gt 0 ]; then return; fi
	for name in "$here"/../golden/*/; do golden "${name%/}"; done
}

all_loads() {
	local name

	base load_base "$ROWS"
	for name; do is_golden "$name" || load "$name"; done
}

main() {
	local names=("$@")

	[ $# -gt 0 ] || mapfile -t names < <(python3 "$here/change.py")
	[ "$ONLY" = load ] || all_claims $# "${names[@]}"
	[ -z "$SHORT" ] || [ $# -gt 0 ] || read -r -a names <<<"$some"
	[ "$ONLY" = claims ] || all_loads "${names[@]}"
	echo "$passed passed, $failed failed"
	[ "$failed" -eq 0 ]
}

main "$@"
