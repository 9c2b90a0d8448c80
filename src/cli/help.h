/* What people read, made from the tables that parse: help, the man page, the reference, completions. */
#ifndef CLI_HELP_H
#define CLI_HELP_H

#include "cli/cli.h"
#include <stdio.h>

void help_overview(FILE *out);
void help_cmd(FILE *out, const struct cmd *cmd);
void help_man(FILE *out);      /* roff for thresh(1) */
void help_markdown(FILE *out); /* the reference in README.md */
void help_bash(FILE *out);     /* completions */

/* What the exit statuses mean: one row each, ends with a NULL text. */
struct help_exit {
	int status;
	const char *text;
};
extern const struct help_exit help_exits[];

/* One line about the program. */
extern const char help_about[];

#endif
