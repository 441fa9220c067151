/* The directives that a seed has and no other script: when it runs, and behind which revisions.
 */
#include "core/history/script_impl.h"

#include "core/base/text.h"

#include <string.h>

static const char when_word[] = "seed", needs_word[] = "depends-on";

bool
sd_script_is_seed_directive(const char *text)
{
	size_t n = strcspn(text, " ");

	return (n == sizeof when_word - 1 && memcmp(text, when_word, n) == 0) ||
	       (n == sizeof needs_word - 1 && memcmp(text, needs_word, n) == 0);
}

/* The directive @word may stand here, and for the first time. */
static bool
may_stand(struct sd_script_parser *p, uint32_t line, const char *word, bool at_head, bool said)
{
	if (!p->is_seed)
		sd_script_defect(p, line, "`%s` belongs into a seed", word);
	else if (!at_head)
		sd_script_defect(
			p, line, "`%s` must stand before the first statement of a seed", word);
	else if (said)
		sd_script_defect(p, line, "`%s` is given twice", word);
	else
		return true;
	return false;
}

void
sd_script_seed_when(struct sd_script_parser *p, uint32_t line, const char *args, bool at_head)
{
	static const char *const words[] = {
		[SD_SEED_CHANGED] = "changed",
		[SD_SEED_ONCE] = "once",
		[SD_SEED_ALWAYS] = "always",
	};

	if (!may_stand(p, line, when_word, at_head, p->when_said))
		return;
	p->when_said = true;
	for (size_t i = 0; i < SD_COUNT(words); i++)
		if (strcmp(args, words[i]) == 0) {
			p->script->when = (enum sd_seed_when)i;
			return;
		}
	sd_script_defect(p, line,
		"`seed` says when a seed runs: `seed changed` (unless it has run as it is), "
		"`seed once` or `seed always`");
}

void
sd_script_seed_needs(struct sd_script_parser *p, uint32_t line, const char *args, bool at_head)
{
	struct sd_script *script = p->script;

	if (!may_stand(p, line, needs_word, at_head, script->depends_on.n > 0))
		return;
	sd_script_split_list(p->arena, args, &script->depends_on);
	script->depends_pos = (struct sd_pos){ .file = script->path, .line = line };
	if (!script->depends_on.n)
		sd_script_defect(p, line, "`depends-on` needs a revision");
}
