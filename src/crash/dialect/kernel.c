/*
 * Linux kernel: KASAN, KMSAN, KCSAN, KFENCE and UBSAN reports, oopses. The place of an oops stands in its registers
 * ("RIP: 0010:f+0x1/0x2", "pc : f+0x1/0x2"), the way to it below "Call Trace:", one a line, "name+0x12/0x34 file.c:12
 * [inline]"; those marked with '?' are guesses.
 */
#include "base/prelude.h"
#include "crash/internal.h"
#include "crash/dialect/internal.h"

static const struct name_kind bugs[] = {
	{ "use-after-free", "use-after-free" },
	{ "slab-use-after-free", "use-after-free" },
	{ "slab-out-of-bounds", "heap-buffer-overflow" },
	{ "vmalloc-out-of-bounds", "heap-buffer-overflow" },
	{ "alloca-out-of-bounds", "stack-buffer-overflow" },
	{ "stack-out-of-bounds", "stack-buffer-overflow" },
	{ "global-out-of-bounds", "global-buffer-overflow" },
	{ "out-of-bounds", "heap-buffer-overflow" },
	{ "double-free", "double-free" },
	{ "invalid-free", "invalid-free" },
	{ "invalid free", "invalid-free" },
	{ "memory corruption", "heap-corruption" },
	{ "null-ptr-deref", "null-deref" },
	{ "maybe wild-memory-access", "segv" },
	{ "probably user-memory-access", "segv" },
	{ "wild-memory-access", "segv" },
	{ "user-memory-access", "segv" },
	{ "invalid-access", "tag-mismatch" },
	{ "uninit-value", "uninitialized-value" },
	{ "kernel-infoleak", "uninitialized-value" },
	{ "kernel-usb-infoleak", "uninitialized-value" },
	{ "kernel-network-infoleak", "uninitialized-value" },
	{ "data-race", "data-race" },
	{ "assert: race", "data-race" },
	{ NULL, NULL },
};

static const struct name_kind ubsan[] = {
	{ "array-index-out-of-bounds", "index-out-of-bounds" },
	{ "shift-out-of-bounds", "undefined-shift" },
	{ "signed-integer-overflow", "integer-overflow" },
	{ "unsigned-integer-overflow", "unsigned-integer-overflow" },
	{ "division-overflow", "divide-by-zero" },
	{ "divrem-overflow", "divide-by-zero" },
	{ "negation-overflow", "integer-overflow" },
	{ "object-size-mismatch", "object-size" },
	{ "misaligned-access", "misaligned" },
	{ "alignment-assumption", "misaligned" },
	{ "invalid-load", "invalid-bool" },
	{ "null-ptr-deref", "null-deref" },
	{ "vla-bound", "vla-bound" },
	{ "nonnull-arg", "invalid-null-argument" },
	{ "member-access", "null-deref" },
	{ "implicit-conversion", "implicit-conversion" },
	{ NULL, NULL },
};

static bool is_ours(const struct crash_report *r)
{
	return r && !strcmp(r->sanitizer, "kernel");
}

static void set_address(struct crash_report *r, struct strv s)
{
	unsigned digits;
	uint64_t v;

	strv_skip(&s, "0x");
	v = scan_hex(&s, &digits);
	if (digits < 3 || r->has_address)
		return;
	r->address = v;
	r->has_address = true;
}

/* "BUG: KASAN: use-after-free in sk_foo+0x12/0x34 at addr ffff88003a1b2c3d", "BUG: KFENCE: out-of-bounds read in f" */
bool kernel_bug(struct crash_parser *p, struct strv line, size_t at)
{
	size_t colon = strv_find(strv_from(line, at + 5), ": ");
	struct strv s = strv_from(line, at + 5 + (colon == SIZE_MAX ? 0 : colon + 2));
	const struct name_kind *k = name_kind_find(bugs, s);
	struct crash_report *r =
		report_open(p, "kernel", k ? k->kind : "unknown-crash", RANK_FATAL);
	bool kasan = strv_starts(strv_from(line, at), "BUG: KASAN");

	report_message(r, s);
	if (strv_contains(s, "-free read in") || strv_contains(s, "bounds read in"))
		r->access = CRASH_READ;
	else if (strv_contains(s, "-free write in") || strv_contains(s, "bounds write in"))
		r->access = CRASH_WRITE;
	/* KASAN's stack has a heading, the others' follow bare */
	r->priv->armed = !kasan;
	r->priv->plain_frames = !kasan;
	return true;
}

/* "BUG: unable to handle kernel NULL pointer dereference at 0010", "... page fault for address: x" */
bool kernel_fault(struct crash_parser *p, struct strv line, size_t at)
{
	static const char *const keys[] = { "virtual address ",
		"for address: ", ", address: ", "address: ", " on read at ", " on write at ",
		" at ", "user page (" };
	bool null = strv_contains(line, "NULL pointer");
	struct crash_report *r = report_open(p, "kernel", null ? "null-deref" : "segv", RANK_FATAL);
	struct strv s = strv_from(line, at);

	report_message(r, strv_starts(s, "BUG: ") ? strv_from(s, 5) : s);
	for (size_t i = 0; i < ARRAY_LEN(keys) && !r->has_address; i++) {
		size_t key = strv_find(s, keys[i]);

		if (key != SIZE_MAX)
			set_address(r, strv_from(s, key + strlen(keys[i])));
	}
	if (strv_contains(s, "on write") || strv_contains(s, "attempted to write"))
		r->access = CRASH_WRITE;
	else if (strv_contains(s, "on read") || strv_contains(s, "attempted to read"))
		r->access = CRASH_READ;
	return true;
}

/* "#PF: supervisor write access in kernel mode", "Oops: 0002 [#1]", "WnR = 1", "KASAN: null-ptr-deref in range [0x" */
bool kernel_detail(struct crash_parser *p, struct strv line, size_t at)
{
	struct crash_report *r = p->cur;
	struct strv s = strv_from(line, at), num;
	unsigned digits;
	uint64_t v;

	if (!is_ours(r))
		return false;
	if (strv_starts(s, "KASAN: ")) {
		const struct name_kind *k = name_kind_find(bugs, strv_from(s, 7));

		if (k && !strcmp(k->kind, "null-deref"))
			r->kind = k->kind;
		r->has_address = false;
		if (strv_find(s, "[0x") != SIZE_MAX)
			set_address(r, strv_from(s, strv_find(s, "[0x") + 1));
		return true;
	}
	if (r->access)
		return true;
	if (strv_starts(s, "#PF: ") || strv_starts(s, "PF: ")) {
		if (strv_contains(s, "write access"))
			r->access = CRASH_WRITE;
		else if (strv_contains(s, "read access"))
			r->access = CRASH_READ;
		else if (strv_contains(s, "instruction fetch") && !strcmp(r->kind, "null-deref"))
			r->priv->pc_zero = true;
	} else if (strv_skip(&s, "WnR = ")) {
		r->access = *s.s == '1' ? CRASH_WRITE : CRASH_READ;
	} else if (strv_skip(&s, "Oops: ")) {
		num = s;
		v = scan_hex(&num, &digits);
		if (digits == 4 && strv_contains(num, "[#") &&
			(!strcmp(r->kind, "segv") || !strcmp(r->kind, "null-deref")))
			r->access = v & 2 ? CRASH_WRITE : v & 0x10 ? CRASH_ACCESS_NONE : CRASH_READ;
	}
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

/* KCSAN: "write to 0xffff of 8 bytes by task 12 on cpu 1:", "read (marked) to 0xffff of 4 bytes by interrupt" */
bool kernel_race_access(struct crash_parser *p, struct strv line, size_t at)
{
	struct crash_report *r = p->cur;
	struct strv s = strv_from(line, at), num;
	size_t of = strv_find(s, " of "), to = strv_find(s, "to 0x");
	unsigned digits;

	if (!is_ours(r) || of == SIZE_MAX || to == SIZE_MAX || !strv_contains(s, " bytes by "))
		return false;
	if (!r->access) {
		r->access = *s.s == 'w' ? CRASH_WRITE : CRASH_READ;
		num = strv_from(s, of + 4);
		r->size = scan_dec(&num, &digits);
		set_address(r, strv_from(s, to + 3));
		report_expect(r, CRASH_STACK_FAULT, line);
	} else {
		report_expect(r, CRASH_STACK_OTHER, line);
	}
	r->priv->plain_frames = true;
	return true;
}

/* KFENCE: "Out-of-bounds read at 0xffff (1B left of kfence-#72):" heads the stack */
bool kernel_fence(struct crash_parser *p, struct strv line, size_t at)
{
	struct strv s = strv_from(line, at);
	size_t hex = strv_find(s, "0x");

	if (!is_ours(p->cur) || hex == SIZE_MAX || line.s[line.len - 1] != ':')
		return false;
	set_address(p->cur, strv_from(s, hex));
	report_expect(p->cur, CRASH_STACK_FAULT, line);
	p->cur->priv->plain_frames = true;
	return true;
}

/* "UBSAN: shift-out-of-bounds in drivers/misc/x.c:412:23" */
bool kernel_ubsan(struct crash_parser *p, struct strv line, size_t at)
{
	struct strv s = strv_from(line, at + 7);
	const struct name_kind *k = name_kind_find(ubsan, s);
	struct crash_report *r;
	size_t in = strv_find(s, " in ");

	if (!k && !strv_starts(s, "Undefined behaviour in "))
		return false;
	r = report_open(p, "kernel", k ? k->kind : "undefined-behavior", RANK_REPORT);
	report_message(r, strv_sub(s, 0, in == SIZE_MAX ? s.len : in));
	r->priv->want_message = k ? 0 : 1;
	if (!k)
		r->message = NULL; /* it stands on the next line */
	r->priv->armed = false;
	return true;
}

/* What the older wording says one line below. */
bool kernel_ubsan_text(struct crash_parser *p, struct strv line, size_t at)
{
	static const struct {
		const char *text, *kind;
	} texts[] = { { "is out of range for type", "index-out-of-bounds" },
		{ "shift exponent", "undefined-shift" }, { "left shift of", "undefined-shift" },
		{ "signed integer overflow", "integer-overflow" },
		{ "division by zero", "divide-by-zero" }, { "null pointer", "null-deref" },
		{ "misaligned address", "misaligned" }, { "insufficient space", "object-size" },
		{ "is not a valid value for type", "invalid-enum" } };

	(void)at;
	if (!is_ours(p->cur) || strcmp(p->cur->kind, "undefined-behavior"))
		return false;
	for (size_t i = 0; i < ARRAY_LEN(texts); i++)
		if (strv_contains(line, texts[i].text))
			p->cur->kind = texts[i].kind;
	report_message(p->cur, line);
	return true;
}

/* "WARNING: CPU: 1 PID: 2 at f.c:12 func+0x1/0x2": the kernel goes on */
bool kernel_warning(struct crash_parser *p, struct strv line, size_t at)
{
	struct strv s = strv_from(line, at + 9);
	size_t where = strv_find(s, " at ");
	struct crash_report *r;

	if (where == SIZE_MAX || find_offset(s) == SIZE_MAX ||
		(is_ours(p->cur) && !p->cur->n_stacks))
		return false;
	r = report_open(p, "kernel", "assertion", RANK_REPORT);
	report_message(r, strv_from(s, where + 4));
	return true;
}

static bool is_symbol(struct strv s)
{
	for (size_t i = 0; i < s.len; i++)
		if (!strv_is_word(s.s[i]) && s.s[i] != '.' && s.s[i] != '$')
			return false;
	return s.len > 0 && s.len < 200 && !(s.s[0] >= '0' && s.s[0] <= '9');
}

/* "f+0x1/0x2 [module]" at the start of s. */
static bool symbol_with_offset(struct strv s, struct frame_text *f)
{
	size_t word = strv_chr(s, ' '), plus;

	memset(f, 0, sizeof(*f));
	f->index = -1;
	f->function = strv_sub(s, 0, word);
	plus = strv_find(f->function, "+0x");
	if (plus == SIZE_MAX)
		return false;
	f->function = strv_sub(f->function, 0, plus);
	return is_symbol(f->function);
}

/* "RIP: 0010:f+0x1/0x2", "PC is at f+0x1/0x2", "pc : f+0x1/0x2", "NIP [c000] f+0x1/0x2", "IP: [<ffff>] f+0x1/0x2" */
bool kernel_place(struct crash_parser *p, struct strv line, size_t at)
{
	struct strv s = strv_from(line, at);
	struct frame_text f;
	size_t end;

	if (!is_ours(p->cur) || p->cur->n_stacks || !p->cur->priv->armed)
		return false;
	if (strv_skip(&s, "RIP: ") || strv_skip(&s, "EIP: ")) {
		end = strv_chr(s, ':');
		if (end != SIZE_MAX && end < 6) {
			if (!strv_starts(s, "0010") && !strv_starts(s, "0060"))
				return false; /* the process's, not the kernel's */
			s = strv_from(s, end + 1);
		}
	} else if (!strv_skip(&s, "PC is at ") && !strv_skip(&s, "EIP is at ") &&
		   !strv_skip(&s, "IP: ") && !strv_skip(&s, "pc : ") && !strv_skip(&s, "epc : ") &&
		   !strv_skip(&s, "epc   : ") && !strv_skip(&s, "NIP ") &&
		   !strv_skip(&s, "IP is at ")) {
		return false;
	}
	s = skip_blank(s);
	while (s.len && (*s.s == '[' || (*s.s == '(' && s.s[1] != '_')) &&
		(end = strv_chr(s, *s.s == '[' ? ']' : ')')) != SIZE_MAX)
		s = skip_blank(strv_from(s, end + 1));
	if (s.len > 9 && !symbol_with_offset(s, &f)) { /* MIPS prints the address too */
		unsigned digits;

		scan_hex(&s, &digits);
		s = skip_blank(s);
	}
	if (!s.len || !symbol_with_offset(s, &f))
		return false;
	report_frame(p, &f);
	p->last_was_frame = false;
	return true;
}

bool kernel_stack(struct crash_parser *p, struct strv line, size_t at)
{
	struct crash_report *r = p->cur;
	struct strv s = strv_from(line, at);

	if (!is_ours(r))
		return false;
	r->priv->plain_frames = true;
	if (strv_starts(s, "Call") || strv_starts(s, "Back")) {
		/* an oops's registers have said the first frame */
		if (r->n_stacks == 1 && r->stacks[0].n == 1 && r->priv->open == 0 &&
			!r->priv->armed)
			return true;
		report_expect(r, r->n_stacks ? CRASH_STACK_OTHER : CRASH_STACK_FAULT, line);
		if (!r->n_stacks || !r->stacks[0].n)
			report_expect(r, CRASH_STACK_FAULT, line);
		return true;
	}
	report_expect(r, *s.s == 'A' || *s.s == 'a' ? CRASH_STACK_ALLOC : CRASH_STACK_FREE, line);
	return true;
}

static bool repeats_place(const struct crash_report *r, const struct frame_text *f)
{
	const struct crash_stack *s =
		r->priv->open >= 0 && !r->priv->armed ? &r->stacks[r->priv->open] : NULL;

	return s && s->n == 1 && r->priv->open == 0 && s->frames[0].function &&
	       !s->frames[0].line && strv_eqs(f->function, s->frames[0].function);
}

/* 32-bit ARM: "[<c01>] (f) from [<c02>] (g+0x1/0x2)", "f from g+0x1/0x2": the callee is the frame */
static struct strv callee(struct strv s)
{
	size_t from = strv_find(s, " from "), close;

	if (from == SIZE_MAX)
		return s;
	s = strv_trim(strv_sub(s, 0, from));
	if (s.len > 2 && *s.s == '(' && (close = strv_chr(s, ')')) != SIZE_MAX)
		s = strv_sub(s, 1, close - 1);
	return s;
}

/* The line without white space around it; timestamps and addresses in brackets are skipped. */
bool kernel_frame(struct crash_parser *p, struct strv s)
{
	struct frame_text f;
	size_t end, plus, word;
	bool inlined, arm;
	struct strv in;

	if (!is_ours(p->cur) ||
		(!p->cur->priv->plain_frames && !(*s.s == '[' && strv_contains(s, ") from ["))))
		return false;
	while (s.len && *s.s == '[' && (end = strv_chr(s, ']')) != SIZE_MAX)
		s = strv_trim(strv_from(s, end + 1));
	if (!s.len || *s.s == '?')
		return s.len > 0;
	if (*s.s == '<' || strv_starts(s, "---"))
		return *s.s == '<'; /* <TASK>, <IRQ> */
	memset(&f, 0, sizeof(f));
	f.index = -1;
	in = callee(s);
	arm = in.s != s.s || in.len != s.len;
	s = in;
	inlined = strv_ends(s, " [inline]");
	if (inlined)
		s.len -= 9;
	word = strv_chr(s, ' ');
	f.function = strv_sub(s, 0, word);
	plus = strv_find(f.function, "+0x");
	f.function = strv_sub(f.function, 0, plus);
	if ((plus == SIZE_MAX && !inlined && !arm) || !is_symbol(f.function)) {
		if (strv_starts(s, "RIP:") || strv_starts(s, "Code:"))
			return false;
		p->cur->priv->plain_frames = p->cur->priv->armed;
		return false;
	}
	if (word != SIZE_MAX && strv_rchr(s, ':') != SIZE_MAX)
		frame_set_location(strv_trim(strv_from(s, word)), &f);
	if (repeats_place(p->cur, &f))
		return true;
	report_frame(p, &f);
	return true;
}
