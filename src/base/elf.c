/* Headers are copied out, since nothing in a file has to be aligned. */
#include "base/prelude.h"
#include "base/elf.h"
#include "base/buf.h"
#include "base/fs.h"
#include "base/mem.h"

#define EXE_MAX ((uint64_t)1 << 30)

bool elf_at(const struct elf *e, uint64_t off, void *to, size_t n)
{
	if (off > e->file.len || e->file.len - off < n)
		return false;
	memcpy(to, e->file.s + off, n);
	return true;
}

bool elf_open(struct elf *e, struct strv file)
{
	const Elf64_Ehdr *h = &e->head;

	*e = (struct elf){ .file = file };
	if (!elf_at(e, 0, &e->head, sizeof(e->head)) || memcmp(h->e_ident, ELFMAG, SELFMAG) != 0 ||
		h->e_ident[EI_CLASS] != ELFCLASS64 || h->e_ident[EI_DATA] != ELFDATA2LSB ||
		h->e_shentsize != sizeof(Elf64_Shdr))
		return false;
	e->n = h->e_shnum;
	e->sections = xcalloc(e->n + 1, sizeof(*e->sections));
	return elf_at(e, h->e_shoff, e->sections, e->n * sizeof(*e->sections));
}

void elf_release(struct elf *e)
{
	free(e->sections);
	*e = (struct elf){ .n = 0 };
}

struct strv elf_bytes(const struct elf *e, const Elf64_Shdr *s)
{
	if (s->sh_type == SHT_NOBITS || s->sh_offset > e->file.len ||
		s->sh_size > e->file.len - s->sh_offset)
		return strv_n("", 0);
	return strv_sub(e->file, (size_t)s->sh_offset, (size_t)s->sh_size);
}

void *elf_items(const struct elf *e, const Elf64_Shdr *s, size_t size, size_t *n)
{
	struct strv bytes = elf_bytes(e, s);
	void *v;

	*n = 0;
	if (bytes.len != s->sh_size)
		return NULL;
	*n = bytes.len / size;
	v = xcalloc(*n + 1, size);
	if (*n)
		memcpy(v, bytes.s, *n * size);
	return v;
}

struct strv elf_name(struct strv names, uint64_t at)
{
	struct strv v = strv_from(names, (size_t)MIN(at, (uint64_t)names.len));
	size_t end = strv_chr(v, '\0');

	return strv_sub(v, 0, end == SIZE_MAX ? 0 : end);
}

static bool is_own_function(const Elf64_Sym *s)
{
	return ELF64_ST_BIND(s->st_info) == STB_GLOBAL && ELF64_ST_TYPE(s->st_info) == STT_FUNC &&
	       s->st_shndx != SHN_UNDEF;
}

void elf_defines(const char *exe, const char *const *names, size_t n, bool *own)
{
	struct buf b = BUF_INIT;
	struct elf e = { .n = 0 };
	bool ok = fs_read(exe, EXE_MAX, &b, NULL) == 0 && elf_open(&e, strv_n(buf_str(&b), b.len));

	for (size_t i = 0; ok && i < e.n; i++) {
		const Elf64_Shdr *s = &e.sections[i];
		struct strv table;
		Elf64_Sym sym;

		if (s->sh_type != SHT_SYMTAB || s->sh_link >= e.n)
			continue;
		table = elf_bytes(&e, &e.sections[s->sh_link]);
		for (uint64_t at = 0; at + sizeof(sym) <= s->sh_size &&
				      elf_at(&e, s->sh_offset + at, &sym, sizeof(sym));
			at += sizeof(sym))
			for (size_t k = 0; is_own_function(&sym) && k < n; k++)
				own[k] |= strv_eqs(elf_name(table, sym.st_name), names[k]);
	}
	elf_release(&e);
	buf_release(&b);
}
