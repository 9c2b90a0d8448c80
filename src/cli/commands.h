/* Every command's table row: one file each, cmd_NAME.c. */
#ifndef CLI_COMMANDS_H
#define CLI_COMMANDS_H

#include "cli/cli.h"

/* ends with NULL */
extern const struct cmd *const commands[];

extern const struct cmd cmd_help;
extern const struct cmd cmd_init;
extern const struct cmd cmd_doctor;
extern const struct cmd cmd_build;
extern const struct cmd cmd_check;
extern const struct cmd cmd_run;
extern const struct cmd cmd_night;
extern const struct cmd cmd_edge;
extern const struct cmd cmd_replay;
extern const struct cmd cmd_triage;
extern const struct cmd cmd_minimize;
extern const struct cmd cmd_distill;
extern const struct cmd cmd_cover;
extern const struct cmd cmd_guard;
extern const struct cmd cmd_import;
extern const struct cmd cmd_corpus;
extern const struct cmd cmd_dict;
extern const struct cmd cmd_bugs;
extern const struct cmd cmd_show;
extern const struct cmd cmd_trace;
extern const struct cmd cmd_report;
extern const struct cmd cmd_regress;
extern const struct cmd cmd_verify;
extern const struct cmd cmd_debug;
extern const struct cmd cmd_bisect;
extern const struct cmd cmd_export;
extern const struct cmd cmd_merge;
extern const struct cmd cmd_split;
extern const struct cmd cmd_ignore;
extern const struct cmd cmd_status;
extern const struct cmd cmd_gc;
extern const struct cmd cmd_worker;

#endif
