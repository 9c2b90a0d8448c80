/* Bytes into descriptors. */
#include "base/prelude.h"
#include "base/io.h"
#include <errno.h>
#include <unistd.h>

int io_write(int fd, const void *p, size_t n)
{
	const char *s = p;

	while (n) {
		ssize_t k = write(fd, s, n);

		if (k < 0 && errno == EINTR)
			continue;
		if (k < 0)
			return -1;
		s += k;
		n -= (size_t)k;
	}
	return 0;
}
