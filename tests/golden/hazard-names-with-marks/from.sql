CREATE TABLE "semi;colon ""quote' -- comment /* star" (id INTEGER PRIMARY KEY, x TEXT, "semi;colon ""quote' -- comment /* star c" TEXT UNIQUE);
CREATE TABLE kid (a TEXT REFERENCES "semi;colon ""quote' -- comment /* star" ("semi;colon ""quote' -- comment /* star c") ON DELETE CASCADE);
CREATE INDEX "semi;colon ""quote' -- comment /* star i" ON "semi;colon ""quote' -- comment /* star" ("semi;colon ""quote' -- comment /* star c");
