/** `rebase`: the revisions that only this branch has come behind those of another. */
#ifndef SD_CMD_WORK_REBASE_H
#define SD_CMD_WORK_REBASE_H

#include "cmd/work/check.h"
#include "cmd/work/rewrite.h"
#include "core/history/reparent.h"

struct sd_rebase_options {
	const char *onto;     /* a word for a revision; NULL = the upstream branch's heads */
	const char *upstream; /* as in sd_check_options */
	struct sd_names branches; /* only what hangs together with these; none = all */
};

struct sd_rebase {
	const struct sd_engine *engine;
	struct sd_history *history; /* headers, as they are */
	struct sd_upstream upstream;
	struct sd_scripts onto; /* what is come behind */
	struct sd_scripts own;  /* what only this branch has, as far as was asked for */
	struct sd_moves moves;  /* of these, what changes; none: there is nothing to do */
	/** The only head of the result, when it is one of @own and gets the fingerprints of the
	 * schema files: @schema, for each dialect of the project. */
	const struct sd_script *head;
	const char *schema;
	struct sd_rewrites rewrites;
	struct sd_history *after; /* headers, as they will be */
};

/** Find out what changes; nothing is written.  SD_ERR after a report: class REFUSED where it is
 *  ambiguous, or upstream has the revisions already. */
enum sd_status sd_work_rebase(struct sd_session *session,
	const struct sd_rebase_options *options, struct sd_rebase *rebase);

#endif
