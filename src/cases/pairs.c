/*
 * Two documents at once: a value and what is done to it (RFC 6901, 6902, 7386), or two to compare. How a harness has both in one
 * input is its own affair: in an array, under two names that its code compares with, one behind the other with a line end or a
 * NUL between, half and half, or behind the length of the first. Each pair comes in all these ways.
 */
#include "base/prelude.h"
#include "cases/internal.h"

static const struct {
	const char *name, *one, *two;
} pairs[] = {
	{ "empty", "{}", "[]" },
	{ "add-root", "{}", "[{\"op\":\"add\",\"path\":\"\",\"value\":1}]" },
	{ "remove-root", "{}", "[{\"op\":\"remove\",\"path\":\"\"}]" },
	{ "replace-root-by-itself", "[1]", "[{\"op\":\"replace\",\"path\":\"\",\"value\":[1]}]" },
	{ "add-at-end", "[]", "[{\"op\":\"add\",\"path\":\"/-\",\"value\":1}]" },
	{ "remove-at-end", "[1]", "[{\"op\":\"remove\",\"path\":\"/-\"}]" },
	{ "index-leading-zero", "[1]", "[{\"op\":\"remove\",\"path\":\"/00\"}]" },
	{ "index-minus", "[1]", "[{\"op\":\"remove\",\"path\":\"/-1\"}]" },
	{ "index-beyond", "[1]", "[{\"op\":\"add\",\"path\":\"/2\",\"value\":1}]" },
	{ "index-int32", "[1]", "[{\"op\":\"add\",\"path\":\"/2147483648\",\"value\":1}]" },
	{ "index-int64", "[1]",
		"[{\"op\":\"add\",\"path\":\"/18446744073709551616\",\"value\":1}]" },
	{ "path-no-slash", "{\"a\":1}", "[{\"op\":\"remove\",\"path\":\"a\"}]" },
	{ "path-number", "{\"a\":1}", "[{\"op\":\"remove\",\"path\":1}]" },
	{ "path-missing", "{\"a\":1}", "[{\"op\":\"remove\"}]" },
	{ "path-slash", "{\"\":1}", "[{\"op\":\"remove\",\"path\":\"/\"}]" },
	{ "path-tilde", "{\"~/\":1}", "[{\"op\":\"remove\",\"path\":\"/~0~1\"}]" },
	{ "path-tilde-at-end", "{\"~\":1}", "[{\"op\":\"remove\",\"path\":\"/~\"}]" },
	{ "path-tilde-unknown", "{\"~2\":1}", "[{\"op\":\"remove\",\"path\":\"/~2\"}]" },
	{ "path-through-scalar", "{\"a\":1}", "[{\"op\":\"add\",\"path\":\"/a/b\",\"value\":1}]" },
	{ "op-missing", "{}", "[{\"path\":\"\"}]" },
	{ "op-number", "{}", "[{\"op\":1,\"path\":\"\"}]" },
	{ "op-unknown", "{}", "[{\"op\":\"x\",\"path\":\"\"}]" },
	{ "value-missing", "{}", "[{\"op\":\"add\",\"path\":\"/a\"}]" },
	{ "from-missing", "{\"a\":1}", "[{\"op\":\"move\",\"path\":\"/b\"}]" },
	{ "from-number", "{\"a\":1}", "[{\"op\":\"copy\",\"from\":1,\"path\":\"/b\"}]" },
	{ "move-into-itself", "{\"a\":{}}",
		"[{\"op\":\"move\",\"from\":\"/a\",\"path\":\"/a/b\"}]" },
	{ "move-root", "{\"a\":{}}", "[{\"op\":\"move\",\"from\":\"\",\"path\":\"/a\"}]" },
	{ "move-to-itself", "{\"a\":1}", "[{\"op\":\"move\",\"from\":\"/a\",\"path\":\"/a\"}]" },
	{ "copy-root-into-itself", "{\"a\":1}",
		"[{\"op\":\"copy\",\"from\":\"\",\"path\":\"/a\"}]" },
	{ "copy-to-root", "{\"a\":1}", "[{\"op\":\"copy\",\"from\":\"/a\",\"path\":\"\"}]" },
	{ "test-unequal", "{\"a\":1}", "[{\"op\":\"test\",\"path\":\"/a\",\"value\":2}]" },
	{ "test-value-missing", "{\"a\":1}", "[{\"op\":\"test\",\"path\":\"/a\"}]" },
	{ "patch-object", "{}", "{}" },
	{ "patch-null", "{}", "null" },
	{ "patch-of-numbers", "{}", "[1,2]" },
	{ "target-number", "1", "[{\"op\":\"add\",\"path\":\"/a\",\"value\":1}]" },
	{ "merge-null-member", "{\"a\":1}", "{\"a\":null}" },
	{ "merge-nested-null", "{\"a\":{\"b\":1}}", "{\"a\":{\"b\":null}}" },
	{ "merge-array", "[1]", "{\"a\":1}" },
	{ "merge-scalar", "{\"a\":1}", "1" },
	{ "pointer-empty", "{\"a\":1}", "\"\"" },
	{ "pointer-slash", "{\"\":1}", "\"/\"" },
	{ "pointer-many-slashes", "{\"a\":1}", "\"////\"" },
	{ "pointer-index", "[1,2]", "\"/1\"" },
	{ "same-names", "{\"a\":1,\"a\":2}", "{\"a\":2,\"a\":1}" },
	{ "op-null", "{\"a\":1}", "[{\"op\":null,\"path\":\"/a\"}]" },
	{ "op-array", "{\"a\":1}", "[{\"op\":[\"add\"],\"path\":\"/a\"}]" },
	{ "path-null", "{\"a\":1}", "[{\"op\":\"remove\",\"path\":null}]" },
	{ "path-array", "{\"a\":1}", "[{\"op\":\"remove\",\"path\":[\"a\"]}]" },
	{ "path-object", "{\"a\":1}", "[{\"op\":\"add\",\"path\":{},\"value\":1}]" },
	{ "from-null", "{\"a\":1}", "[{\"op\":\"move\",\"from\":null,\"path\":\"/b\"}]" },
	{ "from-array", "{\"a\":1}", "[{\"op\":\"copy\",\"from\":[\"a\"],\"path\":\"/b\"}]" },
	{ "value-null", "{\"a\":1}", "[{\"op\":\"add\",\"path\":\"/a\",\"value\":null}]" },
	{ "add", "{\"a\":1}", "[{\"op\":\"add\",\"path\":\"/b\",\"value\":{\"c\":[1]}}]" },
	{ "add-again", "{\"a\":1}", "[{\"op\":\"add\",\"path\":\"/a\",\"value\":\"x\"}]" },
	{ "add-before", "[1,2]", "[{\"op\":\"add\",\"path\":\"/0\",\"value\":0}]" },
	{ "add-between", "[1,2]", "[{\"op\":\"add\",\"path\":\"/1\",\"value\":0}]" },
	{ "add-deep", "{\"a\":{\"b\":{\"c\":1}}}",
		"[{\"op\":\"add\",\"path\":\"/a/b/d\",\"value\":1}]" },
	{ "remove", "{\"a\":1,\"b\":2}", "[{\"op\":\"remove\",\"path\":\"/a\"}]" },
	{ "remove-last", "{\"a\":1,\"b\":2}", "[{\"op\":\"remove\",\"path\":\"/b\"}]" },
	{ "remove-only", "{\"a\":1}", "[{\"op\":\"remove\",\"path\":\"/a\"}]" },
	{ "remove-first-of-array", "[1,2,3]", "[{\"op\":\"remove\",\"path\":\"/0\"}]" },
	{ "remove-last-of-array", "[1,2,3]", "[{\"op\":\"remove\",\"path\":\"/2\"}]" },
	{ "remove-only-of-array", "[1]", "[{\"op\":\"remove\",\"path\":\"/0\"}]" },
	{ "remove-missing", "{\"a\":1}", "[{\"op\":\"remove\",\"path\":\"/b\"}]" },
	{ "remove-twice", "{\"a\":1}",
		"[{\"op\":\"remove\",\"path\":\"/a\"},{\"op\":\"remove\",\"path\":\"/a\"}]" },
	{ "remove-then-add", "[1]",
		"[{\"op\":\"remove\",\"path\":\"/0\"},{\"op\":\"add\",\"path\":\"/"
		"0\",\"value\":1}]" },
	{ "replace", "{\"a\":1}", "[{\"op\":\"replace\",\"path\":\"/a\",\"value\":[]}]" },
	{ "replace-missing", "{\"a\":1}", "[{\"op\":\"replace\",\"path\":\"/b\",\"value\":1}]" },
	{ "replace-in-array", "[1,2]", "[{\"op\":\"replace\",\"path\":\"/1\",\"value\":{}}]" },
	{ "replace-root", "{\"a\":1}", "[{\"op\":\"replace\",\"path\":\"\",\"value\":1}]" },
	{ "replace-root-then-more", "{\"a\":1}",
		"[{\"op\":\"replace\",\"path\":\"\",\"value\":[]},{\"op\":\"add\",\"path\":\"/"
		"0\",\"value\":1}]" },
	{ "remove-root-then-more", "{\"a\":1}",
		"[{\"op\":\"remove\",\"path\":\"\"},{\"op\":\"add\",\"path\":\"/"
		"a\",\"value\":1}]" },
	{ "remove-root-of-array", "[1]", "[{\"op\":\"remove\",\"path\":\"\"}]" },
	{ "remove-root-that-is-a-number", "1", "[{\"op\":\"remove\",\"path\":\"\"}]" },
	{ "move", "{\"a\":1,\"b\":2}", "[{\"op\":\"move\",\"from\":\"/a\",\"path\":\"/b\"}]" },
	{ "move-in-array", "[1,2,3]", "[{\"op\":\"move\",\"from\":\"/0\",\"path\":\"/2\"}]" },
	{ "move-missing", "{\"a\":1}", "[{\"op\":\"move\",\"from\":\"/b\",\"path\":\"/a\"}]" },
	{ "move-to-missing", "{\"a\":1}", "[{\"op\":\"move\",\"from\":\"/a\",\"path\":\"/b/c\"}]" },
	{ "move-to-root", "{\"a\":1}", "[{\"op\":\"move\",\"from\":\"/a\",\"path\":\"\"}]" },
	{ "copy", "{\"a\":{\"b\":1}}", "[{\"op\":\"copy\",\"from\":\"/a\",\"path\":\"/c\"}]" },
	{ "copy-into-itself", "{\"a\":{}}",
		"[{\"op\":\"copy\",\"from\":\"/a\",\"path\":\"/a/b\"}]" },
	{ "copy-then-into-itself", "{\"a\":{}}",
		"[{\"op\":\"copy\",\"from\":\"/a\",\"path\":\"/b\"},{\"op\":\"copy\",\"from\":\"/"
		"b\",\"path\":\"/a/c\"}]" },
	{ "copy-then-move-into-itself", "{\"a\":{}}",
		"[{\"op\":\"copy\",\"from\":\"/a\",\"path\":\"/b\"},{\"op\":\"move\",\"from\":\"/"
		"a\",\"path\":\"/b/c\"}]" },
	{ "copy-then-remove", "{\"a\":{\"b\":1}}",
		"[{\"op\":\"copy\",\"from\":\"/a\",\"path\":\"/c\"},{\"op\":\"remove\",\"path\":\"/"
		"a\"}]" },
	{ "copy-to-missing", "{\"a\":1}", "[{\"op\":\"copy\",\"from\":\"/a\",\"path\":\"/b/c\"}]" },
	{ "test", "{\"a\":{\"b\":[1,\"x\",null]}}",
		"[{\"op\":\"test\",\"path\":\"/a\",\"value\":{\"b\":[1,\"x\",null]}}]" },
	{ "test-root", "{\"a\":1}", "[{\"op\":\"test\",\"path\":\"\",\"value\":{\"a\":1}}]" },
	{ "test-other-type", "{\"a\":1}", "[{\"op\":\"test\",\"path\":\"/a\",\"value\":[]}]" },
	{ "test-missing", "{\"a\":1}", "[{\"op\":\"test\",\"path\":\"/b\",\"value\":1}]" },
	{ "path-leaves-array", "[1]", "[{\"op\":\"add\",\"path\":\"/0/0\",\"value\":1}]" },
	{ "index-letters", "[1]", "[{\"op\":\"add\",\"path\":\"/a\",\"value\":1}]" },
	{ "index-then-letters", "[1,2]", "[{\"op\":\"remove\",\"path\":\"/1a\"}]" },
	{ "index-plus", "[1,2]", "[{\"op\":\"remove\",\"path\":\"/+1\"}]" },
	{ "index-large", "[]", "[{\"op\":\"add\",\"path\":\"/99999\",\"value\":1}]" },
	{ "index-huge", "[]", "[{\"op\":\"add\",\"path\":\"/99999999999\",\"value\":1}]" },
	{ "index-size-max", "[]",
		"[{\"op\":\"add\",\"path\":\"/18446744073709551615\",\"value\":1}]" },
	{ "patch-of-null", "{}", "[null]" },
	{ "patch-of-arrays", "{}", "[[]]" },
	{ "patch-of-nothing", "{}", "[{}]" },
	{ "patch-string", "{}", "\"add\"" },
	{ "merge", "{\"a\":{\"b\":1},\"c\":2}", "{\"a\":{\"d\":1},\"c\":null}" },
	{ "merge-into-number", "{\"a\":1}", "{\"a\":{\"b\":1}}" },
	{ "merge-null", "{\"a\":1}", "null" },
	{ "merge-all-null", "{\"a\":1,\"b\":2}", "{\"a\":null,\"b\":null}" },
	{ "pointer", "{\"a\":{\"b\":[1,2]}}", "\"/a/b/1\"" },
	{ "pointer-minus", "[1]", "\"/-\"" },
	{ "pointer-beyond", "[1]", "\"/1\"" },
	{ "pointer-huge", "[1]", "\"/99999999999999999999\"" },
	{ "pointer-no-slash", "{\"a\":1}", "\"a\"" },
	{ "pointer-tilde", "{\"a/b\":1,\"m~n\":2}", "\"/m~0n\"" },
	{ "pointer-slash-name", "{\"a/b\":1,\"m~n\":2}", "\"/a~1b\"" },
	{ "pointer-tilde-at-end", "{\"~\":1}", "\"/~\"" },
	{ "equal", "{\"a\":[1,{\"b\":null}]}", "{\"a\":[1,{\"b\":null}]}" },
	{ "other-order", "{\"a\":1,\"b\":2}", "{\"b\":2,\"a\":1}" },
	{ "longer", "[1]", "[1,2]" },
	{ "shorter", "{\"a\":1,\"b\":2}", "{\"a\":1}" },
	{ "other-type", "{\"a\":[1]}", "{\"a\":{\"0\":1}}" },
	{ "strings", "\"a\"", "\"b\"" },
	{ "numbers", "1", "2" },
};

/* that are taken for names of members, by pairs */
#define NAMES 12
#define NAME_LEN 24

/* What stands before, between and behind the two. */
static const struct {
	const char *name;
	struct strv parts[3];
} ways[] = {
	{ "", { { "[", 1 }, { ",", 1 }, { "]", 1 } } },
	{ "@lines", { { "", 0 }, { "\n", 1 }, { "", 0 } } },
	{ "@nul", { { "", 0 }, { "\0", 1 }, { "", 0 } } },
	{ "@nul-ended", { { "", 0 }, { "\0", 1 }, { "\0", 1 } } },
	{ "@blank", { { "", 0 }, { " ", 1 }, { "", 0 } } },
	{ "@empty-line", { { "", 0 }, { "\n\n", 2 }, { "\n", 1 } } },
	{ "@bar", { { "", 0 }, { "|", 1 }, { "", 0 } } },
};

static void join(
	struct cases_sink *o, const char *name, const char *order, struct strv one, struct strv two)
{
	size_t half = MAX(one.len, two.len);
	struct buf b = BUF_INIT;

	for (size_t i = 0; i < ARRAY_LEN(ways); i++) {
		buf_reset(&b);
		buf_addv(&b, ways[i].parts[0]);
		buf_addv(&b, one);
		buf_addv(&b, ways[i].parts[1]);
		buf_addv(&b, two);
		buf_addv(&b, ways[i].parts[2]);
		cases_put_buf(o, &b, "%s%s%s", name, order, ways[i].name);
	}
	buf_reset(&b);
	buf_addv(&b, one);
	buf_addf(&b, "%*s", (int)(half - one.len), "");
	buf_addv(&b, two);
	buf_addf(&b, "%*s", (int)(half - two.len), "");
	cases_put_buf(o, &b, "%s%s@halves", name, order);
	buf_reset(&b);
	buf_addch(&b, (char)one.len);
	buf_addv(&b, one);
	buf_addv(&b, two);
	cases_put_buf(o, &b, "%s%s@length", name, order);
	buf_release(&b);
}

/* A pointer is a string in JSON, and plain text to who takes it beside a document. */
static struct strv unquoted(struct strv v)
{
	return v.len > 1 && *v.s == '"' ? strv_sub(v, 1, v.len - 2) : v;
}

bool cases_pairs(struct cases_sink *o, const struct cases_input *in, size_t step)
{
	(void)in;
	(void)step;
	for (size_t i = 0; i < ARRAY_LEN(pairs); i++) {
		struct strv one = strv_of(pairs[i].one), two = strv_of(pairs[i].two),
			    text = unquoted(two);

		join(o, pairs[i].name, "", one, two);
		join(o, pairs[i].name, "-swapped", two, one);
		if (text.len != two.len) {
			join(o, pairs[i].name, "-as-text", one, text);
			join(o, pairs[i].name, "-as-text-swapped", text, one);
		}
	}
	return false;
}

static bool is_name(struct strv t)
{
	static const char *const values[] = { "true", "false", "null" };

	for (size_t i = 0; i < ARRAY_LEN(values); i++)
		if (strv_eqs(t, values[i]))
			return false;
	for (size_t i = 0; i < t.len; i++)
		if (!((t.s[i] | 32) >= 'a' && (t.s[i] | 32) <= 'z') && t.s[i] != '_' &&
			(i == 0 || t.s[i] < '0' || t.s[i] > '9'))
			return false;
	return t.len && t.len <= NAME_LEN;
}

/* The first in the dictionary, each once. */
static size_t names_of(const struct cases_input *in, struct strv *names)
{
	size_t n = 0, k;

	for (size_t i = 0; i < in->n_tokens && n < NAMES; i++) {
		struct strv t = unquoted(in->tokens[i]);

		for (k = 0; k < n && !strv_eq(names[k], t);)
			k++;
		if (k == n && is_name(t))
			names[n++] = t;
	}
	return n;
}

/* A step has one name for the first of the two, and each other for the second. */
bool cases_pairs_named(struct cases_sink *o, const struct cases_input *in, size_t step)
{
	struct strv names[NAMES];
	size_t n = names_of(in, names);
	struct buf b = BUF_INIT;

	for (size_t k = 0; step < n && k < n; k++)
		for (size_t i = 0; k != step && i < ARRAY_LEN(pairs); i++) {
			buf_reset(&b);
			buf_addf(&b, "{\"" STRV_FMT "\":%s,\"" STRV_FMT "\":%s}",
				STRV_ARG(names[step]), pairs[i].one, STRV_ARG(names[k]),
				pairs[i].two);
			cases_put_buf(o, &b, "%s@" STRV_FMT "-" STRV_FMT, pairs[i].name,
				STRV_ARG(names[step]), STRV_ARG(names[k]));
		}
	buf_release(&b);
	return step + 1 < n;
}
