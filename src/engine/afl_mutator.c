/* Whether there is one, the executable's symbols say; whether it works, the library's words in what afl-fuzz prints. */
#include "base/prelude.h"
#include "engine/afl_mutator.h"
#include "base/elf.h"
#include "base/fs.h"
#include "base/mem.h"
#include "runtime/thresh_rt_mutate.h"
#include <stdio.h>

void afl_mutator_find(struct afl_mutator *m, const char *exe)
{
	static const char *const names[] = { "LLVMFuzzerCustomMutator",
		"LLVMFuzzerCustomCrossOver" };
	bool own[ARRAY_LEN(names)] = { false };

	elf_defines(exe, names, ARRAY_LEN(names), own);
	m->mutates = own[0];
	m->crosses = own[1];
}

bool afl_mutator_is_only(const struct afl_mutator *m)
{
	return m->mutates && !m->left;
}

void afl_mutator_env(const struct afl_mutator *m, const struct engine_job *job, const char *exe,
	struct strlist *env)
{
	if (m->left || (!m->mutates && !m->crosses))
		return;
	strlist_addf(env, "THRESH_MUTATE_EXE=%s", exe);
	strlist_addf(env, "THRESH_MUTATE_MAX=%llu", (unsigned long long)job->max_len);
	strlist_addf(env, "THRESH_MUTATE_MEMORY=%llu", (unsigned long long)(job->memory >> 20));
	if (job->dictionary) {
		char *words = fs_abspath(job->dictionary);

		strlist_addf(env, THRESH_RT_MUTATE_WORDS "=%s", words);
		free(words);
	}
	/* and nothing is shortened but by it */
	if (m->mutates) {
		strlist_add(env, "AFL_CUSTOM_MUTATOR_ONLY=1");
		strlist_add(env, "AFL_DISABLE_TRIM=1");
	}
}

void afl_mutator_line(struct afl_mutator *m, struct strv line)
{
	size_t at = strv_find(line, THRESH_RT_MUTATOR_ENDED);

	if (strv_contains(line, THRESH_RT_MUTATOR_LEFT)) {
		m->left = true;
	} else if (at != SIZE_MAX) {
		line = strv_from(line, at + strlen(THRESH_RT_MUTATOR_ENDED));
		m->ended++;
		snprintf(m->how, sizeof(m->how), STRV_FMT, (int)MIN(line.len, sizeof(m->how) - 1),
			line.s);
	}
}

bool afl_mutator_goes_on(const struct afl_mutator *m)
{
	return !m->left || !m->ended;
}

void afl_mutator_count(struct afl_mutator *m, struct engine_stats *stats)
{
	if (!m->ended)
		return;
	stats->lost += m->ended;
	snprintf(stats->lost_why, sizeof(stats->lost_why),
		"the harness's own LLVMFuzzerCustomMutator or LLVMFuzzerCustomCrossOver %s%s",
		m->how, m->left ? "; AFL++ goes on without it" : "");
	m->ended = 0;
}
