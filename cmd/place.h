/** Options of the commands that write a new revision: where it stands in the history. */
#ifndef SD_CMD_PLACE_H
#define SD_CMD_PLACE_H

#include "cmd/cmd.h"

#include <stddef.h>

struct sd_place {
	struct sd_names heads, labels, depends_on;
	const char *folder;
	bool splice;
};

/** Their rows in the table of a command whose `struct @options` has a member `place`. */
#define SD_PLACE_OPTIONS(options)                                                              \
	{ 0, "head", SD_OPT_LIST, offsetof(struct options, place.heads), "REV",                \
		"what it revises, else the one head; base begins a history of its own", NULL }, \
		{ 0, "splice", SD_OPT_FLAG, offsetof(struct options, place.splice), NULL,      \
			"--head may be no head: a new branch begins there", NULL },            \
		{ 0, "branch-label", SD_OPT_LIST, offsetof(struct options, place.labels),      \
			"LABEL", "label of the branch", NULL },                                \
		{ 0, "depends-on", SD_OPT_LIST, offsetof(struct options, place.depends_on),    \
			"REV", "revision or label of another branch that must be applied before", \
			NULL },                                                                \
	{                                                                                      \
		0, "version-path", SD_OPT_TEXT, offsetof(struct options, place.folder), "DIR", \
			"which of the folders of migrations; else that of the revision before", NULL \
	}

#endif
