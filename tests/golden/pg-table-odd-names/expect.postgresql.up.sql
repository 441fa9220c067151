-- locks Order "Lines": ACCESS EXCLUSIVE, for an instant
ALTER TABLE "Order ""Lines""" ADD COLUMN "a b" integer;

ALTER TABLE "Order ""Lines""" ADD COLUMN "Größe" integer;

COMMENT ON TABLE "Order ""Lines""" IS 'x''y';

ALTER TABLE "Order ""Lines""" ADD CONSTRAINT "Ck 1" CHECK ("a b" > 0) NOT VALID;
-- schemadiff:transaction
-- locks Order "Lines": SHARE UPDATE EXCLUSIVE and scans it
ALTER TABLE "Order ""Lines""" VALIDATE CONSTRAINT "Ck 1";

-- schemadiff:no-transaction
-- locks Order "Lines": SHARE UPDATE EXCLUSIVE and scans it
CREATE INDEX CONCURRENTLY "Ix ""1""" ON "Order ""Lines""" ("select");
