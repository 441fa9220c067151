#!/usr/bin/env bats
# check and the hook for PostgreSQL: without a database, and with scratch databases on a server.
load helpers
load git_helpers

setup_more() {
	git_setup
}

# pg_project TYPE-OF-ENVIRONMENT…: a repository with the schema file that pg_table writes and its migration,
# made without a server; the arguments are the members of schemadiff.json.
pg_project() {
	git init -q repo
	cd repo
	mkdir schemas migrations
	echo "{ $1 }" >schemadiff.json
	pg_table 'n BETWEEN 1 AND 5'
	cat >migrations/1_aaa1.sql <<-'END'
		-- first
		--
		-- revision: aaa1
		-- dialect: postgresql
		-- schema: v1:unknown

		-- schemadiff:up
		CREATE TABLE notes (id bigint GENERATED ALWAYS AS IDENTITY, n int, CONSTRAINT pk_notes PRIMARY KEY (id),
		  CONSTRAINT ck_notes_n CHECK (n BETWEEN 1 AND 5));

		-- schemadiff:down
		DROP TABLE notes;
	END
	sed -i "s/v1:unknown/$(fingerprint)/" migrations/1_aaa1.sql
	git add -A
	git commit -qm one
	"$SD" -q hook install >/dev/null
}

# pg_table CHECK [COLUMN]: the schema file.
pg_table() {
	cat >schemas/notes.json <<-END
		{ "tables": { "notes": { "columns": {
		"id": { "type": "bigint", "identity": "always", "primary_key": true },
		"n": { "type": "integer" }${2:+,
		\"$2\": { \"type\": \"jsonb\" \}}
		}, "checks": {
		"ck_notes_n": "$1"
		} } } }
	END
}

# what a revision written now would carry
fingerprint() {
	"$SD" -q --dialect postgresql revision -m x --rev-id fff0 >/dev/null
	sed -n 's/^-- schema: //p' migrations/*_fff0_*.sql
	rm migrations/*_fff0_*.sql
}

# server: $pg is the URL of a new database on the server of the tests, $admin the server's.
server() {
	[ -n "${SD_TEST_PG:-}" ] || skip "SD_TEST_PG names no server"
	admin=$SD_TEST_PG
	database="schemadiff_cli_check_$BATS_TEST_NUMBER"
	psql -Xq "$admin" -c 'SET client_min_messages = error' -c "DROP DATABASE IF EXISTS $database" \
		-c "CREATE DATABASE $database"
	pg="postgresql://postgres@/$database?host=$(sed -n 's/.*host=\([^ ]*\).*/\1/p' <<<"$admin")"
	export pg DB_URL="$pg"
}

teardown() {
	[ -z "${database:-}" ] || psql -Xq "$admin" -c "DROP DATABASE IF EXISTS $database"
}

refused() {
	want 1
	has "$err" "FAIL  3"
	has "$err" "nothing was committed"
}

# ---- no database ------------------------------------------------------------------------------

@test "the engine is that of an environment's URL, and no server is asked" {
	pg_project '"environments": { "dev": { "url": "postgresql://nobody@nowhere.invalid/none" } }'
	pg_table 'n BETWEEN 1 AND 5' body
	by_git commit -am two
	refused
	has "$err" "+ column body: jsonb (schemas/notes.json:4)"
	hasnt "$err" nowhere.invalid
}

@test "the engine is that of the newest script" {
	pg_project ''
	pg_table 'n BETWEEN 1 AND 5' body
	by_git commit -am two
	refused
	has "$err" "+ column body: jsonb (schemas/notes.json:4)"
	# the staged scripts tell, not those of the disk
	sed -i 's/dialect: postgresql/dialect: sqlite/' migrations/1_aaa1.sql
	by_git commit -m two -- schemas
	refused
	has "$err" "+ column body: jsonb (schemas/notes.json:4)"
}

@test "the engine is that of \"dialects\"" {
	pg_project '"dialects": "postgresql"'
	sed -i '/dialect:/d' migrations/1_aaa1.sql
	git commit -qam "no dialect"
	pg_table 'n BETWEEN 1 AND 5' body
	by_git commit -am two
	refused
	has "$err" "+ column body"
}

@test "an environment's URL that needs a variable, which a hook has not" {
	pg_project '"environments": { "dev": { "url": "${NO_SUCH_VARIABLE}" } }, "default_environment": "dev"'
	pg_table 'n BETWEEN 1 AND 5' body
	by_git commit -am two
	refused
	has "$err" "+ column body"
}

@test "the files at HEAD were not those of the newest script either: told without a difference" {
	pg_project ''
	pg_table 'n BETWEEN 1 AND 5' body
	git commit -qnam forced
	pg_table 'n BETWEEN 1 AND 6' body
	by_git commit -am two
	refused
	has "$err" "the schema files are not those that revision aaa1 was written from"
	has "$err" "run \`schemadiff autogenerate -m MESSAGE\`; to have the difference named, use \`schemadiff check --scratch auto\`"
	git add -A
	sd hook run --json
	equal "$(field "$out" '[(f["file"], f["line"]) for f in d["findings"]]')" "[('migrations/1_aaa1.sql', 5)]"
}

@test "a script by hand that has no fingerprint" {
	pg_project ''
	printf -- '-- by hand\n-- revision: bbb2\n-- revises: aaa1\n-- dialect: postgresql\n-- schemadiff:up\nSELECT 1;\n' \
		>migrations/2.sql
	git add -A
	by_git commit -m two
	want 0
	sd hook run -v
	pg_table 'n BETWEEN 1 AND 5' body
	git add -A
	sd hook run --json
	want 0
	equal "$(field "$out" '[(g["gate"], g["result"]) for g in d["gates"]]')" "[(1, 'passed'), (2, 'passed'), (3, 'skipped')]"
	has "$out" "revision bbb2 has no fingerprint"
}

@test "an edited script that is on no upstream branch, and the same schema files" {
	pg_project ''
	sed -i 's/n int,/n integer,/' migrations/1_aaa1.sql
	by_git commit -am spelling
	want 0
	committed spelling
}

# ---- the dead end: other words for the same ---------------------------------------------------

@test "other words for the same: refused, autogenerate renews the fingerprint, then it passes" {
	server
	pg_project '"environments": { "dev": { "url": "${DB_URL}" } }, "default_environment": "dev"'
	ok upgrade
	pg_table 'n >= 1 AND n <= 5'
	by_git commit -am words
	refused
	has "$err" "check ck_notes_n"
	# with its database `check` sees that they are the same
	ok autogenerate -m words
	has "$err" "no differences: no revision was written"
	has "$err" "the fingerprint in migrations/1_aaa1.sql was out of date: replaced"
	by_git commit -am words
	want 0
	ok check
	# and a head that is published may be renewed so
	git branch -q upstream HEAD~1
	ok check --upstream upstream
}

@test "other words for the same on SQLite: the replay finds out" {
	git init -q repo
	cd repo
	project_here
	echo '{ "tables": { "notes": { "columns": { "id": { "type": "integer", "primary_key": true },
		"n": { "type": "integer" } }, "checks": { "ck": "n + 1 > 2 AND n < 9" } } } }' >schemas/notes.json
	rm migrations/*
	next aaa1
	git add -A
	git commit -qm one
	ok hook install
	sed -i "s/n + 1 > 2/(n + 1) > 2/" schemas/notes.json
	by_git commit -am words
	want 0
	ok upgrade
	ok check
	sed -i 's/n < 9/n < 8/' schemas/notes.json
	by_git commit -am other
	refused
}

# ---- scratch databases ------------------------------------------------------------------------

@test "--scratch auto names what is missing, and the database is gone afterwards" {
	server
	pg_project '"environments": { "dev": { "url": "${DB_URL}" } }, "default_environment": "dev"'
	ok upgrade
	pg_table 'n BETWEEN 1 AND 5' body
	git commit -qnam forced
	sd check
	want 1
	has "$out" "the schema files are not those that revision aaa1 was written from"
	sd check --scratch auto
	want 1
	has "$out" "FAIL  3  no migration is missing: 1 difference"
	has "$out" "+ column body: jsonb (schemas/notes.json:4)"
	no_scratch
	pg_table 'n >= 1 AND n <= 5'
	ok check --scratch auto
	no_scratch
}

@test "a script that fails in the scratch database, and Ctrl-C in the middle" {
	server
	pg_project '"environments": { "dev": { "url": "${DB_URL}" } }, "default_environment": "dev"'
	ok upgrade
	cat >migrations/2.sql <<-'END'
		-- two
		-- revision: bbb2
		-- revises: aaa1
		-- dialect: postgresql
		-- schema: v1:0
		-- schemadiff:up
		SELECT pg_sleep(0);
		SELECT 1 / 0;
	END
	sd check --scratch auto
	want 4
	has "$out" "FAIL  3"
	has "$err" "migrations/2.sql:8:"
	has "$err" "division by zero"
	has "$err" "note: the migrations were run in an empty scratch database"
	no_scratch
	sed -i 's/pg_sleep(0)/pg_sleep(60)/' migrations/2.sql
	status=0
	timeout -s INT 3 "$SD" check --scratch auto >.out 2>.err || status=$?
	equal "$status" 124
	no_scratch
	equal "$(psql -XAtc "SELECT count(*) FROM pg_stat_activity WHERE query LIKE '%pg_sleep(60)%' AND pid <> pg_backend_pid()" "$admin")" 0
}

@test "a role that may not create databases" {
	server
	psql -Xq "$admin" -c 'SET client_min_messages = error' -c 'DROP ROLE IF EXISTS schemadiff_cli_plain' \
		-c 'CREATE ROLE schemadiff_cli_plain LOGIN' -c "GRANT ALL ON DATABASE $database TO schemadiff_cli_plain"
	psql -Xq "$SD_TEST_PG dbname=$database" -c 'GRANT ALL ON SCHEMA public TO schemadiff_cli_plain'
	pg_project '"environments": { "dev": { "url": "${DB_URL}" } }, "default_environment": "dev"'
	ok upgrade
	pg_table 'n BETWEEN 1 AND 5' body
	DB_URL="${pg/postgres@/schemadiff_cli_plain@}" sd check --scratch auto
	want 4
	has "$err" "permission denied to create database"
	has "$err" "hint: a scratch database is made for each use: the role needs the right to (ALTER ROLE … CREATEDB)"
	no_scratch
	psql -Xq "$SD_TEST_PG dbname=$database" -c 'DROP OWNED BY schemadiff_cli_plain' -c 'DROP ROLE schemadiff_cli_plain'
}

@test "protected targets are no place for scratch databases; scratch_url is" {
	server
	pg_project '"environments": { "dev": { "url": "${DB_URL}", "protected": true } }, "default_environment": "dev"'
	ok upgrade
	pg_table 'n BETWEEN 1 AND 5' body
	git commit -qnam forced
	sd check --scratch auto
	want 1
	has "$out" 'a protected server is no place for scratch databases: give the environment a "scratch_url"'
	no_scratch
	sed -i 's/"protected"/"scratch_url": "${DB_URL}", &/' schemadiff.json
	sd check
	want 1
	has "$out" "FAIL  3  no migration is missing: 1 difference"
	no_scratch
	# the hook speaks to no server all the same
	git add -A
	DB_URL=postgresql://nobody@nowhere.invalid/none sd hook run
	want 1
	hasnt "$out$err" nowhere.invalid
	has "$out" "are not those that revision aaa1 was written from"
	sed -i 's/"scratch_url": "${DB_URL}"/"scratch_url": "sqlite:x.db"/' schemadiff.json
	sd check
	want 2
	has "$err" 'schemadiff.json:1:'
	has "$err" '"scratch_url" of environment "dev" is of another engine'
}
