/* A reader wants the program's frames first; reports keep all. */
#include "base/prelude.h"
#include "crash/shown.h"

static bool prints_stacks(const char *function)
{
	return strcmp(function, "__sanitizer_print_stack_trace") == 0 ||
	       strncmp(function, "thresh_rt_", 10) == 0;
}

struct crash_shown crash_frames_shown(const struct crash_stack *st)
{
	struct crash_shown s = { 0, st->n };
	size_t own = 0;
	bool printer = false;

	/* a signal's trampoline has no name */
	while (own < st->n && (st->frames[own].ignored || !st->frames[own].function)) {
		const char *function = st->frames[own++].function;

		if (!function)
			continue;
		printer = printer || prints_stacks(function);
		if (strcmp(function, "LLVMFuzzerTestOneInput") == 0)
			break;
	}
	if (printer && own < st->n && !st->frames[own].ignored)
		s.from = own;
	for (size_t i = s.from; i < st->n; i++)
		if (st->frames[i].function &&
			strcmp(st->frames[i].function, "LLVMFuzzerTestOneInput") == 0) {
			s.to = i + 1;
			break;
		}
	return s;
}
