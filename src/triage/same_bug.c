/* The same question as where to file it, with nothing written. */
#include "base/prelude.h"
#include "triage/same_bug.h"
#include "triage/filing.h"

int same_bug(struct project *p, const struct crash_signature *sig, const char *bug, struct err *err)
{
	char is[17];
	int rc = triage_find_bug(p, sig, is, err);

	return rc < 0 ? -1 : rc == 0 && strcmp(is, bug) == 0;
}

bool same_bug_cannot_tell(const struct crash_report *r)
{
	static const char *const told_by_stack[] = { "stack-overflow", "timeout", "oom" };

	for (size_t i = 0; i < ARRAY_LEN(told_by_stack); i++)
		if (strcmp(r->family, told_by_stack[i]) == 0)
			return !r->n_key;
	return false;
}
