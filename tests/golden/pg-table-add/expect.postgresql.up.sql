CREATE TYPE mood AS ENUM ('sad', 'ok');

CREATE TABLE parents (
	id bigint GENERATED ALWAYS AS IDENTITY,
	code varchar(20) NOT NULL,
	CONSTRAINT pk_parents PRIMARY KEY (id),
	CONSTRAINT uq_parents_code UNIQUE (code)
);
COMMENT ON TABLE parents IS 'above';

CREATE TABLE children (
	id bigint GENERATED ALWAYS AS IDENTITY (INCREMENT BY 10 START WITH 100 CACHE 5),
	parent_id bigint NOT NULL,
	mood mood DEFAULT 'ok' NOT NULL,
	name text COLLATE "C",
	price numeric(10,2) DEFAULT 0 NOT NULL,
	amount integer DEFAULT 1 NOT NULL,
	total numeric(12,2) GENERATED ALWAYS AS (price * amount) STORED,
	tags text[],
	during tstzrange,
	made timestamptz DEFAULT now() NOT NULL,
	CONSTRAINT pk_children PRIMARY KEY (id),
	CONSTRAINT uq_children_name UNIQUE (parent_id, name) DEFERRABLE INITIALLY DEFERRED,
	CONSTRAINT ck_children_amount CHECK (amount > 0),
	CONSTRAINT ck_children_price CHECK (price >= 0),
	CONSTRAINT ex_children_during EXCLUDE USING gist (during WITH &&),
	CONSTRAINT fk_children_parent_id_parents FOREIGN KEY (parent_id) REFERENCES parents (id) ON DELETE CASCADE
) WITH (fillfactor = 80);
COMMENT ON TABLE children IS 'below';
COMMENT ON COLUMN children.name IS 'as given';
ALTER TABLE children ALTER COLUMN tags SET STORAGE EXTERNAL;
ALTER TABLE children ALTER COLUMN tags SET STATISTICS 200;

CREATE INDEX ix_children_lower ON children ((lower(name))) WHERE amount > 1;

CREATE INDEX ix_children_parent_id ON children (parent_id);

CREATE INDEX ix_children_tags ON children USING gin (tags);
