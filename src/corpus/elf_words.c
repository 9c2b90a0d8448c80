/*
 * AddressSanitizer's compilers leave a record of each global object of the code that they compiled: where it begins, its
 * size, its name and its source file (`struct __asan_global`, the same for clang and gcc for ten years). That is what tells
 * a project's own strings and tables from the thousands of the sanitizer, of libc and of static libraries. The records have
 * no section or symbol that one could go by in all versions, but a shape: they are found by it, in writable data, where
 * their pointers are relocations.
 */
#include "base/prelude.h"
#include "corpus/elf_words.h"
#include "base/elf.h"
#include "base/fs.h"
#include "base/mem.h"

#define FILE_MAX ((uint64_t)1 << 30)
#define SEGMENTS_MAX 64
#define OBJECT_MAX ((uint64_t)1 << 20)
#define NAME_MAX_LEN 4096
#define GRAIN 32
#define RELATIVE_X86_64 8
#define RELATIVE_AARCH64 1027

struct reloc {
	uint64_t at, to;
};

struct image {
	struct elf elf;
	Elf64_Phdr load[SEGMENTS_MAX];
	size_t n_load;
	struct reloc *relocs;
	size_t n_relocs, cap_relocs;
};

/* --- the file --- */

static bool read_headers(struct image *im, struct strv file)
{
	const Elf64_Ehdr *h = &im->elf.head;
	Elf64_Phdr p;

	if (!elf_open(&im->elf, file) || h->e_phentsize != sizeof(Elf64_Phdr))
		return false;
	for (size_t i = 0; i < h->e_phnum && im->n_load < SEGMENTS_MAX; i++)
		if (elf_at(&im->elf, h->e_phoff + i * sizeof(p), &p, sizeof(p)) &&
			p.p_type == PT_LOAD)
			im->load[im->n_load++] = p;
	return true;
}

/* n bytes at an address, of a segment that isn't writable or of any; empty: they aren't in the file. */
static struct strv at_address(const struct image *im, uint64_t address, uint64_t n, bool constant)
{
	for (size_t i = 0; i < im->n_load; i++) {
		const Elf64_Phdr *p = &im->load[i];
		uint64_t in = address - p->p_vaddr;

		if (address < p->p_vaddr || in >= p->p_filesz || p->p_filesz - in < n)
			continue;
		if ((constant && (p->p_flags & PF_W)) || p->p_offset > im->elf.file.len ||
			im->elf.file.len - p->p_offset < in + n)
			break;
		return strv_sub(im->elf.file, (size_t)(p->p_offset + in), (size_t)n);
	}
	return strv_n("", 0);
}

/* The text at an address up to its NUL; empty: there is none. */
static struct strv text_at(const struct image *im, uint64_t address)
{
	struct strv first = at_address(im, address, 1, false), v;
	size_t end;

	if (!first.len)
		return first;
	v = strv_sub(im->elf.file, (size_t)(first.s - im->elf.file.s), NAME_MAX_LEN);
	end = strv_chr(v, '\0');
	if (end == SIZE_MAX)
		return strv_n("", 0);
	v.len = end;
	for (size_t i = 0; i < v.len; i++)
		if ((unsigned char)v.s[i] < ' ')
			return strv_n("", 0);
	return v;
}

/* --- relocations --- */

static int by_place(const void *a, const void *b)
{
	const struct reloc *x = a, *y = b;

	return x->at < y->at ? -1 : x->at > y->at;
}

static void read_relocs(struct image *im)
{
	Elf64_Rela r;

	for (size_t i = 0; i < im->elf.n; i++) {
		const Elf64_Shdr *s = &im->elf.sections[i];

		if (s->sh_type != SHT_RELA || !(s->sh_flags & SHF_ALLOC) ||
			s->sh_size > im->elf.file.len)
			continue;
		for (uint64_t k = 0; k + sizeof(r) <= s->sh_size; k += sizeof(r)) {
			uint32_t type;

			if (!elf_at(&im->elf, s->sh_offset + k, &r, sizeof(r)))
				break;
			type = (uint32_t)ELF64_R_TYPE(r.r_info);
			if (type != RELATIVE_X86_64 && type != RELATIVE_AARCH64)
				continue;
			GROW(im->relocs, im->n_relocs, im->cap_relocs);
			im->relocs[im->n_relocs++] =
				(struct reloc){ r.r_offset, (uint64_t)r.r_addend };
		}
	}
	if (im->n_relocs)
		qsort(im->relocs, im->n_relocs, sizeof(*im->relocs), by_place);
}

/* What is there once the program is loaded: an address. */
static uint64_t pointer(const struct image *im, uint64_t at, uint64_t in_place)
{
	struct reloc key = { at, 0 };
	const struct reloc *r = im->n_relocs ? bsearch(&key, im->relocs, im->n_relocs,
						       sizeof(*im->relocs), by_place)
					     : NULL;

	return r ? r->to : in_place;
}

/* --- the records --- */

/* As compilers write it. */
struct record {
	uint64_t begin, size, with_redzone, name, module, dynamic_init, location, odr;
};

static bool is_record(const struct image *im, uint64_t at, struct record *r, struct strv *source)
{
	/* cheap, and nearly always enough to say no */
	if (!r->size || r->size > OBJECT_MAX || r->with_redzone % GRAIN ||
		r->with_redzone <= r->size || r->with_redzone > r->size * 2 + GRAIN * 64 ||
		r->dynamic_init > 1)
		return false;
	r->begin = pointer(im, at, r->begin);
	r->name = pointer(im, at + offsetof(struct record, name), r->name);
	r->module = pointer(im, at + offsetof(struct record, module), r->module);
	if (!r->begin || r->begin % GRAIN || !text_at(im, r->name).len)
		return false;
	*source = text_at(im, r->module);
	return source->len > 0;
}

/* Names of functions and files that only messages have. */
static bool is_of_messages(struct strv name)
{
	return strv_starts(name, "__func__") || strv_starts(name, "__PRETTY_FUNCTION__") ||
	       strv_starts(name, "__FUNCTION__");
}

static size_t records_in(const struct image *im, const Elf64_Shdr *s, elf_words_fn fn, void *arg)
{
	size_t found = 0;
	struct record r;
	uint64_t k = 0;

	while (k + sizeof(r) <= s->sh_size) {
		struct strv source, data;

		if (!elf_at(&im->elf, s->sh_offset + k, &r, sizeof(r)))
			break;
		if (!is_record(im, s->sh_addr + k, &r, &source)) {
			k += sizeof(uint64_t);
			continue;
		}
		found++;
		k += sizeof(r);
		data = at_address(im, r.begin, r.size, true);
		if (data.len && !is_of_messages(text_at(im, r.name)))
			fn(arg, data, source);
	}
	return found;
}

/* --- without them --- */

static bool has(struct strv v, const char *what)
{
	return v.len && memmem(v.s, v.len, what, strlen(what)) != NULL;
}

static bool is_named(const struct image *im, const Elf64_Shdr *s, const char *name)
{
	const struct elf *e = &im->elf;

	return e->head.e_shstrndx < e->n &&
	       strv_eqs(elf_name(elf_bytes(e, &e->sections[e->head.e_shstrndx]), s->sh_name), name);
}

static void all_of(const struct image *im, elf_words_fn fn, void *arg)
{
	for (size_t i = 0; i < im->elf.n; i++) {
		const Elf64_Shdr *s = &im->elf.sections[i];
		struct strv data;

		if (s->sh_type != SHT_PROGBITS || !is_named(im, s, ".rodata"))
			continue;
		data = at_address(im, s->sh_addr, s->sh_size, true);
		if (data.len && !has(data, "Sanitizer: ") && !has(data, "Sanitizer CHECK"))
			fn(arg, data, strv_n("", 0));
	}
}

void elf_words_in(struct strv file, elf_words_fn fn, void *arg)
{
	struct image im = { .n_load = 0 };
	size_t found = 0;

	if (read_headers(&im, file)) {
		read_relocs(&im);
		for (size_t i = 0; i < im.elf.n; i++)
			if (im.elf.sections[i].sh_type == SHT_PROGBITS &&
				(im.elf.sections[i].sh_flags & SHF_WRITE))
				found += records_in(&im, &im.elf.sections[i], fn, arg);
		if (!found)
			all_of(&im, fn, arg);
	}
	elf_release(&im.elf);
	free(im.relocs);
}

int elf_words(const char *path, elf_words_fn fn, void *arg, struct err *err)
{
	struct buf file = BUF_INIT;
	int rc = fs_read(path, FILE_MAX, &file, err);

	if (rc == 0)
		elf_words_in(strv_n(buf_str(&file), file.len), fn, arg);
	buf_release(&file);
	return rc;
}
