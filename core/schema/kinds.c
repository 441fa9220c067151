/* The table of kinds, and the loops over its fields that are the same for all of them. */
#include "core/base/text.h"
#include "core/schema/model.h"
#include "core/sql/canon.h"

#include <stdint.h>
#include <string.h>

static const char *const null_words[] = { "null", "not null", NULL };
static const char *const valid_words[] = { "valid", "invalid", NULL };
static const char *const checked_words[] = { "validated", "not validated", NULL };
static const char *const storage_words[] = { "plain", "external", "extended", "main", NULL };
static const char *const identity_words[] = { "always", "by default", NULL };
static const char *const conflict_words[] = { "abort", "rollback", "fail", "ignore", "replace",
	NULL };
static const char *const deferrable_words[] = { "immediate", "deferred", NULL };
static const char *const action_words[] = { "no action", "restrict", "cascade", "set null",
	"set default", NULL };
static const char *const match_words[] = { "simple", "full", "partial", NULL };
static const char *const timing_words[] = { "before", "after", "instead of", NULL };
static const char *const event_words[] = { "insert", "update", "delete", "truncate", NULL };
static const char *const each_words[] = { "row", "statement", NULL };

#define AT(type, member) offsetof(struct type, member)
#define COMMENT(type)                                                                          \
	{                                                                                      \
		"comment", NULL, "comment", SD_F_TEXT, AT(type, comment), 0, SD_ON_POSTGRESQL, \
			NULL, "Comment that the database keeps."                               \
	}

/* The options of a sequence: @member of struct @type. */
#define SEQUENCE_OPTION(key, group, type, member, flags, doc)                                  \
	{                                                                                      \
		key, group, key, SD_F_NUMBER, AT(type, member), flags, SD_ON_POSTGRESQL, NULL, \
			doc                                                                    \
	}
#define SEQUENCE_OPTIONS(group, type, member, flags)                                           \
	SEQUENCE_OPTION("start", group, type, member.start, flags, "First number."),           \
		SEQUENCE_OPTION("increment", group, type, member.increment, flags,             \
			"Step from number to number (default: 1)."),                           \
		SEQUENCE_OPTION("min", group, type, member.min, flags, "Smallest number."),    \
		SEQUENCE_OPTION("max", group, type, member.max, flags, "Largest number."),     \
		SEQUENCE_OPTION("cache", group, type, member.cache, flags,                     \
			"Numbers that a session takes at a time (default: 1)."),               \
	{                                                                                      \
		"cycle", group, "cycle", SD_F_BOOL, AT(type, member.cycle), flags,             \
			SD_ON_POSTGRESQL, NULL, "Begin anew behind the last number."           \
	}

/* What can be said of the index behind a constraint: @member of struct @type. */
#define OWN_INDEX(type, member)                                                                \
	{ "with", NULL, "with", SD_F_OPTIONS, AT(type, member.with), SD_FIELD_TUNING,          \
		SD_ON_POSTGRESQL, NULL, "Storage parameters of its index, as in WITH (…)." },  \
		{ "tablespace", NULL, "tablespace", SD_F_NAME, AT(type, member.tablespace),    \
			SD_FIELD_TUNING, SD_ON_POSTGRESQL, default_space,                      \
			"Tablespace of its index." },                                          \
	{                                                                                      \
		"index_comment", NULL, "comment of the index", SD_F_TEXT,                      \
			AT(type, member.comment), SD_FIELD_TUNING, SD_ON_POSTGRESQL, empty,    \
			"Comment on its index, beside the constraint's own; \"\" = none."      \
	}

/* Of tuning that has a default, what it is: to say it is to say nothing. */
static const char *const no_target[] = { "-1", NULL };
static const char *const full_pages[] = { "100", NULL };
static const char *const default_space[] = { "pg_default", NULL };
static const char *const default_method[] = { "heap", NULL };
static const char *const default_identity[] = { "default", NULL };
static const char *const no_cluster[] = { "none", NULL };
static const char *const empty[] = { "", NULL };

static const struct sd_field column_fields[] = {
	{ "type", NULL, "type", SD_F_TYPE, AT(sd_column, type), SD_FIELD_REQUIRED, SD_ON_ALL,
		NULL, "Type of the column; an object gives one per dialect." },
	{ "nullable", NULL, "nullability", SD_F_NOT, AT(sd_column, not_null), 0, SD_ON_ALL,
		null_words, "Whether the column accepts NULL (default: true)." },
	{ "default", NULL, "default", SD_F_SQL, AT(sd_column, deflt), SD_FIELD_LITERAL,
		SD_ON_ALL, NULL, "Default value: an SQL expression." },
	{ "as", "generated", "generated", SD_F_SQL, AT(sd_column, generated), 0, SD_ON_ALL,
		NULL, "Expression that computes the column." },
	{ "stored", "generated", "stored", SD_F_BOOL, AT(sd_column, stored_generated), 0,
		SD_ON_ALL, NULL, "The computed value is stored, not computed on reading." },
	{ "generated", "identity", "identity", SD_F_WORD, AT(sd_column, identity),
		SD_FIELD_NO_FALSE | SD_FIELD_GROUP_SHORT, SD_ON_ALL, identity_words,
		"The database numbers the rows; \"by default\" lets INSERT give a value." },
	SEQUENCE_OPTIONS("identity", sd_column_rare, identity, SD_FIELD_RARE),
	{ "collation", NULL, "collation", SD_F_NAME, AT(sd_column, collation), 0, SD_ON_ALL,
		NULL, "Collation (default: the database's)." },
	COMMENT(sd_column),
	{ "backfill", NULL, "backfill", SD_F_SQL, AT(sd_column, backfill),
		SD_FIELD_INPUT | SD_FIELD_LITERAL, SD_ON_ALL, NULL,
		"Expression that fills existing rows of a new NOT NULL column." },
	{ "using", NULL, "using", SD_F_SQL, AT(sd_column, convert), SD_FIELD_INPUT, SD_ON_ALL,
		NULL, "Expression that converts existing values when the type changes." },
	{ "autoincrement", "sqlite", "autoincrement", SD_F_BOOL, AT(sd_column, autoincrement),
		0, SD_ON_SQLITE, NULL, "AUTOINCREMENT: numbers are never used again." },
	{ "on_conflict", "sqlite", "on conflict", SD_F_WORD, AT(sd_column, on_conflict),
		SD_FIELD_DEFAULT_NULL, SD_ON_SQLITE, conflict_words,
		"What a violation of NOT NULL does." },
	{ "storage", "postgresql", "storage", SD_F_WORD, AT(sd_column_rare, storage),
		SD_FIELD_TUNING | SD_FIELD_RARE, SD_ON_POSTGRESQL, storage_words,
		"How long values are stored (default: the type's way)." },
	{ "compression", "postgresql", "compression", SD_F_NAME,
		AT(sd_column_rare, compression), SD_FIELD_TUNING | SD_FIELD_RARE,
		SD_ON_POSTGRESQL, NULL, "Compression of long values: pglz, lz4." },
	{ "statistics", "postgresql", "statistics", SD_F_NUMBER, AT(sd_column_rare, statistics),
		SD_FIELD_TUNING | SD_FIELD_RARE, SD_ON_POSTGRESQL, no_target,
		"Statistics target (default: the server's)." },
	{ "not_null_name", "postgresql", "name of not null", SD_F_NAME,
		AT(sd_column_rare, not_null_name), SD_FIELD_TUNING | SD_FIELD_RARE,
		SD_ON_POSTGRESQL, NULL,
		"Name of the NOT NULL constraint (PostgreSQL 18; default: the server's)." },
	{ "validated", "postgresql", "not null", SD_F_BOOL,
		AT(sd_column_rare, not_null_unchecked), SD_FIELD_STATE | SD_FIELD_RARE,
		SD_ON_POSTGRESQL, checked_words, "Existing rows are known not to be NULL." },
};

static const struct sd_field key_fields[] = {
	{ "columns", NULL, "columns", SD_F_PARTS, AT(sd_key, columns),
		SD_FIELD_REQUIRED | SD_FIELD_SHORT, SD_ON_ALL, NULL, "Columns of the key." },
	{ "include", NULL, "include", SD_F_NAMES, AT(sd_key, include), 0, SD_ON_POSTGRESQL,
		NULL, "Columns that the index carries beside the key." },
	{ "nulls_distinct", NULL, "nulls distinct", SD_F_NOT, AT(sd_key, nulls_not_distinct), 0,
		SD_ON_POSTGRESQL, NULL, "Two NULLs differ (default: true)." },
	{ "deferrable", NULL, "deferrable", SD_F_WORD, AT(sd_key, deferrable),
		SD_FIELD_NO_FALSE, SD_ON_POSTGRESQL, deferrable_words,
		"Whether the constraint can be checked at the end of a transaction." },
	{ "on_conflict", NULL, "on conflict", SD_F_WORD, AT(sd_key, on_conflict),
		SD_FIELD_DEFAULT_NULL, SD_ON_SQLITE, conflict_words, "What a violation does." },
	OWN_INDEX(sd_key, index),
	COMMENT(sd_key),
};

static const struct sd_field check_fields[] = {
	{ "expression", NULL, "expression", SD_F_SQL, AT(sd_check, expression),
		SD_FIELD_REQUIRED | SD_FIELD_SHORT, SD_ON_ALL, NULL,
		"Condition that every row satisfies." },
	{ "no_inherit", NULL, "no inherit", SD_F_BOOL, AT(sd_check, no_inherit), 0,
		SD_ON_POSTGRESQL, NULL, "Child tables don't inherit it." },
	{ "validated", NULL, "validated", SD_F_NOT, AT(sd_check, not_valid), 0,
		SD_ON_POSTGRESQL, NULL, "Existing rows are checked too (default: true)." },
	{ "enforced", NULL, "enforced", SD_F_NOT, AT(sd_check, not_enforced), 0,
		SD_ON_POSTGRESQL, NULL, "It is enforced (default: true; PostgreSQL 18)." },
	COMMENT(sd_check),
};

static const struct sd_field exclusion_fields[] = {
	{ "elements", NULL, "elements", SD_F_PARTS, AT(sd_exclusion, elements),
		SD_FIELD_REQUIRED | SD_FIELD_OPERATORS, SD_ON_ALL, NULL,
		"Columns or expressions, each with the operator that no two rows satisfy." },
	{ "method", NULL, "method", SD_F_NAME, AT(sd_exclusion, method), 0, SD_ON_ALL, NULL,
		"Access method of its index (default: btree)." },
	{ "where", NULL, "where", SD_F_SQL, AT(sd_exclusion, where), 0, SD_ON_ALL, NULL,
		"Only rows that satisfy this are constrained." },
	{ "deferrable", NULL, "deferrable", SD_F_WORD, AT(sd_exclusion, deferrable),
		SD_FIELD_NO_FALSE, SD_ON_ALL, deferrable_words,
		"Whether the constraint can be checked at the end of a transaction." },
	OWN_INDEX(sd_exclusion, index),
	COMMENT(sd_exclusion),
};

static const struct sd_field foreign_key_fields[] = {
	{ "columns", NULL, "columns", SD_F_NAMES, AT(sd_foreign_key, columns),
		SD_FIELD_REQUIRED, SD_ON_ALL, NULL, "Columns that refer to the other table." },
	{ "table", NULL, "table", SD_F_NAME, AT(sd_foreign_key, table), SD_FIELD_REQUIRED,
		SD_ON_ALL, NULL, "The table referred to." },
	{ "ref_columns", NULL, "referenced columns", SD_F_NAMES,
		AT(sd_foreign_key, ref_columns), 0, SD_ON_ALL, NULL,
		"Columns of that table (default: its primary key)." },
	{ "on_delete", NULL, "on delete", SD_F_WORD, AT(sd_foreign_key, on_delete),
		SD_FIELD_DEFAULT_NULL, SD_ON_ALL, action_words,
		"What happens to a row when the row it refers to is deleted." },
	{ "on_update", NULL, "on update", SD_F_WORD, AT(sd_foreign_key, on_update),
		SD_FIELD_DEFAULT_NULL, SD_ON_ALL, action_words,
		"What happens to a row when the key it refers to changes." },
	{ "match", NULL, "match", SD_F_WORD, AT(sd_foreign_key, match), SD_FIELD_DEFAULT_NULL,
		SD_ON_ALL, match_words, "How NULLs in a composite key are treated." },
	{ "deferrable", NULL, "deferrable", SD_F_WORD, AT(sd_foreign_key, deferrable),
		SD_FIELD_NO_FALSE, SD_ON_ALL, deferrable_words,
		"Whether the constraint can be checked at the end of a transaction." },
	{ "set_columns", NULL, "set columns", SD_F_NAMES, AT(sd_foreign_key, set_columns), 0,
		SD_ON_POSTGRESQL, NULL, "Columns that ON DELETE SET NULL or DEFAULT sets." },
	{ "validated", NULL, "validated", SD_F_NOT, AT(sd_foreign_key, not_valid), 0,
		SD_ON_POSTGRESQL, NULL, "Existing rows are checked too (default: true)." },
	{ "enforced", NULL, "enforced", SD_F_NOT, AT(sd_foreign_key, not_enforced), 0,
		SD_ON_POSTGRESQL, NULL, "It is enforced (default: true; PostgreSQL 18)." },
	COMMENT(sd_foreign_key),
};

static const struct sd_field index_fields[] = {
	{ "columns", NULL, "columns", SD_F_PARTS, AT(sd_index, columns),
		SD_FIELD_REQUIRED | SD_FIELD_SHORT, SD_ON_ALL, NULL,
		"Columns or expressions, in order." },
	{ "unique", NULL, "unique", SD_F_BOOL, AT(sd_index, unique), 0, SD_ON_ALL, NULL,
		"No two rows have the same values." },
	{ "method", NULL, "method", SD_F_NAME, AT(sd_index, method), 0, SD_ON_POSTGRESQL, NULL,
		"Access method (default: btree)." },
	{ "where", NULL, "where", SD_F_SQL, AT(sd_index, where), 0, SD_ON_ALL, NULL,
		"Only rows that satisfy this are indexed." },
	{ "include", NULL, "include", SD_F_NAMES, AT(sd_index, include), 0, SD_ON_POSTGRESQL,
		NULL, "Columns that the index carries beside its own." },
	{ "nulls_distinct", NULL, "nulls distinct", SD_F_NOT, AT(sd_index, nulls_not_distinct),
		0, SD_ON_POSTGRESQL, NULL, "Two NULLs differ (default: true)." },
	{ "with", NULL, "with", SD_F_OPTIONS, AT(sd_index, with), SD_FIELD_TUNING,
		SD_ON_POSTGRESQL, NULL, "Storage parameters, as in WITH (…)." },
	{ "tablespace", NULL, "tablespace", SD_F_NAME, AT(sd_index, tablespace),
		SD_FIELD_TUNING, SD_ON_POSTGRESQL, default_space, "Tablespace of the index." },
	{ "valid", NULL, "state", SD_F_BOOL, AT(sd_index, invalid), SD_FIELD_STATE,
		SD_ON_POSTGRESQL, valid_words, "It was built to the end." },
	COMMENT(sd_index),
};

static const struct sd_field trigger_fields[] = {
	{ "timing", NULL, "timing", SD_F_WORD, AT(sd_trigger, timing), SD_FIELD_REQUIRED,
		SD_ON_ALL, timing_words, "When the trigger fires." },
	{ "events", NULL, "events", SD_F_WORDS, AT(sd_trigger, events), SD_FIELD_REQUIRED,
		SD_ON_ALL, event_words, "What fires it." },
	{ "of", NULL, "of", SD_F_NAMES, AT(sd_trigger, of), 0, SD_ON_ALL, NULL,
		"Columns whose UPDATE fires it (default: all)." },
	{ "for_each", NULL, "for each", SD_F_WORD, AT(sd_trigger, for_each),
		SD_FIELD_DEFAULT_NULL, SD_ON_ALL, each_words,
		"Once a row, or once a statement." },
	{ "when", NULL, "when", SD_F_SQL, AT(sd_trigger, when), 0, SD_ON_ALL, NULL,
		"Condition under which it runs." },
	{ "body", NULL, "body", SD_F_SQL, AT(sd_trigger, body),
		SD_FIELD_REQUIRED | SD_FIELD_SCRIPT, SD_ON_ALL, NULL,
		"Statements between BEGIN and END." },
	COMMENT(sd_trigger),
};

static const struct sd_field enum_fields[] = {
	{ "values", NULL, "values", SD_F_VALUES, AT(sd_enum, values),
		SD_FIELD_REQUIRED | SD_FIELD_SHORT, SD_ON_ALL, NULL, "Values, in order." },
	COMMENT(sd_enum),
};

static const struct sd_field sequence_fields[] = {
	{ "type", NULL, "type", SD_F_TYPE, AT(sd_sequence, type), 0, SD_ON_ALL, NULL,
		"smallint, integer or bigint (default)." },
	SEQUENCE_OPTIONS(NULL, sd_sequence, options, 0),
	{ "owned_by", NULL, "owned by", SD_F_NAME, AT(sd_sequence, owned_by), 0, SD_ON_ALL,
		NULL, "Column (\"table.column\") that it is dropped with." },
	COMMENT(sd_sequence),
};

static const struct sd_field table_fields[] = {
	COMMENT(sd_table),
	{ "strict", "sqlite", "strict", SD_F_BOOL, AT(sd_table, strict), 0, SD_ON_SQLITE, NULL,
		"STRICT: types are enforced (SQLite 3.37)." },
	{ "without_rowid", "sqlite", "without rowid", SD_F_BOOL, AT(sd_table, without_rowid), 0,
		SD_ON_SQLITE, NULL, "WITHOUT ROWID: rows are stored by their primary key." },
	{ "unlogged", "postgresql", "unlogged", SD_F_BOOL, AT(sd_table, unlogged), 0,
		SD_ON_POSTGRESQL, NULL, "UNLOGGED: fast, and emptied by a crash." },
	{ "fillfactor", "postgresql", "fillfactor", SD_F_NUMBER, AT(sd_table, fillfactor),
		SD_FIELD_TUNING, SD_ON_POSTGRESQL, full_pages,
		"How full pages are packed, in %." },
	{ "tablespace", "postgresql", "tablespace", SD_F_NAME, AT(sd_table, tablespace),
		SD_FIELD_TUNING, SD_ON_POSTGRESQL, default_space, "Tablespace of the table." },
	{ "with", "postgresql", "storage parameters", SD_F_OPTIONS, AT(sd_table, with),
		SD_FIELD_TUNING, SD_ON_POSTGRESQL, NULL,
		"Other storage parameters, as in WITH (…)." },
	{ "access_method", "postgresql", "access method", SD_F_NAME,
		AT(sd_table, access_method), SD_FIELD_TUNING, SD_ON_POSTGRESQL, default_method,
		"Table access method." },
	{ "replica_identity", "postgresql", "replica identity", SD_F_NAME,
		AT(sd_table, replica_identity), SD_FIELD_TUNING, SD_ON_POSTGRESQL,
		default_identity,
		"default, full, nothing or \"index NAME\"." },
	{ "cluster", "postgresql", "cluster", SD_F_NAME, AT(sd_table, cluster), SD_FIELD_TUNING,
		SD_ON_POSTGRESQL, no_cluster,
		"What CLUSTER orders the table by: none or \"index NAME\"." },
};

static const struct sd_field view_fields[] = {
	{ "columns", NULL, "columns", SD_F_NAMES, AT(sd_view, columns), 0, SD_ON_ALL, NULL,
		"Names of the columns (default: the query's)." },
	{ "definition", NULL, "definition", SD_F_SQL, AT(sd_view, definition),
		SD_FIELD_REQUIRED | SD_FIELD_SHORT | SD_FIELD_QUERY, SD_ON_ALL, NULL,
		"The query." },
	COMMENT(sd_view),
};

#define FIELDS(array) array, SD_COUNT(array)

const struct sd_kind_desc sd_kinds[SD_KIND__MAX] = {
	[SD_COLUMN] = { "column", "columns", "columns", NULL, sizeof(struct sd_column), 0,
		SD_ON_ALL, FIELDS(column_fields), "Columns, in the order of a new table." },
	[SD_PRIMARY_KEY] = { "primary key", "primary keys", "primary_key", "pk",
		sizeof(struct sd_key), SD_KIND_SINGLE | SD_KIND_CONSTRAINT, SD_ON_ALL,
		FIELDS(key_fields), "The primary key." },
	[SD_UNIQUE] = { "unique constraint", "unique constraints", "unique", "uq",
		sizeof(struct sd_key), SD_KIND_ARRAY | SD_KIND_CONSTRAINT, SD_ON_ALL,
		FIELDS(key_fields), "Unique constraints." },
	[SD_CHECK] = { "check", "checks", "checks", "ck", sizeof(struct sd_check),
		SD_KIND_ARRAY | SD_KIND_CONSTRAINT, SD_ON_ALL, FIELDS(check_fields),
		"Check constraints." },
	[SD_EXCLUSION] = { "exclusion constraint", "exclusion constraints", "exclusions", NULL,
		sizeof(struct sd_exclusion), SD_KIND_CONSTRAINT, SD_ON_POSTGRESQL,
		FIELDS(exclusion_fields), "Exclusion constraints." },
	[SD_FOREIGN_KEY] = { "foreign key", "foreign keys", "foreign_keys", "fk",
		sizeof(struct sd_foreign_key), SD_KIND_ARRAY | SD_KIND_CONSTRAINT, SD_ON_ALL,
		FIELDS(foreign_key_fields), "Foreign keys." },
	[SD_INDEX] = { "index", "indexes", "indexes", "ix", sizeof(struct sd_index),
		SD_KIND_ARRAY, SD_ON_ALL, FIELDS(index_fields), "Indexes." },
	[SD_TRIGGER] = { "trigger", "triggers", "triggers", NULL, sizeof(struct sd_trigger),
		SD_KIND_OPTIONAL, SD_ON_SQLITE, FIELDS(trigger_fields), "Triggers." },
	[SD_ENUM] = { "enum", "enums", "enums", NULL, sizeof(struct sd_enum), SD_KIND_OPTIONAL,
		SD_ON_ALL, FIELDS(enum_fields), "Enumerated types." },
	[SD_SEQUENCE] = { "sequence", "sequences", "sequences", NULL,
		sizeof(struct sd_sequence), SD_KIND_OPTIONAL, SD_ON_POSTGRESQL,
		FIELDS(sequence_fields),
		"Sequences that no identity or serial column brings along." },
	[SD_TABLE] = { "table", "tables", "tables", NULL, sizeof(struct sd_table), 0, SD_ON_ALL,
		FIELDS(table_fields), "Tables." },
	[SD_VIEW] = { "view", "views", "views", NULL, sizeof(struct sd_view), SD_KIND_OPTIONAL,
		SD_ON_SQLITE, FIELDS(view_fields), "Views." },
};

void *
sd_field_place(const struct sd_object *object, const struct sd_field *field)
{
	static const struct sd_column_rare none = { 0 };
	const struct sd_column *column = (const struct sd_column *)object;
	const void *base = object;

	if (field->flags & SD_FIELD_RARE)
		base = column->rare ? column->rare : &none;
	return (char *)(uintptr_t)base + field->offset;
}

struct sd_column_rare *
sd_column_rare(struct sd_arena *arena, struct sd_column *column)
{
	if (!column->rare)
		column->rare = sd_new(arena, struct sd_column_rare);
	return column->rare;
}

const struct sd_field *
sd_field_find(enum sd_kind kind, const char *key)
{
	const struct sd_kind_desc *desc = &sd_kinds[kind];

	for (size_t i = 0; i < desc->n_fields; i++)
		if (strcmp(desc->fields[i].key, key) == 0)
			return &desc->fields[i];
	return NULL;
}

static bool
names_equal(
	const struct sd_dialect *dialect, const struct sd_names *a, const struct sd_names *b)
{
	if (a->n != b->n)
		return false;
	for (size_t i = 0; i < a->n; i++)
		if (!sd_name_equal(dialect, a->at[i], b->at[i]))
			return false;
	return true;
}

/* Order does not count: INSERT OR UPDATE is UPDATE OR INSERT. */
static bool
words_equal(const struct sd_names *a, const struct sd_names *b)
{
	if (a->n != b->n)
		return false;
	for (size_t i = 0; i < a->n; i++)
		if (sd_names_find(b, a->at[i]) < 0)
			return false;
	return true;
}

static bool
sql_equal(const struct sd_dialect *dialect, struct sd_arena *scratch, const char *a,
	const char *b)
{
	if (sd_text_equal(a, b))
		return true;
	if (!a || !b)
		return false;
	return strcmp(sd_sql_canonical(dialect, scratch, a),
		       sd_sql_canonical(dialect, scratch, b)) == 0;
}

static bool
optional_names_equal(const struct sd_dialect *dialect, const char *a, const char *b)
{
	return a && b ? sd_name_equal(dialect, a, b) : a == b;
}

/* The next byte of an operator class that says something, behind @p. */
static const char *
telling(const char *p)
{
	while (*p == ' ' || *p == '\'')
		p++;
	return p;
}

bool
sd_opclass_equal(const char *a, const char *b)
{
	if (!a || !b)
		return a == b;
	for (a = telling(a), b = telling(b); *a && *a == *b; a = telling(a + 1), b = telling(b + 1))
		;
	return *a == *b;
}

static bool
parts_equal(const struct sd_dialect *dialect, struct sd_arena *scratch,
	const struct sd_parts *a, const struct sd_parts *b)
{
	if (a->n != b->n)
		return false;
	for (size_t i = 0; i < a->n; i++) {
		const struct sd_part *p = &a->at[i], *q = &b->at[i];

		if (!optional_names_equal(dialect, p->name, q->name) ||
			!sql_equal(dialect, scratch, p->expression, q->expression) ||
			!optional_names_equal(dialect, p->collation, q->collation) ||
			!sd_opclass_equal(p->opclass, q->opclass) || p->desc != q->desc ||
			!sd_text_equal(p->nulls, q->nulls) || !sd_text_equal(p->op, q->op))
			return false;
	}
	return true;
}

static bool
types_equal(const struct sd_dialect *dialect, struct sd_arena *scratch, const char *a,
	const char *b)
{
	if (sd_text_equal(a, b))
		return true;
	return strcmp(sd_type_canonical(dialect, scratch, a ? a : ""),
		       sd_type_canonical(dialect, scratch, b ? b : "")) == 0;
}

/* The word of an SD_F_WORD, the default one spelled out where NULL stands for it. */
static const char *
word_of(const struct sd_field *field, const struct sd_object *object)
{
	const char *word = sd_field_get(object, field, char *);

	return !word && field->flags & SD_FIELD_DEFAULT_NULL ? field->words[0] : word;
}

bool
sd_field_equal(const struct sd_dialect *dialect, struct sd_arena *scratch,
	const struct sd_field *field, const struct sd_object *a, const struct sd_object *b)
{
#define BOTH(type) sd_field_get(a, field, type), sd_field_get(b, field, type)
#define BOTH_AT(type) &sd_field_get(a, field, type), &sd_field_get(b, field, type)
	switch (field->type) {
	case SD_F_TEXT:
	case SD_F_NUMBER:
		return sd_text_equal(BOTH(char *));
	case SD_F_WORD:
		return sd_text_equal(word_of(field, a), word_of(field, b));
	case SD_F_SQL:
		return sql_equal(dialect, scratch, BOTH(char *));
	case SD_F_TYPE:
		return types_equal(dialect, scratch, BOTH(char *));
	case SD_F_NAME:
		return optional_names_equal(dialect, BOTH(char *));
	case SD_F_BOOL:
	case SD_F_NOT:
		return sd_field_get(a, field, bool) == sd_field_get(b, field, bool);
	case SD_F_NAMES:
		return names_equal(dialect, BOTH_AT(struct sd_names));
	case SD_F_WORDS:
	case SD_F_OPTIONS:
		return words_equal(BOTH_AT(struct sd_names));
	case SD_F_VALUES:
		return sd_names_equal(BOTH_AT(struct sd_names));
	case SD_F_PARTS:
		return parts_equal(dialect, scratch, BOTH_AT(struct sd_parts));
	}
#undef BOTH
#undef BOTH_AT
	sd_bug("field %s has no type", field->key);
}

bool
sd_field_unset(const struct sd_field *field, const struct sd_object *object)
{
	switch (field->type) {
	case SD_F_BOOL:
	case SD_F_NOT:
		return !sd_field_get(object, field, bool);
	case SD_F_NAMES:
	case SD_F_WORDS:
	case SD_F_VALUES:
	case SD_F_OPTIONS:
		return !sd_field_get(object, field, struct sd_names).n;
	case SD_F_PARTS:
		return !sd_field_get(object, field, struct sd_parts).n;
	default:
		return !sd_field_get(object, field, char *);
	}
}

static void
parts_text(struct sd_buf *out, const struct sd_parts *parts)
{
	for (size_t i = 0; i < parts->n; i++) {
		const struct sd_part *part = &parts->at[i];

		sd_buf_add(out, i ? ", " : "");
		sd_buf_add(out, part->name ? part->name : part->expression);
		if (part->collation)
			sd_buf_addf(out, " collate %s", part->collation);
		if (part->opclass)
			sd_buf_addf(out, " %s", part->opclass);
		if (part->desc)
			sd_buf_add(out, " desc");
		if (part->nulls)
			sd_buf_addf(out, " nulls %s", part->nulls);
		if (part->op)
			sd_buf_addf(out, " with %s", part->op);
	}
}

static void
names_text(struct sd_buf *out, const struct sd_names *names)
{
	for (size_t i = 0; i < names->n; i++)
		sd_buf_addf(out, "%s%s", i ? ", " : "", names->at[i]);
}

/* A bool in words: those of the field, or what its key says. */
static const char *
bool_text(const struct sd_field *field, const struct sd_object *object)
{
	bool value = sd_field_get(object, field, bool);

	if (field->words)
		return field->words[value];
	return value != (field->type == SD_F_NOT) ? "yes" : "no";
}

const char *
sd_field_text(
	struct sd_arena *arena, const struct sd_field *field, const struct sd_object *object)
{
	struct sd_buf out = SD_BUF(arena);

	switch (field->type) {
	case SD_F_BOOL:
	case SD_F_NOT:
		return bool_text(field, object);
	case SD_F_WORD:
		sd_buf_add(&out, word_of(field, object) ? word_of(field, object) : "");
		break;
	case SD_F_NAMES:
	case SD_F_WORDS:
	case SD_F_VALUES:
	case SD_F_OPTIONS:
		names_text(&out, &sd_field_get(object, field, struct sd_names));
		break;
	case SD_F_PARTS:
		parts_text(&out, &sd_field_get(object, field, struct sd_parts));
		break;
	case SD_F_TEXT:
	case SD_F_SQL:
	case SD_F_TYPE:
	case SD_F_NAME:
	case SD_F_NUMBER:
		if (sd_field_get(object, field, char *))
			sd_buf_add(&out, sd_field_get(object, field, char *));
		break;
	}
	return out.n ? sd_buf_text(&out) : "(none)";
}
