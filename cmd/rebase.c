/* rebase: this branch's own revisions come behind those of another branch. */
#include "cmd/work/rebase.h"
#include "cmd/commands.h"
#include "cmd/json_out.h"
#include "cmd/look.h"
#include "core/base/text.h"

#include <stddef.h>
#include <string.h>

struct rebase_opts {
	const char *upstream;
	struct sd_names branches;
	bool dry_run;
};

/* @scripts; none of them is base. */
static const char *
list(struct sd_arena *arena, const struct sd_scripts *scripts)
{
	return scripts->n ? sd_scripts_text(arena, scripts, SD_TEXT_MOST) : "base";
}

/* ---- what a database makes of it -------------------------------------------------------- */

/* Revisions that a database has not run although it has those that come behind them now. */
static void
find_gaps(struct sd_session *session, const struct sd_rebase *rebase, struct sd_scripts *gaps)
{
	struct sd_look look = {
		.session = session, .engine = rebase->engine, .history = rebase->after
	};

	if (!session->has_target || sd_look_quietly(&look, NULL))
		return;
	sd_history_gaps(rebase->after, &look.state.ids, session->arena, gaps);
}

static void
say_gaps(struct sd_session *session, const struct sd_scripts *gaps)
{
	if (!gaps->n)
		return;
	sd_say(session,
		"%s has run revisions that come behind %s now, which it has not run: a gap. "
		"`schemadiff upgrade` fills it: it runs these alone, after what is there. A "
		"database "
		"that is made anew runs all in the new order",
		session->target.masked, list(session->arena, gaps));
}

/* ---- printing --------------------------------------------------------------------------- */

static void
print_text(struct sd_session *session, const struct sd_rebase *rebase)
{
	for (size_t i = 0; i < rebase->moves.n; i++) {
		const struct sd_move *move = &rebase->moves.at[i];

		fprintf(session->out, "%s: revises: %s -> %s\n", move->script->path,
			list(session->arena, &move->script->links.parents),
			list(session->arena, &move->parents));
	}
	if (rebase->head)
		fprintf(session->out, "%s: schema: %s -> %s\n", rebase->head->path,
			rebase->head->schemas.n
				? sd_script_schemas_text(
					  &rebase->head->schemas, session->arena)
				: "none",
			rebase->schema);
}

static void
print_json(struct sd_session *session, const struct sd_rebase *rebase,
	const struct sd_scripts *gaps, bool dry_run)
{
	struct sd_buf *json = sd_json_begin(session, session->command);

	sd_json_bool(json, "dry_run", dry_run);
	sd_json_text(json, "upstream", rebase->upstream.name);
	sd_json_revisions(json, "onto", &rebase->onto);
	sd_json_revisions(json, "own", &rebase->own);
	sd_json_open(json, "moved", '[');
	for (size_t i = 0; i < rebase->moves.n; i++) {
		const struct sd_move *move = &rebase->moves.at[i];

		sd_json_open(json, NULL, '{');
		sd_json_text(json, "revision", move->script->revision);
		sd_json_text(json, "path", move->script->path);
		sd_json_revisions(json, "from", &move->script->links.parents);
		sd_json_revisions(json, "into", &move->parents);
		sd_json_close(json, '}');
	}
	sd_json_close(json, ']');
	sd_json_text(json, "head", rebase->head ? rebase->head->revision : NULL);
	sd_json_text(json, "schema", rebase->schema);
	sd_json_names(json, "heads", &rebase->after->heads);
	sd_json_revisions(json, "gaps", gaps);
}

static void
say_result(struct sd_session *session, const struct sd_rebase *rebase, bool dry_run)
{
	size_t n = rebase->after->heads.n;
	bool changes = rebase->rewrites.n != 0;

	if (!changes && !rebase->own.n)
		sd_say(session, "nothing to do: this branch has no revisions of its own");
	else if (!changes)
		sd_say(session, "nothing to do: %s",
			rebase->own.n == 1 ? "the revision is where it belongs"
					   : "the revisions are where they belong");
	else if (dry_run)
		sd_say(session, "nothing was written");
	if (n > 1)
		sd_say(session,
			"the history %s %zu heads; `schemadiff merge heads -m MESSAGE` joins "
			"them",
			dry_run && rebase->moves.n ? "would have" : "has", n);
}

static int
run_rebase(struct sd_session *session, const void *opts, const struct sd_names *args)
{
	const struct rebase_opts *o = opts;
	const struct sd_rebase_options options = {
		.onto = args->n ? args->at[0] : NULL,
		.upstream = o->upstream,
		.branches = o->branches,
	};
	struct sd_scripts gaps = { 0 };
	struct sd_rebase rebase;

	if (sd_work_rebase(session, &options, &rebase))
		return sd_session_exit(session, SD_EXIT_INPUT);
	if (!o->dry_run && sd_work_rewrite(session, &rebase.rewrites))
		return sd_session_exit(session, SD_EXIT_INPUT);
	if (rebase.moves.n)
		find_gaps(session, &rebase, &gaps);
	if (session->globals.json)
		print_json(session, &rebase, &gaps, o->dry_run);
	else
		print_text(session, &rebase);
	say_result(session, &rebase, o->dry_run);
	say_gaps(session, &gaps);
	return sd_session_exit(session, SD_EXIT_OK);
}

static const struct sd_opt options[] = {
	{ 0, "upstream", SD_OPT_TEXT, offsetof(struct rebase_opts, upstream), "REF",
		"the branch that has the other revisions; otherwise as for check", NULL },
	{ 0, "branch", SD_OPT_LIST, offsetof(struct rebase_opts, branches), "REV",
		"move only what hangs together with REV; repeatable", NULL },
	{ 0, "dry-run", SD_OPT_FLAG, offsetof(struct rebase_opts, dry_run), NULL,
		"print what would change, write nothing", NULL },
};

const struct sd_cmd sd_cmd_rebase = {
	.name = "rebase",
	.args = "[ONTO]",
	.max_args = 1,
	.summary = "put this branch's own revisions behind those of the upstream branch",
	.details =
		"After `git merge` or `git rebase` two people's revisions follow the same one, "
		"and "
		"the history has two heads. rebase gives the first of this branch's own ones "
		"another parent: the head of the upstream branch, or ONTO. Own is what the "
		"upstream "
		"branch does not have; without one, what ONTO does not need. Only headers "
		"change "
		"(`revises`, and `schema` of the new head), all files or none; statements, "
		"labels "
		"and depends-on stay. What the upstream branch has already is not moved (exit "
		"5).\n\n"
		"With a database at hand it says when this leaves a gap: own revisions that "
		"have "
		"run before those that now come before them. `schemadiff upgrade` fills it.",
	.needs = SD_NEEDS_CONFIG | SD_NEEDS_TARGET_TRY,
	.opts = options,
	.n_opts = SD_COUNT(options),
	.opts_size = sizeof(struct rebase_opts),
	.run = run_rebase,
};
