/** Other programs. */
#ifndef SD_BASE_PROCESS_H
#define SD_BASE_PROCESS_H

#include "core/base/diag.h"

/** Run @argv in the folder @dir, without a shell: the first is looked for in PATH unless it has
 * a slash.  It reads nothing, and what it prints goes to our standard error.  *@code is its
 *  exit code, or 128 and the signal that ended it.  SD_ERR, reported, when it can't be run. */
enum sd_status sd_process_run(
	const struct sd_names *argv, const char *dir, struct sd_diags *diags, int *code);

#endif
