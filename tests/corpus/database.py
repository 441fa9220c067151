"""What the tests on real databases need to know, found without schemadiff.

    database.py fill DB                  a few rows for every table
    database.py rows DB REFERENCE [LOST…]    all rows of REFERENCE's tables and columns, but for LOST ones: T, T.C
    database.py schema DB                the schema as SQLite's pragmas tell it; order does not count
"""
import sqlite3
import sys

OURS = "name NOT LIKE 'sqlite\\_%' ESCAPE '\\' AND name NOT LIKE 'schemadiff%'"


def quoted(name):
    return '"' + name.replace('"', '""') + '"'


def tables(db):
    return [row[0] for row in db.execute(f"SELECT name FROM sqlite_master WHERE type = 'table' AND {OURS} ORDER BY name")]


def fill(db, n=3):
    """n rows a table: row i has i in every number, so that every foreign key finds row i."""
    db.execute("PRAGMA foreign_keys = OFF")
    for table in tables(db):
        columns = list(db.execute("SELECT name, type FROM pragma_table_info(?)", [table]))
        for i in range(1, n + 1):
            values = [i if "INT" in kind.upper() or "BOOL" in kind.upper() else f"{i}" if "NUM" in kind.upper()
                      else f"{name}  '{i}'\n" for name, kind in columns]
            db.execute(f"INSERT OR IGNORE INTO {quoted(table)} VALUES ({', '.join('?' * len(values))})", values)
    dangling = db.execute("SELECT count(*) FROM pragma_foreign_key_check").fetchone()[0]
    db.commit()
    return dangling


def rows(db, reference, without):
    there = set(tables(db))
    for table in tables(reference):
        if table in without:
            continue
        names = [row[0] for row in reference.execute("SELECT name FROM pragma_table_xinfo(?) WHERE hidden = 0", [table])
                 if f"{table}.{row[0]}" not in without]
        if table not in there:
            print("no table", table)
            continue
        columns = ", ".join(f"{quoted(name)}, typeof({quoted(name)})" for name in names)
        try:
            found = list(db.execute(f"SELECT rowid, {columns} FROM {quoted(table)}"))
        except sqlite3.OperationalError:
            found = list(db.execute(f"SELECT {columns} FROM {quoted(table)}"))
        for row in sorted(map(repr, found)):
            print(table, row)


def constraint_index(db, index):
    return [tuple(row) for row in db.execute(f"SELECT name, \"desc\", coll, key FROM pragma_index_xinfo(?)", [index])]


def schema(db):
    lines = []
    for table in tables(db):
        flags = db.execute("SELECT type, wr, strict FROM pragma_table_list(?) WHERE schema = 'main'", [table]).fetchone()
        lines.append(f"table {table} {flags}")
        # DEFAULT NULL is no default
        for row in db.execute("SELECT name, type, \"notnull\", CASE upper(dflt_value) WHEN 'NULL' THEN NULL "
                              "ELSE dflt_value END, pk, hidden FROM pragma_table_xinfo(?)", [table]):
            lines.append(f"column {table} {row}")
        keys = {}
        for key, *row in db.execute("SELECT id, seq, \"table\", \"from\", \"to\", on_update, on_delete, match "
                                    "FROM pragma_foreign_key_list(?) ORDER BY 1, 2", [table]):
            keys.setdefault(key, []).append(row)
        lines += [f"foreign key {table} {key}" for key in keys.values()]
        for name, unique, origin, partial in db.execute(
                "SELECT name, \"unique\", origin, partial FROM pragma_index_list(?)", [table]):
            label = name if origin == "c" else "-"
            lines.append(f"index {table} {label} {unique} {origin} {partial} {constraint_index(db, name)}")
    for row in db.execute(f"SELECT type, name, tbl_name, sql FROM sqlite_master WHERE type <> 'table' AND sql IS NOT NULL AND {OURS}"):
        lines.append(repr(row))
    print("\n".join(sorted(lines)))


def main(verb, path, *rest):
    db = sqlite3.connect(path)
    db.text_factory = lambda raw: raw.decode("utf-8", "backslashreplace")
    if verb == "fill":
        return fill(db) != 0
    if verb == "rows":
        return rows(db, sqlite3.connect(rest[0]), rest[1:])
    return schema(db)


sys.exit(main(*sys.argv[1:]) or 0)
