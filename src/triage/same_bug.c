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
	return crash_site_cannot_tell(r);
}
