/* What took longer than a pass waits, run again at the end, alone, under the harness's own limit. Only that decides. */
#include "base/prelude.h"
#include "suite/internal.h"
#include "base/clock.h"
#include "proc/proc.h"
#include "triage/triage.h"

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

int suite_rerun(struct suite_running *r, struct err *err)
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
