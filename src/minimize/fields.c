/* Numbers of 1, 2 or 4 bytes, either order, whose value fits what follows. */
#include "base/prelude.h"
#include "minimize/fields.h"
#include "base/mem.h"

#define MAX_FIELDS 16384

static size_t field_read(const unsigned char *p, unsigned width, bool big)
{
	size_t v = 0;

	for (unsigned i = 0; i < width; i++)
		v |= (size_t)p[big ? width - 1 - i : i] << (8 * i);
	return v;
}

void field_write(unsigned char *p, const struct field *f, size_t value)
{
	p += f->at;
	for (unsigned i = 0; i < f->width; i++)
		p[f->big ? f->width - 1 - i : i] = (unsigned char)(value >> (8 * i));
}

static bool is_exact(const struct fields *f, const struct field *k, size_t len)
{
	size_t end = field_end(k);

	if (k->width == 1 && k->value <= 3)
		return false;
	return end == len || (f->end[end] && f->end[end] - 1 < k->at);
}

void fields_find(struct fields *f, const struct reducer *r)
{
	static const struct {
		uint8_t width;
		bool big;
	} forms[] = { { 4, true }, { 4, false }, { 2, true }, { 2, false }, { 1, false } };

	f->n = 0;
	f->end = xrealloc(f->end, (r->len + 1) * sizeof(*f->end));
	memset(f->end, 0, (r->len + 1) * sizeof(*f->end));
	for (size_t at = 0; at < r->len; at++)
		for (size_t k = 0; k < ARRAY_LEN(forms); k++) {
			struct field x = { at, forms[k].width, forms[k].big, false, 0 };

			if (x.width >= r->len - at || f->n >= MAX_FIELDS)
				continue;
			x.value = field_read(r->data + at, x.width, x.big);
			if (!x.value || x.value > r->len - at - x.width)
				continue;
			x.exact = is_exact(f, &x, r->len);
			if (x.exact && !f->end[field_end(&x)])
				f->end[field_end(&x)] = at + 1;
			GROW(f->v, f->n, f->cap);
			f->v[f->n++] = x;
		}
}

void fields_release(struct fields *f)
{
	free(f->v);
	free(f->end);
	memset(f, 0, sizeof(*f));
}

bool fields_shrink(
	const struct fields *f, unsigned char *p, size_t from, size_t n, const struct field *but)
{
	bool any = false;

	for (size_t i = 0; i < f->n && f->v[i].at < from; i++) {
		const struct field *k = &f->v[i];

		if (!k->exact || k == but || field_body(k) > from || from + n > field_end(k))
			continue;
		field_write(p, k, k->value - n);
		any = true;
	}
	return any;
}
