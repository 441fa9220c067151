/** Migration scripts: one SQL file a revision (docs/scripts.md). */
#ifndef SD_HISTORY_SCRIPT_H
#define SD_HISTORY_SCRIPT_H

#include "core/base/diag.h"
#include "core/sql/canon.h"

/** What is done with one statement. */
enum sd_step_kind {
	SD_STEP_RUN,
	SD_STEP_EXPECT_NONE, /* a query that must return no row; else @message stops the run */
	SD_STEP_ONLY_IF,     /* a query; without a row the next step is skipped */
	/** A statement that is run round by round until it is done, each round in a
	 *  transaction of its own (docs/scripts.md). */
	SD_STEP_BATCH,
};

/** A key of the header that begins with "x-"; it may be there several times. */
struct sd_extra {
	const char *key, *value;
};

struct sd_extras {
	struct sd_extra *at;
	size_t n, cap;
};

/** The values of @key in @extras, in order. */
struct sd_names sd_extras_of(
	const struct sd_extras *extras, const char *key, struct sd_arena *arena);

/** Which transaction a step runs in. */
enum sd_step_scope {
	SD_SCOPE_SAME, /* that of the step before it; the first step's is the part's own */
	SD_SCOPE_NEW,  /* behind `transaction`: a new one */
	SD_SCOPE_NONE, /* behind `no-transaction`: none */
};

/** How a batch finds its rounds: rows of @table in the order of @key, @size at a time, of which
 *  the statement's :batch selects those of the round.  Without a table the statement limits
 *  itself, and is run again until it changes no row. */
struct sd_batch {
	const char *table; /* as written, quotes and namespace and all; or NULL */
	struct sd_names key;
	unsigned size; /* rows; 0 = the runner's choice */
};

struct sd_step {
	enum sd_step_kind kind;
	const char *text;    /* the statement, without its semicolon */
	const char *message; /* of expect-none */
	enum sd_step_scope scope;
	struct sd_batch batch;
	/** Not joined with the step before it, though the script says nothing of that: the run
	 *  commits each statement (sd_run_mode, core/history/run.h). */
	bool alone;
	uint32_t line;   /* in the file */
	bool check_only; /* begins with SELECT: rows are thrown away */
};

/** When a seed runs. */
enum sd_seed_when {
	SD_SEED_CHANGED, /* unless it has run as it is now */
	SD_SEED_ONCE,    /* unless it has run */
	SD_SEED_ALWAYS,
};

/** The up or the down part, for one dialect. */
struct sd_part_script {
	bool present;
	uint32_t line;       /* of its directive */
	const char *dialect; /* NULL = any */
	bool foreign_keys_off;
	const char *irreversible; /* the reason, or NULL */
	struct sd_names allow;    /* hazards */
	const char *body;         /* its text in the file, directives and all */
	SD_VEC(struct sd_step) steps;
};

struct sd_script;

struct sd_name_sets {
	struct sd_names *at;
	size_t n, cap;
};

struct sd_scripts {
	struct sd_script **at;
	size_t n, cap;
};

/** What a script is tied to in the graph of its history: sd_history_load() fills it in. */
struct sd_links {
	size_t index;                        /* in sd_history.scripts */
	struct sd_scripts parents, children; /* by `revises`; children by revision */
	struct sd_scripts needs, needed_by;  /* by `depends-on`; needed_by by revision */
	struct sd_names labels; /* of its line: its own and those that it shares with others */
};

/** A fingerprint of the schema files, and the dialect in whose words it is. */
struct sd_script_schema {
	const char *dialect; /* NULL: of each one that the header names and that has none */
	const char *fingerprint;
};

struct sd_script_schemas {
	struct sd_script_schema *at;
	size_t n, cap;
};

struct sd_script {
	const char *path;
	const char *text;    /* the whole file */
	const char *message; /* its first line */
	const char *revision;
	struct sd_names revises;    /* parents; empty for a root */
	struct sd_names depends_on; /* revisions or labels that must be applied before it */
	struct sd_names labels;     /* that it carries itself */
	/** Revisions that it stands for: a set for each `replaces:` line, any of which will do. */
	struct sd_name_sets replaces;
	const char *created;        /* RFC 3339, or NULL */
	struct sd_names dialects;   /* empty = any */
	const char *requires;       /* "sqlite 3.35", or NULL */
	struct sd_script_schemas schemas;
	const char *schema; /* that of them for the dialect given to sd_script_parse(), or NULL */
	struct sd_pos revision_pos, revises_pos, depends_pos, labels_pos, schema_pos, replaces_pos;
	struct sd_part_script up, down; /* for the dialect given to sd_script_parse() */
	const char *checksum;           /* git blob id of both parts' token stream */
	struct sd_links links;
	enum sd_seed_when when; /* of a seed */
	/** Of the part that is run: its variables' values, as the log has them, or NULL. */
	const char *variables;
	struct sd_extras extras; /* keys of the project's own, "x-…" */
};

/** Parse the script @text at @path for @dialect.  Transaction statements, backslash commands
 *  and COPY … FROM stdin, unknown directives and header keys are errors with their lines.
 *  NULL after reports, all of class SD_CLASS_HISTORY. */
struct sd_script *sd_script_parse(const char *path, const char *text, size_t len,
	const struct sd_dialect *dialect, struct sd_arena *arena, struct sd_diags *diags);

/** Parse only the header of @text: there are no parts and no checksum, and what is wrong with
 *  them stays unseen.  For questions about the graph. */
struct sd_script *sd_script_parse_header(const char *path, const char *text, size_t len,
	const struct sd_dialect *dialect, struct sd_arena *arena, struct sd_diags *diags);

/** The same of a file that has no header and no parts: its statements are both the up and the down
 *  part, in one transaction; its revision is the file's name. */
struct sd_script *sd_script_parse_plain(const char *path, const char *text, size_t len,
	const struct sd_dialect *dialect, struct sd_arena *arena, struct sd_diags *diags);

/** The same of a seed, which may have the directives `seed` and `depends-on`: its revision is
 *  @name, and it has a checksum. */
struct sd_script *sd_script_parse_seed(const char *name, const char *path, const char *text,
	size_t len, const struct sd_dialect *dialect, struct sd_arena *arena,
	struct sd_diags *diags);

/** Where :batch stands in the statement @sql of a batch; false when it does not. */
bool sd_batch_place(const struct sd_dialect *dialect, const char *sql, uint32_t *off);

/** The part is more than one transaction: it keeps a journal while it runs. */
bool sd_part_is_split(const struct sd_part_script *part);

/** Oldest version of @dialect that the script asks for, counted as sd_dialect.since does;
 *  0 = any. */
int sd_script_requires(const struct sd_script *script, const struct sd_dialect *dialect);

/** @part was written for @dialect: it, or the header, says so, or neither says anything. */
bool sd_script_is_for(const struct sd_script *script, const struct sd_part_script *part,
	const struct sd_dialect *dialect);

/** @text can be a revision's id or a label: letters, digits, _ and ., at most
 *  SD_SCRIPT_ID_MAX, and none of the words that mean something else (`head`, `base`). */
bool sd_script_is_id(const char *text);
#define SD_SCRIPT_ID_MAX 64

struct sd_part_text {
	const char *heading; /* "up sqlite" */
	const char *body;
};

/** What a new script is made of; see sd_script_write(). */
struct sd_script_text {
	struct sd_extras extras;
	const char *message, *revision;
	struct sd_names revises, depends_on, labels;
	struct sd_name_sets replaces;
	const char *created, *dialect, *requires, *schema;
	const char *up, *down; /* bodies, with their directives */
	/** Instead of these two: parts of any dialects. */
	SD_VEC(struct sd_part_text) parts;
};

/** The text of a script file. */
void sd_script_write(const struct sd_script_text *script, struct sd_buf *out);

/** Make @fingerprint that of @dialect among @schemas.  @alone: no other dialect is spoken of, so that
 *  it need not be named. */
void sd_script_schemas_set(struct sd_script_schemas *schemas, const char *dialect,
	const char *fingerprint, bool alone, struct sd_arena *arena);

/** What stands behind `schema:`. */
const char *sd_script_schemas_text(
	const struct sd_script_schemas *schemas, struct sd_arena *arena);

/** The fingerprint in @script of @dialect: its own, or the one without a name where the header
 *  speaks of the dialect; or NULL. */
const char *sd_script_schema_of(const struct sd_script *script, const char *dialect);

/** What stands behind `schema:` of @script once those of @fresh, all with their dialects, have taken
 *  the place of its own; NULL: it has them.  @several: the project writes for several dialects. */
const char *sd_script_schemas_renewed(const struct sd_script *script,
	const struct sd_script_schemas *fresh, bool several, struct sd_arena *arena);

/** One key of a header, and what it becomes. */
struct sd_header_edit {
	const char *key;   /* "revises" */
	uint32_t line;     /* where it stands now; 0 = nowhere */
	const char *value; /* NULL or "": its line is taken away */
};

/** @text, the file of @script, with its header changed by @edits; all other bytes, line ends and
 *  what stands around a value among them, stay.  A key that was not there comes behind
 *  `revision`. */
void sd_script_edit(const struct sd_script *script, const char *text, size_t len,
	const struct sd_header_edit *edits, size_t n, struct sd_buf *out);

#endif
