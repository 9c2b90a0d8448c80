/* Sections that are part of the image are compared in their order; every offset is checked, since files are damaged, too. */
#include "base/prelude.h"
#include "change/same_code.h"
#include <elf.h>

struct image {
	struct strv file;
	Elf64_Ehdr head;
	/* section names */
	struct strv names;
};

static bool get(struct strv file, uint64_t at, void *p, size_t n)
{
	if (at > file.len || file.len - at < n)
		return false;
	memcpy(p, file.s + at, n);
	return true;
}

static bool section(const struct image *im, unsigned i, Elf64_Shdr *out)
{
	return i < im->head.e_shnum &&
	       get(im->file, im->head.e_shoff + (uint64_t)i * sizeof(*out), out, sizeof(*out));
}

/* All of it is in the file. */
static bool whole(const struct image *im, const Elf64_Shdr *s)
{
	return s->sh_type == SHT_NOBITS ||
	       (s->sh_offset <= im->file.len && im->file.len - s->sh_offset >= s->sh_size);
}

static struct strv content(const struct image *im, const Elf64_Shdr *s)
{
	if (s->sh_type == SHT_NOBITS || !whole(im, s))
		return (struct strv){ "", 0 };
	return strv_sub(im->file, (size_t)s->sh_offset, (size_t)s->sh_size);
}

static bool open_image(struct strv file, struct image *im)
{
	Elf64_Shdr names;

	im->file = file;
	if (!get(file, 0, &im->head, sizeof(im->head)) ||
		memcmp(im->head.e_ident, ELFMAG, SELFMAG) != 0 ||
		im->head.e_ident[EI_CLASS] != ELFCLASS64 ||
		im->head.e_shentsize != sizeof(Elf64_Shdr) ||
		!section(im, im->head.e_shstrndx, &names))
		return false;
	im->names = content(im, &names);
	return true;
}

static struct strv name_of(const struct image *im, const Elf64_Shdr *s)
{
	struct strv v = strv_from(im->names, s->sh_name);
	size_t end = strv_chr(v, '\0');

	return strv_sub(v, 0, end == SIZE_MAX ? v.len : end);
}

/* The next section from *i on that is loaded and no note. */
static bool next_loaded(const struct image *im, unsigned *i, Elf64_Shdr *out)
{
	for (; section(im, *i, out); (*i)++)
		if ((out->sh_flags & SHF_ALLOC) && out->sh_type != SHT_NOTE)
			return true;
	return false;
}

/* Byte by byte; where they part, both may be within the names of their folders. */
static bool same_bytes(struct strv a, struct strv b, struct strv a_dir, struct strv b_dir)
{
	size_t i = 0;

	if (a.len != b.len)
		return false;
	while (i < a.len) {
		if (a_dir.len && a_dir.len == b_dir.len && a.len - i >= a_dir.len &&
			memcmp(a.s + i, a_dir.s, a_dir.len) == 0 &&
			memcmp(b.s + i, b_dir.s, b_dir.len) == 0) {
			i += a_dir.len;
			continue;
		}
		if (a.s[i] != b.s[i])
			return false;
		i++;
	}
	return true;
}

bool same_code(struct strv a, const char *a_dir, struct strv b, const char *b_dir)
{
	struct image x, y;
	unsigned i = 0, k = 0, loaded = 0;

	if (!open_image(a, &x) || !open_image(b, &y))
		return false;
	for (;; i++, k++, loaded++) {
		Elf64_Shdr s, t;
		bool more = next_loaded(&x, &i, &s);

		if (more != next_loaded(&y, &k, &t))
			return false;
		if (!more)
			return loaded > 0;
		if (!strv_eq(name_of(&x, &s), name_of(&y, &t)) || s.sh_size != t.sh_size ||
			s.sh_type != t.sh_type || !whole(&x, &s) || !whole(&y, &t) ||
			!same_bytes(
				content(&x, &s), content(&y, &t), strv_of(a_dir), strv_of(b_dir)))
			return false;
	}
}
