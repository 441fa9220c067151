#include "core/base/emit.h"

#include "core/base/diag.h"

#include <setjmp.h>
#include <stdarg.h>
#include <stdint.h>

#include <cmocka.h>

static void
test_layout(void **state)
{
	struct sd_arena *arena = sd_arena_new();
	struct sd_buf out = SD_BUF(arena);
	struct sd_emit e = SD_EMIT(&out);

	(void)state;
	sd_emit_open(&e, NULL, '{', SD_EMIT_SPREAD);
	sd_emit_text(&e, "a\"b", "x\ny");
	sd_emit_text(&e, "none", NULL);
	sd_emit_open(&e, "line", '{', SD_EMIT_LINE);
	sd_emit_open(&e, "list", '[', SD_EMIT_SPREAD);
	sd_emit_raw(&e, NULL, "1");
	sd_emit_bool(&e, NULL, true);
	sd_emit_close(&e);
	sd_emit_open(&e, "empty", '{', SD_EMIT_SPREAD);
	sd_emit_close(&e);
	sd_emit_close(&e);
	sd_emit_open(&e, "spread", '[', SD_EMIT_SPREAD);
	sd_emit_open(&e, NULL, '[', SD_EMIT_SPREAD);
	sd_emit_bool(&e, NULL, false);
	sd_emit_end(&e);
	assert_string_equal(sd_buf_text(&out),
		"{\n"
		"  \"a\\\"b\": \"x\\ny\",\n"
		"  \"none\": null,\n"
		"  \"line\": { \"list\": [1, true], \"empty\": {} },\n"
		"  \"spread\": [\n"
		"    [\n"
		"      false\n"
		"    ]\n"
		"  ]\n"
		"}\n");
	sd_arena_free(arena);
}

int
main(void)
{
	const struct CMUnitTest tests[] = { cmocka_unit_test(test_layout) };

	return cmocka_run_group_tests(tests, NULL, NULL);
}
