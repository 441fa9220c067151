#!/usr/bin/env bats
# The formats of check: held against schemas, and read back as those read them who show them.
load helpers

setup_more() {
	SCHEMAS="$(cd "$BATS_TEST_DIRNAME/../../schemas" && pwd)"
	project
	rm schemas/*.json
	cat >schemas/users.json <<-'END'
		{
		  "tables": {
		    "users": {
		      "columns": {
		        "id": { "type": "integer", "primary_key": true },
		        "email": { "type": "text" }
		      }
		    }
		  }
		}
	END
	git init -q -b main .
	git config user.email a@example.org
	git config user.name A
	printf 'app.db\n.out\n.err\n' >.gitignore
	ok -q autogenerate -m one --rev-id aaa1
	ok -q upgrade
	git add -A
	git commit -qm one
}

# valid SCHEMA: $out is what that schema describes
valid() {
	printf '%s' "$out" >doc.json
	python3 - "$SCHEMAS/$1" doc.json <<-'END'
		import json, sys, jsonschema
		schema, doc = (json.load(open(p, encoding="utf-8")) for p in sys.argv[1:])
		jsonschema.validators.validator_for(schema)(schema).validate(doc)
	END
}

# What GitHub's runner makes of the log: a JSON list of level, properties, message.
commands() {
	printf '%s\n' "$out" >log.txt
	python3 - <<-'END'
		import json, re
		found, stopped = [], None
		for line in open("log.txt", encoding="utf-8", errors="surrogateescape", newline="\n"):
		    m = re.match(r"^\s*::([a-zA-Z-]+)(?: ([^:]*(?::(?!:)[^:]*)*))?::(.*)$", line.rstrip("\r\n"))
		    if stopped:
		        stopped = None if line.strip() == f"::{stopped}::" else stopped
		        continue
		    if not m:
		        continue
		    def data(t): return t.replace("%0D", "\r").replace("%0A", "\n").replace("%25", "%")
		    def prop(t): return data(t.replace("%3A", ":").replace("%2C", ","))
		    name, props, text = m.groups()
		    if name == "stop-commands":
		        stopped = data(text)
		        continue
		    props = dict(p.split("=", 1) for p in (props or "").split(",") if p)
		    found.append([name, {k: prop(v) for k, v in props.items()}, data(text)])
		print(json.dumps(found))
	END
}

drift() { sql 'ALTER TABLE users ADD COLUMN stray text; ALTER TABLE users DROP COLUMN email'; }

@test "json: the schema of the document, clean and not" {
	ok check --format json
	valid check.schema.json
	drift
	sd check --json
	want 1
	valid check.schema.json
	equal "$(field "$out" '[(f["rule"], f["file"], f["line"]) for f in d["findings"]]')" \
		"[('drift', 'schemas/users.json', 3), ('drift', 'schemas/users.json', 6)]"
	echo '{' >schemas/broken.json
	sd check --json
	want 2
	valid check.schema.json
	equal "$(field "$out" 'd["findings"][0]["rule"], d["findings"][0]["file"]')" \
		"('schema-files', 'schemas/broken.json')"
}

@test "sarif: the published schema, with every kind of finding" {
	ok check --format sarif
	valid third-party/sarif-2.1.0-rtm.5.json
	equal "$(field "$out" 'd["runs"][0]["results"]')" "[]"
	drift
	sd check --format sarif
	want 1
	valid third-party/sarif-2.1.0-rtm.5.json
	equal "$(field "$out" '[r["ruleId"] for r in d["runs"][0]["results"]]')" "['drift', 'drift']"
	equal "$(field "$out" 'd["runs"][0]["results"][1]["locations"][0]["physicalLocation"]["region"]')" \
		"{'startLine': 6}"
	echo '{' >"schemas/brök en.json"
	sed -i 's/INTEGER PRIMARY KEY/INTEGER/' migrations/*
	sd check --format sarif
	want 2
	valid third-party/sarif-2.1.0-rtm.5.json
	has "$out" '"uri": "schemas/br%C3%B6k%20en.json"'
	equal "$(field "$out" '{r["ruleId"] for r in d["runs"][0]["results"]} <= {r["id"] for r in d["runs"][0]["tool"]["driver"]["rules"]}')" \
		"True"
	has "$out" "gate 5 was skipped"
}

@test "gitlab: what its documentation asks for; each fingerprint once, and it stays when lines move" {
	ok check --format gitlab
	equal "$out" "[]"
	drift
	sd check --format gitlab
	want 1
	valid gitlab-code-quality.schema.json
	equal "$(field "$out" '[(i["location"]["path"], i["location"]["lines"]["begin"]) for i in d]')" \
		"[('schemas/users.json', 3), ('schemas/users.json', 6)]"
	equal "$(field "$out" 'len({i["fingerprint"] for i in d})')" 2
	local before
	before="$(field "$out" '[i["fingerprint"] for i in d]')"
	sed -i '1s/^/\n\n/' schemas/users.json
	sd check --format gitlab
	equal "$(field "$out" '[i["fingerprint"] for i in d]')" "$before"
	equal "$(field "$out" '[i["location"]["lines"]["begin"] for i in d]')" "[5, 8]"
}

@test "gitlab: what has no place stands at the configuration" {
	sql "INSERT INTO schemadiff_revisions SELECT 'gone', parents, description, checksum, applied_at, applied_by, duration_ms, tool_version, state, progress, down_sql FROM schemadiff_revisions"
	sd check --format gitlab
	want 1
	valid gitlab-code-quality.schema.json
	equal "$(field "$out" '[(i["location"]["path"], i["location"]["lines"]["begin"]) for i in d]')" \
		"[('schemadiff.json', 1)]"
}

@test "github: commands with file and line, then the log as text" {
	drift
	sd check --format github
	want 1
	equal "$(field "$(commands)" '[(c[0], c[1]["file"], c[1]["line"], c[1]["title"]) for c in d]')" \
		"[('error', 'schemas/users.json', '3', 'schemadiff: drift'), ('error', 'schemas/users.json', '6', 'schemadiff: drift')]"
	equal "$(field "$(commands)" 'd[1][2]')" \
		"this would bring the database to what the files say: add column users.email"
	has "$out" "FAIL  5  the database equals the schema files: 2 differences"
}

@test "github: from a folder below, paths count from the top of the repository" {
	mkdir -p deep/er
	git mv schemadiff.json schemas migrations deep/er/
	mv app.db deep/er/
	cd deep/er || return 1
	drift
	sd check --format github
	want 1
	has "$(field "$(commands)" '[c[1]["file"] for c in d]')" "deep/er/schemas/users.json"
	cd ..
	sd -c er/schemadiff.json check --format gitlab
	want 1
	has "$out" '"path": "deep/er/schemas/users.json"'
}

@test "names that look like commands, or end lines, break nothing" {
	python3 - <<-'END'
		import json
		columns = {"id": {"type": "integer", "primary_key": True}}
		for name in ["a::error::b", "a\n::error file=x::y", "50%0A, \r\n:done", "\"'`", "é🙂"]:
		    columns[name] = {"type": "text"}
		json.dump({"tables": {"users": {"columns": columns}}}, open("schemas/users.json", "w"))
	END
	sql 'ALTER TABLE users ADD COLUMN "::warning::x" text'
	sd check --format github
	want 1
	equal "$(field "$(commands)" '{c[0] for c in d}, {c[1]["file"] for c in d}')" \
		"({'error'}, {'schemas/users.json'})"
	# each name whole, in the order of the columns
	equal "$(field "$(commands)" '[c[2].split("add column users.", 1)[1].split("; run")[0] for c in d if "missing" in c[1]["title"] and "add column" in c[2]]')" \
		"$(python3 -c 'print(["a::error::b", "a\n::error file=x::y", "50%0A, \r\n:done", "\"\x27`", "é🙂"])')"
	for format in gitlab:gitlab-code-quality.schema.json sarif:third-party/sarif-2.1.0-rtm.5.json json:check.schema.json; do
		sd check --format "${format%%:*}"
		want 1
		valid "${format#*:}"
	done
}

@test "-o writes the document to a file, and the text to the standard output" {
	drift
	sd check --format sarif -o report.sarif
	want 1
	has "$out" "FAIL  5"
	out="$(cat report.sarif)"
	valid third-party/sarif-2.1.0-rtm.5.json
	sd check --format json --output report.json
	want 1
	has "$out" "FAIL  5"
	out="$(cat report.json)"
	valid check.schema.json
	sd check --format gitlab -o no/such/folder.json
	want 2
	has "$err" "cannot be written"
}

@test "an unknown format: what there is" {
	sd check --format sarfi
	want 2
	has "$err" "sarif"
}
