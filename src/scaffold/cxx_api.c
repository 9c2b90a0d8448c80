/* Symbols to prototypes: demangled, with the names that people write for the standard library's types. */
#include "base/prelude.h"
#include "scaffold/cxx_api.h"
#include "base/fs.h"
#include "base/mem.h"
#include "scaffold/classes.h"
#include "scaffold/cxx_names.h"
#include "scaffold/declaration.h"
#include "survey/demangled.h"
#include "scaffold/rank.h"
#include "scaffold/readers.h"
#include "scaffold/roles.h"
#include "scaffold/templates.h"
#include "scaffold/words.h"
#include <ctype.h>

#define HEADER_MAX ((uint64_t)2 << 20)
#define FUNCTIONS_MAX 4000
/* what a function of a template leads to isn't known: as much as one that isn't small */
#define TEMPLATE_SCORE 12

struct header_text {
	const struct api_header *header;
	struct buf text;
};

struct reading_cxx {
	struct arena *a;
	struct header_text *texts;
	size_t n_texts;
	struct cxx_functions *out;
	struct classes *classes;
	/* "ns::Doc" and "read", by turns: methods that take nothing, and go on reading */
	struct strlist methods;
};

static char *replaced(char *text, const char *from, const char *to)
{
	struct buf b = BUF_INIT;
	struct strv rest = strv_of(text);
	size_t at;

	while ((at = strv_find(rest, from)) != SIZE_MAX) {
		buf_addv(&b, strv_sub(rest, 0, at));
		buf_adds(&b, to);
		rest = strv_from(rest, at + strlen(from));
	}
	buf_addv(&b, rest);
	free(text);
	return buf_detach(&b);
}

/* As libiberty writes them, and as people do. */
static char *usual_types(char *text)
{
	static const char *const rows[][2] = {
		{ "std::__cxx11::basic_string<char, std::char_traits<char>, std::allocator<char> >",
			"std::string" },
		{ "std::vector<std::string, std::allocator<std::string > >",
			"std::vector<std::string>" },
		{ "std::basic_string_view<char, std::char_traits<char> >", "std::string_view" },
		{ "std::basic_istream<char, std::char_traits<char> >", "std::istream" },
		{ "std::basic_string<char>", "std::string" },
		{ "std::basic_string_view<char>", "std::string_view" },
		{ "std::basic_istream<char>", "std::istream" },
		{ "std::vector<unsigned char, std::allocator<unsigned char> >",
			"std::vector<unsigned char>" },
		{ "std::vector<char, std::allocator<char> >", "std::vector<char>" },
	};

	for (size_t i = 0; i < ARRAY_LEN(rows); i++)
		text = replaced(text, rows[i][0], rows[i][1]);
	return text;
}

/* "char const*": "const char *"; appended. */
static void add_type(struct buf *b, struct strv type)
{
	size_t at;

	type = strv_trim(type);
	at = strv_find(type, " const");
	if (at == SIZE_MAX) {
		buf_addv(b, type);
		return;
	}
	buf_adds(b, "const ");
	buf_addv(b, strv_sub(type, 0, at));
	buf_addch(b, ' ');
	buf_addv(b, strv_from(type, at + strlen(" const")));
}

/* "void f(const char *, unsigned long)" of the brackets' inside; NULL: there is more in it than is understood here. */
static char *prototype_of(const char *name, struct strv inside)
{
	struct buf b = BUF_INIT;
	struct strv one;
	bool first = true;

	if (strv_contains(inside, "(") || strv_contains(inside, ", std::allocator"))
		return NULL;
	buf_addf(&b, "void %s(", name);
	while (strv_split(&inside, ',', &one)) {
		buf_adds(&b, first ? "" : ", ");
		add_type(&b, one);
		first = false;
	}
	buf_addch(&b, ')');
	return buf_detach(&b);
}

/* The best header with all of these words. */
static const struct api_header *header_with(
	const struct reading_cxx *r, const char *class_name, const char *function)
{
	for (size_t i = 0; i < r->n_texts; i++) {
		struct strv text = strv_n(buf_str(&r->texts[i].text), r->texts[i].text.len);

		if ((!class_name || strv_contains(text, class_name)) &&
			strv_contains(text, function))
			return r->texts[i].header;
	}
	return NULL;
}

static struct cxx_function *add(struct reading_cxx *r, const struct proto *p, const char *name,
	const char *plain, const struct api_header *header, int score)
{
	struct cxx_function *f;

	GROW(r->out->v, r->out->n, r->out->cap);
	f = &r->out->v[r->out->n++];
	*f = (struct cxx_function){ .proto = *p, .plain = plain, .header = header, .score = score };
	f->proto.name = name;
	/* what it returns isn't in a symbol */
	f->proto.text = p->text + strlen("void ");
	f->proto.cxx = f->proto.throws = true;
	return f;
}

/* Names of the library's own that are more than words: templates, operators, what has no name outside. */
static bool is_callable(struct strv name)
{
	for (size_t i = 0; i < name.len; i++)
		if (!strv_is_word(name.s[i]) && name.s[i] != ':')
			return false;
	return name.len && !strv_contains(name, "operator") && !strv_starts(name, "std::") &&
	       !strv_starts(name, "boost::") && !strv_starts(name, "__");
}

/* Is it an object of a class of the library's, or of one that it works with? */
static bool is_class(const struct proto_param *q)
{
	const char *max;

	return !q->is_callback && !q->opaque && (q->depth == 1 || (!q->depth && q->is_ref)) &&
	       isalpha((unsigned char)q->base[0]) && strncmp(q->base, "std::", 5) != 0 &&
	       strncmp(q->base, "struct ", 7) != 0 && !strchr(q->base, '<') &&
	       !proto_standard_type(q->base) && !proto_integer(q, &max) &&
	       strcmp(q->base, "bool") != 0;
}

static void find_objects(struct reading_cxx *r, struct proto *p)
{
	for (size_t i = 0; i < p->n_params; i++) {
		struct class_object *o;

		if (!is_class(&p->params[i]))
			continue;
		o = arena_alloc(r->a, sizeof(*o));
		if (classes_object(r->classes, p->params[i].base, o))
			p->params[i].object = o;
	}
}

/* Is the class in there, and not only its name? */
static bool has_class(struct strv text, const char *name)
{
	for (struct strv line; strv_line(&text, &line);)
		if ((strv_contains(line, "class ") || strv_contains(line, "struct ")) &&
			words_find(line, strv_of(name)) != SIZE_MAX &&
			(strv_contains(line, "{") || strv_chr(line, ';') == SIZE_MAX))
			return true;
	return false;
}

/* By what has the class, which that header may only include; else by its own text. */
static void find_names(struct reading_cxx *r, const struct api_header *header,
	const char *class_name, const char *function, struct proto *p)
{
	bool known = false;

	for (unsigned own = 0; own < 2 && !known; own++)
		for (size_t i = 0; i < r->n_texts && !known; i++) {
			struct strv text = strv_n(buf_str(&r->texts[i].text), r->texts[i].text.len);

			if (own ? r->texts[i].header == header
				: *class_name && has_class(text, class_name))
				known = cxx_names(r->a, text, function, p);
		}
}

/* "ns::Doc::read" of what takes nothing */
static void add_method(struct reading_cxx *r, struct strv scope, struct strv name)
{
	char *simple = strv_dup(name);

	if (scope.len && readers_go_on(simple)) {
		strlist_add_take(&r->methods, strv_dup(scope));
		strlist_add_take(&r->methods, xstrdup(simple));
	}
	free(simple);
}

/* An object of a class that is made of the input is read on by these. */
static void add_readers(struct reading_cxx *r)
{
	for (size_t i = 0; i < r->out->n; i++) {
		struct proto *p = &r->out->v[i].proto;

		for (size_t k = 0; k < r->methods.n && p->n_readers < PROTO_READERS_MAX; k += 2)
			if (r->out->v[i].constructs && strcmp(p->name, r->methods.v[k]) == 0)
				p->readers[p->n_readers++] = (struct proto_reader){
					.name = arena_strdup(r->a, r->methods.v[k + 1])
				};
	}
}

/* more: points that its symbol has beside what its text says */
static void read_demangled(struct reading_cxx *r, const char *text, int more)
{
	struct strv v = strv_of(text), name = strv_sub(v, 0, strv_chr(v, '(')), last, scope, owner;
	size_t close = strv_rchr(v, ')'), colon;
	const struct api_header *header;
	char *prototype, *simple, *class_name;
	const char *full, *plain;
	struct proto p = { 0 };
	int score;

	if (name.len == v.len || close == SIZE_MAX || close < name.len || !is_callable(name))
		return;
	colon = strv_rchr(name, ':');
	last = colon == SIZE_MAX ? name : strv_from(name, colon + 1);
	scope = colon == SIZE_MAX ? strv_sub(name, 0, 0) : strv_sub(name, 0, colon - 1);
	colon = strv_rchr(scope, ':');
	owner = colon == SIZE_MAX ? scope : strv_from(scope, colon + 1);
	if (close == name.len + 1) {
		add_method(r, scope, last);
		return;
	}
	simple = strv_dup(last);
	class_name = strv_dup(owner);
	full = arena_strv(r->a, strv_eq(last, owner) ? scope : name);
	plain = owner.len && !strv_eq(last, owner) ? arena_printf(r->a, "%s_%s", class_name, simple)
						   : arena_strdup(r->a, simple);
	header = header_with(r, owner.len ? class_name : NULL, simple);
	prototype =
		header ? prototype_of(full, strv_sub(v, name.len + 1, close - name.len - 1)) : NULL;
	if (prototype && proto_parse(r->a, strv_of(prototype), &p, NULL) == 0) {
		find_objects(r, &p);
		find_names(r, header, class_name, simple, &p);
	} else {
		p.n_params = 0;
	}
	if (p.n_params && proto_roles(&p, NULL) == 0) {
		/* what a constructor does is told by its class */
		score = rank_score(&p, simple) + header->rank + more;
		add(r, &p, full, plain, header, score)->constructs = strv_eq(last, owner);
		if (owner.len && !strv_eq(last, owner))
			add(r, &p, arena_printf(r->a, STRV_FMT "().%s", STRV_ARG(scope), simple),
				plain, header, score - 1);
	}
	free(prototype);
	free(class_name);
	free(simple);
}

static void read_template(
	struct reading_cxx *r, const struct api_header *header, const struct template_function *t)
{
	bool makes = *t->owner && strcmp(t->owner, t->name) == 0;
	char *text = usual_types(xasprintf("void %s(%s)", t->name, t->params));
	const char *plain =
		*t->owner && !makes ? arena_printf(r->a, "%s_%s", t->owner, t->name) : t->name;
	const char *call = *t->object ? arena_printf(r->a, "%s().%s", t->object, t->call) : t->call;
	struct proto p;

	if (r->out->n < FUNCTIONS_MAX && proto_parse(r->a, strv_of(text), &p, NULL) == 0) {
		find_objects(r, &p);
		if (p.n_params && proto_roles(&p, NULL) == 0)
			add(r, &p, call, plain, header,
				rank_score(&p, t->name) + header->rank + TEMPLATE_SCORE)
				->is_template = true;
	}
	free(text);
}

static void read_templates(struct reading_cxx *r)
{
	for (size_t i = 0; i < r->n_texts; i++) {
		struct template_functions found = { 0 };

		templates_read(
			r->a, strv_n(buf_str(&r->texts[i].text), r->texts[i].text.len), &found);
		for (size_t k = 0; k < found.n; k++)
			read_template(r, r->texts[i].header, &found.v[k]);
		templates_release(&found);
	}
}

static int by_score(const void *a, const void *b)
{
	const struct cxx_function *x = a, *y = b;

	return x->score != y->score ? (x->score > y->score ? -1 : 1)
				    : strcmp(x->proto.name, y->proto.name);
}

void cxx_functions_read(
	struct arena *a, const struct survey *s, const struct api *api, struct cxx_functions *out)
{
	struct reading_cxx r = {
		.a = a, .out = out, .n_texts = api->n_headers, .classes = classes_new(a, s, api)
	};

	*out = (struct cxx_functions){ 0 };
	r.texts = xcalloc(r.n_texts + 1, sizeof(*r.texts));
	for (size_t i = 0; i < r.n_texts; i++) {
		r.texts[i].header = &api->headers[i];
		fs_read(api->headers[i].path, HEADER_MAX, &r.texts[i].text, NULL);
		declaration_blank(&r.texts[i].text);
	}
	for (size_t i = 0; i < s->functions.n && out->n < FUNCTIONS_MAX; i++) {
		char *text = demangled(s->functions.v[i]);

		if (!text)
			continue;
		text = usual_types(text);
		read_demangled(&r, text, rank_leads(s->leads, s->functions.v[i]));
		free(text);
	}
	add_readers(&r);
	read_templates(&r);
	if (out->n)
		qsort(out->v, out->n, sizeof(*out->v), by_score);
	for (size_t i = 0; i < r.n_texts; i++)
		buf_release(&r.texts[i].text);
	free(r.texts);
	strlist_release(&r.methods);
	classes_free(r.classes);
}

void cxx_functions_release(struct cxx_functions *f)
{
	free(f->v);
	*f = (struct cxx_functions){ 0 };
}
