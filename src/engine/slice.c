/*
 * What all engines share about a slice: directories, one report per failing input, and that nothing of it is left
 * running.
 *
 * Engines fork, and what they fork may take a session of its own, out of reach of a signal to the group. While a
 * slice is under way this process is a "subreaper": every orphan becomes its child, and can be found and ended. What
 * the caller had as children before, or gets during its own callbacks, is left alone.
 */
#include "base/prelude.h"
#include "engine/slice.h"
#include "base/clock.h"
#include "base/dir.h"
#include "base/fs.h"
#include "base/log.h"
#include "base/mem.h"
#include "base/num.h"
#include "engine/unstored.h"
#include "proc/stat.h"
#include "runtime/thresh_rt_structure.h"
#include <errno.h>
#include <fcntl.h>
#include <signal.h>
#include <stdio.h>
#include <sys/prctl.h>
#include <sys/stat.h>
#include <sys/wait.h>
#include <time.h>
#include <unistd.h>
#include <uthash.h>

#define TICK_MS 1000
#define SWEEP_MS 5000
/* in the work directory, which no target writes to: what is handed over */
#define FOUND "found"
#define TIMEOUT_MS 5000
/* of a slice: more isn't given to one input ... */
#define TIMEOUT_PART 5
/* ... unless that is less; libFuzzer knows whole seconds */
#define TIMEOUT_MIN_MS 1000
/* what couldn't be stored, again */
#define OFFER_MS 2000
#define SCRATCH_MAX ((uint64_t)256 << 20)
#define SCRATCH_FILES_MAX 20000
#define REPORT_MAX ((uint64_t)256 << 20)
#define MAX_ORPHAN_ROUNDS 50

struct known {
	/* "crash-<sha1>" */
	char *name;
	UT_hash_handle hh;
};

bool is_sha1_name(const char *name)
{
	return strlen(name) == SHA1_HEX - 1 && strspn(name, "0123456789abcdef") == SHA1_HEX - 1;
}

int slice_sha1(int dir, const char *name, uint64_t max, char hex[SHA1_HEX], struct buf *content)
{
	struct buf own = BUF_INIT, *b = content ? content : &own;
	int rc;

	buf_reset(b);
	rc = dir_read(dir, name, max, b, NULL);
	if (rc == 0)
		hash_sha1(buf_str(b), b->len, hex);
	buf_release(&own);
	return rc;
}

/* --- handed over once --- */

static bool is_noted(const struct slice *s, const char *name)
{
	struct known *k;

	HASH_FIND_STR(s->known, name, k);
	return k != NULL;
}

static void note(struct slice *s, const char *name)
{
	struct known *k = xcalloc(1, sizeof(*k));

	k->name = xstrdup(name);
	HASH_ADD_KEYPTR(hh, s->known, k->name, strlen(k->name), k);
}

/* What a callback starts (a server, a symboliser) is the caller's, and stays. */
static void keep_new_children(struct slice *s, const pid_t *before, size_t n_before)
{
	pid_t *after = NULL;
	size_t n = 0, cap = 0;

	proc_children(getpid(), &after, &n, &cap);
	for (size_t i = 0; i < n; i++) {
		bool had = false;

		for (size_t k = 0; k < n_before && !had; k++)
			had = before[k] == after[i];
		if (!had) {
			GROW(s->others, s->n_others, s->cap_others);
			s->others[s->n_others++] = after[i];
		}
	}
	free(after);
}

/* One of the caller's functions: found when there is something, else tick. False: not stored. */
static bool call_back(struct slice *s, const struct engine_find *f)
{
	pid_t *before = NULL;
	size_t n = 0, cap = 0;
	enum engine_ack ack = ENGINE_STORED;

	proc_children(getpid(), &before, &n, &cap);
	if (f)
		ack = s->found(s->arg, f);
	else if (s->tick && s->tick(s->arg, s->stats) != 0)
		s->stopped = true;
	if (ack == ENGINE_ENOUGH)
		s->stopped = true;
	keep_new_children(s, before, n);
	free(before);
	return ack != ENGINE_UNSTORED;
}

/*
 * Out of the engine's hands, which reuses its folders. A name in a folder is made even on a full disk, as a rule: where
 * there is no copy, the file itself moves.
 */
static bool keep(
	struct slice *s, int dir, const char *from, const struct engine_find *f, const char *name)
{
	char *report = xasprintf("%s" ENGINE_REPORT_EXT, name);
	bool kept = dir == s->unstored_fd ||
		    renameat(s->work_fd, FOUND, s->unstored_fd, name) == 0 ||
		    renameat(dir, from, s->unstored_fd, name) == 0;

	/* the engine's own copy is gone by now */
	if (kept && fsync(s->unstored_fd) < 0)
		log_debug("%s: %s", s->unstored, strerror(errno));
	if (!kept)
		log_debug("%s: stays in the engine's folder: %s", from, strerror(errno));
	else if (dir != s->unstored_fd && f->report.len)
		dir_write(s->unstored_fd, report, f->report.s, f->report.len, NULL);
	free(report);
	return kept;
}

enum handed { HANDED_STORED, HANDED_KEPT, HANDED_NOT };

/*
 * The caller gets a copy that no target can reach: what lies in the engine's folder may have become something else by the
 * time it is read.
 */
static bool give(struct slice *s, const struct buf *content, const struct engine_find *f)
{
	char *path = fs_join(s->work, FOUND);
	struct engine_find copy = *f;
	bool stored = false;

	copy.path = path;
	if (dir_write(s->work_fd, FOUND, buf_str(content), content->len, NULL) == 0)
		stored = call_back(s, &copy);
	free(path);
	return stored;
}

/* A survivor's is news only where the input wasn't seen to fail in a process of its own, and doesn't wait to be stored. */
static bool is_told(const struct slice *s, const char *name, const char *kind, const char *hex)
{
	char *alone;
	bool told = is_noted(s, name);

	if (told || strcmp(kind, ENGINE_SURVIVED) != 0)
		return told;
	alone = xasprintf("crash-%s", hex);
	told = is_noted(s, alone) ||
	       faccessat(s->unstored_fd, alone, F_OK, AT_SYMLINK_NOFOLLOW) == 0;
	free(alone);
	return told;
}

static enum handed hand_over(
	struct slice *s, int dir, const char *from, const struct engine_find *f)
{
	enum handed how = HANDED_STORED;
	struct buf content = BUF_INIT;
	char hex[SHA1_HEX], *name;

	if (slice_sha1(dir, from, REPORT_MAX, hex, &content) < 0) {
		log_warn("%s: %s can't be read, and stays there", s->work, from);
		buf_release(&content);
		return HANDED_NOT;
	}
	name = xasprintf("%s-%s", f->kind, hex);
	if (!is_told(s, name, f->kind, hex)) {
		if (give(s, &content, f)) {
			s->stats->crashes++;
			note(s, name);
		} else {
			how = keep(s, dir, from, f, name) ? HANDED_KEPT : HANDED_NOT;
		}
		dir_remove(s->work_fd, FOUND);
	}
	buf_release(&content);
	free(name);
	return how;
}

bool slice_report(struct slice *s, int dir, const char *name, const struct engine_find *f)
{
	enum handed how = hand_over(s, dir, name, f);

	s->stats->unstored += how != HANDED_STORED;
	return how != HANDED_NOT;
}

/* "crash-<sha1>": the part before. NULL: not ours. */
static char *kind_of_kept(const char *name)
{
	const char *dash = strchr(name, '-');

	return dash && is_sha1_name(dash + 1) ? xstrndup(name, (size_t)(dash - name)) : NULL;
}

static bool offer_one(struct slice *s, const char *name, const char *kind)
{
	char *at = xasprintf("%s" ENGINE_REPORT_EXT, name);
	struct buf report = BUF_INIT;
	struct engine_find f = { .kind = kind };
	bool stored;

	if (dir_read(s->unstored_fd, at, REPORT_MAX, &report, NULL) == 0)
		f.report = strv_n(buf_str(&report), report.len);
	stored = hand_over(s, s->unstored_fd, name, &f) == HANDED_STORED;
	if (stored) {
		dir_remove(s->unstored_fd, name);
		dir_remove(s->unstored_fd, at);
	}
	buf_release(&report);
	free(at);
	return stored;
}

/* What is kept, once more. */
static void offer_kept(struct slice *s)
{
	struct strlist names = STRLIST_INIT;

	s->stats->unstored = 0;
	s->offered_ms = clock_mono_ms();
	if (s->unstored_fd < 0 || dir_list(s->unstored_fd, &names, NULL) < 0)
		return;
	for (size_t i = 0; i < names.n; i++) {
		char *kind = kind_of_kept(names.v[i]);

		if (kind)
			s->stats->unstored += !offer_one(s, names.v[i], kind);
		free(kind);
	}
	strlist_release(&names);
}

/* --- processes --- */

static bool is_other(const struct slice *s, pid_t pid)
{
	for (size_t i = 0; i < s->n_others; i++)
		if (s->others[i] == pid)
			return true;
	return false;
}

/* Orphans of the engine are handed to us (we are a "subreaper" meanwhile): end and reap them. */
static size_t kill_orphans(struct slice *s, pid_t but)
{
	pid_t *v = NULL;
	size_t n = 0, cap = 0, left = 0;

	proc_children(getpid(), &v, &n, &cap);
	for (size_t i = 0; i < n; i++) {
		if (v[i] == but || is_other(s, v[i]))
			continue;
		kill(v[i], SIGKILL);
		if (waitpid(v[i], NULL, WNOHANG) == 0)
			left++;
	}
	free(v);
	return left;
}

static void pause_ms(long ms)
{
	struct timespec t = { ms / 1000, ms % 1000 * 1000000L };

	nanosleep(&t, NULL);
}

void slice_kill(struct slice *s, struct proc *p)
{
	pid_t *v = NULL, top = p ? proc_pid(p) : 0;
	size_t n = 0, cap = 0;

	if (p) {
		/*
		 * the tree first, while it hangs together; afl-fuzz gives its fork server a session
		 * of its own
		 */
		proc_children(top, &v, &n, &cap);
		for (size_t i = 0; i < n && i < 10000; i++)
			proc_children(v[i], &v, &n, &cap);
		proc_signal(p, SIGKILL);
		for (size_t i = 0; i < n; i++)
			kill(v[i], SIGKILL);
		free(v);
	}
	for (int i = 0; i < MAX_ORPHAN_ROUNDS && kill_orphans(s, top) > 0; i++)
		pause_ms(2);
}

/* --- directories --- */

/* Targets leave files behind; a folder that grows without end would fill the disk. */
static void sweep_scratch(struct slice *s)
{
	struct dir_sum sum;

	dir_sum(s->scratch_fd, &sum);
	if (sum.bytes > SCRATCH_MAX || sum.files > SCRATCH_FILES_MAX)
		dir_empty(s->scratch_fd, false);
}

/* One that was being written when its writer was killed has a name that isn't its content's. */
static void fix_name(struct slice *s, const char *name)
{
	char hex[SHA1_HEX];
	struct stat st;

	if (!is_sha1_name(name) || fstatat(s->corpus_fd, name, &st, AT_SYMLINK_NOFOLLOW) < 0 ||
		st.st_mtime < s->start_wall ||
		slice_sha1(s->corpus_fd, name, REPORT_MAX, hex, NULL) < 0 || strcmp(hex, name) == 0)
		return;
	if (st.st_size == 0 || renameat(s->corpus_fd, name, s->corpus_fd, hex) < 0)
		unlinkat(s->corpus_fd, name, 0);
}

/* Links, pipes and the like go: whoever reads them next would wait for ever, or read something else. names may be NULL. */
static void drop_odd(struct slice *s, struct strlist *names)
{
	struct strlist odd = STRLIST_INIT;

	dir_list_odd(s->corpus_fd, names, &odd, NULL);
	for (size_t i = 0; i < odd.n; i++) {
		log_warn("%s: %s is no file: removed", s->corpus, odd.v[i]);
		dir_remove(s->corpus_fd, odd.v[i]);
	}
	strlist_release(&odd);
}

/* What an engine and its target could write to: libFuzzer's, as a rule. */
static void mend_corpus(struct slice *s)
{
	struct strlist names = STRLIST_INIT;

	drop_odd(s, &names);
	for (size_t i = 0; i < names.n; i++)
		fix_name(s, names.v[i]);
	strlist_release(&names);
}

void slice_env(const struct slice *s, struct strlist *env)
{
	size_t n = env->n;

	if (s->job->dictionary)
		strlist_addf(env, THRESH_RT_WORDS "=%s", s->job->dictionary);
	for (const char *const *e = s->job->env; e && *e; e++) {
		size_t name = strcspn(*e, "=");
		bool there = false;

		for (size_t i = 0; i < n && !there; i++)
			there = strcspn(env->v[i], "=") == name &&
				strncmp(env->v[i], *e, name) == 0;
		if (!there)
			strlist_add(env, *e);
	}
}

char *slice_options(const struct slice *s, const char *name)
{
	size_t n = strlen(name);

	for (const char *const *e = s->job->env; e && *e; e++)
		if (!strncmp(*e, name, n) && (*e)[n] == '=' && (*e)[n + 1])
			return xasprintf("%s:", *e + n + 1);
	return xstrdup("");
}

char *slice_exe(const struct slice *s, const char *exe, const char *below, struct err *err)
{
	const struct given *g = &s->job->given;
	char *path = fs_abspath(exe), *folder, *link = NULL;

	if (!g->files || !*g->files)
		return path;
	folder = fs_join(s->scratch, below ? below : "");
	if (fs_mkdirs(folder, err) == 0 && given_show(g, path, folder, err) == 0)
		link = given_exe(g, path, folder, err);
	free(folder);
	free(path);
	return link;
}

int slice_dir(struct slice *s, const char *name, bool writable, char **path, struct err *err)
{
	*path = fs_join(s->work, name);
	if (writable)
		strlist_add(&s->writable, *path);
	return dir_make(*path, err);
}

static int hold_dirs(struct slice *s, struct err *err)
{
	char *above[] = { fs_dirname(s->corpus), fs_dirname(s->work) };
	int rc = 0;

	for (size_t i = 0; i < ARRAY_LEN(above); i++) {
		if (rc == 0)
			rc = fs_mkdirs(above[i], err);
		free(above[i]);
	}
	if (rc < 0)
		return -1;
	s->corpus_fd = dir_make(s->corpus, err);
	s->work_fd = s->corpus_fd < 0 ? -1 : dir_make(s->work, err);
	if (s->work_fd >= 0)
		dir_remove(s->work_fd, FOUND);
	s->unstored_fd =
		s->work_fd < 0 ? -1 : slice_dir(s, ENGINE_UNSTORED_DIR, false, &s->unstored, err);
	s->scratch_fd = s->unstored_fd < 0 ? -1 : slice_dir(s, "scratch", true, &s->scratch, err);
	if (s->scratch_fd < 0)
		return -1;
	dir_empty(s->scratch_fd, true);
	return 0;
}

int slice_begin(struct slice *s, const struct engine_job *job, engine_found_fn found,
	engine_tick_fn tick, void *arg, struct engine_stats *stats, struct err *err)
{
	*s = (struct slice){ .job = job,
		.found = found,
		.tick = tick,
		.arg = arg,
		.stats = stats,
		.start_ms = clock_mono_ms(),
		.start_wall = time(NULL) };
	*stats = (struct engine_stats){ 0 };
	s->end_ms = s->start_ms + job->slice_ms;
	s->ticked_ms = s->swept_ms = s->start_ms;
	s->corpus_fd = s->work_fd = s->unstored_fd = s->scratch_fd = -1;
	s->corpus = fs_abspath(job->corpus_dir);
	s->work = fs_abspath(job->work_dir);
	proc_children(getpid(), &s->others, &s->n_others, &s->cap_others);
	prctl(PR_SET_CHILD_SUBREAPER, 1);
	if (hold_dirs(s, err) < 0)
		return -1;
	drop_odd(s, NULL);
	offer_kept(s);
	return 0;
}

void slice_end(struct slice *s)
{
	struct known *k, *next;

	offer_kept(s);
	slice_kill(s, NULL);
	prctl(PR_SET_CHILD_SUBREAPER, 0);
	if (s->corpus_writable)
		mend_corpus(s);
	if (s->scratch_fd >= 0)
		dir_empty(s->scratch_fd, true);
	for (size_t i = 0; i < 4; i++) {
		int fd = ((int[]){ s->corpus_fd, s->work_fd, s->unstored_fd, s->scratch_fd })[i];

		if (fd >= 0)
			close(fd);
	}
	for (k = s->known; k; k = next) {
		next = k->hh.next;
		HASH_DEL(s->known, k);
		free(k->name);
		free(k);
	}
	strlist_release(&s->writable);
	free(s->others);
	free(s->corpus);
	free(s->work);
	free(s->scratch);
	free(s->unstored);
}

bool slice_over(const struct slice *s)
{
	return s->stopped || proc_interrupted() || clock_mono_ms() >= s->end_ms;
}

uint64_t slice_left_ms(const struct slice *s)
{
	uint64_t now = clock_mono_ms();

	return now < s->end_ms ? s->end_ms - now : 0;
}

uint64_t slice_timeout_ms(const struct slice *s)
{
	uint64_t whole = s->job->timeout_ms ? s->job->timeout_ms : TIMEOUT_MS;

	return MIN(whole, MAX(s->job->slice_ms / TIMEOUT_PART, (uint64_t)TIMEOUT_MIN_MS));
}

void slice_beat(struct slice *s)
{
	uint64_t now = clock_mono_ms();

	if (now >= s->ticked_ms + TICK_MS) {
		uint64_t ms = now - s->start_ms;

		s->ticked_ms = now;
		s->stats->execs_per_s = ms ? (double)s->stats->execs * 1000.0 / (double)ms : 0;
		call_back(s, NULL);
	}
	if (now >= s->swept_ms + SWEEP_MS) {
		s->swept_ms = now;
		sweep_scratch(s);
	}
	if (now >= s->offered_ms + OFFER_MS)
		offer_kept(s);
}
