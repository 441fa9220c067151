-- warning: drops table order_lines and its rows
DROP TABLE order_lines;

-- warning: drops table orders and its rows
DROP TABLE orders;
