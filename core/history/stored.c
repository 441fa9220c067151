/* What a database has kept becomes scripts in a tree laid over the one that files are read
 * from: so the graph, its checks and the runner take them for what they are. */
#include "core/history/stored.h"

#include "core/base/text.h"

#include <string.h>

static const char mark[] = "database:"; /* what their paths begin with */

struct overlay {
	struct sd_tree tree;
	const struct sd_tree *below;
	const char *dir;
	struct sd_map texts; /* by path */
	struct sd_names paths;
};

static const struct overlay *
overlay_of(const struct sd_tree *tree)
{
	return (const struct overlay *)(const void *)tree;
}

static enum sd_entry
entry(const struct sd_tree *tree, const char *path)
{
	const struct overlay *o = overlay_of(tree);

	if (sd_map_get(&o->texts, path))
		return SD_ENTRY_FILE;
	return strcmp(path, o->dir) == 0 ? SD_ENTRY_DIR : sd_tree_entry(o->below, path);
}

static enum sd_status
read_text(const struct sd_tree *tree, const char *path, struct sd_arena *arena,
	struct sd_diags *diags, char **text, size_t *len)
{
	const struct overlay *o = overlay_of(tree);
	const char *stored = sd_map_get(&o->texts, path);

	if (!stored)
		return sd_tree_read(o->below, path, arena, diags, text, len);
	*text = sd_strdup(arena, stored);
	*len = strlen(stored);
	return SD_OK;
}

static enum sd_status
list(const struct sd_tree *tree, const char *dir, const char *suffix, bool recursive,
	struct sd_arena *arena, struct sd_diags *diags, struct sd_names *paths)
{
	const struct overlay *o = overlay_of(tree);

	if (sd_tree_entry(o->below, dir) == SD_ENTRY_DIR &&
		sd_tree_list(o->below, dir, suffix, recursive, arena, diags, paths))
		return SD_ERR;
	for (size_t i = 0; strcmp(dir, o->dir) == 0 && i < o->paths.n; i++)
		*sd_push(arena, paths) = o->paths.at[i];
	return SD_OK;
}

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
static char *
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
	return sd_strdup(arena, sd_buf_text(&out));
}

const struct sd_tree *
sd_stored_tree(const struct sd_tree *tree, const char *dir, const struct sd_state *state,
	const struct sd_history *history, struct sd_arena *arena)
{
	struct overlay *o = sd_new(arena, struct overlay);

	*o = (struct overlay){
		.tree = { .label = tree ? tree->label : NULL,
			.entry = entry,
			.read = read_text,
			.list = list },
		.below = tree,
		.dir = dir,
	};
	for (size_t i = 0; i < state->rows.n; i++) {
		const struct sd_applied *row = &state->rows.at[i];
		const char *path = sd_fmt(arena, "%s%s", mark, row->revision);
		struct sd_names needs;

		if (sd_history_find(history, row->revision))
			continue;
		needs = needs_of(row, state, history, arena);
		*sd_map_at(&o->texts, path, arena) = text_of(row, &needs, arena);
		*sd_push(arena, &o->paths) = path;
	}
	return &o->tree;
}

bool
sd_is_stored(const struct sd_script *script)
{
	return sd_text_starts(script->path, mark);
}
