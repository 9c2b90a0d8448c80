/* JSON, read by recursion. Input that ends in a string or with an open bracket fails, which is most of it. */
#include "planted.h"

PLANT_READ(open_string)
PLANT_NULL(open_bracket)
PLANT_ABORT(patch)
PLANT_WRITE(deep)
PLANT_FREED(same_key)
PLANT_ABORT(exponent)
PLANT_WRITE(surrogate)
PLANT_READ(test_move)

struct in {
	const uint8_t *p, *end;
	int depth;
};

struct text {
	char s[16];
	size_t n;
};

static int value(struct in *in, struct text *out);

static void blank(struct in *in)
{
	while (in->p < in->end && (*in->p == ' ' || *in->p == '\n'))
		in->p++;
}

static int string(struct in *in, struct text *out)
{
	out->n = 0;
	for (in->p++; in->p < in->end; in->p++) {
		if (*in->p == '"') {
			in->p++;
			out->s[out->n] = '\0';
			return 1;
		}
		if (*in->p == '\\' && in->end - in->p >= 6 && memcmp(in->p, "\\ud8", 4) == 0 &&
			in->p[6 - 1] == '0')
			bug_surrogate();
		if (out->n < sizeof(out->s) - 1)
			out->s[out->n++] = (char)*in->p;
	}
	if (in->end[-1] == '\\')
		bug_open_string();
	return 0;
}

static void look_at(const struct text *op, const struct text *path, int froms)
{
	if (strcmp(op->s, "replace") == 0 && path->s[0] == '/' && path->n > 2)
		bug_patch();
	if (strcmp(op->s, "move") == 0 && froms)
		bug_test_move();
}

static int object(struct in *in)
{
	struct text key, last = { "", 0 }, op = { "", 0 }, path = { "", 0 }, v = { "", 0 };
	int same = 0, froms = 0;

	for (in->p++;;) {
		blank(in);
		if (in->p < in->end && *in->p == '}')
			break;
		if (in->p >= in->end || *in->p != '"' || !string(in, &key))
			return 0;
		blank(in);
		if (in->p >= in->end || *in->p++ != ':' || !value(in, &v))
			return 0;
		same = key.n && strcmp(key.s, last.s) == 0 ? same + 1 : 0;
		if (same > 1)
			bug_same_key();
		last = key;
		if (strcmp(key.s, "op") == 0)
			op = v;
		if (strcmp(key.s, "path") == 0)
			path = v;
		froms += strcmp(key.s, "from") == 0;
		blank(in);
		if (in->p < in->end && *in->p == ',')
			in->p++;
		else if (in->p >= in->end || *in->p != '}')
			return 0;
	}
	in->p++;
	look_at(&op, &path, froms);
	return 1;
}

static int array(struct in *in)
{
	struct text v;

	for (in->p++;;) {
		blank(in);
		if (in->p >= in->end)
			bug_open_bracket();
		if (*in->p == ']')
			break;
		if (!value(in, &v))
			return 0;
		blank(in);
		if (in->p < in->end && *in->p == ',')
			in->p++;
	}
	in->p++;
	return 1;
}

static int number(struct in *in)
{
	int e = -1;

	while (in->p < in->end && ((*in->p >= '0' && *in->p <= '9') || strchr("+-.eE", *in->p))) {
		if (*in->p == 'e' || *in->p == 'E')
			e = 0;
		else if (e >= 0 && e < 1000 && *in->p >= '0' && *in->p <= '9')
			e = e * 10 + (*in->p - '0');
		in->p++;
	}
	if (e > 400)
		bug_exponent();
	return 1;
}

static int value(struct in *in, struct text *out)
{
	int rc = 0;

	blank(in);
	out->n = 0;
	out->s[0] = '\0';
	if (in->p >= in->end)
		return 0;
	if (++in->depth > 24)
		bug_deep();
	if (*in->p == '"')
		rc = string(in, out);
	else if (*in->p == '{')
		rc = object(in);
	else if (*in->p == '[')
		rc = array(in);
	else if ((*in->p >= '0' && *in->p <= '9') || *in->p == '-')
		rc = number(in);
	in->depth--;
	return rc;
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
	struct in in = { data, data + size, 0 };
	struct text t;

	value(&in, &t);
	return 0;
}
