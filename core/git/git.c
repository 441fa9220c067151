#include "core/git/git.h"

#include "core/base/text.h"
#include "core/git/repository.h"

#include <limits.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#define SHORT_ID 16 /* digits of an id, which reports can bear to show */

const char *
sd_git_reason(struct sd_arena *arena)
{
	const git_error *error = git_error_last();

	return sd_strdup(arena, error && error->message ? error->message : "no reason is given");
}

/* ---- the repository ----------------------------------------------------------------------- */

static void
close_repository(void *repository)
{
	git_repository_free(repository);
}

static void
free_config(void *config)
{
	git_config_free(config);
}

/* The configuration, with what libgit2 leaves out: GIT_CONFIG_GLOBAL, and what is a work tree's
 * own. */
static void
read_config(struct sd_git *git)
{
	const char *global = getenv("GIT_CONFIG_GLOBAL");
	git_config *config = NULL;
	int own = 0;

	if (git_repository_config(&config, git->repository))
		return;
	sd_arena_defer(git->arena, free_config, config);
	if (global && *global)
		(void)git_config_add_file_ondisk(
			config, global, GIT_CONFIG_LEVEL_GLOBAL, git->repository, 1);
	(void)git_config_get_bool(&own, config, "extensions.worktreeConfig");
	if (own)
		(void)git_config_add_file_ondisk(config,
			sd_fmt(git->arena, "%sconfig.worktree",
				git_repository_path(git->repository)),
			GIT_CONFIG_LEVEL_APP, git->repository, 1);
	git->config = config;
}

/* @path without links, or as it is where it does not exist. */
static const char *
real_path(struct sd_arena *arena, const char *path)
{
	char real[PATH_MAX];

	return sd_strdup(arena, realpath(path, real) ? real : path);
}

/* Why a repository can't be opened; NULL: there is none. */
static const char *
failure(struct sd_arena *arena, int status)
{
	const git_error *error = git_error_last();

	/* where safe.directory is not set at all, 1.5 says that this was not found */
	if (status == GIT_EOWNER ||
		(status == GIT_ENOTFOUND && error && error->klass == GIT_ERROR_CONFIG))
		return "it belongs to another user; `git config --global --add safe.directory "
		       "FOLDER` says that you trust it";
	return status == GIT_ENOTFOUND ? NULL : sd_git_reason(arena);
}

struct sd_git *
sd_git_open(const char *dir, struct sd_arena *arena, const char **why)
{
	/* GIT_DIR names the repository by itself; git's own hooks run with it */
	bool named = getenv("GIT_DIR") != NULL;
	struct sd_git *git = sd_new(arena, struct sd_git);
	const char *workdir;
	int status;

	*why = NULL;
	if (!sd_libgit2_load(why)) {
		*why = sd_fmt(arena,
			"libgit2 " LIBGIT2_SOVERSION " can't be loaded (%s); Debian's package "
			"is libgit2-" LIBGIT2_SOVERSION,
			*why);
		return NULL;
	}
	status = git_repository_open_ext(&git->repository, named ? NULL : dir,
		GIT_REPOSITORY_OPEN_FROM_ENV, NULL);
	*why = status ? failure(arena, status) : NULL;
	if (status)
		return NULL;
	sd_arena_defer(arena, close_repository, git->repository);
	git->arena = arena;
	git->cwd = real_path(arena, ".");
	workdir = git_repository_workdir(git->repository);
	if (workdir)
		git->workdir = sd_fmt(arena, "%s/", real_path(arena, workdir));
	read_config(git);
	return git;
}

const char *
sd_git_workdir(const struct sd_git *git)
{
	return git->workdir;
}

/* Absolute, without "." and "..", as the names say. */
static const char *
absolute(const struct sd_git *git, struct sd_arena *arena, const char *path)
{
	const char *full = *path == '/' ? path : sd_fmt(arena, "%s/%s", git->cwd, path);
	struct sd_buf out = SD_BUF(arena);

	while (*full) {
		size_t len = strcspn(full, "/");

		if (len == 2 && memcmp(full, "..", 2) == 0) {
			while (out.n && out.at[--out.n] != '/')
				;
		} else if (len && !(len == 1 && *full == '.')) {
			sd_buf_addc(&out, '/');
			sd_buf_addn(&out, full, len);
		}
		full += len + (full[len] == '/');
	}
	return sd_buf_text(&out);
}

/* The absolute @full from the top of the work tree on; NULL outside of it. */
static const char *
below(const struct sd_git *git, const char *full)
{
	size_t len = strlen(git->workdir);

	if (strncmp(full, git->workdir, len) == 0)
		return full + len;
	return strlen(full) == len - 1 && strncmp(full, git->workdir, len - 1) == 0 ? "" : NULL;
}

/* @full, with what of it is there without links. */
static const char *
without_links(struct sd_arena *arena, const char *full)
{
	char real[PATH_MAX];

	/* the root itself is "" here */
	for (const char *dir = full; *dir && strcmp(dir, "/") != 0;) {
		dir = sd_path_dir(arena, dir);
		if (realpath(dir, real))
			return sd_fmt(arena, "%s%s", strcmp(real, "/") == 0 ? "" : real,
				full + (strcmp(dir, "/") == 0 ? 0 : strlen(dir)));
	}
	return full;
}

const char *
sd_git_path(const struct sd_git *git, struct sd_arena *arena, const char *path)
{
	const char *full = git->workdir ? absolute(git, arena, path) : NULL;
	const char *inside = full ? below(git, full) : NULL;

	/* a link of the disk may lead into the work tree; those in it are git's */
	return inside || !full ? inside : below(git, without_links(arena, full));
}

/* ---- revisions ---------------------------------------------------------------------------- */

git_object *
sd_git_find(struct sd_git *git, const char *rev, git_object_t kind, const char **why)
{
	git_object *object = NULL, *peeled = NULL;
	int status = git_revparse_single(&object, git->repository, rev);

	*why = NULL;
	if (status == 0)
		status = git_object_peel(&peeled, object, kind);
	if (status && status != GIT_ENOTFOUND)
		*why = sd_git_reason(git->arena);
	git_object_free(object);
	return status ? NULL : peeled;
}

const struct sd_tree *
sd_git_merge_base(struct sd_git *git, const char *rev, const char **why)
{
	git_object *head = sd_git_find(git, "HEAD", GIT_OBJECT_COMMIT, why);
	git_object *other = head ? sd_git_find(git, rev, GIT_OBJECT_COMMIT, why) : NULL;
	const struct sd_tree *tree = NULL;
	char id[SHORT_ID + 1];
	git_oid base;

	if (other && git_merge_base(&base, git->repository, git_object_id(head),
			     git_object_id(other)) == 0)
		tree = sd_git_revision(git, git_oid_tostr(id, sizeof id, &base), why);
	git_object_free(head);
	git_object_free(other);
	return tree;
}

/* ---- branches ----------------------------------------------------------------------------- */

static bool
is_there(struct sd_git *git, const char *name)
{
	git_reference *reference = NULL;
	bool found = git_reference_lookup(&reference, git->repository, name) == 0;

	git_reference_free(reference);
	return found;
}

static bool
is_checked_out(struct sd_git *git, const char *name)
{
	git_reference *head = NULL;
	bool same = git_repository_head(&head, git->repository) == 0 &&
		    strcmp(git_reference_name(head), name) == 0;

	git_reference_free(head);
	return same;
}

const char *
sd_git_upstream(struct sd_git *git, struct sd_arena *arena)
{
	static const char *const names[] = { "refs/remotes/origin/main",
		"refs/remotes/origin/master", "refs/heads/main", "refs/heads/master" };
	static const char *const prefixes[] = { "refs/remotes/", "refs/heads/" };
	git_reference *head = NULL;
	const char *found = NULL;

	if (git_reference_lookup(&head, git->repository, "refs/remotes/origin/HEAD") == 0 &&
		git_reference_symbolic_target(head))
		found = sd_strdup(arena, git_reference_symbolic_target(head));
	git_reference_free(head);
	if (found && !is_there(git, found))
		found = NULL;
	for (size_t i = 0; !found && i < SD_COUNT(names); i++)
		if (is_there(git, names[i]) && !is_checked_out(git, names[i]))
			found = names[i];
	for (size_t i = 0; found && i < SD_COUNT(prefixes); i++)
		if (sd_text_starts(found, prefixes[i]))
			return found + strlen(prefixes[i]);
	return found;
}

/* ---- hooks -------------------------------------------------------------------------------- */

const char *
sd_git_hooks(struct sd_git *git, struct sd_arena *arena)
{
	const char *top = git->workdir ? git->workdir : git_repository_path(git->repository);
	const char *common = git_repository_commondir(git->repository), *path = NULL;
	git_buf value = { 0 };
	size_t len;

	if (git->config && git_config_get_path(&value, git->config, "core.hooksPath") == 0)
		path = sd_strdup(arena, value.ptr);
	git_buf_dispose(&value);
	/* https://git-scm.com/docs/githooks: a relative one counts from where hooks run */
	if (!path)
		path = sd_fmt(arena, "%shooks", common);
	else if (*path != '/')
		path = sd_fmt(arena, "%s%s", top, path);
	path = absolute(git, arena, path);
	len = strlen(git->cwd);
	return strncmp(path, git->cwd, len) == 0 && path[len] == '/' ? path + len + 1 : path;
}
