/** Repositories of git, read through libgit2: what is staged, what a revision holds, where hooks
 *  lie.  Nothing here writes, and nothing here reports: whether it matters that a repository is
 *  missing or can't be read is for the caller to say.  @why, where a function has it, becomes the
 *  reason of a failure, or NULL when there simply is none of what was asked for.
 *
 *  libgit2 1.5 can't read repositories with SHA-256 names, nor a split or sparse index. */
#ifndef SD_GIT_GIT_H
#define SD_GIT_GIT_H

#include "core/base/tree.h"

struct sd_git;

/** The repository that the folder @dir lies in, or the one that GIT_DIR, GIT_WORK_TREE and
 *  GIT_INDEX_FILE name, which git sets for its hooks.  It lives as long as @arena.  NULL: see
 *  above. */
struct sd_git *sd_git_open(const char *dir, struct sd_arena *arena, const char **why);

/** The top folder of the work tree, with a slash at its end; NULL in a bare repository. */
const char *sd_git_workdir(const struct sd_git *git);

/** @path, of a file on the disk, from the top of the work tree on; NULL outside of it. */
const char *sd_git_path(const struct sd_git *git, struct sd_arena *arena, const char *path);

/** The staged files. */
const struct sd_tree *sd_git_index(struct sd_git *git, const char **why);

/** The files of @rev, in git's own language of revisions ("main", "HEAD~3", a tag, an id).
 *  Reports call them "REV:PATH". */
const struct sd_tree *sd_git_revision(struct sd_git *git, const char *rev, const char **why);

/** The files of the best common ancestor of HEAD and @rev; NULL when there is none. */
const struct sd_tree *sd_git_merge_base(struct sd_git *git, const char *rev, const char **why);

/** What lies at @path, a file or a folder, is the same in both trees of one repository. */
bool sd_git_same(const struct sd_tree *a, const struct sd_tree *b, const char *path);

/** The branch that work is merged into, as far as the repository tells: the default branch of
 *  the remote "origin", else its main or master, else the local main or master unless that
 *  is checked out.  NULL when there is none. */
const char *sd_git_upstream(struct sd_git *git, struct sd_arena *arena);

/** The folder of the hooks: core.hooksPath, else hooks/ in the folder that all work trees
 *  share; relative where it lies below the working directory. */
const char *sd_git_hooks(struct sd_git *git, struct sd_arena *arena);

#endif
