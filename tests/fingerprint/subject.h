/** Schema files under test: trees in the *long form*, which rewrites and changes start from.
 *
 *  There every entry is an object with its fields, sections that may be lists are lists (with
 *  "name" where there is one), lists of names are lists, columns of keys are objects, nothing
 *  stands in its column that may stand in the table, nothing is said per dialect, and no input
 *  of a migration is left. */
#ifndef SD_TESTS_FINGERPRINT_SUBJECT_H
#define SD_TESTS_FINGERPRINT_SUBJECT_H

#include "core/schema/model.h"
#include "tests/fingerprint/tree.h"

#define MOST_FILES 4

struct files {
	struct sd_json *at[MOST_FILES];
	size_t n;
};

/** What is done to a set of files. */
struct subject {
	struct sd_arena *arena;
	struct rng rng;
	const struct sd_dialect *dialect;
	struct files files;
	unsigned fresh; /* names given out */
	bool split;     /* written as more files than there are */
	bool spaced;    /* written in any white space */
};

/** An entry. */
struct place {
	enum sd_kind kind;
	const char *name;      /* NULL = none */
	struct sd_json *file;  /* that it stands in */
	struct sd_json *entry; /* its object */
	/** The entry of the table or view that it is part of, and its name; NULL, or what it
	 *  stands in. */
	struct sd_json *relation, *section;
	const char *relation_name;
};

typedef void visit_fn(struct subject *s, const struct place *place);

/** Call @visit for each entry of files in the long form. */
void subject_walk(struct subject *s, visit_fn *visit);

/** Bring the files into the long form. */
void subject_lengthen(struct subject *s);

/** What a fingerprint is made of, and itself. */
struct found {
	const char *fingerprint; /* NULL = the files do not load */
	const char *text;        /* that it is a hash over, or the report why not */
};

/** The fingerprint of the files as @subject says to write them. */
struct found subject_fingerprint(struct subject *s);

/** All files as text. */
const char *subject_text(struct subject *s);

/** The object that has @field's key: the entry or its group, or NULL. */
struct sd_json *holder_of(const struct place *place, const struct sd_field *field);
/** The same, made when it is missing; NULL where only a value of its own brings the group. */
struct sd_json *holder_at(
	struct subject *s, const struct place *place, const struct sd_field *field);

/** The value that a file gives @field, or NULL. */
struct sd_json *value_of(const struct place *place, const struct sd_field *field);

/** Column @name of @relation, or NULL; the columns that are its primary key, or NULL. */
struct sd_json *column_of(
	const struct subject *s, const struct sd_json *relation, const char *name);
struct sd_json *key_of(const struct sd_json *relation);

/** @name is a column of the primary key of @relation, or (@sole) all of it. */
bool is_key(
	const struct subject *s, const struct sd_json *relation, const char *name, bool sole);

/** A table of any file, or NULL. */
struct sd_json *table_of(const struct subject *s, const char *name);

const char *fresh_name(struct subject *s);

/** Sections of @relation (a table's, or a view's) that hold entries of @kind. */
bool has_section(enum sd_kind relation, enum sd_kind kind);

/** An explicit name stands in the entry ("name"), not as its key. */
bool is_list_kind(enum sd_kind kind);

/* ---- rewrite.c, respell.c, shorten.c: what changes nothing -------------------------------- */

struct rewrite {
	const char *name;
	void (*apply)(struct subject *s);
};

/** In the order in which they can be combined; the last one has no name. */
extern const struct rewrite rewrites[];

/* ---- change.c: what changes something ---------------------------------------------------- */

/** How often each field was changed, and each kind added to. */
struct coverage {
	unsigned fields[SD_KIND__MAX][64];
	unsigned parts[8]; /* members of a column of a key */
	unsigned added[SD_KIND__MAX], removed[SD_KIND__MAX], renamed[SD_KIND__MAX];
	unsigned total;
};

/** Make single changes, all or @most random ones, each from the same start, and hold that
 *  @fingerprint changes; false after a print of what did not. */
bool change_fields(
	struct subject *s, const char *fingerprint, uint32_t most, struct coverage *coverage);

/** Fields of @dialect that @coverage lacks and no exemption explains; prints what was
 *  covered. */
unsigned coverage_lacks(const struct sd_dialect *dialect, const struct coverage *coverage);

#endif
