/* Ways to fail that nobody needs to hear of again: keys in a table beside the inputs, which early.c looks into. */
#include "base/prelude.h"
#include "target/known.h"
#include "base/mem.h"
#include "runtime/thresh_rt_protocol.h"
#include "target/internal.h"

#define MAX_KNOWN (THRESH_RT_KNOWN_SLOTS / 2) /* more would make each look long */

static void put(struct server *s, uint64_t key)
{
	uint64_t *table = (uint64_t *)(void *)((char *)s->task + s->known_off);
	uint32_t i = (uint32_t)key;

	for (uint32_t tries = 0; tries < THRESH_RT_KNOWN_SLOTS; tries++, i++) {
		uint64_t *slot = &table[i % THRESH_RT_KNOWN_SLOTS];
		uint64_t was = __atomic_load_n(slot, __ATOMIC_RELAXED);

		if (was == key)
			return;
		if (!was) {
			__atomic_store_n(slot, key, __ATOMIC_RELEASE);
			return;
		}
	}
}

void known_fill(const struct target *t, struct server *s)
{
	while (s->n_known < t->n_known)
		put(s, t->known[s->n_known++]);
}

void target_know(struct target *t, uint64_t key)
{
	if (!key || t->n_known >= MAX_KNOWN)
		return;
	GROW(t->known, t->n_known, t->known_cap);
	t->known[t->n_known++] = key;
	for (unsigned i = 0; i < t->n_servers; i++)
		if (t->servers[i].task)
			known_fill(t, &t->servers[i]);
}

uint64_t target_failure_key(const struct target_result *r, uint64_t address)
{
	uint64_t h = r->how;

	for (size_t i = 0; i < r->n_pcs; i++) {
		h = thresh_rt_key(h, r->pcs[i]);
		/* of a call the report gives the instruction before the one that it returns to */
		if (r->pcs[i] == address || r->pcs[i] - 1 == address)
			return h;
	}
	return 0;
}
