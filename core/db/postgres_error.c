/* The server's failures in words: where in the script, what, why, and the way out. */
#include "core/base/text.h"
#include "core/db/interrupt.h"
#include "core/db/pg.h"

#include <string.h>

#define CONTEXT_LINES 5 /* of a stack of functions; the rest helps nobody */

static const struct sd_pos nowhere;

/* What became of a statement whose error code begins so:
 * https://www.postgresql.org/docs/current/errcodes-appendix.html
 * Not 08, connection exceptions: the connection may be one that a function of the user's has
 * made (dblink, postgres_fdw).  Severity FATAL tells that ours is gone. */
static const struct {
	const char *prefix;
	enum sd_db_failure failure;
} codes[] = {
	{ "55P03", SD_DB_LOCKED },     /* lock_timeout, NOWAIT */
	{ "40P01", SD_DB_LOCKED },     /* deadlock */
	{ "40001", SD_DB_LOCKED },     /* serialization */
	{ "57P", SD_DB_LOST },         /* shutdown, crash, terminated */
	{ "57014", SD_DB_INTERRUPTED } /* cancelled, by whomever */
};

enum sd_status
sd_pg_fail_at(struct sd_pg *db, struct sd_pos pos, const char *text)
{
	if (pos.file)
		return sd_fail(db->base.diags, SD_CLASS_DATABASE, pos, "%s", text);
	return sd_fail(db->base.diags, SD_CLASS_DATABASE, nowhere, "database %s: %s",
		db->target->masked, text);
}

enum sd_status
sd_pg_check_interrupt(struct sd_pg *db, struct sd_pos pos)
{
	if (!sd_interrupted() || db->interrupt_told)
		return SD_OK;
	db->interrupt_told = db->base.diags == db->user;
	db->base.failure = SD_DB_INTERRUPTED;
	return sd_pg_fail_at(db, pos, "interrupted");
}

static const char *
field(const PGresult *result, int code)
{
	const char *text = result ? PQresultErrorField(result, code) : NULL;

	return text ? text : "";
}

static enum sd_db_failure
classify(struct sd_pg *db, const PGresult *result)
{
	const char *code = field(result, PG_DIAG_SQLSTATE);
	const char *severity = field(result, PG_DIAG_SEVERITY_NONLOCALIZED);
	enum sd_db_failure failure = SD_DB_FAILED;

	for (size_t i = 0; i < SD_COUNT(codes); i++)
		if (sd_text_starts(code, codes[i].prefix)) {
			failure = codes[i].failure;
			break;
		}
	if (failure == SD_DB_INTERRUPTED && !sd_interrupted())
		failure = SD_DB_FAILED; /* statement_timeout, pg_cancel_backend() */
	if (PQstatus(db->conn) == CONNECTION_BAD || strcmp(severity, "FATAL") == 0 ||
		strcmp(severity, "PANIC") == 0)
		failure = SD_DB_LOST;
	return failure;
}

/* Move @pos from the start of @sql to the @nth character of it, counted from 1.  The column
 * of a first line is unknown: the statement may not begin where the line does. */
static struct sd_pos
moved(struct sd_pos pos, const char *sql, const char *nth)
{
	const char *line = sql, *p = sql;
	unsigned long left = 0;

	for (; *nth >= '0' && *nth <= '9' && left < UINT32_MAX; nth++)
		left = left * 10 + (unsigned long)(*nth - '0');
	if (!pos.line || !sql || !left)
		return pos;
	while (*p && --left) {
		if (*p == '\n') {
			pos.line++;
			line = p + 1;
		}
		for (p++; ((unsigned char)*p & 0xc0) == 0x80; p++)
			; /* the rest of a character */
	}
	if (line != sql)
		pos.col = (uint32_t)(p - line) + 1;
	return pos;
}

static const char *
period(struct sd_arena *arena, unsigned long long ms)
{
	return ms % 1000 ? sd_fmt(arena, "%llu ms", ms) : sd_fmt(arena, "%llu s", ms / 1000);
}

/* The first line of what libpq says, without the word ("FATAL:  ") that its server began with.
 */
static const char *
first_line(struct sd_arena *scratch, const char *text)
{
	const char *rest = strstr(text, ":  ");
	size_t n = strcspn(text, "\n");

	if (rest && rest < text + n) {
		n -= (size_t)(rest + 3 - text);
		text = rest + 3;
	}
	return n ? sd_strndup(scratch, text, n) : "the server gave no reason";
}

/* The message, in the words of this program where those help more. */
static const char *
words(struct sd_pg *db, const PGresult *result, struct sd_arena *scratch)
{
	const char *code = field(result, PG_DIAG_SQLSTATE);
	const char *text = field(result, PG_DIAG_MESSAGE_PRIMARY);
	const struct sd_limits *limits = &db->limits;

	if (!*text)
		text = first_line(scratch,
			result ? PQresultErrorMessage(result) : PQerrorMessage(db->conn));
	switch (db->base.failure) {
	case SD_DB_INTERRUPTED:
		return "interrupted";
	case SD_DB_LOST:
		return sd_fmt(scratch, "the connection to the server was lost: %s", text);
	case SD_DB_LOCKED:
		if (limits->lock_ms && strstr(text, "lock timeout"))
			return sd_fmt(scratch,
				"waited longer than lock_timeout (%s) for a lock",
				period(scratch, limits->lock_ms));
		return text;
	default:
		if (strcmp(code, "57014") == 0 && limits->statement_ms &&
			strstr(text, "statement timeout"))
			return sd_fmt(scratch, "ran longer than statement_timeout (%s)",
				period(scratch, limits->statement_ms));
		return text;
	}
}

/* A note for each line of @text, @most at most. */
static void
note_lines(struct sd_diags *diags, const char *label, const char *text, size_t most)
{
	size_t n;

	for (; *text && most; text += n + (text[n] == '\n')) {
		n = strcspn(text, "\n");
		if (!n)
			continue;
		sd_note(diags, nowhere, "%s%.*s", label, (int)n, text);
		most--;
	}
}

/* The object that an error is about, unless its message names it. */
static void
note_object(struct sd_diags *diags, const PGresult *result)
{
	static const struct {
		const char *word;
		int code;
	} parts[] = {
		{ "constraint", PG_DIAG_CONSTRAINT_NAME },
		{ "type", PG_DIAG_DATATYPE_NAME },
		{ "column", PG_DIAG_COLUMN_NAME },
		{ "table", PG_DIAG_TABLE_NAME },
	};
	const char *text = field(result, PG_DIAG_MESSAGE_PRIMARY), *name;

	for (size_t i = 0; i < SD_COUNT(parts); i++) {
		name = field(result, parts[i].code);
		if (*name && !strstr(text, name))
			sd_note(diags, nowhere, "it is about %s \"%s\"", parts[i].word, name);
	}
}

enum sd_status
sd_pg_fail(struct sd_pg *db, const PGresult *result, struct sd_pos pos, const char *sql)
{
	struct sd_arena *scratch = sd_arena_new();
	struct sd_diags *diags = db->base.diags;

	db->base.failure = classify(db, result);
	sd_pg_fail_at(db, moved(pos, sql, field(result, PG_DIAG_STATEMENT_POSITION)),
		words(db, result, scratch));
	if (db->base.failure == SD_DB_INTERRUPTED) {
		db->interrupt_told = db->base.diags == db->user;
	} else if (result) {
		if (strcmp(field(result, PG_DIAG_SQLSTATE), "55P03") == 0)
			sd_pg_blocker_note(db);
		note_object(diags, result);
		note_lines(diags, "", field(result, PG_DIAG_MESSAGE_DETAIL), CONTEXT_LINES);
		note_lines(diags, "context: ", field(result, PG_DIAG_CONTEXT), CONTEXT_LINES);
		if (*field(result, PG_DIAG_MESSAGE_HINT))
			sd_hint(diags, "%s",
				sd_text_squeeze(scratch, field(result, PG_DIAG_MESSAGE_HINT)));
	}
	sd_arena_free(scratch);
	return SD_ERR;
}
