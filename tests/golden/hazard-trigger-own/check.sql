SELECT * FROM t; SELECT * FROM log; SELECT sql FROM sqlite_schema WHERE type = 'trigger' AND name LIKE 't!_%' ESCAPE '!' ORDER BY name;
