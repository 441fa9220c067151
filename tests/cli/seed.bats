#!/usr/bin/env bats
load helpers
load engine_helpers

# Seeds, on both engines.  SD_TEST_PG names the server.
setup_more() {
	mkdir migrations schemas seeds
	echo '{}' >schemadiff.json
	printf -- '-- users\n-- revision: aaa1\n-- schemadiff:up\nCREATE TABLE users (name text PRIMARY KEY, runs integer NOT NULL);\n-- schemadiff:down\nDROP TABLE users;\n' >migrations/1.sql
	printf -- '-- teams\n-- revision: bbb2\n-- revises: aaa1\n-- label: teams\n-- schemadiff:up\nCREATE TABLE teams (name text);\n-- schemadiff:down\nDROP TABLE teams;\n' >migrations/2.sql
	seed 10_users changed ada
	seed 20_once once bob
	seed 30_always always cleo
}

# seed FILE WHEN NAME: each run counts.
seed() {
	printf -- "-- schemadiff:seed %s\nINSERT INTO users (name, runs) VALUES ('%s', 1)\n  ON CONFLICT (name) DO UPDATE SET runs = users.runs + 1;\n" \
		"$2" "$3" >"seeds/$1.sql"
}

users() { ask "SELECT name || runs FROM users ORDER BY name" | paste -sd ' '; }

runs_what_is_due() {
	on "$1"
	sd seed
	want 5
	has "$err" "2 revisions are pending (the first is aaa1), and seeds are written for the whole schema"
	has "$err" '`schemadiff upgrade` comes first; --force runs seeds all the same'
	[ "$1" = postgresql ] || [ ! -e app.db ]
	ok upgrade
	ok seed --list
	equal "$out" "new      seeds/10_users.sql
new      seeds/20_once.sql (once)
new      seeds/30_always.sql (always)"
	ok seed
	has "$err" "seed seeds/10_users.sql ("
	equal "$(users)" "ada1 bob1 cleo1"
	ok seed
	equal "$(users)" "ada1 bob1 cleo2"
	# comments, white space and when it runs are no edits; statements are
	sed -i 's/^INSERT/-- a remark\n  INSERT/; s/seed changed/seed once/' seeds/10_users.sql
	ok seed --list
	has "$out" "done     seeds/10_users.sql (once), 20"
	seed 10_users changed eve
	seed 20_once once eve
	ok seed --list --json
	is_json "$out"
	equal "$(field "$out" '[(s["name"], s["when"], s["state"], s["due"]) for s in d["seeds"]]')" \
		"[('seeds/10_users.sql', 'changed', 'changed', True), ('seeds/20_once.sql', 'once', 'changed', False), ('seeds/30_always.sql', 'always', 'done', True)]"
	ok seed 10_users 20_once.sql
	equal "$(users)" "ada1 bob1 cleo2 eve1"
	ok seed ./seeds//10_users.sql --json
	equal "$(field "$out" '(d["seeded"], d["failed_seed"])')" "([], None)"
	ok seed 20_once --again
	equal "$(users)" "ada1 bob1 cleo2 eve2"
	rm seeds/20_once.sql
	ok seed --json
	equal "$(field "$out" 'd["seeded"]')" "['seeds/30_always.sql']"
	equal "$(ask "SELECT count(*) FROM schemadiff_seeds")" 3
	equal "$(ask "SELECT DISTINCT result FROM schemadiff_log WHERE action = 'seed'")" ok
	# the table is nobody's schema
	ok diff --from "$SCHEMADIFF_URL" --to "$SCHEMADIFF_URL"
	ok inspect
	hasnt "$out" schemadiff_seeds
}

@test "what is new, changed or always runs, SQLite" { runs_what_is_due sqlite; }
@test "what is new, changed or always runs, PostgreSQL" { runs_what_is_due postgresql; }

fails_alone() {
	on "$1"
	ok upgrade
	printf "INSERT INTO users VALUES ('half', 1);\n\nINSERT INTO users (name)\n  VALUES ('dan');\n" >seeds/20_once.sql
	sd seed
	want 4
	has "$err" "seeds/20_once.sql:3: error: "
	has "$err" "in: INSERT INTO users (name) VALUES ('dan')"
	has "$err" "nothing of seeds/20_once.sql was kept; the database is at bbb2"
	equal "$(users)" "ada1"
	equal "$(ask "SELECT name FROM schemadiff_seeds")" "seeds/10_users.sql"
	has "$(ask "SELECT result FROM schemadiff_log WHERE action = 'seed' AND revision = 'seeds/20_once.sql'")" "failed: "
	sd seed --json
	want 4
	equal "$(field "$out" '(d["seeded"], d["failed_seed"])')" "([], 'seeds/20_once.sql')"
	rm seeds/20_once.sql
	ok seed
	equal "$(users)" "ada1 cleo1"
}

@test "a seed that fails leaves nothing, and what ran before stays, SQLite" { fails_alone sqlite; }
@test "a seed that fails leaves nothing, and what ran before stays, PostgreSQL" { fails_alone postgresql; }

waits_and_takes_variables() {
	on "$1"
	rm seeds/*
	printf -- "-- schemadiff:depends-on teams\nINSERT INTO teams VALUES (:'who' || :'tag');\n" >seeds/teams.sql
	seed users changed ada
	ok upgrade aaa1
	sd seed
	want 5
	has "$err" "1 revision is pending"
	ok seed --force
	has "$err" "seed seeds/teams.sql waits for revision bbb2"
	equal "$(users)" "ada1"
	ok seed --list
	has "$out" "new      seeds/teams.sql (waits for bbb2)"
	ok upgrade
	sd seed
	want 2
	has "$err" "seeds/teams.sql:2: error: the variable who has no value"
	sd seed -V who=a -V nobody=b
	want 2
	has "$err" "-V nobody: no script uses this variable"
	ok seed -V "who=it's " --tag v1 --dry-run
	has "$out" "seeds/teams.sql:2: INSERT INTO teams VALUES ('it''s ' || 'v1')"
	ok seed -V "who=it's " --tag v1
	equal "$(ask "SELECT name FROM teams")" "it's v1"
	equal "$(ask "SELECT result FROM schemadiff_log WHERE revision = 'seeds/teams.sql' AND result LIKE 'ok%'")" "ok, tagged 'v1', with who = 'it''s '"
}

@test "seeds wait for revisions, and take variables, SQLite" { waits_and_takes_variables sqlite; }
@test "seeds wait for revisions, and take variables, PostgreSQL" { waits_and_takes_variables postgresql; }

together() {
	on "$1"
	ok upgrade
	rm seeds/*
	seed a changed ada
	# where transactions alone keep processes apart, all have looked before one of them writes
	if [ "$1" = sqlite ]; then
		{ echo 'BEGIN IMMEDIATE;'; sleep 0.7; echo 'COMMIT;'; } | sqlite3 app.db &
		sleep 0.2
	fi
	for i in 1 2 3 4 5; do
		"$SD" seed >".out$i" 2>&1 &
	done
	wait
	equal "$(users)" "ada1"
	equal "$(cat .out? | grep -c 'seed seeds/a.sql')" 1
}

@test "of five at once one seeds, SQLite" { together sqlite; }
@test "of five at once one seeds, PostgreSQL" { together postgresql; }

@test "PostgreSQL: nobody else may read the table of seeds, and it lies where the others do" {
	on postgresql
	ask 'CREATE SCHEMA books'
	echo '{ "bookkeeping": { "namespace": "books", "prefix": "sd_" } }' >schemadiff.json
	ok upgrade
	ok seed
	equal "$(ask "SELECT relacl::text ~ '[{,]=' FROM pg_class WHERE oid = 'books.sd_seeds'::regclass")" f
	equal "$(ask "SELECT count(*) FROM pg_tables WHERE schemaname = 'books'")" 4
}

@test "PostgreSQL: after ensure-version a role that may not create tables can upgrade and seed" {
	on postgresql
	ok ensure-version
	printf -- '-- users\n-- revision: aaa1\n-- schemadiff:up\nINSERT INTO users VALUES (1);\n' >migrations/1.sql
	rm migrations/2.sql seeds/*
	echo "INSERT INTO users VALUES (2);" >seeds/a.sql
	psql -Xq "$SD_TEST_PG" -c 'SET client_min_messages = error' -c 'DROP ROLE IF EXISTS schemadiff_cli_writer' -c 'CREATE ROLE schemadiff_cli_writer LOGIN'
	ask "REVOKE CREATE ON SCHEMA public FROM PUBLIC; CREATE TABLE users (x int); GRANT ALL ON ALL TABLES IN SCHEMA public TO schemadiff_cli_writer"
	export SCHEMADIFF_URL="$pg user=schemadiff_cli_writer"
	ok upgrade
	ok seed
	equal "$(ask "SELECT string_agg(x::text, ' ') FROM users")" "1 2"
	psql -Xq "$SD_TEST_PG" -c "DROP DATABASE $dbname" -c 'DROP ROLE schemadiff_cli_writer'
}

@test "which files: lists, folders, environments; names that are ambiguous" {
	on sqlite
	unset SCHEMADIFF_URL
	mkdir more
	cp seeds/10_users.sql more/
	echo "SELECT 1;" >more/last.sql
	echo x >more/notes.txt
	cat >schemadiff.json <<-'END'
		{ "default_environment": "dev", "seeds": ["more/last.sql", "./seeds/", "more"],
		  "environments": { "dev": { "url": "sqlite:app.db" }, "prod": { "url": "sqlite:app.db", "seeds": [] },
		    "bad": { "url": "sqlite:app.db", "seeds": ["nope"] } } }
	END
	ok upgrade
	ok seed --list
	equal "$(printf '%s\n' "$out" | awk '{ print $2 }' | paste -sd ' ')" \
		"more/last.sql seeds/10_users.sql seeds/20_once.sql seeds/30_always.sql more/10_users.sql"
	sd seed 10_users
	want 2
	has "$err" '"10_users" is ambiguous: seeds/10_users.sql, more/10_users.sql'
	sd seed more/10_usres.sql
	want 2
	has "$err" 'did you mean "more/10_users.sql"?'
	ok seed more/10_users.sql
	# the same from a folder below
	cd seeds
	ok seed --list
	has "$out" "done     more/10_users.sql"
	cd ..
	ok -e prod seed
	has "$err" "there are no seeds"
	sd -e bad seed
	want 2
	has "$err" "nope: error: there is no such seed or folder of seeds"
	rm -r seeds
	echo '{}' >schemadiff.json
	ok --url sqlite:app.db seed
	has "$err" "there are no seeds"
	sd --url sqlite:app.db seed --again
	want 2
}

@test "what a seed cannot say" {
	on sqlite
	ok upgrade
	while IFS='|' read -r text message; do
		printf -- "$text" >seeds/10_users.sql
		sd seed
		want 3
		has "$err" "$message"
	done <<-'END'
		-- schemadiff:seed never\n|seeds/10_users.sql:1: error: `seed` says when a seed runs
		SELECT 1;\n-- schemadiff:seed once\n|seeds/10_users.sql:2: error: `seed` must stand before the first statement
		-- schemadiff:seed once\n-- schemadiff:seed once\n|seeds/10_users.sql:2: error: `seed` is given twice
		-- schemadiff:depends-on zzz9\n|seeds/10_users.sql:1: error: depends on "zzz9", and no revision has that id or label
		-- schemadiff:depends-on\n|seeds/10_users.sql:1: error: `depends-on` needs a revision
		-- schemadiff:sed once\n|did you mean "seed"?
		-- schemadiff:up\nSELECT 1;\n|this file has no parts
		-- schemadiff:no-transaction\nVACUUM;\n|this file runs in one transaction
		BEGIN;\n|cannot open or end transactions
	END
	rm seeds/*
	printf -- '-- c\n-- revision: ccc3\n-- revises: bbb2\n-- schemadiff:up\n-- schemadiff:seed once\nSELECT 1;\n' >migrations/3.sql
	sd upgrade
	want 3
	has "$err" '`seed` belongs into a seed'
}

@test "what a seed can't be is told once, with a way that a seed has" {
	on sqlite
	echo '{ "seeds": ["seeds", "./seeds/20_once.sql", "seeds/"] }' >schemadiff.json
	ok upgrade
	for statement in 'PRAGMA foreign_keys = OFF' VACUUM COMMIT; do
		echo "$statement;" >seeds/20_once.sql
		sd seed
		want 3
		equal "$(grep -c error: <<<"$err")" 1
		has "$err" "hint: this file runs in one transaction, which takes its record along: what needs another belongs into a revision"
	done
	equal "$(users)" ""
}
