/* The names are in the program. */
#include "base/prelude.h"
#include "engine/afl_knows.h"
#include "base/buf.h"
#include "base/fs.h"
#include <string.h>

#define PROGRAM_MAX ((uint64_t)64 << 20)

bool afl_knows(const char *variable)
{
	char *fuzz = fs_which("afl-fuzz");
	struct buf b = BUF_INIT;
	bool known = fuzz && fs_read(fuzz, PROGRAM_MAX, &b, NULL) == 0 &&
		     memmem(buf_str(&b), b.len, variable, strlen(variable)) != NULL;

	buf_release(&b);
	free(fuzz);
	return known;
}
