/* The scripts of the migration folders, read. */
#include "core/history/history_impl.h"

#include "core/base/text.h"

#include <stdlib.h>
#include <string.h>

typedef struct sd_script *parse_fn(const char *path, const char *text, size_t len,
	const struct sd_dialect *dialect, struct sd_arena *arena, struct sd_diags *diags);

struct loader {
	struct sd_history *history;
	struct sd_diags *diags;
	const struct sd_tree *tree;
	parse_fn *parse;
	struct sd_scripts read;
	struct sd_map paths; /* files read, however many folders lead to them */
	bool failed;
};

static struct sd_script *
parse_file(struct loader *l, const char *path)
{
	struct sd_arena *arena = l->history->arena;
	size_t len;
	char *text;

	if (sd_tree_read(l->tree, path, arena, l->diags, &text, &len))
		return NULL;
	return l->parse(sd_tree_name(l->tree, arena, path), text, len, l->history->dialect,
		arena, l->diags);
}

/* @script, which is also at @path; its place in another graph is left behind. */
static struct sd_script *
same_script(struct loader *l, const struct sd_script *script, const char *path)
{
	struct sd_script *copy = sd_new(l->history->arena, struct sd_script);
	struct sd_pos *const places[] = { &copy->revision_pos, &copy->revises_pos,
		&copy->depends_pos, &copy->labels_pos, &copy->schema_pos, &copy->replaces_pos };

	*copy = *script;
	copy->links = (struct sd_links){ 0 };
	copy->path = sd_tree_name(l->tree, l->history->arena, path);
	for (size_t i = 0; i < SD_COUNT(places); i++)
		if (places[i]->file)
			places[i]->file = copy->path;
	return copy;
}

/* The script at @path.  Most scripts are the same in all revisions of a repository, and are
 * parsed once. */
static struct sd_script *
load_script(struct loader *l, const char *path)
{
	struct sd_arena *arena = l->history->arena;
	const char *id = l->tree && l->tree->id ? l->tree->id(l->tree, path, arena) : NULL;
	void **kept;

	if (!id)
		return parse_file(l, path);
	kept = sd_map_at(l->tree->kept,
		sd_fmt(arena, "%s %s%s", l->history->dialect->name, id,
			l->parse == sd_script_parse ? "" : " header"),
		arena);
	if (*kept)
		return same_script(l, *kept, path);
	return *kept = parse_file(l, path);
}

static enum sd_status
read_script(struct loader *l, const char *path)
{
	struct sd_arena *arena = l->history->arena;
	void **seen = sd_map_at(&l->paths, path, arena);
	struct sd_script *script;
	void **slot;

	if (*seen)
		return SD_OK;
	*seen = l;
	script = load_script(l, path);
	if (!script)
		return SD_ERR;
	slot = sd_map_at(&l->history->by_id, script->revision, arena);
	if (*slot) {
		const struct sd_script *other = *slot;

		sd_fail(l->diags, SD_CLASS_HISTORY, script->revision_pos,
			"revision \"%s\" is here twice", script->revision);
		sd_note(l->diags, other->revision_pos, "the other one is here");
		return SD_ERR;
	}
	*slot = script;
	*sd_push(arena, &l->read) = script;
	return SD_OK;
}

static void
read_folder(struct loader *l, const char *dir, bool recursive)
{
	struct sd_names paths = { 0 };

	if (sd_tree_entry(l->tree, dir) == SD_ENTRY_NONE)
		return;
	if (sd_tree_list(l->tree, dir, ".sql", recursive, l->history->arena, l->diags, &paths))
		l->failed = true;
	for (size_t i = 0; i < paths.n; i++)
		if (read_script(l, paths.at[i]))
			l->failed = true;
}

static struct sd_history *
load(struct loader *l, const struct sd_names *dirs, bool recursive,
	const struct sd_dialect *dialect, struct sd_arena *arena)
{
	struct sd_history *history = sd_new(arena, struct sd_history);

	history->arena = arena;
	history->dialect = dialect;
	l->history = history;
	for (size_t i = 0; i < dirs->n; i++)
		read_folder(l, dirs->at[i], recursive);
	sd_scripts_sort(&l->read);
	if (sd_history_link(history, &l->read, l->diags))
		l->failed = true;
	return l->failed ? NULL : history;
}

struct sd_history *
sd_history_load(const struct sd_tree *tree, const struct sd_names *dirs, bool recursive,
	const struct sd_dialect *dialect, struct sd_arena *arena, struct sd_diags *diags)
{
	struct loader l = { .tree = tree, .diags = diags, .parse = sd_script_parse };

	return load(&l, dirs, recursive, dialect, arena);
}

struct sd_history *
sd_history_load_headers(const struct sd_tree *tree, const struct sd_names *dirs, bool recursive,
	const struct sd_dialect *dialect, struct sd_arena *arena, struct sd_diags *diags)
{
	struct loader l = { .tree = tree, .diags = diags, .parse = sd_script_parse_header };

	return load(&l, dirs, recursive, dialect, arena);
}

struct sd_script *
sd_history_find(const struct sd_history *history, const char *revision)
{
	return sd_map_get(&history->by_id, revision);
}

const char *
sd_scripts_text(struct sd_arena *arena, const struct sd_scripts *scripts, size_t most)
{
	struct sd_names names = { 0 };

	for (size_t i = 0; i < scripts->n; i++)
		*sd_push(arena, &names) = scripts->at[i]->revision;
	return sd_text_list(arena, &names, most);
}

bool
sd_scripts_have(const struct sd_scripts *scripts, const struct sd_script *script)
{
	for (size_t i = 0; i < scripts->n; i++)
		if (scripts->at[i] == script)
			return true;
	return false;
}
