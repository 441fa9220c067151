/** The hooks of git: putting them into a repository, and taking them out. */
#ifndef SD_CMD_WORK_HOOK_H
#define SD_CMD_WORK_HOOK_H

#include "cmd/work/check.h"

enum sd_hook_was {
	SD_HOOK_KEPT,      /* it says what it should, or now checks other projects alone */
	SD_HOOK_INSTALLED, /* written, anew or with a project more */
	SD_HOOK_REMOVED,
	SD_HOOK_RESTORED, /* removed, and what was there before is back */
};

/** What was done with one hook. */
struct sd_hook_done {
	const char *path;
	enum sd_hook_was was;
	const char *chained; /* where the hook is now that was there before, or NULL */
	bool runs;           /* that one is a program, so that it runs first */
};

struct sd_hooks_done {
	struct sd_hook_done *at;
	size_t n, cap;
};

/** Put the hooks of @git in place for the project whose configuration is @config (from the top of
 *  the work tree on).  A hook of somebody else's is kept beside
 *  ours, which runs it first; one of ours for another project gets a line more.  SD_ERR after a
 *  report. */
enum sd_status sd_work_hook_install(struct sd_session *session, struct sd_git *git,
	const char *config, struct sd_hooks_done *done);

/** Take them out again for the project @config (NULL: for all), and when no project is left,
 *  bring back what was there before. */
enum sd_status sd_work_hook_uninstall(struct sd_session *session, struct sd_git *git,
	const char *config, struct sd_hooks_done *done);

/** Something of the project is staged that HEAD has not: @staged differs from @head (NULL: there is
 *  no commit yet) in the configuration, the schema files or the migrations. */
bool sd_work_hook_concerned(struct sd_session *session, const struct sd_tree *staged,
	const struct sd_tree *head);

#endif
