/*
 * Windows: the debugger's exceptions and stacks ("Child-SP RetAddr Call Site"), and Chromium's own backtraces,
 * "name [0x1012E8A5+37] (o:\base\file.cc:12)".
 */
#include "base/prelude.h"
#include "crash/internal.h"

static const struct name_kind codes[] = {
	{ "c0000005", "segv" },
	{ "c0000006", "segv" },
	{ "c00000fd", "stack-overflow" },
	{ "c0000374", "heap-corruption" },
	{ "c0000409", "stack-buffer-overflow" },
	{ "c0000094", "divide-by-zero" },
	{ "c0000095", "integer-overflow" },
	{ "c000001d", "illegal-instruction" },
	{ "c0000096", "illegal-instruction" },
	{ "80000003", "trap" },
	{ "e06d7363", "uncaught-exception" },
	{ NULL, NULL },
};

static bool is_ours(const struct crash_report *r)
{
	return r && !strcmp(r->sanitizer, "windows");
}

/* "(1204.d74): Access violation - code c0000005 (first chance)", "ExceptionCode: c0000005 (...)" */
bool windows_exception(struct crash_parser *p, struct strv line, size_t at)
{
	size_t colon = strv_chr(strv_from(line, at), ':');
	struct strv s = strv_from(line, at);
	const struct name_kind *k;

	s = skip_blank(strv_from(s, *s.s == '-' ? 7 : colon + 1));
	strv_skip(&s, "0x");
	k = name_kind_find(codes, s);
	if (!k || (is_ours(p->cur) && !p->cur->n_stacks))
		return k != NULL; /* said more than once */
	report_message(report_open(p, "windows", k->kind, RANK_FATAL), line);
	p->cur->priv->is_signal = true;
	return true;
}

/* "Attempt to write to address 00000018" */
bool windows_attempt(struct crash_parser *p, struct strv line, size_t at)
{
	struct strv s = strv_from(line, at + 11);
	size_t address = strv_find(s, "address ");
	unsigned digits;
	uint64_t high;

	if (!is_ours(p->cur) || address == SIZE_MAX)
		return false;
	if (strv_starts(s, "read"))
		p->cur->access = CRASH_READ;
	else if (strv_starts(s, "write"))
		p->cur->access = CRASH_WRITE;
	s = strv_from(s, address + 8);
	p->cur->address = scan_hex(&s, &digits);
	p->cur->has_address = digits > 0;
	if (digits == 8 && strv_skip(&s, "`")) {
		high = p->cur->address;
		p->cur->address = high << 32 | scan_hex(&s, &digits);
	}
	return true;
}

/* "[c:\src\f.cc @ 12]" at the end is cut off. */
static void cut_place(struct strv *s, struct frame_text *f)
{
	size_t open = strv_rfind(*s, " ["), at;
	struct strv in, num;
	unsigned digits;

	if (open == SIZE_MAX || s->s[s->len - 1] != ']')
		return;
	in = strv_sub(*s, open + 2, s->len - open - 3);
	at = strv_rfind(in, " @ ");
	if (at == SIZE_MAX)
		return;
	num = strv_from(in, at + 3);
	f->line = (unsigned)scan_dec_max(&num, &digits, 1 << 30);
	f->file = strv_sub(in, 0, at);
	s->len = open;
}

/* "0019f8a4 6a3b1c2d 00000000 module!name+0x1f [c:\f.cc @ 12]", "00000000`0012f8a0 00007ff6`1234abcd m!n+0x12" */
bool windows_frame(struct crash_parser *p, struct strv s)
{
	struct frame_text f;
	size_t hexes = 0, plus;
	struct strv num;
	unsigned digits;

	if (!is_ours(p->cur))
		return false;
	memset(&f, 0, sizeof(f));
	f.index = -1;
	num = s;
	scan_hex(&num, &digits);
	if (digits == 2 && num.len && *num.s == ' ')
		s = skip_blank(num); /* k numbers its frames */
	if (strv_skip(&s, "(Inline Function) --------`--------") ||
		strv_skip(&s, "(Inline Function) --------")) {
		s = skip_blank(s);
		hexes = 2;
	}
	for (; hexes < 8; hexes++) {
		struct strv t = s;

		scan_hex(&t, &digits);
		if (digits != 8 && digits != 16)
			break;
		if (strv_skip(&t, "`"))
			scan_hex(&t, &digits);
		if (!t.len || *t.s != ' ')
			break;
		s = skip_blank(t);
		if (strv_skip(&s, ": "))
			s = skip_blank(s);
	}
	if (hexes < 2 || !s.len)
		return false;
	cut_place(&s, &f);
	plus = find_offset(s);
	if (plus == SIZE_MAX && strv_chr(s, '!') == SIZE_MAX)
		return false;
	if (strv_chr(s, '!') == SIZE_MAX) {
		num = strv_from(s, plus + 3);
		f.offset = scan_hex(&num, &digits);
		f.has_offset = true;
		f.module = strv_sub(s, 0, plus);
	} else {
		f.function = strv_sub(s, 0, plus);
		f.module = strv_sub(s, 0, strv_chr(s, '!'));
	}
	report_frame(p, &f);
	return true;
}

/* "cc::Foo::Bar [0x1012E8A7+39] (o:\cc\foo.cc:12)", "(No symbol) [0x1012]" */
bool windows_backtrace_frame(struct crash_parser *p, struct strv s)
{
	size_t open = strv_find(s, " [0x"), end;
	struct frame_text f;
	struct strv in;
	unsigned digits;

	if (open == SIZE_MAX || !open)
		return false;
	memset(&f, 0, sizeof(f));
	f.index = -1;
	in = strv_from(s, open + 4);
	f.address = scan_hex(&in, &digits);
	if (!digits || !strv_skip(&in, "+"))
		return false;
	scan_dec(&in, &digits);
	if (!digits || !strv_skip(&in, "]"))
		return false;
	in = strv_trim(in);
	if (in.len) {
		if (*in.s != '(' || in.s[in.len - 1] != ')')
			return false;
		frame_set_location(strv_sub(in, 1, in.len - 2), &f);
	}
	end = strv_find(s, "(No symbol)");
	if (end == SIZE_MAX)
		f.function = strv_trim(strv_sub(s, 0, open));
	report_frame(p, &f);
	return true;
}
