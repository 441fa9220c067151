/** What is known about an engine without a connection: its lexical rules, its quoting, the
 *  spelling of its types, and what its versions can do.  Shared code asks a dialect, never
 *  for its name; an engine is a row of sd_dialects. */
#ifndef SD_SQL_DIALECT_H
#define SD_SQL_DIALECT_H

#include "core/base/arena.h"

#include <stdbool.h>
#include <stddef.h>

/** Bit of each dialect, for masks ("this field means something on …"). */
enum sd_dialect_bit {
	SD_ON_SQLITE = 1 << 0,
	SD_ON_POSTGRESQL = 1 << 1,
	SD_ON_ALL = SD_ON_SQLITE | SD_ON_POSTGRESQL,
};

/** What an engine's version may or may not be able to do. */
enum sd_cap {
	SD_CAP_RENAME_COLUMN,
	SD_CAP_DROP_COLUMN,
	SD_CAP_ALTER_NOT_NULL,   /* ALTER COLUMN … SET/DROP NOT NULL */
	SD_CAP_ALTER_CHECK,      /* ADD/DROP CONSTRAINT of a check */
	SD_CAP_ALTER_CONSTRAINT, /* ADD/DROP CONSTRAINT of keys and uniques */
	SD_CAP_ALTER_TYPE,
	SD_CAP_ALTER_DEFAULT,
	SD_CAP_ENUM,    /* has enumerated types */
	SD_CAP_COMMENT, /* keeps comments of objects */
	SD_CAP_STRICT,  /* STRICT tables (SQLite 3.37) */
	SD_CAP_NULLS_NOT_DISTINCT, /* PostgreSQL 15, and SET NULL (columns) */
	SD_CAP_UNLOGGED_SEQUENCE,  /* PostgreSQL 15 */
	SD_CAP_NOT_NULL_NOT_VALID, /* ADD CONSTRAINT … NOT NULL … NOT VALID (PostgreSQL 18) */
	SD_CAP_NOT_ENFORCED,       /* PostgreSQL 18 */
	SD_CAP_VIRTUAL,            /* generated columns that are not stored */
	SD_CAP_SET_EXPRESSION,     /* ALTER COLUMN … SET EXPRESSION (PostgreSQL 17) */
	SD_CAP_DROP_EXPRESSION,    /* ALTER COLUMN … DROP EXPRESSION (PostgreSQL 13) */
	SD_CAP_COMPRESSION,        /* of columns (PostgreSQL 14) */
	SD_CAP__MAX,
};

/** What an engine is like, whatever its version. */
enum sd_trait {
	/** Rows have a rowid that a sole INTEGER PRIMARY KEY names; other keys may hold NULL;
	 *  identity is nothing but that. */
	SD_TRAIT_ROWID = 1 << 0,
	SD_TRAIT_ONE_NAMESPACE = 1 << 1,  /* objects have no other namespace than the database */
	SD_TRAIT_FREE_TYPES = 1 << 2,     /* any words, or none, are a type */
	SD_TRAIT_TRIGGER_SPACE = 1 << 3,  /* names of triggers are one space, not one per table */
	SD_TRAIT_TRIGGER_BODY = 1 << 4,   /* a trigger has one event and its statements in it */
	SD_TRAIT_PLAIN_PARTS = 1 << 5,    /* parts of a key know no NULLS FIRST, no opclass */
	/** A foreign key binds: the table and the key that it refers to must be there before it,
	 *  and can't go while it is. */
	SD_TRAIT_KEYS_BIND = 1 << 6,
	SD_TRAIT_EMBEDDED = 1 << 7, /* a library of this program: there is no server */
};

struct sd_type_alias {
	const char *alias, *canonical; /* small letters, one space between words */
};

struct sd_dialect {
	const char *name; /* "sqlite", "postgresql": as in files and headers */
	unsigned bit;     /* enum sd_dialect_bit */
	unsigned lex;     /* enum sd_lex_flag */

	unsigned traits; /* enum sd_trait */

	/** The collation that a column has without one, NULL where that is the database's;
	 *  what names of the engine's own objects begin with, or NULL. */
	const char *default_collation, *reserved_prefix;

	/** Quoted names fold case as unquoted ones do (SQLite). */
	bool names_fold;

	/** Longest identifier in bytes; 0 = no limit. */
	size_t max_name;

	/** `target` when neither the configuration nor a server says: 3.35 is 3035000 (as
	 *  sqlite3_libversion_number() counts), PostgreSQL 12 is 120000. */
	int default_version;

	/** Oldest version that scripts may be written for. */
	int oldest_version;

	/** First version with each capability; 0 = always, -1 = never. */
	int since[SD_CAP__MAX];

	/** Reserved words, small letters, sorted, NULL at the end. */
	const char *const *keywords;

	/** Those of the keywords that the grammar takes as bare names too, where an operand is
	 *  due (`desc DESC`); like keywords, or NULL for none. */
	const char *const *soft_keywords;

	const struct sd_type_alias *aliases; /* ends with { 0 } */

	/** How values of a type are stored unless a column says otherwise, or NULL where that is
	 *  not known; NULL itself where columns have no storage. */
	const char *(*storage)(struct sd_arena *arena, const char *type);

	/** What is left of a type's canonical spelling that no alias says, or NULL. */
	const char *(*refine_type)(struct sd_arena *arena, const char *type);

	/** Words that as a type mean another one than the same in quotes ("char"), NULL at the
	 *  end; or NULL. */
	const char *const *quoted_types;

	/** Every other word of the language that is a name when it stands alone. */
	bool quote_capitals; /* an unquoted name with capitals is folded: quote it */
};

extern const struct sd_dialect sd_dialect_sqlite;
extern const struct sd_dialect sd_dialect_postgresql;

/** All dialects, NULL at the end. */
extern const struct sd_dialect *const sd_dialects[];

/** The dialect called @name ("sqlite", "postgresql", "postgres"), or NULL. */
const struct sd_dialect *sd_dialect_find(const char *name);

/** @version of @dialect has @cap. */
bool sd_dialect_can(const struct sd_dialect *dialect, int version, enum sd_cap cap);

/** "3.35", "3.35.4", "14", "14.2" as the number that sd_dialect.since uses; -1 = malformed. */
int sd_dialect_version(const struct sd_dialect *dialect, const char *text);

/** The reverse: "3.35" or "14". */
const char *sd_dialect_version_text(
	const struct sd_dialect *dialect, struct sd_arena *arena, int version);

/** @word (any case) is reserved. */
bool sd_is_keyword(const struct sd_dialect *dialect, const char *word);

/** @word (any case) is one of the dialect's soft keywords. */
bool sd_is_soft_keyword(const struct sd_dialect *dialect, const char *word);

/** @name as an identifier: bare when that is safe, else in double quotes. */
const char *sd_quote_name(
	const struct sd_dialect *dialect, struct sd_arena *arena, const char *name);

/** @text as a string literal. */
const char *sd_quote_text(
	const struct sd_dialect *dialect, struct sd_arena *arena, const char *text);

/** @word (small letters) is one of the dialect's quoted types. */
bool sd_is_quoted_type(const struct sd_dialect *dialect, const char *word);

/** Names joined by ", ", each quoted. */
struct sd_names;
const char *sd_quote_names(
	const struct sd_dialect *dialect, struct sd_arena *arena, const struct sd_names *names);

/** The canonical spelling of a type: small letters, single spaces, none inside or before
 *  parentheses ("VARCHAR ( 50 )" → "varchar(50)"), aliases replaced ("int4" → "integer",
 *  "decimal(10,2)" → "numeric(10,2)", "timestamptz(3)" → "timestamp(3) with time zone");
 *  "" stays "" (SQLite's typeless columns).  What follows an unknown word is kept. */
const char *sd_type_canonical(
	const struct sd_dialect *dialect, struct sd_arena *arena, const char *type);

/** The same without the modifiers in parentheses: "varchar(50)[]" → "varchar[]". */
const char *sd_type_unmodified(
	const struct sd_dialect *dialect, struct sd_arena *arena, const char *type);

/** Both name the same object on @dialect: case ignored where names fold. */
bool sd_name_equal(const struct sd_dialect *dialect, const char *a, const char *b);

/** @name as a key for a map: in small letters where names fold, else itself. */
const char *sd_name_key(
	const struct sd_dialect *dialect, struct sd_arena *arena, const char *name);

#endif
