/*
 * What an input asked for and was denied: said to the near end, which knows whether that was the sandbox's doing. A harness
 * that can't write its file, or reach its server, may take that for an input that is rejected, and nothing is tested.
 * A few of libc's functions, defined weakly in the executable: a target that has its own keeps them.
 */
#include "thresh_rt.h"

#include <errno.h>
#include <fcntl.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdio.h>
#include <string.h>
#include <sys/socket.h>
#include <sys/stat.h>
#include <sys/syscall.h>
#include <sys/un.h>
#include <unistd.h>

#ifndef O_LARGEFILE
#define O_LARGEFILE 0
#endif

FILE *__interceptor_fopen(const char *path, const char *mode) THRESH_RT_WEAK;
FILE *__interceptor_fopen64(const char *path, const char *mode) THRESH_RT_WEAK;
FILE *_IO_fopen(const char *path, const char *mode) THRESH_RT_WEAK; /* glibc's other name of it */

static struct thresh_rt_seg *seg;

void thresh_rt_denied_watch(struct thresh_rt_seg *to)
{
	seg = to;
}

/* how: what was asked, see thresh_rt_seg. The first one's words are kept. */
static void thresh_rt_note(char how, const char *what, size_t len)
{
	if (seg == NULL || !thresh_rt_is_child() || seg->denied++ != 0)
		return;
	if (len > sizeof(seg->denied_what) - 2)
		len = 0; /* half a name is another's */
	seg->denied_what[0] = how;
	memcpy(seg->denied_what + 1, what, len);
	seg->denied_what[len + 1] = '\0';
}

static int thresh_rt_is_denial(void)
{
	return errno == EACCES || errno == EPERM || errno == EROFS;
}

/* What is relative is in the input's own folder, where all is allowed. */
static void thresh_rt_note_path(char how, const char *path)
{
	if (thresh_rt_is_denial() && path != NULL && path[0] == '/')
		thresh_rt_note(how, path, strlen(path));
}

static int thresh_rt_open_by(int dir, const char *path, int flags, mode_t mode)
{
	int fd = (int)syscall(SYS_openat, dir, path, flags, mode);

	if (fd < 0)
		thresh_rt_note_path((flags & (O_ACCMODE | O_CREAT)) == O_RDONLY ? 'r' : 'w', path);
	return fd;
}

#define MODE_BEHIND(last)                                            \
	mode_t mode = 0;                                             \
	va_list ap;                                                  \
	if ((flags & O_CREAT) || (flags & O_TMPFILE) == O_TMPFILE) { \
		va_start(ap, last);                                  \
		mode = (mode_t)va_arg(ap, int);                      \
		va_end(ap);                                          \
	}

THRESH_RT_WEAK int open(const char *path, int flags, ...)
{
	MODE_BEHIND(flags)
	return thresh_rt_open_by(AT_FDCWD, path, flags, mode);
}

THRESH_RT_WEAK int openat(int dir, const char *path, int flags, ...)
{
	MODE_BEHIND(flags)
	return thresh_rt_open_by(dir, path, flags, mode);
}

THRESH_RT_WEAK int creat(const char *path, mode_t mode)
{
	return thresh_rt_open_by(AT_FDCWD, path, O_CREAT | O_WRONLY | O_TRUNC, mode);
}

#ifdef __LP64__
int open64(const char *path, int flags, ...);
THRESH_RT_WEAK int open64(const char *path, int flags, ...)
{
	MODE_BEHIND(flags)
	return thresh_rt_open_by(AT_FDCWD, path, flags | O_LARGEFILE, mode);
}

int openat64(int dir, const char *path, int flags, ...);
THRESH_RT_WEAK int openat64(int dir, const char *path, int flags, ...)
{
	MODE_BEHIND(flags)
	return thresh_rt_open_by(dir, path, flags | O_LARGEFILE, mode);
}
#endif

THRESH_RT_WEAK int mkdir(const char *path, mode_t mode)
{
	int rc = (int)syscall(SYS_mkdirat, AT_FDCWD, path, mode);

	if (rc < 0)
		thresh_rt_note_path('w', path);
	return rc;
}

THRESH_RT_WEAK int connect(int fd, const struct sockaddr *to, socklen_t len)
{
	int rc = (int)syscall(SYS_connect, fd, to, len);
	const struct sockaddr_un *un = (const struct sockaddr_un *)(const void *)to;

	if (rc == 0 || to == NULL)
		return rc;
	if (to->sa_family == AF_UNIX && len > offsetof(struct sockaddr_un, sun_path) + 1 &&
		un->sun_path[0] == '/' && thresh_rt_is_denial())
		thresh_rt_note('w', un->sun_path,
			strnlen(un->sun_path, len - offsetof(struct sockaddr_un, sun_path)));
	else if ((to->sa_family == AF_INET || to->sa_family == AF_INET6) &&
		 (thresh_rt_is_denial() || errno == ENETUNREACH))
		thresh_rt_note('n', "", 0);
	return rc;
}

#ifdef __GLIBC__ /* whose other name of it is needed */
/* A sanitizer's own knows more of it, and is to be seen by nobody. */
THRESH_RT_WEAK FILE *fopen(const char *path, const char *mode)
{
	FILE *f;

	if (__interceptor_fopen)
		return __interceptor_fopen(path, mode);
	f = _IO_fopen ? _IO_fopen(path, mode) : NULL;
	if (f == NULL && mode != NULL)
		thresh_rt_note_path(mode[0] == 'r' && strchr(mode, '+') == NULL ? 'r' : 'w', path);
	return f;
}

#ifdef __LP64__
FILE *fopen64(const char *path, const char *mode);
THRESH_RT_WEAK FILE *fopen64(const char *path, const char *mode)
{
	if (__interceptor_fopen64)
		return __interceptor_fopen64(path, mode);
	return fopen(path, mode);
}
#endif
#endif
