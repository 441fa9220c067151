/* Where the objects of a model go among files, and how these are written. */
#include "cmd/work/schema_files.h"

#include "core/base/text.h"
#include "core/base/tree.h"

#include <limits.h>
#include <stdlib.h>
#include <string.h>

#define META ".schemadiff/schema.schema.json"

static const struct sd_pos nowhere;

struct layout {
	struct sd_session *session;
	const struct sd_schema *schema;
	struct sd_naming naming;
	const char *folder; /* of several files */
	const char *ref;    /* "$schema" of the files, or NULL */
	struct sd_schema_files *files;
};

/* ---- files -------------------------------------------------------------------------- */

/* The way from folder @dir to the JSON Schema that `init` put into the project, for editors;
 * NULL when @dir is elsewhere or there is none. */
static const char *
schema_ref(struct sd_session *session, const char *dir)
{
	struct sd_arena *arena = session->arena;
	const char *home = session->config.dir;
	struct sd_buf ref = SD_BUF(arena);
	char from[PATH_MAX], root[PATH_MAX];
	size_t n;

	if (!session->config.path || !sd_file_exists(sd_path_join(arena, home, META)) ||
		!realpath(dir, from) || !realpath(home, root))
		return NULL;
	n = strlen(root);
	if (strncmp(from, root, n) != 0 || (from[n] && from[n] != '/'))
		return NULL;
	for (const char *p = from + n; *p; p++)
		if (*p == '/')
			sd_buf_add(&ref, "../");
	sd_buf_add(&ref, META);
	return sd_buf_text(&ref);
}

static void
add_file(struct layout *in, const char *path, const struct sd_object *only)
{
	struct sd_buf text = SD_BUF(in->session->arena);
	struct sd_schema_file *file = sd_push(in->session->arena, in->files);

	sd_schema_write(in->schema, &in->naming, only, in->ref, &text);
	*file = (struct sd_schema_file){ path, sd_buf_text(&text), text.n };
}

/* A name that every file system takes: what is no letter, digit, dot, dash or underscore
 * becomes an underscore. */
static const char *
file_name(struct sd_arena *arena, const struct sd_object *object)
{
	char *name = sd_strdup(arena, sd_object_path(arena, object));

	for (char *p = name; *p; p++) {
		bool letter = (*p >= 'a' && *p <= 'z') || (*p >= 'A' && *p <= 'Z');
		bool other = (*p >= '0' && *p <= '9') || strchr("._-", *p) || (*p & 0x80);

		if ((!letter && !other) || (p == name && *p == '.'))
			*p = '_';
	}
	return name;
}

/* The path of the file of @object; names that become the same are told apart by a number,
 * and so are those that differ in case only, which some file systems do not tell apart. */
static const char *
file_path(struct layout *in, struct sd_map *taken, const struct sd_object *object)
{
	struct sd_arena *arena = in->session->arena;
	const char *base = file_name(arena, object), *name = base;

	for (unsigned n = 2; sd_map_get(taken, sd_text_lower(arena, name)); n++)
		name = sd_fmt(arena, "%s-%u", base, n);
	*sd_map_at(taken, sd_text_lower(arena, name), arena) = taken;
	return sd_path_join(arena, in->folder, sd_fmt(arena, "%s.json", name));
}

static void
add_folder(struct layout *in)
{
	struct sd_map taken = { 0 };

	for (enum sd_kind kind = SD_N_PARTS; kind < SD_KIND__MAX; kind++) {
		const struct sd_list *list = &in->schema->objects[kind];

		for (size_t i = 0; i < list->n; i++)
			if (!(list->at[i]->flags & SD_OBJ_UNMANAGED))
				add_file(in, file_path(in, &taken, list->at[i]), list->at[i]);
	}
}

static bool
is_folder(const char *path)
{
	size_t n = strlen(path);

	return sd_is_dir(path) || (n && path[n - 1] == '/');
}

enum sd_status
sd_schema_files_make(struct sd_session *session, const struct sd_schema *schema,
	const char *path, bool dry, struct sd_schema_files *files)
{
	struct layout in = { .session = session,
		.schema = schema,
		.naming = sd_work_naming(session),
		.folder = path,
		.files = files };

	*files = (struct sd_schema_files){ 0 };
	if (!path || !is_folder(path)) {
		in.ref = path ? schema_ref(session, sd_path_dir(session->arena, path)) : NULL;
		add_file(&in, path, NULL);
		return SD_OK;
	}
	if (!dry && sd_dir_make(path, session->diags))
		return SD_ERR;
	in.ref = schema_ref(session, path);
	add_folder(&in);
	return SD_OK;
}

/* Nothing is written when anything is in the way. */
static enum sd_status
check_free(struct sd_session *session, const struct sd_schema_files *files)
{
	enum sd_status status = SD_OK;

	for (size_t i = 0; i < files->n; i++)
		if (sd_file_exists(files->at[i].path))
			status = sd_fail(session->diags, SD_CLASS_REFUSED,
				(struct sd_pos){ .file = files->at[i].path },
				"the file exists, and is not overwritten");
	if (status)
		sd_hint(session->diags, "--force overwrites; -o names another place");
	return status;
}

enum sd_status
sd_schema_files_write(struct sd_session *session, const struct sd_schema_files *files,
	bool force, struct sd_names *written)
{
	if (!force && check_free(session, files))
		return SD_ERR;
	for (size_t i = 0; i < files->n; i++) {
		const struct sd_schema_file *file = &files->at[i];

		if (sd_file_write(file->path, file->text, file->len, !force, session->diags))
			return SD_ERR;
		*sd_push(session->arena, written) = file->path;
	}
	return SD_OK;
}

bool
sd_schema_files_none(struct sd_session *session)
{
	struct sd_names paths = sd_work_paths(session, &session->settings.schemas);
	struct sd_diags unheard = { .arena = session->arena };
	struct sd_names found = { 0 };

	for (size_t i = 0; i < paths.n; i++) {
		enum sd_entry entry = sd_tree_entry(session->tree, paths.at[i]);

		if (entry == SD_ENTRY_FILE)
			return false;
		if (entry == SD_ENTRY_DIR)
			(void)sd_tree_list(session->tree, paths.at[i], ".json", true,
				session->arena, &unheard, &found);
	}
	return !found.n;
}

/* ---- what is not understood --------------------------------------------------------- */

static void
warn_object(struct sd_session *session, const struct sd_object *object)
{
	if (object->opaque)
		sd_warn(session->diags, nowhere, "%s is not fully understood: %s",
			sd_object_title(session->arena, object), object->opaque);
}

static void
warn_relation(struct sd_session *session, struct sd_object *relation)
{
	for (enum sd_kind kind = 0; kind < SD_N_PARTS; kind++) {
		const struct sd_list *parts = sd_parts_of(relation, kind);

		for (size_t i = 0; i < parts->n; i++)
			warn_object(session, parts->at[i]);
	}
}

void
sd_warn_opaque(struct sd_session *session, const struct sd_schema *schema)
{
	for (enum sd_kind kind = SD_N_PARTS; kind < SD_KIND__MAX; kind++) {
		const struct sd_list *list = &schema->objects[kind];

		for (size_t i = 0; i < list->n; i++) {
			warn_object(session, list->at[i]);
			if (kind == SD_TABLE || kind == SD_VIEW)
				warn_relation(session, list->at[i]);
		}
	}
}
