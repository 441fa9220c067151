#!/usr/bin/env python3
"""Does a generated script lock what it says, and does it scan and rewrite what it says?

  claims.py SCRIPT CONNINFO PART…

Runs the parts (up, down) by hand.  In a transaction the locks are looked at after each statement
and before COMMIT; a statement that runs outside is stalled by another session first.  Writes what
differs into claims.PART, which is empty when nothing does; the exit status is 1 then.
"""
import os
import re
import sys
import time

from script import Session, statements

MODES = ["ACCESS SHARE", "ROW SHARE", "ROW EXCLUSIVE", "SHARE UPDATE EXCLUSIVE", "SHARE",
         "SHARE ROW EXCLUSIVE", "EXCLUSIVE", "ACCESS EXCLUSIVE"]
SILENT = MODES.index("ROW EXCLUSIVE")  # what an application takes needs no word

# a script can't know of a domain that it has no constraint: it says that the table is rewritten
OVERSTATED = bool(os.environ.get("OVERSTATED"))

EFFECTS = {"": 0, ", for an instant": 0, " and scans it": 1, " and rewrites it": 2}

USERS = """n.nspname NOT IN ('pg_catalog', 'information_schema', 'pg_toast')
  AND n.nspname NOT LIKE 'pg\\_t%' AND c.relkind IN ('r', 'p') AND c.relname NOT LIKE 'schemadiff%'"""

TABLES = f"""SELECT c.oid, CASE WHEN pg_table_is_visible(c.oid) THEN c.relname END,
  n.nspname || '.' || c.relname
FROM pg_class AS c JOIN pg_namespace AS n ON n.oid = c.relnamespace WHERE {USERS}"""

LOCKS = """SELECT 'lock', relation, mode, NULL FROM pg_locks
WHERE pid = {pid} AND locktype = 'relation' AND granted"""

EFFECT = f"""SELECT 'file', c.oid, pg_relation_filenode(c.oid)::text, NULL::bigint
FROM pg_class AS c JOIN pg_namespace AS n ON n.oid = c.relnamespace WHERE {USERS}
UNION ALL SELECT 'scan', relid, seq_scan::text, idx_scan FROM pg_stat_xact_user_tables"""


def mode_index(mode):
    """Of pg_locks: ShareUpdateExclusiveLock."""
    return MODES.index(re.sub(r"(?<=[a-z])(?=[A-Z])", " ", mode[:-len("Lock")]).upper())


class Look:
    """What a session holds and has done, by table."""

    def __init__(self, rows):
        self.locks, self.files, self.scans, self.index_scans = {}, {}, {}, {}
        for what, oid, value, more in rows:
            if what == "lock":
                self.locks[oid] = max(self.locks.get(oid, 0), mode_index(value))
            elif what == "file":
                self.files[oid] = value
            else:
                self.scans[oid] = int(value)
                self.index_scans[oid] = int(more or 0)

    def effect_since(self, before, oid):
        if oid in self.files and self.files[oid] != before.files.get(oid):
            return 2
        return int(self.scans.get(oid, 0) > before.scans.get(oid, 0))

    def walks_since(self, before, oid):
        """Also along an index, as a VALIDATE of a foreign key may."""
        return self.index_scans.get(oid, 0) > before.index_scans.get(oid, 0)


class Claim:
    """One comment; it may be on two tables, of which one may be empty and spared the scan."""

    def __init__(self, mode, effect, statement):
        self.mode, self.effect, self.statement = mode, effect, statement
        self.seen = 0  # the most that happened below it
        self.unseen = False  # something happened that can't be looked at


class Checker:
    def __init__(self, conninfo):
        self.session = Session(conninfo, "claims")
        self.observer = Session(conninfo, "observer")
        self.blocker = Session(conninfo, "blocker")
        # the program pins the zone; a scan that an index could spare must not be mistaken
        self.session.ask("SET TimeZone = 'UTC'; SET enable_seqscan = off; SET lock_timeout = '20s'")

    def start(self):
        """What is there before a part runs."""
        self.tables = {row[0]: row[2] for row in self.observer.ask(TABLES)}
        self.wrong = []
        self.said = set()
        self.forget()

    def lasting(self):
        """What was reported, but for tables that are gone now."""
        there = {row[0] for row in self.observer.ask(TABLES)}
        return [line for table, line in self.wrong if not table or table in there]

    def give_up(self):
        if self.session.psql.poll() is None:
            self.session.ask("ROLLBACK")

    def close(self):
        for session in (self.blocker, self.session, self.observer):
            session.close()

    def forget(self):
        """A transaction begins: what was said before concerns others."""
        self.claims = {}  # of each table, the newest last
        self.held = {}
        self.open = False

    def report(self, statement, text, table=None):
        """@table: it concerns no one when the part drops that."""
        line = f"line {statement.line}: {text}\n    in: {statement}"
        if line not in self.said:
            self.said.add(line)
            self.wrong.append((table, line))

    # ---- claims

    def tables_of(self, text, statement):
        """The tables that a claim names, as they are called where it stands."""
        names = {}
        for oid, visible, path in self.session.ask(TABLES):
            names[path] = oid
            if visible:
                names[visible] = oid
        if text in names:
            return [names[text]]
        for name, oid in names.items():
            rest = text[len(name) + len(" and "):]
            if text.startswith(name + " and ") and rest in names:
                return [oid, names[rest]]
        self.report(statement, f"the comment names a table that is not there: {text}")
        return []

    def read_claims(self, statement):
        for text in statement.claims:
            match = re.fullmatch(r"(.*): ([A-Z ]+?)(, for an instant| and scans it| and rewrites it|)",
                                 text)
            if not match or match[2] not in MODES:
                self.report(statement, f"a comment that can't be read: locks {text}")
                continue
            claim = Claim(MODES.index(match[2]), EFFECTS[match[3]], statement)
            for oid in self.tables_of(match[1], statement):
                if oid not in self.tables:
                    self.report(statement, f"a claim on a table that is new: locks {text}")
                self.claims.setdefault(oid, []).append(claim)

    def claimed(self, oid):
        return max((claim.mode for claim in self.claims.get(oid, [])), default=SILENT)

    def under(self, statement, locks):
        """Nothing is locked harder than was said so far."""
        for oid, mode in locks.items():
            news = mode > self.held.get(oid, -1)
            self.held[oid] = max(self.held.get(oid, 0), mode)
            if news and oid in self.tables and mode > self.claimed(oid):
                self.report(statement, f"locks {self.tables[oid]}: {MODES[mode]}, claimed "
                            + (MODES[self.claimed(oid)] if oid in self.claims else "nothing"), oid)

    def over(self):
        """What was said has come true."""
        for oid, claims in self.claims.items():
            strongest = max(claims, key=lambda claim: claim.mode)
            held = self.held.get(oid, -1)
            if held < strongest.mode:
                self.report(strongest.statement,
                            f"claimed {MODES[strongest.mode]} on {self.tables.get(oid, oid)}, observed "
                            + (MODES[held] if held >= 0 else "nothing"))
            for claim in claims:
                if claim.effect > claim.seen and not claim.unseen and not OVERSTATED:
                    word = ["", "scans", "rewrites"]
                    self.report(claim.statement, f"claimed that it {word[claim.effect]} "
                                f"{self.tables.get(oid, oid)}, observed "
                                + (f"that it {word[claim.seen]} it" if claim.seen else "neither"))

    def effects(self, statement, before, after):
        for oid, mode in after.locks.items():
            if mode <= SILENT or oid not in self.tables or oid not in after.files:
                continue
            effect = after.effect_since(before, oid)
            claim = self.claims[oid][-1] if oid in self.claims else None
            if claim:
                claim.seen = max(claim.seen, effect, after.walks_since(before, oid))
            if effect > (claim.effect if claim else 0):
                self.report(statement, ["", "scans ", "rewrites "][effect] + self.tables[oid]
                            + f" under {MODES[mode]}, claimed nothing of the kind")

    # ---- running

    def look(self):
        return Look(self.session.ask(LOCKS.format(pid="pg_backend_pid()") + " UNION ALL " + EFFECT))

    def begin(self):
        if not self.open:
            self.forget()
            self.session.ask("BEGIN")
            self.open = True

    def commit(self):
        if self.open:
            self.session.ask("COMMIT")
            self.over()
            self.forget()

    def run_inside(self, statement):
        self.begin()
        self.read_claims(statement)
        before = self.look()
        self.session.ask(statement.text)
        after = self.look()
        self.under(statement, after.locks)
        self.effects(statement, before, after)

    def run_batch(self, statement):
        """A batch of no key limits itself, and is done when nothing changes any more."""
        self.commit()
        text = statement.text.replace(":batch", "true")
        self.begin()
        self.read_claims(statement)
        for _ in range(1000):
            changed = self.session.ask(
                f"WITH changed AS ({text.rstrip(';')} RETURNING 1) SELECT count(*) FROM changed")
            if changed[0][0] == "0" or ":batch" in statement.text:
                break
        self.under(statement, self.look().locks)
        self.commit()

    def stall(self, oid, statement):
        """Look at what a statement holds while a writer of the table keeps it from its end."""
        self.blocker.ask(f"BEGIN; LOCK TABLE {self.blocker.ask(f'SELECT {oid}::regclass')[0][0]} "
                         "IN ROW EXCLUSIVE MODE; SELECT 1")
        self.session.send(statement.text)
        locks = None
        for _ in range(500):
            waits = self.observer.ask("SELECT 1 FROM pg_stat_activity WHERE wait_event_type = 'Lock' "
                                      f"AND pid = {self.session.pid}")
            if waits:
                locks = Look(self.observer.ask(LOCKS.format(pid=self.session.pid))).locks
                break
            time.sleep(0.01)
        self.blocker.ask("ROLLBACK")
        self.session.answer()
        if locks is None:
            self.report(statement, "it did not wait for a writer of the table")
        return locks or {}

    def run_outside(self, statement):
        self.commit()
        if statement.claims or statement.begins:
            self.forget()
            self.read_claims(statement)
        if " CONCURRENTLY " not in statement.text or not self.claims:
            if " CONCURRENTLY " in statement.text:
                self.report(statement, "nothing is claimed")
            self.session.ask(statement.text)
            return
        for claims in self.claims.values():
            for claim in claims:
                claim.statement, claim.unseen = statement, True
        self.held = {}
        self.under(statement, self.stall(next(iter(self.claims)), statement))
        self.over()

    def run_guard(self, statement):
        rows = self.session.ask(statement.text)
        if statement.guard == "expect-none" and rows:
            self.report(statement, "a guard has found a row")
        return statement.guard == "expect-none" or bool(rows)

    def run(self, script):
        wanted = True
        for statement in script:
            if statement.begins and not statement.outside:
                self.commit()
            if statement.guard and statement.outside:
                wanted = self.run_guard(statement)
            elif statement.guard:
                self.begin()
                self.read_claims(statement)
                before = self.look()
                wanted = self.run_guard(statement)
                self.effects(statement, before, self.look())
            elif not wanted:
                wanted = True
            elif statement.batch:
                self.run_batch(statement)
            elif statement.outside:
                self.run_outside(statement)
            else:
                self.run_inside(statement)
        self.commit()


def check(checker, path, part):
    checker.start()
    try:
        checker.run(statements(path, part))
    except RuntimeError as error:
        checker.wrong.append((None, f"it failed: {error}"))
        checker.give_up()
    wrong = checker.lasting()
    with open("claims." + part, "w", encoding="utf-8") as file:
        file.write("".join(line + "\n" for line in wrong))
    return bool(wrong)


def main():
    path, conninfo, *parts = sys.argv[1:]
    checker = Checker(conninfo)
    wrong = [part for part in parts if check(checker, path, part)]
    checker.close()
    sys.exit(1 if wrong else 0)


main()
