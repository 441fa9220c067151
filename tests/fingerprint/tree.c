#include "tests/fingerprint/tree.h"

#include <string.h>

struct sd_json *
tree_new(struct sd_arena *arena, enum sd_json_type type)
{
	struct sd_json *json = sd_new(arena, struct sd_json);

	json->type = type;
	return json;
}

struct sd_json *
tree_text(struct sd_arena *arena, const char *text)
{
	struct sd_json *json = tree_new(arena, SD_JSON_STRING);

	json->text = text;
	return json;
}

struct sd_json *
tree_number(struct sd_arena *arena, const char *digits)
{
	struct sd_json *json = tree_new(arena, SD_JSON_NUMBER);

	json->text = digits;
	return json;
}

struct sd_json *
tree_bool(struct sd_arena *arena, bool value)
{
	struct sd_json *json = tree_new(arena, SD_JSON_BOOL);

	json->boolean = value;
	return json;
}

struct sd_json *
tree_list_of(struct sd_arena *arena, const char *text)
{
	struct sd_json *list = tree_new(arena, SD_JSON_ARRAY);

	tree_add(list, tree_text(arena, text));
	return list;
}

struct sd_json *
tree_copy(struct sd_arena *arena, const struct sd_json *json)
{
	struct sd_json *copy = sd_new(arena, struct sd_json), **tail = &copy->first;

	*copy = *json;
	copy->next = NULL;
	for (const struct sd_json *m = json->first; m; m = m->next, tail = &(*tail)->next)
		*tail = tree_copy(arena, m);
	*tail = NULL;
	return copy;
}

void
tree_set(struct sd_json *object, const char *key, struct sd_json *value)
{
	struct sd_json **slot = &object->first;

	while (*slot && strcmp((*slot)->key, key) != 0)
		slot = &(*slot)->next;
	value->key = key;
	value->next = *slot ? (*slot)->next : NULL;
	object->n += !*slot;
	*slot = value;
}

void
tree_add(struct sd_json *list, struct sd_json *value)
{
	struct sd_json **slot = &list->first;

	while (*slot)
		slot = &(*slot)->next;
	value->key = NULL;
	value->next = NULL;
	*slot = value;
	list->n++;
}

void
tree_drop(struct sd_json *list, struct sd_json *item)
{
	struct sd_json **slot = &list->first;

	while (*slot != item)
		slot = &(*slot)->next;
	*slot = item->next;
	item->next = NULL;
	list->n--;
}

struct sd_json *
tree_take(struct sd_json *object, const char *key)
{
	struct sd_json *member = sd_json_get(object, key);

	if (member)
		tree_drop(object, member);
	return member;
}

static void
shuffle(struct rng *rng, struct sd_json *json)
{
	struct sd_json *rest = json->first, *done = NULL;

	for (size_t n = json->n; n; n--) {
		struct sd_json **slot = &rest, *taken;

		for (uint32_t i = rng_below(rng, (uint32_t)n); i; i--)
			slot = &(*slot)->next;
		taken = *slot;
		*slot = taken->next;
		taken->next = done;
		done = taken;
	}
	json->first = done;
}

void
tree_shuffle(struct rng *rng, struct sd_json *json, bool (*is_loose)(const char *key))
{
	for (struct sd_json *m = json->first; m; m = m->next)
		tree_shuffle(rng, m, is_loose);
	if (json->type == SD_JSON_OBJECT ||
		(json->type == SD_JSON_ARRAY && json->key && is_loose(json->key)))
		shuffle(rng, json);
}

static void
space(struct rng *rng, struct sd_buf *out)
{
	static const char *const spaces[] = { "", " ", "\n", "\t", "\r\n", "\n\n    ", "  " };

	if (rng)
		sd_buf_add(out, spaces[rng_below(rng, 7)]);
}

/* Some characters as escapes, which say the same. */
static void
write_text(const char *text, struct rng *rng, struct sd_buf *out)
{
	if (!rng || !rng_chance(rng, 20)) {
		sd_json_quote(out, text);
		return;
	}
	sd_buf_addc(out, '"');
	for (; *text; text++) {
		char c = *text;

		if (c == '"' || c == '\\' || (unsigned char)c < ' ' ||
			((unsigned char)c < 0x80 && rng_chance(rng, 10)))
			sd_buf_addf(out, "\\u%04X", (unsigned)c);
		else
			sd_buf_addc(out, c);
	}
	sd_buf_addc(out, '"');
}

static void
write_items(const struct sd_json *json, struct rng *rng, struct sd_buf *out)
{
	bool is_object = json->type == SD_JSON_OBJECT;

	sd_buf_addc(out, is_object ? '{' : '[');
	for (const struct sd_json *m = json->first; m; m = m->next) {
		space(rng, out);
		if (is_object) {
			write_text(m->key, rng, out);
			space(rng, out);
			sd_buf_addc(out, ':');
		}
		tree_write(m, rng, out);
		sd_buf_add(out, m->next ? "," : "");
	}
	space(rng, out);
	sd_buf_addc(out, is_object ? '}' : ']');
}

void
tree_write(const struct sd_json *json, struct rng *rng, struct sd_buf *out)
{
	space(rng, out);
	switch (json->type) {
	case SD_JSON_NULL:
		sd_buf_add(out, "null");
		break;
	case SD_JSON_BOOL:
		sd_buf_add(out, json->boolean ? "true" : "false");
		break;
	case SD_JSON_NUMBER:
		sd_buf_add(out, json->text);
		break;
	case SD_JSON_STRING:
		write_text(json->text, rng, out);
		break;
	default:
		write_items(json, rng, out);
	}
	space(rng, out);
}
