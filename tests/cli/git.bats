#!/usr/bin/env bats
# `check` and the hook in repositories of every kind, and against the upstream branch.
load helpers
load git_helpers

setup_more() {
	git_setup
}

# feature: a clone of repo called `work` with a branch of its own, and the working directory in it.
feature() {
	repository
	cd ..
	git clone -q repo work
	cd work
	git checkout -qb feature
}

# gate N WORD: line of that gate in $out begins with the word.
gate() {
	has "$out" "$(printf '%-4s  %s' "$2" "$1")"
}

# the script of revision ID
script() {
	printf '%s\n' migrations/*_"$1"_*.sql
}

# ---- repositories that libgit2 can't read -----------------------------------------------------

# work_tree_counts REASON: the hook warns, and judges by the work tree.
work_tree_counts() {
	table schemas/notes.json title body
	git add schemas
	table schemas/notes.json title
	sd hook run
	want 0
	has "$err" "warning: what is staged can't be read ($1"
	has "$err" "the files of the work tree are checked instead"
	table schemas/notes.json title body
	sd hook run
	want 1
	has "$out" "FAIL  3"
	has "$out" "+ column body: text (schemas/notes.json:4)"
}

@test "a split index" {
	repository
	ok hook install
	git update-index --split-index
	work_tree_counts "unsupported mandatory extension: 'link')"
	by_git commit -m two
	want 1
	has "$err" "the files of the work tree are checked instead"
	git update-index --no-split-index
	sd hook run
	want 1
	hasnt "$err" warning
}

@test "a sparse index" {
	repository
	mkdir other more
	echo x >other/x
	echo x >more/x
	git add -A
	git commit -qm others
	ok hook install
	git sparse-checkout set --cone --sparse-index schemas migrations
	work_tree_counts "unsupported mandatory extension: 'sdir')"
	# a sparse checkout with a whole index is read
	git sparse-checkout reapply --no-sparse-index
	table schemas/notes.json title
	sd hook run
	want 1
	equal "$err" "nothing was committed: mend it, \`git add\` it, and commit again (\`git commit --no-verify\` commits all the same)"
}

@test "a sparse checkout that leaves the project out" {
	repository
	mkdir other
	echo x >other/x
	git add -A
	git commit -qm others
	ok hook install
	git sparse-checkout set --cone --no-sparse-index other
	[ ! -e schemas ]
	echo y >other/x
	by_git commit -am other
	want 0
	committed other
}

@test "SHA-256 names" {
	repository repo --object-format=sha256
	work_tree_counts "unsupported extension name extensions.objectformat)"
	sd hook install
	want 2
	has "$err" "extensions.objectformat"
	has "$err" "hint: a pre-commit hook of your own"
	printf '#!/bin/sh\nexec schemadiff hook run\n' >.git/hooks/pre-commit
	chmod +x .git/hooks/pre-commit
	by_git commit -am two
	want 1
	has "$err" "FAIL  3"
	git commit -qnm two
	next bbb2
	ok upgrade
	ok check --upstream ""
	equal "$err" ""
}

@test "SHA-256 names: check says that scripts are compared with no branch" {
	repository repo --object-format=sha256
	ok upgrade
	ok check
	has "$err" "warning: edits of published scripts may go unnoticed: git can't be asked: "
	has "$err" "extensions.objectformat"
	has "$err" 'hint: --upstream names another branch, --upstream "" none'
	sd check --upstream main
	want 2
	has "$err" "error: --upstream main: "
}

@test "reference tables" {
	git init --ref-format=reftable probe 2>/dev/null || skip "this git does not know them"
	repository repo --ref-format=reftable
	work_tree_counts ""
}

@test "a repository of another user" {
	[ "$(id -u)" = 0 ] || skip "needs root"
	repository
	ok hook install
	chown -R nobody .
	table schemas/notes.json title body
	sd hook run
	want 1
	has "$out" "FAIL  3"
	has "$err" "warning: what is staged can't be read (it belongs to another user"
	has "$err" "git config --global --add safe.directory"
	# libgit2 knows HOME's configuration, as git does
	unset GIT_CONFIG_GLOBAL
	git config --global user.name Ada
	git config --global --add safe.directory "$PWD"
	sd hook run
	want 0
	hasnt "$err" warning
}

@test "a partial clone" {
	repository
	table schemas/notes.json title body
	next bbb2
	git add -A
	git commit -qm two
	git config uploadpack.allowFilter true
	cd ..
	git clone -q --filter=blob:none "file://$PWD/repo" work
	cd work
	ok hook install
	table schemas/notes.json title body more
	by_git commit -am three
	want 1
	hasnt "$err" warning
	has "$err" "+ column more: text"
	next ccc3
	git add -A
	by_git commit -m three
	want 0
	# a blob that is not there
	sd diff --from git:HEAD~2 --to git:HEAD --dialect sqlite
	want 2
	has "$err" "HEAD~2:schemas/notes.json: error: cannot be read: "
	has "$err" "hint: in a partial clone \`git cat-file blob "
	ok upgrade
	ok check
}

@test "a clone without trees" {
	repository
	git config uploadpack.allowFilter true
	cd ..
	git clone -q --filter=tree:0 "file://$PWD/repo" work
	cd work
	ok hook install
	table schemas/notes.json title body
	by_git commit -am three
	want 1
	has "$err" "+ column body: text"
}

@test "an index that is broken" {
	repository
	ok hook install
	echo nonsense >.git/index
	sd hook run
	want 0
	has "$err" "warning: what is staged can't be read ("
}

# ---- edits of what is published ---------------------------------------------------------------

@test "a script that is on the upstream branch is not edited" {
	feature
	sed -i 's/title text/title varchar/' "$(script aaa1)"
	sd check
	want 3
	gate 2 FAIL
	has "$err" "_aaa1_to_aaa1.sql:12:1: error: revision aaa1 is on origin/main already, and this script differs from it there"
	has "$err" "hint: databases may have it already: put the change into a new revision"
	# committed on the branch it is still an edit
	git commit -qam edit
	sd check
	want 3
	"$SD" -q hook install >/dev/null
	git commit -q --allow-empty --no-verify -m x
	sed -i 's/title varchar/title text UNIQUE/' "$(script aaa1)"
	by_git commit -am edit
	want 1
	has "$err" "_aaa1_to_aaa1.sql:12:1: error: revision aaa1 is on origin/main already"
	# ... unless no branch is compared with
	sd check --upstream ""
	want 1
	gate 2 ok
}

@test "an edit in the down part, and of a directive" {
	feature
	sed -i 's/^DROP TABLE notes/DROP TABLE IF EXISTS notes/' "$(script aaa1)"
	sd check
	want 3
	has "$err" "_aaa1_to_aaa1.sql:17:1: error: revision aaa1 is on origin/main already"
	git checkout -q .
	sed -i 's/^-- schemadiff:up$/&\n-- schemadiff:no-transaction/' "$(script aaa1)"
	sd check
	want 3
	has "$err" "_aaa1_to_aaa1.sql:9:1: error: revision aaa1 is on origin/main already"
}

@test "comments, white space, line ends and the header are no edit" {
	feature
	ok upgrade
	sed -i 's/^CREATE TABLE/-- a word\n  CREATE   TABLE/; s/^-- to aaa1/-- the first tables/' "$(script aaa1)"
	sed -i 's/$/\r/' "$(script aaa1)"
	ok check
	equal "$err" ""
	git config core.autocrlf true
	"$SD" -q hook install >/dev/null
	by_git commit -am words
	want 0
}

@test "line ends in a text of a script are no edit" {
	repository
	git rm -q --cached "$(script aaa1)"
	sed -i "s/^-- schemadiff:down/INSERT INTO notes VALUES (1, 'two\nlines');\n\n&/" "$(script aaa1)"
	git add -A
	git commit -qm text
	cd ..
	git clone -q -c core.autocrlf=true repo work
	cd work
	ok upgrade
	ok check
	equal "$err" ""
}

@test "a script that is upstream and missing here" {
	feature
	git checkout -q main
	table schemas/notes.json title body
	next bbb2
	git add -A
	git commit -qm two
	git push -q origin HEAD:refs/heads/next 2>/dev/null
	git checkout -q feature
	git rm -q migrations/*
	sd check
	want 3
	has "$err" "error: revision aaa1 is on origin/main, and its script is missing here"
	has "$err" "migrations/"
}

@test "an edit where no branch is upstream is judged by what it makes" {
	repository
	ok hook install
	# on the branch main itself, without a remote: comments pass, and what makes something else does not
	sed -i 's/^CREATE/-- a word\nCREATE/' "$(script aaa1)"
	by_git commit -am comment
	want 0
	sed -i 's/title text/title varchar/' "$(script aaa1)"
	by_git commit -am edit
	want 1
	has "$err" "FAIL  3"
	has "$err" "~ column title: type: varchar → text"
	# an edit that makes the same is no matter as long as it has run nowhere
	sed -i 's/title varchar/"title" TEXT/' "$(script aaa1)"
	by_git commit -am spelling
	want 0
}

@test "which branch is upstream" {
	feature
	sed -i 's/title text/title varchar/' "$(script aaa1)"
	git commit -qam edit
	sd check
	has "$err" "is on origin/main already"
	sd check --upstream main
	has "$err" "is on main already"
	sd check --upstream HEAD~1
	has "$err" "is on HEAD~1 already"
	# what origin calls its default
	git push -q origin main:trunk
	git fetch -q
	git remote set-head origin trunk
	sd check
	has "$err" "is on origin/trunk already"
	# CI's words
	GITHUB_BASE_REF=main sd check
	has "$err" "is on origin/main already"
	CI_MERGE_REQUEST_TARGET_BRANCH_NAME=trunk sd check
	has "$err" "is on origin/trunk already"
	# without a remote, the local main
	git remote remove origin
	sd check
	has "$err" "is on main already"
	git branch -q -m main master
	sd check
	has "$err" "is on master already"
	git branch -q -D master
	ok upgrade
	sd check
	hasnt "$err" "already"
}

@test "--upstream that is not there, in no repository, in one without a commit" {
	repository
	sd check --upstream nope
	want 2
	has "$err" "error: --upstream nope: git knows no such revision"
	has "$err" "hint: fetch it first"
	sd check --upstream 'a..b'
	want 2
	GITHUB_BASE_REF=nope sd check
	want 1
	has "$err" "warning: edits of published scripts may go unnoticed: git knows no origin/nope here, which GITHUB_BASE_REF names"
	cd ..
	mkdir none
	cd none
	project_here
	sd check --upstream main
	want 2
	has "$err" "--upstream main: the project lies in no git repository"
	ok upgrade
	ok check
	git init -q
	ok check
	equal "$err" ""
}

@test "a shallow clone" {
	repository
	git commit -q --allow-empty -m more
	cd ..
	git clone -q --depth 1 "file://$PWD/repo" work
	cd work
	git checkout -qb feature
	ok upgrade
	ok check
	equal "$err" ""
	sed -i 's/title text/title varchar/' "$(script aaa1)"
	sd check
	want 3
	has "$err" "is on origin/main already"
}

@test "unrelated histories" {
	feature
	git checkout -q --orphan lone
	git commit -qm lone
	ok upgrade
	ok check
	sed -i 's/title text/title varchar/' "$(script aaa1)"
	sd check
	want 3
	has "$err" "is on origin/main already"
}

@test "on main itself, ahead of its remote" {
	repository
	cd ..
	git clone -q repo work
	cd work
	table schemas/notes.json title body
	next bbb2
	git add -A
	git commit -qm two
	ok upgrade
	ok check
	sed -i 's/body text/body varchar/' "$(script bbb2)"
	sd check
	hasnt "$err" "already, and"
	sed -i 's/title text/title varchar/' "$(script aaa1)"
	sd check
	want 3
	has "$err" "revision aaa1 is on origin/main already"
}

@test "upstream edited a script after this branch left it" {
	feature
	(cd ../repo && sed -i 's/title text/title varchar/' "$(script aaa1)" && git commit -qam edit)
	git fetch -q
	ok upgrade
	ok check
}

@test "upstream's scripts can't be read: that is said" {
	feature
	(cd ../repo && echo nonsense >migrations/x.sql && git add -A && git commit -qm broken)
	git fetch -q
	git commit -q --allow-empty -m here
	ok upgrade
	ok check
	has "$err" "origin/main:migrations/x.sql:1: warning: edits of published scripts may go unnoticed: "
	sed -i 's/title text/title varchar/' "$(script aaa1)"
	sd check
	want 3
}

@test "upstream has no project yet" {
	git init -q repo
	cd repo
	git commit -q --allow-empty -m empty
	git checkout -qb feature
	project_here
	ok upgrade
	ok check
	equal "$err" ""
	ok hook install
	git add -A
	by_git commit -m project
	want 0
}

@test "migrations were moved on this branch" {
	feature
	git mv migrations scripts
	sed -i 's/{ "env/{ "migrations": "scripts", "env/' schemadiff.json
	git commit -qam moved
	ok upgrade
	ok check
	sed -i 's/title text/title varchar/' scripts/*.sql
	sd check
	want 3
	has "$err" "scripts/"
	has "$err" "revision aaa1 is on origin/main already"
}

# ---- forks ------------------------------------------------------------------------------------

# both: origin/main and feature have a new revision each.
both() {
	feature
	(cd ../repo && table schemas/more.json a && next ccc3 && git add -A && git commit -qm theirs)
	git fetch -q
	table schemas/notes.json title body
	next bbb2
	ok upgrade
}

@test "both branches add revisions: an error for check, a warning for the hook" {
	both
	sd check
	want 3
	gate 2 FAIL
	has "$err" "_bbb2_to_bbb2.sql:3:14: error: origin/main has new revisions, too: merged with revision bbb2 there will be two heads"
	has "$err" "origin/main:migrations/"
	has "$err" ".sql:3:14: note: the other head is revision ccc3"
	has "$err" "\`-- revises: ccc3\`"
	"$SD" -q hook install >/dev/null
	git add -A
	by_git commit -m mine
	want 0
	has "$err" "warning: origin/main has new revisions, too"
	committed mine
	# the way out that the hint names
	git merge -q origin/main -m merged --no-verify
	sed -i 's/^-- revises: aaa1/-- revises: ccc3/' "$(script bbb2)"
	rm app.db
	ok upgrade
	ok check
}

@test "a cherry-picked script is the same revision" {
	both
	git add -A
	git commit -qm mine
	(cd ../repo && git fetch -q ../work feature && git checkout -q main && git reset -q --hard HEAD~1 && git cherry-pick FETCH_HEAD >/dev/null)
	git fetch -q
	ok check
	equal "$err" ""
}

@test "commands that have nothing to do with git work where it can't be read" {
	repository repo --object-format=sha256
	ok upgrade
	ok current
	ok diff
	ok status
	equal "$err" ""
}
