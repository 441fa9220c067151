#!/usr/bin/env bats
load helpers
load engine_helpers

# fresh, on both engines.  SD_TEST_PG names the server.
setup_more() {
	mkdir migrations schemas seeds
	echo '{}' >schemadiff.json
	printf -- '-- users\n-- revision: aaa1\n-- schemadiff:up\nCREATE TABLE users (id integer PRIMARY KEY, name text);\nCREATE VIEW names AS SELECT name FROM users;\n-- schemadiff:down\nDROP VIEW names;\nDROP TABLE users;\n' >migrations/1.sql
	printf -- "-- posts\n-- revision: bbb2\n-- revises: aaa1\n-- schemadiff:up\nCREATE TABLE posts (user_id integer REFERENCES users);\n-- schemadiff:down\nDROP TABLE posts;\n" >migrations/2.sql
	echo "INSERT INTO users VALUES (1, 'ada');" >seeds/users.sql
	name=app.db
}

# on ENGINE, and what its database is called.
begin() {
	on "$1"
	[ "$1" = sqlite ] || name=$dbname
}

users() { ask "SELECT name FROM users ORDER BY id" | paste -sd ' '; }

begins_anew() {
	begin "$1"
	# where there is nothing, nobody has to agree
	ok fresh
	equal "$(users)" ada
	ask "INSERT INTO users VALUES (2, 'bob'); INSERT INTO posts VALUES (2)" >/dev/null
	ask "CREATE TABLE \"by hand\" (x text); CREATE TABLE alembic_version (v text)" >/dev/null
	sd fresh
	want 5
	has "$err" 'drop table '
	has "$err" 'by hand": 0 rows'
	has "$err" "users: 2 rows"
	has "$err" "nobody has agreed: nothing was dropped of \"$name\", which has 8 tables with "
	has "$err" "to drop all that: --yes=$name"
	for wrong in "${name}x" "" "$(printf '%s' "$name" | tr a-z A-Z)" x; do
		sd fresh "--yes=$wrong"
		want 5
		has "$err" "--yes names another database"
	done
	equal "$(users)" "ada bob"
	ok fresh --dry-run
	has "$out" "users: 2 rows"
	has "$out" "alembic_version"
	has "$out" "upgrade aaa1: users
upgrade bbb2: posts
seed seeds/users.sql"
	equal "$(users)" "ada bob"
	ok fresh "--yes=$name"
	has "$err" "dropped 8 tables with "
	has "$err" "upgrade aaa1 -> bbb2: posts"
	has "$err" "seed seeds/users.sql"
	equal "$(users)" ada
	equal "$(ask "SELECT count(*) FROM posts")" 0
	sd --url "$SCHEMADIFF_URL" diff --from "$SCHEMADIFF_URL" --to empty
	hasnt "$out" "by hand"
	equal "$(ask "SELECT action FROM schemadiff_log ORDER BY at, action DESC" | paste -sd ' ')" "fresh upgrade upgrade seed"
	has "$(ask "SELECT result FROM schemadiff_log WHERE action = 'fresh'")" "ok, dropped 8 tables with "
	ok fresh "--yes=$name" --no-seed --json --tag v1
	is_json "$out"
	equal "$(field "$out" '(d["database"], d["dropped"], len([x for x in d["drops"] if x["kind"] == "table"]), d["done"], d["current"])')" \
		"('$name', True, 6, ['aaa1', 'bbb2'], ['bbb2'])"
	equal "$(users)" ""
	equal "$(ask "SELECT result FROM schemadiff_log WHERE revision = 'bbb2'")" "ok, tagged 'v1'"
	sd fresh --json
	want 5
	equal "$(field "$out" '(d["exit"], d["dropped"])')" "(5, False)"
	ok fresh --dry-run --json
	equal "$(field "$out" '(d["dry_run"], d["then"])')" "(True, {'revisions': ['aaa1', 'bbb2'], 'seeds': ['seeds/users.sql']})"
}

@test "everything goes, all runs again, and the name must be said, SQLite" { begins_anew sqlite; }
@test "everything goes, all runs again, and the name must be said, PostgreSQL" { begins_anew postgresql; }

typed() {
	begin "$1"
	ok fresh
	ask "INSERT INTO users VALUES (2, 'bob')" >/dev/null
	on_terminal 'no\n' "$SD" fresh
	want 5
	has "$out" "Type the database's name, $name, to agree:"
	has "$out" "another name was typed"
	on_terminal '\x04' "$SD" fresh
	want 5
	on_terminal 'y\n' "$SD" fresh
	want 5
	equal "$(users)" "ada bob"
	on_terminal "$name\n" "$SD" fresh
	want 0
	equal "$(users)" ada
}

@test "on a terminal the name is typed, SQLite" { typed sqlite; }
@test "on a terminal the name is typed, PostgreSQL" { typed postgresql; }

sure() {
	begin "$1"
	ok fresh
	ask "INSERT INTO users VALUES (2, 'bob')" >/dev/null
	# what comes behind is looked at before
	printf -- "-- c\n-- revision: ccc3\n-- revises: bbb2\n-- schemadiff:up\nINSERT INTO users VALUES (3, :'who');\n" >migrations/3.sql
	sd fresh "--yes=$name"
	want 2
	has "$err" "the variable who has no value"
	printf -- "-- c\n-- revision: ccc3\n-- revises: bbb9\n-- schemadiff:up\nSELECT 1;\n" >migrations/3.sql
	sd fresh "--yes=$name"
	want 3
	rm migrations/3.sql
	echo "INSERT INTO users VALUES (1, :'who');" >seeds/users.sql
	sd fresh "--yes=$name"
	want 2
	sd fresh "--yes=$name" -V who=x -V what=y
	want 2
	has "$err" "-V what: no script uses this variable"
	equal "$(users)" "ada bob"
	# a protected database stays, whatever leads to it
	printf '{ "environments": { "prod": { "url": "%s", "protected": true } } }' "$SCHEMADIFF_URL" >schemadiff.json
	for target in "-e prod" ""; do
		sd $target fresh "--yes=$name" -V who=x
		want 5
		has "$err" "is protected: nothing of it is ever dropped by this command"
	done
	equal "$(users)" "ada bob"
	echo '{}' >schemadiff.json
	ok fresh "--yes=$name" -V who=x
	equal "$(users)" x
	# a revision that fails leaves what ran before it; the next one goes on
	printf -- "-- c\n-- revision: ccc3\n-- revises: bbb2\n-- schemadiff:up\nSELECT nothing;\n" >migrations/3.sql
	sd fresh "--yes=$name" -V who=x --json
	want 4
	equal "$(field "$out" '(d["dropped"], d["done"], d["failed"])')" "(True, ['aaa1', 'bbb2'], 'ccc3')"
	sed -i 's/nothing/1/' migrations/3.sql
	ok upgrade
	ok seed -V who=y
	equal "$(users)" y
}

@test "nothing is dropped in vain, and nothing protected, SQLite" { sure sqlite; }
@test "nothing is dropped in vain, and nothing protected, PostgreSQL" { sure postgresql; }

@test "SQLite: virtual tables, triggers, odd names, references in a circle, numbers of the header" {
	begin sqlite
	sqlite3 app.db "CREATE TABLE \"a'b\"\"c\" (x REFERENCES t (y)); CREATE TABLE t (y PRIMARY KEY, z REFERENCES \"a'b\"\"c\" (x)); INSERT INTO t VALUES (1, NULL);
		CREATE VIEW broken AS SELECT * FROM gone; CREATE TABLE auto (id INTEGER PRIMARY KEY AUTOINCREMENT); INSERT INTO auto DEFAULT VALUES;
		CREATE VIRTUAL TABLE words USING fts5(w); INSERT INTO words VALUES ('x'); CREATE TRIGGER r AFTER INSERT ON t BEGIN INSERT INTO words VALUES ('y'); END;
		PRAGMA user_version = 7; PRAGMA application_id = 9; ANALYZE;"
	ok fresh --dry-run
	hasnt "$out" words_
	has "$out" "drop virtual table words"
	has "$out" "drop setting user_version"
	ok fresh --yes=app.db
	equal "$(sqlite3 app.db "SELECT group_concat(name, ' ') FROM (SELECT name FROM sqlite_schema WHERE name NOT LIKE 'sqlite_%' ORDER BY 1)")" \
		"names posts schemadiff_log schemadiff_meta schemadiff_revisions schemadiff_seeds users"
	equal "$(sqlite3 app.db "PRAGMA user_version; PRAGMA application_id; PRAGMA integrity_check" | paste -sd ' ')" "0 0 ok"
	ok inspect
	# a reader keeps its file: it is emptied, not replaced
	inode=$(stat -c %i app.db)
	ok fresh --yes=app.db
	equal "$(stat -c %i app.db)" "$inode"
}

@test "PostgreSQL: every kind of object goes, circles too; extensions and other namespaces stay" {
	begin postgresql
	psql -Xq "$pg" -v ON_ERROR_STOP=1 <<-'END'
		CREATE SCHEMA other;
		CREATE TABLE other.t (x int);
		CREATE EXTENSION pgcrypto;
		CREATE TABLE "a ""b" (id serial PRIMARY KEY, i int GENERATED ALWAYS AS IDENTITY);
		CREATE FUNCTION f("a ""b") RETURNS int LANGUAGE sql AS 'SELECT 1';
		CREATE FUNCTION g(int DEFAULT 1) RETURNS int LANGUAGE sql IMMUTABLE AS 'SELECT 1';
		CREATE TABLE ring (x int DEFAULT g(), y int GENERATED ALWAYS AS (g(1)) STORED);
		CREATE FUNCTION h(ring) RETURNS int LANGUAGE sql AS 'SELECT 1';
		ALTER TABLE ring ALTER x SET DEFAULT h(NULL);
		CREATE PROCEDURE p(int) LANGUAGE sql AS 'SELECT 1';
		CREATE AGGREGATE agg(int) (sfunc = int4pl, stype = int);
		CREATE AGGREGATE agg0(*) (sfunc = int8inc, stype = bigint, initcond = '0');
		CREATE TYPE mood AS ENUM ('a'); CREATE TYPE pair AS (a int, b mood); CREATE DOMAIN d AS int CHECK (value > 0); CREATE TYPE r AS RANGE (subtype = int);
		CREATE SEQUENCE s; CREATE VIEW v AS SELECT * FROM ring; CREATE MATERIALIZED VIEW mv AS SELECT * FROM v;
		CREATE COLLATION c FROM "C"; CREATE OPERATOR ### (leftarg = int, rightarg = int, procedure = int4pl);
		CREATE OPERATOR @@@ (rightarg = int, procedure = int4um);
		CREATE OPERATOR FAMILY fam USING btree; CREATE OPERATOR CLASS cl FOR TYPE int USING btree FAMILY fam AS OPERATOR 1 <, FUNCTION 1 btint4cmp(int, int);
		CREATE TEXT SEARCH CONFIGURATION ts (copy = simple); CREATE TEXT SEARCH DICTIONARY td (template = simple);
		CREATE CONVERSION conv FOR 'LATIN1' TO 'UTF8' FROM iso8859_1_to_utf8;
		CREATE STATISTICS st ON x, y FROM ring;
		CREATE TABLE part (x int) PARTITION BY RANGE (x); CREATE TABLE part1 PARTITION OF part FOR VALUES FROM (0) TO (9); INSERT INTO part VALUES (1);
		CREATE TABLE parent (x int); CREATE TABLE child () INHERITS (parent);
	END
	psql -Xq "$pg" -c 'CREATE TABLE other.target (x int PRIMARY KEY)' -c 'CREATE TABLE fk (x int REFERENCES other.target)' \
		-c 'ALTER TABLE ring ENABLE ROW LEVEL SECURITY' -c 'CREATE POLICY pol ON ring USING (g() = 1)' -c 'CREATE PUBLICATION pub FOR TABLE ring' \
		-c 'CREATE CAST (mood AS d) WITH INOUT' -c "CREATE FUNCTION e() RETURNS event_trigger LANGUAGE plpgsql AS 'BEGIN END'" \
		-c 'CREATE EVENT TRIGGER et ON ddl_command_end EXECUTE FUNCTION e()'
	ok fresh --dry-run
	has "$out" 'drop table public."a ""b": 0 rows'
	has "$out" "drop table public.part: 1 row"
	hasnt "$out" "part1"
	has "$out" "drop aggregate public.agg0()"
	has "$out" "drop operator family public.fam USING btree"
	has "$out" "drop function public.h(public.ring)"
	has "$out" "drop event trigger et"
	hasnt "$out" "digest("
	ok fresh "--yes=$name"
	equal "$(ask "SELECT string_agg(relname, ' ' ORDER BY relname) FROM pg_class WHERE relnamespace = 'public'::regnamespace AND relkind <> 'i'")" \
		"names posts schemadiff_log schemadiff_meta schemadiff_revisions schemadiff_seeds users"
	equal "$(ask "SELECT count(*) FROM pg_depend d WHERE refclassid = 'pg_namespace'::regclass AND refobjid = 'public'::regnamespace AND deptype = 'n'
		AND classid NOT IN ('pg_class'::regclass, 'pg_extension'::regclass) AND NOT EXISTS (SELECT 1 FROM pg_depend e WHERE e.classid = d.classid AND e.objid = d.objid AND e.deptype = 'e')")" 0
	equal "$(ask "SELECT to_regclass('other.t') IS NOT NULL AND to_regclass('other.target') IS NOT NULL AND to_regproc('gen_random_uuid') IS NOT NULL AND EXISTS (SELECT 1 FROM pg_extension WHERE extname = 'pgcrypto')")" t
}

@test "PostgreSQL: what lies elsewhere is never dropped along; namespaces that are listed are managed" {
	begin postgresql
	ok fresh
	ask "CREATE SCHEMA other; CREATE VIEW other.v AS SELECT * FROM users; CREATE TABLE other.t (x int REFERENCES users, p posts);
		CREATE FUNCTION public.f() RETURNS trigger LANGUAGE plpgsql AS 'BEGIN END'; CREATE TRIGGER tr BEFORE INSERT ON other.t EXECUTE FUNCTION f()" >/dev/null
	sd fresh "--yes=$name"
	want 5
	has "$err" "view other.v would be lost, and lies elsewhere"
	has "$err" "constraint t_x_fkey on table other.t would be lost"
	has "$err" "column p of table other.t would be lost"
	has "$err" "trigger tr on table other.t would be lost"
	has "$err" 'let "namespaces" of the configuration list'
	equal "$(users)" ada
	echo '{ "namespaces": ["oth*"], "bookkeeping": { "namespace": "books" } }' >schemadiff.json
	ask "CREATE SCHEMA books; CREATE TABLE books.mine (x int)" >/dev/null
	ok fresh "--yes=$name"
	equal "$(ask "SELECT to_regnamespace('other') IS NOT NULL AND to_regclass('other.t') IS NULL")" t
	# the books lie elsewhere, and go all the same; what lies beside them stays
	ok fresh --dry-run
	has "$out" "drop table books.schemadiff_revisions: 2 rows"
	hasnt "$out" books.mine
	ok fresh "--yes=$name"
	equal "$(ask "SELECT count(*) FROM books.schemadiff_revisions")" 2
}

@test "PostgreSQL: of a tenant its own namespace goes, and its name is wanted; seeds run in several" {
	begin postgresql
	printf '{ "namespaces": ["shared"], "environments": { "prod": { "url": "%s", "tenants": ["t*"] } } }' "$SCHEMADIFF_URL" >schemadiff.json
	unset SCHEMADIFF_URL
	ask "CREATE SCHEMA t1; CREATE SCHEMA t2; CREATE SCHEMA shared; CREATE TABLE shared.s (x int)" >/dev/null
	ok upgrade -e 'prod/*'
	ok seed -e 'prod/*'
	has "$out" "prod/t2: 1 seed run"
	equal "$(ask "SELECT (SELECT count(*) FROM t1.users) || ' ' || (SELECT count(*) FROM t2.schemadiff_seeds)")" "1 1"
	ask "INSERT INTO t1.users VALUES (2, 'x'); INSERT INTO t2.users VALUES (2, 'x')" >/dev/null
	sd fresh -e 'prod/*' "--yes=$name"
	want 2
	sd fresh -e prod/t1 "--yes=$name"
	want 5
	has "$err" "to drop all that: --yes=$name/t1"
	ok fresh -e prod/t1 "--yes=$name/t1"
	hasnt "$err" shared
	equal "$(ask "SELECT (SELECT count(*) FROM t1.users) || ' ' || (SELECT count(*) FROM t2.users) || ' ' || (SELECT count(*) FROM shared.s)")" "1 2 0"
}

@test "PostgreSQL: what another role owns stays, and is told of" {
	begin postgresql
	psql -Xq "$SD_TEST_PG" -c 'SET client_min_messages = error' -c 'DROP ROLE IF EXISTS schemadiff_cli_low' -c 'CREATE ROLE schemadiff_cli_low LOGIN'
	ask "GRANT CREATE, USAGE ON SCHEMA public TO schemadiff_cli_low; CREATE TABLE public.theirs (x int)" >/dev/null
	export SCHEMADIFF_URL="$pg user=schemadiff_cli_low"
	ok fresh
	ok fresh "--yes=$name"
	has "$err" "table theirs stays: it belongs to another role"
	equal "$(ask "SELECT to_regclass('public.theirs') IS NOT NULL")" t
	# its rows are no use without the records: where those are another's, nothing goes
	ask "ALTER TABLE schemadiff_log OWNER TO postgres" >/dev/null
	sd fresh "--yes=$name"
	want 4
	hasnt "$err" "schemadiff_log stays"
	has "$err" "must be owner of table schemadiff_log"
	has "$err" "nothing was dropped"
	equal "$(users)" ada
	psql -Xq "$SD_TEST_PG" -c "DROP DATABASE $dbname" -c 'DROP ROLE schemadiff_cli_low'
}

# meanwhile SQL: `fresh` meets a transaction that has done SQL, and is committed once it is waited for
meanwhile() {
	rm -f .other
	mkfifo .other
	psql -Xq "$pg" <.other >/dev/null 2>&1 3>&- &
	exec 9>.other
	printf 'BEGIN;\n%s;\n' "$1" >&9
	until [ "$(ask "SELECT count(*) FROM pg_stat_activity WHERE datname = '$dbname' AND state = 'idle in transaction' AND query NOT LIKE 'BEGIN%'")" = 1 ]; do sleep 0.02; done
	(
		exec 9>&-
		until [ "$(ask "SELECT count(*) > 0 FROM pg_locks l JOIN pg_database d ON d.oid = l.database WHERE datname = '$dbname' AND NOT granted")" = t ]; do sleep 0.02; done
		echo 'COMMIT;'
	) >.other 3>&- &
	exec 9>&-
	sd fresh "--yes=$name"
	wait
}

@test "PostgreSQL: what comes to need something of it while locks are waited for is not dropped along" {
	begin postgresql
	ok fresh
	ask "CREATE SCHEMA other; CREATE VIEW seen AS SELECT 1 AS x; CREATE MATERIALIZED VIEW kept AS SELECT 1 AS x" >/dev/null
	for from in users seen kept; do
		meanwhile "CREATE VIEW other.v AS SELECT * FROM $from"
		want 5
		has "$err" "view other.v would be lost, and lies elsewhere"
		has "$err" "note: nothing was dropped"
		equal "$(users)" ada
		ask "DROP VIEW other.v" >/dev/null
	done
	# whatever snapshot a transaction has by default
	ask "ALTER DATABASE $dbname SET default_transaction_isolation = serializable" >/dev/null
	meanwhile "CREATE VIEW other.v AS SELECT * FROM users"
	want 5
	has "$err" "view other.v would be lost, and lies elsewhere"
	ask "DROP VIEW other.v" >/dev/null
	meanwhile "CREATE TABLE late (x int REFERENCES users)"
	want 5
	has "$err" "table public.late has come meanwhile, and nobody has agreed to lose it
hint: run it again: it lists what the database has by now"
	equal "$(users)" ada
}
