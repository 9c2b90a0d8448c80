/*
 * thresh debug: a debugger on the right build with the right input, stopped where the report is made, while the stack
 * still stands. The debugger takes this process's place: the terminal, and Ctrl-C, are its own.
 */
#include "base/prelude.h"
#include "base/escape.h"
#include "base/fs.h"
#include "base/log.h"
#include "base/mem.h"
#include "cli/commands.h"
#include "triage/bug_details.h"
#include "triage/filing.h"
#include "triage/triage.h"
#include <errno.h>
#include <stdio.h>
#include <unistd.h>

struct debug_args {
	bool print;
	const char *variant, *debugger;
};

static const struct opt debug_opts[] = {
	{ .name = "print",
		.kind = OPT_FLAG,
		.off = offsetof(struct debug_args, print),
		.help = "print the command line, run nothing" },
	{ .name = "variant",
		.kind = OPT_CHOICE,
		.off = offsetof(struct debug_args, variant),
		.choices = "asan|gcc-asan|msan|plain",
		.help = "the build to debug; else the one that shows the bug" },
	{ .name = "debugger",
		.kind = OPT_CHOICE,
		.off = offsetof(struct debug_args, debugger),
		.choices = "gdb|lldb|rr",
		.help = "else the first of these that is here" },
	{ .kind = OPT_END },
};

/* Where sanitizers and libc get to when they have something to report, before the stack is left. */
static const char *const stops[] = { "__asan::ReportGenericError", "__ubsan_on_report",
	"__msan_warning_noreturn", "__sanitizer::Die", "abort" };

static void gdb_words(struct strlist *l)
{
	strlist_add(l, "-q");
	strlist_add(l, "-ex");
	strlist_add(l, "set breakpoint pending on");
	for (size_t i = 0; i < ARRAY_LEN(stops); i++) {
		strlist_add(l, "-ex");
		strlist_addf(l, "break %s", stops[i]);
	}
	strlist_add(l, "-ex");
	strlist_add(l, "run");
	strlist_add(l, "-ex");
	strlist_add(l, "backtrace");
	strlist_add(l, "--args");
}

static void lldb_words(struct strlist *l)
{
	for (size_t i = 0; i < ARRAY_LEN(stops); i++) {
		strlist_add(l, "-o");
		strlist_addf(l, "breakpoint set --name %s", stops[i]);
	}
	strlist_add(l, "-o");
	strlist_add(l, "run");
	strlist_add(l, "-o");
	strlist_add(l, "thread backtrace");
	strlist_add(l, "--");
}

static void rr_words(struct strlist *l)
{
	strlist_add(l, "record");
}

static const struct debugger {
	const char *name;
	void (*words)(struct strlist *l);
} debuggers[] = { { "gdb", gdb_words }, { "lldb", lldb_words }, { "rr", rr_words } };

static int find_debugger(
	const char *wanted, const struct debugger **d, char **path, struct err *err)
{
	*d = &debuggers[0];
	for (size_t i = 0; i < ARRAY_LEN(debuggers); i++) {
		if (wanted && strcmp(wanted, debuggers[i].name) != 0)
			continue;
		*path = fs_which(debuggers[i].name);
		*d = &debuggers[i];
		if (*path)
			return 0;
	}
	return err_set(err, "%s isn't here; `apt-get install %s` brings it",
		wanted ? wanted : "a debugger", wanted ? wanted : "gdb");
}

/*
 * The leak check doesn't work under a debugger; a sanitizer's own handler would be in the way of a signal; and after
 * a report there has to be something left to look at.
 */
#define ASAN_UNDER_DEBUGGER                                                                  \
	"ASAN_OPTIONS=detect_leaks=0:abort_on_error=1:handle_segv=0:handle_sigbus=0:handle_" \
	"sigfpe=0"

static const char *const env[] = { ASAN_UNDER_DEBUGGER,
	"UBSAN_OPTIONS=print_stacktrace=1:abort_on_error=1", "MSAN_OPTIONS=abort_on_error=1" };

static void print_command(
	const struct config_harness *h, const char *path, const struct strlist *words)
{
	struct buf b = BUF_INIT;

	buf_adds(&b, "env");
	for (size_t i = 0; i < ARRAY_LEN(env); i++) {
		buf_addch(&b, ' ');
		escape_shell(&b, strv_of(env[i]));
	}
	for (size_t i = 0; i < h->env.n; i++) {
		buf_addch(&b, ' ');
		escape_shell(&b, strv_of(h->env.v[i]));
	}
	buf_addch(&b, ' ');
	escape_shell(&b, strv_of(path));
	for (size_t i = 1; i < words->n; i++) {
		buf_addch(&b, ' ');
		escape_shell(&b, strv_of(words->v[i]));
	}
	puts(b.s);
	buf_release(&b);
}

static void set_env(const char *entry)
{
	char *copy = xstrdup(entry), *equals = strchr(copy, '=');

	if (equals) {
		*equals = '\0';
		setenv(copy, equals + 1, 1);
	}
	free(copy);
}

/* Doesn't come back, unless it fails. */
static int become(const struct config_harness *h, const char *path, const struct strlist *words,
	struct err *err)
{
	for (size_t i = 0; i < ARRAY_LEN(env); i++)
		set_env(env[i]);
	for (size_t i = 0; i < h->env.n; i++)
		set_env(h->env.v[i]);
	fflush(NULL);
	execv(path, words->v);
	return err_errno(err, "%s", path);
}

static int debug(
	struct project *p, const struct debug_args *a, const struct bug_details *l, struct err *err)
{
	const struct config_harness *h = project_harness(p, l->bug.harness, err);
	const struct debugger *d = NULL;
	struct strlist words = STRLIST_INIT;
	struct build_result built = { 0 };
	enum variant v;
	char *path = NULL;
	int rc = -1;

	v = triage_variant(l->bug.variant);
	if (!h || (a->variant && variant_parse(a->variant, &v) < 0) ||
		find_debugger(a->debugger, &d, &path, err) < 0 || project_need_tools(p, err) < 0 ||
		build_variant(p->cfg, h, NULL, v, &p->tools, p->jobs, &built, err) < 0)
		goto out;
	if (l->stateful)
		log_warn("bug %.8s needs the inputs before it: alone it may pass", l->bug.id);
	strlist_add(&words, d->name);
	d->words(&words);
	strlist_add(&words, built.exe);
	strlist_add(&words, "--no-fork");
	strlist_add(&words, l->input_path);
	rc = 0;
	if (a->print)
		print_command(h, path, &words);
	else
		rc = become(h, path, &words, err);
out:
	strlist_release(&words);
	build_result_release(&built);
	free(path);
	return rc;
}

static int run(void *args, const struct cli_ctx *ctx)
{
	struct err err = ERR_INIT;
	struct project *p = project_open(ctx->config, &err);
	struct bug_details l;
	int rc;

	if (!p)
		return cli_fail(&err);
	rc = bug_details_load(p, ctx->args->v[0], &l, &err);
	if (rc == 0) {
		rc = debug(p, args, &l, &err);
		bug_details_release(&l);
	}
	project_close(p);
	return rc < 0 ? cli_fail(&err) : EXIT_OK;
}

const struct cmd cmd_debug = {
	.name = "debug",
	.args = "BUG",
	.help = "a debugger on a bug, stopped where the report is made",
	.more = "Starts gdb (or lldb, or rr record) on the sanitizer build with the bug's "
		"reproducer, its "
		"environment, and breakpoints where sanitizers begin their reports.",
	.examples = "thresh debug 3f2a9c1d\nthresh debug 3f2a9c1d --variant plain --print",
	.opts = debug_opts,
	.args_size = sizeof(struct debug_args),
	.min_args = 1,
	.max_args = 1,
	.run = run,
};
