CREATE TYPE mood AS ENUM ('sad', 'ok');

-- locks t: ACCESS EXCLUSIVE, for an instant
ALTER TABLE t ADD COLUMN b mood DEFAULT 'ok' NOT NULL;

ALTER TABLE t ADD COLUMN bs mood[];
