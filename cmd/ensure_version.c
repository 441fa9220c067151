/* ensure-version: the bookkeeping tables, before anything is recorded in them. */
#include "cmd/commands.h"
#include "cmd/json_out.h"
#include "cmd/work/work.h"

#include <stddef.h>

struct ensure_opts {
	bool sql;
};

static int
print_ddl(struct sd_session *session, const struct sd_engine *engine)
{
	const struct sd_bookkeeping books = sd_work_books(session);
	struct sd_names statements = { 0 };
	struct sd_buf sql = SD_BUF(session->arena);

	sd_state_ddl(engine->dialect, &books, session->arena, &statements);
	sd_state_book_ddl(
		engine->dialect, &books, SD_BOOK_SEEDS, session->arena, &statements);
	for (size_t i = 0; i < statements.n; i++)
		sd_buf_addf(&sql, "%s;\n", statements.at[i]);
	sd_json_or_print(session, "sql", &sql);
	return SD_EXIT_OK;
}

static enum sd_status
create(struct sd_session *session, bool *existed)
{
	struct sd_wait wait = { .seconds = session->settings.wait };
	struct sd_db *db = sd_work_open(session, SD_DB_WRITE);
	const struct sd_bookkeeping books = sd_work_books(session);
	struct sd_state state = { 0 };

	if (!db)
		return SD_ERR;
	sd_db_patience(db, &wait);
	if (sd_state_read(db, &books, session->arena, &state) || sd_db_reset(db) ||
		sd_db_begin(db, &wait, false))
		return SD_ERR;
	*existed = state.exists;
	if (sd_state_create(db, &books) == SD_OK &&
		sd_state_create_book(db, &books, SD_BOOK_SEEDS) == SD_OK &&
		sd_db_commit(db, &wait) == SD_OK)
		return SD_OK;
	sd_db_rollback(db);
	return SD_ERR;
}

static int
run_ensure(struct sd_session *session, const void *opts, const struct sd_names *args)
{
	const struct ensure_opts *o = opts;
	const struct sd_engine *engine = sd_work_engine(session);
	bool existed = false;

	(void)args;
	if (!engine)
		return SD_EXIT_INPUT;
	if (o->sql)
		return print_ddl(session, engine);
	if (!session->has_target && sd_session_open(session, SD_NEEDS_CONFIG | SD_NEEDS_TARGET))
		return SD_EXIT_INPUT;
	sd_say_target(session);
	if (create(session, &existed))
		return SD_EXIT_DATABASE;
	if (session->globals.json) {
		struct sd_buf *json = sd_json_begin(session, session->command);

		sd_json_text(json, "target", session->target.masked);
		sd_json_bool(json, "created", !existed);
	}
	sd_brief(session, "%s",
		existed ? "the bookkeeping tables are there already"
			: "the bookkeeping tables are created");
	sd_say(session, "%s", session->brief);
	return SD_EXIT_OK;
}

static const struct sd_opt options[] = {
	{ 0, "sql", SD_OPT_FLAG, offsetof(struct ensure_opts, sql), NULL,
		"print the statements instead of running them", NULL },
};

const struct sd_cmd sd_cmd_ensure_version = {
	.name = "ensure-version",
	.summary = "create the bookkeeping tables where they are missing",
	.details = "For a role that may not create tables later: what runs the upgrades then "
		   "needs "
		   "to write rows only. Tables of an older schemadiff get the column that they "
		   "lack; otherwise, once they are there, the command changes nothing.",
	.needs = SD_NEEDS_CONFIG | SD_NEEDS_TARGET_TRY,
	.opts = options,
	.n_opts = SD_COUNT(options),
	.opts_size = sizeof(struct ensure_opts),
	.run = run_ensure,
	.many = true,
};
