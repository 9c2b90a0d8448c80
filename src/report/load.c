/* The store is read once, each table in one pass, so that ten thousand bugs take no longer than reading them. */
#include "base/prelude.h"
#include "report/load.h"
#include "base/mem.h"
#include "report/judge.h"
#include "store/store.h"

/* nobody needs longer to see what a year was like */
#define CAMPAIGNS_MAX 400

struct loading {
	struct model *m;
	struct store *store;
	struct model_harness *h;
	/* bugs by id, for what is told of them in that order */
	size_t *by_id;
	size_t at;
};

static int add_campaign(void *arg, const struct campaign_rec *r)
{
	struct model *m = ((struct loading *)arg)->m;

	GROW(m->campaigns, m->n_campaigns, m->cap_campaigns);
	m->campaigns[m->n_campaigns] = (struct model_campaign){ .rec = *r };
	m->campaigns[m->n_campaigns++].rec.harnesses = xstrdup(r->harnesses);
	return 0;
}

static struct model_point *point_of(struct model_harness *h, int64_t campaign, uint64_t when_ms)
{
	if (h->n_points && h->points[h->n_points - 1].campaign == campaign)
		return &h->points[h->n_points - 1];
	GROW(h->points, h->n_points, h->cap_points);
	h->points[h->n_points++] = (struct model_point){ .campaign = campaign, .when_ms = when_ms };
	return &h->points[h->n_points - 1];
}

static int add_stat(void *arg, const struct stat_rec *r)
{
	struct loading *l = arg;
	struct model_campaign *c = &l->m->campaigns[l->at];
	struct model_harness *h = model_harness_of(l->m, r->harness);
	struct model_point *p;

	c->execs += r->execs;
	if (!h)
		return 0;
	p = point_of(h, r->campaign, c->rec.started_ms);
	p->execs += r->execs;
	p->crashes += r->crashes;
	if (h->n_engines && h->engines[0].campaign != r->campaign) {
		for (size_t i = 0; i < h->n_engines; i++)
			stat_rec_release(&h->engines[i]);
		h->n_engines = 0;
	}
	GROW(h->engines, h->n_engines, h->cap_engines);
	h->engines[h->n_engines] = *r;
	h->engines[h->n_engines].harness = xstrdup(r->harness);
	h->engines[h->n_engines++].engine = xstrdup(r->engine);
	return 0;
}

/* Into the point of its campaign, which needn't have run anything: guards come the newest first, and few are out of order. */
static int add_guard(void *arg, const struct guard_rec *r)
{
	struct model_harness *h = ((struct loading *)arg)->h;
	struct model_point *p = NULL;

	for (size_t i = h->n_points; i && !p; i--)
		if (h->points[i - 1].campaign == r->campaign)
			p = &h->points[i - 1];
	if (!p)
		return 0;
	p->inputs = r->inputs;
	p->bytes = r->bytes;
	p->features = r->features;
	p->functions = r->functions;
	p->lines = r->lines;
	p->rejected = r->rejected;
	p->execs_per_s = r->execs_per_s;
	return 0;
}

static int add_loss(void *arg, const struct loss_rec *r)
{
	struct model_harness *h = ((struct loading *)arg)->h;
	struct loss_rec *l;

	GROW(h->losses, h->n_losses, h->cap_losses);
	l = &h->losses[h->n_losses++];
	*l = *r;
	l->harness = xstrdup(r->harness);
	l->function = xstrdup(r->function);
	l->file = xstrdup(r->file);
	l->lines = xstrdup(r->lines);
	l->before = xstrdup(r->before);
	l->since = xstrdup(r->since);
	return 0;
}

static int add_verdict(void *arg, const struct verdict_rec *r)
{
	struct model_harness *h = ((struct loading *)arg)->h;

	GROW(h->verdicts, h->n_verdicts, h->cap_verdicts);
	h->verdicts[h->n_verdicts] = *r;
	h->verdicts[h->n_verdicts++].source = xstrdup(r->source);
	return 0;
}

static char *dup_or_null(const char *s)
{
	return s ? xstrdup(s) : NULL;
}

static int add_bug(void *arg, const struct bug_rec *b)
{
	struct model *m = ((struct loading *)arg)->m;
	struct bug_rec *r;

	GROW(m->bugs, m->n_bugs, m->cap_bugs);
	m->bugs[m->n_bugs] = (struct model_bug){ .rec = *b };
	r = &m->bugs[m->n_bugs++].rec;
	r->id = xstrdup(b->id);
	r->signature = dup_or_null(b->signature);
	r->sig_text = dup_or_null(b->sig_text);
	r->harness = dup_or_null(b->harness);
	r->kind = dup_or_null(b->kind);
	r->family = dup_or_null(b->family);
	r->title = dup_or_null(b->title);
	r->why = dup_or_null(b->why);
	r->frames = dup_or_null(b->frames);
	r->input = dup_or_null(b->input);
	r->variant = dup_or_null(b->variant);
	r->kinds = dup_or_null(b->kinds);
	return 0;
}

static int by_worst(const void *va, const void *vb)
{
	static const int rank[] = { [BUG_REGRESSED] = 0,
		[BUG_OPEN] = 0,
		[BUG_FLAKY] = 1,
		[BUG_IGNORED] = 2,
		[BUG_FIXED] = 3 };
	const struct bug_rec *a = &((const struct model_bug *)va)->rec;
	const struct bug_rec *b = &((const struct model_bug *)vb)->rec;

	if (rank[a->state] != rank[b->state])
		return rank[a->state] - rank[b->state];
	if (a->severity != b->severity)
		return b->severity - a->severity;
	if (a->state != b->state)
		return a->state == BUG_REGRESSED ? -1 : 1;
	if (a->first_ms != b->first_ms)
		return a->first_ms > b->first_ms ? -1 : 1;
	return strcmp(a->id, b->id);
}

static struct model *sorting;

static int by_id(const void *va, const void *vb)
{
	return strcmp(sorting->bugs[*(const size_t *)va].rec.id,
		sorting->bugs[*(const size_t *)vb].rec.id);
}

static struct model_bug *find_bug(const struct loading *l, const char *id)
{
	size_t from = 0, to = l->m->n_bugs;

	while (from < to) {
		size_t mid = from + (to - from) / 2;
		struct model_bug *b = &l->m->bugs[l->by_id[mid]];
		int order = strcmp(id, b->rec.id);

		if (order == 0)
			return b;
		if (order < 0)
			to = mid;
		else
			from = mid + 1;
	}
	return NULL;
}

static int add_count(void *arg, const char *bug, int64_t campaign, uint64_t n)
{
	struct loading *l = arg;
	struct model_bug *b = find_bug(l, bug);
	size_t from = l->m->n_campaigns > MODEL_SPARK ? l->m->n_campaigns - MODEL_SPARK : 0;

	for (size_t i = from; b && i < l->m->n_campaigns; i++)
		if (l->m->campaigns[i].rec.id == campaign)
			b->seen[MODEL_SPARK - (l->m->n_campaigns - i)] =
				(uint32_t)MIN(n, (uint64_t)UINT32_MAX);
	return 0;
}

static int add_event(void *arg, const struct event_rec *e)
{
	struct loading *l = arg;
	bool fixed = strcmp(e->kind, "fixed") == 0, back = strcmp(e->kind, "regressed") == 0;
	struct model_bug *b = fixed || back ? find_bug(l, e->text) : NULL;

	if (b && fixed)
		b->fixed_ms = e->when_ms;
	else if (b)
		b->regressed_ms = e->when_ms;
	return 0;
}

static int count_unfiled(void *arg, const struct finding_rec *f)
{
	(void)f;
	((struct loading *)arg)->m->unfiled++;
	return 0;
}

static int read_campaigns(struct loading *l, struct err *err)
{
	struct model *m = l->m;

	if (store_campaigns(l->store, add_campaign, l, err) < 0)
		return -1;
	for (l->at = m->n_campaigns > CAMPAIGNS_MAX ? m->n_campaigns - CAMPAIGNS_MAX : 0;
		l->at < m->n_campaigns; l->at++)
		if (store_stats(l->store, m->campaigns[l->at].rec.id, add_stat, l, err) < 0)
			return -1;
	for (size_t i = 0; i < m->n_harnesses; i++) {
		l->h = &m->harnesses[i];
		if (store_guards(l->store, l->h->name, add_guard, l, err) < 0 ||
			store_losses(l->store, l->h->name, add_loss, l, err) < 0 ||
			store_look_get(l->store, l->h->name, &l->h->look, err) < 0 ||
			store_verdicts(l->store, l->h->name, add_verdict, l, err) < 0)
			return -1;
	}
	return 0;
}

static int read_bugs(struct loading *l, struct err *err)
{
	struct model *m = l->m;
	int rc = store_bugs(l->store, add_bug, l, err);

	if (rc == 0 && m->n_bugs)
		qsort(m->bugs, m->n_bugs, sizeof(*m->bugs), by_worst);
	l->by_id = xcalloc(MAX(m->n_bugs, (size_t)1), sizeof(*l->by_id));
	for (size_t i = 0; i < m->n_bugs; i++)
		l->by_id[i] = i;
	sorting = m;
	qsort(l->by_id, m->n_bugs, sizeof(*l->by_id), by_id);
	if (rc == 0)
		rc = store_finding_counts(l->store, add_count, l, err);
	if (rc == 0)
		rc = store_events(l->store, 0, add_event, l, err);
	if (rc == 0)
		rc = store_findings(l->store, NULL, FINDING_NEW, count_unfiled, l, err);
	free(l->by_id);
	return rc;
}

int model_load(struct store *s, const struct model_opts *opts, struct model *out, struct err *err)
{
	struct loading l = { .m = out, .store = s };

	*out = (struct model){ .project = xstrdup(opts->project),
		.now_ms = opts->now_ms,
		.since_ms = opts->since_ms,
		.n_harnesses = opts->harnesses->n };
	out->harnesses = xcalloc(MAX(out->n_harnesses, (size_t)1), sizeof(*out->harnesses));
	for (size_t i = 0; i < out->n_harnesses; i++)
		out->harnesses[i].name = xstrdup(opts->harnesses->v[i]);
	if (read_campaigns(&l, err) < 0 || read_bugs(&l, err) < 0)
		return -1;
	/* a night before the last campaign is old news */
	if (out->n_campaigns) {
		uint64_t last = out->campaigns[out->n_campaigns - 1].rec.started_ms;

		if (!out->since_ms || out->since_ms < last)
			out->since_ms =
				opts->since_ms && opts->until_ms >= last ? opts->since_ms : last;
	}
	for (size_t i = 0; opts->alive && i < opts->alive->n; i++)
		model_lines_copy(&out->alive, &opts->alive->v[i]);
	model_judge(out);
	return 0;
}
