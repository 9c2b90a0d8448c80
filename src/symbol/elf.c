/* The build id of an ELF file: the one identity that survives copying. The file is hostile: every size is checked. */
#include "base/prelude.h"
#include "symbol/elf.h"
#include "base/hash.h"
#include <elf.h>
#include <fcntl.h>
#include <sys/stat.h>
#include <unistd.h>

#define HEADERS_MAX 1024
#define NOTES_MAX 65536
#define ID_MIN 4
#define ID_MAX 64

struct elf {
	int fd;
};

static bool read_at(const struct elf *e, uint64_t off, void *p, size_t n)
{
	return off <= INT64_MAX - (uint64_t)n && pread(e->fd, p, n, (off_t)off) == (ssize_t)n;
}

static uint64_t round_up(uint64_t n, uint64_t align)
{
	return (n + align - 1) & ~(align - 1);
}

/* Notes: name size, description size, type, then both, each padded. */
static size_t find_note(const unsigned char *p, size_t n, uint64_t align, const unsigned char **id)
{
	size_t i = 0;

	while (n - i >= sizeof(Elf32_Nhdr)) {
		Elf32_Nhdr note;
		uint64_t name, desc, next;

		memcpy(&note, p + i, sizeof(note));
		name = i + sizeof(note);
		desc = round_up(name + note.n_namesz, align);
		next = round_up(desc + note.n_descsz, align);
		if (desc + note.n_descsz > n)
			return 0;
		if (note.n_type == NT_GNU_BUILD_ID && note.n_namesz == 4 &&
			memcmp(p + name, "GNU", 4) == 0 && note.n_descsz >= ID_MIN &&
			note.n_descsz <= ID_MAX) {
			*id = p + desc;
			return note.n_descsz;
		}
		if (next > n)
			return 0;
		i = next;
	}
	return 0;
}

static bool id_in_notes(const struct elf *e, uint64_t off, uint64_t size, uint64_t align, char *out,
	size_t out_size)
{
	unsigned char notes[NOTES_MAX];
	const unsigned char *id;
	size_t n = (size_t)MIN(size, sizeof(notes)), len;
	ssize_t got;

	if (off > INT64_MAX)
		return false;
	got = pread(e->fd, notes, n, (off_t)off);
	if (got <= 0)
		return false;
	len = find_note(notes, (size_t)got, align == 8 ? 8 : 4, &id);
	if (!len || out_size < 2 * len + 1)
		return false;
	hash_hex(id, len, out);
	return true;
}

/* Linked files have segments, objects and detached debug files only sections: both name their notes. */
#define DEFINE_SCAN(bits)                                                                          \
	static bool scan##bits(const struct elf *e, char *out, size_t out_size)                    \
	{                                                                                          \
		Elf##bits##_Ehdr h;                                                                \
		Elf##bits##_Phdr p;                                                                \
		Elf##bits##_Shdr s;                                                                \
                                                                                                   \
		if (!read_at(e, 0, &h, sizeof(h)))                                                 \
			return false;                                                              \
		for (size_t i = 0; i < h.e_phnum && i < HEADERS_MAX; i++)                          \
			if (h.e_phentsize >= sizeof(p) &&                                          \
				read_at(e, h.e_phoff + (uint64_t)i * h.e_phentsize, &p,            \
					sizeof(p)) &&                                              \
				p.p_type == PT_NOTE &&                                             \
				id_in_notes(e, p.p_offset, p.p_filesz, p.p_align, out, out_size))  \
				return true;                                                       \
		for (size_t i = 0; i < h.e_shnum && i < HEADERS_MAX; i++)                          \
			if (h.e_shentsize >= sizeof(s) &&                                          \
				read_at(e, h.e_shoff + (uint64_t)i * h.e_shentsize, &s,            \
					sizeof(s)) &&                                              \
				s.sh_type == SHT_NOTE &&                                           \
				id_in_notes(                                                       \
					e, s.sh_offset, s.sh_size, s.sh_addralign, out, out_size)) \
				return true;                                                       \
		return false;                                                                      \
	}
DEFINE_SCAN(32)
DEFINE_SCAN(64)

bool symbol_build_id(const char *module, char *out, size_t out_size)
{
	struct elf e = { .fd = open(module, O_RDONLY | O_CLOEXEC | O_NONBLOCK) };
	unsigned char ident[EI_NIDENT];
	struct stat st;
	bool ok = false;

	if (e.fd < 0)
		return false;
	if (fstat(e.fd, &st) == 0 && S_ISREG(st.st_mode) && read_at(&e, 0, ident, sizeof(ident)) &&
		memcmp(ident, ELFMAG, SELFMAG) == 0 && ident[EI_DATA] == ELFDATA2LSB)
		ok = ident[EI_CLASS] == ELFCLASS64   ? scan64(&e, out, out_size)
		     : ident[EI_CLASS] == ELFCLASS32 ? scan32(&e, out, out_size)
						     : false;
	close(e.fd);
	return ok;
}
