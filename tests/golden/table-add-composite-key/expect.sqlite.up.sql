CREATE TABLE orders (
  shop text NOT NULL,
  number integer NOT NULL,
  total numeric(10,2),
  PRIMARY KEY (shop, number)
);

CREATE TABLE order_lines (
  shop text NOT NULL,
  number integer NOT NULL,
  line integer NOT NULL,
  PRIMARY KEY (shop, number, line),
  CONSTRAINT fk_order_lines_orders FOREIGN KEY (shop, number) REFERENCES orders (shop, number) ON DELETE CASCADE ON UPDATE CASCADE
) WITHOUT ROWID;
