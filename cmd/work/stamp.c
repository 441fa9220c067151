/* Recording without running. */
#include "cmd/work/work.h"

enum sd_status
sd_work_stamp(struct sd_session *session, const struct sd_history *history,
	const struct sd_script *script, const struct sd_goal *goal,
	struct sd_run_result *result)
{
	struct sd_bookkeeping books;
	struct sd_run run = {
		.books = &books,
		.history = history,
		.wait = session->settings.wait,
		.arena = session->arena,
		.goal = goal,
	};

	run.db = sd_work_open(session, SD_DB_WRITE);
	books = sd_work_books(session);
	return run.db ? sd_run_stamp(&run, script, result) : SD_ERR;
}
