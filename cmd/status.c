/* One screen: where the project stands, and what to do next. */
#include "cmd/commands.h"
#include "cmd/json_out.h"
#include "cmd/look.h"
#include "cmd/work/adopt.h"
#include "core/base/text.h"
#include "core/history/journal.h"

/* What status found. */
struct standing {
	struct sd_session *session;
	struct sd_look look;
	struct sd_scripts pending; /* above what is applied */
	struct sd_scripts gaps;    /* not applied, though a revision above them is */
	struct sd_scripts edited;
	struct sd_names strangers; /* applied, without a script here */
	const char *schema;        /* fingerprint of the files; NULL: they do not load */
	bool stale;                /* the head's script was made for other files, */
	struct sd_names stale_on;  /* on these dialects */
	const char *unknown;       /* why it is not known whether it was, or NULL */
	struct sd_schema *desired; /* the files; NULL: they do not load */
	bool compared;             /* @n_drift is known: */
	size_t n_drift;            /* differences of the database from the files */
	const char *why_not;       /* it was not compared, in words */
	struct sd_peers others;    /* tools whose books are here, where ours are not */
	struct sd_journal journal; /* how far the half-done revision has come */
	size_t n_steps;            /* of the part that it is in; 0: not known */
};

static void
find_pending(struct standing *s)
{
	struct sd_arena *arena = s->session->arena;
	struct sd_scripts all = { 0 };
	size_t gap = 0;

	if (!s->look.known)
		return;
	sd_history_gaps(s->look.history, &s->look.state.ids, arena, &s->gaps);
	sd_history_upgrade(s->look.history, NULL, &s->look.state.ids, arena, &all);
	for (size_t i = 0; i < all.n; i++) { /* both are in the history's order */
		if (gap < s->gaps.n && s->gaps.at[gap] == all.at[i])
			gap++;
		else
			*sd_push(arena, &s->pending) = all.at[i];
	}
	sd_state_edited(&s->look.state, s->look.history, arena, &s->edited);
	s->strangers = sd_look_strangers(&s->look);
}

/* What @dialect's reader of the history says of its head: whether its files were those of
 * @fingerprint. */
static void
compare_fingerprint(struct standing *s, const struct sd_engine *engine, const char *fingerprint,
	bool several)
{
	struct sd_session *session = s->session;
	const struct sd_history *history =
		engine == s->look.engine ? s->look.history
					 : sd_work_headers(sd_work_for(session, engine), engine);
	const struct sd_script *head;

	if (!history || s->unknown)
		return;
	head = history->heads.n ? sd_history_find(history, history->heads.at[0]) : NULL;
	if (head && !head->schema) {
		s->unknown = sd_fmt(session->arena, "revision %s carries no fingerprint%s%s",
			head->revision, several ? " for " : "",
			several ? engine->dialect->name : "");
	} else if (!head || !sd_text_equal(head->schema, fingerprint)) {
		s->stale = true;
		*sd_push(session->arena, &s->stale_on) = engine->dialect->name;
	}
}

static void
find_others(struct standing *s)
{
	if (s->look.db && !s->look.state.exists)
		s->others = sd_work_peers(s->session, s->look.db);
}

static void
find_schema(struct standing *s)
{
	struct sd_session *session = s->session;
	struct sd_engine_list engines;

	if (sd_work_engines(session, &engines))
		return;
	if (s->look.history->heads.n > 1)
		s->unknown = "the history has several heads";
	for (size_t i = 0; i < engines.n; i++) {
		const struct sd_engine *engine = engines.at[i];
		size_t first = session->diags->list.n;
		struct sd_schema *schema = sd_work_load(sd_work_for(session, engine), engine);

		sd_diags_drop_repeats(session->diags, first);
		if (!schema) {
			s->schema = NULL;
			s->desired = NULL;
			return;
		}
		if (engine == s->look.engine) {
			s->desired = schema;
			s->schema = sd_schema_fingerprint(schema, session->arena);
		}
		compare_fingerprint(s, engine, sd_schema_fingerprint(schema, session->arena), engines.n > 1);
	}
	s->unknown = s->stale ? NULL : s->unknown;
}

/* How far the revision has come that is half done, as its script here tells. */
static void
find_partial(struct standing *s)
{
	const struct sd_partial *partial = &s->look.state.partial;
	const struct sd_script *script =
		partial->revision ? sd_history_find(s->look.history, partial->revision) : NULL;
	const struct sd_part_script *part;

	if (!script)
		return;
	part = partial->down ? &script->down : &script->up;
	if (sd_journal_read(s->session->arena, partial->progress, part, &s->journal) == SD_OK)
		s->n_steps = part->steps.n;
}

static const char *
why_not_compared(const struct standing *s)
{
	if (!s->look.known || s->look.missing)
		return s->look.missing ? "the database does not exist yet"
				       : "no database is named";
	if (!s->desired)
		return "the schema files do not load";
	if (s->pending.n || s->gaps.n || s->look.state.partial.revision)
		return "revisions are pending";
	return NULL;
}

static size_t
count_drift(struct standing *s)
{
	struct sd_session *session = s->session;
	struct sd_diff_options options;
	struct sd_schema *live = sd_work_introspect(session, s->look.db, s->desired);
	const struct sd_diff *diff;

	if (!live || sd_work_diff_options(session, NULL, &options)) {
		s->why_not = "the database could not be read";
		return 0;
	}
	diff = sd_work_compare(session, s->look.db, live, s->desired, &options);
	s->compared = true;
	return sd_diff_empty(diff) ? 0 : diff->changes.n + diff->unsupported.n;
}

/* What stands in the way of comparing is one thing among others here: no failure. */
static void
find_drift(struct standing *s)
{
	struct sd_diags *heard = s->session->diags;
	struct sd_diags *unheard = sd_new(s->session->arena, struct sd_diags);

	s->why_not = why_not_compared(s);
	if (s->why_not)
		return;
	unheard->arena = s->session->arena;
	unheard->secrets = heard->secrets;
	s->session->diags = s->look.db->diags = unheard;
	s->n_drift = count_drift(s);
	s->session->diags = s->look.db->diags = heard;
}

/* ---- what to do next ---------------------------------------------------------------- */

static const char *
next_step(const struct standing *s)
{
	const struct sd_partial *partial = &s->look.state.partial;
	bool several = s->look.history->heads.n > 1;
	const char *going_on = partial->revision ? sd_partial_command(partial, s->look.history,
							   s->session->arena)
						 : NULL;

	if (s->others.books.n)
		return sd_fmt(s->session->arena, "`schemadiff adopt` takes over from %s",
			s->others.books.at[0].peer->title);
	if (!s->schema)
		return "mend the schema files: `schemadiff check` lists what is wrong";
	if (s->edited.n)
		return "put the edited scripts back to what ran, and write a new revision; or "
		       "see what `schemadiff repair` says";
	if (s->look.replaced.half.n)
		return "check out the commit before the squash, and upgrade with its scripts; or "
		       "see what `schemadiff stamp` does";
	if (s->strangers.n)
		return "get the branch that has the scripts of the unknown revisions, or undo "
		       "them with `schemadiff downgrade TARGET --from-database`";
	if (s->look.state.partial.revision)
		return s->look.state.partial.down
			       ? sd_fmt(s->session->arena,
					 "`schemadiff %s` goes on with what is half undone",
					 going_on)
			       : sd_fmt(s->session->arena,
					 "`schemadiff %s` goes on with what is half applied",
					 going_on);
	if (s->gaps.n || s->pending.n)
		return several ? "`schemadiff upgrade heads` runs what is pending; `schemadiff "
				 "merge heads -m MESSAGE` joins the heads"
			       : "`schemadiff upgrade` runs what is pending";
	if (several)
		return "`schemadiff merge heads -m MESSAGE` joins the heads";
	if (!s->session->has_target)
		return "name a database with --url or in schemadiff.json";
	if (s->stale)
		return "`schemadiff autogenerate -m MESSAGE` writes what the schema files "
		       "changed";
	if (s->n_drift)
		return "`schemadiff check` names the differences: mend the database, or take "
		       "them into the files";
	return "nothing: edit the schema files, or run `schemadiff check` to compare with the "
	       "database";
}

/* ---- text --------------------------------------------------------------------------- */

static void
add_scripts(struct sd_buf *out, const char *title, const struct sd_scripts *scripts)
{
	for (size_t i = 0; i < scripts->n; i++)
		sd_buf_addf(out, "%-13s%s, %s\n", i ? "" : title, scripts->at[i]->revision,
			scripts->at[i]->message);
}

static void
add_names(struct sd_buf *out, const char *title, const struct sd_names *names)
{
	for (size_t i = 0; i < names->n; i++)
		sd_buf_addf(out, "%-13s%s\n", i ? "" : title, names->at[i]);
}

static void
add_target(const struct standing *s, struct sd_buf *out)
{
	const struct sd_session *session = s->session;

	sd_buf_addf(out, "%-13s%s\n",
		"project:", session->config.path ? session->config.path : "no schemadiff.json");
	if (session->environment)
		sd_buf_addf(out, "%-13s%s\n", "environment:", session->environment);
	if (!session->has_target) {
		sd_buf_addf(out, "%-13s%s\n", "target:", "none named");
		return;
	}
	sd_buf_addf(out, "%-13s%s (%s%s)%s\n", "target:", session->target.masked,
		session->target.origin, session->target.is_protected ? ", protected" : "",
		s->look.missing ? ", does not exist yet" : "");
}

static void
add_heads(const struct standing *s, struct sd_buf *out)
{
	const struct sd_names *heads = &s->look.history->heads;
	const struct sd_names *current = &s->look.current;

	for (size_t i = 0; s->look.known && i < current->n; i++) {
		const struct sd_script *script =
			sd_history_find(s->look.history, current->at[i]);

		sd_buf_addf(out, "%-13s%s%s%s\n", i ? "" : "current:", current->at[i],
			script ? ", " : "", script ? script->message : "");
	}
	if (s->look.known && !current->n)
		sd_buf_addf(out, "%-13s%s\n", "current:", "none: nothing is applied");
	for (size_t i = 0; i < heads->n; i++)
		sd_buf_addf(out, "%-13s%s, %s\n", i ? "" : "head:", heads->at[i],
			sd_history_find(s->look.history, heads->at[i])->message);
	if (!heads->n)
		sd_buf_addf(out, "%-13s%s\n", "head:", "none: there are no revisions yet");
}

static void
add_partial(const struct standing *s, struct sd_buf *out)
{
	const struct sd_partial *partial = &s->look.state.partial;

	sd_buf_addf(out, "%-13s%s, being %s", "half done:", partial->revision,
		partial->down ? "undone" : "applied");
	if (s->n_steps)
		sd_buf_addf(out, ": %zu of %zu statements are done%s", s->journal.done,
			s->n_steps,
			s->journal.started  ? ", the next is in doubt"
			: s->journal.cursor ? ", and a part of the next"
					    : "");
	else
		sd_buf_add(out, sd_history_find(s->look.history, partial->revision)
					? "; its script, or its variables, are others now"
					: "; no script here has it");
	sd_buf_addc(out, '\n');
}

/* What is applied and was squashed since. */
static void
add_stand_ins(const struct standing *s, struct sd_buf *out)
{
	const struct sd_replaced *r = &s->look.replaced;

	for (size_t i = 0; i < r->whole.n; i++)
		sd_buf_addf(out,
			"%-13s%s stands for %s; the next command that writes records that\n",
			i ? "" : "replaced:", r->whole.at[i].script->revision,
			sd_text_list(s->session->arena, &r->whole.at[i].applied, SD_TEXT_MOST));
	for (size_t i = 0; i < r->half.n; i++)
		sd_buf_addf(out, "%-13sof what %s replaces: %s, and not %s\n",
			i ? "" : "in part:", r->half.at[i].script->revision,
			sd_text_list(s->session->arena, &r->half.at[i].applied, SD_TEXT_MOST), sd_text_list(s->session->arena, &r->half.at[i].missing, SD_TEXT_MOST));
}

static const char *
drift_text(const struct standing *s)
{
	struct sd_arena *arena = s->session->arena;

	if (!s->compared)
		return sd_fmt(arena, "not compared: %s", s->why_not);
	if (!s->n_drift)
		return "none: the database is as the schema files say";
	return s->n_drift == 1
		       ? "1 difference between the database and the schema files"
		       : sd_fmt(arena,
				 "%zu differences between the database and the schema files",
				 s->n_drift);
}

static const char *
files_text(const struct standing *s)
{
	struct sd_arena *arena = s->session->arena;
	struct sd_engine_list engines;
	struct sd_buf names = SD_BUF(arena);

	if (!s->schema)
		return "they do not load";
	if (s->unknown)
		return sd_fmt(arena, "not compared: %s", s->unknown);
	if (!s->stale)
		return "unchanged since the last revision";
	if (sd_work_engines(s->session, &engines) || engines.n == s->stale_on.n)
		return "changed since the last revision";
	for (size_t i = 0; i < s->stale_on.n; i++)
		sd_buf_addf(&names, "%s%s", i ? ", " : "", s->stale_on.at[i]);
	return sd_fmt(arena, "changed since the last revision, for %s", sd_buf_text(&names));
}

static void
print_text(const struct standing *s)
{
	struct sd_buf out = SD_BUF(s->session->arena);

	add_target(s, &out);
	add_heads(s, &out);
	for (size_t i = 0; i < s->others.books.n; i++)
		sd_buf_addf(&out, "%-13s%s, in %s: %s\n", i ? "" : "other tool:",
			s->others.books.at[i].peer->title,
			sd_peer_table(&s->others.books.at[i], s->session->arena),
			sd_peer_place(&s->others.books.at[i], s->session->arena));
	if (s->look.known && !s->pending.n)
		sd_buf_addf(&out, "%-13s%s\n", "pending:", "none");
	add_scripts(&out, "pending:", &s->pending);
	if (s->look.state.partial.revision)
		add_partial(s, &out);
	add_scripts(&out, "gaps:", &s->gaps);
	add_scripts(&out, "edited:", &s->edited);
	add_names(&out, "unknown:", &s->strangers);
	add_stand_ins(s, &out);
	sd_buf_addf(&out, "%-13s%s\n", "files:", files_text(s));
	sd_buf_addf(&out, "%-13s%s\n", "drift:", drift_text(s));
	sd_buf_addf(&out, "%-13s%s\n", "next:", next_step(s));
	fputs(sd_buf_text(&out), s->session->out);
}

/* ---- JSON --------------------------------------------------------------------------- */

static void
json_others(const struct standing *s, struct sd_buf *json)
{
	sd_json_open(json, "other_tools", '[');
	for (size_t i = 0; i < s->others.books.n; i++) {
		const struct sd_peer_books *books = &s->others.books.at[i];

		sd_json_open(json, NULL, '{');
		sd_json_text(json, "tool", sd_peer_name(books->peer));
		sd_json_text(json, "table", sd_peer_table(books, s->session->arena));
		sd_json_names(json, "applied", &books->applied);
		sd_json_close(json, '}');
	}
	sd_json_close(json, ']');
}

static void
print_json(const struct standing *s)
{
	const struct sd_session *session = s->session;
	struct sd_buf *json = sd_json_begin(s->session, session->command);

	sd_json_text(json, "config", session->config.path);
	sd_json_text(json, "environment", session->environment);
	sd_json_text(json, "target", session->has_target ? session->target.masked : NULL);
	sd_json_text(json, "origin", session->has_target ? session->target.origin : NULL);
	sd_json_bool(json, "protected", session->has_target && session->target.is_protected);
	if (s->look.known)
		sd_json_bool(json, "exists", !s->look.missing);
	else
		sd_json_raw(json, "exists", "null");
	sd_json_names(json, "current", &s->look.current);
	sd_json_names(json, "heads", &s->look.history->heads);
	json_others(s, json);
	sd_json_text(json, "partial", s->look.state.partial.revision);
	if (s->n_steps) {
		sd_json_number(json, "partial_done", (long)s->journal.done);
		sd_json_number(json, "partial_statements", (long)s->n_steps);
	}
	sd_json_revisions(json, "pending", &s->pending);
	sd_json_revisions(json, "gaps", &s->gaps);
	sd_json_revisions(json, "edited", &s->edited);
	sd_json_names(json, "unknown", &s->strangers);
	sd_look_json_replaced(json, "replaced", s->look.replaced.whole.at, s->look.replaced.whole.n);
	sd_look_json_replaced(json, "replaced_in_part", s->look.replaced.half.at,
		s->look.replaced.half.n);
	sd_json_text(json, "fingerprint", s->schema);
	if (s->unknown)
		sd_json_raw(json, "files_changed", "null");
	else
		sd_json_bool(json, "files_changed", s->stale);
	if (s->compared)
		sd_json_number(json, "drift", (long)s->n_drift);
	else
		sd_json_raw(json, "drift", "null");
	sd_json_text(json, "next", next_step(s));
}

/* What a person looks for in a list of databases. */
static void
brief(const struct standing *s)
{
	const struct sd_names *current = &s->look.current;
	struct sd_buf text = SD_BUF(s->session->arena);
	const struct {
		size_t n;
		const char *word;
	} counts[] = { { s->pending.n, "pending" }, { s->gaps.n, "in gaps" },
		{ s->edited.n, "edited" }, { s->strangers.n, "unknown" } };

	if (!s->look.known)
		return;
	sd_buf_add(&text, s->look.missing ? "does not exist yet"
			  : current->n    ? "at "
					  : "at base");
	for (size_t i = 0; i < current->n; i++)
		sd_buf_addf(&text, "%s%s", i ? " and " : "", current->at[i]);
	for (size_t i = 0; i < SD_COUNT(counts); i++)
		if (counts[i].n)
			sd_buf_addf(&text, ", %zu %s", counts[i].n, counts[i].word);
	if (s->look.state.partial.revision)
		sd_buf_addf(&text, ", %s half done", s->look.state.partial.revision);
	if (s->n_drift)
		sd_buf_addf(&text, ", drifted");
	sd_brief(s->session, "%s", sd_buf_text(&text));
}

static int
run_status(struct sd_session *session, const void *opts, const struct sd_names *args)
{
	struct standing s = { .session = session };

	(void)opts;
	(void)args;
	if (sd_look_open(&s.look, session))
		return SD_EXIT_HISTORY;
	if (sd_look_read(&s.look))
		return SD_EXIT_DATABASE;
	find_pending(&s);
	find_others(&s);
	find_schema(&s);
	find_partial(&s);
	find_drift(&s);
	if (session->globals.json)
		print_json(&s);
	else
		print_text(&s);
	brief(&s);
	return SD_EXIT_OK;
}

const struct sd_cmd sd_cmd_status = {
	.name = "status",
	.summary = "tell where the project stands, and what to do next",
	.details =
		"The target and where its URL came from, what is applied, what is pending, a "
		"revision that is half done and how far it has come, gaps, edited scripts, "
		"whether the database differs from the schema files, and what to do next. The "
		"database is only read, and whatever is found the exit code is 0: the gate for "
		"CI is `schemadiff check`.",
	.needs = SD_NEEDS_CONFIG | SD_NEEDS_TARGET_IF,
	.run = run_status,
	.many = true,
};
