/* Limits are wide: an alarm that comes for nothing is one that nobody reads the next time. */
#include "base/prelude.h"
#include "guard/alarms.h"
#include "base/mem.h"

/* Of so many inputs, all but one in so many rejected. */
#define REJECTS_MIN 20
#define REJECTS_PART 20
/* Over so many campaigns nothing new, and at least as many inputs more, by half. */
#define GROWS_CAMPAIGNS 3
#define GROWS_MIN 200

static void add(struct guard_result *out, enum guard_alarm_kind kind, char *text)
{
	out->alarms[out->n_alarms++] = (struct guard_alarm){ .kind = kind, .text = text };
}

static void judge_rejects(struct guard_result *out)
{
	const struct guard_rec *r = &out->now;

	if (r->inputs >= REJECTS_MIN && r->rejected > r->inputs - r->inputs / REJECTS_PART)
		add(out, GUARD_REJECTS,
			xasprintf("its harness rejects %llu of %llu inputs at once (it returns "
				  "-1); return 0 where the code under test ran, and give it seeds "
				  "that it takes",
				(unsigned long long)r->rejected, (unsigned long long)r->inputs));
}

struct past {
	const struct guard_rec *now;
	size_t n;
	uint64_t inputs;
	bool gained;
};

static int one_past(void *arg, const struct guard_rec *r)
{
	struct past *past = arg;

	/* other counters can't be compared */
	if (r->campaign == past->now->campaign)
		return 0;
	if (strcmp(r->build, past->now->build) != 0)
		return 1;
	past->gained = past->gained || r->features < past->now->features;
	past->inputs = r->inputs;
	return ++past->n == GROWS_CAMPAIGNS;
}

static int judge_growth(struct project *p, struct guard_result *out, struct err *err)
{
	struct past past = { .now = &out->now };
	uint64_t n = out->now.inputs;

	if (store_guards(p->store, out->now.harness, one_past, &past, err) < 0)
		return -1;
	if (past.n == GROWS_CAMPAIGNS && !past.gained && n >= past.inputs + GROWS_MIN &&
		n >= past.inputs + past.inputs / 2)
		add(out, GUARD_GROWS,
			xasprintf("its corpus grew from %llu to %llu inputs over %d campaigns, and "
				  "reaches nothing more; `thresh distill %s` makes it small",
				(unsigned long long)past.inputs, (unsigned long long)n,
				GROWS_CAMPAIGNS, out->now.harness));
	return 0;
}

/* Which were told is a fact of the store: a digit each. One that ended may be told again. */
static int mark_fresh(struct project *p, struct guard_result *out, struct err *err)
{
	char *key = xasprintf("guard/%s", out->now.harness), *told = NULL;
	char now[GUARD_ALARMS + 1] = "";
	int rc = store_fact_get(p->store, key, &told, err);

	for (size_t i = 0; rc >= 0 && i < out->n_alarms; i++) {
		char c = (char)('0' + out->alarms[i].kind);

		now[i] = c;
		out->alarms[i].fresh = !told || !strchr(told, c);
	}
	/* a look that belongs to no campaign tells nobody */
	if (rc >= 0 && out->now.campaign && strcmp(told ? told : "", now) != 0)
		rc = store_fact_set(p->store, key, *now ? now : NULL, err);
	free(told);
	free(key);
	return rc < 0 ? -1 : 0;
}

int guard_alarms(struct project *p, struct guard_result *out, struct err *err)
{
	judge_rejects(out);
	if (judge_growth(p, out, err) < 0)
		return -1;
	return mark_fresh(p, out, err);
}
