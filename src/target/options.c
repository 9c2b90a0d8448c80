/*
 * What sanitizers are told. Order decides, as the last one wins: defaults of ours that people may change, then
 * what is in the environment, then what the server can't work without.
 */
#include "base/prelude.h"
#include "target/internal.h"
#include "runtime/thresh_rt_protocol.h"
#include <stdio.h>

struct sanitizer_options {
	const char *var;
	const char *defaults;
	const char *needed;
};

static const struct sanitizer_options table[] = {
	{ "ASAN_OPTIONS",
		"alloc_dealloc_mismatch=0:allocator_may_return_null=1:"
		"allocator_release_to_os_interval_ms=-1:check_malloc_usable_size=0:"
		"detect_odr_violation=2:detect_stack_use_after_return=1:max_uar_stack_size_log=16:"
		"strict_memcmp=1:quarantine_size_mb=10:print_scariness=0:"
		"handle_segv=1:handle_sigbus=1:handle_abort=1:handle_sigill=1:handle_sigfpe=1:"
		"use_sigaltstack=1:dedup_token_length=0",
		"abort_on_error=0:leak_check_at_exit=0:color=never:log_path=stderr:disable_"
		"coredump=1" },
	{ "UBSAN_OPTIONS", "print_stacktrace=1:handle_segv=1:handle_abort=1:handle_sigfpe=1",
		"halt_on_error=1:abort_on_error=0:color=never:log_path=stderr:report_error_type="
		"1" },
	{ "MSAN_OPTIONS",
		"allocator_may_return_null=1:allocator_release_to_os_interval_ms=-1:"
		"handle_segv=1:handle_sigbus=1:handle_abort=1:handle_sigill=1:handle_sigfpe=1",
		"abort_on_error=0:color=never:log_path=stderr" },
	{ "TSAN_OPTIONS", "allocator_may_return_null=1:handle_segv=1:handle_abort=1",
		"halt_on_error=1:abort_on_error=0:color=never:log_path=stderr" },
	{ "LSAN_OPTIONS", "print_suppressions=0", "color=never:log_path=stderr" },
};

/* The value that the spec's own entries, then our environment, give a variable. */
static const char *current_value(const struct target_spec *spec, const char *var)
{
	size_t n = strlen(var);

	for (const char *const *e = spec->env; e && *e; e++)
		if (!strncmp(*e, var, n) && (*e)[n] == '=')
			return *e + n + 1;
	return getenv(var);
}

void options_env(const struct target_spec *spec, const char *scratch, struct strlist *env)
{
	for (const char *const *e = spec->env; e && *e; e++)
		strlist_add(env, *e);
	for (size_t i = 0; i < ARRAY_LEN(table); i++) {
		const struct sanitizer_options *o = &table[i];
		const char *user = current_value(spec, o->var);
		const char *code = strcmp(o->var, "MSAN_OPTIONS") ? "exitcode" : "exit_code";

		strlist_addf(env, "%s=%s:%s%s%s:%s=%d:symbolize=%d%s", o->var, o->defaults,
			user ? user : "", user && *user ? ":" : "", o->needed, code,
			THRESH_RT_EXIT_CRASH, spec->symbolize ? 1 : 0,
			strcmp(o->var, "ASAN_OPTIONS") ? ""
			: spec->leaks                  ? ":detect_leaks=1"
						       : ":detect_leaks=0");
	}
	strlist_addf(env, "TMPDIR=%s", scratch);
}
