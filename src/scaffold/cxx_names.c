/* A declaration is told from a call by its parameters, each of which has a type in front of its name. */
#include "base/prelude.h"
#include "scaffold/cxx_names.h"
#include <string.h>

/* Behind an opening bracket: the parameters, at most max, and how many there are; text begins behind the closing one. */
static size_t split(struct strv *text, struct strv *out, size_t max)
{
	size_t depth = 0, start = 0, n = 0, i;
	bool closed;

	for (i = 0; i < text->len; i++) {
		char c = text->s[i];
		bool ends = depth == 0 && c == ')';

		if (ends || (depth == 0 && c == ',')) {
			if (n < max)
				out[n] = strv_trim(strv_sub(*text, start, i - start));
			n++;
			start = i + 1;
		}
		if (ends || strchr(";{", c))
			break;
		depth += c == '(' || c == '<';
		depth -= depth && (c == ')' || c == '>');
	}
	closed = i < text->len && text->s[i] == ')';
	*text = strv_from(*text, MIN(i + 1, text->len));
	return closed ? n : 0;
}

static bool is_type(struct strv word)
{
	static const char *const words[] = { "int", "long", "short", "char", "unsigned", "signed",
		"bool", "float", "double", "const", "size_t", "void" };

	for (size_t i = 0; i < ARRAY_LEN(words); i++)
		if (strv_eqs(word, words[i]))
			return true;
	return false;
}

/* "width" of "const size_t width = 80"; empty: there is a type alone, or no type. */
static struct strv name_of(struct strv param)
{
	size_t end = strv_chr(param, '='), n = 0;
	struct strv word;

	param = strv_trim(strv_sub(param, 0, MIN(end, param.len)));
	param = strv_trim(strv_sub(param, 0, MIN(strv_chr(param, '['), param.len)));
	while (n < param.len && strv_is_word(param.s[param.len - 1 - n]))
		n++;
	word = strv_from(param, param.len - n);
	param = strv_trim(strv_sub(param, 0, param.len - n));
	if (!param.len || !word.len || is_type(word) || strchr(":.-+(!", param.s[param.len - 1]))
		return strv_n("", 0);
	return word;
}

static bool fits(struct strv param, const struct proto_param *q)
{
	bool pointer = strv_contains(param, "*") || strv_contains(param, "[");

	if (strncmp(q->base, "std::string", 11) == 0 && !strv_contains(param, "string"))
		return false;
	return !q->depth || pointer || q->is_callback || q->opaque;
}

bool cxx_names(struct arena *a, struct strv text, const char *function, struct proto *p)
{
	struct strv params[PROTO_PARAMS_MAX];
	size_t n = strlen(function), at;

	while ((at = strv_find(text, function)) != SIZE_MAX) {
		bool whole =
			!at || !(strv_is_word(text.s[at - 1]) || strchr("~.>", text.s[at - 1]));
		bool ok;

		text = strv_trim_start(strv_from(text, at + n));
		if (!whole || !text.len || text.s[0] != '(')
			continue;
		text = strv_from(text, 1);
		ok = split(&text, params, ARRAY_LEN(params)) == p->n_params && p->n_params;
		for (size_t i = 0; ok && i < p->n_params; i++)
			ok = name_of(params[i]).len && fits(params[i], &p->params[i]);
		for (size_t i = 0; ok && i < p->n_params; i++)
			p->params[i].name = arena_strv(a, name_of(params[i]));
		if (ok)
			return true;
	}
	return false;
}
