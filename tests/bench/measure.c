/* Commands timed side by side: one run of each in turn, the medians printed.
 *
 *     measure RUNS COMMAND [-- COMMAND]…
 *
 * A line a command: median wall time in ms, median peak memory in KiB.  Output of the commands
 * is thrown away; one that fails ends the measurement. */
#include <fcntl.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/resource.h>
#include <sys/wait.h>
#include <time.h>
#include <unistd.h>

#define MOST_RUNS 101
#define MOST_COMMANDS 8

static double
now(void)
{
	struct timespec t;

	clock_gettime(CLOCK_MONOTONIC, &t);
	return (double)t.tv_sec * 1e3 + (double)t.tv_nsec / 1e6;
}

static int
by_value(const void *a, const void *b)
{
	double x = *(const double *)a, y = *(const double *)b;

	return (x > y) - (x < y);
}

static void
run(char **argv, double *ms, double *kib)
{
	struct rusage usage;
	double began = now();
	int status;
	pid_t pid = fork();

	if (pid == 0) {
		int null = open("/dev/null", O_WRONLY);

		dup2(null, 1);
		dup2(null, 2);
		execvp(argv[0], argv);
		_exit(127);
	}
	if (pid < 0 || wait4(pid, &status, 0, &usage) != pid || status != 0) {
		fprintf(stderr, "measure: %s failed\n", argv[0]);
		exit(1);
	}
	*ms = now() - began;
	*kib = (double)usage.ru_maxrss;
}

int
main(int argc, char **argv)
{
	static double ms[MOST_COMMANDS][MOST_RUNS], kib[MOST_COMMANDS][MOST_RUNS];
	int runs = argc > 2 ? atoi(argv[1]) : 0, n = 1;
	char **commands[MOST_COMMANDS] = { argv + 2 };

	if (runs < 1 || runs > MOST_RUNS)
		return 2;
	for (int i = 2; i < argc; i++) {
		if (strcmp(argv[i], "--") != 0 || n == MOST_COMMANDS)
			continue;
		argv[i] = NULL;
		commands[n++] = argv + i + 1;
	}
	for (int r = -1; r < runs; r++) /* one to warm up */
		for (int c = 0; c < n; c++)
			run(commands[c], &ms[c][r < 0 ? 0 : r], &kib[c][r < 0 ? 0 : r]);
	for (int c = 0; c < n; c++) {
		qsort(ms[c], (size_t)runs, sizeof ms[c][0], by_value);
		qsort(kib[c], (size_t)runs, sizeof kib[c][0], by_value);
		printf("%.2f %.0f\n", ms[c][runs / 2], kib[c][runs / 2]);
	}
	return 0;
}
