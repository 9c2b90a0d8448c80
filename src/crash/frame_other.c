/* Frames without a number: valgrind's, glog's, glibc's and macOS's backtraces, bare addresses. */
#include "base/prelude.h"
#include "crash/internal.h"

static bool set_named(struct strv s, struct frame_text *f)
{
	s = strv_trim(s);
	if (s.len && !strv_eqs(s, "???") && !strv_eqs(s, "??") && !strv_eqs(s, "(unknown)") &&
		!strv_eqs(s, "<unknown>"))
		f->function = s;
	return true;
}

/* valgrind, behind its "==1==": "at 0x48: f (file.c:12)", "by 0x48: ??? (in /lib/x.so)" */
bool frame_parse_valgrind(struct strv s, struct frame_text *f)
{
	unsigned digits;
	size_t open;

	memset(f, 0, sizeof(*f));
	f->index = -1;
	s = strv_trim(s);
	if (!strv_skip(&s, "at 0x") && !strv_skip(&s, "by 0x"))
		return false;
	f->address = scan_hex(&s, &digits);
	if (!digits || !strv_skip(&s, ": "))
		return false;
	open = strv_rfind(s, " (");
	if (open != SIZE_MAX && s.s[s.len - 1] == ')') {
		struct strv in = strv_sub(s, open + 2, s.len - open - 3);

		if (strv_skip(&in, "in ")) {
			struct strv num;
			size_t plus = find_offset(in);

			if (plus != SIZE_MAX) {
				num = strv_from(in, plus + 3);
				f->offset = scan_hex(&num, &digits);
				f->has_offset = digits && !num.len;
				in.len = plus;
			}
			f->module = in;
			s.len = open;
		} else if (strv_chr(in, ':') != SIZE_MAX) {
			frame_set_location(in, f);
			s.len = open;
		}
	}
	return set_named(s, f);
}

/* glog and absl: "@     0x55d4  123  f(int)", "@ 0x55d4 (unknown)", "PC: @ 0x55d4 (unknown) f()" */
bool frame_parse_at(struct strv s, struct frame_text *f)
{
	struct strv num;
	unsigned digits, min;

	memset(f, 0, sizeof(*f));
	f->index = -1;
	s = strv_trim(s);
	if (!strv_skip(&s, "@"))
		return false;
	s = skip_blank(s);
	min = strv_skip(&s, "0x") ? 1 : 16; /* folly has no 0x, but all digits */
	f->address = scan_hex(&s, &digits);
	if (digits < min || (s.len && *s.s != ' ' && *s.s != '\t'))
		return false;
	s = strv_trim(s);
	strv_skip(&s, "(unknown)");
	s = skip_blank(s);
	num = s;
	scan_dec(&num, &digits);
	if (digits && (!num.len || *num.s == ' ' || *num.s == '\t'))
		s = skip_blank(num); /* absl prints the frame's size */
	return set_named(s, f);
}

/* glibc's backtrace_symbols: "./prog(f+0x12) [0x4005]", "/lib/libc.so.6(+0x3ef20)[0x7f..]" */
bool frame_parse_glibc(struct strv s, struct frame_text *f)
{
	size_t bracket, open, plus;
	struct strv num, in;
	unsigned digits;

	memset(f, 0, sizeof(*f));
	f->index = -1;
	s = strv_trim(s);
	bracket = strv_rfind(s, "[0x");
	if (bracket == SIZE_MAX || bracket < 4 || s.s[s.len - 1] != ']')
		return false;
	num = strv_from(s, bracket + 3);
	f->address = scan_hex(&num, &digits);
	if (!digits || num.len != 1)
		return false;
	s = strv_trim(strv_sub(s, 0, bracket));
	open = strv_chr(s, '('); /* V8 prints the arguments too */
	if (!s.len || s.s[s.len - 1] != ')' || open == SIZE_MAX || !open)
		return false;
	in = strv_sub(s, open + 1, s.len - open - 2);
	f->module = strv_sub(s, 0, open);
	plus = find_offset(in);
	if (strv_chr(f->module, ' ') != SIZE_MAX) {
		/* a daemon's title: "/usr/bin/server 127.0.0.1:6379(f+0x12)"; or a logger's prefix */
		if (plus == SIZE_MAX)
			return false;
		f->module = *s.s == '/' || *s.s == '.' ? strv_sub(s, 0, strv_chr(s, ' '))
						       : strv_from(f->module, strv_rchr(f->module, ' ') + 1);
		if (!f->module.len)
			return false;
	}
	if (plus == SIZE_MAX)
		return in.len == 0;
	if (plus) {
		f->function = strv_sub(in, 0, plus);
	} else {
		num = strv_from(in, 3);
		f->offset = scan_hex(&num, &digits);
		f->has_offset = digits > 0;
	}
	return true;
}

/* macOS: "3   libfoo.dylib   0x0000000101  f + 12" */
bool frame_parse_mac(struct strv s, struct frame_text *f)
{
	unsigned digits;
	size_t hex, plus, place;

	memset(f, 0, sizeof(*f));
	s = strv_trim(s);
	f->index = (long)scan_dec(&s, &digits);
	if (!digits || digits > 4 || s.len < 12 || *s.s != ' ' || s.s[1] != ' ')
		return false;
	s = strv_trim(s);
	hex = strv_find(s, "0x");
	if (hex == SIZE_MAX || hex == 0 || (s.s[hex - 1] != ' ' && s.s[hex - 1] != '\t'))
		return false;
	f->module = strv_trim(strv_sub(s, 0, hex));
	s = strv_from(s, hex + 2);
	f->address = scan_hex(&s, &digits);
	if (digits < 8 || !s.len || *s.s != ' ')
		return false;
	plus = strv_rfind(s, " + ");
	if (plus == SIZE_MAX)
		return false;
	place = strv_rchr(s, '(');
	if (place != SIZE_MAX && place > plus && s.s[s.len - 1] == ')')
		frame_set_location(strv_sub(s, place + 1, s.len - place - 2), f);
	s.len = plus;
	return set_named(s, f);
}

/* Chromium without symbols: "[0x7f6b13882bf1]" */
bool frame_parse_bare(struct strv s, struct frame_text *f)
{
	unsigned digits;

	memset(f, 0, sizeof(*f));
	f->index = -1;
	s = strv_trim(s);
	if (!strv_skip(&s, "[0x"))
		return false;
	f->address = scan_hex(&s, &digits);
	return digits && s.len == 1 && *s.s == ']';
}
