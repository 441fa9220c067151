/* The files that git keeps, as trees: those of the index, and those of a commit.  Each is two
 * functions, which find one entry and walk a folder; the rest is the same for both. */
#include "core/base/text.h"
#include "core/git/repository.h"

#include <stdlib.h>
#include <string.h>

#define MOST_LINKS 8 /* that lead to one another */
#define N_STAGES 4   /* of a path in the index: 0 is staged, the others are sides of a conflict */

struct item {
	const char *path; /* from the folder that was listed on */
	git_oid id;
	uint32_t mode;
	bool in_conflict; /* the index has it in several versions, and none is staged */
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
	struct sd_arena *scratch;
	bool found;
	size_t at;

	for (int stage = 0; stage < N_STAGES; stage++) {
		const git_index_entry *entry =
			git_index_get_bypath(files->index, path, stage);

		if (!entry)
			continue;
		*item = (struct item){ path, entry->id, entry->mode, stage != 0 };
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
		/* one for all sides of a conflict */
		if (items->n && strcmp(items->at[items->n - 1].path, entry->path + len) == 0)
			continue;
		*sd_push(arena, items) = (struct item){ sd_strdup(arena, entry->path + len),
			entry->id, entry->mode, GIT_INDEX_ENTRY_STAGE(entry) != 0 };
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
	*item = (struct item){ .path = path,
		.id = *git_tree_entry_id(entry),
		.mode = (uint32_t)git_tree_entry_filemode(entry) };
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
			.path = sd_fmt(walk->arena, "%s%s", dir, git_tree_entry_name(entry)),
			.id = *git_tree_entry_id(entry),
			.mode = mode,
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

enum place {
	NOWHERE,
	INSIDE,
	OUTSIDE, /* not of this repository, or of a submodule: git keeps no version here */
};

/* Where the link @item leads, from the top of the work tree on; NULL: out of it. */
static const char *
follow(const struct git_files *files, struct sd_arena *arena, const struct item *item)
{
	const char *target;
	size_t len;

	target = blob_text(files, &item->id, arena, &len);
	if (target && *target != '/')
		target = sd_fmt(arena, "%s%s/%s", files->git->workdir,
			sd_path_dir(arena, item->path), target);
	return target ? sd_git_path(files->git, arena, target) : NULL;
}

/* A link or a submodule on the way to @path, which itself is not there. */
static bool
find_on_the_way(const struct git_files *files, struct sd_arena *arena, const char *path,
	struct item *item)
{
	for (const char *slash = strchr(path, '/'); slash; slash = strchr(slash + 1, '/'))
		if (files->find(files, sd_strndup(arena, path, (size_t)(slash - path)), item) &&
			item->mode != GIT_FILEMODE_TREE)
			return item->mode == GIT_FILEMODE_LINK ||
			       item->mode == GIT_FILEMODE_COMMIT;
	return false;
}

/* What @path (as on the disk) is in the repository, links followed. */
static enum place
resolve(const struct git_files *files, struct sd_arena *arena, const char *path,
	struct item *item)
{
	const char *inside = sd_git_path(files->git, arena, path), *rest;

	*item = (struct item){ 0 };
	for (int i = 0; i <= MOST_LINKS; i++) {
		if (!inside)
			return OUTSIDE;
		rest = "";
		if (!files->find(files, inside, item)) {
			if (!find_on_the_way(files, arena, inside, item))
				return NOWHERE;
			rest = inside + strlen(item->path);
		}
		if (item->mode == GIT_FILEMODE_COMMIT)
			return OUTSIDE;
		if (item->mode != GIT_FILEMODE_LINK)
			return INSIDE;
		inside = follow(files, arena, item);
		if (inside)
			inside = sd_fmt(arena, "%s%s", inside, *inside || !*rest ? rest : rest + 1);
	}
	return NOWHERE;
}

/* What is staged says nothing of @path, which the disk has: then that counts. */
static bool
is_of_disk(const struct git_files *files, enum place place)
{
	return place == OUTSIDE && files->index;
}

static enum sd_entry
entry(const struct sd_tree *tree, const char *path)
{
	struct sd_arena *scratch = sd_arena_new();
	enum sd_entry found = SD_ENTRY_NONE;
	struct item item;
	enum place place = resolve(files_of(tree), scratch, path, &item);

	if (is_of_disk(files_of(tree), place))
		found = sd_tree_entry(NULL, path);
	else if (place == INSIDE)
		found = item.mode == GIT_FILEMODE_TREE ? SD_ENTRY_DIR : SD_ENTRY_FILE;
	sd_arena_free(scratch);
	return found;
}

static enum sd_status
read_blob(const struct git_files *files, const struct item *item, struct sd_pos pos,
	struct sd_arena *arena, struct sd_diags *diags, char **text, size_t *len)
{
	char id[GIT_OID_HEXSZ + 1];

	*len = 0;
	*text = blob_text(files, &item->id, arena, len);
	if (*text)
		return SD_OK;
	if (*len)
		return sd_error(diags, pos, "is larger than 16 MiB");
	sd_error(diags, pos, "cannot be read: %s", sd_git_reason(arena));
	sd_hint(diags, "in a partial clone `git cat-file blob %s` fetches it",
		git_oid_tostr(id, sizeof id, &item->id));
	return SD_ERR;
}

static enum sd_status
read_file(const struct sd_tree *tree, const char *path, struct sd_arena *arena,
	struct sd_diags *diags, char **text, size_t *len)
{
	const struct git_files *files = files_of(tree);
	struct sd_pos pos = { .file = sd_tree_name(tree, arena, path) };
	struct item item;
	enum place place = resolve(files, arena, path, &item);
	size_t size;

	if (is_of_disk(files, place))
		return sd_tree_read(NULL, path, arena, diags, text, len);
	if (place == OUTSIDE)
		return sd_error(diags, pos, "lies outside of the repository, or in a submodule");
	if (place == NOWHERE)
		return sd_error(diags, pos, "git has no such file");
	if (item.mode == GIT_FILEMODE_TREE)
		return sd_error(diags, pos, "cannot be read: it is a folder");
	if (item.in_conflict) {
		sd_error(diags, pos, "is in conflict");
		sd_hint(diags, "settle it, then `git add` it");
		return SD_ERR;
	}
	return read_blob(files, &item, pos, arena, diags, text, len ? len : &size);
}

static const char *
id_of(const struct sd_tree *tree, const char *path, struct sd_arena *arena)
{
	struct item item;
	char id[GIT_OID_HEXSZ + 1];

	if (resolve(files_of(tree), arena, path, &item) != INSIDE || item.in_conflict ||
		item.mode == GIT_FILEMODE_TREE)
		return NULL;
	return sd_strdup(arena, git_oid_tostr(id, sizeof id, &item.id));
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

	if (resolve(files, arena, path, &folder) != INSIDE || folder.mode != GIT_FILEMODE_TREE)
		return;
	files->walk(files, folder.path, arena, items);
	if (items->n)
		qsort(items->at, items->n, sizeof *items->at, by_path);
}

/* ---- listing ------------------------------------------------------------------------------ */

struct listing {
	const struct git_files *files;
	const char *suffix;
	bool recursive;
	struct sd_arena *arena;
	struct sd_names *paths;
};

static void collect(const struct listing *l, const char *dir);

/* @item of @dir, if sd_dir_list() would list it. */
static void
collect_one(const struct listing *l, const char *dir, const struct item *item)
{
	size_t len = strlen(item->path), tail = strlen(l->suffix);
	const char *path = sd_path_join(l->arena, dir, item->path);
	bool is_link = item->mode == GIT_FILEMODE_LINK;
	bool is_dir = is_link && entry(&l->files->tree, path) == SD_ENTRY_DIR;

	if (*item->path == '.' || strstr(item->path, "/.") || item->mode == GIT_FILEMODE_COMMIT ||
		(!l->recursive && strchr(item->path, '/')))
		return;
	if (is_dir && l->recursive)
		collect(l, path);
	else if (!is_dir && len >= tail && strcmp(item->path + len - tail, l->suffix) == 0)
		*sd_push(l->arena, l->paths) = path;
}

static void
collect(const struct listing *l, const char *dir)
{
	struct items items = { 0 };

	walk_sorted(l->files, dir, l->arena, &items);
	for (size_t i = 0; i < items.n; i++)
		collect_one(l, dir, &items.at[i]);
}

static enum sd_status
list(const struct sd_tree *tree, const char *dir, const char *suffix, bool recursive,
	struct sd_arena *arena, struct sd_diags *diags, struct sd_names *paths)
{
	const struct git_files *files = files_of(tree);
	const struct listing l = { files, suffix, recursive, arena, paths };
	size_t first = paths->n;
	struct item item;

	if (is_of_disk(files, resolve(files, arena, dir, &item)))
		return sd_tree_list(NULL, dir, suffix, recursive, arena, diags, paths);
	collect(&l, dir);
	/* a folder that a link leads to stands where the link does */
	sd_names_sort(paths, first);
	return SD_OK;
}

/* ---- comparing ---------------------------------------------------------------------------- */

static bool
same_items(const struct sd_tree *a, const struct sd_tree *b, struct sd_arena *scratch,
	const char *dir, const struct items *items)
{
	for (size_t i = 0; i < items[0].n; i++) {
		const struct item *one = &items[0].at[i], *other = &items[1].at[i];

		if (by_path(one, other) != 0 || one->mode != other->mode ||
			one->in_conflict != other->in_conflict ||
			git_oid_cmp(&one->id, &other->id) != 0)
			return false;
		if (one->mode == GIT_FILEMODE_LINK &&
			!sd_git_same(a, b, sd_path_join(scratch, dir, one->path)))
			return false;
	}
	return true;
}

bool
sd_git_same(const struct sd_tree *a, const struct sd_tree *b, const char *path)
{
	const struct git_files *files[] = { files_of(a), files_of(b) };
	struct sd_arena *scratch = sd_arena_new();
	struct items items[2] = { { 0 }, { 0 } };
	struct item item[2];
	enum place place[2];
	bool same;

	for (int i = 0; i < 2; i++) {
		place[i] = resolve(files[i], scratch, path, &item[i]);
		walk_sorted(files[i], path, scratch, &items[i]);
	}
	same = place[0] == place[1] && item[0].mode == item[1].mode &&
	       items[0].n == items[1].n;
	if (same && place[0] != NOWHERE && item[0].mode != GIT_FILEMODE_TREE)
		same = git_oid_cmp(&item[0].id, &item[1].id) == 0 &&
		       item[0].in_conflict == item[1].in_conflict;
	same = same && same_items(a, b, scratch, path, items);
	sd_arena_free(scratch);
	return same;
}

/* ---- making them -------------------------------------------------------------------------- */

static struct git_files *
new_files(struct sd_git *git)
{
	struct git_files *files = sd_new(git->arena, struct git_files);

	files->git = git;
	files->tree = (struct sd_tree){
		.entry = entry, .read = read_file, .list = list, .id = id_of, .kept = &git->kept
	};
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
