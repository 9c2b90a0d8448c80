/* The kernel's own count: there is no other word of it that a process without privileges gets. */
#include "base/prelude.h"
#include "target/machine.h"
#include "base/buf.h"
#include "base/num.h"
#include <errno.h>
#include <fcntl.h>
#include <unistd.h>

uint64_t machine_oom_kills(void)
{
	int fd = open("/proc/vmstat", O_RDONLY | O_CLOEXEC);
	struct buf b = BUF_INIT;
	struct strv text, line;
	uint64_t n = 0;
	ssize_t got;

	if (fd < 0)
		return 0;
	do {
		buf_reserve(&b, 16384);
		got = read(fd, b.s + b.len, b.cap - b.len - 1);
		b.len += got > 0 ? (size_t)got : 0;
	} while (got > 0 || (got < 0 && errno == EINTR));
	close(fd);
	text = strv_n(buf_str(&b), b.len);
	while (strv_line(&text, &line))
		if (strv_skip(&line, "oom_kill ") && num_u64(strv_trim(line), &n) < 0)
			n = 0;
	buf_release(&b);
	return n;
}
