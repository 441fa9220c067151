-- locks app.t: ACCESS EXCLUSIVE, for an instant
ALTER TABLE app.t DROP CONSTRAINT ck_t_a;

-- warning: stops if a row has the value glad, which enum app.mood loses
ALTER TYPE app.mood RENAME TO mood_replaced;
CREATE TYPE app.mood AS ENUM ('sad', 'ok');
-- locks app.t: ACCESS EXCLUSIVE and rewrites it
LOCK TABLE app.t IN ACCESS EXCLUSIVE MODE;
-- schemadiff:expect-none a row of app.t has a value that enum app.mood loses in column m
SELECT m FROM app.t WHERE m::text IN ('glad') LIMIT 1;
ALTER TABLE app.t ALTER COLUMN m DROP DEFAULT;
ALTER TABLE app.t ALTER COLUMN m TYPE app.mood USING m::text::app.mood;
ALTER TABLE app.t ALTER COLUMN m SET DEFAULT 'ok'::app.mood;

-- warning: the data of app.t.b was dropped on the way up and does not come back
ALTER TABLE app.t ADD COLUMN b text;

-- locks app.t: SHARE UPDATE EXCLUSIVE, for an instant
COMMENT ON TABLE app.t IS NULL;

-- locks app.t: ACCESS EXCLUSIVE, for an instant
ALTER TABLE app.t ALTER COLUMN a TYPE text;
ALTER TABLE app.t ALTER COLUMN a DROP DEFAULT;
ALTER TABLE app.t ALTER COLUMN a DROP NOT NULL;

ALTER TABLE app.t ALTER COLUMN m SET DEFAULT 'ok'::app.mood;

-- locks app.k and app.t: ACCESS EXCLUSIVE, for an instant
ALTER TABLE app.k DROP CONSTRAINT fk_k_t_id_t;
-- locks app.k and app.t: SHARE ROW EXCLUSIVE and scans it
ALTER TABLE app.k ADD CONSTRAINT fk_k_t_id_t FOREIGN KEY (t_id) REFERENCES app.t (id);

-- locks app.t: ACCESS EXCLUSIVE, for an instant
DROP INDEX app.ix_t_a;
-- locks app.t: SHARE and scans it
CREATE INDEX ix_t_a ON app.t (a);

-- warning: drops the data in app.t.c
-- locks app.t: ACCESS EXCLUSIVE, for an instant
ALTER TABLE app.t DROP COLUMN c;

-- warning: drops table app.n and its rows
DROP TABLE app.n;

DROP TYPE app.mood_replaced;
