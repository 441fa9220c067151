/* The gates of `check`: each runs if it can, all are reported. */
#include "cmd/work/check.h"

#include "cmd/work/ahead.h"
#include "cmd/work/findings.h"
#include "core/base/text.h"

#include <string.h>

static const struct sd_pos nowhere;
static const char run_autogenerate[] = "run `schemadiff autogenerate -m MESSAGE`";

/* The check of one dialect; the database is that of one of them. */
struct checking {
	struct sd_session *session; /* works for this dialect */
	bool several;               /* there are others */
	const struct sd_check_options *options;
	struct sd_check_report *report;
	const struct sd_engine *engine;
	struct sd_ahead *ahead; /* the schema files, on their way; NULL: not yet */
	struct sd_schema *desired;
	struct sd_history *history;
	struct sd_script *head; /* NULL = none yet */
	struct sd_upstream upstream;
	struct sd_db *db;
	struct sd_schema *live; /* read while the files load; NULL = not yet */
	struct sd_state state;
	bool pending;
};

static const struct {
	const char *name; /* of the gate */
	const char *rule;
	const char *lacks; /* what a difference means */
	const char *hint;
} gates[] = {
	[SD_GATE_FILES] = { "the schema files load", "schema-files", NULL, NULL },
	[SD_GATE_HISTORY] = { "the history is whole", "history", NULL, NULL },
	[SD_GATE_MISSING] = { "no migration is missing", "missing-migration",
		"no migration does this", run_autogenerate },
	[SD_GATE_APPLIED] = { "the database is at head", "not-at-head", NULL, NULL },
	[SD_GATE_LIVE] = { "the database equals the schema files", "drift",
		"this would bring the database to what the files say", NULL },
};

const struct sd_rule sd_rules[] = {
	{ "schema-files", "A schema file or the configuration cannot be loaded." },
	{ "history", "The history of migration scripts is broken, or a published script was "
		     "edited." },
	{ "missing-migration", "The schema files say what no migration script does." },
	{ "not-at-head", "The database has not run all scripts, or has run others." },
	{ "drift", "The database is not what the schema files say." },
	{ NULL, NULL },
};

/* ---- gates and findings ------------------------------------------------------------------- */

static struct sd_gate *
gate(struct checking *c, enum sd_gate_number number)
{
	struct sd_gate *gate = sd_push(c->session->arena, &c->report->gates);

	*gate = (struct sd_gate){ .number = number, .name = gates[number].name };
	if (c->several && number <= SD_GATE_MISSING)
		gate->dialect = c->engine->dialect->name;
	return gate;
}

static void
skip(struct sd_gate *gate, const char *why)
{
	gate->result = SD_GATE_SKIPPED;
	gate->text = why;
}

static struct sd_finding *
find(struct checking *c, const struct sd_gate *gate, struct sd_pos pos, const char *text)
{
	struct sd_finding *finding = sd_push(c->session->arena, &c->report->findings);

	*finding = (struct sd_finding){ .gate = gate->number,
		.dialect = gate->dialect,
		.rule = gates[gate->number].rule,
		.pos = pos,
		.text = gate->dialect ? sd_fmt(c->session->arena, "%s: %s", gate->dialect, text)
				      : text };
	return finding;
}

/* Several reasons of one gate are all named. */
static void
fail(struct checking *c, struct sd_gate *gate, const char *why)
{
	gate->result = SD_GATE_FAILED;
	gate->text = gate->text ? sd_fmt(c->session->arena, "%s; %s", gate->text, why) : why;
	c->report->differs = true;
}

/* The same, found at @pos. */
static void
fail_at(struct checking *c, struct sd_gate *gate, struct sd_pos pos, const char *why,
	const char *hint)
{
	fail(c, gate, hint ? sd_fmt(c->session->arena, "%s; %s", why, hint) : why);
	find(c, gate, pos, why)->hint = hint;
}

/* What was reported from index @first to @end is what @gate found. */
static void
take(struct checking *c, struct sd_gate *gate, size_t first, size_t end)
{
	if (sd_findings_take(c->session, first, end, gate->number, gates[gate->number].rule,
		    c->report))
		gate->result = SD_GATE_FAILED;
}

/* The same, up to now.  What another dialect has found, too, is not told again. */
static void
take_reports(struct checking *c, struct sd_gate *gate, size_t first)
{
	struct sd_diags *diags = c->session->diags;

	for (size_t i = first; i < diags->list.n; i++)
		if (diags->list.at[i].severity == SD_SEV_ERROR)
			gate->result = SD_GATE_FAILED;
	if (c->several)
		sd_diags_drop_repeats(diags, first);
	take(c, gate, first, diags->list.n);
}

/* Where the files speak of @object: its own place, or that of its relation, as the files have
 * it. */
static struct sd_pos
place(const struct checking *c, const struct sd_object *object)
{
	const struct sd_object *relation = object->parent ? object->parent : object, *wanted;

	if (object->pos.file)
		return object->pos;
	wanted = c->desired ? sd_schema_find(
				      c->desired, relation->kind, relation->ns, relation->name)
			    : NULL;
	return wanted && wanted->pos.file ? wanted->pos : nowhere;
}

static void
find_difference(struct checking *c, const struct sd_gate *gate, const struct sd_object *object,
	const char *text)
{
	struct sd_finding *finding = find(c, gate, place(c, object),
		sd_fmt(c->session->arena, "%s: %s", gates[gate->number].lacks, text));

	finding->hint = gates[gate->number].hint;
}

/* @diff is what @gate found: a finding for each change. */
static void
take_diff(struct checking *c, struct sd_gate *gate, struct sd_diff *diff)
{
	size_t n = diff->changes.n + diff->unsupported.n;
	struct sd_arena *arena = c->session->arena;

	gate->diff = diff;
	if (sd_diff_empty(diff))
		return;
	fail(c, gate, n == 1 ? "1 difference" : sd_fmt(arena, "%zu differences", n));
	for (size_t i = 0; i < diff->changes.n; i++) {
		const struct sd_change *change = diff->changes.at[i];

		find_difference(c, gate, change->into ? change->into : change->from,
			sd_change_text(arena, change));
	}
	for (size_t i = 0; i < diff->unsupported.n; i++) {
		const struct sd_object *object = diff->unsupported.at[i].object;

		find_difference(c, gate, object,
			sd_fmt(arena, "%s %s", sd_object_title(arena, object),
				diff->unsupported.at[i].text));
	}
}

/* ---- 1, 2: files and history ---------------------------------------------------------------- */

static void
check_files(struct checking *c)
{
	struct sd_gate *g = gate(c, SD_GATE_FILES);
	size_t first = c->session->diags->list.n;

	c->desired = c->ahead ? sd_ahead_finish(c->ahead)
			      : sd_work_load(c->session, c->engine);
	take_reports(c, g, first);
	if (!c->desired)
		g->result = SD_GATE_FAILED;
}

/* The head, or its absence, is for all to use; several are an error at their places. */
static enum sd_status
find_head(struct checking *c)
{
	const struct sd_history *history = c->history;
	const struct sd_script *last;

	if (history->heads.n <= 1)
		return sd_history_head(history, c->session->diags, &c->head);
	last = sd_history_find(history, history->heads.at[history->heads.n - 1]);
	sd_fail(c->session->diags, SD_CLASS_HISTORY, last->revision_pos,
		"the history has %u heads: %s", (unsigned)history->heads.n,
		sd_text_list(c->session->arena, &history->heads, 0));
	for (size_t i = 0; i + 1 < history->heads.n; i++) {
		const struct sd_script *head = sd_history_find(history, history->heads.at[i]);

		sd_note(c->session->diags, head->revision_pos, "revision %s is here",
			head->revision);
	}
	sd_hint(c->session->diags,
		"`schemadiff rebase` lets this branch's own revisions come after the other head; or "
		"`schemadiff merge heads -m MESSAGE` joins them");
	return SD_ERR;
}

/* A project for several engines has scripts that run on each of them. */
static void
check_parts(struct checking *c)
{
	for (size_t i = 0; i < c->history->scripts.n; i++) {
		if (sd_run_check(c->history->scripts.at[i], SD_UP, c->engine->dialect, 0, true,
			    c->session->diags) == SD_OK)
			continue;
		sd_hint(c->session->diags,
			"write the part `-- schemadiff:up %s`, which may be empty, and %s into the "
			"line `-- dialect:`",
			c->engine->dialect->name, c->engine->dialect->name);
	}
}

static void
check_history(struct checking *c)
{
	struct sd_gate *g = gate(c, SD_GATE_HISTORY);
	size_t first = c->session->diags->list.n;

	c->history = sd_work_history(c->session, c->engine);
	if (!c->history || find_head(c))
		g->result = SD_GATE_FAILED;
	if (c->history && c->several)
		check_parts(c);
	if (c->history && sd_work_upstream(c->session, c->engine, c->options->upstream,
				  &c->upstream) == SD_OK) {
		sd_work_find_edits(c->session, c->history, &c->upstream);
		sd_work_find_fork(
			c->session, c->history, &c->upstream, c->options->hook);
	}
	take_reports(c, g, first);
}

/* ---- 3: migrations that are missing ----------------------------------------------------------- */

/* The first thing that the files declare; NULL = nothing. */
static const struct sd_object *
first_object(const struct sd_schema *schema)
{
	for (enum sd_kind kind = SD_N_PARTS; kind < SD_KIND__MAX; kind++)
		if (schema->objects[kind].n)
			return schema->objects[kind].at[0];
	return NULL;
}

/* What the files say now and did not at HEAD, where they were what the newest script says: without
 * a scratch database the best answer to what is missing.  A database that is there, whatever
 * is in it, can tell which expressions are the same. */
static struct sd_diff *
since_head(struct checking *c)
{
	struct sd_diags unheard = { .arena = c->session->arena };
	struct sd_session quiet = *c->session, *there;
	struct sd_diff_options options;
	const struct sd_tree *tree;
	struct sd_schema *before, *wanted;
	struct sd_git *git;
	const char *why;

	quiet.diags = &unheard;
	git = sd_work_git(c->session, &why);
	tree = git ? sd_git_revision(git, "HEAD", &why) : NULL;
	there = tree ? sd_work_at(&quiet, tree) : NULL;
	before = there ? sd_work_load(there, c->engine) : NULL;
	if (!before || !sd_text_equal(sd_schema_fingerprint(before, c->session->arena),
			       c->head->schema))
		return NULL;
	wanted = sd_work_load(&quiet, c->engine);
	if (!wanted || sd_work_diff_options(&quiet, NULL, &options))
		return NULL;
	return sd_work_compare(&quiet, c->db, before, wanted, &options);
}

/* The migrations can't be replayed, @why: the fingerprints are all there is.  @hint: how the
 * difference would be named. */
static void
judge_by_fingerprint(struct checking *c, struct sd_gate *g, const char *why, const char *hint)
{
	struct sd_arena *arena = c->session->arena;
	struct sd_diff *diff;

	if (!c->head->schema) {
		skip(g, sd_fmt(arena,
				"revision %s has no fingerprint, and %s", c->head->revision,
				why));
		return;
	}
	diff = since_head(c);
	if (diff && c->db && sd_diff_empty(diff))
		return;
	if (diff && !sd_diff_empty(diff)) {
		take_diff(c, g, diff);
		fail(c, g, run_autogenerate);
		return;
	}
	fail_at(c, g, c->head->schema_pos,
		sd_fmt(arena,
			"the schema files are not those that revision %s was written from",
			c->head->revision),
		sd_fmt(arena, "%s; to have the difference named, %s", run_autogenerate, hint));
}

static void
judge_by_replay(struct checking *c, struct sd_gate *g, const struct sd_target *near)
{
	struct sd_diff_options options;
	struct sd_schema *replayed, *wanted;
	struct sd_db *db;

	replayed = sd_work_replay(c->session, c->engine, c->history, NULL, near, &db);
	/* comparing completes the wanted model, and gate 5 needs it as it is */
	wanted = replayed ? sd_work_load(c->session, c->engine) : NULL;
	if (!wanted || sd_work_diff_options(c->session, NULL, &options)) {
		g->result = SD_GATE_FAILED;
		return;
	}
	take_diff(c, g, sd_work_compare(c->session, db, replayed, wanted, &options));
	if (g->result == SD_GATE_FAILED)
		fail(c, g, run_autogenerate);
}

/* A script is staged that HEAD has otherwise: then what the fingerprint promised may not hold. */
static bool
edits_history(struct checking *c)
{
	const struct sd_history *committed;
	const struct sd_tree *head;
	const char *why;

	if (!c->session->tree || !c->session->git)
		return false;
	head = sd_git_revision(c->session->git, "HEAD", &why);
	if (!head || !sd_work_scripts_differ(c->session, c->session->tree, head))
		return false;
	committed = sd_work_history_at(c->session, c->engine, head);
	for (size_t i = 0; committed && i < c->history->scripts.n; i++) {
		const struct sd_script *script = c->history->scripts.at[i], *was;

		was = sd_history_find(committed, script->revision);
		if (was && strcmp(was->checksum, script->checksum) != 0)
			return true;
	}
	return false;
}

/* As sd_work_scratch(); a commit waits for no server. */
static enum sd_status
find_scratch(struct checking *c, struct sd_target *near, const char **why)
{
	if (c->options->hook && !(c->engine->dialect->traits & SD_TRAIT_EMBEDDED)) {
		*why = "use `schemadiff check --scratch auto`";
		return SD_NOTFOUND;
	}
	return sd_work_scratch(c->session, c->engine, c->options->scratch_auto, near, why);
}

static void
judge_missing(struct checking *c, struct sd_gate *g)
{
	const struct sd_object *object = first_object(c->desired);
	struct sd_target near;
	const char *why = NULL;
	const struct sd_script *open;
	struct sd_arena *arena = c->session->arena;
	enum sd_status status;
	bool same;

	if (!c->head && !object)
		return;
	if (!c->head) {
		fail_at(c, g, object->pos, "no revision creates what the files declare",
			run_autogenerate);
		return;
	}
	same = sd_text_equal(
		c->head->schema, sd_schema_fingerprint(c->desired, c->session->arena));
	if (same && !edits_history(c))
		return;
	open = sd_variables_first(c->history);
	if (open) {
		why = sd_fmt(arena,
			"the migrations can't be replayed: revision %s has variables",
			open->revision);
		if (!same)
			judge_by_fingerprint(
				c, g, why, "run `schemadiff diff` against a database");
		return;
	}
	status = find_scratch(c, &near, &why);
	if (status == SD_OK)
		judge_by_replay(c, g, &near);
	else if (status == SD_NOTFOUND && !same)
		judge_by_fingerprint(c, g,
			sd_fmt(arena,
				"there is no scratch database to replay the migrations in: %s",
				why),
			why);
}

static void
check_missing(struct checking *c)
{
	struct sd_gate *g = gate(c, SD_GATE_MISSING);
	size_t first = c->session->diags->list.n;

	if (!c->desired)
		skip(g, "the schema files do not load");
	else if (!c->history || c->history->heads.n > 1)
		skip(g, "the history is broken");
	else
		judge_missing(c, g);
	take_reports(c, g, first);
}

/* ---- 4: what the database has run ----------------------------------------------------------- */

/* @script as it was when its checksum was @checksum, if git still knows. */
static const struct sd_script *
as_applied(struct checking *c, const struct sd_script *script)
{
	const struct sd_history *histories[] = { c->upstream.base, c->upstream.tip };

	for (size_t i = 0; i < SD_COUNT(histories); i++) {
		const struct sd_script *was =
			histories[i] ? sd_history_find(histories[i], script->revision) : NULL;

		for (size_t k = 0; was && k < c->state.rows.n; k++)
			if (strcmp(c->state.rows.at[k].revision, script->revision) == 0 &&
				sd_text_equal(c->state.rows.at[k].checksum, was->checksum))
				return was;
	}
	return NULL;
}

/* Scripts that were edited since they ran here are errors of the history, each at its place. */
static const char *
edited(struct checking *c)
{
	struct sd_buf out = SD_BUF(c->session->arena);
	struct sd_scripts scripts = { 0 };

	sd_state_edited(&c->state, c->history, c->session->arena, &scripts);
	for (size_t i = 0; i < scripts.n; i++) {
		const struct sd_script *script = scripts.at[i], *was = as_applied(c, script);

		sd_fail(c->session->diags, SD_CLASS_HISTORY,
			was ? sd_work_edit_pos(script, was, c->engine->dialect)
			    : script->revision_pos,
			"this script was edited after revision %s had been applied",
			script->revision);
		sd_hint(c->session->diags,
			"put the change into a new revision, and this script back to what "
			"ran; or accept it with `schemadiff repair %s`",
			script->revision);
		sd_buf_sep(&out, ", ");
		sd_buf_add(&out, script->revision);
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

/* What has not run yet; @pos: the first of it. */
static const char *
pending(struct checking *c, struct sd_pos *pos)
{
	struct sd_scripts scripts = { 0 };
	const struct sd_partial *partial = &c->state.partial;

	c->pending = partial->revision != NULL;
	if (partial->revision)
		return sd_fmt(c->session->arena, "revision %s is half %s; run `schemadiff %s`",
			partial->revision, partial->down ? "undone" : "applied",
			partial->down ? "downgrade" : "upgrade");
	sd_history_upgrade(c->history, NULL, &c->state.ids, c->session->arena, &scripts);
	c->pending = scripts.n != 0;
	if (!c->pending)
		return NULL;
	*pos = scripts.at[0]->revision_pos;
	return sd_fmt(c->session->arena, "not applied yet: %s; run `schemadiff upgrade`",
		sd_scripts_text(c->session->arena, &scripts, 0));
}

/* Open the database and read what is applied; false: the gate failed. */
static bool
read_state(struct checking *c)
{
	struct sd_bookkeeping books;

	if (!sd_db_exists(&c->session->target)) {
		c->pending = true;
		return false;
	}
	c->db = sd_work_open(c->session, SD_DB_READ);
	books = sd_work_books(c->session);
	if (c->db && sd_state_read(c->db, &books, c->session->arena, &c->state) == SD_OK)
		return true;
	c->db = NULL;
	return false;
}

static const char *
no_database(struct checking *c)
{
	return sd_fmt(c->session->arena, "the database %s does not exist yet; run `%s`",
		c->session->target.masked,
		c->history && c->history->scripts.n ? "schemadiff upgrade"
						    : "schemadiff autogenerate -m MESSAGE");
}

/* @first … @end: the reports of reading the state. */
static void
check_applied(struct checking *c, bool was_read, size_t first, size_t end)
{
	struct sd_gate *g = gate(c, SD_GATE_APPLIED);
	size_t own = c->session->diags->list.n;
	struct sd_replaced replaced;
	struct sd_pos pos = nowhere;
	const char *text;

	if (!was_read) {
		g->result = SD_GATE_FAILED;
		take(c, g, first, end);
		if (c->pending)
			fail_at(c, g, nowhere, no_database(c), NULL);
		return;
	}
	if (!c->history) {
		skip(g, "the history is broken");
		return;
	}
	sd_state_replace(&c->state, c->history, c->session->arena, &replaced);
	(void)sd_replaced_check(&replaced, c->session->diags);
	text = edited(c);
	take_reports(c, g, own);
	if (text) /* errors of the history, reported with their lines */
		g->text = text;
	if ((text = unknown(c)) != NULL)
		fail_at(c, g, nowhere, text, NULL);
	if ((text = pending(c, &pos)) != NULL)
		fail_at(c, g, pos, text, NULL);
}

/* ---- 5: the database itself ----------------------------------------------------------------- */

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
compare_live(struct checking *c, struct sd_gate *g)
{
	struct sd_diff_options options;

	if (!c->live || wants_foreign(c->desired))
		c->live = sd_work_introspect(c->session, c->db, c->desired);
	if (!c->live || sd_work_diff_options(c->session, NULL, &options))
		g->result = SD_GATE_FAILED;
	else
		take_diff(c, g,
			sd_work_compare(c->session, c->db, c->live, c->desired, &options));
}

static void
check_live(struct checking *c)
{
	struct sd_gate *g = gate(c, SD_GATE_LIVE);
	size_t first = c->session->diags->list.n;

	if (!c->db)
		skip(g, c->pending ? "the database does not exist yet" : "no connection");
	else if (!c->desired)
		skip(g, "the schema files do not load");
	else if (!c->history)
		skip(g, "the history is broken");
	else if (c->pending)
		skip(g, "revisions are pending");
	else
		compare_live(c, g);
	take_reports(c, g, first);
}

/* Begin the check of each dialect. */
static struct checking *
begin(struct sd_session *session, const struct sd_check_options *options,
	struct sd_check_report *report, const struct sd_engine_list *engines)
{
	struct checking *all = sd_new_array(session->arena, engines->n, struct checking);
	const char *why;

	if (engines->n > 1) /* before sessions are copied: the repository is opened once */
		(void)sd_work_git(session, &why);
	for (size_t i = 0; i < engines->n; i++) {
		struct checking *c = &all[i];

		c->options = options;
		c->report = report;
		c->engine = engines->at[i];
		c->several = engines->n > 1;
		c->session = sd_work_for(session, c->engine);
		if (engines->n == 1 || !session->tree) /* git's trees are for one thread */
			c->ahead = sd_ahead_begin(c->session, c->engine);
	}
	return all;
}

void
sd_work_check(struct sd_session *session, const struct sd_check_options *options,
	struct sd_check_report *report)
{
	static void (*const files[])(struct checking *c) = { check_files, check_history,
		check_missing };
	struct checking *all, *target;
	struct sd_engine_list engines;
	size_t first = session->diags->list.n, end;
	bool was_read = false;

	*report = (struct sd_check_report){ .hook = options->hook };
	if (sd_work_engines(session, &engines))
		return;
	target = all = begin(session, options, report, &engines);
	while (target->engine != sd_work_engine(session))
		target++;
	if (session->has_target)
		was_read = read_state(target);
	if (was_read)
		target->live = sd_work_introspect(session, target->db, NULL);
	end = session->diags->list.n;
	for (size_t k = 0; k < SD_COUNT(files); k++)
		for (size_t i = 0; i < engines.n; i++)
			files[k](&all[i]);
	if (!session->has_target)
		return;
	check_applied(target, was_read, first, end);
	check_live(target);
}
