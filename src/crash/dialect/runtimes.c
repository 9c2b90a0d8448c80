/*
 * What language runtimes and large programs print when they give up: Python, Ruby, Node, .NET, Ada, Nim, Swift, D,
 * OCaml, Visual C++, and the servers that have assertions of their own.
 */
#include "base/prelude.h"
#include "crash/dialect/posted.h"
#include "crash/internal.h"

#define UNCAUGHT "uncaught-exception"
#define OOM "out-of-memory"

static const struct phrase anywhere[] = {
	/* Python's faulthandler */
	{ "Fatal Python error: Segmentation fault", "segv", PHRASE_SIGNAL, NULL, NULL, NULL, NULL },
	{ "Fatal Python error: Bus error", "bus-error", PHRASE_SIGNAL, NULL, NULL, NULL, NULL },
	{ "Fatal Python error: Aborted", "abort", PHRASE_SIGNAL, NULL, NULL, NULL, NULL },
	{ "Fatal Python error: Illegal instruction", "illegal-instruction", PHRASE_SIGNAL, NULL, NULL, NULL, NULL },
	{ "Fatal Python error: Floating", "fpe", PHRASE_SIGNAL, NULL, NULL, NULL, NULL },
	{ "Fatal Python error: Cannot recover from stack overflow", "stack-overflow", PHRASE_WHOLE, NULL, NULL, NULL, NULL },
	{ "Fatal Python error: Cannot recover from MemoryError", OOM, PHRASE_WHOLE, NULL, NULL, NULL, NULL },
	{ "Fatal Python error: ", "fatal-error", 0, NULL, NULL, NULL, " pad byte" },
	{ "Windows fatal exception: access violation", "segv", PHRASE_SIGNAL, NULL, NULL, NULL, NULL },
	{ "Windows fatal exception: stack overflow", "stack-overflow", PHRASE_SIGNAL, NULL, NULL, NULL, NULL },
	{ "Windows fatal exception: int divide by zero", "divide-by-zero", PHRASE_SIGNAL, NULL, NULL, NULL, NULL },
	{ "Windows fatal exception: in page error", "segv", PHRASE_SIGNAL, NULL, NULL, NULL, NULL },
	/* Ruby */
	{ "[BUG] Segmentation fault", "segv", PHRASE_SIGNAL | PHRASE_ADDRESS | PHRASE_WHOLE, NULL, NULL, NULL, NULL },
	{ "[BUG] Bus Error", "bus-error", PHRASE_SIGNAL | PHRASE_WHOLE, NULL, NULL, NULL, NULL },
	{ "[BUG] Illegal instruction", "illegal-instruction", PHRASE_SIGNAL | PHRASE_WHOLE, NULL, NULL, NULL, NULL },
	{ "[BUG] ", "fatal-error", 0, NULL, NULL, NULL, NULL },
	/* Node and V8 */
	{ "FATAL ERROR: ", OOM, 0, "out of memory", NULL, NULL, NULL },
	{ "FATAL ERROR: ", OOM, 0, "Allocation failed", NULL, NULL, NULL },
	{ "FATAL ERROR: ", "fatal-error", 0, NULL, NULL, NULL, "test case" },
	{ "FATAL ERROR IN NATIVE METHOD: ", "fatal-error", 0, NULL, NULL, NULL, NULL },
	/* .NET */
	{ "Fatal error. System.AccessViolationException", "segv", PHRASE_WHOLE, NULL, NULL, NULL, NULL },
	{ "Fatal error. 0xC0000005", "segv", PHRASE_WHOLE, NULL, NULL, NULL, NULL },
	{ "Fatal error. Internal CLR error.", "fatal-error", PHRASE_WHOLE, NULL, NULL, NULL, NULL },
	{ "Fatal error. Invalid Program", "fatal-error", PHRASE_WHOLE, NULL, NULL, NULL, NULL },
	{ "Unhandled exception. System.AccessViolationException", "segv", PHRASE_WHOLE, NULL, NULL, NULL, NULL },
	{ "Unhandled exception. ", UNCAUGHT, 0, NULL, NULL, NULL, NULL },
	{ "Unhandled Exception: System.AccessViolationException", "segv", PHRASE_WHOLE, NULL, NULL, NULL, NULL },
	{ "Unhandled Exception: System.", UNCAUGHT, PHRASE_WHOLE, NULL, NULL, NULL, NULL },
	{ "Process is terminating due to StackOverflowException", "stack-overflow", PHRASE_WHOLE, NULL, NULL, NULL, NULL },
	{ "Process terminated. Assertion failed.", "assertion", PHRASE_WHOLE, NULL, NULL, NULL, NULL },
	/* Ada */
	{ "raised STORAGE_ERROR : stack overflow", "stack-overflow", PHRASE_WHOLE, NULL, NULL, NULL, NULL },
	{ "raised STORAGE_ERROR", "segv", PHRASE_WHOLE, NULL, NULL, NULL, NULL },
	{ "raised CONSTRAINT_ERROR : ", "index-out-of-bounds", PHRASE_WHOLE, "index check failed", NULL, NULL, NULL },
	{ "raised CONSTRAINT_ERROR : ", "null-deref", PHRASE_WHOLE, "access check failed", NULL, NULL, NULL },
	{ "raised CONSTRAINT_ERROR : ", "divide-by-zero", PHRASE_WHOLE, "divide by zero", NULL, NULL, NULL },
	{ "raised CONSTRAINT_ERROR : ", "integer-overflow", PHRASE_WHOLE, "overflow check failed", NULL, NULL, NULL },
	{ "raised CONSTRAINT_ERROR", UNCAUGHT, PHRASE_WHOLE, NULL, NULL, NULL, NULL },
	{ "raised PROGRAM_ERROR", UNCAUGHT, PHRASE_WHOLE, NULL, NULL, NULL, NULL },
	{ "raised ADA.ASSERTIONS.ASSERTION_ERROR", "assertion", PHRASE_WHOLE, NULL, NULL, NULL, NULL },
	{ "raised SYSTEM.ASSERTIONS.ASSERT_FAILURE", "assertion", PHRASE_WHOLE, NULL, NULL, NULL, NULL },
	/* Nim, D, OCaml, Swift */
	{ "Error: unhandled exception: ", "assertion", 0, "[AssertionDefect]", NULL, NULL, NULL },
	{ "Error: unhandled exception: ", "index-out-of-bounds", 0, "[IndexDefect]", NULL, NULL, NULL },
	{ "Error: unhandled exception: ", "integer-overflow", 0, "[OverflowDefect]", NULL, NULL, NULL },
	{ "Error: unhandled exception: ", "divide-by-zero", 0, "[DivByZeroDefect]", NULL, NULL, NULL },
	{ "Error: unhandled exception: ", UNCAUGHT, 0, "[", NULL, NULL, NULL },
	{ "core.exception.AssertError@", "assertion", 0, NULL, NULL, NULL, NULL },
	{ "core.exception.RangeError@", "index-out-of-bounds", 0, NULL, NULL, NULL, NULL },
	{ "core.exception.ArrayIndexError@", "index-out-of-bounds", 0, NULL, NULL, NULL, NULL },
	{ "core.exception.OutOfMemoryError@", OOM, 0, NULL, NULL, NULL, NULL },
	{ "Fatal error: exception Stack_overflow", "stack-overflow", PHRASE_WHOLE, NULL, NULL, NULL, NULL },
	{ "Fatal error: exception Out_of_memory", OOM, PHRASE_WHOLE, NULL, NULL, NULL, NULL },
	{ "Fatal error: exception File \"", "assertion", PHRASE_WHOLE, "ssertion failed", NULL, NULL, NULL },
	{ "Fatal error: exception ", UNCAUGHT, 0, NULL, NULL, NULL, NULL },
	{ "Fatal error: Index out of range", "index-out-of-bounds", PHRASE_WHOLE, NULL, NULL, NULL, NULL },
	{ "Fatal error: Unexpectedly found nil", "null-reference", PHRASE_WHOLE, NULL, NULL, NULL, NULL },
	{ "Fatal error: Division by zero", "divide-by-zero", PHRASE_WHOLE, NULL, NULL, NULL, NULL },
	{ "Program crashed: Bad pointer dereference", "segv", PHRASE_SIGNAL | PHRASE_ADDRESS | PHRASE_WHOLE, NULL, NULL, NULL, NULL },
	{ "Program crashed: Illegal instruction", "illegal-instruction", PHRASE_SIGNAL | PHRASE_WHOLE, NULL, NULL, NULL, NULL },
	{ "Program crashed: System trap", "trap", PHRASE_SIGNAL | PHRASE_WHOLE, NULL, NULL, NULL, NULL },
	{ "Program crashed: Aborted", "abort", PHRASE_SIGNAL | PHRASE_WHOLE, NULL, NULL, NULL, NULL },
	{ "Program crashed: ", "deadly-signal", PHRASE_SIGNAL | PHRASE_WHOLE, NULL, NULL, NULL, NULL },
	/* compilers about themselves */
	{ "internal compiler error: Segmentation fault", "segv", PHRASE_SIGNAL | PHRASE_WHOLE, NULL, NULL, NULL, NULL },
	{ "internal compiler error: Bus error", "bus-error", PHRASE_SIGNAL | PHRASE_WHOLE, NULL, NULL, NULL, NULL },
	{ "internal compiler error: Aborted", "abort", PHRASE_SIGNAL | PHRASE_WHOLE, NULL, NULL, NULL, NULL },
	{ "internal compiler error: Floating point exception", "fpe", PHRASE_SIGNAL | PHRASE_WHOLE, NULL, NULL, NULL, NULL },
	{ "internal compiler error: Illegal instruction", "illegal-instruction", PHRASE_SIGNAL | PHRASE_WHOLE, NULL, NULL, NULL, NULL },
	{ "internal compiler error: ", "assertion", 0, NULL, NULL, NULL, NULL },
	/* Visual C++'s runtime */
	{ "Run-Time Check Failure #2", "stack-buffer-overflow", PHRASE_WHOLE | PHRASE_WRITE, NULL, NULL, NULL, NULL },
	{ "Run-Time Check Failure #3", "uninitialized-value", PHRASE_WHOLE, NULL, NULL, NULL, NULL },
	{ "Run-Time Check Failure #0", "function-type-mismatch", PHRASE_WHOLE, NULL, NULL, NULL, NULL },
	{ "Run-Time Check Failure #1", "implicit-conversion", PHRASE_WHOLE, NULL, NULL, NULL, NULL },
	{ "Stack around the variable", "stack-buffer-overflow", PHRASE_WHOLE | PHRASE_WRITE | PHRASE_ONCE, "was corrupted", NULL, NULL, NULL },
	{ "Debug Assertion Failed!", "assertion", PHRASE_WHOLE | PHRASE_DEBUG, NULL, NULL, NULL, NULL },
	{ "R6025", "pure-virtual-call", PHRASE_LINE, NULL, NULL, NULL, NULL },
	{ "R6010", "abort", PHRASE_LINE, NULL, NULL, NULL, NULL },
	{ "abort() has been called", "abort", PHRASE_LINE, NULL, NULL, NULL, "Debug Error" },
	{ "requested the Runtime to terminate it in an unusual way", "abort", PHRASE_LINE, NULL, NULL, NULL, NULL },
	/* servers and libraries */
	{ "FAILED ceph_assert(", "assertion", 0, ")", NULL, ")", NULL },
	{ "FAILED assert(", "assertion", 0, ")", NULL, ")", NULL },
	{ "Invariant failure", "assertion", 0, NULL, NULL, NULL, NULL },
	{ "Fatal assertion ", "assertion", 0, NULL, NULL, NULL, NULL },
	{ "Failing assertion: ", "assertion", 0, NULL, NULL, NULL, NULL },
	{ "InnoDB: Assertion failure in ", "assertion", PHRASE_WHOLE, NULL, NULL, NULL, NULL },
	{ "Assert error in ", "assertion", 0, "line ", NULL, NULL, NULL },
	{ "FATAL: bug condition \"", "assertion", 0, "\" matched", NULL, "\" matched", NULL },
	{ "REQUIRE(", "assertion", 0, ") failed", NULL, ") failed", NULL },
	{ "INSIST(", "assertion", 0, ") failed", NULL, ") failed", NULL },
	{ "ENSURE(", "assertion", 0, ") failed", NULL, ") failed", NULL },
	{ "RUNTIME_CHECK(", "assertion", 0, ") failed", NULL, ") failed", NULL },
	{ "GGML_ASSERT(", "assertion", 0, ") failed", NULL, ") failed", NULL },
	{ "GGML_ASSERT: ", "assertion", 0, NULL, ": ", NULL, NULL },
	{ "PANIC in EAL", "assertion", PHRASE_WHOLE, NULL, NULL, NULL, NULL },
	{ "VERIFY(", "assertion", 0, ") failed", NULL, ") failed", NULL },
	{ "VERIFY3", "assertion", PHRASE_WHOLE, ") failed", NULL, NULL, NULL },
	{ "Assertion failure at ", "assertion", 0, NULL, NULL, NULL, NULL },
	{ "Assertion failure in ", "assertion", 0, NULL, NULL, NULL, NULL },
	{ "LowLevelFatalError", "fatal-error", 0, NULL, NULL, NULL, NULL },
	{ "Debug assertion failed", "assertion", PHRASE_WHOLE | PHRASE_DEBUG, NULL, NULL, NULL, NULL },
	{ "JNI DETECTED ERROR IN APPLICATION: ", "abort", 0, NULL, NULL, NULL, NULL },
	{ "stack overflow detected", "stack-overflow", PHRASE_LINE, NULL, NULL, NULL, NULL },
	{ "infinite recursion detected", "stack-overflow", PHRASE_LINE, NULL, NULL, NULL, NULL },
	{ "ANOM_ABEND", "deadly-signal", PHRASE_LINE | PHRASE_SIGNAL, NULL, NULL, NULL, "sig=" },
	{ "CUDA error: an illegal memory access", "segv", PHRASE_WHOLE, NULL, NULL, NULL, NULL },
	{ "memory access violation at address: ", "segv", PHRASE_ADDRESS | PHRASE_LINE | PHRASE_SIGNAL, NULL, NULL, NULL, NULL },
	{ "***Timeout", "timeout", PHRASE_LINE | PHRASE_ALONE, "sec", NULL, NULL, NULL },
	{ "OOMKilled", OOM, PHRASE_LINE | PHRASE_ALONE, NULL, NULL, NULL, NULL },
};

static const struct phrase at_start[] = {
	{ "Stack overflow.", "stack-overflow", PHRASE_WHOLE, NULL, NULL, NULL, NULL },
	{ "=== ASSERTION FAILED", "assertion", PHRASE_WHOLE, NULL, NULL, NULL, NULL },
	{ "Illegal storage access. (Attempt to", "segv", PHRASE_WHOLE | PHRASE_ONCE, NULL, NULL, NULL, NULL },
	{ "The program has unexpectedly finished", "deadly-signal", PHRASE_SIGNAL | PHRASE_WHOLE, NULL, NULL, NULL, NULL },
};

const struct phrase_table runtime_phrases = { "program", AT_WORD, anywhere, ARRAY_LEN(anywhere) };
const struct phrase_table runtime_line_phrases = { "program", AT_START, at_start, ARRAY_LEN(at_start) };
