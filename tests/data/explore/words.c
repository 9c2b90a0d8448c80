/* Lines of "key = value", keys without case, some of which need another before. A line without a value fails. */
#include "planted.h"

PLANT_NULL(no_value)
PLANT_WRITE(color)
PLANT_ABORT(big_timeout)
PLANT_READ(include_twice)
PLANT_FREED(alias)
PLANT_ABORT(secret)
PLANT_WRITE(section)

static int is(const char *s, size_t n, const char *word)
{
	size_t i;

	for (i = 0; i < n && word[i]; i++) {
		char c = s[i];

		if (c >= 'A' && c <= 'Z')
			c = (char)(c + 32);
		if (c != word[i])
			return 0;
	}
	return i == n && !word[i];
}

struct state {
	int includes, in_section, aliased, verbose;
};

static void number(const char *v, size_t n)
{
	long x = 0;
	size_t i;

	for (i = 0; i < n && i < 9 && v[i] >= '0' && v[i] <= '9'; i++)
		x = x * 10 + (v[i] - '0');
	if (i == n && x > 65536)
		bug_big_timeout();
}

static void line(struct state *s, const char *key, size_t kn, const char *v, size_t vn)
{
	if (is(key, kn, "color") && vn > 6 && v[0] == '#')
		bug_color();
	if (is(key, kn, "timeout"))
		number(v, vn);
	if (is(key, kn, "include") && vn > 1 && ++s->includes > 2)
		bug_include_twice();
	if (is(key, kn, "verbose"))
		s->verbose = is(v, vn, "yes");
	if (is(key, kn, "alias") && s->verbose) {
		if (s->aliased)
			bug_alias();
		s->aliased = 1;
	}
	if (is(key, kn, "password") && s->in_section && is(v, vn, "hunter2"))
		bug_secret();
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
	const char *p = (const char *)data, *end = p + size;
	struct state s = { 0, 0, 0, 0 };

	while (p < end) {
		const char *nl = memchr(p, '\n', (size_t)(end - p)), *eq;
		const char *stop = nl ? nl : end;

		eq = memchr(p, '=', (size_t)(stop - p));
		if (p < stop && *p == '[' && stop[-1] == ']') {
			s.in_section++;
			if (s.in_section > 3 && is(p + 1, (size_t)(stop - p) - 2, "global"))
				bug_section();
		} else if (eq && eq + 1 == stop) {
			bug_no_value();
		} else if (eq) {
			line(&s, p, (size_t)(eq - p), eq + 1, (size_t)(stop - eq) - 1);
		}
		p = stop + 1;
	}
	return 0;
}
