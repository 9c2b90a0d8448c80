/* Three bugs, each behind its first letter. */
#include <stddef.h>
#include <stdint.h>
#include <stdlib.h>
int LLVMFuzzerTestOneInput(const uint8_t *p, size_t n);
static int overflow(size_t n), null(void), give_up(void);
static volatile char sink;
static int *volatile nothing;

static __attribute__((noinline)) int overflow(size_t n)
{
	char *b = calloc(1, n);

	sink = b[n];
	free(b);
	return 0;
}

static __attribute__((noinline)) int null(void)
{
	return *nothing;
}

static __attribute__((noinline)) int give_up(void)
{
	abort();
}

int LLVMFuzzerTestOneInput(const uint8_t *p, size_t n)
{
	if (n < 2 || p[1] != '-')
		return 0;
	return p[0] == 'H' ? overflow(8) : p[0] == 'N' ? null() : p[0] == 'A' ? give_up() : 0;
}
