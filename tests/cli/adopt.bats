#!/usr/bin/env bats
load helpers
load adopt_helpers

# Taking over from other tools, on SQLite.  docs/adopt.md tells the same story.
setup_more() {
	engine=sqlite
	cat >schemadiff.json <<-'END'
		{ "environments": { "dev": { "url": "sqlite:dev.db" }, "prod": { "url": "sqlite:prod.db" } },
		  "default_environment": "dev" }
	END
}

# The schema that the other tool has made.
tables='CREATE TABLE users (id INTEGER PRIMARY KEY, email TEXT NOT NULL UNIQUE);
CREATE TABLE posts (id INTEGER PRIMARY KEY, user_id INTEGER REFERENCES users(id));'

# database NAME SQL…: a new one with that schema
database() {
	local name="$1.db"

	shift
	rm -f "$name"
	printf '%s\n' 'PRAGMA synchronous = off; BEGIN;' "$tables" "$@" ';COMMIT;' | sqlite3 "$name"
}

# dump NAME TABLE: what of the database is not ours, and the rows of TABLE
dump() {
	sqlite3 "$1.db" "SELECT sql FROM sqlite_schema WHERE tbl_name NOT LIKE 'schemadiff%'; SELECT * FROM $2"
}

# ---- the tools ------------------------------------------------------------------------------

@test "each tool: the first database, one that is equal, one behind, one ahead" {
	for tool in $TOOLS; do
		rm -rf migrations schemas
		database dev "$(books "$tool" 2)"
		before="$(dump dev "$(table_of "$tool")")"
		ok adopt --rev-id base1
		has "$err" "$(title "$tool"), in $(table_of "$tool"): "
		has "$err" "table $(table_of "$tool") was left as it is"
		equal "$(dump dev "$(table_of "$tool")")" "$before"
		equal "$(ls schemas)" "$(printf 'posts.json\nusers.json')"
		has "$(cat migrations/*)" "-- x-adopted: $tool $(version "$tool" 2)"

		database prod "$(books "$tool" 1)"
		sd -e prod adopt
		want 5
		has "$err" "$(version "$tool" 2)"
		sqlite3 prod.db "$(row "$tool" 2)"
		cp prod.db equal.db
		sqlite3 prod.db "$(row "$tool" 3)"
		sd -e prod adopt
		want 5
		has "$err" "$(version "$tool" 3)"
		equal "$(sqlite3 prod.db .tables | grep -c schemadiff_)" 0

		mv equal.db prod.db
		before="$(dump prod "$(table_of "$tool")")"
		ok -e prod adopt
		has "$err" 'recorded as at base1'
		ok -e prod check
		equal "$(dump prod "$(table_of "$tool")")" "$before"
	done
}

@test "each tool that leaves a trace of a failure: refused, with what to do there" {
	for tool in flyway prisma golang-migrate knex liquibase sqlx; do
		database dev "$(books "$tool" 2)" "$(broken "$tool")"
		sd adopt
		want 5
		has "$err" "$(title "$tool") ($(table_of "$tool"))"
		[ "$tool" = knex ] || has "$err" "stopped halfway: $(version "$tool" 3)"
		has "$err" 'hint: '
		[ ! -e migrations ] && [ ! -e schemas ]
	done
	has "$err" 'sqlx migrate run'
}

@test "a set is recorded whole: a version in the middle that is not applied is named" {
	database dev "$(books flyway 3)"
	ok adopt --rev-id base1
	equal "$(grep -c 'x-adopted: flyway' migrations/*)" 3
	database prod "$(books flyway 3)" "DELETE FROM flyway_schema_history WHERE version = '1.2'"
	sd -e prod adopt
	want 5
	has "$err" 'this database is behind the baseline base1: Flyway has not applied here (flyway_schema_history): 1.2'
	has "$err" 'hint: `flyway migrate -target=1.3` first'
	hasnt "$err" 'ahead'
	database prod "$(books flyway 4)"
	sd -e prod adopt
	want 5
	has "$err" 'hint: `flyway undo -target=1.3` (where your edition has it) goes back; or bring the others here'
}

@test "flyway: what is undone, deleted or repeatable" {
	database dev "$(books flyway 3)" "
		INSERT INTO flyway_schema_history VALUES
		(4, '1.3', 'step', 'UNDO_SQL', 'U1.3__step.sql', 1, 'ada', '2024-01-01', 5, 1),
		(5, NULL, 'views', 'SQL', 'R__views.sql', 1, 'ada', '2024-01-01', 5, 1),
		(6, NULL, 'views', 'SQL', 'R__views.sql', 2, 'ada', '2024-01-01', 5, 1),
		(7, '1.1', 'step', 'DELETE', 'V1.1__step.sql', 2, 'ada', '2024-01-01', 5, 1)"
	ok adopt --json
	equal "$(field "$out" 'd["applied"]')" "['1.2', 'R__views.sql']"
}

@test "goose and Prisma: what was taken back does not count" {
	database dev "$(books goose 2)" "INSERT INTO goose_db_version (version_id, is_applied) VALUES ($(version goose 2), 0)"
	ok adopt --json --dry-run
	equal "$(field "$out" 'd["applied"]')" "['$(version goose 1)']"
	database dev "$(books prisma 2)" "$(broken prisma)" \
		"UPDATE _prisma_migrations SET rolled_back_at = '2024-02-01' WHERE finished_at IS NULL"
	ok adopt --json --dry-run
	equal "$(field "$out" 'd["applied"]')" "['$(version prisma 1)', '$(version prisma 2)']"
}

@test "alembic: several heads" {
	database dev "$(books alembic 1)" "INSERT INTO alembic_version VALUES ('ffff')"
	ok adopt
	has "$err" 'Alembic, in alembic_version: at 000000000001, ffff'
	equal "$(grep -c 'x-adopted: alembic' migrations/*)" 2
	database prod "$(books alembic 1)"
	sd -e prod adopt
	want 5
	has "$err" 'Alembic is at 000000000001 here (alembic_version), and was at 000000000001, ffff where the baseline'
	has "$err" '`alembic upgrade 000000000001` and `alembic upgrade ffff` brings it there'
}

@test "Liquibase and Knex: at work, or killed" {
	database dev "$(books liquibase 2)" "UPDATE DATABASECHANGELOGLOCK SET LOCKED = 1, LOCKEDBY = 'ada'"
	sd adopt
	want 5
	has "$err" 'is at work in this database, or was killed'
	has "$err" 'liquibase release-locks'
}

# ---- which tool -----------------------------------------------------------------------------

@test "two tools: ambiguous, until one is named" {
	database dev "$(books alembic 2)" "$(books flyway 1)"
	sd adopt
	want 5
	has "$err" 'it is ambiguous which tool'
	has "$err" 'note: Alembic, in alembic_version: at 000000000002'
	has "$err" 'note: Flyway, in flyway_schema_history: 1 migration applied: 1.1'
	ok adopt --from flyway --rev-id base1
	has "$(cat migrations/*)" '-- x-adopted: flyway 1.1'
	hasnt "$(cat migrations/*)" alembic
	# elsewhere the baseline says which one counts
	database prod "$(books alembic 1)" "$(books flyway 1)"
	ok -e prod adopt
	database prod "$(books alembic 2)"
	sd -e prod adopt
	want 5
	has "$err" 'nothing of Flyway was found in this database'
	has "$err" 'there is table alembic_version of Alembic'
	sd -e prod adopt --from alembic
	want 5
	has "$err" 'was taken over from Flyway'
}

@test "no tool: a plain baseline, and the schema alone decides elsewhere" {
	database dev
	ok adopt --rev-id base1
	has "$err" 'no other tool counts'
	has "$(cat migrations/*)" '-- x-adopted: none'
	database prod "$(books alembic 2)"
	ok -e prod adopt
	has "$err" 'recorded as at base1'
}

@test "--from none: what the tool says does not count" {
	database dev "$(books alembic 2)"
	ok adopt --from none --rev-id base1
	has "$(cat migrations/*)" '-- x-adopted: none'
	rm -r migrations
	database dev "$(books alembic 2)"
	ok adopt --rev-id base2
	database prod "$(books alembic 1)"
	sd -e prod adopt
	want 5
	has "$err" 'hint: --from none has the schema alone decide'
	ok -e prod adopt --from none
	ok -e prod check
}

@test "an empty table: the tool was set up, and has done nothing" {
	database dev "$(books alembic 0)"
	ok adopt --rev-id base1
	has "$(cat migrations/*)" '-- x-adopted: none'
	rm -r migrations
	database dev "$(books goose 0)"
	sd adopt --from goose
	want 5
	has "$err" 'goose_db_version of goose is there and empty'
	database dev "$(books goose 1)"
	ok adopt
	database prod "$(books goose 0)"
	sd -e prod adopt
	want 5
	has "$err" 'goose_db_version of goose is there and empty'
}

@test "a table of the same name that is no tool's" {
	database dev 'CREATE TABLE schema_migrations (id INTEGER PRIMARY KEY, note TEXT); INSERT INTO schema_migrations VALUES (1, NULL);'
	ok adopt
	has "$err" 'warning: table schema_migrations bears the name'
	has "$(cat migrations/*)" '-- x-adopted: none'
	rm -r migrations
	for columns in 'version' 'version, dirty' 'filename' 'version, inserted_at'; do
		database dev "CREATE TABLE schema_migrations ($columns, note); INSERT INTO schema_migrations (note) VALUES ('x');"
		ok adopt --dry-run
		has "$err" 'warning: table schema_migrations bears the name'
		sd adopt --from dbmate
		want 5
		has "$err" 'nothing of dbmate was found'
	done
}

@test "a table under another name: --table, and it must be left alone" {
	database dev "$(books alembic 2 | sed 's/alembic_version/versions/g')"
	sd adopt --table versions
	want 5
	has "$err" 'table versions of Alembic would be taken for one of the project'
	sed -i 's/^{ /{ "exclude": ["versions"], /' schemadiff.json
	ok adopt --table versions --rev-id base1
	equal "$(ls schemas)" "$(printf 'posts.json\nusers.json')"
	has "$(cat migrations/*)" '-- x-adopted: alembic 000000000002'
	hasnt "$(sed -n '/schemadiff:up/,$p' migrations/*)" versions
	ok check
	sd -e prod adopt --table nowhere --url sqlite:dev.db
	want 0
	database prod
	sd -e prod adopt --table nowhere
	want 5
	has "$err" '--table nowhere: there is no such table'
}

@test "a table under another name has another one beside it" {
	database dev "$(books knex 2 | sed 's/knex_migrations/versions/g')"
	sed -i 's/^{ /{ "exclude": ["versions"], /' schemadiff.json
	sd adopt --table versions
	want 5
	has "$err" 'table versions_lock of Knex would be taken for one of the project'
	sed -i 's/"versions"/"versions*"/' schemadiff.json
	ok adopt --table versions
	equal "$(ls schemas)" "$(printf 'posts.json\nusers.json')"
	ok check
	database dev "$(books knex 2 | sed 's/knex_migrations/versions/g')" "UPDATE versions_lock SET is_locked = 1"
	rm -r migrations
	sd adopt --table versions
	want 5
	has "$err" 'Knex (versions) is at work'
}

@test "Rails without its second table: --from tells it from dbmate" {
	database dev "$(books rails 2)" 'DROP TABLE ar_internal_metadata'
	ok adopt --dry-run
	has "$err" 'dbmate, in schema_migrations'
	ok adopt --from rails
	has "$(cat migrations/*)" '-- x-adopted: rails 20240102000000'
}

@test "what is refused is refused before a file is written" {
	database dev "$(books alembic 2)"
	sd adopt --rev-id head
	want 2
	sd adopt -m ' '
	want 2
	[ ! -e schemas ] && [ ! -e migrations ]
}

@test "a word that is no tool gets a suggestion" {
	database dev
	sd adopt --from flywy
	want 2
	has "$err" 'did you mean flyway?'
	# whoever adds a tool adds its tables here, and its line there
	has "$err" "expected one of $(echo "$TOOLS" none | sed 's/ /, /g'), found"
	for tool in $TOOLS; do
		grep -q "^| \`$tool\` |" "$BATS_TEST_DIRNAME/../../docs/adopt.md"
	done
}

# ---- schema files ---------------------------------------------------------------------------

@test "schema files that differ: named, exit 1, nothing written; --keep-files goes on" {
	database dev "$(books alembic 2)"
	mkdir schemas
	"$SD" inspect -o schemas/ >/dev/null
	sed -i 's/"email": {/"name": { "type": "text" },\n&/' schemas/users.json
	sd adopt
	want 1
	has "$out" '+ column name: text'
	has "$err" '1 difference from the database to the schema files: nothing was adopted'
	[ ! -e migrations ]
	sd adopt --json
	want 1
	equal "$(field "$out" 'd["differences"]["changes"][0]["name"]')" name
	ok adopt --keep-files
	hasnt "$(cat migrations/*)" name
	ok autogenerate -m name
	has "$(cat "$out")" 'ALTER TABLE users ADD COLUMN name'
}

@test "--dry-run writes nothing" {
	database dev "$(books alembic 2)"
	ok adopt --dry-run
	has "$out" '-- x-adopted: alembic 000000000002'
	has "$err" 'would write schemas/users.json'
	[ ! -e schemas ] && [ ! -e migrations ]
	equal "$(sqlite3 dev.db .tables | grep -c schemadiff_)" 0
	ok adopt
	database prod "$(books alembic 2)"
	ok -e prod adopt --dry-run
	has "$err" 'would be recorded as at'
	equal "$(sqlite3 prod.db .tables | grep -c schemadiff_)" 0
}

# ---- the others -----------------------------------------------------------------------------

@test "a database that is recorded at what no script here has is not adopted" {
	database dev "$(books alembic 2)"
	ok adopt --rev-id base1
	mkdir away
	mv migrations/* away
	sd adopt --json
	want 3
	has "$err" 'this database is at base1 already, and no script here has it'
	field "$out" "d['errors']" >/dev/null
	ok stamp base --purge
	ok adopt
}

@test "the same version and another schema: named, exit 1, nothing recorded" {
	database dev "$(books alembic 2)"
	ok adopt
	database prod "$(books alembic 2)" 'CREATE INDEX by_hand ON posts (user_id)'
	sd -e prod adopt
	want 1
	has "$out" '- index by_hand'
	has "$err" '1 difference from the database to the schema files: nothing was adopted'
	equal "$(sqlite3 prod.db .tables | grep -c schemadiff_)" 0
}

@test "later revisions stay pending: the schema is compared with the baseline, and upgrade goes on" {
	database dev "$(books alembic 2)"
	ok adopt --rev-id base1
	sed -i 's/"email": {/"name": { "type": "text" },\n&/' schemas/users.json
	ok autogenerate -m name --rev-id name1
	ok upgrade
	database prod "$(books alembic 2)"
	ok -e prod adopt
	has "$err" 'recorded as at base1'
	ok -e prod upgrade
	has "$err" 'upgrade base1 -> name1'
	ok -e prod check
	database prod "$(books alembic 2)" 'DROP TABLE posts'
	sd -e prod adopt
	want 1
	has "$out" '+ table posts'
	has "$err" 'from the database to the baseline'
}

@test "several environments at once: each is looked at by itself" {
	cat >schemadiff.json <<-'END'
		{ "environments": { "dev": { "url": "sqlite:dev.db" },
		  "shops": { "url": "sqlite:${tenant}.db", "tenants": ["a", "b", "c"] } }, "default_environment": "dev" }
	END
	for name in dev a b c; do database $name "$(books flyway 2)"; done
	sqlite3 b.db "$(row flyway 3)"
	sqlite3 c.db 'CREATE INDEX by_hand ON posts (user_id)'
	sd adopt -e all
	want 5
	has "$err" 'there is no baseline yet, and it is taken from one database alone'
	[ ! -e migrations ] && [ ! -e schemas ]
	ok adopt --rev-id base1
	sd adopt -e all
	want 5
	has "$out$err" 'dev: adopted already, at base1'
	has "$out$err" 'shops/a: recorded as at base1'
	has "$out$err" 'shops/b: failed (5): this database is ahead of the baseline base1'
	has "$out$err" '1 difference from the database to the schema files: nothing was adopted'
	equal "$(sqlite3 a.db 'SELECT revision FROM schemadiff_revisions')" base1
	equal "$(sqlite3 b.db .tables | grep -c schemadiff_)" 0
	equal "$(sqlite3 c.db .tables | grep -c schemadiff_)" 0
}

@test "a history that was not begun by adopt: its first revision is the baseline" {
	mkdir schemas
	database dev
	"$SD" inspect -o schemas/ >/dev/null
	ok autogenerate --baseline -m first --rev-id base1
	database prod "$(books flyway 2)"
	ok -e prod adopt
	has "$err" 'recorded as at base1, first'
}

@test "headers that make no sense: exit 3, at their place" {
	database dev "$(books alembic 2)"
	ok adopt --rev-id base1
	database prod "$(books alembic 2)"
	for header in 'foo 1=no such tool is known' 'flyway=a version of it is expected' \
		'flyway 1\n-- x-adopted: knex 2=names two tools: flyway and knex'; do
		sed "/x-adopted/d; s/^-- revision:.*/&\n-- x-adopted: ${header%=*}/" migrations/*base1* >x
		mv x migrations/*base1*
		sd -e prod adopt
		want 3
		has "$err" ':3:14: error: x-adopted'
		has "$err" "${header#*=}"
	done
	sed 's/base1/base2/' migrations/*base1* >migrations/2.sql
	sd -e prod adopt
	want 3
	has "$err" 'there are two baselines with x-adopted: base1 and base2'
}

@test "what the configuration leaves alone is in no file and no baseline; views and triggers are" {
	sed -i 's/^{ /{ "exclude": ["tmp_*"], "schemas": "db.json", /' schemadiff.json
	more="CREATE VIEW v AS SELECT * FROM users; CREATE TRIGGER t AFTER INSERT ON users BEGIN SELECT 1; END;"
	database dev "$(books alembic 2)" "$more" 'CREATE TABLE tmp_1 (x);'
	ok adopt
	equal "${out%%$'\n'*}" db.json
	hasnt "$(cat db.json migrations/*)" tmp_1
	has "$(cat db.json)" '"v": "SELECT * FROM users"'
	ok check
	database prod "$(books alembic 2)" "$more" 'CREATE TABLE tmp_2 (y);'
	ok -e prod adopt
	ok -e prod check
	database prod "$(books alembic 2)"
	sd -e prod adopt
	want 1
	has "$out" '+ trigger t'
}

@test "versions that no tool would write are read back from the header as they are here" {
	odd="DELETE FROM alembic_version; INSERT INTO alembic_version VALUES (char(10) || 'a' || char(9) || '-- b'), (' '), (x'ff41')"
	database dev "$(books alembic 0)" "$odd"
	ok adopt --rev-id base1
	database prod "$(books alembic 0)" "$odd"
	ok -e prod adopt
	has "$err" 'recorded as at base1'
}

@test "the other tool's scripts lie where ours would: said once, with the way out" {
	database dev "$(books sqlx 2)"
	mkdir migrations
	for i in 1 2 3; do echo "CREATE TABLE t$i (x);" >"migrations/2024010$i.sql"; done
	sd adopt
	want 3
	equal "$(grep -c 'error:' <<<"$err")" 1
	has "$err" 'migrations/20240101.sql: error: this is no script of schemadiff'
	has "$err" 'let ours lie elsewhere: "migrations": "revisions" in schemadiff.json'
	sed -i 's/^{ /{ "migrations": "revisions", /' schemadiff.json
	ok adopt
	has "$out" revisions/
	ok check
}

@test "twice: it says that it is done" {
	database dev "$(books alembic 2)"
	ok adopt --rev-id base1
	ok adopt
	has "$err" 'nothing to adopt: this database has schemadiff'
	ok adopt --json
	equal "$(field "$out" 'd["way"], d["current"]')" "('done', ['base1'])"
}

@test "a database that is not there, one that is empty" {
	sd adopt
	want 4
	has "$err" 'does not exist'
	[ ! -e dev.db ]
	database dev "$(books alembic 2)"
	ok adopt --rev-id base1
	sqlite3 prod.db 'CREATE TABLE x (y); DROP TABLE x'
	sd -e prod adopt
	want 5
	has "$err" 'nothing of Alembic was found in this database'
	has "$err" '`schemadiff upgrade` runs it in an empty database'
	ok -e prod upgrade
	ok -e prod check
	rm -r schemas migrations
	sqlite3 empty.db "$(books alembic 2)"
	ok adopt --url sqlite:empty.db
	has "$err" 'the database is empty: there is nothing to begin with'
	hasnt "$err" 'recorded'
	[ ! -e migrations ]
}

# ---- the other commands ---------------------------------------------------------------------

@test "upgrade does not run the baseline into another tool's tables; status names adopt" {
	database dev "$(books django 2)"
	ok adopt --rev-id base1
	database prod "$(books django 2)"
	sd -e prod upgrade
	want 5
	has "$err" 'Django has migrated this database so far (django_migrations: 2 migrations applied, the last is shop.0002_step)'
	has "$err" 'hint: `schemadiff adopt` takes it over'
	ok -e prod status
	has "$out" 'other tool:  Django, in django_migrations: 2 migrations applied, the last is shop.0002_step'
	has "$out" 'next:        `schemadiff adopt` takes over from Django'
	ok -e prod status --json
	equal "$(field "$out" 'd["other_tools"][0]["tool"], d["other_tools"][0]["applied"]')" \
		"('django', ['shop.0001_step', 'shop.0002_step'])"
	ok -e prod adopt
	ok -e prod status
	hasnt "$out" 'other tool'
}

@test "two tools side by side: a record of our own is all that upgrade asks for" {
	database dev "$(books django 2)"
	ok ensure-version
	mkdir migrations
	printf -- '-- t\n-- revision: t1\n\n-- schemadiff:up\nCREATE TABLE t (a);\n' >migrations/t.sql
	ok upgrade
	# and a tool that was only set up keeps nobody from anything
	database prod "$(books alembic 0)"
	ok -e prod upgrade
}

@test "--json of both ways" {
	database dev "$(books flyway 2)"
	ok adopt --json --rev-id base1
	equal "$(field "$out" 'd["way"], d["tool"], d["table"], d["applied"], d["revision"], d["files"]')" \
		"('begun', 'flyway', 'flyway_schema_history', ['1.1', '1.2'], 'base1', ['schemas/posts.json', 'schemas/users.json'])"
	database prod "$(books flyway 3)"
	sd -e prod adopt --json
	want 5
	equal "$(field "$out" 'd["way"], d["revision"], d["missing"], d["extra"], d["differences"]')" \
		"('joined', 'base1', [], ['1.3'], None)"
	database prod "$(books flyway 2)"
	ok -e prod adopt --json
	equal "$(field "$out" 'd["against"], d["differences"]["changes"]')" "('the schema files', [])"
}
