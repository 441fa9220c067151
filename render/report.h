/** A diff as people read it: grouped by what stands by itself (a table with its columns, keys
 *  and indexes; a view; an enum), each change in words, each warning at its change.  Text,
 *  Markdown and HTML write down one struct sd_report.
 *
 *  Its texts fit on one line and show all that they hold: control characters, and characters
 *  that turn the direction of writing or can't be seen, are spelled out ("\n", "\u202e").
 *  What a format must escape beyond that, its writer escapes. */
#ifndef SD_RENDER_REPORT_H
#define SD_RENDER_REPORT_H

#include "render/render.h"

enum sd_mark { SD_MARK_CHANGED, SD_MARK_ADDED, SD_MARK_DROPPED, SD_N_MARKS };

/** "changed", "added", "dropped". */
extern const char *const sd_mark_words[SD_N_MARKS];

/** A value of a field.  Of a long one only what differs, @middle, and what stands next to it;
 *  of a short one @middle is all. */
struct sd_excerpt {
	const char *before, *middle, *after;
};

/** A field that differs. */
struct sd_field_change {
	const char *label; /* "type" */
	struct sd_excerpt from, into;
};

/** An object that differs. */
struct sd_report_line {
	const struct sd_object *object;
	enum sd_mark mark;
	const char *kind;     /* "column" */
	const char *name;     /* NULL: the only one of its kind, or without a name */
	const char *old_name; /* of what is renamed, else NULL */
	const char *words;    /* what is added: "text, not null"; else "" */
	const char *place;    /* "schemas/users.json:14", or NULL */
	SD_VEC(struct sd_field_change) fields;
	struct sd_names warnings;
};

/** What stands by itself, with its parts that differ. */
struct sd_report_group {
	struct sd_report_line head;
	SD_VEC(struct sd_report_line) lines;
};

struct sd_report {
	const char *from, *into; /* what the sides are called, or NULL */
	SD_VEC(struct sd_report_group *) groups;
	const char *summary;      /* "1 table added, 2 changed; 1 warning" */
	size_t n_warnings;        /* of all lines, and those here: */
	struct sd_names warnings; /* of steps that no line stands for */
	struct sd_names limits;   /* seen, and can't be changed here */
	struct sd_names notes;    /* "column users.a may have been renamed to b" */
	struct sd_names refusals; /* why no script can be made of it */
	const char
		*sql; /* what does it, as it is but for empty lines at its end; NULL: unknown */
};

/** The report of @shown. */
struct sd_report *sd_report_make(const struct sd_shown *shown, struct sd_arena *arena);

/** "column email", "table billing.users", "unnamed check" of @line. */
const char *sd_report_title(const struct sd_report_line *line, struct sd_arena *arena);

/* ---- words (render/words.c) --------------------------------------------------------- */

/** @text made safe to show on a line, as said above; bytes that are no UTF-8 become U+FFFD. */
const char *sd_plain(struct sd_arena *arena, const char *text);

/** @sql on one line, and plain: white space outside of quotes becomes one space. */
const char *sd_sql_line(struct sd_arena *arena, const char *sql);

/** What @object is, for one that is added: "text, not null, default ''". */
const char *sd_object_words(struct sd_arena *arena, const struct sd_dialect *dialect,
	const struct sd_object *object);

/** The value of @field in words, as it is; the rowid is told apart from other integers. */
const char *sd_value_text(
	struct sd_arena *arena, const struct sd_field *field, const struct sd_object *object);

/** Both sides of @field, which differs. */
struct sd_field_change sd_field_change(struct sd_arena *arena, const struct sd_field *field,
	const struct sd_object *from, const struct sd_object *into);

/** The object that @change is about: as it will be, else as it was. */
const struct sd_object *sd_change_subject(const struct sd_change *change);

/** "add", "alter", …. */
const char *sd_op_word(enum sd_op op);

#endif
