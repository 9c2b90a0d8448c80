/* From the store's bugs: there is no second book that could say otherwise. */
#include "base/prelude.h"
#include "campaign/endless.h"
#include "engine/hangs.h"

struct asked {
	const char *harness;
	bool known;
};

static int one_bug(void *arg, const struct bug_rec *b)
{
	struct asked *a = arg;

	a->known |= b->state != BUG_FIXED && b->harness && b->family &&
		    strcmp(b->harness, a->harness) == 0 && strcmp(b->family, "timeout") == 0;
	return a->known;
}

bool endless_known(struct project *p, const char *harness)
{
	struct asked a = { .harness = harness };
	struct err err = ERR_INIT;

	/* a store that can't be read now: the limit is what it always is */
	if (store_bugs(p->store, one_bug, &a, &err) < 0)
		return false;
	return a.known;
}

uint64_t endless_limit_ms(struct project *p, const char *harness, uint64_t limit_ms)
{
	return endless_known(p, harness) ? hangs_limit_ms(limit_ms) : limit_ms;
}
