/** What was reported, as findings: for those who show them where they are. */
#ifndef SD_CMD_WORK_FINDINGS_H
#define SD_CMD_WORK_FINDINGS_H

#include "cmd/work/check.h"

/** Add a finding of @gate and @rule to @report for each error and warning of the session's
 * reports from index @first to before @end, with the notes and the hints that follow it.  True:
 * there was an error among them. */
bool sd_findings_take(struct sd_session *session, size_t first, size_t end,
	enum sd_gate_number gate, const char *rule, struct sd_check_report *report);

#endif
