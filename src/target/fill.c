/* A batch: inputs, each with what is to be done with it, into a server's task, which the target can only read. */
#include "base/prelude.h"
#include "target/internal.h"
#include "base/mem.h"
#include "runtime/thresh_rt_protocol.h"

static struct thresh_rt_in *ins_of(struct server *s)
{
	return (struct thresh_rt_in *)(void *)((char *)s->task + THRESH_RT_RECS_OFF);
}

static void put(struct server *s, const struct item *it, uint64_t off)
{
	struct thresh_rt_in *in = &ins_of(s)[s->n];
	struct target_fault fault = it->in.fault;
	struct item *item = &s->items[s->n];
	size_t skip = fault.at ? 0 : target_fault_line(it->in.data, it->in.len, &fault);

	memset(server_record(s, s->n++), 0, sizeof(struct thresh_rt_rec));
	memset(in, 0, sizeof(*in));
	in->off = off;
	in->len = it->in.len - skip;
	if (in->len)
		memcpy((char *)s->task + s->data_off + off, (const char *)it->in.data + skip,
			in->len);
	in->fault = (uint32_t)fault.kind;
	in->fail_at = fault.at;
	in->flags = (it->alone ? THRESH_RT_ALONE : 0u) | (fault.after ? THRESH_RT_FAULT_AFTER : 0u);
	*item = *it;
	memset(item->failed, 0, sizeof(item->failed));
	item->first = item->suspect = false;
}

int fill_task(struct target *t, struct server *s, uint32_t limit, struct err *err)
{
	uint64_t used = 0;
	struct item it;

	s->n = s->delivered = 0;
	if (!s->items)
		s->items = xcalloc(THRESH_RT_MAX_BATCH, sizeof(*s->items));
	while (s->n < limit && order_next(t, &it)) {
		/* by itself: nobody comes after it who could write over its result */
		if (it.tries > 1 && s->n > 0) {
			order_retry(t, &it);
			break;
		}
		if (it.in.len > s->data_cap - used) {
			/* first what is in: a larger segment may not be needed any more */
			if (s->n > 0) {
				order_retry(t, &it);
				break;
			}
			if (server_grow(s, it.in.len + it.in.len / 4, err) < 0) {
				order_retry(t, &it);
				return -1;
			}
		}
		put(s, &it, used);
		if (it.tries > 1)
			break;
		/* aligned, as malloc's blocks are: targets cast the pointer */
		used = MIN((used + it.in.len + 15) & ~(uint64_t)15, s->data_cap);
	}
	return (int)s->n;
}
