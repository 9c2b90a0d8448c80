/*
 * One zygote: its process, its socket, its two segments. Scheduling is run.c's. They are made here and sent over the
 * socket, so that they have no name and end with their users; offsets and sizes are kept here, too.
 */
#include "base/prelude.h"
#include "target/internal.h"
#include "target/own_names.h"
#include "base/clock.h"
#include "base/fs.h"
#include "base/log.h"
#include "base/mem.h"
#include "base/num.h"
#include "runtime/thresh_rt_protocol.h"
#include <errno.h>
#include <fcntl.h>
#include <poll.h>
#include <signal.h>
#include <stdio.h>
#include <sys/mman.h>
#include <sys/socket.h>
#include <sys/uio.h>
#include <unistd.h>

#define PAGE ((uint64_t)4096)
#define DATA_MIN ((uint64_t)4 << 20)
#define FEAT_MIN ((uint64_t)8 << 20)
#define START_MS 20000
#define KEEP_AS 3
/* and a number: the working directories */
#define SERVER_DIR "server-"
/* of what a target printed that doesn't start */
#define START_HEAD ((uint64_t)700)
#define START_SAID ((uint64_t)256 << 10)
#define START_TAIL ((uint64_t)300)

static uint64_t round_page(uint64_t n)
{
	return (n + PAGE - 1) & ~(PAGE - 1);
}

static int server_send(
	struct server *s, enum thresh_rt_type type, uint64_t b, const int *fds, size_t n_fds)
{
	struct thresh_rt_msg m = { THRESH_RT_MAGIC, type, 0, b };
	union {
		struct cmsghdr align;
		char space[CMSG_SPACE(THRESH_RT_MAX_FDS * sizeof(int))];
	} control;
	struct iovec iov = { &m, sizeof(m) };
	struct msghdr h = { .msg_iov = &iov, .msg_iovlen = 1 };
	struct cmsghdr *c;

	if (n_fds) {
		memset(&control, 0, sizeof(control));
		h.msg_control = control.space;
		h.msg_controllen = CMSG_SPACE(n_fds * sizeof(int));
		c = CMSG_FIRSTHDR(&h);
		c->cmsg_level = SOL_SOCKET;
		c->cmsg_type = SCM_RIGHTS;
		c->cmsg_len = CMSG_LEN(n_fds * sizeof(int));
		memcpy(CMSG_DATA(c), fds, n_fds * sizeof(int));
	}
	for (;;) {
		if (sendmsg(s->sock, &h, MSG_NOSIGNAL) == (ssize_t)sizeof(m))
			return 0;
		if (errno != EINTR)
			return -1;
	}
}

static void unmap(struct server *s)
{
	if (s->task)
		munmap(s->task, s->task_size);
	if (s->seg)
		munmap(s->seg, s->seg_size);
	s->task = NULL;
	s->seg = NULL;
}

/* Shared memory of that size, which nobody can cut short under us: *fd is the other end's. NULL when it can't be had. */
static void *share(const char *name, size_t size, bool ours, int *fd)
{
	void *p;

	*fd = memfd_create(name, MFD_CLOEXEC | MFD_ALLOW_SEALING);
	if (*fd < 0 || ftruncate(*fd, (off_t)size) < 0)
		return NULL;
	p = mmap(NULL, size, PROT_READ | PROT_WRITE, MAP_SHARED, *fd, 0);
	if (p == MAP_FAILED)
		return NULL;
	/* kernels before 5.1 don't know it: then the other end is only asked not to write */
	if (ours && fcntl(*fd, F_ADD_SEALS, F_SEAL_FUTURE_WRITE) < 0)
		log_debug("%s: can't be sealed: %s", name, strerror(errno));
	if (fcntl(*fd, F_ADD_SEALS, F_SEAL_SHRINK | F_SEAL_GROW | F_SEAL_SEAL) == 0)
		return p;
	munmap(p, size);
	return NULL;
}

static int share_both(struct server *s, struct err *err)
{
	int fds[THRESH_RT_MAX_FDS] = { -1, -1 }, rc = -1;

	s->task = share("thresh-task", s->task_size, true, &fds[0]);
	if (s->task)
		s->seg = share("thresh-segment", s->seg_size, false, &fds[1]);
	if (!s->task || !s->seg)
		err_errno(err, "shared segments of %zu bytes", s->task_size + s->seg_size);
	else if (server_send(s, THRESH_RT_SEGMENT, 0, fds, THRESH_RT_MAX_FDS) < 0)
		err_errno(err, "sending to the target server");
	else
		rc = 0;
	for (int i = 0; i < THRESH_RT_MAX_FDS; i++)
		if (fds[i] >= 0)
			close(fds[i]);
	if (rc < 0)
		unmap(s);
	return rc;
}

int server_grow(struct server *s, uint64_t n, struct err *err)
{
	uint64_t ins =
		round_page(THRESH_RT_RECS_OFF + THRESH_RT_MAX_BATCH * sizeof(struct thresh_rt_in));
	uint64_t recs =
		round_page(THRESH_RT_RECS_OFF + THRESH_RT_MAX_BATCH * sizeof(struct thresh_rt_rec));
	uint64_t data = round_page(MAX(n, DATA_MIN));
	uint64_t feat =
		s->counters ? round_page(MAX(s->counters * 2 * sizeof(uint32_t) + PAGE, FEAT_MIN))
			    : 0;
	uint64_t known = round_page(THRESH_RT_KNOWN_SLOTS * sizeof(uint64_t));
	uint32_t benign = s->seg ? s->seg->benign : 0;

	if (s->seg && s->data_cap >= n)
		return 0;
	unmap(s);
	s->task_size = ins + data + known;
	s->seg_size = recs + feat;
	if (share_both(s, err) < 0)
		return -1;
	s->n_known = 0;
	s->data_cap = data;
	s->task->magic = THRESH_RT_MAGIC;
	s->task->data_off = s->data_off = ins;
	s->task->known_off = s->known_off = ins + data;
	s->task->feat_off = s->feat_off = recs;
	s->task->feat_cap = s->feat_cap = feat;
	s->seg->benign = benign;
	return 0;
}

int server_send_run(struct server *s)
{
	return server_send(s, THRESH_RT_RUN, 0, NULL, 0);
}

/* It can't be written over by what runs next, as what the segment says can. */
static void settled(struct server *s, const struct thresh_rt_msg *m)
{
	uint32_t i = THRESH_RT_SETTLED_INPUT(m->a);

	if (!s->busy || i >= s->n)
		return;
	if (m->a & THRESH_RT_SETTLED_SUSPECT) {
		s->items[i].suspect = true;
		return;
	}
	s->items[i].failed[(m->a & THRESH_RT_SETTLED_COMPANY) != 0] = (struct failed){
		.seen = true,
		.verdict = THRESH_RT_SETTLED_VERDICT(m->a),
		.status = (int)(uint32_t)m->a,
		.from = m->b >> 32,
		.to = (uint32_t)m->b,
	};
}

static void began(struct server *s, const struct thresh_rt_msg *m)
{
	s->child = m->a > 1 && m->a <= INT32_MAX ? (pid_t)m->a : 0;
	s->child_from = (uint32_t)(m->b >> 32);
	s->child_to = (uint32_t)m->b;
	if (s->busy && s->child_from < s->n) {
		s->items[s->child_from].first = true;
		s->items[s->child_from].suspect = false;
	}
}

struct thresh_rt_rec *server_record(const struct server *s, uint32_t i)
{
	return (struct thresh_rt_rec *)(void *)((char *)s->seg + THRESH_RT_RECS_OFF) + i;
}

uint32_t server_done(const struct server *s)
{
	uint32_t done = __atomic_load_n(&s->seg->done, __ATOMIC_ACQUIRE);

	return MIN(MIN(done, s->child_to), s->n);
}

uint32_t server_current(const struct server *s)
{
	uint32_t current = __atomic_load_n(&s->seg->current, __ATOMIC_ACQUIRE);

	return MAX(s->child_from, MIN(current, s->child_to ? s->child_to - 1 : 0));
}

int server_receive(struct server *s)
{
	struct thresh_rt_msg m;
	ssize_t n;

	for (;;) {
		n = recv(s->sock, &m, sizeof(m), MSG_DONTWAIT);
		if (n < 0 && errno == EINTR)
			continue;
		if (n < 0 && (errno == EAGAIN || errno == EWOULDBLOCK))
			return 0;
		if (n != (ssize_t)sizeof(m) || m.magic != THRESH_RT_MAGIC)
			return -1;
		switch ((enum thresh_rt_type)m.type) {
		case THRESH_RT_HELLO:
			s->ready = true;
			s->ready_after_ms = clock_mono_ms() - s->started_ms;
			s->has = m.a;
			s->counters = MIN(m.b, (uint64_t)1 << 28);
			break;
		case THRESH_RT_CHILD:
			began(s, &m);
			break;
		case THRESH_RT_SETTLED:
			settled(s, &m);
			break;
		case THRESH_RT_DONE:
			s->ended = true;
			s->child_to = s->settled = (uint32_t)MIN(m.a, (uint64_t)s->n);
			s->forks = m.b & UINT32_MAX;
			s->shares |= (m.b & THRESH_RT_SHARES) != 0;
			s->child = 0;
			break;
		case THRESH_RT_FAILED:
			s->refused = m.a ? (int)(m.a & 0xfff) : EAGAIN;
			log_warn("target server: cannot run a batch: %s", strerror(s->refused));
			return -1;
		case THRESH_RT_SEGMENT:
		case THRESH_RT_RUN:
		case THRESH_RT_TWIN:
			return -1;
		}
	}
}

/* What the first server found out, or what is to be found out. */
static const char *leaks_word(uint64_t has)
{
	return has & THRESH_RT_HAS_LEAKS      ? THRESH_RT_LEAKS_WORK
	       : has & THRESH_RT_LEAKS_BROKEN ? THRESH_RT_LEAKS_FAIL
					      : THRESH_RT_LEAKS_TRY;
}

/* What every server has of its own: a directory, a file for its standard error, and a socket pair. */
static int server_prepare(
	struct target *t, struct server *s, unsigned index, int pair[2], struct err *err)
{
	s->sock = s->err_fd = -1;
	s->killed = UINT32_MAX;
	s->refused = 0;
	if (!s->scratch)
		s->scratch = xasprintf("%s/" SERVER_DIR "%u", t->scratch, index);
	if (fs_mkdir_passing(s->scratch, err) < 0 ||
		given_show(&t->spec.given, t->spec.exe, s->scratch, err) < 0)
		return -1;
	s->err_fd = memfd_create("thresh-stderr", MFD_CLOEXEC);
	if (s->err_fd < 0 || fcntl(s->err_fd, F_SETFL, O_APPEND) < 0 ||
		socketpair(AF_UNIX, SOCK_SEQPACKET | SOCK_CLOEXEC, 0, pair) < 0)
		return err_errno(err, "starting %s", t->spec.name);
	return 0;
}

/* Where it may write: its own directory and, of the first one, those of the twins it may have. */
static int add_writable(
	const struct target *t, const struct server *s, struct strlist *out, struct err *err)
{
	strlist_add(out, s->scratch);
	for (unsigned i = 1; s == t->servers && i < t->n_servers; i++) {
		char *dir = xasprintf("%s/" SERVER_DIR "%u", t->scratch, i);
		int rc = fs_mkdir_passing(dir, err);

		if (rc == 0)
			rc = given_show(&t->spec.given, t->spec.exe, dir, err);
		strlist_add(out, dir);
		free(dir);
		if (rc < 0)
			return -1;
	}
	for (const char *const *w = t->spec.writable; w && *w; w++)
		strlist_add(out, *w);
	return 0;
}

int server_start(struct target *t, struct server *s, unsigned index, struct err *err)
{
	const struct target_spec *spec = &t->spec;
	bool given = spec->given.files && *spec->given.files;
	const char *argv[] = { spec->exe, NULL };
	char *shown = NULL;
	struct proc_spec ps = PROC_SPEC_INIT;
	struct strlist env = STRLIST_INIT, writable = STRLIST_INIT;
	int pair[2] = { -1, -1 }, rc = -1;

	if (server_prepare(t, s, index, pair, err) < 0 || add_writable(t, s, &writable, err) < 0)
		goto out;
	if (given) {
		shown = given_exe(&spec->given, spec->exe, s->scratch, err);
		if (!shown)
			goto out;
		argv[0] = shown;
	}
	options_env(spec, s->scratch, &env);
	if (spec->leaks)
		strlist_addf(&env, "%s=%s", THRESH_RT_LEAKS_ENV, leaks_word(t->servers[0].has));
	strlist_addf(&env, "%s=%d", THRESH_RT_FD_ENV, KEEP_AS);
	strlist_add(&env, THRESH_RT_SCRATCH_ENV "=" SERVER_DIR);
	ps.private_env = THRESH_RT_OWN_ENV "=1";
	ps.argv = argv;
	ps.exe = spec->exe;
	ps.env = (const char *const *)env.v;
	ps.cwd = s->scratch;
	ps.err = PROC_FD;
	ps.err_fd = s->err_fd;
	ps.keep_fd = pair[1];
	ps.keep_as = KEEP_AS;
	ps.confine = spec->sandbox == SANDBOX_OFF ? PROC_FREE : PROC_CONFINED;
	ps.confine_wholly = spec->sandbox == SANDBOX_REQUIRED;
	ps.visible = spec->given.files;
	ps.writable = (const char *const *)writable.v;
	ps.no_aslr = spec->no_aslr;
	s->proc = proc_start(&ps, err);
	if (!s->proc)
		goto out;
	s->sock = pair[0];
	pair[0] = -1;
	s->started_ms = clock_mono_ms();
	rc = 0;
out:
	for (int i = 0; i < 2; i++)
		if (pair[i] >= 0)
			close(pair[i]);
	strlist_release(&env);
	strlist_release(&writable);
	free(shown);
	return rc;
}

int server_twin(struct target *t, struct server *s, unsigned index, struct err *err)
{
	int pair[2] = { -1, -1 }, fds[THRESH_RT_MAX_FDS], rc = -1;

	if (server_prepare(t, s, index, pair, err) < 0)
		goto out;
	fds[0] = pair[1];
	fds[1] = s->err_fd;
	s->first = &t->servers[0];
	s->sock = pair[0];
	pair[0] = -1;
	s->started_ms = clock_mono_ms();
	s->twin = true;
	/* a first server that is gone shows there, and here as one that never says hello */
	server_send(&t->servers[0], THRESH_RT_TWIN, index, fds, THRESH_RT_MAX_FDS);
	rc = 0;
out:
	for (int i = 0; i < 2; i++)
		if (pair[i] >= 0)
			close(pair[i]);
	return rc;
}

uint64_t server_starved_ms(const struct server *s)
{
	const struct proc *zygote = s->twin ? s->first->proc : s->proc;
	char path[96];
	struct buf b = BUF_INIT;
	struct strv rest, ran, waited;
	uint64_t ns = 0;

	if (!zygote)
		return 0;
	/* "nanoseconds on a processor, nanoseconds in line for one, turns", of the thread that runs the inputs */
	/* in the zygote's own /proc, as the child's number is one of its namespace */
	snprintf(path, sizeof(path), "/proc/%ld/root/proc/%ld/schedstat", (long)proc_pid(zygote),
		(long)s->child);
	if (fs_read(path, 4096, &b, NULL) == 0) {
		rest = strv_n(buf_str(&b), b.len);
		if (!strv_split(&rest, ' ', &ran) || !strv_split(&rest, ' ', &waited) ||
			num_u64(waited, &ns) < 0)
			ns = 0;
	}
	buf_release(&b);
	return ns / 1000000;
}

bool server_up(const struct server *s)
{
	return s->proc || s->twin;
}

/* Does the executable hold the runtime's mark? A hint for a message, nothing more. */
static bool has_mark(const char *exe)
{
	int fd = open(exe, O_RDONLY | O_CLOEXEC);
	bool found = false;
	uint64_t size;
	void *p;

	if (fd < 0 || fs_size(exe, &size, NULL) < 0 || size == 0) {
		if (fd >= 0)
			close(fd);
		/* can't tell */
		return true;
	}
	p = mmap(NULL, size, PROT_READ, MAP_PRIVATE, fd, 0);
	close(fd);
	if (p == MAP_FAILED)
		return true;
	found = memmem(p, size, THRESH_RT_MARK, sizeof(THRESH_RT_MARK) - 1) != NULL;
	munmap(p, size);
	return found;
}

static int start_failed(struct target *t, struct server *s, const char *what, struct err *err)
{
	struct buf text = BUF_INIT, how = BUF_INIT, own = BUF_INIT;
	struct proc_result r = { 0 };
	off_t size = lseek(s->err_fd, 0, SEEK_END);
	uint64_t end = size > 0 ? (uint64_t)size : 0;

	if (!what && !s->proc) {
		what = "it could not be forked";
	} else if (!what) {
		proc_step(s->proc, 2000);
		proc_result_take(s->proc, &r);
		proc_describe(&how, &r);
		proc_result_release(&r);
		what = buf_str(&how);
	}
	if (t->spec.said)
		result_read_text(s->err_fd, 0, MIN(end, START_SAID), t->spec.said);
	result_read_text(s->err_fd, 0, MIN(end, START_HEAD), &text);
	if (end > START_HEAD + START_TAIL)
		buf_adds(&text, "\n...\n");
	if (end > START_HEAD)
		result_read_text(
			s->err_fd, MAX(START_HEAD, end - MIN(end, START_TAIL)), end, &text);
	if (!has_mark(t->spec.exe))
		err_usage(err,
			"%s: not linked with thresh's runtime (%s); to run it as it is, one "
			"process "
			"per input, give its command line",
			t->spec.exe, what);
	else {
		struct strv words = strv_trim(strv_n(buf_str(&text), text.len));

		own_names_say(&own, t->spec.exe);
		err_usage(err, "%s: failed at start-up: %s%s%s" STRV_FMT, t->spec.name, what,
			buf_str(&own), words.len ? "; it printed:\n" : "", STRV_ARG(words));
	}
	buf_release(&own);
	buf_release(&text);
	buf_release(&how);
	return -1;
}

bool server_overdue(const struct target *t, const struct server *s)
{
	return clock_mono_ms() - s->started_ms >= (t->spec.start_ms ? t->spec.start_ms : START_MS);
}

int server_wait_ready(struct target *t, struct server *s, struct err *err)
{
	uint64_t limit = t->spec.start_ms ? t->spec.start_ms : START_MS, now;
	char what[96];

	while (!s->ready) {
		struct pollfd p = { .fd = s->sock, .events = POLLIN };

		now = clock_mono_ms();
		if (now - s->started_ms >= limit) {
			snprintf(what, sizeof(what),
				"not ready after %llu ms, its start_timeout or what a campaign has",
				(unsigned long long)limit);
			return start_failed(t, s, what, err);
		}
		if (proc_interrupted() == 2)
			return err_set(err, "%s: interrupted", t->spec.name);
		if (poll(&p, 1, (int)MIN(limit - (now - s->started_ms), (uint64_t)100)) > 0 &&
			server_receive(s) < 0 && !s->ready)
			return start_failed(t, s, NULL, err);
	}
	return server_grow(s, 0, err);
}

/* As its zygote knows it, which is a number of the zygote's namespace. */
void server_signal(struct server *s, bool group, int sig)
{
	struct proc *p = s->twin ? s->first->proc : s->proc;

	if (s->child > 1 && p)
		proc_signal_inside(p, group ? -s->child : s->child, sig);
}

void server_stop(struct server *s)
{
	/* nobody waits for a twin's end: it is to fork no child more */
	if (s->twin && s->task)
		s->task->stop = 1;
	server_signal(s, true, SIGKILL);
	if (s->sock >= 0)
		close(s->sock);
	s->sock = -1;
	proc_free(s->proc);
	s->proc = NULL;
	s->twin = false;
	unmap(s);
	if (s->err_fd >= 0)
		close(s->err_fd);
	s->err_fd = -1;
	s->ready = s->busy = s->ended = false;
	s->child = 0;
	free(s->items);
	s->items = NULL;
	s->n = s->delivered = 0;
}
