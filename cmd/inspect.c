#include "cmd/commands.h"
#include "cmd/json_out.h"
#include "cmd/work/work.h"
#include "core/base/file.h"
#include "core/base/text.h"

#include <limits.h>
#include <stddef.h>
#include <stdlib.h>
#include <string.h>

struct options {
	const char *output;
	bool force;
};

static const struct sd_opt opts[] = {
	{ 'o', "output", SD_OPT_TEXT, offsetof(struct options, output), "FILE|DIR",
		"write to this file, or a file a table into this folder", NULL },
	{ 0, "force", SD_OPT_FLAG, offsetof(struct options, force), NULL,
		"overwrite files that exist", NULL },
};

#define META ".schemadiff/schema.schema.json"

static const struct sd_pos nowhere;

/* A file to be written. */
struct output {
	const char *path, *text;
	size_t len;
};

struct inspection {
	struct sd_session *session;
	const struct options *opts;
	const struct sd_schema *schema;
	struct sd_naming naming;
	const char *ref; /* "$schema" of the files, or NULL */
	SD_VEC(struct output) files;
};

/* ---- what is not understood --------------------------------------------------------- */

static void
warn_opaque(struct sd_session *session, const struct sd_object *object)
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
			warn_opaque(session, parts->at[i]);
	}
}

static void
warn_all(struct sd_session *session, const struct sd_schema *schema)
{
	for (enum sd_kind kind = SD_N_PARTS; kind < SD_KIND__MAX; kind++) {
		const struct sd_list *list = &schema->objects[kind];

		for (size_t i = 0; i < list->n; i++) {
			warn_opaque(session, list->at[i]);
			if (kind == SD_TABLE || kind == SD_VIEW)
				warn_relation(session, list->at[i]);
		}
	}
}

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
add_file(struct inspection *in, const char *path, const struct sd_object *only)
{
	struct sd_buf text = SD_BUF(in->session->arena);
	struct output *file = sd_push(in->session->arena, &in->files);

	sd_schema_write(in->schema, &in->naming, only, in->ref, &text);
	*file = (struct output){ path, sd_buf_text(&text), text.n };
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
file_path(struct inspection *in, struct sd_map *taken, const struct sd_object *object)
{
	struct sd_arena *arena = in->session->arena;
	const char *base = file_name(arena, object), *name = base;

	for (unsigned n = 2; sd_map_get(taken, sd_text_lower(arena, name));
		n++)
		name = sd_fmt(arena, "%s-%u", base, n);
	*sd_map_at(taken, sd_text_lower(arena, name), arena) = taken;
	return sd_path_join(arena, in->opts->output, sd_fmt(arena, "%s.json", name));
}

static void
add_folder(struct inspection *in)
{
	struct sd_map taken = { 0 };

	for (enum sd_kind kind = SD_N_PARTS; kind < SD_KIND__MAX; kind++) {
		const struct sd_list *list = &in->schema->objects[kind];

		for (size_t i = 0; i < list->n; i++)
			if (!(list->at[i]->flags & SD_OBJ_UNMANAGED))
				add_file(in, file_path(in, &taken, list->at[i]), list->at[i]);
	}
}

/* Nothing is written when anything is in the way. */
static enum sd_status
check_free(const struct inspection *in)
{
	struct sd_diags *diags = in->session->diags;
	enum sd_status status = SD_OK;

	for (size_t i = 0; !in->opts->force && i < in->files.n; i++)
		if (sd_file_exists(in->files.at[i].path))
			status = sd_fail(diags, SD_CLASS_REFUSED,
				(struct sd_pos){ .file = in->files.at[i].path },
				"the file exists, and is not overwritten");
	if (status)
		sd_hint(diags, "--force overwrites; -o names another place");
	return status;
}

static enum sd_status
write_files(const struct inspection *in)
{
	struct sd_session *session = in->session;

	if (check_free(in))
		return SD_ERR;
	for (size_t i = 0; i < in->files.n; i++) {
		const struct output *file = &in->files.at[i];

		if (sd_file_write(file->path, file->text, file->len, !in->opts->force,
			    session->diags))
			return SD_ERR;
		if (!session->globals.json)
			fprintf(session->out, "%s\n", file->path);
	}
	return SD_OK;
}

static bool
is_folder(const char *path)
{
	size_t n = strlen(path);

	return sd_is_dir(path) || (n && path[n - 1] == '/');
}

static enum sd_status
write_output(struct inspection *in)
{
	const char *path = in->opts->output;
	struct sd_arena *arena = in->session->arena;

	if (!is_folder(path)) {
		in->ref = schema_ref(in->session, sd_path_dir(arena, path));
		add_file(in, path, NULL);
		return write_files(in);
	}
	if (sd_dir_make(path, in->session->diags))
		return SD_ERR;
	in->ref = schema_ref(in->session, path);
	add_folder(in);
	return write_files(in);
}

/* ---- the command -------------------------------------------------------------------- */

static void
print_stdout(struct inspection *in)
{
	struct sd_session *session = in->session;

	add_file(in, NULL, NULL);
	if (session->globals.json)
		sd_json_raw(sd_json_begin(session, "inspect"), "schema", in->files.at[0].text);
	else
		fputs(in->files.at[0].text, session->out);
}

static void
json_files(const struct inspection *in)
{
	struct sd_buf *json = sd_json_begin(in->session, "inspect");

	sd_json_open(json, "files", '[');
	for (size_t i = 0; i < in->files.n; i++)
		sd_json_text(json, NULL, in->files.at[i].path);
	sd_json_close(json, ']');
}

static int
run(struct sd_session *session, const void *options, const struct sd_names *args)
{
	struct inspection in = { .session = session, .opts = options };
	struct sd_db *db = sd_work_open(session, SD_DB_READ);

	(void)args;
	if (!db)
		return sd_session_exit(session, SD_EXIT_DATABASE);
	in.schema = sd_work_introspect(session, db, NULL);
	if (!in.schema)
		return sd_session_exit(session, SD_EXIT_DATABASE);
	in.naming = sd_work_naming(session);
	warn_all(session, in.schema);
	if (!in.opts->output)
		print_stdout(&in);
	else if (write_output(&in) == SD_OK && session->globals.json)
		json_files(&in);
	return sd_session_exit(session, SD_EXIT_OK);
}

const struct sd_cmd sd_cmd_inspect = {
	.name = "inspect",
	.summary = "write the schema of a database as schema files",
	.details = "Reads the database and writes its schema in the format of the schema "
		   "files: to "
		   "stdout, to the file named with -o, or, when -o names a folder (one that "
		   "exists, "
		   "or a name that ends in a slash), to a file for each table and view in it. "
		   "Files "
		   "that exist are not overwritten without --force.\n\n"
		   "What is not fully understood is named in a warning.",
	.needs = SD_NEEDS_CONFIG | SD_NEEDS_TARGET,
	.opts = opts,
	.n_opts = SD_COUNT(opts),
	.opts_size = sizeof(struct options),
	.run = run,
};
