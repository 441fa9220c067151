/** The history beside what a database says of it: what `history`, `heads`, `show`, `current`,
 *  `stamp` and `status` look at. */
#ifndef SD_CMD_LOOK_H
#define SD_CMD_LOOK_H

#include "cmd/work/work.h"

struct sd_look {
	struct sd_session *session;
	const struct sd_engine *engine;
	struct sd_history *history;
	bool known;   /* what is applied is known */
	struct sd_db *db; /* what was read from, or NULL */
	bool missing; /* the database does not exist yet: nothing is applied */
	struct sd_state state; /* as the history calls it: see @replaced */
	struct sd_replaced replaced;
	struct sd_map rows;      /* struct sd_applied, by revision */
	struct sd_names current; /* applied, and no other applied one of its line above it */
};

/** Load the history.  SD_ERR after a report. */
enum sd_status sd_look_open(struct sd_look *look, struct sd_session *session);

/** The same with the headers of the scripts alone: no parts, no checksums. */
enum sd_status sd_look_open_graph(struct sd_look *look, struct sd_session *session);

/** Read what is applied to the target, which is neither created nor written to.  Without a
 *  target nothing becomes known, and that is no error. */
enum sd_status sd_look_read(struct sd_look *look);

/** The same for a command that can do without: a failure becomes a warning. */
void sd_look_try(struct sd_look *look);

/** The same, and a failure is no concern of anybody's: *@why (may be NULL) is the reason. */
enum sd_status sd_look_quietly(struct sd_look *look, const char **why);

/** Read what is applied where @id (may be NULL) asks for it, by `current`, `+N` or `-N`;
 *  where it doesn't, try. */
enum sd_status sd_look_read_for(struct sd_look *look, const char *id);

/** Warn of sets that revisions replace and that are applied in part. */
void sd_look_warn_half(const struct sd_look *look);

/** Ids that are applied and have no script here. */
struct sd_names sd_look_strangers(const struct sd_look *look);

/** "parent -> revision (label) (head) (current), message" */
void sd_look_line(
	const struct sd_look *look, const struct sd_script *script, struct sd_buf *out);

/** "revision (label) (head) (current) (branchpoint) (mergepoint)" */
void sd_look_name(
	const struct sd_look *look, const struct sd_script *script, struct sd_buf *out);

/** A block of a line for each thing that the header of @script tells. */
void sd_look_block(
	const struct sd_look *look, const struct sd_script *script, struct sd_buf *out);

/** The same as members of the object that is open. */
void sd_look_json(
	const struct sd_look *look, const struct sd_script *script, struct sd_buf *json);

/** The --json document of a list of revisions under @key. */
void sd_look_list_json(
	const struct sd_look *look, const char *key, const struct sd_scripts *scripts);

/** Say which revisions have been recorded for those that they replace. */
void sd_look_say_replaced(struct sd_session *session, const struct sd_replaced *replaced);

/** Such revisions as a list of {revision, applied, missing} under @key. */
void sd_look_json_replaced(
	struct sd_buf *json, const char *key, const struct sd_stand_in *at, size_t n);

/** Say that there are no revisions yet, and what writes the first. */
void sd_look_say_empty(const struct sd_look *look);

#endif
