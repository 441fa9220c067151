#include "cmd/ask.h"

#include "core/base/text.h"

#include <stdarg.h>
#include <string.h>

#define ANSWER_BYTES 64
#define LINE_BYTES 1024
#define TRIES 3

bool
sd_can_ask(const struct sd_session *session)
{
	return session->in_is_tty && session->err_is_tty && !session->globals.json;
}

/* One line of input; false at its end. */
static bool
read_line(char *line, int size)
{
	if (!fgets(line, size, stdin))
		return false;
	while (!strchr(line, '\n')) {
		char rest[ANSWER_BYTES];

		if (!fgets(rest, (int)sizeof rest, stdin) || strchr(rest, '\n'))
			break;
	}
	return true;
}

static enum sd_answer
understood(struct sd_arena *arena, const char *line, bool *clear)
{
	const char *word = sd_text_lower(arena, sd_text_trim(arena, line));

	*clear = true;
	if (!*word || strcmp(word, "n") == 0 || strcmp(word, "no") == 0)
		return SD_ANSWER_NO;
	if (strcmp(word, "y") == 0 || strcmp(word, "yes") == 0)
		return SD_ANSWER_YES;
	*clear = false;
	return SD_ANSWER_NONE;
}

enum sd_answer
sd_ask(struct sd_session *session, const char *format, ...)
{
	const char *text;
	char line[ANSWER_BYTES];
	va_list args;

	if (!sd_can_ask(session))
		return SD_ANSWER_NONE;
	va_start(args, format);
	text = sd_vfmt(session->arena, format, args);
	va_end(args);
	sd_session_flush(session);
	for (int i = 0; i < TRIES; i++) {
		enum sd_answer answer;
		bool clear;

		fprintf(session->err, "%s [y/N] ", text);
		fflush(session->err);
		if (!read_line(line, (int)sizeof line)) {
			fputc('\n', session->err);
			return SD_ANSWER_NONE;
		}
		answer = understood(session->arena, line, &clear);
		if (clear)
			return answer;
		fputs("answer y or n\n", session->err);
	}
	return SD_ANSWER_NONE;
}

const char *
sd_ask_line(struct sd_session *session, const char *format, ...)
{
	const char *text;
	char line[LINE_BYTES];
	va_list args;

	if (!sd_can_ask(session))
		return NULL;
	va_start(args, format);
	text = sd_vfmt(session->arena, format, args);
	va_end(args);
	sd_session_flush(session);
	fprintf(session->err, "%s ", text);
	fflush(session->err);
	if (!read_line(line, (int)sizeof line)) {
		fputc('\n', session->err);
		return NULL;
	}
	return sd_text_trim(session->arena, line);
}
