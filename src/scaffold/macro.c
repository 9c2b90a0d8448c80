/* Only a macro that is nothing but the call counts, with as many arguments as the function has parameters. */
#include "base/prelude.h"
#include "scaffold/macro.h"

static bool has_word(struct strv v, struct strv word)
{
	for (size_t i = 0; word.len && i + word.len <= v.len; i++)
		if (memcmp(v.s + i, word.s, word.len) == 0 &&
			(i == 0 || !strv_is_word(v.s[i - 1])) &&
			(i + word.len == v.len || !strv_is_word(v.s[i + word.len])))
			return true;
	return false;
}

/* With continued lines: to a line's end that isn't escaped. */
static size_t end_of_line(struct strv v)
{
	for (size_t i = 0; i < v.len; i++)
		if (v.s[i] == '\n' && !(i && v.s[i - 1] == '\\'))
			return i;
	return v.len;
}

/* Between the bracket in front of v and the one that closes it; *rest: behind that. False: it isn't closed. */
static bool bracketed(struct strv v, struct strv *inner, struct strv *rest)
{
	int depth = 1;

	for (size_t i = 0; i < v.len; i++) {
		depth += v.s[i] == '(' ? 1 : v.s[i] == ')' ? -1 : 0;
		if (depth == 0) {
			*inner = strv_sub(v, 0, i);
			*rest = strv_from(v, i + 1);
			return true;
		}
	}
	return false;
}

/* Cut one argument off, at a comma that stands in no brackets. */
static bool next_argument(struct strv *v, struct strv *one)
{
	int depth = 0;
	size_t i = 0;

	if (!v->len)
		return false;
	for (; i < v->len; i++) {
		depth += v->s[i] == '(' ? 1 : v->s[i] == ')' ? -1 : 0;
		if (depth == 0 && v->s[i] == ',')
			break;
	}
	*one = strv_trim(strv_sub(*v, 0, i));
	*v = strv_from(*v, i + 1);
	return true;
}

static struct strv trimmed(struct strv v)
{
	v = strv_trim(v);
	while (v.len && v.s[0] == '\\')
		v = strv_trim(strv_from(v, 1));
	return v;
}

static const char *in_one_line(struct arena *a, struct strv v)
{
	char *out = arena_strndup(a, v.s, v.len);

	for (char *p = out; *p; p++)
		if (*p == '\\' || *p == '\n' || *p == '\t')
			*p = ' ';
	return out;
}

static bool uses(struct strv argument, struct strv params)
{
	struct strv one;

	while (next_argument(&params, &one))
		if (has_word(argument, one) ||
			(strv_eqs(one, "...") && has_word(argument, STRV("__VA_ARGS__"))))
			return true;
	return false;
}

/* line: behind "#define". */
static bool fill_from(struct arena *a, struct strv line, struct proto *p)
{
	size_t open = strv_chr(line, '('), n = 0;
	struct strv params, body, call, rest, one;
	const char *given[PROTO_PARAMS_MAX] = { NULL };

	if (open == SIZE_MAX || !open || !strv_is_word(line.s[open - 1]) ||
		!bracketed(strv_from(line, open + 1), &params, &body))
		return false;
	body = trimmed(body);
	if (strv_starts(body, "(") && bracketed(strv_from(body, 1), &call, &rest) &&
		!strv_trim(rest).len)
		body = trimmed(call);
	if (!strv_skip(&body, p->name))
		return false;
	body = trimmed(body);
	if (!strv_skip(&body, "(") || !bracketed(body, &call, &rest) || trimmed(rest).len)
		return false;
	while (next_argument(&call, &one)) {
		if (n == PROTO_PARAMS_MAX)
			return false;
		one = trimmed(one);
		given[n++] = uses(one, params) ? NULL : in_one_line(a, one);
	}
	if (n != p->n_params)
		return false;
	for (size_t i = 0; i < n; i++)
		p->params[i].given = given[i];
	return true;
}

void macro_fill(struct arena *a, struct strv text, struct proto *p)
{
	size_t at;

	while ((at = strv_find(text, "define")) != SIZE_MAX) {
		struct strv before = strv_sub(text, 0, at);
		struct strv line;

		while (before.len &&
			(before.s[before.len - 1] == ' ' || before.s[before.len - 1] == '\t'))
			before.len--;
		text = strv_from(text, at + strlen("define"));
		if (!strv_ends(before, "#"))
			continue;
		text = strv_trim_start(text);
		line = strv_sub(text, 0, end_of_line(text));
		if (fill_from(a, line, p))
			return;
		text = strv_from(text, line.len);
	}
}
