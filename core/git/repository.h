/** What the files of core/git/ share. */
#ifndef SD_GIT_REPOSITORY_H
#define SD_GIT_REPOSITORY_H

#include "core/git/git.h"
#include "core/git/libgit2.h"

struct sd_git {
	struct sd_arena *arena;
	struct sd_map kept; /* of all trees: see core/base/tree.h */
	git_repository *repository;
	git_config *config;
	const char *cwd;     /* absolute, without links */
	const char *workdir; /* the same, with a slash at its end; NULL = bare */
};

/** libgit2's words for what just failed. */
const char *sd_git_reason(struct sd_arena *arena);

/** The object of kind @kind that @rev names; NULL: *@why as in git.h. */
git_object *sd_git_find(
	struct sd_git *git, const char *rev, git_object_t kind, const char **why);

#endif
