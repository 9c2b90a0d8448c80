/* News of bugs. */
#include "base/prelude.h"
#include "campaign/announce.h"
#include "base/clock.h"
#include "base/log.h"
#include "project/hook.h"

static int announce(struct project *p, const struct bug_rec *b, bool is_new, struct err *err)
{
	const char *what = is_new ? "new-bug" : "regressed";

	log_info(
		"%s bug %.8s in %s: %s", is_new ? "new" : "regressed", b->id, b->harness, b->title);
	if (store_event_add(p->store, p->id, clock_wall_ms(), what, b->id, err) < 0)
		return -1;
	hook_bug(p, b, !is_new);
	return 0;
}

int announce_filed(struct project *p, const struct triage_filed *filed, struct err *err)
{
	struct bug_rec b = { 0 };
	int rc;

	if (filed->new_site && !filed->new_bug)
		log_info("bug %.8s shows at another place: site %.8s", filed->bug, filed->site);
	if (!filed->new_bug && !filed->regressed)
		return 0;
	rc = store_bug_get(p->store, filed->bug, &b, err);
	if (rc == 1)
		rc = err_set(err, "bug %.8s: not in the store", filed->bug);
	else if (rc == 0 && b.state != BUG_IGNORED)
		rc = announce(p, &b, filed->new_bug, err);
	bug_rec_release(&b);
	return rc;
}
