/* The links are looked at in order, so that what is dead is named and not what it starves. */
#include "base/prelude.h"
#include "night/chain.h"

const struct chain_plant chain_plants[CHAIN_PLANTS] = {
	{ "a crash behind a value", "canary_crash", 9, NULL },
	{ "a leak", "canary_leak", 2, NULL },
	{ "a hang", "canary_hang", 2, NULL },
	{ "a use of what was never set", "canary_unset", 2, "memory" },
};

const char *chain_link_name(enum chain_link l)
{
	static const char *const names[] = { "build", "engine", "triage", "minimise", "test",
		"alive" };

	return names[l];
}

/* How far it came. What was found and not filed may be any of them. */
static enum chain_link reached(const struct chain_facts *f, const struct chain_seen *s)
{
	if (!s->wanted)
		return CHAIN_ALIVE;
	if (!s->filed)
		return f->unfiled ? CHAIN_TRIAGE : CHAIN_ENGINE;
	if (!s->small)
		return CHAIN_MINIMIZE;
	return s->tested ? CHAIN_ALIVE : CHAIN_TEST;
}

enum chain_link chain_judge(const struct chain_facts *f, struct buf *why)
{
	static const char *const words[] = {
		[CHAIN_ENGINE] = "nothing found it",
		[CHAIN_TRIAGE] = "its finding became no bug",
		[CHAIN_MINIMIZE] = "its reproducer was not made small",
		[CHAIN_TEST] = "no regression test was written and proven",
	};
	enum chain_link dead = CHAIN_ALIVE;
	const char *between = "";

	if (f->not_built || f->engine) {
		buf_adds(why, f->not_built ? f->not_built : f->engine);
		return f->not_built ? CHAIN_BUILD : CHAIN_ENGINE;
	}
	for (size_t i = 0; i < CHAIN_PLANTS; i++)
		dead = MIN(dead, reached(f, &f->seen[i]));
	for (size_t i = 0; i < CHAIN_PLANTS && dead != CHAIN_ALIVE; i++) {
		if (reached(f, &f->seen[i]) != dead)
			continue;
		buf_addf(why, "%s%s", between, chain_plants[i].name);
		between = ", ";
	}
	if (dead != CHAIN_ALIVE)
		buf_addf(why, ": %s", words[dead]);
	return dead;
}
