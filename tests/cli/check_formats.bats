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

# valid SCHEMA: $out is what that schema describes. Our own schemas let new members be; here none is
# new.
valid() {
	printf '%s' "$out" >doc.json
	python3 - "$SCHEMAS/$1" doc.json <<-'END'
		import json, sys, jsonschema
		schema, doc = (json.load(open(p, encoding="utf-8")) for p in sys.argv[1:])
		def close(node):
		    if isinstance(node, dict):
		        if node.get("type") == "object" and "properties" in node:
		            node["additionalProperties"] = False
		        list(map(close, node.values()))
		if "third-party" not in sys.argv[1]:
		    close(schema)
		kind = jsonschema.validators.validator_for(schema)
		kind.check_schema(schema)
		kind(schema).validate(doc)
	END
}

# commands [TEXT]: what GitHub's runner makes of a log ($out): a JSON list of level, properties,
# message. As its ActionCommand.cs does: lines end with \r or \n; "::name properties::message" with
# white space before it is a command, and so is "##[name properties]message" anywhere.
commands() {
	printf '%s\n' "${1-$out}" >log.txt
	python3 - <<-'END'
		import json, re
		def data(t): return t.replace("%0D", "\r").replace("%0A", "\n").replace("%25", "%")
		def prop(t): return data(t.replace("%3A", ":").replace("%2C", ","))
		found = []
		text = open("log.txt", encoding="utf-8", errors="replace", newline="").read()
		for line in re.split(r"\r\n|\r|\n", text):
		    trimmed = line.lstrip()
		    if trimmed.startswith("::") and "::" in trimmed[2:]:
		        head, message = trimmed[2:].split("::", 1)
		    elif "##[" in line and "]" in line.split("##[", 1)[1]:
		        head, message = line.split("##[", 1)[1].split("]", 1)
		    else:
		        continue
		    name, _, props = head.partition(" ")
		    props = dict(p.split("=", 1) for p in props.split(",") if "=" in p)
		    found.append([name, {k: prop(v) for k, v in props.items()}, data(message)])
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
		"{'startLine': 6, 'startColumn': 9}"
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

@test "gitlab: findings that say the same of one file have fingerprints of their own, which stay" {
	echo '{ "tables": { "t": { "columns": { "a": { "tipe": "text" }, "b": { "tipe": "text" } } } } }' >schemas/t.json
	sd check --format gitlab
	want 2
	valid gitlab-code-quality.schema.json
	equal "$(field "$out" 'len({i["description"] for i in d}) < len({i["fingerprint"] for i in d}) == len(d)')" True
	local before="$out"
	sd check --format gitlab
	equal "$out" "$before"
}

@test "gitlab: what has no place stands at the configuration" {
	sql "INSERT INTO schemadiff_revisions (revision, parents, description, checksum, applied_at, applied_by, duration_ms, tool_version, state, progress, down_sql) SELECT 'gone', parents, description, checksum, applied_at, applied_by, duration_ms, tool_version, state, progress, down_sql FROM schemadiff_revisions"
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

@test "bytes that are no UTF-8: every document is UTF-8 all the same" {
	local name format
	name="$(printf 'caf\351 \377')"
	sql "ALTER TABLE users ADD COLUMN \"$name\" text"
	for format in gitlab:gitlab-code-quality.schema.json sarif:third-party/sarif-2.1.0-rtm.5.json json:check.schema.json; do
		sd check --format "${format%%:*}"
		want 1
		valid "${format#*:}"
		has "$out" "drop column users.caf� �"
	done
	sd check --format github
	equal "$(field "$(commands)" 'd[0][2].split(": ")[1]')" "drop column users.caf� �"
	sd diff --json
	equal "$(field "$out" 'd["changes"][0]["name"]')" "caf� �"
}

@test "github: neither stream has a line that a name made a command" {
	cat >schemas/evil.json <<-'END'
		{ "tables": { "t": {
		  "columns": { "id": { "type": "integer" } },
		  "indexes": { "i": ["a\n::warning::x", "b\r \t::add-mask::x", "c ##[error]x", "d\n\u00a0::debug::x"] }
		} } }
	END
	sql "$(printf 'ALTER TABLE users ADD COLUMN "a\n::notice::x" text; ALTER TABLE users ADD COLUMN "b##[warning]x\r  ::error::y" text')"
	sd check --format github
	want 2
	has "$err" "::warning::x"
	equal "$(commands "$err")" "[]"
	equal "$(field "$(commands)" '{c[1]["title"] for c in d}')" "{'schemadiff: schema-files'}"
	has "$(field "$(commands)" '[c[2] for c in d]')" 'a\n::warning::x'
	rm schemas/evil.json
	sd check --format github
	want 1
	equal "$(field "$(commands)" '[c[1]["title"] for c in d]')" "['schemadiff: drift', 'schemadiff: drift']"
	equal "$(field "$(commands)" '[c[2].split("column ")[1] for c in d]')" \
		"['users.a\\n::notice::x', 'users.b##[warning]x\\r  ::error::y']"
	has "$out" "::notice::x"
	local before="$out"
	sd check --format github
	equal "$out" "$before"
}

@test "columns are code points, those of --json bytes" {
	local file='schemas/größe.json'
	echo '{ "tables": { "größe": { "columns": { "a": { "type": "text" }, "maß🙂": { "tipe": "text" } } } } }' >"$file"
	sd check --format sarif
	want 2
	valid third-party/sarif-2.1.0-rtm.5.json
	equal "$(field "$out" 'd["runs"][0]["columnKind"], d["runs"][0]["results"][0]["locations"][0]["physicalLocation"]["region"]')" \
		"('unicodeCodePoints', {'startLine': 1, 'startColumn': $(python3 -c "print(open('$file').read().index('\"tipe\"') + 1)")})"
	sd check --format github
	equal "$(field "$(commands)" 'd[0][1]["col"]')" "$(python3 -c "print(open('$file').read().index('\"tipe\"') + 1)")"
	sd check --json
	equal "$(field "$out" 'd["findings"][0]["column"]')" "$(python3 -c "print(open('$file', 'rb').read().index(b'\"tipe\"') + 1)")"
}

@test "a configuration that can't be loaded: a document all the same, with the place" {
	echo '{ "schemas": 7 }' >schemadiff.json
	sd check --format gitlab -o report.json
	want 2
	equal "$out" ""
	out="$(cat report.json)"
	valid gitlab-code-quality.schema.json
	equal "$(field "$out" 'd[0]["location"]')" "{'path': 'schemadiff.json', 'lines': {'begin': 1}}"
	sd check --format sarif
	want 2
	valid third-party/sarif-2.1.0-rtm.5.json
	equal "$(field "$out" 'd["runs"][0]["invocations"][0]["executionSuccessful"], d["runs"][0]["invocations"][0]["exitCode"]')" "(False, 2)"
	sd check --format github
	want 2
	equal "$(field "$(commands)" 'd[0][1]')" \
		"{'file': 'schemadiff.json', 'line': '1', 'col': '14', 'title': 'schemadiff: schema-files'}"
	sd check --json
	want 2
	valid check.schema.json
	equal "$(field "$out" 'd["gates"], d["findings"][0]["rule"]')" "([], 'schema-files')"
	sd check
	want 2
	equal "$out" ""
	echo '{ "environments": { "ci": { "url": "${NO_SUCH_VARIABLE}" } } }' >schemadiff.json
	sd check -e ci --format gitlab
	want 2
	valid gitlab-code-quality.schema.json
	has "$out" "NO_SUCH_VARIABLE"
}

@test "sarif: what was found is no failure of the run, a database that can't be asked is one" {
	drift
	sd check --format sarif
	equal "$(field "$out" 'd["runs"][0]["invocations"][0]["executionSuccessful"], d["runs"][0]["invocations"][0]["exitCode"]')" "(True, 1)"
	sd check --format sarif --url "postgresql://127.0.0.1:1/none"
	want 4
	valid third-party/sarif-2.1.0-rtm.5.json
	equal "$(field "$out" 'd["runs"][0]["invocations"][0]["executionSuccessful"], [r["ruleId"] for r in d["runs"][0]["results"]][-1]')" "(False, 'not-at-head')"
	echo '{}' >schemadiff.json
	sd check --format sarif
	equal "$(field "$out" '[n["message"]["text"][:30] for n in d["runs"][0]["invocations"][0]["toolExecutionNotifications"]]')" \
		"['gates 4 and 5 were skipped, wh']"
}

@test "no colours but in text on the standard output, and -o takes the text, too" {
	local escape=$'\e' format
	drift
	sd check --color always -o report.txt
	want 1
	has "$out" "${escape}[31mFAIL"
	has "$(cat report.txt)" "FAIL  5"
	hasnt "$(cat report.txt)" "$escape"
	for format in json github gitlab sarif; do
		sd check --color always --format "$format"
		want 1
		hasnt "$out" "$escape"
	done
}

@test "--json and another format: two documents need two places" {
	sd check --json --format sarif
	want 2
	has "$err" "--json and --format sarif ask for two documents"
	is_json "$out"
	ok check --json --format sarif -o report.sarif
	equal "$(field "$out" 'd["command"]')" check
	out="$(cat report.sarif)"
	valid third-party/sarif-2.1.0-rtm.5.json
	ok check --json --format json
	is_json "$out"
	ok check --json --format github -o commands.txt
	is_json "$out"
}

# places: rule, file, line and column of each finding of the last run
places() {
	field "$out" '[(f["rule"], f["file"], f["line"], f["column"]) for f in d["findings"]]'
}

@test "places: each kind of finding stands where it can be mended" {
	# a mistake in JSON
	printf '{\n  "tables": {\n    "x": [,]\n' >schemas/broken.json
	sd check --json
	equal "$(places)" "[('schema-files', 'schemas/broken.json', 3, 11)]"
	rm schemas/broken.json
	# no migration for a column: its line; nor for the one that is gone: that of its table
	sed -i 's/"email": { "type": "text" }/"mail": { "type": "text" }/' schemas/users.json
	sd check --json --url sqlite:none.db
	equal "$(places)" "[('missing-migration', 'schemas/users.json', 3, 5), ('missing-migration', 'schemas/users.json', 6, 9), ('not-at-head', None, None, None)]"
	git checkout -q schemas
	# a table that the files have not: no place
	sql 'CREATE TABLE stray (id integer)'
	sd check --json
	equal "$(places)" "[('drift', None, None, None)]"
	sql 'DROP TABLE stray'
	# a revision that is pending: where its header says its name
	ok -q revision -m two --rev-id bbb2
	sd check --json
	local line
	line="$(grep -n 'revision: bbb2' migrations/*_bbb2_two.sql | cut -d: -f1)"
	equal "$(field "$out" '[(f["rule"], f["line"]) for f in d["findings"]]')" "[('not-at-head', $line)]"
	rm migrations/*_bbb2_two.sql
	# a script that was edited: the line that is another one now
	git checkout -q -b topic
	sed -i 's/email text/email varchar/' migrations/*_aaa1_one.sql
	sd check --json --upstream main
	want 3
	line="$(grep -n 'email varchar' migrations/*_aaa1_one.sql | cut -d: -f1)"
	equal "$(field "$out" 'sorted({(f["rule"], f["line"]) for f in d["findings"] if f["rule"] in ("history", "not-at-head")})[0]')" \
		"('history', $line)"
}

@test "an unknown format: what there is" {
	sd check --format sarfi
	want 2
	has "$err" "sarif"
}
