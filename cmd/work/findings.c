#include "cmd/work/findings.h"

static const char *
joined(struct sd_arena *arena, const char *so_far, const char *text)
{
	return so_far ? sd_fmt(arena, "%s; %s", so_far, text) : text;
}

bool
sd_findings_take(struct sd_session *session, size_t first, size_t end, enum sd_gate_number gate,
	const char *rule, struct sd_check_report *report)
{
	struct sd_arena *arena = session->arena;
	struct sd_finding *last = NULL;
	bool failed = false;

	for (size_t i = first; i < end; i++) {
		const struct sd_diag *diag = &session->diags->list.at[i];
		bool is_error = diag->severity == SD_SEV_ERROR;

		if (is_error || diag->severity == SD_SEV_WARNING) {
			last = sd_push(arena, &report->findings);
			*last = (struct sd_finding){ .gate = gate,
				.rule = rule,
				.is_warning = !is_error,
				.pos = diag->pos,
				.text = diag->text };
			failed |= is_error;
		} else if (last && diag->severity == SD_SEV_NOTE) {
			last->text = sd_fmt(arena, "%s (%s)", last->text, diag->text);
		} else if (last) {
			last->hint = joined(arena, last->hint, diag->text);
		}
	}
	return failed;
}
