/** A question to the person at the terminal. */
#ifndef SD_CMD_ASK_H
#define SD_CMD_ASK_H

#include "cmd/cmd.h"

enum sd_answer {
	SD_ANSWER_NO,
	SD_ANSWER_YES,
	SD_ANSWER_NONE, /* nobody is there, or the input ended */
};

/** Somebody can be asked: both ends of the conversation are a terminal. */
bool sd_can_ask(const struct sd_session *session);

/** Ask @format, to be answered in words: the line without the space around it; NULL when nobody is
 *  there or the input ended. */
const char *sd_ask_line(struct sd_session *session, const char *format, ...) SD_PRINTF(2, 3);

/** Ask @format on stderr; an empty line means no. */
enum sd_answer sd_ask(struct sd_session *session, const char *format, ...) SD_PRINTF(2, 3);

#endif
