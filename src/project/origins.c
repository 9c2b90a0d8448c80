/* One transaction for many rows: a campaign's first second may bring hundreds. */
#include "base/prelude.h"
#include "project/origins.h"
#include "base/clock.h"
#include "base/log.h"
#include "base/mem.h"

#define NAME_MAX_BYTES ((size_t)400)

void origins_add(struct origins *o, const char *sha1, const char *name, const char *parent)
{
	struct origin_rec *r;

	if (strlen(sha1) != SHA1_HEX - 1)
		return;
	GROW(o->v, o->n, o->cap);
	r = &o->v[o->n++];
	*r = (struct origin_rec){ .when_ms = clock_wall_ms(),
		.name = strv_dup(strv_sub(strv_of(name), 0, NAME_MAX_BYTES)) };
	memcpy(r->sha1, sha1, SHA1_HEX);
	if (parent && strlen(parent) == SHA1_HEX - 1)
		memcpy(r->parent, parent, SHA1_HEX);
}

void origins_imported(void *arg, const char *sha1, const char *name)
{
	origins_add(arg, sha1, name, NULL);
}

void origins_flush(struct origins *o, const struct project *p)
{
	struct err err = ERR_INIT;
	int rc = o->n ? store_begin(p->store, &err) : 0;
	bool open = o->n && rc == 0;

	for (size_t i = 0; rc == 0 && i < o->n; i++) {
		struct origin_rec r = o->v[i];

		r.harness = (char *)(uintptr_t)o->harness;
		r.engine = (char *)(uintptr_t)o->engine;
		r.campaign = p->id;
		rc = store_origin_add(p->store, &r, &err);
	}
	if (open && rc == 0)
		rc = store_commit(p->store, &err);
	else if (open)
		store_rollback(p->store);
	if (rc < 0)
		log_warn("%s: where inputs came from isn't kept: %s", o->harness, err.msg);
	for (size_t i = 0; i < o->n; i++)
		free(o->v[i].name);
	free(o->v);
	o->v = NULL;
	o->n = o->cap = 0;
}
