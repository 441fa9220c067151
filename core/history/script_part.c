/* The parts of a script.
 *
 * The text is walked statement by statement, as the tokenizer of the part's dialect splits it;
 * directives are the `-- schemadiff:` comments in the gaps between statements, `up` and `down`
 * among them.  One inside a statement is an error, never ignored: it most often means that
 * the semicolon before it is missing, and ignoring a `down` would run the way back with the
 * way there. */
#include "core/history/script_impl.h"

#include "core/base/text.h"

#include <stdlib.h>
#include <string.h>

/* The part being read. */
struct part {
	struct sd_script_parser *p;
	struct sd_part_script out;
	const struct sd_dialect *dialect;
	uint32_t line;
	bool is_up, is_plain; /* no part of a revision: it is a file of its own */
	/* A directive that waits for its statement. */
	enum sd_step_kind next;
	const char *message;
	uint32_t next_line;
	bool guarded;             /* an only-if query waits for the statement that it guards */
	enum sd_step_scope scope; /* of the next statement */
	struct sd_batch batch;
	bool malformed; /* @batch, and that was reported */
	bool ended;     /* the next part's heading was found, at: */
	uint32_t end_off, end_line;
};

/* ---- directives --------------------------------------------------------------------- */

static void
set_next(struct part *part, uint32_t line, enum sd_step_kind kind, const char *message)
{
	if (part->next_line)
		sd_script_defect(part->p, line,
			"two directives stand before one statement; the other is on line %u",
			(unsigned)part->next_line);
	part->next = kind;
	part->message = message;
	part->next_line = line;
}

static void
on_expect_none(struct part *part, uint32_t line, const char *args)
{
	if (!*args)
		sd_script_defect(part->p, line,
			"`expect-none` needs a message: what it means when a row is there");
	set_next(part, line, SD_STEP_EXPECT_NONE, args);
}

static void
on_only_if(struct part *part, uint32_t line, const char *args)
{
	if (*args)
		sd_script_defect(part->p, line, "`only-if` takes nothing behind it");
	set_next(part, line, SD_STEP_ONLY_IF, NULL);
}

static const char one_transaction[] =
	"a part with `foreign-keys off` is one transaction, whole or not at all";

static void
on_foreign_keys(struct part *part, uint32_t line, const char *args)
{
	if (strcmp(args, "off") != 0)
		sd_script_defect(part->p, line, "`foreign-keys` can only be `off`");
	else if (part->out.steps.n)
		sd_script_defect(part->p, line,
			"`foreign-keys off` must stand before the first statement of its part");
	else if (part->scope != SD_SCOPE_SAME || part->next_line)
		sd_script_defect(part->p, line, "%s", one_transaction);
	part->out.foreign_keys_off = true;
}

static void
on_allow(struct part *part, uint32_t line, const char *args)
{
	if (!*args)
		sd_script_defect(part->p, line, "`allow` needs the name of a hazard");
	while (*args) {
		size_t n = strcspn(args, " ,");

		if (n)
			*sd_push(part->p->arena, &part->out.allow) =
				sd_strndup(part->p->arena, args, n);
		args += n;
		args += *args != '\0';
	}
}

static void
on_irreversible(struct part *part, uint32_t line, const char *args)
{
	if (part->is_up)
		sd_script_defect(part->p, line, "`irreversible` belongs into the down part");
	if (!*args)
		sd_script_defect(part->p, line, "`irreversible` needs the reason");
	part->out.irreversible = args;
}

static void
set_scope(struct part *part, uint32_t line, const char *args, enum sd_step_scope scope)
{
	if (*args)
		sd_script_defect(part->p, line, "this directive takes nothing behind it");
	if (part->out.foreign_keys_off)
		sd_script_defect(part->p, line, "%s", one_transaction);
	if (part->next_line)
		sd_script_defect(part->p, line,
			"the statement that the directive on line %u is for must come first",
			(unsigned)part->next_line);
	else if (part->guarded)
		sd_script_defect(part->p, line,
			"the statement that `only-if` guards must run in the same transaction");
	part->scope = scope;
}

static void
on_transaction(struct part *part, uint32_t line, const char *args)
{
	set_scope(part, line, args, SD_SCOPE_NEW);
}

static void
on_no_transaction(struct part *part, uint32_t line, const char *args)
{
	set_scope(part, line, args, SD_SCOPE_NONE);
}

/* The text of @args from @from to before @tok, without the space around it. */
static const char *
between(struct part *part, const char *args, uint32_t from, struct sd_tok tok)
{
	struct sd_arena *arena = part->p->arena;

	return sd_text_trim(arena, sd_strndup(arena, args + from, tok.off - from));
}

/* "TABLE (KEY, …) [SIZE]" → @part->batch; false when malformed. */
static bool
read_batch(struct part *part, const char *args)
{
	struct sd_lex lex;
	struct sd_tok tok;
	uint32_t from = 0;
	const char *size;
	char *end;

	sd_lex_init(&lex, part->dialect->lex, args, strlen(args));
	while (!sd_tok_is_op(args, tok = sd_lex_next_solid(&lex), "("))
		if (tok.kind != SD_TOK_WORD && tok.kind != SD_TOK_NAME &&
			!sd_tok_is_op(args, tok, "."))
			return false;
	part->batch.table = between(part, args, from, tok);
	do {
		const char *key;

		from = tok.off + 1;
		do
			tok = sd_lex_next_solid(&lex);
		while (sd_tok_is_name(tok) || sd_tok_is_op(args, tok, "."));
		key = between(part, args, from, tok);
		if (!*key)
			return false;
		*sd_push(part->p->arena, &part->batch.key) = key;
	} while (sd_tok_is_op(args, tok, ","));
	if (!*part->batch.table || !sd_tok_is_op(args, tok, ")"))
		return false;
	size = sd_text_trim(part->p->arena, args + tok.off + 1);
	part->batch.size = (unsigned)strtoul(size, &end, 10);
	return !*size || (strspn(size, "0123456789") == strlen(size) && strlen(size) < 10 &&
				 part->batch.size > 0);
}

static void
on_batch(struct part *part, uint32_t line, const char *args)
{
	part->batch = (struct sd_batch){ 0 };
	if (part->out.foreign_keys_off)
		sd_script_defect(part->p, line, "%s", one_transaction);
	if (part->guarded)
		sd_script_defect(part->p, line,
			"`only-if` cannot guard a batch, which runs in transactions of its "
			"own; "
			"its WHERE can say the same");
	part->malformed = *args && !read_batch(part, args);
	if (part->malformed) {
		sd_script_defect(part->p, line, "`batch` is malformed");
		sd_hint(part->p->diags,
			"write `batch`, or `batch TABLE (KEY, …)` with the rows of a round "
			"behind it: `batch users (id) 10000`");
	}
	set_next(part, line, SD_STEP_BATCH, NULL);
}

/* A seed's directives stand before its first statement. */
static void
on_seed(struct part *part, uint32_t line, const char *args)
{
	sd_script_seed_when(part->p, line, args, !part->out.steps.n && !part->next_line);
}

static void
on_depends_on(struct part *part, uint32_t line, const char *args)
{
	sd_script_seed_needs(part->p, line, args, !part->out.steps.n && !part->next_line);
}

struct directive {
	const char *name;
	unsigned on; /* dialects */
	void (*apply)(struct part *part, uint32_t line, const char *args);
};

static const struct directive directives[] = {
	{ "expect-none", SD_ON_ALL, on_expect_none },
	{ "only-if", SD_ON_ALL, on_only_if },
	{ "foreign-keys", SD_ON_SQLITE, on_foreign_keys },
	{ "allow", SD_ON_ALL, on_allow },
	{ "irreversible", SD_ON_ALL, on_irreversible },
	{ "no-transaction", SD_ON_ALL, on_no_transaction },
	{ "transaction", SD_ON_ALL, on_transaction },
	{ "batch", SD_ON_ALL, on_batch },
	{ "seed", SD_ON_ALL, on_seed },
	{ "depends-on", SD_ON_ALL, on_depends_on },
};

static void
unknown_directive(struct sd_script_parser *p, uint32_t line, const char *name)
{
	const char *known[SD_COUNT(directives) + 3] = { "up", "down", NULL }, *near;

	for (size_t i = 0; i < SD_COUNT(directives); i++)
		known[i + 2] = directives[i].name;
	near = sd_text_nearest(name, known);
	sd_script_defect(p, line, "unknown directive \"%s\"", name);
	if (near)
		sd_hint(p->diags, "did you mean \"%s\"?", near);
}

/* The first word of a directive; what follows goes to *@args. */
static const char *
first_word(struct sd_arena *arena, const char *text, const char **args)
{
	size_t n = strcspn(text, " ");

	*args = text + n + (text[n] == ' ');
	return sd_strndup(arena, text, n);
}

static bool
is_heading(const char *word)
{
	return strcmp(word, "up") == 0 || strcmp(word, "down") == 0;
}

static void
apply_directive(struct part *part, uint32_t line, const char *text)
{
	const char *args, *word = first_word(part->p->arena, text, &args);

	for (size_t i = 0; i < SD_COUNT(directives); i++) {
		if (strcmp(word, directives[i].name) != 0)
			continue;
		if (directives[i].on & part->dialect->bit)
			directives[i].apply(part, line, args);
		else
			sd_script_defect(part->p, line, "`%s` has no meaning on %s", word,
				part->dialect->name);
		return;
	}
	unknown_directive(part->p, line, word);
}

/* Act on the directives in the gap before a statement: the text from @off up to @end. */
static void
read_gap(struct part *part, uint32_t off, uint32_t end, uint32_t line)
{
	const char *text = part->p->text + off;
	struct sd_lex lex;

	sd_lex_init(&lex, part->dialect->lex, text, end - off);
	lex.line = line;
	for (;;) {
		struct sd_tok tok = sd_lex_next(&lex);
		const char *directive, *args;

		if (tok.kind == SD_TOK_END)
			return;
		if (tok.kind != SD_TOK_COMMENT)
			continue;
		directive = sd_script_directive(part->p, text + tok.off, tok.len);
		if (!directive)
			continue;
		if (is_heading(first_word(part->p->arena, directive, &args))) {
			part->ended = true;
			part->end_off = off + tok.off;
			part->end_line = tok.line;
			return;
		}
		apply_directive(part, tok.line, directive);
	}
}

/* ---- statements --------------------------------------------------------------------- */

/* Statements that would take the transaction, or what it rests on, out of the runner's hand.
 * @second: the word behind, NULL for any. */
struct refusal {
	const char *first, *second;
	const char *why;
	const char *hint;
	bool inside; /* only inside a transaction */
};

static const char transaction_why[] = "a script cannot open or end transactions";
static const char transaction_hint[] =
	"each revision runs in a transaction of its own, which takes its bookkeeping along";
static const char outside_why[] = "this statement cannot run inside a transaction, and a part "
				  "of a script is one";
static const char outside_hint[] = "write `-- schemadiff:no-transaction` before it, and "
				   "`-- schemadiff:transaction` behind it";

/* Of a seed or a hook, which those directives are refused in. */
static const char plain_hint[] = "this file runs in one transaction, which takes its record along: "
				 "what needs another belongs into a revision";

static const struct refusal refusals[] = {
	{ "begin", NULL, transaction_why, transaction_hint, false },
	{ "commit", NULL, transaction_why, transaction_hint, false },
	{ "end", NULL, transaction_why, transaction_hint, false },
	{ "abort", NULL, transaction_why, transaction_hint, false },
	{ "rollback", NULL, transaction_why, transaction_hint, false },
	{ "savepoint", NULL, transaction_why, transaction_hint, false },
	{ "release", NULL, transaction_why, transaction_hint, false },
	{ "alter", "system", outside_why, outside_hint, true },
	{ "create", "database", outside_why, outside_hint, true },
	{ "drop", "database", outside_why, outside_hint, true },
	{ "create", "tablespace", outside_why, outside_hint, true },
	{ "drop", "tablespace", outside_why, outside_hint, true },
	{ "reindex", "database", outside_why, outside_hint, true },
	{ "reindex", "system", outside_why, outside_hint, true },
	{ "reindex", "schema", outside_why, outside_hint, true },
	{ "start", "transaction", transaction_why, transaction_hint, false },
	{ "prepare", "transaction", transaction_why, transaction_hint, false },
	{ "pragma", "foreign_keys", "PRAGMA foreign_keys does nothing inside a transaction",
		"write `-- schemadiff:foreign-keys off` at the head of the part", false },
	{ "attach", NULL, outside_why, outside_hint, true },
	{ "detach", NULL, outside_why, outside_hint, true },
	{ "vacuum", NULL, outside_why, outside_hint, true },
};

/* The first words of a statement. */
struct opening {
	struct sd_tok first, second; /* tokens */
	const char *second_name;     /* behind `main.` where that stands before it */
};

static struct opening
open_statement(struct part *part, const struct sd_stmt *stmt)
{
	struct opening opening = { 0 };
	struct sd_lex lex;
	struct sd_tok dot;

	sd_lex_init(&lex, part->dialect->lex, stmt->text, strlen(stmt->text));
	opening.first = sd_lex_next_solid(&lex);
	opening.second = sd_lex_next_solid(&lex);
	dot = sd_lex_next_solid(&lex);
	if (sd_tok_is_op(stmt->text, dot, "."))
		opening.second = sd_lex_next_solid(&lex);
	opening.second_name = sd_tok_is_name(opening.second)
				      ? sd_tok_value(part->p->arena, stmt->text, opening.second)
				      : "";
	return opening;
}

/* CREATE, DROP and REINDEX INDEX CONCURRENTLY, DETACH PARTITION … CONCURRENTLY; REFRESH may. */
static bool
is_concurrent(struct part *part, const struct sd_stmt *stmt)
{
	static const char *const words[] = { "create", "drop", "reindex", "alter" };
	struct sd_lex lex;
	struct sd_tok tok;
	bool index = false;

	if (part->dialect->bit != SD_ON_POSTGRESQL)
		return false;
	sd_lex_init(&lex, part->dialect->lex, stmt->text, strlen(stmt->text));
	tok = sd_lex_next_solid(&lex);
	for (size_t i = 0; i < SD_COUNT(words); i++)
		index |= sd_tok_is_word(stmt->text, tok, words[i]);
	while (index && (tok = sd_lex_next_solid(&lex)).kind != SD_TOK_END)
		if (sd_tok_is_word(stmt->text, tok, "concurrently"))
			return true;
	return false;
}

static void
refuse(struct part *part, const struct sd_stmt *stmt, const char *why, const char *hint)
{
	sd_script_defect(part->p, stmt->line, "%s", why);
	sd_hint(part->p->diags, "%s", part->is_plain ? plain_hint : hint);
}

static void
check_refusals(struct part *part, const struct sd_stmt *stmt, const struct opening *opening)
{
	if (part->scope != SD_SCOPE_NONE && is_concurrent(part, stmt)) {
		refuse(part, stmt, outside_why, outside_hint);
		return;
	}
	for (size_t i = 0; i < SD_COUNT(refusals); i++) {
		const struct refusal *r = &refusals[i];

		if (!sd_tok_is_word(stmt->text, opening->first, r->first) ||
			(r->inside && part->scope == SD_SCOPE_NONE) ||
			(r->second && !sd_text_iequal(opening->second_name, r->second)))
			continue;
		refuse(part, stmt, r->why, r->hint);
		return;
	}
}

/* What is known of a statement while its tokens are looked at. */
struct look {
	struct part *part;
	const struct sd_stmt *stmt;
	bool first, copy, from; /* at its first token; it is a COPY; behind a FROM */
};

/* Look at @tok for what belongs to a shell, and for directives that a missing semicolon has
 * drawn into the statement.  Returns false when the rest is not worth looking at. */
static bool
check_token(struct look *look, struct sd_tok tok)
{
	struct sd_script_parser *p = look->part->p;
	const char *sql = look->stmt->text, *text = sql + tok.off;

	if (tok.kind == SD_TOK_COMMENT && sd_script_directive(p, text, tok.len)) {
		sd_script_defect(p, tok.line,
			"a directive stands inside the statement that begins on line %u",
			(unsigned)look->stmt->line);
		sd_hint(p->diags, "end that statement with a semicolon");
	} else if (*text == '\\' || (look->first && *text == '.')) {
		sd_script_defect(p, tok.line, "commands of a shell cannot stand in a script");
		return false;
	} else if (tok.kind == SD_TOK_BAD) {
		sd_script_defect(p, tok.line,
			tok.len == 1 && !strchr("'\"`[", *text)
				? "a character stands here that means nothing in SQL"
				: "a string, name or comment begins here that does not end");
		return false;
	} else if (look->copy && look->from && sd_tok_is_word(sql, tok, "stdin")) {
		sd_script_defect(p, tok.line, "COPY … FROM stdin cannot stand in a script");
		sd_hint(p->diags, "write the rows as INSERT statements");
	}
	return true;
}

static void
check_tokens(struct part *part, const struct sd_stmt *stmt)
{
	struct look look = { .part = part, .stmt = stmt, .first = true };
	struct sd_lex lex;

	sd_lex_init(&lex, part->dialect->lex, stmt->text, strlen(stmt->text));
	lex.line = stmt->line;
	for (;;) {
		struct sd_tok tok = sd_lex_next(&lex);

		if (tok.kind == SD_TOK_END || !check_token(&look, tok))
			return;
		if (tok.kind == SD_TOK_SPACE || tok.kind == SD_TOK_COMMENT)
			continue;
		look.copy |= look.first && sd_tok_is_word(stmt->text, tok, "copy");
		look.from = sd_tok_is_word(stmt->text, tok, "from");
		look.first = false;
	}
}

/* The statement that begins with WITH ends in a SELECT: no word that writes stands outside
 * brackets. */
static bool
with_reads(struct part *part, const struct sd_stmt *stmt)
{
	static const char *const writers[] = { "insert", "update", "delete", "replace" };
	struct sd_lex lex;
	int depth = 0;

	sd_lex_init(&lex, part->dialect->lex, stmt->text, strlen(stmt->text));
	for (struct sd_tok tok; (tok = sd_lex_next_solid(&lex)).kind != SD_TOK_END;) {
		depth += sd_tok_is_op(stmt->text, tok, "(");
		depth -= sd_tok_is_op(stmt->text, tok, ")");
		for (size_t i = 0; depth == 0 && i < SD_COUNT(writers); i++)
			if (sd_tok_is_word(stmt->text, tok, writers[i]))
				return false;
		if (depth == 0 && sd_tok_is_word(stmt->text, tok, "select"))
			return true;
	}
	return true;
}

static bool
is_query(struct part *part, const struct sd_stmt *stmt, struct sd_tok first)
{
	if (sd_tok_is_word(stmt->text, first, "with"))
		return with_reads(part, stmt);
	return sd_tok_is_word(stmt->text, first, "select") ||
	       sd_tok_is_word(stmt->text, first, "values");
}

/* The statement of a batch: what it must be, and where its rounds are told apart. */
static void
check_batch(struct part *part, const struct sd_stmt *stmt, const struct sd_step *step,
	struct sd_tok first)
{
	static const char *const words[] = { "update", "delete", "insert", "replace", "with" };
	uint32_t at, again;
	bool placed = sd_batch_place(part->dialect, stmt->text, &at), changes = false;

	for (size_t i = 0; i < SD_COUNT(words); i++)
		changes |= sd_tok_is_word(stmt->text, first, words[i]);
	if (part->malformed)
		return;
	if (!changes || step->check_only)
		sd_script_defect(part->p, stmt->line,
			changes || step->check_only
				? "a batch must change rows"
				: "only UPDATE, DELETE and INSERT can be batches");
	else if (step->batch.table && !placed)
		sd_script_defect(part->p, stmt->line,
			"the statement of this batch has no :batch, which stands for the "
			"condition that selects the rows of a round");
	else if (!step->batch.table && placed)
		sd_script_defect(part->p, stmt->line,
			"the directive on line %u must say `batch TABLE (KEY, …)` for :batch "
			"to "
			"mean something",
			(unsigned)part->next_line);
	else if (placed && sd_batch_place(part->dialect, stmt->text + at + 1, &again))
		sd_script_defect(part->p, stmt->line,
			"the statement of this batch has :batch more than once");
}

/* A byte of a name. */
static bool
is_name_byte(char c)
{
	return (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z') || (c >= '0' && c <= '9') ||
	       c == '_' || c == '$' || (unsigned char)c >= 0x80;
}

bool
sd_batch_place(const struct sd_dialect *dialect, const char *sql, uint32_t *off)
{
	static const char word[] = ":batch";
	size_t n = sizeof word - 1;
	struct sd_lex lex;
	struct sd_tok tok;
	char last = ' ';

	/* one parameter on SQLite, a colon and a word on PostgreSQL; ::batch is a cast */
	sd_lex_init(&lex, dialect->lex, sql, strlen(sql));
	while ((tok = sd_lex_next_solid(&lex)).kind != SD_TOK_END) {
		const char *at = sql + tok.off;

		if ((tok.kind == SD_TOK_PARAM || tok.kind == SD_TOK_OP ||
			    tok.kind == SD_TOK_BAD) &&
			last != ':' && strncmp(at, word, n) == 0 && !is_name_byte(at[n])) {
			*off = tok.off;
			return true;
		}
		last = at[tok.len - 1];
	}
	return false;
}

static void
add_statement(struct part *part, const struct sd_stmt *stmt)
{
	struct opening opening = open_statement(part, stmt);
	struct sd_step *step;

	check_refusals(part, stmt, &opening);
	check_tokens(part, stmt);
	step = sd_push(part->p->arena, &part->out.steps);
	step->text = stmt->text;
	step->line = stmt->line;
	step->check_only = is_query(part, stmt, opening.first);
	step->scope = part->scope;
	if (part->scope == SD_SCOPE_NEW)
		part->scope = SD_SCOPE_SAME;
	part->guarded = false;
	if (!part->next_line)
		return;
	step->kind = part->next;
	step->message = part->message;
	part->guarded = part->next == SD_STEP_ONLY_IF;
	if (step->kind == SD_STEP_BATCH) {
		step->batch = part->batch;
		check_batch(part, stmt, step, opening.first);
	} else if (!step->check_only)
		sd_script_defect(part->p, stmt->line,
			"the directive on line %u needs a SELECT behind it",
			(unsigned)part->next_line);
	part->next_line = 0;
}

/* ---- parts -------------------------------------------------------------------------- */

static uint32_t
line_of(const char *text, uint32_t from, uint32_t to, uint32_t line)
{
	const char *at = text + from, *end = text + to;

	for (; at < end && (at = memchr(at, '\n', (size_t)(end - at))) != NULL; at++)
		line++;
	return line;
}

static void
check_end(struct part *part)
{
	if (part->next_line)
		sd_script_defect(
			part->p, part->next_line, "no statement follows this directive");
	else if (part->guarded)
		sd_script_defect(part->p, part->out.steps.at[part->out.steps.n - 1].line,
			"no statement follows the query of `only-if`");
}

/* Read the part whose text begins at @off, to the next heading or the end of the file. */
static void
read_part(struct part *part, uint32_t off)
{
	struct sd_script_parser *p = part->p;
	uint32_t base = off, from = off, line = part->line;
	struct sd_stmt stmt = { .line = line };
	struct sd_split split;

	sd_split_init(&split, part->dialect, p->arena, p->text + base, line);
	for (;;) {
		bool more = sd_split_next(&split, &stmt);
		uint32_t to = more ? base + stmt.off : p->len;

		read_gap(part, from, to, line);
		if (part->ended || !more)
			break;
		add_statement(part, &stmt);
		line = line_of(p->text, from, base + stmt.end, line);
		from = base + stmt.end;
	}
	if (!part->ended) {
		part->end_off = p->len;
		if (split.unterminated && !p->failed)
			sd_script_defect(p, stmt.line,
				"the body of this statement does not end: END; is missing");
	}
	part->out.body = sd_strndup(p->arena, p->text + base, part->end_off - base);
	check_end(part);
}

/* The part is the one to run: written for the wanted dialect, or for any when there is none
 * for that. */
static void
keep(struct part *part)
{
	struct sd_script *script = part->p->script;
	struct sd_part_script *slot = part->is_up ? &script->up : &script->down;

	if (part->out.dialect && part->dialect != part->p->dialect)
		return;
	if (slot->present && slot->dialect)
		return;
	*slot = part->out;
}

static void
check_twice(struct sd_script_parser *p, const struct sd_script_heading *heading)
{
	for (size_t i = 0; i < p->headings.n; i++)
		if (p->headings.at[i].is_up == heading->is_up &&
			sd_text_equal(p->headings.at[i].dialect, heading->dialect))
			sd_script_defect(p, heading->line,
				"this part is here twice; first on line %u",
				(unsigned)p->headings.at[i].line);
	*sd_push(p->arena, &p->headings) = *heading;
}

/* By which rules a part is split that names no dialect: the wanted one's, unless the header
 * says that it was written for others. */
static const struct sd_dialect *
dialect_of_any(const struct sd_script_parser *p)
{
	const struct sd_names *all = &p->script->dialects;

	if (!all->n || sd_names_find(all, p->dialect->name) >= 0)
		return p->dialect;
	return sd_dialect_find(all->at[0]);
}

/* Read the heading @text ("up sqlite"). */
static void
read_heading(struct part *part, const char *text)
{
	struct sd_script_parser *p = part->p;
	const char *args, *word = first_word(p->arena, text, &args);

	part->is_up = strcmp(word, "up") == 0;
	part->dialect = dialect_of_any(p);
	if (*args) {
		const struct sd_dialect *dialect = sd_dialect_find(args);

		if (dialect) {
			part->dialect = dialect;
			part->out.dialect = dialect->name;
		} else {
			sd_script_defect(p, part->line, "unknown dialect \"%s\"", args);
		}
	}
	part->out.present = true;
	part->out.line = part->line;
	check_twice(p, &(struct sd_script_heading){ .is_up = part->is_up,
			       .dialect = part->out.dialect,
			       .line = part->line });
}

void
sd_script_parse_plain_part(struct sd_script_parser *p)
{
	struct part part = { .p = p,
		.line = 1,
		.dialect = p->dialect,
		.is_up = true,
		.is_plain = true };

	part.out.present = true;
	part.out.line = 1;
	read_part(&part, 0);
	if (part.ended)
		sd_script_defect(p, part.end_line, "this file has no parts: it runs as it is");
	else if (part.out.foreign_keys_off || sd_part_is_split(&part.out))
		sd_script_defect(p, 1, "this file runs in one transaction, and has a directive "
				       "that asks for another one");
	p->script->up = p->script->down = part.out;
}

void
sd_script_parse_parts(struct sd_script_parser *p, uint32_t off, uint32_t line)
{
	while (off < p->len) {
		struct part part = { .p = p, .line = line };
		size_t len = strcspn(p->text + off, "\n");
		const char *args, *text = sd_script_directive(p, p->text + off, len);

		if (!text || !is_heading(first_word(p->arena, text, &args))) {
			sd_script_defect(p, line,
				"a directive stands before the first part; `-- schemadiff:up` "
				"must "
				"come before it");
			return;
		}
		read_heading(&part, text);
		read_part(&part, off + (uint32_t)len);
		keep(&part);
		off = part.end_off;
		line = part.end_line;
	}
}

bool
sd_part_is_split(const struct sd_part_script *part)
{
	for (size_t i = 0; i < part->steps.n; i++) {
		const struct sd_step *step = &part->steps.at[i];

		if (step->kind == SD_STEP_BATCH || step->scope == SD_SCOPE_NONE ||
			(i && (step->scope == SD_SCOPE_NEW || step->alone)))
			return true;
	}
	return false;
}
