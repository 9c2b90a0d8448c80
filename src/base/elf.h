/*
 * ELF files of 64 bits, least byte first: their sections and symbols. Such a file is hostile: whatever it says of its own
 * offsets and sizes is checked.
 */
#ifndef BASE_ELF_H
#define BASE_ELF_H

#include "base/strv.h"
#include <elf.h>

struct elf {
	struct strv file;
	Elf64_Ehdr head;
	Elf64_Shdr *sections;
	size_t n;
};

/* The file's bytes stay the caller's, and stay as long as this. False: it is none of these. To be released either way. */
bool elf_open(struct elf *e, struct strv file);
void elf_release(struct elf *e);

/* n bytes at an offset. False: they aren't in the file. */
bool elf_at(const struct elf *e, uint64_t off, void *to, size_t n);
/* What a section holds; empty: nothing in the file. */
struct strv elf_bytes(const struct elf *e, const Elf64_Shdr *s);
/* A section as items of a size, aligned; the caller frees them. NULL: it isn't all in the file. */
void *elf_items(const struct elf *e, const Elf64_Shdr *s, size_t size, size_t *n);
/* The name at an offset of a table of names, behind which there is a NUL; empty: there is none. */
struct strv elf_name(struct strv names, uint64_t at);

/*
 * Sets own[k] where exe, which isn't stripped, defines a function names[k] that isn't weak; the others are left as they are,
 * and all of them where it can't be read.
 */
void elf_defines(const char *exe, const char *const *names, size_t n, bool *own);

#endif
