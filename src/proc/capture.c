/* What a child prints: the first half of what may be kept, and the last. */
#include "base/prelude.h"
#include "proc/internal.h"
#include <errno.h>
#include <unistd.h>

static void capture_add(struct capture *c, const char *p, size_t n)
{
	size_t half = c->max / 2, room = c->head.len < half ? half - c->head.len : 0;
	size_t k = MIN(room, n);

	buf_add(&c->head, p, k);
	p += k;
	n -= k;
	if (!n)
		return;
	buf_add(&c->tail, p, n);
	if (c->tail.len > 2 * half) { /* amortised: moved once per half */
		size_t cut = c->tail.len - half;

		memmove(c->tail.s, c->tail.s + cut, half);
		c->tail.len = half;
		c->dropped += cut;
	}
}

void capture_read(struct capture *c)
{
	char chunk[65536];
	ssize_t n;

	while (c->fd >= 0) {
		n = read(c->fd, chunk, sizeof(chunk));
		if (n > 0) {
			capture_add(c, chunk, (size_t)n);
			continue;
		}
		if (n < 0 && errno == EINTR)
			continue;
		if (n < 0 && errno == EAGAIN)
			return;
		close(c->fd);
		c->fd = -1;
	}
}

void capture_take(struct capture *c, struct buf *out)
{
	size_t half = c->max / 2;

	if (c->tail.len > half) {
		size_t cut = c->tail.len - half;

		memmove(c->tail.s, c->tail.s + cut, half);
		c->tail.len = half;
		c->dropped += cut;
	}
	*out = c->head;
	c->head = (struct buf)BUF_INIT;
	if (c->dropped)
		buf_addf(out, "\n[... %llu bytes left out ...]\n", (unsigned long long)c->dropped);
	buf_add(out, buf_str(&c->tail), c->tail.len);
	buf_release(&c->tail);
}
