/** What `seed` and `fresh` share. */
#ifndef SD_CMD_SEED_H
#define SD_CMD_SEED_H

#include "cmd/run_progress.h"
#include "cmd/work/seeds.h"

struct sd_seed_opts {
	bool list, dry_run, again, force;
	struct sd_run_opts run; /* its wait and variables */
};

/** A run of seeds being prepared; the runner tells people of it. */
struct sd_seeding {
	struct sd_session *session;
	const struct sd_seed_opts *opts;
	struct sd_runner runner;
	struct sd_seeds seeds;
};

/** Read the history and the seeds, all of them. */
enum sd_status sd_seeding_load(
	struct sd_seeding *s, struct sd_session *session, const struct sd_seed_opts *opts);

/** Run those of @s->seeds that are due, and say so; the exit code. */
int sd_seeding_run(struct sd_seeding *s);

#endif
