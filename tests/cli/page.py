"""Does what a page of docs/ says, in the working directory, and compares what is printed.

    page.py PAGE             exit 1 with the first place where the page is not true
    UPDATE=1 page.py PAGE    write what was printed into the page

Fenced blocks that count: `console` holds commands behind "$ " with what they print below them; `json FILE`,
`sql FILE`, `sh FILE` write that file; `diff FILE` changes it.  A line "..." stands for any lines.  Ids of
revisions, dates and times may differ from run to run, but an id is the same one wherever it stands on the page.
A command fails only where the page shows an error, a FAIL, or an exit code.
"""
import os
import re
import shlex
import subprocess
import sys
import tempfile

ID = r"(?<![0-9a-z])[0-9a-f]{12}(?![0-9a-z])"
LOOSE = [r"\(\d+ ms\)", r"\b20\d{6}_", r"\d{4}-\d\d-\d\d[T ]\d\d:\d\d:\d\d(?:\.\d+)?Z?", r"v1:[0-9a-f]{64}"]
FAILS = re.compile(r"error:|FAIL |^exit [1-9]|exit code [1-9]|nothing was committed", re.M)


class Untrue(Exception):
    pass


class Page:
    def __init__(self, text):
        self.text, self.ids, self.out = text, {}, []
        self.state = tempfile.NamedTemporaryFile("w+", prefix="page-")  # what a shell leaves to the next one
        subprocess.run(["bash", "-c", self.keep()], check=True)

    def keep(self):
        return f'{{ export -p; printf "cd %q\\n" "$PWD"; }} >{self.state.name}'

    def folder(self):
        return shlex.split(open(self.state.name).read().rstrip("\n").split("\n")[-1])[1]

    def command(self, line):
        """A command of the page with the ids of this run."""
        return re.sub(ID, lambda m: self.ids.get(m[0], m[0]), line)

    def pattern(self, line):
        """What a line of the page matches, and the ids that are new in it."""
        new, out, at = [], "", 0
        token = re.compile("|".join([ID] + [f"(?P<l{i}>{loose})" for i, loose in enumerate(LOOSE)]))
        for m in token.finditer(line):
            out, at = out + re.escape(line[at:m.start()]), m.end()
            if m.lastgroup:
                out += LOOSE[int(m.lastgroup[1:])]
            elif m[0] in self.ids:
                out += re.escape(self.ids[m[0]])
            elif m[0] in new:
                out += f"(?P=i{new.index(m[0])})"
            else:
                out += f"(?P<i{len(new)}>{ID})"
                new.append(m[0])
        return out + re.escape(line[at:]), new

    def same(self, wanted, got):
        """Lines of the page against lines printed."""
        while wanted:
            if wanted[0] == "...":
                return any(self.same(wanted[1:], got[k:]) for k in range(len(got) + 1))
            if not got:
                return False
            pattern, new = self.pattern(wanted[0])
            m = re.fullmatch(pattern, got[0])
            if not m or set(m.groups()) & set(self.ids.values()) or len(set(m.groups())) < len(new):
                return False  # one id of a run is one id of the page
            self.ids.update(zip(new, m.groups()))
            wanted, got = wanted[1:], got[1:]
        return not got

    def learn(self, line):
        """A line printed, with the page's ids in it; new ones are the page's from now on."""
        back = {actual: name for name, actual in self.ids.items()}
        for new in set(re.findall(ID, line)) - set(back):
            self.ids[new] = back[new] = new
        return re.sub(ID, lambda m: back[m[0]], line)

    def run(self, command, wanted, place):
        script = f". {self.state.name}\n{self.command(command)}\nstatus=$?; {self.keep()}; exit $status"
        done = subprocess.run(["stdbuf", "-oL", "bash", "-c", script], stdin=subprocess.DEVNULL,
                              stdout=subprocess.PIPE, stderr=subprocess.STDOUT, text=True,
                              env={"PATH": os.environ["PATH"]})
        got = done.stdout.rstrip("\n").split("\n") if done.stdout.strip() else []
        same = self.same(wanted, got)
        if not same and os.environ.get("UPDATE"):
            return [self.learn(line) for line in got]
        if not same:
            raise Untrue(f"{place}: $ {command}\n-- the page says\n" + "\n".join(wanted) + "\n-- it is\n" + "\n".join(got))
        if bool(done.returncode) and not FAILS.search("\n".join(wanted)):
            raise Untrue(f"{place}: $ {command}\nexit {done.returncode}, and the page shows no error")
        return wanted

    def console(self, lines, place):
        out, k = [], 0
        while k < len(lines):
            if not lines[k].startswith("$ "):
                raise Untrue(f"{place}: not a command: {lines[k]}")
            command, start, k = [lines[k][2:]], k, k + 1
            while k < len(lines) and lines[k].startswith("> "):
                command, k = command + [lines[k][2:]], k + 1
            end = k
            while end < len(lines) and not lines[end].startswith("$ "):
                end += 1
            out += lines[start:k] + self.run("\n".join(command), lines[k:end], place)
            k = end
        return out

    def block(self, words, lines, place):
        kind, name = words[0], os.path.join(self.folder(), words[1]) if len(words) > 1 else None
        if kind == "console":
            return self.console(lines, place)
        if name and kind == "diff":
            text = open(name).read()
            was = "".join(l[1:] + "\n" for l in lines if l[:1] != "+")
            now = "".join(l[1:] + "\n" for l in lines if l[:1] != "-")
            if text.count(was) != 1:
                raise Untrue(f"{place}: {name} does not hold\n{was}\nbut\n{text}")
            open(name, "w").write(text.replace(was, now))
        elif name:
            os.makedirs(os.path.dirname(name) or ".", exist_ok=True)
            open(name, "w").write(self.command("\n".join(lines)) + "\n")
        return lines

    def go(self):
        lines, k = self.text.split("\n"), 0
        while k < len(lines):
            self.out.append(lines[k])
            if lines[k].startswith("```") and lines[k] != "```":
                end = lines.index("```", k)
                self.out += self.block(lines[k][3:].split(), lines[k + 1:end], f"line {k + 1}")
                self.out.append("```")
                k = end
            k += 1
        return "\n".join(self.out)


path = sys.argv[1]
page = Page(open(path).read())
try:
    text = page.go()
except Untrue as e:
    sys.exit(f"{path}, {e}")
if os.environ.get("UPDATE"):
    open(path, "w").write(text)
