-- schemadiff:no-transaction
-- locks Order "Lines": SHARE UPDATE EXCLUSIVE, for an instant
DROP INDEX CONCURRENTLY "Ix ""1""";

-- schemadiff:transaction
-- locks Order "Lines": ACCESS EXCLUSIVE, for an instant
ALTER TABLE "Order ""Lines""" DROP CONSTRAINT "Ck 1";

COMMENT ON TABLE "Order ""Lines""" IS NULL;

-- warning: drops the data in Order "Lines".a b
ALTER TABLE "Order ""Lines""" DROP COLUMN "a b";

-- warning: drops the data in Order "Lines".Größe
ALTER TABLE "Order ""Lines""" DROP COLUMN "Größe";
