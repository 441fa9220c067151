#include "cmd/many.h"

#include "cmd/json_out.h"
#include "cmd/work/environments.h"
#include "core/base/json.h"
#include "core/base/process.h"
#include "core/base/text.h"
#include "core/config/tenants.h"
#include "core/db/interrupt.h"

#include <errno.h>
#include <fcntl.h>
#include <signal.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <time.h>
#include <unistd.h>

#define USUAL_JOBS 4
#define MOST_JOBS 64
#define WAIT_MS 1000
#define SHOWN_NAMES 10   /* of a summary; all of them have their lines */
#define SHOWN_COUNTER 76 /* bytes of a line that is written over */

/* Tells a process of one environment that its result is waited for. */
#define VARIABLE "SCHEMADIFF_SAYS"

static const struct sd_pos nowhere;

enum state { WAITING, RUNNING, ENDED, NOT_RUN };

struct one {
	const char *name, *place; /* @place: see sd_work_place() */
	enum state state;
	int exit;              /* of what has ended */
	bool listed;           /* its tenants, at least: it is an environment */
	struct sd_child child; /* once it has ended */
	struct timespec since;
	double seconds;
};

struct many {
	struct sd_session *session;
	const struct sd_parsed *parsed;
	const char *program; /* path of the one that runs */
	struct one *all;
	size_t n, n_printed, n_ended, n_failed;
	struct sd_child *slots; /* what runs: as many as may run at once */
	struct one **who;       /* in which slot */
	size_t n_slots;
	bool one_place;    /* both streams go there: what one says the other needn't */
	bool line_is_open; /* the counter's, on a terminal */
};

/* ---- in the process of one environment -------------------------------------------------- */

int
sd_many_told_where(void)
{
	const char *value = getenv(VARIABLE);
	long fd = value ? strtol(value, NULL, 10) : 0;

	/* what this process starts is told nothing */
	(void)unsetenv(VARIABLE);
	if (fd != SD_SAYS_FD || fcntl(SD_SAYS_FD, F_SETFD, FD_CLOEXEC) < 0)
		return 0;
	/* nobody would tell what becomes of it */
	sd_process_ends_with_parent(SIGTERM, SD_SAYS_FD);
	return SD_SAYS_FD;
}

static const char *
first_error(const struct sd_session *session)
{
	for (size_t i = 0; i < session->diags->list.n; i++) {
		const struct sd_diag *diag = &session->diags->list.at[i];

		if (diag->severity != SD_SEV_ERROR)
			continue;
		if (!diag->pos.file)
			return diag->text;
		if (!diag->pos.line)
			return sd_fmt(session->arena, "%s: %s", diag->pos.file, diag->text);
		return sd_fmt(session->arena, "%s:%u: %s", diag->pos.file,
			(unsigned)diag->pos.line, diag->text);
	}
	return NULL;
}

void
sd_many_tell(const struct sd_session *session)
{
	const char *text = first_error(session);
	size_t n;
	ssize_t some;

	if (!session->says)
		return;
	text = text ? text : session->brief ? session->brief : "";
	text = sd_text_squeeze(
		session->arena, sd_diags_redact(session->diags, session->arena, text));
	for (n = strlen(text); n; n -= (size_t)some, text += some) {
		some = write(session->says, text, n);
		if (some < 0 && errno != EINTR)
			return;
		some = some < 0 ? 0 : some;
	}
}

/* ---- printing --------------------------------------------------------------------------- */

/* Result lines are results; with --json the document is, and they are for people. */
static FILE *
lines(const struct many *m)
{
	return m->session->globals.json ? m->session->err : m->session->out;
}

static void
end_counter(struct many *m)
{
	if (m->line_is_open)
		fputs("\r\033[K", m->session->err);
	m->line_is_open = false;
	fflush(m->session->err);
}

static void
show_counter(struct many *m)
{
	struct sd_session *session = m->session;
	struct sd_buf text = SD_BUF(session->arena);

	if (!session->err_is_tty || session->globals.quiet)
		return;
	sd_buf_addf(&text, "%zu of %zu", m->n_ended, m->n);
	if (m->n_failed)
		sd_buf_addf(&text, ", %zu failed", m->n_failed);
	for (size_t i = 0, k = 0; i < m->n_slots; i++)
		if (m->slots[i].pid)
			sd_buf_addf(&text, "%s%s", k++ ? ", " : "; now ", m->who[i]->name);
	fprintf(session->err, "\r%.*s\033[K",
		(int)sd_text_valid_utf8(
			sd_buf_text(&text), text.n < SHOWN_COUNTER ? text.n : SHOWN_COUNTER),
		sd_buf_text(&text));
	fflush(session->err);
	m->line_is_open = true;
}

/* @text on one line of its own, whatever is in it. */
static const char *
plain(struct sd_arena *arena, const char *text)
{
	char *copy = sd_strdup(arena, text);

	for (char *c = copy; *c; c++)
		if ((unsigned char)*c < ' ' || *c == 0x7f)
			*c = '?';
	return copy;
}

/* A line that reports something, or tells more of the report before. */
static bool
is_report(const char *line, bool behind_one)
{
	return strstr(line, "warning:") || strstr(line, "error:") ||
	       (behind_one && (strstr(line, "note:") || strstr(line, "hint:")));
}

static const char *
uncoloured(struct sd_arena *arena, const char *line)
{
	struct sd_buf out = SD_BUF(arena);

	for (const char *c = line; *c; c++) {
		if (*c == '\033')
			c += strcspn(c, "m");
		else
			sd_buf_addc(&out, *c);
		if (!*c)
			break;
	}
	return sd_buf_text(&out);
}

/* @line is the error that the result's line, @says, has told. */
static bool
is_told(const struct many *m, const char *line, const char *says)
{
	struct sd_arena *arena = m->session->arena;

	return m->one_place && *says &&
	       strcmp(sd_text_replace(arena, uncoloured(arena, line), "error: ", ""), says) ==
		       0;
}

/* The lines of @text behind @before; with @reports only those that report something. */
static void
show_text(struct many *m, FILE *to, const struct sd_buf *text, const char *before,
	const char *says, bool reports)
{
	const char *at = sd_buf_text(text);
	bool report = false;
	const char *line;
	size_t n;

	for (; *at; at += n + (at[n] == '\n')) {
		n = strcspn(at, "\n");
		line = sd_strndup(m->session->arena, at, n);
		report = is_report(line, report);
		if ((report || !reports) && !is_told(m, line, says))
			fprintf(to, n ? "%s%s\n" : "\n", before, line);
	}
}

/* "failed (4)", "interrupted", …; "" when all is well. */
static const char *
words(const struct many *m, const struct one *one)
{
	struct sd_arena *arena = m->session->arena;

	if (one->state == NOT_RUN)
		return "not run";
	if (one->child.signal && one->child.told)
		return "interrupted";
	if (one->child.signal)
		return sd_fmt(arena, "failed: ended by signal %d (%s)", one->child.signal,
			strsignal(one->child.signal));
	if (one->exit == SD_EXIT_DIFFERS)
		return "differs (1)";
	return one->exit ? sd_fmt(arena, "failed (%d)", one->exit) : "";
}

static void
print_one(struct many *m, const struct one *one)
{
	struct sd_session *session = m->session;
	struct sd_arena *arena = session->arena;
	const struct sd_buf *texts = one->child.text;
	const char *how = words(m, one);
	bool ended = one->state == ENDED && one->listed;
	const char *says = ended ? sd_buf_text(&texts[SD_STREAM_SAYS]) : "";
	bool failed = *how != '\0', whole = failed || !*says || session->globals.verbose;
	FILE *to = lines(m);

	if (!failed && !*says && (!ended || !texts[SD_STREAM_OUT].n))
		says = "done";
	fprintf(to, "%s:%s%s%s%s", plain(arena, one->name), failed ? " " : "", how,
		*says && failed ? ": "
		: *says         ? " "
				: "",
		plain(arena, says));
	if (ended)
		fprintf(to, " (%.1f s)", one->seconds);
	fputc('\n', to);
	if (!ended)
		return;
	if (whole && !session->globals.json)
		show_text(m, session->out, &texts[SD_STREAM_OUT], "  ", "", false);
	fflush(session->out);
	show_text(m, session->err, &texts[SD_STREAM_ERR],
		m->one_place ? "  " : sd_fmt(arena, "%s: ", plain(arena, one->name)), says,
		!failed && !session->globals.verbose);
	fflush(session->err);
}

/* In their order: what has ended waits for those before it. */
static void
print_ended(struct many *m)
{
	if (m->n_printed == m->n || m->all[m->n_printed].state < ENDED)
		return;
	end_counter(m);
	for (; m->n_printed < m->n && m->all[m->n_printed].state >= ENDED; m->n_printed++)
		print_one(m, &m->all[m->n_printed]);
	fflush(lines(m));
}

/* ---- running ---------------------------------------------------------------------------- */

static void
forward(void *ctx)
{
	struct many *m = ctx;

	for (size_t i = 0; i < m->n_slots; i++)
		sd_child_signal(&m->slots[i], sd_interrupted());
}

static void
ended(struct many *m, struct one *one, int exit)
{
	struct timespec now;

	(void)clock_gettime(CLOCK_MONOTONIC, &now);
	one->seconds = (double)(now.tv_sec - one->since.tv_sec) +
		       (double)(now.tv_nsec - one->since.tv_nsec) / 1e9;
	one->state = ENDED;
	one->exit = exit;
	m->n_ended++;
	m->n_failed += exit != SD_EXIT_OK;
}

static bool
any_runs(const struct many *m)
{
	for (size_t i = 0; i < m->n_slots; i++)
		if (m->slots[i].pid)
			return true;
	return false;
}

/* Where the system gives no more processes or descriptors, those that run make room: false. */
static bool
start(struct many *m, struct one *one, size_t slot)
{
	struct sd_session *session = m->session;
	struct sd_parsed parsed = *m->parsed;
	struct sd_diags unheard = { .arena = session->arena };
	struct sd_names argv = { 0 };
	bool alone = !any_runs(m);

	parsed.globals.envs = (struct sd_names){ 0 };
	*sd_push(session->arena, &parsed.globals.envs) =
		sd_env_quote(session->arena, one->name);
	parsed.globals.jobs = 0;
	parsed.globals.fail_fast = false;
	parsed.globals.color = session->color_out && session->color_err ? "always" : "never";
	*sd_push(session->arena, &argv) = parsed.program;
	sd_args_write(&parsed, session->arena, &argv);
	(void)clock_gettime(CLOCK_MONOTONIC, &one->since);
	one->state = RUNNING;
	m->who[slot] = NULL;
	if (sd_child_start(&m->slots[slot], m->program, &argv, VARIABLE, session->arena,
		    alone ? session->diags : &unheard)) {
		if (alone)
			ended(m, one, SD_EXIT_INPUT);
		else
			one->state = WAITING;
		return alone;
	}
	m->who[slot] = one;
	if (sd_interrupted() && !m->slots[slot].told) /* it came while this began */
		sd_child_signal(&m->slots[slot], sd_interrupted());
	return true;
}

/* Two names of one database run one after another. */
static bool
is_busy(const struct many *m, const struct one *one)
{
	for (size_t i = 0; one->place && i < m->n_slots; i++)
		if (m->slots[i].pid && sd_text_equal(m->who[i]->place, one->place))
			return true;
	return false;
}

static struct one *
next(const struct many *m)
{
	for (size_t i = m->n_printed; i < m->n; i++)
		if (m->all[i].state == WAITING && !is_busy(m, &m->all[i]))
			return &m->all[i];
	return NULL;
}

static void
take_ended(struct many *m)
{
	for (size_t i = 0; i < m->n_slots; i++) {
		struct one *one = m->who[i];
		struct sd_child *child = &m->slots[i];

		if (!one || child->pid || one->state != RUNNING)
			continue;
		one->child = *child;
		ended(m, one, child->signal ? SD_EXIT_DATABASE : child->code);
		m->who[i] = NULL;
	}
}

static void
fill_slots(struct many *m)
{
	for (size_t i = 0; i < m->n_slots; i++) {
		struct one *one;

		if (m->slots[i].pid || sd_interrupted() ||
			(m->n_failed && m->session->globals.fail_fast))
			continue;
		one = next(m);
		if (!one || !start(m, one, i))
			return;
	}
}

static void
run_all(struct many *m)
{
	sd_interrupt_forwards(forward, m);
	for (;;) {
		fill_slots(m);
		print_ended(m);
		if (!any_runs(m))
			break;
		show_counter(m);
		sd_children_wait(m->slots, m->n_slots, WAIT_MS);
		take_ended(m);
	}
	sd_interrupt_forwards(NULL, NULL);
	for (size_t i = 0; i < m->n; i++)
		if (m->all[i].state == WAITING)
			m->all[i].state = NOT_RUN;
	print_ended(m);
}

/* ---- the result ------------------------------------------------------------------------- */

/* 2 before 4, then 3, 5 and 1, as everywhere. */
static int
exit_of_all(const struct many *m)
{
	static const int order[] = { SD_EXIT_INPUT, SD_EXIT_DATABASE, SD_EXIT_HISTORY,
		SD_EXIT_REFUSED, SD_EXIT_DIFFERS };

	for (size_t k = 0; k < SD_COUNT(order); k++)
		for (size_t i = 0; i < m->n; i++)
			if (m->all[i].state == ENDED && m->all[i].exit == order[k])
				return order[k];
	return m->n_failed ? SD_EXIT_DATABASE : SD_EXIT_OK;
}

static size_t
count(const struct many *m, const char *word)
{
	size_t n = 0;

	for (size_t i = 0; i < m->n; i++)
		n += sd_text_starts(words(m, &m->all[i]), word) &&
		     (*word || !*words(m, &m->all[i]));
	return n;
}

/* " (prod/acme, prod/beta)" */
static void
add_names(const struct many *m, const char *begins, struct sd_buf *text)
{
	const char *before = " (";

	for (size_t i = 0; i < m->n; i++) {
		if (!sd_text_starts(words(m, &m->all[i]), begins))
			continue;
		sd_buf_addf(text, "%s%s", before, plain(m->session->arena, m->all[i].name));
		before = ", ";
	}
	sd_buf_addc(text, ')');
}

/* "3 environments: 2 done, 1 failed (prod/beta)" */
static const char *
summary(const struct many *m)
{
	static const struct {
		const char *begins, *word;
	} kinds[] = { { "", "done" }, { "differs", "differ" }, { "failed", "failed" },
		{ "interrupted", "interrupted" }, { "not run", "not run" } };
	struct sd_buf text = SD_BUF(m->session->arena);
	size_t n, named = 0;

	sd_buf_addf(&text, "%zu environment%s:", m->n, m->n == 1 ? "" : "s");
	for (size_t k = 0; k < SD_COUNT(kinds); k++) {
		n = count(m, kinds[k].begins);
		if (!n)
			continue;
		sd_buf_addf(&text, "%s %zu %s", named++ ? "," : "", n, kinds[k].word);
		if (*kinds[k].begins && n <= SHOWN_NAMES)
			add_names(m, kinds[k].begins, &text);
	}
	return sd_buf_text(&text);
}

/* What a process printed, when that is one JSON document. */
static const char *
document(const struct many *m, const struct one *one)
{
	const struct sd_buf *text = &one->child.text[SD_STREAM_OUT];
	struct sd_diags unheard = { .arena = m->session->arena };
	const char *trimmed;

	if (one->state != ENDED || !one->listed || !text->n)
		return NULL;
	trimmed = sd_text_trim(m->session->arena, sd_buf_text(text));
	return sd_json_parse(one->name, trimmed, strlen(trimmed), m->session->arena, &unheard)
		       ? trimmed
		       : NULL;
}

static const char *
json_result(const struct one *one)
{
	if (one->state == NOT_RUN)
		return "not run";
	if (one->child.signal && one->child.told)
		return "interrupted";
	if (one->exit == SD_EXIT_DIFFERS)
		return "differs";
	return one->exit ? "failed" : "done";
}

static void
write_json(struct many *m)
{
	struct sd_buf *json = sd_json_begin(m->session, m->session->command);

	sd_json_open(json, "environments", '[');
	for (size_t i = 0; i < m->n; i++) {
		const struct one *one = &m->all[i];
		const char *doc = document(m, one);

		sd_json_open(json, NULL, '{');
		sd_json_text(json, "environment", one->name);
		sd_json_text(json, "result", json_result(one));
		if (one->state == ENDED && !one->child.signal)
			sd_json_number(json, "exit", one->exit);
		else
			sd_json_raw(json, "exit", "null");
		sd_json_number(json, "duration_ms", (long)(one->seconds * 1000));
		sd_json_raw(json, "document", doc ? doc : "null");
		sd_json_close(json, '}');
	}
	sd_json_close(json, ']');
}

static int
finish(struct many *m)
{
	int code = exit_of_all(m);

	if (m->session->globals.json)
		write_json(m);
	if (code > SD_EXIT_DIFFERS)
		sd_fail(m->session->diags, (enum sd_class)code, nowhere, "%s", summary(m));
	else
		sd_say(m->session, "%s", summary(m));
	return code;
}

/* ---- what is to be run ------------------------------------------------------------------ */

/* What is one file, or one document that a program reads, can't be several. */
static enum sd_status
check_option(struct sd_session *session, const struct sd_opt *opt, const void *opts)
{
	static const char *const fine[] = { "text", "github", NULL };
	const void *at = (const char *)opts + opt->offset;
	bool given =
		opt->type == SD_OPT_FLAG ? *(const bool *)at : *(const char *const *)at != NULL;

	if (strcmp(opt->name, "format") == 0 && given)
		for (size_t i = 0; fine[i]; i++)
			given &= strcmp(fine[i], *(const char *const *)at) != 0;
	else if (strcmp(opt->name, "output") != 0 && strcmp(opt->name, "sql") != 0)
		return SD_OK;
	if (!given)
		return SD_OK;
	sd_error(session->diags, nowhere,
		"--%s is for one environment, and -e \"%s\" may choose several", opt->name,
		session->globals.env);
	sd_hint(session->diags, "--json prints one document for all of them");
	return SD_ERR;
}

static const char *
commands_that_do(struct sd_arena *arena)
{
	struct sd_buf text = SD_BUF(arena);

	for (size_t i = 0; sd_cmds[i]; i++) {
		if (!sd_cmds[i]->many)
			continue;
		sd_buf_sep(&text, ", ");
		sd_buf_add(&text, sd_cmds[i]->name);
	}
	return sd_buf_text(&text);
}

static enum sd_status
check(struct sd_session *session, const struct sd_parsed *parsed)
{
	const struct sd_globals *globals = &session->globals;

	if (!parsed->cmd->many) {
		sd_error(session->diags, nowhere,
			"%s works on one environment, and -e \"%s\" may choose several",
			parsed->cmd->name, globals->env);
		sd_hint(session->diags, "several are for: %s",
			commands_that_do(session->arena));
		return SD_ERR;
	}
	if (globals->url)
		return sd_error(session->diags, nowhere,
			"--url names one database, and -e \"%s\" may choose several",
			globals->env);
	if (globals->jobs > MOST_JOBS)
		return sd_error(session->diags, nowhere, "--jobs %u: expected at most %d",
			globals->jobs, MOST_JOBS);
	for (size_t i = 0; i < parsed->cmd->n_opts; i++)
		if (check_option(session, &parsed->cmd->opts[i], parsed->opts))
			return SD_ERR;
	return SD_OK;
}

/* Where the one stream is seen, the other is. */
static bool
same_place(FILE *a, FILE *b)
{
	struct stat one, other;

	return fstat(fileno(a), &one) == 0 && fstat(fileno(b), &other) == 0 &&
	       one.st_dev == other.st_dev && one.st_ino == other.st_ino;
}

static void
prepare(struct many *m, const struct sd_choices *choices)
{
	struct sd_session *session = m->session;
	unsigned jobs = session->globals.jobs ? session->globals.jobs : USUAL_JOBS;

	m->one_place = session->globals.json || same_place(session->out, session->err);
	m->program = sd_process_self(m->parsed->program);
	m->n = choices->n;
	m->all = sd_new_array(session->arena, m->n, struct one);
	m->n_slots = jobs < m->n ? jobs : m->n;
	m->slots = sd_new_array(session->arena, m->n_slots, struct sd_child);
	m->who = sd_new_array(session->arena, m->n_slots, struct one *);
	for (size_t i = 0; i < m->n; i++) {
		struct one *one = &m->all[i];

		one->name = choices->at[i].name;
		one->listed = !choices->at[i].failed;
		if (!one->listed) {
			one->state = ENDED;
			one->exit = choices->at[i].failed;
			m->n_ended++;
			m->n_failed++;
		} else if (m->n_slots > 1) {
			one->place = sd_work_place(session, one->name);
		}
	}
}

int
sd_many_run(struct sd_session *session, const struct sd_parsed *parsed)
{
	struct many m = { .session = session, .parsed = parsed };
	struct sd_choices choices = { 0 };
	const char *pattern = session->globals.env;

	if (!pattern || !sd_env_is_pattern(pattern))
		return SD_MANY_NOT;
	if (sd_config_load(session->tree, session->globals.config, session->arena,
		    session->diags, &session->config))
		return SD_EXIT_INPUT;
	if (sd_config_environment(&session->config, pattern))
		return SD_MANY_NOT;
	if (check(session, parsed) || sd_work_environments(session, pattern, &choices))
		return SD_EXIT_INPUT;
	sd_session_flush(session);
	prepare(&m, &choices);
	run_all(&m);
	return finish(&m);
}
