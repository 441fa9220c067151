# What the tests of the command line share: `load helpers` in each file.

# The program under test: $SCHEMADIFF, else the one that was built last.
schemadiff_path() {
	local root="${BATS_TEST_DIRNAME}/../.."

	if [ -n "${SCHEMADIFF:-}" ]; then
		(cd "$(dirname "$SCHEMADIFF")" && printf '%s/%s\n' "$PWD" "$(basename "$SCHEMADIFF")")
	else
		ls -t "$root"/build/*/schemadiff 2>/dev/null | head -n 1
	fi
}

# A fresh folder to work in, and an environment without surprises.
setup() {
	SD="$(schemadiff_path)"
	[ -x "$SD" ] || { echo "build the program first: make" >&2; return 1; }
	unset DATABASE_URL SCHEMADIFF_URL NO_COLOR
	export SOURCE_DATE_EPOCH=1795000000
	cd "$BATS_TEST_TMPDIR" || return 1
	if declare -F setup_more >/dev/null; then setup_more; fi
}

# sd ARGS…: run the program; $status, $out (stdout) and $err (stderr) tell what it did.
sd() {
	status=0
	"$SD" "$@" >"$BATS_TEST_TMPDIR/.out" 2>"$BATS_TEST_TMPDIR/.err" </dev/null || status=$?
	out="$(cat "$BATS_TEST_TMPDIR/.out")"
	err="$(cat "$BATS_TEST_TMPDIR/.err")"
}

# on_terminal ANSWERS COMMAND…: the same for a command on a terminal, where ANSWERS is typed.
on_terminal() {
	status=0
	out="$(python3 "$BATS_TEST_DIRNAME/terminal.py" "$@")" || status=$?
	err="$out"
}

# want N: the program exited with N.
want() {
	if [ "$status" -ne "$1" ]; then
		printf 'exit %s, expected %s\n-- stdout\n%s\n-- stderr\n%s\n' \
			"$status" "$1" "$out" "$err" >&2
		return 1
	fi
}

# ok ARGS…: run it, and it must succeed.
ok() {
	sd "$@"
	want 0
}

# has TEXT PART: TEXT contains PART.
has() {
	case "$1" in
	*"$2"*) ;;
	*)
		printf 'expected to find: %s\nin: %s\n-- stderr\n%s\n' "$2" "$1" "${err:-}" >&2
		return 1
		;;
	esac
}

# hasnt TEXT PART: TEXT does not contain PART.
hasnt() {
	case "$1" in
	*"$2"*)
		printf 'did not expect: %s\nin: %s\n' "$2" "$1" >&2
		return 1
		;;
	esac
}

# equal A B
equal() {
	if [ "$1" != "$2" ]; then
		printf 'got:      %s\nexpected: %s\n' "$1" "$2" >&2
		return 1
	fi
}

# A valid JSON document alone on stdout?
is_json() {
	printf '%s' "$1" | python3 -c 'import json,sys; json.load(sys.stdin)'
}

# field TEXT EXPR: evaluate the Python expression EXPR with d = the document.
field() {
	printf '%s' "$1" | python3 -c 'import json,sys; d=json.load(sys.stdin); print(eval(sys.argv[1]))' "$2"
}

# project: an example project with one schema file, sqlite:app.db.
project() {
	"$SD" -q init . >/dev/null
}

# no_scratch: no program has left a scratch database on the server.  The name tells the process, and one
# that still works for another file, which runs beside this one, may have its own.
no_scratch() {
	local name pid

	for name in $(psql -XAtc "SELECT datname FROM pg_database WHERE datname LIKE 'schemadiff_scratch%'" "$SD_TEST_PG"); do
		pid="${name#schemadiff_scratch_}"
		if kill -0 "${pid%%_*}" 2>/dev/null; then continue; fi
		equal "$(psql -XAtc "SELECT datname FROM pg_database WHERE datname = '$name'" "$SD_TEST_PG")" ""
	done
}

# sql TEXT: run it in app.db.
sql() {
	sqlite3 app.db "$1"
}
