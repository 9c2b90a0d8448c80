/*
 * llvm-symbolizer, or addr2line, as a child that stays: questions go down a socket pair (so that a dead child
 * is an error code and not a signal), answers come back in their order. A child that hangs, dies or answers what
 * wasn't asked is replaced; a program none of whose last few children answered gives way to the next.
 */
#include "base/prelude.h"
#include "symbol/tool.h"
#include "base/clock.h"
#include "base/fs.h"
#include "base/log.h"
#include "base/mem.h"
#include "base/num.h"
#include "proc/proc.h"
#include "symbol/answer.h"
#include <errno.h>
#include <poll.h>
#include <sys/socket.h>
#include <unistd.h>

/* starts that the machine refuses, and the time between them */
#define REFUSALS_MAX 10
#define REFUSED_WAIT_MS 200
#define NEWEST_LLVM 21
#define OLDEST_LLVM 14
#define PROGRAMS_MAX 4
#define STRIKES_MAX 3                   /* children in a row without a single answer */
#define UNREAD_MAX ((size_t)16 << 20)   /* bytes that make no whole answer */
#define MEMORY_MAX ((uint64_t)32 << 30) /* address space: debug files are mapped */
#define CHILDREN_MAX 8                  /* one a module: how many at a time */

struct program {
	char *path;
	bool addr2line;
};

struct child {
	struct proc *proc;
	int fd;
	char *module; /* the only one that it knows; NULL: any */
	uint64_t used;
	bool fresh; /* nothing asked yet */
	bool hung;
};

struct tool {
	struct program programs[PROGRAMS_MAX];
	size_t n_programs, current;
	struct child children[CHILDREN_MAX];
	uint64_t clock, timeout_ms;
	unsigned started, strikes;
	bool refused; /* the last start: by the machine */
	struct answer answer;
	struct buf in;
};

static void add_program(struct tool *t, char *path_take, bool addr2line)
{
	if (!path_take)
		return;
	for (size_t i = 0; i < t->n_programs; i++)
		if (strcmp(t->programs[i].path, path_take) == 0) {
			free(path_take);
			return;
		}
	t->programs[t->n_programs++] = (struct program){ path_take, addr2line };
}

/* 14 for .../llvm-14/bin/llvm-symbolizer, which is what distributions' plain names lead to; 0: can't tell. */
static uint64_t version_of(const char *path)
{
	char *real = realpath(path, NULL);
	struct strv rest = strv_of(real), digits;
	uint64_t version = 0, v;
	size_t at;

	while (!version && (at = strv_find(rest, "-")) != SIZE_MAX) {
		size_t n = 0;

		rest = strv_from(rest, at + 1);
		while (n < rest.len && rest.s[n] >= '0' && rest.s[n] <= '9')
			n++;
		digits = strv_sub(rest, 0, n);
		if (num_u64(digits, &v) == 0)
			version = v;
	}
	free(real);
	return version;
}

/* What the user named; the newest; whatever goes by the plain name; addr2line. */
static void find_programs(struct tool *t)
{
	const char *named = getenv("LLVM_SYMBOLIZER_PATH");
	char *plain = fs_which("llvm-symbolizer"), *newest = NULL, name[32] = "llvm-symbolizer-";
	unsigned v = NEWEST_LLVM + 1;
	uint64_t plain_version = plain ? version_of(plain) : 0;

	while (!newest && --v >= OLDEST_LLVM) {
		size_t n = strlen("llvm-symbolizer-");

		name[n] = (char)('0' + v / 10);
		name[n + 1] = (char)('0' + v % 10);
		newest = fs_which(name);
	}
	if (named && *named && fs_is_exe(named))
		add_program(t, fs_abspath(named), false);
	if (newest && plain_version && plain_version < v) {
		add_program(t, newest, false);
		newest = NULL;
	}
	add_program(t, plain, false);
	if (t->n_programs + 1 < PROGRAMS_MAX)
		add_program(t, newest, false);
	else
		free(newest);
	add_program(t, fs_which("addr2line"), true);
}

struct tool *tool_new(void)
{
	struct tool *t = xcalloc(1, sizeof(*t));

	t->timeout_ms = 30000;
	for (size_t i = 0; i < CHILDREN_MAX; i++)
		t->children[i].fd = -1;
	find_programs(t);
	return t;
}

static void end_child(struct child *c)
{
	if (c->fd >= 0)
		close(c->fd);
	proc_free(c->proc);
	free(c->module);
	*c = (struct child){ .fd = -1 };
}

void tool_forget(struct tool *t)
{
	for (size_t i = 0; i < CHILDREN_MAX; i++)
		end_child(&t->children[i]);
}

void tool_free(struct tool *t)
{
	tool_forget(t);
	for (size_t i = 0; i < t->n_programs; i++)
		free(t->programs[i].path);
	arena_release(&t->answer.names);
	buf_release(&t->in);
	free(t);
}

static const struct program *program(const struct tool *t)
{
	return t->current < t->n_programs ? &t->programs[t->current] : NULL;
}

bool tool_exists(const struct tool *t)
{
	return program(t) != NULL;
}

bool tool_coarse(const struct tool *t)
{
	return program(t) && program(t)->addr2line;
}

unsigned tool_started(const struct tool *t)
{
	return t->started;
}

void tool_set_timeout(struct tool *t, uint64_t ms)
{
	t->timeout_ms = ms;
}

/* Does a question say which module? Else a child has the one that it was started with. */
static bool is_sayable(const struct program *p, const char *module)
{
	return !p->addr2line && !strpbrk(module, "\n\r") &&
	       !(strchr(module, '"') && strchr(module, '\''));
}

/* Debug information is parsed by a big program and may be hostile: it gets no network and writes nothing. */
static int start_child(struct tool *t, struct child *c, const char *module)
{
	const struct program *p = program(t);
	const char *llvm[] = { p->path, "--inlines", "--demangle", "--functions=linkage",
		"--output-style=LLVM", NULL, NULL };
	const char *addr2line[] = { p->path, "-a", "-f", "-i", "-C", "-e", module, NULL };
	static const char *const env[] = { "DEBUGINFOD_URLS", "LLVM_SYMBOLIZER_OPTS", NULL };
	struct proc_spec spec = PROC_SPEC_INIT;
	struct err err = ERR_INIT;
	char *obj;
	int ends[2];

	t->refused = false;
	if (socketpair(AF_UNIX, SOCK_STREAM | SOCK_CLOEXEC, 0, ends) < 0) {
		t->refused = err_is_refusal(errno);
		return -1;
	}
	obj = is_sayable(p, module) ? NULL : xasprintf("--obj=%s", module);
	llvm[ARRAY_LEN(llvm) - 2] = obj;
	spec.argv = p->addr2line ? addr2line : llvm;
	spec.env = env;
	spec.in = spec.out = PROC_FD;
	spec.in_fd = spec.out_fd = ends[1];
	spec.err = PROC_NULL;
	spec.limits.as_bytes = MEMORY_MAX;
	spec.confine = PROC_READER;
	c->proc = proc_start(&spec, &err);
	free(obj);
	close(ends[1]);
	if (!c->proc) {
		log_debug("symboliser: %s", err.msg);
		close(ends[0]);
		t->refused = err.kind == ERR_REFUSED;
		return -1;
	}
	t->started++;
	c->fd = ends[0];
	c->module = is_sayable(p, module) ? NULL : xstrdup(module);
	c->fresh = true;
	return 0;
}

/* The child for a module: one that has it, else a new one in the place of the longest unused. */
static struct child *get_child(struct tool *t, const char *module)
{
	struct child *oldest = &t->children[0], *c;
	bool sayable = is_sayable(program(t), module);

	for (size_t i = 0; i < CHILDREN_MAX; i++) {
		c = &t->children[i];
		if (c->proc &&
			(sayable ? !c->module : c->module && strcmp(c->module, module) == 0)) {
			c->used = ++t->clock;
			return c;
		}
		if (c->used < oldest->used)
			oldest = c;
	}
	end_child(oldest);
	if (start_child(t, oldest, module) < 0)
		return NULL;
	oldest->used = ++t->clock;
	return oldest;
}

/* One line a question. */
static void write_questions(const struct program *p, const char *module, const uint64_t *offsets,
	size_t n, struct buf *b)
{
	char quote = strchr(module, '"') ? '\'' : '"';
	bool sayable = is_sayable(p, module);

	for (size_t i = 0; i < n; i++) {
		unsigned long long offset = offsets[i];

		if (p->addr2line)
			buf_addf(b, "%llx\n", offset);
		else if (sayable)
			buf_addf(b, "CODE %c%s%c 0x%llx\n", quote, module, quote, offset);
		else
			buf_addf(b, "CODE 0x%llx\n", offset);
	}
	if (p->addr2line)
		buf_addf(b, "%llx\n", (unsigned long long)ANSWER_SENTINEL);
}

struct talk {
	struct tool *t;
	struct child *c;
	const uint64_t *offsets;
	size_t n, got;    /* answers */
	struct strv left; /* of the questions */
	bool sentinel;    /* addr2line's last answer came */
	tool_answer *answer;
	void *arg;
};

/* Hand on the answers that are whole by now, and keep the rest. */
static enum answer_state take_answers(struct talk *k)
{
	struct tool *t = k->t;
	struct strv text = strv_n(buf_str(&t->in), t->in.len);
	enum answer_state state = ANSWER_WHOLE;
	bool addr2line = program(t)->addr2line;
	bool broken = k->c->module && strpbrk(k->c->module, "\n\r");

	while (state == ANSWER_WHOLE && k->got < k->n) {
		uint64_t next = k->got + 1 < k->n ? k->offsets[k->got + 1] : ANSWER_SENTINEL;

		state = addr2line ? answer_addr2line(&text, k->offsets[k->got], next, &t->answer)
				  : answer_llvm(&text, broken, &t->answer);
		if (state == ANSWER_WHOLE)
			k->answer(k->arg, k->offsets[k->got++], t->answer.frames, t->answer.n);
	}
	if (state == ANSWER_WHOLE && addr2line && !k->sentinel) {
		state = answer_sentinel(&text);
		k->sentinel = state == ANSWER_WHOLE;
	}
	if (state == ANSWER_WHOLE && text.len)
		state = ANSWER_BAD; /* more than was asked for */
	memmove(t->in.s ? t->in.s : (char *)"", text.s, text.len);
	t->in.len = text.len;
	return state;
}

/* Send and receive what can be; false when the child has hung up or let the time pass. */
static bool move_bytes(struct talk *k, uint64_t deadline)
{
	uint64_t now = clock_mono_ms();
	struct pollfd p = { k->c->fd, (short)(POLLIN | (k->left.len ? POLLOUT : 0)), 0 };
	char bytes[65536];
	ssize_t n;
	int rc;

	rc = poll(&p, 1, now < deadline ? (int)MIN(deadline - now, (uint64_t)INT32_MAX) : 0);
	if (rc < 0)
		return errno == EINTR;
	if (rc == 0) {
		k->c->hung = true;
		return false;
	}
	if (p.revents & POLLOUT) {
		n = send(k->c->fd, k->left.s, k->left.len, MSG_NOSIGNAL | MSG_DONTWAIT);
		if (n < 0 && errno != EAGAIN && errno != EINTR)
			return false;
		k->left = strv_from(k->left, n > 0 ? (size_t)n : 0);
	}
	if (!(p.revents & (POLLIN | POLLHUP | POLLERR)))
		return true;
	n = recv(k->c->fd, bytes, sizeof(bytes), MSG_DONTWAIT);
	if (n > 0)
		buf_add(&k->t->in, bytes, (size_t)n);
	return n > 0 ? k->t->in.len < UNREAD_MAX : n < 0 && (errno == EAGAIN || errno == EINTR);
}

static enum answer_state talk(struct talk *k)
{
	enum answer_state state = ANSWER_PART;
	uint64_t deadline = clock_mono_ms() + k->t->timeout_ms;
	bool alive = true;

	k->t->in.len = 0;
	while (state == ANSWER_PART && alive) {
		size_t before = k->got;

		alive = move_bytes(k, deadline);
		state = take_answers(k);
		if (k->got > before)
			deadline = clock_mono_ms() + k->t->timeout_ms;
	}
	return state;
}

/* Another child of the program ended without any answer to trust. */
static void strike(struct tool *t)
{
	if (++t->strikes < STRIKES_MAX)
		return;
	log_debug("symboliser: %s gives no answer", program(t)->path);
	tool_forget(t);
	t->current++;
	t->strikes = 0;
}

enum tool_result tool_ask(struct tool *t, const char *module, const uint64_t *offsets, size_t n,
	tool_answer *answer, void *arg, size_t *answered)
{
	struct talk k = { .t = t, .offsets = offsets, .n = n, .answer = answer, .arg = arg };
	struct buf questions = BUF_INIT;
	enum answer_state state = ANSWER_PART;
	bool fresh;

	*answered = 0;
	for (unsigned tries = 0; !k.c && program(t); tries++) {
		k.c = get_child(t, module);
		/* not this program's fault, and another one would be refused, too */
		if (!k.c && t->refused && tries == REFUSALS_MAX)
			return TOOL_REFUSED;
		if (!k.c && t->refused)
			poll(NULL, 0, REFUSED_WAIT_MS);
		else if (!k.c)
			strike(t);
	}
	if (!k.c)
		return TOOL_NONE;
	write_questions(program(t), module, offsets, n, &questions);
	fresh = k.c->fresh;
	k.c->fresh = false;
	k.left = strv_n(questions.s, questions.len);
	state = talk(&k);
	buf_release(&questions);
	*answered = k.got;
	if (k.got && state != ANSWER_BAD)
		t->strikes = 0;
	if (state == ANSWER_WHOLE)
		return TOOL_OK;
	if (!fresh && !k.got && state == ANSWER_PART && !k.c->hung) {
		/* it had died since the last question: not this one's fault */
		end_child(k.c);
		return tool_ask(t, module, offsets, n, answer, arg, answered);
	}
	end_child(k.c);
	if (!k.got || state == ANSWER_BAD)
		strike(t);
	return state == ANSWER_BAD ? TOOL_CONFUSED : TOOL_CULPRIT;
}
