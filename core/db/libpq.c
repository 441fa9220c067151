#include "core/db/libpq.h"

#include "core/base/attr.h"

#include <dlfcn.h>
#include <stdio.h>
#include <string.h>

/* The library is loaded into a process, so that its table of functions is the process's
 * too.  Written once, by sd_libpq_load(). */
struct sd_libpq sd_libpq;

static const struct {
	const char *name;
	void *slot;
} functions[] = {
#define ROW(result, name, params) { #name, &name },
	SD_LIBPQ_FUNCTIONS(ROW)
#undef ROW
};

bool
sd_libpq_load(const char **why)
{
	static bool loaded;
	void *library, *function;

	if (loaded)
		return true;
	library = dlopen("libpq.so.5", RTLD_NOW | RTLD_LOCAL);
	if (!library) {
		*why = dlerror();
		return false;
	}
	for (size_t i = 0; i < SD_COUNT(functions); i++) {
		function = dlsym(library, functions[i].name);
		if (!function) {
			*why = "it is older than version 14";
			return false;
		}
		memcpy(functions[i].slot, &function, sizeof function);
	}
	loaded = true;
	return true;
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
