/* Bounded scanning of numbers and blanks: the small words of every grammar in this room. */
#include "base/prelude.h"
#include "crash/internal.h"

static int hex_value(char c)
{
	if (c >= '0' && c <= '9')
		return c - '0';
	if (c >= 'a' && c <= 'f')
		return c - 'a' + 10;
	if (c >= 'A' && c <= 'F')
		return c - 'A' + 10;
	return -1;
}

/* Hexadecimal digits at the start of *s, without 0x; they are cut off. More than 16 keep the lowest. */
uint64_t scan_hex(struct strv *s, unsigned *digits)
{
	uint64_t v = 0;
	size_t i = 0;

	while (i < s->len && hex_value(s->s[i]) >= 0)
		v = v << 4 | (unsigned)hex_value(s->s[i++]);
	*digits = (unsigned)i;
	s->s += i;
	s->len -= i;
	return v;
}

/* Decimal digits at the start of *s; saturates. */
uint64_t scan_dec(struct strv *s, unsigned *digits)
{
	uint64_t v = 0;
	size_t i = 0;

	for (; i < s->len && s->s[i] >= '0' && s->s[i] <= '9'; i++)
		v = v > (UINT64_MAX - 9) / 10 ? UINT64_MAX : v * 10 + (unsigned)(s->s[i] - '0');
	*digits = (unsigned)i;
	s->s += i;
	s->len -= i;
	return v;
}

/* The same, at most max: MIN would scan twice. */
uint64_t scan_dec_max(struct strv *s, unsigned *digits, uint64_t max)
{
	uint64_t v = scan_dec(s, digits);

	return v < max ? v : max;
}

struct strv skip_blank(struct strv s)
{
	while (s.len && (*s.s == ' ' || *s.s == '\t')) {
		s.s++;
		s.len--;
	}
	return s;
}

bool find_hex(struct strv s, uint64_t *value, struct strv *rest)
{
	for (size_t at; (at = strv_find(s, "0x")) != SIZE_MAX;) {
		unsigned digits;

		s = strv_from(s, at + 2);
		*value = scan_hex(&s, &digits);
		if (digits) {
			*rest = s;
			return true;
		}
	}
	return false;
}

struct strv path_base(struct strv path)
{
	for (size_t i = path.len; i--;)
		if (path.s[i] == '/' || path.s[i] == '\\')
			return strv_from(path, i + 1);
	return path;
}

size_t find_offset(struct strv s)
{
	size_t plus;

	for (; (plus = strv_rchr(s, '+')) != SIZE_MAX; s.len = plus)
		if (plus + 2 < s.len && s.s[plus + 1] == '0' && s.s[plus + 2] == 'x')
			return plus;
	return SIZE_MAX;
}
