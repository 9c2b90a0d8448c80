/* Signatures (Ed25519): who has the seed makes them, whoever has the public key can tell. */
#ifndef BASE_SIGN_H
#define BASE_SIGN_H

#include "base/err.h"
#include "base/prelude.h"

/* As hexadecimal digits, with the NUL. */
#define SIGN_KEY_HEX 65
#define SIGN_HEX 129

/* A new seed, which stays secret. */
int sign_new(char seed[SIGN_KEY_HEX], struct err *err);
/* Its public key. -1: it is no seed. */
int sign_public(const char *seed, char key[SIGN_KEY_HEX], struct err *err);
int sign_make(const char *seed, const void *p, size_t n, char signature[SIGN_HEX], struct err *err);
/* Made of these bytes by the owner of that key? */
bool sign_is_by(const char *key, const void *p, size_t n, const char *signature);
/* 64 digits. */
bool sign_is_key(const char *key);

#endif
