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
	struct target_result r; /* text and features are owned copies */
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
	if (!t->stopping && t->done(t->arg, in, r) != 0)
		t->stopping = true;
}

static void held_release(struct held *h)
{
	free((char *)h->r.text.s);
	free((uint32_t *)h->r.features);
	h->filled = false;
}

static void hold(struct target *t, const struct item *it, const struct target_result *r)
{
	size_t at = (size_t)(it->seq - t->deliver_seq);
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
}

void order_deliver(struct target *t, const struct item *it, const struct target_result *r)
{
	size_t n = 0;

	if (!t->opts->in_order) {
		call_done(t, &it->in, r);
		return;
	}
	if (it->seq != t->deliver_seq) {
		hold(t, it, r);
		return;
	}
	call_done(t, &it->in, r);
	t->deliver_seq++;
	for (n = 1; n < t->n_held && t->held[n].filled; n++) {
		call_done(t, &t->held[n].in, &t->held[n].r);
		held_release(&t->held[n]);
		t->deliver_seq++;
	}
	n = MIN(n, t->n_held);
	memmove(t->held, t->held + n, (t->n_held - n) * sizeof(*t->held));
	t->n_held -= n;
}

void order_release(struct target *t)
{
	for (size_t i = 0; i < t->n_held; i++)
		held_release(&t->held[i]);
	free(t->held);
	free(t->retry);
	t->held = NULL;
	t->retry = NULL;
	t->n_held = t->held_cap = t->n_retry = t->retry_cap = 0;
}
