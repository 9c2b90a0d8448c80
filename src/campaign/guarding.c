/* One line a harness: the rest is for who asks. */
#include "base/prelude.h"
#include "campaign/guarding.h"
#include "base/again.h"
#include "base/clock.h"
#include "base/log.h"
#include "guard/guard.h"
#include "proc/proc.h"

/* Of the campaign's time, above it: it ends when it says. */
#define TIME_PART 50
#define TIME_MIN_MS 3000

static void tell(struct run_result *out, const char *harness, const struct guard_result *r)
{
	size_t first = 0;

	while (first < r->n_losses && r->losses[first].campaign != r->now.campaign)
		first++;
	if (r->n_fresh) {
		struct buf b = BUF_INIT;

		buf_addf(&b, "%s: its corpus reaches less than on the last build: ", harness);
		guard_add_loss(&b, &r->losses[first]);
		if (r->n_fresh > 1)
			buf_addf(&b, ", and %zu more", r->n_fresh - 1);
		buf_adds(&b, "; look with `");
		again_add(&b, "guard %s`", harness);
		strlist_add(&out->alarms, buf_str(&b));
		buf_release(&b);
	}
	for (size_t i = 0; i < r->n_alarms; i++)
		if (r->alarms[i].fresh)
			strlist_addf(&out->alarms, "%s: %s", harness, r->alarms[i].text);
}

void guarding(struct project *p, const struct run_opts *opts, const struct prepared *ready,
	struct run_result *out)
{
	uint64_t until = clock_mono_ms() + MAX(opts->time_ms / TIME_PART, (uint64_t)TIME_MIN_MS);
	const char *first_cut = "";
	size_t n_cut = 0;

	for (size_t i = 0; i < opts->n_harnesses && !proc_interrupted(); i++) {
		const struct config_harness *h = opts->harnesses[i];
		uint64_t now = clock_mono_ms();
		/* what one doesn't need the next ones have */
		struct guard_opts how = { .campaign = out->campaign,
			.until_ms = now + (until - MIN(until, now)) / (opts->n_harnesses - i) };
		struct guard_result r;
		struct err err = ERR_INIT;

		/* also one that was left out: what it lost may be why */
		if (!ready[i].built[VARIANT_COV] || ready[i].no_run)
			continue;
		if (guard_look(p, h, &how, &r, &err) >= 0)
			tell(out, h->name, &r);
		else if (!proc_interrupted())
			log_warn("%s: its corpus isn't guarded: %s", h->name, err.msg);
		if (r.cut && n_cut++ == 0)
			first_cut = h->name;
		guard_result_release(&r);
	}
	if (n_cut == 1)
		log_info("%s: its corpus is too slow, or too large, to be looked at for losses in "
			 "the campaign's time; `thresh guard %s` does",
			first_cut, first_cut);
	else if (n_cut)
		log_info("the corpora of %zu harnesses are too slow, or too large, to be looked at "
			 "for losses in the campaign's time; `thresh guard` does",
			n_cut);
}
