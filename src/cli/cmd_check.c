/* thresh check: is a harness worth the time that a campaign gives it; and what does a change break? */
#include "base/prelude.h"
#include "base/fs.h"
#include "base/log.h"
#include "base/mem.h"
#include "cli/change_out.h"
#include "cli/commands.h"
#include "cli/select.h"
#include "health/keep.h"
#include "health/probe.h"
#include "proc/interrupt.h"
#include "report/bug_json.h"
#include <limits.h>
#include <stdio.h>

struct check_args {
	bool json, strict;
	uint64_t time_ms, seeds;
	const char *since, *junit, *sarif, *markdown, *keep;
};

static const struct opt check_opts[] = {
	{ .name = "strict",
		.kind = OPT_FLAG,
		.off = offsetof(struct check_args, strict),
		.help = "warnings, too, end it with 1" },
	{ .name = "changed-since",
		.kind = OPT_STRING,
		.off = offsetof(struct check_args, since),
		.arg = "REV",
		.help = "what do the changes since this commit break" },
	{ .name = "seeds",
		.kind = OPT_UINT,
		.off = offsetof(struct check_args, seeds),
		.min = 1,
		.max = 1000000,
		.def = "256",
		.arg = "N",
		.help = "how many seeds of a harness are tried, spread over all" },
	{ .name = "time",
		.kind = OPT_DURATION,
		.off = offsetof(struct check_args, time_ms),
		.min = 1,
		.def = "20s",
		.help = "for a harness's runs, at most; with --changed-since: what the comparison "
			"leaves of it is fuzzed in" },
	{ .name = "keep",
		.kind = OPT_STRING,
		.off = offsetof(struct check_args, keep),
		.arg = "DIR",
		.help = "copies of the inputs that fail by the change go there, in a folder a "
			"harness; default .thresh/change" },
	{ .name = "junit",
		.kind = OPT_STRING,
		.off = offsetof(struct check_args, junit),
		.arg = "FILE",
		.help = "of --changed-since: also write JUnit XML" },
	{ .name = "sarif",
		.kind = OPT_STRING,
		.off = offsetof(struct check_args, sarif),
		.arg = "FILE",
		.help = "of --changed-since: also write a SARIF 2.1.0 log" },
	{ .name = "markdown",
		.kind = OPT_STRING,
		.off = offsetof(struct check_args, markdown),
		.arg = "FILE",
		.help = "of --changed-since: also write a comment for a pull request" },
	{ .name = "json",
		.kind = OPT_FLAG,
		.off = offsetof(struct check_args, json),
		.help = "a JSON array, one object per harness; of --changed-since one object" },
	{ .kind = OPT_END },
};

/* One harness's. */
struct checked {
	struct health_facts facts;
	struct health health;
	bool measured;
};

static void examine(struct project *p, const struct config_harness *h, const struct check_args *a,
	struct checked *out)
{
	struct health_opts opts = {
		.max_seeds = a->seeds, .time_ms = a->time_ms, .leaks = h->leaks
	};
	struct build_result built = { 0 };
	struct err err = ERR_INIT;

	if (project_need_tools(p, &err) < 0 || build_variant(p->cfg, h, NULL, VARIANT_ASAN,
						       &p->tools, p->jobs, &built, &err) < 0) {
		health_add(&out->health, "build", HEALTH_SICK, err_without(&err, h->name),
			HEALTH_BUILD_MEND);
	} else if (!project_target(p, h, VARIANT_ASAN, NULL, 1, &err)) {
		health_add(&out->health, "start", HEALTH_SICK, err_without(&err, h->name),
			err.kind == ERR_USAGE ? HEALTH_START_MEND
					      : "`thresh doctor` says what this machine lacks");
	} else if (health_probe(p, h, &opts, &out->facts, &err) < 0) {
		health_add(&out->health, "not-measured", HEALTH_WARNING, err.msg,
			"without its cov build nobody sees what it reaches");
	} else {
		out->measured = true;
		health_judge(&out->facts, &out->health);
	}
	build_result_release(&built);
	/* what this machine refuses just now says nothing of the harness */
	if (!proc_interrupted() && err.kind != ERR_REFUSED)
		health_keep(p, h->name, &out->health);
}

static const char *verdict_of(const struct checked *c)
{
	return health_sick(&c->health) ? "sick" : c->health.n ? "warning" : "healthy";
}

/* --- output --- */

static void print_text(
	const struct config_harness *h, const struct checked *c, const struct cli_ctx *ctx)
{
	struct buf b = BUF_INIT, line = BUF_INIT;
	const struct health_facts *f = &c->facts;

	buf_addf(&line, "%s: %s", h->name, verdict_of(c));
	if (c->measured)
		buf_addf(&line, "; %zu inputs, %zu of them seeds", f->inputs + 1, f->seeds);
	if (f->run_us)
		buf_addf(&line, ", %llu us a run", (unsigned long long)f->run_us);
	term_add_wrapped(&b, buf_str(&line), 0, ctx->term.wrap);
	for (size_t i = 0; i < c->health.n; i++) {
		const struct health_finding *v = &c->health.v[i];

		buf_reset(&line);
		buf_addf(
			&line, "%s (%s): %s", health_severity_name(v->severity), v->rule, v->cause);
		term_add_wrapped(&b, buf_str(&line), 2, ctx->term.wrap);
		buf_reset(&line);
		buf_addf(&line, "mend: %s", v->mend);
		term_add_wrapped(&b, buf_str(&line), 4, ctx->term.wrap);
	}
	term_print(&ctx->term, &b);
	fflush(stdout);
	buf_release(&line);
	buf_release(&b);
}

static cJSON *json_of(const struct config_harness *h, const struct checked *c)
{
	const struct health_facts *f = &c->facts;
	const struct {
		const char *name;
		double value;
	} numbers[] = {
		{ "inputs", (double)f->inputs },
		{ "seeds", (double)f->seeds },
		{ "counters", (double)f->counters },
		{ "beyond_empty", (double)f->beyond_empty },
		{ "rejected", (double)f->rejected },
		{ "failed", (double)f->failed },
		{ "seeds_rejected", (double)f->seeds_rejected.n },
		{ "seeds_failed", (double)f->seeds_failed.n },
		{ "seeds_shallow", (double)f->seeds_shallow.n },
		{ "unstable", (double)f->unstable.n },
		{ "stateful", (double)(f->stateful.n + f->fails_behind.n) },
		{ "leaking", (double)f->leaks.n },
		{ "leaving_files", (double)f->files.n },
		{ "leaving_processes", (double)f->processes.n },
		{ "run_us", (double)f->run_us },
	};
	cJSON *j = cJSON_CreateObject(), *found = cJSON_CreateArray();

	cJSON_AddItemToObject(j, "harness", json_text(h->name));
	cJSON_AddItemToObject(j, "verdict", json_text(verdict_of(c)));
	for (size_t i = 0; c->measured && i < ARRAY_LEN(numbers); i++)
		cJSON_AddNumberToObject(j, numbers[i].name, numbers[i].value);
	for (size_t i = 0; i < c->health.n; i++) {
		const struct health_finding *v = &c->health.v[i];
		cJSON *one = cJSON_CreateObject();

		cJSON_AddItemToObject(one, "rule", json_text(v->rule));
		cJSON_AddItemToObject(
			one, "severity", json_text(health_severity_name(v->severity)));
		cJSON_AddItemToObject(one, "cause", json_text(v->cause));
		cJSON_AddItemToObject(one, "mend", json_text(v->mend));
		cJSON_AddItemToArray(found, one);
	}
	cJSON_AddItemToObject(j, "findings", found);
	return j;
}

static int check_all(struct project *p, const struct check_args *a, const struct cli_ctx *ctx,
	const struct select_harnesses *s, struct err *err)
{
	cJSON *all = cJSON_CreateArray();
	struct buf out = BUF_INIT;
	bool bad = false;
	int rc = 0;

	for (size_t i = 0; rc == 0 && i < s->n; i++) {
		struct checked c = { .measured = false };

		examine(p, s->v[i], a, &c);
		if (proc_interrupted())
			rc = err_set(err, "interrupted");
		else if (a->json)
			cJSON_AddItemToArray(all, json_of(s->v[i], &c));
		else
			print_text(s->v[i], &c, ctx);
		bad = bad || health_sick(&c.health) || (a->strict && c.health.n);
		health_facts_release(&c.facts);
		health_release(&c.health);
	}
	if (rc == 0 && a->json) {
		json_print_take(&out, all, true);
		fputs(buf_str(&out), stdout);
		buf_release(&out);
	} else {
		cJSON_Delete(all);
	}
	return rc < 0 ? -1 : bad ? EXIT_FINDINGS : EXIT_OK;
}

/* --- a change --- */

static void change_progress(void *arg, const char *what, const char *harness)
{
	(void)arg;
	log_progress("%s%s%s", what, harness ? " " : "", harness ? harness : "");
}

static int write_buf(const char *path, struct buf *b, struct err *err)
{
	int rc = fs_write(path, buf_str(b), b->len, 0644, err);

	buf_reset(b);
	return rc;
}

static int write_files(const struct project *p, const struct check_args *a,
	const struct change_result *r, struct err *err)
{
	struct buf b = BUF_INIT;
	int rc = 0;

	if (a->junit) {
		change_out_junit(r, &b);
		rc = write_buf(a->junit, &b, err);
	}
	if (rc == 0 && a->sarif) {
		json_print_take(&b, change_out_sarif(p, r), true);
		rc = write_buf(a->sarif, &b, err);
	}
	if (rc == 0 && a->markdown) {
		change_out_markdown(r, &b);
		rc = write_buf(a->markdown, &b, err);
	}
	buf_release(&b);
	return rc;
}

static int check_change(struct project *p, const struct check_args *a, const struct cli_ctx *ctx,
	const struct select_harnesses *s, struct err *err)
{
	struct change_opts opts = { .rev = a->since,
		.time_ms = a->time_ms,
		.harnesses = s->v,
		.n_harnesses = s->n,
		.keep = a->keep,
		.progress = change_progress };
	struct change_result r;
	struct change_verdict v;
	struct buf out = BUF_INIT;
	int rc = change_run(p, &opts, &r, err);

	if (rc == 0) {
		change_verdict(&r, &v);
		if (a->json) {
			json_print_take(&out, change_out_json(&r), true);
			fputs(buf_str(&out), stdout);
		} else {
			change_out_text(&r, &ctx->term, &out);
			term_print(&ctx->term, &out);
		}
		fflush(stdout);
		rc = write_files(p, a, &r, err);
	}
	if (rc == 0)
		rc = v.broken || (a->strict && v.warnings) ? EXIT_FINDINGS
		     : v.lacking                           ? EXIT_OTHER
							   : EXIT_OK;
	change_result_release(&r);
	buf_release(&out);
	return rc;
}

static int run(void *args, const struct cli_ctx *ctx)
{
	const struct check_args *a = args;
	struct select_harnesses chosen = { 0 };
	struct err err = ERR_INIT;
	struct project *p = NULL;
	int rc = 0;

	proc_catch_signals();
	if (!a->since && (a->junit || a->sarif || a->markdown || a->keep))
		rc = err_usage(
			&err, "--junit, --sarif, --markdown and --keep are --changed-since's");
	if (rc == 0)
		p = project_open(ctx->config, &err);
	rc = p ? select_harnesses(p, ctx->args, &chosen, &err) : -1;
	if (rc == 0)
		rc = (a->since ? check_change : check_all)(p, a, ctx, &chosen, &err);
	select_release(&chosen);
	project_close(p);
	return rc < 0 ? cli_fail(&err) : rc;
}

const struct cmd cmd_check = {
	.name = "check",
	.args = "[HARNESS...]",
	.help = "is a harness healthy; and what does a change break",
	.more = "A linter for harnesses. Each is run on nothing, on its seeds and on some inputs "
		"of no meaning: alone, alone again, and behind one another, which shows what is "
		"unstable or keeps state; then under the sanitizer, for leaks.\n\n"
		"A sick harness would waste its time: it doesn't build, has no counters, hangs on "
		"nothing, rejects everything, or reaches no code beyond that of the empty input. "
		"`thresh run` leaves it out. Warnings are worth mending. Each names its cause and "
		"its mend.\n\n"
		"--json: harness, verdict (healthy, warning, sick), what was counted (inputs, "
		"seeds, counters, beyond_empty, rejected, failed, seeds_rejected, seeds_failed, "
		"seeds_shallow, unstable, stateful, leaking, leaving_files, leaving_processes, "
		"run_us), and findings[] with rule, severity, cause and mend.\n\n"
		"Exit status: 0 none is sick, 1 some are (with --strict: or have warnings), 2 "
		"usage, 3 other failures.\n\n"
		"With --changed-since the checkout is compared with a commit, for a pull request: "
		"both are built, the commit's in a temporary folder. A harness is skipped where "
		"nothing that it is built from changed, or where its build is the same apart from "
		"debug data. Else its corpus, its seeds and its regression tests are run on both: "
		"what fails, and what is accepted, reached and slower, by the change alone; each "
		"failure is run again on both. Then edge cases and faults, where a function "
		"changed "
		"that inputs reach, and with the time that is left libFuzzer, from the inputs that "
		"reach changed functions. It also says which changed lines nothing reaches. No "
		"bug is filed, and no corpus changed.\n\n"
		"--json then: since, seconds, failures[] with harness, by (input, test, edge, "
		"fuzz), input, title, kind and signature, harnesses[] with harness, state, why, "
		"lost[], verdicts[], slower, changed_functions[], not_done[] and counts, "
		"changed_lines, uncovered_lines and uncovered[]. Exit status: 0 nothing fails "
		"that didn't, 1 something does or builds no more (with --strict: or something is "
		"lost, slower, judged otherwise, or not covered), 2 usage, 3 not all could be "
		"compared.",
	.examples = "thresh check\nthresh check my_parser --json\n"
		    "thresh check --changed-since main --time 2m --markdown comment.md",
	.opts = check_opts,
	.args_size = sizeof(struct check_args),
	.max_args = UINT_MAX,
	.run = run,
};
