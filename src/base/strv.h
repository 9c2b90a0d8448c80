/* A borrowed slice of bytes: what every scanner of untrusted text works on. No NUL is assumed. */
#ifndef BASE_STRV_H
#define BASE_STRV_H

#include "base/prelude.h"

struct strv {
	const char *s;
	size_t len;
};

#define STRV(lit) ((struct strv){ "" lit, sizeof(lit) - 1 })
#define STRV_FMT "%.*s"
#define STRV_ARG(v) (int)(v).len, (v).s

/* NULL gives an empty slice. */
struct strv strv_of(const char *s);
struct strv strv_n(const char *s, size_t n);
bool strv_eq(struct strv a, struct strv b);
bool strv_eqs(struct strv a, const char *s);
bool strv_starts(struct strv v, const char *prefix);
bool strv_ends(struct strv v, const char *suffix);
/* If v starts with prefix: cut it off, true. */
bool strv_skip(struct strv *v, const char *prefix);
/* Offset of needle, or SIZE_MAX. */
size_t strv_find(struct strv v, const char *needle);
size_t strv_rfind(struct strv v, const char *needle);
size_t strv_chr(struct strv v, char c);
size_t strv_rchr(struct strv v, char c);
bool strv_contains(struct strv v, const char *needle);
/* Slice from offset `from` (clamped), of at most n bytes. */
struct strv strv_sub(struct strv v, size_t from, size_t n);
struct strv strv_from(struct strv v, size_t from);
/* Without white space (blank, tab, CR, LF) at both ends. */
struct strv strv_trim(struct strv v);
/* Cut the next line off *text (without its LF or CRLF) into *line; false at the end. */
bool strv_line(struct strv *text, struct strv *line);
/* Cut the part before the first c off *v into *part (all of it when c is absent); false at the end. */
bool strv_split(struct strv *v, char c, struct strv *part);
/* The caller frees. */
char *strv_dup(struct strv v);

#endif
