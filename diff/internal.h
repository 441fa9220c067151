/** What the files of diff/ share. */
#ifndef SD_DIFF_INTERNAL_H
#define SD_DIFF_INTERNAL_H

#include "diff/diff.h"

/** Mark what is not managed in both models: by pattern, by kind, by `"managed": false`. */
void sd_manage_mark(struct sd_schema *from, struct sd_schema *into,
	const struct sd_diff_options *options, struct sd_arena *arena);

/** Complete @into with what @from has and @into does not manage. */
void sd_manage_adopt(
	const struct sd_schema *from, struct sd_schema *into, struct sd_diff *diff);

/** Pair what is not managed on both sides: for the way back, where both models are whole. */
void sd_manage_pair(const struct sd_schema *from, struct sd_schema *into);

/** Nobody's to change: not managed, or not described wholly by the model. */
bool sd_left_alone(const struct sd_object *object);

/** The renames to obey: those of the flags, then `renamed_from` of @diff->into. */
void sd_rename_collect(struct sd_diff *diff, const struct sd_diff_options *options);

/** Find what may be a rename or a loss. */
void sd_ambiguous_find(struct sd_diff *diff, const struct sd_diff_options *options);

/** Append a change. */
struct sd_change *sd_change_add(struct sd_diff *diff, enum sd_op op, enum sd_kind kind,
	struct sd_object *from, struct sd_object *into, uint64_t fields);

/** Walk every object of @schema, relations before their parts. */
typedef void sd_walk_fn(void *ctx, struct sd_object *object);
void sd_schema_walk(const struct sd_schema *schema, sd_walk_fn *fn, void *ctx);

/** Find the hazards of every change of @plan's diff, and the refusals that follow. */
void sd_hazards_find(struct sd_plan *plan, unsigned allow);

/** Whatever hangs on what the steps of @plan change, and can't follow, is recreated; cycles of
 *  foreign keys are broken (diff/makeway.c). */
void sd_make_way_begin(struct sd_plan *plan);
void sd_make_way(struct sd_plan *plan, const struct sd_strategy *strategy);

/** @object, an index or constraint, has @column of its table. */
bool sd_uses_column(
	struct sd_plan *plan, const struct sd_object *object, const char *column);

/** The columns of @key, a key or unique index, are, in any order, those that @fk refers to. */
bool sd_key_serves(
	struct sd_plan *plan, const struct sd_foreign_key *fk, const struct sd_object *key);

/** Find the drops that wait for what may replace them. */
void sd_successors_find(struct sd_plan *plan);

/** @plan may not be written because of @text; @object, whose place is told, or NULL. */
void sd_plan_refuse(struct sd_plan *plan, const struct sd_object *object, const char *text);

/** Append a step to @plan. */
struct sd_change *sd_step_add(struct sd_plan *plan, enum sd_op op, enum sd_kind kind,
	struct sd_object *from, struct sd_object *into);

/** Put @steps in running order: by priority, then by dependencies, ties by name.  A knot is
 *  reported, SD_ERR. */
enum sd_status sd_order(struct sd_plan *plan, struct sd_diags *diags);

#endif
