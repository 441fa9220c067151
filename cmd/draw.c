#include "cmd/draw.h"

#include <string.h>

/* A row of the drawing: lane @i has its bar at 2 * @i, and what moves stands between two. */
struct row {
	char *at;
	size_t n;
};

static struct row
new_row(const struct sd_drawing *d)
{
	struct row row = { .n = 2 * d->lanes.n + 2 };

	row.at = sd_alloc(d->arena, row.n + 1);
	memset(row.at, ' ', row.n);
	return row;
}

static void
bars(struct row *row, size_t from, size_t to)
{
	for (size_t i = from; i < to; i++)
		row->at[2 * i] = '|';
}

static void
put_row(struct row *row, struct sd_buf *out)
{
	size_t n = row->n;

	while (n && row->at[n - 1] == ' ')
		n--;
	sd_buf_addn(out, row->at, n);
	sd_buf_addc(out, '\n');
}

static void
remove_lane(struct sd_drawing *d, size_t i)
{
	memmove(d->lanes.at + i, d->lanes.at + i + 1,
		(d->lanes.n - i - 1) * sizeof *d->lanes.at);
	d->lanes.n--;
}

static void
insert_lane(struct sd_drawing *d, size_t i, struct sd_script *script)
{
	(void)sd_push(d->arena, &d->lanes);
	memmove(d->lanes.at + i + 1, d->lanes.at + i,
		(d->lanes.n - i - 1) * sizeof *d->lanes.at);
	d->lanes.at[i] = script;
}

/* The lanes from @from on move one to the left, the first of them to lane @into, whatever lies
 * between; the first @n_bars lanes stay. */
static void
draw_left(struct sd_drawing *d, size_t n_bars, size_t into, size_t from, struct sd_buf *out)
{
	struct row row = new_row(d);

	bars(&row, 0, n_bars);
	for (size_t i = into + 1; i < from; i++)
		row.at[2 * i - 1] = '_';
	for (size_t i = from; i < d->lanes.n; i++)
		row.at[2 * i - 1] = '/';
	put_row(&row, out);
}

/* Which lane leads to @script: a new one when it is a head; the others that do join it. */
static size_t
find_lane(struct sd_drawing *d, struct sd_script *script, struct sd_buf *out)
{
	size_t lane = 0;

	while (lane < d->lanes.n && d->lanes.at[lane] != script)
		lane++;
	if (lane == d->lanes.n) {
		*sd_push(d->arena, &d->lanes) = script;
		return lane;
	}
	for (size_t i = d->lanes.n - 1; i > lane; i--) {
		if (d->lanes.at[i] != script)
			continue;
		draw_left(d, i, lane, i, out);
		remove_lane(d, i);
	}
	return lane;
}

/* The lane @lane goes on to the parents: further ones get lanes to its right. */
static void
branch_out(
	struct sd_drawing *d, size_t lane, const struct sd_scripts *parents, struct sd_buf *out)
{
	d->lanes.at[lane] = parents->at[0];
	for (size_t i = 1; i < parents->n; i++) {
		struct row row = new_row(d);

		bars(&row, 0, lane + i);
		for (size_t k = lane + i - 1; k < d->lanes.n; k++)
			row.at[2 * k + 1] = '\\';
		put_row(&row, out);
		insert_lane(d, lane + i, parents->at[i]);
	}
}

/* The lines of @text, the first beside a star. */
static void
put_text(const struct sd_drawing *d, size_t lane, const char *text, struct sd_buf *out)
{
	for (size_t n, line = 0; *text; text += n + (text[n] == '\n'), line++) {
		struct row row = new_row(d);

		n = strcspn(text, "\n");
		bars(&row, 0, d->lanes.n);
		if (!line)
			row.at[2 * lane] = '*';
		row.n -= 2;
		if (!n) {
			put_row(&row, out);
			continue;
		}
		sd_buf_addn(out, row.at, row.n);
		sd_buf_addn(out, text, n);
		sd_buf_addc(out, '\n');
	}
}

void
sd_draw(struct sd_drawing *drawing, struct sd_script *script, const char *text,
	struct sd_buf *out)
{
	size_t lane = find_lane(drawing, script, out);
	struct sd_scripts parents = { 0 };

	for (size_t i = 0; i < script->links.parents.n; i++)
		if (drawing->shown[script->links.parents.at[i]->links.index])
			*sd_push(drawing->arena, &parents) = script->links.parents.at[i];
	put_text(drawing, lane, text, out);
	if (parents.n) {
		branch_out(drawing, lane, &parents, out);
		return;
	}
	if (lane + 1 < drawing->lanes.n)
		draw_left(drawing, lane, lane, lane + 1, out);
	remove_lane(drawing, lane);
}
