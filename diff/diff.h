/** Schema × schema → changes.  Pure: no I/O, no engine.
 *
 *  diff/compare.c finds the changes, diff/rename.c applies renames to the *from* model before
 *  anything is compared, diff/plan.c puts changes in an order that can be run. */
#ifndef SD_DIFF_DIFF_H
#define SD_DIFF_DIFF_H

#include "core/schema/model.h"

enum sd_op {
	SD_OP_RENAME, /* tables and columns; comes first, so all else uses the new names */
	SD_OP_DROP,
	SD_OP_ADD,
	SD_OP_ALTER,
	SD_OP_REBUILD,  /* of a table: all its changes in one copy (the planner makes these) */
	SD_OP_RECREATE, /* unchanged, but must make way (a view on a replaced view) */
};

/** Reasons to refuse, or to warn above a step. */
enum sd_hazard {
	SD_HAZARD_NONE = 0,
	SD_HAZARD_DROPS_TABLE = 1 << 0,
	SD_HAZARD_DROPS_COLUMN = 1 << 1,
	SD_HAZARD_NOT_NULL = 1 << 2,         /* rows may hold NULL and nothing fills them */
	SD_HAZARD_LOSES_DEPENDENTS = 1 << 3, /* an unmanaged view or trigger would break */
	SD_HAZARD_INVENTS = 1 << 4,          /* a down part fills in values it made up */
	SD_HAZARD_IRREVERSIBLE = 1 << 5,     /* a down part cannot even do that */
	SD_HAZARD_CONVERTS = 1 << 6,         /* values are converted; a guard stops losses */
};

/** The bit of sd_change.fields that stands for the name of a constraint or index. */
#define SD_FIELD_BIT_NAME (UINT64_C(1) << 63)

struct sd_change {
	enum sd_op op;
	enum sd_kind kind;
	struct sd_object *from, *into; /* NULL for an add, a drop */
	uint64_t fields;               /* of an alter: bit i = sd_kinds[kind].fields[i] */
	unsigned hazards;              /* enum sd_hazard */
	struct sd_names losses;        /* what it silently takes along, as agreed to */
	bool waits; /* a drop: others of its sort come first (diff/successor.c) */
	/** Members of a rebuild, in comparison order. */
	struct sd_changes *members;
};

struct sd_changes {
	struct sd_change **at;
	size_t n, cap;
};

/** One rename: of a column (of the table whose old name is @table), or of a table, enum or
 *  sequence, whose old name is @table and @column NULL. */
struct sd_rename {
	enum sd_kind kind;
	const char *ns, *table, *column;
	const char *to;
};

struct sd_renames {
	struct sd_rename *at;
	size_t n, cap;
};

/** Two texts that differ by tokens and may yet mean the same; the engine decides. */
struct sd_undecided {
	const char *table; /* the relation that both speak of, NULL = none */
	const char *type;  /* that both are converted to, or NULL */
	const char *a, *b;
	/** The relation with the names that @a and @b use, or NULL; its o.origin, if any, is
	 *  the one that the database has. */
	const struct sd_object *relation;
};

/** A pair that may be a rename or a loss: only the user knows. */
struct sd_ambiguous {
	struct sd_object *from, *into;
};

/** A difference that is seen and can't be changed on this engine, or that nothing could
 *  decide; `check` counts it. */
struct sd_plan;

struct sd_unsupported {
	struct sd_object *object;
	const char *text;
};

struct sd_diff_options {
	/** Given by flags: "users.name=full_name" as {table, column, to}. */
	struct sd_renames renames;
	/** Objects of @from that are dropped on purpose ("users.name"): never ambiguous. */
	struct sd_names drops;
	bool no_renames; /* `renamed_from` is not obeyed, nothing is ambiguous */
	struct sd_names include, exclude; /* patterns [table][/kind/name] */
	/** The engine's answers: sd_answer_key() → non-NULL = the same. */
	struct sd_map *answers;
};

struct sd_diff {
	struct sd_arena *arena;
	struct sd_schema *from;    /* as given */
	struct sd_schema *renamed; /* @from with the renames applied; = @from without any */
	struct sd_schema *into;    /* the target: as given, completed by what is unmanaged */
	struct sd_renames renames; /* obeyed ones; to be turned round for the way back */
	struct sd_changes changes; /* deterministic, not yet in running order */
	SD_VEC(struct sd_undecided) undecided; /* what no answer says is the same */
	SD_VEC(struct sd_ambiguous) ambiguous;
	SD_VEC(struct sd_unsupported) unsupported;
	SD_VEC(const char *) inert; /* renamed_from entries that may go */
	struct sd_names wrong; /* --rename and --drop that fit nothing: why */
};

/** Key of a pair in sd_diff_options.answers. */
const char *sd_answer_key(struct sd_arena *arena, const struct sd_undecided *pair);

/** Compare.  @into is completed in place: objects that are not managed are carried over from
 *  @from.  Everything in the result lives in @arena or in the two models. */
struct sd_diff *sd_diff(struct sd_schema *from, struct sd_schema *into,
	const struct sd_diff_options *options, struct sd_arena *arena);

/** The way back of @diff: from its target to its start, renames turned round. */
struct sd_diff *sd_diff_reverse(const struct sd_diff *diff,
	const struct sd_diff_options *options, struct sd_arena *arena);

/** Nothing to change and nothing unsupported. */
bool sd_diff_empty(const struct sd_diff *diff);

/** @renames turned round. */
struct sd_renames sd_renames_reverse(const struct sd_renames *renames, struct sd_arena *arena);

/** A copy of @schema in which @renames are done: names, references, and the tokens of
 *  expressions, indexes, triggers and views that mention them. */
struct sd_schema *sd_rename_apply(const struct sd_schema *schema,
	const struct sd_renames *renames, struct sd_arena *arena);

/** "users.name=full_name" or "users=people" as a rename; false when malformed. */
bool sd_rename_parse(struct sd_arena *arena, const char *text, struct sd_rename *rename);

/** Mark (SD_OBJ_UNMANAGED) what the patterns of @options leave alone of @schema; a comparison does
 *  it by itself. */
void sd_diff_leave_alone(struct sd_schema *schema, const struct sd_diff_options *options,
	struct sd_arena *arena);

/* ---- planning ----------------------------------------------------------------------- */

/** What makes way for the change of a column. */
enum sd_dislodged {
	SD_DISLODGES_NOTHING,
	SD_DISLODGES_COMPUTED, /* checks and expressions over it */
	SD_DISLODGES_BUILT,    /* also what compares it: operator classes, foreign keys */
	SD_DISLODGES_ALL,      /* all that has it: the column itself goes and comes back */
};

/** What the planner asks of an engine's renderer. */
struct sd_strategy {
	/** The changes @members of a table that exists on both sides need it rebuilt. */
	bool (*rebuilds)(const struct sd_diff *diff, int target, const struct sd_object *from,
		const struct sd_changes *members); /* NULL = never */
	/** There is no moment without an index or constraint that is replaced: a changed index
	 *  is one step, and what goes does so behind what comes. */
	bool replaces;
	/** What can't follow @change, an alter of a column, by itself, and makes way.  NULL =
	 *  nothing. */
	enum sd_dislodged (*dislodges)(
		struct sd_arena *arena, const struct sd_change *change);
	/** Why @change can't be made as it stands, or NULL.  NULL = never. */
	const char *(*refuses)(const struct sd_plan *plan, const struct sd_change *change);
};

struct sd_plan {
	const struct sd_diff *diff;
	int target;                    /* version that scripts may be written for */
	bool down;                     /* a way back: values may be invented */
	bool online;                   /* tables that exist stay usable, where that can be */
	struct sd_changes steps;       /* in running order */
	struct sd_names warnings;      /* destructive steps, for people; one line each */
	SD_VEC(const char *) refusals; /* why the plan may not be written; NULL-safe texts */
	unsigned hazards;              /* of all steps */
	const char *irreversible;      /* of a way back: the reason, or NULL */
};

/** Order the changes of @diff: hazards found, tables that need it rebuilt, views that must
 *  make way recreated.  The target is completed by the tuning that files leave open.  @allow: hazards that the user agreed to.  A knot that cannot be
 *  ordered is reported, NULL. */
struct sd_plan *sd_plan_make(const struct sd_diff *diff, const struct sd_strategy *strategy,
	int target, bool down, unsigned allow, struct sd_arena *arena, struct sd_diags *diags);

/** What value @i of enum @into is called in @from: its own name, or the one that it was renamed
 *  from (on the way back, to); NULL when it is new there. */
const char *sd_enum_earlier(const struct sd_enum *from, const struct sd_enum *into, size_t i);

/** All values of @from stay in @into, in their order: new ones stand between them. */
bool sd_enum_grows(const struct sd_enum *from, const struct sd_enum *into);

/** @column's type is enum @type, or (*@array) an array of it. */
bool sd_column_has_enum(struct sd_arena *scratch, const struct sd_dialect *dialect,
	const struct sd_column *column, const struct sd_object *type, bool *array);

/** What people must know of @change before they run it: a line each ("drops the data in
 *  users.email"), to @warnings. */
void sd_change_warnings(const struct sd_plan *plan, const struct sd_change *change,
	struct sd_arena *arena, struct sd_names *warnings);

/** @change adds a column or makes one NOT NULL, and nothing the user said fills the rows that
 *  exist. */
bool sd_change_lacks_values(const struct sd_change *change);

/** What @object, a view or trigger, says in SQL mentions @name, or it stands on the relation of
 *  that name. */
bool sd_object_mentions(const struct sd_dialect *dialect, struct sd_arena *scratch,
	const struct sd_object *object, const char *name);

/** The word of a hazard for --allow ("not-null"), and back (0 = unknown; "all" = all). */
const char *sd_hazard_word(enum sd_hazard hazard);
unsigned sd_hazard_parse(const char *word);

#endif
