/*
 * Reading one prototype where clang can't: C++, text without a header, headers that don't compile here. Not a C
 * parser: declarators are taken apart by what surrounds them, so that export macros, attributes and unknown types,
 * which a header is full of, don't stop it. What a typedef stands for it doesn't know.
 */
#include "base/prelude.h"
#include "scaffold/prototype.h"
#include <ctype.h>

#define TEXT_MAX 4096
#define TOKENS_MAX 400

struct tokens {
	struct strv t[TOKENS_MAX];
	size_t n;
};

static bool is_word_start(char c)
{
	return isalpha((unsigned char)c) || c == '_' || c == '~';
}

static bool is_word(struct strv t)
{
	return t.len && is_word_start(t.s[0]);
}

static bool one_of(struct strv t, const char *const *words)
{
	for (; *words; words++)
		if (strv_eqs(t, *words))
			return true;
	return false;
}

/* Offset behind a template's argument list that starts at v[i] == '<', or i. */
static size_t skip_template(struct strv v, size_t i)
{
	size_t depth = 0;

	for (size_t k = i; k < v.len; k++) {
		if (v.s[k] == '<')
			depth++;
		else if (v.s[k] == '>' && --depth == 0)
			return k + 1;
		else if (strchr("(){};", v.s[k]))
			break;
	}
	return i;
}

/* Offset behind an identifier, its qualifications and template arguments included. */
static size_t skip_word(struct strv v, size_t i)
{
	for (;;) {
		while (i < v.len && (isalnum((unsigned char)v.s[i]) || strchr("_~", v.s[i])))
			i++;
		if (i < v.len && v.s[i] == '<')
			i = skip_template(v, i);
		if (i + 2 < v.len && v.s[i] == ':' && v.s[i + 1] == ':' &&
			is_word_start(v.s[i + 2]))
			i += 2;
		else
			return i;
	}
}

static size_t skip_comment(struct strv v, size_t i)
{
	size_t end;

	if (v.s[i + 1] == '/')
		end = strv_chr(strv_from(v, i), '\n');
	else
		end = strv_find(strv_from(v, i + 2), "*/");
	if (end == SIZE_MAX)
		return v.len;
	return i + end + (v.s[i + 1] == '/' ? 1 : 4);
}

static int tokenize(struct strv v, struct tokens *out, struct err *err)
{
	size_t i = 0;

	out->n = 0;
	while (i < v.len) {
		size_t from = i;

		if (!v.s[i] || (unsigned char)v.s[i] >= 127)
			return err_usage(err, "a prototype doesn't hold the byte 0x%02x",
				(unsigned char)v.s[i]);
		if (isspace((unsigned char)v.s[i])) {
			i++;
			continue;
		}
		if (v.s[i] == '/' && i + 1 < v.len && strchr("/*", v.s[i + 1])) {
			i = skip_comment(v, i);
			continue;
		}
		if (is_word_start(v.s[i]))
			i = skip_word(v, i);
		else if (isdigit((unsigned char)v.s[i]))
			while (i < v.len && isalnum((unsigned char)v.s[i]))
				i++;
		else if (strv_starts(strv_from(v, i), "..."))
			i += 3;
		else if (strchr("(){}[]*&,;=-+\"':<>.", v.s[i]))
			i++;
		else
			return err_usage(err, "'%c' isn't understood", v.s[i]);
		if (out->n == TOKENS_MAX)
			return err_usage(err, "too long for a prototype");
		out->t[out->n++] = strv_sub(v, from, i - from);
	}
	return 0;
}

/* Index of the bracket that closes the one at i, or n. */
static size_t closing(const struct tokens *t, size_t i)
{
	size_t depth = 0;

	for (; i < t->n; i++) {
		if (strv_eqs(t->t[i], "(") || strv_eqs(t->t[i], "["))
			depth++;
		else if ((strv_eqs(t->t[i], ")") || strv_eqs(t->t[i], "]")) && --depth == 0)
			return i;
	}
	return t->n;
}

/* Without attributes, storage classes and qualifiers that say nothing about what to pass. */
static void simplify(struct tokens *t)
{
	static const char *const with_parens[] = { "__attribute__", "__attribute", "__declspec",
		"_Alignas", "alignas", "__nonnull", NULL };
	static const char *const dropped[] = { "extern", "inline", "__inline", "__inline__",
		"restrict", "__restrict", "__restrict__", "register", "volatile", "_Noreturn",
		"noreturn", "virtual", "constexpr", "explicit", "__extension__", "__cdecl",
		"__stdcall", "noexcept", "_Nullable", "_Nonnull", NULL };
	size_t n = 0;

	for (size_t i = 0; i < t->n; i++) {
		bool parens = i + 1 < t->n && strv_eqs(t->t[i + 1], "(");

		if (strv_eqs(t->t[i], "{") || strv_eqs(t->t[i], ";"))
			break;
		if (one_of(t->t[i], with_parens) && parens) {
			i = closing(t, i + 1);
		} else if (strv_eqs(t->t[i], "[") && i + 1 < t->n && strv_eqs(t->t[i + 1], "[")) {
			i = closing(t, i);
		} else if (strv_eqs(t->t[i], "extern") && i + 3 < t->n &&
			   strv_eqs(t->t[i + 1], "\"")) {
			i += 3; /* extern "C" */
		} else if (!one_of(t->t[i], dropped)) {
			t->t[n++] = t->t[i];
		}
	}
	t->n = n;
}

/* "JSON_API", "ZEXPORT": what a header's macros look like in front of a result. */
static bool is_macro(struct strv t)
{
	bool letter = false;

	for (size_t i = 0; i < t.len; i++) {
		if (islower((unsigned char)t.s[i]))
			return false;
		letter = letter || isupper((unsigned char)t.s[i]);
	}
	return letter && t.len > 1;
}

/* "X_NONNULL(1, 2)" behind the parameters: a macro's, of numbers alone. */
static bool is_attribute(const struct tokens *t, size_t open, size_t close)
{
	if (!open || !is_macro(t->t[open - 1]))
		return false;
	for (size_t i = open + 1; i < close; i++)
		if (is_word(t->t[i]))
			return false;
	return true;
}

/* The parameter list: the last group at the top level that follows a word. */
static int find_params(const struct tokens *t, size_t *open, size_t *close, struct err *err)
{
	bool found = false;

	for (size_t i = 0; i < t->n; i++) {
		size_t end;

		if (!strv_eqs(t->t[i], "("))
			continue;
		end = closing(t, i);
		if (end == t->n)
			return err_usage(err, "a bracket isn't closed");
		if (i && is_word(t->t[i - 1]) &&
			!(found && is_attribute(t, i, end) && !is_macro(t->t[*open - 1]))) {
			*open = i;
			*close = end;
			found = true;
		}
		i = end;
	}
	if (!found)
		return err_usage(
			err, "no parameter list: 'int parse(const char *s, size_t n)' is one");
	return 0;
}

static const char *const builtin_words[] = { "char", "int", "long", "short", "signed", "unsigned",
	"float", "double", "void", "_Bool", "bool", NULL };
static const char *const tags[] = { "struct", "union", "enum", "class", NULL };

/* A word of a type that takes no other word beside it: not a qualifier, tag or builtin. */
static bool is_type_name(struct strv t)
{
	return is_word(t) && !one_of(t, builtin_words) && !one_of(t, tags) && !strv_eqs(t, "const");
}

static const char *join(struct arena *a, const struct strv *t, size_t n)
{
	struct buf b = BUF_INIT;
	const char *s;

	for (size_t i = 0; i < n; i++) {
		bool tight = i == 0 || strchr("(),[]", t[i].s[0]) || strchr("(*&[", t[i - 1].s[0]);

		if (strv_eqs(t[i], "(") && i && strv_eqs(t[i - 1], ","))
			tight = false;
		if (strv_eqs(t[i], "(") && i && one_of(t[i - 1], builtin_words))
			tight = false;
		buf_adds(&b, tight ? "" : " ");
		buf_addv(&b, t[i]);
	}
	s = arena_strdup(a, buf_str(&b));
	buf_release(&b);
	return s;
}

/* The base type of a run of tokens: its words but qualifiers. */
static const char *base_type(struct arena *a, const struct strv *t, size_t n)
{
	struct strv words[16];
	size_t n_words = 0;

	for (size_t i = 0; i < n && n_words < ARRAY_LEN(words); i++)
		if (is_word(t[i]) && !strv_eqs(t[i], "const"))
			words[n_words++] = t[i];
	return join(a, words, n_words);
}

static void parse_result(struct arena *a, struct proto *p, const struct strv *t, size_t n)
{
	struct strv kept[32];
	size_t n_kept = 0, names = 0;

	/* CJSON_PUBLIC(cJSON *) */
	if (n >= 3 && is_word(t[0]) && strv_eqs(t[1], "(") && strv_eqs(t[n - 1], ")")) {
		t += 2;
		n -= 3;
	}
	for (size_t i = 0; i < n; i++)
		names += is_type_name(t[i]) || one_of(t[i], builtin_words);
	for (size_t i = 0; i < n && n_kept < ARRAY_LEN(kept); i++) {
		if (strv_eqs(t[i], "*"))
			p->ret_depth++;
		else if (strv_eqs(t[i], "const"))
			p->ret_const = true;
		else if (names > 1 && is_macro(t[i]))
			names--;
		else
			kept[n_kept++] = t[i];
	}
	p->ret = base_type(a, kept, n_kept);
}

static int parse_param(
	struct arena *a, struct proto_param *q, const struct strv *t, size_t n, struct err *err)
{
	size_t types = 0, end = n;

	memset(q, 0, sizeof(*q));
	q->base = q->canon = q->name = "";
	for (size_t i = 0; i < n; i++)
		if (strv_eqs(t[i], "=")) /* a default */
			end = MIN(end, i);
	for (size_t i = 0; i < end; i++) {
		if (strv_eqs(t[i], "(")) {
			q->is_callback = true;
			for (size_t k = i; k < end && !*q->name; k++)
				if (is_word(t[k]))
					q->name = arena_strv(a, t[k]);
			return 0;
		}
		if (strv_eqs(t[i], "*"))
			q->depth++;
		else if (strv_eqs(t[i], "&"))
			q->is_ref = true;
		else if (strv_eqs(t[i], "const"))
			q->is_const = q->is_const || !q->depth;
	}
	for (unsigned dims = 0; end && strv_eqs(t[end - 1], "]"); dims++) {
		size_t close = end - 1;

		while (end && !strv_eqs(t[end - 1], "["))
			end--;
		/* a number or a constant; of several dimensions none is all of it */
		q->bound = !dims && end && close == end + 1 && strv_is_word(t[end].s[0])
				   ? arena_strv(a, t[end])
				   : NULL;
		end -= end > 0;
		q->depth++;
	}
	for (size_t i = 0; i + 1 < end; i++)
		types += is_type_name(t[i]) || one_of(t[i], builtin_words);
	if (types && is_type_name(t[end - 1])) {
		q->name = arena_strv(a, t[end - 1]);
		end--;
	}
	q->base = q->canon = base_type(a, t, end);
	if (!*q->base)
		return err_usage(err, "a parameter without a type");
	return 0;
}

/* "buf[n]" of a parameter n: a harness has no such name, or another number there. */
static void drop_own_bounds(struct proto *p)
{
	for (size_t i = 0; i < p->n_params; i++)
		for (size_t k = 0; k < p->n_params && p->params[i].bound; k++)
			if (strcmp(p->params[i].bound, p->params[k].name) == 0)
				p->params[i].bound = NULL;
}

static int parse_params(struct arena *a, struct proto *p, const struct tokens *t, size_t from,
	size_t to, struct err *err)
{
	size_t depth = 0, start = from;

	if (from == to || (to - from == 1 && strv_eqs(t->t[from], "void")))
		return 0;
	for (size_t i = from; i <= to; i++) {
		if (i < to && (strv_eqs(t->t[i], "(") || strv_eqs(t->t[i], "[")))
			depth++;
		else if (i < to && (strv_eqs(t->t[i], ")") || strv_eqs(t->t[i], "]")))
			depth--;
		if (i < to && (depth || !strv_eqs(t->t[i], ",")))
			continue;
		if (i - start == 1 && strv_eqs(t->t[start], "...")) {
			p->varargs = true;
		} else if (p->n_params == PROTO_PARAMS_MAX) {
			return err_usage(err, "more than %d parameters", PROTO_PARAMS_MAX);
		} else if (parse_param(a, &p->params[p->n_params++], t->t + start, i - start, err) <
			   0) {
			return -1;
		}
		start = i + 1;
	}
	drop_own_bounds(p);
	return 0;
}

static bool only_cxx(const struct proto *p)
{
	if (strstr(p->name, "::") || strchr(p->ret, '<') || strstr(p->ret, "::"))
		return true;
	for (size_t i = 0; i < p->n_params; i++)
		if (p->params[i].is_ref || strstr(p->params[i].base, "::") ||
			strchr(p->params[i].base, '<'))
			return true;
	return false;
}

int proto_parse(struct arena *a, struct strv text, struct proto *out, struct err *err)
{
	size_t open = 0, close = 0;
	struct tokens t;

	memset(out, 0, sizeof(*out));
	out->ret_alias = "";
	if (text.len > TEXT_MAX)
		return err_usage(err, "too long for a prototype");
	if (tokenize(text, &t, err) < 0)
		return -1;
	simplify(&t);
	if (t.n && strv_eqs(t.t[0], "static"))
		return err_usage(err, "a static function can't be called from a harness; "
				      "name the function that calls it");
	if (find_params(&t, &open, &close, err) < 0)
		return -1;
	if (open < 2)
		return err_usage(
			err, "no result type: 'int parse(const char *s, size_t n)' has one");
	out->name = arena_strv(a, t.t[open - 1]);
	if (strchr(out->name, '~') || strchr(out->name, '<') || !is_type_name(t.t[open - 1]))
		return err_usage(err, "%s: not a function's name", out->name);
	parse_result(a, out, t.t, open - 1);
	if (parse_params(a, out, &t, open + 1, close, err) < 0)
		return -1;
	out->text = join(a, t.t, close + 1);
	out->cxx = only_cxx(out);
	return 0;
}

/* Is that what p returns, as it is written? */
static bool returns(const struct proto *p, const struct proto_param *q)
{
	if (*p->ret_alias && q->depth == 0 && strcmp(q->base, p->ret_alias) == 0)
		return true;
	return q->depth == 1 && strcmp(q->base, p->ret) == 0;
}

const char *proto_find_free(struct arena *a, const struct proto *p, struct strv header)
{
	static const char *const verbs[] = { "free", "Free", "FREE", "delete", "Delete", "destroy",
		"Destroy", "release", "Release", "unref", "decref", "close", "Close", NULL };
	size_t best_common = 0;
	const char *best = "";

	if (p->ret_depth != 1 || !*p->ret || strcmp(p->ret, "void") == 0)
		return "";
	for (size_t i = 0; i + 1 < header.len; i++) {
		struct strv name, inside;
		size_t from, to, end, common = 0;
		struct proto_param q;
		struct tokens t;

		if (header.s[i] != '(')
			continue;
		for (to = i; to && isspace((unsigned char)header.s[to - 1]);)
			to--;
		for (from = to; from && (isalnum((unsigned char)header.s[from - 1]) ||
						header.s[from - 1] == '_');)
			from--;
		name = strv_sub(header, from, to - from);
		end = strv_chr(strv_from(header, i), ')');
		if (!is_word(name) || end == SIZE_MAX || end > 200)
			continue;
		inside = strv_sub(header, i + 1, end - 1);
		for (size_t k = 0; verbs[k]; k++) {
			if (!strv_contains(name, verbs[k]) || strv_contains(inside, ",") ||
				tokenize(inside, &t, NULL) < 0 || !t.n ||
				parse_param(a, &q, t.t, t.n, NULL) < 0)
				continue;
			if (q.is_callback || !returns(p, &q))
				continue;
			while (common < name.len && p->name[common] == name.s[common])
				common++;
			if (!*best || common > best_common) {
				best = arena_strv(a, name);
				best_common = common;
			}
			break;
		}
	}
	return best;
}
