/** Down parts that a database has kept of revisions that have no script here. */
#ifndef SD_HISTORY_STORED_H
#define SD_HISTORY_STORED_H

#include "core/base/tree.h"
#include "core/history/state.h"

/** The files of @tree (NULL: the disk), and in the folder @dir one beside them for each
 * revision of @state that @history has no script of: its header and its down part as the
 * database has them.  A file always wins, unless it is of a revision that one of these was squashed
 * from (sd_applied.replaces).  It lives as long as @arena. */
const struct sd_tree *sd_stored_tree(const struct sd_tree *tree, const char *dir,
	const struct sd_state *state, const struct sd_history *history, struct sd_arena *arena);

/** @script comes from there. */
bool sd_is_stored(const struct sd_script *script);

#endif
