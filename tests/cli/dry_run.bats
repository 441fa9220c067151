#!/usr/bin/env bats
load helpers

# What --dry-run says is what the run says: its order, and all that would stop it.

# write N ID PARENT UP [DOWN]: migrations/N.sql
write() {
	printf -- '-- make %s\n-- revision: %s\n%s-- schemadiff:up\n%s\n%s' "$2" "$2" \
		"${3:+-- revises: $3
}" "$4" "${5:+-- schemadiff:down
$5
}" >"migrations/$1.sql"
}

setup_more() {
	project
	rm schemas/*.json
	configure
	write 1 aaa1 '' 'CREATE TABLE a (x);' 'DROP TABLE a;'
	write 2 bbb2 aaa1 'CREATE TABLE b (x);
-- schemadiff:transaction
INSERT INTO a VALUES (1);
-- schemadiff:transaction
INSERT INTO nowhere VALUES (1);' 'DROP TABLE b;
-- schemadiff:transaction
DELETE FROM a;
DROP TABLE nix;'
	write 3 ccc3 bbb2 'CREATE TABLE c (x);' 'DROP TABLE c;'
}

configure() {
	printf '{ "environments": { "dev": { "url": "sqlite:app.db" %s } }, "default_environment": "dev" }\n' \
		"${1:+, $1}" >schemadiff.json
}

# alike CODE ARGS…: the dry run, and then the run itself, end with CODE and the same errors; the
# dry run changes nothing
alike() {
	local code=$1 dry before
	shift
	before="$(sha256sum app.db 2>&1 || true)"
	sd "$@" --dry-run
	want "$code"
	dry="$(grep -E 'error|hint' <<<"$err" || true)"
	equal "$(sha256sum app.db 2>&1 || true)" "$before"
	sd --json "$@" --dry-run
	want "$code"
	is_json "$out"
	sd "$@"
	want "$code"
	equal "$dry" "$(grep -E 'error|hint' <<<"$err" || true)"
}

@test "what is half done, its direction, its statements, and --resume-at" {
	sd upgrade
	want 4
	ok upgrade --dry-run
	has "$out" "upgrade aaa1 -> bbb2: make bbb2
  migrations/2.sql:5: (done) CREATE TABLE b (x)
  migrations/2.sql:7: (done) INSERT INTO a VALUES (1)
  migrations/2.sql:9: INSERT INTO nowhere VALUES (1)
upgrade bbb2 -> ccc3: make ccc3
  migrations/3.sql:5: CREATE TABLE c (x)"
	hasnt "$out" "upgrade base"
	ok --json upgrade --dry-run
	equal "$(field "$out" '[s["left"] for r in d["revisions"] for s in r["statements"]]')" "['done', 'done', 'to do', 'to do']"
	ok upgrade --dry-run --resume-at 2
	has "$out" "migrations/2.sql:7: INSERT INTO a"
	alike 2 upgrade --resume-at 9
	alike 3 downgrade base
	has "$err" "revision bbb2 is half applied, and must be finished first"
	alike 3 upgrade aaa1
	alike 5 upgrade --transaction all
	has "$err" "revision bbb2 is half applied, and a run in one transaction can't finish it"
	# what has run is another text now
	sed -i 's/CREATE TABLE b (x)/CREATE TABLE b (y)/' migrations/2.sql
	alike 3 upgrade
	has "$err" "revision bbb2 was edited after 2 of its statements had run"
	sed -i 's/CREATE TABLE b (y)/CREATE TABLE b (x)/' migrations/2.sql
	sed -i 's/INTO nowhere/INTO a/' migrations/2.sql
	ok upgrade
	alike 2 upgrade --resume-at 1
	sd downgrade base
	want 4
	ok downgrade base --dry-run
	has "$out" "  migrations/2.sql:11: (done) DROP TABLE b
  migrations/2.sql:13: DELETE FROM a"
	alike 3 upgrade
	# where it is not asked for, it comes first all the same
	sql "CREATE TABLE nix (x)"
	ok downgrade aaa1
	ok downgrade base --dry-run
	equal "$(grep -c '^downgrade' <<<"$out")" 1
}

@test "what was begun and not seen to its end, and a batch in the middle" {
	write 2 bbb2 aaa1 'INSERT INTO a VALUES (-5), (1), (2);
-- schemadiff:batch a (x) 1
UPDATE a SET x = x + (x = 1) * 9 WHERE :batch;'
	sed -i 's/(x)/(x integer PRIMARY KEY CHECK (x < 3))/' migrations/1.sql
	sd upgrade
	want 4
	ok upgrade --dry-run
	has "$out" "migrations/2.sql:7: (begun) batch: UPDATE a"
	rm app.db
	write 2 bbb2 aaa1 '-- schemadiff:no-transaction
INSERT INTO a WITH RECURSIVE n(i) AS (SELECT 1 UNION ALL SELECT i + 1 FROM n WHERE i < 90000000) SELECT -max(i) FROM n;
SELECT 1;'
	"$SD" upgrade >running 2>&1 &
	victim=$!
	for _ in $(seq 200); do
		[ "$(sql "SELECT progress LIKE '1 0 started%' FROM schemadiff_revisions WHERE state = 'running'" 2>&1)" != 1 ] || break
		sleep 0.02
	done
	kill -9 $victim
	wait $victim || true
	alike 4 upgrade
	has "$err" "migrations/2.sql:6: error: statement 1 was begun outside a transaction, and nobody saw its end"
	sd upgrade --dry-run
	has "$out" "migrations/2.sql:6: (in doubt) INSERT INTO a"
	ok upgrade --dry-run --resume-at 2
	has "$out" "migrations/2.sql:6: (done) INSERT INTO a"
	alike 0 upgrade --resume-at 2
}

@test "nothing to do, variables, edited scripts, irreversible parts, gaps, what has no file" {
	write 2 bbb2 aaa1 "INSERT INTO a VALUES (:'who');" '-- schemadiff:irreversible who knows
DELETE FROM a;'
	alike 2 upgrade
	has "$err" "the variable who has no value"
	alike 2 upgrade -V who=me -V nobody=x
	alike 0 upgrade -V who=me
	alike 0 upgrade -V who=me
	has "$err" "nothing to do: the database is at ccc3 (head)"
	ok --json upgrade --dry-run
	equal "$(field "$out" 'd["dry_run"], d["revisions"], d["hooks"]')" "(True, [], [])"
	alike 5 downgrade base
	has "$err" "cannot be undone: who knows"
	sed -i 's/CREATE TABLE c (x)/CREATE TABLE c (y)/' migrations/3.sql
	ok upgrade --dry-run
	has "$err" "this script was edited after revision ccc3 had been applied"
	sql "DELETE FROM schemadiff_revisions WHERE revision = 'aaa1'"
	ok upgrade --dry-run
	has "$out" "upgrade base -> aaa1"
	rm migrations/3.sql
	alike 3 downgrade base
	has "$err" 'revision "ccc3" is applied, and there is no script that says how to undo it'
}

@test "hooks are listed where they run, and one that is not there stops both" {
	write 2 bbb2 aaa1 'SELECT 1;' 'SELECT 2;'
	printf -- "-- schemadiff:expect-none no\nSELECT 1 WHERE 0;\nSELECT :'who';\n" >before.sql
	printf "SELECT 2;\n" >behind.sql
	configure '"hooks": { "pre_upgrade": ["before.sql"], "post_upgrade": ["behind.sql", "behind.sql"] }'
	alike 2 upgrade
	ok upgrade --dry-run -V who=x
	equal "$(head -n 4 <<<"$out")" "hook before.sql
  before.sql:2: expect-none: SELECT 1 WHERE 0
  before.sql:3: SELECT 'x'
upgrade base -> aaa1: make aaa1"
	equal "$(tail -n 2 <<<"$out")" "hook behind.sql
  behind.sql:1: SELECT 2"
	ok --json upgrade --dry-run -V who=x
	equal "$(field "$out" '[(h["when"], h["path"], [s["kind"] for s in h["statements"]]) for h in d["hooks"]]')" \
		"[('before', 'before.sql', ['expect-none', 'run']), ('behind', 'behind.sql', ['run']), ('behind', 'behind.sql', ['run'])]"
	# of a downgrade there are others
	ok upgrade -V who=x
	ok --json downgrade aaa1 --dry-run
	equal "$(field "$out" 'd["hooks"]')" "[]"
	# none where nothing runs
	ok upgrade --dry-run -V who=x
	hasnt "$out" hook
	rm behind.sql
	alike 2 upgrade -V who=x
}

@test "a database that does not exist yet: what its engine is too old for is said beforehand" {
	sed -i 's/^-- revision: aaa1/&\n-- requires: sqlite 9.99/' migrations/1.sql
	sd upgrade --dry-run
	want 3
	has "$err" "revision aaa1 requires sqlite 9.99, and this is"
	[ ! -e app.db ]
}
