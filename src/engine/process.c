/*
 * An engine's process: started confined, listened to line by line, ended for sure. What it prints is read all the
 * time, whether wanted or not: a full pipe would stop it.
 */
#include "base/prelude.h"
#include "engine/process.h"
#include "base/clock.h"
#include "base/escape.h"
#include "base/fs.h"
#include "base/mem.h"
#include "base/refusal.h"
#include "runtime/thresh_rt_protocol.h"
#include <errno.h>
#include <fcntl.h>
#include <poll.h>
#include <signal.h>
#include <stdio.h>
#include <unistd.h>

#define LAST_LINES 12
#define WORDS_MAX 600
#define FILE_MAX ((uint64_t)1 << 30)
/* chunks, before looking at the clock again: a flood must not hold us */
#define READ_AT_ONCE 64
#define ROOM (1 << 20)
/* the longest that it fills meanwhile, unless what it prints is a flood */
#define LISTEN_MS 50

int engine_start(struct engine_proc *e, struct slice *s, const struct strlist *argv,
	const struct strlist *env, line_fn fn, void *arg, struct err *err)
{
	struct proc_spec spec = PROC_SPEC_INIT;
	int fds[2];

	*e = (struct engine_proc){ .fd = -1, .fn = fn, .arg = arg };
	if (pipe2(fds, O_CLOEXEC) < 0)
		return err_errno(err, "%s: can't make a pipe", argv->v[0]);
	fcntl(fds[0], F_SETFL, O_NONBLOCK);
	/* room for what comes between two looks; who may not have it is listened to line by line */
	e->roomy = fcntl(fds[1], F_SETPIPE_SZ, ROOM) >= ROOM;
	e->fd = fds[0];
	spec.argv = (const char *const *)argv->v;
	spec.env = (const char *const *)env->v;
	spec.cwd = s->scratch;
	spec.out = spec.err = PROC_FD;
	spec.out_fd = spec.err_fd = fds[1];
	spec.limits.file_bytes = FILE_MAX;
	spec.confine = s->job->sandbox == SANDBOX_OFF ? PROC_FREE : PROC_CONFINED;
	spec.confine_wholly = s->job->sandbox == SANDBOX_REQUIRED;
	spec.visible = s->job->given.files;
	spec.writable = (const char *const *)s->writable.v;
	e->p = proc_start(&spec, err);
	close(fds[1]);
	if (!e->p) {
		engine_release(e);
		return -1;
	}
	return 0;
}

/* Without terminal sequences: afl-fuzz colours its words even into a pipe. */
static size_t plain(const char *in, size_t n, char *out)
{
	size_t k = 0;

	for (size_t i = 0; i < n; i++) {
		if (in[i] == '\033' && i + 1 < n && in[i + 1] == '[') {
			for (i += 2; i < n && (in[i] < '@' || in[i] > '~'); i++)
				;
			continue;
		}
		if (in[i] != '\r')
			out[k++] = in[i];
	}
	return k;
}

static void take_line(struct engine_proc *e)
{
	char clean[sizeof(e->line)];
	struct strv line = strv_n(clean, plain(e->line, e->len, clean));

	e->len = 0;
	e->cut = false;
	if (!strv_trim(line).len)
		return;
	if (e->last.n == LAST_LINES) {
		free(e->last.v[0]);
		memmove(e->last.v, e->last.v + 1, (LAST_LINES - 1) * sizeof(char *));
		e->last.v[--e->last.n] = NULL;
	}
	strlist_add_take(&e->last, strv_dup(strv_trim(line)));
	if (e->fn)
		e->fn(e->arg, line);
}

static void take_bytes(struct engine_proc *e, const char *p, size_t n)
{
	for (size_t i = 0; i < n; i++) {
		if (p[i] == '\n')
			take_line(e);
		else if (e->len < sizeof(e->line))
			e->line[e->len++] = p[i];
		else
			e->cut = true;
	}
}

static void listen_to(struct engine_proc *e)
{
	char chunk[16384];

	for (int i = 0; i < READ_AT_ONCE && e->fd >= 0; i++) {
		ssize_t n = read(e->fd, chunk, sizeof(chunk));

		if (n > 0) {
			take_bytes(e, chunk, (size_t)n);
		} else if (n == 0) {
			close(e->fd);
			e->fd = -1;
		} else if (errno != EINTR) {
			return;
		}
	}
}

bool engine_step(struct engine_proc *e, int ms)
{
	struct pollfd fds[3];
	nfds_t n = 0;
	bool ended;

	/* thousands of lines a second, each of which would wake us and take the core from the engine */
	if (e->fd >= 0 && !(e->roomy && ms <= LISTEN_MS))
		fds[n++] = (struct pollfd){ e->fd, POLLIN, 0 };
	if (proc_fd(e->p) >= 0)
		fds[n++] = (struct pollfd){ proc_fd(e->p), POLLIN, 0 };
	else
		ms = MIN(ms, 10);
	/* after the first interrupt it stays readable, and polling it would be a busy loop */
	if (proc_wake_fd() >= 0 && !proc_interrupted())
		fds[n++] = (struct pollfd){ proc_wake_fd(), POLLIN, 0 };
	poll(fds, n, ms);
	listen_to(e);
	ended = proc_step(e->p, 0);
	if (ended) {
		listen_to(e);
		if (e->len)
			take_line(e);
	}
	return ended;
}

int engine_stop(struct engine_proc *e, struct slice *s, int sig, int grace_ms)
{
	uint64_t until = clock_mono_ms() + (uint64_t)grace_ms;
	struct proc_result r;
	bool ended = proc_step(e->p, 0);
	int status;

	if (!ended && sig)
		/* to it alone: it ends its own children, and then tells its numbers */
		proc_signal_program(e->p, sig);
	while (!ended && clock_mono_ms() < until && proc_interrupted() < 2)
		ended = engine_step(e, 20);
	if (!ended)
		slice_kill(s, e->p);
	while (!ended)
		ended = engine_step(e, 20);
	listen_to(e);
	proc_result_take(e->p, &r);
	status = r.status;
	proc_result_release(&r);
	proc_free(e->p);
	e->p = NULL;
	slice_kill(s, NULL);
	return status;
}

bool engine_was_refused(struct strv words)
{
	static const int errors[] = { EAGAIN, ENOMEM, EMFILE, ENFILE, ENOSPC, EFBIG };
	for (size_t i = 0; i < ARRAY_LEN(errors); i++)
		if (strv_contains(words, strerror(errors[i])))
			return true;
	return strv_contains(words, "shmget() failed") || refusal_of_sanitizer(words);
}

void engine_words(const struct engine_proc *e, struct buf *out)
{
	size_t start = out->len;

	for (size_t i = 0; i < e->last.n && out->len - start < WORDS_MAX; i++) {
		if (i)
			buf_adds(out, " | ");
		escape_term(out, strv_sub(strv_of(e->last.v[i]), 0, 200));
	}
	if (out->len == start)
		buf_adds(out, "it said nothing");
}

void engine_count_lost(
	struct engine_stats *st, const struct engine_proc *e, int status, struct strv report)
{
	struct proc_result r = { .status = status };
	struct strv text = report, line;
	struct buf b = BUF_INIT;

	proc_describe(&b, &r);
	while (strv_line(&text, &line))
		if (strv_contains(line, "ERROR: ") || strv_contains(line, "SUMMARY: "))
			break;
	buf_adds(&b, ": ");
	if (report.len)
		escape_term(&b, line);
	else
		engine_words(e, &b);
	st->lost++;
	snprintf(st->lost_why, sizeof(st->lost_why), "%s", b.s);
	buf_release(&b);
}

void engine_release(struct engine_proc *e)
{
	proc_free(e->p);
	if (e->fd >= 0)
		close(e->fd);
	strlist_release(&e->last);
	*e = (struct engine_proc){ .fd = -1 };
}

bool engine_survives(const char *exe)
{
	return fs_holds(exe, THRESH_RT_SURVIVE_MARK);
}
