\set order random(1, :rows)
\set customer random(1, :rows / 10)
\set product random(1, 1000)
SELECT code, amount, placed FROM orders WHERE id = :order;
BEGIN;
UPDATE orders SET amount = amount + 1, note = 'seen' WHERE id = :order;
INSERT INTO lines (order_id, product_id, label) VALUES (:order, :product, 'added');
UPDATE customers SET spent = spent + 1 WHERE id = :customer;
COMMIT;
INSERT INTO orders (customer_id, code, note, ref)
VALUES (:customer, 'new', 'new', 1000000000 + (random() * 8e18)::bigint);
INSERT INTO visits (number, source) VALUES (1000000000 + (random() * 8e18)::bigint, 'load');
SELECT count(*) FROM lines WHERE order_id = :order;
SELECT o.id, c.email FROM orders AS o JOIN customers AS c ON c.id = o.customer_id
WHERE o.customer_id = :customer ORDER BY o.placed DESC LIMIT 5;
