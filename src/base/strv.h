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

/*
 * The small ones are here so that a literal's length is known where it is compared: scanners do little else.
 * NULL gives an empty slice.
 */
static inline struct strv strv_of(const char *s)
{
	return (struct strv){ s ? s : "", s ? strlen(s) : 0 };
}

static inline struct strv strv_n(const char *s, size_t n)
{
	return (struct strv){ s, n };
}

/* Slice from offset `from` (clamped), of at most n bytes. */
static inline struct strv strv_sub(struct strv v, size_t from, size_t n)
{
	from = MIN(from, v.len);
	n = MIN(n, v.len - from);
	return (struct strv){ v.s + from, n };
}

static inline struct strv strv_from(struct strv v, size_t from)
{
	return strv_sub(v, from, SIZE_MAX);
}

static inline bool strv_starts(struct strv v, const char *prefix)
{
	size_t n;

	if (!v.len || *v.s != *prefix)
		return !*prefix;
	n = strlen(prefix);
	return v.len >= n && memcmp(v.s, prefix, n) == 0;
}

static inline bool strv_ends(struct strv v, const char *suffix)
{
	size_t n = strlen(suffix);

	return v.len >= n && (n == 0 || memcmp(v.s + v.len - n, suffix, n) == 0);
}

static inline bool strv_eqs(struct strv a, const char *s)
{
	return a.len == strlen(s) && (a.len == 0 || memcmp(a.s, s, a.len) == 0);
}

/* If v starts with prefix: cut it off, true. */
static inline bool strv_skip(struct strv *v, const char *prefix)
{
	if (!strv_starts(*v, prefix))
		return false;
	*v = strv_from(*v, strlen(prefix));
	return true;
}

bool strv_eq(struct strv a, struct strv b);
/* Offset of needle, or SIZE_MAX. */
size_t strv_find(struct strv v, const char *needle);
size_t strv_rfind(struct strv v, const char *needle);
static inline size_t strv_chr(struct strv v, char c)
{
	const char *p = v.len ? memchr(v.s, c, v.len) : NULL;

	return p ? (size_t)(p - v.s) : SIZE_MAX;
}

static inline size_t strv_rchr(struct strv v, char c)
{
	const char *p = v.len ? memrchr(v.s, c, v.len) : NULL;

	return p ? (size_t)(p - v.s) : SIZE_MAX;
}

bool strv_contains(struct strv v, const char *needle);

static inline bool strv_is_space(char c)
{
	return c == ' ' || c == '\t' || c == '\r' || c == '\n';
}

/* May it be part of a name, as C and most formats have them: an ASCII letter, a digit, an underscore? */
static inline bool strv_is_word(char c)
{
	return (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z') || (c >= '0' && c <= '9') ||
	       c == '_';
}

/* Without white space (blank, tab, CR, LF) at its beginning; costs nothing for what lies behind, however much it is. */
static inline struct strv strv_trim_start(struct strv v)
{
	while (v.len && strv_is_space(v.s[0])) {
		v.s++;
		v.len--;
	}
	return v;
}

/* The same at both ends. */
static inline struct strv strv_trim(struct strv v)
{
	while (v.len && strv_is_space(v.s[v.len - 1]))
		v.len--;
	return strv_trim_start(v);
}

/* Cut the next line off *text (without its LF or CRLF) into *line; false at the end. */
bool strv_line(struct strv *text, struct strv *line);
/* Cut the part before the first c off *v into *part (all of it when c is absent); false at the end. */
bool strv_split(struct strv *v, char c, struct strv *part);
/* The caller frees. */
char *strv_dup(struct strv v);
/* The same in one line: line ends, with the blanks around them, become one blank, and none at the end. */
char *strv_flat(struct strv v);

#endif
