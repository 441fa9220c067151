#include "core/history/reparent.h"

#include "core/history/history_impl.h"

#include <string.h>

/* ---- forks ---------------------------------------------------------------------------- */

/* Spread the number of the fork of @script to what hangs together with it. */
static void
spread(const struct sd_script *script, const sd_marks own, size_t *number,
	struct sd_arena *arena)
{
	struct sd_scripts stack = { 0 };
	size_t fork = number[script->links.index];

	*sd_push(arena, &stack) = (struct sd_script *)script;
	while (stack.n) {
		const struct sd_links *links = &stack.at[--stack.n]->links;
		const struct sd_scripts *sides[] = { &links->parents, &links->children };

		for (size_t side = 0; side < SD_COUNT(sides); side++)
			for (size_t i = 0; i < sides[side]->n; i++) {
				struct sd_script *next = sides[side]->at[i];

				if (!own[next->links.index] || number[next->links.index])
					continue;
				number[next->links.index] = fork;
				*sd_push(arena, &stack) = next;
			}
	}
}

void
sd_history_forks(const struct sd_history *history, const struct sd_scripts *own,
	struct sd_arena *arena, struct sd_forks *forks)
{
	sd_marks marks = sd_marks_new(history, arena);
	size_t *number = sd_new_array(arena, history->scripts.n + 1, size_t);

	sd_marks_scripts(own, marks);
	for (size_t i = 0; i < history->scripts.n; i++) {
		struct sd_script *script = history->scripts.at[i];

		if (!marks[i])
			continue;
		if (!number[i]) {
			(void)sd_push(arena, forks);
			number[i] = forks->n;
			spread(script, marks, number, arena);
		}
		*sd_push(arena, &forks->at[number[i] - 1]) = script;
	}
}

void
sd_history_fork_points(const struct sd_history *history, const struct sd_scripts *own,
	struct sd_arena *arena, struct sd_scripts *points, bool *has_root)
{
	sd_marks marks = sd_marks_new(history, arena), found = sd_marks_new(history, arena);

	*has_root = false;
	sd_marks_scripts(own, marks);
	for (size_t i = 0; i < own->n; i++) {
		sd_marks_scripts(&own->at[i]->links.parents, found);
		*has_root |= !own->at[i]->links.parents.n;
	}
	for (size_t i = 0; i < history->scripts.n; i++)
		if (found[i] && !marks[i])
			*sd_push(arena, points) = history->scripts.at[i];
}

/* ---- new parents ---------------------------------------------------------------------- */

struct mover {
	const struct sd_history *history;
	struct sd_arena *arena;
	sd_marks own;
	struct sd_scripts *parents; /* by index of the script */
	bool roots;
};

/* The parents of @script once its line comes behind @onto, which needs all of @below; @based
 * says of own revisions whether they do. */
static void
move_one(struct mover *m, const struct sd_script *script, struct sd_script *onto,
	const sd_marks below, sd_marks based)
{
	struct sd_scripts *now = &m->parents[script->links.index], after = { 0 };
	bool inherits = false, touches = m->roots && !now->n;

	for (size_t i = 0; i < now->n; i++) {
		size_t at = now->at[i]->links.index;

		inherits |= m->own[at] && based[at];
		touches |= !m->own[at] && below[at];
	}
	for (size_t i = 0; i < now->n; i++) {
		struct sd_script *parent = now->at[i];
		bool gives_way = !m->own[parent->links.index] && below[parent->links.index];

		if (gives_way)
			parent = onto;
		if (!(gives_way && inherits) && !sd_scripts_have(&after, parent))
			*sd_push(m->arena, &after) = parent;
	}
	if (!now->n && touches)
		*sd_push(m->arena, &after) = onto;
	based[script->links.index] = inherits || touches;
	*now = after;
}

static bool
same(const struct sd_scripts *a, const struct sd_scripts *b)
{
	for (size_t i = 0; a->n == b->n && i < a->n; i++)
		if (!sd_scripts_have(b, a->at[i]))
			return false;
	return a->n == b->n;
}

void
sd_history_reparent(const struct sd_history *history, const struct sd_scripts *own,
	const struct sd_scripts *onto, bool roots, struct sd_arena *arena,
	struct sd_moves *moves)
{
	struct mover m = { .history = history, .arena = arena, .roots = roots };

	m.own = sd_marks_new(history, arena);
	m.parents = sd_new_array(arena, history->scripts.n + 1, struct sd_scripts);
	sd_marks_scripts(own, m.own);
	for (size_t i = 0; i < own->n; i++)
		m.parents[own->at[i]->links.index] = own->at[i]->links.parents;
	for (size_t i = 0; i < onto->n; i++) {
		sd_marks below = sd_marks_new(history, arena);
		sd_marks based = sd_marks_new(history, arena);

		below[onto->at[i]->links.index] = true;
		sd_marks_down(history, below, SD_EDGES_ALL);
		for (size_t k = 0; k < own->n; k++)
			move_one(&m, own->at[k], onto->at[i], below, based);
	}
	for (size_t k = 0; k < own->n; k++) {
		struct sd_scripts *parents = &m.parents[own->at[k]->links.index];

		if (!same(parents, &own->at[k]->links.parents))
			*sd_push(arena, moves) = (struct sd_move){ own->at[k], *parents };
	}
}
