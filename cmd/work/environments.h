/** The environments that a pattern of -e chooses, tenants too. */
#ifndef SD_CMD_WORK_ENVIRONMENTS_H
#define SD_CMD_WORK_ENVIRONMENTS_H

#include "cmd/cmd.h"

struct sd_choice {
	const char *name;
	int failed; /* the tenants of an environment can't be listed: exit code, reported */
};

struct sd_choices {
	struct sd_choice *at;
	size_t n, cap;
};

/** The environments of session->config that @pattern chooses, each once: piece by piece, of
 * each in the order of the configuration.  Environments whose tenants only their database knows
 * are connected to when a tenant of theirs may match.  SD_ERR, reported, when a piece chooses
 *  nothing. */
enum sd_status sd_work_environments(
	struct sd_session *session, const char *pattern, struct sd_choices *choices);

/** What makes two environments one database, or namespace of one; NULL where that can't be told
 *  from here. */
const char *sd_work_place(struct sd_session *session, const char *name);

#endif
