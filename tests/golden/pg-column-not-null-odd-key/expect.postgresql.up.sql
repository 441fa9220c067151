-- schemadiff:batch "T x" ("K a", b) 10000
UPDATE "T x" SET c = '%' || "K a" || ':batch' WHERE c IS NULL AND :batch;
-- schemadiff:transaction
-- locks T x: ACCESS EXCLUSIVE, for an instant
ALTER TABLE "T x" ADD CONSTRAINT "T x_c_not_null" CHECK (c IS NOT NULL) NOT VALID;
-- schemadiff:batch "T x" ("K a", b) 10000
UPDATE "T x" SET c = '%' || "K a" || ':batch' WHERE c IS NULL AND :batch;
-- schemadiff:transaction
-- locks T x: SHARE UPDATE EXCLUSIVE and scans it
ALTER TABLE "T x" VALIDATE CONSTRAINT "T x_c_not_null";
-- schemadiff:transaction
-- locks T x: ACCESS EXCLUSIVE, for an instant
ALTER TABLE "T x" ALTER COLUMN c SET NOT NULL;
ALTER TABLE "T x" DROP CONSTRAINT "T x_c_not_null";
