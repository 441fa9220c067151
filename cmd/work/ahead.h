/** Loading ahead: the schema files are parsed while the database is opened and reads its own
 *  catalog, which takes about as long. */
#ifndef SD_CMD_WORK_AHEAD_H
#define SD_CMD_WORK_AHEAD_H

#include "cmd/work/work.h"

struct sd_ahead;

/** Begin to load the schema files in a thread of its own, with an arena and diagnostics of its
 *  own: until sd_ahead_finish() only the session's settings, which nobody writes, are shared.
 */
struct sd_ahead *sd_ahead_begin(struct sd_session *session, const struct sd_engine *engine);

/** Wait for the end; the schema, or NULL when it did not load.  What was reported joins
 *  session->diags here, so that the order of reports does not depend on threads. */
struct sd_schema *sd_ahead_finish(struct sd_ahead *ahead);

#endif
