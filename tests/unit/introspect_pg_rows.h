/* The rows of test_introspect_pg.c: DDL and what is read of it. */
#ifndef SD_TESTS_INTROSPECT_PG_ROWS_H
#define SD_TESTS_INTROSPECT_PG_ROWS_H

static const struct row types_rows[] = {
	{ 0,
		"CREATE TABLE t (a int, b int8, c int2, d float8, e float4, f bool, g "
		"text, h bytea)",
		"{ 'tables': { 't': { 'columns': { 'a': { 'type': 'integer' }, 'b': { "
		"'type': 'bigint' }, 'c': { 'type': 'smallint' }, 'd': { 'type': 'double "
		"precision' }, 'e': { 'type': 'real' }, 'f': { 'type': 'boolean' }, 'g': { "
		"'type': 'text' }, 'h': { 'type': 'bytea' } } } } }",
		NULL },
	{ 0,
		"CREATE TABLE t (a varchar(50), b varchar, c char(3), d char, e bpchar, f "
		"\"char\", g name)",
		"{ 'tables': { 't': { 'columns': { 'a': { 'type': 'varchar(50)' }, 'b': { "
		"'type': 'varchar' }, 'c': { 'type': 'char(3)' }, 'd': { 'type': 'char(1)' "
		"}, 'e': { 'type': 'bpchar' }, 'f': { 'type': '\\'char\\'' }, 'g': { "
		"'type': 'name' } } } } }",
		NULL },
	{ 0, "CREATE TABLE t (a numeric(10,2), b numeric, c numeric(5))",
		"{ 'tables': { 't': { 'columns': { 'a': { 'type': 'numeric(10,2)' }, 'b': "
		"{ 'type': 'numeric' }, 'c': { 'type': 'numeric(5,0)' } } } } }",
		NULL },
	{ 0,
		"CREATE TABLE t (a timestamptz, b timestamptz(3), c timestamp, d "
		"timestamp(0), e time, f time(2), g timetz, h timetz(1), i date)",
		"{ 'tables': { 't': { 'columns': { 'a': { 'type': 'timestamptz' }, 'b': { "
		"'type': 'timestamptz(3)' }, 'c': { 'type': 'timestamp' }, 'd': { 'type': "
		"'timestamp(0)' }, 'e': { 'type': 'time' }, 'f': { 'type': 'time(2)' }, "
		"'g': { 'type': 'timetz' }, 'h': { 'type': 'timetz(1)' }, 'i': { 'type': "
		"'date' } } } } }",
		NULL },
	{ 0,
		"CREATE TABLE t (a interval, b interval(3), c interval day to second(3), d "
		"interval year)",
		"{ 'tables': { 't': { 'columns': { 'a': { 'type': 'interval' }, 'b': { "
		"'type': 'interval(3)' }, 'c': { 'type': 'interval day to second(3)' }, "
		"'d': { 'type': 'interval year' } } } } }",
		NULL },
	{ 0, "CREATE TABLE t (a bit(3), b bit, c varbit(5), d varbit)",
		"{ 'tables': { 't': { 'columns': { 'a': { 'type': 'bit(3)' }, 'b': { "
		"'type': 'bit(1)' }, 'c': { 'type': 'varbit(5)' }, 'd': { 'type': 'varbit' "
		"} } } } }",
		NULL },
	{ 0,
		"CREATE TABLE t (a text[], b varchar(5)[][], c numeric(4,1)[3], d "
		"interval(2)[], e int ARRAY)",
		"{ 'tables': { 't': { 'columns': { 'a': { 'type': 'text[]' }, 'b': { "
		"'type': 'varchar(5)[]' }, 'c': { 'type': 'numeric(4,1)[]' }, 'd': { "
		"'type': 'interval(2)[]' }, 'e': { 'type': 'integer[]' } } } } }",
		NULL },
	{ 0,
		"CREATE TABLE t (a json, b jsonb, c uuid, d inet, e int4range, f money, g "
		"xml, h oid, i regclass, j tsvector, k point)",
		"{ 'tables': { 't': { 'columns': { 'a': { 'type': 'json' }, 'b': { 'type': "
		"'jsonb' }, 'c': { 'type': 'uuid' }, 'd': { 'type': 'inet' }, 'e': { "
		"'type': 'int4range' }, 'f': { 'type': 'money' }, 'g': { 'type': 'xml' }, "
		"'h': { 'type': 'oid' }, 'i': { 'type': 'regclass' }, 'j': { 'type': "
		"'tsvector' }, 'k': { 'type': 'point' } } } } }",
		NULL },
	{ 0,
		"CREATE TYPE mood AS ENUM ('sad', 'it''s', ''); CREATE TYPE \"My Type\" AS "
		"ENUM ('a'); CREATE TABLE t (a mood, b mood[], c \"My Type\", d \"My "
		"Type\"[])",
		"{ 'enums': { 'My Type': ['a'], 'mood': ['sad', 'it's', ''] }, 'tables': { "
		"'t': { 'columns': { 'a': { 'type': 'mood' }, 'b': { 'type': 'mood[]' }, "
		"'c': { 'type': '\\'My Type\\'' }, 'd': { 'type': '\\'My Type\\'[]' } } } "
		"} }",
		NULL },
	{ 0,
		"CREATE TYPE other.mood AS ENUM ('x'); CREATE TABLE t (a other.mood, b "
		"other.mood[]); DROP TABLE IF EXISTS other.none",
		"{ 'tables': { 't': { 'columns': { 'a': { 'type': 'other.mood' }, 'b': { "
		"'type': 'other.mood[]' } } } } }",
		NULL },
	{ 0,
		"CREATE TYPE shared AS ENUM ('x'); ALTER TYPE shared SET SCHEMA on_path; "
		"CREATE TABLE t (a shared)",
		"{ 'tables': { 't': { 'columns': { 'a': { 'type': 'shared' } } } } }", NULL },
	{ 0,
		"CREATE TYPE \"interval\" AS ENUM ('x'); CREATE TABLE t (a "
		"row_ns.\"interval\", b interval)",
		"{ 'enums': { 'interval': ['x'] }, 'tables': { 't': { 'columns': { 'a': { "
		"'type': 'row_ns.interval' }, 'b': { 'type': 'interval' } } } } }",
		NULL },
	{ 0,
		"CREATE DOMAIN positive AS int CHECK (VALUE > 0); CREATE TABLE t (a "
		"positive, b positive[])",
		"{ 'tables': { 't': { 'columns': { 'a': { 'type': 'positive' }, 'b': { "
		"'type': 'positive[]' } } } } }",
		NULL },
	{ 0, "CREATE TYPE pair AS (a int, b int); CREATE TABLE t (a pair)",
		"{ 'tables': { 't': { 'columns': { 'a': { 'type': 'pair' } } } } }", NULL },
	{ 150000, "CREATE TABLE t (a numeric(3,-2))",
		"{ 'tables': { 't': { 'columns': { 'a': { 'type': 'numeric(3,-2)' } } } } }",
		NULL },
	{ 140000, "CREATE TABLE t (a int4multirange)",
		"{ 'tables': { 't': { 'columns': { 'a': { 'type': 'int4multirange' } } } } "
		"}",
		NULL },
};

static const struct row columns_rows[] = {
	{ 0, "CREATE TABLE \"select\" (\"Weird \"\"col\" int, a int NOT NULL)",
		"{ 'tables': { 'select': { 'columns': { 'Weird \\'col': { 'type': "
		"'integer' }, 'a': { 'type': 'integer', 'nullable': false } } } } }",
		NULL },
	{ 0,
		"CREATE TABLE t (a int DEFAULT 1, b text DEFAULT 'it''s', c int DEFAULT (1 "
		"+ 2), d text DEFAULT NULL, e timestamptz DEFAULT now(), f varchar(9) "
		"DEFAULT 'x', g bool DEFAULT true, h int DEFAULT -1)",
		"{ 'tables': { 't': { 'columns': { 'a': { 'type': 'integer', 'default': "
		"'1' }, 'b': { 'type': 'text', 'default': ''it''s'::text' }, 'c': { "
		"'type': 'integer', 'default': '1 + 2' }, 'd': { 'type': 'text' }, 'e': { "
		"'type': 'timestamptz', 'default': 'now()' }, 'f': { 'type': 'varchar(9)', "
		"'default': ''x'::character varying' }, 'g': { 'type': 'boolean', "
		"'default': 'true' }, 'h': { 'type': 'integer', 'default': ''-1'::integer' "
		"} } } } }",
		NULL },
	{ 0,
		"CREATE TABLE t (a text, b text GENERATED ALWAYS AS (upper(a)) STORED, c "
		"int GENERATED ALWAYS AS (1 + 1) STORED)",
		"{ 'tables': { 't': { 'columns': { 'a': { 'type': 'text' }, 'b': { 'type': "
		"'text', 'generated': { 'as': 'upper(a)', 'stored': true } }, 'c': { "
		"'type': 'integer', 'generated': { 'as': '1 + 1', 'stored': true } } } } } "
		"}",
		NULL },
	{ 0,
		"CREATE TABLE t (a int GENERATED ALWAYS AS IDENTITY, b int GENERATED BY "
		"DEFAULT AS IDENTITY)",
		"{ 'tables': { 't': { 'columns': { 'a': { 'type': 'integer', 'identity': "
		"'always' }, 'b': { 'type': 'integer', 'identity': 'by default' } } } } }",
		NULL },
	{ 0,
		"CREATE TABLE t (a int GENERATED ALWAYS AS IDENTITY (START 10 INCREMENT 5 "
		"MINVALUE 10 MAXVALUE 1000 CACHE 7 CYCLE), b bigint GENERATED ALWAYS AS "
		"IDENTITY (START 3), c smallint GENERATED ALWAYS AS IDENTITY (INCREMENT "
		"-1))",
		"{ 'tables': { 't': { 'columns': { 'a': { 'type': 'integer', 'identity': { "
		"'generated': 'always', 'increment': 5, 'min': 10, 'max': 1000, 'cache': "
		"7, 'cycle': true } }, 'b': { 'type': 'bigint', 'identity': { 'generated': "
		"'always', 'start': 3 } }, 'c': { 'type': 'smallint', 'identity': { "
		"'generated': 'always', 'increment': -1 } } } } } }",
		NULL },
	{ 0, "CREATE TABLE t (a serial, b bigserial, c smallserial)",
		"{ 'tables': { 't': { 'columns': { 'a': { 'type': 'serial' }, 'b': { "
		"'type': 'bigserial' }, 'c': { 'type': 'smallserial' } } } } }",
		NULL },
	{ 0,
		"CREATE TABLE t (a serial, b serial, c serial); ALTER TABLE t ALTER a DROP "
		"NOT NULL; ALTER SEQUENCE t_b_seq INCREMENT 2; ALTER SEQUENCE t_c_seq "
		"OWNED BY NONE",
		"{ 'sequences': { 't_a_seq': { 'type': 'integer', 'owned_by': 't.a' }, "
		"'t_b_seq': { 'type': 'integer', 'increment': 2, 'owned_by': 't.b' }, "
		"'t_c_seq': { 'type': 'integer' } }, 'tables': { 't': { 'columns': { 'a': "
		"{ 'type': 'integer', 'default': 'nextval('t_a_seq'::regclass)' }, 'b': { "
		"'type': 'integer', 'nullable': false, 'default': "
		"'nextval('t_b_seq'::regclass)' }, 'c': { 'type': 'integer', 'nullable': "
		"false, 'default': 'nextval('t_c_seq'::regclass)' } } } } }",
		NULL },
	{ 0,
		"CREATE TABLE t (\"Odd\" serial); ALTER TABLE t RENAME \"Odd\" TO plain; "
		"ALTER TABLE t ALTER plain DROP NOT NULL, ALTER plain SET NOT NULL; "
		"CREATE TABLE u (a serial); ALTER SEQUENCE u_a_seq RENAME TO \"it's\"",
		"{ 'tables': { 't': { 'columns': { 'plain': { 'type': 'serial' } } }, 'u': "
		"{ 'columns': { 'a': { 'type': 'serial' } } } } }",
		NULL },
	{ 0, "CREATE TABLE t (a text COLLATE \"C\", b text COLLATE \"POSIX\", c text)",
		"{ 'tables': { 't': { 'columns': { 'a': { 'type': 'text', 'collation': 'C' "
		"}, 'b': { 'type': 'text', 'collation': 'POSIX' }, 'c': { 'type': 'text' } "
		"} } } }",
		NULL },
	{ 0,
		"CREATE COLLATION mine FROM \"C\"; CREATE COLLATION other.theirs FROM "
		"\"C\"; CREATE TABLE t (a text COLLATE mine, b text COLLATE other.theirs)",
		"{ 'tables': { 't': { 'columns': { 'a': { 'type': 'text', 'collation': "
		"'mine' }, 'b': { 'type': 'text', 'collation': 'other.theirs' } } } } }",
		NULL },
	{ 0,
		"CREATE TABLE t (a text, b int, c text, d bytea, e text); ALTER TABLE t "
		"ALTER a SET STORAGE external, ALTER c SET STORAGE main, ALTER d SET "
		"STORAGE plain, ALTER e SET STORAGE extended, ALTER b SET STATISTICS 0, "
		"ALTER c SET STATISTICS 500",
		"{ 'tables': { 't': { 'columns': { 'a': { 'type': 'text', 'postgresql': { "
		"'storage': 'external' } }, 'b': { 'type': 'integer', 'postgresql': { "
		"'statistics': 0 } }, 'c': { 'type': 'text', 'postgresql': { 'storage': "
		"'main', 'statistics': 500 } }, 'd': { 'type': 'bytea', 'postgresql': { "
		"'storage': 'plain' } }, 'e': { 'type': 'text' } } } } }",
		NULL },
	{ 0,
		"CREATE TABLE t (a int, b int, c int); ALTER TABLE t DROP a, ADD d text, "
		"DROP b",
		"{ 'tables': { 't': { 'columns': { 'c': { 'type': 'integer' }, 'd': { "
		"'type': 'text' } } } } }",
		NULL },
	{ 140000, "CREATE TABLE t (a text COMPRESSION pglz, b text)",
		"{ 'tables': { 't': { 'columns': { 'a': { 'type': 'text', 'postgresql': { "
		"'compression': 'pglz' } }, 'b': { 'type': 'text' } } } } }",
		NULL },
	{ 180000,
		"CREATE TABLE t (a int, b int GENERATED ALWAYS AS (a * 2) VIRTUAL, c int "
		"GENERATED ALWAYS AS (a * 2) STORED)",
		"{ 'tables': { 't': { 'columns': { 'a': { 'type': 'integer' }, 'b': { "
		"'type': 'integer', 'generated': { 'as': 'a * 2' } }, 'c': { 'type': "
		"'integer', 'generated': { 'as': 'a * 2', 'stored': true } } } } } }",
		NULL },
	{ 180000,
		"CREATE TABLE t (a int, b int, c int CONSTRAINT said NOT NULL); ALTER "
		"TABLE t ADD CONSTRAINT nn NOT NULL a NOT VALID",
		"{ 'tables': { 't': { 'columns': { 'a': { 'type': 'integer', 'nullable': "
		"false, 'postgresql': { 'not_null_name': 'nn' } }, 'b': { 'type': 'integer' }, "
		"'c': { 'type': 'integer', 'nullable': false, 'postgresql': { 'not_null_name': "
		"'said' } } } } } } | a is not validated",
		NULL },
};

static const struct row tables_rows[] = {
	{ 0, "CREATE UNLOGGED TABLE t (a int)",
		"{ 'tables': { 't': { 'columns': { 'a': { 'type': 'integer' } }, "
		"'postgresql': { 'unlogged': true } } } }",
		NULL },
	{ 0,
		"CREATE TABLE t (a text) WITH (fillfactor = 70, autovacuum_enabled = "
		"false, toast.autovacuum_enabled = off, autovacuum_vacuum_scale_factor = "
		"0.1)",
		"{ 'tables': { 't': { 'columns': { 'a': { 'type': 'text' } }, "
		"'postgresql': { 'fillfactor': 70, 'with': { 'autovacuum_enabled': "
		"'false', 'autovacuum_vacuum_scale_factor': '0.1', "
		"'toast.autovacuum_enabled': 'off' } } } } }",
		NULL },
	{ 0,
		"CREATE TABLE t (a int NOT NULL); CREATE UNIQUE INDEX ix ON t (a); ALTER "
		"TABLE t REPLICA IDENTITY USING INDEX ix; CREATE TABLE u (a int); ALTER "
		"TABLE u REPLICA IDENTITY FULL; CREATE TABLE v (a int); ALTER TABLE v "
		"REPLICA IDENTITY NOTHING",
		"{ 'tables': { 't': { 'columns': { 'a': { 'type': 'integer', 'nullable': "
		"false } }, 'indexes': { 'ix': { 'columns': ['a'], 'unique': true } }, "
		"'postgresql': { 'replica_identity': 'index ix' } }, 'u': { 'columns': { "
		"'a': { 'type': 'integer' } }, 'postgresql': { 'replica_identity': 'full' "
		"} }, 'v': { 'columns': { 'a': { 'type': 'integer' } }, 'postgresql': { "
		"'replica_identity': 'nothing' } } } }",
		NULL },
	{ 0,
		"CREATE TABLE t (a int, b int, CONSTRAINT pk PRIMARY KEY (a) WITH (fillfactor = 70), "
		"CONSTRAINT uq UNIQUE (b) WITH (fillfactor = 80), CONSTRAINT ex EXCLUDE (b WITH =) "
		"WITH (fillfactor = 90)); COMMENT ON INDEX pk IS 'of the index'; COMMENT ON "
		"CONSTRAINT pk ON t IS 'of the key'; COMMENT ON INDEX ex IS 'of ex'",
		"{ 'tables': { 't': { 'columns': { 'a': { 'type': 'integer' }, 'b': { 'type': "
		"'integer' } }, 'primary_key': { 'name': 'pk', 'columns': ['a'], 'with': { "
		"'fillfactor': '70' }, 'index_comment': 'of the index', 'comment': 'of the key' }, "
		"'unique': { 'uq': { 'columns': ['b'], 'with': { 'fillfactor': '80' } } }, "
		"'exclusions': { 'ex': { 'elements': [{ 'name': 'b', 'with': '=' }], 'with': { "
		"'fillfactor': '90' }, 'index_comment': 'of ex' } } } } }",
		NULL },
	{ 0,
		"CREATE TABLE t (a int CONSTRAINT pk PRIMARY KEY); ALTER TABLE t CLUSTER ON pk; "
		"CREATE TABLE u (a int); CREATE INDEX ix ON u (a); ALTER TABLE u CLUSTER ON ix; "
		"CREATE TABLE v (a int); CREATE INDEX iv ON v (a)",
		"{ 'tables': { 't': { 'columns': { 'a': { 'type': 'integer' } }, 'primary_key': "
		"{ 'name': 'pk', 'columns': ['a'] }, 'postgresql': { 'cluster': 'index pk' } }, "
		"'u': { 'columns': { 'a': { 'type': 'integer' } }, 'indexes': { 'ix': ['a'] }, "
		"'postgresql': { 'cluster': 'index ix' } }, 'v': { 'columns': { 'a': { 'type': "
		"'integer' } }, 'indexes': { 'iv': ['a'] } } } }",
		NULL },
	{ 0,
		"CREATE TABLE t (a int PRIMARY KEY, b int); COMMENT ON TABLE t IS 'of "
		"\"t\"'; COMMENT ON COLUMN t.b IS 'of b'; COMMENT ON CONSTRAINT t_pkey ON "
		"t IS 'of pk'; CREATE INDEX ix ON t (b); COMMENT ON INDEX ix IS 'of ix'; "
		"CREATE SEQUENCE s; COMMENT ON SEQUENCE s IS 'of s'; CREATE TYPE e AS ENUM "
		"('x'); COMMENT ON TYPE e IS 'of e'; ALTER TABLE t ADD CONSTRAINT c CHECK "
		"(b > 0); COMMENT ON CONSTRAINT c ON t IS 'of c'",
		"{ 'enums': { 'e': { 'values': ['x'], 'comment': 'of e' } }, 'sequences': "
		"{ 's': { 'comment': 'of s' } }, 'tables': { 't': { 'comment': 'of "
		"\\'t\\'', 'columns': { 'a': { 'type': 'integer' }, 'b': { 'type': "
		"'integer', 'comment': 'of b' } }, 'primary_key': { 'name': 't_pkey', "
		"'columns': ['a'], 'comment': 'of pk' }, 'checks': { 'c': { 'expression': "
		"'b > 0', 'comment': 'of c' } }, 'indexes': { 'ix': { 'columns': ['b'], "
		"'comment': 'of ix' } } } } }",
		NULL },
	{ 0,
		"CREATE TABLE p (a int) PARTITION BY RANGE (a); CREATE TABLE p1 PARTITION "
		"OF p FOR VALUES FROM (0) TO (9); CREATE TABLE t (a int)",
		"{ 'tables': { 'p': { 'managed': false, 'x-why': 'it is partitioned' }, "
		"'t': { 'columns': { 'a': { 'type': 'integer' } } } } } | table p: it is "
		"partitioned",
		NULL },
	{ 0,
		"CREATE TABLE a (x int); CREATE TABLE b (y int) INHERITS (a); CREATE TABLE "
		"c (z int) INHERITS (b)",
		"{ 'tables': { 'a': { 'managed': false, 'x-why': 'other tables inherit "
		"from it' }, 'b': { 'managed': false, 'x-why': 'it inherits from another "
		"table' }, 'c': { 'managed': false, 'x-why': 'it inherits from another "
		"table' } } } | table a: other tables inherit from it | table b: it "
		"inherits from another table | table c: it inherits from another table",
		NULL },
	{ 0, "CREATE TYPE pair AS (a int, b int); CREATE TABLE t OF pair",
		"{ 'tables': { 't': { 'managed': false, 'x-why': 'it is made of a type' } "
		"} } | table t: it is made of a type",
		NULL },
	{ 0, "CREATE TEMP TABLE pg_temp.hidden (a int); CREATE TABLE t ()",
		"{ 'tables': { 't': { 'columns': {} } } }", NULL },
	{ 0,
		"CREATE TABLE alembic_version (a serial PRIMARY KEY); CREATE TABLE "
		"schemadiff_log (a serial); CREATE SEQUENCE schemadiff_s; CREATE TABLE t "
		"(a int REFERENCES alembic_version)",
		"{ 'tables': { 't': { 'columns': { 'a': { 'type': 'integer' } }, "
		"'foreign_keys': { 't_a_fkey': { 'columns': ['a'], 'table': "
		"'alembic_version', 'ref_columns': ['a'] } } }, 'alembic_version': { "
		"'managed': false } } }",
		NULL },
	{ 0, "CREATE TABLE other.elsewhere (a int, m int)", "{}", NULL },
	{ 0,
		"CREATE SEQUENCE a; CREATE SEQUENCE b AS integer START 5 INCREMENT -2 "
		"MINVALUE -100 MAXVALUE 50 CACHE 3 CYCLE; CREATE SEQUENCE c AS smallint "
		"INCREMENT -1; CREATE SEQUENCE d MINVALUE 7; CREATE SEQUENCE e START 7 "
		"MAXVALUE 100",
		"{ 'sequences': { 'a': {}, 'b': { 'type': 'integer', 'start': 5, "
		"'increment': -2, 'min': -100, 'max': 50, 'cache': 3, 'cycle': true }, "
		"'c': { 'type': 'smallint', 'increment': -1 }, 'd': { 'min': 7 }, 'e': { "
		"'start': 7, 'max': 100 } } }",
		NULL },
	{ 0,
		"CREATE TABLE t (a int); CREATE SEQUENCE s OWNED BY t.a; ALTER TABLE t "
		"ALTER a SET DEFAULT nextval('s') + 1",
		"{ 'sequences': { 's': { 'owned_by': 't.a' } }, 'tables': { 't': { "
		"'columns': { 'a': { 'type': 'integer', 'default': 'nextval('s'::regclass) "
		"+ 1' } } } } }",
		NULL },
	{ 0,
		"CREATE TYPE e AS ENUM ('b', 'd'); ALTER TYPE e ADD VALUE 'a' BEFORE 'b'; "
		"ALTER TYPE e ADD VALUE 'c' AFTER 'b'; ALTER TYPE e ADD VALUE 'z'; ALTER "
		"TYPE e RENAME VALUE 'z' TO 'e'",
		"{ 'enums': { 'e': ['a', 'b', 'c', 'd', 'e'] } }", NULL },
	{ 0,
		"CREATE TABLE t (a int); CREATE TABLE u (a int); CREATE TYPE e AS ENUM "
		"('x'); CREATE SEQUENCE s; ALTER EXTENSION plpgsql ADD TABLE t; ALTER "
		"EXTENSION plpgsql ADD TYPE e; ALTER EXTENSION plpgsql ADD SEQUENCE s",
		"{ 'tables': { 'u': { 'columns': { 'a': { 'type': 'integer' } } } } }",
		"ALTER EXTENSION plpgsql DROP TABLE t; ALTER EXTENSION plpgsql DROP TYPE "
		"e; ALTER EXTENSION plpgsql DROP SEQUENCE s" },
	{ 150000,
		"SET allow_in_place_tablespaces = true; CREATE TABLESPACE sd_test_space "
		"LOCATION ''; CREATE TABLE t (a int PRIMARY KEY USING INDEX TABLESPACE "
		"sd_test_space) TABLESPACE sd_test_space; CREATE INDEX ix ON t (a) "
		"TABLESPACE sd_test_space",
		"{ 'tables': { 't': { 'columns': { 'a': { 'type': 'integer' } }, "
		"'primary_key': { 'name': 't_pkey', 'columns': ['a'], 'tablespace': "
		"'sd_test_space' }, 'indexes': { 'ix': "
		"{ 'columns': ['a'], 'tablespace': 'sd_test_space' } }, 'postgresql': { "
		"'tablespace': 'sd_test_space' } } } }",
		"DROP TABLE t; DROP TABLESPACE sd_test_space" },
	{ 0,
		"CREATE ACCESS METHOD sd_test_am TYPE TABLE HANDLER heap_tableam_handler; "
		"CREATE TABLE t (a int) USING sd_test_am",
		"{ 'tables': { 't': { 'columns': { 'a': { 'type': 'integer' } }, "
		"'postgresql': { 'access_method': 'sd_test_am' } } } }",
		"DROP TABLE t; DROP ACCESS METHOD sd_test_am" },
};

static const struct row constraints_rows[] = {
	{ 0,
		"CREATE TABLE t (a int, b int, c int, d int, CONSTRAINT pk PRIMARY KEY (b, "
		"a) INCLUDE (c, d) DEFERRABLE INITIALLY DEFERRED)",
		"{ 'tables': { 't': { 'columns': { 'a': { 'type': 'integer' }, 'b': { "
		"'type': 'integer' }, 'c': { 'type': 'integer' }, 'd': { 'type': 'integer' "
		"} }, 'primary_key': { 'name': 'pk', 'columns': ['b', 'a'], 'include': "
		"['c', 'd'], 'deferrable': 'deferred' } } } }",
		NULL },
	{ 0,
		"CREATE TABLE t (a int, b int, UNIQUE (a), CONSTRAINT u1 UNIQUE (b, a) "
		"DEFERRABLE, CONSTRAINT u2 UNIQUE (b) INCLUDE (a))",
		"{ 'tables': { 't': { 'columns': { 'a': { 'type': 'integer' }, 'b': { "
		"'type': 'integer' } }, 'unique': { 't_a_key': ['a'], 'u1': { 'columns': "
		"['b', 'a'], 'deferrable': 'immediate' }, 'u2': { 'columns': ['b'], "
		"'include': ['a'] } } } } }",
		NULL },
	{ 0,
		"CREATE TABLE t (a int, b text, CHECK (a > 0), CONSTRAINT c1 CHECK (a > 0 "
		"AND b <> '') NO INHERIT, CONSTRAINT c2 CHECK ((a) IS NOT NULL)); ALTER "
		"TABLE t ADD CONSTRAINT c3 CHECK (a < 9) NOT VALID",
		"{ 'tables': { 't': { 'columns': { 'a': { 'type': 'integer' }, 'b': { "
		"'type': 'text' } }, 'checks': { 'c1': { 'expression': '(a > 0) AND (b <> "
		"''::text)', 'no_inherit': true }, 'c2': 'a IS NOT NULL', 'c3': { "
		"'expression': 'a < 9', 'validated': false }, 't_a_check': 'a > 0' } } } }",
		NULL },
	{ 0,
		"CREATE TABLE p (a int, b int, PRIMARY KEY (a, b)); CREATE TABLE t (x int, "
		"y int, CONSTRAINT f1 FOREIGN KEY (x, y) REFERENCES p MATCH FULL ON DELETE "
		"CASCADE ON UPDATE RESTRICT DEFERRABLE INITIALLY DEFERRED, CONSTRAINT f2 "
		"FOREIGN KEY (y, x) REFERENCES p ON DELETE SET DEFAULT ON UPDATE SET NULL "
		"DEFERRABLE); ALTER TABLE t ADD CONSTRAINT f3 FOREIGN KEY (x, y) "
		"REFERENCES p NOT VALID",
		"{ 'tables': { 'p': { 'columns': { 'a': { 'type': 'integer' }, 'b': { "
		"'type': 'integer' } }, 'primary_key': { 'name': 'p_pkey', 'columns': "
		"['a', 'b'] } }, 't': { 'columns': { 'x': { 'type': 'integer' }, 'y': { "
		"'type': 'integer' } }, 'foreign_keys': { 'f1': { 'columns': ['x', 'y'], "
		"'table': 'p', 'ref_columns': ['a', 'b'], 'on_delete': 'cascade', "
		"'on_update': 'restrict', 'match': 'full', 'deferrable': 'deferred' }, "
		"'f2': { 'columns': ['y', 'x'], 'table': 'p', 'ref_columns': ['a', 'b'], "
		"'on_delete': 'set default', 'on_update': 'set null', 'deferrable': "
		"'immediate' }, 'f3': { 'columns': ['x', 'y'], 'table': 'p', "
		"'ref_columns': ['a', 'b'], 'validated': false } } } } }",
		NULL },
	{ 0,
		"CREATE TABLE other.far (a int PRIMARY KEY, b int UNIQUE); CREATE TABLE t "
		"(x int, CONSTRAINT f1 FOREIGN KEY (x) REFERENCES other.far, CONSTRAINT f2 "
		"FOREIGN KEY (x) REFERENCES other.far (b))",
		"{ 'tables': { 't': { 'columns': { 'x': { 'type': 'integer' } }, "
		"'foreign_keys': { 'f1': { 'columns': ['x'], 'table': 'other.far', "
		"'ref_columns': ['a'] }, 'f2': { 'columns': ['x'], 'table': 'other.far', "
		"'ref_columns': ['b'] } } } } } | f1 refers to other | f2 refers to other",
		NULL },
	{ 0,
		"CREATE TABLE p (a int PRIMARY KEY) PARTITION BY RANGE (a); CREATE TABLE "
		"p1 PARTITION OF p FOR VALUES FROM (0) TO (9); CREATE TABLE t (x int, "
		"CONSTRAINT f FOREIGN KEY (x) REFERENCES p)",
		"{ 'tables': { 'p': { 'managed': false, 'x-why': 'it is partitioned' }, "
		"'t': { 'columns': { 'x': { 'type': 'integer' } }, 'foreign_keys': { 'f': "
		"{ 'columns': ['x'], 'table': 'p', 'ref_columns': ['a'] } } } } } | table "
		"p: it is partitioned",
		NULL },
	{ 0,
		"CREATE TABLE t (r int4range, a int, b text, EXCLUDE USING gist (r WITH "
		"&&) WHERE (a > 0) DEFERRABLE, CONSTRAINT e1 EXCLUDE (b WITH =, lower(b) "
		"WITH =), CONSTRAINT e2 EXCLUDE USING gist (r range_ops WITH -|-))",
		"{ 'tables': { 't': { 'columns': { 'r': { 'type': 'int4range' }, 'a': { "
		"'type': 'integer' }, 'b': { 'type': 'text' } }, 'exclusions': { 'e1': { "
		"'elements': [{ 'name': 'b', 'with': '=' }, { 'expression': 'lower(b)', "
		"'with': '=' }] }, 'e2': { 'elements': [{ 'name': 'r', 'with': '-|-' }], "
		"'method': 'gist' }, 't_r_excl': { 'elements': [{ 'name': 'r', 'with': "
		"'&&' }], 'method': 'gist', 'where': 'a > 0', 'deferrable': 'immediate' } "
		"} } } }",
		NULL },
	{ 0,
		"CREATE OPERATOR other.=== (LEFTARG = int, RIGHTARG = int, FUNCTION = "
		"int4eq, COMMUTATOR = OPERATOR(other.===)); CREATE OPERATOR CLASS "
		"other.ops FOR TYPE int USING btree AS OPERATOR 1 <, OPERATOR 2 <=, "
		"OPERATOR 3 other.===, OPERATOR 4 >=, OPERATOR 5 >, FUNCTION 1 "
		"btint4cmp(int, int); CREATE TABLE t (a int, CONSTRAINT e EXCLUDE (a "
		"other.ops WITH OPERATOR(other.===)))",
		"{ 'tables': { 't': { 'columns': { 'a': { 'type': 'integer' } }, "
		"'exclusions': { 'e': { 'elements': [{ 'name': 'a', 'opclass': "
		"'other.ops', 'with': 'OPERATOR(other.===)' }] } } } } }",
		NULL },
	{ 150000,
		"CREATE TABLE t (a int, b int, CONSTRAINT u UNIQUE NULLS NOT DISTINCT "
		"(a)); CREATE UNIQUE INDEX ix ON t (b) NULLS NOT DISTINCT",
		"{ 'tables': { 't': { 'columns': { 'a': { 'type': 'integer' }, 'b': { "
		"'type': 'integer' } }, 'unique': { 'u': { 'columns': ['a'], "
		"'nulls_distinct': false } }, 'indexes': { 'ix': { 'columns': ['b'], "
		"'unique': true, 'nulls_distinct': false } } } } }",
		NULL },
	{ 150000,
		"CREATE TABLE p (a int, b int, PRIMARY KEY (a, b)); CREATE TABLE t (x int, "
		"y int, CONSTRAINT f FOREIGN KEY (x, y) REFERENCES p ON DELETE SET NULL "
		"(y))",
		"{ 'tables': { 'p': { 'columns': { 'a': { 'type': 'integer' }, 'b': { "
		"'type': 'integer' } }, 'primary_key': { 'name': 'p_pkey', 'columns': "
		"['a', 'b'] } }, 't': { 'columns': { 'x': { 'type': 'integer' }, 'y': { "
		"'type': 'integer' } }, 'foreign_keys': { 'f': { 'columns': ['x', 'y'], "
		"'table': 'p', 'ref_columns': ['a', 'b'], 'on_delete': 'set null', "
		"'set_columns': ['y'] } } } } }",
		NULL },
	{ 180000,
		"CREATE TABLE p (a int PRIMARY KEY); CREATE TABLE t (a int, CONSTRAINT c "
		"CHECK (a > 0) NOT ENFORCED, CONSTRAINT f FOREIGN KEY (a) REFERENCES p NOT "
		"ENFORCED)",
		"{ 'tables': { 'p': { 'columns': { 'a': { 'type': 'integer' } }, "
		"'primary_key': { 'name': 'p_pkey', 'columns': ['a'] } }, 't': { "
		"'columns': { 'a': { 'type': 'integer' } }, 'checks': { 'c': { "
		"'expression': 'a > 0', 'enforced': false } }, 'foreign_keys': { 'f': { "
		"'columns': ['a'], 'table': 'p', 'ref_columns': ['a'], 'enforced': false } "
		"} } } }",
		NULL },
	{ 180000,
		"CREATE TABLE p (a int4range, r tstzrange, CONSTRAINT pk PRIMARY KEY (a, r "
		"WITHOUT OVERLAPS)); CREATE TABLE t (a int4range, r tstzrange, CONSTRAINT "
		"f FOREIGN KEY (a, PERIOD r) REFERENCES p (a, PERIOD r))",
		"{ 'tables': { 'p': { 'columns': { 'a': { 'type': 'int4range' }, 'r': { "
		"'type': 'tstzrange' } } }, 't': { 'columns': { 'a': { 'type': 'int4range' "
		"}, 'r': { 'type': 'tstzrange' } } } } } | primary key pk: it is WITHOUT "
		"OVERLAPS | foreign key f: it has a PERIOD",
		NULL },
};

static const struct row indexes_rows[] = {
	{ 0,
		"CREATE TABLE t (a int, b int, c int); CREATE INDEX i1 ON t (a DESC, b "
		"NULLS FIRST, c DESC NULLS LAST); CREATE UNIQUE INDEX i2 ON t (a) INCLUDE "
		"(b, c)",
		"{ 'tables': { 't': { 'columns': { 'a': { 'type': 'integer' }, 'b': { "
		"'type': 'integer' }, 'c': { 'type': 'integer' } }, 'indexes': { 'i1': [{ "
		"'name': 'a', 'order': 'desc' }, { 'name': 'b', 'nulls': 'first' }, { "
		"'name': 'c', 'order': 'desc', 'nulls': 'last' }], 'i2': { 'columns': "
		"['a'], 'unique': true, 'include': ['b', 'c'] } } } } }",
		NULL },
	{ 0,
		"CREATE TABLE t (a text, b int); CREATE INDEX i1 ON t (lower(a), (b + 1), "
		"a, (b - 1) DESC) WHERE b > 0 AND a IS NOT NULL; CREATE INDEX i2 ON t "
		"((lower(a) || a)) WHERE (b = 1)",
		"{ 'tables': { 't': { 'columns': { 'a': { 'type': 'text' }, 'b': { 'type': "
		"'integer' } }, 'indexes': { 'i1': { 'columns': [{ 'expression': "
		"'lower(a)' }, { 'expression': 'b + 1' }, 'a', { 'expression': 'b - 1', "
		"'order': 'desc' }], 'where': '(b > 0) AND (a IS NOT NULL)' }, 'i2': { "
		"'columns': [{ 'expression': 'lower(a) || a' }], 'where': 'b = 1' } } } } }",
		NULL },
	{ 0,
		"CREATE TABLE t (a text, v varchar, j jsonb); CREATE INDEX i1 ON t (a "
		"text_pattern_ops, v varchar_pattern_ops); CREATE INDEX i2 ON t USING gin "
		"(j jsonb_path_ops); CREATE INDEX i3 ON t USING gin (j); CREATE INDEX i4 "
		"ON t (v varchar_ops); CREATE INDEX i5 ON t USING hash (a)",
		"{ 'tables': { 't': { 'columns': { 'a': { 'type': 'text' }, 'v': { 'type': "
		"'varchar' }, 'j': { 'type': 'jsonb' } }, 'indexes': { 'i1': [{ 'name': "
		"'a', 'opclass': 'text_pattern_ops' }, { 'name': 'v', 'opclass': "
		"'varchar_pattern_ops' }], 'i2': { 'columns': [{ 'name': 'j', 'opclass': "
		"'jsonb_path_ops' }], 'method': 'gin' }, 'i3': { 'columns': ['j'], "
		"'method': 'gin' }, 'i4': [{ 'name': 'v', 'opclass': 'varchar_ops' }], "
		"'i5': { 'columns': ['a'], 'method': 'hash' } } } } }",
		NULL },
	{ 0,
		"CREATE TYPE e AS ENUM ('x'); CREATE TABLE t (a int[], b e, c name, d "
		"int4range, f oidvector); CREATE INDEX i1 ON t (a, b, c, d, f); CREATE "
		"INDEX i2 ON t USING gin (a); CREATE INDEX i3 ON t (f array_ops)",
		"{ 'enums': { 'e': ['x'] }, 'tables': { 't': { 'columns': { 'a': { 'type': "
		"'integer[]' }, 'b': { 'type': 'e' }, 'c': { 'type': 'name' }, 'd': { "
		"'type': 'int4range' }, 'f': { 'type': 'oidvector' } }, 'indexes': { 'i1': "
		"['a', 'b', 'c', 'd', 'f'], 'i2': { 'columns': ['a'], 'method': 'gin' }, "
		"'i3': [{ 'name': 'f', 'opclass': 'array_ops' }] } } } }",
		NULL },
	{ 0,
		"CREATE TABLE t (a text, b text COLLATE \"C\"); CREATE INDEX i1 ON t (a, "
		"b); CREATE INDEX i2 ON t (a COLLATE \"C\", b COLLATE \"C\", b COLLATE "
		"\"POSIX\"); CREATE INDEX i3 ON t (lower(a) COLLATE \"C\", upper(a))",
		"{ 'tables': { 't': { 'columns': { 'a': { 'type': 'text' }, 'b': { 'type': "
		"'text', 'collation': 'C' } }, 'indexes': { 'i1': ['a', 'b'], 'i2': [{ "
		"'name': 'a', 'collation': 'C' }, 'b', { 'name': 'b', 'collation': 'POSIX' "
		"}], 'i3': [{ 'expression': 'lower(a)', 'collation': 'C' }, { "
		"'expression': 'upper(a)' }] } } } }",
		NULL },
	{ 0,
		"CREATE TABLE t (a int); CREATE INDEX i1 ON t (a) WITH (fillfactor = 80); "
		"CREATE INDEX i2 ON t USING brin (a) WITH (pages_per_range = 4, "
		"autosummarize = on)",
		"{ 'tables': { 't': { 'columns': { 'a': { 'type': 'integer' } }, "
		"'indexes': { 'i1': { 'columns': ['a'], 'with': { 'fillfactor': '80' } }, "
		"'i2': { 'columns': ['a'], 'method': 'brin', 'with': { 'autosummarize': "
		"'on', 'pages_per_range': '4' } } } } } }",
		NULL },
	{ 0,
		"CREATE TABLE t (a int); INSERT INTO t VALUES (1), (1); CREATE UNIQUE "
		"INDEX CONCURRENTLY bad ON t (a)",
		"{ 'tables': { 't': { 'columns': { 'a': { 'type': 'integer' } }, "
		"'indexes': { 'bad': { 'columns': ['a'], 'unique': true } } } } } | bad is "
		"invalid",
		NULL },
	{ 140000,
		"CREATE TABLE t (a int, b int); CREATE INDEX i1 ON t USING brin (b, a "
		"int4_minmax_multi_ops (values_per_range = 16)); CREATE INDEX i2 ON t "
		"USING brin (b int4_minmax_multi_ops)",
		"{ 'tables': { 't': { 'columns': { 'a': { 'type': 'integer' }, 'b': { "
		"'type': 'integer' } }, 'indexes': { 'i1': { 'columns': ['b', { 'name': "
		"'a', 'opclass': 'int4_minmax_multi_ops(values_per_range=16)' }], "
		"'method': 'brin' }, 'i2': { 'columns': [{ 'name': 'b', 'opclass': "
		"'int4_minmax_multi_ops' }], 'method': 'brin' } } } } }",
		NULL },
	{ 130000,
		"CREATE TABLE t (a tsvector, b int); CREATE INDEX i1 ON t USING gist (a "
		"tsvector_ops (siglen = 100))",
		"{ 'tables': { 't': { 'columns': { 'a': { 'type': 'tsvector' }, 'b': { "
		"'type': 'integer' } }, 'indexes': { 'i1': { 'columns': [{ 'name': 'a', "
		"'opclass': 'tsvector_ops(siglen=100)' }], 'method': 'gist' } } } } }",
		NULL },
};

static const struct row dependents_rows[] = {
	{ 0,
		"CREATE TABLE t (a int, b int); CREATE VIEW v AS SELECT a FROM t; CREATE "
		"MATERIALIZED VIEW other.m AS SELECT b FROM t; CREATE VIEW n AS SELECT "
		"count(*) FROM t",
		"{ 'tables': { 't': { 'columns': { 'a': { 'type': 'integer' }, 'b': { "
		"'type': 'integer' } } } } } | t: materialized view other.m | t: view n | "
		"t: view v | t: a: view v, blocks | t: b: materialized view other.m, blocks",
		NULL },
	{ 0,
		"CREATE TABLE t (a int); CREATE TABLE u (b int); CREATE RULE r AS ON "
		"UPDATE TO t DO ALSO DELETE FROM u WHERE b = OLD.a",
		"{ 'tables': { 't': { 'columns': { 'a': { 'type': 'integer' } } }, 'u': { "
		"'columns': { 'b': { 'type': 'integer' } } } } } | t: rule r, goes along | "
		"t: a: rule r, blocks | u: rule r of t | u: b: rule r of t, blocks",
		NULL },
	{ 0,
		"CREATE TABLE t (a int, b int); CREATE TYPE e AS ENUM ('x'); CREATE "
		"FUNCTION h(e[]) RETURNS int LANGUAGE sql AS 'SELECT 1'; CREATE FUNCTION "
		"f(e, t) RETURNS int LANGUAGE sql AS 'SELECT 1'; CREATE FUNCTION "
		"other.g(int) RETURNS SETOF t LANGUAGE sql AS 'SELECT * FROM t'",
		"{ 'enums': { 'e': ['x'] }, 'tables': { 't': { 'columns': { 'a': { 'type': "
		"'integer' }, 'b': { 'type': 'integer' } } } } } | e: function f(e, t) | "
		"e: function h(e[]) | t: function f(e, t) | t: function other.g(integer)",
		NULL },
	{ 0,
		"CREATE TABLE t (a int, b text); CREATE TABLE u (a int); ALTER TABLE t "
		"ENABLE ROW LEVEL SECURITY; CREATE POLICY own ON t USING (b = "
		"current_user); CREATE POLICY across ON u USING (a IN (SELECT a FROM t)); "
		"ALTER TABLE u FORCE ROW LEVEL SECURITY",
		"{ 'tables': { 't': { 'columns': { 'a': { 'type': 'integer' }, 'b': { "
		"'type': 'text' } } }, 'u': { 'columns': { 'a': { 'type': 'integer' } } } "
		"} } | t: policy across of u | t: policy own, goes along | t: row "
		"security, goes along | t: a: policy across of u, blocks | t: b: policy "
		"own, blocks | u: policy across, goes along | u: row security, goes along "
		"| u: a: policy across, blocks",
		NULL },
	{ 0,
		"CREATE FUNCTION f() RETURNS trigger LANGUAGE plpgsql AS 'BEGIN RETURN "
		"NEW; END'; CREATE TABLE t (a int, b text, c int); CREATE TRIGGER r1 "
		"BEFORE UPDATE OF a ON t FOR EACH ROW WHEN (OLD.b IS DISTINCT FROM NEW.b) "
		"EXECUTE FUNCTION f(); CREATE CONSTRAINT TRIGGER r2 AFTER INSERT ON t FOR "
		"EACH ROW EXECUTE FUNCTION f(); CREATE TABLE q (a int PRIMARY KEY "
		"REFERENCES q)",
		"{ 'tables': { 'q': { 'columns': { 'a': { 'type': 'integer' } }, "
		"'primary_key': { 'name': 'q_pkey', 'columns': ['a'] }, 'foreign_keys': { "
		"'q_a_fkey': { 'columns': ['a'], 'table': 'q', 'ref_columns': ['a'] } } }, "
		"'t': { 'columns': { 'a': { 'type': 'integer' }, 'b': { 'type': 'text' }, "
		"'c': { 'type': 'integer' } } } } } | t: trigger r1, goes along | t: "
		"trigger r2, goes along | t: a: trigger r1, blocks | t: b: trigger r1, "
		"blocks",
		NULL },
	{ 0,
		"CREATE TABLE t (a int, b serial); CREATE SEQUENCE s; CREATE TYPE e AS "
		"ENUM ('x'); GRANT SELECT, INSERT ON t TO sd_test_role; GRANT ALL ON t TO "
		"postgres; GRANT UPDATE (a) ON t TO PUBLIC; GRANT USAGE ON SEQUENCE s TO "
		"sd_test_role; GRANT USAGE ON SEQUENCE t_b_seq TO sd_test_role; GRANT "
		"USAGE ON TYPE e TO sd_test_role",
		"{ 'enums': { 'e': ['x'] }, 'sequences': { 's': {} }, 'tables': { 't': { "
		"'columns': { 'a': { 'type': 'integer' }, 'b': { 'type': 'serial' } } } } "
		"} | e: grant to sd_test_role, goes along | s: grant to sd_test_role, goes "
		"along | t: grant to sd_test_role, goes along | t: a: grant to public, "
		"goes along | t: b: grant on sequence t_b_seq to sd_test_role, goes along",
		NULL },
	{ 0,
		"CREATE TABLE t (a int, b int); CREATE STATISTICS st (dependencies) ON a, "
		"b FROM t; CREATE PUBLICATION sd_test_pub FOR TABLE t",
		"{ 'tables': { 't': { 'columns': { 'a': { 'type': 'integer' }, 'b': { "
		"'type': 'integer' } } } } } | t: publication sd_test_pub, goes along | t: "
		"statistics st, goes along | t: a: statistics st, goes along | t: b: "
		"statistics st, goes along",
		"DROP PUBLICATION sd_test_pub" },
	{ 0,
		"CREATE TABLE t (a int PRIMARY KEY, b int, UNIQUE (b, a)); CREATE TABLE "
		"other.far (x int, y int, CONSTRAINT f FOREIGN KEY (x, y) REFERENCES "
		"row_ns.t (b, a))",
		"{ 'tables': { 't': { 'columns': { 'a': { 'type': 'integer' }, 'b': { "
		"'type': 'integer' } }, 'primary_key': { 'name': 't_pkey', 'columns': "
		"['a'] }, 'unique': { 't_b_a_key': ['b', 'a'] } } } } | t: foreign key f "
		"of other.far | t: a: foreign key f of other.far | t: b: foreign key f of "
		"other.far",
		NULL },
	{ 0,
		"CREATE TYPE e AS ENUM ('x'); CREATE SEQUENCE s; CREATE TABLE other.far (m "
		"row_ns.e, l row_ns.e[], n int DEFAULT nextval('row_ns.s')); CREATE DOMAIN "
		"d AS e; CREATE TYPE pair AS (a int, m e); CREATE VIEW v AS SELECT 'x'::e "
		"AS m; CREATE CAST (text AS e) WITH INOUT; CREATE TABLE t (m e DEFAULT "
		"'x', d d); CREATE VIEW w AS SELECT nextval('s')",
		"{ 'enums': { 'e': ['x'] }, 'sequences': { 's': {} }, 'tables': { 't': { "
		"'columns': { 'm': { 'type': 'e', 'default': ''x'::e' }, 'd': { 'type': "
		"'d' } } } } } | e: cast text as e | e: column l of other.far | e: column "
		"m of other.far | e: domain d | e: type pair | e: view v | s: default n of "
		"other.far | s: view w",
		NULL },
	{ 0,
		"CREATE TABLE t (a int, b int); CREATE TABLE u (r t, l t[]); CREATE "
		"FOREIGN DATA WRAPPER sd_test_fdw; CREATE SERVER sd_test_server FOREIGN "
		"DATA WRAPPER sd_test_fdw; CREATE TYPE e AS ENUM ('x'); CREATE FOREIGN "
		"TABLE ft (m e) SERVER sd_test_server",
		"{ 'enums': { 'e': ['x'] }, 'tables': { 't': { 'columns': { 'a': { 'type': "
		"'integer' }, 'b': { 'type': 'integer' } } }, 'u': { 'columns': { 'r': { "
		"'type': 't' }, 'l': { 'type': 't[]' } } } } } | e: column m of ft | t: "
		"column l of u, blocks | t: column r of u, blocks",
		"DROP FOREIGN DATA WRAPPER sd_test_fdw CASCADE" },
	{ 140000,
		"CREATE TABLE t (a int, b int); CREATE FUNCTION f() RETURNS bigint "
		"LANGUAGE sql BEGIN ATOMIC SELECT count(b) FROM t; END; CREATE PROCEDURE "
		"p(t) LANGUAGE sql AS ''; CREATE STATISTICS st ON (a + b) FROM t",
		"{ 'tables': { 't': { 'columns': { 'a': { 'type': 'integer' }, 'b': { "
		"'type': 'integer' } } } } } | t: function f() | t: procedure p(IN t) | t: "
		"statistics st, goes along | t: a: statistics st, goes along | t: b: "
		"function f(), blocks | t: b: statistics st, goes along",
		NULL },
	{ 150000,
		"CREATE TABLE t (a int, b int); CREATE PUBLICATION sd_test_pub FOR TABLE t "
		"(a) WHERE (a > 1)",
		"{ 'tables': { 't': { 'columns': { 'a': { 'type': 'integer' }, 'b': { "
		"'type': 'integer' } } } } } | t: publication sd_test_pub, goes along | t: "
		"a: publication sd_test_pub, blocks",
		"DROP PUBLICATION sd_test_pub" },
};

#endif
