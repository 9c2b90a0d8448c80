/* How an input ended. */
#ifndef TARGET_RESULT_H
#define TARGET_RESULT_H

#include "base/strv.h"
#include "target/fault.h"

enum target_outcome {
	TARGET_OK,
	TARGET_REJECTED, /* the harness returned -1: not for the corpus */
	TARGET_CRASH,    /* a sanitizer's report or a signal */
	TARGET_LEAK,
	TARGET_TIMEOUT, /* CPU time, or wall clock */
	TARGET_OOM,
	TARGET_EXIT, /* the harness called exit or _exit */
	TARGET_ERROR, /* we couldn't run it (out of memory or descriptors here): says nothing of the input */
};
const char *target_outcome_name(enum target_outcome o);

struct target_result {
	enum target_outcome outcome;
	int sig;       /* signal that ended the child, 0 */
	int exit_code; /* -1 when a signal did */
	bool alone;    /* ran in a child of its own */
	/*
	 * Failed in a batch and passed alone: needs its predecessors. The run alone decides `outcome`; `text` is
	 * what the failing run printed and `batch_outcome` how it ended, so that nothing is lost.
	 */
	bool stateful;
	enum target_outcome batch_outcome;
	uint64_t cpu_us, wall_us; /* of a process that an input ended: from its fork to its end */
	/*
	 * With `memory_use`, bytes, where has_memory says that somebody could tell. Served: the most that the input's own allocations held at once, as
	 * the process and what it holds already serve many inputs. A command: the most that its process had resident.
	 */
	uint64_t memory;
	bool has_memory;
	struct strv
		text; /* what it printed on stderr (bounded: head and tail); valid during the callback */
	/*
	 * With `places`, the features are pairs, in no order: the offset of a block in the executable as the symboliser
	 * takes it, and how often it was entered, modulo 256. An input that fails has them up to there.
	 */
	const uint32_t *features; /* sorted ids, see target_features; valid during the callback */
	size_t n_features;
	/* It failed in a way that target_know was told of, and has no text; see target_opts. */
	bool known;
	/* What failed and on which stack, for target_failure_key; valid during the callback. */
	uint64_t how;
	const uint64_t *pcs;
	size_t n_pcs;
	/* by kind of fault: how many calls there were that can fail so; 0 where it can't be injected */
	uint64_t calls[TARGET_FAULTS];
};

#endif
