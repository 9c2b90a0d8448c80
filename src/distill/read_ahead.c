/*
 * The reader writes each input's place and length into a pipe, then its bytes. Whatever becomes of it, from where it stopped
 * this process reads for itself: it saves time, and decides nothing.
 */
#include "base/prelude.h"
#include "distill/read_ahead.h"
#include "base/io.h"
#include "base/log.h"
#include "base/mem.h"
#include "corpus/inputs.h"
#include <errno.h>
#include <fcntl.h>
#include <signal.h>
#include <sys/prctl.h>
#include <sys/wait.h>
#include <unistd.h>

/* Fewer are read before a process has started. */
#define FEW 2000
#define CHUNK ((size_t)64 << 10)
/* so far ahead, in bytes */
#define PIPE_SIZE (1 << 20)

struct head {
	uint64_t i, len;
};

struct read_ahead {
	const char *dir;
	const struct strlist *names;
	uint64_t max;
	size_t next;
	uint64_t gone;
	pid_t pid; /* 0: none */
	int fd;
	struct buf got; /* from the pipe */
	size_t used;    /* of it */
};

static bool flush_to(int fd, struct buf *b)
{
	bool ok = io_write(fd, b->s, b->len) == 0;

	buf_reset(b);
	return ok;
}

/* The whole life of the reader. */
static void read_all(const struct read_ahead *r, int fd)
{
	/* each path that is walked costs a part of what the file does */
	const char *dir = chdir(r->dir) == 0 ? "." : r->dir;
	struct buf one = BUF_INIT, out = BUF_INIT;
	bool ok = true;

	for (size_t i = 0; ok && i < r->names->n; i++) {
		struct head head = { .i = i };

		if (inputs_read(dir, r->names->v[i], r->max, &one, NULL) < 0)
			continue;
		head.len = one.len;
		buf_add(&out, &head, sizeof(head));
		buf_add(&out, buf_str(&one), one.len);
		if (out.len >= CHUNK)
			ok = flush_to(fd, &out);
	}
	if (ok && out.len)
		flush_to(fd, &out);
	_exit(0);
}

static void start(struct read_ahead *r)
{
	pid_t parent = getpid();
	int fds[2];

	if (pipe2(fds, O_CLOEXEC) < 0)
		return;
	fcntl(fds[1], F_SETPIPE_SZ, PIPE_SIZE); /* less is slower */
	r->pid = fork();
	if (r->pid == 0) {
		close(fds[0]);
		signal(SIGPIPE, SIG_DFL);
		prctl(PR_SET_PDEATHSIG, SIGKILL);
		if (getppid() == parent)
			read_all(r, fds[1]);
		_exit(0);
	}
	close(fds[1]);
	if (r->pid < 0) {
		log_debug("%s: nothing reads ahead: %s", r->dir, strerror(errno));
		close(fds[0]);
		r->pid = 0;
		return;
	}
	r->fd = fds[0];
}

struct read_ahead *read_ahead_open(const char *dir, const struct strlist *names, uint64_t max)
{
	struct read_ahead *r = xcalloc(1, sizeof(*r));

	*r = (struct read_ahead){ .dir = dir, .names = names, .max = max, .fd = -1 };
	if (names->n >= FEW && sysconf(_SC_NPROCESSORS_ONLN) > 1)
		start(r);
	return r;
}

static void stop(struct read_ahead *r)
{
	if (r->fd >= 0)
		close(r->fd);
	if (r->pid > 0) {
		kill(r->pid, SIGKILL);
		while (waitpid(r->pid, NULL, 0) < 0 && errno == EINTR)
			;
	}
	r->fd = -1;
	r->pid = 0;
}

/* So many bytes of the pipe are in `got`, not used yet. False: it ended. */
static bool have(struct read_ahead *r, size_t n)
{
	while (r->got.len - r->used < n) {
		ssize_t got;

		if (r->used >= CHUNK) {
			r->got.len -= r->used;
			memmove(r->got.s, r->got.s + r->used, r->got.len);
			r->used = 0;
		}
		buf_reserve(&r->got, CHUNK);
		got = read(r->fd, r->got.s + r->got.len, CHUNK);
		if (got < 0 && errno == EINTR)
			continue;
		if (got <= 0)
			return false;
		r->got.len += (size_t)got;
	}
	return true;
}

static bool next_from_pipe(struct read_ahead *r, size_t *i, struct buf *out)
{
	struct head head;

	if (!have(r, sizeof(head)))
		return false;
	memcpy(&head, r->got.s + r->used, sizeof(head));
	if (head.i < r->next || head.i >= r->names->n || head.len > r->max ||
		!have(r, sizeof(head) + head.len))
		return false;
	buf_reset(out);
	buf_add(out, r->got.s + r->used + sizeof(head), head.len);
	r->used += sizeof(head) + head.len;
	r->gone += head.i - r->next;
	*i = head.i;
	r->next = head.i + 1;
	return true;
}

bool read_ahead_next(struct read_ahead *r, size_t *i, struct buf *out)
{
	if (r->pid) {
		if (next_from_pipe(r, i, out))
			return true;
		stop(r);
	}
	while (r->next < r->names->n) {
		*i = r->next++;
		if (inputs_read(r->dir, r->names->v[*i], r->max, out, NULL) == 0)
			return true;
		r->gone++;
	}
	return false;
}

uint64_t read_ahead_gone(const struct read_ahead *r)
{
	return r->gone;
}

void read_ahead_close(struct read_ahead *r)
{
	if (!r)
		return;
	stop(r);
	buf_release(&r->got);
	free(r);
}
