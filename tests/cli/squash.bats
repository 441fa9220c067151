#!/usr/bin/env bats
# `squash`: one revision for a range of them, and what databases make of it.
load helpers
load git_helpers

setup_more() {
	git_setup
}

# rev ID PARENTS UP DOWN [LINE…]: migrations/ID.sql with LINEs in its header; no DOWN, no down part.
rev() {
	local id=$1 parents=$2 up=$3 down=$4
	shift 4
	mkdir -p migrations
	{
		printf -- '-- make %s\n-- revision: %s\n' "$id" "$id"
		[ -z "$parents" ] || printf -- '-- revises: %s\n' "$parents"
		[ $# = 0 ] || printf -- '-- %s\n' "$@"
		printf -- '\n-- schemadiff:up\n%s\n' "$up"
		[ -z "$down" ] || printf -- '\n-- schemadiff:down\n%s\n' "$down"
	} >"migrations/$id.sql"
}

# t ID PARENTS [LINE…]: one that makes a table of that name
t() {
	local id=$1 parents=$2
	shift 2
	rev "$id" "$parents" "CREATE TABLE $id (id integer PRIMARY KEY);" "DROP TABLE $id;" "$@"
}

commit() {
	git add -A
	git commit -qm "${1:-more}"
}

# line: a repository with the revisions a, b, c, d in a line
line() {
	git init -q repo
	cd repo
	printf '{ "environments": { "dev": { "url": "%s" } }, "default_environment": "dev" }' \
		"${1:-sqlite:app.db}" >schemadiff.json
	mkdir -p schemas
	echo '{ "tables": {} }' >schemas/all.json
	echo '*.db*' >.gitignore
	t a ""
	t b a
	t c b
	t d c
	commit
}

# in_header TEXT: the script of s has that line
in_header() {
	grep -qx -- "-- $1" migrations/*_s_*.sql || {
		cat migrations/*_s_*.sql >&2
		return 1
	}
}

# applied: the rows of the database
applied() {
	sql 'SELECT revision FROM schemadiff_revisions ORDER BY 1' | tr '\n' ' '
}

# ---- the script ----------------------------------------------------------------------------------

@test "a range from the root: header, parts, files" {
	line
	sed -i 's/^-- revision: c/&\n-- schema: v1:abc\n-- requires: sqlite 3.35/' migrations/c.sql
	sed -i 's/^-- revision: b/&\n-- label: shop\n-- requires: sqlite 3.37/' migrations/b.sql
	commit
	ok squash :c -m "first tables" --rev-id s
	equal "$(cat "$out")" "-- first tables
--
-- revision: s
-- label: shop
-- replaces: a, b, c
-- created: 2026-11-18T11:06:40Z
-- requires: sqlite 3.37
-- schema: v1:abc

-- schemadiff:up
-- a, make a
CREATE TABLE a (id integer PRIMARY KEY);

-- b, make b
CREATE TABLE b (id integer PRIMARY KEY);

-- c, make c
CREATE TABLE c (id integer PRIMARY KEY);

-- schemadiff:down
-- c, make c
DROP TABLE c;

-- b, make b
DROP TABLE b;

-- a, make a
DROP TABLE a;"
	equal "$(ls migrations)" "20261118_s_first_tables.sql
d.sql"
	has "$(cat migrations/d.sql)" "-- revises: s"
	has "$err" "revision s replaces a, b, c"
	has "$err" "migrations/d.sql: its header names s"
	ok upgrade
	ok downgrade base
	equal "$(sql '.tables')" "schemadiff_log        schemadiff_meta       schemadiff_revisions"
}

@test "a range in the middle; words for its ends; --dry-run; --json" {
	line
	ok squash b:c --dry-run --rev-id s
	has "$out" "-- revises: a
-- replaces: b, c"
	has "$err" "nothing was written"
	equal "$(ls migrations | wc -l)" 4
	ok squash head-2:head-1 --rev-id s --json
	equal "$(field "$out" "[d['replaces'], d['removed'], d['changed'], d['message']]")" \
		"[[['b', 'c']], ['migrations/b.sql', 'migrations/c.sql'], ['migrations/d.sql'], 'b to c in one']"
	ok history
	equal "$out" "s -> d (head), make d
a -> s (replaces b, c), b to c in one
<base> -> a, make a"
	ok history -r b:
	has "$err" "note: revision b is a part of s now, which is taken for it"
	has "$out" "s (replaces b, c)"
	hasnt "$out" "make a"
}

@test "dependencies follow, from outside and from inside" {
	line
	t x ""
	t y x "depends-on: b, x"
	sed -i 's/^-- revises: b/&\n-- depends-on: x/' migrations/c.sql
	commit
	ok squash b:d --rev-id s
	in_header "revises: a"
	in_header "depends-on: x"
	has "$(cat migrations/y.sql)" "-- depends-on: s, x"
	ok upgrade heads
}

@test "what stands in the way is named" {
	line
	t e b
	commit
	sd squash :c
	want 5
	has "$err" "migrations/e.sql:3:13: error: revision e revises b, which lies in the middle of the range"
	t e "a, x"
	t x ""
	t f "e, d"
	commit
	sd squash a:f
	want 5
	has "$err" "migrations/e.sql:3:13: error: revision e revises x, which lies outside of the range: there is more than one way in"
	ok squash :f --dry-run
	sd squash d:d
	want 2
	has "$err" "the range has one revision alone: there is nothing to squash"
	sd squash d:a
	want 2
	has "$err" "RANGE: d does not come before a"
	sd squash :base
	want 2
	has "$err" 'RANGE: "base" is base, and nothing comes before it'
	sd squash c
	want 2
	has "$err" 'RANGE: expected a range like A:B, A: or :B, found "c"'
}

@test "a diamond is one piece" {
	line
	t b2 a
	t m "d, b2"
	commit
	ok squash a:m --rev-id s
	in_header "replaces: a, b, c, d, b2, m" || in_header "replaces: a, b2, b, c, d, m"
	ok upgrade
}

@test "scripts that git does not keep are not removed" {
	line
	echo '-- a remark' >>migrations/b.sql
	t e d
	sd squash b:e
	want 5
	has "$err" "migrations/b.sql: error: has edits that no commit keeps, and would be removed"
	has "$err" "migrations/e.sql: error: is in no commit, and would be removed"
	equal "$(ls migrations | wc -l)" 5
	ok squash b:e --force
	equal "$(ls migrations | wc -l)" 2
	cd "$(mktemp -d)"
	echo '{}' >schemadiff.json
	t a ""
	t b a
	sd squash :b
	want 5
	has "$err" "is kept by no git repository"
	has "$err" "--force removes them all the same"
}

# ---- parts ---------------------------------------------------------------------------------------

@test "rows and settings: each revision keeps its transaction" {
	line
	printf -- '-- make e\n-- revision: e\n-- revises: d\n\n-- schemadiff:down\nDELETE FROM a;\n-- schemadiff:up\nINSERT INTO a VALUES (1), (7) -- no semicolon' >migrations/e.sql
	rev f e "-- schemadiff:no-transaction
PRAGMA user_version = 7;" "-- schemadiff:irreversible it is not known what it was"
	rev g f "-- schemadiff:batch a (id) 1
DELETE FROM a WHERE id > 5 AND :batch;
-- schemadiff:expect-none a row is left
SELECT 1 FROM a WHERE id > 5;" "SELECT 1;"
	commit
	ok squash :g --rev-id s
	script="$(cat "$out")"
	has "$script" "-- e, make e
-- schemadiff:transaction
INSERT INTO a VALUES (1), (7) -- no semicolon
;

-- f, make f
-- schemadiff:no-transaction
PRAGMA user_version = 7;

-- g, make g
-- schemadiff:batch a (id) 1"
	ok upgrade
	equal "$(sql 'SELECT id FROM a; PRAGMA user_version')" "1
7"
	sd downgrade base
	want 5
	has "$err" "revision s cannot be undone: it is not known what it was"
	ok downgrade base --force
}

@test "foreign keys off: with what only changes the schema; else a refusal" {
	line
	rev e d "-- schemadiff:foreign-keys off
CREATE TABLE a2 (id integer PRIMARY KEY);
INSERT INTO a2 SELECT id FROM a;
DROP TABLE a;
ALTER TABLE a2 RENAME TO a;" "-- schemadiff:foreign-keys off
SELECT 1;"
	t f e
	commit
	ok squash :f --rev-id s
	equal "$(grep -c 'foreign-keys off' "$out")" 2
	equal "$(grep -A1 'schemadiff:up' "$out" | tail -n 1)" "-- schemadiff:foreign-keys off"
	ok upgrade
	ok downgrade base
	git checkout -q .
	git clean -qf
	rev f e "DELETE FROM a;" "SELECT 1;"
	commit
	sd squash :f
	want 5
	has "$err" "migrations/f.sql:6: error: this statement is no mere change of the schema, and the up part of revision e is one transaction with foreign keys off: they can't be one part"
	has "$err" "migrations/e.sql:5: note: foreign keys are off from here on"
	has "$err" "squash the revisions before and behind f by themselves; or have the parts made anew with --net"
	t f e
	rev g f "CREATE TABLE kid (a integer REFERENCES \"A\" (id));" "DROP TABLE kid;"
	commit
	# what refers to it goes before it
	ok squash :g --rev-id s
	ok upgrade
	ok downgrade base
	git checkout -q .
	git clean -qf
	sed -i 's/DROP TABLE kid/SELECT 1/' migrations/g.sql
	commit
	sd squash :g
	want 5
	has "$err" "migrations/a.sql:8: error: this statement drops a table that others refer to"
	has "$err" "the down part of revision e"
}

@test "parts of several engines stay apart; a range for none" {
	line
	cat >migrations/b.sql <<-'END'
		-- make b
		-- revision: b
		-- revises: a
		-- requires: postgresql 14

		-- schemadiff:up
		CREATE TABLE b (id integer PRIMARY KEY);
		-- schemadiff:up postgresql
		CREATE TABLE b (id bigint PRIMARY KEY);
		-- schemadiff:down
		DROP TABLE b;
	END
	commit
	ok squash :c --rev-id s
	equal "$(grep -c warning <<<"$err")" 0
	equal "$(grep schemadiff: "$out")" "-- schemadiff:up sqlite
-- schemadiff:up postgresql
-- schemadiff:down sqlite
-- schemadiff:down postgresql"
	equal "$(grep -c bigint "$out")" 1
	in_header "requires: postgresql 14"
	ok upgrade
	git checkout -q .
	git clean -qf
	sed -i 's/^-- revision: a/&\n-- dialect: postgresql/' migrations/a.sql
	sed -i 's/^-- revision: c/&\n-- dialect: sqlite/' migrations/c.sql
	commit
	sd squash :c
	want 5
	has "$err" "the range is not written for one engine"
}

@test "a revision without a down part: neither has the new one" {
	line
	rev e d "CREATE TABLE e (id int);" ""
	commit
	ok squash d:e --rev-id s
	has "$err" "warning: revision e has no down part, so the new one has none either"
	hasnt "$(cat "$out")" "schemadiff:down"
	ok upgrade
	sd downgrade -1
	want 5
	has "$err" "revision s has no down part"
}

# ---- --net ---------------------------------------------------------------------------------------

@test "--net: the difference of the schemas, both ways" {
	line
	rev e d "ALTER TABLE a ADD COLUMN x text;
ALTER TABLE a ADD COLUMN y text;
CREATE VIEW v AS SELECT id FROM a;" "DROP VIEW v;
ALTER TABLE a DROP COLUMN y;
ALTER TABLE a DROP COLUMN x;"
	rev f e "ALTER TABLE a DROP COLUMN y;
DROP TABLE b;" "ALTER TABLE a ADD COLUMN y text;
CREATE TABLE b (id integer PRIMARY KEY);"
	commit
	ok squash :f --net --rev-id s -m all
	script="$(cat "$out")"
	has "$script" "CREATE TABLE a (
  id integer PRIMARY KEY, x text
);" || has "$script" "x text"
	has "$script" "CREATE VIEW v AS SELECT id FROM a"
	hasnt "$script" "TABLE b"
	hasnt "$script" "y text"
	has "$err" "warning: down: drops table a and its rows"
	ok upgrade
	ok downgrade base
	equal "$(sql "SELECT count(*) FROM sqlite_schema WHERE name NOT LIKE 'schemadiff%' AND name NOT LIKE 'sqlite%'")" 0
}

@test "--net names what it would lose; a generated rebuild is no loss" {
	repository
	echo '{ "tables": { "notes": { "columns": { "id": { "type": "integer", "primary_key": true }, "title": { "type": "varchar(9)", "nullable": false, "default": "'"''"'" } } } } }' >schemas/notes.json
	next bbb1
	grep -q 'foreign-keys off' migrations/*bbb1*.sql
	commit
	ok squash :bbb1 --net --dry-run
	has "$out" "title varchar(9)"
	rev ccc1 bbb1 "INSERT INTO notes VALUES (1, 'x');
CREATE TABLE audit (id integer PRIMARY KEY);
PRAGMA user_version = 3;" "SELECT 1;"
	commit
	sd squash :ccc1 --net
	want 5
	has "$err" "migrations/ccc1.sql:6: error: this statement is no change of the schema that a comparison finds, and would be lost: INSERT INTO notes VALUES (1, 'x')"
	has "$err" "migrations/ccc1.sql:8: error: this statement is"
	hasnt "$err" "ccc1.sql:7"
	hasnt "$err" "bbb1"
	ok squash :ccc1 --net --allow loses-statements --rev-id s
	hasnt "$(cat "$out")" INSERT
	sd squash :s --allow loses-statements
	want 2
	has "$err" "they go with --net"
}

@test "--net in the middle of a history: a rename is asked for" {
	line
	rev e d "ALTER TABLE a ADD COLUMN x text;" "ALTER TABLE a DROP COLUMN x;"
	rev f e "ALTER TABLE a RENAME COLUMN x TO y;" "ALTER TABLE a RENAME COLUMN y TO x;"
	rev g f "CREATE TABLE h (id int);" "DROP TABLE h;"
	commit
	sd squash f:g --net
	want 5
	has "$err" "column a.x is gone and column a.y is new: was it renamed, or dropped?"
	ok squash f:g --net --rename a.x=y --rev-id s
	has "$(cat "$out")" "RENAME COLUMN x TO y"
	ok upgrade
}

# ---- databases ---------------------------------------------------------------------------------------

@test "a database that has run all: virtually at once, recorded by the next command that writes" {
	line
	ok upgrade c
	before="$(applied)"
	ok squash :c --rev-id s
	ok current
	equal "$out" "s (current) (replaces a, b, c), a to c in one"
	ok status
	has "$out" "current:     s, a to c in one"
	has "$out" "replaced:    s stands for a, b, c; the next command that writes records that"
	has "$out" "pending:     d, make d"
	hasnt "$out" "unknown:"
	hasnt "$out" "edited:"
	ok status --json
	equal "$(field "$out" "[d['replaced'], d['current'], d['unknown']]")" \
		"[[{'revision': 's', 'applied': ['a', 'b', 'c'], 'missing': []}], ['s'], []]"
	ok history -i
	has "$out" "<base> -> s (current) (replaces a, b, c), a to c in one"
	ok upgrade --dry-run
	equal "$(grep -v '^ ' <<<"$out")" "record s for what it replaces: a, b, c
upgrade s -> d: make d"
	ok upgrade --dry-run --json
	equal "$(field "$out" "[d['replaced'], [r['revision'] for r in d['revisions']]]")" \
		"[[{'revision': 's', 'applied': ['a', 'b', 'c'], 'missing': []}], ['d']]"
	ok upgrade s --dry-run
	equal "$out" "record s for what it replaces: a, b, c"
	hasnt "$err" "nothing to do"
	ok downgrade base --dry-run
	equal "$(grep -v '^ ' <<<"$out")" "record s for what it replaces: a, b, c
downgrade s -> base: a to c in one"
	sd check
	want 1
	has "$out" "not applied yet: d"
	hasnt "$out" "without a script"
	equal "$(applied)" "$before"
	# nothing to run: it is recorded all the same
	ok upgrade s --json
	equal "$(field "$out" "[[r['revision'] for r in d['replaced']], d['done'], d['current']]")" "[['s'], [], ['s']]"
	has "$err" "recorded revision s for what it replaces: a, b, c"
	equal "$(applied)" "s "
	equal "$(sql "SELECT action, revision, result FROM schemadiff_log WHERE action = 'squash'")" \
		"squash|a|ok, replaced by s
squash|b|ok, replaced by s
squash|c|ok, replaced by s
squash|s|ok, replaces a, b, c"
	ok upgrade
	hasnt "$err" recorded
	ok downgrade base
	equal "$(sql "SELECT count(*) FROM sqlite_schema WHERE name IN ('a', 'b', 'c', 'd')")" 0
}

@test "downgrade, stamp and repair record it, too" {
	line
	ok upgrade
	cp app.db before.db
	ok squash b:c --rev-id s
	ok downgrade -1
	has "$err" "recorded revision s for what it replaces: b, c"
	equal "$(applied)" "a s "
	cp before.db app.db
	ok stamp s
	has "$err" "recorded revision s"
	equal "$(applied)" "a s "
	cp before.db app.db
	sed -i 's/CREATE TABLE a (/CREATE TABLE a(x int, /' migrations/a.sql
	ok repair --yes
	has "$err" "recorded revision s"
	equal "$(applied)" "a d s "
	cp before.db app.db
	ok upgrade --transaction all
	has "$err" "recorded revision s"
	equal "$(applied)" "a d s "
}

@test "a database in the middle: what it has, what is missing, the way out" {
	line
	ok upgrade b
	cp app.db middle.db
	ok squash :c --rev-id s
	has "$err" "warning: sqlite:app.db is in the middle of the range: it has a, b, and not c"
	file="$(ls migrations/*_s_*)"
	for command in upgrade "upgrade --dry-run" "downgrade base" "repair --yes" "autogenerate -m x"; do
		sd $command
		want 3
		has "$err" "$file:4:14: error: the database is in the middle of what revision s replaces: it has a, b, and not c"
		has "$err" "hint: check out the commit before the squash, run \`schemadiff upgrade\` with its scripts, and come back"
		hasnt "$err" "no script here has it"
	done
	sd check
	want 3
	ok status
	has "$out" "in part:     of what s replaces: a, b, and not c"
	has "$out" "next:        check out the commit before the squash"
	ok current
	has "$err" "warning: the database is in the middle"
	# the way out
	git stash -qu
	ok upgrade c
	git stash pop -q
	ok upgrade
	equal "$(applied)" "d s "
	# or by hand
	cp middle.db app.db
	sd stamp --help
	ok stamp s
	equal "$(applied)" "s "
	# or back, by what the database keeps
	cp middle.db app.db
	sd downgrade base
	want 3
	has "$err" "--from-database"
	ok downgrade base --from-database
	equal "$(applied)" ""
	ok upgrade
	equal "$(applied)" "d s "
}

@test "stamp of another branch leaves a set that is applied in part alone" {
	line
	t x ""
	commit
	ok upgrade b
	ok squash :c --rev-id s
	sd stamp x
	want 3
	has "$err" "in the middle of what revision s replaces"
	equal "$(applied)" "a b "
	ok stamp x --purge
	equal "$(applied)" "x "
}

@test "stamp records no whole for a revision in its middle" {
	line
	ok upgrade b
	ok squash :c --rev-id s
	for command in "stamp b" "stamp a --purge" "stamp b --sql" "stamp base:a --sql"; do
		sd $command
		want 5
		has "$err" "in the middle of what revision s replaces, and the whole of that would be recorded"
	done
	equal "$(applied)" "a b "
	ok stamp c
	has "$err" "note: revision c is a part of s now"
	equal "$(applied)" "s "
}

@test "a squash that is taken back, on a database that has recorded it" {
	line
	ok upgrade
	ok squash :c --rev-id s
	commit squashed
	ok upgrade
	equal "$(applied)" "d s "
	git revert --no-edit -q HEAD 2>/dev/null || git revert --no-edit HEAD
	sd upgrade
	want 3
	ok stamp d --purge
	equal "$(applied)" "a b c d "
	ok current --check-heads
	ok downgrade base
}

@test "a squash of a squash: old and new databases" {
	line
	ok upgrade c
	cp app.db abc.db
	ok squash :c --rev-id s
	commit squashed
	ok upgrade
	cp app.db sd.db
	t e d
	commit e
	ok squash :d --rev-id n
	equal "$(sed -n 's/^-- replaces: //p' migrations/*_n_*)" "s, d
a, b, c, d"
	cp sd.db app.db
	ok upgrade
	equal "$(applied)" "e n "
	# one that stands at c, before both
	cp abc.db app.db
	sd upgrade
	want 3
	has "$err" "it has a, b, c, and not d"
	git stash -qu
	ok upgrade d
	git stash pop -q
	ok upgrade
	equal "$(applied)" "e n "
	ok show n
	has "$out" "Replaces: s, d
      or: a, b, c, d"
	ok show n --json
	equal "$(field "$out" "d['replaces']")" "[['s', 'd'], ['a', 'b', 'c', 'd']]"
	ok show c
	has "$out" "Rev: n"
}

@test "a revision that is half done in the range is not taken for run" {
	line
	rev e d "CREATE TABLE e (id int);
-- schemadiff:transaction
INSERT INTO nowhere VALUES (1);" "DROP TABLE e;"
	commit
	sd upgrade
	want 4
	ok squash c:e --rev-id s
	sd upgrade
	want 3
	has "$err" "it has c, d, and not e"
}

@test "scripts from before the squash are not run again on a database that has it" {
	line
	git checkout -qb old
	t w c
	commit w
	git checkout -q main
	ok squash :c --rev-id s
	commit squashed
	ok upgrade s
	equal "$(sql "SELECT value FROM schemadiff_meta WHERE key = 'replaces s'")" "a,b,c"
	git checkout -q old
	sd upgrade w
	want 3
	has "$err" "migrations/a.sql:2:14: error: revision a is a part of s, which the database has and no script here"
	has "$err" "hint: get the branch with the squash, by merging it or by a rebase on it"
	git rebase -q main
	ok upgrade w
	equal "$(applied)" "s w "
	ok downgrade base
	equal "$(sql "SELECT count(*) FROM schemadiff_meta")" 1
}

@test "what the database at hand says of the range: edits, and what is half undone" {
	line
	rev e d "SELECT 1;" "DROP TABLE d;
-- schemadiff:transaction
DROP TABLE nowhere;"
	commit
	ok upgrade
	sed -i 's/CREATE TABLE b (/CREATE TABLE b (y int, /' migrations/b.sql
	commit
	ok squash a:c --rev-id s
	has "$err" "migrations/b.sql:2:14: warning: this script was edited after sqlite:app.db had run it"
	hasnt "$err" "c.sql"
	git checkout -q .
	git clean -qf
	sd downgrade -1
	want 4
	ok squash d:e --rev-id s
	has "$err" "warning: sqlite:app.db is in the middle of the range: it has d, and not e"
}

@test "a baseline that other databases are taken over by is warned of" {
	line
	sed -i 's/^-- revision: a/&\n-- x-adopted: flyway 1.2/' migrations/a.sql
	commit
	ok squash :c --dry-run
	has "$err" "warning: revision a is where databases are taken over from another tool"
	ok squash b:c --dry-run
	hasnt "$err" "another tool"
}

@test "where all runs are one transaction, what a squash gives can be one, too" {
	line
	sed -i 's/{ "env/{ "transaction": "all", "env/' schemadiff.json
	rev e d "INSERT INTO a VALUES (1);" "DELETE FROM a;"
	t f e
	commit
	ok squash d:f --rev-id s --dry-run
	hasnt "$out" "schemadiff:transaction"
	ok squash d:f --rev-id s
	ok upgrade
	ok downgrade base
	git checkout -q .
	git clean -qf
	# what could not run so before is separated, as ever
	rev g f "-- schemadiff:no-transaction
VACUUM;" "SELECT 1;"
	commit
	ok squash d:g --dry-run
	equal "$(sed '/schemadiff:down/,$d' <<<"$out" | grep -c 'schemadiff:transaction')" 2
}

@test "seeds that depend on what was squashed" {
	line
	mkdir seeds
	printf -- '-- schemadiff:depends-on b\nINSERT INTO b VALUES (1);\n' >seeds/one.sql
	sed -i 's/{ "env/{ "seeds": "seeds", "env/' schemadiff.json
	commit
	ok upgrade
	ok squash :c --rev-id s
	# not recorded yet, and all the same at head
	ok seed
	equal "$(applied)" "a b c d "
	rm app.db*
	ok upgrade
	ok seed
	equal "$(sql 'SELECT id FROM b')" 1
}

@test "--from-database on a branch from before: what followed the old scripts goes before the new one" {
	line
	sed -i 's/^-- revision: b/&\n-- label: shop/' migrations/b.sql
	t w "" "depends-on: shop"
	commit label
	ok upgrade heads
	git checkout -qb squashed
	ok squash :c --rev-id s
	commit squashed
	ok upgrade heads
	git checkout -q main
	ok downgrade base --from-database --dry-run
	equal "$(grep '^downgrade' <<<"$out")" "downgrade w -> base: make w
downgrade d -> c: make d
downgrade s -> base: a to c in one"
	ok downgrade base --from-database
	equal "$(applied)" ""
	equal "$(sql "SELECT count(*) FROM sqlite_schema WHERE name IN ('a', 'b', 'c', 'd', 'w')")" 0
}

# ---- scripts of others -----------------------------------------------------------------------------

@test "what others wrote on replaced revisions follows; a script that came back is an error" {
	line
	git checkout -qb work
	t w c "depends-on: a"
	commit w
	git checkout -q main
	ok squash :c --rev-id s
	commit squashed
	git checkout -q work
	git merge -q main -m merged
	equal "$(grep revises migrations/w.sql)" "-- revises: c"
	ok heads
	equal "$out" "d (head), make d
w (head), make w"
	ok upgrade heads
	equal "$(applied)" "d s w "
	ok rebase
	has "$out" "migrations/w.sql: revises: s -> d"
	sd check
	has "$out" "ok    2"
	has "$out" "ok    4"
	t b s
	sd upgrade
	want 3
	has "$err" "error: replaces revision \"b\", whose script is still here"
	has "$err" "migrations/b.sql:2:14: note: the script is here"
}

@test "the upstream branch does not miss what was squashed" {
	line
	ok upgrade
	git checkout -qb work
	ok squash :c --rev-id s
	commit squashed
	sd check
	has "$out" "ok    2  the history is whole"
	has "$out" "ok    4"
	# nor is theirs something new here
	git checkout -q main
	git merge -q work
	git checkout -q work
	git reset -q --hard main~1
	sd check
	has "$out" "ok    2  the history is whole"
	t e d
	commit e
	sd check
	has "$out" "ok    2  the history is whole"
	git merge -q main -m merged
	ok heads
	equal "$out" "e (head), make e"
}

# ---- PostgreSQL ----------------------------------------------------------------------------------------

@test "on PostgreSQL: joined, recorded, made anew" {
	if [ -z "${SD_TEST_PG:-}" ] || ! command -v psql >/dev/null; then
		skip "SD_TEST_PG names no server"
	fi
	psql -Xq "$SD_TEST_PG" -c 'SET client_min_messages = error' \
		-c 'DROP DATABASE IF EXISTS schemadiff_squash' -c 'CREATE DATABASE schemadiff_squash'
	pg="$SD_TEST_PG dbname=schemadiff_squash"
	line "$pg"
	rev e d "ALTER TABLE a ADD COLUMN x text;
-- schemadiff:no-transaction
CREATE INDEX CONCURRENTLY ix_a_x ON a (x);" "DROP INDEX ix_a_x;
ALTER TABLE a DROP COLUMN x;"
	rev f e "CREATE TYPE mood AS ENUM ('sad');" "DROP TYPE mood;"
	rev g f "ALTER TYPE mood ADD VALUE 'glad';" "SELECT 1;"
	rev h g "CREATE TABLE h (id int PRIMARY KEY, m mood DEFAULT 'glad');" "DROP TABLE h;"
	commit
	ok upgrade d
	ok squash :d --rev-id s --scratch auto
	hasnt "$(cat "$out")" "transaction"
	ok upgrade
	has "$err" "recorded revision s for what it replaces: a, b, c, d"
	commit s
	ok squash e:h --rev-id n --scratch auto
	has "$(cat "$out")" "-- h, make h
-- schemadiff:transaction"
	ok current --check-heads
	equal "$out" "n (head) (current) (replaces e, f, g, h), e to h in one"
	ok downgrade s
	ok upgrade
	commit n
	sd squash :n --net --rev-id m
	want 2
	has "$err" "--net runs the scripts in scratch databases"
	ok squash :n --net --rev-id m --scratch auto
	has "$(cat "$out")" "CREATE TYPE mood AS ENUM ('sad', 'glad');"
	equal "$(sed -n 's/^-- replaces: //p' "$out")" "s, n
s, e, f, g, h
a, b, c, d, n
a, b, c, d, e, f, g, h"
	ok upgrade
	has "$err" "recorded revision m for what it replaces: s, n"
	commit m
	git reset -q --hard HEAD~1
	rev o n "CREATE FUNCTION one() RETURNS int LANGUAGE sql AS 'SELECT 1';
CREATE VIEW v AS SELECT 1 AS one;
ALTER TABLE a ENABLE ROW LEVEL SECURITY;" "SELECT 1;"
	commit o
	sd squash n:o --net --scratch auto
	want 5
	has "$err" "migrations/o.sql:6: error: this statement is"
	has "$err" "migrations/o.sql:7: error: this statement is"
	has "$err" "migrations/o.sql:8: error: this statement is"
	psql -Xq "$SD_TEST_PG" -c 'DROP DATABASE schemadiff_squash'
}

@test "what is replaced gives way in the tables of an older program, too" {
	local command
	for command in upgrade "downgrade base" "stamp y1"; do
		rm -rf repo
		line
		ok upgrade c
		sql "ALTER TABLE schemadiff_revisions DROP COLUMN depends_on"
		ok squash :c -m y --rev-id y1
		# shellcheck disable=SC2086
		ok $command
		equal "$(sql "SELECT count(*) FROM schemadiff_log WHERE action = 'squash'")" 4
		cd ..
	done
}
