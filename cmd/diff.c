#include "cmd/commands.h"
#include "cmd/json_out.h"
#include "cmd/work/source.h"
#include "core/base/text.h"

#include <stddef.h>
#include <string.h>

struct options {
	const char *from, *to, *format, *scratch;
};

enum format { TEXT, SQL, JSON, MARKDOWN, HTML };

static const char *const format_words[] = {
	[TEXT] = "text",
	[SQL] = "sql",
	[JSON] = "json",
	[MARKDOWN] = "markdown",
	[HTML] = "html",
	NULL,
};

static const struct {
	sd_show_fn *show; /* NULL: the document that --json prints */
	bool needs_sql;   /* it shows the statements */
	bool whole;       /* a document: there is one when nothing differs, too */
} formats[] = {
	[TEXT] = { sd_show_text, false, false },
	[SQL] = { sd_show_sql, true, false },
	[JSON] = { NULL, false, true },
	[MARKDOWN] = { sd_show_markdown, true, true },
	[HTML] = { sd_show_html, true, true },
};

static const struct sd_opt opts[] = {
	{ 0, "from", SD_OPT_TEXT, offsetof(struct options, from), "SRC",
		"what there is (default: the database)", NULL },
	{ 0, "to", SD_OPT_TEXT, offsetof(struct options, to), "SRC",
		"what is wanted (default: the schema files)", NULL },
	{ 0, "format", SD_OPT_WORD, offsetof(struct options, format), "FORMAT",
		"text (default), sql, json, markdown or html", format_words },
	{ 0, "scratch", SD_OPT_WORD, offsetof(struct options, scratch), "auto",
		"replay migrations in a temporary database on the target's server",
		sd_scratch_words },
};

static const struct sd_pos nowhere;

struct comparison {
	struct sd_session *session;
	const struct options *opts;
	const struct sd_engine *engine;
	struct sd_source from, to;
};

/* ---- models ------------------------------------------------------------------------- */

/* The engine whose rules the comparison follows: a database's, if there is one. */
static enum sd_status
choose_engine(struct comparison *c)
{
	const struct sd_dialect *from = c->from.target.dialect, *to = c->to.target.dialect;
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

/* Kinds that only some files speak of (views, …) all count when the target is no file. */
static void
decide_kinds(struct comparison *c)
{
	for (enum sd_kind kind = 0; !sd_source_is_files(&c->to) && kind < SD_KIND__MAX; kind++)
		c->to.schema->manages[kind] = true;
}

/* Files first: they may name tables that are otherwise left alone in a database. */
static enum sd_status
read_both(struct comparison *c)
{
	struct sd_source *sides[] = { &c->from, &c->to };
	const struct sd_schema *files = NULL;
	enum sd_status status = SD_OK;

	for (int databases = 0; databases < 2; databases++) {
		for (size_t i = 0; i < SD_COUNT(sides); i++) {
			if (sd_source_is_database(sides[i]) != (databases == 1))
				continue;
			if (databases && status)
				return SD_ERR;
			if (sd_source_read(c->session, c->engine, sides[i],
				    c->opts->scratch != NULL, files))
				status = SD_ERR;
			else if (!databases)
				files = sides[i]->schema;
		}
	}
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
	bool turned = sd_source_is_files(&c->from) && sd_source_is_database(&c->to);
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

/* Plan what is shown, with every hazard allowed: nothing is written.  What keeps it from being
 * planned is part of what is shown. */
static void
make_plan(struct comparison *c, const struct sd_diff *diff, bool needs_sql,
	struct sd_shown *shown)
{
	struct sd_session *session = c->session;
	struct sd_diags why = { .arena = session->arena };
	struct sd_buf sql = SD_BUF(session->arena);
	const struct sd_renderer *renderer = c->engine->renderer;
	struct sd_plan *plan = sd_plan_make(diff, &renderer->strategy,
		sd_work_target_version(session, c->engine), false, ~0u, session->arena, &why);

	shown->plan = plan;
	for (size_t i = 0; !plan && i < why.list.n; i++)
		*sd_push(session->arena, &shown->refusals) = why.list.at[i].text;
	for (size_t i = 0; plan && i < plan->refusals.n; i++)
		*sd_push(session->arena, &shown->refusals) = plan->refusals.at[i].text;
	if (shown->refusals.n || !needs_sql || !diff->changes.n)
		return;
	plan->online = !session->settings.online_off;
	renderer->part(plan, session->arena, &sql);
	shown->sql = sd_buf_text(&sql);
}

/* --format sql gives statements, or says why there are none. */
static enum sd_status
refuse(struct sd_session *session, const struct sd_shown *shown)
{
	for (size_t i = 0; i < shown->refusals.n; i++)
		sd_fail(session->diags, SD_CLASS_REFUSED, nowhere, "%s", shown->refusals.at[i]);
	return shown->refusals.n ? SD_ERR : SD_OK;
}

static enum format
find_format(const char *word)
{
	size_t i = TEXT;

	while (word && strcmp(format_words[i], word) != 0)
		i++;
	return (enum format)i;
}

/* With --json what would be printed is a member of the document, beside the comparison. */
static void
show_in_json(struct sd_session *session, const struct sd_shown *shown, enum format format)
{
	struct sd_buf *json = sd_json_begin(session, "diff");
	struct sd_buf text = SD_BUF(session->arena);

	sd_buf_addc(json, ',');
	sd_show_json(shown, session->arena, json);
	if (!formats[format].needs_sql)
		return;
	formats[format].show(shown, session->arena, &text);
	sd_json_text(json, format_words[format], sd_buf_text(&text));
}

static enum sd_status
show(struct comparison *c, const struct sd_diff *diff)
{
	struct sd_session *session = c->session;
	enum format format = find_format(c->opts->format);
	struct sd_buf text = SD_BUF(session->arena);
	struct sd_shown shown = {
		.diff = diff,
		.from = sd_source_name(&c->from),
		.into = sd_source_name(&c->to),
		.undecided = !c->from.db && !c->to.db,
		.color = session->color_out,
	};

	if (sd_source_is_database(&c->to) && strcmp(shown.from, shown.into) == 0)
		shown.into = "another one";
	if (format == JSON)
		session->globals.json = true;
	make_plan(c, diff, formats[format].needs_sql, &shown);
	if (format == SQL && refuse(session, &shown))
		return SD_ERR;
	if (session->globals.json) {
		show_in_json(session, &shown, format);
		return SD_OK;
	}
	formats[format].show(&shown, session->arena, &text);
	fputs(sd_buf_text(&text), session->out);
	if (sd_diff_empty(diff) && !formats[format].whole)
		sd_say(session, "no differences");
	if (sd_diff_empty(diff) && format == TEXT)
		sd_brief(session, "no differences");
	return SD_OK;
}

static int
run(struct sd_session *session, const void *options, const struct sd_names *args)
{
	struct comparison c = { .session = session, .opts = options };
	struct sd_diff_options diff_options;
	struct sd_diff *diff;

	(void)args;
	if (sd_sources_parse(session, c.opts->from, c.opts->to, &c.from, &c.to) ||
		choose_engine(&c) || read_both(&c) || sd_work_diff_options(session, NULL, &diff_options))
		return sd_session_exit(session, SD_EXIT_INPUT);
	diff = compare(&c, &diff_options);
	if (show(&c, diff))
		return sd_session_exit(session, SD_EXIT_INPUT);
	return sd_session_exit(session, sd_diff_empty(diff) ? SD_EXIT_OK : SD_EXIT_DIFFERS);
}

const struct sd_cmd sd_cmd_diff = {
	.name = "diff",
	.summary = "show what differs between the database and the schema files",
	.details =
		"Compares two sources and shows what it takes to get from the one to the "
		"other: "
		"by default from the database to the schema files. A SRC is a database's URL; "
		"a schema file or a folder of them; git:REV, the schema files as they are at a "
		"revision of git (git:main, git:HEAD~3, a tag; git:index is what is staged); "
		"migrations or migrations@REV, what the scripts add up to; or the word empty. "
		"git:A..B names both sides at once, and git:A...B what B's branch did since it "
		"left A.\n\n"
		"Nothing is written, and nothing is asked: what may be a rename is shown as a "
		"drop and an add, with a note. The exit code is 1 when anything differs.\n\n"
		"--format markdown is for a comment on a pull request: it escapes what names "
		"hold, and stays below GitHub's limit. --format html is one page that needs "
		"nothing else. Both carry the SQL, folded away; --format sql is that alone.",
	.needs = SD_NEEDS_CONFIG | SD_NEEDS_TARGET_TRY,
	.opts = opts,
	.n_opts = SD_COUNT(opts),
	.opts_size = sizeof(struct options),
	.run = run,
	.many = true,
};
