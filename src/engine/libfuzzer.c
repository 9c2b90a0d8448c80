/*
 * libFuzzer: one process on the shared corpus, or on a part of a large one (own_corpus.c), started anew after each failure
 * for the time that is left. Not its own -fork mode: that gives each job a copy of a part of the corpus, so inputs travel
 * only when jobs end, and merges everything first, which is most of a short slice.
 *
 * A bug that most inputs meet would make a slice of nothing but starts. After a few of them neither reports nor signals end
 * the process any more: the build's own entry (src/runtime/survive.c) writes the input down, once per place, and goes on
 * with the next. So do harnesses that fail on no bytes at all. A script's build has no such entry: there only reports are
 * survived.
 *
 * An input in the corpus that fails under this build (AFL++, which runs without a sanitizer, brings such) would end
 * each start at the same place: it is reported, then taken out of the shared corpus.
 */
#include "base/prelude.h"
#include "engine/libfuzzer.h"
#include "base/clock.h"
#include "base/dir.h"
#include "base/escape.h"
#include "base/fs.h"
#include "base/log.h"
#include "base/mem.h"
#include "base/num.h"
#include "base/refusal.h"
#include "engine/process.h"
#include "engine/current.h"
#include "engine/handed.h"
#include "engine/hangs.h"
#include "engine/own_corpus.h"
#include "engine/recommended.h"
#include "engine/slice.h"
#include "engine/variety.h"
#include "engine/words.h"
#include "runtime/thresh_rt_protocol.h"
#include <fcntl.h>
#include <signal.h>
#include <stdio.h>
#include <sys/stat.h>
#include <sys/wait.h>
#include <unistd.h>

#define STOP_MS 1000
/* its own clock has whole seconds, and its last words hold the counts */
#define OVERRUN_MS 700
#define LOOK_MS 50
/* starts in a row that neither began nor failed on an input */
#define EARLY_MAX 3
/* found in one slice; then leaks are no longer looked for in it */
#define LEAKS_MAX 3
#define SHORTEST_RUN_MS 400
/* between two looks for what a process wrote down that goes on */
#define SURVIVED_MS 1000
#define SURVIVED_PREFIX "crash-survived-"
#define SLOW_PREFIX "slow-survived-"
/* under which names the input that runs is taken for an artifact */
#define LOST_NAME "crash-lost"
#define LOST_SURVIVOR SURVIVED_PREFIX "lost"
#define STOOD_NAME "timeout-stood"
#define CURRENTS_MAX 8 /* of a slice */
/* a start that failed within this, or, on a slow machine, behind fewer runs, is shallow; after so many in one slice, failures no longer end a start */
#define SHALLOW_MS 1000
#define SHALLOW_EXECS 20000
#define SHALLOW_MAX 2
/* of one process, whose memory and locks are less and less what they should be */
#define SURVIVALS_MAX 200000
/* libFuzzer's own exit status for that it was told to end */
#define EXIT_TOLD 72
/* looked at per start, which makes one */
#define ARTIFACTS_MAX 64

/* the SHA-1 of no bytes, which names their artifact */
#define SHA1_OF_NOTHING "da39a3ee5e6b4b0d3255bfef95601890afd80709"

struct lf {
	struct slice slice;
	struct err *err;
	char *artifacts;
	int artifacts_fd;
	uint64_t execs_before, execs_now;
	unsigned leaks;
	unsigned shallow;   /* starts that failed soon */
	bool hangs;         /* and one that took all of the limit */
	bool loses;         /* one ended without an input to blame */
	unsigned currents;  /* so many since had an input, which may be as innocent as any */
	bool inited;        /* this start got past the corpus */
	struct words words; /* of this start */
	struct recommended recommended;
	/* of this start: the machine refused what it needs, and that is what it ended for */
	bool refused;
	/* what the target prints isn't dropped: a start before this one failed on the empty input, and is to say why */
	bool loud;
	/* inputs to be run before others */
	struct handed handed;
	/* its build has survive.c in it; and the harness fails on no bytes */
	bool can_survive, skip_empty;
	const char *exe; /* of this slice */
	struct own_corpus own;
	/* of this slice; the length is 0 where all inputs take part */
	const struct variety_libfuzzer *variety;
	uint64_t short_len;
};

static const char *lf_missing(const struct engine_job *job)
{
	if (!job->exe)
		return "there is no libfuzzer build of it";
	return fs_is_exe(job->exe) ? NULL : "its libfuzzer build isn't there; run `thresh build`";
}

/* --- what it prints --- */

/* "#1234\tNEW    cov: 1 ft: 2 corp: 3/4b exec/s: 5 rss: 6Mb ..." and "stat::number_of_executed_units: 7". */
static void lf_line(void *arg, struct strv line)
{
	struct lf *lf = arg;
	struct engine_stats *st = lf->slice.stats;
	uint64_t n;

	words_line(&lf->words, line);
	recommended_line(&lf->recommended, line);
	if (strv_skip(&line, "stat::")) {
		if (words_number(line, "number_of_executed_units:", &n))
			lf->execs_now = MAX(lf->execs_now, n);
	} else if (strv_starts(line, "#") && words_number(line, "#", &n)) {
		lf->execs_now = MAX(lf->execs_now, n);
		if (strv_contains(line, "\tINITED"))
			lf->inited = true;
		if (words_number(line, " cov: ", &n))
			st->edges = MAX(st->edges, n);
		if (words_number(line, " corp: ", &n))
			st->corpus = n;
	}
	st->execs = lf->execs_before + lf->execs_now;
}

/* --- starting it --- */

static bool survives(const struct lf *lf)
{
	return lf->shallow >= SHALLOW_MAX || lf->hangs || lf->handed.path;
}

/* What a run that was cut short had allocated is no leak. */
static bool looks_for_leaks(const struct lf *lf)
{
	return lf->leaks < LEAKS_MAX && lf->exe == lf->slice.job->exe &&
	       !(survives(lf) && lf->can_survive);
}

static int make_argv(const struct lf *lf, struct strlist *argv)
{
	const struct engine_job *job = lf->slice.job;
	uint64_t left = slice_left_ms(&lf->slice);
	char *exe = slice_exe(&lf->slice, lf->exe, NULL, lf->err);

	if (!exe)
		return -1;
	strlist_add_take(argv, exe);
	strlist_addf(argv, "-artifact_prefix=%s/", lf->artifacts);
	strlist_addf(
		argv, "-max_total_time=%llu", (unsigned long long)MAX((left + 500) / 1000, 1ULL));
	strlist_addf(argv, "-timeout=%llu",
		(unsigned long long)((slice_timeout_ms(&lf->slice) + 999) / 1000));
	strlist_addf(argv, "-rss_limit_mb=%llu",
		(unsigned long long)(job->memory ? MAX(job->memory >> 20, 1ULL) : 2048));
	if (lf->short_len || job->max_len)
		strlist_addf(argv, "-max_len=%llu",
			(unsigned long long)(lf->short_len ? lf->short_len : job->max_len));
	/* else none that is longer than what it has */
	if (lf->handed.press)
		strlist_add(argv, "-len_control=0");
	strlist_addf(argv, "-entropic=%d", lf->variety->entropic);
	strlist_addf(argv, "-use_value_profile=%d", lf->variety->value_profile);
	if (job->dictionary)
		strlist_addf(argv, "-dict=%s", job->dictionary);
	/* another one for each start, or it would go the same way into the same bug */
	if (job->seed)
		strlist_addf(argv, "-seed=%llu",
			(unsigned long long)((job->seed + lf->slice.stats->restarts) %
						     4294967295ULL +
					     1));
	if (!looks_for_leaks(lf))
		strlist_add(argv, "-detect_leaks=0");
	/* what the target prints is dropped, sanitizers' reports apart: a flood would cost most of the time */
	if (!lf->loud)
		strlist_add(argv, "-close_fd_mask=3");
	strlist_add(argv, "-reload=1");
	strlist_add(argv, "-print_final_stats=1");
	strlist_add(argv, "-report_slow_units=100000");
	strlist_add(argv, lf->own.fd < 0 ? lf->slice.corpus : lf->own.path);
	return 0;
}

/* Reports are made later by the asan variant; here only the input counts, so nothing is symbolised. */
static void make_env(const struct lf *lf, struct strlist *env)
{
	bool leaks = looks_for_leaks(lf), halt = !survives(lf);
	char *asan = slice_options(&lf->slice, "ASAN_OPTIONS"),
	     *ubsan = slice_options(&lf->slice, "UBSAN_OPTIONS");
	char *lsan = slice_options(&lf->slice, "LSAN_OPTIONS");

	strlist_addf(env,
		"ASAN_OPTIONS=%ssymbolize=0:detect_leaks=%d:halt_on_error=%d:"
		"allocator_may_return_null=1:malloc_context_size=2:quarantine_size_mb=16:"
		"handle_abort=1:handle_sigill=1:detect_odr_violation=0:print_legend=0:"
		"print_full_thread_history=0",
		asan, leaks, halt);
	strlist_addf(env,
		"UBSAN_OPTIONS=%ssymbolize=0:print_stacktrace=0:silence_unsigned_overflow=1:"
		"halt_on_error=%d",
		ubsan, halt);
	strlist_addf(env, "LSAN_OPTIONS=%ssymbolize=0:print_suppressions=0", lsan);
	strlist_addf(env, "TMPDIR=%s", lf->slice.scratch);
	strlist_add(env, "LC_ALL=C");
	if (survives(lf)) {
		strlist_addf(env, "THRESH_RT_SURVIVE=%d", SURVIVALS_MAX);
		strlist_addf(env, "THRESH_RT_FAILED=%s", lf->artifacts);
	}
	if (lf->hangs)
		strlist_addf(env, "THRESH_RT_SLOW_MS=%llu",
			(unsigned long long)hangs_limit_ms(slice_timeout_ms(&lf->slice)));
	if (lf->skip_empty)
		strlist_add(env, "THRESH_RT_SKIP_EMPTY=1");
	handed_env(&lf->handed, env);
	current_env(env, lf->artifacts, lf->loses);
	slice_env(&lf->slice, env);
	free(asan);
	free(ubsan);
	free(lsan);
}

/* --- what it leaves --- */

static const char *kind_of(const char *name)
{
	static const struct {
		const char *prefix, *kind;
	} kinds[] = { { SURVIVED_PREFIX, ENGINE_SURVIVED }, { SLOW_PREFIX, ENGINE_SLOW },
		{ "crash-", "crash" }, { "leak-", "leak" }, { "timeout-", "timeout" },
		{ "oom-", "oom" } };

	for (size_t i = 0; i < ARRAY_LEN(kinds); i++)
		if (strncmp(name, kinds[i].prefix, strlen(kinds[i].prefix)) == 0)
			return kinds[i].kind;
	return NULL; /* slow-unit-, mutated leftovers */
}

/*
 * True when the input was one of the corpus, which then no longer has it. Nothing goes, from there or from here, that
 * isn't somewhere else.
 */
static bool take_artifact(struct lf *lf, const char *name, const struct engine_find *f)
{
	char hex[SHA1_HEX];
	bool was;

	if (slice_sha1(lf->artifacts_fd, name, FS_NO_LIMIT, hex, NULL) < 0 ||
		!slice_report(&lf->slice, lf->artifacts_fd, name, f))
		return false;
	was = unlinkat(lf->slice.corpus_fd, hex, 0) == 0;
	own_corpus_drop(&lf->own, hex);
	if (was)
		log_debug("%s: corpus input %s is a %s; taken out of the corpus",
			lf->slice.job->harness, hex, f->kind);
	dir_remove(lf->artifacts_fd, name);
	return was;
}

/* A file that holds what its name says, or isn't named so. One that was cut off is no input that failed. */
static bool is_whole(const struct lf *lf, const char *name)
{
	const char *dash = strchr(name, '-');
	char hex[SHA1_HEX];

	return slice_sha1(lf->artifacts_fd, name, FS_NO_LIMIT, hex, NULL) == 0 &&
	       (!dash || !is_sha1_name(dash + 1) || strcmp(hex, dash + 1) == 0);
}

/* What libFuzzer couldn't write, or not whole, of an input that it printed. */
static void rescue(struct lf *lf)
{
	const char *name = lf->words.name;

	if (*name && kind_of(name) && lf->words.input.len && !is_whole(lf, name))
		dir_write(lf->artifacts_fd, name, lf->words.input.s, lf->words.input.len, NULL);
}

struct left {
	unsigned failures; /* inputs that failed */
	bool of_corpus;    /* one of them was in the corpus */
	bool empty;        /* one of them had no bytes */
	bool doubted;      /* there was one that is no failure yet */
};

static void take_failing(struct lf *lf, const char *name, const char *kind, struct left *left)
{
	struct engine_find f = { .kind = kind };
	struct stat st;

	if (strcmp(name, lf->words.name) == 0)
		f.report = strv_n(buf_str(&lf->words.report), lf->words.report.len);
	left->failures++;
	left->empty |=
		fstatat(lf->artifacts_fd, name, &st, AT_SYMLINK_NOFOLLOW) == 0 && st.st_size == 0;
	lf->leaks += strcmp(kind, "leak") == 0;
	if (strcmp(kind, "timeout") == 0 && !lf->hangs) {
		lf->hangs = true;
		hangs_note(lf->slice.work_fd);
	}
	left->of_corpus |= take_artifact(lf, name, &f);
}

/* What libFuzzer begins with, and blames for all that goes wrong at its own start. */
static bool blames_empty(const struct lf *lf)
{
	const char *dash = strrchr(lf->words.name, '-');

	return dash && strcmp(dash + 1, SHA1_OF_NOTHING) == 0;
}

/* The harness isn't run on no bytes: it was libFuzzer that failed, on a heap that inputs before had spoiled. */
static bool fell_itself(const struct lf *lf)
{
	return lf->skip_empty && lf->can_survive && blames_empty(lf);
}

/*
 * The input isn't to blame, or perhaps isn't. The empty one counts when it comes again, and the words are there that say what
 * it was.
 */
static bool is_doubtful(const struct lf *lf, const char *name)
{
	return strcmp(name, lf->words.name) == 0 &&
	       (lf->refused || fell_itself(lf) || (!lf->inited && !lf->loud && blames_empty(lf)));
}

/* They are whole once they have their names. */
static void take_survived(struct lf *lf, struct left *left)
{
	struct strlist names = STRLIST_INIT;

	if (dir_list(lf->artifacts_fd, &names, NULL) < 0)
		return;
	for (size_t i = 0; i < names.n && left->failures < ARTIFACTS_MAX; i++)
		if (strv_starts(strv_of(names.v[i]), SURVIVED_PREFIX) ||
			strv_starts(strv_of(names.v[i]), SLOW_PREFIX))
			take_failing(lf, names.v[i], kind_of(names.v[i]), left);
	strlist_release(&names);
}

/* blames: where libFuzzer named no input, it is the one that ran. */
static void take_artifacts(struct lf *lf, bool blames, struct left *left)
{
	struct strlist names = STRLIST_INIT;
	bool doubtful;

	rescue(lf);
	if (blames && !*lf->words.name && lf->currents++ < CURRENTS_MAX)
		current_take(lf->artifacts_fd, LOST_NAME, LOST_SURVIVOR);
	if (dir_list(lf->artifacts_fd, &names, NULL) < 0)
		return;
	for (size_t i = 0; i < names.n; i++) {
		const char *kind = kind_of(names.v[i]);

		doubtful = kind && is_doubtful(lf, names.v[i]);
		left->doubted |= doubtful;
		if (!kind || doubtful || !is_whole(lf, names.v[i]))
			dir_remove(lf->artifacts_fd, names.v[i]);
		else if (left->failures < ARTIFACTS_MAX)
			take_failing(lf, names.v[i], kind, left);
	}
	strlist_release(&names);
}

/* --- the slice --- */

static int start_failed(struct lf *lf, const struct engine_proc *e, int status)
{
	struct proc_result r = { .status = status };
	struct buf b = BUF_INIT;

	proc_describe(&b, &r);
	buf_adds(&b, ": ");
	engine_words(e, &b);
	err_set(lf->err, "libFuzzer doesn't start: %s", b.s);
	if (lf->err && engine_was_refused(strv_n(b.s, b.len)))
		lf->err->kind = ERR_REFUSED;
	buf_release(&b);
	return -1;
}

/* An input's own words, which libFuzzer shows with its bytes, are none of the machine's. */
static bool says_refused(const struct lf *lf, const struct engine_proc *e)
{
	struct strv report = strv_n(buf_str(&lf->words.report), lf->words.report.len);
	struct buf b = BUF_INIT;
	bool says = refusal_of_sanitizer(report);

	/* once it explores, or has an input of somebody's, such words are a target's */
	if (!lf->inited && blames_empty(lf))
		says |= engine_was_refused(report);
	if (!lf->inited && !lf->words.name[0]) {
		engine_words(e, &b);
		says |= engine_was_refused(strv_n(b.s, b.len));
	}
	buf_release(&b);
	return says;
}

static int refused(struct lf *lf, const struct engine_proc *e)
{
	struct buf b = BUF_INIT;

	if (lf->words.report.len)
		escape_term(&b, strv_sub(strv_n(lf->words.report.s, lf->words.report.len), 0, 200));
	else
		engine_words(e, &b);
	err_refused(lf->err, "this machine refuses what libFuzzer needs: %s", b.s);
	buf_release(&b);
	return -1;
}

/* What to think of a start that ended so. 1: go on; -1: it can't run. */
static int after_start(struct lf *lf, const struct engine_proc *e, struct left left, int status,
	bool on_purpose, unsigned *early)
{
	if (lf->refused)
		return refused(lf, e);
	if (fell_itself(lf) && ++*early < EARLY_MAX) {
		/* sanitizers see what spoils it */
		lf->exe = lf->slice.job->exe;
		lf->can_survive = engine_survives(lf->exe);
		return 1;
	}
	if (left.doubted) {
		lf->loud = true;
		return 1;
	}
	if (left.empty && !lf->inited && !left.of_corpus && lf->can_survive && !lf->skip_empty) {
		lf->skip_empty = true; /* it is stored, and what else there is may pass */
		lf->loud = false;
		return 1;
	}
	if (left.empty && !lf->inited && !left.of_corpus)
		return err_set(lf->err,
			"the harness fails on the empty input, with which libFuzzer "
			"begins; it can't explore until that is mended");
	if (left.failures || lf->inited || on_purpose) {
		*early = 0;
		lf->loud = false;
		return 1;
	}
	return ++*early >= EARLY_MAX ? start_failed(lf, e, status) : 1;
}

/* One start, to its end. 1: go on; 0: the slice is over; -1: it can't run. */
static int run_once(struct lf *lf, unsigned *early)
{
	struct strlist argv = STRLIST_INIT, env = STRLIST_INIT;
	struct engine_proc e;
	struct left left = { 0 };
	uint64_t started_ms = clock_mono_ms(), looked_ms = started_ms;
	uint64_t limit = slice_timeout_ms(&lf->slice);
	uint64_t execs;
	struct current current = { 0 };
	bool on_purpose, killed, stood = false;
	int status, rc;

	rc = make_argv(lf, &argv);
	make_env(lf, &env);
	lf->execs_now = 0;
	lf->inited = false;
	words_reset(&lf->words);
	if (rc == 0)
		rc = engine_start(&e, &lf->slice, &argv, &env, lf_line, lf, lf->err);
	strlist_release(&argv);
	strlist_release(&env);
	if (rc < 0)
		return -1;
	while (!stood && !engine_step(&e, LOOK_MS) &&
		clock_mono_ms() < lf->slice.end_ms + OVERRUN_MS && !lf->slice.stopped &&
		!proc_interrupted()) {
		slice_beat(&lf->slice);
		if (clock_mono_ms() - looked_ms < SURVIVED_MS)
			continue;
		if (survives(lf))
			take_survived(lf, &left);
		own_corpus_exchange(&lf->own, false);
		stood = current_stands(&current, lf->artifacts_fd, limit);
		looked_ms = clock_mono_ms();
	}
	stood |= current_stood(&current, lf->artifacts_fd, limit, started_ms);
	on_purpose = slice_left_ms(&lf->slice) < SHORTEST_RUN_MS || lf->slice.stopped ||
		     proc_interrupted();
	status = engine_stop(&e, &lf->slice, SIGTERM, STOP_MS);
	own_corpus_exchange(&lf->own, true);
	execs = lf->execs_now;
	lf->execs_before += lf->execs_now;
	lf->execs_now = 0;
	lf->refused = says_refused(lf, &e);
	if (survives(lf) && WIFEXITED(status) && WEXITSTATUS(status) == EXIT_TOLD)
		on_purpose = true; /* it had survived enough */
	if (stood && lf->can_survive)
		on_purpose = *lf->words.name || current_take(lf->artifacts_fd, STOOD_NAME, NULL);
	/* who is short of memory kills what runs, whatever it does: not twice, as a rule */
	killed = WIFSIGNALED(status) && WTERMSIG(status) == SIGKILL;
	/* nor is an input to blame for an end that we made, as it stood between two */
	take_artifacts(lf, !on_purpose && !stood && (lf->loses || !killed), &left);
	if (!left.failures && !left.doubted && !on_purpose && !lf->refused) {
		engine_count_lost(lf->slice.stats, &e, status,
			strv_n(buf_str(&lf->words.report), lf->words.report.len));
		lf->loses = true;
	}
	if (left.failures && (clock_mono_ms() - started_ms < SHALLOW_MS || execs < SHALLOW_EXECS) &&
		++lf->shallow == SHALLOW_MAX)
		fails_note(lf->slice.work_fd);
	rc = after_start(lf, &e, left, status, on_purpose, early);
	engine_release(&e);
	return rc;
}

static void choose_variety(struct lf *lf)
{
	const struct slice *s = &lf->slice;
	unsigned turn = variety_turn(s->work_fd);
	bool plain;

	lf->variety = variety_of_libfuzzer(turn);
	plain = lf->variety->plain && s->job->plain_exe && fs_is_exe(s->job->plain_exe);
	/* they are to be seen by sanitizers */
	if (engine_survives(s->job->exe))
		handed_take(&lf->handed, &lf->slice, plain);
	lf->exe = plain && !lf->handed.path ? s->job->plain_exe : s->job->exe;
	lf->can_survive = engine_survives(lf->exe);
	/* nothing but libFuzzer's own failures is blamed on no bytes then; builds with sanitizers have their turns, too */
	lf->skip_empty = lf->exe != s->job->exe;
	if (lf->variety->is_short && !lf->handed.press)
		lf->short_len = variety_short_len(
			lf->own.fd < 0 ? s->corpus_fd : lf->own.fd, s->job->max_len);
	log_debug("%s: libFuzzer's slice %u: %s, %s%s, %llu bytes at most, seed %llu",
		s->job->harness, turn, lf->variety->name,
		lf->handed.press  ? "edge cases first, "
		: lf->handed.path ? "prefixes first, "
				  : "",
		lf->exe == s->job->exe ? "sanitizers" : "no sanitizers",
		(unsigned long long)(lf->short_len ? lf->short_len : s->job->max_len),
		(unsigned long long)s->job->seed);
}

static int lf_run(const struct engine_job *job, engine_found_fn found, engine_tick_fn tick,
	void *arg, struct engine_stats *stats, struct err *err)
{
	struct lf lf = { .err = err, .artifacts_fd = -1, .own.fd = -1 };
	struct left before = { 0 };
	unsigned early = 0;
	int rc = -1;

	if (slice_begin(&lf.slice, job, found, tick, arg, stats, err) < 0)
		goto out;
	if (own_corpus_begin(&lf.own, &lf.slice, err) < 0)
		goto out;
	lf.slice.corpus_writable = lf.own.fd < 0;
	if (lf.slice.corpus_writable)
		strlist_add(&lf.slice.writable, lf.slice.corpus);
	choose_variety(&lf);
	if (lf.can_survive && fails_known(lf.slice.work_fd, lf.exe))
		lf.shallow = SHALLOW_MAX;
	lf.hangs = job->endless || hangs_known(lf.slice.work_fd, lf.exe);
	lf.artifacts_fd = slice_dir(&lf.slice, "artifacts", true, &lf.artifacts, err);
	if (lf.artifacts_fd < 0)
		goto out;
	take_artifacts(&lf, false, &before); /* of a slice that was killed */
	lf.leaks = 0;
	rc = 1;
	while (rc > 0 && !slice_over(&lf.slice)) {
		rc = run_once(&lf, &early);
		if (slice_left_ms(&lf.slice) < SHORTEST_RUN_MS)
			break;
		if (rc > 0 && !slice_over(&lf.slice))
			stats->restarts++;
	}
	rc = rc < 0 ? -1 : 0;
out:
	if (lf.slice.work_fd >= 0)
		recommended_save(&lf.recommended, lf.slice.work_fd);
	recommended_release(&lf.recommended);
	stats->handed = handed_end(&lf.handed, &lf.slice);
	own_corpus_release(&lf.own);
	slice_end(&lf.slice);
	words_release(&lf.words);
	if (lf.artifacts_fd >= 0)
		close(lf.artifacts_fd);
	free(lf.artifacts);
	return rc;
}

const struct engine_ops engine_libfuzzer = { "libfuzzer", lf_missing, lf_run };
