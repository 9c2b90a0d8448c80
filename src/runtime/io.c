/*
 * Faults of reading and writing: defines read, write and their kin in the executable, in front of the sanitizer's
 * (which it goes on to, so that these see the buffers) or the kernel's. A call that doesn't fail is a tail call, so no
 * frame of ours appears in a stack.
 *   descriptors  a call that comes back short, or with EINTR, EIO or ENOSPC. "Short" only where the kernel may do it:
 *                files, pipes, terminals and sockets, not counters and timers. "From then on", EINTR comes every
 *                other time: what tries again gets on.
 *   streams      fread, fgets, getc, getline, fscanf: what libc reads for them is out of reach, so they fail as a whole.
 * Headers have names of their own for these, with _FORTIFY_SOURCE and where they are inlined: at the end.
 * Standard input, output and error are never written short: there a harness tells what it does.
 */
#include "thresh_rt.h"

#include <errno.h>
#include <limits.h>
#include <stdarg.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/socket.h>
#include <sys/stat.h>
#include <sys/syscall.h>
#include <sys/uio.h>
#include <unistd.h>

#define REAL(name) __interceptor_##name
#define DECLARE(ret, name, args) ret __interceptor_##name args THRESH_RT_WEAK

DECLARE(ssize_t, read, (int, void *, size_t));
DECLARE(ssize_t, pread, (int, void *, size_t, off_t));
DECLARE(ssize_t, pread64, (int, void *, size_t, off_t));
DECLARE(ssize_t, readv, (int, const struct iovec *, int));
DECLARE(ssize_t, recv, (int, void *, size_t, int));
DECLARE(ssize_t, recvfrom, (int, void *, size_t, int, struct sockaddr *, socklen_t *));
DECLARE(ssize_t, recvmsg, (int, struct msghdr *, int));
DECLARE(ssize_t, write, (int, const void *, size_t));
DECLARE(ssize_t, pwrite, (int, const void *, size_t, off_t));
DECLARE(ssize_t, writev, (int, const struct iovec *, int));
DECLARE(ssize_t, send, (int, const void *, size_t, int));
DECLARE(size_t, fread, (void *, size_t, size_t, FILE *));
DECLARE(char *, fgets, (char *, int, FILE *));
DECLARE(ssize_t, getdelim, (char **, size_t *, int, FILE *));
DECLARE(ssize_t, getline, (char **, size_t *, FILE *));
DECLARE(ssize_t, __getdelim, (char **, size_t *, int, FILE *));
/* glibc's other names of them */
size_t _IO_fread(void *p, size_t size, size_t n, FILE *f) THRESH_RT_WEAK;
char *_IO_fgets(char *s, int n, FILE *f) THRESH_RT_WEAK;
int _IO_getc(FILE *f) THRESH_RT_WEAK;
ssize_t __getdelim(char **line, size_t *cap, int delim, FILE *f);

#define STREAM_ERROR 0x20 /* glibc's flag behind ferror() */

/* Not thread-local, as in alloc.c. */
static volatile int counting;
static uint64_t counts[THRESH_RT_IO_CLASSES], fail_at;
static enum thresh_rt_fault kind;
static int fail_after;

void thresh_rt_io_begin(uint32_t fault, uint64_t fail, int after)
{
	unsigned i;

	for (i = 0; i < THRESH_RT_IO_CLASSES; i++)
		counts[i] = 0;
	kind = (enum thresh_rt_fault)fault;
	fail_at = fail;
	fail_after = after;
	counting = 1;
}

void thresh_rt_io_end(uint32_t out[THRESH_RT_IO_CLASSES])
{
	unsigned i;

	counting = 0;
	for (i = 0; i < THRESH_RT_IO_CLASSES; i++)
		out[i] = counts[i] < UINT32_MAX ? (uint32_t)counts[i] : UINT32_MAX;
}

static enum thresh_rt_io class_of(enum thresh_rt_fault f)
{
	switch (f) {
	case THRESH_RT_FAULT_STREAM_EIO:
		return THRESH_RT_IO_STREAM;
	case THRESH_RT_FAULT_WRITE_HALF:
	case THRESH_RT_FAULT_WRITE_EINTR:
	case THRESH_RT_FAULT_WRITE_ENOSPC:
		return THRESH_RT_IO_WRITE;
	case THRESH_RT_FAULT_ALLOC:
	case THRESH_RT_FAULT_READ_ONE:
	case THRESH_RT_FAULT_READ_HALF:
	case THRESH_RT_FAULT_READ_EINTR:
	case THRESH_RT_FAULT_READ_EIO:
	case THRESH_RT_FAULTS:
		break;
	}
	return THRESH_RT_IO_READ;
}

static int may_be_short(int fd)
{
	struct stat st;

	return fstat(fd, &st) == 0 && (S_ISREG(st.st_mode) || S_ISFIFO(st.st_mode) ||
					      S_ISSOCK(st.st_mode) || S_ISCHR(st.st_mode));
}

/* Counts a call that moves *n bytes, and makes them fewer if it is to be short. True: it fails, errno says how. */
static int thresh_rt_io_fails(enum thresh_rt_io class, int fd, size_t *n)
{
	uint64_t at = ++counts[class];

	if (fail_at == 0 || class != class_of(kind) || (fail_after ? at < fail_at : at != fail_at))
		return 0;
	switch (kind) {
	case THRESH_RT_FAULT_READ_ONE:
	case THRESH_RT_FAULT_READ_HALF:
	case THRESH_RT_FAULT_WRITE_HALF:
		if (*n > 1 && may_be_short(fd))
			*n = kind == THRESH_RT_FAULT_READ_ONE ? 1 : *n / 2;
		return 0;
	case THRESH_RT_FAULT_READ_EINTR:
	case THRESH_RT_FAULT_WRITE_EINTR:
		errno = EINTR;
		return (at - fail_at) % 2 == 0;
	case THRESH_RT_FAULT_READ_EIO:
	case THRESH_RT_FAULT_STREAM_EIO:
		errno = EIO;
		return 1;
	case THRESH_RT_FAULT_WRITE_ENOSPC:
		errno = ENOSPC;
		return 1;
	case THRESH_RT_FAULT_ALLOC:
	case THRESH_RT_FAULTS:
		break;
	}
	return 0;
}

#define ON __builtin_expect(counting, 0)
#define READ_FAILS(fd, n) (ON && thresh_rt_io_fails(THRESH_RT_IO_READ, fd, n))
#define WRITE_FAILS(fd, n) \
	(ON && (fd) > STDERR_FILENO && thresh_rt_io_fails(THRESH_RT_IO_WRITE, fd, n))

ssize_t read(int fd, void *p, size_t n)
{
	if (READ_FAILS(fd, &n))
		return -1;
	return REAL(read) ? REAL(read)(fd, p, n) : syscall(SYS_read, fd, p, n);
}

ssize_t pread(int fd, void *p, size_t n, off_t at)
{
	if (READ_FAILS(fd, &n))
		return -1;
	return REAL(pread) ? REAL(pread)(fd, p, n, at) : syscall(SYS_pread64, fd, p, n, at);
}

#ifdef __LP64__
ssize_t pread64(int fd, void *p, size_t n, off_t at);
ssize_t pread64(int fd, void *p, size_t n, off_t at)
{
	if (READ_FAILS(fd, &n))
		return -1;
	if (REAL(pread64))
		return REAL(pread64)(fd, p, n, at);
	/* MSan knows the other name only, and has to see what is filled */
	return REAL(pread) ? REAL(pread)(fd, p, n, at) : syscall(SYS_pread64, fd, p, n, at);
}
#endif

/* Short: the first block alone, or a part of it. */
ssize_t readv(int fd, const struct iovec *v, int count)
{
	size_t n = count > 0 ? v[0].iov_len : 0, whole = n;

	if (READ_FAILS(fd, &n))
		return -1;
	if (n < whole)
		return REAL(read) ? REAL(read)(fd, v[0].iov_base, n)
				  : syscall(SYS_read, fd, v[0].iov_base, n);
	return REAL(readv) ? REAL(readv)(fd, v, count) : syscall(SYS_readv, fd, v, count);
}

ssize_t recv(int fd, void *p, size_t n, int flags)
{
	if (READ_FAILS(fd, &n))
		return -1;
	return REAL(recv) ? REAL(recv)(fd, p, n, flags)
			  : syscall(SYS_recvfrom, fd, p, n, flags, NULL, NULL);
}

ssize_t recvfrom(int fd, void *p, size_t n, int flags, struct sockaddr *from, socklen_t *len)
{
	if (READ_FAILS(fd, &n))
		return -1;
	return REAL(recvfrom) ? REAL(recvfrom)(fd, p, n, flags, from, len)
			      : syscall(SYS_recvfrom, fd, p, n, flags, from, len);
}

ssize_t recvmsg(int fd, struct msghdr *m, int flags)
{
	size_t n = 0; /* never short */

	if (READ_FAILS(fd, &n))
		return -1;
	return REAL(recvmsg) ? REAL(recvmsg)(fd, m, flags) : syscall(SYS_recvmsg, fd, m, flags);
}

ssize_t write(int fd, const void *p, size_t n)
{
	if (WRITE_FAILS(fd, &n))
		return -1;
	return REAL(write) ? REAL(write)(fd, p, n) : syscall(SYS_write, fd, p, n);
}

ssize_t pwrite(int fd, const void *p, size_t n, off_t at)
{
	if (WRITE_FAILS(fd, &n))
		return -1;
	return REAL(pwrite) ? REAL(pwrite)(fd, p, n, at) : syscall(SYS_pwrite64, fd, p, n, at);
}

ssize_t writev(int fd, const struct iovec *v, int count)
{
	size_t n = count > 0 ? v[0].iov_len : 0, whole = n;

	if (WRITE_FAILS(fd, &n))
		return -1;
	if (n < whole)
		return REAL(write) ? REAL(write)(fd, v[0].iov_base, n)
				   : syscall(SYS_write, fd, v[0].iov_base, n);
	return REAL(writev) ? REAL(writev)(fd, v, count) : syscall(SYS_writev, fd, v, count);
}

ssize_t send(int fd, const void *p, size_t n, int flags)
{
	if (WRITE_FAILS(fd, &n))
		return -1;
	return REAL(send) ? REAL(send)(fd, p, n, flags)
			  : syscall(SYS_sendto, fd, p, n, flags, NULL, 0);
}

/* --- streams --- */

static int thresh_rt_stream_fails(FILE *f)
{
	size_t n = 0;

	if (!thresh_rt_io_fails(THRESH_RT_IO_STREAM, -1, &n))
		return 0;
	f->_flags |= STREAM_ERROR;
	return 1;
}

#define STREAM_FAILS(f) (ON && thresh_rt_stream_fails(f))

size_t fread(void *p, size_t size, size_t n, FILE *f)
{
	if (STREAM_FAILS(f))
		return 0;
	return REAL(fread) ? REAL(fread)(p, size, n, f) : _IO_fread(p, size, n, f);
}

char *fgets(char *s, int n, FILE *f)
{
	if (STREAM_FAILS(f))
		return NULL;
	return REAL(fgets) ? REAL(fgets)(s, n, f) : _IO_fgets(s, n, f);
}

int getc(FILE *f)
{
	return STREAM_FAILS(f) ? EOF : _IO_getc(f);
}

int fgetc(FILE *f)
{
	return STREAM_FAILS(f) ? EOF : _IO_getc(f);
}

/*
 * glibc has no third name for it. ASan's goes on to glibc's, which keeps no frames: of a line that leaks, nobody would
 * know who read it. So the first one is allocated here.
 */
#define OWN_LINE(real, line) (!REAL(real) || (__asan_init && (line) != NULL && *(line) == NULL))

static ssize_t thresh_rt_getdelim(char **line, size_t *cap, int delim, FILE *f)
{
	size_t n = 0, more;
	char *p;
	int c = 0;

	if (line == NULL || cap == NULL || f == NULL) {
		errno = EINVAL;
		return -1;
	}
	while ((n == 0 || c != delim) && (c = _IO_getc(f)) != EOF) {
		if (*line == NULL || n + 2 > *cap) {
			more = *line == NULL || *cap < 60 ? 120 : 2 * *cap;
			p = realloc(*line, more);
			if (p == NULL)
				return -1;
			*line = p;
			*cap = more;
		}
		(*line)[n++] = (char)c;
	}
	if (n == 0 || ferror(f))
		return -1;
	(*line)[n] = '\0';
	return (ssize_t)n;
}

ssize_t getdelim(char **line, size_t *cap, int delim, FILE *f)
{
	if (STREAM_FAILS(f))
		return -1;
	return OWN_LINE(getdelim, line) ? thresh_rt_getdelim(line, cap, delim, f)
					: REAL(getdelim)(line, cap, delim, f);
}

ssize_t __getdelim(char **line, size_t *cap, int delim, FILE *f)
{
	if (STREAM_FAILS(f))
		return -1;
	return OWN_LINE(__getdelim, line) ? thresh_rt_getdelim(line, cap, delim, f)
					  : REAL(__getdelim)(line, cap, delim, f);
}

ssize_t getline(char **line, size_t *cap, FILE *f)
{
	if (STREAM_FAILS(f))
		return -1;
	return OWN_LINE(getline, line) ? thresh_rt_getdelim(line, cap, '\n', f)
				       : REAL(getline)(line, cap, f);
}

/* By two names, older and newer C; vfscanf is the sanitizer's, where there is one. */
int __isoc99_vfscanf(FILE *f, const char *format, va_list ap);
int __isoc99_fscanf(FILE *f, const char *format, ...);

int __isoc99_fscanf(FILE *f, const char *format, ...)
{
	va_list ap;
	int n;

	if (STREAM_FAILS(f))
		return EOF;
	va_start(ap, format);
	n = __isoc99_vfscanf(f, format, ap);
	va_end(ap);
	return n;
}

#undef fread_unlocked /* a macro in headers that inline it */
size_t fread_unlocked(void *p, size_t size, size_t n, FILE *f)
{
	return fread(p, size, n, f);
}

char *fgets_unlocked(char *s, int n, FILE *f)
{
	return fgets(s, n, f);
}

/* What getc_unlocked() calls when the buffer is empty, inlined; in glibc itself others of its name do. */
int __uflow(FILE *f);
int __uflow(FILE *f)
{
	return STREAM_FAILS(f) ? EOF : _IO_getc(f);
}

/* --- with _FORTIFY_SOURCE: `room` is the size of the object that is filled --- */

void __chk_fail(void) __attribute__((noreturn)) THRESH_RT_WEAK;

static void thresh_rt_fits(size_t n, size_t room)
{
	if (n <= room)
		return;
	if (__chk_fail)
		__chk_fail();
	abort();
}

ssize_t __read_chk(int fd, void *p, size_t n, size_t room);
ssize_t __read_chk(int fd, void *p, size_t n, size_t room)
{
	thresh_rt_fits(n, room);
	return read(fd, p, n);
}

ssize_t __pread_chk(int fd, void *p, size_t n, off_t at, size_t room);
ssize_t __pread_chk(int fd, void *p, size_t n, off_t at, size_t room)
{
	thresh_rt_fits(n, room);
	return pread(fd, p, n, at);
}

#ifdef __LP64__
ssize_t __pread64_chk(int fd, void *p, size_t n, off_t at, size_t room);
ssize_t __pread64_chk(int fd, void *p, size_t n, off_t at, size_t room)
{
	thresh_rt_fits(n, room);
	return pread64(fd, p, n, at);
}
#endif

ssize_t __recv_chk(int fd, void *p, size_t n, size_t room, int flags);
ssize_t __recv_chk(int fd, void *p, size_t n, size_t room, int flags)
{
	thresh_rt_fits(n, room);
	return recv(fd, p, n, flags);
}

ssize_t __recvfrom_chk(
	int fd, void *p, size_t n, size_t room, int flags, struct sockaddr *from, socklen_t *len);
ssize_t __recvfrom_chk(
	int fd, void *p, size_t n, size_t room, int flags, struct sockaddr *from, socklen_t *len)
{
	thresh_rt_fits(n, room);
	return recvfrom(fd, p, n, flags, from, len);
}

size_t __fread_chk(void *p, size_t room, size_t size, size_t n, FILE *f);
size_t __fread_chk(void *p, size_t room, size_t size, size_t n, FILE *f)
{
	size_t all;

	thresh_rt_fits(__builtin_mul_overflow(size, n, &all) ? SIZE_MAX : all, room);
	return fread(p, size, n, f);
}

size_t __fread_unlocked_chk(void *p, size_t room, size_t size, size_t n, FILE *f);
size_t __fread_unlocked_chk(void *p, size_t room, size_t size, size_t n, FILE *f)
{
	return __fread_chk(p, room, size, n, f);
}

/* The line has to fit, not n: the C library, too, ends a program only for one that doesn't. */
char *__fgets_chk(char *s, size_t room, int n, FILE *f);
char *__fgets_chk(char *s, size_t room, int n, FILE *f)
{
	int too_large = n > 0 && (size_t)n > room;
	char *got = fgets(s, too_large ? (int)room : n, f);

	if (got != NULL && too_large && strlen(s) == room - 1 &&
		(room < 2 || s[room - 2] != '\n') && _IO_getc(f) != EOF)
		thresh_rt_fits(room + 1, room);
	return got;
}

char *__fgets_unlocked_chk(char *s, size_t room, int n, FILE *f);
char *__fgets_unlocked_chk(char *s, size_t room, int n, FILE *f)
{
	return __fgets_chk(s, room, n, f);
}
