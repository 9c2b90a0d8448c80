/* Patience with a machine that is short of something. */
#include "base/prelude.h"
#include "campaign/patience.h"
#include "base/clock.h"
#include "base/log.h"
#include "proc/interrupt.h"

#define WAIT_MIN_MS 100
#define WAIT_MAX_MS 3000
#define TELL_MS 10000

bool patience_wait(struct patience *p, const char *what, const struct err *err)
{
	uint64_t now = clock_mono_ms();

	if (err->kind != ERR_REFUSED)
		return false;
	if (!p->refusals)
		p->since_ms = now;
	if (!p->refusals || now >= p->told_ms + TELL_MS) {
		p->told_ms = now;
		log_warn("%s: %s; tried again", what, err->msg);
	}
	proc_nap(MIN((uint64_t)WAIT_MIN_MS << MIN(p->refusals, 10U), (uint64_t)WAIT_MAX_MS));
	p->refusals++;
	return true;
}

uint64_t patience_ms(const struct patience *p)
{
	return p->refusals ? clock_mono_ms() - p->since_ms : 0;
}

void patience_end(struct patience *p)
{
	*p = (struct patience){ 0 };
}
