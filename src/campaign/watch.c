/* A look that takes its time is taken less often: it is for people only. */
#include "base/prelude.h"
#include "campaign/watch.h"
#include "base/clock.h"
#include "project/origins.h"
#include <stdio.h>
#include <unistd.h>

#define EVERY_MS 1000
/* of all time at most, in parts of it */
#define PART 400

void watch_tell_now(
	struct watch *w, struct run_status *status, const char *harness, const char *what)
{
	size_t i = status->n_now;

	if (i == ARRAY_LEN(w->now))
		return;
	snprintf(w->now[i], sizeof(w->now[0]), "%.100s/%.20s", harness, what);
	status->now[i] = w->now[i];
	status->n_now++;
}

static int newest(void *arg, const char *harness, const char *engine, uint64_t when_ms)
{
	struct run_status *status = arg;

	(void)harness;
	(void)engine;
	status->last_new_ms = MAX(status->last_new_ms, when_ms);
	return 0;
}

void watch_look(struct watch *w, struct project *p, int64_t campaign, struct run_status *status)
{
	uint64_t now = clock_mono_ms();

	if (now < w->next_ms)
		return;
	if (!w->usage.root)
		proc_usage_begin(&w->usage, (uint64_t)getpid());
	else
		proc_usage_look(&w->usage);
	status->cpu_share = w->usage.share;
	store_origins_last(p->store, campaign, newest, status, NULL);
	w->next_ms = now + MAX((uint64_t)EVERY_MS, (clock_mono_ms() - now) * PART);
}
