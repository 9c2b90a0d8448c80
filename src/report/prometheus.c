/* Text format 0.0.4: each metric's HELP and TYPE once, its samples behind them; base units, so seconds. */
#include "base/prelude.h"
#include "report/prometheus.h"
#include "base/escape.h"

static void head(struct buf *b, const char *name, const char *type, const char *help)
{
	buf_addf(b, "# HELP thresh_%s %s\n# TYPE thresh_%s %s\n", name, help, name, type);
}

static void label(struct buf *b, const char *name, const char *value)
{
	struct buf clean = BUF_INIT;

	escape_utf8(&clean, strv_of(value));
	buf_addf(b, "%s=\"", name);
	for (size_t i = 0; i < clean.len; i++) {
		if (clean.s[i] == '\n')
			buf_adds(b, "\\n");
		else if (clean.s[i] == '"' || clean.s[i] == '\\')
			buf_addf(b, "\\%c", clean.s[i]);
		else
			buf_addch(b, clean.s[i]);
	}
	buf_addch(b, '"');
	buf_release(&clean);
}

static void sample(struct buf *b, const struct model *m, const char *name, const char *harness,
	const char *key, const char *value, double n)
{
	buf_addf(b, "thresh_%s{", name);
	label(b, "project", m->project);
	if (harness) {
		buf_addch(b, ',');
		label(b, "harness", harness);
	}
	if (key) {
		buf_addch(b, ',');
		label(b, key, value);
	}
	buf_addf(b, "} %.15g\n", n);
}

struct gauge {
	const char *name, *help;
	double (*of)(const struct model_harness *h, const struct model_point *p);
};

static double features(const struct model_harness *h, const struct model_point *p)
{
	(void)h;
	return (double)p->features;
}

static double functions(const struct model_harness *h, const struct model_point *p)
{
	(void)h;
	return (double)p->functions;
}

static double inputs(const struct model_harness *h, const struct model_point *p)
{
	(void)h;
	return (double)p->inputs;
}

static double rejected(const struct model_harness *h, const struct model_point *p)
{
	(void)h;
	return (double)p->rejected;
}

static double execs(const struct model_harness *h, const struct model_point *p)
{
	(void)h;
	return (double)p->execs;
}

static double rate(const struct model_harness *h, const struct model_point *p)
{
	(void)h;
	return p->execs_per_s;
}

static double lost(const struct model_harness *h, const struct model_point *p)
{
	(void)p;
	return (double)h->n_losses;
}

static const struct gauge gauges[] = {
	{ "harness_features", "Features that the corpus reaches.", features },
	{ "harness_functions", "Functions that the corpus reaches.", functions },
	{ "harness_inputs", "Inputs of the corpus.", inputs },
	{ "harness_rejected_inputs", "Inputs of the corpus that the harness rejects.", rejected },
	{ "harness_campaign_runs", "Runs in the last campaign.", execs },
	{ "harness_runs_per_second", "Runs of the engines together a second.", rate },
	{ "harness_lost_functions", "Functions that the corpus reached once and no more.", lost },
};

static void harnesses(const struct model *m, struct buf *b)
{
	for (size_t g = 0; g < ARRAY_LEN(gauges); g++) {
		head(b, gauges[g].name, "gauge", gauges[g].help);
		for (size_t i = 0; i < m->n_harnesses; i++) {
			const struct model_harness *h = &m->harnesses[i];

			if (h->n_points)
				sample(b, m, gauges[g].name, h->name, NULL, NULL,
					gauges[g].of(h, &h->points[h->n_points - 1]));
		}
	}
}

void prometheus_write(const struct model *m, struct buf *out)
{
	const struct campaign_rec *last =
		m->n_campaigns ? &m->campaigns[m->n_campaigns - 1].rec : NULL;

	head(out, "bugs", "gauge", "Bugs by state.");
	for (int i = 0; i <= BUG_IGNORED; i++)
		sample(out, m, "bugs", NULL, "state", bug_state_name((enum bug_state)i),
			(double)m->states[i]);
	head(out, "bugs_news", "gauge",
		"Bugs that are new, back or fixed since the last night began.");
	for (int i = MODEL_NEW; i <= MODEL_FIXED; i++)
		sample(out, m, "bugs_news", NULL, "news", model_news_name((enum model_news)i),
			(double)m->news[i]);
	head(out, "alarm_level", "gauge", "0 good, 1 something to look at, 2 bad.");
	sample(out, m, "alarm_level", NULL, NULL, NULL, (double)model_level(m));
	head(out, "unfiled_findings", "gauge", "Findings that wait for triage.");
	sample(out, m, "unfiled_findings", NULL, NULL, NULL, (double)m->unfiled);
	if (last) {
		head(out, "campaign_start_time_seconds", "gauge", "When the last campaign began.");
		sample(out, m, "campaign_start_time_seconds", NULL, NULL, NULL,
			(double)last->started_ms / 1000);
		head(out, "campaign_spent_seconds", "gauge", "How long it explored.");
		sample(out, m, "campaign_spent_seconds", NULL, NULL, NULL,
			(double)last->spent_ms / 1000);
	}
	harnesses(m, out);
}
