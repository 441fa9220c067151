/* upgrade --dry-run, downgrade --dry-run: what the run itself finds before it begins. */
#include "cmd/json_out.h"
#include "cmd/look.h"
#include "cmd/run_progress.h"
#include "core/base/text.h"

static const char *const step_words[] = {
	[SD_STEP_RUN] = "run",
	[SD_STEP_EXPECT_NONE] = "expect-none",
	[SD_STEP_ONLY_IF] = "only-if",
	[SD_STEP_BATCH] = "batch",
};

/* What an earlier run has left of a statement. */
enum left { LEFT_ALL, LEFT_NOTHING, LEFT_A_PART, LEFT_IN_DOUBT };

static const char *const left_words[] = {
	[LEFT_ALL] = "to do",
	[LEFT_NOTHING] = "done",
	[LEFT_A_PART] = "begun",
	[LEFT_IN_DOUBT] = "in doubt",
};

/* What is left of statement @i of the revision that comes first. */
static enum left
left_of(const struct sd_forecast *forecast, size_t i)
{
	if (i < forecast->done)
		return LEFT_NOTHING;
	if (i > forecast->done)
		return LEFT_ALL;
	if (forecast->in_doubt)
		return LEFT_IN_DOUBT;
	return forecast->begun ? LEFT_A_PART : LEFT_ALL;
}

static const struct sd_part_script *
part_of(const struct sd_runner *r, const struct sd_script *script)
{
	return r->direction == SD_UP ? &script->up : &script->down;
}

/* ---- for people --------------------------------------------------------------------- */

static void
list_steps(struct sd_runner *r, const char *path, const struct sd_part_script *part,
	const struct sd_forecast *forecast)
{
	FILE *out = r->session->out;

	if (part->foreign_keys_off)
		fprintf(out, "  %s:%u: (foreign keys off)\n", path, (unsigned)part->line);
	for (size_t i = 0; i < part->steps.n; i++) {
		const struct sd_step *step = &part->steps.at[i];
		const char *word = step->kind == SD_STEP_RUN ? "" : step_words[step->kind];
		enum left left = left_of(forecast, i);

		fprintf(out, "  %s:%u: ", path, (unsigned)step->line);
		if (left != LEFT_ALL)
			fprintf(out, "(%s) ", left_words[left]);
		fprintf(out, "%s%s%s\n", word, *word ? ": " : "",
			sd_runner_statement(r->session, step->text));
	}
}

static void
list_hooks(struct sd_runner *r, const struct sd_scripts *hooks)
{
	const struct sd_forecast fresh = { 0 };

	for (size_t i = 0; i < hooks->n; i++) {
		fprintf(r->session->out, "hook %s\n", hooks->at[i]->path);
		list_steps(r, hooks->at[i]->path, part_of(r, hooks->at[i]), &fresh);
	}
}

static void
list_all(struct sd_runner *r, const struct sd_forecast *forecast)
{
	const struct sd_scripts *scripts = &forecast->scripts;
	const struct sd_replaced *replaced = &forecast->replaced;

	for (size_t i = 0; i < replaced->whole.n; i++)
		fprintf(r->session->out, "record %s for what it replaces: %s\n",
			replaced->whole.at[i].script->revision,
			sd_text_list(r->session->arena, &replaced->whole.at[i].applied,
				SD_TEXT_MOST));
	if (scripts->n)
		list_hooks(r, &r->before);
	for (size_t i = 0; i < scripts->n; i++) {
		const struct sd_forecast fresh = { 0 };

		fprintf(r->session->out, "%s\n",
			sd_runner_title(r->session->arena, scripts->at[i], r->direction));
		list_steps(r, scripts->at[i]->path, part_of(r, scripts->at[i]),
			i ? &fresh : forecast);
	}
	if (scripts->n)
		list_hooks(r, &r->behind);
}

/* ---- for programs ------------------------------------------------------------------- */

static void
json_steps(struct sd_buf *json, const struct sd_part_script *part,
	const struct sd_forecast *forecast)
{
	sd_json_open(json, "statements", '[');
	for (size_t i = 0; i < part->steps.n; i++) {
		const struct sd_step *step = &part->steps.at[i];

		sd_json_open(json, NULL, '{');
		sd_json_number(json, "line", (long)step->line);
		sd_json_text(json, "kind", step_words[step->kind]);
		sd_json_text(json, "left", left_words[left_of(forecast, i)]);
		sd_json_text(json, "sql", step->text);
		sd_json_close(json, '}');
	}
	sd_json_close(json, ']');
}

static void
json_hooks(struct sd_runner *r, struct sd_buf *json, const char *when,
	const struct sd_scripts *hooks)
{
	const struct sd_forecast fresh = { 0 };

	for (size_t i = 0; i < hooks->n; i++) {
		sd_json_open(json, NULL, '{');
		sd_json_text(json, "when", when);
		sd_json_text(json, "path", hooks->at[i]->path);
		json_steps(json, part_of(r, hooks->at[i]), &fresh);
		sd_json_close(json, '}');
	}
}

static void
json_all(struct sd_runner *r, const struct sd_forecast *forecast)
{
	const struct sd_scripts *scripts = &forecast->scripts;
	struct sd_buf *json = sd_json_begin(r->session, r->session->command);

	sd_json_bool(json, "dry_run", true);
	sd_look_json_replaced(json, "replaced", forecast->replaced.whole.at,
		forecast->replaced.whole.n);
	sd_json_open(json, "revisions", '[');
	for (size_t i = 0; i < scripts->n; i++) {
		const struct sd_forecast fresh = { 0 };

		sd_json_open(json, NULL, '{');
		sd_json_text(json, "revision", scripts->at[i]->revision);
		sd_json_text(json, "message", scripts->at[i]->message);
		sd_json_text(json, "path", scripts->at[i]->path);
		json_steps(json, part_of(r, scripts->at[i]), i ? &fresh : forecast);
		sd_json_close(json, '}');
	}
	sd_json_close(json, ']');
	sd_json_open(json, "hooks", '[');
	if (scripts->n) {
		json_hooks(r, json, "before", &r->before);
		json_hooks(r, json, "behind", &r->behind);
	}
	sd_json_close(json, ']');
}

/* ---- for others --------------------------------------------------------------------- */

void
sd_runner_list_steps(struct sd_runner *r, const struct sd_script *script)
{
	const struct sd_forecast fresh = { 0 };

	list_steps(r, script->path, part_of(r, script), &fresh);
}

void
sd_runner_json_steps(struct sd_buf *json, const struct sd_part_script *part)
{
	const struct sd_forecast fresh = { 0 };

	json_steps(json, part, &fresh);
}

/* ---- the command -------------------------------------------------------------------- */

int
sd_runner_foresee(struct sd_runner *r, const struct sd_goal *goal)
{
	struct sd_session *session = r->session;
	struct sd_run run = sd_runner_settings(r);
	struct sd_forecast forecast;
	struct sd_db *empty = NULL;

	/* a database that the run would create is an empty one, of the same version */
	if (!r->db)
		empty = sd_db_scratch(r->engine->dialect, &session->target, session->diags);
	run.db = r->db ? r->db : empty;
	run.goal = goal;
	if (!run.db)
		return sd_session_exit(session, SD_EXIT_DATABASE);
	(void)sd_run_foresee(&run, r->direction, &forecast);
	if (empty)
		sd_db_close(empty);
	if (session->globals.json)
		json_all(r, &forecast);
	else
		list_all(r, &forecast);
	if (!forecast.scripts.n && !forecast.replaced.whole.n && !session->diags->n_errors)
		sd_runner_say_nothing(r);
	return sd_session_exit(session, SD_EXIT_OK);
}
