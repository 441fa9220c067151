#include "cmd/commands.h"
#include "cmd/json_out.h"
#include "cmd/work/work.h"
#include "core/base/file.h"
#include "core/base/text.h"

#include <stddef.h>
#include <string.h>

struct options {
	const char *from, *to, *format;
};

static const char *const formats[] = { "text", "sql", "json", NULL };

static const struct sd_opt opts[] = {
	{ 0, "from", SD_OPT_TEXT, offsetof(struct options, from), "SRC",
		"what there is (default: the database)", NULL },
	{ 0, "to", SD_OPT_TEXT, offsetof(struct options, to), "SRC",
		"what is wanted (default: the schema files)", NULL },
	{ 0, "format", SD_OPT_WORD, offsetof(struct options, format), "FORMAT",
		"text (default), sql or json", formats },
};

static const struct sd_pos nowhere;

enum source_kind { FROM_TARGET, FROM_URL, FROM_SETTINGS, FROM_PATH, FROM_NOTHING };

/* One side of the comparison. */
struct source {
	enum source_kind kind;
	const char *text;        /* as given, or NULL */
	struct sd_target target; /* FROM_TARGET, FROM_URL */
	struct sd_db *db;
	struct sd_schema *schema;
};

struct comparison {
	struct sd_session *session;
	const struct options *opts;
	const struct sd_engine *engine;
	struct source from, to;
};

/* ---- sources ------------------------------------------------------------------------ */

static bool
is_database(const struct source *source)
{
	return source->kind == FROM_TARGET || source->kind == FROM_URL;
}

/* "scheme:…"; a drive letter is none. */
static bool
is_url(const char *text)
{
	size_t n = strspn(
		text, "abcdefghijklmnopqrstuvwxyzABCDEFGHIJKLMNOPQRSTUVWXYZ0123456789+-.");

	/* or libpq's own form */
	return n > 1 && (text[n] == ':' || (text[n] == '=' && strchr(text, ' ')));
}

static enum sd_status
refuse_source(struct sd_session *session, const struct source *source)
{
	const char *text = source->text;

	if (!sd_text_starts(text, "git:") && strcmp(text, "migrations") != 0 &&
		!sd_text_starts(text, "migrations@"))
		return SD_OK;
	sd_error(session->diags, nowhere,
		"\"%s\": this version of schemadiff cannot compare with %s", text,
		*text == 'g' ? "a git revision" : "what the migrations add up to");
	sd_hint(session->diags,
		"give a URL, a schema file or folder (./%s if that is meant), or empty", text);
	return SD_ERR;
}

static enum sd_status
parse_url(struct sd_session *session, struct source *source)
{
	const char *url;

	source->kind = FROM_URL;
	if (sd_expand(source->text, nowhere, session->arena, session->diags, &url) ||
		sd_url_parse(
			url, ".", nowhere, session->arena, session->diags, &source->target))
		return SD_ERR;
	if (!source->target.origin)
		source->target.origin = "the command line";
	return SD_OK;
}

static enum sd_status
parse_target(struct sd_session *session, struct source *source)
{
	source->kind = FROM_TARGET;
	if (!session->has_target && sd_session_open(session, SD_NEEDS_CONFIG | SD_NEEDS_TARGET))
		return SD_ERR;
	source->target = session->target;
	return SD_OK;
}

static enum sd_status
parse_source(struct sd_session *session, const char *text, enum source_kind otherwise,
	struct source *source)
{
	*source = (struct source){ .kind = otherwise, .text = text };
	if (!text)
		return otherwise == FROM_TARGET ? parse_target(session, source) : SD_OK;
	if (refuse_source(session, source))
		return SD_ERR;
	if (strcmp(text, "empty") == 0) {
		source->kind = FROM_NOTHING;
		return SD_OK;
	}
	source->kind = FROM_PATH;
	if (sd_file_exists(text))
		return SD_OK;
	if (is_url(text))
		return parse_url(session, source);
	return sd_error(session->diags, (struct sd_pos){ .file = text },
		"there is no such schema file or folder");
}

/* The engine whose rules the comparison follows: a database's, if there is one. */
static enum sd_status
choose_engine(struct comparison *c)
{
	const struct sd_dialect *from = is_database(&c->from) ? c->from.target.dialect : NULL;
	const struct sd_dialect *to = is_database(&c->to) ? c->to.target.dialect : NULL;
	const struct sd_dialect *dialect = from ? from : to;

	if (from && to && from != to)
		return sd_error(c->session->diags, nowhere,
			"a %s database cannot be compared with a %s one", from->name, to->name);
	c->engine = dialect ? sd_engine_find(dialect) : sd_work_engine(c->session);
	if (!c->engine && dialect)
		return sd_error(c->session->diags, nowhere,
			"this build can't work with %s databases", dialect->name);
	return c->engine ? SD_OK : SD_ERR;
}

/* ---- models ------------------------------------------------------------------------- */

static void
close_db(void *db)
{
	sd_db_close(db);
}

static enum sd_status
read_database(struct comparison *c, struct source *source, const struct sd_schema *other)
{
	source->db = sd_db_open(&source->target, SD_DB_READ, c->session->diags);
	if (!source->db)
		return SD_ERR;
	sd_arena_defer(c->session->arena, close_db, source->db);
	source->schema = sd_work_introspect(c->session, source->db, other);
	return source->schema ? SD_OK : SD_ERR;
}

static struct sd_schema *
read_path(struct comparison *c, const char *path)
{
	struct sd_session *session = c->session;
	struct sd_naming naming = sd_work_naming(session);
	struct sd_naming *kept = sd_new(session->arena, struct sd_naming);
	const struct sd_load_options options = {
		.dialect = c->engine->dialect,
		.version = sd_work_target_version(session, c->engine),
		.naming = kept,
		.manage = &session->settings.manage,
	};
	struct sd_names paths = { 0 };

	*kept = naming;
	*sd_push(session->arena, &paths) = path;
	return sd_load_paths(&options, &paths, session->arena, session->diags);
}

static enum sd_status
read_files(struct comparison *c, struct source *source)
{
	if (source->kind == FROM_SETTINGS)
		source->schema = sd_work_load(c->session, c->engine);
	else if (source->kind == FROM_PATH)
		source->schema = read_path(c, source->text);
	else
		source->schema = sd_schema_new(c->session->arena, c->engine->dialect,
			sd_work_target_version(c->session, c->engine));
	if (source->kind == FROM_NOTHING)
		sd_schema_finish(source->schema);
	return source->schema ? SD_OK : SD_ERR;
}

static bool
is_files(const struct source *source)
{
	return source->kind == FROM_PATH || source->kind == FROM_SETTINGS;
}

/* Kinds that only some files speak of (views, …) all count when the target is no file. */
static void
decide_kinds(struct comparison *c)
{
	for (enum sd_kind kind = 0; !is_files(&c->to) && kind < SD_KIND__MAX; kind++)
		c->to.schema->manages[kind] = true;
}

static enum sd_status
read_both(struct comparison *c)
{
	struct source *sides[] = { &c->from, &c->to };
	const struct sd_schema *files = NULL;
	enum sd_status status = SD_OK;

	for (size_t i = 0; i < SD_COUNT(sides); i++) {
		if (is_database(sides[i]))
			continue;
		if (read_files(c, sides[i]))
			status = SD_ERR;
		else
			files = sides[i]->schema;
	}
	for (size_t i = 0; status == SD_OK && i < SD_COUNT(sides); i++)
		if (is_database(sides[i]))
			status = read_database(c, sides[i], files);
	if (status == SD_OK)
		decide_kinds(c);
	return status;
}

/* Files leave open what a database has settled: the names of what they do not name, and
 * kinds that they do not speak of.  So a comparison always goes from a database to files,
 * and what was asked for is the way back of it. */
static struct sd_diff *
compare(struct comparison *c, struct sd_diff_options *options)
{
	struct sd_db *db = c->from.db ? c->from.db : c->to.db;
	bool turned = is_files(&c->from) && is_database(&c->to);
	struct sd_schema *from = turned ? c->to.schema : c->from.schema;
	struct sd_schema *into = turned ? c->from.schema : c->to.schema;
	struct sd_diff *diff = sd_work_compare(c->session, db, from, into, options), *back;

	if (!turned)
		return diff;
	back = sd_diff_reverse(diff, options, c->session->arena);
	memcpy(&back->unsupported, &diff->unsupported, sizeof back->unsupported);
	return back;
}

/* ---- showing ------------------------------------------------------------------------ */

static enum sd_status
show_sql(
	struct comparison *c, const struct sd_diff *diff, const struct sd_diff_options *options)
{
	struct sd_diff shown = *diff;
	struct sd_generated generated;

	/* Shown, not written: what may be a rename is the drop and the add that it looks
	 * like, and every hazard is allowed. */
	memset(&shown.ambiguous, 0, sizeof shown.ambiguous);
	if (!diff->changes.n)
		return SD_OK;
	if (sd_work_generate(c->session, c->engine, NULL, &shown, options, ~0u, &generated))
		return SD_ERR;
	if (c->session->globals.json)
		sd_json_text(sd_json_begin(c->session, "diff"), "sql", generated.up);
	else
		fputs(generated.up, c->session->out);
	return SD_OK;
}

static void
show_text(struct sd_session *session, const struct sd_diff *diff)
{
	struct sd_buf text = SD_BUF(session->arena);

	sd_render_text(diff, session->color_out, session->arena, &text);
	fputs(sd_buf_text(&text), session->out);
	if (sd_diff_empty(diff))
		sd_say(session, "no differences");
}

static enum sd_status
show(struct comparison *c, const struct sd_diff *diff, const struct sd_diff_options *options)
{
	struct sd_session *session = c->session;
	const char *format = c->opts->format ? c->opts->format : "text";

	/* The document that --json asks for is the one that --format json prints. */
	if (strcmp(format, "json") == 0)
		session->globals.json = true;
	if (session->globals.json) {
		struct sd_buf *json = sd_json_begin(session, "diff");

		sd_buf_addc(json, ',');
		sd_render_json(diff, session->arena, json);
	}
	if (strcmp(format, "sql") == 0)
		return show_sql(c, diff, options);
	if (!session->globals.json)
		show_text(session, diff);
	return SD_OK;
}

static int
run(struct sd_session *session, const void *options, const struct sd_names *args)
{
	struct comparison c = { .session = session, .opts = options };
	struct sd_diff_options diff_options;
	struct sd_diff *diff;

	(void)args;
	if (parse_source(session, c.opts->from, FROM_TARGET, &c.from) ||
		parse_source(session, c.opts->to, FROM_SETTINGS, &c.to) || choose_engine(&c) ||
		read_both(&c) || sd_work_diff_options(session, NULL, &diff_options))
		return sd_session_exit(session, SD_EXIT_INPUT);
	diff = compare(&c, &diff_options);
	if (show(&c, diff, &diff_options))
		return sd_session_exit(session, SD_EXIT_INPUT);
	return sd_session_exit(session, sd_diff_empty(diff) ? SD_EXIT_OK : SD_EXIT_DIFFERS);
}

const struct sd_cmd sd_cmd_diff = {
	.name = "diff",
	.summary = "show what differs between the database and the schema files",
	.details =
		"Compares two sources and shows what it takes to get from the one to the "
		"other: "
		"by default from the database to the schema files. A SRC is a database's URL, "
		"a "
		"schema file or a folder of them, or the word empty.\n\n"
		"Nothing is written, and nothing is asked: what may be a rename is shown as a "
		"drop and an add, with a note. The exit code is 1 when anything differs.",
	.needs = SD_NEEDS_CONFIG | SD_NEEDS_TARGET_TRY,
	.opts = opts,
	.n_opts = SD_COUNT(opts),
	.opts_size = sizeof(struct options),
	.run = run,
};
