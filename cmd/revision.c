#include "cmd/commands.h"
#include "cmd/json_out.h"
#include "cmd/work/work.h"
#include "core/base/text.h"

#include <stddef.h>
#include <string.h>

static const struct sd_pos nowhere;

struct revision_opts {
	const char *message, *rev_id;
	bool autogenerate;
};

static void
set_text(const struct sd_cmd *cmd, void *opts, const char *name, const char *value)
{
	for (size_t i = 0; i < cmd->n_opts; i++)
		if (strcmp(cmd->opts[i].name, name) == 0)
			*(const char **)((char *)opts + cmd->opts[i].offset) = value;
}

/* `revision --autogenerate` is the command autogenerate, run through its own table entry. */
static int
autogenerate(struct sd_session *session, const struct revision_opts *o)
{
	const struct sd_cmd *cmd = &sd_cmd_autogenerate;
	void *opts = sd_alloc(session->arena, cmd->opts_size);
	const struct sd_names none = { 0 };

	set_text(cmd, opts, "message", o->message);
	set_text(cmd, opts, "rev-id", o->rev_id);
	if (sd_session_open(session, cmd->needs))
		return SD_EXIT_INPUT;
	return cmd->run(session, opts, &none);
}

/* The fingerprint of the schema files; a revision by hand must not wait for them to load. */
static const char *
fingerprint(struct sd_session *session, const struct sd_engine *engine)
{
	struct sd_diags *heard = session->diags;
	struct sd_diags *unheard = sd_new(session->arena, struct sd_diags);
	const struct sd_schema *schema;

	unheard->arena = session->arena;
	unheard->secrets = heard->secrets;
	session->diags = unheard;
	schema = sd_work_load(session, engine);
	session->diags = heard;
	if (schema)
		return sd_schema_fingerprint(schema, session->arena);
	sd_warn(heard, nowhere,
		"the schema files do not load, so the script carries no fingerprint of them");
	sd_hint(heard, "`schemadiff check` says what is wrong");
	return NULL;
}

static int
write_empty(struct sd_session *session, const struct revision_opts *o, const char *message)
{
	const struct sd_engine *engine = sd_work_engine(session);
	struct sd_history *history = engine ? sd_work_history(session, engine) : NULL;
	struct sd_new_revision revision = {
		.message = message,
		.rev_id = o->rev_id,
		.up = "-- write the statements that make the change here\n",
		.down = "-- write the statements that take it back here\n",
	};
	const char *path, *id;

	if (!history)
		return SD_EXIT_HISTORY;
	revision.schema = fingerprint(session, engine);
	if (sd_work_write_revision(session, engine, history, &revision, &path, &id))
		return SD_EXIT_INPUT;
	if (session->globals.json) {
		struct sd_buf *json = sd_json_begin(session, session->command);

		sd_json_text(json, "revision", id);
		sd_json_text(json, "message", message);
		sd_json_text(json, "path", path);
	} else {
		fprintf(session->out, "%s\n", path);
	}
	sd_say(session, "wrote revision %s; fill in both parts, then run `schemadiff upgrade`",
		id);
	return SD_EXIT_OK;
}

static int
run_revision(struct sd_session *session, const void *opts, const struct sd_names *args)
{
	const struct revision_opts *o = opts;
	const char *message = o->message ? sd_text_squeeze(session->arena, o->message) : "";

	(void)args;
	if (!*message) {
		sd_error(session->diags, nowhere, "a revision needs a message");
		sd_hint(session->diags, "`schemadiff revision -m \"what it does\"`");
		return SD_EXIT_INPUT;
	}
	return o->autogenerate ? autogenerate(session, o) : write_empty(session, o, message);
}

#define OPT(letter, name, type, member, value, help)                                           \
	{                                                                                      \
		letter, name, type, offsetof(struct revision_opts, member), value, help, NULL  \
	}

static const struct sd_opt options[] = {
	OPT('m', "message", SD_OPT_TEXT, message, "MSG", "what the revision does, in one line"),
	OPT(0, "rev-id", SD_OPT_TEXT, rev_id, "ID", "its id; else a random one"),
	OPT(0, "autogenerate", SD_OPT_FLAG, autogenerate, NULL,
		"the same as `schemadiff autogenerate`"),
};

const struct sd_cmd sd_cmd_revision = {
	.name = "revision",
	.summary = "write an empty revision, to be filled by hand",
	.details = "For what no schema file can say: moving rows, for example. The script "
		   "follows the head of the history; both of its parts are yours to write.",
	.needs = SD_NEEDS_CONFIG | SD_NEEDS_TARGET_TRY,
	.opts = options,
	.n_opts = SD_COUNT(options),
	.opts_size = sizeof(struct revision_opts),
	.run = run_revision,
};
