#!/usr/bin/env bats
load helpers

# What the pages say of commands, options and each other is there.
setup_more() {
	ROOT="$(cd "$BATS_TEST_DIRNAME/../.." && pwd)"
}

@test "docs/commands.md has each command with each of its options, and what --json gives" {
	python3 - "$SD" "$ROOT/docs/commands.md" <<-'END'
		import re, subprocess, sys
		program, path = sys.argv[1:]
		page = open(path).read()
		def help(*command): return subprocess.run([program, "help", *command], check=True, capture_output=True, text=True).stdout
		def rows(text): return re.findall(r"^  ([a-z][a-z-]+)  ", text, re.M)
		def options(text): return {long: short for short, long in re.findall(r"^  (-.|  )(?:, |  )(--[a-z-]+)", text, re.M)}
		parts = dict()
		for title, body in re.findall(r"^### (.*)\n((?:(?!^##).*\n)*)", page, re.M):
		    for one in title.split(", "):
		        parts[one.split()[0]] = parts.get(one.split()[0], "") + title + body
		program_help = help()
		commands = rows(program_help.split("\noptions")[0])
		assert len(commands) >= 27, commands
		everywhere = options(program_help)
		json = page[page.index("\n## JSON"):]
		named = set(re.findall(r"`([a-z-]+)`", " ".join(re.findall(r"^\| (`.*?) \|", json, re.M))))
		# what stands in the section of another command: "as for `upgrade`"
		borrowed = {"seed": "upgrade", "fresh": "upgrade", "merge": "revision", "autogenerate": "revision"}
		wrong = []
		for command in commands:
		    text = parts.get(command, "")
		    if not text: wrong.append(f"{command}: no section")
		    where = text + parts[borrowed[command]] if command in borrowed else text
		    for long, short in options(help(command)).items():
		        if long in everywhere or re.search(long + r"(?![a-z-])", where): continue
		        if short == "  " or not re.search(r"[ \[`]" + short + r"[ \]`]", where): wrong.append(f"{command}: no {long}")
		    if command not in named: wrong.append(f"{command}: nothing about --json")
		for option in sorted(everywhere):
		    if option not in page[:page.index("\n## Streams")]: wrong.append(f"no {option}")
		if wrong: sys.exit("\n".join(wrong))
	END
}

@test "links between the pages lead somewhere" {
	python3 - "$ROOT" <<-'END'
		import pathlib, re, sys
		root = pathlib.Path(sys.argv[1])
		def anchors(path):
		    text = re.sub(r"^```.*?^```", "", path.read_text(), flags=re.S | re.M)
		    for title in re.findall(r"^#+ (.*)$", text, re.M):
		        title = re.sub(r"\[([^]]*)\]\([^)]*\)", r"\1", title).lower()
		        yield re.sub(r"[^\w\- ]", "", title).replace(" ", "-")
		wrong, seen = [], 0
		for page in [root / "README.md", root / "CONTRIBUTING.md", *sorted((root / "docs").glob("*.md"))]:
		    text = re.sub(r"^```.*?^```", "", page.read_text(), flags=re.S | re.M)
		    for link in re.findall(r"\]\(([^)\s]+)\)", text):
		        if re.match(r"[a-z]+:", link): continue
		        name, _, anchor = link.partition("#")
		        target, seen = (page.parent / name).resolve() if name else page, seen + 1
		        if not target.exists() or anchor and anchor not in anchors(target): wrong.append(f"{page.name}: {link}")
		assert seen > 100, seen
		if wrong: sys.exit("\n".join(wrong))
	END
}
