CREATE TABLE orders (
	shop text,
	number integer,
	total numeric(10,2),
	CONSTRAINT pk_orders PRIMARY KEY (shop, number)
);

CREATE TABLE order_lines (
	shop text,
	number integer,
	line integer,
	CONSTRAINT pk_order_lines PRIMARY KEY (shop, number, line),
	CONSTRAINT fk_order_lines_orders FOREIGN KEY (shop, number) REFERENCES orders (shop, number) ON DELETE CASCADE ON UPDATE CASCADE
);
