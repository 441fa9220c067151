/* squash: one revision for a range of them. */
#include "cmd/work/squash.h"
#include "cmd/commands.h"
#include "cmd/json_out.h"
#include "cmd/range.h"
#include "core/base/text.h"

#include <stddef.h>
#include <string.h>

static const struct sd_pos nowhere;

struct squash_opts {
	const char *message, *rev_id, *scratch;
	bool net, force, dry_run, no_renames;
	struct sd_names renames, drops, allow;
};

static const char loses_statements[] = "loses-statements";

/* ---- what is asked for ------------------------------------------------------------------ */

static enum sd_status
read_allow(struct sd_session *session, const struct sd_names *words,
	struct sd_squash_options *options)
{
	for (size_t i = 0; i < words->n; i++) {
		unsigned hazard = sd_hazard_parse(words->at[i]);
		bool all = strcmp(words->at[i], "all") == 0;

		options->allow |= hazard;
		options->loses_statements |= all || strcmp(words->at[i], loses_statements) == 0;
		if (hazard || options->loses_statements)
			continue;
		sd_error(session->diags, nowhere, "--allow %s: there is no such hazard",
			words->at[i]);
		sd_hint(session->diags, "%s, all, or what `schemadiff help autogenerate` names",
			loses_statements);
		return SD_ERR;
	}
	return SD_OK;
}

static enum sd_status
read_options(struct sd_session *session, const struct squash_opts *o,
	struct sd_squash_options *options)
{
	const char *message = o->message ? sd_text_squeeze(session->arena, o->message) : NULL;

	*options = (struct sd_squash_options){
		.message = message && *message ? message : NULL,
		.rev_id = o->rev_id,
		.net = o->net,
		.force = o->force,
		.scratch_auto = o->scratch != NULL,
		.compare = { o->renames, o->drops, o->no_renames },
	};
	if (!o->net && (o->renames.n || o->drops.n || o->no_renames || o->allow.n))
		return sd_error(session->diags, nowhere,
			"--rename, --drop, --no-renames and --allow are about parts that are "
			"made "
			"anew: they go with --net");
	if (o->no_renames && (o->renames.n || o->drops.n))
		return sd_error(session->diags, nowhere,
			"--no-renames does not go with --rename and --drop");
	return read_allow(session, &o->allow, options);
}

/* A range ends in one revision, and begins with one or at base. */
static enum sd_status
find_range(struct sd_look *look, const char *text, struct sd_range *range,
	struct sd_scripts *found)
{
	struct sd_diags *diags = look->session->diags;

	if (sd_range_parse(look->session, text, range))
		return SD_ERR;
	range->into = range->into ? range->into : "head";
	if (sd_range_read(look, range) || sd_range_select(look, range, found))
		return SD_ERR;
	if (range->upper.scripts.n == 1 && !range->into_all && range->lower.scripts.n < 2)
		return SD_OK;
	if (!range->upper.scripts.n)
		return sd_error(diags, nowhere,
			"RANGE: \"%s\" is base, and nothing comes before it", range->into);
	return sd_error(diags, nowhere,
		"RANGE: \"%s\" does not stand for one revision, and a range has one at each "
		"end",
		range->upper.scripts.n == 1 ? range->from : range->into);
}

/* What the database at hand has run of scripts that say something else now: nobody could find that
 * any more. */
static void
warn_of_edits(const struct sd_look *look, const struct sd_scripts *parsed)
{
	struct sd_diags *diags = look->session->diags;

	for (size_t i = 0; i < parsed->n; i++) {
		const struct sd_script *script = parsed->at[i];
		const struct sd_applied *row = sd_state_row(&look->state, script->revision);

		if (!row || sd_text_equal(row->checksum, script->checksum))
			continue;
		sd_warn(diags, script->revision_pos,
			"this script was edited after %s had run it: with the squash nobody will "
			"see that any more",
			look->session->target.masked);
		sd_hint(diags,
			"with the scripts as git has them `schemadiff repair %s` shows the edit",
			script->revision);
	}
}

/* The database at hand stands in the middle of the range, and won't get on without its scripts.
 */
static void
warn_of_database(const struct sd_look *look, const struct sd_scripts *range)
{
	const struct sd_partial *partial = &look->state.partial;
	struct sd_scripts has = { 0 }, lacks = { 0 };
	struct sd_diags *diags = look->session->diags;

	for (size_t i = 0; look->known && i < range->n; i++) {
		struct sd_script *script = range->at[i];
		bool applied = sd_names_find(&look->state.ids, script->revision) >= 0 &&
			       !sd_text_equal(partial->revision, script->revision);

		*sd_push(diags->arena, applied ? &has : &lacks) = script;
	}
	if (!has.n || !lacks.n)
		return;
	sd_warn(diags, nowhere, "%s is in the middle of the range: it has %s, and not %s",
		look->session->target.masked, sd_scripts_text(diags->arena, &has, SD_TEXT_MOST),
		sd_scripts_text(diags->arena, &lacks, SD_TEXT_MOST));
	sd_hint(diags,
		"`schemadiff upgrade %s` with the scripts as they were takes it to the end",
		lacks.at[lacks.n - 1]->revision);
}

/* ---- printing --------------------------------------------------------------------------- */

static void
json_paths(
	struct sd_buf *json, const char *key, const struct sd_rewrites *rewrites, bool removed)
{
	sd_json_open(json, key, '[');
	for (size_t i = 0; i < rewrites->n; i++)
		if (rewrites->at[i].was && removed == !rewrites->at[i].text)
			sd_json_text(json, NULL, rewrites->at[i].path);
	sd_json_close(json, ']');
}

static void
print_json(struct sd_session *session, const struct sd_squashed *squashed, bool dry_run)
{
	struct sd_buf *json = sd_json_begin(session, session->command);

	sd_json_bool(json, "dry_run", dry_run);
	sd_json_text(json, "revision", squashed->revision);
	sd_json_text(json, "message", squashed->message);
	sd_json_text(json, "path", squashed->path);
	sd_json_open(json, "replaces", '[');
	for (size_t i = 0; i < squashed->squash.replaces.n; i++)
		sd_json_names(json, NULL, &squashed->squash.replaces.at[i]);
	sd_json_close(json, ']');
	json_paths(json, "removed", &squashed->rewrites, true);
	json_paths(json, "changed", &squashed->rewrites, false);
	sd_json_names(json, "warnings", &squashed->warnings);
	sd_json_text(json, "script", dry_run ? squashed->text : NULL);
}

static void
say(struct sd_session *session, const struct sd_squashed *squashed, bool dry_run)
{
	const struct sd_rewrites *rewrites = &squashed->rewrites;

	for (size_t i = 0; i < squashed->warnings.n; i++)
		sd_warn(session->diags, nowhere, "%s", squashed->warnings.at[i]);
	sd_say(session, "revision %s %s %s", squashed->revision,
		dry_run ? "would replace" : "replaces",
		sd_scripts_text(session->arena, &squashed->squash.range, SD_TEXT_MOST));
	for (size_t i = 0; i < rewrites->n; i++)
		if (rewrites->at[i].was && rewrites->at[i].text)
			sd_say(session, "%s: its header %s %s", rewrites->at[i].path,
				dry_run ? "would name" : "names", squashed->revision);
	if (dry_run)
		sd_say(session, "nothing was written");
	else
		sd_say(session,
			"databases that have run all of these take it for run; one in their "
			"middle needs the scripts as git has them");
}

static int
run_squash(struct sd_session *session, const void *opts, const struct sd_names *args)
{
	const struct squash_opts *o = opts;
	struct sd_range range = { .option = "RANGE: " };
	struct sd_squash_options options;
	struct sd_squashed squashed;
	struct sd_scripts found = { 0 };
	struct sd_look look;

	if (read_options(session, o, &options))
		return sd_session_exit(session, SD_EXIT_INPUT);
	if (sd_look_open_graph(&look, session))
		return sd_session_exit(session, SD_EXIT_HISTORY);
	if (find_range(&look, args->at[0], &range, &found) ||
		sd_work_squash(session, look.engine, &options, &found,
			range.lower.scripts.n ? range.lower.scripts.at[0]->revision : NULL,
			range.upper.scripts.at[0]->revision, &squashed))
		return sd_session_exit(session, SD_EXIT_INPUT);
	if (!o->dry_run && (sd_work_rewrite(session, &squashed.rewrites) ||
				   sd_work_written(session, look.engine,
					   &squashed.written, squashed.path)))
		return sd_session_exit(session, SD_EXIT_INPUT);
	if (session->globals.json)
		print_json(session, &squashed, o->dry_run);
	else
		fprintf(session->out, o->dry_run ? "%s" : "%s\n",
			o->dry_run ? squashed.text : squashed.path);
	say(session, &squashed, o->dry_run);
	warn_of_database(&look, &found);
	warn_of_edits(&look, &squashed.squash.range);
	return sd_session_exit(session, SD_EXIT_OK);
}

#define OPT(letter, name, type, member, value, help, words)                                    \
	{                                                                                      \
		letter, name, type, offsetof(struct squash_opts, member), value, help, words   \
	}

static const struct sd_opt options[] = {
	OPT('m', "message", SD_OPT_TEXT, message, "MSG", "what the revision does, in one line",
		NULL),
	OPT(0, "rev-id", SD_OPT_TEXT, rev_id, "ID", "its id; else a random one", NULL),
	OPT(0, "net", SD_OPT_FLAG, net, NULL,
		"make the parts anew, from the schemas at both ends of the range", NULL),
	OPT(0, "rename", SD_OPT_LIST, renames, "A=B",
		"with --net: a table or column was renamed on the way", NULL),
	OPT(0, "drop", SD_OPT_LIST, drops, "A",
		"with --net: a table or column was dropped, not renamed", NULL),
	OPT(0, "no-renames", SD_OPT_FLAG, no_renames, NULL, "with --net: nothing was renamed",
		NULL),
	OPT(0, "allow", SD_OPT_LIST, allow, "HAZARD",
		"with --net: go on all the same: loses-statements, or as for autogenerate",
		NULL),
	OPT(0, "scratch", SD_OPT_WORD, scratch, "auto",
		"run the scripts in temporary databases on the target's server", sd_scratch_words),
	OPT(0, "force", SD_OPT_FLAG, force, NULL,
		"remove scripts that no commit keeps as they are", NULL),
	OPT(0, "dry-run", SD_OPT_FLAG, dry_run, NULL, "print the script, write nothing", NULL),
};

const struct sd_cmd sd_cmd_squash = {
	.name = "squash",
	.args = "RANGE",
	.min_args = 1,
	.max_args = 1,
	.summary = "make one revision of a range of them",
	.details = "RANGE is A:B, both included, or :B from the beginning. The new revision "
		   "has their "
		   "parts, joined in order so that running it does what running them did; with "
		   "--net the parts are made anew from what the schema was before and after, "
		   "which "
		   "says what would be lost (exit 5). Its header names what it replaces, what "
		   "followed them follows it, and their scripts are removed: they must be "
		   "committed, "
		   "unless --force.\n\n"
		   "A database that has run all of them has the new revision; the next command "
		   "that "
		   "writes records that. One that has run some of them only needs the scripts "
		   "from "
		   "before the squash (exit 3).",
	.needs = SD_NEEDS_CONFIG | SD_NEEDS_TARGET_TRY,
	.opts = options,
	.n_opts = SD_COUNT(options),
	.opts_size = sizeof(struct squash_opts),
	.run = run_squash,
};
