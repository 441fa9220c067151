/* What belongs to the user's files and what does not.  An object that is not managed is never
 * compared; it is carried over into the target, so that the target is the whole schema as
 * it will be and a plan can take care of all that hangs on what it changes. */
#include "diff/internal.h"

#include "core/base/text.h"

#include <string.h>

void
sd_schema_walk(const struct sd_schema *schema, sd_walk_fn *fn, void *ctx)
{
	for (size_t kind = SD_N_PARTS; kind < SD_KIND__MAX; kind++) {
		const struct sd_list *list = &schema->objects[kind];

		for (size_t i = 0; i < list->n; i++) {
			struct sd_object *object = list->at[i];

			fn(ctx, object);
			if (kind != SD_TABLE && kind != SD_VIEW)
				continue;
			for (size_t part = 0; part < SD_N_PARTS; part++) {
				struct sd_list *parts = sd_parts_of(object, (enum sd_kind)part);

				for (size_t j = 0; j < parts->n; j++)
					fn(ctx, parts->at[j]);
			}
		}
	}
}

/* ---- patterns: [table][/kind/name] --------------------------------------------------- */

/* The section of @object's kind as patterns say it: "index" or "indexes". */
static bool
kind_matches(const struct sd_object *object, const char *kind)
{
	const struct sd_kind_desc *desc = &sd_kinds[object->kind];

	return sd_text_glob(kind, desc->word) || sd_text_glob(kind, desc->section);
}

/* A pattern without a namespace speaks of the default one; `*.t` of any. */
static bool
relation_matches(
	struct sd_arena *scratch, const struct sd_object *relation, const char *pattern)
{
	const char *dot = strchr(pattern, '.');

	if (!dot)
		return !relation->ns && sd_text_glob(pattern, relation->name);
	if (strncmp(pattern, "*.", 2) != 0 &&
		(!relation->ns ||
			!sd_text_glob(sd_strndup(scratch, pattern, (size_t)(dot - pattern)),
				relation->ns)))
		return false;
	return sd_text_glob(dot + 1, relation->name);
}

static bool
pattern_matches(struct sd_arena *scratch, const struct sd_object *object, const char *pattern)
{
	const struct sd_object *relation = object->parent ? object->parent : object;
	const char *slash = strchr(pattern, '/'), *kind, *second;

	if (!slash)
		return !object->parent && relation_matches(scratch, relation, pattern);
	if (!relation_matches(
		    scratch, relation, sd_strndup(scratch, pattern, (size_t)(slash - pattern))))
		return false;
	second = strchr(slash + 1, '/');
	if (!second)
		return object->parent && kind_matches(object, slash + 1);
	kind = sd_strndup(scratch, slash + 1, (size_t)(second - slash - 1));
	return object->parent && kind_matches(object, kind) && object->name &&
	       sd_text_glob(second + 1, object->name);
}

struct mark {
	const struct sd_diff_options *options;
	struct sd_arena *scratch;
	const struct sd_schema *into;
	bool by_kind;
};

static bool
any_matches(const struct mark *mark, const struct sd_object *object,
	const struct sd_names *patterns)
{
	for (size_t i = 0; i < patterns->n; i++)
		if (pattern_matches(mark->scratch, object, patterns->at[i]))
			return true;
	return false;
}

static void
mark_one(void *ctx, struct sd_object *object)
{
	const struct mark *mark = ctx;
	const struct sd_diff_options *options = mark->options;
	bool out = any_matches(mark, object, &options->exclude);

	if (!object->parent && options->include.n &&
		!any_matches(mark, object, &options->include))
		out = true;
	if (mark->by_kind && (sd_kinds[object->kind].flags & SD_KIND_OPTIONAL) &&
		!mark->into->manages[object->kind])
		out = true;
	if (object->parent && (object->parent->flags & SD_OBJ_UNMANAGED))
		out = true;
	if (out)
		object->flags |= SD_OBJ_UNMANAGED;
}

/* `"managed": false` in the files holds for the database's table of that name. */
static void
mark_twin(void *ctx, struct sd_object *object)
{
	const struct mark *mark = ctx;
	const struct sd_object *other;

	if (object->parent) {
		if (object->parent->flags & SD_OBJ_UNMANAGED)
			object->flags |= SD_OBJ_UNMANAGED;
		return;
	}
	other = sd_schema_find(mark->into, object->kind, object->ns, object->name);
	if (other && (other->flags & SD_OBJ_UNMANAGED))
		object->flags |= SD_OBJ_UNMANAGED;
}

void
sd_manage_mark(struct sd_schema *from, struct sd_schema *into,
	const struct sd_diff_options *options, struct sd_arena *arena)
{
	struct mark mark = { .options = options, .scratch = arena, .into = into };

	sd_schema_walk(into, mark_one, &mark);
	mark.by_kind = true;
	sd_schema_walk(from, mark_one, &mark);
	sd_schema_walk(from, mark_twin, &mark);
}

void
sd_diff_leave_alone(struct sd_schema *schema, const struct sd_diff_options *options,
	struct sd_arena *arena)
{
	struct mark mark = { .options = options, .scratch = arena };

	sd_schema_walk(schema, mark_one, &mark);
}

/* ---- adoption ------------------------------------------------------------------------ */

static void
remove_unmanaged(struct sd_list *list)
{
	uint32_t kept = 0;

	for (size_t i = 0; i < list->n; i++)
		if (!(list->at[i]->flags & SD_OBJ_UNMANAGED))
			list->at[kept++] = list->at[i];
	list->n = kept;
}

/* The parts of @from that nobody manages, into the relation @into of the same name. */
static void
adopt_parts(struct sd_diff *diff, struct sd_object *from, struct sd_object *into)
{
	for (size_t kind = 0; kind < SD_N_PARTS; kind++) {
		const struct sd_list *parts = sd_parts_of(from, (enum sd_kind)kind);
		struct sd_list *list = sd_parts_of(into, (enum sd_kind)kind);

		remove_unmanaged(list);
		for (size_t i = 0; i < parts->n; i++) {
			struct sd_object *copy;

			if (!(parts->at[i]->flags & SD_OBJ_UNMANAGED))
				continue;
			copy = sd_object_clone(diff->arena, parts->at[i], into);
			copy->twin = parts->at[i];
			parts->at[i]->twin = copy;
			*sd_push(diff->arena, list) = copy;
		}
	}
}

bool
sd_left_alone(const struct sd_object *object)
{
	return (object->flags & SD_OBJ_UNMANAGED) || object->opaque;
}

static void
adopt_kind(struct sd_diff *diff, const struct sd_schema *from, struct sd_schema *into,
	enum sd_kind kind)
{
	const struct sd_list *theirs = &from->objects[kind], ours = into->objects[kind];
	struct sd_list kept = { 0 };

	for (size_t i = 0; i < ours.n; i++) {
		struct sd_object *object = ours.at[i];
		struct sd_object *other = sd_schema_find(from, kind, object->ns, object->name);

		if ((object->flags & SD_OBJ_UNMANAGED) || (other && sd_left_alone(other)))
			continue;
		object->twin = NULL;
		*sd_push(diff->arena, &kept) = object;
		if (other && (kind == SD_TABLE || kind == SD_VIEW))
			adopt_parts(diff, other, object);
	}
	for (size_t i = 0; i < theirs->n; i++) {
		struct sd_object *object = theirs->at[i], *copy;

		if (!sd_left_alone(object))
			continue;
		if (!(object->flags & SD_OBJ_UNMANAGED)) {
			struct sd_unsupported *note = sd_push(diff->arena, &diff->unsupported);

			note->object = object;
			note->text = sd_fmt(diff->arena,
				"is not fully understood, so it is left alone: %s",
				object->opaque);
		}
		copy = sd_object_clone(diff->arena, object, NULL);
		copy->flags |= SD_OBJ_UNMANAGED;
		copy->twin = object;
		object->twin = copy;
		*sd_push(diff->arena, &kept) = copy;
	}
	into->objects[kind] = kept;
}

void
sd_manage_adopt(const struct sd_schema *from, struct sd_schema *into, struct sd_diff *diff)
{
	for (size_t kind = SD_N_PARTS; kind < SD_KIND__MAX; kind++)
		adopt_kind(diff, from, into, (enum sd_kind)kind);
	sd_schema_finish(into);
}

static void
pair_unmanaged(const struct sd_list *from, const struct sd_dialect *dialect,
	struct sd_object *into, enum sd_kind kind)
{
	for (size_t i = 0; i < from->n; i++) {
		struct sd_object *object = from->at[i], *other;

		if (!(object->flags & SD_OBJ_UNMANAGED) || !object->name)
			continue;
		other = sd_part_find(dialect, into, kind, object->name);
		object->twin = other;
		if (other)
			other->twin = object;
	}
}

void
sd_manage_pair(const struct sd_schema *from, struct sd_schema *into)
{
	for (size_t kind = SD_N_PARTS; kind < SD_KIND__MAX; kind++) {
		for (size_t i = 0; i < from->objects[kind].n; i++) {
			struct sd_object *object = from->objects[kind].at[i];
			struct sd_object *other = sd_schema_find(
				into, (enum sd_kind)kind, object->ns, object->name);

			if (!other)
				continue;
			if (sd_left_alone(object)) {
				object->twin = other;
				other->twin = object;
			}
			for (size_t part = 0; part < SD_N_PARTS; part++)
				if (kind == SD_TABLE || kind == SD_VIEW)
					pair_unmanaged(sd_parts_of(object, (enum sd_kind)part),
						from->dialect, other, (enum sd_kind)part);
		}
	}
}
