#!/usr/bin/env bats
load helpers

setup_more() {
	project
	rm schemas/*.json
	sql 'CREATE TABLE users (id INTEGER PRIMARY KEY, name text NOT NULL);
		CREATE TABLE posts (id INTEGER PRIMARY KEY, user_id integer REFERENCES users (id));
		CREATE VIEW names AS SELECT name FROM users;'
}

@test "inspect prints a schema file, and nothing else" {
	ok inspect
	is_json "$out"
	equal "$(field "$out" 'sorted(d["tables"])')" "['posts', 'users']"
	equal "$(field "$out" '"names" in d["views"]')" "True"
	equal "$err" ""
}

@test "inspect -o FILE writes a file that check is content with" {
	ok inspect -o schemas/all.json
	equal "$out" "schemas/all.json"
	has "$(cat schemas/all.json)" '"../.schemadiff/schema.schema.json"'
	ok diff
	equal "$out" ""
}

@test "inspect -o DIR writes a file a table and view" {
	ok inspect -o schemas
	equal "$(cd schemas && echo *)" "names.json posts.json users.json"
	ok diff
}

@test "a folder that does not exist is meant by a slash at the end" {
	ok inspect -o deep/er/
	[ -f deep/er/users.json ]
}

@test "files that exist are kept, all of them, unless --force is given" {
	echo '{"x-mine": 1}' >schemas/users.json
	sd inspect -o schemas
	want 5
	has "$err" "schemas/users.json: error: the file exists"
	has "$err" "hint: --force"
	equal "$(cat schemas/users.json)" '{"x-mine": 1}'
	[ ! -e schemas/posts.json ]
	ok inspect -o schemas --force
	has "$(cat schemas/users.json)" '"users"'
}

@test "names that no file may have become file names that differ" {
	sql 'CREATE TABLE "a/b" (x); CREATE TABLE "a_b" (x); CREATE TABLE "../up" (x);
		CREATE TABLE ".hidden" (x);'
	ok inspect -o schemas
	[ ! -e up.json ] && [ ! -e schemas/.hidden.json ]
	[ -f schemas/a_b.json ] && [ -f schemas/a_b-2.json ]
	ok diff
}

@test "inspect of a missing database creates none" {
	sd inspect --url sqlite:none.db
	want 4
	[ ! -e none.db ]
}

@test "inspect --json holds the schema, or the files" {
	ok inspect --json
	equal "$(field "$out" 'd["schema"]["tables"]["users"]["columns"]["name"]["nullable"]')" \
		"False"
	ok inspect --json -o schemas
	equal "$(field "$out" 'len(d["files"])')" "3"
}

@test "this program's own tables and other tools' are left out" {
	sql 'CREATE TABLE alembic_version (v);'
	ok autogenerate --baseline -m base
	ok inspect
	hasnt "$out" alembic_version
	hasnt "$out" schemadiff_
}
