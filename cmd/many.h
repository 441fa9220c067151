/** A command in several environments: `-e 'prod-*'`, `-e dev,test`, `-e all`.
 *
 *  Each is run by a process of its own: the same program with the same options, and the name of
 *  the environment in place of the pattern.  So a crash, a lost connection or memory that runs
 *  out in one is nothing to the others. */
#ifndef SD_CMD_MANY_H
#define SD_CMD_MANY_H

#include "cmd/args.h"

/** -e chooses one environment, or none: the command runs in this process. */
#define SD_MANY_NOT (-1)

/** Run the command in each environment that -e chooses; the exit code, or SD_MANY_NOT. */
int sd_many_run(struct sd_session *session, const struct sd_parsed *parsed);

/** In the process of one of several environments: the descriptor that waits for the result in a
 *  few words, else 0. */
int sd_many_told_where(void);

/** Tell it: sd_brief()'s words, or the first error. */
void sd_many_tell(const struct sd_session *session);

#endif
