/*
 * Executables without the runtime: one process per input, with "@@" in the command replaced by the input's
 * path, or the input on standard input; a fork of AFL++'s fork server where there is one. Slower, same results.
 * The wall-clock limit is the time limit here, and CPU time is limited a second above it.
 */
#include "base/prelude.h"
#include "target/internal.h"
#include "base/clock.h"
#include "base/escape.h"
#include "base/fs.h"
#include "base/log.h"
#include "base/mem.h"
#include "target/forkserver.h"
#include "target/place.h"
#include "target/program.h"
#include <errno.h>
#include <fcntl.h>
#include <poll.h>
#include <signal.h>
#include <stdio.h>
#include <sys/stat.h>
#include <sys/wait.h>
#include <unistd.h>

#define SLOTS_MAX 64u
/* of one file that a target writes */
#define FILE_MAX ((uint64_t)256 << 20)
#define SERVER_START_MS 10000
/* the fork server has to say that its child is dead */
#define KILLED_MS 2000

struct slot {
	struct workdir *cwd, *tmp;
	char *in_dir, *path;
	struct strlist argv, env, writable;
	struct forkserver *server; /* NULL: not (yet, or any more) */
	/* the run: one of the two */
	struct proc *proc;
	bool forked;
	struct item item;
	uint64_t start_ms;
	bool killed;
	struct place place;
};

struct foreign {
	char *exe;
	bool by_path; /* "@@" is in the command */
	bool servers; /* there is a fork server */
	bool starts;  /* its program was seen to run */
	struct slot *slots;
	unsigned n;
};

static bool busy(const struct slot *s)
{
	return s->proc || s->forked;
}

/* --- opening --- */

/* A word of the command with the path in it. What leads out of the working directory is meant from the caller's. */
static void add_word(struct strlist *argv, const char *word, const char *path, bool *used)
{
	const char *at = strstr(word, "@@");

	if (at) {
		strlist_addf(argv, "%.*s%s%s", (int)(at - word), word, path, at + 2);
		*used = true;
	} else if (strncmp(word, "../", 3) == 0 || strcmp(word, "..") == 0) {
		strlist_add_take(argv, fs_abspath(word));
	} else {
		strlist_add(argv, word);
	}
}

static int slot_open(
	struct target *t, struct foreign *f, struct slot *s, unsigned index, struct err *err)
{
	char *dir = xasprintf("%s/process-%u/dir", t->scratch, index);
	char *tmp = xasprintf("%s/process-%u/tmp", t->scratch, index);
	char *origin = fs_abspath(".");
	int rc = -1;

	s->in_dir = xasprintf("%s/process-%u/in", t->scratch, index);
	s->path = fs_join(s->in_dir, "input");
	s->cwd = workdir_open(dir, origin, err);
	s->tmp = s->cwd ? workdir_open(tmp, NULL, err) : NULL;
	if (!s->tmp || fs_mkdirs(s->in_dir, err) < 0)
		goto out;
	strlist_add(&s->writable, dir);
	strlist_add(&s->writable, tmp);
	strlist_add(&s->writable, s->in_dir);
	for (const char *const *w = t->spec.writable; w && *w; w++)
		strlist_add(&s->writable, *w);
	options_env(&t->spec, tmp, &s->env);
	strlist_add(&s->argv, f->exe);
	for (const char *const *a = t->spec.argv + 1; *a; a++)
		add_word(&s->argv, *a, s->path, &f->by_path);
	rc = 0;
out:
	free(dir);
	free(tmp);
	free(origin);
	return rc;
}

static void slot_close(struct slot *s)
{
	proc_free(s->proc);
	forkserver_close(s->server);
	place_release(&s->place);
	workdir_close(s->cwd);
	workdir_close(s->tmp);
	strlist_release(&s->argv);
	strlist_release(&s->env);
	strlist_release(&s->writable);
	free(s->in_dir);
	free(s->path);
}

int foreign_open(struct target *t, struct err *err)
{
	char *found = program_find(t->spec.argv[0], err);
	struct foreign *f;

	if (!found)
		return -1;
	if (t->spec.features && !forkserver_likely(found)) {
		err_usage(err,
			"%s: not instrumented for coverage: compile it with afl-clang-fast or "
			"afl-gcc-fast",
			found);
		free(found);
		return -1;
	}
	t->foreign = f = xcalloc(1, sizeof(*f));
	f->exe = found;
	f->servers = forkserver_likely(found);
	f->n = MIN(t->spec.workers, SLOTS_MAX);
	f->slots = xcalloc(f->n, sizeof(*f->slots));
	/*
	 * a slot is a working directory, an input file and at most one process: they don't see each
	 * other
	 */
	for (unsigned i = 0; i < f->n; i++)
		if (slot_open(t, f, &f->slots[i], i, err) < 0)
			return -1;
	return 0;
}

void foreign_close(struct target *t)
{
	struct foreign *f = t->foreign;

	if (!f)
		return;
	for (unsigned i = 0; i < f->n; i++)
		slot_close(&f->slots[i]);
	free(f->slots);
	free(f->exe);
	free(f);
	t->foreign = NULL;
}

/* --- a run's start --- */

/*
 * In place, as the fork server's children share its view of the directory, and nobody needs it synced. The last one may
 * have put anything there: a pipe, a link, another name of a file of ours. -1: such a thing, or nothing yet that can be made.
 */
static int open_input(const struct slot *s)
{
	int fd = open(
		s->path, O_WRONLY | O_CREAT | O_NOFOLLOW | O_NONBLOCK | O_NOCTTY | O_CLOEXEC, 0600);
	struct stat st;

	if (fd >= 0 && (fstat(fd, &st) < 0 || !S_ISREG(st.st_mode) || st.st_nlink != 1 ||
			       ftruncate(fd, 0) < 0)) {
		close(fd);
		return -1;
	}
	return fd;
}

static int write_input(struct slot *s, struct err *err)
{
	const char *p = s->item.in.data;
	size_t n = s->item.in.len;
	int fd = open_input(s);

	if (fd < 0) {
		if (fs_remove_tree(s->path, err) < 0 || fs_mkdirs(s->in_dir, err) < 0)
			return -1;
		fd = open_input(s);
	}
	if (fd < 0)
		return err_errno(err, "%s", s->path);
	while (n > 0) {
		ssize_t k = write(fd, p, n);

		if (k < 0 && errno == EINTR)
			continue;
		if (k <= 0) {
			err_errno(err, "%s", s->path);
			close(fd);
			return -1;
		}
		p += k;
		n -= (size_t)k;
	}
	close(fd);
	return 0;
}

static struct proc_spec base_spec(const struct target *t, const struct slot *s)
{
	struct proc_spec ps = PROC_SPEC_INIT;

	ps.argv = (const char *const *)s->argv.v;
	ps.env = (const char *const *)(s->place.again ? s->place.env.v : s->env.v);
	ps.cwd = s->writable.v[0];
	ps.limits.file_bytes = FILE_MAX;
	ps.limits.stack_more = t->stack_more;
	ps.confine = t->spec.sandbox == SANDBOX_OFF ? PROC_FREE : PROC_CONFINED;
	ps.confine_wholly = t->spec.sandbox == SANDBOX_REQUIRED;
	ps.writable = (const char *const *)s->writable.v;
	ps.no_aslr = t->spec.no_aslr;
	return ps;
}

static void server_drop(struct slot *s)
{
	forkserver_close(s->server);
	s->server = NULL;
	s->forked = false;
}

void foreign_renew(struct target *t)
{
	for (unsigned i = 0; i < t->foreign->n; i++)
		server_drop(&t->foreign->slots[i]);
}

/* True: it runs in a fork. */
static bool start_forked(struct target *t, struct slot *s)
{
	struct foreign *f = t->foreign;
	struct err err = ERR_INIT;

	while (f->servers && !s->forked) {
		bool fresh = !s->server;

		if (fresh) {
			struct proc_spec ps = base_spec(t, s);

			s->server = forkserver_open(&ps, f->exe,
				t->spec.start_ms ? t->spec.start_ms : SERVER_START_MS, &err);
			if (s->server && t->spec.features) /* its own start's */
				forkserver_features(s->server, &t->features, &t->features_cap);
		}
		s->start_ms = clock_mono_ms();
		if (s->server && forkserver_begin(s->server, s->item.in.data, s->item.in.len,
					 !f->by_path, t->spec.timeout_ms / 1000 + 2) == 0) {
			s->forked = true;
			break;
		}
		server_drop(s); /* it may have ended between two inputs */
		if (fresh) {
			f->servers = false;
			log_debug("%s: %s; one process per input", t->spec.name,
				err.kind != ERR_NONE ? err.msg : "its fork server ends at once");
		}
	}
	return s->forked;
}

static int slot_start(struct target *t, struct slot *s, struct err *err)
{
	struct proc_spec ps;

	workdir_clean(s->cwd);
	workdir_clean(s->tmp);
	if (t->foreign->by_path && write_input(s, err) < 0)
		return -1;
	s->killed = false;
	if (!s->place.again && start_forked(t, s))
		return 0;
	if (t->spec.features)
		return err_set(err, "%s: no fork server answers, so that there is no coverage",
			t->spec.name);
	ps = base_spec(t, s);
	if (!t->foreign->by_path) {
		ps.in = PROC_CAPTURE;
		ps.input = s->item.in.data;
		ps.input_len = s->item.in.len;
	}
	ps.err = PROC_CAPTURE;
	ps.capture_max = TARGET_TEXT_HEAD + TARGET_TEXT_TAIL;
	ps.limits.cpu_s = t->spec.timeout_ms / 1000 + 2;
	s->start_ms = clock_mono_ms();
	s->proc = proc_start(&ps, err);
	return s->proc ? 0 : -1;
}

/* --- its end --- */

static void say(struct buf *text, const char *what, uint64_t n, const char *unit)
{
	if (text->len && text->s[text->len - 1] != '\n')
		buf_addch(text, '\n');
	buf_addf(text, "==0== ERROR: thresh: %s %llu %s\n", what, (unsigned long long)n, unit);
}

/* usage: of its process, where it had one of its own; else NULL. */
static void deliver(struct target *t, struct slot *s, int status, bool parricide, struct buf *text,
	const struct rusage *usage, size_t n_features)
{
	struct target_result r = {
		.alone = true, .features = t->features, .n_features = n_features
	};
	uint64_t wall = clock_mono_ms() - s->start_ms;

	t->forks++;
	r.outcome = result_outcome_of_status(status, strv_n(buf_str(text), text->len));
	result_set_status(&r, status);
	if (parricide) {
		r.outcome = TARGET_CRASH;
		buf_adds(text, "==0== ERROR: thresh: fuzz target killed its server process\n");
	} else if (s->killed || r.sig == SIGXCPU) {
		r.outcome = TARGET_TIMEOUT;
		say(text, "timeout after", wall,
			s->killed ? "ms of wall-clock time" : "ms of CPU time");
	} else if (r.sig == SIGXFSZ) { /* our limit, not its fault */
		r.outcome = TARGET_EXIT;
		say(text, "ended for a file of more than", FILE_MAX, "bytes");
	}
	report_paths_tame(t, text);
	r.text = strv_n(buf_str(text), text->len);
	if (!s->killed && r.sig != SIGXFSZ)
		exits_judge(&t->spec.exits, &r);
	r.batch_outcome = r.outcome;
	r.wall_us = wall * 1000;
	r.cpu_us = usage ? (uint64_t)(usage->ru_utime.tv_sec + usage->ru_stime.tv_sec) * 1000000 +
				   (uint64_t)(usage->ru_utime.tv_usec + usage->ru_stime.tv_usec)
			 : 0;
	r.cpu_us = r.cpu_us ? r.cpu_us : r.wall_us;
	r.has_memory = t->spec.memory_use && usage;
	r.memory = r.has_memory ? (uint64_t)usage->ru_maxrss * 1024 : 0;
	order_deliver(t, &s->item, &r);
}

/* The last line that isn't empty. */
static struct strv last_words(const struct buf *text)
{
	struct strv rest = strv_n(buf_str(text), text->len), line, last = { "", 0 };

	while (strv_line(&rest, &line))
		if (strv_trim(line).len)
			last = strv_trim(line);
	return strv_sub(last, 0, 200);
}

static int end_process(struct slot *s, struct proc_result *pr)
{
	*pr = (struct proc_result){ 0 };
	proc_result_take(s->proc, pr);
	proc_free(s->proc);
	s->proc = NULL;
	return pr->status;
}

/* The empty input, once: a command that doesn't find its program doesn't for this one either. */
static int check_starts(struct target *t, struct slot *s, int status, struct err *err)
{
	struct target_input in = s->item.in;
	struct proc_result pr;
	struct buf words = BUF_INIT;
	uint64_t start_ms = s->start_ms;
	int rc;

	s->item.in.data = "";
	s->item.in.len = 0;
	rc = slot_start(t, s, err);
	s->item.in = in;
	if (rc < 0)
		return -1;
	while (!proc_step(s->proc, 20))
		if (clock_mono_ms() - s->start_ms >= t->spec.timeout_ms)
			proc_signal(s->proc, SIGKILL);
	if (end_process(s, &pr) == status) {
		escape_term(&words, last_words(&pr.err));
		rc = err_usage(err, "%s: ends with %d whatever the input: %s%s%s%s", t->spec.name,
			WEXITSTATUS(status),
			WEXITSTATUS(status) == 127 ? "it, or what it starts, isn't found"
						   : "what it starts can't be run",
			words.len ? ": " : "", buf_str(&words),
			t->spec.exits.report ? "; if an input that fails ends so, list it with "
					       "--fail-status"
					     : "");
	}
	s->start_ms = start_ms;
	buf_release(&words);
	proc_result_release(&pr);
	return rc;
}

/* True: it runs once more, to say where it failed. */
static bool look_again(struct target *t, struct slot *s, int status, const struct buf *text,
	const struct rusage *usage)
{
	/* coverage is asked of the fork server, and would be lost */
	if (s->killed || t->spec.features ||
		!place_begin(&s->place, t->scratch, "../../", &s->env, status, text, usage))
		return false;
	s->place.wall_ms = clock_mono_ms() - s->start_ms;
	s->place.again = slot_start(t, s, NULL) == 0;
	return s->place.again;
}

/* It is what it was, with its place where that came again. */
static void finish_again(struct target *t, struct slot *s, int status, const struct buf *text)
{
	const struct place *p = &s->place;

	place_end(&s->place, status, text);
	s->killed = false;
	s->start_ms = clock_mono_ms() - p->wall_ms;
	deliver(t, s, p->status, false, &s->place.text, p->has_usage ? &p->usage : NULL, 0);
}

static int finish_process(struct target *t, struct slot *s, struct err *err)
{
	struct foreign *f = t->foreign;
	struct proc_result pr;
	int status = end_process(s, &pr), rc = 0;

	if (s->place.again) {
		finish_again(t, s, status, &pr.err);
		proc_result_release(&pr);
		return 0;
	}
	if (!f->starts && exits_is_set_up(&t->spec.exits, status))
		rc = check_starts(t, s, status, err);
	f->starts = true;
	if (rc == 0 && !look_again(t, s, status, &pr.err, &pr.usage))
		deliver(t, s, status, false, &pr.err, &pr.usage, 0);
	proc_result_release(&pr);
	return rc;
}

static void finish_fork(struct target *t, struct slot *s, int status)
{
	struct buf text = BUF_INIT;
	long n = 0;

	s->forked = false;
	forkserver_text(s->server, &text);
	if (t->spec.features)
		n = forkserver_features(s->server, &t->features, &t->features_cap);
	/* processes that it left hold its directory, and the server's end is theirs */
	if (forkserver_strays(s->server, s->killed)) {
		forkserver_close(s->server);
		s->server = NULL;
	}
	if (!look_again(t, s, status, &text, NULL))
		deliver(t, s, status, false, &text, NULL, (size_t)MAX(n, 0L));
	buf_release(&text);
}

/*
 * The server is gone, or can't end its child. Once more with another one, then it is what the input does: not in a
 * process of its own, whose parent would be us.
 */
static int blame(struct target *t, struct slot *s, struct err *err)
{
	struct buf text = BUF_INIT;
	int rc = 0;

	forkserver_text(s->server, &text);
	server_drop(s);
	if (!s->killed && s->item.tries++ == 0)
		rc = slot_start(t, s, err);
	else
		deliver(t, s, SIGKILL, !s->killed, &text, NULL, 0);
	buf_release(&text);
	return rc;
}

static int step_fork(struct target *t, struct slot *s, struct err *err)
{
	int status = 0, got = forkserver_poll(s->server, &status);

	if (got == 0 && s->killed &&
		clock_mono_ms() - s->start_ms >= t->spec.timeout_ms + KILLED_MS)
		got = -1;
	if (got > 0)
		finish_fork(t, s, status);
	return got < 0 ? blame(t, s, err) : 0;
}

static int step(struct target *t, struct slot *s, struct err *err)
{
	if (s->forked) {
		if (step_fork(t, s, err) < 0)
			return -1;
	} else if (proc_step(s->proc, 0) && finish_process(t, s, err) < 0) {
		return -1;
	}
	if (!busy(s) || s->killed || clock_mono_ms() - s->start_ms < t->spec.timeout_ms)
		return 0;
	s->killed = true;
	if (s->forked)
		forkserver_kill(s->server);
	else
		proc_signal(s->proc, SIGKILL);
	return 0;
}

/* Moves every run on; waits a little when none has news. */
static int step_all(struct target *t, struct err *err)
{
	struct foreign *f = t->foreign;
	struct pollfd p[SLOTS_MAX];
	nfds_t used = 0;
	int wait = 20;

	for (unsigned i = 0; i < f->n; i++) {
		struct slot *s = &f->slots[i];

		if (!busy(s))
			continue;
		if (s->proc) /* its output, too, has to be taken */
			wait = 5;
		p[used++] = (struct pollfd){ .fd = s->proc ? proc_fd(s->proc)
							   : forkserver_fd(s->server),
			.events = POLLIN };
	}
	if (f->n == 1 && f->slots[0].proc)
		proc_step(f->slots[0].proc, 20);
	else
		poll(p, used, wait);
	for (unsigned i = 0; i < f->n; i++)
		if (busy(&f->slots[i]) && step(t, &f->slots[i], err) < 0)
			return -1;
	return 0;
}

/* The caller has enough. A fork server is worth keeping if its child ends at once. */
static void abandon(struct slot *s)
{
	uint64_t end = clock_mono_ms() + 500;
	int status, got = 0;

	proc_free(s->proc);
	s->proc = NULL;
	s->place.again = false;
	if (!s->forked)
		return;
	forkserver_kill(s->server);
	while (got == 0 && clock_mono_ms() < end) {
		struct pollfd p = { .fd = forkserver_fd(s->server), .events = POLLIN };

		poll(&p, 1, 20);
		got = forkserver_poll(s->server, &status);
		if (got == 0)
			forkserver_kill(s->server);
	}
	if (got <= 0 || forkserver_strays(s->server, true)) {
		forkserver_close(s->server);
		s->server = NULL;
	}
	s->forked = false;
}

int foreign_run(struct target *t, struct err *err)
{
	struct foreign *f = t->foreign;
	unsigned n;
	int rc = 0;

	while (rc == 0 && !t->stopping) {
		n = 0;
		for (unsigned i = 0; i < f->n && rc == 0; i++) {
			struct slot *s = &f->slots[i];

			if (!busy(s) && order_next(t, &s->item))
				rc = slot_start(t, s, err);
			n += busy(s);
		}
		if (rc < 0 || n == 0)
			break;
		rc = step_all(t, err);
		if (rc == 0 && proc_interrupted() == 2)
			rc = err_set(err, "%s: interrupted", t->spec.name);
	}
	for (unsigned i = 0; i < f->n; i++)
		abandon(&f->slots[i]);
	return rc;
}
