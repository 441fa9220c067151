/** A map from strings to pointers; zero-initialise to start empty.  It looks up, and has no
 *  order to iterate in: walk the vector that holds the values, so that output never depends
 *  on a hash. */
#ifndef SD_BASE_MAP_H
#define SD_BASE_MAP_H

#include "core/base/arena.h"

struct sd_map_node;

struct sd_map {
	struct sd_map_node *root;
	size_t n;
};

/** Slot of @key, created holding NULL when it is absent.  The key is not copied: it must
 *  live as long as the map.  Slots never move. */
void **sd_map_at(struct sd_map *map, const char *key, struct sd_arena *arena);

/** Value stored under @key, or NULL. */
void *sd_map_get(const struct sd_map *map, const char *key);

#endif
