/* People's word first, then the store's: its aliases are what older rules called a bug. */
#include "base/prelude.h"
#include "triage/same_bug.h"

int same_bug(struct project *p, const char *signature, const char *bug, struct err *err)
{
	char resolved[DISPOSITION_ID_LEN + 1];
	struct bug_rec b = { 0 };
	int rc;

	dispositions_resolve(&p->verdicts, signature, resolved);
	if (strcmp(resolved, bug) == 0)
		return 1;
	rc = store_bug_by_signature(p->store, resolved, &b, err);
	if (rc < 0)
		return -1;
	rc = rc == 0 && strcmp(b.id, bug) == 0;
	bug_rec_release(&b);
	return rc;
}
