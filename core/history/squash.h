/** A piece of the history as one revision: what `schemadiff squash` makes of it
 *  (docs/history.md).  Nothing is written here. */
#ifndef SD_HISTORY_SQUASH_H
#define SD_HISTORY_SQUASH_H

#include "core/history/history.h"

/** The piece, and how the revision that replaces it is tied to the rest. */
struct sd_squash {
	struct sd_scripts range; /* in the history's order */
	struct sd_script *last;  /* the only one of them that others revise */
	struct sd_scripts parents;
	struct sd_names depends_on, labels;
	struct sd_name_sets replaces;
	struct sd_scripts followers; /* others that revise or depend on one of them */
};

/** See that @range, which ends in @last, hangs together with the rest at both ends alone.
 *  @first: what all of it but itself comes behind; NULL: it begins at base.  What stands in
 *  the way is reported, class SD_CLASS_REFUSED. */
enum sd_status sd_history_squash(const struct sd_history *history,
	const struct sd_scripts *range, const struct sd_script *first, struct sd_script *last,
	struct sd_arena *arena, struct sd_diags *diags, struct sd_squash *squash);

/** @names, the `revises` or `depends-on` of a follower, with @id for what the range has. */
void sd_squash_names(const struct sd_history *history, const struct sd_squash *squash,
	const struct sd_names *names, const char *id, struct sd_arena *arena,
	struct sd_names *after);

/** What a statement is, as far as joining parts and making them anew must know. */
struct sd_statement_kind {
	bool schema;    /* it creates, alters or drops, and can share a transaction */
	bool described; /* a change of the schema that the model knows, or none at all */
	/** The table that DROP TABLE takes away, whose rows are deleted while foreign keys are
	 *  enforced; the one that CREATE TABLE or a RENAME makes.  Or NULL. */
	const char *dropped, *made;
};
struct sd_statement_kind sd_statement_kind(
	const struct sd_dialect *dialect, struct sd_arena *arena, const char *sql);

/** The parts of @scripts (all parsed for @dialect) for one direction, joined so that running it
 * does what running them one by one did: @out.  What can't be joined is reported, class
 *  SD_CLASS_REFUSED.  @history: to see which tables others refer to.  @whole: all of them could and
 *  would run in one transaction (SD_RUN_ALL), and still can. */
enum sd_status sd_squash_join(const struct sd_history *history,
	const struct sd_scripts *scripts, bool down, bool whole, const struct sd_dialect *dialect,
	struct sd_arena *arena, struct sd_diags *diags, struct sd_buf *out);

/** Report, class SD_CLASS_REFUSED, each statement of the up parts of @scripts that a comparison
 * of schemas would lose. */
enum sd_status sd_squash_check_net(const struct sd_scripts *scripts,
	const struct sd_dialect *dialect, struct sd_diags *diags);

#endif
