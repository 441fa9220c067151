#!/usr/bin/env bats
load helpers

# Commands in several environments at once, and environments of many tenants.  SD_TEST_PG names the
# PostgreSQL server.

setup_more() {
	mkdir migrations schemas data
	configure '"dev": { "url": "sqlite:dev.db" }, "prod-eu": { "url": "sqlite:eu.db" }, "prod-us": { "url": "sqlite:us.db" }'
	write 1 aaa1 '' 'CREATE TABLE a (x integer);' 'DROP TABLE a;'
	write 2 bbb2 aaa1 'INSERT INTO a VALUES (1);' 'DELETE FROM a;'
}

# configure ENVIRONMENTS
configure() { printf '{ "environments": {\n%s\n} }\n' "$1" >schemadiff.json; }

# write N ID PARENT UP DOWN: migrations/N.sql
write() {
	printf -- '-- make %s\n-- revision: %s\n%s-- schemadiff:up\n%s\n-- schemadiff:down\n%s\n' "$2" "$2" \
		"${3:+-- revises: $3
}" "$4" "$5" >"migrations/$1.sql"
}

# untimed TEXT: without the times of result lines
untimed() { sed -E 's/ \([0-9.]+ s\)$//' <<<"$1"; }

applied() { sqlite3 "$1" "SELECT group_concat(revision) FROM schemadiff_revisions"; }

# ---- what is chosen -----------------------------------------------------------------------

@test "all, a glob, a list and repetition choose environments in the order of the file" {
	ok upgrade -e all
	equal "$(untimed "$out")" "dev: at bbb2 (head), 2 revisions run
prod-eu: at bbb2 (head), 2 revisions run
prod-us: at bbb2 (head), 2 revisions run"
	equal "$err" "3 environments: 3 done"
	ok current -e 'prod-*'
	equal "$(untimed "$out")" "prod-eu: at bbb2 (head) (current)
prod-us: at bbb2 (head) (current)"
	ok current -e 'prod-us, dev' --jobs=1
	equal "$(untimed "$out")" "prod-us: at bbb2 (head) (current)
dev: at bbb2 (head) (current)"
	ok downgrade --env=dev -1 --env 'prod-us,d*'
	equal "$(untimed "$out")" "dev: at aaa1, 1 revision undone
prod-us: at aaa1, 1 revision undone"
	equal "$(applied eu.db)" aaa1,bbb2
	ok stamp base -e all
	equal "$(untimed "$out" | head -1)" "dev: stamped as base"
	ok ensure-version -e 'prod-*'
	has "$out" "prod-us: the bookkeeping tables are there already"
}

@test "what matches nothing, is no name, or can't be done in several" {
	sd upgrade -e 'test*'
	want 2
	has "$err" 'schemadiff.json: error: -e: no environment matches "test*"'
	has "$err" 'hint: there are: dev, prod-eu, prod-us'
	sd upgrade -e dev,tset
	want 2
	has "$err" 'no environment is called "tset"'
	[ ! -e dev.db ]
	sd autogenerate -m x -e all
	want 2
	has "$err" 'autogenerate works on one environment'
	has "$err" 'hint: several are for: adopt, diff, upgrade'
	sd upgrade -e all --url sqlite:x.db
	want 2
	sd check -e all -o report.json
	want 2
	has "$err" "--json prints one document for all of them"
	for args in 'check --format sarif' 'diff --format html' 'upgrade --sql'; do
		# shellcheck disable=SC2086
		sd $args -e all
		want 2
		has "$err" "is for one environment"
	done
	sd check -e dev,prod-eu --format github
	want 1
	has "$out" "dev: differs (1): no migration is missing: 1 difference; the database is at head: the database sqlite:dev.db does not exist yet"
	has "$out" "  ::error title=schemadiff"
	sd upgrade -e all --jobs 65
	want 2
	sd upgrade -e ,
	want 2
	echo '{ "environments": { "all": {} } }' >schemadiff.json
	sd upgrade -e all
	want 2
	has "$err" 'schemadiff.json:1:21: error: no environment can be called "all"'
}

@test "a name that looks like a pattern is itself first, and a backslash takes it literally" {
	configure '"a*": { "url": "sqlite:star.db" }, "ab": { "url": "sqlite:ab.db" }, "a,b": { "url": "sqlite:comma.db" }'
	ok upgrade -e 'a*'
	equal "$err" "upgrade base -> aaa1: make aaa1 ($(grep -o '[0-9]* ms' <<<"$err" | sed -n 1p))
upgrade aaa1 -> bbb2: make bbb2 ($(grep -o '[0-9]* ms' <<<"$err" | sed -n 2p))"
	[ ! -e ab.db ]
	ok upgrade -e 'a,b'
	ok upgrade -e 'a\*,ab'
	equal "$(untimed "$out")" "a*: at bbb2 (head), nothing to do
ab: at bbb2 (head), 2 revisions run"
	ok status -e all
	equal "$(wc -l <<<"$out")" 3
}

# ---- failures -----------------------------------------------------------------------------

@test "one failure does not stop the others; its output is shown whole" {
	sqlite3 eu.db 'CREATE TABLE a (y)'
	for jobs in 1 4; do
		sd upgrade -e all --jobs $jobs
		want 4
		equal "$(applied dev.db) $(applied us.db)" "aaa1,bbb2 aaa1,bbb2"
		has "$out" "prod-eu: failed (4): migrations/1.sql:4: table a already exists"
		equal "$(cut -d: -f1 <<<"$out")" "dev
prod-eu
prod-us"
		has "$err" "prod-eu: migrations/1.sql:4: error: table a already exists"
		has "$err" "prod-eu: note: nothing of revision aaa1 was kept"
		hasnt "$err" "upgrade base"
		has "$err" "error: 3 environments: 2 done, 1 failed (prod-eu)"
	done
	status=0
	out="$("$SD" upgrade -e all 2>&1)" || status=$?
	equal "$(grep -c 'table a already exists' <<<"$out")" 1
	on_terminal '' "$SD" upgrade -e all --color always
	equal "$(grep -c 'table a already exists' <<<"$out")" 1
}

@test "fail-fast begins no other one" {
	sqlite3 dev.db 'CREATE TABLE a (y)'
	sd upgrade -e all --fail-fast --jobs 1
	want 4
	equal "$(untimed "$out")" "dev: failed (4): migrations/1.sql:4: table a already exists
prod-eu: not run
prod-us: not run"
	has "$err" "error: 3 environments: 1 failed (dev), 2 not run (prod-eu, prod-us)"
	[ ! -e eu.db ]
	ok upgrade -e 'prod-*' --fail-fast
}

@test "the exit code is that of the worst: 2, 4, 3, 5, 1" {
	echo '{ "tables": { "a": { "columns": { "x": { "type": "integer" }, "y": { "type": "integer" } } } } }' >schemas/a.json
	ok upgrade -e 'prod-*'
	sd diff -e 'prod-*'
	want 1
	equal "$(untimed "$out" | grep -v '^ ')" "prod-eu: differs (1)

prod-us: differs (1)"
	has "$out" '  ~ table a
      + column y'
	equal "$err" "2 environments: 2 differ (prod-eu, prod-us)"
	sed -i 's/(1)/(2)/' migrations/2.sql
	sd check -e all
	want 3
	equal "$(grep -o '^[a-z].*([13]):' <<<"$out")" "dev: differs (1):
prod-eu: failed (3):
prod-us: failed (3):"
	sd current --check-heads -e dev,prod-eu
	want 1
	equal "$(untimed "$out" | head -1)" "dev: differs (1): does not exist yet, 2 pending"
	sd repair -e 'prod-*'
	want 5
	ok repair --yes -e 'prod-*'
	has "$out" "prod-us: 1 record of scripts as they are now"
	configure '"a": { "url": "sqlite:eu.db" }, "b": { "url": "${NO_SUCH_VARIABLE}" }, "c": { "url": "sqlite:no/folder.db" }'
	sd upgrade -e all
	want 2
	has "$err" "1 done, 2 failed (b, c)"
	sd upgrade -e a,c
	want 4
	# what has no url is no database
	configure '"a": { "url": "sqlite:eu.db" }, "options": { "wait": 5 }'
	ok current -e all
	equal "$(cut -d: -f1 <<<"$out")" a
	sd current -e a,options
	want 2
}

@test "a process that dies is one failure" {
	write 3 ccc3 bbb2 'INSERT INTO a SELECT 1;' ''
	# the limit is each process's own: only one with a large database meets it
	sqlite3 eu.db "CREATE TABLE big AS WITH RECURSIVE n(i) AS (SELECT 1 UNION ALL SELECT i + 1 FROM n WHERE i < 40) SELECT zeroblob(20000) FROM n"
	sd_limited() { status=0; out="$( (ulimit -f 200; "$SD" "$@") 2>"$BATS_TEST_TMPDIR/.err")" || status=$?; err="$(cat .err)"; }
	sd_limited upgrade -e all
	want 4
	has "$out" "prod-eu: failed: ended by signal 25 (File size limit exceeded)"
	has "$out" "prod-us: at ccc3 (head), 3 revisions run"
	has "$err" "2 done, 1 failed (prod-eu)"
}

@test "where no more processes can be had, fewer run at once" {
	sqlite3 control.db 'CREATE TABLE x (y)'
	configure '"prod": { "url": "sqlite:data/${tenant}.db", "tenants": { "query": "WITH RECURSIVE n(i) AS (SELECT 1 UNION ALL SELECT i + 1 FROM n WHERE i < 20) SELECT i FROM n", "url": "sqlite:control.db" } }'
	(ulimit -n 32; "$SD" upgrade -e all --jobs 20 >.out 2>.err)
	equal "$(grep -c '2 revisions run' .out)" 20
}

@test "the program may be replaced while it runs" {
	cp "$SD" ./mine
	ln -s "$PWD/mine" link
	write 3 ccc3 bbb2 "INSERT INTO a WITH RECURSIVE n(i) AS (SELECT 1 UNION ALL SELECT i + 1 FROM n WHERE i < 400000) SELECT i FROM n;" ''
	(cd data && exec ../link upgrade -e all --jobs 1) >.out 2>.err 3>&- &
	until [ -s dev.db ]; do sleep 0.01; done
	rm mine
	wait $!
	equal "$(grep -c '3 revisions run' .out)" 3
}

@test "two names of one database run one after another" {
	configure '"a": { "url": "sqlite:one.db", "wait": 0 }, "b": { "url": "sqlite:./one.db", "wait": 0 }, "c": { "url": "sqlite:'"$PWD"'/one.db", "wait": 0 }'
	write 1 aaa1 '' "CREATE TABLE a AS WITH RECURSIVE n(i) AS (SELECT 1 UNION ALL SELECT i + 1 FROM n WHERE i < 300000) SELECT i FROM n;" ''
	ok upgrade -e all
	equal "$(untimed "$out")" "a: at bbb2 (head), 2 revisions run
b: at bbb2 (head), nothing to do
c: at bbb2 (head), nothing to do"
}

# ---- output -------------------------------------------------------------------------------

@test "--json: one document with those of all" {
	sqlite3 eu.db 'CREATE TABLE a (y)'
	sd upgrade -e all --json
	want 4
	equal "$(field "$out" '[d["command"], d["exit"], [(e["environment"], e["result"], e["exit"]) for e in d["environments"]]]')" \
		"['upgrade', 4, [('dev', 'done', 0), ('prod-eu', 'failed', 4), ('prod-us', 'done', 0)]]"
	equal "$(field "$out" 'd["environments"][0]["document"]["done"]')" "['aaa1', 'bbb2']"
	equal "$(field "$out" 'd["environments"][1]["document"]["errors"][0]["message"]')" "table a already exists"
	equal "$(field "$out" 'd["errors"][0]["message"]')" "3 environments: 2 done, 1 failed (prod-eu)"
	sd upgrade -e all --json --jobs 1 --fail-fast
	equal "$(field "$out" '[(e["result"], e["exit"], e["document"] is None) for e in d["environments"]]')" \
		"[('done', 0, False), ('failed', 4, False), ('not run', None, True)]"
	sd status -e nobody,x* --json
	want 2
	is_json "$out"
}

@test "options and arguments reach each one as they were given; -v tells all; nothing is read" {
	write 3 ccc3 bbb2 "INSERT INTO a VALUES (:'n');" ''
	ok upgrade -V "n=--json -e x 'y' \"z\"" -e dev,prod-eu -v
	equal "$(sqlite3 eu.db "SELECT x FROM a WHERE x <> 1")" "--json -e x 'y' \"z\""
	has "$err" "dev: upgrade bbb2 -> ccc3: make ccc3"
	has "$err" "dev:   [1/1] migrations/3.sql:"
	ok downgrade -e 'd*' -- -1
	ok upgrade -e dev,prod-us --dry-run ccc3 -V n=1
	has "$out" "prod-us: ("
	has "$out" "  upgrade base -> aaa1: make aaa1
    migrations/1.sql:4: CREATE TABLE a (x integer)"
	on_terminal 'y\n' "$SD" repair -e all
	hasnt "$out" "take"
}

@test "warnings of one that went well are shown, and a counter on a terminal" {
	ok upgrade -e all
	sed -i 's/(1)/(2)/' migrations/2.sql
	sd upgrade -e dev,prod-eu
	want 0
	has "$err" "dev: migrations/2.sql:2:14: warning: this script was edited after revision bbb2 had been applied"
	on_terminal '' "$SD" upgrade -e all --jobs 1
	has "$out" "$(printf '\r0 of 3; now dev\033[K')"
	has "$out" "$(printf '\r2 of 3; now prod-us\033[K')"
}

# ---- signals ------------------------------------------------------------------------------

@test "an interrupt reaches all that run, and the summary tells" {
	# it depends on when the signal comes; a defect fails each time
	BATS_TEST_RETRIES=2
	# without an end: only the interrupt ends it
	local slow='INSERT INTO a WITH RECURSIVE n(i) AS (SELECT 1 UNION ALL SELECT i + 1 FROM n) SELECT i FROM n WHERE i < 0;'
	write 3 ccc3 bbb2 "$slow" ''
	for signal in INT TERM; do
		status=0
		# a job of a shell in the background would have SIGINT ignored
		python3 - "$signal" "$SD" upgrade -e all --jobs 2 >.out 2>.err <<-'END' || status=$?
			import signal, sqlite3, subprocess, sys, time
			number = getattr(signal, "SIG" + sys.argv[1])
			def in_the_third(file):
			    """Two are recorded, and the third holds the lock."""
			    try:
			        db = sqlite3.connect(f"file:{file}?mode=rw", uri=True, timeout=0)
			        if db.execute("SELECT count(*) FROM schemadiff_revisions").fetchone()[0] < 2:
			            return False
			    except sqlite3.Error:
			        return False
			    try:
			        db.execute("BEGIN IMMEDIATE")
			        db.rollback()
			        return False
			    except sqlite3.Error:
			        return True
			p = subprocess.Popen(sys.argv[2:])
			try:
			    end = time.time() + 60
			    # twice, since the end of the second one's transaction holds it for a moment
			    for file in ("dev.db", "eu.db"):
			        for again in range(2):
			            while not in_the_third(file):
			                assert p.poll() is None and time.time() < end
			                time.sleep(0.02)
			            time.sleep(0.1)
			    p.send_signal(number)
			    sys.exit(0 if p.wait(timeout=60) == -number else 1)
			finally:
			    if p.poll() is None:
			        p.terminate()
			        p.terminate()
		END
		out="$(cat .out)" err="$(cat .err)"
		want 0
		equal "$(untimed "$out" | cut -d: -f1,2)" "dev: interrupted
prod-eu: interrupted
prod-us: not run"
		has "$err" "2 interrupted (dev, prod-eu), 1 not run (prod-us)"
		equal "$(applied dev.db) $(applied eu.db)" "aaa1,bbb2 aaa1,bbb2"
	done
	[ "$(sqlite3 dev.db 'SELECT count(*) FROM a')" = 1 ]
}

@test "when the program is killed, none of its processes runs on" {
	[ "$(uname)" = Linux ] || skip "the system does not tell of a parent's end"
	write 3 ccc3 bbb2 'INSERT INTO a WITH RECURSIVE n(i) AS (SELECT 1 UNION ALL SELECT i + 1 FROM n) SELECT i FROM n WHERE i < 0;' ''
	"$SD" upgrade -e all --jobs 3 >.out 2>.err 3>&- &
	until [ "$(applied dev.db 2>/dev/null) $(applied us.db 2>/dev/null)" = "aaa1,bbb2 aaa1,bbb2" ]; do sleep 0.05; done
	children="$(tr ' ' '\n' <"/proc/$!/task/$!/children" | grep .)"
	equal "$(wc -l <<<"$children")" 3
	kill -KILL $!
	for child in $children; do
		for _ in {1..200}; do
			kill -0 "$child" 2>/dev/null || break
			sleep 0.05
		done
		! kill -0 "$child" 2>/dev/null
	done
	equal "$(applied dev.db)" aaa1,bbb2
}

# ---- tenants on SQLite --------------------------------------------------------------------

@test "tenants in files: names, globs, and which there are" {
	configure '"prod": { "url": "sqlite:data/${tenant}/app.db", "tenants": ["acme", "b*"], "protected": true }, "dev": { "url": "sqlite:dev.db" }'
	mkdir data/acme data/bob 'data/b, ob*' data/carl
	for t in bob 'b, ob*' carl; do sqlite3 "data/$t/app.db" 'CREATE TABLE z (x)'; done
	ok upgrade -e all
	equal "$(untimed "$out")" "prod/acme: at bbb2 (head), 2 revisions run
prod/b, ob*: at bbb2 (head), 2 revisions run
prod/bob: at bbb2 (head), 2 revisions run
dev: at bbb2 (head), 2 revisions run"
	ok downgrade base -e 'prod/b\, ob\*'
	has "$err" 'target: sqlite:data/b, ob*/app.db (environment "prod/b, ob*", protected)'
	ok status -e prod/bob
	has "$out" "environment: prod/bob"
	sd upgrade -e prod
	want 2
	has "$err" "hint: choose one: -e 'prod/acme', or all of them: -e 'prod/*'"
	sd upgrade -e prod/carl
	want 2
	has "$err" 'schemadiff.json:2:61: error: environment "prod" has no tenant "carl"'
	sd upgrade -e dev/acme
	want 2
	has "$err" 'environment "dev" has no tenants, so there is no "dev/acme"'
	sd upgrade -e 'prod/z*'
	want 2
	has "$err" "hint: there are: prod/acme, prod/b, ob*, prod/bob, dev"
	sd upgrade -e 'prod/b/../../x'
	want 2
	has "$err" "can't be part of the path of a file"
	# whatever name leads to it, it is protected
	ok stamp head --url sqlite:data/bob/app.db
	has "$err" "(--url, protected)"
	ok upgrade --url 'sqlite:data/${tenant}/app.db' -e prod/acme
	has "$err" "nothing to do"
}

@test "tenants by a query, which can't write, and has to give names" {
	sqlite3 control.db "CREATE TABLE customers (name, gone); INSERT INTO customers VALUES ('z', 0), ('acme', 0), ('old', 1), ('z', 0)"
	configure '"prod": { "url": "sqlite:data/${tenant}.db", "tenants": { "query": "SELECT name FROM customers WHERE NOT gone", "url": "sqlite:control.db" } }, "dev": { "url": "sqlite:dev.db" }'
	ok upgrade -e 'prod/*'
	equal "$(untimed "$out" | cut -d: -f1)" "prod/z
prod/acme"
	ok current -e 'd*' # nobody is asked
	sed -i "s/SELECT name/SELECT NULL/" schemadiff.json
	sd upgrade -e all
	want 2
	has "$err" 'the query of the tenants of "prod" gives a row without a name'
	equal "$(untimed "$out")" "prod/*: failed (2)
dev: at bbb2 (head), 2 revisions run"
	sed -i 's/SELECT NULL.*gone"/DELETE FROM customers RETURNING name"/' schemadiff.json
	sd upgrade -e all
	want 4
	equal "$(sqlite3 control.db 'SELECT count(*) FROM customers')" 4
	sed -i 's/DELETE.*RETURNING name/SELECT name FROM customers WHERE 0/' schemadiff.json
	ok upgrade -e all
	has "$err" 'warning: environment "prod" has no tenants now'
	sd upgrade -e 'prod/*'
	want 2
}

@test "tenants that would all be one database are refused" {
	configure '"prod": { "url": "sqlite:app.db", "tenants": ["a", "b"] }'
	sd upgrade -e prod/a
	want 2
	has "$err" 'the url has no ${tenant}, and a sqlite database has no namespaces'
	[ ! -e app.db ]
	configure '"prod": { "url": "host=nowhere", "tenants": ["a"], "bookkeeping": { "namespace": "ops" } }'
	sd upgrade -e prod/a
	want 2
	has "$err" 'would share the records in "ops"'
}

# ---- tenants on PostgreSQL ----------------------------------------------------------------

# server: a database with the namespaces t_1 … t_20
server() {
	if [ -z "${SD_TEST_PG:-}" ] || ! command -v psql >/dev/null; then
		skip "SD_TEST_PG names no server"
	fi
	psql -Xq "$SD_TEST_PG" -c 'SET client_min_messages = error' \
		-c 'DROP DATABASE IF EXISTS schemadiff_cli_many' -c 'CREATE DATABASE schemadiff_cli_many'
	export PGURL="$SD_TEST_PG dbname=schemadiff_cli_many"
	for i in {1..20}; do echo "CREATE SCHEMA t_$i;"; done | psql -Xq "$PGURL"
	configure '"prod": { "url": "${PGURL}", "tenants": ["t_*"], "lock_timeout": "100ms", "wait": 1 }'
}

ask() { psql -XAtc "$1" "$PGURL"; }

@test "PostgreSQL: twenty namespaces of one database, each with its own records" {
	server
	ok upgrade -e 'prod/*' --jobs 4
	equal "$(grep -c ': at bbb2 (head), 2 revisions run' <<<"$out")" 20
	equal "$err" "20 environments: 20 done"
	equal "$(ask "SELECT count(DISTINCT table_schema), count(*) FROM information_schema.tables WHERE table_name IN ('a', 'schemadiff_revisions') AND table_schema LIKE 't\\_%'")" "20|40"
	equal "$(ask "SELECT count(*) FROM pg_class WHERE relnamespace = 'public'::regnamespace")" 0
	ok downgrade -1 -e prod/t_7
	ok status -e 'prod/t_?'
	equal "$(untimed "$out" | grep pending)" "prod/t_7: at aaa1, 1 pending"
	equal "$(ask 'SELECT (SELECT count(*) FROM t_7.a), (SELECT count(*) FROM t_8.a)')" "0|1"
	sd upgrade -e prod/t_77
	want 4
	has "$err" 'there is no namespace t_77'
	has "$err" 'hint: CREATE SCHEMA t_77;'
	ask 'CREATE SCHEMA "t_X"; CREATE ROLE sd_many_guest LOGIN; GRANT USAGE, CREATE ON SCHEMA t_1 TO sd_many_guest' >/dev/null
	PGURL="$PGURL user=sd_many_guest" sd current -e 'prod/t_X,prod/t_1'
	ask 'REVOKE ALL ON SCHEMA t_1 FROM sd_many_guest; DROP ROLE sd_many_guest' >/dev/null
	has "$err" 'this user may not use the namespace "t_X"'
}

@test "PostgreSQL: a tenant that somebody holds fails alone: the run's lock, and a table's" {
	server
	ok upgrade -e 'prod/*' aaa1
	# another run in t_3: the key is made of the database and the bookkeeping's namespace
	psql -Xq "$PGURL" -c "SELECT pg_advisory_lock(hashtextextended('schemadiff:t_3.schemadiff_revisions', 0) # oid::int8) FROM pg_database WHERE datname = current_database()" \
		-c "BEGIN" -c "LOCK TABLE t_5.a" -c "SELECT pg_sleep(20)" >/dev/null 2>&1 3>&- &
	local here='database = (SELECT oid FROM pg_database WHERE datname = current_database())'
	for _ in {1..100}; do
		[ "$(ask "SELECT count(*) FROM pg_locks WHERE $here AND (locktype = 'advisory' OR relation = 't_5.a'::regclass)")" = 2 ] && break
		sleep 0.05
	done
	write 2 bbb2 aaa1 'ALTER TABLE a ADD y int;' 'ALTER TABLE a DROP y;'
	sd upgrade -e 'prod/*' --jobs 4
	ask "SELECT pg_terminate_backend(pid) FROM pg_locks WHERE $here AND locktype = 'advisory'" >/dev/null
	want 4
	equal "$(grep -c ': at bbb2 (head), 1 revision run' <<<"$out")" 18
	has "$(grep t_3: <<<"$out")" "another run has the lock"
	has "$(grep t_5: <<<"$out")" "failed (4): migrations/2.sql:5:"
	has "$err" "error: 20 environments: 18 done, 2 failed (prod/t_3, prod/t_5)"
	ok upgrade -e 'prod/*'
	equal "$(grep -c '1 revision run' <<<"$out")" 2
}

@test "PostgreSQL: names with capitals, spaces, quotes and backslashes; options of the URL stay" {
	server
	ask "CREATE SCHEMA \"O'Neil \"\"&\"\" Söns\\\"" >/dev/null
	ask 'CREATE SCHEMA "Grün, *"' >/dev/null
	ask 'CREATE TYPE public.color AS ENUM ($$red$$)' >/dev/null
	configure '"prod": { "url": "${PGURL} options='"'-c search_path=nowhere,public -c work_mem=5MB'"'", "tenants": ["O*", "Grün, *", "t_1"] }'
	write 1 aaa1 '' "CREATE TABLE a (x int, c color, m text DEFAULT current_setting('work_mem'));" 'DROP TABLE a;'
	ok upgrade -e 'prod/*' -v
	has "$out" "prod/O'Neil \"&\" Söns\\: at bbb2 (head), 2 revisions run"
	has "$out" 'prod/Grün, *: at bbb2 (head), 2 revisions run'
	equal "$(ask "SELECT m FROM \"O'Neil \"\"&\"\" Söns\\\".a UNION ALL SELECT m FROM \"Grün, *\".a")" "5MB
5MB"
	ok current -e "prod/O'Neil \"&\" Söns\\\\"
	has "$out" bbb2
	PGOPTIONS='-c work_mem=6MB --search-path=public' ok current -e prod/t_1
	# what is printed stops in another namespace
	ok upgrade --sql -e 'prod/Grün\, \*' aaa1:bbb2
	ok downgrade -1 -e 'prod/Grün\, \*'
	"$SD" upgrade --sql -e 'prod/Grün\, \*' aaa1:bbb2 >up.sql
	! psql -Xqf up.sql "$PGURL" 2>err
	has "$(cat err)" "this is for the namespace Grün, *"
	PGOPTIONS='-c search_path="Grün,\ *",public' psql -Xqf up.sql "$PGURL"
	ok current -e 'prod/Grün\, \*'
	has "$out" "bbb2 (head)"
}

@test "PostgreSQL: a database for each tenant; a glob needs names; autogenerate against one" {
	server
	psql -Xq "$SD_TEST_PG" -c 'SET client_min_messages = error' -c 'DROP DATABASE IF EXISTS "schemadiff_cli_many x/1"' \
		-c 'CREATE DATABASE "schemadiff_cli_many x/1"'
	export PGHOSTPART="${SD_TEST_PG#*host=}"
	PGHOSTPART="${PGHOSTPART%% *}"
	configure '"prod": { "url": "postgresql://postgres@/schemadiff_cli_many${tenant}?host=${PGHOSTPART}", "tenants": ["", " x/1"] }'
	sd upgrade -e 'prod/*'
	want 2
	configure '"prod": { "url": "postgresql://postgres@/schemadiff_cli_${tenant}?host=${PGHOSTPART}", "tenants": ["many x/1", "many"], "protected": true },
		"kv": { "url": "user=postgres host=${PGHOSTPART} dbname=schemadiff_cli_${tenant}", "tenants": ["many x/1"] }, "glob": { "url": "postgresql:///${tenant}", "tenants": "*" }'
	ok upgrade -e 'prod/*'
	equal "$(untimed "$out")" "prod/many x/1: at bbb2 (head), 2 revisions run
prod/many: at bbb2 (head), 2 revisions run"
	ok upgrade -e 'kv/*'
	has "$out" "kv/many x/1: at bbb2 (head), nothing to do"
	ok stamp head -e 'kv/many x/1'
	has "$err" "protected"
	sd upgrade -e 'glob/*'
	want 2
	has "$err" "a glob of tenants is matched against"
	echo '{ "tables": { "a": { "columns": { "x": { "type": "integer" }, "y": { "type": "integer" } } } } }' >schemas/a.json
	configure '"prod": { "url": "${PGURL}", "tenants": ["t_*"] }'
	ok upgrade -e prod/t_9
	ok autogenerate -m y -e prod/t_9
	hasnt "$(cat "$out")" t_9
	ok upgrade -e 'prod/t_9,prod/t_1*'
	sd check -e 'prod/t_1*,prod/t_9' --scratch auto --upstream ''
	want 0
	equal "$(grep -c 'gates passed' <<<"$out")" 12
}
