/* Names of types and numbers, as libraries give them to what they leave open. */
#include "base/prelude.h"
#include "scaffold/template_args.h"
#include "scaffold/words.h"
#include <string.h>
#include <strings.h>

static bool says(struct strv name, const char *word)
{
	size_t n = strlen(word);

	for (size_t i = 0; i + n <= name.len; i++)
		if (strncasecmp(name.s + i, word, n) == 0)
			return true;
	return false;
}

static const char *type_for(struct strv name)
{
	static const struct {
		const char *word, *type;
	} rows[] = { { "iter", "const char *" }, { "stream", "std::istream" },
		{ "str", "std::string" }, { "byte", "unsigned char" }, { "pixel", "unsigned char" },
		{ "ch", "char" }, { "val", "double" }, { "real", "double" }, { "float", "double" },
		{ "num", "double" }, { "scalar", "double" }, { "it", "const char *" } };

	for (size_t i = 0; i < ARRAY_LEN(rows); i++)
		if (says(name, rows[i].word))
			return rows[i].type;
	return "int";
}

/* No flags are the usual ones; a size of nothing is none. */
static const char *number_for(struct strv type, struct strv name)
{
	static const char *const sizes[] = { "size", "len", "max", "cap", "buf" };

	if (strv_eqs(type, "char"))
		return "','";
	if (strv_eqs(type, "bool"))
		return "false";
	for (size_t i = 0; i < ARRAY_LEN(sizes); i++)
		if (says(name, sizes[i]))
			return "256";
	return says(name, "count") || says(name, "dim") || strv_eqs(name, "N") ? "2" : "0";
}

static bool is_number_type(struct strv type)
{
	static const char *const types[] = { "int", "unsigned", "unsigned int", "long",
		"unsigned long", "size_t", "std::size_t", "bool", "char", "uint32_t", "uint64_t",
		"std::uint32_t", "std::uint64_t", "short" };

	for (size_t i = 0; i < ARRAY_LEN(types); i++)
		if (strv_eqs(type, types[i]))
			return true;
	return false;
}

/* "class Ch = char", "int Flags", "typename... Ts" */
static bool read_one(struct arena *a, struct strv param, struct template_args *out)
{
	size_t eq = strv_chr(param, '='), n = 0;
	struct strv head = strv_trim(strv_sub(param, 0, MIN(eq, param.len))), name, type;
	bool pack = strv_contains(head, "...");

	while (n < head.len && strv_is_word(head.s[head.len - 1 - n]))
		n++;
	name = strv_from(head, head.len - n);
	type = strv_trim(strv_sub(head, 0, head.len - n));
	if (pack)
		type = strv_trim(strv_sub(type, 0, strv_find(type, "...")));
	/* a parameter without a name */
	if (!type.len) {
		type = name;
		name = strv_n("", 0);
	}
	out->v[out->n].name = name;
	out->v[out->n].has_default = eq < param.len;
	out->v[out->n].is_type = strv_eqs(type, "class") || strv_eqs(type, "typename");
	if (pack)
		out->v[out->n].value = "";
	else if (eq < param.len)
		out->v[out->n].value = arena_strv(a, strv_trim(strv_from(param, eq + 1)));
	else if (out->v[out->n].is_type)
		out->v[out->n].value = type_for(name);
	else if (is_number_type(type))
		out->v[out->n].value = number_for(type, name);
	else
		return false;
	out->n++;
	return true;
}

bool template_args_read(struct arena *a, struct strv inside, struct template_args *out)
{
	size_t depth = 0, start = 0;

	*out = (struct template_args){ 0 };
	for (size_t i = 0; i <= inside.len; i++) {
		char c = i < inside.len ? inside.s[i] : ',';

		depth += c == '<' || c == '(';
		depth -= depth && (c == '>' || c == ')');
		if (c != ',' || (depth && i < inside.len))
			continue;
		if (out->n == TEMPLATE_ARGS_MAX ||
			!read_one(a, strv_trim(strv_sub(inside, start, i - start)), out))
			return false;
		start = i + 1;
	}
	return true;
}

static void add_first(const struct template_args *t, size_t n, struct buf *out)
{
	bool any = false;

	buf_addch(out, '<');
	for (size_t i = 0; i < n; i++)
		if (*t->v[i].value) {
			buf_adds(out, any ? ", " : "");
			buf_adds(out, t->v[i].value);
			any = true;
		}
	buf_addch(out, '>');
}

void template_args_of_class(const struct template_args *t, struct buf *out)
{
	size_t n = 0;

	while (n < t->n && !t->v[n].has_default)
		n++;
	add_first(t, n, out);
}

void template_args_of_function(const struct template_args *t, struct strv params, struct buf *out)
{
	size_t n = 0;

	for (size_t i = 0; i < t->n; i++)
		if (!t->v[i].has_default && *t->v[i].value &&
			words_find(params, t->v[i].name) == SIZE_MAX)
			n = i + 1;
	if (n)
		add_first(t, n, out);
}

static const char *type_of_word(const struct template_args *t, struct strv word)
{
	for (size_t i = 0; i < t->n; i++)
		if (t->v[i].is_type && *t->v[i].value && strv_eq(t->v[i].name, word))
			return t->v[i].value;
	return NULL;
}

void template_args_put(const struct template_args *t, struct strv text, struct buf *out)
{
	while (text.len) {
		const char *type = NULL;
		size_t n = 0;

		while (n < text.len && strv_is_word(text.s[n]))
			n++;
		if (n)
			type = type_of_word(t, strv_sub(text, 0, n));
		if (type)
			buf_adds(out, type);
		else
			buf_addv(out, strv_sub(text, 0, MAX(n, (size_t)1)));
		text = strv_from(text, MAX(n, (size_t)1));
	}
}
