/** The report of `check` and of the hook, in each format. */
#ifndef SD_CMD_CHECK_REPORT_H
#define SD_CMD_CHECK_REPORT_H

#include "cmd/work/check.h"

/** The words for --format; NULL at the end. */
extern const char *const sd_check_format_words[];

/** Refuse a --format that asks for another document than --json does, unless that goes to a
 *  file. */
enum sd_status sd_check_format_verify(
	struct sd_session *session, const char *format, const char *path);

/** Print @report as @format says (NULL: text, or JSON with --json).  With @path that goes to
 * the file there, and to the standard output the text, or JSON with --json. */
enum sd_status sd_check_print(struct sd_session *session, const char *format, const char *path,
	const struct sd_check_report *report);

/** The exit code that @report and the diagnostics call for. */
int sd_check_exit(const struct sd_session *session, const struct sd_check_report *report);

/** What stands for gates 4 and 5 where no database is named. */
extern const char sd_check_no_database[];

/** The members of the document that --json asks for. */
void sd_check_add_json(struct sd_session *session, const struct sd_check_report *report);

/** Whole documents, to @out. */
void sd_check_write_text(
	struct sd_session *session, const struct sd_check_report *report, struct sd_buf *out);
void sd_check_write_github(
	struct sd_session *session, const struct sd_check_report *report, struct sd_buf *out);
void sd_check_write_gitlab(
	struct sd_session *session, const struct sd_check_report *report, struct sd_buf *out);
void sd_check_write_sarif(
	struct sd_session *session, const struct sd_check_report *report, struct sd_buf *out);

/** Write @text so that GitHub's runner, which reads the log for commands, finds none in it. */
void sd_check_guard_github(const char *text, struct sd_buf *out);

#endif
