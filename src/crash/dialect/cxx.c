/* The C++ runtimes: uncaught exceptions, pure virtual calls, hardening and debug modes. */
#include "base/prelude.h"
#include "crash/internal.h"

static struct crash_report *cause(struct crash_parser *p, const char *kind, struct strv message)
{
	struct crash_report *r = report_open(p, "c++", kind, RANK_FATAL);

	r->priv->wants_stack = true;
	report_message(r, message);
	return r;
}

/* "terminate called after throwing an instance of 'X'", "libc++abi: terminating due to uncaught ..." */
bool cxx_terminate(struct crash_parser *p, struct strv line, size_t at)
{
	struct strv s = strv_from(line, at);
	size_t of = strv_find(s, "instance of '");

	if (p->cur && !strcmp(p->cur->kind, "uncaught-exception") && !p->cur->n_stacks)
		return true; /* libc++abi says it in one line of two phrases */
	if (of == SIZE_MAX)
		of = strv_find(s, "exception of type ");
	if (of != SIZE_MAX)
		s = strv_from(s, of + (strv_starts(strv_from(s, of), "instance") ? 13 : 18));
	if (s.len && s.s[s.len - 1] == '\'')
		s.len--;
	cause(p, "uncaught-exception", s);
	return true;
}

bool cxx_what(struct crash_parser *p, struct strv line, size_t at)
{
	struct crash_report *r = p->cur;

	if (!r || strcmp(r->kind, "uncaught-exception") || !r->message)
		return false;
	r->message = arena_printf(&r->arena, "%s: %.*s", r->message,
		(int)MIN(line.len - at - 9, (size_t)1000), line.s + at + 9);
	return true;
}

bool cxx_pure_virtual(struct crash_parser *p, struct strv line, size_t at)
{
	cause(p, "pure-virtual-call", strv_from(line, at));
	return true;
}

/* libc++: "/path/vector:123: assertion __n < size() failed: vector[] index out of bounds" */
bool cxx_hardening(struct crash_parser *p, struct strv line, size_t at)
{
	struct strv s = strv_from(line, at);
	size_t end;

	if (!strv_skip(&s, "libc++ Hardening assertion ") && !strv_skip(&s, "assertion "))
		return false;
	end = strv_find(s, " failed:");
	if (end == SIZE_MAX && strv_ends(s, " failed"))
		end = s.len - 7;
	if (end == SIZE_MAX || !end)
		return false;
	cause(p, "assertion", strv_sub(s, 0, end));
	return true;
}

/* _GLIBCXX_DEBUG: "Error: attempt to subscript container with out-of-bounds index 3, but ..." */
bool cxx_debug_mode(struct crash_parser *p, struct strv line, size_t at)
{
	cause(p, "assertion", strv_from(line, at + 7));
	return true;
}
