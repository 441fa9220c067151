/** The command line, read by the tables of options. */
#ifndef SD_CMD_ARGS_H
#define SD_CMD_ARGS_H

#include "cmd/cmd.h"

/** A command line that was understood. */
struct sd_parsed {
	const char *program;      /* what it was called by */
	const struct sd_cmd *cmd; /* NULL: none was given */
	struct sd_globals globals;
	void *opts; /* the command's options struct, or NULL */
	struct sd_names args;
	bool usage; /* the mistake is in the arguments: show the usage line */
};

/** Parse @argv.  Global options may stand anywhere, a command's own behind its name; `-1` and
 *  `+2` are arguments; `--` ends the options; --help and --version end the parsing.  SD_ERR
 *  after a report; what was understood until then is in *@parsed all the same. */
enum sd_status sd_args_parse(int argc, char **argv, struct sd_arena *arena,
	struct sd_diags *diags, struct sd_parsed *parsed);

/** The words of a command line that is understood as @parsed, the program's name not among
 *  them, to @words. */
void sd_args_write(
	const struct sd_parsed *parsed, struct sd_arena *arena, struct sd_names *words);

/** The command called @name, hidden ones too, or NULL. */
const struct sd_cmd *sd_cmd_find(const char *name);

/** "usage: schemadiff CMD [options] ARGS" (@cmd NULL: of the program). */
const char *sd_usage(const struct sd_cmd *cmd, struct sd_arena *arena);

#endif
