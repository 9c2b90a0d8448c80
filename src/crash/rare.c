/* A chunk is read once, sixteen bytes at a time, to learn that there is nothing to do: most have nothing rare. */
#include "base/prelude.h"
#include "crash/rare.h"

static bool has_high(const char *s, size_t n)
{
	size_t i = 0;
	uint64_t word, all = 0;

	for (; i + 8 <= n; i += 8) {
		memcpy(&word, s + i, 8);
		all |= word;
	}
	for (; i < n; i++)
		all |= (uint64_t)(unsigned char)s[i] << 56;
	return all & 0x8080808080808080ULL;
}

/* "&lt;", but not C++'s "int&, ..."; in what is cut behind an '&' one may follow. */
static bool has_entity(const char *s, size_t n, bool is_cut)
{
	const char *end = s + n;

	for (; (s = memchr(s, '&', (size_t)(end - s))); s++)
		if (s + 1 == end ? is_cut : s[1] == '#' || (s[1] >= 'a' && s[1] <= 'z'))
			return true;
	return false;
}

/* cat -v's "^[", but not an error's caret under a line of source */
static bool has_caret(const char *s, size_t n)
{
	const char *end = s + n;

	for (; (s = memchr(s, '^', (size_t)(end - s))); s++)
		if (s + 1 == end || s[1] == '[')
			return true;
	return false;
}

static unsigned rare_bytes(const char *s, size_t n)
{
	unsigned rare = 0;

	rare |= memchr(s, 0x1b, n) || memchr(s, '\b', n) ? RARE_CONTROL : 0;
	rare |= memchr(s, '\r', n) ? RARE_RETURN : 0;
	rare |= memchr(s, 0, n) ? RARE_NUL : 0;
	rare |= memchr(s, '\\', n) ? RARE_BACKSLASH : 0;
	rare |= has_entity(s, n, true) ? RARE_ENTITY : 0;
	rare |= has_caret(s, n) ? RARE_CARET : 0;
	rare |= has_high(s, n) ? RARE_HIGH : 0;
	return rare;
}

/* Bytes sixteen at a time: most chunks hold nothing rare, and are read once to know it. */
typedef unsigned char lanes __attribute__((vector_size(16)));

static bool any(lanes v)
{
	uint64_t two[2];

	memcpy(two, &v, sizeof(two));
	return two[0] | two[1];
}

unsigned rare_of(const char *s, size_t n)
{
	lanes control = { 0 }, high = { 0 }, escape = { 0 }, marks = { 0 };
	size_t i = 0;
	unsigned rare;

	for (; i + sizeof(lanes) <= n; i += sizeof(lanes)) {
		lanes v;

		memcpy(&v, s + i, sizeof(v));
		control |= (lanes)((v < ' ') & (v != '\n') & (v != '\t'));
		high |= v;
		escape |= (lanes)(v == '\\');
		marks |= (lanes)((v == '&') | (v == '^'));
	}
	rare = rare_bytes(s + i, n - i);
	if (any(control))
		return rare_bytes(s, n);
	if (any(marks))
		rare |= (has_entity(s, n, true) ? RARE_ENTITY : 0) |
			(has_caret(s, n) ? RARE_CARET : 0);
	return rare | (any(high & 0x80) ? RARE_HIGH : 0) | (any(escape) ? RARE_BACKSLASH : 0);
}

unsigned rare_in(struct strv s, unsigned rare)
{
	unsigned here = 0;

	if (rare & RARE_CONTROL && (memchr(s.s, 0x1b, s.len) || memchr(s.s, '\b', s.len)))
		here |= RARE_CONTROL;
	if (rare & RARE_NUL && memchr(s.s, 0, s.len))
		here |= RARE_NUL;
	if (rare & RARE_CARET && strv_contains(s, "^[["))
		here |= RARE_CARET;
	if (rare & RARE_HIGH && has_high(s.s, s.len))
		here |= RARE_HIGH;
	if (rare & RARE_RETURN && memchr(s.s, '\r', s.len))
		here |= RARE_RETURN;
	if (rare & RARE_BACKSLASH && memchr(s.s, '\\', s.len))
		here |= RARE_BACKSLASH;
	if (rare & RARE_ENTITY && has_entity(s.s, s.len, false))
		here |= RARE_ENTITY;
	return here;
}
