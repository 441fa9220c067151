/** Other programs. */
#ifndef SD_BASE_PROCESS_H
#define SD_BASE_PROCESS_H

#include "core/base/diag.h"

/** Run @argv in the folder @dir, without a shell: the first is looked for in PATH unless it has
 * a slash.  It reads nothing, and what it prints goes to our standard error.  *@code is its
 *  exit code, or 128 and the signal that ended it.  SD_ERR, reported, when it can't be run. */
enum sd_status sd_process_run(
	const struct sd_names *argv, const char *dir, struct sd_diags *diags, int *code);

/** What a program that runs beside us gives us to read. */
enum sd_stream {
	SD_STREAM_OUT,  /* its standard output */
	SD_STREAM_ERR,  /* its standard error */
	SD_STREAM_SAYS, /* its descriptor SD_SAYS_FD, which it is told of by a variable */
	SD_STREAM__MAX,
};

#define SD_SAYS_FD 3

/** More than this of a stream is dropped, and said to be. */
#define SD_STREAM_MOST (8u << 20)

struct sd_child {
	volatile int pid;   /* 0: it does not run */
	volatile bool told; /* of a signal */
	int fds[SD_STREAM__MAX];
	struct sd_buf text[SD_STREAM__MAX];
	int code;   /* once it has ended: its exit code */
	int signal; /* that ended it, or 0 */
};

/** Start the program at @path with the arguments @argv (its name first) as a process group of
 * its own, which no signal of the terminal reaches; it reads nothing.  @variable is added to
 * its environment, with SD_SAYS_FD for a value.  What it writes is kept in @arena.  SD_ERR,
 * reported, when it can't be run. */
enum sd_status sd_child_start(struct sd_child *child, const char *path,
	const struct sd_names *argv, const char *variable, struct sd_arena *arena,
	struct sd_diags *diags);

/** Read what the @n children give until one of them has ended, @ms have passed or a signal
 * came. A child that has ended has no pid any more; its texts are whole. */
void sd_children_wait(struct sd_child *children, size_t n, int ms);

/** Send @number to a child that runs.  Safe in a signal handler. */
void sd_child_signal(struct sd_child *child, int number);

/** In a child: have it be sent @number when its parent dies, where the system can; or has died,
 *  which @pipe, that the parent reads, tells. */
void sd_process_ends_with_parent(int number, int pipe);

/** The path of the very program that runs, whatever has become of its file meanwhile; @argv0
 *  where the system does not tell. */
const char *sd_process_self(const char *argv0);

#endif
