/** Diff and plan → text.  Pure: builds strings, does no I/O.  An engine is one struct
 * sd_renderer. */
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

/** A comparison, and all that is known of it, to be shown. */
struct sd_shown {
	const struct sd_diff *diff;
	const char *from, *into; /* what the sides are called ("the schema files"), or NULL */
	const struct sd_plan *plan; /* how it would be done: gives the warnings; may be NULL */
	const char *sql;            /* what would do it, or NULL, because of … */
	struct sd_names refusals;
	bool undecided; /* no engine was there to say which texts mean the same */
	bool color;     /* text: with colours */
};

/** One format: append @shown to @out.  docs/commands.md shows what each looks like. */
typedef void sd_show_fn(
	const struct sd_shown *shown, struct sd_arena *arena, struct sd_buf *out);

/** For people at a terminal; empty when nothing differs. */
sd_show_fn sd_show_text;
/** The statements, behind what they leave out as comments. */
sd_show_fn sd_show_sql;
/** Members of a JSON object: those of sd_render_json(), and "summary", "from", "into",
 *  "refusals"; each change has its "warnings" and what to "allow" then. */
sd_show_fn sd_show_json;
/** GitHub's Markdown for a comment: SD_MARKDOWN_MAX bytes at most. */
sd_show_fn sd_show_markdown;
/** One page that needs nothing else. */
sd_show_fn sd_show_html;

/** GitHub takes 65,536 characters; the rest is for what stands around it. */
#define SD_MARKDOWN_MAX 64000

/** sd_show_text() of @diff alone, without a summary: for a place in other text. */
void sd_render_text(
	const struct sd_diff *diff, bool color, struct sd_arena *arena, struct sd_buf *out);

/** Append @diff as members of a JSON object: "changes": […], "unsupported": […],
 *  "ambiguous": […]. */
void sd_render_json(const struct sd_diff *diff, struct sd_arena *arena, struct sd_buf *out);

/** One change in words: "add column users.email", "alter column users.age: type: integer →
 *  bigint". */
const char *sd_change_text(struct sd_arena *arena, const struct sd_change *change);

#endif
