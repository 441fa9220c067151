#include "core/base/json.h"

#include <setjmp.h>
#include <stdarg.h>
#include <stdint.h>
#include <stdio.h>
#include <string.h>

#include <cmocka.h>

static struct sd_arena *arena;
static struct sd_diags diags;

static int
setup(void **state)
{
	(void)state;
	arena = sd_arena_new();
	diags = (struct sd_diags){ .arena = arena };
	return 0;
}

static int
teardown(void **state)
{
	(void)state;
	sd_arena_free(arena);
	return 0;
}

static struct sd_json *
parse(const char *text, size_t len)
{
	return sd_json_parse("f.json", text, len, arena, &diags);
}

static const char *
reports(void)
{
	static struct sd_buf buf;

	buf = SD_BUF(arena);
	sd_diags_format(&diags, 0, false, &buf);
	return sd_buf_text(&buf);
}

/* The value written out again, keys and positions included. */
static void
write_back(const struct sd_json *json, struct sd_buf *out)
{
	const char *sep = "";

	switch (json->type) {
	case SD_JSON_NULL:
		sd_buf_add(out, "null");
		break;
	case SD_JSON_BOOL:
		sd_buf_add(out, json->boolean ? "true" : "false");
		break;
	case SD_JSON_NUMBER:
		sd_buf_add(out, json->text);
		break;
	case SD_JSON_STRING:
		sd_json_quote(out, json->text);
		break;
	case SD_JSON_ARRAY:
	case SD_JSON_OBJECT:
		sd_buf_addc(out, json->type == SD_JSON_ARRAY ? '[' : '{');
		for (const struct sd_json *m = json->first; m; m = m->next, sep = ",") {
			sd_buf_add(out, sep);
			if (m->key) {
				sd_json_quote(out, m->key);
				sd_buf_addc(out, ':');
			}
			write_back(m, out);
		}
		sd_buf_addc(out, json->type == SD_JSON_ARRAY ? ']' : '}');
		break;
	}
}

static void
test_accepts(void **state)
{
	static const struct {
		int line;
		const char *text, *back;
	} rows[] = {
		{ __LINE__, "{}", "{}" },
		{ __LINE__, " [ ] ", "[]" },
		{ __LINE__, "\t\r\n1", "1" },
		{ __LINE__, "[0,-0,1.5,-1e10,1E+2,2e-3]", "[0,-0,1.5,-1e10,1E+2,2e-3]" },
		{ __LINE__, "[true,false,null]", "[true,false,null]" },
		{ __LINE__, "{\"b\":1,\"a\":[{\"c\":{}}]}", "{\"b\":1,\"a\":[{\"c\":{}}]}" },
		{ __LINE__, "\"\\u0041\\n\\/\\\"\\\\\"", "\"A\\n/\\\"\\\\\"" },
		{ __LINE__, "\"\\ud83d\\ude00\"", "\"\xf0\x9f\x98\x80\"" },
		{ __LINE__, "\"\xc3\xa9\"", "\"\xc3\xa9\"" },
		{ __LINE__, "\"\\u0001\x7f\"", "\"\\u0001\x7f\"" },
		{ __LINE__, "{\"\":\"\"}", "{\"\":\"\"}" },
		{ __LINE__, "123456789012345678901234567890",
			"123456789012345678901234567890" },
		{ __LINE__, "{\"a\":1,\"A\":2}", "{\"a\":1,\"A\":2}" },
	};

	(void)state;
	for (size_t i = 0; i < SD_COUNT(rows); i++) {
		struct sd_json *json = parse(rows[i].text, strlen(rows[i].text));
		struct sd_buf back = SD_BUF(arena);

		if (!json)
			fail_msg("line %d: %s", rows[i].line, reports());
		write_back(json, &back);
		if (strcmp(sd_buf_text(&back), rows[i].back) != 0)
			fail_msg("line %d: %s", rows[i].line, sd_buf_text(&back));
	}
	assert_int_equal(diags.n_errors, 0);
}

#define ERR(where, text) "f.json:" where ": error: " text "\n"

static const struct {
	int line;
	const char *text, *report;
	size_t len; /* 0 = strlen() */
} bad[] = {
	{ __LINE__, "", ERR("1:1", "the file is empty: expected a JSON object, {} at least"),
		0 },
	{ __LINE__, " \n ",
		ERR("2:2", "the file is empty: expected a JSON object, {} at least"), 0 },
	{ __LINE__, "{",
		ERR("1:2", "expected a key in double quotes, found the end of the file"), 0 },
	{ __LINE__, "{\n  \"a\": 1,\n}",
		ERR("3:1", "a comma stands before this '}': JSON allows none there"), 0 },
	{ __LINE__, "[1,]",
		ERR("1:4", "a comma stands before this ']': JSON allows none there"), 0 },
	{ __LINE__, "[1 2]", ERR("1:4", "expected ',' or ']', found '2'"), 0 },
	{ __LINE__, "[1}", ERR("1:3", "expected ',' or ']', found '}'"), 0 },
	{ __LINE__, "{\"a\" 1}", ERR("1:6", "expected ':' behind the key, found '1'"), 0 },
	{ __LINE__, "{a: 1}", ERR("1:2", "expected a key in double quotes, found 'a'"), 0 },
	{ __LINE__, "{\"a\":}", ERR("1:6", "expected a value, found '}'"), 0 },
	{ __LINE__, "[01]", ERR("1:2", "a number can't begin with 0"), 0 },
	{ __LINE__, "[-01]", ERR("1:3", "a number can't begin with 0"), 0 },
	{ __LINE__, "[+1]", ERR("1:2", "a number can't begin with '+'"), 0 },
	{ __LINE__, "[.5]", ERR("1:2", "a number can't begin with '.'"), 0 },
	{ __LINE__, "[1.]", ERR("1:4", "expected a digit behind the decimal point, found ']'"),
		0 },
	{ __LINE__, "[1e]", ERR("1:4", "expected a digit in the exponent, found ']'"), 0 },
	{ __LINE__, "[-]", ERR("1:3", "expected a digit behind the minus sign, found ']'"), 0 },
	{ __LINE__, "[1111111111222222222233333333334444444444555555555566666666667]",
		ERR("1:2", "a number of more than 60 characters"), 0 },
	{ __LINE__, "[ture]",
		ERR("1:2",
			"expected a value, found the word ture") "hint: did you mean true?\n",
		0 },
	{ __LINE__, "[NaN]",
		ERR("1:2", "expected a value, found the word NaN") "hint: a text stands in "
								   "double quotes\n",
		0 },
	{ __LINE__, "['a']", ERR("1:2", "expected double quotes, found a single one"), 0 },
	{ __LINE__, "[\n// x\n1]",
		ERR("2:1",
			"expected a value, found '/' (JSON has no comments; a key that begins "
			"with x- is free for notes)"),
		0 },
	{ __LINE__, "{\n  # x\n  \"a\": 1}",
		ERR("2:3",
			"expected a key in double quotes, found '#' (JSON has no comments; a key that "
			"begins with x- is free for notes)"),
		0 },
	{ __LINE__, "{\n\"a\": [\n<<<<<<< HEAD\n1\n=======\n2\n>>>>>>> ada\n]}",
		ERR("3:1", "a merge has left a conflict here") "hint: choose what shall stand, and "
			"take the marks <<<<<<< ======= >>>>>>> away\n",
		0 },
	{ __LINE__, "{\n<<<<<<< HEAD\n}",
		ERR("2:1", "expected a key in double quotes, found '<'"), 0 },
	{ __LINE__, "{'a': 1}", ERR("1:2", "expected double quotes, found a single one"), 0 },
	{ __LINE__, "{} {}", ERR("1:4", "expected nothing more behind the value, found '{'"),
		0 },
	{ __LINE__, "\"abc", ERR("1:1", "this string has no closing quote"), 0 },
	{ __LINE__, "\"ab\nc\"",
		ERR("1:4",
			"expected the closing quote before the end of the line; a line break "
			"inside a string is written \\n"),
		0 },
	{ __LINE__, "\"a\tb\"",
		ERR("1:3",
			"the control character 0x09 stands in a string: write it as \\u0009"),
		0 },
	{ __LINE__, "\"\\x\"",
		ERR("1:2", "expected an escape that JSON knows: \\\" \\\\ \\/ \\b \\f \\n \\r "
			   "\\t or "
			   "\\u and four hex digits"),
		0 },
	{ __LINE__, "\"\\u12g4\"", ERR("1:2", "expected four hex digits behind \\u"), 0 },
	{ __LINE__, "\"\\u0000\"", ERR("1:2", "\\u0000 is not allowed: no database stores it"),
		0 },
	{ __LINE__, "\"\\ud800\"",
		ERR("1:2", "\\ud800 is half of a surrogate pair: expected \\udc00 to \\udfff "
			   "behind it"),
		0 },
	{ __LINE__, "\"\\ud800\\ud7ff\"",
		ERR("1:2", "\\ud800 is half of a surrogate pair: expected \\udc00 to \\udfff "
			   "behind it"),
		0 },
	{ __LINE__, "\"\\udc00\"",
		ERR("1:2", "\\udc00 is half of a surrogate pair: expected \\ud800 to \\udbff "
			   "before it"),
		0 },
	{ __LINE__, "\xef\xbb\xbf{}",
		ERR("1:1", "the file begins with a byte order mark") "hint: save it as UTF-8 "
								     "without BOM\n",
		0 },
	{ __LINE__, "\xff\xfe{",
		ERR("1:1", "the file is UTF-16, expected UTF-8") "hint: save it as UTF-8 "
								 "without BOM\n",
		0 },
	{ __LINE__, "{\n \"\xc0\x80\"}", ERR("2:3", "byte 0xc0 is not valid UTF-8"), 0 },
	{ __LINE__, "[\"\xed\xa0\x80\"]", ERR("1:3", "byte 0xed is not valid UTF-8"), 0 },
	{ __LINE__, "[\"a\0b\"]", ERR("1:4", "a NUL byte stands in a string"), 7 },
	{ __LINE__, "{}\0",
		ERR("1:3", "expected nothing more behind the value, found a NUL byte"), 3 },
	{ __LINE__, "{\"a\":1,\n \"b\":2,\n \"a\":3}",
		ERR("3:2",
			"key \"a\" is given twice") "f.json:1:2: note: the first one is here\n",
		0 },
	{ __LINE__, "{\"a\":1,\"\\u0061\":3}",
		ERR("1:8",
			"key \"a\" is given twice") "f.json:1:2: note: the first one is here\n",
		0 },
};

static void
test_refuses(void **state)
{
	(void)state;
	for (size_t i = 0; i < SD_COUNT(bad); i++) {
		size_t len = bad[i].len ? bad[i].len : strlen(bad[i].text);
		/* A copy of the exact size, so that a read beyond it is seen. */
		const char *text = len ? memcpy(sd_alloc(arena, len), bad[i].text, len) : "";

		diags = (struct sd_diags){ .arena = arena };
		if (parse(text, len))
			fail_msg("line %d: accepted", bad[i].line);
		if (strcmp(reports(), bad[i].report) != 0)
			fail_msg("line %d: %s", bad[i].line, reports());
	}
}

static struct sd_json *
nested(size_t depth)
{
	char *text = sd_alloc(arena, 2 * depth + 1);

	memset(text, '[', depth);
	memset(text + depth, ']', depth);
	return parse(text, 2 * depth);
}

static void
test_depth(void **state)
{
	(void)state;
	assert_non_null(nested(64));
	assert_null(nested(65));
	assert_string_equal(reports(), ERR("1:65", "nested deeper than 64 levels"));
	assert_null(nested(1000 * 1000));
}

/* Objects beyond a few members look their keys up in a map. */
static void
test_many_keys(void **state)
{
	struct sd_buf text = SD_BUF(arena);

	(void)state;
	for (int i = 0; i < 5000; i++)
		sd_buf_addf(&text, "%s\"k%d\": %d", i ? ", " : "{", i, i);
	sd_buf_addc(&text, '}');
	assert_non_null(parse(text.at, text.n));
	sd_buf_cut(&text, text.n - 1);
	sd_buf_add(&text, ",\n\"k7\": 1}");
	assert_null(parse(text.at, text.n));
	assert_int_equal(diags.n_errors, 1);
	assert_string_equal(diags.list.at[0].text, "key \"k7\" is given twice");
	assert_int_equal(diags.list.at[0].pos.line, 2);
}

static void
test_positions(void **state)
{
	const char *text = "{\n\t\"a\": [1,\n  {\"b\": null}],\n\"c\": \"x\" }";
	const struct sd_json *json, *a, *b;

	(void)state;
	json = parse(text, strlen(text));
	assert_non_null(json);
	assert_int_equal(json->n, 2);
	a = sd_json_get(json, "a");
	assert_int_equal(a->key_pos.line, 2);
	assert_int_equal(a->key_pos.col, 2);
	assert_int_equal(a->pos.col, 7);
	assert_int_equal(a->n, 2);
	assert_int_equal(a->first->pos.col, 8);
	b = sd_json_get(a->first->next, "b");
	assert_int_equal(b->pos.line, 3);
	assert_int_equal(b->key_pos.col, 4);
	assert_int_equal(b->pos.col, 9);
	assert_null(sd_json_get(json, "b"));
	assert_null(sd_json_get(a, "b"));
	assert_int_equal(sd_json_get(json, "c")->pos.line, 4);
}

static void
test_reports(void **state)
{
	static const char *const known[] = { "columns", "indexes", NULL };
	const char *text = "{\"colums\": 1, \"zzz\": []}";
	const struct sd_json *json;

	(void)state;
	json = parse(text, strlen(text));
	sd_json_unknown_key(&diags, json->first, known);
	sd_json_unknown_key(&diags, json->first->next, known);
	sd_json_expected(&diags, json->first, "a string");
	sd_json_expected(&diags, json, "a list");
	assert_string_equal(reports(),
		ERR("1:2", "unknown key \"colums\"") "hint: did you mean \"columns\"?\n" ERR(
			"1:15",
			"unknown key \"zzz\"") "hint: known here: columns, indexes\n" ERR("1:"
											  "12",
			"\"colums\": expected a string, found a number")
			ERR("1:1", "expected a list, found an object"));
}

int
main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test_setup_teardown(test_accepts, setup, teardown),
		cmocka_unit_test_setup_teardown(test_refuses, setup, teardown),
		cmocka_unit_test_setup_teardown(test_depth, setup, teardown),
		cmocka_unit_test_setup_teardown(test_many_keys, setup, teardown),
		cmocka_unit_test_setup_teardown(test_positions, setup, teardown),
		cmocka_unit_test_setup_teardown(test_reports, setup, teardown),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
