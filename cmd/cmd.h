/** Commands: one table entry each, from which parsing, usage, help, the man page and the
 *  shell completions all come. */
#ifndef SD_CMD_CMD_H
#define SD_CMD_CMD_H

#include "cmd/engines.h"
#include "core/config/url.h"

#include <stdio.h>

/** Exit codes (docs/commands.md). */
enum sd_exit {
	SD_EXIT_OK = 0,
	SD_EXIT_DIFFERS = 1,
	SD_EXIT_INPUT = 2,
	SD_EXIT_HISTORY = 3,
	SD_EXIT_DATABASE = 4,
	SD_EXIT_REFUSED = 5,
};

/** What main() opens before a command runs. */
enum sd_needs {
	SD_NEEDS_CONFIG = 1 << 0,     /* schemadiff.json, or the defaults */
	SD_NEEDS_TARGET = 1 << 1,     /* a URL must resolve */
	SD_NEEDS_TARGET_IF = 1 << 2,  /* a URL may resolve; session->has_target tells */
	SD_NEEDS_TARGET_TRY = 1 << 3, /* the same, and a default one that can't is no error */
};

enum sd_opt_type {
	SD_OPT_FLAG,   /* bool */
	SD_OPT_TEXT,   /* const char * */
	SD_OPT_LIST,   /* struct sd_names: repeatable */
	SD_OPT_NUMBER, /* unsigned; must be a whole number */
	SD_OPT_WORD,   /* const char *: one of @words */
};

struct sd_opt {
	char letter;      /* 0 = none */
	const char *name; /* "message", without dashes */
	enum sd_opt_type type;
	size_t offset;     /* in the command's options struct */
	const char *value; /* placeholder for usage: "MSG" */
	const char *help;
	const char *const *words;
};

/** Options that every command takes. */
struct sd_globals {
	const char *config, *url, *dialect, *color;
	struct sd_names envs;
	const char *env; /* all of @envs, joined by commas; NULL: none */
	unsigned jobs;   /* of several environments at once; 0: as many as usual */
	bool fail_fast, quiet, verbose, json, help, version;
};

/** What a command works with. */
struct sd_session {
	struct sd_arena *arena;
	struct sd_diags *diags;
	struct sd_globals globals;
	struct sd_git *git; /* the project's repository, once it was asked for */
	const struct sd_tree *tree; /* that the project is read from; NULL = the disk */
	struct sd_config config;
	struct sd_settings settings; /* of the environment, or the file's */
	const char *environment;     /* its name, or NULL */
	const char *chosen;          /* the one that -e chooses, or NULL */
	bool has_target;
	struct sd_target target;
	const struct sd_engine *engine; /* of the target, or of --dialect */
	int server_version;             /* of the database that was opened, or 0 */
	const char *namespace;          /* its connections' default one, or NULL */
	FILE *out, *err;                /* stdout and stderr; tests give others */
	bool color_out, color_err, err_is_tty, in_is_tty;
	size_t n_printed;    /* diagnostics already shown */
	const char *command; /* name of the one that runs, or NULL */
	struct sd_buf json;  /* members of the --json document: cmd/json_out.h */
	const char *brief;   /* the result in a few words: sd_brief() */
	int says;            /* descriptor that it goes to; 0: nobody asks */
};

struct sd_cmd {
	const char *name;
	const char *args; /* "[TARGET]"; NULL = takes none */
	unsigned min_args, max_args;
	const char *summary; /* one line */
	const char *details; /* paragraphs for help and the man page */
	unsigned needs;      /* enum sd_needs */
	const struct sd_opt *opts;
	size_t n_opts, opts_size;
	/** Run with parsed options and @args; returns an exit code.  Errors are in
	 *  session->diags: return sd_session_exit(). */
	int (*run)(struct sd_session *session, const void *opts, const struct sd_names *args);
	bool hidden;
	bool many; /* it takes several environments at once (cmd/many.h) */
};

/** What the placeholder of an argument or option stands for, so that shells can complete it. */
enum sd_completes {
	SD_COMPLETES_NOTHING,
	SD_COMPLETES_FILES,
	SD_COMPLETES_DIRS,
	SD_COMPLETES_WORDS,
	SD_COMPLETES_COMMANDS,
};

/** What completes @placeholder ("FILE", "[DIR]", "TARGET"); *@words (NULL at the end) when it
 *  is a list of words. */
enum sd_completes sd_placeholder_completes(const char *placeholder, const char *const **words);

/** All commands in the order of the help; NULL at the end. */
extern const struct sd_cmd *const sd_cmds[];

/** The headings of the help: each stands above @first and those behind it in sd_cmds; @title NULL
 *  at the end. */
struct sd_cmd_group {
	const char *title;
	const struct sd_cmd *first;
};
extern const struct sd_cmd_group sd_cmd_groups[];

/** The heading above @cmd, when it is the first of its group, or NULL. */
const char *sd_cmd_begins(const struct sd_cmd *cmd);

/** The options of struct sd_globals. */
extern const struct sd_opt sd_global_opts[];
extern const size_t sd_n_global_opts;

/** What --scratch takes; NULL at the end. */
extern const char *const sd_scratch_words[];

/** Parse argv, open what the command needs, run it, print the diagnostics; the exit code. */
int sd_main(int argc, char **argv, FILE *out, FILE *err);

/** Open what @needs (enum sd_needs) asks for; sd_main() does it before a command runs. */
enum sd_status sd_session_open(struct sd_session *session, unsigned needs);

/** Print the diagnostics not yet shown to session->err. */
void sd_session_flush(struct sd_session *session);

/** The exit code that the diagnostics call for, or @otherwise. */
int sd_session_exit(const struct sd_session *session, int otherwise);

/** Progress and remarks for people, a line each, to stderr; nothing with --quiet. */
void sd_say(struct sd_session *session, const char *format, ...) SD_PRINTF(2, 3);

/** The result in a few words, "at 3f9a1c27be40, 2 revisions run": what stands for all that the
 *  command prints where it runs for one of several environments.  Nothing is printed. */
void sd_brief(struct sd_session *session, const char *format, ...) SD_PRINTF(2, 3);

/** Say which database a command is about to write to, and where its URL came from. */
void sd_say_target(struct sd_session *session);

/** The help of @cmd (NULL: of the program), and the same printed to @out. */
void sd_help_write(const struct sd_cmd *cmd, struct sd_buf *out);
void sd_help_print(const struct sd_cmd *cmd, FILE *out);

/** The exit codes and what they mean, for help and the man page; @meaning NULL at the end. */
struct sd_exit_row {
	enum sd_exit code;
	const char *meaning;
};
extern const struct sd_exit_row sd_exit_rows[];

/** Write the man page (troff) and the completion script of @shell ("bash", "zsh", "fish"). */
void sd_man_write(struct sd_buf *out);
bool sd_completion_write(const char *shell, struct sd_buf *out);

#endif
