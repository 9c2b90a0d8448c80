/*
 * Visual Studio's and Windows' own words: unhandled exceptions with their codes, the event log's faulting module, the
 * C runtime's assertions; frames as "module!function(args) [file:12]" and "module.exe!f(int x) Line 12 C++".
 */
#include "base/prelude.h"
#include "crash/internal.h"
#include "crash/dialect/internal.h"

/* "Unhandled exception at 0x00007FF6 in x.exe: 0xC0000005: Access violation reading location 0x0000000000000010." */
bool msvc_exception(struct crash_parser *p, struct strv line, size_t at)
{
	struct strv s = strv_from(line, at), num;
	size_t code = strv_find(s, "0xC0");
	const char *kind;
	struct crash_report *r;
	unsigned digits;

	if (code == SIZE_MAX)
		code = strv_find(s, "0xc0");
	if (code == SIZE_MAX)
		code = strv_find(s, "0xE0");
	if (code == SIZE_MAX)
		code = strv_find(s, "0x80");
	if (code == SIZE_MAX)
		return false;
	num = strv_from(s, code + 2);
	kind = ntstatus_kind(scan_hex(&num, &digits));
	if (!kind || digits != 8)
		return false;
	r = signal_open(p, "windows", kind);
	report_message(r, s);
	fault_details(r, num);
	fault_access(r, num);
	return true;
}

/* "Exception thrown: read access violation.", "Unhandled exception thrown: write access violation." */
bool msvc_thrown(struct crash_parser *p, struct strv line, size_t at)
{
	struct strv s = strv_from(line, at);
	struct crash_report *r;

	if (!strv_contains(s, "access violation"))
		return false;
	r = signal_open(p, "windows", "segv");
	report_message(r, s);
	r->access = strv_contains(s, "read access")    ? CRASH_READ
		    : strv_contains(s, "write access") ? CRASH_WRITE
						       : r->access;
	return true;
}

/* The event log: "Faulting module name: x.dll, version: ...", "Exception code: 0xc0000005", "Fault offset: 0x12345" */
bool eventlog_line(struct crash_parser *p, struct strv line, size_t at)
{
	struct strv s = strv_from(line, at), num;
	struct crash_report *r = p->cur;
	struct frame_text f = { .index = -1 };
	const char *kind;
	unsigned digits;
	size_t comma;

	if (strv_skip(&s, "Faulting application name: ") ||
		strv_skip(&s, "Faulting application ")) {
		r = report_open(p, "eventlog", "unknown", RANK_NOTE);
		report_message(r, s);
		return true;
	}
	if (!r || strcmp(r->sanitizer, "eventlog"))
		return false;
	if (strv_skip(&s, "Faulting module name: ")) {
		comma = strv_chr(s, ',');
		r->priv->said = keep(r, strv_sub(s, 0, comma));
	} else if (strv_skip(&s, "Exception code: 0x")) {
		num = s;
		kind = ntstatus_kind(scan_hex(&num, &digits));
		if (!kind)
			return true;
		r->kind = kind;
		r->priv->rank = RANK_FATAL;
		r->priv->is_signal = r->fatal = true;
	} else if (strv_skip(&s, "Fault offset: 0x") && r->priv->said) {
		f.module = strv_of(r->priv->said);
		f.offset = scan_hex(&s, &digits);
		f.has_offset = digits > 0;
		report_frame(p, &f);
	}
	return true;
}

/* "Expression: _CrtIsValidHeapPointer(block)" below "Debug Assertion Failed!" */
bool msvc_expression(struct crash_parser *p, struct strv line, size_t at)
{
	static const char *const heap[] = { "_CrtIsValidHeapPointer", "_BLOCK_TYPE_IS_VALID",
		"is_block_type_valid", "_CrtIsValid", "__acrt_first_block", "_pFirstBlock" };
	struct strv s = strv_from(line, at + 12);

	if (!p->cur || strcmp(p->cur->kind, "assertion") || !p->cur->message ||
		!strstr(p->cur->message, "Debug Assertion"))
		return false;
	report_message(p->cur, s);
	for (size_t i = 0; i < ARRAY_LEN(heap); i++)
		if (strv_contains(s, heap[i]))
			p->cur->kind = "invalid-free";
	return true;
}

/* "UnrealEditor_Plugin!ATileActor::PostLoad() [D:\work\TileActor.cpp:591]", "x.exe!f(int x) Line 12	C++" */
bool bang_frame(struct crash_parser *p, struct strv s)
{
	size_t bang = strv_chr(s, '!');
	struct frame_text f;

	if (!p->cur || by_sanitizer(p->cur) || bang == SIZE_MAX || !bang || bang > 200 ||
		bang + 1 >= s.len)
		return false;
	strv_skip(&s, ">");
	s = strv_trim(s);
	memset(&f, 0, sizeof(f));
	f.index = -1;
	if (frame_parse_body(s, &f) != 2 || !f.module.len || !f.function.len)
		return false;
	report_frame(p, &f);
	return true;
}
