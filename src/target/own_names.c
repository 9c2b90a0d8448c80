/* The symbol table of the executable says it; sanitizers' own functions are weak. */
#include "base/prelude.h"
#include "target/own_names.h"
#include "base/elf.h"
#include "base/mem.h"

/* What the server can't work without. */
static const char *const needed[] = { "fork", "waitpid", "mmap", "munmap", "getenv", "syscall",
	"dup2", "chdir", "fcntl", "prctl", "kill", "getpid", "sigaction" };

void own_names_say(struct buf *b, const char *exe)
{
	bool own[ARRAY_LEN(needed)] = { false };
	const char *first = NULL;

	elf_defines(exe, needed, ARRAY_LEN(needed), own);
	for (size_t k = 0; k < ARRAY_LEN(needed); k++) {
		if (!own[k])
			continue;
		buf_addf(b, first ? ", %s" : "; it defines %s", needed[k]);
		first = first ? first : needed[k];
	}
	if (first)
		buf_addf(b,
			" itself, of which the target server needs libc's: rename what it defines "
			"in this build, as by cflags: [-D%s=own_%s]",
			first, first);
}
