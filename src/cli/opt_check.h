/* The rules that a table of options has to keep. */
#ifndef CLI_OPT_CHECK_H
#define CLI_OPT_CHECK_H

#include "cli/cli.h"

/* Of a command's table: no duplicate, no missing help, defaults that parse, offsets inside the struct. */
int opt_check(const struct cmd *cmd, struct err *err);

#endif
