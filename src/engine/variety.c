/*
 * libFuzzer weighs inputs by the rarity of what they reach (-entropic=1, its default). Keeping the books of that takes up to
 * half of its time while a corpus still grows fast, so it begins without, and comes to it later, when what is rare is
 * known. Neither do the long inputs come first: mutants of a thousand bytes run at a fifth of the speed.
 * Sanitizers come first, as shallow bugs show within a second; without them there are two to five times as many executions.
 */
#include "base/prelude.h"
#include "engine/variety.h"
#include "base/buf.h"
#include "base/dir.h"
#include "base/mem.h"
#include "base/num.h"
#include "base/strlist.h"
#include <fcntl.h>
#include <stdio.h>
#include <stdlib.h>
#include <sys/stat.h>

/* In the work directory, which no target writes to. */
#define TURN "turn"
#define TURN_MAX 32
/* what most inputs fit in: this part of them, and no fewer bytes than that */
#define MOST(n) ((n)-1 - ((n)-1) / 4)
#define SHORT_MIN 128
/* of a large corpus; names are hashes, so each so-and-so-many-th is as good as one drawn */
#define SAMPLE 1000

/* With sanitizers every other time. */
static const struct variety_libfuzzer libfuzzer[] = {
	{ "short inputs", false, false, false, true },
	{ "all inputs", true, false, false, false },
	{ "entropic, short inputs", false, true, false, true },
	{ "entropic", true, true, false, false },
	{ "value profile, all inputs", false, false, true, false },
	{ "value profile, short inputs", true, false, true, true },
};

/*
 * As its own documents advise for short runs: seldom trimmed, another schedule or queue order each time. Not MOpt: afl-fuzz
 * refuses it beside a custom mutator, which our imports are.
 */
static const struct variety_afl afl[] = {
	{ "no trimming", false, { NULL } },
	{ "explore", false, { "-p", "explore", NULL } },
	{ "trimmed, rare", true, { "-p", "rare", NULL } },
	{ "sequential queue", false, { "-Z", NULL } },
	{ "exploit", false, { "-p", "exploit", NULL } },
	{ "trimmed, coe", true, { "-p", "coe", NULL } },
};

unsigned variety_turn(int work_dir)
{
	struct buf b = BUF_INIT;
	uint64_t turn = 0;
	char next[TURN_MAX];
	int n;

	if (dir_read(work_dir, TURN, TURN_MAX, &b, NULL) < 0 ||
		num_u64(strv_n(buf_str(&b), b.len), &turn) < 0)
		turn = 0;
	buf_release(&b);
	turn %= UINT32_MAX;
	n = snprintf(next, sizeof(next), "%llu", (unsigned long long)turn + 1);
	dir_write(work_dir, TURN, next, (size_t)n, NULL);
	return (unsigned)turn;
}

const struct variety_libfuzzer *variety_of_libfuzzer(unsigned turn)
{
	return &libfuzzer[turn % ARRAY_LEN(libfuzzer)];
}

const struct variety_afl *variety_of_afl(unsigned turn)
{
	return &afl[turn % ARRAY_LEN(afl)];
}

static int by_size(const void *a, const void *b)
{
	const uint64_t *x = a, *y = b;

	return *x < *y ? -1 : *x > *y;
}

uint64_t variety_short_len(int corpus, uint64_t max)
{
	struct strlist names = STRLIST_INIT;
	uint64_t *sizes, longest, most;
	struct stat st;
	size_t n = 0, step;

	if (dir_list(corpus, &names, NULL) < 0 || !names.n) {
		strlist_release(&names);
		return 0;
	}
	step = names.n / SAMPLE + 1;
	sizes = xcalloc(names.n / step + 1, sizeof(*sizes));
	for (size_t i = 0; i < names.n; i += step)
		if (fstatat(corpus, names.v[i], &st, AT_SYMLINK_NOFOLLOW) == 0 &&
			S_ISREG(st.st_mode))
			sizes[n++] = (uint64_t)st.st_size;
	qsort(sizes, n, sizeof(*sizes), by_size);
	longest = n ? sizes[n - 1] : 0;
	most = n ? MAX(sizes[MOST(n)], (uint64_t)SHORT_MIN) : 0;
	free(sizes);
	strlist_release(&names);
	if (max)
		longest = MIN(longest, max);
	return most && most <= longest / 2 ? most : 0;
}
