/** The history: all scripts of the migration folders and the graph they form. */
#ifndef SD_HISTORY_HISTORY_H
#define SD_HISTORY_HISTORY_H

#include "core/base/map.h"
#include "core/base/tree.h"
#include "core/history/script.h"

struct sd_scripts {
	struct sd_script **at;
	size_t n, cap;
};

struct sd_history {
	struct sd_arena *arena;
	const struct sd_dialect *dialect;
	struct sd_scripts scripts; /* in topological order, parents first; ties by revision */
	struct sd_map by_id;
	struct sd_names heads; /* revisions that nothing revises, sorted */
};

/** Read the scripts of the folders @dirs of @tree (a missing folder is an empty one) for @dialect.
 *  All defects are reported together, class SD_CLASS_HISTORY: unreadable header, duplicate
 *  id (both files), missing parent, cycle, self loop.  NULL after a report. */
struct sd_history *sd_history_load(const struct sd_tree *tree, const struct sd_names *dirs,
	bool recursive, const struct sd_dialect *dialect, struct sd_arena *arena,
	struct sd_diags *diags);

/** The script of the full id @revision, or NULL. */
struct sd_script *sd_history_find(const struct sd_history *history, const char *revision);

/** The single head to *@head (NULL in an empty history).  Several: reported. */
enum sd_status sd_history_head(
	const struct sd_history *history, struct sd_diags *diags, struct sd_script **head);

/** Resolve @id to a revision: full or unique partial id, `head`, `base`, `current`, with +N or
 *  -N behind, or +N / -N alone (from the current one).  *@script is NULL for `base`.  What
 *  @applied says is current.  Ambiguity and unknown ids are reported with candidates. */
enum sd_status sd_history_resolve(const struct sd_history *history, const char *id,
	const struct sd_names *applied, struct sd_diags *diags, struct sd_script **script);

/** The revisions of @applied that no other applied one descends from. */
void sd_history_current(const struct sd_history *history, const struct sd_names *applied,
	struct sd_arena *arena, struct sd_names *current);

/** Scripts that an upgrade to @target (NULL: all heads) runs, in order: the ancestors of the
 *  target and itself that are not in @applied (gaps included). */
void sd_history_upgrade(const struct sd_history *history, const struct sd_script *target,
	const struct sd_names *applied, struct sd_arena *arena, struct sd_scripts *scripts);

/** Scripts that a downgrade to @target (NULL: base) undoes, in order. Not an ancestor of what
 *  is applied: reported. */
enum sd_status sd_history_downgrade(const struct sd_history *history,
	const struct sd_script *target, const struct sd_names *applied, struct sd_arena *arena,
	struct sd_diags *diags, struct sd_scripts *scripts);

#endif
