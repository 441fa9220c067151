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
-- locks keep: ACCESS EXCLUSIVE, for an instant
ALTER TABLE keep RENAME COLUMN "<!-- c -->" TO "<b>&amp;</b>";

CREATE TABLE "</details></pre>" (
	id integer,
	"&lt; ""quoted"" 'one'" text DEFAULT '```
# not a heading @octocat',
	CONSTRAINT "pk_</details></pre>" PRIMARY KEY (id)
);

CREATE TABLE "<script>alert(1)</script>" (
	id integer,
	"a|b" text,
	CONSTRAINT "pk_<script>alert(1)</script>" PRIMARY KEY (id)
);

CREATE TABLE "@octocat" (
	id integer,
	"`tick` ``two``" text DEFAULT '`',
	"** bold **" text,
	CONSTRAINT "pk_@octocat" PRIMARY KEY (id)
);

CREATE TABLE "line
break" (
	id integer,
	"tab	here" text DEFAULT 'one
two',
	CONSTRAINT "pk_line
break" PRIMARY KEY (id)
);

CREATE TABLE "user‮txt.exe" (
	id integer,
	"back\|slash\" text,
	CONSTRAINT "pk_user‮txt.exe" PRIMARY KEY (id)
);

ALTER TABLE keep ADD COLUMN "größe" text;

ALTER TABLE keep ALTER COLUMN "<b>&amp;</b>" SET DEFAULT 'a b';

-- warning: drops the data in keep.$x$ ~~gone~~ :smile:
ALTER TABLE keep DROP COLUMN "$x$ ~~gone~~ :smile:";

-- warning: drops the data in keep.@org/team
ALTER TABLE keep DROP COLUMN "@org/team";

-- warning: drops table #1 closes #2 and its rows
DROP TABLE "#1 closes #2";

-- warning: drops table | --- | > quote and its rows
DROP TABLE "| --- |
> quote";

ALTER TABLE keep ADD CONSTRAINT "ck|1" CHECK ("größe" <> '<img src=x onerror=alert(1)>') NOT VALID;
-- schemadiff:transaction
-- locks keep: SHARE UPDATE EXCLUSIVE and scans it
ALTER TABLE keep VALIDATE CONSTRAINT "ck|1";

