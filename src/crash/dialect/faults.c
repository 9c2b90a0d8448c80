/* The faulting address and the direction of the access, in the many ways in which handlers tell them. */
#include "base/prelude.h"
#include "crash/internal.h"
#include "crash/dialect/internal.h"

static bool faults(const struct crash_report *r)
{
	return !strcmp(r->kind, "segv") || !strcmp(r->kind, "bus-error") ||
	       !strcmp(r->kind, "null-deref");
}

/* "0x10", "(nil)", "NULL", sixteen bare digits: behind blanks, colons and brackets. */
static bool read_address(struct strv s, uint64_t *v)
{
	bool marked;
	unsigned digits;

	while (s.len && strchr(" \t:=(@[", *s.s) && !strv_starts(s, "(nil"))
		s = strv_from(s, 1);
	*v = 0;
	if (strv_starts(s, "(nil)") || strv_starts(s, "nil") || strv_starts(s, "NULL") ||
		strv_starts(s, "null"))
		return true;
	marked = strv_skip(&s, "0x") || strv_skip(&s, "0X");
	*v = scan_hex(&s, &digits);
	if (!digits)
		return false;
	return marked || digits >= 8 ||
	       (*v == 0 && (!s.len || *s.s == ' ' || *s.s == ')' || *s.s == ','));
}

static bool tell(struct crash_report *r, struct strv s)
{
	uint64_t v;

	if (r->has_address || !faults(r) || !read_address(s, &v))
		return false;
	r->address = v;
	r->has_address = true;
	return true;
}

void fault_access(struct crash_report *r, struct strv line)
{
	static const char *const reads[] = { "reading address", "read access", "to read",
		"Access: read", "reading location", "reading NULL", "reading from", "READ",
		"(read)", "ccess type: read", "read of address", "reading unknown" };
	static const char *const writes[] = { "writing address", "write access", "to write",
		"Access: write", "writing location", "writing NULL", "writing to", "WRITE",
		"(write)", "ccess type: write", "write of address", "writing unknown" };

	if (r->access || !faults(r))
		return;
	for (size_t i = 0; i < ARRAY_LEN(writes); i++)
		if (strv_contains(line, writes[i])) {
			r->access = CRASH_WRITE;
			return;
		}
	for (size_t i = 0; i < ARRAY_LEN(reads); i++)
		if (strv_contains(line, reads[i]))
			r->access = CRASH_READ;
}

/* Somewhere in the line that told of the signal. */
void fault_details(struct crash_report *r, struct strv line)
{
	static const char *const keys[] = { "si_addr=", "si_addr: ", "fault addr ", "fault address",
		"(@0x", ") (0x", "addr=0x", "addr: 0x", "address: 0x", "address 0x", "address=0x",
		"address (nil)", "address NULL", "addr 0x", "location 0x", " at 0x",
		"address: ", "Address: ", "address 0" };

	if (!faults(r))
		return;
	line = strv_sub(line, 0, 600);
	for (size_t i = 0; i < ARRAY_LEN(keys); i++) {
		size_t at = strv_find(line, keys[i]), n = strlen(keys[i]);

		if (at == SIZE_MAX)
			continue;
		/* the value itself belongs to some keys */
		if (strv_ends(strv_of(keys[i]), "0x"))
			n -= 2;
		else if (strv_ends(strv_of(keys[i]), "(nil)"))
			n -= 5;
		else if (strv_ends(strv_of(keys[i]), "NULL"))
			n -= 4;
		else if (strv_ends(strv_of(keys[i]), " 0"))
			n -= 1;
		if (tell(r, strv_from(line, at + n)))
			break;
	}
	fault_access(r, line);
}

/* A line of its own: "Failing at address: 0x10", "Accessing address: 0x4", "siginfo: ..., si_addr: 0x0" */
bool fault_line(struct crash_parser *p, struct strv line, size_t at)
{
	struct crash_report *r = p->cur;

	(void)at;
	if (!r || !r->priv->is_signal || by_sanitizer(r) || !faults(r))
		return false;
	fault_details(r, line);
	return true;
}

/* "SegvReason: reading NULL VMA", "SegvReason: writing unknown VMA" of apport */
bool apport_reason(struct crash_parser *p, struct strv line, size_t at)
{
	struct crash_report *r = p->cur;
	struct strv s = strv_from(line, at);

	if (!r || !r->priv->is_signal) {
		r = signal_open(p, "apport", "segv");
		report_message(r, s);
	}
	fault_access(r, s);
	if (strv_contains(s, "NULL") && !r->has_address) {
		r->has_address = true;
		r->address = 0;
	}
	return true;
}

/* " source "0x8(%rdi)" (0x00000008) not located in a known VMA region (needed readable region)!" */
bool apport_operand(struct crash_parser *p, struct strv line, size_t at)
{
	struct strv s = strv_from(line, at);
	size_t open = strv_find(s, " (0x");
	struct crash_report *r = p->cur;

	if (open == SIZE_MAX || !strv_contains(s, "not located in a known VMA"))
		return false;
	if (!r || !r->priv->is_signal) {
		r = signal_open(p, "apport", "segv");
		report_message(r, s);
	}
	if (strv_contains(s, "needed readable"))
		r->access = CRASH_READ;
	else if (strv_contains(s, "needed writable"))
		r->access = CRASH_WRITE;
	tell(r, strv_from(s, open + 2));
	return true;
}

/* "StacktraceTop:": gdb's frames without numbers follow */
bool apport_stack(struct crash_parser *p, struct strv line, size_t at)
{
	if (at)
		return false;
	if (!p->cur)
		report_open(p, "apport", "unknown", RANK_NOTE);
	report_expect(p->cur, CRASH_STACK_FAULT, line);
	p->bare_frames = true;
	return true;
}

/* " tile_decode (t=0x0) at ../src/tile.c:17" below it; any other line ends it */
bool apport_frame(struct crash_parser *p, struct strv line, struct strv s)
{
	struct frame_text f;

	if (!p->bare_frames || !p->cur)
		return false;
	memset(&f, 0, sizeof(f));
	f.index = -1;
	if (s.s == line.s || !frame_parse_gdb(s, &f)) {
		p->bare_frames = false;
		return false;
	}
	report_frame(p, &f);
	return true;
}
