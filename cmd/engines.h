/** The engines: what ties a driver, an introspector and a renderer together. */
#ifndef SD_CMD_ENGINES_H
#define SD_CMD_ENGINES_H

#include "core/db/db.h"
#include "introspect/introspect.h"
#include "render/render.h"

struct sd_engine {
	const struct sd_dialect *dialect;
	const struct sd_driver *driver;
	sd_introspect_fn *introspect;
	const struct sd_renderer *renderer;
	const char *namespaces; /* query of the users' namespaces; NULL: there are none */
};

/** All engines of this build, NULL driver at the end. */
extern const struct sd_engine sd_engines[];

/** The engine of @dialect, or NULL when this build has none. */
const struct sd_engine *sd_engine_find(const struct sd_dialect *dialect);

#endif
