/*
 * A pass over one build: its part of the time, its progress, and the cases that are on their way. What a slow
 * build takes is taken from those behind it.
 */
#include "base/prelude.h"
#include "suite/internal.h"
#include "base/clock.h"
#include "base/mem.h"
#include "proc/proc.h"

#define TELL_MS 100
#define FAILING_MIN 32 /* so many ... */
#define FAILING_PART \
	4 /* ... and more than that part: the rest goes elsewhere, see suite_opts.left ... */
#define FAILING_MS 800 /* ... after that */
#define LATE_MS 500    /* behind its time, a pass drops what is under way */

uint64_t suite_share(const struct suite_running *r, uint64_t spent_ms)
{
	uint64_t all = r->opts->time_ms / 4 * 3;

	if (!all)
		return 0;
	return MAX((all > spent_ms ? all - spent_ms : 0) / MAX(r->builds_left, 1u), all / 8);
}

void suite_pass_begin(struct suite_pass *p, struct suite_running *r, const char *what,
	uint64_t limit_ms, bool *cut)
{
	*p = (struct suite_pass){ .r = r, .what = what, .started_ms = clock_mono_ms(), .cut = cut };
	p->limit_ms = limit_ms;
	p->extra_ms = limit_ms / 8;
	p->told_ms = p->started_ms;
	p->flying.prev = p->flying.next = &p->flying;
}

bool suite_mostly_fails(const struct suite_running *r)
{
	uint64_t failed = r->out->verdicts[SUITE_FAILED];

	return r->opts->left && failed >= FAILING_MIN && failed > r->out->cases / FAILING_PART;
}

/* What failed, or may hang, needs its time after the passes. */
static uint64_t limit_of(const struct suite_pass *p)
{
	const struct suite_running *r = p->r;
	uint64_t all = r->opts->time_ms, rest;

	if (suite_mostly_fails(r))
		return MIN(p->limit_ms, (uint64_t)FAILING_MS);
	if (!r->n_slow)
		return p->limit_ms + (r->n_groups ? 0 : p->extra_ms);
	rest = all / 4 * 3; /* for what comes after, and one run under the full limit */
	rest = MAX(rest > r->h->timeout_ms ? rest - r->h->timeout_ms : 0, all / 4);
	return MIN(p->limit_ms, rest / MAX(r->builds_left, 1u));
}

bool suite_pass_is_late(struct suite_pass *p)
{
	uint64_t spent = clock_mono_ms() - p->started_ms;

	if (!proc_interrupted() && (!p->limit_ms || spent <= limit_of(p) + LATE_MS))
		return false;
	*p->cut = true;
	return true;
}

void suite_pass_send(struct suite_pass *p, struct edge_case *c, struct target_input *in)
{
	struct suite_flight *f = xmalloc(sizeof(*f));

	*f = (struct suite_flight){ .prev = p->flying.prev, .next = &p->flying, .c = c };
	f->prev->next = f->next->prev = f;
	*in = (struct target_input){ .data = c->data, .len = c->len, .tag = (uintptr_t)f };
}

struct edge_case *suite_pass_back(const struct target_input *in)
{
	struct suite_flight *f = (struct suite_flight *)(uintptr_t)in->tag;
	struct edge_case *c = f->c;

	f->prev->next = f->next;
	f->next->prev = f->prev;
	free(f);
	return c;
}

void suite_pass_end(struct suite_pass *p)
{
	while (p->flying.next != &p->flying) {
		struct target_input in = { .tag = (uintptr_t)p->flying.next };

		free(suite_pass_back(&in));
	}
}

bool suite_pass_goes_on(struct suite_pass *p)
{
	const struct suite_opts *o = p->r->opts;
	uint64_t now;

	if (p->runs++ % 16 && !proc_interrupted())
		return true;
	now = clock_mono_ms();
	if (o->progress && now - p->told_ms >= TELL_MS) {
		p->told_ms = now;
		o->progress(o->arg, p->r->h->name, p->what, p->runs, now - p->started_ms);
	}
	if (!proc_interrupted() && (!p->limit_ms || now - p->started_ms < limit_of(p)))
		return true;
	*p->cut = true;
	return false;
}
