/** The report of `check` and of the hook, in each format. */
#ifndef SD_CMD_CHECK_REPORT_H
#define SD_CMD_CHECK_REPORT_H

#include "cmd/work/check.h"

/** The words for --format; NULL at the end. */
extern const char *const sd_check_format_words[];

/** Print @report as @format says (NULL: text, or JSON with --json). */
void sd_check_print(struct sd_session *session, const char *format,
	const struct sd_check_report *report);

/** The exit code that @report and the diagnostics call for. */
int sd_check_exit(const struct sd_session *session, const struct sd_check_report *report);

/** The formats. */
void sd_check_print_text(struct sd_session *session, const struct sd_check_report *report);
void sd_check_print_json(struct sd_session *session, const struct sd_check_report *report);

#endif
