/** `check` and the hook: the gates, what each found, and where. */
#ifndef SD_CMD_WORK_CHECK_H
#define SD_CMD_WORK_CHECK_H

#include "cmd/work/work.h"
#include "core/git/git.h"

enum sd_gate_number {
	SD_GATE_FILES = 1,   /* the schema files load */
	SD_GATE_HISTORY = 2, /* the history is whole */
	SD_GATE_MISSING = 3, /* no migration is missing */
	SD_GATE_APPLIED = 4, /* the database is at head */
	SD_GATE_LIVE = 5,    /* the database equals the schema files */
};

/** One gate and how it went. */
enum sd_gate_result { SD_GATE_PASSED, SD_GATE_FAILED, SD_GATE_SKIPPED };

struct sd_gate {
	enum sd_gate_number number;
	const char *name;    /* "schema files load" */
	const char *dialect; /* that it is about, in a project with several; else NULL */
	enum sd_gate_result result;
	const char *text; /* why skipped, or what differs */
	/** What differs, of the gates that compare models; or NULL. */
	struct sd_diff *diff;
};

/** One thing that a gate found. */
struct sd_finding {
	enum sd_gate_number gate;
	const char *dialect; /* as in struct sd_gate; NULL, too: of what all of them have found */
	const char *rule;  /* a word for it: "drift", "edited-script" */
	bool is_warning;   /* worth knowing, and no failure */
	struct sd_pos pos; /* file NULL = of no place */
	const char *text;
	const char *hint; /* what to do, or NULL */
};

/** The rules of findings and what they mean; NULL at the end. */
struct sd_rule {
	const char *name, *text;
};
extern const struct sd_rule sd_rules[];

struct sd_check_options {
	/** The branch whose scripts may not be edited; NULL = what git and CI's variables say,
	 *  "" = none. */
	const char *upstream;
	/** A scratch database may be made on the target's server. */
	bool scratch_auto;
	/** A commit is about to be made: no database is spoken of, and new revisions on both sides
	 *  of @upstream are no failure yet. */
	bool hook;
};

struct sd_check_report {
	SD_VEC(struct sd_gate) gates;
	SD_VEC(struct sd_finding) findings;
	bool differs; /* exit 1 when nothing worse */
	bool hook;    /* as in the options */
};

/** Run the gates; where the project writes scripts for several dialects the first three for each of
 *  them. Reports that are errors are in session->diags; those of a gate are findings,
 *  too. */
void sd_work_check(struct sd_session *session, const struct sd_check_options *options,
	struct sd_check_report *report);

/* ---- what the gates are made of ---------------------------------------------------------- */

/** The repository that the project lies in, opened once; NULL: there is none, or (*@why) it can't
 *  be read. */
struct sd_git *sd_work_git(struct sd_session *session, const char **why);

/** @session, with the project as @tree has it: its configuration is read anew (the present one
 *  counts where @tree has none), what else was opened stays.  NULL after a report. */
struct sd_session *sd_work_at(struct sd_session *session, const struct sd_tree *tree);

/** Where a scratch database may be made: an embedded engine needs nothing; else `scratch_url` of the
 *  environment, else with @automatic the target's server.  In a project with several dialects that
 *  of any environment serves for a dialect that is not the target's.  SD_NOTFOUND: nowhere, *@why
 *  says what to give; SD_ERR after a report. */
enum sd_status sd_work_scratch(struct sd_session *session, const struct sd_engine *engine,
	bool automatic, struct sd_target *near, const char **why);

/** What the scripts of @history up to @goal (NULL: all; base: none) add up to, found by running
 *  them in a scratch database near @near: its model, and in *@db the database, open as long as
 *  the session.  NULL after a report. */
struct sd_schema *sd_work_replay(struct sd_session *session, const struct sd_engine *engine,
	const struct sd_history *history, const struct sd_goal *goal,
	const struct sd_target *near, struct sd_db **db);

/** The history as @tree has it, NULL when it has none that is whole.  Nothing is reported: it is not
 *  this work's doing. */
struct sd_history *sd_work_history_at(struct sd_session *session, const struct sd_engine *engine,
	const struct sd_tree *tree);

/** What the branch that this one will be merged into has. */
struct sd_upstream {
	const char *name;        /* NULL = there is none */
	struct sd_history *base; /* where this branch left it, or NULL */
	struct sd_history *tip;  /* as it is now */
};

/** Find the upstream branch (@wanted as in sd_check_options) and read its scripts.  A name that was
 *  asked for and is not there is reported, SD_ERR. */
enum sd_status sd_work_upstream(struct sd_session *session, const struct sd_engine *engine,
	const char *wanted, struct sd_upstream *upstream);

/** One of the folders of migrations holds something else in @a than in @b, two trees of git. */
bool sd_work_scripts_differ(
	struct sd_session *session, const struct sd_tree *a, const struct sd_tree *b);

/** The script of @row's revision as it was when it ran, from the newest commit of this branch that
 *  has that checksum (of the last 200); *@rev names the commit.  NULL when git has none. */
const struct sd_script *sd_work_as_applied(struct sd_session *session,
	const struct sd_engine *engine, const struct sd_applied *row, const char **rev);

/** Where @script says first what it did not say as @was. */
struct sd_pos sd_work_edit_pos(const struct sd_script *script, const struct sd_script *was,
	const struct sd_dialect *dialect);

/** Report (class SD_CLASS_HISTORY) each script of @history that @upstream has otherwise, at the
 *  first line that differs, and each that is missing. */
void sd_work_find_edits(struct sd_session *session, const struct sd_history *history,
	const struct sd_upstream *upstream);

/** Tell of new revisions on both sides that make two heads when the branches are merged: as an
 *  error of class SD_CLASS_HISTORY, or @lenient as a warning. */
void sd_work_find_fork(struct sd_session *session, const struct sd_history *history,
	const struct sd_upstream *upstream, bool lenient);

#endif
