/** Ranges of revisions, "A:B", as `history -r` and `squash` take them. */
#ifndef SD_CMD_RANGE_H
#define SD_CMD_RANGE_H

#include "cmd/look.h"

struct sd_range {
	const char *option;      /* what reports begin with: "-r: " */
	const char *from, *into; /* the two ends; NULL: open */
	struct sd_goal lower, upper;
	bool from_all, into_all; /* the end is open, or a step leads further than there is */
};

/** Split "A:B", "A:" or ":B"; what is no range is reported. */
enum sd_status sd_range_parse(
	struct sd_session *session, const char *text, struct sd_range *range);

/** Read what is applied where an end of @range asks for it; where none does, try. */
enum sd_status sd_range_read(struct sd_look *look, const struct sd_range *range);

/** Revisions up to the upper end, from the lower one on, both included; in order. */
enum sd_status sd_range_select(
	const struct sd_look *look, struct sd_range *range, struct sd_scripts *found);

#endif
