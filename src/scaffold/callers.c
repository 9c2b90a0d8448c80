/*
 * A call counts for what is constant in it. Of several values the one that is passed most; a pointer is none only where that
 * is so in half of all calls, since tests pass none to see it refused.
 */
#include "base/prelude.h"
#include "scaffold/callers.h"
#include "scaffold/asked.h"
#include "base/fs.h"
#include "base/mem.h"
#include "proc/interrupt.h"
#include "scaffold/declaration.h"
#include "scaffold/roles.h"
#include "scaffold/words.h"
#include "survey/command.h"
#include "survey/files.h"
#include <ctype.h>

#define SOURCE_MAX ((uint64_t)1 << 20)
#define SOURCES_MAX ((uint64_t)48 << 20)
/* of a call's arguments, with all that stands in them */
#define CALL_MAX ((size_t)1024)
/* of names in sources and headers: each may look through all of one */
#define LOOKUPS_MAX 4000
#define VALUES_MAX 8
#define VALUE_LEN 60
/* of what is no part of the library, and so does as users do */
#define WEIGHT_ASIDE 3

struct value {
	char text[VALUE_LEN];
	unsigned weight;
};

/* Of one parameter. */
struct seen {
	struct value v[VALUES_MAX];
	size_t n;
	/* of all calls, whatever they pass */
	unsigned all;
};

struct callers {
	struct arena *a;
	struct api *api;
	/* the places of api's functions, by their names */
	size_t *order;
	/* left of LOOKUPS_MAX */
	unsigned lookups;
	/* one for each parameter of each function that is called; NULL: it isn't */
	struct seen **seen;
};

static int by_name(const void *a, const void *b, void *api)
{
	const struct api_function *v = ((const struct api *)api)->v;

	return strcmp(v[*(const size_t *)a].proto.name, v[*(const size_t *)b].proto.name);
}

struct callers *callers_new(struct arena *a, struct api *api)
{
	struct callers *c = xcalloc(1, sizeof(*c));

	c->a = a;
	c->api = api;
	c->lookups = LOOKUPS_MAX;
	c->order = xcalloc(api->n + 1, sizeof(*c->order));
	c->seen = xcalloc(api->n + 1, sizeof(struct seen *));
	for (size_t i = 0; i < api->n; i++)
		c->order[i] = i;
	qsort_r(c->order, api->n, sizeof(*c->order), by_name, api);
	return c;
}

/* SIZE_MAX: none of that name */
static size_t find(const struct callers *c, struct strv name)
{
	size_t low = 0, high = c->api->n;

	while (low < high) {
		size_t mid = (low + high) / 2;
		struct strv own = strv_of(c->api->v[c->order[mid]].proto.name);
		int d = memcmp(name.s, own.s, MIN(name.len, own.len));

		d = d ? d : name.len < own.len ? -1 : name.len > own.len;
		if (!d)
			return c->order[mid];
		if (d < 0)
			high = mid;
		else
			low = mid + 1;
	}
	return SIZE_MAX;
}

/* --- texts --- */

/* Behind the literal that begins here. */
static size_t skip_literal(struct strv v, size_t at)
{
	char quote = v.s[at];

	for (at++; at < v.len && v.s[at] != quote && v.s[at] != '\n'; at++)
		if (v.s[at] == '\\')
			at++;
	return at + 1;
}

/* The place of the first of these in no brackets and no literal, or of the bracket that closes; SIZE_MAX: neither. */
static size_t until(struct strv v, const char *ends)
{
	int depth = 0;

	for (size_t i = 0; i < v.len;) {
		char c = v.s[i];

		switch (c) {
		case '"':
		case '\'':
			i = skip_literal(v, i);
			continue;
		case '(':
		case '[':
		case '{':
			depth++;
			break;
		case ')':
		case ']':
		case '}':
			if (!depth--)
				return i;
			break;
		default:
			if (!depth && strchr(ends, c))
				return i;
		}
		i++;
	}
	return SIZE_MAX;
}

static struct strv word_at(struct strv v)
{
	size_t n = 0;

	while (n < v.len && strv_is_word(v.s[n]))
		n++;
	return strv_sub(v, 0, n);
}

/* --- values --- */

static bool is_number(struct strv v)
{
	(void)strv_skip(&v, "-");
	v = strv_trim_start(v);
	if (!v.len || !isdigit((unsigned char)v.s[0]))
		return false;
	for (size_t i = 0; i < v.len; i++)
		if (!strchr("0123456789abcdefABCDEFxXuUlL.", v.s[i]))
			return false;
	return true;
}

/* Where a header of a function, or what that includes, has the word; len 0: nowhere, or there was no more time to look. */
static struct strv in_headers(struct callers *c, const struct api_header *h, struct strv word)
{
	struct strv all = strv_n(buf_str(&c->api->text), c->api->text.len);
	struct strv found = { all.s, 0 };

	c->lookups -= c->lookups > 0;
	if (!c->lookups)
		return found;
	if (!h || !h->included.n)
		return strv_from(all, words_find(all, word));
	for (size_t i = 0; i < c->api->n_headers && !found.len; i++) {
		const struct api_header *o = &c->api->headers[i];
		struct strv own = strv_sub(all, o->text_at, o->text_len);

		if (own.len && api_includes(h, o))
			found = strv_from(own, words_find(own, word));
	}
	return found;
}

static bool is_word(struct strv v)
{
	return v.len && word_at(v).len == v.len;
}

/* A constant by how it is written. */
static bool is_capital(struct strv v)
{
	bool capital = false;

	for (size_t i = 0; i < v.len; i++) {
		if (!strv_is_word(v.s[i]) || islower((unsigned char)v.s[i]))
			return false;
		capital |= isupper((unsigned char)v.s[i]) != 0;
	}
	return capital && v.len > 2;
}

static bool is_known_constant(struct callers *c, const struct api_header *h, struct strv v)
{
	return is_capital(v) && in_headers(c, h, v).len;
}

/* "A | B" */
static bool are_known_constants(struct callers *c, const struct api_header *h, struct strv v)
{
	struct strv one;
	size_t n = 0;

	for (; strv_split(&v, '|', &one); n++)
		if (!is_known_constant(c, h, strv_trim(one)))
			return false;
	return n > 0;
}

/* "&name" of what the headers declare as theirs */
static bool is_known_object(struct callers *c, const struct api_header *h, struct strv v)
{
	struct strv at, before;
	size_t from;

	if (!strv_skip(&v, "&") || !is_word(v))
		return false;
	at = in_headers(c, h, v);
	if (!at.len)
		return false;
	before = strv_n(buf_str(&c->api->text), (size_t)(at.s - buf_str(&c->api->text)));
	for (from = before.len; from && !strchr(";{}", before.s[from - 1]);)
		from--;
	before = strv_from(before, from);
	return words_find(before, STRV("extern")) != SIZE_MAX && strv_chr(before, '(') == SIZE_MAX;
}

/* What the source itself says of the name, in one line: "#define RATE 48000" */
static struct strv defined(struct strv source, struct strv name)
{
	static const char *const define = "#define";
	struct strv rest = source, line;
	size_t at;

	while (name.len && (at = strv_find(rest, define)) != SIZE_MAX) {
		rest = strv_from(rest, at + strlen(define));
		line = strv_sub(rest, 0, strv_chr(rest, '\n'));
		line = strv_trim(line);
		if (strv_eq(word_at(line), name))
			return strv_trim(strv_from(line, name.len));
	}
	return name;
}

/* Without brackets around it and a cast in front of it. */
static struct strv bare(struct strv v)
{
	for (;;) {
		struct strv inner, behind;
		size_t close;

		v = strv_trim(v);
		inner = strv_from(v, 1);
		if (!strv_starts(v, "(") || (close = until(inner, "")) == SIZE_MAX)
			return v;
		behind = strv_trim(strv_from(inner, close + 1));
		inner = strv_sub(inner, 0, close);
		if (!behind.len)
			v = inner;
		else if (inner.len && (isalpha((unsigned char)inner.s[0]) || inner.s[0] == '_') &&
			 strv_chr(inner, '(') == SIZE_MAX && !strchr("-+*/<>?[", behind.s[0]))
			v = behind;
		else
			return v;
	}
}

static void count(struct seen *s, struct strv v, unsigned weight)
{
	size_t i = 0;

	if (!v.len || v.len >= VALUE_LEN)
		return;
	while (i < s->n && !strv_eqs(v, s->v[i].text))
		i++;
	if (i == VALUES_MAX)
		return;
	if (i == s->n) {
		memcpy(s->v[i].text, v.s, v.len);
		s->v[i].text[v.len] = '\0';
		s->n++;
	}
	s->v[i].weight += weight;
}

/* A text that is no name of a file: the machine's have nothing to do with a harness. */
static bool is_plain_text(struct strv v, bool asks)
{
	return v.len > 2 && v.s[0] == '"' && skip_literal(v, 0) == v.len &&
	       (asks || (strv_chr(v, '/') == SIZE_MAX && strv_chr(v, '\\') == SIZE_MAX &&
				strv_chr(v, '.') == SIZE_MAX && strv_chr(v, '%') == SIZE_MAX));
}

static bool is_counted(const struct seen *s, struct strv v)
{
	for (size_t i = 0; i < s->n; i++)
		if (strv_eqs(v, s->v[i].text))
			return true;
	return false;
}

/* A harness reads: how callers open what they write says nothing of that. */
static bool is_writing(struct strv v)
{
	static const char *const words[] = { "WRITE", "WRONLY", "RDWR", "CREAT", "TRUNC", "APPEND",
		"OUTPUT", "EXCL", "OVERWRITE" };

	if (v.len && v.s[0] == '"')
		return strv_chr(v, 'w') == 1 || strv_chr(v, 'a') == 1 ||
		       strv_chr(v, '+') != SIZE_MAX;
	for (size_t i = 0; i < ARRAY_LEN(words); i++)
		if (strv_contains(v, words[i]))
			return true;
	return false;
}

static bool is_none(struct strv v)
{
	return strv_eqs(v, "NULL") || strv_eqs(v, "nullptr") || strv_eqs(v, "0");
}

/* Where a value stands. */
struct site {
	struct callers *c;
	/* the function's, and the text that calls it */
	const struct api_header *header;
	struct strv source;
	/* it is asked with, of a text: it names no file */
	bool asks;
};

static void take_value(const struct site *site, struct seen *s, const struct proto_param *q,
	struct strv v, unsigned weight)
{
	struct callers *c = site->c;
	size_t ask = until(v = bare(v), "?"), colon;
	bool pointer = q->depth || q->opaque || q->is_callback;

	if (ask != SIZE_MAX && v.s[ask] == '?') {
		struct strv yes = strv_from(v, ask + 1);

		colon = until(yes, ":");
		if (colon == SIZE_MAX || colon + 1 >= yes.len || yes.s[colon + 1] == ':')
			return;
		take_value(site, s, q, strv_sub(yes, 0, colon), (weight + 1) / 2);
		take_value(site, s, q, strv_from(yes, colon + 1), (weight + 1) / 2);
		return;
	}
	if (is_counted(s, v)) {
		count(s, v, weight);
		return;
	}
	if (!pointer && is_capital(v) && c->lookups && c->lookups--)
		v = bare(defined(site->source, v));
	/* a harness in C has them only where the type is that */
	if (!pointer && strcmp(q->canon, "bool") != 0 && strcmp(q->canon, "_Bool") != 0)
		v = strv_eqs(v, "true") ? STRV("1") : strv_eqs(v, "false") ? STRV("0") : v;
	if (pointer && is_none(v))
		v = STRV("NULL");
	else if (pointer ? !is_known_object(c, site->header, v) && !is_plain_text(v, site->asks)
			 : !is_number(v) && !strv_eqs(v, "true") && !strv_eqs(v, "false") &&
				   !are_known_constants(c, site->header, v))
		return;
	if (site->asks || !is_writing(v))
		count(s, v, weight);
}

/* Of what conditions stand among the arguments, the first alternative. */
static void take_first_branch(struct strv args, struct buf *out)
{
	struct strv line;
	unsigned other = 0;

	while (strv_line(&args, &line)) {
		struct strv v = strv_trim_start(line);
		bool directive = strv_skip(&v, "#");

		v = strv_trim_start(v);
		if (directive && (strv_starts(v, "el") || (other && strv_starts(v, "if"))))
			other++;
		else if (directive && other && strv_starts(v, "endif"))
			other--;
		else if (!directive && !other)
			buf_addv(out, line);
		buf_addch(out, '\n');
	}
}

/* None where a harness passes its input: such a call is there to see it refused. */
static bool lacks_input(struct callers *c, const struct proto *p, const struct strv *args)
{
	struct proto own = *p;
	bool none = false;

	for (size_t i = 0; i < p->n_params; i++)
		none |= p->params[i].depth == 1 && is_none(bare(args[i]));
	if (!none || !c->lookups || !--c->lookups || proto_roles(&own, NULL) < 0)
		return false;
	for (size_t i = 0; i < own.n_params; i++) {
		enum proto_role role = own.params[i].role;

		if ((role == ROLE_DATA || role == ROLE_DATA_COPY || role == ROLE_TEXT ||
			    role == ROLE_BLOCK || role == ROLE_PATH) &&
			is_none(bare(args[i])))
			return true;
	}
	return false;
}

/* args: behind the bracket that opens, with the one that closes */
static void take_call(
	struct callers *c, size_t nr, struct strv source, struct strv args, unsigned weight)
{
	const struct proto *p = &c->api->v[nr].proto;
	struct site site = { c, c->api->v[nr].header, source, false };
	struct strv one[PROTO_PARAMS_MAX];
	size_t n = 0, end = 0;
	struct buf first = BUF_INIT;
	bool closed = false;

	if (strv_contains(args, "\n#")) {
		take_first_branch(strv_sub(args, 0, args.len - 1), &first);
		buf_addch(&first, ')');
		args = strv_n(buf_str(&first), first.len);
	}
	while (!closed && n < p->n_params && (end = until(args, ",")) != SIZE_MAX) {
		closed = args.s[end] != ',';
		one[n++] = strv_sub(args, 0, end);
		args = strv_from(args, end + 1);
	}
	closed = closed && n == p->n_params && !lacks_input(c, p, one);
	if (closed && !c->seen[nr])
		c->seen[nr] = xcalloc(n + 1, sizeof(struct seen));
	for (size_t i = 0; closed && i < n; i++) {
		c->seen[nr][i].all += weight;
		site.asks = asked_by_name(p, i);
		take_value(&site, &c->seen[nr][i], &p->params[i], one[i], weight);
	}
	buf_release(&first);
}

/* Where a prototype has no names the definition's; args: as of take_call. */
static void take_names(struct callers *c, size_t nr, struct strv args)
{
	struct proto *p = &c->api->v[nr].proto, read;
	bool lacks = false;
	char *text;

	for (size_t i = 0; i < p->n_params; i++)
		lacks |= !*p->params[i].name;
	if (!lacks)
		return;
	text = arena_printf(c->a, "void f(%.*s", (int)args.len, args.s);
	if (proto_parse(c->a, strv_of(text), &read, NULL) == 0 && read.n_params == p->n_params)
		for (size_t i = 0; i < p->n_params; i++)
			if (!*p->params[i].name)
				p->params[i].name = read.params[i].name;
}

void callers_add(struct callers *c, struct strv text, unsigned weight)
{
	for (size_t i = 0; i < text.len;) {
		struct strv word, behind, args;
		size_t nr, end;

		if (text.s[i] == '"' ||
			(text.s[i] == '\'' && !(i && strv_is_word(text.s[i - 1])))) {
			i = skip_literal(text, i);
			continue;
		}
		word = word_at(strv_from(text, i));
		if (!word.len) {
			i++;
			continue;
		}
		i += word.len;
		behind = strv_trim_start(strv_from(text, i));
		if (!strv_starts(behind, "(") || isdigit((unsigned char)word.s[0]))
			continue;
		nr = find(c, word);
		if (nr == SIZE_MAX)
			continue;
		args = strv_sub(strv_from(behind, 1), 0, CALL_MAX);
		end = until(args, "");
		if (end == SIZE_MAX || args.s[end] != ')')
			continue;
		args = strv_sub(args, 0, end + 1);
		take_call(c, nr, text, args, weight);
		if (strv_starts(strv_trim_start(strv_from(behind, end + 2)), "{"))
			take_names(c, nr, args);
	}
}

static const char *settle(const struct callers *c, const struct seen *s)
{
	const struct value *best = NULL;

	for (size_t i = 0; i < s->n; i++) {
		const struct value *v = &s->v[i];
		bool rare = strcmp(v->text, "NULL") == 0 || v->text[0] == '-';

		if (rare && v->weight * 2 < s->all)
			continue;
		if (!best || v->weight > best->weight)
			best = v;
	}
	return best ? arena_strdup(c->a, best->text) : NULL;
}

void callers_settle_free(struct callers *c)
{
	for (size_t i = 0; i < c->api->n; i++) {
		struct proto *p = &c->api->v[i].proto;

		for (size_t k = 0; c->seen[i] && k < p->n_params; k++)
			p->params[k].usual = settle(c, &c->seen[i][k]);
		free(c->seen[i]);
	}
	free(c->seen);
	free(c->order);
	free(c);
}

void callers_read(struct arena *a, const char *dir, const struct strlist *files, struct api *api)
{
	struct callers *c = callers_new(a, api);
	uint64_t left = api->n ? SOURCES_MAX : 0;

	for (size_t i = 0; i < files->n && left && !proc_interrupted(); i++) {
		char *path = fs_join(dir, files->v[i]);
		struct buf text = BUF_INIT;

		if (command_is_source(files->v[i]) && fs_read(path, SOURCE_MAX, &text, NULL) == 0) {
			bool aside = files_aside(files->v[i]) || files_trial(files->v[i]);

			declaration_blank(&text);
			callers_add(c, strv_n(buf_str(&text), text.len), aside ? WEIGHT_ASIDE : 1);
			left -= MIN(left, text.len);
		}
		buf_release(&text);
		free(path);
	}
	callers_settle_free(c);
}
