/* What becomes of a finding in a campaign, job by job, on targets that are tables; and of jobs whose worker is gone. */
#include "base/prelude.h"
#include "fake.h"
#include "base/clock.h"
#include "base/fs.h"
#include "base/mem.h"
#include "campaign/worker.h"
#include "project/lease.h"
#include "retest/replay.h"
#include <setjmp.h>
#include <stdarg.h>
#include <stdio.h>
#include <sys/wait.h>
#include <unistd.h>
#include <cmocka.h>

#define HEAP(function) FAKE_ASAN("heap-buffer-overflow", function)
#define CRASHES(t) .outcome = TARGET_CRASH, .text = (t)
#define MINUTE 60000u

static struct fake f;

static int set_up(void **state)
{
	(void)state;
	fake_open(&f, NULL);
	assert_int_equal(store_campaign_begin(f.p->store, 1, MINUTE, "h", &f.p->id, NULL), 0);
	return 0;
}

static int tear_down(void **state)
{
	(void)state;
	fake_close(&f);
	return 0;
}

static void found(const char *input)
{
	assert_int_equal(triage_add(f.p, "h", "libfuzzer", "libfuzzer", NULL, input, strlen(input),
				 NULL, NULL),
		0);
}

/* Until there's nothing left to do. */
static void work(void)
{
	struct worker_opts opts = { .campaign = f.p->id, .role = WORKER_ANY, .until_idle = true };
	struct err err = ERR_INIT;

	if (worker_run(f.p, &opts, &err) < 0)
		fail_msg("%s", err.msg);
}

static void assert_jobs(const char *kind, uint64_t done, uint64_t failed)
{
	uint64_t n[4];

	assert_int_equal(store_job_counts(f.p->store, f.p->id, kind, n, NULL), 0);
	if (n[JOB_DONE] != done || n[JOB_FAILED] != failed || n[JOB_QUEUED] || n[JOB_LEASED])
		fail_msg("%s: %llu done, %llu failed, %llu queued, %llu leased", kind,
			(unsigned long long)n[JOB_DONE], (unsigned long long)n[JOB_FAILED],
			(unsigned long long)n[JOB_QUEUED], (unsigned long long)n[JOB_LEASED]);
}

static char *test_file(const char *bug, const char *name)
{
	char *path = xasprintf("%s/tests/regress/h/%s/%s", f.dir, bug, name);
	struct buf b = BUF_INIT;

	if (fs_read(path, 1 << 20, &b, NULL) < 0)
		fail_msg("%s: not there", path);
	free(path);
	return buf_detach(&b);
}

static int collect(void *arg, const struct bug_rec *b)
{
	strlist_add(arg, b->id);
	return 0;
}

/* --- the way of a finding --- */

/* Found, filed, made small, tested; and what was met on the way is, too. */
static void all_the_way(void **state)
{
	struct strlist bugs = STRLIST_INIT;

	(void)state;
	FAKE_ROWS({ .input = "~AB", CRASHES(HEAP("left")) },
		{ .input = "~B", CRASHES(HEAP("right")) });
	found("xxxABxxx");
	work();
	assert_int_equal(store_bugs(f.p->store, collect, &bugs, NULL), 0);
	assert_int_equal(bugs.n, 2);
	for (size_t i = 0; i < bugs.n; i++) {
		struct bug_rec b = fake_bug(&f, bugs.v[i]);
		char *input = test_file(b.id, "input"), *manifest = test_file(b.id, "manifest");
		bool left = strstr(b.title, "left") != NULL;

		assert_true(b.minimized);
		assert_string_equal(input, left ? "AB" : "B");
		fake_assert_reproducer(&f, b.id, input);
		assert_non_null(strstr(manifest, "state: open"));
		assert_non_null(strstr(manifest, left ? "left" : "right"));
		/* what isn't built yet is left for the end */
		assert_non_null(strstr(manifest, "clang with ASan"));
		assert_null(strstr(manifest, "gcc with ASan"));
		free(input);
		free(manifest);
		bug_rec_release(&b);
	}
	assert_jobs("minimize", 2, 0);
	assert_jobs("regress", 2, 0);
	strlist_release(&bugs);
}

/* The same once more is no work: neither the finding, nor another of the same bug, queues what is done. */
static void known_is_no_work(void **state)
{
	unsigned runs;

	(void)state;
	FAKE_ROWS({ .input = "~A", CRASHES(HEAP("left")) });
	found("xxA");
	work();
	runs = fake_runs(NULL);
	found("xxA");
	work();
	assert_int_equal(fake_runs(NULL), runs);
	found("yyA");
	work();
	assert_int_equal(fake_n_bugs(&f), 1);
	assert_jobs("triage", 2, 0);
	assert_jobs("minimize", 1, 0);
	assert_jobs("regress", 1, 0);
}

/* What passes ends there. */
static void no_crash_no_jobs(void **state)
{
	(void)state;
	found("x");
	work();
	assert_jobs("triage", 1, 0);
	assert_jobs("minimize", 0, 0);
	assert_int_equal(fake_n_bugs(&f), 0);
}

/* A build that fails is tried again, then given up; the finding waits for a day when it can be built. */
static void given_up_not_lost(void **state)
{
	struct finding_rec rec = { 0 };

	(void)state;
	fake_unbuilt("asan");
	found("x");
	work();
	assert_jobs("triage", 0, 1);
	assert_int_equal(store_finding_get(f.p->store, 1, &rec, NULL), 0);
	assert_int_equal(rec.state, FINDING_NEW);
	finding_rec_release(&rec);
}

/* One that no build with a sanitizer shows gets no test, and a reason. */
static void unproven_no_test(void **state)
{
	char *root;

	(void)state;
	/* triage: 4 runs; minimise and proof: none fails any more */
	FAKE_ROWS({ CRASHES(HEAP("left")),
		.runs = "FFFF............................................" });
	found("x");
	work();
	assert_int_equal(fake_n_bugs(&f), 1);
	root = fs_join(f.dir, "tests/regress/h");
	assert_false(fs_exists(root));
	free(root);
}

/* --- leases --- */

static void take(const char *owner, uint64_t now, struct job_rec *job)
{
	static const char *const kinds[] = { "triage", NULL };

	assert_int_equal(
		store_job_take(f.p->store, f.p->id, kinds, owner, NULL, now, MINUTE, job, NULL), 0);
}

/* Its worker sleeps past its lease, and somebody else has the job: told to stop, and what it says then doesn't count. */
static void a_stale_lease(void **state)
{
	struct job_rec mine = { 0 }, theirs = { 0 };
	struct job_ctx ctx = { .project = f.p, .job = &mine, .owner = "me" };
	uint64_t now = clock_wall_ms();

	(void)state;
	found("x");
	take("me", now - 2 * MINUTE, &mine);
	take("they", now, &theirs);
	assert_int_equal(mine.id, theirs.id);
	assert_int_equal(theirs.attempts, 2);
	assert_false(job_alive(&ctx));
	assert_int_equal(store_job_done(f.p->store, mine.id, "me", NULL), 1);
	assert_int_equal(store_job_fail(f.p->store, mine.id, "me", "late", 1, NULL), 1);
	assert_int_equal(store_job_done(f.p->store, mine.id, "they", NULL), 0);
	job_rec_release(&mine);
	job_rec_release(&theirs);
}

static void a_lease_that_is_kept(void **state)
{
	struct job_rec mine = { 0 }, theirs = { 0 };
	struct job_ctx ctx = { .project = f.p, .job = &mine, .owner = "me" };
	uint64_t now = clock_wall_ms(), before = clock_mono_ms();

	(void)state;
	found("x");
	take("me", now - MINUTE / 2, &mine);
	assert_true(job_alive(&ctx));
	assert_true(ctx.renewed_ms >= before);
	assert_int_equal(
		store_job_take(f.p->store, f.p->id, NULL, "they", NULL, now, MINUTE, &theirs, NULL),
		1);
	job_rec_release(&mine);
}

/* Processes come and go, and their numbers come again. */
static void owners(void **state)
{
	char me[LEASE_OWNER_MAX], other[LEASE_OWNER_MAX], *colon, *at;
	int status, hold[2];
	char byte;
	pid_t pid;

	(void)state;
	lease_owner(me);
	assert_true(lease_owner_alive(NULL, me));
	colon = strrchr(me, ':');
	/* my number, but started at another time */
	snprintf(other, sizeof(other), "%.*s:1", (int)(colon - me), me);
	assert_false(lease_owner_alive(NULL, other));
	/* of another machine, or of nobody that can be asked: its lease has to run out */
	at = strchr(me, ':');
	snprintf(other, sizeof(other), "elsewhere%s", at);
	assert_true(lease_owner_alive(NULL, other));
	assert_true(lease_owner_alive(NULL, "a name"));
	assert_true(lease_owner_alive(NULL, ""));
	/* one that lives, is a zombie, is gone */
	assert_int_equal(pipe(hold), 0);
	pid = fork();
	if (pid == 0) {
		close(hold[1]);
		_exit(read(hold[0], &byte, 1) < 0);
	}
	close(hold[0]);
	{
		char path[64], text[1024] = "", *p;
		FILE *s;
		unsigned long long start = 0;

		snprintf(path, sizeof(path), "/proc/%d/stat", (int)pid);
		s = fopen(path, "r");
		assert_non_null(s);
		assert_true(fread(text, 1, sizeof(text) - 1, s) > 0);
		fclose(s);
		p = strrchr(text, ')') + 2;
		for (int i = 3; i < 22; i++)
			p = strchr(p, ' ') + 1;
		start = strtoull(p, NULL, 10);
		snprintf(other, sizeof(other), "%.*s:%d:%llu", (int)(at - me), me, (int)pid, start);
	}
	assert_true(lease_owner_alive(NULL, other));
	close(hold[1]);
	assert_int_equal(waitid(P_PID, (id_t)pid, &(siginfo_t){ 0 }, WEXITED | WNOWAIT), 0);
	assert_false(lease_owner_alive(NULL, other));
	assert_int_equal(waitpid(pid, &status, 0), pid);
	assert_false(lease_owner_alive(NULL, other));
}

/* A campaign that was killed left a job with a worker that is gone: it is done at once, not when the lease runs out. */
static void the_dead_give_back(void **state)
{
	struct job_rec job = { 0 };
	char owner[LEASE_OWNER_MAX];

	(void)state;
	FAKE_ROWS({ .input = "~A", CRASHES(HEAP("left")) });
	found("A");
	lease_owner(owner);
	snprintf(strrchr(owner, ':'), 3, ":1");
	take(owner, clock_wall_ms(), &job);
	work();
	assert_int_equal(fake_n_bugs(&f), 0); /* it is held */
	assert_int_equal(
		store_jobs_release_dead(f.p->store, lease_owner_alive, NULL, true, NULL), 0);
	work();
	assert_int_equal(fake_n_bugs(&f), 1);
	assert_jobs("triage", 1, 0);
	job_rec_release(&job);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test_setup_teardown(all_the_way, set_up, tear_down),
		cmocka_unit_test_setup_teardown(known_is_no_work, set_up, tear_down),
		cmocka_unit_test_setup_teardown(no_crash_no_jobs, set_up, tear_down),
		cmocka_unit_test_setup_teardown(given_up_not_lost, set_up, tear_down),
		cmocka_unit_test_setup_teardown(unproven_no_test, set_up, tear_down),
		cmocka_unit_test_setup_teardown(a_stale_lease, set_up, tear_down),
		cmocka_unit_test_setup_teardown(a_lease_that_is_kept, set_up, tear_down),
		cmocka_unit_test(owners),
		cmocka_unit_test_setup_teardown(the_dead_give_back, set_up, tear_down),
	};

	return cmocka_run_group_tests_name("refine", tests, NULL, NULL);
}
