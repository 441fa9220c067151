#include "core/db/libpq.h"

#include "core/base/attr.h"
#include "core/base/library.h"

#include <stdio.h>

/* The library is loaded into a process, so that its table of functions is the process's
 * too.  Written once, by sd_libpq_load(). */
struct sd_libpq sd_libpq;

static const struct sd_function functions[] = {
#define ROW(result, name, params) { #name, &name },
	SD_LIBPQ_FUNCTIONS(ROW)
#undef ROW
};

bool
sd_libpq_load(const char **why)
{
	static bool loaded;

	if (!loaded)
		loaded = sd_library_load("libpq.so.5", functions, SD_COUNT(functions),
			"it is older than version 14", why);
	return loaded;
}

const char *
sd_libpq_version(void)
{
	static char text[32];
	const char *why;
	int version;

	if (!sd_libpq_load(&why))
		return "libpq not installed";
	version = PQlibVersion();
	(void)snprintf(text, sizeof text, "libpq %d.%d", version / 10000, version % 10000);
	return text;
}
