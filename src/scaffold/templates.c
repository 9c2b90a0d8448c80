/* Scopes within each other: namespaces and classes are gone into, bodies of functions are not. */
#include "base/prelude.h"
#include "scaffold/templates.h"
#include "base/buf.h"
#include "base/mem.h"
#include "scaffold/template_args.h"
#include <stdlib.h>
#include <string.h>

#define DEPTH_MAX 12
#define FUNCTIONS_MAX 1000
#define HEAD_MAX 2000

struct scope {
	/* "ns::Doc<char>"; "" */
	const char *name;
	/* of a class, without any scope; NULL: a namespace */
	const char *class_name;
	/* of all classes around it that are templates */
	const struct template_args *args;
	size_t n_args;
	bool is_public;
	unsigned depth;
};

struct reading_templates {
	struct arena *a;
	struct template_functions *out;
};

static void read_scope(struct reading_templates *r, struct strv text, struct scope s);

/* --- tokens --- */

/* Behind a literal that begins at i, or i + 1. */
static size_t skip_literal(struct strv v, size_t i)
{
	char quote = v.s[i];

	/* 1'000 */
	if (quote == '\'' && i && strv_is_word(v.s[i - 1]))
		return i + 1;
	if (quote != '"' && quote != '\'')
		return i + 1;
	for (i++; i < v.len && v.s[i] != quote && v.s[i] != '\n'; i++)
		i += v.s[i] == '\\';
	return MIN(i + 1, v.len);
}

/* Behind the bracket that closes the one at i. */
static size_t skip_brackets(struct strv v, size_t i)
{
	size_t depth = 0;

	while (i < v.len) {
		char c = v.s[i];

		depth += c == '{';
		depth -= depth && c == '}';
		i = skip_literal(v, i);
		if (!depth)
			break;
	}
	return i;
}

/* A directive, with the lines that go on with it. */
static size_t skip_directive(struct strv v, size_t i)
{
	for (; i < v.len && v.s[i] != '\n'; i++)
		i += v.s[i] == '\\';
	return MIN(i + 1, v.len);
}

static struct strv first_word(struct strv v)
{
	size_t n = 0;

	v = strv_trim_start(v);
	while (n < v.len && strv_is_word(v.s[n]))
		n++;
	return strv_sub(v, 0, n);
}

static bool skip_word(struct strv *v, const char *word)
{
	struct strv rest = strv_trim_start(*v);

	if (!strv_eqs(first_word(rest), word))
		return false;
	*v = strv_trim_start(strv_from(rest, strlen(word)));
	return true;
}

/* In front of the bracket that closes the "<" at the beginning; SIZE_MAX: none does. */
static size_t closing_angle(struct strv v)
{
	size_t depth = 0;

	for (size_t i = 0; i < v.len; i++) {
		depth += v.s[i] == '<' || v.s[i] == '(';
		depth -= depth && (v.s[i] == '>' || v.s[i] == ')');
		if (!depth)
			return i;
	}
	return SIZE_MAX;
}

/* --- what is found --- */

static bool is_inner(struct strv name)
{
	static const char *const words[] = { "detail", "details", "internal", "impl", "priv",
		"private", "aux", "std" };

	for (size_t i = 0; i < ARRAY_LEN(words); i++)
		if (strv_eqs(name, words[i]))
			return true;
	return false;
}

static const char *scoped(struct reading_templates *r, const struct scope *s, const char *name)
{
	return *s->name ? arena_printf(r->a, "%s::%s", s->name, name) : name;
}

static void read_namespace(
	struct reading_templates *r, struct strv head, struct strv body, struct scope s)
{
	struct strv name = strv_trim(head), part, rest = name;

	while (strv_split(&rest, ':', &part))
		if (is_inner(strv_trim(part)))
			return;
	s.name = name.len ? scoped(r, &s, arena_strv(r->a, name)) : s.name;
	s.is_public = true;
	read_scope(r, body, s);
}

/* "API Doc final : public Base" */
static void read_class(struct reading_templates *r, struct strv head, struct strv body,
	struct scope s, const struct template_args *own, bool is_struct)
{
	struct template_args *all = arena_alloc(r->a, (s.n_args + 1) * sizeof(*all));
	struct strv word, name = strv_n("", 0);
	struct buf full = BUF_INIT;

	while ((word = first_word(head)).len) {
		head = strv_from(strv_trim_start(head), word.len);
		name = strv_eqs(word, "final") ? name : word;
	}
	head = strv_trim_start(head);
	/* a specialisation, or attributes in brackets */
	if (!name.len || (head.len && head.s[0] != ':'))
		return;
	for (size_t i = 0; i < s.n_args; i++)
		all[i] = s.args[i];
	s.class_name = arena_strv(r->a, name);
	buf_adds(&full, scoped(r, &s, s.class_name));
	if (own) {
		template_args_of_class(own, &full);
		all[s.n_args++] = *own;
	}
	s.args = all;
	s.name = arena_strdup(r->a, buf_str(&full));
	s.is_public = is_struct;
	buf_release(&full);
	read_scope(r, body, s);
}

/* NULL: with what they stand for they are too long. */
static const char *params_of(struct reading_templates *r, const struct scope *s,
	const struct template_args *own, struct strv inside)
{
	struct buf now = BUF_INIT, next = BUF_INIT;
	const char *out = NULL;

	buf_addv(&now, inside);
	for (size_t i = 0; i <= s->n_args && now.len <= HEAD_MAX; i++) {
		const struct template_args *t = i < s->n_args ? &s->args[i] : own;

		if (!t)
			continue;
		buf_reset(&next);
		template_args_put(t, strv_n(buf_str(&now), now.len), &next);
		buf_reset(&now);
		buf_addv(&now, strv_n(buf_str(&next), next.len));
	}
	if (now.len <= HEAD_MAX)
		out = arena_strdup(r->a, buf_str(&now));
	buf_release(&now);
	buf_release(&next);
	return out;
}

static void add(struct reading_templates *r, const struct scope *s, struct strv name,
	const struct template_args *own, struct strv inside, bool is_static)
{
	bool made = s->class_name && strv_eqs(name, s->class_name);
	const char *params = params_of(r, s, own, inside);
	struct template_function *f;
	struct buf call = BUF_INIT;

	if (!params)
		return;
	buf_addv(&call, name);
	if (own)
		template_args_of_function(own, inside, &call);
	GROW(r->out->v, r->out->n, r->out->cap);
	f = &r->out->v[r->out->n++];
	*f = (struct template_function){ .object = s->class_name && !made && !is_static ? s->name
											: "",
		.name = arena_strv(r->a, name),
		.owner = s->class_name ? s->class_name : "",
		.params = params };
	f->call = made         ? s->name
		  : *f->object ? arena_strdup(r->a, buf_str(&call))
			       : scoped(r, s, arena_strdup(r->a, buf_str(&call)));
	buf_release(&call);
}

/* Where the function's own brackets open, and its name in front of them; SIZE_MAX: it is none. */
static size_t opening(struct strv head, struct strv *name)
{
	size_t depth = 0;

	for (size_t i = 0; i < head.len; i++) {
		char c = head.s[i];
		size_t to = i, from;

		depth += c == '<';
		depth -= depth && c == '>';
		if (depth || c != '(')
			continue;
		while (to && strv_is_space(head.s[to - 1]))
			to--;
		for (from = to; from && strv_is_word(head.s[from - 1]);)
			from--;
		*name = strv_sub(head, from, to - from);
		return name->len && !(from && strchr("~:", head.s[from - 1])) ? i : SIZE_MAX;
	}
	return SIZE_MAX;
}

static bool is_other(struct strv head)
{
	static const char *const words[] = { "operator", "friend", "typedef", "using",
		"static_assert", "delete" };

	for (size_t i = 0; i < ARRAY_LEN(words); i++) {
		size_t at = strv_find(head, words[i]), n = strlen(words[i]);

		if (at != SIZE_MAX && (!at || !strv_is_word(head.s[at - 1])) &&
			(at + n >= head.len || !strv_is_word(head.s[at + n])))
			return true;
	}
	return false;
}

static void read_function(struct reading_templates *r, struct strv head, const struct scope *s,
	const struct template_args *own)
{
	struct strv name = strv_n("", 0), inside;
	size_t open = opening(head, &name), close;

	if (open == SIZE_MAX || !s->is_public || is_other(head) || !(own || s->n_args) ||
		r->out->n >= FUNCTIONS_MAX || name.s[0] == '_')
		return;
	inside = strv_from(head, open);
	close = closing_angle(inside);
	if (close == SIZE_MAX || close < 2 || strv_contains(strv_sub(inside, 0, close), "..."))
		return;
	inside = strv_trim(strv_sub(inside, 1, close - 1));
	if (inside.len)
		add(r, s, name, own, inside, strv_contains(strv_sub(head, 0, open), "static "));
}

/* A statement, up to its semicolon or its body; body: "" where it has none. */
static void read_statement(
	struct reading_templates *r, struct strv head, struct strv body, const struct scope *s)
{
	struct template_args own = { 0 };
	bool is_template = false;

	head = strv_trim(head);
	while (skip_word(&head, "template")) {
		size_t close = head.len && head.s[0] == '<' ? closing_angle(head) : SIZE_MAX;

		/* one of a template's template, or its specialisation */
		if (is_template || close == SIZE_MAX ||
			!strv_trim(strv_sub(head, 1, close - 1)).len ||
			!template_args_read(r->a, strv_sub(head, 1, close - 1), &own))
			return;
		head = strv_trim_start(strv_from(head, close + 1));
		is_template = true;
	}
	skip_word(&head, "inline");
	if (skip_word(&head, "namespace"))
		read_namespace(r, head, body, *s);
	else if (strv_starts(head, "extern \""))
		read_scope(r, body, *s);
	else if (skip_word(&head, "class") && s->is_public)
		read_class(r, head, body, *s, is_template ? &own : NULL, false);
	else if (skip_word(&head, "struct") && s->is_public)
		read_class(r, head, body, *s, is_template ? &own : NULL, true);
	else if (!strv_eqs(first_word(head), "enum") && !strv_eqs(first_word(head), "union"))
		read_function(r, head, s, is_template ? &own : NULL);
}

/* "public:" at the beginning: what follows is that; false: it is none. */
static bool read_access(struct strv head, struct scope *s)
{
	struct strv word = strv_trim(head);
	bool is_public = strv_eqs(word, "public");

	if (!is_public && !strv_eqs(word, "private") && !strv_eqs(word, "protected"))
		return false;
	s->is_public = is_public;
	return true;
}

static void read_scope(struct reading_templates *r, struct strv text, struct scope s)
{
	size_t start = 0, round = 0;

	if (s.depth++ >= DEPTH_MAX)
		return;
	for (size_t i = 0; i < text.len;) {
		char c = text.s[i];
		size_t at = i;

		if (c == '#' && !strv_trim(strv_sub(text, start, i - start)).len) {
			i = start = skip_directive(text, i);
			continue;
		}
		round += c == '(';
		round -= round && c == ')';
		if (c == '{') {
			i = skip_brackets(text, i);
			/* a value in a function's parameters */
			if (round)
				continue;
			if (at - start <= HEAD_MAX)
				read_statement(r, strv_sub(text, start, at - start),
					strv_sub(text, at + 1, i - at - 1), &s);
			start = i;
			continue;
		}
		i = skip_literal(text, i);
		if (c == ':' && read_access(strv_sub(text, start, at - start), &s)) {
			start = i;
		} else if (c == ';') {
			if (at - start <= HEAD_MAX)
				read_statement(
					r, strv_sub(text, start, at - start), strv_n("", 0), &s);
			start = i;
			round = 0;
		}
	}
}

void templates_read(struct arena *a, struct strv text, struct template_functions *out)
{
	struct reading_templates r = { a, out };

	read_scope(&r, text, (struct scope){ .name = "", .is_public = true });
}

void templates_release(struct template_functions *f)
{
	free(f->v);
	*f = (struct template_functions){ 0 };
}
