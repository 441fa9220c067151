#include "core/git/libgit2.h"

#include "core/base/attr.h"
#include "core/base/file.h"
#include "core/base/library.h"

/* The library is loaded into a process, so that its table of functions is the process's
 * too.  Written once, by sd_libgit2_load(). */
struct sd_libgit2 sd_libgit2;

static const struct sd_function functions[] = {
#define ROW(result, name, params) { #name, &name },
	SD_LIBGIT2_FUNCTIONS(ROW)
#undef ROW
};

/* What a repository may say that it has, which libgit2 has no word for and which nothing that we
 * read depends on, or (worktreeConfig) sd_git_open() sees to. */
static const char *extensions[] = { "partialclone", "preciousobjects", "worktreeconfig" };

static bool
configure(void)
{
	/* git does not hash anew what it reads either; and a folder of 2,000 scripts, looked
	 * through for each of them, must stay in the cache (4 KiB otherwise) */
	return git_libgit2_opts(GIT_OPT_ENABLE_STRICT_HASH_VERIFICATION, 0) == 0 &&
	       git_libgit2_opts(GIT_OPT_SET_CACHE_OBJECT_LIMIT, GIT_OBJECT_TREE,
		       (size_t)SD_FILE_MAX) == 0 &&
	       git_libgit2_opts(GIT_OPT_SET_EXTENSIONS, extensions, SD_COUNT(extensions)) == 0;
}

bool
sd_libgit2_load(const char **why)
{
	static bool loaded;

	if (loaded)
		return true;
	if (!sd_library_load("libgit2.so." LIBGIT2_SOVERSION, functions, SD_COUNT(functions),
		    "it lacks functions", why))
		return false;
	loaded = git_libgit2_init() > 0 && configure();
	*why = "it could not be initialised";
	return loaded;
}
