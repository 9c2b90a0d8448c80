/* thresh init: a thresh.yaml and a first harness, from a function's prototype where given. */
#include "base/prelude.h"
#include "base/escape.h"
#include "base/fs.h"
#include "base/log.h"
#include "base/mem.h"
#include "cli/commands.h"
#include "cli/init_oss_fuzz.h"
#include "cli/init_trial.h"
#include "scaffold/plan.h"
#include "proc/interrupt.h"
#include "report/table.h"
#include <stdio.h>

static bool has_harness(const struct init_plan *plan, const struct init_candidate *c)
{
	for (size_t i = 0; i < plan->n; i++)
		if (plan->v[i].kept && plan->v[i].function &&
			strcmp(plan->v[i].function, c->function) == 0)
			return true;
	return false;
}

static void print_candidates(const struct init_plan *plan, const struct term *term)
{
	static const struct table_col cols[] = { { .head = "FUNCTION" }, { .head = "TAKES" },
		{ .head = "HEADER" }, { .head = "" } };
	struct table *t;

	if (!plan->n_candidates)
		return;
	t = table_new(cols, ARRAY_LEN(cols));
	for (size_t i = 0; i < plan->n_candidates; i++) {
		const struct init_candidate *c = &plan->candidates[i];

		table_cell(t, TERM_BOLD, c->function);
		table_cell(t, TERM_PLAIN, c->takes);
		table_cell(t, TERM_PLAIN, c->header);
		table_cell(t, TERM_PLAIN, has_harness(plan, c) ? "has a harness now" : "");
	}
	term_printf(term, "\nFunctions that could be fuzzed, the likeliest first (--function NAME, "
			  "--all):\n");
	table_print(t, term);
	table_free(t);
}

/* The only one that is kept, or NULL. */
static const char *single(const struct init_plan *plan)
{
	const char *name = NULL;
	size_t n = 0;

	for (size_t i = 0; i < plan->n; i++)
		if (plan->v[i].kept) {
			name = plan->v[i].name;
			n++;
		}
	return n == 1 ? name : NULL;
}

/* "\na.c holds 1 TODO.\n", or of several "\nTODOs: a.c (1), b.c (4).\n" */
static void add_todos(struct buf *b, const struct init_plan *plan)
{
	const struct init_harness *only = NULL;
	size_t n = 0;

	for (size_t i = 0; i < plan->n; i++)
		if (plan->v[i].kept && plan->v[i].todos && n++ == 0)
			only = &plan->v[i];
	if (n == 1)
		buf_addf(b, "\n%s holds %u TODO%s.\n", only->source, only->todos,
			only->todos == 1 ? "" : "s");
	if (n < 2)
		return;
	buf_adds(b, "\nTODOs: ");
	for (size_t i = 0, k = 0; i < plan->n; i++)
		if (plan->v[i].kept && plan->v[i].todos)
			buf_addf(b, "%s%s (%u)", k++ ? ", " : "", plan->v[i].source,
				plan->v[i].todos);
	buf_adds(b, ".\n");
}

/* Where the project is, from where this was called. */
static char *made_in(const struct init_args *a, const struct cli_ctx *ctx)
{
	if (!ctx->directory || a->dir[0] == '/')
		return xstrdup(a->dir);
	return strcmp(a->dir, ".") == 0 ? xstrdup(ctx->directory) : fs_join(ctx->directory, a->dir);
}

static void print_next(
	const struct init_args *a, const struct init_plan *plan, const struct cli_ctx *ctx)
{
	const struct term *term = &ctx->term;
	char *dir = made_in(a, ctx);
	const char *name = single(plan);
	struct buf b = BUF_INIT;

	if (plan->adds) {
		term_printf(term, "\nthresh.yaml is left as it is. Add below its harnesses:\n\n");
		/* to be copied: no line is broken */
		fputs(buf_str(&plan->v[0].block), stdout);
	}
	add_todos(&b, plan);
	buf_adds(&b, "\nNext:\n");
	if (strcmp(dir, ".") != 0) {
		buf_adds(&b, "  cd ");
		escape_shell(&b, strv_of(dir));
		buf_addch(&b, '\n');
	}
	buf_adds(&b, "  thresh doctor\n  thresh build");
	if (name)
		buf_adds2(&b, " ", name);
	buf_adds(&b, "\n  thresh run --time 10m");
	if (name)
		buf_adds2(&b, " ", name);
	buf_addch(&b, '\n');
	term_print(term, &b);
	buf_release(&b);
	free(dir);
}

/* What waits for what only people know isn't tried: the first ones are kept. */
static int write_untried(struct init_plan *plan, struct init_writing *w, struct err *err)
{
	size_t functions = 0;

	for (size_t i = 0; i < plan->n; i++) {
		struct init_harness *h = &plan->v[i];

		h->kept = !h->text.len || functions < plan->want;
		functions += h->kept && h->text.len;
		/* what the guess needs is a trial */
		(void)init_write_plainly(h);
		if (h->kept && init_write_harness(w, h, err) < 0)
			return -1;
	}
	return 0;
}

/* Harnesses for a library that was found out about are tried at once. thresh.yaml comes last: with it, it is a project. */
static int write_all(
	const struct init_args *a, struct init_plan *plan, struct init_writing *w, struct err *err)
{
	bool tried = plan->survey.sources.n && !plan->adds && !a->no_build;
	struct buf yaml = BUF_INIT;
	int rc = init_write_generated(w, &plan->survey, err);

	if (rc == 0 && !a->oss_fuzz)
		rc = tried ? init_trial(a, plan, w, err) : write_untried(plan, w, err);
	if (rc == 0 && tried)
		putchar('\n');
	if (rc == 0 && !plan->adds)
		rc = init_plan_yaml(plan, a, false, &yaml, err);
	if (rc == 0 && !plan->adds)
		rc = init_write_yaml(w, &yaml, err);
	if (rc == 0 && proc_interrupted() && a->oss_fuzz)
		rc = err_set(err, "interrupted");
	if (rc == 0)
		rc = init_write_ignore(w, err);
	buf_release(&yaml);
	return rc;
}

/* What was begun and not ended is as if it had never been, but for the state, where that was there before. */
static void take_back(struct init_writing *w, bool had_state, bool oss_fuzz)
{
	char *state = fs_join(w->dir, ".thresh");

	/* of a script that failed it has the words */
	if (!had_state && (proc_interrupted() || !oss_fuzz))
		fs_remove_tree(state, NULL);
	init_write_undo(w, (struct init_mark){ 0 });
	free(state);
}

static int make(const struct init_args *a, struct init_plan *plan, const struct cli_ctx *ctx)
{
	struct init_writing w = { .dir = a->dir, .force = a->force, .term = &ctx->term };
	char *state = fs_join(a->dir, ".thresh");
	bool had_state = fs_exists(state);
	struct err err = ERR_INIT;
	int rc = init_write_check(&w, &err);

	if (rc == 0 && a->handle && (a->function || a->oss_fuzz))
		rc = err_usage(&err, "--handle doesn't go with --%s",
			a->function ? "function" : "oss-fuzz");
	if (rc == 0)
		rc = a->oss_fuzz ? init_oss_fuzz(a, plan, &w, &err) : init_plan_make(plan, a, &err);
	for (size_t i = 0; i < plan->notes.n; i++)
		log_warn("%s", plan->notes.v[i]);
	if (rc == 0)
		rc = write_all(a, plan, &w, &err);
	if (rc < 0)
		take_back(&w, had_state, a->oss_fuzz);
	if (rc == 0) {
		term_print(&ctx->term, &w.said);
		print_candidates(plan, &ctx->term);
		print_next(a, plan, ctx);
	}
	if (rc == 0 && proc_interrupted())
		rc = err_set(&err, "interrupted: what was found until then is written; `thresh "
				   "check` tries the harnesses that are there, `thresh init "
				   "--force` begins anew");
	init_write_release(&w);
	free(state);
	return rc < 0 ? cli_fail(&err) : EXIT_OK;
}

static int cmd_init_run(void *args, const struct cli_ctx *ctx)
{
	struct init_plan plan = { 0 };
	int status;

	proc_catch_signals();
	proc_stop_at_once();
	status = make(args, &plan, ctx);
	init_plan_release(&plan);
	return status;
}

static const struct opt init_opts[] = {
	{ .name = "function",
		.kind = OPT_STRING,
		.off = offsetof(struct init_args, function),
		.arg = "PROTOTYPE",
		.help = "the function to fuzz, as its header declares it; its name will do for "
			"one of the project, or with --header" },
	{ .name = "header",
		.kind = OPT_STRING,
		.off = offsetof(struct init_args, header),
		.arg = "FILE",
		.help = "the header that declares it: the project's, or an installed library's" },
	{ .name = "handle",
		.kind = OPT_STRING,
		.off = offsetof(struct init_args, handle),
		.arg = "TYPE",
		.help = "a harness that calls what the headers have for objects of this type, in "
			"an order that the input chooses" },
	{ .name = "sources",
		.kind = OPT_STRINGS,
		.off = offsetof(struct init_args, sources),
		.arg = "PATTERN",
		.help = "what the library is compiled from (else found out by building it)" },
	{ .name = "name",
		.kind = OPT_STRING,
		.off = offsetof(struct init_args, name),
		.arg = "NAME",
		.help = "the harness's name (else the function's)" },
	{ .name = "format",
		.kind = OPT_CHOICE,
		.off = offsetof(struct init_args, format),
		.choices = FORMAT_CHOICES,
		.arg = "FORMAT",
		.help = "what the input is (else guessed from the prototype)" },
	{ .name = "dir",
		.kind = OPT_STRING,
		.off = offsetof(struct init_args, dir),
		.def = ".",
		.arg = "DIR",
		.help = "the project's directory, made when absent" },
	{ .name = "all",
		.kind = OPT_FLAG,
		.off = offsetof(struct init_args, all),
		.help = "harnesses for the ten functions that are the likeliest to parse" },
	{ .name = "oss-fuzz",
		.kind = OPT_STRING,
		.off = offsetof(struct init_args, oss_fuzz),
		.arg = "DIR",
		.help = "take over OSS-Fuzz's folder of this project: build.sh, project.yaml, "
			"Dockerfile, .options, dictionaries, _seed_corpus.zip, as they are" },
	{ .name = "no-build",
		.kind = OPT_FLAG,
		.off = offsetof(struct init_args, no_build),
		.help = "don't run the project's own build in a copy of it; its sources are "
			"compiled one by one instead" },
	{ .name = "look-time",
		.kind = OPT_DURATION,
		.off = offsetof(struct init_args, look_ms),
		.def = "4m",
		.arg = "TIME",
		.min = 1000,
		.help = "how long the project's own build may compile; CMake and Meson: what was "
			"compiled by then is looked at, all of the library's sources are taken; "
			"others have three times as long, and what they compiled by then is all" },
	{ .name = "force",
		.kind = OPT_FLAG,
		.off = offsetof(struct init_args, force),
		.help = "start anew where there are such files; the old ones become FILE.old" },
	{ .kind = OPT_END },
};

const struct cmd cmd_init = {
	.name = "init",
	.help = "start a project: thresh.yaml, harnesses, seeds",
	.more = "In a library's folder alone it finds out what it can. The project's own build "
		"(CMake, Meson, configure, autoconf, make) runs once in a copy, confined where the "
		"machine can do that, with this program in the compilers' place: which sources "
		"make up the library, their flags, generated headers and what is linked are taken "
		"from there; of CMake and Meson the libraries alone are built. Where there is no "
		"build, or it fails, which is told with its own "
		"words, the sources are compiled one by one; of a library of headers alone a "
		"source that includes them. Nothing of the project is "
		"changed; what the build generated and the library needs is kept in "
		"harnesses/generated.\n"
		"\n"
		"Fuzz targets that are there become harnesses; where there is none, programs that "
		"loop for AFL++ (__AFL_LOOP), whose main() a harness runs once for each input, "
		"under every engine. Else the functions of the headers "
		"are ranked by how directly they take bytes and by their names. A harness is "
		"built for the best and run for some seconds; where it doesn't link, reaches "
		"nothing, always fails or leaks what it doesn't know how to end, that is told, "
		"and the next function is taken. --all takes the ten best that are of use, "
		"--function another one. Where none is, the best is kept all the same.\n"
		"\n"
		"With --handle TYPE the input is a program: which functions on objects of that "
		"type are called, on which of those that are live, with which numbers, texts, "
		"values of enumerations and answers of callbacks. What would need knowledge that "
		"types don't give, as who owns what, isn't called, and is listed at the harness's "
		"head with the reason. All objects are ended. The harness is yours: what the "
		"library asks for beyond its types belongs into its cases.\n"
		"\n"
		"With --oss-fuzz its script is run once, without Docker: its Dockerfile says what "
		"lies where in $SRC, and each fuzz target that is in $OUT then becomes a harness. "
		"What a container would have had and this machine hasn't is named with its line; "
		"a further repository that is cloned there is to lie beside build.sh.\n"
		"\n"
		"Seeds are copies of the files that the project's tests read, as far as their "
		"names and "
		"beginnings tell, else two of the format; dictionaries and _seed_corpus.zip that "
		"lie in the tree are used.\n"
		"\n"
		"Writes thresh.yaml, harnesses/NAME.c, thresh.h beside it, seeds in corpus/NAME "
		"and a line in "
		".gitignore. "
		"A file that exists is never overwritten. In a project that has a thresh.yaml, a "
		"further harness is written and the lines to add to thresh.yaml are printed.\n"
		"\n"
		"The input goes to the parameters that can take it: a pointer with a length or an "
		"end, "
		"in either order; a NUL-terminated string; FILE *; a descriptor or a path; "
		"std::string "
		"and its kin. Objects are made and ended by the library's own functions where its "
		"headers tell which, callbacks do nothing. Other parameters are zero, with a TODO "
		"where that needs a look.\n"
		"\n"
		"A C header is read by clang, with the flags that thresh.yaml has, so that types "
		"are "
		"what they are behind typedefs and macros. Of C++ the symbols say what takes bytes "
		"or "
		"a string, of templates the headers' text does, and the compiler, what of it may "
		"be called. Where there is no clang, or "
		"the header doesn't compile, its text is searched for the function.",
	.examples = "thresh init\n"
		    "thresh init --all\n"
		    "thresh init --oss-fuzz ../oss-fuzz/projects/expat\n"
		    "thresh init --function cJSON_Parse\n"
		    "thresh init --handle cJSON\n"
		    "thresh init --function 'int parse(const char *s, size_t n)' --header parse.h\n"
		    "thresh init --function XML_Parse --header expat.h\n"
		    "thresh init --name decoder",
	.opts = init_opts,
	.args_size = sizeof(struct init_args),
	.run = cmd_init_run,
};
