/* Reports of every dialect, from headline to frames; what they mean; how they sign. */
#include "base/prelude.h"
#include "base/fs.h"
#include "base/mem.h"
#include "base/pattern.h"
#include "crash/crash.h"
#include <setjmp.h>
#include <stdarg.h>
#include <stdio.h>
#include <cmocka.h>

#define FRAMES "    #0 0x1 in f /s/a.c:1:2\n    #1 0x2 in g /s/a.c:9\n    #2 0x3 in main /s/m.c:3\n"
#define ABRT                                                                                    \
	"==7==ERROR: AddressSanitizer: ABRT on unknown address 0x1 (pc 0x2 bp 0x3 sp 0x4 T0)\n" \
	"    #0 0x1 in raise (/lib/libc.so.6+0x1)\n    #1 0x2 in abort (/lib/libc.so.6+0x2)\n"  \
	"    #2 0x3 in f /s/a.c:1:2\n    #3 0x4 in g /s/a.c:9:1\n"
#define DEADLY                                                                                 \
	"==7== ERROR: libFuzzer: deadly signal\n    #0 0x1 in __sanitizer_print_stack_trace\n" \
	"    #1 0x2 in gsignal (/lib/libc.so.6+0x1)\n    #2 0x3 in f(int) /s/a.c:1:2\n"        \
	"    #3 0x4 in LLVMFuzzerTestOneInput /s/h.c:3:1\n"

static const struct {
	const char *text, *kind, *frames;
	enum crash_access access;
	enum crash_tri security;
} cases[] = {
	/* ASan */
	{ "==7==ERROR: AddressSanitizer: heap-buffer-overflow on address 0x602 at pc 0x1\n"
	  "READ of size 4 at 0x602 thread T0\n" FRAMES,
		"heap-buffer-overflow", "f g", CRASH_READ, CRASH_YES },
	{ "==7==ERROR: AddressSanitizer: attempting double-free on 0x602 in thread T0:\n" FRAMES,
		"double-free", "f g", CRASH_ACCESS_NONE, CRASH_YES },
	{ "==7==ERROR: AddressSanitizer: attempting free on address which was not malloc()-ed: "
	  "0x602 in thread T0\n    #0 0x9 in free /x/asan_malloc_linux.cpp:1\n    #1 0x1 in f "
	  "a.c:2\n",
		"invalid-free", "f", CRASH_ACCESS_NONE, CRASH_YES },
	{ "==7==ERROR: AddressSanitizer: SEGV on unknown address 0x000000000010 (pc 0x5 T0)\n"
	  "==7==The signal is caused by a WRITE memory access.\n" FRAMES,
		"null-deref", "f g", CRASH_WRITE, CRASH_NO },
	{ "==7==ERROR: AddressSanitizer: SEGV on unknown address (pc 0x5 bp 0x6 sp 0x7 T0)\n"
	  "==7==The signal is caused by a READ memory access.\n"
	  "==7==Hint: this fault was caused by a dereference of a high value address.\n" FRAMES,
		"segv", "f g", CRASH_READ, CRASH_YES },
	{ "==7==ERROR: AddressSanitizer: strcpy-param-overlap: memory ranges [0x1,0x5) "
	  "and\n" FRAMES,
		"memcpy-param-overlap", "f g", CRASH_ACCESS_NONE, CRASH_YES },
	{ "==7==ERROR: AddressSanitizer: requested allocation size 0xffff exceeds maximum\n" FRAMES,
		"out-of-memory", "f g", CRASH_ACCESS_NONE, CRASH_NO },
	{ "SUMMARY: AddressSanitizer: heap-use-after-free /s/a.c:3:4 in f\n", "use-after-free", "f",
		CRASH_ACCESS_NONE, CRASH_YES },
	{ "==7==ERROR: AddressSanitizer: attempting free on address in vector section: "
	  "0x6\n" FRAMES,
		"invalid-free", "f g", CRASH_ACCESS_NONE, CRASH_YES },
	{ "==1==ERROR: AddressSanitizer failed to allocate 0x10000 (65536) bytes of Mmap\n"
	  "==1==AddressSanitizer CHECK failed: /x/p.cc:65 \"((0)) != (0)\" (0x0, 0x0)\n" FRAMES,
		"out-of-memory", "f g", CRASH_ACCESS_NONE, CRASH_NO },
	{ "==1==ERROR: UndefinedBehaviorSanitizer: SEGV on unknown address (pc 0x1 bp 0x2)\n"
	  "==1==The signal is caused by a READ memory access.\n" FRAMES,
		"segv", "f g", CRASH_READ, CRASH_YES },
	/* the others of its kind */
	{ "==7==ERROR: HWAddressSanitizer: tag-mismatch on address 0x5 at pc 0x6\n"
	  "WRITE of size 8 at 0x5 tags: 1/2 (ptr/mem) in thread T0\n" FRAMES
	  "Cause: use-after-free\n",
		"use-after-free", "f g", CRASH_WRITE, CRASH_YES },
	{ "==7==WARNING: MemorySanitizer: use-of-uninitialized-value\n" FRAMES
	  "  Uninitialized value was created by a heap allocation\n    #0 0x5 in h /s/a.c:1\n",
		"uninitialized-value", "f g", CRASH_ACCESS_NONE, CRASH_YES },
	{ "WARNING: ThreadSanitizer: data race (pid=9)\n  Write of size 4 at 0x5 by thread T1:\n"
	  "    #0 f /s/a.c:1:2 (prog+0x1)\n\n  Previous read of size 4 at 0x5 by main thread:\n"
	  "    #0 g /s/a.c:9:2 (prog+0x2)\n",
		"data-race", "f", CRASH_WRITE, CRASH_NO },
	{ "==7==ERROR: LeakSanitizer: detected memory leaks\n\nIndirect leak of 8 byte(s) in 1 "
	  "object(s)"
	  " allocated from:\n    #0 0x1 in malloc\n    #1 0x2 in h /s/a.c:1\n\nDirect leak of 5 "
	  "byte(s)"
	  " in 1 object(s) allocated from:\n    #0 0x1 in malloc\n    #1 0x2 in f /s/a.c:2\n",
		"leak", "f", CRASH_ACCESS_NONE, CRASH_NO },
	{ "a.c:1:2: runtime error: index 4 out of bounds for type 'int [4]'\n" FRAMES,
		"index-out-of-bounds", "f g", CRASH_ACCESS_NONE, CRASH_YES },
	{ "a.c:1:2: runtime error: store to null pointer of type 'int'\n" FRAMES, "null-deref",
		"f g", CRASH_WRITE, CRASH_NO },
	{ "a.c:1:2: runtime error: shift exponent 40 is too large for 32-bit type 'int'\n",
		"undefined-shift", "a.c", CRASH_ACCESS_NONE, CRASH_NO },
	{ "ubsan: add-overflow by 0x55\n", "integer-overflow", "", CRASH_ACCESS_NONE, CRASH_NO },
	{ "a.c:1:2: runtime error: applying non-zero offset 8 to null pointer\n" FRAMES,
		"pointer-overflow", "f g", CRASH_ACCESS_NONE, CRASH_NO },
	/* engines */
	{ "========= Stack limit exceeded: 140137 > 131072 (byte); exiting\n" ABRT,
		"stack-overflow", "f g", CRASH_ACCESS_NONE, CRASH_NO },
	{ "ORIG_FNAME: x\nSIGNAL: SIGSEGV (11)\nFAULT ADDRESS: 0x10\nSTACK:\n"
	  " <0x5169> [func:f file:/s/a.c line:12 module:/s/a]\n"
	  " <0x5199> [func:main file:/s/a.c line:22 module:/s/a]\n",
		"null-deref", "f", CRASH_ACCESS_NONE, CRASH_NO },
	{ "crypto/x.c:12: OpenSSL internal error: assertion failed: x > 0\n" DEADLY, "assertion",
		"f", CRASH_ACCESS_NONE, CRASH_NO },
	{ "bad thing\nUNREACHABLE executed at /src/x.cpp:12!\n" DEADLY, "unreachable", "f",
		CRASH_ACCESS_NONE, CRASH_NO },
	/* other systems */
	{ "[1:5:0101/000000.1:FATAL:foo.cc(12)] Check failed: x. \nBacktrace:\n"
	  "\tlogging::LogMessage::~LogMessage [0x1012E8A6+38] (o:\\base\\logging.cc:12)\n"
	  "\tcc::Foo::Bar [0x1012E8A7+39] (o:\\cc\\foo.cc:12)\n\t(No symbol) [0x1012]\n",
		"check-failure", "cc::Foo::Bar", CRASH_ACCESS_NONE, CRASH_NO },
	{ "(1204.d74): Access violation - code c0000005 (first chance)\n"
	  "Attempt to write to address 00007ff6`12345678\n"
	  "00000000`0012f8a0 00007ff6`1234abcd foo!lib::f+0x12 [c:\\s\\f.cc @ 12]\n"
	  "00000000`0012f8b0 00007ff6`1234abce foo!lib::g+0x12\n",
		"segv", "lib::f lib::g", CRASH_WRITE, CRASH_YES },
	{ "Exception Type:  EXC_BAD_ACCESS (SIGSEGV)\n"
	  "Exception Codes: KERN_INVALID_ADDRESS at 0x0000000000000010\n\n"
	  "Thread 0 Crashed:: Dispatch queue: main\n"
	  "0   libfoo.dylib   \t0x000000010a1b2c3d foo::bar(int) + 12 (bar.cpp:12)\n"
	  "1   libdyld.dylib  \t0x00007fff12345678 start + 1\n",
		"null-deref", "foo::bar", CRASH_ACCESS_NONE, CRASH_NO },
	{ "* thread #1, stop reason = EXC_BAD_ACCESS (code=1, address=0x0)\n"
	  "  * frame #0: 0x0000000100000f64 a.out`f(p=0x0) at a.c:3:6\n"
	  "    frame #1: 0x0000000100000f94 a.out`main at a.c:9:3\n",
		"null-deref", "f", CRASH_ACCESS_NONE, CRASH_NO },
	{ "[ 1.2] BUG: KASAN: use-after-free in f+0x12/0x34 at addr ffff88003a1b2c3d\n"
	  "[ 1.2] Read of size 8 by task x/1\n[ 1.2] Call Trace:\n"
	  "[ 1.2]  [<ffffffff81>] dump_stack+0x12/0x34 lib/dump_stack.c:51\n"
	  "[ 1.2]  [<ffffffff81>] f+0x12/0x34 net/a.c:10\n"
	  "[ 1.2]  g net/a.c:20 [inline]\n",
		"use-after-free", "f g", CRASH_READ, CRASH_YES },
	{ "I/DEBUG ( 1): signal 11 (SIGSEGV), code 1 (SEGV_MAPERR), fault addr deadbaad\n"
	  "I/DEBUG ( 1): backtrace:\n"
	  "I/DEBUG ( 1):     #00  pc 0001d2a3  /system/lib/libc.so (memcpy+12)\n"
	  "I/DEBUG ( 1):     #01  pc 0001d2a4  /system/lib/libfoo.so (f+12)\n",
		"segv", "f", CRASH_ACCESS_NONE, CRASH_YES },
	{ "#\n# Fatal error in ../src/x.cc, line 12\n# unreachable code\n#\n" ABRT, "unreachable",
		"f g", CRASH_ACCESS_NONE, CRASH_NO },
	{ "#\n# Fatal process OOM in CALL_AND_RETRY_LAST\n#\n" ABRT, "out-of-memory", "f g",
		CRASH_ACCESS_NONE, CRASH_NO },
	{ "==7== ERROR: libFuzzer: timeout after 26 seconds\n" FRAMES, "timeout", "f g",
		CRASH_ACCESS_NONE, CRASH_NO },
	{ "==7== ERROR: libFuzzer: out-of-memory (used: 2050Mb; limit: 2048Mb)\n", "out-of-memory",
		"", CRASH_ACCESS_NONE, CRASH_NO },
	{ DEADLY, "deadly-signal", "f", CRASH_ACCESS_NONE, CRASH_NO },
	{ "==7==ERROR: AddressSanitizer: SEGV on unknown address 0x000000000007 (pc 0x5 bp 0x1 "
	  "T0)\n"
	  "==7==The signal is caused by a READ memory access.\n"
	  "    #0 0x5 in kill ../sysdeps/unix/syscall-template.S:120\n"
	  "    #1 0x8 in give_up /s/a.c:6\n    #2 0x9 in f /s/a.c:9\n",
		"abort", "give_up f", CRASH_ACCESS_NONE, CRASH_NO },
	{ "========= Per-input timeout exceeded: 6 > 5 (sec); exiting\n", "timeout", "",
		CRASH_ACCESS_NONE, CRASH_NO },
	{ "+++ Program killed by signal 11 +++\n", "segv", "", CRASH_ACCESS_NONE, CRASH_UNKNOWN },
	{ "==7== ERROR: thresh: timeout after 5000 ms of CPU time\n" FRAMES
	  "==7== thresh: stack sample 2 of 3\n    #0 0x9 in k /s/a.c:1\n    #1 0x2 in g /s/a.c:9\n",
		"timeout", "f g", CRASH_ACCESS_NONE, CRASH_NO },
	{ "==7== thresh: check failed: round trip differs\n" ABRT, "check-failure", "f g",
		CRASH_ACCESS_NONE, CRASH_NO },
	/* libc, C++ */
	{ "p: a.c:12: f: Assertion `n < 4' failed.\n" ABRT, "assertion", "f g", CRASH_ACCESS_NONE,
		CRASH_UNKNOWN },
	{ "*** stack smashing detected ***: terminated\n" ABRT, "stack-buffer-overflow", "f g",
		CRASH_WRITE, CRASH_YES },
	{ "free(): double free detected in tcache 2\n" ABRT, "double-free", "f g",
		CRASH_ACCESS_NONE, CRASH_YES },
	{ "terminate called after throwing an instance of 'std::out_of_range'\n  what():  v\n" ABRT,
		"uncaught-exception", "f g", CRASH_ACCESS_NONE, CRASH_NO },
	{ "libc++abi: terminating due to uncaught exception of type X: y\n" ABRT,
		"uncaught-exception", "f g", CRASH_ACCESS_NONE, CRASH_NO },
	{ "/c++/12/bits/stl_vector.h:9: T& std::vector<T>::operator[](size_type): Assertion '__n < "
	  "this->size()' failed.\n" ABRT,
		"assertion", "f g", CRASH_ACCESS_NONE, CRASH_NO },
	{ "/v1/vector:1: assertion __n < size() failed: vector[] index out of bounds\n" ABRT,
		"assertion", "f g", CRASH_ACCESS_NONE, CRASH_NO },
	{ "ERROR:a.c:1:f: assertion failed: (x > 0)\n" ABRT, "assertion", "f g", CRASH_ACCESS_NONE,
		CRASH_NO },
	/* CHECK and its like */
	{ "F0102 12:00:00.123456  77 a.cc:12] Check failed: x == y (1 vs. 2)\n" ABRT,
		"check-failure", "f g", CRASH_ACCESS_NONE, CRASH_NO },
	{ "[1:1:0417/224500.881615:FATAL:a.cc(2)] Check failed: x.\n#0 0x1 <unknown>\n" ABRT,
		"check-failure", "f g", CRASH_ACCESS_NONE, CRASH_NO },
	{ "#\n# Fatal error in ../a.cc, line 12\n# Debug check failed: x == y.\n#\n" ABRT,
		"check-failure", "f g", CRASH_ACCESS_NONE, CRASH_UNKNOWN },
	/* Rust, Go */
	{ "thread 'main' panicked at 'boom', src/a.rs:1:2\n" DEADLY, "assertion", "f",
		CRASH_ACCESS_NONE, CRASH_NO },
	{ "thread 'main' panicked at src/a.rs:1:2:\nboom 17\nstack backtrace:\n"
	  "   0: rust_begin_unwind\n             at /rustc/1/library/std/src/panicking.rs:1:2\n"
	  "   1: a::f\n             at ./src/a.rs:1:2\n",
		"assertion", "a::f", CRASH_ACCESS_NONE, CRASH_NO },
	{ "panic: runtime error: index out of range [5] with length 3\n\ngoroutine 1 [running]:\n"
	  "panic({0x1, 0x2})\n\t/go/src/runtime/panic.go:1 +0x1\nmain.f(0x5)\n\t/s/a.go:7 +0x1d\n",
		"index-out-of-bounds", "main.f", CRASH_ACCESS_NONE, CRASH_YES },
	/* debuggers, handlers */
	{ "Program received signal SIGSEGV, Segmentation fault.\n"
	  "0x0005 in f (p=0x0) at a.c:1\n#0  0x0005 in f (p=0x0) at a.c:1\n#1  g () at a.c:2\n",
		"segv", "f g", CRASH_ACCESS_NONE, CRASH_UNKNOWN },
	{ "==7== Invalid write of size 1\n==7==    at 0x109: f (a.c:1)\n==7==    by 0x10A: g "
	  "(a.c:2)\n"
	  "==7==  Address 0x4a is 0 bytes after a block of size 16 alloc'd\n"
	  "==7==    at 0x48: malloc (in /usr/lib/vgpreload_memcheck.so)\n",
		"heap-buffer-overflow", "f g", CRASH_WRITE, CRASH_YES },
	{ "signal 11 (SIGSEGV), code 1 (SEGV_MAPERR), fault addr 0xdead0000\nbacktrace:\n"
	  "      #00 pc 00012345  /system/lib/libc.so (strlen+12)\n"
	  "      #01 pc 00000100  /system/lib/libx.so (f+7)\n",
		"segv", "f", CRASH_ACCESS_NONE, CRASH_YES },
	{ "*** SIGSEGV (@0x0) received by PID 5 (TID 0x7) from PID 0; stack trace: ***\n"
	  "    @     0x7f1 (unknown)\n    @     0x55d4 f\n",
		"null-deref", "f", CRASH_ACCESS_NONE, CRASH_NO },
	{ "===BUG DETECTED: Shell injection===\n" DEADLY, "command-injection", "f",
		CRASH_ACCESS_NONE, CRASH_YES },
	{ "./p: error while loading shared libraries: libx.so: cannot open\n", "missing-library",
		"", CRASH_ACCESS_NONE, CRASH_NO },
	{ "  \"Stacktrace\": [\n    \"    #0 0x1 in z /s/z.c:1\"\n  ],\n  \"AsanReport\": [\n"
	  "    \"==7==ERROR: AddressSanitizer: SEGV on unknown address 0x5000\",\n"
	  "    \"    #0 0x1 in f(int) /s/a.c:1:2\",\n    \"    #1 0x2 in g /s/a.c:2\",\n    \"\"\n",
		"segv", "f g", CRASH_ACCESS_NONE, CRASH_YES },
	/* nothing, and what looks like something */
	{ "", "no-crash", "", CRASH_ACCESS_NONE, CRASH_UNKNOWN },
	{ "#12\tNEW    cov: 8 ft: 8 corp: 2/3b\nINFO: Seed: 1\n", "no-crash", "", CRASH_ACCESS_NONE,
		CRASH_UNKNOWN },
	/* what loggers do to it */
	{ "\033[1m\033[31m==7==ERROR: AddressSanitizer: use-after-poison on address 0x6 "
	  "at\033[0m\r\n"
	  "READ of size 1 at 0x6 thread T0\r\n    #0 0x1 in f a.c:1\r\n",
		"use-after-poison", "f", CRASH_READ, CRASH_YES },
	{ "2026-01-02T03:04:05Z x_1 | ==7==ERROR: AddressSanitizer: SEGV on unknown address "
	  "0x5000\n"
	  "2026-01-02T03:04:05Z x_1 |     #0 0x1 in f a.c:1\n",
		"segv", "f", CRASH_ACCESS_NONE, CRASH_YES },
	{ "not ok 1 - in: SEGV in f (a.c:1)\n# SEGV in f (a.c:1)\n"
	  "# ==7==ERROR: AddressSanitizer: SEGV on unknown address 0x5000\n"
	  "#     #0 f /a.c:1:2\n#     #1 g /a.c:3:2\n#     #2 _start (/a+0x22630)\n# \n",
		"segv", "f g", CRASH_ACCESS_NONE, CRASH_YES },
};

static struct crash_report *finished(const char *text)
{
	struct crash_report *r = crash_parse(strv_of(text));

	crash_finish(r, NULL);
	return r;
}

static void frames_equal(const struct crash_report *r, const char *want)
{
	struct buf got = BUF_INIT;

	for (size_t i = 0; i < r->n_frames; i++)
		buf_addf(&got, "%s%s", i ? " " : "", r->frames[i]);
	assert_string_equal(buf_str(&got), want);
	buf_release(&got);
}

static void test_dialects(void **state)
{
	(void)state;
	for (size_t i = 0; i < ARRAY_LEN(cases); i++) {
		struct crash_report *r = finished(cases[i].text);

		if (strcmp(r->kind, cases[i].kind) || r->access != cases[i].access ||
			r->security != cases[i].security)
			print_message("# case %zu: %.70s: access %d security %d\n", i,
				cases[i].text, (int)r->access, (int)r->security);
		assert_string_equal(r->kind, cases[i].kind);
		frames_equal(r, cases[i].frames);
		assert_int_equal(r->access, cases[i].access);
		assert_int_equal(r->security, cases[i].security);
		assert_non_null(r->summary);
		crash_report_free(r);
	}
}

/* Byte by byte and all at once must give the same. */
static void test_chunks(void **state)
{
	(void)state;
	for (size_t i = 0; i < ARRAY_LEN(cases); i++) {
		struct crash_parser *p = crash_parser_new();
		struct crash_report **all;
		size_t n, at;

		for (const char *s = cases[i].text; *s; s++)
			crash_parser_feed(p, s, 1);
		all = crash_parser_end(p, &n, &at);
		crash_finish(all[at], NULL);
		assert_string_equal(all[at]->kind, cases[i].kind);
		frames_equal(all[at], cases[i].frames);
		crash_reports_free(all, n);
	}
}

static const struct {
	const char *in, *want;
} names[] = {
	{ "foo.part.3", "foo" },
	{ "foo.constprop.0.isra.1", "foo" },
	{ "foo.cold", "foo" },
	{ "foo.llvm.1234", "foo" },
	{ "foo.7", "foo" },
	{ "void ns::A<int, B<char> >::f<x>(int, char const*) const", "ns::A::f" },
	{ "ns::(anonymous namespace)::f(int)", "ns::f" },
	{ "(anonymous namespace)::f()", "f" },
	{ "A::operator()(int) const", "A::operator()" },
	{ "A::operator<<(std::ostream&)", "A::operator<<" },
	{ "bool operator< <int>(A<int> const&)", "operator<" },
	{ "A::operator->() const", "A::operator->" },
	{ "operator new[](unsigned long)", "operator new[]" },
	{ "A::operator unsigned int() const", "A::operator unsigned int" },
	{ "A::f()::$_0::operator()() const", "A::f" },
	{ "A::f(int)::{lambda(int)#1}::operator()(int) const", "A::f" },
	{ "f[abi:cxx11](int)", "f" },
	{ "f(int) [clone .part.0]", "f" },
	{ "non-virtual thunk to A::f()", "A::f" },
	{ "A::~A()", "A::~A" },
	{ "decltype(auto) f<int>(int)", "f" },
	{ "core::result::Result$LT$T$C$E$GT$::unwrap::hca82303565f74395",
		"core::result::Result::unwrap" },
	{ "<a::B as c::D>::f", "a::B::f" },
	{ "a::f::{{closure}}", "a::f" },
	{ "a::f::h0123456789abcdef", "a::f" },
	{ "mod.dll!f", "f" },
	{ "f+0x12", "f" },
	{ "-[NSFoo bar:]", "-[NSFoo bar:]" },
	{ "parse_value", "parse_value" },
};

static void test_names(void **state)
{
	struct buf b = BUF_INIT;

	(void)state;
	for (size_t i = 0; i < ARRAY_LEN(names); i++) {
		buf_reset(&b);
		crash_normalize_name(&b, strv_of(names[i].in));
		assert_string_equal(b.s, names[i].want);
	}
	buf_release(&b);
}

/* The project's own functions stay, however their names begin. */
static void test_rules(void **state)
{
	static const char *const kept[] = { "free_node", "new_parser", "main_loop",
		"xassert_config", "abort_txn", "malloc_pool", "delete_key", "my_logger_write",
		"memcpy_safe", "wrap_text", "interceptor_init", "core::parse", "logging::sink",
		"backtrace_me", "afl_parse", "start", "operator_table", "exit_code", "logger",
		"strlen_utf8", "__parse", "calloc_grow" };
	static const char *const gone[] = { "free", "__interceptor_memcpy.part.35", "abort",
		"fuzzer::Fuzzer::RunOne(int)", "__asan_memcpy", "start_thread",
		"operator delete(void*)", "__memcpy_avx_unaligned_erms", "core::panicking::panic",
		"raise", "__libc_start_main", "wrap_strlen", "logging::LogMessage::~LogMessage()",
		"core::option::unwrap_failed" };
	struct buf b = BUF_INIT;

	(void)state;
	for (size_t i = 0; i < ARRAY_LEN(kept) + ARRAY_LEN(gone); i++) {
		bool keep = i < ARRAY_LEN(kept);
		const char *name = keep ? kept[i] : gone[i - ARRAY_LEN(kept)];
		struct crash_report *r;

		buf_reset(&b);
		buf_addf(&b,
			"==1==ERROR: AddressSanitizer: SEGV on unknown address 0x5000\n"
			"    #0 0x1 in %s\n    #1 0x2 in user /s/a.c:1\n",
			name);
		r = finished(b.s);
		if (strcmp(r->frames[0], keep ? name : "user"))
			print_message("# %s\n", name);
		if (keep)
			assert_string_equal(r->frames[0], name);
		if (!keep)
			assert_string_equal(r->frames[0], "user");
		crash_report_free(r);
	}
	buf_release(&b);
}

static void sign_text(const char *text, const struct crash_rules *rules, char id[17])
{
	struct crash_report *r = crash_parse(strv_of(text));
	struct crash_signature s;

	crash_finish(r, rules);
	crash_sign(r, rules, &s);
	memcpy(id, s.id, 17);
	crash_signature_release(&s);
	crash_report_free(r);
}

#define HEAP                                                                                     \
	"==1==ERROR: AddressSanitizer: heap-buffer-overflow on address 0x60\nREAD of size 1 at " \
	"0x60\n"
#define SEGV "==2==ERROR: AddressSanitizer: SEGV on unknown address 0x7f00\n"
#define SO "==1==ERROR: AddressSanitizer: stack-overflow on address 0x7f\n"

#define FRAMES2 "    #1 0x1 in f /s/a.c:7:8\n    #2 0x2 in g /s/a.c:9:1\n"

static const struct {
	const char *a, *b;
	bool same;
} signs[] = {
	{ HEAP FRAMES, SEGV "    #0 0x9 in f /s/a.c:7:8\n    #1 0x8 in g /s/b.c:1\n", true },
	/* other callers, other lines of one function; but not another function, or another defect */
	{ HEAP FRAMES, HEAP "    #0 0x9 in f /s/a.c:7:8\n    #1 0x8 in h /s/b.c:1\n", true },
	{ HEAP FRAMES, HEAP "    #0 0x9 in h /s/a.c:7:8\n    #1 0x8 in g /s/b.c:1\n", false },
	{ HEAP FRAMES, "a.c:1:2: runtime error: load of null pointer of type 'int'\n" FRAMES,
		false },
	/* shared helpers are looked through */
	{ HEAP "    #0 0x9 in my_strdup /s/a.c:7:8\n" FRAMES2, HEAP FRAMES2, true },
	{ HEAP "    #0 0x9 in parse_string /s/a.c:7:8\n" FRAMES2, HEAP FRAMES2, false },
	{ HEAP FRAMES, "==1==WARNING: MemorySanitizer: use-of-uninitialized-value\n" FRAMES,
		false },
	/* gcc has no names around an anonymous namespace */
	{ HEAP "    #0 0x1 in ns::(anonymous namespace)::A::f(int) /s/a.cc:1:2\n",
		HEAP "    #0 0x1 in f /s/a.cc:1\n", true },
	{ HEAP "    #0 0x1 in ns::A::f((anonymous namespace)::B) /s/a.cc:1:2\n",
		HEAP "    #0 0x1 in f /s/a.cc:1\n", false },
	{ HEAP "    #0 0x9 in f.part.0 /s/a.c:7:8\n    #1 0x8 in __interceptor_qsort\n"
	       "    #2 0x8 in g.cold /s/b.c:1\n",
		HEAP FRAMES, true },
	{ HEAP "    #0 0x9 in f()::{lambda()#1}::operator()() const /s/a.c:7\n    #1 0x8 in f() "
	       "/s/a.c:8\n"
	       "    #2 0x7 in g /s/a.c:9\n",
		HEAP FRAMES, true },
	/* no stack, no function, only a file */
	{ "a.c:1:2: runtime error: shift exponent 32 is too large for 32-bit type 'int'\n",
		"a.c:9:2: runtime error: shift exponent 77 is too large for 32-bit type 'int'\n",
		true },
	{ "p: a.c:1: f: Assertion `n < 14' failed.\n" ABRT,
		"p: b.c:2: f: Assertion `n < 99' failed.\n" ABRT, true },
	{ "p: a.c:1: f: Assertion `n < 14' failed.\n" ABRT,
		"p: b.c:2: f: Assertion `m < 14' failed.\n" ABRT, false },
};

static void test_signatures(void **state)
{
	(void)state;
	for (size_t i = 0; i < ARRAY_LEN(signs); i++) {
		char a[17], b[17];

		sign_text(signs[i].a, NULL, a);
		sign_text(signs[i].b, NULL, b);
		if (!strcmp(a, b) != signs[i].same)
			print_message("# pair %zu\n", i);
		assert_int_equal(!strcmp(a, b), signs[i].same);
	}
}

/* pattern: one letter a frame, repeated until 60 frames stand */
static void recursion(struct buf *b, const char *pattern, unsigned from)
{
	size_t n = strlen(pattern);

	buf_reset(b);
	buf_adds(b, SO);
	for (unsigned i = 0; i < 60; i++)
		buf_addf(b, "    #%u 0x10 in %c /s/a.c:1\n", i, pattern[(i + from) % n]);
}

static void test_recursion(void **state)
{
	static const char *const same[] = { "ab", "ba", "abaab", "aabab", "abb" };
	struct buf b = BUF_INIT;
	char want[17], got[17];
	struct crash_report *r, *other;

	(void)state;
	recursion(&b, "ab", 0);
	sign_text(b.s, NULL, want);
	for (size_t i = 0; i < ARRAY_LEN(same); i++)
		for (unsigned from = 0; from < 5; from++) {
			recursion(&b, same[i], from);
			sign_text(b.s, NULL, got);
			assert_string_equal(got, want);
		}
	/* one function in common: two sites, joined, as one limit of depth ends both */
	recursion(&b, "ab", 0);
	r = finished(b.s);
	recursion(&b, "ac", 0);
	other = finished(b.s);
	buf_reset(&b);
	crash_explain(&b, r, other, NULL);
	assert_non_null(strstr(b.s, "two sites of one bug by the rule \"cycle\""));
	crash_report_free(r);
	crash_report_free(other);
	recursion(&b, "cd", 0);
	sign_text(b.s, NULL, got);
	assert_string_not_equal(got, want);
	recursion(&b, "cba", 1);
	r = finished(b.s);
	assert_int_equal(r->n_cycle, 3);
	assert_string_equal(r->cycle[0], "a"); /* least rotation of b a c */
	assert_string_equal(r->cycle[1], "c");
	frames_equal(r, "b a c");
	crash_report_free(r);
	buf_release(&b);
}

static void test_hang(void **state)
{
	char a[17], b[17];

	(void)state;
#define T "==1== ERROR: thresh: timeout after 9 ms of CPU time\n"
#define S "==1== thresh: stack sample 1 of 2\n"
	sign_text(T "#0 0x1 in x\n#1 0x2 in loop\n#2 0x3 in top\n" S
		    "#0 0x1 in y\n#1 0x2 in loop\n#2 0x3 in top\n",
		NULL, a);
	sign_text(T "#0 0x2 in loop\n#1 0x3 in top\n" S
		    "#0 0x1 in z\n#1 0x5 in y\n#2 0x2 in loop\n#3 0x3 in top\n",
		NULL, b);
	assert_string_equal(a, b);
}

static const struct {
	const char *pattern, *name;
	bool match;
} pattern_cases[] = {
	{ "^(xmalloc|die)$", "die", true },
	{ "^(xmalloc|die)$", "died", false },
	{ "^my_assert_", "my_assert_eq", true },
	{ "my_assert", "my_assert_eq", true },
	{ "assert", "my_assert_eq", false }, /* from the start, unless it says otherwise */
	{ ".*assert", "my_assert_eq", true },
	{ "x{2}(a|b)", "xxb", true },
	{ "", "f", true },
	{ "x?", "", true },
	/* as many ways as there are subsets: given up after a bounded number of steps */
	{ "(a*)*(a*)*(a*)*b", "aaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaac",
		false },
	{ "(\\w+)\\1", "abab", true },
};

static void test_patterns(void **state)
{
	struct err err = ERR_INIT;

	(void)state;
	for (size_t i = 0; i < ARRAY_LEN(pattern_cases); i++) {
		struct pattern *p = pattern_new(strv_of(pattern_cases[i].pattern), &err);

		if (!p)
			fail_msg("%s: %s", pattern_cases[i].pattern, err.msg);
		if (pattern_matches(p, strv_of(pattern_cases[i].name)) != pattern_cases[i].match)
			fail_msg("%s, %s", pattern_cases[i].pattern, pattern_cases[i].name);
		pattern_free(p);
	}
	for (const char *const *bad = (const char *const[]){ "a(", "[", "*", "\\C", NULL }; *bad;
		bad++)
		assert_null(pattern_new(strv_of(*bad), &err));
}

static void test_own_rules(void **state)
{
	struct strlist ignore = STRLIST_INIT;
	struct crash_rules rules = { .frames = 1, .ignore = &ignore, .harness = "h" };
	char a[17], b[17];

	(void)state;
	strlist_add(&ignore, "^(xmalloc|die)$");
	sign_text(HEAP "    #0 0x1 in die /s/a.c:1\n    #1 0x2 in f /s/a.c:2\n", &rules, a);
	sign_text(HEAP "    #0 0x2 in f /s/a.c:2\n    #1 0x4 in zz /s/a.c:2\n", &rules, b);
	assert_string_equal(a, b);
	/* no frame at all: kind and harness, never one bucket */
	sign_text("+++ Program killed by signal 11 +++\n", &rules, a);
	rules.harness = "other";
	sign_text("+++ Program killed by signal 11 +++\n", &rules, b);
	assert_string_not_equal(a, b);
	strlist_release(&ignore);
}

static void test_interleaved(void **state)
{
	const char *text = "==1==ERROR: AddressSanitizer: SEGV on unknown address 0x5000\n"
			   "    #0 0x1 in a0 /s/a.c:1\n    #1 0x1 in a1 /s/a.c:1\n"
			   "==2==ERROR: AddressSanitizer: SEGV on unknown address 0x6000\n"
			   "    #2 0x1 in a2 /s/a.c:1\n    #0 0x1 in b0 /s/a.c:1\n"
			   "    #3 0x1 in a3 /s/a.c:1\n    #1 0x1 in b1 /s/a.c:1\n";
	struct crash_parser *p = crash_parser_new();
	struct crash_report **all;
	size_t n, at;

	(void)state;
	crash_parser_feed(p, text, strlen(text));
	all = crash_parser_end(p, &n, &at);
	assert_int_equal(n, 2);
	assert_int_equal(at, 0);
	crash_finish(all[0], NULL);
	crash_finish(all[1], NULL);
	frames_equal(all[0], "a0 a1 a2 a3");
	frames_equal(all[1], "b0 b1");
	crash_reports_free(all, n);
}

/* A report behind a line of noise without an end, and one at the seam of two pieces. */
static void test_long_lines(void **state)
{
	(void)state;
	for (size_t pad = 31 * 1024; pad < 33 * 1024; pad += 37) {
		struct buf b = BUF_INIT;
		struct crash_report *r;

		for (size_t i = 0; i < pad; i++)
			buf_addch(&b, "ab .:"[i % 5]);
		buf_adds(&b, " a.c:1:2: runtime error: division by zero\n" FRAMES);
		r = crash_parse(strv_n(b.s, b.len));
		crash_finish(r, NULL);
		assert_string_equal(r->kind, "divide-by-zero");
		frames_equal(r, "f g");
		crash_report_free(r);
		buf_release(&b);
	}
}

static char *stack_of(struct strv text, size_t cut)
{
	struct crash_parser *p = crash_parser_new();
	struct crash_report **all;
	struct buf b = BUF_INIT;
	size_t n, at;

	crash_parser_feed(p, text.s, cut);
	crash_parser_feed(p, text.s + cut, text.len - cut);
	all = crash_parser_end(p, &n, &at);
	crash_finish(all[at], NULL);
	for (size_t i = 0; i < all[at]->n_frames; i++)
		buf_addf(&b, "%s|", all[at]->frames[i]);
	crash_reports_free(all, n);
	return buf_detach(&b);
}

/* Wherever a pipe cuts it: a byte at the end of a piece may begin what is rare, and mostly doesn't. */
static void test_pieces(void **state)
{
	static const char *const rows[] = { "&]&<;&<</p>", "&lt;p&gt;</p>", "& &;</p> &",
		"^^[[1m^[x^", "\\x\\n\\", "a\r\rb\r", "\x1b[1mx\x1b", "\xe2\x80\xa6\xe2", "<br>&<",
		"[<b>]&#x" };

	(void)state;
	for (size_t i = 0; i < ARRAY_LEN(rows); i++) {
		struct buf b = BUF_INIT;
		char *whole;

		buf_addf(&b, "x\n#0 0x1 in f%s /s/a.c:1\n#1 0x2 in %s\n#2 0x3 in g /s/a.c:2\n",
			rows[i], rows[i]);
		whole = stack_of(strv_n(b.s, b.len), 0);
		for (size_t cut = 1; cut < b.len; cut++) {
			char *pieces = stack_of(strv_n(b.s, b.len), cut);

			assert_string_equal(pieces, whole);
			free(pieces);
		}
		free(whole);
		buf_release(&b);
	}
}

static void test_similarity(void **state)
{
	static const struct {
		const char *a, *b;
		double want;
	} rows[] = { { "ABC", "ABC", 1 }, { "ABC", "ABX", 0.818 }, { "ABC", "XBC", 0.455 },
		{ "AAA", "BBB", 0 }, { "AB", "ABCD", 0.837 }, { "ABC", "BC", 0.5 } };

	(void)state;
	for (size_t i = 0; i < ARRAY_LEN(rows); i++) {
		struct crash_report *r[2];

		for (int k = 0; k < 2; k++) {
			struct buf b = BUF_INIT;
			const char *s = k ? rows[i].b : rows[i].a;

			buf_adds(&b, HEAP);
			for (size_t f = 0; s[f]; f++)
				buf_addf(&b, "    #%zu 0x%zx in parse_%c /s/a.c:1\n", f, f + 9,
					s[f]);
			r[k] = finished(b.s);
			buf_release(&b);
		}
		assert_true(crash_similarity(r[0], r[1]) > rows[i].want - 0.002);
		assert_true(crash_similarity(r[0], r[1]) < rows[i].want + 0.002);
		crash_report_free(r[0]);
		crash_report_free(r[1]);
	}
}

static void test_explain(void **state)
{
	struct crash_report *a = finished(HEAP FRAMES);
	struct crash_report *c =
		finished(HEAP "    #0 0x1 in f /s/a.c:5\n    #1 0x2 in q /s/a.c:6\n");
	struct crash_report *d = finished(HEAP "    #0 0x1 in q /s/a.c:6\n");
	struct buf b = BUF_INIT;

	(void)state;
	crash_explain(&b, a, c, NULL);
	assert_non_null(strstr(b.s, "two sites of one bug by the rule \"function\""));
	assert_non_null(strstr(b.s, "#2, g (a.c:9) and q (a.c:6)"));
	buf_reset(&b);
	crash_explain(&b, a, d, NULL);
	assert_non_null(strstr(b.s, "two bugs"));
	assert_non_null(strstr(b.s, "#1, f (a.c:1) and q (a.c:6)"));
	buf_reset(&b);
	crash_explain(&b, a, a, NULL);
	assert_non_null(strstr(b.s, "one site"));
	crash_report_free(d);
	buf_release(&b);
	crash_report_free(a);
	crash_report_free(c);
}

static size_t resolve(void *arg, const char *module, const char *build_id, uint64_t offset,
	bool is_return, struct crash_frame *out, size_t max)
{
	(void)module;
	(void)build_id;
	(void)max;
	++*(int *)arg;
	if (offset == 0x10) {
		assert_false(is_return);
		out[0].function = "inner";
		out[1].function = "outer";
		return 2;
	}
	if (offset == 0x11) {
		out[0].function = "kill";
		return 1;
	}
	assert_true(is_return);
	return 0;
}

/* Who only passes on what others got wrong, by family. */
static void test_helpers(void **state)
{
	static const struct {
		const char *name, *family;
		bool helper;
	} rows[] = { { "cJSON_strdup", "bounds", true }, { "xmemcpy", "null", true },
		{ "a::b::my_strlcpy", "bounds", true }, { "strdup_all", "bounds", false },
		{ "cJSON_strdup", "integer-overflow", false }, { "cJSON_New_Item", "leak", true },
		{ "xmlNewNode", "leak", true }, { "json_object_create", "leak", true },
		{ "renew", "leak", false }, { "parse_news", "leak", false },
		{ "cJSON_Delete", "freed", true }, { "XMLFreeDoc", "freed", true },
		{ "cJSON_Delete", "lifetime", false }, { "freedom", "freed", false },
		{ "die", "abort", true }, { "soldier", "abort", false } };

	(void)state;
	for (size_t i = 0; i < ARRAY_LEN(rows); i++)
		if (place_is_helper(rows[i].name, rows[i].family, NULL) != rows[i].helper)
			fail_msg("%s, %s", rows[i].name, rows[i].family);
}

static void test_resolve(void **state)
{
	struct crash_report *r = crash_parse(strv_of(
		HEAP "    #0 0x1  (/s/prog+0x10) (BuildId: ab12)\n    #1 0x2  (/s/prog+0x20)\n"));
	int calls = 0;

	(void)state;
	assert_string_equal(r->stacks[0].frames[0].build_id, "ab12");
	crash_resolve(r, resolve, &calls);
	crash_finish(r, NULL);
	assert_int_equal(calls, 2);
	frames_equal(r, "inner outer prog+0x20");
	assert_true(r->stacks[0].frames[0].inlined);
	crash_report_free(r);
	/* what a name says of the kind, it says whenever it comes */
	r = crash_parse(
		strv_of("==7==ERROR: AddressSanitizer: SEGV on unknown address 0x000000000007 "
			"(pc 0x1 bp 0x1 T0)\n==7==The signal is caused by a READ memory access.\n"
			"    #0 0x1  (/s/libc.so.6+0x11)\n    #1 0x2  (/s/prog+0x20)\n"));
	crash_resolve(r, resolve, &calls);
	crash_finish(r, NULL);
	assert_string_equal(r->kind, "abort");
	crash_report_free(r);
}

static void test_status(void **state)
{
	struct crash_report *r = crash_parse(strv_of("nothing to see\n"));

	(void)state;
	crash_report_add_status(r, 11, -1);
	crash_finish(r, NULL);
	assert_string_equal(r->kind, "segv");
	crash_report_free(r);
	r = crash_parse(strv_of(HEAP FRAMES));
	crash_report_add_status(r, 6, -1);
	crash_finish(r, NULL);
	assert_string_equal(r->kind, "heap-buffer-overflow");
	crash_report_free(r);
}

static void test_why(void **state)
{
#define ASAN "==1==ERROR: AddressSanitizer: "
#define REGS \
	" bp 0x7ffc0 sp 0x7ffb0 T0)\n==1==The signal is caused by a READ memory access.\n" FRAMES
	static const struct {
		const char *text, *why;
		int severity;
	} rows[] = {
		{ ASAN "heap-buffer-overflow on address 0x60\n"
		       "WRITE of size 8 at 0x60 thread T0\n" FRAMES
		       "0x60 is located 0 bytes to the right of 16-byte region [0x50,0x60)\n",
			"write of 8 bytes at the end of a 16-byte heap block", 3 },
		{ ASAN "SEGV on unknown address 0x41414100 (pc 0x41414100" REGS,
			"jump to an address that isn't code; the input may choose where it goes on",
			3 },
		{ ASAN "SEGV on unknown address 0x41414100 (pc 0x55d410001234" REGS,
			"read of an address that isn't mapped; far from null, so the input may "
			"choose the address",
			2 },
		{ ASAN "SEGV on unknown address 0x000000000000 (pc 0x000000000000" REGS,
			"jump through a null function pointer; control flow depends on memory the "
			"program didn't set",
			2 },
		{ ASAN "SEGV on unknown address 0x000000000010 (pc 0x55d410001234" REGS,
			"read at offset 16 of a null pointer; near null, so it only stops the "
			"program",
			1 },
	};

	(void)state;
	for (size_t i = 0; i < ARRAY_LEN(rows); i++) {
		struct crash_report *r = finished(rows[i].text);

		assert_string_equal(r->why, rows[i].why);
		assert_int_equal(r->severity, rows[i].severity);
		crash_report_free(r);
	}
#undef REGS
#undef ASAN
}

/* Reports made by the real tools: tests/data/crash/expect says what they are. */
static void test_files(void **state)
{
	const char *top = getenv("TOP");
	struct buf list = BUF_INIT;
	struct err err = ERR_INIT;
	struct strv rest, line;
	char *path = xasprintf("%s/tests/data/crash/expect", top ? top : ".");

	(void)state;
	assert_int_equal(fs_read(path, 1 << 20, &list, &err), 0);
	free(path);
	rest = strv_n(list.s, list.len);
	while (strv_line(&rest, &line)) {
		struct strv name, kind, frames = line;
		struct buf text = BUF_INIT;
		struct crash_report *r;
		char *want;

		strv_split(&frames, ' ', &name);
		strv_split(&frames, ' ', &kind);
		path = xasprintf("%s/tests/data/crash/%.*s.log", top ? top : ".", STRV_ARG(name));
		assert_int_equal(fs_read(path, 1 << 20, &text, &err), 0);
		r = crash_parse(strv_n(text.s, text.len));
		crash_finish(r, NULL);
		want = strv_dup(kind);
		assert_string_equal(r->kind, want);
		free(want);
		want = strv_dup(frames);
		frames_equal(r, want);
		free(want);
		free(path);
		crash_report_free(r);
		buf_release(&text);
	}
	buf_release(&list);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(test_dialects),
		cmocka_unit_test(test_chunks),
		cmocka_unit_test(test_names),
		cmocka_unit_test(test_rules),
		cmocka_unit_test(test_signatures),
		cmocka_unit_test(test_recursion),
		cmocka_unit_test(test_hang),
		cmocka_unit_test(test_patterns),
		cmocka_unit_test(test_own_rules),
		cmocka_unit_test(test_interleaved),
		cmocka_unit_test(test_long_lines),
		cmocka_unit_test(test_similarity),
		cmocka_unit_test(test_explain),
		cmocka_unit_test(test_helpers),
		cmocka_unit_test(test_resolve),
		cmocka_unit_test(test_status),
		cmocka_unit_test(test_why),
		cmocka_unit_test(test_files),
		cmocka_unit_test(test_pieces),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
