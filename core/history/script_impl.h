/** What script.c (the header of a file) and script_part.c (its parts) share. */
#ifndef SD_HISTORY_SCRIPT_IMPL_H
#define SD_HISTORY_SCRIPT_IMPL_H

#include "core/history/script.h"

/** Where a part begins. */
struct sd_script_heading {
	bool is_up;
	const char *dialect;
	uint32_t line;
};

/** A script being parsed. */
struct sd_script_parser {
	struct sd_script *script;
	const struct sd_dialect *dialect; /* the parts of this one are wanted */
	const char *text;
	uint32_t len;
	struct sd_arena *arena;
	struct sd_diags *diags;
	bool is_seed, when_said;
	bool failed; /* something was reported */
	/** Every part that was begun. */
	SD_VEC(struct sd_script_heading) headings;
};

/** Report a defect at @line; an error of class SD_CLASS_HISTORY. */
void sd_script_defect(struct sd_script_parser *p, uint32_t line, const char *format, ...)
	SD_PRINTF(3, 4);

/** The directive that comment line @text is ("up sqlite" of "-- schemadiff:up sqlite"), in
 *  the parser's arena; NULL when it is an ordinary comment. */
const char *sd_script_directive(struct sd_script_parser *p, const char *text, size_t len);

/** Directive @text says when or behind what a seed runs, and is no part of what it does. */
bool sd_script_is_seed_directive(const char *text);

/** The directives `seed` and `depends-on` with @args; @at_head: they stand before everything. */
void sd_script_seed_when(
	struct sd_script_parser *p, uint32_t line, const char *args, bool at_head);
void sd_script_seed_needs(
	struct sd_script_parser *p, uint32_t line, const char *args, bool at_head);

/** Add the words of the list @text, commas between them, to @names. */
void sd_script_split_list(struct sd_arena *arena, const char *text, struct sd_names *names);

/** Parse the whole text as a part. */
void sd_script_parse_plain_part(struct sd_script_parser *p);

/** Parse the parts, which begin at offset @off, on line @line. */
void sd_script_parse_parts(struct sd_script_parser *p, uint32_t off, uint32_t line);

#endif
