/* What the files of this room share: one check under way. */
#ifndef CHANGE_INTERNAL_H
#define CHANGE_INTERNAL_H

#include "change/change.h"
#include "change/tree.h"
#include "coverage/model.h"

struct changing {
	struct project *p;
	const struct change_opts *opts;
	struct change_result *out;
	struct tree base;
	/* of all compared harnesses */
	struct coverage_model lines;
	uint64_t start_ms;
};

/* --- found.c --- */

/* Of the time that was asked for; 0: none. */
uint64_t change_left(const struct changing *c);
const struct config_harness *change_base_of(const struct changing *c, const struct change_one *one);
/* The triage is taken over. A signature that is known of the harness isn't added again. */
void change_failed(struct changing *c, const struct change_one *one, const char *by,
	const char *input, struct triage *t_take);

/* replays.c: inputs and tests on both. */
int change_replay(struct changing *c, struct change_one *one, struct err *err);
/* All files of a folder on both, what is new filed as found by `by`. */
int change_replay_dir(struct changing *c, struct change_one *one, const char *dir, const char *by,
	struct err *err);

/* reached.c: what they reach on both, and which changed functions. */
int change_reached(struct changing *c, struct change_one *one, struct err *err);
/* Lines of the change that have code and that nothing reaches, once all harnesses were looked at. */
void change_uncovered(struct changing *c);

/* looking.c: edge cases and faults, and an engine, for so long. */
int change_edge(struct changing *c, struct change_one *one, uint64_t ms, struct err *err);
int change_fuzz(struct changing *c, struct change_one *one, uint64_t ms, struct err *err);

#endif
