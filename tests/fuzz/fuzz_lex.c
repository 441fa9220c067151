/* The tokenizer: tokens cover the text; a script's statements leave no token out; the canonical
 * form is its own canonical form; splitting and renaming never go wrong. */
#include "core/sql/canon.h"

#include <string.h>

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size);

/* Between @from and @to of a script, and outside its statements, stand semicolons only. */
static void
check_gap(const struct sd_dialect *dialect, const char *text, uint32_t from, uint32_t to)
{
	struct sd_lex lex;
	struct sd_tok tok;

	sd_lex_init(
		&lex, dialect->lex & ~(unsigned)SD_LEX_OPEN_COMMENT, text + from, to - from);
	while ((tok = sd_lex_next_solid(&lex)).kind != SD_TOK_END)
		if (!sd_tok_is_op(text + from, tok, ";"))
			sd_bug("the splitter lost a token");
}

static void
one_dialect(const struct sd_dialect *dialect, struct sd_arena *arena, const char *text)
{
	const char *form = sd_sql_canonical(dialect, arena, text);
	uint32_t end = 0;
	struct sd_split split;
	struct sd_stmt stmt;
	struct sd_lex lex;
	struct sd_tok tok;
	bool bad = false;

	sd_lex_init(&lex, dialect->lex, text, strlen(text));
	while ((tok = sd_lex_next(&lex)).kind != SD_TOK_END) {
		if (tok.off != end || !tok.len)
			sd_bug("a hole between tokens");
		end = tok.off + tok.len;
		bad |= tok.kind == SD_TOK_BAD;
	}
	if (end != strlen(text))
		sd_bug("tokens do not cover the text");
	if (!bad && sd_sql_is_balanced(dialect, text) &&
		strcmp(form, sd_sql_canonical(dialect, arena, form)) != 0)
		sd_bug("the canonical form of %s is not its own", form);
	(void)sd_sql_rename(dialect, arena, text, "a", "b c");
	(void)sd_type_canonical(dialect, arena, text);
	sd_split_init(&split, dialect, arena, text, 1);
	end = 0;
	while (sd_split_next(&split, &stmt)) {
		if (stmt.off < end || stmt.end > strlen(text))
			sd_bug("statements overlap");
		check_gap(dialect, text, end, stmt.off);
		end = stmt.end;
	}
	check_gap(dialect, text, end, (uint32_t)strlen(text));
}

int
LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
	struct sd_arena *arena = sd_arena_new();
	const char *text = sd_strndup(arena, (const char *)data, size);

	for (size_t i = 0; sd_dialects[i]; i++)
		one_dialect(sd_dialects[i], arena, text);
	sd_arena_free(arena);
	return 0;
}
