/** The history beside what a database says of it: what `history`, `heads`, `show`, `current`,
 *  `stamp` and `status` look at. */
#ifndef SD_CMD_VIEW_H
#define SD_CMD_VIEW_H

#include "cmd/work/work.h"

struct sd_view {
	struct sd_session *session;
	const struct sd_engine *engine;
	struct sd_history *history;
	bool known;              /* what is applied is known */
	bool missing;            /* the database does not exist yet: nothing is applied */
	struct sd_state state;
	struct sd_names current; /* applied, and no other applied one descends from it */
};

/** Load the history.  SD_ERR after a report. */
enum sd_status sd_view_open(struct sd_view *view, struct sd_session *session);

/** Read what is applied to the target, which is neither created nor written to.  Without a
 *  target nothing becomes known, and that is no error. */
enum sd_status sd_view_read(struct sd_view *view);

/** The same for a command that can do without: a failure becomes a warning. */
void sd_view_try(struct sd_view *view);

/** Ids that are applied and have no script here. */
struct sd_names sd_view_strangers(const struct sd_view *view);

/** "parent -> revision (head) (current), message" */
void sd_view_line(const struct sd_view *view, const struct sd_script *script, struct sd_buf *out);

/** "revision (head) (current)" */
void sd_view_name(const struct sd_view *view, const struct sd_script *script, struct sd_buf *out);

/** A block of a line for each thing that the header of @script tells. */
void sd_view_block(const struct sd_view *view, const struct sd_script *script, struct sd_buf *out);

/** The same as members of the object that is open. */
void sd_view_json(const struct sd_view *view, const struct sd_script *script, struct sd_buf *json);

#endif
