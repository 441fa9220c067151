/** The seeds that the configuration names. */
#ifndef SD_CMD_WORK_SEEDS_H
#define SD_CMD_WORK_SEEDS_H

#include "cmd/work/work.h"
#include "core/history/seed.h"

/** Read the files and folders of `seeds`, in order; the name of each is its path from the
 *  configuration's folder.  SD_ERR after reports. */
enum sd_status sd_work_seeds(struct sd_session *session, const struct sd_engine *engine,
	const struct sd_history *history, struct sd_seeds *seeds);

/** Keep those of @seeds that @names (none: all) name: by whole name, by file name, or that
 * without
 *  ".sql".  What is unknown or ambiguous is reported. */
enum sd_status sd_work_choose_seeds(
	struct sd_session *session, const struct sd_names *names, struct sd_seeds *seeds);

/** The scripts of @seeds. */
struct sd_scripts sd_work_seed_scripts(
	struct sd_session *session, const struct sd_seeds *seeds);

#endif
