/* A 4-ary hash trie: two bits of the hash choose the child at each level.  No resizing, no
 * tombstones, stable slots, and about log4(n) steps to find a key. */
#include "core/base/map.h"

#include <stdbool.h>
#include <stdint.h>
#include <string.h>

struct sd_map_node {
	struct sd_map_node *child[4];
	uint64_t hash; /* of the key, which lies elsewhere and is only looked at when this fits
			*/
	const char *key;
	void *value;
};

static uint64_t
hash(const char *key)
{
	uint64_t h = UINT64_C(0xcbf29ce484222325);

	for (; *key; key++)
		h = (h ^ (unsigned char)*key) * UINT64_C(0x100000001b3);
	return h ^ h >> 32;
}

static bool
holds(const struct sd_map_node *node, uint64_t whole, const char *key)
{
	return node->hash == whole && strcmp(node->key, key) == 0;
}

void **
sd_map_at(struct sd_map *map, const char *key, struct sd_arena *arena)
{
	struct sd_map_node **slot = &map->root;
	uint64_t whole = hash(key);

	for (uint64_t h = whole; *slot; h = h << 2 | h >> 62) {
		if (holds(*slot, whole, key))
			return &(*slot)->value;
		slot = &(*slot)->child[h >> 62];
	}
	*slot = sd_new(arena, struct sd_map_node);
	(*slot)->hash = whole;
	(*slot)->key = key;
	map->n++;
	return &(*slot)->value;
}

void *
sd_map_get(const struct sd_map *map, const char *key)
{
	const struct sd_map_node *node = map->root;
	uint64_t whole = hash(key);

	for (uint64_t h = whole; node; h = h << 2 | h >> 62) {
		if (holds(node, whole, key))
			return node->value;
		node = node->child[h >> 62];
	}
	return NULL;
}
