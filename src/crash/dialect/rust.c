/* Rust: panics in both formats, its own stack overflow and allocation messages, two-line frames. */
#include "base/prelude.h"
#include "crash/internal.h"

static bool ends_in_place(struct strv s)
{
	size_t i = s.len;

	for (int n = 0; n < 2; n++) {
		size_t end = i;

		while (i && s.s[i - 1] >= '0' && s.s[i - 1] <= '9')
			i--;
		if (i == end || !i || s.s[i - 1] != ':')
			return false;
		i--;
	}
	return i > 0;
}

/* Old: "panicked at 'msg', src/a.rs:1:2" (msg may run over lines); new: "panicked at src/a.rs:1:2:" + msg */
bool rust_panic(struct crash_parser *p, struct strv line, size_t at)
{
	struct strv s = strv_from(line, at + 12);
	struct crash_report *r = report_open(p, "rust", "assertion", RANK_FATAL);

	r->priv->wants_stack = true;
	if (s.len && s.s[s.len - 1] == ':' && ends_in_place(strv_sub(s, 0, s.len - 1))) {
		r->priv->want_message = 2;
		return true;
	}
	if (ends_in_place(s)) {
		size_t comma = strv_rfind(s, ", ");

		if (comma != SIZE_MAX)
			s.len = comma;
	}
	if (s.len && (*s.s == '\'' || *s.s == '"')) {
		s = strv_from(s, 1);
		if (s.len && (s.s[s.len - 1] == '\'' || s.s[s.len - 1] == '"'))
			s.len--;
	}
	report_message(r, s);
	return true;
}

bool rust_overflow(struct crash_parser *p, struct strv line, size_t at)
{
	struct crash_report *r = report_open(p, "rust", "stack-overflow", RANK_FATAL);

	(void)at;
	r->priv->wants_stack = true;
	report_message(r, line);
	return true;
}

bool rust_oom(struct crash_parser *p, struct strv line, size_t at)
{
	struct strv num = strv_from(line, at + 21);
	struct crash_report *r;
	unsigned digits;
	uint64_t size = scan_dec(&num, &digits);

	if (!digits || !strv_contains(num, "failed"))
		return false;
	r = report_open(p, "rust", "out-of-memory", RANK_FATAL);
	r->priv->wants_stack = true;
	r->size = size;
	report_message(r, strv_from(line, at));
	return true;
}

/* "   4: core::panicking::panic" or "   4:     0x55d5 - core::panicking::panic" */
bool rust_frame_first(struct crash_parser *p, struct strv s)
{
	struct frame_text f;
	unsigned digits;

	if (strcmp(p->cur->sanitizer, "rust"))
		return false;
	memset(&f, 0, sizeof(f));
	f.index = (long)scan_dec(&s, &digits);
	if (!digits || digits > 4 || !strv_skip(&s, ":") || !s.len || *s.s != ' ')
		return false;
	s = strv_trim(s);
	if (strv_skip(&s, "0x")) {
		f.address = scan_hex(&s, &digits);
		s = skip_blank(s);
		if (!strv_skip(&s, "- "))
			return false;
	}
	if (!s.len)
		return false;
	if (!strv_eqs(s, "<unknown>"))
		f.function = s;
	report_frame(p, &f);
	p->rust_frame = true;
	return true;
}

/* "             at ./src/main.rs:4:5" */
bool rust_frame_second(struct crash_parser *p, struct strv s)
{
	struct crash_report *r = p->cur;
	struct crash_frame *to;
	struct frame_text f;

	p->rust_frame = false;
	if (!r || r->priv->open < 0 || !r->stacks[r->priv->open].n)
		return false;
	to = &r->stacks[r->priv->open].frames[r->stacks[r->priv->open].n - 1];
	memset(&f, 0, sizeof(f));
	frame_set_location(strv_trim(strv_from(s, 3)), &f);
	if (f.file.len) {
		to->file = keep(r, f.file);
		to->line = f.line;
		to->column = f.column;
	}
	return true;
}
