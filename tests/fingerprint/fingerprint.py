"""docs/fingerprint.md in another language: what that page says is enough to compute a fingerprint.

    fingerprint.py FOLDER…    hold the files of each FOLDER against its list `fingerprints`
    fingerprint.py -t DIALECT FILE…    print the text

Keywords and aliases are read from the page itself."""
import hashlib
import json
import os
import re
import sys

ROOT = os.path.dirname(os.path.dirname(os.path.dirname(os.path.abspath(__file__))))
with open(ROOT + "/docs/fingerprint.md", encoding="utf-8") as page:
    PAGE = page.read()


def block(title):
    return re.search(re.escape(title) + r":\n\n```\n(.*?)```", PAGE, re.S).group(1)


NAMES = {"sqlite": "SQLite", "postgresql": "PostgreSQL"}
KEYWORDS = {d: set(block("Keywords of " + n).split()) for d, n in NAMES.items()}
ALIASES = {d: {a.strip(): line.split(":")[0] for line in block("Aliases on " + n).splitlines()
               for a in line.split(":")[1].split(",")} for d, n in NAMES.items()}
LITE = ""  # the dialect at work


class Number(str):
    """Digits as the file has them."""


def small(text):
    return "".join(chr(ord(c) + 32) if "A" <= c <= "Z" else c for c in text)


def fold(name):
    return small(name) if LITE else name


def dialect():
    return "sqlite" if LITE else "postgresql"


def quoted(text):
    escapes = {'"': '\\"', "\\": "\\\\", "\b": "\\b", "\f": "\\f", "\n": "\\n", "\r": "\\r", "\t": "\\t"}
    return '"' + "".join(escapes.get(c, c if c >= " " else "\\u%04x" % ord(c)) for c in text) + '"'


# ---- tokens ----------------------------------------------------------------------------------

SPACE = " \t\n\v\f\r"
WORD = re.compile(r"[A-Za-z_\x80-\U0010ffff][A-Za-z0-9_$\x80-\U0010ffff]*")
IN_WORD = re.compile(r"[A-Za-z0-9_$\x80-\U0010ffff]+")
DIGITS = r"[0-9](?:[0-9]|_(?=[0-9]))*"
NUMBER = re.compile(rf"0[xX][0-9a-fA-F]+|(?:{DIGITS}(?:\.(?:{DIGITS})?)?|\.{DIGITS})(?:[eE][+-]?{DIGITS})?")
LONGER = ["->>", "->", "||", "<<", ">>", "<=", ">=", "<>", "==", "!=", "::", ":="]
CUSTOM, SPECIAL = "+-*/<>=~!@#%^&|`?", "~!@#%^&|`?"


def quote_end(sql, at, mark, escapes=False):
    """Behind the text in marks whose first byte stands at `at`."""
    while at < len(sql):
        if escapes and sql[at] == "\\":
            at += 1
        elif sql[at] == mark:
            if mark == "]" or sql[at + 1:at + 2] != mark:
                return at + 1
            at += 1
        at += 1
    return len(sql)


def comment_end(sql, at):
    depth = 0
    while at < len(sql):
        if sql.startswith("/*", at) and (not depth or not LITE):
            depth, at = depth + 1, at + 2
        elif sql.startswith("*/", at):
            depth, at = depth - 1, at + 2
            if not depth:
                return at
        else:
            at += 1
    return at


def operator(sql, at):
    if sql[at] in "(),.;[]{}":
        return sql[at]
    if not LITE:
        end = at
        while end < len(sql) and sql[end] in CUSTOM and not (end > at and sql[end:end + 2] in ("--", "/*")):
            end += 1
        while end - at > 1 and sql[end - 1] in "+-" and not any(c in SPECIAL for c in sql[at:end]):
            end -= 1
        if end > at:
            return sql[at:end]
    return next((op for op in LONGER if sql.startswith(op, at)), sql[at])


def prefixed(sql, at):
    """A string or blob with letters before its quote: its kind and end, or nothing."""
    two = sql[at:at + 2]
    if two in ("x'", "X'"):
        return "blob", quote_end(sql, at + 2, "'")
    if LITE:
        return None
    if len(two) == 2 and two[0] in "eEbBnN" and two[1] == "'":
        return "string", quote_end(sql, at + 2, "'", two[0] in "eE")
    if sql[at:at + 3] in ("u&'", "U&'"):
        return "string", quote_end(sql, at + 3, "'")
    return None


def one_token(sql, at):
    c, tag = sql[at], re.compile(r"\$(?![0-9])[A-Za-z0-9_\x80-\U0010ffff]*\$").match(sql, at)
    if prefixed(sql, at):
        return prefixed(sql, at)
    if c == "'":
        return "string", quote_end(sql, at + 1, "'")
    if c == '"' or (LITE and c in "`["):
        return "name", quote_end(sql, at + 1, "]" if c == "[" else c)
    if not LITE and tag:
        end = sql.find(tag.group(), tag.end())
        return "string", len(sql) if end < 0 else end + len(tag.group())
    if WORD.match(sql, at):
        return "word", WORD.match(sql, at).end()
    if NUMBER.match(sql, at):
        return "number", NUMBER.match(sql, at).end()
    if LITE and c == "?":
        return "parameter", re.compile(r"\?[0-9]*").match(sql, at).end()
    if c == "$" or (LITE and c in "@:#"):
        rest = IN_WORD.match(sql, at + 1)
        if rest:
            return "parameter", rest.end()
    return "operator", at + len(operator(sql, at))


def tokens(sql):
    at, found = 0, []
    while at < len(sql):
        if sql[at] in SPACE:
            at += 1
        elif sql.startswith("--", at):
            at = (sql + "\n").find("\n", at)
        elif sql.startswith("/*", at):
            at = comment_end(sql, at)
        else:
            kind, end = one_token(sql, at)
            found.append((kind, sql[at:end]))
            at = end
    return found


def is_plain(name):
    return re.fullmatch(r"[a-z_][a-z0-9_]*", name) and name not in KEYWORDS[dialect()]


def name_token(text):
    close = text[-1]
    name = fold(text[1:-1] if close == "]" else text[1:-1].replace(close * 2, close))
    if is_plain(name) and (LITE or name not in ("bit", "char")):
        return name
    return '"' + name.replace('"', '""') + '"'


def encloses(toks):
    """The first parenthesis closes with the last token, and something is between them."""
    if len(toks) < 3 or toks[0] != ("operator", "(") or toks[-1] != ("operator", ")"):
        return False
    depth = 0
    for i, tok in enumerate(toks):
        depth += (tok == ("operator", "(")) - (tok == ("operator", ")"))
        if not depth:
            return i == len(toks) - 1
    return False


def canonical(sql):
    toks, out = tokens(sql), []
    while encloses(toks):
        toks = toks[1:-1]
    for kind, text in toks:
        if kind in ("word", "number", "blob"):
            text = small(text)
        elif kind == "name":
            text = name_token(text)
        elif kind == "operator":
            text = {"!=": "<>", "==": "=" if LITE else "=="}.get(text, text)
        out.append(text)
    return " ".join(out)


# ---- types -----------------------------------------------------------------------------------

def tidy(text):
    out, space = "", False
    for piece in re.findall(r'"(?:[^"]|"")*"?|[ \t\n\v\f\r]+|[^ \t\n\v\f\r"]', text):
        if piece[0] in SPACE:
            space = True
            continue
        tight = piece in "(),[]"
        if out and not tight and ((space and out[-1] not in "(,[") or (not space and out[-1] == ")")):
            out += " "
        out, space = out + (piece if piece[0] == '"' else small(piece)), False
    return out


ARRAY = re.compile(r"( array)?\[.*| array$", re.S)


def type_text(text):
    text, aliases = tidy(text), ALIASES[dialect()]
    if text in aliases:
        text = aliases[text]
    elif "(" in text or ARRAY.search(text):
        array = ARRAY.search(text)
        words, rest = (text[:array.start()], array.group()) if array else (text, "")
        args = re.search(r"\([^)]*\)", words)
        if args:
            words = words[:args.start()] + words[args.end():]
        words, args = aliases.get(words, words), args.group() if args else ""
        before, with_, behind = words.partition(" with")
        text = (before + args + with_ + behind if args else words) + rest
    return text if LITE else refined(text)


def refined(text):
    array = "[]" if ARRAY.search(text) else ""
    base = ARRAY.sub("", text)
    number = re.fullmatch(r"(numeric|double precision)\(([0-9]+)\)", base)
    if base in ("char", "bit"):
        base += "(1)"
    elif number and number.group(1) == "numeric":
        base = f"numeric({number.group(2)},0)"
    elif number:
        base = "real" if int(number.group(2)) <= 24 else "double precision"
    return base + array


# ---- the kinds and their fields --------------------------------------------------------------
# key: type, and the dialect where it counts if not on both

SEQUENCE = {"start": "number p", "increment": "number p", "min": "number p", "max": "number p", "cache": "number p",
            "cycle": "bool p"}
COMMENT = {"comment": "text p"}
OWN_INDEX = {"with": "options p", "tablespace": "name p", "index_comment": "text p"}
KEY = {"columns": "parts", "include": "names p", "nulls_distinct": "not p", "deferrable": "word p",
       "on_conflict": "word s", **OWN_INDEX, **COMMENT}
FIELDS = {
    "column": {"type": "type", "nullable": "not", "default": "sql", "generated.as": "sql", "generated.stored": "bool",
               "identity.generated": "word", **{"identity." + k: v for k, v in SEQUENCE.items()},
               "collation": "name", "sqlite.autoincrement": "bool s", "sqlite.on_conflict": "word s",
               "postgresql.storage": "word p", "postgresql.compression": "name p",
               "postgresql.statistics": "number p", "postgresql.not_null_name": "name p", **COMMENT},
    "primary key": KEY, "unique constraint": KEY,
    "check": {"expression": "sql", "no_inherit": "bool p", "validated": "not p", "enforced": "not p", **COMMENT},
    "exclusion constraint": {"elements": "parts", "method": "name", "where": "sql", "deferrable": "word", **OWN_INDEX,
                             **COMMENT},
    "foreign key": {"columns": "names", "table": "name", "ref_columns": "names", "on_delete": "word",
                    "on_update": "word", "match": "word", "deferrable": "word", "set_columns": "names p",
                    "validated": "not p", "enforced": "not p", **COMMENT},
    "index": {"columns": "parts", "unique": "bool", "method": "name p", "where": "sql", "include": "names p",
              "nulls_distinct": "not p", "with": "options p", "tablespace": "name p", **COMMENT},
    "trigger": {"timing": "word", "events": "words", "of": "names", "for_each": "word", "when": "sql",
                "body": "script", **COMMENT},
    "enum": {"values": "values", **COMMENT},
    "sequence": {"type": "type", "owned_by": "name", **SEQUENCE, **COMMENT},
    "table": {"sqlite.strict": "bool s", "sqlite.without_rowid": "bool s", "postgresql.unlogged": "bool p",
              "postgresql.fillfactor": "number p", "postgresql.tablespace": "name p",
              "postgresql.with": "options p", "postgresql.access_method": "name p",
              "postgresql.replica_identity": "name p", "postgresql.cluster": "name p", **COMMENT},
    "view": {"columns": "names", "definition": "query", **COMMENT},
}
SHORT = {"primary key": "columns", "unique constraint": "columns", "check": "expression", "index": "columns",
         "enum": "values", "view": "definition"}
SECTIONS = {"unique": "unique constraint", "checks": "check", "exclusions": "exclusion constraint",
            "foreign_keys": "foreign key", "indexes": "index", "triggers": "trigger"}
DEFAULT_WORDS = {"on_delete": "no action", "on_update": "no action", "match": "simple", "for_each": "row",
                 "on_conflict": "abort"}


class Object(dict):
    """An object's fields by key ("group.key"), in the meaning of the file."""

    def __init__(self, kind, ns, name=None):
        super().__init__()
        self.kind, self.ns, self.name, self.parts = kind, ns, name, []
        self.rowid, self.table_ns, self.managed = False, None, True


def as_list(value):
    return value if isinstance(value, list) else [value]


def sql_value(value):
    if isinstance(value, dict):
        value = value.get(dialect())
    if isinstance(value, bool):
        return "true" if value else "false"
    return value


def part_of(value):
    part = dict(value) if isinstance(value, dict) else {"name": value}
    if "expression" in part:
        part["expression"] = sql_value(part["expression"])
    return part


def option(value):
    return ("true" if value else "false") if isinstance(value, bool) else value


def meaning(key, kind, value):
    """What the file says as it is kept; None = absent."""
    last = key.split(".")[-1]
    if kind in ("sql", "query", "script", "type"):
        return sql_value(value)
    if kind == "bool":
        return value or None
    if kind == "not":
        return None if value else False
    if kind == "word":
        return None if value is False or DEFAULT_WORDS.get(last) == value else value
    if kind in ("names", "words"):
        return as_list(value)
    if kind == "values":
        return [v["value"] if isinstance(v, dict) else v for v in value]
    if kind == "parts":
        return [part_of(v) for v in as_list(value)]
    if kind == "options":
        return [f"{k}={option(v)}" for k, v in value.items()]
    return value


def read(kind, ns, name, json_value):
    """The object that an entry says, but for its parts."""
    found, said = Object(kind, ns, name), json_value
    per_dialect = isinstance(said, dict) and said and set(said) <= set(NAMES)
    if kind in SHORT and (not isinstance(said, dict) or (per_dialect and kind in ("check", "view"))):
        said = {SHORT[kind]: said}
    for key, field in FIELDS[kind].items():
        type_, where = (field + " ").split(" ")[:2]
        group, _, last = key.rpartition(".")
        value = said.get(group) if group else said
        if group == "identity" and value is not None and not isinstance(value, dict):
            value = {"generated": value}
        if (where == "s" and not LITE) or (where == "p" and LITE) or not isinstance(value, dict) or last not in value:
            continue
        value = meaning(key, type_, value[last])
        if value is not None:
            found[key] = value
    if isinstance(said, dict) and "name" in said:
        found.name = said["name"]
    return found


SHORTHANDS = {"primary_key": "primary key", "unique": "unique constraint", "index": "index", "check": "check",
              "references": "foreign key"}


def read_shorthand(key, ns, column, said):
    kind = SHORTHANDS[key]
    if said is False:
        return None
    if kind == "check":
        return read(kind, ns, None, said)
    if kind == "foreign key":
        said = {"table": said} if isinstance(said, str) else dict(said)
        said["columns"] = column
        if "column" in said:
            said["ref_columns"] = said["column"]
        return read(kind, ns, None, said)
    return read(kind, ns, said if isinstance(said, str) else None, {"columns": column})


def read_table(ns, name, said):
    table = read("table", ns, name, said)
    table.managed = said.get("managed", True)
    for column, entry in said.get("columns", {}).items():
        found = read("column", ns, column, entry)
        found.null_said = entry.get("nullable") is True
        table.parts.append(found)
        for key in SHORTHANDS:
            if key in entry:
                table.parts.append(read_shorthand(key, ns, column, entry[key]))
    if "primary_key" in said:
        table.parts.append(read("primary key", ns, None, said["primary_key"]))
    read_sections(table, said)
    table.parts = [p for p in table.parts if p is not None]
    return table


def read_sections(relation, said):
    for section, kind in SECTIONS.items():
        entries = said.get(section, {})
        for entry in entries if isinstance(entries, list) else []:
            relation.parts.append(read(kind, relation.ns, None, entry))
        for name, entry in entries.items() if isinstance(entries, dict) else []:
            relation.parts.append(read(kind, relation.ns, name, entry))


class Schema:
    def __init__(self, files):
        self.objects, self.manages = [], set()
        for file in files:
            self.add(file)
        self.finish()

    def add(self, file):
        ns = file.get("schema")
        for section, kind in (("tables", "table"), ("views", "view"), ("enums", "enum"), ("sequences", "sequence")):
            if section in file and section != "tables":
                self.manages.add(section)
            for name, said in file.get(section, {}).items():
                if kind == "table":
                    found = read_table(ns, name, said)
                else:
                    found = read(kind, ns, name, said)
                if kind == "view" and isinstance(said, dict) and "definition" in said:
                    read_sections(found, said)
                if isinstance(said, dict) and "triggers" in said and kind in ("table", "view"):
                    self.manages.add("triggers")
                self.objects.append(found)

    def all(self, kind):
        return [o for o in self.objects if o.kind == kind]

    def table(self, ns, name):
        return next((t for t in self.all("table") if t.ns == ns and fold(t.name) == fold(name)), None)

    # ---- what a file means -------------------------------------------------------------------

    def finish(self):
        if LITE:
            self.spell_out_enums()
        for table in self.all("table"):
            for fk in parts(table, "foreign key"):
                self.resolve(fk)
        for table in self.all("table"):
            for fk in parts(table, "foreign key"):
                self.fill(fk)
            self.finish_table(table)
        for sequence in self.all("sequence"):
            if "type" in sequence and type_text(sequence["type"]) == "bigint":
                del sequence["type"]
            usual_sequence(sequence, "", sequence.get("type", "bigint"))
        for table in self.all("table"):
            for part in table.parts:
                if part.name and is_conventional(table, part):
                    part.name = None

    def spell_out_enums(self):
        enums = {fold(e.name): e for e in self.all("enum")}
        self.manages.discard("enums")
        self.objects = [o for o in self.objects if o.kind != "enum"]
        for table in self.all("table"):
            for column in parts(table, "column"):
                enum = enums.get(fold(column.get("type", "").strip(SPACE)))
                if enum is None:
                    continue
                column["type"] = "text"
                check = Object("check", None)
                values = ", ".join("'" + v.replace("'", "''") + "'" for v in enum["values"])
                check["expression"] = '"' + column.name.replace('"', '""') + f'" IN ({values})'
                table.parts.append(check)

    def resolve(self, fk):
        if LITE:
            return
        if self.table(fk.ns, fk["table"]) is not None:
            fk.table_ns = fk.ns
        elif self.table(None, fk["table"]) is None and re.fullmatch(r"(?s)[^.]+\..+", fk["table"]):
            fk.table_ns, fk["table"] = fk["table"].split(".", 1)

    def fill(self, fk):
        table = self.table(fk.table_ns, fk["table"])
        key = key_of(table) if table is not None else None
        if "ref_columns" not in fk and key:
            fk["ref_columns"] = [p["name"] for p in key["columns"] if "name" in p]

    def enum_type(self, column):
        text, array = column["type"], "[]" if "[" in column["type"] else ""
        enums = [e.name for e in self.all("enum") if e.ns == column.ns]
        bare = re.sub(r"\([^)]*\)", "", type_text(text)).partition("[")[0]
        if re.fullmatch('"(?:[^"]|"")*"', bare):
            bare = bare[1:-1].replace('""', '"')
        for name in (text.partition("[")[0].strip(SPACE), bare):
            if column.ns and name in enums:
                column["type"] = ".".join(n if is_plain(n) else '"' + n.replace('"', '""') + '"'
                                          for n in (column.ns, name)) + array
                return

    def finish_table(self, table):
        columns = {fold(c.name): c for c in parts(table, "column")}
        key = key_of(table)
        for column in columns.values():
            self.enum_type(column)
            finish_column(column)
        finish_options(table, columns)
        for part in key["columns"] if key else []:
            column = columns[fold(part["name"])]
            if not LITE or not column.null_said:
                column["nullable"] = False
        if LITE and key and len(key["columns"]) == 1:
            rowid_alias(table, columns[fold(key["columns"][0]["name"])], key["columns"][0])
        for part in table.parts:
            if small(part.get("method", "")) == "btree":
                del part["method"]
            for element in part.get("columns", []) + part.get("elements", []):
                if isinstance(element, dict):
                    finish_part(element, columns)


def parts(relation, kind):
    return [p for p in relation.parts if p.kind == kind]


def key_of(table):
    return next(iter(parts(table, "primary key")), None)


def rowid_alias(table, column, part):
    word = small(column["type"].strip(SPACE)) == "integer"
    if table.get("sqlite.without_rowid") or part.get("order") == "desc":
        return
    if not word and "identity.generated" not in column:
        return
    for key in ("nullable", "identity.generated", "sqlite.on_conflict"):
        column.pop(key, None)
    column.rowid, column["type"] = True, "integer"


def finish_column(column):
    if "default" in column and canonical(column["default"]) == "null":
        del column["default"]
    if LITE:
        if small(column.get("collation", "")) == "binary":
            del column["collation"]
        return
    kind = type_text(column["type"])
    if "identity.generated" in column:
        usual_sequence(column, "identity.", kind)
    if "identity.generated" in column or kind in ("serial", "bigserial", "smallserial"):
        column["nullable"] = False


def usual_sequence(found, prefix, kind):
    kind = type_text(kind)
    bits = 15 if kind in ("smallint", "smallserial") else 31 if kind in ("integer", "serial") else 63
    falls = found.get(prefix + "increment", "1").startswith("-")
    low, high = (str(-2 ** bits), "-1") if falls else ("1", str(2 ** bits - 1))
    start = found.get(prefix + "max", high) if falls else found.get(prefix + "min", low)
    usual = {"min": low, "max": high, "start": start, "increment": "1", "cache": "1"}
    for key, value in usual.items():
        if found.get(prefix + key) == value:
            del found[prefix + key]


PLAIN = {"smallint", "integer", "bigint", "real", "double precision", "boolean", "date", "uuid", "money", "oid", "name",
         "timestamp without time zone", "timestamp with time zone", "time without time zone", "time with time zone",
         "interval"}


def finish_options(table, columns):
    kinds = {re.sub(r"\([^)]*\)", "", type_text(c["type"])) for c in columns.values()}
    if "postgresql.with" in table and kinds <= PLAIN:
        table["postgresql.with"] = [o for o in table["postgresql.with"] if not o.startswith("toast.")]


def finish_part(part, columns):
    desc = part.get("order") == "desc"
    if LITE:
        part.pop("nulls", None)
        part.pop("opclass", None)
    elif part.get("nulls") == ("first" if desc else "last"):
        del part["nulls"]
    if "collation" in part and "name" in part:
        own = columns[fold(part["name"])].get("collation", "binary" if LITE else None)
        if own is not None and fold(own) == fold(part["collation"]):
            del part["collation"]


# ---- the naming convention (docs/schema-files.md) --------------------------------------------

def cut(name, most):
    data = name.encode()
    if not most or len(data) <= most:
        return name
    kept = data[:most - 5]
    while kept and data[len(kept)] & 0xc0 == 0x80:
        kept = kept[:-1]
    return kept.decode() + "_" + hashlib.sha256(data).hexdigest()[:4]


def slug(expression):
    words = re.findall(r"[A-Za-z0-9_\x80-\U0010ffff]+", canonical(expression))
    return cut(small("_".join(words)) or "expr", 40)


def is_conventional(table, part):
    most = 0 if LITE else 63
    columns = "_".join(c if isinstance(c, str) else c.get("name") or slug(c["expression"])
                       for c in part.get("columns", []))
    name = {"primary key": f"pk_{table.name}", "unique constraint": f"uq_{table.name}_{columns}",
            "index": f"ix_{table.name}_{columns}", "foreign key": f"fk_{table.name}_{columns}_{part.get('table')}",
            "check": f"ck_{table.name}_{slug(part.get('expression', ''))}"}.get(part.kind)
    if name is None:
        return False
    if fold(cut(name, most)) == fold(part.name):
        return True
    prefix = fold(f"ck_{table.name}_")
    return part.kind == "check" and fold(part.name).startswith(prefix) and \
        any(fold(c.name) == fold(part.name[len(prefix):]) for c in parts(table, "column"))


# ---- the text --------------------------------------------------------------------------------

def part_text(part):
    out = quoted(fold(part["name"])) if "name" in part else "sql " + quoted(canonical(part["expression"]))
    if "collation" in part:
        out += " collate " + quoted(fold(part["collation"]))
    if "opclass" in part:
        out += " opclass " + quoted(part["opclass"])
    if part.get("order") == "desc":
        out += " desc"
    if "nulls" in part:
        out += " nulls " + part["nulls"]
    if "with" in part:
        out += " with " + quoted(part["with"])
    return out


def value_text(kind, value):
    if kind in ("bool", "not"):
        return "true" if value else "false"
    if kind == "sql":
        return quoted(canonical(value))
    if kind == "query":
        return quoted(canonical(script_text(value)))
    if kind == "script":
        return quoted(canonical(script_text(value) + ";"))
    if kind == "type":
        return quoted(type_text(value))
    if kind == "name":
        return quoted(fold(value))
    if kind == "parts":
        return ",".join(map(part_text, value))
    if kind == "names":
        return ",".join(quoted(fold(v)) for v in value)
    if kind in ("words", "options"):
        return ",".join(map(quoted, sorted(value, key=str.encode)))
    if kind == "values":
        return ",".join(map(quoted, value))
    return quoted(value)


def script_text(sql):
    """Without semicolons at the end."""
    toks = tokens(sql)
    while toks and toks[-1] == ("operator", ";"):
        toks.pop()
    return " ".join(text for _, text in toks)


def line_of(found):
    out = found.kind
    if found.ns:
        out += " in " + quoted(fold(found.ns))
    if found.name:
        out += " " + quoted(fold(found.name))
    fields = [" rowid"] if found.rowid else []
    for key, field in FIELDS[found.kind].items():
        if found.get(key) not in (None, []):
            fields.append(f" {key}={value_text(field.split(' ')[0], found[key])}")
    out += "".join(sorted(fields, key=str.encode))
    return out + (" table.in=" + quoted(fold(found.table_ns)) if found.table_ns else "") + "\n"


def text_of(files):
    schema = Schema(files)
    texts = [f"manages {section}\n" for section in schema.manages]
    for found in schema.objects:
        if found.managed:
            lines = sorted(("\t" + line_of(p) for p in found.parts), key=str.encode)
            texts.append(line_of(found) + "".join(lines))
    return dialect() + "\n" + "".join(sorted(texts, key=str.encode))


def load(path):
    with open(path, encoding="utf-8") as file:
        return json.load(file, parse_int=Number, parse_float=Number)


def fingerprint(name, paths):
    global LITE
    LITE = name == "sqlite"
    return text_of([load(path) for path in paths])


def main():
    if sys.argv[1] == "-t":
        sys.stdout.write(fingerprint(sys.argv[2], sys.argv[3:]))
        return 0
    good = bad = 0
    for folder in sys.argv[1:]:
        with open(folder + "/fingerprints", encoding="utf-8") as lines:
            rows = [line.split() for line in lines if line.strip() and not line.startswith("#")]
        for name, wanted, *files in rows:
            text = fingerprint(name, [f"{folder}/{file}" for file in files])
            found = "v1:" + hashlib.sha256(text.encode()).hexdigest()
            good += found == wanted
            bad += found != wanted
            if found != wanted:
                print(f"{folder}: {' '.join(files)} on {name}: docs/fingerprint.md gives {found}, not {wanted}\n{text}")
    print(f"{good} fingerprints as docs/fingerprint.md gives them, {bad} not")
    return 1 if bad or not good else 0


sys.exit(main())
