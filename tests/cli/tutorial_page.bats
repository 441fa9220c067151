#!/usr/bin/env bats
load helpers
load git_helpers

# docs/tutorial.md is done as it stands there, and prints what it says.  UPDATE=1 writes what was printed into it.
setup_more() {
	git_setup
	unset SOURCE_DATE_EPOCH
	page="$BATS_TEST_DIRNAME/page.py"
	tutorial="$BATS_TEST_DIRNAME/../../docs/tutorial.md"
	mkdir shop bin
	ln -s "$SD" bin/schemadiff
	export PATH="$PWD/bin:$PATH" LC_ALL=C.UTF-8
	cd shop || return 1
}

@test "docs/tutorial.md does what it says" {
	python3 "$page" "$tutorial"
}

@test "a page that is not true is found: what is printed, what fails, what a file holds" {
	unset UPDATE
	printf '```console\n$ schemadiff init\ncreated schemadiff.json\n...\n```\n' >page.md
	python3 "$page" page.md
	printf '```console\n$ schemadiff heads\nnothing\n```\n' >page.md
	run python3 "$page" page.md
	[ "$status" -eq 1 ]
	[[ $output = *"the page says"*nothing* ]]
	printf '```console\n$ schemadiff upgrade nowhere 2>&1 | sed s/error/trouble/; false\n...\n```\n' >page.md
	run python3 "$page" page.md
	[ "$status" -eq 1 ]
	[[ $output = *"exit 1, and the page shows no error"* ]]
	printf '```diff schemadiff.json\n-  "schemas": "nowhere",\n+\n```\n' >page.md
	run python3 "$page" page.md
	[ "$status" -eq 1 ]
	[[ $output = *"schemadiff.json does not hold"* ]]
	printf '```console\n$ echo 0123456789ab 0123456789ac\n0123456789ad 0123456789ad\n```\n' >page.md
	run python3 "$page" page.md
	[ "$status" -eq 1 ]
}
