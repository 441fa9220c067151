#include "core/base/library.h"

#include <dlfcn.h>
#include <string.h>

bool
sd_library_load(const char *file, const struct sd_function *functions, size_t n,
	const char *too_old, const char **why)
{
	void *library = dlopen(file, RTLD_NOW | RTLD_LOCAL), *function;

	if (!library) {
		*why = dlerror();
		return false;
	}
	for (size_t i = 0; i < n; i++) {
		function = dlsym(library, functions[i].name);
		if (!function) {
			*why = too_old;
			return false;
		}
		memcpy(functions[i].slot, &function, sizeof function);
	}
	return true;
}
