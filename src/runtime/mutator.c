/*
 * libFuzzer's custom mutator, where the harness has none of its own (this one is weak): mutations of a text's structure beside
 * libFuzzer's own. How often, is learned from what the corpus took: an input that comes back here, and isn't the one made
 * just before, was kept.
 *
 * Before anything else come cases that were made beforehand: in a process that survives failures they run at the speed of
 * mutations, and those that reach something new enter the corpus like them. THRESH_RT_CASES is their file, which says how
 * far they were handed out, whichever process did it; THRESH_RT_CASES_MS is for how long a process hands them out.
 */
#ifndef _GNU_SOURCE
#define _GNU_SOURCE 1
#endif
#include "thresh_rt_structure.h"
#include "thresh_rt_protocol.h"

#include <fcntl.h>
#include <stdlib.h>
#include <string.h>
#include <sys/mman.h>
#include <sys/stat.h>
#include <time.h>
#include <unistd.h>

/* of 256 */
#define SHARE_MIN 8
#define SHARE_MAX 144
/* What is believed before anything was seen: that both are kept this often. */
#define PRIOR_KEPT 2
#define PRIOR_MADE 2000
#define MADE (1u << 14)
#define KEEP_EACH 32

size_t LLVMFuzzerMutate(uint8_t *data, size_t size, size_t max_size);
size_t LLVMFuzzerCustomMutator(uint8_t *data, size_t size, size_t max_size, unsigned seed)
	__attribute__((weak));

enum { ENGINES, OURS, WAYS };
/* of a hash: 0, the engine made it; else 1 + structure.c's way */
#define HOW 15u
_Static_assert(THRESH_RT_STRUCTURE_WAYS < HOW, "ways must fit");

static struct {
	uint64_t of[MADE]; /* hashes of what was made; the lowest bits say how */
	uint64_t last;
	uint64_t made[WAYS], kept[WAYS];
	uint64_t calls;
	uint32_t share;
	uint8_t room[THRESH_RT_STRUCTURE_MAX];
} learned;

static struct {
	int looked;
	uint8_t *p; /* NULL: there are none, or no more */
	uint64_t size, until_ms, n;
} cases;

static uint64_t now_ms(void)
{
	struct timespec t;

	if (clock_gettime(CLOCK_MONOTONIC, &t) < 0)
		return 0;
	return (uint64_t)t.tv_sec * 1000 + (uint64_t)t.tv_nsec / 1000000;
}

static void open_cases(void)
{
	const char *path = getenv("THRESH_RT_CASES"), *ms = getenv("THRESH_RT_CASES_MS");
	int fd = path ? open(path, O_RDWR | O_CLOEXEC | O_NOFOLLOW) : -1;
	struct stat st;
	void *p = MAP_FAILED;

	cases.looked = 1;
	if (fd >= 0 && fstat(fd, &st) == 0 && S_ISREG(st.st_mode) &&
		st.st_size > THRESH_RT_CASES_HEAD)
		p = mmap(NULL, (size_t)st.st_size, PROT_READ | PROT_WRITE, MAP_SHARED, fd, 0);
	if (fd >= 0)
		close(fd);
	if (p == MAP_FAILED)
		return;
	cases.p = (uint8_t *)p;
	cases.size = (uint64_t)st.st_size;
	if (ms)
		cases.until_ms = now_ms() + strtoull(ms, NULL, 10);
}

/* 0: no more. One that fails, and ends the process, was handed out all the same. */
static size_t next_case(uint8_t *data, size_t max_size)
{
	uint64_t at;
	uint32_t n;

	if (!cases.looked)
		open_cases();
	while (cases.p && !(cases.until_ms && cases.n++ % 16 == 0 && now_ms() >= cases.until_ms)) {
		memcpy(&at, cases.p, sizeof(at));
		if (at < THRESH_RT_CASES_HEAD || at > cases.size - sizeof(n))
			break;
		memcpy(&n, cases.p + at, sizeof(n));
		at += sizeof(n);
		if (n > cases.size - at)
			break;
		at += n;
		memcpy(cases.p, &at, sizeof(at));
		if (n && n <= max_size) {
			memcpy(data, cases.p + at - n, n);
			return n;
		}
	}
	if (cases.p)
		munmap(cases.p, (size_t)cases.size);
	cases.p = NULL;
	return 0;
}

static uint64_t hash_of(const uint8_t *data, size_t size)
{
	uint64_t h = size * 0x9e3779b97f4a7c15u, w;

	for (; size >= sizeof(w); data += sizeof(w), size -= sizeof(w)) {
		memcpy(&w, data, sizeof(w));
		h = (h ^ w) * 0xff51afd7ed558ccdu;
		h ^= h >> 32;
	}
	w = 0;
	memcpy(&w, data, size);
	h = (h ^ w) * 0xff51afd7ed558ccdu;
	return (h ^ h >> 32) | HOW;
}

/* Both ways get of the time what they bring of what is kept. */
static void learn(void)
{
	double rate[WAYS];
	uint32_t share;
	int i;

	for (i = 0; i < WAYS; i++)
		rate[i] = (double)(learned.kept[i] + PRIOR_KEPT) /
			  (double)(learned.made[i] + PRIOR_MADE);
	share = (uint32_t)(256 * rate[OURS] / (rate[OURS] + rate[ENGINES]));
	learned.share = share < SHARE_MIN ? SHARE_MIN : share > SHARE_MAX ? SHARE_MAX : share;
}

static void note_kept(const uint8_t *data, size_t size)
{
	uint64_t h = hash_of(data, size), *slot = &learned.of[h / (HOW + 1) % MADE];
	unsigned how = *slot & HOW;

	if (h == learned.last || (*slot | HOW) != h)
		return;
	learned.kept[how ? OURS : ENGINES]++;
	if (how)
		thresh_rt_structure_count(how - 1, 1);
	*slot = 0;
	thresh_rt_structure_keep(data, size);
}

static size_t mutate(uint8_t *data, size_t size, size_t max_size, unsigned seed, unsigned *how)
{
	size_t n = 0;

	if ((seed >> 7) % 256 < learned.share)
		n = thresh_rt_structure(data, size, learned.room, max_size, seed);
	*how = n ? 1 + thresh_rt_structure_way() : 0;
	if (!n)
		return LLVMFuzzerMutate(data, size, max_size);
	memcpy(data, learned.room, n);
	return n;
}

size_t LLVMFuzzerCustomMutator(uint8_t *data, size_t size, size_t max_size, unsigned seed)
{
	uint64_t h;
	size_t n = next_case(data, max_size);
	unsigned how;

	if (n)
		return n;
	if (!learned.calls)
		thresh_rt_structure_words(getenv(THRESH_RT_WORDS));
	if (learned.calls % 1024 == 0)
		learn();
	if (learned.calls++ % KEEP_EACH == 0)
		thresh_rt_structure_keep(data, size);
	note_kept(data, size);
	size = mutate(data, size, max_size, seed, &how);
	learned.made[how ? OURS : ENGINES]++;
	if (how)
		thresh_rt_structure_count(how - 1, 0);
	h = hash_of(data, size);
	learned.last = h;
	learned.of[h / (HOW + 1) % MADE] = h - HOW + how;
	return size;
}
