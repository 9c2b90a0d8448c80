/* AddressSanitizer: its headlines and the lines that describe the memory. */
#include "base/prelude.h"
#include "crash/internal.h"

static const struct name_kind headlines[] = {
	{ "heap-buffer-overflow", "heap-buffer-overflow" },
	{ "heap-buffer-underflow", "heap-buffer-overflow" },
	{ "heap-use-after-free", "use-after-free" },
	{ "stack-buffer-overflow", "stack-buffer-overflow" },
	{ "stack-buffer-underflow", "stack-buffer-underflow" },
	{ "dynamic-stack-buffer-overflow", "stack-buffer-overflow" },
	{ "stack-use-after-return", "use-after-return" },
	{ "stack-use-after-scope", "use-after-scope" },
	{ "use-after-poison", "use-after-poison" },
	{ "container-overflow", "container-overflow" },
	{ "global-buffer-overflow", "global-buffer-overflow" },
	{ "intra-object-overflow", "intra-object-overflow" },
	{ "initialization-order-fiasco", "initialization-order-fiasco" },
	{ "unknown-crash", "unknown-crash" },
	{ "attempting double-free", "double-free" },
	{ "double-free", "double-free" },
	{ "attempting free on address", "invalid-free" },
	{ "bad-free", "invalid-free" },
	{ "alloc-dealloc-mismatch", "alloc-dealloc-mismatch" },
	{ "new-delete-type-mismatch", "alloc-dealloc-mismatch" },
	{ "attempting to call malloc_usable_size()", "bad-malloc-usable-size" },
	{ "bad-malloc_usable_size", "bad-malloc-usable-size" },
	{ "attempting to call __sanitizer_get_allocated_size()", "bad-malloc-usable-size" },
	{ "bad-__sanitizer_get_allocated_size", "bad-malloc-usable-size" },
	{ "allocation-size-too-big", "out-of-memory" },
	{ "calloc-overflow", "out-of-memory" },
	{ "reallocarray-overflow", "out-of-memory" },
	{ "pvalloc-overflow", "out-of-memory" },
	{ "rss-limit-exceeded", "out-of-memory" },
	{ "out-of-memory", "out-of-memory" },
	{ "invalid-allocation-alignment", "invalid-alignment" },
	{ "invalid-aligned-alloc-alignment", "invalid-alignment" },
	{ "invalid-posix-memalign-alignment", "invalid-alignment" },
	{ "memcpy-param-overlap", "memcpy-param-overlap" },
	{ "memmove-param-overlap", "memcpy-param-overlap" },
	{ "negative-size-param", "negative-size-param" },
	{ "bad parameters to __sanitizer_annotate", "bad-container-annotation" },
	{ "bad-__sanitizer_annotate", "bad-container-annotation" },
	{ "odr-violation", "odr-violation" },
	{ "invalid-pointer-pair", "invalid-pointer-pair" },
	{ "wild-", "segv" },
	{ "stack-overflow", "stack-overflow" },
	{ "detected memory leaks", "leak" },
	{ "CHECK failed", "sanitizer-internal" },
	{ NULL, NULL },
};

void asan_headline(struct crash_parser *p, struct strv what, long pid)
{
	const struct name_kind *k = name_kind_find(headlines, what);
	size_t word = strv_chr(what, ' ');
	struct strv first = strv_sub(what, 0, word == SIZE_MAX ? what.len : word);
	const char *kind = k ? k->kind : "unknown-crash";
	struct crash_report *r;

	if (strv_starts(what, "nested bug"))
		return;
	/* str*-param-overlap: one for each intercepted function */
	if (!k && (strv_ends(first, "-param-overlap:") || strv_ends(first, "-param-overlap")))
		kind = "memcpy-param-overlap";
	r = report_open(p, "asan", kind, RANK_FATAL);
	r->pid = pid;
	r->gradual = strv_contains(what, "rss limit");
	report_message(r, what);
	if (!strcmp(kind, "odr-violation"))
		report_expect(r, CRASH_STACK_OTHER,
			strv_n("", 0)); /* where the globals were registered */
	if (strcmp(kind, "out-of-memory") && strcmp(kind, "negative-size-param"))
		sanitizer_address(r, what);
}

/* "READ of size 4 at 0x602000000014 thread T0" */
bool asan_access(struct crash_parser *p, struct strv line, size_t at)
{
	struct crash_report *r = p->cur;
	struct strv s = strv_from(line, at), rest;
	unsigned digits;
	uint64_t address, size;
	enum crash_access access = *s.s == 'R'   ? CRASH_READ
				   : *s.s == 'W' ? CRASH_WRITE
						 : CRASH_ACCESS_NONE;

	s = strv_from(s, strv_find(s, "size ") + 5);
	size = scan_dec(&s, &digits);
	if (digits && p->prev && p->prev->has_address && find_hex(s, &address, &rest) &&
		p->prev->address == address && r && r->address != address)
		r = p->prev; /* the other process's line */
	if (!r || (!digits && *s.s != '*') || r->access)
		return false;
	r->access = access;
	r->size = size;
	if (!r->has_address && find_hex(s, &address, &rest)) {
		r->has_address = true;
		r->address = address;
	}
	return true;
}

bool asan_signal_access(struct crash_parser *p, struct strv line, size_t at)
{
	struct strv s = strv_from(line, at + 26);

	if (!p->cur)
		return false;
	if (strv_starts(s, "READ"))
		p->cur->access = CRASH_READ;
	else if (strv_starts(s, "WRITE"))
		p->cur->access = CRASH_WRITE;
	return true;
}

/* "0x602 is located 4 bytes to the right of 16-byte region", "4 bytes after", "inside of" */
static void heap_block(struct crash_report *r, struct strv s)
{
	size_t region = strv_find(s, "-byte region"), from;
	struct strv num;
	unsigned digits;
	uint64_t off, size;

	off = scan_dec(&s, &digits);
	if (!digits || region == SIZE_MAX)
		return;
	region = strv_find(s, "-byte region");
	for (from = region; from && s.s[from - 1] >= '0' && s.s[from - 1] <= '9';)
		from--;
	num = strv_sub(s, from, region - from);
	size = scan_dec(&num, &digits);
	if (!digits || size > INT64_MAX || off > INT64_MAX / 2)
		return;
	r->has_block = true;
	r->block_size = size;
	if (strv_contains(s, "to the left of") || strv_contains(s, "before"))
		r->block_offset = -(int64_t)off;
	else if (strv_contains(s, "to the right of") || strv_contains(s, "after"))
		r->block_offset = (int64_t)MIN(size + off, (uint64_t)INT64_MAX);
	else
		r->block_offset = (int64_t)off;
}

bool asan_located(struct crash_parser *p, struct strv line, size_t at)
{
	struct strv s = strv_from(line, at), num;
	size_t size_at, off_at;
	unsigned digits;

	if (!p->cur)
		return false;
	if (strv_skip(&s, "is located ")) {
		if (strv_starts(s, "in stack of thread"))
			report_expect(p->cur, CRASH_STACK_OTHER, line);
		else if (!p->cur->has_block)
			heap_block(p->cur, s);
		return true;
	}
	/* HWASan: "is a small allocated heap chunk; size: 32 offset: 30" */
	size_at = strv_find(s, "size: ");
	off_at = strv_find(s, "offset:");
	if (size_at == SIZE_MAX || off_at == SIZE_MAX || strv_contains(s, "unallocated"))
		return true;
	num = strv_from(s, size_at + 6);
	p->cur->block_size = scan_dec(&num, &digits);
	num = skip_blank(strv_from(s, off_at + 7));
	p->cur->block_offset = (int64_t)scan_dec_max(&num, &digits, (uint64_t)INT64_MAX);
	p->cur->has_block = digits > 0;
	return true;
}

bool asan_freed(struct crash_parser *p, struct strv line, size_t at)
{
	(void)at;
	if (p->cur)
		report_expect(p->cur, CRASH_STACK_FREE, line);
	return p->cur != NULL;
}

bool asan_allocated(struct crash_parser *p, struct strv line, size_t at)
{
	(void)at;
	if (!p->cur)
		return false;
	report_expect(p->cur, CRASH_STACK_ALLOC, line);
	return true;
}

/* "Address 0x7ff is located in stack of thread T0 at offset 36 in frame", "is a wild pointer" */
bool asan_stack_of(struct crash_parser *p, struct strv line, size_t at)
{
	(void)at;
	if (!p->cur || !strv_contains(line, "in stack of thread"))
		return false;
	report_expect(p->cur, CRASH_STACK_OTHER, line);
	return true;
}

bool asan_thread(struct crash_parser *p, struct strv line, size_t at)
{
	(void)at;
	if (!p->cur || !strv_contains(line, " created by "))
		return false;
	report_expect(p->cur,
		!strcmp(p->cur->kind, "thread-leak") && !p->cur->n_stacks ? CRASH_STACK_FAULT
									  : CRASH_STACK_THREAD,
		line);
	return true;
}

bool asan_hint(struct crash_parser *p, struct strv line, size_t at)
{
	if (!p->cur)
		return false;
	if (strv_contains(strv_from(line, at), "pc points to the zero page"))
		p->cur->priv->pc_zero = true;
	if (strv_contains(line, "high value address"))
		p->cur->priv->wild = true;
	return true;
}

bool asan_miracle(struct crash_parser *p, struct strv line, size_t at)
{
	if (p->cur && strv_starts(strv_from(line, at + 19), "PROTECTED"))
		p->cur->priv->protected_ = true;
	return p->cur != NULL;
}
