/*
 * ELF is read here, since a process for each object is most of what a survey of many would cost. What isn't ELF, or holds no
 * machine code yet, as linkers' plugins make it, nm tells: in its POSIX format, name, a letter, numbers. Files are hostile:
 * every offset is checked.
 */
#include "base/prelude.h"
#include "survey/symbols.h"
#include "base/buf.h"
#include "base/elf.h"
#include "base/fs.h"
#include "base/mem.h"
#include "proc/proc.h"

#define NM_MS 30000
#define NM_MAX ((size_t)32 << 20)
#define FILE_MAX ((uint64_t)256 << 20)
/* gcc's, in an object that holds no machine code yet */
#define SLIM_LTO "__gnu_lto_slim"

void symbols_release(struct symbols *s)
{
	strlist_release(&s->defined);
	strlist_release(&s->functions);
	strlist_release(&s->all);
	strlist_release(&s->undefined);
}

/* --- ELF --- */

/* Into the lists that it belongs to; absolute ones are of no use to a linker's search, as those of versions. */
static void take(const struct elf *e, const Elf64_Sym *sym, struct strv name, struct symbols *out)
{
	unsigned bind = ELF64_ST_BIND(sym->st_info), type = ELF64_ST_TYPE(sym->st_info);
	const Elf64_Shdr *section = sym->st_shndx < e->n ? &e->sections[sym->st_shndx] : NULL;
	bool common = sym->st_shndx == SHN_COMMON;
	char *s;

	if (bind == STB_LOCAL || type == STT_SECTION || type == STT_FILE || !name.len)
		return;
	s = strv_dup(name);
	if (sym->st_shndx == SHN_UNDEF) {
		if (bind == STB_GLOBAL)
			strlist_add(&out->undefined, s);
	} else if (common || (section && (section->sh_flags & SHF_ALLOC))) {
		strlist_add(&out->all, s);
		if (bind == STB_GLOBAL) {
			strlist_add(&out->defined, s);
			if (section && (section->sh_flags & SHF_EXECINSTR))
				strlist_add(&out->functions, s);
		}
	}
	free(s);
}

/* False: some of it is of the kind that a plugin has to read. */
static bool read_table(const struct elf *e, const Elf64_Shdr *table, struct symbols *out)
{
	struct strv names = elf_bytes(e, &e->sections[table->sh_link]);
	Elf64_Sym sym;

	for (uint64_t at = 0; at + sizeof(sym) <= table->sh_size; at += sizeof(sym)) {
		struct strv name;

		if (!elf_at(e, table->sh_offset + at, &sym, sizeof(sym)))
			return false;
		name = elf_name(names, sym.st_name);
		if (strv_eqs(name, SLIM_LTO))
			return false;
		take(e, &sym, name, out);
	}
	return true;
}

/* False, and nothing in out: not ELF of this kind of machine, or code that only a linker's plugin reads. */
static bool read_elf(const char *path, bool dynamic, struct symbols *out)
{
	struct elf e = { .n = 0 };
	struct buf text = BUF_INIT;
	bool ok = false;

	if (fs_read(path, FILE_MAX, &text, NULL) < 0)
		goto out;
	if (!elf_open(&e, strv_n(buf_str(&text), text.len)))
		goto out;
	for (size_t i = 0; i < e.n && !ok; i++) {
		const Elf64_Shdr *s = &e.sections[i];

		if (s->sh_type == (dynamic ? SHT_DYNSYM : SHT_SYMTAB) && s->sh_link < e.n) {
			ok = read_table(&e, s, out);
			break;
		}
	}
	if (!ok)
		symbols_release(out);
out:
	elf_release(&e);
	buf_release(&text);
	return ok;
}

/* --- nm --- */

static void read_line(struct strv line, struct symbols *out)
{
	struct strv name, letter;
	size_t at;
	char *s, c;

	if (!strv_split(&line, ' ', &name) || !strv_split(&line, ' ', &letter) || letter.len != 1)
		return;
	at = strv_chr(name, '@');
	name.len = MIN(name.len, at);
	s = strv_dup(name);
	c = *letter.s;
	if (c == 'U') {
		strlist_add(&out->undefined, s);
	} else if (strchr("TDBRGSCi", c)) {
		strlist_add(&out->defined, s);
		strlist_add(&out->all, s);
		if (c == 'T' || c == 'i')
			strlist_add(&out->functions, s);
	} else if (strchr("WVu", c)) {
		strlist_add(&out->all, s);
	}
	free(s);
}

static int read_by_nm(const char *path, bool dynamic, struct symbols *out, struct err *err)
{
	const char *argv[] = { "nm", "-P", "-g", path, dynamic ? "-D" : NULL, NULL };
	struct proc_spec spec = PROC_SPEC_INIT;
	struct proc_result r = { 0 };
	struct strv rest, line;
	int rc = -1;

	spec.argv = argv;
	spec.out = spec.err = PROC_CAPTURE;
	spec.capture_max = NM_MAX;
	spec.wall_ms = NM_MS;
	if (proc_run(&spec, &r, err) < 0)
		goto out;
	if (r.status != 0) {
		err_set(err, "nm can't read %s", path);
		goto out;
	}
	rest = strv_n(buf_str(&r.out), r.out.len);
	while (strv_line(&rest, &line))
		read_line(line, out);
	rc = 0;
out:
	proc_result_release(&r);
	return rc;
}

int symbols_read(const char *path, bool dynamic, struct symbols *out, struct err *err)
{
	*out = (struct symbols){ 0 };
	if (!read_elf(path, dynamic, out) && read_by_nm(path, dynamic, out, err) < 0)
		return -1;
	strlist_sort(&out->defined);
	strlist_sort(&out->functions);
	strlist_sort(&out->all);
	strlist_sort(&out->undefined);
	return 0;
}
