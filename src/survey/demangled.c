/* Apart, as libiberty's headers have names that base/mem.h has, too. */
#include "base/prelude.h"
#include "survey/demangled.h"
#include <libiberty/demangle.h>

#define SYMBOL_MAX 400

char *demangled(const char *symbol)
{
	if (strncmp(symbol, "_Z", 2) != 0 || strlen(symbol) > SYMBOL_MAX)
		return NULL;
	return cplus_demangle(symbol, DMGL_PARAMS | DMGL_ANSI);
}
