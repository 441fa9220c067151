# What the tests with real repositories share: `load git_helpers` after `load helpers`.

# Nobody's own settings, no repository around, no CI; the program is on PATH for hooks.
git_setup() {
	unset GIT_DIR GIT_WORK_TREE GIT_INDEX_FILE GIT_PREFIX GITHUB_BASE_REF \
		CI_MERGE_REQUEST_TARGET_BRANCH_NAME BITBUCKET_PR_DESTINATION_BRANCH
	export GIT_CONFIG_GLOBAL="$BATS_TEST_TMPDIR/gitconfig" GIT_CONFIG_NOSYSTEM=1 HOME="$BATS_TEST_TMPDIR"
	export GIT_EDITOR=true PATH="${SD%/*}:$PATH"
	git config --global user.name Ada
	git config --global user.email ada@example.org
	git config --global init.defaultBranch main
	git config --global advice.detachedHead false
	git config --global protocol.file.allow always
}

# table FILE COLUMN…: a schema file with one table, called as the file.
table() {
	local file=$1 name
	name="$(basename "$file" .json)"
	shift
	{
		printf '{ "tables": { "%s": { "columns": {\n"id": { "type": "integer", "primary_key": true }' "$name"
		printf ',\n"%s": { "type": "text" }' "$@"
		printf '\n} } } }\n'
	} >"$file"
}

# repository [DIR [GIT-INIT-OPTION…]]: a new one with a project of one table and one migration, committed, and
# the working directory in it.
repository() {
	local dir=${1:-repo}
	shift || true
	git init -q "$@" "$dir"
	cd "$dir" || return 1
	project_here
	git add -A
	git commit -qm "first tables"
}

# project_here: the same without git.
project_here() {
	mkdir schemas migrations
	echo '{ "environments": { "dev": { "url": "sqlite:app.db" } }, "default_environment": "dev" }' >schemadiff.json
	echo '*.db*' >.gitignore
	table schemas/notes.json title
	next aaa1
}

# next ID: the migration for what the schema files say now.
next() {
	"$SD" -q upgrade >/dev/null
	"$SD" -q autogenerate -m "to $1" --rev-id "$1" >/dev/null 2>&1
}

# by_git ARGS…: run git as sd runs the program.
by_git() {
	status=0
	git "$@" >"$BATS_TEST_TMPDIR/.out" 2>"$BATS_TEST_TMPDIR/.err" </dev/null || status=$?
	out="$(cat "$BATS_TEST_TMPDIR/.out")"
	err="$(cat "$BATS_TEST_TMPDIR/.err")"
}

# committed SUBJECT: the newest commit is that.
committed() {
	equal "$(git log -1 --format=%s)" "$1"
}
