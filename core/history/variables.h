/** Variables of scripts: :'NAME' stands for a value as a literal, :"NAME" for it as a name
 *  (docs/scripts.md). */
#ifndef SD_HISTORY_VARIABLES_H
#define SD_HISTORY_VARIABLES_H

#include "core/history/history.h"

struct sd_variable {
	const char *name, *value;
	bool is_tag; /* of --tag: nobody has to use it, and the log has it anyway */
};

struct sd_variables {
	struct sd_variable *at;
	size_t n, cap;
};

/** Read @texts, "NAME=VALUE" each, in @arena.  What is malformed or given twice is reported. */
enum sd_status sd_variables_read(const struct sd_names *texts, struct sd_arena *arena,
	struct sd_diags *diags, struct sd_variables *variables);

/** Add @tag (NULL: nothing) as the variable `tag`.  One that has a value already is reported. */
enum sd_status sd_variables_tag(struct sd_variables *variables, const char *tag,
	struct sd_arena *arena, struct sd_diags *diags);

/** Every variable stands somewhere in a script of @history, in whichever part, or in one of
 *  @others; what doesn't is reported: the name is misspelt, or nobody wants it. */
enum sd_status sd_variables_check(const struct sd_variables *variables,
	const struct sd_history *history, const struct sd_scripts *others,
	struct sd_diags *diags);

/** The first script of @history whose up part has a variable: without values nobody can run it.
 *  NULL when there is none. */
const struct sd_script *sd_variables_first(const struct sd_history *history);

/** Put the values into the statements of @part of @script, which may be done twice.  One that
 *  has no value is reported at its line.  *@used is how the log has those that stand there,
 *  "a = '1', b = 'x'", or NULL. */
enum sd_status sd_variables_expand(const struct sd_variables *variables,
	const struct sd_script *script, const struct sd_part_script *part,
	const struct sd_dialect *dialect, struct sd_arena *arena, struct sd_diags *diags,
	const char **used);

#endif
