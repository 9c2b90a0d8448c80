/*
 * The first build and the first runs, right behind thresh init: a harness that is dead or doesn't link is told before
 * anybody gives it hours.
 */
#include "base/prelude.h"
#include "cli/init_trial.h"
#include "base/escape.h"
#include "base/fs.h"
#include "base/log.h"
#include "health/probe.h"
#include <stdio.h>

#define TRIAL_SEEDS 64
#define TRIAL_MS 10000

static void print_finding(const char *cause, const char *mend)
{
	struct buf b = BUF_INIT;

	buf_adds(&b, "  ");
	escape_term(&b, strv_of(cause));
	buf_addf(&b, "\n  mend: %s\n", mend);
	fputs(b.s, stdout);
	buf_release(&b);
}

/* True: it is of use. */
static bool try_one(struct project *p, const struct config_harness *h)
{
	struct health_opts opts = { .max_seeds = TRIAL_SEEDS, .time_ms = TRIAL_MS };
	struct health_facts facts = { 0 };
	const struct health_finding *sick;
	struct health health = { 0 };
	struct err err = ERR_INIT;
	bool ok = false;

	log_progress("building %s", h->name);
	if (!project_target(p, h, VARIANT_ASAN, NULL, 1, &err)) {
		log_progress_end();
		printf("%s: doesn't build\n", h->name);
		print_finding(err.msg, "`thresh build` shows all of what the compiler said");
		return false;
	}
	if (health_probe(p, h, &opts, &facts, &err) < 0) {
		log_progress_end();
		printf("%s: builds, but could not be tried\n", h->name);
		print_finding(err.msg, "`thresh check` tries again");
	} else {
		health_judge(&facts, &health);
		sick = health_sick(&health);
		ok = !sick;
		log_progress_end();
		printf("%s: builds; %zu inputs tried, %zu of them passed%s\n", h->name,
			facts.inputs + 1, facts.passed, sick ? ", but it is of no use yet" : "");
		if (sick)
			print_finding(sick->cause, sick->mend);
		else if (!facts.passed)
			printf("  `thresh replay %s` shows how they fail: a harness that breaks a "
			       "rule "
			       "of the library does that, too\n",
				h->name);
		else if (health.n)
			printf("  `thresh check` says what could be better\n");
	}
	health_release(&health);
	health_facts_release(&facts);
	return ok;
}

size_t init_trial(const struct init_args *args, const struct init_plan *plan)
{
	char *path = fs_join(args->dir, "thresh.yaml");
	struct err err = ERR_INIT;
	struct project *p = project_open(path, &err);
	size_t ok = 0;

	putchar('\n');
	fflush(stdout);
	for (size_t i = 0; p && i < plan->n; i++) {
		const struct config_harness *h = project_harness(p, plan->v[i].name, &err);

		if (h)
			ok += try_one(p, h);
		fflush(stdout);
	}
	if (!p)
		log_warn("not tried: %s", err.msg);
	project_close(p);
	free(path);
	return ok;
}
