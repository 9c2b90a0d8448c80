/* What afl-fuzz writes down of itself while it runs. */
#ifndef ENGINE_AFL_STATS_H
#define ENGINE_AFL_STATS_H

#include "base/prelude.h"

struct afl_stats {
	uint64_t execs, corpus, edges;
};

/*
 * From plot_data, written every few seconds, and at its end (final) from fuzzer_stats, below this folder. What isn't there,
 * or can't be read, stays as it is in out; counts of executions and edges never fall.
 */
void afl_stats_read(int out_dir, const char *instance, bool final, struct afl_stats *out);

#endif
