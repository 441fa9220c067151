/** The hooks of git: putting them into a repository, and taking them out. */
#ifndef SD_CMD_WORK_HOOK_H
#define SD_CMD_WORK_HOOK_H

#include "cmd/work/check.h"

/** What was done with one hook. */
struct sd_hook_done {
	const char *path;
	const char *chained; /* where the hook is now that was there before, or NULL */
	bool was_there;      /* ours, and it says what it should */
};

struct sd_hooks_done {
	struct sd_hook_done *at;
	size_t n, cap;
};

/** Put the hooks of @git in place for the project whose configuration is @config (from the top of
 *  the work tree on; NULL = schemadiff.json there).  A hook of somebody else's is kept beside
 *  ours, which runs it first; one of ours for another project gets a line more.  SD_ERR after a
 *  report. */
enum sd_status sd_work_hook_install(struct sd_session *session, struct sd_git *git,
	const char *config, struct sd_hooks_done *done);

/** Take them out again, and bring back what was there before. */
enum sd_status sd_work_hook_uninstall(
	struct sd_session *session, struct sd_git *git, struct sd_hooks_done *done);

/** Something of the project is staged that HEAD has not: @staged differs from @head (NULL: there is
 *  no commit yet) in the configuration, the schema files or the migrations. */
bool sd_work_hook_concerned(struct sd_session *session, const struct sd_tree *staged,
	const struct sd_tree *head);

#endif
