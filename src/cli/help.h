/* What people read in a terminal, made from the tables that parse. */
#ifndef CLI_HELP_H
#define CLI_HELP_H

#include "cli/cli.h"
#include "cli/topics.h"
#include <stdio.h>

/* Of all commands: a table that ends with NULL. */
void help_overview(FILE *out, const struct term *term, const struct cmd *const *commands);
void help_cmd(FILE *out, const struct term *term, const struct cmd *cmd);
void help_topic(FILE *out, const struct term *term, const struct topic *t);

/* What the exit statuses mean: one row each, ends with a NULL text. */
struct help_exit {
	int status;
	const char *text;
};
extern const struct help_exit help_exits[];

/* One line about the program. */
extern const char help_about[];

#endif
