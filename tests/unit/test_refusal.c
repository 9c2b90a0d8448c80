/* Which last words of a sanitizer are the machine's, and which only look so. */
#include "base/prelude.h"
#include "base/refusal.h"
#include "base/mem.h"
#include <setjmp.h>
#include <stdarg.h>
#include <cmocka.h>

#define LEAKS "==12==LeakSanitizer has encountered a fatal error.\n==12==HINT: ptrace\n"
#define ALLOC \
	"==1==ERROR: AddressSanitizer failed to allocate 0x1000 (4096) bytes of x (error code: "
#define CRASH "==12==ERROR: AddressSanitizer: SEGV on unknown address\n"

static const struct {
	const char *text;
	bool refused;
} cases[] = {
	{ "", false },
	{ LEAKS, true },
	{ "a target's words\n" LEAKS, true },
	{ ALLOC "12)\n==1==Process memory map follows:\n", true },
	{ ALLOC "12)\nERROR: Failed to mmap\n", true },
	{ "==1==ERROR: AddressSanitizer failed to allocate 0x10 (16) bytes at address 1 (errno: "
	  "12)\n",
		true },
	/* too large, not none left */
	{ ALLOC "22)\n", false },
	{ "==1==ReserveShadowMemoryRange failed while trying to map 0x1 bytes.\n", true },
	{ "AddressSanitizer:DEADLYSIGNAL\n" CRASH, false },
	/* lived through, or echoed: what comes behind ended it */
	{ LEAKS CRASH, false },
	{ LEAKS "a.c:1:2: runtime error: x\n", false },
	{ LEAKS "==1==WARNING: MemorySanitizer: use-of-uninitialized-value\n", false },
	{ LEAKS "==1== ERROR: thresh: fuzz target exited with status 1\n", false },
	{ CRASH LEAKS, true },
	/* not as a sanitizer says it */
	{ "LeakSanitizer has encountered a fatal error\n", false },
	{ "====LeakSanitizer has encountered a fatal error\n", false },
	{ "==x==LeakSanitizer has encountered a fatal error\n", false },
	{ "x ==1==LeakSanitizer has encountered a fatal error\n", false },
	{ "==1=", false },
};

static void told_apart(void **state)
{
	(void)state;
	for (size_t i = 0; i < ARRAY_LEN(cases); i++)
		if (refusal_of_sanitizer(strv_of(cases[i].text)) != cases[i].refused)
			fail_msg("row %zu: %s", i, cases[i].text);
}

int main(void)
{
	const struct CMUnitTest tests[] = { cmocka_unit_test(told_apart) };

	return cmocka_run_group_tests_name("refusal", tests, NULL, NULL);
}
