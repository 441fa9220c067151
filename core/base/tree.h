/** Where the files of a project are read from: the disk, or what git keeps (core/git/git.h).
 *  Paths are what they are on the disk: absolute, or relative to the working directory. */
#ifndef SD_BASE_TREE_H
#define SD_BASE_TREE_H

#include "core/base/file.h"
#include "core/base/map.h"

enum sd_entry { SD_ENTRY_NONE, SD_ENTRY_FILE, SD_ENTRY_DIR };

struct sd_overlay;

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

/** A tree with other files laid over those of @below (NULL: the disk).  It lives as long as
 *  @arena. */
struct sd_overlay *sd_overlay_new(const struct sd_tree *below, struct sd_arena *arena);

/** The file @path of the folder @dir has @text; NULL: it is not there. */
void sd_overlay_put(
	struct sd_overlay *overlay, const char *dir, const char *path, const char *text);

const struct sd_tree *sd_overlay_tree(const struct sd_overlay *overlay);

/** What reports call @path of @tree. */
const char *sd_tree_name(
	const struct sd_tree *tree, struct sd_arena *arena, const char *path);

#endif
