/* What a database has kept becomes scripts in a tree laid over the one that files are read
 * from: so the graph, its checks and the runner take them for what they are. */
#include "core/history/stored.h"

#include "core/base/file.h"
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

/* What @row replaces and has scripts here, which were not run by themselves: so what follows them
 * here follows it. */
static void
replaced_scripts(const struct sd_applied *row, const struct sd_state *state,
	const struct sd_history *history, struct sd_arena *arena, struct sd_scripts *replaced)
{
	for (size_t i = 0; i < row->replaces.n; i++) {
		struct sd_script *script = sd_history_find(history, row->replaces.at[i]);

		if (script && !sd_state_row(state, script->revision))
			*sd_push(arena, replaced) = script;
	}
}

static void
add_names(struct sd_buf *out, const char *key, const struct sd_names *names)
{
	if (names->n)
		sd_buf_addf(out, "-- %s: %s\n", key, sd_text_list(out->arena, names, 0));
}

/* The script of @row, which takes the place of @replaced.  Its up part is empty: nobody runs it. */
static const char *
text_of(const struct sd_applied *row, const struct sd_names *needs,
	const struct sd_scripts *replaced, struct sd_arena *arena)
{
	struct sd_buf out = SD_BUF(arena);
	struct sd_names ids = { 0 }, labels = { 0 };

	for (size_t i = 0; i < replaced->n; i++) {
		*sd_push(arena, &ids) = replaced->at[i]->revision;
		for (size_t k = 0; k < replaced->at[i]->labels.n; k++)
			*sd_push(arena, &labels) = replaced->at[i]->labels.at[k];
	}
	sd_buf_addf(&out, "-- %s\n-- revision: %s\n", sd_text_squeeze(arena, row->description),
		row->revision);
	if (row->parents && *row->parents)
		sd_buf_addf(&out, "-- revises: %s\n", row->parents);
	add_names(&out, "depends-on", needs);
	add_names(&out, "label", &labels);
	add_names(&out, "replaces", &ids);
	sd_buf_add(&out, "-- schemadiff:up\n");
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
		struct sd_scripts replaced = { 0 };
		struct sd_names needs;

		if (sd_history_find(history, row->revision))
			continue;
		needs = needs_of(row, state, history, arena);
		replaced_scripts(row, state, history, arena, &replaced);
		sd_overlay_put(overlay, dir, sd_fmt(arena, "%s%s", mark, row->revision),
			text_of(row, &needs, &replaced, arena));
		for (size_t k = 0; k < replaced.n; k++)
			sd_overlay_put(overlay, sd_path_dir(arena, replaced.at[k]->path),
				replaced.at[k]->path, NULL);
	}
	return sd_overlay_tree(overlay);
}

bool
sd_is_stored(const struct sd_script *script)
{
	return sd_text_starts(script->path, mark);
}
