/*
 * The folder is laid out as a project's: thresh.yaml, sources, and .thresh with builds and corpora, so that whatever works
 * there finds what it always finds. A worker that comes later takes over what another one left: it is a cache.
 */
#include "base/prelude.h"
#include "campaign/remote.h"
#include "base/clock.h"
#include "base/dir.h"
#include "base/fs.h"
#include "base/log.h"
#include "base/mem.h"
#include "campaign/cluster.h"
#include "campaign/patience.h"
#include "depot/corpora.h"
#include "proc/interrupt.h"
#include "proc/lock.h"
#include "project/lease.h"
#include <sys/stat.h>
#include <unistd.h>

#define LOOK_MS 2000
#define SLOTS_MAX 4096
#define AFL_JOBS "aflpp "
#define STATE ".thresh"

struct remote {
	const struct remote_opts *o;
	struct store *
		store; /* while there is a project, its own: a server has only so many connections */
	char *dir;     /* of this worker */
	int lock;
	int64_t campaign;
	struct depot_build build;
	struct project *p;
	struct strlist ready; /* harnesses whose executables are here */
	uint64_t looked_ms;
	uint64_t jobs; /* that it did, of all campaigns */
	bool reached;  /* the store was, once: it is no mistyped URL */
};

/* The first folder that no other worker has, below the cache's for this store. */
static int take_folder(struct remote *r, struct err *err)
{
	char *users = r->o->cache ? xstrdup(r->o->cache) : toolchain_users_cache(), *of;
	char hex[SHA1_HEX];
	int rc = -1;

	if (!users)
		return err_usage(
			err, "no folder for what comes from the store: name one by --cache");
	hash_sha1(r->o->url, strlen(r->o->url), hex);
	of = xasprintf("%s/worker-%.10s", users, hex);
	rc = fs_mkdirs(of, err);
	for (int i = 1; rc == 0 && i <= SLOTS_MAX; i++) {
		char *lock = xasprintf("%s/%d.lock", of, i);
		bool held;

		r->lock = lock_try(lock, &held, err);
		free(lock);
		if (r->lock >= 0) {
			r->dir = xasprintf("%s/%d", of, i);
			break;
		}
		rc = held ? 0 : -1;
	}
	if (rc == 0 && !r->dir)
		rc = err_set(err, "%s: %d workers of this machine have their folders there", of,
			SLOTS_MAX);
	free(of);
	free(users);
	return rc;
}

/* 0: *id goes on; 1: none does. */
static int find_campaign(struct remote *r, int64_t *id, struct err *err)
{
	struct campaign_rec last = { 0 };
	int rc = store_campaign_last(r->store, &last, err);

	if (rc == 0 && (last.ended_ms || (r->o->work.campaign && last.id != r->o->work.campaign)))
		rc = 1;
	if (rc == 0)
		*id = last.id;
	campaign_rec_release(&last);
	return rc;
}

/* 0: there is work; 1: none, or told to stop; -1. */
static int find_work(struct remote *r, struct err *err)
{
	bool told = false;
	int rc;

	for (;;) {
		rc = find_campaign(r, &r->campaign, err);
		if (rc == 0)
			rc = depot_build_get(r->store, r->campaign, &r->o->trust, &r->build, err);
		if (rc != 1 || r->o->work.until_idle || proc_interrupted())
			return rc;
		if (!told)
			log_info(
				"no campaign goes on whose build is in the store; waiting for one");
		told = true;
		proc_nap(LOOK_MS);
	}
}

/* --- the folder --- */

/* What is in a folder, but these. */
static int remove_all_but(const char *dir, const char *const *stay, struct err *err)
{
	struct strlist names = STRLIST_INIT;
	int rc = fs_is_dir(dir) ? fs_list(dir, &names, err) : 0;

	for (size_t i = 0; rc == 0 && i < names.n; i++) {
		char *path = fs_join(dir, names.v[i]);
		size_t k = 0;

		while (stay[k] && strcmp(stay[k], names.v[i]) != 0)
			k++;
		if (!stay[k])
			rc = fs_remove_tree(path, err);
		free(path);
	}
	strlist_release(&names);
	return rc;
}

/* All of another build goes; corpora and what engines learned stay. */
static int empty_folder(const char *dir, struct err *err)
{
	static const char *const state_only[] = { STATE, NULL };
	static const char *const stay[] = { "corpus", "work", "cache", NULL };
	char *state = fs_join(dir, STATE);
	int rc = remove_all_but(dir, state_only, err);

	if (rc == 0)
		rc = remove_all_but(state, stay, err);
	free(state);
	return rc;
}

/* The file that says whose build lies there is written last: a folder without it is begun anew. */
static int fill_folder(struct remote *r, struct err *err)
{
	char *mark = fs_join(r->dir, ".build");
	struct buf b = BUF_INIT;
	int rc = 0;

	if (fs_read(mark, 4096, &b, NULL) < 0 || strcmp(buf_str(&b), r->build.id) != 0) {
		rc = empty_folder(r->dir, err);
		if (rc == 0)
			rc = fs_mkdirs(r->dir, err);
		if (rc == 0)
			rc = depot_unpack(r->store, &r->build, "", r->dir, err);
		if (rc == 0)
			rc = fs_write(mark, r->build.id, strlen(r->build.id), 0600, err);
	}
	buf_release(&b);
	free(mark);
	return rc;
}

static void close_project(struct remote *r)
{
	if (r->p)
		r->store = NULL;
	project_close(r->p);
	r->p = NULL;
	strlist_release(&r->ready);
}

static int open_project(struct remote *r, struct err *err)
{
	char *path;
	struct config *cfg;

	if (fill_folder(r, err) < 0)
		return -1;
	path = fs_join(r->dir, r->build.config);
	cfg = config_load(path, err);
	free(path);
	if (!cfg)
		return -1;
	cfg->store = arena_strdup(&cfg->arena, r->o->url);
	cfg->made_in = arena_strdup(&cfg->arena, r->build.dir);
	/* they are the project's own, and look for what isn't here */
	cfg->on_new_bug.n = cfg->on_regression.n = 0;
	r->p = project_open_take(cfg, err);
	if (!r->p)
		return -1;
	store_close(r->store);
	r->store = r->p->store;
	if (project_need_tools(r->p, err) < 0)
		return -1;
	store_pass(r->p->store, r->p->tools.afl_fuzz ? NULL : AFL_JOBS);
	if (!r->p->tools.afl_fuzz)
		log_info("no afl-fuzz here: AFL++'s jobs are left to others");
	return 0;
}

/* --- jobs --- */

struct cached {
	char *path;
	time_t used;
	uint64_t bytes;
};

static int oldest_first(const void *a, const void *b)
{
	const struct cached *x = a, *y = b;

	return x->used < y->used ? -1 : x->used > y->used;
}

/* Other harnesses' corpora, those that were used longest ago first, until what is left is small enough. */
static void make_room(struct remote *r, struct depot *depot, const char *harness)
{
	char *dir = fs_join(r->p->state_dir, "corpus");
	struct strlist names = STRLIST_INIT;
	struct cached *v;
	uint64_t total = 0;
	size_t n = 0;

	fs_list(dir, &names, NULL);
	v = xcalloc(names.n + 1, sizeof(*v));
	for (size_t i = 0; i < names.n; i++) {
		struct dir_sum sum = { 0, 0 };
		struct stat st;
		char *path = fs_join(dir, names.v[i]);
		int fd = dir_open(path, NULL);

		if (fd >= 0 && fstat(fd, &st) == 0 && strcmp(names.v[i], harness) != 0) {
			dir_sum(fd, &sum);
			total += sum.bytes;
			v[n++] = (struct cached){ path, st.st_mtime, sum.bytes };
		} else {
			free(path);
		}
		if (fd >= 0)
			close(fd);
	}
	qsort(v, n, sizeof(*v), oldest_first);
	for (size_t i = 0; i < n; i++) {
		if (total > r->o->cache_bytes && fs_remove_tree(v[i].path, NULL) == 0) {
			total -= v[i].bytes;
			/* what it had comes again when it's needed */
			depot_forget(depot, fs_basename(v[i].path));
		}
		free(v[i].path);
	}
	free(v);
	strlist_release(&names);
	free(dir);
}

/* Before a job: what it needs of the harness. */
static int make_ready(void *arg, struct depot *depot, const struct job_rec *job, struct err *err)
{
	struct remote *r = arg;

	if (!*job->harness || strlist_has(&r->ready, job->harness))
		return 0;
	if (depot_unpack(r->store, &r->build, job->harness, r->dir, err) < 0)
		return -1;
	make_room(r, depot, job->harness);
	strlist_add(&r->ready, job->harness);
	return 0;
}

/* Another campaign, or another build of this one: what is open here is over. */
static bool is_over(void *arg)
{
	struct remote *r = arg;
	struct depot_build now = { .n = 0 };
	int64_t campaign = 0;
	bool over = false;

	if (clock_mono_ms() < r->looked_ms + LOOK_MS)
		return false;
	r->looked_ms = clock_mono_ms();
	switch (find_campaign(r, &campaign, NULL)) {
	case 0:
		over = campaign != r->campaign ||
		       depot_build_get(r->store, campaign, &r->o->trust, &now, NULL) != 0 ||
		       strcmp(now.id, r->build.id) != 0;
		break;
	case 1:
		over = true;
		break;
	default:
		/* a store that can't be asked: those who work with it say so */
		break;
	}
	depot_build_release(&now);
	return over;
}

static int open_store(struct remote *r, struct err *err)
{
	if (r->store)
		return 0;
	r->store = store_open(r->o->url, err);
	if (!r->store)
		return -1;
	r->reached = true;
	store_ending(r->store, proc_interrupted);
	if (store_is_shared(r->store))
		return cluster_follow_clock(r->store, true, err);
	return err_usage(err, "--store: a worker of its own needs a store that is shared: "
			      "postgres://USER@HOST/DATABASE");
}

static int work_once(struct remote *r, struct err *err)
{
	struct worker_opts opts = r->o->work;
	int rc = find_work(r, err);

	if (rc == 0)
		rc = open_project(r, err);
	if (rc == 0) {
		log_info("campaign %lld of %s, build %.8s", (long long)r->campaign,
			r->build.project, r->build.id);
		opts.campaign = r->campaign;
		opts.anywhere = true;
		opts.ready = make_ready;
		opts.is_over = is_over;
		opts.arg = r;
		opts.jobs = &r->jobs;
		rc = worker_run(r->p, &opts, err);
	}
	close_project(r);
	depot_build_release(&r->build);
	return rc;
}

int remote_work(const struct remote_opts *o, struct err *err)
{
	struct remote r = { .o = o, .lock = -1 };
	struct patience patience = { 0 };
	uint64_t max = o->work.max_jobs;
	int rc = take_folder(&r, err);

	while (rc == 0 && !proc_interrupted() && (!max || r.jobs < max)) {
		rc = open_store(&r, err);
		if (rc == 0)
			rc = work_once(&r, err);
		/* what was under way, as its folder being filled, was broken off */
		if (rc < 0 && proc_interrupted()) {
			log_info("%s", err->msg);
			rc = 0;
			break;
		}
		/* nobody would end one that is to end by itself */
		if (rc < 0 && o->work.until_idle && !r.reached)
			break;
		if (rc < 0 && patience_wait(&patience, "the store", err)) {
			rc = 0;
			continue;
		}
		patience_end(&patience);
		if (rc == 0 && o->work.until_idle)
			break;
	}
	store_close(r.store);
	if (r.lock >= 0)
		close(r.lock);
	free(r.dir);
	return rc < 0 ? -1 : 0;
}
