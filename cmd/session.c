/* The frame around a command: what it needs is opened before it runs, what it reported is
 * printed after it, and the exit code follows from both. */
#include "cmd/args.h"
#include "cmd/json_out.h"
#include "cmd/many.h"
#include "core/base/text.h"
#include "core/config/tenants.h"
#include "core/history/state.h"

#include <stdarg.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

static const struct sd_pos nowhere;

/* ---- printing --------------------------------------------------------------------- */

void
sd_session_flush(struct sd_session *session)
{
	struct sd_buf text = SD_BUF(session->arena);

	if (session->n_printed == session->diags->list.n)
		return;
	sd_diags_format(session->diags, session->n_printed, session->color_err, &text);
	session->n_printed = session->diags->list.n;
	fputs(sd_buf_text(&text), session->err);
	fflush(session->err);
}

int
sd_session_exit(const struct sd_session *session, int otherwise)
{
	int code = sd_diags_exit(session->diags);

	return code ? code : otherwise;
}

void
sd_say(struct sd_session *session, const char *format, ...)
{
	const char *text;
	va_list args;
	size_t n;

	if (session->globals.quiet)
		return;
	fflush(session->out); /* what was printed before comes before, even in one pipe */
	va_start(args, format);
	text = sd_vfmt(session->arena, format, args);
	va_end(args);
	n = strlen(text);
	sd_session_flush(session);
	fputs(sd_diags_redact(session->diags, session->arena, text), session->err);
	if (!n || text[n - 1] != '\n')
		fputc('\n', session->err);
	fflush(session->err);
}

void
sd_brief(struct sd_session *session, const char *format, ...)
{
	va_list args;

	va_start(args, format);
	session->brief = sd_vfmt(session->arena, format, args);
	va_end(args);
}

void
sd_say_target(struct sd_session *session)
{
	sd_say(session, "target: %s (%s%s)", session->target.masked, session->target.origin,
		session->target.is_protected ? ", protected" : "");
}

/* ---- opening ---------------------------------------------------------------------- */

static const struct sd_engine *
find_engine(struct sd_session *session, const struct sd_dialect *dialect)
{
	const struct sd_engine *engine = sd_engine_find(dialect);
	struct sd_buf names = SD_BUF(session->arena);

	if (engine)
		return engine;
	for (size_t i = 0; sd_engines[i].dialect; i++) {
		sd_buf_sep(&names, ", ");
		sd_buf_add(&names, sd_engines[i].dialect->name);
	}
	sd_error(session->diags, nowhere,
		"this build can't work with %s databases; it can with %s", dialect->name,
		sd_buf_text(&names));
	return NULL;
}

static enum sd_status
choose_dialect(struct sd_session *session)
{
	const char *name = session->globals.dialect;
	const struct sd_dialect *dialect;
	struct sd_buf names = SD_BUF(session->arena);

	if (!name)
		return SD_OK;
	dialect = sd_dialect_find(name);
	if (dialect) {
		session->engine = find_engine(session, dialect);
		return session->engine ? SD_OK : SD_ERR;
	}
	for (size_t i = 0; sd_engines[i].dialect; i++) {
		sd_buf_sep(&names, ", ");
		sd_buf_add(&names, sd_engines[i].dialect->name);
	}
	sd_error(session->diags, nowhere, "--dialect: there is no dialect \"%s\"", name);
	sd_hint(session->diags, "dialects: %s", sd_buf_text(&names));
	return SD_ERR;
}

static void
choose_environment(struct sd_session *session, const struct sd_environment *environment)
{
	session->environment = environment ? environment->name : NULL;
	session->settings = environment ? environment->settings : session->config.settings;
}

/* The environment of a command that touches no database. */
static enum sd_status
choose_settings(struct sd_session *session)
{
	const struct sd_config *config = &session->config;
	const char *name = session->chosen;
	const struct sd_environment *environment;
	struct sd_url_sources sources = { NULL, name };
	struct sd_target unused;

	if (!name && !session->globals.url)
		name = config->default_environment;
	environment = name ? sd_config_environment(config, name) : NULL;
	if (session->chosen && !environment) /* who resolves it reports it, too */
		return sd_url_resolve(config, &sources, session->arena, session->diags, &unused,
			&environment);
	choose_environment(session, environment);
	return SD_OK;
}

static enum sd_status
no_target(struct sd_session *session)
{
	sd_error(session->diags, nowhere, "no database is named");
	if (session->config.environments.n)
		sd_hint(session->diags,
			"choose an environment of %s with -e (the first is \"%s\"), or give "
			"--url sqlite:app.db",
			session->config.path, session->config.environments.at[0].name);
	else
		sd_hint(session->diags,
			"give --url sqlite:app.db, or set DATABASE_URL, or let `schemadiff "
			"init` write a configuration that names one");
	return SD_ERR;
}

/* A default target that does not resolve must not keep a command from working without one;
 * yet what was found out about secrets counts. */
static enum sd_status
try_target(struct sd_session *session, const struct sd_url_sources *sources,
	const struct sd_environment **environment)
{
	struct sd_diags unheard = { .arena = session->arena };
	enum sd_status status = sd_url_resolve(&session->config, sources, session->arena,
		&unheard, &session->target, environment);

	for (size_t i = 0; i < unheard.secrets.n; i++)
		*sd_push(session->arena, &session->diags->secrets) = unheard.secrets.at[i];
	if (status || !sd_engine_find(session->target.dialect))
		return SD_NOTFOUND;
	return SD_OK;
}

/* --dialect speaks of another engine than that of the database: one that is only the default is
 * passed over, where the command can do without (SD_NOTFOUND). */
static enum sd_status
check_dialect(struct sd_session *session, unsigned needs, const struct sd_url_sources *sources)
{
	const struct sd_engine *wanted = session->engine;

	if (!session->globals.dialect || wanted->dialect == session->target.dialect)
		return SD_OK;
	if (!sources->url && !sources->environment && !(needs & SD_NEEDS_TARGET)) {
		session->target = (struct sd_target){ 0 };
		return SD_NOTFOUND;
	}
	sd_error(session->diags, nowhere, "--dialect %s: the database is of %s (%s)",
		wanted->dialect->name, session->target.dialect->name, session->target.origin);
	sd_hint(session->diags, "-e ENV or --url names one of %s", wanted->dialect->name);
	return SD_ERR;
}

static enum sd_status
open_target(struct sd_session *session, unsigned needs)
{
	const struct sd_url_sources sources = { session->globals.url, session->chosen };
	const struct sd_environment *environment = NULL;
	enum sd_status status;

	if ((needs & SD_NEEDS_TARGET_TRY) && !sources.url && !sources.environment)
		status = try_target(session, &sources, &environment);
	else
		status = sd_url_resolve(&session->config, &sources, session->arena,
			session->diags, &session->target, &environment);
	if (status == SD_OK)
		status = check_dialect(session, needs, &sources);
	if (status == SD_ERR)
		return SD_ERR;
	if (status == SD_NOTFOUND)
		return needs & SD_NEEDS_TARGET ? no_target(session) : choose_settings(session);
	choose_environment(session, environment);
	session->engine = find_engine(session, session->target.dialect);
	session->has_target = session->engine != NULL;
	return session->has_target ? SD_OK : SD_ERR;
}

enum sd_status
sd_session_open(struct sd_session *session, unsigned needs)
{
	const unsigned target = SD_NEEDS_TARGET | SD_NEEDS_TARGET_IF | SD_NEEDS_TARGET_TRY;

	if (!needs)
		return SD_OK;
	if (choose_dialect(session))
		return SD_ERR;
	if (sd_config_load(session->tree, session->globals.config, session->arena,
		    session->diags, &session->config))
		return SD_ERR;
	if (session->globals.env && sd_config_choose(&session->config, session->globals.env,
					    session->arena, session->diags, &session->chosen))
		return SD_ERR;
	return needs & target ? open_target(session, needs) : choose_settings(session);
}

/* ---- running ---------------------------------------------------------------------- */

static bool
wants_color(const char *when, FILE *file)
{
	const char *no = getenv("NO_COLOR"), *term = getenv("TERM");

	if (when && strcmp(when, "auto") != 0)
		return strcmp(when, "always") == 0;
	if ((no && *no) || (term && strcmp(term, "dumb") == 0))
		return false;
	return isatty(fileno(file)) == 1;
}

static int
print_version(struct sd_session *session)
{
	struct sd_names names = { 0 };
	struct sd_buf *json;

	for (size_t i = 0; sd_engines[i].dialect; i++)
		*sd_push(session->arena, &names) = sd_fmt(session->arena, "%s %s",
			sd_engines[i].dialect->name, sd_engines[i].driver->library());
	if (session->globals.json) {
		json = sd_json_begin(session, session->command);
		sd_json_text(json, "program", SD_TOOL_VERSION);
		sd_json_names(json, "engines", &names);
		return SD_EXIT_OK;
	}
	fprintf(session->out, "schemadiff %s (", SD_TOOL_VERSION);
	for (size_t i = 0; i < names.n; i++)
		fprintf(session->out, "%s%s", i ? ", " : "", names.at[i]);
	fputs(")\n", session->out);
	return SD_EXIT_OK;
}

static int
print_help(struct sd_session *session, const struct sd_cmd *cmd)
{
	struct sd_buf text = SD_BUF(session->arena);

	if (!session->globals.json) {
		sd_help_print(cmd, session->out);
		return SD_EXIT_OK;
	}
	sd_help_write(cmd, &text);
	sd_json_text(sd_json_begin(session, session->command), "text", sd_buf_text(&text));
	return SD_EXIT_OK;
}

static int
run(struct sd_session *session, const struct sd_parsed *parsed)
{
	int code;

	if (parsed->globals.version)
		return print_version(session);
	if (parsed->globals.help)
		return print_help(session, parsed->cmd);
	if (!parsed->cmd) {
		if (!session->globals.json)
			sd_help_print(NULL, session->err);
		sd_error(session->diags, nowhere, "expected a command");
		return SD_EXIT_INPUT;
	}
	code = sd_many_run(session, parsed);
	if (code != SD_MANY_NOT)
		return code;
	if (sd_session_open(session, parsed->cmd->needs))
		return SD_EXIT_INPUT;
	return parsed->cmd->run(session, parsed->opts, &parsed->args);
}

/* A mistake, --help and --version end the parsing: --json may stand behind them. */
static bool
asks_for_json(int argc, char **argv)
{
	for (int i = 1; i < argc && strcmp(argv[i], "--") != 0; i++)
		if (strcmp(argv[i], "--json") == 0)
			return true;
	return false;
}

static int
finish(struct sd_session *session, int code)
{
	struct sd_buf document = SD_BUF(session->arena);

	code = sd_session_exit(session, code);
	sd_session_flush(session);
	sd_many_tell(session);
	if (session->globals.json) {
		sd_json_finish(session, code, &document);
		fputs(sd_buf_text(&document), session->out);
	}
	if (fflush(session->out) || ferror(session->out)) {
		fputs("error: the results could not be written to the standard output\n",
			session->err);
		code = code ? code : SD_EXIT_INPUT;
	}
	return code;
}

int
sd_main(int argc, char **argv, FILE *out, FILE *err)
{
	struct sd_arena *arena = sd_arena_new();
	struct sd_diags diags = { .arena = arena };
	struct sd_session session = { .arena = arena, .diags = &diags, .out = out, .err = err };
	struct sd_parsed parsed;
	int code = SD_EXIT_INPUT;
	bool understood = sd_args_parse(argc, argv, arena, &diags, &parsed) == SD_OK;

	session.says = sd_many_told_where();
	session.globals = parsed.globals;
	session.command = parsed.cmd ? parsed.cmd->name : NULL;
	session.color_out = wants_color(parsed.globals.color, out);
	session.color_err = wants_color(parsed.globals.color, err);
	session.err_is_tty = isatty(fileno(err)) == 1;
	session.in_is_tty = isatty(STDIN_FILENO) == 1;
	if (!understood || parsed.globals.help || parsed.globals.version)
		session.globals.json = asks_for_json(argc, argv);
	if (understood)
		code = run(&session, &parsed);
	sd_session_flush(&session);
	if (!understood && parsed.usage)
		fprintf(err, "%s\n", sd_usage(parsed.cmd, arena));
	code = finish(&session, code);
	sd_arena_free(arena);
	return code;
}
