/* Go under a C harness, or alone: panics, fatal errors, signals, goroutine stacks of two-line frames. */
#include "base/prelude.h"
#include "crash/internal.h"

static const struct name_kind panics[] = {
	{ "runtime error: index out of range", "index-out-of-bounds" },
	{ "runtime error: slice bounds out of range", "index-out-of-bounds" },
	{ "runtime error: invalid memory address or nil pointer", "null-deref" },
	{ "runtime error: integer divide by zero", "divide-by-zero" },
	{ "runtime error: makeslice", "out-of-memory" },
	{ "runtime error: growslice", "out-of-memory" },
	{ NULL, NULL },
};

bool go_panic(struct crash_parser *p, struct strv line, size_t at)
{
	struct strv s = strv_from(line, at + 7);
	const struct name_kind *k;
	struct crash_report *r;
	size_t cut;

	for (size_t i = 0; i < at; i++)
		if (line.s[i] != ' ' && line.s[i] != '\t')
			return false; /* a logger's line: another dialect's */
	k = name_kind_find(panics, s);
	cut = strv_find(s, " [recovered]");
	r = report_open(p, "go", k ? k->kind : "assertion", RANK_FATAL);
	r->priv->wants_stack = true;
	report_message(r, strv_sub(s, 0, cut == SIZE_MAX ? s.len : cut));
	return true;
}

bool go_fatal(struct crash_parser *p, struct strv line, size_t at)
{
	static const struct name_kind errors[] = { { "stack overflow", "stack-overflow" },
		{ "out of memory", "out-of-memory" }, { "runtime: out of memory", "out-of-memory" },
		{ "runtime: cannot allocate memory", "out-of-memory" },
		{ "all goroutines are asleep", "deadlock" }, { "concurrent map", "data-race" },
		{ "unexpected signal during runtime execution", "segv" }, { "fault", "segv" },
		{ "checkptr: ", "invalid-pointer-pair" }, { NULL, NULL } };
	struct strv s = strv_from(line, at + 13);
	const struct name_kind *k = name_kind_find(errors, s);
	struct crash_report *r;

	if (!k && (at || strv_starts(s,
				 "\""))) /* compilers say "file.c:1: fatal error: x.h not found" */
		return false;
	r = report_open(p, "go", k ? k->kind : "fatal-error", RANK_FATAL);
	r->priv->wants_stack = true;
	report_message(r, s);
	return true;
}

/* "SIGABRT: abort", "PC=0x461d2d m=0 sigcode=0" on the next line: a signal outside of Go code */
bool go_abort(struct crash_parser *p, struct strv line, size_t at)
{
	static const char *const words[] = { "SIGABRT: abort", "SIGSEGV: segmentation violation",
		"SIGBUS: bus error", "SIGFPE: ", "SIGILL: ", "SIGTRAP: trace trap" };
	struct strv s = strv_from(line, at);

	for (size_t i = 0; !at && i < ARRAY_LEN(words); i++)
		if (strv_starts(s, words[i])) {
			report_message(signal_open(p, "go", signal_by_name(s)->kind), s);
			return true;
		}
	return false;
}

/* "[signal SIGSEGV: segmentation violation code=0x1 addr=0x0 pc=0x4a]" */
bool go_signal(struct crash_parser *p, struct strv line, size_t at)
{
	size_t addr = strv_find(strv_from(line, at), "addr=0x");
	struct crash_report *r = p->cur;
	struct strv rest;

	if (!r || strcmp(r->sanitizer, "go"))
		return false;
	if (addr != SIZE_MAX && find_hex(strv_from(line, at + addr), &r->address, &rest))
		r->has_address = true;
	return true;
}

bool go_goroutine(struct crash_parser *p, struct strv line, size_t at)
{
	struct crash_report *r = p->cur;

	if (strv_chr(strv_from(line, at), '[') == SIZE_MAX || line.s[line.len - 1] != ':')
		return false;
	if (!r || strcmp(r->sanitizer, "go"))
		report_open(p, "go", "unknown", RANK_NOTE);
	else if (r->n_stacks)
		report_expect(r, CRASH_STACK_OTHER, line);
	p->in_go = true;
	return true;
}

/* "main.f(0x1, {...})" then "\t/src/main.go:12 +0x1d"; "created by main.g" ends what counts */
bool go_line(struct crash_parser *p, struct strv line)
{
	struct crash_report *r = p->cur;
	struct frame_text f;
	struct strv s = strv_trim(line);
	size_t open, plus;

	memset(&f, 0, sizeof(f));
	if (!r || strcmp(r->sanitizer, "go")) {
		p->in_go = false;
		return false;
	}
	if (line.s[0] == '\t' || strv_starts(line, "      ")) {
		struct crash_frame *to;

		if (r->priv->armed || r->priv->open < 0 || !r->stacks[r->priv->open].n)
			return false;
		to = &r->stacks[r->priv->open].frames[r->stacks[r->priv->open].n - 1];
		plus = strv_rfind(s, " +0x");
		frame_set_location(strv_sub(s, 0, plus == SIZE_MAX ? s.len : plus), &f);
		if (!to->file && f.file.len) {
			to->file = keep(r, f.file);
			to->line = f.line;
		}
		return true;
	}
	if (strv_skip(&s, "created by ")) {
		report_expect(r, CRASH_STACK_THREAD, line);
		f.function = s;
		f.index = -1;
		report_frame(p, &f);
		return true;
	}
	open = strv_rchr(s, '(');
	if (open == SIZE_MAX || !open || s.s[s.len - 1] != ')' ||
		strv_chr(strv_sub(s, 0, open), ' ') != SIZE_MAX)
		return false;
	f.index = -1;
	f.function = strv_sub(s, 0, open);
	report_frame(p, &f);
	return true;
}
