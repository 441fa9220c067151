/** Seeds: files that fill a database with rows, each in one transaction with its record in the
 * table schemadiff_seeds (docs/seeds.md). */
#ifndef SD_HISTORY_SEED_H
#define SD_HISTORY_SEED_H

#include "core/history/run.h"

enum sd_seed_state {
	SD_SEED_NEW,    /* has not run on this database */
	SD_SEED_EDITED, /* has run with another checksum */
	SD_SEED_DONE,
};

struct sd_seed {
	struct sd_script *script; /* sd_script_parse_seed(); its revision is the seed's name */
	struct sd_scripts needs;  /* revisions that it depends on */
	/** The rest is what sd_seeds_look() finds. */
	enum sd_seed_state state;
	const char *applied_at; /* NULL: never */
	const char *waits_for;  /* one of @needs that is not applied, or NULL */
	bool due;               /* it would run now */
};

struct sd_seeds {
	struct sd_seed *at;
	size_t n, cap;
};

/** Find the revisions that @seeds depend on, by full id or label.  What @history has not got is
 *  reported, class SD_CLASS_HISTORY. */
enum sd_status sd_seeds_link(
	struct sd_seeds *seeds, const struct sd_history *history, struct sd_diags *diags);

/** What @db (NULL: a database that is not there) says of @seeds, in the words of @history.  @again:
 *  what is done is due, too. */
enum sd_status sd_seeds_look(struct sd_seeds *seeds, const struct sd_history *history,
	struct sd_db *db, const struct sd_bookkeeping *books, bool again, struct sd_arena *arena);

/** Seeds are written for the schema that the scripts make: SD_ERR, reported with class
 *  SD_CLASS_REFUSED, while some of @history is not in @applied, or something is half done. */
enum sd_status sd_seeds_refuse(const struct sd_history *history, const struct sd_names *applied,
	const struct sd_partial *partial, struct sd_diags *diags);

/** Run those of @seeds that are due, in their order, under the lock of upgrades: each in a
 *  transaction with its row and its line of the log.  @force: although revisions are pending. A
 *  failure stops the run; what ran before stays.  Of @run the mode and the hooks are not
 *  looked at. */
enum sd_status sd_run_seeds(const struct sd_run *run, struct sd_seeds *seeds, bool again,
	bool force, struct sd_run_result *result);

#endif
