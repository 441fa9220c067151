#!/usr/bin/env bats
# The pre-commit hook, with real repositories and the real git.
load helpers
load git_helpers

setup_more() {
	git_setup
	repository
	"$SD" -q hook install >/dev/null
}

# refused GATE: git refused to commit, and that gate failed.
refused() {
	want 1
	has "$err" "FAIL  $1"
	has "$err" "nothing was committed"
}

# ---- what is staged -------------------------------------------------------------------------

@test "a schema change without its migration is not committed; with it, it is" {
	table schemas/notes.json title body
	git add -A
	by_git commit -m two
	refused 3
	has "$err" "+ column body: text (schemas/notes.json:4)"
	has "$err" "run \`schemadiff autogenerate -m MESSAGE\`"
	committed "first tables"
	next bbb2
	git add -A
	by_git commit -m two
	want 0
	equal "$err" ""
	committed two
}

@test "an edited schema file that is not staged does not matter" {
	table schemas/notes.json title body
	echo x >readme
	git add readme
	by_git commit -m readme
	want 0
	committed readme
	# ... nor when another file of the project is staged
	echo '{ "x-a": 1, "environments": { "dev": { "url": "sqlite:app.db" } } }' >schemadiff.json
	git add schemadiff.json
	by_git commit -m config
	want 0
	committed config
}

@test "staged, and the work tree put back: caught" {
	table schemas/notes.json title body
	git add -A
	table schemas/notes.json title
	sd check
	has "$out" "ok    3"
	by_git commit -m two
	refused 3
	has "$err" "+ column body: text"
}

@test "partly staged: what is staged counts" {
	table schemas/notes.json title body
	next bbb2
	git add -A
	table schemas/notes.json title body more
	by_git commit -m "two of three"
	want 0
	committed "two of three"
	# the other way round: the migration makes more than the staged part of the schema file says
	next ccc3
	git add migrations
	by_git commit -m "only the migration"
	refused 3
	has "$err" "- column more"
}

@test "one hunk of two, as with add -p" {
	table schemas/notes.json title body
	next bbb2
	git add migrations
	local half
	half="$(git hash-object -w schemas/notes.json)"
	table schemas/notes.json title body extra
	git update-index --cacheinfo "100644,$half,schemas/notes.json"
	by_git commit -m half
	want 0
	committed half
}

@test "a schema file that does not load" {
	echo '{' >schemas/notes.json
	git add -A
	by_git commit -m broken
	want 1
	has "$err" "FAIL  1"
	has "$err" "schemas/notes.json:"
	sd hook run
	want 2
}

@test "a configuration that does not load" {
	echo '{ "schema": 1 }' >schemadiff.json
	git add -A
	by_git commit -m broken
	want 1
	has "$err" 'schemadiff.json:1:3: error: unknown key "schema"'
	sd hook run
	want 2
}

@test "two heads, and a missing parent" {
	printf -- '-- x\n-- revision: zzz\n-- schemadiff:up\n' >migrations/zzz.sql
	git add -A
	by_git commit -m heads
	refused 2
	sd hook run
	want 3
	printf -- '-- x\n-- revision: zzz\n-- revises: nope\n-- schemadiff:up\n' >migrations/zzz.sql
	git add -A
	sd hook run
	want 3
	has "$err" "migrations/zzz.sql:3:"
}

@test "schema files deleted, and all of them" {
	next xxx
	table schemas/more.json a
	next bbb2
	git add -A
	git commit -qm two
	git rm -q schemas/more.json
	by_git commit -m fewer
	refused 3
	has "$err" "- table more"
	git rm -q schemas/notes.json
	by_git commit -m none
	want 1
	sd hook run
	has "$err" "schemas"
}

@test "a commit of something else says nothing, and one of the project that is fine neither" {
	echo x >readme
	git add readme
	by_git commit -q -m readme
	want 0
	equal "$out$err" ""
	sd hook run
	want 0
	equal "$out$err" ""
	sd hook run -v
	has "$err" "nothing of the project is staged"
}

# ---- how git calls it -------------------------------------------------------------------------

@test "commit -a, -- PATH, --amend, --no-verify" {
	table schemas/notes.json title body
	by_git commit -am two
	refused 3
	by_git commit -m two -- schemas/notes.json
	refused 3
	echo x >readme
	git add readme
	by_git commit -m readme -- readme
	want 0
	next bbb2
	git add migrations
	by_git commit -m two -- schemas/notes.json
	refused 3
	by_git commit -am two
	want 0
	committed two
	table schemas/notes.json title body more
	git add -A
	by_git commit --amend -m amended
	refused 3
	by_git commit --no-verify -qm forced
	want 0
	committed forced
}

@test "a clone has no hook until it is installed" {
	git clone -q . ../clone
	cd ../clone
	table schemas/notes.json title body
	ok hook install
	by_git commit -am two
	refused 3
}

@test "in a subdirectory" {
	table schemas/notes.json title body
	git add -A
	mkdir -p deep/er
	cd deep/er
	by_git commit -m two
	refused 3
	sd hook run
	want 1
	has "$out" "../../schemas/notes.json:4"
}

@test "in a linked work tree" {
	git worktree add -q ../linked
	cd ../linked
	table schemas/notes.json title body
	by_git commit -am two
	refused 3
	has "$err" "(schemas/notes.json:4)"
	next bbb2
	git add -A
	by_git commit -m two
	want 0
	# the hook is shared
	ok hook install
	has "$out" "kept"
	has "$out" "/repo/.git/hooks/pre-commit"
}

@test "in a submodule" {
	cd ..
	git init -q super
	cd super
	git submodule --quiet add "$BATS_TEST_TMPDIR/repo" db
	git commit -qm sub
	cd db
	ok hook install
	table schemas/notes.json title body
	by_git commit -am two
	refused 3
	next bbb2
	git add -A
	by_git commit -m two
	want 0
	# the repository around it has no project
	cd ..
	sd hook run
	want 0
	git add db
	by_git commit -m bump
	want 0
}

@test "GIT_DIR, GIT_WORK_TREE and GIT_INDEX_FILE say which repository" {
	local top=$PWD
	table schemas/notes.json title body
	GIT_INDEX_FILE="$PWD/other.index" git read-tree HEAD
	GIT_INDEX_FILE="$PWD/other.index" git add schemas
	sd hook run
	want 0
	GIT_INDEX_FILE=other.index sd hook run
	want 1
	GIT_INDEX_FILE="$top/other.index" sd hook run
	want 1
	git add schemas
	mkdir ../elsewhere
	cd ../elsewhere
	GIT_DIR="$top/.git" GIT_WORK_TREE="$top" sd -c "$top/schemadiff.json" hook run
	want 1
	cd "$top"
	GIT_DIR=.git sd hook run
	want 1
}

@test "git mv of schema files and of their folder" {
	git mv schemas/notes.json schemas/all.json
	by_git commit -m moved
	want 0
	git mv schemas tables
	by_git commit -m folder
	want 1
	has "$err" "schemas: error: there is no such schema file or folder"
	sed -i 's/{ "env/{ "schemas": "tables", "env/' schemadiff.json
	git add -A
	by_git commit -m folder
	want 0
	committed folder
	git mv migrations scripts
	by_git commit -m scripts
	refused 3
	has "$err" "no revision creates what the files declare"
}

@test "a merge that brings two heads" {
	git checkout -qb feature
	table schemas/notes.json title body
	next bbb2
	git add -A
	git commit -qm feature
	git checkout -q main
	rm app.db
	table schemas/more.json a
	next ccc3
	git add -A
	git commit -qm main
	by_git merge feature -m merged
	want 1
	has "$err" "FAIL  2"
	has "$err" "_ccc3_to_ccc3.sql:3:14: error: the history has 2 heads: bbb2, ccc3"
	# which of the two is this branch's own is not for the hint to guess
	has "$err" "hint: \`schemadiff rebase\` lets this branch's own revisions come after the other head; or \`schemadiff merge heads -m MESSAGE\` joins them"
	has "$err" "_bbb2_to_bbb2.sql:3:14: note: revision bbb2 is here"
	sd hook run
	want 3
	# mended in the middle of the merge
	sed -i 's/^-- revises: aaa1/-- revises: bbb2/' migrations/*_ccc3_*.sql
	git add migrations
	by_git commit -m merged
	want 0
}

@test "a merge with a conflict that was resolved by hand" {
	git checkout -qb feature
	table schemas/notes.json title body
	next bbb2
	git add -A
	git commit -qm feature
	git checkout -q main
	git commit -q --allow-empty -m empty
	echo '{ "tables": {} }' >schemas/notes.json
	git commit -qnam "notes are gone"
	by_git merge feature
	want 1
	has "$out" "CONFLICT"
	# unresolved: git refuses by itself, and what is in conflict counts as not there
	sd hook run
	want 2
	has "$err" "schemas/notes.json: error: is in conflict"
	git checkout -q --theirs schemas/notes.json
	git add -A
	by_git commit -m merged
	want 0
	committed merged
}

@test "a repository without a commit" {
	cd ..
	git init -q fresh
	cd fresh
	"$SD" -q hook install >/dev/null 2>&1 || true
	project_here
	ok hook install
	table schemas/notes.json title body
	git add -A
	by_git commit -m first
	refused 3
	next bbb2
	git add -A
	by_git commit -m first
	want 0
}

@test "a detached HEAD, and a rebase in progress" {
	git checkout -q --detach
	table schemas/notes.json title body
	by_git commit -am two
	refused 3
	git checkout -q .
	git checkout -q main
	echo a >f
	git add f
	git commit -qm a
	echo b >f
	git commit -qam b
	GIT_SEQUENCE_EDITOR="sed -i 's/^pick/edit/'" git rebase -qi HEAD~1 2>/dev/null
	table schemas/notes.json title body
	git add -A
	by_git commit --amend -m b2
	refused 3
	git checkout -q HEAD schemas
	by_git commit --amend -m b2
	want 0
	git rebase --continue
}

@test "bare repositories, and none" {
	git clone -q --bare . ../bare.git
	cd ../bare.git
	sd hook install
	want 2
	has "$err" "bare"
	sd hook run
	want 2
	has "$err" "bare"
	mkdir ../nothing
	cd ../nothing
	sd hook install
	want 2
	has "$err" "no git repository"
	sd hook run
	want 2
	has "$err" "no git repository"
	sd hook uninstall
	want 2
}

# ---- where hooks lie --------------------------------------------------------------------------

@test "core.hooksPath, relative, absolute and global" {
	ok hook uninstall
	[ ! -e .git/hooks/pre-commit ]
	git config core.hooksPath tools/hooks
	ok hook install
	[ -x tools/hooks/pre-commit ]
	mkdir deep
	cd deep
	ok hook install
	has "$out" "kept"
	cd ..
	table schemas/notes.json title body
	git add schemas
	by_git commit -m two
	refused 3
	(cd deep && by_git commit -m two && refused 3)
	git config --unset core.hooksPath
	git config --global core.hooksPath "$BATS_TEST_TMPDIR/all hooks"
	by_git commit --dry-run
	ok hook install
	[ -x "$BATS_TEST_TMPDIR/all hooks/pre-commit" ]
	by_git commit -m two
	refused 3
	ok hook uninstall
	[ ! -e "$BATS_TEST_TMPDIR/all hooks/pre-commit" ]
	[ ! -e .git/hooks/pre-commit ]
}

@test "core.hooksPath with a tilde, and of a linked work tree's own configuration" {
	git config core.hooksPath '~/myhooks'
	ok hook install
	[ -x "$HOME/myhooks/pre-commit" ]
	git config --unset core.hooksPath
	git config extensions.worktreeConfig true
	git worktree add -q ../linked
	cd ../linked
	git config --worktree core.hooksPath own
	ok hook install
	[ -x own/pre-commit ]
	equal "$(git rev-parse --git-path hooks)" own
}

@test "a hook that is there runs first, keeps its mode and its link, and comes back" {
	ok hook uninstall
	mkdir -p .git/hooks
	printf '#!/bin/sh\necho "mine: $1$0"\n[ ! -e stop ]\n' >my-hook
	chmod 750 my-hook
	ln -s ../../my-hook .git/hooks/pre-commit
	ok hook install
	has "$out" "pre-commit.before-schemadiff runs first"
	equal "$(readlink .git/hooks/pre-commit.before-schemadiff)" ../../my-hook
	equal "$(stat -Lc %a .git/hooks/pre-commit.before-schemadiff)" 750
	echo x >readme
	git add readme
	by_git commit -m readme
	want 0
	has "$err" "mine: "
	touch stop
	by_git commit --allow-empty -m stopped
	want 1
	committed readme
	rm stop
	table schemas/notes.json title body
	by_git commit -am two
	refused 3
	ok hook uninstall
	has "$out" "restored  "
	equal "$(readlink .git/hooks/pre-commit)" ../../my-hook
	[ ! -e .git/hooks/pre-commit.before-schemadiff ]
	by_git commit -qam two
	want 0
}

@test "a hook that is not executable is kept, and not run" {
	ok hook uninstall
	printf '#!/bin/sh\nexit 1\n' >.git/hooks/pre-commit
	chmod 644 .git/hooks/pre-commit
	ok hook install
	has "$out" "pre-commit.before-schemadiff"
	has "$out" "not executable"
	by_git commit --allow-empty -qm empty
	want 0
	ok hook uninstall
	equal "$(stat -c %a .git/hooks/pre-commit)" 644
}

@test "installed twice is installed once; a hook of somebody's who came later is not lost" {
	local before
	before="$(cat .git/hooks/pre-commit)"
	ok hook install
	has "$out" "kept"
	equal "$(cat .git/hooks/pre-commit)" "$before"
	# a second one of theirs, with ours still kept beside it
	printf '#!/bin/sh\nexit 0\n' >theirs
	cp theirs .git/hooks/pre-commit.before-schemadiff
	cp theirs .git/hooks/pre-commit
	sd hook install
	want 2
	has "$err" "pre-commit.before-schemadiff: error: exists already"
	equal "$(cat .git/hooks/pre-commit)" "$(cat theirs)"
}

@test "a hook that another program wrote around ours is not overwritten" {
	{ cat .git/hooks/pre-commit; echo 'echo added by hand'; } >x
	cat x >.git/hooks/pre-commit
	sd hook install
	want 2
	has "$err" "pre-commit: error: was changed since"
	sd hook uninstall
	want 2
	equal "$(cat .git/hooks/pre-commit)" "$(cat x)"
}

@test "two projects in one repository" {
	cd ..
	rm -rf repo
	git init -q repo
	cd repo
	mkdir one "the 'other'"
	(cd one && project_here)
	(cd "the 'other'" && project_here)
	git add -A
	git commit -qm projects
	(cd one && ok hook install)
	(cd "the 'other'" && ok hook install)
	(cd one && ok hook install && has "$out" kept)
	equal "$(grep -c '^check ' .git/hooks/pre-commit)" 2
	(cd one && table schemas/notes.json title body)
	by_git commit -am two
	refused 3
	has "$err" "(one/schemas/notes.json:4)"
	git checkout -q .
	(cd "the 'other'" && table schemas/notes.json title body)
	by_git commit -am two
	refused 3
	has "$err" "(the 'other'/schemas/notes.json:4)"
	(cd "the 'other'" && next bbb2)
	git add -A
	by_git commit -m two
	want 0
	# one of the two is no project any more
	git rm -rq one
	by_git commit -m gone
	want 0
	git revert --no-edit HEAD >/dev/null 2>&1
	# the hook goes with the last of them
	(cd "the 'other'" && ok hook uninstall && has "$out" "kept")
	(cd "the 'other'" && ok hook uninstall && has "$err" "no hook of schemadiff was there for this project")
	equal "$(grep '^check ' .git/hooks/pre-commit)" "check -c 'one/schemadiff.json' hook run || exit"
	(cd one && table schemas/notes.json title body)
	by_git commit -am three
	refused 3
	(cd one && ok hook uninstall && has "$out" "removed")
	[ ! -e .git/hooks/pre-commit ]
}

@test "a configuration that is not committed, and one of another name" {
	cd ..
	rm -rf repo
	git init -q repo
	cd repo
	project_here
	echo schemadiff.json >>.gitignore
	git add -A
	git commit -qm one
	ok hook install
	table schemas/notes.json title body
	by_git commit -am two
	refused 3
	mv schemadiff.json db.json
	sd -c db.json hook install
	want 0
	by_git commit -am two
	refused 3
}

@test "the program is not on PATH" {
	local bare=/usr/bin:/bin
	mkdir ../bin
	cp "$SD" ../bin/schemadiff
	PATH="$bare" ../bin/schemadiff -q hook uninstall
	PATH="$bare" ../bin/schemadiff -q hook install
	table schemas/notes.json title body
	PATH="$bare" by_git commit -am two
	refused 3
	rm ../bin/schemadiff
	PATH="$bare" by_git commit -am two
	want 1
	has "$err" "schemadiff is not installed"
	has "$err" "--no-verify"
	committed "first tables"
}

@test "uninstall where there is nothing" {
	ok hook uninstall
	has "$out" "removed"
	ok hook uninstall
	has "$err" "no hook of schemadiff"
}

@test "--json" {
	table schemas/notes.json title body
	git add -A
	sd hook run --json
	want 1
	equal "$(field "$out" '[(f["gate"], f["rule"], f["file"], f["line"]) for f in d["findings"]]')" \
		"[(3, 'missing-migration', 'schemas/notes.json', 4)]"
	equal "$(field "$out" 'd["command"], d["exit"]')" "('hook', 1)"
	ok hook uninstall --json
	equal "$(field "$out" 'len(d["hooks"])')" 2
	ok hook install --json
	equal "$(field "$out" 'd["hooks"][0]["path"][-10:]')" "pre-commit"
}

@test "a word that is none" {
	sd hook instal
	want 2
	has "$err" "did you mean \`schemadiff hook install\`?"
	sd hook
	want 2
}

# ---- files ------------------------------------------------------------------------------------

@test "file names with spaces, quotes, newlines and UTF-8" {
	local i=0
	for name in 'with space' "it's" 'quo"te' $'new\nline' 'größe' 'back\slash'; do
		i=$((i + 1))
		table t$i.json a
		mv t$i.json "schemas/$name.json"
	done
	next bbb2
	git add -A
	by_git commit -m names
	want 0
	sed -i 's/"a"/"b"/' "schemas/größe.json"
	git add -A
	by_git commit -m more
	refused 3
	has "$err" "(schemas/größe.json:3)"
}

@test "CRLF in blobs and in the work tree" {
	sed -i 's/$/\r/' schemas/notes.json migrations/*.sql
	git -c core.autocrlf=false add -A
	by_git commit -m crlf
	want 0
	committed crlf
	equal "$(git cat-file -p HEAD:schemas/notes.json | grep -c $'\r')" 4
	git config core.autocrlf true
	rm schemas/notes.json
	git checkout -q schemas
	git add --renormalize .
	by_git commit -m lf
	want 0
	committed lf
}

@test "a schema folder that is a symbolic link, and links in it" {
	git mv schemas real
	ln -s real schemas
	git add -A
	by_git commit -m linked
	want 0
	table real/notes.json title body
	git add -A
	by_git commit -m two
	refused 3
	has "$err" "schemas/notes.json:4"
	git checkout -q HEAD .
	mkdir common
	git mv real/notes.json common
	ln -s ../common/notes.json real/notes.json
	git add -A
	by_git commit -m "a link in it"
	want 0
	# a folder on the way to it
	mkdir app
	git mv common real app
	rm schemas
	ln -s app here
	sed -i 's/{ "env/{ "schemas": "here\/real", "env/' schemadiff.json
	git add -A
	by_git commit -m "on the way"
	want 0
	table app/common/notes.json title body
	git add -A
	by_git commit -m two
	refused 3
}

@test "schema files outside of the repository are those of the disk" {
	mv schemas ../shared
	ln -s ../shared schemas
	git add -A
	by_git commit -m shared
	want 0
	table ../shared/notes.json title body
	git mv migrations/*.sql migrations/x.sql
	by_git commit -m moved
	refused 3
	rm schemas
	sed -i 's/{ "env/{ "schemas": "..\/shared", "env/' schemadiff.json
	git add -A
	by_git commit -m moved
	refused 3
}

@test "schema files in a submodule are those of its work tree" {
	git init -q ../tables
	mv schemas/notes.json ../tables
	(cd ../tables && git add -A && git commit -qm one)
	git submodule --quiet add "$BATS_TEST_TMPDIR/tables" shared
	sed -i 's/{ "env/{ "schemas": "shared", "env/' schemadiff.json
	git add -A
	by_git commit -m submodule
	want 0
	table shared/notes.json title body
	(cd shared && git commit -qam two)
	git add -A
	by_git commit -m two
	refused 3
}

@test "a pointer of Git LFS is no schema file" {
	printf 'version https://git-lfs.github.com/spec/v1\noid sha256:%064d\nsize 12\n' 1 >schemas/notes.json
	git add -A
	by_git commit -m lfs
	want 1
	has "$err" "schemas/notes.json: error: is a pointer of Git LFS"
	sd hook run
	want 2
	# on the disk it says the same
	sd check
	want 2
	has "$err" "schemas/notes.json: error: is a pointer of Git LFS"
}

@test "files of 16 MiB, and larger ones" {
	{ cat schemas/notes.json; head -c $((16777216 - 150)) /dev/zero | tr '\0' ' '; } >schemas/big.json
	rm schemas/notes.json
	git add -A
	by_git commit -m big
	want 0
	head -c 300 /dev/zero | tr '\0' ' ' >>schemas/big.json
	git add -A
	by_git commit -m bigger
	want 1
	has "$err" "schemas/big.json: error: is larger than 16 MiB"
}
