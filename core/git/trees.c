/* The files that git keeps, as trees: those of the index, and those of a commit.  Each is two
 * functions, which find one entry and walk a folder; the rest is the same for both. */
#include "core/base/text.h"
#include "core/git/repository.h"

#include <stdlib.h>
#include <string.h>

#define MOST_LINKS 8 /* that lead to one another */

struct item {
	const char *path; /* from the folder that was listed on */
	git_oid id;
	uint32_t mode;
};

struct items {
	struct item *at;
	size_t n, cap;
};

struct git_files {
	struct sd_tree tree;
	struct sd_git *git;
	git_index *index; /* or */
	git_tree *root;
	/** What lies at @path of the repository; false when nothing does. */
	bool (*find)(const struct git_files *files, const char *path, struct item *item);
	/** All files below the folder @path ("" = the top). */
	void (*walk)(const struct git_files *files, const char *path, struct sd_arena *arena,
		struct items *items);
};

static const struct git_files *
files_of(const struct sd_tree *tree)
{
	return (const struct git_files *)(const void *)tree;
}

/* "a/b" → "a/b/", "" → "". */
static const char *
prefix_of(struct sd_arena *arena, const char *path)
{
	size_t len = strlen(path);

	return len && path[len - 1] != '/' ? sd_fmt(arena, "%s/", path) : path;
}

/* ---- the index ---------------------------------------------------------------------------- */

static bool
find_staged(const struct git_files *files, const char *path, struct item *item)
{
	const git_index_entry *entry = git_index_get_bypath(files->index, path, 0);
	struct sd_arena *scratch;
	bool found;
	size_t at;

	if (entry) {
		*item = (struct item){ path, entry->id, entry->mode };
		return true;
	}
	/* an index has no folders: one is there when something lies in it */
	scratch = sd_arena_new();
	*item = (struct item){ .path = path, .mode = GIT_FILEMODE_TREE };
	found = git_index_find_prefix(&at, files->index, prefix_of(scratch, path)) == 0;
	sd_arena_free(scratch);
	return found;
}

static void
walk_staged(const struct git_files *files, const char *path, struct sd_arena *arena,
	struct items *items)
{
	const char *prefix = prefix_of(arena, path);
	size_t len = strlen(prefix), at = 0;

	if (len && git_index_find_prefix(&at, files->index, prefix))
		return;
	for (; at < git_index_entrycount(files->index); at++) {
		const git_index_entry *entry = git_index_get_byindex(files->index, at);

		if (strncmp(entry->path, prefix, len) != 0)
			break;
		/* of a path in conflict there are up to three stages, and none is staged */
		if (GIT_INDEX_ENTRY_STAGE(entry))
			continue;
		*sd_push(arena, items) = (struct item){ sd_strdup(arena, entry->path + len),
			entry->id, entry->mode };
	}
}

/* ---- a commit ----------------------------------------------------------------------------- */

static bool
find_committed(const struct git_files *files, const char *path, struct item *item)
{
	git_tree_entry *entry = NULL;

	if (!*path) {
		*item = (struct item){ .path = path,
			.id = *git_object_id((const git_object *)files->root),
			.mode = GIT_FILEMODE_TREE };
		return true;
	}
	if (git_tree_entry_bypath(&entry, files->root, path))
		return false;
	*item = (struct item){ path, *git_tree_entry_id(entry),
		(uint32_t)git_tree_entry_filemode(entry) };
	git_tree_entry_free(entry);
	return true;
}

struct walk {
	struct sd_arena *arena;
	struct items *items;
};

static int
take_entry(const char *dir, const git_tree_entry *entry, void *arg)
{
	struct walk *walk = arg;
	uint32_t mode = (uint32_t)git_tree_entry_filemode(entry);

	if (mode != GIT_FILEMODE_TREE)
		*sd_push(walk->arena, walk->items) = (struct item){
			sd_fmt(walk->arena, "%s%s", dir, git_tree_entry_name(entry)),
			*git_tree_entry_id(entry), mode
		};
	return 0;
}

static void
walk_committed(const struct git_files *files, const char *path, struct sd_arena *arena,
	struct items *items)
{
	struct walk walk = { arena, items };
	git_tree *folder = NULL;
	struct item item;

	if (!find_committed(files, path, &item) ||
		git_tree_lookup(&folder, files->git->repository, &item.id))
		return;
	(void)git_tree_walk(folder, GIT_TREEWALK_PRE, take_entry, &walk);
	git_tree_free(folder);
}

/* ---- what both share ---------------------------------------------------------------------- */

/* The content of a blob, NUL-terminated; NULL when it can't be read. */
static char *
blob_text(const struct git_files *files, const git_oid *id, struct sd_arena *arena, size_t *len)
{
	git_blob *blob = NULL;
	char *text = NULL;

	if (git_blob_lookup(&blob, files->git->repository, id))
		return NULL;
	*len = (size_t)git_blob_rawsize(blob);
	if (*len <= SD_FILE_MAX)
		text = sd_strndup(arena, git_blob_rawcontent(blob), *len);
	git_blob_free(blob);
	return text;
}

/* What @path (as on the disk) is in the repository, links followed; false when nothing. */
static bool
resolve(const struct git_files *files, struct sd_arena *arena, const char *path,
	struct item *item)
{
	const char *inside = sd_git_path(files->git, arena, path);
	size_t len;

	for (int i = 0; i < MOST_LINKS && inside && files->find(files, inside, item); i++) {
		const char *target;

		if (item->mode != GIT_FILEMODE_LINK)
			return item->mode != GIT_FILEMODE_COMMIT;
		target = blob_text(files, &item->id, arena, &len);
		if (!target)
			return false;
		if (*target != '/')
			target = sd_fmt(arena, "%s%s/%s", files->git->workdir,
				sd_path_dir(arena, inside), target);
		inside = sd_git_path(files->git, arena, target);
	}
	return false;
}

static enum sd_entry
entry(const struct sd_tree *tree, const char *path)
{
	struct sd_arena *scratch = sd_arena_new();
	enum sd_entry found = SD_ENTRY_NONE;
	struct item item;

	if (resolve(files_of(tree), scratch, path, &item))
		found = item.mode == GIT_FILEMODE_TREE ? SD_ENTRY_DIR : SD_ENTRY_FILE;
	sd_arena_free(scratch);
	return found;
}

static enum sd_status
read_file(const struct sd_tree *tree, const char *path, struct sd_arena *arena,
	struct sd_diags *diags, char **text, size_t *len)
{
	const struct git_files *files = files_of(tree);
	struct sd_pos pos = { .file = sd_tree_name(tree, arena, path) };
	struct item item;
	size_t size = 0;

	if (!resolve(files, arena, path, &item))
		return sd_error(diags, pos, "git has no such file");
	if (item.mode == GIT_FILEMODE_TREE)
		return sd_error(diags, pos, "cannot be read: it is a folder");
	*text = blob_text(files, &item.id, arena, &size);
	if (len)
		*len = size;
	if (*text)
		return SD_OK;
	return size ? sd_error(diags, pos, "is larger than 16 MiB")
		    : sd_error(diags, pos, "cannot be read: %s", sd_git_reason(arena));
}

static int
by_path(const void *a, const void *b)
{
	return strcmp(((const struct item *)a)->path, ((const struct item *)b)->path);
}

/* The files below @path, as on the disk, by their bytes. */
static void
walk_sorted(const struct git_files *files, const char *path, struct sd_arena *arena,
	struct items *items)
{
	struct item folder;

	if (!resolve(files, arena, path, &folder) || folder.mode != GIT_FILEMODE_TREE)
		return;
	files->walk(files, folder.path, arena, items);
	if (items->n)
		qsort(items->at, items->n, sizeof *items->at, by_path);
}

/* One that sd_dir_list() would list. */
static bool
is_listed(const struct item *item, const char *suffix, bool recursive)
{
	size_t len = strlen(item->path), tail = strlen(suffix);

	if (*item->path == '.' || strstr(item->path, "/.") || len < tail ||
		strcmp(item->path + len - tail, suffix) != 0)
		return false;
	return item->mode != GIT_FILEMODE_COMMIT && (recursive || !strchr(item->path, '/'));
}

static enum sd_status
list(const struct sd_tree *tree, const char *dir, const char *suffix, bool recursive,
	struct sd_arena *arena, struct sd_diags *diags, struct sd_names *paths)
{
	struct items items = { 0 };

	(void)diags;
	walk_sorted(files_of(tree), dir, arena, &items);
	for (size_t i = 0; i < items.n; i++)
		if (is_listed(&items.at[i], suffix, recursive))
			*sd_push(arena, paths) = sd_path_join(arena, dir, items.at[i].path);
	return SD_OK;
}

bool
sd_git_same(const struct sd_tree *a, const struct sd_tree *b, const char *path)
{
	const struct git_files *files[] = { files_of(a), files_of(b) };
	struct sd_arena *scratch = sd_arena_new();
	struct items items[2] = { { 0 }, { 0 } };
	struct item item[2];
	bool there[2], same = true;

	for (int i = 0; i < 2; i++) {
		there[i] = resolve(files[i], scratch, path, &item[i]);
		walk_sorted(files[i], path, scratch, &items[i]);
	}
	if (there[0] != there[1] || items[0].n != items[1].n)
		same = false;
	else if (there[0] && item[0].mode != GIT_FILEMODE_TREE)
		same = git_oid_cmp(&item[0].id, &item[1].id) == 0;
	for (size_t i = 0; same && i < items[0].n; i++)
		same = by_path(&items[0].at[i], &items[1].at[i]) == 0 &&
		       git_oid_cmp(&items[0].at[i].id, &items[1].at[i].id) == 0;
	sd_arena_free(scratch);
	return same;
}

/* ---- making them -------------------------------------------------------------------------- */

static struct git_files *
new_files(struct sd_git *git)
{
	struct git_files *files = sd_new(git->arena, struct git_files);

	files->git = git;
	files->tree = (struct sd_tree){ .entry = entry, .read = read_file, .list = list };
	return files;
}

static void
free_index(void *index)
{
	git_index_free(index);
}

static void
free_tree(void *tree)
{
	git_tree_free(tree);
}

const struct sd_tree *
sd_git_index(struct sd_git *git, const char **why)
{
	struct git_files *files = new_files(git);

	*why = NULL;
	if (git_repository_index(&files->index, git->repository)) {
		*why = sd_git_reason(git->arena);
		return NULL;
	}
	sd_arena_defer(git->arena, free_index, files->index);
	files->find = find_staged;
	files->walk = walk_staged;
	return &files->tree;
}

const struct sd_tree *
sd_git_revision(struct sd_git *git, const char *rev, const char **why)
{
	struct git_files *files = new_files(git);

	files->root = (git_tree *)sd_git_find(git, rev, GIT_OBJECT_TREE, why);
	if (!files->root)
		return NULL;
	sd_arena_defer(git->arena, free_tree, files->root);
	files->tree.label = sd_fmt(git->arena, "%s:", rev);
	files->find = find_committed;
	files->walk = walk_committed;
	return &files->tree;
}
