#include "core/db/wait.h"

#define STEP_MS 50 /* between two looks */

void
sd_waiter_start(struct sd_waiter *w)
{
	w->told = 0;
	(void)clock_gettime(CLOCK_MONOTONIC, &w->since);
}

static long
waited_ms(const struct sd_waiter *w)
{
	struct timespec now;

	(void)clock_gettime(CLOCK_MONOTONIC, &now);
	return (long)(now.tv_sec - w->since.tv_sec) * 1000 +
	       (now.tv_nsec - w->since.tv_nsec) / 1000000;
}

bool
sd_waiter_more(struct sd_waiter *w)
{
	static const struct timespec step = { .tv_nsec = STEP_MS * 1000000L };
	long ms = waited_ms(w);
	unsigned seconds = (unsigned)(ms / 1000);

	if (ms >= (long)w->wait.seconds * 1000)
		return false;
	if (w->wait.waiting && seconds >= w->told) {
		w->told = seconds + 1;
		if (!w->wait.waiting(w->wait.ctx, seconds))
			return false;
	}
	(void)nanosleep(&step, NULL);
	return true;
}
