/* A command behind --, as a target: what triage, minimize and replay have in common. */
#ifndef CLI_COMMAND_H
#define CLI_COMMAND_H

#include "cli/cli.h"
#include "project/project.h"

#define FAIL_STATUS_HELP                                                                       \
	"exit statuses of a command that are failures, as 3,64-70, or any (but 126 and 127); " \
	"else only a signal "                                                                  \
	"or a report is one, and another status rejects the input"
#define FAIL_STATUS_MORE                                                                         \
	"A command fails by a signal (its own, or a shell's 128 and more) or by a sanitizer's, " \
	"a runtime's or an assertion's report; another status than 0 only rejects the input, "   \
	"but for those of --fail-status. One that ends with 126 or 127 whatever the input "      \
	"can't be run: an error."

/* Where there is no command, list (may be NULL) is an error. */
int command_exits(
	const struct cli_ctx *ctx, const char *list, struct target_exits *out, struct err *err);
/* jobs, timeout_ms: 0 for the default. argv is borrowed. */
struct target_spec command_spec(const struct project *p, const struct strlist *argv,
	const struct target_exits *exits, uint64_t jobs, uint64_t timeout_ms);

#endif
