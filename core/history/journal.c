#include "core/history/journal.h"

#include "core/base/buf.h"
#include "core/base/hash.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#define HASH_DIGITS 16

/* "1 STEPS done|started HASH [CURSOR]" */
static const char version[] = "1";

/* Of the finished steps, and of that which was begun outside a transaction. */
static const char *
prefix_hash(struct sd_arena *arena, const struct sd_journal *journal,
	const struct sd_part_script *part)
{
	struct sd_buf all = SD_BUF(arena);
	size_t n = journal->done;

	if (journal->started && n < part->steps.n)
		n = sd_stretch_at(part, n).end;
	for (size_t i = 0; i < n && i < part->steps.n; i++)
		sd_buf_addf(&all, "%d %d %s\n", (int)part->steps.at[i].kind,
			(int)part->steps.at[i].scope, part->steps.at[i].text);
	return sd_strndup(arena, sd_hash_sha256(arena, sd_buf_text(&all), all.n), HASH_DIGITS);
}

const char *
sd_journal_text(struct sd_arena *arena, const struct sd_journal *journal,
	const struct sd_part_script *part)
{
	return sd_fmt(arena, "%s %zu %s %s%s%s", version, journal->done,
		journal->started ? "started" : "done", prefix_hash(arena, journal, part),
		journal->cursor ? " " : "", journal->cursor ? journal->cursor : "");
}

/* The next word of @*text, which moves behind it and its space. */
static const char *
word(struct sd_arena *arena, const char **text)
{
	size_t n = strcspn(*text, " ");
	const char *found = sd_strndup(arena, *text, n);

	*text += n + ((*text)[n] == ' ');
	return found;
}

enum sd_status
sd_journal_read(struct sd_arena *arena, const char *text, const struct sd_part_script *part,
	struct sd_journal *journal)
{
	const char *count, *state, *hash;

	*journal = (struct sd_journal){ 0 };
	if (!text || strcmp(word(arena, &text), version) != 0)
		return SD_ERR;
	count = word(arena, &text);
	journal->done = (size_t)strtoull(count, NULL, 10);
	state = word(arena, &text);
	hash = word(arena, &text);
	if (!*count || count[strspn(count, "0123456789")] ||
		(strcmp(state, "done") != 0 && strcmp(state, "started") != 0))
		return SD_ERR;
	journal->started = strcmp(state, "started") == 0;
	journal->cursor = *text ? sd_strdup(arena, text) : NULL;
	if (journal->done >= part->steps.n + !journal->started ||
		strcmp(hash, prefix_hash(arena, journal, part)) != 0)
		return SD_NOTFOUND;
	return SD_OK;
}

static bool
is_joined(const struct sd_step *step)
{
	return step->kind != SD_STEP_BATCH && step->scope == SD_SCOPE_SAME && !step->alone;
}

struct sd_stretch
sd_stretch_at(const struct sd_part_script *part, size_t first)
{
	const struct sd_step *steps = part->steps.at;
	struct sd_stretch stretch = { SD_STRETCH_TRANSACTION, first, first + 1 };

	if (steps[first].kind == SD_STEP_BATCH) {
		stretch.kind = SD_STRETCH_BATCH;
		return stretch;
	}
	if (steps[first].scope == SD_SCOPE_NONE) {
		/* a condition and what it guards belong together */
		stretch.kind = SD_STRETCH_OUTSIDE;
		while (steps[stretch.end - 1].kind == SD_STEP_ONLY_IF &&
			stretch.end < part->steps.n)
			stretch.end++;
		return stretch;
	}
	while (stretch.end < part->steps.n && is_joined(&steps[stretch.end]))
		stretch.end++;
	return stretch;
}
