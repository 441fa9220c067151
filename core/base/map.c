/* A 4-ary hash trie: two bits of the hash choose the child at each level.  No resizing, no
 * tombstones, stable slots, and about log4(n) steps to find a key. */
#include "core/base/map.h"

#include <stdint.h>
#include <string.h>

struct sd_map_node {
	struct sd_map_node *child[4];
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

void **
sd_map_at(struct sd_map *map, const char *key, struct sd_arena *arena)
{
	struct sd_map_node **slot = &map->root;

	for (uint64_t h = hash(key); *slot; h = h << 2 | h >> 62) {
		if (strcmp((*slot)->key, key) == 0)
			return &(*slot)->value;
		slot = &(*slot)->child[h >> 62];
	}
	*slot = sd_new(arena, struct sd_map_node);
	(*slot)->key = key;
	map->n++;
	return &(*slot)->value;
}

void *
sd_map_get(const struct sd_map *map, const char *key)
{
	const struct sd_map_node *node = map->root;

	for (uint64_t h = hash(key); node; h = h << 2 | h >> 62) {
		if (strcmp(node->key, key) == 0)
			return node->value;
		node = node->child[h >> 62];
	}
	return NULL;
}
