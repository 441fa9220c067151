ALTER TYPE m ADD VALUE 'c' AFTER 'b';

-- warning: the rows of a were dropped on the way up and do not come back
-- schemadiff:transaction
-- locks t: SHARE ROW EXCLUSIVE, for an instant
CREATE TABLE a (
	id integer,
	k m,
	CONSTRAINT pk_a PRIMARY KEY (id),
	CONSTRAINT fk_a_k_t FOREIGN KEY (k) REFERENCES t (k)
);
