/** The history: all scripts of the migration folders and the graph they form (docs/history.md).
 *
 *  Two kinds of edges: `revises` makes lines, branches and merges; `depends-on` only says what
 *  must be applied before.  Sets of revisions are closed over both; lines, heads and labels
 *  follow `revises` alone. */
#ifndef SD_HISTORY_HISTORY_H
#define SD_HISTORY_HISTORY_H

#include "core/base/map.h"
#include "core/base/tree.h"
#include "core/history/script.h"

struct sd_history {
	struct sd_arena *arena;
	const struct sd_dialect *dialect;
	/** What a script revises and depends on comes before it; a line is followed to where
	 *  it waits for another one; ties by revision.  Everything runs in this order. */
	struct sd_scripts scripts;
	struct sd_map by_id, by_label;
	struct sd_map by_replaced; /* the script that stands for an id (core/history/replaced.h) */
	struct sd_names heads; /* revisions that nothing revises, sorted */
};

/** What a person's word for revisions stands for (sd_history_goal()). */
struct sd_goal {
	struct sd_scripts scripts; /* sorted by revision; none: base */
	/** Undone is only what belongs to the line of this one; NULL: any. */
	const struct sd_script *branch;
	struct sd_scripts branches; /* the same of several words, for sd_history_stamp() */
	long steps; /* of a word that counts from the current revision, "+2", "-1"; or 0 */
	bool alone; /* for sd_history_stamp(): nothing else stays applied */
};

/** Read the scripts of the folders @dirs of @tree (a missing folder is an empty one) for
 * @dialect. All defects are reported together, class SD_CLASS_HISTORY: unreadable header,
 * duplicate id or label (both files), missing parent or dependency, cycle, self loop, a revision
 * that is replaced and still here.  NULL after a report. */
struct sd_history *sd_history_load(const struct sd_tree *tree, const struct sd_names *dirs,
	bool recursive, const struct sd_dialect *dialect, struct sd_arena *arena,
	struct sd_diags *diags);

/** The same with the headers of the scripts alone (sd_script_parse_header()). */
struct sd_history *sd_history_load_headers(const struct sd_tree *tree,
	const struct sd_names *dirs, bool recursive, const struct sd_dialect *dialect,
	struct sd_arena *arena, struct sd_diags *diags);

/** The script of the full id @revision, or NULL. */
struct sd_script *sd_history_find(const struct sd_history *history, const char *revision);

/** The single head to *@head (NULL in an empty history).  Several: reported. */
enum sd_status sd_history_head(
	const struct sd_history *history, struct sd_diags *diags, struct sd_script **head);

bool sd_scripts_have(const struct sd_scripts *scripts, const struct sd_script *script);

/** The ids of @scripts with commas between, for people; @most as for sd_text_list(). */
const char *sd_scripts_text(
	struct sd_arena *arena, const struct sd_scripts *scripts, size_t most);

/* ---- what people call revisions ------------------------------------------------------- */

/** Resolve @id: `[BRANCH@]NAME[+N|-N]` or `[BRANCH@]+N|-N`, NAME being `head`, `heads`, `base`,
 *  `current`, a label, or a full or unique partial id; BRANCH a label or an id.  @applied says
 *  what is current.  What is ambiguous or unknown is reported with candidates. */
enum sd_status sd_history_goal(const struct sd_history *history, const char *id,
	const struct sd_names *applied, struct sd_diags *diags, struct sd_goal *goal);

/** The same where one revision is needed: *@script, NULL for base.  Several are reported. */
enum sd_status sd_history_resolve(const struct sd_history *history, const char *id,
	const struct sd_names *applied, struct sd_diags *diags, struct sd_script **script);

/* ---- sets ----------------------------------------------------------------------------- */

/** The revisions of @applied that no other applied one of their line descends from; ids
 *  without a script among them. */
void sd_history_current(const struct sd_history *history, const struct sd_names *applied,
	struct sd_arena *arena, struct sd_names *current);

/** Those of them that no other applied one depends on either: the rows that Alembic would
 *  store.  All that is applied follows from them, if there are no gaps. */
void sd_history_tips(const struct sd_history *history, const struct sd_names *applied,
	struct sd_arena *arena, struct sd_names *tips);

/** Scripts that are not applied though one that needs them is, in order. */
void sd_history_gaps(const struct sd_history *history, const struct sd_names *applied,
	struct sd_arena *arena, struct sd_scripts *gaps);

/** Scripts of the line of @script in order: itself, what it descends from, what descends from
 *  it; by `revises`. */
void sd_history_line(const struct sd_history *history, const struct sd_script *script,
	struct sd_arena *arena, struct sd_scripts *line);

/** Scripts from one of @from (none: from anywhere) up to one of @into, both included, in
 *  order; dependencies count. */
void sd_history_range(const struct sd_history *history, const struct sd_scripts *from,
	const struct sd_scripts *into, struct sd_arena *arena, struct sd_scripts *range);

/* ---- what runs ------------------------------------------------------------------------ */

/** Scripts that an upgrade to @target (NULL: all heads) runs, in order: the ancestors and
 *  dependencies of the target and itself that are not in @applied (gaps included). */
void sd_history_upgrade(const struct sd_history *history, const struct sd_script *target,
	const struct sd_names *applied, struct sd_arena *arena, struct sd_scripts *scripts);

/** The same for @goal.  A goal that counts backwards is reported. */
enum sd_status sd_history_up(const struct sd_history *history, const struct sd_goal *goal,
	const struct sd_names *applied, struct sd_arena *arena, struct sd_diags *diags,
	struct sd_scripts *scripts);

/** Scripts that a downgrade to @goal undoes, in order: what is applied of all that descends
 *  from the goal or depends on such a one; in the goal's branch, if it has one.  Other
 *  branches stay.  A goal that is not applied, one that counts forwards, and applied ids
 *  without a script are reported. */
enum sd_status sd_history_down(const struct sd_history *history, const struct sd_goal *goal,
	const struct sd_names *applied, struct sd_arena *arena, struct sd_diags *diags,
	struct sd_scripts *scripts);

/** The same for the single @target (NULL: base). */
enum sd_status sd_history_downgrade(const struct sd_history *history,
	const struct sd_script *target, const struct sd_names *applied, struct sd_arena *arena,
	struct sd_diags *diags, struct sd_scripts *scripts);

/** What is applied once the database was stamped with @goal, in order: the goal with all that
 *  it needs, and what other branches have applied. */
void sd_history_stamp(const struct sd_history *history, const struct sd_goal *goal,
	const struct sd_names *applied, struct sd_arena *arena, struct sd_scripts *scripts);

#endif
