/* How an input ended. */
#ifndef TARGET_RESULT_H
#define TARGET_RESULT_H

#include "base/strv.h"
#include "target/fault.h"

enum target_outcome {
	TARGET_OK,
	/* the harness returned -1: not for the corpus; or a command refused it (target/exits.h) */
	TARGET_REJECTED,
	/* a sanitizer's report or a signal */
	TARGET_CRASH,
	TARGET_LEAK,
	/* CPU time, or wall clock */
	TARGET_TIMEOUT,
	TARGET_OOM,
	/* the harness called exit or _exit; a command ended with a status that is a failure */
	TARGET_EXIT,
	/* we couldn't run it (out of memory or descriptors here): says nothing of the input */
	TARGET_ERROR,
};
const char *target_outcome_name(enum target_outcome o);

struct target_result {
	enum target_outcome outcome;
	/* signal that ended the child, 0 */
	int sig;
	/* -1 when a signal did */
	int exit_code;
	/* ran in a child of its own */
	bool alone;
	/*
	 * Failed in a batch and passed alone: needs its predecessors. The run alone decides
	 * `outcome`; `text` is what the failing run printed and `batch_outcome` how it ended, so
	 * that nothing is lost.
	 */
	bool stateful;
	enum target_outcome batch_outcome;
	/* of a process that an input ended: from its fork to its end */
	uint64_t cpu_us, wall_us;
	/*
	 * In bytes, with `memory_use`, where has_memory says that somebody could tell. Served: the
	 * most that the input's own allocations held at once, since the process serves many inputs.
	 * A command: the most that its process had resident.
	 */
	uint64_t memory;
	bool has_memory;
	/* what it printed on stderr (bounded: head and tail); valid during the callback */
	struct strv text;
	/*
	 * Sorted ids, see target_features; valid during the callback. With `places` they are pairs
	 * instead, in no order: the offset of a block in the executable as the symboliser takes it,
	 * and how often it was entered, modulo 256; a failing input has those that it got to.
	 */
	const uint32_t *features;
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
