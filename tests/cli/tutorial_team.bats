#!/usr/bin/env bats
load helpers
load git_helpers
load tutorial_helpers

# The tutorials of a team: two developers' heads, a branch that is left; on each engine.

# A repository on main with one table a file, and rows in the database.
team() {
	git_setup
	git init -q .
	echo '*.db*' >.gitignore
	printf '{ "tables": { "account": { "columns": {\n"id": { "type": "bigint", "identity": "by default", "primary_key": true },\n"name": { "type": "text" }\n} } } }\n' \
		>schemas/account.json
	printf '{ "tables": { "invoice": { "columns": {\n"id": { "type": "bigint", "identity": "by default", "primary_key": true },\n"total": { "type": "integer" }\n} } } }\n' \
		>schemas/invoice.json
	write aa01
	git add -A
	git commit -qm "first tables"
	git branch ada
	git branch ben
}

# column TABLE NAME: one more of type text in the table's file
column() {
	sed -i "s/^} } } }/, \"$2\": { \"type\": \"text\" }\n&/" "schemas/$1.json"
}

# develop NAME ID: that developer's branch, database and revision, applied
develop() {
	git switch -q "$1"
	database "$1"
	export SCHEMADIFF_URL=$url
	ok upgrade
	query "INSERT INTO account (name) VALUES ('$1')"
	query "INSERT INTO invoice (total) VALUES (7)"
	column "$3" "$4"
	write "$2"
	ok upgrade
	clean
	git add -A
	git commit -qm "$4"
}

two_heads() {
	team
	develop ada bb02 account phone
	query "UPDATE account SET phone = '123'"
	develop ben cc02 invoice note
	query "UPDATE invoice SET note = 'paid'"

	# git merges without a word: the files are others
	git merge -q --no-verify -m "both" ada
	sd check
	want 3
	has "$out" "FAIL  2  the history is whole"
	has "$err" "the history has 2 heads: bb02, cc02"
	sd upgrade
	want 3
	has "$err" "bb02"
	has "$err" "cc02"
	has "$err" "schemadiff merge"
	sd autogenerate -m "more"
	want 3
	ok history --graph
	has "$out" "bb02 (head)"

	ok merge heads -m "phone and note" --rev-id dd03
	script=$out
	ok heads
	equal "$out" "dd03 (head) (mergepoint), phone and note"
	sd check
	want 1
	has "$out" "FAIL  4  the database is at head: not applied yet: bb02, dd03; run \`schemadiff upgrade\`"
	ok upgrade
	clean
	rows "SELECT name, phone FROM account" "ben|"
	rows "SELECT total, note FROM invoice" "7|paid"
	git add -A
	git commit -qm "one head"

	# the other developer
	git switch -q ada
	git merge -q ben
	use ada
	export SCHEMADIFF_URL=$url
	ok upgrade
	clean
	rows "SELECT name, phone FROM account" "ada|123"
	rows "SELECT total, note FROM invoice" "7|"

	# and everybody else: from nothing; back to before the merge, each line for itself
	database fresh
	export SCHEMADIFF_URL=$url
	ok upgrade
	clean
	query "INSERT INTO account (name, phone) VALUES ('eve', '9')"
	ok downgrade -1
	has "$err" "downgrade dd03 -> bb02, cc02: phone and note"
	at bb02 cc02
	rows "SELECT name, phone FROM account" "eve|9"
	sd downgrade -1
	want 3
	has "$err" 'hint: say whose line you mean, such as "bb02@-1"'
	ok downgrade cc02@-1
	at bb02
	rows "SELECT name, phone FROM account" "eve|9"
	refused "SELECT note FROM invoice"
	ok upgrade
	clean
	ok downgrade aa01
	rows "SELECT name FROM account" eve
	unset SCHEMADIFF_URL
}

@test "two developers' heads, merged" {
	each_engine two_heads
}

# ---- the same line of the same file -------------------------------------------------------------

conflict() {
	team
	develop ada bb02 account phone
	query "UPDATE account SET phone = '123'"
	develop ben cc02 account mail
	by_git merge -q ada
	want 1
	sd check
	want 2
	has "$err" "schemas/account.json:4:1: error: a merge has left a conflict here"
	has "$err" "hint: choose what shall stand, and take the marks <<<<<<< ======= >>>>>>> away"
	ok merge heads -m "too early" --rev-id ee03
	has "$err" "warning: the schema files do not load"
	rm "$out"
	sed -i '/^<<<<<<< /d; /^=======$/d; /^>>>>>>> /d' schemas/account.json
	ok merge heads -m "phone and mail" --rev-id dd03
	ok upgrade
	clean
	rows "SELECT name, phone, mail FROM account" "ben||"
	git add -A
	git commit -qm "both columns"
	git switch -q ada
	git merge -q ben
	use ada
	export SCHEMADIFF_URL=$url
	ok upgrade
	clean
	rows "SELECT name, phone, mail FROM account" "ada|123|"
	unset SCHEMADIFF_URL
}

@test "two developers' columns in one table: git's conflict is named, both stay" {
	each_engine conflict
}

# ---- the same, rebased --------------------------------------------------------------------------

rebased() {
	team
	develop ada bb02 account phone
	query "UPDATE account SET phone = '123'"
	develop ben cc02 invoice note
	query "UPDATE invoice SET note = 'paid'"

	# Ada's work is on main first, and check knows before git does anything
	git switch -q main
	git merge -q ada
	git switch -q ben
	sd check
	want 3
	has "$err" "error: main has new revisions, too: merged with revision cc02 there will be two heads"

	# git puts Ben's commit behind Ada's; his revision still follows the first one
	git rebase -q main
	sd upgrade
	want 3
	has "$err" "the history has 2 heads: bb02, cc02"
	ok rebase
	has "$out" "cc02_to_cc02.sql: revises: aa01 -> bb02"
	ok heads
	equal "$out" "cc02 (head), to cc02"
	ok history -r aa01:
	has "$out" "bb02 -> cc02 (head) (current)"

	# his database has run the second before the first: a gap, which upgrade fills
	ok status
	has "$out" "bb02"
	ok upgrade
	has "$err" "bb02"
	clean
	rows "SELECT name, phone FROM account" "ben|"
	rows "SELECT total, note FROM invoice" "7|paid"
	git commit -qam "behind what came first"
	ok rebase
	has "$err" "nothing to do"

	# for the others it is one line
	git switch -q main
	git merge -q ben
	use ada
	export SCHEMADIFF_URL=$url
	ok upgrade
	has "$err" "upgrade bb02 -> cc02"
	clean
	rows "SELECT name, phone FROM account" "ada|123"
	database fresh
	export SCHEMADIFF_URL=$url
	ok upgrade
	clean
	ok downgrade -1
	at bb02
	ok downgrade -1
	at aa01
	unset SCHEMADIFF_URL
}

@test "two developers' heads, rebased" {
	each_engine rebased
}

# ---- a branch left without a way back -----------------------------------------------------------

branch_switched() {
	team
	develop ada bb02 account phone
	query "UPDATE account SET phone = '123'"
	git switch -q main

	# the database is ahead of what is checked out
	sd check
	want 1
	has "$out$err" "bb02"
	ok status
	has "$out" "bb02"
	sd upgrade
	has "$err" "bb02"
	sd autogenerate -m "more"
	want 3
	has "$err" "bb02"
	sd downgrade aa01
	want 3
	has "$err" "hint: \`--from-database\` undoes such a revision by the down part that the database keeps"
	rows "SELECT name, phone FROM account" "ada|123"

	ok downgrade aa01 --from-database
	has "$out$err" "DROP COLUMN phone"
	at aa01
	clean
	rows "SELECT name FROM account" ada

	# and again to the branch
	git switch -q ada
	ok upgrade
	clean
	rows "SELECT name, phone FROM account" "ada|"
	unset SCHEMADIFF_URL
}

@test "a branch left without a downgrade: --from-database" {
	each_engine branch_switched
}
