#!/usr/bin/env bats
# A history with branches: what the commands say of it, and how they walk it.

load helpers

# put ID REVISES [HEADER…]: a script that makes the table t_ID.
put() {
	local id="$1" parents="$2"

	shift 2
	{
		printf -- '-- step %s\n-- revision: %s\n' "$id" "$id"
		[ -z "$parents" ] || printf -- '-- revises: %s\n' "$parents"
		for line in "$@"; do printf -- '-- %s\n' "$line"; done
		printf -- '-- schemadiff:up\nCREATE TABLE t_%s (a);\n' "$id"
		printf -- '-- schemadiff:down\nDROP TABLE t_%s;\n' "$id"
	} >"migrations/$id.sql"
}

# a1 - b1 - { c1 [billing] - d1, c2 [users] - d2 ~ c1 }
branches() {
	mkdir -p migrations
	echo '{ "environments": { "dev": { "url": "sqlite:app.db" } }, "default_environment": "dev" }' >schemadiff.json
	put a1 ""
	put b1 a1
	put c1 b1 "label: billing"
	put d1 c1
	put c2 b1 "label: users"
	put d2 c2 "depends-on: c1"
}

at() { ok current -q; equal "$(sed 's/[ ,].*//' <<<"$out" | sort | tr '\n' ' ')" "$1"; }

@test "history, plain and drawn" {
	branches
	put e1 "d1, d2"
	ok history
	equal "$out" "$(cat <<-'END'
		d1, d2 -> e1 (billing, users) (head) (mergepoint), step e1
		c2 -> d2 (users), step d2
		b1 -> c2 (users), step c2
		c1 -> d1 (billing), step d1
		b1 -> c1 (billing), step c1
		a1 -> b1 (branchpoint), step b1
		<base> -> a1, step a1
	END
	)"
	ok history --graph
	equal "$out" "$(cat <<-'END'
		* e1 (billing, users) (head) (mergepoint), step e1
		|\
		| * d2 (users), step d2
		| * c2 (users), step c2
		* | d1 (billing), step d1
		* | c1 (billing), step c1
		|/
		* b1 (branchpoint), step b1
		* a1, step a1
	END
	)"
	ok history --graph -v -r c2:d2
	has "$out" "* Rev: d2 (users)"
	has "$out" "| Also depends on: c1"
	[ ! -e app.db ]
}

@test "drawn: three into one, lanes that cross, roots that end" {
	mkdir migrations
	put a ""
	put b a
	put c a
	put d a
	put e "b, c, d"
	put z ""
	ok history --graph --dialect sqlite
	equal "$out" "$(cat <<-'END'
		* z (head), step z
		* e (head) (mergepoint), step e
		|\
		| |\
		| | * d, step d
		| * | c, step c
		* | | b, step b
		|_|/
		|/
		* a (branchpoint), step a
	END
	)"
	put y z
	put x "z, e"
	ok history --graph --dialect sqlite
	equal "$(head -n 8 <<<"$out")" "$(cat <<-'END'
		* y (head), step y
		| * x (head) (mergepoint), step x
		| |\
		|/ /
		* | z (branchpoint), step z
		 /
		* e (mergepoint), step e
		|\
	END
	)"
}

@test "history -r between branches, and with what is current" {
	branches
	ok history -r billing:heads
	equal "$(sed 's/.*-> \([a-z0-9]*\).*/\1/' <<<"$out" | tr '\n' ' ')" "d2 d1 c1 "
	ok history -r users@base:users@head
	equal "$(sed 's/.*-> \([a-z0-9]*\).*/\1/' <<<"$out" | tr '\n' ' ')" "d2 c2 c1 b1 a1 "
	sd history -r d1:d2
	want 2
	has "$err" "d1 does not come before d2"
	ok history -i
	hasnt "$out" "(current)"
	ok upgrade c2
	ok history -r current:
	has "$out" "c2 (users) (current), step c2"
	sd history -i --url sqlite:
	want 2
}

@test "heads, branches, show, current" {
	branches
	put c3 c1
	ok heads
	equal "$out" "$(printf 'c3 (billing) (head), step c3\nd1 (billing) (head), step d1\nd2 (users) (head), step d2')"
	put d3 "" "depends-on: d1"
	ok heads
	has "$out" "d1 (billing) (effective head), step d1"
	ok heads --resolve-dependencies
	hasnt "$out" "d1"
	ok heads -v
	has "$out" "Also depends on: c1"
	ok branches
	equal "$out" "$(cat <<-'END'
		c1 (billing) (branchpoint), step c1
		    -> c3 (billing) (head), step c3
		    -> d1 (billing) (effective head), step d1
		b1 (branchpoint), step b1
		    -> c1 (billing) (branchpoint), step c1
		    -> c2 (users), step c2
	END
	)"
	ok branches -v
	has "$out" "Branches into: c1, c2"
	ok branches --json
	equal "$(field "$out" '[(b["revision"], b["children"]) for b in d["branches"]]')" \
		"[('c1', ['c3', 'd1']), ('b1', ['c1', 'c2'])]"
	ok heads --json
	equal "$(field "$out" 'd["heads"][2]["depends_on"], d["heads"][2]["labels"]')" "(['c1'], ['users'])"
	ok show users@head
	has "$out" "CREATE TABLE t_d2"
	ok show heads
	has "$out" "CREATE TABLE t_d2"
	has "$out" "CREATE TABLE t_d3"
	ok show heads --json
	equal "$(field "$out" '[r["revision"] for r in d["revisions"]]')" "['c3', 'd2', 'd3']"
	ok show billing --json
	equal "$(field "$out" 'd["revision"], d["labels"]')" "('c1', ['billing'])"
}

@test "where one head is needed, several are named" {
	branches
	ok upgrade heads
	mkdir -p schemas
	for words in "autogenerate -m x" "upgrade" "upgrade head" "downgrade head-1" "show head" "stamp head" "revision -m x" "upgrade --sql"; do
		sd $words
		want 3
		has "$err" "the history has 2 heads: d1, d2"
		has "$err" "schemadiff merge heads -m MESSAGE"
	done
}

@test "upgrade and downgrade walk branches, and dependencies come along" {
	branches
	ok upgrade users@head
	at "c1 d2 "
	ok upgrade heads
	at "d1 d2 "
	sd downgrade -1
	want 3
	has "$err" "the database is at 2 revisions at once: d1, d2"
	ok downgrade billing@-1
	at "c1 d2 "
	ok downgrade users@b1
	at "c1 "
	ok upgrade users@+1
	at "c1 c2 "
	sd upgrade +1
	want 3
	ok downgrade billing@b1
	at "c2 "
	ok upgrade heads
	ok downgrade billing@b1
	at "c2 "
	sd downgrade d1
	want 2
	has "$err" "cannot downgrade to d1: it is not applied"
	ok downgrade base
	equal "$(sql ".tables" | tr -s ' \n' ' ')" "schemadiff_log schemadiff_meta schemadiff_revisions "
}

@test "ranges with several heads are printed, and run through the shell" {
	branches
	ok upgrade --sql base:heads
	sqlite3 app.db <<<"$out"
	at "d1 d2 "
	ok downgrade --sql heads:billing@b1
	has "$out" "DROP TABLE t_d2"
	hasnt "$out" "DROP TABLE t_c2"
	sqlite3 app.db <<<"$out"
	at "c2 "
	sd upgrade --sql d1:d2
	want 2
	has "$err" "there is no way up from d1 to d2"
}

@test "stamp: several targets, other branches stay, overlaps are refused" {
	branches
	sqlite3 app.db 'VACUUM'
	ok stamp d1 c2
	at "c2 d1 "
	ok stamp users@head
	at "d1 d2 "
	sd stamp c1 d1
	want 5
	has "$err" "revision c1 is below another of these targets"
	sd stamp base d1
	want 2
	ok stamp users@base
	at "d1 "
	ok stamp --purge c2
	at "c2 "
	ok stamp heads --json
	equal "$(field "$out" 'd["revisions"], sorted(d["changed"])')" "(['d1', 'd2'], ['c1', 'd1', 'd2'])"
	ok current --check-heads
}

@test "all defects of a history at once" {
	branches
	put x1 zz "label: billing"
	put x2 x3
	put x3 "" "depends-on: x2"
	cp migrations/a1.sql migrations/b0.sql
	sd heads
	want 3
	has "$err" 'migrations/b0.sql:2:14: error: revision "a1" is here twice'
	has "$err" 'migrations/x1.sql:4:11: error: the label "billing" is here twice'
	has "$err" 'migrations/x1.sql:3:13: error: revises "zz", and no script has that revision'
	has "$err" 'a cycle: x2 revises x3 depends on x2'
}

@test "scripts in several folders and below them" {
	mkdir -p one/deep two
	echo '{ "migrations": ["one", "two"], "recursive": true }' >schemadiff.json
	mkdir migrations
	put a ""
	put b a
	put c b
	mv migrations/a.sql two/
	mv migrations/b.sql one/deep/
	mv migrations/c.sql one/
	rmdir migrations
	ok history --dialect sqlite
	equal "$(sed 's/.*-> \([a-z]*\).*/\1/' <<<"$out" | tr '\n' ' ')" "c b a "
}

@test "merge joins heads, and refuses what is none" {
	branches
	ok merge heads -m "one again" --rev-id m1
	has "$out" "_m1_one_again.sql"
	ok heads
	equal "$out" "m1 (billing, users) (head) (mergepoint), one again"
	ok upgrade
	at "m1 "
	sd downgrade -2
	want 3
	has "$err" "\"-2\" is ambiguous: the way parts at m1 into d1, d2"
	has "$err" "hint: name the revision that you mean; one step back from m1 leads to all of them"
	ok downgrade -1
	equal "$(grep -c '^downgrade ' <<<"$err")" 1
	at "d1 d2 "
	sd downgrade -1
	want 3
	has "$err" "the database is at 2 revisions at once: d1, d2"
	ok upgrade
	ok stamp head-1
	at "d1 d2 "
	ok show m1-1
	equal "$(grep ^Rev: <<<"$out")" "Rev: d1 (billing) (current)
Rev: d2 (users) (current)"
	ok downgrade --sql head:-1
	has "$out" "-- downgrade m1"
	hasnt "$out" "-- downgrade d"
	ok upgrade
	ok downgrade billing@-1
	at "d1 d2 "
	sd merge heads
	want 2
	has "$err" "there is nothing to merge: only m1 is named"
	sd merge d1 c2 -m x
	want 5
	has "$err" "revision d1 is no head: m1 revises it"
	has "$err" "--splice"
	ok merge d1 d2 --splice --rev-id m2
	has "$out" "_m2_merge_d1_d2.sql"
	sd merge c1 d1 --splice
	want 2
	has "$err" "one of these revisions needs another: d1 is enough"
	sd merge m1 m1
	want 2
	has "$err" "revision m1 is named twice"
}

@test "revision: head, splice, label, dependency, folder" {
	mkdir -p migrations more
	echo '{ "migrations": ["migrations", "more"], "dialects": ["sqlite"] }' >schemadiff.json
	put aaaa1 "" "label: left"
	put aaaa2 aaaa1
	sd revision -m x --head aaaa1 --dialect sqlite
	want 5
	has "$err" "revision aaaa1 is no head: aaaa2 revises it"
	ok revision -m x --head aaaa1 --splice --rev-id bbbb1 --branch-label right --dialect sqlite
	has "$(cat "$out")" "$(printf -- '-- revision: bbbb1\n-- revises: aaaa1\n-- label: right\n')"
	sd revision -m x --dialect sqlite
	want 3
	sd revision -m x --head base --rev-id cccc1 --dialect sqlite
	want 2
	has "$err" "choose one with --version-path"
	has "$err" "the folders: migrations, more"
	ok revision -m x --head base --rev-id cccc1 --version-path more --depends-on left --depends-on bb --dialect sqlite
	has "$out" "more/"
	has "$(cat "$out")" "$(printf -- '-- revision: cccc1\n-- depends-on: left, bbbb1\n')"
	hasnt "$(cat "$out")" "revises"
	ok revision -m y --head ccc --dialect sqlite
	has "$out" "more/"
	ok revision -m y --head aaaa2 --head right@head --rev-id dddd1 --dialect sqlite
	has "$(cat "$out")" "-- revises: aaaa2, bbbb1"
	sd revision -m x --head base --version-path elsewhere --dialect sqlite
	want 2
	has "$err" "it is none of the folders"
	for words in "--branch-label left" "--branch-label aaaa2" "--branch-label a@b" "--rev-id left" "--depends-on nope" \
		"--depends-on base" "--head nope"; do
		sd revision -m x --head dddd1 $words --dialect sqlite
		want 2
	done
}

@test "autogenerate goes on behind a merge, once that is applied" {
	branches
	ok upgrade heads
	mkdir schemas
	ok inspect -o schemas/db.json
	ok merge heads -m "one again" --rev-id m1
	sd autogenerate -m "more"
	want 3
	has "$err" "1 revision is pending, up to m1"
	ok upgrade
	sed -i 's/"t_a1":/"t_new": { "columns": { "id": { "type": "integer" } } },\n    "t_a1":/' schemas/db.json
	ok autogenerate -m "more" --rev-id n1
	has "$(cat "$out")" "-- revises: m1"
	ok upgrade
	at "n1 "
	ok status
	has "$out" "files:       unchanged since the last revision"
	sed -i '/^-- schema:/d' migrations/*n1*
	ok status
	has "$out" "files:       not compared: revision n1 carries no fingerprint"
}

# add TABLE: the schema files want that table, too.
add() {
	sed -i "s/\"t_a1\":/\"$1\": { \"columns\": { \"id\": { \"type\": \"integer\" } } },\n    \"t_a1\":/" schemas/db.json
}

@test "autogenerate says where the revision stands: --head, --splice, --branch-label, --depends-on" {
	branches
	ok upgrade heads
	mkdir schemas
	ok inspect -o schemas/db.json
	ok status
	has "$out" "files:       not compared: the history has several heads"
	has "$out" "drift:       none"
	ok status --json
	equal "$(field "$out" "d['files_changed']")" None
	add t_new
	sd autogenerate -m more
	want 3
	has "$err" "the history has 2 heads: d1, d2"
	ok autogenerate -m more --rev-id d11 --head d1 --branch-label bills --depends-on d2
	has "$(cat "$out")" "-- revises: d1"
	has "$(cat "$out")" "-- depends-on: d2"
	has "$(cat "$out")" "-- label: bills"
	has "$(cat "$out")" "CREATE TABLE t_new"
	hasnt "$(cat "$out")" "t_a1"
	sd revision --autogenerate -m more --head d11
	want 3
	has "$err" "the database is not at head: 1 revision is pending, up to d11"
	ok upgrade heads
	# the other head, by the other command; then one above both
	add t_more
	ok revision --autogenerate -m more --rev-id d21 --head d2
	ok upgrade heads
	add t_both
	ok autogenerate -m both --rev-id e1 --head d11 --head d21
	has "$(cat "$out")" "-- revises: d11, d21"
	ok upgrade
	at "e1 "
	# a branch from below: the database must be there, and what runs above it is not below
	add t_side
	sd autogenerate -m side --head d1
	want 5
	has "$err" "revision d1 is no head: d11 revises it"
	sd autogenerate -m side --head b1 --splice
	want 3
	has "$err" "the database is beyond b1: revision e1 is applied, too"
	has "$err" 'hint: run `schemadiff downgrade b1` first'
	ok downgrade b1
	sd autogenerate -m side --head b1 --splice --rev-id c3
	want 0
	has "$err" "warning: revision c1 and others are not applied: what they do is part of the difference"
	has "$(cat "$out")" "CREATE TABLE t_c1"
	rm "$out"
	# a root of its own stands beside what is there
	ok upgrade
	ok autogenerate -m root --head base --rev-id r1
	hasnt "$(cat "$out")" "-- revises"
	has "$(cat "$out")" "CREATE TABLE t_side"
	ok upgrade heads
	at "e1 r1 "
	sd check --upstream ''
	want 3 # the two heads alone
	has "$out" "ok    5"
	add t_word
	for words in "--head nope" "--head e1 --depends-on base" "--head e1 --version-path nope" \
		"--head e1 --branch-label bills" "--baseline --head e1"; do
		# shellcheck disable=SC2086 # words
		sd autogenerate -m x $words
		want 2
	done
}

@test "edit opens the script, and says when it is applied" {
	branches
	export EDITOR='sed -i s/step/steps/' VISUAL=
	ok edit users@head
	has "$(cat migrations/d2.sql)" "steps d2"
	ok edit heads --json
	equal "$(field "$out" 'd["paths"]')" "['migrations/d1.sql', 'migrations/d2.sql']"
	sd edit base
	want 2
	sd edit current
	want 2
	ok upgrade billing
	ok edit current
	has "$err" "revision c1 is applied"
	VISUAL=false sd edit a1
	want 2
	has "$err" 'the editor "false" failed'
}

@test "ensure-version creates the tables once" {
	branches
	ok ensure-version
	has "$err" "are created"
	equal "$(sql "SELECT count(*) FROM schemadiff_revisions")" "0"
	ok ensure-version --json
	equal "$(field "$out" 'd["created"]')" "False"
	ok upgrade heads
	rm app.db
	ok ensure-version --sql
	[ ! -e app.db ]
	sqlite3 app.db <<<"$out"
	ok upgrade heads
	at "d1 d2 "
}

@test "stamp leaves other branches as they are: their gaps, and what they depend on" {
	mkdir -p migrations
	echo '{ "environments": { "dev": { "url": "sqlite:app.db" } }, "default_environment": "dev" }' >schemadiff.json
	put a0 "" "label: a"
	put a1 a0 "depends-on: b2"
	put b1 ""
	put b2 b1
	ok upgrade heads
	ok stamp a0
	at "a0 b2 "
	rm app.db
	ok upgrade -q heads
	put b15 b1
	put b2 b15
	ok stamp a0
	sd status
	has "$out" "gaps:        b15"
	equal "$(sqlite3 app.db "SELECT group_concat(revision, ' ') FROM (SELECT revision FROM schemadiff_revisions ORDER BY 1)")" "a0 b1 b2"
}

@test "stamp of several targets does not depend on their order" {
	mkdir -p migrations
	echo '{ "environments": { "dev": { "url": "sqlite:app.db" } }, "default_environment": "dev" }' >schemadiff.json
	put a0 "" "label: a"
	put a1 a0
	put a2 a0
	put b1 "" "label: b"
	ok upgrade heads
	ok stamp a@a1 b@b1
	local first
	first="$(sqlite3 app.db 'SELECT revision FROM schemadiff_revisions ORDER BY 1' | tr '\n' ' ')"
	ok stamp heads
	ok stamp b@b1 a@a1 a@a1
	equal "$(sqlite3 app.db 'SELECT revision FROM schemadiff_revisions ORDER BY 1' | tr '\n' ' ')" "$first"
}

@test "what is half done on another branch is not forgotten by stamp, and its hint can be followed" {
	mkdir -p migrations
	echo '{ "environments": { "dev": { "url": "sqlite:app.db" } }, "default_environment": "dev" }' >schemadiff.json
	put b1 ""
	put b2 b1
	printf -- '-- half\n-- revision: a1\n-- schemadiff:up\nCREATE TABLE x (i);\n-- schemadiff:transaction\nINSERT INTO later VALUES (1);\n' \
		>migrations/a1.sql
	sd upgrade a1
	want 4
	sd stamp b1
	want 3
	has "$err" "revision a1, of another branch, is half applied"
	has "$err" '`schemadiff upgrade a1` goes on with it'
	sd upgrade b2
	want 3
	has "$err" '`schemadiff upgrade a1` goes on with it'
	sqlite3 app.db 'CREATE TABLE later (i)'
	ok upgrade a1
	ok stamp b1
	at "a1 b1 "
}
