/* What is over within half a second isn't worth a line. */
#include "base/prelude.h"
#include "base/progress.h"
#include "base/buf.h"
#include "base/clock.h"
#include "base/log.h"
#include "base/num.h"

#define QUICK_MS 500
#define TELL_MS 250

void progress_begin(struct progress *p, const char *what, uint64_t total)
{
	*p = (struct progress){ .what = what, .total = total };
	if (what)
		p->start_ms = clock_mono_ms();
}

static void add_rate(struct buf *b, const struct progress *p, uint64_t done, uint64_t ms)
{
	uint64_t left = p->total - MIN(done, p->total), rate = done * 1000 / ms;

	/* of things that take seconds each the time says more */
	if (rate >= 2) {
		num_add_count(b, rate);
		buf_adds(b, "/s, ");
	}
	num_add_duration(b, ms);
	/* before a tenth is done it would be a guess */
	if (p->total && done * 10 >= p->total && left) {
		buf_adds(b, ", ");
		num_add_duration(b, MAX(left * ms / done / 1000 * 1000, (uint64_t)1000));
		buf_adds(b, " left");
	}
}

void progress_at(struct progress *p, uint64_t done)
{
	uint64_t now = p->what ? clock_mono_ms() : 0;
	struct buf b = BUF_INIT;

	if (!p->what || now < p->start_ms + QUICK_MS || now < p->told_ms + TELL_MS)
		return;
	p->told_ms = now;
	buf_addf(&b, "%s: ", p->what);
	num_add_count(&b, done);
	if (p->total) {
		buf_adds(&b, " of ");
		num_add_count(&b, p->total);
	}
	buf_adds(&b, ", ");
	add_rate(&b, p, done, now - p->start_ms);
	log_progress("%s", buf_str(&b));
	buf_release(&b);
}

void progress_end(struct progress *p)
{
	if (p->told_ms)
		log_progress_end();
	p->told_ms = 0;
}
