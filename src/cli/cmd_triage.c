/*
 * thresh triage: reports and failing inputs to signatures. Saved logs need no project and no binary: so logs from
 * anywhere can be compared with what is known here.
 */
#include "base/prelude.h"
#include "base/escape.h"
#include "base/fs.h"
#include "base/log.h"
#include "base/mem.h"
#include "base/num.h"
#include "base/progress.h"
#include "cli/command.h"
#include "cli/commands.h"
#include "cli/triage_bugs.h"
#include "corpus/inputs.h"
#include "proc/proc.h"
#include "report/bug_json.h"
#include "report/crash_json.h"
#include "report/term.h"
#include "triage/filing.h"
#include "triage/same_bug.h"
#include "triage/triage.h"
#include <errno.h>
#include <fcntl.h>
#include <limits.h>
#include <stdio.h>
#include <unistd.h>

#define INPUT_MAX ((uint64_t)256 << 20)

struct triage_args {
	const char *harness, *variant, *fail_status;
	bool json, file, symbolize, quiet_ok, stacks, survived;
	uint64_t jobs, timeout_ms;
};

static const struct opt triage_opts[] = {
	{ .name = "harness",
		.kind = OPT_STRING,
		.off = offsetof(struct triage_args, harness),
		.arg = "HARNESS",
		.help = "FILEs are inputs for this harness, not logs" },
	{ .name = "variant",
		.kind = OPT_STRING,
		.off = offsetof(struct triage_args, variant),
		.def = "asan",
		.arg = "NAME",
		.help = "the build to run them on" },
	{ .name = "json",
		.kind = OPT_FLAG,
		.off = offsetof(struct triage_args, json),
		.help = "one JSON object per input, a line each" },
	{ .name = "file",
		.kind = OPT_FLAG,
		.off = offsetof(struct triage_args, file),
		.help = "keep the failing ones as findings and file them under their bugs" },
	{ .name = "symbolize",
		.kind = OPT_FLAG,
		.off = offsetof(struct triage_args, symbolize),
		.help = "look up unsymbolised frames of logs in the binaries they name" },
	{ .name = "survived",
		.kind = OPT_FLAG,
		.off = offsetof(struct triage_args, survived),
		.help = "also what a log has of errors that ended no process, beside crashes" },
	{ .name = "failing",
		.kind = OPT_FLAG,
		.off = offsetof(struct triage_args, quiet_ok),
		.help = "leave out what doesn't fail" },
	{ .name = "stacks",
		.kind = OPT_FLAG,
		.off = offsetof(struct triage_args, stacks),
		.help = "all frames, and the other stacks: of the allocation, the free and so on" },
	{ .name = "timeout",
		.kind = OPT_DURATION,
		.off = offsetof(struct triage_args, timeout_ms),
		.arg = "TIME",
		.help = "of one input of a command; default 5s" },
	{ .name = "fail-status",
		.kind = OPT_STRING,
		.off = offsetof(struct triage_args, fail_status),
		.arg = "LIST",
		.help = FAIL_STATUS_HELP },
	{ .name = "jobs",
		.key = 'j',
		.kind = OPT_UINT,
		.off = offsetof(struct triage_args, jobs),
		.min = 1,
		.max = 256,
		.arg = "N",
		.help = "inputs at once; default the processors there are" },
	{ .kind = OPT_END },
};

struct sorting {
	struct project *project;
	const struct cli_ctx *ctx;
	const struct triage_args *args;
	const struct config_harness *h;
	/* of the harness or command, for signatures without frames */
	const char *name;
	struct strlist files;
	size_t next;
	enum variant variant;
	struct target_exits exits;
	/* by file, held until its result came */
	struct buf *inputs;
	/* unread: files that couldn't be */
	uint64_t failing, unread;
	/* reports of logs: left out as their process survived them; whose frames have no names, though their binaries are here */
	uint64_t survived, nameless;
	/* what isn't told one by one */
	struct triage_bugs *bugs;
	/* of the callbacks */
	struct err err;
	bool failed;
};

static void print_text(struct sorting *s, const char *path, const char *outcome)
{
	struct buf b = BUF_INIT;

	buf_adds(&b, term_on(&s->ctx->term, TERM_BOLD));
	escape_term(&b, strv_of(path));
	buf_addf(&b, "%s: %s\n", term_off(&s->ctx->term), outcome);
	term_print(&s->ctx->term, &b);
	buf_release(&b);
}

static void print_one(struct sorting *s, const char *path, const struct crash_report *r,
	const struct crash_signature *sig, const char *outcome, int status, const char *bug)
{
	struct buf out = BUF_INIT;
	cJSON *j;

	if (!r && s->args->quiet_ok)
		return;
	if (!s->args->json && r) {
		triage_bugs_add(s->bugs, path, r, sig, bug);
		return;
	}
	if (!s->args->json) {
		if (status > 0)
			buf_addf(&out, "%s (exit status %d)", outcome, status);
		print_text(s, path, status > 0 ? buf_str(&out) : outcome);
		buf_release(&out);
		return;
	}
	j = r ? crash_json(r, sig) : crash_json_none();
	if (!r)
		cJSON_AddStringToObject(j, "outcome", outcome);
	if (status > 0)
		cJSON_AddNumberToObject(j, "exit_status", status);
	cJSON_AddItemToObject(j, "input", json_text(path));
	if (bug)
		cJSON_AddItemToObject(j, "bug", json_text(bug));
	json_print_take(&out, j, false);
	fputs(out.s, stdout);
	buf_release(&out);
}

/* Saved logs. */

static int feed_log(struct crash_parser *p, const char *path, struct err *err)
{
	bool standard = strcmp(path, "-") == 0;
	int fd = standard ? STDIN_FILENO : open(path, O_RDONLY | O_CLOEXEC | O_NOCTTY);
	char chunk[65536];
	ssize_t n;

	if (fd < 0)
		return err_errno(err, "%s", path);
	for (;;) {
		n = read(fd, chunk, sizeof(chunk));
		/* what never ends, as /dev/zero, interrupts no call by itself */
		if (n >= 0 && proc_interrupted()) {
			errno = EINTR;
			n = -1;
		}
		if (n < 0 && errno == EINTR && !proc_interrupted())
			continue;
		if (n <= 0)
			break;
		crash_parser_feed(p, chunk, (size_t)n);
	}
	if (n < 0)
		err_errno(err, "%s", path);
	if (!standard)
		close(fd);
	return n < 0 ? -1 : 0;
}

/* A binary that is here would say what its frames are. */
static bool could_be_named(const struct crash_report *r)
{
	bool here = false;

	for (size_t i = 0; i < r->n_stacks; i++)
		for (size_t k = 0; k < r->stacks[i].n; k++) {
			const struct crash_frame *f = &r->stacks[i].frames[k];

			if (f->function)
				return false;
			here = here || (f->module && fs_is_file(f->module));
		}
	return here;
}

/*
 * Each crash of the log once, the one that decides first. Of the others only what ended a process: errors that it
 * survived are counted, and leaks are no crashes beside one.
 */
static void print_crashes(
	struct sorting *s, const char *path, struct crash_report **all, size_t n, size_t main_index)
{
	struct crash_rules rules = project_rules(s->project, s->name);
	struct strlist told = STRLIST_INIT;

	for (size_t k = 0; k <= n; k++) {
		size_t i = k == 0 ? main_index : k - 1;
		struct crash_report *r = all[i];
		struct crash_signature sig;

		if (k && (i == main_index || r->note || !strcmp(r->kind, "leak")))
			continue;
		if (k && !r->fatal && !s->args->survived) {
			s->survived++;
			continue;
		}
		if (s->args->symbolize)
			crash_resolve(r, project_resolve, s->project);
		else
			s->nameless += could_be_named(r);
		crash_finish(r, &rules);
		crash_sign(r, &rules, &sig);
		if (!strlist_has(&told, sig.id)) {
			strlist_add(&told, sig.id);
			print_one(s, path, r, &sig, "", 0, NULL);
		}
		crash_signature_release(&sig);
	}
	strlist_release(&told);
}

static int sort_log(struct sorting *s, const char *path, struct err *err)
{
	struct crash_parser *p = crash_parser_new();
	struct crash_report **reports;
	size_t n, main_index;
	int rc = feed_log(p, path, err);

	reports = crash_parser_end(p, &n, &main_index);
	if (rc == 0 && strcmp(reports[main_index]->kind, "no-crash") != 0) {
		s->failing++;
		print_crashes(s, path, reports, n, main_index);
	} else if (rc == 0) {
		print_one(s, path, NULL, NULL, "no report in it", 0, NULL);
	}
	crash_reports_free(reports, n);
	return rc;
}

static int sort_logs(struct sorting *s, struct err *err)
{
	struct progress progress;

	progress_begin(&progress, "sorting", s->files.n);
	for (size_t i = 0; i < s->files.n && !proc_interrupted(); i++) {
		progress_at(&progress, i);
		*err = (struct err)ERR_INIT;
		/* one that can't be read is told of; the others go on */
		if (sort_log(s, s->files.v[i], err) < 0) {
			log_error("%s", err->msg);
			s->unread++;
		}
	}
	progress_end(&progress);
	return 0;
}

/* Inputs. */

static bool next_input(void *arg, struct target_input *in)
{
	struct sorting *s = arg;
	struct err err = ERR_INIT;
	size_t i;

	for (;;) {
		i = s->next;
		if (i == s->files.n || s->failed || proc_interrupted())
			return false;
		s->next++;
		if (fs_read(s->files.v[i], INPUT_MAX, &s->inputs[i], &err) == 0)
			break;
		/* the others go on */
		log_error("%s", err.msg);
		s->unread++;
		err = (struct err)ERR_INIT;
	}
	*in = (struct target_input){
		.data = buf_str(&s->inputs[i]), .len = s->inputs[i].len, .tag = i
	};
	return true;
}

static int keep(struct sorting *s, const struct target_input *in, struct triage *t,
	struct triage_filed *filed)
{
	struct finding_rec f = { 0 };
	int64_t id;
	int rc = triage_keep(s->project, s->h->name, s->args->variant, "triage", NULL, in->data,
		in->len, &id, NULL, &s->err);

	t->k = t->stateful ? 0 : 1;
	t->n = 1;
	/* it takes runs of its own to tell */
	if (rc == 0 && same_bug_cannot_tell(t->report))
		return triage_finding(s->project, id, filed, &s->err);
	if (rc == 0)
		rc = store_finding_get(s->project->store, id, &f, &s->err);
	if (rc == 0)
		rc = triage_file(s->project, &f, t, filed, &s->err);
	finding_rec_release(&f);
	return rc == 0 ? 0 : -1;
}

static int one_done(void *arg, const struct target_input *in, const struct target_result *r)
{
	struct sorting *s = arg;
	struct triage_filed filed = { .bug = "" };
	struct triage t = { .variant = s->variant };

	triage_judge(s->project, s->name, r, &t);
	s->failing += t.report != NULL;
	s->unread += r->outcome == TARGET_ERROR;
	if (t.report && s->args->file) {
		buf_addv(&t.text, r->text);
		if (keep(s, in, &t, &filed) < 0)
			s->failed = true;
	}
	if (!s->failed)
		print_one(s, s->files.v[in->tag], t.report, &t.sig, target_outcome_name(r->outcome),
			r->exit_code, filed.bug[0] ? filed.bug : NULL);
	triage_release(&t);
	buf_release(&s->inputs[in->tag]);
	return s->failed;
}

static int run_inputs(struct sorting *s, struct target *t, struct err *err)
{
	struct target_opts opts = { .in_order = true, .expect = s->files.n, .what = "running" };
	int rc;

	s->inputs = xcalloc(s->files.n, sizeof(*s->inputs));
	rc = target_run(t, &opts, next_input, one_done, s, err);
	if (s->failed) {
		*err = s->err;
		rc = -1;
	}
	for (size_t i = 0; i < s->files.n; i++)
		buf_release(&s->inputs[i]);
	free(s->inputs);
	return rc;
}

static int sort_harness(struct sorting *s, struct err *err)
{
	unsigned jobs = s->args->jobs ? (unsigned)s->args->jobs : s->project->jobs;
	struct target *t;

	if (variant_parse(s->args->variant, &s->variant) < 0)
		return err_usage(err, "%s: no such variant", s->args->variant);
	s->h = project_harness(s->project, s->args->harness, err);
	if (!s->h)
		return -1;
	s->name = s->h->name;
	t = project_target(s->project, s->h, s->variant, NULL, jobs, err);
	return t ? run_inputs(s, t, err) : -1;
}

static int sort_foreign(struct sorting *s, struct err *err)
{
	struct target_spec spec = command_spec(
		s->project, s->ctx->command, &s->exits, s->args->jobs, s->args->timeout_ms);
	struct target *t = target_open(&spec, err);
	int rc;

	if (!t)
		return -1;
	s->name = spec.name;
	rc = run_inputs(s, t, err);
	target_close(t);
	return rc;
}

/* Folders of artefacts: every file below, without the notes that engines leave beside them. */
static int collect(struct sorting *s, bool inputs, struct err *err)
{
	struct strlist below = STRLIST_INIT;
	const struct strlist *args = s->ctx->args;
	int rc = 0;

	/* paths, one a line, as find prints them */
	if (!args->n && inputs && !isatty(STDIN_FILENO)) {
		struct buf b = BUF_INIT;
		struct strv text, line;
		char chunk[4096];
		ssize_t n;

		while ((n = read(STDIN_FILENO, chunk, sizeof(chunk))) > 0)
			buf_add(&b, chunk, (size_t)n);
		text = strv_n(buf_str(&b), b.len);
		while (strv_line(&text, &line))
			if (line.len)
				strlist_add_take(&s->files, strv_dup(line));
		buf_release(&b);
	}
	for (size_t i = 0; rc == 0 && i < args->n; i++) {
		if (!inputs && strcmp(args->v[i], "-") == 0) {
			strlist_add(&s->files, "-");
			continue;
		}
		if (!fs_is_dir(args->v[i])) {
			strlist_add(&s->files, args->v[i]);
			continue;
		}
		rc = fs_walk(args->v[i], &below, err);
		for (size_t k = 0; k < below.n; k++)
			if (strcmp(fs_basename(below.v[k]), "README.txt") != 0)
				strlist_add(&s->files, below.v[k]);
		strlist_release(&below);
	}
	if (rc == 0 && !s->files.n && !inputs)
		strlist_add(&s->files, "-");
	if (rc == 0 && !s->files.n)
		rc = err_usage(err, "no input given; usage: thresh triage [--harness H] FILE...");
	return rc;
}

static int sort(struct sorting *s, struct err *err)
{
	bool foreign = s->ctx->command->n > 0, harness = s->args->harness != NULL;

	if (foreign && harness)
		return err_usage(err, "--harness and a command exclude each other");
	if (s->args->file && !harness)
		return err_usage(err, "--file goes with --harness");
	if (command_exits(s->ctx, s->args->fail_status, &s->exits, err) < 0)
		return -1;
	/*
	 * logs are judged by a project's rules only where one is named: the directory one happens
	 * to be in says nothing of them
	 */
	s->project = harness || s->ctx->config ? project_open(s->ctx->config, err) : project_bare();
	if (!s->project || collect(s, foreign || harness, err) < 0)
		return -1;
	if (harness)
		return sort_harness(s, err);
	return foreign ? sort_foreign(s, err) : sort_logs(s, err);
}

/* Also what an interrupt left. */
static void show_bugs(const struct sorting *s)
{
	size_t reports, bugs = triage_bugs_count(s->bugs, &reports);
	struct buf out = BUF_INIT;

	triage_bugs_show(s->bugs, &out);
	if (reports > 1) {
		num_add_counted(&out, reports, "report");
		buf_adds(&out, ": ");
		num_add_counted(&out, bugs, "bug");
		buf_addch(&out, '\n');
	}
	if (bugs && s->survived) {
		num_add_counted(&out, s->survived, "error");
		buf_addf(&out, " that ended no process %s left out; --survived has %s\n",
			s->survived == 1 ? "is" : "are", s->survived == 1 ? "it" : "them");
	}
	if (bugs && s->nameless) {
		num_add_counted(&out, s->nameless, "report");
		buf_addf(&out, " %s functions by address: --symbolize looks up their names\n",
			s->nameless == 1 ? "has" : "have");
	}
	term_print(&s->ctx->term, &out);
	buf_release(&out);
}

static int run(void *args, const struct cli_ctx *ctx)
{
	struct sorting s = { .args = args, .ctx = ctx };
	struct err err = ERR_INIT;
	int rc;

	proc_catch_signals();
	s.bugs = triage_bugs_new(&ctx->term, s.args->stacks);
	rc = sort(&s, &err);
	show_bugs(&s);
	triage_bugs_free(s.bugs);
	strlist_release(&s.files);
	project_close(s.project);
	if (rc < 0)
		return cli_fail(&err);
	if (s.unread || proc_interrupted())
		return EXIT_OTHER; /* incomplete, whatever was found */
	return s.failing ? EXIT_FINDINGS : EXIT_OK;
}

const struct cmd cmd_triage = {
	.name = "triage",
	.args = "[FILE|DIR...]",
	.help = "sort failing inputs, or saved reports, into bugs",
	.more = "FILE is a saved log (- or nothing: standard input). With --harness, or a command "
		"behind --, it is an input; a "
		"folder stands for all files below it, and paths may come on standard input, one a "
		"line. In the command, @@ "
		"stands for the input's path; without it the input is fed to standard input. It "
		"runs in "
		"a directory of its own that shows what is in this one, so relative paths hold; it "
		"can "
		"write there and in $TMPDIR, not to your files. One that ends by a fault without a "
		"word, as without a sanitizer, is run once more with a library that says where; a "
		"static program's faults stay without a place.\n\n" FAIL_STATUS_MORE "\n\n"
		"What failed is told as bugs, worst first, at the end: the same failures are one, "
		"also at several places where something joins them. --json has each report by "
		"itself, as it comes.\n\n"
		"Ends with 1 when anything failed, with 3 when a file couldn't be read: the others "
		"are still sorted.",
	.examples = "thresh triage logs/\nthresh triage --json crash.log\nthresh triage --harness "
		    "my_parser --file "
		    "crashes/\n"
		    "thresh triage afl-out/default/crashes -- ./target @@",
	.opts = triage_opts,
	.args_size = sizeof(struct triage_args),
	.max_args = UINT_MAX,
	.takes_command = true,
	.run = run,
};
