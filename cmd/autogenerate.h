/** The baseline of a database: what `autogenerate --baseline` does, for `adopt`. */
#ifndef SD_CMD_AUTOGENERATE_H
#define SD_CMD_AUTOGENERATE_H

#include "cmd/cmd.h"
#include "cmd/work/sides.h"

struct sd_baseline {
	const char *message, *rev_id; /* rev_id NULL: random */
	struct sd_extras extras;      /* of its header */
	struct sd_names also;         /* environments of other dialects, by name */
	bool replay;                  /* of what is not named there no environment is taken */
	bool dry_run;                 /* print the script, write nothing */
	/** Called for each other dialect before @before; its part may be taken from the
	 * database that is there.  NULL: nothing to call.  SD_ERR after a report. */
	enum sd_status (*check)(void *ctx, struct sd_side *side);
	/** Called when nothing is in the way any more, before the first file is written; NULL:
	 *  nothing to call.  SD_ERR after a report. */
	enum sd_status (*before)(void *ctx);
	void *ctx;
	const char *revision; /* set to its id once the script is there; else left alone */
};

/** Write the first revision, of what the session's database has, record it there as applied,
 * and print what `autogenerate` prints; its exit code. */
int sd_baseline_run(struct sd_session *session, struct sd_baseline *baseline);

#endif
