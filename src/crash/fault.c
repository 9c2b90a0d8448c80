/* Of a report's stacks the one that says where it failed, and what its frames are called. */
#include "base/prelude.h"
#include "crash/internal.h"

/* One frame alone, which a later stack has too: a handler or debugger told the place before the way to it. */
static bool shown_in_full(const struct crash_report *r, size_t at)
{
	const struct crash_stack *s = &r->stacks[at];

	if (s->n != 1 || by_sanitizer(r))
		return false;
	for (size_t i = at + 1; i < r->n_stacks; i++) {
		const struct crash_stack *t = &r->stacks[i];

		if (t->role != CRASH_STACK_FAULT || t->n < 2)
			continue;
		for (size_t k = 0; k < t->n && k < 16; k++)
			if (s->frames[0].function && t->frames[k].function
					? !strcmp(s->frames[0].function, t->frames[k].function)
					: s->frames[0].address &&
						  s->frames[0].address == t->frames[k].address)
				return true;
	}
	return false;
}

/* Where it failed: of several stacks the first that has a frame of the project. */
const struct crash_stack *report_fault(const struct crash_report *r)
{
	const struct crash_stack *first = NULL;

	for (size_t i = 0; i < r->n_stacks; i++) {
		const struct crash_stack *s = &r->stacks[i];

		if (s->role != CRASH_STACK_FAULT || shown_in_full(r, i))
			continue;
		for (size_t f = 0; f < s->n; f++)
			if (frame_counts(&s->frames[f]) && s->frames[f].function)
				return s;
		if (!first || (s->n && first->n == 1 && !first->frames[0].function))
			first = s;
	}
	return first;
}

/* Of leaks the first direct one that has a frame of the project. */
static const struct crash_stack *leak_stack(const struct crash_report *r)
{
	const struct crash_stack *best = NULL;
	int best_rank = 0;

	for (size_t i = 0; i < r->n_stacks; i++) {
		const struct crash_stack *s = &r->stacks[i];
		bool direct = strncmp(s->title, "Indirect", 8) != 0, named = false;
		int rank;

		if (s->role != CRASH_STACK_FAULT && s->role != CRASH_STACK_OTHER)
			continue;
		for (size_t f = 0; f < s->n; f++)
			named |= frame_counts(&s->frames[f]);
		rank = named * 4 + direct * 2 + 1;
		if (rank > best_rank) {
			best = s;
			best_rank = rank;
		}
	}
	return best;
}

const struct crash_stack *crash_fault_stack(const struct crash_report *r)
{
	return !strcmp(r->kind, "leak") ? leak_stack(r) : report_fault(r);
}

/*
 * What a frame signs with. Inside an anonymous namespace gcc's debug information has the last name only, where
 * clang's has them all: so such a frame signs with its last name, whichever compiler it came from.
 */
const char *frame_signing_name(const struct crash_frame *f)
{
	const char *last = f->name, *op, *at;

	if (!f->anonymous)
		return f->name;
	op = strstr(f->name, "operator");
	for (at = f->name; (at = strstr(at, "::")) && (!op || at < op); at += 2)
		last = at + 2;
	return *last ? last : f->name;
}
