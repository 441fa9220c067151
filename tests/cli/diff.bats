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

@test "sources that this version has not got say so" {
	for source in git:main migrations migrations@head; do
		sd diff --from "$source"
		want 2
		has "$err" "\"$source\": this version of schemadiff cannot compare with"
	done
	sd diff --to nowhere.json
	want 2
	has "$err" "nowhere.json: error: there is no such schema file or folder"
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
