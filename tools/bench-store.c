/*
 * What a store can take, through its own interface: several processes that take and end jobs, and several that file new
 * findings, each of them on the disk when the call returns. The rates of the first and of the last quarter stand beside the
 * whole's: what grows slower with its table shows there.
 */
#include "base/prelude.h"
#include "base/clock.h"
#include "base/hash.h"
#include "base/mem.h"
#include "base/num.h"
#include "store/store.h"
#include <stdio.h>
#include <sys/mman.h>
#include <sys/wait.h>
#include <unistd.h>

#define LEASE_MS 600000

struct shared {
	uint64_t done;
	uint64_t quarter_ms[5];
};

static void die(const char *what, const struct err *err)
{
	fprintf(stderr, "bench-store: %s: %s\n", what, err->msg);
	_exit(3);
}

static void count(struct shared *sh, uint64_t total)
{
	uint64_t n = __atomic_add_fetch(&sh->done, 1, __ATOMIC_RELAXED);

	for (uint64_t q = 1; q <= 4; q++)
		if (n == total * q / 4)
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
		count(sh, total);
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
		count(sh, total);
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

static int run(const char *url, bool jobs, unsigned workers, uint64_t total)
{
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
	for (uint64_t i = 0; jobs && i < total; i++) {
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
			if (jobs)
				take_jobs(url, campaign, sh, total);
			add_findings(url, campaign, sh, total, i, workers);
		}
	}
	while (wait(&status) > 0)
		bad |= status;
	if (!bad)
		show(jobs ? "leases" : "findings", sh, total);
	munmap(sh, sizeof(*sh));
	return bad != 0;
}

int main(int argc, char **argv)
{
	uint64_t workers, total;

	if (argc != 4 || num_u64(strv_of(argv[2]), &workers) < 0 ||
		num_u64(strv_of(argv[3]), &total) < 0 || !workers || total < 4) {
		fprintf(stderr, "usage: bench-store URL WORKERS HOW-MANY\n");
		return 2;
	}
	return run(argv[1], true, (unsigned)workers, total) |
	       run(argv[1], false, (unsigned)workers, total);
}
