-- locks Order "Lines": ACCESS EXCLUSIVE, for an instant
DROP INDEX "Ix ""1""";

ALTER TABLE "Order ""Lines""" DROP CONSTRAINT "Ck 1";

-- locks Order "Lines": SHARE UPDATE EXCLUSIVE, for an instant
COMMENT ON TABLE "Order ""Lines""" IS NULL;

-- warning: drops the data in Order "Lines".a b
-- locks Order "Lines": ACCESS EXCLUSIVE, for an instant
ALTER TABLE "Order ""Lines""" DROP COLUMN "a b";

-- warning: drops the data in Order "Lines".Größe
ALTER TABLE "Order ""Lines""" DROP COLUMN "Größe";
