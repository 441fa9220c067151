/* The gates of `check`: each runs if it can, all are reported. */
#include "cmd/work/ahead.h"

#include <string.h>

struct checking {
	struct sd_session *session;
	struct sd_check_report *report;
	const struct sd_engine *engine;
	struct sd_ahead *ahead; /* the schema files, on their way */
	struct sd_schema *desired;
	struct sd_history *history;
	struct sd_db *db;
	struct sd_schema *live; /* read while the files load; NULL = not yet */
	struct sd_state state;
	bool pending;
};

static struct sd_gate *
gate(struct checking *c, unsigned number, const char *name)
{
	struct sd_gate *gate = sd_push(c->session->arena, &c->report->gates);

	gate->number = number;
	gate->name = name;
	gate->result = SD_GATE_PASSED;
	return gate;
}

static void
skip(struct sd_gate *gate, const char *why)
{
	gate->result = SD_GATE_SKIPPED;
	gate->text = why;
}

/* Several reasons of one gate are all named. */
static void
fail(struct checking *c, struct sd_gate *gate, const char *why)
{
	gate->result = SD_GATE_FAILED;
	gate->text = gate->text ? sd_fmt(c->session->arena, "%s; %s", gate->text, why) : why;
	c->report->differs = true;
}

static void
check_files(struct checking *c)
{
	struct sd_gate *g = gate(c, 1, "the schema files load");

	c->desired = sd_ahead_finish(c->ahead);
	if (!c->desired)
		g->result = SD_GATE_FAILED;
}

static void
check_history(struct checking *c)
{
	struct sd_gate *g = gate(c, 2, "the history is whole");
	struct sd_script *head = NULL;

	c->history = sd_work_history(c->session, c->engine);
	if (!c->history || sd_history_head(c->history, c->session->diags, &head))
		g->result = SD_GATE_FAILED;
}

/* Scripts that were edited since they ran here are errors of the history, each at its place. */
static const char *
edited(struct checking *c)
{
	struct sd_buf out = SD_BUF(c->session->arena);
	struct sd_scripts scripts = { 0 };

	sd_state_edited(&c->state, c->history, c->session->arena, &scripts);
	for (size_t i = 0; i < scripts.n; i++) {
		sd_fail(c->session->diags, SD_CLASS_HISTORY, scripts.at[i]->revision_pos,
			"this script was edited after revision %s had been applied",
			scripts.at[i]->revision);
		sd_hint(c->session->diags,
			"put the change into a new revision, and this script back to what ran");
		sd_buf_sep(&out, ", ");
		sd_buf_add(&out, scripts.at[i]->revision);
	}
	return out.n ? sd_fmt(c->session->arena, "edited since they ran: %s", sd_buf_text(&out))
		     : NULL;
}

/* Ids that the database has and no file has. */
static const char *
unknown(struct checking *c)
{
	struct sd_buf out = SD_BUF(c->session->arena);

	for (size_t i = 0; i < c->state.ids.n; i++) {
		if (sd_history_find(c->history, c->state.ids.at[i]))
			continue;
		sd_buf_sep(&out, ", ");
		sd_buf_add(&out, c->state.ids.at[i]);
	}
	return out.n ? sd_fmt(c->session->arena, "applied, and without a script here: %s",
			       sd_buf_text(&out))
		     : NULL;
}

static const char *
pending(struct checking *c)
{
	struct sd_scripts scripts = { 0 };
	struct sd_buf out = SD_BUF(c->session->arena);
	const struct sd_partial *partial = &c->state.partial;

	c->pending = partial->revision != NULL;
	if (partial->revision)
		return sd_fmt(c->session->arena, "revision %s is half %s; run `schemadiff %s`",
			partial->revision, partial->down ? "undone" : "applied",
			partial->down ? "downgrade" : "upgrade");
	sd_history_upgrade(c->history, NULL, &c->state.ids, c->session->arena, &scripts);
	for (size_t i = 0; i < scripts.n; i++) {
		sd_buf_sep(&out, ", ");
		sd_buf_add(&out, scripts.at[i]->revision);
	}
	c->pending = scripts.n != 0;
	return c->pending ? sd_fmt(c->session->arena,
				    "not applied yet: %s; run `schemadiff upgrade`",
				    sd_buf_text(&out))
			  : NULL;
}

/* Open the database and read what is applied; false: @g says why not. */
static bool
read_state(struct checking *c, struct sd_gate *g)
{
	struct sd_bookkeeping books;

	if (!sd_db_exists(&c->session->target)) {
		c->pending = true;
		g->result = SD_GATE_FAILED;
		return false;
	}
	c->db = sd_work_open(c->session, SD_DB_READ);
	books = sd_work_books(c->session);
	if (!c->db || sd_state_read(c->db, &books, c->session->arena, &c->state)) {
		g->result = SD_GATE_FAILED;
		c->db = NULL;
		return false;
	}
	return true;
}

static const char *
no_database(struct checking *c)
{
	return sd_fmt(c->session->arena, "the database %s does not exist yet; run `%s`",
		c->session->target.masked,
		c->history && c->history->scripts.n ? "schemadiff upgrade"
						    : "schemadiff autogenerate -m MESSAGE");
}

static void
check_applied(struct checking *c, struct sd_gate read)
{
	struct sd_gate *g = gate(c, 4, "the database is at head");
	const char *text;

	if (read.result == SD_GATE_FAILED) {
		g->result = SD_GATE_FAILED;
		if (c->pending)
			fail(c, g, no_database(c));
		return;
	}
	if (!c->history) {
		skip(g, "the history is broken");
		return;
	}
	text = edited(c);
	if (text) /* an error of the history, reported with its line */
		*g = (struct sd_gate){ 4, g->name, SD_GATE_FAILED, text };
	if ((text = unknown(c)) != NULL)
		fail(c, g, text);
	if ((text = pending(c)) != NULL)
		fail(c, g, text);
}

static const char *
count(struct checking *c, const struct sd_diff *diff)
{
	size_t n = diff->changes.n + diff->unsupported.n;

	return n == 1 ? "1 difference" : sd_fmt(c->session->arena, "%zu differences", n);
}

/* The files name a table of another tool, which is read only then. */
static bool
wants_foreign(const struct sd_schema *desired)
{
	for (size_t i = 0; i < desired->objects[SD_TABLE].n; i++)
		if (sd_is_foreign_bookkeeping(desired->objects[SD_TABLE].at[i]->name))
			return true;
	return false;
}

static void
check_live(struct checking *c)
{
	struct sd_gate *g = gate(c, 5, "the database equals the schema files");
	struct sd_diff_options options;

	if (!c->db)
		skip(g, c->pending ? "the database does not exist yet" : "no connection");
	else if (!c->desired)
		skip(g, "the schema files do not load");
	else if (!c->history)
		skip(g, "the history is broken");
	else if (c->pending)
		skip(g, "revisions are pending");
	if (g->result == SD_GATE_SKIPPED)
		return;
	if (!c->live || wants_foreign(c->desired))
		c->live = sd_work_introspect(c->session, c->db, c->desired);
	if (!c->live || sd_work_diff_options(c->session, NULL, &options)) {
		g->result = SD_GATE_FAILED;
		return;
	}
	c->report->diff = sd_work_compare(c->session, c->db, c->live, c->desired, &options);
	if (!sd_diff_empty(c->report->diff))
		fail(c, g, count(c, c->report->diff));
}

void
sd_work_check(struct sd_session *session, struct sd_check_report *report)
{
	struct checking c = { .session = session, .report = report };
	struct sd_gate read = { .result = SD_GATE_PASSED };

	*report = (struct sd_check_report){ 0 };
	c.engine = sd_work_engine(session);
	if (!c.engine)
		return;
	c.ahead = sd_ahead_begin(session, c.engine);
	if (session->has_target && read_state(&c, &read))
		c.live = sd_work_introspect(session, c.db, NULL);
	check_files(&c);
	check_history(&c);
	if (!session->has_target)
		return;
	check_applied(&c, read);
	check_live(&c);
}
