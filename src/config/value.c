/* Nodes -> fields: one converter a kind of value, each strict, each with an error that shows the place. */
#include "base/prelude.h"
#include "config/internal.h"
#include "base/mem.h"
#include "base/num.h"
#include "base/pattern.h"

/* items in a list of known words */
#define WORDS_MAX 32

int reader_spend(struct reader *r, const struct node *n)
{
	if (!r->budget)
		return doc_error_at(
			&r->doc, n, r->err, "more than %d values, aliases counted", READER_BUDGET);
	r->budget--;
	return 0;
}

/* `"timeout" in harness x: expected a duration, got "5x"` */
static int bad_type(
	struct reader *r, const struct config_key *key, const char *expected, const struct node *n)
{
	const char *got = node_describe(n);

	/* the word itself says more than that it is text */
	n = node_value(n);
	if (n->kind == NODE_SCALAR && strcmp(got, "nothing") != 0)
		got = doc_quote(&r->doc, n->text);
	return doc_error_at(&r->doc, n, r->err, "\"%s\"%s: expected %s, got %s", key_leaf(key),
		r->where, expected, got);
}

static int bad_value(
	struct reader *r, const struct config_key *key, const struct node *n, const char *what)
{
	return doc_error_at(&r->doc, n, r->err, "\"%s\"%s: %s %s", key_leaf(key), r->where,
		doc_quote(&r->doc, n->text), what);
}

/* n as a scalar; NULL, and an error, when it is none. */
static const struct node *scalar(
	struct reader *r, const struct config_key *key, const char *expected, const struct node *n)
{
	if (strcmp(node_describe(n), "text") == 0)
		return node_value(n);
	bad_type(r, key, expected, n);
	return NULL;
}

static void add_limit(struct buf *b, enum config_kind kind, uint64_t v)
{
	if (kind == CONFIG_SIZE)
		num_add_size(b, v);
	else if (kind == CONFIG_DURATION)
		num_add_duration(b, v);
	else
		num_add_count(b, v);
}

static int check_range(
	struct reader *r, const struct config_key *key, const struct node *n, uint64_t v)
{
	struct buf b = BUF_INIT;
	int rc = 0;

	if (v < key->min || v > key->max) {
		buf_adds(&b, "is impossible: must be from ");
		add_limit(&b, key->kind, key->min);
		buf_adds(&b, " to ");
		add_limit(&b, key->kind, key->max);
		rc = bad_value(r, key, n, b.s);
	}
	buf_release(&b);
	return rc;
}

static int read_number(
	struct reader *r, const struct config_key *key, const struct node *n, uint64_t *out)
{
	static const char size[] = "a size (512, 64k, 2M, 1G)";
	static const char duration[] = "a duration (250ms, 5s, 10m, 8h, 2d)";
	const char *expected = key->kind == CONFIG_SIZE       ? size
			       : key->kind == CONFIG_DURATION ? duration
			       : key->kind == CONFIG_JOBS     ? "a number or auto"
							      : "a number";
	int rc;

	n = scalar(r, key, expected, n);
	if (!n)
		return -1;
	if (key->kind == CONFIG_SIZE)
		rc = num_size(n->text, out);
	else if (key->kind == CONFIG_DURATION)
		rc = num_duration(n->text, out);
	else
		/* "7" in quotes is text */
		rc = n->plain ? num_u64(n->text, out) : -1;
	if (rc < 0)
		return bad_type(r, key, expected, n);
	return check_range(r, key, n, *out);
}

static int set_u64(
	struct reader *r, const struct config_key *key, const struct node *n, void *field)
{
	return read_number(r, key, n, field);
}

static int set_unsigned(
	struct reader *r, const struct config_key *key, const struct node *n, void *field)
{
	uint64_t v = 0;

	if (key->kind == CONFIG_JOBS && strv_eqs(node_value(n)->text, "auto")) {
		*(unsigned *)field = 0;
		return 0;
	}
	if (read_number(r, key, n, &v) < 0)
		return -1;
	*(unsigned *)field = (unsigned)v;
	return 0;
}

static int set_bool(
	struct reader *r, const struct config_key *key, const struct node *n, void *field)
{
	static const char expected[] = "true or false";
	bool yes;

	n = scalar(r, key, expected, n);
	if (!n)
		return -1;
	yes = strv_eqs(n->text, "true") || strv_eqs(n->text, "yes");
	if (!n->plain || (!yes && !strv_eqs(n->text, "false") && !strv_eqs(n->text, "no")))
		return bad_type(r, key, expected, n);
	*(bool *)field = yes;
	return 0;
}

static bool has_control(struct strv v)
{
	for (size_t i = 0; i < v.len; i++)
		if ((unsigned char)v.s[i] < 32 || v.s[i] == 127)
			return true;
	return false;
}

static int read_string(
	struct reader *r, const struct config_key *key, const struct node *n, const char **out)
{
	if (has_control(n->text))
		return bad_value(r, key, n, "holds a control character");
	if (!n->text.len)
		return bad_value(r, key, n, "is empty");
	*out = n->text.s;
	return 0;
}

static int read_name(
	struct reader *r, const struct config_key *key, const struct node *n, const char **out)
{
	if (!config_name_ok(n->text))
		return bad_value(r, key, n,
			"is no name: letters, digits, \"_\", \".\" and \"-\", starting with a "
			"letter, "
			"digit or \"_\"");
	*out = n->text.s;
	return 0;
}

/* Paths are compared as strings, so one path has one spelling. */
static struct strv no_dot_slash(struct strv v)
{
	while (strv_skip(&v, "./"))
		while (strv_skip(&v, "/"))
			;
	return v.len ? v : STRV(".");
}

static int read_path(
	struct reader *r, const struct config_key *key, const struct node *n, const char **out)
{
	const char *dir = key->kind == CONFIG_PATTERNS ? r->dir_pattern : r->c->dir;
	size_t len = strlen(dir);
	struct strv v = n->text;

	if (!v.len)
		return bad_value(r, key, n, "is no path");
	if (has_control(v))
		return bad_value(r, key, n, "holds a control character");
	if (v.s[0] != '/') {
		v = no_dot_slash(v);
		*out = arena_printf(
			&r->c->arena, "%s%s%s", dir, len && dir[len - 1] == '/' ? "" : "/", v.s);
		return 0;
	}
	*out = v.s;
	return 0;
}

static size_t count_words(const char *const *words)
{
	size_t n = 0;

	while (words && words[n])
		n++;
	return n;
}

static const char *find_word(struct strv v, const char *const *words)
{
	for (; words && *words; words++)
		if (strv_eqs(v, *words))
			return *words;
	return NULL;
}

static int unknown_word(
	struct reader *r, const struct config_key *key, const struct node *n, struct strv word)
{
	size_t known = count_words(key->words);
	const char *near = config_nearest(word, key->words, known);
	struct buf b = BUF_INIT;

	if (!key->words)
		BUG("%s has no words", key->path);
	buf_adds(&b, near ? "; did you mean \"" : "; known: ");
	if (near)
		buf_addf(&b, "%s\"?", near);
	for (size_t i = 0; !near && i < known; i++)
		buf_addf(&b, "%s%s", i ? ", " : "", key->words[i]);
	doc_error_at(&r->doc, n, r->err, "\"%s\"%s: unknown %s%s", key_leaf(key), r->where,
		doc_quote(&r->doc, word), b.s);
	buf_release(&b);
	return -1;
}

static int read_word(
	struct reader *r, const struct config_key *key, const struct node *n, const char **out)
{
	*out = find_word(n->text, key->words);
	return *out ? 0 : unknown_word(r, key, n, n->text);
}

/*
 * "undefined+address" -> "address+undefined": one spelling for one set, in the table's order, so that
 * variants compare as strings. The shadow memories of address and memory exclude each other.
 */
static int read_sanitizer(
	struct reader *r, const struct config_key *key, const struct node *n, const char **out)
{
	struct strv rest = n->text, part;
	size_t known = key->words ? count_words(key->words) : 0;
	unsigned set = 0;
	struct buf b = BUF_INIT;

	do {
		size_t plus = strv_chr(rest, '+'), i = 0;

		part = plus == SIZE_MAX ? rest : strv_sub(rest, 0, plus);
		rest = plus == SIZE_MAX ? STRV("") : strv_from(rest, plus + 1);
		while (i < known && !strv_eqs(part, key->words[i]))
			i++;
		if (i == known)
			return unknown_word(r, key, n, part);
		if (set & 1u << i || (plus != SIZE_MAX && !rest.len))
			return bad_value(r, key, n, "is no set of sanitizers");
		set |= 1u << i;
	} while (rest.len);
	for (size_t i = 0; i < known; i++)
		if (set & 1u << i)
			buf_addf(&b, "%s%s", b.len ? "+" : "", key->words[i]);
	*out = arena_strv(&r->c->arena, strv_n(b.s, b.len));
	buf_release(&b);
	if (strstr(*out, "address") && strstr(*out, "memory"))
		return bad_value(
			r, key, n, "can't be one build; list the two apart: [address, memory]");
	return 0;
}

static int read_regex(
	struct reader *r, const struct config_key *key, const struct node *n, const char **out)
{
	struct err why = ERR_INIT;
	struct pattern *p;

	if (!n->text.len || has_control(n->text))
		return bad_value(r, key, n, "is no regular expression");
	p = pattern_new(n->text, &why);
	if (!p)
		return doc_error_at(&r->doc, n, r->err, "\"%s\"%s: bad regular expression %s: %s",
			key_leaf(key), r->where, doc_quote(&r->doc, n->text), why.msg);
	pattern_free(p);
	*out = n->text.s;
	return 0;
}

static int read_env(
	struct reader *r, const struct config_key *key, const struct node *n, const char **out)
{
	size_t eq = strv_chr(n->text, '=');
	struct strv name = strv_sub(n->text, 0, eq == SIZE_MAX ? 0 : eq);
	bool ok = name.len > 0 && !(name.s[0] >= '0' && name.s[0] <= '9');

	for (size_t i = 0; i < name.len; i++)
		ok = ok && (name.s[i] == '_' || (name.s[i] >= '0' && name.s[i] <= '9') ||
				   ((name.s[i] | 32) >= 'a' && (name.s[i] | 32) <= 'z'));
	if (!ok)
		return bad_value(r, key, n, "isn't NAME=value");
	*out = n->text.s;
	return 0;
}

/* A relative SQLite path is made absolute: workers may run elsewhere. */
static int read_url(
	struct reader *r, const struct config_key *key, const struct node *n, const char **out)
{
	struct strv v = n->text;

	if (has_control(v))
		return bad_value(r, key, n, "holds a control character");
	*out = v.s;
	if (strv_starts(v, "postgres://") || strv_starts(v, "postgresql://"))
		return 0;
	if (!strv_skip(&v, "sqlite:") || !v.len)
		return bad_value(r, key, n, "is no store: sqlite:PATH or postgres://...");
	if (v.s[0] != '/')
		*out = arena_printf(&r->c->arena, "sqlite:%s/%s", r->c->dir, no_dot_slash(v).s);
	return 0;
}

typedef int read_fn(
	struct reader *r, const struct config_key *key, const struct node *n, const char **out);

static int set_one(struct reader *r, const struct config_key *key, const struct node *n,
	void *field, read_fn *read, const char *expected)
{
	n = scalar(r, key, expected, n);
	if (!n)
		return -1;
	return read(r, key, n, field);
}

static int check_twice(struct reader *r, const struct config_key *key, const struct node *n,
	const struct config_strs *l)
{
	for (size_t i = 0; i < l->n; i++)
		if (strcmp(l->v[i], l->v[l->n]) == 0)
			return bad_value(r, key, n, "is listed twice");
	return 0;
}

static int set_list(struct reader *r, const struct config_key *key, const struct node *n,
	void *field, read_fn *read, const char *expected)
{
	bool unique = key->words != NULL;
	struct config_strs l = { NULL, 0 };
	size_t count = 0;

	if (node_value(n)->kind != NODE_LIST)
		return bad_type(r, key, expected, n);
	n = node_value(n);
	for (const struct node *i = n->first; i; i = i->next)
		count++;
	if (unique && !count)
		return doc_error_at(&r->doc, n, r->err, "\"%s\"%s: needs at least one",
			key_leaf(key), r->where);
	if (unique && count > WORDS_MAX)
		return doc_error_at(
			&r->doc, n, r->err, "\"%s\"%s: too many", key_leaf(key), r->where);
	/* no more room than can be filled: the loop below ends with the budget */
	if (count > r->budget)
		count = r->budget + 1;
	l.v = arena_alloc(&r->c->arena, (count + 1) * sizeof(*l.v));
	for (const struct node *i = n->first; i; i = i->next, l.n++) {
		const struct node *v;

		if (reader_spend(r, i) < 0)
			return -1;
		v = scalar(r, key, "text", i);
		if (!v || read(r, key, v, &l.v[l.n]) < 0 ||
			(unique && check_twice(r, key, v, &l) < 0))
			return -1;
	}
	*(struct config_strs *)field = l;
	return 0;
}

static int set_version(struct reader *r, const struct config_key *key, const struct node *n)
{
	uint64_t v;

	n = scalar(r, key, "a number", n);
	if (!n)
		return -1;
	if (!n->plain || num_u64(n->text, &v) < 0)
		return bad_type(r, key, "a number", n);
	if (v > 1)
		return doc_error_at(&r->doc, n, r->err,
			"version %llu is of a later thresh; this one reads version 1: use a newer "
			"thresh",
			(unsigned long long)v);
	return v == 1 ? 0 : bad_value(r, key, n, "is no version of this format; the first is 1");
}

int value_set(struct reader *r, const struct config_key *key, const struct node *n, void *base)
{
	void *field = (char *)base + key->off;

	switch (key->kind) {
	case CONFIG_VERSION:
		return set_version(r, key, n);
	case CONFIG_NAME:
		return set_one(r, key, n, field, read_name, "a name");
	case CONFIG_PATH:
		return set_one(r, key, n, field, read_path, "a path");
	case CONFIG_WORD:
		return set_one(r, key, n, field, read_word, key->type);
	case CONFIG_URL:
		return set_one(r, key, n, field, read_url, "sqlite:PATH or postgres://...");
	case CONFIG_STRINGS:
		return set_list(r, key, n, field, read_string, "a list of strings");
	case CONFIG_PATHS:
	case CONFIG_PATTERNS:
		return set_list(r, key, n, field, read_path, "a list of paths");
	case CONFIG_WORDS:
		return set_list(r, key, n, field, read_word, "a list");
	case CONFIG_SANITIZERS:
		return set_list(r, key, n, field, read_sanitizer, "a list");
	case CONFIG_REGEXES:
		return set_list(r, key, n, field, read_regex, "a list of regular expressions");
	case CONFIG_ENV:
		return set_list(r, key, n, field, read_env, "a list of NAME=value");
	case CONFIG_SIZE:
	case CONFIG_DURATION:
		return set_u64(r, key, n, field);
	case CONFIG_UINT:
	case CONFIG_JOBS:
		return set_unsigned(r, key, n, field);
	case CONFIG_BOOL:
		return set_bool(r, key, n, field);
	case CONFIG_SECTION:
	case CONFIG_NAMED:
		break;
	}
	BUG("%s isn't a value", key->path);
}
