#define _GNU_SOURCE /* posix_spawn_file_actions_addchdir_np(), pipe2() */
#include "core/base/process.h"

#include <errno.h>
#include <fcntl.h>
#include <poll.h>
#include <signal.h>
#include <spawn.h>
#include <string.h>
#ifdef __linux__
#include <sys/prctl.h>
#endif
#include <sys/wait.h>
#include <time.h>
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

/* ---- programs beside us --------------------------------------------------------------- */

#define ABOVE 10 /* pipes are above the descriptors that a child gets */

static const int numbers[SD_STREAM__MAX] = { STDOUT_FILENO, STDERR_FILENO, SD_SAYS_FD };

/* A pipe whose ends are above those that a child gets, and stay with us. */
static int
make_pipe(int ends[2])
{
	int low[2];

	if (pipe2(low, O_CLOEXEC))
		return errno;
	for (int i = 0; i < 2; i++) {
		ends[i] = fcntl(low[i], F_DUPFD_CLOEXEC, ABOVE);
		(void)close(low[i]);
	}
	if (ends[0] < 0 || ends[1] < 0)
		return errno ? errno : EMFILE;
	return fcntl(ends[0], F_SETFL, O_NONBLOCK) < 0 ? errno : 0;
}

static void
close_end(int *fd)
{
	if (*fd >= 0)
		(void)close(*fd);
	*fd = -1;
}

static int
spawn_beside(const char *path, char *const *argv, char *const *environment,
	int writes[SD_STREAM__MAX], pid_t *pid)
{
	posix_spawn_file_actions_t actions;
	posix_spawnattr_t attributes;
	int error = posix_spawn_file_actions_init(&actions);

	if (error)
		return error;
	error = posix_spawnattr_init(&attributes);
	if (error) {
		posix_spawn_file_actions_destroy(&actions);
		return error;
	}
	error = posix_spawnattr_setflags(&attributes, POSIX_SPAWN_SETPGROUP);
	if (!error)
		error = posix_spawn_file_actions_addopen(
			&actions, STDIN_FILENO, "/dev/null", O_RDONLY, 0);
	for (size_t i = 0; !error && i < SD_STREAM__MAX; i++)
		error = posix_spawn_file_actions_adddup2(&actions, writes[i], numbers[i]);
	if (!error)
		error = posix_spawnp(pid, path, &actions, &attributes, argv, environment);
	posix_spawnattr_destroy(&attributes);
	posix_spawn_file_actions_destroy(&actions);
	return error;
}

static char **
with_variable(struct sd_arena *arena, const char *variable)
{
	size_t n = 0, len = strlen(variable);
	char **list;

	while (environ[n])
		n++;
	list = sd_new_array(arena, n + 2, char *);
	n = 0;
	for (char **e = environ; *e; e++)
		if (strncmp(*e, variable, len) != 0 || (*e)[len] != '=')
			list[n++] = *e;
	list[n] = sd_fmt(arena, "%s=%d", variable, SD_SAYS_FD);
	return list;
}

enum sd_status
sd_child_start(struct sd_child *child, const char *path, const struct sd_names *argv,
	const char *variable, struct sd_arena *arena, struct sd_diags *diags)
{
	char **args = sd_new_array(arena, (size_t)argv->n + 1, char *);
	int writes[SD_STREAM__MAX] = { -1, -1, -1 }, ends[2], error = 0;
	pid_t pid = 0;

	*child = (struct sd_child){ .fds = { -1, -1, -1 } };
	for (size_t i = 0; i < argv->n; i++)
		args[i] = sd_strdup(arena, argv->at[i]);
	for (size_t i = 0; !error && i < SD_STREAM__MAX; i++) {
		ends[0] = ends[1] = -1;
		error = make_pipe(ends);
		child->fds[i] = ends[0];
		writes[i] = ends[1];
		child->text[i] = SD_BUF(arena);
	}
	if (!error)
		error = spawn_beside(path, args, with_variable(arena, variable), writes, &pid);
	for (size_t i = 0; i < SD_STREAM__MAX; i++) {
		close_end(&writes[i]);
		if (error)
			close_end(&child->fds[i]);
	}
	if (error)
		return sd_error(diags, (struct sd_pos){ 0 }, "%s can't be run: %s", argv->at[0],
			strerror(error));
	child->pid = pid;
	return SD_OK;
}

/* Read what there is; the stream is closed at its end. */
static void
read_stream(struct sd_child *child, size_t stream)
{
	struct sd_buf *text = &child->text[stream];
	char chunk[16384];
	ssize_t n;

	while (child->fds[stream] >= 0) {
		n = read(child->fds[stream], chunk, sizeof chunk);
		if (n < 0 && errno == EINTR)
			continue;
		if (n < 0 && (errno == EAGAIN || errno == EWOULDBLOCK))
			return;
		if (n <= 0) {
			close_end(&child->fds[stream]);
		} else if (text->n < SD_STREAM_MOST) {
			sd_buf_addn(text, chunk, (size_t)n);
			if (text->n >= SD_STREAM_MOST)
				sd_buf_add(text, "\n(there was more)\n");
		}
	}
}

static bool
is_read(const struct sd_child *child)
{
	for (size_t i = 0; i < SD_STREAM__MAX; i++)
		if (child->fds[i] >= 0)
			return false;
	return true;
}

/* Has it ended?  It is forgotten before its number is given to another process, so that no
 * signal reaches that.  One that has closed all its streams is about to end. */
static bool
reap(struct sd_child *child)
{
	const int options = WEXITED | WNOWAIT | (is_read(child) ? 0 : WNOHANG);
	pid_t pid = child->pid;
	siginfo_t info = { 0 };
	int status = 0;

	if (waitid(P_PID, (id_t)pid, &info, options) < 0 && errno == EINTR)
		return false;
	if (!info.si_pid)
		return false;
	child->pid = 0;
	while (waitpid(pid, &status, 0) < 0 && errno == EINTR)
		;
	child->code = WIFEXITED(status) ? WEXITSTATUS(status) : 128 + WTERMSIG(status);
	child->signal = WIFSIGNALED(status) ? WTERMSIG(status) : 0;
	for (size_t i = 0; i < SD_STREAM__MAX; i++) {
		read_stream(child, i);
		close_end(&child->fds[i]);
	}
	return true;
}

/* A descendant of a child may keep its pipes open: so the wait is never long. */
#define LONGEST_POLL_MS 200

static long
now_ms(void)
{
	struct timespec now;

	(void)clock_gettime(CLOCK_MONOTONIC, &now);
	return (long)now.tv_sec * 1000 + now.tv_nsec / 1000000;
}

/* What the @n children's streams are waited for by. */
static nfds_t
list_streams(const struct sd_child *children, size_t n, struct pollfd *fds)
{
	nfds_t count = 0;

	for (size_t i = 0; i < n; i++)
		for (size_t s = 0; children[i].pid && s < SD_STREAM__MAX; s++)
			if (children[i].fds[s] >= 0)
				fds[count++] = (struct pollfd){ children[i].fds[s], POLLIN, 0 };
	return count;
}

void
sd_children_wait(struct sd_child *children, size_t n, int ms)
{
	struct sd_arena *scratch = sd_arena_new();
	struct pollfd *fds = sd_new_array(scratch, n * SD_STREAM__MAX + 1, struct pollfd);
	bool ended = false, interrupted = false, any = true;
	long end = now_ms() + ms, left = ms;

	for (; any && !ended && !interrupted && left > 0; left = end - now_ms()) {
		nfds_t count = list_streams(children, n, fds);
		long step = left < LONGEST_POLL_MS ? left : LONGEST_POLL_MS;

		interrupted = poll(fds, count, count ? (int)step : 0) < 0;
		any = false;
		for (size_t i = 0; i < n; i++) {
			if (!children[i].pid)
				continue;
			any = true;
			for (size_t s = 0; s < SD_STREAM__MAX; s++)
				read_stream(&children[i], s);
			ended |= reap(&children[i]);
		}
	}
	sd_arena_free(scratch);
}

void
sd_child_signal(struct sd_child *child, int number)
{
	int before = errno;

	child->told = true;
	if (child->pid)
		(void)kill(child->pid, number);
	errno = before;
}

void
sd_process_ends_with_parent(int number, int pipe)
{
	struct pollfd writes = { pipe, 0, 0 };

#ifdef PR_SET_PDEATHSIG
	(void)prctl(PR_SET_PDEATHSIG, (unsigned long)number);
#endif
	if (poll(&writes, 1, 0) > 0 && (writes.revents & POLLERR))
		(void)raise(number);
}

const char *
sd_process_self(const char *argv0)
{
	static const char link[] = "/proc/self/exe";

	return access(link, X_OK) == 0 ? link : argv0;
}
