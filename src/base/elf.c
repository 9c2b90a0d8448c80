/* The symbol table: hostile, so that every size is checked. */
#include "base/prelude.h"
#include "base/elf.h"
#include "base/mem.h"
#include <elf.h>
#include <fcntl.h>
#include <sys/stat.h>
#include <unistd.h>

#define TABLE_MAX ((uint64_t)256 << 20)

struct wanted {
	const char *const *names;
	size_t n;
	bool *own;
};

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

static void look(
	const struct wanted *w, const Elf64_Sym *syms, size_t n, const char *names, size_t size)
{
	for (size_t i = 0; i < n; i++) {
		size_t at = syms[i].st_name;

		if (!is_own(&syms[i]) || at >= size)
			continue;
		for (size_t k = 0; k < w->n; k++) {
			size_t len = strlen(w->names[k]) + 1;

			if (size - at >= len && memcmp(names + at, w->names[k], len) == 0)
				w->own[k] = true;
		}
	}
}

static void look_in(int fd, const Elf64_Ehdr *e, const struct wanted *w)
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
			look(w, syms, s->sh_size / sizeof(*syms), names,
				sections[s->sh_link].sh_size);
		free(syms);
		free(names);
	}
	free(sections);
}

void elf_defines(const char *exe, const char *const *names, size_t n, bool *own)
{
	struct wanted w = { names, n, own };
	Elf64_Ehdr e;
	int fd = open(exe, O_RDONLY | O_CLOEXEC | O_NONBLOCK | O_NOCTTY);

	if (fd < 0)
		return;
	if (pread(fd, &e, sizeof(e), 0) == (ssize_t)sizeof(e) &&
		memcmp(e.e_ident, ELFMAG, SELFMAG) == 0 && e.e_ident[EI_CLASS] == ELFCLASS64 &&
		e.e_ident[EI_DATA] == ELFDATA2LSB && e.e_shentsize == sizeof(Elf64_Shdr))
		look_in(fd, &e, &w);
	close(fd);
}
