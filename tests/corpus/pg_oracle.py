"""Real databases taken through the main job on PostgreSQL, judged by pg_dump and the catalogs.

    pg_oracle.py PROGRAM CORPUS WORK [NAME…]      on the server that SD_TEST_PG names; see pg.sh

CORPUS: a folder, or - for our own database alone.
NAME: only databases and changes whose name has it. ONLINE=0 or 1: only the plain or the online form.
"""
import copy
import gzip
import json
import os
import re
import shutil
import sys

import pg_changes
import pg_changes_more
import pg_changes_own
from pg_lib import Ddl, Failed, Server, run, statements

UNMANAGED = re.compile(r"(CREATE|ALTER|COMMENT ON|GRANT|REVOKE)\b.*\b(VIEW|FUNCTION|AGGREGATE|TRIGGER|DOMAIN|EXTENSION|SCHEMA)\b|"
                       r"(view|view column|matview|function|trigger|domain|partitioned) ")


class Oracle:
    def __init__(self, program, corpus, work, only):
        self.program, self.corpus, self.work, self.only = program, corpus, work, only
        self.server = Server()
        self.passed = self.failed = self.skipped = 0

    # ---- verdicts

    def verdict(self, what, problem):
        if not problem:
            self.passed += 1
            return True
        self.failed += 1
        print(f"FAIL {what}")
        print("     " + "\n     ".join(line[:300] for line in str(problem).split("\n")[:10]), flush=True)
        return False

    def attempt(self, what, function, *args):
        """True when it neither fails nor returns a problem."""
        try:
            problem = function(*args)
        except Failed as failure:
            problem = failure
        return self.verdict(what, problem)

    def wanted(self, name):
        return not self.only or any(word in name for word in self.only)

    # ---- the program

    def sd(self, project, *args):
        return run([self.program, *args], cwd=project)

    def project(self, name, db, online, template=None):
        path = os.path.join(self.work, name)
        shutil.rmtree(path, ignore_errors=True)
        if template:
            shutil.copytree(template, path)
        else:
            os.makedirs(os.path.join(path, "schemas"))
        with open(os.path.join(path, "schemadiff.json"), "w", encoding="utf-8") as f:
            json.dump({"environments": {"dev": {"url": self.server.url(db)}}, "default_environment": "dev", "online": online}, f)
        return path

    # ---- a database into a file, and the file into a database

    def load(self, name, db, ddl, rows):
        server = self.server
        server.create(db)
        server.psql(db, ddl)
        rows(db)
        self.project(name, db, True)
        path = os.path.join(self.work, name)
        self.sd(path, "inspect", "-o", "schemas/db.json")
        with open(os.path.join(path, "schemas/db.json"), encoding="utf-8") as f:
            return path, json.load(f)

    def inspected(self, name, db, path, schema, prelude):
        """The file tells the whole of what is managed."""
        server = self.server
        ok = self.attempt(f"{name}: the baseline", lambda: self.sd(path, "autogenerate", "--baseline", "-m", "baseline", "--rev-id", "start") and None)
        self.attempt(f"{name}: check is clean", lambda: self.sd(path, "check") and None)
        self.attempt(f"{name}: diff finds nothing", lambda: self.sd(path, "diff") and None)
        unmanaged = {t for t, table in schema["tables"].items() if table.get("managed") is False}
        parts = set(server.psql(db, "SELECT relname FROM pg_class WHERE relispartition OR relkind = 'm'").split())
        mentioned = re.compile(r"\b(" + "|".join(map(re.escape, (unmanaged | parts) or {"\x01"})) + r")\b")

        def keep(line):
            return not UNMANAGED.match(line) and not mentioned.search(line)
        for online in (False, True):
            fresh = server.create("fresh")
            server.psql(fresh, prelude)
            again = self.project("fresh", fresh, online)
            shutil.copy(os.path.join(path, "schemas/db.json"), os.path.join(again, "schemas/db.json"))
            managed = copy.deepcopy(schema)
            for table in unmanaged:
                del managed["tables"][table]
            with open(os.path.join(again, "schemas/db.json"), "w", encoding="utf-8") as f:
                json.dump(managed, f)
            form = f"{name}: built from its file{', online' if online else ''}"
            if self.attempt(f"{form}: autogenerate", lambda: self.sd(again, "autogenerate", "-m", "all") and None) and \
                    self.attempt(f"{form}: upgrade", lambda: self.sd(again, "upgrade") and None):
                self.attempt(f"{form}: check is clean", lambda: self.sd(again, "check") and None)
                self.attempt(f"{form}: the same schema", lambda: "\n".join(server.differences(fresh, db, keep)))
            server.drop(fresh)
        return ok

    # ---- changes

    def database(self, name, ddl, rows, changes, prelude=""):
        if not self.wanted(name) and not any(self.wanted(f"{name}: {c.name}") for c in changes):
            return
        db = "base_" + re.sub(r"\W+", "_", name.lower())
        try:
            path, schema = self.load(name.replace(" ", "_"), db, ddl, rows)
        except Failed as failure:
            self.verdict(f"{name}: load and inspect", failure)
            return
        if not self.inspected(name, db, path, schema, prelude):
            return
        for change in changes:
            if change.since <= self.server.version and self.wanted(f"{name}: {change.name}"):
                self.change(name, db, path, schema, ddl, change)

    def change(self, name, base, template, schema, ddl, change):
        what = f"{name}: {change.name}"
        edited, wanted = copy.deepcopy(schema), Ddl(ddl)
        try:
            change.edit(edited)
            if not change.refused:
                change.ddl(wanted)
                self.server.psql(self.server.create("wanted"), wanted.text)
        except (Failed, KeyError) as failure:
            self.verdict(f"{what}: the test itself", repr(failure))
            return
        for online in (False, True):
            if os.environ.get("ONLINE", str(int(online))) == str(int(online)):
                self.there_and_back(f"{what}{', online' if online else ''}", base, template, edited, change, online)
        self.server.drop("wanted")

    def there_and_back(self, what, base, template, edited, change, online):
        server = self.server
        db = server.create("changed", base)
        path = self.project("changed", db, online, template)
        with open(os.path.join(path, "schemas/db.json"), "w", encoding="utf-8") as f:
            json.dump(edited, f, indent=1)
        if change.refused:
            if self.attempt(f"{what}: refused", self.refusal, path, change):
                print(f"ok   {what}: refused", flush=True)
            return
        before, failures = server.rows(base, self.queries_before(base, change)), self.failed

        def script():
            return open(os.path.join(path, "migrations", next(f for f in os.listdir(path + "/migrations") if "_change_" in f)), encoding="utf-8").read()
        if self.attempt(f"{what}: autogenerate", lambda: self.sd(path, "autogenerate", "-m", "change", "--rev-id", "change", *change.args) and None):
            self.attempt(f"{what}: announces what is lost", self.announced, script(), change)
            if self.attempt(f"{what}: upgrade", lambda: self.sd(path, "upgrade") and None):
                self.attempt(f"{what}: check is clean", lambda: self.sd(path, "check") and None)
                self.attempt(f"{what}: the schema is the one wanted", lambda: "\n".join(server.differences(db, "wanted")))
                self.attempt(f"{what}: rows", self.same_rows, before, db, self.queries_after(base, change))
                if change.after:
                    self.attempt(f"{what}: works", lambda: server.psql(db, f"BEGIN;\n{change.after}\nROLLBACK;") and None)
                self.back(what, base, template, path, db, change)
        if self.failed > failures and os.environ.get("KEEP"):
            shutil.copytree(path, os.path.join(self.work, "failed", re.sub(r"\W+", "_", what)), dirs_exist_ok=True)
        if self.failed == failures:
            print(f"ok   {what}", flush=True)

    def back(self, what, base, template, path, db, change):
        server = self.server
        if change.irreversible:
            self.attempt(f"{what}: there is no way back", self.no_way_back, path)
            return
        if not self.attempt(f"{what}: downgrade", lambda: self.sd(path, "downgrade", "-1") and None):
            return
        self.attempt(f"{what}: the schema is what it was", lambda: "\n".join(server.differences(db, base)))
        shutil.copy(os.path.join(template, "schemas/db.json"), os.path.join(path, "schemas/db.json"))
        self.attempt(f"{what}: diff finds nothing after the way back", lambda: self.sd(path, "diff") and None)
        gone = change.lost | change.touched | change.filled
        queries = {t: f'SELECT {", ".join(quoted(c) for c in cs if f"{t}.{c}" not in gone)} FROM {quoted(t)}'
                   for t, cs in server.columns(base).items() if t not in gone}
        self.attempt(f"{what}: the rows are what they were", self.same_rows, server.rows(base, queries), db, queries)

    def refusal(self, path, change):
        try:
            self.sd(path, "autogenerate", "-m", "change", *change.args)
        except Failed as failure:
            return None if re.search(change.refused, str(failure)) else failure
        return "it was not refused"

    def no_way_back(self, path):
        try:
            self.sd(path, "downgrade", "-1")
        except Failed as failure:
            return None if "cannot be undone" in str(failure) else failure
        return "the way back was gone"

    @staticmethod
    def announced(script, change):
        up = script.split("-- schemadiff:down")[0]
        told = set(re.findall(r"^-- warning: drops table (.*) and its rows$|^-- warning: drops the data in (.*)$", up, re.M))
        told = {a or b for a, b in told}
        return None if told == change.lost else f"announced as lost: {sorted(told)}, lost: {sorted(change.lost)}"

    def same_rows(self, before, db, queries):
        after = self.server.rows(db, queries)
        for name, rows in before.items():
            if rows != after[name]:
                pairs = [f"- {a}\n+ {b}" for a, b in zip(rows, after[name]) if a != b][:3]
                return f"{name}: {len(rows)} rows before, {len(after[name])} after\n" + "\n".join(pairs)
        return None

    def queries_before(self, base, change):
        found = {}
        for table, columns in self.server.columns(base).items():
            if table in change.lost:
                continue
            exprs = [change.values.get(f"{table}.{c}", quoted(c)) for c in columns if f"{table}.{c}" not in change.lost | change.touched]
            exprs += [change.values[f"{table}.{c}"] for c in self.new_columns(table, columns, change)]
            found[table] = f"SELECT {', '.join(exprs)} FROM {quoted(table)}"
        return found

    def queries_after(self, base, change):
        found = {}
        for table, columns in self.server.columns(base).items():
            if table in change.lost:
                continue
            names = [change.renames.get(f"{table}.{c}", c) for c in columns if f"{table}.{c}" not in change.lost | change.touched]
            names += self.new_columns(table, columns, change)
            found[table] = f"SELECT {', '.join(map(quoted, names))} FROM {quoted(change.renames.get(table, table))}"
        return found

    @staticmethod
    def new_columns(table, columns, change):
        return sorted(v.split(".")[1] for v in change.values if v.split(".")[0] == table and v.split(".")[1] not in columns)

    # ---- the databases

    def own(self):
        with open(os.path.join(os.path.dirname(os.path.abspath(__file__)), "own.sql"), encoding="utf-8") as f:
            ddl, rows = f.read().split("-- rows\n")
        ddl = ddl[ddl.index("CREATE TYPE"):]
        prelude = next(s for s in statements(ddl) if s.startswith("CREATE FUNCTION")) + ";\n"
        self.database("Own", ddl, lambda db: self.server.psql(db, rows), pg_changes_own.OWN, prelude)

    def chinook(self):
        with open(os.path.join(self.corpus, "chinook-postgresql.sql"), encoding="utf-8-sig") as f:
            text = f.read()
        text = text[text.index("CREATE TABLE album"):]
        at = text.index("INSERT INTO")
        ddl, rows = text[:at] + pg_changes.CHINOOK_EXTRA, text[at:] + pg_changes.CHINOOK_ROWS
        self.database("Chinook", ddl, lambda db: self.server.psql(db, rows), pg_changes.CHINOOK)


    def pagila(self):
        with open(os.path.join(self.corpus, "pagila-schema.sql"), encoding="utf-8") as f:
            kept = [s for s in statements(f.read()) if not re.search(r"\bfilm_embedding\b|EXTENSION|SCHEMA public|^SET|set_config", s)]
        text = ";\n".join(kept) + ";\n"
        if self.server.version < 18:  # what only 18 has
            text = text.replace("uuidv7()", "(md5(random()::text))::uuid").replace(" VIRTUAL", " STORED")
        domains = ";\n".join(s for s in kept if s.startswith("CREATE DOMAIN")) + ";\n"
        check_bodies = "SET check_function_bodies = false;\n"
        self.database("Pagila", check_bodies + text, self.server.fill, pg_changes_more.PAGILA, domains)

    def zabbix(self):
        folder = os.path.join(self.work, "zabbix.package")
        os.makedirs(folder)
        try:
            run(["apt-get", "download", "-q", "zabbix-server-pgsql"], cwd=folder)
            run(["dpkg-deb", "-x", next(f for f in os.listdir(folder) if f.endswith(".deb")), "."], cwd=folder)
            script = next(os.path.join(d, f) for d, _, files in os.walk(folder) for f in files if f in ("schema.sql.gz", "server.sql.gz"))
        except (Failed, StopIteration):
            print("skip Zabbix: its package can't be downloaded")
            self.skipped += 1
            return
        with gzip.open(script, "rt", encoding="utf-8") as f:
            kept = [s for s in statements(f.read()) if not s.startswith("INSERT")]
        self.database("Zabbix", ";\n".join(kept) + ";\n", self.server.fill, pg_changes_more.ZABBIX)


def quoted(name):
    return '"' + name.replace('"', '""') + '"'


def main(program, corpus, work, *only):
    oracle = Oracle(program, corpus, work, only)
    oracle.own()
    if corpus != "-":
        oracle.chinook()
        oracle.pagila()
        oracle.zabbix()
    print(f"{oracle.passed} passed, {oracle.failed} failed, {oracle.skipped} skipped", flush=True)
    return oracle.failed != 0


sys.exit(main(*sys.argv[1:]))
