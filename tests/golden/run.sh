#!/usr/bin/env bash
# Golden tests: each folder is a change of a schema, the script it must give, and rows that must
# survive it.  README.md says what a folder holds.
#
#   run.sh              all of them
#   run.sh NAME…        these alone, with what went wrong in full
#   UPDATE=1 run.sh …   write what came out as what is expected; read it before you keep it
set -u
export LC_ALL=C SOURCE_DATE_EPOCH=1795000000 SCHEMADIFF_URL=sqlite:app.db
unset DATABASE_URL NO_COLOR

here="$(cd "$(dirname "${BASH_SOURCE[0]}")" && pwd)"
: "${JOBS:=2}" "${UPDATE:=}"

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
	printf 'FAIL %s: %s\n' "$name" "$1"
	[ -s "${2:-}" ] && sed 's/^/    /' "$2"
	exit 1
}

marked() { [ -e "$case/$1" ]; }

shell() { sqlite3 -batch -init /dev/null -bail "$@"; }

# run WHAT ARGS…: the program must do this.
run() {
	local what="$1"

	shift
	"$SCHEMADIFF" "$@" >out 2>err </dev/null || { cat out >>err; fail "$what" err; }
}

# rows DB [plain]: every row of every table of the user's, with its rowid and in its storage
# class; plain: without the statistics of ANALYZE, which a script in the shell can't save.
rows() {
	shell -readonly "$1" "
	SELECT CASE
	  WHEN name = 'sqlite_sequence'
	    THEN 'SELECT name, seq FROM sqlite_sequence WHERE name NOT LIKE ''schemadiff%'' ORDER BY 1;'
	  WHEN name LIKE 'sqlite_stat%' AND '${2:-}' = 'plain' THEN ''
	  WHEN name LIKE 'sqlite_stat%'
	    THEN 'SELECT * FROM ' || name || ' WHERE tbl NOT LIKE ''schemadiff%'' ORDER BY 1, 2;'
	  ELSE 'SELECT ' || quote(name) || ';SELECT ' || CASE wr WHEN 1 THEN '' ELSE '_rowid_, ' END
	    || '* FROM \"' || replace(name, '\"', '\"\"') || '\";'
	  END
	FROM pragma_table_list
	WHERE schema = 'main' AND type <> 'view' AND name NOT LIKE 'schemadiff%'
	  AND name NOT LIKE 'sqlite_schema' ORDER BY name" >rows.sql
	# without -bail: one table that can't be read must not hide the others
	sqlite3 -batch -init /dev/null -readonly "$1" '.mode quote' '.read rows.sql' 2>&1
}

# state DB [plain]: rows, and the text of every object.
state() {
	rows "$@"
	shell -readonly "$1" '.mode list' "SELECT type, name, tbl_name, sql FROM sqlite_schema
	WHERE tbl_name NOT LIKE 'schemadiff%' AND name NOT LIKE 'sqlite_%' ORDER BY 1, 2"
}

keys() { shell -readonly "$1" 'PRAGMA foreign_key_check' 2>&1 | sort; }

# too_old VERSION: the library is older.
too_old() {
	[ "$(printf '%s\n' "$1" "$(shell :memory: 'SELECT sqlite_version()')" | sort -V | head -n 1)" != "$1" ]
}

# same A B WHAT: two files must be equal.
same() {
	cmp -s "$1" "$2" && return
	diff -u "$1" "$2" >differs
	fail "$3" differs
}

# expected FILE: what came out as FILE must be what the case has under that name.
expected() {
	: >"seen.$1"
	if [ -n "$UPDATE" ]; then
		cmp -s "$1" "$case/$1" || cp "$1" "$case/$1"
		return
	fi
	[ -e "$case/$1" ] || fail "there is no $1 (UPDATE=1 writes it)" "$1"
	same "$case/$1" "$1" "$1 differs"
}

# What the case expects, and nothing gave, is a leftover.
leftovers() {
	local file

	for file in "$case"/expect.*; do
		if [ ! -e "$file" ] || [ -e "seen.${file##*/}" ]; then continue; fi
		[ -n "$UPDATE" ] || fail "nothing gave ${file##*/}"
		rm "$file"
	done
}

prepare() {
	mkdir schemas migrations
	echo '{}' >schemadiff.json
	since=base
	if marked from.sql; then
		shell app.db <"$case/from.sql" >out 2>err || fail 'from.sql' err
		if marked from.json; then
			cp "$case/from.json" schemas/schema.json
		else
			run 'inspect' inspect -o schemas/schema.json
		fi
		run 'baseline' autogenerate --baseline -m start --rev-id start
		since=start
	elif marked from.json; then
		cp "$case/from.json" schemas/schema.json
		run 'from.json' autogenerate -m start --rev-id start
		run 'from.json' upgrade
		since=start
	else
		: >app.db
	fi
	if marked rows.sql; then
		shell app.db <"$case/rows.sql" >out 2>err || fail 'rows.sql' err
	fi
	# a migration that begins with drift proves nothing
	[ "$since" = base ] || run 'check of the start' check
	cp "$case/into.json" schemas/schema.json
	marked config.json && cp "$case/config.json" schemadiff.json
}

parts() {
	awk '/^-- schemadiff:up$/ && !part { part = "up"; next }
	     /^-- schemadiff:down$/ && part == "up" { part = "down"; next }
	     part { print > ("expect.sqlite." part ".sql") }' "$1"
	# blank lines at the end of a part are the frame's
	for part in up down; do
		touch "expect.sqlite.$part.sql"
		mv "expect.sqlite.$part.sql" untrimmed
		awk '{ t = t $0 "\n" } /./ { printf "%s", t; t = "" }' untrimmed >"expect.sqlite.$part.sql"
	done
}

# The script, compared; 1 when there is none, as expected.
generate() {
	local status=0 flags=()

	if marked flags; then read -r -a flags <"$case/flags"; fi
	"$SCHEMADIFF" autogenerate -m golden --rev-id golden "${flags[@]}" >out 2>err </dev/null ||
		status=$?
	if [ "$status" -ne 0 ]; then
		{ cat err; echo "exit $status"; } >expect.err
		[ -z "$UPDATE" ] || marked expect.err || : >"$case/expect.err"
		marked expect.err || fail 'autogenerate' expect.err
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
	expected expect.sqlite.up.sql
	expected expect.sqlite.down.sql
}

# The up part through the sqlite3 shell, in a session that enforces foreign keys.
pipe() {
	{ echo 'PRAGMA foreign_keys = ON;'; cat up.sql; } | shell "$1"
}

must_fail() {
	local status=0

	state app.db >before
	"$SCHEMADIFF" upgrade >out 2>err </dev/null || status=$?
	[ "$status" -ne 0 ] || fail 'the upgrade should have failed' out
	{ cat err; echo "exit $status"; } >expect.err
	expected expect.err
	state app.db >after
	same before after 'the failed upgrade left traces'
	pipe piped.db >out 2>err && fail 'the script should have failed in the shell'
	state piped.db >after
	same before after 'the failed script left traces in the shell'
}

check_rows() {
	marked check.sql || return 0
	shell -readonly app.db '.mode quote' ".read '$case/check.sql'" >expect.rows 2>&1
	expected expect.rows
}

go_up() {
	run 'upgrade' upgrade
	run 'check after the upgrade' check
	check_rows
	[ "$(shell app.db 'PRAGMA integrity_check')" = ok ] || fail 'integrity_check'
	keys app.db >keys_after
	same keys_before keys_after 'foreign_key_check differs'
	pipe piped.db >out 2>err || fail 'the script in the shell' err
	state app.db plain >after
	state piped.db plain >piped
	same after piped 'the shell gives another database'
}

go_down() {
	if marked irreversible; then
		"$SCHEMADIFF" downgrade -1 >out 2>err </dev/null
		[ $? -eq 5 ] || fail 'the downgrade should have been refused' err
		return
	fi
	if marked down-fails; then
		state app.db >before
		"$SCHEMADIFF" downgrade -1 >out 2>err </dev/null
		echo "exit $?" >>err
		cp err expect.down.err
		expected expect.down.err
		state app.db >after
		same before after 'the failed downgrade left traces'
		return
	fi
	run 'downgrade' downgrade -1
	run 'inspect' inspect -o after.json
	if marked respelled; then
		run 'the way back gives another schema' diff --from sqlite:app.db --to before.json
	else
		same before.json after.json 'the way back gives another schema'
	fi
	rows app.db >after
	marked lossy || same before after 'the way back gives other rows'
	run 'upgrade again' upgrade
	run 'check at the end' check
}

one_case() {
	name="$1" case="$here/$1"
	cd "$(mktemp -d "$work/case.XXXXXX")" || exit 1
	prepare
	run 'inspect' inspect -o before.json
	generate && the_law
	leftovers
}

# Up, through the program and through the shell; down; up again.
the_law() {
	marked norun && too_old "$(cat "$case/norun")" && return
	rows app.db >before
	keys app.db >keys_before
	cp app.db piped.db
	run 'upgrade --sql' upgrade --sql "$since:golden"
	cp out up.sql
	if marked fails; then
		must_fail
	else
		go_up
		go_down
	fi
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

SCHEMADIFF="$(find_program)"
work="$(mktemp -d)"
export SCHEMADIFF UPDATE
trap 'rm -rf "$work"' EXIT
if [ $# -eq 0 ]; then
	for into in "$here"/*/into.json; do set -- "$@" "$(basename "$(dirname "$into")")"; done
fi
for one; do
	[ -e "$here/$one/into.json" ] || { echo "there is no case $one" >&2; exit 2; }
done
printf '%s\n' "$@" | xargs -n 8 -P "$JOBS" bash "$here/run.sh" --case "$work"
passed=0 failed=0
for one; do
	if [ -e "$work/$one.ok" ]; then
		passed=$((passed + 1))
	else
		failed=$((failed + 1))
		cat "$work/$one.out"
	fi
done
echo "$passed passed, $failed failed"
[ "$failed" -eq 0 ]
