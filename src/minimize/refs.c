/* Nothing is known of the format: any bytes that could name a place behind the deletion are taken to do so. */
#include "base/prelude.h"
#include "minimize/refs.h"

#define MARK 0xc0 /* of a DNS name that goes on elsewhere */

static size_t width_of(enum refs form)
{
	return form == REFS_DNS ? 2 : 4;
}

/* The place that p names; 0 where it can't be one. */
static size_t place_at(const unsigned char *p, enum refs form)
{
	switch (form) {
	case REFS_DNS:
		return p[0] >= MARK ? (size_t)(p[0] & 0x3f) << 8 | p[1] : 0;
	case REFS_BIG:
		return (size_t)p[0] << 24 | (size_t)p[1] << 16 | (size_t)p[2] << 8 | p[3];
	case REFS_LITTLE:
		return (size_t)p[3] << 24 | (size_t)p[2] << 16 | (size_t)p[1] << 8 | p[0];
	case REFS_NONE:
	case REFS_FORMS:
		break;
	}
	return 0;
}

static void place_put(unsigned char *p, enum refs form, size_t v)
{
	if (form == REFS_DNS) {
		p[0] = (unsigned char)(MARK | v >> 8);
		p[1] = (unsigned char)v;
		return;
	}
	for (unsigned i = 0; i < 4; i++)
		p[form == REFS_BIG ? 3 - i : i] = (unsigned char)(v >> (8 * i));
}

size_t refs_present(const struct reducer *r, enum refs forms[REFS_FORMS])
{
	size_t n = 0;

	forms[n++] = REFS_NONE;
	for (enum refs f = REFS_DNS; f < REFS_FORMS; f++)
		for (size_t i = 0; i + width_of(f) <= r->len; i++) {
			size_t place = place_at(r->data + i, f);

			/* numbers below 8 are everything else, too */
			if (place < 8 || place >= r->len)
				continue;
			forms[n++] = f;
			break;
		}
	return n;
}

bool refs_shift(unsigned char *p, size_t len, enum refs form, size_t from, size_t n)
{
	size_t width = width_of(form);
	bool any = false;

	if (form == REFS_NONE)
		return false;
	for (size_t i = 0; i + width <= len;) {
		size_t place = place_at(p + i, form);

		if (place < from + n || place >= len) {
			i++;
			continue;
		}
		place_put(p + i, form, place - n);
		any = true;
		i += width;
	}
	return any;
}
