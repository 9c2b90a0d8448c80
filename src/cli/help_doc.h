/* What is written to files, from the tables that parse: the man page and the reference. */
#ifndef CLI_HELP_DOC_H
#define CLI_HELP_DOC_H

#include "cli/cli.h"
#include <stdio.h>

/* commands: all there are, a table that ends with NULL. Roff for thresh(1). */
void help_man(FILE *out, const struct cmd *const *commands);
/* The reference in README.md. */
void help_markdown(FILE *out, const struct cmd *const *commands);

#endif
