/* What a database has kept becomes scripts in a tree laid over the one that files are read
 * from: so the graph, its checks and the runner take them for what they are. */
#include "core/history/stored.h"

#include "core/base/text.h"

#include <string.h>

static const char mark[] = "database:"; /* what their paths begin with */

/* What @row depends on.  What is neither applied nor here any more cannot be undone wrongly. */
static struct sd_names
needs_of(const struct sd_applied *row, const struct sd_state *state,
	const struct sd_history *history, struct sd_arena *arena)
{
	struct sd_names needs = { 0 };
	const char *at = row->depends_on ? row->depends_on : "";

	for (size_t n = strcspn(at, ","); n; n = strcspn(at, ",")) {
		const char *id = sd_strndup(arena, at, n);

		if (sd_history_find(history, id) || sd_state_row(state, id))
			*sd_push(arena, &needs) = id;
		at += n + (at[n] != '\0');
	}
	return needs;
}

/* The script of @row.  Its up part is empty: nobody runs it. */
static const char *
text_of(const struct sd_applied *row, const struct sd_names *needs, struct sd_arena *arena)
{
	struct sd_buf out = SD_BUF(arena);

	sd_buf_addf(&out, "-- %s\n-- revision: %s\n", sd_text_squeeze(arena, row->description),
		row->revision);
	if (row->parents && *row->parents)
		sd_buf_addf(&out, "-- revises: %s\n", row->parents);
	for (size_t i = 0; i < needs->n; i++)
		sd_buf_addf(&out, "%s%s", i ? ", " : "-- depends-on: ", needs->at[i]);
	sd_buf_add(&out, needs->n ? "\n-- schemadiff:up\n" : "-- schemadiff:up\n");
	if (row->down_sql)
		sd_buf_addf(&out, "-- schemadiff:down%s%s",
			row->down_sql[0] == '\n' ? "" : "\n", row->down_sql);
	return sd_buf_text(&out);
}

const struct sd_tree *
sd_stored_tree(const struct sd_tree *tree, const char *dir, const struct sd_state *state,
	const struct sd_history *history, struct sd_arena *arena)
{
	struct sd_overlay *overlay = sd_overlay_new(tree, arena);

	for (size_t i = 0; i < state->rows.n; i++) {
		const struct sd_applied *row = &state->rows.at[i];
		struct sd_names needs;

		if (sd_history_find(history, row->revision))
			continue;
		needs = needs_of(row, state, history, arena);
		sd_overlay_put(overlay, dir, sd_fmt(arena, "%s%s", mark, row->revision),
			text_of(row, &needs, arena));
	}
	return sd_overlay_tree(overlay);
}

bool
sd_is_stored(const struct sd_script *script)
{
	return sd_text_starts(script->path, mark);
}
