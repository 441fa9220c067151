#!/usr/bin/env bats
load helpers
load adopt_helpers

# Taking over from other tools, on PostgreSQL.  SD_TEST_PG names the server.
setup_more() {
	if [ -z "${SD_TEST_PG:-}" ] || ! command -v psql >/dev/null; then
		skip "SD_TEST_PG names no server"
	fi
	engine=postgresql
	psql -Xq "$SD_TEST_PG" -c 'SET client_min_messages = error' \
		-c 'DROP DATABASE IF EXISTS schemadiff_cli_adopt' -c 'DROP ROLE IF EXISTS schemadiff_cli_adopt' \
		-c 'CREATE DATABASE schemadiff_cli_adopt'
	pg="$SD_TEST_PG dbname=schemadiff_cli_adopt"
	export DATABASE_URL="$pg"
	echo '{}' >schemadiff.json
}

teardown() {
	unset PGOPTIONS
	[ -z "${SD_TEST_PG:-}" ] || psql -Xq "$SD_TEST_PG" -c 'SET client_min_messages = error' \
		-c 'DROP DATABASE IF EXISTS schemadiff_cli_adopt' -c 'DROP ROLE IF EXISTS schemadiff_cli_adopt'
}

tables='CREATE TABLE users (id bigint GENERATED ALWAYS AS IDENTITY PRIMARY KEY, email text NOT NULL UNIQUE);
CREATE TABLE posts (id bigint PRIMARY KEY, user_id bigint REFERENCES users);'

# database SQL…: the schema that the other tool has made, anew
database() {
	printf '%s\n' 'SET client_min_messages = error; DROP SCHEMA IF EXISTS public, app, ops CASCADE; CREATE SCHEMA public;' \
		"$tables" "$@" | psql -Xq1 -v ON_ERROR_STOP=1 "$pg"
}

ask() {
	psql -XAt "$pg" -c "$@"
}

ours() {
	ask "SELECT count(*) FROM pg_class WHERE relname LIKE 'schemadiff\_%' AND relkind = 'r'"
}

@test "each tool: the first database, one that is equal, one behind, one ahead" {
	for tool in $TOOLS; do
		rm -rf migrations schemas
		database "$(books "$tool" 2)"
		rows="$(ask "TABLE $(table_of "$tool")")"
		ok adopt --rev-id base1
		has "$err" "$(title "$tool"), in public.$(table_of "$tool"): "
		has "$(cat migrations/*)" "-- x-adopted: $tool $(version "$tool" 2)"
		equal "$(ls schemas)" "$(printf 'posts.json\nusers.json')"
		equal "$(ask "TABLE $(table_of "$tool")")" "$rows"

		database "$(books "$tool" 1)"
		sd adopt
		want 5
		has "$err" "$(version "$tool" 2)"
		psql -Xq1 "$pg" -c "$(row "$tool" 2)"
		ok adopt --dry-run
		has "$err" 'would be recorded as at base1'
		psql -Xq1 "$pg" -c "$(row "$tool" 3)"
		sd adopt
		want 5
		has "$err" "$(version "$tool" 3)"
		equal "$(ours)" 0
	done
}

@test "each tool that leaves a trace of a failure: refused" {
	for tool in flyway prisma golang-migrate knex liquibase sqlx; do
		database "$(books "$tool" 2)" "$(broken "$tool")"
		sd adopt
		want 5
		has "$err" "$(title "$tool") (public.$(table_of "$tool"))"
		[ "$tool" = knex ] || has "$err" "stopped halfway: $(version "$tool" 3)"
		[ ! -e migrations ] && [ ! -e schemas ]
	done
}

@test "Liquibase is at work, or was killed" {
	database "$(books liquibase 2)" "UPDATE databasechangeloglock SET locked = true, lockedby = NULL"
	sd adopt
	want 5
	has "$err" 'Liquibase (public.databasechangelog) is at work in this database, or was killed'
}

@test "a table in another namespace; the same tool in two of them" {
	database 'CREATE SCHEMA app; SET search_path TO app;' "$(books alembic 2)"
	ok adopt --rev-id base1
	has "$err" 'Alembic, in app.alembic_version: at 000000000002'
	has "$(cat migrations/*)" '-- x-adopted: alembic 000000000002'
	rm -r migrations

	database 'CREATE SCHEMA app; CREATE SCHEMA ops; SET search_path TO app;' "$(books flyway 2)" \
		'SET search_path TO ops;' "$(books flyway 1)"
	sd adopt
	want 5
	has "$err" 'note: Flyway, in app.flyway_schema_history: 2 migrations applied, the last is 1.2'
	has "$err" 'note: Flyway, in ops.flyway_schema_history: 1 migration applied: 1.1'
	has "$err" 'hint: name the table: --table app.flyway_schema_history'
	ok adopt --table ops.flyway_schema_history --dry-run
	has "$out" '-- x-adopted: flyway 1.1'
	# that of the project's own namespace comes before those of others
	psql -Xq1 "$pg" -c "$(books flyway 3)"
	ok adopt
	has "$err" 'Flyway, in public.flyway_schema_history: 3 migrations applied'
}

@test "another application's tool in a namespace of its own keeps no upgrade" {
	database 'CREATE SCHEMA app; SET search_path TO app;' "$(books django 2)"
	mkdir migrations schemas
	printf -- '-- t\n-- revision: t1\n\n-- schemadiff:up\nCREATE TABLE t (a int);\n' >migrations/t.sql
	ok status
	hasnt "$out" 'other tool'
	ok upgrade
	database "$(books django 2)"
	sd upgrade
	want 5
	has "$err" 'Django has migrated this database so far (public.django_migrations'
	ok status
	has "$out" 'other tool:  Django, in public.django_migrations'
}

@test "a table of the same columns that are something else is no tool's" {
	database 'CREATE TABLE schema_migrations (version bigint, dirty text); INSERT INTO schema_migrations VALUES (1, $$no$$);'
	ok adopt
	has "$err" 'warning: table public.schema_migrations bears the name'
	has "$(cat migrations/*)" '-- x-adopted: none'
}

@test "a table that this role may not read" {
	database "$(books alembic 2)" 'CREATE ROLE schemadiff_cli_adopt; GRANT ALL ON SCHEMA public TO schemadiff_cli_adopt;'
	export PGOPTIONS='-c role=schemadiff_cli_adopt'
	sd adopt
	want 4
	has "$err" "table public.alembic_version of Alembic can't be read by this role"
	[ ! -e migrations ] && [ ! -e schemas ]
	# rows that are hidden are not the same as none
	PGOPTIONS='' psql -Xq "$pg" -c 'GRANT SELECT ON alembic_version TO schemadiff_cli_adopt; ALTER TABLE alembic_version ENABLE ROW LEVEL SECURITY'
	sd adopt --dry-run
	want 4
	has "$err" "table public.alembic_version of Alembic can't be read by this role"
	# and nobody runs a history beside what can't be read
	mkdir migrations schemas
	printf -- '-- t\n-- revision: t1\n\n-- schemadiff:up\nCREATE TABLE t (a int);\n' >migrations/t.sql
	sd upgrade
	want 5
	has "$err" 'Alembic has migrated this database so far (public.alembic_version: this role may not read it)'
	ok status
	has "$out" 'other tool:  Alembic, in public.alembic_version: this role may not read it'
}

@test "later revisions: a scratch database tells, and without one adopt refuses" {
	database "$(books flyway 2)"
	ok adopt --rev-id base1
	sed -i 's/"email": {/"name": { "type": "text" },\n&/' schemas/users.json
	ok autogenerate -m name --rev-id name1
	database "$(books flyway 2)"
	sd adopt
	want 5
	has "$err" "whether the database is as revision base1 leaves it can't be told"
	has "$err" 'schemadiff stamp base1'
	ok adopt --scratch auto
	has "$err" 'recorded as at base1'
	ok upgrade
	ok check
	database "$(books flyway 2)" 'ALTER TABLE users DROP COLUMN email'
	sd adopt --scratch auto
	want 1
	has "$out" '+ column email'
	has "$err" 'from the database to the baseline'
	equal "$(ours)" 0
}

@test "what nobody can write is told before anything is written" {
	database "$(books alembic 2)"
	PGOPTIONS='-c default_transaction_read_only=on' sd adopt
	want 4
	[ ! -e schemas ] && [ ! -e migrations ]
	ok adopt --rev-id base1
	database "$(books alembic 2)"
	export PGOPTIONS='-c default_transaction_read_only=on'
	sd adopt
	want 4
	has "$err" 'read-only'
	equal "$(ours)" 0
}

@test "what is not understood is in no baseline, and the script says so" {
	database "$(books flyway 2)" 'CREATE TABLE kid () INHERITS (users)'
	ok adopt --rev-id base1 --json
	for text in 'table kid is not fully understood (it inherits from another table): the baseline does not create it' \
		'table users is not fully understood (other tables inherit from it): the baseline does not create it'; do
		has "$(cat migrations/*)" "-- $text"
		has "$(field "$out" "d['warnings']")" "$text"
	done
	hasnt "$(cat migrations/*)" 'CREATE TABLE users'
	ok check
	# nothing else is there; and what is excluded is nobody's business
	rm -r migrations schemas
	database 'DROP TABLE posts; CREATE TABLE kid () INHERITS (users)'
	ok adopt
	has "$err" 'the database has nothing that a baseline can create: no revision was written'
	echo '{ "exclude": ["users", "kid"] }' >schemadiff.json
	ok adopt
	hasnt "$err" 'understood'
}
