/* Which language a source is in, by its name. */
#include "base/prelude.h"
#include "regress/cxx.h"
#include "base/strv.h"

bool regress_is_cxx(const char *path)
{
	static const char *const ends[] = { ".cc", ".cpp", ".cxx", ".C", ".c++", ".CPP" };

	for (size_t i = 0; path && i < ARRAY_LEN(ends); i++)
		if (strv_ends(strv_of(path), ends[i]))
			return true;
	return false;
}
