#include "tests/property/random.h"

/* splitmix64 */
uint32_t
rng_below(struct rng *rng, uint32_t n)
{
	uint64_t z = rng->state += UINT64_C(0x9e3779b97f4a7c15);

	z = (z ^ z >> 30) * UINT64_C(0xbf58476d1ce4e5b9);
	z = (z ^ z >> 27) * UINT64_C(0x94d049bb133111eb);
	return (uint32_t)((z ^ z >> 31) % n);
}

bool
rng_chance(struct rng *rng, uint32_t percent)
{
	return rng_below(rng, 100) < percent;
}
