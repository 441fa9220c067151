/* The files that git keeps, against a repository that the real git makes. */
#include "core/git/git.h"

#include <setjmp.h>
#include <stdarg.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include <cmocka.h>

static struct sd_arena *arena;
static struct sd_git *git;
static char dir[] = "/tmp/schemadiff-git-XXXXXX";

/* Two commits on main, a branch, and a work tree that differs from the index. */
static const char script[] =
	"set -e\n"
	"git init -q -b main . && git config user.name a && git config user.email a@b\n"
	"mkdir -p db/deep other\n"
	"printf one >db/a.json; printf two >db/deep/b.json; printf no >db/.c.json; printf x >db/d.txt\n"
	"ln -s a.json db/link.json; ln -s db linked; ln -s deep db/sub; ln -s loop loop\n"
	"ln -s \"$PWD/db/a.json\" absolute; ln -s /nowhere/at/all outward\n"
	"printf far >other/o; git add -A; git commit -qm one; git branch side\n"
	"printf three >db/a.json; git commit -qam two\n"
	"git checkout -q side; printf four >db/deep/b.json; git commit -qam three; git checkout -q main\n"
	"printf staged >db/a.json; git add db/a.json; printf disk >db/a.json\n";


static void
run(const char *commands)
{
	FILE *shell;

	unsetenv("GIT_DIR");
	unsetenv("GIT_INDEX_FILE");
	unsetenv("GIT_WORK_TREE");
	shell = popen("exec sh >/dev/null", "w");
	assert_non_null(shell);
	fputs(commands, shell);
	assert_int_equal(pclose(shell), 0);
}

static int
setup(void **state)
{
	const char *why;

	(void)state;
	assert_non_null(mkdtemp(dir));
	assert_int_equal(chdir(dir), 0);
	run(script);
	arena = sd_arena_new();
	git = sd_git_open(".", arena, &why);
	assert_null(why);
	assert_non_null(git);
	return 0;
}

static int
teardown(void **state)
{
	(void)state;
	sd_arena_free(arena);
	run("rm -rf \"$PWD\" \"$PWD.in\"");
	return 0;
}

static const struct sd_tree *
tree_of(const char *rev)
{
	const char *why;
	const struct sd_tree *tree =
		rev ? sd_git_revision(git, rev, &why) : sd_git_index(git, &why);

	assert_non_null(tree);
	return tree;
}

/* What @path holds in @tree, or the report. */
static const char *
content(const struct sd_tree *tree, const char *path)
{
	struct sd_diags diags = { .arena = arena };
	struct sd_buf out = SD_BUF(arena);
	char *text;
	size_t len;

	if (sd_tree_read(tree, path, arena, &diags, &text, &len) == SD_OK) {
		assert_int_equal(strlen(text), len);
		return text;
	}
	sd_diags_format(&diags, 0, false, &out);
	return sd_buf_text(&out);
}

static void
test_read(void **state)
{
	static const struct {
		int line;
		const char *rev, *path; /* rev NULL: what is staged */
		const char *text;
	} rows[] = {
		{ __LINE__, NULL, "db/a.json", "staged" },
		{ __LINE__, "HEAD", "db/a.json", "three" },
		{ __LINE__, "HEAD~1", "db/a.json", "one" },
		{ __LINE__, "side", "db/deep/b.json", "four" },
		{ __LINE__, "HEAD", "./db/../db/a.json", "three" },
		{ __LINE__, NULL, "db/link.json", "staged" },
		{ __LINE__, "HEAD", "linked/a.json", "three" },
		{ __LINE__, "HEAD", "linked/link.json", "three" },
		{ __LINE__, "side", "linked/sub/b.json", "four" },
		{ __LINE__, NULL, "absolute", "staged" },
		{ __LINE__, "HEAD", "loop", "HEAD:loop: error: git has no such file\n" },
		{ __LINE__, "HEAD", "loop/x", "HEAD:loop/x: error: git has no such file\n" },
		{ __LINE__, "HEAD", "nope", "HEAD:nope: error: git has no such file\n" },
		{ __LINE__, NULL, "db/a.json/x", "db/a.json/x: error: git has no such file\n" },
		{ __LINE__, "HEAD", "db", "HEAD:db: error: cannot be read: it is a folder\n" },
		{ __LINE__, "HEAD", "outward",
			"HEAD:outward: error: lies outside of the repository, or in a submodule\n" },
		{ __LINE__, NULL, "outward",
			"outward: error: cannot be opened: No such file or directory\n" },
	};

	(void)state;
	for (size_t i = 0; i < SD_COUNT(rows); i++) {
		const char *text = content(tree_of(rows[i].rev), rows[i].path);

		if (strcmp(text, rows[i].text) != 0)
			fail_msg("line %d: %s", rows[i].line, text);
	}
}

static void
test_entry(void **state)
{
	static const struct {
		int line;
		const char *path;
		enum sd_entry entry;
	} rows[] = {
		{ __LINE__, "db", SD_ENTRY_DIR },
		{ __LINE__, "db/", SD_ENTRY_DIR },
		{ __LINE__, ".", SD_ENTRY_DIR },
		{ __LINE__, "linked", SD_ENTRY_DIR },
		{ __LINE__, "linked/sub", SD_ENTRY_DIR },
		{ __LINE__, "db/a.json", SD_ENTRY_FILE },
		{ __LINE__, "linked/sub/b.json", SD_ENTRY_FILE },
		{ __LINE__, "d", SD_ENTRY_NONE },
		{ __LINE__, "loop", SD_ENTRY_NONE },
		{ __LINE__, "outward", SD_ENTRY_NONE },
	};

	(void)state;
	for (size_t i = 0; i < SD_COUNT(rows); i++) {
		static const char *const revs[] = { NULL, "HEAD" };

		for (size_t k = 0; k < SD_COUNT(revs); k++)
			if (sd_tree_entry(tree_of(revs[k]), rows[i].path) != rows[i].entry)
				fail_msg("line %d", rows[i].line);
	}
}

/* Git's trees list what the disk does. */
static void
test_list(void **state)
{
	static const struct {
		int line;
		const char *dir;
		bool recursive;
		const char *paths;
	} rows[] = {
		{ __LINE__, "db", false, "db/a.json db/link.json " },
		{ __LINE__, "linked", false, "linked/a.json linked/link.json " },
		{ __LINE__, "db", true, "db/a.json db/deep/b.json db/link.json db/sub/b.json " },
		{ __LINE__, "other", true, "" },
	};
	const struct sd_tree *trees[] = { NULL, tree_of(NULL), tree_of("HEAD") };

	(void)state;
	for (size_t i = 0; i < SD_COUNT(rows); i++) {
		for (size_t k = 0; k < SD_COUNT(trees); k++) {
			struct sd_diags diags = { .arena = arena };
			struct sd_buf out = SD_BUF(arena);
			struct sd_names paths = { 0 };

			assert_int_equal(sd_tree_list(trees[k], rows[i].dir, ".json",
						 rows[i].recursive, arena, &diags, &paths),
				SD_OK);
			for (size_t n = 0; n < paths.n; n++)
				sd_buf_addf(&out, "%s ", paths.at[n]);
			if (strcmp(sd_buf_text(&out), rows[i].paths) != 0)
				fail_msg("line %d, tree %zu: %s", rows[i].line, k,
					sd_buf_text(&out));
		}
	}
}

static void
test_same(void **state)
{
	static const struct {
		int line;
		const char *a, *b, *path;
		bool same;
	} rows[] = {
		{ __LINE__, NULL, "HEAD", "db", false },
		{ __LINE__, NULL, "HEAD", "db/a.json", false },
		{ __LINE__, NULL, "HEAD", "db/deep", true },
		{ __LINE__, NULL, "HEAD", "other", true },
		{ __LINE__, NULL, "HEAD", "linked/link.json", false },
		{ __LINE__, "side", "HEAD~1", "db/deep/b.json", false },
		/* the link itself is the same, and what it leads to is not */
		{ __LINE__, "side", "HEAD~1", "db/sub", false },
		{ __LINE__, "side", "HEAD~1", "linked/d.txt", true },
		{ __LINE__, "HEAD", "HEAD~1", "nope", true },
		{ __LINE__, "HEAD", "HEAD~1", "outward", true },
	};

	(void)state;
	for (size_t i = 0; i < SD_COUNT(rows); i++)
		if (sd_git_same(tree_of(rows[i].a), tree_of(rows[i].b), rows[i].path) !=
			rows[i].same)
			fail_msg("line %d", rows[i].line);
}

static void
test_ids(void **state)
{
	const struct sd_tree *head = tree_of("HEAD"), *staged = tree_of(NULL);

	(void)state;
	assert_string_equal(head->id(head, "db/deep/b.json", arena),
		staged->id(staged, "linked/sub/b.json", arena));
	assert_string_not_equal(
		head->id(head, "db/a.json", arena), staged->id(staged, "db/a.json", arena));
	assert_null(head->id(head, "db", arena));
	assert_null(head->id(head, "nope", arena));
	assert_ptr_equal(head->kept, staged->kept);
}

static void
test_paths(void **state)
{
	(void)state;
	assert_string_equal(sd_git_path(git, arena, "db/a"), "db/a");
	assert_string_equal(sd_git_path(git, arena, "."), "");
	assert_string_equal(sd_git_path(git, arena, sd_fmt(arena, "%s/x y", dir)), "x y");
	/* a name that only begins like the work tree's */
	assert_null(sd_git_path(git, arena, sd_fmt(arena, "%s.out", dir)));
	assert_null(sd_git_path(git, arena, "../x"));
	assert_null(sd_git_path(git, arena, "/"));
	/* a link of the disk that leads into it */
	run("ln -s \"$PWD\" \"$PWD.in\"");
	assert_string_equal(sd_git_path(git, arena, sd_fmt(arena, "%s.in/db", dir)), "db");
	assert_string_equal(sd_git_path(git, arena, sd_fmt(arena, "%s.in/no/x", dir)), "no/x");
}

static void
test_revisions(void **state)
{
	const char *why = "x";
	const struct sd_tree *base = sd_git_merge_base(git, "side", &why);

	(void)state;
	assert_string_equal(content(base, "db/a.json"), "one");
	assert_null(sd_git_revision(git, "nope", &why));
	assert_null(why);
	assert_null(sd_git_merge_base(git, "nope", &why));
	/* main is checked out, so that there is nothing to merge into */
	assert_null(sd_git_upstream(git, arena));
	run("git update-ref refs/remotes/origin/master side");
	assert_string_equal(sd_git_upstream(git, arena), "origin/master");
	run("git update-ref refs/remotes/origin/main side");
	assert_string_equal(sd_git_upstream(git, arena), "origin/main");
	run("git symbolic-ref refs/remotes/origin/HEAD refs/remotes/origin/gone");
	assert_string_equal(sd_git_upstream(git, arena), "origin/main");
	run("git update-ref refs/remotes/origin/gone side");
	assert_string_equal(sd_git_upstream(git, arena), "origin/gone");
}

static void
test_nothing_there(void **state)
{
	const char *why = "x";

	(void)state;
	assert_null(sd_git_open("/", arena, &why));
	assert_null(why);
}

int
main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(test_read),
		cmocka_unit_test(test_entry),
		cmocka_unit_test(test_list),
		cmocka_unit_test(test_same),
		cmocka_unit_test(test_ids),
		cmocka_unit_test(test_paths),
		cmocka_unit_test(test_revisions),
		cmocka_unit_test(test_nothing_there),
	};

	return cmocka_run_group_tests(tests, setup, teardown);
}
