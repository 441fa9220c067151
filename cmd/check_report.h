/** The report of `check` and of the hook, in each format. */
#ifndef SD_CMD_CHECK_REPORT_H
#define SD_CMD_CHECK_REPORT_H

#include "cmd/work/check.h"

/** The words for --format; NULL at the end. */
extern const char *const sd_check_format_words[];

/** Print @report as @format says (NULL: text, or JSON with --json).  With @path that goes to the
 *  file there, and the text to the standard output. */
enum sd_status sd_check_print(struct sd_session *session, const char *format, const char *path,
	const struct sd_check_report *report);

/** The exit code that @report and the diagnostics call for. */
int sd_check_exit(const struct sd_session *session, const struct sd_check_report *report);

/** For people, printed. */
void sd_check_print_text(struct sd_session *session, const struct sd_check_report *report);

/** The members of the document that --json asks for. */
void sd_check_add_json(struct sd_session *session, const struct sd_check_report *report);

/** Whole documents, to @out. */
void sd_check_write_github(struct sd_session *session, const struct sd_check_report *report,
	struct sd_buf *out);
void sd_check_write_gitlab(struct sd_session *session, const struct sd_check_report *report,
	struct sd_buf *out);
void sd_check_write_sarif(struct sd_session *session, const struct sd_check_report *report,
	struct sd_buf *out);

#endif
