/* `thresh help`: what there is, or all about one command or topic; and what is made of the same tables. */
#include "base/prelude.h"
#include "cli/commands.h"
#include "cli/completion.h"
#include "cli/help.h"
#include "cli/help_doc.h"

struct help_args {
	bool man, markdown;
	const char *completion;
};

static void complete_for(const char *shell, const struct cmd *const *all)
{
	static const struct {
		const char *shell;
		void (*write)(FILE *out, const struct cmd *const *all);
	} shells[] = { { "bash", completion_bash }, { "zsh", completion_zsh },
		{ "fish", completion_fish } };

	for (size_t i = 0; i < ARRAY_LEN(shells); i++)
		if (strcmp(shells[i].shell, shell) == 0)
			shells[i].write(stdout, all);
}

static int cmd_help_run(void *args, const struct cli_ctx *ctx)
{
	const struct help_args *a = args;
	const char *nearest;
	const struct topic *topic;
	const struct cmd *cmd;

	if (a->man)
		help_man(stdout, ctx->commands);
	else if (a->markdown)
		help_markdown(stdout, ctx->commands);
	else if (a->completion)
		complete_for(a->completion, ctx->commands);
	else if (!ctx->args->n)
		help_overview(stdout, &ctx->term, ctx->commands);
	else if ((topic = topic_find(ctx->args->v[0])))
		help_topic(stdout, &ctx->term, topic);
	else {
		cmd = cli_find(ctx->commands, ctx->args->v[0], &nearest);
		if (!cmd)
			return cli_unknown(ctx->args->v[0], nearest);
		help_cmd(stdout, &ctx->term, cmd);
	}
	return EXIT_OK;
}

static const struct opt help_opts[] = {
	{ .name = "man",
		.kind = OPT_FLAG,
		.off = offsetof(struct help_args, man),
		.help = "print the manual page, for man(1)" },
	{ .name = "markdown",
		.kind = OPT_FLAG,
		.off = offsetof(struct help_args, markdown),
		.help = "print the reference of all commands as Markdown" },
	{ .name = "completion",
		.kind = OPT_CHOICE,
		.off = offsetof(struct help_args, completion),
		.choices = "bash|zsh|fish",
		.help = "print the completions for that shell" },
	{ .kind = OPT_END },
};

const struct cmd cmd_help = {
	.name = "help",
	.args = "[COMMAND|TOPIC]",
	.help = "what thresh can do, or all about one command or topic",
	.examples = "thresh help run\n"
		    "thresh help harnesses\n"
		    "thresh help --man | man -l -\n"
		    "eval \"$(thresh help --completion bash)\"",
	.opts = help_opts,
	.args_size = sizeof(struct help_args),
	.max_args = 1,
	.run = cmd_help_run,
};
