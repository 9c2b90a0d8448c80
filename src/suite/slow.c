/*
 * Cases that take long. A suite that has seconds can't wait for a harness's whole limit at each of them: a pass runs
 * under a shorter one, and what goes beyond is run again at the end, alone, under the harness's own. Only that decides.
 */
#include "base/prelude.h"
#include "suite/internal.h"
#include "base/clock.h"
#include "base/mem.h"
#include "proc/proc.h"
#include "triage/triage.h"

#define QUICK_PART 8 /* of the suite's time: what one case may take in a pass */
#define SLOW_MAX 6   /* of them are kept */

uint64_t suite_slow_quick(const struct suite_running *r, struct target *t)
{
	uint64_t full = target_timeout(t), quick = r->opts->time_ms / QUICK_PART;

	if (!quick || quick >= full || target_is_foreign(t))
		return full;
	target_set_timeout(t, quick);
	r->out->quick_ms = quick;
	return full;
}

static bool is_same(
	const struct suite_slow *s, enum variant v, const struct triage *t, const char *signature)
{
	return s->variant == v && t->report && strcmp(signature, t->sig.id) == 0;
}

void suite_slow_keep(struct suite_running *r, enum variant v, const struct target_input *in,
	const struct edge_case *c, const struct triage *t)
{
	struct suite_slow *s = NULL;

	for (size_t i = 0; i < r->n_slow; i++)
		if (is_same(&r->slow[i], v, t, r->slow[i].signature))
			s = &r->slow[i];
	if (s && in->len >= s->input.len)
		return;
	if (!s && (r->n_slow == SLOW_MAX || !t->report))
		return;
	if (!s) {
		GROW(r->slow, r->n_slow, r->cap_slow);
		s = &r->slow[r->n_slow++];
		*s = (struct suite_slow){ .variant = v, .signature = xstrdup(t->sig.id) };
	}
	free(s->name);
	s->name = xstrdup(c->name);
	s->serial = c->serial;
	s->fault = in->fault;
	buf_reset(&s->input);
	buf_add(&s->input, in->data, in->len);
}

/* Under the harness's own limit. */
static int run_again(struct suite_running *r, const struct suite_slow *s, struct err *err)
{
	struct target *t = project_target(
		r->project, r->h, s->variant, r->opts->target, MAX(r->opts->jobs, 1u), err);
	struct edge_case c = { .name = s->name, .serial = s->serial, .len = s->input.len };
	struct target_input in = {
		.data = buf_str(&s->input), .len = s->input.len, .alone = true, .fault = s->fault
	};
	struct target_result res;
	struct buf text = BUF_INIT;
	int rc = t ? target_run_one(t, &in, &res, &text, err) : -1;

	c.data = in.data;
	if (rc == 0 && (res.outcome == TARGET_OK || res.outcome == TARGET_REJECTED))
		r->out->slow_passed++;
	else if (rc == 0)
		suite_result_take(r, s->variant, &in, &res, &c);
	buf_release(&text);
	return rc;
}

int suite_slow_run(struct suite_running *r, struct err *err)
{
	uint64_t started = clock_mono_ms();
	int rc = 0;

	/* the first one in any case; the others as long as the time of a few remains */
	for (size_t i = 0; rc == 0 && i < r->n_slow && !proc_interrupted(); i++) {
		if (i && clock_mono_ms() - started > r->opts->time_ms / 4)
			break;
		rc = run_again(r, &r->slow[i], err);
		r->slow_done++;
	}
	r->out->slow_left = r->n_slow - r->slow_done;
	return rc;
}

void suite_slow_release(struct suite_running *r)
{
	for (size_t i = 0; i < r->n_slow; i++) {
		free(r->slow[i].signature);
		free(r->slow[i].name);
		buf_release(&r->slow[i].input);
	}
	free(r->slow);
}
