/* GLib: failed tests and assertions, criticals (which end nothing unless made fatal), g_error. */
#include "base/prelude.h"
#include "crash/internal.h"

/* "ERROR:file.c:12:func: assertion failed: (x)", "...: g_foo: assertion 'x != NULL' failed" */
bool glib_error(struct crash_parser *p, struct strv line, size_t at)
{
	struct strv s = strv_from(line, at);
	bool fatal = strv_skip(&s, "ERROR:");
	struct crash_report *r;
	size_t from, end;

	if (fatal) {
		from = strv_find(s, "assertion failed: ");
		if (from != SIZE_MAX)
			s = strv_from(s, from + 18);
		else if ((from = strv_find(s, "assertion failed ")) != SIZE_MAX)
			s = strv_from(s, from + 17);
		else if ((from = strv_find(s, "code should not be reached")) != SIZE_MAX)
			s = strv_from(s, from);
		else
			return false;
	} else {
		s = strv_from(s, 11);
		end = strv_find(s, "' failed");
		if (end == SIZE_MAX)
			return false;
		s.len = end;
	}
	if (s.len > 2 && s.s[0] == '(' && s.s[s.len - 1] == ')' && strv_chr(s, ')') == s.len - 1)
		s = strv_sub(s, 1, s.len - 2);
	r = report_open(p, "glib", "assertion", fatal ? RANK_FATAL : RANK_NOTE);
	r->priv->wants_stack = true;
	report_message(r, s);
	return true;
}

/* "GLib-ERROR **: 12:00:00.1: gmem.c:135: failed to allocate 123 bytes", and any other g_error */
bool glib_alloc(struct crash_parser *p, struct strv line, size_t at)
{
	struct strv s = strv_from(line, at), num;
	size_t alloc = strv_find(s, "failed to allocate "), msg = strv_find(s, "**: ");
	struct crash_report *r;
	unsigned digits;

	if (msg == SIZE_MAX || (p->cur && !strcmp(p->cur->sanitizer, "glib") && !p->cur->n_stacks))
		return false;
	r = report_open(p, "glib", alloc == SIZE_MAX ? "fatal-error" : "out-of-memory", RANK_FATAL);
	r->priv->wants_stack = true;
	report_message(r, strv_from(s, msg + 4));
	if (alloc != SIZE_MAX) {
		num = strv_from(s, alloc + 19);
		r->size = scan_dec(&num, &digits);
	}
	return true;
}
