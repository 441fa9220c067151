-- :rows orders, their lines and whoever placed them
\set ON_ERROR_STOP on
INSERT INTO products (label) SELECT 'product ' || i FROM generate_series(1, 1000) AS i;
INSERT INTO customers (email) SELECT 'c' || i || '@example.org' FROM generate_series(1, :rows / 10) AS i;
INSERT INTO orders (customer_id, code, amount, quantity, note, ref, placed, old_remark)
SELECT 1 + i % (:rows / 10), 'code ' || i, i % 1000, 1 + i % 9, CASE WHEN i % 3 > 0 THEN 'note ' || i END, i,
  timestamptz '2026-01-01 00:00:00Z' + i * interval '1 second', 'remark ' || i
FROM generate_series(1, :rows) AS i;
INSERT INTO lines (order_id, product_id, label)
SELECT 1 + i % :rows, 1 + i % 1000, 'line ' || i FROM generate_series(1, :rows) AS i;
INSERT INTO visits (number, seen, source) SELECT i, now(), 'source ' || i % 17 FROM generate_series(1, :rows / 4) AS i;
VACUUM ANALYZE;
