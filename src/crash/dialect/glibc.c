/*
 * What libc says before it calls abort: assert, fortify, stack protector, malloc's checks (glibc, musl,
 * bionic, the BSDs, Scudo, GWP-ASan). The stack comes with the signal that follows, if anything catches it.
 */
#include "base/prelude.h"
#include "crash/internal.h"

static struct crash_report *cause(
	struct crash_parser *p, const char *who, const char *kind, struct strv message)
{
	struct crash_report *r = report_open(p, who, kind, RANK_FATAL);

	r->priv->wants_stack = true;
	report_message(r, message);
	return r;
}

/* What is between the quotes, up to `tail`. */
static struct strv quoted(struct strv s, const char *tail)
{
	size_t end = strv_rfind(s, tail);

	return strv_sub(s, 0, end == SIZE_MAX ? s.len : end);
}

/* glibc: "prog: file.c:12: func: Assertion `expr' failed."; libstdc++: "Assertion 'expr' failed." */
bool glibc_assert(struct crash_parser *p, struct strv line, size_t at)
{
	struct strv s = strv_from(line, at + 11);
	bool cxx = line.s[at + 10] == '\'';
	struct crash_report *r;

	if (!strv_contains(s, "' failed") && p->cur && !cxx)
		return false;
	r = cause(p, cxx ? "libstdc++" : "glibc", "assertion", quoted(s, "' failed"));
	r->priv->debug_only = !cxx;
	return true;
}

/* bionic, FreeBSD, uClibc: "file.c:12: func: assertion "expr" failed" */
bool bsd_assert(struct crash_parser *p, struct strv line, size_t at)
{
	struct strv s = strv_from(line, at + 11);

	if (!strv_contains(s, "\" failed"))
		return false;
	cause(p, "libc", "assertion", quoted(s, "\" failed"))->priv->debug_only = true;
	return true;
}

/*
 * musl: "Assertion failed: expr (file.c: func: 12)"; macOS: "Assertion failed: (expr), function f, file x.c,
 * line 12."; Windows: "Assertion failed: expr, file x.c, line 12"
 */
bool libc_assertion_failed(struct crash_parser *p, struct strv line, size_t at)
{
	struct strv s = strv_from(line, at + 17);
	size_t cut;

	cut = MIN(strv_find(s, ", function "), strv_find(s, ", file "));
	if (cut == SIZE_MAX && s.len && s.s[s.len - 1] == ')')
		cut = strv_rfind(s, " (");
	s = strv_trim(strv_sub(s, 0, cut == SIZE_MAX ? s.len : cut));
	if (s.len > 2 && s.s[0] == '(' && s.s[s.len - 1] == ')' && cut != SIZE_MAX)
		s = strv_sub(s, 1, s.len - 2);
	cause(p, "libc", "assertion", s)->priv->debug_only = true;
	return true;
}

static const struct name_kind stars[] = {
	{ "stack smashing detected", "stack-buffer-overflow" },
	{ "buffer overflow detected", "buffer-overflow" },
	{ "%n in writable segment", "format-string" },
	{ "invalid %N$ use detected", "format-string" },
	{ "longjmp causes uninitialized stack frame", "stack-buffer-overflow" },
	{ "double free or corruption", "double-free" },
	{ "free(): invalid", "invalid-free" },
	{ "munmap_chunk(): invalid pointer", "invalid-free" },
	{ "corrupted", "heap-corruption" },
	{ "malloc(): ", "heap-corruption" },
	{ "realloc(): invalid pointer", "invalid-free" },
	{ "realloc(): ", "heap-corruption" },
	{ "invalid fastbin entry", "heap-corruption" },
	{ "bit out of range", "buffer-overflow" },
	{ NULL, NULL },
};

/* "*** stack smashing detected ***: terminated", "*** Error in `x': free(): invalid size: 0x1 ***" */
bool glibc_stars(struct crash_parser *p, struct strv line, size_t at)
{
	struct strv s = strv_from(line, at);
	const struct name_kind *k;
	struct crash_report *r;
	size_t colon;

	if (strv_skip(&s, "FORTIFY: ")) {
		r = cause(p, "libc", "buffer-overflow", s);
		r->access = strv_contains(s, "read") ? CRASH_READ : CRASH_WRITE;
		return true;
	}
	strv_skip(&s, "*** ");
	if (strv_skip(&s, "Error in `")) {
		colon = strv_find(s, "': ");
		s = strv_from(s, colon == SIZE_MAX ? s.len : colon + 3);
	}
	if (strv_skip(&s, "glibc detected *** ")) {
		colon = strv_find(s, ": ");
		s = strv_from(s, colon == SIZE_MAX ? 0 : colon + 2);
	}
	k = name_kind_find(stars, s);
	if (!k)
		return false;
	colon = strv_find(s, " ***");
	if (colon == SIZE_MAX)
		colon = strv_find(s, ": 0x");
	r = cause(p, "glibc", k->kind, strv_sub(s, 0, colon == SIZE_MAX ? s.len : colon));
	if (strv_starts(s, "stack smashing") || strv_starts(s, "buffer overflow"))
		r->access = CRASH_WRITE;
	if (!strcmp(k->kind, "double-free") || !strcmp(k->kind, "invalid-free"))
		r->has_address = find_hex(s, &r->address, &s);
	return true;
}

bool glibc_malloc(struct crash_parser *p, struct strv line, size_t at)
{
	static const struct name_kind aborts[] = { { "free(): double free", "double-free" },
		{ "double free or corruption", "double-free" },
		{ "free(): invalid", "invalid-free" }, { "free(): ", "heap-corruption" },
		{ "munmap_chunk(): invalid", "invalid-free" },
		{ "mremap_chunk(): ", "invalid-free" },
		{ "realloc(): invalid pointer", "invalid-free" },
		{ "malloc(): ", "heap-corruption" }, { "realloc(): ", "heap-corruption" },
		{ "calloc(): ", "heap-corruption" },
		{ "malloc_consolidate(): ", "heap-corruption" },
		{ "corrupted ", "heap-corruption" }, { "invalid fastbin", "heap-corruption" },
		{ "break adjusted", "heap-corruption" }, { "tcache_thread", "heap-corruption" },
		{ NULL, NULL } };
	struct strv s = strv_from(line, at);
	const struct name_kind *k = name_kind_find(aborts, s);

	if (!k || s.len > 120)
		return false;
	cause(p, "glibc", k->kind, s);
	return true;
}

/* "Fatal glibc error: malloc.c:2599 (sysmalloc): assertion failed: (old_top == ..." */
bool glibc_fatal(struct crash_parser *p, struct strv line, size_t at)
{
	struct strv s = strv_from(line, at + 19);
	size_t a = strv_find(s, "assertion failed: ");
	bool heap = strv_starts(s, "malloc.c") || strv_starts(s, "malloc assertion");

	cause(p, "glibc", heap ? "heap-corruption" : "assertion",
		a == SIZE_MAX ? s : strv_from(s, a + 18));
	return true;
}

bool scudo_error(struct crash_parser *p, struct strv line, size_t at)
{
	static const struct name_kind errors[] = { { "invalid chunk state", "double-free" },
		{ "misaligned pointer", "invalid-free" },
		{ "allocation type mismatch", "alloc-dealloc-mismatch" },
		{ "corrupted chunk header", "heap-corruption" },
		{ "race on chunk header", "data-race" }, { "invalid sized delete", "invalid-free" },
		{ "requested allocation size", "out-of-memory" },
		{ "out of memory", "out-of-memory" }, { "internal map failure", "out-of-memory" },
		{ NULL, NULL } };
	struct strv s = strv_from(line, at + 13);
	const struct name_kind *k = name_kind_find(errors, s);
	struct strv rest;
	struct crash_report *r = cause(p, "scudo", k ? k->kind : "heap-corruption", s);

	r->has_address = find_hex(s, &r->address, &rest);
	return true;
}

/* The kind stands on the next line: "Use After Free at 0x7f (0 bytes into a 41-byte allocation at ..." */
bool gwp_asan(struct crash_parser *p, struct strv line, size_t at)
{
	struct crash_report *r = report_open(p, "gwp-asan", "unknown-crash", RANK_FATAL);

	(void)line;
	(void)at;
	r->priv->want_message = 1;
	r->priv->wants_stack = true;
	return true;
}
