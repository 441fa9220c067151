"""A project of N generated tables: schema files, the database that equals them, and the models
for Alembic.    generate.py FOLDER N"""
import json
import os
import sqlite3
import sys

folder, n = sys.argv[1], int(sys.argv[2])
COLUMNS = [  # name, type, NOT NULL, default
    ("id", "integer", False, None), ("name", "varchar(80)", True, None), ("body", "text", False, None),
    ("kind", "varchar(20)", True, "'a'"), ("price", "numeric(12, 2)", False, "0"), ("qty", "integer", True, "1"),
    ("flag", "boolean", False, "0"), ("created", "timestamp", True, "CURRENT_TIMESTAMP"),
    ("seen", "timestamp", False, None), ("data", "text", False, None), ("uid", "varchar(36)", False, None),
    ("parent", "bigint", False, None)]
ALCHEMY = {"integer": "Integer", "varchar(80)": "String(80)", "text": "Text", "varchar(20)": "String(20)",
           "numeric(12, 2)": "Numeric(12, 2)", "boolean": "Boolean", "timestamp": "TIMESTAMP",
           "varchar(36)": "String(36)", "bigint": "BigInteger"}

os.makedirs(folder + "/schemas", exist_ok=True)
ddl, models = [], ["from sqlalchemy import *", "metadata = MetaData()"]
for i in range(n):
    t, parent = f"t{i}", f"t{i // 2}"
    columns, lines, args = {}, [], []
    for name, kind, required, default in COLUMNS:
        entry = {"type": kind}
        if required:
            entry["nullable"] = False
        if default:
            entry["default"] = default
        columns[name] = entry
        lines.append(f"{name} {kind}" + (" PRIMARY KEY" if name == "id" else "") + (" NOT NULL" if required else "")
                     + (f" DEFAULT {default}" if default else ""))
        args.append(f"Column({name!r}, {ALCHEMY[kind]}" + (", primary_key=True" if name == "id" else
                    f", nullable={not required}") + (f", server_default=text({default!r})" if default else "") + ")")
    table = {"columns": columns, "primary_key": ["id"], "unique": {f"uq_{t}_name": ["name"]},
             "checks": {f"ck_{t}_qty": "qty >= 0"},
             "indexes": {f"ix_{t}_kind": ["kind", "created"], f"ix_{t}_parent": ["parent"]}}
    lines += [f"CONSTRAINT uq_{t}_name UNIQUE (name)", f"CONSTRAINT ck_{t}_qty CHECK (qty >= 0)"]
    args += [f"UniqueConstraint('name', name='uq_{t}_name')", f"CheckConstraint('qty >= 0', name='ck_{t}_qty')"]
    if i:
        table["foreign_keys"] = {f"fk_{t}": {"columns": ["parent"], "table": parent, "ref_columns": ["id"],
                                             "on_delete": "cascade"}}
        lines.append(f"CONSTRAINT fk_{t} FOREIGN KEY (parent) REFERENCES {parent} (id) ON DELETE CASCADE")
        args.append(f"ForeignKeyConstraint(['parent'], ['{parent}.id'], name='fk_{t}', ondelete='CASCADE')")
    args += [f"Index('ix_{t}_kind', 'kind', 'created')", f"Index('ix_{t}_parent', 'parent')"]
    with open(f"{folder}/schemas/{t}.json", "w") as f:
        json.dump({"tables": {t: table}}, f, indent=1)
    ddl += [f"CREATE TABLE {t} ({', '.join(lines)})", f"CREATE INDEX ix_{t}_kind ON {t} (kind, created)",
            f"CREATE INDEX ix_{t}_parent ON {t} (parent)"]
    models.append(f"Table({t!r}, metadata, {', '.join(args)})")

db = sqlite3.connect(folder + "/app.db")
db.executescript("BEGIN;" + ";".join(ddl) + ";COMMIT;")
db.close()
with open(folder + "/schemadiff.json", "w") as f:
    f.write('{ "environments": { "dev": { "url": "sqlite:app.db" } }, "default_environment": "dev" }')
with open(folder + "/compare.py", "w") as f:
    f.write("\n".join(models) + """
from alembic.autogenerate import compare_metadata
from alembic.migration import MigrationContext
import os, sys
engine = create_engine("sqlite:///" + os.path.join(os.path.dirname(os.path.abspath(__file__)), "app.db"))
with engine.connect() as connection:
    compare_metadata(MigrationContext.configure(connection), metadata)
""")
