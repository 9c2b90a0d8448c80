/*
 * Commands and options as tables: the same rows parse, give defaults, print --help, the man page, completions and the
 * reference in README.md. The only room that prints results or ends the process.
 */
#ifndef CLI_CLI_H
#define CLI_CLI_H

#include "base/err.h"
#include "base/strlist.h"
#include "report/term.h"

enum opt_kind {
	OPT_END,
	/* bool */
	OPT_FLAG,
	/* uint64_t, in [min, max] */
	OPT_UINT,
	/* uint64_t, bytes */
	OPT_SIZE,
	/* uint64_t, milliseconds */
	OPT_DURATION,
	/* const char * */
	OPT_STRING,
	/* struct strlist, repeatable */
	OPT_STRINGS,
	/* const char *, one of the words in `choices` ("a|b|c") */
	OPT_CHOICE,
};

/* What an input can be; harnesses.*.format of thresh.yaml takes the same words, which a test compares. */
#define FORMAT_CHOICES "raw|text|json|yaml|ini|xml|csv|base64|url|binary"

/* Strings in an args struct point into argv; lists are the dispatcher's to release. */
struct opt {
	/* long, without -- */
	const char *name;
	/* short, or 0 */
	char key;
	enum opt_kind kind;
	/* in the command's args struct */
	size_t off;
	/* max 0: none */
	uint64_t min, max;
	/* applied by the parser and shown by --help; NULL: zero */
	const char *def;
	const char *choices;
	/* older than the global option of its name, which stands in front of this command only; its help says so */
	bool older;
	/* the placeholder in help */
	const char *arg;
	const char *help;
};

#define THRESH_VERSION "0.1.0"

enum exit_code { EXIT_OK = 0, EXIT_FINDINGS = 1, EXIT_USAGE = 2, EXIT_OTHER = 3 };

struct cli_ctx;

struct cmd {
	const char *name;
	/* "HARNESS [FILE|DIR...]" */
	const char *args;
	/* one line */
	const char *help;
	/* paragraphs, an empty line between two; wrapped; may be NULL */
	const char *more;
	/* lines, without the prompt; may be NULL */
	const char *examples;
	const struct opt *opts;
	/* of the args struct, made and freed by the dispatcher */
	size_t args_size;
	unsigned min_args;
	/* UINT_MAX: any number */
	unsigned max_args;
	/* what follows "--" is a command line: in cli_ctx.command */
	bool takes_command;
	/* an exit_code */
	int (*run)(void *args, const struct cli_ctx *ctx);
};

/*
 * What a command gets. The options that every command has (--config, -C, --state, --quiet, --verbose, --log, --no-color,
 * --help) are already applied: the working directory is changed, the log set up.
 */
struct cli_ctx {
	/* or NULL */
	const char *config;
	/* positional */
	const struct strlist *args;
	/* behind "--"; n 0 when absent */
	const struct strlist *command;
	/* that standard output goes to */
	struct term term;
	bool quiet, verbose;
	/* of JSON lines, or NULL */
	const char *log;
	/* where state is kept, or NULL */
	const char *state;
	/* of -C, or NULL: what people see isn't from where they are */
	const char *directory;
	/* all there are; ends with NULL */
	const struct cmd *const *commands;
};

/*
 * Of a table that ends with NULL, the command of that name; or NULL and in *nearest one that may have been meant, or
 * NULL.
 */
const struct cmd *cli_find(
	const struct cmd *const *commands, const char *name, const char **nearest);
/* Say so on standard error; EXIT_USAGE. */
int cli_unknown(const char *name, const char *nearest);

/* Parse and run one of these; the process's exit status. Checks at the end that standard output took everything. */
int cli_main(int argc, char **argv, const struct cmd *const *commands);
/* The words that make another thresh log, and keep its state, as this one does; appended. */
void cli_pass_on(const struct cli_ctx *ctx, struct strlist *args);
/* Print the error on standard error and give its exit status. */
int cli_fail(const struct err *err);

#endif
