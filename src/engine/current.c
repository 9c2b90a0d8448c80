#include "base/prelude.h"
#include "engine/current.h"
#include "base/buf.h"
#include "base/clock.h"
#include "base/dir.h"
#include "runtime/thresh_rt_protocol.h"
#include <fcntl.h>
#include <unistd.h>

#define NAME "current"
/* a process that runs nothing for so long won't any more; nor, in an input, for twice the limit and so much */
#define IDLE_MS 30000
#define STOOD_MS 3000
/* when a slice ends, between two inputs, where libFuzzer itself takes no time to speak of */
#define STOOD_BETWEEN_MS 2000

void current_env(struct strlist *env, const char *artifacts, bool all)
{
	strlist_addf(env, "THRESH_RT_CURRENT=%s/" NAME, artifacts);
	if (all)
		strlist_add(env, "THRESH_RT_CURRENT_ALL=1");
}

static uint64_t stood_ms(struct current *c, int artifacts_fd)
{
	int fd = openat(artifacts_fd, NAME, O_RDONLY | O_NOFOLLOW | O_NONBLOCK | O_CLOEXEC);
	uint64_t head[2] = { 0 }, now = clock_mono_ms();
	bool seen = fd >= 0 && pread(fd, head, sizeof(head), 0) == (ssize_t)sizeof(head);

	if (fd >= 0)
		close(fd);
	/* nothing has begun, or goes on */
	if (!seen || head[1] != c->runs || !head[1]) {
		c->runs = head[1];
		c->since_ms = now;
	}
	c->inside = head[0] != THRESH_RT_NO_CURRENT;
	return now - c->since_ms;
}

bool current_stands(struct current *c, int artifacts_fd, uint64_t limit_ms)
{
	uint64_t stood = stood_ms(c, artifacts_fd);

	return stood > (c->inside ? 2 * limit_ms + STOOD_MS : IDLE_MS);
}

bool current_stood(struct current *c, int artifacts_fd, uint64_t limit_ms, uint64_t started_ms)
{
	uint64_t stood = stood_ms(c, artifacts_fd), had = clock_mono_ms() - started_ms;

	return (c->inside && stood >= limit_ms) ||
	       (stood >= (c->inside ? STOOD_MS : STOOD_BETWEEN_MS) && stood > had / 2);
}

bool current_take(int artifacts_fd, const char *name, const char *of_survivor)
{
	const size_t size = offsetof(struct thresh_rt_current, bytes);
	const struct thresh_rt_current *c;
	bool taken = false;
	struct buf b = BUF_INIT;
	uint64_t len;

	if (dir_read(artifacts_fd, NAME, sizeof(*c), &b, NULL) == 0 && b.len >= size) {
		c = (const void *)b.s;
		/* between two inputs it fails of the one before */
		len = c->len == THRESH_RT_NO_CURRENT && c->runs && of_survivor ? c->last : c->len;
		taken = len <= b.len - size &&
			dir_write(artifacts_fd, c->survived && of_survivor ? of_survivor : name,
				c->bytes, (size_t)len, NULL) == 0;
	}
	buf_release(&b);
	return taken;
}
