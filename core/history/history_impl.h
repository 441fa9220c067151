/** What history.c (reading), graph.c (order and defects), sets.c (what runs) and resolve.c
 * (what people call it) share. */
#ifndef SD_HISTORY_HISTORY_IMPL_H
#define SD_HISTORY_HISTORY_IMPL_H

#include "core/history/history.h"

/** Tie the @read scripts, sorted by revision, of @history to each other and put them into
 *  order; report what stands in the way. */
enum sd_status sd_history_link(
	struct sd_history *history, const struct sd_scripts *read, struct sd_diags *diags);

/** Which edges are followed. */
enum sd_edges { SD_EDGES_LINE, SD_EDGES_ALL };

/** A set of scripts of one history: a mark for each index. */
typedef bool *sd_marks;

sd_marks sd_marks_new(const struct sd_history *history, struct sd_arena *arena);

/** Mark what @applied names; ids without a script are left out. */
void sd_marks_names(
	const struct sd_history *history, const struct sd_names *names, sd_marks marks);
void sd_marks_scripts(const struct sd_scripts *scripts, sd_marks marks);

/** Add everything below (ancestors) or above (descendants) what is marked. */
void sd_marks_down(const struct sd_history *history, sd_marks marks, enum sd_edges edges);
void sd_marks_up(const struct sd_history *history, sd_marks marks, enum sd_edges edges);

/** The line of @script: its ancestors, descendants and itself. */
sd_marks sd_marks_line(const struct sd_history *history, const struct sd_script *script,
	struct sd_arena *arena);

/** The marked scripts that have no marked one above them, sorted by revision. */
void sd_marks_tips(const struct sd_history *history, const sd_marks marks, enum sd_edges edges,
	struct sd_arena *arena, struct sd_scripts *tips);

/** The marked scripts in the history's order. */
void sd_marks_list(const struct sd_history *history, const sd_marks marks,
	struct sd_arena *arena, struct sd_scripts *list);

/** Sort @scripts by revision. */
void sd_scripts_sort(struct sd_scripts *scripts);

#endif
