/** What the files of rewrites share. */
#ifndef SD_TESTS_FINGERPRINT_REWRITE_H
#define SD_TESTS_FINGERPRINT_REWRITE_H

#include "tests/fingerprint/subject.h"

/** @text with some ASCII letters in the other case. */
const char *flip_case(struct subject *s, const char *text);

/** Another spelling of an SQL text; @flags of its field. */
const char *respell(struct subject *s, const char *sql, unsigned flags);

/** Another spelling of a type; without @aliases in its own words. */
const char *respell_type(struct subject *s, const char *type, bool aliases);

/** A rewrite: short forms for long ones. */
void shorten(struct subject *s);

#endif
