#!/usr/bin/env python3
"""Times of commands over histories with branches, merges, labels and dependencies.

    tests/bench/history_times.py PROGRAM [SIZES]

Processor time (user and system) in ms, the median of RUNS=9. What needs no database has a target: 50 ms
at 2,000 revisions, and from there no more than linear. Behind it, for the first of the sizes, with all applied:
on SQLite, and on PostgreSQL where SD_TEST_PG names a server (tests/pg/with_server.sh). GATE=1: exit 1 when
a target is missed.
"""
import os
import resource
import shutil
import statistics
import subprocess
import sys
import tempfile

PROGRAM = os.path.abspath(sys.argv[1])
SIZES = [int(n) for n in (sys.argv[2] if len(sys.argv) > 2 else "2000 20000").split()]
RUNS = int(os.environ.get("RUNS", "9"))
HERE = os.path.dirname(os.path.abspath(__file__))
TARGET_AT, TARGET_MS = 2000, 50
LINEAR = 1.5  # times what the number of revisions says: caches are no larger than they are

# command, exit codes that are right
WITHOUT = [
    ("heads", [0]),
    ("branches", [0]),
    ("history", [0]),
    ("history --graph", [0]),
    ("history -v", [0]),
    ("history --json", [0]),
    ("history -r -50:head", [0]),
    ("show head-1", [0]),
    ("edit head", [0]),
    ("revision -m x --rev-id zz", [0]),
    ("revision -m x --rev-id zz --head head-1 --splice", [0]),
    ("merge zzleft zzright -m x --rev-id zz --splice", [0]),
    ("status", [0]),
    ("current", [0]),
    ("upgrade --sql head-1:head", [0]),
    ("upgrade --sql", [0]),
    ("downgrade --sql head:-1", [0]),
    ("upgrade --dry-run", [0]),
    ("check", [0, 1]),
    ("hook run", [0]),
]
WITH = [("current", [0]), ("status", [0]), ("upgrade", [0]), ("upgrade --dry-run", [0]), ("check", [0, 1]), ("history -i", [0])]


def call(words, codes, folder, env):
    """Run it: processor time in ms. What a command writes is taken away again."""
    before = resource.getrusage(resource.RUSAGE_CHILDREN)
    got = subprocess.run([PROGRAM, "-q", *words], cwd=folder, env=env, capture_output=True)
    after = resource.getrusage(resource.RUSAGE_CHILDREN)
    if got.returncode not in codes:
        sys.exit("%s: exit %d\n%s" % (" ".join(words), got.returncode, got.stderr.decode()))
    for name in os.listdir(folder + "/migrations") if words[0] in ("revision", "merge") else []:
        if "_zz_" in name:
            os.remove(folder + "/migrations/" + name)
    return 1000 * (after.ru_utime + after.ru_stime - before.ru_utime - before.ru_stime)


def median(command, codes, folder, env):
    words = command.split()
    return statistics.median(call(words, codes, folder, env) for _ in range(RUNS))


def make(work, n):
    """A project with N revisions: its head has the fingerprint of the schema files, two before it are
    revisions to merge, and it is committed but for a change of white space."""
    folder = "%s/%d" % (work, n)
    subprocess.run([sys.executable, HERE + "/history.py", folder, str(n - 3)], check=True)
    for words in (["--rev-id", "zzleft", "--head", "head"], ["--rev-id", "zzright", "--head", "head-1", "--splice"]):
        subprocess.run([PROGRAM, "-q", "revision", "-m", "side", *words], cwd=folder, check=True, capture_output=True)
    subprocess.run([PROGRAM, "-q", "merge", "heads", "-m", "last", "--rev-id", "zzlast"], cwd=folder, check=True, capture_output=True)
    git = ["git", "-c", "user.name=b", "-c", "user.email=b@example.org", "-c", "gc.auto=0"]
    for words in (["init", "-q", "-b", "main"], ["add", "-A"], ["commit", "-qm", "all"], ["gc", "-q"]):
        subprocess.run(git + words, cwd=folder, check=True, capture_output=True)
    with open(folder + "/schemas/a.json", "a") as f:
        f.write("\n")
    subprocess.run(["git", "add", "-A"], cwd=folder, check=True)
    return folder


def table(title, commands, folders, envs):
    """Print a row a command; the commands that miss a target."""
    late = []
    print("\n%-52s" % title + "".join("%9d" % n for n in SIZES), flush=True)
    for command, codes in commands:
        times = [median(command, codes, folder, env) for folder, env in zip(folders, envs)]
        growth = times[-1] / times[0] / (SIZES[-1] / SIZES[0])
        slow = commands is WITHOUT and SIZES[0] == TARGET_AT and times[0] >= TARGET_MS
        steep = len(SIZES) > 1 and growth > LINEAR
        print("%-52s" % command + "".join("%9.1f" % ms for ms in times) + ("  over 50 ms" if slow else "") +
              ("  %.1f times linear" % growth if steep else ""), flush=True)
        if slow or steep:
            late.append(command)
    return late


def main():
    work = tempfile.mkdtemp(prefix="schemadiff-bench-")
    plain = {k: v for k, v in os.environ.items() if k not in ("DATABASE_URL", "SCHEMADIFF_URL", "VISUAL")}
    plain["EDITOR"] = "true"
    try:
        folders = [make(work, n) for n in SIZES]
        late = table("ms without a database, of revisions:", WITHOUT, folders, [plain] * len(SIZES))
        # a database of the first size: what it takes to read one is the engine's
        del SIZES[1:], folders[1:]
        for folder in folders:
            subprocess.run([PROGRAM, "-q", "upgrade"], cwd=folder, env=plain, check=True)
        table("ms with all applied, SQLite:", WITH, folders, [plain] * len(SIZES))
        if os.environ.get("SD_TEST_PG"):
            envs = []
            for n, folder in zip(SIZES, folders):
                name = "schemadiff_bench_%d" % n
                subprocess.run(["psql", "-Xqc", "CREATE DATABASE " + name, os.environ["SD_TEST_PG"]], check=True)
                envs.append(dict(plain, SCHEMADIFF_URL=os.environ["SD_TEST_PG"] + " dbname=" + name))
                subprocess.run([PROGRAM, "-q", "stamp", "head"], cwd=folder, env=envs[-1], check=True)
            table("ms with all stamped, PostgreSQL (this process):", [c for c in WITH if c[0] != "check"], folders, envs)
        print("\n%d of %d commands without a database are under %d ms at %d revisions, and grow no more than linearly" %
              (len(WITHOUT) - len(late), len(WITHOUT), TARGET_MS, TARGET_AT))
        sys.exit(1 if late and os.environ.get("GATE") else 0)
    finally:
        shutil.rmtree(work)


main()
