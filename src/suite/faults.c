/*
 * Faults: each seed's run counts what can fail; then the n-th allocation fails, for every n, once and from then on, and
 * where the harness reads or writes, so do these calls, each in its ways. Seeds and, where there are very many calls,
 * their numbers are spread evenly.
 */
#include "base/prelude.h"
#include "suite/faults.h"
#include "base/clock.h"
#include "base/mem.h"
#include "base/num.h"
#include "cases/spread.h"
#include "suite/internal.h"
#include <fnmatch.h>
#include <stdio.h>

#define SEEDS 128    /* whose runs are looked at */
#define POINTS 512   /* allocations of one run that are made to fail */
#define IO_POINTS 64 /* calls of one run, in each way */
#define NAME_MAX_LEN 128
#define AFTER "-and-after"

struct counts {
	uint64_t calls[TARGET_FAULTS];
};

struct faults {
	struct suite_pass pass;
	enum variant variant;
	size_t n; /* seeds */
	struct counts *counts;
	/* the next: a seed, what fails, the how manieth of its points, once or for good */
	size_t seed, point;
	unsigned kind;
	bool after;
};

static const struct cases_seed *seed_of(const struct faults *f, size_t i)
{
	const struct cases_input *in = &f->pass.r->src.in;

	return &in->seeds[cases_spread(i, f->n, in->n_seeds)];
}

static size_t points_max(unsigned kind)
{
	return kind == TARGET_FAULT_ALLOC ? POINTS : IO_POINTS;
}

static bool next_count(void *arg, struct target_input *in)
{
	struct faults *f = arg;
	struct strv data;

	if (f->seed == f->n || !suite_pass_goes_on(&f->pass))
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

static void name_of(char name[NAME_MAX_LEN], const char *seed, const struct target_fault *f)
{
	snprintf(name, NAME_MAX_LEN, "%s%s/%s-%llu%s", SUITE_FAULT_PREFIX, seed,
		target_fault_name(f->kind), (unsigned long long)f->at, f->after ? AFTER : "");
}

static bool next_fault(void *arg, struct target_input *in)
{
	struct faults *f = arg;
	const char *pattern = f->pass.r->opts->pattern;
	const struct cases_seed *seed;
	char name[NAME_MAX_LEN];
	size_t calls;

	do {
		if (!to_next_point(f) || !suite_pass_goes_on(&f->pass))
			return false;
		seed = seed_of(f, f->seed);
		calls = (size_t)f->counts[f->seed].calls[f->kind];
		*in = (struct target_input){ .data = seed->data.s,
			.len = seed->data.len,
			.tag = f->seed,
			.fault = { .kind = (enum target_fault_kind)f->kind,
				.at = 1 + cases_spread(f->point, points_max(f->kind), calls),
				.after = f->after } };
		f->point += f->after;
		f->after = !f->after;
		name_of(name, seed->name, &in->fault);
	} while (pattern && fnmatch(pattern, name, 0) != 0);
	return true;
}

static int fault_done(void *arg, const struct target_input *in, const struct target_result *res)
{
	struct faults *f = arg;
	char name[NAME_MAX_LEN];
	struct edge_case c = { .name = name, .len = in->len, .data = in->data };

	name_of(name, seed_of(f, in->tag)->name, &in->fault);
	f->pass.r->out->fault_runs++;
	suite_result_take(f->pass.r, f->variant, in, res, &c);
	return suite_pass_is_late(&f->pass);
}

int suite_faults(struct suite_running *r, enum variant v, struct target *t, struct err *err)
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
	suite_pass_begin(&f.pass, r, what, suite_share(r, r->out->fault_ms), &r->out->fault_cut);
	rc = target_run(t, NULL, next_count, count_done, &f, err);
	f.seed = 0;
	if (rc == 0 && !r->out->fault_cut)
		rc = target_run(t, &how, next_fault, fault_done, &f, err);
	r->out->fault_ms += clock_mono_ms() - f.pass.started_ms;
	free(f.counts);
	free(what);
	return rc;
}

/* KIND-N or KIND-N-and-after */
static bool read_fault(struct strv v, struct target_fault *f)
{
	f->after = strv_ends(v, AFTER);
	v.len -= f->after ? strlen(AFTER) : 0;
	for (f->kind = 0; f->kind < TARGET_FAULTS; f->kind++) {
		struct strv rest = v;

		if (strv_skip(&rest, target_fault_name(f->kind)) && strv_skip(&rest, "-") &&
			num_u64(rest, &f->at) == 0)
			return f->at > 0;
	}
	return false;
}

bool suite_fault_input(const struct suite_source *src, const char *name, struct buf *out)
{
	struct strv rest = strv_of(name);

	if (!strv_skip(&rest, SUITE_FAULT_PREFIX))
		return false;
	for (size_t i = 0; i < src->in.n_seeds; i++) {
		const struct cases_seed *s = &src->in.seeds[i];
		struct target_input in = { .data = s->data.s, .len = s->data.len };
		struct strv v = rest;

		if (!strv_skip(&v, s->name) || !strv_skip(&v, "/") || !read_fault(v, &in.fault))
			continue;
		target_fault_wrap(out, &in);
		return true;
	}
	return false;
}
