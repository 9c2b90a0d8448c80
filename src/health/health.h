/*
 * Is a harness worth the time that it gets? From what was measured of it (health/probe.h) to findings, each with its
 * cause and its mend. Pure.
 */
#ifndef HEALTH_HEALTH_H
#define HEALTH_HEALTH_H

#include "base/prelude.h"

enum health_severity {
	/* worth mending; it gets its time all the same */
	HEALTH_WARNING,
	/* time given to it is lost: it is left out */
	HEALTH_SICK,
};
const char *health_severity_name(enum health_severity s);
/* Of one that hangs on nothing, of one whose sanitizer build fails, and of one that ends before its first input. */
#define HEALTH_HANG_MEND "return at once where there is nothing to parse"
#define HEALTH_BUILD_MEND "`thresh build` shows all of what the compiler said"
#define HEALTH_START_MEND                                                                        \
	"make what runs before the first input succeed, LLVMFuzzerInitialize or a constructor: " \
	"`files` and `env` of the harness in thresh.yaml give it what it needs"

/* How many inputs something is true of, and the name of the first. */
struct health_count {
	size_t n;
	/* owned; NULL where n is 0 */
	char *first;
};

struct health_facts {
	/* all that were tried, the empty one apart; of them those that are seeds */
	size_t inputs, seeds;
	/* the time was up before each of them was */
	bool cut;
	/* in the build */
	size_t counters;
	/* neither failed nor were cut off by the time; the empty one among them */
	size_t passed;
	bool empty_hangs, empty_leaks;
	/* reached a counter that the empty input doesn't */
	size_t beyond_empty;
	/* counters that any input reached which passed, and the empty one doesn't */
	size_t reached;
	/* returned -1, or failed: of the seeds, and of all inputs */
	struct health_count seeds_rejected, seeds_failed;
	size_t rejected, failed;
	/* did not end within the limit of time */
	struct health_count hang;
	/* of the seeds: no counter that the empty input doesn't reach */
	struct health_count seeds_shallow;
	/* two runs alone reached different features */
	struct health_count unstable;
	/* reached others behind other inputs than behind others still; failed only behind others */
	struct health_count stateful, fails_behind;
	/* left after they passed */
	struct health_count files, processes;
	/* were denied by the sandbox what they asked for; first: what that was */
	struct health_count denied;
	/* each alone on the sanitizer's build, the empty one among them; tried: how many were run so; of them failed */
	size_t leak_tried, sanitizer_failed;
	struct health_count leaks;
	/* of a run in process, on average; 0: not known */
	uint64_t run_us;
};
void health_facts_release(struct health_facts *f);
/* One more; name is copied. */
void health_count_add(struct health_count *c, const char *name);

struct health_finding {
	/* a word that stays: "dead", "unstable" */
	const char *rule;
	enum health_severity severity;
	char *cause;
	const char *mend;
};

struct health {
	struct health_finding *v;
	size_t n, cap;
};

/* Appended to *out, the sick ones first. */
void health_judge(const struct health_facts *f, struct health *out);
/* One that was met before anything could be measured, as a build that fails; cause is copied, mend is a constant. */
void health_add(struct health *h, const char *rule, enum health_severity severity,
	const char *cause, const char *mend);
/* The first one that is sick, or NULL. */
const struct health_finding *health_sick(const struct health *h);
void health_release(struct health *h);

#endif
