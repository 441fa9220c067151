/* The file as a whole: its message, its header, its checksum.  What the parts say is read in
 * script_part.c. */
#include "core/history/script_impl.h"

#include "core/base/hash.h"
#include "core/base/text.h"

#include <stdarg.h>
#include <stdio.h>
#include <string.h>

void
sd_script_defect(struct sd_script_parser *p, uint32_t line, const char *format, ...)
{
	struct sd_pos pos = { .file = p->script->path, .line = line };
	char text[2048];
	va_list args;

	va_start(args, format);
	vsnprintf(text, sizeof text, format, args);
	va_end(args);
	sd_fail(p->diags, SD_CLASS_HISTORY, pos, "%s", text);
	p->failed = true;
}

const char *
sd_script_directive(struct sd_script_parser *p, const char *text, size_t len)
{
	static const char mark[] = "schemadiff:";
	const char *trimmed;

	if (len < 2 || text[0] != '-' || text[1] != '-')
		return NULL;
	trimmed = sd_text_trim(p->arena, sd_strndup(p->arena, text + 2, len - 2));
	if (!sd_text_starts(trimmed, mark))
		return NULL;
	return sd_text_squeeze(p->arena, trimmed + sizeof mark - 1);
}

/* ---- header ------------------------------------------------------------------------- */

bool
sd_script_is_id(const char *text)
{
	static const char *const reserved[] = { "head", "heads", "base", "current" };
	size_t n = strspn(text, "abcdefghijklmnopqrstuvwxyz"
				"ABCDEFGHIJKLMNOPQRSTUVWXYZ0123456789_.");

	for (size_t i = 0; i < SD_COUNT(reserved); i++)
		if (strcmp(text, reserved[i]) == 0)
			return false;
	return n > 0 && n <= SD_SCRIPT_ID_MAX && text[n] == '\0';
}

void
sd_script_split_list(struct sd_arena *arena, const char *text, struct sd_names *names)
{
	while (*text) {
		size_t n = strcspn(text, ",");
		const char *word = sd_text_trim(arena, sd_strndup(arena, text, n));

		if (*word)
			*sd_push(arena, names) = word;
		text += n;
		text += *text == ',';
	}
}

static void
check_id(struct sd_script_parser *p, struct sd_pos pos, const char *value, const char *what)
{
	if (!sd_script_is_id(value))
		sd_script_defect(p, pos.line,
			"\"%s\" cannot be a %s: letters, digits, _ and . are expected, at most "
			"%d, and not the words head, heads, base, current",
			value, what, SD_SCRIPT_ID_MAX);
}

static void
set_revision(struct sd_script_parser *p, struct sd_pos pos, const char *value)
{
	p->script->revision = value;
	p->script->revision_pos = pos;
	check_id(p, pos, value, "revision");
}

/* A list of names, each of which stands in it once: a revision @verb each. */
static void
set_names(struct sd_script_parser *p, struct sd_pos pos, const char *value, const char *verb,
	struct sd_names *names)
{
	struct sd_names all = { 0 };

	sd_script_split_list(p->arena, value, &all);
	for (size_t i = 0; i < all.n; i++) {
		if (sd_names_find(names, all.at[i]) >= 0)
			sd_script_defect(p, pos.line, "%s \"%s\" twice", verb, all.at[i]);
		else
			*sd_push(p->arena, names) = all.at[i];
	}
}

static void
set_revises(struct sd_script_parser *p, struct sd_pos pos, const char *value)
{
	p->script->revises_pos = pos;
	set_names(p, pos, value, "revises", &p->script->revises);
}

static void
set_depends_on(struct sd_script_parser *p, struct sd_pos pos, const char *value)
{
	p->script->depends_pos = pos;
	set_names(p, pos, value, "depends on", &p->script->depends_on);
}

static void
set_label(struct sd_script_parser *p, struct sd_pos pos, const char *value)
{
	p->script->labels_pos = pos;
	set_names(p, pos, value, "carries the label", &p->script->labels);
	for (size_t i = 0; i < p->script->labels.n; i++)
		check_id(p, pos, p->script->labels.at[i], "label");
}

static void
set_replaces(struct sd_script_parser *p, struct sd_pos pos, const char *value)
{
	struct sd_names *set = sd_push(p->arena, &p->script->replaces);

	if (!p->script->replaces_pos.line)
		p->script->replaces_pos = pos;
	set_names(p, pos, value, "replaces", set);
	for (size_t i = 0; i < set->n; i++)
		check_id(p, pos, set->at[i], "revision");
	if (!set->n)
		sd_script_defect(p, pos.line, "replaces nothing: expected revisions");
}

static void
set_created(struct sd_script_parser *p, struct sd_pos pos, const char *value)
{
	(void)pos;
	p->script->created = value;
}

static void
unknown_dialect(struct sd_script_parser *p, uint32_t line, const char *name)
{
	const char *known[8] = { NULL }, *near;

	for (size_t i = 0; sd_dialects[i] && i + 1 < SD_COUNT(known); i++)
		known[i] = sd_dialects[i]->name;
	near = sd_text_nearest(name, known);
	sd_script_defect(p, line, "unknown dialect \"%s\"", name);
	if (near)
		sd_hint(p->diags, "did you mean \"%s\"?", near);
}

static void
set_dialect(struct sd_script_parser *p, struct sd_pos pos, const char *value)
{
	struct sd_names all = { 0 };

	sd_script_split_list(p->arena, value, &all);
	for (size_t i = 0; i < all.n; i++) {
		const struct sd_dialect *dialect = sd_dialect_find(all.at[i]);

		if (dialect)
			*sd_push(p->arena, &p->script->dialects) = dialect->name;
		else
			unknown_dialect(p, pos.line, all.at[i]);
	}
}

/* The version in an entry of `requires` ("sqlite 3.35") that is about @dialect; 0 when it is
 * about another, -1 when it is malformed. */
static int
required_version(struct sd_arena *arena, const char *entry, const struct sd_dialect *dialect)
{
	size_t n = strcspn(entry, " \t");
	const struct sd_dialect *named = sd_dialect_find(sd_strndup(arena, entry, n));
	int version;

	if (!named)
		return -1;
	version = sd_dialect_version(named, sd_text_trim(arena, entry + n));
	if (version < 0)
		return -1;
	return named == dialect ? version : 0;
}

static void
set_requires(struct sd_script_parser *p, struct sd_pos pos, const char *value)
{
	struct sd_names all = { 0 };

	p->script->requires = value;
	sd_script_split_list(p->arena, value, &all);
	for (size_t i = 0; i < all.n; i++)
		if (required_version(p->arena, all.at[i], p->dialect) < 0)
			sd_script_defect(p, pos.line,
				"\"%s\" is not a dialect and a version, such as \"sqlite "
				"3.35\"",
				all.at[i]);
}

/* "v1:…", or one for each dialect: "sqlite v1:…, postgresql v1:…". */
static void
set_schema(struct sd_script_parser *p, struct sd_pos pos, const char *value)
{
	struct sd_script *script = p->script;
	struct sd_names all = { 0 }, seen = { 0 };

	script->schema_pos = pos;
	sd_script_split_list(p->arena, value, &all);
	for (size_t i = 0; i < all.n; i++) {
		size_t n = strcspn(all.at[i], " \t");
		const char *rest = sd_text_trim(p->arena, all.at[i] + n);
		const char *name = sd_strndup(p->arena, all.at[i], *rest ? n : 0);
		const struct sd_dialect *dialect = sd_dialect_find(name);

		if ((*rest && !dialect) || strpbrk(rest, " \t"))
			sd_script_defect(p, pos.line,
				"\"%s\" is not a dialect and a fingerprint, such as \"sqlite "
				"v1:9d1f…\"",
				all.at[i]);
		else if (sd_names_find(&seen, name) >= 0)
			sd_script_defect(p, pos.line, "a fingerprint%s%s is given twice",
				*name ? " for " : "", name);
		else
			*sd_push(p->arena, &script->schemas) =
				(struct sd_script_schema){ dialect ? dialect->name : NULL,
					*rest ? rest : all.at[i] };
		*sd_push(p->arena, &seen) = name;
	}
}

const char *
sd_script_schema_of(const struct sd_script *script, const char *dialect)
{
	const struct sd_names *all = &script->dialects;
	bool spoken_of = !all->n || sd_names_find(all, dialect) >= 0;
	const char *found = NULL;

	for (size_t i = 0; i < script->schemas.n; i++) {
		const struct sd_script_schema *schema = &script->schemas.at[i];

		if (schema->dialect ? strcmp(schema->dialect, dialect) == 0
				    : spoken_of && !found)
			found = schema->fingerprint;
	}
	return found;
}

struct header_key {
	const char *name;
	void (*set)(struct sd_script_parser *p, struct sd_pos pos, const char *value);
	bool repeats; /* several lines are several values */
};

static const struct header_key header_keys[] = {
	{ "revision", set_revision, false },
	{ "revises", set_revises, false },
	{ "depends-on", set_depends_on, false },
	{ "label", set_label, false },
	{ "replaces", set_replaces, true },
	{ "created", set_created, false },
	{ "dialect", set_dialect, false },
	{ "requires", set_requires, false },
	{ "schema", set_schema, false },
};

static void
unknown_key(struct sd_script_parser *p, uint32_t line, const char *key)
{
	const char *known[SD_COUNT(header_keys) + 1] = { NULL }, *near;

	for (size_t i = 0; i < SD_COUNT(header_keys); i++)
		known[i] = header_keys[i].name;
	near = sd_text_nearest(key, known);
	sd_script_defect(
		p, line, "unknown header key \"%s\": it needs a newer schemadiff", key);
	if (near)
		sd_hint(p->diags, "did you mean \"%s\"? (keys of your own begin with x-)",
			near);
	else
		sd_hint(p->diags, "keys of your own begin with x-");
}

/* One line of the header, without its line end. */
static void
header_line(struct sd_script_parser *p, const char *line, size_t len, uint32_t number,
	uint32_t seen[SD_COUNT(header_keys)])
{
	const char *text = sd_strndup(p->arena, line, len), *key_at, *key, *value;
	struct sd_pos pos = { .file = p->script->path, .line = number };
	size_t n;

	key_at = text + 2 + strspn(text + 2, " \t");
	n = strspn(key_at, "abcdefghijklmnopqrstuvwxyz0123456789-");
	if (!n || key_at[n] != ':' ||
		!(key_at[n + 1] == '\0' || strchr(" \t\r", key_at[n + 1])))
		return; /* prose */
	key = sd_strndup(p->arena, key_at, n);
	value = sd_text_trim(p->arena, key_at + n + 1);
	pos.col = (uint32_t)(key_at - text + (ptrdiff_t)n + 2);
	pos.col += (uint32_t)strspn(key_at + n + 1, " \t");
	if (sd_text_starts(key, "x-")) {
		*sd_push(p->arena, &p->script->extras) = (struct sd_extra){ key, value };
		return;
	}
	for (size_t i = 0; i < SD_COUNT(header_keys); i++) {
		if (strcmp(key, header_keys[i].name) != 0)
			continue;
		if (seen[i] && !header_keys[i].repeats)
			sd_script_defect(p, number, "\"%s\" is given twice; first on line %u",
				key, (unsigned)seen[i]);
		else
			header_keys[i].set(p, pos, value);
		seen[i] = number;
		return;
	}
	unknown_key(p, number, key);
}

struct sd_names
sd_extras_of(const struct sd_extras *extras, const char *key, struct sd_arena *arena)
{
	struct sd_names values = { 0 };

	for (size_t i = 0; i < extras->n; i++)
		if (strcmp(extras->at[i].key, key) == 0)
			*sd_push(arena, &values) = extras->at[i].value;
	return values;
}

/* The message, which is the first line. */
static void
message_line(struct sd_script_parser *p, const char *line, size_t len)
{
	if (len >= 2 && line[0] == '-' && line[1] == '-') {
		p->script->message =
			sd_text_trim(p->arena, sd_strndup(p->arena, line + 2, len - 2));
		return;
	}
	p->script->message = "";
	sd_script_defect(
		p, 1, "the first line must be the message: `-- what this revision does`");
}

/* Read the lines before the first part.  Returns where that begins, its line in *@number. */
static uint32_t
parse_header(struct sd_script_parser *p, uint32_t *number)
{
	uint32_t seen[SD_COUNT(header_keys)] = { 0 }, off = 0;
	bool complained = false;

	for (*number = 1; off < p->len; ++*number) {
		const char *line = p->text + off;
		size_t len = strcspn(line, "\n");
		size_t blank = strspn(line, " \t\r");

		if (*number == 1) {
			message_line(p, line, len);
		} else if (len >= 2 && line[0] == '-' && line[1] == '-') {
			if (sd_script_directive(p, line, len))
				return off;
			header_line(p, line, len, *number, seen);
		} else if (blank < len && !complained) {
			complained = true;
			sd_script_defect(p, *number,
				"a statement stands before the first part; `-- schemadiff:up` "
				"must come before it");
		}
		off += (uint32_t)len;
		off += off < p->len;
	}
	return off;
}

/* ---- checksum ----------------------------------------------------------------------- */

/* Append @text with the line ends of Unix (which ones a file has is up to git, core.autocrlf), and
 * a space.  It is called for each token of a history. */
static void
add_token(struct sd_buf *out, const char *text, size_t len)
{
	char *to = sd_buf_room(out, len + 1);
	size_t n = 0;

	for (size_t i = 0; i < len; i++)
		if (text[i] != '\r' || i + 1 == len || text[i + 1] != '\n')
			to[n++] = text[i];
	to[n] = ' ';
	to[n + 1] = '\0';
	out->n += n + 1;
}

/* Append the tokens of the part's text, separated by single spaces; of its comments only
 * directives. */
static void
add_tokens(struct sd_script_parser *p, const struct sd_part_script *part, struct sd_buf *out)
{
	struct sd_lex lex;

	sd_lex_init(&lex, p->dialect->lex, part->body, strlen(part->body));
	for (;;) {
		struct sd_tok tok = sd_lex_next(&lex);
		const char *text = part->body + tok.off, *directive;

		if (tok.kind == SD_TOK_END)
			return;
		if (tok.kind == SD_TOK_SPACE)
			continue;
		if (tok.kind != SD_TOK_COMMENT) {
			add_token(out, text, tok.len);
			continue;
		}
		directive = sd_script_directive(p, text, tok.len);
		if (directive && !(p->is_seed && sd_script_is_seed_directive(directive)))
			sd_buf_addf(out, "\n-- schemadiff:%s\n", directive);
	}
}

static const char *
checksum(struct sd_script_parser *p)
{
	struct sd_arena *scratch = sd_arena_new();
	struct sd_buf tokens = SD_BUF(scratch);
	const char *sum;

	(void)sd_buf_room(&tokens, p->len);
	sd_buf_add(&tokens, "-- schemadiff:up\n");
	if (p->script->up.present)
		add_tokens(p, &p->script->up, &tokens);
	sd_buf_add(&tokens, "\n-- schemadiff:down\n");
	if (p->script->down.present)
		add_tokens(p, &p->script->down, &tokens);
	sum = sd_hash_blob(p->arena, sd_buf_text(&tokens), tokens.n);
	sd_arena_free(scratch);
	return sum;
}

/* ---- the whole ---------------------------------------------------------------------- */

/* The bytes are text that all readers of the file agree on. */
static bool
check_bytes(struct sd_script_parser *p)
{
	size_t good = sd_text_valid_utf8(p->text, p->len);
	size_t nul = strlen(p->text);
	size_t bad = nul < good ? nul : good;
	uint32_t line = 1;

	if (bad >= p->len)
		return true;
	for (size_t i = 0; i < bad; i++)
		line += p->text[i] == '\n';
	sd_script_defect(p, line, nul < good ? "a NUL byte stands here" : "is not valid UTF-8");
	return false;
}

static bool
check_merged(struct sd_script_parser *p)
{
	uint32_t line = sd_text_conflict(p->text, p->len);

	if (!line)
		return true;
	sd_script_defect(p, line, "a merge has left a conflict here");
	sd_hint(p->diags, "choose what shall stand, and take the marks <<<<<<< ======= >>>>>>> away");
	return false;
}

static void
check_header(struct sd_script_parser *p)
{
	if (p->script->revision)
		return;
	sd_script_defect(p, 1, "the header has no `-- revision: ID` line");
	sd_hint(p->diags, "the first line is the message, the header follows it");
}

static void
check_parts(struct sd_script_parser *p)
{
	bool has_up = false;

	for (size_t i = 0; i < p->headings.n; i++)
		has_up |= p->headings.at[i].is_up;
	if (!has_up)
		sd_script_defect(p, 1, "there is no `-- schemadiff:up` part");
}

/* Begin to parse @text; false after a report. */
static bool
begin(struct sd_script_parser *p, const char *path, const char *text, size_t len)
{
	p->script->path = sd_strdup(p->arena, path);
	if (len >= UINT32_MAX) {
		sd_script_defect(p, 1, "is too large");
		return false;
	}
	if (len >= 3 && memcmp(text, "\xef\xbb\xbf", 3) == 0) {
		text += 3;
		len -= 3;
	}
	p->script->text = p->text = sd_strndup(p->arena, text, len);
	p->len = (uint32_t)len;
	return check_bytes(p) && check_merged(p);
}

static struct sd_script *
parse(const char *path, const char *text, size_t len, bool whole,
	const struct sd_dialect *dialect, struct sd_arena *arena, struct sd_diags *diags)
{
	struct sd_script *script = sd_new(arena, struct sd_script);
	struct sd_script_parser p = {
		.script = script, .dialect = dialect, .arena = arena, .diags = diags
	};
	uint32_t off, line;

	if (!begin(&p, path, text, len))
		return NULL;
	off = parse_header(&p, &line);
	if (whole)
		sd_script_parse_parts(&p, off, line);
	check_header(&p);
	p.script->schema = sd_script_schema_of(p.script, dialect->name);
	if (whole)
		check_parts(&p);
	if (p.failed)
		return NULL;
	if (whole)
		script->checksum = checksum(&p);
	return script;
}

struct sd_script *
sd_script_parse(const char *path, const char *text, size_t len,
	const struct sd_dialect *dialect, struct sd_arena *arena, struct sd_diags *diags)
{
	return parse(path, text, len, true, dialect, arena, diags);
}

struct sd_script *
sd_script_parse_header(const char *path, const char *text, size_t len,
	const struct sd_dialect *dialect, struct sd_arena *arena, struct sd_diags *diags)
{
	return parse(path, text, len, false, dialect, arena, diags);
}

static struct sd_script *
parse_plain(struct sd_script_parser *p, const char *name, const char *path, const char *text,
	size_t len)
{
	p->script = sd_new(p->arena, struct sd_script);
	p->script->revision = p->script->message = sd_strdup(p->arena, name);
	if (!begin(p, path, text, len))
		return NULL;
	sd_script_parse_plain_part(p);
	return p->failed ? NULL : p->script;
}

struct sd_script *
sd_script_parse_plain(const char *path, const char *text, size_t len,
	const struct sd_dialect *dialect, struct sd_arena *arena, struct sd_diags *diags)
{
	struct sd_script_parser p = { .dialect = dialect, .arena = arena, .diags = diags };
	const char *name = strrchr(path, '/');

	return parse_plain(&p, name ? name + 1 : path, path, text, len);
}

struct sd_script *
sd_script_parse_seed(const char *name, const char *path, const char *text, size_t len,
	const struct sd_dialect *dialect, struct sd_arena *arena, struct sd_diags *diags)
{
	struct sd_script_parser p = {
		.is_seed = true, .dialect = dialect, .arena = arena, .diags = diags
	};
	struct sd_script *script = parse_plain(&p, name, path, text, len);

	if (script)
		script->checksum = checksum(&p);
	return script;
}

int
sd_script_requires(const struct sd_script *script, const struct sd_dialect *dialect)
{
	struct sd_arena *arena = sd_arena_new();
	struct sd_names all = { 0 };
	int most = 0;

	sd_script_split_list(arena, script->requires ? script->requires : "", &all);
	for (size_t i = 0; i < all.n; i++) {
		int version = required_version(arena, all.at[i], dialect);

		most = version > most ? version : most;
	}
	sd_arena_free(arena);
	return most;
}

bool
sd_script_is_for(const struct sd_script *script, const struct sd_part_script *part,
	const struct sd_dialect *dialect)
{
	if (part->dialect)
		return strcmp(part->dialect, dialect->name) == 0;
	return !script->dialects.n || sd_names_find(&script->dialects, dialect->name) >= 0;
}
