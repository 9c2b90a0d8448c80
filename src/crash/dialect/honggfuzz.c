/* honggfuzz's HONGGFUZZ.REPORT.TXT: fields, then frames " <0x5555> [func:f file:/a.c line:12 module:/a]". */
#include "base/prelude.h"
#include "crash/internal.h"

bool honggfuzz_signal(struct crash_parser *p, struct strv line, size_t at)
{
	const struct report_signal *sig = signal_by_name(strv_from(line, at + 8));

	if (at || !sig)
		return false;
	report_message(signal_open(p, "honggfuzz", sig->kind), strv_from(line, 8));
	return true;
}

bool honggfuzz_address(struct crash_parser *p, struct strv line, size_t at)
{
	struct strv rest;

	if (!p->cur || strcmp(p->cur->sanitizer, "honggfuzz"))
		return false;
	p->cur->has_address = find_hex(strv_from(line, at), &p->cur->address, &rest);
	return true;
}

/* What stands between `key` and the next field. */
static struct strv field(struct strv s, const char *key, const char *next)
{
	size_t at = strv_find(s, key), end;

	if (at == SIZE_MAX)
		return strv_n("", 0);
	s = strv_from(s, at + strlen(key));
	end = strv_find(s, next);
	return strv_trim(strv_sub(s, 0, end == SIZE_MAX ? s.len : end));
}

bool honggfuzz_frame(struct crash_parser *p, struct strv s)
{
	struct frame_text f;
	struct strv num;
	unsigned digits;

	if (!p->cur || strcmp(p->cur->sanitizer, "honggfuzz"))
		return false;
	memset(&f, 0, sizeof(f));
	f.index = -1;
	if (!strv_skip(&s, "<0x"))
		return false;
	f.address = scan_hex(&s, &digits);
	if (!digits || !strv_skip(&s, ">"))
		return false;
	f.function = field(s, "[func:", " file:");
	if (strv_eqs(f.function, "UNKNOWN"))
		f.function.len = 0;
	f.file = field(s, " file:", " line:");
	num = field(s, " line:", " module:");
	f.line = (unsigned)scan_dec_max(&num, &digits, 1 << 30);
	f.module = field(s, " module:", "]");
	report_frame(p, &f);
	return true;
}
