/* A fact of the store for each campaign, harness and engine: the number, a blank, the words. */
#include "base/prelude.h"
#include "campaign/lost.h"
#include "base/mem.h"
#include "base/num.h"

static char *key_of(int64_t campaign, const char *harness, const char *engine)
{
	return xasprintf("lost/%lld/%s/%s", (long long)campaign, harness, engine);
}

int lost_get(struct project *p, int64_t campaign, const char *harness, const char *engine,
	uint64_t *n, char **why, struct err *err)
{
	char *key = key_of(campaign, harness, engine), *value = NULL;
	int rc = store_fact_get(p->store, key, &value, err);
	struct strv rest = strv_of(value ? value : ""), number;

	*n = 0;
	*why = NULL;
	if (rc == 0 && strv_split(&rest, ' ', &number) && num_u64(number, n) == 0)
		*why = strv_dup(rest);
	free(value);
	free(key);
	return rc < 0 ? -1 : 0;
}

int lost_add(struct project *p, const char *harness, const char *engine, uint64_t n,
	const char *why, struct err *err)
{
	char *key = key_of(p->id, harness, engine), *value = NULL, *was = NULL;
	uint64_t before;
	int rc;

	if (store_begin(p->store, err) < 0) {
		free(key);
		return -1;
	}
	rc = lost_get(p, p->id, harness, engine, &before, &was, err);
	if (rc == 0 && (n || !before)) {
		before += n;
		value = xasprintf("%llu %s", (unsigned long long)before, why);
		rc = store_fact_set(p->store, key, value, err);
	}
	if (rc == 0)
		rc = store_commit(p->store, err);
	else
		store_rollback(p->store);
	free(value);
	free(was);
	free(key);
	return rc;
}
