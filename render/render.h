/** Plan → text.  Pure: builds strings, does no I/O.  An engine is one struct sd_renderer. */
#ifndef SD_RENDER_RENDER_H
#define SD_RENDER_RENDER_H

#include "diff/diff.h"

/** One engine's renderer. */
struct sd_renderer {
	const struct sd_dialect *dialect;
	struct sd_strategy strategy;
	/** Write the body of an up or down part for @plan: directives, warnings, statements. */
	void (*part)(const struct sd_plan *plan, struct sd_arena *arena, struct sd_buf *out);
	/** A statement that makes the engine compile @object, a view or trigger, and does
	 *  nothing; NULL when there is none.  NULL itself where that is nothing to ask. */
	const char *(*probe)(const struct sd_object *object, struct sd_arena *arena);
	/** What stands behind FROM where expressions over @relation (of a comparison: with its
	 *  names there) are put to the engine; NULL = nothing but its name. */
	const char *(*source)(const struct sd_object *relation, struct sd_arena *arena);
};

extern const struct sd_renderer sd_renderer_sqlite;
extern const struct sd_renderer sd_renderer_postgres;

/** How a diff is shown. */
enum sd_format { SD_FORMAT_TEXT, SD_FORMAT_JSON };

/** Show @diff for people: a line a change, grouped by table ("type: integer → bigint"). */
void sd_render_text(
	const struct sd_diff *diff, bool color, struct sd_arena *arena, struct sd_buf *out);

/** Append @diff as members of a JSON object: "changes": […], "unsupported": […],
 *  "ambiguous": […]. */
void sd_render_json(const struct sd_diff *diff, struct sd_arena *arena, struct sd_buf *out);

/** One change in words: "add column users.email", "alter column users.age: type: integer →
 *  bigint". */
const char *sd_change_text(struct sd_arena *arena, const struct sd_change *change);

#endif
