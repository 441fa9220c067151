#include "core/base/vec.h"

#include <stdlib.h>
#include <string.h>

void *
sd_vec_grow(struct sd_arena *arena, const void *at, size_t n, size_t cap, size_t size)
{
	/* a capacity that wrapped round asks for more than there is */
	void *copy = sd_alloc_array(arena, cap > n ? cap : SIZE_MAX, size);

	if (n)
		memcpy(copy, at, n * size);
	return copy;
}

long
sd_names_find(const struct sd_names *names, const char *name)
{
	for (size_t i = 0; i < names->n; i++)
		if (strcmp(names->at[i], name) == 0)
			return (long)i;
	return -1;
}

int
sd_names_equal(const struct sd_names *a, const struct sd_names *b)
{
	if (a->n != b->n)
		return 0;
	for (size_t i = 0; i < a->n; i++)
		if (strcmp(a->at[i], b->at[i]) != 0)
			return 0;
	return 1;
}

static int
by_bytes(const void *a, const void *b)
{
	return strcmp(*(const char *const *)a, *(const char *const *)b);
}

void
sd_names_sort(struct sd_names *names, size_t first)
{
	if (names->n > first)
		qsort(names->at + first, names->n - first, sizeof *names->at, by_bytes);
}
