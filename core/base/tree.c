#include "core/base/tree.h"

#include "core/base/text.h"

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
