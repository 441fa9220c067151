/* Ctrl-C.  The handler sends the cancel itself: whoever waits for the server may sit in a
 * library's own wait, which no flag would end.
 *
 * This is the one place with globals that change while the program runs: a signal handler is
 * given nothing but the number of the signal. */
#include "core/db/interrupt.h"

#include "core/base/attr.h"

#include <errno.h>
#include <signal.h>
#include <stddef.h>

#define CONNECTIONS 4 /* open at the same time; more are not cancelled, but closed */

static volatile sig_atomic_t caught;

static struct {
	sd_cancel_fn *cancel;
	void *connection;
} open_now[CONNECTIONS], forwards_to;

static const int signals[] = { SIGINT, SIGTERM, SIGHUP };

static void
on_signal(int number)
{
	int before = errno;
	bool connected = false;

	for (size_t i = 0; i < CONNECTIONS; i++)
		connected |= open_now[i].cancel != NULL;
	if (caught || (!connected && !forwards_to.cancel)) {
		if (forwards_to.cancel)
			forwards_to.cancel(forwards_to.connection);
		(void)signal(number, SIG_DFL);
		(void)raise(number);
		return;
	}
	caught = number;
	if (forwards_to.cancel)
		forwards_to.cancel(forwards_to.connection);
	for (size_t i = 0; i < CONNECTIONS; i++)
		if (open_now[i].cancel)
			open_now[i].cancel(open_now[i].connection);
	errno = before;
}

void
sd_interrupt_catch(void)
{
	/* A second signal gets through while the first one's cancel is still being sent. */
	struct sigaction action = { .sa_flags = SA_RESTART | SA_NODEFER }, before;

	action.sa_handler = on_signal;
	(void)sigemptyset(&action.sa_mask);
	for (size_t i = 0; i < SD_COUNT(signals); i++) {
		/* nohup and shells that run a job in the background have it ignored */
		if (sigaction(signals[i], NULL, &before) == 0 && before.sa_handler == SIG_IGN)
			continue;
		(void)sigaction(signals[i], &action, NULL);
	}
}

int
sd_interrupted(void)
{
	return caught;
}

void
sd_interrupt_forwards(sd_cancel_fn *forward, void *ctx)
{
	forwards_to.cancel = NULL;
	forwards_to.connection = ctx;
	forwards_to.cancel = forward;
}

void
sd_interrupt_cancels(sd_cancel_fn *cancel, void *connection)
{
	sigset_t block, before;
	size_t at = CONNECTIONS;

	(void)sigemptyset(&block);
	for (size_t i = 0; i < SD_COUNT(signals); i++)
		(void)sigaddset(&block, signals[i]);
	(void)sigprocmask(SIG_BLOCK, &block, &before);
	for (size_t i = CONNECTIONS; i-- > 0;) {
		if (open_now[i].cancel && open_now[i].connection == connection)
			open_now[i].cancel = NULL;
		if (!open_now[i].cancel)
			at = i;
	}
	if (at < CONNECTIONS) {
		open_now[at].connection = connection;
		open_now[at].cancel = cancel;
	}
	(void)sigprocmask(SIG_SETMASK, &before, NULL);
}
