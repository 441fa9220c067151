-- locks users: SHARE ROW EXCLUSIVE, for an instant
CREATE TABLE teams (
	id integer GENERATED ALWAYS AS IDENTITY,
	name text NOT NULL,
	lead_id integer,
	size integer DEFAULT 0 NOT NULL,
	CONSTRAINT pk_teams PRIMARY KEY (id),
	CONSTRAINT uq_teams_name UNIQUE (name),
	CONSTRAINT ck_teams_size CHECK (size >= 0),
	CONSTRAINT fk_teams_lead FOREIGN KEY (lead_id) REFERENCES users (id) ON DELETE SET NULL
);

CREATE INDEX ix_teams_lead ON teams (lead_id);
