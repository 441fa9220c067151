#!/usr/bin/env bash
# Golden tests of what `schemadiff diff` shows: each folder is a pair of schemas, and how every
# format shows what differs.  README.md says what a folder holds.
#
#   run.sh                 all of them
#   run.sh NAME…           these alone
#   UPDATE=1 run.sh …      write what came out as what is expected; read it before you keep it
set -u
export LC_ALL=C
unset DATABASE_URL SCHEMADIFF_URL NO_COLOR

here="$(cd "$(dirname "${BASH_SOURCE[0]}")" && pwd)"
: "${UPDATE:=}"
passed=0 failed=0

find_program() {
	local program="${SCHEMADIFF:-}"

	if [ -z "$program" ]; then
		program="$(ls -t "$here"/../../build/*/schemadiff 2>/dev/null | head -n 1)"
	fi
	[ -x "$program" ] || { echo "build the program first: make" >&2; exit 2; }
	(cd "$(dirname "$program")" && printf '%s/%s\n' "$PWD" "$(basename "$program")")
}

# The engines that a case speaks of: both, unless its name begins with one.
engines_of() {
	case "$1" in
	sqlite-*) echo sqlite ;;
	pg-*) echo postgresql ;;
	*) echo sqlite postgresql ;;
	esac
}

# What is kept of a format's output: of a page what changes from case to case (its head is the
# same for all, and kept once), of JSON a member a line.
kept() {
	case "$1" in
	html) sed -n '/^<main>$/,$p' ;;
	json) python3 -c 'import json, sys
print(json.dumps(json.load(sys.stdin), ensure_ascii=False, indent=1))' ;;
	*) cat ;;
	esac
}

judge() { # FILE EXPECTED NAME
	if [ -n "$UPDATE" ]; then cp "$1" "$2"; fi
	if cmp -s "$1" "$2"; then
		passed=$((passed + 1))
		return
	fi
	failed=$((failed + 1))
	echo "FAIL $3"
	diff -u "$2" "$1" | sed 's/^/    /'
}

run_case() { # NAME
	local engine format status

	for engine in $(engines_of "$1"); do
		for format in text sql json markdown html; do
			(cd "$here/$1" && "$SCHEMADIFF" diff --dialect "$engine" --from from.json \
				--to into.json --format "$format" 2>&1) >"$work/out"
			status=$?
			kept "$format" <"$work/out" >"$work/kept"
			echo "$1 $engine $format: exit $status" >>"$work/exits"
			judge "$work/kept" "$here/$1/expect.$engine.$format" "$1: $format on $engine"
		done
	done
	sed -n '1,/^<main>$/p' "$work/out" >"$work/head"
	judge "$work/head" "$here/head.html" "$1: the head of a page"
}

SCHEMADIFF="$(find_program)"
work="$(mktemp -d)"
trap 'rm -rf "$work"' EXIT
[ $# -gt 0 ] || set -- $(cd "$here" && printf '%s\n' */ | tr -d /)
for name in "$@"; do run_case "$name"; done
# every pair but "nothing" differs, and says so
if grep -v '^nothing ' "$work/exits" | grep -v 'exit 1$' ||
	grep '^nothing ' "$work/exits" | grep -v 'exit 0$'; then
	failed=$((failed + 1))
fi
printf '%d passed, %d failed\n' "$passed" "$failed"
[ "$failed" = 0 ]
