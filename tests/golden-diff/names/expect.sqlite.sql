-- note: table #1 closes #2 may have been renamed to </details></pre>
-- note: table #1 closes #2 may have been renamed to <script>alert(1)</script>
-- note: table #1 closes #2 may have been renamed to @octocat
-- note: table #1 closes #2 may have been renamed to line\nbreak
-- note: table #1 closes #2 may have been renamed to user\u202etxt.exe
-- note: column keep.$x$ ~~gone~~ :smile: may have been renamed to größe
-- note: column keep.@org/team may have been renamed to größe
-- note: table | --- |\n> quote may have been renamed to </details></pre>
-- note: table | --- |\n> quote may have been renamed to <script>alert(1)</script>
-- note: table | --- |\n> quote may have been renamed to @octocat
-- note: table | --- |\n> quote may have been renamed to line\nbreak
-- note: table | --- |\n> quote may have been renamed to user\u202etxt.exe
-- note: 'a  b' and 'a b' may mean the same: no database was asked
-- schemadiff:foreign-keys off

ALTER TABLE keep RENAME COLUMN "<!-- c -->" TO "<b>&amp;</b>";

-- statistics of ANALYZE, if there are any, outlive the copies
CREATE TEMP TABLE schemadiff_stat (tbl, idx, stat);
-- schemadiff:only-if
SELECT 1 FROM sqlite_master WHERE name = 'sqlite_stat1';
INSERT INTO temp.schemadiff_stat
SELECT tbl, idx, stat FROM sqlite_stat1 WHERE tbl COLLATE NOCASE IN ('keep');

CREATE TABLE "</details></pre>" (
  id INTEGER PRIMARY KEY,
  "&lt; ""quoted"" 'one'" text DEFAULT '```
# not a heading @octocat'
);

CREATE TABLE "<script>alert(1)</script>" (
  id INTEGER PRIMARY KEY,
  "a|b" text
);

CREATE TABLE "@octocat" (
  id INTEGER PRIMARY KEY,
  "`tick` ``two``" text DEFAULT '`',
  "** bold **" text
);

CREATE TABLE "line
break" (
  id INTEGER PRIMARY KEY,
  "tab	here" text DEFAULT 'one
two'
);

CREATE TABLE "user‮txt.exe" (
  id INTEGER PRIMARY KEY,
  "back\|slash\" text
);

-- warning: drops the data in keep.$x$ ~~gone~~ :smile:
-- warning: drops the data in keep.@org/team
-- rebuild of keep:
--   alter column keep.<b>&amp;</b>: default: 'a b' → 'a b'
--   drop column keep.$x$ ~~gone~~ :smile:
--   drop column keep.@org/team
--   add column keep.größe
--   add check ck|1 of keep
CREATE TABLE schemadiff_new_keep (
  id INTEGER PRIMARY KEY,
  "<b>&amp;</b>" text DEFAULT 'a b',
  "größe" text,
  CONSTRAINT "ck|1" CHECK ("größe" <> '<img src=x onerror=alert(1)>')
);
INSERT OR ABORT INTO schemadiff_new_keep (id, "<b>&amp;</b>")
SELECT id, "<b>&amp;</b>" FROM keep;
-- schemadiff:expect-none rows of keep were lost in the copy
SELECT 1 WHERE (SELECT count(*) FROM schemadiff_new_keep) <> (SELECT count(*) FROM keep);
DROP TABLE keep;
PRAGMA legacy_alter_table = ON;
ALTER TABLE schemadiff_new_keep RENAME TO keep;
PRAGMA legacy_alter_table = OFF;

-- warning: drops table #1 closes #2 and its rows
DROP TABLE "#1 closes #2";

-- warning: drops table | --- | > quote and its rows
DROP TABLE "| --- |
> quote";

-- schemadiff:only-if
SELECT 1 FROM sqlite_master WHERE name = 'sqlite_stat1';
INSERT INTO sqlite_stat1 (tbl, idx, stat)
SELECT tbl, idx, stat FROM temp.schemadiff_stat
WHERE idx IS NULL OR idx IN (SELECT name FROM sqlite_master);
DROP TABLE temp.schemadiff_stat;

