/*
 * What stands above the fault: the handler that the program installed and what it called, down to the frame in which
 * the signal arrived. gdb names that frame; backtrace_symbols shows it as an unnamed place in libc. And what the
 * frames of abort's machinery say of why it was called.
 */
#include "base/prelude.h"
#include "crash/internal.h"

static bool is_libc(const char *module)
{
	static const char *const names[] = { "libc.so", "libc-2", "libpthread", "ld-musl",
		"libsystem_platform" };
	struct strv base;

	if (!module)
		return false;
	base = path_base(strv_of(module));
	for (size_t i = 0; i < ARRAY_LEN(names); i++)
		if (strv_starts(base, names[i]))
			return true;
	return false;
}

static bool raises(const struct crash_frame *f)
{
	static const char *const names[] = { "gsignal", "raise", "__GI_raise", "abort",
		"__GI_abort", "pthread_kill", "__pthread_kill", "__GI___pthread_kill", "kill",
		"tgkill", "__pthread_kill_implementation", "__pthread_kill_internal" };

	for (size_t i = 0; f->function && i < ARRAY_LEN(names); i++)
		if (*f->function == *names[i] && !strcmp(f->function, names[i]))
			return true;
	return false;
}

bool gave_up(const struct crash_report *r)
{
	const struct crash_stack *s = report_fault(r);

	for (size_t i = 0; s && i < MIN(s->n, (size_t)6); i++)
		if (raises(&s->frames[i]))
			return true;
	return false;
}

/* glibc's symbols end before __restore_rt, so what is looked up there gets a neighbour's name. */
static bool is_neighbour(const struct crash_frame *f)
{
	static const char *const names[] = { "killpg", "__sigaction", "sigaction", "funlockfile",
		"__libc_sigaction" };

	for (size_t i = 0; f->function && i < ARRAY_LEN(names); i++)
		if (*f->function == *names[i] && !strcmp(f->function, names[i]))
			return true;
	return false;
}

static bool is_unnamed_libc(const struct crash_frame *f)
{
	return !f->function && is_libc(f->module);
}

/* Behind it goes on what the signal interrupted: the program's own, or whoever raised it, but not libc's callers. */
static bool interrupts(const struct crash_stack *s, size_t i)
{
	size_t k = i + 1;

	while (k < s->n && is_unnamed_libc(&s->frames[k]))
		k++;
	if (k == s->n)
		return false; /* where the thread began */
	if (raises(&s->frames[k]))
		return true;
	return k == i + 1 && !is_libc(s->frames[k].module);
}

/* A debugger stopped in the handler itself: then the handler's frames are the fault's. */
static bool handler_failed(const struct crash_report *r, const struct crash_stack *s)
{
	static const char *const words[] = { "andle", "ignal", "sig_", "rash", "atal", "bort",
		"race", "ump", "anic", "ermin", "egv", "ault", "uard", "rap", "xcept", "rror",
		"ssert", "ebug", "kill", "aise", "exit" };
	const struct crash_frame *top = &s->frames[0];

	if (strcmp(r->sanitizer, "gdb") || strcmp(r->kind, "segv") || !top->function || !top->file)
		return false;
	for (size_t i = 0; i < ARRAY_LEN(words); i++)
		if (strstr(top->function, words[i]))
			return false;
	return !strstr(top->file, "sysdeps") && !strstr(top->file, "nptl") &&
	       !strstr(top->file, "libio") && !strstr(top->file, "malloc");
}

size_t frames_above_fault(const struct crash_report *r, const struct crash_stack *s)
{
	if (by_sanitizer(r) || s->n < 2)
		return 0;
	for (size_t i = 0; i < s->n && i < 32; i++) {
		const struct crash_frame *f = &s->frames[i];

		if ((is_unnamed_libc(f) || is_neighbour(f)) && interrupts(s, i))
			return i + 1;
		if (f->function && !strcmp(f->function, "main"))
			break;
	}
	return 0;
}

bool boundary_cuts(
	const struct crash_report *r, const struct crash_stack *s, const struct crash_frame *f)
{
	return strcmp(f->name, "<signal handler called>") || !handler_failed(r, s);
}

static const struct {
	const char *function, *kind;
	enum crash_access access;
} telltales[] = {
	{ "__stack_chk_fail", "stack-buffer-overflow", CRASH_WRITE },
	{ "__GI___stack_chk_fail", "stack-buffer-overflow", CRASH_WRITE },
	{ "__report_gsfailure", "stack-buffer-overflow", CRASH_WRITE },
	{ "__chk_fail", "buffer-overflow", CRASH_WRITE },
	{ "__GI___chk_fail", "buffer-overflow", CRASH_WRITE },
	{ "__fortify_fail", "buffer-overflow", CRASH_WRITE },
	{ "__GI___fortify_fail", "buffer-overflow", CRASH_WRITE },
	{ "__assert_fail", "assertion", CRASH_ACCESS_NONE },
	{ "__GI___assert_fail", "assertion", CRASH_ACCESS_NONE },
	{ "__assert_rtn", "assertion", CRASH_ACCESS_NONE },
	{ "__assert13", "assertion", CRASH_ACCESS_NONE },
	{ "__assert2", "assertion", CRASH_ACCESS_NONE },
	{ "_wassert", "assertion", CRASH_ACCESS_NONE },
	{ "qt_assert", "assertion", CRASH_ACCESS_NONE },
	{ "qt_assert_x", "assertion", CRASH_ACCESS_NONE },
	{ "g_assertion_message", "assertion", CRASH_ACCESS_NONE },
	{ "g_assertion_message_expr", "assertion", CRASH_ACCESS_NONE },
	{ "std::__replacement_assert", "assertion", CRASH_ACCESS_NONE },
	{ "std::__glibcxx_assert_fail", "assertion", CRASH_ACCESS_NONE },
	{ "malloc_printerr", "heap-corruption", CRASH_ACCESS_NONE },
	{ "__malloc_assert", "heap-corruption", CRASH_ACCESS_NONE },
	{ "__cxa_pure_virtual", "pure-virtual-call", CRASH_ACCESS_NONE },
	{ "_purecall", "pure-virtual-call", CRASH_ACCESS_NONE },
	{ "__cxa_throw", "uncaught-exception", CRASH_ACCESS_NONE },
	{ "std::terminate", "uncaught-exception", CRASH_ACCESS_NONE },
	{ "__gnu_cxx::__verbose_terminate_handler", "uncaught-exception", CRASH_ACCESS_NONE },
	{ "rust_panic", "assertion", CRASH_ACCESS_NONE },
	{ "rust_begin_unwind", "assertion", CRASH_ACCESS_NONE },
	{ "qFatal", "fatal-error", CRASH_ACCESS_NONE },
	{ "Py_FatalError", "fatal-error", CRASH_ACCESS_NONE },
	{ "RtlReportCriticalFailure", "heap-corruption", CRASH_ACCESS_NONE },
	{ "abort", "abort", CRASH_ACCESS_NONE },
	{ "__GI_abort", "abort", CRASH_ACCESS_NONE },
};

/* The name up to its arguments. */
static bool is_function(const char *f, const char *name)
{
	size_t n = strlen(name);

	return !strncmp(f, name, n) && (!f[n] || f[n] == '(' || f[n] == '@' || f[n] == ' ');
}

static const char *malloc_kind(const struct crash_report *r)
{
	return r->priv->said && strstr(r->priv->said, "double free")       ? "double-free"
	       : r->priv->said && strstr(r->priv->said, "invalid pointer") ? "invalid-free"
									   : "heap-corruption";
}

void refine_by_frames(struct crash_report *r)
{
	const struct crash_stack *s = report_fault(r);
	bool unknown = !strcmp(r->kind, "unknown");

	if (r->priv->handled > 0 &&
		(unknown || (!strcmp(r->kind, "abort") && r->priv->is_signal))) {
		const struct report_signal *sig = signal_by_number(r->priv->handled);

		/* a handler that gives up was called for the signal that counts */
		if (sig && (unknown || strcmp(sig->kind, "abort"))) {
			r->kind = sig->kind;
			r->priv->gave_up = false;
			return;
		}
	}
	if (!s || by_sanitizer(r) || (!unknown && strcmp(r->kind, "abort")))
		return;
	for (size_t k = 0; k < ARRAY_LEN(telltales); k++)
		for (size_t i = 0; i < s->n && i < 24; i++) {
			const char *f = s->frames[i].function;

			if (!f || !is_function(f, telltales[k].function))
				continue;
			r->kind = telltales[k].kind;
			if (!strcmp(f, "malloc_printerr"))
				r->kind = malloc_kind(r);
			if (!r->access)
				r->access = telltales[k].access;
			return;
		}
}
