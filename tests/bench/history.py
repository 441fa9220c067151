#!/usr/bin/env python3
"""Write a project with N revisions, branches, merges, labels and dependencies: history.py DIR N"""
import os
import random
import sys

folder, count = sys.argv[1], int(sys.argv[2])
rng = random.Random(count)
os.makedirs(folder + "/migrations", exist_ok=True)
os.makedirs(folder + "/schemas", exist_ok=True)
with open(folder + "/schemadiff.json", "w") as f:
    f.write('{ "schemas": ["schemas"], "migrations": "migrations",\n'
            '  "environments": { "dev": { "url": "sqlite:app.db" } }, "default_environment": "dev" }\n')
with open(folder + "/schemas/a.json", "w") as f:
    f.write('{ "tables": { "t0": { "columns": { "id": { "type": "integer", "primary_key": true } } } } }\n')

heads = []
for i in range(count):
    rev = "%012x" % rng.getrandbits(48)
    header = ["-- revision: " + rev]
    if len(heads) > 1 and (rng.random() < 0.1 or i == count - 1):
        parents = heads if i == count - 1 else rng.sample(heads, 2)
    elif heads:
        parents = [rng.choice(heads)]
    else:
        parents = []
    branches = bool(parents) and len(heads) < 6 and rng.random() < 0.1 and i < count - 1
    if parents:
        header.append("-- revises: " + ", ".join(parents))
    if i % (count // 40 + 1) == 0:  # as many of any number, or what is printed is more than linear
        header.append("-- label: team%d" % i)
    header += ["-- created: 2026-01-01T00:00:00Z", "-- dialect: sqlite", "-- requires: sqlite 3.35"]
    if not branches:
        heads = [h for h in heads if h not in parents]
    heads.append(rev)
    body = "".join(
        "CREATE TABLE t%d_%d (\n  id INTEGER PRIMARY KEY,\n  title varchar(200) NOT NULL,\n  body text,\n"
        "  created_at timestamp NOT NULL DEFAULT CURRENT_TIMESTAMP\n);\n\n"
        "CREATE INDEX ix_t%d_%d ON t%d_%d (created_at);\n\n" % ((i, k) * 3) for k in range(2))
    with open("%s/migrations/%s_step_%d.sql" % (folder, rev, i), "w") as f:
        f.write("-- step %d of many\n--\n%s\n\n-- schemadiff:up\n%s-- schemadiff:down\n"
                "-- warning: drops table t%d_0 and its rows\nDROP TABLE t%d_0;\n\nDROP TABLE t%d_1;\n"
                % (i, "\n".join(header), body, i, i, i))
