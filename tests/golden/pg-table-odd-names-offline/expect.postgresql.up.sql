-- locks Order "Lines": ACCESS EXCLUSIVE, for an instant
ALTER TABLE "Order ""Lines""" ADD COLUMN "a b" integer;

ALTER TABLE "Order ""Lines""" ADD COLUMN "Größe" integer;

-- locks Order "Lines": SHARE UPDATE EXCLUSIVE, for an instant
COMMENT ON TABLE "Order ""Lines""" IS 'x''y';

-- locks Order "Lines": ACCESS EXCLUSIVE and scans it
ALTER TABLE "Order ""Lines""" ADD CONSTRAINT "Ck 1" CHECK ("a b" > 0);

-- locks Order "Lines": SHARE and scans it
CREATE INDEX "Ix ""1""" ON "Order ""Lines""" ("select");
