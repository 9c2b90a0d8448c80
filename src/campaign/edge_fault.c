/*
 * Faults: each seed's run counts its allocations; then the n-th fails, for every n, once and from then on. Seeds and,
 * where there are very many allocations, their numbers are spread evenly.
 */
#include "base/prelude.h"
#include "campaign/edge_int.h"
#include "base/clock.h"
#include "base/mem.h"
#include <stdio.h>

#define SEEDS 128  /* whose runs are looked at */
#define POINTS 512 /* allocations of one run that are made to fail */

struct faults {
	struct edge_pass pass;
	enum variant variant;
	size_t n; /* seeds */
	uint64_t *allocs;
	bool counting;
	/* the next: a seed, the how manieth of its points, once or for good */
	size_t seed, point;
	bool after;
};

static const struct edge_seed *seed_of(const struct faults *f, size_t i)
{
	const struct edge_input *in = &f->pass.r->src.in;

	return &in->seeds[edge_spread(i, f->n, in->n_seeds)];
}

/* One more than there are: it changes nothing, and shows that nothing is left to fail. */
static size_t points_of(const struct faults *f, size_t i)
{
	return (size_t)MIN(f->allocs[i], (uint64_t)POINTS);
}

static bool next_count(void *arg, struct target_input *in)
{
	struct faults *f = arg;
	struct strv data;

	if (f->seed == f->n || !edge_pass_goes_on(&f->pass))
		return false;
	data = seed_of(f, f->seed)->data;
	*in = (struct target_input){ .data = data.s, .len = data.len, .tag = f->seed++ };
	return true;
}

/* One that fails without a fault is the suite's business. */
static int count_done(void *arg, const struct target_input *in, const struct target_result *res)
{
	struct faults *f = arg;

	if (res->outcome == TARGET_OK || res->outcome == TARGET_REJECTED)
		f->allocs[in->tag] = res->allocs;
	return 0;
}

static bool next_fault(void *arg, struct target_input *in)
{
	struct faults *f = arg;
	struct strv data;

	while (f->seed < f->n && f->point == points_of(f, f->seed)) {
		f->seed++;
		f->point = 0;
	}
	if (f->seed == f->n || !edge_pass_goes_on(&f->pass))
		return false;
	data = seed_of(f, f->seed)->data;
	*in = (struct target_input){ .data = data.s,
		.len = data.len,
		.tag = f->seed,
		.fail_alloc = 1 + edge_spread(f->point, POINTS, (size_t)f->allocs[f->seed]),
		.fault_after = f->after };
	f->point += f->after;
	f->after = !f->after;
	return true;
}

static int fault_done(void *arg, const struct target_input *in, const struct target_result *res)
{
	struct faults *f = arg;
	char name[128];
	struct edge_case c = { .name = name, .len = in->len, .data = in->data };

	snprintf(name, sizeof(name), "fault/%s/alloc-%llu%s", seed_of(f, in->tag)->name,
		(unsigned long long)in->fail_alloc, in->fault_after ? "-and-after" : "");
	f->pass.r->out->fault_runs++;
	edge_result_take(f->pass.r, f->variant, in, res, &c);
	return edge_pass_is_late(&f->pass);
}

int edge_faults(struct edge_running *r, enum variant v, struct target *t, struct err *err)
{
	struct target_opts how = { .in_order = r->opts->in_order };
	struct faults f = { .variant = v, .n = MIN(r->src.in.n_seeds, (size_t)SEEDS) };
	char *what;
	int rc;

	if (!target_injects_faults(t) || !f.n) {
		if (!r->out->no_faults)
			r->out->no_faults = xstrdup(
				f.n ? "the target brings its own allocator, or is no build of ours"
				    : "the harness has no seeds");
		return 0;
	}
	f.allocs = xcalloc(f.n, sizeof(*f.allocs));
	what = xasprintf("faults, %s", variant_name(v));
	edge_pass_begin(&f.pass, r, what, &r->out->fault_cut);
	rc = target_run(t, NULL, next_count, count_done, &f, err);
	f.seed = 0;
	if (rc == 0 && !r->out->fault_cut)
		rc = target_run(t, &how, next_fault, fault_done, &f, err);
	r->out->fault_ms += clock_mono_ms() - f.pass.started_ms;
	free(f.allocs);
	free(what);
	return rc;
}
