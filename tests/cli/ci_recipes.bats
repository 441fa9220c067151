#!/usr/bin/env bats
# What docs/ci.md and the recipes say, run as their users run it.
load helpers

setup_more() {
	ROOT="$(cd "$BATS_TEST_DIRNAME/../.." && pwd)"
	PATH="$(dirname "$SD"):$PATH"
	git init -q -b main .
	git config user.email a@example.org
	git config user.name A
	printf 'app.db\n.out\n.err\n' >.gitignore
	ok init
	rm schemas/*.json
	echo '{ "tables": { "users": { "columns": {
		"id": { "type": "integer", "primary_key": true },
		"email": { "type": "text" } } } } }' >schemas/users.json
}

# recipe FILE EXPRESSION: a part of a YAML file ("d" is its document)
recipe() {
	python3 -c 'import sys, yaml; d = yaml.safe_load(open(sys.argv[1])); print(eval(sys.argv[2]))' "$1" "$2"
}

# step N [INPUT=VALUE…]: run that step of the action as the runner does: with the inputs given, the others
# by their defaults, in the step's environment, by its shell
step() {
	python3 - "$ROOT/.github/actions/check/action.yml" "$@" >step.sh <<-'END'
		import re, shlex, sys, yaml
		action = yaml.safe_load(open(sys.argv[1]))
		step = action["runs"]["steps"][int(sys.argv[2])]
		given = dict(a.split("=", 1) for a in sys.argv[3:])
		assert set(given) <= set(action["inputs"]), given
		inputs = {k: given.get(k, v["default"]) for k, v in action["inputs"].items()}
		def value(text): return re.sub(r"\$\{\{ inputs\.([\w-]+) \}\}", lambda m: inputs[m[1]], text)
		assert step["shell"] == "bash" and "${{" not in step["run"], "an input in a script is code"
		for name, text in step.get("env", {}).items():
		    print(f"export {name}={shlex.quote(value(text))}")
		print("cd", shlex.quote(value(step.get("working-directory", "."))))
		print(step["run"])
	END
	status=0
	GITHUB_ACTION_PATH="$ROOT/.github/actions/check" GITHUB_PATH="$BATS_TEST_TMPDIR/.path" \
		bash --noprofile --norc -eo pipefail step.sh >.out 2>.err </dev/null || status=$?
	out="$(cat .out)" err="$(cat .err)"
}

@test "GitHub's action on a drifted PostgreSQL: exit 1, and the annotation" {
	[ -n "${SD_TEST_PG:-}" ] || skip "no server"
	local host
	host="$(sed -n 's/.*host=\([^ ]*\).*/\1/p' <<<"$SD_TEST_PG")"
	psql -q "$SD_TEST_PG" -c 'DROP DATABASE IF EXISTS ci_recipe' -c 'CREATE DATABASE ci_recipe'
	local url="postgresql://postgres@/ci_recipe?host=$host"
	ok -q --url "$url" autogenerate -m one --rev-id aaa1
	ok -q --url "$url" upgrade
	git add -A
	git commit -qm one
	step 0
	want 0
	step 1 url="$url" scratch=auto
	want 0
	hasnt "$out" "::error"
	psql -q "${SD_TEST_PG/dbname=postgres/dbname=ci_recipe}" -c 'ALTER TABLE users DROP COLUMN email'
	step 1 url="$url" scratch=auto
	want 1
	has "$out" "::error file=schemas/users.json,line=3,col=3,title=schemadiff%3A drift::"
	has "$out" "add column users.email"
	has "$out" "FAIL  5"
	# the other inputs, from a folder above
	mkdir ../top
	mv .git schemadiff.json schemas migrations ../top/
	step 1 url="$url" working-directory=../top format=gitlab upstream=main arguments="--output ../here/report.json -q"
	want 2
	has "$err" "cannot be written"
	step 1 url="$url" working-directory=../top format=gitlab upstream=main arguments="--output report.json -q"
	want 1
	is_json "$(cat ../top/report.json)"
	step 1 url="$url" working-directory=../top upstream=no-such-branch
	want 2
	has "$err" "--upstream no-such-branch"
	rm -rf ../top
	psql -q "$SD_TEST_PG" -c 'DROP DATABASE ci_recipe'
}

@test "GitHub's action builds the program where it is not installed" {
	local path="/usr/local/sbin:/usr/local/bin:/usr/sbin:/usr/bin:/sbin:/bin"
	PATH="$path" command -v schemadiff && skip "it is installed here"
	PATH="$path" MAKEFLAGS='' CC=cc step 0
	want 0
	[ -x "$(cat .path)/schemadiff" ]
	PATH="$(cat .path):$path" step 1
	want 1
	has "$out" "::error "
}

@test "GitHub's action without a database: files and migrations alone" {
	echo '{ "dialects": ["sqlite"] }' >schemadiff.json
	step 1
	want 1
	has "$out" "title=schemadiff%3A missing-migration::no revision creates what the files declare"
}

@test "GitLab's template: the report is an artifact, also when the check fails" {
	local file="$ROOT/.gitlab/schemadiff.yml" script
	equal "$(recipe "$file" "d['.schemadiff']['artifacts']['when']")" always
	equal "$(recipe "$file" "d['.schemadiff']['artifacts']['reports']['codequality']")" gl-code-quality-report.json
	git clone -q --bare . ../origin.git
	git remote add origin ../origin.git
	ok -q autogenerate -m one --rev-id aaa1
	git add -A
	git commit -qm one
	git push -q origin main
	recipe "$file" "'\n'.join(d['.schemadiff']['script'])" >script.sh
	status=0
	CI_DEFAULT_BRANCH=main SCHEMADIFF_ARGUMENTS="" sh -e script.sh >.out 2>.err || status=$?
	want 1
	out="$(cat gl-code-quality-report.json)"
	equal "$(field "$out" '[i["check_name"] for i in d]')" "['schemadiff/not-at-head']"
	rm -rf ../origin.git
}

@test "the pre-commit framework runs the hook, on what is staged" {
	command -v pre-commit >/dev/null || skip "pre-commit is not installed"
	export PRE_COMMIT_HOME="$BATS_TEST_TMPDIR/cache" GIT_CONFIG_COUNT=1 \
		GIT_CONFIG_KEY_0=protocol.file.allow GIT_CONFIG_VALUE_0=always
	mkdir ../hooks
	cp "$ROOT/.pre-commit-hooks.yaml" ../hooks/
	git -C ../hooks init -q
	git -C ../hooks config user.email a@example.org
	git -C ../hooks config user.name A
	git -C ../hooks add -A
	git -C ../hooks commit -qm hooks
	cat >.pre-commit-config.yaml <<-END
		repos:
		- repo: $(cd ../hooks && pwd)
		  rev: $(git -C ../hooks rev-parse HEAD)
		  hooks: [{ id: schemadiff }]
	END
	pre-commit install >/dev/null
	git add -A
	status=0
	git commit -qm one >.out 2>&1 || status=$?
	want 1
	has "$(cat .out)" "no revision creates what the files declare"
	ok -q autogenerate -m one --rev-id aaa1
	git add -A
	git commit -qm one
	rm -rf ../hooks
}

@test "the recipes in docs/ci.md parse, and name what there is" {
	python3 - "$ROOT" <<-'END'
		import re, sys, yaml, pathlib
		root = pathlib.Path(sys.argv[1])
		blocks = re.findall(r"```yaml\n(.*?)```", (root / "docs/ci.md").read_text(), re.S)
		assert blocks, "there is no recipe"
		hooks = {h["id"] for h in yaml.safe_load((root / ".pre-commit-hooks.yaml").read_text())}
		action = yaml.safe_load((root / ".github/actions/check/action.yml").read_text())
		templates = yaml.safe_load((root / ".gitlab/schemadiff.yml").read_text())
		seen = set()
		def walk(node):
		    if isinstance(node, dict):
		        if "schemadiff/.github" in str(node.get("uses", "")):
		            seen.add("github")
		            assert (root / node["uses"].split("schemadiff/", 1)[1].split("@")[0] / "action.yml").exists()
		            assert set(node.get("with", {})) <= set(action["inputs"]), node
		        if "extends" in node:
		            seen.add("gitlab")
		            assert node["extends"] in templates, node
		        if "hooks" in node:
		            seen.add("pre-commit")
		            assert {h["id"] for h in node["hooks"]} <= hooks, node
		    for value in node.values() if isinstance(node, dict) else node if isinstance(node, list) else []:
		        walk(value)
		for block in blocks:
		    walk(yaml.safe_load(block))
		assert seen == {"github", "gitlab", "pre-commit"}, seen
	END
}
