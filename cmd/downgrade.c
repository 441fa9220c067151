#include "cmd/commands.h"
#include "cmd/run_progress.h"

#include <stddef.h>

static const struct sd_opt opts[] = {
	{ 0, "sql", SD_OPT_FLAG, offsetof(struct sd_run_opts, sql), NULL,
		"print the SQL instead of running it; TARGET is a range FROM:TO", NULL },
	{ 0, "dry-run", SD_OPT_FLAG, offsetof(struct sd_run_opts, dry_run), NULL,
		"list the revisions, statements and hooks that would run", NULL },
	{ 0, "wait", SD_OPT_TEXT, offsetof(struct sd_run_opts, wait), "SECONDS",
		"how long to wait while another process writes (default 60)", NULL },
	{ 0, "force", SD_OPT_FLAG, offsetof(struct sd_run_opts, force), NULL,
		"run what there is of a down part that is marked irreversible", NULL },
	{ 0, "from-database", SD_OPT_FLAG, offsetof(struct sd_run_opts, from_database), NULL,
		"undo revisions without a script here by the down parts that the database "
		"keeps", NULL },
	{ 0, "resume-at", SD_OPT_TEXT, offsetof(struct sd_run_opts, resume_at), "N",
		"go on with statement N of the revision that is half done", NULL },
	{ 'V', "variable", SD_OPT_LIST, offsetof(struct sd_run_opts, variables), "NAME=VALUE",
		"value of a variable of the scripts, :'NAME' or :\"NAME\"; repeatable", NULL },
	{ 0, "tag", SD_OPT_TEXT, offsetof(struct sd_run_opts, tag), "TAG",
		"a text for the log; scripts and hooks have it as the variable tag", NULL },
	{ 0, "transaction", SD_OPT_WORD, offsetof(struct sd_run_opts, transaction), "MODE",
		"each revision in a transaction (each), all in one (all), or each statement "
		"(none)",
		sd_transaction_words },
};

static int
run(struct sd_session *session, const void *options, const struct sd_names *args)
{
	return sd_runner_run(session, options, SD_DOWN, args->at[0]);
}

const struct sd_cmd sd_cmd_downgrade = {
	.name = "downgrade",
	.args = "TARGET",
	.min_args = 1,
	.max_args = 1,
	.summary = "run the down parts of applied revisions",
	.details =
		"Takes the database back to TARGET: a revision or the beginning of its id, -N "
		"(so many back from the current one), base. What a down part cannot bring back "
		"is said in warnings in its script; --dry-run shows what would run.\n\n"
		"The database keeps the down part of what it has applied. With --from-database "
		"a revision that has no script here, from another branch, is undone by that; "
		"it is printed first, and asked for on a terminal. A script always wins.\n\n"
		"With --sql nothing is connected to: the script for the range FROM:TO goes to "
		"stdout, safe to pipe into the engine's shell.",
	.needs = SD_NEEDS_CONFIG | SD_NEEDS_TARGET_TRY,
	.opts = opts,
	.n_opts = SD_COUNT(opts),
	.opts_size = sizeof(struct sd_run_opts),
	.run = run,
	.many = true,
};
