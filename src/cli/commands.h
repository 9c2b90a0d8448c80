/* Every command's table row: one file each, cmd_NAME.c. */
#ifndef CLI_COMMANDS_H
#define CLI_COMMANDS_H

#include "cli/cli.h"

extern const struct cmd cmd_help;
extern const struct cmd cmd_init;
extern const struct cmd cmd_doctor;

#endif
