/* thresh init: a thresh.yaml and a first harness, from a function's prototype where given. */
#include "base/prelude.h"
#include "base/clock.h"
#include "base/escape.h"
#include "base/fs.h"
#include "base/hash.h"
#include "base/log.h"
#include "base/mem.h"
#include "build/build.h"
#include "cli/commands.h"
#include "cli/init_trial.h"
#include "scaffold/plan.h"
#include "proc/interrupt.h"
#include "report/table.h"
#include <errno.h>
#include <fcntl.h>
#include <stdio.h>
#include <unistd.h>

#define SEED_MAX ((uint64_t)1 << 20)
#define GENERATED_MAX ((uint64_t)64 << 20)

static const struct {
	const char *format;
	const char *text[2];
} seeds[] = {
	{ "raw", { "seed", "\x01\x02\x03\x04" } },
	{ "text", { "hello\n", "a = 1\n" } },
	{ "json", { "{\"a\": [1, true, null, \"b\"]}", "[]" } },
	{ "yaml", { "a: [1, b]\n", "- x\n" } },
	{ "ini", { "[a]\nb = 1\n", "c = d ; e\n" } },
	{ "xml", { "<a b=\"1\">c&amp;</a>", "<?xml version=\"1.0\"?><a/>" } },
	{ "csv", { "a,b\n1,\"2\"\n", "a;b\n" } },
	{ "base64", { "aGVsbG8=", "aGk=" } },
	{ "url", { "http://user@host:80/a%20b?c=d#e", "a/b" } },
	{ "binary", { "\x04"
		      "abcd",
			    "\x01\x02\x03\x04" } },
};

/* What is to be written, and what happened to it: one line a file, in order. */
struct writing {
	const char *dir;
	bool force;
	struct buf *said;
};

static void say(struct writing *w, const char *verb, const char *path, const char *more)
{
	buf_addf(w->said, "%-7s ", verb);
	escape_term(w->said, strv_of(path));
	buf_adds(w->said, more);
	buf_addch(w->said, '\n');
}

/* Out of the way, under a name that is free: what was there is never lost. */
static int move_aside(struct writing *w, const char *rel, const char *path, struct err *err)
{
	char *old = xasprintf("%s.old", path), *shown;

	for (unsigned n = 2; fs_exists(old); n++) {
		free(old);
		old = xasprintf("%s.old%u", path, n);
	}
	if (rename(path, old) < 0) {
		err_errno(err, "%s", path);
		free(old);
		return -1;
	}
	shown = xasprintf(" (as %s)", fs_basename(old));
	say(w, "kept", rel, shown);
	free(shown);
	free(old);
	return 0;
}

static int write_file(struct writing *w, const char *rel, const void *p, size_t n, struct err *err)
{
	char *path = fs_join(w->dir, rel), *parent = fs_dirname(path);
	int rc = -1;

	if (fs_exists(path)) {
		if (!w->force) {
			say(w, "kept", rel, " (exists)");
			rc = 0;
			goto out;
		}
		if (move_aside(w, rel, path, err) < 0)
			goto out;
	}
	if (fs_mkdirs(parent, err) < 0 || fs_write(path, p, n, 0666, err) < 0)
		goto out;
	say(w, "wrote", rel, "");
	rc = 0;
out:
	free(parent);
	free(path);
	return rc;
}

static int write_seed(struct writing *w, const struct init_harness *h, const void *text, size_t n,
	struct err *err)
{
	char hex[SHA1_HEX], *rel;
	int rc;

	hash_sha1(text, n, hex);
	rel = xasprintf("corpus/%s/%s", h->name, hex);
	rc = write_file(w, rel, text, n, err);
	free(rel);
	return rc;
}

/* Copies of the project's own: their names, and what tests do with them, are no corpus's. One line tells of them all. */
static int copy_seeds(struct writing *w, const struct init_harness *h, struct err *err)
{
	struct buf quiet = BUF_INIT, *said = w->said;
	int rc = 0;

	w->said = &quiet;
	for (size_t i = 0; i < h->seeds.n && rc == 0; i++) {
		char *path = fs_join(w->dir, h->seeds.v[i]);
		struct buf text = BUF_INIT;

		rc = fs_read(path, SEED_MAX, &text, err);
		if (rc == 0)
			rc = write_seed(w, h, buf_str(&text), text.len, err);
		buf_release(&text);
		free(path);
	}
	w->said = said;
	buf_addf(said, "copied  %zu of the project's files to corpus/%s, as ", h->seeds.n, h->name);
	escape_term(said, strv_of(h->seeds.v[0]));
	buf_addch(said, '\n');
	buf_release(&quiet);
	return rc;
}

static int write_seeds(struct writing *w, const struct init_harness *h, struct err *err)
{
	bool force = w->force;
	int rc = 0;

	w->force = false; /* the same name is the same content */
	if (h->seeds.n)
		rc = copy_seeds(w, h, err);
	for (size_t i = 0; i < ARRAY_LEN(seeds); i++)
		for (size_t k = 0;
			k < 2 && rc == 0 && !h->seeds.n && strcmp(seeds[i].format, h->format) == 0;
			k++) {
			const char *text = seeds[i].text[k];

			rc = write_seed(w, h, text, strlen(text), err);
		}
	w->force = force;
	return rc;
}

/* Beside the harness, where every build finds it, also one without thresh; one copy serves all that lie there. */
static int write_header(struct writing *w, const struct init_harness *h, struct err *err)
{
	char *dir = fs_dirname(h->source), *rel = fs_join(dir, "thresh.h");
	char *path = fs_join(w->dir, rel);
	int rc = 0;

	if (!fs_exists(path))
		rc = write_file(w, rel, runtime_thresh_h, runtime_thresh_h_len, err);
	free(path);
	free(rel);
	free(dir);
	return rc;
}

/* Appended in place, not replaced: the file may be a link, and is the user's. */
static int ignore_state(struct writing *w, struct err *err)
{
	char *path = fs_join(w->dir, ".gitignore");
	struct buf text = BUF_INIT, add = BUF_INIT;
	struct strv rest, line;
	int fd = -1, rc = -1;

	if (fs_exists(path) && fs_read(path, 1 << 20, &text, err) < 0)
		goto out;
	for (rest = strv_n(buf_str(&text), text.len); strv_line(&rest, &line);) {
		line = strv_trim(line);
		strv_skip(&line, "/");
		if (strv_eqs(line, ".thresh") || strv_eqs(line, ".thresh/")) {
			rc = 0;
			goto out;
		}
	}
	buf_adds(&add, text.len && text.s[text.len - 1] != '\n' ? "\n/.thresh/\n" : "/.thresh/\n");
	fd = open(path, O_WRONLY | O_CREAT | O_APPEND | O_CLOEXEC, 0666);
	if (fd < 0 || write(fd, add.s, add.len) != (ssize_t)add.len || close(fd) < 0) {
		err_errno(err, "%s", path);
		goto out;
	}
	fd = -1;
	say(w, text.len ? "added" : "wrote", ".gitignore", " (/.thresh/)");
	rc = 0;
out:
	if (fd >= 0)
		close(fd);
	buf_release(&add);
	buf_release(&text);
	free(path);
	return rc;
}

/* What a build made and the library needs: config.h and its like. */
static int write_generated(struct writing *w, const struct survey *s, struct err *err)
{
	for (size_t i = 0; i < s->n_generated; i++) {
		struct buf text = BUF_INIT;
		int rc = fs_read(s->generated[i].from, GENERATED_MAX, &text, err);

		if (rc == 0)
			rc = write_file(w, s->generated[i].rel, buf_str(&text), text.len, err);
		buf_release(&text);
		if (rc < 0)
			return -1;
	}
	return 0;
}

static int write_harness(struct writing *w, const struct init_harness *h, struct err *err)
{
	/* a fuzz target that is there is the user's */
	if (h->text.len && (write_file(w, h->source, h->text.s, h->text.len, err) < 0 ||
				   write_header(w, h, err) < 0))
		return -1;
	return write_seeds(w, h, err);
}

static int write_all(struct writing *w, const struct init_plan *plan, struct err *err)
{
	if (write_generated(w, &plan->survey, err) < 0)
		return -1;
	for (size_t i = 0; i < plan->n; i++)
		if (write_harness(w, &plan->v[i], err) < 0)
			return -1;
	/* last: a project is one once it has this file */
	if (!plan->adds && write_file(w, "thresh.yaml", plan->yaml.s, plan->yaml.len, err) < 0)
		return -1;
	return ignore_state(w, err);
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
		table_cell(t, TERM_PLAIN, c->chosen ? "has a harness now" : "");
	}
	printf("\nFunctions that could be fuzzed, the likeliest first (--function NAME, --all):\n");
	table_print(t, term);
	table_free(t);
}

static void print_next(const struct init_args *a, const struct init_plan *plan)
{
	struct buf b = BUF_INIT;

	if (plan->adds) {
		buf_adds(&b, "\nthresh.yaml is left as it is. Add below its harnesses:\n\n");
		buf_adds(&b, plan->v[0].block.s);
	}
	for (size_t i = 0; i < plan->n; i++)
		if (plan->v[i].todos)
			buf_addf(&b, "\n%s holds %u TODO%s.\n", plan->v[i].source, plan->v[i].todos,
				plan->v[i].todos == 1 ? "" : "s");
	buf_adds(&b, "\nNext:\n");
	if (strcmp(a->dir, ".") != 0) {
		buf_adds(&b, "  cd ");
		escape_shell(&b, strv_of(a->dir));
		buf_addch(&b, '\n');
	}
	buf_adds(&b, "  thresh doctor\n  thresh build");
	if (plan->n == 1)
		buf_adds2(&b, " ", plan->v[0].name);
	buf_adds(&b, "\n  thresh run --time 10m");
	if (plan->n == 1)
		buf_adds2(&b, " ", plan->v[0].name);
	buf_addch(&b, '\n');
	fputs(b.s, stdout);
	buf_release(&b);
}

/* Harnesses for a library that was found out about are tried at once; others wait for what only people know. */
static void print_all(
	const struct init_args *a, const struct init_plan *plan, const struct term *term)
{
	print_candidates(plan, term);
	fflush(stdout);
	if (plan->survey.sources.n && !plan->adds && !a->no_build)
		init_trial(a, plan);
	print_next(a, plan);
}

static int cmd_init_run(void *args, const struct cli_ctx *ctx)
{
	const struct init_args *a = args;
	struct init_plan plan = { 0 };
	struct buf said = BUF_INIT;
	struct writing w = { a->dir, a->force, &said };
	struct err err = ERR_INIT;
	int status = EXIT_OK;

	proc_catch_signals();
	if (init_plan_make(&plan, a, &err) < 0) {
		status = cli_fail(&err);
	} else {
		int rc = write_all(&w, &plan, &err);

		for (size_t i = 0; i < plan.notes.n; i++)
			log_warn("%s", plan.notes.v[i]);
		fputs(buf_str(&said), stdout);
		if (rc < 0)
			status = cli_fail(&err);
		else
			print_all(a, &plan, &ctx->term);
	}
	buf_release(&said);
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
	{ .name = "no-build",
		.kind = OPT_FLAG,
		.off = offsetof(struct init_args, no_build),
		.help = "don't run the project's own build in a copy of it; its sources are "
			"compiled one by one instead" },
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
		"from there. Where there is no build, or it fails, which is told with its own "
		"words, the sources are compiled one by one. Nothing of the project is "
		"changed; what the build generated and the library needs is kept in "
		"harnesses/generated.\n"
		"\n"
		"Fuzz targets that are there become harnesses. Else the functions of the headers "
		"are ranked by how directly they take bytes and by their names, and the best whose "
		"harness compiles is taken; --all takes ten, --function another one.\n"
		"\n"
		"They are built and run for some seconds at once, and what is wrong with one is "
		"told.\n"
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
		"a string, and the compiler, what of it may be called. Where there is no clang, or "
		"the header doesn't compile, its text is searched for the function.",
	.examples = "thresh init\n"
		    "thresh init --all\n"
		    "thresh init --function cJSON_Parse\n"
		    "thresh init --function 'int parse(const char *s, size_t n)' --header parse.h\n"
		    "thresh init --function XML_Parse --header expat.h\n"
		    "thresh init --name decoder",
	.opts = init_opts,
	.args_size = sizeof(struct init_args),
	.run = cmd_init_run,
};
