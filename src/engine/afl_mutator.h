/*
 * A harness's own LLVMFuzzerCustomMutator and LLVMFuzzerCustomCrossOver under AFL++: asked by the library that it loads
 * (src/runtime/ask_mutator.c). As with libFuzzer, where there is such a mutator nothing else changes inputs.
 */
#ifndef ENGINE_AFL_MUTATOR_H
#define ENGINE_AFL_MUTATOR_H

#include "base/strlist.h"
#include "base/strv.h"
#include "engine/engine.h"

struct afl_mutator {
	bool mutates, crosses;
	/* it ended several times in a row, and isn't asked any more */
	bool left;
	uint64_t ended;
	/* how, the last time */
	char how[64];
};

/* What the AFL++ target exe has. */
void afl_mutator_find(struct afl_mutator *m, const char *exe);
/* Do all inputs come from it? */
bool afl_mutator_is_only(const struct afl_mutator *m);
/* What afl-fuzz and its library are to know of it; exe is started as given. */
void afl_mutator_env(const struct afl_mutator *m, const struct engine_job *job, const char *exe,
	struct strlist *env);
/* A line that afl-fuzz printed. */
void afl_mutator_line(struct afl_mutator *m, struct strv line);
/* False once it was given up: afl-fuzz, which has nothing else, is to be started anew. */
bool afl_mutator_goes_on(const struct afl_mutator *m);
/* Tells of its ends since, once each. */
void afl_mutator_count(struct afl_mutator *m, struct engine_stats *stats);

#endif
