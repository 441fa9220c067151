#include "cmd/commands.h"
#include "cmd/json_out.h"
#include "core/base/file.h"
#include "core/schema/write.h"

static const char config_text[] = "{\n"
				  "  \"$schema\": \".schemadiff/config.schema.json\",\n"
				  "  \"schemas\": [\"schemas\"],\n"
				  "  \"migrations\": \"migrations\",\n"
				  "  \"environments\": {\n"
				  "    \"dev\": { \"url\": \"sqlite:app.db\" }\n"
				  "  },\n"
				  "  \"default_environment\": \"dev\"\n"
				  "}\n";

static const char example_text[] =
	"{\n"
	"  \"$schema\": \"../.schemadiff/schema.schema.json\",\n"
	"  \"tables\": {\n"
	"    \"notes\": {\n"
	"      \"columns\": {\n"
	"        \"id\": { \"type\": \"bigint\", \"identity\": \"by default\", "
	"\"primary_key\": true },\n"
	"        \"title\": { \"type\": \"varchar(200)\", \"nullable\": false },\n"
	"        \"body\": { \"type\": \"text\" },\n"
	"        \"created_at\": { \"type\": \"timestamp\", \"nullable\": false, "
	"\"default\": \"CURRENT_TIMESTAMP\" }\n"
	"      },\n"
	"      \"indexes\": { \"ix_notes_created_at\": [\"created_at\"] }\n"
	"    }\n"
	"  }\n"
	"}\n";

/* What one run writes. */
struct project {
	struct sd_session *session;
	const char *dir;
	struct sd_names created, kept;
};

static enum sd_status
put(struct project *p, const char *name, const char *text, size_t len)
{
	struct sd_session *session = p->session;
	const char *path = sd_path_join(session->arena, p->dir, name);

	if (sd_file_exists(path)) {
		*sd_push(session->arena, &p->kept) = path;
		return SD_OK;
	}
	if (sd_dir_make(sd_path_dir(session->arena, path), session->diags) ||
		sd_file_write(path, text, len, true, session->diags))
		return SD_ERR;
	*sd_push(session->arena, &p->created) = path;
	return SD_OK;
}

static enum sd_status
put_meta(struct project *p, const char *name, void (*write)(struct sd_buf *out))
{
	struct sd_buf text = SD_BUF(p->session->arena);

	write(&text);
	return put(p, name, sd_buf_text(&text), text.n);
}

/* An example beside schema files of the user's own would be one more table in their database:
 * it is for a project that has none, and whose configuration is the one written here. */
static enum sd_status
put_example(struct project *p, bool new_project)
{
	struct sd_session *session = p->session;
	const char *dir = sd_path_join(session->arena, p->dir, "schemas");
	struct sd_names files = { 0 };

	if (!new_project)
		return SD_OK;
	if (sd_is_dir(dir) &&
		sd_dir_list(dir, ".json", true, session->arena, session->diags, &files))
		return SD_ERR;
	for (size_t i = 0; i < files.n; i++)
		*sd_push(session->arena, &p->kept) = files.at[i];
	return files.n ? SD_OK
		       : put(p, "schemas/example.json", example_text, sizeof example_text - 1);
}

static enum sd_status
put_migrations(struct project *p, bool new_project)
{
	struct sd_session *session = p->session;
	const char *dir = sd_path_join(session->arena, p->dir, "migrations");

	if (!new_project || sd_is_dir(dir))
		return SD_OK;
	if (sd_dir_make(dir, session->diags))
		return SD_ERR;
	*sd_push(session->arena, &p->created) = sd_fmt(session->arena, "%s/", dir);
	return SD_OK;
}

static enum sd_status
put_all(struct project *p)
{
	struct sd_session *session = p->session;
	bool new_project =
		!sd_file_exists(sd_path_join(session->arena, p->dir, "schemadiff.json"));

	if (sd_file_exists(p->dir) && !sd_is_dir(p->dir)) {
		sd_error(session->diags, (struct sd_pos){ .file = p->dir },
			"expected a folder, and this is a file");
		return SD_ERR;
	}
	if (put(p, "schemadiff.json", config_text, sizeof config_text - 1) ||
		put_example(p, new_project) || put_migrations(p, new_project) ||
		put_meta(p, ".schemadiff/schema.schema.json", sd_schema_write_meta) ||
		put_meta(p, ".schemadiff/config.schema.json", sd_config_write_meta))
		return SD_ERR;
	return SD_OK;
}

static void
print(const struct project *p)
{
	struct sd_session *session = p->session;

	if (session->globals.json) {
		struct sd_buf *json = sd_json_begin(session, session->command);

		sd_json_names(json, "created", &p->created);
		sd_json_names(json, "kept", &p->kept);
		return;
	}
	for (size_t i = 0; i < p->created.n; i++)
		fprintf(session->out, "created %s\n", p->created.at[i]);
	for (size_t i = 0; i < p->kept.n; i++)
		fprintf(session->out, "kept    %s (it was there)\n", p->kept.at[i]);
}

static void
say_next(const struct project *p, const struct sd_names *args)
{
	struct sd_session *session = p->session;

	if (!p->created.n) {
		sd_say(session,
			"\nnothing was missing; `schemadiff status` tells where it stands");
		return;
	}
	sd_say(session, "\nnext:");
	if (args->n)
		sd_say(session, "  cd %s", p->dir);
	sd_say(session, "  1. describe the tables that you want in schemas/*.json");
	sd_say(session,
		"  2. schemadiff autogenerate -m \"first tables\"  writes the migration");
	sd_say(session, "  3. schemadiff upgrade                         runs it");
	sd_say(session,
		"for a database that exists: put its URL into schemadiff.json, take the "
		"example\naway, then `schemadiff adopt`");
}

static int
run_init(struct sd_session *session, const void *opts, const struct sd_names *args)
{
	struct project p = { .session = session, .dir = args->n ? args->at[0] : "." };

	(void)opts;
	if (put_all(&p)) {
		print(&p);
		return SD_EXIT_INPUT;
	}
	print(&p);
	say_next(&p, args);
	return SD_EXIT_OK;
}

const struct sd_cmd sd_cmd_init = {
	.name = "init",
	.args = "[DIR]",
	.max_args = 1,
	.summary = "begin a project: configuration, schema files, migrations",
	.details =
		"Writes schemadiff.json, an example in schemas/, migrations/, and in "
		".schemadiff/ the JSON Schemas that let editors complete and check both kinds "
		"of file. A file that is there is never overwritten. No database is touched.",
	.run = run_init,
};
