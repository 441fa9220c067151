INSERT INTO "Order ""Lines""" ("select") VALUES ('x');
