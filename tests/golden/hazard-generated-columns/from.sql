CREATE TABLE t (
  id INTEGER PRIMARY KEY,
  x TEXT,
  v INTEGER AS (s + 1),
  price REAL, amount INTEGER,
  s INTEGER GENERATED ALWAYS AS (amount * 2) STORED,
  total REAL GENERATED ALWAYS AS (price * amount) VIRTUAL CHECK (total >= 0)
);
CREATE INDEX t_total ON t (total);
