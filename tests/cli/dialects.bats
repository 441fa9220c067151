#!/usr/bin/env bats
# Projects whose history is for two engines: one revision, a part for each.
load helpers
load git_helpers
load adopt_helpers

# two MORE-KEYS: a project for both dialects with an SQLite file and a PostgreSQL database ($PG_URL).
two() {
	mkdir schemas
	cat >schemadiff.json <<-END
		{ "dialects": ["sqlite", "postgresql"], "default_environment": "dev", "environments": {
		"dev": { "url": "sqlite:app.db" }, "pg": { "url": "\${PG_URL}" } ${1:-} } }
	END
}

# server: $PG_URL is the URL of a new, empty database on the server of the tests.
server() {
	[ -n "${SD_TEST_PG:-}" ] || skip "SD_TEST_PG names no server"
	database="schemadiff_cli_two_$BATS_TEST_NUMBER"
	psql -Xq "$SD_TEST_PG" -c 'SET client_min_messages = error' -c "DROP DATABASE IF EXISTS $database" \
		-c "CREATE DATABASE $database"
	socket="$(sed -n 's/.*host=\([^ ]*\).*/\1/p' <<<"$SD_TEST_PG")"
	export PG_URL="postgresql://postgres@/$database?host=$socket"
}

teardown() {
	[ -z "${database:-}" ] || psql -Xq "$SD_TEST_PG" -c "DROP DATABASE IF EXISTS $database"
}

pg() { psql -XAtq "$PG_URL" -c "$1"; }

# notes COLUMN…: the schema file of a table; each COLUMN is a line of JSON.
notes() {
	{
		printf '{ "enums": { "mood": [%s] }, "tables": { "notes": { "columns": {\n' "${moods-\"sad\", \"ok\"}"
		printf '"id": { "type": "bigint", "identity": "by default", "primary_key": true }'
		printf ',\n%s' "$@"
		printf '\n} } } }\n'
	} >schemas/notes.json
}

title='"title": { "type": "varchar(80)", "nullable": false }'
mood='"mood": { "type": "mood", "nullable": false, "default": "'"'ok'"'" }'
meta() { printf '"meta": { "type": { "sqlite": "text", "postgresql": "%s" } }' "$1"; }

# both VERB…: the command on both databases.
both() {
	ok -e dev "$@"
	ok -e pg "$@"
}

# clean: on both, check finds nothing, and no revision is missing when the fingerprint is not believed either.
clean() {
	both check
	hasnt "$out" FAIL
}

script() { cat migrations/*_"$1"_*.sql; }

# part WORD ID: the text of that part, "up sqlite", of the revision.
part() {
	script "$2" | sed -nE "/^-- schemadiff:$1\$/,/^-- schemadiff:(up|down)/p" | sed -E '1d; /^-- schemadiff:(up|down)/d'
}

@test "one revision, a part for each engine, compared with its own database" {
	server
	two
	notes "$title" "$mood" "$(meta jsonb)"
	ok autogenerate -m first --rev-id aaa1
	has "$err" "warning: sqlite: down: drops table notes and its rows"
	has "$err" "warning: postgresql: down: drops table notes and its rows"
	has "$(script aaa1)" "-- dialect: sqlite, postgresql"
	has "$(script aaa1)" "-- requires: sqlite 3.35, postgresql "
	[[ "$(script aaa1)" =~ "-- schema: sqlite v1:"[0-9a-f]{64}", postgresql v1:"[0-9a-f]{64} ]]
	has "$(part 'up sqlite' aaa1)" "CHECK (mood IN ('sad', 'ok'))"
	hasnt "$(part 'up sqlite' aaa1)" jsonb
	has "$(part 'up postgresql' aaa1)" "CREATE TYPE mood AS ENUM ('sad', 'ok');"
	has "$(part 'up postgresql' aaa1)" "meta jsonb"
	has "$(part 'down postgresql' aaa1)" "DROP TYPE mood;"
	hasnt "$(part 'down sqlite' aaa1)" TYPE
	both upgrade
	clean
	# the same bytes, whichever of them is the target, and whether it is looked at or replayed
	script aaa1 >kept
	both downgrade base
	rm migrations/*
	ok -e pg autogenerate -m first --rev-id aaa1 --replay
	equal "$(script aaa1)" "$(cat kept)"
	both upgrade
	both downgrade base
	equal "$(pg "SELECT count(*) FROM pg_type WHERE typname = 'mood'")" 0
	equal "$(sql "SELECT count(*) FROM sqlite_schema WHERE name = 'notes'")" 0
}

@test "rows through a rename, a NOT NULL column, an enum's value, and back, on both" {
	server
	two
	notes "$title" "$mood"
	ok autogenerate -m first --rev-id aaa1
	both upgrade
	for run in sql pg; do "$run" "INSERT INTO notes (title, mood) VALUES ('Milk', 'sad'), ('Call', 'ok')"; done
	"$SD" -e dev inspect >dev.before
	"$SD" -e pg inspect >pg.before

	notes "${title/title/heading}" "$mood"
	sd autogenerate -m rename --rev-id bbb1
	want 5
	equal "$(grep -c 'is gone and column' <<<"$err")" 1
	ok autogenerate -m rename --rev-id bbb1 --rename notes.title=heading
	has "$(part 'up sqlite' bbb1)" "RENAME COLUMN title TO heading"
	has "$(part 'up postgresql' bbb1)" "RENAME COLUMN title TO heading"
	both upgrade
	clean

	state='"status": { "type": "text", "nullable": false'
	notes "${title/title/heading}" "$mood" "$state }"
	sd autogenerate -m status
	want 5
	equal "$(grep -c 'is NOT NULL and nothing fills' <<<"$err")" 1
	notes "${title/title/heading}" "$mood" \
		"$state, \"backfill\": { \"sqlite\": \"'s-' || id\", \"postgresql\": \"'p-' || id\" } }"
	ok autogenerate -m status --rev-id ccc1
	has "$(part 'up postgresql' ccc1)" "schemadiff:batch"
	hasnt "$(part 'up sqlite' ccc1)" "'p-'"
	both upgrade
	clean
	equal "$(sql "SELECT heading || mood || status FROM notes WHERE id = 2")" "Calloks-2"
	equal "$(pg "SELECT heading || mood || status FROM notes WHERE id = 2")" "Callokp-2"

	moods='"sad", "ok", "glad"' notes "${title/title/heading}" "$mood" "$state }"
	ok autogenerate -m glad --rev-id ddd1
	has "$(part 'up postgresql' ddd1)" "ADD VALUE"
	has "$(part 'up sqlite' ddd1)" "'glad'"
	both upgrade
	clean
	for run in sql pg; do "$run" "INSERT INTO notes (heading, mood, status) VALUES ('New', 'glad', 'x'); DELETE FROM notes WHERE mood = 'glad'"; done

	both downgrade aaa1
	equal "$("$SD" -e dev inspect)" "$(cat dev.before)"
	equal "$("$SD" -e pg inspect)" "$(cat pg.before)"
	equal "$(sql "SELECT group_concat(title || mood) FROM (SELECT * FROM notes ORDER BY id)")" "Milksad,Callok"
	equal "$(pg "SELECT string_agg(title || mood, ',' ORDER BY id) FROM notes")" "Milksad,Callok"
	both upgrade
	clean
}

@test "what differs on one engine alone leaves the other's parts empty, and there" {
	server
	two
	notes "$(meta jsonb)"
	ok autogenerate -m first --rev-id aaa1
	both upgrade
	notes "$(meta json)"
	ok status
	has "$out" "files:       changed since the last revision, for postgresql"
	ok autogenerate -m json --rev-id bbb1 --json
	equal "$(field "$out" "[(x['dialect'], len(x['changes'])) for x in d['dialects']]")" \
		"[('sqlite', 0), ('postgresql', 1)]"
	equal "$(field "$out" "[x['from'] for x in d['dialects']]")" "['environment \"dev\"', 'environment \"pg\"']"
	equal "$(field "$out" "len(d['changes'])")" 0
	has "$err" "sqlite: compared with environment \"dev\"; nothing differs, so its parts are empty"
	equal "$(part 'up sqlite' bbb1)" "-- nothing to do on sqlite"
	has "$(part 'up postgresql' bbb1)" "TYPE json"
	both upgrade
	clean
	both downgrade aaa1
	both downgrade base
	# nothing at all: one line of fingerprints is brought up to date
	both upgrade
	sed -i 's/postgresql v1:..../postgresql v1:0000/' migrations/*bbb1*
	ok autogenerate -m none
	has "$err" "no differences: no revision was written"
	has "$err" "was out of date: replaced"
	clean
	sed -i 's/^-- schema: .*/-- schema: v1:0000/' migrations/*bbb1*
	ok autogenerate -m none --dry-run
	has "$err" "without --dry-run it would be replaced"
	ok autogenerate -m none
	hasnt "$(script bbb1)" "v1:0000"
	ok -e pg status
	has "$out" "files:       unchanged since the last revision"
}

@test "without a database of the other dialect the scripts are replayed" {
	server
	two ', "ci": { "url": "sqlite:ci.db", "protected": true }'
	notes "$(meta jsonb)"
	ok autogenerate -m first --rev-id aaa1
	ok upgrade
	notes "$(meta json)" "$title"
	# the environment is there, and behind
	sd autogenerate -m second --allow all
	want 3
	has "$err" 'environment "pg" is not at head: 1 revision is pending, up to aaa1'
	has "$err" 'hint: run `schemadiff upgrade -e pg` first'
	has "$err" "hint: --replay takes what the scripts add up to"
	sd autogenerate -m second --allow all --replay
	want 2
	has "$err" "error: there is no postgresql database to compare with, and none to replay the migrations in"
	has "$err" "--also ENV names an environment of postgresql (pg); else give an environment a \"scratch_url\" of postgresql"
	equal "$(ls migrations | wc -l)" 1
	ok autogenerate -m second --allow all --replay --scratch auto --dry-run
	has "$out" "ALTER COLUMN meta TYPE json"
	sed -i "s|\"dev\": {|\"dev\": { \"scratch_url\": \"$PG_URL\",|" schemadiff.json
	ok autogenerate -m second --rev-id bbb1 --allow all --replay
	no_scratch
	both upgrade
	clean
	# SQLite needs no place: its file may be missing
	rm app.db
	notes "$(meta json)" "$title" "$mood"
	ok -e pg autogenerate -m third --rev-id ccc1
	has "$err" "sqlite: compared with the migrations"
	has "$err" "postgresql: compared with environment \"pg\""
	both upgrade
	clean
	# where several environments could be meant none is taken; --also says which
	sed -i 's|"pg": {|"pg2": { "url": "${PG_URL}" }, "pg": {|' schemadiff.json
	notes "$(meta json)" "$title"
	ok autogenerate -m fourth --dry-run --json
	equal "$(field "$out" "d['dialects'][1]['from']")" "the migrations"
	ok autogenerate -m fourth --dry-run --json --also pg2
	equal "$(field "$out" "d['dialects'][1]['from']")" 'environment "pg2"'
	for words in "dev:it is of sqlite, as the target is" "nope:no environment is called"; do
		sd autogenerate -m x --also "${words%%:*}"
		want 2
		has "$err" "${words#*:}"
	done
	sd autogenerate -m x --also pg --also pg2
	want 2
	has "$err" "was named already"
}

@test "a migration that is forgotten for one engine fails the hook" {
	git_setup
	git init -q .
	two
	unset PG_URL
	notes "$(meta jsonb)"
	ok autogenerate -m first --rev-id aaa1 # the first: there is nothing to replay
	git add -A
	git commit -qm first
	ok hook install
	notes "$(meta json)"
	by_git commit -qam forgotten
	want 1
	has "$err" "ok    3  no migration is missing, sqlite"
	has "$err" "FAIL  3  no migration is missing, postgresql: 1 difference"
	has "$err" "~ column meta: type: jsonb → json (schemas/notes.json:3)"
	committed first
	sd check
	want 1
	has "$out" "FAIL  3  no migration is missing, postgresql"
	sd check --json
	equal "$(field "$out" "[(g['dialect'], g['result']) for g in d['gates'] if g['gate'] == 3]")" \
		"[('sqlite', 'passed'), ('postgresql', 'failed')]"
	equal "$(field "$out" "[(f['dialect'], f['rule']) for f in d['findings']][0]")" "('postgresql', 'missing-migration')"
	git checkout -q schemas
	echo '{' >schemas/broken.json
	git add schemas
	by_git commit -qm broken
	want 1
	has "$err" "FAIL  1  the schema files load, sqlite"
	has "$err" "FAIL  1  the schema files load, postgresql"
	equal "$(grep -c 'broken.json.*error' <<<"$err")" 1
	git rm -qf schemas/broken.json
	# a part that was edited on the upstream branch, though it is the other engine's
	sed -i '/up postgresql/,/down sqlite/s/meta jsonb/meta jsonb NOT NULL/' migrations/*aaa1*
	sd check --upstream HEAD
	want 3
	has "$err" "revision aaa1 is on HEAD already, and this script differs from it there"
}

@test "a script without a part for one of the engines is no whole history" {
	two
	notes "$mood"
	ok autogenerate -m first --rev-id aaa1
	printf '%s\n' '-- by hand' '-- revision: bbb1' '-- revises: aaa1' '-- dialect: sqlite' '-- schemadiff:up' 'SELECT 1;' \
		>migrations/2.sql
	sd check
	want 3
	has "$out" "ok    2  the history is whole, sqlite"
	has "$out" "FAIL  2  the history is whole, postgresql"
	has "$err" "migrations/2.sql:5: error: revision bbb1 was not written for postgresql: its header names other dialects"
	has "$err" 'hint: write the part `-- schemadiff:up postgresql`'
	sed -i 's/: sqlite/: sqlite, postgresql/; s/:up/:up sqlite/' migrations/2.sql
	sd check
	has "$err" "migrations/2.sql:2:14: error: revision bbb1 has no up part for postgresql"
	echo '-- schemadiff:up postgresql' >>migrations/2.sql
	sd check --upstream ''
	hasnt "$out" "FAIL  2"
}

@test "revision, merge and a template have a part for each engine" {
	two
	notes "$mood"
	ok autogenerate -m first --rev-id aaa1
	ok revision -m left --rev-id bbb1
	hasnt "$err" "have changed"
	notes "$(meta json)"
	ok revision -m json --rev-id jjj1
	notes "$(meta jsonb)"
	ok revision -m jsonb --rev-id jjj2
	has "$err" "warning: the schema files have changed since revision jjj1, for postgresql: "
	hasnt "$err" "for sqlite"
	rm migrations/*jjj*
	notes "$mood"
	ok revision -m right --rev-id bbb2 --head aaa1 --splice
	ok merge heads -m both --rev-id ccc1
	for id in bbb1 bbb2 ccc1; do
		equal "$(script "$id" | grep '^-- schemadiff')" "$(printf -- '-- schemadiff:%s\n' 'up sqlite' \
			'up postgresql' 'down sqlite' 'down postgresql')"
		equal "$(script "$id" | grep '^-- schema:')" "$(script aaa1 | grep '^-- schema:')"
	done
	ok upgrade
	cat >t.sql <<-'END'
		-- %(message)s
		-- all of %(dialect)s
		%(header)s

		-- schemadiff:up
		-- read by: nobody, on %(dialect)s
		%(up)s
		-- schemadiff:down postgresql
		-- postgresql's own
		%(down)s
		-- schemadiff:down sqlite
		%(down)s
	END
	sed -i '1s/{/{ "script_template": "t.sql",/' schemadiff.json
	ok revision -m next --rev-id ddd1
	has "$(script ddd1)" "-- all of sqlite, postgresql"
	has "$(part 'up postgresql' ddd1)" "-- read by: nobody, on postgresql
-- write the statements that make the change here"
	has "$(part 'up sqlite' ddd1)" "-- read by: nobody, on sqlite"
	has "$(part 'down postgresql' ddd1)" "-- postgresql's own"
	hasnt "$(part 'down sqlite' ddd1)" "-- postgresql's own"
	sed -i '/down sqlite/,$d' t.sql
	sd revision -m next
	want 2
	has "$err" "t.sql: error: the template has no %(down)s for sqlite, and a script needs it"
}

@test "--dialect chooses where a default database is of the other engine" {
	two
	notes "$mood"
	ok autogenerate -m first --rev-id aaa1
	ok upgrade --sql
	has "$out" "CHECK (mood IN"
	ok upgrade --sql --dialect postgresql
	has "$out" "CREATE TYPE mood AS ENUM"
	sd upgrade --sql --dialect mysql
	want 2
	has "$err" "hint: dialects: sqlite, postgresql"
	ok show head --dialect postgresql
	has "$out" "-- schemadiff:down postgresql"
	sd check --dialect postgresql
	want 0
	has "$out" "skip  4, 5"
	for words in "upgrade" "check -e dev" "check --url sqlite:app.db" "diff"; do
		# shellcheck disable=SC2086 # words
		sd $words --dialect postgresql
		want 2
		has "$err" "--dialect postgresql: the database is of sqlite"
	done
	[ ! -e app.db ]
}

@test "a question is asked once, and answered for all" {
	server
	two
	notes "$title" "$mood"
	ok autogenerate -m first --rev-id aaa1
	both upgrade
	notes "${title/title/heading}" "$mood"
	on_terminal 'y\n' "$SD" autogenerate -m rename --rev-id bbb1
	want 0
	equal "$(grep -c 'Was notes.title renamed to' <<<"$out")" 1
	has "$(part 'up sqlite' bbb1)" "RENAME COLUMN title TO heading"
	has "$(part 'up postgresql' bbb1)" "RENAME COLUMN title TO heading"
}

@test "a baseline of two databases" {
	server
	two
	sql "CREATE TABLE notes (id INTEGER PRIMARY KEY, body text); INSERT INTO notes (body) VALUES ('x')"
	ok inspect -o schemas/db.json
	# the other one is empty: its part comes from the files
	ok autogenerate --baseline -m base --rev-id aaa1
	has "$err" "sqlite: from environment \"dev\""
	has "$err" "postgresql: from the schema files"
	has "$(part 'up postgresql' aaa1)" "CREATE TABLE notes"
	ok check --upstream ''
	ok -e pg upgrade
	clean
	rm migrations/*
	sql "DROP TABLE schemadiff_revisions; DROP TABLE schemadiff_log; DROP TABLE schemadiff_meta"
	pg "DROP TABLE schemadiff_revisions; DROP TABLE schemadiff_log; DROP TABLE schemadiff_meta; CREATE TABLE only_here (x int)"
	# it has tables: what it has; and it is recorded there only where it was named
	ok autogenerate --baseline -m base --rev-id aaa1 --dry-run
	has "$out" "CREATE TABLE only_here"
	equal "$(grep -c only_here <<<"$out")" 3
	pg "DROP TABLE only_here"
	ok autogenerate --baseline -m base --rev-id aaa1
	has "$err" "records that there"
	has "$err" "schemadiff stamp aaa1 -e pg"
	equal "$(pg "SELECT to_regclass('schemadiff_revisions') IS NULL")" t
	rm migrations/*
	sql "DROP TABLE schemadiff_revisions; DROP TABLE schemadiff_log; DROP TABLE schemadiff_meta"
	ok autogenerate --baseline -m base --rev-id aaa1 --also pg
	clean
	both downgrade base
	both upgrade
	clean
}

@test "a project for one engine gets the other" {
	server
	git_setup
	git init -q .
	two
	sed -i 's/, "postgresql"\]/]/' schemadiff.json
	notes "$mood"
	ok autogenerate -m first --rev-id aaa1
	ok upgrade
	git add -A
	git commit -qm first
	sed -i 's/"sqlite"\]/"sqlite", "postgresql"]/' schemadiff.json
	sd check
	want 3
	has "$err" "revision aaa1 was not written for postgresql"
	file="$(ls migrations/*aaa1*)"
	sed -i 's/^-- dialect: sqlite/&, postgresql/; s/^-- schemadiff:\(up\|down\)$/& sqlite/' "$file"
	cat >>"$file" <<-'END'
		-- schemadiff:up postgresql
		CREATE TYPE mood AS ENUM ('sad', 'ok');
		CREATE TABLE notes (id bigint GENERATED BY DEFAULT AS IDENTITY CONSTRAINT pk_notes PRIMARY KEY, mood mood DEFAULT 'ok' NOT NULL);
		-- schemadiff:down postgresql
		DROP TABLE notes;
		DROP TYPE mood;
	END
	sd check --upstream HEAD --scratch auto
	want 0
	ok -e pg upgrade
	ok autogenerate -m none
	has "$err" "was out of date: replaced"
	clean
	[[ "$(script aaa1)" =~ "-- schema: sqlite v1:"[0-9a-f]{64}", postgresql v1:"[0-9a-f]{64} ]]
	git commit -qam both
	sed -i 's/^DROP TYPE mood/DROP TYPE IF EXISTS mood/' "$file"
	sd check --upstream HEAD
	want 3
	has "$err" "revision aaa1 is on HEAD already, and this script differs from it there"
}

@test "a project for one engine gets the other in one revision: the older parts are empty" {
	server
	git_setup
	git init -q .
	two
	sed -i 's/, "postgresql"\]/]/' schemadiff.json
	notes "$mood"
	ok autogenerate -m first --rev-id aaa1
	ok upgrade
	git add -A
	git commit -qm first
	sed -i 's/"sqlite"\]/"sqlite", "postgresql"]/' schemadiff.json
	ok status
	has "$out" "files:       not compared: revision aaa1 carries no fingerprint for postgresql"
	# as docs/dialects.md has it
	sed -i 's/^-- dialect: sqlite$/&, postgresql/; s/^-- schemadiff:\(up\|down\)$/& sqlite/' migrations/*.sql
	for file in migrations/*.sql; do printf '\n-- schemadiff:up postgresql\n\n-- schemadiff:down postgresql\n' >>"$file"; done
	ok -e pg upgrade
	ok autogenerate -m "PostgreSQL, too" --rev-id bbb1
	equal "$(part 'up sqlite' bbb1)" "-- nothing to do on sqlite"
	has "$(part 'up postgresql' bbb1)" "CREATE TABLE notes"
	both upgrade
	clean
	ok check --upstream HEAD
	both downgrade aaa1
	ok -e pg downgrade base
	ok -e pg upgrade
}

@test "what one engine alone has: schemas_for" {
	server
	two
	sed -i '1s|{|{ "schemas_for": { "sqlite": "lite", "postgresql": ["pg/bills.json"] }, "namespaces": ["billing"],|' \
		schemadiff.json
	mkdir lite pg
	notes "$title" "$mood"
	echo '{ "views": { "sad": "SELECT id FROM notes WHERE mood = '"'sad'"'" } }' >lite/views.json
	echo '{ "schema": "billing", "tables": { "bills": { "columns": { "id": { "type": "integer", "primary_key": true },
		"amount": { "type": "numeric(8,2)" } } } } }' >pg/bills.json
	pg "CREATE SCHEMA billing"
	ok autogenerate -m first --rev-id aaa1
	has "$(part 'up sqlite' aaa1)" "CREATE VIEW sad"
	hasnt "$(part 'up sqlite' aaa1)" bills
	has "$(part 'up postgresql' aaa1)" "CREATE TABLE billing.bills"
	hasnt "$(part 'up postgresql' aaa1)" VIEW
	both upgrade
	clean
	pg "INSERT INTO billing.bills VALUES (1, 2.5)"
	# the rename fits on one engine alone, and that is no mistake; one that fits nowhere is
	sed -i 's/amount/total/' pg/bills.json
	sd autogenerate -m x --rename billing.bills.amountt=total
	want 2
	equal "$(grep -c 'billing.bills.amountt=total fits nothing' <<<"$err")" 1
	ok autogenerate -m total --rev-id bbb1 --rename billing.bills.amount=total
	has "$err" "sqlite: compared with environment \"dev\"; nothing differs, so its parts are empty"
	both upgrade
	clean
	equal "$(pg "SELECT total FROM billing.bills")" 2.50
	sed -i 's/"bills"/"invoices"/' pg/bills.json
	ok autogenerate -m table --rename billing.bills=invoices --dry-run
	has "$out" "ALTER TABLE billing.bills RENAME TO invoices"
	sed -i 's/"invoices"/"bills"/' pg/bills.json
	sed -i '1s/SELECT id/SELECT id, mood/' lite/views.json
	ok status
	has "$out" "files:       changed since the last revision, for sqlite"
	ok autogenerate -m view --rev-id ccc1
	both upgrade
	clean
	both downgrade aaa1
	equal "$(pg "SELECT amount FROM billing.bills")" 2.50
	# the hook sees these files, too
	git_setup
	git init -q .
	git add -A
	git commit -qm one
	sed -i '1s/SELECT id, mood/SELECT id/' lite/views.json
	git add -A
	sd hook run
	want 1
	has "$out" "FAIL  3  no migration is missing, sqlite"
}

# ---- rebase and squash -----------------------------------------------------------------------------

# team: a repository whose main has aaa1, and a place for scratch databases of PostgreSQL.
team() {
	server
	git_setup
	git init -q .
	two
	sed -i "s|\"dev\": {|\"dev\": { \"scratch_url\": \"$PG_URL\",|" schemadiff.json
	printf '%s\n' '*.db*' .out .err >.gitignore
	notes "$title"
	ok autogenerate -m first --rev-id aaa1 --replay
	git add -A
	git commit -qm first
}

# table NAME TYPE-ON-POSTGRESQL: the schema file of one
table() {
	printf '{ "tables": { "%s": { "columns": { "x": { "type": { "sqlite": "text", "postgresql": "%s" } } } } } }' \
		"$1" "$2" >"schemas/$1.json"
}

# write ID: the revision of what has changed in the files, committed
write() {
	ok upgrade
	ok autogenerate -m "to $1" --rev-id "$1" --replay
	git add -A
	git commit -qm "$1"
}

schema_line() { script "$1" | sed -n 's/^-- schema: //p'; }

@test "rebase renews the fingerprint of each dialect" {
	team
	git checkout -qb work
	table mine jsonb
	write bbb1
	git checkout -q main
	rm app.db*
	table theirs json
	write ccc1
	git checkout -q work
	git merge -q main -m merged
	before="$(schema_line bbb1)"
	ok rebase
	has "$out" "schema: $before -> sqlite v1:"
	[[ "$(schema_line bbb1)" =~ ^"sqlite v1:"[0-9a-f]{64}", postgresql v1:"[0-9a-f]{64}$ ]]
	for at in 1 2; do
		[ "$(schema_line bbb1 | cut -d, -f$at)" != "$(cut -d, -f$at <<<"$before")" ]
	done
	# the fingerprints are those of the files: nothing is replayed to see it
	sed -i 's/"scratch_url": "[^"]*", *//' schemadiff.json
	sd check --upstream ''
	has "$out" "ok    3  no migration is missing, postgresql"
	ok rebase
	has "$err" "nothing to do"
	# where the scripts do not give what the files say for one engine alone, the other one's is renewed
	git checkout -q schemadiff.json migrations
	table mine json
	ok rebase
	has "$err" "warning: postgresql: the schema files say more, or less, than all scripts add up to"
	hasnt "$err" "sqlite: "
	equal "$(schema_line bbb1 | cut -d, -f2)" "$(cut -d, -f2 <<<"$before")"
	[ "$(schema_line bbb1 | cut -d, -f1)" != "$(cut -d, -f1 <<<"$before")" ]
	# files that do not load leave it as it was
	git checkout -q .
	echo '{' >schemas/mine.json
	ok rebase
	has "$err" "warning: the schema files do not load, so the fingerprint of the head stays as it is"
	equal "$(schema_line bbb1)" "$before"
}

@test "squash joins the parts of each dialect, and carries fingerprints and requires of all" {
	team
	table more jsonb
	write bbb1
	sed -i 's/^-- requires: .*/-- requires: sqlite 3.37, postgresql 12/' migrations/*_aaa1_*
	table last json
	write ccc1
	last="$(schema_line ccc1)"
	both upgrade
	ok squash :ccc1 --rev-id s
	equal "$(script s | sed -n 's/^-- dialect: //p')" "sqlite, postgresql"
	equal "$(schema_line s)" "$last"
	has "$(script s)" "-- requires: sqlite 3.37, postgresql 1"
	hasnt "$(script s)" "postgresql 12"
	equal "$(script s | grep '^-- schemadiff:[ud]')" "$(printf -- '-- schemadiff:%s\n' 'up sqlite' \
		'up postgresql' 'down sqlite' 'down postgresql')"
	has "$(part 'up postgresql' s)" "x jsonb"
	hasnt "$(part 'up sqlite' s)" "x json"
	both upgrade
	has "$err" "recorded revision s for what it replaces: aaa1, bbb1, ccc1"
	clean
	# a replay of each needs no fingerprint
	sed -i 's/^-- schema: .*//' migrations/*_s_*
	clean
	both downgrade base
	both upgrade
	clean
}

@test "squash in a project whose first dialect is postgresql; a range that lost one" {
	team
	sed -i 's/"sqlite", "postgresql"/"postgresql", "sqlite"/' schemadiff.json
	table more jsonb
	write bbb1
	ok squash :bbb1 --dry-run
	has "$out" "-- dialect: postgresql, sqlite"
	equal "$(grep '^-- schemadiff:up' <<<"$out")" "-- schemadiff:up postgresql
-- schemadiff:up sqlite"
	# parts that are in some of the range alone would go
	sed -i '/^-- schemadiff:up postgresql/,$d' migrations/*_aaa1_*
	sed -i 's/^-- dialect: .*/-- dialect: sqlite/; s/, postgresql v1.*//' migrations/*_aaa1_*
	git commit -qam lost
	ok --dialect sqlite squash :bbb1 --dry-run
	has "$out" "-- dialect: sqlite
"
	equal "$(sed -n 's/^-- schema: //p' <<<"$out" | grep -c postgresql)" 0
	has "$err" "warning: bbb1 is written for postgresql, too, and aaa1 is not: the new revision has no part for it"
}

@test "squash --net makes the parts of each dialect anew" {
	team
	notes "$title" "$(meta json)"
	write bbb1
	notes "$title" "$(meta jsonb)"
	write ccc1
	last="$(schema_line ccc1)"
	both upgrade
	sed -i 's/^-- requires: .*/-- requires: sqlite 3.25, postgresql 12/' migrations/*
	git commit -qam old
	ok squash bbb1:ccc1 --net --rev-id s
	has "$(part 'up postgresql' s)" "ADD COLUMN meta jsonb"
	has "$(part 'up sqlite' s)" "ADD COLUMN meta text"
	has "$err" "warning: sqlite: down: drops the data in notes.meta"
	has "$err" "warning: postgresql: down: drops the data in notes.meta"
	equal "$(schema_line s)" "$last"
	# what was made anew is made for the versions that are asked for today
	[[ "$(script s)" =~ "-- requires: sqlite 3.35, postgresql 1"[4-9] ]]
	both upgrade
	clean
	both downgrade base
	both upgrade
	clean
	git add -A
	git commit -qm squashed
	# a question is about one dialect's column, and one of both; a flag that fits nothing is named
	sed -i 's/title/heading/' schemas/notes.json
	ok autogenerate -m rename --rev-id ddd1 --rename notes.title=heading --replay
	git add -A
	git commit -qm renamed
	sd squash s:ddd1 --net --rename notes.nope=heading
	want 2
	equal "$(grep -c 'notes.nope=heading' <<<"$err")" 1
	sd squash s:ddd1 --net
	want 5
	equal "$(grep -c 'was it renamed, or dropped' <<<"$err")" 1
	ok squash s:ddd1 --net --dry-run --rename notes.title=heading
	equal "$(grep -c 'RENAME COLUMN title TO heading' <<<"$out")" 2
	# without a place for one of them
	sed -i 's/"scratch_url": "[^"]*", *//' schemadiff.json
	sd squash s:ddd1 --net --rename notes.title=heading
	want 2
	has "$err" "and there is none of postgresql"
	sed -i 's/"dialects": \[[^]]*\]/"dialects": ["sqlite"]/' schemadiff.json
	sd squash s:ddd1 --net
	want 5
	has "$err" "--net makes parts for sqlite anew, and the range is written for sqlite, postgresql"
}

@test "adopt: each part is taken from where the tool has applied the same" {
	server
	two
	sql "CREATE TABLE users (id INTEGER PRIMARY KEY, email TEXT NOT NULL); $(engine=sqlite books flyway 2)"
	pg "CREATE TABLE users (id bigint PRIMARY KEY, email text NOT NULL); $(engine=postgresql books flyway 1)"
	sd adopt
	want 5
	has "$err" 'the postgresql part would be taken from environment "pg", where Flyway has not applied the same: 1 migration applied: 1.1 (public.flyway_schema_history)'
	has "$err" 'note: not applied there: 1.2'
	pg "$(engine=postgresql row flyway 2) $(engine=postgresql broken flyway)"
	sd adopt
	want 5
	has "$err" 'Flyway (public.flyway_schema_history): what has failed, or was stopped halfway: 1.3'
	has "$err" 'note: this is about environment "pg"'
	pg "DELETE FROM flyway_schema_history WHERE NOT success"
	equal "$(ls)" "$(printf 'app.db\nschemadiff.json\nschemas')"
	ok adopt --rev-id aaa1
	has "$err" "\`schemadiff adopt -e pg\` records that there"
	equal "$(pg "SELECT to_regclass('schemadiff_revisions') IS NULL")" t
	has "$(part 'up postgresql' aaa1)" "id bigint"
	ok -e pg adopt --scratch auto
	has "$err" 'recorded as at aaa1'
	# a database that the tool has never seen and that is not empty
	rm -r migrations schemas/*
	sql "DROP TABLE schemadiff_revisions; DROP TABLE schemadiff_log; DROP TABLE schemadiff_meta"
	pg "DROP TABLE schemadiff_revisions, schemadiff_log, schemadiff_meta, flyway_schema_history"
	sd adopt
	want 5
	has "$err" 'where Flyway has not applied the same: nothing of it was found'
	ok adopt --from none --dry-run
	ok adopt --replay --rev-id aaa1
	hasnt "$(part 'up postgresql' aaa1)" "id bigint"
	# the tool is where it was, and named databases are recorded at once
	rm -r migrations schemas/*
	sql "DROP TABLE schemadiff_revisions; DROP TABLE schemadiff_log; DROP TABLE schemadiff_meta"
	pg "$(engine=postgresql books flyway 2)"
	ok adopt --also pg --rev-id aaa1
	ok -e pg adopt
	has "$err" 'nothing to adopt: this database has schemadiff'
}

@test "adopt: what the files can't say for the other engine is mended, and adopt goes on" {
	server
	two
	pg "CREATE TABLE users (id bigint PRIMARY KEY, tags text[]); $(engine=postgresql books goose 2)"
	sd -e pg adopt --dry-run
	want 2
	has "$err" 'error: the sqlite part comes from the schema files, and --dry-run writes none'
	has "$err" 'hint: `schemadiff inspect -o schemas/` writes them'
	equal "$(ls schemas)" ''
	sd -e pg adopt
	want 2
	has "$err" 'schemas/users.json:6:27: error: sqlite has no arrays (type text[])'
	has "$err" 'hint: the schema files are written as this database has it: once they hold for every dialect, `schemadiff adopt` goes on'
	[ ! -e migrations ]
	sed -i 's/"text\[\]"/{ "sqlite": "text", "postgresql": "text[]" }/' schemas/users.json
	ok -e pg adopt
	has "$err" 'sqlite: from the schema files'
	ok -e dev upgrade
	clean
	# nobody answers: --replay does without
	rm -r migrations
	sql "DROP TABLE schemadiff_revisions; DROP TABLE schemadiff_log; DROP TABLE schemadiff_meta"
	PG_URL="postgresql://postgres@/x?host=$PWD" sd adopt
	want 4
	has "$err" 'hint: --replay takes the schema files, instead of environment "pg"'
	PG_URL="postgresql://postgres@/x?host=$PWD" ok adopt --replay
}
