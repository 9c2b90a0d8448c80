/* Of a report's stacks the one that says where it failed. */
#include "base/prelude.h"
#include "crash/internal.h"

/* Where it failed: of several stacks the first that has a frame of the project. */
const struct crash_stack *report_fault(const struct crash_report *r)
{
	const struct crash_stack *first = NULL;

	for (size_t i = 0; i < r->n_stacks; i++) {
		const struct crash_stack *s = &r->stacks[i];

		if (s->role != CRASH_STACK_FAULT)
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
