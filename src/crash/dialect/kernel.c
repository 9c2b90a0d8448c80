/*
 * Linux kernel: KASAN, KMSAN and KCSAN reports, oopses. Frames stand below "Call Trace:", one a line,
 * "name+0x12/0x34 file.c:12 [inline]"; those marked with '?' are guesses.
 */
#include "base/prelude.h"
#include "crash/internal.h"

static const struct name_kind bugs[] = {
	{ "use-after-free", "use-after-free" },
	{ "slab-use-after-free", "use-after-free" },
	{ "slab-out-of-bounds", "heap-buffer-overflow" },
	{ "vmalloc-out-of-bounds", "heap-buffer-overflow" },
	{ "stack-out-of-bounds", "stack-buffer-overflow" },
	{ "global-out-of-bounds", "global-buffer-overflow" },
	{ "out-of-bounds", "heap-buffer-overflow" },
	{ "double-free", "double-free" },
	{ "invalid-free", "invalid-free" },
	{ "null-ptr-deref", "null-deref" },
	{ "wild-memory-access", "segv" },
	{ "user-memory-access", "segv" },
	{ "uninit-value", "uninitialized-value" },
	{ "kernel-infoleak", "uninitialized-value" },
	{ "data-race", "data-race" },
	{ NULL, NULL },
};

static bool is_ours(const struct crash_report *r)
{
	return r && !strcmp(r->sanitizer, "kernel");
}

/* "BUG: KASAN: use-after-free in sk_foo+0x12/0x34 at addr ffff88003a1b2c3d" */
bool kernel_bug(struct crash_parser *p, struct strv line, size_t at)
{
	size_t colon = strv_find(strv_from(line, at + 5), ": ");
	struct strv s = strv_from(line, at + 5 + (colon == SIZE_MAX ? 0 : colon + 2));
	const struct name_kind *k = name_kind_find(bugs, s);
	struct crash_report *r =
		report_open(p, "kernel", k ? k->kind : "unknown-crash", RANK_FATAL);

	report_message(r, s);
	r->priv->armed = false;
	return true;
}

/* "BUG: unable to handle kernel NULL pointer dereference at 0000000000000010", "... page fault for address: x" */
bool kernel_fault(struct crash_parser *p, struct strv line, size_t at)
{
	bool null = strv_contains(line, "NULL pointer");
	struct crash_report *r = report_open(p, "kernel", null ? "null-deref" : "segv", RANK_FATAL);

	report_message(r, strv_from(line, at + 5));
	r->priv->armed = false;
	return true;
}

bool kernel_access(struct crash_parser *p, struct strv line, size_t at)
{
	struct crash_report *r = p->cur;
	struct strv num;
	unsigned digits;
	size_t addr;

	if (!is_ours(r) || r->access)
		return false;
	num = strv_from(line, at + (line.s[at] == 'R' ? 13 : 14));
	r->access = line.s[at] == 'R' ? CRASH_READ : CRASH_WRITE;
	r->size = scan_dec(&num, &digits);
	addr = strv_find(num, "addr ");
	if (addr != SIZE_MAX) {
		num = strv_from(num, addr + 5);
		r->address = scan_hex(&num, &digits);
		r->has_address = digits > 0;
	}
	return true;
}

bool kernel_stack(struct crash_parser *p, struct strv line, size_t at)
{
	struct strv s = strv_from(line, at);

	if (!is_ours(p->cur))
		return false;
	report_expect(p->cur,
		*s.s == 'A'   ? CRASH_STACK_ALLOC
		: *s.s == 'F' ? CRASH_STACK_FREE
			      : CRASH_STACK_FAULT,
		line);
	p->cur->priv->plain_frames = true;
	return true;
}

static bool is_symbol(struct strv s)
{
	for (size_t i = 0; i < s.len; i++)
		if (!((s.s[i] >= 'a' && s.s[i] <= 'z') || (s.s[i] >= 'A' && s.s[i] <= 'Z') ||
			    (s.s[i] >= '0' && s.s[i] <= '9') || s.s[i] == '_' || s.s[i] == '.'))
			return false;
	return s.len > 0 && s.len < 200 && !(s.s[0] >= '0' && s.s[0] <= '9');
}

/* The line without white space around it; timestamps and addresses in brackets are skipped. */
bool kernel_frame(struct crash_parser *p, struct strv s)
{
	struct frame_text f;
	size_t end, plus, word;
	bool inlined;

	if (!is_ours(p->cur) || !p->cur->priv->plain_frames)
		return false;
	while (s.len && *s.s == '[' && (end = strv_chr(s, ']')) != SIZE_MAX)
		s = strv_trim(strv_from(s, end + 1));
	if (!s.len || *s.s == '?')
		return s.len > 0;
	memset(&f, 0, sizeof(f));
	f.index = -1;
	inlined = strv_ends(s, " [inline]");
	if (inlined)
		s.len -= 9;
	word = strv_chr(s, ' ');
	f.function = strv_sub(s, 0, word);
	plus = strv_find(f.function, "+0x");
	f.function = strv_sub(f.function, 0, plus);
	if ((plus == SIZE_MAX && !inlined) || !is_symbol(f.function)) {
		if (strv_starts(s, "<") || strv_starts(s, "RIP:"))
			return false;
		p->cur->priv->plain_frames = p->cur->priv->armed;
		return false;
	}
	if (word != SIZE_MAX && strv_rchr(s, ':') != SIZE_MAX)
		frame_set_location(strv_trim(strv_from(s, word)), &f);
	report_frame(p, &f);
	return true;
}
