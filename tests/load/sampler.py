#!/usr/bin/env python3
"""Who waits how long for a lock while a migration runs.

  sampler.py CONNINFO LIMIT

Says so when it begins, and looks every 20 ms until its input ends or speaks.  A wait of the
application counts while the migration is among those that it waits for, directly or through
others that wait in their turn; a wait of the migration counts whole.  Prints the longest of both; whatever exceeds LIMIT milliseconds is printed
with its statement, and makes the exit status 1.
"""
import select
import sys

from script import Session

EVERY = 0.02

SAMPLE = """WITH waits AS MATERIALIZED (SELECT * FROM pg_locks WHERE NOT granted)
SELECT extract(epoch FROM clock_timestamp()) * 1000, '', '', '', '', '', ''
UNION ALL
SELECT extract(epoch FROM to_timestamp(to_jsonb(w)->>'waitstart', 'YYYY-MM-DD"T"HH24:MI:SS.US')) * 1000,
  a.pid::text, a.application_name, array_to_string(pg_blocking_pids(a.pid), ','),
  concat_ws(' ', w.locktype, w.mode, w.relation::regclass, w.virtualxid, w.transactionid),
  a.query_start::text, translate(left(a.query, 120), E'\\t\\n\\\\', '   ')
FROM waits AS w JOIN pg_stat_activity AS a ON a.pid = w.pid
WHERE a.datname = current_database()"""

MIGRATIONS = """SELECT pid FROM pg_stat_activity
WHERE application_name LIKE 'schemadiff%' AND datname = current_database()"""


def behind(pid, blockers, migrations, seen=()):
    """Is a migration among those whom @pid waits for?"""
    for other in blockers.get(pid, []):
        if other in migrations or (other not in seen
                                   and behind(other, blockers, migrations, (*seen, pid))):
            return True
    return False


class Waits:
    def __init__(self):
        self.began = {}
        self.longest = {}
        self.samples = self.gap = 0
        self.last = None

    def take(self, now, rows, migrations):
        """Waits of this sample; one that is not there any more has ended."""
        blockers = {pid: others.split(",") for _, pid, _, others, _, _, _ in rows}
        began = {}
        since = self.last or now
        self.gap = max(self.gap, now - since)
        for start, pid, name, _, lock, asked, query in rows:
            mine = pid in migrations
            if not mine and not behind(pid, blockers, migrations):
                continue
            key = ("migration" if mine else "application", pid, lock, asked, start)
            # it waited for somebody else before the last look, at the earliest
            first = self.began.get(key, max(since, float(start or 0)))
            if mine and start:
                first = float(start)
            began[key] = first
            self.longest[key] = (now - first, f"{name}: {lock}: {query}")
        self.began = began
        self.last = now
        self.samples += 1


def main():
    session = Session(sys.argv[1], "sampler")
    limit = float(sys.argv[2])
    waits = Waits()
    session.ask("SET TimeZone = 'UTC'")
    print("sampling", flush=True)
    while not select.select([sys.stdin], [], [], EVERY)[0]:
        migrations = {row[0] for row in session.ask(MIGRATIONS)}
        rows = [row for row in session.ask(SAMPLE) if len(row) == 7]
        waits.take(float(rows[0][0]), rows[1:], migrations)
    session.close()
    if not waits.samples:
        sys.exit("no sample was taken")
    exceeded = sorted((w for w in waits.longest.items() if w[1][0] > limit), key=lambda w: -w[1][0])
    longest = {who: max((w[0] for key, w in waits.longest.items() if key[0] == who), default=0)
               for who in ("application", "migration")}
    print(f"longest wait: application {longest['application']:.0f} ms, "
          f"migration {longest['migration']:.0f} ms"
          f" ({waits.samples} samples, at most {waits.gap:.0f} ms apart)")
    for key, (duration, text) in exceeded[:5]:
        print(f"the {key[0]} waited {duration:.0f} ms: {text}")
    sys.exit(1 if exceeded else 0)


main()
