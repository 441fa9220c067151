/* Both ways of a diff, planned and rendered. */
#include "cmd/work/work.h"

#include <string.h>

static enum sd_status
refuse(struct sd_session *session, const struct sd_plan *plan)
{
	for (size_t i = 0; i < plan->refusals.n; i++)
		sd_fail(session->diags, SD_CLASS_REFUSED, plan->refusals.at[i].pos, "%s",
			plan->refusals.at[i].text);
	return plan->refusals.n ? SD_ERR : SD_OK;
}

static enum sd_status
ambiguous(struct sd_session *session, const struct sd_diff *diff)
{
	for (size_t i = 0; i < diff->ambiguous.n; i++) {
		const struct sd_ambiguous *pair = &diff->ambiguous.at[i];
		const char *old = sd_object_path(session->arena, pair->from);

		sd_fail(session->diags, SD_CLASS_REFUSED, pair->into->pos,
			"%s is gone and %s is new: was it renamed, or dropped?",
			sd_object_title(session->arena, pair->from),
			sd_object_title(session->arena, pair->into));
		sd_hint(session->diags,
			"--rename %s=%s keeps its data, --drop %s loses it; \"renamed_from\": "
			"\"%s\" in the schema file says it for good",
			old, pair->into->name, old, pair->from->name);
	}
	return diff->ambiguous.n ? SD_ERR : SD_OK;
}

static void
append_warnings(struct sd_session *session, const struct sd_plan *plan, const char *way,
	struct sd_names *warnings)
{
	for (size_t i = 0; i < plan->warnings.n; i++)
		*sd_push(session->arena, warnings) =
			sd_fmt(session->arena, "%s: %s", way, plan->warnings.at[i]);
}

static const char *
render(struct sd_session *session, const struct sd_engine *engine, const struct sd_plan *plan)
{
	struct sd_buf out = SD_BUF(session->arena);

	engine->renderer->part(plan, session->arena, &out);
	return sd_buf_text(&out);
}

enum sd_status
sd_work_generate(struct sd_session *session, const struct sd_engine *engine, struct sd_db *db,
	const struct sd_diff *diff, const struct sd_diff_options *options, unsigned allow,
	struct sd_generated *generated)
{
	const struct sd_strategy *strategy = &engine->renderer->strategy;
	int target = sd_work_target_version(session, engine);
	struct sd_plan *up, *down;

	*generated = (struct sd_generated){ 0 };
	if (ambiguous(session, diff))
		return SD_ERR;
	up = sd_plan_make(diff, strategy, target, false, allow, session->arena, session->diags);
	if (!up || refuse(session, up))
		return SD_ERR;
	up->online = !session->settings.online_off;
	generated->up = render(session, engine, up);
	append_warnings(session, up, "up", &generated->warnings);
	down = sd_plan_make(sd_work_reverse(session, db, diff, options), strategy, target,
		true, ~0u, session->arena, session->diags);
	if (!down)
		return SD_ERR;
	down->online = up->online;
	generated->down = render(session, engine, down);
	append_warnings(session, down, "down", &generated->warnings);
	return SD_OK;
}

struct sd_generated
sd_work_nothing(struct sd_session *session, const struct sd_engine *engine)
{
	const char *nothing =
		sd_fmt(session->arena, "-- nothing to do on %s\n", engine->dialect->name);

	return (struct sd_generated){ .up = nothing, .down = nothing };
}
