/* What the tests of the loader share. */
#ifndef SD_TESTS_LOAD_HELPER_H
#define SD_TESTS_LOAD_HELPER_H

#include "core/base/file.h"
#include "core/base/text.h"
#include "core/schema/load.h"

#include <setjmp.h>
#include <stdarg.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include <cmocka.h>

static struct sd_arena *arena;
static struct sd_diags diags;

static int
setup(void **state)
{
	(void)state;
	arena = sd_arena_new();
	return 0;
}

static int
teardown(void **state)
{
	(void)state;
	sd_arena_free(arena);
	return 0;
}

/* Load @a and @b (unless NULL) as a.json and b.json.  Single quotes stand for double ones
 * where @text has a leading "~", which keeps the rows below readable. */
static struct sd_schema *
load2(const struct sd_dialect *dialect, const char *a, const char *b)
{
	struct sd_load_options options = { .dialect = dialect };
	const char *texts[] = { a, b }, *names[] = { "a.json", "b.json" };
	struct sd_loader *loader;

	diags = (struct sd_diags){ .arena = arena };
	loader = sd_loader_new(&options, arena, &diags);
	for (size_t i = 0; i < SD_COUNT(texts) && texts[i]; i++) {
		const char *text = texts[i][0] == '~'
					   ? sd_text_replace(arena, texts[i] + 1, "`", "\"")
					   : texts[i];
		struct sd_load_file file = { names[i], text, strlen(text) };

		(void)sd_loader_add(loader, &file);
	}
	return sd_loader_finish(loader);
}

static const char *
reports(void)
{
	static struct sd_buf buf;

	buf = SD_BUF(arena);
	sd_diags_format(&diags, 0, false, &buf);
	return sd_buf_text(&buf);
}

/* A table t with @columns, and with @more members. */
#define T(columns) "~{ `tables`: {\n `t`: { `columns`: { " columns " } } } }"
#define T2(columns, more) "~{ `tables`: {\n `t`: { `columns`: { " columns " },\n " more " } } }"
#define A "`a`: { `type`: `int` }"

#endif
