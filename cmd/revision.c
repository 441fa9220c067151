#include "cmd/commands.h"
#include "cmd/json_out.h"
#include "cmd/work/work.h"
#include "core/base/text.h"

#include <limits.h>
#include <stddef.h>
#include <string.h>

static const struct sd_pos nowhere;

struct revision_opts {
	const char *message, *rev_id;
	bool autogenerate, splice;
	const char *version_path;
	struct sd_names heads, labels, depends_on;
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

/* ---- where it stands -------------------------------------------------------------------- */

/* What @words stand for; base is no revision. */
static enum sd_status
resolve_each(struct sd_session *session, const struct sd_history *history,
	const struct sd_names *words, struct sd_scripts *scripts)
{
	struct sd_goal goal;

	for (size_t i = 0; i < words->n; i++) {
		if (sd_history_goal(history, words->at[i], NULL, session->diags, &goal))
			return SD_ERR;
		for (size_t k = 0; k < goal.scripts.n; k++)
			*sd_push(session->arena, scripts) = goal.scripts.at[k];
	}
	return SD_OK;
}

/* Each parent is named once, and is a head unless @splice says that a new branch is meant; then
 * it needs none of the others.  A head that another one depends on is a head all the same. */
static enum sd_status
check_parents(struct sd_session *session, const struct sd_history *history,
	const struct sd_scripts *parents, bool splice)
{
	struct sd_names names = { 0 }, tips = { 0 };

	for (size_t i = 0; i < parents->n; i++) {
		const char *id = parents->at[i]->revision;

		if (sd_names_find(&names, id) >= 0)
			return sd_error(
				session->diags, nowhere, "revision %s is named twice", id);
		*sd_push(session->arena, &names) = id;
		if (splice || !parents->at[i]->links.children.n)
			continue;
		sd_fail(session->diags, SD_CLASS_REFUSED, nowhere,
			"revision %s is no head: %s revises it", id,
			parents->at[i]->links.children.at[0]->revision);
		sd_hint(session->diags, "--splice lets a new branch begin there");
		return SD_ERR;
	}
	sd_history_tips(history, &names, session->arena, &tips);
	if (tips.n == names.n || !splice)
		return SD_OK;
	sd_error(session->diags, nowhere, "one of these revisions needs another: %s is enough",
		tips.at[0]);
	return SD_ERR;
}

/* A dependency is written as the full id, or as the label that was given. */
static enum sd_status
resolve_dependencies(struct sd_session *session, const struct sd_history *history,
	const struct sd_names *words, struct sd_names *names)
{
	for (size_t i = 0; i < words->n; i++) {
		struct sd_script *script;

		if (sd_history_resolve(history, words->at[i], NULL, session->diags, &script))
			return SD_ERR;
		if (!script)
			return sd_error(session->diags, nowhere,
				"--depends-on %s: it is no revision", words->at[i]);
		*sd_push(session->arena, names) = sd_map_get(&history->by_label, words->at[i])
							  ? words->at[i]
							  : script->revision;
	}
	return SD_OK;
}

/* A script carries the fingerprint of the files, whoever wrote it, and `check` believes it. */
static void
warn_of_changes(struct sd_session *session, const struct sd_history *history,
	const struct sd_new_revision *revision)
{
	const struct sd_script *last = NULL;

	if (revision->parents && revision->parents->n == 1)
		last = revision->parents->at[0];
	else if (!revision->parents && history->heads.n == 1)
		last = sd_history_find(history, history->heads.at[0]);
	while (last && !last->schema)
		last = last->links.parents.n ? last->links.parents.at[0] : NULL;
	if (!last || !revision->schema ||
		strcmp(last->schema, revision->schema) == 0)
		return;
	sd_warn(session->diags, nowhere,
		"the schema files have changed since revision %s: `check` takes this script for what "
		"makes the change",
		last->revision);
	sd_hint(session->diags,
		"write it into the script; or upgrade, and `schemadiff autogenerate` writes what is "
		"still missing");
}

/* ---- writing ---------------------------------------------------------------------------- */

static int
write_script(struct sd_session *session, const struct sd_engine *engine,
	struct sd_history *history, struct sd_new_revision *revision)
{
	const char *path, *id;

	revision->schema = fingerprint(session, engine);
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
		revision->parents && revision->parents->n > 1 ? "read it"
							      : "fill in both parts");
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
		.labels = o->labels,
		.folder = o->version_path,
		.up = "-- write the statements that make the change here\n",
		.down = "-- write the statements that take it back here\n",
	};

	if (!history)
		return SD_EXIT_HISTORY;
	if (resolve_each(session, history, &o->heads, &parents) ||
		check_parents(session, history, &parents, o->splice) ||
		resolve_dependencies(session, history, &o->depends_on, &revision.depends_on))
		return SD_EXIT_INPUT;
	if (o->heads.n)
		revision.parents = &parents;
	return write_script(session, engine, history, &revision);
}

/* What `autogenerate` has no option for. */
static enum sd_status
check_autogenerate(struct sd_session *session, const struct revision_opts *o)
{
	if (!o->heads.n && !o->labels.n && !o->depends_on.n && !o->splice && !o->version_path)
		return SD_OK;
	sd_error(session->diags, nowhere,
		"--autogenerate writes behind the one head, and takes none of --head, "
		"--splice, "
		"--branch-label, --depends-on, --version-path");
	return SD_ERR;
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
	if (!o->autogenerate)
		return write_empty(session, o, message);
	return check_autogenerate(session, o) ? SD_EXIT_INPUT : autogenerate(session, o);
}

#define OPT(letter, name, type, member, value, help)                                           \
	{                                                                                      \
		letter, name, type, offsetof(struct revision_opts, member), value, help, NULL  \
	}

static const struct sd_opt options[] = {
	OPT('m', "message", SD_OPT_TEXT, message, "MSG", "what the revision does, in one line"),
	OPT(0, "rev-id", SD_OPT_TEXT, rev_id, "ID", "its id; else a random one"),
	OPT(0, "head", SD_OPT_LIST, heads, "REV",
		"what it revises, else the one head; base begins a history of its own"),
	OPT(0, "splice", SD_OPT_FLAG, splice, NULL,
		"--head may be no head: a new branch begins there"),
	OPT(0, "branch-label", SD_OPT_LIST, labels, "LABEL", "label of the branch"),
	OPT(0, "depends-on", SD_OPT_LIST, depends_on, "REV",
		"revision or label of another branch that must be applied before"),
	OPT(0, "version-path", SD_OPT_TEXT, version_path, "DIR",
		"which of the folders of migrations; else that of the revision before"),
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
		.labels = o->labels,
		.folder = o->version_path,
		.parents = &parents,
		.up = "-- joins branches: what both of them have changed belongs here\n",
		.down = "-- and what takes that back here\n",
	};

	if (!history)
		return SD_EXIT_HISTORY;
	expand_heads(session, history, args, &words);
	if (resolve_each(session, history, &words, &parents) || check_merge(session, &parents) ||
		check_parents(session, history, &parents, o->splice))
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
	OPT(0, "splice", SD_OPT_FLAG, splice, NULL,
		"revisions that are no heads may be merged"),
	OPT(0, "branch-label", SD_OPT_LIST, labels, "LABEL", "label of the branch"),
	OPT(0, "version-path", SD_OPT_TEXT, version_path, "DIR",
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
