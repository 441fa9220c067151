#!/usr/bin/env bats
load helpers
load tutorial_helpers

# The tutorials of a schema that changes, played from the first table on with rows in it, on each engine.

first_table() {
	schema <<-'END'
		{
		  "tables": {
		    "account": {
		      "columns": {
		        "id": { "type": "bigint", "identity": "by default", "primary_key": true },
		        "name": { "type": "varchar(50)", "nullable": false },
		        "description": { "type": "text" }
		      }
		    }
		  }
		}
	END
	write aa01
	has "$err" "warning: down: drops table account and its rows"
	ok upgrade
	query "INSERT INTO account (name, description) VALUES ('Ada', 'first'), ('Grace', NULL)"
}

# ---- autogenerate, upgrade, downgrade, history --------------------------------------------------

first_steps() {
	ok status
	has "$out" "next:        \`schemadiff autogenerate -m MESSAGE\` writes what the schema files changed"
	first_table
	clean

	# a key with a typing mistake, then the column
	edit '"description": { "type": "text" }' '"description": { "type": "text" }, "last_seen": { "typ": "timestamp" }'
	sd autogenerate -m "last seen"
	want 2
	has "$err" 'schemas/app.json:7:59: error: unknown key "typ"'
	has "$err" 'did you mean "type"?'
	edit '"typ"' '"type"'
	sd check
	want 1
	has "$out" "FAIL  3  no migration is missing: 1 difference; run \`schemadiff autogenerate -m MESSAGE\`"
	has "$out" "+ column last_seen: timestamp"
	write aa02
	sd autogenerate -m "again, before it ran"
	want 3
	has "$err" "the database is not at head: 1 revision is pending, up to aa02"
	has "$err" "hint: run \`schemadiff upgrade\` first"
	sd check
	want 1
	has "$out" "FAIL  4  the database is at head: not applied yet: aa02; run \`schemadiff upgrade\`"
	ok upgrade
	has "$err" "upgrade aa01 -> aa02: to aa02 ("
	clean
	ok autogenerate -m "nothing"
	equal "$out" ""

	ok history
	equal "$out" "$(printf 'aa01 -> aa02 (head) (current), to aa02\n<base> -> aa01, to aa01')"
	ok downgrade -1
	rows "SELECT id, name, description FROM account ORDER BY id" "1|Ada|first" "2|Grace|"
	refused "SELECT last_seen FROM account"
	at aa01
	ok upgrade +1
	at aa02
	sd upgrade +1
	want 2
	sd upgrade a
	want 2
	has "$err" "aa01"
	has "$err" "aa02"
	sd upgrade aa1
	want 2
	has "$err" 'unknown revision "aa1"'
	rows "SELECT id, name, last_seen FROM account ORDER BY id" "1|Ada|" "2|Grace|"
}

@test "first steps: a table, a column, back and forth" {
	each_engine first_steps
}

# ---- NOT NULL in three steps --------------------------------------------------------------------

not_null_backfilled() {
	first_table
	edit '"description": { "type": "text" }' \
		'"description": { "type": "text" }, "email": { "type": "text", "nullable": false }'
	sd autogenerate -m "mail"
	want 5
	has "$err" "schemas/app.json:7:44: error: column account.email is NOT NULL and nothing fills the rows that exist"
	edit '"nullable": false }
' '"nullable": false, "backfill": "lower(name) || '"'@example.org'"'" }
'
	write aa02
	ok upgrade
	rows "SELECT id, name, email FROM account ORDER BY id" "1|Ada|ada@example.org" "2|Grace|grace@example.org"
	refused "INSERT INTO account (name) VALUES ('Linus')"
	clean

	# the backfill has done its work: without it nothing differs
	edit ", \"backfill\": \"lower(name) || '@example.org'\"" ""
	clean
	ok autogenerate -m "nothing"
	equal "$out" ""
	ok downgrade -1
	rows "SELECT id, name, description FROM account ORDER BY id" "1|Ada|first" "2|Grace|"
	ok upgrade
	rows "SELECT name, email FROM account ORDER BY id" "Ada|ada@example.org" "Grace|grace@example.org"
}

@test "a NOT NULL column in one revision: add, fill, require" {
	each_engine not_null_backfilled
}

not_null_by_hand() {
	first_table
	edit '"description": { "type": "text" }' '"description": { "type": "text" }, "email": { "type": "text" }'
	write aa02
	ok upgrade
	query "INSERT INTO account (name, email) VALUES ('Linus', 'linus@example.org')"
	by_hand aa03 aa02 <<-'END'
		-- schemadiff:up
		UPDATE account SET email = lower(name) || '@example.org' WHERE email IS NULL;

		-- schemadiff:down
		-- which were filled is not known any more, and they do no harm
	END

	# the third step before the second has run: the second has to run first
	edit '"email": { "type": "text" }' '"email": { "type": "text", "nullable": false }'
	sd autogenerate -m "mail is required"
	want 3
	has "$err" "1 revision is pending, up to aa03"
	ok upgrade
	write aa04 --allow not-null
	has "$err" "warning: up: stops if a row has no value for account.email"

	# somebody was quicker
	query "INSERT INTO account (name) VALUES ('Barbara')"
	sd upgrade
	want 4
	has "$err" "aa04_to_aa04.sql:"
	ok status
	has "$out" "current:     aa03"
	rows "SELECT name, email FROM account ORDER BY id" "Ada|ada@example.org" "Grace|grace@example.org" \
		"Linus|linus@example.org" "Barbara|"
	query "UPDATE account SET email = 'b@example.org' WHERE email IS NULL"
	ok upgrade
	clean
	refused "INSERT INTO account (name) VALUES ('Ken')"
	ok downgrade aa02
	query "INSERT INTO account (name) VALUES ('Ken')"
	ok upgrade
	rows "SELECT name, email FROM account ORDER BY id DESC LIMIT 2" "Ken|ken@example.org" "Barbara|b@example.org"
	clean
}

@test "a NOT NULL column in three revisions: nullable, a fill by hand, required" {
	each_engine not_null_by_hand
}

# ---- renames ------------------------------------------------------------------------------------

renames() {
	schema <<-'END'
		{
		  "tables": {
		    "users": {
		      "columns": {
		        "id": { "type": "bigint", "identity": "by default", "primary_key": true },
		        "mail": { "type": "text", "nullable": false, "unique": true },
		        "age": { "type": "integer", "check": "age >= 0", "index": true }
		      }
		    },
		    "posts": {
		      "columns": {
		        "id": { "type": "bigint", "identity": "by default", "primary_key": true },
		        "user_id": { "type": "bigint", "references": { "table": "users", "on_delete": "cascade" }, "index": true },
		        "title": { "type": "text" }
		      }
		    }
		  }
		}
	END
	write aa01
	ok upgrade
	query "INSERT INTO users (mail, age) VALUES ('ada@x', 36), ('grace@x', 85)"
	query "INSERT INTO posts (user_id, title) VALUES (1, 'Notes'), (2, 'Compilers'), (1, 'Engines')"

	# a column: not guessed, then answered
	edit '"mail"' '"email"'
	sd autogenerate -m "mail is email"
	want 5
	has "$err" "schemas/app.json:6:9: error: column users.mail is gone and column users.email is new: was it renamed, or dropped?"
	sd autogenerate -m "mail is email" --rename users.mial=email
	want 2
	has "$err" "mial"
	write aa02 --rename users.mail=email
	hasnt "$err" "drops the data"
	hasnt "$err" "up:"
	ok upgrade
	clean
	rows "SELECT id, email, age FROM users ORDER BY id" "1|ada@x|36" "2|grace@x|85"
	refused "INSERT INTO users (email) VALUES ('ada@x')"

	# a table that others refer to, with a column, an index and a check of it, in one revision
	edit '"users": {' '"people": { "renamed_from": "users",' '"table": "users"' '"table": "people"' \
		'"age": { "type": "integer", "check": "age >= 0", "index": true }' \
		'"years": { "type": "integer", "check": "years >= 0", "index": true, "renamed_from": "age" }'
	write aa03
	hasnt "$err" "warning"
	ok upgrade
	clean
	rows "SELECT p.email, p.years, t.title FROM people p JOIN posts t ON t.user_id = p.id ORDER BY t.id" \
		"ada@x|36|Notes" "grace@x|85|Compilers" "ada@x|36|Engines"
	refused "INSERT INTO people (email, years) VALUES ('x', -1)"
	refused "INSERT INTO posts (user_id) VALUES (3)"
	query "DELETE FROM people WHERE id = 2"
	rows "SELECT title FROM posts ORDER BY id" Notes Engines

	# the words have done their work
	edit ', "renamed_from": "age"' '' ' "renamed_from": "users",' ''
	clean

	ok downgrade aa01
	rows "SELECT u.mail, u.age, t.title FROM users u JOIN posts t ON t.user_id = u.id ORDER BY t.id" \
		"ada@x|36|Notes" "ada@x|36|Engines"
	refused "INSERT INTO users (mail, age) VALUES ('x', -1)"
	ok upgrade
	clean
	rows "SELECT email, years FROM people" "ada@x|36"
}

@test "renames: a column, a table with what hangs on it, data kept both ways" {
	each_engine renames
}

# ---- enums --------------------------------------------------------------------------------------

enums() {
	schema <<-'END'
		{
		  "enums": { "state": ["open", "done"] },
		  "tables": {
		    "ticket": {
		      "columns": {
		        "id": { "type": "bigint", "identity": "by default", "primary_key": true },
		        "title": { "type": "text" }
		      }
		    }
		  }
		}
	END
	write aa01
	ok upgrade
	query "INSERT INTO ticket (title) VALUES ('a'), ('b')"
	edit '"title": { "type": "text" }' \
		'"title": { "type": "text" }, "state": { "type": "state", "nullable": false, "default": "'"'open'"'" }'
	write aa02
	ok upgrade
	clean
	query "UPDATE ticket SET state = 'done' WHERE title = 'b'"
	refused "INSERT INTO ticket (title, state) VALUES ('c', 'new')"

	# a value, and at once the default: PostgreSQL can't use it in the transaction that adds it
	edit '["open", "done"]' '["new", "open", "done"]' "'open'" "'new'"
	write aa03
	ok upgrade
	clean
	query "INSERT INTO ticket (title) VALUES ('c')"
	rows "SELECT title, state FROM ticket ORDER BY id" "a|open" "b|done" "c|new"

	# the way back stops at the row that it can't keep, and says which
	sd downgrade -1
	want 4
	has "$err" "aa03_to_aa03.sql:"
	has "$err" "a row of ticket has a value that enum state loses in column state"
	has "$err" "note: nothing of undoing revision aa03 was kept; the database is at aa03"
	at aa03
	rows "SELECT title, state FROM ticket ORDER BY id" "a|open" "b|done" "c|new"
	query "UPDATE ticket SET state = 'open' WHERE state = 'new'"
	ok downgrade -1
	refused "INSERT INTO ticket (title, state) VALUES ('d', 'new')"
	rows "SELECT title, state FROM ticket ORDER BY id" "a|open" "b|done" "c|open"
	ok upgrade

	# a value renamed: rows follow, both ways
	edit '"done"' '{ "value": "closed", "renamed_from": "done" }'
	write aa04
	ok upgrade
	clean
	rows "SELECT title, state FROM ticket ORDER BY id" "a|open" "b|closed" "c|open"
	ok downgrade -1
	rows "SELECT title, state FROM ticket ORDER BY id" "a|open" "b|done" "c|open"
	ok upgrade
	edit '{ "value": "closed", "renamed_from": "done" }' '"closed"'
	clean

	# a value removed: not while a row has it
	edit '"new", "open"' '"new"'
	write aa05
	sd upgrade
	want 4
	at aa04
	rows "SELECT title, state FROM ticket ORDER BY id" "a|open" "b|closed" "c|open"
	query "UPDATE ticket SET state = 'new' WHERE state = 'open'"
	ok upgrade
	clean
	rows "SELECT title, state FROM ticket ORDER BY id" "a|new" "b|closed" "c|new"
	refused "INSERT INTO ticket (title, state) VALUES ('d', 'open')"
	ok downgrade aa03
	rows "SELECT title, state FROM ticket ORDER BY id" "a|new" "b|done" "c|new"
}

@test "an enum: used, a value added and made the default, renamed, removed" {
	each_engine enums
}

# ---- soft delete --------------------------------------------------------------------------------

soft_delete() {
	schema <<-'END'
		{
		  "tables": {
		    "member": {
		      "columns": {
		        "id": { "type": "bigint", "identity": "by default", "primary_key": true },
		        "email": { "type": "text", "nullable": false, "unique": true }
		      }
		    }
		  }
		}
	END
	write aa01
	ok upgrade
	query "INSERT INTO member (email) VALUES ('ada@x'), ('grace@x')"

	# unique among the living only, and an index of them
	edit '"nullable": false, "unique": true }' '"nullable": false }, "deleted_at": { "type": "timestamp" }' \
		'"columns": {' '"indexes": {
		        "uq_member_living": { "columns": ["email"], "unique": true, "where": "deleted_at IS NULL" },
		        "ix_member_deleted": { "columns": ["deleted_at"], "where": "deleted_at IS NOT NULL" }
		      },
		      "columns": {'
	write aa02
	ok upgrade
	clean
	refused "INSERT INTO member (email) VALUES ('ada@x')"
	query "UPDATE member SET deleted_at = '2026-11-21 12:00:00' WHERE email = 'ada@x'"
	query "INSERT INTO member (email) VALUES ('ada@x')"
	refused "INSERT INTO member (email) VALUES ('ada@x')"
	rows "SELECT email, deleted_at FROM member ORDER BY id" "ada@x|2026-11-21 12:00:00" "grace@x|" "ada@x|"

	# the old constraint can't hold any more: nothing is lost, the way back stops
	sd downgrade -1
	want 4
	has "$err" "aa02_to_aa02.sql:"
	rows "SELECT count(*) FROM member WHERE deleted_at IS NOT NULL" 1
	query "DELETE FROM member WHERE deleted_at IS NOT NULL"
	ok downgrade -1
	rows "SELECT email FROM member ORDER BY id" "grace@x" "ada@x"
	refused "INSERT INTO member (email) VALUES ('grace@x')"
	ok upgrade
	clean
}

@test "soft delete: a column, a partial index, unique among the living only" {
	each_engine soft_delete
}
