#include "base/prelude.h"
#include "engine/afl_places.h"
#include "base/buf.h"
#include "base/dir.h"
#include "base/mem.h"
#include "runtime/thresh_rt_protocol.h"
#include <fcntl.h>
#include <unistd.h>

#define INPUT_MAX ((uint64_t)256 << 20)

static bool ended_alone(const struct thresh_rt_places *p, const struct buf *input)
{
	uint64_t key = thresh_rt_input_key((const uint8_t *)buf_str(input), input->len);

	for (size_t i = 0; i < THRESH_RT_MAX_ALONE && i < p->n_alone; i++)
		if (p->alone[i] == key)
			return true;
	return false;
}

bool afl_places_doubt(int dir, const char *name, int inputs, const char *input)
{
	int fd = openat(dir, name, O_RDONLY | O_NOFOLLOW | O_NONBLOCK | O_CLOEXEC);
	struct thresh_rt_places *p = xcalloc(1, sizeof(*p));
	struct buf b = BUF_INIT;
	bool doubt = false;

	if (fd >= 0 && pread(fd, p, sizeof(*p), 0) == (ssize_t)sizeof(*p) && p->survived)
		doubt = dir_read(inputs, input, INPUT_MAX, &b, NULL) < 0 || !ended_alone(p, &b);
	if (fd >= 0)
		close(fd);
	buf_release(&b);
	free(p);
	return doubt;
}
