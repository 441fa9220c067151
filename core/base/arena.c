/* A bump allocator in blocks that grow.  Built with SD_ARENA_DEBUG each object gets a block
 * of its own, so that AddressSanitizer sees an overrun of one object into the next. */
#include "core/base/arena.h"

#include <stdarg.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/mman.h>

#define FIRST_BLOCK ((size_t)1024) /* small: a scratch arena often holds a name or two */
#define LARGEST_BLOCK ((size_t)2 * 1024 * 1024) /* a huge page, where the system has such */

struct block {
	struct block *next;
	max_align_t data[];
};

struct deferred {
	struct deferred *next;
	void (*fn)(void *);
	void *ptr;
};

struct sd_arena {
	struct block *blocks;
	struct deferred *deferred;
	char *at;         /* first free byte of the newest block */
	char *end;        /* behind its last byte */
	size_t next_size; /* of the block to come */
};

SD_NORETURN static void
out_of_memory(void)
{
	static const char message[] = "schemadiff: out of memory\n";

	(void)!fwrite(message, 1, sizeof message - 1, stderr);
	abort();
}

struct sd_arena *
sd_arena_new(void)
{
	struct sd_arena *arena = calloc(1, sizeof *arena);

	if (!arena)
		out_of_memory();
	arena->next_size = FIRST_BLOCK;
	return arena;
}

void
sd_arena_free(struct sd_arena *arena)
{
	if (!arena)
		return;
	for (struct deferred *d = arena->deferred; d; d = d->next)
		d->fn(d->ptr);
	for (struct block *b = arena->blocks, *next; b; b = next) {
		next = b->next;
		free(b);
	}
	free(arena);
}

/* Bytes of a block that fills a huge page. */
#define WHOLE_PAGE (LARGEST_BLOCK - sizeof(struct block))

/* Who takes much memory would else spend a fifth of the time on one fault for every 4 KiB of it. */
static struct block *
huge_block(void)
{
	struct block *b = aligned_alloc(LARGEST_BLOCK, LARGEST_BLOCK);

#ifdef MADV_HUGEPAGE
	if (b)
		(void)madvise(b, LARGEST_BLOCK, MADV_HUGEPAGE);
#endif
	return b;
}

/* A block with room for @size bytes, not zeroed: that is done piece by piece, since most blocks
 * are never used up. */
static struct block *
add_block(struct sd_arena *arena, size_t size)
{
	struct block *b;

	if (size > SIZE_MAX - sizeof *b)
		out_of_memory();
	b = size == WHOLE_PAGE ? huge_block() : malloc(sizeof *b + size);
	if (!b)
		out_of_memory();
	b->next = arena->blocks;
	arena->blocks = b;
	return b;
}

#ifndef SD_ARENA_DEBUG
static void
refill(struct sd_arena *arena, size_t size)
{
	size_t want = arena->next_size;
	struct block *b;

	if (want < size)
		want = size;
	b = add_block(arena, want);
	arena->at = (char *)b->data;
	arena->end = arena->at + want;
	arena->next_size *= 2;
	if (arena->next_size >= LARGEST_BLOCK)
		arena->next_size = WHOLE_PAGE;
}
#endif

/* @size bytes that hold anything. */
static void *
take(struct sd_arena *arena, size_t size)
{
#ifdef SD_ARENA_DEBUG
	return add_block(arena, size ? size : 1)->data;
#else
	const size_t align = _Alignof(max_align_t) > 8 ? 8 : _Alignof(max_align_t);
	void *result;

	if (size > SIZE_MAX - align)
		out_of_memory();
	size = (size + align - 1) & ~(align - 1);
	if (!arena->at || size > (size_t)(arena->end - arena->at))
		refill(arena, size);
	result = arena->at;
	arena->at += size;
	return result;
#endif
}

void *
sd_alloc(struct sd_arena *arena, size_t size)
{
	return memset(take(arena, size), 0, size);
}

char *
sd_alloc_text(struct sd_arena *arena, size_t size)
{
	return take(arena, size);
}

void *
sd_alloc_array(struct sd_arena *arena, size_t n, size_t size)
{
	if (size && n > SIZE_MAX / size)
		out_of_memory();
	return sd_alloc(arena, n * size);
}

void
sd_arena_defer(struct sd_arena *arena, void (*fn)(void *), void *ptr)
{
	struct deferred *d = sd_new(arena, struct deferred);

	d->fn = fn;
	d->ptr = ptr;
	d->next = arena->deferred;
	arena->deferred = d;
}

char *
sd_strndup(struct sd_arena *arena, const char *text, size_t len)
{
	char *copy;

	if (len == SIZE_MAX)
		out_of_memory();
	copy = take(arena, len + 1);
	if (len)
		memcpy(copy, text, len);
	copy[len] = '\0';
	return copy;
}

char *
sd_strdup(struct sd_arena *arena, const char *text)
{
	return text ? sd_strndup(arena, text, strlen(text)) : NULL;
}

char *
sd_vfmt(struct sd_arena *arena, const char *format, va_list args)
{
	char small[256], *text; /* most texts are short: formatted once */
	va_list again;
	int n;

	va_copy(again, args);
	n = vsnprintf(small, sizeof small, format, again);
	va_end(again);
	if (n < 0)
		out_of_memory();
	if ((size_t)n < sizeof small)
		return sd_strndup(arena, small, (size_t)n);
	text = sd_alloc(arena, (size_t)n + 1);
	vsnprintf(text, (size_t)n + 1, format, args);
	return text;
}

char *
sd_fmt(struct sd_arena *arena, const char *format, ...)
{
	char *text;
	va_list args;

	va_start(args, format);
	text = sd_vfmt(arena, format, args);
	va_end(args);
	return text;
}
