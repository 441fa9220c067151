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
	has "$out" "- column old"
	has "$out" "+ column email: text, not null, default ''"
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
	has "$out" "+ table more"
	sd diff --from schemas --to empty
	want 1
	has "$out" "- table users"
	sd diff --from empty --to schemas/users.json
	want 1
	has "$out" "+ table users"
	ok diff --from schemas --to schemas/users.json
}

@test "from files to a database is the way back" {
	sd diff --from schemas --to sqlite:app.db
	want 1
	has "$out" "+ column old"
	has "$out" "- column email"
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
	has "$out" "- view v"
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
	has "$out" "+ column phone: text (schemas/users.json:3)"
	has "$out" "+ column fax"
	sd diff --from git:v1 --to git:main
	want 1
	has "$out" "+ column phone: text (main:schemas/users.json:3)"
	hasnt "$out" "users.fax"
	sd diff --from git:HEAD~1..
	want 1
	has "$out" "+ column phone: text (HEAD:schemas/users.json:3)"
	sd diff --from git:main..v1
	want 1
	has "$out" "- column phone"
	ok diff --from git:index --to git:HEAD
	git add schemas
	sd diff --from git:HEAD --to git:index
	want 1
	has "$out" "+ column fax: text (schemas/users.json:3)"
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
	has "$out" "+ column side"
	hasnt "$out" "users.phone"
	sd diff --from git:main..side
	want 1
	has "$out" "- column phone"
}

@test "a revision of git has its own configuration, and its own folders" {
	history_of_files
	git mv schemas model
	sed -i 's/\["schemas"\]/["model"]/' schemadiff.json
	git commit -qam moved
	sd diff --from git:v1
	want 1
	has "$out" "+ column fax: text (model/users.json:3)"
	ok diff --from git:HEAD
}

@test "sources: what the migrations add up to" {
	history_of_files
	sd diff --from migrations
	want 1
	has "$out" "+ column fax"
	hasnt "$out" "users.phone"
	sd diff --from migrations@aaa1 --to migrations
	want 1
	has "$out" "+ column phone"
	sd diff --from migrations@base --to migrations@aaa1
	want 1
	has "$out" "+ table users"
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
	has "$out" "+ column phone"
	echo '-- schemadiff:up' >>migrations/*aaa1*
	sed -i 's/CREATE TABLE users/CREATE TABLE users (a int); CREATE TABLE users/' migrations/*aaa1*
	sd --url "$url" diff --from migrations --scratch auto
	[ "$status" -ge 3 ]
	no_scratch
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

@test "text: grouped by table, warnings at their change, and a summary" {
	sd diff
	want 1
	equal "$out" "$(cat <<-'END'
		~ table users
		    - column old
		        ! drops the data in users.old
		    + column email: text, not null, default '' (schemas/users.json:3)

		1 table changed; 1 warning
	END
	)"
	sd --color always diff
	has "$out" $'\e[31m-\e[0m column old'
}

@test "a format that there is not: what was meant" {
	sd diff --format markdwon
	want 2
	has "$err" 'error: --format: expected one of text, sql, json, markdown, html, found "markdwon"'
	has "$err" "hint: did you mean markdown?"
}

@test "--format markdown and html: documents, also when nothing differs; with --json a member" {
	sd diff --format markdown
	want 1
	has "$out" "from the database to the schema files"
	has "$out" "> [!WARNING]"
	has "$out" "ALTER TABLE users ADD COLUMN email text"
	local shown="$out"
	sd diff --format markdown --json
	want 1
	is_json "$out"
	equal "$(field "$out" 'd["markdown"]')" "$shown"
	ok diff --from schemas --to schemas --format markdown
	has "$out" "**no differences**"
	ok diff --from schemas --to schemas --format html
	has "$out" "<p class=\"sum\">no differences</p>"
}

@test "the address of a database is in none of the documents" {
	for format in text json markdown html; do
		sd diff --from sqlite:app.db --format "$format"
		want 1
		hasnt "$out" app.db
	done
}

@test "markdown ends before GitHub's limit, and says what is missing" {
	python3 - >many.json <<-'END'
		import json
		t = {"columns": {f"c{i}": {"type": "text"} for i in range(30)}}
		print(json.dumps({"tables": {f"größe_{i}": t for i in range(100)}}))
	END
	sd diff --from empty --to many.json --format markdown
	want 1
	[ "${#out}" -lt 65536 ] || return 1
	local rows missing
	rows="$(grep -c '^| added' <<<"$out")"
	missing="$(sed -n 's/^… and \*\*\([0-9]*\) more changes.*/\1/p' <<<"$out")"
	equal "$((rows + missing))" 3000
	has "$out" "The SQL is too long for a comment"
	hasnt "$out" "<details>"
	# so it does when what is dropped would fill it
	sd diff --from many.json --to empty --format markdown
	[ "${#out}" -lt 65536 ] || return 1
	has "$out" "100 tables dropped; 100 warnings"
}

@test "what cannot be planned: the reason in every document, exit 5 where SQL is asked for" {
	sqlite3 alien.db "PRAGMA writable_schema=1;
		CREATE TABLE users (id INTEGER PRIMARY KEY, old integer, CHECK (abs(old) > 0));
		UPDATE sqlite_master SET sql = replace(sql, 'abs(', 'xyz(') WHERE name = 'users';"
	cat >schemas/users.json <<-'END'
		{ "tables": { "users": { "columns": {
			"id": { "type": "integer", "primary_key": true },
			"old": { "type": "bigint", "nullable": false, "default": 0 } },
			"checks": { "ck": "xyz(old) > 0" } } } }
	END
	sd diff --from sqlite:alien.db
	want 1
	has "$out" "no script can do this: table users must be rebuilt and uses the function xyz()"
	sd diff --from sqlite:alien.db --format markdown
	want 1
	has "$out" "> No script can do this:"
	has "$out" "xyz()"
	sd diff --from sqlite:alien.db --format html
	want 1
	has "$out" "<h2>No script can do this</h2>"
	sd diff --from sqlite:alien.db --json
	want 1
	has "$(field "$out" 'd["refusals"]')" "xyz()"
	sd diff --from sqlite:alien.db --format sql
	want 5
	has "$err" "uses the function xyz()"
	equal "$out" ""
}

@test "json: warnings and what to allow at each change, both sides of each field" {
	sed -i 's/, "default": "'"''"'"//; s/"integer", "primary/"bigint", "primary/' schemas/users.json
	sd diff --json
	want 1
	equal "$(field "$out" '[c["warnings"] for c in d["changes"] if c["op"] == "drop"]')" \
		"[['drops the data in users.old']]"
	equal "$(field "$out" '[c["allow"] for c in d["changes"] if c["op"] == "add"]')" "[['not-null']]"
	equal "$(field "$out" '[c["fields"] for c in d["changes"] if c["op"] == "alter"]')" \
		"[[{'field': 'type', 'from': 'INTEGER', 'into': 'bigint'}, {'field': 'nullable', 'from': 'null', 'into': 'not null'}]]"
	equal "$(field "$out" '(d["from"], d["into"], d["summary"])')" \
		"('the database', 'the schema files', '1 table changed; 2 warnings')"
}

@test "text: nothing is left of control characters on a terminal" {
	sql $'ALTER TABLE users ADD COLUMN "red\e[31m" text'
	sd diff
	want 1
	hasnt "$out" $'\e'
	has "$out" '- column red\u001b[31m'
}

@test "what is seen and left alone is in every format, and counts" {
	[ -n "${SD_TEST_PG:-}" ] || skip "no PostgreSQL server"
	psql "$SD_TEST_PG" -qc "CREATE DATABASE left_alone"
	psql "$SD_TEST_PG dbname=left_alone" -qc "CREATE TABLE p (id int); CREATE TABLE c () INHERITS (p)"
	local url="$SD_TEST_PG dbname=left_alone" what="table c is not fully understood, so it is left alone"
	for format in text sql markdown html; do
		sd diff --from "$url" --to empty --format "$format"
		want 1
		has "$out" "$what: it inherits from another table"
		hasnt "$out" "$SD_TEST_PG"
	done
	sd diff --from "$url" --to empty --json
	want 1
	equal "$(field "$out" '(len(d["unsupported"]), d["summary"])')" \
		"(2, '2 differences that are left alone')"
	psql "$SD_TEST_PG" -qc "DROP DATABASE left_alone"
}
