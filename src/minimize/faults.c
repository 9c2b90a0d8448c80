/*
 * Inputs that need a failing call: which one fails is a number in their first line. Whatever is deleted of the rest takes
 * calls with it, so the number has to come down along: each chunk is tried with the numbers near to it, and the least.
 */
#include "base/prelude.h"
#include "base/buf.h"
#include "minimize/strategy.h"
#include "target/target.h"

#define LEAST 8 /* numbers from 1 on */
#define NEAR 16 /* numbers from the one that it is, down */
#define N_NUMBERS (LEAST + NEAR)

struct faulty {
	struct target_fault fault;
	size_t skip; /* of the first line */
	uint64_t base;
	struct buf line;
};

bool suits_faults(const struct reducer *r)
{
	struct target_fault f;

	return target_fault_line(r->data, r->len, &f) > 0;
}

static bool look(struct faulty *f, const struct reducer *r)
{
	f->skip = target_fault_line(r->data, r->len, &f->fault);
	return f->skip > 0;
}

/* Number k of the numbers to try below `at`; 0: there is none, or it had its turn. */
static uint64_t number_at(uint64_t at, unsigned k)
{
	uint64_t down = k - LEAST + 1;

	if (k < LEAST)
		return k + 1 < at ? k + 1 : 0;
	return at > down && at - down > LEAST ? at - down : 0;
}

/* Chunk i, the large ones first, each size from the end; the last is none at all. False behind that. */
static bool chunk_at(size_t len, uint64_t i, size_t *from, size_t *to)
{
	size_t size = 1;

	while (size < len)
		size *= 2;
	for (; size > 0; size /= 2) {
		uint64_t n = ((uint64_t)len + size - 1) / size;

		if (i < n) {
			*to = len - (size_t)i * size;
			*from = *to > size ? *to - size : 0;
			return true;
		}
		i -= n;
	}
	*from = *to = len;
	return i == 0;
}

static enum made make_faulty(void *arg, const struct reducer *r, uint64_t i, struct draft *d)
{
	struct faulty *f = arg;
	struct target_input in = { .fault = f->fault };
	size_t from, to;

	if (!chunk_at(r->len - f->skip, (i - f->base) / N_NUMBERS, &from, &to))
		return MADE_END;
	in.fault.at = number_at(f->fault.at, (unsigned)((i - f->base) % N_NUMBERS));
	if (!in.fault.at)
		return MADE_SKIP;
	buf_reset(&f->line);
	in.data = "";
	target_fault_wrap(&f->line, &in);
	draft_add(d, f->line.s, f->line.len);
	draft_add(d, r->data + f->skip, from);
	draft_add(d, r->data + f->skip + to, r->len - f->skip - to);
	return MADE;
}

static uint64_t faulty_accepted(void *arg, const struct reducer *r, uint64_t i)
{
	struct faulty *f = arg;

	f->base = i + 1;
	return look(f, r) ? i + 1 : SWEEP_STOP;
}

int strategy_faults(struct reducer *r)
{
	struct faulty f = { .line = BUF_INIT };
	struct sweep s = { make_faulty, faulty_accepted, &f };
	int rc = look(&f, r) ? reduce_sweep(r, &s) : 0;

	buf_release(&f.line);
	return rc;
}
