/*
 * The headlines that all sanitizers word alike: "==1==ERROR: Tool: what", WARNING and SUMMARY. What follows
 * the tool's name goes to the tool's own file.
 */
#include "base/prelude.h"
#include "crash/internal.h"

typedef void (*headline_fn)(struct crash_parser *p, struct strv what, long pid);

static void msan_error(struct crash_parser *p, struct strv what, long pid)
{
	msan_headline(p, what, pid, false);
}

static void msan_warning(struct crash_parser *p, struct strv what, long pid)
{
	msan_headline(p, what, pid, true);
}

static const struct tool {
	const char *printed, *name;
	headline_fn error, warning, summary;
	bool own; /* words of its own even for what the others share */
} tools[] = {
	/* printed, name, error, warning, summary, own */
	{ "AddressSanitizer", "asan", asan_headline, NULL, asan_headline, false },
	{ "HWAddressSanitizer", "hwasan", hwasan_headline, NULL, hwasan_headline, false },
	{ "MemorySanitizer", "msan", msan_error, msan_warning, msan_warning, false },
	{ "ThreadSanitizer", "tsan", tsan_headline, tsan_headline, tsan_headline, false },
	{ "LeakSanitizer", "lsan", lsan_headline, NULL, NULL, false },
	{ "UndefinedBehaviorSanitizer", "ubsan", NULL, NULL, NULL, false },
	{ "DataFlowSanitizer", "dfsan", NULL, NULL, NULL, false },
	{ "RealtimeSanitizer", "rtsan", NULL, NULL, NULL, false },
	{ "TypeSanitizer", "tysan", NULL, NULL, NULL, false },
	{ "NumericalStabilitySanitizer", "nsan", NULL, NULL, NULL, false },
	{ "libFuzzer", "libfuzzer", libfuzzer_headline, NULL, libfuzzer_headline, true },
	{ "thresh", "thresh", thresh_headline, NULL, NULL, true },
};

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

/* Whose headline it is; *s becomes what follows its name. */
static const struct tool *strip_tool(struct strv *s)
{
	for (size_t i = 0; i < ARRAY_LEN(tools); i++) {
		if (!strv_starts(*s, tools[i].printed))
			continue;
		*s = strv_from(*s, strlen(tools[i].printed));
		strv_skip(s, ":");
		*s = strv_trim(*s);
		return &tools[i];
	}
	return NULL;
}

bool on_error(struct crash_parser *p, struct strv line, size_t at)
{
	struct strv what = strv_from(line, at + 7);
	const struct tool *tool = strip_tool(&what);
	long pid = line_pid(line, at);
	struct crash_report *r;

	if (!tool || !what.len)
		return false;
	if (sanitizer_signal(p, tool->name, what, pid))
		return true;
	if (!tool->own && common_headline(p, tool->name, what, pid))
		return true;
	if (tool->error) {
		tool->error(p, what, pid);
		return true;
	}
	r = report_open(p, tool->name, "undefined-behavior", RANK_FATAL);
	r->pid = pid;
	report_message(r, what);
	return true;
}

bool on_warning(struct crash_parser *p, struct strv line, size_t at)
{
	struct strv what = strv_from(line, at + 9);
	const struct tool *tool;
	long pid = line_pid(line, at);

	if (strv_starts(what, "DATA RACE")) {
		tsan_headline(p, what, pid);
		return true;
	}
	tool = strip_tool(&what);
	if (!tool || !tool->warning)
		return false; /* "AddressSanitizer failed to allocate": an error follows, or none */
	tool->warning(p, what, pid);
	return true;
}

/* A SUMMARY without its report (the log's head is gone): one frame is better than nothing. */
static void summary_only(struct crash_parser *p, const struct tool *tool, struct strv s)
{
	size_t kind_end = strv_chr(s, ' '), in;
	struct frame_text f;

	if (tool->summary)
		tool->summary(p, s, 0);
	if (!p->cur)
		return;
	p->cur->truncated = true;
	if (kind_end == SIZE_MAX || !strcmp(tool->name, "libfuzzer"))
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
	const struct tool *tool = strip_tool(&s);

	if (!tool)
		return false;
	/* the report above it is complete: later stacks are not its own */
	if (!p->n && !p->scratch && s.len) {
		if (!sanitizer_signal(p, tool->name, s, 0))
			summary_only(p, tool, s);
	}
	return true;
}
