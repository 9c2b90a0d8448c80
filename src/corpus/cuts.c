/* FNV-1a over kinds, which folds what parsers seldom tell apart: letters, digits, and the rest of a UTF-8 character. */
#include "base/prelude.h"
#include "corpus/cuts.h"

static unsigned char kind_of(unsigned char c)
{
	if ((c | 32) >= 'a' && (c | 32) <= 'z')
		return 'a';
	if (c >= '0' && c <= '9')
		return '0';
	return c >= 0x80 ? c & 0xc0 : c;
}

bool cuts_is_new(unsigned char seen[CUTS_BYTES], struct strv prefix, size_t kinds)
{
	uint64_t h = 0xcbf29ce484222325u;
	unsigned char bit;
	size_t at;

	for (size_t i = 1; i <= kinds; i++) {
		unsigned kind = 256; /* before its first byte */

		if (i <= prefix.len)
			kind = kind_of((unsigned char)prefix.s[prefix.len - i]);
		h = (h ^ kind) * 0x100000001b3u;
	}
	h ^= h >> 32;
	at = h / 8 % CUTS_BYTES;
	bit = (unsigned char)(1u << h % 8);
	if (seen[at] & bit)
		return false;
	seen[at] |= bit;
	return true;
}
