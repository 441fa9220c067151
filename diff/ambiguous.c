/* What may be a rename or a loss: only the user knows, and only `autogenerate` asks. */
#include "diff/internal.h"

#include "core/base/text.h"

#include <string.h>

static bool
meant(const struct sd_diff *diff, const struct sd_diff_options *options,
	const struct sd_object *from)
{
	const char *path = sd_object_path(diff->arena, from);

	for (size_t i = 0; i < options->drops.n; i++)
		if (sd_name_equal(diff->from->dialect, options->drops.at[i], path))
			return true;
	return false;
}

static bool
same_type(
	const struct sd_diff *diff, const struct sd_object *from, const struct sd_object *into)
{
	const struct sd_dialect *dialect = diff->from->dialect;
	const struct sd_column *a = (const struct sd_column *)from;
	const struct sd_column *b = (const struct sd_column *)into;

	return strcmp(sd_type_canonical(dialect, diff->arena, a->type),
		       sd_type_canonical(dialect, diff->arena, b->type)) == 0;
}

/* At least half the columns of @from stand in @into too. */
static bool
alike(const struct sd_diff *diff, const struct sd_object *from, const struct sd_object *into)
{
	const struct sd_list *columns = sd_parts_of((struct sd_object *)from, SD_COLUMN);
	size_t shared = 0;

	for (size_t i = 0; i < columns->n; i++)
		shared += sd_part_find(diff->from->dialect, into, SD_COLUMN,
				  columns->at[i]->name) != NULL;
	return columns->n && shared * 2 >= columns->n;
}

static bool
may_be_rename(
	const struct sd_diff *diff, const struct sd_change *drop, const struct sd_change *add)
{
	if (add->op != SD_OP_ADD || add->kind != drop->kind)
		return false;
	if (drop->kind == SD_COLUMN)
		return drop->from->parent->twin == add->into->parent &&
		       same_type(diff, drop->from, add->into);
	return drop->kind == SD_TABLE && sd_text_equal(drop->from->ns, add->into->ns) &&
	       alike(diff, drop->from, add->into);
}

/* A --drop that names nothing which is dropped is a typo that would cost data elsewhere. */
static void
find_wrong_drops(struct sd_diff *diff, const struct sd_diff_options *options)
{
	for (size_t i = 0; i < options->drops.n; i++) {
		bool found = false;

		for (size_t j = 0; j < diff->changes.n && !found; j++) {
			const struct sd_change *change = diff->changes.at[j];

			found = change->op == SD_OP_DROP &&
				sd_name_equal(diff->from->dialect, options->drops.at[i],
					sd_object_path(diff->arena, change->from));
		}
		if (!found)
			*sd_push(diff->arena, &diff->wrong) = sd_fmt(diff->arena,
				"--drop %s fits nothing: no table or column of that name "
				"would be dropped",
				options->drops.at[i]);
	}
}

void
sd_ambiguous_find(struct sd_diff *diff, const struct sd_diff_options *options)
{
	if (options->no_renames)
		return;
	for (size_t i = 0; i < diff->changes.n; i++) {
		const struct sd_change *drop = diff->changes.at[i];

		if (drop->op != SD_OP_DROP ||
			(drop->kind != SD_COLUMN && drop->kind != SD_TABLE) ||
			meant(diff, options, drop->from))
			continue;
		for (size_t j = 0; j < diff->changes.n; j++) {
			const struct sd_change *add = diff->changes.at[j];
			struct sd_ambiguous *found;

			if (!may_be_rename(diff, drop, add))
				continue;
			found = sd_push(diff->arena, &diff->ambiguous);
			found->from = drop->from;
			found->into = add->into;
		}
	}
	find_wrong_drops(diff, options);
}
