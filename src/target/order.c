/*
 * Where inputs come from and results go: the caller's pull function with a list of inputs to be repeated in
 * front of it, and, where results are wanted in order, a window of results held back.
 */
#include "base/prelude.h"
#include "target/internal.h"
#include "base/mem.h"

struct held {
	bool filled;
	struct target_input in;
	/* text, features and stack are owned copies */
	struct target_result r;
};

bool order_next(struct target *t, struct item *it)
{
	if (t->n_retry > 0) {
		*it = t->retry[--t->n_retry];
		return true;
	}
	if (t->dry)
		return false;
	memset(it, 0, sizeof(*it));
	if (!t->next(t->arg, &it->in)) {
		t->dry = true;
		return false;
	}
	it->seq = t->next_seq++;
	it->alone = it->in.alone;
	return true;
}

void order_retry(struct target *t, const struct item *it)
{
	GROW(t->retry, t->n_retry, t->retry_cap);
	t->retry[t->n_retry++] = *it;
}

static void call_done(
	struct target *t, const struct target_input *in, const struct target_result *r)
{
	t->inputs++;
	if (r->stateful)
		t->stateful = true;
	progress_at(&t->progress, ++t->delivered);
	if (!t->stopping && t->done(t->arg, in, r) != 0)
		t->stopping = true;
}

static void held_release(struct held *h)
{
	free((char *)h->r.text.s);
	free((uint32_t *)h->r.features);
	free((uint64_t *)h->r.pcs);
	h->filled = false;
}

static void hold(struct target *t, const struct item *it, const struct target_result *r)
{
	size_t at = t->held_start + (size_t)(it->seq - t->deliver_seq);
	struct held *h;

	while (t->n_held <= at) {
		GROW(t->held, t->n_held, t->held_cap);
		memset(&t->held[t->n_held++], 0, sizeof(*t->held));
	}
	h = &t->held[at];
	h->filled = true;
	h->in = it->in;
	h->r = *r;
	h->r.text.s = r->text.len ? xmemdup(r->text.s, r->text.len) : NULL;
	h->r.features =
		r->n_features ? xmemdup(r->features, r->n_features * sizeof(*r->features)) : NULL;
	h->r.pcs = r->n_pcs ? xmemdup(r->pcs, r->n_pcs * sizeof(*r->pcs)) : NULL;
}

/* The window moves over its array; what is behind it is reclaimed once that is most of it. */
static void held_advance(struct target *t)
{
	t->deliver_seq++;
	if (t->n_held > 0)
		t->held_start++;
	if (t->held_start >= t->n_held) {
		t->held_start = t->n_held = 0;
	} else if (t->held_start > 1024 && t->held_start > t->n_held / 2) {
		t->n_held -= t->held_start;
		memmove(t->held, t->held + t->held_start, t->n_held * sizeof(*t->held));
		t->held_start = 0;
	}
}

void order_deliver(struct target *t, const struct item *it, const struct target_result *r)
{
	struct held *h;

	if (!t->opts->in_order) {
		call_done(t, &it->in, r);
		return;
	}
	if (it->seq != t->deliver_seq) {
		hold(t, it, r);
		return;
	}
	call_done(t, &it->in, r);
	held_advance(t);
	while (t->held_start < t->n_held && t->held[t->held_start].filled) {
		h = &t->held[t->held_start];
		call_done(t, &h->in, &h->r);
		held_release(h);
		held_advance(t);
	}
}

void order_release(struct target *t)
{
	for (size_t i = t->held_start; i < t->n_held; i++)
		if (t->held[i].filled)
			held_release(&t->held[i]);
	free(t->held);
	free(t->retry);
	t->held = NULL;
	t->retry = NULL;
	t->held_start = t->n_held = t->held_cap = t->n_retry = t->retry_cap = 0;
}
