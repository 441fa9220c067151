/** Waiting for what another process holds, in steps, with somebody told. */
#ifndef SD_DB_WAIT_H
#define SD_DB_WAIT_H

#include "core/db/db.h"

#include <time.h>

struct sd_waiter {
	struct sd_wait wait;
	struct timespec since;
	unsigned told; /* seconds that the caller knows of, plus one */
};

/** The wait begins now. */
void sd_waiter_start(struct sd_waiter *w);

/** Sleep a step; false when it is time to give up. */
bool sd_waiter_more(struct sd_waiter *w);

#endif
