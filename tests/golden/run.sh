#!/usr/bin/env bash
# Golden tests: each folder is a change of a schema, the script it must give, and rows that must
# survive it, on each engine that the change exists on.  README.md says what a folder holds.
#
#   run.sh                 all of them, on SQLite, and on PostgreSQL where SD_TEST_PG names a server
#   run.sh NAME…           these alone, with what went wrong in full
#   ENGINES=… run.sh …     on these engines alone
#   SCRIPTS=1 run.sh …     the scripts alone, without the law
#   UPDATE=1 run.sh …      write what came out as what is expected; read it before you keep it
set -u
export LC_ALL=C SOURCE_DATE_EPOCH=1795000000
unset DATABASE_URL NO_COLOR PGDATABASE PGHOST PGPORT PGUSER

here="$(cd "$(dirname "${BASH_SOURCE[0]}")" && pwd)"
: "${JOBS:=$(nproc)}" "${UPDATE:=}" "${SCRIPTS:=}"

find_program() {
	local program="${SCHEMADIFF:-}"

	if [ -z "$program" ]; then
		for program in "$here"/../../build/*/schemadiff; do
			[ -x "$program" ] && break
		done
	fi
	[ -x "$program" ] || { echo "build the program first: make" >&2; exit 2; }
	(cd "$(dirname "$program")" && printf '%s/%s\n' "$PWD" "$(basename "$program")")
}

# ---- a case: from here on in a subshell, in a folder of its own ----------------------------

fail() {
	printf 'FAIL %s on %s: %s\n' "$name" "$engine" "$1"
	[ -s "${2:-}" ] && sed 's/^/    /' "$2"
	exit 1
}

# given FILE: the case's file of that name, the engine's own if there is one: of "rows.sql"
# "rows.postgresql.sql", of "lossy" "lossy.postgresql"; fails when there is none.
given() {
	local stem="${1%.*}" own="$1.$engine"

	[ "$stem" = "$1" ] || own="$stem.$engine.${1##*.}"
	if [ -e "$case/$own" ]; then
		echo "$case/$own"
	elif [ -e "$case/$1" ]; then
		echo "$case/$1"
	else
		return 1
	fi
}

marked() { given "$1" >/dev/null; }

# run WHAT ARGS…: the program must do this.
run() {
	local what="$1"

	shift
	"$SCHEMADIFF" "$@" >out 2>err </dev/null || { cat out >>err; fail "$what" err; }
}

# version_before A B: A is older than B.
version_before() {
	[ "$1" != "$2" ] && [ "$(printf '%s\n' "$1" "$2" | sort -V | head -n 1)" = "$1" ]
}

# same A B WHAT: two files must be equal.
same() {
	cmp -s "$1" "$2" && return
	diff -u "$1" "$2" >differs
	fail "$3" differs
}

# expected FILE: what came out as FILE must be what the case has under that name, or under the
# engine's.
expected() {
	local have own="${1%.*}.$engine.${1##*.}"

	if have="$(given "$1")"; then
		: >"seen.$(basename "$have")"
		cmp -s "$1" "$have" && return
	fi
	db_comparable || return 0
	if [ -n "$UPDATE" ]; then
		# what holds on one engine alone takes its name
		if [[ $1 = *".$engine."* || $name = pg-* || $engine = sqlite ]]; then own="$1"; fi
		cp "$1" "$case/$own"
		: >"seen.$own"
		return
	fi
	[ -n "$have" ] || fail "there is no $1 (UPDATE=1 writes it)" "$1"
	same "$have" "$1" "$1 differs"
}

# What the case expects of this engine, and nothing gave, is a leftover.
leftovers() {
	local file

	for file in "$case"/expect.*"$engine".*; do
		if [ ! -e "$file" ] || [ -e "seen.${file##*/}" ]; then continue; fi
		[ -n "$UPDATE" ] || fail "nothing gave ${file##*/}"
		rm "$file"
	done
}

start_from_ddl() {
	local json

	db_run app <"$(given from.sql)" >out 2>err || fail 'from.sql' err
	if json="$(given from.json)"; then
		cp "$json" schemas/schema.json
	else
		run 'inspect' inspect -o schemas/schema.json
	fi
	run 'baseline' autogenerate --baseline -m start --rev-id start
}

prepare() {
	local file

	mkdir schemas migrations
	echo '{}' >schemadiff.json
	if file="$(given start.json)"; then cp "$file" schemadiff.json; fi
	db_create app >out 2>err || fail 'a new database' err
	since=start
	if marked from.sql; then
		start_from_ddl
	elif file="$(given from.json)"; then
		cp "$file" schemas/schema.json
		run 'from.json' autogenerate -m start --rev-id start
		run 'from.json' upgrade
	else
		since=base
	fi
	if file="$(given rows.sql)"; then
		db_run app <"$file" >out 2>err || fail 'rows.sql' err
	fi
	# a migration that begins with drift proves nothing
	[ "$since" = base ] || marked drift || run 'check of the start' check
	cp "$(given into.json)" schemas/schema.json
	if file="$(given config.json)"; then cp "$file" schemadiff.json; fi
}

parts() {
	local part file

	awk -v engine="$engine" '
	     /^-- schemadiff:up$/ && !part { part = "up"; next }
	     /^-- schemadiff:down$/ && part == "up" { part = "down"; next }
	     part { print > ("expect." engine "." part ".sql") }' "$1"
	# blank lines at the end of a part are the frame's
	for part in up down; do
		file="expect.$engine.$part.sql"
		touch "$file"
		mv "$file" untrimmed
		awk '{ t = t $0 "\n" } /./ { printf "%s", t; t = "" }' untrimmed >"$file"
	done
}

# The program's message with names that hold in every run.
settled() { sed "s/_${case_id}\b//g" err; }

# The script, compared; 1 when there is none, as expected.
generate() {
	local status=0 flags=() file

	if file="$(given flags)"; then read -r -a flags <"$file"; fi
	"$SCHEMADIFF" autogenerate -m golden --rev-id golden "${flags[@]}" >out 2>err </dev/null ||
		status=$?
	if [ "$status" -ne 0 ]; then
		{ settled; echo "exit $status"; } >expect.err
		[ -n "$UPDATE" ] || marked expect.err || fail 'autogenerate' expect.err
		expected expect.err
		return 1
	fi
	if marked same; then
		set -- migrations/*golden*
		[ ! -e "$1" ] || fail 'a script was written, though nothing differs' "$1"
		run 'check' check
		return 1
	fi
	set -- migrations/*golden*
	[ -e "$1" ] || fail 'no script was written' out
	parts "$1"
	expected "expect.$engine.up.sql"
	expected "expect.$engine.down.sql"
}

must_fail() {
	local status=0

	db_state app >before
	"$SCHEMADIFF" upgrade >out 2>err </dev/null || status=$?
	[ "$status" -ne 0 ] || fail 'the upgrade should have failed' out
	{ settled; echo "exit $status"; } >expect.err
	expected expect.err
	db_state app >after
	same before after 'the failed upgrade left traces'
	[ -e up.sql ] || return
	db_pipe piped <up.sql >out 2>err && fail 'the script should have failed in the shell'
	db_state piped >after
	same before after 'the failed script left traces in the shell'
}

# Where a script of several transactions stopped, it goes on once the rows are in order.
must_halt() {
	local status=0

	"$SCHEMADIFF" upgrade >out 2>err </dev/null || status=$?
	[ "$status" -ne 0 ] || fail 'the upgrade should have stopped' out
	{ settled; echo "exit $status"; } >expect.err
	expected expect.err
	if grep -q 'goes on from there' err; then
		"$SCHEMADIFF" downgrade -1 >out 2>err </dev/null && fail 'the way back from half-way' out
	fi
	db_run app <"$(given repair.sql)" >out 2>err || fail 'repair.sql' err
	rm -f up.sql
	db_rows app >rows_before
}

check_rows() {
	local file

	file="$(given check.sql)" || return 0
	db_query app "$file" >expect.rows 2>&1
	expected expect.rows
}

go_up() {
	run 'upgrade' upgrade
	run 'check after the upgrade' check
	check_rows
	db_sound app >sound_after
	same sound_before sound_after 'the database is worse than before'
	[ -e up.sql ] || return
	db_pipe piped <up.sql >out 2>err || fail 'the script in the shell' err
	# rows with a time or chance in them are the same in no two runs
	if marked volatile; then
		db_catalog app >after
		db_catalog piped >piped
	else
		db_state app plain >after
		db_state piped plain >piped
	fi
	same after piped 'the shell gives another database'
}

refused_down() {
	db_state app >before
	"$SCHEMADIFF" downgrade -1 >out 2>err </dev/null
	echo "exit $?" >>err
	settled >expect.down.err
	expected expect.down.err
	db_state app >after
	same before after 'the failed downgrade left traces'
}

go_down() {
	if marked irreversible; then
		"$SCHEMADIFF" downgrade -1 >out 2>err </dev/null
		[ $? -eq 5 ] || fail 'the downgrade should have been refused' err
		return
	fi
	if marked down-fails; then
		refused_down
		return
	fi
	run 'downgrade' downgrade -1
	run 'inspect' inspect -o after.json
	db_rows app >rows_after
	db_catalog app >catalog_after
	if marked respelled; then
		run 'the way back gives another schema' diff --from "$SCHEMADIFF_URL" --to before.json
	else
		same before.json after.json 'the way back gives another schema'
		same catalog_before catalog_after 'the way back gives another catalog'
	fi
	marked lossy || same rows_before rows_after 'the way back gives other rows'
	run 'upgrade again' upgrade
	run 'check at the end' check
}

# The server, or the library, can't run this.
impossible() {
	local file

	if file="$(given since)" && version_before "$(db_version)" "$(cat "$file")"; then return; fi
	if file="$(given until)" && ! version_before "$(db_version)" "$(cat "$file")"; then return; fi
	file="$(given extension)" && db_lacks "$(cat "$file")"
}

forget() {
	db_drop app
	db_drop piped
	rm -rf "$PWD"
}

one_case() {
	engine="${1%%:*}" name="${1#*:}" case="$here/${1#*:}"
	case_id="$BASHPID"
	. "$here/engine.$engine.sh"
	cd "$(mktemp -d "$work/case.XXXXXX")" || exit 1
	! impossible || return 0
	trap forget EXIT
	SCHEMADIFF_URL="$(db_url app)"
	export SCHEMADIFF_URL
	prepare
	run 'inspect' inspect -o before.json
	if generate && [ -z "$SCRIPTS" ]; then the_law; fi
	[ -n "$SCRIPTS" ] || leftovers
}

# Up, through the program and through the shell; down; up again.
the_law() {
	local file

	if file="$(given norun)" && version_before "$(db_version)" "$(cat "$file")"; then return; fi
	db_rows app >rows_before
	db_catalog app >catalog_before
	db_sound app >sound_before
	db_copy app piped >out 2>err || fail 'a copy of the database' err
	if "$SCHEMADIFF" upgrade --sql "$since:golden" >up.sql 2>err </dev/null; then
		:
	elif grep -q 'cannot be printed by this version' err; then
		rm up.sql
	else
		fail 'upgrade --sql' err
	fi
	if marked fails; then
		must_fail
		return
	fi
	if marked repair.sql; then must_halt; fi
	go_up
	go_down
}

# ---- all of them ---------------------------------------------------------------------------

if [ "${1:-}" = --case ]; then
	work="$2"
	shift 2
	for one; do
		(one_case "$one") >"$work/$one.out" 2>&1 && echo "$one" >"$work/$one.ok"
	done
	exit 0
fi

# applies ENGINE NAME
applies() {
	case "$1" in
	sqlite) [[ $2 != pg-* ]] ;;
	*) [[ $2 = pg-* || -e $here/$2/$1 ]] || compgen -G "$here/$2/expect.$1.*" >/dev/null ;;
	esac
}

SCHEMADIFF="$(find_program)"
work="$(mktemp -d)"
export SCHEMADIFF UPDATE SCRIPTS
trap 'rm -rf "$work"' EXIT
: "${ENGINES:=sqlite${SD_TEST_PG:+ postgresql}}"
if [ $# -eq 0 ]; then
	for into in "$here"/*/into*.json; do set -- "$@" "$(basename "$(dirname "$into")")"; done
fi
cases=()
for one in $(printf '%s\n' "$@" | sort -u); do
	compgen -G "$here/$one/into*.json" >/dev/null || { echo "there is no case $one" >&2; exit 2; }
	for engine in $ENGINES; do
		if applies "$engine" "$one"; then cases+=("$engine:$one"); fi
	done
done
if [ -z "${SD_TEST_PG:-}" ]; then
	echo "skipped on PostgreSQL: SD_TEST_PG names no server (tests/pg/with_server.sh starts one)"
	[[ $ENGINES != *postgresql* ]] || exit 2
fi
[ "${#cases[@]}" -gt 0 ] || exit 0
for engine in $ENGINES; do
	. "$here/engine.$engine.sh"
	engine_start || exit 2
done
printf '%s\n' "${cases[@]}" | xargs -n 8 -P "$JOBS" bash "$here/run.sh" --case "$work"
passed=0 failed=0
for one in "${cases[@]}"; do
	if [ -e "$work/$one.ok" ]; then
		passed=$((passed + 1))
	else
		failed=$((failed + 1))
		cat "$work/$one.out"
	fi
done
echo "$passed passed, $failed failed"
[ "$failed" -eq 0 ]
