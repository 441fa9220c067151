CREATE TABLE "table" ("select" INTEGER PRIMARY KEY, x TEXT, "order" TEXT UNIQUE, [group] TEXT, `index` TEXT CHECK (`index` <> ''));
CREATE INDEX "create" ON "table" ("group", [index] DESC);
