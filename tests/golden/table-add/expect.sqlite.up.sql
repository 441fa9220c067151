CREATE TABLE teams (
  id INTEGER PRIMARY KEY,
  name text NOT NULL,
  lead_id integer,
  size integer NOT NULL DEFAULT 0,
  CONSTRAINT uq_teams_name UNIQUE (name),
  CONSTRAINT ck_teams_size CHECK (size >= 0),
  CONSTRAINT fk_teams_lead FOREIGN KEY (lead_id) REFERENCES users (id) ON DELETE SET NULL
);

CREATE INDEX ix_teams_lead ON teams (lead_id);
