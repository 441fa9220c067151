/** `squash`: a piece of the history becomes one revision. */
#ifndef SD_CMD_WORK_SQUASH_H
#define SD_CMD_WORK_SQUASH_H

#include "cmd/work/check.h"
#include "cmd/work/rewrite.h"
#include "core/history/squash.h"

struct sd_squash_options {
	const char *message, *rev_id; /* or NULL */
	bool net;   /* the parts are made anew, from the schemas at both ends */
	bool force; /* scripts that git does not keep go all the same */
	bool scratch_auto;
	bool loses_statements; /* agreed to, with --net */
	unsigned allow;        /* hazards, with --net */
	struct sd_compare_flags compare;
};

struct sd_squashed {
	const struct sd_engine *engine;
	struct sd_squash squash;
	const char *revision, *message, *path, *text;
	struct sd_new_revision written; /* what the text was made of */
	struct sd_names warnings;
	struct sd_rewrites rewrites;
};

/** Find out what becomes of @range of @history, which ends in @last and begins with @first
 * (NULL: at base); nothing is written.  SD_ERR after a report. */
enum sd_status sd_work_squash(struct sd_session *session, const struct sd_engine *engine,
	const struct sd_squash_options *options, const struct sd_scripts *range,
	const char *first, const char *last, struct sd_squashed *squashed);

#endif
