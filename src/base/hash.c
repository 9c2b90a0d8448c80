/* Hashes, by libcrypto. */
#include "base/prelude.h"
#include "base/hash.h"
#include "base/mem.h"
#include <openssl/evp.h>

static void to_hex(const unsigned char *p, size_t n, char *out)
{
	static const char digits[] = "0123456789abcdef";

	for (size_t i = 0; i < n; i++) {
		out[2 * i] = digits[p[i] >> 4];
		out[2 * i + 1] = digits[p[i] & 15];
	}
	out[2 * n] = '\0';
}

void hash_sha1(const void *p, size_t n, char hex[SHA1_HEX])
{
	unsigned char md[EVP_MAX_MD_SIZE];
	static const EVP_MD *sha1;

	if (!sha1)
		sha1 = EVP_sha1();
	if (!EVP_Digest(p, n, md, NULL, sha1, NULL))
		BUG("libcrypto refuses SHA-1");
	to_hex(md, 20, hex);
}

void hash_sha256(const void *p, size_t n, char hex[SHA256_HEX])
{
	unsigned char md[EVP_MAX_MD_SIZE];

	if (!EVP_Digest(p, n, md, NULL, EVP_sha256(), NULL))
		BUG("libcrypto refuses SHA-256");
	to_hex(md, 32, hex);
}

uint64_t hash_fnv(uint64_t h, const void *p, size_t n)
{
	const unsigned char *s = p;

	for (size_t i = 0; i < n; i++)
		h = (h ^ s[i]) * 1099511628211ULL;
	return h;
}

struct hasher {
	EVP_MD_CTX *ctx;
};

struct hasher *hasher_new(void)
{
	struct hasher *h = xmalloc(sizeof(*h));

	h->ctx = EVP_MD_CTX_new();
	if (!h->ctx || !EVP_DigestInit_ex(h->ctx, EVP_sha256(), NULL))
		BUG("libcrypto refuses SHA-256");
	return h;
}

void hasher_add(struct hasher *h, const void *p, size_t n)
{
	if (!EVP_DigestUpdate(h->ctx, p, n))
		BUG("libcrypto refuses %zu bytes", n);
}

void hasher_adds(struct hasher *h, const char *s)
{
	hasher_add(h, s, strlen(s) + 1);
}

void hasher_end(struct hasher *h, char hex[SHA256_HEX])
{
	unsigned char md[EVP_MAX_MD_SIZE];

	if (!EVP_DigestFinal_ex(h->ctx, md, NULL))
		BUG("libcrypto does not finish");
	to_hex(md, 32, hex);
	EVP_MD_CTX_free(h->ctx);
	free(h);
}
