#!/usr/bin/env bats
load helpers
load tutorial_helpers

# The tutorials of running what is written: offline SQL, a database that exists, data, steps, CI; on each engine.

# ---- offline ------------------------------------------------------------------------------------

offline() {
	three_revisions
	database prod
	ok upgrade --sql base:aa02
	sql_text=$out
	has "$sql_text" "CREATE TABLE account"
	hasnt "$sql_text" "aa03"
	if [ "$engine" = sqlite ]; then [ ! -e prod.db ]; fi # printing touches nothing
	pipe
	[ "$status" -eq 0 ]
	query "INSERT INTO account (name) VALUES ('Ada'), ('Grace')"
	rows "SELECT revision FROM schemadiff_revisions ORDER BY 1" aa01 aa02

	# the same once more, and a piece that begins elsewhere: each stops before it does anything
	pipe
	[ "$status" -ne 0 ]
	has "$err" "the database is not at revision base"
	ok downgrade --sql aa01:base
	pipe
	[ "$status" -ne 0 ]
	rows "$people" "1|Ada|" "2|Grace|"
	rows "SELECT revision FROM schemadiff_revisions ORDER BY 1" aa01 aa02

	ok upgrade --sql aa02:head
	pipe
	[ "$status" -eq 0 ]
	rows "$people" "1|Ada|ada@example.org" "2|Grace|grace@example.org"
	ok --url "$url" check
	ok --url "$url" current
	has "$out" "aa03 (head) (current)"

	# a guard of a script stops the shell too, and takes its revision back
	ok downgrade --sql aa03:aa02
	pipe
	[ "$status" -eq 0 ]
	rows "$people" "1|Ada|" "2|Grace|"
	query "INSERT INTO account (name) VALUES ('42')"
	ok upgrade --sql aa02:aa03
	pipe
	[ "$status" -ne 0 ]
	has "$err" "a name has no letter"
	rows "$people" "1|Ada|" "2|Grace|" "3|42|"
	rows "SELECT revision FROM schemadiff_revisions ORDER BY 1" aa01 aa02

	# the other way, all of it
	ok downgrade --sql aa02:base
	pipe
	[ "$status" -eq 0 ]
	refused "SELECT * FROM account"
	rows "SELECT count(*) FROM schemadiff_revisions" 0

	sd downgrade --sql aa01
	want 2
	sd upgrade --sql aa02:aa01
	[ "$status" -ne 0 ]
	sd upgrade aa01:aa02
	want 2
}

@test "offline: SQL for a range, through the shell, stopped on a database that is elsewhere" {
	each_engine offline
}

# ---- a database that exists ---------------------------------------------------------------------

take_over() {
	query "CREATE TABLE account (id integer NOT NULL PRIMARY KEY, name text NOT NULL, email text)"
	query "CREATE INDEX ix_account_name ON account (name)"
	query "INSERT INTO account VALUES (1, 'Ada', NULL), (2, 'Grace', 'g@x')"
	ok inspect -o schemas/app.json
	sd upgrade
	want 0
	ok autogenerate --baseline -m "what is there" --rev-id aa01
	at aa01
	clean
	rows "$people" "1|Ada|" "2|Grace|g@x"

	# another database with the same tables, made by somebody's script: stamp, then check tells
	database other
	query "CREATE TABLE account (id integer NOT NULL PRIMARY KEY, name text NOT NULL, email text)"
	query "INSERT INTO account VALUES (7, 'Linus', NULL)"
	export SCHEMADIFF_URL=$url
	sd upgrade
	want 4
	has "$err" "account"
	sd check
	want 1
	sd stamp aa02
	want 2
	has "$err" 'unknown revision "aa02"'
	ok stamp aa01
	sd check
	want 1
	has "$out" "ok    4  the database is at head"
	has "$out" "+ index ix_account_name"
	query "CREATE INDEX ix_account_name ON account (name)"
	clean
	rows "$people" "7|Linus|"

	# from here on both move alike
	edit '"email": { "type": "text" }' '"email": { "type": "text" }, "phone": { "type": "text" }'
	write aa02
	ok upgrade
	unset SCHEMADIFF_URL
	ok upgrade
	clean
	use app
	rows "SELECT name, phone FROM account ORDER BY id" "Ada|" "Grace|"
	ok downgrade -1
	rows "$people" "1|Ada|" "2|Grace|g@x"
}

@test "a database that exists: a baseline, and a second one stamped" {
	each_engine take_over
}

# ---- data by hand -------------------------------------------------------------------------------

data() {
	by_hand aa01 "" <<-'END'
		-- schemadiff:up
		CREATE TABLE item (id integer PRIMARY KEY, label text, slug text);

		-- schemadiff:down
		DROP TABLE item;
	END
	ok upgrade
	query "INSERT INTO item (id, label) VALUES (1, 'A B'), (2, 'C D'), (3, ''), (10, 'E F'), (11, 'G')"
	ok revision -m "slugs" --rev-id aa02
	has "$err" "fill in both parts"
	sed -i '/^-- schemadiff:up/,$d' "$out"
	script=$out
	cat >>"$script" <<-'END'
		-- schemadiff:up
		-- schemadiff:expect-none an item has no label
		SELECT id, label FROM item WHERE label = '';
		-- schemadiff:only-if
		SELECT 1 FROM item WHERE id = 10;
		INSERT INTO item (id, label) VALUES (20, 'was ten');
		-- schemadiff:only-if
		SELECT 1 FROM item WHERE id = 99;
		INSERT INTO item (id, label) VALUES (100, 'was 99');
		-- schemadiff:batch item (id) 2
		UPDATE item SET slug = lower(replace(label, ' ', '-')) WHERE slug IS NULL AND :batch
	END

	# mistakes on the way: a directive that is none, a part without its way back
	sed -i 's/expect-none/expects-none/' "$script"
	sd upgrade
	want 3
	has "$err" "slugs.sql:"
	has "$err" "expects-none"
	sed -i 's/expects-none/expect-none/' "$script"

	sd upgrade
	want 4
	has "$err" "error: an item has no label"
	has "$err" "the first such row: id = 3"
	rows "SELECT id, slug FROM item ORDER BY id" "1|" "2|" "3|" "10|" "11|"
	query "UPDATE item SET label = 'three' WHERE id = 3"
	ok upgrade
	rows "SELECT id, slug FROM item ORDER BY id" "1|a-b" "2|c-d" "3|three" "10|e-f" "11|g" "20|was-ten"

	# no way back was written
	sd downgrade -1
	want 5
	has "$err" "aa02"
	printf '\n-- schemadiff:down\n-- schemadiff:irreversible labels are what they were made of\n' >>"$script"
	sd check
	want 3
	has "$out$err" "repair"
	ok repair --yes
	sd downgrade -1
	want 5
	has "$err" "labels are what they were made of"
	rows "SELECT id, slug FROM item ORDER BY id" "1|a-b" "2|c-d" "3|three" "10|e-f" "11|g" "20|was-ten"
	ok downgrade -1 --force
	at aa01
	rows "SELECT count(*) FROM item WHERE slug IS NOT NULL" 6
}

@test "data by hand: expect-none, only-if, batch, irreversible" {
	each_engine data
}

# A run that stops between two batches goes on where it was.
half_done() {
	by_hand aa01 "" <<-'END'
		-- schemadiff:up
		CREATE TABLE item (id integer PRIMARY KEY, n integer CHECK (n < 5));

		-- schemadiff:down
		DROP TABLE item;
	END
	ok upgrade
	query "INSERT INTO item (id) VALUES (1), (2), (3), (4), (5), (6)"
	by_hand aa02 aa01 <<-'END'
		-- schemadiff:up
		-- schemadiff:batch item (id) 2
		UPDATE item SET n = id WHERE :batch;

		-- schemadiff:down
		UPDATE item SET n = NULL;
	END
	sd upgrade
	want 4
	has "$err" "aa02.sql:8"
	rows "SELECT id, n FROM item ORDER BY id" "1|1" "2|2" "3|3" "4|4" "5|" "6|"
	ok status
	has "$out" "half done:   aa02"
	has "$out" "goes on with what is half applied"
	sd check
	want 1
	sd downgrade base
	want 3
	query "DELETE FROM item WHERE id > 4"
	ok upgrade
	rows "SELECT id, n FROM item ORDER BY id" "1|1" "2|2" "3|3" "4|4"
	ok downgrade base
	refused "SELECT * FROM item"
}

@test "data by hand: a batch that stops goes on" {
	each_engine half_done
}

# ---- steps --------------------------------------------------------------------------------------

steps() {
	three_revisions
	ok upgrade
	query "INSERT INTO account (name) VALUES ('Ada')"
	ok downgrade -2
	at aa01
	ok upgrade +1
	at aa02
	ok upgrade head
	at aa03
	rows "$people" "1|Ada|ada@example.org"
	ok downgrade aa03-1
	at aa02
	ok upgrade aa01+2
	at aa03
	ok downgrade head-1
	at aa02
	ok downgrade base+1
	at aa01
	rows "SELECT id, name FROM account" "1|Ada"
	sd downgrade -2
	want 2
	sd downgrade aa02
	want 2
	has "$err" "cannot downgrade to aa02: it is not applied"
	sd upgrade -1
	want 2
	has "$err" "downgrade -1"
	sd downgrade
	want 2
	at aa01
	ok upgrade aa02
	ok upgrade --dry-run
	has "$out" "UPDATE account SET email"
	at aa02

	# everything back, and everything anew
	ok upgrade
	ok downgrade base
	ok current
	equal "$out" ""
	refused "SELECT * FROM account"
	sd downgrade -1
	want 2
	ok upgrade
	clean
	query "INSERT INTO account (name, email) VALUES ('Grace', 'g@x')"
	rows "$people" "1|Grace|g@x"
	ok downgrade aa02
	ok upgrade
	rows "$people" "1|Grace|g@x"
}

@test "steps: +1, -2, head-1, base and back" {
	each_engine steps
}

# ---- CI -----------------------------------------------------------------------------------------

# The job of a pipeline, as people write it.
ci() {
	cat >ci.sh <<-'END'
		set -eu
		"$SD" -q upgrade
		"$SD" check
		echo "the schema is fine"
	END
	status=0
	out="$(SD=$SD sh ci.sh 2>&1 </dev/null)" || status=$?
	err=
}

pipeline() {
	three_revisions
	ci
	want 0
	has "$out" "the schema is fine"

	# a migration forgotten
	edit '"nullable": false }' '"nullable": false }, "phone": { "type": "text" }'
	ci
	want 1
	hasnt "$out" "the schema is fine"
	has "$out" "FAIL  3  no migration is missing: 1 difference"
	has "$out" "+ column phone: text (schemas/app.json:6)"
	has "$out" "ok    4  the database is at head"

	# an empty script says that it makes the change: `check` would believe it
	ok revision -m "something else" --rev-id zz04
	has "$err" "warning: the schema files have changed since revision aa02: \`check\` takes this script for what makes the change"
	rm "$out"
	write aa04
	ci
	want 0
	ok revision -m "something else" --rev-id zz05
	hasnt "$err" warning
	rm "$out"

	# somebody's hand in the database
	query "DROP INDEX ix_account_email"
	ci
	want 1
	has "$out" "ok    3  no migration is missing"
	has "$out" "+ index ix_account_email"
	query "CREATE INDEX ix_account_email ON account (email)"
	ci
	want 0

	# a script edited after it had run
	sed -i 's/example.org/example.net/' migrations/aa03.sql
	ci
	want 3
	has "$out" "aa03.sql"
	sed -i 's/example.net/example.org/' migrations/aa03.sql
	ci
	want 0

	# a migration that does not run, and a schema file that does not load
	by_hand aa05 aa04 <<<'-- schemadiff:up
	INSERT INTO acount (name) VALUES (1);'
	ci
	want 4
	has "$out" "aa05.sql:7"
	has "$out" "acount"
	at aa04
	rm migrations/aa05.sql
	edit '"phone": {' '"phone": '
	ci
	want 2
}

@test "check in a pipeline: passes, and fails for each reason" {
	each_engine pipeline
}
