/** What is reported to the user: collected with positions, printed by cmd/ alone.
 *
 *  SD_ERR means *already reported*: a caller unwinds, or adds a note; it never reports the
 *  same failure again. */
#ifndef SD_BASE_DIAG_H
#define SD_BASE_DIAG_H

#include "core/base/arena.h"
#include "core/base/buf.h"
#include "core/base/vec.h"

#include <stdbool.h>
#include <stdint.h>

enum sd_status {
	SD_OK = 0,
	SD_ERR = -1,      /* failed, and reported */
	SD_NOTFOUND = -2, /* where a header says so: absent, not reported */
};

/** A place in a file: @line and @col count from 1, @col in bytes; @file NULL = no place. */
struct sd_pos {
	const char *file;
	uint32_t line, col;
};

enum sd_severity { SD_SEV_ERROR, SD_SEV_WARNING, SD_SEV_NOTE, SD_SEV_HINT };

/** Whose fault a failure is; each class has its exit code (DESIGN: exit table). */
enum sd_class {
	SD_CLASS_INPUT = 2,    /* usage, configuration, schema file */
	SD_CLASS_HISTORY = 3,  /* the revision history is broken */
	SD_CLASS_DATABASE = 4, /* the database refused */
	SD_CLASS_REFUSED = 5,  /* the program refused to act */
};

struct sd_diag {
	enum sd_severity severity;
	enum sd_class class; /* of errors */
	struct sd_pos pos;
	const char *text;
};

/** The reports of one command.  Texts are copied into @arena. */
struct sd_diags {
	struct sd_arena *arena;
	SD_VEC(struct sd_diag) list;
	size_t n_errors;
	bool muted; /* notes and hints that follow a dropped error are dropped too */
	/** Secrets to be blanked out of every text, plain and percent-encoded. */
	struct sd_names secrets;
};

/** More errors than this are counted, not kept. */
#define SD_DIAGS_MAX 50

/** Record an error of class SD_CLASS_INPUT at @pos.  Always returns SD_ERR. */
enum sd_status sd_error(struct sd_diags *diags, struct sd_pos pos, const char *format, ...)
	SD_PRINTF(3, 4);

/** Record an error of another class.  Always returns SD_ERR. */
enum sd_status sd_fail(struct sd_diags *diags, enum sd_class class, struct sd_pos pos,
	const char *format, ...) SD_PRINTF(4, 5);

void sd_warn(struct sd_diags *diags, struct sd_pos pos, const char *format, ...)
	SD_PRINTF(3, 4);

/** More about the report before, with a place of its own. */
void sd_note(struct sd_diags *diags, struct sd_pos pos, const char *format, ...)
	SD_PRINTF(3, 4);

/** The way out of the report before. */
void sd_hint(struct sd_diags *diags, const char *format, ...) SD_PRINTF(2, 3);

/** Take back what was reported from index @first on and stands before that already, word for word: an
 *  error or a warning with its notes and hints. */
void sd_diags_drop_repeats(struct sd_diags *diags, size_t first);

/** Blank @secret out of every text reported from now on (and its pieces longer than three
 *  bytes that percent-decoding yields). */
void sd_diags_hide(struct sd_diags *diags, const char *secret);

/** @text with the secrets of @diags replaced by ***. */
const char *sd_diags_redact(
	const struct sd_diags *diags, struct sd_arena *arena, const char *text);

/** Exit code that the errors call for: 2 before 4 before 3 before 5; 0 without any. */
int sd_diags_exit(const struct sd_diags *diags);

/** Append the reports from index @first on to @out, a line each:
 *  `file:line:col: error: text`.  With @color the words are coloured. */
void sd_diags_format(
	const struct sd_diags *diags, size_t first, bool color, struct sd_buf *out);

/** A defect of this program: print where, and abort. */
#define sd_bug(...) sd_bug_at(__FILE__, __LINE__, __VA_ARGS__)
SD_NORETURN void sd_bug_at(const char *file, int line, const char *format, ...) SD_PRINTF(3, 4);

#endif
