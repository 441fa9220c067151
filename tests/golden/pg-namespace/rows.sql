INSERT INTO app.t (a) VALUES ('x'); INSERT INTO app.k (t_id) VALUES (1);
