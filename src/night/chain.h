/* From what became of the canary's bugs to which link of the chain is dead. Pure. */
#ifndef NIGHT_CHAIN_H
#define NIGHT_CHAIN_H

#include "base/buf.h"

/* In the order in which a bug goes through them. */
enum chain_link {
	CHAIN_BUILD,
	CHAIN_ENGINE,
	CHAIN_TRIAGE,
	CHAIN_MINIMIZE,
	CHAIN_TEST,
	CHAIN_ALIVE
};
/* "build", "engine", "triage", "minimise", "test", "alive" */
const char *chain_link_name(enum chain_link l);

/* The planted bugs, in a table: what is looked for in a campaign. */
struct chain_plant {
	/* for people */
	const char *name;
	/* the function that a bug's frames name */
	const char *function;
	/* a reproducer as small as it gets */
	uint64_t size;
	/* only a build by this shows it; NULL: any */
	const char *sanitizer;
};
#define CHAIN_PLANTS 4
extern const struct chain_plant chain_plants[CHAIN_PLANTS];

struct chain_seen {
	/* it was asked for */
	bool wanted;
	/* a bug has it; its reproducer is small; its test is there */
	bool filed, small, tested;
};

struct chain_facts {
	/* why nothing was run, why an engine did nothing: as the campaign told; NULL */
	const char *not_built, *engine;
	/* findings that no bug has */
	uint64_t unfiled;
	struct chain_seen seen[CHAIN_PLANTS];
};

/* The first link that is dead, with the reason in *why; CHAIN_ALIVE: none. */
enum chain_link chain_judge(const struct chain_facts *f, struct buf *why);

#endif
