/** The one JSON document that a command prints with --json (docs/commands.md):
 *
 *      {"version":1,"command":"check","exit":1, … members … ,"errors":[…]}
 *
 *  A command appends its members; sd_main() frames and prints them, also after a failure.
 *
 *      if (session->globals.json) {
 *              struct sd_buf *json = sd_json_begin(session, "heads");
 *
 *              sd_json_open(json, "heads", '[');
 *              sd_json_text(json, NULL, "3f9a1c27be40");
 *              sd_json_close(json, ']');
 *      } */
#ifndef SD_CMD_JSON_OUT_H
#define SD_CMD_JSON_OUT_H

#include "cmd/cmd.h"

/** The buffer that the members of the document of @command go to.  Calling it again gives
 *  the same buffer. */
struct sd_buf *sd_json_begin(struct sd_session *session, const char *command);

/** Write the whole document with @exit and the diagnostics to @out. */
void sd_json_finish(struct sd_session *session, int exit, struct sd_buf *out);

/* Values: with @key a member of the object that is open, with NULL an element of an array.
 * The commas come by themselves. */

/** Open an object ('{') or an array ('['); sd_json_close() with '}' or ']'. */
void sd_json_open(struct sd_buf *json, const char *key, char bracket);
void sd_json_close(struct sd_buf *json, char bracket);

/** A string, with U+FFFD for what is no UTF-8; NULL is null. */
void sd_json_text(struct sd_buf *json, const char *key, const char *text);
void sd_json_bool(struct sd_buf *json, const char *key, bool value);
void sd_json_number(struct sd_buf *json, const char *key, long value);

/** The members "file", "line" and "column" of the object that is open; null: there is none. */
void sd_json_pos(struct sd_buf *json, struct sd_pos pos);

/** An array of strings. */
void sd_json_names(struct sd_buf *json, const char *key, const struct sd_names *names);

/** The whole result of a command: the member @key of its document, or @text as it is. */
void sd_json_or_print(struct sd_session *session, const char *key, struct sd_buf *text);

/** An array of the ids of @scripts. */
struct sd_scripts;
void sd_json_revisions(struct sd_buf *json, const char *key, const struct sd_scripts *scripts);

/** @raw as it is: a whole JSON value. */
void sd_json_raw(struct sd_buf *json, const char *key, const char *raw);

#endif
