#include "cmd/commands.h"
#include "cmd/json_out.h"
#include "cmd/work/schema_files.h"

#include <stddef.h>

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

static void
print_stdout(struct sd_session *session, const struct sd_schema_files *files)
{
	if (session->globals.json)
		sd_json_raw(sd_json_begin(session, "inspect"), "schema", files->at[0].text);
	else
		fputs(files->at[0].text, session->out);
}

static void
print_files(struct sd_session *session, const struct sd_names *written)
{
	if (session->globals.json)
		sd_json_names(sd_json_begin(session, "inspect"), "files", written);
	for (size_t i = 0; !session->globals.json && i < written->n; i++)
		fprintf(session->out, "%s\n", written->at[i]);
}

static int
run(struct sd_session *session, const void *options, const struct sd_names *args)
{
	const struct options *given = options;
	struct sd_schema_files files;
	struct sd_names written = { 0 };
	const struct sd_schema *schema;
	struct sd_db *db = sd_work_open(session, SD_DB_READ);

	(void)args;
	schema = db ? sd_work_introspect(session, db, NULL) : NULL;
	if (!schema)
		return sd_session_exit(session, SD_EXIT_DATABASE);
	sd_warn_opaque(session, schema);
	if (sd_schema_files_make(session, schema, given->output, false, &files))
		return sd_session_exit(session, SD_EXIT_INPUT);
	if (!given->output) {
		print_stdout(session, &files);
		return sd_session_exit(session, SD_EXIT_OK);
	}
	if (sd_schema_files_write(session, &files, given->force, &written) == SD_OK ||
		written.n)
		print_files(session, &written);
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
