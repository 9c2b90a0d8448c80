/* The store knows levels, not rules: what was kept by another version is read all the same. */
#include "base/prelude.h"
#include "health/keep.h"
#include "base/clock.h"
#include "base/log.h"

void health_keep(struct project *p, const char *harness, const struct health *h)
{
	struct look_rec r = { .when_ms = clock_wall_ms() };
	struct err err = ERR_INIT;

	for (size_t i = 0; i < h->n; i++)
		look_rec_add(&r, h->v[i].severity == HEALTH_SICK ? LOOK_SICK : LOOK_WARNING,
			h->v[i].rule, h->v[i].cause, h->v[i].mend);
	if (store_look_set(p->store, harness, &r, &err) < 0)
		log_warn("%s: its health isn't kept: %s", harness, err.msg);
	look_rec_release(&r);
}

void health_keep_one(struct project *p, const char *harness, const char *rule,
	enum health_severity severity, const char *cause, const char *mend)
{
	struct health h = { NULL };

	health_add(&h, rule, severity, cause, mend);
	health_keep(p, harness, &h);
	health_release(&h);
}
