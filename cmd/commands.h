/** The commands, one file each or a few related ones together; sd_cmds lists them. */
#ifndef SD_CMD_COMMANDS_H
#define SD_CMD_COMMANDS_H

#include "cmd/cmd.h"

extern const struct sd_cmd sd_cmd_init;
extern const struct sd_cmd sd_cmd_inspect;
extern const struct sd_cmd sd_cmd_autogenerate;
extern const struct sd_cmd sd_cmd_revision;
extern const struct sd_cmd sd_cmd_merge;
extern const struct sd_cmd sd_cmd_diff;
extern const struct sd_cmd sd_cmd_check;
extern const struct sd_cmd sd_cmd_hook;
extern const struct sd_cmd sd_cmd_upgrade;
extern const struct sd_cmd sd_cmd_downgrade;
extern const struct sd_cmd sd_cmd_stamp;
extern const struct sd_cmd sd_cmd_seed;
extern const struct sd_cmd sd_cmd_fresh;
extern const struct sd_cmd sd_cmd_repair;
extern const struct sd_cmd sd_cmd_adopt;
extern const struct sd_cmd sd_cmd_current;
extern const struct sd_cmd sd_cmd_history;
extern const struct sd_cmd sd_cmd_heads;
extern const struct sd_cmd sd_cmd_branches;
extern const struct sd_cmd sd_cmd_show;
extern const struct sd_cmd sd_cmd_edit;
extern const struct sd_cmd sd_cmd_ensure_version;
extern const struct sd_cmd sd_cmd_status;
extern const struct sd_cmd sd_cmd_help;
extern const struct sd_cmd sd_cmd_completion;
extern const struct sd_cmd sd_cmd_man;

#endif
