/* What is written to files, from the tables that parse: the man page, the reference, completions. */
#ifndef CLI_HELP_DOC_H
#define CLI_HELP_DOC_H

#include "cli/cli.h"
#include <stdio.h>

/* Of all commands: a table that ends with NULL. */
void help_man(FILE *out, const struct cmd *const *commands);      /* roff for thresh(1) */
void help_markdown(FILE *out, const struct cmd *const *commands); /* the reference in README.md */
void help_bash(FILE *out, const struct cmd *const *commands);     /* completions */

#endif
