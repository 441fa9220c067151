/* Names that collide, and renames that can't be told apart. */
#include "core/base/text.h"
#include "core/schema/loader.h"

#include <string.h>

static void
report_taken(
	struct sd_loader *l, const struct sd_object *object, const struct sd_object *before)
{
	const char *title = sd_object_title(l->scratch, object);
	const char *other = sd_object_title(l->scratch, before);

	if (strcmp(before->name, object->name) != 0)
		sd_error(l->diags, object->pos,
			"%s and %s differ only in upper and lower case: one name to %s", title,
			other, l->dialect->name);
	else if (before->kind != object->kind || before->parent != object->parent)
		sd_error(l->diags, object->pos, "%s has the name of %s", title, other);
	else
		sd_error(l->diags, object->pos, "%s is defined twice", title);
	sd_note(l->diags, before->pos, "the first definition is here");
	if (object->flags & SD_OBJ_NAMELESS && object->kind != SD_COLUMN)
		sd_hint(l->diags,
			"the naming convention gives both this name: name one of them");
}

static bool
claim(struct sd_loader *l, struct sd_map *map, struct sd_arena *arena, const char *key,
	struct sd_object *object)
{
	void **slot = sd_map_at(map, key, arena);

	if (*slot) {
		report_taken(l, object, *slot);
		return false;
	}
	*slot = object;
	return true;
}

bool
sd_load_define(struct sd_loader *l, struct sd_object *object)
{
	const char *space = object->kind == SD_ENUM      ? "type"
			    : object->kind == SD_TRIGGER ? "trigger"
							 : "relation";
	const char *key =
		sd_fmt(l->passing, "%s\x01%s\x01%s", space, object->ns ? object->ns : "",
			sd_name_key(l->dialect, l->scratch, object->name));

	return claim(l, &l->defined, l->passing, key, object);
}

static void
check_reserved(struct sd_loader *l, const struct sd_object *object)
{
	const char *prefix = l->dialect->reserved_prefix;

	if (!prefix)
		return;
	if (sd_text_iequal(
		    sd_strndup(l->scratch, object->name, strnlen(object->name, strlen(prefix))),
		    prefix))
		sd_error(l->diags, object->pos, "%s: names that begin with %s belong to %s",
			sd_object_title(l->scratch, object), prefix, l->dialect->name);
}

/* Up to so many names are compared pair by pair; more go through a map. */
#define FEW_NAMES 20

static void
check_few(struct sd_loader *l, const struct sd_list *list)
{
	for (size_t i = 1; i < list->n; i++) {
		for (size_t j = 0; j < i; j++) {
			if (!sd_name_equal(l->dialect, list->at[j]->name, list->at[i]->name))
				continue;
			report_taken(l, list->at[i], list->at[j]);
			break;
		}
	}
}

static void
check_many(struct sd_loader *l, const struct sd_list *list)
{
	struct sd_map seen = { 0 };

	for (size_t i = 0; i < list->n; i++)
		(void)claim(l, &seen, l->scratch,
			sd_name_key(l->dialect, l->scratch, list->at[i]->name), list->at[i]);
}

static void
check_global(struct sd_loader *l, const struct sd_list *list)
{
	for (size_t i = 0; i < list->n; i++) {
		(void)sd_load_define(l, list->at[i]);
		check_reserved(l, list->at[i]);
	}
}

void
sd_verify_part_names(struct sd_loader *l, const struct sd_object *relation)
{
	for (int kind = 0; kind < SD_N_PARTS; kind++) {
		const struct sd_list *list =
			&((const struct sd_relation *)relation)->parts[kind];
		bool global =
			kind == SD_INDEX ||
			(kind == SD_TRIGGER && l->dialect->traits & SD_TRAIT_TRIGGER_SPACE);

		if (global)
			check_global(l, list);
		else if (list->n <= FEW_NAMES)
			check_few(l, list);
		else
			check_many(l, list);
	}
}

void
sd_verify_names(struct sd_loader *l)
{
	for (int kind = SD_N_PARTS; kind < SD_KIND__MAX; kind++)
		for (size_t i = 0; i < l->schema->objects[kind].n; i++)
			check_reserved(l, l->schema->objects[kind].at[i]);
}

/* ---- renames ------------------------------------------------------------------------ */

enum state { UNSEEN, OPEN, DONE };

struct node {
	struct sd_object *object;
	enum state state;
};

#define DEEPEST_CHAIN 1000

/* Follow "renamed from" from @node on; meeting one that is still open closes a cycle. */
static void
follow(struct sd_loader *l, const struct sd_map *nodes, struct node *node, int depth)
{
	const struct sd_names *olds = &node->object->renamed_from;

	node->state = OPEN;
	for (size_t i = 0; i < olds->n; i++) {
		struct node *old =
			sd_map_get(nodes, sd_name_key(l->dialect, l->scratch, olds->at[i]));

		if (!old)
			continue;
		if (old->state == OPEN) {
			sd_error(l->diags, node->object->pos,
				"%s is renamed from %s, which is renamed from it in turn",
				sd_object_title(l->scratch, node->object), olds->at[i]);
			sd_note(l->diags, old->object->pos, "%s is here",
				sd_object_title(l->scratch, old->object));
			sd_hint(l->diags, "use two revisions, with a name in between that is "
					  "free");
		} else if (old->state == UNSEEN && depth < DEEPEST_CHAIN) {
			follow(l, nodes, old, depth + 1);
		}
	}
	node->state = DONE;
}

/* Two that are renamed from the same old one. */
static void
check_claims(struct sd_loader *l, const struct sd_list *list)
{
	struct sd_map claims = { 0 };

	for (size_t i = 0; i < list->n; i++) {
		const struct sd_names *olds = &list->at[i]->renamed_from;

		for (size_t j = 0; j < olds->n; j++) {
			void **slot = sd_map_at(&claims,
				sd_name_key(l->dialect, l->scratch, olds->at[j]), l->scratch);
			const struct sd_object *other = *slot;

			if (other && other != list->at[i]) {
				sd_error(l->diags, list->at[i]->pos,
					"%s and %s are both renamed from %s",
					sd_object_title(l->scratch, list->at[i]),
					sd_object_title(l->scratch, other), olds->at[j]);
				sd_note(l->diags, other->pos, "the other one is here");
			}
			*slot = list->at[i];
		}
	}
}

static void
check_siblings(struct sd_loader *l, const struct sd_list *list)
{
	struct sd_map nodes = { 0 };
	size_t renamed = 0;

	for (size_t i = 0; i < list->n; i++)
		renamed += list->at[i]->renamed_from.n;
	if (!renamed)
		return;
	for (size_t i = 0; i < list->n; i++) {
		struct node *node = sd_new(l->scratch, struct node);

		node->object = list->at[i];
		*sd_map_at(&nodes, sd_name_key(l->dialect, l->scratch, list->at[i]->name),
			l->scratch) = node;
	}
	for (size_t i = 0; i < list->n; i++) {
		struct node *node = sd_map_get(
			&nodes, sd_name_key(l->dialect, l->scratch, list->at[i]->name));

		if (node->state == UNSEEN)
			follow(l, &nodes, node, 0);
	}
	check_claims(l, list);
}

void
sd_verify_renames(struct sd_loader *l)
{
	const struct sd_list *tables = &l->schema->objects[SD_TABLE];

	for (int kind = SD_N_PARTS; kind < SD_KIND__MAX; kind++)
		check_siblings(l, &l->schema->objects[kind]);
	for (size_t i = 0; i < tables->n; i++)
		check_siblings(l, sd_parts_of(tables->at[i], SD_COLUMN));
}
