/* Programs beside us: what they print, how they end, what reaches them. */
#include "core/base/process.h"

#include <fcntl.h>
#include <setjmp.h>
#include <signal.h>
#include <stdarg.h>
#include <stdint.h>
#include <stdlib.h>
#include <string.h>
#include <time.h>
#include <unistd.h>

#include <cmocka.h>

static struct sd_arena *arena;
static struct sd_diags diags;

static void
start(struct sd_child *child, const char *script)
{
	struct sd_names argv = { 0 };

	*sd_push(arena, &argv) = "a shell";
	*sd_push(arena, &argv) = "-c";
	*sd_push(arena, &argv) = script;
	assert_int_equal(
		sd_child_start(child, "/bin/sh", &argv, "TELL_ME", arena, &diags), SD_OK);
	assert_true(child->pid > 0);
}

static void
wait_for_all(struct sd_child *children, size_t n)
{
	for (int tries = 0; tries < 200; tries++) {
		bool any = false;

		for (size_t i = 0; i < n; i++)
			any |= children[i].pid != 0;
		if (!any)
			return;
		sd_children_wait(children, n, 100);
	}
	fail_msg("children go on and on");
}

static const char *
text(const struct sd_child *child, enum sd_stream stream)
{
	return sd_buf_text(&child->text[stream]);
}

static size_t
open_descriptors(void)
{
	size_t n = 0;

	for (int fd = 0; fd < 256; fd++)
		n += fcntl(fd, F_GETFD) >= 0;
	return n;
}

static void
streams_are_apart(void **state)
{
	size_t before = open_descriptors();
	struct sd_child child;

	(void)state;
	assert_int_equal(setenv("TELL_ME", "nothing", 1), 0);
	start(&child, "echo out; echo err >&2; echo \"fd $TELL_ME\" >&3; cat; exit 7");
	wait_for_all(&child, 1);
	assert_string_equal(text(&child, SD_STREAM_OUT), "out\n");
	assert_string_equal(text(&child, SD_STREAM_ERR), "err\n");
	assert_string_equal(text(&child, SD_STREAM_SAYS), "fd 3\n");
	assert_int_equal(child.code, 7);
	assert_int_equal(child.signal, 0);
	assert_int_equal(open_descriptors(), before);
}

/* More than a pipe holds, on two streams of several at once. */
static void
much_is_read(void **state)
{
	struct sd_child children[3];

	(void)state;
	for (size_t i = 0; i < 3; i++)
		start(&children[i], "head -c 300000 /dev/zero | tr '\\0' x >&2; "
				    "head -c 300000 /dev/zero | tr '\\0' y");
	wait_for_all(children, 3);
	for (size_t i = 0; i < 3; i++) {
		assert_int_equal(children[i].text[SD_STREAM_OUT].n, 300000);
		assert_int_equal(children[i].text[SD_STREAM_ERR].n, 300000);
		assert_int_equal(children[i].code, 0);
	}
}

static void
too_much_is_cut(void **state)
{
	struct sd_child child;

	(void)state;
	start(&child, "head -c 20000000 /dev/zero | tr '\\0' x");
	wait_for_all(&child, 1);
	assert_true(child.text[SD_STREAM_OUT].n < SD_STREAM_MOST + 100000);
	assert_non_null(strstr(text(&child, SD_STREAM_OUT), "(there was more)"));
	assert_int_equal(child.code, 0);
}

/* Neither does a descendant that keeps the streams open keep us, nor one that closes them. */
static void
the_end_is_seen(void **state)
{
	struct timespec since, now;
	struct sd_child children[2];

	(void)state;
	(void)clock_gettime(CLOCK_MONOTONIC, &since);
	start(&children[0], "sleep 5 & echo done; exit 3");
	start(&children[1], "exec >&- 2>&- 3>&-; sleep 0.2; exit 4");
	wait_for_all(children, 2);
	(void)clock_gettime(CLOCK_MONOTONIC, &now);
	assert_true(now.tv_sec - since.tv_sec < 4);
	assert_string_equal(text(&children[0], SD_STREAM_OUT), "done\n");
	assert_int_equal(children[0].code, 3);
	assert_int_equal(children[1].code, 4);
}

static void
signals_reach_one(void **state)
{
	struct sd_child children[2];

	(void)state;
	start(&children[0], "sleep 20");
	start(&children[1],
		"trap 'echo caught; exit 9' TERM; echo ready; while :; do sleep 0.05; done");
	while (!children[1].text[SD_STREAM_OUT].n)
		sd_children_wait(children, 2, 50);
	assert_true(getpgid(children[0].pid) != getpgrp());
	sd_child_signal(&children[0], SIGTERM);
	sd_child_signal(&children[1], SIGTERM);
	wait_for_all(children, 2);
	assert_int_equal(children[0].signal, SIGTERM);
	assert_int_equal(children[0].code, 128 + SIGTERM);
	assert_true(children[0].told);
	assert_string_equal(text(&children[1], SD_STREAM_OUT), "ready\ncaught\n");
	assert_int_equal(children[1].code, 9);
	sd_child_signal(&children[1], SIGKILL); /* nobody has this number any more */
}

static void
what_is_not_there(void **state)
{
	size_t before = open_descriptors();
	struct sd_names argv = { 0 };
	struct sd_child child;

	(void)state;
	*sd_push(arena, &argv) = "x";
	assert_int_equal(
		sd_child_start(&child, "/no/such/program", &argv, "V", arena, &diags), SD_ERR);
	assert_int_equal(child.pid, 0);
	assert_string_equal(diags.list.at[0].text, "x can't be run: No such file or directory");
	assert_int_equal(open_descriptors(), before);
}

int
main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(streams_are_apart),
		cmocka_unit_test(much_is_read),
		cmocka_unit_test(too_much_is_cut),
		cmocka_unit_test(the_end_is_seen),
		cmocka_unit_test(signals_reach_one),
		cmocka_unit_test(what_is_not_there),
	};
	int failed;

	arena = sd_arena_new();
	diags.arena = arena;
	failed = cmocka_run_group_tests_name("process", tests, NULL, NULL);
	sd_arena_free(arena);
	return failed;
}
