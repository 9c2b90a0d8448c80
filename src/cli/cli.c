/*
 * From argv to a command and back to an exit status. Whatever a command did, it counts only once its results have
 * reached standard output: a full disk there is a failure like any other.
 */
#include "base/prelude.h"
#include "cli/cli.h"
#include "base/again.h"
#include "base/escape.h"
#include "base/log.h"
#include "base/mem.h"
#include "cli/help.h"
#include "cli/opt.h"
#include "cli/suggest.h"
#include "config/load.h"
#include "report/term.h"
#include <errno.h>
#include <fcntl.h>
#include <limits.h>
#include <poll.h>
#include <signal.h>
#include <stdio.h>
#include <unistd.h>

/* The words of argv may hold anything; so may what they are quoted in. */
PRINTF_LIKE(2, 3) static int misuse(const char *cmd, const char *fmt, ...)
{
	struct buf msg = BUF_INIT, out = BUF_INIT;
	va_list ap;

	va_start(ap, fmt);
	buf_vaddf(&msg, fmt, ap);
	va_end(ap);
	buf_addf(&out, "thresh%s%s: ", cmd ? " " : "", cmd ? cmd : "");
	escape_term(&out, strv_n(msg.s, msg.len));
	log_line(strv_n(out.s, out.len));
	buf_release(&msg);
	buf_release(&out);
	return EXIT_USAGE;
}

void cli_pass_on(const struct cli_ctx *ctx, struct strlist *args)
{
	if (ctx->verbose || ctx->quiet)
		strlist_add(args, ctx->verbose ? "--verbose" : "--quiet");
	if (ctx->log) {
		strlist_add(args, "--log");
		strlist_add(args, ctx->log);
	}
	if (ctx->state) {
		strlist_add(args, "--state");
		strlist_add(args, ctx->state);
	}
}

int cli_fail(const struct err *err)
{
	log_error("%s", err->msg);
	return err->kind == ERR_USAGE ? EXIT_USAGE : EXIT_OTHER;
}

/*
 * A closed standard descriptor would be taken by the next file we open. Standard output gets one that can't be
 * written to, so that the loss is noticed at the end.
 */
static void keep_std_fds(void)
{
	static const int modes[] = { O_RDONLY, O_RDONLY, O_WRONLY };

	for (int fd = 0; fd < 3; fd++)
		if (fcntl(fd, F_GETFD) < 0 && open("/dev/null", modes[fd]) != fd)
			_exit(EXIT_OTHER);
}

static bool reader_is_gone(void)
{
	struct pollfd p = { .fd = STDOUT_FILENO, .events = POLLOUT };

	return poll(&p, 1, 0) == 1 && (p.revents & POLLERR);
}

/* Results that didn't reach their reader are a failure, however well all else went. */
static int finish_stdout(int status)
{
	bool lost = ferror(stdout);

	log_progress_end();

	errno = 0;
	if (fflush(stdout) != 0)
		lost = true;
	if (!lost && fclose(stdout) != 0)
		lost = true;
	if (!lost)
		return status;
	if (errno == EPIPE || reader_is_gone()) {
		/* the reader has had enough: end the way any filter does */
		signal(SIGPIPE, SIG_DFL);
		raise(SIGPIPE);
	}
	log_error("standard output: %s", errno ? strerror(errno) : "not everything was written");
	return EXIT_OTHER;
}

static int open_log(const char *path, struct err *err)
{
	int fd = open(path, O_WRONLY | O_CREAT | O_APPEND | O_CLOEXEC, 0600);

	if (fd < 0) {
		err_errno(err, "%s", path);
		err->kind = ERR_USAGE;
		return -1;
	}
	log_set_json(fd);
	return 0;
}

static int apply_globals(const struct opt_globals *g, struct err *err)
{
	if (g->quiet && g->verbose)
		return err_usage(err, "--quiet and --verbose exclude each other");
	if (g->quiet)
		log_set_level(LOG_WARN);
	else if (g->verbose)
		log_set_level(LOG_DEBUG);
	if (g->directory && chdir(g->directory) < 0) {
		err_errno(err, "-C %s", g->directory);
		err->kind = ERR_USAGE;
		return -1;
	}
	if (g->state && !*g->state)
		return err_usage(err, "--state: the name of the folder is empty");
	if (g->state)
		config_set_state(g->state);
	again_with("-C", g->directory);
	again_with("--config", g->config);
	again_with("--state", g->state);
	return g->log ? open_log(g->log, err) : 0;
}

static int check_count(const struct cmd *cmd, size_t n, const char *last)
{
	if (n < cmd->min_args)
		return misuse(cmd->name, "%s; usage: thresh %s %s",
			n ? "an argument is missing" : "what it is to work on is missing",
			cmd->name, cmd->args);
	if (n > cmd->max_args && !cmd->max_args)
		return misuse(cmd->name, "takes no arguments, got '%s'", last);
	if (n > cmd->max_args)
		return misuse(cmd->name, "too many arguments, at '%s'; usage: thresh %s %s", last,
			cmd->name, cmd->args);
	return EXIT_OK;
}

static int run_parsed(
	const struct cmd *cmd, void *args, const struct opt_globals *g, struct cli_ctx *ctx)
{
	struct err err = ERR_INIT;
	const struct strlist *words = ctx->args;
	int status;

	term_setup(&ctx->term, g->no_color);
	if (g->help) {
		help_cmd(stdout, &ctx->term, cmd);
		return EXIT_OK;
	}
	status =
		check_count(cmd, words->n, words->n > cmd->max_args ? words->v[cmd->max_args] : "");
	if (status != EXIT_OK)
		return status;
	if (apply_globals(g, &err) < 0)
		return misuse(cmd->name, "%s", err.msg);
	ctx->config = g->config;
	ctx->quiet = g->quiet;
	ctx->verbose = g->verbose;
	ctx->log = g->log;
	ctx->state = g->state;
	ctx->directory = g->directory;
	return cmd->run(args, ctx);
}

static int run_cmd(const struct cmd *const *commands, const struct cmd *cmd, struct opt_globals *g,
	int argc, char **argv)
{
	struct strlist words = STRLIST_INIT, command = STRLIST_INIT;
	struct opt_set sets[] = { { cmd->opts, xcalloc(1, MAX(cmd->args_size, (size_t)1)) },
		{ opt_global_table, g } };
	struct opt_parse p = { .sets = sets,
		.n_sets = ARRAY_LEN(sets),
		.takes_command = cmd->takes_command,
		.words = &words,
		.command = &command };
	struct cli_ctx ctx = { .args = &words, .command = &command, .commands = commands };
	struct err err = ERR_INIT;
	int status;

	/* the global ones may have been set already, in front of the command */
	opt_defaults(&sets[0]);
	if (opt_parse(&p, argc, argv, &err) < 0)
		status = misuse(cmd->name, "%s", err.msg);
	else
		status = run_parsed(cmd, sets[0].args, g, &ctx);
	opt_release(&sets[0]);
	free(sets[0].args);
	strlist_release(&words);
	strlist_release(&command);
	return status;
}

const struct cmd *cli_find(
	const struct cmd *const *commands, const char *name, const char **nearest)
{
	struct suggest near = SUGGEST_INIT(name);

	for (size_t i = 0; commands[i]; i++) {
		if (strcmp(commands[i]->name, name) == 0)
			return commands[i];
		suggest_try(&near, commands[i]->name);
	}
	*nearest = near.best;
	return NULL;
}

int cli_unknown(const char *name, const char *nearest)
{
	if (nearest)
		return misuse(NULL, "unknown command '%s'; did you mean '%s'?", name, nearest);
	return misuse(NULL, "unknown command '%s'; see thresh help", name);
}

struct top_args {
	struct opt_globals g;
	bool version;
};

static const struct opt top_opts[] = {
	{ .name = "version",
		.key = 'V',
		.kind = OPT_FLAG,
		.off = offsetof(struct top_args, version),
		.help = "print the version" },
	{ .kind = OPT_END },
};

static int dispatch(int argc, char **argv, const struct cmd *const *commands)
{
	struct top_args top = { 0 };
	struct opt_set sets[] = { { top_opts, &top }, { opt_global_table, &top.g } };
	struct opt_parse p = { .sets = sets, .n_sets = ARRAY_LEN(sets), .stop_at_word = true };
	struct err err = ERR_INIT;
	const struct cmd *cmd;
	struct term term;
	const char *nearest;
	int used;

	used = opt_parse(&p, argc, argv, &err);
	if (used < 0)
		return misuse(NULL, "%s", err.msg);
	if (top.version) {
		puts("thresh " THRESH_VERSION);
		return EXIT_OK;
	}
	if (used == argc) {
		/* asked for it is a result; else it says what went wrong */
		term_setup(&term, top.g.no_color);
		help_overview(top.g.help ? stdout : stderr, &term, commands);
		return top.g.help ? EXIT_OK : EXIT_USAGE;
	}
	cmd = cli_find(commands, argv[used], &nearest);
	if (!cmd)
		return cli_unknown(argv[used], nearest);
	return run_cmd(commands, cmd, &top.g, argc - used - 1, argv + used + 1);
}

int cli_main(int argc, char **argv, const struct cmd *const *commands)
{
	keep_std_fds();
	signal(SIGPIPE, SIG_IGN);
	/* under `ulimit -f`: a write that fails with words, not an end without */
	signal(SIGXFSZ, SIG_IGN);
	return finish_stdout(dispatch(argc > 0 ? argc - 1 : 0, argv + (argc > 0), commands));
}
