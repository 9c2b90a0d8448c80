/* What is run behind --, and when it fails. */
#include "base/prelude.h"
#include "cli/command.h"
#include "base/fs.h"
#include "crash/crash.h"

int command_exits(
	const struct cli_ctx *ctx, const char *list, struct target_exits *out, struct err *err)
{
	*out = (struct target_exits){ .report = crash_text_fails };
	if (list && !ctx->command->n)
		return err_usage(err, "--fail-status goes with a command behind --");
	return exits_parse(out, list, err) < 0 ? err_prefix(err, "--fail-status") : 0;
}

struct target_spec command_spec(const struct project *p, const struct strlist *argv,
	const struct target_exits *exits, uint64_t jobs, uint64_t timeout_ms)
{
	return (struct target_spec){ .argv = (const char *const *)argv->v,
		.name = fs_basename(argv->v[0]),
		.timeout_ms = timeout_ms,
		.leaks = true,
		.exits = *exits,
		.sandbox = project_sandbox(p),
		.workers = jobs ? (unsigned)jobs : p->jobs };
}
