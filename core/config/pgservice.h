/** Connection service files of libpq: https://www.postgresql.org/docs/current/libpq-pgservice.html */
#ifndef SD_CONFIG_PGSERVICE_H
#define SD_CONFIG_PGSERVICE_H

#include "core/base/vec.h"

/** The settings of the service @name, as libpq finds them: in @file (NULL: PGSERVICEFILE, or
 *  ~/.pg_service.conf), otherwise in the system's file.  Of one that is nowhere there are none;
 *  libpq reports that. */
void sd_pgservice_read(const char *name, const char *file, struct sd_arena *arena,
	struct sd_names *keys, struct sd_names *values);

#endif
