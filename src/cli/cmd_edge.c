/*
 * thresh edge: the bugs that need no luck, in seconds, before any fuzzing and on every change. The same cases each
 * time, each with a name, so that two runs, or two versions (--compare), can be held side by side.
 */
#include "base/prelude.h"
#include "base/escape.h"
#include "base/fs.h"
#include "base/hash.h"
#include "base/log.h"
#include "base/mem.h"
#include "base/num.h"
#include "cli/commands.h"
#include "cli/select.h"
#include "cli/suite_out.h"
#include "proc/proc.h"
#include "report/bug_json.h"
#include "suite/faults.h"
#include "suite/source.h"
#include <limits.h>
#include <stdio.h>
#include <unistd.h>

struct edge_args {
	const char *pattern, *output, *junit, *compare, *variant, *target;
	bool list, faults, only_faults, tap, json, verdicts, no_minimize, no_file;
	uint64_t time_ms, jobs, max_len;
};

static const struct opt suite_opts[] = {
	{ .name = "case",
		.kind = OPT_STRING,
		.off = offsetof(struct edge_args, pattern),
		.arg = "NAME",
		.help = "only this case, or all that a pattern such as 'json/number/*' matches; "
			"'fault/...' is one of --faults" },
	{ .name = "list",
		.kind = OPT_FLAG,
		.off = offsetof(struct edge_args, list),
		.help = "names and sizes of the cases; nothing is run" },
	{ .name = "output",
		.key = 'o',
		.kind = OPT_STRING,
		.off = offsetof(struct edge_args, output),
		.arg = "FILE",
		.help = "write the bytes of the first case that --case matches; -: standard "
			"output" },
	{ .name = "faults",
		.kind = OPT_FLAG,
		.off = offsetof(struct edge_args, faults),
		.help = "also make every allocation, read and write of the seeds' runs fail, once "
			"and from then on" },
	{ .name = "only-faults",
		.kind = OPT_FLAG,
		.off = offsetof(struct edge_args, only_faults),
		.help = "faults, and no cases" },
	{ .name = "time",
		.kind = OPT_DURATION,
		.off = offsetof(struct edge_args, time_ms),
		.def = "8s",
		.arg = "TIME",
		.help = "for the cases on all builds and making small what fails, and as much "
			"again for "
			"faults; 0: no limit" },
	{ .name = "jobs",
		.key = 'j',
		.kind = OPT_UINT,
		.off = offsetof(struct edge_args, jobs),
		.max = 256,
		.arg = "N",
		.help = "runs at once; 0: one per processor" },
	{ .name = "variant",
		.kind = OPT_CHOICE,
		.off = offsetof(struct edge_args, variant),
		.choices = "asan|gcc-asan|msan|plain",
		.help = "one build, in place of every sanitizer build that the harness has" },
	{ .name = "target",
		.kind = OPT_STRING,
		.off = offsetof(struct edge_args, target),
		.arg = "NAME",
		.help = "a name below `targets`, in place of the harness's own; nothing is "
			"stored" },
	{ .name = "max-len",
		.kind = OPT_SIZE,
		.off = offsetof(struct edge_args, max_len),
		.arg = "SIZE",
		.help = "the longest case; default the harness's max_len, but at least 24k: limits "
			"are where bugs are" },
	{ .name = "compare",
		.kind = OPT_STRING,
		.off = offsetof(struct edge_args, compare),
		.arg = "TARGET",
		.help = "run it with this entry of `targets`, too, and show the cases that one "
			"takes and the other doesn't" },
	{ .name = "verdicts",
		.kind = OPT_FLAG,
		.off = offsetof(struct edge_args, verdicts),
		.help = "one line a case: verdict, name, and why it was rejected" },
	{ .name = "tap",
		.kind = OPT_FLAG,
		.off = offsetof(struct edge_args, tap),
		.help = "TAP, one test a case" },
	{ .name = "junit",
		.kind = OPT_STRING,
		.off = offsetof(struct edge_args, junit),
		.arg = "FILE",
		.help = "also write JUnit XML" },
	{ .name = "json",
		.kind = OPT_FLAG,
		.off = offsetof(struct edge_args, json),
		.help = "a JSON array, one object per harness, with its bugs and failing cases" },
	{ .name = "no-minimize",
		.kind = OPT_FLAG,
		.off = offsetof(struct edge_args, no_minimize),
		.help = "leave new bugs as they are, without a regression test" },
	{ .name = "no-file",
		.kind = OPT_FLAG,
		.off = offsetof(struct edge_args, no_file),
		.help = "store nothing: no findings, no bugs, nothing into the corpus" },
	{ .kind = OPT_END },
};

static void progress(void *arg, const char *harness, const char *what, uint64_t runs, uint64_t ms)
{
	struct buf b = BUF_INIT;

	(void)arg;
	num_add_count(&b, runs);
	if (ms) {
		buf_adds(&b, ", ");
		num_add_count(&b, runs * 1000 / ms);
		buf_adds(&b, "/s");
	}
	log_progress("%s: %s: %s", harness, what, b.s);
	buf_release(&b);
}

static size_t max_len_of(const struct edge_args *a, const struct config_harness *h)
{
	return a->max_len ? (size_t)a->max_len : MAX((size_t)h->max_len, SUITE_LEN);
}

static int write_case(const struct edge_args *a, const void *p, size_t n, struct err *err)
{
	if (strcmp(a->output, "-") != 0)
		return fs_write(a->output, p, n, 0666, err);
	fwrite(p, 1, n, stdout);
	return 0;
}

/* A fault's run has no bytes of its own, but a reproducer has: the seed's, and what fails in front of them. */
static int write_fault(
	const struct edge_args *a, const struct suite_source *src, bool *found, struct err *err)
{
	struct buf b = BUF_INIT;
	int rc = 0;

	*found = suite_fault_input(src, a->pattern, &b);
	if (*found)
		rc = write_case(a, b.s, b.len, err);
	buf_release(&b);
	return rc;
}

static void list_case(const char *harness, bool many, const struct edge_case *c)
{
	printf("%s%s%s\t%zu\n", many ? harness : "", many ? " " : "", c->name, c->len);
}

/* Names, or one case's bytes. */
static int without_running(struct project *p, const struct edge_args *a,
	const struct select_harnesses *hs, struct err *err)
{
	bool found = false;
	int rc = 0;

	for (size_t i = 0; rc == 0 && i < hs->n && !(a->output && found); i++) {
		struct suite_source src;
		struct cases_stream *suite;
		struct edge_case *one;

		if (suite_source_load(p, hs->v[i], max_len_of(a, hs->v[i]), &src, err) < 0)
			return -1;
		if (a->output)
			rc = write_fault(a, &src, &found, err);
		suite = cases_stream_new(&src.in, a->pattern);
		while (rc == 0 && (one = cases_stream_next(suite)) != NULL) {
			found = true;
			if (a->output)
				rc = write_case(a, one->data, one->len, err);
			else
				list_case(hs->v[i]->name, hs->n > 1, one);
			free(one);
			if (a->output)
				break;
		}
		cases_stream_free(suite);
		suite_source_release(&src);
	}
	if (rc == 0 && !found)
		rc = err_usage(err, "%s: no such case; `thresh edge --list` names them",
			a->pattern ? a->pattern : "*");
	return rc;
}

static bool names_fault(const struct edge_args *a)
{
	return a->pattern &&
	       strncmp(a->pattern, SUITE_FAULT_PREFIX, strlen(SUITE_FAULT_PREFIX)) == 0;
}

static int fill(const struct edge_args *a, const struct project *p, enum variant *v,
	struct suite_opts *o, struct err *err)
{
	*o = (struct suite_opts){ .target = a->target,
		.pattern = a->pattern,
		.time_ms = a->time_ms,
		.max_len = (size_t)a->max_len,
		.jobs = a->jobs ? (unsigned)a->jobs : p->jobs,
		.faults = a->faults || a->only_faults || names_fault(a),
		.no_cases = a->only_faults || names_fault(a),
		.no_file = a->no_file,
		.no_minimize = a->no_minimize,
		.in_order = a->tap || a->verdicts || a->junit,
		.progress = progress };
	if (a->variant) {
		if (variant_parse(a->variant, v) < 0)
			return err_usage(err, "%s: no such variant", a->variant);
		o->variants = v;
		o->n_variants = 1;
	}
	return 0;
}

/* --- two implementations, or builds, beside each other --- */

struct disposition_row {
	enum suite_verdict verdict;
	uint64_t message;
	char *name,
		*shown; /* of those that weren't plainly accepted, and of all in the second run */
	bool run;
};

struct comparison {
	struct disposition_row *v; /* by serial */
	size_t n, cap;
	bool second;
	uint64_t both, differ;
	const char *other;
	const struct term *term;
};

static char *shown_of(const struct suite_one *one)
{
	struct buf b = BUF_INIT;

	buf_adds(&b, suite_verdict_name(one->verdict));
	if (one->verdict == SUITE_FAILED || one->message.len) {
		buf_adds(&b, ": ");
		escape_term(&b, one->verdict == SUITE_FAILED ? strv_of(one->summary)
							     : strv_sub(one->message, 0, 200));
	}
	return buf_detach(&b);
}

static struct disposition_row *row_of(struct comparison *cmp, uint64_t serial)
{
	while (cmp->n <= serial) {
		GROW(cmp->v, cmp->n, cmp->cap);
		cmp->v[cmp->n++] = (struct disposition_row){ .run = false };
	}
	return &cmp->v[serial];
}

static void compare_case(void *arg, const struct suite_one *one)
{
	struct comparison *cmp = arg;
	struct disposition_row *row = row_of(cmp, one->serial);
	char *shown = shown_of(one);

	if (!cmp->second) {
		row->run = true;
		row->verdict = one->verdict;
		row->shown = shown;
		return;
	}
	if (row->run) {
		cmp->both++;
		/* messages are the implementation's own: only whether it is taken is compared */
		if (row->verdict != one->verdict) {
			cmp->differ++;
			term_printf(cmp->term, "%s\n  %s\n  %s: %s\n", one->name, row->shown,
				cmp->other, shown);
		}
	}
	free(shown);
}

static int compare_one(struct project *p, const struct edge_args *a, const struct config_harness *h,
	struct suite_opts o, const struct term *term, bool *differ, struct err *err)
{
	struct comparison cmp = { .other = a->compare, .term = term };
	struct suite_result r;
	int rc = 0;

	o.no_file = o.in_order = true;
	o.faults = o.no_cases = false;
	o.done = compare_case;
	o.arg = &cmp;
	for (int i = 0; rc == 0 && i < 2; i++) {
		cmp.second = i;
		o.target = i ? a->compare : a->target;
		rc = suite_run(p, h, &o, &r, err);
		log_progress_end();
		suite_result_release(&r);
	}
	if (rc == 0)
		term_printf(term, "%s: %llu cases on both, %llu with another verdict\n", h->name,
			(unsigned long long)cmp.both, (unsigned long long)cmp.differ);
	*differ = *differ || cmp.differ;
	for (size_t i = 0; i < cmp.n; i++)
		free(cmp.v[i].shown);
	free(cmp.v);
	return rc;
}

/* --- the suite --- */

/* Where no summary says it. */
static void tell_cut(const char *harness, bool tap)
{
	const char *what = "stopped before the end, as its time was up (--time 0: all)";

	if (tap)
		printf("# %s: %s\n", harness, what);
	log_warn("%s: %s", harness, what);
}

static int run_one(struct project *p, const struct edge_args *a, const struct cli_ctx *ctx,
	const struct config_harness *h, const struct suite_opts *o, struct suite_out_state *s,
	cJSON *all, bool *failed, struct err *err)
{
	struct suite_result r;
	int rc;

	if (a->json)
		s->failures = cJSON_CreateArray();
	rc = suite_run(p, h, o, &r, err);
	log_progress_end();
	if (rc == 0) {
		*failed = *failed || r.verdicts[SUITE_FAILED];
		if (all)
			cJSON_AddItemToArray(all, suite_out_json(h->name, &r, s->failures));
		else if (!a->tap && !a->verdicts)
			suite_out_summary(h->name, &r, &ctx->term);
		else if (r.cut || r.fault_cut)
			tell_cut(h->name, a->tap);
		s->matched = s->matched || r.cases || r.fault_runs;
		s->not_run += r.verdicts[SUITE_NOT_RUN];
	} else {
		cJSON_Delete(s->failures);
	}
	s->failures = NULL;
	suite_result_release(&r);
	return rc;
}

static int run_all(struct project *p, const struct edge_args *a, const struct cli_ctx *ctx,
	const struct select_harnesses *hs, bool *failed, struct err *err)
{
	struct junit junit = { .rows = BUF_INIT, .brief = true };
	struct buf xml = BUF_INIT, text = BUF_INIT;
	struct suite_out_state s = { .tap = a->tap, .verdicts = a->verdicts, .many = hs->n > 1 };
	cJSON *all = a->json ? cJSON_CreateArray() : NULL;
	enum variant v = VARIANT_ASAN;
	struct suite_opts o;
	int rc = fill(a, p, &v, &o, err);

	if (a->junit)
		s.junit = &junit;
	if (a->tap || a->verdicts || a->junit || a->json) {
		o.done = suite_out_case;
		o.arg = &s;
	}
	for (size_t i = 0; rc == 0 && i < hs->n && !proc_interrupted(); i++) {
		rc = a->compare ? compare_one(p, a, hs->v[i], o, &ctx->term, failed, err)
				: run_one(p, a, ctx, hs->v[i], &o, &s, all, failed, err);
		project_targets_close(p);
	}
	/* what was run till then is shown; who asked for it hears of the interrupt */
	if (rc < 0 && proc_interrupted())
		rc = 0;
	/* a name that is wrong mustn't look like a case that passes */
	if (rc == 0 && a->pattern && !a->compare && !s.matched && !proc_interrupted())
		rc = err_usage(
			err, "%s: no such case; `thresh edge --list` names them", a->pattern);
	if (rc == 0 && a->tap)
		printf("1..%llu\n", (unsigned long long)s.no);
	if (rc == 0 && all) {
		json_print_take(&text, all, true);
		fputs(text.s, stdout);
	} else {
		cJSON_Delete(all);
	}
	if (rc == 0 && a->junit) {
		junit_write(&junit, p->cfg->project, &xml);
		rc = fs_write(a->junit, xml.s, xml.len, 0644, err);
	}
	if (rc == 0 && !*failed && s.not_run && !proc_interrupted())
		rc = err_set(err,
			"%llu cases could not be run, so that nothing is known of them; `thresh "
			"replay` shows why",
			(unsigned long long)s.not_run);
	junit_release(&junit);
	buf_release(&xml);
	buf_release(&text);
	return rc;
}

static int check(const struct edge_args *a, struct err *err)
{
	if (a->output && !a->pattern)
		return err_usage(err, "--output needs --case, which says what to write");
	if ((int)a->tap + a->json + a->verdicts + (a->compare != NULL) + a->list > 1)
		return err_usage(
			err, "--tap, --json, --verdicts, --compare and --list: only one of them");
	return 0;
}

static int run(void *args, const struct cli_ctx *ctx)
{
	const struct edge_args *a = args;
	struct select_harnesses hs = { .v = NULL };
	struct err err = ERR_INIT;
	struct project *p = check(a, &err) < 0 ? NULL : project_open(ctx->config, &err);
	bool failed = false;
	int rc;

	if (!p)
		return cli_fail(&err);
	proc_catch_signals();
	/* harnesses that use thresh.h then tell what they accept */
	if (a->tap || a->verdicts || a->compare || a->json)
		setenv("THRESH_VERDICTS", "1", 1);
	/* these print while it runs */
	if (a->tap || a->verdicts)
		log_progress_off();
	rc = select_harnesses(p, ctx->args, &hs, &err);
	if (rc == 0)
		rc = a->list || a->output ? without_running(p, a, &hs, &err)
					  : run_all(p, a, ctx, &hs, &failed, &err);
	if (rc == 0 && proc_interrupted())
		rc = err_set(&err, "interrupted");
	select_release(&hs);
	project_close(p);
	return rc < 0 ? cli_fail(&err) : failed ? EXIT_FINDINGS : EXIT_OK;
}

const struct cmd cmd_edge = {
	.name = "edge",
	.args = "[HARNESS...]",
	.help = "run the edge-case suite, and make allocations and reads fail",
	.more = "A deterministic suite made from the harness's format, seeds and dictionary: the "
		"corners of each production, every byte, lengths and depths around every limit, "
		"what one change makes of each seed. Every case has a name by which it is had "
		"again, and runs on every sanitizer build.\n\n"
		"What fails is filed like any finding, so that it is deduplicated, minimised and "
		"becomes a regression test. Cases that pass and reach new code enter the corpus: "
		"seeds from nothing.\n\n"
		"--faults makes the n-th allocation fail while each seed runs, for every n, once "
		"and from then on. A program that then ends with a word about memory has given up, "
		"which is no bug; a crash, a leak or a hang is one. Where the harness reads or "
		"writes through descriptors, so do these calls: they come back short, interrupted, "
		"or with an error; fread and its kin fail as a whole.\n\n"
		"With --compare, verdicts need a harness that tells them: see thresh_accept() and "
		"thresh_reject() in thresh.h, or return -1 for what is rejected.\n\n"
		"Exit status: 0 nothing failed, 1 some case failed or verdicts differ, 2 usage, 3 "
		"other failures, or cases that could not be run.",
	.examples = "thresh edge\nthresh edge json_parse --faults\n"
		    "thresh edge json_parse --list\n"
		    "thresh edge json_parse --case json/number/exponent-overflow\n"
		    "thresh edge json_parse --compare patched",
	.opts = suite_opts,
	.args_size = sizeof(struct edge_args),
	.max_args = UINT_MAX,
	.run = run,
};
