"""What the oracle on PostgreSQL knows of servers and databases, found without schemadiff."""
import os
import re
import subprocess

HERE = os.path.dirname(os.path.abspath(__file__))
TOKEN = re.compile(r"--[^\n]*|/\*.*?\*/|'(?:[^']|'')*'|\"[^\"]*\"|\$(\w*)\$.*?\$\1\$|;|[^-/'\"$;]+|.", re.S)


class Failed(Exception):
    pass


def run(command, text=None, **more):
    done = subprocess.run(command, input=text, capture_output=True, encoding="utf-8", **more)
    if done.returncode:
        raise Failed(f"{' '.join(command)[:200]}\n{done.stdout[-600:]}{done.stderr[-1500:]}".strip())
    return done.stdout


def statements(sql):
    """The statements of a text, without comments."""
    found = [""]
    for match in TOKEN.finditer(sql):
        token = match.group()
        if token == ";":
            found.append("")
        elif not token.startswith(("--", "/*")):
            found[-1] += token
    return [s.strip() for s in found if s.strip()]


class Server:
    """The server that SD_TEST_PG names; databases of it by name."""

    def __init__(self):
        self.keywords = os.environ["SD_TEST_PG"]
        self.version = int(self.psql("postgres", "SHOW server_version_num").strip()) // 10000
        newest = re.search(r"(\d+)", run(["pg_dump", "--version"])).group(1)
        self.dumps = self.version <= int(newest)
        self.fixed = {}

    def url(self, db):
        return re.sub(r"dbname=\S+", f"dbname={db}", self.keywords)

    def psql(self, db, sql, *options):
        """Runs `sql`; the first error ends it."""
        return run(["psql", "-X", "-qAt", "-v", "ON_ERROR_STOP=1", *options, self.url(db)], sql)

    def create(self, db, template="template0"):
        self.psql("postgres", f"DROP DATABASE IF EXISTS {db};\nCREATE DATABASE {db} TEMPLATE {template};")
        self.fixed.pop(db, None)
        return db

    def drop(self, db):
        self.psql("postgres", f"DROP DATABASE IF EXISTS {db};")

    # ---- the schema: pg_dump's, where it goes with the server, and the catalogs'

    def pg_dump(self, db):
        text = run(["pg_dump", "--schema-only", "--no-owner", "-T", "*.schemadiff_*", self.url(db)])
        return re.sub(r"(?m)^\\(un)?restrict .*$", "", text)

    def dump(self, db):
        """pg_dump's statements, sorted; a table's columns are a line each, so that their order does not count."""
        lines = []
        for statement in statements(self.pg_dump(db)):
            table = re.match(r"(CREATE (?:UNLOGGED )?TABLE \S+) \(\n(.*)\n\)(.*)", statement, re.S)
            if table:
                lines.append(table.group(1) + table.group(3))
                lines += [f"{table.group(1)}: {line.strip()}" for line in re.split(r",\n(?=    \S)", table.group(2))]
            elif not re.match(r"SET |SELECT pg_catalog\.set_config", statement):
                lines.append(statement)
        return sorted(lines)

    def fixed_dump(self, db):
        """The dump of what the dump makes: expressions are at their fixpoint."""
        if db not in self.fixed:
            text = self.pg_dump(db)
            self.create("reapplied")
            self.psql("reapplied", re.sub(r"(?m)^CREATE SCHEMA public;", "", text))
            self.fixed[db] = self.dump("reapplied")
            self.drop("reapplied")
        return self.fixed[db]

    def catalog(self, db, reapply=False):
        with open(os.path.join(HERE, "pg_catalog.sql"), encoding="utf-8") as f:
            query = f.read()
        text = "SET search_path = '';\n"
        if reapply:
            text += "BEGIN;\n" + "".join(s + ";\n" for s in self.expressions(db))
        return self.psql(db, text + query + ";\n" + ("ROLLBACK;\n" if reapply else "")).splitlines()

    def expressions(self, db):
        """Statements that give every expression to the server again, as it spells them."""
        return statements(self.psql(db, """
SET search_path = '';
SELECT format('ALTER TABLE %s DROP CONSTRAINT %I, ADD CONSTRAINT %I %s;', conrelid::regclass, conname, conname, pg_get_constraintdef(oid))
FROM pg_constraint WHERE contype = 'c' AND conrelid <> 0 AND conislocal AND connamespace = 'public'::regnamespace
UNION ALL
SELECT format('ALTER TABLE %s ALTER %I SET DEFAULT %s;', adrelid::regclass, attname, pg_get_expr(adbin, adrelid))
FROM pg_attrdef JOIN pg_attribute ON attrelid = adrelid AND attnum = adnum JOIN pg_class c ON c.oid = adrelid
WHERE attgenerated = '' AND relnamespace = 'public'::regnamespace AND relkind = 'r'
UNION ALL
SELECT format('DROP INDEX %s; %s;', indexrelid::regclass, pg_get_indexdef(indexrelid))
FROM pg_index JOIN pg_class c ON c.oid = indrelid
WHERE relnamespace = 'public'::regnamespace AND relkind = 'r' AND (indpred IS NOT NULL OR indexprs IS NOT NULL)
  AND NOT EXISTS (SELECT FROM pg_constraint WHERE conindid = indexrelid)
"""))

    def differences(self, db, wanted, keep=lambda line: True):
        """What differs between two databases' schemas, as lines with - (only wanted) and + (only there)."""
        ways = [(self.catalog, lambda d: self.catalog(d, reapply=True))]
        if self.dumps:
            ways.append((self.dump, self.fixed_dump))
        found = []
        for plain, fixpoint in ways:
            a, b = [[line for line in plain(d) if keep(line)] for d in (wanted, db)]
            if a != b:
                self.fixed.pop(db, None)
                a, b = [[line for line in fixpoint(d) if keep(line)] for d in (wanted, db)]
            found += ["- " + line for line in sorted(set(a) - set(b))] + ["+ " + line for line in sorted(set(b) - set(a))]
        return found

    # ---- rows

    def columns(self, db):
        """{table: [columns]} of what holds rows and can be written."""
        found = {}
        for line in self.psql(db, """
SELECT c.relname, a.attname FROM pg_class c JOIN pg_attribute a ON attrelid = c.oid AND attnum > 0 AND NOT attisdropped
WHERE relkind = 'r' AND NOT relispartition AND relnamespace = 'public'::regnamespace AND relname NOT LIKE 'schemadiff\\_%'
ORDER BY 1, attnum""").splitlines():
            table, column = line.split("|")
            found.setdefault(table, []).append(column)
        return found

    def rows(self, db, queries):
        """The results of queries by name, each sorted, as COPY writes them."""
        text = "SET timezone = 'UTC';\n"
        for name, query in queries.items():
            text += f"SELECT '\x01{name}';\nCOPY ({query}) TO STDOUT;\n"
        found, name = {}, None
        for line in self.psql(db, text).split("\n"):
            if line.startswith("\x01"):
                name = line[1:]
                found[name] = []
            elif name:
                found[name].append(line)
        return {n: sorted(lines) for n, lines in found.items()}

    def fill(self, db, n=3):
        """n rows for every table: row i has i in every number, so that every foreign key finds row i."""
        self.psql(db, r"""
DO $fill$
DECLARE t record; i int;
BEGIN
  SET LOCAL session_replication_role = replica;
  FOR t IN
    SELECT c.oid::regclass AS name, string_agg(quote_ident(attname), ', ' ORDER BY attnum) AS columns,
      string_agg(CASE
        WHEN y.typtype = 'e' THEN format('(enum_range(NULL::%s))[%%1$s]', y.oid::regtype)
        WHEN y.typtype = 'd' THEN format('(2000 + %%1$s)::%s', y.oid::regtype)
        WHEN y.typcategory = 'N' THEN '%1$s'
        WHEN y.typcategory = 'B' THEN '(%1$s > 1)'
        WHEN y.typname IN ('varchar', 'bpchar') THEN format('left(''%%1$s ''''%s '', %s)', left(attname, 20), coalesce(nullif(atttypmod, -1) - 4, 50))
        WHEN y.typcategory = 'S' THEN format('''%s  %%1$s''', left(attname, 20))
        WHEN y.typcategory = 'D' THEN format('(timestamp ''2024-02-28 13:14:15.678'' + %%1$s * interval ''1 day'')::%s', y.typname)
        WHEN y.typname = 'uuid' THEN 'md5(''%1$s'')::uuid'
        WHEN y.typname = 'bytea' THEN 'decode(''00ff0%1$s'', ''hex'')'
        WHEN y.typname = 'tsvector' THEN '''word%1$s''::tsvector'
        WHEN y.typcategory = 'A' THEN format('ARRAY[''a %%1$s'', NULL]::%s', y.oid::regtype)
        ELSE 'NULL' END, ', ' ORDER BY attnum) AS exprs
    FROM pg_class c JOIN pg_attribute a ON attrelid = c.oid AND attnum > 0 AND NOT attisdropped AND attgenerated = ''
         JOIN pg_type y ON y.oid = atttypid
    WHERE relkind = 'r' AND NOT relispartition AND relnamespace = 'public'::regnamespace GROUP BY 1
  LOOP
    FOR i IN 1..3 LOOP
      EXECUTE format('INSERT INTO %s (%s) VALUES (%s) ON CONFLICT DO NOTHING', t.name, t.columns, replace(t.exprs, '%1$s', i::text));
    END LOOP;
  END LOOP;
END $fill$;
""")


class Ddl:
    """A schema's text, edited by hand: each piece of it that is replaced must be there exactly so often."""

    def __init__(self, text):
        self.text = text

    def replace(self, old, new, times=1):
        if self.text.count(old) != times:
            raise Failed(f"the wanted DDL: {old!r} is there {self.text.count(old)} times instead of {times}")
        self.text = self.text.replace(old, new)

    def inside(self, table, old, new):
        """Replace within a table's CREATE TABLE."""
        match = re.search(rf"CREATE TABLE (?:public\.)?{table}\s*\(.*?\n\);", self.text, re.S)
        if not match or match.group().count(old) != 1:
            raise Failed(f"the wanted DDL of {table}: {old!r} is not there once")
        self.text = self.text[:match.start()] + match.group().replace(old, new) + self.text[match.end():]

    def append(self, sql):
        self.text += "\n" + sql.strip().rstrip(";") + ";\n"

    def without(self, start):
        """Leave out the one statement that starts so."""
        found = [s for s in statements(self.text) if s.startswith(start)]
        if len(found) != 1:
            raise Failed(f"the wanted DDL: {len(found)} statements start with {start!r}")
        self.text = ";\n".join(s for s in statements(self.text) if s != found[0]) + ";\n"
