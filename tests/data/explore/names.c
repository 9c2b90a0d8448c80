/* A message with counts in front, names of labels, and pointers into what was before, as in DNS. */
#include "planted.h"

PLANT_NULL(short_header)
PLANT_READ(pointer)
PLANT_ABORT(loop)
PLANT_WRITE(long_name)
PLANT_FREED(option)
PLANT_WRITE(service)
PLANT_ABORT(answers)

struct message {
	const uint8_t *p;
	size_t n;
};

static unsigned be16(const struct message *m, size_t at)
{
	return (unsigned)m->p[at] << 8 | m->p[at + 1];
}

/* behind it; 0: none */
static size_t name(const struct message *m, size_t at)
{
	size_t labels = 0, jumps = 0, behind = 0, bytes = 0;

	while (at < m->n && m->p[at]) {
		unsigned len = m->p[at];

		if (len >= 0xc0) {
			if (at + 1 >= m->n)
				return 0;
			behind = behind ? behind : at + 2;
			at = be16(m, at) & 0x3fff;
			if (at >= m->n)
				bug_pointer();
			if (++jumps > 4)
				bug_loop();
			continue;
		}
		if (len > 63 || at + 1 + len > m->n)
			return 0;
		bytes += len;
		if (++labels > 8 && bytes > 40)
			bug_long_name();
		at += 1 + len;
	}
	return at >= m->n ? 0 : behind ? behind : at + 1;
}

static void record(const struct message *m, size_t at, unsigned type, unsigned len, unsigned nth)
{
	if (type == 41 && len > 4 && be16(m, at) == 10)
		bug_option();
	if (type == 33 && len >= 7 && name(m, at + 6) == at + len)
		bug_service();
	if (nth > 3 && type == 1 && len == 4)
		bug_answers();
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
	struct message m = { data, size };
	size_t at = 12;
	unsigned i;

	if (size > 1 && size < 4)
		bug_short_header();
	if (size < 12)
		return 0;
	for (i = 0; i < be16(&m, 4); i++) {
		at = name(&m, at);
		if (!at || at + 4 > size)
			return 0;
		at += 4;
	}
	for (i = 0; i < be16(&m, 6); i++) {
		unsigned len;

		at = name(&m, at);
		if (!at || at + 10 > size)
			return 0;
		len = be16(&m, at + 8);
		if (at + 10 + len > size)
			return 0;
		record(&m, at + 10, be16(&m, at), len, i);
		at += 10 + len;
	}
	return 0;
}
