/*
 * The store's contract, run against any backend. THRESH_TEST_STORE: the URL of a PostgreSQL database, where each test gets
 * an empty schema by psql (tools/with-postgres has both); without it, a fresh SQLite file for each test. What only a file can suffer (corruption, modes, a full disk) is in test_store_faults.c.
 */
#include "base/prelude.h"
#include "base/buf.h"
#include "base/clock.h"
#include "base/fs.h"
#include "base/hash.h"
#include "base/mem.h"
#include "store/origins.h"
#include "store/retention.h"
#include "store/store.h"
#include <setjmp.h>
#include <signal.h>
#include <stdarg.h>
#include <stdio.h>
#include <sys/wait.h>
#include <unistd.h>
#include <cmocka.h>
#include "ok.h"

#include "store/internal.h"

/* records own their strings, so these are not const */
#define S(literal) ((char *)(literal))
#define A "aaaa000000000001"
#define B "aaaa000000000002"
#define C "bbbb000000000003"
#define D "cccc000000000004"

#define DAY ((uint64_t)24 * 3600 * 1000)

struct fixture {
	char *dir, *url;
	struct store *s;
	int64_t campaign;
};

static char *fresh_schema(const char *given)
{
	static unsigned n;
	char *name = xasprintf("test_%ld_%u", (long)getpid(), ++n);
	char *command = xasprintf("psql -q -c 'CREATE SCHEMA %s' '%s'", name, given);
	char *url = xasprintf("%s?options=-csearch_path%%3D%s", given, name);

	if (system(command) != 0)
		fail_msg("%s", command);
	free(command);
	free(name);
	return url;
}

static int set_up(void **state)
{
	const char *given = getenv("THRESH_TEST_STORE");
	struct fixture *f = xcalloc(1, sizeof(*f));

	f->dir = fs_tmpdir("thresh-store", NULL);
	f->url = given ? fresh_schema(given) : xasprintf("sqlite:%s/deep/er/t.db", f->dir);
	struct err err = ERR_INIT;

	f->s = store_open(f->url, &err);
	*state = f;
	if (!f->s) {
		printf("# %s\n", err.msg);
		return -1;
	}
	return store_campaign_begin(f->s, 1000, 60000, "one two", &f->campaign, NULL);
}

static int tear_down(void **state)
{
	struct fixture *f = *state;

	store_close(f->s);
	fs_remove_tree(f->dir, NULL);
	free(f->dir);
	free(f->url);
	free(f);
	return 0;
}

static const char *sha(int i)
{
	static char hex[SHA1_HEX];

	hash_sha1(&i, sizeof(i), hex);
	return hex;
}

static void add_job(struct fixture *f, const char *kind, const char *key, int priority)
{
	struct job_rec j = { .campaign = f->campaign,
		.kind = (char *)kind,
		.harness = S("h"),
		.key = (char *)key,
		.payload = S("{}"),
		.priority = priority };

	OK(store_job_add(f->s, &j, NULL, &e));
}

/* Takes one and returns its key, or "" when there is none. */
static const char *take(
	struct fixture *f, const char *const *kinds, const char *owner, uint64_t now, int64_t *id)
{
	static char key[64];
	struct job_rec j;
	struct err e = ERR_INIT;
	int rc = store_job_take(f->s, f->campaign, kinds, owner, NULL, now, 100, &j, &e);

	if (rc < 0)
		fail_msg("take: %s", e.msg);
	if (rc == 1)
		return "";
	assert_int_equal(j.state, JOB_LEASED);
	assert_string_equal(j.owner, owner);
	assert_int_equal(j.lease_until_ms, now + 100);
	if (id)
		*id = j.id;
	snprintf(key, sizeof(key), "%s", j.key);
	job_rec_release(&j);
	return key;
}

static void test_campaigns(void **state)
{
	struct fixture *f = *state;
	struct campaign_rec c;
	int64_t id;

	OK(store_campaign_begin(f->s, 2000, 90000, NULL, &id, &e));
	OK(store_campaign_spend(f->s, id, 500, &e));
	OK(store_campaign_last(f->s, &c, &e));
	assert_int_equal(c.id, id);
	assert_int_equal(c.started_ms, 2000);
	assert_int_equal(c.budget_ms, 90000);
	assert_int_equal(c.spent_ms, 500);
	assert_int_equal(c.ended_ms, 0);
	assert_string_equal(c.harnesses, "");
	campaign_rec_release(&c);
	OK(store_campaign_end(f->s, id, 3000, &e));
	OK(store_campaign_last(f->s, &c, &e));
	assert_int_equal(c.ended_ms, 3000);
	campaign_rec_release(&c);
	IS(-1, store_campaign_end(f->s, id + 1000, 1, &e));
}

static void test_job_order(void **state)
{
	static const char *const fuzz[] = { "fuzz", NULL }, *const two[] = { "x", "triage", NULL };
	struct fixture *f = *state;
	struct job_rec again = { .campaign = f->campaign, .kind = S("fuzz"), .key = S("low") };
	uint64_t counts[4];
	bool added = true;

	add_job(f, "fuzz", "low", 1);
	add_job(f, "fuzz", "high", 9);
	add_job(f, "triage", "high", 5);
	add_job(f, "fuzz", "low2", 1);
	OK(store_job_add(f->s, &again, &added, &e));
	assert_false(added);
	OK(store_job_counts(f->s, f->campaign, "fuzz", counts, &e));
	assert_int_equal(counts[JOB_QUEUED], 3);
	assert_string_equal(take(f, two, "w", 0, NULL), "high");
	assert_string_equal(take(f, two, "w", 0, NULL), "");
	assert_string_equal(take(f, NULL, "w", 0, NULL), "high");
	assert_string_equal(take(f, fuzz, "w", 0, NULL), "low");
	assert_string_equal(take(f, fuzz, "w", 0, NULL), "low2");
	assert_string_equal(take(f, NULL, "w", 0, NULL), "");
	OK(store_job_counts(f->s, f->campaign, NULL, counts, &e));
	assert_int_equal(counts[JOB_LEASED], 4);
	assert_int_equal(counts[JOB_QUEUED], 0);
	/* of another campaign: none */
	f->campaign++;
	assert_string_equal(take(f, NULL, "w", 0, NULL), "");
	f->campaign--;
	/* a campaign that isn't there */
	again.campaign = 999999;
	IS(-1, store_job_add(f->s, &again, &added, &e));
}

static void test_job_leases(void **state)
{
	struct fixture *f = *state;
	uint64_t counts[4];
	struct job_rec j;
	int64_t id;

	add_job(f, "fuzz", "a", 0);
	assert_string_equal(take(f, NULL, "w1", 0, &id), "a");
	assert_string_equal(take(f, NULL, "w2", 99, NULL), ""); /* lease until 100 */
	OK(store_job_renew(f->s, id, "w1", 90, 110, &e));
	assert_string_equal(take(f, NULL, "w2", 199, NULL), "");
	IS(1, store_job_renew(f->s, id, "w2", 800, 100, &e));
	assert_string_equal(take(f, NULL, "w2", 200, NULL), "a");
	/* the first owner lost it */
	IS(1, store_job_renew(f->s, id, "w1", 800, 100, &e));
	IS(1, store_job_done(f->s, id, "w1", &e));
	IS(1, store_job_fail(f->s, id, "w1", "x", 1, &e));
	IS(1, store_job_release(f->s, id, "w1", NULL, &e));
	OK(store_job_fail(f->s, id, "w2", "broke", 3, &e)); /* second attempt of three */
	OK(store_job_take(f->s, f->campaign, NULL, "w3", NULL, 0, 100, &j, &e));
	assert_int_equal(j.attempts, 3);
	assert_string_equal(j.error, "broke");
	job_rec_release(&j);
	OK(store_job_release(f->s, id, "w3", NULL, &e));
	assert_string_equal(take(f, NULL, "w3", 0, NULL), "a");
	OK(store_job_fail(f->s, id, "w3", "again", 3, &e));
	assert_string_equal(take(f, NULL, "w3", 100000, NULL), "");
	OK(store_job_counts(f->s, f->campaign, NULL, counts, &e));
	assert_int_equal(counts[JOB_FAILED], 1);
	add_job(f, "fuzz", "b", 0);
	assert_string_equal(take(f, NULL, "w1", 0, &id), "b");
	OK(store_job_done(f->s, id, "w1", &e));
	IS(1, store_job_done(f->s, id, "w1", &e));
	add_job(f, "fuzz", "b", 0); /* done stays done */
	assert_string_equal(take(f, NULL, "w1", 1000, NULL), "");
}

static bool is_w2(void *arg, const char *owner)
{
	++*(int *)arg;
	return strcmp(owner, "w2") == 0;
}

static bool nobody_lives(void *arg, const char *owner)
{
	(void)owner;
	++*(int *)arg;
	return false;
}

static void test_release_dead(void **state)
{
	struct fixture *f = *state;
	int asked = 0;

	add_job(f, "fuzz", "a", 3);
	add_job(f, "fuzz", "b", 2);
	add_job(f, "fuzz", "c", 1);
	take(f, NULL, "w1", 0, NULL);
	take(f, NULL, "w2", 0, NULL);
	take(f, NULL, "w1", 0, NULL);
	OK(store_jobs_release_dead(f->s, is_w2, &asked, true, &e));
	assert_int_equal(asked, 2);
	assert_string_equal(take(f, NULL, "w3", 0, NULL), "a");
	assert_string_equal(take(f, NULL, "w3", 0, NULL), "c");
	assert_string_equal(take(f, NULL, "w3", 0, NULL), "");
}

/* A lease of this host ends with its process, not with a clock that may jump, or a job that takes longer. */
static void test_near_leases(void **state)
{
	struct fixture *f = *state;
	struct job_rec j;
	int asked = 0;

	add_job(f, "fuzz", "a", 0);
	assert_string_equal(take(f, NULL, "here:1", 0, NULL), "a");
	IS(1, store_job_take(f->s, f->campaign, NULL, "here:2", "here:", 100000, 100, &j, &e));
	OK(store_job_take(f->s, f->campaign, NULL, "there:1", "there:", 100000, 100, &j, &e));
	assert_int_equal(j.attempts, 2);
	OK(store_job_release(f->s, j.id, "there:1", "no room", &e));
	job_rec_release(&j);
	OK(store_job_take(f->s, f->campaign, NULL, "w2", NULL, 0, 100, &j, &e));
	assert_int_equal(j.attempts, 2);
	assert_string_equal(j.error, "no room");
	job_rec_release(&j);
	/* ended on purpose: no attempt of the job's */
	OK(store_jobs_release_dead(f->s, nobody_lives, &asked, false, &e));
	OK(store_job_take(f->s, f->campaign, NULL, "w2", NULL, 0, 100, &j, &e));
	assert_int_equal(j.attempts, 2);
	job_rec_release(&j);
	OK(store_jobs_release_dead(f->s, nobody_lives, &asked, true, &e));
	OK(store_job_take(f->s, f->campaign, NULL, "w2", NULL, 0, 100, &j, &e));
	assert_int_equal(j.attempts, 3);
	job_rec_release(&j);
}

/* What ended, done or failed, is done again with all its attempts; what didn't end stays as it is. */
/* Several at once, the best first; one sign of life keeps them all. */
/* Who goes on behind what was taken finds what is there, and what lies before it when all is looked at again. */
static void test_job_places(void **state)
{
	struct fixture *f = *state;
	static const char *const sweep[] = { "sweep", NULL };
	struct queue_place *q = &f->s->places[0];
	int64_t first;

	add_job(f, "fuzz", "a", 5);
	add_job(f, "fuzz", "b", 5);
	add_job(f, "fuzz", "c", 1);
	assert_string_equal(take(f, NULL, "w1", 0, &first), "a");
	assert_true(q->known && q->priority == 5 && q->id == first);
	q->whole_at_ms = clock_mono_ms() + 600000;
	add_job(f, "fuzz", "d", 9);
	assert_string_equal(take(f, NULL, "w1", 0, NULL), "b");
	OK(store_job_release(f->s, first, "w1", NULL, &e));
	assert_string_equal(take(f, NULL, "w1", 0, NULL), "c");
	assert_string_equal(take(f, NULL, "w1", 0, NULL), "");
	add_job(f, "fuzz", "e", 1);
	assert_string_equal(take(f, NULL, "w1", 0, NULL), "e");
	/* of other kinds it knows nothing */
	assert_string_equal(take(f, sweep, "w1", 0, NULL), "");
	add_job(f, "sweep", "s", 1);
	assert_string_equal(take(f, sweep, "w1", 0, NULL), "s");
	q->whole_at_ms = 0;
	assert_string_equal(take(f, NULL, "w1", 0, NULL), "d");
	assert_string_equal(take(f, NULL, "w1", 0, NULL), "a");
	assert_string_equal(take(f, NULL, "w1", 0, NULL), "");
}

static void test_job_batches(void **state)
{
	static const char *const triages[] = { "triage", NULL };
	struct fixture *f = *state;
	struct job_rec j[8];
	size_t n;

	add_job(f, "triage", "low", 1);
	add_job(f, "triage", "high", 3);
	add_job(f, "fuzz", "other", 9);
	add_job(f, "triage", "mid", 2);
	add_job(f, "triage", "last", 0);
	OK(store_jobs_take(f->s, f->campaign, triages, "w1", NULL, 0, 100, j, 3, &n, &e));
	assert_int_equal(n, 3);
	assert_string_equal(j[0].key, "high");
	assert_string_equal(j[1].key, "mid");
	assert_string_equal(j[2].key, "low");
	OK(store_job_renew(f->s, j[0].id, "w1", 90, 100, &e));
	assert_string_equal(take(f, NULL, "w2", 150, NULL), "other");
	assert_string_equal(take(f, NULL, "w2", 150, NULL), "last");
	assert_string_equal(take(f, NULL, "w2", 150, NULL), "");
	for (size_t i = 0; i < n; i++)
		job_rec_release(&j[i]);
	OK(store_jobs_take(f->s, f->campaign, NULL, "w3", NULL, 190, 100, j, 8, &n, &e));
	assert_int_equal(n, 3);
	for (size_t i = 0; i < n; i++)
		job_rec_release(&j[i]);
	OK(store_jobs_take(f->s, f->campaign, NULL, "w3", NULL, 190, 100, j, 8, &n, &e));
	assert_int_equal(n, 0);
}

/* Whoever slept past the lease changes nothing; nor does the first of two takings by the same owner. */
static void test_job_fence(void **state)
{
	struct fixture *f = *state;
	struct stat_rec stat = {
		.campaign = f->campaign, .harness = S("h"), .engine = S("e"), .execs = 5
	};
	struct job_rec first, second;
	char *v = NULL;

	add_job(f, "fuzz", "a", 0);
	OK(store_job_take(f->s, f->campaign, NULL, "w1", NULL, 0, 100, &first, &e));
	store_fence(f->s, &first);
	OK(store_stat_add(f->s, &stat, &e));
	OK(store_job_take(f->s, f->campaign, NULL, "w1", NULL, 200, 100, &second, &e));
	assert_true(second.token > first.token);
	IS(-1, store_stat_add(f->s, &stat, &e));
	IS(-1, store_fact_set(f->s, "late", "1", &e));
	IS(-1, store_begin(f->s, &e));
	IS(1, store_fact_get(f->s, "late", &v, &e));
	IS(1, store_job_renew(f->s, first.id, "w1", 210, 100, &e));
	IS(1, store_job_done(f->s, first.id, "w1", &e));
	IS(1, store_job_fail(f->s, first.id, "w1", "x", 1, &e));
	IS(1, store_job_release(f->s, first.id, "w1", NULL, &e));
	store_fence(f->s, &second);
	OK(store_stat_add(f->s, &stat, &e));
	OK(store_job_done(f->s, second.id, "w1", &e));
	IS(-1, store_stat_add(f->s, &stat, &e));
	store_fence(f->s, NULL);
	OK(store_fact_set(f->s, "free", "1", &e));
	job_rec_release(&first);
	job_rec_release(&second);
}

/* By the store's own clock, whatever that is. */
static void test_store_clock(void **state)
{
	struct fixture *f = *state;
	uint64_t now = clock_wall_ms();
	struct job_rec j;

	add_job(f, "fuzz", "a", 0);
	OK(store_job_take(f->s, f->campaign, NULL, "w1", NULL, STORE_CLOCK, 0, &j, &e));
	assert_in_range(j.lease_until_ms, now - 60000, now + 60000);
	OK(store_job_renew(f->s, j.id, "w1", STORE_CLOCK, 60000, &e));
	job_rec_release(&j);
	IS(1, store_job_take(f->s, f->campaign, NULL, "w2", NULL, STORE_CLOCK, 100, &j, &e));
	OK(store_job_take(f->s, f->campaign, NULL, "w2", NULL, now + 240000, 100, &j, &e));
	job_rec_release(&j);
}

static const char *name_of_n(const char *bytes, size_t len)
{
	static char hex[2][SHA1_HEX];
	static unsigned n;

	n ^= 1;
	hash_sha1(bytes, len, hex[n]);
	return hex[n];
}

static const char *name_of(const char *bytes)
{
	return name_of_n(bytes, strlen(bytes));
}

static int note_change(
	void *arg, const char *sha1, int64_t change, bool gone, const char *p, size_t n)
{
	buf_addf(arg, "%.4s %lld%s%s%.*s, ", sha1, (long long)change, gone ? " gone" : "",
		p ? " " : "", p ? (int)n : 0, p ? p : "");
	return 0;
}

static const char *changes(struct fixture *f, const char *harness, int64_t since)
{
	static struct buf b;

	buf_reset(&b);
	OK(store_corpus_since(f->s, harness, since, false, note_change, &b, &e));
	return buf_str(&b);
}

/* Bytes by their names, and who has them; what came since is seen once, in order. */
static void test_blobs(void **state)
{
	struct fixture *f = *state;
	struct strlist names = STRLIST_INIT, lacking = STRLIST_INIT;
	struct buf out = BUF_INIT;
	uint64_t n;

	OK(store_blob_put(f->s, name_of("one"), "one", 3, false, &e));
	OK(store_blob_put(f->s, name_of("one"), "one", 3, true, &e));
	OK(store_blob_put(f->s, name_of(""), "", 0, false, &e));
	OK(store_blob_get(f->s, name_of("one"), &out, &e));
	assert_int_equal(out.len, 3);
	OK(store_blob_get(f->s, name_of(""), &out, &e));
	assert_int_equal(out.len, 0);
	IS(1, store_blob_get(f->s, name_of("two"), &out, &e));
	/* under a name that isn't its own: never given out */
	OK(store_blob_put(f->s, name_of("three"), "evil", 4, false, &e));
	IS(-1, store_blob_get(f->s, name_of("three"), &out, &e));

	strlist_add(&names, name_of("one"));
	strlist_add(&names, name_of("two"));
	OK(store_blobs_lacking(f->s, &names, &lacking, &e));
	assert_int_equal(lacking.n, 1);
	assert_string_equal(lacking.v[0], name_of("two"));
	/* without its bytes it isn't in a corpus */
	OK(store_corpus_add(f->s, "h", &names, &e));
	OK(store_corpus_count(f->s, "h", &n, &e));
	assert_int_equal(n, 1);
	strlist_release(&names);
	for (int i = 0; i < 40; i++) {
		char bytes[16];

		snprintf(bytes, sizeof(bytes), "%d", i);
		OK(store_blob_put(f->s, name_of(bytes), bytes, strlen(bytes), false, &e));
		strlist_add(&names, name_of(bytes));
	}
	OK(store_corpus_add(f->s, "h", &names, &e));
	OK(store_corpus_add(f->s, "h", &names, &e));
	OK(store_corpus_count(f->s, "h", &n, &e));
	assert_int_equal(n, 41);
	OK(store_corpus_count(f->s, "other", &n, &e));
	assert_int_equal(n, 0);
	strlist_release(&names);
	strlist_add(&names, name_of("one"));
	OK(store_corpus_drop(f->s, "h", &names, &e));
	assert_string_equal(changes(f, "h", 4), "fe05 5 gone, ");
	/* found anew it stays gone */
	OK(store_corpus_add(f->s, "h", &names, &e));
	assert_string_equal(changes(f, "h", 5), "");
	OK(store_corpus_count(f->s, "h", &n, &e));
	assert_int_equal(n, 40);
	/* unless somebody says so */
	OK(store_corpus_revive(f->s, "h", &names, &e));
	OK(store_corpus_count(f->s, "h", &n, &e));
	assert_int_equal(n, 41);
	strlist_release(&names);
	strlist_release(&lacking);
	buf_release(&out);
}

static int note_news(
	void *arg, const char *sha1, int64_t change, bool gone, const char *p, size_t n)
{
	struct strlist *seen = arg;

	strlist_addf(seen, "%lld %s %s", (long long)change, sha1,
		gone ? "gone"
		: p  ? strcmp(name_of_n(p, n), sha1) == 0 ? "" : "wrong"
		     : "none");
	return seen->n == 590;
}

/* With the bytes: page by page all are told once and in order, short ones as they are, and others without. */
static void test_corpus_news(void **state)
{
	struct fixture *f = *state;
	struct strlist names = STRLIST_INIT, seen = STRLIST_INIT;
	char *big = xcalloc(1, 20000);
	size_t none = 0, gone = 0;

	for (int i = 0; i < 600; i++) {
		char bytes[16];

		snprintf(bytes, sizeof(bytes), "%d", i);
		OK(store_blob_put(f->s, name_of(bytes), bytes, strlen(bytes), false, &e));
		strlist_add(&names, name_of(bytes));
	}
	OK(store_corpus_add(f->s, "h", &names, &e));
	strlist_release(&names);
	OK(store_blob_put(f->s, name_of_n(big, 20000), big, 20000, false, &e));
	strlist_add(&names, name_of_n(big, 20000));
	OK(store_blob_put(f->s, name_of("good"), "evil", 4, false, &e));
	strlist_add(&names, name_of("good"));
	OK(store_corpus_add(f->s, "h", &names, &e));
	strlist_release(&names);
	strlist_add(&names, name_of("7"));
	OK(store_corpus_drop(f->s, "h", &names, &e));
	strlist_release(&names);

	/* the caller ends it */
	OK(store_corpus_since(f->s, "h", 0, true, note_news, &seen, &e));
	assert_int_equal(seen.n, 590);
	strlist_release(&seen);
	OK(store_corpus_since(f->s, "h", 1, true, note_news, &seen, &e));
	assert_int_equal(seen.n, 602 - 15);
	for (size_t i = 0; i < seen.n; i++) {
		none += strstr(seen.v[i], "none") != NULL;
		gone += strstr(seen.v[i], "gone") != NULL;
		assert_null(strstr(seen.v[i], "wrong"));
		if (i)
			assert_true(strtol(seen.v[i - 1], NULL, 10) <= strtol(seen.v[i], NULL, 10));
	}
	strlist_sort(&seen);
	for (size_t i = 1; i < seen.n; i++)
		assert_string_not_equal(seen.v[i - 1], seen.v[i]);
	assert_int_equal(none, 2);
	assert_int_equal(gone, 1);
	strlist_release(&seen);
	free(big);
}

/* One leads; on a server another one takes over when that one's session is over. */
static int note_origin(void *arg, const struct origin_rec *r)
{
	strlist_addf(arg, "%s %s", r->engine, r->sha1);
	return 0;
}

static int note_old(void *arg, const char *harness, const char *sha1, uint64_t bytes)
{
	strlist_addf(arg, "%s %s %llu", harness, sha1, (unsigned long long)bytes);
	return 0;
}

/* More of them than one statement has room for. */
static void test_origins(void **state)
{
	struct fixture *f = *state;
	struct strlist names = STRLIST_INIT, seen = STRLIST_INIT;

	for (int i = 0; i < 50; i++) {
		struct origin_rec r = { .harness = S(i % 2 ? "h" : "other"),
			.engine = S(i < 40 ? "aflpp" : "libfuzzer"),
			.when_ms = (uint64_t)i,
			.name = S("n") };
		char text[16];

		snprintf(text, sizeof(text), "%d", i);
		memcpy(r.sha1, name_of(text), SHA1_HEX);
		OK(store_origin_add(f->s, &r, &e));
		strlist_add(&names, r.sha1);
	}
	strlist_add(&names, name_of("of nobody"));
	OK(store_origins_of(f->s, "h", &names, note_origin, &seen, &e));
	assert_int_equal(seen.n, 25);
	strlist_release(&seen);
	/* of one, and only of that harness */
	strlist_release(&names);
	strlist_add(&names, name_of("41"));
	strlist_add(&names, name_of("42"));
	OK(store_origins_of(f->s, "h", &names, note_origin, &seen, &e));
	assert_int_equal(seen.n, 1);
	assert_string_equal(seen.v[0] + strlen("libfuzzer "), name_of("41"));
	strlist_release(&seen);
	OK(store_origins_old(f->s, 4, note_old, &seen, &e));
	assert_int_equal(seen.n, 4);
	/* harness, name, engine, its name there */
	assert_true(strncmp(seen.v[0], "h ", 2) == 0 && strstr(seen.v[0], " 47"));
	assert_true(strncmp(seen.v[2], "other ", 6) == 0 && strstr(seen.v[2], " 51"));
	strlist_release(&seen);
	strlist_release(&names);
	for (int i = 0; i < 40; i++) {
		char text[16];

		snprintf(text, sizeof(text), "%d", i);
		strlist_add(&names, name_of(text));
	}
	OK(store_origins_remove(f->s, "h", &names, &e));
	OK(store_origins_old(f->s, 1000, note_old, &seen, &e));
	assert_int_equal(seen.n, 25 + 5);
	strlist_release(&seen);
	strlist_release(&names);
}

static void test_lead(void **state)
{
	struct fixture *f = *state;
	struct store *two = store_open(f->url, NULL);
	char *other;
	uint64_t n;

	OK(store_lead(f->s, "me", &other, &e));
	OK(store_lead(f->s, "me", &other, &e));
	if (store_is_shared(f->s)) {
		IS(1, store_lead(two, "you", &other, &e));
		assert_string_equal(other, "me");
		free(other);
		store_close(f->s);
		f->s = store_open(f->url, NULL);
		/* the server notices when it does */
		for (int i = 0; i < 500 && store_lead(two, "you", &other, NULL) == 1; i++) {
			free(other);
			usleep(10000);
		}
		IS(1, store_lead(f->s, "me", &other, &e));
		assert_string_equal(other, "you");
		free(other);
	}
	store_close(two);
	OK(store_worker_beat(f->s, "w1", 60000, &e));
	OK(store_worker_beat(f->s, "w2", 60000, &e));
	OK(store_worker_beat(f->s, "w1", 60000, &e));
	OK(store_worker_beat(f->s, "w2", 0, &e));
	OK(store_workers(f->s, &n, &e));
	assert_int_equal(n, 1);
	OK(store_workers_forget(f->s, &e));
	OK(store_workers(f->s, &n, &e));
	assert_int_equal(n, 1);
}

static void test_again(void **state)
{
	struct fixture *f = *state;
	bool again = true;
	int64_t id;

	add_job(f, "fuzz", "a", 0);
	OK(store_job_again(f->s, f->campaign, "fuzz", "a", &again, &e));
	assert_false(again);
	assert_string_equal(take(f, NULL, "w1", 0, &id), "a");
	OK(store_job_again(f->s, f->campaign, "fuzz", "a", &again, &e));
	assert_false(again);
	OK(store_job_fail(f->s, id, "w1", "broke", 1, &e));
	assert_string_equal(take(f, NULL, "w1", 0, NULL), "");
	OK(store_job_again(f->s, f->campaign, "fuzz", "a", &again, &e));
	assert_true(again);
	assert_string_equal(take(f, NULL, "w1", 0, &id), "a");
	OK(store_job_done(f->s, id, "w1", &e));
	OK(store_job_again(f->s, f->campaign, "fuzz", "a", NULL, &e));
	assert_string_equal(take(f, NULL, "w1", 0, NULL), "a");
}

static int64_t add_finding(struct fixture *f, const char *harness, int i, bool *added)
{
	struct finding_rec r = { .campaign = f->campaign,
		.harness = (char *)harness,
		.variant = S("asan"),
		.origin = S("libfuzzer"),
		.input = xstrdup(sha(i)),
		.size = 7,
		.found_ms = 5 };
	int64_t id = 0;

	OK(store_finding_add(f->s, &r, &id, added, &e));
	free(r.input);
	return id;
}

static void put_bug(struct fixture *f, const char *id, const char *kind, int severity, uint64_t at)
{
	struct bug_rec b = { .id = (char *)id,
		.signature = (char *)id,
		.sig_text = S("v1 ..."),
		.harness = S("h"),
		.kind = (char *)kind,
		.security = 1,
		.severity = severity,
		.first_ms = at,
		.last_ms = at };

	OK(store_bug_put(f->s, &b, NULL, &e));
}

static void test_findings(void **state)
{
	struct fixture *f = *state;
	struct finding_rec r = { 0 };
	bool added = false;
	int64_t id = add_finding(f, "h", 1, &added);

	assert_true(added);
	assert_int_equal(add_finding(f, "h", 1, &added), id);
	assert_false(added);
	assert_int_not_equal(add_finding(f, "h2", 1, &added), id);
	assert_true(added);
	OK(store_finding_get(f->s, id, &r, &e));
	assert_string_equal(r.input, sha(1));
	assert_null(r.bug);
	assert_null(r.text);
	finding_rec_release(&r);
	IS(1, store_finding_get(f->s, 424242, &r, &e));
	finding_rec_release(&r);

	r = (struct finding_rec){ .id = id,
		.state = FINDING_TRIAGED,
		.bug = S(A),
		.signature = S(A),
		.sig_text = S("v1 memory f"),
		.rule = 1,
		.kind = S("segv"),
		.text = S("==1==ERROR \xff\0\xfe \x01\n"),
		.text_len = 16,
		.site = S("0123456789abcdef"),
		.places = S("1 2 1 a.c\tx=1\n"),
		.k = 2,
		.n = 3,
		.stateful = true };
	IS(-1, store_finding_update(f->s, &r, &e)); /* no such bug */
	put_bug(f, A, "segv", 1, 1);
	OK(store_finding_update(f->s, &r, &e));
	OK(store_finding_get(f->s, id, &r, &e));
	assert_string_equal(r.bug, A);
	assert_int_equal(r.text_len, 16);
	assert_memory_equal(r.text, "==1==ERROR \xff\0\xfe \x01\n", 16);
	assert_string_equal(r.site, "0123456789abcdef");
	assert_string_equal(r.places, "1 2 1 a.c\tx=1\n");
	assert_string_equal(r.harness, "h");
	assert_int_equal(r.k, 2);
	assert_true(r.stateful);
	finding_rec_release(&r);
	r = (struct finding_rec){ .id = 424242 };
	IS(-1, store_finding_update(f->s, &r, &e));
}

struct walk {
	struct fixture *f;
	int64_t last;
	size_t n, stop_at;
};

/* --- what is let go --- */

static int count_input(void *arg, const char *sha1)
{
	(void)sha1;
	++*(size_t *)arg;
	return 0;
}

static size_t inputs_needed(struct fixture *f, uint64_t keep)
{
	size_t n = 0;

	OK(store_inputs(f->s, keep, count_input, &n, &e));
	return n;
}

/* 20 findings, of two kinds, and some that nobody looked at yet: the smallest of each kind stay whole. */
static void test_trimmed(void **state)
{
	struct fixture *f = *state;
	struct store_surplus x;
	struct finding_rec r;
	unsigned whole = 0;

	put_bug(f, A, "leak", 1, 1);
	for (int i = 0; i < 30; i++) {
		struct finding_rec change = { .id = add_finding(f, "h", i, NULL),
			.state = i < 10 ? FINDING_TRIAGED : FINDING_NO_CRASH,
			.bug = i < 10 ? S(A) : NULL,
			.text = S("a report"),
			.text_len = 8 };

		if (i < 20)
			OK(store_finding_update(f->s, &change, &e));
	}
	OK(store_trim_findings(f->s, 3, true, &x, &e));
	assert_int_equal(x.n, 14);
	assert_int_equal(x.bytes, 14 * 8);
	assert_int_equal(inputs_needed(f, 1000), 30);
	assert_int_equal(inputs_needed(f, 3), 16); /* foreseen */
	OK(store_trim_findings(f->s, 3, false, &x, &e));
	assert_int_equal(x.n, 14);
	assert_int_equal(inputs_needed(f, 1000), 16);
	for (int64_t id = 1; id <= 30; id++) {
		OK(store_finding_get(f->s, id, &r, &e));
		assert_int_equal(r.trimmed, id > 3 && id <= 20 && !(id > 10 && id <= 13));
		whole += r.text != NULL;
		finding_rec_release(&r);
	}
	assert_int_equal(whole, 6);
	OK(store_trim_findings(f->s, 3, false, &x, &e));
	assert_int_equal(x.n, 0);
	OK(store_compact(f->s, &e));
}

/* Jobs that ended go with their campaigns; those that wait never do. */
static void test_old_jobs(void **state)
{
	struct fixture *f = *state;
	struct job_rec job = { .kind = S("k"), .harness = S("h"), .payload = S("") };
	struct store_surplus x;
	struct job_rec taken = { 0 };
	uint64_t counts[4];
	int64_t id = f->campaign;

	for (int i = 0; i < 4; i++) {
		job.campaign = id;
		job.key = S("waits");
		OK(store_job_add(f->s, &job, NULL, &e));
		job.key = S("done");
		job.priority = 1;
		OK(store_job_add(f->s, &job, NULL, &e));
		job.priority = 0;
		OK(store_job_take(f->s, id, NULL, "me:1:1", NULL, 1000, 1000, &taken, &e));
		OK(store_job_done(f->s, taken.id, "me:1:1", &e));
		job_rec_release(&taken);
		if (i < 3)
			OK(store_campaign_begin(f->s, 1000, 1, "h", &id, &e));
	}
	OK(store_prune_jobs(f->s, 1, true, &x, &e));
	assert_int_equal(x.n, 3);
	OK(store_prune_jobs(f->s, 1, false, &x, &e));
	assert_int_equal(x.n, 3);
	OK(store_job_counts(f->s, f->campaign, NULL, counts, &e));
	assert_int_equal(counts[JOB_QUEUED], 1);
	assert_int_equal(counts[JOB_DONE], 0);
	OK(store_job_counts(f->s, id, NULL, counts, &e));
	assert_int_equal(counts[JOB_DONE], 1);
}

/* Writes while walking: each finding gets triaged, and a new one comes in. */
/* By a machine whose clock is ahead. */
static void test_no_tomorrow(void **state)
{
	struct fixture *f = *state;
	struct finding_rec r = { .campaign = f->campaign,
		.harness = S("h"),
		.variant = S("asan"),
		.origin = S("edge"),
		.input = S("0123456789012345678901234567890123456789"),
		.found_ms = clock_wall_ms() + DAY };
	struct sql_one one = { 0 };
	int64_t id, ahead;

	OK(store_finding_add(f->s, &r, &id, NULL, &e));
	OK(sql_run(f->s, "SELECT found_ms - thresh_now() FROM finding", NULL, 0, sql_keep_int, &one,
		&e));
	assert_true(one.i <= 0);
	OK(store_clock_ahead(f->s, &ahead, &e));
	assert_true(ahead > -(int64_t)DAY && ahead < (int64_t)DAY);
}

static int note_unneeded(void *arg, const char *sha1, uint64_t bytes)
{
	buf_addf(arg, "%.4s %llu, ", sha1, (unsigned long long)bytes);
	return 0;
}

/* Those of an age of 30 days. */
static const char *unneeded(struct fixture *f)
{
	static struct buf b;

	buf_reset(&b);
	OK(store_blobs_unneeded(f->s, 50, 30 * DAY, note_unneeded, &b, &e));
	return buf_str(&b);
}

static void age(struct fixture *f, uint64_t by)
{
	const struct sql_val args[] = { sql_uint(by) };

	OK(SQL_RUN(f->s, "UPDATE blob SET made_ms = made_ms - $1", args, NULL, NULL, &e));
}

static void put(struct fixture *f, const char *bytes)
{
	OK(store_blob_put(f->s, name_of(bytes), bytes, strlen(bytes), false, &e));
}

static void one_name(struct strlist *l, const char *bytes)
{
	strlist_release(l);
	strlist_add(l, name_of(bytes));
}

/* Shared bytes go when nothing names them, and whoever is about to has time for it. */
static void test_unneeded(void **state)
{
	struct fixture *f = *state;
	struct strlist l = STRLIST_INIT, none = STRLIST_INIT;
	const char *const all[] = { "stray", "asked", "corpus", "dropped", "found" };
	struct finding_rec r = { .campaign = f->campaign,
		.harness = S("h"),
		.variant = S("asan"),
		.origin = S("edge"),
		.size = 5,
		.found_ms = 2000 };
	int64_t id;

	for (size_t i = 0; i < ARRAY_LEN(all); i++)
		put(f, all[i]);
	one_name(&l, "corpus");
	OK(store_corpus_add(f->s, "h", &l, &e));
	one_name(&l, "dropped");
	OK(store_corpus_add(f->s, "h", &l, &e));
	r.input = (char *)(uintptr_t)name_of("found");
	OK(store_finding_add(f->s, &r, &id, NULL, &e));
	assert_string_equal(unneeded(f), "");
	age(f, 40 * DAY);
	OK(store_corpus_drop(f->s, "h", &l, &e));
	one_name(&l, "asked");
	OK(store_blobs_lacking(f->s, &l, &none, &e));
	assert_int_equal(none.n, 0);
	assert_string_equal(unneeded(f), "adbc 5, ");
	age(f, 40 * DAY);
	assert_string_equal(unneeded(f), "adbc 5, c91c 5, ");
	/* put again meanwhile: it isn't that old any more */
	one_name(&l, "stray");
	strlist_add(&l, name_of("asked"));
	put(f, "asked");
	OK(store_blobs_remove(f->s, &l, 30 * DAY, &e));
	OK(store_blobs_lacking(f->s, &l, &none, &e));
	assert_int_equal(none.n, 1);
	/* out of its corpus for a year */
	age(f, 300 * DAY);
	assert_string_equal(unneeded(f), "c91c 5, ");
	age(f, 30 * DAY);
	one_name(&l, "dropped");
	OK(store_blobs_remove(f->s, &l, 30 * DAY, &e));
	OK(store_blobs_lacking(f->s, &l, &none, &e));
	assert_int_equal(none.n, 2);
	assert_string_equal(unneeded(f), "c91c 5, ");
	strlist_release(&l);
	strlist_release(&none);
}

static int note_text(void *arg, const char *text)
{
	buf_addf(arg, "%s ", text);
	return 0;
}

/* What is kept by campaign goes with those that are old. */
static void test_facts_of(void **state)
{
	struct fixture *f = *state;
	struct buf b = BUF_INIT;
	int64_t second;

	OK(store_fact_set(f->s, "build/1", "one", &e));
	OK(store_fact_set(f->s, "builds/1", "other", &e));
	OK(store_campaign_end(f->s, f->campaign, 5000, &e));
	OK(store_campaign_begin(f->s, 6000, 60000, "one", &second, &e));
	OK(store_fact_set(f->s, "build/2", "two", &e));
	IS(2, (int)second);
	OK(store_facts_of(f->s, "build", 2, note_text, &b, &e));
	assert_int_equal(b.len, strlen("one two "));
	OK(store_facts_prune(f->s, "build", 1, &e));
	buf_reset(&b);
	OK(store_facts_of(f->s, "build", 2, note_text, &b, &e));
	assert_string_equal(buf_str(&b), "two ");
	OK(store_facts_of(f->s, "builds", 2, note_text, &b, &e));
	assert_string_equal(buf_str(&b), "two other ");
	buf_release(&b);
}

static int each_finding(void *arg, const struct finding_rec *r)
{
	struct finding_rec change = { .id = r->id, .state = FINDING_TRIAGED, .bug = S(A) };
	struct walk *w = arg;

	assert_true(r->id > w->last);
	w->last = r->id;
	w->n++;
	OK(store_finding_update(w->f->s, &change, &e));
	if (w->n <= 5)
		add_finding(w->f, "later", (int)w->n, NULL);
	return w->n == w->stop_at;
}

static void test_findings_walk(void **state)
{
	struct fixture *f = *state;
	struct walk w = { .f = f };

	put_bug(f, A, "segv", 1, 1);
	for (int i = 0; i < 200; i++)
		add_finding(f, "h", i, NULL);
	w.stop_at = 3;
	OK(store_findings(f->s, NULL, -1, each_finding, &w, &e));
	assert_int_equal(w.n, 3);
	w = (struct walk){ .f = f, .n = 100 };
	OK(store_findings(f->s, NULL, FINDING_NEW, each_finding, &w, &e));
	assert_int_equal(w.n, 100 + 197 + 3);
	w = (struct walk){ .f = f, .n = 100 };
	OK(store_findings(f->s, NULL, FINDING_NEW, each_finding, &w, &e));
	assert_int_equal(w.n, 100);
	OK(store_findings(f->s, A, -1, each_finding, &w, &e));
	assert_int_equal(w.n, 100 + 203);
	w = (struct walk){ .f = f, .n = 100 };
	OK(store_findings(f->s, B, -1, each_finding, &w, &e));
	assert_int_equal(w.n, 100);
}

static int collect_ids(void *arg, const struct bug_rec *b)
{
	buf_addf(arg, "%.4s%s ", b->id, b->id + 15);
	return 0;
}

static void test_bugs(void **state)
{
	struct fixture *f = *state;
	struct bug_rec b = {
		.id = S(A), .signature = S(A), .kind = S("segv"), .first_ms = 5, .last_ms = 9
	};
	struct buf ids = BUF_INIT;
	bool is_new = false;

	OK(store_bug_put(f->s, &b, &is_new, &e));
	assert_true(is_new);
	b = (struct bug_rec){ .id = S(A),
		.signature = S(D),
		.kind = S("heap-buffer-overflow"),
		.kinds = S("abort,segv"),
		.title = S("t"),
		.state = BUG_IGNORED,
		.why = S("w"),
		.until_ms = UINT64_MAX,
		.security = -1,
		.severity = 3,
		.k = 1,
		.n = 3,
		.minimized = true,
		.first_ms = 77,
		.last_ms = 8 };
	OK(store_bug_put(f->s, &b, &is_new, &e));
	assert_false(is_new);
	OK(store_bug_get(f->s, A, &b, &e));
	assert_string_equal(b.kinds, "segv,abort,heap-buffer-overflow");
	assert_string_equal(b.signature, D);
	assert_int_equal(b.first_ms, 5);
	assert_int_equal(b.last_ms, 9);
	assert_int_equal(b.until_ms, INT64_MAX);
	assert_int_equal(b.security, -1);
	assert_int_equal(b.state, BUG_IGNORED);
	assert_true(b.minimized);
	assert_int_equal(b.findings, 0);
	bug_rec_release(&b);
	put_bug(f, C, "segv", 4, 9);
	put_bug(f, B, "segv", 3, 2);
	OK(store_bugs(f->s, collect_ids, &ids, &e));
	assert_string_equal(buf_str(&ids), "bbbb3 aaaa2 aaaa1 ");
	buf_release(&ids);
	OK(store_bug_by_signature(f->s, D, &b, &e));
	assert_string_equal(b.id, A);
	bug_rec_release(&b);
	OK(store_bug_by_signature(f->s, A, &b, &e)); /* its former signature */
	assert_string_equal(b.id, A);
	bug_rec_release(&b);
	IS(1, store_bug_by_signature(f->s, "0000000000000000", &b, &e));
	b = (struct bug_rec){ .id = S("nothex"), .kind = S("x") };
	IS(-1, store_bug_put(f->s, &b, NULL, &e));
}

static const struct {
	const char *id;
	int rc;
	const char *want;
} get_cases[] = {
	{ A, 0, A },
	{ "aaaa000000000001", 0, A },
	{ "AAAA000000000001", 0, A },
	{ "bbbb", 0, C },
	{ "BBBB0000", 0, C },
	{ "aaaa", -1, NULL }, /* ambiguous */
	{ "bbb", -1, NULL },  /* too short */
	{ "", -1, NULL },
	{ "cccc", 0, C }, /* an alias */
	{ D, 0, C },
	{ "dddd", 1, NULL },
	{ "a%_a", 1, NULL },
	{ "zzzz", 1, NULL },
	{ "aaaa00000000000", -1, NULL },
	{ "aaaa0000000000012", 1, NULL },
	{ "aaaa000000000003", 1, NULL },
};

static void test_bug_get(void **state)
{
	struct fixture *f = *state;

	put_bug(f, A, "segv", 1, 1);
	put_bug(f, B, "segv", 1, 1);
	put_bug(f, C, "segv", 1, 1);
	OK(store_bug_alias(f->s, D, C, &e));
	for (size_t i = 0; i < ARRAY_LEN(get_cases); i++) {
		struct err e = ERR_INIT;
		struct bug_rec b;
		int rc = store_bug_get(f->s, get_cases[i].id, &b, &e);

		if (rc != get_cases[i].rc)
			fail_msg("get '%s': %d %s", get_cases[i].id, rc, e.msg);
		if (rc == 0)
			assert_string_equal(b.id, get_cases[i].want);
		if (rc < 0)
			assert_int_equal(e.kind, ERR_USAGE);
		bug_rec_release(&b);
	}
}

static void test_alias(void **state)
{
	struct fixture *f = *state;
	struct finding_rec r = { .state = FINDING_TRIAGED, .bug = S(B), .signature = S(B) };
	struct bug_rec b;

	put_bug(f, A, "segv", 1, 10);
	put_bug(f, B, "abort", 1, 3);
	put_bug(f, C, "leak", 1, 5);
	r.id = add_finding(f, "h", 1, NULL);
	OK(store_finding_update(f->s, &r, &e));
	OK(store_bug_alias(f->s, D, B, &e));
	OK(store_bug_alias(f->s, B, A, &e)); /* D -> B -> A */
	OK(store_bug_alias(f->s, A, C, &e)); /* all -> C */
	OK(store_bug_alias(f->s, C, D, &e)); /* one already */
	OK(store_bug_get(f->s, D, &b, &e));
	assert_string_equal(b.id, C);
	assert_string_equal(b.kinds, "leak,segv,abort");
	assert_int_equal(b.first_ms, 3);
	assert_int_equal(b.findings, 1);
	bug_rec_release(&b);
	OK(store_bug_by_signature(f->s, B, &b, &e));
	assert_string_equal(b.id, C);
	bug_rec_release(&b);
	IS(-1, store_bug_alias(f->s, A, "0123456789abcdef", &e));
	/* a finding filed under an old id lands where that is now */
	r.bug = S(A);
	r.signature = S(A);
	r.id = add_finding(f, "h", 2, NULL);
	OK(store_finding_update(f->s, &r, &e));
	OK(store_finding_get(f->s, r.id, &r, &e));
	assert_string_equal(r.bug, C);
	finding_rec_release(&r);

	OK(store_bug_unalias(f->s, B, &e));
	IS(1, store_bug_unalias(f->s, B, &e));
	IS(1, store_bug_get(f->s, B, &b, &e));
	OK(store_finding_get(f->s, 1, &r, &e));
	assert_null(r.bug);
	assert_int_equal(r.state, FINDING_NEW);
	finding_rec_release(&r);
	OK(store_bug_get(f->s, C, &b, &e));
	assert_int_equal(b.findings, 1);
	bug_rec_release(&b);
}

static int one_stat(void *arg, const struct stat_rec *r)
{
	buf_addf(arg, "%s/%s %llu %llu %llu %llu %llu %llu %.1f\n", r->harness, r->engine,
		(unsigned long long)r->execs, (unsigned long long)r->wall_ms,
		(unsigned long long)r->corpus, (unsigned long long)r->edges,
		(unsigned long long)r->crashes, (unsigned long long)r->restarts, r->execs_per_s);
	return 0;
}

static int one_event(void *arg, const struct event_rec *r)
{
	buf_addf(arg, "%s:%s:%d ", r->kind, r->text, (int)r->campaign);
	return 0;
}

static int count_event(void *arg, const struct event_rec *r)
{
	(void)r;
	++*(size_t *)arg;
	return 0;
}

static void test_ledger(void **state)
{
	struct fixture *f = *state;
	struct stat_rec r = { .campaign = f->campaign,
		.harness = S("h"),
		.engine = S("aflpp"),
		.execs = 10,
		.wall_ms = 20,
		.corpus = 30,
		.edges = 40,
		.crashes = 1,
		.restarts = 2,
		.execs_per_s = 1.5 };
	struct buf b = BUF_INIT;
	char *value = NULL;
	size_t n = 0;

	OK(store_stat_add(f->s, &r, &e));
	r.corpus = 31;
	r.execs_per_s = 2.5;
	OK(store_stat_add(f->s, &r, &e));
	OK(store_stats(f->s, f->campaign, one_stat, &b, &e));
	assert_string_equal(buf_str(&b), "h/aflpp 20 40 31 40 2 4 2.5\n");
	buf_reset(&b);
	OK(store_event_add(f->s, f->campaign, 1, "bug", "x", &e));
	OK(store_event_add(f->s, 0, 2, "note", "y", &e));
	OK(store_events(f->s, 0, one_event, &b, &e));
	assert_string_equal(buf_str(&b), "bug:x:1 note:y:0 ");
	buf_release(&b);
	OK(store_begin(f->s, &e));
	for (int i = 0; i < 600; i++)
		OK(store_event_add(f->s, 0, 2, "n", NULL, &e));
	OK(store_commit(f->s, &e));
	OK(store_events(f->s, 2, count_event, &n, &e));
	assert_int_equal(n, 600);

	IS(1, store_fact_get(f->s, "k", &value, &e));
	OK(store_fact_set(f->s, "k", "1", &e));
	OK(store_fact_set(f->s, "k", "2", &e));
	OK(store_fact_get(f->s, "k", &value, &e));
	assert_string_equal(value, "2");
	free(value);
	OK(store_fact_set(f->s, "k", NULL, &e));
	IS(1, store_fact_get(f->s, "k", &value, &e));
}

static void test_groups(void **state)
{
	struct fixture *f = *state;
	struct finding_rec bad = { .harness = S("h"), .input = S("not a hash") };
	struct store *other = store_open(f->url, NULL);
	char *v = NULL;

	assert_non_null(other);
	OK(store_begin(f->s, &e));
	OK(store_begin(f->s, &e));
	OK(store_fact_set(f->s, "a", "1", &e));
	OK(store_commit(f->s, &e));
	IS(1, store_fact_get(other, "a", &v, &e)); /* not yet */
	OK(store_commit(f->s, &e));
	OK(store_fact_get(other, "a", &v, &e));
	free(v);

	OK(store_begin(f->s, &e));
	OK(store_fact_set(f->s, "b", "1", &e));
	store_rollback(f->s);
	store_rollback(f->s);
	IS(1, store_fact_get(f->s, "b", &v, &e));

	OK(store_begin(f->s, &e));
	OK(store_fact_set(f->s, "b", "1", &e));
	IS(-1, store_finding_add(f->s, &bad, NULL, NULL, &e));
	IS(-1, store_fact_set(f->s, "c", "1", &e)); /* doomed */
	IS(-1, store_commit(f->s, &e));
	IS(1, store_fact_get(other, "b", &v, &e));
	OK(store_fact_set(f->s, "c", "1", &e)); /* and on it goes */
	store_close(other);
}

static uint64_t mark_of(struct store *s)
{
	uint64_t mark = 0;

	OK(store_mark(s, &mark, &e));
	return mark;
}

/* Another number after any write, by this connection or another; the same after none, where that can be told. */
static void test_mark(void **state)
{
	struct fixture *f = *state;
	struct store *other = store_open(f->url, NULL);
	uint64_t was = mark_of(f->s);
	char *v = NULL;

	assert_non_null(other);
	if (!store_is_shared(f->s))
		assert_int_equal(mark_of(f->s), was);
	IS(1, store_fact_get(f->s, "m", &v, &e));
	OK(store_fact_set(other, "m", "1", &e));
	assert_int_not_equal(mark_of(f->s), was);
	was = mark_of(f->s);
	OK(store_fact_set(f->s, "m", "2", &e));
	assert_int_not_equal(mark_of(f->s), was);
	was = mark_of(f->s);
	OK(store_fact_get(f->s, "m", &v, &e));
	free(v);
	if (!store_is_shared(f->s))
		assert_int_equal(mark_of(f->s), was);
	store_close(other);
}

#define WORKERS 6
#define JOBS 120

/* A worker process: takes jobs until there are none, writing each one's number to fd. */
static void work(const char *url, int64_t campaign, int fd)
{
	char *owner = xasprintf("pid-%ld", (long)getpid());
	struct store *s = store_open(url, NULL);
	struct err e = ERR_INIT;
	struct job_rec j;
	int rc;

	if (!s)
		_exit(9);
	while ((rc = store_job_take(s, campaign, NULL, owner, NULL, 1000, 100000, &j, &e)) == 0) {
		int64_t id = j.id;

		job_rec_release(&j);
		if (write(fd, &id, sizeof(id)) != sizeof(id) ||
			store_job_done(s, id, owner, &e) != 0)
			_exit(8);
	}
	store_close(s);
	free(owner);
	_exit(rc == 1 ? 0 : 7);
}

static void test_workers(void **state)
{
	struct fixture *f = *state;
	int p[2], seen[JOBS + 1] = { 0 }, status;
	uint64_t counts[4];
	int64_t id;

	OK(store_begin(f->s, &e));
	for (int i = 0; i < JOBS; i++) {
		char key[16];

		snprintf(key, sizeof(key), "%d", i);
		add_job(f, "fuzz", key, i % 3);
	}
	OK(store_commit(f->s, &e));
	assert_int_equal(pipe(p), 0);
	for (int i = 0; i < WORKERS; i++)
		if (fork() == 0)
			work(f->url, f->campaign, p[1]);
	close(p[1]);
	while (read(p[0], &id, sizeof(id)) == sizeof(id)) {
		assert_in_range(id, 1, JOBS);
		seen[id]++;
	}
	close(p[0]);
	for (int i = 0; i < WORKERS; i++) {
		assert_true(wait(&status) > 0);
		assert_int_equal(status, 0);
	}
	for (int i = 1; i <= JOBS; i++)
		assert_int_equal(seen[i], 1);
	OK(store_job_counts(f->s, f->campaign, NULL, counts, &e));
	assert_int_equal(counts[JOB_DONE], JOBS);
}

#define KINDS 40

/* Several processes read and write one bug at once: no kind of any of them is lost. */
static void test_bug_together(void **state)
{
	struct fixture *f = *state;
	struct bug_rec b;
	int status;

	for (int w = 0; w < 4; w++) {
		if (fork() == 0) {
			struct store *s = store_open(f->url, NULL);
			int rc = s ? 0 : 1;

			for (int i = 0; rc == 0 && i < KINDS; i++) {
				char kind[32];

				snprintf(kind, sizeof(kind), "k%d-%d", w, i);
				b = (struct bug_rec){ .id = S(A), .kind = kind };
				rc = store_bug_put(s, &b, NULL, NULL) < 0;
			}
			_exit(rc);
		}
	}
	for (int w = 0; w < 4; w++) {
		assert_true(wait(&status) > 0);
		assert_int_equal(status, 0);
	}
	OK(store_bug_get(f->s, A, &b, &e));
	status = 1;
	for (const char *p = b.kinds; *p; p++)
		status += *p == ',';
	assert_int_equal(status, 4 * KINDS);
	bug_rec_release(&b);
}

static bool pid_alive(void *arg, const char *owner)
{
	(void)arg;
	return strncmp(owner, "pid-", 4) == 0 && kill((pid_t)strtol(owner + 4, NULL, 10), 0) == 0;
}

/* Killed in the middle of a group, holding a lease: the group leaves no trace, the job goes to the next. */
static void test_killed_worker(void **state)
{
	struct fixture *f = *state;
	int p[2];
	pid_t pid;
	char c, *v = NULL;

	add_job(f, "fuzz", "a", 0);
	assert_int_equal(pipe(p), 0);
	pid = fork();
	if (pid == 0) {
		char *owner = xasprintf("pid-%ld", (long)getpid());
		struct store *s = store_open(f->url, NULL);
		struct job_rec j;

		if (!s ||
			store_job_take(s, f->campaign, NULL, owner, NULL, 1000, 5000, &j, NULL) !=
				0 ||
			store_fact_set(s, "kept", "1", NULL) < 0 || store_begin(s, NULL) < 0 ||
			store_fact_set(s, "lost", "1", NULL) < 0)
			_exit(1);
		if (write(p[1], "x", 1) == 1)
			pause();
		_exit(1);
	}
	close(p[1]);
	assert_int_equal(read(p[0], &c, 1), 1);
	close(p[0]);
	kill(pid, SIGKILL);
	waitpid(pid, NULL, 0);
	OK(store_fact_get(f->s, "kept", &v, &e));
	free(v);
	IS(1, store_fact_get(f->s, "lost", &v, &e));
	assert_string_equal(take(f, NULL, "w", 5999, NULL), "");
	assert_string_equal(take(f, NULL, "w-late", 6000, NULL), "a");
	/* or at once */
	add_job(f, "fuzz", "b", 0);
	{
		char owner[32];

		snprintf(owner, sizeof(owner), "pid-%ld", (long)pid);
		assert_string_equal(take(f, NULL, owner, 6000, NULL), "b");
	}
	OK(store_jobs_release_dead(f->s, pid_alive, NULL, true, &e));
	assert_string_equal(take(f, NULL, "w", 6000, NULL), "a"); /* "w-late" is no process */
	assert_string_equal(take(f, NULL, "w", 6000, NULL), "b");
}

/* Not asserted, but said: what many findings cost, one by one and in a group. */
static int sum_verdicts(void *arg, const struct verdict_rec *r)
{
	uint64_t *sum = arg;

	sum[0]++;
	sum[1] += r->accepted;
	sum[2] += (uint64_t)r->campaign;
	sum[3] += r->not_run;
	return 0;
}

/* The last look counts, and of verdicts those of one campaign together. */
static void test_looks(void **state)
{
	static const struct {
		const char *source;
		int64_t campaign;
		bool add;
		/* then: how many sources, and the sums over them */
		uint64_t n, accepted, campaigns, not_run;
	} rows[] = {
		{ "edge cases", 1, false, 1, 10, 1, 2 },
		{ "sweep asan", 1, true, 2, 20, 2, 4 },
		{ "sweep asan", 1, true, 2, 30, 2, 6 },
		{ "sweep asan", 2, true, 2, 20, 3, 4 },
		{ "edge cases", 1, false, 2, 20, 3, 4 },
		{ "edge cases", 0, false, 2, 20, 2, 4 },
	};
	struct fixture *f = *state;
	struct look_rec r = { .when_ms = 7 }, seen;

	OK(store_look_get(f->s, "h", &seen, &e));
	assert_int_equal(seen.when_ms, 0);
	look_rec_add(&r, LOOK_SICK, "dead", "cause\n'\"", "mend");
	look_rec_add(&r, LOOK_WARNING, "slow", "", "");
	OK(store_look_set(f->s, "h", &r, &e));
	OK(store_look_set(f->s, "other", &r, &e));
	OK(store_look_get(f->s, "h", &seen, &e));
	assert_int_equal(seen.when_ms, 7);
	assert_int_equal(seen.n, 2);
	assert_int_equal(look_rec_level(&seen), LOOK_SICK);
	assert_string_equal(seen.v[0].cause, "cause\n'\"");
	assert_string_equal(seen.v[1].rule, "slow");
	look_rec_release(&seen);
	look_rec_release(&r);
	r.when_ms = 8;
	OK(store_look_set(f->s, "h", &r, &e));
	OK(store_look_get(f->s, "h", &seen, &e));
	assert_int_equal(seen.when_ms, 8);
	assert_int_equal(seen.n, 0);
	for (size_t i = 0; i < ARRAY_LEN(rows); i++) {
		struct verdict_rec v = { .source = (char *)(uintptr_t)rows[i].source,
			.campaign = rows[i].campaign,
			.when_ms = 1,
			.accepted = 10,
			.not_run = 2 };
		uint64_t sum[4] = { 0 };

		OK(store_verdict_set(f->s, "h", &v, rows[i].add, &e));
		OK(store_verdicts(f->s, "h", sum_verdicts, sum, &e));
		assert_int_equal(sum[0], rows[i].n);
		assert_int_equal(sum[1], rows[i].accepted);
		assert_int_equal(sum[2], rows[i].campaigns);
		assert_int_equal(sum[3], rows[i].not_run);
	}
}

static void test_speed(void **state)
{
	struct fixture *f = *state;
	int many = getenv("THRESH_TEST_STORE") ? 100 : 1000;

	for (int grouped = 0; grouped < 2; grouped++) {
		uint64_t start = clock_mono_ms();

		if (grouped)
			OK(store_begin(f->s, &e));
		for (int i = 0; i < many; i++) {
			struct finding_rec r = { .state = FINDING_TRIAGED, .bug = S(A) };

			put_bug(f, A, "segv", 1, (uint64_t)i);
			r.id = add_finding(f, grouped ? "g" : "h", i, NULL);
			OK(store_finding_update(f->s, &r, &e));
		}
		if (grouped)
			OK(store_commit(f->s, &e));
		printf("# %d findings filed, %s: %llu ms\n", many,
			grouped ? "grouped" : "one by one",
			(unsigned long long)(clock_mono_ms() - start));
	}
}

static void test_states(void **state)
{
	enum bug_state s, got;

	(void)state;
	for (s = BUG_OPEN; s <= BUG_IGNORED; s++) {
		assert_int_equal(bug_state_parse(bug_state_name(s), &got), 0);
		assert_int_equal(got, s);
	}
	assert_int_equal(bug_state_parse("nope", &got), -1);
}

#define T(fn) cmocka_unit_test_setup_teardown(fn, set_up, tear_down)

int main(void)
{
	const struct CMUnitTest tests[] = {
		T(test_campaigns),
		T(test_job_order),
		T(test_job_leases),
		T(test_job_places),
		T(test_job_batches),
		T(test_job_fence),
		T(test_store_clock),
		T(test_blobs),
		T(test_corpus_news),
		T(test_origins),
		T(test_lead),
		T(test_release_dead),
		T(test_near_leases),
		T(test_again),
		T(test_findings),
		T(test_findings_walk),
		T(test_trimmed),
		T(test_no_tomorrow),
		T(test_unneeded),
		T(test_facts_of),
		T(test_old_jobs),
		T(test_bugs),
		T(test_bug_get),
		T(test_alias),
		T(test_ledger),
		T(test_groups),
		T(test_mark),
		T(test_workers),
		T(test_bug_together),
		T(test_killed_worker),
		T(test_looks),
		T(test_speed),
		cmocka_unit_test(test_states),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
