/* The longest common subsequence, by the table that textbooks have: scripts are short, and
 * those that aren't differ in few places, so what is common at both ends is taken off first. */
#include "core/base/linediff.h"

#include "core/base/vec.h"

#include <stdbool.h>
#include <string.h>

#define CONTEXT 3
#define MOST_CELLS 4000000 /* of the table; more than that is shown as one place */

struct lines {
	const char **at;
	uint32_t n, cap;
};

static struct lines
split(struct sd_arena *arena, const char *text)
{
	struct lines lines = { 0 };

	while (*text) {
		size_t n = strcspn(text, "\n");

		*sd_push(arena, &lines) = sd_strndup(arena, text, n);
		text += n;
		text += *text == '\n';
	}
	return lines;
}

struct work {
	struct lines from, into;
	size_t head, from_end, into_end; /* the lines that are compared */
	uint32_t *table;                 /* NULL: too large */
	size_t columns;
};

static bool
equal(const struct work *w, size_t i, size_t k)
{
	return strcmp(w->from.at[i], w->into.at[k]) == 0;
}

/* How much the rests of both from line @i and @k on have in common. */
static uint32_t *
cell(const struct work *w, size_t i, size_t k)
{
	return &w->table[(i - w->head) * w->columns + (k - w->head)];
}

static void
fill(struct work *w, struct sd_arena *arena)
{
	size_t rows = w->from_end - w->head + 1;

	w->columns = w->into_end - w->head + 1;
	if (rows > MOST_CELLS / w->columns)
		return;
	w->table = sd_new_array(arena, rows * w->columns, uint32_t);
	for (size_t i = w->from_end; i-- > w->head;)
		for (size_t k = w->into_end; k-- > w->head;) {
			uint32_t down = *cell(w, i + 1, k), right = *cell(w, i, k + 1);

			*cell(w, i, k) = equal(w, i, k) ? *cell(w, i + 1, k + 1) + 1
					 : down > right ? down
							: right;
		}
}

/* A line of the result. */
struct line {
	char sign;
	const char *text;
	size_t number; /* in the second text, or where it would be there */
};

struct result {
	struct line *at;
	size_t n, cap;
};

/* The next line is one that only the first text has. */
static bool
takes_away(const struct work *w, size_t i, size_t k)
{
	if (i == w->from_end || k == w->into_end)
		return i < w->from_end;
	return !w->table || *cell(w, i + 1, k) >= *cell(w, i, k + 1);
}

static void
walk(const struct work *w, struct sd_arena *arena, struct result *result)
{
	size_t i = 0, k = 0;

	while (i < w->from.n || k < w->into.n) {
		bool inside =
			i >= w->head && k >= w->head && (i < w->from_end || k < w->into_end);
		bool both = !inside ||
			    (w->table && i < w->from_end && k < w->into_end && equal(w, i, k));
		struct line line = { ' ', NULL, k + 1 };

		if (both) {
			line.text = w->into.at[k];
			i++;
			k++;
		} else if (takes_away(w, i, k)) {
			line.sign = '-';
			line.text = w->from.at[i++];
		} else {
			line.sign = '+';
			line.text = w->into.at[k++];
		}
		*sd_push(arena, result) = line;
	}
}

/* Line @i is at most CONTEXT lines from one that differs. */
static bool
is_near(const struct result *result, size_t i)
{
	size_t first = i < CONTEXT ? 0 : i - CONTEXT;

	for (size_t k = first; k <= i + CONTEXT && k < result->n; k++)
		if (result->at[k].sign != ' ')
			return true;
	return false;
}

void
sd_linediff(struct sd_arena *arena, const char *from, const char *into, struct sd_buf *out)
{
	struct work w = { .from = split(arena, from), .into = split(arena, into) };
	struct result result = { 0 };
	bool open = false;

	w.from_end = w.from.n;
	w.into_end = w.into.n;
	while (w.head < w.from_end && w.head < w.into_end && equal(&w, w.head, w.head))
		w.head++;
	while (w.from_end > w.head && w.into_end > w.head &&
		equal(&w, w.from_end - 1, w.into_end - 1)) {
		w.from_end--;
		w.into_end--;
	}
	fill(&w, arena);
	walk(&w, arena, &result);
	for (size_t i = 0; i < result.n; i++) {
		bool shown = is_near(&result, i);

		if (shown && !open)
			sd_buf_addf(out, "@@ %zu\n", result.at[i].number);
		if (shown)
			sd_buf_addf(out, "%c%s\n", result.at[i].sign, result.at[i].text);
		open = shown;
	}
}
