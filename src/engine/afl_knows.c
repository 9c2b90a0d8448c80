/* The names are in the program. */
#include "base/prelude.h"
#include "engine/afl_knows.h"
#include "base/fs.h"

bool afl_knows(const char *variable)
{
	char *fuzz = fs_which("afl-fuzz");
	bool known = fuzz && fs_holds(fuzz, variable);

	free(fuzz);
	return known;
}
