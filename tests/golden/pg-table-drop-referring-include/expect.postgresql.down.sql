-- warning: the rows of a were dropped on the way up and do not come back
CREATE TABLE a (
	id integer,
	x integer,
	CONSTRAINT pk_a PRIMARY KEY (id)
);

-- warning: the data of t.b was dropped on the way up and does not come back
-- locks t: ACCESS EXCLUSIVE, for an instant
ALTER TABLE t ADD COLUMN b integer;

-- schemadiff:no-transaction
-- locks t: SHARE UPDATE EXCLUSIVE and scans it
CREATE UNIQUE INDEX CONCURRENTLY pk_t ON t (id) INCLUDE (b);
-- schemadiff:transaction
-- locks t: ACCESS EXCLUSIVE, for an instant
ALTER TABLE t ADD CONSTRAINT pk_t PRIMARY KEY USING INDEX pk_t;

-- locks t: SHARE ROW EXCLUSIVE and scans it
ALTER TABLE a ADD CONSTRAINT fk_a_x_t FOREIGN KEY (x) REFERENCES t (id);
