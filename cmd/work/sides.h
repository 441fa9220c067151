/** What a new revision is compared with on each engine that it is written for.
 *
 *  The dialect of the target has the target.  Another one has an environment of the configuration, or
 *  what the scripts add up to in a scratch database (docs/dialects.md). */
#ifndef SD_CMD_WORK_SIDES_H
#define SD_CMD_WORK_SIDES_H

#include "cmd/work/check.h"

/** Where the databases of the other dialects are. */
struct sd_side_options {
	struct sd_names also; /* environments, by name */
	bool replay;          /* of what is not named there no environment is taken */
	bool scratch_auto;
	bool baseline;
	/** The revisions that the new one revises, and what it depends on; @chosen: they were
	 *  named, else it revises the one head. */
	struct sd_scripts parents, needs;
	bool chosen;
};

struct sd_side {
	struct sd_session *session; /* works for this engine */
	const struct sd_engine *engine;
	const char *from; /* what is compared, for people: "environment \"pg\"" */
	bool is_target, named, replayed;
	struct sd_history *history;
	struct sd_db *db; /* NULL: nothing is there yet */
	struct sd_bookkeeping books;
	struct sd_state state;
	bool from_files; /* a baseline: nothing is there to begin with but the schema files */
	struct sd_names
		left_out; /* a baseline: what is there and no part creates, with the reason */
	/* sd_side_compare(): */
	struct sd_diff_options options;
	const char *fingerprint; /* of what is wanted */
	struct sd_diff *diff;
	/* sd_side_generate(): */
	struct sd_generated generated;
};

struct sd_sides {
	struct sd_side *at;
	size_t n, cap;
	struct sd_side *target; /* that of the session's database */
};

/** Find the engines that the project writes scripts for, where each one's database is, and load the
 *  history as each reads it.  SD_ERR after a report. */
enum sd_status sd_sides_find(struct sd_session *session, const struct sd_side_options *options,
	struct sd_sides *sides);

/** Open them all.  Each must be where the new revision begins, and what has no database is
 *  replayed.  SD_ERR after a report. */
enum sd_status sd_sides_open(struct sd_sides *sides, const struct sd_side_options *options);

/** Compare what each is with what it shall be, with the answers of @options.  SD_ERR after a report. */
enum sd_status sd_sides_compare(
	struct sd_sides *sides, const struct sd_diff_options *options, bool baseline);

/** Write both parts of each.  SD_ERR after a report (class REFUSED). */
enum sd_status sd_sides_generate(struct sd_sides *sides, unsigned allow);

/** Something is in the database of @side that a baseline would be about: 1 or 0; -1 after a
 * report. */
int sd_side_is_filled(struct sd_side *side);

/** The fingerprint that the script of a baseline carries: where the schema files say the same
 * as the database in other words, theirs. */
const char *sd_side_baseline_fingerprint(struct sd_side *side);

#endif
