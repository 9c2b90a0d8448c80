/*
 * AFL++: afl-fuzz on a copy of the shared corpus, or of a part of it, made anew for each slice, so that what
 * distillation took out stays out. Its queue is copied into the shared corpus about once a second; what others add
 * reaches it within a second or so through a small library that it loads (src/runtime/afl_import.c), because its own
 * syncing is a matter of minutes. Where that library isn't, -F does it, in half a minute.
 */
#include "base/prelude.h"
#include "engine/aflpp.h"
#include "engine/afl_inputs.h"
#include "engine/afl_knows.h"
#include "engine/afl_mutator.h"
#include "engine/afl_places.h"
#include "engine/afl_queue.h"
#include "engine/afl_stats.h"
#include "base/clock.h"
#include "base/dir.h"
#include "base/fs.h"
#include "base/log.h"
#include "base/mem.h"
#include "base/num.h"
#include "engine/hangs.h"
#include "engine/process.h"
#include "engine/slice.h"
#include "engine/variety.h"
#include <errno.h>
#include <fcntl.h>
#include <signal.h>
#include <stdio.h>
#include <sys/stat.h>
#include <time.h>
#include <unistd.h>

/* inputs of a slice, cut short, that are handed over */
#define SLOW_MAX 8
#define STOP_MS 1500
#define START_MS 20000
#define LOOK_MS 50
#define COLLECT_MS 1000
#define EARLY_MAX 2
#define BACKOFF_MS 200
#define SHORTEST_RUN_MS 700
#define SETTLED_MS 50 /* a queue file this young may still be written */
#define INPUT_MAX ((uint64_t)64 << 20)
#define WORDS "words.dict"
#define INSTANCE "default"
/* in the work directory, which no target writes to */
#define SHARING "sharing"
/* of what afl_main.c knows of failures */
#define PLACES_DIR "places"
#define PLACES "ends"
/* a seed that fails is a finding */
#define CRASHING_SEEDS "AFL_CRASHING_SEEDS_AS_NEW_CRASH"
#define IMPORT_LIB ".afl-import.so" /* BUILD_AFL_IMPORT, beside the executable */

struct afl {
	struct slice slice;
	struct err *err;
	char *out, *places;
	int out_fd, places_fd;
	struct afl_inputs inputs;
	struct afl_mutator mutator;
	uint64_t next_id;    /* of the queue */
	unsigned slow;       /* of this slice, cut short at a part of the limit */
	struct strlist seen; /* crash and hang files of this start */
	uint64_t execs_before, execs_now, collected_ms;
	unsigned turn; /* of its slices on this harness */
	const struct variety_afl *variety;
	char abort_words[512]; /* behind PROGRAM ABORT */
	bool up;               /* its target started, as it said */
};

static const char *afl_missing(const struct engine_job *job)
{
	char *fuzz = fs_which("afl-fuzz");

	if (!fuzz)
		return "afl-fuzz isn't there; `thresh doctor` says how to get it";
	free(fuzz);
	if (!job->exe)
		return "there is no afl build of it";
	return fs_is_exe(job->exe) ? NULL : "its afl build isn't there; run `thresh build`";
}

/* --- what it prints and writes --- */

static void afl_line(void *arg, struct strv line)
{
	struct afl *a = arg;
	size_t at = strv_find(line, "PROGRAM ABORT : ");

	afl_mutator_line(&a->mutator, line);
	a->up |= strv_contains(line, "fork server is up");
	if (at == SIZE_MAX)
		at = strv_find(line, "SYSTEM ERROR : ");
	if (at != SIZE_MAX && !*a->abort_words) {
		struct strv words = strv_trim(strv_from(line, at + 15));

		words.len = MIN(words.len, sizeof(a->abort_words) - 1);
		memcpy(a->abort_words, words.s, words.len);
		a->abort_words[words.len] = '\0';
	}
}

/* plot_data comes every few seconds, fuzzer_stats at the end. */
static void read_stats(struct afl *a, bool final)
{
	struct engine_stats *st = a->slice.stats;
	struct afl_stats now = { .execs = a->execs_now, .corpus = st->corpus, .edges = st->edges };

	afl_stats_read(a->out_fd, INSTANCE, final, &now);
	a->execs_now = now.execs;
	st->corpus = now.corpus;
	st->edges = now.edges;
}

/* --- its queue into the shared corpus --- */

/* Whole or not at all, under its content's name. Not synced: a lost input is found again. True: it wasn't there. */
static bool share(struct afl *a, const struct buf *b, const char hex[SHA1_HEX])
{
	struct err err = ERR_INIT;
	struct stat st;
	int to = a->slice.corpus_fd, work = a->slice.work_fd;

	bool shared = false;

	if (fstatat(to, hex, &st, AT_SYMLINK_NOFOLLOW) == 0)
		return false;
	if (dir_write(work, SHARING, buf_str(b), b->len, &err) < 0) {
		log_debug("%s", err.msg);
		return false;
	}
	if (renameat(work, SHARING, to, hex) == 0)
		return true;
	if (errno == EXDEV) /* another file system */
		shared = dir_write(to, hex, buf_str(b), b->len, &err) == 0;
	if (!shared)
		log_debug("%s/%s: can't be added: %s", a->slice.corpus, hex, strerror(errno));
	dir_remove(work, SHARING);
	return shared;
}

static bool settled(int dir, const char *name, bool final)
{
	struct timespec now;
	struct stat st;

	if (final)
		return true;
	clock_gettime(CLOCK_REALTIME, &now);
	return fstatat(dir, name, &st, AT_SYMLINK_NOFOLLOW) == 0 &&
	       (now.tv_sec - st.st_mtim.tv_sec) * 1000 +
			       (now.tv_nsec - st.st_mtim.tv_nsec) / 1000000 >=
		       SETTLED_MS;
}

/* A folder of its instance, by number and by name; -1: there is none. */
static int its_folder(const struct afl *a, const char *name, struct strlist *names)
{
	char *below = fs_join(INSTANCE, name);
	int dir = dir_below(a->out_fd, below);

	free(below);
	if (dir >= 0)
		dir_list(dir, names, NULL);
	return dir;
}

/* hex NULL: it was in the corpus. */
static void tell_brought(const struct afl *a, int dir, const struct strlist *names,
	const char *name, const char *hex)
{
	const struct engine_job *job = a->slice.job;
	char parent[SHA1_HEX];

	if (hex && job->brought)
		job->brought(job->brought_arg, hex, name,
			afl_queue_parent(dir, names, name, parent) ? parent : NULL);
}

static void collect_queue(struct afl *a, bool final)
{
	struct strlist names = STRLIST_INIT;
	struct buf b = BUF_INIT;
	uint64_t id, next = a->next_id;
	int dir = its_folder(a, "queue", &names);

	for (size_t i = 0; i < names.n; i++) { /* sorted, so by number */
		char hex[SHA1_HEX];
		uint64_t max = a->slice.job->max_len ? a->slice.job->max_len : INPUT_MAX;

		if (!afl_queue_id(names.v[i], &id) || id < a->next_id)
			continue;
		if (!settled(dir, names.v[i], final))
			break;
		/* ",orig:" came from the corpus */
		if (!strstr(names.v[i], ",orig:") &&
			slice_sha1(dir, names.v[i], max, hex, &b) == 0 && b.len)
			tell_brought(a, dir, &names, names.v[i], share(a, &b, hex) ? hex : NULL);
		next = id + 1;
	}
	a->next_id = next;
	if (dir >= 0)
		close(dir);
	buf_release(&b);
	strlist_release(&names);
}

/* Its folders of failing inputs, and what they are to us. */
static const struct {
	const char *dir, *kind;
} failures[] = { { "crashes", "crash" }, { "hangs", "timeout" } };

static void collect_failures(struct afl *a, const char *folder, const char *kind)
{
	struct strlist names = STRLIST_INIT;
	int dir = its_folder(a, folder, &names);
	bool crash = strcmp(kind, "crash") == 0;

	for (size_t i = 0; i < names.n && !a->slice.stopped; i++) {
		char *key = fs_join(folder, names.v[i]);
		uint64_t id;

		if (afl_queue_id(names.v[i], &id) && !strlist_has(&a->seen, key)) {
			bool slow = a->slice.job->endless && strcmp(kind, "timeout") == 0;
			bool doubt =
				crash && afl_places_doubt(a->places_fd, PLACES, dir, names.v[i]);
			struct engine_find f = { .kind = slow    ? ENGINE_SLOW
							 : doubt ? ENGINE_SURVIVED
								 : kind };

			/* they are no failures yet, and one is much like another */
			if (slow && a->slow >= SLOW_MAX) {
				strlist_add(&a->seen, key);
			} else if (slice_report(&a->slice, dir, names.v[i], &f)) {
				strlist_add(&a->seen, key);
				a->slow += slow;
			}
		}
		free(key);
	}
	if (dir >= 0)
		close(dir);
	strlist_release(&names);
}

/* Something of this start is nowhere else: its folder must stay. */
static bool holds_findings(const struct afl *a)
{
	bool holds = false;

	for (size_t k = 0; k < ARRAY_LEN(failures) && !holds; k++) {
		struct strlist names = STRLIST_INIT;
		int dir = its_folder(a, failures[k].dir, &names);
		uint64_t id;

		for (size_t i = 0; i < names.n && !holds; i++) {
			char *key = fs_join(failures[k].dir, names.v[i]);

			holds = afl_queue_id(names.v[i], &id) && !strlist_has(&a->seen, key);
			free(key);
		}
		if (dir >= 0)
			close(dir);
		strlist_release(&names);
	}
	return holds;
}

/* Its folder, when all that matters was taken from it. */
static int clear_out(struct afl *a, struct err *err)
{
	if (holds_findings(a))
		return err_set(err, "%s: failing inputs that can't be stored stay there", a->out);
	strlist_release(&a->seen);
	dir_empty(a->out_fd, true);
	return 0;
}

static void collect(struct afl *a, bool final)
{
	a->collected_ms = clock_mono_ms();
	collect_queue(a, final);
	for (size_t i = 0; i < ARRAY_LEN(failures); i++)
		collect_failures(a, failures[i].dir, failures[i].kind);
	read_stats(a, final);
	a->slice.stats->execs = a->execs_before + a->execs_now;
}

/* --- starting it --- */

static char *import_lib(const struct engine_job *job)
{
	char *exe = fs_abspath(job->exe), *dir = fs_dirname(exe);
	char *lib = fs_join(dir, IMPORT_LIB);

	free(exe);
	free(dir);
	if (fs_is_file(lib))
		return lib;
	free(lib);
	return NULL;
}

/* What stands behind an @ in its path would be a level: then it is one in the working directory. */
static char *dictionary_path(const struct afl *a)
{
	char *path = fs_abspath(a->slice.job->dictionary), *copy;

	if (!strchr(path, '@'))
		return path;
	copy = fs_join(a->slice.scratch, WORDS);
	if (fs_copy(path, copy, 0600, NULL) == 0) {
		free(path);
		path = xstrdup(WORDS);
	}
	free(copy);
	return path;
}

/* It waits that long for each input that doesn't end. */
static uint64_t limit_ms(const struct afl *a)
{
	uint64_t limit = slice_timeout_ms(&a->slice);

	return a->slice.job->endless ? hangs_limit_ms(limit) : limit;
}

/* It waits that long for the target's first word. */
static uint64_t start_ms(const struct afl *a)
{
	return a->slice.job->start_ms ? a->slice.job->start_ms : START_MS;
}

static int make_argv(const struct afl *a, bool import, struct strlist *argv)
{
	const struct engine_job *job = a->slice.job;
	uint64_t timeout = limit_ms(a);
	char *exe, *cmplog;

	strlist_add(argv, "afl-fuzz");
	strlist_add(argv, "-i");
	strlist_add(argv, a->inputs.path);
	strlist_add(argv, "-o");
	strlist_add(argv, a->out);
	if (!import) {
		strlist_add(argv, "-M");
		strlist_add(argv, INSTANCE);
		strlist_add(argv, "-F");
		strlist_add(argv, a->slice.corpus);
	}
	strlist_add(argv, "-t");
	strlist_addf(argv, "%llu+", (unsigned long long)MIN(MAX(timeout, 20ULL), 120000ULL));
	strlist_add(argv, "-m");
	if (job->memory)
		strlist_addf(argv, "%llu", (unsigned long long)MAX(job->memory >> 20, 64ULL));
	else
		strlist_add(argv, "2048");
	if (job->max_len) {
		strlist_add(argv, "-G");
		strlist_addf(argv, "%llu", (unsigned long long)job->max_len);
	}
	if (job->dictionary) {
		strlist_add(argv, "-x");
		strlist_add_take(argv, dictionary_path(a));
	}
	if (job->seed) {
		strlist_add(argv, "-s");
		strlist_addf(argv, "%llu",
			(unsigned long long)((job->seed + a->slice.stats->restarts) %
						     2147483647ULL +
					     1));
	}
	for (const char *const *o = a->variety->options; *o; o++)
		strlist_add(argv, *o);
	/* it changes inputs in a way of its own */
	if (job->cmplog_exe && fs_is_exe(job->cmplog_exe) &&
		!(import && afl_mutator_is_only(&a->mutator))) {
		cmplog = slice_exe(&a->slice, job->cmplog_exe, "cmplog", a->err);
		if (!cmplog)
			return -1;
		strlist_add(argv, "-c");
		strlist_add_take(argv, cmplog);
	}
	exe = slice_exe(&a->slice, job->exe, NULL, a->err);
	if (!exe)
		return -1;
	strlist_add(argv, "--");
	strlist_add_take(argv, exe);
	return 0;
}

static void make_env(const struct afl *a, const char *import, const char *exe, struct strlist *env)
{
	static const char *const fixed[] = { "AFL_NO_UI=1", "AFL_SKIP_CPUFREQ=1",
		"AFL_I_DONT_CARE_ABOUT_MISSING_CRASHES=1", "AFL_NO_AFFINITY=1",
		"AFL_IGNORE_PROBLEMS=1", "AFL_IGNORE_UNKNOWN_ENVS=1", "AFL_NO_CRASH_README=1",
		"AFL_FAST_CAL=1", "AFL_KILL_SIGNAL=9", "AFL_SYNC_TIME=1", "AFL_AUTORESUME",
		"LC_ALL=C",
		/* a place that it may write to is ours, see TMPDIR below: another one it couldn't */
		"AFL_TMPDIR",
		/*
		 * it has no sanitizer, and afl-fuzz doesn't start with options that it wouldn't
		 * choose
		 */
		"ASAN_OPTIONS", "MSAN_OPTIONS", "UBSAN_OPTIONS", "LSAN_OPTIONS" };
	uint64_t timeout = limit_ms(a);

	for (size_t i = 0; i < ARRAY_LEN(fixed); i++)
		strlist_add(env, fixed[i]);
	if (afl_knows(CRASHING_SEEDS))
		strlist_add(env, CRASHING_SEEDS "=1");
	strlist_addf(env, "AFL_FORKSRV_INIT_TMOUT=%llu", (unsigned long long)start_ms(a));
	strlist_addf(env, "AFL_HANG_TMOUT=%llu", (unsigned long long)timeout);
	strlist_addf(env, "TMPDIR=%s", a->slice.scratch);
	if (!a->variety->trim)
		strlist_add(env, "AFL_DISABLE_TRIM=1");
	if (a->turn) /* the same inputs went through it before */
		strlist_add(env, "AFL_CMPLOG_ONLY_NEW=1");
	if (import) {
		strlist_addf(env, "AFL_CUSTOM_MUTATOR_LIBRARY=%s", import);
		strlist_addf(env, "THRESH_IMPORT_DIR=%s", a->slice.corpus);
		strlist_addf(env, "THRESH_IMPORT_KNOWN=%s", a->inputs.listed);
		afl_mutator_env(&a->mutator, a->slice.job, exe, env);
	}
	/* where inputs end the target no more, from one slice to the next */
	strlist_addf(env, "THRESH_RT_PLACES=%s/" PLACES, a->places);
	slice_env(&a->slice, env);
}

/* --- the slice --- */

/* Waited for once: the next start would take as long, and end no better. */
static bool hung_at_start(const struct afl *a)
{
	return strstr(a->abort_words, "Timeout while initializing fork server") != NULL;
}

static int start_failed(struct afl *a, const struct engine_proc *e)
{
	struct buf b = BUF_INIT;
	bool refused;

	if (hung_at_start(a))
		return err_usage(a->err,
			"afl-fuzz doesn't start: the target isn't ready after %llu ms, its "
			"start_timeout",
			(unsigned long long)start_ms(a));
	engine_words(e, &b);
	refused = engine_was_refused(strv_n(b.s, b.len));
	if (*a->abort_words) {
		buf_reset(&b);
		buf_adds(&b, a->abort_words);
		refused |= engine_was_refused(strv_n(b.s, b.len));
	}
	err_set(a->err, "afl-fuzz doesn't start: %s", b.s);
	if (refused && a->err)
		a->err->kind = ERR_REFUSED;
	buf_release(&b);
	return -1;
}

static int start(struct afl *a, struct engine_proc *e)
{
	struct strlist argv = STRLIST_INIT, env = STRLIST_INIT;
	char *import = import_lib(a->slice.job);
	int rc = -1;

	if (clear_out(a, a->err) == 0 && afl_inputs_make(&a->inputs, &a->slice, a->err) == 0 &&
		make_argv(a, import != NULL, &argv) == 0) {
		make_env(a, import, argv.v[argv.n - 1], &env);
		rc = engine_start(e, &a->slice, &argv, &env, afl_line, a, a->err);
	}
	a->next_id = 0;
	a->execs_now = 0;
	*a->abort_words = '\0';
	strlist_release(&argv);
	strlist_release(&env);
	free(import);
	return rc;
}

/* It should have run to the end of the slice. */
static void count_lost(struct afl *a, const struct engine_proc *e)
{
	struct engine_stats *st = a->slice.stats;
	struct buf b = BUF_INIT;

	engine_words(e, &b);
	st->lost++;
	snprintf(st->lost_why, sizeof(st->lost_why), "afl-fuzz ended: %.200s",
		*a->abort_words ? a->abort_words : b.s);
	buf_release(&b);
}

/* The slice was too short for what the target does first: no error, and nothing tested. */
static void tell_idle(struct afl *a)
{
	struct engine_stats *st = a->slice.stats;
	struct buf b = BUF_INIT;

	buf_adds(&b, a->up ? "its target had started, and no input was done after "
			   : "its target wasn't ready for the first input after ");
	num_add_duration(&b, clock_mono_ms() - a->slice.start_ms);
	snprintf(st->lost_why, sizeof(st->lost_why), "%s, when its time was over", buf_str(&b));
	buf_release(&b);
}

/* One start, to its end. 1: go on; -1: it can't run. */
static int run_once(struct afl *a, unsigned *early)
{
	struct engine_proc e;
	bool ended = false, worked;
	int rc = 1;

	if (start(a, &e) < 0)
		return -1;
	while (!ended && !slice_over(&a->slice) && afl_mutator_goes_on(&a->mutator)) {
		ended = engine_step(&e, LOOK_MS);
		if (clock_mono_ms() >= a->collected_ms + COLLECT_MS)
			collect(a, false);
		slice_beat(&a->slice);
	}
	engine_stop(&e, &a->slice, SIGINT, STOP_MS);
	collect(a, true);
	worked = a->execs_now > 0;
	afl_mutator_count(&a->mutator, a->slice.stats);
	a->execs_before += a->execs_now;
	a->execs_now = 0;
	if (ended && worked && !slice_over(&a->slice))
		count_lost(a, &e);
	if (!ended && !worked && slice_over(&a->slice) && a->execs_before == 0)
		tell_idle(a);
	if (!ended || worked)
		*early = 0;
	else if (++*early >= EARLY_MAX || hung_at_start(a))
		rc = start_failed(a, &e);
	engine_release(&e);
	return rc;
}

static void back_off(struct afl *a, unsigned n)
{
	uint64_t until = clock_mono_ms() + ((uint64_t)BACKOFF_MS << MIN(n, 5U));

	while (clock_mono_ms() < until && !slice_over(&a->slice)) {
		struct timespec t = { 0, LOOK_MS * 1000000L };

		nanosleep(&t, NULL);
		slice_beat(&a->slice);
	}
}

static int afl_run(const struct engine_job *job, engine_found_fn found, engine_tick_fn tick,
	void *arg, struct engine_stats *stats, struct err *err)
{
	struct afl a = { .err = err, .out_fd = -1, .places_fd = -1, .inputs = { .fd = -1 } };
	unsigned early = 0;
	int rc = -1;

	if (slice_begin(&a.slice, job, found, tick, arg, stats, err) < 0)
		goto out;
	a.out_fd = slice_dir(&a.slice, "out", true, &a.out, err);
	a.places_fd = slice_dir(&a.slice, PLACES_DIR, true, &a.places, err);
	if (a.out_fd < 0 || a.places_fd < 0)
		goto out;
	a.turn = variety_turn(a.slice.work_fd);
	a.variety = variety_of_afl(a.turn);
	afl_mutator_find(&a.mutator, job->exe);
	log_debug("%s: AFL++'s slice %u: %s, seed %llu", job->harness, a.turn, a.variety->name,
		(unsigned long long)job->seed);
	collect(&a, true); /* of a slice that was killed */
	stats->execs = stats->corpus = stats->edges = a.execs_now = 0;
	rc = 1;
	while (rc > 0 && !slice_over(&a.slice)) {
		rc = run_once(&a, &early);
		if (rc <= 0 || slice_left_ms(&a.slice) < SHORTEST_RUN_MS || slice_over(&a.slice))
			break;
		stats->restarts++;
		back_off(&a, (unsigned)MIN(stats->restarts, 8ULL));
	}
	stats->execs = a.execs_before;
	rc = rc < 0 || clear_out(&a, err) < 0 ? -1 : 0;
out:
	slice_end(&a.slice);
	strlist_release(&a.seen);
	if (a.out_fd >= 0)
		close(a.out_fd);
	if (a.places_fd >= 0)
		close(a.places_fd);
	free(a.places);
	afl_inputs_release(&a.inputs);
	free(a.out);
	return rc;
}

const struct engine_ops engine_aflpp = { "aflpp", afl_missing, afl_run };
