/** The property test: what both engines share, and what each gives. */
#ifndef SD_TESTS_PROPERTY_H
#define SD_TESTS_PROPERTY_H

#include "cmd/work/work.h"
#include "tests/property/random.h"

/** What a seed is about. */
struct pair {
	const char *from, *into; /* schema files */
	const char *rows;        /* statements that fill a database made of @from */
	/** Queries of what must survive: run before the upgrade, and what must give the same
	 *  after it. */
	struct sd_names before, after;
};

struct world {
	struct sd_arena *arena;
	struct sd_diags diags;
	struct sd_session session;
	const struct sd_engine *engine;
	const struct subject *subject;
	struct pair pair;
	char dir[256];
	const char *up, *down; /* the script, once it is written */
	const char *why;       /* the first thing that went wrong */
	const char *refusal; /* why the upgrade or the way back did not go through, as it may */
};

/** An engine under test. */
struct subject {
	const struct sd_dialect *dialect;
	/** Point the session at an empty database. */
	bool (*begin)(struct world *w);
	void (*end)(struct world *w);
	void (*make)(struct world *w, struct rng *rng);
	bool (*execute)(struct world *w, const char *sql);
	/** All rows of a query as text. */
	const char *(*rows_of)(struct world *w, const char *sql);
	/** What the engine's own catalog says of the schema, and of its state; @loose: names
	 * that nobody chose do not count. */
	const char *(*catalog)(struct world *w, bool loose);
	/** Delete all rows, so that what they stood in the way of goes through; NULL = a
	 *  refused upgrade leaves all as it was. */
	bool (*empty)(struct world *w);
	/** Point the session at a second empty database, or back; NULL = there is no oracle. */
	bool (*elsewhere)(struct world *w, bool there);
};

extern const struct subject subject_sqlite, subject_postgresql;

/** Note what went wrong first.  Always returns false. */
bool broken(struct world *w, const char *format, ...) SD_PRINTF(2, 3);

/** A file of the world's folder. */
const char *world_path(struct world *w, const char *name);

#endif
