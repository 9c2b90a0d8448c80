/* What the Linux kernel calls its troubles in one line: warnings, lockups, its allocators' checks, lockdep, OOM. */
#include "base/prelude.h"
#include "crash/dialect/posted.h"
#include "crash/internal.h"

#define ONCE (PHRASE_WHOLE | PHRASE_ALONE)
#define LIVES (PHRASE_WHOLE | PHRASE_ALONE | PHRASE_SURVIVED)

static const struct phrase anywhere[] = {
	{ "Out of memory: Kill", "out-of-memory", ONCE | PHRASE_ONCE, " process ", NULL, NULL, NULL },
	{ "emory cgroup out of memory: Kill", "out-of-memory", ONCE, " process ", NULL, NULL, NULL },
	{ "Memory cgroup out of memory: Kill", "out-of-memory", ONCE | PHRASE_ONCE, " process ", NULL, NULL, NULL },
	{ "invoked oom-killer", "out-of-memory", PHRASE_LINE | PHRASE_ALONE | PHRASE_ONCE, NULL, NULL, NULL, NULL },
	{ "oom-kill:constraint=", "out-of-memory", ONCE | PHRASE_ONCE, NULL, NULL, NULL, NULL },
	{ "Killed process ", "out-of-memory", ONCE | PHRASE_ONCE, "total-vm:", NULL, NULL, NULL },
	{ "soft lockup - CPU#", "timeout", LIVES, NULL, NULL, NULL, NULL },
	{ "Watchdog detected hard LOCKUP", "timeout", LIVES, NULL, NULL, NULL, NULL },
	{ "INFO: task ", "timeout", LIVES, " blocked for more than ", NULL, NULL, NULL },
	{ "self-detected stall on CPU", "timeout", PHRASE_LINE | PHRASE_ALONE | PHRASE_SURVIVED, NULL, NULL, NULL, NULL },
	{ "INFO: rcu_", "timeout", LIVES, " stall", NULL, NULL, NULL },
	{ "possible circular locking dependency detected", "lock-order-inversion", LIVES, NULL, NULL, NULL, NULL },
	{ "possible recursive locking detected", "lock-order-inversion", LIVES, NULL, NULL, NULL, NULL },
	{ "possible irq lock inversion dependency detected", "lock-order-inversion", LIVES, NULL, NULL, NULL, NULL },
	{ "inconsistent lock state", "lock-order-inversion", LIVES, NULL, NULL, NULL, NULL },
	{ "bad unlock balance detected", "mutex-misuse", LIVES, NULL, NULL, NULL, NULL },
	{ "BUG: sleeping function called from invalid context", "assertion", LIVES, NULL, NULL, NULL, NULL },
	{ "BUG: scheduling while atomic", "assertion", LIVES, NULL, NULL, NULL, NULL },
	{ "BUG: Bad page state", "heap-corruption", LIVES, NULL, NULL, NULL, NULL },
	{ "BUG: Bad page map", "heap-corruption", LIVES, NULL, NULL, NULL, NULL },
	{ "BUG: Bad rss-counter", "assertion", LIVES, NULL, NULL, NULL, NULL },
	{ "BUG: stack guard page was hit", "stack-overflow", ONCE, NULL, NULL, NULL, NULL },
	{ "BUG: TASK stack guard page was hit", "stack-overflow", ONCE, NULL, NULL, NULL, NULL },
	{ "Insufficient stack space to handle exception", "stack-overflow", ONCE, NULL, NULL, NULL, NULL },
	{ "kernel stack overflow", "stack-overflow", ONCE, NULL, NULL, NULL, NULL },
	{ "BUG: memory leak", "leak", PHRASE_LEAK | ONCE, NULL, NULL, NULL, NULL },
	{ "list_add corruption", "heap-corruption", ONCE, NULL, NULL, NULL, NULL },
	{ "list_del corruption", "heap-corruption", ONCE, NULL, NULL, NULL, NULL },
	{ "refcount_t: ", "use-after-free", LIVES, "use-after-free", NULL, NULL, NULL },
	{ "refcount_t: ", "integer-overflow", LIVES, NULL, NULL, NULL, NULL },
	{ "Poison overwritten", "use-after-free", PHRASE_LINE | PHRASE_ALONE | PHRASE_WRITE | PHRASE_SURVIVED, NULL, NULL, NULL, NULL },
	{ "edzone overwritten", "heap-buffer-overflow", PHRASE_LINE | PHRASE_ALONE | PHRASE_WRITE | PHRASE_SURVIVED, NULL, NULL, NULL, NULL },
	{ "Redzone overwritten", "heap-buffer-overflow", PHRASE_LINE | PHRASE_ALONE | PHRASE_WRITE | PHRASE_SURVIVED, NULL, NULL, NULL, NULL },
	{ "Right Redzone overwritten", "heap-buffer-overflow", PHRASE_LINE | PHRASE_ALONE | PHRASE_WRITE | PHRASE_SURVIVED, NULL, NULL, NULL, NULL },
	{ "Object already free", "double-free", PHRASE_LINE | PHRASE_ALONE | PHRASE_SURVIVED, NULL, NULL, NULL, NULL },
	{ "Freechain corrupt", "heap-corruption", PHRASE_LINE | PHRASE_ALONE | PHRASE_SURVIVED, NULL, NULL, NULL, NULL },
	{ "Freepointer corrupt", "heap-corruption", PHRASE_LINE | PHRASE_ALONE | PHRASE_SURVIVED, NULL, NULL, NULL, NULL },
	{ "detected buffer overflow in ", "buffer-overflow", ONCE | PHRASE_WRITE, NULL, NULL, NULL, NULL },
	{ "usercopy: Kernel memory exposure attempt detected", "buffer-overflow", ONCE | PHRASE_READ, NULL, NULL, NULL, NULL },
	{ "usercopy: Kernel memory overwrite attempt detected", "buffer-overflow", ONCE | PHRASE_WRITE, NULL, NULL, NULL, NULL },
	{ "memcpy: detected field-spanning write", "intra-object-overflow", LIVES | PHRASE_WRITE, NULL, NULL, NULL, NULL },
	{ "stack-protector: Kernel stack is corrupted in", "stack-buffer-overflow", ONCE | PHRASE_WRITE, NULL, NULL, NULL, NULL },
	{ "kernel tried to execute NX-protected page", "segv", ONCE, NULL, NULL, NULL, NULL },
	{ "CFI failure at ", "bad-cast", ONCE, NULL, NULL, NULL, NULL },
	{ "Bad mode in Error handler detected", "deadly-signal", ONCE, NULL, NULL, NULL, NULL },
};

static const struct phrase at_start[] = {
	{ "general protection fault", "segv", ONCE | PHRASE_WILD | PHRASE_ADDRESS, "[#", NULL, NULL, NULL },
	{ "divide error", "divide-by-zero", ONCE, "[#", NULL, NULL, NULL },
	{ "invalid opcode", "illegal-instruction", ONCE | PHRASE_ONCE, "[#", NULL, NULL, NULL },
	{ "stack segment", "segv", ONCE | PHRASE_WILD, "[#", NULL, NULL, NULL },
	{ "double fault", "stack-overflow", ONCE, "[#", NULL, NULL, NULL },
	{ "int3", "trap", ONCE, "[#", NULL, NULL, NULL },
	{ "alignment check", "misaligned", ONCE, "[#", NULL, NULL, NULL },
	{ "kernel BUG at ", "assertion", PHRASE_ALONE, NULL, NULL, NULL, NULL },
	{ "Kernel panic - not syncing: ", "fatal-error", PHRASE_ALONE | PHRASE_ONCE, NULL, NULL, NULL, "exitcode=" },
};

const struct phrase_table kernel_phrases = { "kernel", AT_WORD, anywhere, ARRAY_LEN(anywhere) };
const struct phrase_table kernel_line_phrases = { "kernel", AT_START, at_start, ARRAY_LEN(at_start) };
