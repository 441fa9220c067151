-- note: table old_log may have been renamed to orders
-- note: column users.nick may have been renamed to email
-- note: users: age > 0 and age BETWEEN 0 AND 150 may mean the same: no database was asked
-- locks users: ACCESS EXCLUSIVE, for an instant
ALTER TABLE users RENAME COLUMN name TO full_name;

-- schemadiff:no-transaction
-- locks users: SHARE UPDATE EXCLUSIVE, for an instant
DROP INDEX CONCURRENTLY ix_users_name;

-- schemadiff:transaction
-- locks users: ACCESS EXCLUSIVE, for an instant
ALTER TABLE users DROP CONSTRAINT ck_users_age;

ALTER TYPE mood ADD VALUE 'happy' AFTER 'ok';

-- schemadiff:transaction
-- locks users: SHARE ROW EXCLUSIVE, for an instant
CREATE TABLE orders (
	id integer,
	user_id integer NOT NULL,
	total numeric(10,2) DEFAULT 0 NOT NULL,
	state text DEFAULT 'new' NOT NULL,
	CONSTRAINT pk_orders PRIMARY KEY (id),
	CONSTRAINT ck_orders_total CHECK (total >= 0),
	CONSTRAINT fk_orders_user FOREIGN KEY (user_id) REFERENCES users (id) ON DELETE CASCADE
);

-- warning: stops if a row has no value for users.email
-- locks users: ACCESS EXCLUSIVE and scans it
ALTER TABLE users ADD COLUMN email text NOT NULL;

-- locks users: ACCESS EXCLUSIVE and scans it
LOCK TABLE users IN ACCESS EXCLUSIVE MODE;
-- schemadiff:expect-none a value of users.full_name would not survive as varchar(200): "using" in the schema file says how to convert it
SELECT full_name FROM users WHERE full_name IS DISTINCT FROM CAST(CAST(full_name AS varchar(200)) AS text) LIMIT 1;
-- locks users: ACCESS EXCLUSIVE and rewrites it
ALTER TABLE users ALTER COLUMN full_name TYPE varchar(200),
	ALTER COLUMN age TYPE bigint;
-- locks users: ACCESS EXCLUSIVE, for an instant
ALTER TABLE users ALTER COLUMN age SET DEFAULT 0;
-- schemadiff:batch users (id) 10000
UPDATE users SET age = 0 WHERE age IS NULL AND :batch;
-- schemadiff:transaction
-- locks users: ACCESS EXCLUSIVE, for an instant
ALTER TABLE users ADD CONSTRAINT users_age_not_null CHECK (age IS NOT NULL) NOT VALID;
-- schemadiff:batch users (id) 10000
UPDATE users SET age = 0 WHERE age IS NULL AND :batch;
-- schemadiff:transaction
-- locks users: SHARE UPDATE EXCLUSIVE and scans it
ALTER TABLE users VALIDATE CONSTRAINT users_age_not_null;
-- schemadiff:transaction
-- locks users: ACCESS EXCLUSIVE, for an instant
ALTER TABLE users ALTER COLUMN age SET NOT NULL;
ALTER TABLE users DROP CONSTRAINT users_age_not_null;

-- warning: drops the data in users.nick
ALTER TABLE users DROP COLUMN nick;

-- warning: drops table old_log and its rows
DROP TABLE old_log;

ALTER TABLE users ADD CONSTRAINT ck_users_age CHECK (age BETWEEN 0 AND 150) NOT VALID;
-- schemadiff:transaction
-- locks users: SHARE UPDATE EXCLUSIVE and scans it
ALTER TABLE users VALIDATE CONSTRAINT ck_users_age;

-- schemadiff:transaction
CREATE INDEX ix_orders_open ON orders (user_id) WHERE state = 'new';

-- schemadiff:no-transaction
-- locks users: SHARE UPDATE EXCLUSIVE and scans it
CREATE UNIQUE INDEX CONCURRENTLY ix_users_email ON users (email);

