/* Records: a type, two bytes of length, so many bytes. Lengths that say too much fail, in front of all else. */
#include "planted.h"

PLANT_READ(too_long)
PLANT_ABORT(empty_name)
PLANT_WRITE(nested)
PLANT_NULL(login)
PLANT_FREED(close_twice)
PLANT_ABORT(magic_number)
PLANT_WRITE(count)

struct session {
	int open, named, depth, closes;
};

static void records(struct session *s, const uint8_t *p, size_t n);

static void name(struct session *s, const uint8_t *v, size_t n)
{
	if (n == 0)
		bug_empty_name();
	s->named = n >= 4 && memcmp(v, "root", 4) == 0;
}

static void group(struct session *s, const uint8_t *v, size_t n)
{
	if (++s->depth > 3)
		bug_nested();
	records(s, v, n);
	s->depth--;
}

/* a count, and so many pairs */
static void list(const uint8_t *v, size_t n)
{
	if (n >= 9 && (size_t)v[0] * 2 + 1 == n && v[1] == v[3] && v[3] == v[5])
		bug_count();
}

static void one(struct session *s, uint8_t type, const uint8_t *v, size_t n)
{
	uint32_t x;

	switch (type) {
	case 1:
		s->open++;
		break;
	case 2:
		name(s, v, n);
		break;
	case 3:
		group(s, v, n);
		break;
	case 4:
		if (s->open && s->named && n == 8)
			bug_login();
		break;
	case 5:
		if (s->open && ++s->closes > 1)
			bug_close_twice();
		break;
	case 6:
		if (n == 4 && (memcpy(&x, v, 4), x == 0xfeedface))
			bug_magic_number();
		break;
	case 7:
		list(v, n);
		break;
	default:
		break;
	}
}

static void records(struct session *s, const uint8_t *p, size_t n)
{
	while (n >= 3) {
		size_t len = (size_t)p[1] << 8 | p[2];

		if (len > n - 3) {
			if (p[0] == 9)
				bug_too_long();
			return;
		}
		one(s, p[0], p + 3, len);
		p += 3 + len;
		n -= 3 + len;
	}
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
	struct session s = { 0, 0, 0, 0 };

	records(&s, data, size);
	return 0;
}
