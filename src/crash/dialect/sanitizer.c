/*
 * What all sanitizers share: "==1==ERROR: Tool: what", the signals they catch, SUMMARY and ABORTING.
 * The part behind the tool's name goes to the tool's own file.
 */
#include "base/prelude.h"
#include "crash/internal.h"

const struct name_kind *name_kind_find(const struct name_kind *t, struct strv s)
{
	for (; t->text; t++)
		if (strv_starts(s, t->text))
			return t;
	return NULL;
}

/* The faulting address: the first number that isn't the program counter. */
void sanitizer_address(struct crash_report *r, struct strv what)
{
	size_t pc = strv_find(what, "pc 0x");
	struct strv rest;
	uint64_t v;

	if (pc != SIZE_MAX && find_hex(strv_from(what, pc), &v, &rest))
		r->priv->pc_zero = v == 0;
	if (find_hex(what, &v, &rest) && !(pc != SIZE_MAX && rest.s > what.s + pc + 4)) {
		r->has_address = true;
		r->address = v;
	}
}

bool sanitizer_signal(struct crash_parser *p, const char *tool, struct strv what, long pid)
{
	static const struct name_kind signals[] = { { "SEGV ", "segv" }, { "BUS ", "bus-error" },
		{ "ABRT ", "abort" }, { "FPE ", "fpe" }, { "ILL ", "illegal-instruction" },
		{ "TRAP ", "trap" }, { "SIGTRAP", "trap" }, { "breakpoint on", "trap" },
		{ "Breakpoint", "trap" }, { "access-violation ", "segv" },
		{ "illegal-instruction ", "illegal-instruction" }, { "in-page-error ", "segv" },
		{ "int-divide-by-zero", "divide-by-zero" },
		{ "float-divide-by-zero", "divide-by-zero" },
		{ "datatype-misalignment", "misaligned" },
		{ "priv-instruction", "illegal-instruction" }, { "array-bounds-exceeded", "segv" },
		{ "UNKNOWN SIGNAL", "deadly-signal" }, { "unknown exception", "deadly-signal" },
		{ NULL, NULL } };
	const struct name_kind *k = name_kind_find(signals, what);
	struct crash_report *r;

	if (!k)
		return false;
	r = report_open(p, tool, k->kind, RANK_FATAL);
	r->pid = pid;
	r->priv->is_signal = true;
	sanitizer_address(r, what);
	report_message(r, what);
	return true;
}

/* Stack exhaustion and oversized requests, worded alike by ASan, MSan, TSan and HWASan. */
static bool common_headline(struct crash_parser *p, const char *tool, struct strv what, long pid)
{
	static const struct name_kind common[] = { { "stack-overflow", "stack-overflow" },
		{ "requested allocation size", "out-of-memory" },
		{ "allocator is out of memory", "out-of-memory" },
		{ "specified RSS limit exceeded", "out-of-memory" },
		{ "rss limit exceeded", "out-of-memory" },
		{ "hard rss limit exhausted", "out-of-memory" },
		{ "soft rss limit exhausted", "out-of-memory" },
		{ "out-of-memory", "out-of-memory" }, { "out of memory", "out-of-memory" },
		{ "malloc limit exceeded", "out-of-memory" },
		{ "calloc parameters overflow", "out-of-memory" },
		{ "reallocarray parameters overflow", "out-of-memory" },
		{ "pvalloc parameters overflow", "out-of-memory" },
		{ "failed to allocate", "out-of-memory" },
		{ "invalid allocation alignment", "invalid-alignment" },
		{ "invalid aligned_alloc alignment", "invalid-alignment" },
		{ "invalid alignment requested in posix_memalign", "invalid-alignment" },
		{ NULL, NULL } };
	const struct name_kind *k = name_kind_find(common, what);
	struct crash_report *r;
	struct strv rest;

	if (!k)
		return false;
	r = report_open(p, tool, k->kind, RANK_FATAL);
	r->pid = pid;
	report_message(r, what);
	if (!strcmp(k->kind, "stack-overflow"))
		sanitizer_address(r, what);
	else
		find_hex(what, &r->size, &rest);
	return true;
}

static const char *strip_tool(struct strv *s)
{
	static const struct name_kind tools[] = { { "AddressSanitizer", "asan" },
		{ "HWAddressSanitizer", "hwasan" }, { "MemorySanitizer", "msan" },
		{ "ThreadSanitizer", "tsan" }, { "LeakSanitizer", "lsan" },
		{ "UndefinedBehaviorSanitizer", "ubsan" }, { "DataFlowSanitizer", "dfsan" },
		{ "RealtimeSanitizer", "rtsan" }, { "TypeSanitizer", "tysan" },
		{ "NumericalStabilitySanitizer", "nsan" }, { "libFuzzer", "libfuzzer" },
		{ "thresh", "thresh" }, { NULL, NULL } };
	const struct name_kind *t = name_kind_find(tools, *s);

	if (!t)
		return NULL;
	*s = strv_from(*s, strlen(t->text));
	strv_skip(s, ":");
	*s = strv_trim(*s);
	return t->kind;
}

bool on_error(struct crash_parser *p, struct strv line, size_t at)
{
	struct strv what = strv_from(line, at + 7);
	const char *tool = strip_tool(&what);
	long pid = line_pid(line, at);
	struct crash_report *r;

	if (!tool || !what.len)
		return false;
	if (sanitizer_signal(p, tool, what, pid))
		return true;
	if (!strcmp(tool, "libfuzzer"))
		libfuzzer_headline(p, what, pid);
	else if (!strcmp(tool, "thresh"))
		thresh_headline(p, what, pid);
	else if (common_headline(p, tool, what, pid))
		return true;
	else if (!strcmp(tool, "asan"))
		asan_headline(p, what, pid);
	else if (!strcmp(tool, "hwasan"))
		hwasan_headline(p, what, pid);
	else if (!strcmp(tool, "msan"))
		msan_headline(p, what, pid, false);
	else if (!strcmp(tool, "tsan"))
		tsan_headline(p, what, pid);
	else if (!strcmp(tool, "lsan"))
		lsan_headline(p, what, pid);
	else {
		r = report_open(p, tool, "undefined-behavior", RANK_FATAL);
		r->pid = pid;
		report_message(r, what);
	}
	return true;
}

bool on_warning(struct crash_parser *p, struct strv line, size_t at)
{
	struct strv what = strv_from(line, at + 9);
	const char *tool;
	long pid = line_pid(line, at);

	if (strv_starts(what, "DATA RACE")) {
		tsan_headline(p, what, pid);
		return true;
	}
	tool = strip_tool(&what);
	if (!tool)
		return false;
	if (!strcmp(tool, "msan"))
		msan_headline(p, what, pid, true);
	else if (!strcmp(tool, "tsan"))
		tsan_headline(p, what, pid);
	else
		return false; /* "AddressSanitizer failed to allocate": an error follows, or none */
	return true;
}

/* A SUMMARY without its report (the log's head is gone): one frame is better than nothing. */
static void summary_only(struct crash_parser *p, const char *tool, struct strv s)
{
	size_t kind_end = strv_chr(s, ' '), in;
	struct frame_text f;

	if (!strcmp(tool, "asan"))
		asan_headline(p, s, 0);
	else if (!strcmp(tool, "hwasan"))
		hwasan_headline(p, s, 0);
	else if (!strcmp(tool, "msan"))
		msan_headline(p, s, 0, true);
	else if (!strcmp(tool, "tsan"))
		tsan_headline(p, s, 0);
	else if (!strcmp(tool, "libfuzzer"))
		libfuzzer_headline(p, s, 0);
	if (!p->cur)
		return;
	p->cur->truncated = true;
	if (kind_end == SIZE_MAX || !strcmp(tool, "libfuzzer"))
		return;
	memset(&f, 0, sizeof(f));
	s = strv_trim(strv_from(s, kind_end));
	in = strv_rfind(s, " in ");
	if (in != SIZE_MAX) {
		f.function = strv_trim(strv_from(s, in + 4));
		s = strv_trim(strv_sub(s, 0, in));
	}
	if (!frame_cut_module(&s, &f))
		frame_set_location(s, &f);
	report_frame(p, &f);
}

bool on_summary(struct crash_parser *p, struct strv line, size_t at)
{
	struct strv s = strv_from(line, at + 9);
	const char *tool = strip_tool(&s);

	if (!tool)
		return false;
	/* the report above it is complete: later stacks are not its own */
	if (!p->n && !p->scratch && s.len) {
		if (!sanitizer_signal(p, tool, s, 0))
			summary_only(p, tool, s);
	}
	return true;
}

bool sanitizer_aborting(struct crash_parser *p, struct strv line, size_t at)
{
	long pid = line_pid(line, at);

	if (!pid || !p->cur)
		return false;
	for (size_t i = p->n; i--;)
		if (p->reports[i]->pid == pid && p->reports[i]->priv->rank == RANK_REPORT) {
			p->reports[i]->fatal = true;
			p->reports[i]->priv->rank = RANK_FATAL;
			break;
		}
	return true;
}
