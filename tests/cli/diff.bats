#!/usr/bin/env bats
load helpers

setup_more() {
	project
	rm schemas/*.json
	cat >schemas/users.json <<-'END'
		{ "tables": { "users": { "columns": {
			"id": { "type": "integer", "primary_key": true },
			"email": { "type": "text", "nullable": false, "default": "''" } } } } }
	END
	sql 'CREATE TABLE users (id INTEGER PRIMARY KEY, old integer);'
}

@test "diff goes from the database to the schema files, and exits 1" {
	sd diff
	want 1
	has "$out" "- drop column users.old"
	has "$out" "+ add column users.email"
}

@test "diff without a difference says so on stderr and exits 0" {
	ok diff --to sqlite:app.db
	equal "$out" ""
	has "$err" "no differences"
}

@test "sources: a URL, a file, a folder, empty" {
	cp app.db other.db
	sqlite3 other.db 'CREATE TABLE more (x)'
	sd diff --to sqlite:other.db
	want 1
	has "$out" "+ add table more"
	sd diff --from schemas --to empty
	want 1
	has "$out" "- drop table users"
	sd diff --from empty --to schemas/users.json
	want 1
	has "$out" "+ add table users"
	ok diff --from schemas --to schemas/users.json
}

@test "from files to a database is the way back" {
	sd diff --from schemas --to sqlite:app.db
	want 1
	has "$out" "+ add column users.old"
	has "$out" "- drop column users.email"
}

@test "names that the files leave open are no difference, either way" {
	sql 'CREATE TABLE a (x integer UNIQUE, u integer REFERENCES users (id), CHECK (x > 1));
		CREATE VIEW v AS SELECT 1 AS one;'
	ok inspect -o all.json
	ok diff --to all.json
	ok diff --from all.json --to sqlite:app.db
}

@test "views count only where the files speak of views" {
	sql 'CREATE VIEW v AS SELECT 1 AS one; ALTER TABLE users DROP COLUMN old;
		ALTER TABLE users ADD COLUMN email text NOT NULL DEFAULT '"'';"
	ok diff
	ok diff --from schemas --to sqlite:app.db
	echo '{ "views": {} }' >schemas/views.json
	sd diff
	want 1
	has "$out" "drop view v"
}

@test "--format sql is the up part, hazards and all" {
	sd diff --format sql
	want 1
	has "$out" "ALTER TABLE users ADD COLUMN email text"
	has "$out" "-- warning: drops the data in users.old"
	sqlite3 copy.db 'CREATE TABLE users (id INTEGER PRIMARY KEY, old integer);'
	sqlite3 copy.db "$out"
	ok diff --from sqlite:copy.db
}

@test "--format json and --json are the same document" {
	sd diff --format json
	want 1
	is_json "$out"
	local first="$out"
	sd diff --json
	want 1
	equal "$out" "$first"
	equal "$(field "$out" '[c["op"] for c in d["changes"]]')" "['drop', 'add']"
}

@test "what may be a rename is shown as a drop and an add, with a note" {
	sed -i 's/"email".*"default"[^}]*}/"new": { "type": "integer" }/' schemas/users.json
	sd diff
	want 1
	has "$out" "note: column users.old may have been renamed to new"
	sd diff --format sql
	want 1
	has "$out" "DROP COLUMN old"
}

# a repository with two revisions of the project, and a third state in the work tree
history_of_files() {
	git init -q -b main .
	git config user.email a@example.org
	git config user.name A
	printf 'app.db\n.out\n.err\n' >.gitignore
	rm -f app.db
	ok -q autogenerate -m one --rev-id aaa1
	git add -A
	git commit -qm one
	git tag v1
	sed -i 's/"email"/"phone": { "type": "text" }, "email"/' schemas/users.json
	ok -q upgrade
	ok -q autogenerate -m two --rev-id bbb2
	git add -A
	git commit -qm two
	sed -i 's/"phone"/"fax": { "type": "text" }, "phone"/' schemas/users.json
}

@test "sources: revisions of git, the index, ranges" {
	history_of_files
	sd diff --from git:v1
	want 1
	has "$out" "+ add column users.phone (schemas/users.json:3)"
	has "$out" "+ add column users.fax"
	sd diff --from git:v1 --to git:main
	want 1
	has "$out" "+ add column users.phone (main:schemas/users.json:3)"
	hasnt "$out" "users.fax"
	sd diff --from git:HEAD~1..
	want 1
	has "$out" "+ add column users.phone (HEAD:schemas/users.json:3)"
	sd diff --from git:main..v1
	want 1
	has "$out" "- drop column users.phone"
	ok diff --from git:index --to git:HEAD
	git add schemas
	sd diff --from git:HEAD --to git:index
	want 1
	has "$out" "+ add column users.fax (schemas/users.json:3)"
	sd diff --from git:v1.. --to schemas
	want 2
	has "$err" "--from git:v1.. names both sides: leave --to out"
}

@test "git:A...B begins where B left A" {
	history_of_files
	git stash -q
	git checkout -q -b side v1
	sed -i 's/"email"/"side": { "type": "text" }, "email"/' schemas/users.json
	git commit -qam side
	sd diff --from git:main...side
	want 1
	has "$out" "+ add column users.side"
	hasnt "$out" "users.phone"
	sd diff --from git:main..side
	want 1
	has "$out" "- drop column users.phone"
}

@test "a revision of git has its own configuration, and its own folders" {
	history_of_files
	git mv schemas model
	sed -i 's/\["schemas"\]/["model"]/' schemadiff.json
	git commit -qam moved
	sd diff --from git:v1
	want 1
	has "$out" "+ add column users.fax (model/users.json:3)"
	ok diff --from git:HEAD
}

@test "sources: what the migrations add up to" {
	history_of_files
	sd diff --from migrations
	want 1
	has "$out" "+ add column users.fax"
	hasnt "$out" "users.phone"
	sd diff --from migrations@aaa1 --to migrations
	want 1
	has "$out" "+ add column users.phone"
	sd diff --from migrations@base --to migrations@aaa1
	want 1
	has "$out" "+ add table users"
	ok diff --from migrations --to git:HEAD
	sd diff --from migrations@nope
	want 2
}

@test "git sources that are not there" {
	sd diff --from git:main
	want 2
	has "$err" '"git:main": the project lies in no git repository'
	history_of_files
	sd diff --from git:nope
	want 2
	has "$err" '"git:nope": git knows no such revision'
	sd diff --from git:v1:schemas/users.json
	want 2
	sd diff --from nowhere.json
	want 2
	has "$err" "nowhere.json: error: there is no such schema file or folder"
}

@test "migrations on PostgreSQL are replayed in a scratch database, and it is gone afterwards" {
	[ -n "${SD_TEST_PG:-}" ] || skip "no server"
	local server url
	server="$(sed -n 's/.*host=\([^ ]*\).*/\1/p' <<<"$SD_TEST_PG")"
	url="postgresql://postgres@/postgres?host=$server"
	rm app.db
	ok --url "$url" -q autogenerate -m one --rev-id aaa1
	sd --url "$url" diff --from migrations
	want 2
	has "$err" "there is none"
	has "$err" "--scratch auto"
	ok --url "$url" diff --from migrations --scratch auto
	sed -i 's/"email"/"phone": { "type": "text" }, "email"/' schemas/users.json
	sd --url "$url" diff --from migrations --scratch auto
	want 1
	has "$out" "+ add column users.phone"
	echo '-- schemadiff:up' >>migrations/*aaa1*
	sed -i 's/CREATE TABLE users/CREATE TABLE users (a int); CREATE TABLE users/' migrations/*aaa1*
	sd --url "$url" diff --from migrations --scratch auto
	[ "$status" -ge 3 ]
	equal "$(psql -Atc "SELECT count(*) FROM pg_database WHERE datname LIKE 'schemadiff%'" "$SD_TEST_PG")" 0
}

@test "a missing database is an error and is not created" {
	sd diff --from sqlite:none.db
	want 4
	[ ! -e none.db ]
}

@test "two files can be compared where no database is named" {
	echo '{ "environments": { "dev": { "url": "${NOT_SET}" } }, "default_environment": "dev" }' \
		>schemadiff.json
	ok diff --from schemas --to schemas
	sd diff
	want 2
	has "$err" "NOT_SET"
}

@test "broken schema files exit 2 with their place" {
	echo '{ "tabels": {} }' >schemas/users.json
	sd diff
	want 2
	has "$err" 'schemas/users.json:1:3: error: '
}
