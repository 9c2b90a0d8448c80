/*
 * Hashes, by libcrypto. Its old calls: the new ones first read a configuration and load providers, which takes longer
 * than all that some commands do. SHA-1 names inputs, as libFuzzer's corpora do; nothing is trusted for it. SHA-256
 * is for what must not be mistaken. FNV is for tables in memory.
 */
#define OPENSSL_SUPPRESS_DEPRECATED
#include "base/prelude.h"
#include "base/hash.h"
#include "base/mem.h"
#include <openssl/sha.h>

struct hasher {
	SHA256_CTX ctx;
};

void hash_hex(const unsigned char *p, size_t n, char *hex)
{
	static const char digits[] = "0123456789abcdef";

	for (size_t i = 0; i < n; i++) {
		hex[2 * i] = digits[p[i] >> 4];
		hex[2 * i + 1] = digits[p[i] & 15];
	}
	hex[2 * n] = '\0';
}

/* Without a branch, which would be taken half of the time. */
static unsigned digit(char c)
{
	return ((unsigned)c & 15) + ((unsigned)c >> 6) * 9;
}

void hash_unhex(const char *hex, size_t n, unsigned char *out)
{
	for (size_t i = 0; i < n; i++)
		out[i] = (unsigned char)(digit(hex[2 * i]) << 4 | digit(hex[2 * i + 1]));
}

void hash_sha1(const void *p, size_t n, char hex[SHA1_HEX])
{
	unsigned char md[SHA_DIGEST_LENGTH];
	SHA_CTX ctx;

	if (!SHA1_Init(&ctx) || !SHA1_Update(&ctx, p, n) || !SHA1_Final(md, &ctx))
		BUG("libcrypto refuses SHA-1");
	hash_hex(md, sizeof(md), hex);
}

void hash_sha256(const void *p, size_t n, char hex[SHA256_HEX])
{
	struct hasher h;
	unsigned char md[SHA256_DIGEST_LENGTH];

	if (!SHA256_Init(&h.ctx) || !SHA256_Update(&h.ctx, p, n) || !SHA256_Final(md, &h.ctx))
		BUG("libcrypto refuses SHA-256");
	hash_hex(md, sizeof(md), hex);
}

uint64_t hash_fnv(uint64_t h, const void *p, size_t n)
{
	const unsigned char *s = p;

	for (size_t i = 0; i < n; i++)
		h = (h ^ s[i]) * 1099511628211ULL;
	return h;
}

struct hasher *hasher_new(void)
{
	struct hasher *h = xmalloc(sizeof(*h));

	if (!SHA256_Init(&h->ctx))
		BUG("libcrypto refuses SHA-256");
	return h;
}

void hasher_add(struct hasher *h, const void *p, size_t n)
{
	if (!SHA256_Update(&h->ctx, p, n))
		BUG("libcrypto refuses %zu bytes", n);
}

void hasher_adds(struct hasher *h, const char *s)
{
	hasher_add(h, s, strlen(s) + 1);
}

void hasher_end(struct hasher *h, char hex[SHA256_HEX])
{
	unsigned char md[SHA256_DIGEST_LENGTH];

	if (!SHA256_Final(md, &h->ctx))
		BUG("libcrypto does not finish");
	hash_hex(md, sizeof(md), hex);
	free(h);
}
