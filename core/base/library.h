/** Libraries that are loaded when they are first needed. */
#ifndef SD_BASE_LIBRARY_H
#define SD_BASE_LIBRARY_H

#include <stdbool.h>
#include <stddef.h>

/** A function of a library, and the pointer that is to call it. */
struct sd_function {
	const char *name;
	void *slot;
};

/** Load @file ("libpq.so.5") into the process and fill the slots.  False with the reason in
 *  *@why: it is not there, or lacks a function (then @too_old is the reason). */
bool sd_library_load(const char *file, const struct sd_function *functions, size_t n,
	const char *too_old, const char **why);

#endif
