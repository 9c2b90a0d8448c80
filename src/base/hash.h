/* Hashes; the one place that includes libcrypto. */
#ifndef BASE_HASH_H
#define BASE_HASH_H

#include "base/prelude.h"

/* 40 digits and the NUL */
#define SHA1_HEX 41
#define SHA256_HEX 65

/* n bytes as 2 n lower case digits and a NUL; and back, of what is known to be such. */
void hash_hex(const unsigned char *p, size_t n, char *hex);
void hash_unhex(const char *hex, size_t n, unsigned char *out);
void hash_sha1(const void *p, size_t n, char hex[SHA1_HEX]);
void hash_sha256(const void *p, size_t n, char hex[SHA256_HEX]);
/* FNV-1a, for tables and change detection in memory; never for identity on disk. */
uint64_t hash_fnv(uint64_t h, const void *p, size_t n);
#define HASH_FNV_INIT 14695981039346656037ULL

/* Incremental SHA-256, for what is made of many parts. */
struct hasher;
struct hasher *hasher_new(void);
void hasher_add(struct hasher *h, const void *p, size_t n);
/* With its NUL, so that parts can't run together. */
void hasher_adds(struct hasher *h, const char *s);
/* Frees h. */
void hasher_end(struct hasher *h, char hex[SHA256_HEX]);

#endif
