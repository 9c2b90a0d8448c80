/*
 * Cases that take long. A suite that has seconds can't wait for a harness's whole limit at each of them: a pass runs
 * under a shorter one, and what goes beyond is kept for rerun.c.
 */
#include "base/prelude.h"
#include "suite/internal.h"
#include "base/mem.h"
#include "triage/triage.h"

#define QUICK_PART 8 /* of the suite's time: what one case may take in a pass */
#define SLOW_MAX 6   /* of them are kept */
/*
 * One that hangs is seldom the only one, and a few of them would take all the time of the suite: once there is one, the
 * builds to come give each case so much. Cases take microseconds.
 */
#define KNOWN_MS 50

uint64_t suite_slow_quick(const struct suite_running *r, struct target *t)
{
	uint64_t full = target_timeout(t), quick = r->opts->time_ms / QUICK_PART;

	if (!quick || quick >= full || target_is_foreign(t))
		return full;
	target_set_timeout(t, r->n_slow ? MIN(quick, (uint64_t)KNOWN_MS) : quick);
	r->out->quick_ms = quick;
	return full;
}

static bool is_same(
	const struct suite_slow *s, enum variant v, const struct triage *t, const char *site)
{
	return s->variant == v && t->report && strcmp(site, t->sig.site->id) == 0;
}

void suite_slow_keep(struct suite_running *r, enum variant v, const struct target_input *in,
	const struct edge_case *c, const struct triage *t)
{
	struct suite_slow *s = NULL;

	for (size_t i = 0; i < r->n_slow; i++)
		if (is_same(&r->slow[i], v, t, r->slow[i].site))
			s = &r->slow[i];
	if (s && in->len >= s->input.len)
		return;
	if (!s && (r->n_slow == SLOW_MAX || !t->report))
		return;
	if (!s) {
		GROW(r->slow, r->n_slow, r->cap_slow);
		s = &r->slow[r->n_slow++];
		*s = (struct suite_slow){ .variant = v, .site = xstrdup(t->sig.site->id) };
	}
	free(s->name);
	s->name = xstrdup(c->name);
	s->serial = c->serial;
	s->fault = in->fault;
	buf_reset(&s->input);
	buf_add(&s->input, in->data, in->len);
}

void suite_slow_release(struct suite_running *r)
{
	for (size_t i = 0; i < r->n_slow; i++) {
		free(r->slow[i].site);
		free(r->slow[i].name);
		buf_release(&r->slow[i].input);
	}
	free(r->slow);
}
