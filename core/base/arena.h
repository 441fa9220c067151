/** Memory that is released all at once.
 *
 *  A command is a sequence of phases that build things and read them; nothing of it is
 *  freed one by one.  A function that allocates takes the arena that its result will live
 *  in: that parameter is the statement of who owns the result.  Memory is zeroed, and zero
 *  is a valid empty value of every struct of the project.  When memory runs out the process
 *  says so and aborts, so no caller checks. */
#ifndef SD_BASE_ARENA_H
#define SD_BASE_ARENA_H

#include "core/base/attr.h"

#include <stdarg.h>
#include <stddef.h>

struct sd_arena;

/** A new, empty arena.  Release it with sd_arena_free(). */
struct sd_arena *sd_arena_new(void);

/** Run the deferred calls, last first, then release all memory of @arena.  NULL is allowed. */
void sd_arena_free(struct sd_arena *arena);

/** Have @fn called with @ptr when @arena is freed: for a library's handle that lives as
 *  long as the arena does. */
void sd_arena_defer(struct sd_arena *arena, void (*fn)(void *), void *ptr);

/** @size zeroed bytes, aligned for any type. */
void *sd_alloc(struct sd_arena *arena, size_t size);

/** @size bytes that hold anything, for text. */
char *sd_alloc_text(struct sd_arena *arena, size_t size);

/** A zeroed array of @n elements of @size bytes; aborts when the product overflows. */
void *sd_alloc_array(struct sd_arena *arena, size_t n, size_t size);

#define sd_new(arena, type) ((type *)sd_alloc((arena), sizeof(type)))
#define sd_new_array(arena, n, type) ((type *)sd_alloc_array((arena), (n), sizeof(type)))

/** A copy of @text, or NULL when @text is NULL. */
char *sd_strdup(struct sd_arena *arena, const char *text);

/** A NUL-terminated copy of the @len bytes at @text. */
char *sd_strndup(struct sd_arena *arena, const char *text, size_t len);

/** printf() into @arena. */
char *sd_fmt(struct sd_arena *arena, const char *format, ...) SD_PRINTF(2, 3);
char *sd_vfmt(struct sd_arena *arena, const char *format, va_list args);

#endif
