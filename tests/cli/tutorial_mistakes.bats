#!/usr/bin/env bats
load helpers
load tutorial_helpers

# What goes wrong around a run: the wrong database, one that somebody else has; on each engine.

# ---- mistakes -----------------------------------------------------------------------------------

mistakes() {
	three_revisions
	# the wrong URL
	sd --url mysql://x/y upgrade
	want 2
	has "$err" "mysql"
	sd --url sqlite:nowhere/app.db upgrade
	want 4
	has "$err" "nowhere"
	sd -e production upgrade
	want 2
	has "$err" '"production"'
	sd --url "postgresql://nobody:hunter2@localhost:1/app" upgrade
	want 4
	hasnt "$err" hunter2
	# commands that only read make no database
	ok --url sqlite:fresh.db current
	sd --url sqlite:fresh.db check
	[ ! -e fresh.db ]
	# a URL that is a folder, and one that is no database
	mkdir folder
	sd --url sqlite:folder upgrade
	want 4
	echo "this is a letter, and no database at all, as anybody can see" >letter.db
	sd --url sqlite:letter.db upgrade
	want 4
	has "$err" "letter.db"
	at aa02
}

@test "the wrong database: said, and nothing is made or shown" {
	each_engine mistakes
}

# ---- somebody else has it -----------------------------------------------------------------------

# hold SECONDS: another process has table account, and takes its time
hold() {
	if [ "$engine" = sqlite ]; then
		python3 -c 'import sqlite3, sys, time
c = sqlite3.connect("app.db", isolation_level=None)
c.execute("BEGIN IMMEDIATE")
time.sleep(float(sys.argv[1]))' "$1" 3>&- &
	else
		psql -Xq "$url" -c "BEGIN; LOCK TABLE account; SELECT pg_sleep($1)" >/dev/null 3>&- &
	fi
	for _ in $(seq 100); do
		if ! in_time >/dev/null 2>&1; then return; fi
		sleep 0.02
	done
	echo "the lock was not taken" >&2
	return 1
}

# in_time: somebody who wants to write need not wait
in_time() {
	if [ "$engine" = sqlite ]; then
		sqlite3 -bail app.db "BEGIN IMMEDIATE; ROLLBACK"
	else
		PGOPTIONS="-c lock_timeout=1ms" psql -Xq -v ON_ERROR_STOP=1 "$url" -c "SELECT 1 FROM account"
	fi
}

locked() {
	sed -i 's/{ "env/{ "lock_timeout": "200ms", "env/' schemadiff.json
	three_revisions
	query "INSERT INTO account (name) VALUES ('Ada')"
	hold 1.8
	sd upgrade --wait 1
	want 4
	has "$err" "hint: "
	at aa02
	wait
	hold 0.5
	ok upgrade --wait 20
	rows "$people" "1|Ada|ada@example.org"
	wait
}

@test "somebody else has the database: said, waited for, and nothing is lost" {
	each_engine locked
}
