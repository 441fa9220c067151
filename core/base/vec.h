/** A typed growable array that lives in an arena; zero-initialise to start empty.
 *
 *      SD_VEC(struct sd_column *) columns = { 0 };
 *      *sd_push(arena, &columns) = column;
 *      for (size_t i = 0; i < columns.n; i++) … columns.at[i] …
 *
 *  Growing moves the elements: keep indexes or element pointers, not both. */
#ifndef SD_BASE_VEC_H
#define SD_BASE_VEC_H

#include "core/base/arena.h"

#include <stdint.h>

#define SD_VEC(type)                                                                           \
	struct {                                                                               \
		type *at;                                                                      \
		size_t n, cap;                                                                 \
	}

/** Pointer to a new, zeroed last element of @vec. */
#define sd_push(arena, vec)                                                                    \
	((vec)->n == (vec)->cap ? (void)((vec)->cap = (vec)->cap ? (vec)->cap * 2 : 4,         \
					  (vec)->at = sd_vec_grow((arena), (vec)->at,          \
						  (vec)->n, (vec)->cap, sizeof *(vec)->at))    \
				: (void)0,                                                     \
		&(vec)->at[(vec)->n++])

/** Room for exactly @count elements in the @vec that is still empty, where their number is
 * known. */
#define sd_reserve(arena, vec, count)                                                          \
	((vec)->cap || !(count) ? (void)0                                                      \
				: (void)((vec)->at = sd_alloc_array(                           \
						 (arena), (count), sizeof *(vec)->at),         \
					  (vec)->cap = (uint32_t)(count)))

/** A list of strings. */
struct sd_names {
	const char **at;
	uint32_t n, cap; /* not size_t: every object of a schema has such a list */
};

/** Index of @name in @names, or -1. */
long sd_names_find(const struct sd_names *names, const char *name);

/** Both hold the same strings in the same order. */
int sd_names_equal(const struct sd_names *a, const struct sd_names *b);

/** Put the strings from index @first on into the order of their bytes. */
void sd_names_sort(struct sd_names *names, size_t first);

/** For sd_push() alone: a copy of the @n elements at @at with room for @cap. */
void *sd_vec_grow(struct sd_arena *arena, const void *at, size_t n, size_t cap, size_t size);

#endif
