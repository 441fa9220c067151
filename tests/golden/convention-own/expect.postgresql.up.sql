CREATE TABLE users (
	id integer GENERATED ALWAYS AS IDENTITY,
	name text,
	boss integer,
	CONSTRAINT pk_users PRIMARY KEY (id),
	CONSTRAINT users_name_key UNIQUE (name),
	CONSTRAINT users_name_check CHECK (name <> ''),
	CONSTRAINT users_boss_fkey FOREIGN KEY (boss) REFERENCES users (id)
);

CREATE INDEX idx_users_name ON users (name);
