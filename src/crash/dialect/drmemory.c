/* Dr. Memory: "Error #1: UNADDRESSABLE ACCESS of freed memory: reading 0x..-0x.. 1 byte(s)", frames "# 0 f  [a.c:1]". */
#include "base/prelude.h"
#include "crash/internal.h"
#include "crash/dialect/internal.h"

static const struct name_kind errors[] = {
	{ "UNADDRESSABLE ACCESS of freed memory", "use-after-free" },
	{ "UNADDRESSABLE ACCESS beyond heap bounds", "heap-buffer-overflow" },
	{ "UNADDRESSABLE ACCESS beyond top of stack", "stack-buffer-overflow" },
	{ "UNADDRESSABLE ACCESS", "segv" },
	{ "UNINITIALIZED READ", "uninitialized-value" },
	{ "INVALID HEAP ARGUMENT to free", "invalid-free" },
	{ "INVALID HEAP ARGUMENT: allocated with", "alloc-dealloc-mismatch" },
	{ "INVALID HEAP ARGUMENT", "invalid-free" },
	{ "WARNING: heap allocation failed", "out-of-memory" },
	{ "POSSIBLE LEAK", NULL },
	{ "REACHABLE LEAK", NULL },
	{ "LEAK", "leak" },
	{ "GDI USAGE ERROR", "assertion" },
	{ "HANDLE LEAK", NULL },
	{ NULL, NULL },
};

static bool is_ours(const struct crash_report *r)
{
	return r && !strcmp(r->sanitizer, "drmemory");
}

bool drmemory_error(struct crash_parser *p, struct strv line, size_t at)
{
	struct strv s = strv_from(line, at + 7), num, rest;
	const struct name_kind *k;
	struct crash_report *r;
	unsigned digits;
	size_t size;
	bool leak;

	scan_dec(&s, &digits);
	if (!digits || !strv_skip(&s, ":"))
		return false;
	s = skip_blank(s);
	k = name_kind_find(errors, s);
	if (!k)
		return false;
	if (!k->kind) {
		p->cur = NULL; /* nothing is lost there; its frames are nobody's */
		return true;
	}
	leak = !strcmp(k->kind, "leak");
	r = report_open(p, "drmemory", k->kind, leak ? RANK_LEAK : RANK_REPORT);
	report_message(r, s);
	if (strv_contains(s, ": reading "))
		r->access = CRASH_READ;
	else if (strv_contains(s, ": writing ") || strv_contains(s, ": executing "))
		r->access = CRASH_WRITE;
	if (find_hex(s, &r->address, &rest) && !leak)
		r->has_address = true;
	size = strv_find(s, " byte(s)");
	if (size == SIZE_MAX)
		size = strv_find(s, " direct bytes");
	for (; size != SIZE_MAX && size && s.s[size - 1] >= '0' && s.s[size - 1] <= '9';)
		size--;
	if (size != SIZE_MAX) {
		num = strv_from(s, size);
		r->size = scan_dec(&num, &digits);
	}
	return true;
}

/* "Note: refers to 2 byte(s) beyond last valid byte in prior malloc", "Note: next higher malloc: ..." */
bool drmemory_note(struct crash_parser *p, struct strv line, size_t at)
{
	struct crash_report *r = p->cur;
	struct strv s = strv_from(line, at);

	if (!is_ours(r))
		return false;
	if (strv_contains(s, "overlaps memory") && strv_contains(s, "was freed") &&
		!strcmp(r->kind, "segv"))
		r->kind = "use-after-free";
	else if (!strcmp(r->kind, "segv") && (strv_contains(s, "beyond last valid byte") ||
						     strv_contains(s, "before next higher malloc")))
		r->kind = "heap-buffer-overflow";
	else if (!strcmp(r->kind, "invalid-free") && strv_contains(s, "was already freed"))
		r->kind = "double-free";
	report_expect(
		r, strv_contains(s, "freed here") ? CRASH_STACK_FREE : CRASH_STACK_OTHER, line);
	return true;
}
