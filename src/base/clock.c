/*
 * Time: monotonic for measuring, as the wall clock is set while programs run; the wall clock for records that people
 * read.
 */
#include "base/prelude.h"
#include "base/clock.h"
#include "base/num.h"
#include <stdio.h>
#include <time.h>

uint64_t clock_mono_ns(void)
{
	struct timespec ts;

	clock_gettime(CLOCK_MONOTONIC, &ts);
	return (uint64_t)ts.tv_sec * 1000000000 + (uint64_t)ts.tv_nsec;
}

uint64_t clock_mono_ms(void)
{
	return clock_mono_ns() / 1000000;
}

static int64_t wall_ahead_ms;

uint64_t clock_wall_ms(void)
{
	struct timespec ts;

	clock_gettime(CLOCK_REALTIME, &ts);
	return (uint64_t)((int64_t)ts.tv_sec * 1000 + ts.tv_nsec / 1000000 - wall_ahead_ms);
}

void clock_set_back(int64_t ms)
{
	wall_ahead_ms += ms;
}

bool clock_source_epoch(uint64_t *s)
{
	const char *epoch = getenv("SOURCE_DATE_EPOCH");

	return epoch && num_u64(strv_of(epoch), s) == 0 && *s < UINT64_MAX / 1000;
}

uint64_t clock_stamp_ms(void)
{
	uint64_t s;

	return clock_source_epoch(&s) ? s * 1000 : clock_wall_ms();
}

void clock_iso(uint64_t wall_ms, char out[CLOCK_ISO_LEN])
{
	time_t t = (time_t)(wall_ms / 1000);
	struct tm tm;

	if (!gmtime_r(&t, &tm) || strftime(out, CLOCK_ISO_LEN, "%Y-%m-%dT%H:%M:%SZ", &tm) == 0)
		snprintf(out, CLOCK_ISO_LEN, "0000-00-00T00:00:00Z");
}
