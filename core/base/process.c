#define _GNU_SOURCE /* a child in another folder: posix_spawn_file_actions_addchdir_np() */
#include "core/base/process.h"

#include <errno.h>
#include <fcntl.h>
#include <spawn.h>
#include <string.h>
#include <sys/wait.h>
#include <unistd.h>

extern char **environ;

static int
spawn(char *const *argv, const char *dir, pid_t *pid)
{
	posix_spawn_file_actions_t actions;
	int error = posix_spawn_file_actions_init(&actions);

	if (error)
		return error;
	error = posix_spawn_file_actions_addchdir_np(&actions, dir);
	if (!error)
		error = posix_spawn_file_actions_addopen(
			&actions, STDIN_FILENO, "/dev/null", O_RDONLY, 0);
	if (!error)
		error = posix_spawn_file_actions_adddup2(
			&actions, STDERR_FILENO, STDOUT_FILENO);
	if (!error)
		error = posix_spawnp(pid, argv[0], &actions, NULL, argv, environ);
	posix_spawn_file_actions_destroy(&actions);
	return error;
}

enum sd_status
sd_process_run(const struct sd_names *argv, const char *dir, struct sd_diags *diags, int *code)
{
	char **args = sd_new_array(diags->arena, (size_t)argv->n + 1, char *);
	int error, status = 0;
	pid_t pid;

	for (size_t i = 0; i < argv->n; i++)
		args[i] = sd_strdup(diags->arena, argv->at[i]);
	error = spawn(args, dir, &pid);
	if (error)
		return sd_error(diags, (struct sd_pos){ 0 }, "%s can't be run: %s", argv->at[0],
			strerror(error));
	while (waitpid(pid, &status, 0) < 0)
		if (errno != EINTR)
			return sd_error(diags, (struct sd_pos){ 0 }, "%s: %s", argv->at[0],
				strerror(errno));
	*code = WIFEXITED(status) ? WEXITSTATUS(status) : 128 + WTERMSIG(status);
	return SD_OK;
}
