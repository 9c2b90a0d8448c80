/* Bounded scanning of numbers and blanks: the small words of every grammar in this room. */
#include "base/prelude.h"
#include "crash/internal.h"

/* A digit's value and one; 0: it is none. Each frame begins with such a number. */
static const unsigned char hex_digit[256] = { ['0'] = 1,
	['1'] = 2,
	['2'] = 3,
	['3'] = 4,
	['4'] = 5,
	['5'] = 6,
	['6'] = 7,
	['7'] = 8,
	['8'] = 9,
	['9'] = 10,
	['a'] = 11,
	['b'] = 12,
	['c'] = 13,
	['d'] = 14,
	['e'] = 15,
	['f'] = 16,
	['A'] = 11,
	['B'] = 12,
	['C'] = 13,
	['D'] = 14,
	['E'] = 15,
	['F'] = 16 };

/* Hexadecimal digits at the start of *s, without 0x; they are cut off. More than 16 keep the lowest. */
uint64_t scan_hex(struct strv *s, unsigned *digits)
{
	uint64_t v = 0;
	size_t i = 0;

	for (unsigned d; i < s->len && (d = hex_digit[(unsigned char)s->s[i]]); i++)
		v = v << 4 | (d - 1);
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
	size_t slash = strv_rchr(path, '/'), back;

	path = slash == SIZE_MAX ? path : strv_from(path, slash + 1);
	back = strv_rchr(path, '\\');
	return back == SIZE_MAX ? path : strv_from(path, back + 1);
}

size_t find_offset(struct strv s)
{
	size_t plus;

	for (; (plus = strv_rchr(s, '+')) != SIZE_MAX; s.len = plus)
		if (plus + 2 < s.len && s.s[plus + 1] == '0' && s.s[plus + 2] == 'x')
			return plus;
	return SIZE_MAX;
}
