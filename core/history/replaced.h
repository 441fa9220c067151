/** Revisions that stand for others: what `schemadiff squash` leaves behind (docs/history.md).
 *
 *  A database that has run all of a set that a revision replaces has that revision, too.
 * Commands that read see it so; the next one that writes records it. */
#ifndef SD_HISTORY_REPLACED_H
#define SD_HISTORY_REPLACED_H

#include "core/history/state.h"

/** A revision that is not applied, beside applied ones that it replaces. */
struct sd_stand_in {
	struct sd_script *script;
	struct sd_names applied; /* of what it replaces; in the order of the applied set */
	struct sd_names missing; /* of the set that lacks least; none: the revision counts */
};

struct sd_replaced {
	SD_VEC(struct sd_stand_in) whole, half; /* in the history's order */
	struct sd_names ids; /* the applied set, with those of @whole for what they replace */
};

/** What @applied means in @history.  @partial (may be NULL) is half done, and no member of a
 * whole set.  Revisions that have a script here stand for themselves. */
void sd_history_replaced(const struct sd_history *history, const struct sd_names *applied,
	const char *partial, struct sd_arena *arena, struct sd_replaced *replaced);

/** What is applied in @db, as @history calls it: sets that it holds whole are the revisions that
 *  replace them, recorded or not. */
enum sd_status sd_state_ids_as(struct sd_db *db, const struct sd_bookkeeping *books,
	const struct sd_history *history, struct sd_arena *arena, struct sd_names *ids);

/** Report, class SD_CLASS_HISTORY, each set that is applied in part. */
enum sd_status sd_replaced_check(const struct sd_replaced *replaced, struct sd_diags *diags);

/** Give @state the ids and rows that it will have once a command that writes has recorded what
 *  @history replaces. */
void sd_state_replace(struct sd_state *state, const struct sd_history *history,
	struct sd_arena *arena, struct sd_replaced *replaced);

/** Report, as sd_replaced_check() does, what of @state is in part what @history replaces. */
enum sd_status sd_state_check_replaced(const struct sd_state *state,
	const struct sd_history *history, struct sd_arena *arena, struct sd_diags *diags);

/** Record that in the open transaction: rows give way to that of the revision that replaces
 * them, with lines in the log.  Nothing is said of sets that are applied in part. */
enum sd_status sd_state_settle(struct sd_db *db, const struct sd_bookkeeping *books,
	const struct sd_history *history, struct sd_arena *arena, struct sd_replaced *replaced);

/** The script of the full id @revision, or the one that replaces it; or NULL. */
struct sd_script *sd_history_known(const struct sd_history *history, const char *revision);

/** All that @script replaces: the members of its sets, each once. */
void sd_script_replaced(
	const struct sd_script *script, struct sd_arena *arena, struct sd_names *names);

/** @script replaces a set of which each member is a revision of @history, or replaced there. */
bool sd_history_has_replaced(const struct sd_history *history, const struct sd_script *script);

#endif
