/* libcrypto's Ed25519. */
#include "base/prelude.h"
#include "base/sign.h"
#include "base/hash.h"
#include <openssl/evp.h>
#include <sys/random.h>

#define KEY_LEN 32
#define SIGNATURE_LEN 64

static bool is_hex(const char *s, size_t digits)
{
	return s && strlen(s) == digits && strspn(s, "0123456789abcdef") == digits;
}

bool sign_is_key(const char *key)
{
	return is_hex(key, SIGN_KEY_HEX - 1);
}

int sign_new(char seed[SIGN_KEY_HEX], struct err *err)
{
	unsigned char raw[KEY_LEN];

	if (getrandom(raw, sizeof(raw), 0) != (ssize_t)sizeof(raw))
		return err_errno(err, "a new key");
	hash_hex(raw, sizeof(raw), seed);
	return 0;
}

static EVP_PKEY *secret(const char *seed, struct err *err)
{
	unsigned char raw[KEY_LEN];
	EVP_PKEY *key;

	if (!sign_is_key(seed)) {
		err_usage(err, "not a key of 64 hexadecimal digits");
		return NULL;
	}
	hash_unhex(seed, KEY_LEN, raw);
	key = EVP_PKEY_new_raw_private_key(EVP_PKEY_ED25519, NULL, raw, sizeof(raw));
	if (!key)
		err_set(err, "this machine's libcrypto has no Ed25519");
	return key;
}

int sign_public(const char *seed, char key[SIGN_KEY_HEX], struct err *err)
{
	unsigned char raw[KEY_LEN];
	EVP_PKEY *k = secret(seed, err);
	size_t n = sizeof(raw);
	int rc = -1;

	if (!k)
		return -1;
	if (EVP_PKEY_get_raw_public_key(k, raw, &n) == 1 && n == sizeof(raw)) {
		hash_hex(raw, sizeof(raw), key);
		rc = 0;
	} else {
		err_set(err, "libcrypto makes no public key");
	}
	EVP_PKEY_free(k);
	return rc;
}

int sign_make(const char *seed, const void *p, size_t n, char signature[SIGN_HEX], struct err *err)
{
	unsigned char raw[SIGNATURE_LEN];
	EVP_PKEY *k = secret(seed, err);
	EVP_MD_CTX *ctx = k ? EVP_MD_CTX_new() : NULL;
	size_t len = sizeof(raw);
	int rc = -1;

	if (!k)
		return -1;
	if (ctx && EVP_DigestSignInit(ctx, NULL, NULL, NULL, k) == 1 &&
		EVP_DigestSign(ctx, raw, &len, p, n) == 1 && len == sizeof(raw)) {
		hash_hex(raw, sizeof(raw), signature);
		rc = 0;
	} else {
		err_set(err, "libcrypto makes no signature");
	}
	EVP_MD_CTX_free(ctx);
	EVP_PKEY_free(k);
	return rc;
}

bool sign_is_by(const char *key, const void *p, size_t n, const char *signature)
{
	unsigned char raw_key[KEY_LEN], raw[SIGNATURE_LEN];
	EVP_MD_CTX *ctx;
	EVP_PKEY *k;
	bool good;

	if (!sign_is_key(key) || !is_hex(signature, SIGN_HEX - 1))
		return false;
	hash_unhex(key, KEY_LEN, raw_key);
	hash_unhex(signature, SIGNATURE_LEN, raw);
	k = EVP_PKEY_new_raw_public_key(EVP_PKEY_ED25519, NULL, raw_key, sizeof(raw_key));
	ctx = k ? EVP_MD_CTX_new() : NULL;
	good = ctx && EVP_DigestVerifyInit(ctx, NULL, NULL, NULL, k) == 1 &&
	       EVP_DigestVerify(ctx, raw, sizeof(raw), p, n) == 1;
	EVP_MD_CTX_free(ctx);
	EVP_PKEY_free(k);
	return good;
}
