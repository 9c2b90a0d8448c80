/* valgrind's memcheck: every line behind "==PID== ". */
#include "base/prelude.h"
#include "crash/internal.h"
#include "crash/dialect/internal.h"

static const struct name_kind errors[] = {
	{ "Invalid read of size ", "invalid-access" },
	{ "Invalid write of size ", "invalid-access" },
	{ "Invalid free()", "invalid-free" },
	{ "Mismatched free()", "alloc-dealloc-mismatch" },
	{ "Mismatched new/delete size", "alloc-dealloc-mismatch" },
	{ "Conditional jump or move depends on uninitialised", "uninitialized-value" },
	{ "Use of uninitialised value of size ", "uninitialized-value" },
	{ "Source and destination overlap in ", "memcpy-param-overlap" },
	{ "Jump to the invalid address", "segv" },
	{ "Stack overflow in thread", "stack-overflow" },
	{ "Can't extend stack to", "stack-overflow" },
	{ NULL, NULL },
};

/* "1,234" at the start */
uint64_t with_commas(struct strv s)
{
	uint64_t v = 0;

	for (; s.len && ((*s.s >= '0' && *s.s <= '9') || *s.s == ','); s = strv_from(s, 1))
		if (*s.s != ',' && v < INT64_MAX / 20)
			v = v * 10 + (unsigned)(*s.s - '0');
	return v;
}

/* "is 0 bytes after a block of size 16 alloc'd", "is 4 bytes inside a block of size 16 free'd" */
static void address_is(struct crash_report *r, struct strv s)
{
	size_t size_at = strv_find(s, "a block of size "), is = strv_find(s, " is ");
	struct strv num, rest;
	unsigned digits;
	uint64_t off;

	r->has_address = find_hex(s, &r->address, &rest);
	if (strv_contains(s, "not stack'd, malloc'd")) {
		if (!strcmp(r->kind, "invalid-access"))
			r->kind = "segv";
		return;
	}
	if (size_at == SIZE_MAX || is == SIZE_MAX) {
		if (strv_contains(s, "thread") && strv_contains(s, "stack") &&
			!strcmp(r->kind, "invalid-access"))
			r->kind = "stack-buffer-overflow";
		return;
	}
	num = strv_from(s, is + 4);
	off = scan_dec_max(&num, &digits, (uint64_t)INT64_MAX / 2);
	num = strv_from(s, size_at + 16);
	r->block_size = with_commas(num);
	r->has_block = true;
	r->block_offset = strv_contains(s, " before ")  ? -(int64_t)off
			  : strv_contains(s, " after ") ? (int64_t)(r->block_size + off)
							: (int64_t)off;
	if (strv_contains(s, "free'd")) {
		if (!strcmp(r->kind, "invalid-access"))
			r->kind = "use-after-free";
		else if (!strcmp(r->kind, "invalid-free"))
			r->kind = "double-free";
		report_expect(r, CRASH_STACK_FREE, s);
	} else {
		if (!strcmp(r->kind, "invalid-access"))
			r->kind = "heap-buffer-overflow";
		report_expect(r, CRASH_STACK_ALLOC, s);
	}
}

static bool headline(struct crash_parser *p, struct strv s, long pid)
{
	const struct name_kind *k = name_kind_find(errors, s);
	const char *kind = k ? k->kind : NULL;
	bool leak = false;
	struct crash_report *r;
	struct strv num;
	unsigned digits;

	if (!kind && strv_starts(s, "Syscall param "))
		kind = strv_contains(s, "uninitialised") ? "uninitialized-value" : "invalid-access";
	if (!kind && strv_starts(s, "Argument '"))
		kind = "negative-size-param";
	if (!kind && strv_contains(s, " blocks are ") && strv_contains(s, "in loss record"))
		leak = true;
	if (!kind && strv_starts(s, "Process terminating with default action of signal ")) {
		const struct report_signal *sig;

		num = strv_from(s, strv_find(s, "signal ") + 7);
		sig = signal_by_number((int)scan_dec_max(&num, &digits, (uint64_t)64));
		if (p->cur && !strcmp(p->cur->kind, "stack-overflow") && !p->cur->n_stacks)
			return true; /* its stack follows */
		r = signal_open(p, "valgrind", sig ? sig->kind : "deadly-signal");
		r->pid = pid;
		report_message(r, s);
		return true;
	}
	if (!kind && !leak)
		return false;
	if (leak && !strv_contains(s, "definitely") && !strv_contains(s, "indirectly"))
		return true; /* possibly lost, still reachable */
	if (!strcmp(kind ? kind : "", "stack-overflow") && p->cur &&
		!strcmp(p->cur->kind, "stack-overflow"))
		return true; /* said twice */
	r = report_open(p, "valgrind", leak ? "leak" : kind, leak ? RANK_LEAK : RANK_REPORT);
	r->pid = pid;
	r->priv->direct_leak = leak && strv_contains(s, "definitely");
	if (leak)
		r->size = with_commas(s);
	report_message(r, s);
	if (strv_starts(s, "Invalid read of size ") || strv_starts(s, "Invalid write of size ")) {
		num = strv_from(s, strv_find(s, "size ") + 5);
		r->access = s.s[8] == 'r' ? CRASH_READ : CRASH_WRITE;
		r->size = scan_dec(&num, &digits);
	}
	return true;
}

/* What stands behind "==12== ", or in an element of XML. */
bool valgrind_text(struct crash_parser *p, struct strv s, long pid)
{
	struct crash_report *r;

	if (headline(p, s, pid) || helgrind_headline(p, s, pid))
		return true;
	r = p->cur;
	if (!r || strcmp(r->sanitizer, "valgrind"))
		return false;
	if ((strv_starts(s, "Address 0x") && strcmp(r->kind, "data-race")) ||
		strv_contains(s, " is on thread "))
		address_is(r, s);
	else if (strv_starts(s, "Access not within mapped region at address"))
		r->has_address = find_hex(s, &r->address, &s);
	else if (strv_contains(s, "Block was alloc'd at"))
		report_expect(r, CRASH_STACK_ALLOC, s);
	else if (strv_starts(s, "Uninitialised value was created"))
		report_expect(r, CRASH_STACK_ORIGIN, s);
	else
		return helgrind_detail(r, s);
	return true;
}

bool valgrind_line(struct crash_parser *p, struct strv line)
{
	struct strv s = strv_from(line, 2);
	struct frame_text f;
	unsigned digits;
	uint64_t pid = scan_dec(&s, &digits);
	struct crash_report *r = p->cur;

	if (!digits || digits > 9 || !strv_skip(&s, "== ") || !s.len)
		return false;
	s = strv_trim(s);
	if (r && r->pid && r->pid != (long)pid && p->prev && p->prev->pid == (long)pid)
		r = p->prev;
	if ((strv_starts(s, "at 0x") || strv_starts(s, "by 0x")) && frame_parse_valgrind(s, &f)) {
		if (!r || (strcmp(r->sanitizer, "valgrind") && r->pid != (long)pid))
			return true;
		if (s.s[0] == 'a' && !r->priv->armed)
			report_expect(r, CRASH_STACK_OTHER, strv_n("", 0));
		p->cur = r;
		report_frame(p, &f);
		return true;
	}
	return valgrind_text(p, s, (long)pid);
}
