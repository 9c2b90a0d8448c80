/*
 * What kernels log of processes that die: x86's "segfault at", its traps, the other architectures' wordings, and
 * audit records. The module and the place in it are all the stack there is.
 */
#include "base/prelude.h"
#include "crash/internal.h"
#include "crash/dialect/internal.h"

/* The hexadecimal number behind key, with 0x or without. */
static bool hex_behind(struct strv s, const char *key, uint64_t *v)
{
	size_t at = strv_find(s, key);
	unsigned digits;

	if (at == SIZE_MAX)
		return false;
	s = skip_blank(strv_from(s, at + strlen(key)));
	strv_skip(&s, "0x");
	*v = scan_hex(&s, &digits);
	return digits > 0;
}

/* "in libx.so[3dd8,559e8173f000+5000]", older "in libx.so[559e8173f000+5000]": the module, and where in it */
static bool module_of(struct strv s, uint64_t ip, bool has_ip, struct frame_text *f)
{
	size_t in = strv_rfind(s, " in "), open, end;
	struct strv rest, num;
	unsigned digits;
	uint64_t first, second;

	if (in == SIZE_MAX)
		return false;
	rest = strv_from(s, in + 4);
	open = strv_chr(rest, '[');
	if (open == SIZE_MAX || !open)
		return false;
	memset(f, 0, sizeof(*f));
	f->index = -1;
	f->module = strv_sub(rest, 0, open);
	num = strv_from(rest, open + 1);
	end = strv_chr(num, ']');
	if (end == SIZE_MAX)
		return false;
	num.len = end;
	first = scan_hex(&num, &digits);
	if (!digits)
		return false;
	f->has_offset = true;
	if (strv_skip(&num, ",")) {
		f->offset = first;
		return true;
	}
	second = ip - first;
	f->offset = second;
	f->has_offset = has_ip && ip >= first;
	return true;
}

static void add_place(struct crash_parser *p, struct strv line)
{
	struct frame_text f;
	uint64_t ip = 0;
	bool has_ip = hex_behind(line, " ip:", &ip) || hex_behind(line, " ip ", &ip) ||
		      hex_behind(line, " rip:", &ip) || hex_behind(line, " rip ", &ip) ||
		      hex_behind(line, " eip ", &ip) || hex_behind(line, " nip ", &ip) ||
		      hex_behind(line, "pc=", &ip) || hex_behind(line, "epc ", &ip);

	if (has_ip && !ip)
		p->cur->priv->pc_zero = true;
	if (!module_of(line, ip, has_ip, &f))
		return;
	f.address = ip;
	report_frame(p, &f);
	p->last_was_frame = false;
}

static struct crash_report *open_one(struct crash_parser *p, const char *kind, struct strv line)
{
	struct crash_report *r = signal_open(p, "dmesg", kind);

	report_message(r, line);
	return r;
}

/* "viewer[5193]: segfault at 4 ip 0000559e8173fdd8 sp 00007ffd6e0b31b8 error 4 in viewer[...]" */
bool dmesg_segfault(struct crash_parser *p, struct strv line, size_t at)
{
	struct strv s = strv_from(line, at), num;
	struct crash_report *r;
	unsigned digits;
	uint64_t v, error;
	size_t signo;

	if (!hex_behind(s, " at ", &v))
		return false;
	if (!strv_contains(s, " ip ") && !strv_contains(s, " ip:") && !strv_contains(s, "rip") &&
		!strv_contains(s, "nip ") && !strv_contains(s, "error "))
		return false;
	r = open_one(p, "segv", line);
	r->address = v;
	r->has_address = true;
	signo = strv_find(s, "error ");
	if (signo != SIZE_MAX || (signo = strv_find(s, "error:")) != SIZE_MAX) {
		num = skip_blank(strv_from(s, signo + 6));
		error = scan_hex(&num, &digits);
		/* bit 1: a write, bit 4: an instruction fetch */
		if (digits)
			r->access = error & 0x10 ? CRASH_ACCESS_NONE
				    : error & 2  ? CRASH_WRITE
						 : CRASH_READ;
		if (digits && error & 0x10 && v == 0)
			r->priv->pc_zero = true;
	}
	add_place(p, line);
	return true;
}

/* "traps: viewer[692] trap divide error ip:7f9f sp:7ffc error:0 in libx.so[7f9f+18000]", "general protection ip:" */
bool dmesg_trap(struct crash_parser *p, struct strv line, size_t at)
{
	static const struct name_kind traps[] = { { "trap divide error", "divide-by-zero" },
		{ "divide error", "divide-by-zero" },
		{ "trap invalid opcode", "illegal-instruction" },
		{ "invalid opcode", "illegal-instruction" }, { "trap int3", "trap" },
		{ "trap stack segment", "segv" }, { "trap bounds", "segv" },
		{ "general protection", "segv" }, { "trap overflow", "integer-overflow" },
		{ "trap coprocessor", "fpe" }, { "trap simd", "fpe" }, { "trap x87", "fpe" },
		{ "trap alignment check", "misaligned" }, { "trap control protection", "segv" },
		{ "control protection", "segv" }, { "trap debug", "trap" }, { NULL, NULL } };
	struct strv s = strv_from(line, at);
	const struct name_kind *k = name_kind_find(traps, s);
	struct crash_report *r;

	if (!k || (!strv_contains(s, " ip:") && !strv_contains(s, " rip:") &&
			  !strv_contains(s, " ip ")))
		return false;
	r = open_one(p, k->kind, line);
	r->priv->wild = strv_starts(s, "general") || strv_contains(s, "stack segment");
	add_place(p, line);
	return true;
}

/*
 * "x[12]: unhandled level 2 translation fault (11) at 0x0, esr 0x92000006, in libx.so[...]", "unhandled signal 11 code
 * 0x1 at 0x0 in x[...]", "x: unhandled page fault (11) at 0x00000000, code 0x017", "bad frame in", "sending SIGSEGV to
 * x for invalid read access from 00000000"
 */
bool dmesg_unhandled(struct crash_parser *p, struct strv line, size_t at)
{
	struct strv s = strv_from(line, at), num;
	const struct report_signal *sig = NULL;
	struct crash_report *r;
	unsigned digits;
	uint64_t v, esr;
	size_t open = strv_chr(s, '('), signo = strv_find(s, "signal ");

	if (signo != SIZE_MAX && signo < 16) {
		num = strv_from(s, signo + 7);
		sig = signal_by_number((int)scan_dec_max(&num, &digits, 65));
	} else if (open != SIZE_MAX) {
		num = strv_from(s, open + 1);
		v = scan_dec(&num, &digits);
		sig = digits && strv_starts(num, ")") ? signal_by_number((int)MIN(v, (uint64_t)65))
						      : NULL;
	}
	if (!sig && strv_starts(s, "sending SIG"))
		sig = signal_by_name(strv_from(s, 8));
	if (!sig || (!hex_behind(s, " at ", &v) && !hex_behind(s, "access from ", &v) &&
			    !hex_behind(s, "access to ", &v)))
		return false;
	r = open_one(p, sig->kind, line);
	r->address = v;
	r->has_address = true;
	if (hex_behind(s, "esr ", &esr) && esr >> 26 == 0x24)
		r->access = esr & 0x40 ? CRASH_WRITE : CRASH_READ; /* a data abort's WnR */
	else if (strv_contains(s, "read access"))
		r->access = CRASH_READ;
	else if (strv_contains(s, "write access"))
		r->access = CRASH_WRITE;
	add_place(p, line);
	return true;
}

/* "type=1701 audit(...): ... comm="viewer" exe="/usr/bin/viewer" sig=11 res=1" */
bool audit_signal(struct crash_parser *p, struct strv line, size_t at)
{
	struct strv s = strv_from(line, at + 4);
	const struct report_signal *sig;
	unsigned digits;
	uint64_t v = scan_dec(&s, &digits);

	if (!digits || (!strv_contains(line, "type=1701") && !strv_contains(line, "ANOM_ABEND") &&
			       !strv_contains(line, "audit(")))
		return false;
	sig = signal_by_number((int)MIN(v, (uint64_t)65));
	if (!sig)
		return false;
	open_one(p, sig->kind, line)->priv->outside = true;
	return true;
}
