/*
 * What a store can take, through its own interface: several processes that take and end jobs, several that file new
 * findings, each of them on the disk when the call returns, and several that give new inputs of a corpus, in the batches in
 * which workers do. The rates of the first and of the last quarter stand beside the
 * whole's: what grows slower with its table shows there.
 *
 * Or, for SECONDS, many processes that do to the store what workers do, with no engine: each looks for new inputs every two
 * seconds, shows signs of life, and now and then has an input of its own. How long it takes until all others have its bytes.
 */
#include "base/prelude.h"
#include "base/clock.h"
#include "base/hash.h"
#include "base/mem.h"
#include "base/num.h"
#include "store/store.h"
#include <signal.h>
#include <stdio.h>
#include <sys/mman.h>
#include <sys/prctl.h>
#include <sys/wait.h>
#include <unistd.h>

#define LEASE_MS 600000
#define BATCH 256
#define INPUT_SIZE 400
#define INPUTS_TIMES 8 /* there are more of them */

struct shared {
	uint64_t done;
	uint64_t quarter_ms[5];
};

static void die(const char *what, const struct err *err)
{
	fprintf(stderr, "bench-store: %s: %s\n", what, err->msg);
	_exit(3);
}

static void count(struct shared *sh, uint64_t total, uint64_t more)
{
	uint64_t n = __atomic_add_fetch(&sh->done, more, __ATOMIC_RELAXED);

	for (uint64_t q = 1; q <= 4; q++)
		if (n >= total * q / 4 && n - more < total * q / 4)
			sh->quarter_ms[q] = clock_mono_ms();
}

static struct store *open_store(const char *url)
{
	struct err err = ERR_INIT;
	struct store *s = store_open(url, &err);

	if (!s)
		die("open", &err);
	return s;
}

static void take_jobs(const char *url, int64_t campaign, struct shared *sh, uint64_t total)
{
	char *owner = xasprintf("bench:%ld:1", (long)getpid());
	struct store *s = open_store(url);
	struct err err = ERR_INIT;
	struct job_rec j;
	int rc = 0;

	while (__atomic_load_n(&sh->done, __ATOMIC_RELAXED) < total) {
		rc = store_job_take(
			s, campaign, NULL, owner, NULL, clock_wall_ms(), LEASE_MS, &j, &err);
		if (rc == 1)
			continue;
		if (rc < 0 || store_job_done(s, j.id, owner, &err) != 0)
			die("job", &err);
		job_rec_release(&j);
		count(sh, total, 1);
	}
	store_close(s);
	free(owner);
	_exit(0);
}

static void add_findings(const char *url, int64_t campaign, struct shared *sh, uint64_t total,
	unsigned me, unsigned of)
{
	struct store *s = open_store(url);
	struct err err = ERR_INIT;
	char sha1[SHA1_HEX];

	for (uint64_t i = me; i < total; i += of) {
		struct finding_rec f = { .campaign = campaign,
			.harness = (char *)"h",
			.variant = (char *)"asan",
			.origin = (char *)"libfuzzer",
			.input = sha1,
			.size = 100,
			.found_ms = clock_wall_ms() };

		hash_sha1(&i, sizeof(i), sha1);
		if (store_finding_add(s, &f, NULL, NULL, &err) < 0)
			die("finding", &err);
		count(sh, total, 1);
	}
	store_close(s);
	_exit(0);
}

static void add_inputs(const char *url, struct shared *sh, uint64_t total, unsigned me, unsigned of)
{
	struct store *s = open_store(url);
	struct err err = ERR_INIT;
	char bytes[BATCH][INPUT_SIZE], sha1[BATCH][SHA1_HEX];
	struct store_blob blobs[BATCH];
	struct strlist names = STRLIST_INIT;

	memset(bytes, 'x', sizeof(bytes));
	for (uint64_t at = (uint64_t)me * BATCH; at < total; at += (uint64_t)of * BATCH) {
		size_t n = (size_t)MIN(total - at, (uint64_t)BATCH);

		for (size_t i = 0; i < n; i++) {
			snprintf(bytes[i], INPUT_SIZE, "%llu", (unsigned long long)(at + i));
			hash_sha1(bytes[i], INPUT_SIZE, sha1[i]);
			blobs[i] = (struct store_blob){ sha1[i], bytes[i], INPUT_SIZE };
			strlist_add(&names, sha1[i]);
		}
		if (store_blobs_put(s, blobs, n, false, &err) < 0 ||
			store_corpus_add(s, "h", &names, &err) < 0)
			die("input", &err);
		strlist_release(&names);
		count(sh, total, n);
	}
	store_close(s);
	_exit(0);
}

static void show(const char *what, const struct shared *sh, uint64_t total)
{
	const uint64_t *ms = sh->quarter_ms;

	printf("%-10s %8.0f/s   first quarter %8.0f/s   last quarter %8.0f/s\n", what,
		(double)total * 1000 / (double)MAX(ms[4] - ms[0], (uint64_t)1),
		(double)total * 250 / (double)MAX(ms[1] - ms[0], (uint64_t)1),
		(double)total * 250 / (double)MAX(ms[4] - ms[3], (uint64_t)1));
}

/* --- many workers --- */

#define SYNC_MS 2000
/* at once: a server starts a process for each, and lets few wait */
#define STARTING 16
#define BEAT_MS 10000
#define BUCKET_MS 50
#define BUCKETS 2400

struct crowd {
	uint64_t seen, given, late[BUCKETS];
	uint64_t ready, begin_ms;
};

struct member {
	struct crowd *all;
	int64_t change;
};

/* An input's bytes say when it was given. */
static int one_new(void *arg, const char *sha1, int64_t change, bool gone, const char *p, size_t n)
{
	struct member *m = arg;
	struct strv when = strv_n(p, n), me;
	uint64_t ms, late;

	(void)sha1;
	(void)gone;
	m->change = MAX(m->change, change);
	if (!p || !strv_split(&when, ' ', &me) || num_u64(when, &ms) < 0)
		return 0;
	late = clock_mono_ms() - MIN(clock_mono_ms(), ms);
	__atomic_add_fetch(
		&m->all->late[MIN(late / BUCKET_MS, (uint64_t)BUCKETS - 1)], 1, __ATOMIC_RELAXED);
	__atomic_add_fetch(&m->all->seen, 1, __ATOMIC_RELAXED);
	return 0;
}

static void look(struct store *s, struct member *m)
{
	struct err err = ERR_INIT;

	if (store_corpus_since(s, "h", m->change, true, one_new, m, &err) < 0)
		die("look", &err);
}

static void give(struct store *s, struct crowd *all, unsigned me)
{
	char *bytes = xasprintf("%u %llu", me, (unsigned long long)clock_mono_ms());
	struct strlist names = STRLIST_INIT;
	struct err err = ERR_INIT;
	char sha1[SHA1_HEX];

	hash_sha1(bytes, strlen(bytes), sha1);
	strlist_add(&names, sha1);
	if (store_blob_put(s, sha1, bytes, strlen(bytes), false, &err) < 0 ||
		store_corpus_add(s, "h", &names, &err) < 0)
		die("give", &err);
	__atomic_add_fetch(&all->given, 1, __ATOMIC_RELAXED);
	strlist_release(&names);
	free(bytes);
}

/* One of `of` a second: of all of them together. */
static void be_worker(const char *url, struct crowd *all, unsigned me, unsigned of, uint64_t ms)
{
	struct member m = { .all = all };
	struct store *s = open_store(url);
	char *owner = xasprintf("bench:%u:1", me);
	struct err err = ERR_INIT;
	uint64_t beat = 0, next, end;

	/* none outlives the one that counts them */
	prctl(PR_SET_PDEATHSIG, SIGKILL);
	__atomic_add_fetch(&all->ready, 1, __ATOMIC_RELAXED);
	while (!__atomic_load_n(&all->begin_ms, __ATOMIC_RELAXED))
		usleep(100000);
	end = all->begin_ms + ms;
	next = all->begin_ms + (uint64_t)me * SYNC_MS / of;
	for (unsigned round = 0; next < end; round++, next += SYNC_MS) {
		if (clock_mono_ms() < next)
			usleep((useconds_t)((next - clock_mono_ms()) * 1000));
		look(s, &m);
		/* so that the last ones can still be seen */
		if ((me + round) % (of / 10 + 1) == 0 && next + 5 * SYNC_MS < end)
			give(s, all, me);
		if (clock_mono_ms() >= beat && store_worker_beat(s, owner, 30000, &err) < 0)
			die("beat", &err);
		beat = clock_mono_ms() >= beat ? clock_mono_ms() + BEAT_MS : beat;
	}
	free(owner);
	store_close(s);
	_exit(0);
}

static void show_crowd(const struct crowd *all, unsigned workers)
{
	uint64_t at[3] = { 50, 90, 99 }, sum = 0, shown = 0;

	printf("%u workers: %llu inputs given, seen %llu times of %llu;", workers,
		(unsigned long long)all->given, (unsigned long long)all->seen,
		(unsigned long long)(all->given * workers));
	for (size_t i = 0; i < BUCKETS; i++)
		for (sum += all->late[i];
			shown < 3 && all->seen && sum * 100 >= all->seen * at[shown]; shown++)
			printf(" %llu %% within %llu ms", (unsigned long long)at[shown],
				(unsigned long long)(i + 1) * BUCKET_MS);
	printf("\n");
}

/* Waits for so many; false: one has ended. */
static bool are_ready(const struct crowd *all, unsigned n)
{
	while (__atomic_load_n(&all->ready, __ATOMIC_RELAXED) < n) {
		usleep(10000);
		if (waitpid(-1, NULL, WNOHANG) > 0)
			return false;
	}
	return true;
}

/* For who counts what the server spends from now on: a second later it begins. */
static bool say_ready(void)
{
	const char *path = getenv("CROWD_READY");
	FILE *f = path ? fopen(path, "w") : NULL;

	return !path || (f && fclose(f) == 0);
}

static int crowd(const char *url, unsigned workers, uint64_t ms)
{
	struct crowd *all =
		mmap(NULL, sizeof(*all), PROT_READ | PROT_WRITE, MAP_SHARED | MAP_ANONYMOUS, -1, 0);
	int status, bad = 0;

	if (all == MAP_FAILED)
		return 1;
	store_close(open_store(url));
	for (unsigned i = 0; i < workers; i++) {
		if (fork() == 0)
			be_worker(url, all, i, workers, ms);
		if (!are_ready(all, i + 1 < STARTING ? 0 : i + 1 - STARTING))
			return 1;
	}
	if (!are_ready(all, workers) || !say_ready())
		return 1;
	__atomic_store_n(&all->begin_ms, clock_mono_ms() + 1000, __ATOMIC_RELAXED);
	while (wait(&status) > 0)
		bad |= status;
	if (!bad)
		show_crowd(all, workers);
	munmap(all, sizeof(*all));
	return bad != 0;
}

enum what { LEASES, FINDINGS, INPUTS };

static int run(const char *url, enum what what, unsigned workers, uint64_t total)
{
	static const char *const names[] = { "leases", "findings", "inputs" };
	struct shared *sh =
		mmap(NULL, sizeof(*sh), PROT_READ | PROT_WRITE, MAP_SHARED | MAP_ANONYMOUS, -1, 0);
	struct store *s = open_store(url);
	struct err err = ERR_INIT;
	int64_t campaign = 0;
	int status, bad = 0;

	if (sh == MAP_FAILED)
		return 1;
	if (store_begin(s, &err) < 0 ||
		store_campaign_begin(s, clock_wall_ms(), 1000, "h", &campaign, &err) < 0)
		die("campaign", &err);
	for (uint64_t i = 0; what == LEASES && i < total; i++) {
		char key[24];
		struct job_rec j = { .campaign = campaign,
			.kind = (char *)"fuzz",
			.harness = (char *)"h",
			.key = key,
			.payload = (char *)"" };

		snprintf(key, sizeof(key), "%llu", (unsigned long long)i);
		if (store_job_add(s, &j, NULL, &err) < 0)
			die("job", &err);
	}
	if (store_commit(s, &err) < 0)
		die("campaign", &err);
	store_close(s);
	sh->quarter_ms[0] = clock_mono_ms();
	fflush(stdout);
	for (unsigned i = 0; i < workers; i++) {
		if (fork() == 0) {
			if (what == LEASES)
				take_jobs(url, campaign, sh, total);
			if (what == INPUTS)
				add_inputs(url, sh, total, i, workers);
			add_findings(url, campaign, sh, total, i, workers);
		}
	}
	while (wait(&status) > 0)
		bad |= status;
	if (!bad)
		show(names[what], sh, total);
	munmap(sh, sizeof(*sh));
	return bad != 0;
}

int main(int argc, char **argv)
{
	uint64_t workers, total;

	if (argc == 5 && strcmp(argv[4], "crowd") == 0 &&
		num_u64(strv_of(argv[2]), &workers) == 0 &&
		num_u64(strv_of(argv[3]), &total) == 0 && workers && workers < 100000)
		return crowd(argv[1], (unsigned)workers, total * 1000);
	if (argc != 4 || num_u64(strv_of(argv[2]), &workers) < 0 ||
		num_u64(strv_of(argv[3]), &total) < 0 || !workers || total < 4) {
		fprintf(stderr, "usage: bench-store URL WORKERS HOW-MANY | bench-store URL WORKERS "
				"SECONDS crowd\n");
		return 2;
	}
	return run(argv[1], LEASES, (unsigned)workers, total) |
	       run(argv[1], FINDINGS, (unsigned)workers, total) |
	       run(argv[1], INPUTS, (unsigned)workers, INPUTS_TIMES * total);
}
