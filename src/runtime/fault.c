/*
 * Signals that no sanitizer looks at: says what came at which instruction, in the words that sanitizers use, and lets the
 * signal end the process as it would have. Where the target has a handler of its own for a fault, it gets the signal
 * after that: what it does then (mostly, to print a word and exit) says nothing of the place. The stack is libc's to walk,
 * which knows its own frames below an abort(); where it can't, frame pointers lead the way, which a build of thresh's keeps.
 *
 * Of two kinds of faults sanitizers don't say the place, which is said here: a jump to where no code is, whose caller they
 * miss, or at which their unwinder faults; and any other stack at which it does.
 */
#include "thresh_rt.h"

#include <fcntl.h>
#include <link.h>
#include <string.h>
#include <sys/syscall.h>
#include <ucontext.h>
#include <unistd.h>

#define ROOM (64u << 10)
#define MODULES 64
#define FRAMES 256
#define NEAR_STACK 65536 /* bytes from the stack's end: it overflowed */

int backtrace(void **buffer, int size) THRESH_RT_WEAK;

static const struct {
	int sig;
	const char *name;
} thresh_rt_faults[] = { { SIGSEGV, "SEGV" }, { SIGBUS, "BUS" }, { SIGILL, "ILL" },
	{ SIGFPE, "FPE" }, { SIGABRT, "ABRT" }, { SIGTRAP, "TRAP" },
	/* sent, and not a fault of an instruction */
	{ SIGHUP, "SIGHUP" }, { SIGINT, "SIGINT" }, { SIGQUIT, "SIGQUIT" }, { SIGPIPE, "SIGPIPE" },
	{ SIGALRM, "SIGALRM" }, { SIGTERM, "SIGTERM" }, { SIGUSR1, "SIGUSR1" },
	{ SIGUSR2, "SIGUSR2" }, { SIGPOLL, "SIGPOLL" }, { SIGSYS, "SIGSYS" },
	{ SIGSTKFLT, "SIGSTKFLT" }, { SIGPWR, "SIGPWR" } };
#define N_SIGNALS (sizeof(thresh_rt_faults) / sizeof(*thresh_rt_faults))
#define N_FAULTS 6
/* of a sanitizer's: those that a jump to nowhere, and a stack that isn't one, raise */
#define N_WATCHED 2
#define ZERO_PAGE 4096
#define STACK_MAX ((uintptr_t)1 << 30)
/* A target may live on its faults; by then it is seen to. */
#define OWN_TOLD 16

struct thresh_rt_module {
	uintptr_t from, to; /* of its code */
	uintptr_t bias;
	char name[200];
};

struct thresh_rt_regs {
	uintptr_t pc, sp, bp;
	uintptr_t link; /* where calls put their return address into a register; else 0 */
	int write;      /* -1: not known */
};

static struct {
	struct thresh_rt_module module[MODULES];
	unsigned n;
	int fd;
	uintptr_t top; /* of the stack below which the target runs */
	char out[ROOM];
	size_t len, head; /* what stands above the stack */
	/* of the first N_FAULTS: before the target's own initialisation, and what it set there */
	struct sigaction before[N_FAULTS], own[N_FAULTS];
	/* a sanitizer is at work on this one */
	int work;
	siginfo_t work_info;
	struct thresh_rt_regs work_regs;
	unsigned told;
	const void *told_of; /* the input, as child.c names it */
} fault;

/* --- where code is --- */

static int thresh_rt_note_module(struct dl_phdr_info *info, size_t size, void *arg)
{
	struct thresh_rt_module *m = &fault.module[fault.n];
	const char *name = info->dlpi_name;
	ssize_t n;
	int i;

	(void)size;
	(void)arg;
	if (fault.n == MODULES)
		return 1;
	memset(m, 0, sizeof(*m));
	m->bias = info->dlpi_addr;
	for (i = 0; i < info->dlpi_phnum; i++) {
		const ElfW(Phdr) *p = &info->dlpi_phdr[i];

		if (p->p_type != PT_LOAD || (p->p_flags & PF_X) == 0)
			continue;
		if (m->from == 0 || m->bias + p->p_vaddr < m->from)
			m->from = m->bias + p->p_vaddr;
		if (m->bias + p->p_vaddr + p->p_memsz > m->to)
			m->to = m->bias + p->p_vaddr + p->p_memsz;
	}
	if (name != NULL && name[0] != '\0') {
		strncpy(m->name, name, sizeof(m->name) - 1);
	} else {
		n = readlink("/proc/self/exe", m->name, sizeof(m->name) - 1);
		m->name[n > 0 ? n : 0] = '\0';
	}
	fault.n += m->from != 0;
	return 0;
}

static const struct thresh_rt_module *thresh_rt_module_of(uintptr_t pc)
{
	unsigned i;

	for (i = 0; i < fault.n; i++)
		if (pc >= fault.module[i].from && pc < fault.module[i].to)
			return &fault.module[i];
	return NULL;
}

/* --- words, without anything that a signal handler mustn't call --- */

static void thresh_rt_put(const char *s)
{
	size_t n = strlen(s);

	if (n > ROOM - fault.len)
		n = ROOM - fault.len;
	memcpy(fault.out + fault.len, s, n);
	fault.len += n;
}

static void thresh_rt_put_number(uint64_t v, unsigned base, unsigned width)
{
	char text[32];
	size_t at = sizeof(text) - 1, least = at - width;

	text[at] = '\0';
	do
		text[--at] = "0123456789abcdef"[v % base];
	while ((v /= base) != 0 || at > least);
	thresh_rt_put(text + at);
}

static void thresh_rt_put_address(const char *before, uintptr_t v)
{
	thresh_rt_put(before);
	thresh_rt_put("0x");
	thresh_rt_put_number(v, 16, 12);
}

static void thresh_rt_put_frame(unsigned number, uintptr_t pc)
{
	const struct thresh_rt_module *m = thresh_rt_module_of(pc);

	thresh_rt_put("    #");
	thresh_rt_put_number(number, 10, 1);
	thresh_rt_put_address(" ", pc);
	if (m != NULL) {
		thresh_rt_put("  (");
		thresh_rt_put(m->name);
		thresh_rt_put("+0x");
		thresh_rt_put_number(pc - m->bias, 16, 1);
		thresh_rt_put(")");
	}
	thresh_rt_put("\n");
}

/* --- the stack --- */

static int thresh_rt_registers(const ucontext_t *u, struct thresh_rt_regs *r)
{
	r->write = -1;
	r->link = 0;
#if defined(__x86_64__)
	r->pc = (uintptr_t)u->uc_mcontext.gregs[REG_RIP];
	r->sp = (uintptr_t)u->uc_mcontext.gregs[REG_RSP];
	r->bp = (uintptr_t)u->uc_mcontext.gregs[REG_RBP];
	r->write = ((uint64_t)u->uc_mcontext.gregs[REG_ERR] >> 1) & 1;
	return 1;
#elif defined(__aarch64__)
	r->pc = (uintptr_t)u->uc_mcontext.pc;
	r->sp = (uintptr_t)u->uc_mcontext.sp;
	r->bp = (uintptr_t)u->uc_mcontext.regs[29];
	r->link = (uintptr_t)u->uc_mcontext.regs[30];
	return 1;
#else
	(void)u;
	return 0;
#endif
}

/* A frame's two words are there: where the caller's are, and where it goes on. */
static int thresh_rt_is_frame(uintptr_t bp, uintptr_t above)
{
	const uintptr_t *f = (const uintptr_t *)bp;

	return bp % sizeof(*f) == 0 && bp >= above && bp < fault.top - 2 * sizeof(*f) &&
	       f[0] > bp && f[0] <= fault.top && thresh_rt_module_of(f[1]) != NULL;
}

/* From the frame that failed on; 0: it isn't among them. */
static unsigned thresh_rt_put_backtrace(uintptr_t pc)
{
	static void *frames[FRAMES];
	int n = backtrace ? backtrace(frames, FRAMES) : 0, i = 0;
	unsigned put = 0;

	while (i < n && (uintptr_t)frames[i] != pc)
		i++;
	for (; i < n; i++, put++)
		thresh_rt_put_frame(put, (uintptr_t)frames[i] - (put > 0));
	return put;
}

/* Where a call to where no code is came from; 0: it was no call. */
static uintptr_t thresh_rt_called_from(const struct thresh_rt_regs *r)
{
	uintptr_t from = r->link;

	if (from == 0 && r->sp % sizeof(from) == 0 && r->sp < fault.top &&
		fault.top - r->sp < STACK_MAX)
		from = *(const uintptr_t *)r->sp;
	return thresh_rt_module_of(from) != NULL ? from : 0;
}

/* unwinder: 0, it faults on this stack. */
static void thresh_rt_put_stack(const struct thresh_rt_regs *r, int unwinder)
{
	uintptr_t bp = r->bp, above = r->sp, from;
	unsigned n = 0;

	if (unwinder && thresh_rt_put_backtrace(r->pc) > 1)
		return;
	fault.len = fault.head;
	thresh_rt_put_frame(n++, r->pc);
	from = thresh_rt_module_of(r->pc) == NULL ? thresh_rt_called_from(r) : 0;
	if (from != 0)
		thresh_rt_put_frame(n++, from - 1);
	while (n < FRAMES && thresh_rt_is_frame(bp, above)) {
		thresh_rt_put_frame(n++, ((const uintptr_t *)bp)[1] - 1);
		above = bp + 1;
		bp = *(const uintptr_t *)bp;
	}
}

/* --- the signal --- */

static void thresh_rt_report(
	int sig, const siginfo_t *info, const struct thresh_rt_regs *r, int unwinder)
{
	uintptr_t address = (uintptr_t)info->si_addr;
	int faulted = sig == SIGSEGV || sig == SIGBUS;
	/* no address of the machine's: it doesn't say which, nor what was to be done there */
	int wild = faulted && info->si_code == SI_KERNEL;
	int overflow = faulted && !wild && r->sp - address + NEAR_STACK < 2 * NEAR_STACK;
	const char *name = "UNKNOWN SIGNAL";
	size_t i;

	int sent = 0;

	for (i = 0; i < N_SIGNALS; i++)
		if (thresh_rt_faults[i].sig == sig) {
			name = thresh_rt_faults[i].name;
			sent = i >= N_FAULTS;
		}
	if (overflow)
		name = "stack-overflow";
	fault.len = 0;
	thresh_rt_put("==");
	thresh_rt_put_number((uint64_t)getpid(), 10, 1);
	thresh_rt_put("== ERROR: thresh: ");
	if (sent)
		thresh_rt_put("deadly signal ");
	thresh_rt_put(name);
	if (!sent && !wild)
		thresh_rt_put_address(" on unknown address ", faulted ? address : r->pc);
	else if (!sent)
		thresh_rt_put(" on unknown address");
	if (!sent) {
		thresh_rt_put_address(" (pc ", r->pc);
		thresh_rt_put_address(" bp ", r->bp);
		thresh_rt_put_address(" sp ", r->sp);
		thresh_rt_put(" T0)");
	}
	thresh_rt_put("\n");
	if (faulted && !overflow && !wild && r->write >= 0) {
		thresh_rt_put("==");
		thresh_rt_put_number((uint64_t)getpid(), 10, 1);
		thresh_rt_put(r->write ? "==The signal is caused by a WRITE memory access.\n"
				       : "==The signal is caused by a READ memory access.\n");
	}
	if (faulted && thresh_rt_module_of(r->pc) == NULL) {
		thresh_rt_put("==");
		thresh_rt_put_number((uint64_t)getpid(), 10, 1);
		thresh_rt_put(r->pc < ZERO_PAGE ? "==Hint: pc points to the zero page.\n"
						: "==Hint: PC is at a non-executable region. Maybe "
						  "a wild jump?\n");
	}
	fault.head = fault.len;
	thresh_rt_put_stack(r, unwinder);
	thresh_rt_told_write(fault.fd, fault.out, fault.len);
}

/* Not by the sanitizer's own functions: it may hold the lock that these need. */
void thresh_rt_fault_here(void)
{
	struct thresh_rt_regs r = { 0 };

	r.pc = (uintptr_t)__builtin_return_address(0);
	r.sp = r.bp = (uintptr_t)__builtin_frame_address(0);
	fault.len = 0;
	thresh_rt_put("\n=="); /* it has begun a line */
	thresh_rt_put_number((uint64_t)getpid(), 10, 1);
	thresh_rt_put("== ERROR: thresh: fuzz target exited with status ");
	thresh_rt_put_number(THRESH_RT_EXIT_CRASH, 10, 1);
	thresh_rt_put(": its sanitizer couldn't report\n");
	fault.head = fault.len;
	thresh_rt_put_stack(&r, 1);
	thresh_rt_told_write(fault.fd, fault.out, fault.len);
}

static void thresh_rt_on_fault(int sig, siginfo_t *info, void *context)
{
	struct thresh_rt_regs r;

	if (thresh_rt_is_child()) {
		if (thresh_rt_registers(context, &r))
			thresh_rt_report(sig, info, &r, thresh_rt_module_of(r.pc) != NULL);
		thresh_rt_last_places();
	}
	/* the handler is gone; not all come again by themselves as this returns: a breakpoint's instruction is behind */
	raise(sig);
}

static __attribute__((noreturn)) void thresh_rt_end_by(int sig)
{
	thresh_rt_last_places();
	signal(sig, SIG_DFL);
	raise(sig);
	thresh_rt_quit(THRESH_RT_EXIT_OWN);
}

/* In front of the sanitizer's handler of a fault. */
static void thresh_rt_on_watched(int sig, siginfo_t *info, void *context)
{
	struct thresh_rt_regs r;
	size_t i = 0;

	if (thresh_rt_is_child() && thresh_rt_registers(context, &r)) {
		if (fault.work == sig) {
			/* it fell over the stack: of what it was about to say, at least the place */
			fault.work = -1;
			thresh_rt_report(sig, &fault.work_info, &fault.work_regs, 0);
			thresh_rt_end_by(sig);
		}
		if (fault.work == 0 && thresh_rt_module_of(r.pc) == NULL &&
			(uintptr_t)info->si_addr == r.pc) {
			fault.work = -1;
			thresh_rt_report(sig, info, &r, 0);
			thresh_rt_end_by(sig);
		}
		fault.work = sig;
		fault.work_info = *info;
		fault.work_regs = r;
	}
	while (i < N_WATCHED - 1 && thresh_rt_faults[i].sig != sig)
		i++;
	fault.before[i].sa_sigaction(sig, info, context);
}

/* Said once; then it is the target's, as if nobody had looked. */
static void thresh_rt_on_own(int sig, siginfo_t *info, void *context)
{
	struct thresh_rt_regs r;
	const struct sigaction *own;
	size_t i = 0;

	if (thresh_rt_is_child() && fault.told < OWN_TOLD && thresh_rt_registers(context, &r)) {
		fault.told++;
		fault.told_of = thresh_rt_input();
		thresh_rt_report(sig, info, &r, 1);
	}
	while (i < N_FAULTS - 1 && thresh_rt_faults[i].sig != sig)
		i++;
	own = &fault.own[i];
	if ((own->sa_flags & SA_SIGINFO) != 0)
		own->sa_sigaction(sig, info, context);
	else
		own->sa_handler(sig);
}

int thresh_rt_fault_told(const void *input)
{
	return input != NULL && fault.told_of == input;
}

void thresh_rt_fault_before(void)
{
	size_t i;

	for (i = 0; i < N_FAULTS; i++)
		sigaction(thresh_rt_faults[i].sig, NULL, &fault.before[i]);
}

void thresh_rt_fault_init(void)
{
	void *frame;

	/* the first time, it loads what it needs: no matter for a signal handler */
	if (backtrace)
		backtrace(&frame, 1);
	fault.n = 0;
	dl_iterate_phdr(thresh_rt_note_module, NULL);
}

/* Is that handler the target's, and not a sanitizer's? */
static void thresh_rt_wrap(size_t i, const struct sigaction *own)
{
	struct sigaction sa = *own;

	if (own->sa_handler == SIG_IGN)
		return;
	if (own->sa_handler == fault.before[i].sa_handler) {
		/* (not through what isn't a plain handler of a sanitizer's) */
		if (i < N_WATCHED && (own->sa_flags & SA_SIGINFO) != 0) {
			sa.sa_sigaction = thresh_rt_on_watched;
			sa.sa_flags |= SA_NODEFER;
			sigaction(thresh_rt_faults[i].sig, &sa, NULL);
		}
		return;
	}
	fault.own[i] = *own;
	sa.sa_sigaction = thresh_rt_on_own;
	sa.sa_flags |= SA_SIGINFO;
	sigaction(thresh_rt_faults[i].sig, &sa, NULL);
}

void thresh_rt_fault_watch(int fd, const void *top)
{
	static char room[ROOM];
	struct sigaction sa, own;
	stack_t stack;
	size_t i;

	fault.fd = fd;
	fault.top = (uintptr_t)top;
	/* what the target set up for itself as it started stays: it may live on its faults */
	if (sigaltstack(NULL, &stack) < 0 || (stack.ss_flags & SS_DISABLE) != 0) {
		memset(&stack, 0, sizeof(stack));
		stack.ss_sp = room;
		stack.ss_size = sizeof(room);
		sigaltstack(&stack, NULL);
	}
	memset(&sa, 0, sizeof(sa));
	sa.sa_sigaction = thresh_rt_on_fault;
	sa.sa_flags = SA_ONSTACK | SA_RESETHAND | SA_SIGINFO;
	for (i = 0; i < N_SIGNALS; i++)
		if (sigaction(thresh_rt_faults[i].sig, NULL, &own) == 0) {
			if (own.sa_handler == SIG_DFL)
				sigaction(thresh_rt_faults[i].sig, &sa, NULL);
			else if (i < N_FAULTS)
				thresh_rt_wrap(i, &own);
		}
}
