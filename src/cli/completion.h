/* Completions, one function a shell; commands: all there are, a table that ends with NULL. */
#ifndef CLI_COMPLETION_H
#define CLI_COMPLETION_H

#include "cli/cli.h"
#include <stdio.h>

void completion_bash(FILE *out, const struct cmd *const *commands);
void completion_zsh(FILE *out, const struct cmd *const *commands);
void completion_fish(FILE *out, const struct cmd *const *commands);

#endif
