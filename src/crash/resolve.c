/* What the text doesn't hold: names for unsymbolised frames, and how the process ended. */
#include "base/prelude.h"
#include "base/mem.h"
#include "crash/internal.h"
#include <signal.h>

enum { INLINES_MAX = 16 };

static void copy_resolved(struct crash_report *r, struct crash_frame *to,
	const struct crash_frame *raw, const struct crash_frame *from, bool inlined)
{
	*to = *raw;
	to->function = from->function ? keep(r, strv_of(from->function)) : NULL;
	to->file = from->file ? keep(r, strv_of(from->file)) : NULL;
	to->line = from->line;
	to->column = from->column;
	to->inlined = inlined;
}

static void resolve_stack(
	struct crash_report *r, struct crash_stack *s, crash_resolve_fn fn, void *arg)
{
	struct crash_frame found[INLINES_MAX], *fresh;
	size_t n = 0, room = s->n;
	bool any = false;

	for (size_t i = 0; i < s->n; i++)
		any |= !s->frames[i].function && s->frames[i].has_offset;
	if (!any)
		return;
	/* a first pass can't tell how many inlined frames there are, so grow as needed */
	fresh = xcalloc(room ? room : 1, sizeof(*fresh));
	for (size_t i = 0; i < s->n && n < FRAMES_MAX; i++) {
		struct crash_frame *f = &s->frames[i];
		size_t got = 0;

		memset(found, 0, sizeof(found));
		if (!f->function && f->has_offset)
			got = fn(arg, f->module, f->build_id, f->offset,
				i > 0 || s->role != CRASH_STACK_FAULT, found, INLINES_MAX);
		got = MIN(got, (size_t)INLINES_MAX);
		if (n + got + 1 > room) {
			room = (room + got + 1) * 2;
			fresh = xrealloc(fresh, room * sizeof(*fresh));
		}
		if (!got)
			fresh[n++] = *f;
		for (size_t k = 0; k < got; k++)
			copy_resolved(r, &fresh[n++], f, &found[k], k + 1 < got);
	}
	s->frames = arena_alloc(&r->arena, (n + 1) * sizeof(*s->frames));
	if (n)
		memcpy(s->frames, fresh, n * sizeof(*fresh));
	s->n = n;
	free(fresh);
}

void crash_resolve(struct crash_report *r, crash_resolve_fn fn, void *arg)
{
	for (size_t i = 0; i < r->n_stacks; i++)
		resolve_stack(r, &r->stacks[i], fn, arg);
}

void crash_report_add_status(struct crash_report *r, int sig, int exit_code)
{
	const struct report_signal *s = sig ? signal_by_number(sig) : NULL;

	/* an error that was survived, or a stack without a reason, keeps its facts and gains the end */
	if (sig || exit_code > 0)
		r->fatal = true;
	if (strcmp(r->kind, "no-crash") && strcmp(r->kind, "unknown") &&
		strcmp(r->kind, "deadly-signal"))
		return;
	if (sig) {
		/* an alarm that we saw is the target's own: our limits end a process in other ways */
		r->kind = s && sig != SIGALRM ? s->kind : "deadly-signal";
		if (!strcmp(r->sanitizer, "none"))
			r->sanitizer = "signal";
		if (!r->message)
			r->message = arena_printf(&r->arena, CRASH_KILLED_BY "%d%s%s", sig,
				s ? " " : "", s ? s->name : "");
	} else if (exit_code > 0 && !strcmp(r->kind, "no-crash")) {
		r->kind = "unexpected-exit";
		r->sanitizer = "signal";
		r->message = arena_printf(&r->arena, CRASH_EXIT_STATUS "%d", exit_code);
	}
}
