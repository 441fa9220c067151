/** Where the pieces of a stored CREATE TABLE lie in its text, so that a rebuild can edit the
 *  text clause by clause and carry everything else over byte for byte. */
#ifndef SD_SCHEMA_STORED_H
#define SD_SCHEMA_STORED_H

#include "core/schema/model.h"

/** Bytes @off … @off + @len of the stored text. */
struct sd_span {
	uint32_t off, len;
};

enum sd_clause_kind {
	SD_CLAUSE_TYPE,
	SD_CLAUSE_PRIMARY_KEY, /* with its ASC/DESC, ON CONFLICT and AUTOINCREMENT */
	SD_CLAUSE_NOT_NULL,    /* with its ON CONFLICT */
	SD_CLAUSE_NULL,        /* the word NULL alone, which SQLite accepts */
	SD_CLAUSE_UNIQUE,
	SD_CLAUSE_CHECK,
	SD_CLAUSE_DEFAULT,
	SD_CLAUSE_COLLATE,
	SD_CLAUSE_REFERENCES, /* with its actions, MATCH and DEFERRABLE */
	SD_CLAUSE_GENERATED,
	SD_CLAUSE_FOREIGN_KEY, /* table constraints only */
	SD_CLAUSE_STRAY, /* CONSTRAINT name with nothing behind it, which SQLite accepts */
};

/** A clause of a column: from its CONSTRAINT keyword, if any, to its last token. */
struct sd_clause {
	enum sd_clause_kind kind;
	struct sd_span span;
	struct sd_span label;     /* its "CONSTRAINT name"; len 0 = none */
	struct sd_object *object; /* the constraint that it makes, or NULL */
};

/** A column definition or table constraint, without the comma behind it. */
struct sd_item {
	struct sd_span span;
	struct sd_span name;       /* of a column; len 0 for a constraint */
	struct sd_object *object;  /* the column, or the constraint */
	struct sd_clause *clauses; /* of a column; one for a constraint */
	size_t n_clauses;
};

/** A stored CREATE TABLE. */
struct sd_stored {
	const char *text;       /* = the table's o.stored */
	struct sd_span name;    /* the table's name, with its quotes (and schema) */
	struct sd_span body;    /* between the outer parentheses */
	struct sd_span options; /* from behind the closing one to the end */
	struct sd_item *items;
	size_t n_items;
};

#endif
