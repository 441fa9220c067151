#include "cmd/commands.h"
#include "cmd/json_out.h"
#include "cmd/place.h"
#include "cmd/work/work.h"
#include "core/base/text.h"

#include <limits.h>
#include <stddef.h>
#include <string.h>

static const struct sd_pos nowhere;

struct revision_opts {
	const char *message, *rev_id;
	bool autogenerate;
	struct sd_place place;
};

/* Give @into, the options of @cmd, what @from, those of another command, has under the same names. */
static void
copy_options(const struct sd_cmd *other, const void *from, const struct sd_cmd *cmd, void *into)
{
	static const size_t sizes[] = {
		[SD_OPT_FLAG] = sizeof(bool),
		[SD_OPT_TEXT] = sizeof(const char *),
		[SD_OPT_LIST] = sizeof(struct sd_names),
		[SD_OPT_NUMBER] = sizeof(unsigned),
		[SD_OPT_WORD] = sizeof(const char *),
	};

	for (size_t i = 0; i < cmd->n_opts; i++)
		for (size_t k = 0; k < other->n_opts; k++)
			if (strcmp(cmd->opts[i].name, other->opts[k].name) == 0)
				memcpy((char *)into + cmd->opts[i].offset,
					(const char *)from + other->opts[k].offset,
					sizes[cmd->opts[i].type]);
}

/* `revision --autogenerate` is the command autogenerate, run through its own table entry. */
static int
autogenerate(struct sd_session *session, const struct revision_opts *o)
{
	const struct sd_cmd *cmd = &sd_cmd_autogenerate;
	void *opts = sd_alloc(session->arena, cmd->opts_size);
	const struct sd_names none = { 0 };

	copy_options(&sd_cmd_revision, o, cmd, opts);
	if (sd_session_open(session, cmd->needs))
		return SD_EXIT_INPUT;
	return cmd->run(session, opts, &none);
}

/* The newest revision, from @last on down, that says what the files were for @dialect. */
static const struct sd_script *
last_with_schema(const struct sd_script *last, const char *dialect)
{
	while (last && !sd_script_schema_of(last, dialect))
		last = last->links.parents.n ? last->links.parents.at[0] : NULL;
	return last;
}

/* A script carries the fingerprint of the files, whoever wrote it, and `check` believes it. */
static void
warn_of_changes(struct sd_session *session, const struct sd_history *history,
	const struct sd_new_revision *revision)
{
	const struct sd_script *newest = NULL;

	if (revision->parents && revision->parents->n == 1)
		newest = revision->parents->at[0];
	else if (!revision->parents && history->heads.n == 1)
		newest = sd_history_find(history, history->heads.at[0]);
	for (size_t i = 0; i < revision->by_dialect.n; i++) {
		const struct sd_new_part *part = &revision->by_dialect.at[i];
		const char *dialect = part->engine->dialect->name;
		const struct sd_script *last = last_with_schema(newest, dialect);

		if (!last || !part->schema ||
			strcmp(sd_script_schema_of(last, dialect), part->schema) == 0)
			continue;
		sd_warn(session->diags, nowhere,
			"the schema files have changed since revision %s%s%s: `check` takes this "
			"script for what makes the change",
			last->revision, revision->by_dialect.n > 1 ? ", for " : "",
			revision->by_dialect.n > 1 ? dialect : "");
		sd_hint(session->diags,
			"write it into the script; or upgrade, and `schemadiff autogenerate` "
			"writes what is still missing");
	}
}

/* ---- writing ---------------------------------------------------------------------------- */

/* A part for each engine of the project, all with what @revision says. */
static enum sd_status
add_parts(struct sd_session *session, struct sd_new_revision *revision)
{
	struct sd_engine_list engines;
	bool loads = true;

	if (sd_work_engines(session, &engines))
		return SD_ERR;
	for (size_t i = 0; i < engines.n; i++) {
		struct sd_new_part *part = sd_push(session->arena, &revision->by_dialect);

		*part = (struct sd_new_part){
			.engine = engines.at[i],
			.up = revision->up,
			.down = revision->down,
			.schema = sd_work_fingerprint(session, engines.at[i]),
		};
		loads &= part->schema != NULL;
	}
	if (!loads)
		sd_work_warn_no_fingerprint(session, "the script carries no fingerprint of them");
	return SD_OK;
}

static int
write_script(struct sd_session *session, const struct sd_engine *engine,
	struct sd_history *history, struct sd_new_revision *revision)
{
	bool merges = revision->parents && revision->parents->n > 1;
	const char *path, *id;

	if (add_parts(session, revision))
		return SD_EXIT_INPUT;
	warn_of_changes(session, history, revision);
	if (sd_work_write_revision(session, engine, history, revision, &path, &id))
		return SD_EXIT_INPUT;
	if (session->globals.json) {
		struct sd_buf *json = sd_json_begin(session, session->command);

		sd_json_text(json, "revision", id);
		sd_json_text(json, "message", revision->message);
		sd_json_text(json, "path", path);
	} else {
		fprintf(session->out, "%s\n", path);
	}
	sd_say(session, "wrote revision %s; %s, then run `schemadiff upgrade`", id,
		merges ? "read it"
		       : sd_fmt(session->arena, "fill in %s parts",
				 revision->by_dialect.n > 1 ? "all" : "both"));
	return SD_EXIT_OK;
}

static int
write_empty(struct sd_session *session, const struct revision_opts *o, const char *message)
{
	const struct sd_engine *engine = sd_work_engine(session);
	struct sd_history *history = engine ? sd_work_headers(session, engine) : NULL;
	struct sd_scripts parents = { 0 };
	struct sd_new_revision revision = {
		.message = message,
		.rev_id = o->rev_id,
		.labels = o->place.labels,
		.folder = o->place.folder,
		.up = "-- write the statements that make the change here\n",
		.down = "-- write the statements that take it back here\n",
	};

	if (!history)
		return SD_EXIT_HISTORY;
	if (sd_work_resolve_each(session, history, &o->place.heads, &parents) ||
		sd_work_check_parents(session, history, &parents, o->place.splice) ||
		sd_work_dependencies(
			session, history, &o->place.depends_on, &revision.depends_on))
		return SD_EXIT_INPUT;
	if (o->place.heads.n)
		revision.parents = &parents;
	return write_script(session, engine, history, &revision);
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
	SD_PLACE_OPTIONS(revision_opts),
	OPT(0, "autogenerate", SD_OPT_FLAG, autogenerate, NULL,
		"the same as `schemadiff autogenerate`"),
};

const struct sd_cmd sd_cmd_revision = {
	.name = "revision",
	.summary = "write an empty revision, to be filled by hand",
	.details = "For what no schema file can say: moving rows, for example. The script "
		   "follows the head of the history, or --head; both of its parts are yours to "
		   "write. --head, --branch-label and --depends-on may be given several times.",
	.needs = SD_NEEDS_CONFIG | SD_NEEDS_TARGET_TRY,
	.opts = options,
	.n_opts = SD_COUNT(options),
	.opts_size = sizeof(struct revision_opts),
	.run = run_revision,
};

/* ---- merge ------------------------------------------------------------------------------- */

static enum sd_status
check_merge(struct sd_session *session, const struct sd_scripts *parents)
{
	if (parents->n > 1)
		return SD_OK;
	sd_error(session->diags, nowhere, "there is nothing to merge: only %s is named",
		parents->n ? parents->at[0]->revision : "base");
	sd_hint(session->diags, "`schemadiff heads` lists what can be merged");
	return SD_ERR;
}

/* `heads` of a merge are all that `schemadiff heads` lists: one that another branch depends on
 * comes with that in an upgrade, but stays a head until it is merged. */
static void
expand_heads(struct sd_session *session, const struct sd_history *history,
	const struct sd_names *words, struct sd_names *expanded)
{
	for (size_t i = 0; i < words->n; i++) {
		if (strcmp(words->at[i], "heads") != 0)
			*sd_push(session->arena, expanded) = words->at[i];
		for (size_t k = 0; strcmp(words->at[i], "heads") == 0 && k < history->heads.n; k++)
			*sd_push(session->arena, expanded) = history->heads.at[k];
	}
}

static int
run_merge(struct sd_session *session, const void *opts, const struct sd_names *args)
{
	const struct revision_opts *o = opts;
	const struct sd_engine *engine = sd_work_engine(session);
	struct sd_history *history = engine ? sd_work_headers(session, engine) : NULL;
	const char *message = o->message ? sd_text_squeeze(session->arena, o->message) : "";
	struct sd_names words = { 0 };
	struct sd_scripts parents = { 0 };
	struct sd_new_revision revision = {
		.message = message,
		.rev_id = o->rev_id,
		.labels = o->place.labels,
		.folder = o->place.folder,
		.parents = &parents,
		.up = "-- joins branches: what both of them have changed belongs here\n",
		.down = "-- and what takes that back here\n",
	};

	if (!history)
		return SD_EXIT_HISTORY;
	expand_heads(session, history, args, &words);
	if (sd_work_resolve_each(session, history, &words, &parents) || check_merge(session, &parents) ||
		sd_work_check_parents(session, history, &parents, o->place.splice))
		return SD_EXIT_INPUT;
	if (!*message) {
		struct sd_buf text = SD_BUF(session->arena);

		for (size_t i = 0; i < parents.n; i++)
			sd_buf_addf(
				&text, "%s%s", i ? ", " : "merge ", parents.at[i]->revision);
		revision.message = sd_buf_text(&text);
	}
	return write_script(session, engine, history, &revision);
}

static const struct sd_opt merge_options[] = {
	OPT('m', "message", SD_OPT_TEXT, message, "MSG",
		"what the revision does, in one line; else which ones it merges"),
	OPT(0, "rev-id", SD_OPT_TEXT, rev_id, "ID", "its id; else a random one"),
	OPT(0, "splice", SD_OPT_FLAG, place.splice, NULL,
		"revisions that are no heads may be merged"),
	OPT(0, "branch-label", SD_OPT_LIST, place.labels, "LABEL", "label of the branch"),
	OPT(0, "version-path", SD_OPT_TEXT, place.folder, "DIR",
		"which of the folders of migrations; else that of the first revision"),
};

const struct sd_cmd sd_cmd_merge = {
	.name = "merge",
	.args = "REV...",
	.min_args = 1,
	.max_args = UINT_MAX,
	.summary = "write a revision that joins branches",
	.details =
		"The script revises all of REV (`heads`: every head), so that the history has "
		"one head again. Its parts are empty: write into them what both branches have "
		"changed, if anything.",
	.needs = SD_NEEDS_CONFIG | SD_NEEDS_TARGET_TRY,
	.opts = merge_options,
	.n_opts = SD_COUNT(merge_options),
	.opts_size = sizeof(struct revision_opts),
	.run = run_merge,
};
