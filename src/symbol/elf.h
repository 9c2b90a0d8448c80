/* The build id of an ELF file. */
#ifndef SYMBOL_ELF_H
#define SYMBOL_ELF_H

/* Hex build id of an ELF file; false when it has none. */
bool symbol_build_id(const char *module, char *out, size_t out_size);

#endif
