#!/usr/bin/env bats
# The frame: help, exit codes, streams, --json, init, revision, and the commands that look.

load helpers

@test "without a command: the help on stderr, exit 2" {
	sd
	want 2
	equal "$out" ""
	has "$err" "begin a project:"
	has "$err" "expected a command"
}

@test "help and --help say the same" {
	ok help upgrade
	text="$out"
	ok upgrade --help
	equal "$out" "$text"
	equal "$err" ""
	has "$out" "usage: schemadiff upgrade"
}

@test "every command that the help lists has help of its own" {
	ok help
	list="$(printf '%s\n' "$out" | sed -n '/^begin a project:/,/^options/s/^  \([a-z][a-z-]*\).*/\1/p')"
	[ "$(printf '%s\n' "$list" | wc -l)" -ge 27 ]
	for command in $list; do
		ok help "$command"
		has "$out" "usage: schemadiff $command"
	done
}

@test "a misspelt command and option get a suggestion" {
	sd statsu
	want 2
	has "$err" 'did you mean `schemadiff status`?'
	sd heads --vrebose
	want 2
	has "$err" "did you mean --verbose?"
}

@test "the man page has no troff warnings" {
	command -v groff >/dev/null || skip "groff is not installed"
	"$SD" man >page.1
	warnings="$(groff -man -Tutf8 -ww page.1 2>&1 >/dev/null)"
	equal "$warnings" ""
}

@test "bash completes commands, options, words and folders" {
	command -v bash >/dev/null || skip "bash is not installed"
	mkdir a_folder
	cat >try.bash <<'SCRIPT'
source <("$1" completion bash)
shift
COMP_WORDS=(schemadiff "$@")
COMP_CWORD=$((${#COMP_WORDS[@]} - 1))
_schemadiff
echo "${COMPREPLY[@]}"
SCRIPT
	equal "$(bash try.bash "$SD" sta)" "stamp status"
	equal "$(bash try.bash "$SD" -e dev hea)" "heads"
	equal "$(bash try.bash "$SD" stamp --pu)" "--purge"
	equal "$(bash try.bash "$SD" --color a)" "auto always"
	equal "$(bash try.bash "$SD" init a)" "a_folder"
	equal "$(bash try.bash "$SD" completion f)" "fish"
	equal "$(bash try.bash "$SD" revision -m x)" ""
}

@test "results that can't be written are no success" {
	[ -c /dev/full ] || skip "no /dev/full"
	status=0
	"$SD" help >/dev/full 2>err || status=$?
	[ "$status" -eq 2 ]
	has "$(cat err)" "could not be written"
}

@test "init writes a project whose first steps work" {
	ok init
	has "$out" "created schemadiff.json"
	has "$err" "next:"
	ok autogenerate -m "first tables"
	ok upgrade
	ok check
	ok status
	has "$out" "pending:     none"
	equal "$(sql 'SELECT count(*) FROM notes')" "0"
}

@test "init overwrites nothing" {
	ok init
	echo '{ "schemas": ["schemas"], "migrations": "migrations" }' >schemadiff.json
	echo '{}' >schemas/example.json
	ok init
	has "$out" "kept    schemadiff.json"
	equal "$(cat schemas/example.json)" "{}"
	equal "$(cat schemadiff.json)" '{ "schemas": ["schemas"], "migrations": "migrations" }'
}

@test "commands work from any folder below the project" {
	project
	mkdir -p deep/er
	cd deep/er
	ok revision -m "from below"
	cd ../..
	[ "$(ls migrations | wc -l)" -eq 1 ]
}

@test "revision, history, show, heads" {
	project
	ok revision -m "add rows" --rev-id aaaa1
	equal "$out" "migrations/20261118_aaaa1_add_rows.sql"
	ok revision -m "more rows" --rev-id bbbb2
	ok history
	equal "$out" "$(printf 'aaaa1 -> bbbb2 (head), more rows\n<base> -> aaaa1, add rows')"
	ok show aaaa
	has "$out" "-- schemadiff:up"
	ok heads
	equal "$out" "bbbb2 (head), more rows"
	[ ! -e app.db ]
}

@test "the same revision has the same bytes" {
	project
	ok revision -m "add rows" --rev-id aaaa1
	cp migrations/*.sql first
	rm migrations/*.sql
	ok revision -m "add rows" --rev-id aaaa1
	cmp first migrations/*.sql
}

@test "revision --autogenerate is autogenerate" {
	project
	ok revision --autogenerate -m "first tables" --rev-id aaaa1
	has "$(cat migrations/*aaaa1*.sql)" "CREATE TABLE notes"
}

@test "what only looks creates no database" {
	project
	ok revision -m x
	ok current
	has "$err" "does not exist yet"
	sd current --check-heads
	want 1
	ok status
	has "$out" "does not exist yet"
	[ ! -e app.db ]
}

@test "current writes nothing into a database without bookkeeping" {
	project
	sql 'CREATE TABLE t (a)'
	before="$(cksum app.db)"
	ok current
	ok status
	ok history
	equal "$(cksum app.db)" "$before"
}

@test "status walks through the life of a project" {
	project
	ok status
	has "$out" 'next:        `schemadiff autogenerate'
	ok autogenerate -m first
	ok status
	has "$out" 'next:        `schemadiff upgrade`'
	ok upgrade
	ok status
	has "$out" "next:        nothing"
	sed -i 's/200/100/' schemas/example.json
	ok status
	has "$out" "changed since the last revision"
}

@test "status and current name a gap and an edited script" {
	project
	for i in 1 2 3; do ok revision -m "r$i" --rev-id "r$i"; done
	ok upgrade
	sql "DELETE FROM schemadiff_revisions WHERE revision = 'r2'"
	sed -i '/schemadiff:up/a SELECT 1;' migrations/*_r1_*.sql
	ok status
	has "$out" "gaps:        r2, r2"
	has "$out" "edited:      r1, r1"
	sd current --check-heads
	want 1
}

@test "--json: one document, whatever happens" {
	project
	ok revision -m x --rev-id r1 --json
	equal "$(field "$out" 'd["command"], d["revision"], d["exit"]')" "('revision', 'r1', 0)"
	for words in heads history status current "show r1" "show nope" "upgarde" \
		"check" "diff" "inspect" "upgrade" "current --check-heads" "stamp nope" "--bogus"; do
		sd --json $words
		is_json "$out"
		equal "$(field "$out" 'd["exit"]')" "$status"
		[ "$status" -ne 2 ] || [ "$(field "$out" 'len(d["errors"])')" -gt 0 ]
	done
}

@test "--json carries places" {
	project
	printf '{\n  "tables": 1\n}\n' >schemas/example.json
	sd check --json
	want 2
	equal "$(field "$out" 'd["errors"][0]["file"], d["errors"][0]["line"]')" \
		"('schemas/example.json', 2)"
}

@test "environments and variables choose the database" {
	project
	sqlite3 other.db 'CREATE TABLE t (a)'
	ok status --url sqlite:other.db
	has "$out" "target:      sqlite:other.db (--url)"
	SCHEMADIFF_URL=sqlite:other.db ok status
	has "$out" "sqlite:other.db (SCHEMADIFF_URL)"
	DATABASE_URL=sqlite:other.db ok -e dev status
	has "$out" 'environment "dev"'
	sd -e prod status
	want 2
	has "$err" 'no environment is called "prod"'
	has "$err" 'hint: there are: dev'
}

@test "a password is never printed" {
	for words in current status history "--json current" check; do
		DATABASE_URL='postgresql://u:s3cret@nowhere:99999/d' sd $words
		hasnt "$out$err" s3cret
	done
}

@test "colours: only on demand here" {
	project
	sd nonsense
	hasnt "$err" $'\033'
	sd --color=always nonsense
	has "$err" $'\033'
	ok revision -m x
	NO_COLOR=1 ok --color=always heads
	has "$out" $'\033'
}

@test "start-up takes no more than a few milliseconds" {
	ok --version
	start=$(date +%s%N)
	for _ in 1 2 3 4 5 6 7 8 9 10; do "$SD" --version >/dev/null; done
	[ $((($(date +%s%N) - start) / 10000000)) -lt 50 ]
}
