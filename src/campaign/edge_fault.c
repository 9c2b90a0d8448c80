/*
 * Faults: each seed's run counts what can fail; then the n-th allocation fails, for every n, once and from then on, and
 * where the harness reads or writes, so do these calls, each in its ways. Seeds and, where there are very many calls,
 * their numbers are spread evenly.
 */
#include "base/prelude.h"
#include "campaign/edge_int.h"
#include "base/clock.h"
#include "base/mem.h"
#include <stdio.h>

#define SEEDS 128    /* whose runs are looked at */
#define POINTS 512   /* allocations of one run that are made to fail */
#define IO_POINTS 64 /* calls of one run, in each way */

struct counts {
	uint64_t calls[TARGET_FAULTS];
};

struct faults {
	struct edge_pass pass;
	enum variant variant;
	size_t n; /* seeds */
	struct counts *counts;
	/* the next: a seed, what fails, the how manieth of its points, once or for good */
	size_t seed, point;
	unsigned kind;
	bool after;
};

static const struct edge_seed *seed_of(const struct faults *f, size_t i)
{
	const struct edge_input *in = &f->pass.r->src.in;

	return &in->seeds[edge_spread(i, f->n, in->n_seeds)];
}

static size_t points_max(unsigned kind)
{
	return kind == TARGET_FAULT_ALLOC ? POINTS : IO_POINTS;
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
		memcpy(f->counts[in->tag].calls, res->calls, sizeof(res->calls));
	return 0;
}

/* Over kinds, then seeds: what is cut off is less than all of a kind. */
static bool to_next_point(struct faults *f)
{
	for (; f->kind < TARGET_FAULTS; f->kind++) {
		for (; f->seed < f->n; f->seed++) {
			if (f->point < MIN(f->counts[f->seed].calls[f->kind], points_max(f->kind)))
				return true;
			f->point = 0;
		}
		f->seed = 0;
	}
	return false;
}

static bool next_fault(void *arg, struct target_input *in)
{
	struct faults *f = arg;
	struct strv data;
	size_t calls;

	if (!to_next_point(f) || !edge_pass_goes_on(&f->pass))
		return false;
	data = seed_of(f, f->seed)->data;
	calls = (size_t)f->counts[f->seed].calls[f->kind];
	*in = (struct target_input){ .data = data.s,
		.len = data.len,
		.tag = f->seed,
		.fault = { .kind = (enum target_fault_kind)f->kind,
			.at = 1 + edge_spread(f->point, points_max(f->kind), calls),
			.after = f->after } };
	f->point += f->after;
	f->after = !f->after;
	return true;
}

static int fault_done(void *arg, const struct target_input *in, const struct target_result *res)
{
	struct faults *f = arg;
	char name[128];
	struct edge_case c = { .name = name, .len = in->len, .data = in->data };

	snprintf(name, sizeof(name), "fault/%s/%s-%llu%s", seed_of(f, in->tag)->name,
		target_fault_name(in->fault.kind), (unsigned long long)in->fault.at,
		in->fault.after ? "-and-after" : "");
	f->pass.r->out->fault_runs++;
	edge_result_take(f->pass.r, f->variant, in, res, &c);
	return edge_pass_is_late(&f->pass);
}

int edge_faults(struct edge_running *r, enum variant v, struct target *t, struct err *err)
{
	struct target_opts how = { .in_order = r->opts->in_order, .hangs_decide = r->quick };
	struct faults f = { .variant = v, .n = MIN(r->src.in.n_seeds, (size_t)SEEDS) };
	bool able =
		target_injects(t, TARGET_FAULT_ALLOC) || target_injects(t, TARGET_FAULT_READ_ONE);
	char *what;
	int rc;

	if (!able || !f.n) {
		if (!r->out->no_faults)
			r->out->no_faults = xstrdup(
				f.n ? "the target brings its own allocator, or is no build of ours"
				    : "the harness has no seeds");
		return 0;
	}
	f.counts = xcalloc(f.n, sizeof(*f.counts));
	what = xasprintf("faults, %s", variant_name(v));
	edge_pass_begin(&f.pass, r, what, edge_share(r, r->out->fault_ms), &r->out->fault_cut);
	rc = target_run(t, NULL, next_count, count_done, &f, err);
	f.seed = 0;
	if (rc == 0 && !r->out->fault_cut)
		rc = target_run(t, &how, next_fault, fault_done, &f, err);
	r->out->fault_ms += clock_mono_ms() - f.pass.started_ms;
	free(f.counts);
	free(what);
	return rc;
}
