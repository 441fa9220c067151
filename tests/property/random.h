/** What the property test's generators share: the same seed gives the same bytes. */
#ifndef SD_TESTS_RANDOM_H
#define SD_TESTS_RANDOM_H

#include <stdbool.h>
#include <stdint.h>

struct rng {
	uint64_t state;
};

uint32_t rng_below(struct rng *rng, uint32_t n);
bool rng_chance(struct rng *rng, uint32_t percent);

#endif
