/** Revisions that move to another place in the graph: what `schemadiff rebase` does
 *  (docs/history.md).  Nothing is written here. */
#ifndef SD_HISTORY_REPARENT_H
#define SD_HISTORY_REPARENT_H

#include "core/history/history.h"

/** What a revision revises from now on. */
struct sd_move {
	struct sd_script *script;
	struct sd_scripts parents;
};

struct sd_moves {
	struct sd_move *at;
	size_t n, cap;
};

/** Split @own into what hangs together by `revises`, each in the history's order: @forks. */
struct sd_forks {
	struct sd_scripts *at;
	size_t n, cap;
};
void sd_history_forks(const struct sd_history *history, const struct sd_scripts *own,
	struct sd_arena *arena, struct sd_forks *forks);

/** The revisions beside @own that its members revise; and whether one of them is a root. */
void sd_history_fork_points(const struct sd_history *history, const struct sd_scripts *own,
	struct sd_arena *arena, struct sd_scripts *points, bool *has_root);

/** What becomes of @own, in the history's order, when it comes behind each of @onto instead of
 *  what these need: such a parent gives way to the one of @onto that needs it, or simply goes
 *  where another parent comes behind that by itself.  With @roots what revises nothing comes
 * behind the first of @onto.  Those that change are @moves. */
void sd_history_reparent(const struct sd_history *history, const struct sd_scripts *own,
	const struct sd_scripts *onto, bool roots, struct sd_arena *arena,
	struct sd_moves *moves);

#endif
