/** Several files that change together. */
#ifndef SD_CMD_WORK_REWRITE_H
#define SD_CMD_WORK_REWRITE_H

#include "cmd/work/work.h"

struct sd_rewrite {
	const char *path;
	const char *was; /* NULL: the file is new */
	size_t was_len;
	const char *text; /* NULL: the file goes */
	size_t len;
};

struct sd_rewrites {
	struct sd_rewrite *at;
	size_t n, cap;
};

/** Add the file of @script with its header changed by @edits.  SD_ERR, reported, when it can't
 * be read. */
enum sd_status sd_work_edit_script(struct sd_session *session, const struct sd_script *script,
	const struct sd_header_edit *edits, size_t n, struct sd_rewrites *rewrites);

/** @session, with the files as they will be. */
struct sd_session *sd_work_after(
	struct sd_session *session, const struct sd_rewrites *rewrites);

/** Write all files, or none: after a failure, reported, they are what they were. */
enum sd_status sd_work_rewrite(struct sd_session *session, const struct sd_rewrites *rewrites);

#endif
