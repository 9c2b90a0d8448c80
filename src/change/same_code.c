/* Sections that are part of the image are compared in their order; every offset is checked, since files are damaged, too. */
#include "base/prelude.h"
#include "change/same_code.h"
#include "base/elf.h"

struct image {
	struct elf elf;
	/* section names */
	struct strv names;
};

static bool open_image(struct strv file, struct image *im)
{
	const struct elf *e = &im->elf;

	if (!elf_open(&im->elf, file) || e->head.e_shstrndx >= e->n)
		return false;
	im->names = elf_bytes(e, &e->sections[e->head.e_shstrndx]);
	return true;
}

/* All of it is in the file. */
static bool whole(const struct image *im, const Elf64_Shdr *s)
{
	return s->sh_type == SHT_NOBITS || elf_bytes(&im->elf, s).len == s->sh_size;
}

/* The next section from *i on that is loaded and no note. */
static const Elf64_Shdr *next_loaded(const struct image *im, size_t *i)
{
	for (; *i < im->elf.n; (*i)++) {
		const Elf64_Shdr *s = &im->elf.sections[*i];

		if ((s->sh_flags & SHF_ALLOC) && s->sh_type != SHT_NOTE)
			return s;
	}
	return NULL;
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

static bool same_section(const struct image *x, const Elf64_Shdr *s, struct strv x_dir,
	const struct image *y, const Elf64_Shdr *t, struct strv y_dir)
{
	return strv_eq(elf_name(x->names, s->sh_name), elf_name(y->names, t->sh_name)) &&
	       s->sh_size == t->sh_size && s->sh_type == t->sh_type && whole(x, s) && whole(y, t) &&
	       same_bytes(elf_bytes(&x->elf, s), elf_bytes(&y->elf, t), x_dir, y_dir);
}

bool same_code(struct strv a, const char *a_dir, struct strv b, const char *b_dir)
{
	struct image x = { .elf.n = 0 }, y = { .elf.n = 0 };
	bool same = open_image(a, &x) && open_image(b, &y);
	size_t loaded = 0;

	for (size_t i = 0, k = 0; same; i++, k++, loaded++) {
		const Elf64_Shdr *s = next_loaded(&x, &i), *t = next_loaded(&y, &k);

		same = s && t ? same_section(&x, s, strv_of(a_dir), &y, t, strv_of(b_dir))
			      : s == t && loaded > 0;
		if (!s || !t)
			break;
	}
	elf_release(&x.elf);
	elf_release(&y.elf);
	return same;
}
