/* edit: a revision's script in the user's editor. */
#include "cmd/commands.h"
#include "cmd/json_out.h"
#include "cmd/look.h"

#include <errno.h>
#include <spawn.h>
#include <stdlib.h>
#include <string.h>
#include <sys/wait.h>
#include <unistd.h>

extern char **environ;

static const struct sd_pos nowhere;

/* What git does: the variable is a command line, which the shell takes apart. */
static const char *
editor(void)
{
	static const char *const variables[] = { "VISUAL", "EDITOR" };

	for (size_t i = 0; i < SD_COUNT(variables); i++) {
		const char *value = getenv(variables[i]);

		if (value && *value)
			return value;
	}
	return "vi";
}

static enum sd_status
run_editor(struct sd_session *session, const struct sd_names *paths)
{
	char **argv = sd_new_array(session->arena, paths->n + 5, char *);
	const char *name = editor();
	int error, result = 0;
	pid_t child;

	argv[0] = sd_strdup(session->arena, "sh");
	argv[1] = sd_strdup(session->arena, "-c");
	argv[2] = sd_fmt(session->arena, "%s \"$@\"", name);
	argv[3] = sd_strdup(session->arena, name);
	for (size_t i = 0; i < paths->n; i++)
		argv[4 + i] = sd_strdup(session->arena, paths->at[i]);
	fflush(session->out);
	error = posix_spawnp(&child, "sh", NULL, NULL, argv, environ);
	if (error)
		return sd_error(session->diags, nowhere, "the editor can't be started: %s",
			strerror(error));
	while (waitpid(child, &result, 0) < 0)
		if (errno != EINTR)
			return sd_error(session->diags, nowhere, "the editor is lost: %s",
				strerror(errno));
	if (WIFEXITED(result) && WEXITSTATUS(result) == 0)
		return SD_OK;
	sd_error(session->diags, nowhere, "the editor \"%s\" failed", name);
	sd_hint(session->diags, "VISUAL or EDITOR names another one");
	return SD_ERR;
}

static int
run_edit(struct sd_session *session, const void *opts, const struct sd_names *args)
{
	struct sd_names paths = { 0 };
	struct sd_look look;
	struct sd_goal goal;

	(void)opts;
	if (sd_look_open_graph(&look, session))
		return SD_EXIT_HISTORY;
	if (sd_look_read_for(&look, args->at[0]))
		return SD_EXIT_DATABASE;
	if (sd_history_goal(look.history, args->at[0], &look.state.ids, session->diags, &goal))
		return SD_EXIT_INPUT;
	if (!goal.scripts.n) {
		sd_error(session->diags, nowhere, "\"%s\" is base here, which has no script",
			args->at[0]);
		return SD_EXIT_INPUT;
	}
	for (size_t i = 0; i < goal.scripts.n; i++) {
		*sd_push(session->arena, &paths) = goal.scripts.at[i]->path;
		if (sd_map_get(&look.rows, goal.scripts.at[i]->revision))
			sd_warn(session->diags, goal.scripts.at[i]->revision_pos,
				"revision %s is applied: what is changed now will not run "
				"there",
				goal.scripts.at[i]->revision);
	}
	sd_session_flush(session);
	if (run_editor(session, &paths))
		return SD_EXIT_INPUT;
	if (session->globals.json)
		sd_json_names(sd_json_begin(session, session->command), "paths", &paths);
	return SD_EXIT_OK;
}

const struct sd_cmd sd_cmd_edit = {
	.name = "edit",
	.args = "REV",
	.min_args = 1,
	.max_args = 1,
	.summary = "open a revision's script in the editor",
	.details =
		"The editor is $VISUAL, else $EDITOR, else vi. All scripts are opened when REV "
		"stands for several.",
	.needs = SD_NEEDS_CONFIG | SD_NEEDS_TARGET_TRY,
	.run = run_edit,
};
