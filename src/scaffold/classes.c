/* Brackets and a few words are all that is read of C++ here. */
#include "base/prelude.h"
#include "scaffold/classes.h"
#include "base/fs.h"
#include "base/mem.h"
#include "scaffold/declaration.h"
#include "survey/files.h"
#include "survey/installed.h"
#include <ctype.h>
#include <stdlib.h>

#define HEADER_MAX ((uint64_t)1 << 20)
#define HEADERS_MAX 300
#define CLASSES_MAX 4000

struct class_text {
	/* as its header names it, without a namespace; its bases as they stand there; what is between its brackets */
	struct strv name, bases, body;
	/* as it is included */
	const char *include;
	bool own; /* the project's: it needs no further library */
};

struct classes {
	struct arena *a;
	const struct survey *s;
	const struct api *api;
	bool read;
	struct buf *texts;
	size_t n_texts;
	struct class_text *v;
	size_t n, cap;
};

struct classes *classes_new(struct arena *a, const struct survey *s, const struct api *api)
{
	struct classes *c = xcalloc(1, sizeof(*c));

	*c = (struct classes){ .a = a, .s = s, .api = api };
	return c;
}

void classes_free(struct classes *c)
{
	if (!c)
		return;
	for (size_t i = 0; i < c->n_texts; i++)
		buf_release(&c->texts[i]);
	free(c->texts);
	free(c->v);
	free(c);
}

/* --- reading --- */

/* Behind an opening bracket: what is in front of the one that closes it. */
static struct strv inside(struct strv v)
{
	size_t depth = 1;

	for (size_t i = 0; i < v.len; i++) {
		depth += v.s[i] == '{';
		depth -= v.s[i] == '}';
		if (!depth)
			return strv_sub(v, 0, i);
	}
	return v;
}

static struct strv next_word(struct strv *v)
{
	struct strv word;
	size_t n = 0;

	*v = strv_trim_start(*v);
	while (n < v->len && strv_is_word(v->s[n]))
		n++;
	word = strv_sub(*v, 0, n);
	*v = strv_from(*v, n);
	return word;
}

/* Behind the word "class": "MACRO Name final : public Base {"; false: it is only declared there. */
static bool read_class(struct strv v, struct class_text *out)
{
	struct strv word, head;
	size_t end = strv_chr(v, ';'), open, colon;

	/* no further: of a header of declarations alone that would be all of it, each time */
	open = strv_chr(strv_sub(v, 0, MIN(end, v.len)), '{');
	if (open >= MIN(end, v.len))
		return false;
	head = strv_sub(v, 0, open);
	out->body = inside(strv_from(v, open + 1));
	colon = strv_chr(head, ':');
	out->bases = colon == SIZE_MAX ? strv_n("", 0) : strv_from(head, colon + 1);
	head = strv_sub(head, 0, MIN(colon, head.len));
	out->name = strv_n("", 0);
	while ((word = next_word(&head)).len)
		if (!strv_eqs(word, "final"))
			out->name = word;
	return out->name.len && !strv_trim(head).len;
}

static void read_text(struct classes *c, struct strv text, const char *include, bool own)
{
	static const char *const words[] = { "class", "struct" };

	for (size_t i = 0; i < text.len && c->n < CLASSES_MAX; i++) {
		struct class_text one = { .include = include, .own = own };

		if (i && strv_is_word(text.s[i - 1]))
			continue;
		for (size_t k = 0; k < ARRAY_LEN(words); k++) {
			struct strv rest = strv_from(text, i);

			if (!strv_skip(&rest, words[k]) || !rest.len || !strv_is_space(rest.s[0]) ||
				!read_class(rest, &one))
				continue;
			GROW(c->v, c->n, c->cap);
			c->v[c->n++] = one;
		}
	}
}

static void read_header(struct classes *c, const char *path, const char *include, bool own)
{
	struct buf *b;

	if (c->n_texts >= HEADERS_MAX)
		return;
	b = &c->texts[c->n_texts];
	*b = (struct buf)BUF_INIT;
	if (fs_read(path, HEADER_MAX, b, NULL) < 0) {
		buf_release(b);
		return;
	}
	c->n_texts++;
	declaration_blank(b);
	read_text(c, strv_n(buf_str(b), b->len), include, own);
}

/* Folders that are a library's own: what lies at the top of all isn't looked at. */
static void read_installed(struct classes *c)
{
	static const char *const tops[] = { "/usr/include", "/usr/local/include", NULL };

	for (size_t i = 0; i < c->s->include.n; i++) {
		const char *dir = c->s->include.v[i];
		struct files t;
		bool top = *dir != '/';

		for (size_t k = 0; tops[k]; k++)
			top |= strcmp(dir, tops[k]) == 0;
		if (top || files_list(dir, &t, NULL) < 0)
			continue;
		for (size_t k = 0; k < t.files.n; k++) {
			char *path = fs_join(dir, t.files.v[k]);

			if (files_header(t.files.v[k]))
				read_header(
					c, path, arena_printf(c->a, "<%s>", t.files.v[k]), false);
			free(path);
		}
		files_release(&t);
	}
}

static void read_all(struct classes *c)
{
	if (c->read)
		return;
	c->read = true;
	c->texts = xcalloc(HEADERS_MAX, sizeof(*c->texts));
	for (size_t i = 0; i < c->api->n_headers; i++)
		read_header(c, c->api->headers[i].path, c->api->headers[i].include, true);
	read_installed(c);
}

/* --- constructors --- */

static bool is_number(struct strv v)
{
	static const char *const words[] = { "size_t", "int", "long", "unsigned", "uint32_t",
		"uint64_t", "streamsize" };

	if (strv_contains(v, "*") || strv_contains(v, "&"))
		return false;
	for (size_t i = 0; i < ARRAY_LEN(words); i++)
		if (strv_contains(v, words[i]))
			return true;
	return false;
}

/* "const unsigned char *" of what is one in bytes; "" */
static const char *bytes_type(struct strv v)
{
	static const struct {
		const char *word, *type;
	} rows[] = { { "unsigned char", "const unsigned char *" }, { "uint8_t", "const uint8_t *" },
		{ "char", "const char *" }, { "void", "const void *" } };

	if (!strv_contains(v, "const") || !strv_contains(v, "*"))
		return "";
	for (size_t i = 0; i < ARRAY_LEN(rows); i++)
		if (strv_contains(v, rows[i].word))
			return rows[i].type;
	return "";
}

/* The constructor's parameters; what it passes for them where they are the input's bytes. NULL: they aren't. */
static const char *input_args(struct strv params)
{
	struct strv one, two, three;
	const char *type;
	bool ok = strv_split(&params, ',', &one) && strv_split(&params, ',', &two);

	/* what follows has values of its own */
	while (ok && strv_split(&params, ',', &three))
		ok = strv_contains(three, "=");
	type = ok ? bytes_type(one) : "";
	if (!*type || !is_number(two))
		return NULL;
	return strcmp(type, "const uint8_t *") == 0 ? "data, size"
	       : strcmp(type, "const void *") == 0  ? "static_cast<const void *>(data), size"
	       : strcmp(type, "const char *") == 0  ? "reinterpret_cast<const char *>(data), size"
						    : "data, size";
}

static const char *find_input_args(const struct class_text *t)
{
	struct strv rest = t->body;
	char *name = strv_dup(t->name);
	const char *args = NULL;
	size_t at;

	while (!args && (at = strv_find(rest, name)) != SIZE_MAX) {
		struct strv behind = strv_trim_start(strv_from(rest, at + t->name.len));
		bool whole = !at || (!strv_is_word(rest.s[at - 1]) && rest.s[at - 1] != '~');

		if (whole && behind.len && behind.s[0] == '(')
			args = input_args(strv_sub(behind, 1, strv_chr(behind, ')') - 1));
		rest = strv_from(rest, at + t->name.len);
	}
	free(name);
	return args;
}

/* Is this one of the bases, with any namespace in front? */
static bool has_base(struct strv bases, struct strv base)
{
	struct strv one;

	while (strv_split(&bases, ',', &one)) {
		one = strv_trim(one);
		if (one.len < base.len || !strv_eq(strv_from(one, one.len - base.len), base))
			continue;
		if (one.len == base.len || !strv_is_word(one.s[one.len - base.len - 1]))
			return true;
	}
	return false;
}

/* --- interfaces --- */

/* What it returns: nothing, something that is as good as nothing, or, by reference, one that lives as long as all. */
static void add_result(struct buf *b, struct strv head)
{
	struct strv type = strv_sub(head, 0, MIN(strv_chr(head, '('), head.len));

	while (type.len && strv_is_word(type.s[type.len - 1]))
		type.len--;
	type = strv_trim(type);
	if (strv_eqs(type, "void"))
		return;
	if (!strv_ends(type, "&")) {
		buf_adds(b, "\t\treturn {};\n");
		return;
	}
	type = strv_trim(strv_sub(type, 0, type.len - 1));
	if (strv_starts(type, "const "))
		type = strv_trim(strv_from(type, strlen("const ")));
	buf_addf(b, "\t\tstatic " STRV_FMT " nothing{};\n\t\treturn nothing;\n", STRV_ARG(type));
}

/* "virtual R f(P) const = 0": its override; false: the statement is none that is pure. */
static bool add_override(struct buf *b, struct strv statement)
{
	size_t at = strv_find(statement, "virtual "), zero = strv_rchr(statement, '=');
	struct strv head;

	if (at == SIZE_MAX || zero == SIZE_MAX || zero < at ||
		!strv_eqs(strv_trim(strv_from(statement, zero + 1)), "0"))
		return false;
	head = strv_trim(
		strv_sub(statement, at + strlen("virtual "), zero - at - strlen("virtual ")));
	/* that has a body somewhere else */
	if (strv_starts(head, "~"))
		return false;
	buf_addch(b, '\t');
	for (size_t i = 0; i < head.len; i++)
		if (!strv_is_space(head.s[i]))
			buf_addch(b, head.s[i]);
		else if (i && !strv_is_space(head.s[i - 1]))
			buf_addch(b, ' ');
	buf_adds(b, " override\n\t{\n");
	add_result(b, head);
	buf_adds(b, "\t}\n");
	return true;
}

/* All that is pure, at the class's own level. How many. */
static size_t add_overrides(struct buf *b, struct strv body)
{
	size_t depth = 0, start = 0, n = 0;

	for (size_t i = 0; i < body.len; i++) {
		char c = body.s[i];

		depth += c == '{';
		if (c == '}' && depth && --depth == 0)
			start = i + 1;
		if (c != ';' || depth)
			continue;
		n += add_override(b, strv_sub(body, start, i - start));
		start = i + 1;
	}
	return n;
}

/* In the namespace of its base, so that types are found that it names. */
static const char *stub_of(
	struct classes *c, const struct class_text *t, struct strv scope, const char **type)
{
	struct buf b = BUF_INIT;
	const char *out = NULL, *name = arena_printf(c->a, "quiet_" STRV_FMT, STRV_ARG(t->name));

	if (scope.len)
		buf_addf(&b, "\nnamespace " STRV_FMT "\n{\n", STRV_ARG(scope));
	else
		buf_adds(&b, "\n");
	buf_addf(&b,
		"/* does nothing with what it is told */\nclass %s : public " STRV_FMT
		"\n{\npublic:\n",
		name, STRV_ARG(t->name));
	if (add_overrides(&b, t->body)) {
		buf_adds(&b, scope.len ? "};\n}\n" : "};\n");
		out = arena_strdup(c->a, buf_str(&b));
		*type = scope.len ? arena_printf(c->a, STRV_FMT "::%s", STRV_ARG(scope), name)
				  : name;
	}
	buf_release(&b);
	return out;
}

/* --- all --- */

/* "_ZN2ns5ClassC": what each of its constructors' symbols begins with. */
static const char *constructor_start(struct classes *c, struct strv scope, struct strv name)
{
	struct buf b = BUF_INIT;
	struct strv one;
	const char *out;

	buf_adds(&b, "_ZN");
	while (strv_split(&scope, ':', &one))
		if (one.len)
			buf_addf(&b, "%zu" STRV_FMT, one.len, STRV_ARG(one));
	buf_addf(&b, "%zu" STRV_FMT "C", name.len, STRV_ARG(name));
	out = arena_strdup(c->a, buf_str(&b));
	buf_release(&b);
	return out;
}

static const char *link_of(struct classes *c, const struct class_text *t, struct strv scope)
{
	char *found = t->own ? NULL : installed_with(constructor_start(c, scope, t->name));
	const char *out = found ? arena_strdup(c->a, found) : NULL;

	free(found);
	return out;
}

static bool find_reader(
	struct classes *c, struct strv base, struct strv scope, struct class_object *out)
{
	for (size_t i = 0; i < c->n; i++) {
		const struct class_text *t = &c->v[i];
		const char *args;

		if (!has_base(t->bases, base) || !(args = find_input_args(t)))
			continue;
		*out = (struct class_object){ .stub = "",
			.type = scope.len ? arena_printf(c->a, STRV_FMT "::" STRV_FMT,
						    STRV_ARG(scope), STRV_ARG(t->name))
					  : arena_strv(c->a, t->name),
			.args = args,
			.include = t->include,
			.link = link_of(c, t, scope),
			.input = true };
		return true;
	}
	return false;
}

bool classes_object(struct classes *c, const char *type, struct class_object *out)
{
	struct strv full = strv_of(type), name, scope;
	size_t colon = strv_rchr(full, ':');

	read_all(c);
	name = colon == SIZE_MAX ? full : strv_from(full, colon + 1);
	scope = colon == SIZE_MAX || !colon ? strv_n("", 0) : strv_sub(full, 0, colon - 1);
	if (find_reader(c, name, scope, out))
		return true;
	for (size_t i = 0; i < c->n; i++) {
		const char *stub;

		if (!strv_eq(c->v[i].name, name))
			continue;
		stub = stub_of(c, &c->v[i], scope, &out->type);
		if (!stub)
			continue;
		*out = (struct class_object){ .stub = stub,
			.type = out->type,
			.args = "",
			.include = c->v[i].own ? NULL : c->v[i].include };
		return true;
	}
	return false;
}
