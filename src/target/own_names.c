/* The symbol table of the executable: hostile, so that every size is checked. Sanitizers' own functions are weak. */
#include "base/prelude.h"
#include "target/own_names.h"
#include "base/mem.h"
#include <elf.h>
#include <fcntl.h>
#include <sys/stat.h>
#include <unistd.h>

#define TABLE_MAX ((uint64_t)256 << 20)

/* What the server can't work without. */
static const char *const needed[] = { "fork", "waitpid", "mmap", "munmap", "getenv", "syscall",
	"_exit", "dup2", "chdir", "fcntl", "prctl", "kill", "getpid", "sigaction" };

/* The runtime's _exit by another name: where this is, the target has none. */
static const char ours[] = "thresh_rt_own_exit";

static void *read_table(int fd, const Elf64_Shdr *h)
{
	void *p;

	if (h->sh_size == 0 || h->sh_size > TABLE_MAX || h->sh_offset > INT64_MAX - TABLE_MAX)
		return NULL;
	p = xmalloc(h->sh_size);
	if (pread(fd, p, h->sh_size, (off_t)h->sh_offset) == (ssize_t)h->sh_size)
		return p;
	free(p);
	return NULL;
}

static bool is_own(const Elf64_Sym *s)
{
	return ELF64_ST_BIND(s->st_info) == STB_GLOBAL && ELF64_ST_TYPE(s->st_info) == STT_FUNC &&
	       s->st_shndx != SHN_UNDEF;
}

static bool is_named(const char *names, size_t size, size_t at, const char *name)
{
	size_t len = strlen(name) + 1;

	return size - at >= len && memcmp(names + at, name, len) == 0;
}

static void look(const Elf64_Sym *syms, size_t n, const char *names, size_t size, bool *own)
{
	bool our_exit = false;

	for (size_t i = 0; i < n; i++) {
		size_t at = syms[i].st_name;

		if (!is_own(&syms[i]) || at >= size)
			continue;
		our_exit |= is_named(names, size, at, ours);
		for (size_t k = 0; k < ARRAY_LEN(needed); k++)
			own[k] |= is_named(names, size, at, needed[k]);
	}
	for (size_t k = 0; our_exit && k < ARRAY_LEN(needed); k++)
		own[k] &= strcmp(needed[k], "_exit") != 0;
}

static void look_in(int fd, const Elf64_Ehdr *e, bool *own)
{
	Elf64_Shdr table = { .sh_size = (uint64_t)e->e_shnum * sizeof(Elf64_Shdr),
		.sh_offset = e->e_shoff };
	Elf64_Shdr *sections = read_table(fd, &table);

	for (size_t i = 0; sections && i < e->e_shnum; i++) {
		const Elf64_Shdr *s = &sections[i];
		Elf64_Sym *syms;
		char *names;

		if (s->sh_type != SHT_SYMTAB || s->sh_link >= e->e_shnum)
			continue;
		syms = read_table(fd, s);
		names = read_table(fd, &sections[s->sh_link]);
		if (syms && names)
			look(syms, s->sh_size / sizeof(*syms), names, sections[s->sh_link].sh_size,
				own);
		free(syms);
		free(names);
	}
	free(sections);
}

void own_names_say(struct buf *b, const char *exe)
{
	bool own[ARRAY_LEN(needed)] = { false };
	const char *first = NULL;
	Elf64_Ehdr e;
	int fd = open(exe, O_RDONLY | O_CLOEXEC | O_NONBLOCK | O_NOCTTY);

	if (fd < 0)
		return;
	if (pread(fd, &e, sizeof(e), 0) == (ssize_t)sizeof(e) &&
		memcmp(e.e_ident, ELFMAG, SELFMAG) == 0 && e.e_ident[EI_CLASS] == ELFCLASS64 &&
		e.e_ident[EI_DATA] == ELFDATA2LSB && e.e_shentsize == sizeof(Elf64_Shdr))
		look_in(fd, &e, own);
	close(fd);
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
