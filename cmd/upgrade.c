#include "cmd/commands.h"
#include "cmd/run_progress.h"

#include <stddef.h>

static const struct sd_opt opts[] = {
	{ 0, "sql", SD_OPT_FLAG, offsetof(struct sd_run_opts, sql), NULL,
		"print the SQL instead of running it; TARGET may be a range A:B", NULL },
	{ 0, "dry-run", SD_OPT_FLAG, offsetof(struct sd_run_opts, dry_run), NULL,
		"list the revisions, statements and hooks that would run", NULL },
	{ 0, "wait", SD_OPT_TEXT, offsetof(struct sd_run_opts, wait), "SECONDS",
		"how long to wait while another process writes (default 60)", NULL },
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
	return sd_runner_run(session, options, SD_UP, args->n ? args->at[0] : "head");
}

const struct sd_cmd sd_cmd_upgrade = {
	.name = "upgrade",
	.args = "[TARGET]",
	.max_args = 1,
	.summary = "run the up parts of pending revisions",
	.details =
		"Brings the database to TARGET (default: head): a revision or the beginning of "
		"its id, head, +N. Each revision runs in a transaction together with its row "
		"in "
		"the bookkeeping, so that a failure leaves the database at the last whole "
		"revision; the next upgrade goes on there. Of two upgrades at once one works "
		"and "
		"the other waits, then finds nothing to do. An SQLite database that does not "
		"exist is created.\n\n"
		"With --sql nothing is connected to: the script for the range (default "
		"base:head) goes to stdout, safe to pipe into the engine's shell.",
	.needs = SD_NEEDS_CONFIG | SD_NEEDS_TARGET_TRY,
	.opts = opts,
	.n_opts = SD_COUNT(opts),
	.opts_size = sizeof(struct sd_run_opts),
	.run = run,
	.many = true,
};
