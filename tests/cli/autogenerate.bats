#!/usr/bin/env bats
load helpers

files() {
	echo "{ \"tables\": { \"users\": { \"columns\": {
		\"id\": { \"type\": \"integer\", \"primary_key\": true }, $1 } } } }" >schemas/users.json
}

setup_more() {
	project
	rm schemas/*.json
	files '"name": { "type": "text" }'
}

begin() {
	"$SD" -q autogenerate -m one --rev-id aaa1 >/dev/null 2>&1
	"$SD" -q upgrade
	sql "INSERT INTO users (id, name) VALUES (1, 'Ann')"
}

@test "the first revision of a database that does not exist" {
	ok autogenerate -m "add users" --rev-id aaa1
	equal "$out" "migrations/20261118_aaa1_add_users.sql"
	[ ! -e app.db ]
	has "$(cat "$out")" "-- revision: aaa1"
	has "$(cat "$out")" "CREATE TABLE users"
	has "$(cat "$out")" "DROP TABLE users"
}

@test "the same input gives the same bytes" {
	ok autogenerate -m x --rev-id aaa1 --dry-run
	local first="$out"
	ok autogenerate -m x --rev-id aaa1 --dry-run
	equal "$out" "$first"
	[ -z "$(ls migrations)" ]
	ok autogenerate -m x --rev-id aaa1
	equal "$(cat "$out")" "$first"
}

@test "no difference: nothing is written, exit 0" {
	begin
	ok autogenerate -m two
	equal "$out" ""
	has "$err" "no differences"
	equal "$(ls migrations | wc -l)" 1
}

@test "a stale fingerprint of the head is replaced, and nothing else of the file" {
	begin
	local script old
	script="$(echo migrations/*)"
	old="$(cat "$script")"
	sed -i 's/^-- schema: v1:.*/-- schema: v1:00/' "$script"
	ok autogenerate -m two --dry-run
	has "$(cat "$script")" "v1:00"
	ok autogenerate -m two
	has "$err" "was out of date: replaced"
	equal "$(cat "$script")" "$old"
	ok autogenerate -m two
	hasnt "$err" "out of date"
}

@test "a database that is not at head is refused" {
	"$SD" -q autogenerate -m one --rev-id aaa1 2>/dev/null
	sd autogenerate -m two
	want 3
	has "$err" "the database does not exist yet: 1 revision is pending, up to aaa1"
	has "$err" "run \`schemadiff upgrade\` first"
	ok upgrade
	"$SD" -q revision -m hand --rev-id bbb2 >/dev/null
	sd autogenerate -m two
	want 3
	has "$err" "the database is not at head: 1 revision is pending, up to bbb2"
}

@test "a revision that nobody here has a script of is refused" {
	begin
	rm migrations/*
	sd autogenerate -m two
	want 3
	has "$err" "revision aaa1 is applied, and no script here has it"
}

@test "what may be a rename: exit 5 with the flags that answer" {
	begin
	files '"full_name": { "type": "text" }'
	sd autogenerate -m two
	want 5
	has "$err" "--rename users.name=full_name"
	has "$err" "--drop users.name"
	equal "$(ls migrations | wc -l)" 1
	ok autogenerate -m two --rename users.name=full_name
	ok upgrade
	equal "$(sql 'SELECT full_name FROM users')" "Ann"
	ok check
}

@test "--drop and --no-renames drop, with a warning" {
	begin
	files '"full_name": { "type": "text" }'
	ok autogenerate -m two --drop users.name --dry-run
	has "$err" "warning: up: drops the data in users.name"
	hasnt "$out" "RENAME"
	ok autogenerate -m two --no-renames --dry-run
	hasnt "$out" "RENAME"
}

@test "on a terminal the question is asked: yes renames" {
	begin
	files '"full_name": { "type": "text" }'
	on_terminal 'y\n' "$SD" autogenerate -m two
	want 0
	has "$out" "Was users.name renamed to users.full_name (text)? [y/N]"
	ok upgrade
	equal "$(sql 'SELECT full_name FROM users')" "Ann"
}

@test "on a terminal: no, and an empty line, drop" {
	begin
	files '"full_name": { "type": "text" }'
	for answer in 'n\n' '\n' 'maybe\nno\n'; do
		on_terminal "$answer" "$SD" autogenerate -m two --dry-run
		want 0
		has "$out" "DROP COLUMN name"
	done
}

@test "on a terminal: the end of the input is no answer" {
	begin
	files '"full_name": { "type": "text" }'
	on_terminal '\x04' "$SD" autogenerate -m two
	want 5
	equal "$(ls migrations | wc -l)" 1
}

@test "on a terminal: a renamed table with a renamed column" {
	begin
	sql 'CREATE TABLE gone (x integer)'
	echo '{ "tables": { "people": { "columns": {
		"id": { "type": "integer", "primary_key": true },
		"full_name": { "type": "text" } } } } }' >schemas/users.json
	sql 'DROP TABLE gone'
	on_terminal 'y\ny\n' "$SD" autogenerate -m two
	want 0
	has "$out" "Was the table users renamed to people?"
	has "$out" "Was people.name renamed to people.full_name (text)?"
	ok upgrade
	equal "$(sql 'SELECT full_name FROM people')" "Ann"
	ok check
	ok downgrade -1
	equal "$(sql 'SELECT name FROM users')" "Ann"
}

@test "on a terminal: two candidates, the first declined" {
	begin
	files '"a": { "type": "text" }, "b": { "type": "text" }'
	on_terminal 'n\ny\n' "$SD" autogenerate -m two
	want 0
	ok upgrade
	equal "$(sql 'SELECT b FROM users')" "Ann"
}

@test "NOT NULL without a value is refused; --allow writes it" {
	begin
	files '"name": { "type": "text" }, "age": { "type": "integer", "nullable": false }'
	sd autogenerate -m two
	want 5
	has "$err" "backfill"
	ok autogenerate -m two --allow not-null --dry-run
	ok autogenerate -m two --allow all --dry-run
	sd autogenerate -m two --allow everything
	want 2
	has "$err" "there is no such hazard"
	has "$err" "not-null"
}

@test "flags that fit nothing are mistakes" {
	begin
	sd autogenerate -m two --rename users.nmae=full_name
	want 2
	sd autogenerate -m two --rename nonsense
	want 2
	sd autogenerate -m two --drop users.nmae
	want 2
	sd autogenerate
	want 2
	has "$err" "a revision wants a message"
	sd autogenerate -m two --no-renames --drop users.name
	want 2
}

@test "--baseline: what the database has, recorded as applied" {
	sql 'CREATE TABLE old (x integer, y text DEFAULT (1 + 1)); CREATE INDEX i ON old (y);
		CREATE VIEW v AS SELECT x FROM old;
		CREATE TRIGGER t AFTER INSERT ON old BEGIN DELETE FROM old; END;'
	rm schemas/*
	ok inspect -o schemas/
	ok autogenerate --baseline -m base --rev-id aaa1
	ok current
	has "$out" "aaa1"
	ok check
	ok upgrade --url sqlite:new.db
	ok diff --from sqlite:new.db --to sqlite:app.db
	equal "$(sqlite3 new.db "SELECT sql FROM sqlite_schema WHERE name = 'old'")" \
		"$(sql "SELECT sql FROM sqlite_schema WHERE name = 'old'")"
}

@test "--baseline needs an empty history and a database" {
	sd autogenerate --baseline -m base
	want 3
	has "$err" "does not exist"
	[ ! -e app.db ]
	begin
	sd autogenerate --baseline -m base
	want 3
	has "$err" "a baseline begins a history"
	rm migrations/*
	sd autogenerate --baseline -m base
	want 3
	has "$err" "the database is at aaa1"
}

@test "--baseline --dry-run writes nothing" {
	sql 'CREATE TABLE old (x integer)'
	local before
	before="$(sha256sum app.db)"
	ok autogenerate --baseline -m base --dry-run
	has "$out" "CREATE TABLE old"
	equal "$(sha256sum app.db)" "$before"
	[ -z "$(ls migrations)" ]
}

@test "--json" {
	ok autogenerate -m one --rev-id aaa1 --json
	equal "$(field "$out" 'd["revision"], d["path"], d["changes"][0]["op"]')" \
		"('aaa1', 'migrations/20261118_aaa1_one.sql', 'add')"
	ok upgrade
	ok autogenerate -m two --json
	equal "$(field "$out" 'd["path"]')" "None"
}

@test "on a terminal: a name that is taken is not offered again" {
	files '"name": { "type": "text" }, "nick": { "type": "text" }'
	begin
	files '"a": { "type": "text" }, "b": { "type": "text" }'
	on_terminal 'y\ny\n' "$SD" autogenerate -m two
	want 0
	hasnt "$out" "users.nick renamed to users.a"
	ok upgrade
	equal "$(sql 'SELECT a, b IS NULL FROM users')" "Ann|1"
}
