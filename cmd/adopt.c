/* A database that another tool has migrated so far, or none, becomes a project's. */
#include "cmd/work/adopt.h"
#include "cmd/autogenerate.h"
#include "cmd/commands.h"
#include "cmd/json_out.h"
#include "cmd/work/schema_files.h"
#include "core/base/text.h"

#include <stddef.h>
#include <string.h>

struct options {
	const char *message, *from, *table, *rev_id, *scratch;
	struct sd_names also;
	bool keep_files, replay, dry_run;
};

#define OPT(letter, name, type, member, value, help, words)                                    \
	{                                                                                      \
		letter, name, type, offsetof(struct options, member), value, help, words       \
	}

static const struct sd_opt opts[] = {
	OPT('m', "message", SD_OPT_TEXT, message, "MSG", "what the baseline is for", NULL),
	OPT(0, "from", SD_OPT_WORD, from, "TOOL", "the tool to take over from, or none",
		sd_peer_words),
	OPT(0, "table", SD_OPT_TEXT, table, "TABLE",
		"the tool's table, where it is called otherwise or is there twice: "
		"app.versions",
		NULL),
	OPT(0, "keep-files", SD_OPT_FLAG, keep_files, NULL,
		"schema files that differ stay: the first autogenerate writes the difference",
		NULL),
	OPT(0, "scratch", SD_OPT_WORD, scratch, "auto",
		"a temporary database on the target's server may show what the baseline does",
		sd_scratch_words),
	OPT(0, "also", SD_OPT_LIST, also, "ENV",
		"environment of another dialect, where the project has several", NULL),
	OPT(0, "replay", SD_OPT_FLAG, replay, NULL,
		"the parts of other dialects come from the schema files, whatever environments "
		"there are",
		NULL),
	OPT(0, "rev-id", SD_OPT_TEXT, rev_id, "ID", "id of the baseline (default: random)",
		NULL),
	OPT(0, "dry-run", SD_OPT_FLAG, dry_run, NULL,
		"look and tell; print the script, write nothing", NULL),
};

static const struct sd_pos nowhere;

/* ---- what is said ------------------------------------------------------------------------ */

static const char *const way_words[] = {
	[SD_ADOPT_DONE] = "done",
	[SD_ADOPT_BEGIN] = "begun",
	[SD_ADOPT_JOIN] = "joined",
};

static void
say_found(const struct sd_adoption *a)
{
	struct sd_session *session = a->session;

	if (a->books)
		sd_say(session, "%s, in %s: %s", a->books->peer->title,
			sd_peer_table(a->books, session->arena),
			sd_peer_place(a->books, session->arena));
	else if (a->way == SD_ADOPT_BEGIN)
		sd_say(session, "no other tool counts: the baseline is what the database has");
}

/* What may become of the other tool's table. */
static void
say_leftover(const struct sd_adoption *a)
{
	if (a->books)
		sd_say(a->session,
			"table %s was left as it is: once every database is adopted, and "
			"nothing "
			"runs %s any more, it may be dropped",
			sd_peer_table(a->books, a->session->arena), a->books->peer->title);
}

/* Members of the document that all ways have. */
static struct sd_buf *
begin_json(const struct sd_adoption *a)
{
	static const struct sd_names none;
	struct sd_session *session = a->session;
	struct sd_buf *json = sd_json_begin(session, "adopt");

	sd_json_text(json, "way", way_words[a->way]);
	sd_json_text(json, "target", session->target.masked);
	sd_json_text(json, "tool", a->books ? sd_peer_name(a->books->peer) : NULL);
	sd_json_text(json, "table", a->books ? sd_peer_table(a->books, session->arena) : NULL);
	sd_json_names(json, "applied", a->books ? &a->books->applied : &none);
	return json;
}

static void
json_differences(const struct sd_adoption *a, struct sd_buf *json)
{
	sd_json_text(json, "against", a->against);
	if (!a->diff) {
		sd_json_raw(json, "differences", "null");
		return;
	}
	sd_json_open(json, "differences", '{');
	sd_render_json(a->diff, a->session->arena, json);
	sd_json_close(json, '}');
}

static void
show_differences(const struct sd_adoption *a)
{
	struct sd_session *session = a->session;
	struct sd_buf text = SD_BUF(session->arena);
	size_t n = a->diff->changes.n + a->diff->unsupported.n;

	sd_render_text(a->diff, session->color_out, session->arena, &text);
	if (!session->globals.json)
		fputs(sd_buf_text(&text), session->out);
	sd_brief(session, "%zu difference%s from the database to %s: nothing was adopted", n,
		n == 1 ? "" : "s", a->against);
	sd_warn(session->diags, nowhere, "%s", session->brief);
}

/* ---- the first database ------------------------------------------------------------------ */

struct first {
	struct sd_adoption *adoption;
	const struct options *opts;
	bool none;    /* there are no schema files yet */
	bool written; /* and now there are */
};

/* Where the schema files go: the first place that the configuration names. */
static const char *
files_place(struct sd_session *session)
{
	struct sd_names paths = sd_work_paths(session, &session->settings.schemas);
	const char *path = paths.at[0];
	size_t n = strlen(path);

	return n > 5 && strcmp(path + n - 5, ".json") == 0
		       ? path
		       : sd_fmt(session->arena, "%s/", path);
}

static bool
is_theirs(const struct sd_adoption *a, const struct sd_object *table)
{
	return (sd_text_equal(table->name, a->books->table) ||
		       sd_text_equal(table->name, a->books->beside)) &&
	       sd_text_equal(table->ns ? table->ns : a->session->namespace, a->books->namespace);
}

/* What the configuration leaves alone gets no file, nor do the other tool's tables, whatever they
 * are called. */
static enum sd_status
leave_out(const struct sd_adoption *a, struct sd_schema *schema)
{
	struct sd_diff_options options;

	if (sd_work_diff_options(a->session, NULL, &options))
		return SD_ERR;
	sd_diff_leave_alone(schema, &options, a->session->arena);
	for (size_t i = 0; a->books && i < schema->objects[SD_TABLE].n; i++)
		if (is_theirs(a, schema->objects[SD_TABLE].at[i]))
			schema->objects[SD_TABLE].at[i]->flags |= SD_OBJ_UNMANAGED;
	return SD_OK;
}

static void
tell_files(const struct first *f, const struct sd_names *paths)
{
	struct sd_session *session = f->adoption->session;
	struct sd_buf *json = session->globals.json ? begin_json(f->adoption) : NULL;

	if (json) {
		sd_json_bool(json, "dry_run", f->opts->dry_run);
		sd_json_names(json, "files", paths);
		json_differences(f->adoption, json);
	}
	for (size_t i = 0; i < paths->n; i++) {
		if (f->opts->dry_run)
			sd_say(session, "would write %s", paths->at[i]);
		else if (!json)
			fprintf(session->out, "%s\n", paths->at[i]);
	}
}

static enum sd_status
check_side(void *ctx, struct sd_side *side)
{
	const struct first *f = ctx;
	struct sd_session *session = f->adoption->session;

	if (sd_adopt_check_side(f->adoption, side))
		return SD_ERR;
	if (!f->none || !f->opts->dry_run || sd_side_is_filled(side))
		return SD_OK;
	sd_error(session->diags, nowhere,
		"the %s part comes from the schema files, and --dry-run writes none",
		side->engine->dialect->name);
	sd_hint(session->diags, "`schemadiff inspect -o %s` writes them", files_place(session));
	return SD_ERR;
}

/* The schema files, if there are none yet, behind all that may be refused. */
static enum sd_status
write_files(void *ctx)
{
	struct first *f = ctx;
	struct sd_session *session = f->adoption->session;
	struct sd_schema *schema;
	struct sd_schema_files files;
	struct sd_names paths = { 0 };
	enum sd_status status = SD_OK;

	if (f->none) {
		schema = sd_work_introspect(session, f->adoption->db, NULL);
		if (!schema || leave_out(f->adoption, schema))
			return SD_ERR;
		status = sd_schema_files_make(
			session, schema, files_place(session), f->opts->dry_run, &files);
	}
	if (f->none && status == SD_OK && !f->opts->dry_run)
		status = sd_schema_files_write(session, &files, false, &paths);
	for (size_t i = 0; f->none && f->opts->dry_run && i < files.n; i++)
		*sd_push(session->arena, &paths) = files.at[i].path;
	tell_files(f, &paths);
	f->written = f->none && status == SD_OK && !f->opts->dry_run;
	return status;
}

/* Files that are there already must say what the database has: the baseline would be neither of
 * both. */
static int
check_files(struct sd_adoption *a)
{
	struct sd_session *session = a->session;

	if (sd_adopt_compare_files(a))
		return sd_session_exit(session, SD_EXIT_INPUT);
	if (sd_diff_empty(a->diff))
		return SD_EXIT_OK;
	show_differences(a);
	sd_hint(session->diags,
		"remove files that say nothing of it (the example of `init`), and they are "
		"written from the database; with --keep-files the baseline is what the "
		"database "
		"has, and `schemadiff autogenerate` writes the difference");
	return SD_EXIT_DIFFERS;
}

static const char *
message(const struct sd_adoption *a, const struct options *o)
{
	struct sd_arena *arena = a->session->arena;

	if (o->message)
		return o->message;
	return a->books ? sd_fmt(arena, "taken over from %s at %s", a->books->peer->title,
				  sd_peer_newest(a->books->peer, &a->books->applied, arena))
			: "baseline";
}

static int
begin(struct sd_adoption *a, const struct options *o)
{
	struct sd_session *session = a->session;
	struct first first = {
		.adoption = a, .opts = o, .none = sd_schema_files_none(session)
	};
	struct sd_baseline baseline = {
		.message = message(a, o),
		.rev_id = o->rev_id,
		.extras = sd_adopt_header(a),
		.also = o->also,
		.replay = o->replay,
		.dry_run = o->dry_run,
		.check = check_side,
		.before = write_files,
		.ctx = &first,
	};
	int code;

	if (session->says) {
		sd_fail(session->diags, SD_CLASS_REFUSED, nowhere,
			"there is no baseline yet, and it is taken from one database alone");
		sd_hint(session->diags,
			"name one environment, `schemadiff adopt -e %s`, then all of them",
			session->environment);
		return SD_EXIT_REFUSED;
	}
	code = first.none || o->keep_files ? SD_EXIT_OK : check_files(a);
	if (code) {
		tell_files(&first, &(struct sd_names){ 0 });
		return code;
	}
	code = sd_baseline_run(session, &baseline);
	if (code && first.written && !baseline.revision)
		sd_hint(session->diags, "the schema files are written as this database has it: "
					"once they hold for "
					"every dialect, `schemadiff adopt` goes on");
	if (code == SD_EXIT_OK && baseline.revision && !o->dry_run) {
		sd_say(session,
			"this database is recorded as at the baseline; nothing was run");
		say_leftover(a);
	}
	return code;
}

/* ---- the others -------------------------------------------------------------------------- */

static int
record(struct sd_adoption *a, const struct options *o)
{
	struct sd_session *session = a->session;

	if (o->dry_run) {
		sd_say(session, "would be recorded as at %s; nothing would run",
			a->baseline->revision);
		sd_brief(session, "would be recorded as at %s", a->baseline->revision);
		return SD_EXIT_OK;
	}
	if (session->target.is_protected)
		sd_say_target(session);
	if (sd_adopt_record(a))
		return SD_EXIT_DATABASE;
	sd_brief(session, "recorded as at %s", a->baseline->revision);
	sd_say(session, "recorded as at %s, %s; nothing was run", a->baseline->revision,
		a->baseline->message);
	say_leftover(a);
	return SD_EXIT_OK;
}

static int
join(struct sd_adoption *a, const struct options *o)
{
	struct sd_session *session = a->session;
	int code;

	if (sd_adopt_check_versions(a))
		code = SD_EXIT_REFUSED;
	else if (sd_adopt_compare_baseline(a))
		code = sd_session_exit(session, SD_EXIT_REFUSED);
	else if (!sd_diff_empty(a->diff))
		code = SD_EXIT_DIFFERS;
	else
		code = record(a, o);
	if (session->globals.json) {
		struct sd_buf *json = begin_json(a);

		sd_json_bool(json, "dry_run", o->dry_run);
		sd_json_text(json, "revision", a->baseline->revision);
		sd_json_names(json, "missing", &a->missing);
		sd_json_names(json, "extra", &a->extra);
		json_differences(a, json);
	}
	if (code != SD_EXIT_DIFFERS)
		return code;
	show_differences(a);
	sd_hint(session->diags,
		"mend the database by hand, or with the tool that it is taken over from; if it "
		"shall differ, `schemadiff stamp %s` records it all the same",
		a->baseline->revision);
	return code;
}

/* Something that is recorded as applied has a script here. */
static bool
knows_any(const struct sd_adoption *a)
{
	for (size_t i = 0; i < a->state.ids.n; i++)
		if (sd_history_find(a->history, a->state.ids.at[i]))
			return true;
	return false;
}

static int
done(struct sd_adoption *a)
{
	struct sd_session *session = a->session;
	struct sd_names current = { 0 };

	sd_state_current(&a->state, a->history, session->arena, &current);
	if (a->state.ids.n && !knows_any(a)) {
		sd_fail(session->diags, SD_CLASS_HISTORY, nowhere,
			"this database is at %s already, and no script here has it",
			current.at[0]);
		sd_hint(session->diags,
			"get the branch that has its file; or, if the file is lost, "
			"`schemadiff "
			"stamp base --purge` forgets what is recorded, and adopt begins anew");
		return SD_EXIT_HISTORY;
	}
	if (session->globals.json)
		sd_json_names(begin_json(a), "current", &current);
	sd_brief(session, "adopted already, at %s",
		current.n ? current.at[0] : a->state.partial.revision);
	sd_say(session,
		"nothing to adopt: this database has schemadiff's own record already, at %s",
		current.n ? current.at[0] : a->state.partial.revision);
	return SD_EXIT_OK;
}

/* ---- the command ------------------------------------------------------------------------- */

static int
run(struct sd_session *session, const void *options, const struct sd_names *args)
{
	const struct options *o = options;
	const struct sd_adopt_options how = {
		.from = o->from, .table = o->table, .scratch_auto = o->scratch != NULL
	};
	struct sd_adoption a;

	(void)args;
	if (sd_adopt_look(session, &how, &a))
		return sd_session_exit(session, SD_EXIT_REFUSED);
	if (a.way == SD_ADOPT_DONE)
		return done(&a);
	say_found(&a);
	return a.way == SD_ADOPT_BEGIN ? begin(&a, o) : join(&a, o);
}

const struct sd_cmd sd_cmd_adopt = {
	.name = "adopt",
	.summary = "take over a database that another tool has migrated so far",
	.details =
		"Looks for the bookkeeping of Alembic, Flyway, Django, Prisma, dbmate, goose, "
		"golang-migrate, Rails, Sequel, Ecto, Knex, Liquibase and sqlx, and tells "
		"where "
		"that tool has left the database. What has failed or is half applied is "
		"refused, "
		"with what to do in that tool. It is only read, never written or dropped.\n\n"
		"In a project without revisions the schema files are written, if there are "
		"none, "
		"and a baseline like that of `autogenerate --baseline`, whose header says "
		"which "
		"versions of the tool it stands for; the database is recorded as at it.\n\n"
		"On every other database (-e prod) of the project the same command compares "
		"where "
		"the tool is there with that header, and the schema with what the baseline "
		"makes, "
		"and records the database as at the baseline. One that is behind or ahead is "
		"refused. Nothing runs.",
	.needs = SD_NEEDS_CONFIG | SD_NEEDS_TARGET,
	.many = true,
	.opts = opts,
	.n_opts = SD_COUNT(opts),
	.opts_size = sizeof(struct options),
	.run = run,
};
