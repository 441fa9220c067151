#include "core/base/tree.h"

#include "core/base/text.h"

#include <string.h>

/* https://github.com/git-lfs/git-lfs/blob/main/docs/spec.md */
static const char lfs_pointer[] = "version https://git-lfs.github.com/spec/";

enum sd_entry
sd_tree_entry(const struct sd_tree *tree, const char *path)
{
	if (tree)
		return tree->entry(tree, path);
	if (!sd_file_exists(path))
		return SD_ENTRY_NONE;
	return sd_is_dir(path) ? SD_ENTRY_DIR : SD_ENTRY_FILE;
}

enum sd_status
sd_tree_read(const struct sd_tree *tree, const char *path, struct sd_arena *arena,
	struct sd_diags *diags, char **text, size_t *len)
{
	enum sd_status status = tree ? tree->read(tree, path, arena, diags, text, len)
				     : sd_file_read(path, arena, diags, text, len);

	if (status || !sd_text_starts(*text, lfs_pointer))
		return status;
	status = sd_error(diags, (struct sd_pos){ .file = sd_tree_name(tree, arena, path) },
		"is a pointer of Git LFS: what it stands for is not here");
	sd_hint(diags,
		"schema files and migrations belong into git itself: take the line out of "
		".gitattributes, then `git add --renormalize` the file");
	return status;
}

enum sd_status
sd_tree_list(const struct sd_tree *tree, const char *dir, const char *suffix, bool recursive,
	struct sd_arena *arena, struct sd_diags *diags, struct sd_names *paths)
{
	return tree ? tree->list(tree, dir, suffix, recursive, arena, diags, paths)
		    : sd_dir_list(dir, suffix, recursive, arena, diags, paths);
}

const char *
sd_tree_name(const struct sd_tree *tree, struct sd_arena *arena, const char *path)
{
	return tree && tree->label ? sd_fmt(arena, "%s%s", tree->label, path) : path;
}

/* ---- files over files ------------------------------------------------------------------- */

struct laid {
	const char *dir, *path, *text; /* text NULL: taken away */
};

struct sd_overlay {
	struct sd_tree tree; /* first: its functions get a pointer to it */
	const struct sd_tree *below;
	struct sd_arena *arena;
	struct sd_map laid; /* by path */
	SD_VEC(struct laid *) all;
};

static const struct sd_overlay *
overlay_of(const struct sd_tree *tree)
{
	return (const struct sd_overlay *)(const void *)tree;
}

/* The folder @inner is @dir, or lies in it; slashes at their ends don't count. */
static bool
lies_in(const char *inner, const char *dir, bool recursive)
{
	size_t n = strlen(dir), m = strlen(inner);

	while (n > 1 && dir[n - 1] == '/')
		n--;
	while (m > 1 && inner[m - 1] == '/')
		m--;
	return strncmp(inner, dir, n) == 0 && (m == n || (recursive && inner[n] == '/'));
}

static enum sd_entry
overlay_entry(const struct sd_tree *tree, const char *path)
{
	const struct sd_overlay *o = overlay_of(tree);
	const struct laid *laid = sd_map_get(&o->laid, path);

	if (laid)
		return laid->text ? SD_ENTRY_FILE : SD_ENTRY_NONE;
	for (size_t i = 0; i < o->all.n; i++)
		if (o->all.at[i]->text && lies_in(o->all.at[i]->dir, path, false))
			return SD_ENTRY_DIR;
	return sd_tree_entry(o->below, path);
}

static enum sd_status
overlay_read(const struct sd_tree *tree, const char *path, struct sd_arena *arena,
	struct sd_diags *diags, char **text, size_t *len)
{
	const struct sd_overlay *o = overlay_of(tree);
	const struct laid *laid = sd_map_get(&o->laid, path);

	if (!laid)
		return sd_tree_read(o->below, path, arena, diags, text, len);
	if (!laid->text)
		return sd_error(diags, (struct sd_pos){ .file = path }, "is not there");
	*text = sd_strdup(arena, laid->text);
	if (len)
		*len = strlen(laid->text);
	return SD_OK;
}

static enum sd_status
overlay_list(const struct sd_tree *tree, const char *dir, const char *suffix, bool recursive,
	struct sd_arena *arena, struct sd_diags *diags, struct sd_names *paths)
{
	const struct sd_overlay *o = overlay_of(tree);
	struct sd_names below = { 0 };

	if (sd_tree_entry(o->below, dir) == SD_ENTRY_DIR &&
		sd_tree_list(o->below, dir, suffix, recursive, arena, diags, &below))
		return SD_ERR;
	for (size_t i = 0; i < below.n; i++)
		if (!sd_map_get(&o->laid, below.at[i]))
			*sd_push(arena, paths) = below.at[i];
	for (size_t i = 0; i < o->all.n; i++)
		if (o->all.at[i]->text && lies_in(o->all.at[i]->dir, dir, recursive))
			*sd_push(arena, paths) = o->all.at[i]->path;
	return SD_OK;
}

struct sd_overlay *
sd_overlay_new(const struct sd_tree *below, struct sd_arena *arena)
{
	struct sd_overlay *o = sd_new(arena, struct sd_overlay);

	o->tree = (struct sd_tree){ .label = below ? below->label : NULL,
		.entry = overlay_entry,
		.read = overlay_read,
		.list = overlay_list };
	o->below = below;
	o->arena = arena;
	return o;
}

void
sd_overlay_put(struct sd_overlay *overlay, const char *dir, const char *path, const char *text)
{
	void **slot = sd_map_at(&overlay->laid, path, overlay->arena);
	struct laid *laid = *slot;

	if (!laid) {
		*slot = laid = sd_new(overlay->arena, struct laid);
		*sd_push(overlay->arena, &overlay->all) = laid;
	}
	*laid = (struct laid){ dir, path, text };
}

const struct sd_tree *
sd_overlay_tree(const struct sd_overlay *overlay)
{
	return &overlay->tree;
}
