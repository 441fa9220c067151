"""A generated migration script, taken apart, and psql as a session that one can talk to."""
import os
import re
import subprocess


class Statement:
    """What stands between two semicolons, with the directives and claims above it."""

    def __init__(self, line):
        self.line = line
        self.text = ""
        self.claims = []  # what stands behind "-- locks "
        self.begins = False  # a transaction begins here
        self.outside = False  # of any transaction
        self.batch = False
        self.guard = None  # "expect-none" or "only-if"

    def __str__(self):
        return " ".join(self.text.split())


def part_lines(path, part):
    other = "-- schemadiff:down" if part == "up" else None
    inside = False
    with open(path, encoding="utf-8") as file:
        for number, line in enumerate(file, 1):
            line = line.rstrip("\n")
            if line == "-- schemadiff:" + part:
                inside = True
            elif inside and line == other:
                return
            elif inside:
                yield number, line


def direct(statement, words):
    """A directive that concerns one statement."""
    if words[0] == "batch":
        statement.batch = True
    elif words[0] in ("expect-none", "only-if"):
        statement.guard = words[0]


def statements(path, part):
    """Statements end with a semicolon at the end of a line; directives and claims are lines."""
    result, outside, statement = [], False, None
    for number, line in part_lines(path, part):
        if statement is None:
            statement = Statement(number)
        if statement.text:
            statement.text += "\n" + line
        elif line.startswith("-- schemadiff:"):
            words = line[len("-- schemadiff:"):].split()
            if words[0] in ("transaction", "no-transaction"):
                outside = words[0] == "no-transaction"
                statement.begins = True
            direct(statement, words)
        elif line.startswith("-- locks "):
            statement.claims.append(line[len("-- locks "):])
        elif line.strip() and not line.startswith("--"):
            statement.text, statement.line = line, number
        if statement.text.endswith(";"):
            statement.outside = outside
            result.append(statement)
            statement = None
    return result


class Session:
    """psql on a pipe: what is sent is answered up to a mark."""

    def __init__(self, conninfo, name):
        environment = dict(os.environ, PGAPPNAME=name)
        self.psql = subprocess.Popen(
            ["psql", "-X", "-q", "-A", "-t", "-F", "\t", conninfo], env=environment,
            stdin=subprocess.PIPE, stdout=subprocess.PIPE, stderr=subprocess.STDOUT,
            text=True, bufsize=1)
        self.mark = 0
        self.pid = self.ask("SELECT pg_backend_pid()")[0][0]

    def send(self, sql):
        self.mark += 1
        self.psql.stdin.write(f"{sql.rstrip(';')}\n;\n\\echo -- mark {self.mark}\n")
        self.psql.stdin.flush()

    def answer(self):
        lines = []
        for line in self.psql.stdout:
            if line == f"-- mark {self.mark}\n":
                break
            lines.append(line.rstrip("\n"))
        else:
            raise RuntimeError("the session is gone: " + "\n".join(lines))
        wrong = [line for line in lines if re.match(r"(ERROR|FATAL|PANIC):", line)]
        if wrong:
            raise RuntimeError("; ".join(lines))
        return [line.split("\t") for line in lines if line]

    def ask(self, sql):
        self.send(sql)
        return self.answer()

    def close(self):
        self.psql.stdin.close()
        self.psql.wait()
