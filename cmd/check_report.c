/* The formats of `check`: for people, for programs, and for what shows findings at the lines they
 * are about. */
#include "cmd/check_report.h"

#include "core/base/text.h"

static const struct format {
	const char *name;
	void (*print)(struct sd_session *session, const struct sd_check_report *report);
} formats[] = {
	{ "text", sd_check_print_text },
	{ "json", sd_check_print_json },
};

const char *const sd_check_format_words[] = { "text", "json", NULL };

void
sd_check_print(struct sd_session *session, const char *format,
	const struct sd_check_report *report)
{
	if (!format)
		format = session->globals.json ? "json" : "text";
	for (size_t i = 0; i < SD_COUNT(formats); i++)
		if (sd_text_equal(formats[i].name, format))
			formats[i].print(session, report);
}
