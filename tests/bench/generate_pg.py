"""A project of N generated tables on PostgreSQL: schema files, the DDL that gives the same, and the
models for Alembic.    generate_pg.py FOLDER N URL"""
import json
import os
import sys

folder, n, url = sys.argv[1], int(sys.argv[2]), sys.argv[3]
COLUMNS = [  # name, type, NOT NULL, default, SQLAlchemy's type
    ("id", "bigint", False, None, "BigInteger"), ("name", "varchar(80)", True, None, "String(80)"),
    ("body", "text", False, None, "Text"), ("kind", None, True, "'a'", None),
    ("price", "numeric(12,2)", False, "0", "Numeric(12, 2)"), ("qty", "integer", True, "1", "Integer"),
    ("flag", "boolean", False, "false", "Boolean"),
    ("created", "timestamptz", True, "now()", "TIMESTAMP(timezone=True)"),
    ("seen", "timestamp", False, None, "TIMESTAMP"), ("data", "jsonb", False, None, "JSONB"),
    ("uid", "uuid", False, None, "UUID"), ("parent", "bigint", False, None, "BigInteger")]

os.makedirs(folder + "/schemas", exist_ok=True)
ddl, models = [], ["from sqlalchemy import *", "from sqlalchemy.dialects.postgresql import JSONB, UUID, ENUM",
                   "metadata = MetaData()"]
enums = max(n // 10, 1)
for e in range(enums):
    ddl.append(f"CREATE TYPE e{e} AS ENUM ('a', 'b', 'c')")
with open(f"{folder}/schemas/enums.json", "w") as f:
    json.dump({"enums": {f"e{e}": ["a", "b", "c"] for e in range(enums)}}, f, indent=1)
for i in range(n):
    t, parent, enum = f"t{i}", f"t{i // 2}", f"e{i % enums}"
    columns, lines, args = {}, [], []
    for name, kind, required, default, alchemy in COLUMNS:
        kind, alchemy = kind or enum, alchemy or f"ENUM('a', 'b', 'c', name='{enum}')"
        entry = {"type": kind}
        if name == "id":
            entry["identity"] = "always"
        if required:
            entry["nullable"] = False
        if default:
            entry["default"] = default
        columns[name] = entry
        lines.append(f"{name} {kind}" + (" GENERATED ALWAYS AS IDENTITY" if name == "id" else "")
                     + (" NOT NULL" if required else "") + (f" DEFAULT {default}" if default else ""))
        args.append(f"Column({name!r}, {alchemy}" + (", Identity(always=True), primary_key=True" if name == "id" else
                    f", nullable={not required}") + (f", server_default=text({default!r})" if default else "") + ")")
    table = {"comment": f"Table {i}", "columns": columns, "primary_key": {"columns": ["id"], "name": f"pk_{t}"},
             "unique": {f"uq_{t}_name": ["name"]}, "checks": {f"ck_{t}_qty": "qty >= 0"},
             "indexes": {f"ix_{t}_kind": ["kind", "created"], f"ix_{t}_parent": ["parent"]}}
    lines += [f"CONSTRAINT pk_{t} PRIMARY KEY (id)", f"CONSTRAINT uq_{t}_name UNIQUE (name)",
              f"CONSTRAINT ck_{t}_qty CHECK (qty >= 0)"]
    args += [f"UniqueConstraint('name', name='uq_{t}_name')", f"CheckConstraint('qty >= 0', name='ck_{t}_qty')"]
    if i:
        table["foreign_keys"] = {f"fk_{t}": {"columns": ["parent"], "table": parent, "ref_columns": ["id"],
                                             "on_delete": "cascade"}}
        lines.append(f"CONSTRAINT fk_{t} FOREIGN KEY (parent) REFERENCES {parent} (id) ON DELETE CASCADE")
        args.append(f"ForeignKeyConstraint(['parent'], ['{parent}.id'], name='fk_{t}', ondelete='CASCADE')")
    args += [f"Index('ix_{t}_kind', 'kind', 'created')", f"Index('ix_{t}_parent', 'parent')",
             f"comment='Table {i}'"]
    with open(f"{folder}/schemas/{t}.json", "w") as f:
        json.dump({"tables": {t: table}}, f, indent=1)
    ddl += [f"CREATE TABLE {t} ({', '.join(lines)})", f"CREATE INDEX ix_{t}_kind ON {t} (kind, created)",
            f"CREATE INDEX ix_{t}_parent ON {t} (parent)", f"COMMENT ON TABLE {t} IS 'Table {i}'"]
    models.append(f"Table({t!r}, metadata, {', '.join(args)})")

with open(folder + "/ddl.sql", "w") as f:
    f.write(";\n".join(ddl) + ";\nANALYZE;\n")
with open(folder + "/schemadiff.json", "w") as f:
    json.dump({"environments": {"dev": {"url": url}}, "default_environment": "dev"}, f)
host = url.split("host=")[1]
name = url.split("/")[3].split("?")[0]
with open(folder + "/compare.py", "w") as f:
    f.write("\n".join(models) + f"""
from alembic.autogenerate import compare_metadata
from alembic.migration import MigrationContext
engine = create_engine("postgresql+psycopg2://postgres@/{name}?host={host}")
with engine.connect() as connection:
    found = compare_metadata(MigrationContext.configure(connection, opts={{"compare_type": True}}), metadata)
assert not found, found[:3]
""")
