/*
 * Which frames aren't the project's: one table, one reason a row. Names are compared with the normalised
 * function; every rule is anchored: IS takes the whole name, STARTS its beginning, DIR and DIR_STARTS one
 * component of the file's path, MODULE the beginning of the module's base name. So free_node, new_parser,
 * main_loop and xassert_config are nobody's but the project's.
 *
 * RUNTIME frames leave both `frames` and the signature. LIBRARY frames are shown and not signed. An ENTRY
 * ends the stack. A BOUNDARY takes the frames above it along: what it calls are handlers a program may install.
 */
#include "base/prelude.h"
#include "crash/internal.h"
#include <pthread.h>

enum rule_how { IS, STARTS, DIR, DIR_STARTS, MODULE };

static const struct rule {
	enum rule_class class;
	enum rule_how how;
	const char *text;
	const char *why;
} rules[] = {
#define SAN "sanitizer runtime"
	{ RULE_RUNTIME, STARTS, "__asan_", SAN },
	{ RULE_RUNTIME, STARTS, "__asan::", SAN },
	{ RULE_RUNTIME, STARTS, "asan_thread_start", SAN },
	{ RULE_RUNTIME, STARTS, "__hwasan_", SAN },
	{ RULE_RUNTIME, STARTS, "__hwasan::", SAN },
	{ RULE_RUNTIME, STARTS, "__lsan_", SAN },
	{ RULE_RUNTIME, STARTS, "__lsan::", SAN },
	{ RULE_RUNTIME, STARTS, "__msan_", SAN },
	{ RULE_RUNTIME, STARTS, "__msan::", SAN },
	{ RULE_RUNTIME, STARTS, "__tsan_", SAN },
	{ RULE_RUNTIME, STARTS, "__tsan::", SAN },
	{ RULE_RUNTIME, STARTS, "__ubsan_", SAN },
	{ RULE_RUNTIME, STARTS, "__ubsan::", SAN },
	{ RULE_RUNTIME, STARTS, "__sanitizer_", SAN },
	{ RULE_RUNTIME, STARTS, "__sanitizer::", SAN },
	{ RULE_RUNTIME, STARTS, "__sancov", SAN },
	{ RULE_RUNTIME, STARTS, "__cfi_", SAN },
	{ RULE_RUNTIME, STARTS, "__dfsan", SAN },
	{ RULE_RUNTIME, STARTS, "__dfsw_", SAN },
	{ RULE_RUNTIME, STARTS, "__rtsan", SAN },
	{ RULE_RUNTIME, STARTS, "_asan_", SAN },
	{ RULE_RUNTIME, STARTS, "_hwasan_", SAN },
	{ RULE_RUNTIME, STARTS, "_lsan_", SAN },
	{ RULE_RUNTIME, STARTS, "_msan_", SAN },
	{ RULE_RUNTIME, STARTS, "_tsan_", SAN },
	{ RULE_RUNTIME, STARTS, "_ubsan_", SAN },
	{ RULE_RUNTIME, STARTS, "_sanitizer_", SAN },
	{ RULE_RUNTIME, STARTS, "asan_", "sanitizer runtime (Windows, Android)" },
	{ RULE_RUNTIME, STARTS, "__interceptor_", "interceptor" },
	{ RULE_RUNTIME, STARTS, "___interceptor_", "interceptor" },
	{ RULE_RUNTIME, STARTS, "scudo::", "hardened allocator" },
	{ RULE_RUNTIME, STARTS, "gwp_asan::", "sampling allocator" },
	{ RULE_RUNTIME, STARTS, "kasan_", "kernel sanitizer" },
	{ RULE_RUNTIME, STARTS, "__kasan_", "kernel sanitizer" },
	{ RULE_RUNTIME, STARTS, "kmsan_", "kernel sanitizer" },
	{ RULE_RUNTIME, STARTS, "kcsan_", "kernel sanitizer" },
	{ RULE_RUNTIME, IS, "print_address_description", "kernel sanitizer" },
	{ RULE_RUNTIME, IS, "print_report", "kernel sanitizer" },
	{ RULE_RUNTIME, IS, "check_memory_region", "kernel sanitizer" },
	{ RULE_RUNTIME, IS, "dump_stack", "stack printer" },
	{ RULE_RUNTIME, IS, "__dump_stack", "stack printer" },
	{ RULE_RUNTIME, IS, "dump_stack_lvl", "stack printer" },
	{ RULE_RUNTIME, IS, "show_stack", "stack printer" },
	{ RULE_RUNTIME, IS, "save_stack", "stack printer" },
	{ RULE_RUNTIME, IS, "set_track", "stack printer" },
	{ RULE_RUNTIME, IS, "kmalloc", "allocator" },
	{ RULE_RUNTIME, IS, "kzalloc", "allocator" },
	{ RULE_RUNTIME, IS, "kfree", "allocator" },
	{ RULE_RUNTIME, STARTS, "thresh_rt_", "thresh's runtime" },
	{ RULE_RUNTIME, DIR, "sanitizer_common", SAN },
	{ RULE_RUNTIME, DIR, "libsanitizer", SAN },
	{ RULE_RUNTIME, DIR, "compiler-rt", SAN },
	{ RULE_RUNTIME, MODULE, "libasan", SAN },
	{ RULE_RUNTIME, MODULE, "libhwasan", SAN },
	{ RULE_RUNTIME, MODULE, "libubsan", SAN },
	{ RULE_RUNTIME, MODULE, "libtsan", SAN },
	{ RULE_RUNTIME, MODULE, "liblsan", SAN },
	{ RULE_RUNTIME, MODULE, "libclang_rt", SAN },
	{ RULE_RUNTIME, MODULE, "vgpreload_", "valgrind" },
	{ RULE_RUNTIME, MODULE, "memcheck-", "valgrind" },
#undef SAN
#define ENGINE "fuzzing engine"
	{ RULE_RUNTIME, STARTS, "fuzzer::", ENGINE },
	{ RULE_RUNTIME, STARTS, "centipede::", ENGINE },
	{ RULE_RUNTIME, STARTS, "fuzztest::internal::", ENGINE },
	{ RULE_RUNTIME, STARTS, "fuzztest::", ENGINE },
	{ RULE_RUNTIME, STARTS, "CentipedeRunner", ENGINE },
	{ RULE_RUNTIME, STARTS, "__afl_", ENGINE },
	{ RULE_RUNTIME, STARTS, "libafl::", ENGINE },
	{ RULE_RUNTIME, STARTS, "libafl_targets::", ENGINE },
	{ RULE_RUNTIME, STARTS, "libafl_bolts::", ENGINE },
	{ RULE_RUNTIME, STARTS, "libfuzzer_sys::", ENGINE },
	{ RULE_RUNTIME, STARTS, "hfuzz_", ENGINE },
	{ RULE_RUNTIME, STARTS, "honggfuzz_", ENGINE },
	{ RULE_RUNTIME, STARTS, "protobuf_mutator::", "input mutator" },
	{ RULE_RUNTIME, IS, "LLVMFuzzerRunDriver", ENGINE },
	{ RULE_RUNTIME, IS, "TestOneProtoInput", "entry made by a macro" },
	{ RULE_RUNTIME, IS, "ExecuteFilesOnyByOne", ENGINE },
	{ RULE_RUNTIME, DIR, "googletest", "test runner" },
	{ RULE_RUNTIME, STARTS, "testing::", "test runner" },
	{ RULE_LIBRARY, STARTS, "FuzzedDataProvider::", "the harness's reader of its input" },
#undef ENGINE
	{ RULE_ENTRY, IS, "LLVMFuzzerTestOneInput", "harness entry" },
	{ RULE_ENTRY, IS, "HonggfuzzRunOneInput", "harness entry" },
	{ RULE_ENTRY, IS, "rust_fuzzer_test_input", "harness entry" },
	{ RULE_ENTRY, IS, "_rust_fuzzer_test_input", "harness entry" },
	{ RULE_ENTRY, IS, "main", "program entry" },
	{ RULE_ENTRY, IS, "wmain", "program entry" },
	{ RULE_ENTRY, IS, "WinMain", "program entry" },
	{ RULE_RUNTIME, IS, "_start", "program start" },
	{ RULE_RUNTIME, MODULE, "libdyld", "program start (macOS)" },
	{ RULE_RUNTIME, MODULE, "dyld", "program start (macOS)" },
	{ RULE_RUNTIME, STARTS, "__libc_", "libc internals" },
	{ RULE_RUNTIME, STARTS, "__GI_", "libc internals" },
	{ RULE_RUNTIME, STARTS, "_IO_", "libc internals" },
	{ RULE_RUNTIME, STARTS, "__run_exit_handlers", "exit" },
	{ RULE_RUNTIME, STARTS, "__cxa_", "C++ runtime" },
	{ RULE_RUNTIME, STARTS, "__scrt_", "program start (Windows)" },
	{ RULE_RUNTIME, STARTS, "__tmainCRT", "program start (Windows)" },
	{ RULE_RUNTIME, IS, "BaseThreadInitThunk", "thread start (Windows)" },
	{ RULE_RUNTIME, STARTS, "RtlUserThreadStart", "thread start (Windows)" },
	{ RULE_RUNTIME, STARTS, "RtlFreeHeap", "allocator (Windows)" },
	{ RULE_RUNTIME, STARTS, "RtlAllocateHeap", "allocator (Windows)" },
	{ RULE_RUNTIME, STARTS, "RtlInitializeExceptionChain", "thread start (Windows)" },
	{ RULE_RUNTIME, IS, "invoke_main", "program start (Windows)" },
	{ RULE_RUNTIME, IS, "start_thread", "thread start" },
	{ RULE_RUNTIME, IS, "thread_start", "thread start" },
	{ RULE_RUNTIME, IS, "clone", "thread start" },
	{ RULE_RUNTIME, IS, "__clone", "thread start" },
	{ RULE_RUNTIME, IS, "__clone3", "thread start" },
	{ RULE_RUNTIME, IS, "clone3", "thread start" },
	{ RULE_RUNTIME, IS, "__start_thread", "thread start" },
	{ RULE_RUNTIME, IS, "_pthread_start", "thread start" },
	{ RULE_RUNTIME, IS, "_pthread_body", "thread start" },
	{ RULE_RUNTIME, IS, "__pthread_start", "thread start" },
	{ RULE_RUNTIME, IS, "__bionic_clone", "thread start" },
	{ RULE_RUNTIME, IS, "exit", "exit" },
	{ RULE_RUNTIME, IS, "_exit", "exit" },
	{ RULE_RUNTIME, IS, "__exit", "exit" },
	{ RULE_RUNTIME, IS, "_Exit", "exit" },
	{ RULE_RUNTIME, STARTS, "common_exit", "exit (Windows)" },
#define ABORT "abort and its machinery"
	{ RULE_RUNTIME, IS, "abort", ABORT },
	{ RULE_RUNTIME, IS, "raise", ABORT },
	{ RULE_RUNTIME, IS, "gsignal", ABORT },
	{ RULE_RUNTIME, IS, "kill", ABORT },
	{ RULE_RUNTIME, IS, "tgkill", ABORT },
	{ RULE_RUNTIME, IS, "__restore_rt", ABORT },
	{ RULE_RUNTIME, IS, "__kernel_vsyscall", ABORT },
	{ RULE_RUNTIME, IS, "RaiseException", ABORT },
	{ RULE_RUNTIME, STARTS, "pthread_kill", ABORT },
	{ RULE_RUNTIME, STARTS, "__pthread_kill", ABORT },
	{ RULE_RUNTIME, IS, "pthread_create", "thread start" },
	{ RULE_RUNTIME, IS, "syscall", "system call" },
	{ RULE_RUNTIME, IS, "<signal handler called>", ABORT },
	{ RULE_RUNTIME, IS, "abort_message", ABORT },
	{ RULE_RUNTIME, STARTS, "__abort_message", ABORT },
	{ RULE_RUNTIME, STARTS, "demangling_terminate_handler", ABORT },
	{ RULE_RUNTIME, STARTS, "demangling_unexpected_handler", ABORT },
	{ RULE_RUNTIME, STARTS, "__clang_call_terminate", ABORT },
	{ RULE_BOUNDARY, IS, "std::terminate", ABORT },
	{ RULE_BOUNDARY, STARTS, "std::__terminate", ABORT },
	{ RULE_RUNTIME, IS, "std::unexpected", ABORT },
	{ RULE_RUNTIME, IS, "std::rethrow_exception", ABORT },
	{ RULE_RUNTIME, STARTS, "__cxxabiv1::", ABORT },
	{ RULE_RUNTIME, STARTS, "__gnu_cxx::__verbose_terminate_handler", ABORT },
	{ RULE_RUNTIME, STARTS, "_Unwind_", ABORT },
	{ RULE_RUNTIME, STARTS, "std::__throw_", ABORT },
	{ RULE_RUNTIME, STARTS, "std::__glibcxx_assert_fail", ABORT },
	{ RULE_RUNTIME, STARTS, "std::__replacement_assert", ABORT },
	{ RULE_RUNTIME, STARTS, "std::__1::__libcpp_verbose_abort", ABORT },
	{ RULE_RUNTIME, STARTS, "std::__libcpp_verbose_abort", ABORT },
	{ RULE_RUNTIME, STARTS, "__gnu_debug::", ABORT },
	{ RULE_RUNTIME, STARTS, "__assert", "assert" },
	{ RULE_RUNTIME, IS, "_assert", "assert" },
	{ RULE_RUNTIME, IS, "_wassert", "assert" },
	{ RULE_RUNTIME, IS, "assert", "assert" },
	{ RULE_RUNTIME, IS, "__chk_fail", "fortify" },
	{ RULE_RUNTIME, STARTS, "__fortify_fail", "fortify" },
	{ RULE_RUNTIME, STARTS, "__stack_chk_fail", "stack protector" },
	{ RULE_RUNTIME, STARTS, "WTFCrash", ABORT },
	{ RULE_RUNTIME, STARTS, "V8_Fatal", ABORT },
	{ RULE_RUNTIME, STARTS, "v8::base::OS::Abort", ABORT },
	{ RULE_RUNTIME, STARTS, "v8::base::FatalImpl", ABORT },
	{ RULE_RUNTIME, STARTS, "v8::base::debug::", ABORT },
	{ RULE_RUNTIME, STARTS, "v8::platform::PrintStackTrace", ABORT },
	{ RULE_RUNTIME, STARTS, "v8::platform::DefaultPlatform::GetStackTracePrinter", ABORT },
	{ RULE_RUNTIME, IS, "V8_Dcheck", ABORT },
	{ RULE_RUNTIME, IS, "sk_abort_no_print", ABORT },
	{ RULE_RUNTIME, IS, "SkDebugf_FileLine", ABORT },
	{ RULE_RUNTIME, IS, "KiUserExceptionDispatcher", "exception dispatch (Windows)" },
	{ RULE_RUNTIME, IS, "RtlRaiseException", "exception dispatch (Windows)" },
	{ RULE_RUNTIME, IS, "DbgBreakPoint", ABORT },
	{ RULE_RUNTIME, STARTS, "base::debug::", ABORT },
	{ RULE_RUNTIME, STARTS, "base::ImmediateCrash", ABORT },
	{ RULE_RUNTIME, STARTS, "dbg::Break", ABORT },
	{ RULE_RUNTIME, STARTS, "logging::LogMessage", "logging that ends the process" },
	{ RULE_RUNTIME, STARTS, "logging::Check", "logging that ends the process" },
	{ RULE_RUNTIME, STARTS, "logging::NotReached", "logging that ends the process" },
	{ RULE_RUNTIME, STARTS, "logging::NotImplemented", "logging that ends the process" },
	{ RULE_RUNTIME, STARTS, "logging::DCheck", "logging that ends the process" },
	{ RULE_RUNTIME, STARTS, "logging::ErrnoLog", "logging that ends the process" },
	{ RULE_RUNTIME, STARTS, "logging::RawLog", "logging that ends the process" },
	{ RULE_RUNTIME, STARTS, "logging::RawCheck", "logging that ends the process" },
	{ RULE_RUNTIME, STARTS, "logging::Win32ErrorLog", "logging that ends the process" },
	{ RULE_RUNTIME, STARTS, "logging::LogAssert", "logging that ends the process" },
	{ RULE_RUNTIME, STARTS, "logging::HandleCheck", "logging that ends the process" },
	{ RULE_RUNTIME, IS, "~CheckLogMessage", "logging that ends the process" },
	{ RULE_RUNTIME, IS, "~LogMessage", "logging that ends the process" },
	{ RULE_RUNTIME, STARTS, "google::LogMessage", "logging that ends the process" },
	{ RULE_RUNTIME, STARTS, "google::RawLog", "logging that ends the process" },
	{ RULE_RUNTIME, STARTS, "absl::WriteFailureInfo", "crash handler" },
	{ RULE_RUNTIME, STARTS, "absl::AbslFailureSignalHandler", "crash handler" },
	{ RULE_RUNTIME, STARTS, "absl::WriteStackTrace", "crash handler" },
	{ RULE_RUNTIME, STARTS, "google::InstallFailure", "crash handler" },
	{ RULE_RUNTIME, STARTS, "google::DumpStackTrace", "crash handler" },
	{ RULE_RUNTIME, STARTS, "absl::log_internal::", "logging that ends the process" },
	{ RULE_RUNTIME, STARTS, "absl::raw_log_internal::", "logging that ends the process" },
	{ RULE_RUNTIME, STARTS, "absl::base_internal::", "crash handler" },
	{ RULE_RUNTIME, STARTS, "crashpad::", "crash handler" },
	{ RULE_BOUNDARY, IS, "g_log", "GLib's logging, which calls a handler" },
	{ RULE_BOUNDARY, IS, "g_logv", "GLib's logging, which calls a handler" },
	{ RULE_BOUNDARY, STARTS, "g_log_", "GLib's logging, which calls a handler" },
	{ RULE_RUNTIME, STARTS, "g_return_if_fail_warning", "GLib's assertions" },
	{ RULE_RUNTIME, STARTS, "g_assertion_message", "GLib's assertions" },
	{ RULE_RUNTIME, STARTS, "g_assert_warning", "GLib's assertions" },
	{ RULE_RUNTIME, IS, "g_error", "GLib's assertions" },
#undef ABORT
#define ALLOC "allocator"
	{ RULE_RUNTIME, IS, "malloc", ALLOC },
	{ RULE_RUNTIME, IS, "calloc", ALLOC },
	{ RULE_RUNTIME, IS, "realloc", ALLOC },
	{ RULE_RUNTIME, IS, "reallocarray", ALLOC },
	{ RULE_RUNTIME, IS, "free", ALLOC },
	{ RULE_RUNTIME, IS, "cfree", ALLOC },
	{ RULE_RUNTIME, IS, "memalign", ALLOC },
	{ RULE_RUNTIME, IS, "aligned_alloc", ALLOC },
	{ RULE_RUNTIME, IS, "posix_memalign", ALLOC },
	{ RULE_RUNTIME, IS, "valloc", ALLOC },
	{ RULE_RUNTIME, IS, "pvalloc", ALLOC },
	{ RULE_RUNTIME, IS, "_int_malloc", ALLOC },
	{ RULE_RUNTIME, IS, "_int_free", ALLOC },
	{ RULE_RUNTIME, IS, "_int_free_merge_chunk", ALLOC },
	{ RULE_RUNTIME, IS, "_int_realloc", ALLOC },
	{ RULE_RUNTIME, IS, "_int_memalign", ALLOC },
	{ RULE_RUNTIME, IS, "malloc_printerr", ALLOC },
	{ RULE_RUNTIME, IS, "malloc_consolidate", ALLOC },
	{ RULE_RUNTIME, IS, "munmap_chunk", ALLOC },
	{ RULE_RUNTIME, IS, "unlink_chunk", ALLOC },
	{ RULE_RUNTIME, IS, "sysmalloc", ALLOC },
	{ RULE_RUNTIME, IS, "tcache_get", ALLOC },
	{ RULE_RUNTIME, IS, "new", ALLOC },
	{ RULE_RUNTIME, IS, "delete", ALLOC },
	{ RULE_RUNTIME, STARTS, "mozalloc_", ALLOC },
	{ RULE_RUNTIME, STARTS, "moz_x", ALLOC },
	{ RULE_RUNTIME, STARTS, "alloc::alloc::", ALLOC },
	{ RULE_RUNTIME, STARTS, "alloc::raw_vec::", ALLOC },
	{ RULE_RUNTIME, STARTS, "alloc::", "Rust's allocating library" },
	{ RULE_RUNTIME, STARTS, "__rust_alloc", ALLOC },
	{ RULE_RUNTIME, STARTS, "__rust_realloc", ALLOC },
	{ RULE_RUNTIME, STARTS, "__rdl_", ALLOC },
	{ RULE_RUNTIME, STARTS, "__rg_", ALLOC },
	{ RULE_RUNTIME, STARTS, "partition_alloc::", ALLOC },
	{ RULE_RUNTIME, STARTS, "base::PartitionAlloc", ALLOC },
	{ RULE_RUNTIME, STARTS, "base::allocator::", ALLOC },
	{ RULE_RUNTIME, STARTS, "allocator_shim::", ALLOC },
	{ RULE_RUNTIME, STARTS, "WTF::Partitions::", ALLOC },
	{ RULE_RUNTIME, STARTS, "WTF::fastMalloc", ALLOC },
	{ RULE_RUNTIME, STARTS, "WTF::fastFree", ALLOC },
	{ RULE_RUNTIME, STARTS, "tcmalloc::", ALLOC },
	{ RULE_RUNTIME, DIR, "jemalloc", ALLOC },
	{ RULE_RUNTIME, DIR, "tcmalloc", ALLOC },
#define OP "an operator without its class says nothing"
	{ RULE_RUNTIME, STARTS, "operator ", OP },
	{ RULE_RUNTIME, STARTS, "operator(", OP },
	{ RULE_RUNTIME, STARTS, "operator[", OP },
	{ RULE_RUNTIME, STARTS, "operator<", OP },
	{ RULE_RUNTIME, STARTS, "operator>", OP },
	{ RULE_RUNTIME, STARTS, "operator=", OP },
	{ RULE_RUNTIME, STARTS, "operator-", OP },
	{ RULE_RUNTIME, STARTS, "operator+", OP },
	{ RULE_RUNTIME, STARTS, "operator*", OP },
	{ RULE_RUNTIME, STARTS, "operator!", OP },
	{ RULE_RUNTIME, STARTS, "operator&", OP },
	{ RULE_RUNTIME, STARTS, "operator|", OP },
	{ RULE_RUNTIME, STARTS, "operator^", OP },
	{ RULE_RUNTIME, STARTS, "operator~", OP },
	{ RULE_RUNTIME, STARTS, "operator%", OP },
	{ RULE_RUNTIME, STARTS, "operator/", OP },
	{ RULE_RUNTIME, STARTS, "operator,", OP },
#undef OP
#undef ALLOC
#define LIBC "libc"
	{ RULE_RUNTIME, IS, "memcpy", LIBC },
	{ RULE_RUNTIME, IS, "memmove", LIBC },
	{ RULE_RUNTIME, IS, "memset", LIBC },
	{ RULE_RUNTIME, IS, "memcmp", LIBC },
	{ RULE_RUNTIME, IS, "bcmp", LIBC },
	{ RULE_RUNTIME, IS, "bcopy", LIBC },
	{ RULE_RUNTIME, IS, "bzero", LIBC },
	{ RULE_RUNTIME, IS, "memchr", LIBC },
	{ RULE_RUNTIME, IS, "memrchr", LIBC },
	{ RULE_RUNTIME, IS, "rawmemchr", LIBC },
	{ RULE_RUNTIME, IS, "memmem", LIBC },
	{ RULE_RUNTIME, IS, "mempcpy", LIBC },
	{ RULE_RUNTIME, IS, "MemcmpInterceptorCommon", "interceptor" },
	{ RULE_RUNTIME, IS, "StrtolFixAndCheck", "interceptor" },
	{ RULE_RUNTIME, IS, "printf_common", "interceptor" },
	{ RULE_RUNTIME, IS, "scanf_common", "interceptor" },
	{ RULE_RUNTIME, IS, "strlen", LIBC },
	{ RULE_RUNTIME, IS, "strnlen", LIBC },
	{ RULE_RUNTIME, IS, "strcmp", LIBC },
	{ RULE_RUNTIME, IS, "strncmp", LIBC },
	{ RULE_RUNTIME, IS, "strcasecmp", LIBC },
	{ RULE_RUNTIME, IS, "strncasecmp", LIBC },
	{ RULE_RUNTIME, IS, "strcpy", LIBC },
	{ RULE_RUNTIME, IS, "strncpy", LIBC },
	{ RULE_RUNTIME, IS, "stpcpy", LIBC },
	{ RULE_RUNTIME, IS, "stpncpy", LIBC },
	{ RULE_RUNTIME, IS, "strlcpy", LIBC },
	{ RULE_RUNTIME, IS, "strlcat", LIBC },
	{ RULE_RUNTIME, IS, "strcat", LIBC },
	{ RULE_RUNTIME, IS, "strncat", LIBC },
	{ RULE_RUNTIME, IS, "strdup", LIBC },
	{ RULE_RUNTIME, IS, "strndup", LIBC },
	{ RULE_RUNTIME, IS, "strchr", LIBC },
	{ RULE_RUNTIME, IS, "strchrnul", LIBC },
	{ RULE_RUNTIME, IS, "strrchr", LIBC },
	{ RULE_RUNTIME, IS, "strstr", LIBC },
	{ RULE_RUNTIME, IS, "strcasestr", LIBC },
	{ RULE_RUNTIME, IS, "strspn", LIBC },
	{ RULE_RUNTIME, IS, "strcspn", LIBC },
	{ RULE_RUNTIME, IS, "strpbrk", LIBC },
	{ RULE_RUNTIME, IS, "strtok", LIBC },
	{ RULE_RUNTIME, IS, "strtok_r", LIBC },
	{ RULE_RUNTIME, IS, "strtol", LIBC },
	{ RULE_RUNTIME, IS, "strtoul", LIBC },
	{ RULE_RUNTIME, IS, "strtoll", LIBC },
	{ RULE_RUNTIME, IS, "strtoull", LIBC },
	{ RULE_RUNTIME, IS, "strtod", LIBC },
	{ RULE_RUNTIME, IS, "strtof", LIBC },
	{ RULE_RUNTIME, IS, "atoi", LIBC },
	{ RULE_RUNTIME, IS, "atol", LIBC },
	{ RULE_RUNTIME, IS, "atof", LIBC },
	{ RULE_RUNTIME, STARTS, "____strto", LIBC },
	{ RULE_RUNTIME, STARTS, "__strto", LIBC },
	{ RULE_RUNTIME, STARTS, "__memcpy", LIBC },
	{ RULE_RUNTIME, STARTS, "__memmove", LIBC },
	{ RULE_RUNTIME, STARTS, "__memset", LIBC },
	{ RULE_RUNTIME, STARTS, "__memcmp", LIBC },
	{ RULE_RUNTIME, STARTS, "__memchr", LIBC },
	{ RULE_RUNTIME, STARTS, "__memrchr", LIBC },
	{ RULE_RUNTIME, STARTS, "__mempcpy", LIBC },
	{ RULE_RUNTIME, STARTS, "__strlen", LIBC },
	{ RULE_RUNTIME, STARTS, "__strnlen", LIBC },
	{ RULE_RUNTIME, STARTS, "__strcpy", LIBC },
	{ RULE_RUNTIME, STARTS, "__strncpy", LIBC },
	{ RULE_RUNTIME, STARTS, "__strcmp", LIBC },
	{ RULE_RUNTIME, STARTS, "__strncmp", LIBC },
	{ RULE_RUNTIME, STARTS, "__strcat", LIBC },
	{ RULE_RUNTIME, STARTS, "__strncat", LIBC },
	{ RULE_RUNTIME, STARTS, "__strchr", LIBC },
	{ RULE_RUNTIME, STARTS, "__strrchr", LIBC },
	{ RULE_RUNTIME, STARTS, "__strdup", LIBC },
	{ RULE_RUNTIME, STARTS, "__strndup", LIBC },
	{ RULE_RUNTIME, STARTS, "__strstr", LIBC },
	{ RULE_RUNTIME, STARTS, "__strcase", LIBC },
	{ RULE_RUNTIME, STARTS, "__strncase", LIBC },
	{ RULE_RUNTIME, STARTS, "__strspn", LIBC },
	{ RULE_RUNTIME, STARTS, "__strcspn", LIBC },
	{ RULE_RUNTIME, STARTS, "__strpbrk", LIBC },
	{ RULE_RUNTIME, STARTS, "__strtok", LIBC },
	{ RULE_RUNTIME, STARTS, "__rawmem", LIBC },
	{ RULE_RUNTIME, STARTS, "__stp", LIBC },
	{ RULE_RUNTIME, STARTS, "__wcs", LIBC },
	{ RULE_RUNTIME, STARTS, "__wmem", LIBC },
	{ RULE_RUNTIME, STARTS, "__aeabi_", "compiler's helper" },
	{ RULE_RUNTIME, STARTS, "aeabi_", "compiler's helper" },
	{ RULE_RUNTIME, IS, "wcslen", LIBC },
	{ RULE_RUNTIME, IS, "wcscpy", LIBC },
	{ RULE_RUNTIME, IS, "wmemcpy", LIBC },
	{ RULE_RUNTIME, IS, "printf", LIBC },
	{ RULE_RUNTIME, IS, "fprintf", LIBC },
	{ RULE_RUNTIME, IS, "sprintf", LIBC },
	{ RULE_RUNTIME, IS, "snprintf", LIBC },
	{ RULE_RUNTIME, IS, "vprintf", LIBC },
	{ RULE_RUNTIME, IS, "vfprintf", LIBC },
	{ RULE_RUNTIME, IS, "vsprintf", LIBC },
	{ RULE_RUNTIME, IS, "vsnprintf", LIBC },
	{ RULE_RUNTIME, IS, "asprintf", LIBC },
	{ RULE_RUNTIME, IS, "vasprintf", LIBC },
	{ RULE_RUNTIME, STARTS, "__vfprintf", LIBC },
	{ RULE_RUNTIME, STARTS, "__vfscanf", LIBC },
	{ RULE_RUNTIME, STARTS, "__sprintf", LIBC },
	{ RULE_RUNTIME, STARTS, "__snprintf", LIBC },
	{ RULE_RUNTIME, STARTS, "__vsnprintf", LIBC },
	{ RULE_RUNTIME, STARTS, "__vsprintf", LIBC },
	{ RULE_RUNTIME, STARTS, "___printf", LIBC },
	{ RULE_RUNTIME, STARTS, "___sprintf", LIBC },
	{ RULE_RUNTIME, STARTS, "___snprintf", LIBC },
	{ RULE_RUNTIME, STARTS, "___vsnprintf", LIBC },
	{ RULE_RUNTIME, IS, "scanf", LIBC },
	{ RULE_RUNTIME, IS, "sscanf", LIBC },
	{ RULE_RUNTIME, IS, "fscanf", LIBC },
	{ RULE_RUNTIME, IS, "__isoc99_fscanf", LIBC },
	{ RULE_RUNTIME, IS, "vsscanf", LIBC },
	{ RULE_RUNTIME, IS, "__isoc99_sscanf", LIBC },
	{ RULE_RUNTIME, IS, "__isoc99_vsscanf", LIBC },
	{ RULE_RUNTIME, IS, "__underflow", LIBC },
	{ RULE_RUNTIME, IS, "qsort", LIBC },
	{ RULE_RUNTIME, IS, "qsort_r", LIBC },
	{ RULE_RUNTIME, IS, "bsearch", LIBC },
	{ RULE_RUNTIME, IS, "fclose", LIBC },
	{ RULE_RUNTIME, IS, "fread", LIBC },
	{ RULE_RUNTIME, IS, "fwrite", LIBC },
	{ RULE_RUNTIME, IS, "fputs", LIBC },
	{ RULE_RUNTIME, IS, "puts", LIBC },
	{ RULE_RUNTIME, IS, "backtrace", "stack printer" },
	{ RULE_RUNTIME, STARTS, "backtrace::", "stack printer" },
	{ RULE_RUNTIME, STARTS, "backtrace_symbols", "stack printer" },
	{ RULE_RUNTIME, STARTS, "dump_backtrace", "stack printer" },
	{ RULE_RUNTIME, DIR_STARTS, "glibc-", LIBC },
	{ RULE_RUNTIME, DIR_STARTS, "eglibc-", LIBC },
	{ RULE_RUNTIME, DIR, "libc", LIBC },
	{ RULE_RUNTIME, DIR, "glibc", LIBC },
	{ RULE_RUNTIME, DIR, "bionic", LIBC },
	{ RULE_RUNTIME, DIR, "minkernel", "C runtime (Windows)" },
	{ RULE_LIBRARY, DIR, "sysdeps", "a system call of libc" },
	{ RULE_LIBRARY, STARTS, "pthread_mutex_", LIBC },
	{ RULE_LIBRARY, STARTS, "pthread_rwlock_", LIBC },
	{ RULE_LIBRARY, STARTS, "pthread_cond_", LIBC },
	{ RULE_LIBRARY, IS, "objc_msgSend", "Objective-C's runtime" },
	{ RULE_RUNTIME, MODULE, "libc.so", LIBC },
	{ RULE_RUNTIME, MODULE, "libc-2", LIBC },
	{ RULE_RUNTIME, MODULE, "libpthread", LIBC },
	{ RULE_RUNTIME, MODULE, "libm.so", LIBC },
	{ RULE_RUNTIME, MODULE, "libdl.so", LIBC },
	{ RULE_RUNTIME, MODULE, "ld-linux", "dynamic loader" },
	{ RULE_RUNTIME, MODULE, "ld-2", "dynamic loader" },
	{ RULE_RUNTIME, MODULE, "ld-musl", LIBC },
	{ RULE_RUNTIME, MODULE, "linux-gate", "kernel" },
	{ RULE_RUNTIME, MODULE, "linux-vdso", "kernel" },
	{ RULE_RUNTIME, MODULE, "[vdso]", "kernel" },
	{ RULE_RUNTIME, MODULE, "libgcc_s", "unwinder" },
	{ RULE_RUNTIME, MODULE, "libunwind", "unwinder" },
	{ RULE_RUNTIME, MODULE, "libsystem_", "libc (macOS)" },
	{ RULE_RUNTIME, MODULE, "ntdll", "libc (Windows)" },
	{ RULE_RUNTIME, MODULE, "ucrtbase", "libc (Windows)" },
	{ RULE_RUNTIME, MODULE, "KERNEL", "libc (Windows)" },
	{ RULE_RUNTIME, MODULE, "kernel32", "libc (Windows)" },
	{ RULE_RUNTIME, MODULE, "msvcr", "libc (Windows)" },
	{ RULE_RUNTIME, MODULE, "MSVCR", "libc (Windows)" },
	{ RULE_RUNTIME, MODULE, "VCRUNTIME", "libc (Windows)" },
#undef LIBC
#define CXX "C++ library"
	{ RULE_RUNTIME, MODULE, "libstdc++", CXX },
	{ RULE_RUNTIME, MODULE, "libc++", CXX },
	{ RULE_RUNTIME, DIR_STARTS, "libc++", CXX },
	{ RULE_RUNTIME, DIR_STARTS, "libcxx", CXX },
	{ RULE_RUNTIME, DIR_STARTS, "libstdc++", CXX },
	{ RULE_RUNTIME, DIR, "llvm-build", "headers of the toolchain" },
	{ RULE_RUNTIME, DIR, "gcc", "headers of the toolchain" },
	{ RULE_RUNTIME, DIR, "crosstool", "headers of the toolchain" },
	{ RULE_LIBRARY, DIR, "c++", "C++ library headers" },
	{ RULE_LIBRARY, STARTS, "std::", CXX },
	{ RULE_LIBRARY, STARTS, "__gnu_cxx::", CXX },
	{ RULE_LIBRARY, DIR_STARTS, "abseil-cpp", "C++ utility library" },
	{ RULE_LIBRARY, STARTS, "absl::", "C++ utility library" },
#undef CXX
#define RUST "Rust's runtime"
	{ RULE_RUNTIME, STARTS, "core::panicking::", RUST },
	{ RULE_RUNTIME, STARTS, "core::panic::", RUST },
	{ RULE_RUNTIME, STARTS, "core::option::", RUST },
	{ RULE_RUNTIME, STARTS, "core::result::", RUST },
	{ RULE_RUNTIME, STARTS, "core::ops::", RUST },
	{ RULE_RUNTIME, STARTS, "core::slice::", RUST },
	{ RULE_RUNTIME, STARTS, "core::str::", RUST },
	{ RULE_RUNTIME, STARTS, "core::fmt::", RUST },
	{ RULE_RUNTIME, STARTS, "core::iter::", RUST },
	{ RULE_RUNTIME, STARTS, "core::ptr::", RUST },
	{ RULE_RUNTIME, STARTS, "core::cell::", RUST },
	{ RULE_RUNTIME, STARTS, "core::num::", RUST },
	{ RULE_RUNTIME, STARTS, "core::intrinsics::", RUST },
	{ RULE_RUNTIME, STARTS, "core::hint::", RUST },
	{ RULE_RUNTIME, STARTS, "core::mem::", RUST },
	{ RULE_RUNTIME, STARTS, "core::array::", RUST },
	{ RULE_RUNTIME, STARTS, "core::char::", RUST },
	{ RULE_RUNTIME, STARTS, "core::convert::", RUST },
	{ RULE_RUNTIME, STARTS, "core::any::", RUST },
	{ RULE_RUNTIME, STARTS, "core::cmp::", RUST },
	{ RULE_RUNTIME, STARTS, "core::future::", RUST },
	{ RULE_RUNTIME, STARTS, "core::hash::", RUST },
	{ RULE_RUNTIME, STARTS, "core::pin::", RUST },
	{ RULE_RUNTIME, STARTS, "core::sync::", RUST },
	{ RULE_RUNTIME, STARTS, "core::task::", RUST },
	{ RULE_RUNTIME, STARTS, "core::time::", RUST },
	{ RULE_RUNTIME, STARTS, "core::unicode::", RUST },
	{ RULE_RUNTIME, STARTS, "core::alloc::", RUST },
	{ RULE_RUNTIME, STARTS, "std::panic", RUST },
	{ RULE_RUNTIME, STARTS, "std::sys", RUST },
	{ RULE_RUNTIME, STARTS, "std::rt::", RUST },
	{ RULE_RUNTIME, STARTS, "std::process::", RUST },
	{ RULE_RUNTIME, STARTS, "std::thread::", RUST },
	{ RULE_RUNTIME, STARTS, "std::alloc::", RUST },
	{ RULE_RUNTIME, STARTS, "std::backtrace", RUST },
	{ RULE_RUNTIME, STARTS, "std::io::Write::write_fmt", RUST },
	{ RULE_RUNTIME, STARTS, "panic_abort::", RUST },
	{ RULE_RUNTIME, STARTS, "panic_unwind::", RUST },
	{ RULE_RUNTIME, STARTS, "rust_begin_unwind", RUST },
	{ RULE_RUNTIME, STARTS, "__rustc", RUST },
	{ RULE_RUNTIME, STARTS, "rust_panic", RUST },
	{ RULE_RUNTIME, STARTS, "rust_oom", RUST },
	{ RULE_RUNTIME, STARTS, "__rust_start_panic", RUST },
	{ RULE_RUNTIME, STARTS, "__rust_try", RUST },
	{ RULE_RUNTIME, STARTS, "__rust_maybe_catch_panic", RUST },
	{ RULE_RUNTIME, DIR, "rustc", RUST },
	{ RULE_RUNTIME, DIR, "rustlib", RUST },
#undef RUST
	{ RULE_RUNTIME, STARTS, "runtime.", "Go's runtime" },
	{ RULE_RUNTIME, STARTS, "runtime/", "Go's runtime" },
	{ RULE_RUNTIME, IS, "panic", "Go's runtime" },
	{ RULE_RUNTIME, STARTS, "_cgo_", "Go's runtime" },
	{ RULE_RUNTIME, STARTS, "crosscall", "Go's runtime" },
	{ RULE_RUNTIME, IS, "testing.tRunner", "Go's test runner" },
};

enum { N_RULES = sizeof(rules) / sizeof(rules[0]) };

static struct rule_index shared;

static void index_init(void)
{
	struct rule_index *ix = &shared;

	_Static_assert(N_RULES <= ARRAY_LEN(shared.next), "rule_index is too small");
	memset(ix->head, -1, sizeof(ix->head));
	memset(ix->dir, -1, sizeof(ix->dir));
	memset(ix->mod, -1, sizeof(ix->mod));
	for (int i = N_RULES; i--;) {
		unsigned c = pair_hash(rules[i].text);
		int16_t *head = rules[i].how == MODULE   ? ix->mod
				: rules[i].how <= STARTS ? ix->head
							 : ix->dir;

		ix->next[i] = head[c];
		head[c] = (int16_t)i;
	}
}

/* Made once, never changed after. */
const struct rule_index *rule_index(void)
{
	static pthread_once_t once = PTHREAD_ONCE_INIT;

	pthread_once(&once, index_init);
	return &shared;
}

/* A rule that takes the frame out wins over one that only keeps it from signing. */
static const struct rule *match(const int16_t *head, const struct rule_index *ix, struct strv s)
{
	const struct rule *soft = NULL;

	if (s.len < 2)
		return NULL;
	for (int i = head[pair_hash(s.s)]; i >= 0; i = ix->next[i]) {
		const struct rule *r = &rules[i];
		size_t n = 0;

		while (n < s.len && r->text[n] == s.s[n] && r->text[n])
			n++;
		if (r->text[n])
			continue;
		if (s.len != n && r->how != STARTS && r->how != DIR_STARTS && r->how != MODULE)
			continue;
		if (r->class != RULE_LIBRARY)
			return r;
		soft = soft ? soft : r;
	}
	return soft;
}

/* macOS and Windows name an interceptor after what it wraps: wrap_strlen; but wrap_text is the project's. */
static const struct rule *match_wrapped(const struct rule_index *ix, struct strv s)
{
	const struct rule *r;

	if (!strv_skip(&s, "wrap_") && !strv_skip(&s, "interceptor_"))
		return NULL;
	r = match(ix->head, ix, s);
	return r && r->how == IS && r->class == RULE_RUNTIME ? r : NULL;
}

static const struct rule *match_path(const struct rule_index *ix, const char *path)
{
	const struct rule *soft = NULL;

	for (const char *s = path, *end; *s; s = end + 1) {
		const struct rule *r;

		for (end = s; *end && *end != '/' && *end != '\\';)
			end++;
		if (!*end)
			break; /* the file itself */
		r = match(ix->dir, ix, strv_n(s, (size_t)(end - s)));
		if (r && r->class == RULE_RUNTIME)
			return r;
		if (r)
			soft = r;
	}
	return soft;
}

enum rule_class rule_for(
	const struct rule_index *ix, const struct crash_frame *f, const char **rule)
{
	const struct rule *r = NULL, *soft = NULL;

	if (f->function && f->name) {
		r = match(ix->head, ix, strv_of(f->name));
		if (!r)
			r = match_wrapped(ix, strv_of(f->name));
		if (r && r->class == RULE_LIBRARY) {
			soft = r;
			r = NULL;
		}
	}
	if (!r && f->file && f->function) {
		r = match_path(ix, f->file);
		if (r && r->class == RULE_LIBRARY) {
			soft = soft ? soft : r;
			r = NULL;
		}
	}
	if (!r && f->module)
		r = match(ix->mod, ix, path_base(strv_of(f->module)));
	if (!r)
		r = soft;
	*rule = r ? r->why : NULL;
	return r ? r->class : RULE_KEEP;
}
