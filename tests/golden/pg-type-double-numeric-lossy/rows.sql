INSERT INTO t (id, a) VALUES (1, 0.1::float8 + 0.2::float8);
