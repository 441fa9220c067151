DROP VIEW a_top;

DROP VIEW z_base;

CREATE VIEW z_base AS
SELECT name FROM users;

CREATE VIEW a_top AS
SELECT name FROM z_base;

-- views and triggers that speak of what changed compile
SELECT 1 FROM a_top LIMIT 0;
SELECT 1 FROM z_base LIMIT 0;
