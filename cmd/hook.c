/* hook: checks what is about to be committed. */
#include "cmd/check_report.h"
#include "cmd/commands.h"
#include "cmd/json_out.h"
#include "cmd/work/hook.h"
#include "core/base/text.h"

#include <string.h>

static const struct sd_pos nowhere;

struct options {
	char unused;
};

/* ---- install, uninstall ------------------------------------------------------------------- */

/* The repository to put hooks into; NULL after a report. */
static struct sd_git *
repository(struct sd_session *session)
{
	const char *why;
	struct sd_git *git = sd_work_git(session, &why);

	if (!git && why) {
		sd_error(session->diags, nowhere, "the git repository can't be read: %s", why);
		sd_hint(session->diags, "a pre-commit hook of your own can call `schemadiff hook "
					"run`, which checks the work tree then");
	} else if (!git) {
		sd_error(session->diags, nowhere, "there is no git repository here");
		sd_hint(session->diags, "`git init` makes one");
	} else if (!sd_git_workdir(git)) {
		sd_error(session->diags, nowhere,
			"this repository is bare: nothing is committed in it");
		sd_hint(session->diags, "install the hook in a clone");
		return NULL;
	}
	return git;
}

static const char *const was_words[] = {
	[SD_HOOK_KEPT] = "kept",
	[SD_HOOK_INSTALLED] = "installed",
	[SD_HOOK_REMOVED] = "removed",
	[SD_HOOK_RESTORED] = "restored",
};

static void
print_json(struct sd_session *session, const struct sd_hooks_done *done)
{
	struct sd_buf *json = sd_json_begin(session, "hook");

	sd_json_open(json, "hooks", '[');
	for (size_t i = 0; i < done->n; i++) {
		sd_json_open(json, NULL, '{');
		sd_json_text(json, "path", done->at[i].path);
		sd_json_text(json, "was", was_words[done->at[i].was]);
		sd_json_text(json, "before", done->at[i].chained);
		sd_json_close(json, '}');
	}
	sd_json_close(json, ']');
}

static void
print_done(struct sd_session *session, const struct sd_hooks_done *done)
{
	if (session->globals.json) {
		print_json(session, done);
		return;
	}
	for (size_t i = 0; i < done->n; i++) {
		const struct sd_hook_done *hook = &done->at[i];

		fprintf(session->out, "%-9s %s\n", was_words[hook->was], hook->path);
		if (hook->chained)
			fprintf(session->out, "          %s %s\n", hook->chained,
				hook->runs ? "runs first"
					   : "is what was there before; it is not executable "
					     "and does not run");
	}
}

/* Where the configuration lies in the repository; NULL after a report. */
static const char *
config_in(struct sd_session *session, const struct sd_git *git)
{
	const char *file = session->config.path, *config;

	if (!file) {
		sd_error(session->diags, nowhere,
			"there is no schemadiff.json here or in a folder above");
		sd_hint(session->diags, "`schemadiff init` begins a project");
		return NULL;
	}
	config = sd_git_path(git, session->arena, file);
	if (!config)
		sd_error(session->diags, (struct sd_pos){ .file = file },
			"lies outside of the repository %s", sd_git_workdir(git));
	return config;
}

static int
install(struct sd_session *session)
{
	struct sd_hooks_done done = { 0 };
	const char *config;
	struct sd_git *git;

	if (sd_session_open(session, SD_NEEDS_CONFIG) || !(git = repository(session)))
		return SD_EXIT_INPUT;
	config = config_in(session, git);
	if (!config || sd_work_hook_install(session, git, config, &done))
		return SD_EXIT_INPUT;
	print_done(session, &done);
	return SD_EXIT_OK;
}

static int
uninstall(struct sd_session *session)
{
	struct sd_diags unheard = { .arena = session->arena };
	struct sd_session quiet = *session;
	struct sd_hooks_done done = { 0 };
	const char *config = NULL;
	struct sd_git *git;

	/* where no project is, or one that is broken, the hooks go as a whole */
	quiet.diags = &unheard;
	if (sd_session_open(&quiet, SD_NEEDS_CONFIG) == SD_OK)
		session->config = quiet.config;
	git = repository(session);
	if (git && session->config.path)
		config = sd_git_path(git, session->arena, session->config.path);
	if (!git || sd_work_hook_uninstall(session, git, config, &done))
		return SD_EXIT_INPUT;
	print_done(session, &done);
	if (!done.n)
		sd_say(session, "no hook of schemadiff was there%s", config ? " for this project" : "");
	return SD_EXIT_OK;
}

/* ---- run ------------------------------------------------------------------------------------ */

/* Read the configuration as @tree has it, or where it is not there from the disk: a new one need
 * not be committed.  *@found false: there is no project. */
static enum sd_status
open_project(struct sd_session *session, const struct sd_tree *tree, bool *found)
{
	const struct sd_tree *places[] = { tree, NULL };
	const char *path = session->globals.config;

	*found = false;
	for (size_t i = tree ? 0 : 1; i < SD_COUNT(places) && !*found; i++) {
		if (path && sd_tree_entry(places[i], path) != SD_ENTRY_FILE)
			continue;
		session->tree = places[i];
		if (sd_session_open(session, SD_NEEDS_CONFIG))
			return SD_ERR;
		*found = session->config.path != NULL;
	}
	session->tree = tree;
	return SD_OK;
}

/* The staged files; NULL: those of the work tree have to do, which is said. */
static const struct sd_tree *
staged(struct sd_session *session, struct sd_git **git)
{
	const struct sd_tree *tree = NULL;
	const char *why;

	*git = sd_work_git(session, &why);
	if (*git)
		tree = sd_git_index(*git, &why);
	if (!tree && (*git || why)) {
		sd_warn(session->diags, nowhere,
			"what is staged can't be read (%s): the files of the work tree are "
			"checked instead",
			why ? why : "no reason is given");
		*git = NULL;
	}
	return tree;
}

static int
report(struct sd_session *session, const struct sd_git *git)
{
	/* a repository that can't be read has been warned of, and has no branches either */
	const struct sd_check_options options = { .hook = true, .upstream = git ? NULL : "" };
	struct sd_check_report found;
	int code;

	session->has_target = false;
	sd_work_check(session, &options, &found);
	code = sd_check_exit(session, &found);
	if (code != SD_EXIT_OK || session->globals.json || session->globals.verbose)
		(void)sd_check_print(session, NULL, NULL, &found);
	if (code != SD_EXIT_OK)
		sd_say(session,
			"nothing was committed: mend it, `git add` it, and commit again "
			"(`git commit --no-verify` commits all the same)");
	return code;
}

static int
run_hook(struct sd_session *session)
{
	struct sd_git *git;
	const struct sd_tree *tree = staged(session, &git), *head;
	const char *why;
	bool found;

	if ((git && !sd_git_workdir(git)) || (!git && !session->diags->list.n))
		return repository(session) ? SD_EXIT_OK : SD_EXIT_INPUT;
	if (open_project(session, tree, &found))
		return sd_session_exit(session, SD_EXIT_INPUT);
	if (!found) {
		sd_say(session, "there is no project in this repository: nothing to check");
		return sd_session_exit(session, SD_EXIT_OK);
	}
	head = git ? sd_git_revision(git, "HEAD", &why) : NULL;
	if (git && !sd_work_hook_concerned(session, tree, head)) {
		if (session->globals.verbose)
			sd_say(session, "nothing of the project is staged");
		return SD_EXIT_OK;
	}
	return report(session, git);
}

/* ---- the command ---------------------------------------------------------------------------- */

static int
run(struct sd_session *session, const void *opts, const struct sd_names *args)
{
	static const struct {
		const char *verb;
		int (*run)(struct sd_session *session);
	} verbs[] = {
		{ "install", install },
		{ "run", run_hook },
		{ "uninstall", uninstall },
	};
	struct sd_names words = { 0 };
	const char *near;

	(void)opts;
	for (size_t i = 0; i < SD_COUNT(verbs); i++) {
		if (strcmp(args->at[0], verbs[i].verb) == 0)
			return verbs[i].run(session);
		*sd_push(session->arena, &words) = verbs[i].verb;
	}
	*sd_push(session->arena, &words) = NULL;
	near = sd_text_nearest(args->at[0], words.at);
	sd_error(session->diags, nowhere, "hook: expected install, run or uninstall, not \"%s\"",
		args->at[0]);
	if (near)
		sd_hint(session->diags, "did you mean `schemadiff hook %s`?", near);
	return SD_EXIT_INPUT;
}

const struct sd_cmd sd_cmd_hook = {
	.name = "hook",
	.args = "install|run|uninstall",
	.min_args = 1,
	.max_args = 1,
	.summary = "check what is staged before git commits it",
	.details =
		"install puts a pre-commit hook (and pre-merge-commit, for merges) into the "
		"repository: where core.hooksPath says, else where git looks. A hook that is "
		"there is kept, and runs first. uninstall takes ours out and brings that one "
		"back.\n\n"
		"run is what the hooks call. It checks the staged content, not the work tree: "
		"gates 1 to 3 of `check`, without a database, and only when something of the "
		"project is staged. When it fails it says what to run to mend it.",
	.opts_size = sizeof(struct options),
	.run = run,
};
