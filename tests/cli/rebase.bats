#!/usr/bin/env bats
# `rebase`: the revisions that only this branch has come behind those of another.
load helpers
load git_helpers

setup_more() {
	git_setup
}

# script ID PARENTS [LINE…]: migrations/ID.sql, which makes a table of that name, with LINEs in its header.
script() {
	local id=$1 parents=$2
	shift 2
	mkdir -p "${dir:-migrations}"
	{
		printf -- '-- make %s\n-- revision: %s\n' "$id" "$id"
		[ -z "$parents" ] || printf -- '-- revises: %s\n' "$parents"
		printf -- '-- %s\n' "$@" | grep -v '^-- $' || true
		printf -- '\n-- schemadiff:up\nCREATE TABLE %s (id int);\n\n-- schemadiff:down\nDROP TABLE %s;\n' "$id" "$id"
	} >"${dir:-migrations}/$id.sql"
}

# revises ID: what its script says
revises() {
	sed -n 's/^-- revises: *//p' migrations/"$1".sql | tr -d '\r'
}

# forked: a repository whose main has a1 and b1, and whose branch work, which left at a1 and has merged main, has c1
# and c2 of its own.
forked() {
	git init -q repo
	cd repo
	echo '{ "environments": { "dev": { "url": "sqlite:app.db" } }, "default_environment": "dev" }' >schemadiff.json
	mkdir schemas
	echo '{ "tables": {} }' >schemas/all.json
	echo '*.db*' >.gitignore
	script a1 ""
	git add -A
	git commit -qm a1
	git checkout -qb work
	script c1 a1
	script c2 c1
	git add -A
	git commit -qm c
	git checkout -q main
	script b1 a1
	git add -A
	git commit -qm b1
	git checkout -q work
	git merge -q main -m merged
}

# bare: scripts without a repository or schema files.
bare() {
	echo '{}' >schemadiff.json
	mkdir -p schemas migrations
}

# ---- what moves --------------------------------------------------------------------------------

@test "own revisions come behind the upstream head, and only headers change" {
	forked
	printf -- '-- make c1\r\n-- revision: c1\r\n-- Prose: stays\r\n--   revises:  a1  \r\n-- x-ticket: 7\r\n-- label: mine\r\n\r\n-- schemadiff:up\r\nCREATE TABLE c1 (id int);\r\n' >migrations/c1.sql
	sed 's/--   revises:  a1  /--   revises:  b1  /' migrations/c1.sql >expected
	cp migrations/c2.sql c2
	ok rebase
	has "$out" "migrations/c1.sql: revises: a1 -> b1"
	cmp migrations/c1.sql expected
	equal "$(revises c2)" c1
	ok heads
	equal "$out" "c2 (mine) (head), make c2"
	git checkout -q migrations/c1.sql
	ok rebase --json
	equal "$(field "$out" "[d['upstream'], d['onto'], d['own'], d['moved'][0]['from'], d['moved'][0]['into'], d['heads']]")" \
		"['main', ['b1'], ['c1', 'c2'], ['a1'], ['b1'], ['c2']]"
	ok rebase
	has "$err" "nothing to do: the revisions are where they belong"
	equal "$out" ""
}

@test "--dry-run says it and writes nothing" {
	forked
	cp migrations/c1.sql c1
	ok rebase --dry-run
	has "$out" "migrations/c1.sql: revises: a1 -> b1"
	has "$err" "nothing was written"
	cmp migrations/c1.sql c1
}

@test "a header without a line gets one, behind its revision; an own root comes behind the head" {
	forked
	script r1 ""
	printf -- '-- make r1\n-- revision: r1\n\n-- schemadiff:up\nSELECT 1;' >migrations/r1.sql
	ok rebase
	equal "$(sed -n 3p migrations/r1.sql)" "-- revises: b1"
	equal "$(tail -n 1 migrations/r1.sql)" "SELECT 1;"
	has "$err" "the history has 2 heads; \`schemadiff merge heads -m MESSAGE\` joins them"
}

@test "own merges lose parents that come before by themselves; labels and dependencies stay" {
	forked
	script m1 "c2, b1" "label: both" "depends-on: a1" "x-note: kept"
	git checkout -q main
	script b2 b1
	git add migrations/b2.sql
	git commit -qm b2
	git checkout -q work
	git merge -q main -m again
	ok rebase
	equal "$(revises c1)" b2
	equal "$(revises m1)" c2
	has "$(cat migrations/m1.sql)" "-- label: both
-- depends-on: a1
-- x-note: kept"
	ok heads
	equal "$out" "m1 (both) (head), make m1"
}

@test "a merge of two own lines keeps both" {
	forked
	script d1 a1
	script m1 "c2, d1"
	ok rebase
	equal "$(revises c1)" b1
	equal "$(revises d1)" b1
	equal "$(revises m1)" "c2, d1"
}

@test "several heads upstream: each line has its own; a fork below both is ambiguous" {
	forked
	git checkout -q main
	script x1 a1
	git add migrations/x1.sql
	git commit -qm x1
	git checkout -q work
	git merge -q main -m again
	sd rebase
	want 5
	has "$err" "migrations/c1.sql:3:13: error: main has several heads behind a1, which revision c1 was written for: b1, x1"
	has "$err" "hint: \`schemadiff rebase b1\` chooses one"
	equal "$(revises c1)" a1
	git checkout -q main
	script x2 x1
	git add migrations/x2.sql
	git commit -qm x2
	git checkout -q work
	git merge -q main -m again
	script c1 b1
	script e1 x1
	script r1 ""
	ok rebase
	equal "$(revises c1)" b1
	equal "$(revises e1)" x2
	equal "$(revises r1)" ""
}

# ---- ONTO --------------------------------------------------------------------------------------

@test "ONTO by its beginning, by a label, as a head, and in the middle of a line" {
	bare
	script a1 ""
	script bbb1 a1 "label: theirs"
	script bbb2 bbb1
	for onto in theirs@head theirs bbb1 bbb2; do
		script c1 a1
		ok rebase "$onto"
		case $onto in
		theirs | bbb1) equal "$(revises c1)" bbb1 ;;
		*) equal "$(revises c1)" bbb2 ;;
		esac
	done
	sd rebase base
	want 2
	has "$err" '"base" is base, which nothing can come behind'
	sd rebase nope
	want 2
	has "$err" 'unknown revision "nope"'
	ok rebase head
	has "$err" "nothing to do"
}

@test "three heads: --branch chooses" {
	bare
	script a1 ""
	script b1 a1
	script c1 a1
	script c2 c1
	script d1 a1
	sd rebase b1
	want 5
	has "$err" "error: which revisions shall move? 2 branches do not come behind b1"
	has "$err" "migrations/c1.sql:2:14: note: one is c1, c2"
	has "$err" "hint: --branch d1 chooses one; it may be given several times"
	equal "$(revises c1)$(revises d1)" a1a1
	ok rebase b1 --branch c2
	equal "$(revises c1) $(revises d1)" "b1 a1"
	sd rebase c2 --branch a1
	want 2
	has "$err" "--branch a1: that is no revision that could move"
	ok rebase c2 --branch d1
	equal "$(revises d1)" c2
	script d1 a1
	script c1 a1
	ok rebase b1 --branch d1 --branch c1
	equal "$(revises c1) $(revises d1)" "b1 b1"
}

@test "what upstream has already does not move" {
	forked
	sd rebase c2
	want 5
	has "$err" "migrations/b1.sql:2:14: error: revision b1 is on main already: databases may have it on what it revises"
	sd rebase c2 --branch b1
	want 5
	has "$err" "revision b1 is on main already"
	equal "$(revises b1)" a1
	sd rebase main
	want 2
	has "$err" "hint: git knows a main: \`schemadiff rebase --upstream main\` goes behind what that has"
	ok rebase b1
	equal "$(revises c1)" b1
}

# ---- where there is nothing to go by -------------------------------------------------------------

@test "no repository, no upstream branch, scripts of upstream that are not here" {
	bare
	script a1 ""
	sd rebase
	want 2
	has "$err" "error: the project lies in no git repository, so nobody knows which revisions are this branch's own"
	has "$err" "hint: \`schemadiff rebase ONTO\`"
	git init -q .
	git add -A
	git commit -qm one
	sd rebase
	want 2
	has "$err" "there is no upstream branch"
	sd rebase --upstream nope
	want 2
	has "$err" "--upstream nope: git knows no such revision"
	git checkout -qb work
	ok rebase
	has "$err" "nothing to do: this branch has no revisions of its own"
	git checkout -q main
	script b1 a1
	git add -A
	git commit -qm two
	git checkout -q work
	script c1 a1
	sd rebase
	want 5
	has "$err" "main:migrations/b1.sql:2:14: error: main has revision b1, and its script is not here yet"
	has "$err" "hint: \`git rebase main\` or \`git merge main\` brings it"
	ok rebase --upstream HEAD
}

@test "a detached HEAD, and files that are not committed" {
	forked
	git checkout -q --detach
	printf '\n-- a remark\n' >>migrations/c1.sql
	script e1 c2
	ok rebase
	equal "$(revises c1)" b1
	has "$(tail -n 1 migrations/c1.sql)" "-- a remark"
}

@test "scripts in several folders, also below one" {
	forked
	echo '{ "migrations": ["migrations", "more/"], "recursive": true }' >schemadiff.json
	dir=more/deep script e1 a1
	ok rebase
	has "$out" "more/deep/e1.sql: revises: a1 -> b1"
	has "$(cat more/deep/e1.sql)" "revises: b1"
	equal "$(revises c1)" b1
}

# ---- whole or not at all ---------------------------------------------------------------------------

@test "a file that can't be written: the others are as they were" {
	bare
	script a1 ""
	script b1 a1
	script c1 a1
	script m1 "c1, b1"
	long="migrations/$(printf 'z%.0s' {1..246}).sql"
	# there is no room for the name of the temporary file beside it
	mv migrations/m1.sql "$long"
	cp migrations/c1.sql c1
	sd rebase b1
	want 2
	has "$err" "cannot be written: File name too long"
	has "$err" "note: what was written before that is as it was again"
	cmp migrations/c1.sql c1
	has "$(cat "$long")" "revises: c1, b1"
}

# ---- the fingerprint -------------------------------------------------------------------------------

@test "the new head carries the fingerprint of the schema files, if all scripts give that" {
	repository
	git checkout -qb work
	table schemas/mine.json x
	next ccc1
	git add -A
	git commit -qm mine
	git checkout -q main
	rm -f app.db
	table schemas/theirs.json y
	next bbb1
	git add -A
	git commit -qm theirs
	git checkout -q work
	git merge -q main -m merged
	ok rebase
	has "$out" "ccc1_to_ccc1.sql: schema: v1:"
	ok check --url sqlite:fresh.db --upstream "" || true
	rm -f app.db*
	ok upgrade
	ok check
	# nothing moves, and yet the fingerprint is an old one: files that were mended since
	sed -i 's/^-- schema: .*/-- schema: v1:old/' migrations/*_ccc1_*.sql
	ok rebase
	has "$out" "ccc1_to_ccc1.sql: schema: v1:old -> v1:"
	ok rebase
	has "$err" "nothing to do"
	# what no script does is not hidden behind a fingerprint
	git checkout -q migrations
	table schemas/mine.json x forgotten
	ok rebase
	hasnt "$out" "schema:"
	has "$err" "warning: the schema files say more, or less, than all scripts add up to"
	sd check
	want 1
	has "$out" "+ column forgotten"
}

@test "scripts that fail in their new order are warned of" {
	forked
	sed -i 's/CREATE TABLE c1 (id int)/CREATE TABLE b1 (id int)/' migrations/c1.sql
	ok rebase
	has "$err" "warning: run in their new order the scripts fail: table b1 already exists"
}

# ---- a database --------------------------------------------------------------------------------------

@test "own revisions that have run: a gap, which upgrade fills" {
	forked
	git stash -qu 2>/dev/null || true
	git checkout -q HEAD^
	ok upgrade
	git checkout -q work
	ok rebase
	has "$err" "sqlite:app.db has run revisions that come behind b1 now, which it has not run: a gap."
	ok status
	has "$out" "gaps:        b1, make b1"
	ok upgrade
	has "$err" "upgrade a1 -> b1: make b1"
	hasnt "$err" "c1"
	ok current --check-heads
	sd rebase --url sqlite:nowhere/x.db
	want 0
}

# ---- a whole story -------------------------------------------------------------------------------------

# story URL: two developers, two revisions on the same head; the second one to merge rebases.
story() {
	git init -q --bare origin.git
	git clone -q origin.git ada 2>/dev/null
	cd ada
	mkdir schemas migrations
	printf '{ "environments": { "dev": { "url": "%s" } }, "default_environment": "dev" }' "$1" >schemadiff.json
	echo '*.db*' >.gitignore
	table schemas/notes.json title
	next aaa1
	git add -A
	git commit -qm "first tables"
	git push -q origin main
	cd ..
	git clone -q origin.git bob
	# both write on what they have
	cd ada
	git checkout -qb tags
	table schemas/tags.json name
	next ada1
	git add -A
	git commit -qm tags
	git push -q origin tags:main
	cd ../bob
	sed -i "s/ada_/bob_/" schemadiff.json
	git checkout -qb authors
	table schemas/authors.json name
	ok upgrade
	next bob1
	ok upgrade
	git add -A
	git commit -qm authors
	# bob's pull request: two heads
	git fetch -q
	sd check --url "$2"
	want 3
	has "$out" "FAIL  2"
	has "$err" "schemadiff rebase"
	git rebase -q origin/main
	sd upgrade
	want 3
	has "$err" "the history has 2 heads: ada1, bob1"
	ok rebase
	has "$out" "revises: aaa1 -> bob1" || has "$out" "revises: aaa1 -> ada1"
	has "$err" "a gap"
	git commit -qam "authors come behind tags"
	ok upgrade
	has "$err" "upgrade aaa1 -> ada1: to ada1"
	ok check
	git push -q origin authors:main
	# ada goes on, on a database that has not seen bob's
	cd ../ada
	git checkout -q main
	git pull -q
	ok upgrade
	ok check
	ok history
	equal "$(echo "$out" | sed 's/ (current)//; s/ (head)//')" "ada1 -> bob1, to bob1
aaa1 -> ada1, to ada1
<base> -> aaa1, to aaa1"
}

@test "two developers: the second one rebases" {
	story sqlite:app.db sqlite:app.db
}

@test "two developers on PostgreSQL" {
	if [ -z "${SD_TEST_PG:-}" ] || ! command -v psql >/dev/null; then
		skip "SD_TEST_PG names no server"
	fi
	for name in ada bob; do
		psql -Xq "$SD_TEST_PG" -c 'SET client_min_messages = error' \
			-c "DROP DATABASE IF EXISTS ${name}_rebase" -c "CREATE DATABASE ${name}_rebase"
	done
	story "$SD_TEST_PG dbname=ada_rebase" "$SD_TEST_PG dbname=bob_rebase"
}
