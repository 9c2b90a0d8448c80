/*
 * A harness's own LLVMFuzzerCustomMutator and LLVMFuzzerCustomCrossOver for AFL++, which has no name for them: the target's
 * own executable makes the mutations (own_mutator.c), in a process beside the one that runs inputs, and the library that
 * afl-fuzz loads asks for them (ask_mutator.c). A harness's mutator that crashes, hangs or grows ends that process alone.
 */
#ifndef THRESH_RT_MUTATE_H
#define THRESH_RT_MUTATE_H

#include <stddef.h>
#include <stdint.h>
#include <sys/types.h>

/* "FD": a socket; a byte on it asks for mutations, one answers. The memory is at the next descriptor. */
#define THRESH_RT_MUTATE "THRESH_RT_MUTATE"
/* a file of words for LLVMFuzzerMutate, as engines read them */
#define THRESH_RT_MUTATE_WORDS "THRESH_RT_MUTATE_WORDS"
/* asked for at once: a switch between processes costs more than most mutations */
#define THRESH_RT_MUTATIONS 16
/* bytes of an input */
#define THRESH_RT_MUTATE_MAX ((size_t)1 << 20)

enum { THRESH_RT_HAS_MUTATOR = 1, THRESH_RT_HAS_CROSS_OVER = 2 };

struct thresh_rt_mutate {
	uint32_t has;
	uint32_t max, seed;
	/* of the input, and of another one to cross it with */
	uint32_t size, other_size;
	/* of what was made; 0: nothing this once */
	uint32_t made_size[THRESH_RT_MUTATIONS];
	uint8_t data[THRESH_RT_MUTATE_MAX], other[THRESH_RT_MUTATE_MAX];
	uint8_t made[THRESH_RT_MUTATIONS][THRESH_RT_MUTATE_MAX];
};

/* In the target: answers until nobody asks any more. */
void thresh_rt_make_mutations(int fd);

/* In afl-fuzz. */
struct thresh_rt_asked {
	const char *exe;
	unsigned long memory_mb; /* 0: no limit */
	uint32_t max, has;
	pid_t pid;
	int fd;
	unsigned failed; /* in a row; from THRESH_RT_MUTATOR_TRIES on it isn't asked any more */
	unsigned next;   /* of what is there; THRESH_RT_MUTATIONS: nothing is */
	struct thresh_rt_mutate *shared;
};

#define THRESH_RT_MUTATOR_TRIES 3
/* What it prints where the process ended, or where it gives it up; how it ended is behind that. */
#define THRESH_RT_MUTATOR_ENDED "thresh: the harness's own mutator "
#define THRESH_RT_MUTATOR_LEFT "thresh: the mutator isn't asked any more"

/* Starts exe, and learns what it has. 0, or -1: it has to do without. */
int thresh_rt_ask_begin(struct thresh_rt_asked *a, const char *exe);

/* Those that are there for another input are dropped. */
void thresh_rt_ask_forget(struct thresh_rt_asked *a);

/*
 * A mutation of data, in memory that is valid until the next call. Returns its size; 0: none this once. other may be NULL.
 */
size_t thresh_rt_ask(struct thresh_rt_asked *a, const uint8_t *data, size_t size,
	const uint8_t *other, size_t other_size, uint32_t seed, const uint8_t **out);

void thresh_rt_ask_end(struct thresh_rt_asked *a);

#endif
