/*
 * What was said of an input's end, once more, where it doesn't matter what the target does with descriptors: it may close
 * them all, or send its sanitizer's reports elsewhere. The server adds it where it isn't in the child's text.
 */
#include "thresh_rt.h"

#include <string.h>
#include <sys/mman.h>
#include <sys/syscall.h>
#include <unistd.h>

#define ROOM (64u << 10) /* of a report: more than its text is cut to later on */

/* Shared with children, and so at their mercy: nothing that it holds is believed beyond the bounds of this. */
static struct thresh_rt_told {
	uint32_t len, error, spoke;
	char text[ROOM];
} * told;

/* where sanitizers are to report; -1: not known yet */
static int told_fd = -1;

void thresh_rt_told_init(int fd)
{
	void *p = mmap(
		NULL, sizeof(*told), PROT_READ | PROT_WRITE, MAP_SHARED | MAP_ANONYMOUS, -1, 0);

	/* a twin's is not that of the process which it was forked from */
	if (told != NULL)
		munmap(told, sizeof(*told));
	told = p != MAP_FAILED ? p : NULL; /* then it is as it was without this */
	told_fd = fd;
	thresh_rt_told_aim();
}

void thresh_rt_told_aim(void)
{
	if (told_fd >= 0 && __sanitizer_set_report_fd)
		__sanitizer_set_report_fd((void *)(intptr_t)told_fd);
}

/*
 * In place of the sanitizer's, by the linker's --wrap: a target that sends reports to a file (which may be one that can't be
 * made) hides them from nobody.
 */
void __wrap___sanitizer_set_report_path(const char *path);
void __wrap___sanitizer_set_report_path(const char *path)
{
	(void)path;
}

void thresh_rt_told_begin(void)
{
	if (told != NULL)
		told->len = told->error = told->spoke = 0;
}

void thresh_rt_told_add(const char *text, size_t n)
{
	uint32_t len;

	if (told == NULL)
		return;
	len = told->len;
	if (len > ROOM || n > ROOM - len) {
		told->len = ROOM + 1; /* not whole: of no use */
		return;
	}
	memcpy(told->text + len, text, n);
	told->len = len + (uint32_t)n;
}

void thresh_rt_told_print(const char *text)
{
	thresh_rt_told_add(text, strlen(text));
	if (told == NULL)
		return;
	if (strstr(text, "==ERROR: ") || strstr(text, "==WARNING: MemorySan"))
		told->error = 1;
	if (strstr(text, "Sanitizer") || strstr(text, "runtime error: "))
		told->spoke = 1;
}

int thresh_rt_told_error(void)
{
	return told != NULL && told->error == 1;
}

int thresh_rt_told_silent(void)
{
	/* who listens is there */
	return told != NULL && thresh_rt_early_watch && told->spoke == 0;
}

void thresh_rt_told_write(int fd, const char *text, size_t n)
{
	/* not by a name that a target may have taken, or that io.c has: what the runtime does counts for nothing */
	if (syscall(SYS_write, fd, text, n) != (long)n)
		thresh_rt_told_add(text, n);
}

void thresh_rt_told_append(int fd, uint64_t grown)
{
	uint32_t len = told != NULL ? told->len : 0;

	if (len <= ROOM && grown < len && syscall(SYS_write, fd, told->text, len) < 0)
		return; /* a verdict without a report */
}
