/** Where the files of a project are read from: the disk, or what git keeps (core/git/git.h).
 *  Paths are what they are on the disk: absolute, or relative to the working directory. */
#ifndef SD_BASE_TREE_H
#define SD_BASE_TREE_H

#include "core/base/file.h"
#include "core/base/map.h"

enum sd_entry { SD_ENTRY_NONE, SD_ENTRY_FILE, SD_ENTRY_DIR };

/** A place to read from; NULL stands for the disk wherever one is asked for. */
struct sd_tree {
	/** What reports put before a path of this tree: "main:", or NULL for nothing. */
	const char *label;
	enum sd_entry (*entry)(const struct sd_tree *tree, const char *path);
	/** As sd_file_read(), sd_dir_list(). */
	enum sd_status (*read)(const struct sd_tree *tree, const char *path,
		struct sd_arena *arena, struct sd_diags *diags, char **text, size_t *len);
	enum sd_status (*list)(const struct sd_tree *tree, const char *dir, const char *suffix,
		bool recursive, struct sd_arena *arena, struct sd_diags *diags,
		struct sd_names *paths);
	/** What the content of the file @path is known by, NULL when by nothing.  What was made of
	 * it may be put into @kept under that name: all trees of a repository share it. */
	const char *(*id)(
		const struct sd_tree *tree, const char *path, struct sd_arena *arena);
	struct sd_map *kept;
};

enum sd_entry sd_tree_entry(const struct sd_tree *tree, const char *path);
enum sd_status sd_tree_read(const struct sd_tree *tree, const char *path,
	struct sd_arena *arena, struct sd_diags *diags, char **text, size_t *len);
enum sd_status sd_tree_list(const struct sd_tree *tree, const char *dir, const char *suffix,
	bool recursive, struct sd_arena *arena, struct sd_diags *diags, struct sd_names *paths);

/** What reports call @path of @tree. */
const char *sd_tree_name(
	const struct sd_tree *tree, struct sd_arena *arena, const char *path);

#endif
