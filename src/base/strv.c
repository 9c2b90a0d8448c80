/*
 * Slices of bytes. Offsets and lengths are clamped rather than checked by each caller, and SIZE_MAX, which the
 * searches give for "not there", is such a length: the slice up to it is all of it.
 */
#include "base/prelude.h"
#include "base/strv.h"
#include "base/mem.h"

/* memmem first builds a table, which in a line takes longer than looking */
enum { SHORT = 256 };

bool strv_eq(struct strv a, struct strv b)
{
	return a.len == b.len && (a.len == 0 || memcmp(a.s, b.s, a.len) == 0);
}

size_t strv_find(struct strv v, const char *needle)
{
	size_t n = strlen(needle);
	const char *p;

	if (!n || v.len < n)
		return n ? SIZE_MAX : 0;
	if (v.len > SHORT) {
		p = memmem(v.s, v.len, needle, n);
		return p ? (size_t)(p - v.s) : SIZE_MAX;
	}
	for (const char *at = v.s, *end = v.s + v.len - n + 1;
		at < end && (p = memchr(at, *needle, (size_t)(end - at))); at = p + 1)
		if (!memcmp(p, needle, n))
			return (size_t)(p - v.s);
	return SIZE_MAX;
}

size_t strv_rfind(struct strv v, const char *needle)
{
	size_t n = strlen(needle);
	const char *p;

	if (!n || v.len < n)
		return n ? SIZE_MAX : v.len;
	for (size_t end = v.len - n + 1; end && (p = memrchr(v.s, *needle, end));
		end = (size_t)(p - v.s))
		if (memcmp(p, needle, n) == 0)
			return (size_t)(p - v.s);
	return SIZE_MAX;
}

bool strv_contains(struct strv v, const char *needle)
{
	return strv_find(v, needle) != SIZE_MAX;
}

bool strv_line(struct strv *text, struct strv *line)
{
	if (!strv_split(text, '\n', line))
		return false;
	if (line->len && line->s[line->len - 1] == '\r')
		line->len--;
	return true;
}

bool strv_split(struct strv *v, char c, struct strv *part)
{
	size_t at;

	if (!v->len)
		return false;
	at = strv_chr(*v, c);
	*part = strv_sub(*v, 0, at);
	*v = at == SIZE_MAX ? strv_from(*v, v->len) : strv_from(*v, at + 1);
	return true;
}

char *strv_dup(struct strv v)
{
	char *s = xmalloc(v.len + 1);

	if (v.len)
		memcpy(s, v.s, v.len);
	s[v.len] = '\0';
	return s;
}

char *strv_flat(struct strv v)
{
	char *s = xmalloc(v.len + 1);
	size_t n = 0;
	struct strv line;

	while (strv_line(&v, &line)) {
		line = strv_trim(line);
		if (!line.len)
			continue;
		if (n)
			s[n++] = ' ';
		memcpy(s + n, line.s, line.len);
		n += line.len;
	}
	s[n] = '\0';
	return s;
}
